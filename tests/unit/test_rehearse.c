/* What a shadow account would have been told: what looks wrong of it, and that nothing was sent. And whose name may be shared. */
#include "trade_world.h"

#include "trade/logins.h"
#include "trade/rehearse.h"

struct rehearsal_case {
	const char *why;
	struct offer o;
	enum rehearsal want;
};

#define OWN .pool = "own", .block = "", .item = 1

static const struct rehearsal_case rehearsals[] = {
	{ "what they show already is no write", { OWN, .seen = 5, .target = 5, .available = 6 }, REHEARSED_SAME },
	{ "a small difference is what one is here for", { OWN, .seen = 5, .target = 7, .available = 9 }, REHEARSED_FINE },
	{ "it stands for nothing", { .pool = "own", .block = "", .seen = 5, .target = -1 }, REHEARSED_UNMAPPED },
	{ "their own pool is not ours to write", { .pool = "fba", .block = "", .item = 1, .seen = 5, .target = 9 }, REHEARSED_BARRED },
	{ "nor is what has a block", { .pool = "own", .block = "an auction", .item = 1, .seen = 5, .target = 9 }, REHEARSED_BARRED },
	{ "never read", { OWN, .seen = -1, .target = 9, .available = 9 }, REHEARSED_UNREAD },
	{ "never reckoned", { OWN, .seen = 4, .target = -1, .available = 9 }, REHEARSED_UNREAD },
	{ "at zero though there are some", { OWN, .seen = 4, .target = 0, .available = 3 }, REHEARSED_EMPTIED },
	{ "at zero because there are none is right", { OWN, .seen = 4, .target = 0, .available = 0 }, REHEARSED_FINE },
	{ "six times as many: a pack?", { OWN, .seen = 8, .target = 48, .available = 60 }, REHEARSED_FACTOR },
	{ "a twelfth of it: a pack?", { OWN, .seen = 120, .target = 10, .available = 12 }, REHEARSED_FACTOR },
	{ "twice a small number is chance", { OWN, .seen = 2, .target = 4, .available = 5 }, REHEARSED_FINE },
	{ "one is a factor of everything", { OWN, .seen = 1, .target = 9, .available = 9 }, REHEARSED_FINE },
	{ "far from what they show", { OWN, .seen = 100, .target = 37, .available = 40 }, REHEARSED_FAR },
	{ "ten units are not far", { OWN, .seen = 17, .target = 7, .available = 8 }, REHEARSED_FINE },
	{ "half of it is not far", { OWN, .seen = 83, .target = 43, .available = 50 }, REHEARSED_FINE },
};

static void what_looks_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rehearsals / sizeof *rehearsals; i++)
		if (rehearse(&rehearsals[i].o) != rehearsals[i].want)
			fail_msg("%s: %s", rehearsals[i].why, rehearsal_name(rehearse(&rehearsals[i].o)));
}

static void it_is_counted_and_nothing_was_sent(void **state)
{
	struct world w = world_new();
	struct rehearsed_all all;
	struct rehearsed *row;
	int n;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'A', 60, 1);"
	                    "INSERT INTO offer (id, account_id, sku, item_id, target, seen, known_ms) VALUES (1, 3, 'A', 1, 48, 8, 1), (2, 3, 'B', NULL, NULL, 5, 1), (3, 3, 'C', 1, 60, 58, 1);"
	                    "INSERT INTO job (id, account_id, verb, subject, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 3, 'stock', 'offer:1', 4, 1, 'k', 1, 't', 77, 77);"
	                    "INSERT INTO change (fact, fact_id, field, valid_ms, known_ms, actor) VALUES ('job', 1, 'payload', 1, 1, 'jo');"));
	assert_int_equal(w.shadow, 3);
	OKAY(&w, rehearse_account(w.s, w.shadow, 10, w.a, &all, &row, &n, &w.err));
	assert_int_equal(all.offers, 3);
	assert_int_equal(all.wrong, 2);
	assert_int_equal(n, 2);
	assert_int_equal(all.writes, 2); /* one that waits, and the one whose place it took */
	assert_int_equal(all.since_ms, 77);
	assert_int_equal(all.sent, 0);
	OKAY(&w, rehearse_account(w.s, w.shadow, 1, w.a, &all, &row, &n, &w.err));
	assert_int_equal(n, 1); /* no more than asked for, and counted all the same */
	assert_int_equal(all.wrong, 2);
	world_free(&w);
}

static void what_was_sent_while_it_was_live_is_not_counted(void **state)
{
	struct world w = world_new();
	struct rehearsed_all all;
	bool sells;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO job (id, account_id, verb, subject, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 3, 'stock', 'offer:1', 4, 1, 'k', 1, 't', 77, 77), "
	                    "(2, 3, 'stock', 'offer:2', 4, 1, 'l', 1, 't', 220, 220);"
	                    "UPDATE account SET mode = 'live' WHERE id = 3; INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms, closed_ms) "
	                    "VALUES (1, 3, 'stock', 'o', 1, 'PUT', 'u', 'c', 'x', 't', 150, 160); UPDATE account SET mode = 'shadow' WHERE id = 3;"
	                    "INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor) VALUES ('account', 3, 'mode', 'shadow', 'live', 100, 100, 'jo'), "
	                    "('account', 3, 'mode', 'live', 'shadow', 200, 200, 'jo');"));
	OKAY(&w, rehearse_writes(w.s, w.shadow, &all, &sells, &w.err));
	assert_int_equal(all.sent, 0);
	assert_int_equal(all.writes, 1);
	assert_int_equal(all.since_ms, 220);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE attempt SET opened_ms = 210"));
	OKAY(&w, rehearse_writes(w.s, w.shadow, &all, &sells, &w.err));
	assert_int_equal(all.sent, 1);
	world_free(&w);
}

static void names_that_several_may_share(void **state)
{
	struct world w = world_new();
	struct login *l;
	int n;

	(void)state;
	assert_true(login_is_shared("root"));
	assert_true(login_is_shared("ops"));
	assert_false(login_is_shared("jo"));
	assert_false(login_is_shared("rootbeer"));
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO audit (n, at_ms, actor, action, subject, detail, hash) VALUES (1, 5, 'uid:1000 jo login:1000', 'login', 'console', 'pts/1', zeroblob(32)), "
	                    "(2, 6, 'uid:1001 ops', 'login', 'console', 'pts/1', zeroblob(32)), (3, 7, 'uid:1001 ops', 'login', 'console', 'pts/2', zeroblob(32)), "
	                    "(4, 1, 'uid:1002 admin', 'login', 'console', 'pts/2', zeroblob(32)), (5, 8, 'uid:1003 root', 'arm', 'console', '', zeroblob(32));"));
	OKAY(&w, logins_since(w.s, 5, 10, w.a, &l, &n, &w.err));
	assert_int_equal(n, 2); /* before that time, and what is no login, is left out */
	assert_string_equal(l[0].name, "jo");
	assert_false(l[0].shared);
	assert_string_equal(l[1].name, "ops");
	assert_true(l[1].shared);
	assert_int_equal(l[1].times, 2);
	assert_int_equal(l[1].places, 2);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_looks_wrong),
		cmocka_unit_test(it_is_counted_and_nothing_was_sent),
		cmocka_unit_test(what_was_sent_while_it_was_live_is_not_counted),
		cmocka_unit_test(names_that_several_may_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
