/* How often one listing may be changed: the table, the rule, the rows of data/revisions.csv; what is known of an offer; a zero that was typed. */
#include "trade_world.h"

#include "net/registry.h"
#include "trade/aim.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/revisions.h"

static int64_t used(struct world *w, const char *subject, int64_t now_ms)
{
	int64_t n = -1;

	OKAY(w, revisions_of(w->s, w->walmart, subject, now_ms, &n, &w->err));
	return n;
}

static void any_day_is_counted(void **state)
{
	struct world world = world_new(), *w = &world;
	const char *most;
	int64_t n;

	(void)state;
	for (int i = 0; i < 3; i++)
		OKAY(w, revision_add(w->s, w->walmart, "110552034129", T0, &w->err));
	OKAY(w, revision_add(w->s, w->walmart, "110552034129", T0 + 20 * HOUR, &w->err));
	OKAY(w, revision_add(w->s, w->walmart, "110552034130", T0, &w->err));
	OKAY(w, revision_add(w->s, w->amazon, "110552034129", T0, &w->err));
	assert_int_equal(used(w, "110552034129", T0), 4); /* the later one is not taken back by a clock that was set back */
	assert_int_equal(used(w, "110552034129", T0 + 23 * HOUR), 4);
	assert_int_equal(used(w, "110552034129", T0 + 25 * HOUR), 1);
	assert_int_equal(used(w, "nobody", T0), 0);
	OKAY(w, revisions_most(w->s, w->walmart, T0 + HOUR, w->a, &most, &n, &w->err));
	assert_string_equal(most, "110552034129");
	assert_int_equal(n, 4);
	OKAY(w, revisions_purge(w->s, T0 + 25 * HOUR, &w->err));
	assert_int_equal(world_int(w, "SELECT count(*) FROM revision"), 1);
	OKAY(w, revisions_most(w->s, w->shadow, T0, w->a, &most, &n, &w->err));
	assert_int_equal(n, 0);
	world_free(w);
}

struct lane_case {
	const char *why;
	int64_t used;
	enum lane lane;
	bool may;
};

static const struct lane_case lane_cases[] = {
	{ "a raise goes while there are enough left", 199, LANE_INCREASE, true },
	{ "from 200 on a raise waits", 200, LANE_INCREASE, false },
	{ "and so does what is said anew", 200, LANE_REST, false },
	{ "a decrease goes", 239, LANE_DECREASE, true },
	{ "from 240 on a decrease waits", 240, LANE_DECREASE, false },
	{ "a zero goes", 249, LANE_ZERO, true },
	{ "the 251st change would be refused by them", 250, LANE_ZERO, false },
};

static void the_last_changes_are_kept_for_decreases(void **state)
{
	struct arena *a = arena_new();
	struct limit_registry limits;
	const struct operation *put, *list;
	struct err err;

	(void)state;
	assert_int_equal(limit_registry_load(a, &limits, &err), OK);
	assert_int_equal(limit_registry_find(&limits, "ebay.inventory.put", &put, &err), OK);
	assert_int_equal(limit_registry_find(&limits, "walmart.inventory.put", &list, &err), OK);
	for (size_t i = 0; i < sizeof lane_cases / sizeof *lane_cases; i++) {
		const struct lane_case *c = &lane_cases[i];

		if (operation_may_revise(put, c->used, c->lane) != c->may)
			fail_msg("%s", c->why);
		assert_true(operation_may_revise(list, c->used, c->lane)); /* where nothing is counted everything goes */
	}
	arena_free(a);
}

struct row_case {
	const char *why, *row, *says;
};

static const struct row_case row_cases[] = {
	{ "a row as it should be", "a.put,listing,250,200,240,page,2026-11-20\n", NULL },
	{ "only the whole is limited", "a.put,listing,250,,,page,2026-11-20\n", NULL },
	{ "an operation that is not there", "b.put,listing,250,200,240,page,2026-11-20\n", "b.put has no row in limits.csv" },
	{ "no number", "a.put,listing,many,200,240,page,2026-11-20\n", "a_day is no whole number" },
	{ "no limit", "a.put,listing,,200,240,page,2026-11-20\n", "do not grow" },
	{ "zeros before decreases", "a.put,listing,250,240,200,page,2026-11-20\n", "do not grow" },
	{ "nobody says where it is from", "a.put,listing,250,200,240,,2026-11-20\n", "source and date" },
};

static void a_row_is_read_or_named(void **state)
{
	static const char limits[] = "op,method,path,family,group,bucket,tokens,window_s,burst,concurrency,daily,cost,batch,source,date\n"
				     "a.put,PUT,/a,inventory,stock.write,,1,1,1,,,,,page,2026-11-20\n";

	(void)state;
	for (size_t i = 0; i < sizeof row_cases / sizeof *row_cases; i++) {
		struct arena *a = arena_new();
		const char *text = arena_printf(a, "op,per,a_day,decreases_from,zeros_from,source,date\n%s", row_cases[i].row), *says = row_cases[i].says;
		struct limit_registry r;
		struct err err = { 0 };
		enum fault f;

		assert_int_equal(limit_registry_read(a, "limits.csv", limits, strlen(limits), &r, &err), OK);
		f = limit_registry_revisions(a, "revisions.csv", text, strlen(text), &r, &err);
		if (!f != !says || (says && !strstr(err.text, says)))
			fail_msg("%s: %s", row_cases[i].why, f ? err.text : "taken");
		arena_free(a);
	}
}

/* ---- what is known of an offer is not asked for ---- */

static void see(struct world *w, struct seen s, int64_t at_ms)
{
	OKAY(w, offers_seen(w->s, w->walmart, &s, 1, at_ms, &w->why, &w->err));
}

struct known_case {
	const char *why, *sku;
	int64_t shown, after_ms;
	bool known;
};

static const struct known_case known_cases[] = {
	{ "a SKU that nobody has read", "NEW-1", 5, 0, false },
	{ "one that shows what the list tells", "CW-0412", 41, HOUR, true },
	{ "one that the list tells otherwise of", "CW-0412", 40, HOUR, false },
	{ "one that only an order speaks of", "CW-0412", -1, HOUR, true },
	{ "the same, a day later", "CW-0412", 41, 25 * HOUR, false },
	{ "one that may not be written, whatever the list tells", "HELD-1", 7, MINUTE, true },
	{ "but once an hour it may have changed its mind", "HELD-1", 7, 2 * HOUR, false },
	{ "a fixed price beside an auction: the list tells what lies behind both", "BOTH-1", 12, HOUR, true },
	{ "and one of the two has sold", "BOTH-1", 11, HOUR, false },
	{ "an auction alone", "LOT-1", 2, MINUTE, true },
	{ "and an hour later", "LOT-1", 2, 2 * HOUR, false },
	{ "blocked by a word that we do not know, for some minutes", "ODD-1", 4, 4 * MINUTE, true },
	{ "and no longer", "ODD-1", 4, 6 * MINUTE, false },
	{ "one without a number of theirs", "BARE-1", 3, MINUTE, false },
};

static void what_is_known_is_not_asked_for(void **state)
{
	struct world world = world_new(), *w = &world;

	(void)state;
	see(w, (struct seen){ .sku = "CW-0412", .pool = "own", .ref = "36445435465", .block = "", .qty = 41 }, T0);
	see(w, (struct seen){ .sku = "HELD-1", .pool = "own", .ref = "36445435466", .block = "not published", .qty = 0 }, T0);
	see(w, (struct seen){ .sku = "BARE-1", .pool = "own", .qty = 3 }, T0);
	see(w, (struct seen){ .sku = "ODD-1", .pool = "own", .ref = "36445435470", .block = "a raffle", .flags = "odd", .qty = 4 }, T0);
	see(w, (struct seen){ .sku = "BOTH-1", .pool = "own", .ref = "36445435467", .block = "", .qty = 10 }, T0);
	see(w, (struct seen){ .sku = "BOTH-1", .pool = "auction", .node = "auction", .ref = "36445435468", .block = "an auction", .qty = 2 }, T0);
	see(w, (struct seen){ .sku = "LOT-1", .pool = "auction", .node = "auction", .ref = "36445435469", .block = "an auction", .qty = 2 }, T0);
	for (size_t i = 0; i < sizeof known_cases / sizeof *known_cases; i++) {
		const struct known_case *c = &known_cases[i];
		bool known = !c->known;

		OKAY(w, offer_is_known(w->s, w->walmart, "", c->sku, c->shown, T0 + c->after_ms, &known, &w->err));
		if (known != c->known)
			fail_msg("%s", c->why);
	}
	world_free(w);
}

/* ---- a job that is put off ---- */

static void a_newer_decision_does_not_wait_for_the_older(void **state)
{
	struct world world = world_new(), *w = &world;
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = w->walmart, .verb = VERB_STOCK, .lane = LANE_INCREASE, .subject = "offer:1", .payload = &payload, .ver = 1, .due_ms = T0 };
	struct job due[4];
	int64_t id;
	int n;

	(void)state;
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	OKAY(w, job_hold(w->s, id, T0 + HOUR, "changed too often", &w->err));
	OKAY(w, jobs_due(w->s, w->walmart, T0 + MINUTE, w->a, due, 4, &n, &w->err));
	assert_int_equal(n, 0);
	p.lane = LANE_ZERO;
	p.ver = 2;
	p.due_ms = T0 + MINUTE;
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	OKAY(w, jobs_due(w->s, w->walmart, T0 + MINUTE, w->a, due, 4, &n, &w->err));
	assert_int_equal(n, 1);
	assert_int_equal(due[0].lane, LANE_ZERO);
	world_free(w);
}

/* ---- a zero that a person typed ---- */

static int64_t intent(struct world *w, const char *typed)
{
	static const char sql[] = "INSERT INTO intent (asker, kind, account_id, subject, payload, digest, typed, state, actor, why, made_ms, trace) "
				  "VALUES (?1, 'push', ?2, '', '', '', ?1, 'filed', 'test', '', ?3, 't') RETURNING id";
	int64_t id;

	OKAY(w, RUN_ID(w->s, &w->err, &id, sql, V(typed), V(w->walmart), V(T0)));
	return id;
}

static bool says_typed(struct world *w, int64_t of)
{
	int64_t offer = world_int(w, "SELECT id FROM offer"), id;
	struct job j;

	OKAY(w, offer_say(w->s, offer, true, of, &w->why, &id, &w->err));
	assert_true(id);
	OKAY(w, job_get(w->s, id, w->a, &j, &w->err));
	return fields_int(&j.payload, "zero_typed", 0) == 1;
}

static void only_what_was_typed_says_so(void **state)
{
	struct world world = world_new(), *w = &world;
	int64_t item;

	(void)state;
	OKAY(w, RUN_ID(w->s, &w->err, &item, "INSERT INTO item (sku, title, made_ms) VALUES ('CW-0412', '', ?1) RETURNING id", V(T0)));
	see(w, (struct seen){ .sku = "CW-0412", .pool = "own", .ref = "36445435465", .block = "", .qty = 41 }, T0);
	OKAY(w, RUN(w->s, &w->err, "UPDATE offer SET target = 0, item_id = ?1", V(item)));
	assert_false(says_typed(w, 0));
	assert_false(says_typed(w, intent(w, "")));
	assert_true(says_typed(w, intent(w, "push 1 offer walmart-us")));
	OKAY(w, RUN(w->s, &w->err, "UPDATE offer SET target = ?1", V(3)));
	assert_false(says_typed(w, intent(w, "push 1 offer walmart-us again")));
	world_free(w);
}

/* ---- a zero that waited for somebody's word ---- */

struct waiting_case {
	const char *why;
	enum lane lane;
	int64_t target, ver;
	bool attempted, again;
};

static const struct waiting_case waiting_cases[] = {
	{ "a zero that could not be asked goes", LANE_ZERO, 0, 1, false, true },
	{ "one that they refused themselves does not", LANE_ZERO, 0, 1, true, false },
	{ "one that is not wanted any more does not", LANE_ZERO, 7, 1, false, false },
	{ "nor one that a newer decision replaced", LANE_ZERO, 0, 2, false, false },
	{ "nor what is no zero", LANE_INCREASE, 0, 1, false, false },
};

static int64_t failed(struct world *w, const struct waiting_case *c)
{
	struct fields payload = fields_new(w->a);
	int64_t offer, id;
	struct job_plan p = { .account = w->walmart, .verb = VERB_STOCK, .lane = c->lane, .payload = &payload, .ver = 1, .due_ms = T0 };
	struct attempt attempt = { .account = w->walmart, .verb = "stock", .op = "x", .method = "PUT", .url = "https://x", .credential = "c",
		                   .correlation = "c", .trace = "t", .writes = true, .opened_ms = T0 };

	see(w, (struct seen){ .sku = c->why, .pool = "own", .ref = "1", .block = "", .qty = 41 }, T0);
	OKAY(w, GET_INT(w->s, &w->err, 0, &offer, "SELECT id FROM offer WHERE sku = ?1", V(c->why)));
	OKAY(w, RUN(w->s, &w->err, "UPDATE offer SET target = ?1, ver = ?2 WHERE id = ?3", V(c->target), V(c->ver), V(offer)));
	p.subject = arena_printf(w->a, "offer:%" PRId64, offer);
	p.subject_id = offer;
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	if (c->attempted) {
		int64_t n;

		OKAY(w, attempt_open(w->s, &attempt, 1, &id, 1, &n, &w->err));
		OKAY(w, job_inflight(w->s, id, n, &w->why, &w->err));
	}
	OKAY(w, job_fail(w->s, id, FAULT_REFUSED, "no", &w->why, &w->err));
	return id;
}

static void what_waited_for_a_word_goes_with_it(void **state)
{
	struct world world = world_new(), *w = &world;
	int64_t id[sizeof waiting_cases / sizeof *waiting_cases];

	(void)state;
	for (size_t i = 0; i < sizeof id / sizeof *id; i++)
		id[i] = failed(w, &waiting_cases[i]);
	OKAY(w, zeros_again(w->s, w->walmart, &w->why, &w->err));
	for (size_t i = 0; i < sizeof id / sizeof *id; i++) {
		struct job j;

		OKAY(w, job_get(w->s, id[i], w->a, &j, &w->err));
		if (!strcmp(j.state, "waiting") != waiting_cases[i].again)
			fail_msg("%s: it is %s", waiting_cases[i].why, j.state);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_day_is_counted),
		cmocka_unit_test(the_last_changes_are_kept_for_decreases),
		cmocka_unit_test(a_row_is_read_or_named),
		cmocka_unit_test(what_is_known_is_not_asked_for),
		cmocka_unit_test(a_newer_decision_does_not_wait_for_the_older),
		cmocka_unit_test(only_what_was_typed_says_so),
		cmocka_unit_test(what_waited_for_a_word_goes_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
