/*
 * One request of ours and its reply: when, with which credential, under which numbers, and what it was for. The bytes are sealed:
 * Enter asks the engine for them without names, V with them, and then it is written down who looked.
 */
#include "trade/jobs.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>

struct attempt_pane {
	struct board_pane base; /* first */
	struct attempt t;
};

static const char *outcome(struct arena *a, const struct attempt *t)
{
	if (!t->closed_ms)
		return "no answer yet";
	return arena_printf(a, "%s%s%s %s", t->status ? arena_printf(a, "%lld", (long long)t->status) : "no HTTP answer", *t->fault ? "  " : "",
	                    t->fault, t->text);
}

static void facts_block(struct pane *p)
{
	struct attempt_pane *v = p->self;
	const struct attempt *t = &v->t;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Request and reply", "Enter: the bytes", pair_columns, 2);

	trail_pair(b, "reply", role_of_fault(t->fault), outcome(a, t));
	trail_pair(b, "said", ROLE_VALUE, arena_printf(a, "%s %s", t->method, t->url));
	trail_pair(b, "operation", ROLE_FG, arena_printf(a, "%s   %s   %s", t->op, t->account_name, t->writes ? "writes" : "reads"));
	trail_pair(b, "sent", ROLE_FG, say_clock(p, a, t->opened_ms));
	if (t->closed_ms)
		trail_pair(b, "answered", ROLE_FG, arena_printf(a, "%s   after %s", say_clock(p, a, t->closed_ms), say_span(a, t->closed_ms - t->opened_ms)));
	trail_pair(b, "our id", ROLE_FG, t->correlation);
	trail_pair(b, "their id", ROLE_FG, *t->their_id ? t->their_id : "-");
	trail_pair(b, "trace", ROLE_FG, t->trace);
	trail_pair(b, "credential", ROLE_FG, t->credential);
	trail_pair(b, "kept", ROLE_FG, arena_printf(a, "%s, %s", t->request_id ? "request" : "no request", t->reply_id ? "reply" : "no reply"));
}

static enum fault others_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 16, 18, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 22, 26, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct attempt_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;
	struct attempt *t;
	int n;

	if (attempts_find(s, v->t.trace, a, &t, &n, err))
		return err->fault;
	b = board_block(&v->base.board, "Others of the same story", NULL, column, 4);
	for (int i = 0; i < n && i < 50; i++) {
		const char *status = t[i].status ? arena_printf(a, "%lld", (long long)t[i].status) : "-";

		if (t[i].id != v->t.id)
			trail_lead(LINE(b, bit(ROLE_FG, say_clock(p, a, t[i].opened_ms)), bit(ROLE_FG, t[i].op), bit(role_of_fault(t[i].fault), status),
			                bit(ROLE_FG, t[i].text)),
			           a, t[i].id);
	}
	return OK;
}

static enum fault attempt_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct attempt_pane *v = p->self;
	int64_t id;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, "attempt", &id))
		return err_set(err, FAULT_REFUSED, "%s is no request's number", p->subject);
	if (attempt_get(s, id, facts, &v->t, err))
		return err->fault;
	facts_block(p);
	if (*v->t.trace && others_block(p, s, err))
		return err->fault;
	snprintf(v->base.strip, sizeof v->base.strip, "Request > %s of %s", v->t.op, v->t.account_name);
	v->base.hint = "Enter: its bytes";
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static bool attempt_act(struct pane *p, enum act act, struct wish *wish)
{
	struct attempt_pane *v = p->self;
	const struct attempt *t = &v->t;

	if (!t->id)
		return false;
	if (act == ACT_COPY_ID) {
		wish_copy(wish, "correlation id", t->correlation);
		return true;
	}
	if (board_pane_act(p, act, wish))
		return true;
	if (act != ACT_OPEN && act != ACT_RAW && act != ACT_REVEAL)
		return false;
	if (t->request_id || t->reply_id)
		wish_reveal_attempt(wish, t, act == ACT_REVEAL);
	else
		wish_say(wish, LEVEL_INFO, t->closed_ms ? "no bytes of this request were kept" : "there is no answer yet");
	return true;
}

const struct pane_type pane_attempt = {
	.name = "attempt",
	.help = "One request and its reply. Enter asks the engine for the sealed bytes, names and secrets blotted out; V shows them whole for 60 s, "
	        "and it is written down who looked.",
	.where = WHERE_DETAILS | WHERE_ORDERS, /* V shows the bytes whole */
	.size = sizeof(struct attempt_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_REVEAL, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = attempt_load,
	.draw = board_pane_draw,
	.act = attempt_act,
	.strip = board_pane_strip,
	.answer = board_pane_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
