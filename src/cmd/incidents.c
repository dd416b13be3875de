/*
 * tallyman incident: what somebody works on, and what he did about it.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/exposure_meter.h"
#include "trade/incidents.h"

#include <inttypes.h>
#include <string.h>

static const struct column incident_columns[] = {
	{ "incident", CELL_TEXT, false },  { "severity", CELL_TEXT, false }, { "state", CELL_TEXT, false },    { "opened", CELL_TIME, false },
	{ "account", CELL_TEXT, false },   { "text", CELL_TEXT, false },     { "alerts", CELL_INT, false },    { "owner", CELL_TEXT, false },
	{ "units_a_day", CELL_INT, false }, { "at_risk", CELL_MONEY, false }, { "next", CELL_TEXT, true },     { "kind", CELL_TEXT, true },
	{ "subject", CELL_TEXT, true },    { "open_alerts", CELL_INT, true }, { "acked_by", CELL_TEXT, true }, { "acked", CELL_TIME, true },
	{ "over", CELL_TIME, true },       { "closed", CELL_TIME, true },    { "closed_by", CELL_TEXT, true }, { "cause", CELL_TEXT, true },
	{ "muted_until", CELL_TIME, true }, { "card", CELL_TEXT, true },     { "last", CELL_TIME, true },      { "units_at_risk", CELL_INT, true },
};

static const char *state_of(const struct incident *in)
{
	return in->closed_ms ? "closed" : in->over_ms ? "over" : in->acked_ms ? "acked" : "open";
}

static enum fault put_incident(struct session *s, const struct incident *in)
{
	struct sheet *t = s->sheet;
	struct exposed_rate risk = { .currency = "" };

	if (!in->closed_ms && exposure_meter(s->store, in->kind, in->account, in->subject, in->opened_ms, s->now_ms, s->a, &risk, &s->err))
		return s->err.fault;
	put_text(t, arena_printf(s->a, "I-%" PRId64, in->id));
	put_text(t, in->severity);
	put_text(t, state_of(in));
	put_time(t, in->opened_ms);
	put_text(t, in->account_name);
	put_text(t, in->text);
	put_int(t, in->alerts);
	put_text(t, in->owner);
	put_int(t, risk.units_a_day);
	put_money(t, risk.minor, risk.currency);
	put_text(t, in->next);
	put_text(t, in->kind);
	put_text(t, in->subject);
	put_int(t, in->open);
	put_text(t, in->acked_by);
	put_time(t, in->acked_ms);
	put_time(t, in->over_ms);
	put_time(t, in->closed_ms);
	put_text(t, in->closed_by);
	put_text(t, in->cause);
	put_time(t, in->muted_ms);
	put_text(t, in->card);
	put_time(t, in->last_ms);
	put_int(t, risk.units);
	return OK;
}

enum { MOST = 1000 };

enum fault incidents_print(struct session *s)
{
	struct incident *in;
	int n, most = s->o.limit && s->o.limit < MOST ? (int)s->o.limit : MOST;
	enum fault f = incidents_page(s->store, s->o.all, s->now_ms, most, s->a, &in, &n, &s->err);

	sheet_table(session_sheet(s, false), "incidents", COLUMNS(incident_columns));
	for (int i = 0; i < n && !f; i++)
		if (incident_has(&in[i], s->o.find))
			f = put_incident(s, &in[i]);
	return f;
}

static const struct column step_columns[] = {
	{ "step", CELL_INT, false }, { "ok", CELL_TEXT, false },   { "question", CELL_TEXT, false }, { "found", CELL_TEXT, false },
	{ "at", CELL_TIME, false },  { "by", CELL_TEXT, false },   { "key", CELL_TEXT, false },      { "check", CELL_TEXT, true },
};

static enum fault print_steps(struct session *s, const struct incident *in)
{
	struct incident_step *step;
	int n;
	enum fault f = incident_steps(s->store, in, s->a, &step, &n, &s->err);

	sheet_table(s->sheet, "steps", COLUMNS(step_columns));
	for (int i = 0; i < n && !f; i++) {
		put_int(s->sheet, step[i].card.step);
		put_text(s->sheet, !step[i].at_ms ? "" : step[i].good ? "ok" : "not ok");
		put_text(s->sheet, step[i].card.text);
		put_text(s->sheet, step[i].result);
		put_time(s->sheet, step[i].at_ms);
		put_text(s->sheet, step[i].actor);
		put_text(s->sheet, step[i].card.key);
		put_text(s->sheet, step[i].card.does);
	}
	return f;
}

static enum fault print_one(struct session *s, int64_t id)
{
	struct incident in;
	struct event *e;
	int n;
	enum fault f = incident_get(s->store, id, s->now_ms, s->a, &in, &s->err);

	if (f)
		return f;
	sheet_record(session_sheet(s, true), "incident", COLUMNS(incident_columns));
	f = put_incident(s, &in);
	if (!f)
		f = print_steps(s, &in);
	if (!f)
		f = incident_story(s->store, id, s->a, &e, &n, &s->err);
	if (!f)
		put_events(s->sheet, e, n);
	return f;
}

/* ---- decisions ---- */

static int misused(struct session *s, const char *why)
{
	return session_leave(s, command_misused("incident", "%s", why));
}

/* The words after its number. -1: go on. */
static int read_action(struct session *s, struct fields *out)
{
	const char *action = s->o.word[1];
	int64_t step;

	if (strcmp(action, "step") ? s->o.words > 2 : s->o.words != 3 || !text_int(s->o.word[2], 1, 9, &step))
		return misused(s, "ack, close, mute, unmute, own, or step with its number");
	fields_put(out, "action", action);
	if (!strcmp(action, "step")) {
		fields_put(out, "step", s->o.word[2]);
		fields_put(out, "note", s->o.reason);
	} else if (!strcmp(action, "close")) {
		if (!s->o.reason)
			return misused(s, "to close one say what the cause was: --reason TEXT");
		fields_put(out, "cause", s->o.reason);
	} else if (!strcmp(action, "mute")) {
		if (!s->o.reason || s->o.minutes < 1)
			return misused(s, "to mute one say for how long and why: --minutes N --reason TEXT");
		fields_put_int(out, "minutes", s->o.minutes);
		fields_put(out, "why", s->o.reason);
	} else if (!strcmp(action, "own")) {
		if (!s->o.owner)
			return misused(s, "to give it to somebody: --owner NAME");
		fields_put(out, "owner", s->o.owner);
	} else if (strcmp(action, "ack") && strcmp(action, "unmute")) {
		return misused(s, "an incident is acked, closed, muted, unmuted, owned, or a step of it is taken");
	}
	return -1;
}

static bool incident_number(const char *word, int64_t *id)
{
	return text_int(!strncmp(word, "I-", 2) ? word + 2 : word, 1, INT64_MAX, id);
}

int cmd_incident(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_ALL | TAKES_LIMIT | TAKES_FIND | TAKES_REASON | TAKES_OWNER | TAKES_MINUTES, 0, 3, &s);

	if (status >= 0)
		return status;
	if (s.o.words > 1 && !incident_number(s.o.word[0], &id) && incident_number(s.o.word[1], &id)) { /* "ack I-7" is meant as it is said */
		char *action = s.o.word[0];

		s.o.word[0] = s.o.word[1];
		s.o.word[1] = action;
	}
	if (s.o.words && !incident_number(s.o.word[0], &id))
		return misused(&s, "its number, as `tallyman incident` prints it: I-7");
	in = (struct intent){ .kind = INTENT_INCIDENT, .payload = fields_new(s.a), .subject = s.o.words ? s.o.word[0] : "" };
	fields_put_int(&in.payload, "incident", id);
	status = s.o.words > 1 ? read_action(&s, &in.payload) : -1;
	if (status < 0)
		status = session_store(&s);
	if (status >= 0)
		return status;
	if (s.o.words > 1)
		return intent_run(&s, &in);
	return session_end(&s, s.o.words ? print_one(&s, id) : incidents_print(&s));
}
