/* order_state.c: the words of the fulfilment axis. */
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
