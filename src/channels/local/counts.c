/*
 * counts.c: a warehouse whose counts come from a CSV file.
 *
 * Columns are found by name: sku; qty (or count, quantity, available, on_hand); place (or warehouse, location, node); title (or name,
 * description); counted_at (or date). All lines are read before any is taken: one that will not do refuses the file with its
 * number, and nothing is half applied.
 */
#include "channels/channel.h"

#include "base/csv.h"
#include "base/text.h"
#include "channels/spot.h"

#include <stdlib.h>
#include <string.h>

/* The engine answers file: addresses itself, so that an adapter reads nothing. */
static enum fault counts_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *file = fields_get(&b.job->payload, "file", acc->counts_file);

	if (!file || !*file)
		return err_set(err, FAULT_REFUSED, "account %.30s has no counts_file", acc->name);
	r->method = "GET";
	r->url = arena_printf(r->arena, "file:%s", file);
	return OK;
}

struct columns {
	int sku, qty, place, title, counted;
};

struct table {
	struct csv csv;
	struct columns col;
	struct arena *arena;
	struct news *news;
	int bad;         /* lines that will not do */
	int bad_line;    /* the first of them */
	const char *why;
};

static int column(const struct csv *c, const char *const *names)
{
	int found = -1;

	for (int i = 0; names[i] && found < 0; i++)
		found = csv_column(c, names[i]);
	return found;
}

static enum fault find_columns(struct table *t, struct err *err)
{
	static const char *const sku[] = { "sku", "item", NULL }, *const qty[] = { "qty", "count", "quantity", "available", "on_hand", NULL },
	                         *const place[] = { "place", "warehouse", "location", "node", NULL },
	                         *const title[] = { "title", "name", "description", NULL }, *const counted[] = { "counted_at", "date", NULL };

	t->col = (struct columns){ column(&t->csv, sku), column(&t->csv, qty), column(&t->csv, place), column(&t->csv, title),
		                   column(&t->csv, counted) };
	if (t->col.sku >= 0 && t->col.qty >= 0)
		return OK;
	return err_set(err, FAULT_FORMAT, "%.80s:1: no column %s in the header%s", t->csv.name, t->col.sku < 0 ? "sku" : "qty",
	               t->csv.columns == 1 && strchr(t->csv.column[0], ';') ? "; the separator must be a comma, not a semicolon" : "");
}

static void bad_line(struct table *t, int line, const char *why)
{
	if (!t->bad++) {
		t->bad_line = line;
		t->why = why;
	}
}

static bool is_plain(const char *s)
{
	char clean[400];

	return strlen(s) <= 100 && text_clean(clean, sizeof clean, s) == strlen(s) && !strcmp(clean, s);
}

static void take_row(struct table *t, const struct csv_row *row)
{
	const char *sku = csv_field(row, t->col.sku), *qty = csv_field(row, t->col.qty), *place = csv_field(row, t->col.place);
	const char *title = csv_field(row, t->col.title), *counted = csv_field(row, t->col.counted);
	struct count *c = news_count(t->news);

	*c = (struct count){ .sku = sku, .place = *place ? place : NULL, .title = *title ? title : NULL };
	if (!*sku)
		bad_line(t, row->line, "the SKU is empty");
	else if (!is_plain(sku) || !is_plain(place))
		bad_line(t, row->line, "a SKU or place of more than 100 characters, or with some that no name has");
	else if (!text_int(qty, 0, QTY_MAX, &c->qty))
		bad_line(t, row->line, *qty ? "the quantity is no whole number from 0 to 999999" : "the quantity is empty");
	else if (*counted && time_parse(counted, &c->valid_ms))
		bad_line(t, row->line, "counted_at is no time with its zone (2026-11-20T12:00:00Z)");
}

/* A SKU that starts with # would silently be counted no more. */
static void look_at_remark(struct table *t, const struct csv_row *row)
{
	int64_t qty;

	if (text_int(csv_field(row, t->col.qty), 0, QTY_MAX, &qty))
		bad_line(t, row->line, "a row that starts with #: put a SKU that does so in quotes, or take the line out");
}

/* The same SKU twice at one place: which of them is it? Sorted by SKU and place, twins stand together. */
struct keyed {
	const struct count *count;
	int line;
};

static int same_place(const struct count *a, const struct count *b)
{
	int c = strcmp(a->sku, b->sku);

	return c ? c : strcmp(a->place ? a->place : "", b->place ? b->place : "");
}

static int by_key(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	int c = same_place(a->count, b->count);

	return c ? c : a->line - b->line;
}

static void find_twins(struct table *t)
{
	int n = t->csv.rows;
	struct keyed *k = arena_alloc(t->arena, (size_t)(n + 1) * sizeof *k);

	for (int i = 0; i < n; i++)
		k[i] = (struct keyed){ &t->news->count[i], t->csv.row[i].line };
	qsort(k, (size_t)n, sizeof *k, by_key);
	for (int i = 1; i < n; i++)
		if (!same_place(k[i - 1].count, k[i].count))
			bad_line(t, k[i].line, arena_printf(t->arena, "the same SKU and place as line %d", k[i - 1].line));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum fault counts_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const char *file = fields_get(&b.job->payload, "file", acc->counts_file);
	struct table t = { .arena = n->arena, .news = n };
	enum fault f;

	if (r->fault)
		return err_set(err, r->fault, "%s", r->text);
	f = csv_read(n->arena, base_name(file ? file : "counts"), r->body, r->body_len, &t.csv, err);
	if (f || (f = find_columns(&t, err)))
		return f;
	if (!text_utf8(r->body, r->body_len))
		return err_set(err, FAULT_FORMAT, "%.80s: not UTF-8", t.csv.name);
	if (!t.csv.rows) /* an empty list would say that everything is gone; half written files look like that */
		return err_set(err, FAULT_FORMAT, "%.80s: a header and no counts", t.csv.name);
	for (int i = 0; i < t.csv.rows; i++)
		take_row(&t, &t.csv.row[i]);
	for (int i = 0; i < t.csv.remarks; i++)
		look_at_remark(&t, &t.csv.remark[i]);
	if (!t.bad)
		find_twins(&t);
	n->counts_whole = true;
	if (!t.bad)
		return OK;
	n->counts = 0;
	return err_set(err, FAULT_FORMAT, "%.60s:%d: %.100s%s: nothing of the file is taken", t.csv.name, t.bad_line, t.why,
	               t.bad > 1 ? arena_printf(n->arena, " (and %d more lines)", t.bad - 1) : "");
}

const struct channel channel_local = {
	.name = "local",
	.title = "A warehouse's own file",
	.base_url = "",
	.token_url = "",
	.production_hosts = (const char *const[]){ NULL },
	.is_truth = true,
	.say = {
		[VERB_COUNTS] = { "local.counts", counts_ask, counts_hear, .batch_max = 1, .repeatable = true, .check = VERBS },
	},
};
