/* Each open unit is subtracted once: by the warehouse if it had the order when it was read, else by us. */
#include "trade_truth.h"

#include "trade/shipments.h"

#define AT(h, m) (T0 + (h) * HOUR + (m) * MINUTE)

static void now(struct truth_world *t, int64_t ms)
{
	t->w.why.now_ms = ms;
}

/*
 * The example of the house's own facts: free 47 at 10:00; orders of 2, 1 and 1 at 10:05 that the warehouse has not; 3 on hold: 40. It accepts the
 * order of 2 at 10:10, and its reading of 10:15 shows 45: 40, as it must be.
 */
static void the_worked_example(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct item i;

	(void)state;
	now(&t, AT(10, 0));
	truth_count(&t, t.wms, "dallas", "SKU-1", 47, AT(10, 0));
	OKAY(&t.w, place_hold(t.w.s, "dallas", "SKU-1", "held", 3, &t.w.why, &t.w.err));
	now(&t, AT(10, 5));
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	world_order(&t.w, t.w.amazon, "B", ORDER_ACKED, 1, 0);
	world_order(&t.w, t.w.walmart, "C", ORDER_NEW, 1, 0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 40);
	now(&t, AT(10, 12));
	truth_dispatch(&t, t.wms, "A", "RELEASED", AT(10, 10), AT(10, 10));
	assert_int_equal(truth_item(&t, "SKU-1").available, 40); /* its last reading is of 10:00: still subtracted by us */
	now(&t, AT(10, 16));
	truth_count(&t, t.wms, "dallas", "SKU-1", 45, AT(10, 15));
	i = truth_item(&t, "SKU-1");
	assert_true(i.counted == 45 && i.reserved == 2 && i.available == 40);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM alert WHERE kind = 'oversold'"), 0);
	world_free(&t.w);
}

/* An order of 2 out of 10, and what is available after each event; the warehouse's readings tell when they are of. */
struct step {
	const char *why;
	char what;         /* c count, d dispatch, o order */
	const char *state; /* of the dispatch or order */
	int64_t at, of;    /* when it is told, and of when it is */
	int64_t qty, want;
};

static const struct step life[] = {
	{ "ten on the shelf", 'c', "", 0, 0, 10, 10 },
	{ "two are sold", 'o', "ACKED", 1, 1, 2, 8 },
	{ "the warehouse takes the order", 'd', "RELEASED", 3, 2, 0, 8 },
	{ "a reading from before that", 'c', "", 4, 1, 10, 8 },
	{ "a reading after it is without the two", 'c', "", 5, 4, 8, 8 },
	{ "packed", 'd', "PACKED", 6, 6, 0, 8 },
	{ "gone", 'd', "SHIPPED", 8, 7, 0, 8 },
	{ "the marketplace hears of it: nothing leaves twice", 'o', "SHIPPED", 9, 9, 2, 8 },
	{ "and the next reading is the same", 'c', "", 10, 10, 8, 8 },
};

static const struct step given_up[] = {
	{ "ten on the shelf", 'c', "", 0, 0, 10, 10 },
	{ "two are sold", 'o', "ACKED", 1, 1, 2, 8 },
	{ "the warehouse takes the order", 'd', "RELEASED", 2, 2, 0, 8 },
	{ "a reading is without the two", 'c', "", 3, 3, 8, 8 },
	{ "the warehouse gives the order up: its number of 3 is without the two still", 'd', "CANCELLED", 5, 4, 0, 8 },
	{ "its next reading has them again, and the buyer still waits", 'c', "", 6, 6, 10, 8 },
	{ "the buyer is told", 'o', "CANCELLED", 7, 7, 2, 10 },
};

static const struct step shipped_first[] = {
	{ "ten on the shelf", 'c', "", 0, 0, 10, 10 },
	{ "two are sold", 'o', "ACKED", 1, 1, 2, 8 },
	{ "the marketplace shows it shipped before the warehouse told of it", 'o', "SHIPPED", 4, 3, 2, 8 },
	{ "the warehouse had taken it before", 'd', "SHIPPED", 5, 2, 0, 8 },
	{ "a reading from between is without the two: they are not taken off again", 'c', "", 6, 2, 8, 8 },
	{ "a reading of now", 'c', "", 7, 7, 8, 8 },
};

static const struct step unheard[] = {
	{ "ten on the shelf", 'c', "", 0, 0, 10, 10 },
	{ "the warehouse has an order that we never heard of", 'd', "RELEASED", 1, 1, 0, 10 },
	{ "its reading is without the two", 'c', "", 2, 2, 8, 8 },
	{ "now we hear of it: the warehouse had it", 'o', "ACKED", 3, 3, 2, 8 },
};

static void play(const char *name, const struct step *step, int n)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	for (int i = 0; i < n; i++) {
		const struct step *s = &step[i];
		int64_t is;

		now(&t, AT(0, s->at));
		if (s->what == 'c')
			truth_count(&t, t.wms, "dallas", "SKU-1", s->qty, AT(0, s->of));
		else if (s->what == 'd')
			truth_dispatch(&t, t.wms, "A", s->state, AT(0, 2) < AT(0, s->of) ? AT(0, 2) : AT(0, s->of), AT(0, s->of));
		else
			world_order(&t.w, t.w.amazon, "A", order_state_from_name(s->state), s->qty, 0);
		is = truth_item(&t, "SKU-1").available;
		if (is != s->want)
			fail_msg("%s: %s: %" PRId64 " available instead of %" PRId64, name, s->why, is, s->want);
		OKAY(&t.w, item_reckon(t.w.s, 1, &t.w.why, &t.w.err));
		assert_int_equal(truth_item(&t, "SKU-1").available, s->want); /* reckoned anew it is the same */
	}
	world_free(&t.w);
}

static void an_order_from_the_shelf_to_the_buyer(void **state)
{
	(void)state;
	play("a life", life, sizeof life / sizeof *life);
	play("given up", given_up, sizeof given_up / sizeof *given_up);
	play("shipped first", shipped_first, sizeof shipped_first / sizeof *shipped_first);
	play("unheard of", unheard, sizeof unheard / sizeof *unheard);
}

static void a_source_without_orders_is_as_it_was(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	now(&t, AT(0, 1));
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8); /* still on the shelf, and owed */
	now(&t, AT(0, 4));
	world_order(&t.w, t.w.amazon, "A", ORDER_SHIPPED, 2, 0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

/* Dispatches, then stock: a reading that was asked for before the dispatches and has no time of its own waits for the next one. */
static void stock_is_read_after_dispatches(void **state)
{
	static const struct {
		const char *why;
		int64_t begun_ms, valid_ms;
		bool taken;
	} cases[] = {
		{ "asked for before, no time of its own", AT(0, 9), 0, false },
		{ "asked for before, but it says of when it is", AT(0, 9), AT(0, 8), true },
		{ "asked for after", AT(0, 11), 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);
		struct news n = news_new(t.w.a), none = news_new(t.w.a);

		truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
		now(&t, AT(0, 12));
		truth_hear(&t, t.wms, VERB_DISPATCHES, &none, AT(0, 10)); /* nothing new, but it was read */
		*news_count(&n) = (struct count){ .place = "dallas", .sku = "SKU-1", .qty = 9, .valid_ms = cases[i].valid_ms };
		truth_hear(&t, t.wms, VERB_COUNTS, &n, cases[i].begun_ms);
		if ((truth_item(&t, "SKU-1").counted == 9) != cases[i].taken)
			fail_msg("%s: %lld", cases[i].why, (long long)truth_item(&t, "SKU-1").counted);
		world_free(&t.w);
	}
}

static void a_package_that_left_is_a_draft(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct news n = news_new(t.w.a);
	struct shipment *sh;
	int64_t order;
	int got;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	order = world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = "W-1", .state = "SHIPPED", .taken = true, .raw_state = "DISPATCHED", .place = "dallas", .made_ms = T0,
		                                .updated_ms = T0 + HOUR, .gone_ms = T0 + HOUR, .carrier = "ups", .tracking = "1Z999AA10123456784" };
	now(&t, T0 + HOUR);
	truth_hear(&t, t.wms, VERB_DISPATCHES, &n, t.w.why.now_ms);
	truth_hear(&t, t.wms, VERB_DISPATCHES, &n, t.w.why.now_ms); /* told again */
	OKAY(&t.w, shipments_of(t.w.s, order, t.w.a, &sh, &got, &t.w.err));
	assert_int_equal(got, 1);
	assert_string_equal(sh[0].source, "warehouse");
	assert_string_equal(sh[0].confirm, "NOT_SENT"); /* nobody is told by itself */
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM job"), 0);
	world_free(&t.w);
}

static void a_package_that_cannot_be_noted_is_parked(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct news n = news_new(t.w.a);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = "W-1", .state = "SHIPPED", .taken = true, .raw_state = "", .made_ms = T0, .updated_ms = T0,
		                                .gone_ms = T0, .carrier = "a man with a van", .tracking = "1" };
	truth_hear(&t, t.wms, VERB_DISPATCHES, &n, T0);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM shipment"), 0);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM warehouse_order"), 1);
	assert_non_null(strstr(world_text(&t.w, "SELECT text FROM inbox"), "a tracking URL"));
	world_free(&t.w);
}

/* A package of an order for two units that left with this number, and nobody says who carries it. */
static void tell_unnamed(struct truth_world *t, const char *their_ref, const char *tracking)
{
	struct news n = news_new(t->w.a);

	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = their_ref, .state = "SHIPPED", .taken = true, .raw_state = "", .made_ms = T0, .updated_ms = T0,
		                                .gone_ms = T0, .tracking = tracking };
	truth_hear(t, t->wms, VERB_DISPATCHES, &n, T0);
}

static void a_carrier_that_nobody_names_is_told_by_the_number(void **state)
{
	static const struct {
		const char *why, *tracking, *carrier; /* carrier "": no draft */
	} cases[] = {
		{ "only one carrier's numbers look like this", "1Z999AA10123456784", "ups" },
		{ "only one carrier's numbers look like this", "9405511200000000000008", "usps" },
		{ "nobody's do: it is shown, and no draft is made", "A-12", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);

		truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
		world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
		tell_unnamed(&t, "W-1", cases[i].tracking);
		assert_string_equal(world_text(&t.w, "SELECT coalesce(max(carrier), '') FROM shipment"), cases[i].carrier);
		assert_int_equal(world_int(&t.w, "SELECT count(*) FROM inbox"), 0);
		assert_string_equal(world_text(&t.w, "SELECT tracking FROM warehouse_order"), cases[i].tracking);
		world_free(&t.w);
	}
}

/* The operator was quicker, or another warehouse told of the same units: nothing is wrong. */
static void a_package_of_units_that_are_packed_already_is_only_shown(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	tell_unnamed(&t, "W-1", "1Z999AA10123456784");
	tell_unnamed(&t, "W-2", "9405511200000000000008");
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM shipment"), 1);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM warehouse_order"), 2);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM inbox"), 0);
	world_free(&t.w);
}

static void told(struct truth_world *t, int64_t account, const char *their_ref, const char *place, bool taken, int64_t made_ms)
{
	struct news n = news_new(t->w.a);

	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = their_ref, .state = "RELEASED", .raw_state = "", .place = place, .taken = taken,
		                                .made_ms = made_ms, .updated_ms = t->w.why.now_ms };
	truth_hear(t, account, VERB_DISPATCHES, &n, t->w.why.now_ms);
}

/* The warehouse has the order, and nothing is set aside for it: its number has the units still. */
static void an_order_that_waits_for_stock_is_ours_to_subtract(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	now(&t, AT(0, 1));
	told(&t, t.wms, "W-1", "dallas", false, AT(0, 1));
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	now(&t, AT(0, 3));
	told(&t, t.wms, "W-1", "dallas", true, AT(0, 3));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8); /* the number of 0:02 has them still */
	now(&t, AT(0, 4));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 4));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

/* The ERP tells the order as well, at the same place; whose number is believed had it, and that is enough. */
static void an_order_that_two_systems_have_is_subtracted_once(void **state)
{
	struct truth_world t = truth_new(CONFLICT_WMS);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	OKAY(&t.w, place_set(t.w.s, "dallas", "source", "erp:7", &t.w.why, &t.w.err));
	now(&t, AT(0, 1));
	told(&t, t.wms, "W-1", "dallas", true, AT(0, 1));
	told(&t, t.erp, "9001", "7", true, AT(0, 1));
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

static void an_order_of_two_accounts_is_nobodys(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	world_order(&t.w, t.w.walmart, "A", ORDER_ACKED, 3, 0);
	now(&t, AT(0, 1));
	truth_dispatch(&t, t.wms, "A", "RELEASED", AT(0, 1), AT(0, 1));
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 3); /* subtracted twice rather than not at all */
	world_free(&t.w);
}

/* One figure of a date fell over, and the warehouse took it in ten years: neither is its next word older, nor does its count lack the order's units twice. */
static void a_time_that_is_to_come_says_nothing(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	int64_t later = T0 + INT64_C(3652) * 24 * HOUR;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	now(&t, AT(0, 1));
	truth_dispatch(&t, t.wms, "A", "RELEASED", later, later);
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	truth_dispatch(&t, t.wms, "A", "PICKING", AT(0, 1), AT(0, 1)); /* as it is, told again */
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM warehouse_order WHERE state = 'PICKING' AND made_ms < 1800000000000 AND updated_ms < 1800000000000"), 1);
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

/* ---- an order of several lines ---- */

/* Of two SKUs, ten of each in dallas and five of each in the back room, one of each is sold in one order. */
static struct truth_world two_lines(void)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	int64_t file = world_account(&t.w, "file", "local", false);
	struct order_line line[] = { { .ref = "1", .sku = "SKU-1", .qty = 1, .bucket[ORDER_ACKED] = 1 }, { .ref = "2", .sku = "SKU-2", .qty = 1, .bucket[ORDER_ACKED] = 1 } };
	struct order o = { .ref = "A", .placed_ms = T0, .updated_ms = T0, .line = line, .lines = 2 };
	enum told told;

	for (int i = 0; i < 2; i++) {
		truth_count(&t, t.wms, "dallas", line[i].sku, 10, T0);
		truth_count(&t, file, "back room", line[i].sku, 5, T0);
	}
	OKAY(&t.w, orders_tell(t.w.s, t.w.amazon, &o, &seal, &t.w.why, &told, &t.w.err));
	return t;
}

/* Dallas has the order since minute m, with these lines. */
static void dallas_has(struct truth_world *t, int m, const struct dispatch_line *line, int lines)
{
	struct news n = news_new(t->w.a);

	now(t, AT(0, m));
	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = "W-1", .state = "RELEASED", .raw_state = "", .place = "dallas", .taken = true,
		                                .made_ms = AT(0, m), .updated_ms = AT(0, m), .line = line, .lines = lines };
	truth_hear(t, t->wms, VERB_DISPATCHES, &n, AT(0, m));
}

/* Dallas sends SKU-1 alone, the back room sends SKU-2: its number of SKU-1 is without one since minute 2. */
static void a_line_that_another_place_sends_is_ours_to_subtract(void **state)
{
	static const struct dispatch_line own[] = { { "SKU-1", NULL, 1 } }, both[] = { { "SKU-1", NULL, 1 }, { "SKU-2", NULL, 1 } },
					  part[] = { { "SKU-1", "CRATE", 1 } };
	static const struct {
		const char *why;
		const struct dispatch_line *line;
		int lines;
		int64_t counted[2], want[2];
	} cases[] = {
		{ "it tells its lines", own, 1, { 9, 10 }, { 14, 14 } },
		{ "it tells that it has both", both, 2, { 9, 9 }, { 14, 14 } },
		{ "it tells no lines: which is whose is not known, and each is subtracted", NULL, 0, { 9, 10 }, { 13, 14 } },
		{ "in a unit that nobody explained: subtracted rather than not", part, 1, { 9, 10 }, { 13, 14 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct truth_world t = two_lines();
		int64_t is[2];

		dallas_has(&t, 1, cases[i].line, cases[i].lines);
		now(&t, AT(0, 2));
		truth_count(&t, t.wms, "dallas", "SKU-1", cases[i].counted[0], AT(0, 2));
		truth_count(&t, t.wms, "dallas", "SKU-2", cases[i].counted[1], AT(0, 2));
		is[0] = truth_item(&t, "SKU-1").available;
		is[1] = truth_item(&t, "SKU-2").available;
		if (is[0] != cases[i].want[0] || is[1] != cases[i].want[1])
			fail_msg("%s: %" PRId64 " and %" PRId64 " available", cases[i].why, is[0], is[1]);
		world_free(&t.w);
	}
}

/* The order is heard of after the warehouse told of it: the same. */
static void lines_that_were_told_before_the_order_are_weighed(void **state)
{
	static const struct dispatch_line own[] = { { "SKU-1", NULL, 1 } };
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	dallas_has(&t, 1, own, 1);
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 9, AT(0, 2));
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0); /* and two of it were sold: the second is somewhere else */
	assert_int_equal(truth_item(&t, "SKU-1").available, 7);
	dallas_has(&t, 3, (const struct dispatch_line[]){ { "SKU-1", NULL, 2 } }, 1);
	now(&t, AT(0, 4));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 4));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

/* Dallas sends SKU-1 of an order of two lines: its package holds that line alone, and the other one is still to be sent. */
static void a_package_holds_the_lines_of_its_warehouse(void **state)
{
	static const struct dispatch_line own[] = { { "SKU-1", NULL, 1 } };
	struct truth_world t = two_lines();
	struct news n = news_new(t.w.a);

	(void)state;
	*news_dispatch(&n) = (struct dispatch){ .ref = "A", .their_ref = "W-1", .state = "SHIPPED", .raw_state = "", .place = "dallas", .taken = true, .made_ms = T0,
		                                .updated_ms = T0 + HOUR, .gone_ms = T0 + HOUR, .tracking = "1Z999AA10123456784", .line = own, .lines = 1 };
	truth_hear(&t, t.wms, VERB_DISPATCHES, &n, T0 + HOUR);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM shipment_line"), 1);
	assert_string_equal(world_text(&t.w, "SELECT l.sku FROM shipment_line s JOIN order_line l ON l.id = s.line_id"), "SKU-1");
	world_free(&t.w);
}

/* NetSuite's stamp moves with every change of a sales order, not with what it commits. */
static void goods_that_are_set_aside_stay_so_when_the_order_changes(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	dallas_has(&t, 1, NULL, 0);
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	dallas_has(&t, 3, NULL, 0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 8);
	world_free(&t.w);
}

/* What the operator sent from the back room left the back room: it is not back in the sum when dallas is counted. */
static void units_leave_the_place_that_tells_no_orders(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	int64_t file = world_account(&t.w, "file", "local", false);
	struct news none = news_new(t.w.a);

	(void)state;
	truth_hear(&t, t.wms, VERB_DISPATCHES, &none, T0);
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	truth_count(&t, file, "back room", "SKU-1", 5, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	now(&t, AT(0, 1));
	world_order(&t.w, t.w.amazon, "A", ORDER_SHIPPED, 2, 0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 13);
	now(&t, AT(0, 2));
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, AT(0, 2));
	assert_int_equal(truth_item(&t, "SKU-1").available, 13);
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_example),
		cmocka_unit_test(an_order_from_the_shelf_to_the_buyer),
		cmocka_unit_test(a_source_without_orders_is_as_it_was),
		cmocka_unit_test(stock_is_read_after_dispatches),
		cmocka_unit_test(a_time_that_is_to_come_says_nothing),
		cmocka_unit_test(a_package_that_left_is_a_draft),
		cmocka_unit_test(a_package_that_cannot_be_noted_is_parked),
		cmocka_unit_test(a_carrier_that_nobody_names_is_told_by_the_number),
		cmocka_unit_test(a_package_of_units_that_are_packed_already_is_only_shown),
		cmocka_unit_test(an_order_that_waits_for_stock_is_ours_to_subtract),
		cmocka_unit_test(an_order_that_two_systems_have_is_subtracted_once),
		cmocka_unit_test(an_order_of_two_accounts_is_nobodys),
		cmocka_unit_test(a_line_that_another_place_sends_is_ours_to_subtract),
		cmocka_unit_test(lines_that_were_told_before_the_order_are_weighed),
		cmocka_unit_test(a_package_holds_the_lines_of_its_warehouse),
		cmocka_unit_test(goods_that_are_set_aside_stay_so_when_the_order_changes),
		cmocka_unit_test(units_leave_the_place_that_tells_no_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
