/* When an account that is told to slow down rings: by its answers of five minutes, five minutes later, and until they are fewer. */
#include "trade_world.h"

#include "trade/alerts.h"
#include "trade/checks.h"
#include "trade/jobs.h"
#include "trade/throttle.h"

struct answers {
	int good, bad;
	int64_t status;    /* of the bad ones */
	const char *fault;
};

static void answered(struct world *w, int64_t account, int64_t at_ms, int64_t status, const char *fault)
{
	static int correlation;
	struct attempt t = { .account = account, .verb = "orders", .op = "orders", .method = "GET", .url = "https://x/", .opened_ms = at_ms, .closed_ms = at_ms + 300,
		             .status = status, .fault = fault };

	t.correlation = arena_printf(w->a, "c-%d", ++correlation);
	OKAY(w, attempt_open(w->s, &t, 1, NULL, 0, &t.id, &w->err));
	OKAY(w, attempt_close(w->s, &t, &w->err));
}

/* A minute's answers, and the engine's look at its end. */
static void minute(struct world *w, const struct answers *x)
{
	for (int i = 0; i < x->good; i++)
		answered(w, w->walmart, w->why.now_ms, 200, "");
	for (int i = 0; i < x->bad; i++)
		answered(w, w->walmart, w->why.now_ms, x->status, x->fault);
	w->why.now_ms += MINUTE;
	OKAY(w, throttle_watch(w->s, w->why.now_ms, &w->err));
	OKAY(w, alerts_watch(w->s, w->why.now_ms, &w->err));
}

static int64_t ringing(struct world *w)
{
	return world_int(w, "SELECT count(*) FROM alert WHERE kind = 'throttle_storm' AND closed_ms = 0");
}

static const struct {
	const char *why;
	struct answers first, then;
	int minutes; /* of them, after the first */
	int64_t rings;
} storms[] = {
	{ "nobody is called", { 0 }, { 0 }, 12, 0 },
	{ "all is well", { 20, 0, 0, "" }, { 20, 0, 0, "" }, 12, 0 },
	{ "a bucket is used to its limit, a call a minute", { 1, 0, 0, "" }, { 1, 0, 0, "" }, 12, 0 },
	{ "one, and nothing else", { 0, 1, 429, "BUSY" }, { 0 }, 12, 0 },
	{ "one in five", { 4, 1, 429, "BUSY" }, { 4, 1, 429, "BUSY" }, 12, 0 },
	{ "more than one in five, for four minutes", { 3, 1, 429, "BUSY" }, { 3, 1, 429, "BUSY" }, 4, 0 },
	{ "more than one in five, and on", { 3, 1, 429, "BUSY" }, { 3, 1, 429, "BUSY" }, 8, 1 },
	{ "each of the few that still go", { 0, 1, 429, "BUSY" }, { 0, 1, 429, "BUSY" }, 8, 1 },
	{ "in words of their own, below a 200", { 1, 1, 200, "BUSY" }, { 1, 1, 200, "BUSY" }, 8, 1 },
	{ "a burst that is over", { 0, 9, 429, "BUSY" }, { 5, 0, 0, "" }, 12, 0 },
	{ "errors of theirs", { 0, 5, 503, "REMOTE" }, { 0, 5, 503, "REMOTE" }, 12, 0 },
};

static void it_rings_by_their_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof storms / sizeof *storms; i++) {
		struct world w = world_new();

		minute(&w, &storms[i].first);
		for (int m = 0; m < storms[i].minutes; m++)
			minute(&w, &storms[i].then);
		if (ringing(&w) != storms[i].rings)
			fail_msg("%s: %" PRId64 " ring", storms[i].why, ringing(&w));
		world_free(&w);
	}
}

/* Told after five minutes, of that account alone, and its card sees the same; it ends when they are fewer. */
static void it_is_told_of_its_account_and_ends_by_itself(void **state)
{
	static const struct answers storm = { 2, 2, 429, "BUSY" }, calm = { 9, 0, 0, "" };
	struct world w = world_new();
	struct finding found;

	(void)state;
	answered(&w, w.amazon, T0, 200, "");
	for (int m = 0; m < 6; m++)
		minute(&w, &storm);
	assert_int_equal(ringing(&w), 0);
	minute(&w, &storm);
	assert_string_equal(world_text(&w, "SELECT severity || ' ' || text FROM alert WHERE closed_ms = 0"),
	                    "WARN walmart-us: 10 of 20 calls of the last 5 minutes were told to slow down");
	assert_int_equal(world_int(&w, "SELECT account_id FROM alert WHERE closed_ms = 0"), w.walmart);
	OKAY(&w, check_make(w.s, "throttled", &(struct check_about){ w.walmart, "throttle_storm", "" }, w.why.now_ms, w.a, &found, &w.err));
	assert_false(found.good);
	for (int m = 0; m < 4; m++)
		minute(&w, &calm);
	assert_int_equal(ringing(&w), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert"), 1);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_rings_by_their_answers),
		cmocka_unit_test(it_is_told_of_its_account_and_ends_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
