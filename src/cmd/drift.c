/* tallyman drift: offers that show something else than we last confirmed. */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/offers.h"
#include "trade/views.h"

static const struct column columns[] = {
	{ "account", CELL_TEXT, false },    { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },       { "item", CELL_TEXT, true },
	{ "title", CELL_TEXT, false },      { "available", CELL_INT, false },    { "target", CELL_INT, false },     { "pushed", CELL_INT, false },
	{ "seen", CELL_INT, false },        { "drift", CELL_INT, false },        { "risk", CELL_INT, false },       { "since", CELL_TIME, false },
	{ "cause", CELL_TEXT, false },      { "push_state", CELL_TEXT, false },  { "hold", CELL_TEXT, true },       { "why", CELL_TEXT, true },
	{ "node", CELL_TEXT, true },        { "pool", CELL_TEXT, true },         { "mode", CELL_TEXT, true },       { "target_at", CELL_TIME, true },
	{ "pushed_at", CELL_TIME, true },   { "seen_at", CELL_TIME, true },      { "id", CELL_INT, true },          { "attempt", CELL_INT, true },
};

static void put_offer(struct sheet *t, const struct offer *o)
{
	put_text(t, o->account_name);
	put_text(t, o->marketplace);
	put_text(t, o->sku);
	put_text(t, o->item_sku);
	put_text(t, o->title);
	if (o->item)
		put_int(t, o->available);
	else
		put_none(t);
	put_units(t, o->target);
	put_units(t, o->pushed);
	put_units(t, o->seen);
	put_int(t, o->drift);
	put_int(t, o->risk);
	put_time(t, o->drift ? o->drift_ms : 0);
	put_text(t, o->cause);
	put_text(t, o->push_state);
	put_text(t, o->hold);
	put_text(t, o->why);
	put_text(t, o->node);
	put_text(t, o->pool);
	put_text(t, o->live ? "live" : "shadow");
	put_time(t, o->target_ms);
	put_time(t, o->pushed_ms);
	put_time(t, o->seen_ms);
	put_int(t, o->id);
	put_attempt(t, o->seen_attempt);
}

void put_offers(struct sheet *t, const char *name, const struct offer *o, int n)
{
	sheet_table(t, name, COLUMNS(columns));
	for (int i = 0; i < n; i++)
		put_offer(t, &o[i]);
}

static enum fault print_drift(struct session *s, struct page_ask *ask)
{
	struct pager p = pager_new(s->o.limit);
	struct offer *row;
	enum fault f = OK;
	int n = 0;

	sheet_table(s->sheet, "drift", COLUMNS(columns));
	while (!f && pager_more(&p, n)) {
		ask->n = p.want;
		f = drift_page(s->store, ask, p.page, &row, &n, NULL, NULL, &s->err);
		for (int i = 0; i < n; i++)
			put_offer(s->sheet, &row[i]);
		if (n)
			ask->key = drift_key(&row[n - 1], ask->sort);
	}
	pager_end(&p);
	return f;
}

int cmd_drift(int argc, char **argv)
{
	struct session s;
	struct page_ask ask = { 0 };
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_SORT, 0, -1, &s);

	if (status >= 0)
		return status;
	ask = (struct page_ask){ .filter = words_joined(&s), .reverse = s.o.reverse, .now_ms = s.now_ms };
	status = sort_chosen(&s, DRIFT_SORTS, drift_sort_word, &ask.sort);
	if (status < 0)
		status = filter_checked(&s, &drift_language, ask.filter);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	session_sheet(&s, false);
	return session_end(&s, print_drift(&s, &ask));
}
