#include "store/store.h"

#include "store/inside.h"
#include "store/migrate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* After these SQLite goes on, and should not. */
static void note_damage(struct store *s)
{
	int rc = sqlite3_extended_errcode(s->db);
	bool sync = rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC, page = (rc & 0xff) == SQLITE_CORRUPT;

	if (!*s->unsound && (sync || page))
		snprintf(s->unsound, sizeof s->unsound, "the store %s (%.80s)",
		         sync ? "could not be synced to the disk" : "is damaged: put a backup in its place", sqlite3_errmsg(s->db));
}

enum fault store_fault(struct store *s, struct err *err, const char *what)
{
	note_damage(s);
	return *s->unsound ? err_set(err, FAULT_STORE, "%s", s->unsound)
	                   : err_set(err, FAULT_STORE, "store: %s: %s", what, sqlite3_errmsg(s->db));
}

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

struct rows *store_ask(struct store *s, const char *sql, const struct val *v, size_t n)
{
	return bind(statement(s, sql), v, n, SQLITE_TRANSIENT);
}

struct rows *store_ask_text(struct store *s, const char *sql, const struct val *v, size_t n)
{
	return bind(prepare(s, sql, true), v, n, SQLITE_TRANSIENT);
}

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

enum fault store_run(struct store *s, struct err *err, const char *sql, const struct val *v, size_t n)
{
	struct rows *r = bind(statement(s, sql), v, n, SQLITE_STATIC); /* the statement ends before this call does: nothing is copied */

	while (rows_next(r))
		;
	return rows_end(r, err);
}

enum fault store_exec(struct store *s, struct err *err, const char *sql)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fault(s, err, "exec");
	return OK;
}

int store_changes(const struct store *s)
{
	return sqlite3_changes(s->db);
}

enum fault store_get_int(struct store *s, struct err *err, int64_t otherwise, int64_t *out, const char *sql, const struct val *v,
                         size_t n)
{
	struct rows *r = bind(statement(s, sql), v, n, SQLITE_STATIC);

	*out = otherwise;
	if (rows_next(r) && !rows_null(r, 0))
		*out = rows_int(r, 0);
	while (r->rc == SQLITE_ROW && rows_next(r)) /* RETURNING takes effect whole only when stepped to its end */
		;
	return rows_end(r, err);
}

int64_t store_total_changes(const struct store *s)
{
	return sqlite3_total_changes64(s->db);
}

enum fault store_begin(struct store *s, struct err *err)
{
	static const char sql[] = "BEGIN IMMEDIATE";

	return store_run(s, err, sql, NULL, 0);
}

enum fault store_begin_read(struct store *s, struct err *err)
{
	static const char sql[] = "BEGIN";

	return store_run(s, err, sql, NULL, 0);
}

enum fault store_commit(struct store *s, struct err *err)
{
	static const char sql[] = "COMMIT";

	return store_run(s, err, sql, NULL, 0);
}

void store_rollback(struct store *s)
{
	static const char sql[] = "ROLLBACK";

	if (store_in_transaction(s))
		store_run(s, NULL, sql, NULL, 0);
}

bool store_in_transaction(const struct store *s)
{
	return !sqlite3_get_autocommit(s->db);
}

int64_t store_data_version(struct store *s)
{
	static const char sql[] = "PRAGMA data_version";
	int64_t v;

	store_get_int(s, NULL, 0, &v, sql, NULL, 0);
	return v;
}

int store_checkpoint(struct store *s)
{
	int all = 0, done = 0;

	if (sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &all, &done) != SQLITE_OK) {
		note_damage(s);
		return -1;
	}
	s->wal_copied = all;
	s->wal_pages = 0;
	return all - done;
}

int store_wal_pages(const struct store *s)
{
	return s->wal_pages;
}

static bool is_gone(struct store *s, ino_t *was, const char *end)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof path, "%s/tallyman.db%s", s->dir, end);
	if (stat(path, &st))
		return *was != 0;
	if (!*was)
		*was = st.st_ino;
	return *was != st.st_ino;
}

enum fault store_sound(struct store *s, struct err *err)
{
	if (!*s->unsound && s->dir && (is_gone(s, &s->file[0], "") || is_gone(s, &s->file[1], "-wal"))) {
		snprintf(s->unsound, sizeof s->unsound, "the store's files in %.80s were moved away or replaced while it was open", s->dir);
		store_checkpoint(s); /* what stands in a log without a name is lost when it is closed */
	}
	return *s->unsound ? err_set(err, FAULT_STORE, "%s", s->unsound) : OK;
}

const char *store_dir(const struct store *s)
{
	return s->dir ? s->dir : "";
}

/* ---- opening ---- */

static enum fault refuse_network_fs(const char *dir, struct err *err)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} far[] = { { NFS_SUPER_MAGIC, "NFS" }, { SMB_SUPER_MAGIC, "SMB" }, { 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB2" },
		    { AFS_SUPER_MAGIC, "AFS" }, { CODA_SUPER_MAGIC, "Coda" }, { 0x01021997, "9P" }, { 0x00c36400, "Ceph" },
		    { 0x47504653, "GPFS" }, { 0x0bd00bd0, "Lustre" } };
	struct statfs fs;

	if (statfs(dir, &fs))
		return err_set(err, FAULT_STORE, "%s: %s; run `tallyman init` first", dir, strerror(errno));
	for (size_t i = 0; i < sizeof far / sizeof *far; i++)
		if ((uint32_t)fs.f_type == far[i].magic)
			return err_set(err, FAULT_REFUSED, "%s is on a network file system (%s), where locks do not hold: use a local disk",
			               dir, far[i].name);
	return OK;
}

/* A WAL that was checkpointed whole begins anew with the next commit. */
static int on_commit(void *p, sqlite3 *db, const char *name, int pages)
{
	struct store *s = p;

	(void)db, (void)name;
	if (pages < s->wal_copied)
		s->wal_copied = 0;
	s->wal_pages = pages - s->wal_copied;
	return SQLITE_OK;
}

static enum fault configure(struct store *s, struct err *err)
{
	int on = 1;

	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
	sqlite3_busy_timeout(s->db, 5000);
	if (s->mode == STORE_READ)
		return store_exec(s, err, "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096;");
	if (store_exec(s, err,
	               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
	               "PRAGMA secure_delete=ON; PRAGMA cache_size=-16384;"))
		return FAULT_STORE;
	sqlite3_wal_hook(s->db, on_commit, s);
	return OK;
}

struct store *store_new(const char *dir, enum store_mode mode)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s)
		abort();
	s->dir = dir ? strdup(dir) : NULL;
	s->mode = mode;
	return s;
}

static enum fault check_version(struct store *s, struct err *err)
{
	static const char sql[] = "PRAGMA user_version";
	int64_t v;

	if (store_get_int(s, err, 0, &v, sql, NULL, 0))
		return FAULT_STORE;
	if (v > STORE_SCHEMA)
		return err_set(err, FAULT_REFUSED, "the store's schema is %lld, newer than this program's %d: use the newer tallyman",
		               (long long)v, STORE_SCHEMA);
	if (v < STORE_SCHEMA && s->mode == STORE_READ)
		return err_set(err, FAULT_STORE, "the store's schema is %lld, older than this program's %d: start the engine once",
		               (long long)v, STORE_SCHEMA);
	return OK;
}

bool store_is_file(const char *dir)
{
	struct stat st;

	return !stat(dir, &st) && S_ISREG(st.st_mode);
}

void store_uri(const char *file, const char *how, char *uri, size_t cap)
{
	size_t n = (size_t)snprintf(uri, cap, "file:");

	for (const char *p = file; *p && n + 4 < cap - 32; p++)
		n += (size_t)snprintf(uri + n, cap - n, *p == '%' || *p == '?' || *p == '#' ? "%%%02X" : "%c", (unsigned char)*p);
	snprintf(uri + n, cap - n, "%s", how);
}

/* Nothing is locked or written beside it, so that it opens from a folder or medium that cannot be written. */
static enum fault open_file(const char *file, enum store_mode mode, struct store **out, struct err *err)
{
	struct store *s = store_new(file, mode);
	char uri[4096];
	enum fault f = OK;

	*out = NULL;
	store_uri(file, "?mode=ro&immutable=1", uri, sizeof uri);
	if (mode != STORE_READ)
		f = err_set(err, FAULT_REFUSED, "%s is a bundle: it is only looked at", file);
	if (!f && sqlite3_open_v2(uri, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
		f = store_fault(s, err, file);
	if (!f)
		f = configure(s, err);
	if (!f)
		f = check_version(s, err);
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}

static enum fault open_folder(const char *dir, enum store_mode mode, struct store **out, struct err *err)
{
	struct store *s = store_new(dir, mode);
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	char path[4096];
	enum fault f;

	*out = NULL;
	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	f = refuse_network_fs(dir, err);
	if (!f && access(path, F_OK))
		f = err_set(err, FAULT_STORE, "no store in %s: run `tallyman init --store %s` first", dir, dir);
	if (!f && sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
		f = store_fault(s, err, path);
	if (!f)
		f = configure(s, err);
	if (!f)
		f = check_version(s, err);
	if (!f && mode == STORE_WRITE)
		f = migrate(s, err);
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}

enum fault store_open(const char *dir, enum store_mode mode, struct store **out, struct err *err)
{
	if (store_is_file(dir))
		return open_file(dir, mode, out, err);
	return open_folder(dir, mode, out, err);
}

enum fault store_memory(struct store **out, struct err *err)
{
	struct store *s = store_new(NULL, STORE_WRITE);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	*out = NULL;
	if (sqlite3_open_v2(":memory:", &s->db, flags, NULL) != SQLITE_OK || configure(s, err) || migrate(s, err)) {
		store_close(s);
		return FAULT_STORE;
	}
	*out = s;
	return OK;
}

static enum fault make_folder(const char *dir, const struct group *g, struct err *err)
{
	char path[4096];

	snprintf(path, sizeof path, "%s", dir);
	for (char *p = path + 1; *p; p++) { /* parents as needed, with the plain mode */
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
	if (mkdir(dir, 0700) && errno != EEXIST)
		return err_set(err, FAULT_STORE, "cannot make the folder %s: %s", dir, strerror(errno));
	if (chmod(dir, g ? 0750 : 0700) || (g && chown(dir, (uid_t)-1, g->gr_gid)))
		return err_set(err, FAULT_STORE, "cannot set group and mode of %s: %s", dir, strerror(errno));
	return OK;
}

enum fault store_create(const char *dir, const char *group, struct err *err)
{
	struct group *g = group ? getgrnam(group) : NULL;
	struct store *s = NULL;
	char path[4096];
	enum fault f;
	int fd;

	if (group && !g)
		return err_set(err, FAULT_REFUSED, "there is no group %s: make it first, or leave --group out", group);
	f = make_folder(dir, g, err);
	if (f || (f = refuse_network_fs(dir, err)))
		return f;
	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, errno == EEXIST ? FAULT_REFUSED : FAULT_STORE, "%s: %s", path, strerror(errno));
	/* SQLite gives -wal and -shm the mode and group of the database file */
	if (fchmod(fd, g ? 0640 : 0600) || (g && fchown(fd, (uid_t)-1, g->gr_gid)))
		f = err_set(err, FAULT_STORE, "cannot set group and mode of %s: %s", path, strerror(errno));
	close(fd);
	if (!f)
		f = store_open(dir, STORE_WRITE, &s, err);
	store_close(s);
	return f;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (int i = 0; i < SLOTS; i++)
		for (struct rows *r = s->slot[i], *next; r; r = next) {
			next = r->next;
			sqlite3_finalize(r->stmt);
			free(r);
		}
	sqlite3_close(s->db);
	free(s->dir);
	free(s);
}

/* ---- care ---- */

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

/* Of one moment: or else each commit of the engine's would begin the copy anew. */
enum fault store_hold_snapshot(struct store *s, struct err *err)
{
	static const char look[] = "PRAGMA user_version";
	int64_t version;
	enum fault f = store_begin_read(s, err);

	return f ? f : store_get_int(s, err, 0, &version, look, NULL, 0);
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

int64_t store_bytes(const struct store *s)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof path, "%s/tallyman.db", store_dir(s));
	return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

enum fault store_pages(struct store *s, struct err *err)
{
	static const char quick[] = "PRAGMA quick_check(1)";
	struct rows *r = store_ask(s, quick, NULL, 0);
	enum fault f = OK;

	if (rows_next(r) && strcmp(rows_text(r, 0), "ok"))
		f = err_set(err, FAULT_STORE, "the store is damaged: put a backup in its place (%s)", rows_text(r, 0));
	return rows_end(r, f ? NULL : err) || f ? FAULT_STORE : OK;
}

enum fault store_check(struct store *s, struct err *err)
{
	static const char integrity[] = "PRAGMA integrity_check(1)", keys[] = "PRAGMA foreign_key_check";
	struct rows *r = store_ask(s, integrity, NULL, 0);
	enum fault f = OK;

	if (rows_next(r) && strcmp(rows_text(r, 0), "ok"))
		f = err_set(err, FAULT_STORE, "integrity check: %s", rows_text(r, 0));
	if (rows_end(r, f ? NULL : err) || f)
		return FAULT_STORE;
	r = store_ask(s, keys, NULL, 0);
	if (rows_next(r))
		f = err_set(err, FAULT_STORE, "a row of %s points to a row of %s that is not there", rows_text(r, 0), rows_text(r, 2));
	return rows_end(r, f ? NULL : err) || f ? FAULT_STORE : OK;
}

char *store_schema(struct store *s, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
	struct rows *r = store_ask(s, sql, NULL, 0);
	struct buf b = buf_new(a);

	buf_puts(&b, "-- Made from data/migrations by `make schema`; do not edit.\n");
	while (rows_next(r))
		buf_printf(&b, "\n%s;\n", rows_text(r, 0));
	return rows_end(r, err) ? NULL : b.p;
}

const char *store_library(void)
{
	return sqlite3_libversion();
}

static int progress(void *p)
{
	struct store *s = p;

	return s->stop && s->stop(s->stop_ctx);
}

void store_interrupt_if(struct store *s, bool (*stop)(void *ctx), void *ctx)
{
	s->stop = stop;
	s->stop_ctx = ctx;
	sqlite3_progress_handler(s->db, stop ? 10000 : 0, progress, s);
}
