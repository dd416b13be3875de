/*
 * Files that a person edits: CSV and INI of any content are read or refused with a line number, and a row never has a
 * field that is not there. The first byte says which.
 */
#include "base/config.h"
#include "base/csv.h"
#include "base/fields.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void csv(struct arena *a, const char *text, size_t n)
{
	struct csv t;
	struct err err = { 0 };

	if (csv_read(a, "counts.csv", text, n, &t, &err)) {
		must(*err.text);
		return;
	}
	for (int i = 0; i < t.rows; i++) {
		must(t.row[i].line > 0 && t.row[i].n <= t.columns);
		for (int k = -1; k < t.columns; k++)
			must(csv_field(&t.row[i], k) != NULL);
	}
	for (int k = 0; k < t.columns; k++)
		must(csv_column(&t, t.column[k]) <= k);
}

static void ini(const char *text)
{
	struct config *c = config_new();
	struct err err = { 0 };

	if (config_text(c, "tallyman.ini", text, &err))
		must(*err.text);
	for (int i = 0; i < c->n; i++)
		must(config_get(c, c->lines[i].section, c->lines[i].key, NULL) != NULL);
	must(!config_unused(c));
	config_free(c);
}

static void fields(struct arena *a, const char *text)
{
	struct fields f, again;
	struct err err = { 0 };

	if (fields_unpack(a, text, &f, &err))
		must(*err.text);
	else
		must(!fields_unpack(a, fields_pack(&f, a), &again, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *text = calloc(1, n + 1);

	if (n)
		memcpy(text, data + 1, n - 1);
	if (n && data[0] % 3 == 0)
		csv(a, text, n - 1);
	else if (n && data[0] % 3 == 1)
		ini(text);
	else if (n)
		fields(a, text);
	free(text);
	arena_free(a);
	return 0;
}
