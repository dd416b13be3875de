/*
 * test_conformance.c: what every channel must do, whichever it is: the buffer, its limits, errors, translation, reconciliation. And
 * that no channel's trouble is another's, nor the truth's.
 *
 * No channel is known by name here: which duties it has follows from its table. Each case is a quiet business of its own with all marketplaces and
 * warehouses, in which one thing happens to one channel. EACH=n takes each nth case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "channels/channel.h"
#include "tests/fault/child.h"
#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLENTY = 300 }; /* cases there is room for */

/* What is known of the shelves, whoever tells it. */
static const char truth_sql[] = "SELECT (SELECT group_concat(x, '|') FROM (SELECT item_id || ':' || place_id || '=' || counted || '/' || held AS x FROM stock "
				"ORDER BY item_id, place_id)) || '#' || (SELECT group_concat(y, '|') FROM (SELECT id || '=' || counted || '-' || reserved || "
				"'-' || held || '=' || available AS y FROM item ORDER BY id))";

static struct day *shop(void)
{
	struct day_plan p = { .seed = 7, .skus = 14, .prompt = true, .idle = true, .whole = true };
	struct day *d = day_open(&p);

	day_run(d, d->now_ms + 40 * MINUTE);
	return d;
}

static int64_t ask(struct day *d, const struct channel *c, const char *sql)
{
	return day_int(d, arena_printf(d->arena, "WITH it AS (SELECT id FROM account WHERE channel = '%s') %s", c->name, sql));
}

static void none(struct day *d, const struct channel *c, const char *sql, const char *what)
{
	int64_t n = ask(d, c, sql);

	if (n)
		fail_msg("%s: %s: %" PRId64, c->name, what, n);
}

/* All others were heard without a pause: whatever befell the one. */
static void others_went_on(struct day *d, const struct channel *c, int64_t from_ms)
{
	const char *late = day_text(d, arena_printf(d->arena,
	                                            "SELECT coalesce(group_concat(a.name), '') FROM account a WHERE a.channel <> '%s' AND a.channel <> 'local' AND (SELECT "
	                                            "count(*) FROM attempt t WHERE t.account_id = a.id AND t.fault = '' AND t.opened_ms >= %" PRId64
	                                            " AND t.closed_ms - t.opened_ms < 60000) < 3",
	                                            c->name, from_ms));

	if (*late)
		fail_msg("%s held up %s", c->name, late);
}

static void befall(struct day *d, const struct channel *c, const char *what)
{
	day_fault(d, arena_printf(d->arena, "channel=%s %s", c->name, what));
}

/* It is spoken with again, well. */
static void is_well(struct day *d, const struct channel *c, int64_t since_ms)
{
	if (!ask(d, c, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE account_id IN it AND fault = '' AND verb <> 'token' AND opened_ms >= %" PRId64, since_ms)))
		fail_msg("%s was not spoken with again", c->name);
	none(d, c, "SELECT count(*) FROM job WHERE account_id IN it AND state IN ('unsure', 'failed')", "jobs left unsure or failed");
}

/* One product is counted anew, by who keeps it: everybody who offers it shows that in the end. */
static void recount(struct day *d, const char *channel, int product, int qty)
{
	if (!shelf_recount(d, channel, product, qty))
		fail_msg("%s counts nothing", channel);
}

static void said_is_wanted(struct day *d, const char *but)
{
	const char *late = day_text(d, arena_printf(d->arena, "SELECT coalesce(group_concat(a.name || ' ' || f.sku || ' ' || f.pushed || ' for ' || f.target), '') FROM offer f "
	                                                      "JOIN account a ON a.id = f.account_id WHERE f.pool = 'own' AND f.block = '' AND f.pushed <> f.target "
	                                                      "AND a.channel <> '%s'", but));

	if (*late)
		fail_msg("not said: %.300s", late);
}

/* ---- the buffer ---- */

static void no_offer_shows_more_than_there_is(struct day *d, const struct channel *c)
{
	none(d, c, "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id WHERE f.account_id IN it AND f.pool = 'own' AND f.block = '' AND "
	           "f.target * f.pack > max(i.available, 0)", "offers are to show more than there is");
	if (!ask(d, c, "SELECT count(*) FROM offer WHERE account_id IN it AND target > 0"))
		fail_msg("%s shows nothing at all", c->name);
}

static void no_offer_shows_all_there_is(struct day *d, const struct channel *c)
{
	none(d, c, "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id WHERE f.account_id IN it AND f.pool = 'own' AND f.block = '' AND "
	           "f.target > 0 AND f.target * f.pack >= i.available", "offers show all there is");
}

/* A spare location is written once a place stands for it. */
static void what_is_not_ours_is_never_written(struct day *d, const struct channel *c)
{
	recount(d, "local", 1, 3);
	run(d, 20 * MINUTE);
	none(d, c, "SELECT count(*) FROM job j JOIN offer f ON f.id = j.subject_id AND j.verb = 'stock' WHERE f.account_id IN it AND (f.pool <> 'own' OR (f.block <> '' AND f.flags NOT LIKE '%spare%'))",
	     "quantities were to be said of goods that are not ours");
	assert_int_equal(day_count(d, "pool_writes"), 0);
}

/* ---- its limits ---- */

static void its_own_limits_are_kept(struct day *d, const struct channel *c)
{
	run(d, HOUR);
	none(d, c, "SELECT count(*) FROM attempt WHERE account_id IN it AND status = 429", "throttled, and nobody else was there");
	assert_int_equal(day_count(d, "throttled"), 0);
}

static void told_to_wait_it_waits_and_no_other_does(struct day *d, const struct channel *c)
{
	int64_t from = d->now_ms;

	befall(d, c, "for=15m kind=throttle");
	run(d, 15 * MINUTE);
	if (ask(d, c, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE account_id IN it AND opened_ms >= %" PRId64, from)) > 15 * 15) /* a minute, of all kinds of calls together */
		fail_msg("%s was asked again and again", c->name);
	others_went_on(d, c, from);
	run(d, 30 * MINUTE);
	is_well(d, c, from + 15 * MINUTE);
}

/* ---- errors ---- */

static void while_it_is_down_nobody_else_is(struct day *d, const struct channel *c)
{
	int64_t from = d->now_ms;

	befall(d, c, "for=20m kind=error status=503");
	run(d, MINUTE);
	recount(d, "local", 0, 1);
	run(d, 18 * MINUTE);
	others_went_on(d, c, from);
	said_is_wanted(d, c->name);
	run(d, 40 * MINUTE);
	is_well(d, c, from + 20 * MINUTE);
	said_is_wanted(d, "");
}

static void an_answer_that_is_lost_is_not_a_yes(struct day *d, const struct channel *c)
{
	befall(d, c, "for=10m kind=lost-after rate=0.5");
	recount(d, "local", 0, 2);
	run(d, 70 * MINUTE);
	said_is_wanted(d, "");
	none(d, c, "SELECT count(*) FROM job WHERE account_id IN it AND state = 'unsure'", "jobs left unsure");
	assert_int_equal(day_count(d, "acks_again") + day_count(d, "ships_again"), 0);
}

/* ---- translation ---- */

static void garbled(struct day *d, const struct channel *c, const char *kind)
{
	const char *was = day_text(d, truth_sql);
	int64_t from = d->now_ms;

	befall(d, c, arena_printf(d->arena, "for=12m kind=%s", kind));
	run(d, 12 * MINUTE);
	if (!c->is_truth)
		assert_string_equal(day_text(d, truth_sql), was);
	none(d, c, "SELECT count(*) FROM offer WHERE target > 999999 OR target < 0", "quantities that cannot be");
	others_went_on(d, c, from);
	run(d, 45 * MINUTE);
	assert_string_equal(day_text(d, truth_sql), was);
	if (!ask(d, c, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE account_id IN it AND fault = '' AND opened_ms >= %" PRId64, from + 12 * MINUTE)))
		fail_msg("%s was not spoken with again", c->name);
}

static void a_number_that_is_none_changes_nothing(struct day *d, const struct channel *c)
{
	garbled(d, c, "mistyped");
}

static void a_web_page_is_no_answer(struct day *d, const struct channel *c)
{
	garbled(d, c, "html");
}

static void half_an_answer_is_none(struct day *d, const struct channel *c)
{
	garbled(d, c, "truncated");
}

/* ---- reconciliation ---- */

static void an_edit_by_hand_is_found_and_put_right(struct day *d, const struct channel *c)
{
	const char *was = day_text(d, truth_sql), *place = shelf_place(c->name);
	int product = shelf_offered(d, place);
	int64_t shown = shelf_shown(d, place, product);

	day_fault(d, arena_printf(d->arena, "kind=edit place=%s sku=%s to=%" PRId64, place, shelf_sku(d, product), shown + 400));
	run(d, MINUTE);
	assert_int_equal(shelf_shown(d, place, product), shown + 400);
	run(d, 5 * HOUR);
	assert_int_equal(shelf_shown(d, place, product), shown);
	assert_string_equal(day_text(d, truth_sql), was); /* their edit is not our stock */
}

static void what_it_counts_is_shown_everywhere(struct day *d, const struct channel *c)
{
	recount(d, c->name, 0, 2);
	recount(d, c->name, 1, 777);
	run(d, HOUR);
	said_is_wanted(d, "");
	if (shelf_differs(d))
		fail_msg("%s: %s", c->name, shelf_differs(d));
}

static void a_reading_of_nothing_is_not_believed_at_once(struct day *d, const struct channel *c)
{
	int64_t units = day_int(d, "SELECT sum(counted) FROM item");

	befall(d, c, "for=4m kind=zeroes");
	run(d, 6 * MINUTE);
	assert_int_equal(day_int(d, "SELECT sum(counted) FROM item"), units);
	run(d, HOUR);
	assert_int_equal(day_int(d, "SELECT sum(counted) FROM item"), units);
}

static void half_a_reading_takes_nothing_away(struct day *d, const struct channel *c)
{
	int64_t units = day_int(d, "SELECT sum(counted) FROM item");

	befall(d, c, "for=4m kind=halved");
	run(d, 6 * MINUTE);
	assert_int_equal(day_int(d, "SELECT sum(counted) FROM item"), units);
	run(d, HOUR);
	assert_int_equal(day_int(d, "SELECT sum(counted) FROM item"), units);
}

/* ---- who has which duty ---- */

static bool sells(const struct channel *c)
{
	return !c->is_truth && c->say[VERB_STOCK].ask && shelf_place(c->name);
}

static bool asked(const struct channel *c)
{
	return c->say[VERB_PING].ask != NULL;
}

static bool counts(const struct channel *c)
{
	return c->is_truth;
}

static bool counts_when_asked(const struct channel *c)
{
	return c->is_truth && asked(c);
}

static const struct duty {
	const char *words;
	bool (*of)(const struct channel *);
	void (*holds)(struct day *, const struct channel *);
} duties[] = {
	{ "buffer: no offer shows more than there is", sells, no_offer_shows_more_than_there_is },
	{ "buffer: no offer shows all there is", sells, no_offer_shows_all_there_is },
	{ "buffer: what is not ours is never written", sells, what_is_not_ours_is_never_written },
	{ "limits: its own are kept", asked, its_own_limits_are_kept },
	{ "limits: told to wait it waits, and no other does", asked, told_to_wait_it_waits_and_no_other_does },
	{ "errors: while it is down nobody else is", asked, while_it_is_down_nobody_else_is },
	{ "errors: an answer that is lost is not a yes", sells, an_answer_that_is_lost_is_not_a_yes },
	{ "translation: a number that is none changes nothing", asked, a_number_that_is_none_changes_nothing },
	{ "translation: a web page is no answer", asked, a_web_page_is_no_answer },
	{ "translation: half an answer is none", asked, half_an_answer_is_none },
	{ "reconciliation: an edit by hand is found and put right", sells, an_edit_by_hand_is_found_and_put_right },
	{ "reconciliation: what it counts is shown everywhere", counts, what_it_counts_is_shown_everywhere },
	{ "reconciliation: a reading of nothing is not believed at once", counts_when_asked, a_reading_of_nothing_is_not_believed_at_once },
	{ "reconciliation: half a reading takes nothing away", counts_when_asked, half_a_reading_takes_nothing_away },
};

enum { DUTIES = sizeof duties / sizeof *duties };

struct trial {
	const struct channel *channel;
	const struct duty *duty;
	char name[160];
};

static void holds(void **state)
{
	const struct trial *t = *state;
	struct day *d = shop();

	t->duty->holds(d, t->channel);
	day_close(d);
}

int main(int argc, char **argv)
{
	static struct trial trial[PLENTY];
	struct CMUnitTest tests[PLENTY];
	const struct channel *c;
	int each = getenv("EACH") ? atoi(getenv("EACH")) : 1;
	size_t n = 0, taken = 0;

	child_main(argc, argv);
	for (int i = 0; (c = channel_at(i)); i++)
		for (size_t k = 0; k < DUTIES; k++) {
			if (!duties[k].of(c))
				continue;
			trial[n] = (struct trial){ .channel = c, .duty = &duties[k] };
			snprintf(trial[n].name, sizeof trial[n].name, "%s: %s", c->name, duties[k].words);
			tests[n] = (struct CMUnitTest){ trial[n].name, holds, NULL, NULL, &trial[n] };
			n++;
		}
	if (getenv("ONLY"))
		cmocka_set_test_filter(getenv("ONLY"));
	if (n < 40)
		return fprintf(stderr, "conformance: %zu cases are too few\n", n), 1;
	for (size_t i = 0; i < n; i += each > 0 ? (size_t)each : 1)
		tests[taken++] = tests[i];
	return _cmocka_run_group_tests("conformance", tests, taken, NULL, NULL);
}
