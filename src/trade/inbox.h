#ifndef TALLYMAN_INBOX_H
#define TALLYMAN_INBOX_H
/*
 * inbox.h: what they said and we did not understand, each piece on its own; and what we said and they refused (failed jobs):
 * together the Failed pane.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/verbs.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct parked {
	const char *class;   /* "SCHEMA" "ENUM" "ITEM" "FEED" "MAPPING" "FILE" */
	const char *subject; /* order, SKU or feed concerned; "" when that is what is not known */
	const char *path;    /* where in the reply */
	const char *text;    /* what is wrong, ours */
	const char *effect;  /* what it means for the business; NULL: by class */
	const char *remedy;  /* what to do; NULL: by class */
	const char *fragment; /* the element as it came; NULL: none */
	size_t fragment_n;
};

/* Park it; the same piece again only counts. */
enum fault inbox_park(struct store *s, int64_t account, enum verb verb, const struct parked *p, const struct sealer *seal,
                      const struct cause *why, struct err *err);

/* What became of it: "understood", "retried", "archived"; with a row of its history. */
enum fault inbox_turn(struct store *s, int64_t id, const char *state, const struct cause *why, struct err *err);

/* The same subject has been understood since: close what was parked for it (an order's list and its own read are one). */
enum fault inbox_understood(struct store *s, int64_t account, enum verb verb, const char *subject, const struct cause *why, struct err *err);

/*
 * Would it be understood now? What was kept is parsed once more, dry, by each program and configuration (build) once. due: pieces that this build has not tried
 * yet, and whose reply is kept. dry: what it came to; NULL: not tried.
 */
struct parked_piece {
	int64_t id, account, attempt;
	const char *verb, *class, *subject, *path;
};
enum fault inbox_dry_due(struct store *s, const char *build, int n, struct arena *a, struct parked_piece **out, int *got, struct err *err);
enum fault inbox_dry_put(struct store *s, int64_t id, const char *build, bool good, const char *text, struct err *err);
enum fault inbox_dry(struct store *s, int64_t id, struct arena *a, bool *good, const char **text, struct err *err);

/* A row of the Failed pane: an inbox row or a failed, unsure or long-failing job. */
struct failure {
	int64_t id;
	bool is_job;
	const char *account_name, *channel, *verb, *class, *subject, *path, *text, *effect, *remedy, *owner, *state;
	int64_t count, first_ms, last_ms, next_ms; /* since it was last well; next_ms: when it is tried again by itself; 0: never */
	int64_t attempt_id, body_id;
	bool repeats;    /* a read that the account lives by: it is tried for ever and cannot be put away */
	bool auto_retry; /* the engine owns it (RETRY), not a person (FIX): every failure is in exactly one of the two queues */
};

/* What is wrong; where few words do not say with what, with its name: "orderLines: missing". */
const char *failure_says(const struct failure *f, struct arena *a);

/* Newest first, those that follow `before` (NULL: from the newest), at most n. */
enum fault failures_page(struct store *s, const struct failure *before, int n, struct arena *a, struct failure **out, int *got,
                         struct err *err);
enum fault failures_count(struct store *s, int64_t *n, struct err *err); /* all that failures_page walks over */
enum fault failure_get(struct store *s, bool is_job, int64_t id, struct arena *a, struct failure *out, struct err *err);

/* What a fault class means and what to do, in words for an operator. */
const char *fault_effect(const char *class);
const char *fault_remedy(const char *class);

#endif
