/* In stock and not on sale: the list is what brute force finds, and each proposal does what it says. */
#include "trade_world.h"

#include "trade/aim.h"
#include "trade/inventory.h"
#include "trade/offers.h"
#include "trade/overrides.h"
#include "trade/suppressed.h"

enum { ATP = 12, CHANNELS = 3, MOST = 64 };

/* SKU-n has n of it and is offered on every account. */
static struct world stocked(void)
{
	struct world w = world_new();
	const int64_t account[CHANNELS] = { w.walmart, w.amazon, w.shadow };

	for (int n = 1; n <= ATP; n++) {
		const char *sku = arena_printf(w.a, "SKU-%d", n);
		struct count c = { .sku = sku, .qty = n, .valid_ms = T0 };
		struct seen seen = { .sku = sku, .pool = "own", .qty = 0 };

		OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
		for (int k = 0; k < CHANNELS; k++)
			OKAY(&w, offers_seen(w.s, account[k], &seen, 1, T0, &w.why, &w.err));
	}
	return w;
}

/* Every item thought over with the rules in force. */
static void aim_all(struct world *w)
{
	struct policy_book book;
	struct aims how;
	int64_t *changed;
	int n;

	OKAY(w, policy_book_in_force(w->s, w->a, &book, &w->err));
	OKAY(w, aims_open(w->s, &book, NULL, 0, T0, w->a, &how, &w->err));
	for (int i = 1; i <= ATP; i++)
		OKAY(w, item_aim(w->s, i, &how, &w->why, w->a, &changed, &n, &w->err));
}

static int list(struct world *w, int page, struct suppressed *out)
{
	int64_t after = 0;
	int n = 0, got;

	do {
		struct suppressed *x;

		OKAY(w, suppressed_page(w->s, after, page, T0, w->a, &x, &got, &after, &w->err));
		for (int i = 0; i < got; i++)
			out[n++] = x[i];
	} while (after);
	return n;
}

static void set(struct world *w, const char *sku, const char *account, const char *key, const char *value)
{
	struct override o = { .scope = "sku", .name = sku, .account = account, .key = key, .value = value, .cause = "test", .actor = "test" };

	OKAY(w, override_set(w->s, &o, &w->why, &w->err));
}

static void the_list_is_what_brute_force_finds(void **state)
{
	struct world w = stocked();
	struct suppressed x[MOST];
	int n;

	(void)state;
	aim_all(&w);
	for (int page = 1; page < 9; page++) {
		n = list(&w, page, x);
		assert_int_equal(n, world_int(&w, "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id WHERE f.target = 0 AND i.available > 0"));
	}
	assert_in_range(n, CHANNELS, ATP * CHANNELS - 1); /* some, and not all */
	for (int i = 0; i < n; i++) {
		assert_int_equal(world_int(&w, arena_printf(w.a, "SELECT target FROM offer WHERE id = %" PRId64, x[i].offer.id)), 0);
		assert_int_equal(x[i].key, POLICY_BUFFER);
	}
	world_free(&w);
}

/* "buffer 2u/0%": taken at its word it shows what was promised, and one more kept back shows none. */
static void a_proposal_is_the_mildest_that_helps(void **state)
{
	struct world w = stocked();
	struct suppressed x[MOST];
	int n;

	(void)state;
	aim_all(&w);
	n = list(&w, 100, x);
	for (int i = 0; i < n; i++) {
		const char *value = strchr(x[i].propose, ' ') + 1;
		int64_t units = atoi(value);

		assert_true(x[i].would > 0);
		if (strstr(value, " and never_full off")) {
			value = arena_printf(w.a, "%.*s", (int)strcspn(value, " "), value);
			set(&w, x[i].offer.sku, "", "never_full", "off");
		}
		set(&w, x[i].offer.sku, x[i].offer.account_name, "buffer", value);
		aim_all(&w);
		assert_int_equal(world_int(&w, arena_printf(w.a, "SELECT target FROM offer WHERE id = %" PRId64, x[i].offer.id)), x[i].would);
		set(&w, x[i].offer.sku, x[i].offer.account_name, "buffer", arena_printf(w.a, "%" PRId64 "u/0%%", units + 1));
		aim_all(&w);
		assert_int_equal(world_int(&w, arena_printf(w.a, "SELECT target FROM offer WHERE id = %" PRId64, x[i].offer.id)), 0);
	}
	world_free(&w);
}

static const struct {
	const char *why, *key, *value;
	enum policy_key named;
	const char *propose;
} rules[] = {
	{ "fewer than ten are shown as none", "min_publish", "10", POLICY_LEAST, "min_publish 1" },
	{ "nine are nobody's", "reserve", "12", POLICY_RESERVE, "reserve 0" },
	{ "at most none", "cap", "0", POLICY_CAP, "cap none" },
};

static void the_rule_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct world w = stocked();
		struct suppressed x[MOST];
		bool found = false;
		int n;

		set(&w, "SKU-12", rules[i].named == POLICY_RESERVE ? "" : "walmart-us", rules[i].key, rules[i].value);
		aim_all(&w);
		n = list(&w, 100, x);
		for (int k = 0; k < n; k++)
			if (!strcmp(x[k].offer.sku, "SKU-12") && x[k].offer.account == w.walmart) {
				found = true;
				if (x[k].key != rules[i].named || strcmp(x[k].propose, rules[i].propose))
					fail_msg("%s: %s", rules[i].why, x[k].propose);
				assert_non_null(strstr(x[k].by, "SKU SKU-12"));
			}
		if (!found)
			fail_msg("%s: it is not listed", rules[i].why);
		world_free(&w);
	}
}

static void what_is_held_or_gone_is_another_story(void **state)
{
	struct world w = stocked();
	struct suppressed x[MOST];
	int before, after;

	(void)state;
	aim_all(&w);
	before = list(&w, 100, x);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET hold = 'Z-1' WHERE id = 1; UPDATE item SET available = 0 WHERE id = 2"));
	after = list(&w, 100, x);
	assert_int_equal(before - after, 1 + CHANNELS);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_is_what_brute_force_finds),
		cmocka_unit_test(a_proposal_is_the_mildest_that_helps),
		cmocka_unit_test(the_rule_is_named),
		cmocka_unit_test(what_is_held_or_gone_is_another_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
