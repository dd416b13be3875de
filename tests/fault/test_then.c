/*
 * test_then.c: a day in which an account falls out of step, goes to zero and comes back, seen again from its end: each table as it was looked at then, and no moment in it
 * that had not come yet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/day.h"
#include "trade/past.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKS = 24, EVERY = 10 };

static const char *const looks[] = {
	"SELECT 'alert ' || key || ' ' || (acked_ms > 0) FROM alert WHERE closed_ms = 0 ORDER BY key",
	"SELECT 'incident ' || id || ' ' || (over_ms > 0) FROM incident WHERE closed_ms = 0 ORDER BY id",
	"SELECT 'lapse ' || id || ' ' || state || ' ' || (ended_ms > 0) FROM lapse ORDER BY id",
	"SELECT 'zero ' || id || ' ' || (lifted_ms > 0) FROM zero_out ORDER BY id",
	"SELECT 'row ' || zero_id || ' ' || offer_id FROM zero_row ORDER BY zero_id, offer_id",
	"SELECT 'intent ' || id || ' ' || state FROM intent ORDER BY id",
	"SELECT 'held ' || id || ' ' || hold FROM offer WHERE hold <> '' ORDER BY id",
	"SELECT 'offer ' || id || ' ' || coalesce(target, 'none') || ' ' || coalesce(pushed, 'none') || ' ' || coalesce(seen, 'none') || ' ' || drift FROM offer ORDER BY id",
	"SELECT 'order ' || id || ' ' || state || ' ' || flags || ' ' || due_ms FROM orders ORDER BY id",
	"SELECT 'line ' || id || ' ' || q_new || ' ' || q_acked || ' ' || q_shipped || ' ' || q_cancelled || ' ' || reserves FROM order_line ORDER BY id",
	"SELECT 'shipment ' || id || ' ' || confirm FROM shipment ORDER BY id",
	"SELECT 'job ' || id || ' ' || state FROM job WHERE writes = 1 AND feed_id IS NULL ORDER BY id",
	"SELECT 'attempt ' || id || ' ' || (closed_ms > 0) || ' ' || fault FROM attempt WHERE idle = 0 ORDER BY id DESC LIMIT 50",
	"SELECT 'run ' || id || ' ' || (ended_ms > 0) FROM rec_run WHERE began_ms > 0 ORDER BY id",
	"SELECT 'place ' || id || ' ' || stale || ' ' || due_ms FROM place ORDER BY id",
	"SELECT 'message ' || id || ' ' || text FROM message ORDER BY id DESC LIMIT 20",
	"SELECT 'audit ' || count(*) FROM audit",
	"SELECT 'change ' || count(*) FROM change",
	"SELECT 'task ' || id || ' ' || state FROM task ORDER BY id",
};

enum { ASKED = sizeof looks / sizeof *looks };

/* What may lie ahead of its moment, or is no moment but a length. */
static const char *const ahead[] = { "due_ms", "ack_by_ms", "ship_by_ms", "deliver_by_ms", "cancel_by_ms", "purge_ms", "expires_ms", "old_until_ms", "until_ms", "settle_ms", "probe_ms",
	                             "day_ends_ms", "window_ms", "remind_ms", "max_age_ms", "held_ms", "lasted_ms", "steady_ms", "risk_ms", "tell_ms", "look_ms", "hold_ms", "second_ms", NULL };

/* When was it heard? Streams are counted by the minute, and what is said of orders goes back some: it is so to within five of them. */
static const char *const heard[] = {
	"SELECT last_ms FROM stream t JOIN account c ON c.id = t.account_id WHERE c.channel = 'walmart' AND t.name = 'read orders'",
	"SELECT last_ms FROM stream t JOIN account c ON c.id = t.account_id WHERE c.channel = 'walmart' AND t.name = 'orders'",
	"SELECT last_ms FROM stream t JOIN account c ON c.id = t.account_id WHERE c.channel = 'amazon' AND t.name = 'read orders'",
	"SELECT heard_ms FROM account WHERE channel = 'walmart'",
	"SELECT ok_ms FROM account WHERE channel = 'walmart'",
	"SELECT coalesce(min(heard_ms), 0) FROM place WHERE sells = 1 AND heard_ms > 0",
	"SELECT coalesce(min(heard_ms), 0) FROM place_source WHERE heard_ms > 0",
	"SELECT beat_ms FROM lease",
	"SELECT max(seen_ms) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.channel = 'walmart'",
	"SELECT max(seen_ms) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.channel = 'amazon'",
};

enum { HEARD = sizeof heard / sizeof *heard, WITHIN = 5 * MINUTE };

struct then {
	int64_t at_ms;
	const char *said[ASKED];
	int64_t heard_ms[HEARD];
};

static const char *look(struct store *s, const char *sql, struct arena *a)
{
	struct buf b = buf_new(a);
	struct rows *r = store_ask_text(s, sql, NULL, 0);
	struct err err = { 0 };

	while (rows_next(r))
		buf_printf(&b, "%s\n", rows_text(r, 0));
	if (rows_end(r, &err))
		fail_msg("%s: %s", sql, err.text);
	return b.p;
}

static int64_t one(struct store *s, const char *sql)
{
	struct rows *r = store_ask_text(s, sql, NULL, 0);
	struct err err = { 0 };
	int64_t n = rows_next(r) ? rows_int(r, 0) : 0;

	if (rows_end(r, &err))
		fail_msg("%s: %s", sql, err.text);
	return n;
}

/* The first line in which two texts differ; "": none does. */
static const char *difference(const char *is, const char *was, struct arena *a)
{
	while (*is || *was) {
		size_t n = strcspn(is, "\n"), m = strcspn(was, "\n");

		if (n != m || strncmp(is, was, n))
			return arena_printf(a, "%.*s instead of %.*s", (int)n, is, (int)m, was);
		is += n + (is[n] == '\n');
		was += m + (was[m] == '\n');
	}
	return "";
}

static bool may_lie_ahead(const char *column)
{
	for (int i = 0; ahead[i]; i++)
		if (!strcmp(ahead[i], column))
			return true;
	return false;
}

/* Every moment of every table, of whatever was added to the schema since as well. */
static int later_moments(struct store *s, int64_t at_ms, struct arena *a)
{
	static const char tables[] = "SELECT t.name, c.name FROM live.sqlite_schema t, pragma_table_info(t.name, 'live') c WHERE t.type = 'table' AND c.name LIKE '%\\_ms' ESCAPE '\\' ORDER BY 1, 2";
	struct rows *r = store_ask_text(s, tables, NULL, 0);
	const char *table[400], *column[400];
	struct err err = { 0 };
	int n = 0, bad = 0;

	for (; n < 400 && rows_next(r); n++) {
		table[n] = rows_keep(r, 0, a);
		column[n] = rows_keep(r, 1, a);
	}
	assert_int_equal(rows_end(r, &err), OK);
	assert_true(n > 100);
	for (int i = 0; i < n; i++) {
		int64_t most = may_lie_ahead(column[i]) ? 0 : one(s, arena_printf(a, "SELECT coalesce(max(%s), 0) FROM %s", column[i], table[i]));

		if (most > at_ms && strcmp(table[i], "secret"))
			print_error("%s.%s lies %" PRId64 " s ahead\n", table[i], column[i], (most - at_ms) / 1000), bad++;
	}
	return bad;
}

/* Nothing is said to have been heard later than it was. */
static int other_silence(struct store *s, const struct then *then, int look)
{
	int bad = 0;

	for (int k = 0; k < HEARD; k++) {
		int64_t ms = one(s, heard[k]), apart = ms - then->heard_ms[k];

		if (apart < 0 && strstr(heard[k], "FROM place")) /* of a file it is not kept: within its age, then */
			continue;
		if (apart > WITHIN || -apart > WITHIN)
			print_error("look %d: %s: heard %" PRId64 " s before and not %" PRId64 "\n", look, heard[k], (then->at_ms - ms) / 1000, (then->at_ms - then->heard_ms[k]) / 1000), bad++;
	}
	return bad;
}

static void the_past_of_a_day_is_the_day_as_it_was(void **state)
{
	struct day_plan plan = day_plain(91);
	struct then then[LOOKS];
	int64_t longest = 0;
	struct day *d;
	int bad = 0;

	(void)state;
	plan.skus = 12;
	plan.orders_a_day = 500;
	plan.settle_pct = 10;
	d = day_open(&plan);
	day_run(d, d->now_ms + 40 * MINUTE);
	day_fault(d, "at=20m for=50m channel=walmart op=orders kind=error");
	for (int i = 0; i < LOOKS; i++) {
		day_run(d, d->now_ms + EVERY * MINUTE);
		then[i].at_ms = d->now_ms;
		day_run(d, d->now_ms + 1); /* all that belongs to this very moment */
		for (int k = 0; k < ASKED; k++)
			then[i].said[k] = look(d->reader, looks[k], d->arena);
		for (int k = 0; k < HEARD; k++)
			then[i].heard_ms[k] = one(d->reader, heard[k]);
		longest = then[i].at_ms - then[i].heard_ms[0] > longest ? then[i].at_ms - then[i].heard_ms[0] : longest;
	}
	assert_true(longest > 30 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE ended_ms > 0 AND zeroed_ms > 0"), 1);
	for (int i = 0; i < LOOKS - 1; i++) {
		struct err err = { 0 };
		struct store *s;

		if (past_open(d->dir, then[i].at_ms + 1, PAST_KNOWN, &s, &err))
			fail_msg("%s", err.text);
		for (int k = 0; k < ASKED; k++) {
			const char *differs = difference(look(s, looks[k], d->arena), then[i].said[k], d->arena);

			if (*differs)
				print_error("look %d: %s\n", i, differs), bad++;
		}
		bad += other_silence(s, &then[i], i);
		bad += later_moments(s, then[i].at_ms + 1, d->arena);
		store_close(s);
	}
	assert_int_equal(bad, 0);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_past_of_a_day_is_the_day_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
