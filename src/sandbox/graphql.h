#ifndef TALLYMAN_SANDBOX_GRAPHQL_H
#define TALLYMAN_SANDBOX_GRAPHQL_H
/*
 * graphql.h: a small GraphQL server: a document is parsed, checked against a table of types, and answered field by field.
 *
 * From the specification of October 2021 (spec.graphql.org), as far as a client of an Admin API goes: operations, fragments, variables,
 * aliases, directives, input objects. Who asks for a field that a type has not gets an error; who does not ask does not get it.
 */
#include "base/json.h"

/* ---- a document ---- */

enum gql_kind { GQL_NULL, GQL_INT, GQL_FLOAT, GQL_TEXT, GQL_BOOL, GQL_ENUM, GQL_LIST, GQL_OBJECT, GQL_VARIABLE };

struct gql_arg;

struct gql_value {
	enum gql_kind kind;
	bool sent;           /* it came in a variable, as JSON, which has no enumerations */
	const char *text;    /* of a scalar; the name of a variable */
	struct gql_arg *first; /* of a list (without names) or an object */
};

struct gql_arg {
	const char *name;
	struct gql_value value;
	struct gql_arg *next;
};

struct gql_directive {
	const char *name;
	struct gql_arg *args;
	struct gql_directive *next;
};

enum gql_selects { GQL_FIELD, GQL_SPREAD, GQL_INLINE };

struct gql_selection {
	enum gql_selects kind;
	const char *key, *name; /* key: of the answer. name: of the field or fragment; INLINE: the type, NULL for any */
	struct gql_arg *args;
	struct gql_directive *directives;
	struct gql_selection *first, *next; /* first: what is selected of it */
	int line, column;
};

struct gql_variable {
	const char *name, *type; /* type: "[ID!]!", without blanks */
	bool has_otherwise, used;
	struct gql_value otherwise;
	struct gql_variable *next;
};

struct gql_operation {
	const char *kind, *name; /* "query" or "mutation"; name NULL: it has none */
	struct gql_variable *variables;
	struct gql_selection *first;
	struct gql_operation *next;
};

struct gql_fragment {
	const char *name, *on;
	struct gql_selection *first;
	bool used, open; /* open: it is being looked into, so it may not spread itself */
	struct gql_fragment *next;
};

struct gql_document {
	struct gql_operation *operations;
	struct gql_fragment *fragments;
};

/* NULL when it is no GraphQL; *wrong then says why. */
struct gql_document *gql_parse(struct arena *a, const char *text, const char **wrong);
struct gql_fragment *gql_fragment(const struct gql_document *d, const char *name);

/* ---- types ---- */

struct gql_run;

/* One object of the answer: what it is, and which. */
struct gql_node {
	const struct gql_type *type; /* NULL: null */
	int64_t id, sub;
	const void *more;
};

struct gql_answer {
	enum { ANSWER_NULL, ANSWER_TEXT, ANSWER_INT, ANSWER_BOOL, ANSWER_NODE, ANSWER_NODES, ANSWER_TEXTS } kind;
	const char *text;
	int64_t number; /* and of a list, how many */
	struct gql_node node;
	const struct gql_node *nodes;
	const char *const *texts;
};

struct gql_def {
	const char *name, *type, *args; /* "OrderConnection!", "first: Int, after: String"; NULL: no arguments */
	struct gql_answer (*get)(struct gql_run *r, struct gql_node on, const struct json *args);
};

enum gql_sort { GQL_TYPE, GQL_INTERFACE, GQL_INPUT, GQL_WORDS };

struct gql_type {
	const char *name;
	enum gql_sort sort;
	const struct gql_def *field;  /* up to one without a name; of an input its members, whose args are "" */
	const char *const *words;     /* of an enumeration, up to NULL */
};

struct gql_schema {
	const struct gql_type *const *type; /* up to NULL; the first is the query's root, the second the mutation's */
};

const struct gql_type *gql_type(const struct gql_schema *s, const char *type); /* of "[Order!]!" Order; NULL: a scalar */
const struct gql_def *gql_def(const struct gql_type *t, const char *name);
/* The type of an argument in "first: Int, after: String"; NULL: there is none. */
const char *gql_arg_type(struct arena *a, const char *args, const char *name);
bool gql_is_connection(const char *type);

/* ---- a run ---- */

enum { GQL_ERRORS_MAX = 20 };

struct gql_error {
	const char *message, *code;
	const struct gql_selection *at; /* NULL: nowhere in particular */
	const char *path;               /* keys with dots; NULL: none */
};

struct gql_run {
	struct arena *arena;
	const struct gql_schema *schema;
	const struct gql_document *document;
	const struct gql_operation *operation;
	const struct json *variables;
	const struct gql_selection *at; /* the field that is being answered */
	void *ctx;
	struct gql_error error[GQL_ERRORS_MAX];
	int errors;
	bool bubbled;    /* a field that must not be null was: then there is no data at all */
	int64_t objects; /* answered so far: what the call really cost */
};

void gql_error(struct gql_run *r, const char *code, const char *message);

/* Find the operation (name NULL: the only one) and hold everything in it against the types. false: r->error says what is wrong. */
bool gql_check(struct gql_run *r, const char *name);

/* What it would cost at most, as Shopify counts: an object 1, a connection 2 and its page's worth, a mutation 10. */
int64_t gql_cost(struct gql_run *r);

/* "data" into o. */
void gql_execute(struct gql_run *r, struct json_out *o);

void gql_put_errors(struct gql_run *r, struct json_out *o);

/* An argument of a directive on the field that is being answered; NULL: it has none. */
const char *gql_directive(struct gql_run *r, const char *directive, const char *arg);

/* Arguments with their variables filled in, as JSON. */
const struct json *gql_args(struct gql_run *r, const struct gql_selection *field);

/* A value of a variable, from its JSON. */
struct gql_value gql_value_of(struct arena *a, const struct json *v);

/* Is the field, fragment or spread left out by @skip or @include? */
bool gql_skipped(struct gql_run *r, const struct gql_selection *s);

/* ---- short answers ---- */

struct gql_answer gql_null(void);
struct gql_answer gql_text(const char *s); /* NULL: null */
struct gql_answer gql_int(int64_t n);
struct gql_answer gql_bool(bool b);
struct gql_answer gql_object(const struct gql_type *type, int64_t id, int64_t sub, const void *more);
struct gql_answer gql_objects(const struct gql_node *nodes, int n);
struct gql_answer gql_texts(const char *const *texts, int n);

#endif
