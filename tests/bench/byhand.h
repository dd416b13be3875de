#ifndef TALLYMAN_BYHAND_H
#define TALLYMAN_BYHAND_H
/*
 * byhand.h: SQL against a store's own file, for what a bench lays out before it measures. What fails ends the bench.
 */
#include <sqlite3.h>
#include <stdint.h>

sqlite3 *byhand_open(const char *dir, int flags); /* DIR/tallyman.db; SQLITE_OPEN_... */
void byhand_run(sqlite3 *db, const char *sql);
int64_t byhand_number(sqlite3 *db, const char *sql); /* the last row's first column, 0 without any */

#endif
