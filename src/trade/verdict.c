#include "trade/verdict.h"

#include <string.h>

enum { ORDERS_LATE_MS = 15 * 60 * 1000, EARLIER_MS = 15 * 60 * 1000 };

static const char *const names[PUSH_STATES] = { "", "SETTLING", "APPLIED", "NOT_APPLIED", "OVERWRITTEN", "PARTLY" };

const char *push_state_name(enum push_state s)
{
	return names[s];
}

enum push_state push_state_from_name(const char *name)
{
	for (int s = 0; s < PUSH_STATES; s++)
		if (!strcmp(names[s], name))
			return (enum push_state)s;
	return PUSH_NONE;
}

/*
 * Some platforms take units off what they show when they are sold, some when they are shipped, some not at all: all of it is what we
 * said. But what stood there before, shown again while it settles, is only what stood there before.
 */
static bool explained(const struct evidence *e)
{
	if (e->state == PUSH_SETTLING && e->now_ms < e->settle_ms && e->seen == e->before)
		return e->seen == e->pushed;
	return e->seen <= e->pushed && e->seen >= e->pushed - e->sold;
}

/*
 * A sale can make them show our new number before the push arrives; then an older push of ours arrives, and the new one last. While
 * the new one may still be under way, our earlier number is no edit. A feed may be under way for hours: what once showed as it should and
 * shows more again is not left so for that long.
 */
static bool still_earlier(const struct evidence *e)
{
	if (e->state != PUSH_SETTLING && e->seen > e->pushed && e->now_ms - e->pushed_ms > EARLIER_MS)
		return false;
	return e->now_ms < e->settle_ms && e->earlier >= 0 && e->seen <= e->earlier && e->seen >= e->earlier - e->sold;
}

/*
 * What is missing, as far as their orders are known, is explained; the rest went since, in orders that are not here yet, most likely. Where orders come faster than
 * they may be read it goes on going, for hours, from a listing that began to show fewer long before.
 */
static bool went_since(const struct evidence *e)
{
	return e->since_ms > e->heard_ms || (e->heard_ms && e->then >= e->pushed - e->sold);
}

/* It had applied, or was given up, and is another now. */
static const char *cause_of(const struct evidence *e, int64_t drift)
{
	if (!e->mapped)
		return "MAPPING";
	if (drift < 0 && went_since(e))
		return "IN_FLIGHT_ORDER";
	if (drift > 0 && drift <= e->cancelled)
		return "RETURN_FIRST"; /* they put cancelled units back before we did */
	if (drift > 0 && !e->heard_ms)
		return "UNKNOWN"; /* no order of this account was ever read: it may be a cancelled one */
	if (e->stale)
		return "TRUTH_STALE";
	return e->seen == e->earlier && e->now_ms < e->settle_ms ? "NOT_APPLIED" : "CHANNEL_EDIT"; /* a feed of ours that came late is nobody's edit */
}

/*
 * It shows fewer than we said, and not what was there before: most likely it applied, and a unit was sold whose order is not here yet. That is waited
 * for, though not for ever.
 */
static bool may_be_sold(const struct evidence *e, int64_t drift)
{
	return drift < 0 && e->before >= 0 && e->seen != e->before && e->since_ms > e->heard_ms && e->heard_ms && e->now_ms < e->settle_ms + ORDERS_LATE_MS;
}

/* From the nearer end of what sales since would explain. */
static int64_t drift_of(const struct evidence *e)
{
	if (e->seen > e->pushed)
		return e->seen - e->pushed;
	return e->seen < e->pushed - e->sold ? e->seen - (e->pushed - e->sold) : 0;
}

struct verdict offer_judge(const struct evidence *e)
{
	int64_t drift = drift_of(e);
	const char *cause;

	if (e->pushed < 0 || e->state == PUSH_NONE)
		return (struct verdict){ PUSH_NONE, 0, "" };
	if (explained(e))
		return (struct verdict){ PUSH_APPLIED, 0, "" };
	if (still_earlier(e))
		return (struct verdict){ PUSH_SETTLING, 0, "SETTLING" };
	switch (e->state) {
	case PUSH_SETTLING:
		if (e->now_ms < e->settle_ms || may_be_sold(e, drift))
			return (struct verdict){ PUSH_SETTLING, 0, "SETTLING" };
		if (e->shown && drift > 0 && drift <= e->cancelled) /* it looked like our earlier number, and is that many come back */
			return (struct verdict){ PUSH_OVERWRITTEN, drift, "RETURN_FIRST" };
		return (struct verdict){ e->before < 0 || e->seen == e->before ? PUSH_NOT_APPLIED : PUSH_PARTLY, drift, "NOT_APPLIED" };
	case PUSH_NOT_APPLIED:
	case PUSH_PARTLY:
		return (struct verdict){ e->state, drift, "NOT_APPLIED" };
	case PUSH_APPLIED:
	case PUSH_OVERWRITTEN:
	case PUSH_NONE:
	case PUSH_STATES:
		break;
	}
	cause = cause_of(e, drift);
	return (struct verdict){ strcmp(cause, "IN_FLIGHT_ORDER") ? PUSH_OVERWRITTEN : e->state, drift, cause };
}
