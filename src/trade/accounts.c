#include "trade/accounts.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/audit.h"
#include "trade/change.h"
#include "trade/conflicts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS "id, name, channel, mode, marketplaces, base_url, state, state_text, enabled, state_ms, ok_ms, heard_ms, kind"

static struct account_row read_row(const struct rows *r, struct arena *a)
{
	return (struct account_row){
		.id = rows_int(r, 0),
		.name = rows_keep(r, 1, a),
		.channel = rows_keep(r, 2, a),
		.mode = rows_keep(r, 3, a),
		.marketplaces = rows_keep(r, 4, a),
		.base_url = rows_keep(r, 5, a),
		.state = rows_keep(r, 6, a),
		.state_text = rows_keep(r, 7, a),
		.enabled = rows_int(r, 8) != 0,
		.state_ms = rows_int(r, 9),
		.ok_ms = rows_int(r, 10),
		.heard_ms = rows_int(r, 11),
		.kind = rows_keep(r, 12, a),
	};
}

enum fault accounts_all(struct store *s, struct arena *a, struct account_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT " COLUMNS " FROM account ORDER BY id";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = read_row(r, a);
	}
	return rows_end(r, err);
}

enum fault account_by_name(struct store *s, const char *name, struct arena *a, struct account_row *out, struct err *err)
{
	static const char sql[] = "SELECT " COLUMNS " FROM account WHERE name = ?";
	struct rows *r = ASK(s, sql, V(name));
	bool found = rows_next(r);

	if (found)
		*out = read_row(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no account %.60s; `tallyman account` lists them", name);
}

const char *account_down(const struct account_row *row)
{
	return strcmp(row->state, "ok") && strcmp(row->state, "slow") && strcmp(row->state, "new") ? row->state : NULL;
}

enum fault account_by_id(struct store *s, int64_t id, struct arena *a, struct account_row *out, struct err *err)
{
	static const char sql[] = "SELECT " COLUMNS " FROM account WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_row(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no account number %" PRId64, id);
}

static const char *kind_of(const struct account_row *row)
{
	return row->kind ? row->kind : "seller";
}

static enum fault account_insert(struct store *s, const struct account_row *row, bool born_live, const struct cause *why, int64_t *id,
                                 struct err *err)
{
	static const char sql[] = "INSERT INTO account (name, channel, mode, enabled, marketplaces, base_url, made_ms, kind) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	const char *mode = born_live ? "live" : "shadow";

	if (RUN_ID(s, err, id, sql, V(row->name), V(row->channel), V(mode), V(row->enabled), V(text_or_empty(row->marketplaces)),
	           V(text_or_empty(row->base_url)), V(why->now_ms), V(kind_of(row))))
		return FAULT_STORE;
	return change_text(s, "account", *id, "mode", NULL, mode, why->now_ms, why, err);
}

static enum fault account_update(struct store *s, const struct account_row *old, const struct account_row *new, const struct cause *why,
                                 struct err *err)
{
	static const char sql[] = "UPDATE account SET enabled = ?, marketplaces = ?, base_url = ?, kind = ? WHERE id = ?";
	const char *markets = text_or_empty(new->marketplaces), *url = text_or_empty(new->base_url);
	int64_t now = why->now_ms;

	if (strcmp(old->channel, new->channel))
		return err_set(err, FAULT_REFUSED, "account %.40s is on record as %.20s, not %.20s: give the new one another name", old->name,
		               old->channel, new->channel);
	if (old->enabled == new->enabled && !strcmp(old->marketplaces, markets) && !strcmp(old->base_url, url) && !strcmp(old->kind, kind_of(new)))
		return OK;
	if (RUN(s, err, sql, V(new->enabled), V(markets), V(url), V(kind_of(new)), V(old->id)) ||
	    change_int(s, "account", old->id, "enabled", old->enabled, new->enabled, now, why, err) ||
	    change_text(s, "account", old->id, "kind", old->kind, kind_of(new), now, why, err) ||
	    change_text(s, "account", old->id, "marketplaces", old->marketplaces, markets, now, why, err))
		return FAULT_STORE;
	if (!new->enabled && conflicts_leave(s, old->id, why, err))
		return FAULT_STORE;
	return change_text(s, "account", old->id, "base_url", old->base_url, url, now, why, err);
}

enum fault account_put(struct store *s, const struct account_row *row, bool born_live, const struct cause *why, int64_t *id, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row old;
	enum fault f;

	assert(store_in_transaction(s));
	f = account_by_name(s, row->name, a, &old, err);
	if (f == FAULT_REFUSED) {
		f = account_insert(s, row, born_live, why, id, err);
	} else if (!f) {
		*id = old.id;
		f = account_update(s, &old, row, why, err);
	}
	arena_free(a);
	return f;
}

static bool is_kept(const int64_t *kept, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (kept[i] == id)
			return true;
	return false;
}

enum fault accounts_leave(struct store *s, const int64_t *kept, int n, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE account SET enabled = 0 WHERE id = ?";
	struct arena *a = arena_new();
	struct account_row *row;
	int rows;
	enum fault f = accounts_all(s, a, &row, &rows, err);

	for (int i = 0; i < rows && !f; i++) {
		if (!row[i].enabled || is_kept(kept, n, row[i].id))
			continue;
		f = RUN(s, err, sql, V(row[i].id)) ? FAULT_STORE : change_int(s, "account", row[i].id, "enabled", 1, 0, why->now_ms, why, err);
		if (!f)
			f = conflicts_leave(s, row[i].id, why, err);
	}
	arena_free(a);
	return f;
}

enum fault account_mode(struct store *s, int64_t id, const char *mode, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE account SET mode = ?1 WHERE id = ?2 AND mode <> ?1";

	assert(store_in_transaction(s));
	if (RUN(s, err, sql, V(mode), V(id)))
		return FAULT_STORE;
	if (!store_changes(s))
		return OK;
	return change_text(s, "account", id, "mode", strcmp(mode, "live") ? "live" : "shadow", mode, why->now_ms, why, err);
}

enum fault account_state(struct store *s, int64_t id, const char *state, const char *text, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT state, state_text FROM account WHERE id = ?";
	static const char sql[] = "UPDATE account SET state = ?1, state_text = ?2, state_ms = CASE WHEN state = ?1 THEN state_ms ELSE ?3 END "
				  "WHERE id = ?4";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, ask, V(id));
	const char *old = rows_next(r) ? rows_keep(r, 0, a) : NULL;
	bool same = old && !strcmp(old, state) && !strcmp(rows_text(r, 1), text_or_empty(text));
	enum fault f = rows_end(r, err);

	assert(store_in_transaction(s));
	if (!f && old && !same)
		f = RUN(s, err, sql, V(state), V(text_or_empty(text)), V(why->now_ms), V(id));
	if (!f && old)
		f = change_text(s, "account", id, "state", old, state, why->now_ms, why, err);
	arena_free(a);
	return f;
}

enum fault account_ok(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE account SET ok_ms = ?1 WHERE id = ?2 AND ok_ms <= ?1 - 60000";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(now_ms), V(id));
}

enum fault account_heard(struct store *s, int64_t id, int lists, struct err *err)
{
	static const char ask[] = "SELECT CASE WHEN count(*) < ?2 THEN 0 ELSE min(since_ms) END FROM cursor "
				  "WHERE account_id = ?1 AND verb = 'orders' AND since_ms > 0";
	static const char sql[] = "UPDATE account SET heard_ms = ?1 WHERE id = ?2 AND heard_ms < ?1";
	int64_t upto_ms;

	assert(store_in_transaction(s));
	if (GET_INT(s, err, 0, &upto_ms, ask, V(id), V(lists)))
		return FAULT_STORE;
	return RUN(s, err, sql, V(upto_ms), V(id));
}

enum fault account_heard_upto(struct store *s, int64_t id, int64_t *upto_ms, struct err *err)
{
	static const char sql[] = "SELECT heard_ms FROM account WHERE id = ?1";

	return GET_INT(s, err, 0, upto_ms, sql, V(id));
}

/* ---- limits and breakers ---- */

int64_t bucket_tokens(const struct bucket_row *b, int64_t now_ms)
{
	int64_t full = b->burst * b->window_ms, passed = now_ms > b->filled_ms ? now_ms - b->filled_ms : 0;

	if (!b->window_ms)
		return 0;
	if (b->rate > 0 && passed >= full / b->rate) /* a long sleep must not overflow the product below */
		return b->burst;
	return (b->credit + passed * b->rate < full ? b->credit + passed * b->rate : full) / b->window_ms;
}

enum fault bucket_save(struct store *s, const struct bucket_row *b, struct err *err)
{
	static const char sql[] =
		"INSERT INTO bucket (account_id, name, credit, filled_ms, rate, window_ms, burst, hold_ms, daily, day_used, day_ends_ms, calls, throttled, reserve_pct, verbs, "
		"told_rate, told_window_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, name) DO UPDATE SET credit = excluded.credit, "
		"filled_ms = excluded.filled_ms, rate = excluded.rate, window_ms = excluded.window_ms, burst = excluded.burst, "
		"hold_ms = excluded.hold_ms, daily = excluded.daily, day_used = excluded.day_used, day_ends_ms = excluded.day_ends_ms, "
		"calls = excluded.calls, throttled = excluded.throttled, reserve_pct = excluded.reserve_pct, verbs = excluded.verbs, "
		"told_rate = excluded.told_rate, told_window_ms = excluded.told_window_ms";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(b->account), V(b->name), V(b->credit), V(b->filled_ms), V(b->rate), V(b->window_ms), V(b->burst),
	           V(b->hold_ms), V(b->daily), V(b->day_used), V(b->day_ends_ms), V(b->calls), V(b->throttled), V(b->reserve_pct), V(text_or_empty(b->verbs)),
	           V(b->told_rate), V(b->told_window_ms));
}

enum fault buckets_all(struct store *s, struct arena *a, struct bucket_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT b.account_id, ac.name, b.name, b.credit, b.filled_ms, b.rate, b.window_ms, b.burst, b.hold_ms, "
				  "b.daily, b.day_used, b.day_ends_ms, b.calls, b.throttled, b.reserve_pct, b.verbs, b.told_rate, b.told_window_ms FROM bucket b JOIN account ac ON ac.id = b.account_id "
				  "ORDER BY b.account_id, b.name";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct bucket_row){
			.account = rows_int(r, 0),
			.account_name = rows_keep(r, 1, a),
			.name = rows_keep(r, 2, a),
			.credit = rows_int(r, 3),
			.filled_ms = rows_int(r, 4),
			.rate = rows_int(r, 5),
			.window_ms = rows_int(r, 6),
			.burst = rows_int(r, 7),
			.hold_ms = rows_int(r, 8),
			.daily = rows_int(r, 9),
			.day_used = rows_int(r, 10),
			.day_ends_ms = rows_int(r, 11),
			.calls = rows_int(r, 12),
			.throttled = rows_int(r, 13),
			.reserve_pct = rows_int(r, 14),
			.verbs = rows_keep(r, 15, a),
			.told_rate = rows_int(r, 16),
			.told_window_ms = rows_int(r, 17),
		};
	}
	return rows_end(r, err);
}

enum fault breaker_save(struct store *s, const struct breaker_row *b, struct err *err)
{
	static const char sql[] =
		"INSERT INTO breaker (account_id, name, state, fails, good, since_ms, probe_ms, ok_ms, fault, text) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, name) DO UPDATE SET state = excluded.state, "
		"fails = excluded.fails, good = excluded.good, since_ms = excluded.since_ms, probe_ms = excluded.probe_ms, "
		"ok_ms = excluded.ok_ms, fault = excluded.fault, text = excluded.text";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(b->account), V(b->name), V(b->state), V(b->fails), V(b->good), V(b->since_ms), V(b->probe_ms), V(b->ok_ms),
	           V(text_or_empty(b->fault)), V(text_or_empty(b->text)));
}

enum fault breakers_all(struct store *s, struct arena *a, struct breaker_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT b.account_id, ac.name, b.name, b.state, b.fault, b.text, b.fails, b.good, b.since_ms, b.probe_ms, "
				  "b.ok_ms, EXISTS (SELECT 1 FROM lapse l WHERE l.account_id = b.account_id AND l.state <> 'ENDED' AND l.cause = 'platform') FROM breaker b JOIN account ac ON ac.id = b.account_id ORDER BY b.account_id, b.name";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct breaker_row){
			.account = rows_int(r, 0),
			.account_name = rows_keep(r, 1, a),
			.name = rows_keep(r, 2, a),
			.state = rows_keep(r, 3, a),
			.fault = rows_keep(r, 4, a),
			.text = rows_keep(r, 5, a),
			.fails = rows_int(r, 6),
			.good = rows_int(r, 7),
			.since_ms = rows_int(r, 8),
			.probe_ms = rows_int(r, 9),
			.ok_ms = rows_int(r, 10),
			.outage = rows_int(r, 11) != 0,
		};
	}
	return rows_end(r, err);
}

/* ---- the frame's facts ---- */

enum fault counter_get(struct store *s, const char *name, int64_t *value, struct err *err)
{
	static const char sql[] = "SELECT value FROM counter WHERE name = ?";

	return GET_INT(s, err, 0, value, sql, V(name));
}

enum fault meta_get(struct store *s, const char *key, struct arena *a, const char **value, struct err *err)
{
	static const char sql[] = "SELECT value FROM meta WHERE key = ?";
	struct rows *r = ASK(s, sql, V(key));

	*value = rows_next(r) ? rows_keep(r, 0, a) : NULL;
	return rows_end(r, err);
}

enum fault meta_put(struct store *s, const char *key, const char *value, struct err *err)
{
	static const char sql[] = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(key), V(value));
}

bool engine_beat(struct store *s, int64_t *pid, int64_t *started_ms, int64_t *beat_ms)
{
	static const char sql[] = "SELECT pid, started_ms, beat_ms FROM lease WHERE id = 1";
	struct rows *r = store_ask(s, sql, NULL, 0);
	bool found = rows_next(r);

	*pid = found ? rows_int(r, 0) : 0;
	*started_ms = found ? rows_int(r, 1) : 0;
	*beat_ms = found ? rows_int(r, 2) : 0;
	return !rows_end(r, NULL) && found;
}

enum fault engine_listened(struct store *s, int64_t now_ms, int64_t *until_ms, struct err *err)
{
	enum { FIRST_MS = 2 * 60000 };
	static const char sql[] = "SELECT before_ms FROM lease WHERE started_ms > ? AND before_ms > 0";
	enum fault f = GET_INT(s, err, now_ms, until_ms, sql, V(now_ms - FIRST_MS));

	if (!f && *until_ms > now_ms) /* the clock was set back */
		*until_ms = now_ms;
	return f;
}

enum fault engine_stayed(struct store *s, int64_t *at_ms, struct err *err)
{
	static const char sql[] = "SELECT CASE WHEN beat_ms - started_ms < 120000 AND short >= 2 AND before_ms > 0 AND before_ms < beat_ms THEN before_ms ELSE beat_ms END FROM lease WHERE id = 1";

	return GET_INT(s, err, 0, at_ms, sql);
}

enum fault engine_hushed(struct store *s, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM alert WHERE closed_ms = 0 AND (key = 'vault locked' OR (key = 'held' AND text LIKE '%: the disk is full'))";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql);

	*yes = n != 0;
	return f;
}

enum fault config_put(struct store *s, const char *text, int64_t now_ms, int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO config (hash, text, at_ms) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING";
	static const char ask[] = "SELECT id FROM config WHERE hash = ?";
	char hash[65], number[24];

	assert(store_in_transaction(s));
	sha256_hex(text, strlen(text), hash);
	if (RUN(s, err, sql, V(hash), V(text), V(now_ms)) || GET_INT(s, err, 0, id, ask, V(hash)))
		return FAULT_STORE;
	snprintf(number, sizeof number, "%" PRId64, *id);
	return meta_put(s, "config", number, err);
}
