/* tallyman drift: offers that show something else than we last confirmed; of one SKU why, and what it may cost. */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/drift_detail.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"
#include "trade/views.h"

#include <string.h>

enum { PAGE = 500 };

static const struct column columns[] = {
	{ "account", CELL_TEXT, false },    { "marketplace", CELL_TEXT, true }, { "site", CELL_TEXT, false }, { "sku", CELL_TEXT, false },       { "item", CELL_TEXT, true },
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
	put_text(t, o->site);
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
	put_id(t, o->seen_attempt);
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

/* ---- one SKU ---- */

static const struct column cause_columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },    { "stock", CELL_TEXT, false },
	{ "cause", CELL_TEXT, false },   { "changed_after", CELL_TIME, false }, { "orders", CELL_INT, false }, { "units", CELL_INT, false },
	{ "money", CELL_TEXT, false },   { "refs", CELL_TEXT, false },        { "next", CELL_TEXT, false },   { "offer", CELL_INT, true },
};

static const struct column said_columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },  { "state", CELL_TEXT, false },
	{ "fault", CELL_TEXT, false },   { "text", CELL_TEXT, false },        { "tries", CELL_INT, false }, { "made", CELL_TIME, false },
	{ "next", CELL_TIME, true },     { "attempt", CELL_INT, true },       { "offer", CELL_INT, true },
};

static void put_cause(struct sheet *t, const struct drift_detail *d)
{
	put_text(t, d->offer.account_name);
	put_text(t, d->offer.marketplace);
	put_text(t, d->offer.sku);
	put_text(t, d->sum);
	put_text(t, d->cause);
	put_time(t, d->since_ms);
	put_int(t, d->orders);
	put_int(t, d->units);
	put_text(t, d->money);
	put_text(t, d->refs);
	put_text(t, d->next);
	put_int(t, d->offer.id);
}

static void put_said(struct sheet *t, const struct drift_said *s)
{
	put_text(t, s->offer->account_name);
	put_text(t, s->offer->marketplace);
	put_text(t, s->offer->sku);
	put_text(t, s->state);
	put_text(t, s->fault);
	put_text(t, s->text);
	put_int(t, s->tries);
	put_time(t, s->made_ms);
	put_time(t, strcmp(s->state, "waiting") ? 0 : s->due_ms);
	put_id(t, s->attempt_id);
	put_int(t, s->offer->id);
}

/* All its offers, then what is wrong with each of those that drift, then what was last said of each. */
static enum fault print_details(struct session *s, const struct offer *o, int n)
{
	struct drift_detail d = { .n = 0 };
	enum fault f = OK;

	put_offers(s->sheet, "drift", o, n);
	sheet_table(s->sheet, "causes", COLUMNS(cause_columns));
	for (int i = 0; i < n && !f; i++) {
		f = drift_detail(s->store, o[i].id, s->a, &d, &s->err);
		if (!f && (o[i].drift || o[i].risk))
			put_cause(s->sheet, &d);
	}
	sheet_table(s->sheet, "said", COLUMNS(said_columns));
	for (int i = 0; i < d.n && !f; i++)
		put_said(s->sheet, &d.said[i]);
	return f;
}

static enum fault print_item(struct session *s, const struct found *what)
{
	struct offer *o;
	int n = 1;
	enum fault f;

	if (what->kind == FOUND_ITEM) {
		f = offers_list(s->store, what->id, 0, 0, PAGE, s->a, &o, &n, &s->err);
	} else {
		o = arena_alloc(s->a, sizeof *o);
		f = offer_get(s->store, what->id, s->a, o, &s->err);
	}
	if (!f)
		f = offers_site(s->store, o, n, s->a, &s->err);
	if (f)
		return f;
	session_sheet(s, true);
	return print_details(s, o, n);
}

/* One word that is exactly a SKU names it; anything else is a filter. */
static enum fault named(struct session *s, struct found *out)
{
	struct found *found;
	int n, hits = 0;
	enum fault f;

	*out = (struct found){ .kind = FOUND_NOTHING };
	if (s->o.words != 1)
		return OK;
	f = find_id(s->store, s->o.word[0], s->a, &found, &n, &s->err);
	for (int i = 0; i < n && !f; i++)
		if ((found[i].kind == FOUND_ITEM || found[i].kind == FOUND_OFFER) && !hits++)
			*out = found[i];
	if (hits > 1)
		out->kind = FOUND_NOTHING;
	return f;
}

int cmd_drift(int argc, char **argv)
{
	struct session s;
	struct page_ask ask = { 0 };
	struct found what;
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
	if (named(&s, &what))
		return session_end(&s, s.err.fault);
	if (what.kind != FOUND_NOTHING)
		return session_end(&s, print_item(&s, &what));
	session_sheet(&s, false);
	return session_end(&s, print_drift(&s, &ask));
}
