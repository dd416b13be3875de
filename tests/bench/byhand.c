#include "bench/byhand.h"

#include "bench/gauge.h"

#include <stdio.h>

sqlite3 *byhand_open(const char *dir, int flags)
{
	char path[200];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	return db;
}

void byhand_run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		bench_fail(sql, why);
}

int64_t byhand_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		bench_fail(sql, sqlite3_errmsg(db));
	while (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}
