/*
 * Shadow mode: what accounts that are not live would have been told, and what of it looks wrong.
 */
#include "trade/rehearse.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LISTED = 200, AGAIN_MS = 60000, REHEARSED_MOST = 9 };

/* One account's report. All of its offers are looked at for it, so it is made once a minute and not with each change of the store. */
struct report {
	struct account_row account;
	struct rehearsed_all all;
	struct rehearsed *row;
	int n;
};

struct rehearse_pane {
	struct board_pane base; /* first */
	struct arena *kept;     /* the reports */
	struct report *report;
	int n;
	int64_t made_ms;
};

static bool is_asked(const struct pane *p, const struct account_row *row)
{
	int64_t id;

	return subject_id(p->subject, "account", &id) ? id == row->id : strcmp(row->mode, "live") != 0;
}

static enum fault make_reports(struct pane *p, struct store *s, struct err *err)
{
	struct rehearse_pane *v = p->self;
	struct account_row *row;
	enum fault f;
	int n;

	if (!v->kept)
		v->kept = arena_new();
	arena_reset(v->kept);
	v->report = arena_alloc(v->kept, REHEARSED_MOST * sizeof *v->report);
	v->n = 0;
	f = accounts_all(s, v->kept, &row, &n, err);
	for (int i = 0; i < n && !f && v->n < REHEARSED_MOST; i++) {
		struct report *r = &v->report[v->n];

		if (!is_asked(p, &row[i]))
			continue;
		r->account = row[i];
		f = rehearse_account(s, row[i].id, LISTED, v->kept, &r->all, &r->row, &r->n, err);
		v->n += r->all.offers > 0;
	}
	v->made_ms = f ? 0 : p->now_ms;
	return f;
}

static void summary(struct pane *p, const struct report *r, struct board_block *b)
{
	struct arena *a = p->facts;
	bool live = !strcmp(r->account.mode, "live");

	LINE(b, bit(r->all.wrong ? ROLE_WARN : ROLE_OK, r->all.wrong ? "WARN" : "ok"), bit(ROLE_VALUE, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""),
	     bit(ROLE_FG, arena_printf(a, "%s %s write%s since %s; %s of %s offers look wrong", live ? "decided" : "would have sent", say_count(a, r->all.writes), r->all.writes == 1 ? "" : "s", say_time(p, a, r->all.since_ms),
	                               say_count(a, r->all.wrong), say_count(a, r->all.offers))));
	LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""),
	     bit(ROLE_FG, arena_printf(a, "%s shown already, %s fine, %s not ours to write; read %s", say_count(a, r->all.of[REHEARSED_SAME]), say_count(a, r->all.of[REHEARSED_FINE]),
	                               say_count(a, r->all.of[REHEARSED_BARRED]), say_age(p, a, r->account.ok_ms))));
	if (!live && r->all.sent)
		LINE(b, bit(ROLE_CRIT, "CRIT"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_CRIT, arena_printf(a, "%s were sent all the same", say_count(a, r->all.sent))));
}

static void report_block(struct pane *p, const struct report *r)
{
	static const struct board_column column[] = {
		{ "", 8, 9, 8, ALIGN_LEFT, ROOM_TINY }, { "sku", 16, 22, 12, ALIGN_LEFT, ROOM_TINY }, { "shown", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "we say", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "", 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct rehearse_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, arena_printf(a, "%s (%s)", r->account.name, r->account.mode), strcmp(r->account.mode, "live") ? "tallyman live ACCOUNT, when all of it is right" : NULL, column, 5);

	summary(p, r, b);
	for (int i = 0; i < r->n; i++) {
		const struct offer *o = &r->row[i].offer;
		struct board_line *l = LINE(b, bit(ROLE_WARN, rehearsal_name(r->row[i].is)), bit(ROLE_VALUE, o->sku), bit(ROLE_FG, say_units(a, o->seen)), bit(ROLE_FG, say_units(a, o->target)),
		                            bit(ROLE_FG, rehearsal_words(r->row[i].is)));

		l->open = &pane_offer;
		l->subject = arena_printf(a, "%" PRId64, o->id);
		l->key = l->subject;
		l->why = o->why;
	}
	if (r->all.wrong > r->n)
		LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_MUTED, arena_printf(a, "and %s more: tallyman rehearse %s", say_count(a, r->all.wrong - r->n), r->account.name)));
}

static enum fault rehearse_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column whole[] = { { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct rehearse_pane *v = p->self;

	v->base.board = board_new(facts);
	if ((!v->made_ms || p->now_ms < v->made_ms || p->now_ms - v->made_ms >= AGAIN_MS) && make_reports(p, s, err))
		return err->fault;
	for (int i = 0; i < v->n; i++)
		report_block(p, &v->report[i]);
	if (!v->n)
		LINE(board_block(&v->base.board, "Shadow mode", NULL, whole, 1), bit(ROLE_MUTED, "no account with offers is in shadow mode"));
	snprintf(v->base.strip, sizeof v->base.strip, "Shadow mode   %d account%s", v->n, v->n == 1 ? "" : "s");
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static bool rehearse_act(struct pane *p, enum act act, struct wish *wish)
{
	struct rehearse_pane *v = p->self;

	if (act == ACT_REFRESH)
		v->made_ms = 0;
	return board_pane_act(p, act, wish);
}

static void rehearse_close(struct pane *p)
{
	struct rehearse_pane *v = p->self;

	arena_free(v->kept);
}

const struct pane_type pane_rehearse = {
	.name = "rehearse",
	.says = "shadow mode: what would have been said, and what of it looks wrong",
	.help = "In shadow mode everything is read, reckoned and queued, and nothing is sent. Here stands what an account would have been told since, and each offer of which that looks "
	        "wrong: Enter opens it, x says why the number is what it is. r looks again; by itself it is looked at once a minute.",
	.where = WHERE_DETAILS | WHERE_PANES,
	.size = sizeof(struct rehearse_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_REFRESH, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = rehearse_load,
	.draw = board_pane_draw,
	.act = rehearse_act,
	.strip = board_pane_strip,
	.answer = board_pane_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = rehearse_close,
};
