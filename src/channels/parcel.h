#ifndef TALLYMAN_PARCEL_H
#define TALLYMAN_PARCEL_H
/*
 * parcel.h: what a job of the verbs ship and cancel says, checked before a platform's words are put to it.
 */
#include "trade/jobs.h"

#include <stdint.h>

struct parcel_line {
	const char *ref; /* theirs */
	int64_t qty;
};

struct parcel {
	const char *ref;      /* the order, theirs */
	struct parcel_line *line;
	int lines;
	const char *package;  /* our key for it */
	const char *carrier, *carrier_name; /* our code or what was typed; the name a person reads */
	const char *tracking, *url, *service; /* url, service: "" when not told */
	int64_t shipped_ms;
};

/* The lines of either verb: payload "line=QTY:REF", at least one. FAULT_REFUSED says which will not do. */
enum fault parcel_lines(const struct job *job, struct arena *a, struct parcel *out, struct err *err);

/* A whole package. FAULT_REFUSED: no tracking number, a URL that is none, a line that will not do. */
enum fault parcel_read(const struct job *job, int64_t now_ms, struct arena *a, struct parcel *out, struct err *err);

/* A platform's own spelling of a carrier, whatever its case, from a table with a column "carrier"; NULL when it is not on the list. */
const char *parcel_carrier(struct arena *a, const char *table, const char *word);

#endif
