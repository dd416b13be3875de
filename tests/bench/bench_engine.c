/*
 * engine: how soon it works again after a start, and what thinking over one offer in a hundred costs.
 *
 * engine_restart: from nothing to the end of the first turn, on a queue of n orders; the floor opens the file and reads 60 rows.
 * plan_dirty: n items, one offer each, a hundredth of them marked: until all of those have their target and their job. The
 * floor does it by hand: one read, and a row each of offer and job written, a transaction a hundred. plan_full: the same with an offer of each item on each of four
 * marketplaces, and what the engine's memory grows to by it.
 */
#include "bench/byhand.h"
#include "bench/gauge.h"
#include "bench/queue.h"
#include "engine/engine.h"
#include "net/listen.h"
#include "sandbox/service.h"
#include "store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STARTS = 5, PART = 100 };

static const int64_t begin_ms = 1795161480000;

struct ground {
	const char *dir;
	int n;
	bool all; /* four marketplaces; else one */
};

/* The other three; nobody listens there, and nothing is said. */
#define SECRET(key) #key " = file:%1$s/seal.key\n"

static const char *others(struct arena *a, const char *dir)
{
	return arena_printf(a,
	                    "[account amazon]\nchannel = amazon\nmode = shadow\nbase_url = http://127.0.0.1:4712\ntoken_url = http://127.0.0.1:4712/auth/o2/token\n"
	                    "seller_id = A1\nmarketplaces = ATVPDKIKX0DER\n" SECRET(client_id) SECRET(client_secret) SECRET(refresh_token)
	                    "[account ebay-us]\nchannel = ebay\nmode = shadow\nbase_url = http://127.0.0.1:4713\ntoken_url = http://127.0.0.1:4713/identity/v1/oauth2/token\n"
	                    "marketplaces = EBAY_US\n" SECRET(client_id) SECRET(client_secret) SECRET(refresh_token)
	                    "[account shopify]\nchannel = shopify\nmode = shadow\nbase_url = http://127.0.0.1:4714\ntoken_url = http://127.0.0.1:4714/admin/oauth/access_token\n"
	                    "places = 68201001\n" SECRET(client_id) SECRET(client_secret),
	                    dir);
}

static struct engine *start(const struct ground *g, int64_t *now_ms)
{
	struct arena *a = arena_new();
	const char *dir = g->dir;
	struct config *c = config_new();
	struct engine_options o = { .dir = dir, .config = c, .clock = clock_manual(now_ms), .rng = rng_real() };
	struct engine *e;
	struct err err;
	char text[1024];

	snprintf(text, sizeof text,
	         "[store]\nprofile = sandbox\n[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n"
	         "[account walmart-us]\nchannel = walmart\nmode = shadow\nbase_url = http://127.0.0.1:4711\ntoken_url = http://127.0.0.1:4711/v3/token\n"
	         "ship_node = 1\nclient_id = file:%s/seal.key\nclient_secret = file:%s/seal.key\n", dir, dir);
	if (config_text(c, "bench.ini", g->all ? arena_printf(a, "%s%s", text, others(a, dir)) : text, &err))
		bench_fail("configuration", err.text);
	arena_free(a);
	o.net = direct_open(&o.clock, NULL, 0);
	if (engine_open(&o, &e, &err))
		bench_fail("engine", err.text);
	return e;
}

/* ---- restart ---- */

static int64_t restart(void *ctx)
{
	struct ground *g = ctx;
	int64_t now_ms = begin_ms;
	struct engine *e;

	spent_start();
	e = start(g, &now_ms);
	engine_turn(e, now_ms);
	spent_stop();
	engine_turn(e, now_ms); /* nobody is there: the token's failure is heard before the engine goes */
	engine_close(e);
	return g->n;
}

static int64_t read_sixty(void *ctx)
{
	struct ground *g = ctx;

	spent_start();
	return byhand_number(byhand_open(g->dir, SQLITE_OPEN_READONLY), "SELECT id FROM orders WHERE open = 1 ORDER BY due_ms, id LIMIT 60");
}

static void measure_restart(int n)
{
	struct ground g = { queue_make(n), n, false };
	double ours[STARTS], floor[STARTS];

	spend(restart, &g); /* the first start puts the account on record */
	for (int i = 0; i < STARTS; i++) {
		floor[i] = spend(read_sixty, &g).wall_s * 1000;
		ours[i] = spend(restart, &g).wall_s * 1000;
	}
	gauge("engine_restart", n, middle(ours, STARTS), "ms", middle(floor, STARTS));
}

/* ---- what changed ---- */

static void mark(const struct ground *g, int64_t shift)
{
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);
	char sql[400];

	snprintf(sql, sizeof sql,
	         "BEGIN; UPDATE stock SET counted = counted + %lld WHERE item_id %% 100 = 0;"
	         "INSERT INTO dirty (item_id, since_ms) SELECT id, %lld FROM item WHERE id %% 100 = 0; COMMIT", (long long)shift, (long long)begin_ms);
	byhand_run(db, sql);
	sqlite3_close(db);
}

static void stock_up(const struct ground *g)
{
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);
	char sql[1200];

	snprintf(sql, sizeof sql,
	         "PRAGMA synchronous=OFF; BEGIN;"
	         "INSERT INTO place (id, name, kind) VALUES (1, 'main', 'own');"
	         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
	         "INSERT INTO item (sku, counted, available, made_ms) SELECT 'SKU-' || i, 50, 50, 1 FROM n;"
	         "INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) SELECT id, 1, 50, %lld, %lld FROM item;"
	         "INSERT INTO offer (account_id, sku, item_id, target, pushed, seen, known_ms) SELECT a.id, i.sku, i.id, 42, 42, 42, 1 FROM item i JOIN account a ON a.id <= %d; COMMIT",
	         g->n, (long long)begin_ms, (long long)begin_ms, g->all ? 4 : 1);
	byhand_run(db, sql);
	sqlite3_close(db);
}

static int64_t dirty_left(struct engine *e)
{
	static const char sql[] = "SELECT count(*) FROM dirty";
	int64_t n;

	store_get_int(engine_store(e), NULL, 0, &n, sql, NULL, 0);
	return n;
}

static int64_t think(void *ctx)
{
	struct ground *g = ctx;
	int64_t now_ms = begin_ms;
	struct engine *e = start(g, &now_ms);

	spent_start();
	while (dirty_left(e))
		engine_turn(e, now_ms);
	spent_stop();
	engine_turn(e, now_ms);
	engine_close(e);
	return g->n / PART;
}

static int64_t by_hand(void *ctx)
{
	struct ground *g = ctx;
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);
	int64_t left;

	byhand_run(db, "PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS floor_job (offer_id INTEGER PRIMARY KEY, qty INTEGER)");
	spent_start();
	do {
		byhand_run(db, "BEGIN IMMEDIATE;"
		        "INSERT INTO floor_job SELECT o.id, max(0, i.available - max(5, (i.available * 15 + 99) / 100)) FROM (SELECT item_id FROM dirty LIMIT 100) d "
		        "JOIN item i ON i.id = d.item_id JOIN offer o ON o.item_id = i.id WHERE 1 ON CONFLICT (offer_id) DO UPDATE SET qty = excluded.qty;"
		        "UPDATE offer SET target = target + 1 WHERE item_id IN (SELECT item_id FROM dirty LIMIT 100);"
		        "DELETE FROM dirty WHERE item_id IN (SELECT item_id FROM dirty LIMIT 100); COMMIT");
		left = byhand_number(db, "SELECT EXISTS (SELECT 1 FROM dirty)");
	} while (left);
	byhand_run(db, "DROP TABLE floor_job");
	return g->n / PART;
}

static void measure_plan(int n)
{
	struct ground g = { queue_make_in("plan", 1), n, false };
	double floor;

	stock_up(&g);
	mark(&g, 0);
	floor = spend(by_hand, &g).wall_s * 1000;
	mark(&g, 7);
	gauge("plan_dirty", n, spend(think, &g).wall_s * 1000, "ms", floor);
}

/* The engine puts its accounts on record first, and what is in force, so that the hundredth is all that it thinks over. */
static void measure_full(int n)
{
	struct ground g = { queue_make_in("full", 1), n, true };
	int64_t now_ms = begin_ms;
	struct engine *e = start(&g, &now_ms);
	struct spent floor, ours;

	engine_turn(e, now_ms);
	engine_turn(e, now_ms);
	engine_close(e);
	stock_up(&g);
	mark(&g, 0);
	floor = spend(by_hand, &g);
	mark(&g, 7);
	ours = spend(think, &g);
	gauge("plan_full", n, ours.wall_s * 1000, "ms", floor.wall_s * 1000);
	gauge("plan_full_cpu", n, ours.cpu_s * 1000, "ms", floor.cpu_s * 1000);
	gauge("plan_full_memory", n, (double)ours.rss_kb / 1024, "MB", (double)floor.rss_kb / 1024);
}

int main(int argc, char **argv)
{
	int n;
	const int *sizes = bench_sizes(&n);
	int only = argc > 1 ? atoi(argv[1]) : 0;

	bench_dir();
	for (int i = 0; i < (only ? 1 : n); i++) {
		int size = only ? only : sizes[i];

		measure_restart(size);
		measure_plan(size);
		measure_full(size);
	}
	return 0;
}
