/*
 * care: the engine's own upkeep: heartbeat, counters, expiry, purging, checkpoints. Nothing here runs more often than what it
 * looks at can change.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/orders.h"

enum { BEAT_MS = 30000, MINUTE_MS = 60000, HOUR_MS = 3600000 };

static enum fault each_minute(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:settling", NULL, now_ms);
	int64_t before = store_total_changes(e->store);
	int expired = 0;
	enum fault f = orders_recount(e->store, now_ms, err);

	if (!f)
		f = offers_expire(e->store, &why, &expired, err);
	e->told |= store_total_changes(e->store) != before; /* late and due move with the minute */
	return f;
}

static enum fault each_hour(struct engine *e, int64_t now_ms, struct err *err)
{
	int people = 0, bodies = 0;
	enum fault f = orders_purge(e->store, now_ms, &people, err);

	if (!f)
		f = bodies_purge(e->store, now_ms, &bodies, err);
	if (!f && (people || bodies))
		log_info("purged the data of %d people and %d raw bodies whose time was over", people, bodies);
	return f;
}

void care(struct engine *e, int64_t now_ms)
{
	struct err err = { 0 };
	enum fault f = OK;

	if (now_ms < e->beat_ms)
		return;
	f = store_begin(e->store, &err);
	if (!f)
		f = lease_beat(e->store, now_ms, &err);
	if (!f && now_ms >= e->minute_ms) {
		e->minute_ms = now_ms + MINUTE_MS;
		f = each_minute(e, now_ms, &err);
	}
	if (!f && now_ms >= e->hour_ms) {
		e->hour_ms = now_ms + HOUR_MS;
		f = each_hour(e, now_ms, &err);
	}
	if (!f)
		f = links_save(&e->links, e->store, &err);
	if (!f)
		f = store_commit(e->store, &err);
	if (f) {
		store_rollback(e->store);
		log_error("upkeep: %s", err.text);
	}
	e->beat_ms = now_ms + BEAT_MS;
	if (!e->flights)
		store_checkpoint(e->store); /* in the engine's own time, not inside somebody's commit */
}
