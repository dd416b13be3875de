#include "base/asset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Made by the Makefile from the files of data/ and themes/. */
struct asset {
	const char *name, *from, *to;
};

extern const struct asset asset_table[];

static const char *read_override(struct arena *a, const char *dir, const char *name, size_t *n)
{
	FILE *f = fopen(arena_printf(a, "%s/%s", dir, name), "re");
	struct buf b = buf_new(a);
	char chunk[4096];
	size_t got;

	if (!f)
		return NULL;
	while ((got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, got);
	fclose(f);
	if (n)
		*n = b.len;
	return b.p;
}

const char *asset_get(struct arena *a, const char *name, size_t *n)
{
	const char *dir = getenv("TALLYMAN_ASSETS");
	const char *text = dir && !strstr(name, "..") ? read_override(a, dir, name, n) : NULL;

	for (const struct asset *t = asset_table; !text && t->name; t++) {
		if (strcmp(t->name, name))
			continue;
		text = t->from;
		if (n)
			*n = (size_t)(t->to - t->from);
	}
	return text;
}

const char *asset_name(int i)
{
	for (int k = 0; k <= i; k++)
		if (!asset_table[k].name)
			return NULL;
	return asset_table[i].name;
}
