/*
 * unlike.c: what a piece that was not understood has different in shape from those that were: its neighbours in the same reply, or what the same operation told
 * last. Paths and types alone are written down; the bytes themselves stay sealed.
 */
#include "engine/kept.h"

#include "base/json_shape.h"
#include "base/text.h"
#include "trade/unlike.h"

#include <string.h>

enum { SLICE = 2, REPLIES = 6, ENOUGH = 20, ENOUGH_WHOLE = 3, LARGEST = 1024 * 1024 };

struct comparison {
	struct engine *e;
	const struct unlike_due *due;
	const char *bytes; /* of the piece itself */
	size_t n;
	bool whole;        /* it is a reply as such, and no element of one */
	char *place;       /* where such elements stand: "list.elements.order[]" */
	struct json_shape *usual;
	int learnt;
};

/* ---- elements of a reply ---- */

static const struct json *element(struct arena *a, const struct json *list, const char *index)
{
	const struct json *v = json_first(list);
	int64_t at;

	if (!text_int(arena_strndup(a, index, strcspn(index, "]")), 0, INT32_MAX, &at))
		return NULL;
	while (v && at-- > 0)
		v = json_next(v);
	return v;
}

/* What stands at a path that may have indices: "list.order[3].line[0]"; NULL: nothing. */
static const struct json *value_at(struct arena *a, const struct json *v, const char *path)
{
	while (v && *path) {
		size_t n = strcspn(path, "[");

		if (n) {
			v = json_get(v, arena_strndup(a, path, n - (path[n - 1] == '.')));
			path += n;
			continue;
		}
		v = element(a, v, path + 1);
		path += strcspn(path, "]");
		path += strspn(path, "].");
	}
	return v;
}

/* "list.order[3].line[0].sku" cut behind its n-th index, without the numbers: "list.order[].line[]". */
static char *place_of(struct arena *a, const char *path, int indices)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	for (; *path && indices > 0; path++) {
		buf_putc(&b, *path);
		if (*path != '[')
			continue;
		path += strcspn(path, "]");
		buf_puts(&b, "]");
		if (!*path || !--indices)
			break;
	}
	return b.p;
}

/* The path up to and with its n-th index; NULL: it has not so many. */
static char *cut_behind(struct arena *a, const char *path, int indices)
{
	const char *p = path;

	while (indices-- > 0) {
		p = strchr(p, ']');
		if (!p)
			return NULL;
		p++;
	}
	return arena_strndup(a, path, (size_t)(p - path));
}

/* Which part of the path leads to the piece? That at which its own bytes stand. */
static bool find_place(struct comparison *c, const struct json *reply)
{
	struct arena *a = c->e->turn;
	const char *at;

	for (int i = 1; (at = cut_behind(a, c->due->path, i)); i++) {
		const struct json *v = value_at(a, reply, at);
		const char *text = v ? json_print(a, v) : "";

		if (strlen(text) == c->n && !memcmp(text, c->bytes, c->n)) {
			c->place = place_of(a, at, i);
			return true;
		}
	}
	return false;
}

/* Was something in it, or it itself, not understood? */
static bool was_parked(const struct news *n, const char *path)
{
	size_t len = strlen(path);

	for (int i = 0; i < n->parkeds; i++) {
		const char *p = n->parked[i].path;

		if (p && !strncmp(p, path, len) && (!p[len] || p[len] == '.' || p[len] == '['))
			return true;
	}
	return false;
}

/* Learn each element at the place that was understood. path: how far we are. */
static void learn_elements(struct comparison *c, const struct news *n, const struct json *v, const char *place, const char *path)
{
	struct arena *a = c->e->turn;
	size_t keys = strcspn(place, "[");
	int i = 0;

	if (!*place) {
		if (!was_parked(n, path)) {
			json_shape_learn(c->usual, v);
			c->learnt++;
		}
		return;
	}
	if (keys) {
		const char *key = arena_strndup(a, place, keys - (place[keys - 1] == '.'));

		v = json_get(v, key);
		if (v)
			learn_elements(c, n, v, place + keys, *path ? arena_printf(a, "%s.%s", path, key) : key);
		return;
	}
	place += 2;
	place += *place == '.';
	for (const struct json *e = json_is_array(v) ? json_first(v) : NULL; e && c->learnt < ENOUGH; e = json_next(e))
		learn_elements(c, n, e, place, arena_printf(a, "%s[%d]", path, i++));
}

/* ---- one piece ---- */

/* What was understood of a reply. own: it is that of the piece itself. */
static void learn_reply(struct comparison *c, const struct kept *k, bool own)
{
	const struct json *v;
	struct err err;
	struct news n;

	if (!k->whole || k->reply.body_len > LARGEST || json_open(c->e->turn, k->reply.body, k->reply.body_len, &v, &err))
		return;
	if (own && (c->whole || !find_place(c, v)))
		return;
	if (kept_hear(c->e, k, &n, &err))
		return;
	if (!c->whole) {
		learn_elements(c, &n, v, c->place, "");
	} else if (!n.parkeds) {
		json_shape_learn(c->usual, v);
		c->learnt++;
	}
}

/* from: the newest reply but its own that something was learnt of, 0: none. */
static enum fault learn_others(struct comparison *c, int64_t now_ms, int64_t *from, struct err *err)
{
	int64_t id[REPLIES];
	int n = 0, enough = c->whole ? ENOUGH_WHOLE : ENOUGH;
	enum fault f = unlike_good(c->e->store, c->due->attempt, !c->whole, LARGEST, id, REPLIES, &n, err);

	for (int i = 0; i < n && c->learnt < enough && !f; i++) {
		int before = c->learnt;
		struct kept k;

		f = kept_open(c->e, id[i], now_ms, &k, err);
		if (!f)
			learn_reply(c, &k, false);
		if (!*from && c->learnt > before)
			*from = id[i];
	}
	return f;
}

static const char *said_to(const struct comparison *c, int own)
{
	struct arena *a = c->e->turn;

	if (!c->learnt)
		return "";
	if (c->whole)
		return arena_printf(a, "the last %d replies of this kind that were understood", c->learnt);
	if (own == c->learnt)
		return arena_printf(a, "%d of the same reply that were understood", own);
	return own ? arena_printf(a, "%d of the same reply and %d of earlier ones that were understood", own, c->learnt - own)
	           : arena_printf(a, "%d of earlier replies that were understood", c->learnt);
}

static enum fault put(struct comparison *c, const char *to, int64_t from, struct err *err)
{
	struct json_difference *d = NULL, no_json = { .kind = TYPE_OTHER, .path = "", .is = "no JSON", .was = "JSON" };
	const struct json *v;
	struct err bad;
	int n = 1;

	if (!*to)
		n = 0;
	else if (json_open(c->e->turn, c->bytes, c->n, &v, &bad))
		d = &no_json;
	else
		n = json_shape_compare(c->usual, v, c->e->turn, &d);
	return unlike_put(c->e->store, c->due->id, d, n, to, from, err);
}

static enum fault compare(struct engine *e, const struct unlike_due *due, int64_t now_ms, struct err *err)
{
	struct comparison c = { .e = e, .due = due, .whole = !*due->path, .usual = json_shape_new(e->turn) };
	struct err gone;
	struct kept k;
	int64_t from = 0;
	int own;
	enum fault f = kept_open(e, due->attempt, now_ms, &k, err);

	if (f || body_get(e->store, due->fragment, &e->sealer, e->turn, &c.bytes, &c.n, &gone))
		return f ? f : unlike_put(e->store, due->id, NULL, 0, "", 0, err);
	learn_reply(&c, &k, true);
	own = c.learnt;
	if (c.whole || c.place)
		f = learn_others(&c, now_ms, &from, err);
	return f ? f : put(&c, said_to(&c, own), from, err);
}

enum fault unlike_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct unlike_due *due;
	int n = 0;
	enum fault f = unlike_due(e->store, SLICE, e->turn, &due, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = compare(e, &due[i], now_ms, err);
	return f;
}
