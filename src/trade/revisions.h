#ifndef TALLYMAN_REVISIONS_H
#define TALLYMAN_REVISIONS_H
/*
 * revisions.h: how often one subject (a listing) was changed in the last 24 hours.
 *
 * A platform that allows so many a calendar day may not say whose midnight it means. Any 24 hours keep to it, whatever its time zone is.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

/* One more, now. */
enum fault revision_add(struct store *s, int64_t account, const char *subject, int64_t now_ms, struct err *err);

/* In the last 24 hours, the hour that has begun and the one that is not over counted whole. */
enum fault revisions_of(struct store *s, int64_t account, const char *subject, int64_t now_ms, int64_t *n, struct err *err);

/* The subject of an account that was changed most, and how often; "" and 0 when none was. */
enum fault revisions_most(struct store *s, int64_t account, int64_t now_ms, struct arena *a, const char **subject, int64_t *n, struct err *err);

/* What is older counts no more. */
enum fault revisions_purge(struct store *s, int64_t now_ms, struct err *err);

#endif
