#ifndef TALLYMAN_LEASE_H
#define TALLYMAN_LEASE_H
/*
 * lease.h: one engine per store.
 *
 * flock on an open file dies with the process, so no stale lock is left; the epoch in the store grows
 * at each start and is checked again in the transaction that opens an attempt, so an engine that lost its lock
 * without knowing it cannot send.
 */
#include "store/store.h"

struct lease {
	int fd;
	int64_t epoch;
};

/* FAULT_REFUSED names the holder: pid, host, since when (now_ms is written for the next one to read). */
enum fault lease_take(const char *dir, int64_t now_ms, struct lease *l, struct err *err);

/* Grow the epoch: once, after store_open. */
enum fault lease_epoch(struct lease *l, struct store *s, int64_t now_ms, struct err *err);

/* Is ours still the newest epoch? Called inside the transaction that opens an attempt. */
bool lease_holds(const struct lease *l, struct store *s);
/* Say that the engine lives: health looks at it. Inside the caller's transaction. */
enum fault lease_beat(struct store *s, int64_t now_ms, struct err *err);
void lease_drop(struct lease *l);

/* Who holds the lease now? false: nobody. text (at least 160 bytes) says pid, host, since when. */
bool lease_holder(const char *dir, char *text, size_t cap);

#endif
