#ifndef TALLYMAN_TESTS_SEEN_H
#define TALLYMAN_TESTS_SEEN_H
/* seen.h: which moments of a day were there before, in this process or in a fork of it. */
#include "tests/fault/day.h"

struct seen;

struct seen *seen_open(void);
void seen_close(struct seen *s);

/* Where everybody stands: what was recovered of the store (folder.h), what the marketplaces heard and did, what people were told and wait for.
 * What time it is does not tell two moments apart. */
uint64_t moment_of(const struct day *d, uint64_t digest);

bool seen_not(struct seen *s, uint64_t moment); /* and from now on it is not */

#endif
