#ifndef TALLYMAN_PLANNED_H
#define TALLYMAN_PLANNED_H
/*
 * planned.h: items that a plan takes off sale, not a sale: a new configuration, a count, a place that went away. Too many of them at once wait for a person.
 *
 * What buyers took excuses a zero, which must not wait: as many units as the offer shows, but for a few, were ordered since it was told so, or within the hour.
 * So does what lies where a source went stale, and what an account out of step may still show of it, as far as they explain what is gone; and a zero-out,
 * which is a decision already, and an offer that was never told anything: who made its account live has seen what will be said.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* So many, or so much of all items that are offered, whichever is more, within ten minutes. skus 0: nothing waits. */
struct planned_rule {
	int64_t skus, pct;
};

/* An item was thought over: does a plan take it off sale, with all that is wanted of it now? */
enum fault planned_note(struct store *s, int64_t item, const struct cause *why, struct err *err);

enum planned_answer { PLANNED_GO, PLANNED_SOON, PLANNED_WAITS };

/*
 * May this offer's zero be said? SOON: more are being thought over, ask again in a second. WAITS: for a person; the alert is raised here. Inside the
 * caller's transaction.
 */
enum fault planned_ask(struct store *s, int64_t offer, const struct planned_rule *rule, bool thinking, const struct cause *why, enum planned_answer *out,
                       struct err *err);

/* Is it one that planned_ask is to be asked about? Reads only. */
enum fault planned_is(struct store *s, int64_t offer, bool *yes, struct err *err);

struct planned_item {
	int64_t item, available, shown; /* shown: units on all offers that would go */
	const char *sku;
};

/* Those that wait, most shown first. */
enum fault planned_items(struct store *s, int n, struct arena *a, struct planned_item **out, int *got, struct err *err);

/* A person says that they may. *let: how many. */
enum fault planned_let(struct store *s, const struct cause *why, int *let, struct err *err);

/* Each minute: what is over is forgotten, and the alert closed when nothing waits any more. */
enum fault planned_watch(struct store *s, const struct cause *why, struct err *err);

#endif
