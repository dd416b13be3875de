#include "ui/input.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int32_t key;
} named[] = {
	{ "Up", K_UP },       { "Down", K_DOWN },           { "Left", K_LEFT },     { "Right", K_RIGHT }, { "Home", K_HOME },
	{ "End", K_END },     { "PgUp", K_PGUP },           { "PgDn", K_PGDN },     { "Ins", K_INS },     { "Del", K_DEL },
	{ "Enter", K_ENTER }, { "Backspace", K_BACKSPACE }, { "S-Tab", K_BACKTAB }, { "Tab", K_TAB },     { "Esc", K_ESC },
	{ "Space", K_SPACE }, { "Bar", '|' },               { "Semicolon", ';' },
};

int32_t key_parse(const char *name)
{
	int n;
	int64_t f;
	uint32_t c;

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (!strcmp(named[i].name, name))
			return named[i].key;
	if (name[0] == 'F' && name[1] && text_int(name + 1, 1, 12, &f))
		return K_F0 + (int32_t)f;
	if (name[0] == '^' && name[1] >= 'A' && name[1] <= '_' && !name[2])
		return K_CTRL(name[1]);
	c = text_next(name, &n);
	return !*name || name[n] || c < 0x21 || c == 0x7f || (c == 0xfffd && n == 1) ? K_NONE : (int32_t)c;
}

int key_utf8(int32_t key, char *out)
{
	uint32_t c = key < 0 || key >= K_NAMED || (key >= 0xd800 && key < 0xe000) ? 0xfffd : (uint32_t)key;
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	out[0] = (char)(lead[more] | c >> (6 * more));
	for (int i = 1; i <= more; i++)
		out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3f));
	out[more + 1] = '\0';
	return more + 1;
}

void key_label(int32_t key, char *out)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		if (named[i].key == key && key != '|' && key != ';') {
			snprintf(out, 16, "%s", named[i].name);
			return;
		}
	}
	if (key > K_F0 && key <= K_F12)
		snprintf(out, 16, "F%d", (int)(key - K_F0));
	else if (key > 0 && key < 0x20)
		snprintf(out, 16, "^%c", (char)(key + '@'));
	else if (key >= 0x20 && key < 0x7f)
		snprintf(out, 16, "%c", (char)key);
	else
		key_utf8(key, out);
}
