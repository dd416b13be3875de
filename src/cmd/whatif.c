/*
 * tallyman whatif: the recorded sales once more, as things are set now and as they might be: what would have been sold beyond the stock, what would have
 * been kept back, by account. Nothing is written.
 */
#include "cmd/changed.h"
#include "cmd/print.h"
#include "base/text.h"
#include "trade/history.h"

#include <string.h>

enum { ACCOUNTS = 64, DAY_MS = 86400000, MINUTE_MS = 60000, DAYS = 28, LATENCY = 15 };

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, /* nothing: all of them */
	{ "latency_now", CELL_INT, false },  { "latency_if", CELL_INT, false },  /* minutes */
	{ "sold_now", CELL_INT, false },     { "sold_if", CELL_INT, false },
	{ "oversold_now", CELL_INT, false }, { "oversold_if", CELL_INT, false },
	{ "lost_now", CELL_INT, false },     { "lost_if", CELL_INT, false },
	{ "kept_now", CELL_INT, false },     { "kept_if", CELL_INT, false },     /* eaches kept back on average, rounded */
};

static const struct column ground_columns[] = {
	{ "from", CELL_TIME, false }, { "until", CELL_TIME, false }, { "items", CELL_INT, false }, { "sales", CELL_INT, false }, { "receipts", CELL_INT, false },
};

struct sums { /* now, if */
	const char *account;
	int64_t latency_ms[2];
	struct replayed of[2];
};

struct question {
	struct session *s;
	struct changed c;
	struct aims aims[2];
	struct sums sums[ACCOUNTS + 1]; /* the first is of all */
	int n;
	int64_t from_ms, items, sales, receipts;
};

/* ---- latencies ---- */

/* "latency.walmart-us=240" */
static int read_latency(struct question *q, const char *word)
{
	const char *name = word + strlen("latency."), *eq = strchr(word, '=');
	int64_t minutes;

	for (int i = 1; eq && i < q->n; i++)
		if (strlen(q->sums[i].account) == (size_t)(eq - name) && !strncmp(q->sums[i].account, name, (size_t)(eq - name)) && text_int(eq + 1, 0, 10080, &minutes)) {
			q->sums[i].latency_ms[1] = minutes * MINUTE_MS;
			return -1;
		}
	return command_misused("whatif", "latency.ACCOUNT=MINUTES wants an account that sells, and 0 to 10080 minutes");
}

static void name_accounts(struct question *q)
{
	int64_t usual = (q->s->o.latency >= 0 ? q->s->o.latency : LATENCY) * MINUTE_MS;

	q->sums[0] = (struct sums){ .account = "" };
	q->n = 1;
	for (int i = 0; i < q->aims[0].accounts && q->n <= ACCOUNTS; i++)
		q->sums[q->n++] = (struct sums){ .account = q->aims[0].account[i].name, .latency_ms = { usual, usual } };
}

static struct sums *sums_of(struct question *q, const char *account)
{
	for (int i = 1; i < q->n; i++)
		if (!strcmp(q->sums[i].account, account))
			return &q->sums[i];
	return &q->sums[0];
}

/* ---- one item ---- */

static void add(struct replayed *to, const struct replayed *r)
{
	to->sold += r->sold;
	to->oversold += r->oversold;
	to->lost += r->lost;
	to->kept += r->kept;
}

static void replay_item(struct question *q, const struct aimed_item *item, const struct history *h, int which, struct arena *a)
{
	struct outlet *outlet = arena_alloc(a, (size_t)(item->n + 1) * sizeof *outlet);
	int64_t *latency_ms = arena_alloc(a, (size_t)(item->n + 1) * sizeof *latency_ms);
	struct replayed *out = arena_alloc(a, (size_t)(item->n + 1) * sizeof *out);
	struct replay r = { .rule = item->rule, .outlet = outlet, .latency_ms = latency_ms, .n = item->n, .event = h->event, .events = h->events,
		            .stock = h->stock, .from_ms = h->from_ms, .until_ms = q->s->now_ms };

	for (int i = 0; i < item->n; i++) {
		outlet[i] = item->of[i].outlet;
		outlet[i].hold = "";
		latency_ms[i] = sums_of(q, item->of[i].offer->account_name)->latency_ms[which];
	}
	replay_run(&r, out);
	for (int i = 0; i < item->n; i++) {
		struct sums *of = sums_of(q, item->of[i].offer->account_name);

		add(&of->of[which], &out[i]);
		if (of != q->sums)
			add(&q->sums[0].of[which], &out[i]);
	}
}

static enum fault ask_item(void *ctx, int64_t id, struct arena *a)
{
	struct question *q = ctx;
	struct aimed_item item;
	struct history h;
	enum fault f = OK;

	for (int which = 0; which < 2 && !f; which++) {
		f = item_allocate(q->s->store, id, &q->aims[which], a, &item, &q->s->err);
		if (!f && item.n)
			f = history_of(q->s->store, id, &item, q->from_ms, q->s->now_ms, a, &h, &q->s->err);
		if (f || !item.n)
			break;
		replay_item(q, &item, &h, which, a);
		if (which)
			continue;
		q->items++;
		for (int k = 0; k < h.events; k++)
			*(h.event[k].outlet < 0 ? &q->receipts : &q->sales) += h.event[k].qty;
	}
	return f;
}

/* ---- what came of it ---- */

static void put_pair(struct sheet *t, int64_t now, int64_t otherwise)
{
	put_int(t, now);
	put_int(t, otherwise);
}

static void put_sums(struct sheet *t, const struct sums *of)
{
	put_text(t, of->account);
	if (*of->account) {
		put_pair(t, of->latency_ms[0] / MINUTE_MS, of->latency_ms[1] / MINUTE_MS);
	} else {
		put_none(t);
		put_none(t);
	}
	put_pair(t, of->of[0].sold, of->of[1].sold);
	put_pair(t, of->of[0].oversold, of->of[1].oversold);
	put_pair(t, of->of[0].lost, of->of[1].lost);
	put_pair(t, (of->of[0].kept + 500) / 1000, (of->of[1].kept + 500) / 1000);
}

static void print_answer(struct question *q)
{
	struct sheet *t = session_sheet(q->s, true);

	sheet_table(t, "accounts", COLUMNS(columns));
	for (int i = 1; i <= q->n; i++) /* of all: last */
		if (i == q->n || q->sums[i].of[0].sold || q->sums[i].of[1].sold || q->sums[i].of[0].kept || q->sums[i].of[1].kept)
			put_sums(t, &q->sums[i % q->n]);
	sheet_record(t, "history", COLUMNS(ground_columns));
	put_time(t, q->from_ms);
	put_time(t, q->s->now_ms);
	put_int(t, q->items);
	put_int(t, q->sales);
	put_int(t, q->receipts);
}

/* The words that are configuration; latencies are set at once. */
static int sort_words(struct question *q, char **word, int *n)
{
	int status = -1;

	for (int i = *n = 0; i < q->s->o.words && status < 0; i++)
		if (!strncmp(q->s->o.word[i], "latency.", 8))
			status = read_latency(q, q->s->o.word[i]);
		else
			word[(*n)++] = q->s->o.word[i];
	return status;
}

static int ask(struct question *q)
{
	struct session *s = q->s;
	char **word = arena_alloc(s->a, (size_t)(s->o.words + 1) * sizeof *word);
	struct policy_book usual = { 0 };
	enum fault f = aims_open(s->store, &usual, NULL, 0, s->now_ms, s->a, &q->aims[0], &s->err);
	int n, status;

	if (f)
		return session_end(s, f);
	name_accounts(q);
	status = sort_words(q, word, &n);
	if (status >= 0)
		return session_leave(s, status);
	status = changed_open(s, word, n, &q->c);
	if (status >= 0)
		return status;
	q->c.before.dark_ms = q->c.after.dark_ms = 0; /* who is dark today says nothing of the past */
	if (aims_open(s->store, &q->c.before, NULL, 0, s->now_ms, s->a, &q->aims[0], &s->err) ||
	    aims_open(s->store, &q->c.after, NULL, 0, s->now_ms, s->a, &q->aims[1], &s->err) || items_each(s->store, ask_item, q, &s->err))
		f = s->err.fault;
	else
		print_answer(q);
	changed_close(&q->c);
	return session_end(s, f);
}

int cmd_whatif(int argc, char **argv)
{
	struct session s;
	struct question q = { .s = &s };
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_SET | TAKES_DAYS | TAKES_LATENCY, 0, -1, &s);

	if (status >= 0)
		return status;
	q.from_ms = s.now_ms - (s.o.days > 0 ? s.o.days : DAYS) * DAY_MS;
	return ask(&q);
}
