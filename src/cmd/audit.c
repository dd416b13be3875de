/* tallyman audit: who did what, and does the chain of it still hold? */
#include "cmd/notice.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "engine/anchor.h"
#include "trade/audit.h"
#include "trade/bundle.h"
#include "trade/effects.h"

#include <inttypes.h>
#include <string.h>

static const struct column columns[] = {
	{ "result", CELL_TEXT, false },
	{ "rows", CELL_INT, false },
	{ "effects", CELL_INT, false }, /* requests that wrote something, and are what the chain holds of them */
	{ "head", CELL_TEXT, false }, /* to be written down elsewhere, and given back as --head */
	{ "anchored", CELL_INT, false }, /* the row that the anchor outside the store knows; nothing: there is none that can be read */
};

static const struct column row_columns[] = {
	{ "row", CELL_INT, false }, { "at", CELL_TIME, false }, { "who", CELL_TEXT, false }, { "what", CELL_TEXT, false }, { "of", CELL_TEXT, false },
	{ "detail", CELL_TEXT, true }, { "hash", CELL_TEXT, true },
};

/* Decisions, newest first; with --all the rows that seal what was said as well. */
static enum fault print_rows(struct session *s)
{
	struct pager p = pager_new(s->o.limit);
	struct audit_ask ask = { .people = !s->o.all, .find = s->o.find };
	struct audit_row *r;
	bool more;
	int n = 0;
	enum fault f = OK;

	sheet_table(session_sheet(s, false), "audit", COLUMNS(row_columns));
	while (!f && pager_more(&p, n)) {
		ask.n = p.want;
		f = audit_page(s->store, &ask, p.page, &r, &n, &more, &s->err);
		for (int i = 0; i < n && !f; i++) {
			put_int(s->sheet, r[i].n);
			put_time(s->sheet, r[i].at_ms);
			put_text(s->sheet, r[i].actor);
			put_text(s->sheet, r[i].action);
			put_text(s->sheet, r[i].subject);
			put_text(s->sheet, r[i].detail);
			put_text(s->sheet, r[i].hash);
		}
		ask.before = n ? r[n - 1].n : 0;
	}
	pager_end(&p);
	return f;
}

/* What was anchored outside the store is compared with, unless something else was named. false: nothing is known. */
static bool read_anchor(struct session *s, struct anchor *out)
{
	const char *path = anchor_path(s->a, s->set.config, s->set.profile, s->set.store);
	bool there = false;

	return path && !anchor_read(path, out, &there, NULL) && there;
}

/* A part of a chain proves nothing: the whole is looked at where the bundle was made. */
static enum fault refuse_bundle(struct session *s)
{
	int64_t n;
	char head[65];

	return bundle_audit(s->store, &n, head, &s->err)
	               ? FAULT_STORE
	               : err_set(&s->err, FAULT_REFUSED, "a bundle has only a part of the audit. It was made at row %" PRId64 "; there: tallyman audit verify --rows %" PRId64 " --head %s", n, n, head);
}

static enum fault verify(struct session *s)
{
	struct sheet *t;
	char head[65];
	int64_t rows, effects = 0;
	struct anchor kept;
	bool own = !s->o.at && !s->o.head && s->o.rows < 0 && read_anchor(s, &kept); /* the past ends before today's */
	enum fault f = s->set.bundle ? refuse_bundle(s) : OK;

	if (f)
		return f;
	f = audit_verify(s->store, own ? kept.n : s->o.rows, own ? kept.head : s->o.head, &rows, head, &s->err);

	if (!f)
		f = effects_verify(s->store, &effects, &s->err);
	if (f)
		return f;
	t = session_sheet(s, false);
	sheet_record(t, "audit", COLUMNS(columns));
	put_text(t, "unbroken");
	put_int(t, rows);
	put_int(t, effects);
	put_text(t, head);
	if (own)
		put_int(t, kept.n);
	else
		put_none(t);
	return OK;
}

int cmd_audit(int argc, char **argv)
{
	struct session s;
	bool rows;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_ANCHOR | TAKES_ALL | TAKES_FIND | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	rows = !s.o.words || !strcmp(s.o.word[0], "list");
	if (!rows && strcmp(s.o.word[0], "verify"))
		return session_leave(&s, command_misused("audit", "its rows are listed, or verified"));
	if (s.o.head && s.o.rows < 0)
		return session_leave(&s, command_misused("audit", "--head is the hash of row --rows: give both"));
	status = session_store(&s);
	return status >= 0 ? status : session_end(&s, rows ? print_rows(&s) : verify(&s));
}

/* A store that was put back from a copy may write again: a person has compared it with the marketplaces. */
int cmd_release(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_REASON | TAKES_CONFIRM, 0, 0, &s);

	if (status >= 0)
		return status;
	in = (struct intent){ .kind = INTENT_RELEASE, .payload = fields_new(s.a) };
	return intent_run(&s, &in);
}
