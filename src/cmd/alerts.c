/* tallyman alerts, messages: what a person should know. */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/alerts.h"

static const struct column alert_columns[] = {
	{ "alert", CELL_TEXT, false },  { "severity", CELL_TEXT, false }, { "opened", CELL_TIME, false },  { "account", CELL_TEXT, false },
	{ "text", CELL_TEXT, false },   { "count", CELL_INT, false },     { "acked_by", CELL_TEXT, false }, { "next", CELL_TEXT, false },
	{ "kind", CELL_TEXT, true },    { "subject", CELL_TEXT, true },   { "last", CELL_TIME, true },     { "acked", CELL_TIME, true },
	{ "incident", CELL_TEXT, true },
};

enum { MOST = 100000 };

static enum fault print_alerts(struct session *s)
{
	struct sheet *t = session_sheet(s, false);
	struct alert *row;
	int n;
	enum fault f = alerts_open(s->store, s->o.limit && s->o.limit < MOST ? (int)s->o.limit : MOST, s->a, &row, &n, &s->err);

	sheet_table(t, "alerts", COLUMNS(alert_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(t, arena_printf(s->a, "I-%lld", (long long)row[i].id));
		put_text(t, row[i].severity);
		put_time(t, row[i].opened_ms);
		put_text(t, row[i].account_name);
		put_text(t, row[i].text);
		put_int(t, row[i].count);
		put_text(t, row[i].acked_by);
		put_text(t, row[i].next);
		put_text(t, row[i].kind);
		put_text(t, row[i].subject);
		put_time(t, row[i].last_ms);
		put_time(t, row[i].acked_ms);
		put_text(t, row[i].incident ? arena_printf(s->a, "I-%lld", (long long)row[i].incident) : "");
	}
	return f;
}

int cmd_alerts(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 0, &s);

	return status >= 0 ? status : session_end(&s, print_alerts(&s));
}

static const struct column message_columns[] = {
	{ "at", CELL_TIME, false }, { "level", CELL_TEXT, false }, { "text", CELL_TEXT, false }, { "subject", CELL_TEXT, true }, { "message", CELL_INT, true },
};

static enum fault print_messages(struct session *s)
{
	struct pager p = pager_new(s->o.limit ? s->o.limit : 100);
	struct sheet *t = session_sheet(s, false);
	struct message *row;
	int64_t before = 0;
	enum fault f = OK;
	int n = 0;

	sheet_table(t, "messages", COLUMNS(message_columns));
	while (!f && pager_more(&p, n)) {
		f = messages_last(s->store, before, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n; i++) {
			put_time(t, row[i].at_ms);
			put_text(t, row[i].level);
			put_text(t, row[i].text);
			put_text(t, row[i].subject);
			put_int(t, row[i].id);
		}
		if (n)
			before = row[n - 1].id;
	}
	pager_end(&p);
	return f;
}

int cmd_messages(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 0, &s);

	return status >= 0 ? status : session_end(&s, print_messages(&s));
}
