#ifndef TALLYMAN_CHECKS_H
#define TALLYMAN_CHECKS_H
/*
 * checks.h: the questions of runbook cards, each answered from what the store knows now, with the figure that was seen.
 *
 * They read only, work without any connection, and say the same to the person who looks and to the engine that writes it down.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct check_about {
	int64_t account; /* 0: all */
	const char *kind, *subject;
};

struct finding {
	bool good;
	const char *text; /* "last understood answer 14 s ago" */
};

/* FAULT_REFUSED: there is no check of that name. */
enum fault check_make(struct store *s, const char *name, const struct check_about *about, int64_t now_ms, struct arena *a, struct finding *out, struct err *err);

/* The i-th name, NULL past the last. */
const char *check_name(int i);

#endif
