/* Kits: never more than their parts allow, and one unit is promised once. */
#include "trade_truth.h"

#include "trade/kits.h"
#include "trade/views.h"

static int64_t counted(struct world *w, const char *sku, int64_t qty)
{
	struct count c = { .sku = sku, .qty = qty, .valid_ms = w->why.now_ms };
	int64_t id;

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
	OKAY(w, item_id(w->s, sku, NULL, &w->why, &id, &w->err));
	return id;
}

/* What the engine does of items that are marked. */
static void settle(struct world *w)
{
	int64_t item[64];
	int n;

	do {
		OKAY(w, items_dirty(w->s, item, 64, &n, &w->err));
		for (int i = 0; i < n; i++) {
			OKAY(w, item_reckon(w->s, item[i], &w->why, &w->err));
			OKAY(w, item_clean(w->s, item[i], &w->err));
		}
	} while (n);
}

static int64_t available(struct world *w, const char *sku)
{
	struct item i;

	settle(w);
	world_history_adds_up(w);
	OKAY(w, item_get(w->s, sku, w->a, &i, &w->err));
	return i.available;
}

static int64_t made_of(struct world *w, const char *sku, int64_t a, int64_t a_qty, int64_t b, int64_t b_qty)
{
	const struct kit_part part[] = { { .item = a, .qty = a_qty }, { .item = b, .qty = b_qty } };
	int64_t id;

	OKAY(w, kit_set(w->s, sku, part, b ? 2 : 1, &w->why, &w->err));
	OKAY(w, item_id(w->s, sku, NULL, &w->why, &id, &w->err));
	return id;
}

/* Open orders of the item owe so much more, or less. */
static void owe(struct world *w, int64_t item, int64_t qty)
{
	static const char sql[] = "INSERT INTO order_line (order_id, ref, sku, item_id, qty, reserves) VALUES (?1, 'item ' || ?2, 'X', ?2, 0, ?3) "
				  "ON CONFLICT (order_id, ref) DO UPDATE SET reserves = reserves + excluded.reserves";
	int64_t order = world_int(w, "SELECT coalesce(max(id), 0) FROM orders WHERE ref = 'owed'");

	if (!order)
		order = world_order(w, w->amazon, "owed", ORDER_SHIPPED, 1, 0);
	OKAY(w, RUN(w->s, &w->err, sql, V(order), V(item), V(qty)));
	OKAY(w, item_reserve(w->s, item, qty, &w->why, &w->err));
}

/* The item's equation has this term, with this origin. */
static void explained(struct world *w, int64_t item, const char *name, const char *origin)
{
	struct term *t;
	int n;

	OKAY(w, item_explain(w->s, item, w->why.now_ms, w->a, &t, &n, &w->err));
	for (int i = 0; i < n; i++)
		if (!strcmp(t[i].name, name)) {
			assert_string_equal(t[i].origin, origin);
			return;
		}
	fail_msg("no term %s", name);
}

/* ---- purely: random trees against one that makes them piece by piece ---- */

static uint64_t chance = 20261121;

static int64_t below(int64_t n)
{
	chance = chance * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)(chance >> 33) % n;
}

enum { NODES = 8 };

static bool make_one(const struct kit_tree *t, int64_t *own, int node)
{
	if (own[node] > 0) {
		own[node]--;
		return true;
	}
	if (!t->node[node].kit)
		return false;
	for (int i = 0; i < t->edges; i++)
		for (int64_t k = 0; t->edge[i].from == node && k < t->edge[i].qty; k++)
			if (!make_one(t, own, t->edge[i].to))
				return false;
	return true;
}

static int64_t by_hand(const struct kit_tree *t, const int64_t *less)
{
	int64_t own[NODES] = { 0 }, n = 0;

	for (int i = 1; i < t->nodes; i++)
		own[i] = t->node[i].own - (less ? less[i] : 0);
	while (make_one(t, own, 0))
		n++;
	return n;
}

/* Three levels: the kit, parts that may be kits, and single goods. */
static struct kit_tree random_tree(struct kit_node node[NODES], struct kit_edge edge[32])
{
	struct kit_tree t = { .node = node, .edge = edge, .nodes = NODES };

	for (int i = 0; i < NODES; i++) {
		int level = i == 0 ? 0 : i < 4 ? 1 : 3, parts = i == 0 ? 1 + (int)below(4) : i < 4 ? (int)below(3) : 0;

		node[i] = (struct kit_node){ .item = i, .own = below(30) - 3, .sku = "", .level = level, .kit = parts > 0 };
		for (int k = 0; k < parts; k++)
			edge[t.edges++] = (struct kit_edge){ i, i == 0 ? 1 + (k + (int)below(2) * 3) % (NODES - 1) : 4 + (k + i) % (NODES - 4), 1 + below(3) };
	}
	return t;
}

static void what_parts_allow_is_what_can_be_made_piece_by_piece(void **state)
{
	struct kit_node node[NODES];
	struct kit_edge edge[32];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct kit_tree t = random_tree(node, edge);
		int64_t less[NODES], allows;
		int limit;

		for (int k = 0; k < NODES; k++)
			less[k] = below(4) ? 0 : below(10);
		allows = kit_tree_allows(&t, i % 2 ? less : NULL, &limit);
		if (allows != by_hand(&t, i % 2 ? less : NULL))
			fail_msg("case %d: %" PRId64 " instead of %" PRId64, i, allows, by_hand(&t, i % 2 ? less : NULL));
		assert_true(limit > 0 && limit < NODES && !node[limit].kit);
	}
}

/* ---- in the store ---- */

static void a_kit_is_what_its_scarcest_part_allows(void **state)
{
	struct world w = world_new();
	int64_t soap = counted(&w, "SOAP", 20), dish = counted(&w, "DISH", 7), set = made_of(&w, "SET", soap, 3, dish, 1);

	(void)state;
	assert_int_equal(available(&w, "SET"), 6);
	owe(&w, soap, 3);
	assert_int_equal(available(&w, "SET"), 5); /* 17 bars */
	owe(&w, set, 2);
	assert_int_equal(available(&w, "SET"), 3);
	assert_int_equal(available(&w, "SOAP"), 11);
	explained(&w, set, "+ of its parts", "a kit: of SOAP too few are there for one more (11)");
	explained(&w, set, "= available", "0 counted - 2 owed + 5 of its parts");
	explained(&w, soap, "= available", "20 counted - 3 owed - 6 for kits");
	assert_int_equal(available(&w, "DISH"), 5);
	counted(&w, "DISH", 1);
	assert_int_equal(available(&w, "SET"), 0);
	assert_int_equal(available(&w, "DISH"), -1);
	assert_string_equal(world_text(&w, "SELECT subject FROM alert WHERE kind = 'oversold' AND closed_ms = 0"), "DISH");
	owe(&w, set, -2);
	assert_int_equal(available(&w, "DISH"), 1);
	assert_int_equal(available(&w, "SET"), 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'oversold' AND closed_ms = 0"), 0);
	world_free(&w);
}

static void what_stands_made_up_goes_first(void **state)
{
	struct world w = world_new();
	int64_t soap = counted(&w, "SOAP", 20), set = made_of(&w, "SET", soap, 4, 0, 0);

	(void)state;
	counted(&w, "SET", 3);
	assert_int_equal(available(&w, "SET"), 8);
	owe(&w, set, 2);
	assert_int_equal(available(&w, "SOAP"), 20);
	owe(&w, set, 2); /* four: three that stand there, one of four bars */
	assert_int_equal(available(&w, "SOAP"), 16);
	assert_int_equal(available(&w, "SET"), 4);
	w.why.now_ms += MINUTE;
	owe(&w, set, -4);
	OKAY(&w, item_dispatch(w.s, set, NULL, 4, w.why.now_ms, "77", &w.why, &w.err));
	assert_int_equal(available(&w, "SOAP"), 16);
	assert_int_equal(available(&w, "SET"), 4);
	assert_int_equal(world_int(&w, "SELECT counted FROM item WHERE sku = 'SET'"), 0);
	assert_int_equal(world_int(&w, "SELECT counted FROM item WHERE sku = 'SOAP'"), 16);
	world_free(&w);
}

static void an_order_of_a_kit_is_told_shipped_and_its_parts_leave(void **state)
{
	struct world w = world_new();
	int64_t soap = counted(&w, "SOAP", 20);

	(void)state;
	world_order(&w, w.walmart, "77", ORDER_NEW, 2, 0); /* of SKU-1, which nobody knows yet */
	made_of(&w, "SKU-1", soap, 4, 0, 0);
	assert_int_equal(available(&w, "SOAP"), 12);
	assert_int_equal(available(&w, "SKU-1"), 3);
	w.why.now_ms += MINUTE;
	world_order(&w, w.walmart, "77", ORDER_SHIPPED, 2, 0);
	assert_int_equal(available(&w, "SOAP"), 12);
	assert_int_equal(world_int(&w, "SELECT counted FROM item WHERE sku = 'SOAP'"), 12);
	assert_int_equal(world_int(&w, "SELECT lent FROM item WHERE sku = 'SOAP'"), 0);
	world_free(&w);
}

static void a_warehouse_that_has_the_order_has_taken_the_parts_off(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	int64_t soap;

	(void)state;
	truth_dispatch(&t, t.wms, "X", "RELEASED", T0, T0); /* it tells orders */
	truth_count(&t, t.wms, "dallas", "SOAP", 20, T0);
	OKAY(&t.w, item_id(t.w.s, "SOAP", NULL, &t.w.why, &soap, &t.w.err));
	made_of(&t.w, "SKU-1", soap, 4, 0, 0);
	world_order(&t.w, t.w.walmart, "77", ORDER_NEW, 2, 0);
	assert_int_equal(available(&t.w, "SOAP"), 12);
	t.w.why.now_ms += MINUTE;
	truth_dispatch(&t, t.wms, "77", "RELEASED", t.w.why.now_ms, t.w.why.now_ms);
	assert_int_equal(available(&t.w, "SOAP"), 12); /* its number is of before that */
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.wms, "dallas", "SOAP", 12, t.w.why.now_ms);
	assert_int_equal(available(&t.w, "SOAP"), 12);
	assert_int_equal(available(&t.w, "SKU-1"), 3);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM alert WHERE kind = 'oversold'"), 0);
	world_free(&t.w);
}

static void nothing_is_part_of_itself(void **state)
{
	struct world w = world_new();
	int64_t a = counted(&w, "A", 10), b = made_of(&w, "B", a, 1, 0, 0), c = made_of(&w, "C", b, 2, a, 1);
	const struct kit_part self = { .item = b, .qty = 1 }, round = { .item = c, .qty = 1 }, twice[] = { { .item = a, .qty = 1 }, { .item = a, .qty = 2 } };

	(void)state;
	assert_int_equal(kit_set(w.s, "B", &self, 1, &w.why, &w.err), FAULT_REFUSED);
	assert_int_equal(kit_set(w.s, "B", &round, 1, &w.why, &w.err), FAULT_REFUSED);
	assert_string_equal(w.err.text, "B would be part of itself, by C");
	assert_int_equal(kit_set(w.s, "D", twice, 2, &w.why, &w.err), FAULT_REFUSED);
	assert_int_equal(available(&w, "C"), 3); /* each of three A */
	made_of(&w, "D", c, 1, 0, 0);
	made_of(&w, "E", world_int(&w, "SELECT id FROM item WHERE sku = 'D'"), 1, 0, 0);
	assert_int_equal(kit_set(w.s, "F", &(struct kit_part){ .item = world_int(&w, "SELECT id FROM item WHERE sku = 'E'"), .qty = 1 }, 1, &w.why, &w.err),
	                 FAULT_REFUSED);
	world_free(&w);
}

static void a_kit_that_is_none_any_more_lets_its_parts_go(void **state)
{
	struct world w = world_new();
	int64_t soap = counted(&w, "SOAP", 20), set = made_of(&w, "SET", soap, 4, 0, 0);

	(void)state;
	owe(&w, set, 2);
	assert_int_equal(available(&w, "SOAP"), 12);
	OKAY(&w, kit_set(w.s, "SET", NULL, 0, &w.why, &w.err));
	assert_int_equal(available(&w, "SOAP"), 20);
	assert_int_equal(world_int(&w, "SELECT available FROM item WHERE sku = 'SET'"), -2); /* owed, and none there */
	assert_string_equal(world_text(&w, "SELECT subject FROM alert WHERE kind = 'oversold' AND closed_ms = 0"), "SET");
	assert_string_equal(world_text(&w, "SELECT old FROM change WHERE field = 'kit' ORDER BY id DESC"), "4 x SOAP");
	world_free(&w);
}

/* ---- whatever happens ---- */

enum { LEAVES = 4, KITS = 5, STEPS = 2500 };

static int64_t leaf_least(struct world *w)
{
	settle(w);
	return world_int(w, "SELECT min(available) FROM item WHERE kit = 0");
}

/* All that is available of it can be promised, and not one more. */
static void promise(struct world *w, int64_t kit, const char *sku)
{
	int64_t n = available(w, sku), least;

	if (leaf_least(w) < 0)
		return; /* something is oversold already */
	owe(w, kit, n);
	least = leaf_least(w);
	if (least < 0 || available(w, sku))
		fail_msg("%s: %" PRId64 " available, and promising them leaves %" PRId64, sku, n, least);
	owe(w, kit, 1);
	assert_true(available(w, sku) <= 0);
	assert_true(leaf_least(w) < 0);
	owe(w, kit, -n - 1);
	assert_int_equal(available(w, sku), n);
}

static void whatever_happens_a_unit_is_promised_once(void **state)
{
	struct world w = world_new();
	static const char *const sku[] = { "L0", "L1", "L2", "L3", "K0", "K1", "K2", "K3", "K4" };
	int64_t item[LEAVES + KITS], owed[LEAVES + KITS] = { 0 };

	(void)state;
	for (int i = 0; i < LEAVES; i++)
		item[i] = counted(&w, sku[i], 20 + below(40));
	item[4] = made_of(&w, "K0", item[0], 1, item[1], 2);
	item[5] = made_of(&w, "K1", item[1], 1, item[2], 3);
	item[6] = made_of(&w, "K2", item[4], 2, item[3], 1);
	item[7] = made_of(&w, "K3", item[4], 1, item[5], 1);
	item[8] = made_of(&w, "K4", item[0], 5, 0, 0);
	for (int step = 0; step < STEPS; step++) {
		int i = (int)below(LEAVES + KITS);
		int64_t qty = 1 + below(3);

		w.why.now_ms += MINUTE;
		switch (below(6)) {
		case 0:
			counted(&w, sku[i], i < LEAVES ? 20 + below(60) : below(4));
			break;
		case 1:
		case 2:
			if (available(&w, sku[i]) >= qty) {
				owe(&w, item[i], qty);
				owed[i] += qty;
			}
			break;
		case 3:
			qty = qty < owed[i] ? qty : owed[i];
			owe(&w, item[i], -qty);
			OKAY(&w, item_dispatch(w.s, item[i], NULL, qty, w.why.now_ms, "x", &w.why, &w.err));
			owed[i] -= qty;
			break;
		case 4:
			owe(&w, item[i], -owed[i]);
			owed[i] = 0;
			break;
		default:
			promise(&w, item[i], sku[i]);
		}
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM item WHERE available <> counted - reserved - held - lent + made"), 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_parts_allow_is_what_can_be_made_piece_by_piece),
		cmocka_unit_test(a_kit_is_what_its_scarcest_part_allows),
		cmocka_unit_test(what_stands_made_up_goes_first),
		cmocka_unit_test(an_order_of_a_kit_is_told_shipped_and_its_parts_leave),
		cmocka_unit_test(a_warehouse_that_has_the_order_has_taken_the_parts_off),
		cmocka_unit_test(nothing_is_part_of_itself),
		cmocka_unit_test(a_kit_that_is_none_any_more_lets_its_parts_go),
		cmocka_unit_test(whatever_happens_a_unit_is_promised_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
