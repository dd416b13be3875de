/*
 * accounts_meters.c: how fast each account may be talked to and whether it answers: buckets and breakers, taken up again after a restart and written down
 * as they are used.
 */
#include "engine/accounts_inside.h"

#include "trade/accounts.h"

#include <inttypes.h>
#include <string.h>

enum { SAVE_MS = 1000 }; /* what reads cost is written down so often */

static void remember_bucket(struct links *ls, const struct bucket_row *row, int64_t now_ms)
{
	struct link *l = link_by_id(ls, row->account);
	struct limit saved = {
		.rate = row->rate,
		.window_ms = row->window_ms,
		.burst = row->burst,
		.credit = row->credit,
		.filled_ms = row->filled_ms,
		.hold_ms = row->hold_ms,
		.daily = row->daily,
		.day_used = row->day_used,
		.day_ends_ms = row->day_ends_ms,
		.told_rate = row->told_rate,
		.told_window_ms = row->told_window_ms,
	};

	for (int i = 0; l && i < l->gates; i++)
		if (!strcmp(l->gate[i].name, row->name)) {
			limit_resume(&l->gate[i].limit, &saved, now_ms);
			l->gate[i].calls = row->calls;
			l->gate[i].throttled = row->throttled;
		}
}

static void remember_breaker(struct links *ls, const struct breaker_row *row)
{
	struct link *l = link_by_id(ls, row->account);

	for (int i = 0; l && i < l->fuses; i++)
		if (!strcmp(l->fuse[i].name, row->name))
			l->fuse[i].breaker = (struct breaker){
				.state = breaker_state_from_name(row->state),
				.fails = row->fails,
				.good = row->good,
				.since_ms = row->since_ms,
				.probe_ms = row->probe_ms,
				.ok_ms = row->ok_ms,
			};
}

static struct gate *gate_of(struct link *l, const struct operation *o)
{
	for (int i = 0; i < l->gates; i++)
		if (!strcmp(l->gate[i].name, o->bucket))
			return &l->gate[i];
	return NULL;
}

/* On record from the start, so that what was never used is seen too. */
static void gate_add(struct links *ls, struct link *l, enum verb verb, const struct operation *o, int64_t now_ms)
{
	struct gate *g = gate_of(l, o);
	struct operation mine = grants_apply(l->grant, l->grants, o);

	if (!g) {
		l->gate = arena_grow(ls->arena, l->gate, l->gates, &l->gates_cap, sizeof *l->gate);
		g = &l->gate[l->gates++];
		*g = (struct gate){ .name = o->bucket, .verbs = "", .limit = operation_limit(&mine, now_ms), .dirty = true };
	}
	g->verbs = arena_printf(ls->arena, "%s%s%s:%" PRId64, g->verbs, *g->verbs ? " " : "", verb_name(verb), o->cost);
}

static struct fuse *fuse_add(struct links *ls, struct link *l, const struct operation *o)
{
	for (int i = 0; i < l->fuses; i++)
		if (!strcmp(l->fuse[i].name, o->group))
			return &l->fuse[i];
	l->fuse = arena_grow(ls->arena, l->fuse, l->fuses, &l->fuses_cap, sizeof *l->fuse);
	l->fuse[l->fuses] = (struct fuse){ .name = o->group, .fault = "" };
	return &l->fuse[l->fuses++];
}

enum fault links_remember(struct links *ls, struct store *s, int64_t now_ms, struct err *err)
{
	struct bucket_row *buckets;
	struct breaker_row *breakers;
	int n;
	enum fault f;

	for (int i = 0; i < ls->n; i++)
		for (int v = 0; v < VERBS; v++) {
			const struct speech *say = &ls->link[i].channel->say[v];
			const struct operation *o = say->ask ? operation_of(ls, say->op) : NULL;

			if (o) {
				gate_add(ls, &ls->link[i], (enum verb)v, o, now_ms);
				fuse_add(ls, &ls->link[i], o);
			}
		}
	f = buckets_all(s, ls->arena, &buckets, &n, err);
	for (int i = 0; i < n && !f; i++)
		remember_bucket(ls, &buckets[i], now_ms);
	if (!f)
		f = breakers_all(s, ls->arena, &breakers, &n, err);
	for (int i = 0; i < n && !f; i++)
		remember_breaker(ls, &breakers[i]);
	return f;
}

struct gate *link_gate(struct links *ls, struct link *l, const char *op)
{
	const struct operation *o = operation_of(ls, op);

	return o ? gate_of(l, o) : NULL;
}

struct fuse *link_fuse(struct links *ls, struct link *l, const char *op)
{
	const struct operation *o = operation_of(ls, op);

	for (int i = 0; o && i < l->fuses; i++)
		if (!strcmp(l->fuse[i].name, o->group))
			return &l->fuse[i];
	return NULL;
}

static enum fault save_gate(struct store *s, const struct link *l, const struct gate *g, struct err *err)
{
	struct bucket_row row = {
		.account = l->account.id,
		.name = g->name,
		.credit = g->limit.credit,
		.filled_ms = g->limit.filled_ms,
		.rate = g->limit.rate,
		.window_ms = g->limit.window_ms,
		.burst = g->limit.burst,
		.hold_ms = g->limit.hold_ms,
		.daily = g->limit.daily,
		.day_used = g->limit.day_used,
		.day_ends_ms = g->limit.day_ends_ms,
		.calls = g->calls,
		.throttled = g->throttled,
		.reserve_pct = g->limit.reserve_pct,
		.verbs = g->verbs,
		.told_rate = g->limit.told_rate,
		.told_window_ms = g->limit.told_window_ms,
	};

	return bucket_save(s, &row, err);
}

static enum fault save_fuse(struct store *s, const struct link *l, const struct fuse *f, struct err *err)
{
	struct breaker_row row = {
		.account = l->account.id,
		.name = f->name,
		.state = breaker_state_name(f->breaker.state),
		.fails = f->breaker.fails,
		.good = f->breaker.good,
		.since_ms = f->breaker.since_ms,
		.probe_ms = f->breaker.probe_ms,
		.ok_ms = f->breaker.ok_ms,
		.fault = f->fault,
		.text = f->text,
	};

	return breaker_save(s, &row, err);
}

enum fault links_save(struct links *ls, struct store *s, int64_t now_ms, struct err *err)
{
	enum fault bad = OK;

	for (int i = 0; i < ls->n; i++) {
		struct link *l = &ls->link[i];

		for (int g = 0; g < l->gates && !bad; g++)
			if (l->gate[g].dirty && !(bad = save_gate(s, l, &l->gate[g], err)))
				l->gate[g].dirty = false;
		for (int f = 0; f < l->fuses && !bad; f++)
			if (l->fuse[f].dirty && !(bad = save_fuse(s, l, &l->fuse[f], err)))
				l->fuse[f].dirty = false;
	}
	ls->saved_ms = now_ms;
	return bad;
}

enum fault links_save_soon(struct links *ls, struct store *s, int64_t now_ms, struct err *err)
{
	/* a clock that was set back must not stop it */
	return now_ms >= ls->saved_ms && now_ms < ls->saved_ms + SAVE_MS ? OK : links_save(ls, s, now_ms, err);
}

int64_t links_due(const struct links *ls)
{
	for (int i = 0; i < ls->n; i++) {
		for (int g = 0; g < ls->link[i].gates; g++)
			if (ls->link[i].gate[g].dirty)
				return ls->saved_ms + SAVE_MS;
		for (int f = 0; f < ls->link[i].fuses; f++)
			if (ls->link[i].fuse[f].dirty)
				return ls->saved_ms + SAVE_MS;
	}
	return INT64_MAX;
}
