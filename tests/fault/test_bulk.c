/*
 * test_bulk.c: quantities by feed, end to end: the engine decides, hands in, asks after and proves; the simulated marketplaces work at it late, refuse
 * some of it, lose the answer, or never come to an end. After each the same judge is asked as after any simulated day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/steps.h"
#include "trade/remedy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SKUS = 24, FEW = 4 };

static const char by_feed[] = "[account walmart-us]\nbulk_over = 3\n[account amazon-na]\nbulk_over = 3\n";

/* Nobody buys; what there was to say at the start was said, and shows. */
static struct day *open_quiet(uint64_t seed)
{
	struct day_plan p = { .seed = seed, .skus = SKUS, .prompt = true, .idle = true, .settle_pct = 100, .config = by_feed };
	struct day *d = day_open(&p);

	day_no_buyers(d);
	run(d, 2 * HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state <> 'ended'"), 0);
	return d;
}

static void finish(struct day *d)
{
	const char *why = day_verdict(d);

	if (why)
		fail_msg("%s", why);
	day_close(d);
}

/* There are `by` more (fewer) of products from..to-1 than there were, and the warehouse says so; qty -1. Or qty of each. */
static void recount(struct day *d, int from, int to, int by, int qty)
{
	struct world *w = d->sandbox->world;

	for (int i = from; i < to && i < w->products; i++)
		depot_count(w, i, DEPOT_FILE, qty >= 0 ? qty : w->product[i].at[DEPOT_FILE] + by);
	day_count_shelf(d);
}

#define INT(d, ...) day_int(d, arena_printf((d)->arena, __VA_ARGS__))
#define TEXT(d, ...) day_text(d, arena_printf((d)->arena, __VA_ARGS__))

static const char *sku_of(struct day *d, int product)
{
	return world_str(d->sandbox->world, d->sandbox->world->product[product].sku);
}

static struct listing *listing_of(struct day *d, int product, enum place place)
{
	int at = d->sandbox->world->product[product].listing[place];

	assert_true(at >= 0);
	return &d->sandbox->world->listing[at];
}

/* One that is sold on Walmart and on Amazon. */
static int a_product(struct day *d)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[WALMART_MAIN] >= 0 && w->product[i].listing[AMAZON_US] >= 0)
			return i;
	fail_msg("nothing is sold on both");
	return -1;
}

/* The feed of an account that was begun last. */
static int64_t last_feed(struct day *d, const char *account)
{
	return INT(d, "SELECT max(b.id) FROM feed b JOIN account c ON c.id = b.account_id WHERE c.name = '%s' AND b.items > 0", account);
}

static const char *feed_state_of(struct day *d, int64_t feed)
{
	return TEXT(d, "SELECT state FROM feed WHERE id = %" PRId64, feed);
}

/* ---- as it should be ---- */

static void many_changes_go_by_feed_and_each_is_proved(void **state)
{
	struct day *d = open_quiet(11);
	int64_t walmart, amazon, wrote = day_count(d, "writes_push");

	(void)state;
	assert_int_equal(day_count(d, "writes_feed"), 4); /* what stood there at the start: Walmart, and Amazon in three marketplaces */
	recount(d, 0, SKUS, 200, -1);
	run(d, 2 * HOUR);
	walmart = last_feed(d, "walmart-us");
	amazon = last_feed(d, "amazon-na");
	assert_string_equal(feed_state_of(d, walmart), "ended");
	assert_string_equal(feed_state_of(d, amazon), "ended");
	assert_int_equal(day_count(d, "writes_push"), wrote); /* not one by itself */
	assert_true(INT(d, "SELECT good FROM feed WHERE id = %" PRId64, walmart) > 3);
	assert_string_equal(TEXT(d, "SELECT DISTINCT state || ' ' || route || ': ' || route_why FROM job WHERE feed_id = %" PRId64, walmart),
	                    TEXT(d, "SELECT 'done feed: ' || items || ' wait, bulk_over is 3: a feed' FROM feed WHERE id = %" PRId64, walmart));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND (push_state <> 'APPLIED' OR seen <> target)"), 0);
	assert_true(day_int(d, "SELECT sum(n) FROM latency WHERE route = 'feed' AND what = 'seen'") > SKUS);
	finish(d);
}

/* The decision of the planner: zeros and decreases to a few do not wait for a window, nor for the others. */
/* The address of a verdict lives for five minutes; told to wait for longer, it is asked for once more, and no person has to. */
static void an_address_that_has_expired_is_asked_for_anew(void **state)
{
	struct day *d = open_quiet(17);

	(void)state;
	day_fault(d, "channel=amazon op=feeds kind=error status=503 rate=0.7 for=3h"); /* or it would be fetched at once */
	recount(d, 0, SKUS, 200, -1);
	for (int64_t until = d->now_ms + 2 * HOUR; !day_int(d, "SELECT count(*) FROM job WHERE verb = 'bulk-result' AND state = 'waiting'");) {
		if (d->now_ms >= until)
			fail_msg("%s", day_text(d, "SELECT group_concat(verb || ' ' || state || ' ' || text, '; ') FROM job WHERE verb LIKE 'bulk%'"));
		run(d, SECOND);
	}
	day_night(d, d->now_ms + 10 * MINUTE, NULL);
	run(d, 3 * HOUR);
	assert_true(day_int(d, "SELECT count(*) FROM job WHERE verb = 'bulk-result' AND state = 'superseded' AND text LIKE '%has expired: it is asked for anew'") > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'failed'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state <> 'ended'"), 0);
	finish(d);
}

static void zeros_do_not_wait_for_the_feed(void **state)
{
	struct day *d = open_quiet(12);
	int64_t from_ms = d->now_ms;
	int p = a_product(d);

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	recount(d, p, p + 1, 0, 0);
	run(d, 30 * SECOND);
	assert_int_equal(INT(d, "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id WHERE i.sku = '%s' AND f.pool = 'own' AND f.pushed <> 0", sku_of(d, p)), 0);
	assert_true(INT(d,
	                "SELECT max(a.opened_ms - m.known_ms) FROM attempt a JOIN attempt_job x ON x.attempt_id = a.id JOIN job j ON j.id = x.job_id JOIN move m ON m.known_ms >= %" PRId64
	                " WHERE j.verb = 'stock' AND j.lane = 0 AND a.opened_ms >= %" PRId64, from_ms, from_ms) <= 2 * SECOND);
	assert_int_equal(INT(d, "SELECT count(*) FROM job j JOIN offer f ON f.id = j.subject_id JOIN item i ON i.id = f.item_id WHERE i.sku = '%s' AND j.verb = 'stock' "
	                        "AND j.made_ms >= %" PRId64 " AND j.route <> 'single'", sku_of(d, p), from_ms), 0);
	run(d, 2 * HOUR);
	finish(d);
}

/* ---- held while it waits ---- */

/* All quantities above nothing that a place was told of one product since then, by its ledger. */
static int told(const struct day *d, enum place place, int product, int64_t since_ms)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++) {
		const struct effect *e = &w->effect[i];

		n += e->kind == EFFECT_PUSH && e->qty > 0 && e->at_ms >= since_ms && e->place == (int)place &&
		     !strcmp(world_str(w, e->subject), world_str(w, w->product[product].sku));
	}
	return n;
}

enum { ALL = 7 };

struct waiting_case {
	const char *why, *channel, *verb; /* the call that waits for its turn */
	const char *mishap[2];            /* why it waits: from the beginning, and from when the call before it is under way */
	const char *before;               /* NULL: none is waited for */
	bool all;                         /* all that is in it is taken off sale, not one product */
};

static const struct waiting_case waiting_cases[] = {
	{ "a feed that is one call", "walmart", "bulk", { "channel=walmart op=orders,order,stock,feeds,pool kind=slow delay=40s for=3m" }, NULL, false }, /* no line is free */
	{ "the place for its document is asked for", "amazon", "bulk-open", { "channel=amazon op=bulk kind=throttle for=90s" }, NULL, false },
	/* the places of three marketplaces and the first of their documents are slow; then there are too many */
	{ "its document is uploaded, and it is to be made", "amazon", "bulk", { "channel=amazon op=bulk kind=slow delay=1s count=4", "channel=amazon op=bulk kind=throttle for=90s" }, "bulk-put", false },
	{ "all of it, in one call", "walmart", "bulk", { "channel=walmart op=orders,order,stock,feeds,pool kind=slow delay=40s for=3m" }, NULL, true },
	{ "all of it, and the place for its document is asked for", "amazon", "bulk-open", { "channel=amazon op=bulk kind=throttle for=90s" }, NULL, true },
};

static bool comes(struct day *d, const char *verb, const char *state)
{
	for (int64_t until_ms = d->now_ms + 2 * MINUTE; d->now_ms < until_ms;) {
		if (INT(d, "SELECT count(*) FROM job WHERE verb = '%s' AND state = '%s' AND made_ms > %" PRId64, verb, state, d->now_ms - MINUTE))
			return true;
		run(d, 50);
	}
	return false;
}

/* What somebody takes off sale while the feed waits is not said in it; the others are. (What of a zero-out was stopped goes back in the same way: unit/test_feeds.) */
static void held_while_it_waits(const struct waiting_case *c, uint64_t seed)
{
	struct day *d = open_quiet(seed);
	struct buf scope = buf_new(d->arena);
	int p = a_product(d), upto = c->all ? p + ALL : SKUS;
	int64_t from_ms;

	for (int i = p; i < (c->all ? upto : p + 1); i++)
		buf_printf(&scope, "scope=%s\n", sku_of(d, i));
	buf_puts(&scope, "reason=recall\n");
	day_fault(d, c->mishap[0]);
	must(day_intend(d, "reconcile", "", ""));
	recount(d, c->all ? p : 0, upto, 200, -1);
	if (c->before && !comes(d, c->before, "inflight"))
		fail_msg("%s: no %s is under way", c->why, c->before);
	if (c->mishap[1])
		day_fault(d, c->mishap[1]);
	if (!comes(d, c->verb, "waiting"))
		fail_msg("%s: no %s waits", c->why, c->verb);
	from_ms = d->now_ms;
	must(day_intend(d, "zero", "", scope.p));
	run(d, 2 * HOUR);
	for (enum place at = 0; at < PLACES; at++)
		if (told(d, at, p, from_ms) && place_facts[at].platform == (strcmp(c->channel, "amazon") ? WALMART : AMAZON))
			fail_msg("%s: %s was told more than nothing of it", c->why, place_facts[at].name);
	if (!INT(d, "SELECT count(*) FROM feed_item WHERE sku = '%s' AND qty > 0 AND result = 'again'", sku_of(d, p)))
		fail_msg("%s: it was not in it", c->why);
	if (day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND seen <> target"))
		fail_msg("%s: not all of them show what they should", c->why);
	if (day_int(d, "SELECT count(*) FROM feed WHERE ended_ms = 0 OR (state = 'ended' AND items = 0)"))
		fail_msg("%s: a feed is left, or was empty", c->why);
	if (c->all && !day_int(d, "SELECT count(*) FROM feed WHERE state = 'dropped' AND items = 0 AND text = 'nothing was left of it to be said'"))
		fail_msg("%s: no feed was over before it was handed in", c->why);
	finish(d);
}

static void what_is_held_while_its_feed_waits_is_not_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof waiting_cases / sizeof *waiting_cases; i++)
		held_while_it_waits(&waiting_cases[i], 23 + i);
}

/* The engine ends while one is gathered, with its items in it: what they say is of then, and who sold what meanwhile is not heard yet. */
static void a_feed_that_was_gathered_when_the_engine_ended_is_begun_anew(void **state)
{
	struct day *d = open_quiet(36);
	int64_t feed;

	(void)state;
	day_fault(d, waiting_cases[0].mishap[0]);
	must(day_intend(d, "reconcile", "", ""));
	recount(d, 0, SKUS, 200, -1);
	assert_true(comes(d, "bulk", "waiting"));
	feed = last_feed(d, "walmart-us");
	behind_its_back(d, arena_printf(d->arena, "UPDATE feed SET state = 'gathering' WHERE id = %" PRId64 "; UPDATE job SET state = 'superseded' WHERE verb = 'bulk' AND state = 'waiting'", feed));
	day_night(d, d->now_ms + 30 * SECOND, NULL);
	run(d, 2 * HOUR);
	assert_string_equal(TEXT(d, "SELECT state || ': ' || text FROM feed WHERE id = %" PRId64, feed), "dropped: the engine ended while it was gathered");
	assert_int_equal(INT(d, "SELECT count(*) FROM attempt_job x JOIN job j ON j.id = x.job_id WHERE j.verb = 'bulk' AND j.subject_id = %" PRId64, feed), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE ended_ms = 0"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND (push_state <> 'APPLIED' OR seen <> target)"), 0);
	finish(d);
}

/* ---- a newer quantity ---- */

/* Handed in, and worked at: what was said in it becomes old. The new number goes by itself, and the feed does not bring the old one back. */
static void overtaken(uint64_t seed, const char *mishap)
{
	struct day *d = open_quiet(seed);
	int p = a_product(d);
	struct listing *l = listing_of(d, p, WALMART_MAIN);
	int64_t feed;

	day_fault(d, "kind=stuck for=50m");
	day_fault(d, mishap);
	recount(d, 0, SKUS, 200, -1);
	run(d, 5 * MINUTE);
	feed = last_feed(d, "walmart-us");
	assert_string_equal(feed_state_of(d, feed), "working");
	recount(d, p, p + 1, 0, 6);
	run(d, 20 * MINUTE);
	assert_int_equal(l->said, 1);
	assert_int_equal(l->shown, 1);
	assert_string_equal(TEXT(d, "SELECT j.state || ' ' || j.text FROM job j JOIN offer f ON f.id = j.subject_id WHERE j.feed_id = %" PRId64 " AND f.sku = '%s'", feed, sku_of(d, p)),
	                    "superseded a newer decision replaced it");
	run(d, HOUR);
	assert_string_equal(feed_state_of(d, feed), "ended");
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE route_why LIKE 'feed % may have written over it' AND state IN ('sent', 'done')"), 3); /* Walmart, Amazon in two marketplaces */
	run(d, 20 * MINUTE);
	assert_int_equal(l->shown, 1);
	finish(d);
}

static void what_was_overtaken_does_not_come_back(void **state)
{
	(void)state;
	overtaken(13, "kind=slow op=token count=1 delay=1s");
}

static void what_comes_back_all_the_same_is_found_and_put_right(void **state)
{
	(void)state;
	overtaken(14, "kind=late-writes for=3h");
}

/* ---- items ---- */

/* Two items of the feed under way are refused: one for good, one by a fault of theirs. */
static void spoil(struct day *d, int feed)
{
	static const enum feed_fault how[] = { ITEM_DATA_ERROR, ITEM_SYSTEM_ERROR };
	struct world *w = d->sandbox->world;

	for (int i = 0; i < 2; i++) {
		struct feed_item *item = &w->feed_item[w->feed[feed].first + i];

		item->type = (int32_t)how[i];
		item->code = world_text(w, i ? "ERR_INT_SYS_0503009" : "ERR_EXT_DATA_0101211");
		item->description = world_text(w, i ? "The item could not be processed." : "The SKU is not set up in this account.");
		for (int k = 0; k < item->pushes; k++)
			w->push[item->push + k].dropped = true;
	}
}

static void what_they_refuse_of_it_is_told_item_by_item(void **state)
{
	struct day *d = open_quiet(15);
	struct world *w = d->sandbox->world;
	int64_t feed;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 3 * MINUTE);
	for (int i = 0; i < w->feeds; i++)
		if (w->feed[i].platform == WALMART && w->feed[i].state < FEED_PROCESSED && w->feed[i].items)
			spoil(d, i);
	run(d, 2 * HOUR);
	feed = last_feed(d, "walmart-us");
	assert_string_equal(TEXT(d, "SELECT state || ' ' || bad || ' ' || again || ' ' || (good + bad + again = items) FROM feed WHERE id = %" PRId64, feed), "ended 1 1 1");
	assert_string_equal(day_text(d, "SELECT group_concat(fault || ': ' || text) FROM job WHERE state = 'failed'"),
	                    "REFUSED: DATA_ERROR ERR_EXT_DATA_0101211: The SKU is not set up in this account.");
	assert_int_equal(INT(d, "SELECT count(*) FROM feed_item i JOIN job j ON j.id = i.job_id WHERE i.feed_id = %" PRId64 " AND i.result = 'again' AND j.state = 'done' AND j.route = 'single'", feed), 1);
	finish(d);
}

/* ---- no verdict ---- */

/* The report is of the first of its messages alone, and says so: the others were not even looked at. */
static void what_a_report_does_not_tell_goes_by_itself(void **state)
{
	struct day *d = open_quiet(33);
	struct world *w = d->sandbox->world;
	int cut = 0;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 3 * MINUTE);
	for (int i = 0; i < w->feeds; i++)
		if (w->feed[i].platform == AMAZON && w->feed[i].state < FEED_PROCESSED && w->feed[i].items > 1) {
			w->feed[i].items = 1;
			cut++;
		}
	assert_true(cut > 0);
	run(d, HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE ended_ms = 0"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state = 'dropped' AND text = 'its report does not tell them: they go on by themselves' AND good = 0 AND again = items"), cut);
	assert_int_equal(day_int(d, "SELECT max(n) FROM (SELECT count(*) AS n FROM job WHERE verb = 'bulk-result' GROUP BY subject_id)"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND (push_state <> 'APPLIED' OR seen <> target)"), 0);
	finish(d);
}

/* They do not let us ask for half an hour: nobody need look, and it is no question a minute. */
static void a_status_that_is_refused_is_asked_for_again(void **state)
{
	struct day *d = open_quiet(34);
	int64_t feed;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 30 * SECOND);
	feed = last_feed(d, "amazon-na");
	day_fault(d, "channel=amazon op=feeds kind=no-role for=30m");
	run(d, 29 * MINUTE);
	assert_string_equal(feed_state_of(d, feed), "working");
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'failed'"), 0);
	assert_in_range(INT(d, "SELECT count(*) FROM job WHERE verb = 'feed' AND state = 'superseded' AND subject_id = %" PRId64, feed), 3, 7);
	run(d, 10 * MINUTE);
	assert_string_equal(feed_state_of(d, feed), "ended");
	finish(d);
}

/* ---- failed whole ---- */

/* The next feed under way of a place ends so; -1: there is none. */
static int end_as(struct world *w, enum platform platform, enum feed_state how)
{
	for (int i = 0; i < w->feeds; i++) {
		struct feed *f = &w->feed[i];

		if (f->platform != (int32_t)platform || f->state >= FEED_PROCESSED || f->items < FEW)
			continue;
		if (how == FEED_CANCELLED)
			f->state = FEED_CANCELLED;
		else
			f->items = 0; /* nothing of it could be read, they say */
		return i;
	}
	return -1;
}

/* FATAL, CANCELLED and ERROR, without a word of what it did; and what was said meanwhile it may have written over. */
static void a_feed_that_failed_whole_goes_by_itself(void **state)
{
	struct day *d = open_quiet(35);
	struct world *w = d->sandbox->world;
	int p = a_product(d);

	(void)state;
	day_fault(d, "kind=stuck for=20m");
	recount(d, 0, SKUS, 200, -1);
	run(d, 5 * MINUTE);
	recount(d, p, p + 1, 0, 6);
	run(d, 5 * MINUTE);
	assert_int_equal(listing_of(d, p, WALMART_MAIN)->said, 1);
	assert_true(end_as(w, AMAZON, FEED_ERROR) >= 0 && end_as(w, AMAZON, FEED_CANCELLED) >= 0 && end_as(w, WALMART, FEED_ERROR) >= 0);
	run(d, HOUR);
	assert_string_equal(day_text(d, "SELECT group_concat(text, '; ') FROM (SELECT text FROM feed WHERE state = 'dropped' ORDER BY text)"),
	                    "it ended as CANCELLED: its items go on by themselves; it ended as ERROR: its items go on by themselves; it ended as FATAL: its items go on by themselves");
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed b JOIN feed_item i ON i.feed_id = b.id WHERE b.state = 'dropped' AND i.result <> 'again'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job j WHERE j.route_why IN (SELECT 'feed ' || id || ' may have written over it' FROM feed WHERE state = 'dropped') "
	                            "AND j.state = 'done'"), 3);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND (push_state <> 'APPLIED' OR seen <> target)"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'failed'"), 0);
	finish(d);
}

/* ---- refused whole ---- */

/* What a retry of a failed job would do, tried dry. */
static const char *remedy_of(struct day *d, int64_t job)
{
	struct failure f;
	struct remedy *r = NULL;
	struct err err;
	int n = 0;

	if (failure_get(d->reader, true, job, d->arena, &f, &err) || failure_remedies(d->reader, &f, d->now_ms, d->arena, &r, &n, &err))
		fail_msg("%s", err.text);
	return n ? r[0].dry : "";
}

struct refused_case {
	const char *channel, *account, *verb;
	enum place place;
};

/* A person tries it again when its quantities are old: they went by themselves, and one was sold down to nothing since. */
static void retried(uint64_t seed, const struct refused_case *c)
{
	struct day *d = open_quiet(seed);
	int p = a_product(d);
	int64_t feed, job, from_ms;

	day_fault(d, arena_printf(d->arena, "channel=%s op=bulk kind=no-role count=1", c->channel));
	recount(d, 0, SKUS, 200, -1);
	run(d, 3 * MINUTE);
	feed = INT(d, "SELECT min(b.id) FROM feed b JOIN account a ON a.id = b.account_id WHERE a.name = '%s' AND b.state = 'dropped' AND b.items > 0", c->account);
	job = INT(d, "SELECT id FROM job WHERE verb = '%s' AND state = 'failed' AND subject_id = %" PRId64, c->verb, feed);
	assert_true(job > 0);
	assert_string_equal(remedy_of(d, job), "it would be dropped: its items went by themselves");
	recount(d, p, p + 1, 0, 0);
	run(d, 20 * MINUTE);
	from_ms = d->now_ms;
	must(day_intend(d, "retry", "", arena_printf(d->arena, "job=%" PRId64, job)));
	run(d, 20 * MINUTE);
	assert_int_equal(told(d, c->place, p, from_ms), 0);
	assert_string_equal(TEXT(d, "SELECT state || ' ' || text FROM job WHERE id = %" PRId64, job), "superseded its items went by themselves");
	assert_int_equal(INT(d, "SELECT count(*) FROM attempt_job WHERE job_id = %" PRId64, job), 1);
	assert_string_equal(feed_state_of(d, feed), "dropped");
	finish(d);
}

static void a_feed_that_was_refused_is_not_handed_in_by_a_retry(void **state)
{
	static const struct refused_case cases[] = {
		{ "walmart", "walmart-us", "bulk", WALMART_MAIN },
		{ "amazon", "amazon-na", "bulk-open", AMAZON_US },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		retried(31 + i, &cases[i]);
}

/* ---- in doubt ---- */

static void doubtful(uint64_t seed, const char *channel, const char *account, const char *kind, bool there)
{
	struct day *d = open_quiet(seed);
	int64_t before = last_feed(d, account), wrote = day_count(d, "writes_feed"), feed, rows;

	day_fault(d, arena_printf(d->arena, "channel=%s op=bulk kind=%s count=1", channel, kind));
	recount(d, 0, SKUS, 200, -1);
	run(d, 90 * SECOND);
	feed = INT(d, "SELECT min(b.id) FROM feed b JOIN account c ON c.id = b.account_id WHERE c.name = '%s' AND b.id > %" PRId64 " AND b.items > 0", account, before);
	assert_true(feed > 0);
	run(d, 3 * HOUR);
	rows = INT(d, "SELECT count(*) FROM job j JOIN attempt_job x ON x.job_id = j.id WHERE j.verb = 'bulk' AND j.subject_id = %" PRId64, feed);
	if (rows != 1)
		fail_msg("%s %s: handed in %" PRId64 " times", channel, kind, rows);
	assert_string_equal(feed_state_of(d, feed), there ? "ended" : "dropped");
	assert_true(day_count(d, "writes_feed") > wrote);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND target IS NOT NULL AND (push_state <> 'APPLIED' OR seen <> target)"), 0);
	finish(d);
}

static void a_feed_whose_answer_was_lost_is_looked_up_and_not_handed_in_again(void **state)
{
	(void)state;
	doubtful(16, "walmart", "walmart-us", "lost-after", true);
	doubtful(17, "walmart", "walmart-us", "error-after", true);
	doubtful(18, "walmart", "walmart-us", "truncated", true);
}

static void one_that_never_arrived_is_proved_to_be_missing_first(void **state)
{
	(void)state;
	doubtful(19, "walmart", "walmart-us", "lost-before", false);
}

/* While even their list cannot be read nobody knows: it stays in doubt, and a zero of its listings goes by itself. */
static void on_unknown_nothing_is_said_again(void **state)
{
	struct day *d = open_quiet(20);
	int64_t feed, wrote = day_count(d, "writes_feed");
	int p = a_product(d);

	(void)state;
	day_fault(d, "channel=walmart op=bulk kind=lost-after count=1");
	day_fault(d, "channel=walmart op=feeds kind=error status=503 for=2h");
	recount(d, 0, SKUS, 200, -1);
	run(d, 10 * MINUTE);
	feed = last_feed(d, "walmart-us");
	assert_string_equal(feed_state_of(d, feed), "unsure");
	recount(d, p, p + 1, 0, 0);
	run(d, 30 * SECOND);
	assert_int_equal(listing_of(d, p, WALMART_MAIN)->said, 0);
	run(d, 100 * MINUTE);
	assert_string_equal(feed_state_of(d, feed), "unsure");
	assert_int_equal(INT(d, "SELECT count(*) FROM job j JOIN attempt_job x ON x.job_id = j.id WHERE j.verb = 'bulk' AND j.subject_id = %" PRId64, feed), 1);
	run(d, 2 * HOUR);
	assert_string_equal(feed_state_of(d, feed), "ended");
	assert_true(day_count(d, "writes_feed") > wrote);
	assert_int_equal(listing_of(d, p, WALMART_MAIN)->shown, 0);
	finish(d);
}

static int64_t too_much(struct day *d, const char *account)
{
	return INT(d, "SELECT count(*) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = '%s' AND f.pool = 'own' AND f.seen > f.target", account);
}

/* Walmart's answer is lost, and its list cannot be read for hours: what the offers show is all that can be learnt. The feed. */
static int64_t in_doubt(struct day *d, const char *kind, const char *hours)
{
	day_fault(d, arena_printf(d->arena, "channel=walmart op=bulk kind=%s count=1", kind));
	day_fault(d, arena_printf(d->arena, "channel=walmart op=feeds kind=error status=503 for=%s", hours));
	recount(d, 0, SKUS, 200, -1);
	run(d, 5 * MINUTE);
	return last_feed(d, "walmart-us");
}

static void assert_over(struct day *d, int64_t feed, int alerts)
{
	assert_string_equal(feed_state_of(d, feed), "unknown");
	assert_int_equal(INT(d, "SELECT count(*) FROM job j JOIN attempt_job x ON x.job_id = j.id WHERE j.verb = 'bulk' AND j.subject_id = %" PRId64, feed), 1); /* never again */
	assert_int_equal(INT(d, "SELECT count(*) FROM alert WHERE key = 'feed %" PRId64 "'", feed), alerts);
	assert_int_equal(INT(d, "SELECT count(*) FROM alert WHERE key = 'feed %" PRId64 "' AND closed_ms = 0", feed), 0);
	assert_int_equal(INT(d, "SELECT count(*) FROM job WHERE feed_id = %" PRId64 " AND state NOT IN ('done', 'superseded')", feed), 0);
}

/* What became of the jobs in it and of its items. */
static const char *fates(struct day *d, int64_t feed)
{
	return TEXT(d, "SELECT group_concat(DISTINCT j.state || ' ' || i.result) FROM feed_item i JOIN job j ON j.id = i.job_id WHERE i.feed_id = %" PRId64, feed);
}

/* They had taken it: it shows, so nothing is said again. */
static void what_shows_of_a_feed_in_doubt_settles(void **state)
{
	struct day *d = open_quiet(23);
	int64_t wrote = day_count(d, "writes_push"), feed = in_doubt(d, "lost-after", "100m");

	(void)state;
	assert_string_equal(feed_state_of(d, feed), "unsure");
	run(d, 90 * MINUTE);
	assert_over(d, feed, 0);
	assert_int_equal(day_count(d, "writes_push"), wrote);
	assert_string_equal(fates(d, feed), "done taken");
	run(d, HOUR);
	finish(d);
}

/* They had not: when it must show, each is decided again, and what is said is the quantity of now. */
static void what_does_not_show_of_it_is_decided_again(void **state)
{
	struct day *d = open_quiet(24);
	int64_t wrote = day_count(d, "writes_push"), feed = in_doubt(d, "lost-before", "5h");
	int p = a_product(d);

	(void)state;
	run(d, 3 * HOUR + 50 * MINUTE);
	assert_string_equal(feed_state_of(d, feed), "unsure");
	assert_int_equal(day_count(d, "writes_push"), wrote); /* nothing blindly */
	recount(d, p, p + 1, 70, -1);                         /* and one is not what it was */
	run(d, 90 * MINUTE);
	assert_over(d, feed, 1);
	assert_string_equal(fates(d, feed), "superseded again");
	assert_int_equal(INT(d, "SELECT count(*) FROM feed_item i JOIN job n ON n.subject_id = i.offer_id AND n.verb = 'stock' AND n.ver > i.ver "
	                        "WHERE i.feed_id = %" PRId64 " AND n.state = 'done'", feed), INT(d, "SELECT items FROM feed WHERE id = %" PRId64, feed));
	assert_true(INT(d, "SELECT o.seen - i.qty FROM feed_item i JOIN offer o ON o.id = i.offer_id WHERE i.feed_id = %" PRId64 " AND o.sku = '%s'", feed, sku_of(d, p)) > 0);
	finish(d);
}

/* Its decreases do not wait so long: at half an hour they go by themselves, as those of a stuck feed do. */
static void decreases_in_doubt_go_by_themselves(void **state)
{
	struct day *d = open_quiet(25);
	int64_t feed;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 5 * HOUR);
	day_fault(d, "channel=walmart op=push kind=throttle for=2m"); /* else they would not be in a feed */
	day_fault(d, "channel=walmart op=bulk kind=lost-before count=1");
	day_fault(d, "channel=walmart op=feeds kind=error status=503 for=5h");
	recount(d, 0, SKUS, -60, -1);
	run(d, 5 * MINUTE);
	feed = last_feed(d, "walmart-us");
	if (strcmp(feed_state_of(d, feed), "unsure"))
		fail_msg("feed %" PRId64 " is %s", feed, feed_state_of(d, feed));
	run(d, 55 * MINUTE);
	assert_int_equal(too_much(d, "walmart-us"), 0);
	assert_string_equal(feed_state_of(d, feed), "unsure");
	run(d, 4 * HOUR);
	assert_over(d, feed, 0);
	run(d, HOUR);
	finish(d);
}

/* It comes after all, hours late, over what was said since: found, and put right. */
static void a_feed_that_comes_late_is_found_and_put_right(void **state)
{
	struct day *d = open_quiet(26);
	int64_t feed;
	int p = a_product(d);
	struct listing *l = listing_of(d, p, WALMART_MAIN);

	(void)state;
	day_fault(d, "kind=stuck for=6h");
	day_fault(d, "kind=late-writes for=9h");
	feed = in_doubt(d, "lost-after", "6h");
	recount(d, p, p + 1, 0, 6);
	run(d, 4 * HOUR + 30 * MINUTE);
	assert_over(d, feed, 1);
	assert_int_equal(l->shown, 1);
	for (int i = 0; i < 18 && l->shown == 1; i++)
		run(d, 10 * MINUTE);
	assert_true(l->shown > 100); /* there it comes */
	run(d, 3 * HOUR);
	assert_int_equal(l->shown, 1);
	finish(d);
}

/* ---- stuck ---- */

/* Decreases of a feed that nobody said by themselves so far. */
static int64_t not_said(struct day *d, int64_t feed)
{
	return INT(d, "SELECT count(*) FROM feed_item i JOIN job j ON j.id = i.job_id WHERE i.feed_id = %" PRId64 " AND j.lane <= 1 AND NOT EXISTS (SELECT 1 FROM job n "
	              "WHERE n.subject_id = j.subject_id AND n.verb = 'stock' AND n.id > j.id AND n.route = 'single' AND n.state IN ('sent', 'done'))",
	           feed);
}

/* A feed that never ends: its zeros and decreases are said by themselves from ten minutes on, and seen as soon as the channel shows them. */
static void decreases_of_a_stuck_feed_take_the_second_path(void **state)
{
	struct day *d = open_quiet(21);
	int64_t feed;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 2 * HOUR);
	day_fault(d, "kind=stuck for=9h");
	recount(d, 0, SKUS, -60, -1); /* decreases, none of them to a few */
	run(d, 70 * SECOND);
	feed = INT(d, "SELECT b.id FROM feed b WHERE b.account_id = (SELECT id FROM account WHERE name = 'amazon-na') AND b.state = 'working' ORDER BY b.items DESC LIMIT 1");
	assert_true(not_said(d, feed) > 3);
	run(d, 14 * MINUTE);
	assert_int_equal(not_said(d, feed), 0);
	run(d, 17 * MINUTE); /* Amazon's quarter of an hour */
	assert_int_equal(too_much(d, "amazon-na"), 0);
	assert_int_equal(too_much(d, "walmart-us"), 0); /* its bucket had room for all of them at once */
	run(d, 4 * HOUR);
	assert_true(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'feed' AND closed_ms = 0 AND text LIKE "
	                       "'%amazon-na: feed % was handed in % min ago and has no verdict; as a rule it takes % min'") > 0);
	run(d, 6 * HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'feed' AND closed_ms = 0"), 0);
	finish(d);
}

/* ---- taken, and not done ---- */

/* Accepted and ignored: all of them are found when patience ends, and counted. One was changed half-way by somebody else. */
static void what_they_took_and_did_not_do_is_found(void **state)
{
	struct day *d = open_quiet(22);
	struct world *w = d->sandbox->world;
	int ignored = 0, first = 0;

	(void)state;
	recount(d, 0, SKUS, 200, -1);
	run(d, 3 * MINUTE);
	for (int i = 0; i < w->feeds; i++)
		if (w->feed[i].platform == WALMART && w->feed[i].state < FEED_PROCESSED && w->feed[i].items >= FEW)
			for (first = w->feed[i].first; ignored < FEW; ignored++)
				w->push[w->feed_item[first + ignored].push].dropped = true;
	assert_int_equal(ignored, FEW);
	run(d, 3 * HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE push_state = 'SETTLING'"), FEW);
	listing_edit(w, w->push[w->feed_item[first].push].listing, 2, "somebody");
	run(d, 75 * MINUTE);
	assert_string_equal(day_text(d, "SELECT group_concat(n || ' ' || push_state) FROM (SELECT push_state, count(*) AS n FROM offer WHERE cause = 'NOT_APPLIED' GROUP BY push_state ORDER BY push_state)"),
	                    "3 NOT_APPLIED,1 PARTLY");
	assert_int_equal(day_int(d, "SELECT sum(n) FROM latency WHERE route = 'feed' AND what = 'lost'"), FEW);
	run(d, 5 * HOUR); /* the next reconciliation says them again */
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE push_state <> '' AND (push_state <> 'APPLIED' OR drift <> 0)"), 0);
	finish(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_changes_go_by_feed_and_each_is_proved),
		cmocka_unit_test(an_address_that_has_expired_is_asked_for_anew),
		cmocka_unit_test(zeros_do_not_wait_for_the_feed),
		cmocka_unit_test(what_is_held_while_its_feed_waits_is_not_said),
		cmocka_unit_test(a_feed_that_was_gathered_when_the_engine_ended_is_begun_anew),
		cmocka_unit_test(what_was_overtaken_does_not_come_back),
		cmocka_unit_test(what_comes_back_all_the_same_is_found_and_put_right),
		cmocka_unit_test(what_they_refuse_of_it_is_told_item_by_item),
		cmocka_unit_test(what_a_report_does_not_tell_goes_by_itself),
		cmocka_unit_test(a_status_that_is_refused_is_asked_for_again),
		cmocka_unit_test(a_feed_that_failed_whole_goes_by_itself),
		cmocka_unit_test(a_feed_that_was_refused_is_not_handed_in_by_a_retry),
		cmocka_unit_test(a_feed_whose_answer_was_lost_is_looked_up_and_not_handed_in_again),
		cmocka_unit_test(one_that_never_arrived_is_proved_to_be_missing_first),
		cmocka_unit_test(on_unknown_nothing_is_said_again),
		cmocka_unit_test(what_shows_of_a_feed_in_doubt_settles),
		cmocka_unit_test(what_does_not_show_of_it_is_decided_again),
		cmocka_unit_test(decreases_in_doubt_go_by_themselves),
		cmocka_unit_test(a_feed_that_comes_late_is_found_and_put_right),
		cmocka_unit_test(decreases_of_a_stuck_feed_take_the_second_path),
		cmocka_unit_test(what_they_took_and_did_not_do_is_found),
	};

	cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
