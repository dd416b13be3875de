#include "tests/fault/seen.h"

#include "sandbox/sandbox.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { SLOTS = 1 << 20 }; /* many more than an hour has commits and calls */

struct seen { /* hashed, open; 0: free. Shared: a branch asks as well */
	_Atomic uint64_t slot[SLOTS];
	atomic_int n;
};

struct seen *seen_open(void)
{
	struct seen *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		abort();
	return s;
}

void seen_close(struct seen *s)
{
	munmap(s, sizeof *s);
}

static void mix(uint64_t *h, uint64_t v)
{
	*h = (*h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	*h ^= *h >> 31;
}

uint64_t moment_of(const struct day *d, uint64_t digest)
{
	const struct world *w = d->sandbox->world;
	uint64_t h = digest;

	for (int i = 0; i < COUNTS; i++)
		mix(&h, (uint64_t)w->count[i]);
	mix(&h, d->sandbox->line.s[0]); /* drawn at each call */
	mix(&h, d->sandbox->line.s[1]);
	mix(&h, (uint64_t)w->effects);
	mix(&h, (uint64_t)hands_stand(d->hands));
	return h ? h : 1;
}

bool seen_not(struct seen *s, uint64_t moment)
{
	for (size_t i = moment % SLOTS;; i = (i + 1) % SLOTS) {
		uint64_t there = 0;

		if (atomic_compare_exchange_strong(&s->slot[i], &there, moment)) {
			if (atomic_fetch_add(&s->n, 1) > SLOTS / 2)
				abort();
			return true;
		}
		if (there == moment)
			return false;
	}
}
