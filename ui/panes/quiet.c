/*
 * Why is it quiet? Each stream of each account: when it was last heard, and how long a silence is normal at this hour of the week.
 */
#include "trade/rhythm.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

struct quiet_pane {
	struct board_pane base; /* first */
};

static struct word say_quiet(const struct quiet_row *q)
{
	bool silent = !strcmp(q->state, "SILENT");

	if (silent)
		return q->rings ? (struct word){ ROLE_CRIT, "CRIT silent" } : (struct word){ ROLE_WARN, "WARN silent" };
	return (struct word){ !strcmp(q->state, "ok") ? ROLE_OK : !strcmp(q->state, "quiet") ? ROLE_WARN : ROLE_MUTED, !strcmp(q->state, "quiet") ? "WARN quiet" : q->state };
}

static enum fault quiet_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 13, 18, 11, ALIGN_LEFT, ROOM_TINY }, { "stream", 17, 22, 15, ALIGN_LEFT, ROOM_TINY }, { "state", 11, 13, 0, ALIGN_LEFT, ROOM_TINY },
		{ "last", 10, 12, 0, ALIGN_LEFT, ROOM_COMPACT },  { "silent", 8, 9, 0, ALIGN_RIGHT, ROOM_FULL },    { "normal", 8, 9, 0, ALIGN_RIGHT, ROOM_FULL },
	};
	struct quiet_pane *v = p->self;
	struct board_block *b;
	struct quiet_row *q;
	int n;

	v->base.board = board_new(facts);
	if (quiet_all(s, p->now_ms, facts, &q, &n, err))
		return err->fault;
	b = board_block(&v->base.board, "Streams", "silence against the same hour of past weeks", column, 6);
	b->clip = true;
	for (int i = 0; i < n; i++) {
		struct word state = say_quiet(&q[i]);
		struct board_line *l = LINE(b, bit(ROLE_FG, q[i].account_name), bit(ROLE_VALUE, q[i].name), bit(state.role, state.text), bit(ROLE_FG, say_time(p, facts, q[i].last_ms)),
		                            bit(ROLE_FG, q[i].last_ms ? say_span(facts, p->now_ms - q[i].last_ms) : "-"), bit(ROLE_MUTED, q[i].silence < 0 ? "-" : say_span(facts, q[i].gap_ms)));

		l->open = &pane_channel;
		l->subject = arena_printf(facts, "%lld", (long long)q[i].account);
		l->key = arena_printf(facts, "%s %s", q[i].account_name, q[i].name);
	}
	if (!n)
		LINE(b, bit(ROLE_MUTED, "nothing was heard yet"));
	snprintf(v->base.strip, sizeof v->base.strip, "Why is it quiet?");
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

const struct pane_type pane_quiet = {
	.name = "quiet",
	.help = "Why is it quiet? Orders as buyers place them, each kind of read that was understood and of write that was taken: when it was last heard, and how long a silence "
	        "is normal at this hour of the week, by the last four. Past that it is quiet; twelve events missed ring. A write, or a read that is made when there is a reason, "
	        "may have nothing to say: its silence rings nothing.",
	.where = WHERE_DETAILS | WHERE_ENGINE,
	.size = sizeof(struct quiet_pane),
	.says = "why is it quiet",
	.keys = (const enum act[]){ ACT_OPEN, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = quiet_load,
	BOARD_PANE,
};
