#ifndef TALLYMAN_SANDBOX_SUITEQL_H
#define TALLYMAN_SANDBOX_SUITEQL_H
/*
 * suiteql.h: the part of SuiteQL that a client of stock needs, understood and not recognised by heart.
 *
 *     SELECT column [AS name], ... FROM table [alias] [JOIN table alias ON condition] [WHERE condition] [ORDER BY column [DESC], ...]
 *
 * with AND, OR, NOT, = <> < <= > >=, IN, LIKE, BETWEEN, IS NULL, + - * / (dates less dates are days), and a few functions
 * (TO_CHAR, TO_DATE, NVL, UPPER, LOWER, ABS, ROUND, TRUNC, BUILTIN.DF). A condition does not begin with a reckoning in parentheses. Anything else is refused.
 */
#include "sandbox/world.h"

enum { SQL_ONE = 1000000000, SQL_DIGITS = 9 };

enum sql_kind { SQL_NULL, SQL_NUMBER, SQL_TEXT, SQL_TIME };

struct sql_value {
	enum sql_kind kind;
	int64_t n;     /* a number in units of 1 / SQL_ONE, a time in epoch milliseconds */
	const char *s; /* a text */
};

/* What a query reads: the world, and what of it had to be sorted out first. */
struct sql_source {
	const struct world *world;
	struct arena *arena;
	int32_t *line_of, *outbound_of, *first_of; /* rows of transactionline; each outbound's first of them */
	int lines;
};

struct sql_column {
	const char *name;
	/* display: what BUILTIN.DF shows of it. */
	struct sql_value (*cell)(const struct sql_source *s, int row, bool display);
};

struct sql_table {
	const char *name, *also; /* also: another name for it, or NULL */
	const struct sql_column *column; /* up to one without a name */
	int (*rows)(const struct sql_source *s);
	/* The rows that have this value in the first column, which stand together. */
	void (*range)(const struct sql_source *s, int64_t key, int *first, int *n);
};

struct sql_value sql_int(int64_t n);
struct sql_value sql_number(int64_t n, int digits); /* n of 1 / 10^digits */
struct sql_value sql_text(const char *s);           /* NULL and "" are null, as in that database */
struct sql_value sql_time(int64_t ms);              /* 0: null */

extern const struct sql_table *const sql_tables[]; /* up to NULL */
void sql_source_open(struct sql_source *s, const struct world *w, struct arena *a);

struct sql_result {
	const char *error; /* NULL: understood */
	int total;
	bool ordered;
	const char *items; /* the rows of the page as a JSON array */
	int count;
};

/* mix: what rows without an order come in, another one each time. */
struct sql_result sql_run(struct arena *a, const struct world *w, const char *text, int64_t offset, int64_t limit, uint64_t mix);

#endif
