/*
 * Offers that show nothing although there is stock: the rule that keeps it back, since when, what it is worth, and what would put one on sale.
 */
#include "trade/suppressed.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>

enum { MOST = 500 };

static enum fault read_all(struct pane *p, struct store *s, struct suppressed **out, int *n, bool *more, struct err *err)
{
	int64_t after = 0;
	enum fault f = OK;

	*out = arena_alloc(p->facts, (MOST + 1) * sizeof **out);
	*n = 0;
	do {
		struct suppressed *page;
		int got;

		f = suppressed_page(s, after, MOST, p->now_ms, p->facts, &page, &got, &after, err);
		for (int i = 0; i < got && *n < MOST && !f; i++)
			(*out)[(*n)++] = page[i];
	} while (!f && after && *n < MOST);
	*more = after != 0;
	return f;
}

static void put_line(struct pane *p, struct board_block *b, const struct suppressed *x)
{
	struct arena *a = p->facts;
	const char *worth = x->price_minor ? say_money(a, x->price_minor * x->offer.available, x->currency) : "-";
	struct board_line *l = LINE(b, bit(ROLE_VALUE, x->offer.sku), bit(ROLE_FG, x->offer.account_name), bit(ROLE_VALUE, say_count(a, x->offer.available)),
	                            bit(ROLE_FG, say_age(p, a, x->since_ms)), bit(ROLE_FG, worth), bit(ROLE_FG, x->by),
	                            bit(ROLE_KEY, *x->propose ? arena_printf(a, "%s: shows %" PRId64, x->propose, x->would) : "no single rule"));

	l->open = &pane_explain;
	l->subject = arena_printf(a, "item:%" PRId64, x->offer.item);
	l->key = arena_printf(a, "%" PRId64, x->offer.id);
}

static enum fault suppressed_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column column[] = {
		{ "SKU", 15, 22, 13, ALIGN_LEFT, ROOM_TINY },     { "CHANNEL", 12, 14, 11, ALIGN_LEFT, ROOM_TINY }, { "AVAIL", 5, 5, 5, ALIGN_RIGHT, ROOM_TINY },
		{ "SINCE", 6, 6, 6, ALIGN_RIGHT, ROOM_TINY },     { "WORTH", 12, 12, 0, ALIGN_RIGHT, ROOM_WIDE },   { "KEPT BACK BY", 18, 24, 0, ALIGN_LEFT, ROOM_FULL },
		{ "PROPOSED", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct board_block *b;
	struct suppressed *x;
	bool more;
	int n;

	v->board = board_new(facts);
	if (read_all(p, s, &x, &n, &more, err))
		return err->fault;
	b = board_block(&v->board, "In stock, and not on sale", n ? arena_printf(facts, "%d%s offer%s", n, more ? " of more" : "", n == 1 ? "" : "s") : "nothing is kept off sale",
	                column, 7);
	b->beside = ROOM_WIDE;
	b->clip = true;
	for (int i = 0; i < n; i++)
		put_line(p, b, &x[i]);
	if (!n)
		LINE(b, bit(ROLE_OK, "none"));
	snprintf(v->strip, sizeof v->strip, "Suppressed by a rule");
	v->hint = "tallyman policy set sku:NAME KEY VALUE";
	board_settle(&v->board, &v->at);
	return OK;
}

const struct pane_type pane_suppressed = {
	.name = "suppressed",
	.says = "what is in stock and not on sale, because a rule keeps the last ones back",
	.help = "Offers that show nothing although there is stock: the rule that keeps it back, since when, what it is worth, and the mildest change that would put one on sale. "
	        "Enter explains the item. Nothing is changed here: tallyman plan KEY=VALUE shows what a change would touch.",
	.where = WHERE_DETAILS,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = suppressed_load,
	BOARD_PANE,
};
