#ifndef TALLYMAN_TESTS_POWER_H
#define TALLYMAN_TESTS_POWER_H
/*
 * power.h: what a power cut leaves of a folder.
 *
 * What was written and not synced may be there or not, write by write and sector by sector, in any order. The process
 * that is cut remembers what stood where it wrote since the last sync, and tells it with its last breath (power.log); from that any
 * number of disks that could have been found afterwards are made.
 */
#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ---- in the process that is cut: one a process ---- */

void power_watch(const char *dir);
void power_remember(int fd, size_t n, off_t at); /* before a write */
void power_forget(int fd);                       /* its file is synced */
void power_fails(void);                          /* writes power.log */

/* ---- afterwards ---- */

struct power; /* what was at risk */

struct power *power_read(const char *dir); /* NULL: nothing was, or there is no log */
void power_free(struct power *p);
int power_writes(const struct power *p);

/* One of the disks: the store's files of FROM as they may be found, in TO, which may be the same folder. Aborts where a file fails. */
void power_state(const struct power *p, struct rng *rng, const char *from, const char *to);

#endif
