#ifndef TALLYMAN_TABLE_H
#define TALLYMAN_TABLE_H
/*
 * table.h: what a command prints, in one shape however it is written.
 *
 * A sheet holds tables (any number of rows) and records (exactly one). The same columns, in the same order, with the same
 * names and meaning:
 *
 *	--json   {"orders":[{"order":"305-441","total":{"minor":4190,"currency":"USD","text":"41.90 USD"},...},...]}
 *	         a record is an object, not an array; what is not known is null
 *	--csv    a line of names, then a line a row; money is three columns, total_minor,total_currency,total. In a sheet with several
 *	         tables each stands under a line "# name", an empty line between them
 *	--plain  "Columns: state, order." and a numbered line a row, for reading aloud; then "3 rows."
 *	(none)   aligned columns for a person; those marked `more` are left out
 *
 * Times are ISO 8601 UTC with milliseconds (whole seconds in the aligned table), quantities whole numbers, money exact. Every text passes the sanitizer of
 * base/text.h; in CSV a text that a spreadsheet would take for a formula has an apostrophe before it.
 */
#include "base/arena.h"
#include "cmd/options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum cell { CELL_TEXT, CELL_INT, CELL_MONEY, CELL_TIME, CELL_FLAG };

struct column {
	const char *name;
	enum cell type;
	bool more; /* not in the aligned table */
};

struct sheet;

/* several: the sheet has more than one table, so that each is headed by its name. */
struct sheet *sheet_new(enum shape shape, bool several, FILE *out);
void sheet_table(struct sheet *s, const char *name, const struct column *column, int columns);
void sheet_record(struct sheet *s, const char *name, const struct column *column, int columns);

/* The cells of a row, in order; after the last column the row ends by itself. The type must be the column's. */
void put_text(struct sheet *s, const char *text);        /* NULL or "": nothing */
void put_int(struct sheet *s, int64_t n);
void put_money(struct sheet *s, int64_t minor, const char *currency);
void put_time(struct sheet *s, int64_t ms);              /* 0, or so late that nobody means it: never */
void put_flag(struct sheet *s, bool yes);
void put_none(struct sheet *s);                          /* not known, whatever the type */

/* Close the sheet and free it. false: what was printed did not all arrive. */
bool sheet_end(struct sheet *s);

#endif
