#ifndef TALLYMAN_CMD_LISTS_H
#define TALLYMAN_CMD_LISTS_H
/*
 * lists.h: the lists that more than one command prints: its own, and each that acts on a row of it and was typed without saying which.
 */
#include "cmd/session.h"

enum fault accounts_print(struct session *s, const char *name); /* NULL: all (account.c) */
enum fault attempts_print(struct session *s, int64_t account);  /* 0: of all (find.c) */
enum fault failures_print(struct session *s);                   /* failures.c */
bool failure_named(const char *word, bool *is_job, int64_t *id); /* "job:12", "inbox:7" */
enum fault incidents_print(struct session *s);                  /* incidents.c */
enum fault lapses_print(struct session *s, const char *account, bool platform); /* NULL: of all; platform: only outages (lapse.c) */

/* What is held at zero, waits for a word, or both (zero.c). */
enum { ZEROS_HELD = 1, ZEROS_PROPOSED = 2, ZEROS_ALL = 7 };
enum fault zeros_print(struct session *s, unsigned kinds);

#endif
