/*
 * test_crash.c: one busy hour, cut off everywhere it can be.
 *
 * First the hour is lived to its end and what can be seen of it from outside is counted; then it is lived again and again, each time
 * cut at another place: before each write, in the middle of it, before each request, after each answer, at a power
 * cut, with no memory at one call. Each time the engine starts again, the day goes on, and the same judge sits at its end: nothing lost,
 * nothing twice, nothing oversold, no effect without its row.
 *
 * A few places of each kind in `make test`; CUTS=n takes n of them, and `make soak` some dozens: each life costs an hour from its beginning. Every place, and
 * ten thousand disks, are test_cuts.c's, which lives the hour once and copies the files; here SIGKILL is real, and leaves what it leaves. A place that
 * failed is printed; KIND=k AT=n cuts there alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kind {
	const char *name;
	enum doom_kind doom;
	int cuts, soak; /* places in make test and in make soak */
	int disks;      /* looked at after a power cut, each time */
} kinds[] = {
	{ "killed before a write", DOOM_WRITE, 2, 40, 0 },
	{ "killed in the middle of a write", DOOM_TORN, 2, 20, 0 },
	{ "killed before a request leaves", DOOM_SAY, 2, 20, 0 },
	{ "killed before the answer is written down", DOOM_HEARD, 2, 20, 0 },
	{ "the power is cut", DOOM_POWER, 3, 20, 100 },
	{ "the disk is full for a while", DOOM_FULL, 2, 20, 0 },
	{ "a sync fails", DOOM_SYNC, 2, 20, 0 },
	{ "there is no memory", DOOM_MEMORY, 4, 20, 0 },
};

static struct day_plan busy_hour(const struct kind *k, int64_t at)
{
	struct day_plan plan = { .seed = 77, .skus = 24, .past = 20, .orders_a_day = 2400, .demo = true, .jitter = true, .settle_pct = 100 };

	plan.doom = (struct doom){ k->doom, at };
	plan.power_states = getenv("SOAK") ? k->disks : k->disks / 5;
	return plan;
}

/* How it came out. The hour itself: twenty minutes with buyers, seventy without; and a rest, in which everything must come right. */
static bool hour_is_survived(const struct kind *k, int64_t at, int64_t *happened, int *disks)
{
	struct day_plan plan = busy_hour(k, at);
	struct day *d = day_open(&plan);
	const char *why;

	day_run(d, d->now_ms + 20 * MINUTE);
	day_no_buyers(d);
	day_run(d, d->now_ms + 70 * MINUTE);
	d->plan.idle = true; /* the last count is true for ever */
	day_run(d, d->now_ms + 30 * MINUTE);
	why = day_verdict(d);
	if (!why && d->crashes != (at != INT64_MAX) && (k->doom < DOOM_FULL || k->doom == DOOM_SYNC))
		why = "it was not cut once";
	if (why)
		print_message("KIND=%d AT=%" PRId64 ": %s: %s\n", (int)(k - kinds), at, k->name, why);
	*disks += d->states;
	day_stop(d);
	*happened = d->happened;
	day_close(d);
	return !why;
}

static int64_t cuts_of(const struct kind *k, int64_t places)
{
	const char *cuts = getenv("CUTS");
	int64_t n = cuts ? atoll(cuts) : getenv("SOAK") ? k->soak : k->cuts;

	return n < places ? n : places;
}

static void cut_everywhere(const struct kind *k)
{
	const char *only = getenv("KIND"), *one = getenv("AT");
	int64_t places, ignored, cuts;
	int bad = 0, disks = 0;

	if (only && atoi(only) != (int)(k - kinds))
		return;
	if (one) {
		assert_true(hour_is_survived(k, atoll(one), &ignored, &disks));
		return;
	}
	assert_true(hour_is_survived(k, INT64_MAX, &places, &disks));
	places -= places / 20; /* two lives are not alike to the last write: a socket is heard a turn earlier or later */
	if (!places && k->doom == DOOM_MEMORY)
		skip(); /* a build whose allocator is its own */
	assert_true(places > 100);
	cuts = cuts_of(k, places);
	for (int64_t i = 0; i < cuts; i++)
		bad += !hour_is_survived(k, 1 + i * (places - 1) / (cuts > 1 ? cuts - 1 : 1) - (i == cuts - 1 && cuts > 1), &ignored, &disks);
	print_message("%s: %" PRId64 " of %" PRId64 " places, %d disks, %d bad\n", k->name, cuts, places, disks, bad);
	assert_int_equal(bad, 0);
}

#define CUT(name, k) \
	static void name(void **state) \
	{ \
		(void)state; \
		cut_everywhere(&kinds[k]); \
	}

CUT(killed_before_a_write, 0)
CUT(killed_in_the_middle_of_a_write, 1)
CUT(killed_before_a_request_leaves, 2)
CUT(killed_before_the_answer_is_written_down, 3)
CUT(the_power_is_cut, 4)
CUT(the_disk_is_full_for_a_while, 5)
CUT(a_sync_fails, 6)
CUT(there_is_no_memory, 7)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_before_a_write),         cmocka_unit_test(killed_in_the_middle_of_a_write),
		cmocka_unit_test(killed_before_a_request_leaves), cmocka_unit_test(killed_before_the_answer_is_written_down),
		cmocka_unit_test(the_power_is_cut),              cmocka_unit_test(the_disk_is_full_for_a_while),
		cmocka_unit_test(a_sync_fails),                  cmocka_unit_test(there_is_no_memory),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
