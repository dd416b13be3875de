#include "ui/notices.h"

#include <stdio.h>

void notices_add(struct notices *n, enum level level, int64_t at_ms, const char *text)
{
	struct notice *new = &n->of[n->said++ % NOTICES_MAX];

	new->at_ms = at_ms;
	new->level = level;
	snprintf(new->text, sizeof new->text, "%s", text);
}

const struct notice *notices_get(const struct notices *n, int i)
{
	return i < 0 || i >= n->said || i >= NOTICES_MAX ? NULL : &n->of[(n->said - 1 - i) % NOTICES_MAX];
}

const char *level_word(enum level level)
{
	return level == LEVEL_CRIT ? "CRIT" : level == LEVEL_WARN ? "WARN" : "";
}

enum role level_role(enum level level)
{
	return level == LEVEL_CRIT ? ROLE_CRIT : level == LEVEL_WARN ? ROLE_WARN : level == LEVEL_OK ? ROLE_OK : ROLE_FG;
}
