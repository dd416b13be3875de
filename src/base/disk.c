#include "base/disk.h"

#include <sys/statvfs.h>

enum { TENTH = 10 };

static const int64_t little = INT64_C(1) << 30;

bool disk_look(const char *dir, struct disk *out)
{
	struct statvfs fs;

	if (statvfs(dir, &fs))
		return false;
	out->left = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	out->whole = (int64_t)fs.f_blocks * (int64_t)fs.f_frsize;
	out->read_only = fs.f_flag & ST_RDONLY;
	return true;
}

enum disk_room disk_room(const struct disk *d)
{
	bool bytes = d->left < little, share = d->left < d->whole / TENTH;

	return d->read_only || (bytes && share) ? DISK_FULL : bytes || share ? DISK_LOW : DISK_FINE;
}
