#ifndef TALLYMAN_STORY_TELL_H
#define TALLYMAN_STORY_TELL_H
/*
 * story_tell.h: what a story is told from, for story.c alone: fields that became another, jobs and their calls, notes.
 */
#include "trade/views.h"

#include "store/store.h"

enum { STORY_NEWEST = 500 }; /* of each source: an offer that was said each minute for a year still opens at once */

/* Of one moment the decision comes first, then its job, the call, and what was learnt: the order of telling is kept. */
struct story_line {
	struct event e;
	int seq;
};

struct teller {
	struct store *s;
	struct arena *a;
	struct story_line *line;
	int n, cap;
	const char *currency;
	struct err *err;
};

void tell(struct teller *t, struct event e);

/* An event from the last columns of a question: valid, known, actor, trace, attempt. */
struct event told(const struct teller *t, const struct rows *r, int from);

/* Fields of a fact that became another; also: the fact's other name. prefix stands before each. */
enum fault tell_changes(struct teller *t, const char *fact, const char *also, int64_t id, const char *prefix);

/* Who wanted something of an order (or else an offer), the jobs that came of it, the calls that were made. */
enum fault tell_jobs(struct teller *t, bool order, int64_t id);

enum fault tell_notes(struct teller *t, const char *kind, int64_t id);
enum fault tell_parked(struct teller *t, int64_t account, const char *subject);

/* In order of time. n is 0 after a fault. */
enum fault tell_finish(struct teller *t, enum fault f, struct event **out, int *n);

#endif
