/*
 * test_safety.c: what must not happen on a bad day, each in a small world of its own: a quantity raised while orders are not heard, a
 * poll that is silent for ever, an order between two clocks, a warehouse's file that cannot be taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/reasons.h"
#include "tests/fault/steps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two products without buyers, all targets said and seen. */
static struct day *quiet(uint64_t seed)
{
	return quiet_day(seed, 4, NULL);
}

static int said(const struct day *d, int product, enum place place)
{
	const struct world *w = d->sandbox->world;

	return w->listing[w->product[product].listing[place]].said;
}

static int offered(const struct day *d, enum place place)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[place] >= 0 && w->product[i].shelf > 12)
			return i;
	fail_msg("nothing is offered at %s", place_facts[place].name);
	return -1;
}

/* On the shelf that the warehouse's file tells of. */
static void restock(struct product *p, int units)
{
	p->shelf += units;
	p->at[DEPOT_FILE] += units;
}

/* Who asks why is told which feed is awaited, as the last words of the offer's sum. */
static void says_why_it_waits(struct day *d, int product)
{
	const char *said = reason_last(d, "walmart", world_str(d->sandbox->world, d->sandbox->world->product[product].sku));

	if (strncmp(said, "raise waits +", 13) || !strstr(said, "the orders of amazon-na are known up to 2026-") || !strstr(said, "asked for"))
		fail_msg("%s", said);
}

static void while_an_order_feed_is_blind_nothing_is_raised(void **state)
{
	struct day *d = quiet(11);
	struct product *p;
	int one, before;

	(void)state;
	one = offered(d, WALMART_MAIN);
	p = &d->sandbox->world->product[one];
	day_fault(d, "for=40m channel=amazon op=orders kind=error");
	assert_true(day_run(d, d->now_ms + 12 * MINUTE));
	before = said(d, one, WALMART_MAIN);
	restock(p, 10);
	day_count_shelf(d);
	assert_true(day_run(d, d->now_ms + 8 * MINUTE));
	assert_int_equal(said(d, one, WALMART_MAIN), before); /* Walmart is well, but what Amazon sold is not known */
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'blind amazon-na' AND closed_ms = 0"), 1);
	says_why_it_waits(d, one);
	restock(p, -13);
	day_count_shelf(d);
	assert_true(day_run(d, d->now_ms + 8 * MINUTE));
	assert_true(said(d, one, WALMART_MAIN) < before); /* down is always allowed */
	restock(p, 20);
	day_count_shelf(d);
	assert_true(day_run(d, d->now_ms + 40 * MINUTE)); /* orders are read again */
	assert_true(said(d, one, WALMART_MAIN) > before);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'blind amazon-na' AND closed_ms = 0"), 0);
	day_close(d);
}

static void an_answer_that_the_store_would_not_take_is_no_end(void **state)
{
	struct day *d = quiet(12);
	struct err err;
	int64_t known;

	(void)state;
	assert_false(store_exec(engine_store(d->engine), &err,
	                        "CREATE TEMP TRIGGER full_disk BEFORE UPDATE ON main.attempt BEGIN SELECT RAISE(ABORT, 'disk full'); END"));
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	assert_true(day_int(d, "SELECT count(*) FROM job WHERE state = 'inflight'") > 0);
	assert_false(store_exec(engine_store(d->engine), &err, "DROP TRIGGER full_disk"));
	known = d->now_ms;
	day_order(d, "walmart/main", 1);
	day_order(d, "amazon/us", 1);
	assert_true(day_run(d, d->now_ms + 15 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 2);
	assert_true(day_int(d, "SELECT min(heard_ms) FROM account WHERE channel <> 'local'") > known);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE closed_ms = 0"), 0);
	day_close(d);
}

/* Its clock stood an hour too far ahead, was set right, and orders had come in between. */
static void no_order_is_lost_between_two_clocks(void **state)
{
	struct day *d = quiet(13);
	struct store *s;
	struct err err;
	char sql[120];

	(void)state;
	day_stop(d);
	snprintf(sql, sizeof sql, "UPDATE cursor SET since_ms = %lld, until_ms = since_ms WHERE verb = 'orders'", (long long)(d->now_ms + HOUR));
	assert_false(store_open(d->dir, STORE_WRITE, &s, &err) || store_exec(s, &err, sql));
	store_close(s);
	day_order(d, "walmart/main", 1);
	day_order(d, "amazon/us", 1);
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	assert_false(day_start(d, &err));
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 2);
	day_close(d);
}

/* The answer to a confirmation is lost, and the order cannot be read whole for an hour: it is looked for, not said again. */
static void what_cannot_be_read_is_not_said_again(void **state)
{
	struct day *d = quiet(14);
	const char *bad;
	char payload[120];

	(void)state;
	day_order(d, "walmart/main", 1);
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	day_fault(d, "op=ship kind=lost-after count=1");
	day_fault(d, "for=1h op=order kind=missing");
	day_fault(d, "for=1h op=orders kind=error");
	snprintf(payload, sizeof payload, "order=%d\ncarrier=UPS\ntracking=1Z999AA10123456784", (int)day_int(d, "SELECT id FROM orders"));
	bad = day_intend(d, "ship", "", payload);
	if (bad)
		fail_msg("%s", bad);
	assert_true(day_run(d, d->now_ms + 50 * MINUTE));
	assert_string_equal(day_text(d, "SELECT state FROM job WHERE verb = 'ship'"), "unsure");
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'unsure' AND closed_ms = 0"), 1);
	assert_true(day_run(d, d->now_ms + 40 * MINUTE));
	assert_string_equal(day_text(d, "SELECT state FROM job WHERE verb = 'ship'"), "done");
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'ship'"), 1);
	assert_int_equal(day_count(d, "ships_again"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'unsure' AND closed_ms = 0"), 0);
	day_close(d);
}

static void what_is_no_file_does_not_hold_the_engine(void **state)
{
	struct day *d = quiet(15);
	char pipe[120], payload[140];

	(void)state;
	snprintf(pipe, sizeof pipe, "%s/pipe", d->dir);
	snprintf(payload, sizeof payload, "file=%s", pipe);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	alarm(60);
	assert_null(day_intend(d, "counts", "", payload));
	assert_true(day_run(d, d->now_ms + MINUTE));
	alarm(0);
	assert_string_equal(day_text(d, "SELECT state FROM job WHERE verb = 'counts' AND repeats = 0"), "failed");
	day_close(d);
}

/* The file as it is, with another count of its first product, counted now; without the end of its last line. Returns that count. */
static int count_anew(const struct day *d, char *text)
{
	const char *at = strchr(text, '\n') + 1;
	char before[32], now[32], *qty = text + (strchr(at, ',') - text) + 1;

	time_iso(d->counted_ms, before);
	time_iso(d->now_ms, now);
	for (char *p = text; (p = strstr(p, before)); p += strlen(now))
		memcpy(p, now, strlen(now));
	*qty = *qty == '1' ? '2' : '1';
	text[strlen(text) - 1] = '\0';
	return atoi(qty);
}

/* Written again with a byte less and a millisecond later: time and size are two things, and each of them tells of a change. */
static void a_file_that_was_written_again_is_read_again(void **state)
{
	struct day *d = quiet(16);
	struct arena *a = arena_new();
	const char *sku = world_str(d->sandbox->world, d->sandbox->world->product[0].sku), *was;
	char path[120], *text;
	struct timespec stamp;
	struct stat st;
	struct err err;
	int count;
	FILE *f;

	(void)state;
	day_count_shelf(d);
	run(d, 10 * MINUTE);
	snprintf(path, sizeof path, "%s/counts.csv", d->dir);
	assert_int_equal(file_read(a, path, 100000, &was, NULL, &err), OK);
	assert_int_equal(stat(path, &st), 0);
	text = arena_strdup(a, was);
	count = count_anew(d, text);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	stamp = (struct timespec){ st.st_mtim.tv_sec, st.st_mtim.tv_nsec + 1000000 };
	assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){ stamp, stamp }, 0), 0);
	run(d, 2 * MINUTE);
	assert_int_equal(day_int(d, arena_printf(a, "SELECT told FROM stock s JOIN item i ON i.id = s.item_id WHERE i.sku = '%s'", sku)), count);
	arena_free(a);
	day_close(d);
}

/* ---- a warehouse's file that was not taken ---- */

#define COUNTED "SELECT sum(counted) FROM item"

/* Nothing is on its shelf any more, and the file says so. */
static void sell_out(struct day *d)
{
	struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		restock(&w->product[i], -w->product[i].at[DEPOT_FILE]);
	day_count_shelf(d);
}

static const struct {
	const char *why;
	bool retried;       /* a person says: once more */
	int64_t by_ms;      /* it is believed by then */
} doubts[] = {
	{ "the same file is read once more by itself, a minute later", false, 75 * SECOND },
	{ "a person who tries it again need not wait", true, 12 * SECOND },
};

static void a_file_that_was_held_back_is_read_once_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
		struct day *d = quiet(16);
		int64_t was = day_int(d, COUNTED);

		sell_out(d);
		run(d, 40 * SECOND);
		assert_int_equal(day_int(d, COUNTED), was);
		assert_int_equal(day_int(d, "SELECT count(*) FROM inbox WHERE verb = 'counts' AND state = 'parked'"), 1);
		if (doubts[i].retried)
			assert_null(day_intend(d, "retry", "", arena_printf(d->arena, "inbox=%d\n", (int)day_int(d, "SELECT id FROM inbox WHERE verb = 'counts'"))));
		assert_true(day_run(d, d->now_ms - (doubts[i].retried ? 0 : 40 * SECOND) + doubts[i].by_ms));
		if (day_int(d, COUNTED))
			fail_msg("%s: %d units", doubts[i].why, (int)day_int(d, COUNTED));
		assert_string_equal(day_text(d, "SELECT state FROM inbox WHERE verb = 'counts'"), "understood");
		day_close(d);
	}
}

/* What it said before is as old as that reading: looking at a file that nobody can read is no word of the warehouse. */
static void a_file_that_nobody_can_read_is_told_and_its_place_ages(void **state)
{
	static const char failing[] = "SELECT count(*) FROM alert WHERE key = 'retry warehouse counts' AND closed_ms = 0", stale[] = "SELECT sum(stale) FROM place";
	struct day *d = quiet(17);
	FILE *f = fopen(arena_printf(d->arena, "%s/counts.csv", d->dir), "a");

	(void)state;
	assert_non_null(f);
	fputs("SKU-1,many,\n", f);
	assert_int_equal(fclose(f), 0);
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_int_equal(day_int(d, failing), 1);
	assert_int_equal(day_int(d, stale), 0);
	assert_true(day_run(d, d->now_ms + 55 * MINUTE));
	assert_int_equal(day_int(d, stale), 1);
	day_count_shelf(d); /* saved anew: nobody waits for the next try of the job */
	assert_true(day_run(d, d->now_ms + 65 * SECOND));
	assert_int_equal(day_int(d, failing), 0);
	assert_int_equal(day_int(d, stale), 0);
	day_close(d);
}

static void write_counts(const struct day *d, const char *text)
{
	FILE *f = fopen(arena_printf(d->arena, "%s/counts.csv", d->dir), "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* The rows of one place are lost: nobody tells of it any more, and it does not go on as if somebody did. */
static void a_place_that_its_file_leaves_out_ages(void **state)
{
	struct day *d = quiet(18);

	(void)state;
	write_counts(d, "sku,qty,place\nNORTH-1,5,north\nSOUTH-1,7,south\n");
	run(d, 70 * MINUTE); /* the file is not changed, and has both */
	assert_string_equal(day_text(d, "SELECT group_concat(stale, ' ') FROM (SELECT stale FROM place WHERE name IN ('north', 'south') ORDER BY name) AS x"), "0 0");
	write_counts(d, "sku,qty,place\nNORTH-1,5,north\n");
	run(d, 70 * MINUTE);
	assert_string_equal(day_text(d, "SELECT group_concat(stale, ' ') FROM (SELECT stale FROM place WHERE name IN ('north', 'south') ORDER BY name) AS x"), "0 1");
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'stale place south' AND closed_ms = 0"), 1);
	assert_int_equal(day_int(d, "SELECT available FROM item WHERE sku = 'SOUTH-1'"), 0);
	write_counts(d, "sku,qty,place\nNORTH-1,5,north\nSOUTH-1,6,south\n");
	run(d, 2 * MINUTE);
	assert_int_equal(day_int(d, "SELECT available FROM item WHERE sku = 'SOUTH-1'"), 6);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(while_an_order_feed_is_blind_nothing_is_raised),
		cmocka_unit_test(an_answer_that_the_store_would_not_take_is_no_end),
		cmocka_unit_test(no_order_is_lost_between_two_clocks),
		cmocka_unit_test(what_cannot_be_read_is_not_said_again),
		cmocka_unit_test(what_is_no_file_does_not_hold_the_engine),
		cmocka_unit_test(a_file_that_was_written_again_is_read_again),
		cmocka_unit_test(a_file_that_was_held_back_is_read_once_more),
		cmocka_unit_test(a_file_that_nobody_can_read_is_told_and_its_place_ages),
		cmocka_unit_test(a_place_that_its_file_leaves_out_ages),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
