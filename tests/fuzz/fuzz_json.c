/*
 * The strict layer: whatever is accepted is JSON to cJSON too, is written back equal, and holds no key twice, no NUL and
 * no text that is not UTF-8. What is refused says why.
 */
#include "base/json.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void look_at(const struct json *v, int depth)
{
	const char *text = json_scalar(v);
	int64_t i;

	must(depth <= JSON_MAX_DEPTH);
	must(!text || text_utf8(text, strlen(text)));
	if (json_is_number(v) && text_int(text, INT64_MIN, INT64_MAX, &i))
		must(json_int_or(v, "", i) == i || json_int_or(v, "", ~i) == ~i);
	for (const struct json *e = json_first(v); e; e = json_next(e)) {
		for (const struct json *other = json_next(e); json_key(e) && other && depth < 4; other = json_next(other))
			must(strcmp(json_key(e), json_key(other)) != 0);
		look_at(e, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	const struct json *v, *again;
	struct err err = { 0 };

	if (json_open(a, (const char *)data, n, &v, &err)) {
		must(err.fault == FAULT_FORMAT && *err.text && text_utf8(err.text, strlen(err.text)));
	} else {
		char *text = json_print(a, v);
		cJSON *theirs = cJSON_ParseWithLength((const char *)data, n);

		must(text_utf8((const char *)data, n));
		must(theirs != NULL);
		cJSON_Delete(theirs);
		must(!json_open(a, text, strlen(text), &again, &err));
		must(!strcmp(text, json_print(a, again)));
		look_at(v, 0);
	}
	arena_free(a);
	return 0;
}
