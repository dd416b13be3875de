#include "trade/dispute.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name, *words, *remedy;
} causes[DISPUTE_CAUSES] = {
	[DISPUTE_NONE] = { "", "", "" },
	[DISPUTE_STALE] = { "STALE", "one of the two was not read for too long",
		"read the silent one: 8 Engine says why it is not heard" },
	[DISPUTE_UNIT] = { "UNIT", "one counts cartons, the other eaches: its product's unit of measure",
		"correct the product's unit of measure where it is wrong; until then the least is believed" },
	[DISPUTE_ON_HAND] = { "ON_HAND", "one tells what lies there, the other what is free: the promised units are not taken off",
		"have the report tell what is free instead of what lies there" },
	[DISPUTE_IN_FLIGHT] = { "IN_FLIGHT", "orders that the warehouse has and the other has not: a sales order is missing there",
		"wait for the order to arrive there; after an hour, import it by hand" },
	[DISPUTE_NOT_RELEASED] = { "NOT_RELEASED", "orders that the other has and the warehouse has not: they are not released to it",
		"release the orders to the warehouse" },
	[DISPUTE_SHIPPED] = { "SHIPPED", "units left and are not booked there: an item fulfilment is missing",
		"book the item fulfilment there" },
	[DISPUTE_RETURN] = { "RETURN", "units came back and are booked by one of them only: a return receipt is missing",
		"book the return receipt where it is missing" },
	[DISPUTE_TRANSFER] = { "TRANSFER", "another place differs by as much the other way: a transfer is booked by one of them only",
		"finish the transfer order: receive it, or book its dispatch" },
	[DISPUTE_RECEIPT] = { "RECEIPT", "the warehouse received goods: an item receipt is missing there",
		"book the item receipt there" },
	[DISPUTE_BOOKED_EARLY] = { "BOOKED_EARLY", "goods are booked in that the warehouse has not received",
		"have the warehouse look for the delivery, or take the receipt back" },
	[DISPUTE_CYCLE_COUNT] = { "CYCLE_COUNT", "the warehouse found fewer: an inventory adjustment is missing there",
		"book an inventory adjustment there; when in doubt count the shelf" },
	[DISPUTE_ADJUSTED] = { "ADJUSTED", "units were written off there without the warehouse",
		"tell the warehouse, and have it counted" },
	[DISPUTE_UNKNOWN] = { "UNKNOWN", "no event explains it: count the shelf",
		"count the shelf: tallyman count SKU QUANTITY, or a cycle count at the warehouse" },
};

const char *dispute_name(enum dispute_cause c)
{
	return causes[c].name;
}

const char *dispute_words(enum dispute_cause c)
{
	return causes[c].words;
}

const char *dispute_remedy(const char *cause)
{
	for (size_t i = 0; i < DISPUTE_CAUSES; i++)
		if (!strcmp(causes[i].name, cause))
			return causes[i].remedy;
	return causes[DISPUTE_UNKNOWN].remedy;
}

static bool is_multiple(const struct dispute *d)
{
	int64_t a = d->owner.free, b = d->other.free;

	for (int i = 0; i < d->units; i++)
		if (d->eaches[i] > 1 && a && b && (a == b * d->eaches[i] || b == a * d->eaches[i]))
			return true;
	return false;
}

/* Did it change by just so much, away from what the other says still? */
static bool moved_away(const struct dispute_side *mover, const struct dispute_side *stayer, int64_t by)
{
	return mover->was_ms && mover->free - mover->was == by && mover->was == stayer->free;
}

/* What nobody's order explains: who moved, and which way. */
static enum dispute_cause judge_move(const struct dispute *d, int64_t delta)
{
	if (moved_away(&d->owner, &d->other, delta))
		return delta > 0 ? DISPUTE_RECEIPT : DISPUTE_CYCLE_COUNT;
	if (moved_away(&d->other, &d->owner, -delta))
		return delta < 0 ? DISPUTE_BOOKED_EARLY : DISPUTE_ADJUSTED;
	return DISPUTE_UNKNOWN;
}

enum dispute_cause dispute_judge(const struct dispute *d)
{
	int64_t delta = d->owner.free - d->other.free, took = d->owner_took - d->other_took;

	if (!delta)
		return DISPUTE_NONE;
	if (d->owner.stale != d->other.stale)
		return DISPUTE_STALE;
	if (is_multiple(d))
		return DISPUTE_UNIT;
	if (took && delta == -took)
		return took > 0 ? DISPUTE_IN_FLIGHT : DISPUTE_NOT_RELEASED;
	if (d->elsewhere && d->elsewhere == -delta)
		return DISPUTE_TRANSFER;
	if (d->gone && delta == -d->gone)
		return DISPUTE_SHIPPED;
	if (d->back && (delta == d->back || delta == -d->back))
		return DISPUTE_RETURN;
	if (d->open && delta == d->open - d->owner_took)
		return DISPUTE_NOT_RELEASED;
	if ((delta < 0 && d->owner.committed == -delta && !d->other.committed) || (delta > 0 && d->other.committed == delta && !d->owner.committed))
		return DISPUTE_ON_HAND;
	return judge_move(d, delta);
}
