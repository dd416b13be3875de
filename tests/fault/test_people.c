/*
 * test_people.c: who sees a buyer's data, and that looking does no harm. Walmart's lists of orders are answered here, with what no well-behaved platform would say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/between.h"
#include "tests/fault/steps.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define STREET "12 Elm Street"
#define REF "109007446257376"

static const char *page; /* what a list of Walmart's orders is answered with; NULL: it goes through */
static int64_t page_ms;

static bool tell(const struct request *r, struct reply *out, struct arena *a)
{
	if (!page || strcmp(r->op, "walmart.orders.list"))
		return false;
	*out = (struct reply){ .status = 200, .body = arena_strdup(a, page), .body_len = strlen(page), .received_ms = page_ms };
	return true;
}

static struct transport *wrap(struct transport *inner)
{
	return between(inner, tell);
}

/* A page with one order for somebody of that name, and more behind it, which may be another one. */
static const char *page_with(struct arena *a, const char *name, const char *more)
{
	return arena_printf(a,
	                    "{\"list\": {\"meta\": {\"totalCount\": 1, \"limit\": 200}, \"elements\": {\"order\": [{\"purchaseOrderId\": \"" REF "\", \"customerOrderId\": \"200046257376\", "
	                    "\"customerEmailId\": \"Ana.Ortiz@relay.walmart.com\", "
	                    "\"orderDate\": 1795244400000, \"shippingInfo\": {\"phone\": \"7755550134\", \"estimatedDeliveryDate\": 1795608000000, \"estimatedShipDate\": 1795327200000, "
	                    "\"methodCode\": \"Standard\", \"postalAddress\": {\"name\": \"%s\", \"address1\": \"" STREET "\", \"city\": \"Reno\", \"state\": \"NV\", \"postalCode\": \"89501\", "
	                    "\"country\": \"USA\"}}, \"orderLines\": {\"orderLine\": [{\"lineNumber\": \"1\", \"item\": {\"productName\": \"Tote\", \"sku\": \"CW-0412-BLK\"}, \"charges\": "
	                    "{\"charge\": [{\"chargeType\": \"PRODUCT\", \"chargeName\": \"ItemPrice\", \"chargeAmount\": {\"currency\": \"USD\", \"amount\": 24.99}}]}, \"orderLineQuantity\": "
	                    "{\"unitOfMeasurement\": \"EACH\", \"amount\": \"1\"}, \"statusDate\": 1795244400000, \"orderLineStatuses\": {\"orderLineStatus\": [{\"status\": \"Created\", "
	                    "\"statusQuantity\": {\"unitOfMeasurement\": \"EACH\", \"amount\": \"1\"}}]}}]}, \"shipNode\": {\"type\": \"SellerFulfilled\", \"name\": \"Reno\", \"id\": \"39931104\"}}%s]}}}",
	                    name, more);
}

static struct day *prepared(void)
{
	struct day_plan plan = { .seed = 8, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true, .wrap = wrap };

	page = NULL;
	return day_prepare(&plan);
}

static void start(struct day *d)
{
	struct err err;

	if (day_start(d, &err))
		fail_msg("%s", err.text);
	day_no_buyers(d);
}

/* From now on that is their answer; and it has been heard. */
static void told(struct day *d, const char *text)
{
	page = text;
	page_ms = d->now_ms;
	run(d, 3 * MINUTE);
}

static int64_t order_told(struct day *d)
{
	int64_t id = day_int(d, "SELECT coalesce(max(id), 0) FROM orders WHERE ref = '" REF "'");

	assert_true(id > 0);
	return id;
}

static const char *reveal(struct day *d, const char *payload)
{
	return day_intend(d, "reveal", "", payload);
}

/* ---- who may ---- */

static const struct {
	const char *why, *role, *more, *no;
} both_keys[] = {
	{ "a viewer does not get a buyer by naming a body as well", "viewer", "body=1\n", "you are a viewer" },
	{ "nor one who names the order first", "viewer", "offset=0\nbody=1\nfull=0\n", "you are a viewer" },
	{ "nor does a program", "program", "body=1\n", "you are a program" },
	{ "an operator says which of the two he means", "operator", "body=1\n", "one of them alone" },
};

static void a_buyer_is_not_had_by_asking_for_a_body_as_well(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof both_keys / sizeof *both_keys; i++) {
		struct day *d = prepared();
		const char *order, *no;

		day_configure(d, arena_printf(d->arena, "[roles]\n%u = %s\n", (unsigned)geteuid(), both_keys[i].role));
		start(d);
		told(d, page_with(d->arena, "Ana Ortiz", ""));
		order = arena_printf(d->arena, "order=%" PRId64 "\n", order_told(d));
		no = reveal(d, arena_printf(d->arena, "%s%s", i % 2 ? order : both_keys[i].more, i % 2 ? both_keys[i].more : order));
		if (!no || !strstr(no, both_keys[i].no) || *day_answer(d, "person.name"))
			fail_msg("%s: %s", both_keys[i].why, no ? no : day_answer(d, "person.name"));
		assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'refused' AND subject = 'reveal'"), 1);
		assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal'"), 0);
		day_close(d);
	}
}

/* ---- what is blotted out ---- */

static const struct {
	const char *why;
	int of_n; /* so many tenths of the page come */
	const char *behind;
} halves[] = {
	{ "a page that breaks off behind the street", 8, "" },
	{ "a page with a word behind it", 10, " and more" },
	{ "a page behind a mark", 10, "" },
};

/* The newest body that somebody who may look, and no more, is shown. */
static const char *shown(struct day *d)
{
	must(reveal(d, arena_printf(d->arena, "body=%" PRId64 "\n", day_int(d, "SELECT reply_id FROM attempt WHERE verb = 'orders' AND account_id = 1 AND reply_id > 0 ORDER BY id DESC LIMIT 1"))));
	return day_answer(d, "body");
}

static void half_a_page_shows_nobody(void **state)
{
	struct day *d = prepared();
	const char *all = page_with(d->arena, "Ana Ortiz", "");

	(void)state;
	day_configure(d, arena_printf(d->arena, "[roles]\n%u = viewer\n", (unsigned)geteuid()));
	start(d);
	told(d, all);
	assert_non_null(strstr(shown(d), "\"name\":\"A***\"")); /* a whole one is seen, without her */
	assert_string_equal(day_answer(d, "json"), "1");
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		const char *half = arena_strndup(d->arena, all, strlen(all) * (size_t)halves[i].of_n / 10);

		assert_non_null(strstr(half, STREET));
		told(d, arena_printf(d->arena, "%s%s%s", i == 2 ? ")]}'" : "", half, halves[i].behind));
		if (strstr(shown(d), STREET) || strstr(shown(d), "Ana") || !strstr(shown(d), "no JSON") || strcmp(day_answer(d, "json"), "0"))
			fail_msg("%s: %s", halves[i].why, day_answer(d, "body"));
	}
	day_close(d);
}

/* ---- how long it is ---- */

static const char *repeated(struct arena *a, const char *piece, int n)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < n; i++)
		buf_puts(&b, piece);
	return b.p;
}

static void write_counts(struct day *d, const char *more)
{
	FILE *f = fopen(arena_printf(d->arena, "%s/counts.csv", d->dir), "a");

	assert_non_null(f);
	fputs(more, f);
	assert_int_equal(fclose(f), 0);
}

/* All of a body as the engine gives it, a piece after the other. */
static const char *whole_body(struct day *d, int64_t body)
{
	struct buf b = buf_new(d->arena);

	do {
		must(reveal(d, arena_printf(d->arena, "body=%" PRId64 "\nfull=1\noffset=%zu\n", body, b.len)));
		assert_true(*day_answer(d, "body"));
		buf_puts(&b, day_answer(d, "body"));
	} while (strcmp(arena_printf(d->arena, "%zu", b.len), day_answer(d, "total")));
	return b.p;
}

static const struct {
	const char *why, *line;
	int lines;
} long_files[] = {
	{ "blank lines, each three bytes in a message", "\n", 20000 },
	{ "and two of them a line", "\r\n", 25000 },
	{ "longer than two messages", "\n", 50000 },
	{ "of letters there is more in one", "a line of some letters, as long as lines are\n", 2000 },
};

static void a_body_of_any_bytes_is_shown_in_pieces_that_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof long_files / sizeof *long_files; i++) {
		struct day *d = prepared();
		const char *more = repeated(d->arena, long_files[i].line, long_files[i].lines), *all;
		int64_t body;

		start(d);
		run(d, MINUTE);
		write_counts(d, more);
		run(d, 10 * MINUTE);
		body = day_int(d, arena_printf(d->arena, "SELECT coalesce(max(id), 0) FROM body WHERE size > %zu", strlen(more)));
		assert_true(body > 0);
		all = whole_body(d, body);
		if (strlen(all) <= strlen(more) || strcmp(all + strlen(all) - strlen(more), more))
			fail_msg("%s: %zu bytes", long_files[i].why, strlen(all));
		assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal'"), 1); /* one look */
		day_close(d);
	}
}

static void an_answer_that_is_too_long_is_a_refusal(void **state)
{
	struct day *d = prepared();
	const char *no;

	(void)state;
	start(d);
	told(d, page_with(d->arena, repeated(d->arena, "%", 30000), ""));
	no = reveal(d, arena_printf(d->arena, "order=%" PRId64 "\n", order_told(d)));
	assert_non_null(no);
	assert_non_null(strstr(no, "longer than the 65536 bytes"));
	told(d, page_with(d->arena, "Ana Ortiz", "")); /* and it goes on */
	must(day_intend(d, "refresh", "", ""));
	day_close(d);
}

/* ---- who is forgotten ---- */

/* How many of the bodies that are kept show her street to somebody who may see them whole; -1: there are none to look at. */
static int show_street(struct day *d)
{
	int64_t last = day_int(d, "SELECT coalesce(max(id), 0) FROM body");
	int n = 0, seen = 0;

	for (int64_t id = 1; id <= last; id++) {
		if (!day_int(d, arena_printf(d->arena, "SELECT count(*) FROM body WHERE sealed IS NOT NULL AND id = %" PRId64, id)))
			continue;
		seen++;
		n += strstr(whole_body(d, id), STREET) != NULL;
	}
	return seen ? n : -1;
}

/* A list tells an order a dozen times; pages that differ in another order are bodies of their own, and so is what they say later. */
static void a_notice_to_forget_reaches_each_reply(void **state)
{
	struct day *d = prepared();
	const char *order;

	(void)state;
	start(d);
	for (int i = 0; i < 4; i++)
		told(d, arena_printf(d->arena, "%s%*s", page_with(d->arena, "Ana Ortiz", ""), i, ""));
	assert_int_equal(show_street(d), 4);
	order = arena_printf(d->arena, "order=%" PRId64 "\n", order_told(d));
	must(day_intend(d, "redact", "", order));
	assert_int_equal(show_street(d), 0);

	told(d, page_with(d->arena, "Ana Ortiz", "")); /* the same once more */
	told(d, arena_printf(d->arena, "%s     ", page_with(d->arena, "Ana Ortiz", ""))); /* another page of it */
	told(d, arena_strndup(d->arena, page, strlen(page) - 9)); /* half of it, which stays in the inbox */
	assert_int_equal(show_street(d), 0);
	assert_true(day_int(d, "SELECT count(*) FROM inbox WHERE class = 'SCHEMA'") > 0);
	day_close(d);
}

/* The first file of the store's folder that holds these bytes, but the configuration itself; NULL: none. */
static const char *file_with(struct day *d, const char *bytes)
{
	const char *found = NULL;
	glob_t g;

	assert_int_equal(glob(arena_printf(d->arena, "%s/*", d->dir), 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc && !found; i++) {
		struct buf b = buf_new(d->arena);
		FILE *f = fopen(g.gl_pathv[i], "rb");
		char chunk[8192];

		for (size_t got; f && (got = fread(chunk, 1, sizeof chunk, f)) > 0;)
			buf_add(&b, chunk, got);
		if (f)
			fclose(f);
		if (b.len && memmem(b.p, b.len, bytes, strlen(bytes)) && !strstr(g.gl_pathv[i], "tallyman.ini"))
			found = arena_strdup(d->arena, g.gl_pathv[i]);
	}
	globfree(&g);
	return found;
}

static const struct {
	const char *why, *text;
	bool found;
} notices[] = {
	{ "her name, in other letters and with blanks around it", "  ANA  ortiz ", true },
	{ "her address for e-mail, in other letters", "ana.ortiz@RELAY.walmart.com", true },
	{ "her number, written otherwise", "+1 (775) 555-0134", true },
	{ "a part of her name", "Ana", false },
	{ "her name and more", "Ana Ortiz-Vega", false },
	{ "a part of her number", "5550134", false },
	{ "her number within a name", "buyer 7755550134", false },
	{ "her street", STREET, false },
	{ "another name", "Ona Artiz", false },
};

static const char *look_for(struct day *d, const char *text)
{
	return reveal(d, arena_printf(d->arena, "buyer=%s\n", text));
}

static void nowhere(struct day *d, const char *text)
{
	const char *found = file_with(d, text);

	if (found)
		fail_msg("%s stands in %s", text, found);
}

/* A notice names a person, and not orders: which are hers the engine alone can tell. */
static void a_buyers_orders_are_found_by_what_is_known_of_her(void **state)
{
	struct day *d = prepared();
	const char *order;

	(void)state;
	start(d);
	told(d, page_with(d->arena, "Ana Ortiz", ""));
	order = arena_printf(d->arena, "%" PRId64, order_told(d));
	for (size_t i = 0; i < sizeof notices / sizeof *notices; i++) {
		must(look_for(d, notices[i].text));
		if (strcmp(day_answer(d, "order"), notices[i].found ? order : "") || strcmp(day_answer(d, "upto"), "0"))
			fail_msg("%s: order %s", notices[i].why, day_answer(d, "order"));
		assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal' AND subject = 'buyer'"), i + 1);
		if (notices[i].found)
			nowhere(d, notices[i].text);
	}
	nowhere(d, "Ana Ortiz");
	assert_non_null(strstr(look_for(d, "  "), "whose orders?"));
	must(day_intend(d, "redact", "", arena_printf(d->arena, "order=%s\n", order)));
	must(look_for(d, "Ana Ortiz"));
	assert_string_equal(day_answer(d, "order"), ""); /* she is nobody any more */
	day_close(d);
}

/* eBay's notice says a user name, which stands on no parcel. */
static void a_buyer_is_found_by_the_name_of_her_account(void **state)
{
	struct day_plan plan = { .seed = 8, .skus = 24, .settle_pct = 20, .idle = true, .prompt = true, .whole = true };
	struct day *d = day_open(&plan);
	const char *buyer;
	int64_t order;

	(void)state;
	day_no_buyers(d);
	run(d, 10 * MINUTE);
	day_order(d, "ebay/us", 1);
	run(d, 10 * MINUTE);
	order = day_int(d, "SELECT max(o.id) FROM orders o JOIN account c ON c.id = o.account_id WHERE c.channel = 'ebay'");
	must(reveal(d, arena_printf(d->arena, "order=%" PRId64 "\n", order)));
	buyer = arena_strdup(d->arena, day_answer(d, "person.buyer"));
	assert_int_equal(strncmp(buyer, "buyer_", 6), 0);
	must(look_for(d, arena_printf(d->arena, "BUYER%s", buyer + 5)));
	assert_string_equal(day_answer(d, "order"), arena_printf(d->arena, "%" PRId64, order));
	nowhere(d, buyer);
	day_close(d);
}

static void a_viewer_does_not_look_for_a_buyer(void **state)
{
	struct day *d = prepared();
	const char *no;

	(void)state;
	day_configure(d, arena_printf(d->arena, "[roles]\n%u = viewer\n", (unsigned)geteuid()));
	start(d);
	told(d, page_with(d->arena, "Ana Ortiz", ""));
	no = look_for(d, "Ana Ortiz");
	assert_non_null(no);
	assert_non_null(strstr(no, "you are a viewer"));
	assert_string_equal(day_answer(d, "order"), "");
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'refused' AND subject = 'reveal'"), 1);
	nowhere(d, "Ana Ortiz");
	day_close(d);
}

/* ---- what is written down ---- */

static const struct {
	const char *why, *config, *no; /* NULL: it starts */
} literals[] = {
	{ "a secret in the configuration itself", "[account walmart-us]\nclient_secret = hunter2\n", "file:PATH" },
	{ "of an account that is switched off", "[account walmart-us]\nenabled = off\nclient_secret = hunter2\n", "file:PATH" },
	{ "under a name that is misspelt", "[account walmart-us]\nclient_secert = hunter2\n", "client_secert" },
	{ "in a section that is", "[acount walmart-us]\nclient_secret = hunter2\n", "acount" },
	{ "what is known of it by its command's words", "[account walmart-us]\nclient_secret = cmd:echo sandbox-walmart-secret # hunter2\n", NULL },
	{ "a switched-off account without one", "[account walmart-us]\nenabled = off\nclient_secret =\n", NULL },
};

static void a_secret_in_the_configuration_is_in_no_other_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
		struct day *d = prepared();
		struct err err = { 0 };
		enum fault f;
		const char *found;

		day_configure(d, literals[i].config);
		f = day_start(d, &err);
		if ((f == OK) != !literals[i].no || (f && !strstr(err.text, literals[i].no)))
			fail_msg("%s: %s", literals[i].why, err.text);
		found = file_with(d, "hunter2");
		if (found)
			fail_msg("%s: it stands in %s", literals[i].why, found);
		if (f)
			d->net = NULL;
		day_close(d);
	}
}

/* So many questions at once that other work would wait for them: a turn answers some, and the next one is due at once. */
static void a_crowd_of_askers_shares_the_turns(void **state)
{
	enum { ASKERS = 70 };
	struct day_plan plan = { .seed = 8, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_open(&plan);
	struct ask_line *l[ASKERS];
	const char *answer;
	int turns = 0, n = 0;
	size_t bytes;

	(void)state;
	day_settle(d);
	for (int i = 0; i < ASKERS; i++) {
		l[i] = ask_dial(arena_printf(d->arena, "%s/engine.sock", d->dir), NULL);
		assert_non_null(l[i]);
		engine_turn(d->engine, d->now_ms); /* lets him in */
	}
	for (int i = 0; i < ASKERS; i++)
		assert_int_equal(ask_say(l[i], "?", 1, NULL), OK);
	for (; n < ASKERS && turns < 10; turns++) {
		int before = n;

		engine_turn(d->engine, d->now_ms);
		for (int i = 0; i < ASKERS; i++) {
			enum ask_heard heard = l[i] ? ask_hear(l[i], &answer, &bytes) : ASK_NOTHING;

			if (heard == ASK_NUDGE)
				heard = ask_hear(l[i], &answer, &bytes);
			if (heard != ASK_ANSWER)
				continue;
			ask_hang_up(l[i]);
			l[i] = NULL;
			n++;
		}
		assert_in_range(n - before, 1, 32);
		assert_true(n == ASKERS || engine_next_due(d->engine, d->now_ms) <= d->now_ms);
	}
	assert_int_equal(n, ASKERS);
	day_close(d);
}

#define SITTING "whence=/dev/pts/1 from 10.0.0.1 5022 10.0.0.9 22\n"

static int64_t rows_of(struct day *d, const char *action)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM audit WHERE actor LIKE 'uid:%%' AND subject = 'console' AND detail LIKE '/dev/pts/1 from 10.0.0.1%%' AND action = '%s'", action));
}

/* That somebody sits down and goes is on record, whichever way his line ends; an engine that dies cannot tell. */
static void who_sits_down_is_seen_to_go(void **state)
{
	struct day_plan plan = { .seed = 9, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_open(&plan);
	struct err err;

	(void)state;
	day_settle(d);
	assert_null(day_intend(d, "login", "", SITTING));
	assert_null(day_intend(d, "note", "", "subject=handover\ntext=still here\n"));
	assert_true(day_run(d, d->now_ms + HOUR));
	assert_int_equal(rows_of(d, "login"), 1);
	assert_int_equal(rows_of(d, "logout"), 0);
	day_hang_up(d);
	day_settle(d);
	assert_int_equal(rows_of(d, "logout"), 1);
	assert_null(day_intend(d, "login", "", SITTING));
	assert_null(day_intend(d, "login", "", SITTING)); /* over one line: one who sits there */
	day_stop(d);
	assert_int_equal(day_start(d, &err), OK);
	day_hang_up(d); /* the old line, that nobody hears */
	assert_null(day_intend(d, "login", "", SITTING "again=1\n")); /* he neither went nor came while one engine followed another */
	assert_int_equal(rows_of(d, "login"), 3);
	assert_int_equal(rows_of(d, "logout"), 1);
	day_hang_up(d);
	day_settle(d);
	assert_int_equal(rows_of(d, "logout"), 2);
	assert_null(day_intend(d, "note", "", "subject=handover\ntext=by a command\n"));
	day_hang_up(d); /* who never sat down does not go */
	day_settle(d);
	assert_int_equal(rows_of(d, "logout"), 2);
	day_close(d);
}

/* ---- the audit's head ---- */

enum { HEARD = 16 };
static char heard[HEARD][400]; /* what the system's log was given */
static int heard_n;

static void take_line(const char *line)
{
	if (heard_n < HEARD)
		snprintf(heard[heard_n++], sizeof *heard, "%s", line);
}

/* Each hour, and when the engine ends, the system's log is given the head of the audit: who cuts off its tail in the store cannot cut it off there. */
static void the_audits_head_goes_to_the_systems_log(void **state)
{
	struct day_plan plan = { .seed = 10, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true, .notice = take_line };
	struct day *d;

	(void)state;
	heard_n = 0;
	d = day_open(&plan);
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	for (int hour = 1; hour <= 3; hour++) {
		int before = heard_n;

		assert_null(day_intend(d, "note", "", "subject=handover\ntext=an hour\n"));
		assert_true(day_run(d, d->now_ms + HOUR));
		assert_in_range(heard_n - before, 1, 2);
	}
	day_stop(d);
	assert_true(heard_n >= 4);
	for (int i = 0; i < heard_n; i++) {
		const char *row = strstr(heard[i], "audit row "), *head = strstr(heard[i], " head ");

		assert_non_null(row);
		assert_non_null(head);
		if (atoi(row + 10) && strncasecmp(head + 6, day_text(d, arena_printf(d->arena, "SELECT hex(hash) FROM audit WHERE n = %d", atoi(row + 10))), 64))
			fail_msg("%s is not in the audit", heard[i]);
	}
	assert_int_equal(atoi(strstr(heard[heard_n - 1], "audit row ") + 10), day_int(d, "SELECT max(n) FROM audit")); /* with the last row of all */
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buyer_is_not_had_by_asking_for_a_body_as_well),
		cmocka_unit_test(half_a_page_shows_nobody),
		cmocka_unit_test(a_body_of_any_bytes_is_shown_in_pieces_that_fit),
		cmocka_unit_test(a_notice_to_forget_reaches_each_reply),
		cmocka_unit_test(a_buyers_orders_are_found_by_what_is_known_of_her),
		cmocka_unit_test(a_buyer_is_found_by_the_name_of_her_account),
		cmocka_unit_test(a_viewer_does_not_look_for_a_buyer),
		cmocka_unit_test(a_secret_in_the_configuration_is_in_no_other_file),
		cmocka_unit_test(who_sits_down_is_seen_to_go),
		cmocka_unit_test(the_audits_head_goes_to_the_systems_log),
		cmocka_unit_test(a_crowd_of_askers_shares_the_turns),
		cmocka_unit_test(an_answer_that_is_too_long_is_a_refusal),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
