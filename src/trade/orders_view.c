/*
 * orders_view.c: the queue by deadline, date, total, channel or SKU, a page at a time.
 */
#include "trade/keyset.h"
#include "trade/rows.h"

#include <string.h>

/* ---- what may be typed ---- */

/* Money in thousandths: the exponents of base/text.c's currency_exponent, as a test compares them. */
#define MILLI                                                                                                              \
	"o.total_minor * CASE WHEN o.currency IN ('JPY','KRW','CLP','VND','ISK','PYG','UGX','XAF','XOF','XPF') THEN 1000 " \
	"WHEN o.currency IN ('BHD','KWD','OMR','JOD','TND') THEN 1 ELSE 10 END @"

#define ANY_LINE(what) "EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND lower(l." what ") @)"
#define DEADLINE(what) "(o." what " > 0 AND o." what " @)"

static const struct filter_column columns[] = {
	{ "order", "(lower(o.ref) @ OR lower(o.other_ref) @)", FILTER_WORD, "the channel's or the buyer's number" },
	{ "channel", "(lower(c.name) @ OR lower(c.channel) @)", FILTER_WORD, "account or channel: amazon-us, amazon" },
	{ "market", "lower(o.marketplace) @", FILTER_WORD, "marketplace of the channel" },
	{ "state", "lower(o.state) @", FILTER_STATE, "new, acked, shipped ... or a word such as late" },
	{ "status", "lower(o.state) @", FILTER_STATE, "the same as state" },
	{ "raw", "lower(o.raw_state) @", FILTER_TEXT, "the channel's own word for the state" },
	{ "confirm", "lower(o.confirm) @", FILTER_WORD, "shipment confirmation: accepted, rejected, applied ..." },
	{ "sku", ANY_LINE("sku"), FILTER_WORD, "SKU of any line" },
	{ "title", ANY_LINE("title"), FILTER_TEXT, "title of any line" },
	{ "units", "o.units @", FILTER_INT, "units of all lines" },
	{ "lines", "o.lines @", FILTER_INT, "how many lines" },
	{ "total", MILLI, FILTER_MONEY, "amount in the order's own currency" },
	{ "currency", "lower(o.currency) @", FILTER_WORD, "USD, EUR ..." },
	{ "to", "lower(o.country) @", FILTER_WORD, "country it goes to" },
	{ "service", "lower(o.service) @", FILTER_TEXT, "shipping service that was promised" },
	{ "node", "lower(o.node) @", FILTER_WORD, "ship node" },
	{ "carrier", "lower(o.carrier) @", FILTER_WORD, "carrier it went with" },
	{ "tracking", "lower(o.tracking) @", FILTER_WORD, "tracking number" },
	{ "age", "o.placed_ms @", FILTER_AGE, "time since it was placed" },
	{ "heard", "o.known_ms @", FILTER_AGE, "time since we last learnt something of it" },
	{ "due", "o.due_ms @", FILTER_UNTIL, "time until the next deadline; due<-2h is two hours late" },
	{ "ship_by", DEADLINE("ship_by_ms"), FILTER_UNTIL, "time until it must be shipped" },
	{ "ack_by", DEADLINE("ack_by_ms"), FILTER_UNTIL, "time until it must be acknowledged" },
	{ "cancel_by", DEADLINE("cancel_by_ms"), FILTER_UNTIL, "time until the channel cancels it" },
	{ 0 },
};

static const struct filter_word words[] = {
	{ "late", "o.open = 1 AND o.due_ms < ?now", "open and past a deadline" },
	{ "due", "o.open = 1 AND o.due_ms >= ?now AND o.due_ms < ?now + 14400000", "a deadline within 4 hours" },
	{ "today", "o.open = 1 AND o.due_ms >= ?now AND o.due_ms < ?now + 86400000", "a deadline within 24 hours" },
	{ "open", "o.open = 1", "something is left to do" },
	{ "closed", "o.open = 0", "nothing is left to do" },
	{ "hold", "(o.flags & 1) <> 0", "held" },
	{ "cancel", "(o.flags & 2) <> 0", "the buyer asked to cancel" },
	{ "exception", "(o.flags & 4) <> 0", "something is wrong with it" },
	{ "readonly", "(o.flags & 8) <> 0", "fulfilled by the channel: shown only" },
	{ "unsure", "o.confirm = 'UNKNOWN'", "a confirmation whose answer was lost" },
	{ "rejected", "o.confirm = 'REJECTED'", "a confirmation they refused" },
	{ "denied", "o.none_ms > 0", "its account says that it has no such order" },
	{ "pending", "o.state = 'PENDING'", "not paid or not released yet" },
	{ "new", "o.state = 'NEW'", "not acknowledged yet" },
	{ "acked", "o.state = 'ACKED'", "acknowledged" },
	{ "released", "o.state = 'RELEASED'", "given to the warehouse" },
	{ "picking", "o.state = 'PICKING'", "being picked" },
	{ "packed", "o.state = 'PACKED'", "packed" },
	{ "shipped", "o.state = 'SHIPPED'", "shipped" },
	{ "delivered", "o.state = 'DELIVERED'", "delivered" },
	{ "cancelled", "o.state = 'CANCELLED'", "cancelled" },
	{ "unknown", "o.state = 'UNKNOWN'", "in a state we have no word for" },
	{ 0 },
};

const struct filter_language order_language = {
	.column = columns,
	.word = words,
	.search = "(lower(o.ref) @ OR lower(o.other_ref) @ OR lower(o.sku) @ OR lower(c.name) @ OR lower(o.tracking) @ OR lower(o.state) @ OR "
		  "lower(o.country) @ OR lower(o.carrier) @)",
};

/* ---- the legs ---- */

/* CROSS JOIN: the order's index is always walked first, whatever a planner thinks of the filter. */
#define FROM " FROM orders o CROSS JOIN account c WHERE c.id = o.account_id AND "
#define UP(range, key) "SELECT " ORDER_COLUMNS FROM range " AND (" key ", o.id) > (?, ?) ORDER BY " key ", o.id LIMIT ?"
#define DOWN(range, key) "SELECT " ORDER_COLUMNS FROM range " AND (" key ", o.id) < (?, ?) ORDER BY " key " DESC, o.id DESC LIMIT ?"
#define LEG(range, key) .up = UP(range, key), .down = DOWN(range, key)

static const struct leg open_legs[ORDER_SORTS] = {
	[SORT_DUE] = { LEG("o.open = 1", "o.due_ms") },
	[SORT_PLACED] = { LEG("o.open = 1", "o.placed_ms"), .natural_down = true },
	[SORT_TOTAL] = { LEG("o.open = 1", "o.total_minor"), .natural_down = true },
	[SORT_CHANNEL] = { LEG("o.open = 1 AND o.account_id = ?", "o.due_ms") },
	[SORT_SKU] = { LEG("o.open = 1", "o.sku"), .text = true },
};

static const struct leg closed_leg = { LEG("o.open = 0", "o.placed_ms"), .natural_down = true };

static const char *const sort_names[ORDER_SORTS] = {
	[SORT_DUE] = "ship_by", [SORT_PLACED] = "placed", [SORT_TOTAL] = "total", [SORT_CHANNEL] = "channel", [SORT_SKU] = "sku"
};

const struct leg *orders_leg(int i, const char **name)
{
	*name = i < ORDER_SORTS ? sort_names[i] : "closed";
	return i < 0 || i > ORDER_SORTS ? NULL : i < ORDER_SORTS ? &open_legs[i] : &closed_leg;
}

const char *order_sort_name(enum order_sort s)
{
	return s < ORDER_SORTS ? sort_names[s] : "?";
}

struct page_key order_key(const struct order_row *r, int sort)
{
	if (!r->open && sort != SORT_PLACED)
		return (struct page_key){ .value = r->placed_ms, .id = r->id, .closed = true };
	switch ((enum order_sort)sort) {
	case SORT_PLACED:
		return (struct page_key){ .value = r->placed_ms, .id = r->id };
	case SORT_TOTAL:
		return (struct page_key){ .value = r->total_minor, .id = r->id };
	case SORT_CHANNEL:
		return (struct page_key){ .value = r->due_ms, .id = r->id, .text = r->account_name };
	case SORT_SKU:
		return (struct page_key){ .id = r->id, .text = r->sku };
	case SORT_DUE:
	case ORDER_SORTS:
		break;
	}
	return (struct page_key){ .value = r->due_ms, .id = r->id };
}

/* The legs of a view in its natural order; by channel one for each account, by name. */
static enum fault make_legs(struct store *s, const struct page_ask *ask, struct arena *a, struct leg **out, int *n, struct err *err)
{
	static const char accounts[] = "SELECT id, name FROM account ORDER BY name";
	struct leg *legs = NULL;
	struct rows *r;
	int cap = 0;

	*n = 0;
	legs = arena_grow(a, legs, *n, &cap, sizeof *legs);
	if (ask->sort != SORT_CHANNEL) {
		legs[(*n)++] = open_legs[ask->sort];
	} else {
		for (r = store_ask(s, accounts, NULL, 0); rows_next(r); (*n)++) {
			legs = arena_grow(a, legs, *n, &cap, sizeof *legs);
			legs[*n] = open_legs[SORT_CHANNEL];
			legs[*n].account = rows_int(r, 0);
			legs[*n].account_name = rows_keep(r, 1, a);
		}
		if (rows_end(r, err))
			return FAULT_STORE;
	}
	if (ask->all) {
		legs = arena_grow(a, legs, *n, &cap, sizeof *legs);
		legs[(*n)++] = closed_leg;
	}
	*out = legs;
	return OK;
}

static bool is_closed(const struct leg *leg)
{
	return leg->up == closed_leg.up;
}

/* How the key stands to a leg: <0 the leg lies wholly before it in natural order, 0 the key is in it, >0 wholly after. */
static int leg_to_key(const struct leg *leg, const struct page_key *key)
{
	if (is_closed(leg) || key->closed)
		return (int)is_closed(leg) - (int)key->closed;
	return leg->account && key->text ? strcmp(leg->account_name, key->text) : 0;
}

struct page {
	struct order_row *row;
	int n, want;
};

static enum fault read_leg(struct store *s, struct arena *a, const struct leg *leg, bool backward, const struct page_key *key,
                           const struct filter *f, struct page *p, struct err *err)
{
	struct rows *r = leg_ask(s, a, leg, backward, key, f, p->want - p->n);

	while (p->n < p->want && rows_next(r))
		p->row[p->n++] = order_row_read(r, a);
	return rows_end(r, err);
}

static enum fault walk(struct store *s, struct arena *a, const struct leg *legs, int n, const struct page_ask *ask, const struct filter *f,
                       struct page *p, struct err *err)
{
	bool backward = ask->reverse != ask->before;
	enum fault bad = OK;

	for (int i = 0; i < n && !bad && p->n < p->want; i++) {
		const struct leg *leg = &legs[backward ? n - 1 - i : i];
		int side = ask->key.id ? leg_to_key(leg, &ask->key) : backward ? -1 : 1;

		if (side != 0 && (side < 0) != backward)
			continue; /* lies behind us */
		bad = read_leg(s, a, leg, backward, side ? NULL : &ask->key, f, p, err);
	}
	return bad;
}

/* By date open and closed orders are one list: the two legs' rows are merged. */
static enum fault merge(struct store *s, struct arena *a, const struct page_ask *ask, const struct filter *f, struct page *p,
                        struct err *err)
{
	bool backward = ask->reverse != ask->before;
	const struct page_key *key = ask->key.id ? &ask->key : NULL;
	struct page half[2] = { { .want = p->want }, { .want = p->want } };
	int at[2] = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		half[i].row = arena_alloc(a, sizeof *p->row * (size_t)(p->want + 1));
		if (read_leg(s, a, i ? &closed_leg : &open_legs[SORT_PLACED], backward, key, f, &half[i], err))
			return FAULT_STORE;
	}
	while (p->n < p->want && (at[0] < half[0].n || at[1] < half[1].n)) {
		const struct order_row *x = &half[0].row[at[0]], *y = &half[1].row[at[1]];
		bool less = x->placed_ms != y->placed_ms ? x->placed_ms < y->placed_ms : x->id < y->id;
		int take = at[0] == half[0].n ? 1 : at[1] == half[1].n ? 0 : less == backward ? 0 : 1;

		p->row[p->n++] = half[take].row[at[take]++];
	}
	return OK;
}

enum fault orders_page(struct store *s, const struct page_ask *ask, struct arena *a, struct order_row **out, int *got, int *at, int *len,
                       struct err *err)
{
	struct page p = { .want = page_rows(ask->n) };
	struct filter f;
	struct leg *legs;
	enum fault bad;
	int n;

	*got = 0;
	*out = p.row = arena_alloc(a, sizeof *p.row * (size_t)(p.want + 1));
	if (ask->sort < 0 || ask->sort >= ORDER_SORTS)
		return err_set(err, FAULT_REFUSED, "there is no such order of the queue");
	bad = filter_compile(a, &order_language, ask->filter, ask->now_ms, &f, at, len, err);
	if (!bad && ask->all && ask->sort == SORT_PLACED)
		bad = merge(s, a, ask, &f, &p, err);
	else if (!bad && !(bad = make_legs(s, ask, a, &legs, &n, err)))
		bad = walk(s, a, legs, n, ask, &f, &p, err);
	*got = bad ? 0 : p.n;
	return bad;
}

/* ---- how many ---- */

#define COUNT(range) "SELECT count(*) FROM (SELECT 1" FROM range " AND %s LIMIT ?) x"

enum fault orders_count(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	static const char counter[] = "SELECT value FROM counter WHERE name = ?";
	struct arena *a = arena_new();
	struct filter f;
	enum fault bad = filter_compile(a, &order_language, ask->filter, ask->now_ms, &f, NULL, NULL, err);

	*out = 0;
	if (!bad && !strcmp(f.where, "1 = 1"))
		bad = GET_INT(s, err, 0, out, counter, V(ask->all ? "orders" : "orders.open"));
	else if (!bad)
		bad = filter_count(s, a, ask->all ? COUNT("1 = 1") : COUNT("o.open = 1"), &f, most, out, err);
	if (*out > most)
		*out = most;
	arena_free(a);
	return bad;
}
