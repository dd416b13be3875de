#ifndef TALLYMAN_TESTS_LIFE_H
#define TALLYMAN_TESTS_LIFE_H
/*
 * life.h: a whole simulated day of a kind, from its first order to its verdict: buyers, counts, mishaps or deaths, rest.
 */
#include "tests/fault/day.h"

#include <stdbool.h>
#include <stdint.h>

struct life_kind {
	const char *name;
	int skus, past, orders_a_day;
	int stretch_min, stretches; /* with buyers; mishaps are sown in every second stretch */
	int quiet_min, still_min;   /* without buyers; then without counts as well */
	int settle_pct;             /* of the time that a marketplace takes to show what it accepted */
	int crashes;                /* an hour */
	bool mishaps, shadow;
	bool feeds;                 /* what changes goes by feed */
	bool whole;                 /* four marketplaces, five depots */
	int out_min;                /* > 0: one account is out, for 35 minutes or up to so many: it goes to zero and comes back */
	int first;                  /* of its seeds */
	int lives;                  /* so many it gets in `make test`; of a thousand, where many are lived */
};

struct life {
	char why[400];  /* the first thing that was wrong; "": nothing */
	char what[120]; /* what befell it, in words */
	int orders, turns, crashes, hits, zeroed, lived_min; /* hits: calls that a mishap spoilt */
	int wrong[WRONGS];
	int excused; /* units oversold that could have been avoided, while a mishap or a death kept one of the marketplaces from being understood */
};

void life_live(const struct life_kind *k, uint64_t seed, struct life *out);

#endif
