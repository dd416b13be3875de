#ifndef TALLYMAN_CLIPBOARD_H
#define TALLYMAN_CLIPBOARD_H
/*
 * clipboard.h: a person's clipboard, through tmux.
 *
 * Inside tmux the escape sequence that sets a clipboard is swallowed by its default configuration; `tmux load-buffer
 * -w` reaches the terminal outside. Measured with tmux 3.3a.
 */
#include <stdbool.h>

/* false: this is no tmux, or it did not take the text within a second. */
bool clipboard_tmux(const char *text);

#endif
