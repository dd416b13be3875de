#ifndef TALLYMAN_NOTICE_H
#define TALLYMAN_NOTICE_H
/* notice.h: lines for the system's own log, which a store that is put back does not take with it. */
#include "base/arena.h"
#include "base/config.h"

/* Open the way there before the fences close; a machine without a log has none. */
void notice_open(void);
void notice_line(const char *line);

/* Where the audit's anchor of this store is kept: [audit] anchor; else the usual place, but for a demo. NULL: nowhere. */
const char *anchor_path(struct arena *a, const struct config *c, const char *profile, const char *store);

#endif
