#include "ui/panes/table_inside.h"

#include <string.h>

enum { COUNTED_QUICKLY = 20000 };

static struct page_ask ask_of(const struct pane *p, const struct table *t, int n, bool before)
{
	return (struct page_ask){
		.filter = t->filter, .sort = t->sort, .reverse = t->reverse, .all = t->all, .before = before, .n = n, .now_ms = p->now_ms
	};
}

static enum fault read_page(struct pane *p, struct table *t, struct store *s, const struct page_key *key, bool before, int n, const char *find,
                            struct table_row **out, int *got, struct err *err)
{
	struct page_ask ask = ask_of(p, t, n, before);

	*got = 0;
	if (key)
		ask.key = *key;
	return n > 0 ? t->type->page(p, s, &ask, find, p->facts, out, got, err) : OK;
}

/*
 * Does the view show this row? A page that begins just beside it has it first. On which side that is depends on the
 * view's direction: tried both ways once, remembered then, because the wrong way may read far.
 */
static enum fault row_shown(struct pane *p, struct table *t, struct store *s, const struct table_row *row, bool *shown, struct err *err)
{
	struct page_key beside = row->key;
	struct table_row *r;
	int n;

	*shown = false;
	beside.id++;
	for (int before = 0; before < 2 && !*shown; before++) {
		if (t->side && t->side != before + 1)
			continue;
		if (read_page(p, t, s, &beside, before, 1, NULL, &r, &n, err))
			return err->fault;
		*shown = n == 1 && r[0].id == row->id;
		if (*shown)
			t->side = before + 1;
	}
	return OK;
}

/* ---- the window ---- */

/* The rows before key, the row at it when it is shown, and the rows after it. */
static enum fault read_around(struct pane *p, struct table *t, struct store *s, const struct table_row *here, int behind, int ahead, struct err *err)
{
	struct table_row *before = NULL, *after = NULL;
	int b, a, n = 0;

	if (read_page(p, t, s, &t->key, true, behind, NULL, &before, &b, err) || read_page(p, t, s, &t->key, false, ahead, NULL, &after, &a, err))
		return err->fault;
	t->row = arena_alloc(p->facts, (size_t)(a + b + 1) * sizeof *t->row);
	for (int i = b - 1; i >= 0; i--)
		t->row[n++] = before[i];
	t->at = n;
	if (here)
		t->row[n++] = *here;
	for (int i = 0; i < a; i++)
		t->row[n++] = after[i];
	t->n = n;
	t->first = b < behind;
	t->last = a < ahead;
	return OK;
}

static enum fault read_end(struct pane *p, struct table *t, struct store *s, bool last, int n, struct err *err)
{
	struct table_row *row = NULL;
	int got;

	if (read_page(p, t, s, NULL, last, n, NULL, &row, &got, err))
		return err->fault;
	for (int i = 0; last && i < got / 2; i++) {
		struct table_row swap = row[i];

		row[i] = row[got - 1 - i];
		row[got - 1 - i] = swap;
	}
	t->row = row;
	t->n = got;
	t->at = last && got > 0 ? got - 1 : 0;
	t->first = !last || got < n;
	t->last = last || got < n;
	return OK;
}

/* The row we were on, as it is now. *shown: it still stands in the view. */
static enum fault read_here(struct pane *p, struct table *t, struct store *s, struct table_row *here, bool *shown, struct err *err)
{
	*shown = false;
	switch (t->type->one(p, s, t->id, t->sort, p->facts, here, err)) {
	case OK:
		break;
	case FAULT_REFUSED:
		return OK; /* gone: its old key still says where it stood */
	default:
		return err->fault;
	}
	if (row_shown(p, t, s, here, shown, err))
		return err->fault;
	if (*shown)
		table_take(t, here);
	return OK;
}

static void window_settle(struct table *t, int drawn_row)
{
	int at = t->at + t->owed;

	t->owed = 0;
	at = at >= t->n ? t->n - 1 : at;
	t->at = at < 0 ? 0 : at;
	t->top = t->at - drawn_row;
	if (t->n > 0)
		table_take(t, &t->row[t->at]);
	else
		t->id = 0;
}

static enum fault read_window(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	int page = t->height > 10 ? t->height : 40, far = t->owed < 0 ? -t->owed : t->owed;
	int reach = 2 * page + far > 500 ? 500 : 2 * page + far;
	int drawn_row = t->at - t->top;
	struct table_row here;
	bool shown = false;

	if (t->id && t->moved && t->jump != JUMP_FIRST && t->jump != JUMP_LAST && read_here(p, t, s, &here, &shown, err))
		return err->fault;
	if (!shown && !t->key.id)
		t->id = 0; /* a row of last time that is no more */
	if (t->jump == JUMP_FIRST || t->jump == JUMP_LAST || !t->id || !t->moved) {
		bool last = t->jump == JUMP_LAST;

		if (read_end(p, t, s, last, 3 * page > 500 ? 500 : 3 * page, err))
			return err->fault;
		window_settle(t, last ? page - 1 : 0);
		return OK;
	}
	if (read_around(p, t, s, shown ? &here : NULL, reach, reach, err))
		return err->fault;
	window_settle(t, drawn_row);
	return OK;
}

/* ---- find ---- */

/* A bare word in quotes is looked for in the view's text columns, beside the filter. */
const char *filter_and_find(struct arena *a, const char *filter, const char *find)
{
	struct buf b = buf_new(a);

	if (!find)
		return filter;
	if (*filter)
		buf_printf(&b, "(%s) ", filter);
	buf_putc(&b, '"');
	for (; *find; find++)
		if (*find != '"')
			buf_putc(&b, *find);
	buf_putc(&b, '"');
	return b.p;
}

static bool has_text(const struct pane *p, const struct table *t, const struct table_row *row)
{
	for (int i = 0; i < t->type->columns; i++)
		if (strcasestr(t->type->cell(p, row, i, p->facts).text, t->find))
			return true;
	return false;
}

/* Does the row we are on have it? Then a new find stays there. */
static enum fault found_here(struct pane *p, struct table *t, struct store *s, bool *found, struct err *err)
{
	struct table_row here;
	enum fault bad = t->id ? t->type->one(p, s, t->id, t->sort, p->facts, &here, err) : FAULT_REFUSED;

	*found = !bad && has_text(p, t, &here);
	return bad == FAULT_REFUSED ? OK : bad;
}

/* The row of just this name, if the view shows it: no other is looked at then. */
static enum fault found_by_name(struct pane *p, struct table *t, struct store *s, bool *found, struct err *err)
{
	struct table_row row;
	int64_t id = 0;
	enum fault bad = t->type->exact ? t->type->exact(s, t->find, p->facts, &id, err) : OK;

	*found = false;
	if (bad || !id)
		return bad;
	bad = t->type->one(p, s, id, t->sort, p->facts, &row, err);
	if (bad)
		return bad == FAULT_REFUSED ? OK : bad;
	if (row_shown(p, t, s, &row, found, err))
		return err->fault;
	if (*found)
		table_take(t, &row);
	return OK;
}

/* The next row with the text becomes the row we are on; the window is read around it afterwards. */
static enum fault jump_find(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	bool back = t->jump == JUMP_FIND_PREV, here = false;
	const struct page_key *from = t->id ? &t->key : NULL;
	struct table_row *row;
	int n;

	if (!t->find[0])
		return OK;
	if (t->jump == JUMP_FIND && found_here(p, t, s, &here, err))
		return err->fault;
	if (here)
		return OK;
	if (t->jump == JUMP_FIND && found_by_name(p, t, s, &here, err))
		return err->fault;
	if (here)
		return OK;
	if (read_page(p, t, s, from, back, 1, t->find, &row, &n, err))
		return err->fault;
	if (n == 0 && read_page(p, t, s, NULL, back, 1, t->find, &row, &n, err)) /* round the end */
		return err->fault;
	if (n == 0)
		t->trouble = "no row has it";
	else
		table_take(t, &row[0]);
	return OK;
}

/* ---- marks ---- */

static enum fault mark_all(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	struct table_row *row;
	int n;

	if (read_page(p, t, s, NULL, false, TABLE_MARKS, NULL, &row, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++)
		table_mark(t, &row[i]);
	return OK;
}

/* From the row where v was first pressed to the one we are on, whichever stands first. */
static enum fault mark_range(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	struct table_row start, *row;
	bool far = true;
	int n;

	switch (t->type->one(p, s, t->range, t->sort, p->facts, &start, err)) {
	case OK:
		break;
	case FAULT_REFUSED:
		return OK;
	default:
		return err->fault;
	}
	for (int before = 0; before < 2 && far; before++) {
		int end = 0;

		if (read_page(p, t, s, &start.key, before, TABLE_MARKS, NULL, &row, &n, err))
			return err->fault;
		while (end < n && row[end].id != t->id)
			end++;
		far = end == n && t->range != t->id;
		if (far)
			continue;
		table_mark(t, &start);
		for (int i = 0; i <= end && i < n && t->range != t->id; i++)
			table_mark(t, &row[i]);
	}
	t->trouble = far ? "the range is too long" : t->trouble;
	return OK;
}

static bool in_window(const struct table *t, int64_t id)
{
	for (int i = 0; i < t->n; i++)
		if (t->row[i].id == id)
			return true;
	return false;
}

/* Read each marked row again: what is done later is done to what it is now. */
static enum fault marks_read(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	t->hidden = 0;
	for (int i = 0; i < t->marks; i++) {
		struct mark *m = &t->mark[i];
		enum fault bad = t->type->one(p, s, m->id, t->sort, p->facts, &m->row, err);

		m->shown = false;
		if (bad == FAULT_REFUSED)
			m->row = (struct table_row){ .id = m->id, .name = "gone" };
		else if (bad)
			return bad;
		else if (in_window(t, m->id))
			m->shown = true;
		else if (row_shown(p, t, s, &m->row, &m->shown, err))
			return err->fault;
		t->hidden += !m->shown;
	}
	return OK;
}

/* ---- all of it ---- */

/*
 * The whole view is counted by the engine as things happen; what a filter leaves of it is known when the window holds it
 * all, and counted where that is quick. Never said is better than waited for.
 */
static enum fault read_counts(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	struct page_ask ask = ask_of(p, t, 0, false);

	if (!t->type->count) {
		t->shown = t->total = t->first && t->last ? t->n : -1;
		return OK;
	}
	ask.filter = "";
	if (t->type->count(s, &ask, INT64_MAX, &t->total, err))
		return err->fault;
	t->shown = !t->filter[0] ? t->total : t->first && t->last ? t->n : -1;
	ask.filter = t->filter;
	return t->shown < 0 && t->total <= COUNTED_QUICKLY ? t->type->count(s, &ask, TABLE_COUNT, &t->shown, err) : OK;
}

enum fault table_load(struct pane *p, struct table *t, struct store *s, struct err *err)
{
	enum jump jump = t->jump;

	t->row = NULL; /* what it pointed to is gone with the last load */
	t->said = NULL;
	t->n = 0;
	t->again = false;
	t->trouble = NULL;
	for (int i = 0; i < t->marks; i++)
		t->mark[i].row.data = NULL;
	if (jump == JUMP_FIND || jump == JUMP_FIND_NEXT || jump == JUMP_FIND_PREV)
		if (jump_find(p, t, s, err))
			return err->fault;
	if (read_window(p, t, s, err))
		return err->fault;
	if ((jump == JUMP_MARK_ALL && mark_all(p, t, s, err)) || (jump == JUMP_MARK_RANGE && mark_range(p, t, s, err)))
		return err->fault;
	if (jump == JUMP_MARK_RANGE)
		t->range = 0;
	t->jump = JUMP_NONE;
	if (marks_read(p, t, s, err))
		return err->fault;
	return read_counts(p, t, s, err);
}
