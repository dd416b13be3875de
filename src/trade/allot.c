/* allot.c: an item's offers gathered, their policies resolved, its stock allocated. Reads only; the interface is in aim.h. */
#include "trade/feeds.h"
#include "trade/aim.h"

#include "base/fields.h"
#include "store/store.h"
#include "trade/exposure.h"
#include "trade/kits.h"
#include "trade/overrides.h"
#include "trade/pace.h"
#include "trade/places.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What lies in a pool is counted for others no longer than a place's number is by default (loc.max_age_min). */
enum { POOL_AGE_MS = 60 * 60 * 1000 };

static const struct aim_account *account_of(const struct aims *how, int64_t id)
{
	for (int i = 0; i < how->accounts; i++)
		if (how->account[i].id == id)
			return &how->account[i];
	return NULL;
}

/* ---- what may be visible ---- */

/* Eaches that the offer's own buyers took since. */
static enum fault sold_since(struct store *s, const struct offer *o, int64_t since_ms, int64_t *sold, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum((l.qty - l.q_cancelled) * l.pack), 0) FROM (SELECT order_id, sku, qty, q_cancelled, pack FROM order_line WHERE item_id = ? "
				  "ORDER BY id DESC LIMIT 1000) AS l JOIN orders o ON o.id = l.order_id "
				  "WHERE o.account_id = ? AND o.marketplace = ? AND l.sku = ? AND o.placed_ms > ?";

	return GET_INT(s, err, 0, sold, sql, V(o->item), V(o->account), V(o->marketplace), V(o->sku), V(since_ms));
}

/* What an offer counts are packs; -1 stays "none". */
static int64_t in_eaches(const struct offer *o, int64_t qty)
{
	return qty < 0 ? -1 : qty * o->pack;
}

/* What left and was not answered: it may take effect at any moment. */
static enum fault in_flight(struct store *s, const struct offer *o, struct visible *out, struct err *err)
{
	static const char sql[] = "SELECT payload FROM job WHERE account_id = ? AND verb = 'stock' AND subject = ? AND state IN ('inflight', 'unsure')";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(o->account), V(arena_printf(a, "offer:%" PRId64, o->id)));
	struct fields payload;
	int64_t coming;

	while (rows_next(r)) {
		int64_t qty = fields_unpack(a, rows_text(r, 0), &payload, NULL) ? -1 : in_eaches(o, fields_int(&payload, "qty", -1));

		if (qty > out->inflight_most)
			out->inflight_most = qty;
		if (qty >= 0 && (out->inflight_least < 0 || qty < out->inflight_least))
			out->inflight_least = qty;
	}
	arena_free(a);
	if (rows_end(r, err) || offer_coming(s, o->id, &coming, err)) /* a feed that is worked at brings it still, whatever was said since */
		return FAULT_STORE;
	coming = in_eaches(o, coming);
	if (coming > out->inflight_most)
		out->inflight_most = coming;
	return OK;
}

/* What was read is what is shown, less what sold since; what was accepted counts until a reading proved it. */
static enum fault look(struct store *s, const struct offer *o, bool dark, struct visible *out, struct err *err)
{
	bool proved = !strcmp(o->push_state, "APPLIED") || !strcmp(o->push_state, "OVERWRITTEN");

	*out = (struct visible){
		.seen = in_eaches(o, o->seen),
		.confirmed = proved ? -1 : in_eaches(o, o->pushed),
		.inflight_most = -1,
		.inflight_least = -1,
		.dark = dark,
	};
	if (o->seen > 0 && sold_since(s, o, o->seen_ms, &out->sold, err))
		return FAULT_STORE;
	return in_flight(s, o, out, err);
}

/* ---- one item ---- */

struct gathering {
	struct store *s;
	const struct aims *how;
	struct arena *a;
	struct aimed_item *out;
	struct policy_subject subject;
	struct outlet *outlet;
	struct visible *seen;
	struct err *err;
};

/* An account where overselling costs least comes first: rounding falls to it, and it is raised first. Nodes of a listing stand together. */
static int by_cost(const void *p, const void *q)
{
	const struct aimed *a = p, *b = q;
	int64_t cost = a->policy.value[POLICY_COST].n - b->policy.value[POLICY_COST].n;
	int order;

	if (cost)
		return cost < 0 ? -1 : 1;
	if (a->offer->account != b->offer->account)
		return a->offer->account < b->offer->account ? -1 : 1;
	order = strcmp(a->offer->marketplace, b->offer->marketplace);
	order = order ? order : strcmp(a->offer->sku, b->offer->sku);
	return order ? order : a->offer->id < b->offer->id ? -1 : 1;
}

static void take_offers(struct gathering *g, const struct offer *offer, int n)
{
	struct aimed_item *out = g->out;

	out->of = arena_alloc(g->a, (size_t)(n + 1) * sizeof *out->of);
	for (int i = 0; i < n; i++) {
		const struct aim_account *at = account_of(g->how, offer[i].account);

		if (!at)
			continue;
		out->rule.tied += offer_tied(&offer[i]);
		if (offer_unwritable(&offer[i]))
			continue;
		out->of[out->n] = (struct aimed){ .offer = &offer[i] };
		out->of[out->n++].policy = policy_resolve(g->how->book, &g->subject, at->channel, at->name, g->how->now_ms);
	}
	qsort(out->of, (size_t)out->n, sizeof *out->of, by_cost);
}

static bool begins_listing(const struct aimed *a, const struct aimed *before)
{
	return a->offer->account != before->offer->account || strcmp(a->offer->marketplace, before->offer->marketplace) || strcmp(a->offer->sku, before->offer->sku);
}

/* The last units: on the account that is named for them, else where overselling costs least. */
static bool takes_last(const struct gathering *g, const struct aimed *a)
{
	const char *name = g->out->policy.value[POLICY_LAST_ACCOUNT].text;

	return *name ? !strcmp(name, a->offer->account_name) : a->offer->account == g->out->of[0].offer->account;
}

static void fill_outlet(struct gathering *g, int i)
{
	const struct aimed *of = g->out->of, *a = &of[i];
	bool first = !i || a->offer->account != of[i - 1].offer->account;
	struct outlet *o = &g->outlet[i];

	*o = (struct outlet){
		.account = !i ? 0 : g->outlet[i - 1].account + first,
		.shelf = !i ? 0 : g->outlet[i - 1].shelf + begins_listing(a, &of[i - 1]),
		.reach = -1,
		.at_node = -1,
		.last = takes_last(g, a),
		.dark = account_of(g->how, a->offer->account)->dark,
		.share_bp = a->policy.value[POLICY_SHARE].n,
		.margin = a->policy.value[POLICY_MARGIN].n,
		.buffer = policy_buffer(&a->policy),
		.least = a->policy.value[POLICY_LEAST].n,
		.shown = a->offer->pushed,
		.limit = -1,
		.hold = a->offer->hold,
	};
	o->buffer.pack = a->offer->pack;
}

static bool is_split(const struct gathering *g)
{
	return g->out->rule.split.strategy != ALLOC_SHARED;
}

static bool stands_at(const struct offer *o, int64_t place, const char *node)
{
	return o->place == place || (*o->node && !strcmp(o->node, node));
}

/* What of it lies where: eaches that others than the offer's account are served from, and those at the offer's own node; -1: no place stands for it. */
struct lying {
	int64_t elsewhere[SIDES], here[SIDES];
};

/* Open units that nobody has taken off a place's number yet are taken for coming from where the account is served. */
static enum fault find_lying(struct gathering *g, int64_t item, struct lying *out)
{
	static const char sql[] = "SELECT p.serves, p.node, st.counted - st.held - st.moving, p.id FROM stock st JOIN place p ON p.id = st.place_id "
				  "WHERE st.item_id = ? AND p.sells = 1";
	struct rows *r = ASK(g->s, sql, V(item));

	for (int i = 0; i < g->out->n; i++) {
		out->elsewhere[i] = 0;
		out->here[i] = g->out->of[i].offer->place ? 0 : -1;
	}
	while (rows_next(r)) {
		int64_t lies = rows_int(r, 2) > 0 ? rows_int(r, 2) : 0;

		for (int i = 0; i < g->out->n; i++) {
			const struct offer *o = g->out->of[i].offer;
			bool serves = place_serves(rows_text(r, 0), o->account_name, o->channel);

			out->elsewhere[i] += serves ? 0 : lies;
			if (serves && stands_at(o, rows_int(r, 3), rows_text(r, 1)))
				out->here[i] = (out->here[i] < 0 ? 0 : out->here[i]) + lies;
		}
	}
	return rows_end(r, g->err);
}

/* Of a kit: what its parts that lie there allow, besides kits that stand there made up. */
static enum fault add_parts(struct gathering *g, int64_t item, struct lying *out)
{
	int64_t allows = 0, *less[2];
	struct kit_tree t;
	struct lying *of;

	if (kit_tree_load(g->s, item, g->a, &t, g->err))
		return FAULT_STORE;
	of = arena_alloc(g->a, (size_t)(t.nodes + 1) * sizeof *of);
	for (int k = 1; k < t.nodes; k++)
		if (find_lying(g, t.node[k].item, &of[k]))
			return FAULT_STORE;
	less[0] = arena_alloc(g->a, (size_t)(t.nodes + 1) * sizeof **less);
	less[1] = arena_alloc(g->a, (size_t)(t.nodes + 1) * sizeof **less);
	if (t.edges)
		allows = kit_tree_allows(&t, NULL, NULL);
	for (int i = 0; i < g->out->n && t.edges; i++) {
		for (int k = 0; k < t.nodes; k++) {
			int64_t own = t.node[k].own;

			less[0][k] = k ? of[k].elsewhere[i] : 0;
			less[1][k] = k && own > of[k].here[i] ? own - of[k].here[i] : 0;
		}
		out->elsewhere[i] += allows - kit_tree_allows(&t, less[0], NULL);
		if (out->here[i] >= 0)
			out->here[i] += kit_tree_allows(&t, less[1], NULL);
	}
	return OK;
}

static bool is_listing(const struct aimed *a, const struct aimed *b)
{
	return !begins_listing(a, b);
}

/* Of a listing some nodes of which stand for a place, the first other one has what lies at none of those, and the rest has nothing. */
static void part_nodes(struct gathering *g)
{
	const struct aimed *of = g->out->of;

	for (int i = 0, k; i < g->out->n; i = k) {
		int64_t rest = g->out->available > 0 ? g->out->available : 0;
		bool any = false;

		for (k = i; k < g->out->n && is_listing(&of[k], &of[i]); k++) {
			any |= g->outlet[k].at_node >= 0;
			rest -= g->outlet[k].at_node > 0 ? g->outlet[k].at_node : 0;
		}
		for (int j = i; j < k && any; j++)
			if (g->outlet[j].at_node < 0) {
				g->outlet[j].at_node = rest > 0 ? rest : 0;
				rest = 0;
			}
	}
}

static enum fault fill_places(struct gathering *g, int64_t item)
{
	struct lying *at = arena_alloc(g->a, sizeof *at);

	if (find_lying(g, item, at) || add_parts(g, item, at))
		return FAULT_STORE;
	for (int i = 0; i < g->out->n; i++) {
		if (at->elsewhere[i])
			g->outlet[i].reach = g->out->available > at->elsewhere[i] ? g->out->available - at->elsewhere[i] : 0;
		g->outlet[i].at_node = at->here[i];
	}
	part_nodes(g);
	return OK;
}

/* Only where it is asked for: what is shown where, and how fast it sells. */
static enum fault fill_exposure(struct gathering *g)
{
	enum fault f = OK;

	for (int i = 0; i < g->out->n && !f; i++)
		if (is_split(g) || g->outlet[i].dark) {
			f = look(g->s, g->out->of[i].offer, g->outlet[i].dark, &g->seen[i], g->err);
			g->outlet[i].exposure = exposure_of(&g->seen[i]);
			g->outlet[i].surely = exposure_least(&g->seen[i]);
		}
	return f;
}

static enum fault fill_pace(struct gathering *g)
{
	const struct policy_book *b = g->how->book;
	struct pace_rule rule = { .days = b->velocity_days, .prior = b->velocity_prior };
	struct offer *offer;
	int64_t velocity[SIDES];

	if (!is_split(g))
		return OK;
	offer = arena_alloc(g->a, (size_t)(g->out->n + 1) * sizeof *offer);
	for (int i = 0; i < g->out->n; i++)
		offer[i] = *g->out->of[i].offer;
	if (paces_of(g->s, offer, g->out->n, &rule, store_in_transaction(g->s), g->how->now_ms, velocity, g->err))
		return FAULT_STORE;
	for (int i = 0; i < g->out->n; i++)
		g->outlet[i].velocity = velocity[i];
	return OK;
}

/* What lies in the FBA of the account that is named for it, as far as it was read lately: its marketplaces show the same goods, so the most that one does. */
static enum fault fill_pools(struct gathering *g, int64_t item)
{
	static const char sql[] = "SELECT coalesce(max(f.seen * f.pack), 0) FROM offer f JOIN account c ON c.id = f.account_id WHERE f.item_id = ? AND f.pool = 'fba' "
				  "AND c.name = ? AND f.seen > 0 AND f.seen_ms > ?";
	enum fault f = OK;

	for (int i = 0; i < g->out->n && !f && g->how->book->pools; i++) {
		const char *of = g->out->of[i].policy.value[POLICY_INCLUDE_FBA].text;

		if (*of)
			f = GET_INT(g->s, g->err, 0, &g->outlet[i].pool, sql, V(item), V(of), V(g->how->now_ms - POOL_AGE_MS));
	}
	return f;
}

/* A split's increases take what the exposures of the others leave, the least costly account first. */
static void limit_all(struct gathering *g)
{
	int64_t want[SIDES] = { 0 }, limit[SIDES];
	int turn[SIDES] = { 0 }, n = g->out->n;

	if (!is_split(g))
		return;
	for (int i = 0; i < n; i++) {
		want[i] = g->outlet[i].want * g->outlet[i].buffer.pack;
		turn[i] = i;
	}
	exposure_limits(g->seen, want, turn, n, g->out->available - g->out->rule.tied, limit);
	for (int i = 0; i < n; i++)
		g->outlet[i].limit = limit[i];
}

struct outlet aimed_at_rest(const struct aimed_item *item, const struct aimed *of, char words[EQUATION])
{
	struct outlet o = of->outlet;

	o.limit = o.shown = -1;
	outlet_settle(&item->rule, &o);
	outlet_explain(&item->rule, &o, words, EQUATION);
	return o;
}

/* Eaches of ours that it is to show. */
static int64_t of_ours(const struct outlet *o)
{
	int64_t eaches = o->qty * o->buffer.pack;

	return eaches > o->besides ? eaches - o->besides : 0;
}

static void conclude(struct gathering *g)
{
	struct aimed_item *out = g->out;
	char words[EQUATION];

	allocate(&out->rule, out->available, g->outlet, out->n);
	limit_all(g);
	for (int i = 0; i < out->n; i++) {
		outlet_settle(&out->rule, &g->outlet[i]);
		outlet_explain(&out->rule, &g->outlet[i], words, sizeof words);
		out->of[i].outlet = g->outlet[i];
		out->of[i].words = arena_strdup(g->a, words);
		out->shown += of_ours(&g->outlet[i]);
	}
}

static enum fault read_offers(struct gathering *g, int64_t item, struct offer **offer, int *n)
{
	enum fault f = offers_list(g->s, item, 0, 0, SIDES, g->a, offer, n, g->err);

	if (f || !*n)
		return f;
	g->out->available = (*offer)[0].available;
	g->out->after = *n == SIDES ? (*offer)[*n - 1].id : 0;
	g->outlet = arena_alloc(g->a, (size_t)*n * sizeof *g->outlet);
	g->seen = arena_alloc(g->a, (size_t)*n * sizeof *g->seen);
	return OK;
}

enum fault item_allocate(struct store *s, int64_t item, const struct aims *how, struct arena *a, struct aimed_item *out, struct err *err)
{
	struct gathering g = { .s = s, .how = how, .a = a, .out = out, .err = err };
	struct offer *offer;
	int n;
	enum fault f;

	*out = (struct aimed_item){ 0 };
	f = read_offers(&g, item, &offer, &n);
	if (!f && n)
		f = policy_subject_load(s, item, a, &g.subject, err);
	if (f || !n)
		return f;
	out->policy = policy_resolve(how->book, &g.subject, "", "", how->now_ms);
	out->rule = policy_rule(how->book, &out->policy);
	take_offers(&g, offer, n);
	for (int i = 0; i < out->n; i++)
		fill_outlet(&g, i);
	f = fill_places(&g, item);
	if (!f)
		f = fill_pools(&g, item);
	if (!f)
		f = fill_exposure(&g);
	if (!f)
		f = fill_pace(&g);
	if (!f)
		conclude(&g);
	return f;
}

enum fault items_pools_aged(struct store *s, int64_t from_ms, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO dirty (item_id, since_ms) SELECT DISTINCT item_id, ?3 FROM offer WHERE pool = 'fba' AND item_id > 0 AND seen_ms > ?1 AND seen_ms <= ?2 "
				  "ON CONFLICT (item_id) DO NOTHING";

	return RUN(s, err, sql, V(from_ms ? from_ms - POOL_AGE_MS : (int64_t)0), V(now_ms - POOL_AGE_MS), V(now_ms));
}

static enum fault items_offered(struct store *s, int64_t after, int64_t *item, int n, int *got, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT item_id FROM offer WHERE item_id > ? ORDER BY item_id LIMIT ?";
	struct rows *r = ASK(s, sql, V(after), V(n));

	for (*got = 0; rows_next(r);)
		item[(*got)++] = rows_int(r, 0);
	return rows_end(r, err);
}

enum fault items_each(struct store *s, enum fault (*take)(void *ctx, int64_t item, struct arena *a), void *ctx, struct err *err)
{
	enum { PAGE = 200 };
	struct arena *a = arena_new();
	int64_t item[PAGE], after = 0;
	int n = PAGE;
	enum fault f = OK;

	while (!f && n == PAGE) {
		f = items_offered(s, after, item, PAGE, &n, err);
		for (int i = 0; i < n && !f; i++) {
			arena_reset(a);
			f = take(ctx, item[i], a);
		}
		after = n ? item[n - 1] : after;
	}
	arena_free(a);
	return f;
}
