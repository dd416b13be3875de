/* tallyman since: what has become another since a person was last here, or since a time. */
#include "base/clock.h"
#include "cmd/session.h"
#include "trade/handover.h"
#include "trade/logins.h"
#include "trade/scores.h"
#include "trade/since.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

static const struct column look_columns[] = { { "who", CELL_TEXT, false }, { "from", CELL_TIME, false }, { "to", CELL_TIME, false }, { "audit_row", CELL_INT, false } };

static const struct column thing_columns[] = {
	{ "fate", CELL_TEXT, false },   { "what", CELL_TEXT, false },   { "level", CELL_TEXT, false }, { "opened", CELL_TIME, false },
	{ "closed", CELL_TIME, false }, { "acted", CELL_TEXT, false }, { "text", CELL_TEXT, false },
};

static const struct column fate_columns[] = { { "fate", CELL_TEXT, false }, { "count", CELL_INT, false } };
static const struct column figure_columns[] = { { "number", CELL_TEXT, false }, { "count", CELL_INT, false } };
static const struct column line_columns[] = { { "part", CELL_TEXT, false }, { "level", CELL_TEXT, false }, { "at", CELL_TIME, false }, { "text", CELL_TEXT, false } };
static const struct column score_columns[] = { { "account", CELL_TEXT, false }, { "score", CELL_TEXT, false }, { "then", CELL_INT, false }, { "now", CELL_INT, false }, { "verdict", CELL_TEXT, false } };

static enum fault print_changes(struct session *s, int64_t from_ms)
{
	struct since x;
	enum fault f = since_read(s->store, from_ms, s->now_ms, s->a, &x, &s->err);

	sheet_table(s->sheet, "fates", COLUMNS(fate_columns));
	for (int i = 0; i < FATES && !f; i++) {
		put_text(s->sheet, fate_name((enum fate)i));
		put_int(s->sheet, x.count[i]);
	}
	sheet_table(s->sheet, "things", COLUMNS(thing_columns));
	for (int i = 0; !f && i < x.n; i++) {
		put_text(s->sheet, fate_name(x.thing[i].fate));
		put_text(s->sheet, x.thing[i].name);
		put_text(s->sheet, x.thing[i].severity);
		put_time(s->sheet, x.thing[i].opened_ms);
		put_time(s->sheet, x.thing[i].closed_ms);
		put_text(s->sheet, x.thing[i].who);
		put_text(s->sheet, x.thing[i].text);
	}
	sheet_table(s->sheet, "numbers", COLUMNS(figure_columns));
	for (int i = 0; i < SINCE_FIGURES && !f; i++) {
		put_text(s->sheet, since_figure_name((enum since_figure)i));
		put_int(s->sheet, x.figure[i]);
	}
	return f;
}

/* Who did what, what was changed, what is held and until when, what was noted. */
static enum fault print_told(struct session *s, int64_t from_ms)
{
	static const enum hand_part parts[] = { HAND_DONE, HAND_CHANGES, HAND_HELD, HAND_NOTES };
	struct handover h = { .n = 0 };
	enum fault f = handover_from(s->store, from_ms, s->now_ms, s->a, &h, &s->err);

	sheet_table(s->sheet, "lines", COLUMNS(line_columns));
	for (size_t k = 0; k < sizeof parts / sizeof *parts && !f; k++)
		for (int i = 0; i < h.n; i++) {
			if (h.line[i].part != parts[k])
				continue;
			put_text(s->sheet, hand_part_title(h.line[i].part));
			put_text(s->sheet, h.line[i].level);
			put_time(s->sheet, h.line[i].at_ms);
			put_text(s->sheet, h.line[i].text);
		}
	return f;
}

/* In hundredths of a percent, those that moved. */
static enum fault print_scores(struct session *s, int64_t from_ms)
{
	struct score_move *m;
	int n;
	enum fault f = scores_moved(s->store, from_ms, s->now_ms, s->a, &m, &n, &s->err);

	sheet_table(s->sheet, "scores", COLUMNS(score_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(s->sheet, m[i].now.account_name);
		put_text(s->sheet, m[i].now.name);
		put_int(s->sheet, score_rate(&m[i].then));
		put_int(s->sheet, score_rate(&m[i].now));
		put_text(s->sheet, score_verdict(&m[i].now));
	}
	return f;
}

static enum fault print_all(struct session *s, const struct last_look *last)
{
	enum fault f;

	session_sheet(s, true);
	sheet_record(s->sheet, "look", COLUMNS(look_columns));
	put_text(s->sheet, last->actor);
	put_time(s->sheet, last->at_ms);
	put_time(s->sheet, s->now_ms);
	put_int(s->sheet, last->audit_n);
	f = print_changes(s, last->at_ms);
	if (!f)
		f = print_told(s, last->at_ms);
	return f ? f : print_scores(s, last->at_ms);
}

/* "jo", or a time; nothing: who asks. */
static enum fault find_look(struct session *s, struct last_look *last)
{
	const char *word = s->o.words ? s->o.word[0] : "";
	struct looker who = { .before_ms = s->now_ms, .sits = true };
	enum fault f;

	*last = (struct last_look){ .actor = "" };
	if (isdigit((unsigned char)*word)) {
		if (time_parse(word, &last->at_ms) || last->at_ms > s->now_ms)
			return err_set(&s->err, FAULT_REFUSED, "%.40s is no time before now as 2026-11-20T07:58:00Z, with its zone", word);
		return OK;
	}
	who.name = word;
	who.actor = *word ? NULL : login_actor(getuid(), 0, s->a);
	f = last_look(s->store, &who, s->a, last, &s->err);
	if (!f && !last->at_ms)
		f = err_set(&s->err, FAULT_REFUSED, "%.60s was not here before: say since when, as 2026-11-20T07:58:00Z", *word ? word : who.actor);
	return f;
}

int cmd_since(int argc, char **argv)
{
	struct session s;
	struct last_look last;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);
	enum fault f;

	if (status >= 0)
		return status;
	f = find_look(&s, &last);
	return session_end(&s, f ? f : print_all(&s, &last));
}
