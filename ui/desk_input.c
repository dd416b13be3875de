/*
 * desk_input.c: keys, pastes, clicks and signals to acts, and what the desk itself does with them.
 */
#include "ui/desk_inside.h"

#include "base/text.h"
#include "store/store.h"
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

static void leave(struct desk *d)
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
		leave(d);
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

static void copy_page(struct desk *d, const struct sheet *s)
{
	struct wish wish = desk_wish();
	struct buf b = buf_new(wish.arena);

	if (s->kind == SHEET_PREVIEW)
		sheet_text(s, &b);
	for (int i = 0; i < s->wish.n_sections; i++)
		buf_printf(&b, "%s%s%s\n", s->wish.sections[i].title ? s->wish.sections[i].title : "", s->wish.sections[i].title ? "\n" : "",
		           s->wish.sections[i].text);
	wish.kind = WISH_COPY;
	wish.text = b.p;
	wish.what = s->kind == SHEET_PREVIEW ? "the plan" : "the page";
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
static bool own_act(struct desk *d, enum act act)
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
	if (!desk_can(desk_pane(d), act, &why) && why) {
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
	if (act == ACT_NONE || act_writes(act) || !means_something_here(d, act) || own_act(d, act))
		return;
	if (desk_pane_act(d, act))
		return;
	if (act == ACT_REFRESH)
		desk_pane(d)->stale = true;
	else if (act > ACT_HALF_UP)
		desk_hint(d, "%s: not on this screen", keymap_help(d->setup.keymap, act));
}

/* ---- sheets ---- */

static void chosen(struct desk *d, struct sheet *s)
{
	const struct choice *c = sheet_choice(s);
	enum sheet_kind kind = s->kind;
	enum act act = c->act;
	char value[200];
	int ask = (int)s->wish.ask;

	snprintf(value, sizeof value, "%s", c->value ? c->value : "");
	desk_sheet_close(d);
	if (kind == SHEET_ACTIONS && !desk_pane_act(d, act))
		desk_hint(d, "not on this screen");
	else if (kind == SHEET_MENU && ask == ASK_QUIT && !strcmp(value, "quit"))
		leave(d);
	else if (kind == SHEET_MENU && ask == ASK_EXPORT)
		desk_export_as(d, value);
	else if (kind == SHEET_MENU && ask == ASK_PALETTE)
		desk_palette_chosen(d, value);
	else if (kind == SHEET_MENU && ask == ASK_DRAFT)
		desk_draft_answer(d, value);
	else if (kind == SHEET_MENU && ask != ASK_QUIT)
		desk_answer(d, (enum ask)ask, value, true);
}

/* Of the rows of a plan those that show something else by now, in words. */
static void changed_words(const struct plan *was, const struct plan *is, char *out, size_t cap)
{
	int n = 0, len = 0;

	*out = '\0';
	for (int i = 0; was->row && is->row && i < was->steps && i < is->steps; i++) {
		const struct plan_row *a = &was->row[i], *b = &is->row[i];

		if (a->was == b->was)
			continue;
		if (n++ < 1)
			len = snprintf(out, cap, "%s %s %lld -> %lld, %s", a->sku, a->account, (long long)a->was, (long long)b->was,
			               b->was <= a->was ? "still covered" : "held until you say so");
	}
	if (n > 1)
		snprintf(out + len, cap - (size_t)len, " (+%d more)", n - 1);
}

/* Planned once more, from what is there now: a dry run. false: it is another plan, or none any more, and the hint says so. */
static bool plan_again(struct desk *d, struct sheet *s)
{
	struct arena *a = arena_new();
	struct plan now = { .digest = "" };
	char words[200];
	struct err err = { 0 };
	enum fault bad;
	bool same;

	if (!d->store || !sheet_proposal(s)->plan->row) { /* the engine plans once more in any case */
		arena_free(a);
		return true;
	}
	bad = store_begin_read(d->store, &err);
	if (!bad)
		bad = plan_make(d->store, sheet_proposal(s)->intent, desk_world(d), a, &now, &err);
	store_rollback(d->store);
	same = !bad && !strcmp(now.digest, sheet_proposal(s)->plan->digest);
	if (bad)
		desk_hint(d, "%s", err.text);
	else if (!same)
		desk_hint(d, "it is another plan by now: leave, and make the preview anew");
	if (same) {
		changed_words(sheet_proposal(s)->plan, &now, words, sizeof words);
		sheet_changed(s, words);
	}
	arena_free(a);
	return same;
}

/* Always allowed, armed or not. */
static void dry_run(struct desk *d, struct sheet *s)
{
	int n = sheet_proposal(s)->plan->steps;

	if (plan_again(d, s))
		desk_hint(d, "dry run: the same %d step%s by what is known now%s%s; nothing was sent", n, n == 1 ? "" : "s", s->changed ? "; " : "", s->changed ? s->changed : "");
}

static void confirm(struct desk *d, struct sheet *s)
{
	if (frame_room(d->w, d->h) < ROOM_COMPACT) {
		desk_hint(d, "too little of the plan can be seen; make the window larger");
		return;
	}
	if (!plan_again(d, s))
		return;
	desk_ask(d, ASK_CONFIRM, "", NULL);
	prompt_confirm(&d->prompt, sheet_line(s), d->setup.pastes_marked, desk_hand(d));
	d->wants |= DESK_FLUSH;
}

/* A tick that cannot be taken is put back, and why is said. */
static void untick_refused(struct desk *d, struct sheet *s, const char *why)
{
	s->off[s->cursor] = !s->off[s->cursor];
	desk_hint(d, "%s", why);
}

/* Other ticks make another plan, with another line and digest; the unticked steps stay in sight. */
void desk_replan(struct desk *d, struct sheet *s)
{
	struct pane *p = desk_pane(d);
	struct wish wish = desk_wish();
	int most = s->wish.proposal->plan->steps, n;
	int64_t *ids = arena_alloc(wish.arena, (size_t)(most + 1) * sizeof *ids);

	n = sheet_ticked(s, ids, most);
	if (!p->type->replan || !desk_stands(p) || n == 0) {
		untick_refused(d, s, n == 0 ? "one step must stay" : "all of it, or nothing");
		arena_free(wish.arena);
		return;
	}
	if (n == most) {
		sheet_replan(s, NULL);
		arena_free(wish.arena);
		return;
	}
	p->type->replan(p, s->wish.proposal, ids, n, &wish);
	if (wish.kind == WISH_PLAN && wish.proposal->plan->steps == n)
		sheet_replan(s, &wish);
	else
		untick_refused(d, s, wish.kind == WISH_SAY ? wish.text : "a row is another than it was: leave, and make the preview anew");
	arena_free(wish.arena);
}

/* What still works over a sheet; the rest waits until it is closed. */
static void act_over_sheet(struct desk *d, struct sheet *s, enum act act)
{
	switch (act) {
	case ACT_COMMAND: case ACT_MESSAGES: case ACT_REDRAW: case ACT_SUSPEND: case ACT_NEXT_THEME: case ACT_ZONE: case ACT_MOUSE: case ACT_HELP:
		own_act(d, act);
		return;
	case ACT_FIND:
		desk_ask(d, ASK_PAGE_FIND, "find: ", s->find);
		return;
	case ACT_FILTER:
		desk_ask(d, ASK_PAGE_FILTER, "/", s->filter);
		d->live = true;
		return;
	case ACT_FIND_NEXT: case ACT_FIND_PREV:
		if (!sheet_find(s, s->find, act == ACT_FIND_NEXT ? 1 : -1, d->content.w, d->content.h))
			desk_hint(d, "no more");
		return;
	case ACT_COPY:
		copy_page(d, s);
		return;
	case ACT_DIFF:
		if (s->kind == SHEET_PREVIEW)
			dry_run(d, s);
		return;
	default:
		if (act >= ACT_SCREEN_1 && act <= ACT_SCREEN_0)
			own_act(d, act);
	}
}

/* Over a sheet or a prompt there is nothing to stop: nothing was sent yet. */
static enum act act_over(enum act act)
{
	return act == ACT_STOP ? ACT_CANCEL : act;
}

static void sheet_key(struct desk *d, struct sheet *s, int32_t key)
{
	enum act act = act_over(keymap_act(d->setup.keymap, key));
	struct sheet_facts facts = desk_sheet_facts(d);

	switch (sheet_input(s, key, act, &facts, d->content.w, d->content.h)) {
	case SHEET_STAYS: break;
	case SHEET_CLOSE: desk_sheet_close(d); break;
	case SHEET_CHOSEN: chosen(d, s); break;
	case SHEET_NEXT: confirm(d, s); break;
	case SHEET_TICKED: desk_replan(d, s); break;
	case SHEET_REFUSED: desk_hint(d, "%s", sheet_why(s, &facts)); break;
	case SHEET_DEAF: act_over_sheet(d, s, act); break;
	}
}

/* ---- inputs ---- */

/* Below 40x10 nothing is drawn that a key could be about. */
static void key_when_small(struct desk *d, int32_t key)
{
	enum act act = act_over(keymap_act(d->setup.keymap, key));

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
		own_act(d, act);
}

static void key_input(struct desk *d, const struct input *in)
{
	struct sheet *s = desk_sheet(d);

	d->hint[0] = '\0';
	desk_disarm(d, arm_step(&d->arm, desk_hand(d)));
	arm_key(&d->arm, desk_hand(d));
	if (d->small)
		key_when_small(d, in->key);
	else if (d->prompt.open)
		desk_asked(d, prompt_input(&d->prompt, in, desk_hand(d)));
	else if (s)
		sheet_key(d, s, in->key);
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
	case INPUT_QUIT: leave(d); break;
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
