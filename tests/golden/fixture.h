#ifndef TALLYMAN_FIXTURE_H
#define TALLYMAN_FIXTURE_H
/*
 * fixture.h: the seller of the golden screens, as fixture.sql tells it.
 */
#include "store/store.h"

#include <stdint.h>

/* Friday 2026-11-20 07:58:00 UTC. */
#define FIXTURE_NOW INT64_C(1795161480000)

/* Fill an empty, migrated store; ends the test when fixture.sql is wrong. Run from the project's root. */
void fixture_fill(struct store *s);

/* The same as a new store in dir. */
void fixture_make(const char *dir);

#endif
