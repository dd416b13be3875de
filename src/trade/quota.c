#include "trade/quota.h"

#include "base/text.h"
#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { HOUR_MS = 3600 * 1000, KEEP_HOURS = 8 * 24, PCT_MOST = 999, LONG_MS = 36 * HOUR_MS };

const char *quota_state_name(enum quota_state s)
{
	static const char *const name[QUOTA_STATES] = {
		[QUOTA_LASTS] = "lasts", [QUOTA_DRY] = "dry", [QUOTA_SHORT] = "short", [QUOTA_OUT] = "out", [QUOTA_HELD] = "held",
	};

	return name[s];
}

const char *lane_words(enum lane lane)
{
	static const char *const words[LANES] = {
		[LANE_ZERO] = "zeros",          [LANE_DECREASE] = "decreases", [LANE_CONFIRM] = "confirmations",
		[LANE_ORDERS] = "order reads",  [LANE_INCREASE] = "increases", [LANE_REST] = "all other reads",
	};

	return words[lane];
}

/* ---- the forecast, purely ---- */

static int64_t share_pct(int64_t part, int64_t whole)
{
	int64_t pct = whole > 0 ? part * 100 / whole : 0;

	return pct < PCT_MOST ? pct : PCT_MOST;
}

static int64_t above(int64_t n)
{
	return n > 0 ? n : 0;
}

/* The more urgent of two, and of two alike the earlier. */
static struct quota_view worse(struct quota_view a, struct quota_view b)
{
	if (a.state != b.state)
		return a.state > b.state ? a : b;
	return a.at_ms && (!b.at_ms || a.at_ms <= b.at_ms) ? a : b;
}

/* A bucket is never short: it fills again, and what waits goes when it has. */
static struct quota_view forecast_bucket(const struct quota_case *c)
{
	struct quota_view v = { .reserve = c->burst * (c->reserve_pct / 2) / 100 };
	int64_t deficit;

	v.hourly = (int64_t)((__int128)c->rate * HOUR_MS / c->window_ms);
	v.usable = above(c->tokens - v.reserve);
	v.pct = share_pct(c->pace, v.hourly);
	deficit = c->pace - v.hourly;
	if (v.usable < 1) {
		v.state = QUOTA_OUT;
		v.at_ms = c->now_ms + (v.reserve + 1 - c->tokens) * c->window_ms / c->rate;
	} else if (deficit > 0 && v.usable * HOUR_MS / deficit < LONG_MS) {
		v.state = QUOTA_DRY;
		v.at_ms = c->now_ms + v.usable * HOUR_MS / deficit;
	}
	return v;
}

static struct quota_view forecast_day(const struct quota_case *c)
{
	int64_t used = c->now_ms < c->day_ends_ms ? c->day_used : 0, ends = c->now_ms < c->day_ends_ms ? c->day_ends_ms : c->now_ms + 24 * (int64_t)HOUR_MS;
	struct quota_view v = { .reserve = c->daily * c->reserve_pct / 100, .hourly = c->daily / 24 };
	int64_t dry;

	v.usable = above(c->daily - used - v.reserve);
	v.pct = share_pct(used + c->pace * (ends - c->now_ms) / HOUR_MS, c->daily);
	dry = c->pace > 0 ? c->now_ms + v.usable * HOUR_MS / c->pace : INT64_MAX;
	if (v.usable < 1) {
		v.state = QUOTA_OUT;
		v.at_ms = ends;
	} else if (c->waiting > v.usable) {
		v.state = QUOTA_SHORT;
		v.at_ms = ends;
		v.lack = c->waiting - v.usable;
	} else if (dry < ends) {
		v.state = QUOTA_DRY;
		v.at_ms = dry;
	}
	return v;
}

struct quota_view quota_forecast(const struct quota_case *c)
{
	struct quota_view v = { .usable = -1, .hourly = -1 };

	if (c->rate > 0 && c->window_ms > 0)
		v = forecast_bucket(c);
	if (c->daily > 0)
		v = c->rate > 0 && c->window_ms > 0 ? worse(forecast_day(c), v) : forecast_day(c);
	if (c->hold_ms > c->now_ms) {
		v.state = QUOTA_HELD;
		v.at_ms = c->hold_ms;
	}
	return v;
}

/* ---- in words ---- */

const char *quota_reserve_words(const struct budget *q, struct arena *a)
{
	if (!q->bucket.reserve_pct)
		return "none: nothing that takes stock off sale goes this way";
	return arena_printf(a, "%" PRId64 " of %" PRId64 " for decreases and zeros, the last %" PRId64 " for zeros alone", q->view.reserve,
	                    q->bucket.daily ? q->bucket.daily : q->bucket.burst, q->view.reserve / 2);
}

static const char *lasting_words(const struct budget *q, struct arena *a)
{
	if (q->view.usable < 0)
		return "they name no limit for it";
	if (!q->hour && !q->waiting)
		return "nothing is spent";
	if (q->bucket.daily)
		return arena_printf(a, "lasts: %" PRId64 "%% used at the day's end", q->view.pct);
	return arena_printf(a, "lasts: spends %" PRId64 "%% of its gain", q->view.pct);
}

const char *quota_words(const struct budget *q, const char *at, struct arena *a)
{
	switch (q->view.state) {
	case QUOTA_HELD:
		return arena_printf(a, "not before %s: their word", at);
	case QUOTA_OUT:
		return arena_printf(a, "only its reserve until %s", at);
	case QUOTA_SHORT:
		return arena_printf(a, "what waits needs %" PRId64 ", %" PRId64 " are left until %s", q->view.usable + q->view.lack, q->view.usable, at);
	case QUOTA_DRY:
		return arena_printf(a, "at this hour's pace empty at %s", at);
	case QUOTA_LASTS:
	case QUOTA_STATES:
		break;
	}
	return lasting_words(q, a);
}

/* ---- spent ---- */

enum fault quota_spent(struct store *s, int64_t account, const char *bucket, enum lane lane, int64_t intent, int64_t tokens, int64_t now_ms, struct err *err)
{
	static const char add[] =
		"INSERT INTO spend (account_id, bucket, hour, lane, person, calls, tokens) "
		"VALUES (?1, ?2, ?3, ?4, EXISTS (SELECT 1 FROM intent WHERE id = ?5 AND actor LIKE 'uid:%'), 1, ?6) "
		"ON CONFLICT (account_id, bucket, hour, lane, person) DO UPDATE SET calls = calls + 1, tokens = tokens + ?6";
	static const char drop[] = "DELETE FROM spend WHERE account_id = ?1 AND bucket = ?2 AND hour < ?3";
	int64_t hour = now_ms / HOUR_MS;

	assert(store_in_transaction(s));
	if (RUN(s, err, add, V(account), V(bucket), V(hour), V((int)lane), V(intent), V(tokens)))
		return err->fault;
	return RUN(s, err, drop, V(account), V(bucket), V(hour - KEEP_HOURS));
}

/* ---- gathered ---- */

static struct budget *find(struct budget *q, int n, int64_t account, const char *bucket)
{
	for (int i = 0; i < n; i++)
		if (q[i].bucket.account == account && !strcmp(q[i].bucket.name, bucket))
			return &q[i];
	return NULL;
}

/* This hour, and of the one before it as much as lies within sixty minutes: taken to have been even. */
static int64_t in_last_hour(const struct budget *q, int64_t now_ms)
{
	return q->by_hour[QUOTA_HOURS - 1] + q->by_hour[QUOTA_HOURS - 2] * (HOUR_MS - now_ms % HOUR_MS) / HOUR_MS;
}

static enum fault add_spent(struct store *s, struct budget *q, int n, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT account_id, bucket, hour, lane, person, tokens FROM spend WHERE hour > ?1 AND hour <= ?2";
	int64_t hour = now_ms / HOUR_MS;
	struct rows *r = ASK(s, sql, V(hour - QUOTA_HOURS), V(hour));

	while (rows_next(r)) {
		struct budget *at = find(q, n, rows_int(r, 0), rows_text(r, 1));
		int64_t lane = rows_int(r, 3), tokens = rows_int(r, 5);

		if (!at || lane < 0 || lane >= LANES)
			continue;
		at->day += tokens;
		at->people += rows_int(r, 4) ? tokens : 0;
		at->lane[lane] += tokens;
		at->by_hour[QUOTA_HOURS - 1 - (hour - rows_int(r, 2))] += tokens;
	}
	return rows_end(r, err);
}

int64_t quota_cost(const struct bucket_row *b, const char *verb)
{
	size_t len = strlen(verb);
	int64_t cost;

	for (const char *p = b->verbs; *p; p += strspn(p, " ")) {
		size_t word = strcspn(p, " ");

		if (word > len && !strncmp(p, verb, len) && p[len] == ':') {
			char digits[24] = "";

			memcpy(digits, p + len + 1, word - len - 1 < sizeof digits ? word - len - 1 : 0);
			return text_int(digits, 1, INT32_MAX, &cost) ? cost : 1;
		}
		p += word;
	}
	return 0;
}

/* What is queued, by kind. What a shadow account would say waits for nothing: it is never said. */
static enum fault add_waiting(struct store *s, struct budget *q, int n, int64_t *tokens, struct err *err)
{
	static const char sql[] = "SELECT j.account_id, j.verb, count(*) FROM job j JOIN account a ON a.id = j.account_id "
				  "WHERE j.state = 'waiting' AND j.repeats = 0 AND (j.writes = 0 OR a.mode = 'live') GROUP BY j.account_id, j.verb";
	struct rows *r = store_ask(s, sql, NULL, 0);

	while (rows_next(r))
		for (int i = 0; i < n; i++) {
			int64_t cost = q[i].bucket.account == rows_int(r, 0) ? quota_cost(&q[i].bucket, rows_text(r, 1)) : 0;

			q[i].waiting += cost ? rows_int(r, 2) : 0;
			tokens[i] += cost * rows_int(r, 2);
		}
	return rows_end(r, err);
}

static void look_ahead(struct budget *q, int64_t waiting, int64_t now_ms)
{
	const struct bucket_row *b = &q->bucket;
	struct quota_case c = {
		.burst = b->burst, .rate = b->rate, .window_ms = b->window_ms, .daily = b->daily, .day_used = b->day_used, .day_ends_ms = b->day_ends_ms,
		.reserve_pct = b->reserve_pct, .waiting = waiting, .hold_ms = b->hold_ms, .now_ms = now_ms,
	};

	q->tokens = c.tokens = bucket_tokens(b, now_ms);
	q->hour = c.pace = in_last_hour(q, now_ms);
	q->view = quota_forecast(&c);
}

enum fault quotas(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct budget **out, int *n, struct err *err)
{
	struct bucket_row *b;
	int64_t *tokens;
	int all;

	*n = 0;
	if (buckets_all(s, a, &b, &all, err))
		return err->fault;
	*out = arena_alloc(a, (size_t)(all + 1) * sizeof **out);
	tokens = arena_alloc(a, (size_t)(all + 1) * sizeof *tokens);
	for (int i = 0; i < all; i++)
		if (!account || b[i].account == account)
			(*out)[(*n)++] = (struct budget){ .bucket = b[i] };
	memset(tokens, 0, (size_t)(all + 1) * sizeof *tokens);
	if (add_spent(s, *out, *n, now_ms, err) || add_waiting(s, *out, *n, tokens, err))
		return err->fault;
	for (int i = 0; i < *n; i++)
		look_ahead(&(*out)[i], tokens[i], now_ms);
	return OK;
}
