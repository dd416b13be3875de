/* test_cases.c: every .case below tests/contract, one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/case.h"

#include <glob.h>
#include <string.h>

static bool holds(const char *path)
{
	struct arena *a = arena_new();
	struct contract_case c;
	const char *differs;

	case_read(a, path, &c);
	differs = case_differs(&c);
	if (differs)
		print_error("%s: %s\n%s\n\n", path, c.why, differs);
	arena_free(a);
	return !differs;
}

static void every_case_holds(void **state)
{
	glob_t g;
	int bad = 0;

	(void)state;
	assert_int_equal(glob("tests/contract/*/*.case", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++)
		bad += !holds(g.gl_pathv[i]);
	print_message("%zu cases\n", g.gl_pathc);
	globfree(&g);
	assert_int_equal(bad, 0);
}

/* Something is said of every verb that a channel has. */
static void every_verb_has_a_case(void **state)
{
	(void)state;
	for (int i = 0; channel_at(i); i++)
		for (int v = 0; v < VERBS; v++) {
			struct arena *a = arena_new();
			bool found = !channel_at(i)->say[v].ask;
			glob_t g;

			assert_int_equal(glob(arena_printf(a, "tests/contract/%s/*.case", channel_at(i)->name), 0, NULL, &g), 0);
			for (size_t k = 0; k < g.gl_pathc && !found; k++) {
				struct contract_case c;

				case_read(a, g.gl_pathv[k], &c);
				found = c.verb == (enum verb)v && c.news && strncmp(c.news, "fault", 5) != 0;
			}
			globfree(&g);
			if (!found)
				fail_msg("no case where %s %s succeeds", channel_at(i)->name, verb_name((enum verb)v));
			arena_free(a);
		}
}

struct shape_case {
	const char *why, *want, *got, *lacks;
};

static const struct shape_case shape_cases[] = {
	{ "values do not matter", "{\"a\": 1, \"b\": [\"x\"]}", "{\"b\": [\"y\", \"z\"], \"a\": 2, \"c\": null}", NULL },
	{ "a member may not be missing", "{\"a\": {\"b\": 1}}", "{\"a\": {}}", "a.b: not there" },
	{ "nor be of another kind", "{\"a\": [{\"n\": 1}]}", "{\"a\": [{\"n\": \"1\"}]}", "a[0].n: text and not number" },
	{ "an empty list says nothing of its elements", "{\"a\": [{\"n\": 1}]}", "{\"a\": []}", NULL },
};

static void shapes_are_compared(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof shape_cases / sizeof *shape_cases; i++) {
		const char *is = case_lacks(a, shape_cases[i].want, shape_cases[i].got);

		if (!is != !shape_cases[i].lacks || (is && strcmp(is, shape_cases[i].lacks)))
			fail_msg("%s: %s", shape_cases[i].why, is ? is : "nothing is missed");
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_holds),
		cmocka_unit_test(every_verb_has_a_case),
		cmocka_unit_test(shapes_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
