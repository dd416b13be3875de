/* What a day allows, where the engine meets it: changes of one listing, calls of a bucket, a zero that cannot be said. */
#include "trade_world.h"

#include "channels/channel.h"
#include "engine/parts.h"
#include "trade/alerts.h"
#include "trade/jobs.h"
#include "trade/revisions.h"

struct desk {
	struct world w;
	struct engine e;
	struct link link;
};

static void desk_open(struct desk *d)
{
	struct err err;

	*d = (struct desk){ .w = world_new() };
	d->link = (struct link){ .account = { .id = world_account(&d->w, "ebay-us", "ebay", true), .name = "ebay-us" }, .channel = &channel_ebay };
	OKAY(&d->w, store_commit(d->w.s, &d->w.err));
	d->e = (struct engine){ .store = d->w.s, .turn = d->w.a, .wake_ms = INT64_MAX, .links = { .arena = d->w.a, .link = &d->link, .n = 1 } };
	assert_int_equal(limit_registry_load(d->w.a, &d->e.links.registry, &err), OK);
}

static void desk_close(struct desk *d)
{
	store_close(d->w.s);
	arena_free(d->w.a);
}

/* A quantity of an offer of listing 110552034129, in a lane. */
static struct job queued(struct desk *d, enum lane lane, int64_t now_ms)
{
	static int64_t ver;
	struct fields payload = fields_new(d->w.a);
	struct job_plan p = { .account = d->link.account.id, .verb = VERB_STOCK, .lane = lane, .subject = "offer:1", .payload = &payload, .ver = ++ver,
		              .due_ms = now_ms };
	struct job j;
	int64_t id;

	fields_put(&payload, "listing", "110552034129");
	OKAY(&d->w, store_begin(d->w.s, &d->w.err));
	OKAY(&d->w, job_plan(d->w.s, &p, &d->w.why, &id, &d->w.err));
	OKAY(&d->w, store_commit(d->w.s, &d->w.err));
	OKAY(&d->w, job_get(d->w.s, id, d->w.a, &j, &d->w.err));
	return j;
}

static void changed(struct desk *d, const struct job *j, int times, int64_t now_ms)
{
	OKAY(&d->w, store_begin(d->w.s, &d->w.err));
	for (int i = 0; i < times; i++)
		OKAY(&d->w, budget_count(&d->e, &d->link, j, now_ms, &d->w.err));
	OKAY(&d->w, store_commit(d->w.s, &d->w.err));
}

static bool warned(struct desk *d)
{
	struct alert *alert;
	int n;

	OKAY(&d->w, alerts_open(d->w.s, 8, d->w.a, &alert, &n, &d->w.err));
	return n > 0 && !strcmp(alert[0].kind, "quota");
}

static void watch(struct desk *d, int64_t now_ms)
{
	OKAY(&d->w, store_begin(d->w.s, &d->w.err));
	OKAY(&d->w, budget_watch(&d->e, now_ms, &d->w.err));
	OKAY(&d->w, store_commit(d->w.s, &d->w.err));
}

struct change_step {
	const char *why;
	int more; /* changes since the step before */
	enum lane lane;
	bool held;
};

static const struct change_step steps[] = {
	{ "nothing was changed yet", 0, LANE_INCREASE, false },
	{ "a raise goes", 199, LANE_INCREASE, false },
	{ "the 201st raise waits", 1, LANE_INCREASE, true },
	{ "a decrease goes", 0, LANE_DECREASE, false },
	{ "the 241st change that is a decrease waits", 40, LANE_DECREASE, true },
	{ "a zero goes", 0, LANE_ZERO, false },
	{ "and after the 250th nothing", 10, LANE_ZERO, true },
};

static void a_listing_is_changed_so_often_and_no_more(void **state)
{
	int64_t now_ms = T0 / HOUR * HOUR + 10 * MINUTE;
	struct desk d;

	(void)state;
	desk_open(&d);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct job j = queued(&d, steps[i].lane, now_ms);

		changed(&d, &j, steps[i].more, now_ms);
		if (budget_holds(&d.e, &d.link, &j, now_ms) != steps[i].held)
			fail_msg("%s", steps[i].why);
		OKAY(&d.w, job_get(d.w.s, j.id, d.w.a, &j, &d.w.err));
		assert_int_equal(j.due_ms, steps[i].held ? now_ms + 50 * MINUTE : now_ms); /* held to the full hour, when it may have eased */
		assert_string_equal(j.state, "waiting");
		assert_true(!steps[i].held || warned(&d));
	}
	desk_close(&d);
}

static void the_warning_ends_when_it_has_eased(void **state)
{
	struct desk d;
	struct job j;

	(void)state;
	desk_open(&d);
	j = queued(&d, LANE_INCREASE, T0);
	changed(&d, &j, 200, T0);
	assert_true(budget_holds(&d.e, &d.link, &j, T0));
	watch(&d, T0 + HOUR);
	assert_true(warned(&d));
	watch(&d, T0 + 26 * HOUR);
	assert_false(warned(&d));
	assert_false(budget_holds(&d.e, &d.link, &j, T0 + 26 * HOUR));
	desk_close(&d);
}

/* At 80 % people are told, and with the next day it is over. */
static void a_day_of_calls_is_told_of(void **state)
{
	struct gate gate = { .name = "ebay.fulfillment" };
	struct desk d;

	(void)state;
	desk_open(&d);
	assert_true(limit_init(&gate.limit, "", 0, 0, T0));
	gate.limit.daily = 100000;
	gate.limit.day_used = 79999;
	gate.limit.day_ends_ms = T0 + HOUR;
	d.link.gate = &gate;
	d.link.gates = 1;
	watch(&d, T0);
	assert_false(warned(&d));
	gate.limit.day_used = 80000;
	watch(&d, T0);
	assert_true(warned(&d));
	watch(&d, T0 + HOUR);
	assert_false(warned(&d));
	desk_close(&d);
}

/* A bucket that quantities are written from: what is kept back for whom, of its day. */
static void past_nine_tenths_zeros_go_alone(void **state)
{
	static const struct {
		const char *why;
		int64_t used;
		enum lane lane;
		bool goes;
	} at[] = {
		{ "a raise before four fifths", 1599999, LANE_INCREASE, true },
		{ "a raise after them", 1600000, LANE_INCREASE, false },
		{ "a decrease after them", 1600000, LANE_DECREASE, true },
		{ "a decrease after nine tenths", 1800000, LANE_DECREASE, false },
		{ "a zero after nine tenths", 1800000, LANE_ZERO, true },
		{ "the last call is a zero's", 1999999, LANE_ZERO, true },
		{ "and there is no further", 2000000, LANE_ZERO, false },
	};
	const struct operation *put, *orders;
	struct desk d;

	(void)state;
	desk_open(&d);
	assert_int_equal(limit_registry_find(&d.e.links.registry, "ebay.inventory.put", &put, &d.w.err), OK);
	assert_int_equal(limit_registry_find(&d.e.links.registry, "ebay.orders.list", &orders, &d.w.err), OK);
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct limit l = operation_limit(put, T0);

		l.day_used = at[i].used;
		l.day_ends_ms = T0 + HOUR;
		if (!limit_wait(&l, 1, at[i].lane, T0) != at[i].goes)
			fail_msg("%s", at[i].why);
	}
	{
		struct limit l = operation_limit(orders, T0); /* orders have a count of their own, and all of it */

		l.day_used = l.daily - 1;
		l.day_ends_ms = T0 + HOUR;
		assert_int_equal(limit_wait(&l, 1, LANE_ORDERS, T0), 0);
	}
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listing_is_changed_so_often_and_no_more),
		cmocka_unit_test(the_warning_ends_when_it_has_eased),
		cmocka_unit_test(a_day_of_calls_is_told_of),
		cmocka_unit_test(past_nine_tenths_zeros_go_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
