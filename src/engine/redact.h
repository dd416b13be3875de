#ifndef TALLYMAN_REDACT_H
#define TALLYMAN_REDACT_H
/*
 * redact.h: a raw body as a screen may show it: people's data and anything that looks like a credential masked.
 */
#include "base/arena.h"

/* JSON keeps its shape with the values of people's keys masked; anything else is cleaned and cut to its first 4 KiB. */
char *redact_body(struct arena *a, const char *body, size_t n);

#endif
