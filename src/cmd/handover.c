/* tallyman handover: what a shift leaves to the next; signing it over, taking it, and what was signed before. */
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/handover.h"

#include <inttypes.h>
#include <string.h>

enum { LISTED = 1000 };

static const struct column shift_columns[] = {
	{ "from", CELL_TIME, false }, { "to", CELL_TIME, false }, { "verdict", CELL_TEXT, false }, { "audit_row", CELL_INT, false }, { "audit_head", CELL_TEXT, false },
};

static const struct column line_columns[] = {
	{ "part", CELL_TEXT, false }, { "level", CELL_TEXT, false }, { "at", CELL_TIME, false }, { "text", CELL_TEXT, false }, { "pane", CELL_TEXT, true }, { "subject", CELL_TEXT, true },
};

static const struct column figure_columns[] = {
	{ "number", CELL_TEXT, false }, { "this_shift", CELL_INT, false }, { "the_last", CELL_INT, false }, { "a_week_ago", CELL_INT, false },
};

static enum fault print_draft(struct session *s)
{
	struct handover h;
	enum fault f = handover_read(s->store, s->now_ms, s->a, &h, &s->err);
	struct sheet *t;

	if (f)
		return f;
	t = session_sheet(s, true);
	sheet_record(t, "shift", COLUMNS(shift_columns));
	put_time(t, h.from_ms);
	put_time(t, h.to_ms);
	put_text(t, h.verdict);
	put_int(t, h.audit_n);
	put_text(t, h.audit_head);
	sheet_table(t, "lines", COLUMNS(line_columns));
	for (int i = 0; i < h.n; i++) {
		put_text(t, hand_part_title(h.line[i].part));
		put_text(t, h.line[i].level);
		put_time(t, h.line[i].at_ms);
		put_text(t, h.line[i].text);
		put_text(t, h.line[i].pane);
		put_text(t, h.line[i].subject);
	}
	sheet_table(t, "numbers", COLUMNS(figure_columns));
	for (int i = 0; i < HAND_FIGURES; i++) {
		put_text(t, h.figure[i].name);
		put_int(t, h.figure[i].now);
		put_int(t, h.figure[i].before);
		put_int(t, h.figure[i].week);
	}
	return OK;
}

static const struct column signed_columns[] = {
	{ "handover", CELL_TEXT, false }, { "from", CELL_TIME, false },  { "to", CELL_TIME, false },      { "by", CELL_TEXT, false },      { "heir", CELL_TEXT, false },
	{ "taken_by", CELL_TEXT, false }, { "taken", CELL_TIME, false }, { "hash", CELL_TEXT, true }, { "audit_row", CELL_INT, true }, { "audit_head", CELL_TEXT, true },
};

static void put_signed(struct session *s, const struct handed *h)
{
	put_text(s->sheet, arena_printf(s->a, "H-%" PRId64, h->id));
	put_time(s->sheet, h->from_ms);
	put_time(s->sheet, h->to_ms);
	put_text(s->sheet, h->actor);
	put_text(s->sheet, h->heir);
	put_text(s->sheet, h->taken_by);
	put_time(s->sheet, h->taken_ms);
	put_text(s->sheet, h->hash);
	put_int(s->sheet, h->audit_n);
	put_text(s->sheet, h->audit_head);
}

static enum fault print_list(struct session *s)
{
	struct handed *h;
	int n;
	enum fault f = handed_page(s->store, s->o.limit && s->o.limit < LISTED ? (int)s->o.limit : LISTED, s->a, &h, &n, &s->err);

	sheet_table(session_sheet(s, false), "handovers", COLUMNS(signed_columns));
	for (int i = 0; i < n && !f; i++)
		put_signed(s, &h[i]);
	return f;
}

/* What was signed, line by line as it was. */
static enum fault print_signed(struct session *s, int64_t id)
{
	static const struct column columns[] = { { "report", CELL_TEXT, false } };
	struct handed h;
	enum fault f = handed_get(s->store, id, s->a, &h, &s->err);
	const char *line = f ? "" : h.report;

	if (f)
		return f;
	sheet_table(session_sheet(s, true), "handovers", COLUMNS(signed_columns));
	put_signed(s, &h);
	sheet_table(s->sheet, "report", COLUMNS(columns));
	for (size_t n; *line; line += n + (line[n] == '\n')) {
		n = strcspn(line, "\n");
		if (n)
			put_text(s->sheet, arena_strndup(s->a, line, n));
	}
	return OK;
}

static int send(struct session *s, const char *key, const char *value)
{
	struct intent in = { .kind = INTENT_HANDOVER, .payload = fields_new(s->a), .subject = "" };

	fields_put(&in.payload, key, value);
	return intent_run(s, &in);
}

/* "H-3" or 3. */
static bool read_id(const char *word, int64_t *id)
{
	return text_int(strncmp(word, "H-", 2) ? word : word + 2, 1, INT64_MAX, id);
}

static const char *rest_of(struct session *s)
{
	struct buf b = buf_new(s->a);

	buf_puts(&b, "");
	for (int i = 1; i < s->o.words; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", s->o.word[i]);
	return b.p;
}

static int note(struct session *s)
{
	struct intent in = { .kind = INTENT_NOTE, .payload = fields_new(s->a), .subject = "handover" };

	fields_put(&in.payload, "subject", "handover");
	fields_put(&in.payload, "text", rest_of(s));
	return intent_run(s, &in);
}

int cmd_handover(int argc, char **argv)
{
	struct session s;
	const char *word;
	int64_t id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, -1, &s);
	bool numbered, rest;

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "";
	numbered = !strcmp(word, "take") || !strcmp(word, "show");
	rest = !strcmp(word, "sign") || !strcmp(word, "note");
	if (s.o.words == 1 && read_id(word, &id))
		word = "show";
	else if ((*word && !numbered && !rest && strcmp(word, "list")) || (numbered && (s.o.words != 2 || !read_id(s.o.word[1], &id))) || (rest && s.o.words < 2))
		return session_leave(&s, command_misused("handover", "nothing, or list, show H-N, sign NAME, take H-N, note TEXT"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (!strcmp(word, "take"))
		return send(&s, "take", arena_printf(s.a, "%" PRId64, id));
	if (!strcmp(word, "sign"))
		return send(&s, "to", rest_of(&s));
	if (!strcmp(word, "note"))
		return note(&s);
	return session_end(&s, !strcmp(word, "show") ? print_signed(&s, id) : *word ? print_list(&s) : print_draft(&s));
}
