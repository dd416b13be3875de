#include "golden/seller.h"

#include "base/clock.h"
#include "sandbox/service.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { READY_FD = 3, READY_MS = 30000, SPEED = 20, SKUS = 120 };

struct seller {
	char dir[64], still[80];
	int walmart, amazon; /* ports */
	pid_t sandbox, engine;
};

/* ---- processes ---- */

/* They end with us, however we end. */
static void become(const struct seller *s, const char *const argv[], int ready)
{
	char log[80];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), out;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setsid();
	snprintf(log, sizeof log, "%s/test.log", s->dir);
	out = open(log, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	dup2(ready, READY_FD);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

/* Start it and wait for the byte with which it says that it stands. */
static pid_t start(struct seller *s, const char *const argv[])
{
	struct pollfd p = { .events = POLLIN };
	int ends[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become(s, argv, ends[1]);
	close(ends[1]);
	p.fd = ends[0];
	if (poll(&p, 1, READY_MS) != 1 || read(ends[0], &c, 1) != 1)
		fail_msg("tallyman %s does not stand; its words are in %s/test.log", argv[1], s->dir);
	close(ends[0]);
	return pid;
}

static void stop(pid_t pid)
{
	if (pid > 0 && kill(pid, SIGTERM) == 0)
		waitpid(pid, NULL, 0);
}

/* ---- files ---- */

static void write_file(const struct seller *s, const char *name, const char *text)
{
	char path[128];
	FILE *f;
	int fd;

	snprintf(path, sizeof path, "%s/%s", s->dir, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!f || fputs(text, f) < 0 || fclose(f))
		fail_msg("%s: %s", path, strerror(errno));
}

static const char config[] =
	"[store]\nprofile = demo\nclock = %1$s/%4$s\n\n"
	"[truth]\ncatalog = warehouse\nstock = warehouse\npricing = warehouse\n\n"
	"[orders]\npoll_s = 20\n\n[stock]\nread_s = 120\n\n[feeds]\nread_s = 60\n\n"
	"[account walmart-us]\nchannel = walmart\nmode = live\nbase_url = http://127.0.0.1:%2$d\ntoken_url = http://127.0.0.1:%2$d/v3/token\n"
	"ship_node = 10001204501\nclient_id = file:%1$s/walmart-id\nclient_secret = file:%1$s/walmart\n\n"
	"[account amazon]\nchannel = amazon\nmode = live\nbase_url = http://127.0.0.1:%3$d\ntoken_url = http://127.0.0.1:%3$d/auth/o2/token\n"
	"seller_id = " SANDBOX_AMAZON_SELLER "\nmarketplaces = ATVPDKIKX0DER A2EUQ1WTGCTBG2 A1AM78C64UM0Y8\n"
	"client_id = file:%1$s/amazon-id\nclient_secret = file:%1$s/amazon\nrefresh_token = file:%1$s/amazon-refresh\n\n"
	"[account warehouse]\nchannel = local\ncounts_file = %1$s/counts.csv\n";

static void write_ini(const struct seller *s, const char *name, const char *clock)
{
	char text[4096];

	snprintf(text, sizeof text, config, s->dir, s->walmart, s->amazon, clock);
	write_file(s, name, text);
}

static void write_config(const struct seller *s)
{
	write_ini(s, "tallyman.ini", "clock");
	write_file(s, "walmart-id", SANDBOX_WALMART_ID);
	write_file(s, "walmart", SANDBOX_WALMART_SECRET);
	write_file(s, "amazon-id", SANDBOX_AMAZON_ID);
	write_file(s, "amazon", SANDBOX_AMAZON_SECRET);
	write_file(s, "amazon-refresh", SANDBOX_AMAZON_REFRESH);
}

/* The ready lines are the first of the log: "ready walmart http://127.0.0.1:40123". */
static int read_port(const struct seller *s, const char *platform)
{
	char path[80], line[512], want[64];
	int port = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/test.log", s->dir);
	snprintf(want, sizeof want, "ready %s http://127.0.0.1:", platform);
	f = fopen(path, "re");
	while (f && !port && fgets(line, sizeof line, f))
		if (!strncmp(line, want, strlen(want)))
			port = atoi(line + strlen(want));
	if (f)
		fclose(f);
	if (!port)
		fail_msg("the sandbox does not say where %s is", platform);
	return port;
}

/* ---- the whole ---- */

struct seller *seller_start(void)
{
	struct seller *s = calloc(1, sizeof *s);
	const char *program = getenv("TALLYMAN");
	char clock[80], counts[80], ini[80], skus[16], speed[16];
	const char *sandbox[] = { program ? program : "build/tallyman", "sandbox", "--demo", "--port", "0", "--skus", skus, "--speed", speed,
		                  "--clock", clock, "--counts", counts, "--ready", NULL };
	const char *engine[] = { sandbox[0], "engine", "--store", s->dir, "--config", ini, "--ready", NULL };
	struct err err = { 0 };

	strcpy(s->dir, "/tmp/tallyman-seller-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(clock, sizeof clock, "%s/clock", s->dir);
	snprintf(counts, sizeof counts, "%s/counts.csv", s->dir);
	snprintf(ini, sizeof ini, "%s/tallyman.ini", s->dir);
	snprintf(skus, sizeof skus, "%d", SKUS);
	snprintf(speed, sizeof speed, "%d", SPEED);
	if (store_create(s->dir, NULL, &err))
		fail_msg("%s", err.text);
	s->sandbox = start(s, sandbox);
	s->walmart = read_port(s, "walmart");
	s->amazon = read_port(s, "amazon");
	write_config(s);
	s->engine = start(s, engine);
	return s;
}

void seller_end(struct seller *s)
{
	char command[100];

	if (!s)
		return;
	stop(s->engine);
	stop(s->sandbox);
	snprintf(command, sizeof command, "rm -rf %s", s->dir);
	if (system(command))
		fprintf(stderr, "%s stays\n", s->dir);
	free(s);
}

const char *seller_dir(const struct seller *s)
{
	return s->dir;
}

const char *seller_still(struct seller *s)
{
	char path[80], text[64];
	struct clock world;

	snprintf(path, sizeof path, "%s/clock", s->dir);
	world = clock_demo(path);
	snprintf(text, sizeof text, "0 %" PRId64 " 0\n", clock_now(&world));
	clock_close(&world);
	write_file(s, "still-clock", text);
	write_ini(s, "still.ini", "still-clock");
	snprintf(s->still, sizeof s->still, "%s/still.ini", s->dir);
	return s->still;
}

void seller_hold(const struct seller *s, bool held)
{
	kill(s->engine, held ? SIGSTOP : SIGCONT);
}

/* ---- what is so ---- */

static size_t fetch_report(const struct seller *s, char *out, size_t cap)
{
	static const char ask[] = "GET /sandbox/report HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->walmart), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = 0;
	ssize_t got = 1;

	if (connect(fd, (struct sockaddr *)&to, sizeof to) || write(fd, ask, sizeof ask - 1) != (ssize_t)sizeof ask - 1)
		fail_msg("the sandbox does not answer: %s", strerror(errno));
	while (got > 0 && n + 1 < cap) {
		got = read(fd, out + n, cap - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	out[n] = '\0';
	return n;
}

int64_t seller_count(const struct seller *s, const char *name)
{
	char report[8192], want[64];
	const char *at;

	fetch_report(s, report, sizeof report);
	snprintf(want, sizeof want, "\"%s\":", name);
	at = strstr(report, want);
	if (!at)
		fail_msg("the sandbox counts no %s:\n%s", name, report);
	return strtoll(at + strlen(want), NULL, 10);
}

int64_t seller_ask(const struct seller *s, const char *sql)
{
	struct store *store;
	struct err err = { 0 };
	int64_t n = -1;

	if (store_open(s->dir, STORE_READ, &store, &err) || GET_INT(store, &err, 0, &n, sql))
		fail_msg("%s", err.text);
	store_close(store);
	return n;
}
