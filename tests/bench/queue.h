#ifndef TALLYMAN_QUEUE_H
#define TALLYMAN_QUEUE_H
/*
 * queue.h: a store with a queue of n open orders, made fast: rows first, indexes and triggers after them.
 */
#include <sys/types.h>

#define QUEUE_REF "18000" /* every order's number begins with it */

/* Or one that was kept (BENCH_QUEUE=DIR): ten million orders take minutes. A folder below bench_dir with a store of n open orders of one account. The name lives until the next is made. */
const char *queue_make(int n);
const char *queue_make_in(const char *name, int n);

/* An engine for that store, with no account to speak for: what a console at rest is told by. Ready when this returns. */
pid_t queue_engine(const char *program, const char *dir);

#endif
