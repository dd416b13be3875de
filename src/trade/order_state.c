/* order_state.c: the words of the fulfilment axis, and what follows from where the units are. */
#include "trade/orders.h"

#include <string.h>

static const char *const names[ORDER_STATES] = {
	[ORDER_PENDING] = "PENDING",     [ORDER_NEW] = "NEW",         [ORDER_ACKED] = "ACKED",         [ORDER_RELEASED] = "RELEASED",
	[ORDER_PICKING] = "PICKING",     [ORDER_PACKED] = "PACKED",   [ORDER_SHIPPED] = "SHIPPED",     [ORDER_DELIVERED] = "DELIVERED",
	[ORDER_CANCELLED] = "CANCELLED", [ORDER_UNKNOWN] = "UNKNOWN",
};

const char *order_state_name(enum order_state s)
{
	return s < ORDER_STATES ? names[s] : "?";
}

enum order_state order_state_from_name(const char *name)
{
	for (int s = 0; s < ORDER_STATES; s++)
		if (!strcmp(names[s], name))
			return (enum order_state)s;
	return ORDER_STATES;
}

static bool has_units(const struct order *o, enum order_state s)
{
	for (int i = 0; i < o->lines; i++)
		if (o->line[i].bucket[s] > 0)
			return true;
	return false;
}

enum order_state order_state_of(const struct order *o)
{
	static const enum order_state seen_first[] = { ORDER_PENDING, ORDER_NEW,     ORDER_ACKED,   ORDER_RELEASED, ORDER_PICKING,
		                                       ORDER_PACKED,  ORDER_UNKNOWN, ORDER_SHIPPED, ORDER_DELIVERED };

	for (size_t i = 0; i < sizeof seen_first / sizeof *seen_first; i++)
		if (has_units(o, seen_first[i]))
			return seen_first[i];
	return ORDER_CANCELLED;
}

bool order_is_open(enum order_state s)
{
	return s <= ORDER_PACKED || s == ORDER_UNKNOWN;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return b > 0 && b < a ? b : a;
}

int64_t order_due(const struct order *o)
{
	int64_t due = NO_DEADLINE;
	bool to_ship = has_units(o, ORDER_UNKNOWN);

	if (o->flags & ORDER_READ_ONLY)
		return due;
	for (enum order_state s = ORDER_NEW; s <= ORDER_PACKED; s++)
		to_ship |= has_units(o, s);
	if (has_units(o, ORDER_NEW))
		due = sooner(due, o->ack_by_ms);
	if (to_ship)
		due = sooner(sooner(due, o->ship_by_ms), o->cancel_by_ms);
	return due;
}
