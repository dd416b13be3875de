#ifndef TALLYMAN_SANDBOX_SUITEQL_TABLES_H
#define TALLYMAN_SANDBOX_SUITEQL_TABLES_H
/* suiteql_tables.h: what the tables of suiteql_goods.c and suiteql_sales.c share; suiteql_tables.c lists them. */
#include "sandbox/suiteql.h"

extern const struct sql_table sql_item, sql_pricing, sql_stock, sql_location, sql_transaction, sql_transactionline;

/* A cell that points to an item, a location; display: its name instead of its number. */
struct sql_value sql_item_of(const struct sql_source *s, int item, bool display);
struct sql_value sql_location_of(enum depot d, bool display);
struct sql_value sql_item_type(const struct sql_source *s, int item, bool display);

/* Cells that are the same in every row: F, T, null. */
struct sql_value sql_never(const struct sql_source *s, int row, bool display);
struct sql_value sql_always(const struct sql_source *s, int row, bool display);
struct sql_value sql_nothing(const struct sql_source *s, int row, bool display);

/* A range of the one row at, or of none when there are not so many. */
void sql_one_row(int64_t at, int rows, int *first, int *n);

#endif
