#include "trade/filter.h"

#include "base/near.h"
#include "base/text.h"
#include "trade/filter_put.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH = 16 };

/* ---- reading ---- */

static void skip_space(struct compiler *c)
{
	while (isspace((unsigned char)*c->p))
		c->p++;
}

static bool ends_name(char ch)
{
	return !ch || isspace((unsigned char)ch) || strchr("(),\":=<>", ch);
}

/* A name or bare word; ! is part of it unless it begins !=, so that "hello!" is one word. */
static struct piece read_name(struct compiler *c)
{
	struct piece w = { .from = c->p };

	while (!ends_name(*c->p) && !(c->p[0] == '!' && c->p[1] == '='))
		c->p++;
	w.n = (int)(c->p - w.from);
	w.text = arena_strndup(c->a, w.from, (size_t)w.n);
	return w;
}

static bool read_quoted(struct compiler *c, struct piece *w)
{
	const char *end = strchr(c->p + 1, '"');

	*w = (struct piece){ .from = c->p, .quoted = true, .n = end ? (int)(end + 1 - c->p) : (int)strlen(c->p) };
	if (!end)
		return filter_complain(c, *w, "the quotation mark is not closed");
	w->text = arena_strndup(c->a, c->p + 1, (size_t)(end - c->p - 1));
	c->p = end + 1;
	return true;
}

static bool read_value(struct compiler *c, struct piece *w)
{
	if (*c->p == '"')
		return read_quoted(c, w);
	*w = (struct piece){ .from = c->p };
	while (*c->p && !isspace((unsigned char)*c->p) && !strchr("(),\"", *c->p))
		c->p++;
	w->n = (int)(c->p - w->from);
	w->text = arena_strndup(c->a, w->from, (size_t)w->n);
	return true;
}

static enum op read_op(struct compiler *c)
{
	static const struct {
		const char *sign;
		enum op op;
	} signs[] = { { "<=", OP_LE }, { ">=", OP_GE }, { "!=", OP_NE }, { "<>", OP_NE }, { "<", OP_LT },
		      { ">", OP_GT },  { ":", OP_IS },  { "=", OP_EQ } };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (!strncmp(c->p, signs[i].sign, strlen(signs[i].sign))) {
			c->p += strlen(signs[i].sign);
			return signs[i].op;
		}
	return OP_NONE;
}

/* ---- the grammar ---- */

static bool unknown_column(struct compiler *c, struct piece name)
{
	struct near near = near_to(name.text);
	struct buf known = buf_new(c->a);

	for (const struct filter_column *col = c->lang->column; col->name; col++) {
		near_offer(&near, col->name);
		buf_printf(&known, "%s%s", known.len ? " " : "", col->name);
	}
	for (const struct filter_word *word = c->lang->word; word->name; word++)
		if (filter_is(name, word->name))
			return filter_complain(c, name, "%s is a word that stands alone, not a column", word->name);
	if (near.best)
		return filter_complain(c, name, "there is no column %.40s; did you mean %s?", name.text, near.best);
	return filter_complain(c, name, "there is no column %.40s; there are: %s", name.text, known.p);
}

static bool parse_column(struct compiler *c, struct piece name, enum op op)
{
	const struct filter_column *col = c->lang->column;
	struct piece w;

	while (col->name && !filter_is(name, col->name))
		col++;
	if (!col->name)
		return unknown_column(c, name);
	buf_putc(&c->sql, '(');
	for (bool first = true;; first = false) {
		skip_space(c);
		if (!first)
			buf_puts(&c->sql, op == OP_NE ? " AND " : " OR ");
		if (!read_value(c, &w) || !filter_put_value(c, col, op, w))
			return false;
		if (*c->p != ',')
			break;
		if (op >= OP_LT)
			return filter_complain(c, (struct piece){ .from = c->p, .n = 1 }, "%s is compared with one value, not a list", col->name);
		c->p++;
	}
	buf_putc(&c->sql, ')');
	return true;
}

/* late,due: one of them, as in a column's list. */
static bool parse_bare(struct compiler *c, struct piece w)
{
	buf_putc(&c->sql, '(');
	for (;;) {
		if (!w.n)
			return filter_complain(c, (struct piece){ .from = c->p - !*c->p, .n = 1 }, "a word is missing here");
		if (!filter_put_bare(c, w))
			return false;
		if (*c->p != ',')
			break;
		c->p++;
		buf_puts(&c->sql, " OR ");
		if (!read_value(c, &w))
			return false;
	}
	buf_putc(&c->sql, ')');
	return true;
}

static bool parse_term(struct compiler *c)
{
	struct piece w;
	const char *after;
	enum op op;

	if (*c->p == '"')
		return read_quoted(c, &w) && parse_bare(c, w);
	w = read_name(c);
	after = c->p;
	skip_space(c);
	op = read_op(c);
	if (op && !w.n)
		return filter_complain(c, (struct piece){ .from = after, .n = (int)(c->p - after) }, "a column stands before this sign");
	if (op)
		return parse_column(c, w, op);
	c->p = after;
	return parse_bare(c, w);
}

static bool parse_any(struct compiler *c);

static bool parse_group(struct compiler *c)
{
	struct piece open = { .from = c->p++, .n = 1 };

	if (++c->depth > DEPTH)
		return filter_complain(c, open, "this filter has too many parentheses inside one another");
	if (!parse_any(c))
		return false;
	if (*c->p != ')')
		return filter_complain(c, open, "the parenthesis is not closed");
	c->p++;
	c->depth--;
	return true;
}

static bool nothing_here(struct compiler *c)
{
	const char *from = c->p;

	if (*from) /* a parenthesis that closes too early */
		return filter_complain(c, (struct piece){ .from = from, .n = 1 }, "something is missing before this parenthesis");
	while (from > c->text && isspace((unsigned char)from[-1]))
		from--;
	while (from > c->text && !isspace((unsigned char)from[-1]))
		from--;
	return filter_complain(c, (struct piece){ .from = from, .n = (int)strcspn(from, " \t") }, "something is missing after this");
}

static bool parse_not(struct compiler *c)
{
	bool not = false;

	for (; *c->p == '!' && c->p[1] != '='; skip_space(c)) {
		not = !not;
		c->p++;
	}
	if (not)
		buf_puts(&c->sql, "NOT ");
	if (!*c->p || *c->p == ')')
		return nothing_here(c);
	return *c->p == '(' ? parse_group(c) : parse_term(c);
}

/* Is the next word this one? It is only looked at. */
static bool next_is(struct compiler *c, const char *word)
{
	size_t n = strlen(word);

	skip_space(c);
	return !strncasecmp(c->p, word, n) && ends_name(c->p[n]) && !strchr(":=<>", c->p[n] ? c->p[n] : ' ');
}

static bool parse_all(struct compiler *c)
{
	buf_putc(&c->sql, '(');
	for (bool first = true;; first = false) {
		if (!first)
			buf_puts(&c->sql, " AND ");
		skip_space(c);
		if (next_is(c, "or"))
			return filter_complain(c, (struct piece){ .from = c->p, .n = 2 }, "something is missing before this or");
		if (!parse_not(c))
			return false;
		if (next_is(c, "and"))
			c->p += 3;
		else if (!*c->p || *c->p == ')' || next_is(c, "or"))
			break;
	}
	buf_putc(&c->sql, ')');
	return true;
}

static bool parse_any(struct compiler *c)
{
	buf_putc(&c->sql, '(');
	for (;;) {
		if (!parse_all(c))
			return false;
		if (!next_is(c, "or"))
			break;
		c->p += 2;
		buf_puts(&c->sql, " OR ");
	}
	buf_putc(&c->sql, ')');
	return true;
}

static bool parse(struct compiler *c)
{
	size_t n = strlen(c->text);

	if (n > FILTER_MAX)
		return filter_complain(c, (struct piece){ .from = c->text + FILTER_MAX, .n = (int)(n - FILTER_MAX) }, "this filter is too long");
	if (!text_utf8(c->text, n))
		return filter_complain(c, (struct piece){ .from = c->text, .n = (int)n }, "this filter is not written in UTF-8");
	skip_space(c);
	if (!*c->p) {
		buf_puts(&c->sql, "1 = 1");
		return true;
	}
	if (!parse_any(c))
		return false;
	if (*c->p)
		return filter_complain(c, (struct piece){ .from = c->p, .n = 1 }, "this parenthesis closes nothing");
	return true;
}

enum fault filter_compile(struct arena *a, const struct filter_language *lang, const char *text, int64_t now_ms, struct filter *out, int *at,
                          int *len, struct err *err)
{
	struct compiler c = { .a = a, .lang = lang, .text = text ? text : "", .now_ms = now_ms, .sql = buf_new(a), .err = err };
	bool good;

	c.p = c.text;
	good = parse(&c);
	if (at)
		*at = c.at;
	if (len)
		*len = c.len;
	*out = (struct filter){ good ? c.sql.p : "1 = 0", c.val, c.n };
	return good ? OK : FAULT_REFUSED;
}
