#ifndef TALLYMAN_FAILURE_FOLDS_H
#define TALLYMAN_FAILURE_FOLDS_H
/*
 * failure_folds.h: failures that are one thing to a person: the same class, at the same account, in the same words but for numbers and names.
 */
#include "trade/remedy.h"

struct failure_fold {
	struct failure f;              /* the newest of them; count, first_ms and next_ms (the soonest) are of all. First: a fold is a failure */
	const struct failure **member; /* as they came, the newest first */
	int n, cap;
	const struct failure *oldest; /* stays while others join */
};

/* Folds in the order of their newest member. Lives in a, with what failure points to. Returns how many. */
int failures_fold(const struct failure *failure, int n, struct arena *a, struct failure_fold **out);

/* What hangs on all of them; of more than FOLD_COSTED on so many. Money is of the currency that came first. */
enum { FOLD_COSTED = 200 };
enum fault failure_fold_cost(struct store *s, const struct failure_fold *fold, struct arena *a, struct failure_cost *out, struct err *err);

/* Is the word in anything that is told of it? And is every word of a filter, and none behind a "!"? */
bool failure_has(const struct failure *f, const char *word);
bool failure_fits(const struct failure *f, const char *filter);

/* The words of a text: what has a digit in it, and the subject, are "#". */
const char *failure_words(struct arena *a, const char *text, const char *subject);

#endif
