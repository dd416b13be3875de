#ifndef TALLYMAN_MARKETPLACES_H
#define TALLYMAN_MARKETPLACES_H
/*
 * marketplaces.h: how a person calls a marketplace of an account that has several (data/marketplaces.csv).
 */
#include "base/arena.h"

/*
 * "amazon-na", "A1AM78C64UM0Y8" is "amazon-na MX"; an account that is named for it is told by that name alone, and
 * one that has no word of its own stands as the platform calls it.
 */
const char *marketplace_say(struct arena *a, const char *account, const char *marketplace);

#endif
