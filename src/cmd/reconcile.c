/* tallyman reconcile: begin a run, list runs, show one; what drifts again and again. */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/reconcile.h"

#include <string.h>

enum { PATTERNS = 1000 };

static const struct column run_columns[] = {
	{ "run", CELL_INT, false },       { "account", CELL_TEXT, false },  { "state", CELL_TEXT, false },    { "whole", CELL_FLAG, false },
	{ "began", CELL_TIME, false },    { "ended", CELL_TIME, false },    { "listed", CELL_INT, false },    { "compared", CELL_INT, false },
	{ "drifting", CELL_INT, false },  { "alerting", CELL_INT, false },  { "corrected", CELL_INT, false }, { "undecided", CELL_INT, false },
	{ "text", CELL_TEXT, false },     { "settling", CELL_INT, true },   { "unseen", CELL_INT, true },     { "ghosts", CELL_INT, true },
	{ "young", CELL_INT, true },      { "pages", CELL_INT, true },      { "planned", CELL_TIME, true },   { "pulled", CELL_TIME, true },
	{ "by", CELL_TEXT, true },        { "trace", CELL_TEXT, true },
};

static void put_run(struct sheet *t, const struct rec_run *r)
{
	put_int(t, r->id);
	put_text(t, r->account_name);
	put_text(t, r->state);
	put_flag(t, r->whole);
	put_time(t, r->began_ms);
	put_time(t, r->ended_ms);
	put_int(t, r->listed);
	put_int(t, r->compared);
	put_int(t, r->drifting);
	put_int(t, r->alerting);
	put_int(t, r->corrected);
	put_int(t, r->undecided);
	put_text(t, r->text);
	put_int(t, r->settling);
	put_int(t, r->unseen);
	put_int(t, r->ghosts);
	put_int(t, r->young);
	put_int(t, r->pages);
	put_time(t, r->planned_ms);
	put_time(t, r->pulled_ms);
	put_text(t, r->actor);
	put_text(t, r->trace);
}

static const struct column row_columns[] = {
	{ "difference", CELL_INT, false }, { "account", CELL_TEXT, false },  { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },
	{ "kind", CELL_TEXT, false },      { "expected", CELL_INT, false },  { "observed", CELL_INT, false },     { "delta", CELL_INT, false },
	{ "risk", CELL_INT, false },       { "cause", CELL_TEXT, false },    { "action", CELL_TEXT, false },      { "verdict", CELL_TEXT, false },
	{ "decision", CELL_TEXT, false },  { "text", CELL_TEXT, false },     { "item", CELL_TEXT, true },         { "node", CELL_TEXT, true },
	{ "pct", CELL_INT, true },         { "alerts", CELL_FLAG, true },    { "since", CELL_TIME, true },        { "observed_at", CELL_TIME, true },
	{ "job", CELL_INT, true },         { "verdict_at", CELL_TIME, true }, { "proof", CELL_TEXT, true },       { "decided_by", CELL_TEXT, true },
	{ "decided_at", CELL_TIME, true }, { "reason", CELL_TEXT, true },    { "attempt", CELL_INT, true },       { "offer", CELL_INT, true },
	{ "run", CELL_INT, true },
};

void put_differences(struct sheet *t, const char *name, const struct rec_row *row, int n)
{
	if (name)
		sheet_table(t, name, COLUMNS(row_columns));
	for (int i = 0; i < n; i++) {
		const struct rec_row *r = &row[i];

		put_int(t, r->id);
		put_text(t, r->account_name);
		put_text(t, r->marketplace);
		put_text(t, r->sku);
		put_text(t, r->kind);
		put_int(t, r->expected);
		put_int(t, r->observed);
		put_int(t, r->delta);
		put_int(t, r->risk);
		put_text(t, r->cause);
		put_text(t, r->action);
		put_text(t, r->verdict);
		put_text(t, r->decision);
		put_text(t, r->text);
		put_text(t, r->item_sku);
		put_text(t, r->node);
		put_int(t, r->pct);
		put_flag(t, r->alerts);
		put_time(t, r->since_ms);
		put_time(t, r->observed_ms);
		put_id(t, r->job);
		put_time(t, r->verdict_ms);
		put_text(t, r->proof);
		put_text(t, r->decided_by);
		put_time(t, r->decided_ms);
		put_text(t, r->reason);
		put_id(t, r->attempt);
		put_int(t, r->offer);
		put_id(t, r->run);
	}
}

/* ---- list, show, patterns ---- */

static enum fault account_named(struct session *s, const char *name, int64_t *id)
{
	struct account_row row;
	enum fault f = OK;

	*id = 0;
	if (name && !(f = account_by_name(s->store, name, s->a, &row, &s->err)))
		*id = row.id;
	return f;
}

static enum fault print_list(struct session *s, const char *account)
{
	struct pager p = pager_new(s->o.limit ? s->o.limit : 50);
	struct rec_run *row;
	int64_t before = 0, of;
	enum fault f = account_named(s, account, &of);
	int n = 0;

	if (f)
		return f;
	sheet_table(session_sheet(s, false), "runs", COLUMNS(run_columns));
	while (!f && pager_more(&p, n)) {
		f = rec_runs(s->store, of, before, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n; i++)
			put_run(s->sheet, &row[i]);
		if (n)
			before = row[n - 1].id;
	}
	pager_end(&p);
	return f;
}

static enum fault print_show(struct session *s, int64_t id)
{
	struct pager p = pager_new(s->o.limit);
	struct rec_run run;
	struct rec_row *row;
	int64_t after = 0;
	enum fault f = rec_run_get(s->store, id, s->a, &run, &s->err);
	int n = 0;

	if (f)
		return f;
	sheet_record(session_sheet(s, true), "run", COLUMNS(run_columns));
	put_run(s->sheet, &run);
	put_differences(s->sheet, "differences", NULL, 0);
	while (!f && pager_more(&p, n)) {
		f = rec_rows(s->store, id, after, p.want, p.page, &row, &n, &s->err);
		put_differences(s->sheet, NULL, row, f ? 0 : n);
		if (n)
			after = row[n - 1].id;
	}
	pager_end(&p);
	return f;
}

static const struct column pattern_columns[] = {
	{ "account", CELL_TEXT, false }, { "sku", CELL_TEXT, false },   { "item", CELL_TEXT, false },  { "times", CELL_INT, false },  { "more", CELL_INT, false },
	{ "less", CELL_INT, false },     { "first", CELL_TIME, false }, { "last", CELL_TIME, false },  { "causes", CELL_TEXT, false }, { "offer", CELL_INT, true },
};

static enum fault print_patterns(struct session *s)
{
	struct rec_pattern *p;
	struct rec_rule rule;
	int n;
	enum fault f = rec_rule_get(s->store, &rule, &s->err);

	if (!f)
		f = rec_patterns(s->store, &rule, s->now_ms, s->o.limit && s->o.limit < PATTERNS ? (int)s->o.limit : PATTERNS, s->a, &p, &n, &s->err);
	if (f)
		return f;
	sheet_table(session_sheet(s, false), "patterns", COLUMNS(pattern_columns));
	for (int i = 0; i < n; i++) {
		put_text(s->sheet, p[i].account_name);
		put_text(s->sheet, p[i].sku);
		put_text(s->sheet, p[i].item_sku);
		put_int(s->sheet, p[i].times);
		put_int(s->sheet, p[i].up);
		put_int(s->sheet, p[i].down);
		put_time(s->sheet, p[i].first_ms);
		put_time(s->sheet, p[i].last_ms);
		put_text(s->sheet, p[i].causes);
		put_int(s->sheet, p[i].offer);
	}
	return OK;
}

/* ---- beginning one ---- */

static int begin(struct session *s)
{
	struct intent in = { .kind = INTENT_RECONCILE, .payload = fields_new(s->a), .subject = s->o.words ? s->o.word[0] : "" };

	if (account_named(s, s->o.words ? s->o.word[0] : NULL, &in.account))
		return session_end(s, s->err.fault);
	if (s->o.full)
		fields_put_int(&in.payload, "full", 1);
	return intent_run(s, &in);
}

int cmd_reconcile(int argc, char **argv)
{
	struct session s;
	const char *word;
	struct account_row account;
	struct err ignored;
	int64_t run = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_FULL, 0, 2, &s);

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "";
	if (!strcmp(word, "show") && (s.o.words != 2 || !text_int(s.o.word[1], 1, INT64_MAX, &run)))
		return session_leave(&s, command_misused("reconcile", "which run? show RUN, with its number"));
	if (s.o.words == 2 && strcmp(word, "list") && strcmp(word, "show"))
		return session_leave(&s, command_misused("reconcile", "one account, or none for all of them"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (s.o.words == 1 && account_by_name(s.store, word, s.a, &account, &ignored))
		text_int(word, 1, INT64_MAX, &run);
	if (!strcmp(word, "list"))
		return session_end(&s, print_list(&s, s.o.words == 2 ? s.o.word[1] : NULL));
	if (!strcmp(word, "patterns"))
		return session_end(&s, print_patterns(&s));
	return run ? session_end(&s, print_show(&s, run)) : begin(&s);
}
