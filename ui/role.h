#ifndef TALLYMAN_ROLE_H
#define TALLYMAN_ROLE_H
/*
 * role.h: what a cell means. Code names a role, a theme gives it a look.
 *
 * No meaning rests on a look alone: a word or a sign (CRIT, stale, >, *) says the same,
 * so a screen in two colours loses nothing.
 */

enum role {
	ROLE_FG,
	ROLE_BG,
	ROLE_TITLE,
	ROLE_TAB,
	ROLE_TAB_CUR,
	ROLE_STRIP,
	ROLE_CURSOR,
	ROLE_MARK,
	ROLE_CRIT,
	ROLE_WARN,
	ROLE_OK,
	ROLE_STALE,
	ROLE_MUTED,
	ROLE_KEY,
	ROLE_VALUE,
	ROLE_BAR_FULL,
	ROLE_BAR_EMPTY,
	ROLE_SPARK,
	ROLE_AXIS,
	ROLE_LIMIT,
	ROLE_BORDER,
	ROLE_PROMPT,
	ROLE_ERROR,
	ROLE_RO,
	ROLE_ARMED,
	ROLE_DIFF_ADD,
	ROLE_DIFF_DEL,
	ROLE_LINK,
	ROLES
};

/* "tab_cur": the word of theme files. */
const char *role_name(enum role role);

/* The other way round; ROLES when it is no role's name. */
enum role role_from_name(const char *name);

/* One letter for golden frames, different for each role; a space is ROLE_BG, a point ROLE_FG. */
char role_letter(enum role role);

#endif
