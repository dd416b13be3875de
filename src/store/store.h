#ifndef TALLYMAN_STORE_H
#define TALLYMAN_STORE_H
/*
 * store.h: SQLite, and nothing above it.
 *
 * One process writes (the engine, under the lease of lease.h); any number read. WAL with
 * synchronous=FULL: with NORMAL a power cut loses rows that somebody was told of. A statement is prepared
 * once and remembered by the address of its text, so SQL is always a string literal or
 * static array, with bound values.
 *
 * A failing call returns FAULT_STORE with SQLite's own words in err; rows that end early say so in
 * rows_end. What ASK binds is copied; RUN is over before its values can go.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct rows;

enum store_mode {
	STORE_READ,  /* console, command: read-only, never checkpoints */
	STORE_WRITE, /* engine: migrates, writes, checkpoints */
};

enum { STORE_SCHEMA = 1 }; /* user_version this program writes: the number of migrations */

/*
 * Open DIR/tallyman.db. STORE_WRITE migrates first. FAULT_STORE when there is none (run tallyman init) or it is broken;
 * FAULT_REFUSED when its schema is newer than this program, or DIR is on a network file system (locks and shared
 * memory do not hold there).
 */
enum fault store_open(const char *dir, enum store_mode mode, struct store **out, struct err *err);
/*
 * dir may be a file as well: a bundle, which is only read, and never changes while it is.
 */
bool store_is_file(const char *dir);
void store_close(struct store *s); /* keeps the WAL files, so that readers without write permission go on reading */

/* Create DIR (0700, or 0750 with group) and an empty store in it (0600, 0640). FAULT_REFUSED when one is there. */
enum fault store_create(const char *dir, const char *group, struct err *err);

/* Do others reach it, or may its group write it? FAULT_REFUSED names the chmod: who reaches the engine's socket commands the engine. */
enum fault store_private(const char *dir, struct err *err);

/* A store in memory, migrated: for tests. */
enum fault store_memory(struct store **out, struct err *err);

enum val_type { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB };

struct val {
	enum val_type type;
	int64_t i; /* the integer, or the blob's size */
	const void *p;
};

static inline struct val val_int(int64_t i)
{
	return (struct val){ VAL_INT, i, NULL };
}

static inline struct val val_text(const char *s)
{
	return s ? (struct val){ VAL_TEXT, 0, s } : (struct val){ VAL_NULL, 0, NULL };
}

static inline struct val val_blob(const void *p, size_t n)
{
	return p ? (struct val){ VAL_BLOB, (int64_t)n, p } : (struct val){ VAL_NULL, 0, NULL };
}

#define V(x) \
	_Generic((x), bool: val_int, int: val_int, unsigned: val_int, int64_t: val_int, const char *: val_text, char *: val_text)(x)
#define V_NULL ((struct val){ VAL_NULL, 0, NULL })
#define VALS(...) (struct val[]){ __VA_ARGS__ }, sizeof((struct val[]){ __VA_ARGS__ }) / sizeof(struct val)

/* Run a statement that returns no rows we look at: RUN(s, err, sql, V(a), V(b)). */
enum fault store_run(struct store *s, struct err *err, const char *sql, const struct val *v, size_t n);
#define RUN(s, err, sql, ...) store_run(s, err, sql, VALS(__VA_ARGS__))

/* A script without parameters. */
enum fault store_exec(struct store *s, struct err *err, const char *sql);

/* Rows that this connection has changed since it was opened: did anything happen? */
int64_t store_total_changes(const struct store *s);

/* Rows that the last RUN changed. */
int store_changes(const struct store *s);

/*
 * Ask: rows come one at a time.
 *
 *	struct rows *r = ASK(s, sql, V(account));
 *	while (rows_next(r))
 *		use(rows_int(r, 0), rows_text(r, 1));
 *	return rows_end(r, err);
 *
 * Text and blobs are SQLite's own until the next rows_next; keep them in an arena. ASK never returns
 * NULL; an error is told by rows_end, which must be called.
 */
struct rows *store_ask(struct store *s, const char *sql, const struct val *v, size_t n);
#define ASK(s, sql, ...) store_ask(s, sql, VALS(__VA_ARGS__))

/* The same for SQL that was composed (a filter, a sort): prepared for this once. */
struct rows *store_ask_text(struct store *s, const char *sql, const struct val *v, size_t n);
bool rows_next(struct rows *r);
int64_t rows_int(const struct rows *r, int column);
const char *rows_text(const struct rows *r, int column); /* "" for NULL */
const void *rows_blob(const struct rows *r, int column, size_t *n);
bool rows_null(const struct rows *r, int column);
char *rows_keep(const struct rows *r, int column, struct arena *a); /* NULL for NULL */
enum fault rows_end(struct rows *r, struct err *err);

/* One value, or otherwise when there is no row. Errors leave otherwise and are told. */
enum fault store_get_int(struct store *s, struct err *err, int64_t otherwise, int64_t *out, const char *sql, const struct val *v,
                         size_t n);
#define GET_INT(s, err, otherwise, out, sql, ...) store_get_int(s, err, otherwise, out, sql, VALS(__VA_ARGS__))

/* The id that INSERT ... RETURNING id gave; -1 when no row came back. */
#define RUN_ID(s, err, out, sql, ...) store_get_int(s, err, -1, out, sql, VALS(__VA_ARGS__))

/* Transactions. begin takes the write lock at once. A console's load is one read transaction. */
enum fault store_begin(struct store *s, struct err *err);
enum fault store_begin_read(struct store *s, struct err *err);
enum fault store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s); /* harmless outside a transaction */
bool store_in_transaction(const struct store *s);

/*
 * A look: until it is over, questions share a transaction, so that the store is locked once and not with each of them. It holds up nobody: what writes ends that
 * transaction first, and what is asked after the commit sees what was written. Looks may lie in each other. No look is open while anybody waits.
 */
void store_look(struct store *s);
void store_look_over(struct store *s);

/* Moves with every commit of another connection: a console looks at it before it loads. */
int64_t store_data_version(struct store *s);

/* Checkpoint what can be checkpointed without waiting; the engine does it when idle. Pages still in the WAL, -1 on error. */
int store_checkpoint(struct store *s);

/* Pages that this connection has written into the WAL since its last checkpoint: when they are many, the engine does not wait until it is idle. */
int store_wal_pages(const struct store *s);

/*
 * Is what is written still kept? FAULT_STORE when a sync failed (what SQLite takes to be on the disk may not be), a page was found damaged, or
 * the files were moved away under us. Two calls of stat. A writer stops then, and its next start reads what is really there.
 */
enum fault store_sound(struct store *s, struct err *err);

int64_t store_bytes(const struct store *s); /* of its file; 0: it has none */

/* Is each page what it says it is? Seconds for a gigabyte. */
enum fault store_pages(struct store *s, struct err *err);

/*
 * A copy of a store on temporary disk, that nobody else sees and that goes with its connection: to be taken apart. It has no triggers, minds no foreign key
 * and no check, and may be written.
 */
enum fault store_scratch(const char *dir, struct store **out, struct err *err);

/*
 * The same of some tables alone: the others are read in place, in the store itself, which is not written and not waited for. It comes in a transaction, in
 * which all tables are of one moment. veil: such a table is from then on these columns of those rows, whatever comes to it.
 */
enum fault store_overlay(const char *dir, const char *const *copied, int n, struct store **out, struct err *err);
enum fault store_veil(struct store *s, const char *table, const char *columns, const char *where, struct err *err);

/* Copy the store by the online backup API into FILE (must not exist), journal mode DELETE, verified, fsync'd. */
enum fault store_backup(struct store *s, const char *file, struct err *err);

/* A list of numbers bound as one text, "[1,5,9]": id IN STORE_IDS("?1"). How that is written is the backend's own. */
#define STORE_IDS(parameter) "(SELECT value FROM json_each(" parameter "))"

/*
 * A file of the same shape with some of the rows: an incident's bundle. create makes it (it must not exist; 0600), without the triggers of a store that
 * is worked in, inside a transaction; copy puts rows of a table there: those for which `where` holds, with the values that it names, as `columns` says
 * ("*": all). Each text passes clean, which may be NULL. finish commits and closes it; with keep false the file is removed again.
 */
enum fault store_extract_create(const char *file, struct store **out, struct err *err);
enum fault store_copy(struct store *from, struct store *to, const char *table, const char *columns, const char *where, const struct val *v, size_t n,
                      const char *(*clean)(void *ctx, const char *text), void *ctx, struct err *err);
enum fault store_extract_finish(struct store *s, const char *file, bool keep, struct err *err);

/* PRAGMA integrity_check and foreign_key_check; err has the first complaint. */
enum fault store_check(struct store *s, struct err *err);

const char *store_dir(const struct store *s);

/* The schema in words, in order of creation: data/schema.sql is made of it. Lives in a. */
char *store_schema(struct store *s, struct arena *a, struct err *err);

/* The version of SQLite that is linked: "3.40.1". */
const char *store_library(void);

/* Let stop(ctx) == true interrupt a long query of this connection. NULL: none. */
void store_interrupt_if(struct store *s, bool (*stop)(void *ctx), void *ctx);

#endif
