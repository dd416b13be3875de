/* Differences: what a run writes down of them, what a person decides of them in a session, and what is carried out of that. */
#include "trade_world.h"

#include "trade/intents.h"
#include "trade/inventory.h"
#include "trade/kits.h"
#include "trade/offers.h"
#include "trade/reconcile.h"
#include "trade/sitting.h"
#include "trade/zero.h"

enum { SETTLE = 600000 };

static void count(struct world *w, const char *sku, int64_t qty)
{
	struct count c = { .sku = sku, .qty = qty, .valid_ms = w->why.now_ms };

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
}

static void see(struct world *w, const char *sku, int64_t qty)
{
	struct seen seen = { .sku = sku, .pool = "own", .qty = qty };

	w->why.now_ms += MINUTE;
	OKAY(w, offers_seen(w->s, w->walmart, &seen, 1, w->why.now_ms, &w->why, &w->err));
	OKAY(w, store_exec(w->s, &w->err, "UPDATE account SET heard_ms = 1800000000000")); /* no order is on its way */
}

static void say(struct world *w, int64_t offer, int64_t qty)
{
	w->why.now_ms += MINUTE;
	OKAY(w, RUN(w->s, &w->err, "UPDATE offer SET target = ?2, ver = ver + 1 WHERE id = ?1", V(offer), V(qty)));
	OKAY(w, offer_accepted(w->s, offer, qty, 1, SETTLE, &w->why, &w->err));
}

/* Three SKUs at Walmart: forty of each lie there, ten were said of the first two and are shown, and nothing was ever said of the third. */
static struct world stocked(void)
{
	static const char *const skus[] = { "SKU-1", "SKU-2", "SKU-3" };
	struct world w = world_new();

	for (size_t i = 0; i < 3; i++) {
		count(&w, skus[i], 40);
		see(&w, skus[i], 10);
	}
	for (int64_t id = 1; id <= 2; id++) {
		say(&w, id, 10);
		see(&w, skus[id - 1], 10);
	}
	w.why.now_ms += HOUR;
	w.why.actor = "uid:1000 jo";
	return w;
}

/* ---- a session ---- */

static enum fault carry(struct world *w, const char *words)
{
	struct fields p;
	int64_t session;

	OKAY(w, fields_unpack(w->a, words, &p, &w->err));
	return sitting_carry(w->s, &p, &w->why, &session, &w->err);
}

/* What somebody decided, as a zero-out wants one. */
static int64_t intent(struct world *w)
{
	struct intent in = { .kind = INTENT_ZERO, .payload = fields_new(w->a), .subject = "", .asker = arena_printf(w->a, "%" PRId64, world_int(w, "SELECT count(*) FROM intent")), .actor = w->why.actor,
		             .made_ms = w->why.now_ms };

	OKAY(w, intent_file(w->s, &in, &w->why, &w->err));
	return in.id;
}

static void begin(struct world *w)
{
	OKAY(w, carry(w, "action=begin\nkind=manual\n"));
}

static void decide(struct world *w, int64_t offer, const char *verdict)
{
	int64_t row = world_int(w, arena_printf(w->a, "SELECT n FROM sitting_row WHERE offer_id = %" PRId64 " ORDER BY sitting_id DESC LIMIT 1", offer));

	OKAY(w, carry(w, arena_printf(w->a, "action=decide\nsession=%" PRId64 "\nrow=%" PRId64 "\nverdict=%s\nreason=looked at it\n",
	                              world_int(w, "SELECT max(id) FROM sitting"), row, verdict)));
}

static int settle(struct world *w)
{
	int done;

	OKAY(w, sitting_settle(w->s, world_int(w, "SELECT max(id) FROM sitting"), intent(w), &w->why, &done, &w->err));
	return done;
}

static const char *result_of(struct world *w, int64_t offer)
{
	return world_text(w, arena_printf(w->a, "SELECT result FROM sitting_row WHERE offer_id = %" PRId64 " ORDER BY sitting_id DESC LIMIT 1", offer));
}

static void what_cannot_be_accepted_any_more_is_left_out(void **state)
{
	static const struct {
		const char *meanwhile, *want;
	} cases[] = {
		{ "UPDATE item SET available = 12 WHERE sku = 'SKU-1'", "left out: they show 13 and there are 12: that is no number to accept; push, hold, or count again" },
		{ "UPDATE item SET available = -2 WHERE sku = 'SKU-1'", "left out: they show 13 and there are -2: that is no number to accept; push, hold, or count again" },
		{ "UPDATE offer SET pack = 4 WHERE id = 1", "left out: they show 13 of 4 each and there are 40: that is no number to accept; push, hold, or count again" },
		{ "UPDATE offer SET seen = 41 WHERE id = 1", "left out: they show 41 and there are 40: that is no number to accept; push, hold, or count again" },
		{ "UPDATE offer SET hold = 'zero-out Z-9: by hand', target = 0 WHERE id = 1", "left out: it is held at zero" },
		{ "UPDATE offer SET pushed = NULL WHERE id = 1", "left out: nothing was ever said of it that could be accepted in its place; push, hold, or ignore" },
		{ "UPDATE offer SET seen = NULL WHERE id = 1", "left out: nothing of it was read yet that could be accepted" },
		{ "UPDATE item SET available = 13 WHERE sku = 'SKU-1'", "accept 13 until our own number moves" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = stocked();
		bool out = !strncmp(cases[i].want, "left out", 8);

		see(&w, "SKU-1", 13);
		see(&w, "SKU-2", 7);
		begin(&w);
		decide(&w, 1, "accept");
		decide(&w, 2, "accept");
		OKAY(&w, store_exec(w.s, &w.err, cases[i].meanwhile));
		assert_int_equal(settle(&w), out ? 1 : 2);
		assert_string_equal(result_of(&w, 1), cases[i].want);
		assert_string_equal(result_of(&w, 2), "accept 7 until our own number moves"); /* the others are carried out */
		assert_int_equal(world_int(&w, "SELECT pushed FROM offer WHERE id = 2"), 7);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM rec_row WHERE offer_id = 1"), !out);
		world_free(&w);
	}
}

static void what_nothing_was_said_of_is_not_accepted(void **state)
{
	struct world w = stocked();

	(void)state;
	see(&w, "SKU-1", 13);
	begin(&w);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET pushed = NULL WHERE id = 1"));
	assert_int_equal(carry(&w, "action=decide\nsession=1\nrow=1\nverdict=accept\n"), FAULT_REFUSED);
	assert_string_equal(w.err.text, "nothing was ever said of it that could be accepted in its place; push, hold, or ignore");
	world_free(&w);
}

/* A rule holds it and would let go of it: from the session on it is a person's. What a person holds stays his. */
static void a_hold_takes_over_what_a_rule_holds(void **state)
{
	struct world w = stocked();
	const int64_t both[] = { 1, 2 };
	int64_t z;
	int held;

	(void)state;
	see(&w, "SKU-1", 13);
	see(&w, "SKU-2", 13);
	begin(&w);
	OKAY(&w, zero_begin(w.s, both, 1, &(struct zero_ask){ .scope = "account", .reason = "out of step", .rule = "truth", .intent = intent(&w) }, &w.why, &z, &held, &w.err));
	OKAY(&w, zero_begin(w.s, both + 1, 1, &(struct zero_ask){ .scope = "SKU-2", .reason = "broken", .intent = intent(&w) }, &w.why, &z, &held, &w.err));
	decide(&w, 1, "hold");
	decide(&w, 2, "hold");
	assert_int_equal(settle(&w), 1);
	assert_string_equal(result_of(&w, 1), "hold at zero (they show 13): a rule holds it, from now on only a person lets go of it");
	assert_string_equal(result_of(&w, 2), "left out: it is held at zero already");
	OKAY(&w, zero_lift(w.s, 1, &w.why, &held, &w.err));
	assert_string_equal(world_text(&w, "SELECT hold FROM offer WHERE id = 1"), "zero-out Z-3: session 1");
	assert_string_equal(world_text(&w, "SELECT hold FROM offer WHERE id = 2"), "zero-out Z-2: broken");
	world_free(&w);
}

static void an_ignored_row_says_what_is_shown(void **state)
{
	struct world w = stocked();
	struct settle_step *step;
	int n;

	(void)state;
	see(&w, "SKU-1", 8);
	begin(&w);
	decide(&w, 1, "ignore");
	OKAY(&w, sitting_steps(w.s, 1, w.a, &step, &n, &w.err));
	assert_string_equal(step->text, "ignore this difference (they show 8): looked at it");
	see(&w, "SKU-1", 370);
	OKAY(&w, sitting_steps(w.s, 1, w.a, &step, &n, &w.err));
	assert_string_equal(step->text, "ignore this difference (they showed 8, and show 370 now): looked at it");
	world_free(&w);
}

/* ---- a word stands for the difference it was said of ---- */

static int hurry(struct world *w)
{
	struct rec_rule rule = rec_usual();
	int n;

	w->why.now_ms += MINUTE;
	OKAY(w, rec_hurry(w->s, &rule, &w->why, &n, &w->err));
	return n;
}

static void a_word_covers_no_larger_difference_and_no_other_way(void **state)
{
	static const struct {
		const char *why;
		int64_t ignored, then; /* shown, of ten */
		const char *want;
	} cases[] = {
		{ "two fewer were ignored, and 360 more are shown: said again", 8, 370, "push rule" },
		{ "five more were ignored, and 360 more are shown: said again", 15, 370, "push rule" },
		{ "five fewer were ignored, nine fewer are shown, of a count that is old: asked anew", 5, 1, "look " },
		{ "the same", 5, 5, "none ignore" },
		{ "it has become less", 60, 50, "none ignore" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = stocked();
		struct rec_rule rule = rec_usual();
		const char *const list[] = { "list" };
		int64_t run;
		bool done;

		see(&w, "SKU-1", cases[i].ignored);
		begin(&w);
		decide(&w, 1, "ignore");
		settle(&w);
		see(&w, "SKU-1", cases[i].then);
		assert_int_equal(world_int(&w, "SELECT count(DISTINCT drift_ms) FROM offer WHERE drift <> 0"), 1);
		OKAY(&w, rec_begin(w.s, w.walmart, list, 1, false, w.why.now_ms, &w.why, &run, &w.err));
		see(&w, "SKU-1", cases[i].then);
		OKAY(&w, rec_give_up(w.s, run, "of no matter", &w.why, &w.err));
		w.why.actor = "rule:reconcile";
		OKAY(&w, rec_compare(w.s, run, &rule, 100, &w.why, &done, &w.err));
		if (strcmp(world_text(&w, "SELECT action || ' ' || decision FROM rec_row ORDER BY id DESC LIMIT 1"), cases[i].want))
			fail_msg("%s: %s", cases[i].why, world_text(&w, "SELECT action || ' ' || decision || ' ' || cause || ' ' || text FROM rec_row ORDER BY id DESC LIMIT 1"));
		world_free(&w);
	}
}

/* What was tolerated or ignored hides nothing that comes after it; what grew is looked at once. */
static void what_grows_beyond_stock_is_corrected_at_once(void **state)
{
	struct world w = stocked();

	(void)state;
	see(&w, "SKU-1", 8);
	begin(&w);
	decide(&w, 1, "ignore");
	settle(&w);
	see(&w, "SKU-1", 370);
	assert_int_equal(hurry(&w), 1);
	assert_int_equal(hurry(&w), 0);
	see(&w, "SKU-2", 41);
	begin(&w);
	decide(&w, 2, "ignore");
	settle(&w);
	assert_int_equal(hurry(&w), 0);
	see(&w, "SKU-2", 41);
	assert_int_equal(hurry(&w), 0);
	see(&w, "SKU-2", 500);
	assert_int_equal(hurry(&w), 1);
	assert_int_equal(hurry(&w), 0);
	world_free(&w);
}

/* A run found 45 and left it to a person; he saw 48 when he ignored it. */
static void what_is_ignored_is_what_was_shown_then(void **state)
{
	struct world w = stocked();
	struct rec_rule rule = rec_usual();
	int n;

	(void)state;
	rule.autocorrect = false;
	see(&w, "SKU-1", 45);
	OKAY(&w, rec_hurry(w.s, &rule, &w.why, &n, &w.err));
	assert_string_equal(world_text(&w, "SELECT delta || decision FROM rec_row"), "35");
	see(&w, "SKU-1", 48);
	begin(&w);
	decide(&w, 1, "ignore");
	settle(&w);
	assert_string_equal(world_text(&w, "SELECT group_concat(delta || ' ' || decision, ', ') FROM rec_row"), "35 ignore, 38 ignore");
	assert_int_equal(hurry(&w), 0);
	see(&w, "SKU-1", 49);
	assert_int_equal(hurry(&w), 1);
	world_free(&w);
}

/* ---- what a whole run looks for besides ---- */

static struct rec_run whole_run(struct world *w)
{
	const char *const list[] = { "list" };
	struct rec_rule rule = rec_usual();
	struct rec_run out;
	int64_t run;
	bool done;

	w->why.now_ms += HOUR;
	w->why.actor = "rule:reconcile";
	OKAY(w, rec_begin(w->s, w->walmart, list, 1, true, w->why.now_ms, &w->why, &run, &w->err));
	for (int64_t id = 1; id <= world_int(w, "SELECT max(id) FROM offer"); id++)
		see(w, world_text(w, arena_printf(w->a, "SELECT sku FROM offer WHERE id = %" PRId64, id)), world_int(w, arena_printf(w->a, "SELECT seen FROM offer WHERE id = %" PRId64, id)));
	OKAY(w, store_exec(w->s, &w->err, "UPDATE rec_run SET state = 'COMPARING' WHERE state = 'PULLING'"));
	OKAY(w, rec_compare(w->s, run, &rule, 100, &w->why, &done, &w->err));
	assert_true(done);
	OKAY(w, rec_run_get(w->s, run, w->a, &out, &w->err));
	return out;
}

/* Its parts are what is counted. */
static void a_kit_is_no_ghost(void **state)
{
	struct world w = stocked();
	struct kit_part part[2] = { { .qty = 1 }, { .qty = 2 } };

	(void)state;
	OKAY(&w, item_id(w.s, "SKU-1", NULL, &w.why, &part[0].item, &w.err));
	OKAY(&w, item_id(w.s, "PART", NULL, &w.why, &part[1].item, &w.err));
	OKAY(&w, kit_set(w.s, "KIT", part, 2, &w.why, &w.err));
	see(&w, "KIT", 5);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET item_id = (SELECT id FROM item WHERE sku = 'KIT') WHERE sku = 'KIT'"));
	assert_int_equal(whole_run(&w).ghosts, 1);
	assert_string_equal(world_text(&w, "SELECT action || ' ' || text FROM rec_row WHERE kind = 'ghost'"),
	                    "zero nobody ever counted a part of its kit and it is offered: show nothing of it, and leave the listing");
	count(&w, "PART", 10);
	assert_int_equal(whole_run(&w).ghosts, 0);
	world_free(&w);
}

/* What a person decided of a listing is counted as a ghost still, and nobody is asked again. */
static void what_was_decided_is_not_left_to_a_person(void **state)
{
	struct world w = stocked();
	struct rec_run run;

	(void)state;
	see(&w, "NOTHING-1", 5);
	see(&w, "NOTHING-2", 5);
	run = whole_run(&w);
	assert_true(run.ghosts == 2 && run.undecided == 2);
	w.why.actor = "uid:1000 jo";
	OKAY(&w, carry(&w, "action=begin\nkind=review\n"));
	decide(&w, 4, "ignore");
	settle(&w);
	run = whole_run(&w);
	assert_int_equal(run.ghosts, 2);
	assert_int_equal(run.undecided, 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM rec_row WHERE decision = ''"), 1);
	world_free(&w);
}

static void a_partial_run_is_not_the_weeks(void **state)
{
	static const struct {
		const char *state;
		bool whole;
	} cases[] = { { "PULLING", false }, { "COMPARING", false }, { "COMPLETE", false }, { "PARTIAL", true }, { "REFUSED", true } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = stocked();
		struct rec_rule rule = rec_usual();
		int64_t planned_ms;
		bool due, whole;

		w.why.now_ms += 48 * HOUR; /* old enough for a whole run */
		OKAY(&w, RUN(w.s, &w.err, "INSERT INTO rec_run (account_id, whole, state, actor, planned_ms, began_ms, trace) VALUES (?1, 1, ?2, 'rule:reconcile', ?3, ?3, 't')",
		             V(w.walmart), V(cases[i].state), V(w.why.now_ms)));
		OKAY(&w, rec_due(w.s, w.walmart, &rule, w.why.now_ms + rule.every_ms, &due, &whole, &planned_ms, &w.err));
		if (!due || whole != cases[i].whole)
			fail_msg("%s", cases[i].state);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_accepted_any_more_is_left_out),
		cmocka_unit_test(what_nothing_was_said_of_is_not_accepted),
		cmocka_unit_test(a_hold_takes_over_what_a_rule_holds),
		cmocka_unit_test(an_ignored_row_says_what_is_shown),
		cmocka_unit_test(a_word_covers_no_larger_difference_and_no_other_way),
		cmocka_unit_test(what_grows_beyond_stock_is_corrected_at_once),
		cmocka_unit_test(what_is_ignored_is_what_was_shown_then),
		cmocka_unit_test(a_kit_is_no_ghost),
		cmocka_unit_test(what_was_decided_is_not_left_to_a_person),
		cmocka_unit_test(a_partial_run_is_not_the_weeks),
	};

	return cmocka_run_group_tests_name("differences", tests, NULL, NULL);
}
