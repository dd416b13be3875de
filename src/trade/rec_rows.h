#ifndef TALLYMAN_REC_ROWS_H
#define TALLYMAN_REC_ROWS_H
/* rec_rows.h: what a run writes down of single offers: between reconcile.c and rec_rows.c alone. */
#include "trade/reconcile.h"

/* What became of some differences. */
struct rec_noted {
	int drifts, alerts, pushed, undecided;
};

/* An offer that drifts: on record, and corrected where the rule says so. run 0: between runs. */
enum fault rec_note_drift(struct store *s, int64_t run, int64_t offer, const struct rec_rule *r, const struct cause *why, struct rec_noted *out,
                          struct err *err);

/*
 * A listing with a quantity that stands for nothing we sell: zero is proposed. One that a whole list did not have. Mappings that were never proved, and how
 * many. asked: grows by those that wait for a person; what one decided already is not asked again.
 */
enum fault rec_note_ghost(struct store *s, int64_t run, int64_t offer, const struct cause *why, int64_t *asked, struct err *err);
enum fault rec_note_vanished(struct store *s, int64_t run, int64_t offer, const struct cause *why, int64_t *asked, struct err *err);
enum fault rec_note_young(struct store *s, int64_t run, const char *account, const struct cause *why, int64_t *n, int64_t *asked, struct err *err);

/* Corrections of this account from before the run, not proved by its end: they did not take. */
enum fault rec_close_former(struct store *s, const struct rec_run *run, const struct cause *why, struct err *err);

#endif
