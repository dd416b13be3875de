/*
 * tallyman channels: every account, how it does, what its limits and breakers say, what its channel can do; and the engine.
 */
#include "cmd/print.h"
#include "cmd/session.h"
#include "channels/channel.h"
#include "store/lease.h"
#include "trade/accounts.h"

#include <stdio.h>
#include <string.h>

static const struct column account_columns[] = {
	{ "account", CELL_TEXT, false },   { "channel", CELL_TEXT, false }, { "state", CELL_TEXT, false },  { "mode", CELL_TEXT, false },
	{ "last_ok", CELL_TIME, false },   { "orders_known_to", CELL_TIME, false }, { "text", CELL_TEXT, false }, { "can", CELL_TEXT, false },
	{ "kind", CELL_TEXT, true },       { "enabled", CELL_FLAG, true },    { "marketplaces", CELL_TEXT, true }, { "base_url", CELL_TEXT, true }, { "since", CELL_TIME, true },
};

/* "orders ack ship stock": what the channel has words for. */
static const char *can_of(struct session *s, const char *name)
{
	static const struct {
		enum verb verb;
		const char *word;
	} flags[] = { { VERB_ORDERS, "orders" }, { VERB_ACK, "ack" },          { VERB_SHIP, "ship" },        { VERB_CANCEL, "cancel" },
		      { VERB_STOCK, "stock" },   { VERB_PREVIEW, "preview" },  { VERB_STOCK_LIST, "stock-list" }, { VERB_FEED, "feeds" },
		      { VERB_COUNTS, "counts" } };
	const struct channel *c = channel_find(name);
	struct buf b = buf_new(s->a);

	for (size_t i = 0; c && i < sizeof flags / sizeof *flags; i++)
		if (c->say[flags[i].verb].ask)
			buf_printf(&b, "%s%s", b.len ? " " : "", flags[i].word);
	if (c && c->is_truth)
		buf_printf(&b, "%struth", b.len ? " " : "");
	return b.len ? b.p : "";
}

static bool is_asked_for(const struct session *s, const char *account)
{
	return !s->o.words || !strcmp(s->o.word[0], account);
}

static enum fault print_accounts(struct session *s)
{
	struct sheet *t = s->sheet;
	struct account_row *row;
	int n;
	enum fault f = accounts_all(s->store, s->a, &row, &n, &s->err);

	sheet_table(t, "accounts", COLUMNS(account_columns));
	for (int i = 0; i < n && !f; i++) {
		if (!is_asked_for(s, row[i].name))
			continue;
		put_text(t, row[i].name);
		put_text(t, row[i].channel);
		put_text(t, row[i].state);
		put_text(t, row[i].mode);
		put_time(t, row[i].ok_ms);
		put_time(t, row[i].heard_ms);
		put_text(t, row[i].state_text);
		put_text(t, can_of(s, row[i].channel));
		put_text(t, row[i].kind);
		put_flag(t, row[i].enabled);
		put_text(t, row[i].marketplaces);
		put_text(t, row[i].base_url);
		put_time(t, row[i].state_ms);
	}
	return f;
}

static const struct column limit_columns[] = {
	{ "account", CELL_TEXT, false }, { "limit", CELL_TEXT, false },     { "left", CELL_INT, false },     { "burst", CELL_INT, false },
	{ "rate", CELL_INT, false },     { "window_ms", CELL_INT, false },   { "not_before", CELL_TIME, false }, { "calls", CELL_INT, false },
	{ "throttled", CELL_INT, false }, { "day_used", CELL_INT, true },   { "day_limit", CELL_INT, true },
};

static enum fault print_limits(struct session *s)
{
	struct sheet *t = s->sheet;
	struct bucket_row *row;
	int n;
	enum fault f = buckets_all(s->store, s->a, &row, &n, &s->err);

	sheet_table(t, "limits", COLUMNS(limit_columns));
	for (int i = 0; i < n && !f; i++) {
		if (!is_asked_for(s, row[i].account_name))
			continue;
		put_text(t, row[i].account_name);
		put_text(t, row[i].name);
		put_int(t, bucket_tokens(&row[i], s->now_ms));
		put_int(t, row[i].burst);
		put_int(t, row[i].rate);
		put_int(t, row[i].window_ms);
		put_time(t, row[i].hold_ms > s->now_ms ? row[i].hold_ms : 0);
		put_int(t, row[i].calls);
		put_int(t, row[i].throttled);
		put_int(t, row[i].day_used);
		put_id(t, row[i].daily);
	}
	return f;
}

static const struct column breaker_columns[] = {
	{ "account", CELL_TEXT, false }, { "breaker", CELL_TEXT, false }, { "state", CELL_TEXT, false }, { "fails", CELL_INT, false },
	{ "since", CELL_TIME, false },   { "probe", CELL_TIME, false },   { "last_ok", CELL_TIME, false }, { "fault", CELL_TEXT, false },
	{ "text", CELL_TEXT, false },
};

static enum fault print_breakers(struct session *s)
{
	struct sheet *t = s->sheet;
	struct breaker_row *row;
	int n;
	enum fault f = breakers_all(s->store, s->a, &row, &n, &s->err);

	sheet_table(t, "breakers", COLUMNS(breaker_columns));
	for (int i = 0; i < n && !f; i++) {
		if (!is_asked_for(s, row[i].account_name))
			continue;
		put_text(t, row[i].account_name);
		put_text(t, row[i].name);
		put_text(t, row[i].state);
		put_int(t, row[i].fails);
		put_time(t, row[i].since_ms);
		put_time(t, strcmp(row[i].state, "closed") && row[i].probe_ms > s->now_ms ? row[i].probe_ms : 0); /* else it is up to what is asked next */
		put_time(t, row[i].ok_ms);
		put_text(t, row[i].fault);
		put_text(t, row[i].text);
	}
	return f;
}

static const struct column engine_columns[] = {
	{ "engine", CELL_TEXT, false },  { "pid", CELL_INT, false },     { "since", CELL_TIME, false },   { "beat", CELL_TIME, false },
	{ "profile", CELL_TEXT, false }, { "store", CELL_TEXT, false },  { "config", CELL_TEXT, false },  { "holder", CELL_TEXT, true },
};

static void print_engine(struct session *s)
{
	struct sheet *t = s->sheet;
	int64_t pid = 0, started = 0, beat = 0;
	char holder[160];
	bool held = lease_holder(s->set.store, holder, sizeof holder);
	bool ever = engine_beat(s->store, &pid, &started, &beat);

	sheet_record(t, "engine", COLUMNS(engine_columns));
	put_text(t, held ? "running" : ever ? "stopped" : "never started");
	put_id(t, held ? pid : 0);
	put_time(t, started);
	put_time(t, beat);
	put_text(t, s->set.profile);
	put_text(t, s->set.store);
	put_text(t, s->set.config_file);
	put_text(t, held ? holder : "");
}

int cmd_channels(int argc, char **argv)
{
	struct session s;
	struct account_row row;
	enum fault f;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && account_by_name(s.store, s.o.word[0], s.a, &row, &s.err))
		return session_end(&s, s.err.fault);
	session_sheet(&s, true);
	print_engine(&s);
	f = print_accounts(&s);
	if (!f)
		f = print_limits(&s);
	if (!f)
		f = print_breakers(&s);
	return session_end(&s, f);
}
