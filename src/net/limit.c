#include "net/limit.h"

#include "base/text.h"
#include "net/when.h"

#include <string.h>

enum { DAY_MS = 86400 * 1000 };

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t divide_up(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* "0.0056" a second is 7 tokens in 1,250,000 ms. At most six digits after the point, nine before it. */
static bool rate_parse(const char *text, int64_t window_s, int64_t *rate, int64_t *window_ms)
{
	size_t whole = strspn(text, "0123456789"), decimals = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
	int64_t tokens = 0, window = window_s * 1000, divisor;

	if (!whole || whole > 9 || decimals > 6 || text[whole + (text[whole] == '.') + decimals])
		return false;
	for (; *text; text++)
		if (*text != '.')
			tokens = tokens * 10 + (*text - '0');
	while (decimals--)
		window *= 10;
	if (!tokens)
		return false;
	divisor = common_divisor(tokens, window);
	*rate = tokens / divisor;
	*window_ms = window / divisor;
	return true;
}

bool limit_init(struct limit *l, const char *tokens, int64_t window_s, int64_t burst, int64_t now_ms)
{
	memset(l, 0, sizeof *l);
	l->window_ms = 1;
	l->filled_ms = now_ms;
	if (!tokens || !*tokens)
		return true;
	if (window_s < 1 || window_s > 86400 || burst < 1 || !rate_parse(tokens, window_s, &l->rate, &l->window_ms))
		return false;
	if (burst > INT64_MAX / 400 / l->window_ms)
		return false;
	l->burst = burst;
	l->credit = burst * l->window_ms;
	return true;
}

/* What of so many tokens a lane leaves to those before it, in whole tokens: a bucket of four has nothing to spare. */
static int64_t reserve_of(int64_t tokens, int64_t pct, enum lane lane)
{
	if (lane == LANE_ZERO)
		return 0;
	return tokens * pct / (lane == LANE_DECREASE ? 200 : 100);
}

/* A bucket fills again in minutes, a day does not. */
static int64_t bucket_reserve(const struct limit *l, enum lane lane)
{
	return reserve_of(l->burst, l->reserve_pct / 2, lane);
}

static int64_t day_reserve(const struct limit *l, enum lane lane)
{
	return reserve_of(l->daily, l->reserve_pct, lane);
}

/*
 * Fewer tokens per window than we thought? Then so many from now on; what the bucket holds stays what it holds. One rate
 * is compared with another across different windows, so the products need 128 bits.
 */
static bool rate_adopt(struct limit *l, int64_t rate, int64_t window_ms)
{
	if (!l->rate || rate < 1 || window_ms < 1 || l->burst > INT64_MAX / 400 / window_ms)
		return false;
	if ((__int128)rate * DAY_MS < (__int128)LIMIT_LEARN_MIN * window_ms || (__int128)rate * l->window_ms >= (__int128)l->rate * window_ms)
		return false;
	l->credit = (int64_t)((__int128)l->credit * window_ms / l->window_ms);
	l->rate = rate;
	l->window_ms = window_ms;
	return true;
}

/* Their own word for it: it counts where it is less, now and after a restart, whatever a person was granted. */
static bool rate_told(struct limit *l, int64_t rate, int64_t window_ms)
{
	if (l->rate && rate > 0 && window_ms > 0) {
		l->told_rate = rate;
		l->told_window_ms = window_ms;
	}
	return rate_adopt(l, rate, window_ms);
}

void limit_resume(struct limit *l, const struct limit *saved, int64_t now_ms)
{
	__int128 held;

	if (l->rate && saved->rate > 0 && saved->window_ms > 0) {
		rate_told(l, saved->told_rate, saved->told_window_ms);
		held = (__int128)most(saved->credit, 0) * l->window_ms / saved->window_ms;
		if (held < l->credit)
			l->credit = (int64_t)held;
		l->filled_ms = most(least(saved->filled_ms, now_ms), 0);
	}
	l->hold_ms = saved->hold_ms > now_ms ? when_clamped(saved->hold_ms, now_ms) : 0;
	l->day_used = most(saved->day_used, 0);
	l->day_ends_ms = least(saved->day_ends_ms, now_ms + DAY_MS);
}

/* The credit at a moment. A clock that was set back gains nothing. */
static int64_t credit_at(const struct limit *l, int64_t now_ms)
{
	int64_t room = l->burst * l->window_ms - l->credit, elapsed = now_ms - l->filled_ms;

	if (elapsed <= 0 || room <= 0)
		return l->credit;
	if (elapsed >= divide_up(room, l->rate)) /* also keeps a year's elapsed * rate from overflowing */
		return l->burst * l->window_ms;
	return l->credit + elapsed * l->rate;
}

static int64_t bucket_wait(const struct limit *l, int64_t cost, enum lane lane, int64_t now_ms)
{
	int64_t reserve = bucket_reserve(l, lane), lack;

	if (!l->rate)
		return 0;
	cost = least(cost, l->burst - reserve); /* what is dearer than the bucket is deep waits for a full one */
	lack = (reserve + cost) * l->window_ms - credit_at(l, now_ms);
	return lack > 0 ? divide_up(lack, l->rate) : 0;
}

static int64_t day_wait(const struct limit *l, int64_t cost, enum lane lane, int64_t now_ms)
{
	if (!l->daily || now_ms >= l->day_ends_ms)
		return 0;
	return l->day_used + cost <= l->daily - day_reserve(l, lane) ? 0 : l->day_ends_ms - now_ms;
}

int64_t limit_wait(const struct limit *l, int64_t cost, enum lane lane, int64_t now_ms)
{
	int64_t wait = most(bucket_wait(l, cost, lane, now_ms), day_wait(l, cost, lane, now_ms));

	wait = most(wait, l->hold_ms - now_ms);
	if (wait <= 0 && l->concurrency && l->flying >= l->concurrency)
		return LIMIT_FULL;
	return most(wait, 0);
}

static void settle(struct limit *l, int64_t now_ms)
{
	l->credit = credit_at(l, now_ms);
	l->filled_ms = now_ms;
	if (now_ms >= l->day_ends_ms) { /* an unknown day is taken to be UTC's, until limit_learn_day knows better */
		l->day_used = 0;
		l->day_ends_ms = (now_ms / DAY_MS + 1) * DAY_MS;
	}
}

int64_t limit_take(struct limit *l, int64_t cost, enum lane lane, int64_t now_ms)
{
	int64_t wait = limit_wait(l, cost, lane, now_ms);

	if (wait)
		return wait;
	settle(l, now_ms);
	l->credit -= least(cost, l->burst) * l->window_ms;
	l->day_used += cost;
	l->flying++;
	return 0;
}

void limit_forgo(struct limit *l, int64_t tokens)
{
	l->credit = most(l->credit - least(tokens, l->burst) * l->window_ms, 0);
}

void limit_done(struct limit *l)
{
	if (l->flying > 0)
		l->flying--;
}

int64_t limit_tokens(const struct limit *l, int64_t now_ms)
{
	return credit_at(l, now_ms) / l->window_ms;
}

void limit_learn_day(struct limit *l, int64_t a_day, int64_t left, int64_t reset_ms, int64_t now_ms)
{
	if (!l->daily || left < 0)
		return;
	settle(l, now_ms);
	if (a_day > 0 && a_day < l->daily)
		l->daily = a_day;
	l->day_used = most(l->day_used, l->daily - left);
	if (reset_ms > now_ms && reset_ms <= now_ms + DAY_MS)
		l->day_ends_ms = reset_ms;
}

static bool learn_tokens(struct limit *l, int64_t tokens)
{
	if (!l->rate || tokens >= l->burst || l->credit < (tokens + 1) * l->window_ms)
		return false;
	l->credit = tokens * l->window_ms;
	return true;
}

void limit_learn_left(struct limit *l, int64_t holds, int64_t left, int64_t per_second, int64_t now_ms)
{
	int64_t credit;

	if (!l->rate || left < 0)
		return;
	settle(l, now_ms);
	if (holds > 0 && holds < l->burst)
		l->burst = holds;
	if (per_second > 0)
		rate_told(l, per_second, 1000);
	credit = least(left, l->burst) * l->window_ms;
	if (!l->flying || credit < l->credit)
		l->credit = credit;
}

static void hold_until(struct limit *l, int64_t at_ms)
{
	l->hold_ms = most(l->hold_ms, at_ms);
}

/* When the bucket is said to be empty: until when. */
static void learn_pause(struct limit *l, const struct reply *r, int64_t now_ms)
{
	const char *next = reply_header(r, "X-Next-Replenishment-Time");
	int64_t at = when_hint(r, now_ms);

	if (!next)
		next = reply_header(r, "x-next-replenish-time"); /* one client's record of the same */
	if (at)
		hold_until(l, at);
	else if (next && when_moment(next, now_ms, &at))
		hold_until(l, when_clamped(at, now_ms));
}

bool limit_learn(struct limit *l, const struct reply *r, int64_t now_ms)
{
	const char *rate = reply_header(r, "x-amzn-RateLimit-Limit"), *count = reply_header(r, "X-Current-Token-Count");
	bool smaller = false;
	int64_t tokens, per_window, window_ms;

	settle(l, now_ms);
	if (rate && rate_parse(rate, 1, &per_window, &window_ms))
		smaller |= rate_told(l, per_window, window_ms);
	if (!count || !text_int(count, 0, 1000000000, &tokens))
		tokens = r->status == 429 ? 0 : INT64_MAX;
	if (r->status == 429)
		tokens = 0;
	if (tokens < INT64_MAX)
		smaller |= learn_tokens(l, tokens);
	if (!tokens)
		learn_pause(l, r, now_ms);
	return smaller;
}
