#ifndef TALLYMAN_NOTICES_H
#define TALLYMAN_NOTICES_H
/*
 * notices.h: what was said on the message row. The newest stays until the next; all of them
 * are in the log (M).
 */
#include "ui/pane.h"

#include <stdint.h>

enum { NOTICES_MAX = 200 };

struct notice {
	int64_t at_ms;
	enum level level;
	char text[200];
};

struct notices {
	struct notice of[NOTICES_MAX]; /* a ring */
	int64_t said;                  /* how many ever */
	int64_t read;                  /* how many when the log was last looked at */
};

void notices_add(struct notices *n, enum level level, int64_t at_ms, const char *text);

/* The i-th newest, 0 the newest; NULL when there is none. */
const struct notice *notices_get(const struct notices *n, int i);

/* "CRIT", "WARN"; "" for what needs no word. */
const char *level_word(enum level level);
enum role level_role(enum level level);

#endif
