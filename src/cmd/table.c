#include "cmd/table.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 48, HELD = 400, WIDEST = 60 /* one long text must not push a whole column out of sight */ };

/* Rows of an aligned table are held back until there are enough to know how wide the columns are. */
struct sheet {
	enum shape shape;
	bool several, record, open;
	FILE *out;
	struct arena *row; /* the row being put, or the rows held back */
	const char *name;
	const struct column *column;
	int columns, at, tables;
	int64_t rows;
	struct buf line;
	struct json_out json;
	const char **held; /* HELD x columns texts */
	int n_held;
	int width[COLUMNS_MAX];
	bool headed;
};

struct sheet *sheet_new(enum shape shape, bool several, FILE *out)
{
	struct sheet *s = calloc(1, sizeof *s);

	if (!s)
		abort();
	s->shape = shape;
	s->several = several;
	s->out = out;
	s->row = arena_new();
	if (shape == SHAPE_JSON)
		fputc('{', out);
	return s;
}

static bool is_number(enum cell type)
{
	return type == CELL_INT || type == CELL_MONEY;
}

static const char *cleaned(struct sheet *s, const char *text)
{
	size_t cap = strlen(text) * 4 + 16; /* the longest mark for the fewest bytes: <FF> for one */
	char *out = arena_alloc(s->row, cap);

	text_clean(out, cap, text);
	return out;
}

/* "ship_by" as a person reads it: SHIP BY in a head, ship by when read aloud. */
static const char *spoken(struct sheet *s, const char *name, bool loud)
{
	char *out = arena_strdup(s->row, name);

	for (char *p = out; *p; p++) {
		if (*p == '_')
			*p = ' ';
		else if (loud && *p >= 'a' && *p <= 'z')
			*p = (char)(*p - ('a' - 'A'));
	}
	return out;
}

/* ---- aligned ---- */

static void print_cell(struct sheet *s, const char *text, int column, bool last)
{
	int pad = s->width[column] - text_width(text);

	if (pad > 0 && is_number(s->column[column].type))
		fprintf(s->out, "%*s", pad, "");
	fputs(text, s->out);
	if (pad > 0 && !is_number(s->column[column].type) && !last)
		fprintf(s->out, "%*s", pad, "");
	fputs(last ? "\n" : "  ", s->out);
}

static int last_shown(const struct sheet *s)
{
	int last = 0;

	for (int i = 0; i < s->columns; i++)
		if (!s->column[i].more)
			last = i;
	return last;
}

static void print_held(struct sheet *s)
{
	int last = last_shown(s);

	for (int r = s->headed ? 0 : -1; r < s->n_held; r++)
		for (int i = 0; i < s->columns; i++)
			if (!s->column[i].more)
				print_cell(s, r < 0 ? spoken(s, s->column[i].name, true) : s->held[r * s->columns + i], i, i == last);
	s->headed = true;
	s->n_held = 0;
	arena_reset(s->row);
	s->held = NULL;
}

static void hold(struct sheet *s, const char *text)
{
	int w = text_width(text);

	if (!s->held)
		s->held = arena_alloc(s->row, sizeof *s->held * (size_t)(HELD * s->columns));
	s->held[s->n_held * s->columns + s->at] = text;
	if (w > s->width[s->at] && w <= WIDEST)
		s->width[s->at] = w;
}

/* ---- starting and ending a table ---- */

static void begin_csv(struct sheet *s)
{
	if (s->several)
		fprintf(s->out, "%s# %s\n", s->tables ? "\n" : "", s->name);
	for (int i = 0; i < s->columns; i++) {
		const char *n = s->column[i].name;

		if (i)
			fputc(',', s->out);
		if (s->column[i].type == CELL_MONEY)
			fprintf(s->out, "%s_minor,%s_currency,", n, n);
		fputs(n, s->out);
	}
	fputc('\n', s->out);
}

static void begin_plain(struct sheet *s)
{
	if (s->several)
		fprintf(s->out, "%s%s.\n", s->tables ? "\n" : "", spoken(s, s->name, false));
	if (s->record)
		return;
	fputs("Columns: ", s->out);
	for (int i = 0; i < s->columns; i++)
		fprintf(s->out, "%s%s", spoken(s, s->column[i].name, false), i + 1 < s->columns ? ", " : ".\n");
}

static void begin_aligned(struct sheet *s)
{
	if (s->several)
		fprintf(s->out, "%s%s\n", s->tables ? "\n" : "", spoken(s, s->name, true));
	for (int i = 0; i < s->columns; i++)
		s->width[i] = text_width(s->column[i].name);
}

static void end_table(struct sheet *s)
{
	if (!s->open)
		return;
	assert(s->at == 0 && (!s->record || s->rows == 1));
	s->open = false;
	if (s->shape == SHAPE_JSON && !s->record)
		fputs(s->rows ? "\n]" : "]", s->out);
	if (s->shape == SHAPE_PLAIN && !s->record)
		fprintf(s->out, "%" PRId64 " row%s.\n", s->rows, s->rows == 1 ? "" : "s");
	if (s->shape == SHAPE_TABLE && !s->record) {
		if (s->n_held || !s->headed)
			print_held(s);
		if (!s->rows)
			fputs("(none)\n", s->out);
	}
	arena_reset(s->row);
	s->tables++;
}

static void begin(struct sheet *s, const char *name, const struct column *column, int columns, bool record)
{
	end_table(s);
	assert(columns > 0 && columns <= COLUMNS_MAX);
	s->name = name;
	s->column = column;
	s->columns = columns;
	s->record = record;
	s->open = true;
	s->headed = false;
	s->rows = 0;
	s->held = NULL;
	if (s->shape == SHAPE_JSON)
		fprintf(s->out, "%s\n\"%s\":%s", s->tables ? "," : "", name, record ? "" : "[");
	else if (s->shape == SHAPE_CSV)
		begin_csv(s);
	else if (s->shape == SHAPE_PLAIN)
		begin_plain(s);
	else
		begin_aligned(s);
}

void sheet_table(struct sheet *s, const char *name, const struct column *column, int columns)
{
	begin(s, name, column, columns, false);
}

void sheet_record(struct sheet *s, const char *name, const struct column *column, int columns)
{
	begin(s, name, column, columns, true);
}

/* ---- rows ---- */

static void begin_row(struct sheet *s)
{
	assert(s->open);
	if (s->shape == SHAPE_TABLE && !s->record)
		return;
	s->line = buf_new(s->row);
	if (s->shape == SHAPE_JSON) {
		s->json = json_out(&s->line);
		json_put_object(&s->json, NULL);
	} else if (s->shape == SHAPE_PLAIN && !s->record) {
		buf_printf(&s->line, "%" PRId64 ". ", s->rows + 1);
	}
}

static void end_row(struct sheet *s)
{
	s->at = 0;
	if (s->shape == SHAPE_TABLE && !s->record) {
		s->rows++;
		if (++s->n_held == HELD)
			print_held(s);
		return;
	}
	if (s->shape == SHAPE_JSON) {
		json_end_object(&s->json);
		if (!s->record)
			fputs(s->rows ? ",\n" : "\n", s->out);
	}
	fwrite(s->line.p, 1, s->line.len, s->out);
	if (s->shape == SHAPE_CSV || (s->shape == SHAPE_PLAIN && !s->record))
		fputc('\n', s->out);
	s->rows++;
	arena_reset(s->row);
}

/* A line of a record: "ship by   2026-11-20T07:58:00.000Z". */
static void put_line(struct sheet *s, const char *text)
{
	int widest = 0;

	for (int i = 0; i < s->columns; i++)
		if (text_width(s->column[i].name) > widest)
			widest = text_width(s->column[i].name);
	if (s->shape == SHAPE_PLAIN)
		buf_printf(&s->line, "%s: %s.\n", spoken(s, s->column[s->at].name, false), text);
	else if (strcmp(text, "-"))
		buf_printf(&s->line, "  %-*s  %s\n", widest, spoken(s, s->column[s->at].name, false), text);
}

static void put_csv(struct sheet *s, const char *text)
{
	size_t cap = strlen(text) * 2 + 8;
	char *out = arena_alloc(s->row, cap);

	text_csv(out, cap, text);
	if (s->at)
		buf_putc(&s->line, ',');
	buf_puts(&s->line, out);
}

/* One cell in every shape but JSON; text is clean. "" is what is not there. */
static void put_shown(struct sheet *s, const char *text)
{
	const char *shown = *text ? text : "-";

	if (s->shape == SHAPE_CSV)
		put_csv(s, text);
	else if (s->record)
		put_line(s, shown);
	else if (s->shape == SHAPE_PLAIN)
		buf_printf(&s->line, "%s%s", shown, s->at + 1 < s->columns ? ", " : ".");
	else
		hold(s, shown);
}

/* The key of the cell to be put now; begins the row when it is the first. */
static const char *key_of(struct sheet *s, enum cell type, bool any)
{
	if (s->at == 0)
		begin_row(s);
	assert(any || s->column[s->at].type == type);
	return s->column[s->at].name;
}

static void next(struct sheet *s)
{
	if (++s->at == s->columns)
		end_row(s);
}

void put_text(struct sheet *s, const char *text)
{
	const char *key = key_of(s, CELL_TEXT, false), *clean = text ? cleaned(s, text) : "";

	if (s->shape == SHAPE_JSON)
		json_put_text(&s->json, key, *clean ? clean : NULL);
	else
		put_shown(s, clean);
	next(s);
}

void put_int(struct sheet *s, int64_t n)
{
	const char *key = key_of(s, CELL_INT, false);

	if (s->shape == SHAPE_JSON)
		json_put_int(&s->json, key, n);
	else
		put_shown(s, arena_printf(s->row, "%" PRId64, n));
	next(s);
}

void put_money(struct sheet *s, int64_t minor, const char *currency)
{
	const char *key = key_of(s, CELL_MONEY, false), *clean = text_id(currency, "", 3) ? currency : "";
	char text[40];

	text_money(minor, clean, text); /* a currency of other than letters is none */
	text[strcspn(text, " ") + (*clean ? strlen(clean) + 1 : 0)] = '\0';
	if (s->shape == SHAPE_JSON) {
		json_put_object(&s->json, key);
		json_put_int(&s->json, "minor", minor);
		json_put_text(&s->json, "currency", *clean ? clean : NULL);
		json_put_text(&s->json, "text", text);
		json_end_object(&s->json);
	} else if (s->shape == SHAPE_CSV) {
		put_csv(s, arena_printf(s->row, "%" PRId64, minor));
		buf_putc(&s->line, ',');
		buf_puts(&s->line, clean);
		buf_printf(&s->line, ",%s", text);
	} else {
		put_shown(s, arena_strdup(s->row, text));
	}
	next(s);
}

void put_time(struct sheet *s, int64_t ms)
{
	const char *key = key_of(s, CELL_TIME, false);
	char iso[32] = "";

	if (ms > 0 && ms < INT64_C(4102444800000)) /* from 2100 on it is a deadline that nobody set */
		(s->shape == SHAPE_TABLE ? time_iso_s : time_iso)(ms, iso);
	if (s->shape == SHAPE_JSON)
		json_put_text(&s->json, key, *iso ? iso : NULL);
	else
		put_shown(s, arena_strdup(s->row, iso));
	next(s);
}

void put_flag(struct sheet *s, bool yes)
{
	const char *key = key_of(s, CELL_FLAG, false);

	if (s->shape == SHAPE_JSON)
		json_put_bool(&s->json, key, yes);
	else
		put_shown(s, yes ? "yes" : "no");
	next(s);
}

void put_none(struct sheet *s)
{
	const char *key = key_of(s, CELL_TEXT, true);

	if (s->shape == SHAPE_JSON)
		json_put_null(&s->json, key);
	else if (s->shape == SHAPE_CSV && s->column[s->at].type == CELL_MONEY)
		buf_puts(&s->line, s->at ? ",,," : ",,");
	else
		put_shown(s, "");
	next(s);
}

bool sheet_end(struct sheet *s)
{
	bool good;

	end_table(s);
	if (s->shape == SHAPE_JSON)
		fputs("\n}\n", s->out);
	good = fflush(s->out) == 0 && !ferror(s->out);
	arena_free(s->row);
	free(s);
	return good;
}
