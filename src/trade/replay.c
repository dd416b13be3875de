#include "trade/replay.h"

#include "base/arena.h"
#include "trade/exposure.h"

#include <assert.h>
#include <string.h>

/* What was decided at one event: how many eaches each outlet is to show, and how many it had sold until then. */
struct decision {
	int64_t at_ms;
	int64_t *show, *sold;
};

struct state {
	const struct replay *r;
	struct replayed *out;
	struct outlet *outlet; /* scratch for allocate() */
	struct decision *decision;
	int decisions;
	int *in_force;         /* of each outlet: the decision that has reached it */
	int64_t stock, now_ms;
};

/* What a decision makes visible once it has arrived: its number, less what was sold there since. */
static int64_t effect(const struct state *s, int i, int k)
{
	int64_t left = s->decision[k].show[i] - (s->out[i].sold - s->decision[k].sold[i]);

	return left > 0 ? left : 0;
}

static int64_t visible(const struct state *s, int i)
{
	return effect(s, i, s->in_force[i]);
}

/* What is visible, and what was decided and has not arrived. */
static struct visible look(const struct state *s, int i)
{
	struct visible v = { .seen = visible(s, i), .confirmed = -1, .inflight_most = -1, .inflight_least = -1 };

	for (int k = s->in_force[i] + 1; k < s->decisions; k++) {
		int64_t qty = effect(s, i, k);

		v.inflight_most = qty > v.inflight_most ? qty : v.inflight_most;
		v.inflight_least = v.inflight_least < 0 || qty < v.inflight_least ? qty : v.inflight_least;
	}
	return v;
}

/* A split's increases wait for the decreases here as well. */
static void limit(const struct state *s)
{
	struct visible seen[SIDES] = { 0 };
	int64_t want[SIDES] = { 0 }, most[SIDES];
	int turn[SIDES] = { 0 }, n = s->r->n;

	if (s->r->rule.split.strategy == ALLOC_SHARED)
		return;
	for (int i = 0; i < n; i++) {
		seen[i] = look(s, i);
		want[i] = s->outlet[i].want * s->outlet[i].buffer.pack;
		turn[i] = i;
	}
	exposure_limits(seen, want, turn, n, s->stock > 0 ? s->stock : 0, most);
	for (int i = 0; i < n; i++)
		s->outlet[i].limit = most[i];
}

static void decide(struct state *s)
{
	const struct replay *r = s->r;
	struct decision *d = &s->decision[s->decisions];

	memcpy(s->outlet, r->outlet, (size_t)r->n * sizeof *s->outlet);
	for (int i = 0; i < r->n; i++) {
		s->outlet[i].shown = s->decisions ? s->decision[s->decisions - 1].show[i] / s->outlet[i].buffer.pack : -1;
		s->outlet[i].limit = -1;
		s->outlet[i].dark = false;
	}
	allocate(&r->rule, s->stock, s->outlet, r->n);
	if (s->decisions)
		limit(s);
	for (int i = 0; i < r->n; i++) {
		outlet_settle(&r->rule, &s->outlet[i]);
		d->show[i] = s->outlet[i].qty * s->outlet[i].buffer.pack;
		d->sold[i] = s->out[i].sold;
	}
	d->at_ms = s->now_ms;
	s->decisions++;
}

/* Decisions arrive as time goes on; what is kept back of what there is adds up meanwhile, in each-milliseconds. */
static void advance(struct state *s, int64_t to_ms, int64_t *kept)
{
	for (int i = 0; i < s->r->n; i++) {
		int64_t from_ms = s->now_ms;

		while (s->in_force[i] + 1 < s->decisions && s->decision[s->in_force[i] + 1].at_ms + s->r->latency_ms[i] <= to_ms) {
			int64_t at_ms = s->decision[s->in_force[i] + 1].at_ms + s->r->latency_ms[i];

			if (at_ms > from_ms) {
				kept[i] += s->stock > visible(s, i) ? (s->stock - visible(s, i)) * (at_ms - from_ms) : 0;
				from_ms = at_ms;
			}
			s->in_force[i]++;
		}
		kept[i] += s->stock > visible(s, i) ? (s->stock - visible(s, i)) * (to_ms - from_ms) : 0;
	}
	s->now_ms = to_ms;
}

static void sell(struct state *s, int i, int64_t qty)
{
	int64_t shown = visible(s, i), there = s->stock > 0 ? s->stock : 0, sold = qty < shown ? qty : shown;

	s->out[i].oversold += sold > there ? sold - there : 0;
	s->out[i].lost += (qty < there ? qty : there) > sold ? (qty < there ? qty : there) - sold : 0;
	s->out[i].sold += sold;
	s->stock -= sold;
}

static void play(struct state *s, int64_t *kept)
{
	decide(s);
	for (int k = 0; k < s->r->events; k++) {
		const struct replay_event *e = &s->r->event[k];

		assert(e->outlet < s->r->n && e->qty > 0);
		if (e->at_ms > s->now_ms)
			advance(s, e->at_ms, kept);
		if (e->outlet < 0)
			s->stock += e->qty;
		else
			sell(s, e->outlet, e->qty);
		decide(s);
	}
	if (s->r->until_ms > s->now_ms)
		advance(s, s->r->until_ms, kept);
}

void replay_run(const struct replay *r, struct replayed *out)
{
	struct arena *a = arena_new();
	struct state s = { .r = r, .out = out, .stock = r->stock, .now_ms = r->from_ms };
	int64_t *kept = arena_alloc(a, (size_t)(r->n + 1) * sizeof *kept), *room;

	assert(r->n <= SIDES);
	memset(out, 0, (size_t)r->n * sizeof *out);
	s.outlet = arena_alloc(a, (size_t)(r->n + 1) * sizeof *s.outlet);
	s.in_force = arena_alloc(a, (size_t)(r->n + 1) * sizeof *s.in_force);
	s.decision = arena_alloc(a, (size_t)(r->events + 1) * sizeof *s.decision);
	room = arena_alloc(a, (size_t)(r->events + 1) * (size_t)(r->n + 1) * 2 * sizeof *room);
	for (int k = 0; k <= r->events; k++) {
		s.decision[k].show = room + (size_t)k * 2 * (size_t)r->n;
		s.decision[k].sold = s.decision[k].show + r->n;
	}
	play(&s, kept);
	for (int i = 0; i < r->n; i++)
		out[i].kept = r->until_ms > r->from_ms ? kept[i] / ((r->until_ms - r->from_ms) / 1000 ? (r->until_ms - r->from_ms) / 1000 : 1) : 0;
	arena_free(a);
}
