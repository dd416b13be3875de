/*
 * test_host.c: the machine under the engine: a clock that is off or was set, a disk that is nearly full. Each is told within a minute of it and ends by
 * itself; and a clock that was set back puts nothing off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

#define GIB (INT64_C(1) << 30)

static struct day *quiet(uint64_t seed)
{
	struct day_plan plan = { .seed = seed, .skus = 4, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);

	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	return d;
}

static const char *open_alert(struct day *d, const char *key)
{
	return day_text(d, arena_printf(d->arena, "SELECT severity || ' ' || text FROM alert WHERE key = '%s' AND closed_ms = 0", key));
}

static const struct row {
	const char *why;
	int64_t set_ms, disk_left; /* disk_left 0: plenty */
	const char *key, *severity, *says;
} rows[] = {
	{ "the clock is set forward by an hour", HOUR, 0, "clock set", "WARN", "was set forward by 1h00m" },
	{ "the clock is set back by an hour", -HOUR, 0, "clock set", "WARN", "was set back by 1h00m" },
	{ "the clock is ten minutes ahead of the marketplaces'", 10 * MINUTE, 0, "clock", "WARN", "this machine's clock is 10m00s ahead of" },
	{ "the clock is ten minutes behind them", -10 * MINUTE, 0, "clock", "WARN", "behind those of the marketplaces" },
	{ "fifty seconds are told to nobody", 50 * SECOND, 0, "clock", NULL, NULL },
	{ "a tenth of the disk is not left", 0, 9 * GIB, "disk", "WARN", "9216 MiB left of 102400" },
	{ "nor a gibibyte", 0, GIB / 2, "disk", "CRIT", "512 MiB left" },
	{ "when there is no room at all nothing is written either", 0, 4 * MINUTE, "held", "CRIT", "the disk is full" },
	{ "with an eighth of it left nobody is told", 0, 100 * GIB / 8, "disk", NULL, NULL },
};

static void it_is_told_within_a_minute_and_ends_by_itself(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct day *d = quiet(700 + i);
		const char *got;

		d->machine.set_ms = rows[i].set_ms;
		d->disk_left = rows[i].disk_left ? rows[i].disk_left : -1;
		day_run(d, d->now_ms + MINUTE);
		got = open_alert(d, rows[i].key);
		if (rows[i].says ? !strstr(got, rows[i].says) || strncmp(got, rows[i].severity, 4) : strcmp(got, "(no row)")) {
			print_error("%s: %s %s\n", rows[i].why, got, d->trouble);
			bad++;
		}
		d->machine.set_ms = 0;
		d->disk_left = -1;
		day_run(d, d->now_ms + 65 * MINUTE);
		got = open_alert(d, rows[i].key);
		if (strcmp(got, "(no row)")) {
			print_error("%s: it does not end: %s\n", rows[i].why, got);
			bad++;
		}
		day_close(d);
	}
	assert_int_equal(bad, 0);
}

static int64_t understood(struct day *d, const char *verb)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE verb = '%s' AND fault = ''", verb));
}

/* By the new time all that waits would be due in an hour; half an hour later orders were read as often as ever, and quantities said. */
static void FP19_a_clock_that_is_set_back_puts_nothing_off(void **state)
{
	struct day *d = quiet(720);
	int64_t orders, acks;
	const char *no;

	(void)state;
	orders = understood(d, "orders");
	d->machine.set_ms = -HOUR;
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	assert_true(understood(d, "orders") - orders >= 80); /* three pools of one account, each minute; and another account's */
	day_order(d, "walmart/main", 1);
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	acks = understood(d, "ack");
	no = day_intend(d, "ack", "", arena_printf(d->arena, "order=%" PRId64, day_int(d, "SELECT max(id) FROM orders WHERE open = 1")));
	if (no)
		fail_msg("%s", no);
	assert_true(day_run(d, d->now_ms + MINUTE));
	assert_int_equal(understood(d, "ack"), acks + 1);
	day_close(d);
}

/*
 * It ran an hour ahead and is right again, while an engine runs or none does. What was counted and read meanwhile is no newer than what is read now: quantities
 * are said and seen, and what leaves a shelf leaves it.
 */
static void FP19_what_was_noted_ahead_of_time_is_known_from_now(void **state)
{
	static const char open[] = "SELECT count(*) FROM offer WHERE pool = 'own' AND block = '' AND item_id IS NOT NULL AND (seen <> target OR seen_ms > %" PRId64 ")";

	(void)state;
	for (int away = 0; away < 2; away++) {
		struct day *d = quiet(721);
		struct product *p = &d->sandbox->world->product[0];
		struct err err;

		d->machine.set_ms = HOUR;
		assert_true(day_run(d, d->now_ms + 5 * MINUTE));
		for (int i = 0; i < d->sandbox->world->products; i++) {
			p[i].shelf += 3;
			p[i].at[DEPOT_FILE] += 3;
		}
		day_count_shelf(d);
		assert_true(day_run(d, d->now_ms + 30 * MINUTE));
		assert_true(day_int(d, "SELECT max(seen_ms) FROM offer") > d->now_ms);
		if (away)
			day_stop(d);
		d->machine.set_ms = 0;
		if (away && day_start(d, &err))
			fail_msg("%s", err.text);
		assert_true(day_run(d, d->now_ms + MINUTE));
		assert_true(day_int(d, "SELECT max(seen_ms) FROM offer") <= d->now_ms);
		for (int i = 0; i < d->sandbox->world->products; i++) {
			p[i].shelf += 4;
			p[i].at[DEPOT_FILE] += 4;
		}
		day_count_shelf(d);
		assert_true(day_run(d, d->now_ms + 25 * MINUTE));
		assert_int_equal(day_int(d, arena_printf(d->arena, open, d->now_ms)), 0);
		day_close(d);
	}
}

/* A warehouse whose file has not changed is heard from as before: what stands in it does not grow old. And what was told of stock is proved as soon as ever. */
static void FP19_a_file_that_does_not_change_is_heard_still(void **state)
{
	static const char heard[] = "SELECT max(c.heard_ms) FROM place_source c JOIN account a ON a.id = c.account_id WHERE a.channel = 'local'";
	struct day *d = quiet(722);

	(void)state;
	d->machine.set_ms = -2 * HOUR;
	assert_true(day_run(d, d->now_ms + 90 * MINUTE));
	if (day_int(d, heard) < d->now_ms + d->machine.set_ms - 3 * MINUTE)
		fail_msg("heard last %" PRId64 " minutes ago", (d->now_ms + d->machine.set_ms - day_int(d, heard)) / MINUTE);
	assert_string_equal(open_alert(d, "stale"), "(no row)");
	day_close(d);
}

/* It ran three days ahead: no day's allowance lasts longer than a day, and a feed that is under way is no older than it would be. */
static void a_clock_that_was_days_ahead_holds_no_day_and_no_feed_up(void **state)
{
	static const char ahead[] = "SELECT count(*) FROM feed WHERE sent_ms > %" PRId64, days[] = "SELECT max(day_ends_ms) FROM bucket";
	struct day_plan plan = { .seed = 722, .skus = 12, .prompt = true, .idle = true, .config = "[account walmart-us]\nbulk_over = 3\n" };
	struct day *d = day_open(&plan);

	(void)state;
	assert_true(day_run(d, d->now_ms + 40 * MINUTE));
	d->machine.set_ms = 72 * HOUR;
	assert_true(day_run(d, d->now_ms + 2 * MINUTE));
	assert_true(day_int(d, days) > d->now_ms + 48 * HOUR);
	behind_its_back(d, arena_printf(d->arena, "UPDATE feed SET state = 'working', ended_ms = 0, made_ms = %" PRId64 ", sent_ms = %" PRId64 " WHERE id = 1", d->now_ms + 72 * HOUR, d->now_ms + 72 * HOUR));
	d->machine.set_ms = 0;
	assert_true(day_run(d, d->now_ms + SECOND));
	assert_int_equal(day_int(d, arena_printf(d->arena, ahead, d->now_ms)), 0);
	assert_true(day_run(d, d->now_ms + 2 * MINUTE));
	assert_true(day_int(d, days) <= d->now_ms + 24 * HOUR);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told_within_a_minute_and_ends_by_itself),
		cmocka_unit_test(FP19_a_clock_that_is_set_back_puts_nothing_off),
		cmocka_unit_test(FP19_what_was_noted_ahead_of_time_is_known_from_now),
		cmocka_unit_test(FP19_a_file_that_does_not_change_is_heard_still),
		cmocka_unit_test(a_clock_that_was_days_ahead_holds_no_day_and_no_feed_up),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
