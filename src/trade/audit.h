#ifndef TALLYMAN_AUDIT_H
#define TALLYMAN_AUDIT_H
/*
 * audit.h: who did what, in a chain that shows where it was broken.
 *
 *	hash(n) = SHA-256(hash(n-1) | n | at | actor | action | subject | detail)
 *
 * Each field is preceded by its length (8 bytes, big-endian), so that moving a character from one field to the
 * next is seen; numbers are 8 bytes big-endian. hash(0) is 32 zero bytes.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum fault audit_add(struct store *s, const struct cause *why, const char *action, const char *subject, const char *detail,
                     struct err *err);

/*
 * Walk the chain. *rows: rows walked, *head: the last hash in hex (65 bytes). FAULT_REFUSED names the first row that does not
 * fit or is missing. expect_n, expect_head (hex, NULL: not given): an anchor kept elsewhere, so that a cut tail is seen too.
 */
enum fault audit_verify(struct store *s, int64_t expect_n, const char *expect_head, int64_t *rows, char head[65], struct err *err);

/* The last row: its number (0: none) and its hash in hex. */
enum fault audit_head(struct store *s, int64_t *n, char head[65], struct err *err);

/* The hash of row n in hex; 64 zeros for row 0. FAULT_REFUSED: there is no such row. */
enum fault audit_hash(struct store *s, int64_t n, char out[65], struct err *err);

/* What this actor's last row of the kind said, if it was at since_ms or later; "" else. Lives in a. */
enum fault audit_last(struct store *s, const char *actor, const char *action, int64_t since_ms, struct arena *a, const char **detail, struct err *err);

/* ---- for people ---- */

struct audit_row {
	int64_t n, at_ms;
	const char *actor, *action, *subject, *detail;
	const char *hash; /* in hex; for people */
};

struct audit_ask {
	int64_t before;   /* rows with numbers below; 0: from the newest */
	bool up;          /* rows with numbers above `before`, upwards */
	int64_t since_ms; /* it ends at the first row older than this; 0: never */
	bool people;      /* without the rows that seal what was said (effects.h) */
	const char *find; /* is in the actor, action, subject or detail, whatever its case; "" or NULL: every row */
	int n;
};

/* Newest first, or upwards. At most AUDIT_LOOK rows are looked at: *more says that older ones were not. */
enum { AUDIT_LOOK = 20000 };
enum fault audit_page(struct store *s, const struct audit_ask *ask, struct arena *a, struct audit_row **out, int *got, bool *more, struct err *err);
enum fault audit_get(struct store *s, int64_t n, struct arena *a, struct audit_row *out, struct err *err); /* FAULT_REFUSED */

/* SHA-256 of n bytes. */
void sha256(const void *p, size_t n, unsigned char out[32]);

/* The same as 64 hexadecimal digits. */
void sha256_hex(const void *p, size_t n, char out[65]);

#endif
