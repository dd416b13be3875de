#ifndef TALLYMAN_FEEDS_H
#define TALLYMAN_FEEDS_H
/*
 * feeds.h: many quantities handed in at once, from the decision to the verdict on each of them.
 *
 *	gathering --all in--> sending --they took it--> taking --each marked sent--> working --each has its verdict--> ended
 *	                         |  \--no answer--> unsure (doubts.h)
 *	                         +--they said no--> dropped (its jobs wait again)
 *
 * A stock job that goes this way keeps its life: inflight while nobody has answered, so that nothing else is said of its listing; sent
 * once they took the feed; proved by what is read. An item that they refused fails its job, for a person; one that is their own fault is
 * said again by itself. In doubt a feed is looked for in their list, and never handed in again.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"
#include "trade/jobs.h"
#include "trade/news.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct bulk { /* a feed of ours */
	int64_t id, account, items, good, bad, again, made_ms, sent_ms, ended_ms, second_ms;
	const char *account_name, *marketplace, *state, *ref, *text, *why, *trace;
};

/* By its number; FAULT_REFUSED: there is none. */
enum fault bulk_get(struct store *s, int64_t id, struct arena *a, struct bulk *out, struct err *err);

/* What waits on an account to be said, per marketplace: all of it, and what is urgent (zeros and decreases). */
struct pending {
	char marketplace[24];
	int64_t all, urgent;
	bool sending; /* a feed of it is being handed in */
};

/* At most n of them, the largest first. by_market: each marketplace by itself. */
enum fault stock_pending(struct store *s, int64_t account, bool by_market, int64_t now_ms, struct pending *out, int n, int *got, struct err *err);

/* A feed being gathered on the account, 0: none. */
enum fault bulk_gathering(struct store *s, int64_t account, int64_t *id, struct err *err);

/* Begin one. why: why a feed and not single calls. */
enum fault bulk_begin(struct store *s, int64_t account, const char *marketplace, const char *reason, const struct cause *why, int64_t *id, struct err *err);

/* Waiting stock jobs of its account (and marketplace, where it names one) that are due, by number after `after`. */
enum fault bulk_candidates(struct store *s, const struct bulk *b, int64_t after, int64_t now_ms, struct arena *a, struct job *out, int n, int *got,
                           struct err *err);

/* One more item: the job is inflight from here. */
enum fault bulk_add(struct store *s, int64_t feed, const struct job *job, const struct cause *why, struct err *err);

/* Is this one of the calls that hand a feed in? */
bool bulk_hands_in(enum verb v);

/* Is it being handed in, so that those calls may be said? If not, and they were refused: its items went by themselves. */
#define BULK_WENT "its items went by themselves"
enum fault bulk_sending(struct store *s, int64_t feed, bool *yes, struct err *err);

/* All in: from here its steps are said. With no item it is dropped, and *items is 0. */
enum fault bulk_close(struct store *s, int64_t feed, const struct cause *why, int64_t *items, struct err *err);

/* Items of offers that were put on hold meanwhile, and are no zeros, go back before it is handed in; so do zeros that somebody stopped. *yes: it has such. */
enum fault bulk_holds(struct store *s, int64_t feed, bool *yes, struct err *err);
enum fault bulk_release_held(struct store *s, int64_t feed, const struct cause *why, struct err *err);

/* The items as a payload has them (jobs.h). */
enum fault bulk_payload(struct store *s, int64_t feed, struct fields *out, struct err *err);

/* They took it: their number. */
enum fault bulk_taken(struct store *s, int64_t feed, const char *ref, const struct cause *why, struct err *err);

/* The next n jobs of feeds that were taken and are not marked sent yet; *more: there are others. settle_ms: how long what it says may take to show. */
enum fault bulks_mark(struct store *s, int64_t account, int64_t settle_ms, int n, const struct cause *why, bool *more, struct err *err);

/* It never was, or ended with nothing of it looked at: the jobs of items without a verdict wait again, each by itself. */
enum fault bulk_drop(struct store *s, int64_t feed, const char *text, const struct cause *why, struct err *err);

/* At the engine's start: one that was being gathered when the last one ended holds what was so then. */
enum fault bulk_drop_gathering(struct store *s, int64_t account, const struct cause *why, struct err *err);

/* Which feed of ours is this one of theirs? 0: somebody else's. */
enum fault bulk_by_ref(struct store *s, int64_t account, const char *ref, int64_t *id, struct err *err);

/* What a status or report told of one of ours. last: no page of it follows. *open: items that have no verdict yet; 0: it has ended. */
enum fault bulk_told(struct store *s, int64_t feed, const struct news *n, bool last, const struct cause *why, int64_t *open, struct err *err);

/* One that was made before that time and is not handed in yet, nor on its way; 0: none. */
enum fault bulk_held_up(struct store *s, int64_t account, int64_t before_ms, int64_t *feed, struct err *err);

/* Alerts of feeds that have ended meanwhile are closed. */
enum fault bulks_tell_ended(struct store *s, int64_t account, int64_t now_ms, struct err *err);

/* Feeds that are being worked at, oldest first. */
enum fault bulks_working(struct store *s, int64_t account, struct arena *a, struct bulk **out, int *n, struct err *err);

/* Those of all accounts that have not ended, oldest first, at most n. */
enum fault bulks_open(struct store *s, int n, struct arena *a, struct bulk **out, int *got, struct err *err);

/* How long feeds of this account take as a rule: the middle of the last fifty; 0: none has ended. */
enum fault bulk_usual_ms(struct store *s, int64_t account, int64_t *out, struct err *err);

/*
 * A stuck feed's zeros and decreases are said by themselves as well: the next n of them become decisions of their own, with the
 * same quantity. *more: there are others.
 */
enum fault bulk_second_path(struct store *s, int64_t feed, int n, const struct cause *why, int64_t *offers, int *got, bool *more, struct err *err);

/*
 * Of a feed that has ended, with or without a word of what it did: offers that were told another quantity while it was worked at. It may have written
 * over the newer one: at most n of them become decisions anew, those first that it would show too much of.
 */
enum fault bulk_overtaken(struct store *s, int64_t feed, int n, int64_t *offers, int *got, struct err *err);

/* The lane of the most urgent item that has no verdict yet. */
enum fault bulk_lane(struct store *s, int64_t feed, enum lane *out, struct err *err);

/* The most that a feed under way may yet bring to an offer; -1: it is in none. */
enum fault bulk_most(struct store *s, int64_t offer, int64_t *qty, struct err *err);

/* What is in it, by number after `after`, with what became of each. */
struct bulk_item {
	int64_t msg, job, qty;
	const char *sku, *node, *result, *text, *job_state;
};

enum fault bulk_items(struct store *s, int64_t feed, int64_t after, int n, struct arena *a, struct bulk_item **out, int *got, struct err *err);

/* Newest first, before id `before` (0: from the newest). */
enum fault bulks_page(struct store *s, int64_t before, int n, struct arena *a, struct bulk **out, int *got, struct err *err);

#endif
