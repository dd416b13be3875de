/*
 * graphql_check.c: is everything that a document asks for there, and of the right type?
 *
 * Nothing is answered of a document that is wrong anywhere. Messages and codes as Shopify's server (graphql-ruby) words them.
 */
#include "sandbox/graphql.h"

#include "base/text.h"

#include <string.h>

static void error_at(struct gql_run *r, const struct gql_selection *at, const char *code, const char *message)
{
	if (r->errors < GQL_ERRORS_MAX)
		r->error[r->errors++] = (struct gql_error){ message, code, at, NULL };
}

void gql_error(struct gql_run *r, const char *code, const char *message)
{
	error_at(r, r->at, code, message);
	if (r->at && r->errors)
		r->error[r->errors - 1].path = r->at->key;
}

/* ---- types ---- */

static size_t base_name(const char **type)
{
	*type += strspn(*type, "[");
	return strcspn(*type, "]!");
}

const struct gql_type *gql_type(const struct gql_schema *s, const char *type)
{
	size_t n = base_name(&type);

	for (const struct gql_type *const *t = s->type; *t; t++)
		if (strlen((*t)->name) == n && strncmp((*t)->name, type, n) == 0)
			return *t;
	return NULL;
}

const struct gql_def *gql_def(const struct gql_type *t, const char *name)
{
	const struct gql_def *d = t->field;

	while (d && d->name && strcmp(d->name, name) != 0)
		d++;
	return d && d->name ? d : NULL;
}

const char *gql_arg_type(struct arena *a, const char *args, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = args; s && *s; s += strcspn(s, ","), s += strspn(s, ", "))
		if (strncmp(s, name, n) == 0 && s[n] == ':')
			return arena_strndup(a, s + n + 2, strcspn(s + n + 2, ","));
	return NULL;
}

bool gql_is_connection(const char *type)
{
	size_t n = base_name(&type);

	return n > 10 && strncmp(type + n - 10, "Connection", 10) == 0;
}

static bool required(const char *type)
{
	size_t n = strlen(type);

	return n && type[n - 1] == '!';
}

/* "[ID!]!" to "ID!". */
static const char *element_type(struct arena *a, const char *type)
{
	const char *end = strrchr(type, ']');

	return arena_strndup(a, type + 1, (size_t)(end - type - 1));
}

/* ---- values ---- */

static struct gql_variable *variable(struct gql_run *r, const char *name)
{
	struct gql_variable *v = r->operation->variables;

	while (v && strcmp(v->name, name) != 0)
		v = v->next;
	return v;
}

/* May a variable of one type stand where another is wanted? */
static bool fits(const struct gql_variable *v, const char *want)
{
	size_t have_n = strlen(v->type), want_n = strlen(want);

	if (strcmp(v->type, want) == 0)
		return true;
	if (required(v->type) && have_n == want_n + 1 && strncmp(v->type, want, want_n) == 0)
		return true;
	return v->has_otherwise && required(want) && want_n == have_n + 1 && strncmp(v->type, want, have_n) == 0;
}

static void variable_check(struct gql_run *r, const struct gql_selection *at, const char *name, const char *want)
{
	struct gql_variable *v = variable(r, name);

	if (!v)
		error_at(r, at, "variableNotDefined", arena_printf(r->arena, "Variable $%s is used by %s but not declared", name, r->operation->name ? r->operation->name : "anonymous query"));
	else if (!fits(v, want))
		error_at(r, at, "variableMismatch", arena_printf(r->arena, "Type mismatch on variable $%s (%s / %s)", name, v->type, want));
	if (v)
		v->used = true;
}

static bool scalar_ok(const char *type, const struct gql_value *v)
{
	int64_t n;

	if (strcmp(type, "Int") == 0)
		return v->kind == GQL_INT && text_int(v->text, INT32_MIN, INT32_MAX, &n);
	if (strcmp(type, "Boolean") == 0)
		return v->kind == GQL_BOOL;
	if (strcmp(type, "ID") == 0)
		return v->kind == GQL_TEXT || v->kind == GQL_INT;
	return v->kind == GQL_TEXT;
}

static bool word_ok(const struct gql_type *t, const struct gql_value *v)
{
	if (v->kind != (v->sent ? GQL_TEXT : GQL_ENUM))
		return false;
	for (const char *const *w = t->words; *w; w++)
		if (strcmp(*w, v->text) == 0)
			return true;
	return false;
}

static const char *value_wrong(struct gql_run *r, const struct gql_selection *at, const char *type, const struct gql_value *v);

static const char *input_wrong(struct gql_run *r, const struct gql_selection *at, const struct gql_type *t, const struct gql_value *v)
{
	if (v->kind != GQL_OBJECT)
		return arena_printf(r->arena, "Expected value to be a %s", t->name);
	for (const struct gql_arg *m = v->first; m; m = m->next) {
		const struct gql_def *d = gql_def(t, m->name);
		const char *wrong = d ? value_wrong(r, at, d->type, &m->value) : arena_printf(r->arena, "Field is not defined on %s", t->name);

		if (wrong)
			return arena_printf(r->arena, "%s (%s)", wrong, m->name);
	}
	for (const struct gql_def *d = t->field; d->name; d++) {
		const struct gql_arg *m = v->first;

		while (m && strcmp(m->name, d->name) != 0)
			m = m->next;
		if (!m && required(d->type))
			return arena_printf(r->arena, "Expected value to not be null (%s)", d->name);
	}
	return NULL;
}

/* NULL: the value is one of the type. Variables inside are held against theirs. */
static const char *value_wrong(struct gql_run *r, const struct gql_selection *at, const char *type, const struct gql_value *v)
{
	const struct gql_type *t = gql_type(r->schema, type);
	const char *plain = required(type) ? arena_strndup(r->arena, type, strlen(type) - 1) : type;

	if (v->kind == GQL_VARIABLE) {
		variable_check(r, at, v->text, type);
		return NULL;
	}
	if (v->kind == GQL_NULL)
		return required(type) ? "Expected value to not be null" : NULL;
	if (*plain == '[') {
		const char *wrong = NULL, *element = element_type(r->arena, plain);

		if (v->kind != GQL_LIST) /* a single value is a list of one */
			return value_wrong(r, at, element, v);
		for (const struct gql_arg *e = v->first; e && !wrong; e = e->next)
			wrong = value_wrong(r, at, element, &e->value);
		return wrong;
	}
	if (t && t->sort == GQL_INPUT)
		return input_wrong(r, at, t, v);
	if (t ? word_ok(t, v) : scalar_ok(plain, v))
		return NULL;
	return arena_printf(r->arena, "Could not coerce value %s to %s", v->text ? v->text : "{}", plain);
}

struct gql_value gql_value_of(struct arena *a, const struct json *v)
{
	struct gql_value out = { .kind = GQL_NULL, .sent = true };
	struct gql_arg **end = &out.first;

	if (!v || (!json_scalar(v) && !json_is_array(v) && !json_is_object(v)))
		return out;
	out.text = json_scalar(v);
	out.kind = json_is_text(v)    ? GQL_TEXT
	           : json_is_bool(v)  ? GQL_BOOL
	           : json_is_array(v) ? GQL_LIST
	           : json_is_number(v) ? (strpbrk(out.text, ".eE") ? GQL_FLOAT : GQL_INT)
	                               : GQL_OBJECT;
	for (const struct json *e = json_first(v); e; e = json_next(e)) {
		struct gql_arg *arg = arena_alloc(a, sizeof *arg);

		arg->name = json_key(e);
		arg->value = gql_value_of(a, e);
		*end = arg;
		end = &arg->next;
	}
	return out;
}

/* What was sent for a variable: NULL: nothing; a null is a value. */
static const struct json *sent(const struct gql_run *r, const char *name)
{
	const struct json *e = json_first(r->variables);

	while (e && strcmp(json_key(e), name) != 0)
		e = json_next(e);
	return e;
}

static void variables_check(struct gql_run *r)
{
	for (const struct gql_variable *v = r->operation->variables; v; v = v->next) {
		const struct json *given = sent(r, v->name);
		struct gql_value value = gql_value_of(r->arena, given);
		const char *wrong = NULL;

		if (given || (required(v->type) && !v->has_otherwise))
			wrong = value_wrong(r, NULL, v->type, &value);
		if (wrong)
			error_at(r, NULL, "INVALID_VARIABLE", arena_printf(r->arena, "Variable $%s of type %s was provided invalid value: %s", v->name, v->type, wrong));
		if (!v->used)
			error_at(r, NULL, "variableNotUsed", arena_printf(r->arena, "Variable $%s is declared but not used", v->name));
	}
}

/* ---- selections ---- */

static void args_check(struct gql_run *r, const struct gql_selection *s, const struct gql_def *d)
{
	for (const struct gql_arg *a = s->args; a; a = a->next) {
		const char *type = gql_arg_type(r->arena, d->args, a->name), *wrong;

		if (!type) {
			error_at(r, s, "argumentNotAccepted", arena_printf(r->arena, "Field '%s' doesn't accept argument '%s'", s->name, a->name));
			continue;
		}
		wrong = value_wrong(r, s, type, &a->value);
		if (wrong)
			error_at(r, s, "argumentLiteralsIncompatible",
			         arena_printf(r->arena, "Argument '%s' on Field '%s' has an invalid value. Expected type '%s'. %s", a->name, s->name, type, wrong));
	}
	for (const char *at = d->args; at && *at; at += strcspn(at, ","), at += strspn(at, ", ")) {
		const char *name = arena_strndup(r->arena, at, strcspn(at, ":")), *type = gql_arg_type(r->arena, d->args, name);
		const struct gql_arg *a = s->args;

		while (a && strcmp(a->name, name) != 0)
			a = a->next;
		if (!a && required(type))
			error_at(r, s, "missingRequiredArguments", arena_printf(r->arena, "Field '%s' is missing required arguments: %s", s->name, name));
	}
}

static const char *directive_args(const char *name)
{
	if (strcmp(name, "skip") == 0 || strcmp(name, "include") == 0)
		return "if: Boolean!";
	return strcmp(name, "idempotent") == 0 ? "key: String!" : NULL;
}

static void directives_check(struct gql_run *r, const struct gql_selection *s)
{
	for (const struct gql_directive *d = s->directives; d; d = d->next) {
		const char *args = directive_args(d->name), *type;

		if (!args) {
			error_at(r, s, "undefinedDirective", arena_printf(r->arena, "Directive @%s is not defined", d->name));
			continue;
		}
		type = d->args ? gql_arg_type(r->arena, args, d->args->name) : NULL;
		if (!type || value_wrong(r, s, type, &d->args->value))
			error_at(r, s, "missingRequiredArguments", arena_printf(r->arena, "Directive '%s' is missing required arguments: %.*s", d->name, (int)strcspn(args, ":"), args));
	}
}

static void selections_check(struct gql_run *r, const struct gql_type *t, const struct gql_selection *first);

static void field_check(struct gql_run *r, const struct gql_type *t, const struct gql_selection *s)
{
	const struct gql_def *d = gql_def(t, s->name);
	const struct gql_type *of = d ? gql_type(r->schema, d->type) : NULL;
	bool object = of && of->sort != GQL_WORDS;

	if (strcmp(s->name, "__typename") == 0)
		return;
	if (!d) {
		error_at(r, s, "undefinedField", arena_printf(r->arena, "Field '%s' doesn't exist on type '%s'", s->name, t->name));
		return;
	}
	args_check(r, s, d);
	if (object && !s->first)
		error_at(r, s, "selectionMismatch", arena_printf(r->arena, "Field must have selections (field '%s' returns %s but has no selections. Did you mean '%s { ... }'?)", s->name, of->name, s->name));
	else if (!object && s->first)
		error_at(r, s, "selectionMismatch", arena_printf(r->arena, "Selections can't be made on scalars (field '%s' returns %s but has selections)", s->name, d->type));
	else if (object)
		selections_check(r, of, s->first);
}

static void fragment_check(struct gql_run *r, const struct gql_selection *s)
{
	struct gql_fragment *f = gql_fragment(r->document, s->name);
	const struct gql_type *t = f ? gql_type(r->schema, f->on) : NULL;

	if (!f) {
		error_at(r, s, "useAndDefineFragment", arena_printf(r->arena, "Fragment %s was used, but not defined", s->name));
	} else if (!t) {
		error_at(r, s, "undefinedType", arena_printf(r->arena, "No such type %s, so it can't be a fragment condition", f->on));
	} else if (f->open) {
		error_at(r, s, "infiniteLoop", arena_printf(r->arena, "Fragment %s contains an infinite loop", s->name));
	} else {
		f->used = f->open = true;
		selections_check(r, t, f->first);
		f->open = false;
	}
}

/* Two fields under one key must be the same field. */
static void conflicts_check(struct gql_run *r, const struct gql_selection *first)
{
	for (const struct gql_selection *a = first; a; a = a->next)
		for (const struct gql_selection *b = a->next; b; b = b->next)
			if (a->kind == GQL_FIELD && b->kind == GQL_FIELD && strcmp(a->key, b->key) == 0 && strcmp(a->name, b->name) != 0)
				error_at(r, b, "fieldConflict", arena_printf(r->arena, "Field '%s' has a field conflict: %s or %s?", a->key, a->name, b->name));
}

static void selections_check(struct gql_run *r, const struct gql_type *t, const struct gql_selection *first)
{
	conflicts_check(r, first);
	for (const struct gql_selection *s = first; s; s = s->next) {
		const struct gql_type *on = s->kind == GQL_INLINE && s->name ? gql_type(r->schema, s->name) : t;

		directives_check(r, s);
		if (s->kind == GQL_FIELD)
			field_check(r, t, s);
		else if (s->kind == GQL_SPREAD)
			fragment_check(r, s);
		else if (on)
			selections_check(r, on, s->first);
		else
			error_at(r, s, "undefinedType", arena_printf(r->arena, "No such type %s, so it can't be a fragment condition", s->name));
	}
}

static const struct gql_operation *operation_find(struct gql_run *r, const char *name)
{
	const struct gql_operation *o = r->document->operations;

	if (!name && o->next) {
		error_at(r, NULL, NULL, "An operation name is required");
		return NULL;
	}
	while (o && name && (!o->name || strcmp(o->name, name) != 0))
		o = o->next;
	if (!o)
		error_at(r, NULL, NULL, arena_printf(r->arena, "No operation named \"%s\"", name));
	return o;
}

bool gql_check(struct gql_run *r, const char *name)
{
	r->operation = operation_find(r, name);
	if (!r->operation)
		return false;
	selections_check(r, r->schema->type[strcmp(r->operation->kind, "mutation") == 0], r->operation->first);
	variables_check(r);
	for (const struct gql_fragment *f = r->document->fragments; f; f = f->next)
		if (!f->used)
			error_at(r, NULL, "useAndDefineFragment", arena_printf(r->arena, "Fragment %s was defined, but not used", f->name));
	return !r->errors;
}
