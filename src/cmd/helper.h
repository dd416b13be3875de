#ifndef TALLYMAN_HELPER_H
#define TALLYMAN_HELPER_H
/*
 * helper.h: what may hang for ever is done in a child.
 *
 * A process that waits for a disk that does not answer hears no signal, not even its own alarm. So whoever must answer all the same touches no file: a child does,
 * says what it found through a pipe, and is left behind when it does not.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct helper {
	pid_t pid; /* -1: none could be made */
	int fd;    /* what it says is read here */
};

/* As fork: true in the child, which writes to *say and ends with exit. It dies with its parent. */
bool helper_fork(struct helper *h, int *say);

/* Exactly n bytes of what it says; false: it ended before, or was silent for so many milliseconds. */
bool helper_hear(const struct helper *h, void *out, size_t n, int ms);

/* Its exit status once it has ended; -1: it has not within so many milliseconds, was killed by something, or could not be made. It is killed, and nobody waits for that. */
int helper_end(struct helper *h, int ms);

#endif
