/* tallyman hooks: what people were told by program, mail and webhook, and what waits to be. */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "trade/incidents.h"

#include <inttypes.h>
#include <string.h>

static const struct column columns[] = {
	{ "notice", CELL_INT, false }, { "hook", CELL_TEXT, false },   { "event", CELL_TEXT, false }, { "incident", CELL_TEXT, false }, { "state", CELL_TEXT, false },
	{ "made", CELL_TIME, false },  { "sent", CELL_TIME, false },   { "tries", CELL_INT, false },  { "result", CELL_TEXT, false },   { "due", CELL_TIME, true },
	{ "text", CELL_TEXT, true },
};

static enum fault print_all(struct session *s)
{
	struct notice *n;
	int got = 0;
	enum fault f = notices_last(s->store, s->o.limit ? (int)(s->o.limit < 1000 ? s->o.limit : 1000) : 100, s->a, &n, &got, &s->err);

	sheet_table(session_sheet(s, false), "notices", COLUMNS(columns));
	for (int i = 0; i < got && !f; i++) {
		put_int(s->sheet, n[i].id);
		put_text(s->sheet, n[i].hook);
		put_text(s->sheet, n[i].event);
		put_text(s->sheet, n[i].incident ? arena_printf(s->a, "I-%" PRId64, n[i].incident) : "");
		put_text(s->sheet, n[i].state);
		put_time(s->sheet, n[i].made_ms);
		put_time(s->sheet, n[i].sent_ms);
		put_int(s->sheet, n[i].tries);
		put_text(s->sheet, n[i].result);
		put_time(s->sheet, strcmp(n[i].state, "waiting") ? 0 : n[i].due_ms);
		put_text(s->sheet, fields_get(&n[i].text, "text", ""));
	}
	return f;
}

int cmd_hooks(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && strcmp(s.o.word[0], "test"))
		return session_leave(&s, command_misused("hooks", "test, or nothing"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	in = (struct intent){ .kind = INTENT_INCIDENT, .payload = fields_new(s.a), .subject = "" };
	fields_put(&in.payload, "action", "test");
	return s.o.words ? intent_run(&s, &in) : session_end(&s, print_all(&s));
}
