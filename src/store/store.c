#include "store/store.h"

#include "store/inside.h"
#include "store/migrate.h"

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

void store_confine(struct store *s)
{
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
}

static enum fault configure(struct store *s, struct err *err)
{
	int on = 1;

	store_confine(s);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
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

/* No process of ours has a second thread: nothing is locked against one, and nobody asks how much memory is in use. Heard by the first call alone. */
static void set_up_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct store *store_new(const char *dir, enum store_mode mode)
{
	struct store *s = calloc(1, sizeof *s);

	set_up_library();
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

/* what: what could not be opened, in words. */
static enum fault connect(struct store *s, const char *name, int flags, const char *what, struct err *err)
{
	enum fault f;

	if (sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
		return store_fault(s, err, what);
	f = configure(s, err);
	return f ? f : check_version(s, err);
}

/* What was opened well is handed out, what was not is closed. */
static enum fault opened(struct store *s, enum fault f, struct store **out)
{
	*out = f ? NULL : s;
	if (f)
		store_close(s);
	return f;
}

/* Nothing is locked or written beside it, so that it opens from a folder or medium that cannot be written. */
static enum fault open_file(const char *file, enum store_mode mode, struct store **out, struct err *err)
{
	struct store *s = store_new(file, mode);
	char uri[4096];
	enum fault f = OK;

	store_uri(file, "?mode=ro&immutable=1", uri, sizeof uri);
	if (mode != STORE_READ)
		f = err_set(err, FAULT_REFUSED, "%s is a bundle: it is only looked at", file);
	if (!f)
		f = connect(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, file, err);
	if (!f)
		f = store_check_outside(s, err);
	return opened(s, f, out);
}

static enum fault open_folder(const char *dir, enum store_mode mode, struct store **out, struct err *err)
{
	struct store *s = store_new(dir, mode);
	char path[4096];
	enum fault f;

	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	f = refuse_network_fs(dir, err);
	if (!f && access(path, F_OK) && errno == EACCES)
		f = err_set(err, FAULT_STORE, "%s is not for you to look into: ask its owner to take you into the store's group, and log in again", dir);
	else if (!f && access(path, F_OK))
		f = err_set(err, FAULT_STORE, "no store in %s: run `tallyman init --store %s` first", dir, dir);
	if (!f)
		f = connect(s, path, mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, path, err);
	if (!f && mode == STORE_WRITE)
		f = migrate(s, err);
	return opened(s, f, out);
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
	enum fault f = connect(s, ":memory:", SQLITE_OPEN_READWRITE, "in memory", err);

	return opened(s, f ? f : migrate(s, err), out);
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

/* ---- making ---- */

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

static enum fault refuse_mode(const char *path, mode_t banned, struct err *err)
{
	struct stat st;

	if (stat(path, &st) || !(st.st_mode & banned))
		return OK;
	return err_set(err, FAULT_REFUSED, "%s has mode %04o: others may look or write; chmod %o %s", path, (unsigned)(st.st_mode & 07777), (unsigned)(st.st_mode & 0777 & ~banned), path);
}

enum fault store_private(const char *dir, struct err *err)
{
	static const char *const file[] = { "tallyman.db", "tallyman.db-wal", "tallyman.db-shm" };
	struct stat st;
	char path[4096];
	enum fault f;

	if (stat(dir, &st))
		return OK; /* whoever opens it says what is wrong */
	f = refuse_mode(dir, st.st_mode & 0007 && st.st_gid == getegid() ? 0077 : 0027, err); /* 0755 is no group's folder */
	for (size_t i = 0; i < sizeof file / sizeof *file && !f && (st.st_mode & 0070); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, file[i]);
		f = refuse_mode(path, 0022, err);
	}
	return f;
}

/* ---- what it is ---- */

const char *store_dir(const struct store *s)
{
	return s->dir ? s->dir : "";
}

int64_t store_bytes(const struct store *s)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof path, "%s/tallyman.db", store_dir(s));
	return stat(path, &st) ? 0 : (int64_t)st.st_size;
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
