#ifndef TALLYMAN_CARRY_H
#define TALLYMAN_CARRY_H
/*
 * carry.h: carrying out, by kind of intent: what stands in carry.c's table. For carry*.c alone; everybody else calls intent_carry.
 *
 * Each is called in the caller's transaction, with a plan that was just made and whose line and digest were confirmed. It writes
 * what follows (packages, jobs, rows of its own) and counts in work.done; the audit's row and the intent's end are carry.c's.
 */
#include "trade/intents.h"

struct job_plan;

struct work {
	struct store *s;
	struct intent *in;
	const struct plan *plan;
	const struct cause *why;
	struct arena *a;
	const char *result; /* what is answered; NULL: how many were done */
	int done;
};

/* The i-th id under a key of the payload, -1 for what is no number (refused where it is looked up); false after the last. */
bool carry_each(const struct work *w, const char *key, int i, int64_t *id);

/* What somebody else decided, by the plan of w that was agreed to, in the other's name (why). */
enum fault carry_other(struct work *w, struct intent *other, const struct cause *why, struct err *err);

/* A job of this intent, due now, before the reads. */
enum fault carry_queue(struct work *w, struct job_plan *p, struct err *err);

/* carry_orders.c: what is told to a marketplace of orders, and of offers by hand */
enum fault carry_acks(struct work *w, struct err *err);
enum fault carry_ships(struct work *w, struct err *err);
enum fault carry_cancels(struct work *w, struct err *err);
enum fault carry_push(struct work *w, struct err *err);

/* What would be told of a package today, and telling it: a retry's too. */
struct order_detail;
enum fault carry_package(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err);
enum fault carry_told(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err);

/* carry_failures.c: what failed, or was not understood */
enum fault carry_retry(struct work *w, struct err *err);
enum fault carry_assign(struct work *w, struct err *err);
enum fault carry_archive(struct work *w, struct err *err);

/* carry_zeros.c: zero-outs, and a second person's word */
enum fault carry_zero(struct work *w, struct err *err);
enum fault carry_lift(struct work *w, struct err *err);
enum fault carry_let(struct work *w, struct err *err);
enum fault carry_halt(struct work *w, struct err *err);
enum fault carry_approve(struct work *w, struct err *err);

/* carry_local.c: what reaches no marketplace by itself */
enum fault carry_note(struct work *w, struct err *err);
enum fault carry_count(struct work *w, struct err *err);
enum fault carry_alert_ack(struct work *w, struct err *err);
enum fault carry_incident(struct work *w, struct err *err);
enum fault carry_redact(struct work *w, struct err *err);
enum fault carry_map(struct work *w, struct err *err);
enum fault carry_kit(struct work *w, struct err *err);
enum fault carry_mode(struct work *w, struct err *err);
enum fault carry_policy(struct work *w, struct err *err);
enum fault carry_place(struct work *w, struct err *err);
enum fault carry_sitting(struct work *w, struct err *err);
enum fault carry_settle(struct work *w, struct err *err);
enum fault carry_event(struct work *w, struct err *err);
enum fault carry_lapse(struct work *w, struct err *err);
enum fault carry_task(struct work *w, struct err *err);
enum fault carry_handover(struct work *w, struct err *err);

#endif
