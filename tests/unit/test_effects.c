/* What was said to marketplaces stands in the audit's chain: whatever of it becomes another is found. */
#include "trade_world.h"

#include "trade/audit.h"
#include "trade/effects.h"
#include "trade/jobs.h"

static int64_t said(struct world *w, const char *correlation, bool writes, bool ended)
{
	struct attempt a = { .account = w->walmart, .verb = "stock", .op = "wmt.inventory.put", .method = "PUT", .url = "https://example.com/v3/inventory?sku=S", .credential = "0123456789ab",
	                     .correlation = correlation, .trace = "t", .writes = writes, .opened_ms = T0 };
	int64_t id;

	OKAY(w, attempt_open(w->s, &a, 1, NULL, 0, &id, &w->err));
	a.id = id;
	a.status = 200;
	a.their_id = "theirs";
	a.closed_ms = T0 + 400;
	if (ended)
		OKAY(w, attempt_close(w->s, &a, &w->err));
	return id;
}

static int64_t rows_of_audit(struct world *w)
{
	return world_int(w, "SELECT count(*) FROM audit WHERE action = 'said'");
}

static void what_has_ended_is_sealed_once(void **state)
{
	struct world w = world_new();
	int64_t n;

	(void)state;
	OKAY(&w, effects_seal(w.s, &w.why, &w.err));
	assert_int_equal(rows_of_audit(&w), 0); /* nothing was said: no row */
	said(&w, "a", true, true);
	said(&w, "b", false, true);
	said(&w, "c", true, true);
	said(&w, "d", true, false);
	said(&w, "e", true, true);
	OKAY(&w, effects_seal(w.s, &w.why, &w.err));
	OKAY(&w, effects_seal(w.s, &w.why, &w.err));
	assert_string_equal(world_text(&w, "SELECT group_concat(subject || ': ' || substr(detail, 1, 2), '; ') FROM audit"), "attempts 1..3: 2 "); /* d is under way, and what follows waits for it */
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE attempt SET closed_ms = 1700000000500 WHERE correlation = 'd'"));
	OKAY(&w, effects_seal(w.s, &w.why, &w.err));
	OKAY(&w, effects_verify(w.s, &n, &w.err));
	assert_int_equal(n, 4);
	world_free(&w);
}

struct bend {
	const char *why, *sql;
};

static const struct bend bends[] = {
	{ "another verb", "UPDATE attempt SET verb = 'ship' WHERE id = 2" },
	{ "another operation", "UPDATE attempt SET op = 'x' WHERE id = 2" },
	{ "another method", "UPDATE attempt SET method = 'GET' WHERE id = 2" },
	{ "another address", "UPDATE attempt SET url = url || 'x' WHERE id = 2" },
	{ "another account", "UPDATE attempt SET account_id = 2 WHERE id = 2" },
	{ "another credential", "UPDATE attempt SET credential = '0123456789aa' WHERE id = 2" },
	{ "another correlation id", "UPDATE attempt SET correlation = 'z' WHERE id = 2" },
	{ "a character moved to the next field", "UPDATE attempt SET method = 'PU', url = 'T' || url WHERE id = 2" },
	{ "another time", "UPDATE attempt SET opened_ms = opened_ms + 1 WHERE id = 2" },
	{ "another end", "UPDATE attempt SET closed_ms = closed_ms + 1 WHERE id = 2" },
	{ "another answer", "UPDATE attempt SET status = 500 WHERE id = 2" },
	{ "another outcome", "UPDATE attempt SET fault = 'UNSURE' WHERE id = 2" },
	{ "another id of theirs", "UPDATE attempt SET their_id = 'z' WHERE id = 2" },
	{ "another thing asked", "UPDATE attempt SET request_id = NULL WHERE id = 2" },
	{ "no write any more", "UPDATE attempt SET writes = 0 WHERE id = 2" },
	{ "a write that was none", "UPDATE attempt SET writes = 1 WHERE id = 3" },
	{ "it is gone", "DROP TRIGGER attempt_stays; DELETE FROM attempt WHERE id = 2" },
};

static void whatever_becomes_another_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bends / sizeof *bends; i++) {
		struct world w = world_new();
		int64_t n;

		said(&w, "a", true, true);
		OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO body (id, hash, key_id, sealed, size, purge_ms) VALUES (1, zeroblob(32), 1, x'00', 1, 1)"));
		said(&w, "b", true, true);
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE attempt SET request_id = 1 WHERE id = 2"));
		said(&w, "c", false, true);
		said(&w, "d", true, true);
		OKAY(&w, effects_seal(w.s, &w.why, &w.err));
		OKAY(&w, effects_verify(w.s, &n, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, bends[i].sql));
		if (effects_verify(w.s, &n, &w.err) != FAULT_REFUSED)
			fail_msg("%s: not found", bends[i].why);
		assert_non_null(strstr(w.err.text, "attempts 1 to 4 are not what audit row 1 holds"));
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_ended_is_sealed_once),
		cmocka_unit_test(whatever_becomes_another_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
