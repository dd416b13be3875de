#ifndef TALLYMAN_OUTFLOW_H
#define TALLYMAN_OUTFLOW_H
/*
 * outflow.h: bytes on their way to a tty, which takes them when it can.
 *
 * Nobody waits for a line: what it does not take now stays here for the next time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outflow {
	char *bytes;
	size_t n, at, room; /* at: taken so far */
	int64_t sent;       /* bytes taken since the beginning: what a line pays */
};

/* To the end of what waits. */
void outflow_add(struct outflow *o, const char *bytes, size_t n);

/* Where n more bytes may be put; they count from the next outflow_put on. */
char *outflow_room(struct outflow *o, size_t n);
void outflow_put(struct outflow *o, size_t n);

/* Send what fd, which is non-blocking, takes now. false: the line is gone. */
bool outflow_send(struct outflow *o, int fd);

/* Is there something that was not taken yet? */
bool outflow_waits(const struct outflow *o);

void outflow_free(struct outflow *o);

#endif
