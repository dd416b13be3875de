/*
 * tallyman stock: what there is, and of one SKU where, owed to whom and offered how.
 */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/inventory.h"
#include "trade/lists.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"

static const struct column item_columns[] = {
	{ "sku", CELL_TEXT, false },      { "title", CELL_TEXT, false }, { "counted", CELL_INT, false },
	{ "owed", CELL_INT, false },      { "available", CELL_INT, false }, { "known", CELL_TIME, false },
	{ "id", CELL_INT, true },
};

static const struct column place_columns[] = {
	{ "place", CELL_TEXT, false }, { "kind", CELL_TEXT, false },   { "counted", CELL_INT, false },
	{ "at", CELL_TIME, false },    { "known", CELL_TIME, true },   { "for_sale", CELL_FLAG, false },
	{ "stale", CELL_FLAG, false },
};

static void put_item(struct sheet *t, const struct item *i)
{
	put_text(t, i->sku);
	put_text(t, i->title);
	put_int(t, i->counted);
	put_int(t, i->reserved);
	put_int(t, i->available);
	put_time(t, i->known_ms);
	put_int(t, i->id);
}

static enum fault print_all(struct session *s)
{
	struct pager p = pager_new(s->o.limit);
	const char *after = "";
	struct item *item;
	enum fault f = OK;
	int n = 0;

	sheet_table(session_sheet(s, false), "items", COLUMNS(item_columns));
	while (!f && pager_more(&p, n)) {
		f = items_page(s->store, after, p.want, p.page, &item, &n, &s->err);
		for (int i = 0; i < n; i++)
			put_item(s->sheet, &item[i]);
		if (n)
			after = item[n - 1].sku;
	}
	pager_end(&p);
	return f;
}

static enum fault print_places(struct session *s, int64_t item)
{
	struct shelf_row *shelf;
	int n;
	enum fault f = shelves_of(s->store, item, s->a, &shelf, &n, &s->err);

	sheet_table(s->sheet, "places", COLUMNS(place_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(s->sheet, shelf[i].place);
		put_text(s->sheet, shelf[i].kind);
		put_int(s->sheet, shelf[i].counted);
		put_time(s->sheet, shelf[i].valid_ms);
		put_time(s->sheet, shelf[i].known_ms);
		put_flag(s->sheet, shelf[i].counts);
		put_flag(s->sheet, s->now_ms - shelf[i].valid_ms > shelf[i].max_age_ms);
	}
	return f;
}

static enum fault print_one(struct session *s, int64_t id)
{
	struct item item;
	struct offer *offer;
	int n;
	enum fault f = item_get_id(s->store, id, s->a, &item, &s->err);

	if (f)
		return f;
	sheet_record(session_sheet(s, true), "item", COLUMNS(item_columns));
	put_item(s->sheet, &item);
	f = print_places(s, id);
	if (!f)
		f = offers_list(s->store, id, 0, 0, 500, s->a, &offer, &n, &s->err);
	if (!f)
		f = offers_site(s->store, offer, n, s->a, &s->err);
	if (!f)
		put_offers(s->sheet, "offers", offer, n);
	return f;
}

int cmd_stock(int argc, char **argv)
{
	struct session s;
	int64_t id;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words)
		return session_end(&s, print_all(&s));
	if (one_found(&s, s.o.word[0], FOUND_ITEM, "item", &id))
		return session_end(&s, FAULT_REFUSED);
	return session_end(&s, print_one(&s, id));
}
