/* tallyman session, review: differences gone through one after another: begun, decided, carried out, exported. */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/sitting.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LISTED = 1000 };

/* ---- what is printed ---- */

static const struct column sitting_columns[] = {
	{ "session", CELL_INT, false },    { "kind", CELL_TEXT, false },  { "state", CELL_TEXT, false },   { "account", CELL_TEXT, false }, { "filter", CELL_TEXT, false },
	{ "by", CELL_TEXT, false },        { "began", CELL_TIME, false }, { "touched", CELL_TIME, false }, { "rows", CELL_INT, false },     { "decided", CELL_INT, false },
	{ "done", CELL_INT, false },       { "next", CELL_INT, false },   { "ended", CELL_TIME, true },    { "whence", CELL_TEXT, true },   { "digest", CELL_TEXT, true },
	{ "audit_row", CELL_INT, true },   { "audit_head", CELL_TEXT, true },
};

static void put_sitting(struct sheet *t, const struct sitting *it)
{
	put_int(t, it->id);
	put_text(t, it->kind);
	put_text(t, it->state);
	put_text(t, it->account_name);
	put_text(t, it->filter);
	put_text(t, it->actor);
	put_time(t, it->made_ms);
	put_time(t, it->touched_ms);
	put_int(t, it->rows);
	put_int(t, it->decided);
	put_int(t, it->done);
	put_id(t, it->next);
	put_time(t, it->ended_ms);
	put_text(t, it->whence);
	put_text(t, it->digest);
	put_id(t, it->audit_n);
	put_text(t, it->audit_head);
}

static const struct column row_columns[] = {
	{ "row", CELL_INT, false },        { "account", CELL_TEXT, false },   { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false },
	{ "target", CELL_INT, false },     { "expected", CELL_INT, false },   { "observed", CELL_INT, false },     { "delta", CELL_INT, false },
	{ "available", CELL_INT, false },  { "cause", CELL_TEXT, false },     { "decision", CELL_TEXT, false },    { "result", CELL_TEXT, false },
	{ "now", CELL_INT, false },        { "reason", CELL_TEXT, true },     { "item", CELL_TEXT, true },         { "remap_item", CELL_TEXT, true },
	{ "pack", CELL_INT, true },        { "seen_at", CELL_TIME, true },    { "by", CELL_TEXT, true },           { "decided_at", CELL_TIME, true },
	{ "done_at", CELL_TIME, true },    { "job", CELL_INT, true },         { "offer", CELL_INT, true },         { "node", CELL_TEXT, true },
};

static void put_row(struct sheet *t, const struct sitting_row *r)
{
	put_int(t, r->n);
	put_text(t, r->account_name);
	put_text(t, r->marketplace);
	put_text(t, r->sku);
	put_units(t, r->target);
	put_units(t, r->expected);
	put_units(t, r->observed);
	put_int(t, r->delta);
	put_int(t, r->available);
	put_text(t, r->cause);
	put_text(t, r->decision);
	put_text(t, r->result);
	put_units(t, r->now_seen);
	put_text(t, r->reason);
	put_text(t, r->item_sku);
	put_text(t, r->item);
	put_int(t, r->pack);
	put_time(t, r->seen_ms);
	put_text(t, r->decided_by);
	put_time(t, r->decided_ms);
	put_time(t, r->done_ms);
	put_id(t, r->job);
	put_int(t, r->offer);
	put_text(t, r->node);
}

static enum fault print_one(struct session *s, int64_t id)
{
	struct sitting_row *row;
	struct sitting it;
	int n;
	enum fault f = sitting_get(s->store, id, s->a, &it, &s->err);

	if (!f)
		f = sitting_rows(s->store, id, 0, SITTING_MOST, s->a, &row, &n, &s->err);
	if (f)
		return f;
	sheet_record(session_sheet(s, true), "session", COLUMNS(sitting_columns));
	put_sitting(s->sheet, &it);
	sheet_table(s->sheet, "rows", COLUMNS(row_columns));
	for (int i = 0; i < n; i++)
		put_row(s->sheet, &row[i]);
	return OK;
}

static enum fault print_all(struct session *s)
{
	struct sitting *it;
	int n;
	enum fault f = sittings(s->store, false, s->o.limit && s->o.limit < LISTED ? (int)s->o.limit : LISTED, s->a, &it, &n, &s->err);

	if (f)
		return f;
	sheet_table(session_sheet(s, false), "sessions", COLUMNS(sitting_columns));
	for (int i = 0; i < n; i++)
		put_sitting(s->sheet, &it[i]);
	return OK;
}

/*
 * The rows as they are digested, then two lines: `head -n -2 FILE | sha256sum` is the first, and `tallyman audit verify` with the second says that the audit had the
 * digest then.
 */
static enum fault print_export(struct session *s, int64_t id)
{
	const char *text;
	struct sitting it;
	enum fault f = sitting_get(s->store, id, s->a, &it, &s->err);

	if (!f)
		f = sitting_text(s->store, id, s->a, &text, &s->err);
	if (f)
		return f;
	if (strcmp(it.state, "ENDED"))
		return err_set(&s->err, FAULT_REFUSED, "session %lld is not at its end: %lld of its %lld rows are carried out; `tallyman session settle %lld` goes on", (long long)id, (long long)it.done, (long long)it.rows, (long long)id);
	fputs(text, stdout);
	printf("sha256 %s\naudit --rows %lld --head %s\n", it.digest, (long long)it.audit_n, it.audit_head);
	return fflush(stdout) ? err_set(&s->err, FAULT_REFUSED, "what was printed did not all arrive: is the disk full?") : OK;
}

/* ---- what is decided ---- */

static const char *whence(struct session *s)
{
	char host[80] = "?";
	const char *tty = ttyname(STDERR_FILENO);

	if (gethostname(host, sizeof host - 1))
		host[0] = '?';
	return arena_printf(s->a, "%s@%s", tty ? tty : "no terminal", host);
}

static struct intent intent_of(struct session *s, const char *action)
{
	struct intent in = { .kind = INTENT_SITTING, .payload = fields_new(s->a), .subject = "" };

	fields_put(&in.payload, "action", action);
	fields_put(&in.payload, "whence", whence(s));
	return in;
}

static int begin(struct session *s, const char *kind, int first)
{
	struct intent in = intent_of(s, "begin");
	struct buf filter = buf_new(s->a);

	fields_put(&in.payload, "kind", kind);
	fields_put(&in.payload, "account", s->o.account);
	buf_puts(&filter, "");
	for (int i = first; i < s->o.words; i++)
		buf_printf(&filter, "%s%s", i > first ? " " : "", s->o.word[i]);
	fields_put(&in.payload, "filter", filter.p);
	return intent_run(s, &in);
}

static int on_session(struct session *s, const char *action, int64_t id)
{
	struct intent in = intent_of(s, action);

	fields_put_int(&in.payload, "session", id);
	return intent_run(s, &in);
}

static int decide(struct session *s, int64_t id)
{
	struct intent in = intent_of(s, "decide");
	const char *verdict = s->o.words > 3 ? s->o.word[3] : "";
	int64_t row;

	if (s->o.words < 4 || s->o.words > 5 || !text_int(s->o.word[2], 1, INT64_MAX, &row) || (s->o.words == 5) != !strcmp(verdict, "remap"))
		return session_leave(s, command_misused("session", "decide SESSION ROW accept|push|hold|ignore|none, or remap SKU"));
	fields_put_int(&in.payload, "session", id);
	fields_put_int(&in.payload, "row", row);
	fields_put(&in.payload, "verdict", verdict);
	fields_put(&in.payload, "reason", s->o.reason);
	if (s->o.words == 5)
		fields_put(&in.payload, "item", s->o.word[4]);
	if (s->o.pack > 0)
		fields_put_int(&in.payload, "pack", s->o.pack);
	return intent_run(s, &in);
}

static int settle(struct session *s, int64_t id)
{
	struct intent in = { .kind = INTENT_SETTLE, .payload = fields_new(s->a), .subject = arena_printf(s->a, "session:%lld", (long long)id) };

	fields_put_int(&in.payload, "session", id);
	return intent_run(s, &in);
}

static int run(struct session *s, const char *word, int64_t id)
{
	if (!strcmp(word, "begin"))
		return begin(s, "manual", 1);
	if (!strcmp(word, "show"))
		return session_end(s, print_one(s, id));
	if (!strcmp(word, "decide"))
		return decide(s, id);
	if (!strcmp(word, "settle"))
		return settle(s, id);
	if (!strcmp(word, "leave"))
		return on_session(s, "leave", id);
	if (!strcmp(word, "export"))
		return session_end(s, print_export(s, id));
	return session_end(s, print_all(s));
}

int cmd_session(int argc, char **argv)
{
	struct session s;
	const char *word;
	int64_t id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_CONFIRM | TAKES_REASON | TAKES_ACCOUNT | TAKES_PACK, 0, -1, &s);

	if (status >= 0)
		return status;
	word = !s.o.words ? "list" : s.o.words == 1 && text_int(s.o.word[0], 1, INT64_MAX, &id) ? "show" : s.o.word[0];
	if (strcmp(word, "list") && strcmp(word, "begin") && strcmp(word, "show") && strcmp(word, "decide") && strcmp(word, "settle") && strcmp(word, "leave") &&
	    strcmp(word, "export"))
		return session_leave(&s, command_misused("session", "begin, list, show, decide, settle, leave or export"));
	if (!id && strcmp(word, "list") && strcmp(word, "begin") && (s.o.words < 2 || !text_int(s.o.word[1], 1, INT64_MAX, &id)))
		return session_leave(&s, command_misused("session", "which session? its number, as `tallyman session list` has it"));
	status = session_store(&s);
	return status >= 0 ? status : run(&s, word, id);
}

/* Go on with the review that is open, else begin one. */
int cmd_review(int argc, char **argv)
{
	struct session s;
	struct sitting *it;
	int n;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_ACCOUNT, 0, 0, &s);

	if (status >= 0)
		return status;
	if (sittings(s.store, true, LISTED, s.a, &it, &n, &s.err))
		return session_end(&s, FAULT_STORE);
	for (int i = 0; i < n; i++)
		if (!strcmp(it[i].kind, "review"))
			return session_end(&s, print_one(&s, it[i].id));
	return begin(&s, "review", 0);
}
