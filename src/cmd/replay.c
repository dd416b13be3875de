/*
 * tallyman replay: the decisions of yesterday once more, from what was known at each moment, by today's rules or others: every one that would come out
 * differently. Nothing is written.
 */
#include "cmd/changed.h"
#include "cmd/print.h"
#include "cmd/timeline.h"
#include "trade/redecide.h"

#include <string.h>

enum { DAY_MS = 86400000, MOST = 1000 };

static const struct column columns[] = {
	{ "at", CELL_TIME, false },   { "sku", CELL_TEXT, false },  { "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "available", CELL_INT, false },
	{ "was", CELL_INT, false },   { "would", CELL_INT, false }, { "delta", CELL_INT, false },    { "why", CELL_TEXT, false },         { "offer", CELL_INT, true },
};

static const struct column total_columns[] = {
	{ "from", CELL_TIME, false }, { "until", CELL_TIME, false }, { "moments", CELL_INT, false }, { "decisions", CELL_INT, false },
	{ "same", CELL_INT, false },  { "differ", CELL_INT, false }, { "all_listed", CELL_FLAG, false },
};

static void put_one(struct sheet *t, const struct redecision *r)
{
	put_time(t, r->at_ms);
	put_text(t, r->sku);
	put_text(t, r->account);
	put_text(t, r->marketplace);
	put_int(t, r->available);
	put_units(t, r->was);
	put_int(t, r->would);
	put_int(t, r->would - (r->was < 0 ? 0 : r->was));
	put_text(t, r->words);
	put_int(t, r->offer);
}

static void print_all(struct session *s, const struct span *span, const struct redecided *d)
{
	struct sheet *t = session_sheet(s, true);

	sheet_table(t, "decisions", COLUMNS(columns));
	for (int i = 0; i < d->n; i++)
		put_one(t, &d->of[i]);
	sheet_record(t, "replay", COLUMNS(total_columns));
	put_time(t, span->since_ms);
	put_time(t, span->until_ms);
	put_int(t, d->moments);
	put_int(t, d->decisions);
	put_int(t, d->same);
	put_int(t, d->decisions - d->same);
	put_flag(t, !d->cut);
}

static enum fault replay(struct session *s, const struct span *span, const struct policy_book *book, int64_t item)
{
	int most = s->o.limit > 0 && s->o.limit < 1000000 ? (int)s->o.limit : MOST;
	struct store *scratch;
	struct redecided d;
	enum fault f = store_scratch(s->set.store, &scratch, &s->err);

	if (f)
		return f;
	f = redecide(scratch, book, item, span->since_ms, span->until_ms, most, s->a, &d, &s->err);
	store_close(scratch);
	if (!f)
		print_all(s, span, &d);
	return f;
}

/* A word with = in it is configuration; another one is the SKU. */
static int sort_words(struct session *s, char **word, int *n, const char **sku)
{
	*sku = NULL;
	for (int i = *n = 0; i < s->o.words; i++)
		if (strchr(s->o.word[i], '='))
			word[(*n)++] = s->o.word[i];
		else if (*sku)
			return command_misused("replay", "one SKU, or none: %.40s", s->o.word[i]);
		else
			*sku = s->o.word[i];
	return -1;
}

static int ask(struct session *s)
{
	char **word = arena_alloc(s->a, (size_t)(s->o.words + 1) * sizeof *word);
	struct span span;
	struct changed c;
	const char *sku;
	int64_t item = 0;
	enum fault f = OK;
	int n, status = sort_words(s, word, &n, &sku);

	if (status < 0)
		status = span_read(s, &span);
	if (status < 0 && s->o.at)
		status = command_misused("replay", "it goes back by itself: --since and --until");
	if (status >= 0)
		return session_leave(s, status);
	if (!span.since_ms)
		span.since_ms = span.until_ms - (s->o.days > 0 ? s->o.days : 1) * DAY_MS;
	if (sku && one_found(s, sku, FOUND_ITEM, "item", &item))
		return session_end(s, s->err.fault);
	status = changed_open(s, word, n, &c);
	if (status >= 0)
		return status;
	f = replay(s, &span, &c.after, item);
	changed_close(&c);
	return session_end(s, f);
}

int cmd_replay(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_SET | TAKES_DAYS | TAKES_SPAN | TAKES_LIMIT, 0, -1, &s);

	return status >= 0 ? status : ask(&s);
}
