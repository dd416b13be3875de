/* Why a number is what it is: each step that a rule, a place, an order or a reading makes is a term with the right value and origin, and the terms add up. */
#include "trade_truth.h"

#include "trade/offers.h"
#include "trade/views.h"

/* One item of 47 in two places, offered by walmart-us (1) and twice by amazon-us (2 and 3). */
static const char furniture[] =
	"INSERT INTO item (id, sku, title, counted, available, known_ms, made_ms) VALUES (1, 'SKU-1', 'Box', 47, 47, 1700000000000, 1);"
	"INSERT INTO place (id, name, kind, heard_ms) VALUES (1, 'east', 'own', 1700000000000), (2, 'west', '3pl', 1700000000000);"
	"INSERT INTO stock (item_id, place_id, counted, told, valid_ms, known_ms) VALUES (1, 1, 30, 30, 1700000000000, 1700000000000), (1, 2, 17, 17, 1700000000000, 1700000000000);"
	"INSERT INTO offer (id, account_id, marketplace, sku, item_id, target, target_ms, why, seen, seen_ms, pushed, pushed_ms, push_state, known_ms) VALUES "
	"(1, 1, '', 'W-1', 1, 41, 1700000000000, '47 available', 41, 1700000000000, 41, 1699999990000, 'APPLIED', 1), "
	"(2, 2, 'CA', 'A-1', 1, 39, 1700000000000, '47 available', 39, 1700000000000, 39, 1699999990000, 'APPLIED', 1), "
	"(3, 2, 'US', 'A-1', 1, 39, 1700000000000, '47 available', 39, 1700000000000, 39, 1699999990000, 'APPLIED', 1);";

#define FORCE(line) "INSERT INTO config (id, hash, text, at_ms) VALUES (7, 'h', '" line "', 1); INSERT INTO meta (key, value) VALUES ('config', '7');"
#define RULE(scope, name, account, key, value) \
	"INSERT INTO policy_override (scope, name, account, key, value, actor, made_ms) VALUES ('" scope "', '" name "', '" account "', '" key "', '" value "', 'jo', 1);"
#define ORDER(n, ref, units, extra) \
	"INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (" n ", 1, '" ref "', 'NEW', 1, 1, 1699999000000, 1, 1);" \
	"INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, reserves, taken) VALUES (" n ", '1', 'W-1', 1, " units ", " units ", " units ", " extra ");"

/* The number of east was there before its teller's dispatches were asked for; P-1 was had there. A poll that waits. Nobody hears amazon-us, and an offer is to go up. */
#define TOLD_EARLY "UPDATE stock SET account_id = 1, told = 33, known_ms = 1700000060000 WHERE place_id = 1; INSERT INTO source (account_id, upto_ms) VALUES (1, 1700000040000);"
#define HAD "INSERT INTO warehouse_order (account_id, place_id, ref, their_ref, state, taken, made_ms, updated_ms, known_ms, order_id) VALUES (1, 1, 'P-1', 'P-1', 'RELEASED', 1, 1, 1, 1, 1);"
#define POLL(account, verb, due) "INSERT INTO job (account_id, verb, subject, lane, writes, repeats, key, due_ms, trace, made_ms, state_ms) VALUES (" account ", '" verb "', '', 3, 0, 1, 'k', " due ", 't', 1, 1);"
#define BLIND                                                                                                                         \
	"UPDATE account SET heard_ms = 1699999500000 WHERE id = 2; INSERT INTO alert (key, kind, severity, subject, text, opened_ms, last_ms) VALUES "           \
	"('blind amazon-us', 'sync', 'WARN', 'orders', '', 1, 1); UPDATE offer SET target = 50 WHERE id = 1; "                                                \
	"INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 'stock', 'W-1', 1, 4, 1, 'q', 1, 't', 1, 1);"

/* What an offer's explanation must say: a term by its name, its value, and a piece of its origin. */
struct explain_case {
	const char *why, *sql;
	int offer;
	const char *name, *value, *origin;
};

static const struct explain_case cases[] = {
	/* what there is */
	{ "each place with what was counted there", "", 1, "counted at east", "30", "a person" },
	{ "a place that is not heard any more says so", "UPDATE stock SET valid_ms = 1 WHERE place_id = 2; UPDATE place SET heard_ms = 1 WHERE id = 2", 1, "counted at west", "17", ", STALE" },
	{ "who it serves", "UPDATE place SET serves = 'walmart-us' WHERE id = 2", 1, "counted at west", "17", "serves walmart-us" },
	{ "what left since the count is off", "UPDATE stock SET told = 33 WHERE place_id = 1", 1, "  told at east", "33", "what left since is off" },
	{ "what a person keeps back", "UPDATE stock SET held = 4 WHERE place_id = 1; UPDATE item SET held = 4, available = 43", 1, "- held at east", "-4", "kept back by a person" },
	{ "what is promised to another place", "UPDATE stock SET moving = 2 WHERE place_id = 1; UPDATE item SET held = 2, available = 45", 1, "- moving from east", "-2", "promised to another place" },
	{ "an order that we owe", ORDER("1", "P-1", "3", "0") "UPDATE item SET reserved = 3, available = 44", 1, "- owed to P-1", "-3", "walmart-us, NEW" },
	{ "and the sum of it", ORDER("1", "P-1", "3", "0") "UPDATE item SET reserved = 3, available = 44", 1, "= available", "44", "47 counted - 3 owed" },
	{ "more owed than there is", ORDER("1", "P-1", "50", "0") "UPDATE item SET reserved = 50, available = -3", 1, "= available", "-3", "OVERSOLD" },
	{ "what lies with the channel stands beside it", "INSERT INTO offer (id, account_id, marketplace, sku, item_id, pool, seen, seen_ms, known_ms) VALUES (9, 2, 'US', 'A-FBA', 1, 'fba', 8, 1, 1)",
	  1, "  fba at amazon-us", "8", "never part of it" },
	/* what is awaited */
	{ "a raise that a given-up order would explain waits for the dispatches", TOLD_EARLY, 1, "raise held at east", "+3",
	  "an order given up since would explain it; until the dispatches of walmart-us are read, told up to 2023-11-14T22:14:00Z: it is asked for now" },
	{ "and says when they are asked for again", TOLD_EARLY POLL("1", "dispatches", "1700000130000"), 1, "raise held at east", "+3", "asked for again by 2023-11-14T22:15:30Z" },
	{ "what counts as set aside until they are here", TOLD_EARLY "UPDATE stock SET told = 30 WHERE place_id = 1;" ORDER("1", "P-1", "4", "1") HAD, 1, "  set aside at east", "4",
	  "what was given up of it since would be too much; until the dispatches of walmart-us" },
	{ "a raise waits while the orders of any account are not known", BLIND POLL("2", "orders", "1700000130000"), 1, "raise waits", "+9",
	  "the orders of amazon-us are known up to 2023-11-14T22:05:00Z: until they are read nothing goes up anywhere; asked for again by 2023-11-14T22:15:30Z" },
	/* the steps of an offer */
	{ "its buffer, and which layer says it", "", 1, "- buffer", "-6", "5u/12%, by default" },
	{ "set for this SKU", RULE("sku", "SKU-1", "", "buffer", "9u/0%"), 1, "- buffer", "-9", "9u/0%, by SKU SKU-1" },
	{ "set for its tag", "INSERT INTO item_tag (item_id, tag, actor, at_ms) VALUES (1, 'rare', 'jo', 1);" RULE("tag", "rare", "", "buffer", "7u/0%"), 1, "- buffer", "-7", "by tag rare" },
	{ "in force by configuration", FORCE("[account walmart-us] buffer = 11u/0%"), 1, "- buffer", "-11", "by [account walmart-us]" },
	{ "a reserve that nobody is shown", RULE("sku", "SKU-1", "", "reserve", "20"), 1, "- global reserve", "-20", "20, by SKU SKU-1" },
	{ "the last units are shown on one account", RULE("sku", "SKU-1", "", "last_units", "50"), 1, "last units", "elsewhere", "50, by SKU SKU-1" },
	{ "and there", RULE("sku", "SKU-1", "", "last_units", "50"), 2, "last units", "here", "50, by SKU SKU-1" },
	{ "at most so many", RULE("sku", "SKU-1", "walmart-us", "cap", "12"), 1, "at most", "12", "12, by SKU SKU-1" },
	{ "fewer are shown as none", RULE("sku", "SKU-1", "walmart-us", "min_publish", "50"), 1, "under that none", "50", "by SKU SKU-1" },
	{ "another account's pool, where it is shipped from: a term of its own", FORCE("[account walmart-us] include_fba = amazon-us\n[account amazon-us] channel = amazon")
	  "INSERT INTO offer (id, account_id, marketplace, sku, item_id, pool, seen, seen_ms, known_ms) VALUES (9, 2, 'US', 'A-FBA', 1, 'fba', 8, 1700000000000, 1)",
	  1, "+ fba", "+7", "include_fba amazon-us, by [account walmart-us]: 8 there, the buffer's share kept back" },
	{ "a listing of packs", "UPDATE offer SET pack = 6, mapped_by = 'person', mapped_ms = 5 WHERE id = 1", 1, "packs of", "6", "mapped by person" },
	{ "held at zero", "UPDATE offer SET hold = 'Z-4 recall' WHERE id = 1", 1, "held at zero", "0", "Z-4 recall" },
	{ "what it would be now, when that is not decided yet", "UPDATE offer SET target = 30 WHERE id = 1", 1, "= to show now", "41", "not decided yet" },
	{ "what is decided", "", 1, "target", "41", "47 available" },
	{ "nothing is", "UPDATE offer SET target = NULL WHERE id = 1", 1, "target", "-", "nobody has reckoned it" },
	{ "because somebody who tells of stock was never heard", "UPDATE offer SET target = NULL WHERE id = 1; UPDATE account SET counts_ms = 0 WHERE id = 3", 1, "target", "-",
	  "waits until walmart-ca has told of its stock" },
	{ "its account's part of a split", FORCE("[alloc] strategy = fixed\n[alloc] fixed = walmart-us 40%, amazon-us 50%\n[account walmart-us] channel = walmart\n[account amazon-us] channel = amazon"),
	  1, "part of its account", "18", "40%" },
	{ "and its own of that", FORCE("[alloc] strategy = fixed\n[alloc] fixed = walmart-us 40%, amazon-us 50%\n[account walmart-us] channel = walmart\n[account amazon-us] channel = amazon"),
	  2, "part of it here", "12", "by what its offers sell a day" },
	{ "an increase waits for the others' decrease", FORCE("[alloc] strategy = fixed\n[alloc] fixed = walmart-us 40%, amazon-us 50%\n[account walmart-us] channel = walmart\n"
	  "[account amazon-us] channel = amazon") "UPDATE offer SET seen = 2, pushed = 2 WHERE id = 2; UPDATE offer SET seen = 41 WHERE id = 1", 2, "until others show less", "2", "what others may still show is off" },
	{ "an account that nobody hears keeps what it shows", "UPDATE account SET ok_ms = 1699998000000 WHERE id = 1; UPDATE account SET ok_ms = 1700000000000 WHERE id = 2", 2,
	  "- shown by dark accounts", "-41", "unreachable" },
	/* what was said and seen */
	{ "what they took", "", 1, "confirmed", "41", "walmart-us accepted it" },
	{ "nothing was said yet", "UPDATE offer SET pushed = NULL WHERE id = 1", 1, "confirmed", "-", "nothing was said yet" },
	{ "it showed", "", 1, "push", "APPLIED", "a reading showed it" },
	{ "it is waited for", "UPDATE offer SET push_state = 'SETTLING', settle_ms = 1700000600000 WHERE id = 1", 1, "push", "SETTLING", "the channel has until 2023-11-14T22:23:20Z" },
	{ "it never showed", "UPDATE offer SET push_state = 'NOT_APPLIED' WHERE id = 1", 1, "push", "NOT_APPLIED", "no reading showed it in time" },
	{ "somebody wrote over it", "UPDATE offer SET push_state = 'OVERWRITTEN' WHERE id = 1", 1, "push", "OVERWRITTEN", "another number that is not ours" },
	{ "what was read", "", 1, "seen", "41", "read from walmart-us" },
	{ "nothing was read yet", "UPDATE offer SET seen = NULL WHERE id = 1", 1, "seen", "-", "not read yet" },
	{ "the difference and its likely cause", "UPDATE offer SET seen = 90, drift = 49, drift_ms = 1699999999000, cause = 'CHANNEL_EDIT' WHERE id = 1", 1, "= drift", "+49", "likely CHANNEL_EDIT" },
	{ "sales since are off what is expected", "UPDATE offer SET seen = 30, drift = -9, drift_ms = 1699999999000 WHERE id = 1", 1, "= drift", "-9", "seen - confirmed + sold since" },
	/* what is never written */
	{ "an auction", "UPDATE offer SET pool = 'auction', target = NULL WHERE id = 1", 1, "pool", "auction", "never written" },
	{ "a listing that the channel lets nobody write", "UPDATE offer SET block = 'not managed by the Inventory API' WHERE id = 1", 1, "blocked", "yes", "not managed by the Inventory API" },
	{ "one that stands for nothing", "UPDATE offer SET item_id = NULL WHERE id = 1", 1, "item", "-", "never written" },
	{ "a shadow account says nothing", "UPDATE account SET mode = 'shadow' WHERE id = 1", 1, "account", "shadow", "until a person makes it live" },
};

static struct world furnished(const char *sql)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err, furniture));
	OKAY(&w, store_exec(w.s, &w.err, sql));
	return w;
}

static const struct term *term_named(const struct term *t, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(t[i].name, name))
			return &t[i];
	return NULL;
}

static void each_step_is_a_term(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct explain_case *c = &cases[i];
		struct world w = furnished(c->sql);
		const struct term *t;
		struct term *term;
		int n;

		OKAY(&w, offer_explain(w.s, c->offer, T0, w.a, &term, &n, &w.err));
		t = term_named(term, n, c->name);
		if (!t)
			fail_msg("%s: no term is called \"%s\"", c->why, c->name);
		if (strcmp(t->value, c->value) || !strstr(t->origin, c->origin))
			fail_msg("%s: %s, %s", c->why, t->value, t->origin);
		world_free(&w);
	}
}

/* No line of an explanation begins with the comma of what is missing before it. */
static void no_origin_begins_with_a_comma(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = furnished(cases[i].sql);
		struct term *term;
		int n;

		OKAY(&w, offer_explain(w.s, cases[i].offer, T0, w.a, &term, &n, &w.err));
		for (int k = 0; k < n; k++)
			if (term[k].origin[0] == ',' || term[k].origin[0] == ' ' || !*term[k].name || !*term[k].value)
				fail_msg("%s: \"%s\" \"%s\" \"%s\"", cases[i].why, term[k].name, term[k].value, term[k].origin);
		world_free(&w);
	}
}

/* The signed terms before "= available" are its sum. */
static void the_terms_add_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = furnished(cases[i].sql);
		struct term *term;
		int64_t sum = 0;
		int n;

		OKAY(&w, item_explain(w.s, 1, T0, w.a, &term, &n, &w.err));
		for (int k = 0; k < n; k++) {
			if (!strcmp(term[k].name, "= available")) {
				if (sum != atoll(term[k].value))
					fail_msg("%s: the terms make %d, not %s", cases[i].why, (int)sum, term[k].value);
			} else if (term[k].name[0] != ' ') {
				sum += atoll(term[k].value);
			}
		}
		world_free(&w);
	}
}

/* Side by side: each offer has a column of its own, and a row has one name in all of them. */
static void channels_stand_side_by_side(void **state)
{
	struct world w = furnished(RULE("sku", "SKU-1", "walmart-us", "cap", "12"));
	struct reasons why;

	(void)state;
	OKAY(&w, item_reasons(w.s, 1, T0, w.a, &why, &w.err));
	assert_int_equal(why.offers, 3);
	assert_non_null(term_named(why.term, why.n, "= available"));
	assert_non_null(term_named(why.of[0].term, why.of[0].n, "at most"));
	assert_null(term_named(why.of[1].term, why.of[1].n, "at most"));
	for (int i = 0; i < why.offers; i++)
		for (int k = 0; k < why.of[i].n; k++)
			for (int j = 0; j < why.offers; j++)
				for (int m = 0; m < why.of[j].n; m++)
					if (why.of[i].term[k].row == why.of[j].term[m].row)
						assert_string_equal(why.of[i].term[k].name, why.of[j].term[m].name);
	world_free(&w);
}

/* ---- an order ---- */

static const struct explain_case order_cases[] = {
	{ "the state, in whose words", "", 0, "state", "NEW", "walmart-us says Created, at list[0]" },
	{ "the deadline that costs something next", "", 0, "ship by", "2023-11-14T23:13:20Z", "in 1h00m: the next that costs something" },
	{ "one that is over", "UPDATE orders SET ack_by_ms = 1699998200000", 0, "acknowledge by", "2023-11-14T21:43:20Z", "past by 30m" },
	{ "when the channel gives it up", "UPDATE orders SET cancel_by_ms = 1700090000000", 0, "cancelled by the channel", "2023-11-15T23:13:20Z", "in 25h00m" },
	{ "a hold", "UPDATE orders SET flags = 1", 0, "hold", "yes", "not to be shipped yet" },
	{ "the buyer wants out", "UPDATE orders SET flags = 2", 0, "cancel asked", "yes", "the buyer asked to cancel" },
	{ "the channel ships it", "UPDATE orders SET flags = 8", 0, "read only", "yes", "never written" },
	{ "a package on its way to them", "UPDATE orders SET confirm = 'SENDING', carrier = 'ups', tracking = '1Z'", 0, "confirmation", "SENDING", "ups 1Z" },
	{ "where its units are", "", 0, "line 1 W-1", "3", "3 NEW; 3 owed by our stock" },
};

static void an_order_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof order_cases / sizeof *order_cases; i++) {
		const struct explain_case *c = &order_cases[i];
		struct world w = furnished(ORDER("5", "P-5", "3", "0")
		                           "UPDATE orders SET raw_state = 'Created', path = 'list[0]', ship_by_ms = 1700003600000, due_ms = 1700003600000");
		const struct term *t;
		struct term *term;
		int n;

		OKAY(&w, store_exec(w.s, &w.err, c->sql));
		OKAY(&w, order_explain(w.s, 5, T0, w.a, &term, &n, &w.err));
		t = term_named(term, n, c->name);
		if (!t || strcmp(t->value, c->value) || !strstr(t->origin, c->origin))
			fail_msg("%s: %s, %s", c->why, t ? t->value : "no such term", t ? t->origin : c->name);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_is_a_term),
		cmocka_unit_test(no_origin_begins_with_a_comma),
		cmocka_unit_test(the_terms_add_up),
		cmocka_unit_test(channels_stand_side_by_side),
		cmocka_unit_test(an_order_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
