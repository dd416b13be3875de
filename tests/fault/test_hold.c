/*
 * test_hold.c: when nothing may be written: a store that was put back from a copy is found at its start, and what was said since is not said again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/anchor.h"
#include "sandbox/sandbox.h"
#include "tests/fault/steps.h"
#include "trade/audit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct day *begin(void)
{
	struct day_plan plan = { .seed = 62, .skus = 12, .orders_a_day = 400, .settle_pct = 20, .anchored = true };
	struct day *d = day_open(&plan);

	run(d, 40 * MINUTE);
	return d;
}

static void end(struct day *d)
{
	char anchor[220];

	snprintf(anchor, sizeof anchor, "%s.anchor", d->dir);
	unlink(anchor);
	day_close(d);
}

/* The store's files to DIR.copy, or back from there. */
static void copy(struct day *d, bool back)
{
	const char *dir = d->dir;
	char command[800];
	struct err err;

	if (back)
		snprintf(command, sizeof command, "rm '%s'/tallyman.db* && cp '%s.copy'/* '%s'/ && rm -r '%s.copy'", dir, dir, dir, dir);
	else
		snprintf(command, sizeof command, "mkdir '%s.copy' && cp '%s'/tallyman.db* '%s.copy'", dir, dir, dir);
	if (back)
		store_close(d->reader); /* who looks on looks at the same files */
	assert_int_equal(system(command), 0);
	if (back)
		assert_int_equal(store_open(dir, STORE_READ, &d->reader, &err), OK);
}

static int64_t held(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM alert WHERE key = 'held' AND closed_ms = 0");
}

static int64_t writes_since(struct day *d, int64_t ms)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE writes = 1 AND opened_ms >= %lld", (long long)ms));
}

static int64_t reads_since(struct day *d, int64_t ms)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE writes = 0 AND opened_ms >= %lld", (long long)ms));
}

static void start(struct day *d)
{
	struct err err;

	if (day_start(d, &err))
		fail_msg("%s", err.text);
}

static void a_store_that_was_put_back_writes_nothing(void **state)
{
	struct day *d = begin();
	const char *no;
	int64_t back;

	(void)state;
	day_stop(d);
	copy(d, false);
	start(d);
	run(d, 60 * MINUTE);
	assert_int_equal(held(d), 0);
	assert_true(writes_since(d, d->now_ms - 60 * MINUTE) > 0);
	day_stop(d);
	copy(d, true);
	back = d->now_ms;
	start(d);
	run(d, 30 * MINUTE);
	assert_int_equal(held(d), 1);
	assert_int_equal(writes_since(d, back), 0);
	assert_true(reads_since(d, back) > 20); /* it goes on reading */
	assert_non_null(strstr(day_text(d, "SELECT value FROM meta WHERE key = 'held'"), "was put back"));
	no = day_intend(d, "push", "", "offer=1");
	assert_non_null(no);
	assert_non_null(strstr(no, "nothing is written now"));
	day_stop(d); /* an anchor that is ahead is not forgotten by starting again */
	start(d);
	run(d, 2 * MINUTE);
	assert_int_equal(held(d), 1);
	back = d->now_ms;
	no = day_intend(d, "release", "", "");
	if (no)
		fail_msg("%s", no);
	run(d, 30 * MINUTE);
	assert_int_equal(held(d), 0);
	assert_true(writes_since(d, back) > 0);
	day_stop(d);
	start(d);
	assert_int_equal(held(d), 0);
	end(d);
}

static void a_chain_that_was_written_anew_is_another(void **state)
{
	struct day *d = begin();
	char anchor[220];
	char text[400] = "";
	FILE *f;

	(void)state;
	day_stop(d);
	snprintf(anchor, sizeof anchor, "%s.anchor", d->dir);
	f = fopen(anchor, "r+");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof text - 1, f) > 100);
	f = freopen(anchor, "w", f);
	text[strlen(text) - 2] = text[strlen(text) - 2] == '0' ? '1' : '0';
	fputs(text, f);
	fclose(f);
	start(d);
	assert_int_equal(held(d), 1);
	assert_non_null(strstr(day_text(d, "SELECT value FROM meta WHERE key = 'held'"), "is another than it was"));
	end(d);
}

static void an_anchor_that_is_gone_is_told(void **state)
{
	struct day *d = begin();
	char anchor[220];

	(void)state;
	day_stop(d);
	snprintf(anchor, sizeof anchor, "%s.anchor", d->dir);
	assert_int_equal(unlink(anchor), 0);
	start(d);
	assert_int_equal(held(d), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'anchor missing' AND closed_ms = 0"), 1);
	assert_int_equal(access(anchor, F_OK), 0); /* a new one is kept from now on */
	end(d);
}

/* From now on a transaction that writes this line into the audit fails when it is committed, as on a full disk. */
static void spoil_commits(struct day *d, const char *action)
{
	struct err err;

	assert_int_equal(store_exec(engine_store(d->engine), &err,
	                            arena_printf(d->arena, "CREATE TEMP TABLE none (id INTEGER PRIMARY KEY); CREATE TEMP TABLE spoilt (id INTEGER REFERENCES none (id) DEFERRABLE INITIALLY DEFERRED);"
	                                                   "CREATE TEMP TRIGGER spoil AFTER INSERT ON main.audit WHEN NEW.action = '%s' BEGIN INSERT INTO spoilt VALUES (1); END", action)), OK);
}

static void heal_commits(struct day *d)
{
	struct err err;

	assert_int_equal(store_exec(engine_store(d->engine), &err, "DROP TRIGGER spoil"), OK);
}

/* Is the row that is anchored none of the store's? */
static bool anchor_is_of_nothing(struct day *d)
{
	struct anchor kept;
	char hash[65];
	struct err err;
	bool there;

	assert_int_equal(anchor_read(arena_printf(d->arena, "%s.anchor", d->dir), &kept, &there, &err), OK);
	return audit_hash(d->reader, kept.n, hash, &err) || strcmp(hash, kept.head) != 0;
}

static const struct {
	const char *why;
	bool begins_again;
} uncommitted[] = {
	{ "the last commit of an engine that ends fails: no anchor of a row that never was", false },
	{ "the commit of the first beat fails, with a minute's rows and the hour's anchor in it: none either", true },
};

static void an_anchor_is_of_what_was_committed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof uncommitted / sizeof *uncommitted; i++) {
		struct day *d = begin();
		int64_t said = day_int(d, "SELECT count(*) FROM audit WHERE action = 'said'");

		spoil_commits(d, "said");
		assert_null(day_intend(d, "push", "", "offer=1")); /* a call that is in no row yet */
		run(d, 10 * SECOND);
		day_stop(d);
		if (uncommitted[i].begins_again) {
			start(d);
			spoil_commits(d, "said");
			run(d, 10 * SECOND);
		}
		if (anchor_is_of_nothing(d))
			fail_msg("%s", uncommitted[i].why);
		assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'said'"), said);
		end(d);
	}
}

/* A word that could not be written down was not said: it goes on holding. */
static void a_release_that_is_not_committed_releases_nothing(void **state)
{
	struct day *d = begin();
	const char *no;
	int64_t back;

	(void)state;
	day_stop(d);
	copy(d, false);
	start(d);
	run(d, 30 * MINUTE);
	day_stop(d);
	copy(d, true);
	start(d);
	run(d, 5 * MINUTE);
	assert_int_equal(held(d), 1);
	spoil_commits(d, "release");
	no = day_intend(d, "release", "", "");
	assert_non_null(no);
	assert_non_null(strstr(no, "constraint"));
	heal_commits(d);
	back = d->now_ms;
	run(d, 10 * MINUTE);
	assert_int_equal(held(d), 1);
	assert_int_equal(writes_since(d, back), 0);
	assert_non_null(strstr(day_intend(d, "push", "", "offer=1"), "nothing is written now"));
	assert_null(day_intend(d, "release", "", ""));
	run(d, 10 * MINUTE);
	assert_int_equal(held(d), 0);
	day_stop(d);
	start(d);
	assert_int_equal(held(d), 0); /* the released store is what is anchored now */
	end(d);
}

/* A file DIR/read-only, and a minute in which it is seen. */
static void hold_by_file(struct day *d, char path[220])
{
	int fd;

	snprintf(path, 220, "%s/read-only", d->dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	run(d, MINUTE);
}

static void a_file_holds_all_writes_while_it_is_there(void **state)
{
	struct day *d = begin();
	char path[220];
	int64_t from;

	(void)state;
	hold_by_file(d, path);
	from = d->now_ms;
	run(d, 30 * MINUTE);
	assert_int_equal(held(d), 1);
	assert_int_equal(writes_since(d, from), 0);
	assert_non_null(strstr(day_intend(d, "release", "", ""), "ends by itself"));
	unlink(path);
	run(d, 30 * MINUTE);
	assert_int_equal(held(d), 0);
	assert_true(writes_since(d, from) > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action IN ('hold', 'hold-end')"), 2);
	end(d);
}

/*
 * The half hour of a store that may not write. Nothing is an exception, a zero that is due neither: it stays in the books. People are told to zero by hand, over a restart as
 * well; and when writing goes on, the numbers of then are said.
 */
static void after_half_an_hour_of_it_a_person_zeroes_by_hand(void **state)
{
	static const char told[] = "SELECT count(*) FROM alert WHERE key = 'held long' AND closed_ms = 0";
	struct day *d = begin();
	char path[220];
	int64_t from, others;

	(void)state;
	hold_by_file(d, path);
	from = d->now_ms;
	day_fault(d, "for=45m channel=walmart op=orders kind=error"); /* and an account falls out of step meanwhile */
	run(d, 20 * MINUTE);
	day_stop(d);
	start(d);
	run(d, 8 * MINUTE);
	assert_int_equal(day_int(d, told), 0);
	run(d, 3 * MINUTE);
	assert_int_equal(day_int(d, told), 1);
	run(d, 5 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE state = 'ZEROED'"), 1);
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''") > 0);
	assert_int_equal(writes_since(d, from), 0);
	unlink(path);
	run(d, 2 * MINUTE);
	assert_int_equal(day_int(d, told), 0);
	others = day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt t JOIN account c ON c.id = t.account_id WHERE t.writes = 1 AND t.verb = 'stock' AND c.channel <> 'walmart' AND t.opened_ms >= %lld", (long long)from));
	assert_true(others > 0); /* what was decided meanwhile, everywhere */
	assert_true(day_int(d, "SELECT count(*) FROM attempt t JOIN attempt_job k ON k.attempt_id = t.id JOIN job j ON j.id = k.job_id WHERE j.verb = 'stock' AND j.lane = 0 AND t.closed_ms > 0") > 0); /* and the zero, first */
	day_no_buyers(d);
	run(d, 100 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	assert_null(day_verdict(d));
	end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_that_was_put_back_writes_nothing),
		cmocka_unit_test(a_chain_that_was_written_anew_is_another),
		cmocka_unit_test(an_anchor_that_is_gone_is_told),
		cmocka_unit_test(an_anchor_is_of_what_was_committed),
		cmocka_unit_test(a_release_that_is_not_committed_releases_nothing),
		cmocka_unit_test(a_file_holds_all_writes_while_it_is_there),
		cmocka_unit_test(after_half_an_hour_of_it_a_person_zeroes_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
