/* Cells: what fits, what is cut, and that nothing leaves its field. */
#include "ui/canvas.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void expect(struct canvas *c, enum rendition how, const char *want)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);

	canvas_dump_text(c, how, &b);
	assert_string_equal(b.p, want);
	arena_free(a);
}

struct put_case {
	const char *why;
	int w, x;
	const char *text, *want;
};

static const struct put_case puts[] = {
	{ "text that fits", 8, 1, "abc", " abc\n" },
	{ "text past the right edge is clipped", 4, 2, "abcdef", "  ab\n" },
	{ "text from left of the edge shows its end", 4, -2, "abcdef", "cdef\n" },
	{ "a wide letter takes two columns", 6, 0, "\u5bff\u53f8x", "\u5bff\u53f8x\n" },
	{ "half a wide letter at the right edge is a blank", 3, 0, "\u5bff\u53f8", "\u5bff\n" },
	{ "half a wide letter at the left edge is a blank", 4, -1, "\u5bff\u53f8", " \u53f8\n" },
	{ "a combining mark stays with its letter", 4, 0, "e\u0301x", "e\u0301x\n" },
	{ "a combining mark with no letter is dropped", 4, 0, "\u0301x", "x\n" },
	{ "an escape sequence is shown, not sent", 12, 0, "a\033[31mb", "a^[[31mb\n" },
	{ "C1 controls are shown as well", 12, 0, "\xc2\x9b" "2J", "<U+009B>2J\n" },
	{ "a bidi override has a visible name", 12, 0, "\u202eabc", "<U+202E>abc\n" },
	{ "a broken byte has a visible value", 12, 0, "\xff!", "<FF>!\n" },
	{ "a newline does not leave the row", 12, 0, "a\nb", "a^Jb\n" },
};

static void text_stays_in_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof puts / sizeof *puts; i++) {
		struct canvas c = canvas_new(puts[i].w, 1);
		struct arena *a = arena_new();
		struct buf b = buf_new(a);

		canvas_put(&c, puts[i].x, 0, ROLE_FG, puts[i].text);
		canvas_dump_text(&c, RENDITION_UTF8, &b);
		if (strcmp(b.p, puts[i].want))
			fail_msg("%s: got \"%s\"", puts[i].why, b.p);
		arena_free(a);
		canvas_free(&c);
	}
}

struct field_case {
	const char *why;
	int w;
	enum align align;
	const char *text, *want;
};

static const struct field_case fields[] = {
	{ "short text is padded on the right", 6, ALIGN_LEFT, "abc", "[abc   ]\n" },
	{ "a number is padded on the left", 6, ALIGN_RIGHT, "123", "[   123]\n" },
	{ "long text says that it was cut", 6, ALIGN_LEFT, "abcdefgh", "[abcde~]\n" },
	{ "text that just fits is not cut", 6, ALIGN_LEFT, "abcdef", "[abcdef]\n" },
	{ "a wide letter is cut whole", 4, ALIGN_LEFT, "\u5bff\u53f8\u5bff", "[\u5bff ~]\n" },
	{ "one column can only say that there is more", 1, ALIGN_LEFT, "abc", "[~]\n" },
};

static void fields_are_as_wide_as_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct canvas c = canvas_new(fields[i].w + 2, 1);
		struct arena *a = arena_new();
		struct buf b = buf_new(a);

		canvas_put(&c, 0, 0, ROLE_FG, "[");
		canvas_put(&c, fields[i].w + 1, 0, ROLE_FG, "]");
		canvas_field(&c, 1, 0, fields[i].w, ROLE_FG, fields[i].align, fields[i].text);
		canvas_dump_text(&c, RENDITION_UTF8, &b);
		if (strcmp(b.p, fields[i].want))
			fail_msg("%s: got \"%s\"", fields[i].why, b.p);
		arena_free(a);
		canvas_free(&c);
	}
}

static void a_box_looks_the_same_in_both_renditions(void **state)
{
	struct canvas c = canvas_new(24, 3), in;

	(void)state;
	in = canvas_box(&c, "Orders", "2");
	canvas_put(&in, 0, 0, ROLE_FG, "late 3 and far too much text");
	expect(&c, RENDITION_ASCII,
	       "+- Orders --------- 2 -+\n"
	       "| late 3 and far too m |\n"
	       "+----------------------+\n");
	expect(&c, RENDITION_UTF8,
	       "\u250c\u2500 Orders \u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500 2 \u2500\u2510\n"
	       "\u2502 late 3 and far too m \u2502\n"
	       "\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
	       "\u2500\u2500\u2500\u2500\u2500\u2518\n");
	canvas_free(&c);
}

static void a_long_title_gives_up_the_remark(void **state)
{
	struct canvas c = canvas_new(16, 2);

	(void)state;
	canvas_box(&c, "a title that is long", "remark");
	expect(&c, RENDITION_ASCII, "+- a title t~ -+\n+--------------+\n");
	canvas_free(&c);
}

static void rules_bars_and_sparks(void **state)
{
	struct canvas c = canvas_new(20, 6);
	static const int64_t seen[] = { 0, 1, 2, 3, 4, 5, 6, 7 }, gap[] = { 7, -1, 7 };

	(void)state;
	canvas_rule(&c, 0, "Notes", NULL);
	canvas_bar(&c, 0, 1, 8, 74, 100);
	canvas_bar(&c, 10, 1, 8, 0, 0);
	canvas_bar(&c, 0, 2, 8, 1, 1000);   /* something is never nothing */
	canvas_bar(&c, 10, 2, 8, 999, 1000); /* and not all is never all */
	canvas_bar(&c, 0, 3, 8, INT64_MAX, INT64_MAX);
	canvas_spark(&c, 0, 4, 8, seen, 8);
	canvas_spark(&c, 10, 4, 2, seen, 8); /* the newest two */
	canvas_spark(&c, 0, 5, 8, gap, 3);
	expect(&c, RENDITION_ASCII,
	       "-- Notes -----------\n"
	       "[####--]  [------]\n"
	       "[#-----]  [#####-]\n"
	       "[######]\n"
	       "_.:-=+*#  *#\n"
	       "# #\n");
	canvas_free(&c);
}

static void ascii_never_loses_a_letter_nor_a_column(void **state)
{
	struct canvas c = canvas_new(20, 1);

	(void)state;
	canvas_put(&c, 0, 0, ROLE_FG, "M\u00fcller \u5bff \u2013 \u017ba\u0301");
	expect(&c, RENDITION_ASCII, "Muller ?? - Za\n");
	canvas_free(&c);
}

static void overwriting_half_a_wide_letter_blanks_the_other(void **state)
{
	struct canvas c = canvas_new(6, 1);

	(void)state;
	canvas_put(&c, 0, 0, ROLE_FG, "\u5bff\u5bff");
	canvas_put(&c, 1, 0, ROLE_FG, "x");
	canvas_put(&c, 2, 0, ROLE_FG, "y");
	expect(&c, RENDITION_UTF8, " xy\n");
	canvas_free(&c);
}

static void lines_break_at_spaces(void **state)
{
	struct canvas c = canvas_new(10, 4);

	(void)state;
	assert_int_equal(canvas_wrap(&c, 0, 0, 10, 4, ROLE_FG, "one two three\nfour abcdefghijklm"), 4);
	expect(&c, RENDITION_ASCII, "one two\nthree\nfour\nabcdefghij\n");
	canvas_free(&c);
}

static void roles_have_a_letter_each(void **state)
{
	struct canvas c = canvas_new(6, 1);
	struct arena *a = arena_new();
	struct buf b = buf_new(a);

	(void)state;
	for (enum role r = 0; r < ROLES; r++) {
		assert_int_equal(role_from_name(role_name(r)), r);
		for (enum role s = 0; s < r; s++)
			assert_int_not_equal(role_letter(r), role_letter(s));
	}
	canvas_put(&c, 1, 0, ROLE_CRIT, "CRIT");
	canvas_role(&c, 1, 0, 1, ROLE_CURSOR);
	canvas_dump_roles(&c, &b);
	assert_string_equal(b.p, " >CCC\n");
	arena_free(a);
	canvas_free(&c);
}

static void any_size_is_safe(void **state)
{
	static const int64_t v[] = { 1, 5, 3 };

	(void)state;
	for (int w = 0; w < 12; w++)
		for (int h = 0; h < 5; h++) {
			struct canvas c = canvas_new(w, h), in = canvas_box(&c, "title", "remark"), off = canvas_part(&c, -3, 9, 99, 99);

			canvas_put(&in, -5, -1, ROLE_FG, "\u5bff\u5bff text\u0301");
			canvas_put(&off, 0, 0, ROLE_FG, "x");
			canvas_field(&c, w - 1, h - 1, 5, ROLE_FG, ALIGN_RIGHT, "field");
			canvas_rule(&c, 0, "a", "b");
			canvas_bar(&c, 0, 0, w, 1, 2);
			canvas_spark(&c, 0, 0, w, v, 3);
			canvas_wrap(&c, 0, 0, w, h, ROLE_FG, "some words to wrap");
			canvas_cursor(&c, w, h, true);
			canvas_attr(&c, -2, 0, 50, ATTR_BOLD);
			canvas_free(&c);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stays_in_its_place),
		cmocka_unit_test(fields_are_as_wide_as_they_say),
		cmocka_unit_test(a_box_looks_the_same_in_both_renditions),
		cmocka_unit_test(a_long_title_gives_up_the_remark),
		cmocka_unit_test(rules_bars_and_sparks),
		cmocka_unit_test(ascii_never_loses_a_letter_nor_a_column),
		cmocka_unit_test(overwriting_half_a_wide_letter_blanks_the_other),
		cmocka_unit_test(lines_break_at_spaces),
		cmocka_unit_test(roles_have_a_letter_each),
		cmocka_unit_test(any_size_is_safe),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
