/*
 * tallyman demo: a simulated seller on this machine: marketplaces, an engine, the console.
 *
 * The sandbox and the engine outlive the terminal, as a real engine does; `tallyman demo --stop` ends them. Everything is in one
 * folder, and one file there says when the simulated world began and how fast it runs, so that all three
 * processes agree on the time.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/home.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/furnish.h"
#include "cmd/options.h"
#include "cmd/start.h"
#include "store/lease.h"
#include "sandbox/service.h"
#include "store/store.h"
#include "ui/console.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PORT = 4711, SKUS = 240, END_S = 60 }; /* under load an engine ends its turn first */

struct demo {
	char dir[2048], config[2112], clock[2112], counts[2112], state[2112], pids[2112], log[2112];
	double speed;
	int port;
	bool chosen; /* --speed or --port was given */
};

static int fail(const char *what, const char *why)
{
	fprintf(stderr, "tallyman demo: %s: %s\n", what, why);
	return 1;
}

/* Six a minute: enough to see them come, though Amazon is asked once in three minutes only. */
#define A_DAY "9000"

static void set_paths(struct demo *d, const char *dir)
{
	snprintf(d->dir, sizeof d->dir, "%s", dir);
	snprintf(d->config, sizeof d->config, "%s/tallyman.ini", d->dir);
	snprintf(d->clock, sizeof d->clock, "%s/clock", d->dir);
	snprintf(d->counts, sizeof d->counts, "%s/counts.csv", d->dir);
	snprintf(d->state, sizeof d->state, "%s/sandbox.state", d->dir);
	snprintf(d->pids, sizeof d->pids, "%s/sandbox.pid", d->dir);
	snprintf(d->log, sizeof d->log, "%s/demo.log", d->dir);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	size_t n = strlen(text);
	int bad = fd < 0 || write(fd, text, n) != (ssize_t)n;

	if (fd >= 0 && close(fd))
		bad = 1;
	return bad ? fail(path, strerror(errno)) : 0;
}

static const char config_text[] =
	"# The demo's configuration: simulated marketplaces on this machine, nothing leaves it.\n"
	"[store]\nprofile = demo\nclock = %s\n\n"
	"[truth]\ncatalog = %s\nstock = %s\npricing = %s\n\n"
	"[orders]\npoll_s = 20\n\n"
	"[stock]\nread_s = 120\n\n"
	"[feeds]\nread_s = 60\n\n";

/* The simulated seller's accounts, each where this program speaks its marketplace's language. */
static const struct seller {
	const char *account, *channel, *token_path, *more; /* more: lines of its own */
	enum platform platform;
	const char *id, *secret, *refresh; /* refresh NULL: there is no such token */
	const char *token, *token_secret;  /* NULL: there is no such pair */
} sellers[] = {
	{ "walmart-us", "walmart", "/v3/token", "ship_node = 10001204501\n", WALMART, SANDBOX_WALMART_ID, SANDBOX_WALMART_SECRET, NULL, NULL, NULL },
	{ "amazon", "amazon", "/auth/o2/token", "seller_id = " SANDBOX_AMAZON_SELLER "\nmarketplaces = ATVPDKIKX0DER A2EUQ1WTGCTBG2 A1AM78C64UM0Y8\n", AMAZON,
	  SANDBOX_AMAZON_ID, SANDBOX_AMAZON_SECRET, SANDBOX_AMAZON_REFRESH, NULL, NULL },
	{ "ebay-us", "ebay", "/identity/v1/oauth2/token", "marketplaces = EBAY_US\noosc = attested\n", EBAY, SANDBOX_EBAY_ID, SANDBOX_EBAY_SECRET, SANDBOX_EBAY_REFRESH, NULL, NULL },
	{ "shopify", "shopify", "/admin/oauth/access_token", "places = 68201001 68201002\n", SHOPIFY, SANDBOX_SHOPIFY_ID, SANDBOX_SHOPIFY_SECRET, NULL, NULL, NULL },
	{ "netsuite", "netsuite", "/services/rest/auth/oauth2/v1/token", "tenant = " SANDBOX_NETSUITE_ACCOUNT "\nplaces = 2 5 8\n", NETSUITE, SANDBOX_NETSUITE_ID,
	  SANDBOX_NETSUITE_SECRET, NULL, SANDBOX_NETSUITE_TOKEN, SANDBOX_NETSUITE_TOKEN_SECRET },
	{ "cartoncloud", "cartoncloud", "/uaa/oauth/token",
	  "tenant = " SANDBOX_CARTONCLOUD_TENANT "\ncustomer = " SANDBOX_CARTONCLOUD_CUSTOMER "\nplaces = Default Oakland\n", CARTONCLOUD, SANDBOX_CARTONCLOUD_ID,
	  SANDBOX_CARTONCLOUD_SECRET, NULL, NULL, NULL },
};

enum { SELLERS = sizeof sellers / sizeof *sellers };

/* The goods stand in several warehouses once this program can ask all who count them. */
static bool has_depots(void)
{
	return start_speaks("netsuite") && start_speaks("cartoncloud");
}

static bool has_account(const struct seller *s)
{
	return s->platform < MARKETS ? start_speaks(s->channel) : has_depots();
}

/* One secret in a file of its own, and the line that names it. */
static int secret_put(const struct demo *d, struct buf *b, const char *account, const char *key, const char *value)
{
	char path[2200];

	if (!value)
		return 0;
	snprintf(path, sizeof path, "%s/secret.%s.%s", d->dir, account, key);
	buf_printf(b, "%s = file:%s\n", key, path);
	return write_file(path, value);
}

static int seller_put(const struct demo *d, struct buf *b, const struct seller *s)
{
	int port = d->port + (int)s->platform, bad;

	buf_printf(b, "[account %s]\nchannel = %s\nmode = live\nbase_url = http://127.0.0.1:%d\ntoken_url = http://127.0.0.1:%d%s\n%s", s->account, s->channel, port, port,
	           s->token_path, s->more);
	bad = secret_put(d, b, s->account, "client_id", s->id);
	bad = bad ? bad : secret_put(d, b, s->account, "client_secret", s->secret);
	bad = bad ? bad : secret_put(d, b, s->account, "refresh_token", s->refresh);
	bad = bad ? bad : secret_put(d, b, s->account, "token_id", s->token);
	bad = bad ? bad : secret_put(d, b, s->account, "token_secret", s->token_secret);
	buf_putc(b, '\n');
	return bad;
}

static int write_config(const struct demo *d)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	int bad = 0;

	/* what each warehouse counts is told by its own system; where two tell, the logistics provider's is the count, and the ERP has items and prices */
	buf_printf(&b, config_text, d->clock, has_depots() ? "netsuite" : "warehouse", has_depots() ? "cartoncloud" : "warehouse",
	           has_depots() ? "netsuite" : "warehouse");
	for (int i = 0; i < SELLERS && !bad; i++)
		if (has_account(&sellers[i]))
			bad = seller_put(d, &b, &sellers[i]);
	buf_printf(&b, "[account warehouse]\nchannel = local\ncounts_file = %s\n", d->counts);
	bad = bad ? bad : write_file(d->config, b.p);
	arena_free(a);
	return bad;
}

/* "walmart,amazon": the simulated seller has offers where he has accounts, and nowhere else. */
static void sell_list(char *out, size_t cap)
{
	size_t n = 0;

	for (int i = 0; i < SELLERS; i++)
		if (sellers[i].platform < MARKETS && has_account(&sellers[i]))
			n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? "," : "", platform_names[sellers[i].platform]);
}

/* ---- processes ---- */

/* The sandbox's lock: held as long as it lives. Returns a descriptor that holds it now, or -1 and its pid. */
static int lock_sandbox(const struct demo *d, pid_t *pid)
{
	int fd = open(d->pids, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	char text[32] = "";

	*pid = 0;
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0 && read(fd, text, sizeof text - 1) > 0)
		*pid = (pid_t)strtol(text, NULL, 10);
	if (fd >= 0)
		close(fd);
	return -1;
}

static int start_sandbox(const struct demo *d, int lock)
{
	char port[16], speed[32], skus[16], sell[64], text[32];
	const char *argv[] = { "tallyman", "sandbox", "--demo", "--port", port, "--skus", skus, "--sell", sell, "--a-day", A_DAY, "--speed", speed, "--clock", d->clock,
		               "--state", d->state, "--counts", d->counts, "--ready", has_depots() ? "--depots" : NULL, NULL };
	pid_t pid;
	int fd, n;

	snprintf(port, sizeof port, "%d", d->port);
	snprintf(skus, sizeof skus, "%d", SKUS);
	sell_list(sell, sizeof sell);
	snprintf(speed, sizeof speed, "%g", d->speed);
	fd = start_detached(argv, d->log, lock, &pid);
	n = snprintf(text, sizeof text, "%ld\n", (long)pid);
	if (ftruncate(lock, 0) || pwrite(lock, text, (size_t)n, 0) != n)
		return fail(d->pids, strerror(errno));
	return start_stands(fd) ? 0 : fail("the sandbox did not start; its last words are in", d->log);
}

static int start_engine(const struct demo *d)
{
	const char *argv[] = { "tallyman", "engine", "--store", d->dir, "--config", d->config, "--ready", NULL };
	char who[160];
	pid_t pid;

	if (lease_holder(d->dir, who, sizeof who))
		return 0;
	return start_stands(start_detached(argv, d->log, -1, &pid)) ? 0 : fail("the engine did not start; its last words are in", d->log);
}

static void end_process(pid_t pid, bool (*gone)(const struct demo *), const struct demo *d)
{
	if (pid > 1 && !kill(pid, SIGTERM))
		for (int i = 0; i < END_S * 10 && !gone(d); i++)
			poll(NULL, 0, 100);
}

static bool engine_gone(const struct demo *d)
{
	char who[160];

	return !lease_holder(d->dir, who, sizeof who);
}

static bool sandbox_gone(const struct demo *d)
{
	pid_t pid;
	int fd = lock_sandbox(d, &pid);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int stop(const struct demo *d)
{
	char who[160];
	pid_t pid;
	int fd;

	if (lease_holder(d->dir, who, sizeof who) && !strncmp(who, "pid ", 4))
		end_process((pid_t)strtol(who + 4, NULL, 10), engine_gone, d);
	fd = lock_sandbox(d, &pid);
	if (fd >= 0)
		close(fd);
	else
		end_process(pid, sandbox_gone, d);
	if (!engine_gone(d) || !sandbox_gone(d))
		return fail(d->dir, "the engine or the sandbox did not end within a minute");
	printf("the demo's engine and sandbox have ended; its world stays in %s\n", d->dir);
	return 0;
}

/* ---- the whole ---- */

static int write_clock(const struct demo *d)
{
	struct clock real = clock_real();
	char text[96];
	int64_t now_ms = clock_now(&real);
	struct stat st;

	if (!stat(d->clock, &st)) { /* a world that is there goes on where it stands */
		struct clock world = clock_demo(d->clock);

		snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %g\n", now_ms, clock_now(&world), d->speed);
	} else {
		snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %g\n", now_ms, now_ms, d->speed);
	}
	return write_file(d->clock, text);
}

/* It goes on beside the console: the items that it speaks of are known once the warehouses have told them. */
static void start_furnishing(const struct demo *d)
{
	const char *argv[] = { "tallyman", "demo", "--furnish", "--store", d->dir, NULL };
	pid_t pid;
	int fd = start_detached(argv, d->log, -1, &pid);

	if (fd >= 0)
		close(fd);
}

static int start(struct demo *d)
{
	bool first = false;
	char path[2200];
	struct err err;
	struct stat st;
	pid_t pid;
	int lock, bad = 0;

	snprintf(path, sizeof path, "%s/tallyman.db", d->dir);
	if (stat(path, &st)) {
		if (store_create(d->dir, NULL, &err))
			return fail(d->dir, err.text);
		first = true;
	}
	lock = lock_sandbox(d, &pid);
	if (lock < 0) { /* the world runs: only look at it */
		if (d->chosen)
			fputs("tallyman demo: it runs already, as it was started: tallyman demo --stop, then --speed and --port hold\n", stderr);
		return start_engine(d);
	}
	bad = write_clock(d);
	if (!bad)
		bad = write_config(d);
	if (!bad)
		bad = start_sandbox(d, lock);
	close(lock);
	bad = bad ? bad : start_engine(d);
	if (!bad && first && has_depots())
		start_furnishing(d);
	return bad;
}

static int demo_console(const struct demo *d)
{
	struct console_options o = {
		.store = d->dir,
		.name = "demo",
		.profile = "demo",
		.demo = true,
		.clock = clock_demo(d->clock),
		.hand = clock_real(),
	};
	int status;

	setlocale(LC_ALL, "");
	status = console_run(&o);
	if (!status)
		puts("The demo goes on without you: tallyman demo brings you back, tallyman demo --stop ends it.");
	return status;
}

/* "": nowhere. A folder in /tmp would have a name that anybody can take first. */
static void default_dir(char *out, size_t cap)
{
	char home[1024];

	*out = '\0';
	if (home_of(HOME_DATA, home, sizeof home))
		snprintf(out, cap, "%s/demo", home);
}

struct wishes {
	char dir[2048];
	int64_t milli, port; /* thousandths of the speed; 0: not given */
	bool headless, ending, furnishing;
};

/* -1: go on; else how the command ends. */
static int read_words(int argc, char **argv, struct wishes *w)
{
	static const struct option longs[] = { { "store", 1, NULL, 's' },    { "speed", 1, NULL, 'x' }, { "port", 1, NULL, 'p' },
		                               { "headless", 0, NULL, 'h' }, { "stop", 0, NULL, 'e' },  { "furnish", 0, NULL, 'f' }, /* not for people */
		                               { NULL, 0, NULL, 0 } };
	int c, bad = options_whole("demo", argc, argv, longs);

	while (bad < 0 && (c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 's': snprintf(w->dir, sizeof w->dir, "%s", optarg); break;
		case 'h': w->headless = true; break;
		case 'e': w->ending = true; break;
		case 'f': w->furnishing = true; break;
		case 'x':
			if (!text_minor(optarg, 3, &w->milli) || w->milli < 100 || w->milli > 3600000)
				return command_misused("demo", "--speed is a number from 0.1 to 3600");
			break;
		case 'p':
			if (!text_int(optarg, 1024, 65000, &w->port))
				return command_misused("demo", "--port is a number from 1024 to 65000");
			break;
		default: return command_misused("demo", "an option without its value, or a short one");
		}
	}
	return bad < 0 && optind < argc ? command_misused("demo", "a word too many") : bad;
}

int cmd_demo(int argc, char **argv)
{
	struct wishes w = { 0 };
	struct demo d = { 0 };
	int bad;

	default_dir(w.dir, sizeof w.dir);
	bad = read_words(argc, argv, &w);
	if (bad >= 0)
		return bad;
	if (!*w.dir)
		return fail("neither XDG_DATA_HOME nor HOME says where its world is kept", "name a folder with --store");
	set_paths(&d, w.dir);
	d.chosen = w.milli || w.port;
	d.speed = w.milli ? (double)w.milli / 1000 : 1;
	d.port = w.port ? (int)w.port : PORT;
	if (w.ending)
		return stop(&d);
	if (w.furnishing)
		return furnish(d.dir, d.config);
	bad = start(&d);
	return bad || w.headless ? bad : demo_console(&d);
}
