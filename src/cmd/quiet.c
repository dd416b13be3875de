/* tallyman quiet: when each stream was last heard, and how long a silence is normal at this hour of the week. */
#include "trade/rhythm.h"

#include "cmd/session.h"

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "stream", CELL_TEXT, false },  { "state", CELL_TEXT, false }, { "last", CELL_TIME, false }, { "silent_min", CELL_INT, false },
	{ "normal_min", CELL_INT, false }, { "rings", CELL_FLAG, false }, { "missed_milli", CELL_INT, true },
};

static enum fault print_all(struct session *s)
{
	struct quiet_row *q;
	int n = 0;
	enum fault f = quiet_all(s->store, s->now_ms, s->a, &q, &n, &s->err);

	sheet_table(session_sheet(s, false), "streams", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(s->sheet, q[i].account_name);
		put_text(s->sheet, q[i].name);
		put_text(s->sheet, q[i].state);
		put_time(s->sheet, q[i].last_ms);
		if (q[i].last_ms)
			put_int(s->sheet, (s->now_ms - q[i].last_ms) / 60000);
		else
			put_none(s->sheet);
		if (q[i].silence < 0)
			put_none(s->sheet);
		else
			put_int(s->sheet, q[i].gap_ms / 60000);
		put_flag(s->sheet, q[i].rings);
		put_int(s->sheet, q[i].silence);
	}
	return f;
}

int cmd_quiet(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 0, &s);

	return status >= 0 ? status : session_end(&s, print_all(&s));
}
