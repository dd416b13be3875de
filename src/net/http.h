#ifndef TALLYMAN_HTTP_H
#define TALLYMAN_HTTP_H
/*
 * http.h: requests go out, replies come back; what they say is somebody else's business.
 *
 * A transport is passed in. http.c is the real one (a single curl_multi); direct.c hands the request to a simulated marketplace in this process, so that
 * the same engine lives through a month in a second.
 *
 * Rules of the real one: no redirects (libcurl would hand a foreign host our token header), https only but
 * for loopback, TLS >= 1.2 with peer and host verified, no proxy, no netrc,
 * own caps on bytes (16 MiB of body, 256 KiB of headers), connect 10 s, total 60 s, an answer that has begun 100 bytes a second over 4 s.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct header {
	const char *name, *value;
};

/* What an adapter asks for. Everything lives in one arena of the caller's. */
struct request {
	struct arena *arena;
	const char *op;     /* the operation's row in data/limits.csv: "walmart.orders.list"; none, no request */
	const char *method; /* "GET" "POST" "PUT" "PATCH" "DELETE" */
	const char *url;    /* absolute */
	struct header header[16];
	int headers;
	const char *body; /* NULL: no body */
	size_t body_len;
	char correlation[37]; /* fresh for every attempt; the adapter puts it into its platform's header */
	const char *ca_file;  /* one more authority, for a test on loopback; NULL: the system's */
};

void request_header(struct request *r, const char *name, const char *value);

/* Append "?name=value" or "&name=value", the value percent-encoded. NULL value: nothing. */
void request_query(struct request *r, const char *name, const char *value);
void request_query_int(struct request *r, const char *name, int64_t value);

struct reply {
	int status; /* HTTP status; 0: there was none, fault says why */
	/*
	 * The transport's own verdict: OK (an HTTP answer came whole, whatever its status), FAULT_NET (no byte of
	 * the request can have had an effect), FAULT_UNSURE (it may have been heard; status 0, for half an answer
	 * is none), FAULT_FORMAT (over a cap; the status stands, the body is empty).
	 */
	enum fault fault;
	char text[200]; /* with a fault: what happened, for a person */
	const struct header *header;
	int headers;
	const char *body; /* never NULL; terminated */
	size_t body_len;
	int64_t received_ms; /* when it was whole; the caller's clock */
};

/* A reply's header by name, case-insensitive; NULL when absent. */
const char *reply_header(const struct reply *r, const char *name);

/*
 * What an HTTP status means unless a channel knows better: 2xx OK, 401 and 403 AUTH (Amazon answers 403 to a token that has
 * expired), 408 423 425 429 BUSY, other 4xx REFUSED, 5xx REMOTE. A redirect is REFUSED: the address is wrong, and a person set
 * it. What is no status is FORMAT.
 */
enum fault status_fault(int status);

struct finished {
	int64_t id; /* the caller's: the attempt's */
	struct reply reply;
	struct arena *arena; /* owns the reply; the receiver frees it */
};

struct transport {
	/*
	 * Start a request; what it points to is copied. FAULT_NET when it cannot even be tried (the URL's scheme is
	 * refused, say). One start is at most one sending: nothing is ever repeated behind the caller's back.
	 */
	enum fault (*start)(struct transport *t, int64_t id, const struct request *r, struct err *err);
	/* The next reply that is whole, if any. */
	bool (*next)(struct transport *t, struct finished *out);
	/* Sleep until something can be done: a reply moves, fd is readable (fd < 0: none), or the clock passes until_ms. */
	void (*wait)(struct transport *t, const int *fds, int n, int64_t until_ms);
	void (*close)(struct transport *t);
};

/* What the real transport allows itself and them. Defaults are the figures of http_rules. */
struct http_rules {
	long connect_ms, total_ms;
	long low_speed_bytes, low_speed_s; /* fewer bytes a second for so long: given up */
	long trickle_s;                    /* the same of an answer that has begun: whoever thinks for long has not begun yet */
	size_t body_max, headers_max;      /* bytes as they arrive */
	long host_connections;
};

extern const struct http_rules http_rules;

/* allow_http: plain http to loopback addresses is allowed (tests, demo); never to any other host. */
struct transport *http_open(const struct clock *clock, bool allow_http);
/* The libraries behind it: "libcurl/7.88.1 OpenSSL/3.0.17 ...". */
const char *http_library(void);
struct transport *http_open_rules(const struct clock *clock, bool allow_http, const struct http_rules *rules);

#endif
