#include "channels/spot.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* 2000 to 2100: nothing older was ever sold here, and deadlines are reckoned from what is taken. */
#define TIME_MIN_MS INT64_C(946684800000)
#define TIME_MAX_MS INT64_C(4102444800000)

struct spot spot_top(struct reading *r, const struct json *v)
{
	return (struct spot){ .r = r, .v = v, .path = "" };
}

static const char *join(struct spot s, const char *path)
{
	if (!*path)
		return s.path;
	return *s.path ? arena_printf(s.r->arena, "%s.%s", s.path, path) : path;
}

struct spot spot_get(struct spot s, const char *path)
{
	return (struct spot){ .r = s.r, .v = json_get(s.v, path), .path = join(s, path) };
}

static struct spot element(struct spot near, const char *list, int index, const struct json *v)
{
	return (struct spot){
		.r = near.r,
		.v = v,
		.path = v ? arena_printf(near.r->arena, "%s[%d]", list, index) : "",
		.list = list,
		.index = index,
	};
}

struct spot spot_first(struct spot list)
{
	return element(list, list.path, 0, json_is_array(list.v) ? json_first(list.v) : NULL);
}

struct spot spot_next(struct spot e)
{
	return element(e, e.list, e.index + 1, json_next(e.v));
}

void spot_wrong(struct spot s, const char *path, const char *why)
{
	if (s.r->path)
		return;
	s.r->path = join(s, path);
	s.r->why = why;
}

/* What json.h says is "path: reason"; the path is ours already. */
static void wrong_as(struct spot s, const char *path, const struct err *err)
{
	const char *reason = strstr(err->text, ": ");

	spot_wrong(s, path, arena_strdup(s.r->arena, reason ? reason + 2 : err->text));
}

const char *need_text(struct spot s, const char *path)
{
	struct err err;
	const char *out;

	if (!json_need_text(s.v, path, &out, &err))
		return out;
	wrong_as(s, path, &err);
	return "";
}

const char *need_id(struct spot s, const char *path, const char *also, size_t max)
{
	const char *id = json_scalar(json_get(s.v, path)); /* Walmart's own examples write some ids as numbers */

	if (!id || !*id)
		return need_text(s, path);
	if (text_id(id, also, max))
		return id;
	spot_wrong(s, path, "not an identifier");
	return "";
}

const char *need_plain(struct spot s, const char *path, size_t max)
{
	const char *text = need_text(s, path);
	size_t n = strlen(text);
	char clean[1024];

	if (n >= max || n >= sizeof clean / 2)
		spot_wrong(s, path, "too long");
	else if (text_clean(clean, sizeof clean, text) != n || strcmp(clean, text))
		spot_wrong(s, path, "holds characters that no name has");
	else
		return text;
	return "";
}

int64_t need_int(struct spot s, const char *path, int64_t min, int64_t max)
{
	struct err err;
	int64_t out;

	if (!json_need_int(s.v, path, min, max, &out, &err))
		return out;
	wrong_as(s, path, &err);
	return 0;
}

int64_t need_units(struct spot s, const char *path, int64_t min, int64_t max)
{
	const struct json *v = json_get(s.v, path);
	int64_t out;

	if (!v)
		spot_wrong(s, path, "missing");
	else if (json_is_bool(v) || !text_minor(json_scalar(v), 0, &out))
		spot_wrong(s, path, "not a whole number");
	else if (out < min || out > max)
		spot_wrong(s, path, arena_printf(s.r->arena, "not within %" PRId64 "..%" PRId64, min, max));
	else
		return out;
	return 0;
}

int64_t need_time(struct spot s, const char *path)
{
	struct err err;
	int64_t ms;

	if (json_need_time(s.v, path, &ms, &err))
		wrong_as(s, path, &err);
	else if (ms < TIME_MIN_MS || ms > TIME_MAX_MS)
		spot_wrong(s, path, "a time that no order is from");
	else
		return ms;
	return 0;
}

int64_t need_minor(struct spot s, const char *path, const char *currency)
{
	struct err err;
	int64_t minor;

	if (!json_need_minor(s.v, path, currency, &minor, &err))
		return minor;
	wrong_as(s, path, &err);
	return 0;
}

int64_t need_money(struct spot amount, const char *key, const char **currency)
{
	const char *code = need_id(amount, key, "", 3);

	if (!*currency)
		*currency = code;
	else if (strcmp(*currency, code))
		spot_wrong(amount, key, "a second currency in one order");
	return need_minor(amount, "amount", code);
}

const char *may_text(struct spot s, const char *path)
{
	const char *text = json_text_or(s.v, path, NULL);

	return text && *text ? text : NULL;
}

int64_t may_int(struct spot s, const char *path, int64_t min, int64_t max, int64_t otherwise)
{
	return json_get(s.v, path) ? need_int(s, path, min, max) : otherwise;
}

int64_t may_time(struct spot s, const char *path)
{
	return json_get(s.v, path) ? need_time(s, path) : 0;
}
