/*
 * copy.c: a store taken apart: a copy on temporary disk, one of which only a part is a copy, a part of it in a file, a backup. The interface is in store.h.
 */
#include "store/store.h"

#include "store/inside.h"
#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One statement and no more, whatever stands behind it. */
static enum fault run_first(struct store *s, const char *sql, struct err *err)
{
	struct rows *r = store_ask_text(s, sql, NULL, 0);

	rows_next(r);
	return rows_end(r, err);
}

static enum fault drop_triggers(struct store *s, struct err *err)
{
	static const char sql[] = "SELECT printf('DROP TRIGGER \"%w\"', name) FROM sqlite_schema WHERE type = 'trigger' LIMIT 1";
	char drop[200] = "";
	enum fault f = OK;

	do {
		struct rows *r = store_ask_text(s, sql, NULL, 0);

		drop[0] = '\0';
		if (rows_next(r))
			snprintf(drop, sizeof drop, "%s", rows_text(r, 0));
		f = rows_end(r, err);
		if (!f && *drop)
			f = run_first(s, drop, err);
	} while (!f && *drop);
	return f;
}

/* Page by page, of one moment. */
static enum fault copy_whole(struct store *from, struct store *to, struct err *err)
{
	sqlite3_backup *b;
	enum fault f = store_hold_snapshot(from, err);
	int rc = SQLITE_ERROR;

	if (f)
		return f;
	b = sqlite3_backup_init(to->db, "main", from->db, "main");
	if (b) {
		while ((rc = sqlite3_backup_step(b, 4096)) == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			if (rc != SQLITE_OK)
				sqlite3_sleep(10);
		rc = sqlite3_backup_finish(b);
	}
	store_rollback(from);
	return rc == SQLITE_OK ? OK : err_set(err, FAULT_STORE, "a copy on temporary disk: %s; TMPDIR says where that is", sqlite3_errmsg(to->db));
}

/* A store without a name: SQLite makes a file that it removes at once. */
static enum fault open_blank(const char *dir, struct store **out, struct err *err)
{
	struct store *s = store_new(dir, STORE_WRITE);
	enum fault f = OK;

	*out = NULL;
	if (sqlite3_open_v2("", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
		f = store_fault(s, err, "scratch");
	else
		store_confine(s);
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}

enum fault store_scratch(const char *dir, struct store **out, struct err *err)
{
	struct store *from, *s = NULL;
	enum fault f = store_open(dir, STORE_READ, &from, err);

	*out = NULL;
	if (f)
		return f;
	f = open_blank(dir, &s, err);
	if (!f)
		f = copy_whole(from, s, err);
	store_close(from);
	if (!f)
		f = store_exec(s, err, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON");
	if (!f)
		f = drop_triggers(s, err);
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}

/* ---- a copy of some tables, the rest in place ---- */

/* The only one ever: nothing that runs on it later reaches another file. */
static enum fault attach(struct store *s, const char *dir, struct err *err)
{
	static const char sql[] = "ATTACH ? AS live";
	char path[4096], uri[4300];
	enum fault f;

	snprintf(path, sizeof path, store_is_file(dir) ? "%s" : "%s/tallyman.db", dir);
	store_uri(path, store_is_file(dir) ? "?mode=ro&immutable=1" : "?mode=ro", uri, sizeof uri);
	sqlite3_busy_timeout(s->db, 5000);
	if (store_exec(s, err, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA temp_store=MEMORY"))
		return FAULT_STORE;
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
	f = RUN(s, err, sql, V(uri));
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	return f;
}

/* The table as it is there, then its rows, then its indexes: SQLite takes rows over page by page where both are made of the same words. */
static enum fault copy_table(struct store *s, const char *table, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT sql FROM live.sqlite_schema WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type = 'index', rowid";
	struct rows *r = ASK(s, sql, V(table));
	const char *made[32];
	int n = 0;
	enum fault f;

	while (n < 32 && rows_next(r))
		made[n++] = rows_keep(r, 0, a);
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = run_first(s, made[i], err);
	return f ? f : store_exec(s, err, arena_printf(a, "INSERT INTO main.\"%s\" SELECT * FROM live.\"%s\"", table, table));
}

enum fault store_overlay(const char *dir, const char *const *copied, int n, struct store **out, struct err *err)
{
	struct store *from, *s = NULL;
	struct arena *a = arena_new();
	enum fault f = store_open(dir, STORE_READ, &from, err); /* it knows what may be wrong with it */

	*out = NULL;
	if (!f) {
		store_close(from);
		f = open_blank(dir, &s, err);
	}
	if (!f)
		f = attach(s, dir, err);
	if (!f)
		f = store_begin(s, err);
	for (int i = 0; i < n && !f; i++)
		f = copy_table(s, copied[i], a, err);
	arena_free(a);
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}

enum fault store_veil(struct store *s, const char *table, const char *columns, const char *where, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f = store_exec(s, err, arena_printf(a, "CREATE TEMP VIEW \"%s\" AS SELECT %s FROM live.\"%s\" WHERE %s", table, columns, table, where));

	arena_free(a);
	return f;
}

enum fault store_extract_create(const char *file, struct store **out, struct err *err)
{
	int fd = open(file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	struct store *s;
	enum fault f = OK;

	*out = NULL;
	if (fd < 0)
		return err_set(err, FAULT_REFUSED, "%s: %s; name a file that is not there yet", file, strerror(errno));
	close(fd);
	s = store_new(NULL, STORE_WRITE);
	if (sqlite3_open_v2(file, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
		f = store_fault(s, err, file);
	if (!f)
		f = store_exec(s, err, "PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF");
	if (!f)
		f = migrate(s, err);
	if (!f)
		f = drop_triggers(s, err);
	if (!f) /* what the schema itself put there comes from the store that it is made of */
		f = store_exec(s, err, "DELETE FROM counter; BEGIN");
	if (f) {
		store_close(s);
		unlink(file);
		return f;
	}
	*out = s;
	return OK;
}

static int bind_copy(sqlite3_stmt *to, sqlite3_stmt *from, int column, const char *(*clean)(void *ctx, const char *text), void *ctx)
{
	if (!clean || sqlite3_column_type(from, column) != SQLITE_TEXT)
		return sqlite3_bind_value(to, column + 1, sqlite3_column_value(from, column));
	return sqlite3_bind_text(to, column + 1, clean(ctx, (const char *)sqlite3_column_text(from, column)), -1, SQLITE_TRANSIENT);
}

enum fault store_copy(struct store *from, struct store *to, const char *table, const char *columns, const char *where, const struct val *v, size_t n,
                      const char *(*clean)(void *ctx, const char *text), void *ctx, struct err *err)
{
	char *ask = sqlite3_mprintf("SELECT %s FROM \"%w\" WHERE %s", columns, table, where), *put = NULL, *marks = NULL;
	sqlite3_stmt *in = NULL, *out = NULL;
	int rc = ask ? sqlite3_prepare_v2(from->db, ask, -1, &in, NULL) : SQLITE_NOMEM, width;
	enum fault f = rc == SQLITE_OK ? OK : store_fault(from, err, table);

	for (size_t i = 0; !f && i < n && (int)i < sqlite3_bind_parameter_count(in); i++)
		store_bind(in, (int)i + 1, &v[i], SQLITE_STATIC);
	width = f ? 0 : sqlite3_column_count(in);
	marks = sqlite3_mprintf("?");
	for (int i = 1; i < width; i++)
		marks = sqlite3_mprintf("%z,?", marks);
	put = sqlite3_mprintf("INSERT OR IGNORE INTO \"%w\" VALUES (%s)", table, marks);
	if (!f && sqlite3_prepare_v2(to->db, put, -1, &out, NULL) != SQLITE_OK)
		f = store_fault(to, err, table);
	while (!f && (rc = sqlite3_step(in)) == SQLITE_ROW) {
		for (int i = 0; i < width; i++)
			bind_copy(out, in, i, clean, ctx);
		if (sqlite3_step(out) != SQLITE_DONE)
			f = store_fault(to, err, table);
		sqlite3_reset(out);
	}
	if (!f && rc != SQLITE_DONE)
		f = store_fault(from, err, table);
	sqlite3_finalize(in);
	sqlite3_finalize(out);
	sqlite3_free(ask);
	sqlite3_free(put);
	sqlite3_free(marks);
	return f;
}

enum fault store_extract_finish(struct store *s, const char *file, bool keep, struct err *err)
{
	enum fault f = keep ? store_exec(s, err, "COMMIT; VACUUM") : OK;

	store_close(s);
	if (f || !keep)
		unlink(file);
	return f;
}

/* ---- a backup ---- */

static enum fault finish_backup(sqlite3 *to, const char *file, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	enum fault f = OK;

	if (sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(to, "PRAGMA integrity_check(1)", -1, &stmt, NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
		f = err_set(err, FAULT_STORE, "backup %s: %s", file, sqlite3_errmsg(to));
	else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok"))
		f = err_set(err, FAULT_STORE, "backup %s does not verify: %s", file, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return f;
}

static enum fault copy_into(struct store *s, const char *file, struct err *err)
{
	sqlite3 *to = NULL;
	sqlite3_backup *b = NULL;
	enum fault f = OK;
	int rc;

	if (sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		b = sqlite3_backup_init(to, "main", s->db, "main");
	if (b) {
		while ((rc = sqlite3_backup_step(b, 1000)) == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			if (rc != SQLITE_OK)
				sqlite3_sleep(10);
		rc = sqlite3_backup_finish(b);
	} else {
		rc = SQLITE_ERROR;
	}
	if (rc != SQLITE_OK)
		f = err_set(err, FAULT_STORE, "backup %s: %s", file, sqlite3_errmsg(to));
	else
		f = finish_backup(to, file, err);
	sqlite3_close(to);
	return f;
}

enum fault store_backup(struct store *s, const char *file, struct err *err)
{
	int fd = open(file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	enum fault f;

	if (fd < 0)
		return err_set(err, FAULT_REFUSED, "%s: %s; name a file that is not there yet", file, strerror(errno));
	f = store_hold_snapshot(s, err);
	if (!f)
		f = copy_into(s, file, err);
	store_rollback(s);
	if (!f && fsync(fd))
		f = err_set(err, FAULT_STORE, "backup %s: %s", file, strerror(errno));
	close(fd);
	if (f)
		unlink(file);
	return f;
}
