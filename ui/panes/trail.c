#include "ui/panes/trail.h"

#include "ui/panes/all.h"
#include "ui/panes/words.h"

const struct board_column pair_columns[2] = {
	{ NULL, 10, 11, 0, ALIGN_LEFT, ROOM_TINY },
	{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
};

void trail_lead(struct board_line *l, struct arena *a, int64_t attempt)
{
	if (attempt <= 0)
		return;
	l->open = &pane_attempt;
	l->subject = arena_printf(a, "%lld", (long long)attempt);
}

struct board_line *trail_pair(struct board_block *b, const char *name, enum role role, const char *value)
{
	return LINE(b, bit(ROLE_KEY, name), bit(role, value));
}

/* Who it was stands in its own column where the story has the whole width. */
struct board_block *trail_events(const struct pane *p, struct board *b, const char *title, const struct event *e, int n, bool who)
{
	static const struct board_column column[] = {
		{ NULL, 14, 14, 14, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	}, with_who[] = {
		{ NULL, 14, 16, 14, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 26, 30, 23, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 16, 20, 0, ALIGN_LEFT, ROOM_FULL },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct arena *a = b->arena;
	struct board_block *block = board_block(b, title, arena_printf(a, "%d event%s", n, n == 1 ? "" : "s"), who ? with_who : column, who ? 4 : 2);

	for (int i = 0; i < n; i++) {
		struct bit when = bit(ROLE_FG, say_clock(p, a, e[i].at_ms)), detail = bit(ROLE_FG, e[i].detail);
		const char *both = arena_printf(a, "%s%s%s", e[i].what, *e[i].detail ? "   " : "", e[i].detail);
		struct board_line *l = who ? LINE(block, when, bit(ROLE_VALUE, e[i].what), bit(ROLE_MUTED, e[i].actor), detail)
		                           : LINE(block, when, bit(ROLE_VALUE, both));

		l->key = arena_printf(a, "%lld %s", (long long)e[i].at_ms, e[i].what);
		trail_lead(l, a, e[i].attempt_id);
	}
	return block;
}

struct board_block *trail_terms(const struct pane *p, struct board *b, const char *title, const struct term *t, int n)
{
	static const struct board_column column[] = {
		{ NULL, 26, 30, 20, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 20, 22, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 6, 7, 0, ALIGN_RIGHT, ROOM_FULL },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct arena *a = b->arena;
	struct board_block *block = board_block(b, title, "Enter: the reply behind it", column, 4);

	for (int i = 0; i < n; i++) {
		const char *age = t[i].at_ms && t[i].at_ms <= p->now_ms ? say_age(p, a, t[i].at_ms) : "";
		struct board_line *l = LINE(block, bit(ROLE_KEY, t[i].name), bit(ROLE_VALUE, t[i].value), bit(ROLE_MUTED, age),
		                            bit(ROLE_FG, t[i].origin));

		l->key = t[i].name;
		trail_lead(l, a, t[i].attempt_id);
	}
	return block;
}
