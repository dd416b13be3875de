#ifndef TALLYMAN_DEPART_H
#define TALLYMAN_DEPART_H
/* depart.h: what dispatch.c (whose turn it is), holdback.c (what waits all the same) and depart.c (what goes) share. Nobody else includes it. */
#include "engine/parts.h"

/* ---- holdback.c ---- */

/* Is a single job kept back, whatever its kind may do? It was refused, or put off, or something will tell when it may go. */
bool holdback_keeps(struct engine *e, struct link *l, const struct job *j, int64_t now_ms);

/* It fails for good, with these words for a person. false: that could not be written. */
bool holdback_refuse(struct engine *e, struct link *l, const struct job *j, const char *text, int64_t now_ms);

/* ---- depart.c ---- */

/* The jobs as they are now, in the flight's own memory; whoever boards frees f->arena when it does not leave. */
enum fault depart_board(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms, struct flight *f, struct err *err);

/* Word the request, commit its attempt, go; false: nothing was sent, and the jobs know why. */
bool depart_leave(struct engine *e, struct flight *f, int64_t now_ms);

/* Both, for n jobs of one verb. */
bool depart_say(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms);

#endif
