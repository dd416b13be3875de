/*
 * tallyman plan: what a change of the configuration would do to quantities, before it is made. Nothing is written.
 */
#include "cmd/changed.h"
#include "cmd/print.h"
#include "trade/aim.h"

#include <string.h>

enum { TOTALS = 64 };

static const struct column change_columns[] = {
	{ "sku", CELL_TEXT, false },    { "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "available", CELL_INT, false },
	{ "before", CELL_INT, false },  { "after", CELL_INT, false },    { "delta", CELL_INT, false },        { "why", CELL_TEXT, false },
	{ "why_before", CELL_TEXT, true }, { "shown", CELL_INT, true },  { "offer_sku", CELL_TEXT, true },    { "node", CELL_TEXT, true },
};

static const struct column total_columns[] = {
	{ "account", CELL_TEXT, false }, /* nothing: all of them */
	{ "offers", CELL_INT, false },   { "changed", CELL_INT, false }, { "more", CELL_INT, false },
	{ "less", CELL_INT, false },     { "to_zero", CELL_INT, false }, { "from_zero", CELL_INT, false },
};

struct total {
	const char *account;
	int64_t offers, changed, more, less, to_zero, from_zero;
};

struct planning {
	struct session *s;
	struct changed *c;
	struct aims before, after;
	struct total total[TOTALS]; /* the first is of all */
	int totals;
	int64_t left;               /* rows still to print; -1: no limit */
};

/* ---- totals ---- */

static struct total *total_of(struct planning *p, const char *account)
{
	for (int i = 1; i < p->totals; i++)
		if (!strcmp(p->total[i].account, account))
			return &p->total[i];
	if (p->totals == TOTALS)
		return &p->total[0];
	p->total[p->totals] = (struct total){ .account = arena_strdup(p->s->a, account) };
	return &p->total[p->totals++];
}

static void add_to(struct total *t, int64_t before, int64_t after)
{
	t->offers++;
	t->changed += before != after;
	t->more += after > before ? after - before : 0;
	t->less += after < before ? before - after : 0;
	t->to_zero += before && !after;
	t->from_zero += !before && after;
}

static void print_totals(struct planning *p)
{
	struct sheet *t = p->s->sheet;

	sheet_table(t, "totals", COLUMNS(total_columns));
	for (int i = p->totals; i-- > 0;) { /* of all: last */
		put_text(t, p->total[i].account);
		put_int(t, p->total[i].offers);
		put_int(t, p->total[i].changed);
		put_int(t, p->total[i].more);
		put_int(t, p->total[i].less);
		put_int(t, p->total[i].to_zero);
		put_int(t, p->total[i].from_zero);
	}
}

/* ---- offers ---- */

/* What an offer comes to, and why. */
struct end {
	int64_t qty;
	char words[EQUATION];
};

static struct end end_of(const struct aimed_item *item, const struct aimed *of)
{
	struct end e;

	e.qty = aimed_at_rest(item, of, e.words).qty;
	return e;
}

static void put_change(struct sheet *t, const struct offer *o, const struct end *was, const struct end *is)
{
	put_text(t, o->item_sku);
	put_text(t, o->account_name);
	put_text(t, o->marketplace);
	put_int(t, o->available);
	put_int(t, was->qty);
	put_int(t, is->qty);
	put_int(t, is->qty - was->qty);
	put_text(t, is->words);
	put_text(t, was->words);
	put_units(t, o->seen);
	put_text(t, o->sku);
	put_text(t, o->node);
}

/* The two reckonings may order an item's offers differently. */
static const struct aimed *same_offer(const struct aimed_item *all, int64_t offer)
{
	for (int i = 0; i < all->n; i++)
		if (all->of[i].offer->id == offer)
			return &all->of[i];
	return NULL;
}

static void compare(struct planning *p, const struct offer *o, struct end was, struct end is)
{
	add_to(total_of(p, o->account_name), was.qty, is.qty);
	add_to(&p->total[0], was.qty, is.qty);
	if (was.qty == is.qty || !p->left)
		return;
	put_change(p->s->sheet, o, &was, &is);
	p->left -= p->left > 0;
}

static enum fault plan_item(void *ctx, int64_t item, struct arena *a)
{
	struct planning *p = ctx;
	struct aimed_item was, is = { .n = 0 };
	enum fault f = item_allocate(p->s->store, item, &p->before, a, &was, &p->s->err);

	if (!f)
		f = item_allocate(p->s->store, item, &p->after, a, &is, &p->s->err);
	for (int i = 0; i < is.n && !f; i++) {
		const struct offer *o = is.of[i].offer;
		const struct aimed *before = same_offer(&was, o->id);

		if (before)
			compare(p, o, end_of(&was, before), end_of(&is, &is.of[i]));
	}
	return f;
}

static enum fault print_plan(struct planning *p)
{
	struct session *s = p->s;
	enum fault f = aims_open(s->store, &p->c->before, NULL, 0, s->now_ms, s->a, &p->before, &s->err);

	if (!f)
		f = aims_open(s->store, &p->c->after, NULL, 0, s->now_ms, s->a, &p->after, &s->err);
	if (f)
		return f;
	sheet_table(session_sheet(s, true), "changes", COLUMNS(change_columns));
	f = items_each(s->store, plan_item, p, &s->err);
	if (!f)
		print_totals(p);
	if (!f && *p->c->after.warning)
		fprintf(stderr, "%s\n", p->c->after.warning);
	return f;
}

int cmd_plan(int argc, char **argv)
{
	struct session s;
	struct changed c;
	struct planning p = { .s = &s, .c = &c, .totals = 1, .total = { { .account = "" } } };
	enum fault f;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_SET | TAKES_LIMIT, 0, -1, &s);

	if (status >= 0)
		return status;
	if (!s.o.config && !s.o.set && !s.o.words)
		return session_leave(&s, command_misused("plan", "what would change? --config NEW.ini, or KEY=VALUE such as alloc.strategy=fixed"));
	status = changed_open(&s, s.o.word, s.o.words, &c);
	if (status >= 0)
		return status;
	p.left = s.o.limit ? s.o.limit : -1;
	f = print_plan(&p);
	changed_close(&c);
	return session_end(&s, f);
}
