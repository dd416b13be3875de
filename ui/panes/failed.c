/*
 * What we did not understand and what they refused, newest first: its class, what it means and what to do. Those of one class, account and wording are
 * one row with their number, because they are one thing to do; `o` takes them apart. The words of the filter are looked for in what is read here, because
 * failures are few.
 */
#include "trade/failure_folds.h"
#include "trade/remedy.h"
#include "trade/unlike.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 11, READ_AT_ONCE = 200, READ_MOST = 5000, JOB_BIT = 1, NAMED = 3 };

struct failed_pane {
	struct list_pane base; /* first */
	const struct failure *looked; /* what follows is about it; NULL: nothing */
	struct failure_cost cost;
	struct remedy *remedy;
	int remedies;
	const char *unlike; /* "": it is no piece of theirs, or was not compared */
	char remark[48]; /* "12 in 6 groups" */
	char part[48];   /* "the newest 5,000 of 12,345" */
};

enum column { QUEUE, LAST, CLASS, CHANNEL, WHAT, ERROR, COUNT, AGE, OWNER, EFFECT, REMEDY, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[QUEUE] = { "QUEUE", 5, 5, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[LAST] = { "LAST", 6, 6, 0, ALIGN_LEFT, ROOM_FULL, true, false },
	[CLASS] = { "CLASS", 8, 8, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[CHANNEL] = { "CHANNEL", 10, 13, 8, ALIGN_LEFT, ROOM_TINY, false, false },
	[WHAT] = { "WHAT", 13, 15, 0, ALIGN_LEFT, ROOM_TINY, false, true },
	[ERROR] = { "ERROR", 14, 20, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[COUNT] = { "N", 2, 3, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[AGE] = { "AGE", 5, 6, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[OWNER] = { "OWNER", 0, 8, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[EFFECT] = { "EFFECT", 0, 40, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[REMEDY] = { "REMEDY", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

/* "ship shipment:2", "113-0505955-7", "7 x orders" */
static const char *what_of(const struct failure_fold *fold, struct arena *a)
{
	const struct failure *f = &fold->f;

	if (fold->n > 1)
		return arena_printf(a, "%d x %s", fold->n, f->verb);
	return f->is_job || !*f->subject ? arena_printf(a, "%s %s", f->verb, f->subject) : f->subject;
}

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
		return (struct word){ ROLE_VALUE, what_of(row->data, a) };
	case ERROR:
		return (struct word){ ROLE_FG, failure_says(f, a) };
	case COUNT:
		return (struct word){ ROLE_FG, arena_printf(a, "%lld", (long long)f->count) };
	case AGE:
		return (struct word){ ROLE_FG, say_age(p, a, f->first_ms) };
	case OWNER:
		return (struct word){ *f->owner ? ROLE_FG : ROLE_MUTED, *f->owner ? f->owner : failure_queue(f) == QUEUE_RETRY ? "engine" : "nobody" };
	case EFFECT:
		return (struct word){ ROLE_FG, *f->effect ? f->effect : fault_effect(f->class) };
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

static struct table_row row_of(const struct failure_fold *fold)
{
	const struct failure *f = &fold->f;

	return (struct table_row){
		.id = row_id(fold->oldest), .key = { .value = f->last_ms, .id = row_id(fold->oldest) }, .name = *f->subject ? f->subject : f->class, .data = fold
	};
}

struct sieve {
	const struct page_ask *ask;
	const char *find;
	struct failure *failure; /* those that the filter lets through */
	int n, cap;
	struct failure_fold *fold;
	int folds;
	bool most; /* as many were read as are at once: there may be older ones */
};

/* Newest first is the order of the view. */
static bool is_before(const struct page_key *one, const struct page_key *key)
{
	return one->value != key->value ? one->value > key->value : one->id > key->id;
}

static bool is_beside(const struct sieve *s, const struct table_row *row)
{
	return s->ask->key.id == 0 || (row->key.id != s->ask->key.id && is_before(&row->key, &s->ask->key) == (s->ask->before != s->ask->reverse));
}

/* Each on its own: folds of one. */
static void lay_out(struct sieve *v, struct arena *a)
{
	if (!v->ask->all) {
		v->folds = failures_fold(v->failure, v->n, a, &v->fold);
		return;
	}
	v->fold = arena_alloc(a, (size_t)(v->n + 1) * sizeof *v->fold);
	for (int i = 0; i < v->n; i++) {
		struct failure_fold *one;

		failures_fold(&v->failure[i], 1, a, &one);
		v->fold[v->folds++] = *one;
	}
}

/* All of them, newest first, those that the filter lets through, folded. */
static enum fault sift(struct store *s, struct sieve *v, struct arena *a, struct err *err)
{
	struct failure *f, *from = NULL;
	int got = READ_AT_ONCE;

	for (int seen = 0; got == READ_AT_ONCE && seen < READ_MOST; seen += got) {
		if (failures_page(s, from, READ_AT_ONCE, a, &f, &got, err))
			return err->fault;
		for (int i = 0; i < got; i++) {
			if (!failure_fits(&f[i], v->ask->filter) || (v->find && !failure_has(&f[i], v->find)))
				continue;
			v->failure = arena_grow(a, v->failure, v->n, &v->cap, sizeof *v->failure);
			v->failure[v->n++] = f[i];
		}
		from = got ? &f[got - 1] : NULL;
	}
	v->most = got == READ_AT_ONCE;
	lay_out(v, a);
	return OK;
}

static void remark(struct pane *p, const struct sieve *v)
{
	struct failed_pane *self = p->self;

	if (v->find)
		return;
	self->remark[0] = '\0';
	if (v->folds < v->n)
		snprintf(self->remark, sizeof self->remark, "%d in %d groups", v->n, v->folds);
}

/* More than are read at once: what stands here is not all of it, and that is said. */
static enum fault tell_part(struct pane *p, struct store *s, const struct sieve *v, struct arena *a, struct err *err)
{
	struct failed_pane *self = p->self;
	int64_t all = 0;

	if (v->most && failures_count(s, &all, err))
		return err->fault;
	self->base.table.part = all > READ_MOST ? self->part : NULL;
	if (all > READ_MOST)
		snprintf(self->part, sizeof self->part, "the newest %s of %s", say_count(a, READ_MOST), say_count(a, all));
	return OK;
}

static enum fault page_of_failures(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a,
                                   struct table_row **out, int *got, struct err *err)
{
	bool from_end = ask->before != ask->reverse;
	struct sieve v = { .ask = ask, .find = find };

	if (sift(s, &v, a, err) || tell_part(p, s, &v, a, err))
		return err->fault;
	remark(p, &v);
	*out = arena_alloc(a, (size_t)(ask->n + 1) * sizeof **out);
	*got = 0;
	for (int i = 0; i < v.folds && *got < ask->n; i++) {
		struct table_row row = row_of(&v.fold[from_end ? v.folds - 1 - i : i]);

		if (is_beside(&v, &row))
			(*out)[(*got)++] = row;
	}
	return OK;
}

static bool holds(const struct failure_fold *fold, int64_t id)
{
	for (int i = 0; i < fold->n; i++)
		if (row_id(fold->member[i]) == id)
			return true;
	return false;
}

/* The group that it is in now. */
static enum fault one_failure(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct failed_pane *self = p->self;
	struct page_ask ask = { .all = self->base.table.all };
	struct sieve v = { .ask = &ask };

	(void)sort;
	if (sift(s, &v, a, err))
		return err->fault;
	for (int i = 0; i < v.folds; i++)
		if (holds(&v.fold[i], id)) {
			*out = row_of(&v.fold[i]);
			return OK;
		}
	return err_set(err, FAULT_REFUSED, "that row is no longer there");
}

static enum fault count_failures(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	struct arena *a = arena_new();
	struct sieve v = { .ask = ask };
	enum fault bad = sift(s, &v, a, err);

	*out = v.folds < most ? v.folds : most;
	arena_free(a);
	return bad;
}

static const struct table_type failed_table = {
	.what = "failures",
	.empty = "nothing failed: all they said was understood, all we said was taken",
	.column = columns,
	.columns = COLUMNS,
	.has_closed = true,
	.all_choice = "each on its own",
	.few_choice = "grouped by their words",
	.page = page_of_failures,
	.one = one_failure,
	.count = count_failures,
	.cell = failed_cell,
};

static enum fault look_unlike(struct failed_pane *v, struct store *s, const struct failure *f, struct arena *a, struct err *err)
{
	struct unlike u = { .to = "" };

	if (!f->is_job && unlike_get(s, f->id, a, &u, err))
		return err->fault;
	v->unlike = unlike_said(&u, NAMED, a);
	return OK;
}

/* What hangs on the row under the cursor, in what it is unlike the others, and its remedies, each tried dry. */
static enum fault failed_peek(struct pane *p, struct store *s, struct err *err)
{
	struct failed_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	struct arena *a = list_look(&v->base);

	v->looked = NULL;
	if (!row || p->room < ROOM_FULL)
		return OK;
	if (failure_fold_cost(s, row->data, a, &v->cost, err) || look_unlike(v, s, row->data, a, err) || failure_remedies(s, row->data, p->now_ms, a, &v->remedy, &v->remedies, err))
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

static const char *title_of(const struct failure_fold *fold, struct arena *a)
{
	const struct failure *f = &fold->f;
	const char *what = f->is_job ? failure_queue(f) == QUEUE_RETRY ? "tried again by itself" : "they refused it" : "not understood";

	return fold->n > 1 ? arena_printf(a, "%s %s   %d of them   %s", f->class, f->account_name, fold->n, what) : arena_printf(a, "%s %s   %s", f->class, f->account_name, what);
}

static void preview_draw(const struct pane *p, const struct failure_fold *fold, struct canvas *c)
{
	struct failed_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	const struct failure *f = &fold->f;
	const char *title = title_of(fold, a);
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "Enter the whole of it") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);
	int y;

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, NULL);
	y = pair(&in, 0, "error", ROLE_FG, *f->path ? arena_printf(a, "%s: %s", f->path, f->text) : f->text);
	if (*v->unlike)
		y = pair(&in, y, "unlike", ROLE_FG, v->unlike);
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

/* Of a group the newest. */
static void failed_subject(const struct table_row *row, char *out, size_t cap)
{
	const struct failure *f = row->data;

	snprintf(out, cap, "%s:%lld", f->is_job ? "job" : "inbox", (long long)f->id);
}

static int failed_members(const struct table_row *row)
{
	const struct failure_fold *fold = row->data;

	return fold->n;
}

static struct deed_row failed_member(const struct table_row *row, int i)
{
	const struct failure_fold *fold = row->data;
	const struct failure *f = fold->member[i];

	return (struct deed_row){ .id = f->id, .name = *f->subject ? f->subject : f->class, .job = f->is_job };
}

static int failed_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct failure **f = NULL;
	int m = 0, cap = 0;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < failed_members(row[i]); k++) {
			const struct failure_fold *fold = row[i]->data;

			f = arena_grow(a, f, m, &cap, sizeof *f);
			f[m++] = fold->member[k];
		}
	return deed_failure_choices(a, f, m, hidden, out);
}

static struct deed_row failed_deed(const struct table_row *row)
{
	return failed_member(row, 0);
}

static const struct list_kind kind = {
	.table = &failed_table,
	.deed = DEED_FAILURE,
	.one = "failure",
	.detail = &pane_failure,
	.subject = failed_subject,
	.choices = failed_choices,
	.deed_row = failed_deed,
	.members = failed_members,
	.member = failed_member,
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
		wish_read_text(wish, f->class, arena_printf(wish->arena, "%s\n\n%s", *f->effect ? f->effect : fault_effect(f->class), *f->remedy ? f->remedy : fault_remedy(f->class)));
		return true;
	}
	known = list_act(p, &kind, act, wish);
	if (v->base.table.id != was)
		p->peek = true;
	return known;
}

LIST_ANSWERS(failed)

static void failed_strip(const struct pane *p, struct strip *strip)
{
	struct failed_pane *v = p->self;

	list_strip(p, strip);
	if (!v->base.table.view[0])
		strip->view = v->base.table.all ? "Each" : "Open";
	if (!strip->remark && v->base.table.part)
		strip->remark = v->base.table.part;
	if (!strip->remark && *v->remark)
		strip->remark = v->remark;
}

const struct pane_type pane_failed = {
	.name = "failed",
	.help = "What we did not understand and what they refused, in two queues. RETRY is the engine's: it goes on until it works, and no number of tries ends it. FIX "
	        "is a person's, and nothing tries it again by itself; /FIX shows those alone. Every row says what it means, what hangs on it and what can be done, each "
	        "remedy tried dry (d: what each would do, and what the shape of a piece of theirs has different from those that were understood). A field that nobody here knows is no failure, it is passed over; a word or a shape that changes the meaning is. Rows of one class, account and wording are one row with their number, and what is done to it is done to all of them (o: each on its "
	        "own). Trying again, giving a row to somebody and archiving stay on this machine.",
	.where = WHERE_LISTS | WHERE_FAILED,
	.size = sizeof(struct failed_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACTIONS, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_OPTIONS, ACT_EXPLAIN, ACT_DIFF, ACT_COPY, ACT_NONE },
	.load = failed_load,
	.peek = failed_peek,
	.draw = failed_draw,
	.act = failed_act,
	.strip = failed_strip,
	LIST_PANE(failed),
};
