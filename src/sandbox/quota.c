#include "sandbox/quota.h"

bool quota_take(struct quota *q, const struct quota_rule *rule, int64_t now_ms, int64_t *left, int64_t *next_ms)
{
	int64_t full = rule->burst * rule->window_ms, gone = now_ms - q->at_ms;
	bool ok;

	*left = 0;
	*next_ms = now_ms;
	if (!rule->tokens)
		return true;
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
