#ifndef TALLYMAN_STANDING_H
#define TALLYMAN_STANDING_H
/*
 * standing.h: all that stands at zero by somebody's word, or waits for one: zero-outs, those that a second person has to agree to, and what a plan would take
 * off sale if a person let it.
 */
#include "trade/zero.h"

enum stand_kind { STAND_ZERO, STAND_PROPOSED, STAND_PLANNED };

struct stand {
	enum stand_kind kind;
	int64_t key;      /* unique among all of them, newest highest; of a zero-out its number */
	int64_t id;       /* the zero-out's or the intent's; 0: the plan */
	struct zero zero; /* of the others scope, reason, actor, made_ms, until_ms (agreed to by then) and offers, as far as they have them */
};

/* As zeros_page, with what waits before everything else. */
enum fault stands_page(struct store *s, bool all, int n, int64_t now_ms, struct arena *a, struct stand **out, int *got, struct err *err);

/* "proposed", "planned", "lifted", "stopped", "pending" (not all of it is seen at zero yet), "held". */
const char *stand_state(const struct stand *d);

/* Is the word in what it is of, why, or by whom, whatever its case? NULL or "": it is. */
bool stand_has(const struct stand *d, const char *word);

/* By its key; FAULT_REFUSED: it is no longer there. */
enum fault stand_get(struct store *s, int64_t key, int64_t now_ms, struct arena *a, struct stand *out, struct err *err);

#endif
