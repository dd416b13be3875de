#include "trade/feed_rows.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/latency.h"
#include "trade/offers.h"
#include "trade/zero.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct bulk read_bulk(const struct rows *r, struct arena *a)
{
	return (struct bulk){
		.id = rows_int(r, 0),
		.account = rows_int(r, 1),
		.items = rows_int(r, 2),
		.good = rows_int(r, 3),
		.bad = rows_int(r, 4),
		.again = rows_int(r, 5),
		.made_ms = rows_int(r, 6),
		.sent_ms = rows_int(r, 7),
		.ended_ms = rows_int(r, 8),
		.second_ms = rows_int(r, 9),
		.account_name = rows_keep(r, 10, a),
		.marketplace = rows_keep(r, 11, a),
		.state = rows_keep(r, 12, a),
		.ref = rows_keep(r, 13, a),
		.text = rows_keep(r, 14, a),
		.why = rows_keep(r, 15, a),
		.trace = rows_keep(r, 16, a),
	};
}

enum fault bulk_get(struct store *s, int64_t id, struct arena *a, struct bulk *out, struct err *err)
{
	static const char sql[] = "SELECT " FEED_COLUMNS "WHERE b.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_bulk(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no feed %" PRId64, id);
}

enum fault feed_read(struct rows *r, struct arena *a, int cap, struct bulk **out, int *n, struct err *err)
{
	*out = arena_alloc(a, (size_t)(cap + 1) * sizeof **out);
	for (*n = 0; *n < cap && rows_next(r);)
		(*out)[(*n)++] = read_bulk(r, a);
	return rows_end(r, err);
}

/* ---- gathering ---- */

/* What has the same listing's word under way, or in doubt, is not pending: it waits for that. What is to go alone goes alone. */
#define DUE                                                                                                                        \
	"FROM job j JOIN offer o ON o.id = j.subject_id WHERE j.account_id = ?1 AND j.verb = 'stock' AND j.state = 'waiting' "     \
	"AND j.due_ms <= ?2 AND j.route <> 'single' AND NOT EXISTS (SELECT 1 FROM job b WHERE b.account_id = j.account_id AND b.verb = j.verb AND "        \
	"b.subject = j.subject AND b.state IN ('inflight', 'unsure')) "

/* One at a time is handed in: what waits meanwhile makes the next one larger. */
static enum fault mark_sending(struct store *s, int64_t account, struct pending *p, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM feed WHERE account_id = ? AND state = 'sending' AND ended_ms = 0 AND marketplace = ?";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(account), V(p->marketplace));

	p->sending = n > 0;
	return f;
}

enum fault stock_pending(struct store *s, int64_t account, bool by_market, int64_t now_ms, struct pending *out, int n, int *got, struct err *err)
{
	static const char whole[] = "SELECT '', count(*) AS pending, sum(j.lane <= 1) " DUE "HAVING count(*) > 0";
	static const char each[] = "SELECT o.marketplace, count(*) AS pending, sum(j.lane <= 1) " DUE "GROUP BY o.marketplace ORDER BY pending DESC";
	struct rows *r = by_market ? ASK(s, each, V(account), V(now_ms)) : ASK(s, whole, V(account), V(now_ms));
	enum fault f;

	for (*got = 0; *got < n && rows_next(r); (*got)++) {
		snprintf(out[*got].marketplace, sizeof out[*got].marketplace, "%s", rows_text(r, 0));
		out[*got].all = rows_int(r, 1);
		out[*got].urgent = rows_int(r, 2);
	}
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = mark_sending(s, account, &out[i], err);
	return f;
}

enum fault bulk_gathering(struct store *s, int64_t account, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT id FROM feed WHERE account_id = ? AND state = 'gathering' AND ended_ms = 0";

	return GET_INT(s, err, 0, id, sql, V(account));
}

enum fault bulk_begin(struct store *s, int64_t account, const char *marketplace, const char *reason, const struct cause *why, int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO feed (account_id, marketplace, state, why, made_ms, trace) VALUES (?, ?, 'gathering', ?, ?, ?) RETURNING id";

	assert(store_in_transaction(s));
	return RUN_ID(s, err, id, sql, V(account), V(marketplace), V(reason), V(why->now_ms), V(why->trace ? why->trace : ""));
}

enum fault bulk_candidates(struct store *s, const struct bulk *b, int64_t after, int64_t now_ms, struct arena *a, struct job *out, int n, int *got,
                           struct err *err)
{
	static const char sql[] = "SELECT j.id " DUE "AND (o.hold = '' OR o.target = 0) AND j.id > ?3 AND (?4 = '' OR o.marketplace = ?4) ORDER BY j.id LIMIT ?5";
	int64_t *ids = arena_alloc(a, (size_t)n * sizeof *ids);
	struct rows *r = ASK(s, sql, V(b->account), V(now_ms), V(after), V(b->marketplace), V(n));
	enum fault f;

	for (*got = 0; rows_next(r);)
		ids[(*got)++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = job_get(s, ids[i], a, &out[i], err);
	return f;
}

enum fault bulk_add(struct store *s, int64_t feed, const struct job *job, const struct cause *why, struct err *err)
{
	static const char count[] = "UPDATE feed SET items = items + 1 WHERE id = ? RETURNING items";
	static const char item[] = "INSERT INTO feed_item (feed_id, msg, job_id, offer_id, sku, node, type, qty, ver) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
	const struct fields *p = &job->payload;
	const char *type = fields_get(p, "product_type", "");
	int64_t msg;

	assert(store_in_transaction(s));
	if (RUN_ID(s, err, &msg, count, V(feed)))
		return FAULT_STORE;
	if (RUN(s, err, item, V(feed), V(msg), V(job->id), V(job->subject_id), V(fields_get(p, "sku", "")), V(fields_get(p, "node", "")),
	        V(strchr(type, ':') ? "" : type), V(fields_int(p, "qty", 0)), V(job->ver)))
		return FAULT_STORE;
	return job_into_feed(s, job->id, feed, why, err);
}

enum fault feed_step(struct store *s, int64_t feed, const char *state, const char *text, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE feed SET state = ?1, text = ?2, ended_ms = CASE WHEN ?1 IN ('ended', 'dropped', 'unknown') THEN ?3 ELSE 0 END WHERE id = ?4";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(state), V(text), V(why->now_ms), V(feed)) ? FAULT_STORE
	                                                                    : change_text(s, "feed", feed, "state", NULL, state, why->now_ms, why, err);
}

bool bulk_hands_in(enum verb v)
{
	return v == VERB_BULK_OPEN || v == VERB_BULK_PUT || v == VERB_BULK;
}

enum fault bulk_sending(struct store *s, int64_t feed, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM feed WHERE id = ? AND state = 'sending'";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(feed));

	*yes = n > 0;
	return f;
}

enum fault bulk_close(struct store *s, int64_t feed, const struct cause *why, int64_t *items, struct err *err)
{
	static const char sql[] = "SELECT items FROM feed WHERE id = ?";

	if (GET_INT(s, err, 0, items, sql, V(feed)))
		return FAULT_STORE;
	return feed_step(s, feed, *items ? "sending" : "dropped", *items ? "" : "nothing was left to put into it", why, err);
}

enum fault bulk_payload(struct store *s, int64_t feed, struct fields *out, struct err *err)
{
	static const char sql[] = "SELECT msg, qty, node, type, sku FROM feed_item WHERE feed_id = ? AND result = '' ORDER BY msg";
	struct rows *r = ASK(s, sql, V(feed));

	while (rows_next(r))
		fields_put(out, "item", arena_printf(out->arena, "%" PRId64 ":%" PRId64 ":%s:%s:%s", rows_int(r, 0), rows_int(r, 1), rows_text(r, 2),
		                                     rows_text(r, 3), rows_text(r, 4)));
	return rows_end(r, err);
}

/* ---- handed in, or not ---- */

enum fault bulk_taken(struct store *s, int64_t feed, const char *ref, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE feed SET ref = ?1, sent_ms = CASE WHEN sent_ms = 0 THEN ?2 ELSE sent_ms END WHERE id = ?3";

	return RUN(s, err, sql, V(ref), V(why->now_ms), V(feed)) ? FAULT_STORE : feed_step(s, feed, "taking", "", why, err);
}

enum fault feed_item_mark(struct store *s, const struct marking *m, int64_t settle_ms, const struct cause *why, struct err *err)
{
	char text[64];

	snprintf(text, sizeof text, "in feed %" PRId64 ", which they took", m->feed);
	return job_sent(s, m->job, text, why, err) ? FAULT_STORE : offer_accepted(s, m->offer, m->qty, m->ver, settle_ms, why, err);
}

/* Feeds that are taken and have nothing left to mark are worked at. */
static enum fault end_marking(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM feed WHERE account_id = ? AND state = 'taking' AND ended_ms = 0";
	int64_t feed;
	enum fault f = GET_INT(s, err, 0, &feed, sql, V(account));

	return f || !feed ? f : feed_step(s, feed, "working", "", why, err);
}

enum fault bulks_mark(struct store *s, int64_t account, int64_t settle_ms, int n, const struct cause *why, bool *more, struct err *err)
{
	static const char any[] = "SELECT id FROM feed WHERE account_id = ? AND state = 'taking' AND ended_ms = 0 ORDER BY id LIMIT 1";
	static const char sql[] = "SELECT i.feed_id, i.job_id, i.offer_id, i.qty, i.ver, j.made_ms FROM job j JOIN feed_item i ON i.feed_id = j.feed_id AND i.job_id = j.id "
				  "WHERE j.feed_id = ? AND j.state = 'inflight' ORDER BY j.id LIMIT ?";
	struct marking m[256];
	struct rows *r;
	enum fault f;
	int64_t feed;
	int got = 0;

	assert(n <= 256);
	*more = false;
	if (GET_INT(s, err, 0, &feed, any, V(account)))
		return FAULT_STORE;
	if (!feed)
		return OK;
	r = ASK(s, sql, V(feed), V(n));
	while (rows_next(r))
		m[got++] = (struct marking){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5) };
	f = rows_end(r, err);
	for (int i = 0; i < got && !f; i++)
		if (!(f = feed_item_mark(s, &m[i], settle_ms, why, err)))
			f = latency_add(s, account, "stock", "queue", why->now_ms > m[i].made_ms ? why->now_ms - m[i].made_ms : 0, why->now_ms, err);
	*more = true;
	return f || got == n ? f : end_marking(s, account, why, err);
}

enum fault feed_item_end(struct store *s, int64_t feed, int64_t msg, const char *result, const char *text, struct err *err)
{
	static const char sql[] = "UPDATE feed_item SET result = ?, text = ? WHERE feed_id = ? AND msg = ?";

	return RUN(s, err, sql, V(result), V(text), V(feed), V(msg));
}

enum fault bulk_held_up(struct store *s, int64_t account, int64_t before_ms, int64_t *feed, struct err *err)
{
	static const char sql[] = "SELECT b.id FROM feed b WHERE b.account_id = ? AND b.state = 'sending' AND b.ended_ms = 0 AND b.made_ms < ? "
				  "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.subject_id = b.id AND j.verb IN ('bulk', 'bulk-put', 'bulk-open') "
				  "AND j.state IN ('inflight', 'unsure')) LIMIT 1";

	return GET_INT(s, err, 0, feed, sql, V(account), V(before_ms));
}

enum fault bulk_by_ref(struct store *s, int64_t account, const char *ref, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT id FROM feed WHERE account_id = ? AND ref = ? AND ref <> ''";

	return GET_INT(s, err, 0, id, sql, V(account), V(ref));
}

/* ---- what became of each item ---- */

struct open_item {
	int64_t msg, job, offer, ver;
};

static enum fault find_item(struct store *s, int64_t feed, const struct item_told *told, struct open_item *out, struct err *err)
{
	static const char by_msg[] = "SELECT msg, job_id, offer_id, ver FROM feed_item WHERE feed_id = ? AND msg = ? AND result = ''";
	static const char by_sku[] = "SELECT msg, job_id, offer_id, ver FROM feed_item INDEXED BY feed_item_sku WHERE feed_id = ?1 AND sku = ?2 AND result = '' "
				     "AND (?3 = '' OR node = ?3 OR node = '') ORDER BY msg LIMIT 1";
	struct rows *r = told->msg ? ASK(s, by_msg, V(feed), V(told->msg)) : ASK(s, by_sku, V(feed), V(told->sku), V(told->node ? told->node : ""));

	*out = (struct open_item){ 0 };
	if (rows_next(r))
		*out = (struct open_item){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3) };
	return rows_end(r, err);
}

/* They refused it: what we said will not come, so nobody waits for it; the next reading judges. */
static enum fault refuse(struct store *s, const struct open_item *i, const char *text, const struct cause *why, struct err *err)
{
	static const char over[] = "UPDATE offer SET settle_ms = ?1 WHERE id = ?2 AND ver = ?3 AND push_state = 'SETTLING'";
	static const char sent[] = "SELECT count(*) FROM job WHERE id = ? AND state IN ('sent', 'inflight')";
	int64_t n;

	if (RUN(s, err, over, V(why->now_ms), V(i->offer), V(i->ver)) || GET_INT(s, err, 0, &n, sent, V(i->job)))
		return FAULT_STORE;
	if (!n)
		return OK;
	return job_fail(s, i->job, FAULT_REFUSED, text, why, err) ? FAULT_STORE : zero_unsaid(s, i->job, text, why->now_ms, err);
}

static enum fault tell_item(struct store *s, int64_t feed, const struct item_told *told, const struct cause *why, struct err *err)
{
	static const char count[] = "UPDATE feed SET good = good + ?1, bad = bad + ?2, again = again + ?3 WHERE id = ?4";
	const char *result = told->fault == FAULT_REFUSED ? "refused" : told->fault ? "again" : "taken", *text = told->text ? told->text : "";
	struct open_item i;

	if (told->waiting)
		return OK;
	if (find_item(s, feed, told, &i, err))
		return FAULT_STORE;
	if (!i.msg)
		return OK; /* told before */
	if (feed_item_end(s, feed, i.msg, result, text, err) ||
	    RUN(s, err, count, V(!told->fault), V(told->fault == FAULT_REFUSED), V(told->fault && told->fault != FAULT_REFUSED), V(feed)))
		return FAULT_STORE;
	if (told->fault == FAULT_REFUSED)
		return refuse(s, &i, text, why, err);
	return told->fault ? feed_item_release(s, i.job, text, why, err) : OK;
}

/* Those that nobody spoke of were taken. */
static enum fault take_rest(struct store *s, int64_t feed, struct err *err)
{
	static const char sql[] = "UPDATE feed_item SET result = 'taken' WHERE feed_id = ? AND result = ''";
	static const char count[] = "UPDATE feed SET good = good + ? WHERE id = ?";

	return RUN(s, err, sql, V(feed)) ? FAULT_STORE : RUN(s, err, count, V(store_changes(s)), V(feed));
}

enum fault bulk_told(struct store *s, int64_t feed, const struct news *n, bool last, const struct cause *why, int64_t *open, struct err *err)
{
	/* and none that is still to be marked as taken */
	static const char left[] = "SELECT (SELECT count(*) FROM feed_item WHERE feed_id = ?1 AND result = '') + "
				   "(SELECT count(*) FROM job WHERE feed_id = ?1 AND state = 'inflight')";
	enum fault f = OK;

	for (int i = 0; i < n->items && !f; i++)
		f = tell_item(s, feed, &n->item[i], why, err);
	if (!f && n->items_rest)
		f = take_rest(s, feed, err);
	if (f || GET_INT(s, err, 0, open, left, V(feed)))
		return FAULT_STORE;
	return *open || !last ? OK : feed_step(s, feed, "ended", "each item has its verdict", why, err);
}

/* ---- age ---- */

enum fault bulks_working(struct store *s, int64_t account, struct arena *a, struct bulk **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT " FEED_COLUMNS "WHERE b.account_id = ? AND b.state IN ('working', 'unsure') AND b.ended_ms = 0 "
				  "ORDER BY b.id LIMIT 64";

	return feed_read(ASK(s, sql, V(account)), a, 64, out, n, err);
}

enum fault bulks_open(struct store *s, int n, struct arena *a, struct bulk **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT " FEED_COLUMNS "WHERE b.ended_ms = 0 ORDER BY b.id LIMIT ?";

	return feed_read(ASK(s, sql, V(n)), a, n, out, got, err);
}

enum fault bulk_usual_ms(struct store *s, int64_t account, int64_t *out, struct err *err)
{
	static const char sql[] = "WITH last AS (SELECT ended_ms - sent_ms AS took FROM feed WHERE account_id = ? AND state = 'ended' ORDER BY ended_ms DESC LIMIT 50) "
				  "SELECT took FROM last ORDER BY took LIMIT 1 OFFSET (SELECT count(*) / 2 FROM last)";

	return GET_INT(s, err, 0, out, sql, V(account));
}

enum fault bulk_lane(struct store *s, int64_t feed, enum lane *out, struct err *err)
{
	static const char sql[] = "SELECT coalesce(min(j.lane), ?) FROM feed_item i JOIN job j ON j.id = i.job_id WHERE i.feed_id = ? AND i.result = ''";
	int64_t lane = LANE_INCREASE;
	enum fault f = GET_INT(s, err, LANE_INCREASE, &lane, sql, V((int)LANE_INCREASE), V(feed));

	*out = (enum lane)lane;
	return f;
}

enum fault bulk_most(struct store *s, int64_t offer, int64_t *qty, struct err *err)
{
	static const char sql[] = "SELECT max(qty) FROM feed_item WHERE offer_id = ? AND result = ''";

	return GET_INT(s, err, -1, qty, sql, V(offer));
}

enum fault bulk_items(struct store *s, int64_t feed, int64_t after, int n, struct arena *a, struct bulk_item **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT i.msg, i.job_id, i.qty, i.sku, i.node, i.result, i.text, j.state FROM feed_item i JOIN job j ON j.id = i.job_id "
				  "WHERE i.feed_id = ? AND i.msg > ? ORDER BY i.msg LIMIT ?";
	struct rows *r = ASK(s, sql, V(feed), V(after), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; *got < n && rows_next(r); ++*got)
		(*out)[*got] = (struct bulk_item){ rows_int(r, 0),     rows_int(r, 1),     rows_int(r, 2),     rows_keep(r, 3, a),
			                           rows_keep(r, 4, a), rows_keep(r, 5, a), rows_keep(r, 6, a), rows_keep(r, 7, a) };
	return rows_end(r, err);
}

enum fault bulks_page(struct store *s, int64_t before, int n, struct arena *a, struct bulk **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT " FEED_COLUMNS "WHERE b.id < ? ORDER BY b.id DESC LIMIT ?";

	return feed_read(ASK(s, sql, V(before ? before : INT64_MAX), V(n)), a, n, out, got, err);
}

enum fault bulks_tell_ended(struct store *s, int64_t account, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT a.key FROM alert a JOIN feed b ON a.key = 'feed ' || b.id WHERE a.closed_ms = 0 AND a.kind = 'feed' AND a.account_id = ? "
				  "AND b.ended_ms > 0 LIMIT 1";
	struct rows *r = ASK(s, sql, V(account));
	char key[48] = "";

	if (rows_next(r))
		snprintf(key, sizeof key, "%s", rows_text(r, 0));
	return rows_end(r, err) ? FAULT_STORE : *key ? alert_close(s, key, now_ms, err) : OK;
}
