#include "trade/filter_put.h"

#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { VALUES = 400 };

static const char *const op_sql[] = { [OP_IS] = "=", [OP_EQ] = "=", [OP_NE] = "<>", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=" };

bool filter_complain(struct compiler *c, struct piece where, const char *fmt, ...)
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

bool filter_is(struct piece w, const char *word)
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
		if (filter_is(w, f->name))
			return f;
	return NULL;
}

static bool put_int(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	int64_t v;

	if (!text_int(w.text, -INT64_C(1000000000000), INT64_C(1000000000000), &v))
		return filter_complain(c, w, "%s is compared with a whole number, such as %s>5", col->name, col->name);
	put_condition(c, col->sql, arena_printf(c->a, "%s ?", op_sql[op]), val_int(v));
	return true;
}

static bool put_money(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	int64_t v;

	if (!text_minor(w.text, 3, &v))
		return filter_complain(c, w, "%s is compared with an amount, such as %s>40.00", col->name, col->name);
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
		return filter_complain(c, w, "%s is compared with a time in s, m, h, d or w, such as %s<4h", col->name, col->name);
	put_condition(c, col->sql, arena_printf(c->a, "%s ?", op_sql[age ? turned[op] : op]),
	              val_int(age ? c->now_ms - ms : c->now_ms + ms));
	return true;
}

static bool put_words(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	const struct filter_word *word = col->type == FILTER_STATE && !w.quoted ? find_word(c->lang, w) : NULL;

	if (op > OP_NE)
		return filter_complain(c, w, "%s is text: write %s:word, not a comparison", col->name, col->name);
	if (op == OP_NE)
		buf_puts(&c->sql, "NOT ");
	if (word)
		put_word(c, word);
	else
		put_text(c, col->sql, w, col->type == FILTER_TEXT && op == OP_IS);
	return true;
}

bool filter_put_value(struct compiler *c, const struct filter_column *col, enum op op, struct piece w)
{
	if (!w.n)
		return filter_complain(c, (struct piece){ .from = w.from - 1, .n = 1 }, "say what %s should be; %s:\"\" is an empty one", col->name,
		                col->name);
	if (c->n > VALUES)
		return filter_complain(c, w, "this filter is too long");
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

bool filter_put_bare(struct compiler *c, struct piece w)
{
	const struct filter_word *word = w.quoted ? NULL : find_word(c->lang, w);

	if (c->n > VALUES)
		return filter_complain(c, w, "this filter is too long");
	if (word)
		put_word(c, word);
	else
		put_text(c, c->lang->search, w, true);
	return true;
}

