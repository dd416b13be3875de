#ifndef TALLYMAN_AIM_H
#define TALLYMAN_AIM_H
/*
 * aim.h: the step from what is available of an item to what each of its offers is to say.
 *
 * All offers of an item are reckoned side by side: the policy of each is resolved, the stock is allocated, a split's increases wait until
 * the decreases were seen. The same reckoning without a word written answers "what if".
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/offers.h"
#include "trade/policy.h"

#include <stdbool.h>

struct store;
struct job;

struct aim_account {
	int64_t id;
	const char *name, *channel;
	bool dark; /* unheard for too long: what it may show is taken off for the others */
};

/* How quantities are decided now: for a slice of planning, or one question. */
struct aims {
	const struct policy_book *book;
	struct aim_account *account;
	int accounts;
	int64_t now_ms;
	const char *awaits; /* who has not told of its stock yet (places.h): a first decision waits for it; "": nobody */
};

/*
 * account: those that the configuration has and whose quantities are planned; NULL: every one that is switched on in the store. Fills in who is dark.
 */
enum fault aims_open(struct store *s, const struct policy_book *book, const char *const *account, int accounts, int64_t now_ms, struct arena *a,
                     struct aims *out, struct err *err);

/* One offer of an item, and how its number came about. */
struct aimed {
	const struct offer *offer;
	struct policy policy;
	struct outlet outlet;
	const char *words;     /* the equation */
	bool waits_for;        /* it would be its first, and somebody is awaited: it is not set */
};

struct aimed_item {
	struct alloc_rule rule;
	struct policy policy;  /* of the item as a whole */
	struct aimed *of;      /* those that may be written, least costly account first */
	int n;
	int64_t after;         /* more offers than are reckoned side by side: those after this number; 0: none */
	int64_t available, shown; /* shown: the sum of what they are to say, in eaches; above available only with a shared pool */
};

/* Reads only. An item of which nothing may be written has none. */
enum fault item_allocate(struct store *s, int64_t item, const struct aims *how, struct arena *a, struct aimed_item *out, struct err *err);

/* The same with what is said on top for an account that takes its own open units off our number: what would be decided now. Reads only. */
enum fault item_decide(struct store *s, int64_t item, const struct aims *how, struct arena *a, struct aimed_item *out, struct err *err);

/* Where an offer's number comes to rest, without what exposure and hysteresis hold back for now; and its equation then. */
struct outlet aimed_at_rest(const struct aimed_item *item, const struct aimed *of, char words[EQUATION]);

/*
 * Allocate, and set the targets. changed: offers whose target is another than before, or whose last said quantity is another (at most *n
 * of them, in the arena). The version of an offer grows with each new target.
 */
enum fault item_aim(struct store *s, int64_t item, const struct aims *how, const struct cause *why, struct arena *a, int64_t **changed, int *n,
                    struct err *err);

/*
 * A rule that holds for everything became another: the next n items that are offered, by number after *after, are thought over again. *after moves on; 0
 * when there are no more.
 */
enum fault items_touch(struct store *s, int64_t *after, int n, int64_t now_ms, struct err *err);

/* Items in a pool that is shown elsewhere as well, and whose last reading has become too old since from_ms (0: ever): they are thought over again. */
enum fault items_pools_aged(struct store *s, int64_t from_ms, int64_t now_ms, struct err *err);

/* Each item that is offered anywhere, by its number. What take puts into the arena lives until it returns; its fault ends the walk. */
enum fault items_each(struct store *s, enum fault (*take)(void *ctx, int64_t item, struct arena *a), void *ctx, struct err *err);

/*
 * Queue the quantity for saying, if it must be said: target and last said differ, or `anyway`. An older waiting one is replaced;
 * zero and decreases go before increases. *job: its number, 0 when there was nothing to say.
 */
enum fault offer_say_by(struct store *s, int64_t offer, int64_t due_ms, const struct cause *why, int64_t *job, struct err *err); /* not before then */
enum fault offer_say(struct store *s, int64_t offer, bool anyway, int64_t intent, const struct cause *why, int64_t *job, struct err *err);

/* Would this stock job put more on show than there is? By what is on its way there, else by what their last reading showed. */
enum fault offer_raised_by(struct store *s, const struct job *j, bool *yes, struct err *err);

#endif
