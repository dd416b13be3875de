/* An incident in one file: what was asked for is in it, and nobody's name, address or number is; it opens, and cannot be written. */
#include "trade_world.h"

#include "base/fields.h"
#include "trade/bundle.h"
#include "trade/incidents.h"
#include "trade/orders.h"
#include "trade/ticket.h"

#include "trade/past.h"

#include <sqlite3.h>
#include <unistd.h>

static const char *const people[] = { "Jane Doe", "Jane", "Doe", "jane.doe@example.com", "12 Elm Street", "Springfield", "62704", "+1 217 555 0123", "+12175550123", "hunter2" };

/* Two orders, two SKUs, a call for each, and people's data wherever somebody could have put it. */
static struct world furnished(void)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, available, known_ms, made_ms) VALUES (1, 'SKU-1', 5, 1700000000000, 1), (2, 'SKU-2', 5, 1, 1);"
	                    "INSERT INTO offer (id, account_id, sku, item_id, seen, known_ms) VALUES (1, 1, 'SKU-1', 1, 5, 1), (2, 1, 'SKU-2', 2, 5, 1);"
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES "
	                    "(1, 1, 'P-1', 'NEW', 1, 1, 1699999000000, 1, 1699999500000), (2, 1, 'P-2', 'NEW', 1, 1, 1699999000000, 1, 1699999500000);"
	                    "INSERT INTO order_line (id, order_id, ref, sku, item_id, qty, q_new) VALUES (2, 1, '1', 'SKU-1', 1, 1, 1), (1, 2, '1', 'SKU-2', 2, 1, 1);"
	                    "INSERT INTO change (fact, fact_id, field, new, valid_ms, known_ms, actor) VALUES ('order_line', 2, 'q_new', 1, 1, 1699999500000, 'channel:w'), "
	                    "('order_line', 1, 'q_new', 1, 1, 1699999500000, 'channel:w');"
	                    "INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES (1, 1, CAST('Jane Doe, 12 Elm Street' AS BLOB), 'Jane D***, IL', 1800000000000);"
	                    "INSERT INTO body (id, hash, key_id, sealed, size, purge_ms) VALUES (1, x'01', 1, CAST('Jane Doe' AS BLOB), 9, 1800000000000), (2, x'02', 1, x'00', 9, 1);"
	                    "INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES "
	                    "(1, 1, 'ack', 'order:1', 1, 2, 1, 'k1', 1, 't', 1699999600000, 1699999600000), (2, 1, 'ack', 'order:2', 2, 2, 1, 'k2', 1, 't', 1699999600000, 1699999600000);"
	                    "INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, their_id, trace, request_id, reply_id, status, fault, text, opened_ms, closed_ms) "
	                    "VALUES (1, 1, 1, 'ack', 'walmart.orders.ack', 1, 'POST', 'https://x.example/v3/orders/P-1/acknowledge?token=hunter2', 'c', 'our-1', 'their-1', 't', 1, NULL, 400, 'REFUSED', "
	                    "'ask jane.doe@example.com', 1699999700000, 1699999700400), (2, 1, 1, 'ack', 'walmart.orders.ack', 1, 'POST', 'u', 'c', 'our-2', '', 't', 2, NULL, 200, '', '', 1699999700000, 1);"
	                    "INSERT INTO attempt_job (attempt_id, job_id) VALUES (1, 1), (2, 2);"
	                    "INSERT INTO note (subject, text, actor, at_ms) VALUES ('order:1', 'call her at +1 217 555 0123 or jane.doe@example.com', 'uid:1000 op', 1699999800000);"
	                    "UPDATE attempt SET url = 'https://x.example/v3/orders/P-1/acknowledge' WHERE id = 2;"));
	return w;
}

static char file[64];

static struct store *extract(struct world *w, const struct bundle_scope *scope, struct bundle_made *made)
{
	struct store *to;

	strcpy(file, "/tmp/tallyman-bundle-XXXXXX");
	close(mkstemp(file));
	unlink(file);
	if (store_in_transaction(w->s))
		OKAY(w, store_commit(w->s, &w->err));
	OKAY(w, store_extract_create(file, &to, &w->err));
	OKAY(w, bundle_fill(w->s, to, scope, w->a, made, &w->err));
	return to;
}

static struct store *opened(struct world *w)
{
	struct store *s;

	OKAY(w, store_open(file, STORE_READ, &s, &w->err));
	return s;
}

static int64_t count(struct world *w, struct store *s, const char *sql)
{
	struct rows *r = store_ask_text(s, sql, NULL, 0);
	int64_t n = rows_next(r) ? rows_int(r, 0) : -1;

	OKAY(w, rows_end(r, &w->err));
	return n;
}

static void nobody_in_it(const char *where, const char *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		if (memmem(bytes, n, people[i], strlen(people[i])) && strcmp(people[i], "hunter2"))
			fail_msg("%s holds \"%s\"", where, people[i]);
}

static void what_is_asked_for_is_in_it_and_nobody_else(void **state)
{
	struct world w = furnished();
	int64_t order = 1;
	struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0, .order = &order, .orders = 1, .what = "P-1, says jane.doe@example.com", .now_ms = T0, .by = "uid:1000 jo" };
	struct bundle_made made;
	struct store *to = extract(&w, &scope, &made), *s;
	char *bytes = malloc(4 << 20);
	const char *text;
	size_t n;
	FILE *f;

	(void)state;
	assert_int_equal(made.orders, 1);
	assert_int_equal(made.items, 1);
	assert_int_equal(made.jobs, 1);
	assert_int_equal(made.attempts, 1);
	assert_int_equal(made.n_bodies, 1);
	OKAY(&w, bundle_body(to, 1, "{\"id\":\"P-1\",\"contact\":\"jane.doe@example.com\"}", w.a, &w.err));
	OKAY(&w, store_extract_finish(to, file, true, &w.err));
	f = fopen(file, "r");
	n = fread(bytes, 1, 4 << 20, f);
	fclose(f);
	nobody_in_it("the bundle", bytes, n);
	s = opened(&w);
	assert_int_equal(bundle_now(s), T0);
	assert_int_equal(bundle_now(w.s), 0);
	assert_int_equal(count(&w, s, "SELECT count(*) FROM person"), 0);
	assert_int_equal(count(&w, s, "SELECT count(*) FROM item WHERE sku = 'SKU-2'"), 0);
	assert_int_equal(count(&w, s, "SELECT group_concat(fact_id) FROM change WHERE fact = 'order_line'"), 2); /* its own line's history */
	OKAY(&w, bundle_body_text(s, 1, w.a, &text, &w.err));
	assert_string_equal(text, "{\"id\":\"P-1\",\"contact\":\"j***@***\"}");
	assert_int_equal(store_exec(s, &w.err, "DELETE FROM note"), FAULT_STORE);
	store_close(s);
	assert_int_equal(store_open(file, STORE_WRITE, &s, &w.err), FAULT_REFUSED);
	unlink(file);
	free(bytes);
	world_free(&w);
}

/* Where somebody said so: in the open, and masked where everything else is. */
static void a_buyer_goes_with_it_when_he_is_put_there(void **state)
{
	struct world w = furnished();
	int64_t order = 1;
	struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0, .order = &order, .orders = 1, .what = "P-1", .now_ms = T0, .by = "jo" };
	struct bundle_made made;
	struct fields person = fields_new(w.a), got;
	struct order_detail o;
	struct store *to = extract(&w, &scope, &made), *s;

	(void)state;
	assert_int_equal(made.n_orders, 1);
	assert_int_equal(made.order[0], order);
	fields_put(&person, "name", "Jane Doe");
	fields_put(&person, "address1", "9 Quince Row\nback door");
	fields_put(&person, "state", "IL");
	assert_false(bundle_has_buyers(to));
	OKAY(&w, bundle_buyer(to, order, &person, w.a, &w.err));
	OKAY(&w, store_extract_finish(to, file, true, &w.err));
	s = opened(&w);
	assert_true(bundle_has_buyers(s));
	OKAY(&w, bundle_buyer_kept(s, order, w.a, &got, &w.err));
	assert_string_equal(fields_get(&got, "address1", ""), "9 Quince Row\nback door");
	assert_int_equal(bundle_buyer_kept(s, 2, w.a, &got, &w.err), FAULT_REFUSED);
	OKAY(&w, order_get(s, order, w.a, &o, &w.err));
	assert_string_equal(o.person, "J*** D***, IL");
	store_close(s);
	unlink(file);
	world_free(&w);
}

static void without_names_the_window_decides(void **state)
{
	struct world w = furnished();
	struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0, .what = "everything", .now_ms = T0, .by = "jo" };
	struct bundle_made made;
	struct store *to = extract(&w, &scope, &made);

	(void)state;
	assert_int_equal(made.orders, 2);
	assert_int_equal(made.items, 2);
	assert_int_equal(made.attempts, 2);
	OKAY(&w, store_extract_finish(to, file, false, &w.err));
	assert_int_not_equal(access(file, F_OK), 0);
	scope.from_ms = T0 - 8 * MINUTE; /* nothing was heard since */
	scope.to_ms = T0 - 7 * MINUTE;
	to = extract(&w, &scope, &made);
	assert_int_equal(made.orders + made.attempts, 0);
	OKAY(&w, store_extract_finish(to, file, false, &w.err));
	world_free(&w);
}

static void facts_have_their_history_until_now(void **state)
{
	struct world w = furnished();
	struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0 - 30 * MINUTE, .what = "everything", .now_ms = T0, .by = "jo" };
	struct bundle_made made;
	struct store *s;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO place (id, name, kind) VALUES (90, 'shelf', 'own');"
	                    "INSERT INTO move (id, item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor) VALUES (1, 1, 90, 3, 'count', '', 1, 1, 'a'), (2, 1, 90, 4, 'count', '', 2, 2, 'a'), "
	                    "(3, 1, 90, 5, 'count', '', 1699999990000, 1699999990000, 'a');"
	                    "INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor) VALUES ('place', 90, 'stale', 0, 1, 1699999990000, 1699999990000, 'a');"
	                    "INSERT INTO observation (offer_id, seen, verdict, valid_ms, known_ms) VALUES (1, 5, '', 1699999990000, 1699999990000);"));
	for (int named = 0; named < 2; named++) {
		scope.item = &(int64_t){ 1 };
		scope.items = named;
		s = extract(&w, &scope, &made);
		OKAY(&w, store_extract_finish(s, file, true, &w.err));
		s = opened(&w);
		assert_int_equal(count(&w, s, "SELECT sum(id) FROM move"), 5); /* and the last one before, by which a shelf is known to have been counted */
		assert_int_equal(count(&w, s, "SELECT count(*) FROM observation"), 1);
		assert_int_equal(count(&w, s, "SELECT count(*) FROM change WHERE fact = 'place'"), 1);
		store_close(s);
		unlink(file);
	}
	world_free(&w);
}

/* ---- from outside ---- */

/* As somebody else may write it: the words of a table are what stands in its row of sqlite_schema. */
static const struct { const char *why, *sql; } foreign[] = {
	{ "a table of other words", "UPDATE sqlite_schema SET sql = replace(sql, 'audit', 'audit ') WHERE name = 'audit'" },
	{ "a table with more behind it", "UPDATE sqlite_schema SET sql = sql || '; COMMIT; ATTACH ''/tmp/tallyman-second'' AS b; CREATE TABLE b.t (x)' WHERE name = 'stock'" },
	{ "a hash that may be none", "UPDATE sqlite_schema SET sql = replace(sql, 'hash    BLOB NOT NULL CHECK (length(hash) = 32)', 'hash    BLOB') WHERE name = 'audit'" },
	{ "a trigger", "CREATE TRIGGER x BEFORE UPDATE ON audit BEGIN SELECT 1; END" },
	{ "a trigger with a name of its own", "CREATE TRIGGER \"x\"\"; ATTACH '/tmp/tallyman-second' AS b; CREATE TABLE b.t (x); --\" BEFORE UPDATE ON audit BEGIN SELECT 1; END" },
	{ "a view", "CREATE VIEW v AS SELECT 1" },
	{ "a table more", "CREATE TABLE t (x)" },
	{ "an index less", "DROP INDEX order_line_item" },
	{ "a table on the page of another", "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'note') WHERE name = 'audit'" },
};

static void rewrite(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA writable_schema=ON", NULL, NULL, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void a_file_of_other_words_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		struct world w = furnished();
		struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0, .what = "everything", .now_ms = T0, .by = "jo" };
		struct bundle_made made;
		struct store *s = extract(&w, &scope, &made);

		OKAY(&w, store_extract_finish(s, file, true, &w.err));
		s = opened(&w);
		store_close(s);
		rewrite(foreign[i].sql);
		if (store_open(file, STORE_READ, &s, &w.err) != FAULT_REFUSED)
			fail_msg("%s: %s", foreign[i].why, w.err.text);
		assert_int_not_equal(past_open(file, T0, PAST_KNOWN, &s, &w.err), OK);
		assert_int_not_equal(store_scratch(file, &s, &w.err), OK);
		assert_int_not_equal(access("/tmp/tallyman-second", F_OK), 0);
		unlink(file);
		world_free(&w);
	}
}

static void what_is_taken_apart_reaches_no_other_file(void **state)
{
	struct world w = furnished();
	struct bundle_scope scope = { .from_ms = T0 - HOUR, .to_ms = T0, .what = "everything", .now_ms = T0, .by = "jo" };
	struct bundle_made made;
	struct store *s = extract(&w, &scope, &made);
	const char *const copied[] = { "stock" };

	(void)state;
	OKAY(&w, store_extract_finish(s, file, true, &w.err));
	OKAY(&w, store_scratch(file, &s, &w.err));
	assert_int_equal(store_exec(s, &w.err, "ATTACH '/tmp/tallyman-second' AS b"), FAULT_STORE);
	store_close(s);
	OKAY(&w, store_overlay(file, copied, 1, &s, &w.err));
	OKAY(&w, store_commit(s, &w.err));
	assert_int_equal(store_exec(s, &w.err, "ATTACH '/tmp/tallyman-second' AS b"), FAULT_STORE);
	store_close(s);
	assert_int_not_equal(access("/tmp/tallyman-second", F_OK), 0);
	unlink(file);
	world_free(&w);
}

/* ---- blotting ---- */

static const struct { const char *in, *out; } scrubs[] = {
	{ "nothing to hide", "nothing to hide" },
	{ "mail jane.doe@example.com now", "mail j***@*** now" },
	{ "two: a@b.co, x_y@mail.example.org.", "two: a***@***, x***@***" },
	{ "@home is no address, nor is jo@host", "@home is no address, nor is jo@host" },
	{ "call +1 (217) 555-0123 today", "call +*** today" },
	{ "call (217) 555-0123, or (217)555-0124", "call +***, or +***" },
	{ "217-555-0123 and 217.555.0124.", "+*** and +***." },
	{ "1-217-555-0123", "+***" },
	{ "none: 217-555-01234, 217-555-0123-4, 9217-555-0123, 4-217-555-0123", "none: 217-555-01234, 217-555-0123-4, 9217-555-0123, 4-217-555-0123" },
	{ "12175550123.jo+12175550123@mail.example.com", "1***@***" },
	{ "a@a-long-name.example.com@b.co", "a***@***@b.co" },
	{ "10.217.555.0123", "10.+***" },
	{ "+24 units of 10", "+24 units of 10" },
	{ "order 112-7366610-4042864", "order 112-7366610-4042864" },
};

static void addresses_and_numbers_are_blotted_out(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof scrubs / sizeof *scrubs; i++)
		assert_string_equal(scrubbed(a, scrubs[i].in), scrubs[i].out);
	arena_free(a);
}

/* ---- the ticket ---- */

static void a_ticket_has_both_ids_and_nobody(void **state)
{
	struct world w = furnished();
	const char *text;

	(void)state;
	OKAY(&w, ticket_text(w.s, "our-1", T0, w.a, &text, &w.err));
	assert_string_equal(text, "Subject: walmart.orders.ack: ask j***@***\n\n"
	                          "Platform     walmart\n"
	                          "Calls        1 failed between 2023-11-13T22:08:20.000Z and 2023-11-14T22:08:20.001Z (UTC)\n"
	                          "Written      2023-11-14T22:13:20.000Z\n\n"
	                          "Example 1\n"
	                          "  request      POST https://x.example/v3/orders/P-1/acknowledge\n"
	                          "  sent         2023-11-14T22:08:20.000Z\n"
	                          "  answered     2023-11-14T22:08:20.400Z\n"
	                          "  our id       our-1\n"
	                          "  your id      their-1\n"
	                          "  HTTP status  400\n"
	                          "  answer       REFUSED: ask j***@***\n\n"
	                          "What we ask: why were these calls answered so, and what should we change? The full answers are kept and can be sent.\n");
	assert_null(strstr(text, "hunter2"));
	assert_int_equal(ticket_text(w.s, "nothing", T0, w.a, &text, &w.err), FAULT_REFUSED);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_is_in_it_and_nobody_else),
		cmocka_unit_test(a_buyer_goes_with_it_when_he_is_put_there),
		cmocka_unit_test(without_names_the_window_decides),
		cmocka_unit_test(facts_have_their_history_until_now),
		cmocka_unit_test(a_file_of_other_words_is_refused),
		cmocka_unit_test(what_is_taken_apart_reaches_no_other_file),
		cmocka_unit_test(addresses_and_numbers_are_blotted_out),
		cmocka_unit_test(a_ticket_has_both_ids_and_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
