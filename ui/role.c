#include "ui/role.h"

#include <string.h>

static const struct {
	const char *name;
	char letter;
} roles[ROLES] = {
	[ROLE_FG] = { "fg", '.' },
	[ROLE_BG] = { "bg", ' ' },
	[ROLE_TITLE] = { "title", 'T' },
	[ROLE_TAB] = { "tab", 't' },
	[ROLE_TAB_CUR] = { "tab_cur", 'U' },
	[ROLE_STRIP] = { "strip", 's' },
	[ROLE_CURSOR] = { "cursor", '>' },
	[ROLE_MARK] = { "mark", '*' },
	[ROLE_CRIT] = { "crit", 'C' },
	[ROLE_WARN] = { "warn", 'W' },
	[ROLE_OK] = { "ok", 'o' },
	[ROLE_STALE] = { "stale", 'S' },
	[ROLE_MUTED] = { "muted", 'm' },
	[ROLE_KEY] = { "key", 'k' },
	[ROLE_VALUE] = { "value", 'v' },
	[ROLE_BAR_FULL] = { "bar_full", '#' },
	[ROLE_BAR_EMPTY] = { "bar_empty", '-' },
	[ROLE_SPARK] = { "spark", '~' },
	[ROLE_AXIS] = { "axis", 'x' },
	[ROLE_LIMIT] = { "limit", 'L' },
	[ROLE_BORDER] = { "border", '+' },
	[ROLE_PROMPT] = { "prompt", 'p' },
	[ROLE_ERROR] = { "error", 'E' },
	[ROLE_RO] = { "ro", 'R' },
	[ROLE_ARMED] = { "armed", 'A' },
	[ROLE_DIFF_ADD] = { "diff_add", 'a' },
	[ROLE_DIFF_DEL] = { "diff_del", 'd' },
	[ROLE_LINK] = { "link", 'l' },
};

const char *role_name(enum role role)
{
	return roles[role].name;
}

enum role role_from_name(const char *name)
{
	for (enum role r = 0; r < ROLES; r++)
		if (!strcmp(roles[r].name, name))
			return r;
	return ROLES;
}

char role_letter(enum role role)
{
	return roles[role].letter;
}
