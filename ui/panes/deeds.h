#ifndef TALLYMAN_DEEDS_H
#define TALLYMAN_DEEDS_H
/*
 * deeds.h: what can be done with orders, offers and failures, from the letter in the sheet to the intent.
 *
 * The same for the row under the cursor, for a detail, and for many marked rows at once: one preview and one
 * typed line serve them all. A shipment first asks for its carrier and number, order by order.
 */
#include "trade/inbox.h"
#include "trade/incidents.h"
#include "trade/offers.h"
#include "trade/orders.h"
#include "trade/standing.h"
#include "ui/pane.h"

/* SCOPE: nothing is under the cursor; what is meant is asked for. PROPOSED, PLANNED: what waits for a second person, or for a person at all. */
enum deed_kind { DEED_ORDER, DEED_OFFER, DEED_FAILURE, DEED_ZERO, DEED_INCIDENT, DEED_SCOPE, DEED_PROPOSED, DEED_PLANNED };

struct deed_row {
	int64_t id;
	const char *name; /* as a person knows it: "302-1187264" */
	bool job;         /* DEED_FAILURE: a job's number, not an inbox row's */
	unsigned asks;    /* DEED_INCIDENT: the steps that only a person can answer, a bit each from the first on */
};

/* What was chosen and is still being asked about; of the pane's own, NULL at first. */
struct deed;

/*
 * The lines of the sheet, safe ones first. hidden: marked rows that the filter hides; they are left out unless
 * chosen. Returns how many; *out lives in a.
 */
int deed_order_choices(struct arena *a, const struct order_row *const *row, int n, int hidden, struct choice **out);
int deed_offer_choices(struct arena *a, const struct offer *const *offer, int n, int hidden, struct choice **out);
int deed_zero_choices(struct arena *a, const struct stand *const *stand, int n, int hidden, struct choice **out); /* n 0: none is under the cursor */
/* step, n_steps: of the card, when it is one incident. */
int deed_incident_choices(struct arena *a, const struct incident *const *in, int n, const struct incident_step *step, int steps, int hidden, struct choice **out);

/* The steps that only a person can answer: deed_row.asks. */
unsigned deed_steps_asked(const struct incident_step *step, int n);
int deed_failure_choices(struct arena *a, const struct failure *const *failure, int n, int hidden, struct choice **out);

/* true: the act is a deed on these rows, and wish says what follows: a question, a preview, or that it is filed. */
bool deed_act(struct pane *p, struct deed **d, enum act act, enum deed_kind kind, const struct deed_row *row, int n, struct wish *wish);

/* A note that was typed without being asked for (:note TEXT). */
void deed_note(enum deed_kind kind, const struct deed_row *row, struct answer *answer, struct wish *wish);

/* The answer to a deed's question; the next question, or the preview. */
void deed_answer(struct pane *p, struct deed *d, struct answer *answer, struct wish *wish);

/* pane_type.replan: the same decision for the rows of these ids alone, planned anew from what they are now. */
void deed_replan(struct pane *p, const struct proposal *old, const int64_t *ids, int n, struct wish *wish);

void deed_free(struct deed *d);

#endif
