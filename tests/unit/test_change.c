/* History, alerts, accounts and the frame's facts: small tables, each with its rule. */
#include "trade_world.h"

#include "trade/alerts.h"
#include "trade/change.h"

struct change_case {
	const char *why, *old, *new;
	int rows;
};

static const struct change_case change_cases[] = {
	{ "a value is born", NULL, "NEW", 1 },
	{ "a value becomes another", "NEW", "ACKED", 1 },
	{ "a value ends", "ACKED", NULL, 1 },
	{ "the same again writes nothing", "NEW", "NEW", 0 },
	{ "nothing stays nothing", NULL, NULL, 0 },
	{ "nothing and empty are two things", NULL, "", 1 },
};

static void only_what_changed_is_written(void **state)
{
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof change_cases / sizeof *change_cases; i++) {
		const struct change_case *c = &change_cases[i];
		struct change *got;
		int n;

		OKAY(&w, change_text(w.s, "orders", 100 + (int64_t)i, "state", c->old, c->new, T0 - 5, &w.why, &w.err));
		OKAY(&w, changes_of(w.s, "orders", 100 + (int64_t)i, w.a, &got, &n, &w.err));
		if (n != c->rows)
			fail_msg("%s: %d rows", c->why, n);
		if (n)
			assert_true(got->valid_ms == T0 - 5 && got->known_ms == T0 && !strcmp(got->actor, "test") && !strcmp(got->trace, "t-1"));
	}
	world_refuses(&w, "UPDATE change SET new = 'x'", "history is append-only");
	world_refuses(&w, "DELETE FROM change", "history is append-only");
	world_free(&w);
}

static int64_t counter(struct world *w, const char *name)
{
	int64_t v;

	OKAY(w, counter_get(w->s, name, &v, &w->err));
	return v;
}

static void an_alert_is_told_once(void **state)
{
	struct world w = world_new();
	struct alert a = { .key = "auth:1", .kind = "test", .severity = "WARN", .account = w.walmart, .text = "token refused" }, *open;
	struct message *m;
	int n;

	(void)state;
	OKAY(&w, alert_raise(w.s, &a, T0, &w.err));
	OKAY(&w, alert_raise(w.s, &a, T0 + 1, &w.err));
	OKAY(&w, alerts_open(w.s, 10, w.a, &open, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(open->count, 2);
	assert_string_equal(open->account_name, "walmart-us");
	OKAY(&w, messages_last(w.s, 0, 10, w.a, &m, &n, &w.err));
	assert_int_equal(n, 1);
	a.severity = "CRIT"; /* it grew worse: the frame's numbers follow */
	OKAY(&w, alert_raise(w.s, &a, T0 + 2, &w.err));
	assert_int_equal(counter(&w, "alerts.WARN"), 0);
	assert_int_equal(counter(&w, "alerts.CRIT"), 1);
	OKAY(&w, alert_ack(w.s, open->id, "uid:1000 jo", T0 + 3, &w.err));
	OKAY(&w, alert_close(w.s, "auth:1", T0 + 4, &w.err));
	OKAY(&w, alert_close(w.s, "auth:1", T0 + 5, &w.err));
	assert_int_equal(counter(&w, "alerts.CRIT"), 0);
	assert_int_equal(alert_ack(w.s, open->id, "jo", T0 + 6, &w.err), FAULT_REFUSED);
	OKAY(&w, alert_raise(w.s, &a, T0 + 7, &w.err)); /* after it was closed it is a new one */
	OKAY(&w, alerts_open(w.s, 10, w.a, &open, &n, &w.err));
	assert_true(n == 1 && open->count == 1);
	world_free(&w);
}

static void worst_alert_stands_first(void **state)
{
	static const char *const severity[] = { "info", "WARN", "CRIT", "WARN" }, *const want[] = { "k2", "k3", "k1", "k0" };
	struct world w = world_new();
	struct alert *open;
	int n;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct alert a = { .key = arena_printf(w.a, "k%d", i), .kind = "test", .severity = severity[i], .text = "?" };

		OKAY(&w, alert_raise(w.s, &a, T0 + i, &w.err));
	}
	OKAY(&w, alerts_open(w.s, 10, w.a, &open, &n, &w.err));
	assert_int_equal(n, 4);
	for (int i = 0; i < n; i++)
		assert_string_equal(open[i].key, want[i]);
	world_free(&w);
}

static void an_account_is_born_in_shadow(void **state)
{
	struct world w = world_new();
	struct account_row row, again = { .name = "walmart-us", .channel = "walmart", .enabled = true, .base_url = "https://x" };
	int64_t id;

	(void)state;
	OKAY(&w, account_by_name(w.s, "walmart-ca", w.a, &row, &w.err));
	assert_string_equal(row.mode, "shadow");
	OKAY(&w, account_mode(w.s, row.id, "live", &w.why, &w.err));
	OKAY(&w, account_by_name(w.s, "walmart-ca", w.a, &row, &w.err));
	assert_string_equal(row.mode, "live");
	OKAY(&w, account_put(w.s, &again, false, &w.why, &id, &w.err));
	assert_int_equal(id, w.walmart);
	OKAY(&w, account_by_name(w.s, "walmart-us", w.a, &row, &w.err));
	assert_string_equal(row.mode, "live"); /* putting it on record again moves no mode */
	assert_string_equal(row.base_url, "https://x");
	again.channel = "amazon";
	assert_int_equal(account_put(w.s, &again, false, &w.why, &id, &w.err), FAULT_REFUSED);
	assert_int_equal(account_by_name(w.s, "ebay", w.a, &row, &w.err), FAULT_REFUSED);
	world_free(&w);
}

static void the_clock_of_an_account_is_not_written_twice_a_minute(void **state)
{
	static const struct {
		int64_t at_ms, want_ms;
	} cases[] = { { T0, T0 }, { T0 + 59999, T0 }, { T0 + 60000, T0 + 60000 } };
	struct world w = world_new();
	struct account_row row;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		OKAY(&w, account_ok(w.s, w.walmart, cases[i].at_ms, &w.err));
		OKAY(&w, account_by_name(w.s, "walmart-us", w.a, &row, &w.err));
		assert_int_equal(row.ok_ms, cases[i].want_ms);
	}
	world_free(&w);
}

static void a_state_keeps_its_first_time(void **state)
{
	struct world w = world_new();
	struct account_row row;
	int64_t changes = world_int(&w, "SELECT count(*) FROM change");

	(void)state;
	OKAY(&w, account_state(w.s, w.walmart, "down", "timeout", &w.why, &w.err));
	w.why.now_ms += 1000;
	OKAY(&w, account_state(w.s, w.walmart, "down", "502", &w.why, &w.err));
	OKAY(&w, account_by_name(w.s, "walmart-us", w.a, &row, &w.err));
	assert_int_equal(row.state_ms, T0);
	assert_string_equal(row.state_text, "502");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM change"), changes + 1);
	world_free(&w);
}

static void the_same_configuration_has_the_same_id(void **state)
{
	struct world w = world_new();
	int64_t a, b, c;

	(void)state;
	OKAY(&w, config_put(w.s, "[store]\n", T0, &a, &w.err));
	OKAY(&w, config_put(w.s, "[store]\nx = 1\n", T0, &b, &w.err));
	OKAY(&w, config_put(w.s, "[store]\n", T0 + 1, &c, &w.err));
	assert_true(a == c && a != b);
	world_free(&w);
}

static void buckets_and_breakers_come_back(void **state)
{
	struct world w = world_new();
	struct bucket_row b = { .account = w.walmart, .name = "walmart.orders", .credit = 7, .rate = 5000, .window_ms = MINUTE, .burst = 200,
		                .day_used = 3 },
			  *bs;
	struct breaker_row k = { .account = w.amazon, .name = "orders", .state = "open", .fails = 5, .fault = "REMOTE", .text = "503" }, *ks;
	int n;

	(void)state;
	OKAY(&w, bucket_save(w.s, &b, &w.err));
	b.credit = 6;
	OKAY(&w, bucket_save(w.s, &b, &w.err));
	OKAY(&w, buckets_all(w.s, w.a, &bs, &n, &w.err));
	assert_true(n == 1 && bs->credit == 6 && bs->rate == 5000 && bs->day_used == 3 && !strcmp(bs->account_name, "walmart-us"));
	OKAY(&w, breaker_save(w.s, &k, &w.err));
	OKAY(&w, breakers_all(w.s, w.a, &ks, &n, &w.err));
	assert_true(n == 1 && ks->fails == 5 && !strcmp(ks->state, "open") && !strcmp(ks->text, "503"));
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_written),
		cmocka_unit_test(an_alert_is_told_once),
		cmocka_unit_test(worst_alert_stands_first),
		cmocka_unit_test(an_account_is_born_in_shadow),
		cmocka_unit_test(the_clock_of_an_account_is_not_written_twice_a_minute),
		cmocka_unit_test(a_state_keeps_its_first_time),
		cmocka_unit_test(the_same_configuration_has_the_same_id),
		cmocka_unit_test(buckets_and_breakers_come_back),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
