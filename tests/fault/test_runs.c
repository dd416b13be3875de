/*
 * test_runs.c: when reconciliation is made, whether it fits into a day, and what the week's whole run looks for besides differences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/asset.h"
#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"
#include "trade/jobs.h"
#include "trade/reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct day *open_plan(const struct day_plan *p)
{
	struct day *d = day_open(p);

	day_no_buyers(d);
	return d;
}

/* Whole days of nothing but runs: orders and stock need not be looked at by the minute. */
static const char seldom[] = "[orders]\npoll_s = 900\n[stock]\nread_s = 3600\ncounts_s = 1800\n";

static struct day *open_whole(uint64_t seed)
{
	struct day_plan p = { .seed = seed, .skus = 5, .prompt = true, .idle = true, .whole = true, .config = seldom };

	return open_plan(&p);
}

#define SELLING "SELECT count(*) FROM account WHERE channel IN (SELECT DISTINCT a.channel FROM account a JOIN offer f ON f.account_id = a.id)"

/* ---- when ---- */

static void each_account_has_six_runs_a_day(void **state)
{
	struct day *d = open_whole(1);
	int64_t begins = d->now_ms;

	(void)state;
	run(d, 24 * HOUR);
	assert_int_equal(day_int(d, SELLING), 4);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM (SELECT account_id FROM rec_run WHERE state = 'COMPLETE' AND planned_ms < %" PRId64 " GROUP BY account_id HAVING count(*) = 6)", begins + 24 * HOUR)), 4);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_run WHERE state = 'COMPLETE' AND (listed = 0 OR compared = 0 OR unseen <> 0 OR drifting <> 0)"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_run r WHERE planned_ms - (SELECT min(planned_ms) FROM rec_run WHERE account_id = r.account_id) <> "
	                            "(SELECT count(*) FROM rec_run WHERE account_id = r.account_id AND id < r.id) * 4 * 3600000"),
	                 0); /* on a grid of four hours from the first one */
	day_close(d);
}

/* Nobody was there for nine hours: one run is made up for, within a minute of the start, and a new grid begins with it. */
static void a_missed_run_begins_within_a_minute_of_the_start(void **state)
{
	struct day *d = open_whole(2);
	int64_t down, last;
	struct err err;

	(void)state;
	run(d, 5 * HOUR);
	last = day_int(d, "SELECT max(id) FROM rec_run");
	day_stop(d);
	run(d, 9 * HOUR);
	down = d->now_ms;
	must(day_start(d, &err) ? err.text : NULL);
	run(d, MINUTE);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(DISTINCT account_id) FROM rec_run WHERE id > %" PRId64 " AND began_ms BETWEEN %" PRId64 " AND %" PRId64, last, down, down + MINUTE)), 4);
	run(d, 3 * HOUR);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_run WHERE id > %" PRId64, last)), 4); /* two were missed, and one is made */
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_run WHERE id > %" PRId64 " AND state <> 'COMPLETE'", last)), 0);
	run(d, 100 * MINUTE); /* the next is due after four hours, and waits for half the hour between two readings of the lists at most */
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_run WHERE id > %" PRId64, last)), 8);
	day_close(d);
}

/* ---- does it fit ---- */

static const char *const short_days[] = { "ebay.inventory.list", "ebay.inventory.put", "ebay.offers.list", "ebay.locations.list", "ebay.locations.ping" };

static bool is_short(const char *line)
{
	for (size_t i = 0; i < sizeof short_days / sizeof *short_days; i++)
		if (!strncmp(line, short_days[i], strlen(short_days[i])) && line[strlen(short_days[i])] == ',')
			return true;
	return false;
}

/* The platform allows so many calls a day from now on: our table of limits, with other words in its rows. */
static void allow_a_day(const char *dir, const char *calls)
{
	struct arena *a = arena_new();
	const char *p = asset_get(a, "data/limits.csv", NULL), *const from = ",2000000,";
	FILE *f;

	mkdir(arena_printf(a, "%s/data", dir), 0700);
	f = fopen(arena_printf(a, "%s/data/limits.csv", dir), "w");
	assert_non_null(f);
	for (size_t n; *p; p += n) {
		const char *line;

		n = strcspn(p, "\n") + 1;
		line = arena_strndup(a, p, n);
		if (is_short(line)) {
			const char *at = strstr(line, from);

			assert_non_null(at);
			fprintf(f, "%.*s,%s,%s", (int)(at - line), line, calls, at + strlen(from));
		} else {
			fputs(line, f);
		}
	}
	fclose(f);
	assert_int_equal(setenv("TALLYMAN_ASSETS", dir, 1), 0);
	arena_free(a);
}

static void take_back(const char *dir)
{
	struct arena *a = arena_new();

	unsetenv("TALLYMAN_ASSETS");
	unlink(arena_printf(a, "%s/data/limits.csv", dir));
	rmdir(arena_printf(a, "%s/data", dir));
	rmdir(dir);
	arena_free(a);
}

/* What a command prints of this store. */
static const char *printed(struct day *d, const char *words)
{
	const char *program = getenv("TALLYMAN") ? getenv("TALLYMAN") : "build/tallyman";
	FILE *p = popen(arena_printf(d->arena, "%s %s --store %s --config %s/tallyman.ini", program, words, d->dir, d->dir), "r");
	struct buf b = buf_new(d->arena);
	char line[1024];

	assert_non_null(p);
	while (fgets(line, sizeof line, p))
		buf_puts(&b, line);
	pclose(p);
	return b.p;
}

static const char ebay_runs[] = "SELECT coalesce(group_concat(DISTINCT r.state), 'none') FROM rec_run r JOIN account c ON c.id = r.account_id WHERE c.channel = 'ebay'";

/* One page, 6 runs and 24 readings a day are 30 calls; the day has 20. */
static void a_schedule_that_cannot_fit_is_refused_with_the_arithmetic(void **state)
{
	char dir[] = "/tmp/tallyman-assets-XXXXXX";
	struct day *d;
	const char *text;

	(void)state;
	assert_non_null(mkdtemp(dir));
	allow_a_day(dir, "20");
	d = open_whole(3);
	run(d, 2 * HOUR);
	assert_string_equal(day_text(d, ebay_runs), "REFUSED");
	text = day_text(d, "SELECT r.text FROM rec_run r WHERE r.state = 'REFUSED' ORDER BY r.id LIMIT 1");
	if (!strstr(text, "6 runs and 24 usual readings a day are 30") || !strstr(text, "allows 20 a day, 18 of them for reading"))
		fail_msg("%s", text);
	assert_string_equal(day_text(d, "SELECT text FROM alert WHERE kind = 'reconcile' AND closed_ms = 0"), text);
	assert_string_equal(day_text(d, "SELECT group_concat(DISTINCT r.state) FROM rec_run r JOIN account c ON c.id = r.account_id WHERE c.channel <> 'ebay'"), "COMPLETE");
	assert_non_null(strstr(printed(d, "health"), arena_printf(d->arena, "not reconciled: %.60s", text)));
	assert_non_null(strstr(printed(d, "doctor --csv"), arena_printf(d->arena, "reconcile,WARN,\"%s\"", text)));
	assert_non_null(strstr(day_intend(d, "reconcile", "ebay-us", arena_printf(d->arena, "account=%" PRId64 "\nfull=0\n", day_int(d, "SELECT id FROM account WHERE channel = 'ebay'"))), "are "));
	day_stop(d);
	take_back(dir);
	must(day_start(d, &(struct err){ 0 }) ? "start" : NULL);
	run(d, 5 * HOUR);
	assert_string_equal(day_text(d, "SELECT r.state FROM rec_run r JOIN account c ON c.id = r.account_id WHERE c.channel = 'ebay' ORDER BY r.id DESC LIMIT 1"), "COMPLETE");
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'reconcile' AND closed_ms = 0"), 0);
	day_close(d);
}

/* ---- once a week in full ---- */

static int64_t of_kind(struct day *d, const char *kind, const char *sku)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id WHERE r.kind = '%s' AND f.sku = '%s'", kind, sku));
}

/* The ERP ended an item and the marketplaces go on offering it. */
static void a_whole_run_finds_ghosts_and_ends_none(void **state)
{
	struct day_plan p = { .seed = 5, .skus = 5, .prompt = true, .idle = true, .whole = true };
	struct day *d = day_prepare(&p);
	const char *retired = shelf_sku(d, 0);
	struct err err;

	(void)state;
	day_no_buyers(d);
	shelf_retire(d, 0);
	must(day_start(d, &err) ? err.text : NULL);
	run(d, 70 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_run WHERE state = 'COMPLETE'"), 4);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE kind = 'ghost'"), 0); /* that run was none in full */
	must(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 10 * MINUTE);
	assert_true(of_kind(d, "ghost", retired) >= 3);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id WHERE r.kind = 'ghost' AND (f.sku <> '%s' OR r.action <> 'zero' OR r.decision <> '')", retired)), 0);
	assert_int_equal(day_count(d, "listings_ended"), 0);
	day_close(d);
}

static void a_listing_that_stands_for_nothing_is_a_ghost_to_be_mapped(void **state)
{
	struct day_plan p = { .seed = 6, .skus = 4, .prompt = true, .idle = true, .untold = 1 };
	struct day *d = open_plan(&p);

	(void)state;
	run(d, 30 * MINUTE);
	must(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 10 * MINUTE);
	assert_true(of_kind(d, "ghost", shelf_sku(d, 3)) > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE kind = 'ghost' AND action <> 'map'"), 0);
	day_close(d);
}

static void a_listing_that_a_complete_list_lacks_has_vanished(void **state)
{
	struct day_plan p = { .seed = 7, .skus = 4, .prompt = true, .idle = true };
	struct day *d = open_plan(&p);

	(void)state;
	run(d, 30 * MINUTE);
	shelf_delist(d, "walmart", 1);
	must(day_intend(d, "reconcile", "", "full=0\n"));
	run(d, 10 * MINUTE);
	assert_int_equal(of_kind(d, "unseen", shelf_sku(d, 1)), 0); /* a usual run counts it and says no more */
	assert_true(day_int(d, "SELECT max(unseen) FROM rec_run") > 0);
	must(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 10 * MINUTE);
	assert_true(of_kind(d, "unseen", shelf_sku(d, 1)) > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE kind = 'unseen' AND (action <> 'look' OR decision <> '')"), 0);
	day_close(d);
}

/* Live for a day, and not one quantity of it got through. */
static void a_young_mapping_without_a_proven_push_is_named(void **state)
{
	struct day_plan p = { .seed = 8, .skus = 4, .prompt = true, .idle = true, .config = seldom };
	struct day *d = open_plan(&p);

	(void)state;
	day_fault(d, "for=60h channel=amazon op=push,feeds,bulk kind=error status=503");
	run(d, 23 * HOUR);
	must(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 10 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE kind = 'young'"), 0); /* a day is allowed */
	run(d, 3 * HOUR);
	must(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 10 * MINUTE);
	assert_true(day_int(d, "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id WHERE r.kind = 'young' AND c.channel = 'amazon'") >= 4);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id WHERE r.kind = 'young' AND c.channel <> 'amazon'"), 0);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_account_has_six_runs_a_day),
		cmocka_unit_test(a_missed_run_begins_within_a_minute_of_the_start),
		cmocka_unit_test(a_schedule_that_cannot_fit_is_refused_with_the_arithmetic),
		cmocka_unit_test(a_whole_run_finds_ghosts_and_ends_none),
		cmocka_unit_test(a_listing_that_stands_for_nothing_is_a_ghost_to_be_mapped),
		cmocka_unit_test(a_listing_that_a_complete_list_lacks_has_vanished),
		cmocka_unit_test(a_young_mapping_without_a_proven_push_is_named),
	};

	return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
