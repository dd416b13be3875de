/* vault_memory.c: memory for keys, and randomness to make them of. */
#include "engine/vault_file.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/mman.h>

void vault_random(void *out, size_t n)
{
	if (RAND_bytes(out, (int)n) != 1)
		abort(); /* a key that can be guessed is worse than none */
}

void vault_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

void *vault_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	madvise(p, n, MADV_DONTDUMP);
	madvise(p, n, MADV_WIPEONFORK);
	mlock(p, n); /* best effort: a small limit must not keep the engine from starting */
	return p;
}

void vault_memory_free(void *p, size_t n)
{
	if (!p)
		return;
	OPENSSL_cleanse(p, n);
	munmap(p, n);
}
