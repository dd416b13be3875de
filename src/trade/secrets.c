#include "trade/secrets.h"

#include "base/asset.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/* ---- how long one lives ---- */

static int64_t life_of(struct arena *a, const char *channel, const char *key)
{
	struct csv csv;
	size_t n = 0;
	const char *text = asset_get(a, "data/secrets.csv", &n);
	bool read = text && !csv_read(a, "data/secrets.csv", text, n, &csv, NULL);
	int64_t days = 0;

	assert(read && "data/secrets.csv"); /* it is part of the program */
	for (int i = 0; i < csv.rows; i++)
		if (!strcmp(csv_field(&csv.row[i], csv_column(&csv, "channel")), channel) && !strcmp(csv_field(&csv.row[i], csv_column(&csv, "key")), key))
			text_int(csv_field(&csv.row[i], csv_column(&csv, "days")), 1, 3650, &days);
	return days;
}

int64_t secret_days_left(const struct secret *row, int64_t now_ms)
{
	int64_t left = row->expires_ms - now_ms;

	return left >= 0 ? left / DAY_MS : -1 - (-left - 1) / DAY_MS;
}

const char *secret_assumed(const struct secret *row)
{
	return row->assumed ? ", assumed from first use" : "";
}

/* ---- rows ---- */

static enum fault known(struct store *s, const struct secret *row, struct arena *a, struct secret *out, bool *found, struct err *err)
{
	static const char sql[] = "SELECT fingerprint, since_ms, old, old_until_ms, expires_ms, source, assumed FROM secret WHERE account_id = ? AND key = ?";
	struct rows *r = ASK(s, sql, V(row->account), V(row->key));

	*found = rows_next(r);
	if (*found)
		*out = (struct secret){
			.fingerprint = rows_keep(r, 0, a),
			.since_ms = rows_int(r, 1),
			.old = rows_keep(r, 2, a),
			.old_until_ms = rows_int(r, 3),
			.expires_ms = rows_int(r, 4),
			.source = rows_keep(r, 5, a),
			.assumed = rows_int(r, 6) != 0,
		};
	return rows_end(r, err);
}

static enum fault write_row(struct store *s, const struct secret *row, struct err *err)
{
	static const char sql[] =
		"INSERT INTO secret (account_id, key, source, fingerprint, since_ms, expires_ms, old, old_until_ms, assumed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
		"ON CONFLICT (account_id, key) DO UPDATE SET source = excluded.source, fingerprint = excluded.fingerprint, since_ms = excluded.since_ms, "
		"expires_ms = excluded.expires_ms, old = excluded.old, old_until_ms = excluded.old_until_ms, assumed = excluded.assumed";

	return RUN(s, err, sql, V(row->account), V(row->key), V(row->source), V(row->fingerprint), V(row->since_ms), V(row->expires_ms), V(row->old),
	           V(row->old_until_ms), V(row->assumed));
}

static enum fault tell_audit(struct store *s, const struct secret *was, bool found, const struct secret *row, struct arena *a, const struct cause *why,
                             struct err *err)
{
	const char *subject = arena_printf(a, "%s %s", row->account_name, row->key);
	bool same = found && !strcmp(was->fingerprint, row->fingerprint);

	if (!same && audit_add(s, why, "secret", subject,
	                       found ? arena_printf(a, "%s -> %s, %s", was->fingerprint, row->fingerprint, row->source)
	                             : arena_printf(a, "%s, %s", row->fingerprint, row->source), err))
		return FAULT_STORE;
	if (found && *was->old && !*row->old && strcmp(was->old, row->fingerprint))
		return audit_add(s, why, "secret-retired", subject, was->old, err);
	return OK;
}

enum fault secret_put(struct store *s, const struct secret *row, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct secret was = { .fingerprint = "" }, is = *row;
	int64_t days = life_of(a, row->channel, row->key);
	bool found, same;
	enum fault f = known(s, row, a, &was, &found, err);

	assert(store_in_transaction(s));
	same = found && !strcmp(was.fingerprint, row->fingerprint);
	is.assumed = !row->since_ms && !row->expires_ms && days && (!found || (same && was.assumed)); /* another in its place was put there about now */
	if (!is.since_ms)
		is.since_ms = same ? was.since_ms : why->now_ms;
	if (!is.expires_ms && days)
		is.expires_ms = is.since_ms + days * DAY_MS;
	if (!f)
		f = tell_audit(s, &was, found, &is, a, why, err);
	if (!f)
		f = write_row(s, &is, err);
	arena_free(a);
	return f;
}

enum fault secrets_all(struct store *s, struct arena *a, struct secret **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT x.account_id, a.name, a.channel, x.key, x.source, x.fingerprint, x.since_ms, x.expires_ms, x.old, x.old_until_ms, x.assumed "
		"FROM secret x JOIN account a ON a.id = x.account_id WHERE a.enabled = 1 "
		"ORDER BY CASE x.expires_ms WHEN 0 THEN 1 ELSE 0 END, x.expires_ms, a.name, x.key";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct secret){
			.account = rows_int(r, 0),
			.account_name = rows_keep(r, 1, a),
			.channel = rows_keep(r, 2, a),
			.key = rows_keep(r, 3, a),
			.source = rows_keep(r, 4, a),
			.fingerprint = rows_keep(r, 5, a),
			.since_ms = rows_int(r, 6),
			.expires_ms = rows_int(r, 7),
			.old = rows_keep(r, 8, a),
			.old_until_ms = rows_int(r, 9),
			.assumed = rows_int(r, 10) != 0,
		};
	}
	return rows_end(r, err);
}

/* ---- people are told ---- */

static const int days_before[] = { 1, 7, 14, 30 };

enum { STEPS = sizeof days_before / sizeof *days_before };

/* The step that holds now: the index of days_before, STEPS: none yet. */
static int step_of(const struct secret *row, int64_t now_ms)
{
	for (int i = 0; i < STEPS; i++)
		if (row->expires_ms && row->expires_ms - now_ms <= days_before[i] * DAY_MS)
			return i;
	return STEPS;
}

/* Each step is an alert of its own: who took note of it at 30 days is told again at 14. */
static enum fault tell_step(struct store *s, const struct secret *row, int step, struct arena *a, int64_t now_ms, struct err *err)
{
	int64_t left = secret_days_left(row, now_ms);
	const char *when = left < 0 ? "has ended" : left == 0 ? "ends today" : arena_printf(a, "ends in %" PRId64 " day%s", left, left == 1 ? "" : "s");
	struct alert alert = {
		.key = arena_printf(a, "secret %s %s %d", row->account_name, row->key, days_before[step]),
		.kind = "secret",
		.severity = days_before[step] <= 1 ? "CRIT" : "WARN",
		.account = row->account,
		.subject = row->key,
		.text = arena_printf(a, "%s: its %s %s%s", row->account_name, row->key, when, secret_assumed(row)),
		.next = "make a new one in the platform's own pages, then: tallyman vault rotate NAME (or put it into its file, and tallyman vault reload)",
	};
	bool open;
	enum fault f = alert_is_open(s, alert.key, &open, err);

	return f || open ? f : alert_raise(s, &alert, now_ms, err);
}

enum fault secrets_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct secret *row;
	int n;
	enum fault f = secrets_all(s, a, &row, &n, err);

	assert(store_in_transaction(s));
	for (int i = 0; i < n && !f; i++) {
		int step = step_of(&row[i], now_ms);

		for (int k = 0; k < STEPS && !f; k++)
			if (k != step)
				f = alert_close(s, arena_printf(a, "secret %s %s %d", row[i].account_name, row[i].key, days_before[k]), now_ms, err);
		if (!f && step < STEPS)
			f = tell_step(s, &row[i], step, a, now_ms, err);
	}
	arena_free(a);
	return f;
}
