#ifndef TALLYMAN_PLAN_H
#define TALLYMAN_PLAN_H
/*
 * plan.h: what an intent would do, by kind: what stands in plans.c's table. For plan*.c alone; everybody else calls plan_make.
 *
 * Each reads, and fills a draft: a step for what would be done, a line for what is left out, a warning for what a person should look at again. Whatever
 * stands in a step is in the digest, so a row that changed in between is noticed.
 */
#include "base/text.h"
#include "trade/intents.h"

struct store;

enum { PLAN_ACCOUNTS = 32 };

struct draft {
	struct store *s;
	const struct intent *in;
	int64_t now_ms;
	struct arena *a;
	struct plan *out;
	int step_cap, skip_cap, warn_cap, note_cap, id_cap, row_cap;
	int64_t *id;         /* of each step */
	struct plan_row *row; /* likewise, of plans whose steps are rows */
	const char *account[PLAN_ACCOUNTS]; /* those that anything happens on, in order of appearance */
	int accounts;
	struct buf bound;    /* ids and states behind the steps: digested, not shown */
	bool loose;          /* the words of the steps may become others: ids and lines bind it */
};

/* "walmart-us 1796277083022": left out, and why. */
void draft_skip(struct draft *d, const char *what, const char *why);
void draft_warn(struct draft *d, const char *text);
void draft_step(struct draft *d, const char *account, int64_t id, const char *text);
const char *draft_units(int64_t n); /* "unit", "units" */

/* plan_orders.c */
enum fault plan_acks(struct draft *d, struct err *err);
enum fault plan_ships(struct draft *d, struct err *err);
enum fault plan_cancels(struct draft *d, struct err *err);
enum fault plan_redact(struct draft *d, struct err *err);

/* plan_zeros.c */
enum fault plan_zero(struct draft *d, struct err *err);
enum fault plan_lift(struct draft *d, struct err *err);
enum fault plan_let(struct draft *d, struct err *err);
enum fault plan_halt(struct draft *d, struct err *err);
enum fault plan_approve(struct draft *d, struct err *err);

/* plan_local.c: offers by hand, accounts, SKUs, rules, and what stays on this machine */
enum fault plan_push(struct draft *d, struct err *err);
enum fault plan_mode(struct draft *d, struct err *err);
enum fault plan_map(struct draft *d, struct err *err);
enum fault plan_kit(struct draft *d, struct err *err);
enum fault plan_policy(struct draft *d, struct err *err);
enum fault plan_place(struct draft *d, struct err *err);
enum fault plan_event(struct draft *d, struct err *err);
enum fault plan_lapse(struct draft *d, struct err *err);
enum fault plan_sitting(struct draft *d, struct err *err);
enum fault plan_settle(struct draft *d, struct err *err);
enum fault plan_incident(struct draft *d, struct err *err);
enum fault plan_vault(struct draft *d, struct err *err);
enum fault plan_release(struct draft *d, struct err *err);
enum fault plan_local(struct draft *d, struct err *err);

#endif
