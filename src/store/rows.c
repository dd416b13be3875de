/*
 * rows.c: statements, what they bind, their rows, and the transactions they stand in. The interface is in store.h.
 */
#include "store/store.h"

#include "store/inside.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

/* ---- statements ---- */

static unsigned slot_of(const char *sql)
{
	return (unsigned)(((uintptr_t)sql * 0x9e3779b97f4a7c15u) >> 40) % SLOTS;
}

static struct rows *prepare(struct store *s, const char *sql, bool once)
{
	struct rows *r = calloc(1, sizeof *r);

	if (!r)
		abort();
	r->store = s;
	r->sql = sql;
	r->once = once;
	r->busy = true;
	r->rc = sqlite3_prepare_v3(s->db, sql, -1, once ? 0 : SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL);
	return r;
}

static struct rows *statement(struct store *s, const char *sql)
{
	unsigned i = slot_of(sql);
	struct rows *r;

	for (r = s->slot[i]; r && r->sql != sql; r = r->next)
		;
	if (r && r->busy) /* asked inside its own loop */
		return prepare(s, sql, true);
	if (!r) {
		r = prepare(s, sql, false);
		r->next = s->slot[i];
		s->slot[i] = r;
	} else if (!r->stmt) {
		r->rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL);
	}
	r->busy = true;
	r->has_row = false;
	return r;
}

int store_bind(sqlite3_stmt *stmt, int i, const struct val *v, sqlite3_destructor_type keep)
{
	switch (v->type) {
	case VAL_INT:
		return sqlite3_bind_int64(stmt, i, v->i);
	case VAL_TEXT:
		return sqlite3_bind_text(stmt, i, v->p, -1, keep);
	case VAL_BLOB:
		return sqlite3_bind_blob64(stmt, i, v->p, (sqlite3_uint64)v->i, keep);
	case VAL_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, i);
}

static struct rows *bind(struct rows *r, const struct val *v, size_t n, sqlite3_destructor_type keep)
{
	if (!r->stmt)
		return r;
	assert((int)n == sqlite3_bind_parameter_count(r->stmt)); /* a value too few would silently be NULL */
	r->rc = SQLITE_OK;
	for (size_t i = 0; i < n && r->rc == SQLITE_OK; i++)
		r->rc = store_bind(r->stmt, (int)i + 1, &v[i], keep);
	return r;
}

/* ---- rows ---- */

bool rows_next(struct rows *r)
{
	if (!r->stmt || (r->rc != SQLITE_OK && r->rc != SQLITE_ROW))
		return r->has_row = false;
	r->rc = sqlite3_step(r->stmt);
	return r->has_row = r->rc == SQLITE_ROW;
}

int64_t rows_int(const struct rows *r, int column)
{
	assert(r->has_row);
	return sqlite3_column_int64(r->stmt, column);
}

const char *rows_text(const struct rows *r, int column)
{
	const unsigned char *p;

	assert(r->has_row);
	p = sqlite3_column_text(r->stmt, column);
	return p ? (const char *)p : "";
}

const void *rows_blob(const struct rows *r, int column, size_t *n)
{
	const void *p;

	assert(r->has_row);
	p = sqlite3_column_blob(r->stmt, column);
	*n = (size_t)sqlite3_column_bytes(r->stmt, column);
	return p;
}

bool rows_null(const struct rows *r, int column)
{
	assert(r->has_row);
	return sqlite3_column_type(r->stmt, column) == SQLITE_NULL;
}

char *rows_keep(const struct rows *r, int column, struct arena *a)
{
	return rows_null(r, column) ? NULL : arena_strdup(a, rows_text(r, column));
}

enum fault rows_end(struct rows *r, struct err *err)
{
	bool bad = !r->stmt || (r->rc != SQLITE_OK && r->rc != SQLITE_ROW && r->rc != SQLITE_DONE);
	enum fault f = OK;

	if (bad)
		f = store_fault(r->store, err, r->stmt ? "query" : "prepare");
	if (r->stmt) {
		sqlite3_reset(r->stmt);
		sqlite3_clear_bindings(r->stmt);
	}
	r->busy = r->has_row = false;
	if (r->once) {
		sqlite3_finalize(r->stmt);
		free(r);
	}
	return f;
}

/* ---- looks ---- */

/* Run what has nothing to bind and no rows, whatever look is under way. */
static enum fault run_plain(struct store *s, const char *sql, struct err *err)
{
	struct rows *r = statement(s, sql);

	r->rc = r->stmt ? SQLITE_OK : r->rc;
	rows_next(r);
	return rows_end(r, err);
}

static bool is_looking(const struct store *s)
{
	return s->looking && !sqlite3_get_autocommit(s->db); /* an error may have ended it */
}

static void look_begin(struct store *s)
{
	static const char sql[] = "BEGIN";

	if (sqlite3_get_autocommit(s->db))
		s->looking = !run_plain(s, sql, NULL);
}

/* Not a rollback: that would break off who asks for rows and writes for each. */
static void look_end(struct store *s)
{
	static const char sql[] = "COMMIT";

	if (is_looking(s))
		run_plain(s, sql, NULL);
	s->looking = false;
}

/* What asks joins the look, what writes ends it first. */
static void join_look(const struct rows *r)
{
	if (!r->store->looks || !r->stmt)
		return;
	if (sqlite3_stmt_readonly(r->stmt))
		look_begin(r->store);
	else
		look_end(r->store);
}

void store_look(struct store *s)
{
	s->looks++;
}

void store_look_over(struct store *s)
{
	assert(s->looks > 0);
	if (!--s->looks)
		look_end(s);
}

void store_look_pause(struct store *s)
{
	look_end(s);
}

/* ---- asking ---- */

static struct rows *begin(struct rows *r, const struct val *v, size_t n, sqlite3_destructor_type keep)
{
	join_look(r);
	return bind(r, v, n, keep);
}

struct rows *store_ask(struct store *s, const char *sql, const struct val *v, size_t n)
{
	return begin(statement(s, sql), v, n, SQLITE_TRANSIENT);
}

struct rows *store_ask_text(struct store *s, const char *sql, const struct val *v, size_t n)
{
	return begin(prepare(s, sql, true), v, n, SQLITE_TRANSIENT);
}

/* ---- at once ---- */

enum fault store_run(struct store *s, struct err *err, const char *sql, const struct val *v, size_t n)
{
	struct rows *r = begin(statement(s, sql), v, n, SQLITE_STATIC); /* the statement ends before this call does: nothing is copied */

	while (rows_next(r))
		;
	return rows_end(r, err);
}

enum fault store_get_int(struct store *s, struct err *err, int64_t otherwise, int64_t *out, const char *sql, const struct val *v,
                         size_t n)
{
	struct rows *r = begin(statement(s, sql), v, n, SQLITE_STATIC);

	*out = otherwise;
	if (rows_next(r) && !rows_null(r, 0))
		*out = rows_int(r, 0);
	while (r->rc == SQLITE_ROW && rows_next(r)) /* RETURNING takes effect whole only when stepped to its end */
		;
	return rows_end(r, err);
}

enum fault store_exec(struct store *s, struct err *err, const char *sql)
{
	look_end(s);
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(s, err, "exec");
	return OK;
}

int store_changes(const struct store *s)
{
	return sqlite3_changes(s->db);
}

int64_t store_total_changes(const struct store *s)
{
	return sqlite3_total_changes64(s->db);
}

/* ---- transactions ---- */

enum fault store_begin(struct store *s, struct err *err)
{
	static const char sql[] = "BEGIN IMMEDIATE";

	look_end(s);
	return run_plain(s, sql, err);
}

enum fault store_begin_read(struct store *s, struct err *err)
{
	static const char sql[] = "BEGIN";

	look_end(s);
	return run_plain(s, sql, err);
}

enum fault store_commit(struct store *s, struct err *err)
{
	static const char sql[] = "COMMIT";

	return run_plain(s, sql, err);
}

void store_rollback(struct store *s)
{
	static const char sql[] = "ROLLBACK";

	if (store_in_transaction(s))
		run_plain(s, sql, NULL);
}

bool store_in_transaction(const struct store *s)
{
	return !sqlite3_get_autocommit(s->db) && !is_looking(s);
}

/* Of one moment: or else each commit of the engine's would begin the copy anew. */
enum fault store_hold_snapshot(struct store *s, struct err *err)
{
	static const char look[] = "PRAGMA user_version";
	int64_t version;
	enum fault f = store_begin_read(s, err);

	return f ? f : store_get_int(s, err, 0, &version, look, NULL, 0);
}

int64_t store_data_version(struct store *s)
{
	static const char sql[] = "PRAGMA data_version";
	int64_t v;

	store_get_int(s, NULL, 0, &v, sql, NULL, 0);
	return v;
}
