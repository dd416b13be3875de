#ifndef TALLYMAN_STORE_INSIDE_H
#define TALLYMAN_STORE_INSIDE_H
/* inside.h: what the files of this folder share of a store and its statements. Nobody else includes it. */
#include "store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

/* A statement is found by the address of its text: no hashing of SQL on the way of a key. */
struct rows {
	struct store *store;
	const char *sql;
	sqlite3_stmt *stmt;
	struct rows *next;
	bool busy;
	bool once; /* not in the table: composed, or its twin was busy */
	bool has_row;
	int rc; /* last answer of prepare, bind or step */
};

enum { SLOTS = 512 };

struct store {
	sqlite3 *db;
	char *dir;
	enum store_mode mode;
	struct rows *slot[SLOTS];
	bool (*stop)(void *);
	void *stop_ctx;
	ino_t file[2]; /* the store and its log, as they were when first looked at */
	char unsound[160]; /* "": nothing was the matter with the disk so far */
	int looks;    /* how many are open, one in the other */
	bool looking; /* their transaction has begun */
	int wal_pages, wal_copied; /* written since the last checkpoint; in the file when it was made */
};

struct store *store_new(const char *dir, enum store_mode mode);

/* FAULT_STORE in SQLite's own words. */
enum fault store_fault(struct store *s, struct err *err, const char *what);

/* What a connection may never do, whatever it is told: no file but its own, no schema written by hand. */
void store_confine(struct store *s);

/* FAULT_REFUSED unless a file that was opened is one that this program would have written. */
enum fault store_check_outside(struct store *s, struct err *err);

/* A read transaction of one moment: or else each commit of the engine's would begin a copy anew. */
enum fault store_hold_snapshot(struct store *s, struct err *err);

/* The transaction of a look ends here, and the next question begins another. */
void store_look_pause(struct store *s);

int store_bind(sqlite3_stmt *stmt, int i, const struct val *v, sqlite3_destructor_type keep);

/* file:PATH with what means something in it spelt out, and how: "?mode=ro". */
void store_uri(const char *file, const char *how, char *uri, size_t cap);

#endif
