#include "tests/fault/wal.h"

#include <endian.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 32, FRAME = 24, PAGE_MAX = 65536 };

struct sum {
	uint32_t a, b;
};

struct wal {
	unsigned char header[HEADER];
	size_t end; /* of the last commit that was found under this header */
	struct sum sum; /* there */
};

struct wal *wal_new(void)
{
	struct wal *w = calloc(1, sizeof *w);

	if (!w)
		abort();
	return w;
}

void wal_free(struct wal *w)
{
	free(w);
}

static uint32_t big(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return be32toh(v);
}

/* The low bit of the magic number says whether the words that are summed are big-endian. */
static struct sum add(struct sum s, const unsigned char *p, size_t n, bool is_big)
{
	for (size_t i = 0; i < n; i += 8) {
		uint32_t x, y;

		memcpy(&x, p + i, sizeof x);
		memcpy(&y, p + i + 4, sizeof y);
		s.a += (is_big ? be32toh(x) : le32toh(x)) + s.b;
		s.b += (is_big ? be32toh(y) : le32toh(y)) + s.a;
	}
	return s;
}

static bool is(struct sum s, const unsigned char *p)
{
	return s.a == big(p) && s.b == big(p + 4);
}

static void begin(struct wal *w, const unsigned char *p)
{
	memcpy(w->header, p, HEADER);
	w->end = HEADER;
	w->sum = add((struct sum){ 0, 0 }, p, 24, big(p) & 1);
	if (!is(w->sum, p + 24))
		w->end = 0; /* the header itself is torn */
}

static void read_on(struct wal *w, const unsigned char *p, size_t n)
{
	size_t page = big(p + 8), at = w->end;
	struct sum s = w->sum;

	for (; at && at + FRAME + page <= n && !memcmp(p + at + 8, p + 16, 8); at += FRAME + page) {
		s = add(add(s, p + at, 8, big(p) & 1), p + at + FRAME, page, big(p) & 1);
		if (!is(s, p + at + 16))
			return;
		if (big(p + at + 4)) {
			w->end = at + FRAME + page;
			w->sum = s;
		}
	}
}

uint64_t wal_committed(struct wal *w, const char *dir)
{
	char path[300];
	struct stat st;
	unsigned char *p = MAP_FAILED;
	int fd;

	snprintf(path, sizeof path, "%s/tallyman.db-wal", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && st.st_size > HEADER)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return 0;
	if (memcmp(w->header, p, HEADER))
		begin(w, p);
	if (big(p + 8) <= PAGE_MAX)
		read_on(w, p, (size_t)st.st_size);
	munmap(p, (size_t)st.st_size);
	return w->end <= HEADER ? 0 : (uint64_t)w->end << 32 ^ ((uint64_t)w->sum.a << 32 | w->sum.b);
}
