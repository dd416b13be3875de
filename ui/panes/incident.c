/*
 * One incident: what it is and puts at risk, the steps of its card with what was found, everything that happened.
 */
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/deeds.h"
#include "ui/panes/incident_look.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct incident_pane {
	struct board_pane base; /* first */
	struct incident_look look;
	struct deed *deed;
};

static void what_block(struct pane *p)
{
	struct incident_pane *v = p->self;
	const struct incident *in = &v->look.in;
	struct arena *a = p->facts;
	struct word state = say_incident(in, a);
	struct board_block *b = board_block(&v->base.board, arena_printf(a, "I-%" PRId64 " %s", in->id, in->text), in->severity, pair_columns, 2);
	const char *risk = say_exposure(&v->look.risk, a);

	trail_pair(b, "state", state.role, arena_printf(a, "%s%s%s", state.text, *in->owner ? "   owner " : "", in->owner));
	trail_pair(b, "since", ROLE_FG, arena_printf(a, "%s   %s", say_time(p, a, in->opened_ms), say_age(p, a, in->opened_ms)));
	trail_pair(b, "alerts", ROLE_FG, arena_printf(a, "%s folded in, %s open", say_count(a, in->alerts), say_count(a, in->open)));
	if (*risk)
		trail_pair(b, "effect", ROLE_WARN, risk);
	if (*in->next)
		trail_pair(b, "next", ROLE_VALUE, in->next);
	if (*v->look.like)
		trail_pair(b, "same as", ROLE_FG, v->look.like);
	if (in->muted_ms)
		trail_pair(b, "silent", ROLE_WARN, arena_printf(a, "hooks are not told of it until %s", say_time(p, a, in->muted_ms)));
	if (in->closed_ms)
		trail_pair(b, "closed", ROLE_FG, arena_printf(a, "%s by %s: %s", say_time(p, a, in->closed_ms), in->closed_by, in->cause));
}

static void card_block(struct pane *p)
{
	static const struct board_column column[] = {
		{ NULL, 5, 5, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 44, 52, 30, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct incident_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, arena_printf(a, "Runbook %s", v->look.in.card), "Enter: take the step", column, 3);

	for (int i = 0; i < v->look.steps; i++) {
		const struct incident_step *s = &v->look.step[i];
		enum role role = !s->at_ms ? ROLE_FG : s->good ? ROLE_OK : ROLE_WARN;
		const char *found = s->at_ms ? arena_printf(a, "%s (%s)", s->result, say_time(p, a, s->at_ms)) : s->card.key;
		struct board_line *l = LINE(b, bit(role, arena_printf(a, "%s %d", say_step(s), s->card.step)), bit(ROLE_FG, s->card.text), bit(role, found));

		l->key = l->subject = arena_printf(a, "step:%d", s->card.step);
	}
}

static enum fault incident_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct incident_pane *v = p->self;
	int64_t id;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, "incident", &id))
		return err_set(err, FAULT_REFUSED, "%s is no incident's number", p->subject);
	if (incident_look(s, id, p->now_ms, facts, &v->look, err))
		return err->fault;
	what_block(p);
	card_block(p);
	trail_events(p, &v->base.board, "What happened", v->look.event, v->look.events, true);
	snprintf(v->base.strip, sizeof v->base.strip, "Alerts > I-%" PRId64, id);
	v->base.hint = "[ ] prev/next";
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static struct deed_row this_one(const struct incident_pane *v)
{
	return (struct deed_row){ .id = v->look.in.id, .name = v->look.in.text, .asks = deed_steps_asked(v->look.step, v->look.steps) };
}

static bool incident_act(struct pane *p, enum act act, struct wish *wish)
{
	struct incident_pane *v = p->self;
	const struct incident *in = &v->look.in;
	const struct board_line *l = board_at(&v->base.board, &v->base.at);
	struct deed_row one = this_one(v);
	struct choice *c;
	int64_t step;

	if (!in->id)
		return false;
	if (act == ACT_ACTIONS) {
		wish->kind = WISH_SHEET;
		wish->text = arena_printf(wish->arena, "incident I-%" PRId64, in->id);
		wish->n_choices = deed_incident_choices(wish->arena, &in, 1, v->look.step, v->look.steps, 0, &c);
		wish->choices = c;
		return true;
	}
	if (act == ACT_OPEN && l && l->subject && !strncmp(l->subject, "step:", 5) && subject_id(l->subject, "step", &step) && step <= 5)
		act = ACT_STEP_1 + (unsigned)(step - 1);
	return deed_act(p, &v->deed, act, DEED_INCIDENT, &one, 1, wish) || board_pane_act(p, act, wish);
}

static void incident_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct incident_pane *v = p->self;
	struct deed_row one = this_one(v);

	if (answer->ask == ASK_FIND)
		board_pane_answer(p, answer, wish);
	else if (answer->ask == ASK_NOTE && !answer->asked)
		deed_note(DEED_INCIDENT, &one, answer, wish);
	else
		deed_answer(p, v->deed, answer, wish);
}

static void incident_close(struct pane *p)
{
	struct incident_pane *v = p->self;

	deed_free(v->deed);
}

const struct pane_type pane_incident = {
	.name = "incident",
	.help = "One incident. Enter on a step of its runbook card takes it: a check is made by the engine and what it saw is written down; a step that only a person can "
	        "answer asks what you found. A says that you look. a c closes it and asks for the cause.",
	.where = WHERE_DETAILS | WHERE_ALERTS,
	.size = sizeof(struct incident_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACK_ALERT, ACT_ACTIONS, ACT_NOTE, ACT_PREV_ITEM, ACT_NEXT_ITEM, ACT_COPY, ACT_NONE },
	.load = incident_load,
	.draw = board_pane_draw,
	.act = incident_act,
	.strip = board_pane_strip,
	.answer = incident_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = incident_close,
};
