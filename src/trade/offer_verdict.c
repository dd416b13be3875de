/*
 * offer_verdict.c: the evidence for an offer, gathered, and the verdict on it, written. Judging is verdict.c's.
 */
#include "trade/offer_inside.h"

#include "base/text.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/jobs.h"
#include "trade/latency.h"
#include "trade/ledger.h"
#include "trade/reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 15 * 60 * 1000 };

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

enum fault known_read(struct rows *r, struct known *k, struct err *err)
{
	*k = (struct known){ 0 };
	if (rows_next(r)) {
		int64_t *const ints[] = { &k->id,   &k->account, &k->item,  &k->available, &k->pushed, &k->pushed_ms, &k->settle_ms,
			                  &k->seen, &k->seen_ms, &k->drift, &k->drift_ms,  &k->risk,   &k->heard_ms, &k->ver };

		for (int i = 0; i < (int)(sizeof ints / sizeof *ints); i++)
			*ints[i] = rows_int(r, i);
		k->state = push_state_from_name(rows_text(r, 14));
		k->own = rows_int(r, 15) != 0;
		snprintf(k->cause, sizeof k->cause, "%s", rows_text(r, 16));
		snprintf(k->sku, sizeof k->sku, "%s", rows_text(r, 17));
		snprintf(k->account_name, sizeof k->account_name, "%s", rows_text(r, 18));
		k->pack = rows_int(r, 19);
		snprintf(k->route, sizeof k->route, "%s", rows_text(r, 20));
		k->reserved = rows_int(r, 21);
	}
	return rows_end(r, err);
}

/* ---- evidence ---- */

/*
 * What a channel takes to show is also how late it may take a sale from before off what it was told since. As long as our number may still be on its way
 * such a sale explains what stood there before it, and proves nothing.
 */
static int64_t sales_since(const struct known *k, int64_t now_ms)
{
	int64_t patience = now_ms < k->settle_ms ? 0 : k->settle_ms - k->pushed_ms;

	return k->pushed_ms - (patience < 0 ? 0 : patience < PATIENCE_MS ? patience : PATIENCE_MS);
}

/* Units of it that this account sold, shipped of its newer orders, and cancelled, since the acceptance. */
static enum fault read_sales(struct store *s, const struct known *k, struct evidence *e, struct err *err)
{
	static const char sold[] = "SELECT coalesce(sum(l.reserves / l.pack), 0) FROM order_line l JOIN orders o ON o.id = l.order_id "
				   "WHERE l.item_id = ? AND l.reserves > 0 AND o.account_id = ? AND o.placed_ms > ? AND l.sku = ?";
	static const char shipped[] = "SELECT coalesce(sum(l.q_shipped + l.q_delivered), 0) FROM (SELECT order_id, sku, q_shipped, q_delivered "
				      "FROM order_line WHERE item_id = ? ORDER BY id DESC LIMIT 1000) AS l JOIN orders o ON o.id = l.order_id "
				      "WHERE o.account_id = ? AND o.updated_ms > ? AND l.sku = ?";
	static const char cancelled[] = "SELECT coalesce(sum(l.q_cancelled), 0) FROM order_line l JOIN orders o ON o.id = l.order_id "
					"WHERE l.item_id = ? AND l.q_cancelled > 0 AND o.account_id = ? AND o.updated_ms > ? AND l.sku = ?";

	/* they may put a returned unit back on sale before it was counted here */
	static const char returned[] = "SELECT coalesce(sum(l.qty - l.q_cancelled), 0) FROM (SELECT order_id, sku, qty, q_cancelled, post FROM order_line "
				       "WHERE item_id = ? ORDER BY id DESC LIMIT 1000) AS l JOIN orders o ON o.id = l.order_id "
				       "WHERE o.account_id = ? AND o.updated_ms > ? AND l.sku = ? AND l.post <> 'NONE' AND l.post <> 'CLAIM_OPEN'";
	int64_t left;

	if (GET_INT(s, err, 0, &e->sold, sold, V(k->item), V(k->account), V(sales_since(k, e->now_ms)), V(k->sku)) ||
	    GET_INT(s, err, 0, &left, shipped, V(k->item), V(k->account), V(sales_since(k, e->now_ms)), V(k->sku)))
		return FAULT_STORE;
	e->sold += left;
	if (GET_INT(s, err, 0, &e->cancelled, cancelled, V(k->item), V(k->account), V(k->pushed_ms), V(k->sku)) ||
	    GET_INT(s, err, 0, &left, returned, V(k->item), V(k->account), V(k->pushed_ms), V(k->sku)))
		return FAULT_STORE;
	e->cancelled += left;
	return OK;
}

static enum fault read_background(struct store *s, const struct known *k, struct evidence *e, struct err *err)
{
	static const char before[] = "SELECT seen FROM observation WHERE offer_id = ? AND valid_ms <= ? ORDER BY id DESC LIMIT 1";
	static const char stale[] = "SELECT count(*) FROM stock st JOIN place p ON p.id = st.place_id "
				    "WHERE st.item_id = ? AND p.counts = 1 AND p.heard_ms < ? - p.max_age_ms";
	static const char shown[] = "SELECT count(*) FROM observation WHERE offer_id = ? AND known_ms >= ? AND verdict = 'APPLIED' AND seen = ?";
	int64_t late, times;

	if (GET_INT(s, err, -1, &e->before, before, V(k->id), V(k->pushed_ms)) || GET_INT(s, err, 0, &late, stale, V(k->item), V(e->now_ms)) ||
	    GET_INT(s, err, 0, &times, shown, V(k->id), V(k->pushed_ms), V(k->pushed)))
		return FAULT_STORE;
	e->stale = late > 0;
	e->shown = times > 0;
	return OK;
}

/* What they showed when their orders were last known: each change of it has its row. */
static enum fault read_then(struct store *s, const struct known *k, struct evidence *e, struct err *err)
{
	static const char sql[] = "SELECT seen FROM observation WHERE offer_id = ? AND valid_ms <= ? ORDER BY id DESC LIMIT 1";

	return GET_INT(s, err, -1, &e->then, sql, V(k->id), V(k->heard_ms));
}

/* What was said before the number that was accepted last. */
static enum fault read_earlier(struct store *s, const struct known *k, struct evidence *e, struct err *err)
{
	static const char sql[] = "SELECT old FROM change WHERE fact_id = ? AND fact = 'offer' AND field = 'pushed' ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(k->id));

	if (rows_next(r) && !text_int(rows_text(r, 0), 0, 999999, &e->earlier))
		e->earlier = -1;
	return rows_end(r, err);
}

enum fault known_judge(struct store *s, const struct known *k, int64_t seen, int64_t begun_ms, int64_t now_ms, struct verdict *v,
                        struct err *err)
{
	struct evidence e = {
		.pushed = k->pushed,
		.pushed_ms = k->pushed_ms,
		.settle_ms = k->settle_ms ? k->settle_ms + SLACK_MS : 0,
		.state = k->state,
		.earlier = -1,
		.before = -1,
		.then = -1,
		.seen = seen,
		.since_ms = k->drift < 0 ? k->drift_ms : begun_ms,
		.heard_ms = k->heard_ms,
		.now_ms = begun_ms > k->settle_ms + SLACK_MS ? now_ms : begun_ms, /* what was asked for before patience ended says nothing of its end */
		.mapped = k->item != 0,
	};

	if (seen != k->pushed && k->pushed >= 0 && (read_sales(s, k, &e, err) || read_background(s, k, &e, err) || read_then(s, k, &e, err) || read_earlier(s, k, &e, err)))
		return FAULT_STORE;
	*v = offer_judge(&e);
	return OK;
}

/* ---- the verdict, written ---- */

enum fault known_tell_drift(struct store *s, const struct known *k, int64_t seen, int64_t drift, const struct cause *why, struct err *err)
{
	static const char left[] = "SELECT count(*) FROM (SELECT 1 FROM offer WHERE drift <> 0 AND account_id = ? LIMIT 1) AS x";
	struct rec_rule rule;
	int64_t n;
	char key[48], text[240];
	struct alert a = { .key = key, .kind = "drift", .severity = "WARN", .account = k->account, .subject = k->sku, .text = text,
		           .next = "open Drift: each row says why; push now says our number again" };

	snprintf(key, sizeof key, "drift %" PRId64, k->account);
	if (!drift)
		return GET_INT(s, err, 0, &n, left, V(k->account)) ? FAULT_STORE : n ? OK : alert_close(s, key, why->now_ms, err);
	if (rec_rule_get(s, &rule, err))
		return err->fault;
	if (!rec_over(&rule.alert, rule.pct_min_units, seen - drift, drift) || rec_over(&rule.alert, rule.pct_min_units, k->seen - k->drift, k->drift))
		return OK; /* too little, or told already */
	snprintf(text, sizeof text, "%s: %.100s shows %" PRId64 ", we last confirmed %" PRId64, k->account_name, k->sku, seen, k->pushed);
	return alert_raise(s, &a, why->now_ms, err);
}

enum fault known_observe(struct store *s, const struct known *k, int64_t seen, const char *verdict, int64_t valid_ms, const struct cause *why,
                          struct err *err)
{
	static const char sql[] = "INSERT INTO observation (offer_id, seen, was, was_ms, pushed, verdict, valid_ms, known_ms, attempt_id) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
	bool first = k->seen < 0 || !k->seen_ms;

	return RUN(s, err, sql, V(k->id), V(seen), first ? V_NULL : V(k->seen), V(first ? (int64_t)0 : k->seen_ms), k->pushed < 0 ? V_NULL : V(k->pushed), V(verdict), V(valid_ms), V(why->now_ms),
	           why->attempt_id ? V(why->attempt_id) : V_NULL);
}

static int64_t risk_of(const struct known *k, int64_t seen)
{
	return k->own && k->item ? most(0, seen * k->pack - most(0, k->available)) : 0;
}

/*
 * Their own sales moved it: that is what is confirmed now. What we want may be something else again, and saying it anew is a new
 * decision: the old version was said already.
 */
static enum fault rebase(struct store *s, const struct known *k, int64_t seen, int64_t valid_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET pushed = ?, ver = ver + 1 WHERE id = ?";

	if (RUN(s, err, sql, V(seen), V(k->id)) || change_int(s, "offer", k->id, "pushed", k->pushed, seen, valid_ms, why, err))
		return FAULT_STORE;
	return k->item ? ledger_dirty(s, k->item, why->now_ms, err) : OK;
}

/* How long it took to show, or that it never did: once for each quantity that they took. */
static enum fault measure(struct store *s, const struct known *k, enum push_state now, int64_t valid_ms, const struct cause *why, struct err *err)
{
	if (k->state != PUSH_SETTLING || now == PUSH_SETTLING || now == PUSH_OVERWRITTEN)
		return OK;
	return latency_add(s, k->account, k->route, now == PUSH_APPLIED ? "seen" : "lost", now == PUSH_APPLIED ? valid_ms - k->pushed_ms : 0, why->now_ms, err);
}

enum fault known_write(struct store *s, const struct known *k, int64_t seen, const struct verdict *v, int64_t valid_ms,
                                const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET push_state = ?, drift = ?, drift_ms = ?, cause = ?, risk = ?, known_ms = ? WHERE id = ?";
	int64_t since = !v->drift ? 0 : k->drift ? k->drift_ms : valid_ms, risk = risk_of(k, seen);

	if (v->state == PUSH_APPLIED && !v->drift && seen != k->pushed && rebase(s, k, seen, valid_ms, why, err))
		return FAULT_STORE;
	if (v->state == k->state && v->drift == k->drift && risk == k->risk && !strcmp(v->cause, k->cause))
		return OK;
	if (RUN(s, err, sql, V(push_state_name(v->state)), V(v->drift), V(since), V(v->cause), V(risk), V(why->now_ms), V(k->id)) ||
	    change_text(s, "offer", k->id, "push_state", push_state_name(k->state), push_state_name(v->state), valid_ms, why, err) ||
	    change_int(s, "offer", k->id, "drift", k->drift, v->drift, valid_ms, why, err))
		return FAULT_STORE;
	if (v->state == PUSH_APPLIED && k->state != PUSH_APPLIED && jobs_shown(s, k->id, k->ver, why, err))
		return FAULT_STORE;
	/* somebody raised it: with a parted stock the others may show less now */
	if (k->item && v->drift > 0 && v->drift != k->drift && ledger_dirty(s, k->item, why->now_ms, err))
		return FAULT_STORE;
	if (measure(s, k, v->state, valid_ms, why, err))
		return FAULT_STORE;
	return k->drift != v->drift ? known_tell_drift(s, k, seen, v->drift, why, err) : OK;
}
