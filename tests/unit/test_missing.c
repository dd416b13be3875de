/* A SKU that a complete reading leaves out: once is a warning, twice in a row is none. */
#include "trade_truth.h"

enum { SKUS = 10 };

/* One complete reading of dallas at minute m, without the SKUs whose letter is in without; valid: they say of when it is. */
static void read_all(struct truth_world *t, int m, const char *without, bool valid)
{
	struct news n = news_new(t->w.a);

	t->w.why.now_ms = T0 + m * MINUTE;
	for (int i = 0; i < SKUS; i++)
		if (!strchr(without, 'A' + i))
			*news_count(&n) = (struct count){ .place = "dallas", .sku = arena_printf(t->w.a, "%c", 'A' + i), .qty = 5, .valid_ms = valid ? t->w.why.now_ms : 0 };
	n.counts_whole = true;
	truth_hear(t, t->wms, VERB_COUNTS, &n, t->w.why.now_ms);
}

static const char *alerts(struct truth_world *t)
{
	return world_text(&t->w, "SELECT coalesce(group_concat(substr(key, 1, instr(key, ' ') - 1), ' '), '') FROM (SELECT key FROM alert WHERE closed_ms = 0 ORDER BY key)");
}

struct step {
	const char *without;
	int64_t want; /* of A */
	const char *open;
};

static void twice_in_a_row_is_none(void **state)
{
	static const struct {
		const char *why;
		struct step step[5];
	} cases[] = {
		{ "left out once: its last count stays", { { "", 5, "" }, { "A", 5, "missing" } } },
		{ "left out twice: none, and it is named as long as it is offered", { { "", 5, "" }, { "A", 5, "missing" }, { "A", 0, "gone" }, { "A", 0, "gone" } } },
		{ "left out twice, not in a row", { { "", 5, "" }, { "A", 5, "missing" }, { "", 5, "" }, { "A", 5, "missing" }, { "", 5, "" } } },
		{ "it comes back", { { "", 5, "" }, { "A", 5, "missing" }, { "A", 0, "gone" }, { "", 5, "" } } },
		{ "half of them at once is nonsense, said twice it is believed", { { "", 5, "" }, { "ABCDE", 5, "missing" }, { "ABCDE", 5, "missing" }, { "ABCDE", 0, "gone" } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);

		OKAY(&t.w, store_exec(t.w.s, &t.w.err, arena_printf(t.w.a, "INSERT INTO offer (account_id, sku, known_ms) VALUES (%" PRId64 ", 'A', 1)", t.w.amazon)));
		for (int k = 0; k < 5 && cases[i].step[k].open; k++) {
			const struct step *s = &cases[i].step[k];
			int64_t is;

			read_all(&t, k, s->without, true);
			is = truth_item(&t, "A").available;
			if (is != s->want || strcmp(alerts(&t), s->open))
				fail_msg("%s: reading %d: %" PRId64 " available, open: %s", cases[i].why, k + 1, is, alerts(&t));
		}
		world_free(&t.w);
	}
}

/* A file that is read once more, after a restart say, is no second reading. */
static void the_same_list_twice_is_one_reading(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	read_all(&t, 0, "", false);
	read_all(&t, 1, "A", false);
	read_all(&t, 2, "A", false);
	assert_int_equal(truth_item(&t, "A").available, 5);
	world_free(&t.w);
}

/* The warehouse told of it, in a row that could not be read: that is no word about how many there are. */
static void a_row_that_cannot_be_read_is_not_left_out(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct news n = news_new(t.w.a);

	(void)state;
	read_all(&t, 0, "", true);
	news_parked(&n, "ITEM", "A", "items[0]", "not a whole number", NULL);
	truth_hear(&t, t.wms, VERB_COUNTS, &n, t.w.why.now_ms);
	for (int m = 1; m < 4; m++)
		read_all(&t, m, "A", true);
	assert_int_equal(truth_item(&t, "A").available, 5);
	assert_string_equal(alerts(&t), "");
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twice_in_a_row_is_none),
		cmocka_unit_test(the_same_list_twice_is_one_reading),
		cmocka_unit_test(a_row_that_cannot_be_read_is_not_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
