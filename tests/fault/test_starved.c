/*
 * test_starved.c: operations of the engine, and in each of them every nth allocation fails.
 *
 * A short morning is lived to where each operation has something to do. From there, for each n, a fork of the world starts an engine on a copy of the folder, lets it come
 * to rest, and takes its nth allocation away, counted from the moment the operation is asked for. It ends with the process or is borne; a dead engine is
 * started again, as ever. A minute later it is asked what must hold at any moment (day_holds); and, for some of them, an hour later the judge of all days is.
 *
 * `make test` takes a few n of each operation, SHARE=check some dozens, SOAK=1 each. OP=i N=n: that one again (TO=m: up to m).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/branch.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"
#include "tests/fault/folder.h"
#include "tests/fault/shelves.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- what is done: NULL, or why it could not even be asked for ---- */

static const char *start(struct day *d)
{
	(void)d; /* it starts by itself */
	return NULL;
}

static const char *orders(struct day *d)
{
	day_order(d, "walmart/main", 1);
	day_order(d, "amazon/us", 2);
	return NULL;
}

static const char *count(struct day *d)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		shelf_recount(d, "local", i, w->product[i].at[DEPOT_FILE] + 3);
	return NULL;
}

/* An order in this state, as the filter of the operation wants it. */
static const char *of_order(struct day *d, const char *kind, const char *where, const char *more)
{
	int64_t id = day_int(d, arena_printf(d->arena, "SELECT id FROM orders o WHERE open = 1 AND %s ORDER BY id LIMIT 1", where));
	const char *payload = arena_printf(d->arena, "order=%" PRId64 "\n", id);

	if (id < 0)
		return "there is no such order";
	if (!strcmp(kind, "ship"))
		payload = arena_printf(d->arena, "order=%" PRId64 "\ncarrier.%" PRId64 "=ups\ntracking.%" PRId64 "=1Z999AA11234567842\nshipped_ms=%" PRId64 "\n", id, id, id, d->now_ms);
	return day_intend(d, kind, "", arena_printf(d->arena, "%s%s", payload, more));
}

static const char *acknowledge(struct day *d)
{
	return of_order(d, "ack", "state = 'NEW' AND ack_by_ms > 0", "");
}

static const char *ship(struct day *d)
{
	return of_order(d, "ship", "state = 'ACKED'", "");
}

static const char *cancel(struct day *d)
{
	return of_order(d, "cancel", "state = 'NEW' AND ack_by_ms > 0", "reason=CUSTOMER_REQUESTED_SELLER_TO_CANCEL\n");
}

static const char *push(struct day *d)
{
	return day_intend(d, "push", "", arena_printf(d->arena, "offer=%" PRId64 "\n", day_int(d, "SELECT id FROM offer WHERE pool = 'own' AND block = '' AND target > 0 LIMIT 1")));
}

static const char *zero(struct day *d)
{
	return day_intend(d, "zero", "", arena_printf(d->arena, "scope=%s\nreason=recall of one batch\n", day_text(d, "SELECT sku FROM offer WHERE pool = 'own' AND block = '' AND target > 0 LIMIT 1")));
}

static const char *lift(struct day *d)
{
	return day_intend(d, "lift", "", "zero=1\n");
}

static const char *reconcile(struct day *d)
{
	return day_intend(d, "reconcile", "", "");
}

static const struct op {
	const char *name;
	const char *(*ask)(struct day *d);
	int64_t lasts_ms;
	bool lived; /* each is lived on from, but for SOAK=1: that a file is not read again shows later alone */
} ops[] = {
	{ "it starts", start, 0, false },
	{ "orders are read", orders, 2 * MINUTE, false },
	{ "a count is read, and new quantities go out", count, MINUTE, true },
	{ "an order is acknowledged", acknowledge, 15 * SECOND, false },
	{ "an order is shipped", ship, 15 * SECOND, false },
	{ "an order is cancelled", cancel, 15 * SECOND, false },
	{ "a quantity is said again", push, 15 * SECOND, false },
	{ "a product goes to zero by hand", zero, 15 * SECOND, false },
	{ "it is let go of", lift, 15 * SECOND, false },
	{ "everything is compared", reconcile, MINUTE, false },
};

enum { OPS = sizeof ops / sizeof *ops, OUTCOMES = MINUTE };

struct sum {
	int64_t allocations, tried, judged, lived, deaths, refused, bad;
};

static struct sum *sums; /* shared: a branch counts as well */

struct table {
	struct day *d;
	struct branches *branches;
	int op;
	int64_t n; /* which allocation fails; INT64_MAX: none, they are counted */
};

static int64_t number(const char *name, int64_t otherwise)
{
	const char *v = getenv(name);

	return v ? atoll(v) : otherwise;
}

static bool is_check(void)
{
	const char *share = getenv("SHARE");

	return share && !strcmp(share, "check");
}

static int64_t add(int64_t *to, int64_t n)
{
	return __atomic_add_fetch(to, n, __ATOMIC_SEQ_CST);
}

/* ---- in a branch ---- */

static bool fails(const struct table *t, const char *why)
{
	if (why)
		print_message("OP=%d N=%" PRId64 ": %s: %s\n", t->op, t->n, ops[t->op].name, why);
	return why != NULL;
}

/* Nobody refused anything: a reading that is not tried again would never be heard from any more. */
static const char *given_up(struct day *d)
{
	const char *job = day_text(d, "SELECT coalesce(max(verb || ' of ' || subject || ': ' || text), '') FROM job WHERE writes = 0 AND state = 'failed'");

	return *job ? arena_printf(d->arena, "a reading is given up: %s", job) : NULL;
}

static bool outcome_is_good(struct table *t)
{
	struct day *d = t->d;
	struct sum *s = &sums[t->op];
	int64_t n;

	if (fails(t, *d->trouble ? d->trouble : NULL) || fails(t, day_holds(d)) || fails(t, given_up(d)))
		return false;
	n = add(&s->judged, 1);
	if (n % number("LIVE", getenv("SOAK") ? 100 : ops[t->op].lived ? 1 : 8))
		return true;
	add(&s->lived, 1);
	day_run(d, d->now_ms + HOUR);
	return !fails(t, day_verdict(d));
}

static void count_them(struct table *t)
{
	day_stop(t->d);
	sums[t->op].allocations = t->d->happened;
}

static void live(struct table *t)
{
	const struct op *op = &ops[t->op];
	struct day *d = t->d;
	const char *refused;
	bool well = true;

	day_begin(d);
	if (op->ask != start) {
		day_run(d, d->now_ms + 30 * SECOND);
		day_starve(d, t->n);
	}
	refused = op->ask(d);
	day_run(d, d->now_ms + op->lasts_ms);
	if (t->n == INT64_MAX) {
		well = !fails(t, refused ? refused : *d->trouble ? d->trouble : NULL);
		count_them(t);
	} else {
		add(&sums[t->op].tried, 1);
		add(&sums[t->op].deaths, d->crashes > 0);
		add(&sums[t->op].refused, refused && *refused);
		day_run(d, d->now_ms + OUTCOMES);
		well = outcome_is_good(t);
	}
	day_close(d);
	branch_end(well);
}

/* The engine ended well: all of it is in the database, and need not be copied a second time with the log. */
static void come_home(struct table *t)
{
	struct err err = { 0 };

	day_stop(t->d);
	assert_false(folder_settle(t->d->dir, &err));
}

static void branch(struct table *t, int64_t n)
{
	struct doom next = { ops[t->op].ask == start ? DOOM_MEMORY : DOOM_NONE, n };
	char dir[sizeof t->d->dir];

	t->n = n;
	snprintf(dir, sizeof dir, "%.40s.%d.%" PRId64, t->d->dir, t->op, n == INT64_MAX ? 0 : n);
	folder_copy(t->d->dir, dir);
	if (!branch_off(t->branches, t->op))
		return;
	day_move(t->d, dir, 1 + (uint64_t)t->op, next); /* all of an operation alike: what differs is when it is without memory */
	live(t);
}

/* ---- around them ---- */

static void starve(struct table *t)
{
	struct sum *s = &sums[t->op];
	int64_t cuts, one = number("N", 0);

	branch(t, INT64_MAX);
	branches_wait(t->branches);
	cuts = number("CUTS", getenv("SOAK") ? s->allocations : is_check() ? 24 : 3);
	for (int64_t i = 0; i < cuts && i < s->allocations && !one; i++)
		branch(t, 1 + i * s->allocations / (cuts < s->allocations ? cuts : s->allocations));
	for (int64_t n = one; one && n <= number("TO", one); n++)
		branch(t, n);
	branches_wait(t->branches);
	s->bad = branches_bad(t->branches, t->op);
	print_message("starved: %-42s %6" PRId64 " allocations, %6" PRId64 " of them failed: %5" PRId64 " times it died, %4" PRId64 " times it said no, %5" PRId64
	              " judged at once, %4" PRId64 " lived on from; %" PRId64 " bad\n",
	              ops[t->op].name, s->allocations, s->tried, s->deaths, s->refused, s->judged, s->lived, s->bad);
}

/* And then it is done with memory enough, so that the next one has something to do. */
static void go_on(struct table *t)
{
	const char *refused;

	day_begin(t->d);
	day_run(t->d, t->d->now_ms + 30 * SECOND);
	refused = ops[t->op].ask(t->d);
	assert_string_equal(refused ? refused : "", "");
	assert_true(day_run(t->d, t->d->now_ms + 3 * MINUTE));
	come_home(t);
}

static int starve_all(void **state)
{
	static const struct places nowhere = { 0 };
	struct day_plan plan = { .seed = 78, .skus = 12, .past = 10, .orders_a_day = 2400, .jitter = true, .idle = true, .settle_pct = 100, .places = &nowhere };
	struct table t = { 0 };

	(void)state;
	sums = mmap(NULL, OPS * sizeof *sums, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(sums != MAP_FAILED);
	if (!child_can_starve())
		return 0;
	t.branches = branches_open((int)number("JOBS", 1)); /* whom they come from only copies folders */
	t.d = day_prepare(&plan);
	day_begin(t.d);
	day_run(t.d, t.d->now_ms + 10 * MINUTE);
	day_no_buyers(t.d);
	day_run(t.d, t.d->now_ms + 10 * MINUTE);
	come_home(&t);
	for (t.op = 0; t.op < OPS; t.op++) {
		if (number("OP", t.op) == t.op)
			starve(&t);
		go_on(&t);
	}
	branches_close(t.branches);
	day_close(t.d);
	return 0;
}

static void nothing_was_bad(void **state)
{
	int op = (int)((const struct op *)*state - ops);
	const struct sum *s = &sums[op];

	if (!child_can_starve() || number("OP", op) != op)
		skip();
	assert_true(s->tried > 0);
	assert_true(s->allocations > 100);
	assert_int_equal(s->bad, 0);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[OPS];

	child_main(argc, argv);
	for (int i = 0; i < OPS; i++)
		tests[i] = (struct CMUnitTest){ .name = ops[i].name, .test_func = nothing_was_bad, .initial_state = (void *)&ops[i] };
	return cmocka_run_group_tests(tests, starve_all, NULL);
}
