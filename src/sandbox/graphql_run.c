/* graphql_run.c: a document that has been checked, answered field by field; and what that costs. */
#include "sandbox/graphql.h"

#include "base/text.h"

#include <string.h>

enum { SETS_MAX = 64 };

/* ---- values ---- */

static const struct gql_variable *declared(const struct gql_run *r, const char *name)
{
	const struct gql_variable *v = r->operation->variables;

	while (v && strcmp(v->name, name) != 0)
		v = v->next;
	return v;
}

/* A variable's value: as it was sent, else as it was declared. false: neither, so what it stands for was not given at all. */
static bool variable_value(struct gql_run *r, const char *name, struct gql_value *out)
{
	const struct gql_variable *v = declared(r, name);

	for (const struct json *e = json_first(r->variables); e; e = json_next(e))
		if (strcmp(json_key(e), name) == 0) {
			*out = gql_value_of(r->arena, e);
			return true;
		}
	if (v && v->has_otherwise)
		*out = v->otherwise;
	return v && v->has_otherwise;
}

static void put_members(struct gql_run *r, struct json_out *o, const struct gql_arg *first);

static void put_value(struct gql_run *r, struct json_out *o, const char *key, const struct gql_value *v)
{
	struct gql_value filled;

	if (v->kind == GQL_VARIABLE) {
		if (variable_value(r, v->text, &filled))
			put_value(r, o, key, &filled);
		return;
	}
	switch (v->kind) {
	case GQL_TEXT:
	case GQL_ENUM:
		json_put_text(o, key, v->text);
		break;
	case GQL_INT:
	case GQL_FLOAT:
	case GQL_BOOL:
		json_put_raw(o, key, v->text);
		break;
	case GQL_LIST:
		json_put_array(o, key);
		put_members(r, o, v->first);
		json_end_array(o);
		break;
	case GQL_OBJECT:
		json_put_object(o, key);
		put_members(r, o, v->first);
		json_end_object(o);
		break;
	default:
		json_put_null(o, key);
	}
}

static void put_members(struct gql_run *r, struct json_out *o, const struct gql_arg *first)
{
	for (const struct gql_arg *a = first; a; a = a->next)
		put_value(r, o, a->name, &a->value);
}

static const struct json *args_json(struct gql_run *r, const struct gql_arg *args)
{
	struct buf b = buf_new(r->arena);
	struct json_out o = json_out(&b);
	const struct json *out = NULL;

	json_put_object(&o, NULL);
	put_members(r, &o, args);
	json_end_object(&o);
	json_open(r->arena, b.p, b.len, &out, NULL);
	return out;
}

const struct json *gql_args(struct gql_run *r, const struct gql_selection *field)
{
	return args_json(r, field->args);
}

static const struct gql_directive *directive(const struct gql_selection *s, const char *name)
{
	const struct gql_directive *d = s->directives;

	while (d && strcmp(d->name, name) != 0)
		d = d->next;
	return d;
}

const char *gql_directive(struct gql_run *r, const char *name, const char *arg)
{
	const struct gql_directive *d = directive(r->at, name);

	return d ? json_text_or(args_json(r, d->args), arg, NULL) : NULL;
}

bool gql_skipped(struct gql_run *r, const struct gql_selection *s)
{
	const struct gql_directive *skip = directive(s, "skip"), *include = directive(s, "include");

	return (skip && json_bool_or(args_json(r, skip->args), "if", false)) || (include && !json_bool_or(args_json(r, include->args), "if", true));
}

/* ---- which fields ---- */

/* Fields of one key, from wherever they were selected. */
struct field {
	const struct gql_selection *at;
	const struct gql_selection *set[SETS_MAX]; /* what is selected of it */
	int sets;
};

struct fields {
	struct field *field;
	int n, cap;
};

static void collect_field(struct gql_run *r, struct fields *f, const struct gql_selection *s)
{
	int i = 0;

	while (i < f->n && strcmp(f->field[i].at->key, s->key) != 0)
		i++;
	if (i == f->n) {
		f->field = arena_grow(r->arena, f->field, f->n, &f->cap, sizeof *f->field);
		f->field[f->n++] = (struct field){ .at = s };
	}
	if (s->first && f->field[i].sets < SETS_MAX)
		f->field[i].set[f->field[i].sets++] = s->first;
}

static void collect(struct gql_run *r, struct fields *f, const struct gql_type *t, const struct gql_selection *first)
{
	for (const struct gql_selection *s = first; s; s = s->next) {
		const struct gql_fragment *part = s->kind == GQL_SPREAD ? gql_fragment(r->document, s->name) : NULL;
		const char *on = part ? part->on : s->name;

		if (gql_skipped(r, s))
			continue;
		if (s->kind == GQL_FIELD)
			collect_field(r, f, s);
		else if (!on || strcmp(on, t->name) == 0 || gql_type(r->schema, on)->sort == GQL_INTERFACE)
			collect(r, f, t, part ? part->first : s->first);
	}
}

/* ---- answering ---- */

static void put_node(struct gql_run *r, struct json_out *o, const char *key, struct gql_node node, const struct field *from);

static void put_answer(struct gql_run *r, struct json_out *o, const char *key, const struct gql_answer *a, const struct field *from)
{
	switch (a->kind) {
	case ANSWER_NULL:
		json_put_null(o, key);
		break;
	case ANSWER_TEXT:
		json_put_text(o, key, a->text);
		break;
	case ANSWER_INT:
		json_put_int(o, key, a->number);
		break;
	case ANSWER_BOOL:
		json_put_bool(o, key, a->number != 0);
		break;
	case ANSWER_NODE:
		put_node(r, o, key, a->node, from);
		break;
	case ANSWER_NODES:
		json_put_array(o, key);
		for (int64_t i = 0; i < a->number; i++)
			put_node(r, o, NULL, a->nodes[i], from);
		json_end_array(o);
		break;
	case ANSWER_TEXTS:
		json_put_array(o, key);
		for (int64_t i = 0; i < a->number; i++)
			json_put_text(o, NULL, a->texts[i]);
		json_end_array(o);
		break;
	}
}

static void put_fields(struct gql_run *r, struct json_out *o, struct gql_node node, const struct fields *f)
{
	for (int i = 0; i < f->n; i++) {
		const struct gql_selection *s = f->field[i].at;
		const struct gql_def *d = gql_def(node.type, s->name);
		struct gql_answer a = gql_text(node.type->name);

		r->at = s;
		if (d)
			a = d->get(r, node, gql_args(r, s));
		r->bubbled |= d && a.kind == ANSWER_NULL && d->type[strlen(d->type) - 1] == '!';
		put_answer(r, o, s->key, &a, &f->field[i]);
	}
}

/* A value without a number of its own is part of what it is found in, and costs nothing. */
static bool costs(const struct gql_type *t)
{
	return gql_def(t, "id") != NULL;
}

static void put_node(struct gql_run *r, struct json_out *o, const char *key, struct gql_node node, const struct field *from)
{
	struct fields f = { 0 };

	if (!node.type) {
		json_put_null(o, key);
		return;
	}
	for (int i = 0; i < from->sets; i++)
		collect(r, &f, node.type, from->set[i]);
	r->objects += costs(node.type);
	json_put_object(o, key);
	put_fields(r, o, node, &f);
	json_end_object(o);
}

void gql_execute(struct gql_run *r, struct json_out *o)
{
	struct field root = { .sets = 1, .set = { r->operation->first } };
	struct buf b = buf_new(r->arena);
	struct json_out data = json_out(&b);

	put_node(r, &data, NULL, (struct gql_node){ .type = r->schema->type[strcmp(r->operation->kind, "mutation") == 0] }, &root);
	if (r->bubbled)
		json_put_null(o, "data");
	else
		json_put_raw(o, "data", b.p);
}

/* ---- the cost ---- */

static int64_t cost_of(struct gql_run *r, const struct gql_type *t, const struct gql_selection *first);

/* How many a connection may return at most. */
static int64_t page_of(struct gql_run *r, const struct gql_selection *s)
{
	const struct json *args = gql_args(r, s);
	int64_t first = json_int_or(args, "first", 0), last = json_int_or(args, "last", 0);

	return first > last ? first : last;
}

static int64_t field_cost(struct gql_run *r, const struct gql_type *t, const struct gql_selection *s)
{
	const struct gql_def *d = gql_def(t, s->name);
	const struct gql_type *of = d ? gql_type(r->schema, d->type) : NULL;

	if (!of || of->sort == GQL_WORDS)
		return 0;
	if (gql_is_connection(d->type))
		return 2 + page_of(r, s) * cost_of(r, of, s->first);
	return costs(of) + cost_of(r, of, s->first);
}

static int64_t cost_of(struct gql_run *r, const struct gql_type *t, const struct gql_selection *first)
{
	int64_t sum = 0;

	for (const struct gql_selection *s = first; s; s = s->next) {
		const struct gql_fragment *f = s->kind == GQL_SPREAD ? gql_fragment(r->document, s->name) : NULL;
		const char *on = f ? f->on : s->name;

		if (gql_skipped(r, s))
			continue;
		if (s->kind == GQL_FIELD)
			sum += field_cost(r, t, s);
		else
			sum += cost_of(r, on ? gql_type(r->schema, on) : t, f ? f->first : s->first);
	}
	return sum;
}

int64_t gql_cost(struct gql_run *r)
{
	bool mutation = strcmp(r->operation->kind, "mutation") == 0;
	int64_t sum = cost_of(r, r->schema->type[mutation], r->operation->first);

	for (const struct gql_selection *s = mutation ? r->operation->first : NULL; s; s = s->next)
		sum += 10;
	return sum;
}

/* ---- errors ---- */

static void put_path(struct json_out *o, struct arena *a, const char *path)
{
	json_put_array(o, "path");
	for (; *path; path += strcspn(path, "."), path += *path == '.')
		json_put_text(o, NULL, arena_strndup(a, path, strcspn(path, ".")));
	json_end_array(o);
}

void gql_put_errors(struct gql_run *r, struct json_out *o)
{
	json_put_array(o, "errors");
	for (int i = 0; i < r->errors; i++) {
		const struct gql_error *e = &r->error[i];

		json_put_object(o, NULL);
		json_put_text(o, "message", e->message);
		if (e->at) {
			json_put_array(o, "locations");
			json_put_object(o, NULL);
			json_put_int(o, "line", e->at->line);
			json_put_int(o, "column", e->at->column);
			json_end_object(o);
			json_end_array(o);
		}
		if (e->path)
			put_path(o, r->arena, e->path);
		if (e->code) {
			json_put_object(o, "extensions");
			json_put_text(o, "code", e->code);
			json_end_object(o);
		}
		json_end_object(o);
	}
	json_end_array(o);
}

/* ---- short answers ---- */

struct gql_answer gql_null(void)
{
	return (struct gql_answer){ .kind = ANSWER_NULL };
}

struct gql_answer gql_text(const char *s)
{
	return (struct gql_answer){ .kind = s ? ANSWER_TEXT : ANSWER_NULL, .text = s };
}

struct gql_answer gql_int(int64_t n)
{
	return (struct gql_answer){ .kind = ANSWER_INT, .number = n };
}

struct gql_answer gql_bool(bool b)
{
	return (struct gql_answer){ .kind = ANSWER_BOOL, .number = b };
}

struct gql_answer gql_object(const struct gql_type *type, int64_t id, int64_t sub, const void *more)
{
	return (struct gql_answer){ .kind = ANSWER_NODE, .node = { type, id, sub, more } };
}

struct gql_answer gql_objects(const struct gql_node *nodes, int n)
{
	return (struct gql_answer){ .kind = ANSWER_NODES, .nodes = nodes, .number = n };
}

struct gql_answer gql_texts(const char *const *texts, int n)
{
	return (struct gql_answer){ .kind = ANSWER_TEXTS, .texts = texts, .number = n };
}
