#ifndef TALLYMAN_WATCH_H
#define TALLYMAN_WATCH_H
/*
 * watch.h: telling systemd that the engine stands, lives and ends, so that a hung one is ended and begun again.
 *
 * The protocol of sd_notify(3): one datagram of words to the socket that NOTIFY_SOCKET names. Started by hand there is
 * none, and everything here does nothing.
 */
#include <stdint.h>

struct watch {
	int fd;           /* -1: nobody watches */
	int64_t every_ms; /* say that we live this often, 0: never */
	int64_t next_ms;
};

/* Reads NOTIFY_SOCKET and WATCHDOG_USEC, and takes them out of the environment: children are not watched. */
struct watch watch_open(void);
void watch_ready(struct watch *w, int64_t now_ms);

/* Once a turn: tells it when half the time that systemd waits has passed. Returns when to be called again. */
int64_t watch_alive(struct watch *w, int64_t now_ms);
void watch_close(struct watch *w); /* says that we end on purpose */

#endif
