#include "trade/advice.h"

#include "trade/pace.h"

#include <string.h>

enum { USUAL_PPM = 10000, STRICT_PPM = 1000, STRICT_COST = 3 };

static int64_t latency_of(const struct aims *how, const int64_t *latency_ms, int64_t account)
{
	for (int i = 0; i < how->accounts; i++)
		if (how->account[i].id == account)
			return latency_ms[i];
	return 0;
}

/* What sells in an event sells faster: the factor on its buffers is the best guess there is. */
static int64_t in_event(const struct policy *p, int64_t velocity)
{
	return p->buffer_percent > 100 ? velocity * p->buffer_percent / 100 : velocity;
}

static struct advice advise(const struct aims *how, const struct aimed *of, int64_t own, int64_t all, int64_t latency_ms)
{
	struct buffer b = policy_buffer(&of->policy);
	bool strict = how->book->strict || of->policy.value[POLICY_COST].n >= STRICT_COST;
	struct advice a = {
		.offer = of->offer,
		.velocity = in_event(&of->policy, own),
		.others = in_event(&of->policy, all - own),
		.latency_ms = latency_ms,
		.configured = buffer_of(&b, of->offer->available),
		.by = of->policy.value[POLICY_BUFFER].layer,
		.alpha_ppm = strict ? STRICT_PPM : USUAL_PPM,
	};
	int64_t mine = risk_mean(a.velocity, latency_ms);

	a.window = risk_mean(a.others, latency_ms);
	/* nobody else sells it: it cannot sell what another one sold */
	a.advised = a.others ? risk_buffer(a.window, a.alpha_ppm) : 0;
	a.risk_ppm = a.others ? risk_bound(a.window, mine, a.configured) : 0;
	a.risk_units = a.others ? risk_units(a.window, mine, a.configured) : 0;
	return a;
}

enum fault advice_of(struct store *s, int64_t item, const struct aims *how, const int64_t *latency_ms, struct arena *a, struct advice **out, int *n,
                     struct err *err)
{
	struct pace_rule rule = { .days = how->book->velocity_days, .prior = how->book->velocity_prior };
	struct aimed_item all;
	struct offer *offer;
	int64_t velocity[SIDES], sum = 0;
	enum fault f = item_allocate(s, item, how, a, &all, err);

	*n = 0;
	if (f || !all.n)
		return f;
	offer = arena_alloc(a, (size_t)all.n * sizeof *offer);
	*out = arena_alloc(a, (size_t)all.n * sizeof **out);
	for (int i = 0; i < all.n; i++)
		offer[i] = *all.of[i].offer;
	if (paces_of(s, offer, all.n, &rule, false, how->now_ms, velocity, err))
		return FAULT_STORE;
	for (int i = 0; i < all.n; i++)
		sum += velocity[i];
	for (int i = 0; i < all.n; i++)
		(*out)[(*n)++] = advise(how, &all.of[i], velocity[i], sum, latency_of(how, latency_ms, offer[i].account));
	return OK;
}

void advice_add(struct advice_sum *sum, const struct advice *a)
{
	sum->offers++;
	sum->exposed += a->advised > a->configured;
	if (a->configured > a->advised && a->offer->available > 0) {
		int64_t kept = a->configured < a->offer->available ? a->configured : a->offer->available;

		sum->spare_offers += kept > a->advised;
		sum->spare_units += kept > a->advised ? kept - a->advised : 0;
	}
}
