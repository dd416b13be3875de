#ifndef TALLYMAN_ENGINE_LANDING_H
#define TALLYMAN_ENGINE_LANDING_H
/*
 * landing.h: a reply on its way into the store: what settle.c and its parts make of it, and backlog.c keeps for a moment.
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

static inline const struct speech *speech_of(const struct flight *f)
{
	return &f->link->channel->say[f->verb];
}

/* outcome.c: a job's next step after this fault. Is it the door that is locked, and not an old token? The key of the alert that says so. */
enum fault landing_outcome(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err);
bool landing_locked_out(const struct landing *l, const struct job *j);
const char *landing_auth_key(const struct landing *l);

/* understood.c: the next step of its job number i. It had failed before: did trying again help? */
enum fault landing_understood(struct landing *l, int i, struct err *err);
enum fault landing_note_retry(struct landing *l, const struct job *j, bool helped, struct err *err);

/* denied.c: they have no order of that number. known: it is one of ours, and what follows of it is planned; the job is done. */
enum fault denied_heard(struct landing *l, const struct job *j, const char *text, bool *known, struct err *err);

/* hush.c: none of our secrets is in a text of it any more. hush: of one text. */
void landing_hush(struct landing *l);
void hush(char *text, const char *secret);

/* follow.c: the jobs that it asks for are planned. */
enum fault landing_follow_up(struct landing *l, struct err *err);

/* All that follows from it, inside the caller's transaction. */
enum fault landing_write(struct landing *l, struct err *err);

/* The same in a transaction of its own; false: it could not be written, and is treated as not understood. */
bool landing_settle(struct landing *l);

void landing_free(struct landing *l);

#endif
