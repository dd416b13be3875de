#include "tests/fault/folder.h"

#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

void folder_copy_file(const char *from, const char *to, const char *name)
{
	char path[400];
	struct stat st;
	int in, out;

	snprintf(path, sizeof path, "%s/%s", from, name);
	in = open(path, O_RDONLY | O_CLOEXEC);
	must(in >= 0 && !fstat(in, &st), path);
	snprintf(path, sizeof path, "%s/%s", to, name);
	out = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, st.st_mode & 0777);
	must(out >= 0 && !ftruncate(out, st.st_size), path); /* what is there is written over: memory that is had is cheaper than memory that is asked for */
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, (size_t)left, 0);

		must(n > 0, path);
		left -= n;
	}
	must(!close(in) && !close(out), path);
}

void folder_copy_store(const char *from, const char *to)
{
	char path[400];

	must(!mkdir(to, 0700) || errno == EEXIST, to);
	folder_copy_file(from, to, "tallyman.db");
	folder_copy_file(from, to, "tallyman.db-wal");
	snprintf(path, sizeof path, "%s/tallyman.db-shm", to);
	unlink(path);
}

/* Is it on the disk, and the store's? */
static bool stays(const char *dir, const struct dirent *e)
{
	size_t n = strlen(e->d_name);
	char path[400];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
	return !stat(path, &st) && S_ISREG(st.st_mode) && !(n > 4 && (!strcmp(e->d_name + n - 4, "-shm") || !strcmp(e->d_name + n - 4, ".log")));
}

void folder_copy(const char *from, const char *to)
{
	DIR *list = opendir(from);
	struct dirent *e;

	must(list && !mkdir(to, 0700), to);
	while ((e = readdir(list)))
		if (stays(from, e))
			folder_copy_file(from, to, e->d_name);
	closedir(list);
}

void folder_remove(const char *dir)
{
	DIR *list = opendir(dir);
	struct dirent *e;
	char path[400];

	while (list && (e = readdir(list))) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		unlink(path);
	}
	if (list)
		closedir(list);
	rmdir(dir);
}

/* Not against malice: two files that differ in a bit differ in it. */
static uint64_t digest_of(const unsigned char *p, size_t n)
{
	uint64_t h = n, word;

	for (size_t i = 0; i + sizeof word <= n; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h;
}

static uint64_t file_digest(const char *dir)
{
	char path[400];
	struct stat st;
	uint64_t h;
	void *p;
	int fd;

	snprintf(path, sizeof path, "%s/tallyman.db", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && !fstat(fd, &st), path);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	must(p != MAP_FAILED, path);
	h = digest_of(p, (size_t)st.st_size);
	munmap(p, (size_t)st.st_size);
	close(fd);
	return h;
}

enum fault folder_recover(const char *dir, uint64_t *digest, struct err *err)
{
	struct store *s = NULL;
	int left;

	if (store_open(dir, STORE_WRITE, &s, err))
		return err->fault;
	left = store_checkpoint(s);
	store_close(s);
	if (left)
		return err_set(err, FAULT_STORE, "%d pages of the write-ahead log cannot be brought home", left);
	*digest = file_digest(dir);
	return OK;
}

enum fault folder_settle(const char *dir, struct err *err)
{
	char path[400];
	uint64_t ignored;

	if (folder_recover(dir, &ignored, err))
		return err->fault;
	snprintf(path, sizeof path, "%s/tallyman.db-wal", dir);
	must(!truncate(path, 0), path);
	return OK;
}
