/* The calendar of secrets: what ends is told 30, 14, 7 and 1 day before, and what was put in its place is on record. */
#include "trade_world.h"

#include "trade/alerts.h"
#include "trade/secrets.h"

#define DAY (24 * HOUR)

static struct secret row_of(const struct world *w, const char *key, const char *fingerprint)
{
	return (struct secret){ .account = w->amazon, .account_name = "amazon-us", .channel = "amazon", .key = key, .source = "vault:x", .fingerprint = fingerprint, .old = "" };
}

static const char *open_alert(struct world *w)
{
	struct alert *alert;
	int n;

	OKAY(w, alerts_open(w->s, 9, w->a, &alert, &n, &w->err));
	assert_true(n <= 1);
	return n ? arena_printf(w->a, "%s: %s", alert->severity, alert->text) : "";
}

struct moment {
	const char *why;
	int64_t days; /* after it was put there */
	const char *alert;
};

/* An LWA secret lives 180 days (data/secrets.csv). */
static const struct moment moments[] = {
	{ "nobody is bothered in the first months", 100, "" },
	{ "nor 31 days before", 149, "" },
	{ "a month before", 150, "WARN: amazon-us: its client_secret ends in 30 days" },
	{ "it is told once a step, not once a day", 155, "WARN: amazon-us: its client_secret ends in 30 days" },
	{ "two weeks before", 166, "WARN: amazon-us: its client_secret ends in 14 days" },
	{ "a week before", 173, "WARN: amazon-us: its client_secret ends in 7 days" },
	{ "a day before nothing else is as urgent", 179, "CRIT: amazon-us: its client_secret ends in 1 day" },
	{ "and when it has ended it stays so", 181, "CRIT: amazon-us: its client_secret ends in 1 day" },
};

static void what_ends_is_told_in_steps(void **state)
{
	struct world w = world_new();
	struct secret row = row_of(&w, "client_secret", "0123456789ab");

	(void)state;
	row.since_ms = T0;
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		OKAY(&w, secrets_watch(w.s, T0 + moments[i].days * DAY, &w.err));
		if (strcmp(open_alert(&w), moments[i].alert))
			fail_msg("%s: %s", moments[i].why, open_alert(&w));
	}
	w.why.now_ms = T0 + 181 * DAY;
	row.fingerprint = "ffffffffffff";
	row.since_ms = 0;
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	OKAY(&w, secrets_watch(w.s, w.why.now_ms, &w.err));
	assert_string_equal(open_alert(&w), "");
	world_free(&w);
}

/* What is known of when it was made: by whoever put it there, by its first use here, and by another in its place. */
struct making {
	const char *why, *was;        /* the fingerprint of the one that was used ten days before; NULL: none was */
	int64_t since_days, end_days; /* said of this one, before now; 0: nothing is said */
	int64_t left;
	bool assumed;
};

static const struct making makings[] = {
	{ "nobody says when it was made", NULL, 0, 0, 180, true },
	{ "nor of one that is in use", "0123456789ab", 0, 0, 170, true },
	{ "it was made a hundred days ago", NULL, 100, 0, 80, false },
	{ "that is said only now", "0123456789ab", 100, 0, 80, false },
	{ "its end is said", NULL, 0, 40, 40, false },
	{ "another is in the place of the one before", "ffffffffffff", 0, 0, 180, false },
};

static void an_end_that_is_assumed_is_told_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof makings / sizeof *makings; i++) {
		const struct making *m = &makings[i];
		struct world w = world_new();
		struct secret row = row_of(&w, "client_secret", "0123456789ab"), before = row_of(&w, "client_secret", m->was), *all;
		int n;

		w.why.now_ms = T0 - 10 * DAY;
		if (m->was)
			OKAY(&w, secret_put(w.s, &before, &w.why, &w.err));
		w.why.now_ms = T0;
		row.since_ms = m->since_days ? T0 - m->since_days * DAY : 0;
		row.expires_ms = m->end_days ? T0 + m->end_days * DAY : 0;
		OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
		OKAY(&w, secrets_all(w.s, w.a, &all, &n, &w.err));
		OKAY(&w, secrets_watch(w.s, all->expires_ms - 7 * DAY, &w.err));
		if (secret_days_left(all, T0) != m->left || all->assumed != m->assumed ||
		    strcmp(open_alert(&w), m->assumed ? "WARN: amazon-us: its client_secret ends in 7 days, assumed from first use" : "WARN: amazon-us: its client_secret ends in 7 days"))
			fail_msg("%s: %lld days, \"%s\"", m->why, (long long)secret_days_left(all, T0), open_alert(&w));
		world_free(&w);
	}
}

static int64_t audited(struct world *w, const char *action)
{
	int64_t n;

	OKAY(w, GET_INT(w->s, &w->err, 0, &n, "SELECT count(*) FROM audit WHERE action = ?", V(action)));
	return n;
}

static void another_one_is_on_record(void **state)
{
	struct world w = world_new();
	struct secret row = row_of(&w, "refresh_token", "aaaaaaaaaaaa"), *all;
	int n;

	(void)state;
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err)); /* a start of the engine is none */
	assert_int_equal(audited(&w, "secret"), 1);
	w.why.now_ms += 5 * DAY;
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	OKAY(&w, secrets_all(w.s, w.a, &all, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(all->since_ms, T0); /* in use since then, whoever looks when */
	assert_int_equal(all->expires_ms, 0);
	row.fingerprint = "bbbbbbbbbbbb";
	row.old = "aaaaaaaaaaaa";
	row.expires_ms = w.why.now_ms + 3 * DAY; /* who put it there knew better than the table */
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	row.old = "";
	OKAY(&w, secret_put(w.s, &row, &w.why, &w.err));
	assert_int_equal(audited(&w, "secret"), 2);
	assert_int_equal(audited(&w, "secret-retired"), 1);
	OKAY(&w, secrets_all(w.s, w.a, &all, &n, &w.err));
	assert_int_equal(secret_days_left(all, w.why.now_ms), 3);
	assert_int_equal(secret_days_left(all, w.why.now_ms + 4 * DAY), -1);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_ends_is_told_in_steps), cmocka_unit_test(an_end_that_is_assumed_is_told_so), cmocka_unit_test(another_one_is_on_record) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
