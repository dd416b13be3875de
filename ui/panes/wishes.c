#include "ui/panes/wishes.h"

#include "store/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void wish_say(struct wish *wish, enum level level, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	wish->kind = WISH_SAY;
	wish->level = level;
	wish->text = arena_strdup(wish->arena, text);
}

void wish_open(struct wish *wish, const struct pane_type *type, const char *subject)
{
	wish->kind = WISH_OPEN;
	wish->open = type;
	wish->subject = arena_strdup(wish->arena, subject);
}

void wish_open_id(struct wish *wish, const struct pane_type *type, const char *kind, int64_t id)
{
	wish_open(wish, type, arena_printf(wish->arena, "%s%s%lld", kind, *kind ? ":" : "", (long long)id));
}

void wish_ask(struct wish *wish, enum ask ask, const char *label, const char *initial)
{
	wish->kind = WISH_ASK;
	wish->ask = ask;
	wish->text = arena_strdup(wish->arena, label);
	wish->initial = initial ? arena_strdup(wish->arena, initial) : "";
}

struct intent *intent_new(struct wish *wish, enum intent_kind kind)
{
	struct intent *in = arena_alloc(wish->arena, sizeof *in);

	*in = (struct intent){ .kind = kind, .asker = "", .subject = "", .digest = "", .typed = "", .actor = "", .why = "", .state = "",
		               .result = "", .trace = "", .payload = fields_new(wish->arena) };
	return in;
}

void wish_file(struct wish *wish, const struct intent *in)
{
	wish->kind = WISH_FILE;
	wish->intent = in;
}

/* May a step of it be left out? What goes back to a zero-out or to somebody else's word is whole, or not at all. */
static bool by_rows(enum intent_kind kind)
{
	return kind != INTENT_LIFT && kind != INTENT_LET && kind != INTENT_APPROVE;
}

void wish_plan(struct pane *p, struct intent *in, const char *title, const char *after, struct wish *wish)
{
	struct plan *plan = arena_alloc(wish->arena, sizeof *plan);
	struct proposal *proposal = arena_alloc(wish->arena, sizeof *proposal);
	struct section *section = arena_alloc(wish->arena, sizeof *section);
	struct err err = { 0 };
	enum fault bad;

	if (!p->store) {
		wish_say(wish, LEVEL_WARN, "there is no store to plan from");
		return;
	}
	bad = store_begin_read(p->store, &err);
	if (!bad)
		bad = plan_make(p->store, in, p->now_ms, wish->arena, plan, &err);
	store_rollback(p->store);
	if (bad) {
		wish_say(wish, LEVEL_WARN, "%s", err.text);
		return;
	}
	in->digest = plan->digest;
	*section = (struct section){ .title = "Afterwards", .text = after };
	*proposal = (struct proposal){ .title = title, .intent = in, .plan = plan, .ids = plan->steps > 1 && p->type->replan && by_rows(in->kind) ? plan->step_id : NULL,
		                       .sections = section, .n_sections = 1, .made_ms = p->now_ms };
	wish->kind = WISH_PLAN;
	wish->proposal = proposal;
}

static struct section lines_of(struct arena *a, const char *title, const char **line, int n)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s\n", line[i]);
	return (struct section){ .title = title, .text = n ? b.p : NULL };
}

void wish_dry(struct pane *p, struct intent *in, const char *title, struct wish *wish)
{
	struct arena *a = wish->arena;
	struct section *s = arena_alloc(a, 4 * sizeof *s);
	const struct plan *plan;
	int n = 0;

	wish_plan(p, in, title, "", wish);
	if (wish->kind != WISH_PLAN)
		return;
	plan = wish->proposal->plan;
	s[n++] = lines_of(a, arena_printf(a, "%d step%s, nothing is sent from here", plan->steps, plan->steps == 1 ? "" : "s"), plan->step, plan->steps);
	s[n] = lines_of(a, "Left out", plan->skip, plan->skips);
	n += s[n].text != NULL;
	s[n] = lines_of(a, "Warnings", plan->warn, plan->warns);
	n += s[n].text != NULL;
	s[n] = lines_of(a, "Good to know", plan->note, plan->notes);
	n += s[n].text != NULL;
	wish->kind = WISH_READ;
	wish->text = title;
	wish->sections = s;
	wish->n_sections = n;
}

static void file_about(struct wish *wish, enum intent_kind kind, const char *key, int64_t id)
{
	struct intent *in = intent_new(wish, kind);

	fields_put_int(&in->payload, key, id);
	in->subject = arena_printf(wish->arena, "%s:%lld", key, (long long)id);
	wish_file(wish, in);
}

void wish_ack_alert(struct wish *wish, int64_t alert)
{
	file_about(wish, INTENT_ALERT_ACK, "alert", alert);
}

void wish_reveal_order(struct wish *wish, int64_t order)
{
	file_about(wish, INTENT_REVEAL, "order", order);
}

static void put_body(struct intent *in, int64_t id, const char *title)
{
	if (id <= 0)
		return;
	fields_put_int(&in->payload, "body", id);
	fields_put(&in->payload, "title", title);
}

void wish_reveal_attempt(struct wish *wish, const struct attempt *t, bool whole)
{
	struct intent *in = intent_new(wish, INTENT_REVEAL);

	in->subject = arena_printf(wish->arena, "attempt:%lld", (long long)t->id);
	put_body(in, t->reply_id, arena_printf(wish->arena, "They answered %lld", (long long)t->status));
	put_body(in, t->request_id, arena_printf(wish->arena, "We said %s %s", t->method, t->url));
	if (whole)
		fields_put(&in->payload, "full", "1");
	wish_file(wish, in);
}

void wish_reveal_failure(struct wish *wish, const struct failure *f, const struct pane_type *attempt)
{
	struct intent *in = intent_new(wish, INTENT_REVEAL);

	in->subject = f->subject;
	put_body(in, f->body_id, *f->path ? f->path : "the piece");
	if (f->body_id)
		wish_file(wish, in);
	else if (f->attempt_id)
		wish_open_id(wish, attempt, "", f->attempt_id);
	else
		wish_say(wish, LEVEL_INFO, "nothing raw was kept of it");
}

void wish_read_text(struct wish *wish, const char *title, const char *text)
{
	struct section *s = arena_alloc(wish->arena, sizeof *s);

	*s = (struct section){ .text = arena_strdup(wish->arena, text) };
	wish->kind = WISH_READ;
	wish->text = arena_strdup(wish->arena, title);
	wish->sections = s;
	wish->n_sections = 1;
}

void wish_note(struct wish *wish, const char *subject, const char *text)
{
	struct intent *in = intent_new(wish, INTENT_NOTE);

	in->subject = arena_strdup(wish->arena, subject);
	fields_put(&in->payload, "subject", subject);
	fields_put(&in->payload, "text", text);
	wish_file(wish, in);
}

void wish_copy_sheet(struct wish *wish, bool cell, bool link)
{
	struct choice *what = arena_alloc(wish->arena, 4 * sizeof *what);
	int n = 0;

	what[n++] = (struct choice){ .letter = 'i', .label = "id", .act = ACT_COPY_ID };
	what[n++] = (struct choice){ .letter = 'r', .label = "row", .act = ACT_COPY_ROW };
	if (cell)
		what[n++] = (struct choice){ .letter = 'c', .label = "cell", .act = ACT_COPY_CELL };
	if (link)
		what[n++] = (struct choice){ .letter = 'l', .label = "link", .act = ACT_COPY_LINK };
	wish->kind = WISH_SHEET;
	wish->text = "Copy";
	wish->choices = what;
	wish->n_choices = n;
}

void wish_copy(struct wish *wish, const char *what, const char *text)
{
	wish->kind = WISH_COPY;
	wish->what = what;
	wish->text = arena_strdup(wish->arena, text);
}
