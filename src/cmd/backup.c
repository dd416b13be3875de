/*
 * tallyman backup FILE: a copy of the store that opens anywhere, made while the engine works.
 *
 * The command makes it over its own connection, which only reads: the engine goes on meanwhile, and nobody gets the engine to write
 * a file where he could not. A running engine writes down who took it; without one the engine's lease is held, so that none
 * begins to change the schema.
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
	{ "recorded_by", CELL_TEXT, false },
};

/* The engine has another folder to start from. */
static const char *absolute(struct session *s, const char *file)
{
	char *here = *file == '/' ? NULL : getcwd(NULL, 0);
	const char *out = here ? arena_printf(s->a, "%s/%s", here, file) : file;

	free(here);
	return out;
}

static enum fault copy(struct session *s, const char *file)
{
	enum fault f = store_open(s->set.store, STORE_READ, &s->store, &s->err);

	return f ? f : store_backup(s->store, file, &s->err);
}

static enum fault beside_engine(struct session *s, const char *file)
{
	struct intent in = { .kind = INTENT_BACKUP, .payload = fields_new(s->a), .subject = "", .digest = "", .typed = "", .why = "" };
	struct answered a = { 0 };
	enum fault f = copy(s, file);

	fields_put(&in.payload, "file", file);
	if (!f)
		f = intent_send(s, &in, &a);
	return f || a.done ? f : err_set(&s->err, FAULT_REFUSED, "%.220s", a.text);
}

static enum fault alone(struct session *s, const char *file)
{
	struct lease lease;
	enum fault f = lease_take(s->set.store, s->now_ms, &lease, &s->err);

	if (f)
		return f;
	f = copy(s, file);
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
	int status = session_begin(argc, argv, TAKES_NOW, 1, 1, &s);

	if (status >= 0)
		return status;
	file = absolute(&s, s.o.word[0]);
	engine = lease_holder(s.set.store, holder, sizeof holder);
	f = engine ? beside_engine(&s, file) : alone(&s, file);
	if (!f) {
		sheet_record(session_sheet(&s, false), "backup", COLUMNS(columns));
		put_text(s.sheet, file);
		put_text(s.sheet, engine ? "engine" : "nobody");
	}
	return session_end(&s, f);
}
