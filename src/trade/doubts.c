#include "trade/doubts.h"

#include "store/store.h"
#include "trade/feed_rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A clock of theirs and one of ours; how long handing in may take. */
enum { CLOCKS_MS = 3 * 60 * 1000 };

enum fault bulk_unsure(struct store *s, int64_t feed, int64_t sent_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE feed SET sent_ms = ? WHERE id = ?";

	return RUN(s, err, sql, V(sent_ms), V(feed)) ? FAULT_STORE : feed_step(s, feed, "unsure", "its answer was lost: it is looked for in their list", why, err);
}

/* ---- in their list ---- */

struct doubt {
	int64_t id, sent_ms, items;
	char marketplace[24];
};

/* Might this one of theirs be it? */
static bool fits(const struct doubt *d, const struct feed *theirs, const char *type)
{
	char name[48];

	snprintf(name, sizeof name, "quantities-%" PRId64 ".json", d->id);
	if (*type && (!theirs->type || strncmp(theirs->type, type, strlen(type))))
		return false;
	if (theirs->made_ms < d->sent_ms - CLOCKS_MS || theirs->made_ms > d->sent_ms + CLOCKS_MS)
		return false;
	if (*d->marketplace && theirs->marketplace && strcmp(theirs->marketplace, d->marketplace))
		return false;
	if (theirs->name && strncmp(theirs->name, "quantities-", 11) == 0)
		return !strcmp(theirs->name, name);
	return !theirs->items || theirs->items == d->items;
}

/* The only one that fits and is nobody's yet; NULL: there is none, or there are several. *several: the latter. */
static enum fault find_theirs(struct store *s, int64_t account, const struct doubt *d, const char *type, const struct feed *list, int n,
                              const struct feed **out, bool *several, struct err *err)
{
	int64_t ours;

	*out = NULL;
	*several = false;
	for (int i = 0; i < n; i++) {
		if (!fits(d, &list[i], type))
			continue;
		if (bulk_by_ref(s, account, list[i].id, &ours, err))
			return FAULT_STORE;
		*several |= !ours && *out;
		*out = ours ? *out : &list[i];
	}
	if (*several)
		*out = NULL;
	return OK;
}

/* The call that handed it in, whose answer is known now. */
static enum fault end_call(struct store *s, int64_t feed, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE subject_id = ? AND verb = 'bulk' AND state = 'unsure'";
	int64_t job;

	if (GET_INT(s, err, 0, &job, sql, V(feed)))
		return FAULT_STORE;
	return job ? job_done(s, job, "found in their own list", why, err) : OK;
}

static enum fault match_one(struct store *s, int64_t account, const struct doubt *d, const char *type, int64_t lost_ms, const struct feed *list, int n,
                            bool whole, int64_t begun_ms, const struct cause *why, int *found, struct err *err)
{
	bool several, reaches = whole || (n && list[n - 1].made_ms < d->sent_ms - CLOCKS_MS);
	const struct feed *theirs;

	if (find_theirs(s, account, d, type, list, n, &theirs, &several, err))
		return FAULT_STORE;
	*found += theirs || (!several && reaches && begun_ms > d->sent_ms + lost_ms);
	if (theirs)
		return end_call(s, d->id, why, err) ? FAULT_STORE : bulk_taken(s, d->id, theirs->id, why, err);
	if (several || !reaches || begun_ms <= d->sent_ms + lost_ms)
		return OK;
	return bulk_drop(s, d->id, "its answer was lost, and their list does not show it: it was never taken", why, err);
}

enum fault bulks_match(struct store *s, int64_t account, const char *type, int64_t lost_ms, const struct feed *list, int n, bool whole, int64_t begun_ms,
                       const struct cause *why, int *found, struct err *err)
{
	static const char sql[] = "SELECT id, sent_ms, items, marketplace FROM feed WHERE account_id = ? AND state = 'unsure' AND ended_ms = 0 "
				  "ORDER BY id LIMIT 16";
	struct doubt d[16];
	struct rows *r = ASK(s, sql, V(account));
	enum fault f;
	int got = 0;

	*found = 0;
	for (; rows_next(r); got++) {
		d[got] = (struct doubt){ .id = rows_int(r, 0), .sent_ms = rows_int(r, 1), .items = rows_int(r, 2) };
		snprintf(d[got].marketplace, sizeof d[got].marketplace, "%s", rows_text(r, 3));
	}
	f = rows_end(r, err);
	for (int i = 0; i < got && !f; i++)
		f = match_one(s, account, &d[i], type, lost_ms, list, n, whole, begun_ms, why, found, err);
	return f;
}

enum fault bulk_lost_call(struct store *s, int64_t account, int64_t *feed, int64_t *sent_ms, struct err *err)
{
	static const char sql[] = "SELECT b.id, coalesce((SELECT max(a.opened_ms) FROM attempt_job aj JOIN attempt a ON a.id = aj.attempt_id WHERE aj.job_id = j.id), "
				  "j.unsure_ms) FROM feed b JOIN job j ON j.subject_id = b.id AND j.verb = 'bulk' AND j.state = 'unsure' "
				  "WHERE b.account_id = ? AND b.state = 'sending' AND b.ended_ms = 0 LIMIT 1";
	struct rows *r = ASK(s, sql, V(account));

	*feed = 0;
	if (rows_next(r)) {
		*feed = rows_int(r, 0);
		*sent_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

enum fault bulks_give_way(struct store *s, int64_t account, int64_t lost_ms, int n, const struct cause *why, int *got, struct err *err)
{
	static const char sql[] = "SELECT j.id FROM job w CROSS JOIN job j ON j.account_id = w.account_id AND j.verb = w.verb AND j.subject = w.subject AND j.state = 'inflight' "
				  "JOIN feed b ON b.id = j.feed_id AND b.state = 'unsure' WHERE w.account_id = ? AND w.verb = 'stock' AND w.state = 'waiting' AND (w.lane <= 1 OR b.sent_ms < ?) LIMIT ?";
	int64_t job[64];
	struct rows *r = ASK(s, sql, V(account), V(why->now_ms - lost_ms), V(n));
	enum fault f;

	assert(n <= 64 && store_in_transaction(s));
	for (*got = 0; rows_next(r);)
		job[(*got)++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = job_supersede(s, job[i], "in a feed of which nobody knows whether they took it; a newer quantity goes by itself", why, err);
	return f;
}

/* ---- by reading its offers ---- */

/* Read: it was seen, or their answer was that there is no such thing. */
#define WAS_READ                                                                                                                        \
	"(o.read_ms >= ?2 OR EXISTS (SELECT 1 FROM job r WHERE r.subject_id = o.id AND r.verb = 'stock-read' AND r.made_ms >= ?2 " \
	"AND r.state = 'done')) "

enum fault doubt_unread(struct store *s, int64_t feed, const char *result, int64_t since_ms, int n, struct unread *out, int *got, struct err *err)
{
	static const char sql[] = "SELECT i.job_id, EXISTS (SELECT 1 FROM job w WHERE w.subject_id = o.id AND w.verb = 'stock-read' AND w.state IN ('waiting', 'inflight') "
				  "AND w.made_ms >= ?2) FROM feed_item i JOIN offer o ON o.id = i.offer_id WHERE i.feed_id = ?1 AND i.result = ?3 AND NOT " WAS_READ
				  "ORDER BY i.msg LIMIT ?4";
	struct rows *r = ASK(s, sql, V(feed), V(since_ms), V(result), V(n));

	for (*got = 0; rows_next(r); ++*got)
		out[*got] = (struct unread){ rows_int(r, 0), rows_int(r, 1) != 0 };
	return rows_end(r, err);
}

/* An item, its job's state, and whether its offer shows what it says. */
struct doubtful {
	struct marking m;
	int64_t msg;
	bool open, shown;
};

/* Said was that version: the same again is a new decision. */
static enum fault decide_anew(struct store *s, int64_t offer, struct err *err)
{
	static const char sql[] = "UPDATE offer SET ver = ver + 1 WHERE id = ?";

	return RUN(s, err, sql, V(offer));
}

static enum fault decide_one(struct store *s, const struct doubtful *d, const struct doubt_rule *rule, const struct cause *why, bool *anew, struct err *err)
{
	static const char count[] = "UPDATE feed SET good = good + ?1, again = again + 1 - ?1 WHERE id = ?2";
	static const char shown[] = "nobody knows whether they took the feed, but their reading shows it";
	static const char other[] = "nobody knows whether they took the feed, and their reading does not show it: decided again";
	bool taken = d->open && d->shown;
	enum fault f = feed_item_end(s, d->m.feed, d->msg, taken ? "taken" : "again", taken ? shown : d->open ? other : "a newer quantity went by itself", err);

	*anew = d->open && !d->shown;
	if (f || RUN(s, err, count, V(taken), V(d->m.feed)))
		return FAULT_STORE;
	if (taken)
		return feed_item_mark(s, &d->m, rule->settle_ms, why, err);
	if (!*anew)
		return OK;
	f = job_supersede(s, d->m.job, other, why, err);
	return f ? f : decide_anew(s, d->m.offer, err);
}

static enum fault read_doubtful(struct rows *r, int64_t feed, struct doubtful *out, int *n, struct err *err)
{
	for (*n = 0; rows_next(r); ++*n)
		out[*n] = (struct doubtful){
			.m = { .feed = feed, .job = rows_int(r, 1), .offer = rows_int(r, 2), .qty = rows_int(r, 3), .ver = rows_int(r, 4) },
			.msg = rows_int(r, 0),
			.open = rows_int(r, 5) != 0,
			.shown = rows_int(r, 6) != 0,
		};
	return rows_end(r, err);
}

/* The call that handed it in is over, and nobody ever heard what came of it. */
static enum fault close_unknown(struct store *s, int64_t feed, const struct cause *why, struct err *err)
{
	static const char call[] = "SELECT id FROM job WHERE subject_id = ? AND verb = 'bulk' AND state = 'unsure'", counts[] = "SELECT good, again FROM feed WHERE id = ?";
	char text[160];
	struct rows *r;
	int64_t job;

	if (GET_INT(s, err, 0, &job, call, V(feed)) || (job && job_supersede(s, job, "nobody learnt whether they took it: its offers were read instead", why, err)))
		return FAULT_STORE;
	r = ASK(s, counts, V(feed));
	if (rows_next(r))
		snprintf(text, sizeof text, "nobody learnt whether they took it: %" PRId64 " of its offers show it, %" PRId64 " went by themselves", rows_int(r, 0), rows_int(r, 1));
	return rows_end(r, err) ? FAULT_STORE : feed_step(s, feed, "unknown", text, why, err);
}

enum fault doubt_decide(struct store *s, int64_t feed, const struct doubt_rule *rule, int n, const struct cause *why, int64_t *offers, int *got, int64_t *left,
                        struct err *err)
{
	static const char sql[] = "WITH item AS (SELECT i.*, j.state = 'inflight' AS open, o.read_ms > ?5 AND o.seen = i.qty AS shown, " WAS_READ "AS was_read FROM feed_item i "
				  "JOIN job j ON j.id = i.job_id JOIN offer o ON o.id = i.offer_id WHERE i.feed_id = ?1 AND i.result = '') "
				  "SELECT msg, job_id, offer_id, qty, ver, open, shown FROM item WHERE (open = 1 AND shown = 1) OR (?6 = 1 AND (?3 = 1 OR open = 0 OR was_read = 1)) "
				  "ORDER BY msg LIMIT ?4";
	static const char open[] = "SELECT count(*) FROM feed_item WHERE feed_id = ? AND result = ''";
	struct doubtful d[256];
	enum fault f;
	int all;

	assert(n <= 256 && store_in_transaction(s));
	*got = 0;
	f = read_doubtful(ASK(s, sql, V(feed), V(rule->since_ms), V(rule->anyway), V(n), V(rule->sent_ms), V(why->now_ms >= rule->since_ms)), feed, d, &all, err);
	for (int i = 0; i < all && !f; i++) {
		bool anew;

		f = decide_one(s, &d[i], rule, why, &anew, err);
		if (anew)
			offers[(*got)++] = d[i].m.offer;
	}
	if (f || GET_INT(s, err, 0, left, open, V(feed)))
		return FAULT_STORE;
	return *left ? OK : close_unknown(s, feed, why, err);
}

enum fault doubts_unlooked(struct store *s, int64_t account, int64_t before_ms, struct arena *a, struct bulk **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT " FEED_COLUMNS "WHERE b.account_id = ? AND b.state = 'unknown' AND b.looked_ms = 0 AND b.ended_ms < ? ORDER BY b.id LIMIT 16";

	return feed_read(ASK(s, sql, V(account), V(before_ms)), a, 16, out, n, err);
}

enum fault doubt_came_late(struct store *s, int64_t feed, int n, int64_t *offers, int *got, struct err *err)
{
	static const char sql[] = "SELECT i.msg, i.offer_id FROM feed_item i JOIN offer o ON o.id = i.offer_id JOIN feed b ON b.id = i.feed_id WHERE i.feed_id = ? "
				  "AND i.result = 'again' AND i.text <> ? AND o.seen = i.qty AND o.target <> i.qty AND o.pushed <> i.qty AND "
				  "o.push_state <> 'SETTLING' AND o.read_ms > b.ended_ms ORDER BY i.msg LIMIT ?";
	static const char late[] = "it came late, over what was said since: decided again";
	struct rows *r = ASK(s, sql, V(feed), V(late), V(n));
	int64_t msg[256];
	enum fault f;

	assert(n <= 256 && store_in_transaction(s));
	for (*got = 0; rows_next(r); ++*got) {
		msg[*got] = rows_int(r, 0);
		offers[*got] = rows_int(r, 1);
	}
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = feed_item_end(s, feed, msg[i], "again", late, err) ? FAULT_STORE : decide_anew(s, offers[i], err);
	return f;
}

enum fault doubt_looked(struct store *s, int64_t feed, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE feed SET looked_ms = ? WHERE id = ?";

	return RUN(s, err, sql, V(why->now_ms), V(feed));
}
