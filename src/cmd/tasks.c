/* tallyman tasks: the routines of the day and the week; which are done, by whom, and saying so. */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/tasks.h"

#include <inttypes.h>
#include <string.h>

enum { LISTED = 1000, DAY_MS = 24 * 3600 * 1000 };

static const struct column columns[] = {
	{ "task", CELL_INT, false }, { "name", CELL_TEXT, false }, { "for", CELL_TIME, false },   { "on", CELL_TEXT, false },  { "state", CELL_TEXT, false },
	{ "what", CELL_TEXT, false }, { "by", CELL_TEXT, false },  { "done", CELL_TIME, false }, { "note", CELL_TEXT, true }, { "how", CELL_TEXT, true },
	{ "made", CELL_TIME, true },
};

static enum fault print(struct session *s)
{
	struct task *t;
	int n;
	enum fault f = tasks_list(s->store, s->o.all, s->o.limit && s->o.limit < LISTED ? (int)s->o.limit : LISTED, s->a, &t, &n, &s->err);

	sheet_table(session_sheet(s, false), "tasks", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++) {
		put_int(s->sheet, t[i].id);
		put_text(s->sheet, t[i].name);
		put_time(s->sheet, t[i].day * DAY_MS);
		put_text(s->sheet, t[i].on);
		put_text(s->sheet, t[i].state);
		put_text(s->sheet, t[i].title);
		put_text(s->sheet, t[i].actor);
		put_time(s->sheet, t[i].done_ms);
		put_text(s->sheet, t[i].note);
		put_text(s->sheet, t[i].how);
		put_time(s->sheet, t[i].made_ms);
	}
	return f;
}

/* By its number, or by the name of one that is open. */
static enum fault task_named(struct session *s, const char *word, int64_t *id)
{
	enum fault f = text_int(word, 1, INT64_MAX, id) ? OK : task_open(s->store, word, id, &s->err);

	return f || *id ? f : err_set(&s->err, FAULT_REFUSED, "no open task is called %.60s; tallyman tasks lists them", word);
}

static int say(struct session *s, const char *state)
{
	struct intent in = { .kind = INTENT_TASK, .payload = fields_new(s->a), .subject = "" };
	struct buf note = buf_new(s->a);
	int64_t id;

	buf_puts(&note, s->o.reason ? s->o.reason : "");
	for (int i = 2; i < s->o.words; i++)
		buf_printf(&note, "%s%s", note.len ? " " : "", s->o.word[i]);
	if (task_named(s, s->o.word[1], &id))
		return session_end(s, s->err.fault);
	fields_put_int(&in.payload, "task", id);
	fields_put(&in.payload, "state", state);
	fields_put(&in.payload, "note", note.p);
	in.subject = arena_printf(s->a, "task:%" PRId64, id);
	return intent_run(s, &in);
}

int cmd_tasks(int argc, char **argv)
{
	struct session s;
	const char *word;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL | TAKES_REASON, 0, -1, &s);

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "";
	if (*word && (s.o.words < 2 || (strcmp(word, "done") && strcmp(word, "skip") && strcmp(word, "reopen"))))
		return session_leave(&s, command_misused("tasks", "nothing, or done, skip, reopen and which task"));
	if (!strcmp(word, "skip") && !s.o.reason)
		return session_leave(&s, command_misused("tasks", "skip wants --reason"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (!*word)
		return session_end(&s, print(&s));
	return say(&s, !strcmp(word, "done") ? "done" : !strcmp(word, "skip") ? "skipped" : "open");
}
