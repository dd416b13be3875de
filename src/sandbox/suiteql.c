/*
 * suiteql.c: running a query: rows of the tables side by side, those that fit, in the order asked for.
 *
 * Without an order, and among rows that are equal in it, rows come in another order at each call, as they may: a walk
 * through pages of such a list sees rows twice and others never.
 */
#include "sandbox/suiteql_mask.h"
#include "sandbox/suiteql_parse.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 100000 };

/* ---- values ---- */

static const char *number_text(struct arena *a, int64_t n)
{
	char *s = arena_printf(a, "%s%" PRId64 ".%09" PRId64, n < 0 ? "-" : "", (n < 0 ? -n : n) / SQL_ONE, (n < 0 ? -n : n) % SQL_ONE);
	size_t len = strlen(s);

	while (s[len - 1] == '0')
		s[--len] = '\0';
	if (s[len - 1] == '.')
		s[len - 1] = '\0';
	return s;
}

static const char *value_text(struct arena *a, struct sql_value v)
{
	switch (v.kind) {
	case SQL_NUMBER:
		return number_text(a, v.n);
	case SQL_TIME:
		return mask_text(a, v.n, "MM/DD/YYYY");
	case SQL_TEXT:
		return v.s;
	case SQL_NULL:
		break;
	}
	return NULL;
}

/* Two values of different kinds: the text becomes what the other is, or the query is no good. */
static void kinds_meet(struct sql_query *q, struct sql_value *text, enum sql_kind kind)
{
	int64_t n = 0;

	if (text->kind != SQL_TEXT || kind == SQL_TEXT)
		return;
	if (kind == SQL_NUMBER ? !text_minor(text->s, SQL_DIGITS, &n) : !mask_read(text->s, "MM/DD/YYYY", &n))
		sql_fail(q, kind == SQL_NUMBER ? "Invalid number" : "A date must be written as MM/DD/YYYY or with TO_DATE", text->s);
	*text = (struct sql_value){ kind, n, NULL };
}

/* Both are there. */
static int value_compare(struct sql_query *q, struct sql_value a, struct sql_value b)
{
	kinds_meet(q, &a, b.kind);
	kinds_meet(q, &b, a.kind);
	if (a.kind != b.kind) {
		sql_fail(q, "Values that cannot be compared", a.kind == SQL_TIME || b.kind == SQL_TIME ? "a date and a number" : "?");
		return 0;
	}
	return a.kind == SQL_TEXT ? strcmp(a.s, b.s) : (a.n > b.n) - (a.n < b.n);
}

/* ---- expressions ---- */

static struct sql_value eval(struct sql_query *q, const struct sql_node *n, const int *row);

static struct sql_value cell(struct sql_query *q, const struct sql_node *n, const int *row, bool display)
{
	if (row[n->table] < 0)
		return sql_text(NULL);
	return q->from[n->table].table->column[n->column].cell(&q->source, row[n->table], display);
}

static struct sql_value turned(struct sql_query *q, struct sql_value v, int (*turn)(int))
{
	const char *s = value_text(q->arena, v);
	char *out = s ? arena_strdup(q->arena, s) : NULL;

	for (char *p = out; p && *p; p++)
		*p = (char)turn((unsigned char)*p);
	return sql_text(out);
}

static struct sql_value date_read(struct sql_query *q, struct sql_value v, struct sql_value mask)
{
	int64_t ms = 0;

	if (v.kind != SQL_TEXT)
		return v;
	if (!mask_read(v.s, mask.kind == SQL_TEXT ? mask.s : "MM/DD/YYYY", &ms))
		sql_fail(q, "The text does not have the form of the date", v.s);
	return sql_time(ms);
}

static struct sql_value call(struct sql_query *q, const struct sql_node *n, const int *row)
{
	struct sql_value a = n->call == CALL_DF ? sql_text(NULL) : eval(q, n->arg, row), b = n->arg->next ? eval(q, n->arg->next, row) : sql_text(NULL);

	switch (n->call) {
	case CALL_TO_CHAR:
		return sql_text(a.kind == SQL_TIME && b.kind == SQL_TEXT ? mask_text(q->arena, a.n, b.s) : value_text(q->arena, a));
	case CALL_TO_DATE:
	case CALL_TO_TIMESTAMP:
		return date_read(q, a, b);
	case CALL_NVL:
	case CALL_COALESCE:
		for (const struct sql_node *e = n->arg; e && a.kind == SQL_NULL; e = e->next)
			a = eval(q, e, row);
		return a;
	case CALL_UPPER:
		return turned(q, a, toupper);
	case CALL_LOWER:
		return turned(q, a, tolower);
	case CALL_ABS:
		a.n = a.n < 0 ? -a.n : a.n;
		return a;
	case CALL_ROUND:
		a.n = a.kind == SQL_NUMBER ? (a.n + (a.n < 0 ? -SQL_ONE / 2 : SQL_ONE / 2)) / SQL_ONE * SQL_ONE : a.n;
		return a;
	case CALL_TRUNC:
		a.n -= a.kind == SQL_TIME ? a.n % DAY_MS : a.n % SQL_ONE;
		return a;
	case CALL_DF:
		return cell(q, n->arg, row, true);
	case CALLS:
		break;
	}
	return a;
}

static int64_t scaled(int64_t a, int64_t by, int64_t over)
{
	return (int64_t)llroundl((long double)a * (long double)by / (long double)over);
}

/* Days are the measure of dates: a date less a date is a number of them, a date and a number is a date. */
static struct sql_value reckon(struct sql_query *q, char sign, struct sql_value a, struct sql_value b)
{
	int64_t minus = sign == '-' ? -1 : 1;

	kinds_meet(q, &a, b.kind == SQL_TIME ? SQL_TIME : SQL_NUMBER);
	kinds_meet(q, &b, SQL_NUMBER);
	if (a.kind == SQL_NULL || b.kind == SQL_NULL)
		return sql_text(NULL);
	if (a.kind == SQL_TIME && b.kind == SQL_TIME && sign == '-')
		return (struct sql_value){ SQL_NUMBER, scaled(a.n - b.n, SQL_ONE, DAY_MS), NULL };
	if (a.kind == SQL_TIME && b.kind == SQL_NUMBER && (sign == '+' || sign == '-'))
		return (struct sql_value){ SQL_TIME, a.n + minus * scaled(b.n, DAY_MS, SQL_ONE), NULL };
	if (a.kind != SQL_NUMBER || b.kind != SQL_NUMBER || (sign == '/' && !b.n)) {
		sql_fail(q, "These cannot be reckoned with", (char[]){ sign, '\0' });
		return sql_text(NULL);
	}
	if (sign == '*' || sign == '/')
		return (struct sql_value){ SQL_NUMBER, sign == '*' ? scaled(a.n, b.n, SQL_ONE) : scaled(a.n, SQL_ONE, b.n), NULL };
	return (struct sql_value){ SQL_NUMBER, a.n + minus * b.n, NULL };
}

static struct sql_value eval(struct sql_query *q, const struct sql_node *n, const int *row)
{
	struct sql_value v;

	switch (n->op) {
	case OP_VALUE:
		return n->value;
	case OP_CELL:
		return cell(q, n, row, false);
	case OP_CALL:
		return call(q, n, row);
	case OP_ARITHMETIC:
		return reckon(q, n->arithmetic, eval(q, n->arg, row), eval(q, n->arg->next, row));
	case OP_NEGATIVE:
		v = eval(q, n->arg, row);
		v.n = -v.n;
		return v;
	default:
		return sql_text(NULL);
	}
}

/* ---- conditions: yes 1, no 0, unknown -1 ---- */

static bool like(const char *s, const char *pattern)
{
	for (; *pattern && *pattern != '%'; pattern++, s++)
		if (!*s || (*pattern != '_' && *pattern != *s))
			return false;
	if (!*pattern)
		return !*s;
	for (; !like(s, pattern + 1); s++)
		if (!*s)
			return false;
	return true;
}

static int compared(struct sql_query *q, enum sql_sign sign, struct sql_value a, struct sql_value b)
{
	int c;

	if (a.kind == SQL_NULL || b.kind == SQL_NULL)
		return -1;
	c = value_compare(q, a, b);
	switch (sign) {
	case SIGN_EQ:
		return c == 0;
	case SIGN_NE:
		return c != 0;
	case SIGN_LT:
		return c < 0;
	case SIGN_LE:
		return c <= 0;
	case SIGN_GT:
		return c > 0;
	case SIGN_GE:
		return c >= 0;
	}
	return -1;
}

static int is_in(struct sql_query *q, const struct sql_node *n, const int *row)
{
	struct sql_value v = eval(q, n->arg, row);
	int found = 0;

	for (const struct sql_node *e = n->arg->next; e && found != 1; e = e->next) {
		int one = compared(q, SIGN_EQ, v, eval(q, e, row));

		found = one == 0 ? found : one;
	}
	return found;
}

static int holds(struct sql_query *q, const struct sql_node *n, const int *row)
{
	int a, b;
	const char *s, *p;

	switch (n->op) {
	case OP_AND:
		a = holds(q, n->arg, row);
		b = a == 0 ? 0 : holds(q, n->arg->next, row);
		return a == 0 || b == 0 ? 0 : a < 0 || b < 0 ? -1 : 1;
	case OP_OR:
		a = holds(q, n->arg, row);
		b = a == 1 ? 1 : holds(q, n->arg->next, row);
		return a == 1 || b == 1 ? 1 : a < 0 || b < 0 ? -1 : 0;
	case OP_NOT:
		a = holds(q, n->arg, row);
		return a < 0 ? -1 : !a;
	case OP_COMPARE:
		return compared(q, n->sign, eval(q, n->arg, row), eval(q, n->arg->next, row));
	case OP_IN:
		return is_in(q, n, row);
	case OP_IS_NULL:
		return eval(q, n->arg, row).kind == SQL_NULL;
	case OP_LIKE:
		s = value_text(q->arena, eval(q, n->arg, row));
		p = value_text(q->arena, eval(q, n->arg->next, row));
		return !s || !p ? -1 : like(s, p);
	case OP_BETWEEN:
		a = compared(q, SIGN_GE, eval(q, n->arg, row), eval(q, n->arg->next, row));
		b = compared(q, SIGN_LE, eval(q, n->arg, row), eval(q, n->arg->next->next, row));
		return a == 0 || b == 0 ? 0 : a < 0 || b < 0 ? -1 : 1;
	default:
		sql_fail(q, "Expected a condition, not a value", "");
		return -1;
	}
}

/* ---- rows ---- */

struct tuple {
	int row[SQL_TABLES_MAX];
	struct sql_value key[SQL_KEYS_MAX];
	uint64_t mix;
	struct sql_query *query;
};

struct found {
	struct sql_query *query;
	struct tuple *tuple;
	int n, cap;
	uint64_t mix;
};

static void found_add(struct found *f, const int *row)
{
	struct tuple *t;

	if (f->n == ROWS_MAX || (f->query->where && holds(f->query, f->query->where, row) != 1))
		return;
	f->tuple = world_room(f->tuple, f->n, &f->cap, sizeof *f->tuple);
	t = &f->tuple[f->n];
	memcpy(t->row, row, sizeof t->row);
	for (int i = 0; i < f->query->keys; i++)
		t->key[i] = eval(f->query, f->query->key[i], row);
	t->mix = number_scramble(f->mix + (uint64_t)f->n++);
	t->query = f->query;
}

/* Can it be told before this table's row is? */
static bool is_known(const struct sql_node *n, int table)
{
	return n->op == OP_VALUE || (n->op == OP_CELL && n->table < table);
}

/* What the first column of a table must be equal to; NULL: it is not said. */
static const struct sql_node *key_wanted(const struct sql_node *n, int table)
{
	const struct sql_node *left = n ? n->arg : NULL, *right = left ? left->next : NULL, *one;

	if (n && n->op == OP_AND) {
		one = key_wanted(left, table);
		return one ? one : key_wanted(right, table);
	}
	if (!n || n->op != OP_COMPARE || n->sign != SIGN_EQ)
		return NULL;
	if (left->op == OP_CELL && left->table == table && left->column == 0 && is_known(right, table))
		return right;
	return right->op == OP_CELL && right->table == table && right->column == 0 && is_known(left, table) ? left : NULL;
}

static void rows_of(struct sql_query *q, int table, const int *row, int *first, int *n)
{
	const struct sql_table *t = q->from[table].table;
	const struct sql_node *key = key_wanted(q->from[table].on, table);
	struct sql_value v;

	key = key || q->from[table].left ? key : key_wanted(q->where, table);
	*first = 0;
	*n = t->rows(&q->source);
	if (!key)
		return;
	v = eval(q, key, row);
	kinds_meet(q, &v, SQL_NUMBER);
	if (v.kind == SQL_NUMBER && v.n % SQL_ONE == 0)
		t->range(&q->source, v.n / SQL_ONE, first, n);
	else
		*n = 0;
}

/* Nested loops, from the first table to the last. A row whose first column is empty is not there. */
static void join(struct found *f, int table, int *row)
{
	struct sql_query *q = f->query;
	int first, n;
	bool any = false;

	if (q->error || table == q->tables) {
		if (!q->error)
			found_add(f, row);
		return;
	}
	rows_of(q, table, row, &first, &n);
	for (int i = first; i < first + n && !q->error; i++) {
		row[table] = i;
		if (q->from[table].table->column[0].cell(&q->source, i, false).kind == SQL_NULL ||
		    (q->from[table].on && holds(q, q->from[table].on, row) != 1))
			continue;
		any = true;
		join(f, table + 1, row);
	}
	if (any || !q->from[table].left)
		return;
	row[table] = -1;
	join(f, table + 1, row);
}

static int tuple_order(const void *a, const void *b)
{
	const struct tuple *x = a, *y = b;
	struct sql_query *q = x->query;

	for (int i = 0; i < q->keys; i++) {
		bool no_x = x->key[i].kind == SQL_NULL, no_y = y->key[i].kind == SQL_NULL;
		int c = no_x || no_y ? (int)no_x - (int)no_y : value_compare(q, x->key[i], y->key[i]); /* nothing comes last */

		if (c)
			return q->descending[i] ? -c : c;
	}
	return (x->mix > y->mix) - (x->mix < y->mix);
}

/* Every value is a text, and what is empty is left out. */
static void put_row(struct sql_query *q, struct json_out *o, const struct tuple *t)
{
	json_put_object(o, NULL);
	json_put_array(o, "links");
	json_end_array(o);
	for (int i = 0; i < q->columns; i++) {
		const char *s = value_text(q->arena, eval(q, q->column[i], t->row));

		if (s)
			json_put_text(o, q->title[i], s);
	}
	json_end_object(o);
}

static void page_put(struct sql_query *q, const struct found *f, int64_t offset, int64_t limit, struct sql_result *out)
{
	struct buf b = buf_new(q->arena);
	struct json_out o = json_out(&b);

	json_put_array(&o, NULL);
	for (int64_t i = offset; i < f->n && i < offset + limit; i++, out->count++)
		put_row(q, &o, &f->tuple[i]);
	json_end_array(&o);
	out->items = b.p;
	out->total = f->n;
}

struct sql_result sql_run(struct arena *a, const struct world *w, const char *text, int64_t offset, int64_t limit, uint64_t mix)
{
	struct sql_query q = { .arena = a };
	struct found f = { .query = &q, .mix = mix };
	struct sql_result out = { 0 };
	int row[SQL_TABLES_MAX] = { -1, -1, -1, -1 };

	sql_source_open(&q.source, w, a);
	sql_parse(&q, text);
	if (!q.error)
		join(&f, 0, row);
	if (f.n && !q.error)
		qsort(f.tuple, (size_t)f.n, sizeof *f.tuple, tuple_order);
	if (!q.error)
		page_put(&q, &f, offset, limit, &out);
	out.error = q.error;
	out.ordered = q.keys > 0;
	free(f.tuple);
	return out;
}
