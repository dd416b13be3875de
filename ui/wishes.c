/*
 * wishes.c: what a pane wished for, taken to its end: prompt, sheet, preview, typed line, and at
 * last the engine. Here stands the only call that files something that writes.
 */
#include "ui/desk_inside.h"

#include "trade/intents.h"

#include <stdio.h>
#include <string.h>

struct wish desk_wish(void)
{
	return (struct wish){ .arena = arena_new() };
}

void desk_sheet_close(struct desk *d)
{
	if (d->sheets)
		sheet_close(&d->sheet[--d->sheets]);
}

void desk_sheets_close(struct desk *d)
{
	while (d->sheets)
		desk_sheet_close(d);
}

void desk_sheets_expire(struct desk *d)
{
	for (int i = 0; i < d->sheets; i++) {
		if (!d->sheet[i].until_ms || d->sheet[i].until_ms > desk_hand(d))
			continue;
		while (d->sheets > i) /* and what was opened over it */
			desk_sheet_close(d);
		desk_say(d, LEVEL_INFO, "closed: its time to be shown is over");
	}
}

static void sheet_push(struct desk *d, struct wish *wish)
{
	if (d->sheets == SHEETS_MAX)
		desk_sheet_close(d);
	sheet_open(&d->sheet[d->sheets], wish);
	d->sheet[d->sheets++].until_ms = wish->seconds ? desk_hand(d) + wish->seconds * 1000 : 0;
	wish->arena = NULL; /* the sheet's now */
}

void desk_ask(struct desk *d, int asking, const char *label, const char *initial)
{
	prompt_open(&d->prompt, label, initial);
	d->prompt.pastes_marked = d->setup.pastes_marked;
	d->prompt.history = asking < ASKS ? &d->history[asking] : NULL;
	d->asking = asking;
	d->live = false;
	if (asking == ASK_COMMAND) {
		d->prompt.complete = desk_complete;
		d->prompt.ctx = d;
	}
}

static void ask_for_pane(struct desk *d, const struct wish *wish)
{
	desk_ask(d, (int)wish->ask, wish->text ? wish->text : "", wish->initial);
	d->live = wish->live;
}

/* An intent that stays on this machine. */
static void file_local(struct desk *d, const struct intent *intent)
{
	struct wish reply = desk_wish();
	struct err err = { 0 };

	if (intent_writes(intent->kind)) {
		desk_say(d, LEVEL_CRIT, "refused: %s reaches a marketplace and was not previewed", intent_kind_name(intent->kind));
	} else if (!d->setup.host.file) {
		desk_say(d, LEVEL_WARN, "no engine to give this to");
	} else if (d->setup.host.file(d->setup.host.ctx, intent, NULL, NULL, &reply, &err) != OK) {
		desk_fault(d, &err);
	} else {
		desk_pane(d)->stale = true;
		desk_take(d, &reply);
		return;
	}
	arena_free(reply.arena);
}

/* The last rung: a page with nothing but the text, to be selected by hand. */
static void copy_page(struct desk *d, const struct wish *wish, const struct err *err)
{
	struct wish page = desk_wish();
	struct section *s = arena_alloc(page.arena, sizeof *s);

	*s = (struct section){ .text = arena_strdup(page.arena, wish->text), .raw = true };
	page.kind = WISH_READ;
	page.text = arena_printf(page.arena, "Copy %s by hand", wish->what ? wish->what : "this");
	page.sections = s;
	page.n_sections = 1;
	desk_fault(d, err);
	sheet_push(d, &page);
}

static void copy(struct desk *d, const struct wish *wish)
{
	char how[64] = "";
	struct err err = { 0 };

	if (!d->setup.host.copy)
		desk_say(d, LEVEL_WARN, "no clipboard here");
	else if (d->setup.host.copy(d->setup.host.ctx, wish->text, how, sizeof how, &err) != OK)
		copy_page(d, wish, &err);
	else
		desk_say(d, LEVEL_INFO, "copied %s %s", wish->what ? wish->what : "", how);
}

void desk_take(struct desk *d, struct wish *wish)
{
	switch (wish->kind) {
	case WISH_NONE: break;
	case WISH_LOAD: desk_pane(d)->stale = true; break;
	case WISH_OPEN: desk_open(d, wish->open, wish->subject); break;
	case WISH_CLOSE: desk_close_pane(d); break;
	case WISH_SAY: desk_say(d, wish->level, "%s", wish->text); break;
	case WISH_ASK: ask_for_pane(d, wish); break;
	case WISH_MENU: case WISH_SHEET: case WISH_READ: case WISH_PLAN: sheet_push(d, wish); break;
	case WISH_FILE: file_local(d, wish->intent); break;
	case WISH_COPY: copy(d, wish); break;
	}
	arena_free(wish->arena);
	wish->arena = NULL;
}

/* ---- answers ---- */

void desk_answer(struct desk *d, enum ask ask, const char *text, bool done)
{
	struct pane *p = desk_pane(d);
	struct answer answer = { .ask = ask, .text = text, .done = done, .asked = d->asking == (int)ask };
	struct wish wish;

	if (!p->type->answer) {
		desk_hint(d, "that means nothing here");
		return;
	}
	wish = desk_wish();
	if (!p->stands) /* what an answer changes is read with the next frame */
		desk_ready(d, p);
	if (!desk_stands(p)) {
		arena_free(wish.arena);
		return;
	}
	p->type->answer(p, &answer, &wish);
	if (answer.err.fault == OK) {
		desk_take(d, &wish);
		return;
	}
	arena_free(wish.arena);
	if (d->asking != (int)ask) { /* it came from a command or a menu: there is no line to underline */
		desk_fault(d, &answer.err);
		return;
	}
	d->prompt.open = true; /* nobody types it twice */
	prompt_remark(&d->prompt, answer.at, answer.len, answer.err.text);
}

void desk_find(struct desk *d, const char *id)
{
	struct wish reply = desk_wish();
	struct err err = { 0 };

	if (d->setup.host.find && d->setup.host.find(d->setup.host.ctx, id, &reply, &err) == OK) {
		const struct pane *before = desk_pane(d);

		desk_take(d, &reply);
		desk_pane(d)->apart |= desk_pane(d) != before && !desk_is_root(d, desk_pane(d));
		return;
	}
	arena_free(reply.arena);
	if (err.fault != OK)
		desk_fault(d, &err);
	else
		desk_say(d, LEVEL_WARN, "ids cannot be looked up here");
}

static void find_in_page(struct desk *d, const char *text)
{
	struct sheet *s = desk_sheet(d);

	if (s && !sheet_find(s, text, 0, d->content.w, d->content.h))
		desk_hint(d, "not found: %s", text);
}

static void filter_page(struct desk *d, const char *text)
{
	if (desk_sheet(d))
		sheet_filter(desk_sheet(d), text);
}

/* A preview that was refused stays; one that nobody answered for goes: it may be done, and is not said twice. */
static void unsent(struct desk *d, const struct err *err)
{
	desk_fault(d, err);
	if (err->fault != FAULT_UNSURE)
		return;
	desk_draft_unsure(d);
	desk_sheets_close(d);
	desk_pane(d)->stale = true;
}

/* The line has been typed as it stands above it. Everything is asked once more, then it goes. */
static void confirmed(struct desk *d)
{
	struct sheet *s = desk_sheet(d);
	struct sheet_facts facts = desk_sheet_facts(d);
	struct wish reply;
	struct err err = { 0 };

	if (!s || s->kind != SHEET_PREVIEW || sheet_why(s, &facts)) {
		desk_say(d, LEVEL_WARN, "nothing was sent: %s", s ? sheet_why(s, &facts) : "there is no plan any more");
		return;
	}
	if (!d->setup.host.file) {
		desk_say(d, LEVEL_WARN, "nothing was sent: no engine to give this to");
		return;
	}
	reply = desk_wish();
	desk_draft_sending(d);
	if (d->setup.host.file(d->setup.host.ctx, sheet_proposal(s)->intent, sheet_proposal(s)->plan, d->arm.reason, &reply, &err) != OK) {
		unsent(d, &err);
		arena_free(reply.arena);
		return;
	}
	desk_sheets_close(d);
	desk_pane(d)->stale = true;
	desk_take(d, &reply);
}

static void line_done(struct desk *d)
{
	char line[PROMPT_MAX];

	snprintf(line, sizeof line, "%s", d->prompt.text);
	switch (d->asking) {
	case ASK_CONFIRM: confirmed(d); break;
	case ASK_COMMAND: desk_command(d, line); break;
	case ASK_GO: desk_find(d, line); break;
	case ASK_PAGE_FIND: find_in_page(d, line); break;
	case ASK_PAGE_FILTER: filter_page(d, line); break;
	case ASK_PALETTE: desk_palette_done(d, line); break;
	default: desk_answer(d, (enum ask)d->asking, line, true);
	}
}

/* A live question that was left is answered once more, with nothing: the pane takes back what it did. */
static void line_left(struct desk *d)
{
	if (d->asking == ASK_PAGE_FILTER)
		filter_page(d, "");
	else if (d->asking == ASK_PALETTE)
		desk_palette_left(d);
	else if (d->asking == ASK_CONFIRM)
		desk_say(d, LEVEL_INFO, "left: nothing was sent, the plan is still here");
	else if (d->live)
		desk_answer(d, (enum ask)d->asking, NULL, true);
}

void desk_asked(struct desk *d, enum prompt_said said)
{
	if (said == PROMPT_DONE)
		line_done(d);
	else if (said == PROMPT_LEFT)
		line_left(d);
	else if (said == PROMPT_CHANGED && d->asking == ASK_PAGE_FILTER)
		filter_page(d, d->prompt.text);
	else if (said == PROMPT_CHANGED && d->asking == ASK_PALETTE)
		desk_palette_typed(d, d->prompt.text);
	else if (said == PROMPT_CHANGED && d->live)
		desk_answer(d, (enum ask)d->asking, d->prompt.text, false);
}
