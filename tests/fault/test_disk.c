/*
 * test_disk.c: what the disk does to the store, and that the engine would rather stop than go on wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct day *half_an_hour(uint64_t seed)
{
	struct day_plan plan = day_plain(seed);
	struct day *d;

	plan.skus = 12;
	plan.orders_a_day = 960;
	d = day_open(&plan);
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	return d;
}

/* The rest of a day, and what the judge says of all of it. */
static void ends_well(struct day *d)
{
	const char *why;

	day_no_buyers(d);
	day_run(d, d->now_ms + 70 * MINUTE);
	d->plan.idle = true;
	day_run(d, d->now_ms + 30 * MINUTE);
	why = day_verdict(d);
	if (why)
		fail_msg("%s", why);
	day_close(d);
}

static void file_of(const struct day *d, const char *end, char *path, size_t cap)
{
	snprintf(path, cap, "%s/tallyman.db%s", d->dir, end);
}

/* An engine that has lost its log says so, sends nothing more, and what it had written is there at the next start. */
static void a_log_that_is_deleted_stops_the_engine_and_nothing_is_lost(void **state)
{
	struct day *d = half_an_hour(41);
	int64_t orders = day_int(d, "SELECT count(*) FROM orders"), attempts;
	struct err err;
	char path[200];

	(void)state;
	file_of(d, "-wal", path, sizeof path);
	assert_int_equal(unlink(path), 0);
	engine_turn(d->engine, d->now_ms);
	assert_true(engine_stopping(d->engine));
	assert_int_equal(engine_end(d->engine, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "moved away"));
	attempts = day_count(d, "writes_push") + day_count(d, "writes_ship") + day_count(d, "writes_ack");
	engine_turn(d->engine, d->now_ms + MINUTE);
	assert_int_equal(day_count(d, "writes_push") + day_count(d, "writes_ship") + day_count(d, "writes_ack"), attempts);
	day_stop(d);
	store_close(d->reader);
	d->reader = NULL;
	assert_int_equal(day_start(d, &err), OK);
	assert_int_equal(store_open(d->dir, STORE_READ, &d->reader, &err), OK);
	assert_true(day_int(d, "SELECT count(*) FROM orders") >= orders);
	ends_well(d);
}

/* Whoever puts another file in its place must not find half of one business written into the other. */
static void a_store_that_is_replaced_stops_the_engine(void **state)
{
	struct day *d = half_an_hour(42);
	struct err err;
	char path[200], away[220];

	(void)state;
	file_of(d, "", path, sizeof path);
	file_of(d, ".away", away, sizeof away);
	assert_int_equal(rename(path, away), 0);
	engine_turn(d->engine, d->now_ms);
	assert_int_equal(engine_end(d->engine, &err), FAULT_STORE);
	assert_int_equal(rename(away, path), 0);
	day_stop(d);
	assert_int_equal(day_start(d, &err), OK);
	ends_well(d);
}

/* A page that lies is found before anything is said. */
static void a_damaged_page_is_found_at_the_start(void **state)
{
	struct day *d = half_an_hour(43);
	char path[200], rubbish[600];
	struct err err;
	struct stat st;
	int fd;

	(void)state;
	day_stop(d);
	store_close(d->reader);
	d->reader = NULL;
	assert_int_equal(store_open(d->dir, STORE_WRITE, &d->reader, &err), OK);
	store_checkpoint(d->reader);
	store_close(d->reader);
	d->reader = NULL;
	file_of(d, "-wal", path, sizeof path);
	unlink(path);
	file_of(d, "", path, sizeof path);
	memset(rubbish, 0x5a, sizeof rubbish);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0 && !fstat(fd, &st));
	for (off_t at = 4096 * 40; at < st.st_size; at += 4096 * 8)
		assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), sizeof rubbish);
	close(fd);
	assert_int_equal(day_start(d, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "damaged"));
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_that_is_deleted_stops_the_engine_and_nothing_is_lost),
		cmocka_unit_test(a_store_that_is_replaced_stops_the_engine),
		cmocka_unit_test(a_damaged_page_is_found_at_the_start),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
