#include "ui/terminfo.h"

#include <string.h>

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>

const char *terminfo_word(const char *name)
{
	const char *s = tigetstr(name);

	return s && s != (char *)-1 ? s : "";
}

const char *terminfo_with(const char *name, int a, int b)
{
	const char *s = terminfo_word(name);

	return *s ? tiparm(s, a, b) : s;
}

bool terminfo_flag(const char *name)
{
	return tigetflag(name) == 1;
}

size_t terminfo_plain(char *out, size_t room, const char *s)
{
	size_t n = 0;

	while (*s && n + 1 < room) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			out[n++] = *s++;
	}
	out[n] = '\0';
	return n;
}
