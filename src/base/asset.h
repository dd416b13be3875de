#ifndef TALLYMAN_ASSET_H
#define TALLYMAN_ASSET_H
/*
 * asset.h: the files of data/ and themes/, built into the binary.
 *
 * TALLYMAN_ASSETS names a folder whose files win over the built-in ones (the same
 * names below it: "data/limits.csv"), so that a fact of the world can be corrected without a
 * new binary.
 */
#include "base/arena.h"

#include <stddef.h>

/* The text of "data/limits.csv"; NULL when there is no such asset. Terminated; *n (may be NULL) counts its bytes. */
const char *asset_get(struct arena *a, const char *name, size_t *n);

/* The i-th built-in name, in order; NULL past the end. */
const char *asset_name(int i);

#endif
