/*
 * table_view.c: a list as one person wants it: filter, sort, columns; what of that is kept under names, and what is found again after a restart.
 */
#include "ui/panes/table_inside.h"

#include "base/fields.h"
#include "base/text.h"
#include "ui/panes/wishes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VIEWS_MAX = 30 };

/* ---- columns ---- */

static bool can_hide(const struct table_column *c)
{
	return !c->stays && !c->names;
}

bool table_hides(const struct table *t, int column)
{
	return t->hide >> column & 1;
}

static void ask_columns(const struct table *t, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, (size_t)t->type->columns * sizeof *c);

	for (int i = 0; i < t->type->columns; i++)
		c[i] = (struct choice){ .letter = (char)('a' + i),
			                .label = arena_printf(wish->arena, "[%c] %s", table_hides(t, i) ? ' ' : 'x', t->type->column[i].title),
			                .note = t->type->column[i].from > ROOM_FULL ? "where there is room" : NULL,
			                .why_not = can_hide(&t->type->column[i]) ? NULL : "(the row is known by it)",
			                .value = arena_printf(wish->arena, "%d", i) };
	wish->kind = WISH_MENU;
	wish->ask = ASK_COLUMNS;
	wish->text = "Columns: a letter shows or hides one, Esc when it is right";
	wish->choices = c;
	wish->n_choices = t->type->columns;
}

/* ---- a view as text ---- */

static const char *packed(const struct table *t, struct arena *a)
{
	struct fields f = fields_new(a);

	fields_put(&f, "filter", t->filter);
	fields_put(&f, "sort", t->type->sort_name ? t->type->sort_name(t->sort) : "");
	fields_put(&f, "reverse", t->reverse ? "yes" : "no");
	fields_put(&f, "closed", t->all ? "yes" : "no");
	for (int i = 0; i < t->type->columns; i++)
		if (table_hides(t, i))
			fields_put(&f, "hide", t->type->column[i].title);
	return fields_pack(&f, a);
}

static bool yes(const char *text)
{
	return text && strcmp(text, "yes") == 0;
}

/* A sort or a column that is no more is passed over. */
static void unpack(struct table *t, const struct fields *f)
{
	snprintf(t->filter, sizeof t->filter, "%s", fields_get(f, "filter", ""));
	for (int i = 0; i < t->type->sorts; i++)
		if (!strcmp(t->type->sort_name(i), fields_get(f, "sort", "")))
			t->sort = i;
	t->reverse = yes(fields_get(f, "reverse", ""));
	t->all = yes(fields_get(f, "closed", ""));
	t->hide = 0;
	for (int i = 0; i < t->type->columns; i++)
		for (int k = 0; fields_each(f, "hide", k); k++)
			if (can_hide(&t->type->column[i]) && !strcmp(t->type->column[i].title, fields_each(f, "hide", k)))
				t->hide |= 1u << i;
}

/* ---- views under names ---- */

static struct fields views_of(const struct table *t, struct arena *a)
{
	struct fields f;

	return t->views && fields_unpack(a, t->views, &f, NULL) == OK ? f : fields_new(a);
}

/* With one of this name as it is now; value NULL: without it. */
static void keep(struct table *t, const char *name, const char *value)
{
	struct arena *a = arena_new();
	struct fields was = views_of(t, a), is = fields_new(a);

	for (int i = 0; i < was.n; i++)
		if (strcmp(was.field[i].key, name))
			fields_put(&is, was.field[i].key, was.field[i].value);
	if (is.n < VIEWS_MAX)
		fields_put(&is, name, value);
	free(t->views);
	t->views = strdup(fields_pack(&is, a));
	arena_free(a);
}

bool table_view_changed(const struct table *t)
{
	struct arena *a = arena_new();
	struct fields f = views_of(t, a);
	const char *kept = fields_get(&f, t->view, NULL);
	bool changed = !kept || strcmp(kept, packed(t, a)) != 0;

	arena_free(a);
	return changed;
}

static const char *brief(const char *view, struct arena *a)
{
	struct fields f;

	if (fields_unpack(a, view, &f, NULL) || !*fields_get(&f, "filter", ""))
		return "no filter";
	return fields_get(&f, "filter", "");
}

static void ask_views(const struct table *t, enum ask ask, const char *title, struct wish *wish)
{
	struct arena *a = wish->arena;
	struct fields f = views_of(t, a);
	struct choice *c = arena_alloc(a, (size_t)(f.n + 2) * sizeof *c);
	int n = 0;

	for (int i = 0; i < f.n; i++)
		c[n++] = (struct choice){ .letter = i < 9 ? (char)('1' + i) : '\0', .label = f.field[i].key, .note = brief(f.field[i].value, a), .value = f.field[i].key };
	if (ask == ASK_VIEW) {
		c[n++] = (struct choice){ .letter = '0', .label = "everything again: no filter, the usual order, all columns", .value = "=" };
		if (f.n)
			c[n++] = (struct choice){ .letter = 'x', .label = "forget one ...", .value = "-" };
	}
	wish->kind = WISH_MENU;
	wish->ask = ask;
	wish->text = title;
	wish->choices = c;
	wish->n_choices = n;
}

bool table_view_act(const struct table *t, enum act act, struct wish *wish)
{
	if (act == ACT_COLUMNS)
		ask_columns(t, wish);
	else if (act == ACT_VIEW_SAVE)
		wish_ask(wish, ASK_VIEW_NAME, "keep this view under the name", t->view);
	else
		ask_views(t, ASK_VIEW, "Views of this list (w keeps one)", wish);
	return true;
}

static void take_name(struct table *t, struct answer *answer, struct wish *wish)
{
	struct arena *a = wish->arena;
	struct fields f = views_of(t, a);

	if (!answer->done)
		return;
	if (!text_id(answer->text, "-_", sizeof t->view - 1)) {
		err_set(&answer->err, FAULT_REFUSED, "a name of letters, digits, - and _, at most %d of them", (int)sizeof t->view - 1);
		return;
	}
	if (f.n >= VIEWS_MAX && !fields_has(&f, answer->text)) {
		err_set(&answer->err, FAULT_REFUSED, "%d views are kept already: W, x forgets one", VIEWS_MAX);
		return;
	}
	snprintf(t->view, sizeof t->view, "%s", answer->text);
	keep(t, t->view, packed(t, a));
	wish_say(wish, LEVEL_INFO, "view %s is kept: W has it", t->view);
}

/* true: the rows are others now. */
static bool take_view(struct table *t, const char *name, struct wish *wish)
{
	struct fields views = views_of(t, wish->arena), f = fields_new(wish->arena);

	if (!strcmp(name, "-")) {
		ask_views(t, ASK_VIEW_DROP, "Forget which view?", wish);
		return false;
	}
	if (strcmp(name, "=") && fields_unpack(wish->arena, fields_get(&views, name, ""), &f, NULL))
		return false;
	snprintf(t->view, sizeof t->view, "%s", strcmp(name, "=") ? name : "");
	t->sort = 0;
	unpack(t, &f);
	return true;
}

bool table_view_answer(struct table *t, struct answer *answer, struct wish *wish)
{
	int64_t i;

	if (answer->ask == ASK_COLUMNS) {
		if (text_int(answer->text, 0, t->type->columns - 1, &i) && can_hide(&t->type->column[i]))
			t->hide ^= 1u << i;
		ask_columns(t, wish);
	} else if (answer->ask == ASK_VIEW_NAME) {
		if (answer->text)
			take_name(t, answer, wish);
	} else if (answer->ask == ASK_VIEW_DROP) {
		keep(t, answer->text, NULL);
		if (!strcmp(t->view, answer->text))
			t->view[0] = '\0';
		wish_say(wish, LEVEL_INFO, "view %s is forgotten", answer->text);
	} else {
		return take_view(t, answer->text, wish);
	}
	return false;
}

/* ---- from one start to the next ---- */

void table_save(const struct table *t, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	struct arena *a = arena_new();
	char number[24];

	put(ctx, "view", packed(t, a));
	put(ctx, "views", t->views && *t->views ? t->views : NULL);
	put(ctx, "named", *t->view ? t->view : NULL);
	snprintf(number, sizeof number, "%lld", t->moved ? (long long)t->id : 0);
	put(ctx, "row", number);
	snprintf(number, sizeof number, "%d", t->at - t->top);
	put(ctx, "line", number);
	arena_free(a);
}

static int64_t number_of(const char *text, int64_t max)
{
	int64_t n;

	return text && text_int(text, 0, max, &n) ? n : 0;
}

void table_restore(struct table *t, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	const char *view = get(ctx, "view"), *views = get(ctx, "views"), *named = get(ctx, "named");
	struct arena *a = arena_new();
	struct fields f;

	if (view && fields_unpack(a, view, &f, NULL) == OK)
		unpack(t, &f);
	free(t->views);
	t->views = views ? strdup(views) : NULL;
	snprintf(t->view, sizeof t->view, "%s", named && text_id(named, "-_", sizeof t->view - 1) ? named : "");
	t->id = number_of(get(ctx, "row"), INT64_MAX);
	t->moved = t->id != 0;
	t->at = (int)number_of(get(ctx, "line"), 500);
	arena_free(a);
}
