/* All offers of an item, side by side: what each is to say, by rows of a store. */
#include "trade_world.h"

#include "base/config.h"
#include "trade/advice.h"
#include "trade/aim.h"
#include "trade/history.h"

#define ACCOUNTS "[account walmart-us]\nchannel = walmart\n[account amazon-us]\nchannel = amazon\n[account walmart-ca]\nchannel = walmart\n"

/* One item of 47; walmart-us, amazon-us in two marketplaces. What they show is what is to be reckoned from. */
static const char furniture[] =
	"INSERT INTO item (id, sku, counted, available, made_ms) VALUES (1, 'SKU-1', 47, 47, 1);"
	"INSERT INTO offer (id, account_id, marketplace, sku, item_id, seen, pushed, push_state, seen_ms, known_ms) VALUES "
	"(1, 1, '', 'W-1', 1, 0, 0, 'APPLIED', 1, 1), (2, 2, 'CA', 'A-1', 1, 0, 0, 'APPLIED', 1, 1), (3, 2, 'US', 'A-1', 1, 0, 0, 'APPLIED', 1, 1);";

/* Account 2's listing stands at two nodes, one of which it lets nobody write unless a place stands for it; 30 lie in one place and 17 in the other. */
#define TWO_NODES(sources) \
	"UPDATE offer SET marketplace = 'CA', node = 'N-' || (id - 1) WHERE id > 1; UPDATE offer SET block = 'one quantity goes to another', flags = 'spare' WHERE id = 3;" \
	"INSERT INTO place (id, name, kind) VALUES (1, 'east', 'own'), (2, 'west', 'own');" \
	"INSERT INTO place_source (account_id, place_id, code) VALUES " sources ";" \
	"INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (1, 1, 30, 1, 1), (1, 2, 17, 1, 1)"

struct allot_case {
	const char *why, *config, *sql;
	const char *want; /* "offer qty why" a line, by account's cost and number */
};

/* Ten units in the FBA of amazon-us, of which Canada shows eight. walmart-us ships from there as well. */
#define FBA_LIES \
	"INSERT INTO offer (id, account_id, marketplace, sku, item_id, pool, node, seen, seen_ms, known_ms) VALUES (9, 2, 'US', 'A-FBA', 1, 'fba', 'fba', 10, 1700000000000, 1), " \
	  "(10, 2, 'CA', 'A-FBA', 1, 'fba', 'fba', 8, 1700000000000, 1);"
#define INCLUDED "[account amazon-us]\nchannel = amazon\n[account walmart-us]\nchannel = walmart\ninclude_fba = amazon-us\n"

static const struct allot_case cases[] = {
	{ "a shared pool: each sees all of it, less its buffer", "", "",
	  "2 39 47 available - 8 buffer (5u/15%) = 39\n3 39 47 available - 8 buffer (5u/15%) = 39\n1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "shares, and an account's part among its marketplaces", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS, "",
	  "2 12 47 available, 23 by share (50%), 11 + 1 of it here (0.050 of 0.100 a day) = 12\n"
	  "3 11 47 available, 23 by share (50%), 11 of it here (0.050 of 0.100 a day) = 11\n1 18 47 available, 18 by share (40%) = 18\n" },
	{ "what is still shown elsewhere holds an increase", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS,
	  "UPDATE offer SET seen = 20, pushed = 20 WHERE id = 1; UPDATE offer SET seen = 5, pushed = 5 WHERE id = 2; UPDATE offer SET seen = 21, pushed = 21 WHERE id = 3",
	  "2 6 47 available, 23 by share (50%), 11 + 1 of it here (0.050 of 0.100 a day), 6 until others show less = 6\n"
	  "3 11 47 available, 23 by share (50%), 11 of it here (0.050 of 0.100 a day) = 11\n1 18 47 available, 18 by share (40%) = 18\n" },
	{ "a decrease that was accepted and not seen holds it as well", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS,
	  "UPDATE offer SET seen = 40, pushed = 18, push_state = 'SETTLING' WHERE id = 1",
	  "2 7 47 available, 23 by share (50%), 11 + 1 of it here (0.050 of 0.100 a day), 7 until others show less = 7\n"
	  "3 0 47 available, 23 by share (50%), 11 of it here (0.050 of 0.100 a day), 0 until others show less = 0\n1 18 47 available, 18 by share (40%) = 18\n" },
	{ "what left and was not answered may be shown", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS,
	  "UPDATE offer SET seen = 18, pushed = 18 WHERE id = 1; INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, key, payload, state, due_ms, trace, "
	  "made_ms, state_ms) VALUES (1, 'stock', 'offer:1', 1, 1, 1, 'k', 'qty=44', 'unsure', 1, 't', 1, 1)",
	  "2 3 47 available, 23 by share (50%), 11 + 1 of it here (0.050 of 0.100 a day), 3 until others show less = 3\n"
	  "3 0 47 available, 23 by share (50%), 11 of it here (0.050 of 0.100 a day), 0 until others show less = 0\n1 18 47 available, 18 by share (40%) = 18\n" },
	{ "a tag of its own", "", "INSERT INTO item_tag (item_id, tag, actor, at_ms) VALUES (1, 'rare', 'jo', 1); INSERT INTO policy_override (scope, name, key, value, actor, "
	  "made_ms) VALUES ('tag', 'rare', 'reserve', '40', 'jo', 1)",
	  "2 2 47 available - 40 reserve - 5 buffer (5u/15%) = 2\n3 2 47 available - 40 reserve - 5 buffer (5u/15%) = 2\n1 2 47 available - 40 reserve - 5 buffer (5u/12%) = 2\n" },
	{ "the last units go where overselling costs least", "[alloc]\nlast_units = 3\n", "UPDATE item SET available = 2",
	  "2 2 2 available, the last ones are shown here = 2\n3 0 2 available, the last ones are shown elsewhere = 0\n1 0 2 available, the last ones are shown elsewhere = 0\n" },
	{ "or where somebody wants them", "[alloc]\nlast_units = 3\nlast_account = walmart-us\n" ACCOUNTS, "UPDATE item SET available = 2",
	  "2 0 2 available, the last ones are shown elsewhere = 0\n3 0 2 available, the last ones are shown elsewhere = 0\n1 2 2 available, the last ones are shown here = 2\n" },
	{ "the rank can be changed", "[alloc]\nlast_units = 3\n[account amazon-us]\noversell_cost = 9\n", "UPDATE item SET available = 2",
	  "1 2 2 available, the last ones are shown here = 2\n2 0 2 available, the last ones are shown elsewhere = 0\n3 0 2 available, the last ones are shown elsewhere = 0\n" },
	{ "an account unheard for half an hour keeps what it shows", "",
	  "UPDATE offer SET seen = 30, pushed = 30 WHERE id = 1; UPDATE account SET ok_ms = 1699998199999 WHERE id = 1; UPDATE account SET ok_ms = 1700000000000 WHERE id = 2",
	  "2 12 47 available - 30 dark - 5 buffer (5u/15%) = 12\n3 12 47 available - 30 dark - 5 buffer (5u/15%) = 12\n1 30 47 available, 30 shown while it is dark = 30\n" },
	{ "one that is given up takes no part", "[alloc]\nstrategy = velocity\n", "UPDATE account SET enabled = 0 WHERE id = 2", "1 46 47 available, 47 by pace (0.050 of 0.050 a day), never all of it = 46\n" },
	{ "an auction goes on selling what it shows: nobody else is shown that", "",
	  "UPDATE offer SET pool = 'auction', node = 'auction', seen = 3 WHERE id = 3",
	  "2 37 47 available - 3 unwritable - 7 buffer (5u/15%) = 37\n1 38 47 available - 3 unwritable - 6 buffer (5u/12%) = 38\n" },
	{ "so does a listing that cannot be written, in packs; one that has ended does not, nor a spare location of one that is written elsewhere", "",
	  "UPDATE offer SET block = 'MIGRATION_NEEDED', seen = 2, pack = 6 WHERE id = 3; INSERT INTO offer (id, account_id, marketplace, sku, item_id, block, flags, seen, known_ms) "
	  "VALUES (4, 2, 'MX', 'A-1', 1, 'ended', 'ended', 9, 1), (5, 2, 'MX', 'A-2', 1, 'one quantity goes to another', 'spare', 9, 1)",
	  "2 29 47 available - 12 unwritable - 6 buffer (5u/15%) = 29\n1 30 47 available - 12 unwritable - 5 buffer (5u/12%) = 30\n" },
	{ "with a parted stock it holds an increase as well", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS,
	  "UPDATE offer SET block = 'MIGRATION_NEEDED', seen = 40 WHERE id = 3; UPDATE offer SET seen = 7, pushed = 7 WHERE id = 1",
	  "2 0 47 available - 40 unwritable, 3 by share (50%), 0 until others show less = 0\n1 2 47 available - 40 unwritable, 2 by share (40%) = 2\n" },
	{ "nor does what the channel fulfils, or what may not be written", "[alloc]\nstrategy = velocity\n", "UPDATE offer SET pool = 'fba' WHERE id = 2; UPDATE offer SET block = 'managed elsewhere' WHERE id = 3",
	  "1 46 47 available, 47 by pace (0.050 of 0.050 a day), never all of it = 46\n" },
	{ "another account's FBA is no part of what is shown", "", FBA_LIES,
	  "2 39 47 available - 8 buffer (5u/15%) = 39\n3 39 47 available - 8 buffer (5u/15%) = 39\n1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "until somebody who ships from it is named; its marketplaces show the same goods", INCLUDED, FBA_LIES,
	  "2 39 47 available - 8 buffer (5u/15%) = 39\n3 39 47 available - 8 buffer (5u/15%) = 39\n1 49 47 available - 6 buffer (5u/12%), and 8 of fba = 49\n" },
	{ "it is shown where we have none", INCLUDED, FBA_LIES "UPDATE item SET available = 0",
	  "2 0 0 available, so 0\n3 0 0 available, so 0\n1 8 0 available, none of ours, and 8 of fba = 8\n" },
	{ "and makes up first what we are short of", INCLUDED, FBA_LIES "UPDATE item SET available = -3",
	  "2 0 -3 available, so 0\n3 0 -3 available, so 0\n1 6 -3 available, none of ours, and 6 of fba = 6\n" },
	{ "which may be all of it", INCLUDED, FBA_LIES "UPDATE item SET available = -10", "2 0 -10 available, so 0\n3 0 -10 available, so 0\n1 0 -10 available, so 0\n" },
	{ "what was not read for an hour is not counted", INCLUDED, FBA_LIES "UPDATE offer SET seen_ms = 1699996400000 WHERE pool = 'fba'",
	  "2 39 47 available - 8 buffer (5u/15%) = 39\n3 39 47 available - 8 buffer (5u/15%) = 39\n1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "a parted stock has no part of it", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" INCLUDED, FBA_LIES,
	  "2 12 47 available, 23 by share (50%), 11 + 1 of it here (0.050 of 0.100 a day) = 12\n"
	  "3 11 47 available, 23 by share (50%), 11 of it here (0.050 of 0.100 a day) = 11\n1 18 47 available, 18 by share (40%) = 18\n" },
	{ "nodes of one listing divide it", "", "UPDATE offer SET marketplace = 'CA', node = 'N-2' WHERE id = 3",
	  "2 20 47 available - 8 buffer (5u/15%), node 1 of 2 = 20\n3 19 47 available - 8 buffer (5u/15%), node 2 of 2 = 19\n1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "packs: what is shown and sent counts them", "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS,
	  "DELETE FROM offer WHERE id = 3; UPDATE offer SET pack = 6, seen = 5, pushed = 5 WHERE id = 1",
	  "2 17 47 available, 23 by share (50%), 17 until others show less = 17\n1 3 47 available, 18 by share (40%), packs of 6 = 3\n" },
	{ "a six-pack of which twenty eaches are there is shown three times", "[account walmart-us]\nbuffer = 0u/0%\n",
	  "UPDATE item SET counted = 20, available = 20; UPDATE offer SET pack = 6 WHERE id = 1; DELETE FROM offer WHERE id > 1",
	  "1 3 20 available - 0 buffer (0u/0%), never all of it, packs of 6 = 3\n" },
	{ "a place that does not serve an account, and a node that is a place", "",
	  "UPDATE offer SET node = 'N-1' WHERE id = 1; INSERT INTO place (id, name, kind, serves, node) VALUES (1, 'east', 'own', '', 'N-1'), (2, 'west', 'own', 'walmart', '');"
	  "INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (1, 1, 20, 1, 1), (1, 2, 27, 1, 1)",
	  "2 15 47 available, at most 20 where it is served from - 5 buffer (5u/15%) = 15\n3 15 47 available, at most 20 where it is served from - 5 buffer (5u/15%) = 15\n"
	  "1 20 47 available - 6 buffer (5u/12%), 20 of 20 at its node = 20\n" },
	{ "a SKU at two locations that are known gets two quantities, by what lies there", "", TWO_NODES("(2, 1, 'N-1'), (2, 2, 'N-2')"),
	  "2 24 47 available - 8 buffer (5u/15%), 30 of 47 at its node = 24\n3 14 47 available - 8 buffer (5u/15%), 17 of 47 at its node = 14\n"
	  "1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "a location that stands for no place has what lies at none; a third is not written", "",
	  TWO_NODES("(2, 1, 'N-9'), (2, 2, 'N-2')") "; INSERT INTO offer (id, account_id, marketplace, node, sku, item_id, block, flags, known_ms) VALUES "
	  "(4, 2, 'CA', 'N-3', 'A-1', 1, 'one quantity goes to another', 'continue spare', 1)",
	  "2 24 47 available - 8 buffer (5u/15%), 30 of 47 at its node = 24\n3 14 47 available - 8 buffer (5u/15%), 17 of 47 at its node = 14\n"
	  "1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "a block of another kind stays, whatever stands for the node", "", TWO_NODES("(2, 1, 'N-1'), (2, 2, 'N-2')") "; UPDATE offer SET flags = '' WHERE id = 3",
	  "2 30 47 available - 8 buffer (5u/15%), 30 of 30 at its node = 30\n1 41 47 available - 6 buffer (5u/12%) = 41\n" },
	{ "a kit is what lies at the node made up, and what its parts there allow", "",
	  TWO_NODES("(2, 1, 'N-1'), (2, 2, 'N-2')") "; UPDATE item SET kit = 1, counted = 0, available = 23, made = 23 WHERE id = 1; UPDATE stock SET counted = 0;"
	  "INSERT INTO item (id, sku, counted, available, made_ms) VALUES (2, 'PART', 47, 47, 1); INSERT INTO kit (item_id, part_id, qty) VALUES (1, 2, 2);"
	  "INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (2, 1, 30, 1, 1), (2, 2, 17, 1, 1)",
	  "2 11 23 available - 5 buffer (5u/15%), 15 of 23 at its node = 11\n3 6 23 available - 5 buffer (5u/15%), 8 of 23 at its node = 6\n"
	  "1 18 23 available - 5 buffer (5u/12%) = 18\n" },
	{ "oversold", "[alloc]\nstrategy = velocity\n", "UPDATE item SET available = -3", "2 0 -3 available, so 0\n3 0 -3 available, so 0\n1 0 -3 available, so 0\n" },
	{ "a hold", "", "UPDATE offer SET hold = 'recall' WHERE id = 1",
	  "2 39 47 available - 8 buffer (5u/15%) = 39\n3 39 47 available - 8 buffer (5u/15%) = 39\n1 0 held at zero: recall\n" },
	{ "by what each sold in the days that it could be bought", "[alloc]\nstrategy = velocity\n",
	  "DELETE FROM offer WHERE id = 3; INSERT INTO observation (offer_id, seen, valid_ms, known_ms) VALUES (1, 9, 1699000000000, 1), (2, 9, 1699913600000, 1);"
	  "INSERT INTO orders (id, account_id, marketplace, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 1, '', 'P-1', 'SHIPPED', 0, 1, 1699990000000, 1, 1), "
	  "(2, 2, 'CA', 'P-2', 'SHIPPED', 0, 1, 1699990000000, 1, 1), (3, 2, 'CA', 'P-3', 'CANCELLED', 0, 1, 1699990000000, 1, 1);"
	  "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_shipped, q_cancelled) VALUES (1, '1', 'W-1', 1, 4, 4, 0), (2, '1', 'A-1', 1, 3, 3, 0), (3, '1', 'A-1', 1, 50, 0, 50)",
	  "2 40 47 available, 39 + 1 by pace (3.000 of 3.553 a day) = 40\n1 7 47 available, 7 by pace (0.553 of 3.553 a day) = 7\n" },
};

static struct world furnished(const char *sql)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err, furniture));
	OKAY(&w, store_exec(w.s, &w.err, sql));
	return w;
}

static void open_aims(struct world *w, const char *config, struct policy_book *book, struct aims *how)
{
	struct config *c = config_new();

	OKAY(w, config_text(c, "tallyman.ini", config, &w->err));
	OKAY(w, policy_book_read(w->a, c, book, &w->err));
	config_free(c);
	OKAY(w, aims_open(w->s, book, NULL, 0, T0, w->a, how, &w->err));
}

static void side_by_side(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = furnished(cases[i].sql);
		struct buf got = buf_new(w.a);
		struct policy_book book;
		struct aimed_item item;
		struct aims how;

		open_aims(&w, cases[i].config, &book, &how);
		OKAY(&w, item_allocate(w.s, 1, &how, w.a, &item, &w.err));
		for (int k = 0; k < item.n; k++)
			buf_printf(&got, "%d %d %s\n", (int)item.of[k].offer->id, (int)item.of[k].outlet.qty, item.of[k].words);
		if (strcmp(got.p, cases[i].want))
			fail_msg("%s:\n%swanted\n%s", cases[i].why, got.p, cases[i].want);
		world_free(&w);
	}
}

/* The reading that shows less is what those who waited are told of. */
static void who_waits_is_woken(void **state)
{
	struct world w = furnished("UPDATE offer SET seen = 47, pushed = 47 WHERE id = 1");
	struct seen less = { .sku = "W-1", .qty = 18 };
	struct policy_book book;
	struct aims how;
	int64_t *changed;
	int n;

	(void)state;
	open_aims(&w, "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-us 50%\n" ACCOUNTS, &book, &how);
	OKAY(&w, item_aim(w.s, 1, &how, &w.why, w.a, &changed, &n, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE waits = 1 AND account_id = 2"), 2);
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM dirty"));
	OKAY(&w, offers_seen(w.s, w.walmart, &less, 1, T0 + 1000, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty WHERE item_id = 1"), 1);
	OKAY(&w, item_aim(w.s, 1, &how, &w.why, w.a, &changed, &n, &w.err));
	assert_int_equal(world_int(&w, "SELECT sum(waits) FROM offer"), 0);
	assert_int_equal(world_int(&w, "SELECT sum(target) FROM offer"), 18 + 23);
	world_free(&w);
}

static void more_offers_than_are_reckoned_show_nothing(void **state)
{
	struct world w = furnished("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
	                           "INSERT INTO offer (account_id, sku, item_id, known_ms) SELECT 2, 'X-' || i, 1, 1 FROM n");
	struct policy_book book;
	struct aims how;
	int64_t *changed;
	int n;

	(void)state;
	open_aims(&w, "", &book, &how);
	OKAY(&w, item_aim(w.s, 1, &how, &w.why, w.a, &changed, &n, &w.err));
	assert_int_equal(n, 303);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE target > 0"), 256);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE target = 0 AND why LIKE 'held at zero: one of too many%'"), 47);
	world_free(&w);
}

/* Everything again, a slice at a time, and no item that nobody offers. */
static void a_sweep_touches_what_is_offered(void **state)
{
	struct world w = furnished("INSERT INTO item (id, sku, made_ms) VALUES (2, 'B', 1), (3, 'C', 1), (4, 'D', 1);"
	                           "INSERT INTO offer (account_id, sku, item_id, known_ms) VALUES (1, 'B', 2, 1), (1, 'D', 4, 1); DELETE FROM dirty");
	int64_t after = 0;

	(void)state;
	OKAY(&w, items_touch(w.s, &after, 2, T0, &w.err));
	assert_int_equal(after, 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 2);
	OKAY(&w, items_touch(w.s, &after, 2, T0, &w.err));
	assert_int_equal(after, 4);
	OKAY(&w, items_touch(w.s, &after, 2, T0, &w.err));
	assert_int_equal(after, 0);
	assert_string_equal(world_text(&w, "SELECT group_concat(item_id) FROM dirty"), "1,2,4");
	world_free(&w);
}

/* What was sold since is put back, what came in is taken off: the end comes out. */
static void history_ends_where_the_stock_is(void **state)
{
	struct world w = furnished(cases[sizeof cases / sizeof *cases - 1].sql);
	struct policy_book book;
	struct aimed_item item;
	struct history h;
	struct aims how;
	int64_t stock;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO move (item_id, qty, cause, valid_ms, known_ms, actor) VALUES (1, 20, 'count', 1699980000000, 1, 'jo'), "
	                                 "(1, -7, 'count', 1699995000000, 1, 'jo'), (1, 5, 'count', 1600000000000, 1, 'jo')"));
	open_aims(&w, "", &book, &how);
	OKAY(&w, item_allocate(w.s, 1, &how, w.a, &item, &w.err));
	OKAY(&w, history_of(w.s, 1, &item, T0 - 24 * HOUR, T0, w.a, &h, &w.err));
	assert_int_equal(h.events, 3); /* the cancelled one never was */
	assert_int_equal(h.event[0].outlet, -1);
	stock = h.stock;
	for (int i = 0; i < h.events; i++)
		stock += h.event[i].outlet < 0 ? h.event[i].qty : -h.event[i].qty;
	assert_int_equal(stock, 47);
	world_free(&w);
}

static void advice_beside_what_is_configured(void **state)
{
	struct world w = furnished(cases[sizeof cases / sizeof *cases - 1].sql);
	struct policy_book book;
	struct advice *of;
	struct aims how;
	int64_t latency[3] = { 240 * MINUTE, 240 * MINUTE, 240 * MINUTE };
	int n;

	(void)state;
	open_aims(&w, "", &book, &how);
	OKAY(&w, advice_of(w.s, 1, &how, latency, w.a, &of, &n, &w.err));
	assert_int_equal(n, 2);
	assert_int_equal(of[1].offer->id, 1);
	assert_int_equal(of[1].others, 3000);
	assert_int_equal(of[1].window, 500000); /* three a day elsewhere, four hours: half a unit */
	assert_int_equal(of[1].configured, 6);
	assert_int_equal(of[1].alpha_ppm, 1000); /* where overselling costs most */
	assert_int_equal(of[1].advised, 5);      /* P(X >= 4) = 0.18 %, P(X >= 5) = 0.02 % */
	assert_int_equal(of[0].alpha_ppm, 10000);
	assert_string_equal(of[0].by, "default");
	world_free(&w);
}

/* ---- whatever lies where: the nodes of a listing together never show more than there is ---- */

enum { RANDOM = 10000, ROOM = 60 };

static uint64_t chance = 20261121;

static int below(int n)
{
	chance = chance * 6364136223846793005u + 1442695040888963407u;
	return (int)(chance >> 33) % n;
}

static void shuffle(struct world *w)
{
	static const char shelf[] = "UPDATE stock SET counted = ? WHERE place_id = ?", place[] = "UPDATE place SET serves = ?, node = ? WHERE id = ?";
	static const char node[] = "UPDATE place_source SET code = ? WHERE place_id = ?", pack[] = "UPDATE offer SET pack = ? WHERE account_id = 2";
	static const char item[] = "UPDATE item SET counted = (SELECT sum(counted) FROM stock), reserved = ?1, available = (SELECT sum(counted) FROM stock) - ?1";
	static const char *const serves[] = { "", "", "amazon", "walmart" }, *const nodes[] = { "", "N-1", "N-2", "N-3" }, *const codes[] = { "N-1", "N-7", "N-1" },
	                         *const others[] = { "N-2", "N-3", "N-9" };

	for (int64_t p = 1; p <= 3; p++) {
		OKAY(w, RUN(w->s, &w->err, shelf, V(below(ROOM)), V(p)));
		OKAY(w, RUN(w->s, &w->err, place, V(serves[below(4)]), V(below(3) ? "" : nodes[below(4)]), V(p)));
	}
	OKAY(w, RUN(w->s, &w->err, node, V(codes[below(3)]), V(1)));
	OKAY(w, RUN(w->s, &w->err, node, V(others[below(3)]), V(2)));
	OKAY(w, RUN(w->s, &w->err, pack, V(1 + below(4))));
	OKAY(w, RUN(w->s, &w->err, item, V(below(ROOM))));
}

static void nodes_of_an_account_together_never_show_more_than_there_is(void **state)
{
	struct world w = furnished(TWO_NODES("(2, 1, 'N-1'), (2, 2, 'N-2 ')") "; INSERT INTO place (id, name, kind) VALUES (3, 'south', 'own');"
	                           "INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (1, 3, 5, 1, 1);"
	                           "INSERT INTO offer (id, account_id, marketplace, node, sku, item_id, known_ms) VALUES (4, 2, 'CA', 'N-3', 'A-1', 1, 1)");
	static const char *const strategies[] = { "", "[alloc]\nstrategy = velocity\n", "[alloc]\nlast_units = 9\n" };
	struct policy_book book[3];
	struct aims how[3];
	int parted = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		open_aims(&w, strategies[i], &book[i], &how[i]);
	for (int i = 0; i < RANDOM; i++) {
		struct arena *a = arena_new();
		struct aimed_item item;
		int64_t sum = 0;
		int at = 0;

		shuffle(&w);
		OKAY(&w, item_allocate(w.s, 1, &how[i % 3], a, &item, &w.err));
		for (int k = 0; k < item.n; k++)
			if (item.of[k].offer->account == w.amazon) {
				sum += item.of[k].outlet.qty * item.of[k].offer->pack;
				at += item.of[k].outlet.qty > 0;
			}
		if (sum > (item.available > 0 ? item.available : 0))
			fail_msg("case %d: %" PRId64 " shown of %" PRId64, i, sum, item.available);
		parted += at > 1;
		arena_free(a);
	}
	assert_true(parted > RANDOM / 5);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(side_by_side),
		cmocka_unit_test(nodes_of_an_account_together_never_show_more_than_there_is),
		cmocka_unit_test(who_waits_is_woken),
		cmocka_unit_test(more_offers_than_are_reckoned_show_nothing),
		cmocka_unit_test(a_sweep_touches_what_is_offered),
		cmocka_unit_test(history_ends_where_the_stock_is),
		cmocka_unit_test(advice_beside_what_is_configured),
	};

	return cmocka_run_group_tests_name("allot", tests, NULL, NULL);
}
