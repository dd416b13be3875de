/* tallyman quota: what each platform still lets us say, until when it lasts, and who spent it. */
#include "cmd/print.h"
#include "cmd/session.h"
#include "base/clock.h"
#include "trade/quota.h"

#include <string.h>

static const struct column limit_columns[] = {
	{ "account", CELL_TEXT, false },   { "limit", CELL_TEXT, false },  { "state", CELL_TEXT, false },    { "usable", CELL_INT, false },
	{ "reserve", CELL_INT, false },    { "hourly", CELL_INT, false },  { "last_hour", CELL_INT, false }, { "waiting", CELL_INT, false },
	{ "forecast", CELL_TEXT, false },  { "at", CELL_TIME, true },      { "lack", CELL_INT, true },       { "pct", CELL_INT, true },
	{ "tokens", CELL_INT, true },      { "burst", CELL_INT, true },    { "day_used", CELL_INT, true },   { "day_limit", CELL_INT, true },
	{ "day_ends", CELL_TIME, true },   { "last_24h", CELL_INT, true }, { "by_people", CELL_INT, true },  { "calls", CELL_INT, true },
	{ "throttled", CELL_INT, true },   { "reserve_for", CELL_TEXT, true }, { "verbs", CELL_TEXT, true },
};

static void put_limit(struct session *s, const struct budget *q)
{
	struct sheet *t = s->sheet;
	char at[32] = "";

	if (q->view.at_ms)
		time_iso_s(q->view.at_ms, at);
	put_text(t, q->bucket.account_name);
	put_text(t, q->bucket.name);
	put_text(t, quota_state_name(q->view.state));
	put_units(t, q->view.usable);
	put_int(t, q->view.reserve);
	put_units(t, q->view.hourly);
	put_int(t, q->hour);
	put_int(t, q->waiting);
	put_text(t, quota_words(q, at, s->a));
	put_time(t, q->view.at_ms);
	put_int(t, q->view.lack);
	put_int(t, q->view.pct);
	put_int(t, q->tokens);
	put_int(t, q->bucket.burst);
	put_int(t, q->bucket.day_used);
	put_id(t, q->bucket.daily);
	put_time(t, q->bucket.daily ? q->bucket.day_ends_ms : 0);
	put_int(t, q->day);
	put_int(t, q->people);
	put_int(t, q->bucket.calls);
	put_int(t, q->bucket.throttled);
	put_text(t, quota_reserve_words(q, s->a));
	put_text(t, q->bucket.verbs);
}

static const struct column spent_columns[] = {
	{ "account", CELL_TEXT, false }, { "limit", CELL_TEXT, false }, { "for", CELL_TEXT, false }, { "tokens_24h", CELL_INT, false },
};

static void put_spent(struct session *s, const struct budget *q)
{
	for (int lane = 0; lane < LANES; lane++)
		if (q->lane[lane]) {
			put_text(s->sheet, q->bucket.account_name);
			put_text(s->sheet, q->bucket.name);
			put_text(s->sheet, lane_words((enum lane)lane));
			put_int(s->sheet, q->lane[lane]);
		}
}

static enum fault print(struct session *s)
{
	struct account_row account = { 0 };
	struct budget *q;
	int n;

	if (s->o.words && account_by_name(s->store, s->o.word[0], s->a, &account, &s->err))
		return s->err.fault;
	if (quotas(s->store, account.id, s->now_ms, s->a, &q, &n, &s->err))
		return s->err.fault;
	session_sheet(s, true);
	sheet_table(s->sheet, "limits", COLUMNS(limit_columns));
	for (int i = 0; i < n; i++)
		put_limit(s, &q[i]);
	sheet_table(s->sheet, "spent", COLUMNS(spent_columns));
	for (int i = 0; i < n; i++)
		put_spent(s, &q[i]);
	return OK;
}

int cmd_quota(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print(&s));
}
