#ifndef TALLYMAN_RUNS_H
#define TALLYMAN_RUNS_H
/*
 * runs.h: a set of row numbers as a short text: "3-8,12,20-9000". Ten thousand rows beside each other are a dozen characters.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct run {
	int64_t from, to; /* both are in it */
};

/* id: n positive numbers in any order; they are sorted in place, and each counts once. "" of none. */
char *runs_pack(struct arena *a, int64_t *id, int n);

/* Ascending runs, as far as the text is such a text: from the first thing that is none on nothing is read. */
int runs_unpack(struct arena *a, const char *text, struct run **out);

/* n runs in any order, in place, as ascending ones that do not touch; returns how many they are then. */
int runs_join(struct run *run, int n);

/* Is this number in one of n ascending runs? */
bool runs_have(const struct run *run, int n, int64_t id);

#endif
