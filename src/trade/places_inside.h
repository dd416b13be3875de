#ifndef TALLYMAN_PLACES_INSIDE_H
#define TALLYMAN_PLACES_INSIDE_H
/*
 * places_inside.h: what places.c, who is told of them, and places_word.c, what a person says of them, share.
 */
#include "trade/places.h"

bool place_is_kind(const char *kind);
bool place_is_theirs(const char *kind); /* a pool of the channel's own: shown, never counted as ours */

/* Does it sell? What lies there is thought over again when that changes. */
enum fault place_active(struct store *s, int64_t place, bool active, const struct cause *why, struct err *err);

#endif
