#include "net/retry.h"

#include <assert.h>

const struct retry_rules retry_rules = {
	.ladder_ms = { 5000, 15000, 60000 },
	.slow_ms = 300000,
	.min_gap_ms = 5000,
	.busy_ms = 60000,
	.jitter_pct = 10,
	.alert_after = 3,
};

/* What each fault asks for; its first occurrence may differ. */
struct policy {
	enum retry_move first, move;
	bool counts;
	enum { LADDER, SLOW, BUSY } pace;
};

static const struct policy policies[FAULTS] = {
	[FAULT_NET] = { RETRY_AGAIN, RETRY_AGAIN, true, LADDER },
	[FAULT_UNSURE] = { RETRY_ASK, RETRY_ASK, true, LADDER },
	[FAULT_BUSY] = { RETRY_AGAIN, RETRY_AGAIN, false, BUSY },
	[FAULT_REMOTE] = { RETRY_AGAIN, RETRY_AGAIN, true, LADDER },
	[FAULT_AUTH] = { RETRY_TOKEN, RETRY_AGAIN, true, SLOW }, /* looks in now and then whether somebody has mended the secret */
	[FAULT_REFUSED] = { RETRY_PERSON, RETRY_PERSON, true, SLOW },
	[FAULT_FORMAT] = { RETRY_PERSON, RETRY_PERSON, true, SLOW },
	[FAULT_ENDPOINT] = { RETRY_PERSON, RETRY_PERSON, true, SLOW },
	[FAULT_STORE] = { RETRY_AGAIN, RETRY_AGAIN, true, LADDER },
};

static int64_t pause_of(const struct retry_rules *rules, const struct policy *p, int failures)
{
	const int rungs = sizeof rules->ladder_ms / sizeof *rules->ladder_ms;

	if (p->pace == BUSY)
		return rules->busy_ms;
	return p->pace == LADDER && failures <= rungs ? rules->ladder_ms[failures - 1] : rules->slow_ms;
}

static int64_t due(const struct retry_rules *rules, const struct policy *p, int failures, int64_t now_ms, int64_t hint_ms,
                   struct rng *rng)
{
	int64_t pause = pause_of(rules, p, failures);

	if (hint_ms && (p->pace == BUSY || hint_ms - now_ms > pause)) /* of a throttle they know more than we do */
		pause = hint_ms - now_ms;
	if (pause < rules->min_gap_ms)
		pause = rules->min_gap_ms;
	if (rng)
		pause += rng_below(rng, pause * rules->jitter_pct / 100 + 1);
	return now_ms + pause;
}

struct retry retry_next(const struct retry_rules *rules, enum fault fault, int failures, int64_t now_ms, int64_t hint_ms,
                        struct rng *rng)
{
	const struct policy *p;
	struct retry r;

	assert(fault > OK && fault < FAULTS);
	p = &policies[fault];
	r.counts = p->counts;
	if (failures < 1)
		failures = 1;
	r.move = failures == 1 ? p->first : p->move;
	r.due_ms = r.move == RETRY_TOKEN ? now_ms : due(rules, p, failures, now_ms, hint_ms, rng);
	if (fault == FAULT_AUTH)
		r.alert = failures == 2; /* a fresh token was refused as well: waiting will not mend that */
	else
		r.alert = r.move == RETRY_PERSON || (p->counts && failures == rules->alert_after);
	return r;
}
