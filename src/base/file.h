#ifndef TALLYMAN_FILE_H
#define TALLYMAN_FILE_H
/*
 * file.h: a file that a person may have written, as a whole or not at all.
 *
 * That there is none is an answer. That it is there and cannot be read is an error: whoever wrote it believes that it holds.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

/*
 * *text is terminated, *n (may be NULL) counts its bytes; NULL when there is no such file. FAULT_REFUSED with the path when it
 * cannot be read to its end, or has more than most bytes.
 */
enum fault file_read(struct arena *a, const char *path, size_t most, const char **text, size_t *n, struct err *err);

#endif
