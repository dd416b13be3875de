/* What a screen writes to a file: whole rows, and nothing that a spreadsheet takes for a formula; a name that is only a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"
#include "ui/panes/timeline_csv.h"
#include "ui/panes/wishes.h"

#include <string.h>

static const int64_t T0 = 1700000000000; /* 2023-11-14T22:13:20Z */

static struct moment moment(const char *account, const char *detail, int64_t old, int64_t new)
{
	return (struct moment){ .e = { .known_ms = T0, .at_ms = T0 - 5000, .what = "sold", .detail = detail, .actor = "channel:amazon-us", .trace = "t-1", .attempt_id = 7 },
		                .mark = 'S', .account = account, .marketplace = "", .old = old, .new = new, .op = "amazon.orders.search", .fault = "", .said = "",
		                .correlation = "c-1", .their_id = "", .status = 200 };
}

struct cell_case {
	const char *why, *column, *value; /* value: as a reader of the file has it */
	int row;
};

static const struct cell_case cells[] = {
	{ "when it became known", "known", "2023-11-14T22:13:20.000Z", 0 },
	{ "a number that nobody knows is an empty cell", "old", "", 0 },
	{ "none is a number", "new", "0", 0 },
	{ "below none too, and no formula", "new", "-3", 1 },
	{ "a text that begins like a formula is a text", "detail", "'=HYPERLINK(\"http://x\")", 1 },
	{ "one that would call a program as well", "account", "'@SUM(1)", 1 },
	{ "commas and lines stay in their cell", "detail", "a, \"b\"\nc", 2 },
	{ "what has no call has no number of one", "attempt", "", 2 },
};

static void each_cell_is_what_was_shown(void **state)
{
	struct moment m[] = { moment("amazon-us", "-1", UNTOLD, 0), moment("@SUM(1)", "=HYPERLINK(\"http://x\")", 1, -3), moment("", "a, \"b\"\nc", 4, 3) };
	struct arena *a = arena_new();
	const char *text;
	struct err err;
	struct csv csv;

	(void)state;
	m[2].e.attempt_id = 0;
	text = timeline_csv(m, 3, a);
	assert_int_equal(csv_read(a, "timeline.csv", text, strlen(text), &csv, &err), OK);
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		const char *is = csv_field(&csv.row[cells[i].row], csv_column(&csv, cells[i].column));

		if (strcmp(is ? is : "(none)", cells[i].value))
			fail_msg("%s: %s", cells[i].why, is ? is : "(none)");
	}
	arena_free(a);
}

struct name_case {
	const char *why, *name, *file;
};

static const struct name_case names[] = {
	{ "a SKU as most are", "timeline-SKU-0042", "timeline-SKU-0042.csv" },
	{ "one that would climb", "timeline-../../etc/passwd", "timeline-______etc_passwd.csv" },
	{ "one that a shell would read", "timeline-$(rm -rf ~);\n", "timeline-__rm_-rf_____.csv" },
};

static void a_file_is_called_by_letters_and_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct wish wish = { .arena = arena_new() };

		wish_save(&wish, "3 events", names[i].name, "");
		if (strcmp(wish.initial, names[i].file))
			fail_msg("%s: %s", names[i].why, wish.initial);
		arena_free(wish.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_cell_is_what_was_shown), cmocka_unit_test(a_file_is_called_by_letters_and_digits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
