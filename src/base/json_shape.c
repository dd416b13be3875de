#include "base/json_shape.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum { ELEMENTS = 300, MEMBERS = 300, NODES = 20000, DIFFERENCES = 40, KEY = 60 };

enum type { TEXT = 1, NUMBER = 2, BOOL = 4, NOTHING = 8, OBJECT = 16, LIST = 32 };

/* A place in the documents. The elements of a list are one place, whose key is NULL. */
struct node {
	const char *key;
	unsigned types;     /* all that were seen there */
	int seen;           /* how many objects had it */
	int objects;        /* how often it was an object */
	bool cut;           /* not all of its members were looked at: what is missing or new in another one, nobody knows */
	struct node *child; /* in the order in which they were met */
	struct node *last, *next;
};

struct json_shape {
	struct arena *arena;
	struct node top;
	int nodes;
};

static enum type type_of(const struct json *v)
{
	return json_is_object(v) ? OBJECT : json_is_array(v) ? LIST : json_is_text(v) ? TEXT : json_is_number(v) ? NUMBER : json_is_bool(v) ? BOOL : NOTHING;
}

static const char *types_said(struct arena *a, unsigned types)
{
	static const struct {
		enum type type;
		const char *word;
	} words[] = { { TEXT, "text" }, { NUMBER, "number" }, { BOOL, "yes or no" }, { OBJECT, "object" }, { LIST, "list" }, { NOTHING, "null" } };
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (types & words[i].type)
			buf_printf(&b, "%s%s", b.len ? " or " : "", words[i].word);
	return b.p;
}

/* ---- learning ---- */

struct json_shape *json_shape_new(struct arena *a)
{
	struct json_shape *s = arena_alloc(a, sizeof *s);

	*s = (struct json_shape){ .arena = a };
	return s;
}

static struct node *child_of(const struct node *n, const char *key)
{
	for (struct node *c = n->child; c; c = c->next)
		if (key ? c->key && !strcmp(c->key, key) : !c->key)
			return c;
	return NULL;
}

/* NULL: there are too many already. */
static struct node *child_made(struct json_shape *s, struct node *n, const char *key)
{
	struct node *c = child_of(n, key);

	if (c || s->nodes >= NODES)
		return c;
	c = arena_alloc(s->arena, sizeof *c);
	*c = (struct node){ .key = key ? arena_strdup(s->arena, key) : NULL };
	*(n->last ? &n->last->next : &n->child) = c;
	n->last = c;
	s->nodes++;
	return c;
}

static void learn(struct json_shape *s, struct node *n, const struct json *v)
{
	enum type type = type_of(v);
	const struct json *left = json_first(v);
	int most = type == LIST ? ELEMENTS : MEMBERS;

	n->types |= type;
	n->objects += type == OBJECT;
	if (type != LIST && type != OBJECT)
		return;
	for (const struct json *e = left; e && most > 0; e = json_next(e), most--) {
		struct node *c = child_made(s, n, type == OBJECT ? json_key(e) : NULL);

		if (!c)
			break;
		c->seen++;
		learn(s, c, e);
		left = json_next(e);
	}
	n->cut |= type == OBJECT && left;
}

void json_shape_learn(struct json_shape *s, const struct json *v)
{
	learn(s, &s->top, v);
}

/* ---- comparing ---- */

struct comparing {
	struct arena *arena;
	struct json_difference *out;
	int n;
};

/* Their keys are told, and a key can hold anything: whose name, or what a terminal acts on. */
static const char *path_to(struct arena *a, const char *path, const char *key)
{
	if (!key)
		return arena_printf(a, "%s[]", path);
	if (!text_id(key, "_-.:$", KEY))
		key = arena_printf(a, "<key of %zu bytes>", strlen(key));
	return *path ? arena_printf(a, "%s.%s", path, key) : key;
}

static void tell(struct comparing *c, enum difference kind, const char *path, const char *is, const char *was)
{
	for (int i = 0; i < c->n; i++)
		if (c->out[i].kind == kind && !strcmp(c->out[i].path, path))
			return;
	if (c->n < DIFFERENCES)
		c->out[c->n++] = (struct json_difference){ kind, path, is, was };
}

static const struct json *member(const struct json *v, const char *key)
{
	const struct json *e = json_first(v);

	while (e && strcmp(json_key(e), key))
		e = json_next(e);
	return e;
}

/* Every object that was learnt here had them. */
static void tell_missing(struct comparing *c, const struct node *n, const struct json *v, const char *path)
{
	for (const struct node *k = n->child; k; k = k->next)
		if (k->key && k->seen == n->objects && !member(v, k->key))
			tell(c, KEY_MISSING, path_to(c->arena, path, k->key), "", types_said(c->arena, k->types));
}

static void compare(struct comparing *c, const struct node *n, const struct json *v, const char *path)
{
	enum type type = type_of(v);
	int most = type == LIST ? ELEMENTS : MEMBERS;

	if (!(n->types & type)) {
		tell(c, TYPE_OTHER, path, types_said(c->arena, type), types_said(c->arena, n->types));
		return;
	}
	if (type != LIST && type != OBJECT)
		return;
	if (type == OBJECT && !n->cut)
		tell_missing(c, n, v, path);
	for (const struct json *e = json_first(v); e && most > 0 && c->n < DIFFERENCES; e = json_next(e), most--) {
		const char *key = type == OBJECT ? json_key(e) : NULL, *at = path_to(c->arena, path, key);
		const struct node *k = child_of(n, key);

		if (k)
			compare(c, k, e, at);
		else if (type == OBJECT && !n->cut) /* of lists that were always empty nothing is known */
			tell(c, KEY_NEW, at, types_said(c->arena, type_of(e)), "");
	}
}

int json_shape_compare(const struct json_shape *s, const struct json *v, struct arena *a, struct json_difference **out)
{
	struct comparing c = { .arena = a, .out = arena_alloc(a, DIFFERENCES * sizeof *c.out) };

	*out = c.out;
	if (s->top.types)
		compare(&c, &s->top, v, "");
	return c.n;
}
