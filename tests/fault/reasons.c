#include "tests/fault/reasons.h"

#include "tests/fault/day.h"
#include "trade/views.h"

const char *reason_last(struct day *d, const char *channel, const char *sku)
{
	int64_t offer = day_int(d, arena_printf(d->arena, "SELECT f.id FROM offer f JOIN account c ON c.id = f.account_id WHERE c.channel = '%s' AND f.sku = '%s' "
	                                                  "AND f.pool = 'own' LIMIT 1", channel, sku));
	struct term *term;
	struct err err;
	int n;

	if (offer_explain(d->reader, offer, d->now_ms, d->arena, &term, &n, &err) || !n)
		return arena_printf(d->arena, "(not explained: %s)", err.text);
	return arena_printf(d->arena, "%s %s %s", term[n - 1].name, term[n - 1].value, term[n - 1].origin);
}
