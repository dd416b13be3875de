/* One word for the machine, one sentence for the operator. */
#include "base/err.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void a_cut_text_ends_with_a_whole_character(void **state)
{
	static const char *const letters[] = { "a", "\u00e9", "\u5927", "\U0001f4e6" };
	char long_text[1200];
	struct err err;

	(void)state;
	for (size_t l = 0; l < sizeof letters / sizeof *letters; l++)
		for (int pad = 0; pad < 4; pad++) {
			size_t n = (size_t)snprintf(long_text, sizeof long_text, "%.*s", pad, "xxxx");

			while (n + 5 < sizeof long_text)
				n += (size_t)snprintf(long_text + n, sizeof long_text - n, "%s", letters[l]);
			assert_int_equal(err_set(&err, FAULT_REFUSED, "%s", long_text), FAULT_REFUSED);
			assert_true(text_utf8(err.text, strlen(err.text)));
			assert_true(strlen(err.text) > sizeof err.text - 6);
		}
}

static void every_fault_has_its_word(void **state)
{
	(void)state;
	for (int f = OK; f < FAULTS; f++)
		assert_int_equal(fault_from_name(fault_name((enum fault)f)), f);
	assert_int_equal(fault_from_name("nonsense"), FAULTS);
	assert_int_equal(err_set(NULL, FAULT_NET, "nobody listens"), FAULT_NET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_text_ends_with_a_whole_character),
		cmocka_unit_test(every_fault_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
