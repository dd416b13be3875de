#ifndef TALLYMAN_PAGE_H
#define TALLYMAN_PAGE_H
/*
 * page.h: `tallyman health --page`: telling people what the engine cannot, because it is what is wrong. A timer runs it every minute (data/tallyman-health@.timer).
 *
 * By the hooks that the engine has, from this process, which writes nothing to the store: what was told stands in a file beside the console's own, so that it is
 * told once, again every quarter of an hour, and once more when it is over.
 */
#include "cmd/session.h"
#include "trade/health.h"

/* Is there something that the engine cannot tell? It is silent, its vault is locked, its hooks do not take what waits, its store cannot be read. */
bool page_wanted(const struct health *h);

/* Tell it, or that it is over, if that is due. answers: the store does. A hook that fails is said on stderr, and tried again the next time. */
void page_people(struct session *s, const struct health *h, bool answers);

#endif
