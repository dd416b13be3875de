/*
 * offers.c: what reads show and receipts promise. Gathering the evidence and writing the verdict is offer_verdict.c's, judging verdict.c's.
 */
#include "trade/offer_inside.h"

#include "base/text.h"
#include "trade/change.h"
#include "trade/gross.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/ledger.h"
#include "trade/mapping.h"
#include "trade/zero.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { SLICE = 500 };
#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)
#define ODD_MS (HOUR_MS / 12) /* so long what a word that we do not know said is believed */

/* ---- what a read showed ---- */

/* Of what it is known by, what decides whether it is written has a history. */
static enum fault note_block(struct store *s, const struct known *k, const struct seen *seen, int64_t begun_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT block, flags FROM offer WHERE id = ?1 AND (block <> coalesce(?2, block) OR flags <> coalesce(?3, flags))";
	struct arena *a;
	struct rows *r;
	const char *block, *flags;
	bool others;
	enum fault f;

	if (!seen->block && !seen->flags)
		return OK;
	a = arena_new();
	r = ASK(s, sql, V(k->id), V(seen->block), V(seen->flags));
	others = rows_next(r);
	block = others ? rows_keep(r, 0, a) : "";
	flags = others ? rows_keep(r, 1, a) : "";
	f = rows_end(r, err);
	if (!f && others)
		f = change_text(s, "offer", k->id, "block", block, seen->block ? seen->block : block, begun_ms, why, err);
	if (!f && others)
		f = change_text(s, "offer", k->id, "flags", flags, seen->flags ? seen->flags : flags, begun_ms, why, err);
	arena_free(a);
	return f;
}

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
	    RUN_ID(s, err, &k.id, sql, V(account), V(text_or_empty(seen->marketplace)), V(text_or_empty(seen->node)), V(seen->sku), m.item ? V(m.item) : V_NULL,
	           V(m.pack), V(m.item ? why->now_ms : (int64_t)0), V(m.by), V(text_or_empty(seen->product_type)), V(text_or_empty(seen->title)),
	           V(seen->pool ? seen->pool : "own"), seen->qty < 0 ? V_NULL : V(seen->qty), V(begun_ms),
	           why->attempt_id ? V(why->attempt_id) : V_NULL, V(why->now_ms)))
		return FAULT_STORE;
	if (describe(s, &k, seen, why->now_ms, err) || change_text(s, "offer", k.id, "sku", NULL, seen->sku, begun_ms, why, err))
		return FAULT_STORE;
	return seen->qty < 0 ? OK : known_observe(s, &k, seen->qty, "", seen->valid_ms ? seen->valid_ms : begun_ms, why, err);
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
	if (proves && (known_judge(s, k, seen->qty, begun_ms, why->now_ms, &v, err) || known_write(s, k, seen->qty, &v, valid_ms, why, err)))
		return FAULT_STORE;
	if (zero_looked(s, k->id, seen->qty, begun_ms, err) || zero_right(s, k->id, false, why->now_ms, err))
		return FAULT_STORE;
	if (seen->qty == k->seen && v.state == k->state)
		return OK;
	if (offer_wake(s, k->id, why->now_ms, err))
		return FAULT_STORE;
	return known_observe(s, k, seen->qty, v.state == k->state ? "" : push_state_name(v.state), valid_ms, why, err);
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
		return err_set(err, FAULT_FORMAT, "%.80s: no SKU, or a quantity over 999999", text_or_empty(seen->sku));
	if (known_read(ASK(s, sql, V(seen->sku), V(account), V(text_or_empty(seen->marketplace)), V(text_or_empty(seen->node))), &k, err))
		return FAULT_STORE;
	if (!k.id)
		return bear(s, account, seen, begun_ms, why, err) ? FAULT_STORE : want_target(s, account, seen->sku, why->now_ms, err);
	own = seen->pool ? !strcmp(seen->pool, "own") : k.own;
	if (k.own && seen->pooled && !own) { /* the same SKU lies with them as well: beside ours, never in its place */
		struct seen beside = *seen;

		beside.node = seen->pool;
		return !strcmp(text_or_empty(seen->node), seen->pool) ? OK : see_one(s, account, &beside, begun_ms, why, err);
	}
	if (begun_ms < k.seen_ms)
		return OK; /* an older read than the one we have */
	if (k.own != own && !seen->pooled && change_hands(s, &k, text_or_empty(seen->pool), why, err))
		return FAULT_STORE;
	if (k.own != own && !seen->pooled && known_read(ASK(s, sql, V(seen->sku), V(account), V(text_or_empty(seen->marketplace)), V(text_or_empty(seen->node))), &k, err))
		return FAULT_STORE;
	if (note_block(s, &k, seen, begun_ms, why, err) || describe(s, &k, seen, why->now_ms, err))
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
				  "((block <> '' AND read_ms >= CASE WHEN ' ' || flags || ' ' LIKE '% odd %' THEN ?7 ELSE ?4 END AND (pool <> 'auction' OR NOT EXISTS (SELECT 1 FROM offer b WHERE b.sku = ?3 AND b.account_id = ?1 "
				  "AND b.marketplace = ?2 AND b.node = ''))) OR (block = '' AND ref <> '' AND cause <> 'IN_FLIGHT_ORDER' AND read_ms >= ?5 AND (?6 < 0 OR ?6 = seen + (SELECT "
				  "coalesce(sum(b.seen), 0) FROM offer b WHERE b.sku = ?3 AND b.account_id = ?1 AND b.marketplace = ?2 AND b.pool = 'auction'))))";
	int64_t n;

	if (GET_INT(s, err, 0, &n, sql, V(account), V(marketplace), V(sku), V(now_ms - HOUR_MS), V(now_ms - 24 * HOUR_MS), V(shown),
	            V(now_ms - ODD_MS)))
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
	if (known_read(ASK(s, sql, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id || k.state != PUSH_SETTLING || begun_ms < k.settle_ms)
		return OK;
	return known_write(s, &k, k.seen, &lost, begun_ms, why, err);
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
	if (known_read(ASK(s, ask, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id)
		return err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, offer);
	if (RUN(s, err, sql, V(qty), V(why->now_ms), V(why->now_ms + settle_ms), V(offer), V(ver)))
		return FAULT_STORE;
	assert(store_changes(s) == 1); /* nobody accepts a version that was never decided */
	if (zero_over(s, k.account, offer, why->now_ms, err) ||
	    change_int(s, "offer", offer, "pushed", k.pushed, qty, why->now_ms, why, err) ||
	    change_text(s, "offer", offer, "push_state", push_state_name(k.state), "SETTLING", why->now_ms, why, err) ||
	    change_int(s, "offer", offer, "drift", k.drift, 0, why->now_ms, why, err))
		return FAULT_STORE;
	/* an older decision than the newest, tried again, say: what we want is another by now, and is thought over */
	if (k.item && ver < k.ver && ledger_dirty(s, k.item, why->now_ms, err))
		return FAULT_STORE;
	return k.drift ? known_tell_drift(s, &k, k.seen, 0, why, err) : OK;
}

enum fault offer_accept_seen(struct store *s, int64_t offer, const struct cause *why, struct err *err)
{
	static const char ask[] = KNOWN "WHERE f.id = ?";
	static const char sql[] = "UPDATE offer SET pushed = seen, push_state = 'APPLIED', drift = 0, drift_ms = 0, cause = '', risk = 0, known_ms = ?, ver = ver + 1 "
				  "WHERE id = ?";
	struct known k;

	assert(store_in_transaction(s));
	if (known_read(ASK(s, ask, V(offer)), &k, err))
		return FAULT_STORE;
	if (!k.id || k.seen < 0 || k.pushed < 0)
		return err_set(err, FAULT_REFUSED, "nothing of it was read or said yet that could be accepted");
	if (RUN(s, err, sql, V(why->now_ms), V(offer)) || jobs_shown(s, offer, k.ver + 1, why, err) || change_int(s, "offer", offer, "pushed", k.pushed, k.seen, why->now_ms, why, err) ||
	    change_int(s, "offer", offer, "drift", k.drift, 0, why->now_ms, why, err))
		return FAULT_STORE;
	return k.drift ? known_tell_drift(s, &k, k.seen, 0, why, err) : OK;
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

	if (known_read(ASK(s, sql, V(offer)), &k, err) || known_judge(s, &k, k.seen, k.seen_ms, why->now_ms, &v, err))
		return FAULT_STORE;
	if (v.state == PUSH_SETTLING) /* an order of that minute may explain it: it is waited for */
		return OK;
	return known_write(s, &k, k.seen, &v, why->now_ms, why, err) ? FAULT_STORE : known_observe(s, &k, k.seen, push_state_name(v.state), why->now_ms, why, err);
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
