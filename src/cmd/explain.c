/*
 * tallyman explain, timeline: why a number is what it is, and how it came to be.
 */
#include "cmd/print.h"
#include "cmd/session.h"
#include "cmd/timeline.h"
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
	return err_set(&s->err, FAULT_REFUSED, "there is no SKU or order %.80s here: `tallyman find` looks among all other numbers", id);
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
	{ "offer_sku", CELL_TEXT, true },
};

static void put_reason(struct session *s, const struct reason *r)
{
	struct sheet *t = s->sheet;

	for (int k = 0; k < r->n; k++) {
		put_text(t, r->offer->account_name);
		put_text(t, r->offer->marketplace);
		put_text(t, r->term[k].name);
		put_text(t, r->term[k].value);
		put_text(t, r->term[k].origin);
		put_time(t, r->term[k].at_ms);
		put_id(t, r->term[k].attempt_id);
		put_int(t, r->offer->id);
		put_text(t, r->offer->sku);
	}
}

/* An item's own equation, then what each offer makes of it. */
static enum fault explain_item(struct session *s, const struct found *what)
{
	struct reasons why;

	if (item_reasons(s->store, what->id, s->now_ms, s->a, &why, &s->err))
		return s->err.fault;
	put_head(s, what);
	put_terms(s->sheet, why.term, why.n);
	sheet_table(s->sheet, "offers", COLUMNS(offer_columns));
	for (int i = 0; i < why.offers; i++)
		put_reason(s, &why.of[i]);
	return OK;
}

static enum fault explain_other(struct session *s, const struct found *what)
{
	struct term *term;
	int n;

	if (what->kind == FOUND_ORDER ? order_explain(s->store, what->id, s->now_ms, s->a, &term, &n, &s->err)
	                              : offer_explain(s->store, what->id, s->now_ms, s->a, &term, &n, &s->err))
		return s->err.fault;
	put_head(s, what);
	put_terms(s->sheet, term, n);
	return OK;
}

int cmd_explain(int argc, char **argv)
{
	struct session s;
	struct found what;
	enum fault f;
	int status = session_open(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	f = subject_found(&s, s.o.word[0], &what);
	if (!f)
		f = what.kind == FOUND_ITEM ? explain_item(&s, &what) : explain_other(&s, &what);
	return session_end(&s, f);
}

static enum fault tell_it(struct session *s, const struct found *what, const struct span *span)
{
	struct event *event;
	int n;

	if (what->kind == FOUND_ITEM) {
		put_head(s, what);
		return put_life(s, what->id, span);
	}
	if (what->kind == FOUND_ORDER ? order_story(s->store, what->id, s->a, &event, &n, &s->err) : offer_story(s->store, what->id, s->a, &event, &n, &s->err))
		return s->err.fault;
	put_head(s, what);
	put_events(s->sheet, event, n);
	return OK;
}

int cmd_timeline(int argc, char **argv)
{
	struct session s;
	struct span span;
	struct found what;
	enum fault f;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_SPAN, 1, 1, &s);

	if (status >= 0)
		return status;
	status = span_read(&s, &span);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	f = subject_found(&s, s.o.word[0], &what);
	return session_end(&s, f ? f : tell_it(&s, &what, &span));
}
