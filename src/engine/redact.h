#ifndef TALLYMAN_REDACT_H
#define TALLYMAN_REDACT_H
/*
 * redact.h: a raw body as a screen may show it: people's data and anything that looks like a credential masked.
 */
#include "base/arena.h"

#include <stdbool.h>

/*
 * JSON keeps its shape with the values of people's keys masked, and all that stands below them. false: it is none (half of one, say), so nobody knows what stands
 * where; *out says how much it is, and nothing of it.
 */
bool redact_body(struct arena *a, const char *body, size_t n, const char **out);

#endif
