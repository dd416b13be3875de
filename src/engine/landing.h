#ifndef TALLYMAN_ENGINE_LANDING_H
#define TALLYMAN_ENGINE_LANDING_H
/*
 * landing.h: a reply on its way into the store: what settle.c makes of it, and backlog.c keeps for a moment.
 */
#include "engine/parts.h"

struct landing {
	struct engine *e;
	struct flight flight;       /* its arena holds the landing too */
	struct flight *f;           /* that one */
	struct reply reply;
	struct arena *reply_arena;  /* what the reply points into; NULL: somebody else's */
	struct news news;
	struct cause why;
	enum fault fault;
	struct err err;
	struct tally tally;
	enum breaker_event event;   /* what the answer did to its group's breaker */
	struct fuse *fuse;
	int64_t now_ms;
	bool went_on;               /* the list's next page was asked for already: its job stays under way */
};

/* All that follows from it, inside the caller's transaction. */
enum fault landing_write(struct landing *l, struct err *err);

/* The same in a transaction of its own; false: it could not be written, and is treated as not understood. */
bool landing_settle(struct landing *l);

void landing_free(struct landing *l);

#endif
