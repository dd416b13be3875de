/*
 * desk_input.c: keys, pastes, clicks and signals to acts, and what the desk itself does with them.
 */
#include "ui/desk_inside.h"

#include "trade/intents.h"

#include <stdio.h>
#include <string.h>

/* ---- arming ---- */

/* Tell whoever keeps the audit. */
static bool arm_told(struct desk *d, int minutes, const char *why)
{
	struct err err = { 0 };

	if (!d->setup.host.arm || d->setup.host.arm(d->setup.host.ctx, minutes, why, &err) == OK)
		return true;
	desk_fault(d, &err);
	return false;
}

void desk_arm(struct desk *d, const char *words)
{
	struct arm before = d->arm;
	struct err err = { 0 };
	int64_t now = desk_hand(d);

	if (frame_room(d->w, d->h) < ROOM_COMPACT) {
		desk_say(d, LEVEL_WARN, "not armed: below 60x15 too little of a plan can be seen; make the window larger");
		return;
	}
	if (!rank_may(d->rank, ACT_SHIP, NULL)) {
		if (d->rank == RANK_NOBODY)
			desk_say(d, LEVEL_WARN, "not armed: nothing can be decided in what is past");
		else
			desk_say(d, LEVEL_WARN, "not armed: a %s sends nothing ([roles])", rank_name(d->rank));
		return;
	}
	if (arm_open(&d->arm, words, now, &err) != OK) {
		desk_fault(d, &err);
		return;
	}
	if (!arm_told(d, (int)((d->arm.until_ms - now) / 60000), d->arm.reason)) {
		d->arm = before;
		return;
	}
	desk_say(d, LEVEL_WARN, "ARMED for %d minutes: %s. :disarm ends it, as do five minutes without a key",
	         (int)((d->arm.until_ms - now) / 60000), d->arm.reason);
}

void desk_disarm(struct desk *d, const char *why)
{
	if (!why)
		return;
	arm_close(&d->arm);
	if (d->prompt.open && d->asking == ASK_CONFIRM)
		d->prompt.open = false;
	desk_say(d, LEVEL_INFO, "%s", why);
	arm_told(d, 0, why);
}

/* ---- leaving ---- */

void desk_leave(struct desk *d)
{
	if (arm_is(&d->arm, desk_hand(d)))
		desk_disarm(d, "READ-ONLY again: quit");
	if (d->setup.state)
		state_put(d->setup.state, "desk", "open", NULL);
	d->wants |= DESK_QUIT;
}

void desk_quit(struct desk *d)
{
	static const struct choice choices[] = {
		{ .letter = 'n', .label = "no, stay", .value = "stay" },
		{ .letter = 'y', .label = "yes, quit; it ends being ARMED", .value = "quit" },
	};
	struct wish wish;

	if (!arm_is(&d->arm, desk_hand(d)) || d->small) {
		desk_leave(d);
		return;
	}
	wish = desk_wish();
	wish.kind = WISH_MENU;
	wish.text = "Quit while ARMED?";
	wish.choices = choices;
	wish.n_choices = 2;
	wish.ask = (enum ask)ASK_QUIT;
	desk_take(d, &wish);
}

/* ---- themes ---- */

void desk_theme_set(struct desk *d, const char *name)
{
	snprintf(d->theme, sizeof d->theme, "%s", name);
	d->wants |= DESK_THEME;
}

void desk_theme_next(struct desk *d)
{
	const char *names = d->setup.themes, *p = names;
	size_t n = strlen(d->theme);

	while (p && *p && !(strlen(p) >= n && !strncmp(p, d->theme, n) && (p[n] == ' ' || !p[n])))
		p = strchr(p, ' ') ? strchr(p, ' ') + 1 : NULL;
	p = p && strchr(p, ' ') ? strchr(p, ' ') + 1 : names;
	snprintf(d->theme, sizeof d->theme, "%.*s", (int)strcspn(p, " "), p);
	d->wants |= DESK_THEME;
	desk_hint(d, "theme %s", d->theme);
}

/* ---- pages of our own ---- */

void desk_messages(struct desk *d)
{
	struct wish wish = desk_wish();
	struct buf b = buf_new(wish.arena);
	struct section *s = arena_alloc(wish.arena, sizeof *s);
	const struct notice *n;

	for (int i = 0; (n = notices_get(&d->notices, i)); i++) {
		char at[16];

		clock_words(n->at_ms, d->local_time, true, at);
		buf_printf(&b, "%s %-4s %s\n", at, level_word(n->level), n->text);
	}
	d->notices.read = d->notices.said;
	s->text = b.len ? b.p : "nothing was said yet";
	wish.kind = WISH_READ;
	wish.text = "Message log, newest first";
	wish.sections = s;
	wish.n_sections = 1;
	desk_take(d, &wish);
}

/* ---- acts ---- */

/* Must what is shown be true to the keys before? A hundred keys of moving, or a filter taken away, are one load before the frame. */
static bool is_about_rows(enum act act)
{
	static const enum act not[] = { ACT_FILTER, ACT_FIND, ACT_SORT, ACT_SORT_REVERSE, ACT_OPTIONS, ACT_CANCEL,
		                        ACT_REFRESH, ACT_UNMARK_ALL };

	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		if (act == not[i])
			return false;
	return act > ACT_HALF_UP;
}

/* To the pane. false: it means nothing there. */
bool desk_pane_act(struct desk *d, enum act act)
{
	struct pane *p = desk_pane(d);
	struct wish wish = desk_wish();

	if (is_about_rows(act) || !p->stands)
		desk_ready(d, p);
	if (p->type->act && desk_stands(p) && p->type->act(p, act, &wish)) {
		desk_take(d, &wish);
		return true;
	}
	arena_free(wish.arena);
	return false;
}

static void pause(struct desk *d)
{
	struct pane *p = desk_pane(d);

	p->paused = !p->paused;
	p->waiting = 0;
	p->stale |= !p->paused;
}

static void cancel(struct desk *d)
{
	if (!desk_pane_act(d, ACT_CANCEL) && d->here > 0 && *desk_pane(d)->subject)
		desk_go(d, -1);
}

static void zoom(struct desk *d)
{
	desk_pane(d)->zoomed = !desk_pane(d)->zoomed;
	desk_pane_act(d, ACT_ZOOM);
}

/* What the desk does on every screen. false: it is the pane's. */
bool desk_own_act(struct desk *d, enum act act)
{
	switch (act) {
	case ACT_BACK: desk_go(d, -1); return true;
	case ACT_FORWARD: desk_go(d, 1); return true;
	case ACT_PREV_ITEM: desk_step(d, -1); return true;
	case ACT_NEXT_ITEM: desk_step(d, 1); return true;
	case ACT_GO_TO_ID: desk_ask(d, ASK_GO, "go to id: ", NULL); return true;
	case ACT_CLOSE: desk_close_pane(d); return true;
	case ACT_CANCEL: cancel(d); return true;
	case ACT_ZOOM: zoom(d); return true;
	case ACT_FIND: desk_ask(d, ASK_FIND, "find: ", NULL); return true;
	case ACT_PAUSE: pause(d); return true;
	case ACT_ZONE: d->local_time = !d->local_time; return true;
	case ACT_MESSAGES: desk_messages(d); return true;
	case ACT_HELP: desk_help(d); return true;
	case ACT_COMMAND: desk_ask(d, ASK_COMMAND, ":", NULL); return true;
	case ACT_EXPORT: desk_export(d); return true;
	case ACT_PALETTE: desk_palette(d); return true;
	case ACT_SETTINGS: return desk_open_named(d, "settings", 8, "");
	case ACT_THRESHOLDS: return desk_open_named(d, "settings", 8, desk_pane(d)->type->name);
	case ACT_NEXT_THEME: desk_theme_next(d); return true;
	case ACT_MOUSE: d->mouse = !d->mouse; d->wants |= DESK_MOUSE; desk_hint(d, "mouse %s", d->mouse ? "on" : "off"); return true;
	case ACT_REDRAW: d->wants |= DESK_REPAINT; return true;
	case ACT_SUSPEND: d->wants |= DESK_SUSPEND; return true;
	default:
		if (act < ACT_SCREEN_1 || act > ACT_SCREEN_0)
			return false;
		desk_screen(d, (int)act - ACT_SCREEN_1);
		return true;
	}
}

static bool means_something_here(struct desk *d, enum act act)
{
	const struct pane_type *type = desk_pane(d)->type;
	unsigned where = keymap_where(d->setup.keymap, act);
	const char *why = NULL;
	char words[80];

	if (where && !(where & (type->where | WHERE_ALL))) {
		where_words(where, words, sizeof words);
		desk_hint(d, "%s: only in %s", keymap_help(d->setup.keymap, act), words);
		return false;
	}
	if (!desk_can(d, desk_pane(d), act, &why) && why) {
		desk_hint(d, "%s: %s", keymap_help(d->setup.keymap, act), why);
		return false;
	}
	return true;
}

/* ack_order and the like have no key; should one come here all the same, it is nobody's. */
void desk_act(struct desk *d, enum act act)
{
	if (act == ACT_STOP) {
		if (desk_pane(d)->type->where & WHERE_ZERO && desk_pane_act(d, act))
			return;
		act = ACT_CANCEL;
	}
	if (act == ACT_NONE || act_writes(act) || !means_something_here(d, act) || desk_own_act(d, act))
		return;
	if (desk_pane_act(d, act))
		return;
	if (act == ACT_REFRESH)
		desk_pane(d)->stale = true;
	else if (act > ACT_HALF_UP)
		desk_hint(d, "%s: not on this screen", keymap_help(d->setup.keymap, act));
}

/* ---- inputs ---- */

/* Over a sheet or a prompt there is nothing to stop: nothing was sent yet. */
enum act desk_act_over(enum act act)
{
	return act == ACT_STOP ? ACT_CANCEL : act;
}

/* Below 40x10 nothing is drawn that a key could be about. */
static void key_when_small(struct desk *d, int32_t key)
{
	enum act act = desk_act_over(keymap_act(d->setup.keymap, key));

	if (d->prompt.open) {
		if (act == ACT_CANCEL)
			desk_asked(d, prompt_input(&d->prompt, &(struct input){ .kind = INPUT_KEY, .key = K_ESC }, INT64_MAX));
		return;
	}
	if (act == ACT_CANCEL)
		desk_sheet_close(d);
	else if (act == ACT_CLOSE)
		desk_quit(d);
	else if (act == ACT_SUSPEND || act == ACT_REDRAW)
		desk_own_act(d, act);
}

/* Where pastes are not marked, more keys in one breath than a hand makes are one: of those only moves count, and text where text is typed. */
static bool is_pasted(const struct desk *d, const struct input *in)
{
	enum act act = keymap_act(d->setup.keymap, in->key);

	return !d->setup.pastes_marked && in->burst >= PROMPT_BURST && !d->prompt.open && (act == ACT_NONE || act > ACT_HALF_UP);
}

static void key_input(struct desk *d, const struct input *in)
{
	struct sheet *s = desk_sheet(d);

	if (is_pasted(d, in)) {
		desk_hint(d, "keys that came too fast for a hand were dropped: a paste?");
		return;
	}
	d->hint[0] = '\0';
	desk_disarm(d, arm_step(&d->arm, desk_hand(d)));
	arm_key(&d->arm, desk_hand(d));
	if (d->small)
		key_when_small(d, in->key);
	else if (d->prompt.open)
		desk_asked(d, prompt_input(&d->prompt, in, desk_hand(d)));
	else if (s)
		desk_sheet_key(d, s, in->key);
	else
		desk_act(d, keymap_act(d->setup.keymap, in->key));
}

static void paste_input(struct desk *d, const struct input *in)
{
	if (d->prompt.open && !d->small)
		desk_asked(d, prompt_input(&d->prompt, in, desk_hand(d)));
	else
		desk_hint(d, "a paste was dropped: no text is being typed");
}

static void wheel_input(struct desk *d, int wheel)
{
	enum act act = wheel < 0 ? ACT_UP : ACT_DOWN;
	struct sheet_facts facts = desk_sheet_facts(d);

	for (int i = 0; wheel && i < 3; i++) {
		if (desk_sheet(d))
			sheet_input(desk_sheet(d), K_NONE, act, &facts, d->content.w, d->content.h);
		else if (!d->prompt.open && !d->small)
			desk_act(d, act);
	}
}

unsigned desk_input(struct desk *d, const struct input *in)
{
	unsigned wants;

	switch (in->kind) {
	case INPUT_KEY: key_input(d, in); break;
	case INPUT_PASTE: paste_input(d, in); break;
	case INPUT_CLICK: wheel_input(d, in->wheel); break;
	case INPUT_RESIZE: /* a prompt keeps its text; the model is laid out anew */
		d->w = in->w;
		d->h = in->h;
		d->small = frame_room(in->w, in->h) == ROOM_VERDICT;
		break;
	case INPUT_RESUME: d->wants |= DESK_REPAINT; break;
	case INPUT_SUSPEND: d->wants |= DESK_SUSPEND; break;
	case INPUT_QUIT: desk_leave(d); break;
	case INPUT_GONE: /* not a quit of the person's: the next start says so */
		desk_disarm(d, arm_is(&d->arm, desk_hand(d)) ? "READ-ONLY again: the line was lost" : NULL);
		d->wants |= DESK_QUIT;
		break;
	case INPUT_NONE: break;
	}
	wants = d->wants;
	d->wants = 0;
	return wants;
}
