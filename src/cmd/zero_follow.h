#ifndef TALLYMAN_ZERO_FOLLOW_H
#define TALLYMAN_ZERO_FOLLOW_H
/*
 * zero_follow.h: `tallyman zero --wait`: from the engine's word to what their own reading shows, row by row; ^C stops it between two calls.
 */
#include "cmd/session.h"
#include "trade/intents.h"

/* Send it as intent_run does, then stay. Ends the session; the status is 0 when every offer was seen at zero. */
int zero_follow(struct session *s, struct intent *in);

/* The zero-out and its offers, onto the session's sheet (cmd/zero.c). */
enum fault zero_print(struct session *s, int64_t id);

#endif
