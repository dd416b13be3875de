#include "ui/desk_inside.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- small questions ---- */

int64_t desk_world(const struct desk *d)
{
	return clock_now(&d->setup.world);
}

int64_t desk_hand(const struct desk *d)
{
	return clock_now(&d->setup.hand);
}

struct pane *desk_pane(const struct desk *d)
{
	return d->trail[d->here];
}

struct sheet *desk_sheet(struct desk *d)
{
	return d->sheets ? &d->sheet[d->sheets - 1] : NULL;
}

struct sheet_facts desk_sheet_facts(const struct desk *d)
{
	return (struct sheet_facts){
		.rank = d->rank,
		.armed = arm_is(&d->arm, desk_hand(d)),
		.confirming = d->prompt.open && d->asking == ASK_CONFIRM,
		.now_ms = desk_world(d),
	};
}

void desk_rank(struct desk *d, enum rank rank)
{
	d->rank = rank;
}

const char *desk_theme(const struct desk *d)
{
	return d->theme;
}

bool desk_mouse(const struct desk *d)
{
	return d->mouse;
}

void desk_title(const struct desk *d, char *out, size_t cap)
{
	char brief[64];

	facts_brief(&d->facts, brief, sizeof brief);
	snprintf(out, cap, "%s%s%s%s%d WARN %d %s%s %s", d->facts.demo ? "DEMO " : "", brief, *brief ? " " : "", "CRIT ", d->facts.crit, d->facts.warn,
	         arm_is(&d->arm, desk_hand(d)) ? "ARMED " : "", "tallyman", d->facts.store);
}

void desk_say(struct desk *d, enum level level, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	notices_add(&d->notices, level, desk_world(d), text);
}

void desk_told(struct desk *d, enum level level, int64_t at_ms, const char *text)
{
	notices_add(&d->notices, level, at_ms, text);
}

void desk_hint(struct desk *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->hint, sizeof d->hint, fmt, ap);
	va_end(ap);
}

void desk_fault(struct desk *d, const struct err *err)
{
	desk_say(d, err->fault == FAULT_REFUSED ? LEVEL_WARN : LEVEL_CRIT, "%s", err->text);
}

/* ---- beginning and end ---- */

static const char *remembered(const struct desk *d, const char *key)
{
	return d->setup.state ? state_get(d->setup.state, "desk", key) : NULL;
}

static void open_remembered(struct desk *d)
{
	const char *name = remembered(d, "detail"), *subject = remembered(d, "subject");

	for (const struct pane_type *const *t = d->setup.details; name && subject && t && *t; t++)
		if (!strcmp((*t)->name, name))
			(remembered(d, "apart") ? desk_open_apart : desk_open)(d, *t, subject);
}

static void restore(struct desk *d)
{
	const char *screen = remembered(d, "screen"), *theme = remembered(d, "theme"), *zone = remembered(d, "zone");
	int64_t n = 0;

	if (theme && text_id(theme, "-_", 31))
		desk_theme_set(d, theme);
	d->local_time = zone && !strcmp(zone, "local");
	if (screen && text_int(screen, 0, DESK_SCREENS - 1, &n) && n)
		desk_screen(d, (int)n);
	open_remembered(d);
	desk_draft_offer(d);
	if (remembered(d, "open"))
		desk_say(d, LEVEL_INFO, "back where you were: the last session was cut off; READ-ONLY, nothing was sent");
	if (d->setup.state)
		state_put(d->setup.state, "desk", "open", "yes");
	d->wants = 0;
}

struct desk *desk_new(const struct desk_setup *setup)
{
	struct desk *d = calloc(1, sizeof *d);

	if (!d)
		abort();
	d->setup = *setup;
	d->began_ms = desk_world(d);
	d->arm.locked = setup->readonly;
	if (setup->theme)
		snprintf(d->theme, sizeof d->theme, "%s", setup->theme);
	else
		snprintf(d->theme, sizeof d->theme, "%.*s", (int)strcspn(setup->themes, " "), setup->themes);
	d->facts.fresh_ms = d->facts.oldest_ms = -1;
	for (int i = 0; i < DESK_SCREENS; i++)
		d->facts.tab[i].n = -1;
	d->w = 80;
	d->h = 24;
	d->trail[0] = desk_root(d, 0);
	d->trail_n = 1;
	restore(d);
	return d;
}

void desk_free(struct desk *d)
{
	if (!d)
		return;
	desk_sheets_close(d);
	desk_palette_free(d);
	desk_trail_cut(d, 0);
	for (int i = 0; i < DESK_SCREENS; i++)
		desk_pane_free(d->root[i]);
	free(d);
}

void desk_know(struct desk *d, const struct desk_facts *facts)
{
	d->facts = *facts;
	if (facts->then)
		d->rank = RANK_NOBODY;
}

void desk_read_from(struct desk *d, struct store *store)
{
	d->store = store;
}

void desk_slow(struct desk *d, bool slow)
{
	d->slow = slow;
}

static void state_to_pane(void *ctx, const char *key, const char *value)
{
	void **both = ctx;

	if (both[0])
		state_put(both[0], both[1], key, value);
}

void desk_save(struct desk *d)
{
	struct state *s = d->setup.state;
	const struct pane *p = desk_pane(d);
	bool detail = !desk_is_root(d, p);
	struct err err = { 0 };
	char screen[4];

	if (!s)
		return;
	snprintf(screen, sizeof screen, "%d", d->screen % DESK_SCREENS);
	state_put(s, "desk", "screen", screen);
	state_put(s, "desk", "theme", d->theme);
	state_put(s, "desk", "zone", d->local_time ? "local" : NULL);
	state_put(s, "desk", "detail", detail ? p->type->name : NULL);
	state_put(s, "desk", "subject", detail ? p->subject : NULL);
	state_put(s, "desk", "apart", detail && desk_tab(d) < 0 ? "yes" : NULL);
	for (int i = 0; i < DESK_SCREENS; i++)
		if (d->root[i] && d->root[i]->type->save)
			d->root[i]->type->save(d->root[i], state_to_pane, (void *[]){ s, (void *)d->root[i]->type->name });
	if (detail && p->type->save)
		p->type->save(p, state_to_pane, (void *[]){ s, (void *)p->type->name });
	desk_draft_keep(d);
	if (state_flush(s, &err) != OK && !d->unsaved) {
		d->unsaved = true; /* said once, not with every key */
		desk_say(d, LEVEL_WARN, "%s", err.text);
	}
}
