#ifndef TALLYMAN_ZERO_H
#define TALLYMAN_ZERO_H
/*
 * zero.h: offers that somebody holds at nothing.
 *
 * A zero-out sets quantities to zero and never ends a listing. While it is open every path respects it: planning, a push by hand, a retry,
 * and in the end a trigger of the schema. What was shown before is written down first. It ends when a person lifts it, and then today's right
 * number is said, not the one from before.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/offers.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Why offers are held, and by whom. */
struct zero_ask {
	const char *scope, *reason;
	const char *approver;  /* the second person; NULL: none was needed */
	const char *rule;      /* a lapse's cause, when the engine does it; NULL: a person */
	int64_t remind_ms, intent;
	int64_t looked_ms;     /* when the person looked: what was shown then is what a later reading is held against; 0: now */
	int64_t until_ms;      /* it is lifted by itself then; 0: never */
	bool counted;          /* or when a count made since has found something of each of its items */
};

/*
 * Hold these offers at zero: the rows of what was shown, the latch, and a job for each at the head of its account's queue. Of one that another
 * zero-out holds already nothing is done. *held: how many are held by this one.
 */
enum fault zero_begin(struct store *s, const int64_t *offer, int n, const struct zero_ask *ask, const struct cause *why, int64_t *id, int *held,
                      struct err *err);

/*
 * What a person saw may have moved since: each offer is read once more just before its zero is said. More than was shown waits (MOVED) until zero_go; less is
 * covered, and buyers make it so all the time. What cannot be read in a minute goes to zero unread, and its row says so: of hundreds that is most, for what is recalled
 * is to be off sale sooner than it is to be read. A rule's zero waits for no reading; nor does anybody's, stopped or not, while a rule holds its account at zero.
 */
enum zero_step { ZERO_SAY, ZERO_LOOKS, ZERO_MOVED_ON, ZERO_STOPS };
enum fault zero_may_say(struct store *s, int64_t offer, int64_t now_ms, enum zero_step *out, struct err *err);
enum fault zero_looked(struct store *s, int64_t offer, int64_t qty, int64_t begun_ms, struct err *err);

/*
 * They show the number that is right for an offer now, by its reading or because it is thought over: of what was let go of that is a fact from then on.
 * thought: its target is of this moment; else one of an item that waits to be thought over proves nothing.
 */
enum fault zero_right(struct store *s, int64_t offer, bool thought, int64_t now_ms, struct err *err);

/*
 * Stop it between two calls: what was said stays said, what was not is not said, and nothing else is said of it either, until somebody goes on (zero_go) or
 * lifts it; or until its account is out of step for so long that a rule takes all of it off sale. *kept: how many were not said. FAULT_REFUSED: it is lifted or
 * stopped, or a rule's.
 */
enum fault zero_stop(struct store *s, int64_t id, const struct cause *why, int *kept, struct err *err);
enum { ZERO_STOPPED_MS = 24 * 60 * 60 * 1000 }; /* its zeros are put off by so much at a time */

/*
 * Go on: with what moved, and with what was stopped; of that each offer is read once more again, and more than it shows now waits again. *let: how many go on
 * that waited for that.
 */
enum fault zero_go(struct store *s, int64_t id, const struct cause *why, int *let, struct err *err);

/* Is it a rule that holds it (a lapse), so that a person may take it over? false as well where nothing is held. */
enum fault zero_held_by_rule(struct store *s, const struct offer *o, bool *yes, struct err *err);

/* Is it a line that a person typed that holds it? Whatever thinks it over again says that person's zero. */
enum fault zero_held_by_line(struct store *s, const struct offer *o, bool *yes, struct err *err);

/* What of an account nobody holds yet comes under an open zero-out as well: offers that are new there, or that somebody else let go of. */
enum fault zero_extend(struct store *s, int64_t id, int64_t account, const struct cause *why, int *held, struct err *err);

/*
 * The offers that words name: "SKU", "offer:N", "account:NAME", "tag:NAME", "node:NAME" (a place of ours or what a marketplace calls it), "all"; account: of that one alone, 0: of any. By
 * number, each once. FAULT_REFUSED: a word that names nothing here.
 */
enum fault zero_scope(struct store *s, const char *const *word, int words, int64_t account, struct arena *a, int64_t **offer, int *n, struct err *err);

/* Words that zero_scope takes, to be picked from: tags, nodes, accounts, each with how many offers it names. */
enum zero_pick { ZERO_PICK_TAG, ZERO_PICK_NODE, ZERO_PICK_CHANNEL, ZERO_PICKS };
struct zero_scope_row {
	const char *word, *name; /* "node:68201001", "68201001, Portland": the place that it stands for */
	int64_t offers;
};
enum fault zero_picks(struct store *s, enum zero_pick what, int most, struct arena *a, struct zero_scope_row **out, int *n, struct err *err);

/*
 * Let go: its offers are thought over again with what there is now. The first of them at once, the others by zero_free, a part every few seconds: what
 * there is most of comes first, so that a mistake shows where it does least. FAULT_REFUSED: there is no such one that is open.
 */
enum fault zero_lift(struct store *s, int64_t id, const struct cause *why, int *freed, struct err *err);
enum fault zero_free(struct store *s, const struct cause *why, bool *more, struct err *err); /* more: some wait for their turn */
enum { ZERO_FREE_MS = 5000 };

/* What an offer under a zero-out has come to, in the order in which it goes. */
enum zero_state {
	ZERO_QUEUED,   /* its zero waits for its turn */
	ZERO_READING,  /* it is read once more before that */
	ZERO_SAID,     /* the call is under way, or the feed that it is in */
	ZERO_ACCEPTED, /* they took it; no reading has shown it yet */
	ZERO_SHOWN,    /* a reading made after it shows nothing */
	ZERO_MOVED,    /* just before its zero was said they showed more than the person had seen: it waits */
	ZERO_STOPPED,  /* somebody stopped the zero-out before it was said */
	ZERO_FAILED,   /* they refused it */
	ZERO_UNSURE,   /* it was said and nobody answered: it is looked for */
	ZERO_PENDING,  /* it cannot be said now: they may show something for as long as that lasts */
	ZERO_WAITS,    /* lifted, and its turn to come back is not there yet */
	ZERO_RETURNS,  /* lifted, today's number is on its way */
	ZERO_LEFT,     /* lifted, and their reading shows today's number */
	ZERO_STATES
};

const char *zero_state_name(enum zero_state z); /* "PENDING" */

struct zero {
	int64_t id, made_ms, remind_ms, until_ms, lifted_ms, intent;
	bool counted;            /* ends when something of each was counted */
	const char *scope, *reason, *actor, *approver, *lifted_by;
	const char *rule;        /* "": a person's; else a lapse's cause */
	int64_t stopped_ms;      /* somebody stopped it half way; 0: nobody did */
	const char *stopped_by;
	int64_t offers, pending; /* pending: of an open one, offers that may still show something; of a lifted one, that do not show today's number */
};

/* Newest first, open ones before closed ones, with ids below `before` (0: all), at most n. */
enum fault zeros_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct zero **out, int *got, struct err *err);
enum fault zeros_held(struct store *s, int n, struct arena *a, struct zero **out, int *got, struct err *err); /* those not lifted, oldest first */
enum fault zero_get(struct store *s, int64_t id, struct arena *a, struct zero *out, struct err *err);
enum fault zero_of_intent(struct store *s, int64_t intent, int64_t *id, struct err *err); /* 0: it made none */

struct zero_row {
	struct offer offer;
	int64_t prior, prior_pushed; /* -1: not known */
	int64_t looked;              /* what the person saw: that of prior, or when it was gone on with after a stop */
	int64_t fresh;               /* read once more just before its zero was to be said; -1: not yet, or not at all: then text says so */
	enum zero_state state;
	const char *text;            /* why it failed, is not known, or cannot be said; "" */
	int64_t since_ms, job;       /* of what was last said of it, or is to be; 0: nothing */
};

/* The offers of one, by number after `after`, at most n. */
enum fault zero_rows(struct store *s, int64_t id, int64_t after, int n, struct arena *a, struct zero_row **out, int *got, struct err *err);

/* Is the word in its SKU or its account's name, whatever its case? NULL or "": it is. */
bool zero_row_has(const struct zero_row *r, const char *word);

/* How many of its offers are in each state; in words, "3 seen at zero, 1 accepted"; and does any of them go on by itself? */
enum fault zero_tally(struct store *s, int64_t id, int64_t of[ZERO_STATES], struct err *err);
const char *zero_tally_words(const int64_t of[ZERO_STATES], struct arena *a);
bool zero_goes_on(const int64_t of[ZERO_STATES]);

/* So long pending, and people are to set it to zero in the channel's own portal: the list of that, by account and SKU, oldest zero-out first. */
enum { ZERO_BY_HAND_MS = 15 * 60 * 1000 };
struct zero_hand {
	int64_t zero, since_ms;
	struct offer offer; /* what it shows, and what one needs to find it there */
};
enum fault zero_pending(struct store *s, int64_t made_before_ms, int64_t *n, struct err *err); /* how many of them there are */
enum fault zero_ruled(struct store *s, int64_t id, int64_t *n, struct err *err); /* of one, stopped or not, those that go because their account is out of step */

/* Offers of an account that somebody or a rule holds, and that no reading begun since then shows at nothing. */
enum fault zero_showing(struct store *s, int64_t account, int64_t since_ms, int64_t *n, struct err *err);
enum fault zero_by_hand(struct store *s, int64_t made_before_ms, int n, struct arena *a, struct zero_hand **out, int *got, struct err *err);

/* Units of open orders that an offer's account has for its SKU: they stay as they are. */
enum fault zero_open_units(struct store *s, const struct offer *o, int64_t *units, struct err *err);

/*
 * Is a second person needed? More than 100 offers, all offers of an account, or more than half of what an account shows.
 * *why: in words; NULL: none is needed.
 */
enum fault zero_needs_two(struct store *s, const int64_t *offer, int n, struct arena *a, const char **why, struct err *err);

/*
 * What takes an offer off sale cannot be said, by our own rules or by their word: nobody may learn that from a list of failures alone. Of a job that is none such
 * nothing is told. over: they took what was said of the offer since.
 */
enum fault zero_unsaid(struct store *s, int64_t job, const char *text, int64_t now_ms, struct err *err);
enum fault zero_over(struct store *s, int64_t account, int64_t offer, int64_t now_ms, struct err *err);

/* Those that could not be said for 15 minutes alert with what to do by hand; those whose time to be looked at has come alert too. */
enum fault zero_watch(struct store *s, const struct cause *why, struct err *err);

#endif
