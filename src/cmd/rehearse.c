/* tallyman rehearse: what an account in shadow mode would have been told, and what of it looks wrong. */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/accounts.h"
#include "trade/rehearse.h"

#include <string.h>

enum { LISTED = 1000 };

static const struct column account_columns[] = {
	{ "account", CELL_TEXT, false },  { "mode", CELL_TEXT, false },    { "kind", CELL_TEXT, false },   { "writes", CELL_INT, false },  { "since", CELL_TIME, false },
	{ "sent", CELL_INT, false },      { "offers", CELL_INT, false },   { "wrong", CELL_INT, false },   { "same", CELL_INT, true },     { "fine", CELL_INT, true },
	{ "unmapped", CELL_INT, true },   { "unread", CELL_INT, true },    { "emptied", CELL_INT, true },  { "factor", CELL_INT, true },   { "far", CELL_INT, true },
	{ "barred", CELL_INT, true },
};

static void put_account(struct sheet *t, const struct account_row *row, const struct rehearsed_all *all)
{
	static const enum rehearsal counted[] = { REHEARSED_SAME, REHEARSED_FINE, REHEARSED_UNMAPPED, REHEARSED_UNREAD, REHEARSED_EMPTIED, REHEARSED_FACTOR, REHEARSED_FAR, REHEARSED_BARRED };

	put_text(t, row->name);
	put_text(t, row->mode);
	put_text(t, row->kind);
	put_int(t, all->writes);
	put_time(t, all->since_ms);
	put_int(t, all->sent);
	put_int(t, all->offers);
	put_int(t, all->wrong);
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
		put_int(t, all->of[counted[i]]);
}

static const struct column wrong_columns[] = {
	{ "account", CELL_TEXT, false }, { "sku", CELL_TEXT, false },    { "wrong", CELL_TEXT, false },   { "shown", CELL_INT, false },       { "would_say", CELL_INT, false },
	{ "available", CELL_INT, false }, { "text", CELL_TEXT, false },  { "item", CELL_TEXT, true },     { "marketplace", CELL_TEXT, true }, { "why", CELL_TEXT, true },
	{ "offer", CELL_INT, true },
};

static void put_wrong(struct sheet *t, const struct rehearsed *r)
{
	put_text(t, r->offer.account_name);
	put_text(t, r->offer.sku);
	put_text(t, rehearsal_name(r->is));
	put_units(t, r->offer.seen);
	put_units(t, r->offer.target);
	put_int(t, r->offer.available);
	put_text(t, rehearsal_words(r->is));
	put_text(t, r->offer.item_sku);
	put_text(t, r->offer.marketplace);
	put_text(t, r->offer.why);
	put_int(t, r->offer.id);
}

struct outcome {
	struct rehearsed_all all;
	struct rehearsed *row;
	int n;
};

/* Named: that one, whatever its mode. Else those in shadow mode. */
static bool is_asked(const struct session *s, const struct account_row *row)
{
	return s->o.words ? !strcmp(s->o.word[0], row->name) : strcmp(row->mode, "live") != 0;
}

static enum fault print(struct session *s)
{
	int most = s->o.limit && s->o.limit < LISTED ? (int)s->o.limit : LISTED, n;
	struct account_row named, *row;
	struct outcome *told;

	if ((s->o.words && account_by_name(s->store, s->o.word[0], s->a, &named, &s->err)) || accounts_all(s->store, s->a, &row, &n, &s->err))
		return s->err.fault;
	told = arena_alloc(s->a, (size_t)(n + 1) * sizeof *told);
	for (int i = 0; i < n; i++)
		if (is_asked(s, &row[i]) && rehearse_account(s->store, row[i].id, most, s->a, &told[i].all, &told[i].row, &told[i].n, &s->err))
			return s->err.fault;
	session_sheet(s, true);
	sheet_table(s->sheet, "accounts", COLUMNS(account_columns));
	for (int i = 0; i < n; i++)
		if (is_asked(s, &row[i]))
			put_account(s->sheet, &row[i], &told[i].all);
	sheet_table(s->sheet, "wrong", COLUMNS(wrong_columns));
	for (int i = 0; i < n; i++)
		for (int k = 0; is_asked(s, &row[i]) && k < told[i].n; k++)
			put_wrong(s->sheet, &told[i].row[k]);
	return OK;
}

int cmd_rehearse(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print(&s));
}
