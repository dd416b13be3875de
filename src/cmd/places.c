/*
 * tallyman places, conflicts: where stock lies and who tells of it; where those who tell differ.
 */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/conflicts.h"
#include "trade/places.h"

#include <string.h>

enum { SHOWN = 500 };

static const struct column place_columns[] = {
	{ "place", CELL_TEXT, false },     { "kind", CELL_TEXT, false },  { "included", CELL_FLAG, false }, { "in_use", CELL_FLAG, false },
	{ "stale", CELL_FLAG, false },     { "sells", CELL_FLAG, false }, { "heard", CELL_TIME, false },    { "max_age_min", CELL_INT, false },
	{ "items", CELL_INT, false },      { "units", CELL_INT, false },  { "serves", CELL_TEXT, false },   { "told_by", CELL_TEXT, false },
	{ "node", CELL_TEXT, true },       { "id", CELL_INT, true },      { "off_sale", CELL_TIME, true },  { "held_until", CELL_TIME, true },
	{ "held_by", CELL_TEXT, true },
};

/* A marketplace tells that a place is there and not what lies in it: that is not none, it is not known. */
static void put_goods(struct sheet *t, const struct place_row *p)
{
	if (!p->heard_ms && !p->items) {
		put_none(t);
		put_none(t);
		return;
	}
	put_int(t, p->items);
	put_int(t, p->units);
}

/* name: of that one alone; NULL: all. */
static enum fault print_places(struct session *s, const char *name)
{
	struct place_row *p;
	int64_t only = 0;
	int n;
	enum fault f = name ? place_find(s->store, name, &only, &s->err) : OK;

	if (!f)
		f = places_list(s->store, s->a, &p, &n, &s->err);
	if (f)
		return f;

	sheet_table(session_sheet(s, false), "places", COLUMNS(place_columns));
	for (int i = 0; i < n; i++) {
		if (only && p[i].id != only)
			continue;
		put_text(s->sheet, p[i].name);
		put_text(s->sheet, p[i].kind);
		put_flag(s->sheet, p[i].counts);
		put_flag(s->sheet, p[i].active);
		put_flag(s->sheet, p[i].stale);
		put_flag(s->sheet, p[i].sells);
		put_time(s->sheet, p[i].heard_ms);
		put_int(s->sheet, p[i].max_age_ms / 60000);
		put_goods(s->sheet, &p[i]);
		put_text(s->sheet, p[i].serves);
		put_text(s->sheet, p[i].told_by);
		put_text(s->sheet, p[i].node);
		put_int(s->sheet, p[i].id);
		put_time(s->sheet, p[i].due_ms);
		put_time(s->sheet, p[i].held_ms);
		put_text(s->sheet, p[i].held_by);
	}
	return OK;
}

static int misused(struct session *s, const char *text)
{
	return session_leave(s, command_misused("places", "%s", text));
}

static int run_set(struct session *s)
{
	struct intent in = { .kind = INTENT_PLACE, .payload = fields_new(s->a), .subject = "" };

	if (s->o.words < 3)
		return misused(s, "set wants a place and at least one KEY=VALUE");
	fields_put(&in.payload, "place", s->o.word[1]);
	for (int i = 2; i < s->o.words; i++) {
		if (!strchr(s->o.word[i], '='))
			return misused(s, "include=on|off, max_age=MINUTES, serves=\"ACCOUNT...\", node=NODE, kind=KIND, source=ACCOUNT:CODE");
		fields_put(&in.payload, "set", s->o.word[i]);
	}
	return intent_run(s, &in);
}

static int run_hold(struct session *s, const char *what)
{
	struct intent in = { .kind = INTENT_PLACE, .payload = fields_new(s->a), .subject = "" };
	int64_t qty;

	if (s->o.words != 4 || !text_int(s->o.word[3], 0, 999999, &qty))
		return misused(s, "a place, a SKU and a whole number from 0 to 999999");
	fields_put(&in.payload, "place", s->o.word[1]);
	fields_put(&in.payload, "sku", s->o.word[2]);
	fields_put(&in.payload, "what", what);
	fields_put_int(&in.payload, "qty", qty);
	return intent_run(s, &in);
}

int cmd_places(int argc, char **argv)
{
	struct session s;
	const char *word;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_REASON, 0, -1, &s);

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "";
	if (!strcmp(word, "set"))
		return run_set(&s);
	if (!strcmp(word, "hold") || !strcmp(word, "move"))
		return run_hold(&s, *word == 'h' ? "held" : "moving");
	if (s.o.words > 1)
		return misused(&s, "a place alone, or set, hold, move");
	return session_end(&s, print_places(&s, s.o.words ? word : NULL));
}

/* ---- conflicts ---- */

static const struct column conflict_columns[] = {
	{ "sku", CELL_TEXT, false },       { "place", CELL_TEXT, false },    { "owner", CELL_TEXT, false },     { "says", CELL_INT, false },
	{ "other", CELL_TEXT, false },     { "says_other", CELL_INT, false }, { "delta", CELL_INT, false },     { "believed", CELL_INT, false },
	{ "cause", CELL_TEXT, false },     { "since", CELL_TIME, false },    { "why", CELL_TEXT, false },       { "owner_was", CELL_INT, true },
	{ "other_was", CELL_INT, true },   { "owner_at", CELL_TIME, true },  { "other_at", CELL_TIME, true },   { "id", CELL_INT, true },
};

static void put_was(struct sheet *t, int64_t was, bool kept)
{
	if (kept)
		put_int(t, was);
	else
		put_none(t);
}

static enum fault print_conflicts(struct session *s, int64_t item)
{
	struct conflict *k;
	int n;
	enum fault f = conflicts_list(s->store, item, s->o.limit && s->o.limit < SHOWN ? (int)s->o.limit : SHOWN, s->a, &k, &n, &s->err);

	sheet_table(session_sheet(s, false), "conflicts", COLUMNS(conflict_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(s->sheet, k[i].sku);
		put_text(s->sheet, k[i].place);
		put_text(s->sheet, k[i].owner);
		put_int(s->sheet, k[i].free);
		put_text(s->sheet, k[i].other);
		put_int(s->sheet, k[i].other_free);
		put_int(s->sheet, k[i].free - k[i].other_free);
		put_int(s->sheet, k[i].decided);
		put_text(s->sheet, k[i].cause);
		put_time(s->sheet, k[i].since_ms);
		put_text(s->sheet, k[i].why);
		put_was(s->sheet, k[i].owner_was, k[i].owner_kept);
		put_was(s->sheet, k[i].other_was, k[i].other_kept);
		put_time(s->sheet, k[i].owner_ms);
		put_time(s->sheet, k[i].other_ms);
		put_int(s->sheet, k[i].id);
	}
	return f;
}

int cmd_conflicts(int argc, char **argv)
{
	struct session s;
	int64_t item = 0;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && one_found(&s, s.o.word[0], FOUND_ITEM, "item", &item))
		return session_end(&s, FAULT_REFUSED);
	return session_end(&s, print_conflicts(&s, item));
}
