/*
 * Incidents: alerts of one cause, folded; worst first, of those the ones with the most money at risk. Under them the one under the cursor: what it puts at
 * risk, its runbook card, its log; and where there is room, when each of the last day began and ended.
 */
#include "ui/panes/all.h"
#include "ui/panes/incident_bars.h"
#include "ui/panes/incident_look.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 12, PREVIEW_WIDE = 13, BARS_ROWS = 8, LIST_ROWS = 6, READ_MOST = 2000 };

struct alerts_pane {
	struct list_pane base; /* first */
	struct incident_look look;
	bool looked;
	struct incident *day; /* the last ones, closed ones too, for the bars */
	int days;
};

/* What the list shows of one: how often it was seen of late is read beside it. */
struct listed {
	struct incident in; /* first */
	int64_t rate[RATE_PARTS];
};

enum { BY_SEVERITY, BY_MONEY, SORTS };
enum column { SEVERITY, NUMBER, SINCE, WHAT, OWNER, AGE, RISK, EVENTS, ALERTS, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[SEVERITY] = { "SEV", 4, 4, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[NUMBER] = { "ID", 6, 6, 0, ALIGN_LEFT, ROOM_TINY, true, true },
	[SINCE] = { "SINCE", 10, 10, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[WHAT] = { "WHAT", 34, 38, 24, ALIGN_LEFT, ROOM_TINY, false, false },
	[OWNER] = { "STATE", 11, 12, 0, ALIGN_LEFT, ROOM_COMPACT, false, false },
	[AGE] = { "AGE", 5, 6, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[RISK] = { "AT RISK", 12, 14, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[EVENTS] = { "EVENTS/MIN", 12, 12, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[ALERTS] = { "ALERTS", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

static struct word alerts_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct listed *at = row->data;
	const struct incident *in = &at->in;

	switch ((enum column)column) {
	case SEVERITY:
		return (struct word){ in->closed_ms || in->over_ms ? ROLE_MUTED : role_of_severity(in->severity), in->severity };
	case NUMBER:
		return (struct word){ ROLE_VALUE, row->name };
	case SINCE:
		return (struct word){ ROLE_FG, say_time(p, a, in->opened_ms) };
	case WHAT:
		return (struct word){ ROLE_FG, say_whose(a, in->account_name, in->text) };
	case OWNER:
		return say_incident(in, a);
	case AGE:
		return (struct word){ ROLE_FG, say_age(p, a, in->opened_ms) };
	case RISK:
		return (struct word){ ROLE_FG, in->risk_minor ? say_money(a, in->risk_minor, in->risk_currency) : in->risk_units ? arena_printf(a, "%s u", say_count(a, in->risk_units)) : "" };
	case EVENTS:
		return (struct word){ ROLE_FG, incident_spark(a, at->rate) };
	case ALERTS:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, in->alerts > 1 ? arena_printf(a, "%s of %s", say_count(a, in->open), say_count(a, in->alerts)) : "1" };
}

/* Their place in the list is their key: they are few, and all are read each time. */
static struct table_row row_of(const struct listed *at, int place, struct arena *a)
{
	return (struct table_row){ .id = at->in.id, .key = { .value = place, .id = at->in.id }, .name = arena_printf(a, "I-%" PRId64, at->in.id), .data = at };
}

static enum fault list_one(struct store *s, const struct incident *in, int64_t now_ms, struct arena *a, struct listed **out, struct err *err)
{
	*out = arena_alloc(a, sizeof **out);
	**out = (struct listed){ .in = *in };
	return in->closed_ms ? OK : incident_rate(s, in->id, now_ms, (*out)->rate, err);
}

/* Where the key's row stands now; when it is gone, where it stood. */
static int place_of(const struct incident *in, int n, const struct page_key *key)
{
	for (int i = 0; i < n; i++)
		if (in[i].id == key->id)
			return i;
	return (int)key->value;
}

static enum fault page_of_incidents(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out, int *got,
                                    struct err *err)
{
	bool upward = ask->before != ask->reverse;
	struct incident *in;
	struct listed *at;
	int n, from, kept = 0;
	enum fault f = incidents_sorted(s, ask->sort == BY_MONEY, ask->all, p->now_ms, READ_MOST, a, &in, &n, err);

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	from = f || !ask->key.id ? -1 : place_of(in, n, &ask->key);
	for (int k = 0; k < n && !f && kept < ask->n; k++) {
		int i = upward ? n - 1 - k : k;
		bool beside = from < 0 || (in[i].id != ask->key.id && (upward ? i < from : i >= from));

		if (!beside || !incident_has(&in[i], ask->filter) || !incident_has(&in[i], find))
			continue;
		f = list_one(s, &in[i], p->now_ms, a, &at, err);
		(*out)[kept++] = row_of(at, i, a);
	}
	*got = kept;
	return f;
}

static enum fault one_incident(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct alerts_pane *v = p->self;
	struct incident *in;
	struct listed *at;
	int n;
	enum fault f = incidents_sorted(s, sort == BY_MONEY, v->base.table.all, p->now_ms, READ_MOST, a, &in, &n, err);

	for (int i = 0; i < n && !f; i++)
		if (in[i].id == id) {
			f = list_one(s, &in[i], p->now_ms, a, &at, err);
			*out = row_of(at, i, a);
			return f;
		}
	return f ? f : err_set(err, FAULT_REFUSED, "there is no incident I-%" PRId64 " in this view", id);
}

static enum fault count_incidents(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	struct arena *a = arena_new();
	struct incident *in;
	int n = 0;
	enum fault f = incidents_page(s, ask->all, ask->now_ms, READ_MOST, a, &in, &n, err);

	*out = 0;
	for (int i = 0; i < n && *out < most && !f; i++)
		*out += incident_has(&in[i], ask->filter);
	arena_free(a);
	return f;
}

static const char *sort_name(int sort)
{
	return sort == BY_MONEY ? "money" : "severity";
}

static const struct table_type alerts_table = {
	.what = "incidents",
	.empty = "nothing shouts",
	.column = columns,
	.columns = COLUMNS,
	.sorts = SORTS,
	.sort_name = sort_name,
	.has_closed = true,
	.page = page_of_incidents,
	.one = one_incident,
	.count = count_incidents,
	.cell = alerts_cell,
};

static enum fault preview_read(struct pane *p, struct store *s, struct err *err)
{
	struct alerts_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);

	v->looked = false;
	if (!row)
		return OK;
	if (incident_look(s, row->id, p->now_ms, list_look(&v->base), &v->look, err))
		return err->fault;
	v->looked = true;
	return OK;
}

static enum fault alerts_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct alerts_pane *v = p->self;

	v->looked = false;
	v->days = 0;
	table_init(&v->base.table, &alerts_table);
	if (table_load(p, &v->base.table, s, err) || (p->room == ROOM_WIDE && incidents_page(s, true, p->now_ms, READ_MOST, facts, &v->day, &v->days, err)))
		return err->fault;
	return preview_read(p, s, err);
}

/* ---- the preview ---- */

/* One row, or as many as it takes where there is room. */
static int put_lines(struct canvas *in, int x, int y, enum role role, const char *text, bool wide)
{
	int rows = 1;

	if (wide)
		rows = canvas_wrap(in, x, y, in->w - x, in->h - y, role, text);
	else
		canvas_printf(in, x, y, role, "%s", text);
	return rows > 0 ? rows : 1;
}

static void put_pair(struct canvas *in, int *y, const char *name, const char *text, bool wide)
{
	if (!*text || *y >= in->h)
		return;
	canvas_put(in, 0, *y, ROLE_KEY, name);
	*y += put_lines(in, 9, *y, ROLE_FG, text, wide);
}

static void draw_card(const struct pane *p, const struct incident_look *l, struct canvas *in, bool wide)
{
	struct alerts_pane *v = p->self;
	struct arena *a = v->base.table.paint;

	for (int i = 0, y = 0; i < l->steps && y < in->h; i++) {
		const struct incident_step *s = &l->step[i];
		enum role role = !s->at_ms ? ROLE_FG : s->good ? ROLE_OK : ROLE_WARN;
		const char *after = s->at_ms ? arena_printf(a, "%s (%s)", s->result, say_time(p, a, s->at_ms)) : s->card.key;

		canvas_printf(in, 0, y, role, "%s %d", say_step(s), s->card.step);
		y += put_lines(in, 6, y, role, arena_printf(a, "%s%s%s", s->card.text, *after ? "   " : "", after), wide);
	}
}

static void preview_draw(const struct pane *p, struct canvas *c)
{
	struct alerts_pane *v = p->self;
	const struct incident_look *l = &v->look;
	struct arena *a = v->base.table.paint;
	const char *title = arena_printf(a, "I-%" PRId64 " %s", l->in.id, l->in.text);
	bool wide = p->room == ROOM_WIDE;
	struct canvas left = wide ? canvas_part(c, 0, 0, c->w * 3 / 5, c->h) : *c, right;
	struct canvas in;
	int y = 0, shown;

	if (wide) {
		right = canvas_part(c, left.w, 0, c->w - left.w, c->h);
		in = canvas_box(&left, title, "Enter all of it");
	} else {
		canvas_rule(c, 0, title, NULL);
		in = canvas_part(c, 1, 1, c->w - 2, c->h - 1);
	}
	put_pair(&in, &y, "effect", say_exposure(&l->risk, a), wide);
	put_pair(&in, &y, "next", l->in.next, wide);
	if (l->in.muted_ms)
		put_pair(&in, &y, "silent", arena_printf(a, "hooks are told nothing of it until %s", say_time(p, a, l->in.muted_ms)), wide);
	put_pair(&in, &y, "same as", l->like, wide);
	shown = in.h - y - (wide ? 0 : l->steps + 1);
	for (int i = l->events > shown ? l->events - shown : 0; i < l->events && shown > 0 && y < in.h; i++)
		y += put_lines(&in, 0, y, ROLE_FG, arena_printf(a, "%-8s %s  %s", say_time(p, a, l->event[i].at_ms), l->event[i].what, l->event[i].detail), wide);
	if (wide) {
		in = canvas_box(&right, arena_printf(a, "Runbook %s", l->in.card), "a 1-5 a step");
		draw_card(p, l, &in, true);
	} else if (y < in.h) {
		struct canvas card = canvas_part(c, 0, 1 + y, c->w, c->h - 1 - y);

		canvas_rule(&card, 0, arena_printf(a, "Runbook %s", l->in.card), "a 1-5 a step");
		card = canvas_part(&card, 1, 1, card.w - 2, card.h - 1);
		draw_card(p, l, &card, false);
	}
}

static void bars_draw(const struct pane *p, struct canvas *c)
{
	struct alerts_pane *v = p->self;
	struct canvas in = canvas_box(c, "The last 24 hours", "# open  - over or closed");

	incident_bars_draw(p, v->day, v->days, &in, v->base.table.paint);
}

static void alerts_draw(const struct pane *p, struct canvas *c)
{
	struct alerts_pane *v = p->self;
	bool wide = p->room == ROOM_WIDE;
	int rows = wide ? PREVIEW_WIDE : PREVIEW_ROWS;
	bool under = v->looked && p->room >= ROOM_FULL && c->h >= rows + LIST_ROWS;
	int bars = under && wide && v->days && c->h >= rows + LIST_ROWS + BARS_ROWS ? BARS_ROWS : 0;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - (under ? rows : 0) - bars);
	struct canvas rest = canvas_part(c, 0, list.h, c->w, c->h - list.h - bars);
	struct canvas day = canvas_part(c, 0, list.h + rest.h, c->w, bars);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, &rest);
	if (bars)
		bars_draw(p, &day);
}

/* ---- keys ---- */

static void alerts_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%" PRId64, row->id);
}

static int alerts_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct incident **in = arena_alloc(a, (size_t)n * sizeof *in);

	for (int i = 0; i < n; i++)
		in[i] = &((const struct listed *)row[i]->data)->in;
	return deed_incident_choices(a, in, n, NULL, 0, hidden, out);
}

static struct deed_row alerts_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &alerts_table,
	.deed = DEED_INCIDENT,
	.one = "incident",
	.detail = &pane_incident,
	.subject = alerts_subject,
	.choices = alerts_choices,
	.deed_row = alerts_deed,
};

/* One incident, the one that is looked at: its card's steps are in the sheet. */
static bool sheet_of_one(struct pane *p, struct wish *wish)
{
	struct alerts_pane *v = p->self;
	const struct incident *in = &v->look.in;
	struct choice *c;

	if (v->base.table.marks || !v->looked)
		return false;
	list_name(&v->base, &kind);
	wish->kind = WISH_SHEET;
	wish->text = arena_printf(wish->arena, "incident I-%" PRId64, in->id);
	wish->n_choices = deed_incident_choices(wish->arena, &in, 1, v->look.step, v->look.steps, 0, &c);
	wish->choices = c;
	return true;
}

static bool alerts_act(struct pane *p, enum act act, struct wish *wish)
{
	struct alerts_pane *v = p->self;
	int64_t was = v->base.table.id;
	struct deed_row one;
	bool known;

	if (act == ACT_ACTIONS && sheet_of_one(p, wish))
		return true;
	v->base.table.moved |= act == ACT_ACK_ALERT && v->looked;
	if (act >= ACT_STEP_1 && act <= ACT_STEP_5 && v->looked) {
		if (list_missed(&v->base, wish))
			return true;
		one = (struct deed_row){ .id = v->look.in.id, .name = "", .asks = deed_steps_asked(v->look.step, v->look.steps) };
		return deed_act(p, &v->base.deed, act, DEED_INCIDENT, &one, 1, wish);
	}
	known = list_act(p, &kind, act, wish);
	if (v->base.table.id != was)
		p->peek = true;
	return known;
}

LIST_ANSWERS(alerts)

const struct pane_type pane_alerts = {
	.name = "alerts",
	.help = "What somebody should know, folded by cause: CRIT first, of those the most money at risk (s: money before severity). EVENTS/MIN is the last hour. A says that you look; it closes nothing. An incident that ends by itself says so; the others are over when "
	        "their alerts are, and are closed (a c) with the cause, which whoever comes next reads. The numbers of the sheet (a) are the steps of its runbook card: "
	        "what is looked at is written down with the figure that was seen. Silence (a s) is four hours at most, and only for hooks: it is shown all the same.",
	.where = WHERE_LISTS | WHERE_ALERTS,
	.size = sizeof(struct alerts_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACK_ALERT, ACT_ACTIONS, ACT_NOTE, ACT_FILTER, ACT_SORT, ACT_OPTIONS, ACT_COPY, ACT_NONE },
	.load = alerts_load,
	.peek = preview_read,
	.draw = alerts_draw,
	.act = alerts_act,
	.strip = list_strip,
	LIST_PANE(alerts),
};
