#include "base/config.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 198 }; /* inih as Debian builds it reads what is longer as two lines */

struct config *config_new(void)
{
	struct arena *a = arena_new();
	struct config *c = arena_alloc(a, sizeof *c);

	c->arena = a;
	c->file = "configuration";
	return c;
}

void config_free(struct config *c)
{
	if (c)
		arena_free(c->arena);
}

static struct config_line *find(const struct config *c, const char *section, const char *key)
{
	for (int i = c->n - 1; i >= 0; i--)
		if (!strcmp(c->lines[i].section, section) && !strcmp(c->lines[i].key, key))
			return &c->lines[i];
	return NULL;
}


static int on_line(void *user, const char *section, const char *key, const char *value)
{
	struct config *c = user;

	c->lines = arena_grow(c->arena, c->lines, c->n, &c->cap, sizeof *c->lines);
	c->lines[c->n++] = (struct config_line){
		.section = arena_strdup(c->arena, section),
		.key = arena_strdup(c->arena, key),
		.value = arena_strdup(c->arena, value),
	};
	return 1;
}

/* inih as Debian builds it does not tell the line: find each key's own again in the text. */
static void number_lines(struct config *c, int from, const char *text)
{
	int line = 1, i = from;

	for (const char *p = text; *p && i < c->n; line++) {
		const char *eol = strchr(p, '\n');
		size_t n = eol ? (size_t)(eol - p) : strlen(p);
		size_t k = strlen(c->lines[i].key), pad = strspn(p, " \t");

		if (pad < n && n - pad > k && !strncmp(p + pad, c->lines[i].key, k) && strchr(" \t=:", p[pad + k]))
			c->lines[i++].line = line;
		p += n + (eol != NULL);
	}
}

/* What inih would silently take for something else than who wrote it meant: the second of two lines for the first, or half of a line for a whole one. */
static enum fault check_lines(const char *name, const char *text, struct err *err)
{
	int line = 1;

	for (const char *p = text; *p; line++) {
		size_t n = strcspn(p, "\n"), pad = strspn(p, " \t");

		if (n > LINE)
			return err_set(err, FAULT_REFUSED, "%s:%d: a line of %zu bytes: %d is the most, remarks too; make it shorter", name, line, n, LINE);
		if (pad && !strchr("#;\r\n", p[pad]))
			return err_set(err, FAULT_REFUSED, "%s:%d: a line begins with a space, as if it went on with the one above: write what belongs to one key on one line", name, line);
		p += n + (p[n] == '\n');
	}
	return OK;
}

enum fault config_text(struct config *c, const char *name, const char *text, struct err *err)
{
	int from = c->n, bad;

	c->file = arena_strdup(c->arena, name);
	if (check_lines(name, text, err))
		return FAULT_REFUSED;
	bad = ini_parse_string(text, on_line, c);
	if (bad)
		return err_set(err, FAULT_REFUSED, "%s:%d: not a line of an INI file; expected [section] or key = value", name, bad);
	number_lines(c, from, text);
	return OK;
}

enum fault config_file(struct config *c, const char *path, struct err *err)
{
	FILE *f = fopen(path, "re");
	struct buf b = buf_new(c->arena);
	char chunk[4096];
	size_t n;
	int why;

	if (!f)
		return err_set(err, FAULT_REFUSED, "%s: %s%s", path, strerror(errno), errno == EACCES ? ": let its group read it (chgrp, chmod 640), or name another with --config" : "");
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	why = ferror(f) ? errno : 0;
	fclose(f);
	return why ? err_set(err, FAULT_REFUSED, "%s: %s", path, strerror(why)) : config_text(c, path, b.p, err);
}

const char *config_get(const struct config *c, const char *section, const char *key, const char *otherwise)
{
	struct config_line *l = find(c, section, key);

	if (!l)
		return otherwise;
	l->used = true;
	return l->value;
}

enum fault config_int(const struct config *c, const char *section, const char *key, int64_t min, int64_t max, int64_t otherwise,
                      int64_t *out, struct err *err)
{
	const char *s = config_get(c, section, key, NULL);

	*out = otherwise;
	if (!s)
		return OK;
	if (!text_int(s, min, max, out))
		return err_set(err, FAULT_REFUSED, "%s:%d: %s wants a whole number from %" PRId64 " to %" PRId64, c->file,
		               config_line_of(c, section, key), key, min, max);
	return OK;
}

const char *config_section(const struct config *c, int i)
{
	for (int j = 0; j < c->n; j++) {
		bool first = true;

		for (int k = 0; k < j && first; k++)
			first = strcmp(c->lines[k].section, c->lines[j].section) != 0;
		if (first && i-- == 0)
			return c->lines[j].section;
	}
	return NULL;
}

int config_line_of(const struct config *c, const char *section, const char *key)
{
	struct config_line *l = find(c, section, key);

	return l ? l->line : 0;
}

const struct config_line *config_unused(const struct config *c)
{
	for (int i = 0; i < c->n; i++)
		if (!c->lines[i].used && find(c, c->lines[i].section, c->lines[i].key) == &c->lines[i])
			return &c->lines[i];
	return NULL;
}
