/* suiteql_parse.c: from text to a tree. Recursive descent; a name's column is looked up once all tables are known. */
#include "sandbox/suiteql_parse.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- expressions ---- */

static struct sql_node *node_new(struct sql_query *q, enum sql_op op, struct sql_node *arg)
{
	struct sql_node *n = arena_alloc(q->arena, sizeof *n);

	*n = (struct sql_node){ .op = op, .arg = arg, .table = -1 };
	return n;
}

static struct sql_node *value_node(struct sql_query *q, struct sql_value v)
{
	struct sql_node *n = node_new(q, OP_VALUE, NULL);

	n->value = v;
	return n;
}

static struct sql_node *condition(struct sql_query *q);
static struct sql_node *operand(struct sql_query *q);

static const struct {
	const char *name;
	int min, max;
} calls[CALLS] = {
	[CALL_TO_CHAR] = { "TO_CHAR", 1, 2 },     [CALL_TO_DATE] = { "TO_DATE", 1, 2 }, [CALL_TO_TIMESTAMP] = { "TO_TIMESTAMP", 1, 2 },
	[CALL_NVL] = { "NVL", 2, 2 },             [CALL_COALESCE] = { "COALESCE", 1, 8 }, [CALL_UPPER] = { "UPPER", 1, 1 },
	[CALL_LOWER] = { "LOWER", 1, 1 },         [CALL_ABS] = { "ABS", 1, 1 },         [CALL_ROUND] = { "ROUND", 1, 1 },
	[CALL_TRUNC] = { "TRUNC", 1, 1 },         [CALL_DF] = { "BUILTIN.DF", 1, 1 },
};

/* Arguments up to the closing parenthesis. Returns how many. */
static int arguments(struct sql_query *q, struct sql_node **first)
{
	struct sql_node **to = first;
	int n = 0;

	do {
		*to = operand(q);
		to = &(*to)->next;
		n++;
	} while (!q->error && sql_take_sign(q, ","));
	sql_need_sign(q, ")");
	return n;
}

static struct sql_node *call(struct sql_query *q, const char *name)
{
	struct sql_node *n = node_new(q, OP_CALL, NULL);
	int args;

	while (n->call < CALLS && strcasecmp(calls[n->call].name, name) != 0)
		n->call++;
	if (n->call == CALLS) {
		sql_fail(q, "There is no such function, or this simulation has not got it", name);
		return n;
	}
	args = arguments(q, &n->arg);
	if (args < calls[n->call].min || args > calls[n->call].max || (n->call == CALL_DF && n->arg->op != OP_CELL))
		sql_fail(q, "These are no arguments for the function", name);
	return n;
}

/* name, alias.name, name(...), BUILTIN.DF(...). */
static struct sql_node *name(struct sql_query *q)
{
	const char *first = q->word, *second = NULL;
	struct sql_node *n;

	sql_advance(q);
	if (sql_take_sign(q, ".")) {
		second = q->word;
		if (q->kind != 'n')
			sql_fail(q, "Expected a name before", q->word);
		sql_advance(q);
	}
	if (sql_take_sign(q, "("))
		return call(q, second ? arena_printf(q->arena, "%s.%s", first, second) : first);
	if (!second && strcasecmp(first, "NULL") == 0)
		return value_node(q, sql_text(NULL));
	if (!second && strcasecmp(first, "SYSDATE") == 0)
		return value_node(q, sql_time(q->source.world->now_ms));
	n = node_new(q, OP_CELL, NULL);
	n->alias = second ? first : NULL;
	n->name = second ? second : first;
	return n;
}

static struct sql_node *value(struct sql_query *q)
{
	struct sql_node *n;
	int64_t number = 0;

	if (q->error)
		return value_node(q, sql_text(NULL));
	if (sql_take_sign(q, "(")) {
		n = operand(q);
		sql_need_sign(q, ")");
		return n;
	}
	if (q->kind == 'n')
		return name(q);
	if (q->kind == '\'') {
		n = value_node(q, sql_text(q->word));
		sql_advance(q);
		return n;
	}
	if (q->kind != '0' || !text_minor(q->word, SQL_DIGITS, &number)) {
		sql_fail(q, "Expected a value before", q->kind ? q->word : "the end");
		return value_node(q, sql_text(NULL));
	}
	sql_advance(q);
	return value_node(q, sql_number(number, SQL_DIGITS));
}

static bool is_sign(const struct sql_query *q, char a, char b)
{
	return !q->error && q->kind == 's' && !q->word[1] && (*q->word == a || *q->word == b);
}

static struct sql_node *arithmetic(struct sql_query *q, struct sql_node *left, struct sql_node *(*right)(struct sql_query *))
{
	struct sql_node *n = node_new(q, OP_ARITHMETIC, left);

	n->arithmetic = *q->word;
	sql_advance(q);
	left->next = right(q);
	return n;
}

static struct sql_node *signed_value(struct sql_query *q)
{
	bool negative = false;
	struct sql_node *n;

	while (sql_take_sign(q, "-"))
		negative = !negative;
	n = value(q);
	return negative ? node_new(q, OP_NEGATIVE, n) : n;
}

static struct sql_node *product(struct sql_query *q)
{
	struct sql_node *n = signed_value(q);

	while (is_sign(q, '*', '/'))
		n = arithmetic(q, n, signed_value);
	return n;
}

static struct sql_node *sum(struct sql_query *q)
{
	struct sql_node *n = product(q);

	while (is_sign(q, '+', '-'))
		n = arithmetic(q, n, product);
	return n;
}

static struct sql_node *operand(struct sql_query *q)
{
	struct sql_node *n;

	if (++q->depth > SQL_DEPTH_MAX)
		sql_fail(q, "It is nested too deeply", q->word);
	n = sum(q);
	q->depth--;
	return n;
}

static struct sql_node *compared(struct sql_query *q, struct sql_node *left)
{
	static const struct {
		const char *word;
		enum sql_sign sign;
	} signs[] = { { "=", SIGN_EQ }, { "<>", SIGN_NE }, { "!=", SIGN_NE }, { "<", SIGN_LT }, { "<=", SIGN_LE }, { ">", SIGN_GT }, { ">=", SIGN_GE } };
	struct sql_node *n = node_new(q, OP_COMPARE, left);

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (sql_take_sign(q, signs[i].word)) {
			n->sign = signs[i].sign;
			left->next = operand(q);
			return n;
		}
	sql_fail(q, "Expected a comparison before", q->kind ? q->word : "the end");
	return n;
}

/* What may follow a value: IN, LIKE, BETWEEN, IS NULL, a comparison. */
static struct sql_node *predicate(struct sql_query *q)
{
	struct sql_node *left = operand(q), *n;
	bool not = false;

	if (sql_take_word(q, "IS")) {
		not = sql_take_word(q, "NOT");
		sql_need_word(q, "NULL");
		n = node_new(q, OP_IS_NULL, left);
		return not ? node_new(q, OP_NOT, n) : n;
	}
	not = sql_take_word(q, "NOT");
	if (sql_take_word(q, "IN")) {
		sql_need_sign(q, "(");
		n = node_new(q, OP_IN, left);
		arguments(q, &left->next);
	} else if (sql_take_word(q, "LIKE")) {
		n = node_new(q, OP_LIKE, left);
		left->next = operand(q);
	} else if (sql_take_word(q, "BETWEEN")) {
		n = node_new(q, OP_BETWEEN, left);
		left->next = operand(q);
		sql_need_word(q, "AND");
		left->next->next = operand(q);
	} else {
		if (not)
			sql_fail(q, "Expected IN, LIKE or BETWEEN before", q->word);
		return compared(q, left);
	}
	return not ? node_new(q, OP_NOT, n) : n;
}

static struct sql_node *term(struct sql_query *q)
{
	struct sql_node *n;

	if (++q->depth > SQL_DEPTH_MAX)
		sql_fail(q, "It is nested too deeply", q->word);
	if (q->error)
		n = value_node(q, sql_text(NULL));
	else if (sql_take_word(q, "NOT"))
		n = node_new(q, OP_NOT, term(q));
	else if (sql_take_sign(q, "(")) {
		n = condition(q);
		sql_need_sign(q, ")");
	} else
		n = predicate(q);
	q->depth--;
	return n;
}

static struct sql_node *all_of(struct sql_query *q)
{
	struct sql_node *left = term(q);

	while (!q->error && sql_take_word(q, "AND")) {
		left->next = term(q);
		left = node_new(q, OP_AND, left);
	}
	return left;
}

static struct sql_node *condition(struct sql_query *q)
{
	struct sql_node *left = all_of(q);

	while (!q->error && sql_take_word(q, "OR")) {
		left->next = all_of(q);
		left = node_new(q, OP_OR, left);
	}
	return left;
}

/* ---- names are looked up ---- */

static int column_of(const struct sql_table *t, const char *name)
{
	for (int i = 0; t->column[i].name; i++)
		if (strcasecmp(t->column[i].name, name) == 0)
			return i;
	return -1;
}

/* A key that is a column of the list has been looked up with it. */
static void cell_look(struct sql_query *q, struct sql_node *n)
{
	if (n->table >= 0)
		return;
	for (int t = 0; t < q->tables; t++) {
		int column = !n->alias || strcasecmp(q->from[t].alias, n->alias) == 0 ? column_of(q->from[t].table, n->name) : -1;

		if (column < 0)
			continue;
		if (n->table >= 0)
			sql_fail(q, "The field is in more than one table", n->name);
		n->table = t;
		n->column = column;
	}
	if (n->table < 0)
		sql_fail(q, "Search error occurred: Field was not found. Reason: NOT_FOUND", n->name);
}

static void names_look(struct sql_query *q, struct sql_node *n)
{
	for (; n && !q->error; n = n->next) {
		if (n->op == OP_CELL)
			cell_look(q, n);
		names_look(q, n->arg);
	}
}

/* ---- the clauses ---- */

static bool ends_table(const struct sql_query *q)
{
	static const char *const words[] = { "JOIN", "INNER", "LEFT", "WHERE", "ORDER", "ON", "GROUP", "HAVING", "UNION", "FETCH" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sql_is_word(q, words[i]))
			return true;
	return q->kind != 'n';
}

static const struct sql_table *table_named(const char *name)
{
	for (const struct sql_table *const *t = sql_tables; *t; t++)
		if (!strcasecmp((*t)->name, name) || ((*t)->also && !strcasecmp((*t)->also, name)))
			return *t;
	return NULL;
}

static void table_read(struct sql_query *q, bool left)
{
	struct sql_from *f = &q->from[q->tables];
	const struct sql_table *t = table_named(q->word);

	if (q->tables == SQL_TABLES_MAX) {
		sql_fail(q, "There are too many tables", q->word);
		return;
	}
	if (!t || q->kind != 'n') {
		sql_fail(q, "Search error occurred: Record was not found", q->word);
		return;
	}
	f->table = t;
	f->alias = q->word;
	f->left = left;
	sql_advance(q);
	if (sql_take_word(q, "AS") || !ends_table(q)) {
		f->alias = q->word;
		sql_advance(q);
	}
	q->tables++;
}

static void from_read(struct sql_query *q)
{
	table_read(q, false);
	while (!q->error) {
		bool left = sql_take_word(q, "LEFT");

		if (left)
			sql_take_word(q, "OUTER");
		else if (sql_take_sign(q, ",")) {
			table_read(q, false);
			continue;
		}
		if (sql_take_word(q, "INNER") || sql_is_word(q, "JOIN") || left) {
			sql_need_word(q, "JOIN");
			table_read(q, left);
			sql_need_word(q, "ON");
			if (!q->error)
				q->from[q->tables - 1].on = condition(q);
			continue;
		}
		return;
	}
}

static const char *lower(struct sql_query *q, const char *s)
{
	char *out = arena_strdup(q->arena, s);

	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

static void columns_read(struct sql_query *q)
{
	do {
		struct sql_node *n;

		if (q->columns == SQL_COLUMNS_MAX || (q->kind == 's' && strcmp(q->word, "*") == 0)) {
			sql_fail(q, "The columns have to be named, and forty at most, before", q->word);
			return;
		}
		n = operand(q);
		q->title[q->columns] = n->op == OP_CELL ? n->name : arena_printf(q->arena, "expr%d", q->columns + 1);
		if (sql_take_word(q, "AS") || (q->kind == 'n' && !sql_is_word(q, "FROM"))) {
			q->title[q->columns] = q->word;
			sql_advance(q);
		}
		q->title[q->columns] = lower(q, q->title[q->columns]);
		for (int i = 0; i < q->columns; i++)
			if (strcmp(q->title[i], q->title[q->columns]) == 0)
				sql_fail(q, "Two columns have the same name", q->title[i]);
		q->column[q->columns++] = n;
	} while (!q->error && sql_take_sign(q, ","));
}

/* A key may be a column's place or name in the list as well. */
static struct sql_node *key_read(struct sql_query *q)
{
	struct sql_node *n = operand(q);
	int64_t place = n->op == OP_VALUE && n->value.kind == SQL_NUMBER ? n->value.n / SQL_ONE : 0;

	if (place >= 1 && place <= q->columns)
		return q->column[place - 1];
	for (int i = 0; n->op == OP_CELL && !n->alias && i < q->columns; i++)
		if (strcasecmp(q->title[i], n->name) == 0)
			return q->column[i];
	return n;
}

static void order_read(struct sql_query *q)
{
	do {
		if (q->keys == SQL_KEYS_MAX) {
			sql_fail(q, "There are too many columns to order by", q->word);
			return;
		}
		q->key[q->keys] = key_read(q);
		q->descending[q->keys] = sql_take_word(q, "DESC");
		if (!q->descending[q->keys])
			sql_take_word(q, "ASC");
		q->keys++;
	} while (!q->error && sql_take_sign(q, ","));
}

static void all_look(struct sql_query *q)
{
	for (int i = 0; i < q->columns; i++)
		names_look(q, q->column[i]);
	for (int i = 0; i < q->tables; i++)
		names_look(q, q->from[i].on);
	names_look(q, q->where);
	for (int i = 0; i < q->keys; i++)
		names_look(q, q->key[i]);
}

void sql_parse(struct sql_query *q, const char *text)
{
	q->at = text;
	sql_advance(q);
	sql_need_word(q, "SELECT");
	if (!q->error)
		columns_read(q);
	sql_need_word(q, "FROM");
	if (!q->error)
		from_read(q);
	if (!q->error && sql_take_word(q, "WHERE"))
		q->where = condition(q);
	if (!q->error && sql_take_word(q, "ORDER")) {
		sql_need_word(q, "BY");
		order_read(q);
	}
	if (!q->error && q->kind)
		sql_fail(q, "This simulation does not understand the query from here on", q->word);
	if (!q->error)
		all_look(q);
}
