/* graphql.c: text to a document. */
#include "sandbox/graphql.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 32 };

struct parser {
	struct arena *arena;
	const char *s, *start;
	const char *wrong; /* NULL: so far it is GraphQL */
	int depth;
};

static void position(const struct parser *p, int *line, int *column)
{
	*line = 1;
	*column = 1;
	for (const char *s = p->start; s < p->s; s++) {
		*column = *s == '\n' ? 1 : *column + 1;
		*line += *s == '\n';
	}
}

static void fail(struct parser *p, const char *want)
{
	int line, column;

	if (p->wrong)
		return;
	position(p, &line, &column);
	p->wrong = arena_printf(p->arena, "syntax error, want %s at [%d, %d]", want, line, column);
	p->s += strlen(p->s); /* nothing more is read */
}

/* Blanks, commas and comments mean nothing. */
static void skip(struct parser *p)
{
	for (;;) {
		p->s += strspn(p->s, " \t\r\n,");
		if (strncmp(p->s, "\xef\xbb\xbf", 3) == 0)
			p->s += 3;
		else if (*p->s == '#')
			p->s += strcspn(p->s, "\n");
		else
			return;
	}
}

static bool next_is(struct parser *p, const char *text)
{
	skip(p);
	return strncmp(p->s, text, strlen(text)) == 0;
}

static bool take(struct parser *p, const char *text)
{
	if (!next_is(p, text))
		return false;
	p->s += strlen(text);
	return true;
}

static void need(struct parser *p, const char *text)
{
	if (!take(p, text))
		fail(p, arena_printf(p->arena, "\"%s\"", text));
}

static size_t name_len(const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*s) && *s != '_')
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

static bool word_is(struct parser *p, const char *word)
{
	skip(p);
	return name_len(p->s) == strlen(word) && strncmp(p->s, word, strlen(word)) == 0;
}

static const char *name(struct parser *p)
{
	const char *out;
	size_t n;

	skip(p);
	n = name_len(p->s);
	if (!n)
		fail(p, "a name");
	out = arena_strndup(p->arena, p->s, n);
	p->s += n;
	return out;
}

/* ---- values ---- */

static void utf8_put(struct buf *b, unsigned c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
	} else if (c < 0x800) {
		buf_putc(b, (char)(0xc0 | c >> 6));
		buf_putc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(b, (char)(0xe0 | c >> 12));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(b, (char)(0x80 | (c & 0x3f)));
	}
}

static void escape(struct parser *p, struct buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = *p->s ? strchr(from, *p->s) : NULL;
	unsigned c = 0;

	if (at) {
		buf_putc(b, to[at - from]);
		p->s++;
	} else if (*p->s == 'u' && strspn(p->s + 1, "0123456789abcdefABCDEF") >= 4 && sscanf(p->s + 1, "%4x", &c) == 1 && c) {
		utf8_put(b, c);
		p->s += 5;
	} else {
		fail(p, "an escape of a string");
	}
}

static const char *block_text(struct parser *p)
{
	const char *end = strstr(p->s, "\"\"\""), *out;

	if (!end) {
		fail(p, "the end of a block string");
		return "";
	}
	out = arena_strndup(p->arena, p->s, (size_t)(end - p->s));
	p->s = end + 3;
	return out;
}

static const char *text(struct parser *p)
{
	struct buf b = buf_new(p->arena);

	if (take(p, "\"\"\""))
		return block_text(p);
	need(p, "\"");
	while (!p->wrong && *p->s != '"') {
		if (!*p->s || *p->s == '\n') {
			fail(p, "the end of a string");
		} else if (*p->s == '\\') {
			p->s++;
			escape(p, &b);
		} else {
			buf_putc(&b, *p->s++);
		}
	}
	p->s += *p->s == '"';
	return b.p;
}

static struct gql_value number(struct parser *p)
{
	const char *s = p->s;
	struct gql_value v = { .kind = GQL_INT };

	s += *s == '-';
	s += strspn(s, "0123456789");
	if (*s == '.' || *s == 'e' || *s == 'E') {
		v.kind = GQL_FLOAT;
		s += strspn(s, "0123456789.eE+-");
	}
	v.text = arena_strndup(p->arena, p->s, (size_t)(s - p->s));
	if (name_len(s) || !isdigit((unsigned char)s[-1]))
		fail(p, "a number");
	else
		p->s = s;
	return v;
}

static struct gql_value value(struct parser *p);

static struct gql_arg *arg_new(struct parser *p, struct gql_arg ***end)
{
	struct gql_arg *arg = arena_alloc(p->arena, sizeof *arg);

	**end = arg;
	*end = &arg->next;
	return arg;
}

/* "name: value" up to the closing mark. */
static struct gql_arg *members(struct parser *p, const char *close)
{
	struct gql_arg *first = NULL, **end = &first;

	while (!p->wrong && !take(p, close)) {
		struct gql_arg *arg = arg_new(p, &end);

		arg->name = name(p);
		need(p, ":");
		arg->value = value(p);
	}
	return first;
}

static struct gql_arg *elements(struct parser *p)
{
	struct gql_arg *first = NULL, **end = &first;

	while (!p->wrong && !take(p, "]"))
		arg_new(p, &end)->value = value(p);
	return first;
}

static struct gql_value word(struct parser *p)
{
	const char *s = name(p);
	bool truth = strcmp(s, "true") == 0 || strcmp(s, "false") == 0;

	return (struct gql_value){ .kind = truth ? GQL_BOOL : strcmp(s, "null") == 0 ? GQL_NULL : GQL_ENUM, .text = s };
}

static struct gql_value value(struct parser *p)
{
	struct gql_value v = { .kind = GQL_NULL };

	if (++p->depth > DEEPEST)
		fail(p, "less depth");
	skip(p);
	if (*p->s == '"')
		v = (struct gql_value){ .kind = GQL_TEXT, .text = text(p) };
	else if (*p->s == '-' || isdigit((unsigned char)*p->s))
		v = number(p);
	else if (take(p, "$"))
		v = (struct gql_value){ .kind = GQL_VARIABLE, .text = name(p) };
	else if (take(p, "["))
		v = (struct gql_value){ .kind = GQL_LIST, .first = elements(p) };
	else if (take(p, "{"))
		v = (struct gql_value){ .kind = GQL_OBJECT, .first = members(p, "}") };
	else
		v = word(p);
	p->depth--;
	return v;
}

/* ---- selections ---- */

static struct gql_arg *arguments(struct parser *p)
{
	return take(p, "(") ? members(p, ")") : NULL;
}

static struct gql_directive *directives(struct parser *p)
{
	struct gql_directive *first = NULL, **end = &first;

	while (!p->wrong && take(p, "@")) {
		struct gql_directive *d = arena_alloc(p->arena, sizeof *d);

		d->name = name(p);
		d->args = arguments(p);
		*end = d;
		end = &d->next;
	}
	return first;
}

static struct gql_selection *selections(struct parser *p);

static void field(struct parser *p, struct gql_selection *s)
{
	s->key = s->name = name(p);
	if (take(p, ":"))
		s->name = name(p);
	s->args = arguments(p);
	s->directives = directives(p);
	if (next_is(p, "{"))
		s->first = selections(p);
}

static void spread(struct parser *p, struct gql_selection *s)
{
	s->kind = GQL_INLINE;
	if (word_is(p, "on")) {
		name(p);
		s->name = name(p);
	} else if (!next_is(p, "{") && !next_is(p, "@")) {
		s->kind = GQL_SPREAD;
		s->name = name(p);
	}
	s->directives = directives(p);
	if (s->kind == GQL_INLINE)
		s->first = selections(p);
}

static struct gql_selection *selections(struct parser *p)
{
	struct gql_selection *first = NULL, **end = &first;

	need(p, "{");
	if (++p->depth > DEEPEST)
		fail(p, "less depth");
	while (!p->wrong && !take(p, "}")) {
		struct gql_selection *s = arena_alloc(p->arena, sizeof *s);

		position(p, &s->line, &s->column);
		if (take(p, "..."))
			spread(p, s);
		else
			field(p, s);
		*end = s;
		end = &s->next;
	}
	if (!first)
		fail(p, "a selection");
	p->depth--;
	return first;
}

/* ---- definitions ---- */

static void type_read(struct parser *p, struct buf *b)
{
	if (take(p, "[")) {
		buf_putc(b, '[');
		if (++p->depth > DEEPEST)
			fail(p, "less depth");
		else
			type_read(p, b);
		p->depth--;
		need(p, "]");
		buf_putc(b, ']');
	} else {
		buf_puts(b, name(p));
	}
	if (take(p, "!"))
		buf_putc(b, '!');
}

static struct gql_variable *variables(struct parser *p)
{
	struct gql_variable *first = NULL, **end = &first;

	while (!p->wrong && !take(p, ")")) {
		struct gql_variable *v = arena_alloc(p->arena, sizeof *v);
		struct buf b = buf_new(p->arena);

		need(p, "$");
		v->name = name(p);
		need(p, ":");
		type_read(p, &b);
		v->type = b.p;
		v->has_otherwise = take(p, "=");
		if (v->has_otherwise)
			v->otherwise = value(p);
		directives(p);
		*end = v;
		end = &v->next;
	}
	return first;
}

static struct gql_operation *operation(struct parser *p)
{
	struct gql_operation *o = arena_alloc(p->arena, sizeof *o);

	o->kind = "query";
	if (!next_is(p, "{")) {
		o->kind = name(p);
		if (strcmp(o->kind, "query") != 0 && strcmp(o->kind, "mutation") != 0)
			fail(p, "query or mutation");
		if (!next_is(p, "{") && !next_is(p, "(") && !next_is(p, "@"))
			o->name = name(p);
		if (take(p, "("))
			o->variables = variables(p);
		directives(p);
	}
	o->first = selections(p);
	return o;
}

static struct gql_fragment *fragment(struct parser *p)
{
	struct gql_fragment *f = arena_alloc(p->arena, sizeof *f);

	name(p); /* "fragment" */
	f->name = name(p);
	if (!word_is(p, "on"))
		fail(p, "\"on\"");
	name(p);
	f->on = name(p);
	directives(p);
	f->first = selections(p);
	return f;
}

struct gql_document *gql_parse(struct arena *a, const char *source, const char **wrong)
{
	struct parser p = { .arena = a, .s = source, .start = source };
	struct gql_document *d = arena_alloc(a, sizeof *d);
	struct gql_operation **operations = &d->operations;
	struct gql_fragment **fragments = &d->fragments;

	for (skip(&p); !p.wrong && *p.s; skip(&p)) {
		if (word_is(&p, "fragment")) {
			*fragments = fragment(&p);
			fragments = &(*fragments)->next;
		} else {
			*operations = operation(&p);
			operations = &(*operations)->next;
		}
	}
	if (!p.wrong && !d->operations)
		fail(&p, "an operation");
	*wrong = p.wrong;
	return p.wrong ? NULL : d;
}

struct gql_fragment *gql_fragment(const struct gql_document *d, const char *wanted)
{
	struct gql_fragment *f = d->fragments;

	while (f && strcmp(f->name, wanted) != 0)
		f = f->next;
	return f;
}
