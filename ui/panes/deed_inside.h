#ifndef TALLYMAN_DEED_INSIDE_H
#define TALLYMAN_DEED_INSIDE_H
/*
 * deed_inside.h: a deed while it is being asked about, for deeds.c and deed_zero.c alone.
 */
#include "base/fields.h"
#include "trade/intents.h"
#include "ui/panes/deeds.h"

/* What is asked next: of a shipment each order's carrier, number and, where nobody knows the carrier, a tracking page; of a zero-out what, why, and until when. */
enum step { STEP_CARRIER, STEP_TRACKING, STEP_URL, STEP_SERVICE, STEP_WORDS, STEP_SCOPE, STEP_PICK, STEP_SKUS, STEP_WHY, STEP_END, STEP_TIME };

struct deed {
	struct arena *arena;
	enum act act;
	enum deed_kind kind;
	struct deed_row *row;
	int n, at; /* rows; the one being asked about */
	enum step step;
	const char *carrier;
	struct fields said;
};

/* An intent about all rows, with what was answered so far. Everything is copied into the wish's arena. */
struct intent *deed_intent(const struct deed *d, enum intent_kind kind, struct wish *wish);

void deed_propose(struct pane *p, const struct deed *d, enum intent_kind kind, const char *title, const char *after, struct wish *wish);

/* false, with the reason; the prompt stays open. */
bool deed_refuse(struct answer *answer, const char *why);

/* deed_zero.c: what, why and until when, each asked for; then the preview. */
void deed_zero_begin(struct pane *p, struct deed *d, struct wish *wish);
void deed_zero_answer(struct pane *p, struct deed *d, struct answer *answer, struct wish *wish);

#endif
