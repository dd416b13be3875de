#ifndef TALLYMAN_RETRIES_H
#define TALLYMAN_RETRIES_H
/*
 * retries.h: does trying again help? What was tried again is counted by account, verb and what went wrong before; a class that a whole day of trying has not
 * cured once is told to a person: the fix is rarely to retry harder.
 */
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Something was tried once more after a failure of this kind, and it helped or did not. */
enum fault retry_note(struct store *s, int64_t account, const char *verb, const char *fault, bool helped, int64_t now_ms, struct err *err);

/* Each hour: alerts of kind "stuck" are raised and closed, and what is older than two days is forgotten. */
enum fault retries_watch(struct store *s, const struct cause *why, struct err *err);

#endif
