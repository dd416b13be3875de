/* The line editor: what keys do to the text, and what never submits it. */
#include "ui/prompt.h"

#include "base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Type keys written as names with spaces, except "..." which is typed letter by letter. */
static enum prompt_said type(struct prompt *p, const char *keys, int64_t now_ms)
{
	enum prompt_said said = PROMPT_NOTHING;
	bool quoted = false;

	while (*keys) {
		struct input in = { .kind = INPUT_KEY, .burst = 1 };
		char name[16];
		int n;

		if (*keys == '"') {
			quoted = !quoted;
			keys++;
			continue;
		}
		if (!quoted && *keys == ' ') {
			keys++;
			continue;
		}
		if (quoted) {
			in.key = (int32_t)text_next(keys, &n);
		} else {
			n = (int)strcspn(keys, " ");
			snprintf(name, sizeof name, "%.*s", n, keys);
			in.key = key_parse(name);
		}
		keys += n;
		said = prompt_input(p, &in, now_ms);
	}
	return said;
}

struct edit_case {
	const char *why, *keys, *want;
	int cursor;
};

static const struct edit_case edits[] = {
	{ "letters", "\"late\"", "late", 4 },
	{ "an insertion in the middle", "\"lte\" Left Left \"a\"", "late", 2 },
	{ "backspace", "\"latex\" Backspace", "late", 4 },
	{ "backspace at the start does nothing", "\"late\" Home Backspace Backspace", "late", 0 },
	{ "backspace in an empty line does nothing", "Backspace Backspace", "", 0 },
	{ "delete", "\"xlate\" Home Del", "late", 0 },
	{ "^U to the start", "\"some late\" Left Left Left Left ^U", "late", 0 },
	{ "^W one word", "\"channel:ebay late  \" ^W", "channel:ebay ", 13 },
	{ "^K to the end", "\"late or not\" Home Right Right Right Right ^K", "late", 4 },
	{ "Home and End", "\"at\" Home \"l\" End \"e\"", "late", 4 },
	{ "wide letters go whole", "\"\u5bff\u53f8\" Backspace", "\u5bff", 3 },
	{ "a combining mark goes with its letter", "\"xe\u0301\" Backspace", "x", 1 },
	{ "and is stepped over with it", "\"xe\u0301\" Left", "xe\u0301", 1 },
	{ "a bidi mark cannot be typed", "\"a\u202eb\"", "ab", 2 },
	{ "^A is screen's and does nothing", "\"late\" ^A", "late", 4 },
	{ "function keys do nothing", "\"late\" F5 PgUp Ins", "late", 4 },
	{ "q is a letter here", "\"q\"", "q", 1 },
};

static void keys_edit_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		struct prompt p;

		prompt_open(&p, "/", NULL);
		type(&p, edits[i].keys, 0);
		if (!p.open || strcmp(p.text, edits[i].want) || p.cursor != edits[i].cursor)
			fail_msg("%s: \"%s\" at %d", edits[i].why, p.text, p.cursor);
	}
}

static void only_enter_submits_and_esc_leaves(void **state)
{
	struct prompt p;

	(void)state;
	for (int32_t key = 1; key <= K_F12; key++) {
		struct input in = { .kind = INPUT_KEY, .key = key, .burst = 1 };
		enum prompt_said said;

		prompt_open(&p, "/", "late");
		said = prompt_input(&p, &in, 0);
		if ((said == PROMPT_DONE) != (key == K_ENTER))
			fail_msg("key %d submits", (int)key);
		if ((said == PROMPT_LEFT) != (key == K_ESC || key == K_CTRL('G') || key == K_CTRL('C')))
			fail_msg("key %d leaves", (int)key);
		key = key == 0x200 ? K_NAMED : key;
	}
	prompt_open(&p, "/", "late");
	for (enum input_kind kind = INPUT_NONE; kind <= INPUT_GONE; kind++)
		if (kind != INPUT_KEY && kind != INPUT_PASTE)
			assert_int_equal(prompt_input(&p, &(struct input){ .kind = kind, .w = 20, .h = 5 }, 0), PROMPT_NOTHING);
	assert_true(p.open);
	assert_string_equal(p.text, "late");
}

static void a_paste_is_its_first_line(void **state)
{
	struct prompt p;
	static const char text[] = "late\033[31m\u202e or due\rq\n:ship";

	(void)state;
	prompt_open(&p, "/", NULL);
	assert_int_equal(prompt_input(&p, &(struct input){ .kind = INPUT_PASTE, .text = text, .n = sizeof text - 1 }, 0), PROMPT_CHANGED);
	assert_string_equal(p.text, "late[31m or due");
	assert_true(p.open);
}

static void a_long_line_stops_at_its_end(void **state)
{
	struct prompt p;
	char much[2000];

	(void)state;
	memset(much, 'x', sizeof much);
	prompt_open(&p, "/", NULL);
	prompt_input(&p, &(struct input){ .kind = INPUT_PASTE, .text = much, .n = sizeof much }, 0);
	for (int i = 0; i < 1000; i++)
		type(&p, "y", 0);
	assert_int_equal(p.n, PROMPT_MAX - 1);
	assert_int_equal(strlen(p.text), PROMPT_MAX - 1);
}

static void history_goes_back_and_returns_to_the_draft(void **state)
{
	static struct history h;
	struct prompt p;

	(void)state;
	h.n = 0;
	history_add(&h, "first");
	history_add(&h, "second");
	history_add(&h, "second");
	assert_int_equal(h.n, 2);
	prompt_open(&p, ":", NULL);
	p.history = &h;
	type(&p, "\"dra\" Up Up Up", 0);
	assert_string_equal(p.text, "first");
	type(&p, "Down Down Down \"ft\"", 0);
	assert_string_equal(p.text, "draft");
	type(&p, "Enter", 0);
	assert_string_equal(h.line[2], "draft");
	for (int i = 0; i < 100; i++) {
		char line[8];

		snprintf(line, sizeof line, "%d", i);
		history_add(&h, line);
	}
	assert_int_equal(h.n, HISTORY_MAX);
	assert_string_equal(h.line[HISTORY_MAX - 1], "99");
}

static int complete_theme(void *ctx, const char *text, int cursor, char *out, int *at, char *words, size_t cap)
{
	(void)cursor;
	(void)text;
	strcpy(out, "theme mono");
	*at = 10;
	snprintf(words, cap, "%s", (const char *)ctx);
	return 2;
}

static void tab_completes(void **state)
{
	struct prompt p;

	(void)state;
	prompt_open(&p, ":", "th");
	p.complete = complete_theme;
	p.ctx = "mono monokai";
	assert_int_equal(type(&p, "Tab", 0), PROMPT_CHANGED);
	assert_string_equal(p.text, "theme mono");
	assert_int_equal(p.cursor, 10);
	assert_string_equal(p.remark, "mono monokai");
}

static const char line[] = "ship 3 orders walmart-us";

struct confirm_case {
	const char *why, *typed;
	int64_t after_ms;
	bool want;
};

static const struct confirm_case confirms[] = {
	{ "the line itself", "\"ship 3 orders walmart-us\" Enter", 700, true },
	{ "typed too early it was never heard", "\"ship 3 orders walmart-us\" Enter", 699, false },
	{ "Enter alone", "Enter Enter Enter", 700, false },
	{ "y", "\"y\" Enter", 700, false },
	{ "another count", "\"ship 4 orders walmart-us\" Enter", 700, false },
	{ "another case", "\"Ship 3 orders walmart-us\" Enter", 700, false },
	{ "a blank too many", "\"ship 3 orders walmart-us \" Enter", 700, false },
	{ "half of it", "\"ship 3 orders\" Enter", 700, false },
	{ "a slip put right", "\"ship 3 odr\" Backspace Backspace \"rders walmart-us\" Enter", 700, true },
	{ "the history holds nothing", "Up Enter", 700, false },
};

static void only_the_very_line_confirms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof confirms / sizeof *confirms; i++) {
		struct prompt p;

		prompt_confirm(&p, line, true, 1000);
		if ((type(&p, confirms[i].typed, 1000 + confirms[i].after_ms) == PROMPT_DONE) != confirms[i].want)
			fail_msg("%s", confirms[i].why);
		assert_int_equal(p.open, !confirms[i].want);
	}
}

static void a_paste_never_confirms(void **state)
{
	struct prompt p;
	struct input in = { .kind = INPUT_PASTE, .text = line, .n = sizeof line - 1 };

	(void)state;
	prompt_confirm(&p, line, true, 0);
	assert_int_equal(prompt_input(&p, &in, 5000), PROMPT_REFUSED);
	assert_string_equal(p.text, "");
	assert_string_equal(p.remark, "paste is off here: type the line");

	/* where the terminal does not mark pastes, a line that comes in one breath is one */
	prompt_confirm(&p, line, false, 0);
	for (const char *c = line; *c; c++)
		prompt_input(&p, &(struct input){ .kind = INPUT_KEY, .key = *c, .burst = (int)sizeof line - 1 }, 5000);
	assert_string_equal(p.text, "");
}

static void draws_the_end_of_a_long_line(void **state)
{
	struct prompt p;
	struct canvas c = canvas_new(24, 1);
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	int x, y;

	(void)state;
	prompt_open(&p, "/", "channel:walmart and late");
	prompt_draw(&p, &c, 0);
	canvas_dump_text(&c, RENDITION_ASCII, &b);
	assert_string_equal(b.p, " /<nel:walmart and late\n");
	assert_true(canvas_cursor_at(&c, &x, &y));
	assert_int_equal(x, 23);
	type(&p, "Home", 0);
	prompt_remark(&p, 0, 7, "no such column");
	prompt_draw(&p, &c, 0);
	b.len = 0;
	canvas_dump_text(&c, RENDITION_ASCII, &b);
	assert_string_equal(b.p, " /channel:walmart and l>\n");
	b.len = 0;
	canvas_dump_roles(&c, &b);
	assert_string_equal(b.p, "ppEEEEEEEppppppppppppppm\n");
	canvas_free(&c);
	for (int w = 0; w < 30; w++) {
		c = canvas_new(w, 1);
		prompt_draw(&p, &c, 0);
		canvas_free(&c);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit_the_line),
		cmocka_unit_test(only_enter_submits_and_esc_leaves),
		cmocka_unit_test(a_paste_is_its_first_line),
		cmocka_unit_test(a_long_line_stops_at_its_end),
		cmocka_unit_test(history_goes_back_and_returns_to_the_draft),
		cmocka_unit_test(tab_completes),
		cmocka_unit_test(only_the_very_line_confirms),
		cmocka_unit_test(a_paste_never_confirms),
		cmocka_unit_test(draws_the_end_of_a_long_line),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
