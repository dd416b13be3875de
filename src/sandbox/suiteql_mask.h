#ifndef TALLYMAN_SUITEQL_MASK_H
#define TALLYMAN_SUITEQL_MASK_H
/*
 * suiteql_mask.h: a time as to_char and to_date have it, by a mask: YYYY-MM-DD"T"HH24:MI:SS, in the company's zone, which is UTC here.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

const char *mask_text(struct arena *a, int64_t ms, const char *mask);
bool mask_read(const char *s, const char *mask, int64_t *ms); /* false: it is not written so; fewer digits are */

#endif
