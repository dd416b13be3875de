/* The manual is held to the program: what the program knows stands in data/tallyman.1, and what stands there the program knows. */
#include "shell.h"

#include "trade/views.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Its text without roff's escapes. */
static char *manual(struct arena *a)
{
	const char *p = shell_file(a, "data/tallyman.1");
	struct buf b = buf_new(a);

	for (; *p; p++) {
		if (!strncmp(p, "\\(dq", 4) || !strncmp(p, "\\(aq", 4)) {
			buf_putc(&b, p[2] == 'd' ? '"' : '\'');
			p += 3;
		} else if (*p != '\\') {
			buf_putc(&b, *p);
		}
	}
	return b.p;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Does it stand there as a word of its own? */
static bool says(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; (p = strstr(p, word)); p++)
		if ((p == text || !in_word(p[-1])) && !in_word(p[n]))
			return true;
	return false;
}

static void it_has_every_command_and_option(void **state)
{
	struct arena *a = arena_new();
	const char *man = manual(a), *at = strstr(man, ".SH OPTIONS"), *described = arena_strndup(a, at, (size_t)(strstr(at, ".SH OUTPUT") - at));
	char *list = shell_run(a, "tallyman help | sed -n 's/^  \\([a-z]*\\) .*/\\1/p'", &(int){ 0 }), *name, *rest;
	int options = 0;

	(void)state;
	for (name = strtok_r(list, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest)) {
		/* sandbox has words of its own, in its own usage */
		char *said = shell_run(a, arena_printf(a, "tallyman help %s 2>&1; tallyman %s --nothing-like-it 2>&1", name, name), &(int){ 0 });

		if (!says(man, arena_printf(a, "tallyman %s", name)))
			fail_msg("the manual does not have tallyman %s", name);
		for (char *p = said; (p = strstr(p, "--")); options++) {
			char option[40];

			snprintf(option, sizeof option, "%.*s", (int)(2 + strspn(p + 2, "abcdefghijklmnopqrstuvwxyz-")), p);
			p += strlen(option);
			if (strcmp(option, "--") && strcmp(option, "--nothing-like-it") && !says(described, option))
				fail_msg("the manual does not describe %s of tallyman %s", option, name);
		}
	}
	assert_true(options > 100);
	arena_free(a);
}

static void it_has_no_command_that_is_not_there(void **state)
{
	struct arena *a = arena_new();
	const char *man = manual(a), *at = strstr(man, ".SH COMMANDS"), *end = strstr(at, ".SH OPTIONS");
	char *list = shell_run(a, "tallyman help", &(int){ 0 });
	int n = 0;

	(void)state;
	for (const char *p = at; (p = strstr(p, ".BR \"tallyman ")) && p < end; n++) {
		char name[32];

		p += strlen(".BR \"tallyman ");
		snprintf(name, sizeof name, "%.*s", (int)strcspn(p, "\""), p);
		if (!strstr(list, arena_printf(a, "\n  %s ", name)))
			fail_msg("the manual has tallyman %s, the program does not", name);
	}
	assert_true(n > 30);
	arena_free(a);
}

static void check_language(const char *man, const char *section, const struct filter_language *lang)
{
	struct arena *a = arena_new();
	const char *columns = strstr(man, arena_printf(a, ".SS Columns of %s", section));
	const char *words = strstr(man, arena_printf(a, ".SS Words of %s", section));

	assert_non_null(columns);
	assert_non_null(words);
	for (const struct filter_column *c = lang->column; c->name; c++)
		if (!strstr(columns, arena_printf(a, "\n.B %s\n", c->name)) || !strstr(columns, c->help))
			fail_msg("the manual does not have the column %s of %s, or not its meaning: %s", c->name, section, c->help);
	for (const struct filter_word *w = lang->word; w->name; w++)
		if (!strstr(words, arena_printf(a, "\n.B %s\n%s\n", w->name, w->help)))
			fail_msg("the manual does not have the word %s of %s, or not its meaning: %s", w->name, section, w->help);
	arena_free(a);
}

static void it_has_the_filter_language(void **state)
{
	struct arena *a = arena_new();
	const char *man = manual(a);

	(void)state;
	check_language(man, "orders", &order_language);
	check_language(man, "drift", &drift_language);
	for (int s = 0; s < ORDER_SORTS; s++)
		assert_true(says(man, order_sort_name((enum order_sort)s)));
	for (int s = 0; s < DRIFT_SORTS; s++)
		assert_true(says(man, drift_sort_name((enum drift_sort)s)));
	arena_free(a);
}

static void it_has_every_column_that_is_printed(void **state)
{
	static const char *const commands[] = { "orders", "order 305-441", "stock", "stock SKU-0042", "drift", "failures", "jobs", "alerts", "incident", "incident I-7", "quiet", "since 2020-01-01T00:00:00Z", "hooks", "health", "messages", "channels",
		                                "find 305-441", "attempts", "explain SKU-0042", "timeline SKU-0042", "audit verify", "account", "doctor",
		                                "ack 305-441", "places", "conflicts", "policy SKU-0042", "plan alloc.reserve=1", "whatif", "advise --all", "map kits" };
	struct arena *a = arena_new();
	const char *man = manual(a), *columns = strstr(man, ".SS Columns\n");
	int n = 0;

	(void)state;
	assert_non_null(columns);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		/* the keys of its JSON */
		char *keys = shell_run(a, arena_printf(a, "tallyman %s --json | grep -o '\"[^\"]*\":' | tr -d '\":'", commands[i]), &(int){ 0 }), *rest;

		for (char *k = strtok_r(keys, "\n", &rest); k; k = strtok_r(NULL, "\n", &rest), n++)
			if (strchr(k, ' ') || (!says(columns, k) && !says(man, k)))
				fail_msg("tallyman %s prints %s, which the manual does not have", commands[i], k);
	}
	assert_true(n > 200);
	arena_free(a);
}

/* Cards and routines name commands: what they tell to type is understood. What has a word in capitals is to be filled in first. */
static void what_people_are_told_to_type_is_a_command(void **state)
{
	struct arena *a = arena_new();
	char *list = shell_run(a, "grep -oh 'tallyman [a-z][^,;\"]*' data/runbooks.csv data/tasks.csv | sort -u | grep -v '[A-Z]'", &(int){ 0 }), *rest;
	int n = 0;

	(void)state;
	for (char *line = strtok_r(list, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), n++) {
		char *said = shell_run(a, arena_printf(a, "%s 2>&1 </dev/null", line), &(int){ 0 });

		if (strstr(said, "Nothing was done") || strstr(said, "there is no "))
			fail_msg("people are told to type %s, which says\n%s", line, said);
	}
	assert_true(n > 8);
	arena_free(a);
}

static void it_has_no_mistake_that_groff_sees(void **state)
{
	struct arena *a = arena_new();
	int status;
	char *said = shell_run(a, "command -v groff >/dev/null || exit 77; groff -man -ww -Tascii data/tallyman.1 2>&1 >/dev/null", &status);

	(void)state;
	if (status == 77)
		skip();
	assert_string_equal(said, "");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_every_command_and_option),
		cmocka_unit_test(it_has_no_command_that_is_not_there),
		cmocka_unit_test(it_has_the_filter_language),
		cmocka_unit_test(it_has_every_column_that_is_printed),
		cmocka_unit_test(what_people_are_told_to_type_is_a_command),
		cmocka_unit_test(it_has_no_mistake_that_groff_sees),
	};

	return cmocka_run_group_tests(tests, shell_store, shell_drop);
}
