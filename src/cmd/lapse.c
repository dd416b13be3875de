/*
 * tallyman lapse, hold, outage: accounts that cannot be kept in step; a zero that is held off; a platform that somebody says is out.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "trade/accounts.h"
#include "trade/lapse.h"
#include "trade/places.h"

#include <string.h>

enum { PAGE = 200, HOLD_MIN = 30 };

static const struct column columns[] = {
	{ "account", CELL_TEXT, false },   { "state", CELL_TEXT, false },    { "cause", CELL_TEXT, false },   { "since", CELL_TIME, false },
	{ "minutes", CELL_INT, false },    { "waiting", CELL_INT, false },   { "good", CELL_INT, false },     { "zero", CELL_TEXT, false },
	{ "held_until", CELL_TIME, false }, { "text", CELL_TEXT, false },    { "declared", CELL_TEXT, false }, { "until", CELL_TIME, false },
	{ "held_by", CELL_TEXT, true },    { "zeroed", CELL_TIME, true },    { "mended", CELL_TIME, true },   { "orders_read", CELL_TIME, true },
	{ "stock_read", CELL_TIME, true }, { "shown_read", CELL_TIME, true }, { "ended", CELL_TIME, true },
};

static void put_lapse(struct session *s, const struct lapse *l)
{
	struct sheet *t = s->sheet;

	put_text(t, l->account_name);
	put_text(t, lapse_state_name(l->state));
	put_text(t, lapse_cause_name(l->cause));
	put_time(t, l->since_ms);
	put_int(t, l->lasted_ms / 60000);
	put_int(t, l->waiting);
	put_int(t, l->good);
	put_text(t, l->zero ? arena_printf(s->a, "Z-%lld", (long long)l->zero) : "");
	put_time(t, l->held_ms);
	put_text(t, l->text);
	put_text(t, l->declared);
	put_time(t, l->until_ms);
	put_text(t, l->held_by);
	put_time(t, l->zeroed_ms);
	put_time(t, l->mended_ms);
	put_time(t, l->orders_ms);
	put_time(t, l->stock_ms);
	put_time(t, l->shown_ms);
	put_time(t, l->ended_ms);
}

enum fault lapses_print(struct session *s, const char *account, bool platform)
{
	struct lapse *l;
	int64_t before = 0;
	int n = PAGE;
	enum fault f = OK;

	sheet_table(session_sheet(s, false), "lapses", COLUMNS(columns));
	while (!f && n == PAGE) {
		f = lapses_page(s->store, before, s->o.all, PAGE, s->a, &l, &n, &s->err);
		for (int i = 0; i < n && !f; i++, before = l[i - 1].id)
			if ((!account || !strcmp(l[i].account_name, account)) && (!platform || l[i].cause == LAPSE_PLATFORM || *l[i].declared))
				put_lapse(s, &l[i]);
	}
	return f;
}

int cmd_lapse(int argc, char **argv)
{
	struct session s;
	struct account_row account;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_ALL, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && account_by_name(s.store, s.o.word[0], s.a, &account, &s.err))
		return session_end(&s, s.err.fault);
	return session_end(&s, lapses_print(&s, s.o.words ? s.o.word[0] : NULL, false));
}

/* ACCOUNT [end], where it is held off a place too: what is meant, and whether it is to end. -1: go on. */
static int begin(struct session *s, const char *name, struct intent *in, bool *ends)
{
	struct account_row account;
	struct err ignored;
	int64_t place;
	int status;

	*ends = s->o.words == 2;
	if (*ends && strcmp(s->o.word[1], "end"))
		return session_leave(s, command_misused(name, "after the account there is only `end`"));
	if (!*ends && (!s->o.reason || !*s->o.reason))
		return session_leave(s, command_misused(name, "--reason says why: it stands in the audit"));
	status = session_store(s);
	if (status >= 0)
		return status;
	in->subject = s->o.word[0];
	in->payload = fields_new(s->a);
	if (!account_by_name(s->store, s->o.word[0], s->a, &account, &s->err))
		in->account = account.id;
	else if (in->kind != INTENT_HOLD)
		return session_end(s, FAULT_REFUSED);
	else if (place_find(s->store, s->o.word[0], &place, &ignored))
		return session_end(s, err_set(&s->err, FAULT_REFUSED, "there is no account and no place %.60s; `tallyman account` and `tallyman places` list them", s->o.word[0]));
	else
		fields_put_int(&in->payload, "place", 1);
	return -1;
}

/* Nothing named: what there is to be named. */
static int lists(struct session *s, bool platform)
{
	int status = session_store(s);

	return status >= 0 ? status : session_end(s, lapses_print(s, NULL, platform));
}

int cmd_hold(int argc, char **argv)
{
	struct session s;
	struct intent in = { .kind = INTENT_HOLD };
	bool ends;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_REASON | TAKES_MINUTES, 0, 2, &s);

	if (status < 0 && !s.o.words)
		return lists(&s, false);
	if (status < 0 && (status = begin(&s, "hold", &in, &ends)) < 0) {
		fields_put_int(&in.payload, "minutes", ends ? 0 : s.o.minutes > 0 ? s.o.minutes : HOLD_MIN);
		status = intent_run(&s, &in);
	}
	return status;
}

int cmd_outage(int argc, char **argv)
{
	struct session s;
	struct intent in = { .kind = INTENT_OUTAGE };
	int64_t until = 0;
	bool ends;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_REASON | TAKES_UNTIL | TAKES_ALL, 0, 2, &s);

	if (status < 0 && !s.o.words)
		return lists(&s, true);
	if (status < 0 && s.o.until && time_parse(s.o.until, &until))
		return session_leave(&s, command_misused("outage", "--until wants a time with its zone, such as 2026-11-20T07:58:00Z"));
	if (status < 0 && (status = begin(&s, "outage", &in, &ends)) < 0) {
		if (ends)
			fields_put_int(&in.payload, "end", 1);
		else if (until)
			fields_put_int(&in.payload, "until_ms", until);
		status = intent_run(&s, &in);
	}
	return status;
}
