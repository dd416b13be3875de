/*
 * tallyman find, attempts: from any id to what it names, and the calls that were made.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/jobs.h"

#include <stdio.h>
#include <string.h>

static const struct column found_columns[] = {
	{ "is", CELL_TEXT, false },
	{ "id", CELL_INT, false },
	{ "words", CELL_TEXT, false },
};

static const struct column attempt_columns[] = {
	{ "attempt", CELL_INT, false },     { "account", CELL_TEXT, false }, { "opened", CELL_TIME, false },     { "took_ms", CELL_INT, false },
	{ "method", CELL_TEXT, false },     { "op", CELL_TEXT, false },      { "status", CELL_INT, false },      { "fault", CELL_TEXT, false },
	{ "text", CELL_TEXT, false },       { "verb", CELL_TEXT, true },     { "writes", CELL_FLAG, true },      { "url", CELL_TEXT, true },
	{ "correlation", CELL_TEXT, true }, { "their_id", CELL_TEXT, true }, { "trace", CELL_TEXT, true },       { "credential", CELL_TEXT, true },
	{ "request_body", CELL_INT, true }, { "reply_body", CELL_INT, true },
};

static void put_one(struct sheet *t, const struct attempt *a)
{
	put_int(t, a->id);
	put_text(t, a->account_name);
	put_time(t, a->opened_ms);
	if (a->closed_ms)
		put_int(t, a->closed_ms - a->opened_ms);
	else
		put_none(t);
	put_text(t, a->method);
	put_text(t, a->op);
	put_id(t, a->status);
	put_text(t, a->fault);
	put_text(t, a->text);
	put_text(t, a->verb);
	put_flag(t, a->writes);
	put_text(t, a->url);
	put_text(t, a->correlation);
	put_text(t, a->their_id);
	put_text(t, a->trace);
	put_text(t, a->credential);
	put_id(t, a->request_id);
	put_id(t, a->reply_id);
}

/* ---- find ---- */

static const char *kind_word(enum found_kind k)
{
	static const char *const words[] = { "nothing", "order", "item", "attempt", "job", "intent", "alert", "offer", "zero" };

	return k <= FOUND_ZERO ? words[k] : "?";
}

/* What was found, and its calls in full: their status, ids and bodies are what an id is usually looked up for. */
static enum fault print_found(struct session *s, const struct found *found, int n)
{
	struct sheet *t = session_sheet(s, true);

	sheet_table(t, "found", COLUMNS(found_columns));
	for (int i = 0; i < n; i++) {
		put_text(t, kind_word(found[i].kind));
		put_int(t, found[i].id);
		put_text(t, found[i].words);
	}
	sheet_table(t, "attempts", COLUMNS(attempt_columns));
	for (int i = 0; i < n; i++) {
		struct attempt a;

		if (found[i].kind != FOUND_ATTEMPT)
			continue;
		if (attempt_get(s->store, found[i].id, s->a, &a, &s->err))
			return s->err.fault;
		put_one(t, &a);
	}
	return OK;
}

int cmd_find(int argc, char **argv)
{
	struct session s;
	struct found *found;
	enum fault f;
	int n, status = session_open(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	f = find_id(s.store, s.o.word[0], s.a, &found, &n, &s.err);
	if (!f && !n)
		f = err_set(&s.err, FAULT_REFUSED,
		            "nothing here has the id %.80s (orders, buyers' and tracking numbers, SKUs, correlation ids, traces, job:N, attempt:N, I-N, Z-N, P-N)",
		            s.o.word[0]);
	if (!f)
		f = print_found(&s, found, n);
	return session_end(&s, f);
}

/* ---- attempts ---- */

enum fault attempts_print(struct session *s, int64_t account)
{
	struct pager p = pager_new(s->o.limit ? s->o.limit : 100);
	struct attempt *row;
	int64_t before = 0;
	enum fault f = OK;
	int n = 0;

	sheet_table(session_sheet(s, false), "attempts", COLUMNS(attempt_columns));
	while (!f && pager_more(&p, n)) {
		f = attempts_last(s->store, account, before, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n; i++)
			put_one(s->sheet, &row[i]);
		if (n)
			before = row[n - 1].id;
	}
	pager_end(&p);
	return f;
}

/* By its number, where no account is called so. The error stands that there is none. */
static enum fault print_attempt(struct session *s, const char *word)
{
	struct attempt one;
	int64_t id;

	if (!strncmp(word, "attempt:", 8))
		word += 8;
	if (!text_int(word, 1, INT64_MAX, &id))
		return FAULT_REFUSED;
	if (attempt_get(s->store, id, s->a, &one, &s->err))
		return s->err.fault;
	sheet_table(session_sheet(s, false), "attempts", COLUMNS(attempt_columns));
	put_one(s->sheet, &one);
	return OK;
}

int cmd_attempts(int argc, char **argv)
{
	struct session s;
	struct account_row account = { 0 };
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && account_by_name(s.store, s.o.word[0], s.a, &account, &s.err))
		return session_end(&s, print_attempt(&s, s.o.word[0]));
	return session_end(&s, attempts_print(&s, account.id));
}
