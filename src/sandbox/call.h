#ifndef TALLYMAN_SANDBOX_CALL_H
#define TALLYMAN_SANDBOX_CALL_H
/*
 * call.h: one request taken apart, and the answer to it.
 */
#include "base/json.h"
#include "net/listen.h"

struct param {
	const char *name, *value;
};

struct call {
	struct arena *arena;
	const struct request *req;
	struct served *out;
	const char *path;       /* as it came, without the query */
	const char *segment[8]; /* decoded */
	int segments;
	struct param param[32]; /* of the query, decoded; more than these are ignored */
	int params;
	struct header header[12]; /* of the answer */
	int headers;
	const char *correlation; /* the client's id of this attempt, "" when it gave none */
};

/* Split method, path and query. The answer is empty until call_answer. */
void call_open(struct call *c, struct arena *a, const struct request *r, struct served *out);

const char *call_header(const struct call *c, const char *name); /* case-insensitive; NULL: not sent */
const char *call_param(const struct call *c, const char *name);  /* NULL: not given */
bool call_given(const struct call *c, const char *name);
/* A whole number in [min, max]; otherwise when absent; false when it is none. */
bool call_int(const struct call *c, const char *name, int64_t min, int64_t max, int64_t otherwise, int64_t *out);
/* A time: ISO 8601, a date alone, or epoch milliseconds; otherwise when absent; false when it is none. */
bool call_time(const struct call *c, const char *name, int64_t otherwise, int64_t *out);
/* Is word one of a comma-separated list given under this name (repeated or not)? Absent: false. */
bool call_lists(const struct call *c, const char *name, const char *word);

/* Does the path match "/v3/orders/{id}/acknowledge"? Braces match any one segment. */
bool call_matches(const struct call *c, const char *pattern);

/* "Fri, 20 Nov 2026 07:58:00 GMT" (RFC 9110, 5.6.7). */
const char *call_http_date(struct arena *a, int64_t at_ms);

void call_add_header(struct call *c, const char *name, const char *value);
void call_answer(struct call *c, int status, const char *type, const char *body, size_t n);
void call_answer_json(struct call *c, int status, const struct buf *b);

/* The request's body as JSON; NULL when there is none or it is no JSON. */
const struct json *call_json(const struct call *c);

/* A form (application/x-www-form-urlencoded) field of the body; NULL: not there. */
const char *call_form(const struct call *c, const char *name);

/* "dXNlcjpwYXNz" to "user:pass" (either alphabet, padding or none); NULL when it is no base64. */
char *base64_decode(struct arena *a, const char *s);
char *base64_bytes(struct arena *a, const char *s, size_t *n); /* what may hold any byte */
/* The other way round, URL-safe and without padding. */
char *base64_encode(struct arena *a, const char *s);

#endif
