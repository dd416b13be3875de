/*
 * console: what a person feels: the real program in a terminal of 160 by 50, on the queue of orders.
 *
 * A key is settled at the last byte that it brings, once nothing more has come for a while. The floor is a list drawn by plain ncurses
 * over the same store: keyset pages through the same index, a mark in the gutter, no timer.
 */
#include "base/clock.h"
#include "bench/gauge.h"
#include "bench/queue.h"
#include "net/ask.h"
#include "trade/intents.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <ncurses.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { TALL = 50, WIDE = 160, KEYS = 150, BURST = 200, QUIET_MS = 25, CALM_MS = 300, IDLE_S = 4, SAVED_S = 3, SHOWN = 46, STARTS = 5 };

/* ---- the floor: a list and nothing else ---- */

static int floor_page(sqlite3_stmt *q, int64_t *due, int64_t *id)
{
	int y = 0;

	sqlite3_bind_int64(q, 1, *due);
	sqlite3_bind_int64(q, 2, *id);
	for (; sqlite3_step(q) == SQLITE_ROW; y++) {
		*id = sqlite3_column_int64(q, 0);
		*due = sqlite3_column_int64(q, 1);
		mvprintw(y, 2, "%-18s %-10s %-20s %6lld %10lld %lld", sqlite3_column_text(q, 2), sqlite3_column_text(q, 3), sqlite3_column_text(q, 4),
		         (long long)sqlite3_column_int64(q, 5), (long long)sqlite3_column_int64(q, 6), (long long)*due);
	}
	sqlite3_reset(q);
	return y;
}

/* The order of this number, by its index, and the page from it on. */
static int floor_search(sqlite3 *db, sqlite3_stmt *page, const char *ref)
{
	sqlite3_stmt *q;
	int64_t due = 0, id = 0;

	if (sqlite3_prepare_v2(db, "SELECT due_ms, id - 1 FROM orders WHERE account_id = 1 AND ref = ?", -1, &q, NULL) != SQLITE_OK)
		bench_fail("a search", sqlite3_errmsg(db));
	sqlite3_bind_text(q, 1, ref, -1, SQLITE_STATIC);
	if (sqlite3_step(q) == SQLITE_ROW) {
		due = sqlite3_column_int64(q, 0);
		id = sqlite3_column_int64(q, 1);
	}
	sqlite3_finalize(q);
	erase();
	return floor_page(page, &due, &id);
}

static int floor_main(const char *dir)
{
	static const char sql[] = "SELECT id, due_ms, ref, state, sku, units, total_minor FROM orders WHERE open = 1 AND (due_ms, id) > (?, ?) "
				  "ORDER BY due_ms, id LIMIT 46";
	char path[200];
	sqlite3 *db;
	sqlite3_stmt *q;
	int64_t due = 0, id = 0;
	int n, at = 0, key;

	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK || sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	initscr();
	cbreak();
	noecho();
	curs_set(0);
	n = floor_page(q, &due, &id);
	mvaddch(0, 0, '>');
	refresh();
	while ((key = getch()) != 'q' && key != ERR) {
		if (key == 'f') {
			char ref[64];

			getnstr(ref, sizeof ref - 1);
			n = floor_search(db, q, ref);
			at = 0;
			mvaddch(at, 0, '>');
			refresh();
			continue;
		}
		do {
			mvaddch(at, 0, ' ');
			if (key == 'j' && ++at == n) {
				erase();
				n = floor_page(q, &due, &id);
				at = 0;
			}
			mvaddch(at, 0, '>');
			nodelay(stdscr, true); /* what waits is taken before anything is painted */
			key = getch();
			nodelay(stdscr, false);
		} while (key == 'j');
		refresh();
		if (key == 'q')
			break;
	}
	endwin();
	return 0;
}

/* ---- a terminal ---- */

struct tty {
	int fd;
	pid_t pid;
	int64_t bytes;
	char seen[1 << 20]; /* the beginning of what it sent */
	size_t seen_n;
};

static void tty_start(struct tty *t, const char *const *argv)
{
	struct winsize size = { TALL, WIDE, 0, 0 };

	t->bytes = 0;
	t->seen_n = 0;
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid < 0)
		bench_fail("a terminal", strerror(errno));
	if (!t->pid) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		setenv("XDG_STATE_HOME", bench_dir(), 1);
		unsetenv("NO_COLOR");
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
}

/* Read until nothing has come for quiet_ms; the moment of the last byte, or 0 when none came. */
static double settle(struct tty *t, int quiet_ms)
{
	double last = 0;
	char chunk[65536];
	struct pollfd p = { t->fd, POLLIN, 0 };

	while (poll(&p, 1, last > 0 ? quiet_ms : 10000) == 1) {
		ssize_t n = read(t->fd, chunk, sizeof chunk);
		size_t room = sizeof t->seen - t->seen_n;

		if (n <= 0)
			break;
		last = wall_now();
		t->bytes += n;
		memcpy(t->seen + t->seen_n, chunk, (size_t)n < room ? (size_t)n : room);
		t->seen_n += (size_t)n < room ? (size_t)n : room;
	}
	return last;
}

static double key(struct tty *t, const char *keys, size_t n, int quiet_ms)
{
	double from = wall_now(), last;

	if (write(t->fd, keys, n) != (ssize_t)n)
		bench_fail("a key", "was not taken");
	last = settle(t, quiet_ms);
	if (last <= 0)
		bench_fail("a key", "moved nothing within 10 s");
	return (last - from) * 1000;
}

static void tty_end(struct tty *t)
{
	int status;

	kill(t->pid, SIGHUP); /* as when a line is cut */
	close(t->fd);
	waitpid(t->pid, &status, 0);
}

/* ---- what /proc knows of it ---- */

struct usage {
	int64_t wakes, rss_kb, hwm_kb, ticks;
};

static int64_t after(const char *text, const char *name)
{
	const char *p = strstr(text, name);

	return p ? strtoll(p + strlen(name), NULL, 10) : 0;
}

static const char *proc_read(pid_t pid, const char *name, char *out, size_t cap)
{
	char path[64];
	int fd;
	ssize_t n = 0;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || (n = read(fd, out, cap - 1)) < 0)
		bench_fail(path, strerror(errno));
	close(fd);
	out[n] = '\0';
	return out;
}

static struct usage usage_of(pid_t pid)
{
	char text[8192];
	struct usage u = { 0 };
	unsigned long user, kernel;

	proc_read(pid, "status", text, sizeof text);
	u.wakes = after(text, "\nvoluntary_ctxt_switches:");
	u.rss_kb = after(text, "VmRSS:");
	u.hwm_kb = after(text, "VmHWM:");
	proc_read(pid, "stat", text, sizeof text);
	if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) == 2)
		u.ticks = (int64_t)(user + kernel);
	return u;
}

/* ---- measures ---- */

struct felt {
	double start, down, down_p95, bytes, burst, search, idle_bytes, idle_wakes, idle_cpu, rss, hwm;
};

static double start_once(struct tty *t, const char *const *argv)
{
	double from = wall_now(), last;

	tty_start(t, argv);
	last = settle(t, CALM_MS);
	if (!memmem(t->seen, t->seen_n, QUEUE_REF, strlen(QUEUE_REF)))
		bench_fail(argv[0], "its first frame shows no order");
	return (last - from) * 1000;
}

static void rest(struct tty *t, int seconds)
{
	for (double end = wall_now() + seconds, left; (left = end - wall_now()) > 0;) {
		struct pollfd p = { t->fd, POLLIN, 0 };

		if (poll(&p, 1, (int)(left * 1000) + 1) == 1)
			settle(t, 1);
	}
}

/* An order deep in the list, found by its number: one whose digits no terminal repeats or leaves as they are. */
static double search(struct tty *t, int orders)
{
	char keys[64], want[32];
	double took;

	snprintf(want, sizeof want, QUEUE_REF "%d", 10000000 + orders - orders / 7);
	snprintf(keys, sizeof keys, "f%s\r", want);
	t->seen_n = 0;
	took = key(t, keys, strlen(keys), CALM_MS);
	if (!memmem(t->seen, t->seen_n, want + strlen(want) - 3, 3))
		bench_fail("a search", "the order does not appear");
	return took;
}

static struct felt feel(const char *const *argv, int orders)
{
	static struct tty t;
	struct felt f = { 0 };
	struct usage before, now;
	double start[STARTS], down[KEYS];
	char burst[BURST];
	int64_t sent;

	for (int i = 0; i < STARTS; i++) {
		start[i] = start_once(&t, argv);
		if (i < STARTS - 1)
			tty_end(&t);
	}
	f.start = middle(start, STARTS);
	sent = t.bytes;
	for (int i = 0; i < KEYS; i++)
		down[i] = key(&t, "j", 1, QUIET_MS);
	f.bytes = (double)(t.bytes - sent) / KEYS;
	f.down_p95 = p95(down, KEYS);
	f.down = middle(down, KEYS);
	memset(burst, 'j', sizeof burst);
	f.burst = key(&t, burst, sizeof burst, CALM_MS);
	rest(&t, SAVED_S); /* the place is written down two seconds after a key */
	before = usage_of(t.pid);
	sent = t.bytes;
	rest(&t, IDLE_S);
	now = usage_of(t.pid);
	f.idle_bytes = (double)(t.bytes - sent) / IDLE_S;
	f.idle_wakes = (double)(now.wakes - before.wakes) / IDLE_S;
	f.idle_cpu = (double)(now.ticks - before.ticks) * 1000 / (double)sysconf(_SC_CLK_TCK) / IDLE_S;
	f.rss = (double)now.rss_kb / 1024;
	f.hwm = (double)now.hwm_kb / 1024;
	f.search = search(&t, orders);
	tty_end(&t);
	return f;
}

/* ---- while the engine commits without pause ---- */

static void note_once(struct ask_line *line, struct rng *rng, int64_t at)
{
	struct arena *a = arena_new();
	struct intent in = { .kind = INTENT_NOTE, .subject = "order:1", .made_ms = at, .payload = fields_new(a) };
	char uuid[40], *message;
	const char *answer;
	size_t n;
	struct err err = { 0 };

	rng_uuid(rng, uuid);
	in.asker = uuid;
	fields_put(&in.payload, "subject", "order:1");
	fields_put(&in.payload, "text", "one more");
	message = intent_pack(&in, a);
	if (ask_wait(line, message, strlen(message), 10000, &answer, &n, &err) || !strstr(answer, "result=ok"))
		bench_fail("a note", err.fault ? err.text : answer);
	arena_free(a);
}

/* Somebody who writes notes as fast as the engine takes them, one commit each; *done counts them. */
static pid_t chatter(const char *dir, volatile int64_t *done)
{
	char path[200];
	struct rng rng = rng_real();
	struct err err = { 0 };
	struct ask_line *line;
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(path, sizeof path, "%s/engine.sock", dir);
	line = ask_dial(path, &err);
	if (!line)
		bench_fail(path, err.text);
	for (;; ++*done)
		note_once(line, &rng, (int64_t)time(NULL) * 1000);
}

struct busy {
	double p50, p95, commits;
};

static struct busy feel_busy(const char *const *argv, const char *dir)
{
	static struct tty t;
	volatile int64_t *done = mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t writer = chatter(dir, done);
	double down[KEYS], from;
	struct busy b;
	int status;

	start_once(&t, argv);
	from = wall_now();
	b.commits = -(double)*done;
	for (int i = 0; i < KEYS; i++)
		down[i] = key(&t, "j", 1, QUIET_MS);
	b.commits = (b.commits + (double)*done) / (wall_now() - from);
	b.p95 = p95(down, KEYS);
	b.p50 = middle(down, KEYS);
	tty_end(&t);
	if (waitpid(writer, &status, WNOHANG) == writer)
		bench_fail("the notes", "ended too early");
	kill(writer, SIGKILL);
	waitpid(writer, &status, 0);
	return b;
}

/* The next start is where the last one was left: at the top of the queue of orders. */
static void go_to_orders(const char *const *argv)
{
	static struct tty t;

	tty_start(&t, argv);
	settle(&t, CALM_MS);
	key(&t, "12g", 3, CALM_MS);
	tty_end(&t);
}

static void measure(const char *self, const char *program, int orders)
{
	const char *dir = queue_make(orders);
	const char *const ours[] = { program, "--store", dir, NULL }, *const bare[] = { self, "--floor", dir, NULL };
	pid_t engine = queue_engine(program, dir);
	struct felt f, b = feel(bare, orders);
	struct busy busy;

	go_to_orders(ours);
	f = feel(ours, orders);
	go_to_orders(ours);
	busy = feel_busy(ours, dir);
	gauge("console_start", orders, f.start, "ms", b.start);
	gauge("console_down_p50", orders, f.down, "ms", b.down);
	gauge("console_down_p95", orders, f.down_p95, "ms", b.down_p95);
	gauge("console_bytes", orders, f.bytes, "B/key", b.bytes);
	gauge("console_burst", orders, f.burst, "ms", b.burst);
	gauge("console_down_busy_p50", orders, busy.p50, "ms", f.down);
	gauge("console_down_busy_p95", orders, busy.p95, "ms", f.down_p95);
	gauge("console_busy_commits", orders, busy.commits, "1/s", 0);
	gauge("console_search", orders, f.search, "ms", b.search);
	gauge("console_idle_bytes", orders, f.idle_bytes, "B/s", 0);
	gauge("console_idle_wakes", orders, f.idle_wakes, "1/s", 0);
	gauge("console_idle_cpu", orders, f.idle_cpu, "ms/s", 0);
	gauge("console_rss", orders, f.rss, "MB", b.rss);
	kill(engine, SIGTERM);
	waitpid(engine, NULL, 0);
}

int main(int argc, char **argv)
{
	static const int sizes[] = { 10000, 100000, 1000000 };
	const char *program = getenv("TALLYMAN");
	int only = argc > 1 ? atoi(argv[1]) : 0;

	if (argc > 2 && !strcmp(argv[1], "--floor"))
		return floor_main(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	bench_dir();
	for (size_t i = 0; i < (only ? 1 : sizeof sizes / sizeof *sizes); i++)
		measure("/proc/self/exe", program ? program : "build/tallyman", only ? only : sizes[i]);
	return 0;
}
