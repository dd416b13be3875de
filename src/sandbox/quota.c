#include "sandbox/quota.h"

static bool calendar_take(struct quota *q, const struct quota_rule *rule, int64_t now_ms, int64_t *left, int64_t *next_ms)
{
	bool ok;

	if (!q->used || q->at_ms / rule->window_ms != now_ms / rule->window_ms)
		q->level = rule->tokens;
	q->used = true;
	q->at_ms = now_ms;
	ok = q->level > 0;
	q->level -= ok;
	*left = q->level;
	*next_ms = q->level > 0 ? now_ms : (now_ms / rule->window_ms + 1) * rule->window_ms;
	return ok;
}

bool quota_take(struct quota *q, const struct quota_rule *rule, int64_t now_ms, int64_t *left, int64_t *next_ms)
{
	int64_t full = rule->burst * rule->window_ms, gone = now_ms - q->at_ms;
	bool ok;

	*left = 0;
	*next_ms = now_ms;
	if (!rule->tokens)
		return true;
	if (!rule->burst)
		return calendar_take(q, rule, now_ms, left, next_ms);
	if (!q->used || gone > full / rule->tokens)
		q->level = full;
	else if (gone > 0)
		q->level = q->level + gone * rule->tokens < full ? q->level + gone * rule->tokens : full;
	q->used = true;
	q->at_ms = now_ms;
	ok = q->level >= rule->window_ms;
	if (ok)
		q->level -= rule->window_ms;
	*left = q->level / rule->window_ms;
	*next_ms = now_ms + (rule->window_ms - q->level % rule->window_ms + rule->tokens - 1) / rule->tokens;
	return ok;
}
