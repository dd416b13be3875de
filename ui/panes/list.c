#include "ui/panes/list.h"

#include "ui/panes/wishes.h"

static struct arena *emptied(struct arena **a)
{
	if (!*a)
		*a = arena_new();
	arena_reset(*a);
	return *a;
}

struct arena *list_look(struct list_pane *v)
{
	return emptied(&v->look);
}

/* All that the chosen rows stand for. */
static struct deed_row *deed_rows(const struct list_kind *kind, const struct table_row *const *row, int n, struct arena *a, int *got)
{
	struct deed_row *d = NULL;
	int cap = 0;

	*got = 0;
	for (int i = 0; i < n; i++)
		for (int k = 0, m = kind->members ? kind->members(row[i]) : 1; k < m; k++) {
			d = arena_grow(a, d, *got, &cap, sizeof *d);
			d[(*got)++] = kind->members ? kind->member(row[i], k) : kind->deed_row(row[i]);
		}
	return d ? d : arena_alloc(a, sizeof *d);
}

void list_name(struct list_pane *v, const struct list_kind *kind)
{
	struct arena *a = emptied(&v->named_in);
	const struct table_row **row;
	int chosen = table_chosen(&v->table, a, &row);
	struct deed_row *d = deed_rows(kind, row, chosen, a, &v->names);

	for (int i = 0; i < v->names; i++)
		d[i].name = ""; /* it ends with the next load */
	v->named = d;
	table_aim(&v->table);
	v->table.named = true;
	v->table.moved |= table_at(&v->table) != NULL; /* from now on it is this row, wherever it goes */
}

static void say_missed(struct wish *wish)
{
	wish_say(wish, LEVEL_WARN, "the row is gone or another: look again");
}

bool list_missed(const struct list_pane *v, struct wish *wish)
{
	if (table_missed(&v->table))
		say_missed(wish);
	return table_missed(&v->table);
}

static bool is_named(const struct list_pane *v, const struct deed_row *d)
{
	for (int i = 0; i < v->names; i++)
		if (v->named[i].id == d->id && v->named[i].job == d->job)
			return true;
	return false;
}

/* Of what is chosen now that which the sheet was about: a group may have grown under it. Returns how many. */
static int keep_named(const struct list_pane *v, struct deed_row *d, int n)
{
	int kept = 0;

	for (int i = 0; i < n; i++)
		if (!v->table.named || is_named(v, &d[i]))
			d[kept++] = d[i];
	return kept;
}

static void sheet(struct list_pane *v, const struct list_kind *kind, struct wish *wish)
{
	const struct table_row **row;
	struct choice *c;
	int n = table_chosen(&v->table, wish->arena, &row);

	if (n == 0) {
		wish_say(wish, LEVEL_INFO, v->table.marks ? "every marked row is hidden by the filter or gone; U takes the marks away" : "there is no row here");
		return;
	}
	list_name(v, kind);
	wish->kind = WISH_SHEET;
	wish->text = n == 1 ? arena_printf(wish->arena, "%s %s", kind->one_of ? kind->one_of(row[0]) : kind->one, row[0]->name) : arena_printf(wish->arena, "%d %s", n, kind->table->what);
	wish->n_choices = kind->choices(wish->arena, row, n, table_left_out(&v->table), &c);
	wish->choices = c;
}

static bool deed(struct pane *p, const struct list_kind *kind, enum act act, struct wish *wish)
{
	struct list_pane *v = p->self;
	const struct table_row **row;
	int chosen = table_chosen(&v->table, wish->arena, &row), n;
	struct deed_row *d = deed_rows(kind, row, chosen, wish->arena, &n);
	bool note = act == ACT_NOTE && table_at(&v->table), missed, known;

	missed = (note || !v->table.marks) && table_missed(&v->table);
	if (note) { /* it is on one thing */
		d[0] = kind->deed_row(table_at(&v->table));
		n = 1;
	} else {
		int all = n;

		n = keep_named(v, d, n);
		missed |= all && !n;
	}
	v->table.hidden_too = false;
	known = deed_act(p, &v->deed, act, kind->deed, d, missed ? 0 : n, wish);
	if (known && missed)
		say_missed(wish);
	return known;
}

bool list_act(struct pane *p, const struct list_kind *kind, enum act act, struct wish *wish)
{
	struct list_pane *v = p->self;
	const struct table_row *row;
	char subject[sizeof p->subject];

	table_init(&v->table, kind->table);
	row = table_at(&v->table);
	switch (act) {
	case ACT_ACTIONS:
	case ACT_HIDDEN_TOO:
		v->table.hidden_too = act == ACT_HIDDEN_TOO;
		sheet(v, kind, wish);
		return true;
	case ACT_OPEN:
	case ACT_DETAILS:
		if (!row)
			return false;
		v->table.moved = true;
		kind->subject(row, subject, sizeof subject);
		wish_open(wish, kind->detail, subject);
		return true;
	case ACT_MARK:
		return list_missed(v, wish) || table_act(p, &v->table, act, wish);
	default:
		return table_act(p, &v->table, act, wish) || deed(p, kind, act, wish);
	}
}

/* :note TEXT is about the row under the cursor now, whatever m was pressed on before. */
static void note_here(const struct list_pane *v, const struct list_kind *kind, struct answer *answer, struct wish *wish)
{
	const struct table_row *row = table_at(&v->table);
	struct deed_row one;

	if (!row) {
		err_set(&answer->err, FAULT_REFUSED, "there is no row to write it to");
		return;
	}
	one = kind->deed_row(row);
	deed_note(kind->deed, &one, answer, wish);
}

void list_answer(struct pane *p, const struct list_kind *kind, struct answer *answer, struct wish *wish)
{
	struct list_pane *v = p->self;

	if (answer->ask == ASK_NOTE && !answer->asked)
		note_here(v, kind, answer, wish);
	else if (answer->ask == ASK_VALUE || answer->ask == ASK_NOTE)
		deed_answer(p, v->deed, answer, wish);
	else
		table_answer(p, &v->table, answer, wish);
}

void list_strip(const struct pane *p, struct strip *strip)
{
	struct list_pane *v = p->self;

	if (v->table.type)
		table_strip(&v->table, strip);
}

bool list_step(struct pane *p, const struct list_kind *kind, int by, char *subject, size_t cap)
{
	struct list_pane *v = p->self;

	if (!v->table.type || !table_step(p, &v->table, by))
		return false;
	kind->subject(table_at(&v->table), subject, cap);
	return true;
}

void list_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	const struct list_pane *v = p->self;

	if (v->table.type)
		table_save(&v->table, put, ctx);
}

void list_restore(struct pane *p, const struct list_kind *kind, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	struct list_pane *v = p->self;

	table_init(&v->table, kind->table);
	table_restore(&v->table, get, ctx);
}

void list_close(struct pane *p)
{
	struct list_pane *v = p->self;

	table_free(&v->table);
	deed_free(v->deed);
	if (v->look)
		arena_free(v->look);
	if (v->named_in)
		arena_free(v->named_in);
}
