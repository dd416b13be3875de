/*
 * desk_preview.c: what is asked of a preview besides its line: why a row shows what it shows. Nothing here plans, ticks or sends.
 */
#include "ui/desk_inside.h"

#include "store/store.h"
#include "trade/intents.h"
#include "trade/views.h"
#include "ui/panes/words.h"

/* "- owed to other orders: -12", and under it who says so, and how long ago. */
static const char *terms_text(const struct pane *p, const struct term *t, int n, struct arena *a)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < n; i++) {
		bool aged = t[i].at_ms && t[i].at_ms <= p->now_ms;

		buf_printf(&b, "%s: %s\n", t[i].name, t[i].value);
		if (*t[i].origin || aged)
			buf_printf(&b, "    %s%s%s\n", t[i].origin, *t[i].origin && aged ? ", " : "", aged ? say_age(p, a, t[i].at_ms) : "");
	}
	return b.p;
}

/* What it sells, and what would be lost of that. */
static void add_sales(const struct plan_row *r, struct arena *a, struct buf *b)
{
	if (r->sold < 0)
		return;
	buf_printf(b, "sold here in the last 7 days: %s", say_count(a, r->sold));
	if (*r->currency)
		buf_printf(b, ", so about %s a day while it is at zero", say_money(a, r->lost_minor, r->currency));
	if (r->value_minor)
		buf_printf(b, "; what is shown is worth about %s at the price of the last ones", say_money(a, r->value_minor, r->currency));
	buf_printf(b, "\nopen orders: %s, nothing of them is cancelled\n", say_count(a, r->open > 0 ? r->open : 0));
}

static const char *row_text(const struct sheet *s, struct arena *a)
{
	const struct plan *plan = s->wish.proposal->plan;
	struct buf b = buf_new(a);

	buf_printf(&b, "%s%s\n", plan->step[s->cursor], s->off[s->cursor] ? " (unticked: it is left out)" : "");
	if (plan->row && *plan->row[s->cursor].check)
		buf_printf(&b, "to look at: %s\n", plan->row[s->cursor].check);
	if (plan->row)
		add_sales(&plan->row[s->cursor], a, &b);
	return b.p;
}

static enum fault read_terms(struct desk *d, enum sheet_rows rows, int64_t id, struct arena *a, struct term **t, int *n, struct err *err)
{
	enum fault bad = store_begin_read(d->store, err);

	if (!bad)
		bad = (rows == ROWS_ORDERS ? order_explain : offer_explain)(d->store, id, desk_world(d), a, t, n, err);
	store_rollback(d->store);
	return bad;
}

/* The page lies over the preview, which stays as it is. */
void desk_preview_explain(struct desk *d, const struct sheet *s)
{
	enum sheet_rows rows = sheet_rows(s);
	struct wish wish = desk_wish();
	struct section *section = arena_alloc(wish.arena, 2 * sizeof *section);
	struct term *t;
	struct err err = { 0 };
	int n = 0;

	if (rows == ROWS_NONE || !d->store) {
		desk_hint(d, "no row is chosen here: it is all of it, or nothing");
		arena_free(wish.arena);
	} else if (read_terms(d, rows, s->wish.proposal->plan->step_id[s->cursor], wish.arena, &t, &n, &err)) {
		desk_hint(d, "%s", err.text);
		arena_free(wish.arena);
	} else {
		section[0] = (struct section){ .title = "In this plan", .text = row_text(s, wish.arena) };
		section[1] = (struct section){ .title = "Where its numbers come from", .text = terms_text(desk_pane(d), t, n, wish.arena) };
		wish.kind = WISH_READ;
		wish.text = arena_printf(wish.arena, "Why: row %d of the plan; Esc leads back to it", s->cursor + 1);
		wish.sections = section;
		wish.n_sections = 2;
		desk_take(d, &wish);
	}
}
