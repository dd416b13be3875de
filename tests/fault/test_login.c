/*
 * test_login.c: NetSuite in hours of a whole business, by each way to log in: requests that are signed one by one, and tokens that are got with a private
 * key. The same stock comes to be known by both; a token that ends is followed by the next; a key that they do not know is told in words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/day.h"
#include "tests/published_keys.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

enum { HOURS = 3 };

struct way {
	const char *why, *private_key, *certificate;
	int least, most; /* tokens in so many hours */
};

static const struct way ways[] = {
	{ "each request is signed", NULL, NULL, 0, 0 },
	{ "tokens by a key of RSA", PUBLISHED_RSA, "cert-rsa-2015", HOURS, HOURS + 1 },
	{ "tokens by a key of P-256", PUBLISHED_EC, "cert-p256-2015", HOURS, HOURS + 1 },
};

static struct day *business(const struct way *w)
{
	struct day_plan plan = { .seed = 41, .skus = 24, .past = 30, .prompt = true, .idle = true, .settle_pct = 100, .whole = true };
	struct day *d;

	plan.private_key = w->private_key;
	plan.certificate = w->certificate;
	d = day_open(&plan);
	day_no_buyers(d);
	return d;
}

#define OF_NETSUITE " FROM attempt t JOIN account c ON c.id = t.account_id WHERE c.channel = 'netsuite'"

static void each_way_to_log_in_tells_the_same_stock(void **state)
{
	int64_t units = -1;

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct day *d = business(&ways[i]);
		int64_t tokens, known;

		day_run(d, d->now_ms + HOURS * HOUR);
		tokens = day_int(d, "SELECT count(*)" OF_NETSUITE " AND t.op = 'netsuite.token' AND t.status = 200");
		known = day_int(d, "SELECT sum(r.free) FROM reading r JOIN account c ON c.id = r.account_id WHERE c.channel = 'netsuite'");
		if (tokens < ways[i].least || tokens > ways[i].most)
			fail_msg("%s: %d tokens in %d hours", ways[i].why, (int)tokens, HOURS);
		if (known <= 0 || (units >= 0 && known != units))
			fail_msg("%s: %d units are known and not %d", ways[i].why, (int)known, (int)units);
		if (day_int(d, "SELECT count(*)" OF_NETSUITE " AND t.status IN (400, 401, 403)"))
			fail_msg("%s: a request was refused", ways[i].why);
		assert_string_equal(day_text(d, "SELECT state FROM account WHERE channel = 'netsuite'"), "ok");
		units = known;
		day_close(d);
	}
}

static void a_key_of_another_certificate_is_told_in_words(void **state)
{
	static const struct way wrong = { "", PUBLISHED_EC_OTHER, "cert-p256-2015", 0, 0 };
	struct day *d = business(&wrong);
	const char *said;

	(void)state;
	day_run(d, d->now_ms + 30 * MINUTE);
	said = day_text(d, "SELECT text" OF_NETSUITE " AND t.op = 'netsuite.token' ORDER BY t.id DESC LIMIT 1");
	if (!strstr(said, "invalid_grant") || !strstr(said, "private_key") || !strstr(said, "certificate_id"))
		fail_msg("%s", said);
	assert_null(strstr(said, "BEGIN"));
	assert_int_equal(day_int(d, "SELECT count(*)" OF_NETSUITE " AND t.op <> 'netsuite.token'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) > 0 FROM alert WHERE kind = 'auth' AND severity = 'CRIT' AND closed_ms = 0"), 1);
	assert_string_equal(day_text(d, "SELECT state FROM account WHERE channel = 'netsuite'"), "auth");
	assert_true(day_int(d, "SELECT count(*)" OF_NETSUITE) <= 20);
	day_close(d);
}

/* How many files of the store's folder hold these bytes. */
static int files_with(struct day *d, const char *bytes)
{
	int n = 0;
	glob_t g;

	assert_int_equal(glob(arena_printf(d->arena, "%s/*", d->dir), 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct buf b = buf_new(d->arena);
		FILE *f = fopen(g.gl_pathv[i], "rb");
		char chunk[8192];

		for (size_t got; f && (got = fread(chunk, 1, sizeof chunk, f)) > 0;)
			buf_add(&b, chunk, got);
		n += b.len && memmem(b.p, b.len, bytes, strlen(bytes));
		if (f)
			fclose(f);
	}
	globfree(&g);
	return n;
}

/* Nothing that the engine writes down holds a line of the key, nor an assertion. */
static void neither_key_nor_assertion_is_written_down(void **state)
{
	struct day *d = business(&ways[2]);

	(void)state;
	day_run(d, d->now_ms + HOUR);
	assert_int_equal(files_with(d, "eyJ0eXAiOiJKV1Qi"), 0);           /* {"typ":"JWT", as an assertion begins */
	assert_int_equal(files_with(d, "H1136cspYG6+0iY7X1fCE9+E9LKh"), 1); /* where it was put */
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_to_log_in_tells_the_same_stock),
		cmocka_unit_test(a_key_of_another_certificate_is_told_in_words),
		cmocka_unit_test(neither_key_nor_assertion_is_written_down),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
