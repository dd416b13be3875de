/*
 * reconcile: a store of n offers of one account against what the account shows, one in a thousand of them edited behind our back.
 *
 * compare: the pulled offers walked over, each difference with its cause, its correction and its row. The floor is one pass of SQL that counts the same and
 * writes a row and a job a difference. reconcile: the whole way, from the first page asked for to the run's end, pages of fifty by a handler in this process; the clock
 * jumps over the platform's limits, so only work is counted. The floor parses the same pages with cJSON, updates a bare table, a transaction a page, and ends with the compare's
 * floor.
 */
#include "base/text.h"
#include "bench/byhand.h"
#include "bench/gauge.h"
#include "bench/queue.h"
#include "engine/engine.h"
#include "net/listen.h"
#include "store/store.h"
#include "trade/reconcile.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HERE "http://127.0.0.1:4711"

enum { PAGE = 50, SHOWN = 44, EDITED = 90, PART = 1000 };

static const int64_t begin_ms = 1795161480000; /* 2026-11-20T07:58:00Z */

struct ground {
	const char *dir;
	int n;
	int64_t pages;
};

/* ---- a store by hand ---- */

/* The same with numbers in it. */
#define BY_HAND(db, ...)                                      \
	do {                                                \
		char sql_[2400];                            \
		snprintf(sql_, sizeof sql_, __VA_ARGS__);   \
		byhand_run(db, sql_);                              \
	} while (0)

/* In a child, as every measure is: what the making of a store takes is none of the engine's memory. */
static int64_t stock_up(void *ctx)
{
	struct ground *g = ctx;
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);

	BY_HAND(db,
	            "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; BEGIN;"
	            "UPDATE account SET mode = 'live', heard_ms = %3$lld, made_ms = %3$lld;"
	            "INSERT INTO place (id, name, kind, heard_ms) VALUES (1, 'main', 'own', %3$lld);"
	            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$lld) "
	            "INSERT INTO item (sku, counted, available, made_ms) SELECT printf('SKU-%%07d', i), 50, 50, 1 FROM n;"
	            "INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) SELECT id, 1, 50, %3$lld, %3$lld FROM item;"
	            "INSERT INTO offer (account_id, node, sku, item_id, mapped_ms, mapped_by, ver, target, pushed, pushed_ms, seen, seen_ms, read_ms, push_state, known_ms) "
	            "SELECT 1, '1', sku, id, 1, 'spelling', 1, %2$lld, %2$lld, %3$lld, %2$lld, %3$lld, %3$lld, 'APPLIED', 1 FROM item; COMMIT",
	            (long long)g->n, (long long)SHOWN, (long long)begin_ms - 3600000);
	byhand_run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
	return g->n;
}

/* ---- compare ---- */

static struct store *open_store(const struct ground *g)
{
	struct store *s;
	struct err err;

	if (store_open(g->dir, STORE_WRITE, &s, &err))
		bench_fail("store", err.text);
	return s;
}

/* One in a thousand was found edited by the pages of a pull that is in. */
static int64_t pull_by_hand(void *ctx)
{
	struct ground *g = ctx;
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);

	BY_HAND(db,
	            "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; BEGIN; UPDATE offer SET seen = %2$lld, drift = %2$lld - pushed, drift_ms = %3$lld, cause = 'CHANNEL_EDIT', "
	            "push_state = 'OVERWRITTEN', risk = %2$lld - 50 WHERE id %% %1$lld = 0; UPDATE offer SET seen_ms = %3$lld;"
	            "INSERT INTO rec_run (account_id, whole, state, actor, planned_ms, began_ms, pulled_ms, pages, trace) VALUES (1, 0, 'COMPARING', 'bench', %3$lld, %3$lld, %3$lld, 1, 't'); COMMIT",
	            (long long)PART, (long long)EDITED, (long long)begin_ms);
	byhand_run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
	return g->n;
}

static int64_t compare(void *ctx)
{
	struct ground *g = ctx;
	struct store *s = open_store(g);
	struct cause why = { .now_ms = begin_ms + 1000, .actor = "rule:reconcile", .trace = "bench" };
	struct rec_rule rule = rec_usual();
	struct rec_run out;
	struct arena *a = arena_new();
	struct err err;
	bool done = false;

	spent_start();
	while (!done)
		if (store_begin(s, &err) || rec_compare(s, 1, &rule, 4096, &why, &done, &err) || store_commit(s, &err))
			bench_fail("compare", err.text);
	spent_stop();
	if (rec_run_get(s, 1, a, &out, &err) || out.compared != g->n || out.corrected != g->n / PART)
		bench_fail("compare", "not all differences were found");
	return g->n;
}

static const char pass[] =
	"PRAGMA synchronous=FULL; CREATE TABLE floor_row (id INTEGER PRIMARY KEY, expected INTEGER, seen INTEGER, cause TEXT); CREATE TABLE floor_job (id INTEGER PRIMARY KEY, qty INTEGER);"
	"BEGIN IMMEDIATE; SELECT count(*), count(CASE WHEN push_state = 'SETTLING' THEN 1 END) FROM offer WHERE account_id = 1 AND seen_ms >= 1;"
	"INSERT INTO floor_row SELECT id, pushed, seen, cause FROM offer WHERE account_id = 1 AND drift <> 0; INSERT INTO floor_job SELECT id, pushed FROM offer WHERE account_id = 1 AND drift <> 0;"
	"COMMIT; DROP TABLE floor_row; DROP TABLE floor_job";

static int64_t compare_by_hand(void *ctx)
{
	struct ground *g = ctx;
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);

	spent_start();
	byhand_run(db, pass);
	spent_stop();
	return g->n;
}

static void measure_compare(int n)
{
	struct ground g = { queue_make_in("compare", 1), n, 0 };
	struct spent floor, ours;

	spend(stock_up, &g);
	spend(pull_by_hand, &g);
	floor = spend(compare_by_hand, &g);
	ours = spend(compare, &g);
	gauge("compare", n, ours.wall_s * 1000, "ms", floor.wall_s * 1000);
	gauge("compare_cpu", n, ours.cpu_s * 1000, "ms", floor.cpu_s * 1000);
	gauge("compare_memory", n, (double)ours.rss_kb / 1024, "MB", (double)floor.rss_kb / 1024);
}

/* ---- the whole way ---- */

/* Page number `page` of their list; one that is past the last is empty and ends it. */
static void put_page(struct buf *b, int n, int64_t page)
{
	int64_t from = page * PAGE + 1, upto = from + PAGE <= n + 1 ? from + PAGE : n + 1;

	buf_printf(b, "{\"meta\":{\"totalCount\":%d,\"nextCursor\":\"%" PRId64 "\"},\"elements\":{\"inventories\":[", n, page + 1);
	for (int64_t i = from; i < upto; i++)
		buf_printf(b, "%s{\"sku\":\"SKU-%07" PRId64 "\",\"nodes\":[{\"shipNode\":\"1\",\"inputQty\":{\"unit\":\"EACH\",\"amount\":%d},\"availToSellQty\":{\"unit\":\"EACH\",\"amount\":%d},"
		              "\"reservedQty\":{\"unit\":\"EACH\",\"amount\":0}}]}", i > from ? "," : "", i, i % PART ? SHOWN : EDITED, i % PART ? SHOWN : EDITED);
	buf_puts(b, "]}}");
}

static void answer(struct served *out, int status, const struct header *json, const char *body)
{
	out->reply.status = status;
	out->reply.header = json;
	out->reply.headers = 1;
	out->reply.body = body;
	out->reply.body_len = strlen(body);
}

/* A marketplace that has a list of inventories and nothing else: no order, no feed, no goods of its own. Corrections find nobody who would take them. */
static void serve(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	static const struct header json = { "Content-Type", "application/json" };
	struct ground *g = ctx;
	struct buf b = buf_new(a);
	const char *cursor = strstr(r->url, "nextCursor=");

	if (strstr(r->url, "/v3/token/detail")) {
		answer(out, 200, &json, "{\"expire_at\":\"1895176900000\",\"issued_at\":\"1795161480000\",\"is_valid\":true,\"scopes\":{\"orders\":\"full_access\",\"inventory\":\"full_access\"}}");
	} else if (strstr(r->url, "/v3/token")) {
		answer(out, 200, &json, "{\"access_token\":\"TOKEN\",\"token_type\":\"Bearer\",\"expires_in\":900}");
	} else if (strstr(r->url, "/v3/inventories?")) {
		put_page(&b, g->n, cursor ? strtoll(cursor + strlen("nextCursor="), NULL, 10) : 0);
		answer(out, 200, &json, b.p);
		g->pages++;
	} else if (strstr(r->url, "/v3/orders")) {
		answer(out, 200, &json, "{\"list\":{\"meta\":{\"totalCount\":0,\"limit\":200},\"elements\":{\"order\":[]}}}");
	} else {
		answer(out, 404, &json, "{\"errors\":[{\"code\":\"CONTENT_NOT_FOUND.GMP_INVENTORY_API\",\"description\":\"Resource does not exist\"}]}");
	}
}

static struct engine *start(const struct ground *g, int64_t *now_ms, struct transport **net)
{
	struct config *c = config_new();
	struct engine_options o = { .dir = g->dir, .config = c, .clock = clock_manual(now_ms), .rng = rng_seeded(1) };
	struct direct_route route = { HERE, { serve, (void *)(uintptr_t)g } };
	struct engine *e;
	struct err err;
	char text[1024];

	snprintf(text, sizeof text,
	         "[store]\nprofile = demo\n[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n[stock]\nread_s = 86400\n"
	         "[account walmart-us]\nchannel = walmart\nmode = live\nbase_url = " HERE "\ntoken_url = " HERE "/v3/token\n"
	         "ship_node = 1\nclient_id = file:%s/seal.key\nclient_secret = file:%s/seal.key\n", g->dir, g->dir);
	if (config_text(c, "bench.ini", text, &err))
		bench_fail("configuration", err.text);
	o.net = *net = direct_open(&o.clock, &route, 1);
	if (engine_open(&o, &e, &err))
		bench_fail("engine", err.text);
	return e;
}

static bool over(struct engine *e)
{
	static const char sql[] = "SELECT count(*) FROM rec_run WHERE state = 'COMPLETE'";
	int64_t n = 0;

	store_get_int(engine_store(e), NULL, 0, &n, sql, NULL, 0);
	return n > 0;
}

/* A missed run begins with the engine; time jumps to whatever is due next. */
static int64_t reconcile(void *ctx)
{
	struct ground *g = ctx;
	int64_t now_ms = begin_ms, due, reply;
	struct transport *net;
	struct engine *e = start(g, &now_ms, &net);

	spent_start();
	while (!over(e) && now_ms < begin_ms + 4 * 3600000) {
		engine_turn(e, now_ms);
		due = engine_next_due(e, now_ms);
		reply = direct_next_due(net);
		due = reply < due ? reply : due;
		now_ms = due > now_ms ? due : now_ms;
	}
	spent_stop();
	if (!over(e))
		bench_fail("reconcile", "it did not end within four hours of its own");
	engine_close(e);
	return g->pages;
}

static int64_t reconcile_by_hand(void *ctx)
{
	struct ground *g = ctx;
	sqlite3 *db = byhand_open(g->dir, SQLITE_OPEN_READWRITE);
	struct arena *a = arena_new();
	sqlite3_stmt *put;
	int pages = g->n / PAGE + 1;

	byhand_run(db, "PRAGMA synchronous=NORMAL; CREATE TABLE floor_seen (sku TEXT PRIMARY KEY, pushed INTEGER, seen INTEGER); INSERT INTO floor_seen SELECT sku, pushed, NULL FROM offer");
	sqlite3_prepare_v2(db, "UPDATE floor_seen SET seen = ?1 WHERE sku = ?2", -1, &put, NULL);
	spent_start();
	for (int page = 0; page < pages; page++, arena_reset(a)) {
		struct buf b = buf_new(a);
		cJSON *body, *list, *v;

		put_page(&b, g->n, page);
		body = cJSON_Parse(b.p);
		list = cJSON_GetObjectItem(cJSON_GetObjectItem(body, "elements"), "inventories");
		byhand_run(db, "BEGIN IMMEDIATE");
		cJSON_ArrayForEach(v, list)
		{
			const cJSON *node = cJSON_GetArrayItem(cJSON_GetObjectItem(v, "nodes"), 0);

			sqlite3_bind_int(put, 1, cJSON_GetObjectItem(cJSON_GetObjectItem(node, "inputQty"), "amount")->valueint);
			sqlite3_bind_text(put, 2, cJSON_GetObjectItem(v, "sku")->valuestring, -1, SQLITE_TRANSIENT);
			sqlite3_step(put);
			sqlite3_reset(put);
		}
		byhand_run(db, "COMMIT");
		cJSON_Delete(body);
	}
	byhand_run(db, "CREATE TABLE floor_row AS SELECT sku, pushed, seen FROM floor_seen WHERE seen IS NOT pushed");
	spent_stop();
	byhand_run(db, "DROP TABLE floor_seen; DROP TABLE floor_row");
	return pages;
}

static void measure_reconcile(int n)
{
	struct ground g = { queue_make_in("reconcile", 1), n, 0 };
	int64_t now_ms = begin_ms - 5 * 3600000;
	struct transport *net;
	struct spent floor, ours;
	struct engine *e = start(&g, &now_ms, &net); /* it puts the account on record */

	engine_close(e);
	spend(stock_up, &g);
	floor = spend(reconcile_by_hand, &g);
	ours = spend(reconcile, &g);
	gauge("reconcile", n, (double)n / ours.wall_s, "offers/s", (double)n / floor.wall_s);
	gauge("reconcile_cpu", n, ours.cpu_s * 100000 / n, "s/100000", floor.cpu_s * 100000 / n);
	gauge("reconcile_memory", n, (double)ours.rss_kb / 1024, "MB", (double)floor.rss_kb / 1024);
}

int main(int argc, char **argv)
{
	int n;
	const int *sizes = bench_sizes(&n);
	int only = argc > 1 ? atoi(argv[1]) : 0;

	bench_dir();
	for (int i = 0; i < (only ? 1 : n); i++) {
		measure_compare(only ? only : sizes[i]);
		measure_reconcile(only ? only : sizes[i]);
	}
	return 0;
}
