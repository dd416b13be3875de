#include "golden/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SCREEN_MAX = 1024 * 1024 };

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) == EOF || fclose(f))
		fail_msg("%s cannot be written", path);
}

static char *read_file(const char *path)
{
	char *text = calloc(1, SCREEN_MAX);
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("%s is not there: make golden-accept writes it", path);
	if (fread(text, 1, SCREEN_MAX - 1, f) == 0)
		fail_msg("%s is empty", path);
	fclose(f);
	return text;
}

static void compare(const char *path, const char *want, const char *got)
{
	int line = 1;

	while (*want || *got) {
		size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");

		if (w != g || strncmp(want, got, w))
			fail_msg("%s:%d\n      should be |%.*s|\n      but is    |%.*s|", path, line, (int)w, want, (int)g, got);
		want += w + (want[w] == '\n');
		got += g + (got[g] == '\n');
		line++;
	}
}

void golden_check(const char *name, const char *text)
{
	char path[256], *want;

	snprintf(path, sizeof path, "tests/golden/%s.screen", name);
	if (getenv("TALLYMAN_ACCEPT")) {
		write_file(path, text);
		return;
	}
	want = read_file(path);
	compare(path, want, text);
	free(want);
}
