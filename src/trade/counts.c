/*
 * counts.c: what a warehouse or a person counted: converted to eaches, weighed against what is known, decided, taken whole or not at all. The
 * interface is in inventory.h.
 */
#include "store/store.h"
#include "trade/inventory.h"
#include "trade/conflicts.h"
#include "trade/counts_held.h"
#include "trade/dispatches.h"
#include "trade/ledger.h"
#include "trade/missing.h"
#include "trade/products.h"
#include "trade/readings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A reading may take at most this share of units, or of SKUs to zero, at once (decided.md's mass-drop guard: 30 %). */
enum { MOST_QTY = 999999, DROP_PERCENT = 30, FEW_SKUS = 5, SKEW_MS = 30000 };

/* One count of the reading, and what it would do. */
struct taken {
	const struct count *count;
	const char *place;
	int64_t qty;        /* eaches, of all its units of measure together */
	int64_t committed;
	int64_t valid_ms;
	bool timed;         /* they say when it was counted */
	bool unknown;       /* a unit of measure that nobody explained */
	struct shelf at;
	int64_t was, was_ms; /* what the same source said before */
	bool said;          /* it said something */
	struct chosen use;  /* whose number holds from now on */
	int64_t counted;    /* to be believed from now on */
	bool skip;          /* it says nothing new */
	bool gone;          /* nobody told it: two complete readings left it out */
};

struct taking {
	struct store *s;
	struct arena *a;
	const struct reading_of *of;
	const struct cause *why;
	struct truth truth;
	bool tells_orders;  /* the source tells our orders as well: its number excludes those that it has */
	struct taken *t;
	int n, cap;
	struct reading_result *out;
	int unknown_cap;
};

static int by_place_and_sku(const void *p, const void *q)
{
	const struct taken *a = p, *b = q;
	int place = strcmp(a->place, b->place);

	return place ? place : strcmp(a->count->sku, b->count->sku);
}

/* ---- whose place, how many eaches ---- */

/* The name under which we know the place that a count speaks of. A word that nobody used before is a new place's name. */
static enum fault name_place(struct taking *x, const char *word, const char **name, struct err *err)
{
	static const char sql[] = "SELECT name FROM place WHERE id = ?";
	struct rows *r;
	int64_t id;

	if (place_told(x->s, x->of->account, word, &id, err))
		return FAULT_STORE;
	r = ASK(x->s, sql, V(id));
	*name = rows_next(r) ? rows_keep(r, 0, x->a) : word && *word ? word : "warehouse";
	return rows_end(r, err);
}

/* Words come in runs: the place is looked up once a run. */
static enum fault name_places(struct taking *x, const struct count *c, int n, struct err *err)
{
	const char *word = "", *name = NULL;

	for (int i = 0; i < n; i++) {
		const char *is = c[i].place ? c[i].place : "";

		if (!name || strcmp(word, is)) {
			if (name_place(x, is, &name, err))
				return FAULT_STORE;
			word = is;
		}
		x->t[i].place = name;
	}
	return OK;
}

static void note_unknown(struct taking *x, const struct count *c)
{
	struct reading_result *out = x->out;

	out->unknown = arena_grow(x->a, out->unknown, out->unknowns, &x->unknown_cap, sizeof *out->unknown);
	out->unknown[out->unknowns++] = (struct unit_unknown){ c->sku, c->unit };
}

/* In eaches, by their own list of units. A unit that it does not name is never guessed. */
static enum fault convert(struct taking *x, struct taken *t, struct err *err)
{
	const struct count *c = t->count;
	int64_t eaches = 1;

	t->qty = c->qty;
	t->committed = c->committed;
	if (!c->unit || !*c->unit)
		return OK;
	if (product_eaches(x->s, x->of->account, c->sku, c->unit, &eaches, err))
		return FAULT_STORE;
	t->unknown = !eaches;
	if (t->unknown)
		note_unknown(x, c);
	else if (c->qty > MOST_QTY / eaches)
		return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " %.20s of %" PRId64 " are more than %d", c->sku, c->qty, c->unit, eaches, MOST_QTY);
	t->qty = c->qty * eaches;
	t->committed = c->committed * eaches;
	return OK;
}

static enum fault check_count(const struct count *c, int at, struct err *err)
{
	if (!c->sku || !*c->sku)
		return err_set(err, FAULT_FORMAT, "count %d has no SKU", at + 1);
	if (c->qty < 0 || c->qty > MOST_QTY)
		return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " is no quantity between 0 and %d", c->sku, c->qty, MOST_QTY);
	return OK;
}

/*
 * A count from the future would shut out every later one. Who tells our orders as well says what is so now, each time; its clock may be behind ours,
 * and an order that it took in that moment is better subtracted twice for a round than not at all.
 */
static void date_count(const struct taking *x, struct taken *t)
{
	int64_t now = x->why->now_ms, asked = x->of->begun_ms && x->of->begun_ms < now ? x->of->begun_ms : now, valid = t->count->valid_ms;

	t->timed = valid || x->tells_orders;
	t->valid_ms = !valid ? asked - (x->tells_orders ? SKEW_MS : 0) : valid < now ? valid : now;
}

static bool same_unit(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* Rows of one SKU at one place, in different units of measure, are one count. */
static enum fault merge_units(struct taking *x, struct err *err)
{
	int k = 0;

	for (int i = 1; i < x->n; i++) {
		struct taken *into = &x->t[k], *from = &x->t[i];

		if (by_place_and_sku(into, from)) {
			x->t[++k] = *from;
			continue;
		}
		if (same_unit(into->count->unit, from->count->unit))
			return err_set(err, FAULT_FORMAT, "%.80s stands twice in one reading: which of the two is right?", from->count->sku);
		into->qty += from->qty;
		into->committed += from->committed;
		into->unknown |= from->unknown;
		into->valid_ms = into->valid_ms < from->valid_ms ? into->valid_ms : from->valid_ms;
		if (into->qty > MOST_QTY)
			return err_set(err, FAULT_FORMAT, "%.80s: all its units together are more than %d", into->count->sku, MOST_QTY);
	}
	x->n = x->n ? k + 1 : 0;
	return OK;
}

/* The reading in order of place and SKU, in eaches. Nothing is written before all of it is sound. */
static enum fault line_up(struct taking *x, const struct count *c, int n, struct err *err)
{
	enum fault f = name_places(x, c, n, err);

	for (int i = 0; i < n && !f; i++) {
		x->t[i].count = &c[i];
		f = check_count(&c[i], i, err);
		if (!f)
			f = convert(x, &x->t[i], err);
		date_count(x, &x->t[i]);
	}
	if (f)
		return f;
	x->n = n;
	if (n)
		qsort(x->t, (size_t)n, sizeof *x->t, by_place_and_sku);
	return merge_units(x, err);
}

/* ---- what is known already ---- */

static enum fault find_shelf(struct taking *x, struct taken *t, struct err *err)
{
	static const char sql[] = "SELECT i.id, p.id, st.counted, coalesce(st.valid_ms, 0), coalesce(st.told, 0), coalesce(st.account_id, 0) FROM item i "
				  "JOIN place p ON p.name = ? LEFT JOIN stock st ON st.item_id = i.id AND st.place_id = p.id WHERE i.sku = ?";
	static const char own[] = "SELECT free, valid_ms FROM reading WHERE item_id = ? AND place_id = ? AND account_id = ?";
	struct rows *r = ASK(x->s, sql, V(t->place), V(t->count->sku));

	if (rows_next(r)) {
		t->at.item = rows_int(r, 0);
		t->at.place = rows_int(r, 1);
		t->at.known = !rows_null(r, 2);
		t->at.counted = rows_int(r, 2);
		t->at.valid_ms = rows_int(r, 3);
		t->at.told = rows_int(r, 4);
		t->at.account = rows_int(r, 5);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	r = ASK(x->s, own, V(t->at.item), V(t->at.place), V(x->of->account));
	if (rows_next(r)) {
		t->said = true;
		t->was = rows_int(r, 0);
		t->was_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

/*
 * Does it say anything that we do not know? An older count does not; nor does the same number again when nobody says when it was
 * counted: a file that is read once more would put back what has left since.
 */
static bool is_news(const struct taken *t)
{
	if (!t->at.known)
		return true;
	if (!t->timed)
		return t->qty != (t->said ? t->was : t->at.told);
	if (t->said && t->valid_ms < t->was_ms)
		return false;
	return t->valid_ms > t->at.valid_ms || (t->valid_ms == t->at.valid_ms && t->counted != t->at.counted) || t->use.account != t->at.account;
}

/* What a warehouse had set aside when its dispatches were read, and may have given up since. */
struct aside {
	int64_t units; /* for open lines of ours and for orders that we have not heard of yet, and not sent */
	int64_t anew;  /* since the number that was believed before, for whomever, sent or not: the new one is lower by them */
};

#define GOODS "(SELECT ?1 AS id, 1 AS qty UNION ALL SELECT item_id, qty FROM kit WHERE part_id = ?1) g "
#define ASIDE "w.account_id = ?3 AND w.place_id = ?2 AND w.taken = 1 AND w.cancelled_ms = 0 AND w.made_ms <= ?5 "
#define ANY_LINES "EXISTS (SELECT 1 FROM warehouse_line n WHERE n.warehouse_order_id = w.id) "
#define TOLD "coalesce((SELECT n.qty FROM warehouse_line n WHERE n.warehouse_order_id = w.id AND n.sku = ?6), 0) "
#define OURS                                                                                                                          \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN min(l.reserves * g.qty, " TOLD ") ELSE l.reserves * g.qty END), 0) FROM " GOODS     \
	"JOIN order_line l ON l.item_id = g.id JOIN warehouse_order w ON w.order_id = l.order_id WHERE l.reserves > 0 AND " ASIDE "AND w.gone_ms = 0) "
#define NOBODYS                                                                                                                       \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN " TOLD "ELSE ?7 END), 0) FROM warehouse_order w WHERE w.order_id IS NULL AND " ASIDE "AND w.gone_ms = 0) "
#define ANEW                                                                                                                          \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN " TOLD "ELSE coalesce((SELECT sum(l.qty * l.pack * g.qty) FROM orders o JOIN order_line l "        \
	"ON l.order_id = o.id JOIN " GOODS "ON g.id = l.item_id WHERE o.id = w.order_id AND o.lines <= 1), 0) END), 0) FROM warehouse_order w WHERE " ASIDE  \
	"AND w.made_ms > ?8) "

/*
 * A kit's goods are its parts. Who tells no lines of an order that we have not heard of may have any number set aside, and of one with several lines it
 * is not known which. Only what it had at the moment of the new number counts as taken with it. None when its dispatches were read after this reading was there,
 * and none of who tells no dispatches.
 */
static enum fault set_aside(struct taking *x, const struct taken *t, struct aside *out, struct err *err)
{
	static const char sql[] = "SELECT " OURS "+ " NOBODYS ", " ANEW "FROM source k WHERE k.account_id = ?3 AND k.upto_ms > 0 AND k.upto_ms < ?4";
	struct rows *r = ASK(x->s, sql, V(t->at.item), V(t->at.place), V(t->use.account), V(x->why->now_ms), V(t->use.valid_ms), V(t->count->sku),
	                     V((int)MOST_QTY), V(t->at.known ? t->at.valid_ms : t->use.valid_ms));

	*out = (struct aside){ 0 };
	if (rows_next(r))
		*out = (struct aside){ rows_int(r, 0), rows_int(r, 1) };
	return rows_end(r, err);
}

/*
 * An order that the warehouse gave up after its dispatches were read is free again in its number, and counts as taken here: its units would be had
 * twice. So the number is held against what it must be with all of them set aside; what it has beyond that, as far as giving them up explains it, is
 * not believed before the dispatches are read anew (counts_confirm). A decrease is believed at once, and so is the rest of a raise.
 */
static enum fault hold_raise(struct taking *x, struct taken *t, struct err *err)
{
	struct aside aside;
	int64_t without, more;

	if (!t->at.place)
		return OK;
	if (set_aside(x, t, &aside, err))
		return FAULT_STORE;
	without = t->at.counted > aside.anew ? t->at.counted - aside.anew : 0;
	more = t->counted - without;
	if (more > 0)
		t->counted -= more < aside.units ? more : aside.units;
	return OK;
}

static enum fault weigh(struct taking *x, struct taken *t, struct err *err)
{
	struct chosen mine = { .account = x->of->account, .free = t->qty, .valid_ms = t->valid_ms };
	int64_t left;

	if (find_shelf(x, t, err) || reading_choose(x->s, &x->truth, t->at.item, t->at.place, &mine, &t->use, err) ||
	    count_left_since(x->s, &t->at, &t->use, x->why->now_ms, &left, err))
		return FAULT_STORE;
	t->counted = t->use.free + left > 0 ? t->use.free + left : 0;
	if (hold_raise(x, t, err))
		return FAULT_STORE;
	t->skip = t->unknown || !is_news(t);
	return OK;
}

/* SKUs that are there, at the places that it speaks of: of one place all may be nonsense, and be little of the whole. */
static enum fault skus_there(const struct taking *x, int64_t *skus, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM stock st JOIN place p ON p.id = st.place_id WHERE p.name = ? AND st.counted > 0";
	int64_t n;

	*skus = 0;
	for (int i = 0; i < x->n; i++) {
		if (i && !strcmp(x->t[i].place, x->t[i - 1].place))
			continue;
		if (GET_INT(x->s, err, 0, &n, sql, V(x->t[i].place)))
			return FAULT_STORE;
		*skus += n;
	}
	return OK;
}

static enum fault guard(const struct taking *x, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(counted), 0), count(*) FROM stock WHERE counted > 0";
	int64_t units = 0, skus = 0, lost = 0, zeroed = 0, here;
	struct rows *r = store_ask(x->s, sql, NULL, 0);

	if (rows_next(r)) {
		units = rows_int(r, 0);
		skus = rows_int(r, 1);
	}
	if (rows_end(r, err) || skus_there(x, &here, err))
		return FAULT_STORE;
	for (const struct taken *t = x->t; t < x->t + x->n; t++)
		if (!t->skip) {
			lost += t->at.counted - t->counted;
			zeroed += t->at.counted > 0 && !t->counted;
		}
	if (zeroed >= FEW_SKUS && zeroed * 100 > here * DROP_PERCENT)
		skus = here;
	if (lost * 100 <= units * DROP_PERCENT && zeroed * 100 <= skus * DROP_PERCENT)
		return OK;
	return err_set(err, FAULT_REFUSED,
	               "this reading takes %" PRId64 " of %" PRId64 " units and brings %" PRId64 " of %" PRId64
	               " SKUs to zero; more than %d %% at once wants a second reading or a person",
	               lost, units, zeroed, skus, DROP_PERCENT);
}

/* ---- taking it ---- */

/* What this source says of it, whatever is decided. */
static enum fault put_reading(struct taking *x, const struct taken *t, struct err *err)
{
	static const char sql[] =
		"INSERT INTO reading (item_id, place_id, account_id, free, committed, valid_ms, known_ms, attempt_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
		"ON CONFLICT (item_id, place_id, account_id) DO UPDATE SET was = CASE WHEN reading.free <> excluded.free THEN reading.free ELSE reading.was END, "
		"was_ms = CASE WHEN reading.free <> excluded.free THEN excluded.valid_ms ELSE reading.was_ms END, free = excluded.free, "
		"committed = excluded.committed, valid_ms = excluded.valid_ms, known_ms = excluded.known_ms, attempt_id = excluded.attempt_id";

	return RUN(x->s, err, sql, V(t->at.item), V(t->at.place), V(x->of->account), V(t->qty), V(t->committed), V(t->valid_ms), V(x->why->now_ms),
	           x->why->attempt_id ? V(x->why->attempt_id) : V_NULL);
}

/* Where its number excludes our orders, which of them it had is decided with it, in one step. */
static enum fault put_stock(struct taking *x, struct taken *t, struct err *err)
{
	static const char sells[] = "SELECT sells FROM place WHERE id = ?";
	int64_t yes;

	if (GET_INT(x->s, err, 1, &yes, sells, V(t->at.place)))
		return FAULT_STORE;
	t->at.counts = yes && !x->tells_orders;
	t->at.told = t->use.free;
	t->at.account = t->use.account;
	if (ledger_set(x->s, &t->at, t->counted, t->use.valid_ms, "count", "", x->why, err))
		return FAULT_STORE;
	return x->tells_orders ? item_retake(x->s, t->at.item, x->why, err) : OK;
}

static enum fault take_one(struct taking *x, struct taken *t, struct err *err)
{
	if (t->unknown)
		return OK;
	if (!t->at.place && place_id(x->s, t->place, "own", x->of->account, &t->at.place, err))
		return FAULT_STORE;
	if (item_id(x->s, t->count->sku, t->count->title, x->why, &t->at.item, err))
		return FAULT_STORE;
	if (t->said && t->timed && t->valid_ms < t->was_ms)
		return OK; /* older than what the same source said already */
	if ((!t->skip || !t->said) && put_reading(x, t, err))
		return FAULT_STORE;
	x->out->taken += !t->skip;
	return t->skip ? OK : put_stock(x, t, err);
}

/* ---- a complete list that leaves a SKU out ---- */

/* One past the last count of the same place as x->t[i]. */
static int run_end(const struct taking *x, int i)
{
	int k = i + 1;

	while (k < x->n && !strcmp(x->t[k].place, x->t[i].place))
		k++;
	return k;
}

/* The reading of one place, x->t[i..k). */
static struct complete complete_of(const struct taking *x, int i, int k)
{
	const char **sku = arena_alloc(x->a, (size_t)(k - i) * sizeof *sku);
	struct complete c = { .account = x->of->account, .place = x->t[i].place, .sku = sku, .again = true };

	for (; i < k; i++) {
		c.again &= !x->t[i].timed && x->t[i].skip;
		if (x->t[i].valid_ms > c.valid_ms)
			c.valid_ms = x->t[i].valid_ms;
		if (!x->t[i].gone)
			sku[c.n++] = x->t[i].count->sku;
	}
	return c;
}

/* The second complete list in a row without it counts it as none. */
static enum fault add_gone(struct taking *x, int from, int to, int *n, struct err *err)
{
	const struct taken *first = &x->t[from];
	const char *const *sku;
	struct complete c = complete_of(x, from, to);
	int k = 0;
	enum fault f = missing_again(x->s, &c, x->a, &sku, &k, err);

	for (int i = 0; i < k && !f; i++) {
		struct count *none = arena_alloc(x->a, sizeof *none);
		struct taken *t;

		x->t = arena_grow(x->a, x->t, *n, &x->cap, sizeof *x->t);
		t = &x->t[(*n)++];
		*none = (struct count){ .place = first->count->place, .sku = sku[i] };
		*t = (struct taken){ .count = none, .place = c.place, .valid_ms = c.valid_ms, .timed = true, .gone = true };
		first = &x->t[from];
		f = weigh(x, t, err);
	}
	return f;
}

static enum fault take_out_gone(struct taking *x, struct err *err)
{
	int n = x->n;
	enum fault f = OK;

	for (int i = 0, k; i < x->n && !f && x->of->whole; i = k) {
		k = run_end(x, i);
		f = add_gone(x, i, k, &n, err);
	}
	if (n > x->n)
		qsort(x->t, (size_t)n, sizeof *x->t, by_place_and_sku);
	x->n = n;
	return f;
}

static enum fault note_missing(struct taking *x, int from, int to, struct err *err)
{
	struct complete c = complete_of(x, from, to);

	return x->of->whole ? missing_note(x->s, &c, x->why, err) : OK;
}

static enum fault hear_places(struct taking *x, struct err *err)
{
	static const char sql[] = "UPDATE place SET heard_ms = ? WHERE id = ?";
	int64_t place;

	for (int i = 0, k; i < x->n; i = k) {
		const char *name = x->t[i].place;

		k = run_end(x, i);
		if (place_source(x->s, x->of->account, x->t[i].count->place && *x->t[i].count->place ? x->t[i].count->place : name, &place, err) ||
		    note_missing(x, i, k, err))
			return FAULT_STORE;
		if (x->of->account ? place_heard(x->s, x->of->account, place, x->why, err) : RUN(x->s, err, sql, V(x->why->now_ms), V(place)))
			return FAULT_STORE;
	}
	return OK;
}

/* Where others tell of it too: do they agree? */
static enum fault compare(struct taking *x, struct err *err)
{
	enum fault f = OK;

	for (const struct taken *t = x->t; t < x->t + x->n && !f; t++)
		if (t->use.among > 1 && t->at.item && t->at.place)
			f = conflict_weigh(x->s, &x->truth, t->at.item, t->at.place, x->why, err);
	return f;
}

/* ---- all of it ---- */

/*
 * Dispatches are read before stock. A reading that was asked for before them, and does not say of which moment it is, may still hold
 * units that are known to have left: it waits for the next one.
 */
static enum fault check_order(struct taking *x, const struct count *c, int n, struct err *err)
{
	static const char sql[] = "SELECT upto_ms FROM source WHERE account_id = ?";
	int64_t upto;
	bool timed = n > 0;

	if (GET_INT(x->s, err, 0, &upto, sql, V(x->of->account)))
		return FAULT_STORE;
	for (int i = 0; i < n && timed; i++)
		timed = c[i].valid_ms != 0;
	x->tells_orders = upto != 0;
	x->out->waits = x->of->begun_ms && x->of->begun_ms < upto && !timed;
	return OK;
}

/* With the last of the first readings it is known what is short: what waited for it is told. */
static enum fault weigh_short(struct taking *x, struct err *err)
{
	static const char sql[] = "SELECT id FROM item WHERE available < 0 AND id > ? ORDER BY id LIMIT 1";
	int64_t item = 0;
	bool all;
	enum fault f = source_arrived(x->s, x->of->account, x->why->now_ms, &all, err);

	while (!f && all && !(f = GET_INT(x->s, err, 0, &item, sql, V(item))) && item)
		f = ledger_weigh(x->s, item, x->why, err);
	return f;
}

static enum fault note_counts(struct taking *x, struct err *err)
{
	static const char sql[] = "INSERT INTO source (account_id, counts_ms) VALUES (?1, ?2) ON CONFLICT (account_id) DO UPDATE SET counts_ms = excluded.counts_ms";

	if (!x->of->account)
		return OK;
	return RUN(x->s, err, sql, V(x->of->account), V(x->of->begun_ms ? x->of->begun_ms : x->why->now_ms)) ? FAULT_STORE : weigh_short(x, err);
}

static enum fault take_all(struct taking *x, const struct count *c, int n, struct err *err)
{
	enum fault f = check_order(x, c, n, err);

	if (f || x->out->waits)
		return f;
	f = truth_get(x->s, &x->truth, err);
	if (!f)
		f = line_up(x, c, n, err);
	for (int i = 0; i < x->n && !f; i++)
		f = weigh(x, &x->t[i], err);
	if (!f)
		f = take_out_gone(x, err);
	if (!f && !x->of->again)
		f = guard(x, err);
	for (int i = 0; i < x->n && !f; i++)
		f = take_one(x, &x->t[i], err);
	if (!f)
		f = hear_places(x, err);
	if (!f)
		f = compare(x, err);
	return f ? f : note_counts(x, err);
}

enum fault reading_take(struct store *s, const struct reading_of *of, const struct count *c, int n, struct arena *a, const struct cause *why,
                        struct reading_result *out, struct err *err)
{
	struct taking x = { .s = s, .a = a, .of = of, .why = why, .out = out };

	assert(store_in_transaction(s));
	*out = (struct reading_result){ 0 };
	x.cap = n + 1;
	x.t = arena_alloc(a, (size_t)x.cap * sizeof *x.t);
	return take_all(&x, c, n, err);
}

enum fault counts_take(struct store *s, const struct count *c, int n, bool whole, bool again, const struct cause *why, struct err *err)
{
	struct reading_of of = { .whole = whole, .again = again };
	struct reading_result result;
	struct arena *a = arena_new();
	enum fault f = reading_take(s, &of, c, n, a, why, &result, err);

	arena_free(a);
	return f;
}
