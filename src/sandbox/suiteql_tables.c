/* suiteql_tables.c: which tables the simulated NetSuite has, and what cells of all of them are made of. */
#include "sandbox/suiteql_tables.h"

struct sql_value sql_int(int64_t n)
{
	return (struct sql_value){ SQL_NUMBER, n * SQL_ONE, NULL };
}

struct sql_value sql_number(int64_t n, int digits)
{
	for (; digits < SQL_DIGITS; digits++)
		n *= 10;
	return (struct sql_value){ SQL_NUMBER, n, NULL };
}

struct sql_value sql_text(const char *s)
{
	return (struct sql_value){ s && *s ? SQL_TEXT : SQL_NULL, 0, s };
}

struct sql_value sql_time(int64_t ms)
{
	return (struct sql_value){ ms ? SQL_TIME : SQL_NULL, ms, NULL };
}

struct sql_value sql_never(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return sql_text(display ? "No" : "F");
}

struct sql_value sql_always(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return sql_text(display ? "Yes" : "T");
}

struct sql_value sql_nothing(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	(void)display;
	return sql_text(NULL);
}

void sql_one_row(int64_t at, int rows, int *first, int *n)
{
	*first = at >= 0 && at < rows ? (int)at : 0;
	*n = at >= 0 && at < rows;
}

const struct sql_table *const sql_tables[] = { &sql_item, &sql_pricing, &sql_stock, &sql_location, &sql_transaction, &sql_transactionline, NULL };
