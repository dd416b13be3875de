#ifndef TALLYMAN_TESTS_SHELL_H
#define TALLYMAN_TESTS_SHELL_H
/*
 * shell.h: the built program at a shell, on a store with tests/cmd/world.sql in it. A case file, tests/cmd/NAME.case, is a session:
 *
 *	;; why
 *	$ tallyman orders late --json
 *	what it prints, stderr as well
 *	? 2                        its exit status, left out when it is 0
 *
 * The time is 2026-10-26T07:33:20Z and stands still; the store's folder is written as STORE. TALLYMAN_ACCEPT=1 writes what happened
 * back into the files: read the diff before you commit.
 */
#include "base/arena.h"

/* For cmocka's group: a fresh store, HOME and PATH; and its end. */
int shell_store(void **state);
int shell_drop(void **state);

/* More of a world: a file of SQL into the same store. */
void shell_more(const char *file);

/* An engine for it, in a world whose time runs from there; it stands when this returns. Ended by shell_drop. */
void shell_engine(void);

char *shell_file(struct arena *a, const char *name);

/* What a line prints, and how it ends. */
char *shell_run(struct arena *a, const char *line, int *status);

/* Play a case file, and fail at the first line that differs. */
void shell_case(const char *name);

#endif
