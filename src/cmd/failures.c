/* tallyman failures, jobs: what was not understood or refused, and what is queued. */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/failure_folds.h"
#include "trade/lists.h"
#include "trade/unlike.h"

#include <limits.h>
#include <string.h>

static const struct column failure_columns[] = {
	{ "failure", CELL_TEXT, false }, /* job:12 or inbox:7: what retry, assign and archive take */
	{ "account", CELL_TEXT, false },  { "class", CELL_TEXT, false },  { "verb", CELL_TEXT, false },    { "subject", CELL_TEXT, false },
	{ "count", CELL_INT, false },     { "queue", CELL_TEXT, false }, /* FIX: a person's; RETRY: the engine's */
	{ "first", CELL_TIME, true },     { "last", CELL_TIME, false },   { "next", CELL_TIME, false },    { "owner", CELL_TEXT, false },
	{ "path", CELL_TEXT, false },     { "text", CELL_TEXT, false },   { "effect", CELL_TEXT, false },  { "remedy", CELL_TEXT, true },
	{ "state", CELL_TEXT, true },     { "channel", CELL_TEXT, true }, { "attempt", CELL_INT, true },   { "body", CELL_INT, true },
	{ "orders", CELL_INT, true },     { "units", CELL_INT, true },    { "money", CELL_MONEY, true },   { "due", CELL_TIME, true },
	{ "shown_too_many", CELL_INT, true }, { "dry_runs", CELL_TEXT, true }, { "rows", CELL_INT, true }, /* folded into it */
	{ "unlike", CELL_TEXT, true }, { "unlike_to", CELL_TEXT, true },      /* what its shape has different, and from what */
};

/* "say it again: 1 call with the same key; archive it: ..." */
static const char *dry_runs(const struct remedy *r, int n, struct arena *a)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s: %s", i ? "; " : "", r[i].text, r[i].dry);
	return b.p;
}

static enum fault put_cost(struct session *s, struct arena *a, const struct failure_fold *fold)
{
	struct failure_cost c;
	struct remedy *r;
	int n;

	if (failure_fold_cost(s->store, fold, a, &c, &s->err) || failure_remedies(s->store, &fold->f, s->now_ms, a, &r, &n, &s->err))
		return s->err.fault;
	put_int(s->sheet, c.orders);
	put_int(s->sheet, c.units);
	put_money(s->sheet, c.minor, c.currency);
	put_time(s->sheet, c.due_ms);
	put_int(s->sheet, c.shown);
	put_text(s->sheet, dry_runs(r, n, a));
	put_int(s->sheet, fold->n);
	return OK;
}

static enum fault put_unlike(struct session *s, struct arena *a, const struct failure *f)
{
	struct unlike u = { .to = "" };

	if (!f->is_job && unlike_get(s->store, f->id, a, &u, &s->err))
		return s->err.fault;
	put_text(s->sheet, unlike_said(&u, INT_MAX, a));
	put_text(s->sheet, u.to);
	return OK;
}

static enum fault put_failure(struct session *s, struct arena *a, const struct failure_fold *fold)
{
	const struct failure *f = &fold->f;
	struct sheet *t = s->sheet;

	put_text(t, arena_printf(a, "%s:%lld", f->is_job ? "job" : "inbox", (long long)f->id));
	put_text(t, f->account_name);
	put_text(t, f->class);
	put_text(t, f->verb);
	put_text(t, fold->n > 1 ? arena_printf(a, "%d of them", fold->n) : f->subject);
	put_int(t, f->count);
	put_text(t, failure_queue_name(failure_queue(f)));
	put_time(t, f->first_ms);
	put_time(t, f->last_ms);
	put_time(t, f->next_ms);
	put_text(t, f->owner);
	put_text(t, f->path);
	put_text(t, f->text);
	put_text(t, f->effect);
	put_text(t, f->remedy);
	put_text(t, f->state);
	put_text(t, f->channel);
	put_id(t, f->attempt_id);
	put_id(t, f->body_id);
	return put_cost(s, a, fold) ? s->err.fault : put_unlike(s, a, f);
}

/* Each on its own, a page at a time. */
static enum fault print_each(struct session *s)
{
	struct pager p = pager_new(s->o.limit);
	struct failure *row = NULL;
	enum fault f = OK;
	int n = 0;

	while (!f && pager_more(&p, n)) {
		f = failures_page(s->store, n ? &row[n - 1] : NULL, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n && !f; i++) {
			struct failure_fold *one;

			if (!failure_fits(&row[i], s->o.find))
				continue;
			failures_fold(&row[i], 1, p.page, &one);
			f = put_failure(s, p.page, one);
		}
	}
	pager_end(&p);
	return f;
}

/* All of them at once: what belongs together need not stand together. */
static enum fault print_folded(struct session *s)
{
	enum { MOST = 20000 };
	struct failure *row = NULL;
	struct failure_fold *fold;
	int n = 0, kept = 0, folds;
	enum fault f = failures_page(s->store, NULL, MOST, s->a, &row, &n, &s->err);

	for (int i = 0; i < n && !f; i++)
		if (failure_fits(&row[i], s->o.find))
			row[kept++] = row[i];
	folds = f ? 0 : failures_fold(row, kept, s->a, &fold);
	for (int i = 0; i < folds && !f && (!s->o.limit || i < s->o.limit); i++)
		f = put_failure(s, s->a, &fold[i]);
	return f;
}

enum fault failures_print(struct session *s)
{
	sheet_table(session_sheet(s, false), "failures", COLUMNS(failure_columns));
	return s->o.fold ? print_folded(s) : print_each(s);
}

/* One of them, with all that is known of it. */
static enum fault print_failure(struct session *s, bool is_job, int64_t id)
{
	struct failure_fold *one;
	struct failure row;

	if (failure_get(s->store, is_job, id, s->a, &row, &s->err))
		return s->err.fault;
	failures_fold(&row, 1, s->a, &one);
	sheet_record(session_sheet(s, false), "failure", COLUMNS(failure_columns));
	return put_failure(s, s->a, one);
}

bool failure_named(const char *word, bool *is_job, int64_t *id)
{
	*is_job = !strncmp(word, "job:", 4);
	return (*is_job || !strncmp(word, "inbox:", 6)) && text_int(strchr(word, ':') + 1, 1, INT64_MAX, id);
}

int cmd_failures(int argc, char **argv)
{
	struct session s;
	bool is_job;
	int64_t id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_FIND | TAKES_FOLD, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && !failure_named(s.o.word[0], &is_job, &id))
		return session_leave(&s, command_misused("failures", "one of them is job:N or inbox:N; those that have a word: --find WORD"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	return session_end(&s, id ? print_failure(&s, is_job, id) : failures_print(&s));
}

/* ---- jobs ---- */

static const struct column job_columns[] = {
	{ "job", CELL_INT, false },      { "account", CELL_TEXT, false }, { "verb", CELL_TEXT, false },  { "subject", CELL_TEXT, false },
	{ "state", CELL_TEXT, false },   { "due", CELL_TIME, false },     { "tries", CELL_INT, false },  { "fails", CELL_INT, false },
	{ "fault", CELL_TEXT, false },   { "text", CELL_TEXT, false },    { "owner", CELL_TEXT, true },  { "subject_id", CELL_INT, true },
	{ "decision", CELL_INT, true },  { "made", CELL_TIME, true },     { "since", CELL_TIME, true },  { "trace", CELL_TEXT, true },
	{ "route", CELL_TEXT, true },    { "route_why", CELL_TEXT, true }, { "feed", CELL_INT, true },
};

static void put_job(struct sheet *t, const struct job_row *j)
{
	put_int(t, j->id);
	put_text(t, j->account_name);
	put_text(t, j->verb);
	put_text(t, j->subject);
	put_text(t, j->state);
	put_time(t, strcmp(j->state, "waiting") ? 0 : j->due_ms);
	put_int(t, j->tries);
	put_int(t, j->fails);
	put_text(t, j->fault);
	put_text(t, j->text);
	put_text(t, j->owner);
	put_id(t, j->subject_id);
	put_id(t, j->intent_id);
	put_time(t, j->made_ms);
	put_time(t, j->state_ms);
	put_text(t, j->trace);
	put_text(t, j->route);
	put_text(t, j->route_why);
	put_id(t, j->feed);
}

static enum fault print_jobs(struct session *s, const char *state, int64_t *left)
{
	struct pager p = pager_new(*left);
	struct job_row *row;
	int64_t before = 0;
	enum fault f = OK;
	int n = 0;

	while (!f && pager_more(&p, n)) {
		f = jobs_page(s->store, state, before, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n; i++)
			put_job(s->sheet, &row[i]);
		if (n)
			before = row[n - 1].id;
		if (*left)
			*left -= n;
		if (s->o.limit && !*left)
			break;
	}
	pager_end(&p);
	return f;
}

static bool is_chosen(const struct session *s, const char *state)
{
	bool over = !strcmp(state, "done") || !strcmp(state, "superseded");

	for (int i = 0; i < s->o.words; i++)
		if (!strcmp(s->o.word[i], state))
			return true;
	return !s->o.words && (s->o.all || !over);
}

/* "12", "job:12" */
static enum fault print_job(struct session *s, int64_t id)
{
	struct job_row row;

	if (job_row_get(s->store, id, s->a, &row, &s->err))
		return s->err.fault;
	sheet_record(session_sheet(s, false), "job", COLUMNS(job_columns));
	put_job(s->sheet, &row);
	return OK;
}

static int states_checked(struct session *s)
{
	for (int i = 0; i < s->o.words; i++) {
		bool known = false;

		for (int k = 0; job_state_at(k) && !known; k++)
			known = !strcmp(job_state_at(k), s->o.word[i]);
		if (!known)
			return command_misused("jobs", "word %d is no state; one of waiting inflight sent unsure failed done superseded", i + 1);
	}
	return -1;
}

int cmd_jobs(int argc, char **argv)
{
	struct session s;
	enum fault f = OK;
	int64_t left, id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL, 0, 7, &s);

	if (status >= 0)
		return status;
	if (s.o.words == 1)
		text_int(s.o.word[0] + (strncmp(s.o.word[0], "job:", 4) ? 0 : 4), 1, INT64_MAX, &id);
	status = id ? -1 : states_checked(&s);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (id)
		return session_end(&s, print_job(&s, id));
	left = s.o.limit;
	sheet_table(session_sheet(&s, false), "jobs", COLUMNS(job_columns));
	for (int i = 0; job_state_at(i) && !f && !(s.o.limit && !left); i++)
		if (is_chosen(&s, job_state_at(i)))
			f = print_jobs(&s, job_state_at(i), &left);
	return session_end(&s, f);
}
