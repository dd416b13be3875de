#ifndef TALLYMAN_SANDBOX_GZIP_H
#define TALLYMAN_SANDBOX_GZIP_H
/*
 * gzip.h: bytes in the form of a gzip file (RFC 1952), not compressed.
 *
 * Stored blocks are valid deflate (RFC 1951, 3.2.4): whoever can read gzip reads them.
 */
#include "base/arena.h"

#include <stddef.h>

const char *gzip_stored(struct arena *a, const char *data, size_t n, size_t *out);

#endif
