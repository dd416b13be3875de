#include "tests/fault/child.h"

#include "base/log.h"
#include "engine/engine.h"
#include "engine/run.h"
#include "net/listen.h"
#include "sandbox/sandbox.h"
#include "tests/fault/power.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- doom: in the child only ---- */

static struct doom doom;
static int64_t happened; /* of its kind, so far */

static struct {
	int64_t every[DOOM_KINDS], passed[DOOM_KINDS];
	int64_t elsewhere; /* writes to what is not the write-ahead log */
	bool asked;        /* about any kind */
	pid_t self;        /* its helpers pass nothing */
} on_the_way;

static void hold_breath(enum doom_kind kind);

static void pass(enum doom_kind kind)
{
	if (on_the_way.every[kind] && ++on_the_way.passed[kind] % on_the_way.every[kind] == 0 && getpid() == on_the_way.self)
		hold_breath(kind);
}

static bool is_due(enum doom_kind kind)
{
	return doom.kind == kind && ++happened == doom.after;
}

static void come_due(enum doom_kind kind)
{
	pass(kind);
	if (is_due(kind))
		raise(SIGKILL);
}

/* Something is about to change on the disk. */
static void disk_comes_due(void)
{
	come_due(DOOM_WRITE);
	pass(DOOM_POWER);
	if (is_due(DOOM_POWER)) {
		power_fails();
		raise(SIGKILL);
	}
}

static void note_elsewhere(int fd)
{
	char link[40], path[300];
	ssize_t n;

	if (!on_the_way.asked)
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path);
	on_the_way.elsewhere += n < 4 || memcmp(path + n - 4, "-wal", 4) != 0;
}

static int64_t turn_ms, room_ms; /* now; and when there will be room on the disk again */

static bool disk_is_full(void)
{
	if (is_due(DOOM_FULL))
		room_ms = turn_ms + 15 * 60 * 1000;
	return turn_ms < room_ms;
}

/* SQLite's calls come through here: the program's own symbols are found before the library's. */
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	disk_comes_due();
	if (doom.kind == DOOM_POWER || on_the_way.every[DOOM_POWER])
		power_remember(fd, n, at);
	note_elsewhere(fd);
	if (doom.kind == DOOM_TORN || on_the_way.every[DOOM_TORN]) {
		syscall(SYS_pwrite64, fd, p, n / 2, at);
		come_due(DOOM_TORN);
	}
	if (disk_is_full()) {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

/* Of a folder SQLite does not mind (os_unix.c, unixSync): a log that was made a moment ago may be gone with all that is in it, and nothing else. */
static bool sync_fails(int fd)
{
	struct stat st;

	return doom.kind == DOOM_SYNC && !fstat(fd, &st) && !S_ISDIR(st.st_mode) && is_due(DOOM_SYNC);
}

int fsync(int fd)
{
	disk_comes_due();
	if (sync_fails(fd)) {
		errno = EIO;
		return -1;
	}
	power_forget(fd);
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	disk_comes_due();
	if (sync_fails(fd)) {
		errno = EIO;
		return -1;
	}
	power_forget(fd);
	return (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size)
{
	disk_comes_due();
	on_the_way.elsewhere++;
	return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

int unlink(const char *path)
{
	disk_comes_due();
	on_the_way.elsewhere++;
	return (int)syscall(SYS_unlink, path);
}

int rename(const char *from, const char *to)
{
	disk_comes_due();
	on_the_way.elsewhere++;
	return (int)syscall(SYS_rename, from, to);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_MALLOC
#endif
#endif

#if !defined(__SANITIZE_ADDRESS__) && !defined(OWN_MALLOC) /* whose allocator cannot be told to fail once */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);

void *malloc(size_t n)
{
	return is_due(DOOM_MEMORY) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return is_due(DOOM_MEMORY) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return is_due(DOOM_MEMORY) ? NULL : __libc_realloc(p, n);
}

bool child_can_starve(void)
{
	return true;
}
#else
bool child_can_starve(void)
{
	return false;
}
#endif

int sqlite3_step(void *statement)
{
	static int (*step)(void *);

	if (!step)
		*(void **)&step = dlsym(RTLD_NEXT, "sqlite3_step");
	come_due(DOOM_STEP);
	return step(statement);
}

/* ---- words on the wire between the two: a length, a letter, and its bytes ---- */

enum { LINE = 3 }; /* the child's end */

struct word {
	char letter;
	struct buf b;
	size_t at; /* read up to here */
};

static struct word word_new(struct arena *a, char letter)
{
	return (struct word){ letter, buf_new(a), 0 };
}

static void put_int(struct word *w, int64_t v)
{
	buf_add(&w->b, (const char *)&v, sizeof v);
}

static void put_bytes(struct word *w, const char *p, size_t n)
{
	put_int(w, p ? (int64_t)n : -1);
	if (p)
		buf_add(&w->b, p, n);
}

static void put_text(struct word *w, const char *s)
{
	put_bytes(w, s, s ? strlen(s) : 0);
}

static int64_t get_int(struct word *w)
{
	int64_t v;

	memcpy(&v, w->b.p + w->at, sizeof v);
	w->at += sizeof v;
	return v;
}

static char *get_bytes(struct word *w, size_t *n)
{
	int64_t size = get_int(w);
	char *p = w->b.p + w->at;

	*n = size < 0 ? 0 : (size_t)size;
	w->at += *n;
	return size < 0 ? NULL : arena_strndup(w->b.arena, p, *n);
}

static char *get_text(struct word *w)
{
	size_t n;

	return get_bytes(w, &n);
}

static bool send_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* In one piece, so that the other side is woken once; a long one goes on after that. */
static bool word_send(int fd, const struct word *w)
{
	uint64_t head[2] = { w->b.len, (uint64_t)w->letter };
	struct iovec part[2] = { { head, sizeof head }, { w->b.p, w->b.len } };
	struct msghdr whole = { .msg_iov = part, .msg_iovlen = 2 };
	ssize_t sent;

	while ((sent = sendmsg(fd, &whole, MSG_NOSIGNAL)) < 0 && errno == EINTR)
		;
	if (sent < (ssize_t)sizeof head)
		return false;
	return send_all(fd, w->b.p + ((size_t)sent - sizeof head), w->b.len - ((size_t)sent - sizeof head));
}

static bool receive_all(int fd, void *p, size_t n)
{
	char *at = p;

	while (n) {
		ssize_t got = read(fd, at, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

/* The two speak by turns, so what comes with a word's head is of that word. */
static bool word_receive(int fd, struct arena *a, struct word *w)
{
	char first[4096];
	uint64_t head[2];
	ssize_t got;
	char *p;

	while ((got = read(fd, first, sizeof first)) < 0 && errno == EINTR)
		;
	if (got < (ssize_t)sizeof head)
		return false;
	memcpy(head, first, sizeof head);
	*w = word_new(a, (char)head[1]);
	p = arena_alloc(a, head[0] + 1);
	got -= (ssize_t)sizeof head;
	memcpy(p, first + sizeof head, (size_t)got);
	if (!receive_all(fd, p + got, head[0] - (size_t)got))
		return false;
	w->b.p = p;
	w->b.len = head[0];
	return true;
}

/* No allocation here: it may be asked in the middle of one of SQLite's. 'P', the kind, writes elsewhere; 'G': go on. */
static void hold_breath(enum doom_kind kind)
{
	uint64_t place[4] = { 2 * sizeof place[0], 'P', (uint64_t)kind, (uint64_t)on_the_way.elsewhere }, go[2];

	if (kind == DOOM_POWER)
		power_fails();
	if (!send_all(LINE, place, sizeof place) || !receive_all(LINE, go, sizeof go))
		_exit(9);
}

static void put_headers(struct word *w, const struct header *h, int n)
{
	put_int(w, n);
	for (int i = 0; i < n; i++) {
		put_text(w, h[i].name);
		put_text(w, h[i].value);
	}
}

static int get_headers(struct word *w, struct header *h, int room)
{
	int n = (int)get_int(w);

	for (int i = 0; i < n && i < room; i++) {
		h[i].name = get_text(w);
		h[i].value = get_text(w);
	}
	return n < room ? n : room;
}

/* ---- the child's side ---- */

static const char *const urls[PLATFORMS] = {
	[WALMART] = DAY_WALMART, [AMAZON] = DAY_AMAZON,           [EBAY] = DAY_EBAY,
	[SHOPIFY] = DAY_SHOPIFY, [CARTONCLOUD] = DAY_CARTONCLOUD, [NETSUITE] = DAY_NETSUITE,
};

/* A request goes to the world in the parent; the answer is as if it had been served here. */
static void ask_world(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct word w = word_new(a, 'R');
	struct header *h = arena_alloc(a, 32 * sizeof *h);

	(void)ctx;
	come_due(DOOM_SAY);
	put_text(&w, r->op);
	put_text(&w, r->method);
	put_text(&w, r->url);
	put_text(&w, r->correlation);
	put_bytes(&w, r->body, r->body_len);
	put_headers(&w, r->header, r->headers);
	if (!word_send(LINE, &w) || !word_receive(LINE, a, &w) || w.letter != 'A')
		_exit(9); /* the world has ended */
	come_due(DOOM_HEARD);
	out->reply.status = (int)get_int(&w);
	out->reply.fault = (enum fault)get_int(&w);
	snprintf(out->reply.text, sizeof out->reply.text, "%s", get_text(&w));
	out->reply.received_ms = get_int(&w);
	out->delay_ms = get_int(&w);
	out->cut_at = get_int(&w);
	out->reply.body = get_bytes(&w, &out->reply.body_len);
	out->reply.headers = get_headers(&w, h, 32);
	out->reply.header = h;
}

static void tell(struct arena *a, char letter, int64_t v, const char *text)
{
	struct word w = word_new(a, letter);

	put_int(&w, v);
	put_text(&w, text);
	if (!word_send(LINE, &w))
		_exit(9);
}

static struct engine *open_engine(char **argv, const struct clock *clock, struct transport **net, struct arena *a)
{
	struct direct_route routes[PLATFORMS];
	struct engine_options o = { .dir = argv[2], .config = config_new(), .clock = *clock, .listen = true, .jitter = argv[5][0] == '1' };
	struct engine *e = NULL;
	struct err err = { 0 };

	for (int i = 0; i < PLATFORMS; i++)
		routes[i] = (struct direct_route){ urls[i], { ask_world, NULL } };
	o.rng = rng_seeded(strtoull(argv[3], NULL, 10));
	o.net = *net = direct_open(clock, routes, PLATFORMS);
	if (config_file(o.config, arena_printf(a, "%s/tallyman.ini", argv[2]), &err) || engine_open(&o, &e, &err)) {
		tell(a, 'E', err.fault, err.text);
		_exit(1);
	}
	return e;
}

/* "0,0,3": each third of the third kind. */
static void read_places(const char *text)
{
	char *end;

	on_the_way.self = getpid();
	for (int kind = 0; kind < DOOM_KINDS && *text; kind++, text = *end ? end + 1 : end)
		on_the_way.asked |= (on_the_way.every[kind] = strtoll(text, &end, 10)) != 0;
}

void child_main(int argc, char **argv)
{
	struct arena *a;
	int64_t now_ms;
	struct clock clock = clock_manual(&now_ms);
	struct transport *net;
	struct engine *e;
	struct word w;

	if (argc != 9 || strcmp(argv[1], "--engine"))
		return;
	engine_fence();
	a = arena_new();
	now_ms = turn_ms = strtoll(argv[4], NULL, 10);
	power_watch(argv[2]);
	doom = (struct doom){ (enum doom_kind)strtol(argv[6], NULL, 10), strtoll(argv[7], NULL, 10) };
	read_places(argv[8]);
	e = open_engine(argv, &clock, &net, a);
	tell(a, 'O', 0, "");
	for (; word_receive(LINE, a, &w) && (w.letter == 'T' || w.letter == 'M'); arena_reset(a)) {
		int64_t due, reply;

		if (w.letter == 'M') {
			int64_t nth = get_int(&w);

			tell(a, 'M', nth, "");
			doom = (struct doom){ DOOM_MEMORY, nth };
			happened = 0;
			continue;
		}
		come_due(DOOM_TURN);
		now_ms = turn_ms = get_int(&w);
		engine_turn(e, now_ms);
		if (engine_stopping(e)) {
			log_error("it stopped by itself");
			_exit(1);
		}
		due = engine_next_due(e, now_ms);
		reply = direct_next_due(net);
		tell(a, 'D', due < reply ? due : reply, "");
	}
	engine_close(e);
	tell(a, 'N', doom.kind ? happened : -1, "");
	_exit(0);
}

/* ---- the parent's side ---- */

struct child {
	pid_t pid;
	int line;
	struct sandbox *sandbox;
	struct arena *arena;
	char log[120];
	char leak[200]; /* a secret that was said where it must not be; "" */
	const struct places *places;
	bool killed_here; /* in this world: in the one that it lives in it lives on */
};

static void child_free(struct child *c)
{
	close(c->line);
	arena_free(c->arena);
	free(c);
}

/* The last line of its log that is no everyday word. */
static void last_words(const struct child *c, char *out, size_t cap)
{
	char line[400];
	FILE *f = fopen(c->log, "r");

	*out = '\0';
	while (f && fgets(line, sizeof line, f))
		if (!strstr(line, ": info:"))
			snprintf(out, cap, "%.*s", (int)strcspn(line, "\n"), line);
	if (f)
		fclose(f);
}

static enum fault child_gone(struct child *c, struct err *err)
{
	char words[160];
	int status = 0;

	if (c->killed_here) {
		child_free(c);
		return err_set(err, FAULT_UNSURE, "killed");
	}
	last_words(c, words, sizeof words);
	waitpid(c->pid, &status, 0);
	child_free(c);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return err_set(err, FAULT_UNSURE, "killed");
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT)
		return err_set(err, FAULT_ENDPOINT, "it fell: signal %d: %s", WTERMSIG(status), words);
	return err_set(err, FAULT_STORE, "%s %d: %s", WIFSIGNALED(status) ? "signal" : "exit status",
	               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), words);
}

static enum platform platform_of(const char *url)
{
	enum platform p = 0;

	while (p < PLATFORMS - 1 && strncmp(url, urls[p], strlen(urls[p])) != 0)
		p++;
	return p;
}

/* What each marketplace alone may hear, and nobody in an address: an address stands in other people's logs. */
static const struct {
	enum platform platform;
	const char *word;
} secrets[] = { { WALMART, SANDBOX_WALMART_SECRET }, { AMAZON, SANDBOX_AMAZON_SECRET }, { AMAZON, SANDBOX_AMAZON_REFRESH },
	      { EBAY, SANDBOX_EBAY_SECRET }, { SHOPIFY, SANDBOX_SHOPIFY_SECRET }, { CARTONCLOUD, SANDBOX_CARTONCLOUD_SECRET },
	      { NETSUITE, SANDBOX_NETSUITE_SECRET }, { NETSUITE, SANDBOX_NETSUITE_TOKEN_SECRET } };

static bool holds(const struct request *r, const char *word)
{
	bool yes = r->body_len && memmem(r->body, r->body_len, word, strlen(word));

	for (int i = 0; i < r->headers && !yes; i++)
		yes = strstr(r->header[i].value, word) != NULL;
	return yes;
}

static void listen_for(struct child *c, const struct request *r, bool its_own, const char *word)
{
	if (strlen(word) < 8 || *c->leak)
		return;
	if (strstr(r->url, word))
		snprintf(c->leak, sizeof c->leak, "a secret stands in an address: %.100s", r->op);
	else if (!its_own && holds(r, word))
		snprintf(c->leak, sizeof c->leak, "a secret went to somebody else's host: %.40s to %.50s", r->op, r->url);
}

static void listen_for_all(struct child *c, const struct request *r, enum platform to)
{
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		listen_for(c, r, secrets[i].platform == to, secrets[i].word);
	for (int p = 0; p < PLATFORMS; p++)
		for (int i = 0; i < TOKENS_MAX; i++)
			listen_for(c, r, p == (int)to, c->sandbox->service[p].access[i].value);
}

static bool serve_world(struct child *c, struct word *w)
{
	struct request r = { .arena = c->arena };
	struct served s = { .reply = { .status = 500, .body = "" }, .cut_at = -1 };
	struct word answer = word_new(c->arena, 'A');
	struct handler h;

	r.op = get_text(w);
	r.method = get_text(w);
	r.url = get_text(w);
	snprintf(r.correlation, sizeof r.correlation, "%s", get_text(w));
	r.body = get_bytes(w, &r.body_len);
	r.headers = get_headers(w, r.header, 16);
	listen_for_all(c, &r, platform_of(r.url));
	h = sandbox_handler(c->sandbox, platform_of(r.url));
	h.serve(h.ctx, c->arena, &r, &s);
	put_int(&answer, s.reply.status);
	put_int(&answer, s.reply.fault);
	put_text(&answer, s.reply.text);
	put_int(&answer, s.reply.received_ms);
	put_int(&answer, s.delay_ms);
	put_int(&answer, s.cut_at);
	put_bytes(&answer, s.reply.body, s.reply.body_len);
	put_headers(&answer, s.reply.header, s.reply.headers);
	return word_send(c->line, &answer);
}

/* It holds its breath; false: it was killed there. */
static bool look_around(struct child *c, struct word *w)
{
	struct word go = word_new(c->arena, 'G');
	enum doom_kind kind = (enum doom_kind)get_int(w);

	c->killed_here = c->places->at(c->places->ctx, kind, get_int(w));
	return !c->killed_here && word_send(c->line, &go);
}

/* Serve until it says one of these letters; false: it is gone. */
static bool hear_until(struct child *c, const char *letters, struct word *w)
{
	while (word_receive(c->line, c->arena, w)) {
		if (strchr(letters, w->letter))
			return true;
		if (!(w->letter == 'P' ? look_around(c, w) : w->letter == 'R' && serve_world(c, w)))
			return false;
	}
	return false;
}

static void become_engine(const struct child *c, const struct child_options *o, int line)
{
	char seed[24], now[24], kind[8], after[24], every[DOOM_KINDS * 22 + 1] = "";
	int log = open(c->log, O_CREAT | O_APPEND | O_WRONLY, 0600);

	snprintf(seed, sizeof seed, "%" PRIu64, o->seed);
	snprintf(now, sizeof now, "%" PRId64, o->now_ms);
	snprintf(kind, sizeof kind, "%d", (int)o->doom.kind);
	snprintf(after, sizeof after, "%" PRId64, o->doom.after);
	for (int k = 0; k < DOOM_KINDS && o->places; k++)
		snprintf(every + strlen(every), sizeof every - strlen(every), "%" PRId64 ",", o->places->every[k]);
	if (log < 0 || dup2(log, STDERR_FILENO) < 0 || dup2(line, LINE) < 0)
		_exit(127);
	execl("/proc/self/exe", "tallyman-day", "--engine", o->dir, seed, now, o->jitter ? "1" : "0", kind, after, every, (char *)NULL);
	_exit(127);
}

enum fault child_start(struct sandbox *s, const struct child_options *o, struct child **out, struct err *err)
{
	struct child *c = calloc(1, sizeof *c);
	int ends[2];
	struct word w;

	*out = NULL;
	if (!c || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		abort();
	c->sandbox = s;
	c->arena = arena_new();
	c->line = ends[0];
	c->places = o->places;
	snprintf(c->log, sizeof c->log, "%s/engine.log", o->dir);
	c->pid = fork();
	if (c->pid == 0)
		become_engine(c, o, ends[1]);
	close(ends[1]);
	if (c->pid < 0 || !hear_until(c, "OE", &w))
		return child_gone(c, err);
	if (w.letter == 'E') {
		enum fault f = (enum fault)get_int(&w);

		err_set(err, f, "%s", get_text(&w));
		waitpid(c->pid, NULL, 0);
		child_free(c);
		return f;
	}
	arena_reset(c->arena);
	*out = c;
	return OK;
}

void child_starve(struct child *c, int64_t nth)
{
	struct word w = word_new(c->arena, 'M');

	put_int(&w, nth);
	if (word_send(c->line, &w))
		hear_until(c, "M", &w); /* should it be gone, its next turn says so */
	arena_reset(c->arena);
}

enum fault child_turn(struct child *c, int64_t now_ms, int64_t *due_ms, struct err *err)
{
	struct word w = word_new(c->arena, 'T');

	put_int(&w, now_ms);
	if (!word_send(c->line, &w) || !hear_until(c, "D", &w))
		return child_gone(c, err);
	*due_ms = get_int(&w);
	arena_reset(c->arena);
	return *c->leak ? err_set(err, FAULT_ENDPOINT, "%s", c->leak) : OK;
}

int child_pid(const struct child *c)
{
	return (int)c->pid;
}

int64_t child_end(struct child *c)
{
	struct word w;
	int64_t n = -1;

	if (!c)
		return -1;
	w = word_new(c->arena, 'Q');
	if (word_send(c->line, &w) && hear_until(c, "N", &w))
		n = get_int(&w);
	waitpid(c->pid, NULL, 0);
	child_free(c);
	return n;
}
