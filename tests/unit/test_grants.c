/* What a platform granted one account: taken as a person said it, within bounds, and never beyond what they answer with. */
#include "net/grants.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define NOW INT64_C(1700000000000)

static const char rows[] =
	"op,method,path,family,group,bucket,tokens,window_s,burst,concurrency,daily,cost,batch,source,date\n"
	"amazon.orders.search,GET,/o,orders,orders.read,,0.0056,1,20,,,,100,test,2026-01-01\n"
	"amazon.orders.get,GET,/o/1,orders,orders.read,,0.5,1,30,,,,1,test,2026-01-01\n"
	"ebay.orders.list,GET,/e,orders,orders.read,ebay.fulfillment,,,,4,100000,,200,test,2026-01-01\n"
	"ebay.orders.ship,POST,/e/1,orders,orders.write,ebay.fulfillment,,,,4,100000,,1,test,2026-01-01\n"
	"walmart.orders.ack,POST,/a,orders,orders.write,,60,60,60,,,,1,test,2026-01-01\n";

struct grant_case {
	const char *why, *channel, *text, *says; /* says: NULL when it is taken */
};

static const struct grant_case cases[] = {
	{ "nothing is said", "amazon", "", NULL },
	{ "a faster rate", "amazon", "amazon.orders.search rate=0.02", NULL },
	{ "rate and burst", "amazon", "amazon.orders.search rate=0.02 burst=40", NULL },
	{ "several operations", "amazon", "amazon.orders.search rate=0.02, amazon.orders.get burst=60", NULL },
	{ "a smaller share, for another program drinks from it too", "walmart", "walmart.orders.ack rate=30 burst=30", NULL },
	{ "a larger day", "ebay", "ebay.orders.list daily=500000", NULL },
	{ "a hundred times is the most", "amazon", "amazon.orders.search rate=0.56", NULL },
	{ "more is a slip of a digit", "amazon", "amazon.orders.search rate=0.57", "more than 100 times the published 0.0056 in 1 s" },
	{ "of a burst as well", "amazon", "amazon.orders.search burst=2001", "no whole number from 1 to 2000" },
	{ "and of a day", "ebay", "ebay.orders.list daily=10000001", "no whole number from 1 to 10000000" },
	{ "no rate at all", "amazon", "amazon.orders.search rate=0", "is no rate" },
	{ "a rate in words", "amazon", "amazon.orders.search rate=fast", "is no rate" },
	{ "an operation that is none", "amazon", "amazon.orders.guess rate=1", "has no row in limits.csv" },
	{ "another channel's", "walmart", "amazon.orders.search rate=0.02", "is no operation of walmart" },
	{ "a channel's name is not the beginning of another's", "ama", "amazon.orders.search rate=0.02", "is no operation of ama" },
	{ "an operation and nothing of it", "amazon", "amazon.orders.search", "what of it?" },
	{ "a key that nobody knows", "amazon", "amazon.orders.search rats=1", "none of rate=, burst=, daily=" },
	{ "a day of what is not counted by the day", "amazon", "amazon.orders.search daily=10", "has no daily" },
	{ "a rate of what is counted by the day alone", "ebay", "ebay.orders.list rate=2", "has no rate, only a daily count" },
	{ "one bucket twice", "ebay", "ebay.orders.list daily=200000, ebay.orders.ship daily=300000", "of which something is said already" },
};

static struct limit_registry registry_of(struct arena *a)
{
	struct limit_registry r;
	struct err err;

	if (limit_registry_read(a, "limits.csv", rows, sizeof rows - 1, &r, &err))
		fail_msg("%s", err.text);
	return r;
}

static void which_are_taken(void **state)
{
	struct arena *a = arena_new();
	struct limit_registry r = registry_of(a);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = { 0 };
		struct grant *g;
		int n;
		bool taken = !grants_read(&r, cases[i].channel, cases[i].text, a, &g, &n, &err);

		if (taken != !cases[i].says || (!taken && !strstr(err.text, cases[i].says)))
			fail_msg("%s: %s", cases[i].why, taken ? "taken" : err.text);
	}
	arena_free(a);
}

/* The limit of an operation as an account has it. */
static struct limit limit_with(struct arena *a, const char *channel, const char *op, const char *text)
{
	struct limit_registry r = registry_of(a);
	const struct operation *o;
	struct operation mine;
	struct grant *g;
	struct err err;
	int n;

	assert_int_equal(grants_read(&r, channel, text, a, &g, &n, &err), OK);
	assert_int_equal(limit_registry_find(&r, op, &o, &err), OK);
	mine = grants_apply(g, n, o);
	return operation_limit(&mine, NOW);
}

static int64_t wait_empty(struct limit l)
{
	while (!limit_take(&l, 1, LANE_ZERO, NOW))
		;
	return limit_wait(&l, 1, LANE_ZERO, NOW);
}

static void what_is_granted_holds_for_that_alone(void **state)
{
	struct arena *a = arena_new();
	struct limit l = limit_with(a, "amazon", "amazon.orders.search", "amazon.orders.search rate=0.02 burst=40");

	(void)state;
	assert_int_equal(limit_tokens(&l, NOW), 40);
	assert_int_equal(wait_empty(l), 50000); /* one in fifty seconds instead of in 179 */
	l = limit_with(a, "amazon", "amazon.orders.get", "amazon.orders.search rate=0.02 burst=40");
	assert_int_equal(limit_tokens(&l, NOW), 30);
	l = limit_with(a, "ebay", "ebay.orders.ship", "ebay.orders.list daily=500000");
	assert_int_equal(l.daily, 500000); /* they drink from one */
	arena_free(a);
}

static void never_more_than_they_answer_with(void **state)
{
	struct header h[] = { { "x-amzn-RateLimit-Limit", "0.01" } };
	struct reply r = { .status = 200, .header = h, .headers = 1 };
	struct arena *a = arena_new();
	struct limit l = limit_with(a, "amazon", "amazon.orders.search", "amazon.orders.search rate=0.02"), after;

	(void)state;
	limit_learn(&l, &r, NOW);
	assert_int_equal(wait_empty(l), 100000);
	after = limit_with(a, "amazon", "amazon.orders.search", "amazon.orders.search rate=0.5"); /* a person hopes for more, and starts the engine anew */
	limit_resume(&after, &l, NOW);
	assert_int_equal(wait_empty(after), 100000);
	h[0].value = "0.02"; /* they have granted it by now */
	limit_learn(&l, &r, NOW);
	after = limit_with(a, "amazon", "amazon.orders.search", "amazon.orders.search rate=0.5");
	limit_resume(&after, &l, NOW);
	assert_int_equal(wait_empty(after), 50000);
	arena_free(a);
}

/* What was published before is no word of theirs: it does not hold back what is granted now. */
static void a_grant_holds_from_the_next_start(void **state)
{
	struct arena *a = arena_new();
	struct limit was = limit_with(a, "amazon", "amazon.orders.search", ""), l = limit_with(a, "amazon", "amazon.orders.search", "amazon.orders.search rate=0.02 burst=40");

	(void)state;
	while (!limit_take(&was, 1, LANE_ZERO, NOW))
		;
	limit_resume(&l, &was, NOW);
	assert_int_equal(limit_tokens(&l, NOW), 0); /* no new tokens for a new rate */
	assert_int_equal(limit_wait(&l, 1, LANE_ZERO, NOW), 50000);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_are_taken),
		cmocka_unit_test(what_is_granted_holds_for_that_alone),
		cmocka_unit_test(never_more_than_they_answer_with),
		cmocka_unit_test(a_grant_holds_from_the_next_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
