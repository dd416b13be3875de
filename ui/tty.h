#ifndef TALLYMAN_TTY_H
#define TALLYMAN_TTY_H
/*
 * tty.h: a person's tty: opened a second time for us alone, asked for its size, made raw and put back.
 *
 * O_NONBLOCK on the description that the shell shares would follow the person there, so ours is an own one.
 */
#include "base/err.h"

#include <termios.h>

struct tty {
	int fd;              /* -1: none; ours to close */
	struct termios was, raw;
};

/* in and out are what the program was started with. FAULT_REFUSED when they are no terminal, or it cannot be opened. */
enum fault tty_open(struct tty *t, int in, int out, struct err *err);

/* Columns and rows: what the kernel says, else $COLUMNS and $LINES, else 80 by 24; 1000 by 500 at most. */
void tty_size(const struct tty *t, int *w, int *h);

void tty_raw(const struct tty *t);  /* every byte as it comes, no echo, no signals from keys */
void tty_back(const struct tty *t); /* as it was found */
void tty_close(struct tty *t);

#endif
