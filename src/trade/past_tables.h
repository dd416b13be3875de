#ifndef TALLYMAN_PAST_TABLES_H
#define TALLYMAN_PAST_TABLES_H
/*
 * past_tables.h: how each table of the store is seen as it was. A table that stands in no row here is a failing test (tests/unit/test_past.c).
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

enum past_how {
	PAST_FACTS, /* copied, and taken back field by field from the history (past.c) */
	PAST_ROWS,  /* read in place: rows that came later are not there, and columns that say what happened to one later have their value of before */
	PAST_NOW,   /* as it is now: it has no past, or leads nowhere when what leads to it is not there */
};

/* Where `when` lies after the moment (NULL: always), `column` has `value`. {at} is the moment, {change} {move} {seen} {call} the first row of a log that came later. */
struct past_undo {
	const char *when, *column, *value;
};

enum { PAST_UNDOS = 12 };

struct past_table {
	const char *name;
	enum past_how how;
	const char *later; /* PAST_ROWS: which rows came later, "0" none; PAST_NOW: why it stays */
	struct past_undo undo[PAST_UNDOS];
};

/* The first row of each log that was written after the moment. */
struct past_bounds {
	int64_t change, at_ms, move, observation, job, attempt;
};

/* Every table; NULL past the end. */
const struct past_table *past_table(int i);

/* Veil all that are read in place, but for those that the copy has (a NULL-terminated list; NULL: none). */
enum fault past_veil(struct store *s, const struct past_bounds *b, const char *const *but, struct err *err);

#endif
