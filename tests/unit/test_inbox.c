/* What was not understood or refused: parked once, told in words, in exactly one of two queues, closed when it is understood. */
#include "trade_seal.h"
#include "trade_world.h"

#include "trade/inbox.h"
#include "trade/jobs.h"
#include "trade/remedy.h"
#include "trade/unlike.h"

static void park(struct world *w, enum verb verb, const char *class, const char *subject, const char *path, const char *fragment)
{
	struct parked p = { .class = class, .subject = subject, .path = path, .text = *path == '/' ? "a quantity is missing" : "missing", .fragment = fragment,
		            .fragment_n = fragment ? strlen(fragment) : 0 };

	OKAY(w, inbox_park(w->s, w->walmart, verb, &p, &seal, &w->why, &w->err));
}

static void the_same_piece_is_counted(void **state)
{
	struct world w = world_new();
	struct failure f;
	const char *bytes;
	size_t n;

	(void)state;
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "list.order[3]", "{\"a\":1}");
	w.why.now_ms += MINUTE;
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "list.order[7]", NULL); /* told again elsewhere, without its bytes */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox"), 1);
	OKAY(&w, failure_get(w.s, false, 1, w.a, &f, &w.err));
	assert_true(f.count == 2 && f.first_ms == T0 && f.last_ms == T0 + MINUTE);
	assert_string_equal(f.path, "list.order[7]");
	assert_string_equal(f.effect, "this order is not in the queue; the rest of the reply is");
	OKAY(&w, body_get(w.s, f.body_id, &seal, w.a, &bytes, &n, &w.err)); /* not a byte of it is lost */
	assert_string_equal(bytes, "{\"a\":1}");
	world_refuses(&w, "DELETE FROM inbox", "loses nothing");
	world_free(&w);
}

static void what_it_means_is_said_of_what_it_is(void **state)
{
	static const struct {
		const char *why;
		enum verb verb;
		const char *class, *subject, *path, *effect, *says;
	} cases[] = {
		{ "an order that was never read", VERB_ORDERS, "SCHEMA", "P-1", "list.order[3].orderLines", "this order is not in the queue; the rest of the reply is", "orderLines: missing" },
		{ "one that is in the queue since it was read before", VERB_ORDER, "SCHEMA", "P-7", "order[0]", "what became of this order is not known; it stands in the queue as it was last read", "order[0]: missing" },
		{ "another account's of the same number says nothing of it", VERB_ORDERS, "SCHEMA", "P-8", "", "this order is not in the queue; the rest of the reply is", "missing" },
		{ "a count", VERB_COUNTS, "SCHEMA", "S-1", "rows[3]", "its last count stays in force; the rest of the reply is read", "rows[3]: missing" },
		{ "an offer", VERB_STOCK_LIST, "SCHEMA", "S-2", "", "what it shows is as it was last read; the rest of the reply is read", "missing" },
		{ "a word of an order, told in words that name it", VERB_ORDERS, "ENUM", "P-7", "/a", "shown as UNKNOWN with their own word; nothing is decided by it", "a quantity is missing" },
	};
	struct world w = world_new();

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 'P-7', 'NEW', 1, 1, 1, 1, 1), (2, 'P-8', 'NEW', 1, 1, 1, 1, 1)"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct failure f;

		park(&w, cases[i].verb, cases[i].class, cases[i].subject, cases[i].path, NULL);
		OKAY(&w, failure_get(w.s, false, (int64_t)i + 1, w.a, &f, &w.err));
		if (strcmp(f.effect, cases[i].effect) || strcmp(failure_says(&f, w.a), cases[i].says))
			fail_msg("%s: %s; %s", cases[i].why, f.effect, failure_says(&f, w.a));
	}
	world_free(&w);
}

static void nameless_pieces_are_told_apart_by_their_bytes(void **state)
{
	struct world w = world_new();

	(void)state;
	park(&w, VERB_ORDERS, "SCHEMA", "", "list.order[0]", "{\"a\":1}");
	park(&w, VERB_ORDERS, "SCHEMA", "", "list.order[0]", "{\"b\":2}"); /* another one at the same place: both are kept */
	park(&w, VERB_ORDERS, "SCHEMA", "", "list.order[4]", "{\"a\":1}"); /* the first one again */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox"), 2);
	assert_int_equal(world_int(&w, "SELECT max(count) FROM inbox"), 2);
	world_free(&w);
}

static void what_is_understood_closes_its_row(void **state)
{
	static const struct {
		const char *why;
		enum verb parked, understood;
		const char *class, *subject, *want;
	} cases[] = {
		{ "by the same list", VERB_ORDERS, VERB_ORDERS, "SCHEMA", "P-1", "understood" },
		{ "by a read of its own", VERB_ORDERS, VERB_ORDER, "SCHEMA", "P-1", "understood" },
		{ "a word that is known by now", VERB_ORDER, VERB_ORDERS, "ENUM", "P-1", "understood" },
		{ "another order's", VERB_ORDERS, VERB_ORDERS, "SCHEMA", "P-2", "parked" },
		{ "a list of offers says nothing about orders", VERB_ORDERS, VERB_STOCK_LIST, "SCHEMA", "P-1", "parked" },
		{ "an item they refused is mended by a person", VERB_FEED, VERB_FEED, "ITEM", "P-1", "parked" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		int64_t open;

		park(&w, cases[i].parked, cases[i].class, "P-1", "", NULL);
		OKAY(&w, inbox_understood(w.s, w.walmart, cases[i].understood, cases[i].subject, &w.why, &w.err));
		if (strcmp(world_text(&w, "SELECT state FROM inbox"), cases[i].want))
			fail_msg("%s: %s", cases[i].why, world_text(&w, "SELECT state FROM inbox"));
		OKAY(&w, counter_get(w.s, "inbox", &open, &w.err));
		assert_int_equal(open, strcmp(cases[i].want, "parked") == 0);
		park(&w, cases[i].parked, cases[i].class, "P-1", "", NULL); /* and when it comes again it is open again */
		assert_string_equal(world_text(&w, "SELECT state FROM inbox"), "parked");
		world_free(&w);
	}
}

static void what_a_person_archived_stays_archived(void **state)
{
	struct world w = world_new();

	(void)state;
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "", NULL);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE inbox SET state = 'archived'"));
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "", NULL);
	assert_string_equal(world_text(&w, "SELECT state FROM inbox"), "archived");
	world_free(&w);
}

/* What was found out of a piece holds until its bytes are others. */
static void a_piece_is_compared_once(void **state)
{
	static const struct json_difference found[] = {
		{ KEY_MISSING, "orderDate", "", "number" }, { KEY_NEW, "upgrade", "text", "" }, { TYPE_OTHER, "", "list", "object" }
	};
	struct world w = world_new();
	struct unlike u;
	struct unlike_due *due;
	int n;

	(void)state;
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "list.order[3]", "{\"a\":1}");
	OKAY(&w, unlike_due(w.s, 5, w.a, &due, &n, &w.err));
	assert_int_equal(n, 0); /* without the reply it came in there is nothing to compare */
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms) "
	                                 "VALUES (1, 1, 1, 'orders', 'o', 0, 'GET', 'u', 'c', 'x', 't', 1); UPDATE inbox SET attempt_id = 1"));
	OKAY(&w, unlike_due(w.s, 5, w.a, &due, &n, &w.err));
	assert_true(n == 1 && !strcmp(due->path, "list.order[3]"));
	OKAY(&w, unlike_get(w.s, 1, w.a, &u, &w.err));
	assert_string_equal(unlike_said(&u, 3, w.a), ""); /* not yet */
	OKAY(&w, unlike_put(w.s, 1, found, 3, "2 of the same reply", 1, &w.err));
	OKAY(&w, unlike_due(w.s, 5, w.a, &due, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, unlike_get(w.s, 1, w.a, &u, &w.err));
	assert_true(u.n == 3 && u.attempt == 1);
	assert_string_equal(unlike_said(&u, 9, w.a), "missing orderDate (was number); new upgrade (text); the whole: list, was object");
	assert_string_equal(unlike_said(&u, 1, w.a), "missing orderDate (was number); and 2 more");
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "list.order[4]", "{\"a\":1}");
	OKAY(&w, unlike_due(w.s, 5, w.a, &due, &n, &w.err));
	assert_int_equal(n, 0);
	park(&w, VERB_ORDERS, "SCHEMA", "P-1", "list.order[4]", "{\"a\":2}");
	OKAY(&w, unlike_due(w.s, 5, w.a, &due, &n, &w.err));
	assert_int_equal(n, 1);
	world_free(&w);
}

/* Every failure is the engine's or a person's, never both, never neither. */
static void each_failure_is_in_one_queue(void **state)
{
	static const struct {
		const char *why, *sql;
		bool shown, engine;
	} cases[] = {
		{ "refused: a person's", "UPDATE job SET state = 'failed', fault = 'REFUSED'", true, false },
		{ "unsure: a read decides", "UPDATE job SET state = 'inflight'; UPDATE job SET state = 'unsure'", true, true },
		{ "failing for the third time: tried again by itself", "UPDATE job SET fails = 3, fault = 'REMOTE'", true, true },
		{ "failed twice: nobody needs to look yet", "UPDATE job SET fails = 2, fault = 'REMOTE'", false, false },
		{ "done", "UPDATE job SET state = 'inflight'; UPDATE job SET state = 'done'", false, false },
		{ "superseded", "UPDATE job SET state = 'superseded'", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct job_plan p = { .account = w.walmart, .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "order:1", .due_ms = T0 + HOUR };
		struct failure *f;
		int64_t id;
		int n;

		OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, cases[i].sql));
		OKAY(&w, failures_page(w.s, NULL, 10, w.a, &f, &n, &w.err));
		if (n != cases[i].shown || (n && f->auto_retry != cases[i].engine))
			fail_msg("%s: %d rows", cases[i].why, n);
		if (n)
			assert_true(*f->class && *f->effect && *f->remedy);
		world_free(&w);
	}
}

static void poll_ends(struct world *w, int64_t job, enum fault fault)
{
	struct attempt t = { .account = w->walmart, .verb = "orders", .op = "test", .method = "GET", .url = "https://x/", .correlation = arena_printf(w->a, "c-%lld", (long long)w->why.now_ms),
		             .trace = "t-1", .opened_ms = w->why.now_ms, .fault = fault ? "REMOTE" : "", .text = "", .closed_ms = w->why.now_ms + 1 };

	OKAY(w, attempt_open(w->s, &t, 1, &job, 1, &t.id, &w->err));
	OKAY(w, job_inflight(w->s, job, t.id, &w->why, &w->err));
	OKAY(w, attempt_close(w->s, &t, &w->err));
	if (!fault)
		OKAY(w, job_done(w->s, job, "", &w->why, &w->err));
	OKAY(w, job_again(w->s, job, w->why.now_ms + MINUTE, fault, "", fault != OK, &w->why, &w->err));
	w->why.now_ms += MINUTE;
}

/* A poll is as old as its account; what a person is shown is this time. It is offered to be put away by nobody. */
static void a_poll_counts_since_it_was_well(void **state)
{
	struct world w = world_new();
	struct job_plan p = { .account = w.walmart, .verb = VERB_ORDERS, .lane = LANE_ORDERS, .repeats = true, .due_ms = T0 };
	struct failure *f;
	struct remedy *r;
	int64_t id;
	int n;

	(void)state;
	OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
	poll_ends(&w, id, FAULT_REMOTE);
	for (int i = 0; i < 20; i++)
		poll_ends(&w, id, OK);
	for (int i = 0; i < 3; i++)
		poll_ends(&w, id, FAULT_REMOTE);
	OKAY(&w, failures_page(w.s, NULL, 10, w.a, &f, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->first_ms, T0 + 21 * MINUTE);
	assert_string_equal(f->effect, "its newest orders are not known: no quantity is raised anywhere meanwhile");
	OKAY(&w, failure_remedies(w.s, f, w.why.now_ms, w.a, &r, &n, &w.err));
	assert_true(n == 2 && r[0].good && r[1].act == REMEDY_ARCHIVE && !r[1].good);
	world_free(&w);
}

/* Pages of any size give every row once, newest first. */
static void pages_lose_nothing(void **state)
{
	static const int sizes[] = { 1, 2, 3, 7, 100 };
	struct world w = world_new();
	int64_t id;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct job_plan p = { .account = w.walmart, .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = arena_printf(w.a, "order:%d", i) };

		w.why.now_ms = T0 + i / 3; /* several at the same moment, pieces and jobs with the same numbers */
		park(&w, VERB_ORDERS, "SCHEMA", arena_printf(w.a, "P-%d", i), "", NULL);
		OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
		OKAY(&w, job_fail(w.s, id, FAULT_REFUSED, "no", &w.why, &w.err));
	}
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		struct failure *page, last, *before = NULL;
		int n, seen = 0;

		do {
			OKAY(&w, failures_page(w.s, before, sizes[k], w.a, &page, &n, &w.err));
			for (int i = 0; i < n; i++, seen++) {
				if (before || i)
					assert_true(page[i].last_ms <= last.last_ms && (page[i].id != last.id || page[i].is_job != last.is_job));
				last = page[i];
			}
			before = &last;
		} while (n);
		assert_int_equal(seen, 40);
	}
	world_free(&w);
}

static void every_fault_has_its_words(void **state)
{
	static const char *const classes[] = { "SCHEMA", "ENUM", "ITEM", "FEED", "MAPPING", "FILE" };

	(void)state;
	for (int f = FAULT_NET; f < FAULTS; f++)
		if (!*fault_effect(fault_name((enum fault)f)) || !*fault_remedy(fault_name((enum fault)f)))
			fail_msg("%s has no words", fault_name((enum fault)f));
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		assert_true(*fault_effect(classes[i]) && *fault_remedy(classes[i]));
	assert_true(*fault_remedy("something new"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_piece_is_counted),
		cmocka_unit_test(what_it_means_is_said_of_what_it_is),
		cmocka_unit_test(nameless_pieces_are_told_apart_by_their_bytes),
		cmocka_unit_test(what_is_understood_closes_its_row),
		cmocka_unit_test(what_a_person_archived_stays_archived),
		cmocka_unit_test(a_piece_is_compared_once),
		cmocka_unit_test(each_failure_is_in_one_queue),
		cmocka_unit_test(a_poll_counts_since_it_was_well),
		cmocka_unit_test(pages_lose_nothing),
		cmocka_unit_test(every_fault_has_its_words),
	};

	return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
