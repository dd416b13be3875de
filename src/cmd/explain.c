/*
 * tallyman explain, timeline: why a number is what it is, and how it came to be.
 */
#include "cmd/print.h"
#include "cmd/session.h"
#include "trade/offers.h"

#include <string.h>

/* The order, item or unmapped offer that an id names. */
static enum fault subject_found(struct session *s, const char *id, struct found *out)
{
	struct found *found;
	int n, hits = 0;
	enum fault f = find_id(s->store, id, s->a, &found, &n, &s->err);

	for (int i = 0; i < n && !f; i++)
		if (found[i].kind == FOUND_ITEM || found[i].kind == FOUND_ORDER || found[i].kind == FOUND_OFFER)
			if (!hits++)
				*out = found[i];
	if (f)
		return f;
	if (hits == 1)
		return OK;
	if (hits)
		return err_set(&s->err, FAULT_REFUSED, "%.80s is the name of several things: tallyman find says which; then order:N, item:N or offer:N", id);
	return err_set(&s->err, FAULT_REFUSED, "there is no SKU or order %.80s here", id);
}

static const struct column head_columns[] = {
	{ "is", CELL_TEXT, false },
	{ "id", CELL_INT, false },
	{ "words", CELL_TEXT, false },
};

static void put_head(struct session *s, const struct found *what)
{
	struct sheet *t = session_sheet(s, true);

	sheet_record(t, "subject", COLUMNS(head_columns));
	put_text(t, what->kind == FOUND_ORDER ? "order" : what->kind == FOUND_OFFER ? "offer" : "item");
	put_int(t, what->id);
	put_text(t, what->words);
}

static const struct column offer_columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "term", CELL_TEXT, false },   { "value", CELL_TEXT, false },
	{ "origin", CELL_TEXT, false },  { "at", CELL_TIME, false },          { "attempt", CELL_INT, false }, { "offer", CELL_INT, true },
};

/* An item's own equation, then what each offer makes of it. */
static enum fault explain_offers(struct session *s, int64_t item)
{
	struct sheet *t = s->sheet;
	struct offer *offer;
	int n;
	enum fault f = offers_list(s->store, item, 0, 0, 500, s->a, &offer, &n, &s->err);

	sheet_table(t, "offers", COLUMNS(offer_columns));
	for (int i = 0; i < n && !f; i++) {
		struct term *term;
		int terms, from = 0;

		f = offer_explain(s->store, offer[i].id, s->now_ms, s->a, &term, &terms, &s->err);
		for (int k = 0; k < terms; k++)
			if (!strcmp(term[k].name, "= available"))
				from = k + 1; /* what comes before is the item's own, said above */
		for (int k = from; k < terms && !f; k++) {
			put_text(t, offer[i].account_name);
			put_text(t, offer[i].marketplace);
			put_text(t, term[k].name);
			put_text(t, term[k].value);
			put_text(t, term[k].origin);
			put_time(t, term[k].at_ms);
			put_attempt(t, term[k].attempt_id);
			put_int(t, offer[i].id);
		}
	}
	return f;
}

static enum fault explain_it(struct session *s, const struct found *what, struct term **term, int *n)
{
	if (what->kind == FOUND_ORDER)
		return order_explain(s->store, what->id, s->now_ms, s->a, term, n, &s->err);
	if (what->kind == FOUND_OFFER)
		return offer_explain(s->store, what->id, s->now_ms, s->a, term, n, &s->err);
	return item_explain(s->store, what->id, s->now_ms, s->a, term, n, &s->err);
}

int cmd_explain(int argc, char **argv)
{
	struct session s;
	struct found what;
	struct term *term;
	enum fault f;
	int n, status = session_open(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	f = subject_found(&s, s.o.word[0], &what);
	if (!f)
		f = explain_it(&s, &what, &term, &n);
	if (!f) {
		put_head(&s, &what);
		put_terms(s.sheet, term, n);
		if (what.kind == FOUND_ITEM)
			f = explain_offers(&s, what.id);
	}
	return session_end(&s, f);
}

static enum fault tell_it(struct session *s, const struct found *what, struct event **event, int *n)
{
	if (what->kind == FOUND_ORDER)
		return order_story(s->store, what->id, s->a, event, n, &s->err);
	if (what->kind == FOUND_OFFER)
		return offer_story(s->store, what->id, s->a, event, n, &s->err);
	return item_story(s->store, what->id, s->a, event, n, &s->err);
}

int cmd_timeline(int argc, char **argv)
{
	struct session s;
	struct found what;
	struct event *event;
	enum fault f;
	int n, status = session_open(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	f = subject_found(&s, s.o.word[0], &what);
	if (!f)
		f = tell_it(&s, &what, &event, &n);
	if (!f) {
		put_head(&s, &what);
		put_events(s.sheet, event, n);
	}
	return session_end(&s, f);
}
