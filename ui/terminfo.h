#ifndef TALLYMAN_TERMINFO_H
#define TALLYMAN_TERMINFO_H
/*
 * terminfo.h: what the terminal in use understands, by terminfo's names (terminfo(5), user_caps(5)).
 *
 * Known once painter_open has found its description. The words live until the next call.
 */
#include <stdbool.h>
#include <stddef.h>

/* A word of the terminal's, with its padding marks; "" when it has none. */
const char *terminfo_word(const char *name);

/* The same with two parameters put in; one that it does not take is left out. */
const char *terminfo_with(const char *name, int a, int b);

/* false: it has none of that name. */
bool terminfo_flag(const char *name);

/* A word without its padding marks ("$<5/>"): no terminal of today waits. Returns its length, less than room; cut where it does not fit. */
size_t terminfo_plain(char *out, size_t room, const char *word);

#endif
