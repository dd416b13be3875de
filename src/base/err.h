#ifndef TALLYMAN_ERR_H
#define TALLYMAN_ERR_H
/*
 * err.h: one word for the machine, one sentence for the operator.
 *
 * The fault decides the policy (retry, stop, ask a person) in one table; nobody
 * matches on text. Errors travel up and are shown once, where they are dealt with.
 */
#include <stdint.h>

enum fault {
	OK = 0,
	FAULT_NET,      /* we did not reach them: try again */
	FAULT_UNSURE,   /* sent, no answer: ask what happened before saying it twice */
	FAULT_BUSY,     /* they said slow down: try again at err.retry_ms */
	FAULT_REMOTE,   /* they broke: try again, and count it for the breaker */
	FAULT_AUTH,     /* they do not know us: new token once, then the operator */
	FAULT_REFUSED,  /* they understood and said no: a person must look */
	FAULT_FORMAT,   /* we do not understand them: keep it in the inbox, show it */
	FAULT_ENDPOINT, /* not they answer at their address: a page of a proxy's, of maintenance, or a wrong address */
	FAULT_STORE,    /* SQLite said no */
	FAULTS
};

struct err {
	enum fault fault;
	int64_t retry_ms; /* epoch milliseconds, 0: when the policy says */
	char text[240];   /* for a person: what, where, what to do; never a secret, never raw wire text */
};

/* Fill err (NULL is allowed) and return its fault, so that a failing path is one line. */
enum fault err_set(struct err *err, enum fault fault, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* "NET", "UNSURE" ...: the word kept in the store and shown on screens. */
const char *fault_name(enum fault fault);

/* The other way round; FAULTS when it is no fault's name. */
enum fault fault_from_name(const char *name);

#endif
