#ifndef TALLYMAN_PARTING_H
#define TALLYMAN_PARTING_H
/*
 * parting.h: a terminal is put back as it was however the process ends: by a crash, by abort, by an exit nobody thought of.
 *
 * The only state of the console that is not passed on, for a signal handler is handed nothing. It is written before the
 * handlers are set and only read by them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { PARTING_MAX = 256 };

/* From now on: write the bytes (PARTING_MAX at most) to fd and give it these modes. Once a process at a time. */
void parting_arm(int fd, const struct termios *was, const char *bytes, size_t n);

/* The terminal was put back already, or (on) is ours again. */
void parting_watch(bool on);

/* The terminal is closed: signals do again what they did before. */
void parting_disarm(void);

#endif
