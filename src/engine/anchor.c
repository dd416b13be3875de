#include "engine/anchor.h"

#include "base/home.h"
#include "base/text.h"
#include "trade/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char title[] = "tallyman audit anchor";

/* One length for ever, so that a line is written over another at once. */
static int form(const struct anchor *a, char out[240])
{
	return snprintf(out, 240, "%s\nstore %-36.36s\nrow %020" PRId64 "\nhead %-64.64s\n", title, a->store, a->n, a->head);
}

static bool parse(const char *text, struct anchor *out)
{
	char row[24], again[240];

	*out = (struct anchor){ 0 };
	if (sscanf(text, "tallyman audit anchor\nstore %36s\nrow %20[0-9]\nhead %64[0-9a-f]\n", out->store, row, out->head) != 3)
		return false;
	out->n = strtoll(row, NULL, 10);
	form(out, again);
	return !strcmp(text, again);
}

enum fault anchor_read(const char *path, struct anchor *out, bool *there, struct err *err)
{
	char text[240] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? OK : err_set(err, FAULT_STORE, "the audit's anchor %.120s: %s", path, strerror(errno));
	n = read(fd, text, sizeof text - 1);
	close(fd);
	*there = n != 0; /* an empty one was made and never written */
	if (n > 0 && !parse(text, out))
		return err_set(err, FAULT_STORE, "%.100s is no anchor of an audit: move it away, and with its next start the engine keeps a new one", path);
	return n < 0 ? err_set(err, FAULT_STORE, "the audit's anchor %.120s: %s", path, strerror(errno)) : OK;
}

static void make_parents(const char *path)
{
	char dir[4096];

	snprintf(dir, sizeof dir, "%s", path);
	for (char *p = dir + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			mkdir(dir, 0700); /* what is missing is told when the file cannot be opened */
			*p = '/';
		}
}

int anchor_open(const char *path)
{
	make_parents(path);
	return open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool anchor_write(int fd, const struct anchor *a)
{
	char text[240];
	int n = form(a, text);

	return pwrite(fd, text, (size_t)n, 0) == n && !fdatasync(fd);
}

bool anchor_beside(const char *dir, const char *name, char *out, size_t cap)
{
	char *real = realpath(dir, NULL), home[2048], hash[65];

	if (!real || !home_of(HOME_STATE, home, sizeof home)) {
		free(real);
		return false;
	}
	sha256_hex(real, strlen(real), hash);
	free(real);
	return (size_t)snprintf(out, cap, "%s/%s-%.16s", home, name, hash) < cap;
}

bool anchor_usual(const char *dir, char *out, size_t cap)
{
	return anchor_beside(dir, "anchor", out, cap);
}
