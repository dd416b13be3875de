/*
 * sound.c: is what is written still kept: a disk that fails, files that are moved away, pages that are damaged; the log, copied in time. The interface is in store.h.
 */
#include "store/store.h"

#include "store/inside.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

int store_checkpoint(struct store *s)
{
	int all = 0, done = 0;

	store_look_pause(s); /* nothing is copied while the same connection reads */
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
