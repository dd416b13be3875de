#ifndef TALLYMAN_CMD_TIMELINE_H
#define TALLYMAN_CMD_TIMELINE_H
/*
 * timeline.h: an item's life as `tallyman timeline SKU` prints it.
 */
#include "cmd/session.h"

/* --since, --until; epoch milliseconds. since_ms 0: from the beginning. */
struct span {
	int64_t since_ms, until_ms;
};

/* -1: they are times, or not given. Else STATUS_WORDS, and why on stderr. */
int span_read(struct session *s, struct span *out);

/* Tables "events", the newest --limit (200) of the span, oldest first; and "curves", a row where a number became another. */
enum fault put_life(struct session *s, int64_t item, const struct span *span);

#endif
