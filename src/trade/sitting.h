#ifndef TALLYMAN_SITTING_H
#define TALLYMAN_SITTING_H
/*
 * sitting.h: a person goes through differences, one after another, and decides each.
 *
 * What is gone through is a frozen copy: scope and filter are chosen once, nothing moves under the hand, and every decision is a row at once, so
 * that a lost line loses none and anybody may go on. Nothing reaches a marketplace before the end: then all that was decided is one plan and
 * one typed line. The summary is the rows as text with its SHA-256, which stands in the audit's chain.
 *
 * manual: what drifts in a scope. review: what reconciliation left to a person (the day's review).
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct offer;
struct store;

enum { SITTING_MOST = 2000 }; /* rows of one session: more are left for the next */

struct sitting {
	int64_t id, account, made_ms, touched_ms, ended_ms, audit_n;
	int64_t rows, decided, done, next; /* next: the first row without a decision; 0: none */
	const char *kind, *account_name, *filter, *state, *actor, *whence, *audit_head, *digest;
};

struct sitting_row {
	int64_t n, offer, rec_row, target, expected, observed, available, delta, seen_ms, ver, pack, decided_ms, done_ms, job;
	int64_t now_seen, now_drift; /* as it is now; everything above as it was */
	const char *account_name, *marketplace, *node, *sku, *item_sku, *title, *cause, *decision, *reason, *item, *decided_by, *result;
};

/* Newest first; open: only those that can be gone on with. */
enum fault sittings(struct store *s, bool open, int n, struct arena *a, struct sitting **out, int *got, struct err *err);
enum fault sitting_get(struct store *s, int64_t id, struct arena *a, struct sitting *out, struct err *err); /* FAULT_REFUSED: no such session */
enum fault sitting_rows(struct store *s, int64_t id, int64_t after, int n, struct arena *a, struct sitting_row **out, int *got, struct err *err);

/*
 * An intent's payload (INTENT_SITTING), which stays on this machine: in words, and carried out. action=begin with kind, account?, filter?, whence;
 * action=decide with session, row, verdict (accept push hold remap ignore, or none: taken back), reason?, item?, pack?, whence; action=leave with session.
 * FAULT_REFUSED: it cannot be. session: the one concerned.
 */
enum fault sitting_words(struct store *s, const struct fields *p, int64_t now_ms, struct arena *a, const char **text, struct err *err);
enum fault sitting_carry(struct store *s, const struct fields *p, const struct cause *why, int64_t *session, struct err *err);

/* What carrying out all decisions that were not yet would do, row by row. skip: nothing, and text says why. */
struct settle_step {
	int64_t n, offer;
	const char *account_name, *name, *text;
	bool skip;
};

enum fault sitting_steps(struct store *s, int64_t id, struct arena *a, struct settle_step **out, int *n, struct err *err);

/* Why so many shown, with so many available, are no number to accept; NULL: they are. */
const char *sitting_no_accept(const struct offer *o, int64_t seen, int64_t available, struct arena *a);

/* Do it. When no row is left the session ends: its digest goes into the audit, and the audit's head is kept with it. done: rows carried out. */
enum fault sitting_settle(struct store *s, int64_t id, int64_t intent, const struct cause *why, int *done, struct err *err);

/* The rows as text, a line each, as they are digested: sha256 of it is the digest of a session that has ended. */
enum fault sitting_text(struct store *s, int64_t id, struct arena *a, const char **text, struct err *err);

#endif
