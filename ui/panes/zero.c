/*
 * One zero-out: each offer it holds, how far it is, what was shown before, what is shown now. What comes after the typed line is this page.
 */
#include "trade/portals.h"
#include "trade/standing.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct zero_pane {
	struct list_pane base; /* first */
	int64_t id;
	struct zero zero;
	int64_t of[ZERO_STATES];
	char strip[40];
	const char *channel; /* of the first that is pending so long that a person has to do it; NULL: none is */
};

enum { HEAD_ROWS = 4, HAND_ROWS = 4, HAND_MOST = 2000 };

enum column { SKU, STATE, CHANNEL, BEFORE, SEEN, READ, TARGET, AVAILABLE, ANSWER, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[SKU] = { "SKU", 13, 15, 12, ALIGN_LEFT, ROOM_TINY, true, true },
	[STATE] = { "STATE", 12, 12, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[CHANNEL] = { "CHANNEL", 12, 13, 8, ALIGN_LEFT, ROOM_TINY, false, false },
	[BEFORE] = { "BEFORE", 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[SEEN] = { "SHOWN", 5, 5, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[READ] = { "READ", 10, 10, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[TARGET] = { "WANT", 5, 5, 0, ALIGN_RIGHT, ROOM_WIDE, false, false },
	[AVAILABLE] = { "AVAIL", 5, 5, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[ANSWER] = { "ANSWER, OR ITEM", 0, 0, 0, ALIGN_LEFT, ROOM_FULL, false, false },
};

static struct word say_row(const struct zero_row *r)
{
	switch (r->state) {
	case ZERO_PENDING:
		return (struct word){ ROLE_CRIT, "CRIT PENDING" };
	case ZERO_FAILED:
	case ZERO_MOVED:
	case ZERO_UNSURE:
		return (struct word){ ROLE_CRIT, zero_state_name(r->state) };
	case ZERO_SHOWN:
	case ZERO_LEFT:
		return (struct word){ ROLE_OK, zero_state_name(r->state) };
	case ZERO_STOPPED:
	case ZERO_RETURNS:
	case ZERO_WAITS:
		return (struct word){ ROLE_WARN, zero_state_name(r->state) };
	default:
		return (struct word){ ROLE_FG, zero_state_name(r->state) };
	}
}

/* What is to be known of it beside its state; of most rows nothing, then what it is. */
static struct word say_answer(const struct zero_row *r, struct arena *a)
{
	if (r->state == ZERO_MOVED)
		return (struct word){ ROLE_WARN, arena_printf(a, "shows %s, %s when looked at: held (a o lets it)", say_units(a, r->fresh), say_units(a, r->looked)) };
	if (r->state == ZERO_STOPPED)
		return (struct word){ ROLE_WARN, "not said: a o goes on, a u undoes" };
	return *r->text ? (struct word){ ROLE_WARN, r->text } : (struct word){ ROLE_MUTED, r->offer.title };
}

static struct word zero_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct zero_row *r = row->data;

	switch ((enum column)column) {
	case SKU:
		return (struct word){ ROLE_VALUE, r->offer.sku };
	case STATE:
		return say_row(r);
	case CHANNEL:
		return (struct word){ ROLE_FG, say_where(a, r->offer.account_name, r->offer.site, table_width(p, &columns[CHANNEL])) };
	case BEFORE:
		return (struct word){ ROLE_FG, say_units(a, r->prior) };
	case SEEN:
		return (struct word){ ROLE_FG, say_units(a, r->offer.seen) };
	case READ:
		return (struct word){ ROLE_FG, say_time(p, a, r->offer.seen_ms) };
	case TARGET:
		return (struct word){ ROLE_FG, say_units(a, r->offer.target) };
	case AVAILABLE:
		return (struct word){ r->offer.available < 0 ? ROLE_CRIT : ROLE_FG, arena_printf(a, "%" PRId64, r->offer.available) };
	case ANSWER:
	case COLUMNS:
		break;
	}
	return say_answer(r, a);
}

static struct table_row row_of(const struct zero_row *r)
{
	return (struct table_row){ .id = r->offer.id, .key = { .value = r->offer.id, .id = r->offer.id }, .name = r->offer.sku, .data = r };
}

enum { READ_AT_ONCE = 500 };

static bool is_asked(const struct zero_row *r, const struct page_ask *ask, const char *find)
{
	return zero_row_has(r, ask->filter) && zero_row_has(r, find);
}

/* By number. The way back is read from the beginning, of which the last that were found are kept: a zero-out's rows are read upwards only. */
static enum fault page_of_rows(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out,
                               int *got, struct err *err)
{
	const struct zero_pane *v = p->self;
	bool down = ask->before != ask->reverse;
	int64_t after = down ? 0 : ask->key.id, end = down && ask->key.id ? ask->key.id : INT64_MAX;
	struct table_row *row = arena_alloc(a, (size_t)(ask->n + 1) * sizeof *row);
	int n = ask->n > 0 ? READ_AT_ONCE : 0, kept = 0;

	while (n == READ_AT_ONCE && after < end && (down || kept < ask->n)) {
		struct zero_row *r;

		if (zero_rows(s, v->id, after, READ_AT_ONCE, a, &r, &n, err))
			return err->fault;
		for (int i = 0; i < n && r[i].offer.id < end && (down || kept < ask->n); i++)
			if (is_asked(&r[i], ask, find))
				row[kept++ % ask->n] = row_of(&r[i]);
		after = n ? r[n - 1].offer.id : after;
	}
	*got = kept < ask->n ? kept : ask->n;
	*out = arena_alloc(a, (size_t)(*got + 1) * sizeof **out);
	for (int i = 0; i < *got; i++)
		(*out)[i] = row[(down ? kept - 1 - i : i) % ask->n];
	return OK;
}

static enum fault one_row(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	const struct zero_pane *v = p->self;
	struct zero_row *r;
	int n;

	(void)sort;
	if (zero_rows(s, v->id, id - 1, 1, a, &r, &n, err))
		return err->fault;
	if (!n || r->offer.id != id)
		return err_set(err, FAULT_REFUSED, "it is no longer there");
	*out = row_of(r);
	return OK;
}

static const char *sort_name(int sort)
{
	(void)sort;
	return "number";
}

static const struct table_type zero_table = {
	.what = "offers",
	.empty = "it holds nothing",
	.column = columns,
	.columns = COLUMNS,
	.sorts = 1,
	.sort_name = sort_name,
	.page = page_of_rows,
	.one = one_row,
	.cell = zero_cell,
};

static enum fault by_hand(struct zero_pane *v, struct store *s, struct arena *facts, int64_t now_ms, struct err *err)
{
	struct zero_hand *h;
	int n;
	enum fault f = zero_by_hand(s, now_ms - ZERO_BY_HAND_MS, HAND_MOST, facts, &h, &n, err);

	v->channel = NULL;
	for (int i = 0; i < n && !f && !v->channel; i++)
		v->channel = h[i].zero == v->id ? h[i].offer.channel : NULL;
	return f;
}

/* How many there are is known of its states; the window holds a part. */
static void count_rows(struct zero_pane *v)
{
	struct table *t = &v->base.table;

	t->total = 0;
	for (int i = 0; i < ZERO_STATES; i++)
		t->total += v->of[i];
	t->shown = t->filter[0] ? t->shown : t->total;
}

static enum fault zero_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct zero_pane *v = p->self;

	table_init(&v->base.table, &zero_table);
	if (!subject_id(p->subject, "zero", &v->id))
		return err_set(err, FAULT_REFUSED, "that is no zero-out");
	if (zero_get(s, v->id, facts, &v->zero, err) || zero_tally(s, v->id, v->of, err) || by_hand(v, s, facts, p->now_ms, err))
		return err->fault;
	if (table_load(p, &v->base.table, s, err))
		return err->fault;
	count_rows(v);
	return OK;
}

/* ---- above the rows: how it stands, why, and how it ends ---- */

static bool is_going(const struct zero_pane *v)
{
	return !v->zero.lifted_ms && !v->zero.stopped_ms && !*v->zero.rule &&
	       v->of[ZERO_QUEUED] + v->of[ZERO_READING] + v->of[ZERO_SAID] + v->of[ZERO_PENDING] + v->of[ZERO_MOVED] > 0;
}

static struct word how_it_stands(const struct zero_pane *v, struct arena *a)
{
	const struct zero *z = &v->zero;

	if (z->lifted_ms)
		return (struct word){ z->pending ? ROLE_WARN : ROLE_OK, arena_printf(a, "%s, by %s", z->pending ? "LIFTED" : "RESTORED", z->lifted_by) };
	if (z->stopped_ms)
		return (struct word){ ROLE_WARN, arena_printf(a, "STOPPED, by %s", z->stopped_by) };
	if (!z->pending)
		return (struct word){ ROLE_OK, "HELD: all of it is seen at zero" };
	if (v->of[ZERO_PENDING] && !(v->of[ZERO_QUEUED] + v->of[ZERO_READING] + v->of[ZERO_SAID] + v->of[ZERO_ACCEPTED]))
		return (struct word){ ROLE_CRIT, arena_printf(a, "PENDING: %" PRId64 " cannot be told now; ^C stops trying", v->of[ZERO_PENDING]) };
	if (is_going(v))
		return (struct word){ ROLE_WARN, "GOING: ^C stops it between two calls" };
	return (struct word){ ROLE_WARN, arena_printf(a, "HELD: %" PRId64 " of %" PRId64 " not seen at zero yet", z->pending, z->offers) };
}

static const char *end_words(const struct pane *p, const struct zero *z, struct arena *a)
{
	const char *when = z->until_ms     ? arena_printf(a, "by itself at %s", say_time(p, a, z->until_ms))
	                   : z->counted    ? "by itself when something of each is counted"
	                   : *z->rule      ? "when the account is in step again"
	                                   : "when somebody lifts it (u)";

	return z->remind_ms && !z->lifted_ms ? arena_printf(a, "%s; asked about from %s", when, say_time(p, a, z->remind_ms)) : when;
}

static void head_draw(const struct pane *p, struct canvas *c)
{
	const struct zero_pane *v = p->self;
	const struct zero *z = &v->zero;
	struct arena *a = v->base.table.paint;
	struct word stands = how_it_stands(v, a);
	int x = canvas_printf(c, 0, 0, ROLE_TITLE, "Z-%" PRId64 "  ", z->id);

	canvas_put(c, x, 0, stands.role, stands.text);
	canvas_printf(c, 0, 1, ROLE_FG, "so far  %s", zero_tally_words(v->of, a));
	canvas_printf(c, 0, 2, ROLE_FG, "why     %s   (%s%s%s, %s)", z->reason, z->actor, *z->approver ? " and " : "", z->approver, say_time(p, a, z->made_ms));
	if (z->lifted_ms)
		canvas_printf(c, 0, 3, ROLE_FG, "lifted  %s: each comes back to today's right number, and is read back", say_time(p, a, z->lifted_ms));
	else
		canvas_printf(c, 0, 3, ROLE_FG, "ends    %s", end_words(p, z, a));
}

/* What a person has to do himself, where there is a person. */
static void hand_draw(const struct pane *p, struct canvas *c)
{
	const struct zero_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	struct portal at = portal_of(a, v->channel);
	char age[16];

	time_age(p->now_ms - v->zero.made_ms, age);
	canvas_rule(c, 0, arena_printf(a, "BY HAND NOW: %" PRId64 " PENDING for %s", v->zero.pending, age), "");
	canvas_wrap(c, 0, 1, c->w, c->h - 1, ROLE_CRIT, arena_printf(a, "Set the PENDING ones to 0 in %s: %s. %s", at.name, at.how, at.url));
}

static void zero_draw(const struct pane *p, struct canvas *c)
{
	struct zero_pane *v = p->self;
	int head = p->room >= ROOM_FULL ? HEAD_ROWS + 1 : 0, rows = v->channel && c->h > 3 * HAND_ROWS ? HAND_ROWS : 0;
	struct canvas top = canvas_part(c, 1, 0, c->w - 1, head), list = canvas_part(c, 0, head, c->w, c->h - head - rows), rest = canvas_part(c, 0, head + list.h, c->w, rows);

	table_draw(p, &v->base.table, &list);
	if (head)
		head_draw(p, &top);
	if (rows)
		hand_draw(p, &rest);
}

static void zero_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%" PRId64, row->id);
}

/* What can be done with all of it, then with the rows. */
static int zero_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct offer **o = arena_alloc(a, (size_t)n * sizeof *o);

	for (int i = 0; i < n; i++)
		o[i] = &((const struct zero_row *)row[i]->data)->offer;
	return deed_offer_choices(a, o, n, hidden, out);
}

static void sheet_of_all(const struct zero_pane *v, struct wish *wish)
{
	struct stand *own = arena_alloc(wish->arena, sizeof *own);
	const struct stand *one = own;
	struct choice *of_rows = (struct choice *)wish->choices, *of_all, *both;
	int n;

	wish->text = arena_printf(wish->arena, "Z-%" PRId64 "; %s", v->id, wish->text);
	*own = (struct stand){ .kind = STAND_ZERO, .id = v->id, .zero = v->zero };
	n = deed_zero_choices(wish->arena, &one, 1, 0, &of_all) - 1; /* what begins another one stands on the list */
	both = arena_alloc(wish->arena, (size_t)(n + wish->n_choices + 1) * sizeof *both);
	for (int i = 0; i < n; i++)
		both[i] = of_all[i];
	for (int i = 0; i < wish->n_choices; i++)
		both[n + i] = of_rows[i];
	wish->choices = both;
	wish->n_choices += n;
}

static struct deed_row zero_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &zero_table,
	.deed = DEED_OFFER,
	.one = "offer",
	.detail = &pane_offer,
	.subject = zero_subject,
	.choices = zero_choices,
	.deed_row = zero_deed,
};

/* Of the zero-out, not of a row. */
static bool act_on_all(struct pane *p, enum act act, struct wish *wish)
{
	struct zero_pane *v = p->self;
	struct deed_row one = { .id = v->id, .name = arena_printf(wish->arena, "Z-%" PRId64, v->id) };

	return deed_act(p, &v->base.deed, act, DEED_ZERO, &one, 1, wish);
}

static bool zero_act(struct pane *p, enum act act, struct wish *wish)
{
	struct zero_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);

	if (row && act == ACT_TIMELINE) {
		wish_open_id(wish, &pane_story, "offer", row->id);
		return true;
	}
	if (act == ACT_STOP)
		return is_going(v) && act_on_all(p, ACT_HALT, wish);
	if (act == ACT_HALT || act == ACT_GO_ON || act == ACT_LIFT || act == ACT_UNDO || act == ACT_DIFF)
		return act_on_all(p, act == ACT_UNDO ? ACT_LIFT : act, wish);
	if (!list_act(p, &kind, act, wish))
		return false;
	if (act == ACT_ACTIONS && wish->kind == WISH_SHEET)
		sheet_of_all(v, wish);
	return true;
}

/* ^C is on the last row only while there is something to stop. */
static bool zero_can(const struct pane *p, enum act act, const char **why)
{
	(void)why;
	return act != ACT_STOP || is_going(p->self);
}

static void zero_strip(const struct pane *p, struct strip *strip)
{
	struct zero_pane *v = p->self;

	list_strip(p, strip);
	snprintf(v->strip, sizeof v->strip, "Z-%" PRId64 " result", v->id);
	strip->view = v->strip;
}

static void zero_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	list_answer(p, &kind, answer, wish);
}

static bool zero_step(struct pane *p, int by, char *subject, size_t cap)
{
	return list_step(p, &kind, by, subject, cap);
}

const struct pane_type pane_zero = {
	.name = "zero",
	.help = "One zero-out, and how far each of its offers is: READING once more, QUEUED, SAID, ACCEPTED, ZERO (seen). MOVED: just before its zero was said they showed more "
	        "than when it was looked at: held until you go on (a, o). ^C stops between two calls: what was said stays said, the rest is STOPPED, and is gone on with (a, o) or "
	        "undone (u; d shows what that would say now). FAILED and UNSURE say what they answered. PENDING cannot be said now; after a quarter of an hour the page says where to do it by hand. Lifted: WAITS for "
	        "its turn, RETURNS, RESTORED.",
	.where = WHERE_LISTS | WHERE_ZERO,
	.size = sizeof(struct zero_pane),
	.keys = (const enum act[]){ ACT_STOP, ACT_ACTIONS, ACT_UNDO, ACT_DIFF, ACT_OPEN, ACT_TIMELINE, ACT_FILTER, ACT_COPY, ACT_NONE },
	.load = zero_load,
	.draw = zero_draw,
	.act = zero_act,
	.strip = zero_strip,
	.can = zero_can,
	.answer = zero_answer,
	.step = zero_step,
	.replan = deed_replan,
	.close = list_close,
};
