#ifndef TALLYMAN_CSV_H
#define TALLYMAN_CSV_H
/*
 * csv.h: tables with a header line, columns found by name.
 *
 * libcsv splits; what is asked here is which column, which line, and whether a row is whole.
 * Blank lines are passed over, and lines that start with # and have no quotes: a name that starts so must stand in quotes.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

struct csv_row {
	const char **field; /* as many as there are columns */
	int n;              /* fields the line really had */
	int line;           /* from 1, in the file */
};

struct csv {
	const char *name;
	const char **column;
	int columns;
	struct csv_row *row;
	int rows;
	struct csv_row *remark; /* lines with # that have as many fields as the header: was it meant as a row? */
	int remarks;
};

/* FAULT_FORMAT "counts.csv:14: ..." when it is no CSV, has no header, or a row has more fields than the header. */
enum fault csv_read(struct arena *a, const char *name, const char *text, size_t n, struct csv *out, struct err *err);

/* Index of a column by its name (case and surrounding space do not matter), -1 when absent. */
int csv_column(const struct csv *c, const char *name);

/* A field of a row by column index; "" when the line was short or the column is -1. */
const char *csv_field(const struct csv_row *row, int column);

/* The first row that has just this in the column of that name; NULL: none has. */
const struct csv_row *csv_find(const struct csv *c, const char *column, const char *value);

/* A table of data/ that is built in: it is there, and is whole, or this is a broken program. */
struct csv csv_builtin(struct arena *a, const char *name);

#endif
