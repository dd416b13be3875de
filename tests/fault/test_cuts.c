/*
 * test_cuts.c: one busy hour, lived once, and cut at each place on the way.
 *
 * At a place the engine holds its breath (child.h). What a kill would leave there - the files, the marketplaces, the people - is judged on the spot: SQLite
 * recovers the files in a folder apart, and what came out is asked what must hold at any moment (day_holds): the store is whole,
 * audit and calls are unbroken chains, what it said ok to is there, whatever happened at a marketplace was announced, nothing happened twice. Then
 * a fork of the world goes on from there with a new engine, with buyers for five minutes more, an operator for twenty-five, and a rest of as long;
 * the judge of all days sits at its end. The engine itself goes on to the next place.
 *
 * Most writes change nothing of what is committed. Where the log's last commit is the one of the place before by the format itself (wal.h), the database was not
 * written since, and people and ledger are where they were, it is the same cut; each sixteenth of those is recovered all the same, to see that this is so. Two cuts are the same as well
 * when SQLite recovers the same bytes: such a state is judged and lived on with once. So is each disk that a power cut may leave.
 *
 * What is no death - a full disk, a sync that fails, memory that is not there - begins at a turn, in a fork, in the engine's next life.
 *
 * A few places in `make test`, SHARE=check some dozens of each kind, SOAK=1 every write. JOBS=n processes at a time. A place that failed is printed as KIND=k AT=n
 * [THEN=m], which cuts there alone. test_crash.c has the same kinds with a real SIGKILL, a few of each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/store.h"
#include "tests/fault/branch.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"
#include "tests/fault/folder.h"
#include "tests/fault/power.h"
#include "tests/fault/seen.h"
#include "tests/fault/wal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum share { TEST, CHECK, SOAK, SHARES };

static const struct kind {
	const char *name;
	enum doom_kind doom;
	int64_t every[SHARES]; /* each so manyth place; of what is no death, each so manyth turn */
	int live[SHARES];      /* of the states that are not like another one, each so manyth is lived on with */
	int disks;             /* that a power cut may leave, at each place */
	int64_t within;        /* what is no death comes to pass after up to so many of its kind in the next life */
} kinds[] = {
	{ "killed before a write", DOOM_WRITE, { 5000, 250, 1 }, { 11, 30, 2 }, 1, 0 },
	{ "killed in the middle of a write", DOOM_TORN, { 9001, 701, 5 }, { 6, 12, 1 }, 1, 0 },
	{ "killed before a request leaves", DOOM_SAY, { 200, 20, 1 }, { 3, 6, 1 }, 1, 0 },
	{ "killed before the answer is written down", DOOM_HEARD, { 200, 20, 1 }, { 3, 6, 1 }, 1, 0 },
	{ "the power is cut", DOOM_POWER, { 20011, 1499, 50 }, { 2, 7, 1 }, 5, 0 },
	{ "the disk is full for a while", DOOM_FULL, { 2999, 691, 40 }, { 1, 1, 1 }, 0, 300 },
	{ "a sync fails", DOOM_SYNC, { 3011, 701, 40 }, { 1, 1, 1 }, 0, 60 },
	{ "there is no memory", DOOM_MEMORY, { 3019, 709, 20 }, { 1, 1, 1 }, 0, 30000 },
};

enum { SAMPLE = 16 }; /* of the states that look like the one before in their log, each so manyth is recovered all the same */

enum { KINDS = sizeof kinds / sizeof *kinds, BUYERS = 20 * MINUTE, HOUR_ENDS = 120 * MINUTE, REST = 30 * MINUTE, LATER_REST = 25 * MINUTE };

struct sum {
	int64_t places, alike, states, distinct, lived, bad;
};

static struct hour {
	struct day *d;
	char found[96]; /* a folder in which the files are recovered and looked at */
	struct branches *branches;
	struct rng rng;
	struct wal *wal;
	uint64_t before; /* where everybody stood, and the files, at the last place */
	bool alike;      /* and they still do */
	int64_t turns;
	bool over;       /* what it writes as it ends is no place any more */
	struct sum sum[KINDS];
	const struct kind *cut; /* in a branch: how it came about */
	char cut_at[80];
	struct seen *seen;
} hour;

static enum share share_of_hour(void)
{
	const char *share = getenv("SHARE");

	return getenv("SOAK") ? SOAK : share && !strcmp(share, "check") ? CHECK : TEST;
}

static int64_t number(const char *name, int64_t otherwise)
{
	const char *v = getenv(name);

	return v ? atoll(v) : otherwise;
}

static int64_t every(const struct kind *k)
{
	int64_t only = number("KIND", -1);

	if (k->doom == DOOM_MEMORY && !child_can_starve())
		return 0;
	if (only >= 0)
		return only == k - kinds ? number("AT", k->every[share_of_hour()]) : 0;
	return k->every[share_of_hour()];
}

static int64_t live(const struct kind *k)
{
	return number("LIVE", getenv("AT") ? 1 : k->live[share_of_hour()]);
}

/* ---- at a place ---- */

static void is_bad(struct hour *h, const struct kind *k, const char *why)
{
	h->sum[k - kinds].bad++;
	print_message("KIND=%d %s: %s: %s\n", (int)(k - kinds), h->cut_at, k->name, why);
}

/* Is it whole, and is it new? */
static bool is_worth_living(struct hour *h, const struct kind *k, const char *dir)
{
	struct store *reader = h->d->reader;
	uint64_t digest;
	const char *why;
	struct err err;

	h->sum[k - kinds].states++;
	if (folder_recover(dir, &digest, &err)) {
		is_bad(h, k, err.text);
		return false;
	}
	if (!seen_not(h->seen, moment_of(h->d, digest)))
		return false;
	h->sum[k - kinds].distinct++;
	if (h->alike)
		is_bad(h, k, "by its format nothing more is committed in the log, and SQLite recovers something else");
	if (store_open(dir, STORE_READ, &h->d->reader, &err)) {
		is_bad(h, k, err.text);
		h->d->reader = reader;
		return false;
	}
	why = day_holds(h->d);
	store_close(h->d->reader);
	h->d->reader = reader;
	if (why)
		is_bad(h, k, why);
	return !why;
}

/* true: in the branch, which lives on in a folder of its own. */
static bool go_on_from(struct hour *h, const struct kind *k, const struct power *p, struct rng dice, struct doom next)
{
	char dir[sizeof h->d->dir];
	int64_t n = h->sum[k - kinds].lived++;

	snprintf(dir, sizeof dir, "%.50s.%d.%" PRId64, h->d->dir, (int)(k - kinds), n);
	folder_copy(h->d->dir, dir);
	if (p)
		power_state(p, &dice, dir, dir);
	if (!branch_off(h->branches, (int)(k - kinds)))
		return false;
	day_move(h->d, dir, (uint64_t)(n * KINDS + (k - kinds)), next);
	h->cut = k;
	return true;
}

static bool cut_off(struct hour *h, const struct kind *k, const struct power *p)
{
	static const struct doom none = { DOOM_NONE, 0 };

	for (int i = 0; i < (p ? k->disks : 1); i++) {
		struct rng dice = rng_seeded(rng_next(&h->rng));
		struct rng thrown = dice;

		folder_copy_store(h->d->dir, h->found);
		if (p)
			power_state(p, &thrown, h->found, h->found);
		if (is_worth_living(h, k, h->found) && h->sum[k - kinds].distinct % live(k) == 0 && go_on_from(h, k, p, dice, none))
			return true;
	}
	return false;
}

/* From this turn on something may be the matter that kills nobody. */
static bool fall_ill(struct hour *h, const struct kind *k)
{
	struct doom next = { k->doom, number("THEN", 1 + rng_below(&h->rng, k->within)) };

	snprintf(h->cut_at, sizeof h->cut_at, "AT=%" PRId64 " THEN=%" PRId64, h->turns, next.after);
	h->sum[k - kinds].places++;
	return go_on_from(h, k, NULL, h->rng, next);
}

static bool at_turn(struct hour *h)
{
	h->turns++;
	for (const struct kind *k = kinds; k < kinds + KINDS; k++)
		if (k->within && every(k) && h->turns % every(k) == 0 && fall_ill(h, k))
			return true;
	return false;
}

/* Is nothing else committed than at the last place, the database itself not written, and nobody else anywhere else? */
static bool is_as_before(struct hour *h, int64_t elsewhere)
{
	uint64_t now = moment_of(h->d, moment_of(h->d, wal_committed(h->wal, h->d->dir)) ^ (uint64_t)elsewhere);

	h->alike = now == h->before;
	h->before = now;
	return h->alike;
}

static bool at_place(void *ctx, enum doom_kind doom, int64_t elsewhere)
{
	struct hour *h = ctx;
	const struct kind *k = kinds;
	struct power *p;
	bool cut;

	if (h->over)
		return false;
	hands_hear(h->d); /* what it said before it died was heard */
	if (doom == DOOM_TURN)
		return at_turn(h);
	while (k->doom != doom)
		k++;
	snprintf(h->cut_at, sizeof h->cut_at, "AT=%" PRId64, ++h->sum[k - kinds].places * every(k));
	h->alike = false;
	p = doom == DOOM_POWER ? power_read(h->d->dir) : NULL;
	if (doom != DOOM_POWER && is_as_before(h, elsewhere) && ++h->sum[k - kinds].alike % SAMPLE)
		return false;
	cut = cut_off(h, k, p);
	power_free(p);
	return cut;
}

/* ---- the hour ---- */

static void live_on(struct hour *h)
{
	struct day *d = h->d;
	const char *why;

	if (d->now_ms < DAY_BEGINS + BUYERS)
		day_run(d, d->now_ms + 5 * MINUTE < DAY_BEGINS + BUYERS ? d->now_ms + 5 * MINUTE : DAY_BEGINS + BUYERS);
	day_no_buyers(d);
	day_run(d, d->now_ms + 25 * MINUTE);
	d->plan.idle = true; /* the last count is true for ever */
	day_run(d, d->now_ms + LATER_REST);
	why = day_verdict(d);
	if (!why && h->cut->doom == DOOM_SYNC && d->crashes < 2)
		why = "a sync failed, and the engine went on";
	if (why)
		print_message("KIND=%d %s: %s: lived on, and %s\n", (int)(h->cut - kinds), h->cut_at, h->cut->name, why);
	day_close(d);
	branch_end(!why);
}

static void live_minutes(struct hour *h, int64_t until_ms)
{
	while (h->d->now_ms < until_ms && day_run(h->d, h->d->now_ms + MINUTE))
		if (h->cut)
			live_on(h);
	if (h->cut)
		live_on(h); /* with what went wrong at once */
}

static void live_hour(struct hour *h, const struct places *places)
{
	struct day_plan plan = { .seed = 77, .skus = 24, .past = 20, .orders_a_day = 2400, .demo = true, .jitter = true, .settle_pct = 100, .places = places };
	const char *why;

	h->d = day_prepare(&plan);
	snprintf(h->found, sizeof h->found, "%s.found", h->d->dir);
	day_begin(h->d);
	live_minutes(h, DAY_BEGINS + BUYERS);
	day_no_buyers(h->d);
	live_minutes(h, DAY_BEGINS + HOUR_ENDS - REST);
	h->d->plan.idle = true;
	live_minutes(h, DAY_BEGINS + HOUR_ENDS);
	why = day_verdict(h->d);
	assert_string_equal(why ? why : "", "");
}

static void tell_sum(const struct kind *k, struct sum *s)
{
	s->bad += branches_bad(hour.branches, (int)(k - kinds));
	if (k->within && every(k))
		print_message("cuts: %-41s each %5" PRId64 ". turn: %4" PRId64 " times, and each was lived on from; %" PRId64 " bad\n", k->name, every(k), s->places, s->bad);
	else if (every(k))
		print_message("cuts: %-41s each %5" PRId64 ". place: %6" PRId64 " places, %5" PRId64 " as the one before by its log, %5" PRId64
		              " states recovered, %4" PRId64 " of them differ and were judged, %4" PRId64 " lived on from; %" PRId64 " bad\n",
		              k->name, every(k), s->places, s->alike - s->alike / SAMPLE, s->states, s->distinct, s->lived, s->bad);
}

static int cut_everywhere(void **state)
{
	struct places places = { .at = at_place, .ctx = &hour, .every = { [DOOM_TURN] = 1 } };

	(void)state;
	for (const struct kind *k = kinds; k < kinds + KINDS; k++)
		if (!k->within)
			places.every[k->doom] = every(k);
	hour.rng = rng_seeded(number("SEED", 1));
	hour.seen = seen_open();
	hour.wal = wal_new();
	hour.branches = branches_open((int)number("JOBS", 1) - 1);
	live_hour(&hour, &places);
	hour.over = true;
	branches_wait(hour.branches);
	for (const struct kind *k = kinds; k < kinds + KINDS; k++)
		tell_sum(k, &hour.sum[k - kinds]);
	branches_close(hour.branches);
	day_stop(hour.d);
	day_close(hour.d);
	folder_remove(hour.found);
	seen_close(hour.seen);
	wal_free(hour.wal);
	return 0;
}

static void none_was_bad(void **state)
{
	const struct kind *k = *state;

	if (!every(k))
		skip();
	assert_true(hour.sum[k - kinds].places > 0);
	assert_int_equal(hour.sum[k - kinds].bad, 0);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[KINDS];

	child_main(argc, argv);
	for (int k = 0; k < KINDS; k++)
		tests[k] = (struct CMUnitTest){ .name = kinds[k].name, .test_func = none_was_bad, .initial_state = (void *)&kinds[k] };
	return cmocka_run_group_tests(tests, cut_everywhere, NULL);
}
