#include "ui/panes/limits.h"

#include <string.h>

enum fault limits_read(struct store *s, struct arena *a, struct limits *out, struct err *err)
{
	*out = (struct limits){ 0 };
	if (accounts_all(s, a, &out->account, &out->accounts, err) || buckets_all(s, a, &out->bucket, &out->buckets, err))
		return err->fault;
	return breakers_all(s, a, &out->breaker, &out->breakers, err);
}

struct share bucket_left(const struct bucket_row *b, int64_t now_ms)
{
	if (!b->rate && b->daily) /* counted by the day alone */
		return (struct share){ b->daily - (now_ms < b->day_ends_ms ? b->day_used : 0), b->daily };
	return (struct share){ bucket_tokens(b, now_ms), b->burst };
}

static bool emptier(struct share a, struct share b)
{
	return b.whole == 0 || a.part * b.whole < b.part * a.whole;
}

struct share limits_worst(const struct limits *l, int64_t account, int64_t now_ms)
{
	struct share worst = { 0, 0 };

	for (int i = 0; i < l->buckets; i++) {
		struct share s = bucket_left(&l->bucket[i], now_ms);

		if (l->bucket[i].account == account && s.whole > 0 && emptier(s, worst))
			worst = s;
	}
	return worst;
}

struct word breaker_word(const char *state)
{
	if (strcmp(state, "open") == 0)
		return (struct word){ ROLE_CRIT, "OPEN" };
	if (strcmp(state, "half") == 0)
		return (struct word){ ROLE_WARN, "half" };
	return (struct word){ ROLE_OK, "closed" };
}

struct word limits_breaker(const struct limits *l, int64_t account)
{
	struct word worst = { ROLE_MUTED, "-" };

	for (int i = 0; i < l->breakers; i++) {
		struct word w = breaker_word(l->breaker[i].state);

		if (l->breaker[i].account != account)
			continue;
		if (worst.role == ROLE_MUTED || w.role == ROLE_CRIT || (w.role == ROLE_WARN && worst.role == ROLE_OK))
			worst = w;
	}
	return worst;
}

const char *say_share(struct arena *a, struct share s)
{
	return s.whole > 0 ? arena_printf(a, "%d%%", (int)(s.part < 0 ? 0 : s.part * 100 / s.whole)) : "-";
}
