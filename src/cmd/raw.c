/*
 * tallyman raw: the bytes behind a value, as they crossed the wire. They are sealed, so the engine shows them; what
 * is personal in them it masks.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/bundle.h"
#include "trade/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct column columns[] = {
	{ "part", CELL_TEXT, false }, /* request, reply */
	{ "body", CELL_INT, false },
	{ "text", CELL_TEXT, false },
};

/* A body comes in pieces as large as a message allows; a bundle has it in the open. */
enum fault body_fetch(struct session *s, int64_t body, struct buf *out, bool *json)
{
	const char *kept = NULL;
	int64_t total = 1;

	*json = s->set.bundle; /* nothing else is taken into one */
	if (s->set.bundle) {
		if (bundle_body_text(s->store, body, s->a, &kept, &s->err))
			return FAULT_STORE;
		if (!kept)
			return err_set(&s->err, FAULT_REFUSED, "these bytes are not in the bundle: they are where it was made, `tallyman raw` there shows them");
		buf_puts(out, kept);
		return OK;
	}
	while ((int64_t)out->len < total) {
		struct intent in = { .kind = INTENT_REVEAL, .payload = fields_new(s->a), .subject = "", .digest = "", .typed = "", .why = "" };
		struct answered a = { 0 };
		const char *piece;

		fields_put_int(&in.payload, "body", body);
		fields_put_int(&in.payload, "offset", (int64_t)out->len);
		if (intent_send(s, &in, &a))
			return s->err.fault;
		if (!a.done)
			return err_set(&s->err, FAULT_REFUSED, "%.220s", a.text);
		piece = fields_get(&a.all, "body", "");
		total = fields_int(&a.all, "total", 0);
		*json = fields_int(&a.all, "json", 0) == 1;
		if (!*piece)
			break; /* shorter than it said: show what there is */
		buf_puts(out, piece);
	}
	return OK;
}

/* For a person: line by line, each cleaned; a tab is a space. */
static void print_lines(const char *text)
{
	char line[4096], clean[8192];

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n"), take = text_take(p, n, sizeof line - 1);

		snprintf(line, sizeof line, "%.*s", (int)take, p);
		for (char *t = line; *t; t++)
			if (*t == '\t')
				*t = ' ';
		text_clean(clean, sizeof clean, line);
		puts(clean);
		p += take;
		p += take == n && *p == '\n';
	}
}

static enum fault print_part(struct session *s, const char *part, int64_t body)
{
	struct buf text = buf_new(s->a);
	bool json;

	if (!body)
		return OK;
	if (body_fetch(s, body, &text, &json))
		return s->err.fault;
	if (s->o.shape == SHAPE_TABLE) {
		printf("%s, body %" PRId64 ":\n", part, body);
		print_lines(text.len ? text.p : "(empty)");
		return OK;
	}
	put_text(s->sheet, part);
	put_int(s->sheet, body);
	put_text(s->sheet, text.len ? text.p : "");
	return OK;
}

int cmd_raw(int argc, char **argv)
{
	struct session s;
	struct attempt a;
	int64_t id;
	enum fault f;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words)
		return session_end(&s, attempts_print(&s, 0));
	f = text_int(s.o.word[0], 1, INT64_MAX, &id) ? OK : one_found(&s, s.o.word[0], FOUND_ATTEMPT, "attempt", &id);
	if (!f)
		f = attempt_get(s.store, id, s.a, &a, &s.err);
	if (!f && !a.request_id && !a.reply_id)
		f = err_set(&s.err, FAULT_REFUSED, "of attempt %" PRId64 " no bytes were kept: a call for a token leaves none, and those of a poll go after [raw] retain_days", id);
	if (!f && s.o.shape != SHAPE_TABLE)
		sheet_table(session_sheet(&s, false), "raw", COLUMNS(columns));
	if (!f)
		f = print_part(&s, "request", a.request_id);
	if (!f)
		f = print_part(&s, "reply", a.reply_id);
	return session_end(&s, f);
}
