/* Feeds of ours: gathered, handed in, in doubt, and what became of each item. */
#include "trade_world.h"

#include "trade/aim.h"
#include "trade/doubts.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"

enum { OFFERS = 4, SETTLE = 4 * 3600 * 1000 };

/* Four offers of Walmart's with a quantity to say each: 1 a zero, 2 a decrease, 3 and 4 increases. */
static struct world with_jobs(void)
{
	static const int target[OFFERS] = { 0, 5, 30, 40 };
	struct world w = world_new();

	for (int i = 0; i < OFFERS; i++) {
		const char *sku = arena_printf(w.a, "SKU-%d", i + 1);
		struct count c = { .sku = sku, .title = "Box", .qty = 50, .valid_ms = T0 - HOUR };
		struct seen s = { .sku = sku, .pool = "own", .qty = 20 };
		int64_t job;

		OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
		OKAY(&w, offers_seen(w.s, w.walmart, &s, 1, T0, &w.why, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE offer SET target = %d, ver = 1 WHERE id = %d", target[i], i + 1)));
		OKAY(&w, offer_say(w.s, i + 1, false, 0, &w.why, &job, &w.err));
	}
	return w;
}

/* All four in one feed, handed in. */
static int64_t gathered(struct world *w)
{
	struct job job[8];
	struct bulk b;
	int64_t feed, items;
	int n;

	OKAY(w, bulk_begin(w->s, w->walmart, "", "for the test", &w->why, &feed, &w->err));
	OKAY(w, bulk_get(w->s, feed, w->a, &b, &w->err));
	OKAY(w, bulk_candidates(w->s, &b, 0, T0, w->a, job, 8, &n, &w->err));
	assert_int_equal(n, OFFERS);
	for (int i = 0; i < n; i++)
		OKAY(w, bulk_add(w->s, feed, &job[i], &w->why, &w->err));
	OKAY(w, bulk_close(w->s, feed, &w->why, &items, &w->err));
	assert_int_equal(items, OFFERS);
	return feed;
}

static int64_t taken(struct world *w)
{
	int64_t feed = gathered(w);
	bool more = true;

	OKAY(w, bulk_taken(w->s, feed, "F-1", &w->why, &w->err));
	while (more)
		OKAY(w, bulks_mark(w->s, w->walmart, SETTLE, 3, &w->why, &more, &w->err));
	return feed;
}

static const char *jobs(struct world *w)
{
	return world_text(w, "SELECT group_concat(state, ' ') FROM (SELECT state FROM job WHERE verb = 'stock' ORDER BY id)");
}

static const char *state_of(struct world *w)
{
	return world_text(w, "SELECT state FROM feed");
}

static void one_write_of_a_listing_is_under_way(void **state)
{
	struct world w = with_jobs();
	struct job due[16];
	struct fields payload = fields_new(w.a);
	int64_t feed, job;
	int n;

	(void)state;
	feed = gathered(&w);
	assert_string_equal(jobs(&w), "inflight inflight inflight inflight");
	assert_string_equal(world_text(&w, "SELECT route || ': ' || route_why FROM job WHERE id = 1"), "feed: for the test");
	OKAY(&w, bulk_payload(w.s, feed, &payload, &w.err));
	assert_string_equal(fields_each(&payload, "item", 1), "2:5:::SKU-2");
	/* a newer quantity of the second waits until somebody has answered */
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET target = 3, ver = 2 WHERE id = 2"));
	OKAY(&w, offer_say(w.s, 2, false, 0, &w.why, &job, &w.err));
	OKAY(&w, jobs_due(w.s, w.walmart, T0, w.a, due, 16, &n, &w.err));
	assert_int_equal(n, 0);
	/* a restart leaves them to their feed */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE state = 'inflight'"), 4);
	world_free(&w);
}

static void what_they_took_settles_and_is_proved_by_a_read(void **state)
{
	struct world w = with_jobs();
	struct seen s = { .sku = "SKU-1", .pool = "own", .qty = 0 };

	(void)state;
	taken(&w);
	assert_string_equal(jobs(&w), "sent sent sent sent");
	assert_string_equal(state_of(&w), "working");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE push_state = 'SETTLING' AND push_route = 'feed'"), 4);
	assert_int_equal(world_int(&w, "SELECT settle_ms FROM offer WHERE id = 1"), T0 + SETTLE);
	w.why.now_ms = T0 + HOUR;
	OKAY(&w, offers_seen(w.s, w.walmart, &s, 1, T0 + HOUR, &w.why, &w.err));
	assert_string_equal(world_text(&w, "SELECT push_state FROM offer WHERE id = 1"), "APPLIED");
	assert_int_equal(world_int(&w, "SELECT n FROM latency WHERE what = 'seen' AND route = 'feed'"), 1);
	world_free(&w);
}

/* EI controllers/inventory.py: one stamp for all hid the part that failed. Here each item has its verdict. */
static void t6_each_item_has_a_verdict_of_its_own(void **state)
{
	struct world w = with_jobs();
	int64_t feed = taken(&w), open;
	struct news n = news_new(w.a);

	(void)state;
	*news_item(&n) = (struct item_told){ .sku = "SKU-1" };
	*news_item(&n) = (struct item_told){ .sku = "SKU-2", .fault = FAULT_REFUSED, .text = "no such SKU" };
	*news_item(&n) = (struct item_told){ .sku = "SKU-3", .fault = FAULT_REMOTE, .text = "SYSTEM_ERROR" };
	*news_item(&n) = (struct item_told){ .sku = "SKU-4", .waiting = true };
	OKAY(&w, bulk_told(w.s, feed, &n, true, &w.why, &open, &w.err));
	assert_int_equal(open, 1);
	assert_string_equal(state_of(&w), "working"); /* not done: one has no verdict */
	assert_string_equal(jobs(&w), "sent failed waiting sent");
	assert_string_equal(world_text(&w, "SELECT text FROM job WHERE id = 2"), "no such SKU");
	assert_int_equal(world_int(&w, "SELECT feed_id IS NULL FROM job WHERE id = 3"), 1);
	n.items = 0;
	*news_item(&n) = (struct item_told){ .sku = "SKU-4" };
	OKAY(&w, bulk_told(w.s, feed, &n, true, &w.why, &open, &w.err));
	assert_int_equal(open, 0);
	assert_string_equal(state_of(&w), "ended");
	assert_string_equal(world_text(&w, "SELECT good || ' ' || bad || ' ' || again FROM feed"), "2 1 1");
	OKAY(&w, bulk_told(w.s, feed, &n, true, &w.why, &open, &w.err)); /* told again: nothing more happens */
	assert_string_equal(world_text(&w, "SELECT good || ' ' || bad || ' ' || again FROM feed"), "2 1 1");
	world_free(&w);
}

/* What takes it off sale was refused: that is no mere row of a list. The next quantity that they take of it, whatever it is, ends it. */
static void a_zero_that_is_refused_is_told(void **state)
{
	static const char open[] = "SELECT group_concat(kind || ' ' || key || ' ' || subject || ': ' || text) FROM alert WHERE closed_ms = 0";
	struct world w = with_jobs();
	int64_t feed = taken(&w), left, job;
	struct news n = news_new(w.a);

	(void)state;
	*news_item(&n) = (struct item_told){ .sku = "SKU-1", .fault = FAULT_REFUSED, .text = "no such SKU" };
	*news_item(&n) = (struct item_told){ .sku = "SKU-2", .fault = FAULT_REFUSED, .text = "no such SKU" };
	OKAY(&w, bulk_told(w.s, feed, &n, true, &w.why, &left, &w.err));
	assert_string_equal(world_text(&w, open), "zero zero 1 offer:1 SKU-1: walmart-us: no such SKU");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET ver = 2 WHERE id = 1"));
	OKAY(&w, offer_say(w.s, 1, true, 0, &w.why, &job, &w.err));
	OKAY(&w, offer_accepted(w.s, 1, 0, 2, SETTLE, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 0);
	world_free(&w);
}

static struct feed theirs(const char *id, int64_t made_ms, int64_t items, const char *name)
{
	return (struct feed){ .id = id, .type = "MP_INVENTORY", .state = "INPROGRESS", .made_ms = made_ms, .items = items, .name = name };
}

struct doubt_case {
	const char *why;
	struct feed list[2];
	int n;
	int64_t read_after_ms;
	bool whole;
	const char *state, *jobs;
};

#define STILL "inflight inflight inflight inflight"
#define BACK "waiting waiting waiting waiting"

static const struct doubt_case doubts[] = {
	{ "theirs of that time and size is ours", { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0 + 1000, .items = 4 } }, 1, 5000, true, "taking", STILL },
	{ "by its name, whatever its size says so far", { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .name = "quantities-1.json" } }, 1, 5000, true, "taking", STILL },
	{ "the name of another of ours", { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .items = 4, .name = "quantities-9.json" } }, 1, 5000, true, "unsure", STILL },
	{ "of another size", { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .items = 9 } }, 1, 5000, true, "unsure", STILL },
	{ "of an hour before", { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0 - HOUR, .items = 4 } }, 1, 5000, true, "unsure", STILL },
	{ "of another type", { { .id = "F-7", .type = "item", .made_ms = T0, .items = 4 } }, 1, 5000, true, "unsure", STILL },
	{ "two that fit: nobody can tell, so nothing is concluded",
	  { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .items = 4 }, { .id = "F-8", .type = "MP_INVENTORY", .made_ms = T0, .items = 4 } }, 2, HOUR, true, "unsure", STILL },
	{ "one for another marketplace: it was never taken",
	  { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .marketplace = "CA" } }, 1, HOUR, true, "dropped", BACK },
	{ "two of that time, one of them for its marketplace",
	  { { .id = "F-7", .type = "MP_INVENTORY", .made_ms = T0, .marketplace = "CA" }, { .id = "F-8", .type = "MP_INVENTORY", .made_ms = T0, .marketplace = "US" } }, 2, HOUR, true, "taking", STILL },
	{ "not there, but read too early", { { 0 } }, 0, 9 * 60000, true, "unsure", STILL },
	{ "not there, and read late enough: it was never taken", { { 0 } }, 0, 11 * 60000, true, "dropped", BACK },
	{ "not there, but the list does not reach back", { { .id = "F-9", .type = "MP_INVENTORY", .made_ms = T0 + HOUR } }, 1, 11 * 60000, false, "unsure", STILL },
};

/* Never handed in again on a mere "unknown". */
static void in_doubt_it_is_looked_for_in_their_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
		const struct doubt_case *d = &doubts[i];
		struct world w = with_jobs();
		int64_t feed = gathered(&w);
		int found;

		OKAY(&w, bulk_unsure(w.s, feed, T0, &w.why, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE feed SET marketplace = 'US'"));
		w.why.now_ms = T0 + d->read_after_ms;
		OKAY(&w, bulks_match(w.s, w.walmart, "MP_INV", 10 * MINUTE, d->list, d->n, d->whole, T0 + d->read_after_ms, &w.why, &found, &w.err));
		if (strcmp(state_of(&w), d->state) || strcmp(jobs(&w), d->jobs))
			fail_msg("%s: %s, %s", d->why, state_of(&w), jobs(&w));
		world_free(&w);
	}
}

/* ---- what its offers tell of a feed in doubt: it says 0, 5, 30 and 40 where 20 stood; it must show after four hours ---- */

struct reading_case {
	const char *why;
	int minutes, qty; /* the third offer's reading, begun so long after it was handed in; qty -1: not read */
	bool newer;       /* a newer quantity of it went by itself */
	bool anyway;
	const char *job, *result; /* the third's */
	bool anew;
};

static const struct reading_case readings[] = {
	{ "not read yet: nothing is concluded", 0, -1, false, false, "inflight", "", false },
	{ "it shows: they took it, however early", 5, 30, false, false, "sent", "taken", false },
	{ "it does not show, but it need not yet", 239, 20, false, false, "inflight", "", false },
	{ "it does not show, and must: decided again", 241, 20, false, false, "superseded", "again", true },
	{ "neither what was nor what we said: decided again", 241, 17, false, false, "superseded", "again", true },
	{ "it shows when it must: they took it", 241, 30, false, false, "sent", "taken", false },
	{ "a newer one went by itself: nothing is left to decide", 241, 20, true, false, "superseded", "again", false },
	{ "it cannot be read for hours: decided again without that", 0, -1, false, true, "superseded", "again", true },
};

static void read_third(struct world *w, int minutes, int qty)
{
	struct seen s = { .sku = "SKU-3", .pool = "own", .qty = qty };

	w->why.now_ms = T0 + (minutes ? minutes : 360) * (int64_t)MINUTE;
	if (qty >= 0)
		OKAY(w, offers_seen(w->s, w->walmart, &s, 1, w->why.now_ms, &w->why, &w->err));
}

static void what_nobody_knows_of_a_feed_is_read_from_its_offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		const struct reading_case *c = &readings[i];
		struct world w = with_jobs();
		int64_t feed = gathered(&w), offers[8], left;
		struct doubt_rule rule = { .sent_ms = T0, .since_ms = T0 + SETTLE, .settle_ms = SETTLE, .anyway = c->anyway };
		const char *told;
		int got;

		OKAY(&w, bulk_unsure(w.s, feed, T0, &w.why, &w.err));
		if (c->newer)
			OKAY(&w, job_supersede(w.s, 3, "newer", &w.why, &w.err));
		read_third(&w, c->minutes, c->qty);
		OKAY(&w, doubt_decide(w.s, feed, &rule, 8, &w.why, offers, &got, &left, &w.err));
		told = world_text(&w, "SELECT j.state || ' ' || i.result || ' ' || o.ver FROM job j JOIN feed_item i ON i.job_id = j.id JOIN offer o ON o.id = i.offer_id WHERE j.id = 3");
		if (strcmp(told, arena_printf(w.a, "%s %s %d", c->job, c->result, 1 + c->anew)))
			fail_msg("%s: %s", c->why, told);
		if ((got > 0 && offers[c->anyway ? 2 : 0] == 3) != c->anew)
			fail_msg("%s: %d are decided again", c->why, got);
		world_free(&w);
	}
}

/* A zero that shows, a decrease that does not, and the others: when each has its verdict the feed is over, and says what nobody knows. */
static void a_feed_in_doubt_ends_unknown(void **state)
{
	struct world w = with_jobs();
	struct doubt_rule rule = { .sent_ms = T0, .since_ms = T0 + SETTLE, .settle_ms = SETTLE };
	struct seen s[] = { { .sku = "SKU-1", .pool = "own", .qty = 0 }, { .sku = "SKU-2", .pool = "own", .qty = 20 }, { .sku = "SKU-3", .pool = "own", .qty = 30 },
		            { .sku = "SKU-4", .pool = "own", .qty = 40 } };
	int64_t feed = gathered(&w), offers[8], left, job;
	struct unread u[8];
	struct bulk *b;
	int got, n;

	(void)state;
	OKAY(&w, bulk_unsure(w.s, feed, T0, &w.why, &w.err));
	w.why.now_ms = T0 + SETTLE + MINUTE;
	OKAY(&w, doubt_unread(w.s, feed, "", T0 + SETTLE, 8, u, &got, &w.err));
	assert_int_equal(got, 4);
	OKAY(&w, offers_seen(w.s, w.walmart, s, 4, w.why.now_ms, &w.why, &w.err));
	OKAY(&w, doubt_unread(w.s, feed, "", T0 + SETTLE, 8, u, &got, &w.err));
	assert_int_equal(got, 0);
	OKAY(&w, doubt_decide(w.s, feed, &rule, 8, &w.why, offers, &got, &left, &w.err));
	assert_int_equal(left, 0);
	assert_int_equal(got, 1);
	assert_string_equal(jobs(&w), "sent superseded sent sent");
	assert_string_equal(world_text(&w, "SELECT state || ': ' || text FROM feed"), "unknown: nobody learnt whether they took it: 3 of its offers show it, 1 went by themselves");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET target = 7 WHERE id = 2")); /* what is said is the quantity of now */
	OKAY(&w, offer_say(w.s, 2, true, 0, &w.why, &job, &w.err));
	assert_string_equal(world_text(&w, "SELECT state || ' ' || ver || ' ' || (payload LIKE '%qty=7%') FROM job WHERE id = 5"), "waiting 2 1");
	/* said, shown, and then the old feed comes: found in one more look */
	w.why.now_ms += MINUTE;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET pushed = 7, pushed_ms = 1, settle_ms = 2, push_state = 'APPLIED' WHERE id = 2"));
	OKAY(&w, doubts_unlooked(w.s, w.walmart, w.why.now_ms - SETTLE, w.a, &b, &n, &w.err));
	assert_int_equal(n, 0); /* not yet */
	w.why.now_ms += SETTLE;
	OKAY(&w, doubts_unlooked(w.s, w.walmart, w.why.now_ms - SETTLE, w.a, &b, &n, &w.err));
	assert_int_equal(n, 1);
	s[1].qty = 5;
	OKAY(&w, offers_seen(w.s, w.walmart, &s[1], 1, w.why.now_ms, &w.why, &w.err));
	OKAY(&w, doubt_came_late(w.s, feed, 8, offers, &got, &w.err));
	assert_int_equal(got, 1);
	assert_int_equal(offers[0], 2);
	assert_int_equal(world_int(&w, "SELECT ver FROM offer WHERE id = 2"), 3);
	OKAY(&w, doubt_came_late(w.s, feed, 8, offers, &got, &w.err));
	assert_int_equal(got, 0); /* once */
	OKAY(&w, doubt_looked(w.s, feed, &w.why, &w.err));
	OKAY(&w, doubts_unlooked(w.s, w.walmart, INT64_MAX, w.a, &b, &n, &w.err));
	assert_int_equal(n, 0);
	world_free(&w);
}

static void a_feed_of_ours_is_nobody_elses(void **state)
{
	struct world w = with_jobs();
	struct feed list = theirs("F-1", T0, 4, NULL);
	int64_t first = taken(&w), second;
	int found;

	(void)state;
	(void)first;
	OKAY(&w, bulk_begin(w.s, w.walmart, "", "another", &w.why, &second, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE feed SET items = 4, state = 'sending' WHERE id = 2"));
	OKAY(&w, bulk_unsure(w.s, second, T0, &w.why, &w.err));
	OKAY(&w, bulks_match(w.s, w.walmart, "", 10 * MINUTE, &list, 1, true, T0 + 5000, &w.why, &found, &w.err));
	assert_int_equal(found, 0);
	world_free(&w);
}

/* While the feed hangs, zeros and decreases go another way; increases wait. */
static void the_second_path_is_for_what_is_urgent(void **state)
{
	struct world w = with_jobs();
	int64_t feed = taken(&w), offers[8], job;
	bool more;
	int got;

	(void)state;
	w.why.now_ms = T0 + 30 * MINUTE;
	OKAY(&w, bulk_second_path(w.s, feed, 8, &w.why, offers, &got, &more, &w.err));
	assert_int_equal(got, 2);
	assert_int_equal(offers[0], 1); /* the zero first */
	assert_int_equal(offers[1], 2);
	for (int i = 0; i < got; i++) {
		OKAY(&w, offer_say(w.s, offers[i], true, 0, &w.why, &job, &w.err));
		assert_true(job > OFFERS); /* a decision of its own, with the same quantity */
	}
	assert_string_equal(world_text(&w, "SELECT payload FROM job WHERE id = 5"), world_text(&w, "SELECT replace(payload, 'old=-1', 'old=0') FROM job WHERE id = 1"));
	assert_string_equal(world_text(&w, "SELECT payload FROM job WHERE id = 6"), world_text(&w, "SELECT replace(payload, 'old=-1', 'old=5') FROM job WHERE id = 2"));
	OKAY(&w, bulk_second_path(w.s, feed, 8, &w.why, offers, &got, &more, &w.err));
	assert_int_equal(got, 0); /* once */
	assert_true(world_int(&w, "SELECT second_ms FROM feed") > 0);
	world_free(&w);
}

/* ---- a newer quantity of the third was said while it was worked at ---- */

struct overtaken_case {
	const char *why, *more;
	bool dropped, over;
};

static const struct overtaken_case overtakens[] = {
	{ "nothing newer was said", "UPDATE offer SET target = 30, ver = 1, pushed = 30 WHERE id = 3", false, false },
	{ "it was replaced before it was seen", "UPDATE job SET state = 'superseded' WHERE id = 3", false, true },
	{ "a sale made what they show what it says, and so it was proved", "UPDATE job SET state = 'done' WHERE id = 3", false, true },
	{ "the same is said again", "UPDATE offer SET target = 30 WHERE id = 3", false, false },
	{ "decided, and not said yet", "UPDATE offer SET pushed_ms = 0 WHERE id = 3", false, false },
	{ "it ended, and nobody told what it did", "SELECT 1", true, true },
	{ "it went back before it was handed in", "UPDATE feed_item SET result = 'again', text = 'held at zero meanwhile' WHERE msg = 3", false, false },
};

static void what_a_feed_may_have_written_over_is_said_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof overtakens / sizeof *overtakens; i++) {
		const struct overtaken_case *c = &overtakens[i];
		struct world w = with_jobs();
		int64_t feed = taken(&w), offers[8];
		int got;

		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE offer SET target = 7, ver = 2, pushed = 7, pushed_ms = %" PRId64 " WHERE id = 3", T0 + HOUR)));
		OKAY(&w, store_exec(w.s, &w.err, c->more));
		if (c->dropped)
			OKAY(&w, bulk_drop(w.s, feed, "it ended as FATAL", &w.why, &w.err));
		else
			OKAY(&w, store_exec(w.s, &w.err, "UPDATE feed_item SET result = 'taken' WHERE result = ''"));
		OKAY(&w, bulk_overtaken(w.s, feed, 8, offers, &got, &w.err));
		if (got != c->over || (got && offers[0] != 3))
			fail_msg("%s: %d are said again", c->why, got);
		if (c->over && world_int(&w, "SELECT ver FROM offer WHERE id = 3") != 3)
			fail_msg("%s: it is not decided anew", c->why);
		world_free(&w);
	}
}

static void a_dropped_feed_gives_everything_back(void **state)
{
	struct world w = with_jobs();
	int64_t feed = gathered(&w), items, empty;

	(void)state;
	OKAY(&w, bulk_drop(w.s, feed, "ROLE_MISSING: feeds", &w.why, &w.err));
	assert_string_equal(jobs(&w), BACK);
	assert_string_equal(state_of(&w), "dropped");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE feed_id IS NOT NULL"), 0);
	OKAY(&w, bulk_begin(w.s, w.amazon, "", "nothing waits", &w.why, &empty, &w.err));
	OKAY(&w, bulk_close(w.s, empty, &w.why, &items, &w.err));
	assert_int_equal(items, 0);
	world_refuses(&w, "DELETE FROM feed", "a feed is never deleted");
	world_free(&w);
}

static void the_usual_time_is_the_middle_one(void **state)
{
	struct world w = world_new();
	int64_t usual;

	(void)state;
	OKAY(&w, bulk_usual_ms(w.s, w.walmart, &usual, &w.err));
	assert_int_equal(usual, 0);
	for (int i = 1; i <= 5; i++)
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "INSERT INTO feed (account_id, state, why, made_ms, sent_ms, ended_ms) VALUES (1, 'ended', '', 1, 1000, %d)",
		                                              1000 + i * i * 1000)));
	OKAY(&w, bulk_usual_ms(w.s, w.walmart, &usual, &w.err));
	assert_int_equal(usual, 9000);
	world_free(&w);
}

static void what_waits_is_counted_by_marketplace(void **state)
{
	struct world w = with_jobs();
	struct pending p[4];
	int n;

	(void)state;
	OKAY(&w, stock_pending(w.s, w.walmart, false, T0, p, 4, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(p[0].all, 4);
	assert_int_equal(p[0].urgent, 2);
	OKAY(&w, stock_pending(w.s, w.walmart, true, T0 - 1, p, 4, &n, &w.err));
	assert_int_equal(n, 0); /* not due yet */
	world_free(&w);
}

/* ---- held or stopped before it is handed in ---- */

/* A person's zero-out of these offers, and what came of it. */
static void zeroed(struct world *w, const char *offers, const char *more)
{
	static const char intent[] = "INSERT INTO intent (id, asker, kind, subject, payload, digest, typed, state, actor, why, made_ms, trace) "
				     "VALUES (9, 'a', 'zero', '', '', '', 'zero', 'done', 'jo', '', 1, 't')";

	OKAY(w, store_exec(w->s, &w->err, intent));
	OKAY(w, store_exec(w->s, &w->err, "INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms) VALUES (1, 'x', 'recall', 'jo', 9, 1)"));
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO zero_row (zero_id, offer_id) SELECT 1, id FROM offer WHERE id IN (%s)", offers)));
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE offer SET hold = 'zero-out Z-1: recall', target = 0 WHERE id IN (%s)", offers)));
	OKAY(w, store_exec(w->s, &w->err, more));
}

struct held_case {
	const char *why, *offers, *more, *jobs, *text;
	int64_t items;
};

static const struct held_case held_cases[] = {
	{ "nobody holds what is in it", "0", "SELECT 1", "inflight inflight inflight inflight", "", 4 },
	{ "a quantity of what is held meanwhile goes back, a zero goes", "1, 3", "SELECT 1", "inflight inflight waiting inflight", "held at zero meanwhile", 3 },
	{ "a zero of what was stopped goes back", "1", "UPDATE zero_out SET stopped_ms = 2", "waiting inflight inflight inflight", "its zero-out was stopped", 3 },
	{ "one that was lifted meanwhile is decided anew by itself", "1", "UPDATE zero_out SET stopped_ms = 2, lifted_ms = 3; UPDATE offer SET hold = ''", "inflight inflight inflight inflight", "", 4 },
	{ "out of step nothing is stopped", "1",
	  "UPDATE zero_out SET stopped_ms = 2; INSERT INTO zero_out (id, scope, reason, actor, rule, intent_id, made_ms) VALUES (2, 'x', 'y', 'rule', 'truth', 9, 1); "
	  "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms, zero_id) VALUES (1, 'truth', 'ZEROED', 1, 1, 1, 1, 2)",
	  "inflight inflight inflight inflight", "", 4 },
};

static void what_was_held_or_stopped_meanwhile_goes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof held_cases / sizeof *held_cases; i++) {
		const struct held_case *c = &held_cases[i];
		struct world w = with_jobs();
		int64_t feed = gathered(&w);
		struct fields payload = fields_new(w.a);
		bool some;

		zeroed(&w, c->offers, c->more);
		OKAY(&w, bulk_holds(w.s, feed, &some, &w.err));
		if (some != (c->items < OFFERS))
			fail_msg("%s: it has %s", c->why, some ? "some" : "none");
		OKAY(&w, bulk_release_held(w.s, feed, &w.why, &w.err));
		OKAY(&w, bulk_holds(w.s, feed, &some, &w.err));
		OKAY(&w, bulk_payload(w.s, feed, &payload, &w.err));
		if (some || strcmp(jobs(&w), c->jobs) || world_int(&w, "SELECT items FROM feed") != c->items || payload.n != c->items)
			fail_msg("%s: %s, %d items are said", c->why, jobs(&w), payload.n);
		if (strcmp(world_text(&w, "SELECT coalesce(max(text), '') FROM job WHERE verb = 'stock' AND state = 'waiting'"), c->text))
			fail_msg("%s: it says otherwise why", c->why);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_write_of_a_listing_is_under_way),
		cmocka_unit_test(what_they_took_settles_and_is_proved_by_a_read),
		cmocka_unit_test(t6_each_item_has_a_verdict_of_its_own),
		cmocka_unit_test(a_zero_that_is_refused_is_told),
		cmocka_unit_test(in_doubt_it_is_looked_for_in_their_list),
		cmocka_unit_test(what_nobody_knows_of_a_feed_is_read_from_its_offers),
		cmocka_unit_test(a_feed_in_doubt_ends_unknown),
		cmocka_unit_test(a_feed_of_ours_is_nobody_elses),
		cmocka_unit_test(the_second_path_is_for_what_is_urgent),
		cmocka_unit_test(what_a_feed_may_have_written_over_is_said_again),
		cmocka_unit_test(a_dropped_feed_gives_everything_back),
		cmocka_unit_test(what_was_held_or_stopped_meanwhile_goes_back),
		cmocka_unit_test(the_usual_time_is_the_middle_one),
		cmocka_unit_test(what_waits_is_counted_by_marketplace),
	};

	return cmocka_run_group_tests_name("feeds", tests, NULL, NULL);
}
