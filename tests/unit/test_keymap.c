/* The key map: what each key means, what is refused, and that the help says all of it. */
#include "ui/keymap.h"

#include "ui/input.h"
#include "ui/pane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct keymap *built_in(void)
{
	struct keymap *km;
	struct err err = { 0 };

	if (keymap_new(&km, &err) != OK)
		fail_msg("%s", err.text);
	return km;
}

struct key_case {
	const char *name;
	int32_t key;
};

static const struct key_case keys[] = {
	{ "j", 'j' }, { "^F", 6 }, { "^L", 12 }, { "Tab", 9 }, { "S-Tab", K_BACKTAB }, { "F1", K_F0 + 1 }, { "F12", K_F12 },
	{ "PgDn", K_PGDN }, { "Esc", 27 }, { "Enter", 13 }, { "Space", ' ' }, { "'", '\'' }, { "\u00e9", 0xe9 }, { "F", 'F' }, { "^", '^' },
	{ "=", '=' },
};

static void names_and_keys_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		char name[16];

		if (key_parse(keys[i].name) != keys[i].key)
			fail_msg("%s is not read", keys[i].name);
		key_label(keys[i].key, name);
		assert_string_equal(name, keys[i].name);
	}
	assert_int_equal(key_parse("Bar"), '|');
	assert_int_equal(key_parse("F13"), K_NONE);
	assert_int_equal(key_parse("jj"), K_NONE);
	assert_int_equal(key_parse(""), K_NONE);
	assert_int_equal(key_parse("\xff"), K_NONE);
}

struct means_case {
	const char *key;
	enum act want;
};

/* The table of the design, row by row. */
static const struct means_case means[] = {
	{ "j", ACT_DOWN }, { "Down", ACT_DOWN }, { "k", ACT_UP }, { "h", ACT_LEFT }, { "l", ACT_RIGHT }, { "g", ACT_FIRST },
	{ "G", ACT_LAST }, { "Home", ACT_FIRST }, { "^F", ACT_PAGE_DOWN }, { "PgUp", ACT_PAGE_UP }, { "^D", ACT_HALF_DOWN },
	{ "^U", ACT_HALF_UP }, { "Tab", ACT_NEXT_PANE }, { "S-Tab", ACT_PREV_PANE }, { "1", ACT_SCREEN_1 }, { "0", ACT_SCREEN_0 },
	{ "[", ACT_PREV_ITEM }, { "]", ACT_NEXT_ITEM }, { "-", ACT_BACK }, { "_", ACT_FORWARD }, { "'", ACT_GO_TO_ID },
	{ "Enter", ACT_OPEN }, { "Esc", ACT_CANCEL }, { "^G", ACT_CANCEL }, { "^C", ACT_STOP }, { "q", ACT_CLOSE }, { "F10", ACT_CLOSE },
	{ "z", ACT_ZOOM }, { "+", ACT_ZOOM }, { "/", ACT_FILTER }, { "F4", ACT_FILTER }, { "f", ACT_FIND }, { "n", ACT_FIND_NEXT },
	{ "N", ACT_FIND_PREV }, { "s", ACT_SORT }, { "S", ACT_SORT_REVERSE }, { "c", ACT_COLUMNS }, { "w", ACT_VIEW_SAVE }, { "W", ACT_VIEWS },
	{ "p", ACT_PAUSE }, { "r", ACT_REFRESH }, { "F5", ACT_REFRESH }, { "t", ACT_TIMELINE }, { "x", ACT_EXPLAIN }, { "i", ACT_DETAILS },
	{ "{", ACT_PREV_EVENT }, { "}", ACT_NEXT_EVENT }, { "=", ACT_THRESHOLDS }, { "o", ACT_OPTIONS }, { "V", ACT_REVEAL }, { "Z", ACT_ZONE },
	{ "Space", ACT_MARK }, { "v", ACT_MARK_RANGE }, { "*", ACT_MARK_ALL }, { "U", ACT_UNMARK_ALL }, { "a", ACT_ACTIONS }, { "F9", ACT_ACTIONS },
	{ "u", ACT_UNDO }, { "m", ACT_NOTE }, { "A", ACT_ACK_ALERT }, { "y", ACT_COPY }, { "e", ACT_EXPORT }, { "d", ACT_DIFF }, { "H", ACT_HANDOVER },
	{ ":", ACT_COMMAND }, { "^P", ACT_PALETTE }, { "M", ACT_MESSAGES }, { ",", ACT_SETTINGS }, { "T", ACT_NEXT_THEME }, { "%", ACT_MOUSE },
	{ "?", ACT_HELP }, { "F1", ACT_HELP }, { "^L", ACT_REDRAW }, { "^Z", ACT_SUSPEND }, { "^A", ACT_NONE }, { "^K", ACT_NONE }, { "D", ACT_NONE },
};

static void the_table_is_the_design(void **state)
{
	struct keymap *km = built_in();

	(void)state;
	for (size_t i = 0; i < sizeof means / sizeof *means; i++)
		if (keymap_act(km, key_parse(means[i].key)) != means[i].want)
			fail_msg("%s means %s", means[i].key, act_name(keymap_act(km, key_parse(means[i].key))));
	keymap_free(km);
}

static void every_key_is_in_the_help(void **state)
{
	struct keymap *km = built_in();

	(void)state;
	for (int32_t key = 1; key <= K_F12; key++) {
		enum act act = keymap_act(km, key);
		bool listed = act == ACT_NONE;

		for (int i = 0; !listed && keymap_nth(km, i) != ACT_NONE; i++)
			listed = keymap_nth(km, i) == act;
		if (!listed || (act != ACT_NONE && (!*keymap_help(km, act) || !*keymap_brief(km, act) || !keymap_where(km, act))))
			fail_msg("%s has a key and no help", act_name(act));
		if (key == 0x250)
			key = K_NAMED; /* nothing is bound between the letters and the named keys */
	}
	keymap_free(km);
}

static void no_write_has_a_key(void **state)
{
	struct keymap *km = built_in();

	(void)state;
	for (enum act act = ACT_NONE + 1; act < ACTS; act++) {
		char out[48];

		keymap_keys(km, act, true, out);
		if (act_writes(act) && *out)
			fail_msg("%s is on %s", act_name(act), out);
		assert_int_equal(act_from_name(act_name(act)), act);
	}
	keymap_free(km);
}

struct refuse_case {
	const char *why, *text, *want;
};

static const struct refuse_case refused[] = {
	{ "a write on a letter", "[mine]\nship = X\n", "keys.ini:2: ship reaches a marketplace" },
	{ "a write on a control key", "\nzero = ^X\n", "keys.ini:2: zero reaches a marketplace" },
	{ "a write on a function key", "push = F8\n", "keys.ini:1: push reaches a marketplace" },
	{ "a write in the second column", "ack_order = | F8\n", "keys.ini:1: ack_order reaches a marketplace" },
	{ "a key that is taken", "\nfilter = k\n", "keys.ini:2: k means up already" },
	{ "the same key twice", "down = j j\n", "keys.ini:1: j means down already" },
	{ "screen's prefix alone", "first = ^A\n", "keys.ini:1: ^A and ^B belong" },
	{ "tmux's prefix alone", "page_up = ^B\n", "keys.ini:1: ^A and ^B belong" },
	{ "no key by that name", "down = Dwon\n", "keys.ini:1: Dwon is no key" },
	{ "no act by that name", "destroy = D\n", "keys.ini:1: there is no act destroy" },
	{ "a way out must stay", "close =\n", "keys.ini:1: close cannot be without a key" },
	{ "and the cancel key", "cancel = |\n", "keys.ini:1: cancel cannot be without a key" },
	{ "a place that is none", "down = j | Down | everywhere | a | b\n", "keys.ini:1: everywhere is no place" },
	{ "six keys are too many", "down = j Down ^J F6 F7 F8\n", "keys.ini:1: F8 is no key, or one too many" },
};

static void bad_lines_are_named_and_skipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct keymap *km = built_in();
		struct err err = { 0 };
		int skipped;

		if (keymap_read(km, "keys.ini", refused[i].text, &skipped, &err) != FAULT_REFUSED || skipped != 1)
			fail_msg("accepted: %s", refused[i].why);
		if (strncmp(err.text, refused[i].want, strlen(refused[i].want)))
			fail_msg("%s: said \"%s\"", refused[i].why, err.text);
		for (size_t k = 0; k < sizeof means / sizeof *means; k++)
			if (keymap_act(km, key_parse(means[k].key)) != means[k].want)
				fail_msg("%s: %s has changed all the same", refused[i].why, means[k].key);
		keymap_free(km);
	}
}

static void a_person_may_move_keys(void **state)
{
	struct keymap *km = built_in();
	char out[48];
	int skipped;

	(void)state;
	/* j and k change places; the bad line between them takes nothing else with it */
	assert_int_equal(keymap_read(km, "keys.ini", "up = j | Up\nship = s\ndown = k | Down\nundo =\n", &skipped, NULL), FAULT_REFUSED);
	assert_int_equal(skipped, 1);
	assert_int_equal(keymap_act(km, 'j'), ACT_UP);
	assert_int_equal(keymap_act(km, 'k'), ACT_DOWN);
	assert_int_equal(keymap_act(km, 'u'), ACT_NONE);
	assert_string_equal(keymap_help(km, ACT_DOWN), "next row");
	keymap_keys(km, ACT_DOWN, true, out);
	assert_string_equal(out, "k Down");
	keymap_keys(km, ACT_DOWN, false, out);
	assert_string_equal(out, "k");
	keymap_free(km);
}

static void places_have_words(void **state)
{
	char out[64];

	(void)state;
	where_words(WHERE_LISTS | WHERE_LOG, out, sizeof out);
	assert_string_equal(out, "lists, log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_keys_match),
		cmocka_unit_test(the_table_is_the_design),
		cmocka_unit_test(every_key_is_in_the_help),
		cmocka_unit_test(no_write_has_a_key),
		cmocka_unit_test(bad_lines_are_named_and_skipped),
		cmocka_unit_test(a_person_may_move_keys),
		cmocka_unit_test(places_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
