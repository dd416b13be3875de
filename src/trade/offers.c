/*
 * offers.c: what reads show and receipts promise. It gathers the evidence and writes the verdict; judging is verdict.c's.
 */
#include "trade/offers.h"

#include "base/text.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/gross.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/latency.h"
#include "trade/ledger.h"
#include "trade/mapping.h"
#include "trade/reconcile.h"
#include "trade/rows.h"
#include "trade/verdict.h"
#include "trade/zero.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 500, PATIENCE_MS = 15 * 60 * 1000, SLACK_MS = 30 * 1000 }; /* SLACK: nobody keeps a promise to the second */
#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- an offer as it is judged ---- */

struct known {
	int64_t id, account, item, available, pack;
	int64_t pushed, pushed_ms, settle_ms, seen, seen_ms, drift, drift_ms, risk, heard_ms, ver, reserved;
	enum push_state state;
	bool own; /* its stock is ours */
	char route[8], cause[24], sku[120], account_name[64];
};

#define KNOWN                                                                                                              \
	"SELECT f.id, f.account_id, coalesce(f.item_id, 0), coalesce(i.available, 0), coalesce(f.pushed, -1), f.pushed_ms, " \
	"f.settle_ms, coalesce(f.seen, -1), f.seen_ms, f.drift, f.drift_ms, f.risk, c.heard_ms, f.ver, f.push_state, f.pool = 'own', " \
	"f.cause, f.sku, c.name, f.pack, f.push_route, f.reserved FROM offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

/* id 0: there is none. */
static enum fault read_known(struct rows *r, struct known *k, struct err *err)
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

/* What was said before the number that was accepted last. */
static enum fault read_earlier(struct store *s, const struct known *k, struct evidence *e, struct err *err)
{
	static const char sql[] = "SELECT old FROM change WHERE fact_id = ? AND fact = 'offer' AND field = 'pushed' ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(k->id));

	if (rows_next(r) && !text_int(rows_text(r, 0), 0, 999999, &e->earlier))
		e->earlier = -1;
	return rows_end(r, err);
}

static enum fault judge(struct store *s, const struct known *k, int64_t seen, int64_t begun_ms, int64_t now_ms, struct verdict *v,
                        struct err *err)
{
	struct evidence e = {
		.pushed = k->pushed,
		.pushed_ms = k->pushed_ms,
		.settle_ms = k->settle_ms ? k->settle_ms + SLACK_MS : 0,
		.state = k->state,
		.earlier = -1,
		.before = -1,
		.seen = seen,
		.since_ms = k->drift < 0 ? k->drift_ms : begun_ms,
		.heard_ms = k->heard_ms,
		.now_ms = begun_ms > k->settle_ms + SLACK_MS ? now_ms : begun_ms, /* what was asked for before patience ended says nothing of its end */
		.mapped = k->item != 0,
	};

	if (seen != k->pushed && k->pushed >= 0 && (read_sales(s, k, &e, err) || read_background(s, k, &e, err) || read_earlier(s, k, &e, err)))
		return FAULT_STORE;
	*v = offer_judge(&e);
	return OK;
}

/* ---- the verdict, written ---- */

/* Over rec.alert: one alert for an account, closed when nothing of it drifts any more. */
static enum fault tell_drift(struct store *s, const struct known *k, int64_t seen, int64_t drift, const struct cause *why, struct err *err)
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

static enum fault observe(struct store *s, const struct known *k, int64_t seen, const char *verdict, int64_t valid_ms, const struct cause *why,
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

static enum fault write_verdict(struct store *s, const struct known *k, int64_t seen, const struct verdict *v, int64_t valid_ms,
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
	/* somebody raised it: with a parted stock the others may show less now */
	if (k->item && v->drift > 0 && v->drift != k->drift && ledger_dirty(s, k->item, why->now_ms, err))
		return FAULT_STORE;
	if (measure(s, k, v->state, valid_ms, why, err))
		return FAULT_STORE;
	return k->drift != v->drift ? tell_drift(s, k, seen, v->drift, why, err) : OK;
}

/* ---- what a read showed ---- */

/* Whether it may be written is part of how the item's stock is shared out. */
static enum fault describe(struct store *s, const struct known *k, const struct seen *seen, int64_t now_ms, struct err *err)
{
	static const char words[] = "UPDATE offer SET title = coalesce(?1, title), product_type = coalesce(?2, product_type) WHERE id = ?3 "
				    "AND (title <> coalesce(?1, title) OR product_type <> coalesce(?2, product_type))";
	static const char numbers[] = "UPDATE offer SET ref = coalesce(?1, ref), listing = coalesce(?2, listing), item_ref = coalesce(?3, item_ref), "
				      "block = coalesce(?4, block), flags = coalesce(?5, flags) WHERE id = ?6 "
				      "AND (ref <> coalesce(?1, ref) OR listing <> coalesce(?2, listing) OR item_ref <> coalesce(?3, item_ref) "
				      "OR block <> coalesce(?4, block) OR flags <> coalesce(?5, flags))";

	if ((seen->title || seen->product_type) && RUN(s, err, words, V(seen->title), V(seen->product_type), V(k->id)))
		return FAULT_STORE;
	if (!seen->ref && !seen->listing && !seen->item_ref && !seen->block && !seen->flags)
		return OK;
	if (RUN(s, err, numbers, V(seen->ref), V(seen->listing), V(seen->item_ref), V(seen->block), V(seen->flags), V(k->id)))
		return FAULT_STORE;
	return k->item && store_changes(s) && seen->block ? ledger_dirty(s, k->item, now_ms, err) : OK;
}

static enum fault bear(struct store *s, int64_t account, const struct seen *seen, int64_t begun_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO offer (account_id, marketplace, node, sku, item_id, pack, mapped_ms, mapped_by, product_type, title, pool, "
				  "seen, seen_ms, read_ms, seen_attempt, known_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?15) RETURNING id";
	struct known k = { .pushed = -1 };
	struct mapped m;

	if (mapping_of(s, account, seen->sku, &m, err) ||
	    RUN_ID(s, err, &k.id, sql, V(account), V(or_empty(seen->marketplace)), V(or_empty(seen->node)), V(seen->sku), m.item ? V(m.item) : V_NULL,
	           V(m.pack), V(m.item ? why->now_ms : (int64_t)0), V(m.by), V(or_empty(seen->product_type)), V(or_empty(seen->title)),
	           V(seen->pool ? seen->pool : "own"), seen->qty < 0 ? V_NULL : V(seen->qty), V(begun_ms),
	           why->attempt_id ? V(why->attempt_id) : V_NULL, V(why->now_ms)))
		return FAULT_STORE;
	if (describe(s, &k, seen, why->now_ms, err) || change_text(s, "offer", k.id, "sku", NULL, seen->sku, begun_ms, why, err))
		return FAULT_STORE;
	return seen->qty < 0 ? OK : observe(s, &k, seen->qty, "", seen->valid_ms ? seen->valid_ms : begun_ms, why, err);
}

/* A new offer of a mapped item wants a target. */
static enum fault want_target(struct store *s, int64_t account, const char *sku, int64_t now_ms, struct err *err)
{
	int64_t item;

	if (item_of_sku(s, account, sku, &item, err))
		return FAULT_STORE;
	return item ? ledger_dirty(s, item, now_ms, err) : OK;
}

enum fault offer_was_shown(struct store *s, int64_t offer, int64_t since_ms, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM observation WHERE offer_id = ? AND known_ms >= ? AND verdict = 'APPLIED'";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(offer), V(since_ms));

	*yes = n > 0;
	return f;
}

enum fault offer_wake(struct store *s, int64_t offer, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO dirty (item_id, since_ms) SELECT f.item_id, ?2 FROM offer o JOIN offer f ON f.item_id = o.item_id "
				  "AND (f.waits = 1 OR o.block <> '' OR o.pool = 'auction' OR o.pool = 'fba') WHERE o.id = ?1 LIMIT 1 ON CONFLICT (item_id) DO NOTHING";

	return RUN(s, err, sql, V(offer), V(now_ms));
}

static enum fault see(struct store *s, const struct known *k, const struct seen *seen, int64_t begun_ms, const struct cause *why,
                      struct err *err)
{
	static const char sql[] = "UPDATE offer SET seen = ?1, seen_ms = ?2, read_ms = ?2, reserved = ?3 WHERE id = ?4";
	static const char witness[] = "UPDATE offer SET seen_attempt = ? WHERE id = ?";
	int64_t valid_ms = seen->valid_ms ? seen->valid_ms : begun_ms;
	bool proves = k->pushed >= 0 && begun_ms > k->pushed_ms;
	bool same = seen->qty == k->seen && k->seen_ms / DAY_MS == begun_ms / DAY_MS; /* the day's first reply that shows it is witness enough */
	struct verdict v = { k->state, k->drift, k->cause };

	if (RUN(s, err, sql, V(seen->qty), V(begun_ms), V(seen->reserved), V(k->id)) || (why->attempt_id && !same && RUN(s, err, witness, V(why->attempt_id), V(k->id))) ||
	    change_int(s, "offer", k->id, "reserved", k->reserved, seen->reserved, valid_ms, why, err))
		return FAULT_STORE;
	if (proves && seen->qty == k->pushed && gross_note(s, k->account, seen, k->pushed, why, err))
		return FAULT_STORE;
	if (proves && (judge(s, k, seen->qty, begun_ms, why->now_ms, &v, err) || write_verdict(s, k, seen->qty, &v, valid_ms, why, err)))
		return FAULT_STORE;
	if (zero_looked(s, k->id, seen->qty, begun_ms, err))
		return FAULT_STORE;
	if (seen->qty == k->seen && v.state == k->state)
		return OK;
	if (offer_wake(s, k->id, why->now_ms, err))
		return FAULT_STORE;
	return observe(s, k, seen->qty, v.state == k->state ? "" : push_state_name(v.state), valid_ms, why, err);
}

/*
 * Who ships it is the channel's word: what they took over is written no more, and what waits to be said of it is dropped; what came back to us
 * wants a target.
 */
static enum fault change_hands(struct store *s, const struct known *k, const char *pool, const struct cause *why, struct err *err)
{
	static const char job[] = "SELECT id FROM job WHERE subject_id = ? AND verb = 'stock' AND state = 'waiting'", ask[] = "SELECT target FROM offer WHERE id = ?";
	static const char sql[] = "UPDATE offer SET pool = ?1, target = NULL, pushed = NULL, push_state = '', drift = 0, drift_ms = 0, cause = '', "
				  "risk = 0, waits = 0 WHERE id = ?2";
	int64_t id, target;

	if (GET_INT(s, err, 0, &id, job, V(k->id)) || (id && job_supersede(s, id, "the channel ships it now: its stock is not ours to say", why, err)))
		return FAULT_STORE;
	if (GET_INT(s, err, -1, &target, ask, V(k->id)) || RUN(s, err, sql, V(pool), V(k->id)) ||
	    change_text(s, "offer", k->id, "pool", k->own ? "own" : "theirs", pool, why->now_ms, why, err) ||
	    change_int(s, "offer", k->id, "target", target, -1, why->now_ms, why, err) || change_int(s, "offer", k->id, "pushed", k->pushed, -1, why->now_ms, why, err) ||
	    change_text(s, "offer", k->id, "push_state", push_state_name(k->state), "", why->now_ms, why, err) ||
	    change_int(s, "offer", k->id, "drift", k->drift, 0, why->now_ms, why, err))
		return FAULT_STORE;
	return k->item ? ledger_dirty(s, k->item, why->now_ms, err) : OK;
}

static enum fault see_one(struct store *s, int64_t account, const struct seen *seen, int64_t begun_ms, const struct cause *why,
                          struct err *err)
{
	static const char sql[] = KNOWN "WHERE f.sku = ? AND f.account_id = ? AND f.marketplace = ? AND f.node = ?";
	bool own;
	struct known k;

	if (!seen->sku || !*seen->sku || seen->qty > 999999)
		return err_set(err, FAULT_FORMAT, "%.80s: no SKU, or a quantity over 999999", or_empty(seen->sku));
	if (read_known(ASK(s, sql, V(seen->sku), V(account), V(or_empty(seen->marketplace)), V(or_empty(seen->node))), &k, err))
		return FAULT_STORE;
	if (!k.id)
		return bear(s, account, seen, begun_ms, why, err) ? FAULT_STORE : want_target(s, account, seen->sku, why->now_ms, err);
	own = seen->pool ? !strcmp(seen->pool, "own") : k.own;
	if (k.own && seen->pooled && !own) { /* the same SKU lies with them as well: beside ours, never in its place */
		struct seen beside = *seen;

		beside.node = seen->pool;
		return !strcmp(or_empty(seen->node), seen->pool) ? OK : see_one(s, account, &beside, begun_ms, why, err);
	}
	if (begun_ms < k.seen_ms)
		return OK; /* an older read than the one we have */
	if (k.own != own && !seen->pooled && change_hands(s, &k, or_empty(seen->pool), why, err))
		return FAULT_STORE;
	if (k.own != own && !seen->pooled && read_known(ASK(s, sql, V(seen->sku), V(account), V(or_empty(seen->marketplace)), V(or_empty(seen->node))), &k, err))
		return FAULT_STORE;
	if (describe(s, &k, seen, why->now_ms, err))
		return FAULT_STORE;
	return seen->qty < 0 ? OK : see(s, &k, seen, begun_ms, why, err);
}

enum fault offers_seen(struct store *s, int64_t account, const struct seen *seen, int n, int64_t begun_ms, const struct cause *why,
                       struct err *err)
{
	enum fault f = OK;

	assert(store_in_transaction(s));
	for (int i = 0; i < n && !f; i++)
		f = see_one(s, account, &seen[i], begun_ms, why, err);
	return f;
}

enum fault offer_is_known(struct store *s, int64_t account, const char *marketplace, const char *sku, int64_t shown, int64_t now_ms, bool *yes,
                          struct err *err)
{
	/* what lies behind a fixed price is what it shows and what an auction beside it keeps; an auction may stand alone */
	static const char sql[] = "SELECT count(*) FROM offer o WHERE account_id = ?1 AND marketplace = ?2 AND (node = '' OR pool = 'auction') AND sku = ?3 AND "
				  "((block <> '' AND read_ms >= ?4 AND (pool <> 'auction' OR NOT EXISTS (SELECT 1 FROM offer b WHERE b.sku = ?3 AND b.account_id = ?1 "
				  "AND b.marketplace = ?2 AND b.node = ''))) OR (block = '' AND ref <> '' AND read_ms >= ?5 AND (?6 < 0 OR ?6 = seen + (SELECT "
				  "coalesce(sum(b.seen), 0) FROM offer b WHERE b.sku = ?3 AND b.account_id = ?1 AND b.marketplace = ?2 AND b.pool = 'auction'))))";
	int64_t n;

	if (GET_INT(s, err, 0, &n, sql, V(account), V(marketplace), V(sku), V(now_ms - HOUR_MS), V(now_ms - 24 * HOUR_MS), V(shown)))
		return FAULT_STORE;
	*yes = n > 0;
	return OK;
}

enum fault offer_not_there(struct store *s, int64_t offer, int64_t begun_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = KNOWN "WHERE f.id = ?";
	static const struct verdict lost = { PUSH_NOT_APPLIED, 0, "NOT_APPLIED" };
	struct known k;

	assert(store_in_transaction(s));
	if (read_known(ASK(s, sql, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id || k.state != PUSH_SETTLING || begun_ms < k.settle_ms)
		return OK;
	return write_verdict(s, &k, k.seen, &lost, begun_ms, why, err);
}

enum fault offer_listed(struct store *s, int64_t account, const char *marketplace, const char *sku, int64_t begun_ms, struct err *err)
{
	static const char sql[] = "UPDATE offer SET seen_ms = ?1 WHERE sku = ?2 AND account_id = ?3 AND marketplace = ?4 AND seen_ms < ?1";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(begun_ms), V(sku), V(account), V(marketplace));
}

/* ---- what a receipt promised ---- */

enum fault offer_accepted(struct store *s, int64_t offer, int64_t qty, int64_t ver, int64_t settle_ms, const struct cause *why,
                          struct err *err)
{
	static const char ask[] = KNOWN "WHERE f.id = ?";
	static const char sql[] = "UPDATE offer SET pushed = ?1, pushed_ms = ?2, settle_ms = ?3, push_state = 'SETTLING', drift = 0, drift_ms = 0, "
				  "cause = 'SETTLING', known_ms = ?2, push_route = coalesce((SELECT j.route FROM job j WHERE j.subject_id = ?4 AND "
				  "j.verb = 'stock' AND j.ver = ?5 ORDER BY j.id DESC LIMIT 1), '') WHERE id = ?4 AND ver >= ?5";
	struct known k;

	assert(store_in_transaction(s));
	if (read_known(ASK(s, ask, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id)
		return err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, offer);
	if (RUN(s, err, sql, V(qty), V(why->now_ms), V(why->now_ms + settle_ms), V(offer), V(ver)))
		return FAULT_STORE;
	assert(store_changes(s) == 1); /* nobody accepts a version that was never decided */
	if (change_int(s, "offer", offer, "pushed", k.pushed, qty, why->now_ms, why, err) ||
	    change_text(s, "offer", offer, "push_state", push_state_name(k.state), "SETTLING", why->now_ms, why, err) ||
	    change_int(s, "offer", offer, "drift", k.drift, 0, why->now_ms, why, err))
		return FAULT_STORE;
	/* an older decision than the newest, tried again, say: what we want is another by now, and is thought over */
	if (k.item && ver < k.ver && ledger_dirty(s, k.item, why->now_ms, err))
		return FAULT_STORE;
	return k.drift ? tell_drift(s, &k, k.seen, 0, why, err) : OK;
}

enum fault offer_accept_seen(struct store *s, int64_t offer, const struct cause *why, struct err *err)
{
	static const char ask[] = KNOWN "WHERE f.id = ?";
	static const char sql[] = "UPDATE offer SET pushed = seen, push_state = 'APPLIED', drift = 0, drift_ms = 0, cause = '', risk = 0, known_ms = ?, ver = ver + 1 "
				  "WHERE id = ?";
	struct known k;

	assert(store_in_transaction(s));
	if (read_known(ASK(s, ask, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id || k.seen < 0 || k.pushed < 0)
		return err_set(err, FAULT_REFUSED, "nothing of it was read or said yet that could be accepted");
	if (RUN(s, err, sql, V(why->now_ms), V(offer)) || change_int(s, "offer", offer, "pushed", k.pushed, k.seen, why->now_ms, why, err) ||
	    change_int(s, "offer", offer, "drift", k.drift, 0, why->now_ms, why, err))
		return FAULT_STORE;
	return k.drift ? tell_drift(s, &k, k.seen, 0, why, err) : OK;
}

/*
 * The end of patience proves something only against a reading of its own that was begun after it; the others wait for one. That a list names the offer
 * (seen_ms) is no such reading: what a list tells may lag behind.
 */
static enum fault expired(struct store *s, int64_t now_ms, int64_t *out, int *n, struct err *err)
{
	static const char sql[] = "SELECT id FROM offer WHERE push_state = 'SETTLING' AND settle_ms <= ?1 - ?2 AND read_ms > settle_ms + ?2 "
				  "AND seen IS NOT NULL ORDER BY settle_ms LIMIT ?3";
	struct rows *r = ASK(s, sql, V(now_ms), V((int)SLACK_MS), V((int)SLICE));

	for (*n = 0; rows_next(r);)
		out[(*n)++] = rows_int(r, 0);
	return rows_end(r, err);
}

static enum fault expire_one(struct store *s, int64_t offer, const struct cause *why, struct err *err)
{
	static const char sql[] = KNOWN "WHERE f.id = ?";
	struct verdict v;
	struct known k;

	if (read_known(ASK(s, sql, V(offer)), &k, err) || judge(s, &k, k.seen, k.seen_ms, why->now_ms, &v, err))
		return FAULT_STORE;
	if (v.state == PUSH_SETTLING) /* an order of that minute may explain it: it is waited for */
		return OK;
	return write_verdict(s, &k, k.seen, &v, why->now_ms, why, err) ? FAULT_STORE : observe(s, &k, k.seen, push_state_name(v.state), why->now_ms, why, err);
}

enum fault offers_expire(struct store *s, const struct cause *why, int *n, struct err *err)
{
	int64_t ids[SLICE];

	assert(store_in_transaction(s));
	if (expired(s, why->now_ms, ids, n, err))
		return FAULT_STORE;
	for (int i = 0; i < *n; i++)
		if (expire_one(s, ids[i], why, err))
			return FAULT_STORE;
	return OK;
}

/* ---- reading ---- */

#define FROM "SELECT " OFFER_COLUMNS " FROM offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

enum fault offer_get(struct store *s, int64_t id, struct arena *a, struct offer *out, struct err *err)
{
	static const char sql[] = FROM "WHERE f.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = offer_read(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, id);
}

enum fault offers_list(struct store *s, int64_t item, int64_t account, int64_t after, int n, struct arena *a, struct offer **out, int *got,
                       struct err *err)
{
	static const char of_item[] = FROM "WHERE f.item_id = ? AND f.id > ? ORDER BY f.id LIMIT ?";
	static const char of_account[] = FROM "WHERE f.account_id = ? AND f.id > ? ORDER BY f.id LIMIT ?";
	struct rows *r = item ? ASK(s, of_item, V(item), V(after), V(n)) : ASK(s, of_account, V(account), V(after), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = offer_read(r, a);
	return rows_end(r, err);
}

/* Is it one of a few words with a space between? */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

const char *offer_unwritable(const struct offer *o)
{
	if (!strcmp(o->pool, "fba"))
		return "fulfilled by Amazon: its stock is not ours to say";
	if (!strcmp(o->pool, "wfs"))
		return "fulfilled by Walmart: its stock is not ours to say";
	if (strcmp(o->pool, "own"))
		return "an auction: its quantity is never written";
	if (*o->block && !(o->place && has_word(o->flags, "spare")))
		return o->block;
	return o->item ? NULL : "not mapped to an item of ours";
}

int64_t offer_tied(const struct offer *o)
{
	bool theirs = !strcmp(o->pool, "fba") || !strcmp(o->pool, "wfs");

	if (theirs || !o->item || o->seen <= 0 || !offer_unwritable(o) || has_word(o->flags, "spare") || has_word(o->flags, "ended"))
		return 0;
	return o->seen * o->pack;
}
