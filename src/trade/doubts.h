#ifndef TALLYMAN_DOUBTS_H
#define TALLYMAN_DOUBTS_H
/*
 * doubts.h: feeds whose answer was lost: nobody knows whether they took it.
 *
 *	unsure --their list shows it--> taking, as any (feeds.h)
 *	   |\--their list, read later, does not--> dropped
 *	   +--neither: each of its offers is read--> unknown
 *
 * A feed in doubt is never handed in again. What cannot be learnt from their list is learnt from the offers themselves. An offer that shows what the
 * feed says settles like any that was taken. One that does not show it proves nothing until the feed must show by their own word; then today's quantity
 * is decided anew, and said by itself. Should the old feed come late all the same, over what was said since, then the settling of that finds it, or one
 * more look, as long after, does.
 */
#include "trade/feeds.h"

/* Its answer was lost: nobody knows whether it was handed in at sent_ms. */
enum fault bulk_unsure(struct store *s, int64_t feed, int64_t sent_ms, const struct cause *why, struct err *err);

/* A feed whose call was under way when an engine ended: nobody heard the answer. feed 0: none. */
enum fault bulk_lost_call(struct store *s, int64_t account, int64_t *feed, int64_t *sent_ms, struct err *err);

/*
 * A list of their feeds against ours in doubt: the one that was made when ours was handed in, for its marketplace, of as many items, that is nobody's
 * yet, is ours. type: how theirs begins. A list that was asked for lost_ms after, reaches back far enough and does not show it proves that it was
 * never taken. *found: how many are decided now.
 */
enum fault bulks_match(struct store *s, int64_t account, const char *type, int64_t lost_ms, const struct feed *list, int n, bool whole, int64_t begun_ms,
                       const struct cause *why, int *found, struct err *err);

/*
 * While nobody knows whether feeds were handed in, newer zeros and decreases of their offers do not wait for that, and newer increases no longer than
 * lost_ms: the older quantity is given up.
 */
enum fault bulks_give_way(struct store *s, int64_t account, int64_t lost_ms, int n, const struct cause *why, int *got, struct err *err);

/* ---- by reading its offers ---- */

/* An item whose offer is yet to be read: its job, and whether that is under way. */
struct unread {
	int64_t job;
	bool asked;
};

/* Items with this result ("": none yet) whose offers were not read since then, at most n. */
enum fault doubt_unread(struct store *s, int64_t feed, const char *result, int64_t since_ms, int n, struct unread *out, int *got, struct err *err);

/* How a feed in doubt is ended. */
struct doubt_rule {
	int64_t sent_ms;   /* what shows in a reading begun after that was taken */
	int64_t since_ms;  /* what does not show in one begun since that was not */
	int64_t settle_ms; /* what shows settles so long, as if they had taken it now */
	bool anyway;       /* what could not be read is decided again as well */
};

/*
 * The next items (at most n) that readings decide: those taken settle, the others are decided anew, offers[]. *left: items without a verdict; with none
 * the feed is "unknown", and its call is over.
 */
enum fault doubt_decide(struct store *s, int64_t feed, const struct doubt_rule *rule, int n, const struct cause *why, int64_t *offers, int *got, int64_t *left,
                        struct err *err);

/* Feeds that ended unknown before that time, and were not looked at once more. */
enum fault doubts_unlooked(struct store *s, int64_t account, int64_t before_ms, struct arena *a, struct bulk **out, int *n, struct err *err);

/* It came late: offers that show its quantity although another was said since become decisions anew. At most n, offers[]. */
enum fault doubt_came_late(struct store *s, int64_t feed, int n, int64_t *offers, int *got, struct err *err);

/* They were looked at once more, all of them. */
enum fault doubt_looked(struct store *s, int64_t feed, const struct cause *why, struct err *err);

#endif
