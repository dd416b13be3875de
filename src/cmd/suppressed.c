/* tallyman suppressed: offers that show nothing although there is stock, and the rule that keeps it back. */
#include "trade/suppressed.h"
#include "base/text.h"
#include "cmd/print.h"
#include "cmd/session.h"

enum { PAGE = 200 };

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },    { "available", CELL_INT, false },
	{ "rule", CELL_TEXT, false },    { "says", CELL_TEXT, false },        { "since", CELL_TIME, false },  { "worth", CELL_MONEY, false },
	{ "propose", CELL_TEXT, false }, { "would_show", CELL_INT, false },   { "item", CELL_TEXT, true },    { "offer", CELL_INT, true },
};

static void put_one(struct sheet *t, const struct suppressed *x)
{
	put_text(t, x->offer.account_name);
	put_text(t, x->offer.marketplace);
	put_text(t, x->offer.sku);
	put_int(t, x->offer.available);
	put_text(t, x->key == POLICY_KEYS ? "" : policy_key_name(x->key));
	put_text(t, x->by);
	put_time(t, x->since_ms);
	if (x->price_minor)
		put_money(t, x->price_minor * x->offer.available, x->currency);
	else
		put_none(t);
	put_text(t, x->propose);
	put_int(t, x->would);
	put_text(t, x->offer.item_sku);
	put_int(t, x->offer.id);
}

static enum fault print_all(struct session *s)
{
	struct suppressed *x;
	int64_t after = 0, left = s->o.limit ? s->o.limit : INT64_MAX;
	enum fault f = OK;
	int n;

	sheet_table(session_sheet(s, false), "suppressed", COLUMNS(columns));
	do {
		struct arena *page = arena_new();

		f = suppressed_page(s->store, after, PAGE, s->now_ms, page, &x, &n, &after, &s->err);
		for (int i = 0; i < n && left > 0 && !f; i++, left--)
			put_one(s->sheet, &x[i]);
		arena_free(page);
	} while (!f && after && left > 0);
	return f;
}

int cmd_suppressed(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 0, &s);

	return status >= 0 ? status : session_end(&s, print_all(&s));
}
