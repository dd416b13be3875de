/* life.c: buyers come, something happens, they go, all comes to rest, and the ledger is asked. */
#include "tests/fault/life.h"

#include "sandbox/sandbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What is out, and how: one account, with buyers about. */
static const struct plight {
	enum platform platform;
	const char *account, *what;
	bool says; /* quantities can be said, so a zero is shown in its time */
} plights[] = {
	{ WALMART, "walmart-us", "op=push kind=error", false },    { WALMART, "walmart-us", "op=orders kind=error", true },
	{ WALMART, "walmart-us", "kind=error", false },            { WALMART, "walmart-us", "kind=lost-before", false },
	{ AMAZON, "amazon-na", "op=push kind=error", false },      { AMAZON, "amazon-na", "op=orders kind=error", true },
	{ AMAZON, "amazon-na", "kind=error", false },              { WALMART, "walmart-us", "op=push,orders kind=html", false },
};

enum { PLIGHTS = sizeof plights / sizeof *plights };

static const char feed_config[] = "[account walmart-us]\nbulk_over = 1\n[account amazon-na]\nbulk_over = 1\n";

/* ---- an outage, minute by minute ---- */

/*
 * Each lapse by its own first failure: what was zeroed before half an hour was over, and what was not although it was over and there was anything to say. A
 * killed engine looks again when it is back.
 */
static void judge_time(struct day *d)
{
	static const char early[] = "SELECT count(*) FROM lapse WHERE zeroed_ms >= since_ms AND zeroed_ms < since_ms + 30 * 60000";
	int64_t slack = d->plan.crashes_an_hour ? 12 * MINUTE : 90 * SECOND;

	if (day_int(d, early))
		day_wrong(d, WRONG_ZERO_EARLY, "zeroed early: %s", day_text(d, "SELECT (zeroed_ms - since_ms) / 1000 || ' s after the first failure' FROM lapse WHERE zeroed_ms >= since_ms AND zeroed_ms < since_ms + 30 * 60000"));
	if (day_int(d, arena_printf(d->arena, "SELECT count(*) FROM lapse WHERE (zeroed_ms > since_ms + 30 * 60000 + %" PRId64 ") OR (state = 'FAILING' AND bad_ms > since_ms + 30 * 60000 + %" PRId64 " AND (waiting > 0 OR cause = 'truth'))", slack, slack)))
		day_wrong(d, WRONG_ZERO_LATE, "zeroed late: %s", day_text(d, "SELECT max(max(zeroed_ms, bad_ms) - since_ms) / 1000 || ' s after the first failure' FROM lapse"));
}

static void nothing_on_sale(struct day *d, const struct plight *p)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->listings; i++) {
		const struct listing *l = &w->listing[i];
		const struct place_fact *f = &place_facts[l->place];

		if (f->platform == p->platform && !f->pool && !f->apart && l->place != WALMART_WEST && l->said)
			day_wrong(d, WRONG_ZERO_LATE, "zeroed late: %s at %s is said to be %d", world_str(w, w->product[l->product].sku), f->name, l->said);
	}
}

/*
 * Two minutes after it was due nothing of the account is on sale by the ledger, where quantities can be said. An engine that was killed over it reads once
 * more first what it was just saying.
 */
static void judge_said(struct day *d, const struct plight *p)
{
	static const char zeroed[] = "SELECT coalesce(max(l.zeroed_ms), 0) FROM lapse l JOIN account a ON a.id = l.account_id WHERE a.name = '%s' AND l.state = 'ZEROED'";
	int64_t at = day_int(d, arena_printf(d->arena, zeroed, p->account)), back_ms = day_lives_since(d);
	bool due = at && d->now_ms > at + 2 * MINUTE && d->now_ms > back_ms + 4 * MINUTE;

	if (p->says && due)
		nothing_on_sale(d, p);
}

/*
 * By the clock of the outage and the marketplace's own ledger, whatever the engine wrote down: orders are asked for every minute or two, so 35 minutes into it
 * nothing may be on sale where quantities can be said, and before its first half hour is over nothing may have been held. Who was killed in between has
 * what judge_time gives him as well.
 */
static void judge_outage(struct day *d, const struct plight *p, int64_t from)
{
	static const char held[] = "SELECT count(*) FROM zero_row r JOIN zero_out z ON z.id = r.zero_id JOIN offer f ON f.id = r.offer_id JOIN account a ON a.id = f.account_id "
				   "WHERE a.name = '%s' AND z.rule <> '' AND z.made_ms >= %" PRId64 " AND z.made_ms < %" PRId64;
	int64_t slack = d->plan.crashes_an_hour ? 14 * MINUTE : 0, back_ms = day_lives_since(d);

	if (day_int(d, arena_printf(d->arena, held, p->account, from, from + 30 * MINUTE)))
		day_wrong(d, WRONG_ZERO_EARLY, "zeroed early: held within %" PRId64 " s of the outage", (d->now_ms - from) / 1000);
	if (p->says && d->now_ms >= from + 35 * MINUTE + slack && d->now_ms > back_ms + 4 * MINUTE)
		nothing_on_sale(d, p);
}

/* What another account was held at, what was ended, what is not over yet. */
static void judge_end(struct day *d, const struct plight *p)
{
	char sql[300];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM zero_row r JOIN offer f ON f.id = r.offer_id JOIN account a ON a.id = f.account_id WHERE a.name <> '%s'", p->account);
	if (day_int(d, sql))
		day_wrong(d, WRONG_ZERO_EARLY, "an offer of another account was held");
	if (day_count(d, "listings_ended"))
		day_wrong(d, WRONG_OTHER, "a listing was ended");
	if (day_int(d, "SELECT count(*) FROM lapse WHERE ended_ms = 0"))
		day_wrong(d, WRONG_OTHER, "a lapse is still %s", day_text(d, "SELECT state || ', ' || text FROM lapse WHERE ended_ms = 0"));
	if (day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"))
		day_wrong(d, WRONG_OTHER, "an offer is still held");
}

static const struct plight *live_outage(struct day *d, const struct life_kind *k, struct rng *rng, char *what, size_t cap)
{
	const struct plight *p = &plights[rng_below(rng, PLIGHTS)];
	int64_t minutes = 35 + rng_below(rng, k->out_min - 34), from = d->now_ms;

	snprintf(what, cap, "%s %s for %" PRId64 " min", p->account, p->what, minutes);
	day_fault(d, arena_printf(d->arena, "for=%" PRId64 "m channel=%s %s", minutes, platform_names[p->platform], p->what));
	for (int64_t at = from; !*d->trouble && d->now_ms < from + minutes * MINUTE; at += MINUTE) {
		day_run(d, at + MINUTE);
		judge_time(d);
		judge_said(d, p);
		judge_outage(d, p, from);
	}
	return p;
}

/* ---- a day ---- */

static struct day *begin(const struct life_kind *k, uint64_t seed)
{
	struct day_plan plan = {
		.seed = seed,
		.skus = k->skus,
		.past = k->past,
		.orders_a_day = k->orders_a_day,
		.demo = !k->out_min,
		.jitter = true,
		.settle_pct = k->settle_pct,
		.shadow = k->shadow,
		.whole = k->whole,
		.crashes_an_hour = k->crashes,
		.config = k->feeds ? feed_config : NULL,
	};

	return day_open(&plan);
}

/* In an hour ten minutes on one marketplace, of which calls land late. An acknowledgement that does is told twice, and none the worse. */
static void sow_late(struct day *d, const struct life_kind *k, int i)
{
	struct rng rng = rng_seeded(d->plan.seed * 1000 + (uint64_t)i);
	const char *whom = platform_names[rng_below(&rng, k->whole ? MARKETS : EBAY)];

	day_fault(d, arena_printf(d->arena, "at=%dm for=10m channel=%s op=ship,cancel,push kind=late rate=0.4", (int)rng_below(&rng, k->stretch_min - 10), whom));
}

static void with_buyers(struct day *d, const struct life_kind *k)
{
	for (int i = 0; i < k->stretches; i++) {
		if (k->mishaps && i % 2)
			day_fault(d, arena_printf(d->arena, "for=%dm seed=%d", k->stretch_min, (int)d->plan.seed * 100 + i));
		if (k->mishaps && i % 2 && k->stretch_min >= 60)
			sow_late(d, k, i);
		day_run(d, d->now_ms + k->stretch_min * (int64_t)MINUTE);
	}
}

static void tell(struct day *d, struct life *out)
{
	const struct faults *f = &d->sandbox->faults;

	for (int i = 0; i < f->n; i++)
		out->hits += f->mishap[i].fired;
	out->orders = d->sandbox->world->orders - d->plan.past;
	out->turns = d->turns;
	out->crashes = d->crashes;
	out->lived_min = (int)((d->now_ms - DAY_BEGINS) / MINUTE);
	out->zeroed = (int)day_int(d, "SELECT count(*) FROM lapse WHERE zeroed_ms > 0");
	memcpy(out->wrong, d->wrong, sizeof out->wrong);
	out->excused = (int)(d->oversold_ever - d->oversold);
	snprintf(out->why, sizeof out->why, "%s", d->trouble);
}

void life_live(const struct life_kind *k, uint64_t seed, struct life *out)
{
	struct rng rng = rng_seeded(seed);
	const struct plight *out_of_step = NULL;
	struct day *d = begin(k, seed);

	*out = (struct life){ 0 };
	with_buyers(d, k);
	if (k->out_min) {
		out_of_step = live_outage(d, k, &rng, out->what, sizeof out->what);
		day_run(d, d->now_ms + k->stretch_min * (int64_t)MINUTE);
	}
	day_no_buyers(d);
	day_run(d, d->now_ms + k->quiet_min * (int64_t)MINUTE);
	d->plan.idle = true; /* the last count is true for ever */
	day_run(d, d->now_ms + k->still_min * (int64_t)MINUTE);
	if (out_of_step)
		judge_end(d, out_of_step);
	day_verdict(d);
	if (k->shadow && day_count(d, "writes_push") + day_count(d, "writes_ack") + day_count(d, "writes_ship") + day_count(d, "writes_cancel"))
		day_wrong(d, WRONG_OTHER, "a shadow account wrote");
	tell(d, out);
	day_close(d);
}
