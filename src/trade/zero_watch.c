/*
 * zero_watch: what of a zero-out stays visible until somebody has seen to it, and what ends by itself because it was asked to.
 */
#include "trade/zero.h"

#include "base/lane.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { WATCHED = 50 }; /* at a time */

/* ---- one that cannot be said ---- */

static const char *unsaid_key(struct arena *a, int64_t account, int64_t offer)
{
	return arena_printf(a, "zero %" PRId64 " offer:%" PRId64, account, offer);
}

static struct alert read_unsaid(const struct rows *r, const char *text, struct arena *a)
{
	return (struct alert){
		.key = unsaid_key(a, rows_int(r, 0), rows_int(r, 1)),
		.kind = "zero",
		.severity = "CRIT",
		.account = rows_int(r, 0),
		.subject = rows_keep(r, 2, a),
		.text = arena_printf(a, "%s: %s", rows_text(r, 3), text),
		.next = "until then it stays on sale there: mend the cause and retry it, or push it by hand",
	};
}

enum fault zero_unsaid(struct store *s, int64_t job, const char *text, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT j.account_id, f.id, f.sku, c.name FROM job j JOIN offer f ON f.id = j.subject_id JOIN account c ON c.id = j.account_id "
				  "WHERE j.id = ? AND j.verb = 'stock' AND j.lane = ?";
	struct rows *r = ASK(s, sql, V(job), V((int)LANE_ZERO));
	struct arena *a = arena_new();
	struct alert alert = { 0 };
	enum fault f;

	if (rows_next(r))
		alert = read_unsaid(r, text, a);
	f = rows_end(r, err);
	if (!f && alert.key)
		f = alert_raise(s, &alert, now_ms, err);
	arena_free(a);
	return f;
}

enum fault zero_over(struct store *s, int64_t account, int64_t offer, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f = alert_close(s, unsaid_key(a, account, offer), now_ms, err);

	arena_free(a);
	return f;
}

/* ---- what is held by hand ---- */

/* By hand, where we cannot: the first of them, for the alert's text. What somebody stopped waits for nobody, unless a rule takes it off sale all the same. */
static enum fault tell_pending(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	char key[40], text[200], next[200], subject[24];
	struct alert alert = { .key = key, .kind = "zero_pending", .severity = "CRIT", .text = text, .next = next, .subject = subject };
	int64_t n = z->pending;
	enum fault f = z->stopped_ms ? zero_ruled(s, z->id, &n, err) : OK;

	snprintf(key, sizeof key, "zero %" PRId64, z->id);
	snprintf(subject, sizeof subject, "Z-%" PRId64, z->id);
	if (f || !n)
		return f ? f : alert_close(s, key, why->now_ms, err);
	snprintf(text, sizeof text, "zero-out Z-%" PRId64 ": %" PRId64 " of %" PRId64 " offers have not been seen at zero for %" PRId64 " minutes", z->id, n, z->offers,
	         (why->now_ms - z->made_ms) / 60000);
	snprintf(next, sizeof next, "set them to 0 in the channel's own portal now: tallyman zero hand lists them");
	return alert_raise(s, &alert, why->now_ms, err);
}

/* Somebody stopped it half way: what was not said sells on, and that is not to be forgotten. */
static enum fault tell_stopped(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	char key[48], text[200], next[120], subject[24];
	struct alert alert = { .key = key, .kind = "zero_open", .severity = "WARN", .text = text, .next = next, .subject = subject };

	snprintf(key, sizeof key, "zero open %" PRId64, z->id);
	snprintf(subject, sizeof subject, "Z-%" PRId64, z->id);
	snprintf(text, sizeof text, "zero-out Z-%" PRId64 " was stopped by %.40s: %" PRId64 " of %" PRId64 " offers were not told", z->id, z->stopped_by, z->pending, z->offers);
	snprintf(next, sizeof next, "go on: tallyman zero go Z-%" PRId64 "; or undo what went: tallyman lift Z-%" PRId64, z->id, z->id);
	return alert_raise(s, &alert, why->now_ms, err);
}

static enum fault tell_remind(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	char key[48], text[200], subject[24];
	struct alert alert = { .key = key, .kind = "zero_open", .severity = "WARN", .text = text, .subject = subject,
		               .next = "lift it, or leave it: it never ends by itself" };

	if (z->stopped_ms && z->pending)
		return tell_stopped(s, z, why, err);
	if (!z->remind_ms || why->now_ms < z->remind_ms)
		return OK;
	snprintf(key, sizeof key, "zero open %" PRId64, z->id);
	snprintf(subject, sizeof subject, "Z-%" PRId64, z->id);
	snprintf(text, sizeof text, "zero-out Z-%" PRId64 " is still open, and was to be looked at by now: %.100s", z->id, z->reason);
	return alert_raise(s, &alert, why->now_ms, err);
}

/* Its time is over, or something of each of its items was counted since: it is lifted, as it was asked to be. */
static enum fault end_by_itself(struct store *s, const struct zero *z, const struct cause *why, bool *ended, struct err *err)
{
	static const char uncounted[] = "SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE w.zero_id = ?1 AND NOT EXISTS "
					"(SELECT 1 FROM stock t WHERE t.item_id = f.item_id AND t.counted > 0 AND t.valid_ms > ?2)";
	bool over = z->until_ms && why->now_ms >= z->until_ms;
	int64_t left = 1;
	int freed;
	enum fault f = OK;

	*ended = false;
	if (!over && z->counted)
		f = GET_INT(s, err, 1, &left, uncounted, V(z->id), V(z->made_ms));
	if (f || (!over && left))
		return f;
	*ended = true;
	f = zero_lift(s, z->id, why, &freed, err);
	return f ? f : audit_add(s, why, "lift", z->scope, over ? "its time was over" : "something of each was counted", err);
}

static enum fault watch_one(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	bool ended;
	enum fault f = end_by_itself(s, z, why, &ended, err);

	if (f || ended)
		return f;
	if (!z->pending || why->now_ms - z->made_ms >= ZERO_BY_HAND_MS)
		f = tell_pending(s, z, why, err);
	return f ? f : tell_remind(s, z, why, err);
}

enum fault zero_watch(struct store *s, const struct cause *why, struct err *err)
{
	int64_t before = 0;
	int n = WATCHED;
	enum fault f = OK;

	assert(store_in_transaction(s));
	while (!f && n == WATCHED) {
		struct arena *a = arena_new();
		struct zero *z;

		f = zeros_page(s, before, false, WATCHED, a, &z, &n, err);
		for (int i = 0; i < n && !f; i++) {
			before = z[i].id;
			f = watch_one(s, &z[i], why, err);
		}
		arena_free(a);
	}
	return f;
}
