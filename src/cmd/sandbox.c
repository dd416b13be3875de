/*
 * sandbox.c: `tallyman sandbox`, the simulated marketplaces over HTTP on loopback.
 *
 * One process, one thread: a listener for each platform, a descriptor for signals, and the simulated
 * time that passes between two looks at them. It ends cleanly on SIGTERM, SIGINT and SIGHUP and keeps its world.
 */
#include "sandbox/sandbox.h"

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "sandbox/control.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FAULTS_MAX = 32, SAVE_EVERY_MS = 30 * 1000, COUNT_EVERY_MS = 30 * 1000, LOOK_EVERY_MS = 250, DEFAULT_PORT = 4180, READY_FD = 3 };

struct wishes {
	int64_t port, seed, skus, orders, a_day, settle; /* -1: not given */
	double speed;                                    /* 0: not given */
	const char *clock, *state, *counts, *fault[FAULTS_MAX];
	int faults;
	unsigned sells; /* bits of enum platform; 0: as it comes */
	bool demo, open, uncapped, ready, depots;
};

/* The machine's time, run faster from the moment we began. */
struct scaled {
	struct clock real;
	int64_t began_ms;
	double speed;
};

struct run {
	struct wishes wishes;
	struct scaled scaled;
	struct clock clock, real;
	double speed;
	struct sandbox *sandbox;
	struct listener *listener[PLATFORMS];
	char *counts; /* as last written */
	int64_t saved_ms, counted_ms; /* the machine's time; the simulated one */
	int signals;
};

/* ---- words ---- */

static void list_faults(void)
{
	puts("kinds of faults, for --fault 'kind=... at=10m for=5m channel=walmart op=orders rate=0.3':");
	for (int i = 0; i < FAULT_KINDS; i++)
		printf("  %-12s %s\n", fault_kinds[i].name, fault_kinds[i].what);
	puts("operations: token orders order ack ship cancel stock push feeds pool bulk products dispatch report\n'seed=7 for=6h' sows a random lot.");
}

static const struct option long_options[] = {
	{ "port", required_argument, NULL, 'p' },   { "seed", required_argument, NULL, 's' },   { "skus", required_argument, NULL, 'k' },
	{ "orders", required_argument, NULL, 'o' }, { "a-day", required_argument, NULL, 'a' },  { "settle", required_argument, NULL, 't' },
	{ "speed", required_argument, NULL, 'x' },  { "clock", required_argument, NULL, 'c' },  { "state", required_argument, NULL, 'f' },
	{ "counts", required_argument, NULL, 'w' }, { "fault", required_argument, NULL, 'F' },  { "faults", no_argument, NULL, 'l' },
	{ "demo", no_argument, NULL, 'd' },         { "open", no_argument, NULL, 'O' },         { "uncapped", no_argument, NULL, 'u' },
	{ "sell", required_argument, NULL, 'S' },   { "depots", no_argument, NULL, 'D' },       { "ready", no_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },         { NULL, 0, NULL, 0 },
};

static const char help_text[] =
        "usage: tallyman sandbox [options]\n\n"
        "  --port BASE     walmart at BASE, amazon, ebay, shopify, cartoncloud, netsuite behind it (4180); 0: any free ones\n"
        "  --demo          a believable business: 320 products, three days of orders\n"
        "  --seed N        which world (1)\n"
        "  --sell LIST     where the seller has offers: walmart,amazon,ebay,shopify (walmart,amazon)\n"
        "  --skus N        products\n"
        "  --orders N      orders placed before the beginning\n"
        "  --depots        the goods stand in five warehouses, which send orders off by themselves\n"
        "  --open          these are all new: nothing acknowledged or shipped\n"
        "  --a-day N       buyers a day\n"
        "  --uncapped      no limit of 20000 orders to a walk through Walmart's list\n"
        "  --settle PCT    of each platform's time from accepted to visible (100)\n"
        "  --speed X       simulated time runs X times as fast\n"
        "  --clock FILE    the demo's clock; written when there is none\n"
        "  --state FILE    go on with this world, and keep it there\n"
        "  --ready         write one byte to descriptor 3 once all of them listen\n"
        "  --counts FILE   keep the warehouse's count there as CSV: sku,quantity,name\n"
        "  --fault TEXT    something goes wrong; may be given several times\n"
        "  --faults        list what can\n";

static bool speed_read(const char *s, double *out)
{
	int64_t milli; /* thousandths are enough */

	if (!text_minor(s, 3, &milli) || milli < 1 || milli > 100000000)
		return false;
	*out = (double)milli / 1000;
	return true;
}

/* "walmart,ebay" to bits; 0: a word is none of them. */
static unsigned platforms_read(const char *s)
{
	unsigned bits = 0;

	for (size_t n; *s; s += n + (s[n] == ',')) {
		enum platform p = 0;

		n = strcspn(s, ",");
		while (p < MARKETS && (strlen(platform_names[p]) != n || strncmp(s, platform_names[p], n) != 0))
			p++;
		if (p == MARKETS)
			return 0;
		bits |= 1u << p;
	}
	return bits;
}

/* One option that wants a number. NULL: it is none of them. */
static int64_t *number_of(struct wishes *w, int option, int64_t *max)
{
	*max = option == 'p' ? 65535 - PLATFORMS : option == 't' ? 1000 : option == 'k' ? 100000 : option == 's' ? INT64_MAX : 9000000;
	switch (option) {
	case 'p':
		return &w->port;
	case 's':
		return &w->seed;
	case 'k':
		return &w->skus;
	case 'o':
		return &w->orders;
	case 'a':
		return &w->a_day;
	case 't':
		return &w->settle;
	default:
		return NULL;
	}
}

static const char **text_of(struct wishes *w, int option)
{
	switch (option) {
	case 'c':
		return &w->clock;
	case 'f':
		return &w->state;
	case 'w':
		return &w->counts;
	case 'F':
		return w->faults < FAULTS_MAX ? &w->fault[w->faults++] : NULL;
	default:
		return NULL;
	}
}

/* -1: go on; else the command's status. */
static int option_take(struct wishes *w, int option)
{
	int64_t max, *number = number_of(w, option, &max);
	const char **text = text_of(w, option);

	if (number)
		return text_int(optarg, option == 'k', max, number) ? -1 : command_misused("sandbox", "%s is no number from %d to %" PRId64, optarg, option == 'k', max);
	if (text) {
		*text = optarg;
		return -1;
	}
	switch (option) {
	case 'x':
		return speed_read(optarg, &w->speed) ? -1 : command_misused("sandbox", "%s is no speed from 0.001 to 100000", optarg);
	case 'S':
		w->sells = platforms_read(optarg);
		return w->sells ? -1 : command_misused("sandbox", "%s is no list of walmart, amazon, ebay, shopify", optarg);
	case 'd':
		w->demo = true;
		return -1;
	case 'O':
		w->open = true;
		return -1;
	case 'D':
		w->depots = true;
		return -1;
	case 'u':
		w->uncapped = true;
		return -1;
	case 'r':
		w->ready = true;
		return -1;
	case 'l':
		list_faults();
		return STATUS_DONE;
	case 'h':
		fputs(help_text, stdout);
		return STATUS_DONE;
	default:
		return command_misused("sandbox", "the words are not understood");
	}
}

static int words_read(int argc, char **argv, struct wishes *w)
{
	int option, status = options_whole("sandbox", argc, argv, long_options);

	*w = (struct wishes){ .port = DEFAULT_PORT, .seed = 1, .skus = -1, .orders = -1, .a_day = -1, .settle = -1 };
	if (status >= 0)
		return status;
	optind = 0; /* GNU: begin anew */
	while ((option = getopt_long(argc, argv, "+", long_options, NULL)) != -1) {
		status = option_take(w, option);
		if (status >= 0)
			return status;
	}
	return optind < argc ? command_misused("sandbox", "%s is a word too many", argv[optind]) : -1;
}

/* ---- time ---- */

static int64_t scaled_now(void *ctx)
{
	const struct scaled *s = ctx;

	return s->began_ms + (int64_t)((double)(clock_now(&s->real) - s->began_ms) * s->speed);
}

/* "EPOCH_REAL_MS EPOCH_SIM_MS SPEED", see base/clock.h; written beside and renamed, so that nobody reads half of it. */
static bool clock_write(const char *path, int64_t now_ms, double speed)
{
	char beside[4096];
	FILE *f;
	bool ok;

	if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
		return false;
	f = fopen(beside, "we");
	if (!f)
		return false;
	ok = fprintf(f, "%" PRId64 " %" PRId64 " %g\n", now_ms, now_ms, speed) > 0;
	ok = fclose(f) == 0 && ok;
	return ok && rename(beside, path) == 0;
}

static bool clock_speed(const char *path, double *speed)
{
	FILE *f = fopen(path, "re");
	int64_t real, sim;
	bool ok = f && fscanf(f, "%" SCNd64 " %" SCNd64 " %lf", &real, &sim, speed) == 3 && *speed > 0;

	if (f)
		fclose(f);
	return ok;
}

static int clock_start(struct run *r)
{
	const struct wishes *w = &r->wishes;

	r->real = clock_real();
	r->speed = w->speed > 0 ? w->speed : 1;
	if (!w->clock) {
		r->scaled = (struct scaled){ r->real, clock_now(&r->real), r->speed };
		r->clock = (struct clock){ .now = scaled_now, .ctx = &r->scaled };
		return -1;
	}
	if (access(w->clock, F_OK) != 0 && !clock_write(w->clock, clock_now(&r->real), r->speed)) {
		fprintf(stderr, "tallyman sandbox: cannot write the clock %s: %s\n", w->clock, strerror(errno));
		return STATUS_FAILED;
	}
	if (!clock_speed(w->clock, &r->speed)) {
		fprintf(stderr, "tallyman sandbox: %s is no demo clock (EPOCH_REAL_MS EPOCH_SIM_MS SPEED)\n", w->clock);
		return STATUS_FAILED;
	}
	r->clock = clock_demo(w->clock);
	return -1;
}

/* ---- the world and its doors ---- */

static struct sandbox_options options_of(const struct run *r)
{
	const struct wishes *w = &r->wishes;
	int64_t now = clock_now(&r->clock);
	struct sandbox_options o = w->demo ? sandbox_demo((uint64_t)w->seed, now) : sandbox_defaults((uint64_t)w->seed, now);

	o.clock = &r->clock;
	o.delays = o.log = true;
	o.state = w->state;
	o.world.open = w->open;
	o.world.depots = w->depots;
	o.world.bundles = w->depots && w->demo;
	if (w->skus >= 0)
		o.world.skus = (int)w->skus;
	if (w->orders >= 0)
		o.world.orders = (int)w->orders;
	if (w->a_day >= 0)
		o.world.orders_a_day = (int)w->a_day;
	if (w->settle >= 0)
		o.world.settle_pct = (int)w->settle;
	if (w->sells)
		o.world.sells = w->sells;
	if (w->uncapped)
		o.world.list_cap = 0;
	return o;
}

static int failed(const struct err *err)
{
	fprintf(stderr, "tallyman sandbox: %s\n", err->text);
	return STATUS_FAILED;
}

static int world_start(struct run *r)
{
	struct sandbox_options o = options_of(r);
	struct err err = { 0 };

	if (sandbox_open(&o, &r->sandbox, &err) != OK)
		return failed(&err);
	for (int i = 0; i < r->wishes.faults; i++)
		if (sandbox_fault(r->sandbox, r->wishes.fault[i], &err) != OK)
			return command_misused("sandbox", "%s", err.text);
	return -1;
}

/* The warehouse's count, written only when it has changed. false: it could not be. */
static bool counts_keep(struct run *r)
{
	struct arena *a = arena_new();
	const char *csv = control_counts(a, r->sandbox->world), *beside = arena_printf(a, "%s.new", r->wishes.counts);
	bool same = r->counts && strcmp(r->counts, csv) == 0, ok = same;
	FILE *f = same ? NULL : fopen(beside, "we");

	if (f) {
		ok = fputs(csv, f) >= 0;
		ok = fclose(f) == 0 && ok && rename(beside, r->wishes.counts) == 0;
		free(r->counts);
		r->counts = ok ? strdup(csv) : NULL;
	}
	arena_free(a);
	return ok;
}

/* The count is there before anybody is told that we stand: who starts us reads it next. */
static int counts_start(struct run *r)
{
	if (!r->wishes.counts || counts_keep(r))
		return -1;
	fprintf(stderr, "tallyman sandbox: cannot write %s: %s\n", r->wishes.counts, strerror(errno));
	return STATUS_FAILED;
}

/* One ready line a platform: "ready walmart http://127.0.0.1:4180". */
static int doors_open(struct run *r)
{
	for (int i = 0; i < PLATFORMS; i++) {
		struct handler h = sandbox_handler(r->sandbox, (enum platform)i);
		struct err err = { 0 };

		r->listener[i] = listen_open(&h, r->wishes.port ? (int)r->wishes.port + i : 0, r->speed, &err);
		if (!r->listener[i])
			return failed(&err);
	}
	for (int i = 0; i < PLATFORMS; i++)
		printf("ready %s http://127.0.0.1:%d\n", platform_names[i], listen_port(r->listener[i]));
	fflush(stdout);
	if (r->wishes.ready && write(READY_FD, "r", 1) == 1)
		close(READY_FD);
	return -1;
}

static int signals_open(struct run *r)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r->signals >= 0)
		return -1;
	fprintf(stderr, "tallyman sandbox: signalfd: %s\n", strerror(errno));
	return STATUS_FAILED;
}

/* ---- keeping ---- */

static int state_keep(struct run *r)
{
	struct err err = { 0 };

	if (r->wishes.counts)
		counts_keep(r);
	if (r->wishes.state && world_save(r->sandbox->world, r->wishes.state, &err) != OK)
		return failed(&err);
	return STATUS_DONE;
}

/* The world by the machine's time, for a crash is real; the count by the simulated one, for the shelf empties in it. */
static void keep_now_and_then(struct run *r)
{
	int64_t now = clock_now(&r->clock), real = clock_now(&r->real);

	if (r->wishes.counts && now - r->counted_ms >= COUNT_EVERY_MS) {
		counts_keep(r);
		r->counted_ms = now;
	}
	if (real - r->saved_ms >= SAVE_EVERY_MS) {
		state_keep(r);
		r->saved_ms = real;
	}
}

static void serve_until_told(struct run *r)
{
	struct pollfd fds[PLATFORMS + 1] = { [PLATFORMS] = { r->signals, POLLIN, 0 } };

	for (int i = 0; i < PLATFORMS; i++)
		fds[i] = (struct pollfd){ listen_fd(r->listener[i]), POLLIN, 0 };
	while (!(fds[PLATFORMS].revents & POLLIN)) {
		poll(fds, PLATFORMS + 1, LOOK_EVERY_MS);
		sandbox_advance(r->sandbox, clock_now(&r->clock));
		for (int i = 0; i < PLATFORMS; i++)
			listen_turn(r->listener[i], 0);
		keep_now_and_then(r);
	}
}

static void run_close(struct run *r)
{
	for (int i = 0; i < PLATFORMS; i++)
		if (r->listener[i])
			listen_close(r->listener[i]);
	if (r->signals >= 0)
		close(r->signals);
	sandbox_close(r->sandbox);
	clock_close(&r->clock);
	free(r->counts);
}

int cmd_sandbox(int argc, char **argv)
{
	static int (*const steps[])(struct run *) = { clock_start, signals_open, world_start, counts_start, doors_open };
	struct run r = { .signals = -1 };
	int status = words_read(argc, argv, &r.wishes);

	if (status >= 0)
		return status;
	for (size_t i = 0; status < 0 && i < sizeof steps / sizeof *steps; i++)
		status = steps[i](&r);
	if (status < 0) {
		serve_until_told(&r);
		status = state_keep(&r);
		puts("stopped");
	}
	run_close(&r);
	return status;
}
