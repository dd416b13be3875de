/*
 * test_zero_killed.c: killed in the middle of a zero, or of the way back from one: what was begun goes on, nothing comes back that is not today's, and what
 * was sold or edited meanwhile is known. The marketplace's ledger says what was on sale.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SKUS = 12, OUT_MIN = 50 };

/* When a life is ended: so many requests, answers or writes into what it is about. */
struct death {
	const char *why;
	enum doom_kind kind;
	int64_t after;
};

static const struct death deaths[] = {
	{ "before its first request", DOOM_SAY, 1 },
	{ "before a request in the middle", DOOM_SAY, 6 },
	{ "they did it, and nobody heard", DOOM_HEARD, 3 },
	{ "they did it, and nobody heard, later", DOOM_HEARD, 8 },
	{ "while its rows are written", DOOM_WRITE, 25 },
	{ "half of a write is there", DOOM_TORN, 15 },
};

#define NEVER (INT64_C(1) << 40)

static struct day *begin(uint64_t seed)
{
	struct day_plan plan = day_plain(seed);
	struct day *d;

	plan.skus = SKUS;
	plan.idle = true;
	plan.settle_pct = 4;
	plan.doom = (struct doom){ DOOM_SAY, NEVER }; /* in a process of its own; this life is not ended by it */
	d = day_open(&plan);
	day_no_buyers(d);
	run(d, 40 * MINUTE);
	return d;
}

/* The same engine, in a life that will be ended. */
static void live_on(struct day *d, enum doom_kind kind, int64_t after)
{
	day_stop(d);
	d->next_doom = (struct doom){ kind, after };
	d->due_ms = d->now_ms;
	day_begin(d);
}

static bool is_lapse(struct day *d, const char *state)
{
	return !strcmp(day_text(d, "SELECT state FROM lapse ORDER BY id DESC LIMIT 1"), state);
}

static void run_until(struct day *d, const char *state, int minutes)
{
	for (int i = 0; i < minutes * 6 && !is_lapse(d, state); i++)
		run(d, 10 * SECOND);
	if (!is_lapse(d, state))
		fail_msg("not %s but %s after %d minutes", state, day_text(d, "SELECT state FROM lapse ORDER BY id DESC LIMIT 1"), minutes);
}

/* On sale at Walmart by its own ledger: how many listings, and the first of them in words. */
static int on_sale(struct day *d, const char **first)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->listings; i++)
		if (w->listing[i].place == WALMART_MAIN && w->listing[i].said) {
			*first = n ? *first : arena_printf(d->arena, "%s is said to be %d", world_str(w, w->product[w->listing[i].product].sku), w->listing[i].said);
			n++;
		}
	return n;
}

static int product_at_walmart(const struct day *d)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[WALMART_MAIN] >= 0)
			return i;
	fail_msg("nothing is offered");
	return -1;
}

static void restock(struct day *d, int product, int units)
{
	struct product *p = &d->sandbox->world->product[product];

	p->shelf += units;
	p->at[DEPOT_FILE] += units;
	day_count_shelf(d);
}

/* Everything says today's number again, proven; nothing is held, and no shelf was oversold. */
static void all_is_right(struct day *d, const char *why)
{
	static const char wrong[] = "SELECT count(*) FROM offer WHERE pool = 'own' AND item_id IS NOT NULL AND block = '' AND (seen <> target OR target IS NULL OR hold <> '')";

	if (!is_lapse(d, "ENDED") || day_int(d, wrong))
		fail_msg("%s: %s, %" PRId64 " offers are not right", why, day_text(d, "SELECT state FROM lapse ORDER BY id DESC LIMIT 1"), day_int(d, wrong));
	if (day_count(d, "listings_ended") || day_verdict(d))
		fail_msg("%s: %s", why, day_verdict(d) ? day_verdict(d) : "a listing was ended");
}

/* A day up to what it is about: its life began a minute or so earlier, and is ended by the nth of its kind. */
typedef struct day *story(uint64_t seed, enum doom_kind kind, int64_t nth);

/* Orders cannot be read; the half hour is over in a moment. */
static struct day *about_to_go_to_zero(uint64_t seed, enum doom_kind kind, int64_t nth)
{
	struct day *d = begin(seed);
	int64_t since;

	day_fault(d, arena_printf(d->arena, "for=%dm channel=walmart op=orders kind=error", OUT_MIN));
	run(d, 28 * MINUTE);
	live_on(d, kind, nth);
	since = day_int(d, "SELECT since_ms FROM lapse");
	run(d, since + 30 * MINUTE - 1 - d->now_ms);
	return d;
}

/* At zero, with something sold elsewhere and something edited there meanwhile; they answer again, and what was at zero is about to come back. */
static struct day *about_to_come_back(uint64_t seed, enum doom_kind kind, int64_t nth)
{
	struct day *d = begin(seed);
	int one = product_at_walmart(d);

	day_fault(d, arena_printf(d->arena, "for=%dm channel=walmart op=orders kind=error", OUT_MIN));
	run_until(d, "ZEROED", 36);
	run(d, 3 * MINUTE);
	assert_true(d->sandbox->world->product[one].shelf > 5);
	restock(d, one, -5);
	day_fault(d, arena_printf(d->arena, "kind=edit place=walmart/main sku=%s to=9", world_str(d->sandbox->world, d->sandbox->world->product[one].sku)));
	run_until(d, "READING", 60);
	live_on(d, kind, nth);
	run_until(d, "RESTORING", 20);
	return d;
}

/* How often the kind has happened by then, in a life that is not ended by it. */
static int64_t until_then(story *begins, uint64_t seed, enum doom_kind kind)
{
	struct day *d = begins(seed, kind, NEVER);
	int64_t n;

	day_stop(d);
	n = d->happened;
	day_close(d);
	return n;
}

static struct day *killed(story *begins, uint64_t seed, const struct death *x)
{
	struct day *d = begins(seed, x->kind, until_then(begins, seed, x->kind) + x->after);

	for (int64_t until = d->now_ms + 15 * MINUTE; !d->crashes && d->now_ms < until;)
		run(d, SECOND);
	if (!d->crashes)
		fail_msg("%s: it was never killed", x->why);
	return d;
}

static void until_it_lives(struct day *d)
{
	while (day_lives_since(d) > d->now_ms)
		run(d, SECOND);
}

static int goods_at_walmart(struct day *d)
{
	return (int)day_int(d, "SELECT count(*) FROM offer f JOIN account a ON a.id = f.account_id WHERE a.name = 'walmart-us' AND f.pool = 'own' AND f.item_id IS NOT NULL");
}

/* FB05: killed while it goes to zero. Three minutes after it lives again all of it is at zero. */
static void a_zero_goes_on_where_it_was_killed(void **state)
{
	int in_the_middle = 0;

	(void)state;
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		struct day *d = killed(about_to_go_to_zero, 610 + i, &deaths[i]);
		const char *first;
		int left = on_sale(d, &first);

		in_the_middle += left > 0 && left < goods_at_walmart(d);
		until_it_lives(d);
		run(d, 3 * MINUTE);
		if (on_sale(d, &first))
			fail_msg("%s: %s", deaths[i].why, first);
		assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE zeroed_ms < since_ms + 1800000"), 0);
		run(d, 80 * MINUTE);
		all_is_right(d, deaths[i].why);
		day_close(d);
	}
	assert_true(in_the_middle >= 2); /* else these deaths are not what they are for */
}

/* FB06, FB07: killed while it comes back. */
static void what_comes_back_is_todays_wherever_it_was_killed(void **state)
{
	int in_the_middle = 0;

	(void)state;
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		struct day *d = killed(about_to_come_back, 630 + i, &deaths[i]);
		const struct product *one = &d->sandbox->world->product[product_at_walmart(d)];
		const char *first, *sku = world_str(d->sandbox->world, one->sku);
		int back = on_sale(d, &first), said;

		in_the_middle += back > 0 && back < goods_at_walmart(d);
		run(d, 80 * MINUTE);
		all_is_right(d, deaths[i].why);
		said = d->sandbox->world->listing[one->listing[WALMART_MAIN]].said;
		if (said > one->shelf)
			fail_msg("%s: %d are said, %d are there", deaths[i].why, said, one->shelf);
		if (!day_int(d, arena_printf(d->arena, "SELECT count(*) FROM observation o JOIN offer f ON f.id = o.offer_id WHERE o.seen = 9 AND f.sku = '%s'", sku)))
			fail_msg("%s: that somebody edited it is nowhere", deaths[i].why);
		day_close(d);
	}
	assert_true(in_the_middle >= 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zero_goes_on_where_it_was_killed),
		cmocka_unit_test(what_comes_back_is_todays_wherever_it_was_killed),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("zero killed", tests, NULL, NULL);
}
