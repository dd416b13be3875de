#include "trade/retries.h"

#include "base/arena.h"
#include "store/store.h"
#include "trade/alerts.h"

#include <assert.h>
#include <inttypes.h>

enum { HOUR_MS = 3600000, A_DAY = 24, TRIES_LEAST = 12, CLASSES = 200 }; /* fewer tries in a day than one in two hours prove nothing */

struct class {
	int64_t account, tries, helped, since; /* since: the hour of the first */
	const char *name, *verb, *fault;
};

enum fault retry_note(struct store *s, int64_t account, const char *verb, const char *fault, bool helped, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO retry_tally (account_id, verb, fault, hour, tries, helped) VALUES (?1, ?2, ?3, ?4, 1, ?5) "
				  "ON CONFLICT (account_id, verb, fault, hour) DO UPDATE SET tries = tries + 1, helped = helped + ?5";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(account), V(verb), V(fault), V(now_ms / HOUR_MS), V(helped));
}

/* A day, and no end of it: the first of them was a day ago, none has helped since, and it is tried still. */
static bool is_stuck(const struct class *c, int64_t hour)
{
	return !c->helped && c->tries >= TRIES_LEAST && c->since <= hour - A_DAY + 1;
}

static enum fault tell(struct store *s, struct arena *a, const struct class *c, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(a, "stuck %s %s %s", c->name, c->verb, c->fault),
		.kind = "stuck",
		.severity = "WARN",
		.account = c->account,
		.subject = c->verb,
		.text = arena_printf(a, "%s: %s was tried again %" PRId64 " times in a day after %s, and never once did it help", c->name, c->verb, c->tries, c->fault),
		.next = "look at what they answer (tallyman attempts): waiting will not mend it",
	};

	return is_stuck(c, now_ms / HOUR_MS) ? alert_raise(s, &alert, now_ms, err) : alert_close(s, alert.key, now_ms, err);
}

enum fault retries_watch(struct store *s, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT r.account_id, c.name, r.verb, r.fault, sum(CASE WHEN r.hour > ?1 THEN r.tries ELSE 0 END), "
				  "sum(CASE WHEN r.hour > ?1 THEN r.helped ELSE 0 END), min(CASE WHEN r.hour > ?1 THEN r.hour ELSE ?1 + 99 END) "
				  "FROM retry_tally r JOIN account c ON c.id = r.account_id GROUP BY r.account_id, c.name, r.verb, r.fault LIMIT ?2";
	static const char forget[] = "DELETE FROM retry_tally WHERE hour < ?";
	int64_t hour = why->now_ms / HOUR_MS;
	struct rows *r = ASK(s, ask, V(hour - A_DAY), V(CLASSES));
	struct arena *a = arena_new();
	struct class list[CLASSES];
	int n = 0;
	enum fault f;

	for (; rows_next(r); n++)
		list[n] = (struct class){ .account = rows_int(r, 0), .name = rows_keep(r, 1, a), .verb = rows_keep(r, 2, a), .fault = rows_keep(r, 3, a),
			                  .tries = rows_int(r, 4), .helped = rows_int(r, 5), .since = rows_int(r, 6) };
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = tell(s, a, &list[i], why->now_ms, err);
	arena_free(a);
	return f ? f : RUN(s, err, forget, V(hour - 2 * A_DAY));
}
