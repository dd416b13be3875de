#ifndef TALLYMAN_JOBS_H
#define TALLYMAN_JOBS_H
/*
 * jobs.h: one thing to say to one channel, from the decision to the proof.
 *
 *	             +------------------------- throttled, net: try again --+
 *	             v                                                      |
 *	          waiting --attempt opened--> inflight --accepted--> sent --shown by a read--> done
 *	             |                          |  |  \                |
 *	             |newer one                 |  |   +--no answer--> unsure --read shows it--> done
 *	             v                          |  |                   |    +--read does not, patience over--> waiting
 *	         superseded                     |  +--they said no--> failed --a person retries--> waiting
 *	                                        |                       +--a later read shows it--> done
 *	                                        +--read, no effect--> done
 *
 * The drawn edges are the only ones: a trigger refuses the others. A payload may be replaced while the job waits and was
 * never attempted; after that it is what was said. At most one job waits for one (account, verb, subject): the newest
 * decision replaces the older one.
 *
 * The four questions every path is asked: can an order be lost? can something be said twice? can a
 * unit be sold that is not there? can a zero be late?
 *
 * A payload says it whole; ask gets nothing else. Its keys, by verb ("*" may stand several times, "?" may be absent):
 *
 *	orders      pool?                                         the window is the job's cursor
 *	order, ack  ref                                           the platform's order number
 *	ship        shipment (its row), ref, marketplace, package, tracking, url?, service?, shipped_ms,
 *	            carrier (our code, or what was typed), carrier.name, carrier.walmart?, carrier.amazon?, carrier.ebay?,
 *	            carrier.shopify?,
 *	            line* = QTY:REF                               REF is the rest of the value, colons and all: the line's handle where it has one
 *	            override_cancel?                              1: shipped although the buyer asked to cancel
 *	cancel      ref, marketplace, reason, line* = QTY:REF
 *	stock, preview     sku, marketplace, node, product_type?, qty, old?     old: what we last said, as far as we know
 *	                   ref?, listing?, item_ref?                  their numbers for the offer, where they need one
 *	                   seen?                                      what their last reading showed
 *	                   shown?                                     what stands there as far as we know: the reading, or what they took since
 *	                   flags?                                     what their last reading said of it besides (struct seen)
 *	                   zero_typed?                                1: a person typed this zero
 *	stock-read         sku, marketplace, node, ref?, listing?, item_ref?
 *	                   again?                                     1: then the quantity is decided again
 *	offer              sku, marketplace?, listing?
 *	                   shown?                                     what the list told: it is not asked for while our last reading is that, and young
 *	stock-list         marketplace?
 *	feed        id, feed?, offset?                            feed: the row of one of ours: its items are told one by one
 *	bulk-open   feed, marketplace, n                          our feed's row, and how many items it has
 *	bulk-put    feed, marketplace, n, document, url, until_ms, item*
 *	bulk        feed, marketplace, n, item* or document       item = MSG:QTY:NODE:TYPE:SKU, SKU is the rest of the value
 *	bulk-report feed, id, n, document
 *	bulk-result feed, id, n, url, until_ms
 *	counts             file?                                  instead of the account's own
 *	run                                                       what the report is of, the channel's own words
 *	token, ping, feeds, places, quota, pool                   nothing
 *
 * The subject of ack and cancel is "order:ID", of ship "shipment:ID", both with the order as subject_id; of stock "offer:ID"; of
 * a step of a feed of ours "bulk:ID" with the feed's row as subject_id. The
 * read that proves a write has the same subject and payload.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"
#include "trade/verbs.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/*
 * How far a list of theirs has been read; jobs that read lists carry it. The overlap of ten minutes is in since_ms already.
 * until_ms is where the cursor will move once the last page is in: at least two minutes behind now. A platform that
 * tells the newest at once is asked with an open end all the same (a new order is wanted now; it is told again by
 * the next window); one that refuses a fresher end gets until_ms as its end.
 */
struct cursor {
	int64_t since_ms, until_ms;
	const char *page;           /* theirs, "" at the window's start */
	bool settled;               /* of what lies before until_ms nothing is told late any more: the next window begins there, and overlaps nothing */
	int64_t upto_ms, step_ms;   /* a list that goes upwards in time has come so far, and a page that was full took that many of its milliseconds; 0: not told */
};

struct job {
	int64_t id, account;
	enum verb verb;
	enum lane lane;
	const char *subject;   /* "order:123", "offer:9": unique among waiting ones */
	int64_t subject_id;    /* row the subject means, 0: none */
	const char *key;       /* idempotency key: the same decision has the same key */
	struct fields payload; /* what to say, whole: ask needs nothing else */
	int64_t ver;
	const char *state;
	bool repeats;
	bool alone;            /* by a single call, whatever else waits: that was chosen for it */
	int64_t due_ms, fails, tries, unsure_ms, state_ms, intent_id, parent_id; /* state_ms: since when it is in its state */
	const char *fault, *text, *trace, *owner;
	struct cursor cursor;
};

/* What a new job is made of. */
struct job_plan {
	int64_t account;
	enum verb verb;
	enum lane lane;
	const char *subject;
	int64_t subject_id;
	const struct fields *payload; /* NULL: empty */
	int64_t ver, due_ms, intent_id, parent_id;
	bool repeats;
};

/* The key of the alert that a job is in doubt: kind "unsure", or "not-applied". */
char *job_doubt_key(struct arena *a, const char *kind, const struct job *j);

/*
 * Queue it. A waiting, never attempted job for the same (account, verb, subject) takes the new payload, lane, version and earlier
 * due time; one that was attempted and waits for its retry is superseded by the new one. A repeating job that exists is left as
 * it is, but made due earlier if asked.
 */
enum fault job_plan(struct store *s, const struct job_plan *p, const struct cause *why, int64_t *id, struct err *err);

/* The job, whole. FAULT_REFUSED when there is none. */
enum fault job_get(struct store *s, int64_t id, struct arena *a, struct job *out, struct err *err);

/*
 * Jobs that are due on an account, best lane and oldest first, at most n, and of one verb at most JOBS_PER_VERB, so that a long queue of one kind
 * that waits for its limit hides no other kind. Not given: writes of a shadow account, and what has the same subject as a
 * job of the same verb that is inflight or unsure.
 */
enum { JOBS_PER_VERB = 16 };
enum fault jobs_due(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct job *out, int n, int *got, struct err *err);

/*
 * When does the next waiting job become due that is not due yet at now? INT64_MAX when none. Those already due are held back
 * by a limit or a breaker, and the engine knows until when.
 */
enum fault jobs_next_due(struct store *s, int64_t now_ms, int64_t *due_ms, struct err *err);

/*
 * The only ways a job moves. Each step of a write leaves its change row; of reads the attempts tell enough. Nothing may go inflight
 * that has no row in an attempt. job_again: when a newer decision waits by now, or was said, the older is superseded instead.
 */
enum fault job_inflight(struct store *s, int64_t id, int64_t attempt, const struct cause *why, struct err *err);
enum fault job_into_feed(struct store *s, int64_t id, int64_t feed, const struct cause *why, struct err *err); /* said by that feed, whose row it has */
enum fault job_sent(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err);
enum fault job_done(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err);
enum fault job_again(struct store *s, int64_t id, int64_t due_ms, enum fault fault, const char *text, bool counts, const struct cause *why,
                     struct err *err); /* counts: it was a failure, not a throttle */
enum fault job_fail(struct store *s, int64_t id, enum fault fault, const char *text, const struct cause *why, struct err *err);
enum fault job_unsure(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err);
enum fault job_supersede(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err);

/*
 * An offer shows what it was told, after all: of its quantities that were taken and had not shown in time (JOB_NOT_APPLIED) the newest, of version ver, is done, and
 * those before it are a newer decision's.
 */
#define JOB_NOT_APPLIED "accepted, but not applied"
enum fault jobs_shown(struct store *s, int64_t offer, int64_t ver, const struct cause *why, struct err *err);

/* By which way it goes, and why that one: "single", "bulk" or "feed". */
enum fault job_route(struct store *s, int64_t id, const char *route, const char *reason, struct err *err);
enum fault job_routed(struct store *s, int64_t id, const char *route, const char *reason, struct err *err); /* unless a reason stands there */

/* The read that was to prove this job, and still waits, is not made: another reading did. */
enum fault job_drop_check(struct store *s, const struct job *proved, enum verb check, const struct cause *why, struct err *err);

/* Offers of an account that are held at zero, were told so before then, and are not seen at zero yet. */
enum fault zeros_unseen(struct store *s, int64_t account, int64_t before_ms, int64_t *n, struct err *err);

/*
 * The most that may yet come to show of an offer, and that nothing read or taken since tells of; -1: nothing is. lost: by a single call whose answer was lost, and
 * which may have had its effect for all that; coming: or by a feed under way.
 */
enum fault offer_lost(struct store *s, int64_t offer, int64_t *qty, struct err *err);
enum fault offer_coming(struct store *s, int64_t offer, int64_t *qty, struct err *err);

/* Is the same being said, or was it and waits for its proof, by another job than this one? */
enum fault job_elsewhere(struct store *s, const struct job *j, bool *yes, struct err *err);

/* Is such a job waiting or under way? */
enum fault job_pending(struct store *s, int64_t account, enum verb verb, const char *subject, bool *yes, struct err *err);

/*
 * Zeros of an account that could not even be asked, and are wanted still, wait to be said again: what stood in their way was settled by a
 * person. Those that the channel itself refused are left alone.
 */
enum fault zeros_again(struct store *s, int64_t account, const struct cause *why, struct err *err);

/* Put a waiting job off: there is a reason why it cannot be said before due_ms. A newer decision in its place is due at once. */
enum fault job_hold(struct store *s, int64_t id, int64_t due_ms, const char *text, struct err *err);

/* Bring a waiting job forward; or the polls of one verb of an account, if not in the moment in which they failed. Never later than it was. */
enum fault job_hurry(struct store *s, int64_t id, int64_t due_ms, struct err *err);
enum fault job_hurry_verb(struct store *s, int64_t account, enum verb verb, int64_t due_ms, struct err *err);

/* When the last of an account's jobs of this kind that wait is due; 0: none waits. */
enum fault job_verb_due(struct store *s, int64_t account, enum verb verb, int64_t *due_ms, struct err *err);

/* The polls of an account that were given up (a wrong address, say) begin again: at the engine's start, when the cause may be mended. */
enum fault jobs_revive(struct store *s, int64_t account, const struct cause *why, struct err *err);

/* Jobs in a state, oldest change first; for resolving sent and unsure ones. Those inflight in a feed are not given: the feed's own steps end that. */
enum fault jobs_in_state(struct store *s, const char *state, struct arena *a, struct job *out, int n, int *got, struct err *err);

/*
 * When was the newest understood read of this kind about this row begun? 0: none yet. Only a read begun after a write
 * was answered (or its answer was lost) proves anything about it.
 */
enum fault job_last_read(struct store *s, int64_t account, enum verb verb, int64_t subject_id, int64_t *begun_ms, struct err *err);

/*
 * Writes of one kind that are sent or unsure and not proved yet, oldest first: their numbers. Of stock only those that something can
 * be said about now: the push was judged or replaced, or no reading of the offer is queued although the last is older than
 * read_before_ms. Of stock there may be a hundred thousand: 5,000 are looked at from *at on, which is where the next look begins; {0} at first, and
 * again when the last was looked at.
 */
struct proof_at {
	int64_t ms, id;
};
enum fault jobs_unproved(struct store *s, enum verb verb, int64_t read_before_ms, struct proof_at *at, int64_t *out, int n, int *got, struct err *err);

/* Was this read of this account's made and understood already? A feed that has ended says the same for ever. */
enum fault job_was_done(struct store *s, int64_t account, enum verb verb, const char *subject, bool *yes, struct err *err);

/* Does a read of this kind wait that followed on another one, and is no poll of its own? */
enum fault jobs_follow(struct store *s, int64_t account, enum verb verb, bool *yes, struct err *err);

/* After a crash: attempts that were open. Reads go back to waiting, repeatable writes too; the rest is unsure. */
enum fault jobs_recover(struct store *s, bool (*repeatable)(void *ctx, int64_t account, enum verb verb), void *ctx, const struct cause *why,
                        int *n, struct err *err);

/* One whose answer nobody will hear any more: again says that it may be repeated, else it is unsure. */
enum fault job_recover(struct store *s, int64_t id, bool again, const char *text, const struct cause *why, struct err *err);

/* The jobs of one request. */
enum fault jobs_of_attempt(struct store *s, int64_t attempt, struct arena *a, struct job **out, int *n, struct err *err);

/* Has the decision of this version been said or dropped, so that the same again needs a version of its own? */
enum fault job_over(struct store *s, int64_t account, enum verb verb, const char *subject, int64_t ver, bool *yes, struct err *err);

/* ---- attempts: one request each ---- */

struct attempt {
	int64_t id, account, status, opened_ms, closed_ms, request_id, reply_id;
	const char *account_name, *verb, *op, *method, *url, *credential, *correlation, *their_id, *trace, *fault, *text;
	bool writes;
};

/*
 * Open an attempt for jobs of one request. The trigger refuses one of an older epoch, and any write of a
 * shadow account. Fails rather than sends.
 */
enum fault attempt_open(struct store *s, const struct attempt *a, int64_t epoch, const int64_t *jobs, int n, int64_t *id, struct err *err);
/* Of an account's answers since then (at most the last 500): how many there are, how many were a fault of theirs (5xx), of how many operations. */
enum fault attempts_broken(struct store *s, int64_t account, int64_t since_ms, int64_t *answers, int64_t *broken, int64_t *ops, struct err *err);
/* And how many of them were told to come back later (429, or their own word for it). */
enum fault attempts_slowed(struct store *s, int64_t account, int64_t since_ms, int64_t *answers, int64_t *slowed, struct err *err);

enum fault attempt_close(struct store *s, const struct attempt *a, struct err *err); /* id, status, fault, text, their_id, closed_ms, bodies */
/*
 * It was understood and told nothing new: no fact points to it. idle takes it for such a poll, unless it was made for a single job; sweep counts in
 * poll_day, and removes, those that ended before before_ms, most of them at most. Outside of a transaction.
 */
enum fault attempt_idle(struct store *s, int64_t id, struct err *err);
enum fault attempts_sweep(struct store *s, int64_t before_ms, int most, int *n, struct err *err);

enum fault attempts_open(struct store *s, int64_t *out, int n, int *got, struct err *err); /* the numbers of those not closed, oldest first */
/* What it brought to one of its jobs; text may be NULL. And the attempt, whole: FAULT_REFUSED when there is none. */
enum fault attempt_job_result(struct store *s, int64_t attempt, int64_t job, enum fault fault, const char *text, struct err *err);
enum fault attempt_get(struct store *s, int64_t id, struct arena *a, struct attempt *out, struct err *err);

/* By correlation id, their id, or trace; newest first. */
enum fault attempts_find(struct store *s, const char *id, struct arena *a, struct attempt **out, int *n, struct err *err);

/* The last calls of an account (0: all), newest first, before id `before` (0: from the newest). */
enum fault attempts_last(struct store *s, int64_t account, int64_t before, int n, struct arena *a, struct attempt **out, int *got,
                         struct err *err);

/* ---- bodies: raw bytes, sealed, once by content ---- */

/* Keep n bytes; the same bytes again give the same id and write nothing. */
enum fault body_keep(struct store *s, const void *bytes, size_t n, int64_t purge_ms, const struct sealer *seal, int64_t *id, struct err *err);

/* FAULT_REFUSED with the reason when they are gone (purged) or cannot be opened. */
enum fault body_get(struct store *s, int64_t id, const struct sealer *seal, struct arena *a, const char **bytes, size_t *n, struct err *err);
/* Is anything sealed in this store? Then its key must be there. */
enum fault bodies_any(struct store *s, bool *any, struct err *err);
enum fault bodies_purge(struct store *s, int64_t now_ms, int *n, struct err *err);

/* ---- cursors ---- */

/* How far a list was read; never read: times 0, page "". */
enum fault cursor_get(struct store *s, int64_t account, enum verb verb, const char *subject, struct arena *a, struct cursor *out,
                      struct err *err);
/* That of an account's lists of a kind which is farthest behind, among those whose windows have several pages; step_ms 0: none has. */
enum fault cursor_last(struct store *s, int64_t account, enum verb verb, struct arena *a, struct cursor *out, struct err *err);
enum fault cursor_set(struct store *s, int64_t account, enum verb verb, const char *subject, const struct cursor *c, int64_t now_ms,
                      struct err *err);

#endif
