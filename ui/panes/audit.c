/*
 * The audit: who did what, row by row, in the chain that shows where it was broken.
 */
#include "store/store.h"
#include "trade/audit_look.h"
#include "trade/bundle.h"
#include "trade/effects.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 8, CHANGES = 500 };

struct audit_pane {
	struct list_pane base; /* first */
	bool verify;           /* walk the chain in the next load */
	char verdict[60];      /* what came of it, short enough for the narrowest screen; tallyman audit verify says more */
	char head[65];
	int64_t rows;
	bool went;             /* to the row that it was opened for */
};

enum column { NUMBER, AT, WHO, ACTION, SUBJECT, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[NUMBER] = { "ROW", 7, 8, 5, ALIGN_RIGHT, ROOM_TINY, true, true }, [AT] = { "AT", 10, 12, 6, ALIGN_LEFT, ROOM_TINY, true, false },
	[WHO] = { "WHO", 20, 28, 0, ALIGN_LEFT, ROOM_FULL, false, false }, [ACTION] = { "WHAT", 14, 16, 10, ALIGN_LEFT, ROOM_TINY, false, false },
	[SUBJECT] = { "OF", 0, 0, 0, ALIGN_LEFT, ROOM_TINY, false, false },
};

/* What was refused, revealed or held is seen among what was done. */
static enum role role_of_action(const char *action)
{
	static const char *const loud[] = { "refused", "reveal", "hold", "vault-changed", "vault-older", "secret-unagreed", "anchor-missing", "lapsed" };

	for (size_t i = 0; i < sizeof loud / sizeof *loud; i++)
		if (!strcmp(loud[i], action))
			return ROLE_WARN;
	return ROLE_VALUE;
}

static struct word audit_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct audit_row *r = row->data;

	switch ((enum column)column) {
	case NUMBER:
		return (struct word){ ROLE_FG, row->name };
	case AT:
		return (struct word){ ROLE_FG, say_time(p, a, r->at_ms) };
	case WHO:
		return (struct word){ ROLE_FG, r->actor };
	case ACTION:
		return (struct word){ role_of_action(r->action), r->action };
	case SUBJECT:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, r->subject };
}

static struct table_row row_of(const struct audit_row *r, struct arena *a)
{
	return (struct table_row){ .id = r->n, .key = { .value = r->n, .id = r->n }, .name = arena_printf(a, "%" PRId64, r->n), .data = r };
}

static enum fault audit_rows(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out, int *got, struct err *err)
{
	struct audit_ask which = { .before = ask->key.id, .up = ask->before != ask->reverse, .people = !ask->all, .find = find && *find ? find : ask->filter, .n = ask->n };
	struct audit_row *r;
	bool more;
	enum fault f = audit_page(s, &which, a, &r, got, &more, err);

	(void)p;
	*out = arena_alloc(a, (size_t)(*got + 1) * sizeof **out);
	for (int i = 0; i < *got && !f; i++)
		(*out)[i] = row_of(&r[i], a);
	return f;
}

static enum fault one_row(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct audit_row *r = arena_alloc(a, sizeof *r);
	enum fault f = audit_get(s, id, a, r, err);

	(void)p;
	(void)sort;
	if (!f)
		*out = row_of(r, a);
	return f;
}

static const char *sort_name(int sort)
{
	(void)sort;
	return "row";
}

static const struct table_type audit_table = {
	.what = "rows of the audit",
	.empty = "nothing was done yet",
	.column = columns,
	.columns = COLUMNS,
	.sorts = 1,
	.sort_name = sort_name,
	.has_closed = true,
	.page = audit_rows,
	.one = one_row,
	.cell = audit_cell,
};

/* The chain from its first row; *verdict says what came of it. */
static void walk(struct audit_pane *v, struct store *s)
{
	struct err err;
	char head[65];
	int64_t rows, effects;

	if (bundle_now(s))
		snprintf(v->verdict, sizeof v->verdict, "a part of it: verified where the bundle was made");
	else if (audit_verify(s, 0, NULL, &rows, head, &err))
		snprintf(v->verdict, sizeof v->verdict, "BROKEN after row %" PRId64, rows);
	else if (effects_verify(s, &effects, &err))
		snprintf(v->verdict, sizeof v->verdict, "BROKEN after call %" PRId64, effects);
	else
		snprintf(v->verdict, sizeof v->verdict, "unbroken, %" PRId64 " rows, %" PRId64 " calls", rows, effects);
	v->verify = false;
}

static enum fault audit_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct audit_pane *v = p->self;
	int64_t n;

	(void)facts;
	table_init(&v->base.table, &audit_table);
	if (!v->went && subject_id(p->subject, "audit", &n))
		table_go(p, &v->base.table, n);
	v->went = true;
	if (audit_head(s, &v->rows, v->head, err))
		return err->fault;
	if (v->verify)
		walk(v, s);
	return table_load(p, &v->base.table, s, err);
}

/* ---- the preview: the whole of a row ---- */

static void preview_draw(const struct pane *p, const struct audit_row *r, struct canvas *c)
{
	const char *title = arena_printf(((struct audit_pane *)p->self)->base.table.paint, "row %" PRId64 "   %s", r->n, r->action);
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "Enter all of it") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, "Enter all of it");
	canvas_printf(&in, 0, 0, ROLE_FG, "who     %s", r->actor);
	canvas_printf(&in, 0, 1, ROLE_FG, "of      %s", r->subject);
	canvas_printf(&in, 0, 2, ROLE_MUTED, "hash    %s", r->hash);
	canvas_wrap(&in, 0, 3, in.w, in.h - 3, ROLE_FG, r->detail);
}

static void audit_draw(const struct pane *p, struct canvas *c)
{
	struct audit_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	bool under = row && p->room >= ROOM_FULL && c->h >= PREVIEW_ROWS + 8;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - (under ? PREVIEW_ROWS : 0));
	struct canvas rest = canvas_part(c, 0, list.h, c->w, c->h - list.h);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, row->data, &rest);
}

static void audit_strip(const struct pane *p, struct strip *strip)
{
	struct audit_pane *v = p->self;

	list_strip(p, strip);
	if (!v->base.table.view[0])
		strip->view = v->base.table.all ? "All" : "Decisions";
	strip->total = v->rows;
	strip->remark = v->verdict[0] ? v->verdict : v->head;
}

/* ---- keys ---- */

static void read_row(const struct audit_row *r, struct wish *wish)
{
	struct section *s = arena_alloc(wish->arena, 2 * sizeof *s);
	struct arena *a = wish->arena;

	s[0] = (struct section){ .title = "Row", .text = arena_printf(a, "who   %s\nwhat  %s\nof    %s\nhash  %s", r->actor, r->action, r->subject, r->hash) };
	s[1] = (struct section){ .title = "Detail", .text = arena_strdup(a, *r->detail ? r->detail : "nothing more was said") };
	wish->kind = WISH_READ;
	wish->text = arena_printf(a, "audit row %" PRId64, r->n);
	wish->sections = s;
	wish->n_sections = 2;
}

/* What it made another: old beside new, a line each. */
static void read_changes(struct pane *p, const struct audit_row *r, struct wish *wish)
{
	struct buf b = buf_new(wish->arena);
	struct audit_change *c;
	struct err err = { 0 };
	bool more = false;
	int n = 0;

	if (!p->store || store_begin_read(p->store, &err) || audit_changes(p->store, r, CHANGES, wish->arena, &c, &n, &more, &err))
		wish_say(wish, LEVEL_CRIT, "%s", err.text);
	store_rollback(p->store);
	if (err.fault)
		return;
	buf_puts(&b, n ? "" : "no fact of ours became another by it\n");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%-34s %-10s %s -> %s\n", c[i].what, c[i].field, *c[i].old ? c[i].old : "-", *c[i].new ? c[i].new : "-");
	if (more)
		buf_printf(&b, "and more than these %d\n", CHANGES);
	wish_read_text(wish, arena_printf(wish->arena, "What row %" PRId64 " changed: %s %s", r->n, r->action, r->subject), b.p);
}

/* A zero-out that stands is lifted by its preview; of everything else the way back is told. */
static void undo(struct pane *p, const struct audit_row *r, struct wish *wish)
{
	struct intent *in = intent_new(wish, INTENT_LIFT);
	struct err err = { 0 };
	int64_t zero = 0;

	if (!p->store || store_begin_read(p->store, &err) || audit_zero(p->store, r, &zero, &err))
		wish_say(wish, LEVEL_CRIT, "%s", err.text);
	else if (!zero)
		wish_say(wish, LEVEL_INFO, "%s", audit_way_back(r->action));
	store_rollback(p->store);
	if (!zero)
		return;
	fields_put_int(&in->payload, "zero", zero);
	in->subject = arena_printf(wish->arena, "zero:%" PRId64, zero);
	wish_plan(p, in, "LIFT PREVIEW", "Each offer is thought over again with what there is now, not with what was shown before; it is said and read back.", wish);
}

static void sheet(struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, sizeof *c);

	c[0] = (struct choice){ .letter = 'v', .label = "verify the chain now", .note = "from its first row; also: tallyman audit verify", .act = ACT_VERIFY };
	wish->kind = WISH_SHEET;
	wish->text = "Audit";
	wish->choices = c;
	wish->n_choices = 1;
}

static bool audit_act(struct pane *p, enum act act, struct wish *wish)
{
	struct audit_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);

	table_init(&v->base.table, &audit_table);
	switch (act) {
	case ACT_OPEN:
	case ACT_DETAILS:
		if (row)
			read_row(row->data, wish);
		return row != NULL;
	case ACT_ACTIONS:
		sheet(wish);
		return true;
	case ACT_DIFF:
		if (row)
			read_changes(p, row->data, wish);
		return row != NULL;
	case ACT_UNDO:
		if (row)
			undo(p, row->data, wish);
		return row != NULL;
	case ACT_VERIFY:
		v->verify = true;
		wish->kind = WISH_LOAD;
		return true;
	default:
		return table_act(p, &v->base.table, act, wish);
	}
}

static void audit_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct audit_pane *v = p->self;

	table_answer(p, &v->base.table, answer, wish);
}

static void audit_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	struct audit_pane *v = p->self;

	table_init(&v->base.table, &audit_table);
	table_restore(&v->base.table, get, ctx);
}

const struct pane_type pane_audit = {
	.name = "audit",
	.help = "Who did what: every decision, refusal, login, reveal, change of secrets and modes, with the uid that the kernel told. Each row holds the hash of the one before it, "
	        "so that a changed or missing row shows: a, v walks the chain. d shows what the decision changed, old beside new; u takes a zero-out back (with its preview), and says of anything else how that is done."
	        " With o, a the rows that seal what was said to marketplaces are shown as well, one a minute. Its head stands above, goes to the system's log each hour and into each handover.",
	.where = WHERE_LISTS | WHERE_AUDIT,
	.size = sizeof(struct audit_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACTIONS, ACT_DIFF, ACT_UNDO, ACT_FILTER, ACT_OPTIONS, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = audit_load,
	.draw = audit_draw,
	.act = audit_act,
	.strip = audit_strip,
	.answer = audit_answer,
	.save = list_save,
	.restore = audit_restore,
	.close = list_close,
};
