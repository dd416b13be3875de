#include "bench/queue.h"

#include "bench/byhand.h"
#include "bench/gauge.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The words that make what hangs on a table again, after dropping it: one string, freed by the caller. */
static char *take_off(sqlite3 *db, const char *table)
{
	char sql[300], *words = strdup("");
	sqlite3_stmt *q;

	snprintf(sql, sizeof sql, "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = '%s' AND type IN ('index', 'trigger') AND sql IS NOT NULL",
	         table);
	sqlite3_prepare_v2(db, sql, -1, &q, NULL);
	while (sqlite3_step(q) == SQLITE_ROW) {
		char *more;

		if (asprintf(&more, "%s%s;\n", words, sqlite3_column_text(q, 2)) < 0)
			abort();
		free(words);
		words = more;
	}
	sqlite3_reset(q);
	for (;;) { /* a statement that reads the schema may not be open while it changes */
		char drop[300] = "";

		if (sqlite3_step(q) == SQLITE_ROW)
			snprintf(drop, sizeof drop, "DROP %s %s", sqlite3_column_text(q, 0), sqlite3_column_text(q, 1));
		sqlite3_reset(q);
		if (!*drop)
			break;
		byhand_run(db, drop);
	}
	sqlite3_finalize(q);
	return words;
}

static const char rows[] =
	"INSERT INTO account (id, name, channel, mode, state, made_ms) VALUES (1, 'walmart-us', 'walmart', 'shadow', 'ok', 1);"
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
	"INSERT INTO orders (account_id, ref, other_ref, state, raw_state, open, due_ms, ack_by_ms, ship_by_ms, placed_ms, updated_ms, known_ms, "
	"currency, total_minor, tax_minor, service, country, sku, units, lines) "
	"SELECT 1, '" QUEUE_REF "' || (10000000 + i), '', CASE i %% 3 WHEN 0 THEN 'NEW' ELSE 'ACKED' END, 'Acknowledged', 1, %lld + i * 977, "
	"%lld + i * 977, %lld + i * 2000, %lld - i * 500, %lld, %lld, 'USD', 1000 + i * 7919 %% 90000, 80, 'STANDARD', 'US', "
	"'SKU-' || (i * 7919 %% 5000), 1 + i %% 3, 1 FROM n;"
	"INSERT INTO order_line (order_id, ref, sku, title, qty, q_acked, price_minor) "
	"SELECT id, '1', sku, 'A thing of some kind, blue', units, units, total_minor FROM orders;"
	"INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) SELECT id, 1, x'00', 'J*** D***, IL', 4000000000000 FROM orders;"
	"UPDATE counter SET value = %d WHERE name IN ('orders', 'orders.open');";

static void fill(sqlite3 *db, int n)
{
	static const char *const tables[] = { "orders", "order_line", "person" };
	long long now = (long long)time(NULL) * 1000;
	char *again[3], sql[4096];

	byhand_run(db, "PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; BEGIN");
	for (int i = 0; i < 3; i++)
		again[i] = take_off(db, tables[i]);
	snprintf(sql, sizeof sql, rows, n, now, now, now, now, now, now, n);
	byhand_run(db, sql);
	for (int i = 0; i < 3; i++) {
		byhand_run(db, again[i]);
		free(again[i]);
	}
	byhand_run(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[200];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd))
		bench_fail(path, strerror(errno));
}

const char *queue_make_in(const char *name, int n)
{
	static char dir[128];
	static int made;
	char path[160];
	struct err err;
	sqlite3 *db;

	snprintf(dir, sizeof dir, "%s/%s-%d", bench_dir(), name, made++);
	if (store_create(dir, NULL, &err))
		bench_fail(dir, err.text);
	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	fill(db, n);
	sqlite3_close(db);
	write_file(dir, "seal.key", "the key of a store of no secrets"); /* an engine makes none beside rows that are sealed */
	return dir;
}

const char *queue_make(int n)
{
	const char *kept = getenv("BENCH_QUEUE");

	if (kept)
		return kept;
	return queue_make_in("queue", n);
}

pid_t queue_engine(const char *program, const char *dir)
{
	char config[200], log[200], c;
	int ends[2];
	pid_t pid;

	snprintf(config, sizeof config, "%s/tallyman.ini", dir);
	snprintf(log, sizeof log, "%s/engine.log", dir);
	write_file(dir, "tallyman.ini", "[store]\nprofile = sandbox\n[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n");
	if (pipe(ends) || (pid = fork()) < 0)
		bench_fail("an engine", strerror(errno));
	if (!pid) {
		int out = open(log, O_CREAT | O_APPEND | O_WRONLY, 0600);

		dup2(out, 1);
		dup2(out, 2);
		dup2(ends[1], 3);
		execl(program, program, "engine", "--store", dir, "--config", config, "--ready", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (read(ends[0], &c, 1) != 1)
		bench_fail("an engine", "it did not start");
	close(ends[0]);
	return pid;
}
