/*
 * palette.c: anything that can be done here, found by a few of its letters.
 *
 * What the keys do on this screen, what the action sheet has for the row, the screens that have a name, the commands. It is another way to the same
 * things and not one step shorter: what reaches a marketplace leads to its preview, as from the sheet.
 */
#include "ui/desk_inside.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_KEY, KIND_ROW, KIND_PANE, KIND_COMMAND };

struct entry {
	enum kind kind;
	enum act act;
	const char *name;  /* of a pane or a command */
	const char *label, *note, *why_not;
	int score;
};

struct palette {
	struct arena *arena;
	struct entry *entry;
	int n, cap;
};

static struct entry *add(struct palette *p, enum kind kind)
{
	p->entry = arena_grow(p->arena, p->entry, p->n, &p->cap, sizeof *p->entry);
	p->entry[p->n] = (struct entry){ .kind = kind };
	return &p->entry[p->n++];
}

/* ---- what there is ---- */

/* Not worth a name: the palette's own, and moves. */
static bool is_itself(enum act act)
{
	return act <= ACT_HALF_UP || act == ACT_PALETTE || act == ACT_ACTIONS || act == ACT_COMMAND || act == ACT_CANCEL;
}

/* Keys that mean something on this screen; of those that do nothing now why not. */
static void add_keys(struct palette *p, const struct desk *d)
{
	const struct keymap *km = d->setup.keymap;
	struct pane *pane = desk_pane(d);
	enum act act;

	for (int i = 0; (act = keymap_nth(km, i)) != ACT_NONE; i++) {
		const char *why = NULL;
		struct entry *e;
		char keys[48];

		if (is_itself(act) || !(keymap_where(km, act) & (pane->type->where | WHERE_ALL)))
			continue;
		keymap_keys(km, act, false, keys);
		e = add(p, KIND_KEY);
		e->act = act;
		e->label = arena_printf(p->arena, "%s: %s", keymap_brief(km, act), keymap_help(km, act));
		e->note = arena_strdup(p->arena, keys);
		if (!desk_can(d, pane, act, &why) && why)
			e->why_not = arena_strdup(p->arena, why);
	}
}

/* What the action sheet would offer for the row or the marks. */
static void add_row(struct palette *p, struct desk *d)
{
	struct pane *pane = desk_pane(d);
	struct wish wish = desk_wish();

	desk_ready(d, pane);
	if (pane->type->act && desk_stands(pane) && pane->type->act(pane, ACT_ACTIONS, &wish) && wish.kind == WISH_SHEET)
		for (int i = 0; i < wish.n_choices; i++) {
			const struct choice *c = &wish.choices[i];
			struct entry *e = add(p, KIND_ROW);

			e->act = c->act;
			e->label = arena_printf(p->arena, "%s: %s", wish.text, c->label);
			e->note = arena_printf(p->arena, "a %c", c->letter ? c->letter : ' ');
			e->why_not = c->why_not ? arena_strdup(p->arena, c->why_not) : NULL;
		}
	arena_free(wish.arena);
}

static void add_panes(struct palette *p, const struct desk *d)
{
	for (const struct pane_type *const *t = d->setup.details; t && *t; t++) {
		struct entry *e;

		if (!(*t)->says)
			continue;
		e = add(p, KIND_PANE);
		e->name = (*t)->name;
		e->label = arena_printf(p->arena, "%s: %s", (*t)->name, (*t)->says);
		e->note = arena_printf(p->arena, ":%s", (*t)->name);
	}
}

static void add_commands(struct palette *p, const struct desk *d)
{
	const char *name, *words;

	for (int i = 0; (name = desk_command_name(d, i, &words)); i++) {
		struct entry *e = add(p, KIND_COMMAND);

		e->name = name;
		e->label = arena_printf(p->arena, "command %s %s", name, words);
		e->note = arena_printf(p->arena, ":%s", name);
	}
}

/* ---- what fits ---- */

/* A word found where a word begins 3, anywhere else 2, its letters one after the other in what stands before the colon 1; 0: not at all. */
static int word_score(const char *text, const char *word, size_t n)
{
	size_t at = 0;
	int best = 0;

	for (const char *p = text; *p && best < 3; p++)
		if (!strncasecmp(p, word, n))
			best = p == text || strchr(" :,(", p[-1]) ? 3 : 2;
	for (const char *p = text; *p && *p != ':' && !best && at < n; p++)
		at += (*p | 32) == (word[at] | 32);
	return best ? best : at == n;
}

static int score(const struct entry *e, const char *query)
{
	int sum = 1;

	for (const char *w = query + strspn(query, " "); *w; w += strspn(w, " ")) {
		size_t n = strcspn(w, " ");
		int one = word_score(e->label, w, n);

		if (!one)
			return 0;
		sum += one;
		w += n;
	}
	return sum;
}

static int best_first(const void *one, const void *other)
{
	const struct entry *const *x = one, *const *y = other;

	return (*x)->score != (*y)->score ? (*y)->score - (*x)->score : (*x > *y) - (*x < *y);
}

static int fitting(struct palette *p, const char *query, const struct entry **out)
{
	int n = 0;

	for (int i = 0; i < p->n; i++) {
		p->entry[i].score = score(&p->entry[i], query);
		if (p->entry[i].score)
			out[n++] = &p->entry[i];
	}
	qsort(out, (size_t)n, sizeof *out, best_first);
	return n;
}

/* ---- on the screen ---- */

static bool is_open(struct desk *d)
{
	return desk_sheet(d) && desk_sheet(d)->kind == SHEET_MENU && (int)desk_sheet(d)->wish.ask == ASK_PALETTE;
}

/* The menu of what fits, in the place of the one before. Returns how many fit. */
static int show(struct desk *d, const char *query)
{
	struct wish wish = desk_wish();
	const struct entry **fit = arena_alloc(wish.arena, (size_t)(d->palette->n + 1) * sizeof *fit);
	int n = fitting(d->palette, query, fit);
	struct choice *c = arena_alloc(wish.arena, (size_t)(n + 1) * sizeof *c);

	for (int i = 0; i < n; i++)
		c[i] = (struct choice){ .label = fit[i]->label, .note = fit[i]->note, .why_not = fit[i]->why_not, .act = fit[i]->kind == KIND_ROW ? fit[i]->act : ACT_NONE,
			                .value = arena_printf(wish.arena, "%d", (int)(fit[i] - d->palette->entry)) };
	if (is_open(d))
		desk_sheet_close(d);
	wish.kind = WISH_MENU;
	wish.text = n ? "What can be done here" : "Nothing here is called so";
	wish.choices = c;
	wish.n_choices = n;
	wish.ask = (enum ask)ASK_PALETTE;
	desk_take(d, &wish);
	return n;
}

void desk_palette(struct desk *d)
{
	struct arena *a = arena_new();

	desk_palette_free(d);
	d->palette = arena_alloc(a, sizeof *d->palette);
	d->palette->arena = a;
	add_row(d->palette, d);
	add_keys(d->palette, d);
	add_panes(d->palette, d);
	add_commands(d->palette, d);
	show(d, "");
	desk_ask(d, ASK_PALETTE, "do: ", NULL);
}

void desk_palette_free(struct desk *d)
{
	if (d->palette)
		arena_free(d->palette->arena);
	d->palette = NULL;
}

void desk_palette_typed(struct desk *d, const char *text)
{
	show(d, text);
}

void desk_palette_left(struct desk *d)
{
	if (is_open(d))
		desk_sheet_close(d);
}

/* One that fits is done; of several the menu stays, for j, k and Enter. */
void desk_palette_done(struct desk *d, const char *text)
{
	if (show(d, text) == 1 && !desk_sheet(d)->wish.choices[0].why_not) {
		char value[16];

		snprintf(value, sizeof value, "%s", desk_sheet(d)->wish.choices[0].value);
		desk_sheet_close(d);
		desk_palette_chosen(d, value);
	}
}

void desk_palette_chosen(struct desk *d, const char *value)
{
	const struct entry *e;
	int64_t i;

	if (!text_int(value, 0, d->palette->n - 1, &i))
		return;
	e = &d->palette->entry[i];
	switch (e->kind) {
	case KIND_KEY: desk_act(d, e->act); break;
	case KIND_ROW: desk_pane_act(d, e->act); break;
	case KIND_PANE: desk_open_named(d, e->name, strlen(e->name), ""); break;
	case KIND_COMMAND:
		desk_ask(d, ASK_COMMAND, ":", arena_printf(d->palette->arena, "%s ", e->name));
		break;
	}
}
