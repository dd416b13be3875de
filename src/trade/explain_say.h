#ifndef TALLYMAN_EXPLAIN_SAY_H
#define TALLYMAN_EXPLAIN_SAY_H
/*
 * explain_say.h: an explanation being put together, for explain.c and explain_offer.c alone.
 */
#include "trade/views.h"

#include "store/store.h"

struct explainer {
	struct store *s;
	struct arena *a;
	int64_t now_ms;
	struct term *term;
	int n, cap;
	struct err *err;
};

void explain_say(struct explainer *t, struct term term);
const char *explain_number(const struct explainer *t, int64_t n);

/* What is awaited before a number is believed or said: the sum's last lines. */
enum fault explain_awaited(struct explainer *t, int64_t item);
enum fault explain_raise_waits(struct explainer *t, const struct offer *f, int row);

/* What there is of an item: places and who told what of them, what is owed. FAULT_REFUSED: no such item. */
enum fault explain_available(struct explainer *t, int64_t item);

#endif
