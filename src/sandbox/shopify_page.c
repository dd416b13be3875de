/* shopify_page.c: numbers, pages and searches of the Admin API. */
#include "sandbox/shopify.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* ---- numbers ---- */

static const struct {
	const char *name;
	int64_t base; /* what is added to the world's number */
} gids[GIDS] = {
	[GID_ORDER] = { "Order", 0 },
	[GID_LINE] = { "LineItem", 15100000000000 },
	[GID_FULFILLMENT_ORDER] = { "FulfillmentOrder", 6900000000000 },
	[GID_FULFILLMENT_ORDER_LINE] = { "FulfillmentOrderLineItem", 17200000000000 },
	[GID_FULFILLMENT] = { "Fulfillment", 5800000000000 },
	[GID_FULFILLMENT_LINE] = { "FulfillmentLineItem", 13600000000000 },
	[GID_PRODUCT] = { "Product", 8100000000000 },
	[GID_VARIANT] = { "ProductVariant", 44100000000000 },
	[GID_ITEM] = { "InventoryItem", 46200000000000 },
	[GID_LEVEL] = { "InventoryLevel", 10000000000 },
	[GID_LOCATION] = { "Location", 0 },
	[GID_CUSTOMER] = { "Customer", 7300000000000 },
	[GID_JOB] = { "Job", 0 },
	[GID_ADJUSTMENT] = { "InventoryAdjustmentGroup", 900000000 },
};

static const char *digits(struct gql_run *r, enum shop_gid kind, int64_t id)
{
	char order[24];

	if (kind == GID_LOCATION)
		return place_facts[id].id;
	if (kind == GID_ORDER) {
		order_id(world_of(r), (int)id, order);
		return arena_strdup(r->arena, order);
	}
	if (kind == GID_LEVEL)
		return arena_printf(r->arena, "%" PRId64 "?inventory_item_id=%" PRId64, gids[kind].base + id, gids[GID_ITEM].base + world_of(r)->listing[id].product);
	return arena_printf(r->arena, "%" PRId64, gids[kind].base + id);
}

struct gql_answer shop_legacy_id(struct gql_run *r, enum shop_gid kind, int64_t id)
{
	return gql_text(digits(r, kind, id));
}

struct gql_answer shop_gid(struct gql_run *r, enum shop_gid kind, int64_t id)
{
	return gql_text(arena_printf(r->arena, "gid://shopify/%s/%s", gids[kind].name, digits(r, kind, id)));
}

bool shop_sells(const struct world *w, int64_t product)
{
	return product >= 0 && product < w->products && w->product[product].listing[SHOPIFY_MAIN] >= 0;
}

int shop_location(const char *id)
{
	int p = 0;

	while (p < PLACES && (place_facts[p].platform != SHOPIFY || strcmp(place_facts[p].id, id) != 0))
		p++;
	return p;
}

/* Is there such a one? The order of a line decides for what belongs to orders. */
static bool exists(const struct world *w, enum shop_gid kind, int64_t id)
{
	switch (kind) {
	case GID_LINE:
	case GID_FULFILLMENT_ORDER_LINE:
		return id >= 0 && id < w->lines && order_platform(&w->order[w->line[id].order]) == SHOPIFY;
	case GID_FULFILLMENT_ORDER:
		return id >= 0 && id < w->orders && order_platform(&w->order[id]) == SHOPIFY;
	case GID_FULFILLMENT:
		return id >= 0 && id < w->shipments && order_platform(&w->order[w->line[w->shipment[id].line].order]) == SHOPIFY;
	case GID_LEVEL:
		return id >= 0 && id < w->listings && place_facts[w->listing[id].place].platform == SHOPIFY;
	case GID_JOB:
		return id >= 0;
	default:
		return shop_sells(w, id);
	}
}

int64_t shop_gid_read(struct gql_run *r, enum shop_gid kind, const char *gid)
{
	size_t n = strlen(gids[kind].name);
	const char *rest;
	int64_t id;

	if (strncmp(gid, "gid://shopify/", 14) != 0 || strncmp(gid + 14, gids[kind].name, n) != 0 || gid[14 + n] != '/')
		return -1;
	rest = arena_strndup(r->arena, gid + 15 + n, strcspn(gid + 15 + n, "?"));
	if (kind == GID_ORDER)
		return order_by_id(world_of(r), SHOPIFY, rest);
	if (kind == GID_LOCATION)
		return shop_location(rest) < PLACES ? shop_location(rest) : -1;
	if (!text_int(rest, 0, INT64_MAX, &id) || !exists(world_of(r), kind, id - gids[kind].base))
		return -1;
	return id - gids[kind].base;
}

struct gql_node shop_node_of(struct gql_run *r, const char *gid)
{
	static const struct {
		enum shop_gid kind;
		const struct gql_type *type;
	} kinds[] = {
		{ GID_ORDER, &shop_order },       { GID_LINE, &shop_line },       { GID_FULFILLMENT_ORDER, &shop_fulfillment_order },
		{ GID_FULFILLMENT, &shop_fulfillment }, { GID_PRODUCT, &shop_product }, { GID_VARIANT, &shop_variant },
		{ GID_ITEM, &shop_item },         { GID_LEVEL, &shop_level },     { GID_LOCATION, &shop_location_type },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		int64_t id = shop_gid_read(r, kinds[i].kind, gid);

		if (id >= 0)
			return (struct gql_node){ .type = kinds[i].type, .id = id };
	}
	return (struct gql_node){ .type = NULL };
}

/* ---- pages ---- */

struct page {
	const struct gql_type *edge;
	const struct gql_node *node;
	const char *const *cursor;
	int n;
	bool before, after;
};

const char *shop_cursor(struct gql_run *r, int64_t n)
{
	return base64_encode(r->arena, arena_printf(r->arena, "n%" PRId64, n));
}

int64_t shop_cursor_read(struct gql_run *r, const char *cursor)
{
	const char *plain = base64_decode(r->arena, cursor);
	int64_t n;

	return plain && *plain == 'n' && text_int(plain + 1, 0, INT64_MAX, &n) ? n : -1;
}

struct gql_answer shop_page_made(struct gql_run *r, const struct gql_type *connection, const struct gql_node *nodes, const char *const *cursors, int n, bool before, bool after)
{
	struct page *p = arena_alloc(r->arena, sizeof *p);

	*p = (struct page){ gql_type(r->schema, gql_def(connection, "edges")->type), nodes, cursors, n, before, after };
	return gql_object(connection, 0, 0, p);
}

int shop_first(struct gql_run *r, const struct json *args)
{
	int64_t first = json_int_or(args, "first", json_int_or(args, "last", -1));

	if (first < 0)
		gql_error(r, "BAD_REQUEST", "you must provide one of first or last");
	else if (first > SHOP_PAGE_MAX)
		gql_error(r, "BAD_REQUEST", "first or last cannot exceed 250");
	return first > 0 && first <= SHOP_PAGE_MAX ? (int)first : 0;
}

struct gql_answer shop_page(struct gql_run *r, const struct gql_type *connection, const struct gql_node *all, int n, const struct json *args)
{
	const char *after = json_text_or(args, "after", NULL), *before = json_text_or(args, "before", NULL);
	bool reverse = json_bool_or(args, "reverse", false), last = !json_get(args, "first");
	int want = shop_first(r, args), from = 0, to = n;
	struct gql_node *nodes;
	const char **cursors;

	if (!want)
		return gql_null();
	if ((after && shop_cursor_read(r, after) < 0) || (before && shop_cursor_read(r, before) < 0)) {
		gql_error(r, "BAD_REQUEST", "Invalid cursor for current pagination sort.");
		return gql_null();
	}
	if (after)
		from = (int)shop_cursor_read(r, after) + 1;
	if (before && shop_cursor_read(r, before) < to)
		to = (int)shop_cursor_read(r, before);
	if (last && to - from > want)
		from = to - want;
	if (!last && to - from > want)
		to = from + want;
	nodes = arena_alloc(r->arena, ((size_t)(to > from ? to - from : 0) + 1) * sizeof *nodes);
	cursors = arena_alloc(r->arena, ((size_t)(to > from ? to - from : 0) + 1) * sizeof *cursors);
	for (int i = from; i < to; i++) {
		nodes[i - from] = all[reverse ? n - 1 - i : i];
		cursors[i - from] = shop_cursor(r, i);
	}
	return shop_page_made(r, connection, nodes, cursors, to > from ? to - from : 0, from > 0, to < n);
}

struct gql_answer shop_edges(struct gql_run *r, struct gql_node on, const struct json *args)
{
	const struct page *p = on.more;
	struct gql_node *edges = arena_alloc(r->arena, ((size_t)p->n + 1) * sizeof *edges);

	(void)args;
	for (int i = 0; i < p->n; i++)
		edges[i] = (struct gql_node){ .type = p->edge, .id = i, .more = p };
	return gql_objects(edges, p->n);
}

struct gql_answer shop_nodes(struct gql_run *r, struct gql_node on, const struct json *args)
{
	const struct page *p = on.more;

	(void)r;
	(void)args;
	return gql_objects(p->node, p->n);
}

struct gql_answer shop_edge_cursor(struct gql_run *r, struct gql_node on, const struct json *args)
{
	const struct page *p = on.more;

	(void)r;
	(void)args;
	return gql_text(p->cursor[on.id]);
}

struct gql_answer shop_edge_node(struct gql_run *r, struct gql_node on, const struct json *args)
{
	const struct page *p = on.more;

	(void)r;
	(void)args;
	return (struct gql_answer){ .kind = ANSWER_NODE, .node = p->node[on.id] };
}

struct gql_answer shop_page_info(struct gql_run *r, struct gql_node on, const struct json *args)
{
	(void)r;
	(void)args;
	return gql_object(&shop_page_info_type, 0, 0, on.more);
}

SHOP_GET(info_next)
{
	return gql_bool(((const struct page *)on.more)->after);
}

SHOP_GET(info_previous)
{
	return gql_bool(((const struct page *)on.more)->before);
}

SHOP_GET(info_start)
{
	const struct page *p = on.more;

	return gql_text(p->n ? p->cursor[0] : NULL);
}

SHOP_GET(info_end)
{
	const struct page *p = on.more;

	return gql_text(p->n ? p->cursor[p->n - 1] : NULL);
}

static const struct gql_def page_info_fields[] = {
	{ "hasNextPage", "Boolean!", NULL, info_next },
	{ "hasPreviousPage", "Boolean!", NULL, info_previous },
	{ "startCursor", "String", NULL, info_start },
	{ "endCursor", "String", NULL, info_end },
	SHOP_END,
};

const struct gql_type shop_page_info_type = { "PageInfo", GQL_TYPE, page_info_fields, NULL };

/* ---- searches ---- */

static const char *value_read(struct arena *a, const char **s)
{
	char quote = **s == '\'' || **s == '"' ? **s : '\0';
	const char *from = *s + (quote != '\0');
	size_t n = quote ? strcspn(from, quote == '"' ? "\"" : "'") : strcspn(from, " \t\n)");

	*s = from + n + (quote && from[n]);
	return arena_strndup(a, from, n);
}

static void operator_read(struct shop_term *t, const char **s)
{
	static const struct {
		const char *text;
		int op;
	} ops[] = { { ">=", AT_LEAST }, { "<=", AT_MOST }, { ">", ABOVE }, { "<", BELOW }, { "=", IS } };

	t->op = IS;
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (strncmp(*s, ops[i].text, strlen(ops[i].text)) == 0) {
			t->op = (unsigned)ops[i].op;
			*s += strlen(ops[i].text);
			return;
		}
}

static bool word_next(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0 || ((*s)[n] && (*s)[n] != ' '))
		return false;
	*s += n;
	return true;
}

int shop_search(struct arena *a, const char *query, struct shop_term out[SHOP_TERMS_MAX])
{
	bool or_ = false, not_ = false;
	int n = 0;

	for (const char *s = query ? query : ""; n < SHOP_TERMS_MAX; n++) {
		struct shop_term *t = &out[n];
		size_t name;

		for (s += strspn(s, " \t\n()"); *s; s += strspn(s, " \t\n()")) {
			if (word_next(&s, "AND"))
				continue;
			if (word_next(&s, "OR"))
				or_ = true;
			else if (word_next(&s, "NOT"))
				not_ = true;
			else
				break;
		}
		if (!*s)
			break;
		*t = (struct shop_term){ .or_ = or_, .not_ = not_ != (*s == '-'), .field = "" };
		or_ = not_ = false;
		s += *s == '-';
		name = strspn(s, "abcdefghijklmnopqrstuvwxyz_");
		if (name && s[name] == ':') {
			t->field = arena_strndup(a, s, name);
			s += name + 1;
			operator_read(t, &s);
		}
		t->value = value_read(a, &s);
	}
	return n;
}

bool shop_matches(struct gql_run *r, const struct shop_term *terms, int n, bool (*match)(struct gql_run *, const struct shop_term *, int64_t), int64_t id)
{
	bool any = false, all = true;

	for (int i = 0; i < n; i++) {
		if (terms[i].or_) {
			any |= all;
			all = true;
		}
		all = all && match(r, &terms[i], id) != terms[i].not_;
	}
	return any || all;
}

bool shop_compare(const struct shop_term *t, int64_t have, int64_t want)
{
	switch (t->op) {
	case BELOW:
		return have < want;
	case AT_MOST:
		return have <= want;
	case ABOVE:
		return have > want;
	case AT_LEAST:
		return have >= want;
	default:
		return have == want;
	}
}

bool shop_ignore(struct gql_run *r, const char *word)
{
	struct shop *shop = shop_of(r);

	for (int i = 0; i < shop->warnings; i++)
		if (strcmp(shop->ignored[i], word) == 0)
			return true;
	if (shop->warnings < SHOP_WARNINGS_MAX)
		shop->ignored[shop->warnings++] = word;
	return true;
}

/* ---- parts ---- */

struct gql_answer shop_time(struct gql_run *r, int64_t ms)
{
	char iso[32];

	if (!ms)
		return gql_null();
	time_iso_s(ms, iso);
	return gql_text(arena_strdup(r->arena, iso));
}

const char *shop_amount(struct gql_run *r, int64_t minor)
{
	struct buf b = buf_new(r->arena);
	struct json_out o = json_out(&b);

	json_put_minor(&o, NULL, minor, "USD");
	return b.p;
}

struct gql_answer shop_money_of(int64_t minor)
{
	return gql_object(&shop_money_bag, minor, 0, NULL);
}
