/* One table, written four ways; and what came from outside does no harm in any of them. */
#include "cmd/table.h"

#include "base/arena.h"
#include "base/json.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct column columns[] = {
	{ "order", CELL_TEXT, false }, { "units", CELL_INT, false },  { "total", CELL_MONEY, false },
	{ "due", CELL_TIME, false },   { "open", CELL_FLAG, false },  { "raw_state", CELL_TEXT, true },
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void put_rows(struct sheet *s)
{
	put_text(s, "305-441");
	put_int(s, 3);
	put_money(s, 4190, "USD");
	put_time(s, INT64_C(1795161480000));
	put_flag(s, true);
	put_text(s, "Created");

	put_text(s, "=cmd|' /C calc'!A0");
	put_int(s, -1);
	put_money(s, -5, "JPY");
	put_time(s, 0);
	put_flag(s, false);
	put_text(s, "\x1b[31m\"red\",\n");

	put_text(s, "\xe5\xa4\xa7\xe9\x98\xaa \xe2\x80\xae"); /* two wide letters and a bidi override */
	put_none(s);
	put_none(s);
	put_none(s);
	put_none(s);
	put_text(s, NULL);
}

static char *print(enum shape shape, bool several, void (*fill)(struct sheet *))
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	struct sheet *s = sheet_new(shape, several, f);

	fill(s);
	assert_true(sheet_end(s));
	fclose(f);
	return text;
}

static void one_table(struct sheet *s)
{
	sheet_table(s, "orders", columns, COLUMNS);
	put_rows(s);
}

static void an_empty_table(struct sheet *s)
{
	sheet_table(s, "orders", columns, COLUMNS);
}

static void a_record_and_a_table(struct sheet *s)
{
	sheet_record(s, "order", columns, COLUMNS);
	put_text(s, "305-441");
	put_int(s, 3);
	put_money(s, 4190, "USD");
	put_time(s, 0);
	put_flag(s, true);
	put_text(s, "");
	sheet_table(s, "lines", columns, 2);
	put_text(s, "1");
	put_int(s, 2);
}

struct shape_case {
	const char *why;
	enum shape shape;
	bool several;
	void (*fill)(struct sheet *);
	const char *want;
};

static const struct shape_case cases[] = {
	{ "a table for a person", SHAPE_TABLE, false, one_table,
	  "ORDER               UNITS      TOTAL  DUE                   OPEN\n"
	  "305-441                 3  41.90 USD  2026-11-20T07:58:00Z  yes\n"
	  "=cmd|' /C calc'!A0     -1     -5 JPY  -                     no\n"
	  "\xe5\xa4\xa7\xe9\x98\xaa <U+202E>           -          -  -                     -\n" },
	{ "JSON", SHAPE_JSON, false, one_table,
	  "{\n\"orders\":[\n"
	  "{\"order\":\"305-441\",\"units\":3,\"total\":{\"minor\":4190,\"currency\":\"USD\",\"text\":\"41.90 USD\"},"
	  "\"due\":\"2026-11-20T07:58:00.000Z\",\"open\":true,\"raw_state\":\"Created\"},\n"
	  "{\"order\":\"=cmd|' /C calc'!A0\",\"units\":-1,\"total\":{\"minor\":-5,\"currency\":\"JPY\",\"text\":\"-5 JPY\"},"
	  "\"due\":null,\"open\":false,\"raw_state\":\"^[[31m\\\"red\\\",^J\"},\n"
	  "{\"order\":\"\xe5\xa4\xa7\xe9\x98\xaa <U+202E>\",\"units\":null,\"total\":null,\"due\":null,\"open\":null,\"raw_state\":null}\n"
	  "]\n}\n" },
	{ "CSV", SHAPE_CSV, false, one_table,
	  "order,units,total_minor,total_currency,total,due,open,raw_state\n"
	  "305-441,3,4190,USD,41.90 USD,2026-11-20T07:58:00.000Z,yes,Created\n"
	  "\"'=cmd|' /C calc'!A0\",-1,-5,JPY,-5 JPY,,no,\"^[[31m\"\"red\"\",^J\"\n"
	  "\xe5\xa4\xa7\xe9\x98\xaa <U+202E>,,,,,,,\n" },
	{ "read aloud", SHAPE_PLAIN, false, one_table,
	  "Columns: order, units, total, due, open, raw state.\n"
	  "1. 305-441, 3, 41.90 USD, 2026-11-20T07:58:00.000Z, yes, Created.\n"
	  "2. =cmd|' /C calc'!A0, -1, -5 JPY, -, no, ^[[31m\"red\",^J.\n"
	  "3. \xe5\xa4\xa7\xe9\x98\xaa <U+202E>, -, -, -, -, -.\n"
	  "3 rows.\n" },
	{ "no rows, for a person", SHAPE_TABLE, false, an_empty_table, "ORDER  UNITS  TOTAL  DUE  OPEN\n(none)\n" },
	{ "no rows in JSON", SHAPE_JSON, false, an_empty_table, "{\n\"orders\":[]\n}\n" },
	{ "no rows in CSV", SHAPE_CSV, false, an_empty_table, "order,units,total_minor,total_currency,total,due,open,raw_state\n" },
	{ "no rows, aloud", SHAPE_PLAIN, false, an_empty_table, "Columns: order, units, total, due, open, raw state.\n0 rows.\n" },
	{ "a record leaves out what is not there", SHAPE_TABLE, true, a_record_and_a_table,
	  "ORDER\n  order      305-441\n  units      3\n  total      41.90 USD\n  open       yes\n\nLINES\nORDER  UNITS\n1          2\n" },
	{ "a record is an object", SHAPE_JSON, true, a_record_and_a_table,
	  "{\n\"order\":{\"order\":\"305-441\",\"units\":3,\"total\":{\"minor\":4190,\"currency\":\"USD\",\"text\":\"41.90 USD\"},\"due\":null,\"open\":true,"
	  "\"raw_state\":null},\n\"lines\":[\n{\"order\":\"1\",\"units\":2}\n]\n}\n" },
	{ "tables in CSV stand apart", SHAPE_CSV, true, a_record_and_a_table,
	  "# order\norder,units,total_minor,total_currency,total,due,open,raw_state\n305-441,3,4190,USD,41.90 USD,,yes,\n\n# lines\norder,units\n1,2\n" },
	{ "a record aloud says all of it", SHAPE_PLAIN, true, a_record_and_a_table,
	  "order.\norder: 305-441.\nunits: 3.\ntotal: 41.90 USD.\ndue: -.\nopen: yes.\nraw state: -.\n\nlines.\nColumns: order, units.\n1. 1, 2.\n1 row.\n" },
};

static void each_shape_is_as_the_header_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = print(cases[i].shape, cases[i].several, cases[i].fill);

		if (strcmp(got, cases[i].want))
			fail_msg("%s:\n%s\nwanted:\n%s", cases[i].why, got, cases[i].want);
		free(got);
	}
}

static void many_rows(struct sheet *s)
{
	sheet_table(s, "orders", columns, 2);
	for (int i = 0; i < 1000; i++) {
		put_text(s, i == 900 ? "one that is far wider than the others" : "x");
		put_int(s, i);
	}
}

static void rows_beyond_those_held_back_are_printed_once(void **state)
{
	char *got = print(SHAPE_TABLE, false, many_rows);
	int lines = 0;

	(void)state;
	for (const char *p = got; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 1001);
	free(got);
}

static void what_json_prints_is_json(void **state)
{
	char *got = print(SHAPE_JSON, true, a_record_and_a_table);
	struct arena *a = arena_new();
	const struct json *v;
	struct err err;

	(void)state;
	assert_int_equal(json_open(a, got, strlen(got), &v, &err), OK);
	assert_int_equal(json_int_or(v, "order.total.minor", 0), 4190);
	free(got);
	arena_free(a);
}

static void a_full_disk_is_noticed(void **state)
{
	FILE *f = fopen("/dev/full", "w");
	struct sheet *s = sheet_new(SHAPE_CSV, false, f);

	(void)state;
	one_table(s);
	assert_false(sheet_end(s));
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_is_as_the_header_says),
		cmocka_unit_test(rows_beyond_those_held_back_are_printed_once),
		cmocka_unit_test(what_json_prints_is_json),
		cmocka_unit_test(a_full_disk_is_noticed),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
