/* tallyman audit verify: does the chain of who did what still hold? */
#include "cmd/session.h"
#include "trade/audit.h"

#include <string.h>

static const struct column columns[] = {
	{ "result", CELL_TEXT, false },
	{ "rows", CELL_INT, false },
	{ "head", CELL_TEXT, false }, /* to be written down elsewhere, and given back as --head */
};

static enum fault verify(struct session *s)
{
	struct sheet *t;
	char head[65];
	int64_t rows;
	enum fault f = audit_verify(s->store, s->o.rows, s->o.head, &rows, head, &s->err);

	if (f)
		return f;
	t = session_sheet(s, false);
	sheet_record(t, "audit", COLUMNS(columns));
	put_text(t, "unbroken");
	put_int(t, rows);
	put_text(t, head);
	return OK;
}

int cmd_audit(int argc, char **argv)
{
	struct session s;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_ANCHOR, 1, 1, &s);

	if (status >= 0)
		return status;
	if (strcmp(s.o.word[0], "verify"))
		return session_leave(&s, command_misused("audit", "the only thing to do with it is verify"));
	if (s.o.head && s.o.rows < 0)
		return session_leave(&s, command_misused("audit", "--head is the hash of row --rows: give both"));
	status = session_store(&s);
	return status >= 0 ? status : session_end(&s, verify(&s));
}
