#include "trade/latency.h"

#include "store/store.h"

#include <inttypes.h>
#include <string.h>

enum { PER_OCTAVE = 16, BUCKETS = 640, ENOUGH = 20, MONTH = 30 };
enum { DAY_MS = 86400000, HOUR_MS = 3600000 };

int latency_bucket(int64_t ms)
{
	int octave = 0;

	if (ms < PER_OCTAVE)
		return ms < 0 ? 0 : (int)ms;
	for (int64_t x = ms / PER_OCTAVE; x > 1; x /= 2)
		octave++;
	return PER_OCTAVE * (octave + 1) + (int)((ms >> octave) - PER_OCTAVE);
}

int64_t latency_from(int bucket)
{
	int octave = bucket / PER_OCTAVE - 1;

	return bucket < PER_OCTAVE ? bucket : (int64_t)(PER_OCTAVE + bucket % PER_OCTAVE) << octave;
}

int64_t latency_middle(int bucket)
{
	return (latency_from(bucket) + latency_from(bucket + 1)) / 2;
}

const char *latency_words(int64_t ms, struct arena *a)
{
	int64_t min = ms / 60000;

	if (ms < 1000)
		return arena_printf(a, "%" PRId64 " ms", ms);
	if (ms < 120000)
		return arena_printf(a, "%" PRId64 " s", ms / 1000);
	return min < 120 ? arena_printf(a, "%" PRId64 " min", min) : arena_printf(a, "%" PRId64 " h %" PRId64 " min", min / 60, min % 60);
}

int64_t latency_lost_ppm(const struct latency_row *r)
{
	return r->seen + r->lost ? r->lost * 1000000 / (r->seen + r->lost) : -1;
}

enum fault latency_add(struct store *s, int64_t account, const char *route, const char *what, int64_t ms, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO latency (account_id, route, what, day, bucket, n) VALUES (?, ?, ?, ?, ?, 1) "
				  "ON CONFLICT (account_id, route, what, day, bucket) DO UPDATE SET n = n + 1";

	return RUN(s, err, sql, V(account), V(*route ? route : "single"), V(what), V(now_ms / DAY_MS), V(latency_bucket(ms)));
}

/* ---- percentiles ---- */

struct spread {
	int64_t n[BUCKETS], all;
};

static void spread_put(struct spread *s, int64_t bucket, int64_t n)
{
	s->n[bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket] += n;
	s->all += n;
}

static int64_t spread_percent(const struct spread *s, int percent)
{
	int64_t upto = 0, wanted = (s->all * percent + 99) / 100;

	for (int i = 0; i < BUCKETS; i++)
		if ((upto += s->n[i]) >= wanted && upto)
			return latency_middle(i);
	return 0;
}

#define SINCE(days) V(now_ms / DAY_MS - (days))

static enum fault read_spread(struct rows *r, struct spread *out, struct err *err)
{
	*out = (struct spread){ .all = 0 };
	while (rows_next(r))
		spread_put(out, rows_int(r, 0), rows_int(r, 1));
	return rows_end(r, err);
}

static enum fault spread_of(struct store *s, int64_t account, const char *route, const char *what, int64_t since, struct spread *out, struct err *err)
{
	static const char sql[] = "SELECT bucket, n FROM latency WHERE account_id = ?1 AND (?2 = '' OR route = ?2) AND what = ?3 AND day >= ?4";

	return read_spread(ASK(s, sql, V(account), V(route), V(what), V(since)), out, err);
}

static enum fault fill_row(struct store *s, struct latency_row *row, int64_t since, struct err *err)
{
	struct spread x;

	if (spread_of(s, row->account, row->route, "accept", since, &x, err))
		return FAULT_STORE;
	row->accepted = x.all;
	row->accept_p50 = spread_percent(&x, 50);
	row->accept_p95 = spread_percent(&x, 95);
	if (spread_of(s, row->account, row->route, "seen", since, &x, err))
		return FAULT_STORE;
	row->seen = x.all;
	row->seen_p50 = spread_percent(&x, 50);
	row->seen_p95 = spread_percent(&x, 95);
	if (spread_of(s, row->account, row->route, "lost", since, &x, err))
		return FAULT_STORE;
	row->lost = x.all;
	return OK;
}

enum fault latency_rows(struct store *s, int days, int64_t now_ms, struct arena *a, struct latency_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT l.account_id, c.name, c.channel, l.route FROM latency l JOIN account c ON c.id = l.account_id "
				  "WHERE l.day >= ? AND l.what <> 'queue' ORDER BY c.name, l.route";
	struct rows *r = ASK(s, sql, SINCE(days));
	enum fault f;
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct latency_row){ .account = rows_int(r, 0), .account_name = rows_keep(r, 1, a), .channel = rows_keep(r, 2, a), .route = rows_keep(r, 3, a) };
	}
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++)
		f = fill_row(s, &(*out)[i], now_ms / DAY_MS - days, err);
	return f;
}

enum fault latency_bars(struct store *s, int64_t account, const char *route, const char *what, int days, int64_t now_ms, struct arena *a, struct latency_bar **out,
                        int *n, struct err *err)
{
	static const char sql[] = "SELECT bucket, sum(n) FROM latency WHERE account_id = ? AND route = ? AND what = ? AND day >= ? GROUP BY bucket ORDER BY bucket";
	struct rows *r = ASK(s, sql, V(account), V(route), V(what), SINCE(days));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct latency_bar){ latency_from((int)rows_int(r, 0)), rows_int(r, 1) };
	}
	return rows_end(r, err);
}

/* The last thirty days of which anything is known. */
static enum fault recent(struct store *s, int64_t account, const char *route, const char *what, struct spread *x, struct err *err)
{
	static const char last[] = "SELECT max(day) FROM latency WHERE account_id = ?";
	int64_t day;

	return GET_INT(s, err, 0, &day, last, V(account)) ? FAULT_STORE : spread_of(s, account, route, what, day - MONTH, x, err);
}

static enum fault middle(struct store *s, int64_t account, const char *route, const char *what, int64_t *out, struct err *err)
{
	struct spread x;
	enum fault f = recent(s, account, route, what, &x, err);

	*out = !f && x.all >= ENOUGH ? spread_percent(&x, 50) : 0;
	return f;
}

enum fault latency_typical(struct store *s, int64_t account, const char *route, int64_t *out, struct err *err)
{
	return middle(s, account, route, "seen", out, err);
}

enum fault latency_answer(struct store *s, int64_t account, const char *route, int64_t *out, struct err *err)
{
	return middle(s, account, route, "accept", out, err);
}

enum fault latency_p95(struct store *s, int64_t account, int64_t *out, struct err *err)
{
	struct spread x;
	enum fault f = recent(s, account, "", "seen", &x, err);

	*out = !f && x.all >= ENOUGH ? spread_percent(&x, 95) : 0;
	return f;
}

/* ---- the queue ---- */

static enum fault fill_queue(struct store *s, struct queue_row *row, int64_t account, int64_t since, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(min(made_ms), 0) FROM job WHERE state = 'waiting' AND writes = 1 AND account_id = ? AND verb = ?";
	struct spread x;
	struct rows *r;

	if (spread_of(s, account, row->verb, "queue", since, &x, err))
		return FAULT_STORE;
	row->said = x.all;
	row->p50 = spread_percent(&x, 50);
	row->p95 = spread_percent(&x, 95);
	row->p99 = spread_percent(&x, 99);
	r = ASK(s, sql, V(account), V(row->verb));
	if (rows_next(r)) {
		row->waiting = rows_int(r, 0);
		row->oldest_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

enum fault queue_rows(struct store *s, int64_t account, int days, int64_t now_ms, struct arena *a, struct queue_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT l.account_id, c.name, l.route FROM latency l JOIN account c ON c.id = l.account_id "
				  "WHERE l.day >= ?1 AND l.what = 'queue' AND (?2 = 0 OR l.account_id = ?2) ORDER BY c.name, l.route";
	struct rows *r = ASK(s, sql, SINCE(days), V(account));
	int64_t *of = NULL;
	enum fault f;
	int cap = 0, of_cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		of = arena_grow(a, of, *n, &of_cap, sizeof *of);
		of[*n] = rows_int(r, 0);
		(*out)[*n] = (struct queue_row){ .account_name = rows_keep(r, 1, a), .verb = rows_keep(r, 2, a) };
	}
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++)
		f = fill_queue(s, &(*out)[i], of[i], now_ms / DAY_MS - days, err);
	return f;
}

/* ---- what calls were for ---- */

enum fault tally_add(struct store *s, int64_t account, const char *op, int64_t events, int64_t calls, int64_t hits, int64_t repeats, int64_t now_ms,
                     struct err *err)
{
	static const char sql[] = "INSERT INTO call_tally (account_id, hour, op, events, calls, hits, repeats) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
				  "ON CONFLICT (account_id, hour, op) DO UPDATE SET events = events + ?4, calls = calls + ?5, hits = hits + ?6, "
				  "repeats = repeats + ?7";

	return RUN(s, err, sql, V(account), V(now_ms / HOUR_MS), V(op), V(events), V(calls), V(hits), V(repeats));
}

enum fault tally_rows(struct store *s, int hours, int64_t now_ms, struct arena *a, struct tally_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT c.name, t.op, sum(t.events), sum(t.calls), sum(t.hits), sum(t.repeats) FROM call_tally t JOIN account c "
				  "ON c.id = t.account_id WHERE t.hour > ? GROUP BY c.name, t.op ORDER BY c.name, t.op";
	struct rows *r = ASK(s, sql, V(now_ms / HOUR_MS - hours));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct tally_row){ rows_keep(r, 0, a), rows_keep(r, 1, a), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5) };
	}
	return rows_end(r, err);
}
