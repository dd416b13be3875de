/* The steps of a plan as rows: what is lost a day is said in whole units of its own currency. */
#include "ui/widgets/steps.h"

#include "trade/intents.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *sentence, *currency;
	int64_t lost_minor;
	const char *says;
} rows[] = {
	{ "two digits behind the point", "USD", 123456, "USD 1234" },
	{ "none: a yen is not a hundredth", "JPY", 12345, "JPY 12345 " },
	{ "what does not fit is in thousands, and never cut", "JPY", 1234567, "JPY 1234k " },
	{ "three", "KWD", 123456, "KWD 123" },
	{ "less than one of it", "EUR", 99, "EUR 0" },
	{ "nothing was sold", "", 0, "- " },
};

static void what_is_lost_a_day_is_in_its_currency(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct plan_row row = { .sku = "SKU-1", .item = "", .account = "amazon-jp", .site = "", .was = 4, .master = 4, .open = 1, .sold = 7,
			                .lost_minor = rows[i].lost_minor, .currency = rows[i].currency, .check = "ok" };
		struct arena *a = arena_new();
		struct buf b = buf_new(a);
		struct canvas c = canvas_new(120, 1);

		steps_row(&c, 0, 0, &row, false);
		canvas_dump_text(&c, RENDITION_ASCII, &b);
		if (!strstr(b.p, rows[i].says))
			fail_msg("%s: %s is not in %s", rows[i].sentence, rows[i].says, b.p);
		canvas_free(&c);
		arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_lost_a_day_is_in_its_currency) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
