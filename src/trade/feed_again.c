/*
 * feed_again.c: quantities of a feed that are said again by themselves: of one that was dropped, of what was held or stopped before it went, of one that is
 * stuck, and those that a late one may have written over.
 */
#include "trade/feed_rows.h"

#include "store/store.h"
#include "trade/zero_row.h"

#include <assert.h>

/* From sent it goes by way of failed: it was said, and came to nothing. */
enum fault feed_item_release(struct store *s, int64_t job, const char *text, const struct cause *why, struct err *err)
{
	static const char state[] = "SELECT state = 'sent' FROM job WHERE id = ? AND (state = 'sent' OR state = 'inflight')";
	static const char alone[] = "UPDATE job SET feed_id = NULL WHERE id = ?";
	int64_t sent;

	if (GET_INT(s, err, -1, &sent, state, V(job)))
		return FAULT_STORE;
	if (sent < 0)
		return OK; /* proved, or replaced, meanwhile */
	if (sent && job_fail(s, job, FAULT_REMOTE, text, why, err))
		return FAULT_STORE;
	return RUN(s, err, alone, V(job)) ? FAULT_STORE : job_again(s, job, why->now_ms, FAULT_REMOTE, text, false, why, err);
}

enum fault bulk_drop(struct store *s, int64_t feed, const char *text, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT msg, job_id FROM feed_item WHERE feed_id = ? AND result = '' ORDER BY msg LIMIT 256";
	static const char count[] = "UPDATE feed SET again = again + ? WHERE id = ?";
	static const char steps[] = "UPDATE job SET state = 'superseded', text = 'its feed was dropped' WHERE subject_id = ? AND verb IN ('bulk-open', 'bulk-put', 'bulk') "
				    "AND state IN ('waiting', 'unsure')";
	enum fault f = OK;
	int got = 256;

	while (!f && got == 256) {
		int64_t msg[256], job[256];
		struct rows *r = ASK(s, sql, V(feed));

		for (got = 0; rows_next(r); got++) {
			msg[got] = rows_int(r, 0);
			job[got] = rows_int(r, 1);
		}
		f = rows_end(r, err);
		for (int i = 0; i < got && !f; i++)
			f = feed_item_end(s, feed, msg[i], "again", text, err) ? FAULT_STORE : feed_item_release(s, job[i], text, why, err);
		if (!f)
			f = RUN(s, err, count, V(got), V(feed));
	}
	return f || RUN(s, err, steps, V(feed)) ? FAULT_STORE : feed_step(s, feed, "dropped", text, why, err);
}

enum fault bulk_drop_gathering(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	int64_t feed = 0;
	enum fault f = bulk_gathering(s, account, &feed, err);

	return f || !feed ? f : bulk_drop(s, feed, "the engine ended while it was gathered", why, err);
}

/* ---- held or stopped meanwhile ---- */

#define HELD_BACK "held at zero meanwhile"
#define STOPPED "its zero-out was stopped"

/* Not to be said any more: a quantity of what is held at zero, a zero of a zero-out that was stopped. */
#define HELD \
	"FROM feed_item i JOIN offer f ON f.id = i.offer_id WHERE i.feed_id = ? AND i.result = '' AND f.hold <> '' AND (i.qty > 0 OR EXISTS " \
	"(SELECT 1 FROM zero_row w JOIN zero_out z ON z.id = w.zero_id WHERE w.offer_id = f.id AND z.lifted_ms = 0 AND " ZERO_ROW_STOPPED "))"

enum fault bulk_holds(struct store *s, int64_t feed, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) " HELD;
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(feed));

	*yes = n > 0;
	return f;
}

enum fault bulk_release_held(struct store *s, int64_t feed, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT i.msg, i.job_id, i.qty > 0 " HELD " LIMIT 256";
	static const char fewer[] = "UPDATE feed SET items = items - ? WHERE id = ?";
	int64_t msg[256], job[256];
	const char *text[256];
	enum fault f = OK;
	int got = 256;

	while (!f && got == 256) {
		struct rows *r = ASK(s, sql, V(feed));

		for (got = 0; rows_next(r); got++) {
			msg[got] = rows_int(r, 0);
			job[got] = rows_int(r, 1);
			text[got] = rows_int(r, 2) ? HELD_BACK : STOPPED;
		}
		f = rows_end(r, err);
		if (!f && got)
			f = RUN(s, err, fewer, V(got), V(feed));
		for (int i = 0; i < got && !f; i++)
			f = feed_item_end(s, feed, msg[i], "again", text[i], err) ? FAULT_STORE : feed_item_release(s, job[i], text[i], why, err);
	}
	return f;
}

/* ---- stuck, or ended late ---- */

enum fault bulk_second_path(struct store *s, int64_t feed, int n, const struct cause *why, int64_t *offers, int *got, bool *more, struct err *err)
{
	static const char sql[] = "SELECT i.offer_id FROM feed_item i JOIN job j ON j.id = i.job_id JOIN offer o ON o.id = i.offer_id WHERE i.feed_id = ? AND i.result = '' "
				  "AND j.lane <= 1 AND o.ver = i.ver AND ((j.state = 'sent' AND o.push_state = 'SETTLING') OR j.state = 'inflight') ORDER BY j.lane, i.msg LIMIT ?";
	static const char anew[] = "UPDATE offer SET ver = ver + 1 WHERE id = ?"; /* said was that version: the same again is a new decision */
	static const char done[] = "UPDATE feed SET second_ms = ? WHERE id = ?";
	struct rows *r = ASK(s, sql, V(feed), V(n));
	enum fault f;

	assert(store_in_transaction(s));
	for (*got = 0; rows_next(r);)
		offers[(*got)++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = RUN(s, err, anew, V(offers[i]));
	*more = *got == n;
	return f || *more ? f : RUN(s, err, done, V(why->now_ms), V(feed));
}

enum fault bulk_overtaken(struct store *s, int64_t feed, int n, int64_t *offers, int *got, struct err *err)
{
	/* a sale may have made it look proved, and what ended without a verdict may have been written all the same: only what went back before is out of it */
	static const char sql[] = "SELECT i.offer_id FROM feed_item i JOIN offer o ON o.id = i.offer_id JOIN feed b ON b.id = i.feed_id WHERE i.feed_id = ? "
				  "AND i.result IN ('taken', 'again') AND i.text NOT IN ('" HELD_BACK "', '" STOPPED "') AND o.ver > i.ver AND o.pushed_ms > b.sent_ms "
				  "AND o.target <> i.qty ORDER BY o.target < i.qty DESC, i.msg LIMIT ?";
	static const char anew[] = "UPDATE offer SET ver = ver + 1 WHERE id = ?";
	struct rows *r = ASK(s, sql, V(feed), V(n));
	enum fault f;

	assert(store_in_transaction(s));
	for (*got = 0; rows_next(r);)
		offers[(*got)++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = RUN(s, err, anew, V(offers[i]));
	return f;
}
