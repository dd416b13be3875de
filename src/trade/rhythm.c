#include "trade/rhythm.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"

#include <inttypes.h>
#include <string.h>

enum { HOUR_MS = 3600000, DAY_HOURS = 24, SLICE = 2000, LONGEST_H = 14 * 24, YOUNG_MS = 30 * 60000 };

/* ---- how much silence ---- */

/*
 * Events of an hour, in thousandths, by the same hour of past weeks, or with half of each beside it where that is less: an evening must not make a night
 * suspicious. back: how many hours before the current one it lies (< 0: ahead).
 */
static int64_t usual(const struct rhythm *r, int back)
{
	int64_t sum = 0, own = 0;
	int weeks = 0;

	for (int w = 1; w <= RHYTHM_WEEKS; w++) {
		int at = back - 1 + w * RHYTHM_HOURS; /* n[] begins with the hour before the current one */

		if (at < 1 || at + 1 >= r->hours)
			continue;
		sum += r->n[at - 1] + 2 * r->n[at] + r->n[at + 1];
		own += 4 * r->n[at];
		weeks++;
	}
	return weeks ? (own < sum ? own : sum) * 1000 / (4 * weeks) : -1;
}

static int64_t mean(const struct rhythm *r)
{
	int64_t sum = 0;

	for (int i = 0; i < r->hours; i++)
		sum += r->n[i];
	return r->hours >= DAY_HOURS ? sum * 1000 / r->hours : -1;
}

int64_t rhythm_silence(const struct rhythm *r, int64_t now_ms, int64_t milli, int64_t *gap_ms)
{
	int64_t flat = mean(r), silence = 0, passed = 0;

	*gap_ms = (int64_t)LONGEST_H * HOUR_MS;
	if (flat < 0)
		return -1;
	for (int64_t at = r->last_ms; passed < (int64_t)LONGEST_H * HOUR_MS;) {
		int64_t next = at - at % HOUR_MS + HOUR_MS, back = now_ms / HOUR_MS - at / HOUR_MS, rate;

		rate = back < LONGEST_H ? usual(r, (int)back) : flat;
		rate = rate < 0 ? flat : rate;
		if (at < now_ms)
			silence += rate * ((next < now_ms ? next : now_ms) - at) / HOUR_MS;
		if (milli > 0 && rate > 0 && milli <= rate * (next - at) / HOUR_MS) {
			*gap_ms = passed + milli * HOUR_MS / rate;
			milli = 0;
		}
		milli -= milli > 0 ? rate * (next - at) / HOUR_MS : 0;
		passed += next - at;
		at = next;
		if (milli <= 0 && at >= now_ms)
			break;
	}
	return silence;
}

/* ---- counting ---- */

static enum fault count_one(struct store *s, int64_t account, const char *name, int64_t at_ms, struct err *err)
{
	static const char stream[] = "INSERT INTO stream (account_id, name, first_ms, last_ms) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (account_id, name) DO UPDATE SET "
				     "first_ms = CASE WHEN excluded.first_ms < stream.first_ms THEN excluded.first_ms ELSE stream.first_ms END, "
				     "last_ms = CASE WHEN excluded.last_ms > stream.last_ms THEN excluded.last_ms ELSE stream.last_ms END";
	static const char hour[] = "INSERT INTO rhythm (account_id, name, hour, n) VALUES (?1, ?2, ?3, 1) ON CONFLICT (account_id, name, hour) DO UPDATE SET n = rhythm.n + 1";
	enum fault f = RUN(s, err, stream, V(account), V(name), V(at_ms));

	return f ? f : RUN(s, err, hour, V(account), V(name), V(at_ms / HOUR_MS));
}

static enum fault upto(struct store *s, const char *key, struct arena *a, int64_t *id, struct err *err)
{
	const char *value = NULL;
	enum fault f = meta_get(s, key, a, &value, err);

	if (f || !value || !text_int(value, 0, INT64_MAX, id))
		*id = -1;
	return f;
}

static enum fault take(struct store *s, const char *key, struct rows *r, int64_t id, struct arena *a, struct err *err)
{
	struct { int64_t account, at_ms; const char *name; } *row = arena_alloc(a, SLICE * sizeof *row);
	int n = 0;
	enum fault f;

	for (; n < SLICE && rows_next(r); n++) {
		id = rows_int(r, 0);
		row[n].account = rows_int(r, 1);
		row[n].at_ms = rows_int(r, 2);
		row[n].name = rows_keep(r, 3, a);
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = count_one(s, row[i].account, row[i].name, row[i].at_ms, err);
	return f || !n ? f : meta_put(s, key, arena_printf(a, "%" PRId64, id), err);
}

/* A store that has a past begins with the last hundred thousand orders: that is a month of a busy seller. */
static enum fault take_orders(struct store *s, int64_t now_ms, struct arena *a, struct err *err)
{
	static const char newest[] = "SELECT coalesce(max(id), 0) FROM orders WHERE ?1 >= 0";
	static const char sql[] = "SELECT id, account_id, placed_ms, 'orders' FROM orders WHERE id > ?1 AND placed_ms <= ?2 ORDER BY id LIMIT ?3";
	int64_t id, most = 0;
	enum fault f = upto(s, "rhythm.order", a, &id, err);

	if (!f && id < 0 && !(f = GET_INT(s, err, 0, &most, newest, V(now_ms))))
		id = most > 100000 ? most - 100000 : 0;
	return f ? f : take(s, "rhythm.order", ASK(s, sql, V(id), V(now_ms), V(SLICE)), id, a, err);
}

/* Those that are still under way are counted when they are over: the walk stops at the first of them. */
static enum fault take_calls(struct store *s, int64_t now_ms, struct arena *a, struct err *err)
{
	static const char newest[] = "SELECT coalesce(max(id), 0) FROM attempt WHERE ?1 >= 0";
	static const char sql[] = "SELECT id, account_id, closed_ms, CASE WHEN writes THEN 'write ' ELSE 'read ' END || verb FROM attempt WHERE id > ?1 AND fault IN ('', 'OK') AND "
				  "verb NOT IN ('token', 'ping', 'run') AND id < coalesce((SELECT min(id) FROM attempt WHERE closed_ms = 0), ?3) ORDER BY id LIMIT ?2";
	int64_t id, most = 0;
	enum fault f = upto(s, "rhythm.attempt", a, &id, err);

	if (!f && id < 0 && !(f = GET_INT(s, err, 0, &most, newest, V(now_ms))))
		id = most > 100000 ? most - 100000 : 0;
	return f ? f : take(s, "rhythm.attempt", ASK(s, sql, V(id), V(SLICE), V(INT64_MAX)), id, a, err);
}

enum fault rhythm_take(struct store *s, int64_t now_ms, struct err *err)
{
	static const char old[] = "DELETE FROM rhythm WHERE hour < ?";
	struct arena *a = arena_new();
	enum fault f = take_orders(s, now_ms, a, err);

	if (!f)
		f = take_calls(s, now_ms, a, err);
	if (!f)
		f = RUN(s, err, old, V(now_ms / HOUR_MS - (RHYTHM_WEEKS + 1) * RHYTHM_HOURS));
	arena_free(a);
	return f;
}

/* ---- reading ---- */

static enum fault read_rhythm(struct store *s, int64_t account, const char *name, int64_t first_ms, int64_t now_ms, struct rhythm *r, struct err *err)
{
	static const char sql[] = "SELECT hour, n FROM rhythm WHERE account_id = ?1 AND name = ?2 AND hour < ?3";
	enum { MOST = sizeof r->n / sizeof *r->n };
	int64_t hour = now_ms / HOUR_MS, known = hour - first_ms / HOUR_MS;
	struct rows *rows = ASK(s, sql, V(account), V(name), V(hour));

	memset(r->n, 0, sizeof r->n);
	r->hours = (int)(known < 0 ? 0 : known < MOST ? known : MOST);
	while (rows_next(rows)) {
		int64_t back = hour - 1 - rows_int(rows, 0);

		if (back >= 0 && back < MOST)
			r->n[back] = rows_int(rows, 1);
	}
	return rows_end(rows, err);
}

/* What comes by itself, hour after hour. A write, or a read that is made when there is a reason, may have nothing to say. */
static bool is_regular(const char *name)
{
	static const char *const names[] = { "orders", "read orders", "read stock-list", "read counts", "read feeds", "read dispatches" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static const char *state_of(const struct quiet_row *q, bool enabled)
{
	if (!enabled)
		return "off";
	if (!q->last_ms) /* of a past whose calls are counts by now */
		return "unknown";
	if (q->silence < 0)
		return "learning";
	return q->silence >= RINGS_MILLI ? "SILENT" : q->silence >= NORMAL_MILLI ? "quiet" : "ok";
}

enum fault stream_last(struct store *s, int64_t account, const char *name, int64_t *last_ms, struct err *err)
{
	static const char sql[] = "SELECT last_ms FROM stream WHERE account_id = ? AND name = ?";

	return GET_INT(s, err, 0, last_ms, sql, V(account), V(name));
}

enum fault quiet_all(struct store *s, int64_t now_ms, struct arena *a, struct quiet_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT t.account_id, c.name, t.name, t.first_ms, t.last_ms, c.enabled FROM stream t JOIN account c ON c.id = t.account_id WHERE t.last_ms <= ? "
				  "ORDER BY c.id, t.name";
	struct rows *r = ASK(s, sql, V(now_ms));
	struct rhythm *rhythm = arena_alloc(a, sizeof *rhythm);
	int64_t *first = NULL;
	bool *on = NULL;
	int cap = 0, first_cap = 0, on_cap = 0;
	enum fault f;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		first = arena_grow(a, first, *n, &first_cap, sizeof *first);
		on = arena_grow(a, on, *n, &on_cap, sizeof *on);
		(*out)[*n] = (struct quiet_row){ .account = rows_int(r, 0), .account_name = rows_keep(r, 1, a), .name = rows_keep(r, 2, a), .last_ms = rows_int(r, 4) };
		first[*n] = rows_int(r, 3);
		on[*n] = rows_int(r, 5) != 0;
	}
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++) {
		struct quiet_row *q = &(*out)[i];

		f = read_rhythm(s, q->account, q->name, first[i], now_ms, rhythm, err);
		rhythm->last_ms = q->last_ms;
		q->silence = rhythm_silence(rhythm, now_ms, NORMAL_MILLI, &q->gap_ms);
		q->state = state_of(q, on[i]);
		q->rings = is_regular(q->name);
	}
	return f;
}

/* An engine that has just begun has not read yet what happened while there was none. */
static bool is_young(struct store *s, int64_t now_ms)
{
	int64_t pid, started_ms = 0, beat_ms;

	return engine_beat(s, &pid, &started_ms, &beat_ms) && now_ms - started_ms < YOUNG_MS;
}

enum fault quiet_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct quiet_row *q;
	char silence[16], gap[16];
	int n = 0;
	enum fault f = is_young(s, now_ms) ? OK : quiet_all(s, now_ms, a, &q, &n, err);

	for (int i = 0; i < n && !f; i++) {
		struct alert alert = { .key = arena_printf(a, "quiet %s %s", q[i].account_name, q[i].name), .kind = "quiet", .severity = "WARN", .account = q[i].account, .subject = q[i].name,
			               .next = "tallyman quiet shows every stream; nothing is decided by it" };

		time_age(now_ms - q[i].last_ms, silence);
		time_age(q[i].gap_ms, gap);
		alert.text = arena_printf(a, "%s: no %s for %s; at this hour of the week %s is long", q[i].account_name, q[i].name, silence, gap);
		if (!strcmp(q[i].state, "SILENT") && q[i].rings)
			f = alert_raise(s, &alert, now_ms, err);
		else
			f = alert_close(s, alert.key, now_ms, err);
	}
	arena_free(a);
	return f;
}
