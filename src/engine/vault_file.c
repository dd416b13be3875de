/* vault_file.c: the vault's file: loaded by whoever it belongs to alone, saved so that a power cut leaves the old file or the new one. */
#include "engine/vault_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A file of CREDENTIALS_DIRECTORY: since version 254 systemd hands it over with mode 0440, where what looks like its group's right is the mask of an ACL for the service's own
 * user (github.com/systemd/systemd/issues/29435, "not a bug"; read 2026-11-22). Nobody but that service can come to the folder.
 */
static bool is_credential(const char *path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	size_t n = dir ? strlen(dir) : 0;

	return n && *dir == '/' && !strncmp(path, dir, n) && path[n] == '/' && !strchr(path + n + 1, '/');
}

enum fault vault_check_private(int fd, const char *path, enum fault fault, struct err *err)
{
	const mode_t others = is_credential(path) ? 037 : 077;
	struct stat st;

	if (fstat(fd, &st))
		return err_set(err, fault, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, fault, "%s is not a plain file: name one", path);
	if (st.st_mode & others)
		return err_set(err, fault, "%s can be read by others (mode %03o): chmod 600 it", path, (unsigned)st.st_mode & 0777);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, fault, "%s belongs to another user: it must be the engine's own, or root's", path);
	return OK;
}

static enum fault load(int fd, const char *path, unsigned char **bytes, size_t *n, struct err *err)
{
	enum fault f = vault_check_private(fd, path, FAULT_STORE, err);
	ssize_t got = 1;

	*n = 0;
	*bytes = NULL;
	if (f)
		return f;
	*bytes = malloc(VAULT_FILE + 1);
	if (!*bytes)
		abort();
	while (got > 0 && *n <= VAULT_FILE && (got = read(fd, *bytes + *n, VAULT_FILE + 1 - *n)) > 0)
		*n += (size_t)got;
	if (got < 0)
		f = err_set(err, FAULT_STORE, "%s: %s", path, strerror(errno));
	else if (*n > VAULT_FILE)
		f = err_set(err, FAULT_FORMAT, "%s: longer than a vault may be, so it is none: put the right file back", path);
	if (f) {
		free(*bytes);
		*bytes = NULL;
	}
	return f;
}

enum fault vault_file_load(const char *path, unsigned char **bytes, size_t *n, bool *there, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum fault f;

	*there = fd >= 0 || errno != ENOENT;
	*bytes = NULL;
	if (fd < 0)
		return err_set(err, FAULT_STORE, "%s: %s", path, strerror(errno));
	f = load(fd, path, bytes, n, err);
	close(fd);
	return f;
}

static bool write_all(int fd, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

bool vault_sync_folder(const char *path)
{
	char dir[4096];
	const char *slash = strrchr(path, '/');
	int fd;
	bool ok;

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	fd = open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = fd >= 0 && !fsync(fd);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* At every moment there is a whole file at path. */
static bool replace(const char *path, const unsigned char *p, size_t n)
{
	char temp[4200], bak[4200];
	int fd;
	bool ok;

	snprintf(temp, sizeof temp, "%s.new", path);
	snprintf(bak, sizeof bak, "%s.bak", path);
	unlink(temp);
	fd = open(temp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	ok = fd >= 0 && write_all(fd, p, n) && !fsync(fd);
	if (fd >= 0)
		ok = !close(fd) && ok;
	if (ok && !access(path, F_OK)) {
		unlink(bak);
		ok = !link(path, bak);
	}
	return ok && !rename(temp, path) && vault_sync_folder(path);
}

enum fault vault_file_save(const char *path, struct vault_sealed *v, const struct vault_book *book, struct err *err)
{
	unsigned char *out = calloc(1, VAULT_FILE);
	enum fault f = OK;

	if (!out)
		abort();
	assert(v->slots >= 1 && v->slots <= VAULT_SLOTS);
	if (!replace(path, out, vault_seal(v, book, out)))
		f = err_set(err, FAULT_STORE, "%s could not be written: %s; the one before is as it was", path, strerror(errno));
	free(out);
	return f;
}
