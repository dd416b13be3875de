#ifndef TALLYMAN_SINCE_H
#define TALLYMAN_SINCE_H
/*
 * since.h: what has become another since a person last sat here, by the audit's word of when that was.
 *
 * A session goes from his login to his logout, or to the last thing he did where the engine did not see him go: then rather too much is told than too little.
 * Sessions less than AWAY_MS apart are one: a line that broke is no night. Each incident and each zero-out that was open then, or has been open since, has one
 * fate; so those open now are the opened, worse, worked on and untouched ones, and those open then all but the opened and the passed, with the closed.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { AWAY_MS = 30 * 60 * 1000 };

struct last_look {
	const char *actor; /* of his last row: "uid:1000 jo login:1000"; "" when he was never here */
	int64_t at_ms;     /* 0: never */
	int64_t audit_n;   /* that row */
};

/* Whose last session, that ended before before_ms. */
struct looker {
	const char *actor; /* "uid:1000 jo"; NULL: by name */
	const char *name;  /* "jo" */
	int64_t before_ms;
	bool sits;         /* he may sit at a console now: the session that he is in is not his last one */
};

enum fault last_look(struct store *s, const struct looker *who, struct arena *a, struct last_look *out, struct err *err);

enum fate {
	FATE_OPENED,    /* and open still */
	FATE_WORSE,     /* open then: graver since than it ever was before, or it was over then and is back */
	FATE_UNTOUCHED, /* open then and now, and nobody did anything about it */
	FATE_WORKED,    /* open then and now, and somebody did */
	FATE_CLOSED,    /* open then */
	FATE_PASSED,    /* opened and closed since */
	FATES
};

const char *fate_name(enum fate f); /* "opened" "worse" "untouched" "worked on" "closed" "came and went" */

struct since_thing {
	enum fate fate;
	const char *name, *severity, *text; /* "I-207" "CRIT" "walmart-us: they do not know us"; what was closed says why */
	const char *who;                    /* who did something about it since: "jo, ann"; "" nobody */
	int64_t opened_ms, closed_ms;       /* closed_ms 0: open */
	const char *pane, *subject;         /* where it is shown whole */
};

enum since_figure { SINCE_ORDERS, SINCE_SHIPPED, SINCE_LATE, SINCE_PARKED, SINCE_REFUSED, SINCE_ZEROS, SINCE_FIGURES };

const char *since_figure_name(enum since_figure f); /* "orders placed" */

struct since {
	int64_t from_ms, to_ms;
	struct since_thing *thing; /* by fate, the gravest first, then the newest */
	int n;
	int64_t count[FATES];
	int64_t figure[SINCE_FIGURES];
};

/* What has become another between then and now. At most SINCE_MOST closed ones are told of. */
enum { SINCE_MOST = 2000 };
enum fault since_read(struct store *s, int64_t from_ms, int64_t now_ms, struct arena *a, struct since *out, struct err *err);

#endif
