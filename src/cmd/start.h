#ifndef TALLYMAN_START_H
#define TALLYMAN_START_H
/*
 * start.h: this program again, as a process of its own that outlives the terminal.
 */
#include <stdbool.h>
#include <sys/types.h>

/*
 * Start it with other words, its output appended to the file log. The child keeps the descriptor `keep` (-1: none: a lock that
 * lives as long as it does) and writes one byte to descriptor 3 when it stands. Returns the end to read that from, -1 on failure.
 */
int start_detached(const char *const argv[], const char *log, int keep, pid_t *pid);

/* Wait for that byte, 30 s at most; closes fd. false: it died, or was never started. */
bool start_stands(int fd);

/* Does this program know the channel? (channels/ and sandbox/ call different things by the same names, so no file includes both.) */
bool start_speaks(const char *channel);

#endif
