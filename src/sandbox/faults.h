#ifndef TALLYMAN_SANDBOX_FAULTS_H
#define TALLYMAN_SANDBOX_FAULTS_H
/*
 * faults.h: what goes wrong between a platform and its seller, on request or from a seed.
 *
 * One line of text is one mishap:
 *
 *     at=10m for=5m channel=walmart op=orders kind=lost-after rate=0.3
 *
 * at, for    from now, for how long (ms s m h d); at once and for ever when left out
 * channel    walmart amazon ebay shopify cartoncloud netsuite, or several with commas; all when left out
 * op         token orders order ack ship cancel stock push feeds pool bulk products dispatch status report, or several with
 *            commas; all when left out
 * kind       a name of fault_kinds
 * rate       how many of the calls it hits, 0 to 1; count: how many at most
 * status, delay, sku, place, to     what some kinds need; late without delay: one to ten minutes
 *
 * "seed=7 for=6h" sows a random lot of mishaps over the next six hours.
 */
#include "sandbox/service.h"

enum fault_kind {
	LOST_BEFORE,
	LOST_AFTER,
	ERROR_BEFORE,
	ERROR_AFTER,
	SLOW,
	TRUNCATED,
	FLIPPED,
	NUL_INSIDE,
	DUPLICATE_KEY,
	UNKNOWN_WORD,
	MISSING_FIELD,
	MISTYPED,
	EMPTY,
	HTML,
	REDIRECT,
	THROTTLE,
	REVOKED,
	NO_TOKEN,
	NO_ROLE,
	DROPPED,
	STUCK,
	EDIT,
	ZEROES,
	HALVED,
	FAILING,
	DEAF,
	CROWDED,
	FALSE_LOGIN,
	LATE_WRITES,
	ANNOUNCED,
	LATE,
	TWICE,
	FAULT_KINDS
};

/* What a random lot is drawn from: what may befall any line. The rest is asked for by name. */
enum { KINDS_SOWN = ZEROES };

struct fault_kind_fact {
	const char *name, *what;
	bool before;  /* instead of the platform's own answer: nothing has happened */
	bool alone;   /* it happens by itself, not to a call */
};

extern const struct fault_kind_fact fault_kinds[FAULT_KINDS];

struct mishap {
	enum fault_kind kind;
	int64_t from_ms, until_ms;
	unsigned channels, groups; /* bits of enum platform, enum group */
	int32_t rate_ppm, left;    /* left: calls that it may still hit, -1: any number */
	int32_t status, to, fired;
	int64_t delay_ms; /* 0: as the kind has it */
	enum place place; /* PLACES: any */
	char sku[48];     /* "": any */
	bool done;        /* of those that happen by themselves */
};

enum { MISHAPS_MAX = 128 };

struct faults {
	struct mishap mishap[MISHAPS_MAX];
	int n;
	struct rng rng;
	unsigned sells; /* bits of enum platform: whom a random mishap may be about */
	bool log; /* say on stderr what hit whom */
};

/* FAULT_REFUSED with the word that is wrong and what would be right. */
enum fault faults_add(struct faults *f, const char *text, int64_t now_ms, struct err *err);

/* A random lot: about one mishap every ten minutes, none longer than fifteen. */
void faults_sow(struct faults *f, uint64_t seed, int64_t from_ms, int64_t until_ms);

/* The line of text that a mishap could have come from, with its own times since the epoch. */
const char *mishap_text(struct arena *a, const struct mishap *m);

/* The mishap that hits this call, if any; it counts it. */
struct mishap *faults_draw(struct faults *f, enum platform platform, enum group group, int64_t now_ms);

/* Let happen what happens by itself: edits by hand, revoked tokens, stuck feeds. */
void faults_happen(struct faults *f, struct world *w, struct service *service);

/* Instead of the platform's answer; after it. The call has been opened; after: it has been answered. */
void fault_before(struct faults *f, const struct mishap *m, struct service *s, struct call *c);
/* How long after the line broke a late call arrives. */
int64_t fault_late_ms(struct faults *f, const struct mishap *m);
void fault_after(struct faults *f, const struct mishap *m, struct service *s, struct call *c);

#endif
