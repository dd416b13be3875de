#ifndef TALLYMAN_ANSWER_H
#define TALLYMAN_ANSWER_H
/*
 * answer.h: what an HTTP answer means: understood, refused, busy, broken, or not this API at all.
 *
 * The channels differ in how they spell a refusal; what follows from it is the same for all: one table from status
 * to fault, and a sentence in our words with their code in it. Their text is cleaned, cut short, and never shown when it
 * repeats a secret.
 */
#include "channels/channel.h"
#include "channels/spot.h"

/* Their first reason, as it stands in the body; NULL where they gave none. */
struct reason {
	const char *code, *field, *message, *details;
};

struct manners {
	/* Is this the API's own way of saying no? Fills *out. body may be NULL. */
	bool (*refusal)(const struct json *body, struct reason *out);
	const char *auth_checks; /* what to check after a 401, for a person */
};

/* What is being answered: for the words only. */
struct asked {
	const struct account *account;
	const char *base_url; /* as configured; named when something else answers there */
	const char *role;     /* what the platform must have granted for it: "Product Listing" */
};

/*
 * OK: it is a success (2xx), *body is its JSON, or NULL when it is empty. Otherwise the fault, and err says why. A body that is
 * a web page, or an error without the API's own shape, is not the API: "ENDPOINT_MISMATCH ...", FAULT_ENDPOINT.
 */
enum fault answer_open(const struct manners *m, const struct asked *q, const struct reply *r, struct arena *a, const struct json **body,
                       struct err *err);

/* After a refusal: was it their word for "there is nothing of the kind" (a 404 in the API's own shape)? */
bool answer_is_none(const struct manners *m, const struct reply *r, struct arena *a);

/* Cleaned, at most about n bytes, safe to put into a sentence. */
const char *answer_word(struct arena *a, const char *s, size_t n);

/* text, unless it repeats a secret of the account's. */
const char *answer_safe(const struct account *acc, const char *text);

/* FAULT_FORMAT with place and reason, when something would not do. */
enum fault answer_wrong(const struct reading *r, struct err *err);

/* Set a bad element aside: its path, the reason, and itself. */
void answer_park(struct news *n, const struct reading *r, const struct spot *element, const char *class, const char *subject);

/* "https://host/" and "/v3/x" to "https://host/v3/x". */
const char *answer_url(struct arena *a, const char *base_url, const char *path);

/* One piece of a path, percent-encoded. */
const char *path_piece(struct arena *a, const char *s);

#endif
