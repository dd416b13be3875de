/* Bytes to keys: split, hostile, pasted, and never a key that nobody pressed. */
#include "ui/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct bytes_case {
	const char *why, *bytes, *want; /* want: the keys' names with spaces, a paste as <text> */
};

static const struct bytes_case cases[] = {
	{ "letters are themselves", "jk", "j k" },
	{ "control keys", "\006\014\032", "^F ^L ^Z" },
	{ "Enter, however it is sent", "\r\n", "Enter Enter" },
	{ "both backspaces", "\x7f\b", "Backspace Backspace" },
	{ "UTF-8", "\u00e9\u5bff", "\u00e9 \u5bff" },
	{ "a broken byte is no key", "\xff\xc0j", "j" },
	{ "C1 controls are no keys", "\xc2\x9bj", "j" },
	{ "arrows of xterm", "\033[A\033[B", "Up Down" },
	{ "arrows in application mode", "\033OC\033OD", "Right Left" },
	{ "arrows with modifiers", "\033[1;5A", "Up" },
	{ "Home and End, all ways", "\033[H\033[1~\033[7~\033OF\033[4~", "Home Home Home End End" },
	{ "pages", "\033[5~\033[6~", "PgUp PgDn" },
	{ "function keys of xterm", "\033OP\033OS\033[15~\033[21~\033[24~", "F1 F4 F5 F10 F12" },
	{ "function keys of PuTTY", "\033[11~\033[14~", "F1 F4" },
	{ "function keys of the Linux console", "\033[[A\033[[E", "F1 F5" },
	{ "Shift-Tab", "\033[Z", "S-Tab" },
	{ "Esc and a letter in one breath are two keys", "\033j", "Esc j" },
	{ "Esc Esc", "\033\033", "Esc Esc" },
	{ "focus reports are swallowed", "\033[I\033[Oj", "j" },
	{ "an answer to a question nobody asked", "\033[?64;1;2cj", "j" },
	{ "a colour report", "\033]11;rgb:0000/0000/0000\033\\j", "j" },
	{ "the same ended by a bell", "\033]11;rgb:0000/0000/0000\007j", "j" },
	{ "a device string", "\033P>|xterm(3)\033\\j", "j" },
	{ "an unknown sequence is swallowed whole", "\033[27;5;100~j", "j" },
	{ "an old mouse report", "\033[M !!j", "j" },
	{ "a click is no key", "\033[<0;10;5Mj", "click(9,4,0) j" },
	{ "the wheel", "\033[<64;1;1M\033[<65;1;1M", "click(0,0,-1) click(0,0,1)" },
	{ "a release says nothing", "\033[<0;10;5mj", "j" },
	{ "a paste is one input", "\033[200~rm -rf\rq\033[201~j", "<rm -rf\rq> j" },
	{ "with escape sequences inside", "\033[200~a\033[Ab\033[201~", "<a\033[Ab>" },
	{ "the end of a paste that never began", "\033[201~j", "j" },
	{ "the terminal's own sequence", "\033[33~j", "F9 j" },
};

static void put(char *out, const struct input *in)
{
	char name[16];

	if (*out)
		strcat(out, " ");
	if (in->kind == INPUT_PASTE)
		sprintf(out + strlen(out), "<%.*s>", (int)in->n, in->text);
	else if (in->kind == INPUT_CLICK)
		sprintf(out + strlen(out), "click(%d,%d,%d)", in->x, in->y, in->wheel);
	else
		strcat(out, (key_label(in->key, name), name));
}

static void feed(const char *bytes, size_t step, char *out)
{
	struct decoder *d = decoder_new();
	struct input in;
	size_t n = strlen(bytes);

	*out = '\0';
	decoder_learn(d, "\033[33~", K_F0 + 9);
	for (size_t i = 0; i < n; i += step) {
		decoder_add(d, bytes + i, n - i < step ? n - i : step, 1000);
		while (decoder_next(d, 1000, &in))
			put(out, &in);
	}
	while (decoder_next(d, 3000, &in))
		put(out, &in);
	assert_false(decoder_next(d, 9000, &in));
	assert_int_equal(decoder_due_ms(d), -1);
	decoder_free(d);
}

static void however_the_bytes_are_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t step = 1; step < 40; step++) {
			char out[512];

			feed(cases[i].bytes, step, out);
			if (strcmp(out, cases[i].want))
				fail_msg("%s, %zu bytes at a time: %s", cases[i].why, step, out);
		}
}

static void a_lone_esc_waits_25_ms(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;

	(void)state;
	decoder_add(d, "\033", 1, 1000);
	assert_false(decoder_next(d, 1000, &in));
	assert_int_equal(decoder_due_ms(d), 1025);
	assert_false(decoder_next(d, 1024, &in));
	assert_true(decoder_next(d, 1025, &in));
	assert_int_equal(in.key, K_ESC);
	assert_int_equal(decoder_due_ms(d), -1);
	decoder_free(d);
}

static void an_arrow_split_by_the_network_is_still_one(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;

	(void)state;
	decoder_add(d, "\033[", 2, 1000);
	assert_false(decoder_next(d, 1300, &in)); /* an A alone would acknowledge an alert */
	decoder_add(d, "A", 1, 1400);
	assert_true(decoder_next(d, 1400, &in));
	assert_int_equal(in.key, K_UP);
	decoder_free(d);
}

static void a_paste_without_an_end_is_ended(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;

	(void)state;
	decoder_add(d, "\033[200~abc", 9, 1000);
	assert_false(decoder_next(d, 1000, &in));
	assert_int_equal(decoder_due_ms(d), 2000);
	assert_true(decoder_next(d, 2000, &in));
	assert_int_equal(in.kind, INPUT_PASTE);
	assert_int_equal(in.n, 3);
	decoder_add(d, "j", 1, 2100);
	assert_false(decoder_next(d, 2100, &in)); /* of the paste, or of a person? */
	assert_int_equal(decoder_due_ms(d), 2125);
	assert_true(decoder_next(d, 2125, &in));
	assert_int_equal(in.key, 'j');
	decoder_free(d);
}

/* Its rest comes after a stall: none of it is a key, up to its end; after that, or after a key alone, keys are keys. */
static void the_rest_of_a_paste_that_stalled_is_no_keys(void **state)
{
	static const struct {
		const char *sentence, *rest[3], *want;
	} rests[] = {
		{ "a whole rest", { "A ac\r\033[201~", "j" }, "j" },
		{ "in pieces", { "A ac", "\r A\033[20", "1~j" }, "j" },
		{ "letter by letter", { "A", "c", "\r\033[201~" }, "" },
		{ "with a key right behind its end", { "A ac\r\033[201~j" }, "j" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
		struct decoder *d = decoder_new();
		struct input in;
		char got[200] = "";
		int64_t now = 3000;

		decoder_add(d, "\033[200~abc", 9, 1000);
		while (decoder_next(d, 2000, &in))
			;
		for (int k = 0; k < 3 && rests[i].rest[k]; k++, now += 5) {
			decoder_add(d, rests[i].rest[k], strlen(rests[i].rest[k]), now);
			while (decoder_next(d, now, &in))
				put(got, &in);
		}
		while (decoder_next(d, now + 1000, &in))
			put(got, &in);
		if (strcmp(got, rests[i].want))
			fail_msg("%s: \"%s\" for \"%s\"", rests[i].sentence, got, rests[i].want);
		decoder_free(d);
	}
}

static void a_huge_paste_is_cut_and_still_no_key(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;
	char block[1000];

	(void)state;
	memset(block, 'q', sizeof block);
	decoder_add(d, "\033[200~", 6, 0);
	for (int i = 0; i < 100; i++) {
		assert_false(decoder_next(d, 0, &in));
		decoder_add(d, block, sizeof block, 0);
	}
	assert_false(decoder_next(d, 0, &in));
	decoder_add(d, "\033[201~", 6, 0);
	assert_true(decoder_next(d, 0, &in));
	assert_int_equal(in.n, DECODE_PASTE_MAX);
	assert_false(decoder_next(d, 0, &in));
	decoder_free(d);
}

static void flush_forgets_everything(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;

	(void)state;
	decoder_add(d, "ship 3\r\033[200~x", 15, 0);
	assert_true(decoder_next(d, 0, &in));
	assert_int_equal(in.burst, 15);
	decoder_flush(d);
	assert_false(decoder_next(d, 5000, &in));
	decoder_free(d);
}

static void rubbish_never_hangs_nor_crashes(void **state)
{
	struct decoder *d = decoder_new();
	struct input in;
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char bytes[7];

		for (size_t k = 0; k < sizeof bytes; k++) {
			seed = seed * 1664525 + 1013904223;
			bytes[k] = seed >> 29 ? (char)(seed >> 16) : "\033[<;M~O"[seed >> 20 & 7];
		}
		decoder_add(d, bytes, sizeof bytes, i);
		while (decoder_next(d, i, &in))
			assert_true(in.kind != INPUT_KEY || in.key != K_NONE);
	}
	decoder_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(however_the_bytes_are_cut),
		cmocka_unit_test(a_lone_esc_waits_25_ms),
		cmocka_unit_test(an_arrow_split_by_the_network_is_still_one),
		cmocka_unit_test(a_paste_without_an_end_is_ended),
		cmocka_unit_test(the_rest_of_a_paste_that_stalled_is_no_keys),
		cmocka_unit_test(a_huge_paste_is_cut_and_still_no_key),
		cmocka_unit_test(flush_forgets_everything),
		cmocka_unit_test(rubbish_never_hangs_nor_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
