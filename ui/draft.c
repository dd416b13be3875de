/*
 * draft.c: a preview that was open when the line was lost.
 *
 * What was meant is kept in the person's own state file with every key: the intent, which rows were unticked, when. Not the plan: whoever comes back is
 * asked whether to go on, and sees a preview made of what is so by then. Nothing here can be sent from the file. What was on its way to the engine
 * when the line was lost, or got no answer, is called so: perhaps sent.
 */
#include "ui/desk_inside.h"

#include "base/fields.h"
#include "base/runs.h"
#include "trade/intents.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct sheet *preview_of(const struct desk *d)
{
	for (int i = d->sheets - 1; i >= 0; i--)
		if (d->sheet[i].kind == SHEET_PREVIEW)
			return &d->sheet[i];
	return NULL;
}

/* Of a plan of all that is offered it may be every second row: as runs they stay a fraction of what the plan itself is. */
static char *unticked(const struct sheet *s, struct arena *a)
{
	const struct proposal *p = s->wish.proposal;
	int64_t *id = arena_alloc(a, ((size_t)p->plan->steps + 1) * sizeof *id);
	int n = 0;

	for (int i = 0; p->ids && i < p->plan->steps; i++)
		if (s->off[i])
			id[n++] = p->ids[i];
	return runs_pack(a, id, n);
}

static char *packed(const struct desk *d, const struct sheet *s, struct arena *a)
{
	const struct proposal *p = s->wish.proposal;
	const struct intent *in = p->intent;
	struct fields f = fields_new(a);

	fields_put(&f, "kind", intent_kind_name(in->kind));
	fields_put_int(&f, "at", d->draft_ms ? d->draft_ms : desk_hand(d));
	fields_put_int(&f, "account", in->account);
	fields_put(&f, "subject", in->subject);
	fields_put(&f, "title", p->title);
	fields_put(&f, "after", p->n_sections ? p->sections[0].text : "");
	fields_put(&f, "line", sheet_line(s));
	fields_put(&f, "sent", d->draft_sent ? "perhaps" : "");
	fields_put(&f, "off", unticked(s, a));
	for (int i = 0; i < in->payload.n; i++)
		fields_put(&f, arena_printf(a, "p.%s", in->payload.field[i].key), in->payload.field[i].value);
	return fields_pack(&f, a);
}

void desk_draft_keep(struct desk *d)
{
	const struct sheet *s = preview_of(d);
	struct arena *a;

	if (!s && d->draft_waits)
		return; /* still to be asked about, or nobody answered what became of it */
	if (!s) {
		d->draft_ms = 0;
		state_put(d->setup.state, "desk", "draft", NULL);
		return;
	}
	a = arena_new();
	d->draft_waits = false;
	d->draft_ms = d->draft_ms ? d->draft_ms : desk_hand(d);
	state_put(d->setup.state, "desk", "draft", packed(d, s, a));
	arena_free(a);
}

/* false: there is none, or nothing that makes sense. */
static bool unpacked(const struct desk *d, struct arena *a, struct fields *out)
{
	const char *text = d->setup.state ? state_get(d->setup.state, "desk", "draft") : NULL;

	return text && fields_unpack(a, text, out, NULL) == OK && intent_writes(intent_kind_from_name(fields_get(out, "kind", "note")));
}

static const char *ago(struct arena *a, int64_t ms)
{
	int64_t minutes = ms / 60000;

	return minutes < 1 ? "just now" : minutes < 120 ? arena_printf(a, "%" PRId64 " minutes ago", minutes) : arena_printf(a, "%" PRId64 " hours ago", minutes / 60);
}

void desk_draft_sending(struct desk *d)
{
	d->draft_sent = true;
	desk_save(d);
	d->draft_sent = false;
}

void desk_draft_unsure(struct desk *d)
{
	d->draft_waits = true;
	d->draft_ms = 0; /* of the next preview */
}

static bool perhaps_sent(const struct fields *draft)
{
	return *fields_get(draft, "sent", "") != '\0';
}

void desk_draft_offer(struct desk *d)
{
	static const struct choice choices[] = {
		{ .letter = 'o', .label = "open it anew, with what is so by now", .value = "open" },
		{ .letter = 'x', .label = "drop it", .value = "drop" },
	};
	struct wish wish = desk_wish();
	struct fields f;

	if (!d->setup.resume || !unpacked(d, wish.arena, &f)) {
		arena_free(wish.arena);
		return;
	}
	d->draft_waits = true;
	wish.kind = WISH_MENU;
	wish.text = arena_printf(wish.arena, "%s, %s: %s", perhaps_sent(&f) ? "Perhaps sent, look at its rows first" : "Not sent",
	                         ago(wish.arena, desk_hand(d) - fields_int(&f, "at", 0)), fields_get(&f, "line", ""));
	wish.choices = choices;
	wish.n_choices = 2;
	wish.ask = (enum ask)ASK_DRAFT;
	desk_take(d, &wish);
}

/* Those that were unticked, as far as they are rows of it still. false: one of them cannot be left out of what it is now. */
static bool untick(struct desk *d, const char *off, struct arena *a)
{
	struct sheet *s = desk_sheet(d);
	const struct proposal *p = s->wish.proposal;
	struct run *run;
	int n = runs_unpack(a, off, &run);
	bool any = false;

	for (int i = 0; i < p->plan->steps; i++) /* a plan of one row has no ids to tick by, and the row may be one that was unticked */
		if (p->plan->step_id[i] && runs_have(run, n, p->plan->step_id[i]))
			any = s->off[i] = true;
	return !any || (p->ids && desk_replan(d, s));
}

static void open_anew(struct desk *d)
{
	struct arena *a = arena_new();
	struct wish wish = desk_wish();
	struct pane *p = desk_pane(d);
	struct fields f;
	bool good = unpacked(d, a, &f);
	struct draft draft = { .arena = a };

	desk_ready(d, p);
	if (good) {
		draft = (struct draft){ .arena = a, .kind = fields_get(&f, "kind", ""), .account = fields_int(&f, "account", 0), .subject = fields_get(&f, "subject", ""),
			                .title = fields_get(&f, "title", ""), .after = fields_get(&f, "after", ""), .said = &f };
		d->setup.resume(p, &draft, &wish);
	}
	good = wish.kind == WISH_PLAN;
	desk_take(d, &wish);
	if (good && !untick(d, fields_get(&f, "off", ""), a)) {
		desk_sheet_close(d);
		d->hint[0] = '\0';
		desk_say(d, LEVEL_WARN, "not opened: of what is left of it every row was unticked, or cannot be left out any more");
	}
	arena_free(a);
}

void desk_draft_answer(struct desk *d, const char *value)
{
	d->draft_waits = false;
	if (!strcmp(value, "open"))
		open_anew(d);
	else
		desk_say(d, LEVEL_INFO, "dropped");
}
