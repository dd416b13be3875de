#include "net/registry.h"

#include "base/asset.h"
#include "base/text.h"

#include <string.h>

static const char *const families[] = { "auth", "orders", "inventory", "listings", "pricing", "reports", NULL };
static const char *const groups[] = { "auth", "orders.read", "orders.write", "stock.read", "stock.write", "feeds", "status", NULL };
static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };

/* "walmart.orders.list": two words or more, joined by dots. */
static bool is_operation_name(const char *op)
{
	return text_id(op, "._", 60) && strchr(op, '.') && *op != '.' && op[strlen(op) - 1] != '.';
}

static enum fault whole_number(const struct csv *c, const struct csv_row *row, const char *column, int64_t otherwise, int64_t *out,
                               struct err *err)
{
	const char *text = csv_field(row, csv_column(c, column));

	*out = otherwise;
	if (!*text || text_int(text, 1, INT32_MAX, out))
		return OK;
	return err_set(err, FAULT_FORMAT, "%s:%d: %s is no whole number from 1 on", c->name, row->line, column);
}

static enum fault operation_numbers(const struct csv *c, const struct csv_row *row, struct operation *o, struct err *err)
{
	enum fault f = whole_number(c, row, "window_s", 0, &o->window_s, err);

	if (!f)
		f = whole_number(c, row, "burst", 0, &o->burst, err);
	if (!f)
		f = whole_number(c, row, "concurrency", 0, &o->concurrency, err);
	if (!f)
		f = whole_number(c, row, "daily", 0, &o->daily, err);
	if (!f)
		f = whole_number(c, row, "cost", 1, &o->cost, err);
	if (!f)
		f = whole_number(c, row, "batch", 1, &o->batch, err);
	return f;
}

/* What is wrong with a row, or NULL. */
static const char *objection(const struct operation *o)
{
	struct limit l;

	if (!is_operation_name(o->op) || !text_id(o->bucket, "._", 60))
		return "op and bucket are names such as walmart.orders.list";
	if (!text_one_of(o->method, methods))
		return "method is GET, POST, PUT, PATCH or DELETE";
	if (!text_one_of(o->family, families))
		return "family is auth, orders, inventory, listings, pricing or reports";
	if (!text_one_of(o->group, groups))
		return "group is auth, orders.read, orders.write, stock.read, stock.write, feeds or status";
	if (!*o->path || !*o->source || !*o->date)
		return "path, source and date must be there";
	if (!limit_init(&l, o->tokens, o->window_s, o->burst, 0))
		return "tokens, window_s and burst make no rate";
	if (!*o->tokens && !o->concurrency && !o->daily)
		return "a limit needs tokens, a concurrency or a daily count";
	return NULL;
}

static enum fault operation_read(const struct csv *c, const struct csv_row *row, struct operation *o, struct err *err)
{
	const char *why;

	o->op = csv_field(row, csv_column(c, "op"));
	o->method = csv_field(row, csv_column(c, "method"));
	o->path = csv_field(row, csv_column(c, "path"));
	o->family = csv_field(row, csv_column(c, "family"));
	o->group = csv_field(row, csv_column(c, "group"));
	o->bucket = csv_field(row, csv_column(c, "bucket"));
	o->tokens = csv_field(row, csv_column(c, "tokens"));
	o->source = csv_field(row, csv_column(c, "source"));
	o->date = csv_field(row, csv_column(c, "date"));
	if (!*o->bucket)
		o->bucket = o->op;
	if (operation_numbers(c, row, o, err))
		return FAULT_FORMAT;
	why = objection(o);
	return why ? err_set(err, FAULT_FORMAT, "%s:%d: %s", c->name, row->line, why) : OK;
}

/* An operation has one row, and those who share a bucket agree on how deep it is. */
static const char *conflict(const struct operation *a, const struct operation *b)
{
	if (!strcmp(a->op, b->op))
		return "the operation has a row already";
	if (!strcmp(a->bucket, b->bucket) && (strcmp(a->tokens, b->tokens) || a->window_s != b->window_s || a->burst != b->burst ||
	                                      a->concurrency != b->concurrency || a->daily != b->daily))
		return "the bucket has other figures in an earlier row";
	return NULL;
}

/* Do the top lanes, decreases and zeros, ever use this? */
static bool writes_stock(const struct operation *o)
{
	return !strcmp(o->group, "stock.write") || (!strcmp(o->group, "feeds") && strcmp(o->method, "GET"));
}

/* What one operation keeps back, all that share its bucket keep back. */
static void reserve(const struct limit_registry *r)
{
	for (int i = 0; i < r->n; i++)
		for (int k = 0; k < r->n && writes_stock(&r->operation[i]); k++)
			if (!strcmp(r->operation[i].bucket, r->operation[k].bucket))
				r->operation[k].reserve_pct = LIMIT_RESERVE;
}

enum fault limit_registry_read(struct arena *a, const char *name, const char *text, size_t n, struct limit_registry *out,
                               struct err *err)
{
	struct csv c;

	memset(out, 0, sizeof *out);
	if (csv_read(a, name, text, n, &c, err))
		return FAULT_FORMAT;
	out->operation = arena_alloc(a, ((size_t)c.rows + 1) * sizeof *out->operation);
	for (int i = 0; i < c.rows; i++) {
		if (operation_read(&c, &c.row[i], &out->operation[i], err))
			return FAULT_FORMAT;
		for (int k = 0; k < i; k++) {
			const char *why = conflict(&out->operation[k], &out->operation[i]);

			if (why)
				return err_set(err, FAULT_FORMAT, "%s:%d: %s", name, c.row[i].line, why);
		}
	}
	out->n = c.rows;
	reserve(out);
	return OK;
}

static enum fault revision_row(const struct csv *c, const struct csv_row *row, struct operation *o, struct err *err)
{
	enum fault f = whole_number(c, row, "a_day", 0, &o->a_day, err);

	if (!f)
		f = whole_number(c, row, "decreases_from", o->a_day, &o->decreases_from, err);
	if (!f)
		f = whole_number(c, row, "zeros_from", o->a_day, &o->zeros_from, err);
	if (f)
		return f;
	if (!o->a_day || o->decreases_from > o->zeros_from || o->zeros_from > o->a_day)
		return err_set(err, FAULT_FORMAT, "%s:%d: decreases_from, zeros_from and a_day do not grow", c->name, row->line);
	if (!*csv_field(row, csv_column(c, "source")) || !*csv_field(row, csv_column(c, "date")))
		return err_set(err, FAULT_FORMAT, "%s:%d: source and date must be there", c->name, row->line);
	return OK;
}

enum fault limit_registry_revisions(struct arena *a, const char *name, const char *text, size_t n, struct limit_registry *r, struct err *err)
{
	struct csv c;

	if (csv_read(a, name, text, n, &c, err))
		return FAULT_FORMAT;
	for (int i = 0; i < c.rows; i++) {
		const char *op = csv_field(&c.row[i], csv_column(&c, "op"));
		struct operation *o = r->operation;

		while (o < r->operation + r->n && strcmp(o->op, op))
			o++;
		if (o == r->operation + r->n)
			return err_set(err, FAULT_FORMAT, "%s:%d: %.60s has no row in limits.csv", name, c.row[i].line, op);
		if (revision_row(&c, &c.row[i], o, err))
			return FAULT_FORMAT;
	}
	return OK;
}

bool operation_may_revise(const struct operation *o, int64_t used, enum lane lane)
{
	if (!o->a_day)
		return true;
	if (used >= o->zeros_from)
		return used < o->a_day && lane == LANE_ZERO;
	return used < o->decreases_from || lane <= LANE_DECREASE;
}

enum fault limit_registry_load(struct arena *a, struct limit_registry *out, struct err *err)
{
	size_t n, m;
	const char *text = asset_get(a, "data/limits.csv", &n), *revisions = asset_get(a, "data/revisions.csv", &m);
	enum fault f;

	if (!text)
		return err_set(err, FAULT_FORMAT, "data/limits.csv is missing, so no operation is allowed");
	f = limit_registry_read(a, "limits.csv", text, n, out, err);
	return f || !revisions ? f : limit_registry_revisions(a, "revisions.csv", revisions, m, out, err);
}

enum fault limit_registry_find(const struct limit_registry *r, const char *op, const struct operation **out, struct err *err)
{
	for (int i = 0; op && i < r->n; i++) {
		if (strcmp(r->operation[i].op, op))
			continue;
		*out = &r->operation[i];
		return OK;
	}
	return err_set(err, FAULT_REFUSED, "%s has no row in limits.csv, so it is not spoken; add its published limit there",
	               op ? op : "an operation without a name");
}

struct limit operation_limit(const struct operation *o, int64_t now_ms)
{
	struct limit l;

	limit_init(&l, o->tokens, o->window_s, o->burst, now_ms); /* cannot fail: the row was read */
	l.concurrency = o->concurrency;
	l.daily = o->daily;
	l.reserve_pct = o->reserve_pct;
	return l;
}
