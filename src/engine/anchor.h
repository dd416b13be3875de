#ifndef TALLYMAN_ANCHOR_H
#define TALLYMAN_ANCHOR_H
/*
 * anchor.h: how far the audit had come, kept outside the store.
 *
 * A store that is put back from a copy is whole in itself: its chain holds, it only ends too early. What was said to marketplaces since is not in it, and would be
 * said again. So the number and the hash of the last row stand in a small file elsewhere, written half a minute after each row at the latest, and
 * go to the system's log each hour. A store that does not have that row any more is found at its start.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct anchor {
	char store[37]; /* whose: the store's own id */
	int64_t n;      /* the row */
	char head[65];  /* its hash */
};

/* Read it. FAULT_STORE: it cannot be read, or is no anchor; *there false: there is none (and no fault). */
enum fault anchor_read(const char *path, struct anchor *out, bool *there, struct err *err);

/* Open the file for writing, folders made; -1: it cannot be. Done before the fences close. */
int anchor_open(const char *path);
bool anchor_write(int fd, const struct anchor *a);

/* Where it is unless the configuration says: $XDG_STATE_HOME/tallyman/anchor-HASH, of the folder's real name. false: nowhere. */
bool anchor_usual(const char *dir, char *out, size_t cap);

/* A file of another name beside it, of the same folder. */
bool anchor_beside(const char *dir, const char *name, char *out, size_t cap);

#endif
