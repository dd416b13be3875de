#include "trade/kits.h"

#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/ledger.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- how many more could be made ---- */

/* More of anything than this is nowhere; and the product with a quantity still fits. */
#define NEED_MOST INT64_C(1000000000000)

enum { MADE_MOST = 999999 };

static int node_of(struct kit_tree *t, struct arena *a, int *cap, int64_t item)
{
	for (int i = 0; i < t->nodes; i++)
		if (t->node[i].item == item)
			return i;
	t->node = arena_grow(a, t->node, t->nodes, cap, sizeof *t->node);
	t->node[t->nodes] = (struct kit_node){ .item = item, .sku = "" };
	return t->nodes++;
}

static bool has_edge(const struct kit_tree *t, int from, int to)
{
	for (int i = 0; i < t->edges; i++)
		if (t->edge[i].from == from && t->edge[i].to == to)
			return true;
	return false;
}

enum fault kit_tree_load(struct store *s, int64_t item, struct arena *a, struct kit_tree *out, struct err *err)
{
	/* by depth, so that a part that is used at several depths ends with the deepest */
	static const char sql[] =
		"WITH RECURSIVE below (item_id, part_id, qty, depth) AS (SELECT item_id, part_id, qty, 1 FROM kit WHERE item_id = ?1 "
		"UNION SELECT k.item_id, k.part_id, k.qty, b.depth + 1 FROM below b JOIN kit k ON k.item_id = b.part_id WHERE b.depth < ?2) "
		"SELECT b.item_id, b.part_id, b.qty, b.depth, i.counted - i.held - i.reserved - i.lent, i.kit, i.sku FROM below b "
		"JOIN item i ON i.id = b.part_id ORDER BY b.depth, i.sku";
	struct rows *r = ASK(s, sql, V(item), V((int)KIT_DEEP));
	int nodes = 0, edges = 0;

	*out = (struct kit_tree){ 0 };
	node_of(out, a, &nodes, item);
	while (rows_next(r)) {
		int from = node_of(out, a, &nodes, rows_int(r, 0)), to = node_of(out, a, &nodes, rows_int(r, 1));

		out->node[to] = (struct kit_node){ rows_int(r, 1), rows_int(r, 4), rows_keep(r, 6, a), (int)rows_int(r, 3), rows_int(r, 5) != 0 };
		if (has_edge(out, from, to))
			continue;
		out->edge = arena_grow(a, out->edge, out->edges, &edges, sizeof *out->edge);
		out->edge[out->edges++] = (struct kit_edge){ from, to, rows_int(r, 2) };
	}
	return rows_end(r, err);
}

static void want_parts(const struct kit_tree *t, int from, int64_t qty, int64_t *need)
{
	for (int i = 0; i < t->edges; i++)
		if (t->edge[i].from == from)
			need[t->edge[i].to] += qty * t->edge[i].qty;
}

/* Can n be made? What stands of a part is taken first, what is short of a part that is a kit is made in turn. Returns the node that lacks, or -1. */
static int lacks(const struct kit_tree *t, const int64_t *less, int64_t n, int64_t *need)
{
	memset(need, 0, (size_t)t->nodes * sizeof *need);
	want_parts(t, 0, n, need);
	for (int level = 1; level <= KIT_DEEP; level++)
		for (int i = 1; i < t->nodes; i++) {
			int64_t own = t->node[i].own - (less ? less[i] : 0), short_of = need[i] - (own > 0 ? own : 0);

			if (t->node[i].level != level || short_of <= 0)
				continue;
			if (!t->node[i].kit || need[i] > NEED_MOST)
				return i;
			want_parts(t, i, short_of, need);
		}
	return -1;
}

int64_t kit_tree_allows(const struct kit_tree *t, const int64_t *less, int *limit)
{
	struct arena *a = arena_new();
	int64_t *need = arena_alloc(a, (size_t)(t->nodes + 1) * sizeof *need), least = 0, most = t->edges ? MADE_MOST : 0;

	while (least < most) { /* what can be made of n can be made of fewer */
		int64_t n = (least + most + 1) / 2;

		if (lacks(t, less, n, need) < 0)
			least = n;
		else
			most = n - 1;
	}
	if (limit)
		*limit = t->edges ? lacks(t, less, least + 1, need) : -1;
	arena_free(a);
	return least;
}

/* ---- the ledger's side ---- */

static int64_t short_of(int64_t own)
{
	return own < 0 ? -own : 0;
}

enum fault kits_lent(struct store *s, int64_t item, int64_t *lent, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(k.qty * (i.reserved + i.held + i.lent - i.counted)), 0) FROM kit k JOIN item i ON i.id = k.item_id "
				  "WHERE k.part_id = ? AND i.reserved + i.held + i.lent > i.counted";

	return GET_INT(s, err, 0, lent, sql, V(item));
}

static enum fault lend(struct store *s, int64_t part, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT lent FROM item WHERE id = ?";
	int64_t was, is;

	if (GET_INT(s, err, 0, &was, ask, V(part)) || kits_lent(s, part, &is, err))
		return FAULT_STORE;
	return ledger_shift(s, part, (struct shift){ .lent = is - was }, why, err);
}

/* Each part of the kit: at most KIT_PARTS, one after the other, as each may be a kit of its own. */
static enum fault lend_all(struct store *s, int64_t kit, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT coalesce(min(part_id), 0) FROM kit WHERE item_id = ? AND part_id > ?";
	int64_t part = 0;

	for (;;) {
		if (GET_INT(s, err, 0, &part, sql, V(kit), V(part)))
			return FAULT_STORE;
		if (!part)
			return OK;
		if (lend(s, part, why, err))
			return FAULT_STORE;
	}
}

static enum fault put_made(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT counted - held - reserved - lent FROM item WHERE id = ?", was[] = "SELECT available FROM item WHERE id = ?";
	static const char sql[] = "UPDATE item SET available = available - made + ?2, made = ?2, known_ms = ?3 WHERE id = ?1 AND made <> ?2";
	struct arena *a = arena_new();
	struct kit_tree t;
	int64_t own, allows, available, made;
	enum fault f = kit_tree_load(s, item, a, &t, err);

	allows = f ? 0 : kit_tree_allows(&t, NULL, NULL);
	arena_free(a);
	if (f || GET_INT(s, err, 0, &own, ask, V(item)) || GET_INT(s, err, 0, &available, was, V(item)))
		return FAULT_STORE;
	made = t.edges ? short_of(own) + allows : 0;
	if (RUN(s, err, sql, V(item), V(made), V(why->now_ms)))
		return FAULT_STORE;
	return change_int(s, "item", item, "available", available, own + made, why->now_ms, why, err);
}

enum fault kit_reckon(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	return lend_all(s, item, why, err) ? FAULT_STORE : put_made(s, item, why, err);
}

enum fault kits_touch(struct store *s, int64_t item, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO dirty (item_id, since_ms) WITH RECURSIVE above (item_id) AS (SELECT item_id FROM kit WHERE part_id = ?1 "
				  "UNION SELECT k.item_id FROM above b JOIN kit k ON k.part_id = b.item_id) SELECT item_id, ?2 FROM above WHERE true "
				  "ON CONFLICT (item_id) DO NOTHING";

	return RUN(s, err, sql, V(item), V(now_ms));
}

enum fault kit_with(struct store *s, int64_t part, int64_t after, int64_t *kit, struct err *err)
{
	static const char sql[] = "SELECT coalesce(min(item_id), 0) FROM kit WHERE part_id = ? AND item_id > ?";

	return GET_INT(s, err, 0, kit, sql, V(part), V(after));
}

/* ---- what it is made of ---- */

static bool line_read(const char *text, int64_t *qty, int64_t *part, const char **sku)
{
	int64_t *const number[] = { qty, part };

	if (!text_numbers(&text, 2, number))
		return false;
	*sku = text;
	return *text && !*qty == !*part;
}

enum fault kit_recipe_read(struct store *s, const struct fields *payload, int *i, struct arena *a, struct kit_recipe *out, struct err *err)
{
	const char *line, *sku;
	int64_t qty, item;

	*out = (struct kit_recipe){ .sku = "", .part = arena_alloc(a, (KIT_PARTS + 1) * sizeof *out->part) };
	for (; (line = fields_each(payload, "kit", *i)); ++*i) {
		struct item part;

		if (!line_read(line, &qty, &item, &sku))
			return err_set(err, FAULT_REFUSED, "line %d is none of a kit", *i + 1);
		if (*out->sku && strcmp(out->sku, sku))
			return OK;
		if (*out->sku && (!item || !out->parts))
			return err_set(err, FAULT_REFUSED, "%.80s is no kit any more, and one with parts: which of the two?", sku);
		out->sku = sku;
		if (out->parts > KIT_PARTS)
			return err_set(err, FAULT_REFUSED, "%.80s: a kit has at most %d parts", sku, KIT_PARTS);
		if (item && item_get_id(s, item, a, &part, err))
			return err->fault;
		if (item)
			out->part[out->parts++] = (struct kit_part){ item, qty, part.sku, part.title, part.available };
	}
	return OK;
}

/* The longest way down from it (kits in kits), or up. */
static enum fault depth_of(struct store *s, int64_t item, bool down, int64_t *depth, struct err *err)
{
	static const char below[] = "WITH RECURSIVE w (id, depth) AS (SELECT ?1, 0 UNION SELECT k.part_id, w.depth + 1 FROM w JOIN kit k ON k.item_id = w.id "
				    "WHERE w.depth <= ?2) SELECT max(depth) FROM w";
	static const char above[] = "WITH RECURSIVE w (id, depth) AS (SELECT ?1, 0 UNION SELECT k.item_id, w.depth + 1 FROM w JOIN kit k ON k.part_id = w.id "
				    "WHERE w.depth <= ?2) SELECT max(depth) FROM w";

	return down ? GET_INT(s, err, 0, depth, below, V(item), V((int)KIT_DEEP)) : GET_INT(s, err, 0, depth, above, V(item), V((int)KIT_DEEP));
}

static enum fault is_below(struct store *s, int64_t top, int64_t item, bool *yes, struct err *err)
{
	static const char sql[] = "WITH RECURSIVE w (id) AS (SELECT ?1 UNION SELECT k.part_id FROM w JOIN kit k ON k.item_id = w.id) "
				  "SELECT count(*) FROM w WHERE id = ?2";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(top), V(item));

	*yes = n != 0;
	return f;
}

static enum fault check_part(struct store *s, const char *sku, int64_t kit, int64_t above, const struct kit_part *part, struct err *err)
{
	struct arena *a = arena_new();
	struct item i = { .sku = "" };
	int64_t below;
	bool round = false;
	enum fault f = item_get_id(s, part->item, a, &i, err);

	if (!f && (part->qty < 1 || part->qty > KIT_QTY))
		f = err_set(err, FAULT_REFUSED, "%.60s: of %.60s one kit holds 1 to %d", sku, i.sku, KIT_QTY);
	if (!f && kit)
		f = is_below(s, part->item, kit, &round, err);
	if (!f && round)
		f = err_set(err, FAULT_REFUSED, "%.60s would be part of itself, by %.60s", sku, i.sku);
	if (!f)
		f = depth_of(s, part->item, true, &below, err);
	if (!f && above + 1 + below > KIT_DEEP)
		f = err_set(err, FAULT_REFUSED, "%.60s: with %.60s kits would lie in kits more than %d deep", sku, i.sku, KIT_DEEP);
	arena_free(a);
	return f;
}

enum fault kit_check(struct store *s, const char *sku, const struct kit_part *part, int n, int64_t *kit, struct err *err)
{
	static const char ask[] = "SELECT id FROM item WHERE sku = ?";
	int64_t above = 0;
	enum fault f = OK;

	if (!*sku || strlen(sku) > 100)
		return err_set(err, FAULT_REFUSED, "a kit has a SKU of 1 to 100 bytes");
	if (n > KIT_PARTS)
		return err_set(err, FAULT_REFUSED, "%.80s: a kit has at most %d parts", sku, KIT_PARTS);
	if (GET_INT(s, err, 0, kit, ask, V(sku)) || (*kit && depth_of(s, *kit, false, &above, err)))
		return FAULT_STORE;
	for (int i = 0; i < n && !f; i++) {
		for (int k = 0; k < i && !f; k++)
			if (part[k].item == part[i].item)
				f = err_set(err, FAULT_REFUSED, "%.80s: a part stands twice among its parts", sku);
		if (!f)
			f = check_part(s, sku, *kit, above, &part[i], err);
	}
	return f;
}

const char *kit_words(const struct kit_part *part, int n, struct arena *a)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%" PRId64 " x %s", i ? ", " : "", part[i].qty, part[i].sku);
	return n ? b.p : "";
}

static enum fault write_parts(struct store *s, int64_t kit, const struct kit_part *part, int n, struct err *err)
{
	static const char drop[] = "DELETE FROM kit WHERE item_id = ?";
	static const char put[] = "INSERT INTO kit (item_id, part_id, qty) VALUES (?, ?, ?)";
	static const char mark[] = "UPDATE item SET kit = ? WHERE id = ?";

	if (RUN(s, err, drop, V(kit)) || RUN(s, err, mark, V(n > 0), V(kit)))
		return FAULT_STORE;
	for (int i = 0; i < n; i++)
		if (RUN(s, err, put, V(kit), V(part[i].item), V(part[i].qty)))
			return FAULT_STORE;
	return OK;
}

/* The parts that it had let go of what they lent it, the new ones lend. */
static enum fault replace_parts(struct store *s, int64_t kit, const struct kit_part *part, int n, struct arena *a, const struct cause *why, struct err *err)
{
	struct kit_part *was, *is;
	int had, has;

	if (kit_parts(s, kit, a, &was, &had, err) || write_parts(s, kit, part, n, err))
		return FAULT_STORE;
	for (int i = 0; i < had; i++)
		if (lend(s, was[i].item, why, err))
			return FAULT_STORE;
	if (kit_reckon(s, kit, why, err) || kit_parts(s, kit, a, &is, &has, err) ||
	    change_text(s, "item", kit, "kit", kit_words(was, had, a), kit_words(is, has, a), why->now_ms, why, err))
		return FAULT_STORE;
	return ledger_weigh(s, kit, why, err);
}

enum fault kit_set(struct store *s, const char *sku, const struct kit_part *part, int n, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	int64_t kit;
	enum fault f = kit_check(s, sku, part, n, &kit, err);

	assert(store_in_transaction(s));
	if (!f && !kit && n)
		f = item_id(s, sku, NULL, why, &kit, err);
	if (!f && kit)
		f = replace_parts(s, kit, part, n, a, why, err);
	arena_free(a);
	return f;
}

/* ---- reading ---- */

enum fault kit_parts(struct store *s, int64_t item, struct arena *a, struct kit_part **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT k.part_id, k.qty, i.sku, i.title, i.available FROM kit k JOIN item i ON i.id = k.part_id WHERE k.item_id = ? ORDER BY i.sku";
	struct rows *r = ASK(s, sql, V(item));

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = *n ? *out : arena_alloc(a, KIT_PARTS * sizeof **out);
		(*out)[(*n)++] = (struct kit_part){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a), rows_keep(r, 3, a), rows_int(r, 4) };
	}
	return rows_end(r, err);
}

enum fault kits_page(struct store *s, const struct kit_row *after, int n, struct arena *a, struct kit_row **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT k.item_id, k.part_id, k.qty, i.available, p.available, i.counted, i.sku, i.title, p.sku FROM item i "
				  "JOIN kit k ON k.item_id = i.id JOIN item p ON p.id = k.part_id "
				  "WHERE i.kit = 1 AND (i.sku > ?1 OR (i.sku = ?1 AND p.sku > ?2)) ORDER BY i.sku, p.sku LIMIT ?3";
	struct rows *r = ASK(s, sql, V(after ? after->sku : ""), V(after ? after->part_sku : ""), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); (*got)++)
		(*out)[*got] = (struct kit_row){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5),
			                         rows_keep(r, 6, a), rows_keep(r, 7, a), rows_keep(r, 8, a) };
	return rows_end(r, err);
}
