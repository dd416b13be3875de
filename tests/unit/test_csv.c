/* Tables as people and spreadsheets write them. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void the_same_two_counts_however_they_are_written(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "sku,qty\nA,1\nB,2\n", "plainly" },
		{ "sku,qty\nA,1\nB,2", "without an end to the last line" },
		{ "sku,qty\r\nA,1\r\nB,2\r\n", "as a spreadsheet ends lines" },
		{ "\xef\xbb\xbfsku,qty\nA,1\nB,2\n", "with its mark in front" },
		{ " SKU , Qty \n A , 1 \nB\t,\t2\n", "with space around" },
		{ "\"sku\",\"qty\"\n\"A\",\"1\"\n\"B\",\"2\"\n", "all in quotes" },
		{ "# counted by Ann\n\nsku,qty\n\n# aisle 4\nA,1\n\n\nB,2\n\n", "with remarks and blank lines" },
		{ "qty,note,sku\n1,,A\n2,\"heavy, blue\",B\n", "in another order, with a column that nobody asked for" },
		{ "sku,qty,note\nA,1\nB,2,dented\n", "with a line that ends early" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct csv c;
		struct err err;
		int sku, qty;

		if (csv_read(a, "counts.csv", rows[i].text, strlen(rows[i].text), &c, &err))
			fail_msg("%s: %s", rows[i].why, err.text);
		sku = csv_column(&c, "sku");
		qty = csv_column(&c, "QTY");
		if (c.rows != 2 || strcmp(csv_field(&c.row[0], sku), "A") || strcmp(csv_field(&c.row[0], qty), "1") || strcmp(csv_field(&c.row[1], sku), "B") ||
		    strcmp(csv_field(&c.row[1], qty), "2"))
			fail_msg("%s: %d rows, the first is %s", rows[i].why, c.rows, c.rows ? csv_field(&c.row[0], sku) : "none");
		assert_int_equal(csv_column(&c, "price"), -1);
		assert_string_equal(csv_field(&c.row[0], -1), "");
	}
	arena_free(a);
}

#define TEXT(s) s, sizeof(s) - 1

static void what_is_no_table_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *says;
	} rows[] = {
		{ TEXT(""), "counts.csv:1: no header line" },
		{ TEXT("\n# nothing yet\n"), "counts.csv:1: no header line" },
		{ TEXT("sku,qty\nA,1\nB,2,3\n"), "counts.csv:3: more fields than the header has (2)" },
		{ TEXT("sku,qty\n\"two\nlines\",1\nB,1,200\n"), "counts.csv:4: more fields" },
		{ TEXT("sku,qty\nA\"x,1\n"), "counts.csv:2: not CSV" },
		{ TEXT("sku,qty\n\"A,1\nB,2\n"), "counts.csv:4: not CSV" }, /* the quote that was never closed */
		{ TEXT("sku,qty\nA,1\0" "2\n"), "counts.csv:2: a zero byte" },
		{ TEXT("\xff\xfes\0k\0u\0"), "counts.csv:1: a zero byte: not CSV; if it is UTF-16" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct csv c;
		struct err err = { .text = "" };

		if (csv_read(a, "counts.csv", rows[i].text, rows[i].n, &c, &err) != FAULT_FORMAT || strncmp(err.text, rows[i].says, strlen(rows[i].says)))
			fail_msg("row %zu: '%s', not '%s'", i, err.text, rows[i].says);
	}
	arena_free(a);
}

static void a_row_knows_the_line_it_begins_on(void **state)
{
	static const char text[] = "sku,title\n\"A\",\"two\nlines, \"\"quoted\"\"\"\n\nB,one\n";
	struct arena *a = arena_new();
	struct csv c;
	struct err err;

	(void)state;
	assert_int_equal(csv_read(a, "t.csv", text, sizeof text - 1, &c, &err), OK);
	assert_int_equal(c.rows, 2);
	assert_int_equal(c.row[0].line, 2);
	assert_string_equal(csv_field(&c.row[0], 1), "two\nlines, \"quoted\"");
	assert_int_equal(c.row[1].line, 5);
	assert_int_equal(c.row[1].n, 2);
	arena_free(a);
}

/* Quotes save a name; a remark with as many fields as the header has is kept aside, for who must not miss a row. */
static void a_name_may_start_with_the_remarks_sign(void **state)
{
	static const char text[] = "# counted\nsku,qty\n\"#12\",3\n#13,4\n # of aisle 4\n#14,\"5\"\nB,6\n";
	struct arena *a = arena_new();
	struct csv c;
	struct err err;

	(void)state;
	assert_int_equal(csv_read(a, "t.csv", text, sizeof text - 1, &c, &err), OK);
	assert_int_equal(c.rows, 3);
	assert_string_equal(csv_field(&c.row[0], 0), "#12");
	assert_string_equal(csv_field(&c.row[1], 0), "#14");
	assert_int_equal(c.remarks, 1);
	assert_int_equal(c.remark[0].line, 4);
	assert_string_equal(csv_field(&c.remark[0], 0), "#13");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_two_counts_however_they_are_written),
		cmocka_unit_test(what_is_no_table_is_refused_with_its_place),
		cmocka_unit_test(a_name_may_start_with_the_remarks_sign),
		cmocka_unit_test(a_row_knows_the_line_it_begins_on),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
