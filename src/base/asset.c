#include "base/asset.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { OVERRIDE_MOST = 64 * 1024 * 1024 };

/* Made by the Makefile from the files of data/ and themes/. */
struct asset {
	const char *name, *from, *to;
};

extern const struct asset asset_table[];

/* Is there one? FAULT_REFUSED with its path when there is and it cannot be read. */
static enum fault read_override(struct arena *a, const char *name, const char **text, size_t *n, struct err *err)
{
	const char *dir = getenv("TALLYMAN_ASSETS");

	*text = NULL;
	return dir && !strstr(name, "..") ? file_read(a, arena_printf(a, "%s/%s", dir, name), OVERRIDE_MOST, text, n, err) : OK;
}

const char *asset_get(struct arena *a, const char *name, size_t *n)
{
	const char *text;

	if (read_override(a, name, &text, n, NULL))
		return NULL;
	for (const struct asset *t = asset_table; !text && t->name; t++) {
		if (strcmp(t->name, name))
			continue;
		text = t->from;
		if (n)
			*n = (size_t)(t->to - t->from);
	}
	return text;
}

enum fault assets_check(struct err *err)
{
	struct arena *a = arena_new();
	enum fault fault = OK;
	const char *text;

	for (const struct asset *t = asset_table; !fault && t->name; t++)
		fault = read_override(a, t->name, &text, NULL, err);
	arena_free(a);
	return fault;
}

const char *asset_name(int i)
{
	for (int k = 0; k <= i; k++)
		if (!asset_table[k].name)
			return NULL;
	return asset_table[i].name;
}
