/*
 * tallyman event: peaks that the configuration knows, and whether one lasts: by its calendar, or because somebody said so.
 */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "trade/events.h"
#include "trade/overrides.h"

#include <string.h>

static const struct column columns[] = {
	{ "event", CELL_TEXT, false }, { "lasts", CELL_FLAG, false }, { "start", CELL_TIME, false }, { "end", CELL_TIME, false },
	{ "said", CELL_TEXT, false },  { "until", CELL_TIME, false }, { "tag", CELL_TEXT, true },
};

/* As it is typed. */
static const char *name_of(const struct profile_event *e)
{
	return !strncmp(e->name, "profile ", 8) ? e->name + 8 : e->name;
}

static enum fault put_event(struct session *s, const struct profile_event *e)
{
	const char *said;
	int64_t until;
	bool lasts = s->now_ms >= e->start_ms && s->now_ms < e->end_ms;

	if (event_said(s->store, e->name, s->now_ms, s->a, &said, &until, &s->err))
		return s->err.fault;
	if (*said)
		lasts = !strcmp(said, "on");
	put_text(s->sheet, name_of(e));
	put_flag(s->sheet, lasts);
	put_time(s->sheet, e->start_ms);
	put_time(s->sheet, e->end_ms);
	put_text(s->sheet, said);
	put_time(s->sheet, until);
	put_text(s->sheet, e->tag);
	return OK;
}

static bool is_event(const struct policy_book *book, const char *name)
{
	for (int i = 0; i < book->events; i++)
		if (!strcmp(name_of(&book->event[i]), name))
			return true;
	return false;
}

/* only: NULL, all of them. */
static enum fault print_events(struct session *s, const char *only)
{
	struct policy_book book;
	enum fault f = policy_book_in_force(s->store, s->a, &book, &s->err);

	if (f)
		return f;
	if (only && !is_event(&book, only))
		return err_set(&s->err, FAULT_REFUSED, "there is no event %.60s; `tallyman event` lists those of the configuration", only);
	sheet_table(session_sheet(s, false), "events", COLUMNS(columns));
	for (int i = 0; i < book.events && !f; i++)
		if (!only || !strcmp(only, name_of(&book.event[i])))
			f = put_event(s, &book.event[i]);
	return f;
}

int cmd_event(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t until = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_REASON | TAKES_UNTIL, 0, 2, &s);

	if (status >= 0)
		return status;
	if (s.o.until && time_parse(s.o.until, &until))
		return session_leave(&s, command_misused("event", "--until wants a time with its zone, such as 2026-11-20T07:58:00Z"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (s.o.words < 2)
		return session_end(&s, print_events(&s, s.o.words ? s.o.word[0] : NULL));
	in = (struct intent){ .kind = INTENT_EVENT, .payload = fields_new(s.a), .subject = s.o.word[0] };
	fields_put(&in.payload, "say", s.o.word[1]);
	if (until)
		fields_put_int(&in.payload, "until_ms", until);
	return intent_run(&s, &in);
}
