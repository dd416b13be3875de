/*
 * test_drifts.c: a difference of every cause, planted with the simulated marketplaces, is found by a run with that cause and no other,
 * leads to what that cause asks for, and is gone when its cause is.
 *
 * Each row is a quiet business of its own: all is said and seen, then one thing happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

/* What happens in a row is about this one offer. */
struct planted {
	const char *place, *account, *sku;
	int product;
	int64_t pushed, offer;
};

static int64_t of_offer(struct day *d, const struct planted *p, const char *what)
{
	return day_int(d, arena_printf(d->arena, "SELECT %s FROM offer WHERE id = %" PRId64, what, p->offer));
}

static struct planted plant_at(struct day *d, const char *place, const char *account, int product)
{
	struct planted p = { place, account, shelf_sku(d, product), product, 0, 0 };

	p.offer = day_int(d, arena_printf(d->arena, "SELECT min(f.id) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = '%s' AND f.sku = '%s' AND f.pool = 'own'",
	                                  account, p.sku));
	p.pushed = of_offer(d, &p, "coalesce(pushed, -1)");
	return p;
}

static void edit(struct day *d, const struct planted *p, int64_t to)
{
	day_fault(d, arena_printf(d->arena, "kind=edit place=%s sku=%s to=%" PRId64, p->place, p->sku, to));
}

/* The warehouse finds so many more of it, or fewer. */
static void recount(struct day *d, const struct planted *p, int64_t by)
{
	int64_t was = day_int(d, arena_printf(d->arena, "SELECT i.counted FROM offer f JOIN item i ON i.id = f.item_id WHERE f.id = %" PRId64, p->offer));

	shelf_recount(d, "local", p->product, (int)(was + by));
}

/* ---- what is planted; each returns the offer that it is about ---- */

static struct planted at_amazon(struct day *d)
{
	return plant_at(d, "amazon/us", "amazon-na", shelf_offered(d, "amazon/us"));
}

static struct planted somebody_types_a_number(struct day *d)
{
	struct planted p = at_amazon(d);

	edit(d, &p, p.pushed + 40);
	run(d, 20 * MINUTE);
	return p;
}

static struct planted our_number_is_on_its_way(struct day *d)
{
	struct planted p = at_amazon(d);

	recount(d, &p, -30);
	run(d, 2 * MINUTE);
	return p;
}

/* Amazon takes the units off what it shows, and cannot be asked what was sold. */
static struct planted it_was_sold_and_the_order_is_not_here(struct day *d)
{
	struct planted p;
	int order;

	day_fault(d, "for=3h channel=amazon op=orders kind=error status=503");
	run(d, 10 * MINUTE);
	order = day_order(d, "amazon/us", 6);
	p = plant_at(d, "amazon/us", "amazon-na", shelf_ordered(d, order));
	run(d, 20 * MINUTE);
	return p;
}

/* The buyer takes it back: they offer the units again before our own number, which has them, gets through. */
static struct planted they_counted_the_return_first(struct day *d)
{
	int order = day_order(d, "amazon/us", 6);
	struct planted p = plant_at(d, "amazon/us", "amazon-na", shelf_ordered(d, order));

	run(d, 40 * MINUTE);
	day_fault(d, "for=50m channel=amazon op=push kind=error status=503");
	shelf_cancel(d, order);
	run(d, 20 * MINUTE);
	return p;
}

static struct planted they_said_yes_and_did_nothing(struct day *d)
{
	struct planted p = at_amazon(d);

	day_fault(d, "for=5m channel=amazon op=push kind=dropped");
	recount(d, &p, -30);
	run(d, 40 * MINUTE);
	return p;
}

/* From now on its SKU stands for that item; 0: for what is spelled alike. */
static void map_to(struct day *d, const struct planted *p, int64_t item)
{
	must(day_intend(d, "map", "", arena_printf(d->arena, "map=%" PRId64 ":1:%" PRId64 ":%s\n", of_offer(d, p, "account_id"), item, p->sku)));
}

/* A SKU that the warehouse never counted was put down as another item, is no more, and somebody sells it. */
static struct planted it_stands_for_nothing_of_ours(struct day *d)
{
	struct planted other = at_amazon(d), p = plant_at(d, "amazon/us", "amazon-na", d->plan.skus - 1);

	map_to(d, &p, of_offer(d, &other, "item_id"));
	run(d, 40 * MINUTE);
	map_to(d, &p, 0);
	p.pushed = of_offer(d, &p, "pushed");
	edit(d, &p, p.pushed + 40);
	run(d, 20 * MINUTE);
	return p;
}

static struct planted our_own_count_is_old(struct day *d)
{
	struct planted p;

	day_fault(d, "for=5h channel=cartoncloud kind=error status=503");
	run(d, 2 * HOUR);
	p = at_amazon(d);
	edit(d, &p, p.pushed + 40);
	run(d, 20 * MINUTE);
	return p;
}

struct plant {
	const char *why;
	struct planted (*happens)(struct day *d);
	const char *before; /* a mishap that is there from the first moment; NULL: all is well */
	bool whole;
	const char *found;  /* cause, action and difference of the row that a run finds; "": it is left out */
	int64_t mends_ms;   /* after so long nothing of it is left; 0: a person is asked */
};

static const struct plant plants[] = {
	{ "somebody typed a number", somebody_types_a_number, NULL, false, "CHANNEL_EDIT push 40", 40 * MINUTE },
	{ "our number is on its way", our_number_is_on_its_way, NULL, false, "", 30 * MINUTE },
	{ "sold, and the order is not read yet", it_was_sold_and_the_order_is_not_here, NULL, false, "IN_FLIGHT_ORDER wait -6", 5 * HOUR },
	{ "they put a cancelled unit on sale before we did", they_counted_the_return_first, NULL, false, "RETURN_FIRST push 6", 2 * HOUR },
	{ "accepted, and never shown", they_said_yes_and_did_nothing, NULL, false, "NOT_APPLIED push 25", 40 * MINUTE },
	{ "a listing that is nothing of ours", it_stands_for_nothing_of_ours, NULL, false, "MAPPING map 40", 0 },
	{ "our own count is too old to say", our_own_count_is_old, NULL, true, "TRUTH_STALE push 40", 40 * MINUTE },
	{ "no order of theirs was ever read", somebody_types_a_number, "channel=amazon op=orders kind=error status=503", false, "UNKNOWN push 40", 40 * MINUTE },
};

static struct day *open_for(const struct plant *p)
{
	struct day_plan plan = { .seed = 21, .skus = 6, .prompt = true, .idle = true, .whole = p->whole, .settle_pct = 100, .untold = 1, .config = "[rec]\noversell = in-run\n" };
	struct day *d = day_prepare(&plan);
	struct err err;

	day_no_buyers(d);
	if (p->before)
		day_fault(d, p->before);
	must(day_start(d, &err) ? err.text : NULL);
	run(d, 70 * MINUTE);
	return d;
}

static int64_t rows(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM rec_row");
}

static const char *offer_now(struct day *d, const struct planted *p)
{
	return day_text(d, arena_printf(d->arena, "SELECT push_state || ' ' || cause || ', drift ' || drift || ', pushed ' || coalesce(pushed, '-') || ', seen ' || "
	                                          "coalesce(seen, '-') || ', target ' || coalesce(target, '-') FROM offer WHERE id = %" PRId64, p->offer));
}

/* It settles, so it is left out, and the run says that it left something out. */
static void left_out(struct day *d, const struct plant *p, const struct planted *it, int64_t before)
{
	int64_t settling = day_int(d, "SELECT sum(settling) FROM rec_run WHERE id > (SELECT max(id) - 2 FROM rec_run)");

	if (rows(d) != before || settling < 1 || strcmp(day_text(d, arena_printf(d->arena, "SELECT cause FROM offer WHERE id = %" PRId64, it->offer)), "SETTLING"))
		fail_msg("%s: %" PRId64 " rows, %" PRId64 " left out as settling, %s", p->why, rows(d) - before, settling, offer_now(d, it));
}

/* It is found, and nothing else is: the same SKU in the account's other marketplaces may be, for the same reason. */
static void found_by_name(struct day *d, const struct plant *p, const struct planted *it, int64_t before)
{
	const char *found = day_text(d, arena_printf(d->arena, "SELECT cause || ' ' || action || ' ' || delta FROM rec_row WHERE offer_id = %" PRId64 " ORDER BY id DESC LIMIT 1", it->offer));
	const char *others = day_text(d, arena_printf(d->arena, "SELECT coalesce(group_concat(f.sku || ' ' || r.cause || ' ' || r.delta), '') FROM rec_row r JOIN offer f ON f.id = r.offer_id "
	                                                        "WHERE r.id > %" PRId64 " AND (f.sku <> '%s' OR r.cause || ' ' || r.action || ' ' || r.delta <> '%s')",
	                                              before, it->sku, p->found));

	if (strcmp(found, p->found))
		fail_msg("%s: found \"%s\" (%s)", p->why, found, offer_now(d, it));
	if (*others)
		fail_msg("%s: and others: %s", p->why, others);
}

/* What could be corrected was, and a reading shows it. What explains itself is no correction. */
static void mended(struct day *d, const struct plant *p, const struct planted *it)
{
	const char *row;

	run(d, p->mends_ms);
	row = day_text(d, arena_printf(d->arena, "SELECT verdict || ' ' || decision FROM rec_row WHERE offer_id = %" PRId64 " ORDER BY id DESC LIMIT 1", it->offer));
	if (of_offer(d, it, "drift") || of_offer(d, it, "seen <> target") || (strstr(p->found, " push ") && strcmp(row, "APPLIED rule")))
		fail_msg("%s: still there: %s; %s", p->why, row, offer_now(d, it));
}

static void plant_and_look(const struct plant *p)
{
	struct day *d = open_for(p);
	int64_t before = rows(d);
	struct planted it = p->happens(d);

	must(day_intend(d, "reconcile", "", "full=0\n"));
	run(d, 2 * MINUTE);
	if (*p->found)
		found_by_name(d, p, &it, before);
	else
		left_out(d, p, &it, before);
	if (p->mends_ms)
		mended(d, p, &it);
	else
		assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE decision = ''"), 1); /* it waits for a person */
	day_close(d);
}

static void every_cause_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++)
		plant_and_look(&plants[i]);
}

/* ---- an edit of theirs ---- */

/* Not when our own number changes next: the next reading of theirs finds it, on every marketplace, whatever its lists tell. */
static void t20_an_edit_is_found_within_one_reading(void **state)
{
	static const char *const markets[][2] = { { "walmart", "walmart-us" }, { "amazon", "amazon-na" }, { "ebay", "ebay-us" }, { "shopify", "shopify" } };
	struct day_plan plan = { .seed = 22, .skus = 6, .prompt = true, .idle = true, .whole = true, .config = "[rec]\noversell = in-run\n" };
	struct day *d = day_open(&plan);
	struct planted p[4];

	(void)state;
	day_no_buyers(d);
	run(d, 90 * MINUTE);
	for (int i = 0; i < 4; i++) {
		const char *place = shelf_place(markets[i][0]);

		p[i] = plant_at(d, place, markets[i][1], shelf_offered(d, place));
		edit(d, &p[i], p[i].pushed + 40);
	}
	must(day_intend(d, "reconcile", "", "full=0\n"));
	run(d, 5 * MINUTE);
	for (int i = 0; i < 4; i++)
		if (day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_row r JOIN rec_run u ON u.id = r.run_id WHERE r.offer_id = %" PRId64 " AND r.cause = 'CHANNEL_EDIT' AND u.actor NOT LIKE 'rule%%'", p[i].offer)) != 1)
			fail_msg("%s: %s", markets[i][1], offer_now(d, &p[i]));
	run(d, HOUR);
	for (int i = 0; i < 4; i++)
		assert_int_equal(shelf_shown(d, p[i].place, p[i].product), p[i].pushed);
	day_close(d);
}

/* ---- a sale in between ---- */

/* Counted anew, and sold before that is said: they are told what was there when it was read, and take nothing that would write over the sale. */
static void a_sale_between_reading_and_writing_is_not_written_over(void **state)
{
	struct day_plan plan = { .seed = 23, .skus = 6, .prompt = true, .idle = true, .whole = true };
	struct day *d = day_open(&plan);
	struct planted p;

	(void)state;
	day_no_buyers(d);
	run(d, 90 * MINUTE);
	p = plant_at(d, "shopify/main", "shopify", shelf_ordered(d, day_order(d, "shopify/main", 1)));
	run(d, 10 * MINUTE);
	day_fault(d, "for=3m channel=shopify op=orders kind=error"); /* or the sale is known first */
	recount(d, &p, -10);
	assert_int_equal(shelf_ordered(d, day_order(d, "shopify/main", 4)), p.product);
	run(d, 3 * MINUTE);
	assert_true(day_count(d, "stale_writes") >= 1);
	run(d, 30 * MINUTE);
	assert_int_equal(shelf_shown(d, p.place, p.product), of_offer(d, &p, "target"));
	assert_int_equal(day_count(d, "oversold"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state IN ('unsure', 'failed')"), 0);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_is_found_by_its_name),
		cmocka_unit_test(t20_an_edit_is_found_within_one_reading),
		cmocka_unit_test(a_sale_between_reading_and_writing_is_not_written_over),
	};

	return cmocka_run_group_tests_name("drifts", tests, NULL, NULL);
}
