#include "trade/zero.h"

#include "store/store.h"
#include "trade/aim.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/change.h"
#include "trade/jobs.h"
#include "trade/ledger.h"
#include "trade/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* decided.md: the thresholds of the two-person rule. */
enum { OFFERS_ALONE = 100, SHARE_ALONE_PERCENT = 50, WATCHED = 50 };
enum { FREED_PARTS = 60, FREED_LEAST = 25, LOOK_FOR_MS = 60 * 1000 };

/* ---- holding ---- */

static void hold_words(int64_t id, const char *reason, char out[160])
{
	snprintf(out, 160, "zero-out Z-%" PRId64 ": %.120s", id, reason);
}

static enum fault keep_prior(struct store *s, int64_t id, const struct offer *o, int64_t look_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO zero_row (zero_id, offer_id, prior, pushed, target, read_ms, look_ms) VALUES (?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (zero_id, offer_id) DO NOTHING";

	return RUN(s, err, sql, V(id), V(o->id), o->seen < 0 ? V_NULL : V(o->seen), o->pushed < 0 ? V_NULL : V(o->pushed),
	           o->target < 0 ? V_NULL : V(o->target), V(o->seen_ms), V(look_ms));
}

/* Read it now, before anything else is asked of that account. */
static enum fault look_again(struct store *s, const struct offer *o, int64_t intent, const struct cause *why, struct arena *a, struct err *err)
{
	struct fields payload = fields_new(a);
	struct job_plan p = { .account = o->account, .verb = VERB_STOCK_READ, .lane = LANE_ZERO, .subject_id = o->id, .payload = &payload, .due_ms = why->now_ms,
		              .intent_id = intent };
	int64_t id;

	fields_put(&payload, "sku", o->sku);
	fields_put(&payload, "marketplace", o->marketplace);
	fields_put(&payload, "node", o->node);
	if (*o->ref)
		fields_put(&payload, "ref", o->ref);
	if (*o->listing)
		fields_put(&payload, "listing", o->listing);
	if (*o->item_ref)
		fields_put(&payload, "item_ref", o->item_ref);
	p.subject = arena_printf(a, "offer:%" PRId64, o->id);
	return job_plan(s, &p, why, &id, err);
}

/* The latch and the new decision in one step: from here on there is no moment at which something else could be said. */
static enum fault latch(struct store *s, int64_t id, const struct offer *o, const char *reason, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET hold = ?2, target = 0, target_ms = ?3, why = 'held at zero: ' || ?2, waits = 0, ver = ver + 1 WHERE id = ?1";
	char words[160];

	hold_words(id, reason, words);
	if (RUN(s, err, sql, V(o->id), V(words), V(why->now_ms)) ||
	    change_text(s, "offer", o->id, "hold", o->hold, words, why->now_ms, why, err))
		return FAULT_STORE;
	return change_int(s, "offer", o->id, "target", o->target, 0, why->now_ms, why, err);
}

enum fault zero_held_by_rule(struct store *s, const struct offer *o, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM zero_out WHERE id = ? AND rule <> ''";
	int64_t id = 0, n = 0;
	enum fault f = OK;

	if (sscanf(o->hold, "zero-out Z-%" SCNd64 ":", &id) == 1)
		f = GET_INT(s, err, 0, &n, sql, V(id));
	*yes = n > 0;
	return f;
}

/*
 * A person takes over what a rule holds: it does not come back then when the rule lets go of the rest. And a person has seen what it showed: it is read once
 * more before its zero is said.
 */
static enum fault hold_one(struct store *s, int64_t id, int64_t offer, const struct zero_ask *ask, const struct cause *why, struct arena *a, int *held,
                           struct err *err)
{
	bool taken = false, person = !ask->rule || !*ask->rule, look;
	struct offer o;
	int64_t job;
	enum fault f = offer_get(s, offer, a, &o, err);

	if (!f && *o.hold && person)
		f = zero_held_by_rule(s, &o, &taken, err);
	if (f || offer_unwritable(&o) || (*o.hold && !taken))
		return f;
	look = person && o.live && o.seen > 0;
	f = keep_prior(s, id, &o, look ? why->now_ms : 0, err);
	if (!f && look)
		f = look_again(s, &o, ask->intent, why, a, err);
	if (!f)
		f = latch(s, id, &o, ask->reason, why, err);
	if (!f)
		f = offer_say(s, offer, o.seen != 0, ask->intent, why, &job, err);
	*held += !f;
	return f;
}

enum fault zero_begin(struct store *s, const int64_t *offer, int n, const struct zero_ask *ask, const struct cause *why, int64_t *id, int *held,
                      struct err *err)
{
	static const char sql[] = "INSERT INTO zero_out (scope, reason, actor, approver, rule, intent_id, made_ms, remind_ms, until_ms, counted) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	struct arena *a = arena_new();
	enum fault f;

	assert(store_in_transaction(s));
	*held = 0;
	f = RUN_ID(s, err, id, sql, V(ask->scope), V(ask->reason), V(why->actor), V(ask->approver ? ask->approver : ""), V(ask->rule ? ask->rule : ""),
	           V(ask->intent), V(why->now_ms), V(ask->remind_ms), V(ask->until_ms), V(ask->counted));
	for (int i = 0; i < n && !f; i++)
		f = hold_one(s, *id, offer[i], ask, why, a, held, err);
	arena_free(a);
	return f;
}

enum fault zero_extend(struct store *s, int64_t id, int64_t account, const struct cause *why, int *held, struct err *err)
{
	static const char sql[] = "SELECT id FROM offer WHERE account_id = ? AND hold = '' AND pool = 'own' AND item_id IS NOT NULL ORDER BY id";
	struct arena *a = arena_new();
	int64_t *offer = NULL;
	int n = 0, cap = 0;
	struct zero_ask ask = { .rule = "" };
	struct zero z;
	enum fault f = zero_get(s, id, a, &z, err);
	struct rows *r;

	*held = 0;
	if (!f) {
		ask = (struct zero_ask){ .reason = z.reason, .rule = z.rule, .intent = z.intent };
		for (r = ASK(s, sql, V(account)); rows_next(r); offer[n++] = rows_int(r, 0))
			offer = arena_grow(a, offer, n, &cap, sizeof *offer);
		f = rows_end(r, err);
	}
	for (int i = 0; i < n && !f; i++)
		f = hold_one(s, id, offer[i], &ask, why, a, held, err);
	arena_free(a);
	return f;
}

/* ---- once more, just before it is said ---- */

#define MOVED "(w.look_ms > 0 AND w.fresh_ms > 0 AND w.let_ms = 0 AND w.fresh > coalesce(w.prior, 0))"

enum fault zero_looked(struct store *s, int64_t offer, int64_t qty, int64_t begun_ms, struct err *err)
{
	static const char sql[] = "UPDATE zero_row SET fresh = ?2, fresh_ms = ?3 WHERE offer_id = ?1 AND look_ms > 0 AND fresh_ms = 0 AND look_ms <= ?3";

	return RUN(s, err, sql, V(offer), V(qty), V(begun_ms));
}

enum fault zero_may_say(struct store *s, int64_t offer, int64_t now_ms, enum zero_step *out, struct err *err)
{
	static const char sql[] = "SELECT " MOVED ", w.fresh_ms = 0 AND w.look_ms > ?2 FROM zero_row w JOIN zero_out z ON z.id = w.zero_id "
				  "WHERE w.offer_id = ?1 AND z.lifted_ms = 0 AND w.look_ms > 0 ORDER BY w.zero_id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(offer), V(now_ms - LOOK_FOR_MS));

	*out = ZERO_SAY;
	if (rows_next(r))
		*out = rows_int(r, 0) ? ZERO_MOVED_ON : rows_int(r, 1) ? ZERO_LOOKS : ZERO_SAY;
	return rows_end(r, err);
}

enum fault zero_go(struct store *s, int64_t id, const struct cause *why, int *let, struct err *err)
{
	static const char hurry[] = "UPDATE job SET due_ms = ?2 WHERE verb = 'stock' AND state = 'waiting' AND due_ms > ?2 AND subject_id IN "
				    "(SELECT w.offer_id FROM zero_row w WHERE w.zero_id = ?1 AND " MOVED ")";
	static const char sql[] = "UPDATE zero_row AS w SET let_ms = ?2 WHERE w.zero_id = ?1 AND " MOVED;

	assert(store_in_transaction(s));
	if (RUN(s, err, hurry, V(id), V(why->now_ms)) || RUN(s, err, sql, V(id), V(why->now_ms)))
		return FAULT_STORE;
	*let = (int)store_changes(s);
	return OK;
}

/* ---- what is meant ---- */

static const struct {
	const char *prefix;
	const char *sql; /* ?1 the word's rest, ?2 the account or 0 */
} scopes[] = {
	{ "offer:", "SELECT id FROM offer WHERE id = CAST(?1 AS INTEGER) AND (?2 = 0 OR account_id = ?2)" },
	{ "account:", "SELECT f.id FROM account c JOIN offer f ON f.account_id = c.id WHERE c.name = ?1 AND (?2 = 0 OR c.id = ?2)" },
	{ "tag:", "SELECT f.id FROM item_tag t JOIN offer f ON f.item_id = t.item_id WHERE t.tag = ?1 AND (?2 = 0 OR f.account_id = ?2)" },
	{ "node:", "SELECT id FROM offer WHERE node = ?1 AND (?2 = 0 OR account_id = ?2)" },
	{ "all", "SELECT id FROM offer WHERE ?1 = '' AND (?2 = 0 OR account_id = ?2)" },
	{ "", "SELECT f.id FROM item i JOIN offer f ON f.item_id = i.id WHERE i.sku = ?1 AND (?2 = 0 OR f.account_id = ?2) "
	      "UNION SELECT id FROM offer WHERE sku = ?1 AND (?2 = 0 OR account_id = ?2)" },
};

/* A word without a colon in it stands alone: a SKU may begin with the same letters. */
static bool is_scope(const char *word, const char *prefix)
{
	return *prefix && !strchr(prefix, ':') ? !strcmp(word, prefix) : !strncmp(word, prefix, strlen(prefix));
}

static int by_number(const void *p, const void *q)
{
	const int64_t *a = p, *b = q;

	return (*a > *b) - (*a < *b);
}

enum fault zero_scope(struct store *s, const char *const *word, int words, int64_t account, struct arena *a, int64_t **offer, int *n, struct err *err)
{
	int cap = 0, unique = 0;

	*offer = NULL;
	*n = 0;
	for (int i = 0; i < words; i++) {
		size_t k = 0;
		int before = *n;
		struct rows *r;

		while (!is_scope(word[i], scopes[k].prefix))
			k++;
		for (r = ASK(s, scopes[k].sql, V(word[i] + strlen(scopes[k].prefix)), V(account)); rows_next(r);) {
			*offer = arena_grow(a, *offer, *n, &cap, sizeof **offer);
			(*offer)[(*n)++] = rows_int(r, 0);
		}
		if (rows_end(r, err))
			return FAULT_STORE;
		if (*n == before)
			return err_set(err, FAULT_REFUSED, "%.80s names no offer here: a SKU, offer:N, account:NAME, tag:NAME, node:NAME or all", word[i]);
	}
	if (*n)
		qsort(*offer, (size_t)*n, sizeof **offer, by_number);
	for (int i = 0; i < *n; i++)
		if (!i || (*offer)[i] != (*offer)[i - 1])
			(*offer)[unique++] = (*offer)[i];
	*n = unique;
	return OK;
}

/* ---- letting go ---- */

struct freed {
	int64_t offer, item;
	const char *hold;
};

static enum fault free_one(struct store *s, const struct freed *f, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET hold = '' WHERE id = ?";

	if (RUN(s, err, sql, V(f->offer)) || change_text(s, "offer", f->offer, "hold", f->hold, "", why->now_ms, why, err))
		return FAULT_STORE;
	return f->item ? ledger_dirty(s, f->item, why->now_ms, err) : OK;
}

/* The next of those that are still held: a sixtieth of all, so that the whole comes back in five minutes. */
static enum fault free_some(struct store *s, int64_t id, const struct cause *why, int *freed, struct err *err)
{
	static const char count[] = "SELECT count(*) FROM zero_row WHERE zero_id = ?";
	static const char rows[] = "SELECT f.id, coalesce(f.item_id, 0), f.hold FROM zero_row z JOIN offer f ON f.id = z.offer_id LEFT JOIN item i ON i.id = f.item_id "
				   "WHERE z.zero_id = ?1 AND f.hold LIKE 'zero-out Z-' || ?1 || ':%' ORDER BY coalesce(i.available, 0) DESC, f.id LIMIT ?2";
	struct arena *a = arena_new();
	struct freed *list = NULL;
	struct rows *r;
	int cap = 0;
	int64_t all, most;
	enum fault f = GET_INT(s, err, 0, &all, count, V(id));

	*freed = 0;
	most = all / FREED_PARTS > FREED_LEAST ? all / FREED_PARTS : FREED_LEAST;
	if (!f) {
		for (r = ASK(s, rows, V(id), V(most)); rows_next(r);) {
			list = arena_grow(a, list, *freed, &cap, sizeof *list);
			list[(*freed)++] = (struct freed){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a) };
		}
		f = rows_end(r, err);
	}
	for (int i = 0; i < *freed && !f; i++)
		f = free_one(s, &list[i], why, err);
	if (!f && *freed < most)
		f = RUN(s, err, "UPDATE zero_out SET freed_ms = ?2 WHERE id = ?1", V(id), V(why->now_ms));
	arena_free(a);
	return f;
}

enum fault zero_free(struct store *s, const struct cause *why, bool *more, struct err *err)
{
	static const char sql[] = "SELECT id FROM zero_out WHERE lifted_ms <> 0 AND freed_ms = 0 ORDER BY id LIMIT 16";
	struct rows *r = ASK(s, sql);
	int64_t id[16];
	int n = 0, freed;
	enum fault f;

	assert(store_in_transaction(s));
	while (rows_next(r))
		id[n++] = rows_int(r, 0);
	*more = n > 0;
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = free_some(s, id[i], why, &freed, err);
	return f;
}

enum fault zero_lift(struct store *s, int64_t id, const struct cause *why, int *freed, struct err *err)
{
	static const char close[] = "UPDATE zero_out SET lifted_ms = ?2, lifted_by = ?3 WHERE id = ?1 AND lifted_ms = 0";
	enum fault f = RUN(s, err, close, V(id), V(why->now_ms), V(why->actor));
	char key[40];

	assert(store_in_transaction(s));
	*freed = 0;
	if (!f && !store_changes(s))
		f = err_set(err, FAULT_REFUSED, "there is no open zero-out Z-%" PRId64, id);
	snprintf(key, sizeof key, "zero %" PRId64, id);
	if (!f)
		f = alert_close(s, key, why->now_ms, err);
	snprintf(key, sizeof key, "zero open %" PRId64, id);
	if (!f)
		f = alert_close(s, key, why->now_ms, err);
	return f ? f : free_some(s, id, why, freed, err);
}

/* ---- reading ---- */

const char *zero_state_name(enum zero_state z)
{
	static const char *const names[ZERO_STATES] = { "PENDING", "ZERO", "RESTORED", "RETURNS", "MOVED", "WAITS" };

	return z < ZERO_STATES ? names[z] : "?";
}

/*
 * Of an open one: no reading begun after it shows nothing. Of a lifted one: it is held still, or no reading has shown the number of then. That buyers have
 * taken some of it since, so that another is wanted, is daily life.
 */
#define SEEN_RIGHT "((f.seen = f.target) OR (f.push_state = 'APPLIED' AND f.pushed_ms >= z.lifted_ms))"
#define PENDING \
	"(CASE WHEN z.lifted_ms = 0 THEN f.seen IS NULL OR f.seen > 0 OR f.seen_ms < z.made_ms " \
	"ELSE f.hold LIKE 'zero-out Z-' || z.id || ':%' OR (f.hold = '' AND NOT coalesce(" SEEN_RIGHT ", 1 = 0)) END)"

#define ZEROS \
	"SELECT z.id, z.made_ms, z.remind_ms, z.lifted_ms, z.intent_id, z.scope, z.reason, z.actor, z.approver, z.lifted_by, z.rule, z.until_ms, z.counted, " \
	"(SELECT count(*) FROM zero_row w WHERE w.zero_id = z.id), " \
	"(SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE w.zero_id = z.id AND " PENDING ") FROM zero_out z "

static struct zero read_zero(const struct rows *r, struct arena *a)
{
	return (struct zero){
		.id = rows_int(r, 0),
		.made_ms = rows_int(r, 1),
		.remind_ms = rows_int(r, 2),
		.lifted_ms = rows_int(r, 3),
		.intent = rows_int(r, 4),
		.scope = rows_keep(r, 5, a),
		.reason = rows_keep(r, 6, a),
		.actor = rows_keep(r, 7, a),
		.approver = rows_keep(r, 8, a),
		.lifted_by = rows_keep(r, 9, a),
		.rule = rows_keep(r, 10, a),
		.until_ms = rows_int(r, 11),
		.counted = rows_int(r, 12) != 0,
		.offers = rows_int(r, 13),
		.pending = rows_int(r, 14),
	};
}

enum fault zeros_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct zero **out, int *got, struct err *err)
{
	static const char sql[] = ZEROS "WHERE (?1 = 0 OR z.id < ?1) AND (?2 OR z.lifted_ms = 0) ORDER BY z.id DESC LIMIT ?3";
	struct rows *r = ASK(s, sql, V(before), V(all), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_zero(r, a);
	return rows_end(r, err);
}

enum fault zero_get(struct store *s, int64_t id, struct arena *a, struct zero *out, struct err *err)
{
	static const char sql[] = ZEROS "WHERE z.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_zero(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no zero-out Z-%" PRId64, id);
}

static bool holds(int64_t id, const struct offer *o)
{
	char words[40];

	snprintf(words, sizeof words, "zero-out Z-%" PRId64 ":", id);
	return !strncmp(o->hold, words, strlen(words));
}

static enum zero_state state_of(int64_t id, const struct offer *o, int64_t made_ms, int64_t lifted_ms)
{
	if (!lifted_ms)
		return o->seen == 0 && o->seen_ms >= made_ms ? ZERO_SHOWN : ZERO_PENDING;
	if (holds(id, o))
		return ZERO_WAITS;
	if (*o->hold || (o->target >= 0 && o->seen == o->target) || (!strcmp(o->push_state, "APPLIED") && o->pushed_ms >= lifted_ms))
		return ZERO_LEFT;
	return ZERO_RETURNS;
}

enum fault zero_rows(struct store *s, int64_t id, int64_t after, int n, struct arena *a, struct zero_row **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT w.offer_id, coalesce(w.prior, -1), coalesce(w.pushed, -1), z.made_ms, z.lifted_ms, coalesce(w.fresh, -1), " MOVED " FROM zero_row w "
				  "JOIN zero_out z ON z.id = w.zero_id WHERE w.zero_id = ? AND w.offer_id > ? ORDER BY w.offer_id LIMIT ?";
	struct rows *r = ASK(s, sql, V(id), V(after), V(n));
	int64_t made_ms = 0, lifted_ms = 0;
	enum fault f;

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); (*got)++) {
		(*out)[*got] = (struct zero_row){ .offer = { .id = rows_int(r, 0) }, .prior = rows_int(r, 1), .prior_pushed = rows_int(r, 2),
			                              .fresh = rows_int(r, 5), .state = rows_int(r, 6) ? ZERO_MOVED : ZERO_STATES };
		made_ms = rows_int(r, 3);
		lifted_ms = rows_int(r, 4);
	}
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++) {
		f = offer_get(s, (*out)[i].offer.id, a, &(*out)[i].offer, err);
		if (!f && ((*out)[i].state != ZERO_MOVED || lifted_ms))
			(*out)[i].state = state_of(id, &(*out)[i].offer, made_ms, lifted_ms);
	}
	return f;
}

enum fault zero_by_hand(struct store *s, int64_t made_before_ms, int n, struct arena *a, struct zero_hand **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT z.id, z.made_ms, coalesce(f.seen, -1), c.name, c.channel, f.marketplace, f.node, f.sku, f.ref, f.listing, f.title "
				  "FROM zero_out z JOIN zero_row w ON w.zero_id = z.id JOIN offer f ON f.id = w.offer_id JOIN account c ON c.id = f.account_id "
				  "WHERE z.lifted_ms = 0 AND z.made_ms <= ?1 AND c.mode = 'live' AND " PENDING " ORDER BY z.id, c.name, f.sku, f.id LIMIT ?2";
	struct rows *r = ASK(s, sql, V(made_before_ms), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = (struct zero_hand){
			.zero = rows_int(r, 0),
			.since_ms = rows_int(r, 1),
			.shown = rows_int(r, 2),
			.account_name = rows_keep(r, 3, a),
			.channel = rows_keep(r, 4, a),
			.marketplace = rows_keep(r, 5, a),
			.node = rows_keep(r, 6, a),
			.sku = rows_keep(r, 7, a),
			.ref = rows_keep(r, 8, a),
			.listing = rows_keep(r, 9, a),
			.title = rows_keep(r, 10, a),
		};
	return rows_end(r, err);
}

enum fault zero_open_units(struct store *s, const struct offer *o, int64_t *units, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(l.reserves / l.pack), 0) FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? AND l.reserves > 0 AND o.account_id = ? AND l.sku = ?";

	return GET_INT(s, err, 0, units, sql, V(o->item), V(o->account), V(o->sku));
}

/* ---- two persons ---- */

struct reach { /* what of one account is meant */
	int64_t account, offers, units;
	const char *name;
};

static enum fault add_reach(struct store *s, int64_t offer, struct arena *a, struct reach **list, int *n, int *cap, struct err *err)
{
	struct offer o;
	int i = 0;

	if (offer_get(s, offer, a, &o, err))
		return err->fault;
	while (i < *n && (*list)[i].account != o.account)
		i++;
	if (i == *n) {
		*list = arena_grow(a, *list, *n, cap, sizeof **list);
		(*list)[(*n)++] = (struct reach){ .account = o.account, .name = o.account_name };
	}
	(*list)[i].offers++;
	(*list)[i].units += o.seen > 0 ? o.seen : o.pushed > 0 ? o.pushed : 0;
	return OK;
}

/* The whole of an account, or most of what it shows. */
static enum fault too_much(struct store *s, const struct reach *r, struct arena *a, const char **why, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(coalesce(seen, pushed, 0)), 0) FROM offer "
				  "WHERE account_id = ? AND pool = 'own' AND block = '' AND item_id IS NOT NULL";
	int64_t offers = 0, units = 0;
	struct rows *q = ASK(s, sql, V(r->account));

	if (rows_next(q)) {
		offers = rows_int(q, 0);
		units = rows_int(q, 1);
	}
	if (rows_end(q, err))
		return FAULT_STORE;
	if (offers > 1 && r->offers >= offers)
		*why = arena_printf(a, "all %" PRId64 " offers of %s", offers, r->name);
	else if (offers > 1 && r->units * 100 > units * SHARE_ALONE_PERCENT)
		*why = arena_printf(a, "%" PRId64 " of the %" PRId64 " units that %s shows", r->units, units, r->name);
	return OK;
}

enum fault zero_needs_two(struct store *s, const int64_t *offer, int n, struct arena *a, const char **why, struct err *err)
{
	struct reach *list = NULL;
	int accounts = 0, cap = 0;
	enum fault f = OK;

	*why = n > OFFERS_ALONE ? arena_printf(a, "%d offers", n) : NULL;
	for (int i = 0; i < n && !f && !*why; i++)
		f = add_reach(s, offer[i], a, &list, &accounts, &cap, err);
	for (int i = 0; i < accounts && !f && !*why; i++)
		f = too_much(s, &list[i], a, why, err);
	return f;
}

/* ---- what stays visible ---- */

/* By hand, where we cannot: the first of them, for the alert's text. */
static enum fault tell_pending(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	char key[40], text[200], next[200], subject[24];
	struct alert alert = { .key = key, .kind = "zero_pending", .severity = "CRIT", .text = text, .next = next, .subject = subject };

	snprintf(key, sizeof key, "zero %" PRId64, z->id);
	snprintf(subject, sizeof subject, "Z-%" PRId64, z->id);
	if (!z->pending)
		return alert_close(s, key, why->now_ms, err);
	snprintf(text, sizeof text, "zero-out Z-%" PRId64 ": %" PRId64 " of %" PRId64 " offers have not been seen at zero for %" PRId64 " minutes", z->id, z->pending,
	         z->offers, (why->now_ms - z->made_ms) / 60000);
	snprintf(next, sizeof next, "set them to 0 in the channel's own portal now: tallyman zero hand lists them");
	return alert_raise(s, &alert, why->now_ms, err);
}

static enum fault tell_remind(struct store *s, const struct zero *z, const struct cause *why, struct err *err)
{
	char key[48], text[200], subject[24];
	struct alert alert = { .key = key, .kind = "zero_open", .severity = "WARN", .text = text, .subject = subject,
		               .next = "lift it, or leave it: it never ends by itself" };

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

enum fault zero_watch(struct store *s, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct zero *z;
	int n = 0;
	enum fault f = zeros_page(s, 0, false, WATCHED, a, &z, &n, err);

	assert(store_in_transaction(s));
	for (int i = 0; i < n && !f; i++) {
		bool ended;

		f = end_by_itself(s, &z[i], why, &ended, err);
		if (f || ended)
			continue;
		if (!z[i].pending || why->now_ms - z[i].made_ms >= ZERO_BY_HAND_MS)
			f = tell_pending(s, &z[i], why, err);
		if (!f)
			f = tell_remind(s, &z[i], why, err);
	}
	arena_free(a);
	return f;
}
