#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum fault file_read(struct arena *a, const char *path, size_t most, const char **text, size_t *n, struct err *err)
{
	struct buf b = buf_new(a);
	enum fault fault = OK;
	char chunk[4096];
	size_t got;
	FILE *f = fopen(path, "re");

	*text = NULL;
	if (!f)
		return errno == ENOENT || errno == ENOTDIR ? OK : err_set(err, FAULT_REFUSED, "%s: %s", path, strerror(errno));
	while (b.len <= most && (got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, got);
	if (ferror(f))
		fault = err_set(err, FAULT_REFUSED, "%s: %s", path, strerror(errno));
	else if (b.len > most)
		fault = err_set(err, FAULT_REFUSED, "%s has more than %zu bytes", path, most);
	else
		*text = b.len ? b.p : "";
	fclose(f);
	if (n)
		*n = b.len;
	return fault;
}
