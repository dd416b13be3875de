#include "base/csv.h"

#include "base/asset.h"

#include <assert.h>
#include <csv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct reading {
	struct arena *a;
	struct csv *out;
	const char **field;
	int n, cap, row_cap, remark_cap;
	int line;
	bool remark;  /* it begins with #, and nothing of it is in quotes */
	int bad_line; /* first row that has more fields than the header */
};

static char *trimmed(struct arena *a, const char *p, size_t n)
{
	while (n && (*p == ' ' || *p == '\t'))
		p++, n--;
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return arena_strndup(a, p, n);
}

static void on_field(void *p, size_t n, void *user)
{
	struct reading *r = user;

	r->field = arena_grow(r->a, r->field, r->n, &r->cap, sizeof *r->field);
	r->field[r->n++] = trimmed(r->a, p, n);
}

/* What might have been meant as a row is kept, for who must not miss one. */
static void pass_over(struct reading *r)
{
	struct csv *out = r->out;

	if (r->remark && out->column && r->n == out->columns) {
		out->remark = arena_grow(r->a, out->remark, out->remarks, &r->remark_cap, sizeof *out->remark);
		out->remark[out->remarks++] = (struct csv_row){ r->field, r->n, r->line };
		r->field = NULL;
		r->cap = 0;
	}
	r->n = 0;
}

static void on_row(int c, void *user)
{
	struct reading *r = user;
	struct csv *out = r->out;
	struct csv_row row = { NULL, r->n, r->line };

	(void)c;
	if (!r->n || (r->n == 1 && !*r->field[0]) || r->remark) {
		pass_over(r);
		return;
	}
	if (!out->column) {
		out->column = r->field;
		out->columns = r->n;
	} else {
		row.field = arena_alloc(r->a, (size_t)out->columns * sizeof *row.field);
		for (int i = 0; i < out->columns; i++)
			row.field[i] = i < r->n ? r->field[i] : "";
		if (r->n > out->columns && !r->bad_line)
			r->bad_line = r->line;
		out->row = arena_grow(r->a, out->row, out->rows, &r->row_cap, sizeof *out->row);
		out->row[out->rows++] = row;
	}
	r->field = NULL;
	r->n = r->cap = 0;
}

/* Quotes save a name that begins with #. */
static bool is_remark(const char *line, size_t n)
{
	size_t pad = 0;

	while (pad < n && (line[pad] == ' ' || line[pad] == '\t'))
		pad++;
	return pad < n && line[pad] == '#' && !memchr(line, '"', n);
}

/* libcsv does not count lines: feed it one at a time, and remember where a row began. */
static int feed(struct csv_parser *p, struct reading *r, const char *text, size_t n)
{
	int line = 1, quotes = 0;

	for (size_t at = 0; at < n; line++) {
		const char *eol = memchr(text + at, '\n', n - at);
		size_t len = eol ? (size_t)(eol - (text + at)) + 1 : n - at;

		if (quotes % 2 == 0) {
			r->line = line;
			r->remark = is_remark(text + at, len);
		}
		for (size_t i = 0; i < len; i++)
			quotes += text[at + i] == '"';
		if (csv_parse(p, text + at, len, on_field, on_row, r) != len)
			return line;
		at += len;
	}
	return csv_fini(p, on_field, on_row, r) ? line : 0;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

enum fault csv_read(struct arena *a, const char *name, const char *text, size_t n, struct csv *out, struct err *err)
{
	struct reading r = { .a = a, .out = out };
	struct csv_parser p;
	int bad;

	memset(out, 0, sizeof *out);
	out->name = name;
	if (n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3, n -= 3;
	if (n && memchr(text, '\0', n))
		return err_set(err, FAULT_FORMAT, "%s:%d: a zero byte: not CSV; if it is UTF-16 (a spreadsheet's \"Unicode text\"), save it as CSV in UTF-8", name,
		               line_of(text, memchr(text, '\0', n)));
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI))
		return err_set(err, FAULT_STORE, "%s: no memory for a CSV parser", name);
	bad = feed(&p, &r, text, n);
	if (bad) {
		err_set(err, FAULT_FORMAT, "%s:%d: not CSV: %s", name, bad, csv_strerror(csv_error(&p)));
		csv_free(&p);
		return FAULT_FORMAT;
	}
	csv_free(&p);
	if (!out->column)
		return err_set(err, FAULT_FORMAT, "%s:1: no header line with the names of the columns", name);
	if (r.bad_line)
		return err_set(err, FAULT_FORMAT, "%s:%d: more fields than the header has (%d); is a comma unquoted?", name,
		               r.bad_line, out->columns);
	return OK;
}

int csv_column(const struct csv *c, const char *name)
{
	for (int i = 0; i < c->columns; i++)
		if (!strcasecmp(c->column[i], name))
			return i;
	return -1;
}

const char *csv_field(const struct csv_row *row, int column)
{
	return column < 0 ? "" : row->field[column];
}

const struct csv_row *csv_find(const struct csv *c, const char *column, const char *value)
{
	int at = csv_column(c, column);

	for (int i = 0; i < c->rows; i++)
		if (!strcmp(csv_field(&c->row[i], at), value))
			return &c->row[i];
	return NULL;
}

struct csv csv_builtin(struct arena *a, const char *name)
{
	struct csv out;
	struct err err;
	size_t n = 0;
	const char *text = asset_get(a, name, &n);
	bool read = text && !csv_read(a, name, text, n, &out, &err);

	assert(read && "a table of data/");
	return out;
}
