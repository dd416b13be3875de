/* Themes: what each number of colours gets, and what is refused where. */
#include "ui/theme.h"
#include "ui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct depth_case {
	const char *why;
	int colours;
	const char *no_colour;
	enum depth want;
};

static const struct depth_case depths[] = {
	{ "a monochrome terminal", -1, NULL, DEPTH_2 },
	{ "the eight of a console", 8, NULL, DEPTH_8 },
	{ "sixteen", 16, NULL, DEPTH_16 },
	{ "256", 256, NULL, DEPTH_256 },
	{ "direct colour", 16777216, NULL, DEPTH_256 },
	{ "NO_COLOR wins over all", 256, "1", DEPTH_2 },
	{ "an empty NO_COLOR says nothing", 256, "", DEPTH_256 },
};

static void colours_make_a_depth(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
		if (theme_depth(depths[i].colours, depths[i].no_colour) != depths[i].want)
			fail_msg("%s", depths[i].why);
}

static void the_ground_is_taken_from_the_environment(void **state)
{
	(void)state;
	assert_string_equal(theme_for_ground(NULL), "default");
	assert_string_equal(theme_for_ground("15;0"), "default");
	assert_string_equal(theme_for_ground("0;15"), "light");
	assert_string_equal(theme_for_ground("0;default;15"), "light");
	assert_string_equal(theme_for_ground("15;default"), "default");
	assert_string_equal(theme_for_ground("0;8"), "default");
}

struct refuse_case {
	const char *why, *text, *want;
};

static const struct refuse_case refused[] = {
	{ "an unknown role", "[roles]\n\ncirt = red\n", "t.ini:3: no role cirt" },
	{ "an unknown colour", "[roles]\ncrit = redish\n", "t.ini:2: \"redish\" is no colour" },
	{ "an index past the palette", "[roles]\ncrit = 256\n", "t.ini:2: \"256\" is no colour" },
	{ "a negative index", "[roles]\ncrit = -1\n", "t.ini:2: \"-1\" is no colour" },
	{ "a third colour", "[roles]\ncrit = red blue green\n", "t.ini:2: \"green\" is no colour" },
	{ "dim is never used for meaning", "[roles]\ncrit = red default dim\n", "t.ini:2: \"dim\" is no colour" },
	{ "bright black text", "[roles]\nmuted = brightblack\n", "t.ini:2: brightblack vanishes" },
	{ "nothing said", "[roles]\ncrit =\n", "t.ini:2: crit wants a foreground" },
	{ "an unknown section", "[rolls]\ncrit = red\n", "t.ini:2: no section [rolls]" },
	{ "an unknown key", "[theme]\nnaem = x\n", "t.ini:2: [theme] knows" },
	{ "colour where there is none", "[roles 2]\ncrit = red\n", "t.ini:2: with two colours" },
	{ "a parent that is not there", "[theme]\ninherits = nobody\n", "t.ini:2: there is no theme nobody" },
	{ "a parent with a path", "[theme]\ninherits = ../x\n", "t.ini:2: there is no theme ../x" },
	{ "no INI at all", "what is this\n", "t.ini:1: " },
};

static void refusals_name_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct theme t;
		struct err err = { 0 };

		if (theme_parse(NULL, "t.ini", refused[i].text, &t, &err) != FAULT_REFUSED)
			fail_msg("accepted: %s", refused[i].why);
		if (strncmp(err.text, refused[i].want, strlen(refused[i].want)))
			fail_msg("%s: said \"%s\"", refused[i].why, err.text);
	}
}

static void smaller_depths_are_worked_out(void **state)
{
	struct theme t;
	static const char text[] = "[roles]\nfg = 250\nbg = 17\ncrit = 196 default bold\nok = brightgreen\nborder = brightblack\n"
	                           "[roles 8]\nok = cyan\n";

	(void)state;
	assert_int_equal(theme_parse(NULL, "dir/mine.ini", text, &t, NULL), OK);
	assert_string_equal(t.name, "mine");
	assert_int_equal(t.style[DEPTH_256][ROLE_CRIT].fg, 196);
	assert_int_equal(t.style[DEPTH_256][ROLE_CRIT].bg, 17); /* the theme's ground */
	assert_int_equal(t.style[DEPTH_256][ROLE_MUTED].fg, 250);
	assert_int_equal(t.style[DEPTH_16][ROLE_CRIT].fg, 9);
	assert_int_equal(t.style[DEPTH_8][ROLE_CRIT].fg, 1);
	assert_int_equal(t.style[DEPTH_8][ROLE_CRIT].attr, ATTR_BOLD);
	assert_int_equal(t.style[DEPTH_8][ROLE_OK].fg, 6); /* said, not worked out */
	assert_int_equal(t.style[DEPTH_2][ROLE_CRIT].fg, COLOUR_DEFAULT);
	assert_int_equal(t.style[DEPTH_2][ROLE_CRIT].attr, ATTR_BOLD | ATTR_REVERSE);
	assert_int_equal(t.style[DEPTH_2][ROLE_CURSOR].attr, ATTR_REVERSE);
}

static void every_built_in_theme_loads(void **state)
{
	char names[THEME_NAMES], *rest = names, *name;
	int n = 0;

	(void)state;
	theme_names(NULL, names);
	assert_int_equal(strncmp(names, "default", 7), 0);
	while ((name = strtok_r(rest, " ", &rest))) {
		struct theme t;
		struct err err = { 0 };

		if (theme_load(NULL, name, &t, &err) != OK)
			fail_msg("%s", err.text);
		assert_string_equal(t.name, name);
		for (enum role r = 0; r < ROLES; r++) {
			assert_int_equal(t.style[DEPTH_2][r].fg, COLOUR_DEFAULT);
			assert_true(t.style[DEPTH_8][r].fg < 8 && t.style[DEPTH_8][r].bg < 8);
			assert_true(t.style[DEPTH_16][r].fg < 16);
		}
		n++;
	}
	assert_true(n >= 3);
}

static void a_name_is_no_path(void **state)
{
	struct theme t;
	struct err err;

	(void)state;
	assert_int_equal(theme_load(NULL, "../data/keymap", &t, &err), FAULT_REFUSED);
	assert_int_equal(theme_load(NULL, "", &t, &err), FAULT_REFUSED);
}

static char own[] = "/tmp/tallyman-theme-XXXXXX";

static void write_theme(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", own, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_person_has_themes_of_his_own(void **state)
{
	char names[THEME_NAMES], path[64];
	struct theme t;
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(own));
	write_theme("dusk.ini", "[theme]\ninherits = mono\n[roles]\ncrit = 203\n");
	write_theme("mono.ini", "[roles]\ncrit = 99\n");
	write_theme("no theme.ini", "");
	write_theme("notes.txt", "");
	theme_names(own, names);
	assert_string_equal(names + strlen(names) - 5, " dusk");
	assert_null(strstr(names, "no theme"));
	assert_null(strstr(names, "notes"));
	assert_ptr_equal(strstr(strstr(names, "mono") + 1, "mono"), NULL); /* once, though there are two */
	assert_int_equal(theme_load(own, "dusk", &t, &err), OK);
	assert_string_equal(t.name, "dusk");
	assert_int_equal(t.style[DEPTH_256][ROLE_CRIT].fg, 203);
	assert_int_equal(theme_load(own, "mono", &t, &err), OK);
	assert_int_equal(t.style[DEPTH_256][ROLE_CRIT].fg, 99); /* his wins over the built-in one */
	assert_int_equal(theme_load(NULL, "dusk", &t, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "there is no theme dusk"));

	snprintf(path, sizeof path, "%s/light.ini", own);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(theme_load(own, "light", &t, &err), FAULT_REFUSED); /* what he wrote cannot be read: the built-in one is not it */
	assert_non_null(strstr(err.text, path));
	rmdir(path);
	write_theme("light.ini", "[theme]\ninherits = gone\n");
	assert_int_equal(theme_load(own, "light", &t, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "light.ini:2: there is no theme gone to inherit from"));
	snprintf(path, sizeof path, "rm -rf %s", own);
	assert_int_equal(system(path), 0);
}

static void palette_indices_have_their_rgb(void **state)
{
	(void)state;
	assert_int_equal(theme_rgb(0), 0x000000);
	assert_int_equal(theme_rgb(16), 0x000000);
	assert_int_equal(theme_rgb(196), 0xff0000);
	assert_int_equal(theme_rgb(231), 0xffffff);
	assert_int_equal(theme_rgb(232), 0x080808);
	assert_int_equal(theme_rgb(255), 0xeeeeee);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_make_a_depth),
		cmocka_unit_test(the_ground_is_taken_from_the_environment),
		cmocka_unit_test(refusals_name_file_and_line),
		cmocka_unit_test(smaller_depths_are_worked_out),
		cmocka_unit_test(every_built_in_theme_loads),
		cmocka_unit_test(a_name_is_no_path),
		cmocka_unit_test(a_person_has_themes_of_his_own),
		cmocka_unit_test(palette_indices_have_their_rgb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
