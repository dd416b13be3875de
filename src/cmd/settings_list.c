/* tallyman settings: what holds, and which line says so. */
#include "cmd/session.h"
#include "trade/in_force.h"

static const struct column columns[] = {
	{ "section", CELL_TEXT, false }, { "key", CELL_TEXT, false },        { "value", CELL_TEXT, false }, { "usual", CELL_TEXT, false },
	{ "source", CELL_TEXT, false },  { "file_says", CELL_TEXT, true }, { "help", CELL_TEXT, true },
};

static enum fault print(struct session *s)
{
	struct sheet *t = session_sheet(s, false);
	const char *file = *s->set.config_file ? s->set.config_file : NULL;
	struct in_force *row;
	int n;
	enum fault f = in_force_read(s->store, file, s->o.words ? s->o.word[0] : NULL, s->a, &row, &n, &s->err);

	sheet_table(t, "settings", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(t, row[i].section);
		put_text(t, row[i].key);
		put_text(t, row[i].value);
		put_text(t, row[i].usual);
		put_text(t, row[i].source);
		put_text(t, row[i].file_says);
		put_text(t, row[i].help);
	}
	return f;
}

int cmd_settings(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print(&s));
}
