/* The ledger of truth: who buys, what is oversold, what a seed decides, what survives a restart. */
#include "sandbox_bench.h"

#include "base/text.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- the catalogue ---- */

struct gtin_case {
	const char *why, *digits;
	int n, check;
};

static const struct gtin_case gtin_cases[] = { /* from GS1's own worked examples */
	{ "UPC-A", "03600029145", 11, 2 },
	{ "EAN-13", "400638133393", 12, 1 },
	{ "GTIN-14", "1003600029145", 13, 9 },
	{ "EAN-8", "9638507", 7, 4 },
};

static void identifiers_are_valid(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	(void)state;
	for (size_t i = 0; i < sizeof gtin_cases / sizeof *gtin_cases; i++)
		if (gtin_check(gtin_cases[i].digits, gtin_cases[i].n) != gtin_cases[i].check)
			fail_msg("%s", gtin_cases[i].why);
	opt.world.skus = 600; /* more than one series of every family */
	b = bench_open(&opt);
	for (int i = 0; i < b.w->products; i++) {
		const char *gtin = world_str(b.w, b.w->product[i].gtin);

		assert_int_equal(strlen(gtin), 12);
		assert_int_equal(gtin_check(gtin, 11), gtin[11] - '0');
		assert_int_equal(product_by_sku(b.w, sku_of(b.w, i)), i); /* no SKU twice */
	}
	bench_close(&b);
}

static void every_number_leads_back_to_its_order(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	(void)state;
	opt.world.orders = 20000;
	b = bench_open(&opt);
	for (int i = 0; i < b.w->orders; i++) {
		char id[24];

		order_id(b.w, i, id);
		assert_int_equal(order_by_id(b.w, order_platform(&b.w->order[i]), id), i);
		for (enum platform p = 0; p < PLATFORMS; p++)
			if (p != order_platform(&b.w->order[i]))
				assert_int_equal(order_by_id(b.w, p, id), -1);
	}
	assert_int_equal(order_by_id(b.w, WALMART, "108800000000"), -1);
	assert_int_equal(order_by_id(b.w, AMAZON, "1088000000000000000"), -1);
	assert_int_equal(order_by_id(b.w, AMAZON, "--------------------"), -1);
	bench_close(&b);
}

/* ---- chance ---- */

/* What the buyers did, in one number. */
static uint64_t digest(const struct world *w)
{
	uint64_t h = 1469598103934665603u;

	for (int i = 0; i < w->orders; i++)
		h = (h ^ (uint64_t)(w->order[i].placed_ms + w->order[i].buyer + w->order[i].place)) * 1099511628211u;
	for (int i = 0; i < w->lines; i++)
		h = (h ^ (uint64_t)(w->line[i].product * 31 + w->line[i].qty)) * 1099511628211u;
	return h;
}

static uint64_t day_of(uint64_t seed, int64_t step_ms, bool speak)
{
	struct sandbox_options opt = sandbox_defaults(seed, epoch_ms);
	struct bench b;
	uint64_t h;

	opt.world.orders = 50;
	opt.world.orders_a_day = 500;
	b = bench_open(&opt);
	for (int64_t at = epoch_ms; at <= epoch_ms + DAY_MS; at += step_ms) {
		sandbox_advance(b.s, at);
		if (speak && at % (10 * MINUTE_MS) == 0)
			log_in(&b); /* tokens are drawn by chance as well: by another one */
	}
	assert_in_range(b.w->orders, 50 + 300, 50 + 700);
	h = digest(b.w);
	bench_close(&b);
	return h;
}

static void a_seed_is_a_history(void **state)
{
	uint64_t once = day_of(7, 60000, false);

	(void)state;
	assert_true(once == day_of(7, 60000, false));
	assert_true(once == day_of(7, 7777, false)); /* however often somebody looks */
	assert_true(once == day_of(7, 60000, true)); /* and asks */
	assert_true(once != day_of(8, 60000, false));
}

static void buyers_buy_only_what_is_listed(void **state)
{
	struct sandbox_options opt = sandbox_defaults(5, epoch_ms);
	struct bench b;

	(void)state;
	opt.world.orders_a_day = 2000;
	b = bench_open(&opt);
	for (int i = 0; i < b.w->listings; i++)
		b.w->listing[i].shown = 0;
	sandbox_advance(b.s, epoch_ms + DAY_MS);
	assert_int_equal(b.w->orders, 0);
	assert_true(b.w->count[UNITS_REFUSED] > 1000);
	bench_close(&b);
}

/* ---- overselling ---- */

/* A product of which there are 3, listed with the quantities given. */
static int three_of(struct world *w, int walmart_shows, int amazon_shows)
{
	int product = product_by_sku(w, "HP-MUG14-SLT");

	w->product[product].shelf = 3;
	listing_of(w, product, WALMART_MAIN)->shown = walmart_shows;
	listing_of(w, product, AMAZON_US)->shown = amazon_shows;
	listing_of(w, product, WALMART_MAIN)->said = walmart_shows;
	listing_of(w, product, AMAZON_US)->said = amazon_shows;
	product_judge(w, product);
	return product;
}

static void sell(struct world *w, int product, enum place place, int qty)
{
	order_place(w, w->product[product].listing[place], qty, 5000);
}

static void overselling_is_counted_with_its_exposure(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	struct world *w = b.w;
	int product = three_of(w, 3, 3);

	(void)state;
	sell(w, product, WALMART_MAIN, 2); /* one is left; Amazon still shows three */
	assert_int_equal(w->count[OVERSOLD], 0);
	assert_int_equal(listing_of(w, product, AMAZON_US)->wrong_ms, epoch_ms);
	assert_int_equal(listing_of(w, product, WALMART_MAIN)->wrong_ms, 0);
	sandbox_advance(b.s, epoch_ms + 40 * 1000);
	sell(w, product, AMAZON_US, 2); /* within the minute: nobody could have known */
	assert_int_equal(w->count[OVERSOLD], 1);
	assert_int_equal(w->count[OVERSOLD_AVOIDABLE], 0);
	assert_int_equal(w->count[OVERSOLD_WORST_MS], 40 * 1000);
	sandbox_advance(b.s, epoch_ms + 61 * 1000);
	sell(w, product, AMAZON_US, 1); /* after it: somebody should have said so */
	assert_int_equal(w->count[OVERSOLD], 2);
	assert_int_equal(w->count[OVERSOLD_AVOIDABLE], 1);
	bench_close(&b);
}

static void what_was_said_in_time_is_not_the_sellers_fault(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	struct world *w;
	int product;

	(void)state;
	opt.world.settle_pct = 100;
	b = bench_open(&opt);
	w = b.w;
	product = three_of(w, 3, 3);
	sell(w, product, WALMART_MAIN, 3);
	sandbox_advance(b.s, epoch_ms + 30 * 1000);
	listing_say(w, w->product[product].listing[AMAZON_US], 0, "c"); /* accepted, shows in five minutes at the earliest */
	sandbox_advance(b.s, epoch_ms + 4 * MINUTE_MS);
	sell(w, product, AMAZON_US, 1);
	assert_int_equal(w->count[OVERSOLD], 1);
	assert_int_equal(w->count[OVERSOLD_AVOIDABLE], 0);
	assert_int_equal(w->count[OVERSOLD_WORST_MS], 4 * MINUTE_MS);
	bench_close(&b);
}

static void a_pool_is_no_business_of_the_shelf(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int product;

	(void)state;
	opt.world.demo = true;
	b = bench_open(&opt);
	product = product_at(b.w, AMAZON_FBA);
	b.w->product[product].shelf = 0;
	sell(b.w, product, AMAZON_FBA, 5);
	assert_int_equal(b.w->count[OVERSOLD], 0);
	assert_int_equal(b.w->product[product].owed, 0);
	bench_close(&b);
}

/* Six of twenty make three cases; what is sold of either is gone for both. */
static void a_bundle_wants_the_units_of_its_parts(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	struct product *part, *set;
	int one, pack, kit, order;

	(void)state;
	opt.world.skus = 200;
	opt.world.bundles = true;
	b = bench_open(&opt);
	one = product_by_sku(b.w, "HP-PRUNER-1");
	pack = product_by_sku(b.w, "HP-PRUNER-CASE6");
	kit = product_by_sku(b.w, "HP-GIFT-BATH");
	assert_true(one >= 0 && pack >= 0 && kit >= 0);
	part = &b.w->product[one];
	assert_true(product_free(part) == 20 && product_sellable(b.w, pack) == 3 && b.w->product[pack].shelf == 0);
	order = order_place(b.w, b.w->product[pack].listing[WALMART_MAIN], 2, 7);
	assert_true(part->owed == 12 && product_sellable(b.w, pack) == 1 && b.w->count[OVERSOLD] == 0);
	order_place(b.w, b.w->product[one].listing[WALMART_MAIN], 3, 8);
	assert_true(product_free(part) == 5 && product_sellable(b.w, pack) == 0);
	b.w->listing[b.w->product[pack].listing[AMAZON_US]].shown = 1;
	product_judge(b.w, one);
	assert_true(b.w->listing[b.w->product[pack].listing[AMAZON_US]].wrong_ms != 0); /* five singles are no case */
	order_cancel_line(b.w, b.w->order[order].line, 1, 0, ORDER_BY_BUYER, NULL);
	assert_true(product_free(part) == 11 && product_sellable(b.w, pack) == 1 && b.w->listing[b.w->product[pack].listing[AMAZON_US]].wrong_ms == 0);
	warehouse_take(b.w, b.w->order[order].line, 1);
	assert_true(part->shelf == 14 && part->owed == 3 && b.w->product[pack].owed == 0);
	set = &b.w->product[kit];
	order_place(b.w, set->listing[AMAZON_US], 1, 9);
	assert_true(b.w->product[set->part[0]].owed == 1 && b.w->product[set->part[1]].owed == 2);
	bench_close(&b);
}

static void the_newest_quantity_wins(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int listing;

	(void)state;
	opt.world.settle_pct = 100;
	b = bench_open(&opt);
	listing = b.w->product[product_at(b.w, WALMART_MAIN)].listing[WALMART_MAIN];
	for (int i = 0; i < 30; i++) {
		sandbox_advance(b.s, epoch_ms + i * 10 * 1000);
		listing_say(b.w, listing, 1000 + i, "c");
	}
	for (int64_t at = epoch_ms; at < epoch_ms + HOUR_MS; at += 10 * 1000) {
		int before = b.w->listing[listing].shown;

		sandbox_advance(b.s, at);
		assert_true(b.w->listing[listing].shown == before || b.w->listing[listing].shown > before || before < 1000);
	}
	assert_int_equal(b.w->listing[listing].shown, 1029);
	bench_close(&b);
}

/* ---- time ---- */

static void nobody_ships_and_the_platform_cancels(void **state)
{
	struct sandbox_options opt = sandbox_defaults(2, epoch_ms);
	struct bench b;

	(void)state;
	opt.world.orders = 60;
	opt.world.orders_a_day = 0;
	opt.world.open = true;
	b = bench_open(&opt);
	sandbox_advance(b.s, epoch_ms + 20 * (int64_t)DAY_MS);
	for (int i = 0; i < b.w->orders; i++)
		assert_int_equal(order_view(b.w, &b.w->order[i]), VIEW_CANCELLED);
	assert_int_equal(b.w->count[AUTO_CANCELS], b.w->lines);
	for (int i = 0; i < b.w->products; i++)
		assert_int_equal(b.w->product[i].owed, 0);
	bench_close(&b);
}

static void the_demo_is_a_believable_business(void **state)
{
	struct sandbox_options opt = sandbox_demo(1, epoch_ms);
	struct bench b = bench_open(&opt);
	struct world *w = b.w;
	int views[VIEW_CANCELLED + 1] = { 0 }, late = 0, soon = 0, odd = 0, pools = 0, wfs = 0, before = w->orders;

	(void)state;
	assert_int_equal(w->products, 320);
	for (int i = 0; i < w->orders; i++) {
		const struct order *o = &w->order[i];
		enum order_view view = order_view(w, o);
		bool ours = !place_facts[o->place].pool && view <= VIEW_PARTLY;

		views[view]++;
		late += ours && o->ship_by_ms < epoch_ms;
		soon += ours && o->ship_by_ms >= epoch_ms && o->ship_by_ms < epoch_ms + 4 * (int64_t)HOUR_MS;
		odd += o->buyer < 14 && view <= VIEW_ACKED;
		pools += o->place == AMAZON_FBA;
		wfs += o->place == WALMART_WFS;
	}
	for (enum order_view v = VIEW_PENDING; v <= VIEW_CANCELLED; v++)
		if (!views[v])
			fail_msg("no order is in state %d", (int)v);
	assert_in_range(late, 3, 60);
	assert_in_range(soon, 3, 60);
	assert_int_equal(odd, 14);
	assert_true(pools > 5 && wfs > 5);
	for (int i = 0; i < w->products; i++)
		assert_true(w->product[i].owed >= 0 && w->product[i].shelf >= w->product[i].owed);
	for (int i = 0; i < w->listings; i++)
		assert_true(w->listing[i].reserved >= 0 && w->listing[i].wrong_ms == 0);
	assert_int_equal(w->count[OVERSOLD], 0);
	sandbox_advance(b.s, epoch_ms + 3 * MINUTE_MS);
	assert_in_range(w->orders - before, 2, 14); /* several within a few minutes at speed 1 */
	bench_close(&b);
}

/* ---- restarts ---- */

static void a_world_survives_a_restart(void **state)
{
	char path[] = "/tmp/tallyman-world-XXXXXX";
	int fd = mkstemp(path);
	struct sandbox_options opt = sandbox_demo(6, epoch_ms);
	struct bench b = bench_open(&opt), again;
	struct err err = { 0 };

	(void)state;
	close(fd);
	unlink(path);
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, buy(b.w, WALMART_MAIN, 1))), NULL);
	world_effect(b.w, EFFECT_EDIT, AMAZON_US, "a SKU with 100% \x1b[31m \xe5\xb1\xb1", NULL, 1, 2, "c");
	listing_say(b.w, b.w->product[0].listing[AMAZON_US], 4321, "c");
	assert_int_equal(world_save(b.w, path, &err), OK);
	opt.state = path;
	opt.world.seed = 99; /* the file decides */
	again = bench_open(&opt);
	assert_int_equal(again.w->now_ms, b.w->now_ms);
	assert_true(digest(again.w) == digest(b.w));
	assert_string_equal(world_str(again.w, again.w->effect[again.w->effects - 2].subject), "a SKU with 100% \x1b[31m \xe5\xb1\xb1");
	again.w->chance = b.w->chance; /* logging in drew from it */
	sandbox_advance(b.s, epoch_ms + 9 * (int64_t)HOUR_MS);
	sandbox_advance(again.s, epoch_ms + 9 * (int64_t)HOUR_MS);
	assert_true(digest(again.w) == digest(b.w)); /* and the future is the same as well */
	assert_memory_equal(again.w->count, b.w->count, 8 * sizeof(int64_t));
	assert_int_equal(again.w->listing[again.w->product[0].listing[AMAZON_US]].shown, b.w->listing[b.w->product[0].listing[AMAZON_US]].shown);
	bench_close(&again);
	bench_close(&b);
	unlink(path);
}

struct spoil_case {
	const char *why, *from, *to;
};

static const struct spoil_case spoil_cases[] = {
	{ "another version", "tallyman-sandbox 4", "tallyman-sandbox 2" },
	{ "a section that is gone", "\nlistings ", "\nlistinks " },
	{ "a length that lies", "\norders 40", "\norders 41" },
	{ "a row that leads nowhere", "\ntouches 40\n", "\ntouches 40\n9 99999999 1\n" },
	{ "an end that is missing", "\nend\n", "\n" },
};

static void a_spoilt_file_is_refused(void **state)
{
	char path[] = "/tmp/tallyman-world-XXXXXX";
	static char text[1 << 20], spoilt[1 << 20];
	struct sandbox_options opt = quiet();
	struct bench b;
	FILE *f;

	(void)state;
	close(mkstemp(path));
	opt.world.orders = 40;
	b = bench_open(&opt);
	assert_int_equal(world_save(b.w, path, NULL), OK);
	f = fopen(path, "r");
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	for (size_t i = 0; i < sizeof spoil_cases / sizeof *spoil_cases; i++) {
		const struct spoil_case *t = &spoil_cases[i];
		char *at = strstr(text, t->from);
		struct err err = { 0 };
		struct world *w;

		assert_non_null(at);
		snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)(at - text), text, t->to, at + strlen(t->from));
		f = fopen(path, "w");
		fputs(spoilt, f);
		fclose(f);
		if (world_load(path, &w, &err) != FAULT_FORMAT)
			fail_msg("%s was loaded", t->why);
		assert_null(w);
		assert_non_null(strstr(err.text, "no saved world"));
	}
	unlink(path);
	bench_close(&b);
}

/* ---- the control surface ---- */

static void the_ledger_can_be_read(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int product = product_at(b.w, AMAZON_US), order = buy(b.w, AMAZON_US, 2);
	const char *sku = sku_of(b.w, product);

	(void)state;
	assert_int_equal(amazon(&b, "GET", "/sandbox/report", NULL), 200);
	assert_int_equal(json_int_or(b.json, "orders_amazon", -1), 1);
	assert_int_equal(json_int_or(b.json, "units_sold", -1), 2);
	assert_int_equal(amazon(&b, "GET", "/sandbox/orders", NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "orders")), "id", ""), id_of(&b, order));
	assert_int_equal(amazon(&b, "POST", arena_printf(b.a, "/sandbox/edit?place=amazon/us&sku=%s&qty=88", sku), NULL), 200);
	assert_int_equal(listing_of(b.w, product, AMAZON_US)->shown, 88);
	assert_int_equal(b.w->count[EDITS], 1);
	assert_int_equal(walmart(&b, "POST", "/sandbox/edit?place=amazon/us&sku=none&qty=88", NULL), 400);
	assert_int_equal(walmart(&b, "GET", "/sandbox/effects", NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "effects")), "kind", ""), "edit");
	assert_int_equal(walmart(&b, "GET", "/sandbox/counts.csv", NULL), 200);
	assert_true(strncmp(b.out.reply.body, "sku,quantity,name\n", 18) == 0);
	assert_int_equal(walmart(&b, "GET", "/sandbox/stock", NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "products")), b.w->products);
	assert_int_equal(walmart(&b, "GET", "/sandbox/nothing", NULL), 404);
	bench_close(&b);
}

/* A console without permission must not write: the witness counts every attempt. */
static void forbidden_writes_are_counted(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 1);

	(void)state;
	assert_int_equal(walmart(&b, "POST", "/sandbox/forbid?on=1", NULL), 200);
	walmart(&b, "GET", "/v3/orders", NULL);
	assert_int_equal(b.w->count[FORBIDDEN_WRITES], 0);
	walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order)), NULL);
	walmart(&b, "PUT", "/v3/inventory?sku=x", "{}");
	assert_int_equal(b.w->count[FORBIDDEN_WRITES], 2);
	assert_int_equal(walmart(&b, "POST", "/sandbox/forbid?on=0", NULL), 200);
	walmart(&b, "PUT", "/v3/inventory?sku=x", "{}");
	assert_int_equal(b.w->count[FORBIDDEN_WRITES], 2);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identifiers_are_valid),
		cmocka_unit_test(every_number_leads_back_to_its_order),
		cmocka_unit_test(a_seed_is_a_history),
		cmocka_unit_test(buyers_buy_only_what_is_listed),
		cmocka_unit_test(overselling_is_counted_with_its_exposure),
		cmocka_unit_test(what_was_said_in_time_is_not_the_sellers_fault),
		cmocka_unit_test(a_pool_is_no_business_of_the_shelf),
		cmocka_unit_test(a_bundle_wants_the_units_of_its_parts),
		cmocka_unit_test(the_newest_quantity_wins),
		cmocka_unit_test(nobody_ships_and_the_platform_cancels),
		cmocka_unit_test(the_demo_is_a_believable_business),
		cmocka_unit_test(a_world_survives_a_restart),
		cmocka_unit_test(a_spoilt_file_is_refused),
		cmocka_unit_test(the_ledger_can_be_read),
		cmocka_unit_test(forbidden_writes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
