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
#include "base/err.h"

#include <stddef.h>

/*
 * The text of "data/limits.csv", terminated; *n (may be NULL) counts its bytes. NULL when there is no such asset, or when
 * TALLYMAN_ASSETS has one that cannot be read: what it was to correct is not said instead.
 */
const char *asset_get(struct arena *a, const char *name, size_t *n);

/* Can each file of TALLYMAN_ASSETS be read? Asked when the program starts: FAULT_REFUSED with the first path that cannot. */
enum fault assets_check(struct err *err);

/* The i-th built-in name, in order; NULL past the end. */
const char *asset_name(int i);

#endif
