#include "ui/desk_inside.h"

#include "base/text.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 60, LONG_MS = 400, TELL_MS = 500 };

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
		.armed = arm_is(&d->arm, desk_hand(d)),
		.confirming = d->prompt.open && d->asking == ASK_CONFIRM,
		.now_ms = desk_world(d),
	};
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
	char arm[16];

	arm_words(&d->arm, desk_hand(d), arm);
	snprintf(out, cap, "%s%s%d WARN %d %s%s %s", d->facts.demo ? "DEMO " : "", "CRIT ", d->facts.crit, d->facts.warn,
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

/* ---- panes ---- */

static const char *state_of_pane(void *ctx, const char *key)
{
	void **both = ctx;
	const struct state *s = both[0];

	return s ? state_get(s, both[1], key) : NULL;
}

static void state_to_pane(void *ctx, const char *key, const char *value)
{
	void **both = ctx;

	if (both[0])
		state_put(both[0], both[1], key, value);
}

static void pane_tell(const struct desk *d, struct pane *p)
{
	p->room = frame_room(d->w, d->h);
	p->portrait = frame_portrait(d->w, d->h);
	p->local_time = d->local_time;
	p->rows = d->h - (p->room == ROOM_TINY ? 4 : 5);
	p->rows = p->rows < 1 ? 1 : p->rows;
	p->now_ms = desk_world(d);
	p->store = d->store;
	p->keymap = d->setup.keymap;
	p->config = d->setup.config;
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
	pane_tell(d, p);
	if (type->restore)
		type->restore(p, state_of_pane, (void *[]){ d->setup.state, (void *)type->name });
	return p;
}

static void pane_free(struct pane *p)
{
	if (!p)
		return;
	if (p->type->close)
		p->type->close(p);
	arena_free(p->facts);
	arena_free(p->keep);
}

static bool is_root(const struct desk *d, const struct pane *p)
{
	for (int i = 0; i < DESK_SCREENS; i++)
		if (d->root[i] == p)
			return true;
	return false;
}

/* How far a scan is, nobody knows; that it goes on, and how to end it, is said twice a second. */
static void tell_progress(struct desk *d)
{
	int64_t now = desk_hand(d), for_ms = now - d->loading_ms;
	char text[120];

	if (!d->setup.host.progress || for_ms < LONG_MS || now - d->told_ms < TELL_MS)
		return;
	d->told_ms = now;
	snprintf(text, sizeof text, " looking through all rows for %" PRId64 ".%" PRId64 " s; any key breaks it off", for_ms / 1000, for_ms % 1000 / 100);
	d->setup.host.progress(d->setup.host.ctx, text);
}

/* Most loads take a millisecond; a filter that no index helps may read the whole queue, and nobody waits for that with a key pressed. */
static bool impatient(void *ctx)
{
	struct desk *d = ctx;

	tell_progress(d);
	if (!d->setup.host.waiting || desk_hand(d) - d->loading_ms < PATIENCE_MS)
		return false;
	d->broken_off = d->setup.host.waiting(d->setup.host.ctx);
	return d->broken_off;
}

/* One short read transaction, over before anybody waits for a key. */
static enum fault load(struct desk *d, struct pane *p, bool rows, struct err *err)
{
	enum fault bad;

	d->loading_ms = desk_hand(d);
	d->told_ms = 0;
	d->broken_off = false;
	store_interrupt_if(d->store, impatient, d);
	bad = store_begin_read(d->store, err);
	if (!bad)
		bad = rows ? p->type->load(p, d->store, p->facts, err) : p->type->peek(p, d->store, err);
	store_rollback(d->store);
	store_interrupt_if(d->store, NULL, NULL);
	return bad;
}

void desk_ready(struct desk *d, struct pane *p)
{
	struct err err = { 0 };

	bool rows = p->stale || (p->peek && !p->type->peek);

	pane_tell(d, p);
	if ((!rows && !p->peek) || !p->type->load || !d->store)
		return;
	p->stale = p->peek = false;
	if (rows) {
		arena_reset(p->facts);
		p->stands = false;
	}
	if (load(d, p, rows, &err) != OK) {
		p->stale = d->broken_off;
		if (d->broken_off)
			return;
		if (strcmp(p->trouble.text, err.text)) /* said once, not on every try */
			desk_fault(d, &err);
		p->trouble = err;
		return;
	}
	p->trouble = (struct err){ 0 };
	if (rows) {
		p->loaded_ms = p->now_ms;
		p->stands = true;
	}
}

bool desk_stands(const struct pane *p)
{
	return p->stands || !p->type->load;
}

bool desk_can(const struct pane *p, enum act act, const char **why)
{
	*why = NULL;
	return !p->type->can || !desk_stands(p) || p->type->can(p, act, why);
}

/* The trail from index from on is forgotten; details in it end with it. */
static void trail_cut(struct desk *d, int from)
{
	for (int i = from; i < d->trail_n; i++)
		if (!is_root(d, d->trail[i]))
			pane_free(d->trail[i]);
	d->trail_n = from;
}

/* A new place at the end of the trail; the oldest gives way when it is full. */
static void trail_add(struct desk *d, struct pane *p)
{
	trail_cut(d, d->here + 1);
	if (d->trail_n == TRAIL_MAX) {
		if (!is_root(d, d->trail[0]))
			pane_free(d->trail[0]);
		memmove(d->trail, d->trail + 1, (TRAIL_MAX - 1) * sizeof *d->trail);
		d->trail_n--;
	}
	d->trail[d->trail_n] = p;
	d->here = d->trail_n++;
}

static struct pane *root_pane(struct desk *d, int screen)
{
	if (!d->root[screen])
		d->root[screen] = pane_new(d, d->setup.screens[screen].type, NULL);
	return d->root[screen];
}

/* The tab that is lit is that of the nearest root behind us. */
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
			desk_open(d, *t, subject);
			return true;
		}
	return false;
}

void desk_screen(struct desk *d, int screen)
{
	struct pane *p = root_pane(d, screen);

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
	if (!is_root(d, desk_pane(d)) && d->here > 0)
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

	if (is_root(d, p) || !from || !from->type->step) {
		desk_hint(d, "nothing beside this");
		return;
	}
	pane_tell(d, from);
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
	pane_free(p);
}

void desk_changed(struct desk *d)
{
	struct pane *p = desk_pane(d);

	if (p->paused)
		p->waiting++;
	else
		p->stale = true;
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
			desk_open(d, *t, subject);
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
	d->trail[0] = root_pane(d, 0);
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
	trail_cut(d, 0);
	for (int i = 0; i < DESK_SCREENS; i++)
		pane_free(d->root[i]);
	free(d);
}

void desk_know(struct desk *d, const struct desk_facts *facts)
{
	d->facts = *facts;
}

void desk_read_from(struct desk *d, struct store *store)
{
	d->store = store;
}

void desk_slow(struct desk *d, bool slow)
{
	d->slow = slow;
}

void desk_save(struct desk *d)
{
	struct state *s = d->setup.state;
	const struct pane *p = desk_pane(d);
	bool detail = !is_root(d, p);
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

/* ---- the frame ---- */

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
		if (desk_can(p, *a, &why))
			key_add(d, f, *a, NULL);
	f->keep = f->keys;
	key_add(d, f, ACT_COMMAND, NULL);
	key_add(d, f, ACT_HELP, NULL);
	key_add(d, f, ACT_CLOSE, d->screen == 0 && is_root(d, p) ? "quit" : NULL);
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
		.screen = d->screen,
		.armed = arm_is(&d->arm, desk_hand(d)),
		.slow = d->slow,
		.newest = notices_get(&d->notices, 0),
		.more = d->notices.said - d->notices.read - 1,
		.local_time = d->local_time,
		.hint = d->hint,
		.prompt = &d->prompt,
	};
	arm_words(&d->arm, desk_hand(d), f->arm);
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
