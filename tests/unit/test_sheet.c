/* Sheets: what is shown first, what a letter chooses, what a page scrolls to, what a preview lets through. */
#include "ui/widgets/sheet.h"

#include "trade/intents.h"
#include "ui/input.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void expect(const struct sheet *s, const struct sheet_facts *facts, int w, int h, const char *want)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	struct canvas c = canvas_new(w, h);

	sheet_draw(s, facts, &c);
	canvas_dump_text(&c, RENDITION_ASCII, &b);
	assert_string_equal(b.p, want);
	canvas_free(&c);
	arena_free(a);
}

static const struct choice choices[] = {
	{ .letter = 's', .label = "ship", .act = ACT_SHIP },
	{ .letter = 'n', .label = "add a note", .act = ACT_NOTE },
	{ .letter = 'r', .label = "retry", .act = ACT_RETRY, .why_not = "nothing failed" },
	{ .letter = 'c', .label = "say its quantity", .act = ACT_PUSH },
};

static void actions(struct sheet *s)
{
	sheet_open(s, &(struct wish){ .arena = arena_new(), .kind = WISH_SHEET, .text = "302-1187264", .choices = choices, .n_choices = 4 });
}

static void safe_choices_stand_first(void **state)
{
	struct sheet s;
	struct sheet_facts f = { 0 };

	(void)state;
	actions(&s);
	expect(&s, &f, 60, 8,
	       "\n"
	       "+- 302-1187264 --------------------------------------------+\n"
	       "| >n add a note                                            |\n"
	       "|  r retry                                  nothing failed |\n"
	       "| -- reaches a marketplace ------------------------------- |\n"
	       "|  s ship                      preview; sending needs :arm |\n"
	       "|  c say its quantity          preview; sending needs :arm |\n"
	       "+----------------------------------------------------------+\n");
	sheet_close(&s);
}

/* What does not fit beside its label stands under it: no word is cut. */
static void no_word_of_a_menu_is_cut(void **state)
{
	static const struct choice long_ones[] = {
		{ .letter = 'n', .label = "add a note", .act = ACT_NOTE, .note = "beside it" },
		{ .letter = 'o', .label = "give the failure to somebody else", .act = ACT_ASSIGN, .note = "they see it in their own list, and it says who gave it" },
	};
	struct sheet s;
	struct sheet_facts f = { .rank = RANK_APPROVER };

	(void)state;
	sheet_open(&s, &(struct wish){ .arena = arena_new(), .kind = WISH_SHEET, .text = "job:12", .choices = long_ones, .n_choices = 2 });
	expect(&s, &f, 50, 7,
	       "\n"
	       "+- job:12 ---------------------------------------+\n"
	       "| >n add a note                        beside it |\n"
	       "|  o give the failure to somebody else           |\n"
	       "|      they see it in their own list, and it     |\n"
	       "|      says who gave it                          |\n"
	       "+------------------------------------------------+\n");
	sheet_close(&s);
}

struct choose_case {
	const char *why;
	int32_t key;
	enum act act;
	enum sheet_said want;
	enum act chosen;
};

static const struct choose_case chooses[] = {
	{ "a letter chooses at once", 'n', ACT_FIND_NEXT, SHEET_CHOSEN, ACT_NOTE },
	{ "a dangerous one goes on to its preview", 's', ACT_SORT, SHEET_CHOSEN, ACT_SHIP },
	{ "what cannot be done now is refused", 'r', ACT_REFRESH, SHEET_REFUSED, ACT_NONE },
	{ "Enter takes the line under the cursor", K_ENTER, ACT_OPEN, SHEET_CHOSEN, ACT_NOTE },
	{ "Esc closes", K_ESC, ACT_CANCEL, SHEET_CLOSE, ACT_NONE },
	{ "q closes", 'q', ACT_CLOSE, SHEET_CLOSE, ACT_NONE },
	{ "other keys mean nothing", 'x', ACT_EXPLAIN, SHEET_DEAF, ACT_NONE },
	{ "down moves", 'j', ACT_DOWN, SHEET_STAYS, ACT_NONE },
};

static void letters_choose(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof chooses / sizeof *chooses; i++) {
		struct sheet s;
		struct sheet_facts f = { 0 };

		actions(&s);
		if (sheet_input(&s, chooses[i].key, chooses[i].act, &f, 60, 10) != chooses[i].want)
			fail_msg("%s", chooses[i].why);
		if (chooses[i].chosen != ACT_NONE)
			assert_int_equal(sheet_choice(&s)->act, chooses[i].chosen);
		sheet_close(&s);
	}
}

static const struct section sections[] = {
	{ "Timeline", "placed\ningested with a line that is too long for twenty columns", false },
	{ "Raw", "{\"sku\":\"SKU-0042\",\"quantity\":3,\"more\":true}", true },
};

static void a_page_scrolls_and_finds(void **state)
{
	struct sheet s;
	struct sheet_facts f = { 0 };

	(void)state;
	sheet_open(&s, &(struct wish){ .arena = arena_new(), .kind = WISH_READ, .text = "302", .sections = sections, .n_sections = 2 });
	expect(&s, &f, 20, 4, "-- Timeline --------\nplaced\ningested with a line\nthat is too long for\n");
	assert_int_equal(sheet_input(&s, 'j', ACT_DOWN, &f, 20, 4), SHEET_STAYS);
	assert_int_equal(s.top, 1);
	sheet_input(&s, '}', ACT_NEXT_EVENT, &f, 20, 4);
	expect(&s, &f, 20, 4, "twenty columns\n\n-- Raw -------------\n{\"sku\":\"SKU-0042\",\"q\n");
	sheet_input(&s, 'o', ACT_OPTIONS, &f, 20, 4);
	sheet_input(&s, 'G', ACT_LAST, &f, 20, 4);
	expect(&s, &f, 20, 4, "-- Raw -------------\n{\"sku\":\"SKU-0042\",\"q\nuantity\":3,\"more\":tr\nue}\n");
	sheet_input(&s, 'g', ACT_FIRST, &f, 20, 4);
	assert_int_equal(s.top, 0);
	assert_true(sheet_find(&s, "TOO LONG", 0, 20, 4));
	assert_int_equal(s.top, 3);
	assert_false(sheet_find(&s, "nowhere", 0, 20, 4));
	sheet_close(&s);
}

static const char *steps[] = { "walmart-us 1: confirm 1 x SKU-1", "walmart-us 2: confirm 1 x SKU-2" };
static const char *skips[] = { "3: already shipped" };
static const struct plan plan = { .kind = INTENT_SHIP, .line = "ship 2 orders walmart-us", .digest = "0123456789abcdef", .step = steps,
	                          .steps = 2, .skip = skips, .skips = 1 };
static const int64_t ids[] = { 11, 22 };

static void a_preview_lets_through_only_when_armed_and_fresh(void **state)
{
	struct proposal p = { .title = "SHIP PREVIEW", .plan = &plan, .ids = ids, .made_ms = 1000 };
	struct sheet s;
	struct sheet_facts f = { .now_ms = 1000 };
	int64_t kept[2];
	char strip[100];

	(void)state;
	sheet_open(&s, &(struct wish){ .arena = arena_new(), .kind = WISH_PLAN, .proposal = &p });
	expect(&s, &f, 70, 11,
	       "SHIP PREVIEW  2 steps, nothing has been sent  good for 10 min, plan 01\n"
	       "-- Steps -------------------------------------------------------------\n"
	       "[x] walmart-us 1: confirm 1 x SKU-1\n"
	       "[x] walmart-us 2: confirm 1 x SKU-2\n"
	       "-- Left out ----------------------------------------------------------\n"
	       "    3: already shipped\n"
	       "\n\n"
	       "-- Next --------------------------------------------------------------\n"
	       "Enter, then type:  ship 2 orders walmart-us\n"
	       "locked: :arm 15m REASON opens it\n");
	assert_int_equal(sheet_input(&s, K_ENTER, ACT_OPEN, &f, 70, 11), SHEET_REFUSED);
	f.rank = RANK_VIEWER;
	assert_string_equal(sheet_why(&s, &f), "a dry run: who you are here may send nothing ([roles])");
	f.rank = RANK_OPERATOR;
	f.armed = true;
	assert_int_equal(sheet_input(&s, K_ENTER, ACT_OPEN, &f, 70, 11), SHEET_NEXT);
	assert_int_equal(sheet_input(&s, ' ', ACT_MARK, &f, 70, 11), SHEET_TICKED);
	assert_int_equal(sheet_ticked(&s, kept, 2), 1);
	assert_int_equal(kept[0], 22);
	sheet_strip(&s, &f, strip, sizeof strip);
	assert_string_equal(strip, "1 pick  2 PREVIEW  3 confirm  4 result    1 of 2 ticked    ");
	f.now_ms = 1000 + PROPOSAL_MS;
	assert_int_equal(sheet_input(&s, K_ENTER, ACT_OPEN, &f, 70, 11), SHEET_REFUSED);
	assert_string_equal(sheet_why(&s, &f), "this preview is older than ten minutes: make it again");
	sheet_close(&s);
}

/* "13 steps" beside what fifteen would cost is two truths on one screen. */
static void what_is_unticked_is_in_no_sum(void **state)
{
	static const char *all_notes[] = { "changes: 2 offers" }, *one_note[] = { "changes: 1 offer" }, *one_warn[] = { "SKU-1 has 7 in stock" };
	const struct plan both = { .line = "zero 2 offers", .digest = "", .step = steps, .steps = 2, .note = all_notes, .notes = 1 };
	const struct plan one = { .line = "zero 1 offer", .digest = "", .step = steps, .steps = 1, .note = one_note, .notes = 1, .warn = one_warn, .warns = 1 };
	const struct proposal p = { .title = "ZERO-OUT PREVIEW", .plan = &both, .ids = ids }, fewer = { .title = "ZERO-OUT PREVIEW", .plan = &one };
	struct sheet s;
	struct sheet_facts f = { .armed = true };
	struct wish less = { .arena = arena_new(), .kind = WISH_PLAN, .proposal = &fewer };

	(void)state;
	sheet_open(&s, &(struct wish){ .arena = arena_new(), .kind = WISH_PLAN, .proposal = &p });
	sheet_input(&s, 'j', ACT_DOWN, &f, 50, 14);
	sheet_input(&s, ' ', ACT_MARK, &f, 50, 14);
	sheet_replan(&s, &less);
	expect(&s, &f, 50, 12,
	       "ZERO-OUT PREVIEW  1 step, nothing has been sent  g\n"
	       "-- Steps -----------------------------------------\n"
	       "[x] walmart-us 1: confirm 1 x SKU-1\n"
	       "[ ] walmart-us 2: confirm 1 x SKU-2\n"
	       "-- Look again ------------------------------------\n"
	       "    SKU-1 has 7 in stock\n"
	       "-- Blast radius ----------------------------------\n"
	       "    changes      1 offer\n"
	       "\n"
	       "-- Next ------------------------------------------\n"
	       "Enter, then type:  zero 1 offer\n"
	       "nothing has been sent\n");
	sheet_close(&s);
}

static void any_size_is_safe(void **state)
{
	struct proposal p = { .title = "SHIP PREVIEW", .plan = &plan, .ids = ids, .sections = sections, .n_sections = 2 };
	const struct wish wishes[] = {
		{ .kind = WISH_SHEET, .text = "x", .choices = choices, .n_choices = 4 },
		{ .kind = WISH_MENU, .text = "x", .choices = choices, .n_choices = 0 },
		{ .kind = WISH_READ, .text = "x", .sections = sections, .n_sections = 2 },
		{ .kind = WISH_PLAN, .proposal = &p },
	};

	(void)state;
	for (size_t k = 0; k < 4; k++)
		for (int w = 0; w < 50; w += w < 8 ? 1 : 13)
			for (int h = 0; h < 12; h++) {
				struct wish wish = wishes[k];
				struct sheet s;
				struct sheet_facts f = { 0 };
				struct canvas c = canvas_new(w, h);

				wish.arena = arena_new();
				sheet_open(&s, &wish);
				for (enum act act = ACT_DOWN; act < ACTS; act++) {
					sheet_input(&s, K_NONE, act, &f, w, h);
					sheet_draw(&s, &f, &c);
				}
				sheet_close(&s);
				canvas_free(&c);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_word_of_a_menu_is_cut),
		cmocka_unit_test(safe_choices_stand_first),
		cmocka_unit_test(letters_choose),
		cmocka_unit_test(a_page_scrolls_and_finds),
		cmocka_unit_test(a_preview_lets_through_only_when_armed_and_fresh),
		cmocka_unit_test(what_is_unticked_is_in_no_sum),
		cmocka_unit_test(any_size_is_safe),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
