#ifndef TALLYMAN_HOME_H
#define TALLYMAN_HOME_H
/*
 * home.h: the folders where a person's own files are, by the XDG Base Directory Specification 0.8.
 */
#include <stdbool.h>
#include <stddef.h>

enum home {
	HOME_CONFIG, /* $XDG_CONFIG_HOME/tallyman, else ~/.config/tallyman */
	HOME_DATA,   /* $XDG_DATA_HOME/tallyman, else ~/.local/share/tallyman */
	HOME_STATE,  /* $XDG_STATE_HOME/tallyman, else ~/.local/state/tallyman */
};

/*
 * The folder, without a slash at its end; it need not be there. false: neither variable says where, or it has more than
 * cap - 1 bytes; out is empty then. There is no folder to fall back on: a guessed one could be anybody's.
 */
bool home_of(enum home which, char *out, size_t cap);

#endif
