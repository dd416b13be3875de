#include "trade/tasks.h"

#include "base/asset.h"
#include "base/csv.h"
#include "store/store.h"
#include "trade/change.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/* ---- what there is to do ---- */

static struct csv table(struct arena *a)
{
	struct csv csv;
	struct err err;
	size_t n = 0;
	const char *text = asset_get(a, "data/tasks.csv", &n);
	bool read = text && !csv_read(a, "data/tasks.csv", text, n, &csv, &err);

	assert(read && "data/tasks.csv");
	return csv;
}

/* 0 is Thursday: 1 January 1970. */
static int weekday(const char *word)
{
	static const char *const days[] = { "thu", "fri", "sat", "sun", "mon", "tue", "wed" };

	for (int i = 0; i < 7; i++)
		if (!strcmp(days[i], word))
			return i;
	return -1;
}

/* The day that a task of this kind is for: today, or the last such weekday. -1: it is neither. */
static int64_t due_day(const char *on, int64_t today)
{
	int w = weekday(on);

	if (!strcmp(on, "day"))
		return today;
	return w < 0 ? -1 : today - (today % 7 - w + 7) % 7;
}

enum fault tasks_make(struct store *s, int64_t now_ms, int *made, struct err *err)
{
	static const char sql[] = "INSERT INTO task (name, day, rhythm, title, how, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name, day) DO NOTHING";
	struct arena *a = arena_new();
	struct csv csv = table(a);
	static const char late[] = "UPDATE task SET state = 'missed', done_ms = ?1 WHERE state = 'open' AND EXISTS "
				   "(SELECT 1 FROM task t WHERE t.name = task.name AND t.day > task.day)";
	enum fault f = OK;

	assert(store_in_transaction(s));
	*made = 0;
	for (int i = 0; i < csv.rows && !f; i++) {
		const char *on = csv_field(&csv.row[i], csv_column(&csv, "on"));
		int64_t day = due_day(on, now_ms / DAY_MS);

		if (day < 0)
			continue;
		f = RUN(s, err, sql, V(csv_field(&csv.row[i], csv_column(&csv, "name"))), V(day), V(on), V(csv_field(&csv.row[i], csv_column(&csv, "title"))),
		        V(csv_field(&csv.row[i], csv_column(&csv, "how"))), V(now_ms));
		*made += f ? 0 : store_changes(s);
	}
	if (!f && *made)
		f = RUN(s, err, late, V(now_ms));
	arena_free(a);
	return f;
}

/* ---- reading ---- */

#define COLUMNS "SELECT id, day, made_ms, done_ms, name, rhythm, title, how, state, actor, note FROM task "

static struct task read_task(const struct rows *r, struct arena *a)
{
	return (struct task){
		.id = rows_int(r, 0),
		.day = rows_int(r, 1),
		.made_ms = rows_int(r, 2),
		.done_ms = rows_int(r, 3),
		.name = rows_keep(r, 4, a),
		.on = rows_keep(r, 5, a),
		.title = rows_keep(r, 6, a),
		.how = rows_keep(r, 7, a),
		.state = rows_keep(r, 8, a),
		.actor = rows_keep(r, 9, a),
		.note = rows_keep(r, 10, a),
	};
}

static enum fault read_all(struct rows *r, struct arena *a, struct task *out, int *got, struct err *err)
{
	while (rows_next(r))
		out[(*got)++] = read_task(r, a);
	return rows_end(r, err);
}

enum fault tasks_list(struct store *s, bool all, int n, struct arena *a, struct task **out, int *got, struct err *err)
{
	static const char open[] = COLUMNS "WHERE state = 'open' ORDER BY day, id LIMIT ?";
	static const char over[] = COLUMNS "WHERE state <> 'open' ORDER BY done_ms DESC, id DESC LIMIT ?";
	enum fault f;

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	*got = 0;
	f = read_all(ASK(s, open, V(n)), a, *out, got, err);
	return f || !all || *got == n ? f : read_all(ASK(s, over, V(n - *got)), a, *out, got, err);
}

enum fault task_get(struct store *s, int64_t id, struct arena *a, struct task *out, struct err *err)
{
	static const char sql[] = COLUMNS "WHERE id = ?";
	int got = 0;

	if (read_all(ASK(s, sql, V(id)), a, out, &got, err))
		return FAULT_STORE;
	return got ? OK : err_set(err, FAULT_REFUSED, "there is no task %" PRId64, id);
}

enum fault task_open(struct store *s, const char *name, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT coalesce(min(id), 0) FROM task WHERE state = 'open' AND name = ?";

	return GET_INT(s, err, 0, id, sql, V(name));
}

enum fault tasks_week(struct store *s, struct arena *a, struct task_week *out, struct err *err)
{
	static const char last[] = "SELECT done_ms, actor FROM task WHERE rhythm <> 'day' AND state = 'done' AND day = (SELECT max(day) FROM task t WHERE t.rhythm <> 'day' AND t.state = 'done' "
				   "AND NOT EXISTS (SELECT 1 FROM task u WHERE u.day = t.day AND u.rhythm <> 'day' AND u.state <> 'done' AND u.state <> 'skipped')) "
				   "ORDER BY done_ms DESC, id DESC LIMIT ?";
	static const char open[] = "SELECT count(*) FROM task WHERE rhythm <> 'day' AND state = ?";
	struct rows *r = ASK(s, last, V(1));

	*out = (struct task_week){ .actor = "" };
	if (rows_next(r)) {
		out->done_ms = rows_int(r, 0);
		out->actor = rows_keep(r, 1, a);
	}
	return rows_end(r, err) ? FAULT_STORE : GET_INT(s, err, 0, &out->open, open, V("open"));
}

/* ---- done ---- */

enum fault task_carry(struct store *s, const struct fields *p, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE task SET state = ?2, actor = ?3, done_ms = ?4, note = ?5 WHERE id = ?1";
	const char *state = fields_get(p, "state", ""), *note = fields_get(p, "note", "");
	struct arena *a = arena_new();
	struct task t;
	bool open = !strcmp(state, "open");
	enum fault f = task_get(s, fields_int(p, "task", 0), a, &t, err);

	assert(store_in_transaction(s));
	if (!f && strcmp(state, "done") && strcmp(state, "skipped") && !open)
		f = err_set(err, FAULT_REFUSED, "a task is done, skipped, or open again");
	else if (!f && !strcmp(t.state, "missed"))
		f = err_set(err, FAULT_REFUSED, "task %" PRId64 " was missed: the next of its kind is open", t.id);
	else if (!f && !strcmp(t.state, state))
		f = err_set(err, FAULT_REFUSED, "task %" PRId64 " is %s already%s%s", t.id, state, *t.actor ? ", by " : "", t.actor);
	else if (!f && !strcmp(state, "skipped") && !*note)
		f = err_set(err, FAULT_REFUSED, "why is it left out?");
	else if (!f && strlen(note) > 500)
		f = err_set(err, FAULT_REFUSED, "a note is at most 500 bytes");
	if (!f)
		f = RUN(s, err, sql, V(t.id), V(state), V(open ? "" : why->actor), V(open ? (int64_t)0 : why->now_ms), V(note));
	if (!f)
		f = change_text(s, "task", t.id, "state", t.state, state, why->now_ms, why, err);
	arena_free(a);
	return f;
}
