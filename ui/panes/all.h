#ifndef TALLYMAN_PANES_H
#define TALLYMAN_PANES_H
/*
 * all.h: the panes there are.
 *
 * A pane's subject is the row's number in the store ("17"), or a kind and a number where it can be several things
 * ("order:17", "offer:9", "item:4", "job:12", "inbox:3"). Numbers never change, so a subject in a
 * person's state file is good after a restart.
 */
#include "ui/desk.h"

extern const struct pane_type pane_overview;
extern const struct pane_type pane_orders;  /* the queue */
extern const struct pane_type pane_order;   /* 17 */
extern const struct pane_type pane_drift;
extern const struct pane_type pane_offer;   /* 9 */
extern const struct pane_type pane_failed;
extern const struct pane_type pane_failure; /* job:12, inbox:3 */
extern const struct pane_type pane_engine;
extern const struct pane_type pane_channel; /* an account: 2 */
extern const struct pane_type pane_attempt; /* 1204 */
extern const struct pane_type pane_explain; /* order:17, offer:9, item:4 */
extern const struct pane_type pane_story;   /* order:17, offer:9 */
extern const struct pane_type pane_timeline; /* item:4 */
extern const struct pane_type pane_suppressed;
extern const struct pane_type pane_zeros;
extern const struct pane_type pane_zero;    /* 12 */
extern const struct pane_type pane_map;     /* what is wrong with mappings */
extern const struct pane_type pane_conflicts; /* where sources of truth differ */
extern const struct pane_type pane_conflict; /* 3 */
extern const struct pane_type pane_reconcile; /* sessions, the day's review, runs */
extern const struct pane_type pane_run;     /* 12 */
extern const struct pane_type pane_session; /* 3 */
extern const struct pane_type pane_tasks;   /* routines, and who did them */
extern const struct pane_type pane_quota;   /* every limit of every account */
extern const struct pane_type pane_limit;   /* 2:amazon.listings.patch */
extern const struct pane_type pane_health;
extern const struct pane_type pane_rehearse; /* account:2; else every one in shadow mode */
extern const struct pane_type pane_handover;
extern const struct pane_type pane_audit;    /* 17: at that row */
extern const struct pane_type pane_since;    /* "": since you were last here; "jo": since jo was */
extern const struct pane_type pane_quiet;
extern const struct pane_type pane_settings; /* "": all; "rec": a section; "drift", "health": the limits of that screen */
extern const struct pane_type pane_alerts;
extern const struct pane_type pane_incident; /* 207 */

/* What a timeline's pane shows of the time, epoch milliseconds. */
void timeline_window(const struct pane *p, int64_t *from_ms, int64_t *to_ms);

/* The preview that was open when the line was lost, from what is so now: desk_setup.resume. */
void deed_resume(struct pane *p, const struct draft *draft, struct wish *wish);

/* What stands on the keys 1..9 and 0. */
extern const struct desk_screen pane_screens[DESK_SCREENS];

/* What can be opened from others, to come back to after a restart; ends with NULL. */
extern const struct pane_type *const pane_details[];

/* "orders" to its type; NULL when there is none. */
const struct pane_type *pane_by_name(const char *name);

/* "order:17" is of the kind "order" and has the number 17; false: it is not. A bare number fits every kind. */
bool subject_id(const char *subject, const char *kind, int64_t *id);

#endif
