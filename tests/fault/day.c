/* day.c: the conductor: whose turn it is, and what time it is then. */
#include "tests/fault/day.h"

#include "base/disk.h"
#include "net/listen.h"
#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/folder.h"
#include "tests/fault/power.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS_AT_ONCE = 20000 }; /* so many turns at one moment are an engine that never waits */

static void note(struct day *d, enum wrong kind, const char *fmt, va_list ap)
{
	char what[300], at[32];

	d->wrong[kind] = 1;
	if (*d->trouble)
		return;
	vsnprintf(what, sizeof what, fmt, ap);
	time_iso(d->now_ms, at);
	snprintf(d->trouble, sizeof d->trouble, "seed %llu, %s: %s", (unsigned long long)d->plan.seed, at, what);
}

void day_wrong(struct day *d, enum wrong kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(d, kind, fmt, ap);
	va_end(ap);
}

void day_trouble(struct day *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note(d, WRONG_OTHER, fmt, ap);
	va_end(ap);
}

static void must(bool ok, const char *what, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "day: %s: %s\n", what, err ? err->text : strerror(errno));
	abort();
}

/* ---- the folder ---- */

/* how: as fopen wants it. */
static void put_file(const char *dir, const char *name, const char *how, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, how);
	must(f && fputs(text, f) >= 0 && !fclose(f) && !chmod(path, 0600), path, NULL);
}

static void write_file(const char *dir, const char *name, const char *text)
{
	put_file(dir, name, "w", text);
}

void day_configure(const struct day *d, const char *lines)
{
	put_file(d->dir, "tallyman.ini", "a", lines);
}

/* What a whole business has besides, and where each is said to be; nobody listens there. */
static const struct party {
	enum platform platform;
	const char *url, *account, *channel, *token_path, *more;
	const char *id, *secret, *refresh, *token, *token_secret; /* NULL: there is none */
} parties[] = {
	{ WALMART, DAY_WALMART, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
	{ AMAZON, DAY_AMAZON, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
	{ EBAY, DAY_EBAY, "ebay-us", "ebay", "/identity/v1/oauth2/token", "marketplaces = EBAY_US\noosc = attested\n", SANDBOX_EBAY_ID,
	  SANDBOX_EBAY_SECRET, SANDBOX_EBAY_REFRESH, NULL, NULL },
	{ SHOPIFY, DAY_SHOPIFY, "shopify", "shopify", "/admin/oauth/access_token", "places = 68201001 68201002\n", SANDBOX_SHOPIFY_ID,
	  SANDBOX_SHOPIFY_SECRET, NULL, NULL, NULL },
	{ CARTONCLOUD, DAY_CARTONCLOUD, "cartoncloud", "cartoncloud", "/uaa/oauth/token",
	  "tenant = " SANDBOX_CARTONCLOUD_TENANT "\ncustomer = " SANDBOX_CARTONCLOUD_CUSTOMER "\nplaces = Default Oakland\n", SANDBOX_CARTONCLOUD_ID,
	  SANDBOX_CARTONCLOUD_SECRET, NULL, NULL, NULL },
	{ NETSUITE, DAY_NETSUITE, "netsuite", "netsuite", "/services/rest/auth/oauth2/v1/token",
	  "tenant = " SANDBOX_NETSUITE_ACCOUNT "\nplaces = 2 5\n", SANDBOX_NETSUITE_ID, SANDBOX_NETSUITE_SECRET, NULL, SANDBOX_NETSUITE_TOKEN,
	  SANDBOX_NETSUITE_TOKEN_SECRET },
};

enum { PARTIES = sizeof parties / sizeof *parties };

static void put_secret(const struct day *d, struct buf *b, const struct party *p, const char *key, const char *value)
{
	const char *name = arena_printf(d->arena, "%s.%s", p->account, key);

	if (!value)
		return;
	write_file(d->dir, name, value);
	buf_printf(b, "%s = file:%s/%s\n", key, d->dir, name);
}

static void put_party(const struct day *d, struct buf *b, const struct party *p)
{
	buf_printf(b, "[account %s]\nchannel = %s\nmode = %s\nbase_url = %s\ntoken_url = %s%s\n%s", p->account, p->channel, d->plan.shadow ? "shadow" : "live",
	           p->url, p->url, p->token_path, p->more);
	put_secret(d, b, p, "client_id", p->id);
	if (p->token && d->plan.private_key) {
		put_secret(d, b, p, "private_key", d->plan.private_key);
		buf_printf(b, "certificate_id = %s\n", d->plan.certificate);
		return;
	}
	put_secret(d, b, p, "client_secret", p->secret);
	put_secret(d, b, p, "refresh_token", p->refresh);
	put_secret(d, b, p, "token_id", p->token);
	put_secret(d, b, p, "token_secret", p->token_secret);
}

static const char *config_of(const struct day *d)
{
	const struct day_plan *p = &d->plan;
	const char *mode = p->shadow ? "shadow" : "live";
	struct buf b = buf_new(d->arena);

	buf_printf(&b, "[store]\nprofile = %s\n", p->profile ? p->profile : "demo");
	buf_puts(&b, "[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n");
	buf_printf(&b, "[account walmart-us]\nchannel = walmart\nbase_url = %s\ntoken_url = %s/v3/token\nship_node = %s\n", DAY_WALMART, DAY_WALMART,
	           place_facts[WALMART_MAIN].id);
	buf_printf(&b, "client_id = file:%s/walmart.id\nclient_secret = file:%s/walmart.secret\nmode = %s\n", d->dir, d->dir, mode);
	buf_printf(&b, "[account amazon-na]\nchannel = amazon\nbase_url = %s\ntoken_url = %s/auth/o2/token\nseller_id = %s\nmarketplaces = %s %s %s\n",
	           DAY_AMAZON, DAY_AMAZON, SANDBOX_AMAZON_SELLER, place_facts[AMAZON_US].id, place_facts[AMAZON_CA].id, place_facts[AMAZON_MX].id);
	buf_printf(&b, "client_id = file:%s/amazon.id\nclient_secret = file:%s/amazon.secret\nrefresh_token = file:%s/amazon.refresh\nmode = %s\n", d->dir,
	           d->dir, d->dir, mode);
	for (int i = 0; i < PARTIES && p->whole; i++)
		if (parties[i].account)
			put_party(d, &b, &parties[i]);
	buf_printf(&b, "[account warehouse]\nchannel = local\ncounts_file = %s/counts.csv\n", d->dir);
	buf_puts(&b, p->config ? p->config : "");
	return b.p;
}

static void make_folder(struct day *d)
{
	struct err err;

	snprintf(d->dir, sizeof d->dir, "%s/tallyman-day-XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	must(mkdtemp(d->dir) != NULL, d->dir, NULL);
	rmdir(d->dir);
	must(!store_create(d->dir, NULL, &err), "store", &err);
	write_file(d->dir, "walmart.id", SANDBOX_WALMART_ID "\n");
	write_file(d->dir, "walmart.secret", SANDBOX_WALMART_SECRET "\n");
	write_file(d->dir, "amazon.id", SANDBOX_AMAZON_ID "\n");
	write_file(d->dir, "amazon.secret", SANDBOX_AMAZON_SECRET "\n");
	write_file(d->dir, "amazon.refresh", SANDBOX_AMAZON_REFRESH "\n");
	write_file(d->dir, "tallyman.ini", config_of(d));
}

/* ---- when things went wrong ---- */

static void outage_add(struct day *d, int64_t from_ms, int64_t until_ms, unsigned platforms)
{
	must(d->outages < (int)(sizeof d->outage / sizeof *d->outage), "too many outages", NULL);
	d->outage[d->outages++] = (struct outage){ from_ms, until_ms, platforms };
}

/* ---- the world ---- */

/* The seller has one warehouse and one ship node: at the second one nothing is for sale. */
static void close_second_node(struct world *w)
{
	for (int i = 0; i < w->products; i++) {
		int at = w->product[i].listing[WALMART_WEST];

		if (at >= 0)
			w->listing[at].shown = w->listing[at].said = 0;
		product_judge(w, i);
	}
}

static void open_world(struct day *d)
{
	struct sandbox_options o = sandbox_defaults(d->plan.seed, d->now_ms);
	struct err err;

	o.world.skus = d->plan.skus;
	o.world.orders = d->plan.past;
	o.world.orders_a_day = d->plan.orders_a_day;
	o.world.demo = d->plan.demo;
	o.world.settle_pct = d->plan.settle_pct;
	o.world.depots = d->plan.whole;
	o.world.bundles = d->plan.bundles;
	if (d->plan.whole)
		o.world.sells = SELLS_EVERYWHERE;
	o.clock = &d->clock;
	o.delays = !d->plan.prompt;
	must(!sandbox_open(&o, &d->sandbox, &err), "sandbox", &err);
	close_second_node(d->sandbox->world);
}

struct day_plan day_plain(uint64_t seed)
{
	return (struct day_plan){ .seed = seed, .skus = 40, .orders_a_day = 200, .jitter = true, .settle_pct = 100 };
}

struct day *day_prepare(const struct day_plan *plan)
{
	struct day *d = calloc(1, sizeof *d);
	struct err err;

	must(d != NULL, "memory", NULL);
	d->plan = *plan;
	d->next_doom = plan->doom;
	d->operated = !plan->idle;
	d->arena = arena_new();
	d->now_ms = DAY_BEGINS;
	d->clock = clock_manual(&d->now_ms);
	d->disk_left = -1;
	d->rng = rng_seeded(plan->seed ^ 0xda7);
	make_folder(d);
	open_world(d);
	d->hands = hands_open(d);
	if (plan->doom.kind == DOOM_FULL)
		outage_add(d, d->now_ms, d->now_ms + 24 * HOUR, ~0u); /* what comes late then is not the engine's fault */
	day_count_shelf(d);
	must(!store_open(d->dir, STORE_READ, &d->reader, &err) || access(d->dir, F_OK), "reader", &err);
	return d;
}

/* ---- the warehouse ---- */

/* What stands on the shelf: the ledger takes goods off when their parcel is confirmed, the carrier took them before. */
static void find_on_shelf(const struct day *d, int *shelf)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		shelf[i] = w->product[i].at[DEPOT_FILE];
	for (int o = 0; o < w->orders; o++)
		for (int l = w->order[o].line; hands_handed(d->hands, o) && l < w->order[o].line + w->order[o].lines; l++)
			if (w->line[l].depot <= DEPOT_FILE) /* the others' numbers are not in this file */
				shelf[w->line[l].product] -= line_left(&w->line[l]);
}

void day_count_shelf(struct day *d)
{
	const struct world *w = d->sandbox->world;
	struct timespec stamp = { d->now_ms / 1000, d->now_ms % 1000 * 1000000 };
	int *shelf = arena_alloc(d->arena, (size_t)w->products * sizeof *shelf + 1);
	char path[200], temp[200], at[32];
	FILE *f;

	snprintf(path, sizeof path, "%s/counts.csv", d->dir);
	snprintf(temp, sizeof temp, "%s/counts.new", d->dir);
	d->counted_ms = d->now_ms;
	time_iso(d->now_ms, at);
	find_on_shelf(d, shelf);
	f = fopen(temp, "w");
	must(f != NULL, temp, NULL);
	fputs("sku,qty,counted_at\n", f);
	for (int i = 0; i < w->products - d->plan.untold && !product_bundled(&w->product[i]); i++)
		fprintf(f, "%s,%d,%s\n", world_str(w, w->product[i].sku), shelf[i] > 0 ? shelf[i] : 0, at);
	must(!fclose(f) && !utimensat(AT_FDCWD, temp, (struct timespec[]){ stamp, stamp }, 0) && !rename(temp, path), path, NULL);
}

void day_change_secrets(struct day *d, bool back)
{
	d->sandbox->service[WALMART].client_secret = back ? SANDBOX_WALMART_SECRET : "another";
	d->sandbox->service[AMAZON].client_secret = back ? SANDBOX_AMAZON_SECRET : "another";
	access_revoke(&d->sandbox->service[WALMART]);
	access_revoke(&d->sandbox->service[AMAZON]);
}

int day_order_number(struct day *d, const char *channel, const char *ref)
{
	for (enum platform p = 0; p < MARKETS; p++)
		if (!strcmp(platform_names[p], channel))
			return order_by_id(d->sandbox->world, p, ref);
	must(false, channel, NULL);
	return -1;
}

bool day_sends_itself(const struct day *d, int order)
{
	const struct world *w = d->sandbox->world;

	for (int l = order < 0 ? 0 : w->order[order].line; order >= 0 && l < w->order[order].line + w->order[order].lines; l++)
		if (w->line[l].qty - w->line[l].cancelled > w->line[l].left && (w->line[l].depot > DEPOT_FILE || (d->plan.whole && w->line[l].depot < 0)))
			return true; /* it has not left; or nobody was told yet */
	return false;
}

int64_t day_count(struct day *d, const char *name)
{
	for (int i = 0; i < COUNTS; i++)
		if (!strcmp(count_names[i], name))
			return d->sandbox->world->count[i];
	must(false, name, NULL);
	return -1;
}

/* ---- the engine ---- */

/* The disk of the one day that lives in this process: it is asked for by the folder alone. */
static struct day *living;

static bool look_at_disk(const char *dir, struct disk *out)
{
	enum { GIB = 1 << 30 };

	(void)dir;
	*out = (struct disk){ .whole = 100 * (int64_t)GIB, .left = living->disk_left < 0 ? 60 * (int64_t)GIB : living->disk_left };
	return true;
}

static enum fault start_here(struct day *d, struct err *err)
{
	struct direct_route routes[PARTIES];
	char path[200];
	struct engine_options o = { .dir = d->dir, .config = config_new(), .clock = clock_set(&d->machine), .listen = true, .jitter = d->plan.jitter, .look_at_disk = look_at_disk };
	enum fault f;

	for (int i = 0; i < PARTIES; i++)
		routes[i] = (struct direct_route){ parties[i].url, sandbox_handler(d->sandbox, parties[i].platform) };
	living = d;
	d->machine.at_ms = d->now_ms;
	snprintf(path, sizeof path, "%s/tallyman.ini", d->dir);
	config_free(d->config);
	d->config = o.config;
	f = config_file(o.config, path, err);
	if (f)
		return f;
	o.anchor = d->plan.anchored ? arena_printf(d->arena, "%s.anchor", d->dir) : NULL;
	o.notice = d->plan.notice;
	o.hook_fd = d->plan.hook_fd;
	o.spare_fd = d->plan.spare_fd;
	o.rng = rng_seeded(rng_next(&d->rng));
	d->net = direct_open(&d->clock, routes, PARTIES);
	o.net = d->plan.wrap ? d->plan.wrap(d->net) : d->net;
	return engine_open(&o, &d->engine, err);
}

static bool own_process(const struct day *d)
{
	return d->plan.crashes_an_hour || d->plan.doom.kind || d->plan.places;
}

/* How long this life lasts: so many of the things that can be seen from outside, of one kind. */
static struct doom doom_draw(struct day *d)
{
	/* about how often each happens in an hour of a simulated day */
	static const struct {
		enum doom_kind kind;
		int64_t an_hour;
	} pace[] = { { DOOM_TURN, 1500 }, { DOOM_SAY, 350 }, { DOOM_HEARD, 350 }, { DOOM_STEP, 60000 }, { DOOM_WRITE, 6000 }, { DOOM_TORN, 4000 } };
	size_t i = (size_t)rng_below(&d->rng, sizeof pace / sizeof *pace);
	bool soon = rng_below(&d->rng, 5) == 0; /* while it still recovers from the last time */

	return (struct doom){ pace[i].kind, 1 + rng_below(&d->rng, soon ? pace[i].an_hour / 50 : 2 * pace[i].an_hour / d->plan.crashes_an_hour) };
}

enum fault day_start(struct day *d, struct err *err)
{
	struct child_options o = { .dir = d->dir, .seed = rng_next(&d->rng), .now_ms = d->now_ms, .jitter = d->plan.jitter };

	d->due_ms = d->now_ms;
	if (!own_process(d))
		return start_here(d, err);
	d->doom = d->plan.crashes_an_hour && !d->plan.doom.kind ? doom_draw(d) : d->next_doom;
	d->next_doom = (struct doom){ DOOM_NONE, 0 };
	o.doom = d->doom;
	o.places = d->crashes ? NULL : d->plan.places;
	return child_start(d->sandbox, &o, &d->child, err);
}

/* Does the store in this folder open, is it whole, and does it know all that somebody was told of? */
static void look_at_found(struct day *d, const char *dir)
{
	struct store *found = NULL, *reader = d->reader;
	const char *forgotten;
	struct err err;

	d->states++;
	if (store_open(dir, STORE_WRITE, &found, &err) || store_check(found, &err)) {
		day_trouble(d, "a power cut leaves a store that does not open: %s", err.text);
	} else {
		d->reader = found;
		forgotten = hands_forgotten(d);
		d->reader = reader;
		if (forgotten)
			day_trouble(d, "a power cut loses intent %s, which was answered", forgotten);
	}
	store_close(found);
}

/* The disk after a power cut, as it might be found: many are looked at, one is lived on with. */
static void cut_power(struct day *d)
{
	struct power *p = power_read(d->dir);
	char dir[100];

	snprintf(dir, sizeof dir, "%s.found", d->dir);
	for (int i = 0; p && i < d->plan.power_states && !*d->trouble; i++) {
		mkdir(dir, 0700);
		power_state(p, &d->rng, d->dir, dir);
		look_at_found(d, dir);
		folder_remove(dir);
	}
	if (p) {
		store_close(d->reader);
		power_state(p, &d->rng, d->dir, d->dir);
		d->reader = NULL;
	}
	power_free(p);
}

static void bury(struct day *d, const struct err *err)
{
	struct err check;
	int64_t down_ms = rng_below(&d->rng, 3) ? 2 * SECOND + rng_below(&d->rng, 20 * SECOND) : rng_below(&d->rng, 6 * MINUTE);

	d->child = NULL;
	if (err->fault == FAULT_ENDPOINT || (err->fault != FAULT_UNSURE && d->doom.kind < DOOM_FULL)) {
		day_trouble(d, "the engine ended by itself: %s", err->text);
		return;
	}
	d->crashes++;
	d->due_ms = d->now_ms + down_ms;
	outage_add(d, d->now_ms - MINUTE, d->due_ms, ~0u);
	if (d->doom.kind == DOOM_POWER)
		cut_power(d);
	if (!d->reader && store_open(d->dir, STORE_READ, &d->reader, &check))
		day_trouble(d, "after a power cut the store does not open: %s", check.text);
	else if (store_check(d->reader, &check))
		day_trouble(d, "after crash %d the store is damaged: %s", d->crashes, check.text);
}

void day_begin(struct day *d)
{
	struct err err;

	while (day_start(d, &err))
		bury(d, &err); /* it may be killed while it opens */
	must(!*d->trouble, d->trouble, NULL);
}

struct day *day_open(const struct day_plan *plan)
{
	struct day *d = day_prepare(plan);

	day_begin(d);
	return d;
}

void day_move(struct day *d, const char *dir, uint64_t seed, struct doom next)
{
	struct err err;

	snprintf(d->dir, sizeof d->dir, "%s", dir);
	write_file(d->dir, "tallyman.ini", config_of(d)); /* which names the folder */
	hands_hang_up(d);
	if (store_open(d->dir, STORE_READ, &d->reader, &err)) /* the one it had is the other world's, and of its folder */
		day_trouble(d, "what is left does not open: %s", err.text);
	d->rng = rng_seeded(seed);
	d->next_doom = next;
	if (next.kind == DOOM_FULL)
		outage_add(d, d->now_ms, d->now_ms + 24 * HOUR, ~0u); /* what comes late then is not the engine's fault */
}

void day_stop(struct day *d)
{
	engine_close(d->engine);
	d->engine = NULL;
	d->net = NULL;
	d->happened = child_end(d->child);
	d->child = NULL;
}

void day_close(struct day *d)
{
	hands_close(d->hands);
	day_stop(d);
	config_free(d->config);
	store_close(d->reader);
	sandbox_close(d->sandbox);
	if (!getenv("DAY_KEEP")) /* the store of a day that failed is worth a look */
		folder_remove(d->dir);
	else
		fprintf(stderr, "kept %s\n", d->dir);
	arena_free(d->arena);
	free(d);
}

bool day_outage(const struct day *d, unsigned platform, int64_t from_ms, int64_t until_ms)
{
	for (int i = 0; i < d->outages; i++)
		if (d->outage[i].platforms >> platform & 1 && d->outage[i].from_ms <= until_ms && d->outage[i].until_ms >= from_ms)
			return true;
	return false;
}

int64_t day_lives_since(const struct day *d)
{
	int64_t since = DAY_BEGINS;

	for (int i = 0; i < d->outages; i++)
		if (d->outage[i].platforms == ~0u && d->outage[i].until_ms > since)
			since = d->outage[i].until_ms;
	return since;
}

/* What a call says that lands late stands until patience with the newer one ends and they are read again: half an hour. */
static int64_t ends_ms(const struct mishap *m)
{
	return m->kind == LATE && m->until_ms < INT64_MAX ? m->until_ms + 40 * MINUTE : m->until_ms;
}

void day_fault(struct day *d, const char *text)
{
	struct faults *f = &d->sandbox->faults;
	int known = f->n;
	struct err err;

	must(!sandbox_fault(d->sandbox, text, &err), text, &err);
	for (int i = known; i < f->n; i++)
		outage_add(d, f->mishap[i].from_ms, ends_ms(&f->mishap[i]), f->mishap[i].channels);
}

void day_night(struct day *d, int64_t until_ms, const char *config)
{
	struct err err;

	day_no_buyers(d);
	day_stop(d);
	outage_add(d, d->now_ms - MINUTE, until_ms, ~0u);
	while (d->now_ms < until_ms && !*d->trouble) {
		d->now_ms = d->now_ms + 10 * MINUTE < until_ms ? d->now_ms + 10 * MINUTE : until_ms;
		sandbox_advance(d->sandbox, d->now_ms);
	}
	if (config) {
		d->plan.config = config;
		write_file(d->dir, "tallyman.ini", config_of(d));
	}
	must(!day_start(d, &err), "engine", &err);
}

void day_starve(struct day *d, int64_t nth)
{
	d->doom = (struct doom){ DOOM_MEMORY, nth };
	outage_add(d, d->now_ms, d->now_ms + MINUTE, ~0u); /* of its own: what it could not keep it asks again */
	if (d->child)
		child_starve(d->child, nth);
}

void day_no_buyers(struct day *d)
{
	d->sandbox->world->opt.orders_a_day = 0;
	d->sandbox->world->next_buyer_ms = INT64_MAX;
}

int day_order(struct day *d, const char *name, int qty)
{
	struct world *w = d->sandbox->world;
	enum place place = place_named(name);

	for (int i = 0; i < w->products; i++) {
		int at = w->product[i].listing[place];

		if (at >= 0 && listing_sellable(w, &w->listing[at]) >= qty)
			return order_place(w, at, qty, (uint32_t)(1000 + w->orders));
	}
	must(false, "nothing is for sale there", NULL);
	return -1;
}

/* ---- the loop ---- */

static void turn_child(struct day *d)
{
	struct err err = { 0 };

	if (!d->child) {
		if (d->now_ms < d->due_ms)
			return;
		if (day_start(d, &err)) {
			bury(d, &err);
			return;
		}
	}
	if (child_turn(d->child, d->now_ms, &d->due_ms, &err))
		bury(d, &err);
}

static void turn(struct day *d)
{
	int64_t reply, shown_ms;
	struct err err;

	d->turns++;
	if (own_process(d)) {
		turn_child(d);
		return;
	}
	if (!d->engine) {
		d->due_ms = INT64_MAX;
		return;
	}
	d->machine.at_ms = d->now_ms;
	shown_ms = d->now_ms + d->machine.set_ms;
	engine_turn(d->engine, shown_ms);
	d->due_ms = engine_next_due(d->engine, shown_ms) - d->machine.set_ms;
	reply = direct_next_due(d->net);
	if (reply < d->due_ms)
		d->due_ms = reply;
	if (engine_stopping(d->engine) && engine_end(d->engine, &err))
		d->due_ms = INT64_MAX; /* by itself: a test of that asks it why */
}

static void live_once(struct day *d)
{
	sandbox_advance(d->sandbox, d->now_ms);
	hands_act(d);
	turn(d);
	hands_hear(d);
	watch_ledger(d);
}

bool day_run(struct day *d, int64_t until_ms)
{
	int at_once = 0;

	while (d->now_ms < until_ms && !*d->trouble) {
		int64_t next, hands = hands_next(d->hands);

		live_once(d);
		next = d->due_ms < hands ? d->due_ms : hands;
		next = next < until_ms ? next : until_ms;
		if (next > d->now_ms) {
			d->now_ms = next;
			at_once = 0;
		} else if (++at_once > TURNS_AT_ONCE) {
			day_trouble(d, "the engine takes turn after turn and never waits");
		}
	}
	return !*d->trouble;
}

void day_settle(struct day *d)
{
	for (int i = 0; i < 1000; i++) {
		live_once(d);
		if (d->due_ms > d->now_ms)
			return;
	}
	day_trouble(d, "the engine does not come to rest");
}

/* ---- the store, as a console sees it ---- */

int64_t day_int(struct day *d, const char *sql)
{
	struct rows *r = store_ask_text(d->reader, sql, NULL, 0);
	int64_t v = rows_next(r) ? rows_int(r, 0) : -1;
	struct err err;

	must(!rows_end(r, &err), sql, &err);
	return v;
}

const char *day_text(struct day *d, const char *sql)
{
	struct rows *r = store_ask_text(d->reader, sql, NULL, 0);
	const char *v = rows_next(r) ? arena_strdup(d->arena, rows_text(r, 0)) : "(no row)";
	struct err err;

	must(!rows_end(r, &err), sql, &err);
	return v;
}
