/*
 * listen.c: a handler served over HTTP on 127.0.0.1, by libmicrohttpd without threads.
 *
 * One epoll descriptor holds the library's own and one timer for each delayed answer, so a
 * caller polls a single descriptor and no clock is read. A delayed answer suspends its
 * connection; a broken one claims its full length and ends early, as a torn line does.
 */
#include "net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	UPLOAD_MAX = 32 * 1024 * 1024,  /* the largest real upload is a 25 MB feed */
	CONNECTION_MEMORY = 640 * 1024, /* room for an answer with too many headers, which a test wants to send */
	TURNS_MAX = 1000,               /* of the library in one of ours, so that a flood cannot hold the caller */
};

struct listener {
	struct handler handler;
	struct MHD_Daemon *daemon;
	double speed;
	int epoll, port;
	struct talk *waiting; /* answers on their way */
};

/* One request and its answer, from the request line to the last byte. */
struct talk {
	struct listener *listener;
	struct arena *arena;
	struct request request;
	struct buf body;
	struct served served;
	struct MHD_Connection *connection;
	enum { HEARING, WAITING, ANSWERING } stage;
	bool too_large;
	int timer; /* descriptor while WAITING */
	struct talk *next, **link;
};

static void *talk_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct listener *l = cls;
	struct arena *a = arena_new();
	struct talk *t = arena_alloc(a, sizeof *t);

	t->listener = l;
	t->arena = a;
	t->connection = connection;
	t->timer = -1;
	t->body = buf_new(a);
	t->request.arena = a;
	t->request.url = *uri == '/' ? arena_printf(a, "http://127.0.0.1:%d%s", l->port, uri) : arena_strdup(a, uri);
	return t;
}

static void talk_unlink(struct talk *t)
{
	if (t->timer < 0)
		return;
	close(t->timer); /* which also takes it out of the epoll set */
	t->timer = -1;
	*t->link = t->next;
	if (t->next)
		t->next->link = t->link;
}

static void talk_end(void *cls, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	struct talk *t = *state;

	(void)cls, (void)connection, (void)code;
	if (!t)
		return;
	talk_unlink(t);
	arena_free(t->arena);
	*state = NULL;
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct talk *t = cls;
	struct request *r = &t->request;

	(void)kind;
	if (r->headers == (int)(sizeof r->header / sizeof *r->header)) {
		t->too_large = true;
		return MHD_NO;
	}
	r->header[r->headers++] = (struct header){ arena_strdup(t->arena, name), arena_strdup(t->arena, value ? value : "") };
	return MHD_YES;
}

static bool is_framing(const char *name)
{
	return !strcasecmp(name, "Content-Length") || !strcasecmp(name, "Connection") || !strcasecmp(name, "Transfer-Encoding");
}

/* What is left of the body before the line breaks; then an error, on which the library drops the connection. */
static ssize_t torn_body(void *cls, uint64_t at, char *out, size_t max)
{
	const struct talk *t = cls;
	uint64_t left = (uint64_t)t->served.cut_at - at;

	if (!left)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left < max)
		max = (size_t)left;
	memcpy(out, t->served.reply.body + at, max);
	return (ssize_t)max;
}

static struct MHD_Response *response_of(struct talk *t)
{
	const struct reply *r = &t->served.reply;

	if (t->served.cut_at > 0 && (uint64_t)t->served.cut_at < r->body_len)
		return MHD_create_response_from_callback(r->body_len, 16 * 1024, torn_body, t, NULL);
	return MHD_create_response_from_buffer(r->body_len, (void *)(uintptr_t)r->body, MHD_RESPMEM_PERSISTENT);
}

/* MHD_NO closes the connection without a word: the answer that never comes. */
static enum MHD_Result answer(struct talk *t)
{
	const struct reply *r = &t->served.reply;
	struct MHD_Response *response;
	enum MHD_Result done;

	if (!r->status || !t->served.cut_at)
		return MHD_NO;
	response = response_of(t);
	if (!response)
		return MHD_NO;
	for (int i = 0; i < r->headers; i++)
		if (!is_framing(r->header[i].name))
			MHD_add_response_header(response, r->header[i].name, r->header[i].value);
	done = MHD_queue_response(t->connection, (unsigned)r->status, response);
	MHD_destroy_response(response); /* the connection holds its own reference */
	return done;
}

/* false: it is due at once, or there is no timer to be had and at once is the best we can do. */
static bool answer_later(struct talk *t)
{
	struct listener *l = t->listener;
	int64_t us = (int64_t)((double)t->served.delay_ms * 1000.0 / l->speed);
	struct itimerspec due = { .it_value = { us / 1000000, us % 1000000 * 1000 } };
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = t };
	int fd;

	if (us <= 0)
		return false;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd < 0)
		return false;
	if (timerfd_settime(fd, 0, &due, NULL) || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev)) {
		close(fd);
		return false;
	}
	t->timer = fd;
	t->stage = WAITING;
	t->next = l->waiting;
	t->link = &l->waiting;
	if (t->next)
		t->next->link = &t->next;
	l->waiting = t;
	MHD_suspend_connection(t->connection);
	return true;
}

static enum MHD_Result heard(struct talk *t, const char *method)
{
	struct request *r = &t->request;

	r->method = arena_strdup(t->arena, method);
	r->body = t->body.len ? t->body.p : NULL;
	r->body_len = t->body.len;
	MHD_get_connection_values(t->connection, MHD_HEADER_KIND, take_header, t);
	t->served = (struct served){ .reply = { .status = 413, .body = "" }, .cut_at = -1 };
	if (!t->too_large) {
		t->served.reply.status = 500; /* a handler that says nothing is a broken one */
		t->listener->handler.serve(t->listener->handler.ctx, t->arena, r, &t->served);
	}
	if (!t->served.reply.body)
		t->served.reply.body = "";
	if (answer_later(t))
		return MHD_YES;
	t->stage = ANSWERING;
	return answer(t);
}

/*
 * The library calls this once with the headers, once for each piece of the body, once at its end,
 * and once more when a suspended connection goes on.
 */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *upload, size_t *upload_len, void **state)
{
	struct talk *t = *state;

	(void)cls, (void)connection, (void)path, (void)version;
	if (t->stage == ANSWERING)
		return answer(t);
	if (t->stage == WAITING)
		return MHD_YES;
	if (!t->request.method) {
		t->request.method = ""; /* the headers are there, the body comes next */
		return MHD_YES;
	}
	if (!*upload_len)
		return heard(t, method);
	if (t->body.len + *upload_len > UPLOAD_MAX)
		t->too_large = true;
	else
		buf_add(&t->body, upload, *upload_len);
	*upload_len = 0;
	return MHD_YES;
}

static void resume(struct talk *t)
{
	talk_unlink(t);
	t->stage = ANSWERING;
	MHD_resume_connection(t->connection);
}

static struct MHD_Daemon *daemon_start(struct listener *l, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	/* Without a Date of its own: in a simulated world only the handler knows what day it is. */
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL, on_request, l,
	                        MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_URI_LOG_CALLBACK, talk_begin, l,
	                        MHD_OPTION_NOTIFY_COMPLETED, talk_end, l, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	                        (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
}

/* Put the library's descriptor into ours, and learn which port we were given. */
static int listener_wire(struct listener *l)
{
	const union MHD_DaemonInfo *inner = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	const union MHD_DaemonInfo *bound = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0 || !inner || !bound)
		return -1;
	l->port = bound->port;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, inner->epoll_fd, &ev);
}

struct listener *listen_open(const struct handler *h, int port, double speed, struct err *err)
{
	struct listener *l = calloc(1, sizeof *l);

	if (!l || port < 0 || port > 65535 || !(speed > 0)) {
		free(l);
		err_set(err, FAULT_REFUSED, "cannot listen on port %d: a port is 0..65535 and a speed more than 0", port);
		return NULL;
	}
	l->handler = *h;
	l->speed = speed;
	l->epoll = -1;
	l->daemon = daemon_start(l, port);
	if (!l->daemon || listener_wire(l)) {
		err_set(err, FAULT_NET, "cannot listen on 127.0.0.1:%d: %s; is the port taken?", port, strerror(errno));
		listen_close(l);
		return NULL;
	}
	return l;
}

int listen_port(const struct listener *l)
{
	return l->port;
}

int listen_fd(const struct listener *l)
{
	return l->epoll;
}

/* Run the library until it waits for the world. Returns how long it may wait at most; -1: for ever. */
static int daemon_run(struct listener *l)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		MHD_UNSIGNED_LONG_LONG ms;

		MHD_run(l->daemon);
		if (MHD_get_timeout(l->daemon, &ms) != MHD_YES)
			return -1;
		if (ms)
			return ms < 60000 ? (int)ms : 60000;
	}
	return 0;
}

void listen_turn(struct listener *l, int wait_ms)
{
	struct epoll_event ev[16];
	int most = daemon_run(l), n;

	n = epoll_wait(l->epoll, ev, 16, most >= 0 && most < wait_ms ? most : wait_ms);
	for (int i = 0; i < n; i++)
		if (ev[i].data.ptr)
			resume(ev[i].data.ptr);
	daemon_run(l);
}

void listen_close(struct listener *l)
{
	if (!l)
		return;
	while (l->waiting) { /* the library cannot stop with a connection suspended */
		l->waiting->served.cut_at = 0;
		resume(l->waiting);
	}
	if (l->daemon) {
		MHD_run(l->daemon);
		MHD_stop_daemon(l->daemon);
	}
	if (l->epoll >= 0)
		close(l->epoll);
	free(l);
}
