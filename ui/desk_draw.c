/*
 * desk_draw.c: the frame around a pane: which keys work now, what stands in the strip, and when it is to be drawn again.
 */
#include "ui/desk_inside.h"

#include <stdio.h>
#include <string.h>

/* A key for the last row; one with the same word as the one before joins it: "j/k move". */
static void key_add(const struct desk *d, struct frame *f, enum act act, const char *brief)
{
	struct frame_key *last = f->keys ? &f->key[f->keys - 1] : NULL;
	char keys[48];

	keymap_keys(d->setup.keymap, act, false, keys);
	keys[strcspn(keys, " ")] = '\0';
	brief = brief ? brief : keymap_brief(d->setup.keymap, act);
	if (!*keys)
		return;
	if (last && !strcmp(last->brief, brief) && strlen(last->keys) + strlen(keys) + 2 < sizeof last->keys) {
		size_t n = strlen(last->keys);

		snprintf(last->keys + n, sizeof last->keys - n, "/%s", keys);
		return;
	}
	if (f->keys == FRAME_KEYS)
		return;
	snprintf(f->key[f->keys].keys, sizeof f->key[f->keys].keys, "%.20s", keys);
	f->key[f->keys++].brief = brief;
}

/* What a key is for over a sheet, where that is another word than on a list; NULL: it is not. */
static const char *brief_on(const struct sheet *s, enum act act)
{
	switch (act) {
	case ACT_OPTIONS: return "wrap";
	case ACT_MARK: return "tick";
	case ACT_DIFF: return "dry run";
	case ACT_OPEN: return s->kind == SHEET_PREVIEW ? "next" : "choose";
	default: return NULL;
	}
}

static void keys_of_sheet(const struct desk *d, const struct sheet *s, struct frame *f)
{
	const char *words = "type the line  Enter send (when it matches)  Esc leave, nothing is sent";

	if (d->prompt.open && d->asking == ASK_CONFIRM) {
		f->key[0] = (struct frame_key){ "", words };
		f->keys = f->keep = 1;
		return;
	}
	if (s->kind == SHEET_ACTIONS || s->kind == SHEET_MENU)
		f->key[f->keys++] = (struct frame_key){ "letter", "choose" };
	for (const enum act *a = sheet_keys(s); *a != ACT_NONE; a++)
		key_add(d, f, *a, brief_on(s, *a));
	f->keep = 1;
}

static void keys_of_prompt(struct frame *f)
{
	static const struct frame_key keys[] = { { "Enter", "done" }, { "Tab", "complete" }, { "Up", "history" }, { "Esc", "leave" } };

	memcpy(f->key, keys, sizeof keys);
	f->keys = 4;
	f->keep = 1;
}

static void keys_of_pane(const struct desk *d, const struct pane *p, struct frame *f)
{
	const char *why;

	for (const enum act *a = p->type->keys; a && *a != ACT_NONE; a++)
		if (desk_can(d, p, *a, &why))
			key_add(d, f, *a, NULL);
	f->keep = f->keys;
	key_add(d, f, ACT_COMMAND, NULL);
	key_add(d, f, ACT_HELP, NULL);
	key_add(d, f, ACT_CLOSE, d->screen == 0 && desk_is_root(d, p) ? "quit" : NULL);
	f->keep = f->keys - f->keep;
}

static void strip_of(struct desk *d, struct frame *f, char *text, size_t cap)
{
	const struct pane *p = desk_pane(d);
	const struct sheet *s = desk_sheet(d);
	struct sheet_facts facts = desk_sheet_facts(d);

	f->strip = (struct strip){ .shown = -1, .total = -1 };
	f->paused = p->paused;
	f->waiting = p->waiting;
	if (p->type->strip && desk_stands(p))
		p->type->strip(p, &f->strip);
	if (!s || s->kind == SHEET_ACTIONS || s->kind == SHEET_MENU)
		return;
	sheet_strip(s, &facts, text, cap);
	f->strip = (struct strip){ .text = text, .shown = -1, .total = -1 };
}

static void frame_of(struct desk *d, struct frame *f, char *strip, size_t cap)
{
	const struct sheet *s = desk_sheet(d);

	*f = (struct frame){
		.facts = &d->facts,
		.screens = d->setup.screens,
		.screen = desk_tab(d),
		.own = desk_pane(d)->type->name,
		.armed = arm_is(&d->arm, desk_hand(d)),
		.slow = d->slow,
		.newest = notices_get(&d->notices, 0),
		.more = d->notices.said - d->notices.read - 1,
		.local_time = d->local_time,
		.hint = d->hint,
		.prompt = &d->prompt,
	};
	arm_words(&d->arm, desk_hand(d), f->arm);
	if (d->rank == RANK_VIEWER || d->rank == RANK_PROGRAM) /* it is never armed; who looks for the word finds why */
		snprintf(f->arm, sizeof f->arm, "%s", d->rank == RANK_VIEWER ? "VIEWER" : "PROGRAM");
	clock_words(desk_world(d), d->local_time, false, f->clock);
	strip_of(d, f, strip, cap);
	if (d->prompt.open && d->asking != ASK_CONFIRM)
		keys_of_prompt(f);
	else if (s)
		keys_of_sheet(d, s, f);
	else
		keys_of_pane(d, desk_pane(d), f);
}

static void content_draw(struct desk *d, struct canvas *c)
{
	const struct pane *p = desk_pane(d);

	if (p->trouble.fault != OK)
		canvas_wrap(c, 1, 0, c->w - 2, c->h, ROLE_ERROR, p->trouble.text);
	else if (!desk_stands(p))
		canvas_put(c, 1, 0, ROLE_MUTED, "Reading ...");
	else if (p->type->draw)
		p->type->draw(p, c);
}

void desk_draw(struct desk *d, struct canvas *c)
{
	struct frame f;
	char strip[200];
	struct sheet *s;
	struct sheet_facts facts;

	d->w = c->w;
	d->h = c->h;
	desk_disarm(d, arm_step(&d->arm, desk_hand(d)));
	desk_sheets_expire(d);
	desk_ready(d, desk_pane(d));
	d->small = frame_room(c->w, c->h) == ROOM_VERDICT;
	canvas_fill(c, ROLE_BG);
	canvas_cursor(c, 0, c->h - 1, false);
	facts = desk_sheet_facts(d);
	s = desk_sheet(d);
	d->content = frame_content(c);
	desk_pane(d)->covered = s != NULL;
	if (!d->small && (!s || s->kind == SHEET_ACTIONS || s->kind == SHEET_MENU))
		content_draw(d, &d->content);
	if (!d->small && s)
		sheet_draw(s, &facts, &d->content);
	frame_of(d, &f, strip, sizeof strip); /* after the pane: what it says of its columns is known by then */
	frame_draw(&f, c);                    /* last: where a prompt puts the cursor, there it stays */
}

int64_t desk_due(struct desk *d)
{
	int64_t now = desk_hand(d), due = 60000 - now % 60000, left = arm_left_ms(&d->arm, now);

	if (left) { /* the countdown steps with the second */
		int64_t step = (d->arm.until_ms - now - 1) % 1000 + 1;

		due = step < left ? step : left;
	}
	for (int i = 0; i < d->sheets; i++) {
		int64_t open = d->sheet[i].until_ms - now;

		if (d->sheet[i].until_ms && open < due)
			due = open > 0 ? open : 0;
	}
	return due;
}
