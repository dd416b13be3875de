#ifndef TALLYMAN_SANDBOX_LATE_H
#define TALLYMAN_SANDBOX_LATE_H
/*
 * late.h: calls that were let in, whose line broke at once, and that are carried out minutes later, when nobody waits for them any more.
 */
#include "sandbox/service.h"

struct late {
	int64_t due_ms;
	struct service *to;
	const struct route *route;
	struct arena *arena; /* of what follows */
	struct request request;
	const char *correlation;
};

enum { LATE_MAX = 64 };

struct lates {
	struct late call[LATE_MAX];
	int n;
};

/* Keep it until then. When there is no room it never arrives. */
void late_keep(struct lates *l, struct service *to, const struct route *route, const struct call *c, int64_t due_ms);

/* When the next one is due, INT64_MAX: there is none; carry that one out. */
int64_t late_next(const struct lates *l);
void late_land(struct lates *l);

void late_forget(struct lates *l); /* all of them */

#endif
