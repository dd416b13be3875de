#ifndef TALLYMAN_AUDIT_LOOK_H
#define TALLYMAN_AUDIT_LOOK_H
/*
 * audit_look.h: what a row of the audit changed, and how it is taken back.
 */
#include "trade/audit.h"

/* A fact that the decision made another. */
struct audit_change {
	const char *what; /* "offer SKU-0042 on walmart-us" */
	const char *field, *old, *new; /* old, new: "" for nothing */
};

/* Who did it wrote them in the same moment. At most `most`; *more: there are others. */
enum fault audit_changes(struct store *s, const struct audit_row *r, int most, struct arena *a, struct audit_change **out, int *n, bool *more, struct err *err);

/* The zero-out that this row began and that still stands; 0: none. */
enum fault audit_zero(struct store *s, const struct audit_row *r, int64_t *zero, struct err *err);

/* How anything else of this kind is taken back, or why it cannot be. */
const char *audit_way_back(const char *action);

#endif
