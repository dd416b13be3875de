#include "cmd/send.h"

#include "base/fields.h"
#include "base/text.h"
#include "cmd/print.h"
#include "net/ask.h"
#include "store/lease.h"

#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 10000 };

/* ---- the line to the engine ---- */

static enum fault dial(struct session *s, struct ask_line **out)
{
	char holder[160];

	*out = ask_dial(arena_printf(s->a, "%s/engine.sock", s->set.store), &s->err);
	if (*out)
		return OK;
	if (s->err.fault == FAULT_NET && !lease_holder(s->set.store, holder, sizeof holder))
		return err_set(&s->err, FAULT_NET, "no engine runs for %.100s: start one with `tallyman engine --store %.60s`, or by systemctl start tallyman@NAME",
		               s->set.store, s->set.store);
	return s->err.fault;
}

static enum fault read_answer(struct session *s, const char *text, struct answered *out)
{
	struct fields f;

	if (fields_unpack(s->a, text, &f, &s->err))
		return FAULT_FORMAT;
	*out = (struct answered){
		.done = !strcmp(fields_get(&f, "result", ""), "ok"),
		.id = fields_int(&f, "id", 0),
		.state = fields_get(&f, "state", ""),
		.text = fields_get(&f, "text", ""),
		.all = f,
	};
	return OK;
}

static enum fault ask_once(struct session *s, const char *message, struct answered *out)
{
	struct ask_line *line;
	const char *answer;
	size_t n;
	enum fault f = dial(s, &line);

	if (f)
		return f;
	f = ask_wait(line, message, strlen(message), WAIT_MS, &answer, &n, &s->err);
	if (!f)
		f = read_answer(s, arena_strndup(s->a, answer, n), out);
	ask_hang_up(line);
	return f;
}

enum fault intent_send(struct session *s, struct intent *in, struct answered *out)
{
	struct rng rng = rng_real();
	char uuid[40];
	char *message;
	enum fault f;

	rng_uuid(&rng, uuid);
	if (s->o.at)
		return err_set(&s->err, FAULT_REFUSED, "--at looks at the past: nothing can be decided in it");
	if (s->set.bundle)
		return err_set(&s->err, FAULT_REFUSED, "%.160s is a bundle: it is only looked at, and nothing is decided in it", s->set.store);
	in->asker = arena_strdup(s->a, uuid);
	message = intent_pack(in, s->a);
	if (strlen(message) > ASK_MAX)
		return err_set(&s->err, FAULT_REFUSED, "that is more than one message to the engine holds: name fewer at once");
	f = ask_once(s, message, out);
	if (f == FAULT_UNSURE) /* the same id again: it is not done twice */
		f = ask_once(s, message, out);
	return f;
}

/* ---- what is printed ---- */

static const struct column plan_columns[] = {
	{ "kind", CELL_TEXT, false },
	{ "done", CELL_FLAG, false },
	{ "confirm", CELL_TEXT, false }, /* the line to give to --confirm; nothing: none is needed */
	{ "intent", CELL_INT, false },   /* the engine's number of it, when it was sent */
	{ "state", CELL_TEXT, false },
	{ "text", CELL_TEXT, false },
	{ "digest", CELL_TEXT, true },
};

static const struct column step_columns[] = {
	{ "row", CELL_TEXT, false }, /* step, left out, warning, note */
	{ "text", CELL_TEXT, false },
};

static void put_steps(struct sheet *t, const char *row, const char *const *text, int n)
{
	for (int i = 0; i < n; i++) {
		put_text(t, row);
		put_text(t, text[i]);
	}
}

static const struct column plan_row_columns[] = {
	{ "sku", CELL_TEXT, false },  { "title", CELL_TEXT, true },   { "account", CELL_TEXT, false },   { "site", CELL_TEXT, true },
	{ "shown", CELL_INT, false }, { "to", CELL_INT, false },      { "available", CELL_INT, false },  { "open", CELL_INT, false },
	{ "sold_7d", CELL_INT, false }, { "lost_a_day", CELL_MONEY, false }, { "check", CELL_TEXT, false }, { "look", CELL_FLAG, true },
};

static void put_plan_row(struct sheet *t, const struct plan_row *r)
{
	put_text(t, r->sku);
	put_text(t, r->item);
	put_text(t, r->account);
	put_text(t, r->site);
	put_units(t, r->was);
	put_units(t, r->to);
	put_int(t, r->master);
	put_units(t, r->open);
	put_units(t, r->sold);
	if (*r->currency)
		put_money(t, r->lost_minor, r->currency);
	else
		put_none(t);
	put_text(t, r->check);
	put_flag(t, r->look);
}

static void put_plan(struct sheet *t, const struct plan *p, const struct answered *a)
{
	sheet_record(t, "plan", COLUMNS(plan_columns));
	put_text(t, intent_kind_name(p->kind));
	put_flag(t, a && a->done && strcmp(a->state, "proposed")); /* what waits for a second person is taken, and nothing of it is done */
	put_text(t, p->line);
	put_id(t, a ? a->id : 0);
	put_text(t, a ? a->state : "");
	put_text(t, a ? a->text : "");
	put_text(t, p->digest);
	sheet_table(t, "steps", COLUMNS(step_columns));
	put_steps(t, "step", p->step, p->steps);
	put_steps(t, "left out", p->skip, p->skips);
	put_steps(t, "warning", p->warn, p->warns);
	put_steps(t, "note", p->note, p->notes);
}

static void put_plan_rows(struct sheet *t, const struct plan *p)
{
	sheet_table(t, "rows", COLUMNS(plan_row_columns));
	for (int i = 0; i < p->steps; i++)
		put_plan_row(t, &p->row[i]);
}

static void print_plan(struct session *s, const struct plan *p, const struct answered *a)
{
	put_plan(session_sheet(s, true), p, a);
	if (p->row && (s->o.shape == SHAPE_JSON || s->o.shape == SHAPE_CSV)) /* a person has them in the steps' words */
		put_plan_rows(s->sheet, p);
}

bool plan_print(const struct plan *p, const char *shape, FILE *out)
{
	enum shape as = !shape ? SHAPE_TABLE : !strcmp(shape, "--json") ? SHAPE_JSON : SHAPE_CSV;
	struct sheet *t = sheet_new(as, true, out);

	put_plan(t, p, NULL);
	if (p->row)
		put_plan_rows(t, p);
	return sheet_end(t);
}

static int show_only(struct session *s, const struct plan *p)
{
	print_plan(s, p, NULL);
	if (s->o.shape == SHAPE_TABLE) { /* the other shapes have it in the plan's own column */
		char line[512];

		sheet_end(s->sheet);
		s->sheet = NULL;
		text_clean(line, sizeof line, p->line);
		printf("\nNothing was changed. To do it, add: --confirm '%s'\n", line);
	}
	return session_end(s, OK);
}

int intent_try(struct session *s, struct intent *in, struct answered *a)
{
	struct plan p;
	enum fault f;

	in->typed = s->o.confirm ? s->o.confirm : "";
	in->why = s->o.reason ? s->o.reason : "";
	in->subject = in->subject ? in->subject : "";
	if (s->o.at)
		return session_end(s, err_set(&s->err, FAULT_REFUSED, "--at looks at the past: nothing can be decided in it"));
	if (plan_make(s->store, in, s->now_ms, s->a, &p, &s->err))
		return session_end(s, s->err.fault);
	in->digest = p.digest;
	if (*p.line && (!s->o.confirm || s->o.dry))
		return show_only(s, &p);
	if (*p.line && strcmp(p.line, s->o.confirm)) {
		err_set(&s->err, FAULT_REFUSED, "nothing was changed: the plan is now \"%.120s\", which is not the line given to --confirm", p.line);
		return session_end(s, FAULT_REFUSED);
	}
	*a = (struct answered){ 0 };
	f = intent_send(s, in, a);
	if (!f && !a->done)
		f = err_set(&s->err, FAULT_REFUSED, "the engine refused: %.200s", a->text);
	if (!f)
		print_plan(s, &p, a);
	return f ? session_end(s, f) : -1;
}

int intent_run(struct session *s, struct intent *in)
{
	struct answered a;
	int status = intent_try(s, in, &a);

	return status >= 0 ? status : session_end(s, OK);
}
