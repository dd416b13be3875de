#ifndef TALLYMAN_LISTEN_H
#define TALLYMAN_LISTEN_H
/*
 * listen.h: somebody who answers requests, over HTTP on loopback or in this process.
 *
 * A handler is pure towards the network: it sees a request and says what to answer, when, and how
 * badly the line treats the answer. libmicrohttpd stands in listen.c only.
 */
#include "net/http.h"

struct served {
	struct reply reply;
	int64_t delay_ms; /* until the answer leaves, in the handler's own time */
	int64_t cut_at;   /* -1: the whole answer; n: the line breaks after n bytes of the body; 0: no answer at all */
};

struct handler {
	/*
	 * url of the request is what the client asked for, headers as they came; the answer lives in a. *out comes
	 * filled with a whole, prompt 500, so a handler sets what it wants to say. Status 0: no answer at all.
	 */
	void (*serve)(void *ctx, struct arena *a, const struct request *r, struct served *out);
	void *ctx;
};

/* ---- over HTTP: 127.0.0.1 only ---- */

struct listener;

/* port 0: any free one. speed: how many of the handler's milliseconds pass in one real one (1 for real time). */
struct listener *listen_open(const struct handler *h, int port, double speed, struct err *err);
int listen_port(const struct listener *l);

/* Serve what is there; returns after at most wait_ms. Never a thread. */
void listen_turn(struct listener *l, int wait_ms);

/* For a caller's own poll(): readable when listen_turn has something to do, a delayed answer that is due included. */
int listen_fd(const struct listener *l);
void listen_close(struct listener *l);

/* ---- in this process ---- */

/*
 * A transport whose replies come from the handler, after their delay by the clock given. Routes by longest
 * matching URL prefix. The handler hears a request when it starts; a torn answer is FAULT_UNSURE after its delay, no
 * answer (or one later than that) FAULT_UNSURE after the 60 s that the real transport waits. A fault
 * that the handler puts into its reply is passed on: FAULT_NET for a line that is down.
 */
struct direct_route {
	const char *prefix; /* "https://marketplace.walmartapis.com" */
	struct handler handler;
};

struct transport *direct_open(const struct clock *clock, const struct direct_route *routes, int n);

/* When the earliest reply under way is due, INT64_MAX when none: a simulated day jumps there. */
int64_t direct_next_due(const struct transport *t);

#endif
