#ifndef TALLYMAN_KEPT_H
#define TALLYMAN_KEPT_H
/*
 * kept.h: a reply of the past, from the bytes that were kept, heard once more. Nothing of what it tells is written.
 */
#include "engine/parts.h"

struct kept {
	struct attempt attempt;
	const struct link *link;
	enum verb verb;
	struct batch batch;
	struct reply reply; /* its headers are not kept */
	bool whole;         /* there is something to hear: account, jobs and bytes are there still */
};

/* Into the turn's arena. */
enum fault kept_open(struct engine *e, int64_t attempt, int64_t now_ms, struct kept *out, struct err *err);

/* What its channel makes of it today. */
enum fault kept_hear(struct engine *e, const struct kept *k, struct news *out, struct err *err);

#endif
