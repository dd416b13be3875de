/*
 * propagate: how near the engine's schedule comes to the best that the platforms' limits allow, in simulated time: n SKUs are counted anew, and the last
 * of them is live.
 *
 * The best there is for one lane of rate r, burst b, k SKUs a call, live L after the call: max(0, ceil(n / k) - b) / r + L (a call
 * takes no time in this simulation); of the lanes (single calls, feeds) the quicker. Rates, bursts and L are those of the tables that the engine plans by; what is compared is when each quantity was
 * taken, with its lane's L on top.
 */
#include "bench/gauge.h"
#include "engine/engine.h"
#include "net/listen.h"
#include "net/registry.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, MORE = 1000 };

#define WALMART_URL "http://127.0.0.1:9101"
#define AMAZON_URL "http://127.0.0.1:9102"

/* The lanes of a channel; later_ms as its table has it (sandbox and channels do not meet in one file). */
static const struct lanes {
	const char *channel, *single, *feed;
	int64_t later_ms;
} lanes[] = {
	{ "walmart", "walmart.inventory.put", "walmart.feeds.create", 30 * MINUTE },
	{ "amazon", "amazon.listings.patch", "amazon.feeds.create", 5 * MINUTE },
};

struct ground {
	const char *dir;
	int64_t now_ms;
	struct clock clock;
	struct sandbox *sandbox;
	struct transport *net;
	struct engine *engine;
	struct store *reader;
};

static void put_file(const struct ground *g, const char *name, const char *text)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", g->dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) || chmod(path, 0600))
		bench_fail(path, "cannot be written");
}

static void count_all(struct ground *g, int more)
{
	struct world *w = g->sandbox->world;
	struct timespec stamp = { g->now_ms / 1000, 0 };
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/counts.csv", g->dir);
	f = fopen(path, "w");
	if (!f)
		bench_fail(path, "cannot be written");
	fputs("sku,qty\n", f);
	for (int i = 0; i < w->products; i++) {
		depot_count(w, i, DEPOT_FILE, w->product[i].at[DEPOT_FILE] + more);
		fprintf(f, "%s,%d\n", world_str(w, w->product[i].sku), w->product[i].at[DEPOT_FILE]);
	}
	fclose(f);
	utimensat(AT_FDCWD, path, (struct timespec[]){ stamp, stamp }, 0);
}

static const char *configuration(const struct ground *g, char text[2400])
{
	snprintf(text, 2400,
	         "[store]\nprofile = demo\n[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n[stock]\nread_s = 86400\n[rec]\nevery_h = 24\n"
	         "[account walmart-us]\nchannel = walmart\nmode = live\nwindow_s = 1\nbase_url = %s\ntoken_url = %s/v3/token\nship_node = %s\n"
	         "client_id = file:%s/w.id\nclient_secret = file:%s/w.secret\n"
	         "[account amazon-na]\nchannel = amazon\nmode = live\nwindow_s = 1\nbase_url = %s\ntoken_url = %s/auth/o2/token\nseller_id = %s\nmarketplaces = %s\n"
	         "client_id = file:%s/a.id\nclient_secret = file:%s/a.secret\nrefresh_token = file:%s/a.refresh\n"
	         "[account warehouse]\nchannel = local\ncounts_file = %s/counts.csv\n",
	         WALMART_URL, WALMART_URL, place_facts[WALMART_MAIN].id, g->dir, g->dir, AMAZON_URL, AMAZON_URL, SANDBOX_AMAZON_SELLER, place_facts[AMAZON_US].id,
	         g->dir, g->dir, g->dir, g->dir);
	return text;
}

static void open_world(struct ground *g, int n)
{
	struct sandbox_options o = sandbox_defaults(1, g->now_ms);
	struct err err;

	o.world.skus = n;
	o.world.orders = o.world.orders_a_day = 0;
	o.world.demo = false;
	o.world.settle_pct = 0;
	o.clock = &g->clock;
	o.delays = false;
	if (sandbox_open(&o, &g->sandbox, &err))
		bench_fail("sandbox", err.text);
}

static void open_engine(struct ground *g)
{
	struct direct_route routes[] = { { WALMART_URL, sandbox_handler(g->sandbox, WALMART) }, { AMAZON_URL, sandbox_handler(g->sandbox, AMAZON) } };
	struct engine_options o = { .dir = g->dir, .config = config_new(), .clock = g->clock, .rng = rng_seeded(1) };
	char text[2400];
	struct err err;

	put_file(g, "w.id", SANDBOX_WALMART_ID "\n");
	put_file(g, "w.secret", SANDBOX_WALMART_SECRET "\n");
	put_file(g, "a.id", SANDBOX_AMAZON_ID "\n");
	put_file(g, "a.secret", SANDBOX_AMAZON_SECRET "\n");
	put_file(g, "a.refresh", SANDBOX_AMAZON_REFRESH "\n");
	count_all(g, 0);
	if (config_text(o.config, "bench.ini", configuration(g, text), &err))
		bench_fail("configuration", err.text);
	o.net = g->net = direct_open(&g->clock, routes, 2);
	if (engine_open(&o, &g->engine, &err) || store_open(g->dir, STORE_READ, &g->reader, &err))
		bench_fail("engine", err.text);
}

/* Live until then, from one moment at which somebody has something to do to the next. */
static void live(struct ground *g, int64_t until_ms)
{
	while (g->now_ms < until_ms) {
		int64_t next, reply;

		sandbox_advance(g->sandbox, g->now_ms);
		engine_turn(g->engine, g->now_ms);
		next = engine_next_due(g->engine, g->now_ms);
		reply = direct_next_due(g->net);
		next = reply < next ? reply : next;
		g->now_ms = next < until_ms ? next > g->now_ms ? next : g->now_ms : until_ms;
	}
}

static int64_t number(struct ground *g, const char *sql)
{
	struct rows *r = store_ask_text(g->reader, sql, NULL, 0);
	int64_t v = rows_next(r) ? rows_int(r, 0) : 0;
	struct err err;

	if (rows_end(r, &err))
		bench_fail(sql, err.text);
	return v;
}

/* Until all is said that is to be said; reading it back is not what this is about. */
static void say_all(struct ground *g)
{
	live(g, g->now_ms + 2 * MINUTE);
	for (int i = 0; i < 144; i++, live(g, g->now_ms + 5 * MINUTE))
		if (!number(g, "SELECT count(*) FROM offer WHERE pool = 'own' AND item_id IS NOT NULL AND block = '' AND (target IS NULL OR target IS NOT pushed)"))
			return;
	bench_fail("twelve hours", "not all of it was said");
}

static int64_t lane_ms(const struct limit_registry *known, const char *op, int64_t n, int64_t later_ms)
{
	const struct operation *o;
	struct limit l;
	struct err err;
	int64_t calls, wanting;

	if (limit_registry_find(known, op, &o, &err))
		bench_fail(op, err.text);
	l = operation_limit(o, 0);
	calls = o->batch > 1 ? (n + o->batch - 1) / o->batch : n;
	wanting = calls > o->burst ? calls - o->burst : 0;
	return wanting * l.window_ms / l.rate + later_ms;
}

/* The last of an account is live, in milliseconds after `from`; the best that could be, for as many as changed. */
static double share_of_best(struct ground *g, const struct limit_registry *known, const struct lanes *c, int64_t from_ms, int64_t *changed)
{
	char sql[600];
	int64_t account, single, feed, last, a, b;

	snprintf(sql, sizeof sql, "SELECT id FROM account WHERE channel = '%s'", c->channel);
	account = number(g, sql);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM offer WHERE account_id = %" PRId64 " AND pushed_ms >= %" PRId64, account, from_ms);
	*changed = number(g, sql);
	snprintf(sql, sizeof sql, "SELECT coalesce(max(pushed_ms), 0) FROM offer WHERE account_id = %" PRId64 " AND pushed_ms >= %" PRId64 " AND push_route <> 'feed'", account, from_ms);
	single = number(g, sql);
	snprintf(sql, sizeof sql, "SELECT coalesce(max(pushed_ms), 0) FROM offer WHERE account_id = %" PRId64 " AND pushed_ms >= %" PRId64 " AND push_route = 'feed'", account, from_ms);
	feed = number(g, sql);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM offer WHERE account_id = %" PRId64 " AND pool = 'own' AND target IS NOT NULL AND target IS NOT pushed", account);
	if (number(g, sql))
		bench_fail(c->channel, "not all of it was said");
	last = feed ? feed + c->later_ms : 0;
	last = single > last ? single : last;
	a = lane_ms(known, c->single, *changed, 0);
	b = lane_ms(known, c->feed, *changed, c->later_ms);
	a = a < b ? a : b;
	return (double)a / (double)(last - from_ms > 1 ? last - from_ms : 1);
}

static int64_t propagate(void *ctx)
{
	int n = *(int *)ctx;
	struct ground g = { .dir = bench_dir(), .now_ms = INT64_C(1795248000000) };
	struct limit_registry known;
	struct arena *a = arena_new();
	struct err err;
	char path[300];
	int64_t from_ms;

	snprintf(path, sizeof path, "%s/p%d", g.dir, n);
	g.dir = path;
	g.clock = clock_manual(&g.now_ms);
	if (store_create(g.dir, NULL, &err) || limit_registry_load(a, &known, &err))
		bench_fail("ground", err.text);
	open_world(&g, n);
	open_engine(&g);
	say_all(&g);
	live(&g, g.now_ms + HOUR); /* the buckets are full again */
	count_all(&g, MORE);
	say_all(&g);
	from_ms = number(&g, "SELECT max(made_ms) FROM (SELECT min(made_ms) AS made_ms FROM job WHERE verb = 'stock' AND made_ms > (SELECT max(known_ms) - 60000 FROM move))");
	for (int i = 0; i < 2; i++) {
		char name[40];
		int64_t changed;
		double share = share_of_best(&g, &known, &lanes[i], from_ms, &changed);

		snprintf(name, sizeof name, "propagate_%s", lanes[i].channel);
		gauge(name, changed, share * 100, "pct_of_best", 100);
	}
	gauge("propagate_over_limit", n, (double)g.sandbox->world->count[THROTTLED], "calls", 0);
	engine_close(g.engine);
	store_close(g.reader);
	sandbox_close(g.sandbox);
	arena_free(a);
	return n;
}

int main(int argc, char **argv)
{
	static const int sizes[] = { 1000, 10000, 100000 };
	int most = bench_big() ? 3 : 2; /* a hundred thousand take long */

	for (int i = 0; i < (argc > 1 ? 1 : most); i++) {
		int n = argc > 1 ? atoi(argv[1]) : sizes[i];

		spend(propagate, &n);
	}
	return 0;
}
