/*
 * desk_sheets.c: what lies over a pane: a choice that was made, a preview that is ticked, made anew and confirmed, a page that is searched.
 */
#include "ui/desk_inside.h"

#include "store/store.h"
#include "trade/intents.h"

#include <stdio.h>
#include <string.h>

static void copy_page(struct desk *d, const struct sheet *s)
{
	struct wish wish = desk_wish();
	struct buf b = buf_new(wish.arena);

	if (s->kind == SHEET_PREVIEW) {
		buf_printf(&b, "%s  plan %.8s, nothing has been sent\n%s\n", sheet_proposal(s)->title, sheet_proposal(s)->plan->digest, sheet_line(s));
		sheet_text(s, &b);
	}
	for (int i = 0; i < s->wish.n_sections; i++)
		buf_printf(&b, "%s%s%s\n", s->wish.sections[i].title ? s->wish.sections[i].title : "", s->wish.sections[i].title ? "\n" : "",
		           s->wish.sections[i].text);
	wish.kind = WISH_COPY;
	wish.text = b.p;
	wish.what = s->kind == SHEET_PREVIEW ? "the plan" : "the page";
	desk_take(d, &wish);
}

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
		desk_leave(d);
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
bool desk_replan(struct desk *d, struct sheet *s)
{
	struct pane *p = desk_pane(d);
	struct wish wish = desk_wish();
	int most = s->wish.proposal->plan->steps, n;
	int64_t *ids = arena_alloc(wish.arena, (size_t)(most + 1) * sizeof *ids);
	bool good;

	n = sheet_ticked(s, ids, most);
	if (!p->type->replan || !desk_stands(p) || n == 0) {
		untick_refused(d, s, n == 0 ? "one step must stay" : "all of it, or nothing");
		arena_free(wish.arena);
		return false;
	}
	if (n == most) {
		sheet_replan(s, NULL);
		arena_free(wish.arena);
		return true;
	}
	p->type->replan(p, s->wish.proposal, ids, n, &wish);
	good = wish.kind == WISH_PLAN && wish.proposal->plan->steps == n;
	if (good)
		sheet_replan(s, &wish);
	else
		untick_refused(d, s, wish.kind == WISH_SAY ? wish.text : "a row is another than it was: leave, and make the preview anew");
	arena_free(wish.arena);
	return good;
}

/* What still works over a sheet; the rest waits until it is closed. */
static void act_over_sheet(struct desk *d, struct sheet *s, enum act act)
{
	switch (act) {
	case ACT_COMMAND: case ACT_MESSAGES: case ACT_REDRAW: case ACT_SUSPEND: case ACT_NEXT_THEME: case ACT_ZONE: case ACT_MOUSE: case ACT_HELP:
		desk_own_act(d, act);
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
	case ACT_EXPORT:
		if (s->kind == SHEET_PREVIEW)
			desk_export(d);
		return;
	case ACT_EXPLAIN:
		if (s->kind == SHEET_PREVIEW)
			desk_preview_explain(d, s);
		return;
	case ACT_DIFF:
		if (s->kind == SHEET_PREVIEW)
			dry_run(d, s);
		return;
	default:
		if (act >= ACT_SCREEN_1 && act <= ACT_SCREEN_0)
			desk_own_act(d, act);
	}
}

void desk_sheet_key(struct desk *d, struct sheet *s, int32_t key)
{
	enum act act = desk_act_over(keymap_act(d->setup.keymap, key));
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
