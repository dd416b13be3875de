/*
 * desk_trail.c: the places somebody has been to, and the way along them. The ten screens are made once and shared by all places; a detail belongs to its place.
 */
#include "ui/desk_inside.h"

#include <stdio.h>
#include <string.h>

static const char *state_of_pane(void *ctx, const char *key)
{
	void **both = ctx;
	const struct state *s = both[0];

	return s ? state_get(s, both[1], key) : NULL;
}

static struct pane *pane_new(struct desk *d, const struct pane_type *type, const char *subject)
{
	struct arena *keep = arena_new();
	struct pane *p = arena_alloc(keep, sizeof *p);

	p->type = type;
	p->keep = keep;
	p->facts = arena_new();
	p->self = arena_alloc(keep, type->size + 1);
	p->stale = true;
	snprintf(p->subject, sizeof p->subject, "%s", subject ? subject : "");
	desk_brief_pane(d, p);
	if (type->restore)
		type->restore(p, state_of_pane, (void *[]){ d->setup.state, (void *)type->name });
	return p;
}

void desk_pane_free(struct pane *p)
{
	if (!p)
		return;
	if (p->type->close)
		p->type->close(p);
	arena_free(p->facts);
	arena_free(p->keep);
}

bool desk_is_root(const struct desk *d, const struct pane *p)
{
	for (int i = 0; i < DESK_SCREENS; i++)
		if (d->root[i] == p)
			return true;
	return false;
}

/* The trail from index from on is forgotten; details in it end with it. */
void desk_trail_cut(struct desk *d, int from)
{
	for (int i = from; i < d->trail_n; i++)
		if (!desk_is_root(d, d->trail[i]))
			desk_pane_free(d->trail[i]);
	d->trail_n = from;
}

/* A new place at the end of the trail; the oldest gives way when it is full. */
static void trail_add(struct desk *d, struct pane *p)
{
	desk_trail_cut(d, d->here + 1);
	if (d->trail_n == TRAIL_MAX) {
		if (!desk_is_root(d, d->trail[0]))
			desk_pane_free(d->trail[0]);
		memmove(d->trail, d->trail + 1, (TRAIL_MAX - 1) * sizeof *d->trail);
		d->trail_n--;
	}
	d->trail[d->trail_n] = p;
	d->here = d->trail_n++;
}

struct pane *desk_root(struct desk *d, int screen)
{
	if (!d->root[screen])
		d->root[screen] = pane_new(d, d->setup.screens[screen].type, NULL);
	return d->root[screen];
}

/* Which of the ten is this place of? The nearest one behind it; -1: a place that was opened by its name is nearer, which is of none. */
int desk_tab(const struct desk *d)
{
	for (int i = d->here; i >= 0; i--) {
		if (d->trail[i]->apart)
			return -1;
		for (int s = 0; s < DESK_SCREENS; s++)
			if (d->root[s] == d->trail[i])
				return s;
	}
	return d->screen;
}

/* The one that q leads to, and that somebody comes back to. */
static void screen_find(struct desk *d)
{
	for (int i = d->here; i >= 0; i--)
		for (int s = 0; s < DESK_SCREENS; s++)
			if (d->root[s] == d->trail[i]) {
				d->screen = s;
				return;
			}
}

bool desk_open_named(struct desk *d, const char *name, size_t n, const char *subject)
{
	for (const struct pane_type *const *t = d->setup.details; t && *t; t++)
		if ((*t)->says && strlen((*t)->name) == n && !strncmp((*t)->name, name, n)) {
			desk_open_apart(d, *t, subject);
			return true;
		}
	return false;
}

void desk_screen(struct desk *d, int screen)
{
	struct pane *p = desk_root(d, screen);

	desk_sheets_close(d);
	if (desk_pane(d) != p)
		trail_add(d, p);
	p->stale |= !p->paused;
	d->screen = screen;
}

void desk_open(struct desk *d, const struct pane_type *type, const char *subject)
{
	desk_sheets_close(d);
	trail_add(d, pane_new(d, type, subject));
}

void desk_open_apart(struct desk *d, const struct pane_type *type, const char *subject)
{
	desk_open(d, type, subject);
	desk_pane(d)->apart = true;
}

void desk_go(struct desk *d, int by)
{
	int to = d->here + by;

	if (to < 0 || to >= d->trail_n) {
		desk_hint(d, by < 0 ? "nothing before this" : "nothing after this");
		return;
	}
	desk_sheets_close(d);
	d->here = to;
	desk_pane(d)->stale |= !desk_pane(d)->paused;
	screen_find(d);
}

void desk_close_pane(struct desk *d)
{
	if (!desk_is_root(d, desk_pane(d)) && d->here > 0)
		desk_go(d, -1);
	else if (d->screen != 0)
		desk_screen(d, 0);
	else
		desk_quit(d);
}

/* The item beside this one, in the view this was opened from, in the same place. */
void desk_step(struct desk *d, int by)
{
	struct pane *p = desk_pane(d), *from = d->here > 0 ? d->trail[d->here - 1] : NULL;
	char subject[sizeof p->subject];

	if (desk_is_root(d, p) || !from || !from->type->step) {
		desk_hint(d, "nothing beside this");
		return;
	}
	desk_brief_pane(d, from);
	if (!desk_stands(from))
		desk_ready(d, from);
	if (!desk_stands(from) || !from->type->step(from, by, subject, sizeof subject)) {
		desk_ready(d, from); /* it may have to read on first */
		if (!desk_stands(from) || !from->type->step(from, by, subject, sizeof subject)) {
			desk_hint(d, by > 0 ? "this is the last one" : "this is the first one");
			return;
		}
	}
	d->trail[d->here] = pane_new(d, p->type, subject);
	d->trail[d->here]->apart = p->apart;
	desk_pane_free(p);
}

void desk_changed(struct desk *d)
{
	struct pane *p = desk_pane(d);

	if (p->paused)
		p->waiting++;
	else
		p->stale = true;
}
