#ifndef TALLYMAN_DISK_H
#define TALLYMAN_DISK_H
/*
 * disk.h: how much room a folder's disk has, and from when on that is too little.
 *
 * Said in one place, because three say it: the engine's alert, `tallyman health` and `tallyman doctor`.
 */
#include <stdbool.h>
#include <stdint.h>

struct disk {
	int64_t left, whole; /* bytes that we may still write; all there are */
	bool read_only;
};

enum disk_room {
	DISK_FINE,
	DISK_LOW,  /* less than 1 GiB, or less than a tenth */
	DISK_FULL, /* both; or it is read-only */
};

/* false: the folder cannot be asked about. */
bool disk_look(const char *dir, struct disk *out);
enum disk_room disk_room(const struct disk *d);

#endif
