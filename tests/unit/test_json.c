/* The strict JSON layer: what it takes, what it refuses, and what it keeps. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

struct refuse_case {
	const char *why, *text;
	size_t n; /* 0: strlen */
};

static const struct refuse_case refused[] = {
	{ "nothing is no document", "", 0 },
	{ "a duplicate key could hide a second quantity", "{\"qty\":1,\"qty\":2}", 0 },
	{ "a key in disguise could hide one too", "{\"qty\":1,\"\\u0071ty\":2}", 0 },
	{ "and so could an escaped slash", "{\"a/b\":1,\"a\\/b\":2}", 0 },
	{ "007 is no JSON number", "[007]", 0 },
	{ "a plus sign is none", "[+1]", 0 },
	{ "a point wants digits", "[1.]", 0 },
	{ "a number longer than a parser copies would be cut", "[1" "000000000000000000000" "000000000000000000000" "000000000000000000000" "]", 0 },
	{ "NUL would cut a string", "[\"a\\u0000b\"]", 0 },
	{ "a raw NUL as well", "[\"a\0b\"]", 7 },
	{ "a raw ESC in a string", "[\"\x1b[31m\"]", 0 },
	{ "text after the end", "{} x", 0 },
	{ "a second document", "{}{}", 0 },
	{ "invalid UTF-8", "[\"\xff\xfe\"]", 0 },
	{ "an overlong slash", "[\"\xc0\xaf\"]", 0 },
	{ "a byte order mark", "\xef\xbb\xbf{}", 0 },
	{ "a lone surrogate", "[\"\\ud800\"]", 0 },
	{ "NaN", "[NaN]", 0 },
	{ "a trailing comma", "[1,]", 0 },
	{ "an open object", "{\"a\":1", 0 },
	{ "a truncated word", "[tru]", 0 },
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct arena *a = arena_new();
		const struct json *v;
		struct err err = { 0 };
		enum fault f = json_open(a, refused[i].text, refused[i].n ? refused[i].n : strlen(refused[i].text), &v, &err);

		if (f != FAULT_FORMAT)
			fail_msg("accepted: %s", refused[i].why);
		assert_non_null(strstr(err.text, refused[i].n || *refused[i].text ? "" : "byte"));
		arena_free(a);
	}
}

static void refuses_depth_65(void **state)
{
	struct arena *a = arena_new();
	char text[131];
	const struct json *v;

	(void)state;
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	assert_int_equal(json_open(a, text, 130, &v, NULL), FAULT_FORMAT);
	assert_int_equal(json_open(a, text + 1, 128, &v, NULL), OK);
	arena_free(a);
}

static const char order[] = "{\"price\":41.90,\"big\":9007199254740993,\"huge\":1e999,\"half\":2.9,\"n\":\"12\","
                            "\"at\":\"2026-11-20T09:00:00+09:00\",\"ms\":1763600000000,\"local\":\"2026-11-20T09:00:00\","
                            "\"list\":[1,{\"x\":7},3],\"none\":null,\"yes\":true,\"empty\":\"\"}";

static void numbers_are_kept_as_written(void **state)
{
	struct arena *a = arena_new();
	const struct json *v;
	struct err err;
	int64_t n;

	(void)state;
	assert_int_equal(json_open(a, order, strlen(order), &v, &err), OK);
	assert_int_equal(json_need_minor(v, "price", "USD", &n, &err), OK);
	assert_int_equal(n, 4190);
	assert_int_equal(json_need_int(v, "big", 0, INT64_MAX, &n, &err), OK);
	assert_true(n == 9007199254740993);
	assert_string_equal(json_text_or(v, "huge", ""), "1e999");
	assert_int_equal(json_need_int(v, "huge", 0, INT64_MAX, &n, &err), FAULT_FORMAT);
	assert_string_equal(err.text, "huge: not a whole number");
	assert_int_equal(json_need_int(v, "half", 0, 10, &n, &err), FAULT_FORMAT);
	assert_int_equal(json_need_int(v, "n", 0, 11, &n, &err), FAULT_FORMAT);
	assert_string_equal(err.text, "n: not within 0..11");
	assert_int_equal(json_need_text(v, "empty", (const char **)&n, &err), FAULT_FORMAT);
	assert_int_equal(json_int_or(v, "Price", -1), -1); /* case-sensitive */
	assert_null(json_get(v, "none"));
	assert_true(json_bool_or(v, "yes", false));
	assert_int_equal(json_count(json_get(v, "list")), 3);
	arena_free(a);
}

static void T21_a_time_carries_its_zone(void **state)
{
	struct arena *a = arena_new();
	const struct json *v;
	struct err err;
	int64_t ms;

	(void)state;
	json_open(a, order, strlen(order), &v, &err);
	assert_int_equal(json_need_time(v, "at", &ms, &err), OK);
	assert_true(ms == 1795132800000); /* midnight UTC: nine in the morning in Tokyo */
	assert_int_equal(json_need_time(v, "ms", &ms, &err), OK);
	assert_int_equal(json_need_time(v, "local", &ms, &err), FAULT_FORMAT);
	arena_free(a);
}

static void prints_what_it_read(void **state)
{
	struct arena *a = arena_new();
	const struct json *v;
	static const char text[] = "{\"a\":41.90,\"b\":[1e2,\"x\\\"y\",null,true],\"c\":{}}";

	(void)state;
	json_open(a, text, strlen(text), &v, NULL);
	assert_string_equal(json_print(a, v), text);
	arena_free(a);
}

static void note_drop(void *p)
{
	char **end = p;

	*(*end)++ = 'x';
}

/* What another's code allocated, a tree of cJSON's say, goes with the arena: once, when it is emptied or freed. */
static void what_an_arena_owns_goes_with_it(void **state)
{
	struct arena *a = arena_new();
	char said[8] = "", *end = said;

	(void)state;
	arena_own(a, &end, note_drop);
	arena_own(a, &end, note_drop);
	assert_string_equal(said, "");
	arena_reset(a);
	assert_string_equal(said, "xx");
	arena_reset(a);
	assert_string_equal(said, "xx");
	arena_own(a, &end, note_drop);
	arena_free(a);
	assert_string_equal(said, "xxx");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_arena_owns_goes_with_it),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_depth_65),
		cmocka_unit_test(numbers_are_kept_as_written),
		cmocka_unit_test(T21_a_time_carries_its_zone),
		cmocka_unit_test(prints_what_it_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
