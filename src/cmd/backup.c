/*
 * tallyman backup FILE: a copy of the store that opens anywhere, made while the engine works.
 *
 * A running engine makes it, so that the copy and the audit of who took it are one; without an engine the command does, and holds
 * the engine's lease meanwhile.
 */
#include "cmd/send.h"
#include "cmd/session.h"
#include "store/lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct column columns[] = {
	{ "file", CELL_TEXT, false },
	{ "made_by", CELL_TEXT, false },
};

/* The engine has another folder to start from. */
static const char *absolute(struct session *s, const char *file)
{
	char *here = *file == '/' ? NULL : getcwd(NULL, 0);
	const char *out = here ? arena_printf(s->a, "%s/%s", here, file) : file;

	free(here);
	return out;
}

static enum fault by_engine(struct session *s, const char *file)
{
	struct intent in = { .kind = INTENT_BACKUP, .payload = fields_new(s->a), .subject = "", .digest = "", .typed = "", .why = "" };
	struct answered a = { 0 };
	enum fault f;

	fields_put(&in.payload, "file", file);
	f = intent_send(s, &in, &a);
	return f || a.done ? f : err_set(&s->err, FAULT_REFUSED, "%.220s", a.text);
}

static enum fault by_ourselves(struct session *s, const char *file)
{
	struct lease lease;
	enum fault f = lease_take(s->set.store, s->now_ms, &lease, &s->err);

	if (f)
		return f;
	f = store_open(s->set.store, STORE_READ, &s->store, &s->err);
	if (!f)
		f = store_backup(s->store, file, &s->err);
	lease_drop(&lease);
	return f;
}

int cmd_backup(int argc, char **argv)
{
	struct session s;
	const char *file;
	char holder[160];
	enum fault f;
	bool engine;
	int status = session_begin(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	file = absolute(&s, s.o.word[0]);
	engine = lease_holder(s.set.store, holder, sizeof holder);
	f = engine ? by_engine(&s, file) : by_ourselves(&s, file);
	if (!f) {
		sheet_record(session_sheet(&s, false), "backup", COLUMNS(columns));
		put_text(s.sheet, file);
		put_text(s.sheet, engine ? "engine" : "command");
	}
	return session_end(&s, f);
}
