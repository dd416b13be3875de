/*
 * What we did not understand and what they refused, each a row, newest first: its class, what it means and what to do.
 * The words of the filter are looked for in what is read here, because failures are few.
 */
#include "trade/remedy.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 11, READ_AT_ONCE = 200, READ_MOST = 5000, JOB_BIT = 1 };

struct failed_pane {
	struct list_pane base; /* first */
	const struct failure *looked; /* what follows is about it; NULL: nothing */
	struct failure_cost cost;
	struct remedy *remedy;
	int remedies;
};

enum column { QUEUE, LAST, CLASS, CHANNEL, WHAT, ERROR, COUNT, AGE, OWNER, REMEDY, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[QUEUE] = { "QUEUE", 5, 5, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[LAST] = { "LAST", 6, 6, 0, ALIGN_LEFT, ROOM_FULL, true, false },
	[CLASS] = { "CLASS", 8, 8, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[CHANNEL] = { "CHANNEL", 10, 13, 8, ALIGN_LEFT, ROOM_TINY, false, false },
	[WHAT] = { "WHAT", 13, 18, 0, ALIGN_LEFT, ROOM_TINY, false, true },
	[ERROR] = { "ERROR", 14, 26, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[COUNT] = { "N", 2, 3, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[AGE] = { "AGE", 5, 6, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[OWNER] = { "OWNER", 0, 8, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[REMEDY] = { "REMEDY", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

static struct word failed_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct failure *f = row->data;

	switch ((enum column)column) {
	case QUEUE:
		return (struct word){ failure_queue(f) == QUEUE_FIX ? ROLE_WARN : ROLE_MUTED, failure_queue_name(failure_queue(f)) };
	case LAST:
		return (struct word){ ROLE_FG, say_short(p, a, f->last_ms) };
	case CLASS:
		return (struct word){ role_of_fault(f->class), f->class };
	case CHANNEL:
		return (struct word){ ROLE_FG, f->account_name };
	case WHAT:
		return (struct word){ ROLE_VALUE, f->is_job || !*f->subject ? arena_printf(a, "%s %s", f->verb, f->subject) : f->subject };
	case ERROR:
		return (struct word){ ROLE_FG, f->text };
	case COUNT:
		return (struct word){ ROLE_FG, arena_printf(a, "%lld", (long long)f->count) };
	case AGE:
		return (struct word){ ROLE_FG, say_age(p, a, f->first_ms) };
	case OWNER:
		return (struct word){ *f->owner ? ROLE_FG : ROLE_MUTED, *f->owner ? f->owner : failure_queue(f) == QUEUE_RETRY ? "engine" : "nobody" };
	case REMEDY:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, *f->remedy ? f->remedy : fault_remedy(f->class) };
}

/* An inbox row and a job may have the same number: the row's own is twice that, and odd for a job. */
static int64_t row_id(const struct failure *f)
{
	return f->id * 2 + (f->is_job ? JOB_BIT : 0);
}

static struct table_row row_of(const struct failure *f)
{
	return (struct table_row){
		.id = row_id(f), .key = { .value = f->last_ms, .id = row_id(f) }, .name = *f->subject ? f->subject : f->class, .data = f
	};
}

static bool has_word(const struct failure *f, const char *word)
{
	const char *const text[] = { failure_queue_name(failure_queue(f)), f->account_name, f->channel, f->verb, f->class, f->subject, f->path, f->text, f->owner, f->state };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (text[i] && strcasestr(text[i], word))
			return true;
	return false;
}

/* Every word must be there; !word must not. */
static bool fits(const struct failure *f, const char *filter)
{
	char words[FILTER_MAX + 1], *save = NULL;

	snprintf(words, sizeof words, "%s", filter ? filter : "");
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		bool no = *w == '!' && w[1];

		if (has_word(f, w + no) == no)
			return false;
	}
	return true;
}

struct sieve {
	const struct page_ask *ask;
	const char *find;
	struct table_row *row;
	int n, cap;
};

/* Newest first is the order of the view. */
static bool is_before(const struct table_row *row, const struct page_key *key)
{
	return row->key.value != key->value ? row->key.value > key->value : row->key.id > key->id;
}

static bool passes(const struct sieve *s, const struct table_row *row)
{
	if (!fits(row->data, s->ask->filter) || (s->find && !has_word(row->data, s->find)))
		return false;
	return s->ask->key.id == 0 || (row->key.id != s->ask->key.id && is_before(row, &s->ask->key) == (s->ask->before != s->ask->reverse));
}

/* Failures from the newest on, those that pass; the ones wanted are at one end of them or the other. */
static enum fault sift(struct store *s, struct sieve *v, struct arena *a, struct err *err)
{
	struct failure *f, *from = NULL;
	int got = READ_AT_ONCE;

	for (int seen = 0; got == READ_AT_ONCE && seen < READ_MOST; seen += got) {
		if (failures_page(s, from, READ_AT_ONCE, a, &f, &got, err))
			return err->fault;
		for (int i = 0; i < got; i++) {
			struct table_row row = row_of(&f[i]);

			if (!passes(v, &row))
				continue;
			v->row = arena_grow(a, v->row, v->n, &v->cap, sizeof *v->row);
			v->row[v->n++] = row;
		}
		from = got ? &f[got - 1] : NULL;
	}
	return OK;
}

static enum fault page_of_failures(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a,
                                   struct table_row **out, int *got, struct err *err)
{
	bool from_end = ask->before != ask->reverse;
	struct sieve v = { .ask = ask, .find = find };

	(void)p;
	if (sift(s, &v, a, err))
		return err->fault;
	*got = v.n < ask->n ? v.n : ask->n;
	*out = arena_alloc(a, (size_t)(*got + 1) * sizeof **out);
	for (int i = 0; i < *got; i++)
		(*out)[i] = v.row[from_end ? v.n - 1 - i : i];
	return OK;
}

static enum fault one_failure(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct failure *f = arena_alloc(a, sizeof *f);
	enum fault bad = failure_get(s, id & JOB_BIT, id / 2, a, f, err);

	(void)p;
	(void)sort;
	if (!bad)
		*out = row_of(f);
	return bad;
}

static enum fault count_failures(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	struct arena *a = arena_new();
	struct sieve v = { .ask = ask };
	enum fault bad = sift(s, &v, a, err);

	*out = v.n < most ? v.n : most;
	arena_free(a);
	return bad;
}

static const struct table_type failed_table = {
	.what = "failures",
	.empty = "nothing failed: all they said was understood, all we said was taken",
	.column = columns,
	.columns = COLUMNS,
	.page = page_of_failures,
	.one = one_failure,
	.count = count_failures,
	.cell = failed_cell,
};

/* What hangs on the row under the cursor, and its remedies, each tried dry. */
static enum fault failed_peek(struct pane *p, struct store *s, struct err *err)
{
	struct failed_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	struct arena *a = list_look(&v->base);

	v->looked = NULL;
	if (!row || p->room < ROOM_FULL)
		return OK;
	if (failure_cost(s, row->data, a, &v->cost, err) || failure_remedies(s, row->data, p->now_ms, a, &v->remedy, &v->remedies, err))
		return err->fault;
	v->looked = row->data;
	return OK;
}

static enum fault failed_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct failed_pane *v = p->self;

	(void)facts;
	v->looked = NULL;
	table_init(&v->base.table, &failed_table);
	return table_load(p, &v->base.table, s, err) ? err->fault : failed_peek(p, s, err);
}

/* ---- the preview ---- */

static int pair(struct canvas *in, int y, const char *name, enum role role, const char *value)
{
	int rows = canvas_wrap(in, 9, y, in->w - 9, in->h - y, role, value);

	canvas_put(in, 0, y, ROLE_KEY, name);
	return y + (rows > 0 ? rows : 1);
}

/* "; 1 order, 3 units, 84.20 USD, due 07:00Z" */
static const char *say_cost(const struct pane *p, const struct failure_cost *c, struct arena *a)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	if (c->orders)
		buf_printf(&b, "; %s order%s", say_count(a, c->orders), c->orders == 1 ? "" : "s");
	if (c->units)
		buf_printf(&b, ", %s unit%s", say_count(a, c->units), c->units == 1 ? "" : "s");
	if (c->minor)
		buf_printf(&b, ", %s", say_money(a, c->minor, c->currency));
	if (c->due_ms)
		buf_printf(&b, ", due %s", say_time(p, a, c->due_ms));
	if (c->shown)
		buf_printf(&b, "; %s shows %s units too many", c->sku, say_count(a, c->shown));
	return b.p;
}

static void preview_draw(const struct pane *p, const struct failure *f, struct canvas *c)
{
	struct failed_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	const char *title = arena_printf(a, "%s %s   %s", f->class, f->account_name, f->is_job ? "they refused it" : "not understood");
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "Enter the whole of it") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);
	int y;

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, NULL);
	y = pair(&in, 0, "error", ROLE_FG, *f->path ? arena_printf(a, "%s: %s", f->path, f->text) : f->text);
	y = pair(&in, y, "effect", ROLE_FG, arena_printf(a, "%s%s", *f->effect ? f->effect : fault_effect(f->class), say_cost(p, &v->cost, a)));
	for (int i = 0; i < v->remedies; i++)
		y = pair(&in, y, i ? "" : "remedy", v->remedy[i].good ? ROLE_VALUE : ROLE_MUTED, arena_printf(a, "%s   dry run: %s", v->remedy[i].text, v->remedy[i].dry));
	y = pair(&in, y, "to do", ROLE_FG, *f->remedy ? f->remedy : fault_remedy(f->class));
	pair(&in, y, "seen", ROLE_FG,
	     arena_printf(a, "first %s  last %s%s%s", say_time(p, a, f->first_ms), say_time(p, a, f->last_ms),
	                  f->next_ms ? "  tried again " : "", f->next_ms ? say_time(p, a, f->next_ms) : ""));
}

static void failed_draw(const struct pane *p, struct canvas *c)
{
	struct failed_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	bool under = row && v->looked && p->room >= ROOM_FULL && c->h >= PREVIEW_ROWS + 8;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - (under ? PREVIEW_ROWS : 0));
	struct canvas rest = canvas_part(c, 0, list.h, c->w, c->h - list.h);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, row->data, &rest);
}

/* ---- keys ---- */

static void failed_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%s:%lld", row->id & JOB_BIT ? "job" : "inbox", (long long)(row->id / 2));
}

static int failed_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct failure **f = arena_alloc(a, (size_t)n * sizeof *f);

	for (int i = 0; i < n; i++)
		f[i] = row[i]->data;
	return deed_failure_choices(a, f, n, hidden, out);
}

static struct deed_row failed_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id / 2, .name = row->name, .job = row->id & JOB_BIT };
}

static const struct list_kind kind = {
	.table = &failed_table,
	.deed = DEED_FAILURE,
	.one = "failure",
	.detail = &pane_failure,
	.subject = failed_subject,
	.choices = failed_choices,
	.deed_row = failed_deed,
};

static bool failed_act(struct pane *p, enum act act, struct wish *wish)
{
	struct failed_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	const struct failure *f = row ? row->data : NULL;
	int64_t was = v->base.table.id;
	bool known;

	if (f && act == ACT_RAW) {
		wish_reveal_failure(wish, f, &pane_attempt);
		return true;
	}
	if (f && act == ACT_EXPLAIN) {
		wish_read_text(wish, f->class, arena_printf(wish->arena, "%s\n\n%s", fault_effect(f->class), fault_remedy(f->class)));
		return true;
	}
	known = list_act(p, &kind, act, wish);
	if (v->base.table.id != was)
		p->peek = true;
	return known;
}

static void failed_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	list_answer(p, &kind, answer, wish);
}

static bool failed_step(struct pane *p, int by, char *subject, size_t cap)
{
	return list_step(p, &kind, by, subject, cap);
}

static void failed_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	list_restore(p, &kind, get, ctx);
}

const struct pane_type pane_failed = {
	.name = "failed",
	.help = "What we did not understand and what they refused, in two queues. RETRY is the engine's: it goes on until it works, and no number of tries ends it. FIX "
	        "is a person's, and nothing tries it again by itself; /FIX shows those alone. Every row says what it means, what hangs on it and what can be done, each "
	        "remedy tried dry. Trying again, giving a row to somebody and archiving stay on this machine.",
	.where = WHERE_LISTS | WHERE_FAILED,
	.size = sizeof(struct failed_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACTIONS, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_EXPLAIN, ACT_COPY, ACT_NONE },
	.load = failed_load,
	.peek = failed_peek,
	.draw = failed_draw,
	.act = failed_act,
	.strip = list_strip,
	.answer = failed_answer,
	.step = failed_step,
	.save = list_save,
	.restore = failed_restore,
	.close = list_close,
};
