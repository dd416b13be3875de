/* A few named values as one text, and back. */
#include "base/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct { const char *why, *value; } values[] = {
	{ "a word", "hello" },
	{ "nothing", "" },
	{ "an equals sign belongs to the value", "a=b=c" },
	{ "lines", "first\nsecond\r\n" },
	{ "what looks encoded is not", "%0A 100%" },
};

static void what_is_packed_comes_back(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct fields in = fields_new(a), out;
		struct err err;

		fields_put(&in, "before", "x");
		fields_put(&in, "value", values[i].value);
		fields_put(&in, "after", "y");
		assert_int_equal(fields_unpack(a, fields_pack(&in, a), &out, &err), OK);
		if (out.n != 3 || strcmp(fields_get(&out, "value", "?"), values[i].value) || strcmp(fields_get(&out, "after", "?"), "y"))
			fail_msg("%s: %s", values[i].why, fields_get(&out, "value", "none"));
	}
	arena_free(a);
}

static const struct { const char *why, *value; size_t n, room, fits; } fits[] = {
	{ "all of it, where there is room", "hello", 5, 5, 5 },
	{ "as many letters as there is room for", "hello", 5, 3, 3 },
	{ "no more than is there", "hello", 2, 100, 2 },
	{ "a line feed takes three", "a\nb", 3, 4, 2 },
	{ "and is not cut", "a\nb", 3, 3, 1 },
	{ "nor are the others that do", "%\r\n", 3, 8, 2 },
	{ "nothing into no room", "hello", 5, 0, 0 },
	{ "a byte like any other", "\0a", 2, 2, 2 },
};

static void as_much_is_taken_as_fits_when_it_is_packed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
		if (fields_fit(fits[i].value, fits[i].n, fits[i].room) != fits[i].fits)
			fail_msg("%s: %zu", fits[i].why, fields_fit(fits[i].value, fits[i].n, fits[i].room));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(as_much_is_taken_as_fits_when_it_is_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
