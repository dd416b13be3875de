/* What is different between a document and those that were understood, told without a value of either. */
#include "base/json_shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct shape_case {
	const char *why;
	const char *learnt[3];
	const char *seen;
	const char *want; /* "missing a.b was text|new c text|other d null was number" */
};

static const struct shape_case cases[] = {
	{ "the same keys and types are no difference, whatever the values", { "{\"a\":1,\"b\":\"x\"}" }, "{\"b\":\"y\",\"a\":2}", "" },
	{ "a key that every one had is missing", { "{\"a\":1,\"b\":\"x\"}", "{\"a\":1,\"b\":\"y\"}" }, "{\"a\":1}", "missing b was text" },
	{ "one that only some had is not", { "{\"a\":1,\"b\":\"x\"}", "{\"a\":1}" }, "{\"a\":1}", "" },
	{ "a key that none had is new", { "{\"a\":1}" }, "{\"a\":1,\"upgrade\":\"EXPRESS\"}", "new upgrade text" },
	{ "what stands below a new one is not told as well", { "{\"a\":1}" }, "{\"a\":1,\"b\":{\"c\":1,\"d\":[1]}}", "new b object" },
	{ "another type is told with what it was", { "{\"a\":1}" }, "{\"a\":\"1\"}", "other a text was number" },
	{ "null where there was always a number", { "{\"a\":1}", "{\"a\":2}" }, "{\"a\":null}", "other a null was number" },
	{ "null where there sometimes was null is none", { "{\"a\":1}", "{\"a\":null}" }, "{\"a\":null}", "" },
	{ "a list where an object was", { "{\"a\":{\"b\":1}}" }, "{\"a\":[{\"b\":1}]}", "other a list was object" },
	{ "both types that were seen are named", { "{\"a\":1}", "{\"a\":\"x\"}" }, "{\"a\":true}", "other a yes or no was text or number" },
	{ "elements of a list are one place, told once", { "{\"l\":[{\"q\":1},{\"q\":2}]}" }, "{\"l\":[{\"q\":\"1\"},{\"q\":\"2\"}]}", "other l[].q text was number" },
	{ "missing in one element is missing", { "{\"l\":[{\"q\":1},{\"q\":2}]}" }, "{\"l\":[{\"q\":1},{}]}", "missing l[].q was number" },
	{ "of a list that was always empty nothing is known", { "{\"l\":[]}" }, "{\"l\":[{\"q\":1}]}", "" },
	{ "an empty list where one had elements is none", { "{\"l\":[{\"q\":1}]}" }, "{\"l\":[]}", "" },
	{ "the whole may be of another type", { "{\"a\":1}" }, "[]", "other  list was object" },
	{ "nothing learnt, nothing different", { NULL }, "{\"a\":1}", "" },
	{ "a key that could be a name is not told", { "{\"a\":1}" }, "{\"a\":1,\"Ann Lee <a@b.c>\":1}", "new <key of 15 bytes> number" },
};

static const struct json *parsed(struct arena *a, const char *text)
{
	const struct json *v;
	struct err err;

	assert_int_equal(json_open(a, text, strlen(text), &v, &err), OK);
	return v;
}

static const char *told(struct arena *a, const struct json_shape *s, const char *seen)
{
	static const char *const kinds[] = { "missing", "new", "other" };
	struct json_difference *d;
	struct buf b = buf_new(a);
	int n = json_shape_compare(s, parsed(a, seen), a, &d);

	buf_puts(&b, "");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s %s%s%s%s%s", i ? "|" : "", kinds[d[i].kind], d[i].path, *d[i].is ? " " : "", d[i].is, *d[i].was ? " was " : "", d[i].was);
	return b.p;
}

static void differences_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct json_shape *s = json_shape_new(a);
		const char *got;

		for (int k = 0; k < 3 && cases[i].learnt[k]; k++)
			json_shape_learn(s, parsed(a, cases[i].learnt[k]));
		got = told(a, s, cases[i].seen);
		if (strcmp(got, cases[i].want))
			fail_msg("%s: '%s', not '%s'", cases[i].why, got, cases[i].want);
		arena_free(a);
	}
}

static void no_value_is_ever_told(void **state)
{
	struct arena *a = arena_new();
	struct json_shape *s = json_shape_new(a);
	const char *got;

	(void)state;
	json_shape_learn(s, parsed(a, "{\"name\":\"Ann Lee\",\"zip\":12345,\"old\":\"secret-1\"}"));
	got = told(a, s, "{\"name\":{\"first\":\"Bob\"},\"zip\":\"54321\",\"fresh\":\"secret-2\"}");
	assert_non_null(strstr(got, "new fresh text"));
	for (const char *const *v = (const char *const[]){ "Ann", "Bob", "12345", "54321", "secret", NULL }; *v; v++)
		assert_null(strstr(got, *v));
	arena_free(a);
}

/* "{"k0":1,"k1":1,...}" */
static char *wide(struct arena *a, int keys, const char *more)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "{");
	for (int i = 0; i < keys; i++)
		buf_printf(&b, "%s\"k%d\":1", i ? "," : "", i);
	buf_printf(&b, "%s}", more);
	return b.p;
}

static void an_object_as_wide_as_they_like_costs_no_time_of_ours(void **state)
{
	struct arena *a = arena_new();
	struct json_shape *s = json_shape_new(a);

	(void)state;
	json_shape_learn(s, parsed(a, wide(a, 40000, "")));
	assert_string_equal(told(a, s, wide(a, 40000, ",\"z\":1")), ""); /* not all was looked at, so nothing is claimed */
	assert_string_equal(told(a, s, "{\"k1\":\"1\"}"), "other k1 text was number");
	arena_free(a);
}

static void no_more_than_forty_are_told(void **state)
{
	struct arena *a = arena_new();
	struct json_shape *s = json_shape_new(a);
	struct json_difference *d;

	(void)state;
	json_shape_learn(s, parsed(a, "{}"));
	assert_int_equal(json_shape_compare(s, parsed(a, wide(a, 100, "")), a, &d), 40);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_told),
		cmocka_unit_test(no_value_is_ever_told),
		cmocka_unit_test(an_object_as_wide_as_they_like_costs_no_time_of_ours),
		cmocka_unit_test(no_more_than_forty_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
