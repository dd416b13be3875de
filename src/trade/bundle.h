#ifndef TALLYMAN_BUNDLE_H
#define TALLYMAN_BUNDLE_H
/*
 * bundle.h: an incident in one file, which any tallyman opens as it would a store, and only reads.
 *
 * A window of time, and of it what concerns some SKUs, orders or an account, or everything: facts, decisions, jobs, calls, alerts, the configuration in
 * force, and where the audit stood. The buyers' data is left out whole, unless somebody said that they go with it, and why; every text is looked through for
 * addresses and telephone numbers; raw bytes come from the engine, blotted out.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct bundle_scope {
	int64_t from_ms, to_ms;
	const int64_t *item, *order; /* named ones; none of either: everything in the window */
	int items, orders;
	int64_t account;             /* 0: any */
	const char *what;            /* in words */
	int64_t now_ms;
	const char *by;
};

struct bundle_made {
	int64_t orders, items, jobs, attempts, bodies;
	const int64_t *body; /* bodies whose bytes are wanted, newest first */
	int n_bodies;
	const int64_t *order; /* the newest of its orders */
	int n_orders;
};

enum { BUNDLE_BODIES = 500, BUNDLE_BUYERS = 500 };

/* Write what is asked for into a file of store_extract_create. */
enum fault bundle_fill(struct store *from, struct store *to, const struct bundle_scope *scope, struct arena *a, struct bundle_made *out, struct err *err);

/* Keep the text of a body in it, cleaned again. */
enum fault bundle_body(struct store *to, int64_t body, const char *text, struct arena *a, struct err *err);

/* The text of a body in a bundle; NULL: it has none, or this is no bundle. */
enum fault bundle_body_text(struct store *s, int64_t body, struct arena *a, const char **out, struct err *err);

/* Put who an order goes to in it, in the open: each part (order_person) under its name. */
struct fields;
enum fault bundle_buyer(struct store *to, int64_t order, const struct fields *person, struct arena *a, struct err *err);

/* What a bundle has of that. FAULT_REFUSED: it was made without buyers, or nothing was known of him. */
bool bundle_has_buyers(struct store *s);
enum fault bundle_buyer_kept(struct store *s, int64_t order, struct arena *a, struct fields *out, struct err *err);

/* The moment that a bundle stands at; 0: it is none. */
int64_t bundle_now(struct store *s);

/* Where the audit stood when a bundle was made: row and hash. It has a part of the chain only, cleaned, so that nothing of it can be verified. *n 0: it is none. */
enum fault bundle_audit(struct store *s, int64_t *n, char head[65], struct err *err);

/* A text without anybody's mail address or telephone number: "j***@***", "+***". Lives in a. */
const char *scrubbed(struct arena *a, const char *text);

#endif
