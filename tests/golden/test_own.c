/* Themes and keys of one's own, which the real program finds below $XDG_CONFIG_HOME, and the commands that its host adds. */
#include "golden/fixture.h"
#include "golden/harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

static char folder[64], store[96];

static void write_file(const char *name, const char *text)
{
	char path[120];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct screen *start(void)
{
	const char *program = getenv("TALLYMAN");
	const char *const argv[] = { program ? program : "build/tallyman", "--store", store, "--no-engine", NULL };
	char state[120], config[120];
	const char *const env[] = { state, config, "SSH_CONNECTION", "NO_COLOR", "ASAN_OPTIONS=detect_leaks=0", NULL };

	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", folder);
	snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", folder);
	return screen_start(&(struct screen_setup){ argv, NULL, env, 120, 40, NULL });
}

static void a_theme_of_ones_own_is_taken(void **state)
{
	struct screen *s = start();

	(void)state;
	screen_keys(s, ": \"theme\" Enter");
	screen_wait(s, " dusk");
	screen_keys(s, ": \"theme dusk\" Enter");
	if (screen_shows(s, "there is no theme") || !strstr(screen_dump(s), " = 205 default"))
		fail_msg("its colour is not seen:\n%s", screen_dump(s));
	screen_keys(s, "T j"); /* the next of his: T knows them too */
	screen_wait(s, "themes/wrong.ini:2: no role");
	screen_end(s);
}

static void a_key_of_ones_own_is_taken(void **state)
{
	struct screen *s = start();

	(void)state;
	screen_keys(s, "2 F12");
	screen_wait(s, "[3 Drift");
	screen_end(s);
}

/* What only an engine can do is among what can be done. */
static void what_the_engine_does_is_offered(void **state)
{
	struct screen *s = start();

	(void)state;
	screen_keys(s, ": \"ho\" Tab");
	screen_wait(s, ":hold");
	screen_keys(s, "Esc ^P \"hold acc\"");
	screen_wait(s, "command hold ACCOUNT|PLACE REASON");
	screen_keys(s, "Esc ^P \"refresh\"");
	screen_wait(s, ":refresh");
	screen_end(s);
}

static int make_world(void **state)
{
	char path[120];

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/tallyman-own-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof store, "%s/prod-eu", folder);
	fixture_make(store);
	for (const char *const *p = (const char *const[]){ "config", "config/tallyman", "config/tallyman/themes", NULL }; *p; p++) {
		snprintf(path, sizeof path, "%s/%s", folder, *p);
		if (mkdir(path, 0700))
			return -1;
	}
	write_file("config/tallyman/themes/dusk.ini", "[roles]\ntab_cur = 205\n");
	write_file("config/tallyman/themes/wrong.ini", "[roles]\ncirt = 205\n");
	write_file("config/tallyman/keymap.ini", "screen_3 = F12 | 3\n");
	return 0;
}

static int end_world(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_theme_of_ones_own_is_taken),
		cmocka_unit_test(a_key_of_ones_own_is_taken),
		cmocka_unit_test(what_the_engine_does_is_offered),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
