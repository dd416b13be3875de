/*
 * ingest: orders of Walmart's, from the bytes of its pages into the store, with everything on: inbox, seal, history, audit,
 * synchronous=FULL, an attempt row committed before each page is asked for.
 *
 * The pages are those of the simulated marketplace, written to a file beforehand; the engine asks for them as it always does, and a
 * handler in the process answers with the next one. The floor parses the same bytes with cJSON and puts what a list of orders
 * shows into two tables, a transaction a page.
 */
#include "bench/gauge.h"
#include "engine/engine.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HERE "http://127.0.0.1:4711"
#define CURSOR "\"nextCursor\":\""

enum { PAGE = 200 };

static const int64_t epoch_ms = 1795161480000; /* 2026-11-20T07:58:00Z */

struct page {
	off_t at;
	size_t n;
};

struct pages {
	int fd, n, next;
	struct page page[8192];
	struct sandbox *sandbox; /* answers what is no list of orders */
	int64_t lists;
};

struct run {
	int orders;
	bool again; /* the window is read once more, and only that is counted */
	char dir[96], file[96];
};

/* ---- the pages ---- */

static struct sandbox *marketplace(int orders)
{
	struct sandbox_options o = sandbox_defaults(1, epoch_ms);
	struct sandbox *s;
	struct err err;

	o.world.orders = orders;
	o.world.orders_a_day = 0;
	o.world.list_cap = 0;
	if (sandbox_open(&o, &s, &err))
		bench_fail("sandbox", err.text);
	return s;
}

static struct served serve(struct sandbox *s, struct arena *a, const char *method, const char *path, const char *body, const char *token)
{
	struct request r = { .arena = a, .method = method, .url = arena_printf(a, HERE "%s", path), .body = body, .body_len = body ? strlen(body) : 0 };
	struct served out = { .cut_at = -1 };
	struct handler h = sandbox_handler(s, WALMART);

	r.header[r.headers++] = (struct header){ "WM_SVC.NAME", "bench" };
	r.header[r.headers++] = (struct header){ "WM_QOS.CORRELATION_ID", "bench" };
	r.header[r.headers++] = (struct header){ "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" };
	if (token)
		r.header[r.headers++] = (struct header){ "WM_SEC.ACCESS_TOKEN", token };
	else
		r.header[r.headers++] = (struct header){ "Content-Type", "application/x-www-form-urlencoded" };
	h.serve(h.ctx, a, &r, &out);
	if (out.reply.status != 200)
		bench_fail(path, out.reply.body ? out.reply.body : "no answer");
	return out;
}

static char *copy_between(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *p = text ? strstr(text, from) : NULL;

	return p ? arena_strndup(a, p + strlen(from), strcspn(p + strlen(from), to)) : NULL;
}

/* Every page of the list, one after the other in a file: the engine's memory is measured, not theirs. */
static int64_t render(void *ctx)
{
	struct run *run = ctx;
	struct sandbox *s = marketplace(run->orders * 3); /* a third and more of its buyers are Walmart's and their orders the seller's to ship */
	struct arena *keep = arena_new(), *a = arena_new();
	const char *token = copy_between(keep, serve(s, a, "POST", "/v3/token", "grant_type=client_credentials", NULL).reply.body,
	                                 "\"access_token\":\"", "\"");
	char next[2048] = "?shipNodeType=SellerFulfilled&lastModifiedStartDate=2020-01-01T00:00:00Z&createdStartDate=2020-01-01T00:00:00Z&limit=200";
	int fd = open(run->file, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	int64_t n = 0;

	if (fd < 0 || !token)
		bench_fail(run->file, "pages cannot be written");
	while (*next && n < run->orders / PAGE) {
		struct served out = serve(s, a, "GET", arena_printf(a, "/v3/orders%s", next), NULL, token);
		char *body = arena_strndup(a, out.reply.body, out.reply.body_len), *more = strstr(body, CURSOR);
		uint64_t size = out.reply.body_len;

		snprintf(next, sizeof next, "%.*s", more ? (int)strcspn(more + strlen(CURSOR), "\"") : 0, more ? more + strlen(CURSOR) : "");
		if (++n == run->orders / PAGE && more)
			more[1] = 'N'; /* the walk ends here */
		if (write(fd, &size, sizeof size) != sizeof size || write(fd, body, size) != (ssize_t)size)
			bench_fail(run->file, "cannot be written");
		arena_reset(a);
	}
	close(fd);
	return n;
}

static struct pages *pages_open(const char *file)
{
	struct pages *p = calloc(1, sizeof *p);
	uint64_t size;
	off_t at = 0;

	p->fd = open(file, O_RDONLY);
	while (pread(p->fd, &size, sizeof size, at) == sizeof size) {
		p->page[p->n++] = (struct page){ at + (off_t)sizeof size, size };
		at += (off_t)(sizeof size + size);
	}
	return p;
}

static char *page_read(struct pages *p, int i, struct arena *a)
{
	char *body = arena_alloc(a, p->page[i].n + 1);

	if (pread(p->fd, body, p->page[i].n, p->page[i].at) != (ssize_t)p->page[i].n)
		bench_fail("a page", "cannot be read");
	return body;
}

static const struct header json_header[] = { { "Content-Type", "application/json" } };

static void answer(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct pages *p = ctx;
	struct handler sandbox = sandbox_handler(p->sandbox, WALMART);

	if (!strncmp(r->url, HERE "/v3/orders", strlen(HERE "/v3/orders")) && (!strstr(r->url, "shipNodeType=") || strstr(r->url, "shipNodeType=SellerFulfilled"))) {
		int i = p->next < p->n ? p->next++ : p->n - 1;

		out->reply.status = 200;
		out->reply.body = page_read(p, i, a);
		out->reply.body_len = p->page[i].n;
		out->reply.header = json_header;
		out->reply.headers = 1;
		p->lists++;
		return;
	}
	sandbox.serve(sandbox.ctx, a, r, out);
}

/* ---- the engine ---- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[200];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd))
		bench_fail(path, "cannot be written");
}

static struct config *configure(const char *dir)
{
	struct config *c = config_new();
	char text[2048];
	struct err err;

	write_file(dir, "id", SANDBOX_WALMART_ID);
	write_file(dir, "secret", SANDBOX_WALMART_SECRET);
	snprintf(text, sizeof text,
	         "[store]\nprofile = sandbox\n[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n"
	         "[account walmart-us]\nchannel = walmart\nmode = shadow\nbase_url = " HERE "\ntoken_url = " HERE "/v3/token\n"
	         "ship_node = 10001204501\nclient_id = file:%s/id\nclient_secret = file:%s/secret\n", dir, dir);
	if (config_text(c, "bench.ini", text, &err))
		bench_fail("configuration", err.text);
	return c;
}

/* Turn until every page was asked for and answered for and nothing is due for a second of the simulated time. */
static void run_dry(struct engine *e, struct transport *net, int64_t *now_ms, const struct pages *p, int64_t lists)
{
	for (int calm = 0; calm < 3;) {
		int64_t due, reply = direct_next_due(net);

		sandbox_advance(p->sandbox, *now_ms);
		engine_turn(e, *now_ms);
		due = engine_next_due(e, *now_ms);
		due = reply < due ? reply : due;
		calm = p->lists >= lists && due > *now_ms + 1000 ? calm + 1 : 0;
		*now_ms = due > *now_ms && !calm ? due : *now_ms;
	}
}

static int64_t orders_of(struct engine *e)
{
	static const char sql[] = "SELECT count(*) FROM orders";
	int64_t n;

	store_get_int(engine_store(e), NULL, 0, &n, sql, NULL, 0);
	return n;
}

static int64_t ingest(void *ctx)
{
	struct run *run = ctx;
	struct pages *p = pages_open(run->file);
	int64_t now_ms = epoch_ms + 60000, n;
	struct engine_options o = { .dir = run->dir, .clock = clock_manual(&now_ms), .rng = rng_seeded(7) };
	struct direct_route route = { HERE, { answer, p } };
	struct engine *e;
	struct err err;

	p->sandbox = marketplace(0);
	if (store_create(run->dir, NULL, &err))
		bench_fail(run->dir, err.text);
	o.config = configure(run->dir);
	o.net = direct_open(&o.clock, &route, 1);
	if (engine_open(&o, &e, &err))
		bench_fail("engine", err.text);
	if (!run->again)
		spent_start();
	run_dry(e, o.net, &now_ms, p, p->n);
	if (run->again) {
		now_ms += 120000;
		p->next = 0;
		spent_start();
		run_dry(e, o.net, &now_ms, p, 2 * p->n);
	}
	n = orders_of(e);
	if (n != p->n * (int64_t)PAGE)
		bench_fail("ingest", "not every order is in the store");
	return n;
}

/* ---- the floor ---- */

static int64_t integer(const cJSON *v)
{
	return cJSON_IsNumber(v) ? (int64_t)v->valuedouble : cJSON_IsString(v) ? strtoll(v->valuestring, NULL, 10) : 0;
}

static const char *word(const cJSON *v, const char *key)
{
	v = cJSON_GetObjectItemCaseSensitive(v, key);
	return cJSON_IsString(v) ? v->valuestring : "";
}

struct floor {
	sqlite3 *db;
	sqlite3_stmt *order, *line;
};

static void floor_exec(struct floor *f, const char *sql)
{
	if (sqlite3_exec(f->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_fail("floor", sqlite3_errmsg(f->db));
}

static void floor_open(struct floor *f, const char *dir)
{
	char path[128];

	snprintf(path, sizeof path, "%s/floor.db", dir);
	unlink(path);
	if (sqlite3_open(path, &f->db) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(f->db));
	floor_exec(f, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=20000;"
	              "CREATE TABLE o (id INTEGER PRIMARY KEY, state TEXT, placed INTEGER, due INTEGER, name TEXT, city TEXT, total INTEGER);"
	              "CREATE TABLE l (o INTEGER, n INTEGER, sku TEXT, qty INTEGER, state TEXT, PRIMARY KEY (o, n)) WITHOUT ROWID;"
	              "CREATE INDEX od ON o (due); CREATE INDEX op ON o (placed); CREATE INDEX ls ON l (sku);");
	sqlite3_prepare_v2(f->db, "INSERT INTO o VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET state=excluded.state, total=excluded.total "
	                          "WHERE excluded.state IS NOT state OR excluded.total IS NOT total", -1, &f->order, NULL);
	sqlite3_prepare_v2(f->db, "INSERT INTO l VALUES (?,?,?,?,?) ON CONFLICT (o, n) DO UPDATE SET state=excluded.state "
	                          "WHERE excluded.state IS NOT state", -1, &f->line, NULL);
}

static void floor_line(struct floor *f, int64_t id, const cJSON *line, int64_t *total, const char **state)
{
	const cJSON *status = cJSON_GetObjectItem(cJSON_GetObjectItem(line, "orderLineStatuses"), "orderLineStatus"), *c;

	*state = word(status ? status->child : NULL, "status");
	cJSON_ArrayForEach(c, cJSON_GetObjectItem(cJSON_GetObjectItem(line, "charges"), "charge"))
		*total += (int64_t)(100 * cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(c, "chargeAmount"), "amount")) + 0.5);
	sqlite3_bind_int64(f->line, 1, id);
	sqlite3_bind_int64(f->line, 2, integer(cJSON_GetObjectItem(line, "lineNumber")));
	sqlite3_bind_text(f->line, 3, word(cJSON_GetObjectItem(line, "item"), "sku"), -1, SQLITE_STATIC);
	sqlite3_bind_int64(f->line, 4, integer(cJSON_GetObjectItem(cJSON_GetObjectItem(line, "orderLineQuantity"), "amount")));
	sqlite3_bind_text(f->line, 5, *state, -1, SQLITE_STATIC);
	sqlite3_step(f->line);
	sqlite3_reset(f->line);
}

static void floor_order(struct floor *f, const cJSON *o)
{
	const cJSON *ship = cJSON_GetObjectItem(o, "shippingInfo"), *at = cJSON_GetObjectItem(ship, "postalAddress"), *line;
	int64_t id = integer(cJSON_GetObjectItem(o, "purchaseOrderId")), total = 0;
	const char *state = "";

	cJSON_ArrayForEach(line, cJSON_GetObjectItem(cJSON_GetObjectItem(o, "orderLines"), "orderLine"))
		floor_line(f, id, line, &total, &state);
	sqlite3_bind_int64(f->order, 1, id);
	sqlite3_bind_text(f->order, 2, state, -1, SQLITE_STATIC);
	sqlite3_bind_int64(f->order, 3, integer(cJSON_GetObjectItem(o, "orderDate")));
	sqlite3_bind_int64(f->order, 4, integer(cJSON_GetObjectItem(ship, "estimatedShipDate")));
	sqlite3_bind_text(f->order, 5, word(at, "name"), -1, SQLITE_STATIC);
	sqlite3_bind_text(f->order, 6, word(at, "city"), -1, SQLITE_STATIC);
	sqlite3_bind_int64(f->order, 7, total);
	sqlite3_step(f->order);
	sqlite3_reset(f->order);
}

static int64_t floor_pass(struct floor *f, struct pages *p)
{
	struct arena *a = arena_new();
	int64_t n = 0;

	for (int i = 0; i < p->n; i++) {
		cJSON *root = cJSON_ParseWithLength(page_read(p, i, a), p->page[i].n), *o;

		floor_exec(f, "BEGIN");
		cJSON_ArrayForEach(o, cJSON_GetObjectItem(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "list"), "elements"), "order")) {
			floor_order(f, o);
			n++;
		}
		floor_exec(f, "COMMIT");
		cJSON_Delete(root);
		arena_reset(a);
	}
	return n;
}

static int64_t floor_ingest(void *ctx)
{
	struct run *run = ctx;
	struct pages *p = pages_open(run->file);
	struct floor f;
	int64_t n;

	floor_open(&f, bench_dir());
	spent_start();
	n = floor_pass(&f, p);
	if (run->again) {
		spent_start();
		n = floor_pass(&f, p);
	}
	return n;
}

/* ---- the figures ---- */

static double per_100k(const struct spent *s)
{
	return s->cpu_s * 100000 / (double)s->work;
}

static void measure(int orders, bool again)
{
	struct run run = { .orders = orders, .again = again };
	struct spent ours, floor;

	snprintf(run.dir, sizeof run.dir, "%s/store-%d-%d", bench_dir(), orders, again);
	snprintf(run.file, sizeof run.file, "%s/pages-%d", bench_dir(), orders);
	if (!again)
		spend(render, &run);
	floor = spend(floor_ingest, &run);
	ours = spend(ingest, &run);
	gauge(again ? "ingest_repoll" : "ingest", orders, (double)ours.work / ours.wall_s, "orders/s", (double)floor.work / floor.wall_s);
	gauge(again ? "ingest_repoll_cpu" : "ingest_cpu", orders, per_100k(&ours), "s/100k", per_100k(&floor));
	if (!again)
		gauge("ingest_rss", orders, (double)ours.rss_kb / 1024, "MB", (double)floor.rss_kb / 1024);
}

int main(int argc, char **argv)
{
	int n, only = argc > 1 ? atoi(argv[1]) : 0; /* a size of one's own, to look at with perf */
	const int *sizes = only > 0 ? &only : bench_sizes(&n);

	n = only > 0 ? 1 : n;
	bench_dir();
	for (int i = 0; i < n; i++) {
		measure(sizes[i], false);
		measure(sizes[i], true);
	}
	return 0;
}
