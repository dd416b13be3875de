#ifndef TALLYMAN_RECONCILE_H
#define TALLYMAN_RECONCILE_H
/*
 * reconcile.h: what an account shows, all of it, beside what it was last told; and what is done about the difference.
 *
 * A run is one complete pull of the account's list, begun after the run. Expected is what was last intended and accepted, less sales since:
 * readings reckon that difference as they come (verdict.h), the run walks over all of it, a slice at a time. A pull that was not
 * complete concludes nothing about what it did not show. A correction is one more saying of what we want, by the door of all quantities, and
 * has a verdict within the next run.
 */
#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* ---- the rule: [rec] of the configuration ---- */

/* Over so many units, or over so many hundredths of a percent of what was expected. */
struct rec_limit {
	int64_t units, bp;
};

struct rec_rule {
	int64_t every_ms;
	bool weekly;                 /* once in seven days a run looks for ghosts, young mappings and vanished listings too */
	bool ghosts;
	bool autocorrect, at_once;   /* at_once: what they show beyond what there is, or of what is held, does not wait for the next run */
	struct rec_limit correct, alert;
	int64_t pct_min_units;       /* percent count from so many units on */
	int64_t pattern_n, pattern_ms;
};

struct rec_rule rec_usual(void); /* decided: 2 units or 5 %, 10 units or 5 %, every 4 h, weekly in full, 3 in 7 days */

/* FAULT_REFUSED with file:line. */
enum fault rec_rule_read(const struct config *c, struct rec_rule *out, struct err *err);

/* In the store, so that readings, consoles and commands judge as the engine does. get: the usual one when none was put. */
enum fault rec_rule_put(struct store *s, const struct rec_rule *r, struct err *err);
enum fault rec_rule_get(struct store *s, struct rec_rule *out, struct err *err);

/* Is that much over it? Boundaries are exact: 10 units of 200 are not over 10 units or 5 %, 11 are. expected 0: any share of it is over. */
bool rec_over(const struct rec_limit *l, int64_t pct_min_units, int64_t expected, int64_t delta);

/* Hundredths of a percent, without its sign; at most 1,000,000 (a hundredfold). */
int64_t rec_pct(int64_t expected, int64_t delta);

/* ---- does a schedule fit? ---- */

struct rec_need {
	const char *account, *bucket;
	int64_t pull;                /* calls of one complete pull */
	int64_t singles;             /* offers that are asked for one by one, each once a day, from the same bucket */
	int64_t every_ms, read_ms;   /* between runs; between the usual readings of the same list */
	int64_t daily, used;         /* calls a day they allow (0: uncounted), and made today */
	int64_t rate, window_ms, cost; /* tokens per window (0: no such limit), and tokens a call takes */
};

/* Nine tenths of a day's calls are for reading; the last tenth is kept for orders and zeros. text: the arithmetic, either way. */
bool rec_fits(const struct rec_need *n, struct arena *a, const char **text);

/* ---- runs ---- */

struct rec_run {
	int64_t id, account;         /* id 0: there is none */
	const char *account_name, *state, *text, *actor, *trace;
	bool whole;
	int64_t planned_ms, began_ms, pulled_ms, ended_ms, upto;
	int64_t pages, listed, compared, settling, drifting, alerting, corrected, undecided, unseen, ghosts, young;
};

enum fault rec_run_get(struct store *s, int64_t id, struct arena *a, struct rec_run *out, struct err *err); /* FAULT_REFUSED: no such run */
enum fault rec_run_open(struct store *s, int64_t account, struct arena *a, struct rec_run *out, struct err *err);

/* Newest first, before id `before` (0: from the newest), of an account (0: of all), at most n. */
enum fault rec_runs(struct store *s, int64_t account, int64_t before, int n, struct arena *a, struct rec_run **out, int *got, struct err *err);

/* Is a run due by the schedule, since when, and is it the week's whole one? What a person asked for does not move the schedule. */
enum fault rec_due(struct store *s, int64_t account, const struct rec_rule *r, int64_t now_ms, bool *due, bool *whole, int64_t *planned_ms,
                   struct err *err);

/* Begin it: from now on the account's lists count, each from its first page. */
enum fault rec_begin(struct store *s, int64_t account, const char *const *list, int lists, bool whole, int64_t planned_ms, const struct cause *why,
                     int64_t *run, struct err *err);

/* It does not fit: on record with the arithmetic, and an alert. The next one that begins closes it. */
enum fault rec_refuse(struct store *s, int64_t account, const char *name, bool whole, int64_t planned_ms, const char *text, const struct cause *why,
                      struct err *err);

/* Accounts that nobody reconciles: their newest run was refused; text: the arithmetic. */
struct rec_refused {
	const char *account_name, *text;
	int64_t at_ms;
};

enum fault rec_refusals(struct store *s, struct arena *a, struct rec_refused **out, int *n, struct err *err);

/* How many offers an account has, as far as we know. */
enum fault rec_offers(struct store *s, int64_t account, int64_t *n, struct err *err);

/* Calls of the last complete pull; reckoned from the account's offers, so many a call, when there was none yet. */
enum fault rec_pull_calls(struct store *s, int64_t account, int64_t per_call, int lists, int64_t *calls, struct err *err);

/* One page of a list was written. */
struct rec_page {
	const char *list;            /* the job's subject */
	bool first, last;
	int64_t begun_ms, listed, unread;
	int64_t total;               /* by their own word; -1: not told */
};

/* Whatever of it concerns the account's run. pulled: all its lists are in, and it can be compared. */
enum fault rec_heard(struct store *s, int64_t account, const struct rec_page *p, const struct cause *why, bool *pulled, struct err *err);

/* Is a list of the run still to begin? */
enum fault rec_unbegun(struct store *s, int64_t run, bool *yes, struct err *err);

/* No more of it will come in time: what was pulled is compared, and nothing is concluded about the rest. */
enum fault rec_give_up(struct store *s, int64_t run, const char *text, const struct cause *why, struct err *err);

/*
 * The oldest run that can be compared; 0: none can. What its lists made us ask for one by one (VERB_OFFER) belongs to the pull: it is waited for, unless it
 * fails or takes longer than REC_PATIENCE_MS.
 */
enum { REC_PATIENCE_MS = 30 * 60000 };
enum fault rec_to_compare(struct store *s, int64_t now_ms, int64_t *run, struct err *err);

/* Compare the next offers, by number; done: that was the end, and the run has ended. */
enum fault rec_compare(struct store *s, int64_t run, const struct rec_rule *r, int n, const struct cause *why, bool *done, struct err *err);

/* ---- differences ---- */

enum rec_action {
	REC_NONE,  /* within what is tolerated, or a person's word stands */
	REC_WAIT,  /* it will explain itself: an order on its way, a correction not proved yet */
	REC_PUSH,  /* what we want is said again */
	REC_MAP,   /* a person says what it stands for */
	REC_ZERO,  /* proposed: show nothing of it; never end the listing */
	REC_LOOK,  /* a person looks */
	REC_ACTIONS
};

const char *rec_action_name(enum rec_action a); /* "push" */

/* What is known of a difference, and what follows. Pure. */
struct rec_facts {
	int64_t expected, delta;
	const char *cause, *account;
	const char *unwritable;      /* NULL: it may be written */
	const char *said;            /* what a person decided of this same difference, as it is or larger: "accept", "hold" ...; "" */
	bool mapped, wanted;         /* wanted: a quantity was reckoned for it */
	bool pending;                /* a correction is not proved yet */
	bool held;                   /* it is held at zero: not a single unit of it is to be on sale */
};

enum rec_action rec_decide(const struct rec_rule *r, const struct rec_facts *f, const char **why);

struct rec_row {
	int64_t id, run, offer, item, expected, observed, delta, pct, risk, since_ms, observed_ms, attempt, job, verdict_ms, decided_ms, at_ms;
	const char *account_name, *marketplace, *node, *sku, *item_sku, *title, *kind, *cause, *action, *text, *verdict, *proof, *decision, *decided_by,
		*reason;
	bool alerts;
};

/* A run's rows by number after `after`; those that want a person, units at risk first (after is not used). */
enum fault rec_rows(struct store *s, int64_t run, int64_t after, int n, struct arena *a, struct rec_row **out, int *got, struct err *err);
enum fault rec_undecided(struct store *s, int64_t account, int n, struct arena *a, struct rec_row **out, int *got, struct err *err);

/*
 * A person's word (accept, push, hold, remap, ignore) on an offer's difference: on row `id`, 0: on the newest that waits for one; where none does, or it tells of less,
 * a row is made of what is shown now. corrects: the job that follows from it; its verdict is open.
 */
enum fault rec_said(struct store *s, int64_t offer, int64_t id, const char *decision, const char *reason, const struct cause *why, struct err *err);
enum fault rec_corrects(struct store *s, int64_t offer, int64_t job, struct err *err);

/*
 * Corrections that can be judged by what was read since get their verdict; undecided differences that are none any more are closed. Those that did
 * not take are a person's.
 */
enum fault rec_prove(struct store *s, const struct cause *why, int *n, struct err *err);

/* What is shown beyond what there is, or although it is held at zero, found between runs, and not looked at as it is or larger. */
enum fault rec_hurry(struct store *s, const struct rec_rule *r, const struct cause *why, int *n, struct err *err);

/* ---- patterns ---- */

/* One SKU on one account that drifted again and again: different differences, not one that lasts. */
struct rec_pattern {
	int64_t offer, item, times, first_ms, last_ms, up, down;
	const char *account_name, *sku, *item_sku, *causes; /* "CHANNEL_EDIT 2, NOT_APPLIED 1" */
};

enum fault rec_patterns(struct store *s, const struct rec_rule *r, int64_t now_ms, int n, struct arena *a, struct rec_pattern **out, int *got,
                        struct err *err);

#endif
