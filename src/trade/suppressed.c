#include "trade/suppressed.h"

#include "store/store.h"
#include "trade/aim.h"
#include "trade/allocation.h"
#include "trade/overrides.h"

#include <inttypes.h>
#include <string.h>

/* ---- what if ---- */

struct trial {
	const struct aimed_item *item;
	struct outlet *outlet; /* scratch */
	int which;
};

/* What the offer would come to rest at under a rule, with its outlet as `o`. */
static int64_t tried(struct trial *t, const struct alloc_rule *rule, const struct outlet *o)
{
	for (int i = 0; i < t->item->n; i++) {
		t->outlet[i] = i == t->which ? *o : t->item->of[i].outlet;
		t->outlet[i].limit = -1;
	}
	allocate(rule, t->item->available, t->outlet, t->item->n);
	return t->outlet[t->which].want;
}

/* The largest buffer in units under which at least one is shown; -1: none is. */
static int64_t mildest_buffer(struct trial *t, const struct alloc_rule *rule, int64_t most)
{
	struct outlet o = t->item->of[t->which].outlet;
	int64_t low = 0, high = most;

	o.buffer.bp = o.buffer.units = 0;
	if (tried(t, rule, &o) < 1)
		return -1;
	while (low < high) { /* less is kept back, never fewer are shown */
		int64_t middle = low + (high - low + 1) / 2;

		o.buffer.units = middle;
		if (tried(t, rule, &o) > 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static void propose(struct trial *t, enum policy_key key, const char *value, const struct alloc_rule *rule, const struct outlet *o, struct suppressed *out,
                    struct arena *a)
{
	int64_t would = tried(t, rule, o);
	const struct aimed *of = &t->item->of[t->which];
	const struct policy *p = key == POLICY_RESERVE || key == POLICY_LAST_UNITS || key == POLICY_NEVER_FULL ? &t->item->policy : &of->policy;

	if (would < 1 || out->key != POLICY_KEYS)
		return;
	out->key = key;
	out->would = would;
	out->by = arena_printf(a, "%s, by %s", policy_value_text(a, key, &p->value[key]), p->value[key].layer);
	out->propose = arena_printf(a, "%s %s", policy_key_name(key), value);
}

/* also: what has to be changed with it, "" for nothing. */
static void propose_buffer(struct trial *t, const struct alloc_rule *rule, const char *also, struct suppressed *out, struct arena *a)
{
	struct outlet o = t->item->of[t->which].outlet;
	int64_t units = mildest_buffer(t, rule, t->item->available);

	if (units < 0)
		return;
	o.buffer.units = units;
	o.buffer.bp = 0;
	propose(t, POLICY_BUFFER, arena_printf(a, "%" PRId64 "u/0%%%s", units, also), rule, &o, out, a);
}

/* Each rule alone, the mildest change first; in the end the two that keep a single one back together. */
static void find_rule(struct trial *t, struct suppressed *out, struct arena *a)
{
	const struct outlet *is = &t->item->of[t->which].outlet;
	struct alloc_rule rule = t->item->rule;
	struct outlet o = *is;

	o.least = 0;
	if (is->least > 1)
		propose(t, POLICY_LEAST, "1", &rule, &o, out, a);
	propose_buffer(t, &rule, "", out, a);
	o = *is;
	rule.never_full = false;
	if (t->item->rule.never_full)
		propose(t, POLICY_NEVER_FULL, "off", &rule, &o, out, a);
	rule = t->item->rule;
	rule.reserve = 0;
	if (t->item->rule.reserve)
		propose(t, POLICY_RESERVE, "0", &rule, &o, out, a);
	rule = t->item->rule;
	rule.last_units = 0;
	if (t->item->rule.last_units)
		propose(t, POLICY_LAST_UNITS, "0", &rule, &o, out, a);
	o.buffer.cap = -1;
	if (!is->buffer.cap)
		propose(t, POLICY_CAP, "none", &t->item->rule, &o, out, a);
	rule = t->item->rule;
	rule.never_full = false; /* of a single one */
	propose_buffer(t, &rule, " and never_full off", out, a);
}

/* ---- the offers ---- */

static enum fault read_price(struct store *s, struct suppressed *x, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT l.price_minor / (l.qty * l.pack), o.currency FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? AND l.qty > 0 ORDER BY l.id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(x->offer.item));

	x->currency = "";
	if (rows_next(r)) {
		x->price_minor = rows_int(r, 0);
		x->currency = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

static enum fault weigh(struct store *s, const struct aims *how, int64_t offer, int64_t item, struct arena *a, struct suppressed *x, bool *is, struct err *err)
{
	struct aimed_item all;
	struct trial t = { .item = &all, .which = -1 };
	enum fault f = item_allocate(s, item, how, a, &all, err);

	*is = false;
	for (int i = 0; i < all.n && !f; i++)
		if (all.of[i].offer->id == offer)
			t.which = i;
	if (f || t.which < 0 || all.of[t.which].outlet.want > 0 || *all.of[t.which].outlet.hold)
		return f;
	t.outlet = arena_alloc(a, (size_t)(all.n + 1) * sizeof *t.outlet);
	*x = (struct suppressed){ .offer = *all.of[t.which].offer, .key = POLICY_KEYS, .by = "several rules together", .propose = "" };
	x->since_ms = x->offer.target_ms;
	find_rule(&t, x, a);
	*is = true;
	return read_price(s, x, a, err);
}

enum fault suppressed_page(struct store *s, int64_t after, int n, int64_t now_ms, struct arena *a, struct suppressed **out, int *got, int64_t *upto, struct err *err)
{
	static const char sql[] = "SELECT f.id, f.item_id FROM offer f JOIN item i ON i.id = f.item_id WHERE f.id > ? AND f.target = 0 AND f.hold = '' AND i.available >= f.pack "
				  "ORDER BY f.id LIMIT ?";
	struct policy_book book;
	struct aims how;
	struct rows *r;
	enum fault f = policy_book_in_force(s, a, &book, err);

	*got = 0;
	*upto = 0;
	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	if (!f)
		f = aims_open(s, &book, NULL, 0, now_ms, a, &how, err);
	if (f)
		return f;
	r = ASK(s, sql, V(after), V(n));
	for (int i = 0; !f && rows_next(r); i++) {
		bool is;

		f = weigh(s, &how, rows_int(r, 0), rows_int(r, 1), a, &(*out)[*got], &is, err);
		*got += !f && is;
		*upto = i + 1 == n ? rows_int(r, 0) : 0;
	}
	return rows_end(r, f ? NULL : err) ? FAULT_STORE : f;
}
