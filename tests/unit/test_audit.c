/* The audit's chain: what it is made of, and that every way of bending it is seen. */
#include "trade_orders.h"

#include "trade/audit_look.h"
#include "trade/change.h"

/* SHA-256 of the two rows below, reckoned by another program (Python's hashlib) from the formula in audit.h. */
static const char first[] = "9d953bda7833544e621c82d5f7295a4f54a7fefdbbe5ec415ffa18865b38dce5";
static const char second[] = "01c26d93c4bf9afcf7d95fe9615386af83c8ae8fce1d3afa693fb2e2fe87c0e8";

static struct world two_rows(void)
{
	struct world w = world_new();
	struct cause jo = { .now_ms = T0, .actor = "uid:1000 jo" }, rule = { .now_ms = T0 + 1, .actor = "rule:stock" };

	OKAY(&w, audit_add(w.s, &jo, "ship", "order:5", "2 x SKU-1", &w.err));
	OKAY(&w, audit_add(w.s, &rule, "push", "offer:9", NULL, &w.err));
	return w;
}

static void chain_is_as_written(void **state)
{
	struct world w = two_rows();
	char head[65];
	int64_t rows;

	(void)state;
	OKAY(&w, audit_verify(w.s, 0, NULL, &rows, head, &w.err));
	assert_int_equal(rows, 2);
	assert_string_equal(head, second);
	OKAY(&w, audit_verify(w.s, 1, first, &rows, head, &w.err));
	world_free(&w);
}

struct bend {
	const char *why, *sql, *says;
};

static const struct bend bends[] = {
	{ "a word changed", "UPDATE audit SET detail = '3 x SKU-1' WHERE n = 1", "row 1 does not fit" },
	{ "a character moved from one field to the next", "UPDATE audit SET action = 'shi', subject = 'porder:5' WHERE n = 1",
	  "row 1 does not fit" },
	{ "another actor", "UPDATE audit SET actor = 'uid:0 root' WHERE n = 2", "row 2 does not fit" },
	{ "another time", "UPDATE audit SET at_ms = at_ms - 1 WHERE n = 2", "row 2 does not fit" },
	{ "a row taken out of the middle", "DELETE FROM audit WHERE n = 1", "row 1 is missing" },
	{ "a row with a hash of its own", "UPDATE audit SET hash = zeroblob(32) WHERE n = 2", "row 2 does not fit" },
};

static void bent_chain_names_the_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bends / sizeof *bends; i++) {
		struct world w = two_rows();
		char head[65];
		int64_t rows;

		OKAY(&w, store_exec(w.s, &w.err, "DROP TRIGGER audit_is_written_once; DROP TRIGGER audit_stays"));
		OKAY(&w, store_exec(w.s, &w.err, bends[i].sql));
		if (audit_verify(w.s, 0, NULL, &rows, head, &w.err) != FAULT_REFUSED || !strstr(w.err.text, bends[i].says))
			fail_msg("%s: \"%s\" instead of \"%s\"", bends[i].why, w.err.text, bends[i].says);
		world_free(&w);
	}
}

/* Set one cell of row 1 with one bit of it turned, and say whether the chain still holds. */
static bool holds_with(struct world *w, const char *column, const char *type, unsigned char *bytes, size_t n, size_t bit)
{
	struct buf sql = buf_new(w->a);
	char head[65];
	int64_t rows;
	bool holds;

	bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	buf_printf(&sql, "UPDATE audit SET %s = CAST(x'", column);
	for (size_t i = 0; i < n; i++)
		buf_printf(&sql, "%02x", bytes[i]);
	buf_printf(&sql, "' AS %s) WHERE n = 1", type);
	OKAY(w, store_exec(w->s, &w->err, sql.p));
	holds = audit_verify(w->s, 0, NULL, &rows, head, &w->err) == OK;
	bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	return holds;
}

static void row_without_a_hash_is_an_error(void **state)
{
	struct world w = two_rows();
	char head[65];
	int64_t rows;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "DROP TRIGGER audit_is_written_once; PRAGMA ignore_check_constraints=ON; UPDATE audit SET hash = x'' WHERE n = 2"));
	assert_int_equal(audit_verify(w.s, 0, NULL, &rows, head, &w.err), FAULT_STORE);
	assert_int_equal(audit_head(w.s, &rows, head, &w.err), FAULT_STORE);
	assert_int_equal(audit_hash(w.s, 2, head, &w.err), FAULT_STORE);
	world_free(&w);
}

static void no_bit_of_a_row_can_be_another(void **state)
{
	static const char *const columns[] = { "actor", "action", "subject", "detail", "hash" };
	int turned = 0;

	(void)state;
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		struct world w = two_rows();
		const char *type = strcmp(columns[c], "hash") ? "TEXT" : "BLOB";
		struct rows *r = store_ask_text(w.s, arena_printf(w.a, "SELECT CAST(%s AS BLOB) FROM audit WHERE n = 1", columns[c]), NULL, 0);
		unsigned char bytes[200];
		size_t n = 0;

		assert_true(rows_next(r));
		memcpy(bytes, rows_blob(r, 0, &n) ? rows_blob(r, 0, &n) : "", n);
		OKAY(&w, rows_end(r, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, "DROP TRIGGER audit_is_written_once"));
		for (size_t bit = 0; bit < n * 8; bit++, turned++)
			if (holds_with(&w, columns[c], type, bytes, n, bit))
				fail_msg("bit %d of %s can be turned unseen", (int)bit, columns[c]);
		world_free(&w);
	}
	assert_true(turned > 256 + 8 * 20);
}

static void no_bit_of_a_time_can_be_another(void **state)
{
	struct world w = two_rows();

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "DROP TRIGGER audit_is_written_once"));
	for (int bit = 0; bit < 63; bit++) {
		char sql[160], head[65];
		int64_t rows, one = INT64_C(1) << bit;

		snprintf(sql, sizeof sql, "UPDATE audit SET at_ms = (at_ms | %" PRId64 ") - (at_ms & %" PRId64 ") WHERE n = 1", one, one);
		OKAY(&w, store_exec(w.s, &w.err, sql));
		assert_int_equal(audit_verify(w.s, 0, NULL, &rows, head, &w.err), FAULT_REFUSED);
		OKAY(&w, store_exec(w.s, &w.err, sql));
		OKAY(&w, audit_verify(w.s, 0, NULL, &rows, head, &w.err));
	}
	world_free(&w);
}

static void cut_tail_is_seen_by_the_anchor(void **state)
{
	struct world w = two_rows();
	char head[65];
	int64_t rows;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "DROP TRIGGER audit_stays; DELETE FROM audit WHERE n = 2"));
	OKAY(&w, audit_verify(w.s, 0, NULL, &rows, head, &w.err));
	assert_int_equal(rows, 1);
	assert_int_equal(audit_verify(w.s, 2, second, &rows, head, &w.err), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "tail was cut"));
	world_free(&w);
}

static void rewritten_chain_is_seen_by_the_anchor(void **state)
{
	struct world w = two_rows();
	char head[65];
	int64_t rows;

	(void)state;
	assert_int_equal(audit_verify(w.s, 2, first, &rows, head, &w.err), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "row 2 is not the one that was anchored"));
	world_free(&w);
}

static void schema_keeps_the_chain(void **state)
{
	struct world w = two_rows();

	(void)state;
	world_refuses(&w, "UPDATE audit SET detail = '' WHERE n = 1", "the audit is append-only");
	world_refuses(&w, "DELETE FROM audit", "the audit is append-only");
	world_refuses(&w, "INSERT INTO audit VALUES (3, 0, '', '', '', '', x'00')", "CHECK");
	world_free(&w);
}

/* ---- what a row changed ---- */

static const struct {
	const char *why, *fact, *what;
} facts[] = {
	{ "an order by its reference", "orders", "order W-1" },
	{ "a line of one by its SKU as well", "order_line", "order W-1 SKU-1" },
	{ "an item by its SKU", "item", "item SKU-1" },
	{ "anything else by its number", "account", "account 1" },
};

static void a_fact_that_was_changed_has_its_name(void **state)
{
	struct world w = world_new();
	struct audit_row row = { .at_ms = T0 + MINUTE, .actor = "uid:1000 jo" };
	struct cause jo = { .now_ms = row.at_ms, .actor = row.actor };
	struct audit_change *c;
	bool more;
	int n;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO item (id, sku, made_ms) VALUES (1, 'SKU-1', 1)"));
	world_order(&w, w.walmart, "W-1", ORDER_NEW, 2, 0);
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		OKAY(&w, change_text(w.s, facts[i].fact, 1, "field", "old", "new", T0, &jo, &w.err));
	OKAY(&w, audit_changes(w.s, &row, 10, w.a, &c, &n, &more, &w.err));
	assert_int_equal(n, sizeof facts / sizeof *facts);
	for (int i = 0; i < n; i++)
		if (strcmp(c[i].what, facts[i].what))
			fail_msg("%s: %s", facts[i].why, c[i].what);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain_is_as_written),
		cmocka_unit_test(bent_chain_names_the_row),
		cmocka_unit_test(row_without_a_hash_is_an_error),
		cmocka_unit_test(no_bit_of_a_row_can_be_another),
		cmocka_unit_test(no_bit_of_a_time_can_be_another),
		cmocka_unit_test(cut_tail_is_seen_by_the_anchor),
		cmocka_unit_test(rewritten_chain_is_seen_by_the_anchor),
		cmocka_unit_test(schema_keeps_the_chain),
		cmocka_unit_test(a_fact_that_was_changed_has_its_name),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
