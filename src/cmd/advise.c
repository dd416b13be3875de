/*
 * tallyman advise: the recommended buffer beside the configured one. It suggests; it changes nothing.
 */
#include "cmd/changed.h"
#include "cmd/print.h"
#include "base/text.h"
#include "channels/channel.h"
#include "trade/accounts.h"
#include "trade/advice.h"
#include "trade/latency.h"

#include <string.h>

enum { MINUTE_MS = 60000, LATENCY = 15 };

static const struct column account_columns[] = {
	{ "account", CELL_TEXT, false }, { "latency_min", CELL_INT, false }, { "latency_by", CELL_TEXT, false }, { "offers", CELL_INT, false },
	{ "too_little", CELL_INT, false }, /* offers of which less is kept back than advised */
	{ "too_much", CELL_INT, false },   /* and more; so many units */
	{ "spare_units", CELL_INT, false },
};

static const struct column offer_columns[] = {
	{ "sku", CELL_TEXT, false },        { "account", CELL_TEXT, false },   { "marketplace", CELL_TEXT, false }, { "available", CELL_INT, false },
	{ "a_day", CELL_TEXT, false },      { "others_a_day", CELL_TEXT, false }, { "in_latency", CELL_TEXT, false }, { "buffer", CELL_INT, false },
	{ "advised", CELL_INT, false },     { "risk_ppm", CELL_INT, false },   { "by", CELL_TEXT, false },          { "latency_min", CELL_INT, true },
	{ "alpha_ppm", CELL_INT, true },    { "risk_units", CELL_TEXT, true }, { "offer_sku", CELL_TEXT, true },
};

struct advising {
	struct session *s;
	struct config *rules;
	struct policy_book book;
	struct aims how;
	int64_t *latency_ms;
	const char **latency_by;
	struct advice_sum *sum; /* as how.account */
	int64_t left;           /* rows still to print; -1: no limit */
};

/* Thousandths, or millionths when digits is 6, with a point. */
static const char *decimal(struct arena *a, int64_t n, int digits)
{
	int64_t one = digits == 6 ? 1000000 : 1000;

	return arena_printf(a, "%lld.%03d", (long long)(n / one), (int)(n % one / (one / 1000)));
}

static void put_advice(struct advising *w, const struct advice *a, struct arena *page)
{
	struct sheet *t = w->s->sheet;

	put_text(t, a->offer->item_sku);
	put_text(t, a->offer->account_name);
	put_text(t, a->offer->marketplace);
	put_int(t, a->offer->available);
	put_text(t, decimal(page, a->velocity, 3));
	put_text(t, decimal(page, a->others, 3));
	put_text(t, decimal(page, a->window, 6));
	put_int(t, a->configured);
	put_int(t, a->advised);
	put_int(t, a->risk_ppm);
	put_text(t, a->by);
	put_int(t, (a->latency_ms + MINUTE_MS - 1) / MINUTE_MS);
	put_int(t, a->alpha_ppm);
	put_text(t, decimal(page, a->risk_units, 3));
	put_text(t, a->offer->sku);
}

/* Without --all only where something should be thought about: too little is kept back, or more than is advised. */
static enum fault advise_item(void *ctx, int64_t item, struct arena *page)
{
	struct advising *w = ctx;
	struct advice *a;
	int n;
	enum fault f = advice_of(w->s->store, item, &w->how, w->latency_ms, page, &a, &n, &w->s->err);

	for (int i = 0; i < n && !f; i++) {
		for (int k = 0; k < w->how.accounts; k++)
			if (w->how.account[k].id == a[i].offer->account)
				advice_add(&w->sum[k], &a[i]);
		if ((w->s->o.all || a[i].advised != a[i].configured) && w->left != 0) {
			put_advice(w, &a[i], page);
			w->left -= w->left > 0;
		}
	}
	return f;
}

static enum fault print_offers(struct advising *w)
{
	struct session *s = w->s;
	int64_t item = 0;

	if (s->o.words && one_found(s, s->o.word[0], FOUND_ITEM, "item", &item))
		return s->err.fault;
	sheet_table(session_sheet(s, true), "offers", COLUMNS(offer_columns));
	s->o.all |= item != 0;
	return item ? advise_item(w, item, s->a) : items_each(s->store, advise_item, w, &s->err);
}

static void print_sums(struct advising *w)
{
	struct sheet *t = w->s->sheet;

	sheet_table(t, "accounts", COLUMNS(account_columns));
	for (int i = 0; i < w->how.accounts; i++) {
		if (!w->sum[i].offers)
			continue;
		put_text(t, w->how.account[i].name);
		put_int(t, (w->latency_ms[i] + MINUTE_MS - 1) / MINUTE_MS);
		put_text(t, w->latency_by[i]);
		put_int(t, w->sum[i].offers);
		put_int(t, w->sum[i].exposed);
		put_int(t, w->sum[i].spare_offers);
		put_int(t, w->sum[i].spare_units);
	}
}

/* Until a sale on another account is heard of here: the pause between two looks, of the slowest of them. */
static int64_t detect_ms(const struct account_row *row, int n, int64_t account, int64_t poll_ms)
{
	int64_t every = 0;

	for (int i = 0; i < n; i++) {
		const struct channel *c = channel_find(row[i].channel);

		if (row[i].id == account || !row[i].enabled || !c || c->is_truth)
			continue;
		every = poll_ms > every ? poll_ms : every;
		every = c->poll_ms > every ? c->poll_ms : every;
	}
	return every;
}

/* From a sale elsewhere to what is shown here: hearing of it, and what was measured from taken to seen; without enough of that, what is usual. */
static enum fault measure(struct advising *w, const struct account_row *row, int n, int i)
{
	struct session *s = w->s;
	int64_t p95 = 0, poll_s, account = w->how.account[i].id;

	w->latency_ms[i] = (s->o.latency >= 0 ? s->o.latency : LATENCY) * MINUTE_MS;
	w->latency_by[i] = s->o.latency >= 0 ? "given" : "assumed";
	if (s->o.latency >= 0)
		return OK;
	if (config_int(w->rules, "orders", "poll_s", 1, 3600, 60, &poll_s, &s->err) || latency_p95(s->store, account, &p95, &s->err))
		return s->err.fault;
	if (p95) {
		w->latency_ms[i] = p95 + detect_ms(row, n, account, poll_s * 1000);
		w->latency_by[i] = "measured";
	}
	return OK;
}

static enum fault open_advising(struct advising *w)
{
	struct session *s = w->s;
	struct account_row *row;
	enum fault f;
	int n;

	if (rules_read(s, w->rules) || policy_book_read(s->a, w->rules, &w->book, &s->err) || aims_open(s->store, &w->book, NULL, 0, s->now_ms, s->a, &w->how, &s->err))
		return s->err.fault;
	w->latency_ms = arena_alloc(s->a, (size_t)(w->how.accounts + 1) * sizeof *w->latency_ms);
	w->sum = arena_alloc(s->a, (size_t)(w->how.accounts + 1) * sizeof *w->sum);
	w->latency_by = arena_alloc(s->a, (size_t)(w->how.accounts + 1) * sizeof *w->latency_by);
	f = accounts_all(s->store, s->a, &row, &n, &s->err);
	for (int i = 0; i < w->how.accounts && !f; i++)
		f = measure(w, row, n, i);
	return f;
}

int cmd_advise(int argc, char **argv)
{
	struct session s;
	struct advising w = { .s = &s };
	enum fault f;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LATENCY | TAKES_LIMIT | TAKES_ALL, 0, 1, &s);

	if (status >= 0)
		return status;
	w.left = s.o.limit ? s.o.limit : -1;
	w.rules = config_new();
	f = open_advising(&w);
	if (!f)
		f = print_offers(&w);
	if (!f)
		print_sums(&w);
	config_free(w.rules);
	return session_end(&s, f);
}
