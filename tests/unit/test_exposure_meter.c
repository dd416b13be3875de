/* What an incident puts at risk: as fast as it sells, until what is shown is gone; by hand and by the table. */
#include "trade_world.h"

#include "trade/exposure_meter.h"
#include "trade/pace.h"

#define DAY (24 * HOUR)

struct closed_form {
	const char *why;
	int64_t velocity, shown, for_ms, milli;
};

static const struct closed_form forms[] = {
	{ "24 a day, an hour: one", 24000, 100, HOUR, 1000 },
	{ "24 a day, half an hour: half of one", 24000, 100, HOUR / 2, 500 },
	{ "never more than is shown", 24000, 3, DAY, 3000 },
	{ "what does not sell is not at risk", 0, 100, DAY, 0 },
	{ "what is not shown is not either", 24000, 0, DAY, 0 },
	{ "from the first moment: nothing yet", 24000, 100, 0, 0 },
	{ "a clock that was set back takes nothing", 24000, 100, -HOUR, 0 },
	{ "a century does not run over", 100000000, 999999, 36500 * DAY, 999999000 },
};

static void it_is_the_closed_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (exposure_milli(forms[i].velocity, forms[i].shown, forms[i].for_ms) != forms[i].milli)
			fail_msg("%s: %" PRId64, forms[i].why, exposure_milli(forms[i].velocity, forms[i].shown, forms[i].for_ms));
}

static struct exposed_rate meter(struct world *w, const char *kind, int64_t account, int64_t for_ms)
{
	struct exposed_rate r;

	OKAY(w, exposure_meter(w->s, kind, account, "", T0 - for_ms, T0, w->a, &r, &w->err));
	return r;
}

static void an_account_counts_up_and_what_is_oversold_stands_still(void **state)
{
	struct world w = world_new();
	struct exposed_rate r;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'A', 20, 1), (2, 'B', -3, 1);"
	                    "INSERT INTO offer (id, account_id, sku, item_id, seen, known_ms) VALUES (1, 1, 'A', 1, 10, 1), (2, 1, 'B', 2, 2, 1), (3, 2, 'A', 1, 9, 1);"
	                    "INSERT INTO pace (offer_id, velocity, at_ms) VALUES (1, 24000, 1), (2, 48000, 1);"
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms, currency) VALUES (1, 1, 'P', 'NEW', 1, 1, 1, 1, 1, 'USD');"
	                    "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, price_minor) VALUES (1, '1', 'A', 1, 2, 2, 2000), (1, '2', 'B', 2, 1, 1, 500);"));
	r = meter(&w, "auth", w.walmart, 2 * HOUR);
	assert_int_equal(r.offers, 2);
	assert_int_equal(r.units_a_day, 72);
	assert_int_equal(r.units, 4);              /* 2 of A; of B not 4, for 2 are shown */
	assert_int_equal(r.minor, 2 * 1000 + 2 * 500);
	assert_int_equal(r.minor_an_hour, 1000 + 2 * 500);
	assert_string_equal(r.currency, "USD");
	r = meter(&w, "oversold", 0, DAY);
	assert_int_equal(r.units, 3);
	assert_int_equal(r.minor, 3 * 500);
	assert_int_equal(r.units_a_day, 0);
	assert_int_equal(meter(&w, "slow", w.walmart, DAY).units, 0); /* a late answer is an answer */
	assert_int_equal(meter(&w, "lapse", w.walmart, 2 * HOUR).units, 4);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET hold = 'zero-out Z-4: out of step' WHERE id = 1"));
	OKAY(&w, exposure_meter(w.s, "zero_pending", 0, "Z-4", T0 - 2 * HOUR, T0, w.a, &r, &w.err));
	assert_int_equal(r.units, 2);
	assert_int_equal(r.minor, 2 * 1000);
	OKAY(&w, exposure_meter(w.s, "zero_pending", 0, "Z-44", T0 - 2 * HOUR, T0, w.a, &r, &w.err));
	assert_int_equal(r.offers, 0);
	r = meter(&w, "approve", 0, DAY);
	assert_int_equal(r.units + r.minor + r.offers, 0);
	world_free(&w);
}

/* A stock that is not split asks for no pace: what an incident concerns is reckoned for it, and until it is over, each hour anew. */
static void how_fast_it_sells_is_reckoned_for_an_incident(void **state)
{
	struct world w = world_new();

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'A', 20, 1), (2, 'B', 9, 1);"
	                    "INSERT INTO offer (id, account_id, sku, item_id, seen, known_ms) VALUES (1, 1, 'A', 1, 10, 1), (2, 2, 'A', 1, 10, 1), (3, 2, 'B', 2, 9, 1);"
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms, currency) "
	                    "VALUES (1, 1, 'P', 'NEW', 1, 1, 1700000000000 - 3600000, 1, 1, 'USD');"
	                    "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, price_minor) VALUES (1, '1', 'A', 1, 6, 6, 6000);"));
	OKAY(&w, paces_at_risk(w.s, 10, T0, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM pace"), 0);
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO incident (id, key, kind, severity, account_id, subject, text, card, owner, opened_ms) "
	                    "VALUES (7, 'k', 'auth', 'CRIT', 1, '', 'the key ended', '', '', 1)"));
	OKAY(&w, paces_at_risk(w.s, 10, T0, &w.err));
	assert_int_equal(world_int(&w, "SELECT velocity FROM pace WHERE offer_id = 1"), 6000); /* six, and less than a day on sale counts as one */
	assert_int_equal(meter(&w, "auth", w.walmart, 4 * HOUR).units, 1);
	assert_int_equal(meter(&w, "auth", w.walmart, 4 * HOUR).minor, 1000);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM pace WHERE offer_id = 3"), 0); /* its account has no incident, and its item nothing on one that has */
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE incident SET closed_ms = 2, closed_by = 'jo', cause = 'it was renewed'; UPDATE pace SET at_ms = 1"));
	OKAY(&w, paces_at_risk(w.s, 10, T0, &w.err));
	assert_int_equal(world_int(&w, "SELECT max(at_ms) FROM pace"), 1);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_closed_form),
		cmocka_unit_test(an_account_counts_up_and_what_is_oversold_stands_still),
		cmocka_unit_test(how_fast_it_sells_is_reckoned_for_an_incident),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
