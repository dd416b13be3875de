/* tallyman scores: what platforms hold a seller to, and how each account does by our own books. */
#include "cmd/session.h"
#include "trade/scores.h"

#include <string.h>

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "score", CELL_TEXT, false }, { "days", CELL_INT, false },     { "verdict", CELL_TEXT, false }, { "part", CELL_INT, false },
	{ "whole", CELL_INT, false },    { "rate_pct100", CELL_INT, true }, { "limit_pct100", CELL_INT, true }, { "better", CELL_TEXT, true }, { "room", CELL_INT, false },
	{ "cut", CELL_FLAG, true },
};

static void put_score(struct sheet *t, const struct score *x)
{
	bool rate = x->ours && !x->badge && x->whole;

	put_text(t, x->account_name);
	put_text(t, x->name);
	put_int(t, x->days);
	put_text(t, score_verdict(x));
	x->ours ? put_int(t, x->part) : put_none(t);
	x->ours && !x->badge ? put_int(t, x->whole) : put_none(t);
	rate ? put_int(t, score_rate(x)) : put_none(t);
	x->target ? put_int(t, x->target) : put_none(t);
	put_text(t, x->badge ? "badge" : x->higher ? "higher" : "lower");
	score_room(x) >= 0 ? put_int(t, score_room(x)) : put_none(t);
	put_flag(t, x->cut);
}

static enum fault print(struct session *s)
{
	struct score *x;
	int n;
	enum fault f = scores_read(s->store, s->now_ms, s->a, &x, &n, &s->err);

	sheet_table(session_sheet(s, false), "scores", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++)
		if (!s->o.words || !strcmp(s->o.word[0], x[i].account_name))
			put_score(s->sheet, &x[i]);
	return f;
}

int cmd_scores(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print(&s));
}
