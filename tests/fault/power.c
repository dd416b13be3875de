/* power.c: writes that were never synced, and what a disk makes of them. */
#include "tests/fault/power.h"

#include "tests/fault/folder.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SECTOR = 512, NAME = 64 };

struct write {
	char name[NAME];
	int64_t at;
	int64_t size, was; /* bytes that were written, bytes that stood there before */
	unsigned char *before;
};

struct power {
	struct write *write;
	int n, cap;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

static struct write *add(struct power *p)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 64;
		p->write = realloc(p->write, (size_t)p->cap * sizeof *p->write);
		must(p->write != NULL, "memory");
	}
	return &p->write[p->n++];
}

/* ---- in the process that is cut ---- */

static struct {
	char dir[200];
	struct power risk;
} here;

void power_watch(const char *dir)
{
	snprintf(here.dir, sizeof here.dir, "%s/", dir);
}

/* The file's name in the folder; false: it is elsewhere, or none of the store's. */
static bool name_of(int fd, char *name)
{
	static const char store[] = "tallyman.db";
	char link[40], path[300];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	if (n < 0 || !*here.dir || strncmp(path, here.dir, strlen(here.dir)))
		return false;
	path[n] = '\0';
	snprintf(name, NAME, "%.63s", path + strlen(here.dir));
	return !strncmp(name, store, strlen(store));
}

void power_remember(int fd, size_t n, off_t at)
{
	char name[NAME];
	struct write *w;

	if (!name_of(fd, name))
		return;
	w = add(&here.risk);
	*w = (struct write){ .at = at, .size = (int64_t)n, .before = malloc(n) };
	memcpy(w->name, name, sizeof name);
	must(w->before != NULL, "memory");
	w->was = pread(fd, w->before, n, at);
	must(w->was >= 0, name);
}

void power_forget(int fd)
{
	char name[NAME];
	int left = 0;

	if (!here.risk.n || !name_of(fd, name))
		return;
	for (int i = 0; i < here.risk.n; i++) {
		if (strcmp(here.risk.write[i].name, name))
			here.risk.write[left++] = here.risk.write[i];
		else
			free(here.risk.write[i].before);
	}
	here.risk.n = left;
}

void power_fails(void)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%spower.log", here.dir);
	f = fopen(path, "w");
	must(f != NULL, path);
	for (int i = 0; i < here.risk.n; i++) {
		const struct write *w = &here.risk.write[i];

		fwrite(w, sizeof *w, 1, f);
		fwrite(w->before, 1, (size_t)w->was, f);
	}
	must(!fclose(f), path);
}

/* ---- afterwards ---- */

struct power *power_read(const char *dir)
{
	struct power *p = calloc(1, sizeof *p);
	char path[300];
	struct write w;
	FILE *f;

	must(p != NULL, "memory");
	snprintf(path, sizeof path, "%s/power.log", dir);
	f = fopen(path, "r");
	while (f && fread(&w, sizeof w, 1, f) == 1) {
		w.before = malloc((size_t)w.was + 1);
		must(w.before && fread(w.before, 1, (size_t)w.was, f) == (size_t)w.was, path);
		*add(p) = w;
	}
	if (f)
		fclose(f);
	unlink(path);
	if (p->n)
		return p;
	power_free(p);
	return NULL;
}

void power_free(struct power *p)
{
	for (int i = 0; p && i < p->n; i++)
		free(p->write[i].before);
	if (p)
		free(p->write);
	free(p);
}

int power_writes(const struct power *p)
{
	return p ? p->n : 0;
}

/* Put back what stood before in these bytes of it; nothing stood there: zeros, as a file that grew without its data has. */
static void lose(const char *dir, const struct write *w, int64_t from, int64_t n)
{
	static const unsigned char zeros[SECTOR];
	char path[300];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, w->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	must(fd >= 0, path);
	for (int64_t i = 0; i < n;) {
		int64_t at = from + i, part = n - i < SECTOR ? n - i : SECTOR;
		int64_t old = at >= w->was ? 0 : at + part > w->was ? w->was - at : part;

		if (old)
			must(syscall(SYS_pwrite64, fd, w->before + at, (size_t)old, w->at + at) == old, path);
		else
			must(syscall(SYS_pwrite64, fd, zeros, (size_t)part, w->at + at) == part, path);
		i += old ? old : part;
	}
	close(fd);
}

static void lose_sectors(const char *dir, const struct write *w, struct rng *rng)
{
	for (int64_t at = 0; at < w->size; at += SECTOR)
		if (rng_below(rng, 2))
			lose(dir, w, at, w->size - at < SECTOR ? w->size - at : SECTOR);
}

void power_state(const struct power *p, struct rng *rng, const char *from, const char *to)
{
	enum { ALL, SOME, SECTORS, TAIL, WAYS } way = (int)rng_below(rng, WAYS);
	int kept = (int)rng_below(rng, p->n + 1); /* TAIL: so many arrived, in order */
	char path[300];

	if (strcmp(from, to))
		folder_copy_store(from, to);
	for (int i = p->n - 1; i >= 0; i--) { /* the last first: what stood before it may be what another one wrote */
		const struct write *w = &p->write[i];

		if (way == ALL || (way == SOME && rng_below(rng, 2)) || (way == TAIL && i > kept))
			lose(to, w, 0, w->size);
		else if (way == SECTORS || (way == TAIL && i == kept))
			lose_sectors(to, w, rng);
	}
	snprintf(path, sizeof path, "%s/tallyman.db-shm", to);
	unlink(path); /* it was memory */
}
