#ifndef TALLYMAN_HANDOVER_H
#define TALLYMAN_HANDOVER_H
/*
 * handover.h: what one shift leaves to the next, made from what is on record, and signed by both.
 *
 * A shift begins where the last handover ended; the first one is a length of time. Who goes signs the report over and names who comes; the engine makes the
 * report once more, and keeps it with its SHA-256, the audit's head and both names. Who comes takes it: with another uid than who went.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum hand_part {
	HAND_VERDICT,
	HAND_NOW,     /* needs somebody now */
	HAND_WATCH,   /* may need somebody on the next shift */
	HAND_HELD,    /* latches: zero-outs, held-off zeros, what was set by hand, alerts that are muted */
	HAND_DONE,    /* by whom */
	HAND_NUMBERS,
	HAND_CHANGES, /* to rules, modes, secrets and the program's own state */
	HAND_TASKS,   /* daily and weekly routines */
	HAND_PEOPLE,  /* who sat down, and names that several may share */
	HAND_NOTES,
	HAND_SIGN,    /* the audit's head; handovers before this one */
	HAND_PARTS
};

const char *hand_part_title(enum hand_part p); /* "needs you now" */

struct hand_line {
	enum hand_part part;
	const char *level;          /* CRIT WARN ok info, "" */
	int64_t at_ms;              /* 0: none */
	const char *text;
	const char *pane, *subject; /* where it is shown whole; "" : nowhere */
};

/* A figure of this shift, of the one before it, and of the same hours a week before. */
struct hand_figure {
	const char *name;
	int64_t now, before, week;
};

enum { HAND_FIGURES = 5 };

struct handover {
	int64_t from_ms, to_ms, audit_n;
	char audit_head[65];
	const char *verdict;        /* OK WARNING CRITICAL */
	struct hand_line *line;
	int n, cap;
	struct hand_figure figure[HAND_FIGURES];
};

enum { SHIFT_MS = 8 * 3600000 }; /* before anything was ever handed over */

/* What there is to hand over now. */
enum fault handover_read(struct store *s, int64_t now_ms, struct arena *a, struct handover *out, struct err *err);

/* The same of a time that begins elsewhere. */
enum fault handover_from(struct store *s, int64_t from_ms, int64_t now_ms, struct arena *a, struct handover *out, struct err *err);

/* The same as text: what is signed. Times in UTC. */
const char *handover_text(const struct handover *h, struct arena *a);

/* What was signed. */
struct handed {
	int64_t id, from_ms, to_ms, audit_n, taken_ms; /* taken_ms 0: nobody has taken it */
	const char *actor, *heir, *hash, *audit_head, *taken_by;
	const char *report;                            /* handed_get alone */
};

enum fault handed_page(struct store *s, int n, struct arena *a, struct handed **out, int *got, struct err *err); /* newest first */
enum fault handed_get(struct store *s, int64_t id, struct arena *a, struct handed *out, struct err *err);       /* FAULT_REFUSED */

/* INTENT_HANDOVER's payload: to=NAME signs the shift over, take=ID takes one. FAULT_REFUSED: it cannot be. *result in a. */
enum fault handover_carry(struct store *s, const struct fields *p, const struct cause *why, struct arena *a, const char **result, struct err *err);

#endif
