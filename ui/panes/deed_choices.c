/* deed_choices.c: what can be done with these rows, as lines of an action sheet, each with why it cannot be now. */
#include "ui/panes/deeds.h"

#include "ui/panes/wishes.h"

#include <string.h>

/* None of h j k l g G may be a letter here: they move, and letters go before moves. */
struct sheet {
	struct arena *arena;
	struct choice *choice;
	int n, cap;
};

static struct choice *sheet_add(struct sheet *s, char letter, enum act act, const char *label)
{
	struct choice *c;

	s->choice = arena_grow(s->arena, s->choice, s->n, &s->cap, sizeof *s->choice);
	c = &s->choice[s->n++];
	*c = (struct choice){ .letter = letter, .act = act, .label = label };
	return c;
}

static const char *many(struct arena *a, int n, const char *one, const char *more)
{
	return n == 1 ? arena_printf(a, "this %s", one) : arena_printf(a, "%d %s", n, more);
}

static void sheet_hidden(struct sheet *s, int n, int hidden)
{
	if (hidden > 0)
		sheet_add(s, '+', ACT_HIDDEN_TOO,
		          arena_printf(s->arena, "choose for all %d marks: %d more that the filter hides", n + hidden, hidden));
}

int deed_order_choices(struct arena *a, const struct order_row *const *row, int n, int hidden, struct choice **out)
{
	struct sheet s = { .arena = a };
	const char *which = many(a, n, "order", "orders");
	int fresh = 0, open = 0;
	struct choice *c;

	for (int i = 0; i < n; i++) {
		bool ours = row[i]->open && !(row[i]->flags & ORDER_READ_ONLY);

		fresh += ours && row[i]->state == ORDER_NEW && row[i]->ack_by_ms;
		open += ours;
	}
	sheet_hidden(&s, n, hidden);
	sheet_add(&s, 'n', ACT_NOTE, "write a note");
	sheet_add(&s, 'r', ACT_PROBE, arena_printf(a, "read %s from the channel now", which))->note = "changes nothing there";
	if (n == 1) {
		sheet_add(&s, 'x', ACT_EXPLAIN, "explain its state and deadlines");
		sheet_add(&s, 't', ACT_TIMELINE, "everything that happened to it");
		sheet_add(&s, 'v', ACT_REVEAL, "show the buyer for 60 s")->note = "written to the audit";
	}
	c = sheet_add(&s, 'A', ACT_ACK_ORDER, arena_printf(a, "acknowledge %s", which));
	c->note = n > 1 && fresh < n ? arena_printf(a, "%d of them are new", fresh) : NULL;
	c->why_not = fresh ? NULL : n == 1 ? "(nothing to acknowledge)" : "(none is to be acknowledged)";
	c = sheet_add(&s, 's', ACT_SHIP, arena_printf(a, "confirm shipment of %s", which));
	c->note = "asks for carrier and number";
	c->why_not = open ? NULL : n == 1 ? "(closed, or the channel ships it)" : "(all closed, or the channel ships them)";
	*out = s.choice;
	return s.n;
}

int deed_offer_choices(struct arena *a, const struct offer *const *offer, int n, int hidden, struct choice **out)
{
	struct sheet s = { .arena = a };
	const char *which = many(a, n, "offer", "offers"), *why = NULL;
	int writable = 0;
	struct choice *c;

	for (int i = 0; i < n; i++) {
		const char *reason = offer_unwritable(offer[i]);

		writable += !reason;
		why = reason ? reason : why;
	}
	sheet_hidden(&s, n, hidden);
	sheet_add(&s, 'n', ACT_NOTE, "write a note");
	sheet_add(&s, 'r', ACT_PROBE, arena_printf(a, "read %s from the channel now", which))->note = "changes nothing there";
	if (n == 1) {
		sheet_add(&s, 'x', ACT_EXPLAIN, "explain its quantity");
		sheet_add(&s, 't', ACT_TIMELINE, "everything that happened to it");
	}
	c = sheet_add(&s, 'p', ACT_PUSH, arena_printf(a, "push the target of %s now", which));
	c->why_not = writable ? NULL : arena_printf(a, "(%s)", why ? why : "nothing to push");
	c = sheet_add(&s, 'z', ACT_ZERO, arena_printf(a, "hold %s at zero", which));
	c->note = "asks why; until somebody lifts it";
	c->why_not = writable ? NULL : arena_printf(a, "(%s)", why ? why : "nothing to hold");
	*out = s.choice;
	return s.n;
}

int deed_zero_choices(struct arena *a, const struct stand *const *stand, int n, int hidden, struct choice **out)
{
	struct sheet s = { .arena = a };
	const char *which = many(a, n, "zero-out", "zero-outs");
	int open = 0, going = 0, waiting = 0;
	struct choice *c;

	for (int i = 0; i < n; i++) {
		const struct zero *z = &stand[i]->zero;
		bool held = stand[i]->kind == STAND_ZERO && !z->lifted_ms;

		open += held;
		going += held && !z->stopped_ms && !*z->rule && z->pending;
		waiting += held && z->pending;
	}
	sheet_hidden(&s, n, hidden);
	if (n == 1 && stand[0]->kind == STAND_PROPOSED)
		sheet_add(&s, 'y', ACT_APPROVE, "agree to it, as the second person")->note = "somebody else than who proposed it";
	if (n == 1 && stand[0]->kind == STAND_PLANNED)
		sheet_add(&s, 'o', ACT_LET, "let them go to zero");
	if (open) {
		c = sheet_add(&s, 's', ACT_HALT, arena_printf(a, "stop %s between two calls", which));
		c->note = "what was said stays";
		c->why_not = going ? NULL : "(nothing of it is still to be said)";
		c = sheet_add(&s, 'o', ACT_GO_ON, arena_printf(a, "go on with %s", which));
		c->why_not = n > 1 ? "(one at a time)" : waiting ? NULL : "(nothing of it moved or was stopped)";
	}
	if (n) {
		c = sheet_add(&s, 'u', ACT_LIFT, arena_printf(a, "lift %s", which));
		c->why_not = open ? NULL : "(nothing of it is held)";
	}
	sheet_add(&s, 'z', ACT_ZERO, "hold more at zero: SKU, list, tag, node, channel, all")->note = "asks what, why, until when";
	*out = s.choice;
	return s.n;
}

int deed_failure_choices(struct arena *a, const struct failure *const *failure, int n, int hidden, struct choice **out)
{
	struct sheet s = { .arena = a };
	const char *which = many(a, n, "failure", "failures");

	sheet_hidden(&s, n, hidden);
	sheet_add(&s, 'r', ACT_RETRY, arena_printf(a, "try %s again", which))->note =
		n == 1 && failure[0]->is_job ? "the same call with the same key" : NULL;
	sheet_add(&s, 'o', ACT_ASSIGN, arena_printf(a, "give %s to somebody", which));
	sheet_add(&s, 'n', ACT_NOTE, "write a note");
	sheet_add(&s, 'z', ACT_ARCHIVE, arena_printf(a, "archive %s: nothing will be done", which))->note = "stays in the store";
	if (n == 1)
		sheet_add(&s, 'w', ACT_RAW, "what they said, raw")->why_not = failure[0]->attempt_id || failure[0]->body_id ? NULL : "(nothing was kept)";
	*out = s.choice;
	return s.n;
}

unsigned deed_steps_asked(const struct incident_step *step, int n)
{
	unsigned asks = 0;

	for (int i = 0; i < n; i++)
		asks |= strcmp(step[i].card.does, "note") ? 0u : 1u << i;
	return asks;
}

int deed_incident_choices(struct arena *a, const struct incident *const *in, int n, const struct incident_step *step, int steps, int hidden, struct choice **out)
{
	struct sheet s = { .arena = a };
	const char *which = many(a, n, "incident", "incidents"), *why_not = NULL;
	enum act last = ACT_STEP_5;

	for (int i = 0; i < n; i++)
		if (in[i]->closed_ms)
			why_not = "(closed)";
	sheet_hidden(&s, n, hidden);
	for (int i = 0; n == 1 && i < steps && ACT_STEP_1 + (unsigned)i <= last; i++) {
		struct choice *c = sheet_add(&s, (char)('1' + i), ACT_STEP_1 + (unsigned)i, step[i].card.text);

		c->note = strcmp(step[i].card.does, "note") ? "looks, and writes down what it saw" : "asks what you found";
		c->why_not = why_not;
	}
	sheet_add(&s, 'A', ACT_ACK_ALERT, arena_printf(a, "acknowledge %s", which))->why_not = why_not;
	sheet_add(&s, 'o', ACT_ASSIGN, arena_printf(a, "give %s to somebody", which))->why_not = why_not;
	sheet_add(&s, 'n', ACT_NOTE, "write a note");
	sheet_add(&s, 's', ACT_MUTE, arena_printf(a, "silence %s for a while", which))->why_not = why_not;
	sheet_add(&s, 'c', ACT_CLOSE_ALERT, arena_printf(a, "close %s", which))->why_not = why_not;
	*out = s.choice;
	return s.n;
}
