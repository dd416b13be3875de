#include "trade/filter.h"

#include "base/near.h"
#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH = 16, VALUES = 400 };

/* One pass: what is read is written as SQL at once. The first complaint stays. */
struct compiler {
	struct arena *a;
	const struct filter_language *lang;
	const char *text, *p; /* all of it, and how far we are */
	int64_t now_ms;
	int depth;
	struct buf sql;
	struct val *val;
	int n, cap;
	struct err *err;
	int at, len;
	bool bad;
};

/* A piece of what was typed: [from, from + n). quoted: * is a star and words are no words. */
struct piece {
	const char *from, *text;
	int n;
	bool quoted;
};

static bool complain(struct compiler *c, struct piece where, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Always false, so that a failing path is one line. */
static bool complain(struct compiler *c, struct piece where, const char *fmt, ...)
{
	char why[200];
	va_list ap;

	if (c->bad)
		return false;
	c->bad = true;
	c->at = (int)(where.from - c->text);
	c->len = where.n;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	err_set(c->err, FAULT_REFUSED, "%s", why);
	return false;
}

static void bind(struct compiler *c, struct val v)
{
	c->val = arena_grow(c->a, c->val, c->n, &c->cap, sizeof *c->val);
	c->val[c->n++] = v;
}

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
		return complain(c, *w, "the quotation mark is not closed");
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

enum op { OP_NONE, OP_IS, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

static const char *const op_sql[] = { [OP_IS] = "=", [OP_EQ] = "=", [OP_NE] = "<>", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=" };

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

static bool is_word(struct piece w, const char *word)
{
	return !w.quoted && !strcasecmp(w.text, word);
}

/* ---- values ---- */

/* 90s 15m 4h 2d 1w, a bare number is hours; a minus stands for "ago" where that means something. */
static bool read_span(const char *s, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 }, { 'w', 604800000 }, { '\0', 3600000 } };
	size_t digits = strspn(s, "-0123456789");
	char number[12];
	int64_t n;

	if (!digits || digits >= sizeof number || (s[digits] && s[digits + 1]))
		return false;
	snprintf(number, sizeof number, "%.*s", (int)digits, s);
	if (!text_int(number, -9999999, 9999999, &n))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (units[i].unit == tolower((unsigned char)s[digits])) {
			*ms = n * units[i].ms;
			return true;
		}
	return false;
}

static char *lowered(struct compiler *c, const char *s)
{
	char *out = arena_strdup(c->a, s);

	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return out;
}

/* The LIKE pattern of a value: * is any letters, everything else is itself. */
static char *pattern_of(struct compiler *c, const char *s, bool stars, bool anywhere)
{
	struct buf b = buf_new(c->a);

	if (anywhere)
		buf_putc(&b, '%');
	for (; *s; s++) {
		if (*s == '*' && stars) {
			buf_putc(&b, '%');
			continue;
		}
		if (strchr("%_\\", *s))
			buf_putc(&b, '\\');
		buf_putc(&b, *s);
	}
	if (anywhere)
		buf_putc(&b, '%');
	return b.p ? b.p : arena_strdup(c->a, "");
}

/* ---- writing ---- */

/* The condition with its comparison in place of each @. */
static void put_condition(struct compiler *c, const char *sql, const char *comparison, struct val v)
{
	for (const char *p = sql; *p; p++) {
		if (*p != '@') {
			buf_putc(&c->sql, *p);
			continue;
		}
		buf_puts(&c->sql, comparison);
		bind(c, v);
	}
}

static void put_text(struct compiler *c, const char *sql, struct piece w, bool anywhere)
{
	bool stars = !w.quoted && strchr(w.text, '*');
	const char *s = lowered(c, w.text);

	if (stars || anywhere)
		put_condition(c, sql, "LIKE ? ESCAPE '\\'", val_text(pattern_of(c, s, stars, anywhere && !stars)));
	else
		put_condition(c, sql, "= ?", val_text(s));
}

static void put_word(struct compiler *c, const struct filter_word *word)
{
	buf_putc(&c->sql, '(');
	for (const char *p = word->sql; *p; p++) {
		buf_putc(&c->sql, *p);
		if (strncmp(p, "?now", 4))
			continue;
		bind(c, val_int(c->now_ms));
		p += 3;
	}
	buf_putc(&c->sql, ')');
}

static const struct filter_word *find_word(const struct filter_language *lang, struct piece w)
{
	for (const struct filter_word *f = lang->word; f && f->name; f++)
		if (is_word(w, f->name))
			return f;
	return NULL;
}

static bool put_int(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	int64_t v;

	if (!text_int(w.text, -INT64_C(1000000000000), INT64_C(1000000000000), &v))
		return complain(c, w, "%s is compared with a whole number, such as %s>5", col->name, col->name);
	put_condition(c, col->sql, arena_printf(c->a, "%s ?", op_sql[op]), val_int(v));
	return true;
}

static bool put_money(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	int64_t v;

	if (!text_minor(w.text, 3, &v))
		return complain(c, w, "%s is compared with an amount, such as %s>40.00", col->name, col->name);
	put_condition(c, col->sql, arena_printf(c->a, "%s ?", op_sql[op]), val_int(v));
	return true;
}

/* age < 4h is "made after now - 4h": the column stays alone on its side, so that an index can serve it. */
static bool put_time(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	static const enum op turned[] = { [OP_LT] = OP_GT, [OP_LE] = OP_GE, [OP_GT] = OP_LT, [OP_GE] = OP_LE };
	bool age = col->type == FILTER_AGE;
	int64_t ms;

	if (op < OP_LT || !read_span(w.text, &ms) || (age && ms < 0))
		return complain(c, w, "%s is compared with a time in s, m, h, d or w, such as %s<4h", col->name, col->name);
	put_condition(c, col->sql, arena_printf(c->a, "%s ?", op_sql[age ? turned[op] : op]),
	              val_int(age ? c->now_ms - ms : c->now_ms + ms));
	return true;
}

static bool put_words(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	const struct filter_word *word = col->type == FILTER_STATE && !w.quoted ? find_word(c->lang, w) : NULL;

	if (op > OP_NE)
		return complain(c, w, "%s is text: write %s:word, not a comparison", col->name, col->name);
	if (op == OP_NE)
		buf_puts(&c->sql, "NOT ");
	if (word)
		put_word(c, word);
	else
		put_text(c, col->sql, w, col->type == FILTER_TEXT && op == OP_IS);
	return true;
}

static bool put_value(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	if (!w.n)
		return complain(c, (struct piece){ .from = w.from - 1, .n = 1 }, "say what %s should be; %s:\"\" is an empty one", col->name,
		                col->name);
	if (c->n > VALUES)
		return complain(c, w, "this filter is too long");
	switch (col->type) {
	case FILTER_INT:
		return put_int(c, col, op, w);
	case FILTER_MONEY:
		return put_money(c, col, op, w);
	case FILTER_AGE:
	case FILTER_UNTIL:
		return put_time(c, col, op, w);
	case FILTER_TEXT:
	case FILTER_WORD:
	case FILTER_STATE:
		break;
	}
	return put_words(c, col, op, w);
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
	if (near.best)
		return complain(c, name, "there is no column %.40s; did you mean %s?", name.text, near.best);
	return complain(c, name, "there is no column %.40s; there are: %s", name.text, known.p);
}

static bool parse_column(struct compiler *c, struct piece name, enum op op)
{
	const struct filter_column *col = c->lang->column;
	struct piece w;

	while (col->name && !is_word(name, col->name))
		col++;
	if (!col->name)
		return unknown_column(c, name);
	buf_putc(&c->sql, '(');
	for (bool first = true;; first = false) {
		skip_space(c);
		if (!first)
			buf_puts(&c->sql, op == OP_NE ? " AND " : " OR ");
		if (!read_value(c, &w) || !put_value(c, col, op, w))
			return false;
		if (*c->p != ',')
			break;
		if (op >= OP_LT)
			return complain(c, (struct piece){ .from = c->p, .n = 1 }, "%s is compared with one value, not a list", col->name);
		c->p++;
	}
	buf_putc(&c->sql, ')');
	return true;
}

static void put_bare(struct compiler *c, struct piece w)
{
	const struct filter_word *word = w.quoted ? NULL : find_word(c->lang, w);

	if (word)
		put_word(c, word);
	else
		put_text(c, c->lang->search, w, true);
}

/* late,due: one of them, as in a column's list. */
static bool parse_bare(struct compiler *c, struct piece w)
{
	buf_putc(&c->sql, '(');
	for (;;) {
		if (!w.n)
			return complain(c, (struct piece){ .from = c->p, .n = 1 }, "a word is missing here");
		if (c->n > VALUES)
			return complain(c, w, "this filter is too long");
		put_bare(c, w);
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
		return complain(c, (struct piece){ .from = after, .n = (int)(c->p - after) }, "a column stands before this sign");
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
		return complain(c, open, "this filter has too many parentheses inside one another");
	if (!parse_any(c))
		return false;
	if (*c->p != ')')
		return complain(c, open, "the parenthesis is not closed");
	c->p++;
	c->depth--;
	return true;
}

static bool nothing_here(struct compiler *c)
{
	const char *from = c->p;

	if (*from) /* a parenthesis that closes too early */
		return complain(c, (struct piece){ .from = from, .n = 1 }, "something is missing before this parenthesis");
	while (from > c->text && isspace((unsigned char)from[-1]))
		from--;
	while (from > c->text && !isspace((unsigned char)from[-1]))
		from--;
	return complain(c, (struct piece){ .from = from, .n = (int)strcspn(from, " \t") }, "something is missing after this");
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
			return complain(c, (struct piece){ .from = c->p, .n = 2 }, "something is missing before this or");
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
		return complain(c, (struct piece){ .from = c->text + FILTER_MAX, .n = (int)(n - FILTER_MAX) }, "this filter is too long");
	if (!text_utf8(c->text, n))
		return complain(c, (struct piece){ .from = c->text, .n = (int)n }, "this filter is not written in UTF-8");
	skip_space(c);
	if (!*c->p) {
		buf_puts(&c->sql, "1 = 1");
		return true;
	}
	if (!parse_any(c))
		return false;
	if (*c->p)
		return complain(c, (struct piece){ .from = c->p, .n = 1 }, "this parenthesis closes nothing");
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
