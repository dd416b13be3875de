/*
 * tallyman latency, feeds and tally: how long quantities take until they are seen, what went by feed and became of it, and what calls were made for.
 * Each of them only looks.
 */
#include "base/text.h"
#include "cmd/print.h"
#include "cmd/session.h"
#include "net/registry.h"
#include "trade/accounts.h"
#include "trade/feeds.h"
#include "trade/latency.h"

#include <inttypes.h>
#include <string.h>

enum { DAYS = 30, WIDE = 40, FEW = 20, STEP = 8 /* buckets of latency.h in a line: half a doubling */ };

/* The account that is named, 0: all. */
static enum fault chosen_account(struct session *s, int64_t *id, const char **name)
{
	struct account_row row = { 0 };
	enum fault f = s->o.words ? account_by_name(s->store, s->o.word[0], s->a, &row, &s->err) : OK;

	*id = row.id;
	*name = row.name;
	return f;
}

/* ---- latency ---- */

static const struct column latency_columns[] = {
	{ "account", CELL_TEXT, false },     { "route", CELL_TEXT, false },      { "taken", CELL_INT, false },      { "answer_p50", CELL_TEXT, false },
	{ "answer_p95", CELL_TEXT, false },  { "seen", CELL_INT, false },        { "seen_p50", CELL_TEXT, false },  { "seen_p95", CELL_TEXT, false },
	{ "not_applied", CELL_INT, false },  { "rate", CELL_TEXT, false },       { "rate_ppm", CELL_INT, true },    { "answer_p50_ms", CELL_INT, true },
	{ "answer_p95_ms", CELL_INT, true }, { "seen_p50_ms", CELL_INT, true },  { "seen_p95_ms", CELL_INT, true }, { "channel", CELL_TEXT, true },
};

static const struct column bar_columns[] = {
	{ "account", CELL_TEXT, false }, { "route", CELL_TEXT, false }, { "from", CELL_TEXT, false },  { "n", CELL_INT, false },
	{ "upto_pct", CELL_INT, false }, { "bar", CELL_TEXT, false },   { "from_ms", CELL_INT, true },
};

static const char *span(struct session *s, int64_t ms)
{
	return latency_words(ms, s->a);
}

static void put_latency(struct session *s, const struct latency_row *r)
{
	struct sheet *t = s->sheet;
	int64_t ppm = latency_lost_ppm(r);

	put_text(t, r->account_name);
	put_text(t, r->route);
	put_int(t, r->accepted);
	put_text(t, r->accepted ? span(s, r->accept_p50) : "");
	put_text(t, r->accepted ? span(s, r->accept_p95) : "");
	put_int(t, r->seen);
	put_text(t, r->seen ? span(s, r->seen_p50) : "");
	put_text(t, r->seen ? span(s, r->seen_p95) : "");
	put_int(t, r->lost);
	put_text(t, ppm < 0 ? "" : arena_printf(s->a, "%" PRId64 ".%" PRId64 " %%", ppm / 10000, ppm % 10000 / 1000));
	put_units(t, ppm);
	put_int(t, r->accept_p50);
	put_int(t, r->accept_p95);
	put_int(t, r->seen_p50);
	put_int(t, r->seen_p95);
	put_text(t, r->channel);
}

/* Half a doubling a line: a bucket is too fine for an eye. */
static int gather(const struct latency_bar *bar, int n, struct latency_bar *out)
{
	int lines = 0, last = -1;

	for (int i = 0; i < n; i++) {
		int line = latency_bucket(bar[i].from_ms) / STEP;

		if (line != last)
			out[lines++] = (struct latency_bar){ latency_from(line * STEP), 0 };
		out[lines - 1].n += bar[i].n;
		last = line;
	}
	return lines;
}

static void put_bars(struct session *s, const struct latency_row *r, const struct latency_bar *bar, int n)
{
	static const char full[] = "########################################";
	int64_t most = 1, upto = 0;

	for (int i = 0; i < n; i++)
		most = bar[i].n > most ? bar[i].n : most;
	for (int i = 0; i < n; i++) {
		upto += bar[i].n;
		put_text(s->sheet, r->account_name);
		put_text(s->sheet, r->route);
		put_text(s->sheet, span(s, bar[i].from_ms));
		put_int(s->sheet, bar[i].n);
		put_int(s->sheet, r->seen ? upto * 100 / r->seen : 0);
		put_text(s->sheet, full + WIDE - (bar[i].n * WIDE + most - 1) / most);
		put_int(s->sheet, bar[i].from_ms);
	}
}

static enum fault print_histogram(struct session *s, const struct latency_row *r, int days)
{
	struct latency_bar *bar, *line;
	int n;
	enum fault f = latency_bars(s->store, r->account, r->route, "seen", days, s->now_ms, s->a, &bar, &n, &s->err);

	if (f)
		return f;
	line = arena_alloc(s->a, (size_t)(n + 1) * sizeof *line);
	put_bars(s, r, line, gather(bar, n, line));
	return OK;
}

static enum fault print_latency(struct session *s)
{
	int days = s->o.days > 0 ? (int)s->o.days : DAYS, n;
	struct latency_row *row;
	const char *name;
	int64_t account;
	enum fault f = chosen_account(s, &account, &name);

	if (!f)
		f = latency_rows(s->store, days, s->now_ms, s->a, &row, &n, &s->err);
	if (f)
		return f;
	sheet_table(session_sheet(s, true), "latency", COLUMNS(latency_columns));
	for (int i = 0; i < n; i++)
		if (!account || row[i].account == account)
			put_latency(s, &row[i]);
	sheet_table(s->sheet, "histogram", COLUMNS(bar_columns));
	for (int i = 0; i < n && !f; i++)
		if (!account || row[i].account == account)
			f = print_histogram(s, &row[i], days);
	return f;
}

int cmd_latency(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_DAYS, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print_latency(&s));
}

/* ---- feeds ---- */

static const struct column feed_columns[] = {
	{ "feed", CELL_INT, false },   { "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "state", CELL_TEXT, false },
	{ "items", CELL_INT, false },  { "taken", CELL_INT, false },    { "refused", CELL_INT, false },      { "again", CELL_INT, false },
	{ "sent", CELL_TIME, false },  { "age", CELL_TEXT, false },     { "usual", CELL_TEXT, false },       { "second_path", CELL_TIME, false },
	{ "text", CELL_TEXT, false },  { "why", CELL_TEXT, true },      { "their_id", CELL_TEXT, true },     { "made", CELL_TIME, true },
	{ "ended", CELL_TIME, true },  { "age_ms", CELL_INT, true },    { "usual_ms", CELL_INT, true },      { "trace", CELL_TEXT, true },
};

static const struct column item_columns[] = {
	{ "item", CELL_INT, false },   { "sku", CELL_TEXT, false }, { "node", CELL_TEXT, false }, { "qty", CELL_INT, false },
	{ "result", CELL_TEXT, false }, { "job", CELL_INT, false },  { "job_state", CELL_TEXT, false }, { "text", CELL_TEXT, false },
};

/* How long it has been worked at, or took. */
static int64_t age_of(const struct session *s, const struct bulk *b)
{
	return !b->sent_ms ? 0 : (b->ended_ms ? b->ended_ms : s->now_ms) - b->sent_ms;
}

static enum fault put_feed(struct session *s, const struct bulk *b)
{
	struct sheet *t = s->sheet;
	int64_t usual = 0, age = age_of(s, b);

	if (bulk_usual_ms(s->store, b->account, &usual, &s->err))
		return s->err.fault;
	put_int(t, b->id);
	put_text(t, b->account_name);
	put_text(t, b->marketplace);
	put_text(t, b->state);
	put_int(t, b->items);
	put_int(t, b->good);
	put_int(t, b->bad);
	put_int(t, b->again);
	put_time(t, b->sent_ms);
	put_text(t, b->sent_ms ? span(s, age) : "");
	put_text(t, usual ? span(s, usual) : "");
	put_time(t, b->second_ms);
	put_text(t, b->text);
	put_text(t, b->why);
	put_text(t, b->ref);
	put_time(t, b->made_ms);
	put_time(t, b->ended_ms);
	put_int(t, age);
	put_id(t, usual);
	put_text(t, b->trace);
	return OK;
}

static enum fault print_items(struct session *s, int64_t feed)
{
	struct bulk_item *item;
	int64_t after = 0, left = s->o.limit ? s->o.limit : INT64_MAX;
	enum fault f = OK;
	int n = 1;

	sheet_table(s->sheet, "items", COLUMNS(item_columns));
	while (!f && n && left > 0) {
		struct arena *page = arena_new();

		f = bulk_items(s->store, feed, after, 200, page, &item, &n, &s->err);
		for (int i = 0; i < n && left > 0 && !f; i++, left--) {
			put_int(s->sheet, item[i].msg);
			put_text(s->sheet, item[i].sku);
			put_text(s->sheet, item[i].node);
			put_int(s->sheet, item[i].qty);
			put_text(s->sheet, *item[i].result ? item[i].result : "open");
			put_int(s->sheet, item[i].job);
			put_text(s->sheet, item[i].job_state);
			put_text(s->sheet, item[i].text);
		}
		after = n ? item[n - 1].msg : after;
		arena_free(page);
	}
	return f;
}

static enum fault print_feed(struct session *s, int64_t id)
{
	struct bulk b;
	enum fault f = bulk_get(s->store, id, s->a, &b, &s->err);

	if (f)
		return f;
	sheet_table(session_sheet(s, true), "feeds", COLUMNS(feed_columns));
	f = put_feed(s, &b);
	return f ? f : print_items(s, id);
}

static enum fault print_feeds(struct session *s)
{
	int64_t account, before = 0, left = s->o.limit ? s->o.limit : s->o.all ? INT64_MAX : FEW;
	const char *name;
	struct bulk *b;
	enum fault f = chosen_account(s, &account, &name);
	int n = 1;

	if (f)
		return f;
	sheet_table(session_sheet(s, false), "feeds", COLUMNS(feed_columns));
	while (!f && n && left > 0) {
		struct arena *page = arena_new();

		f = bulks_page(s->store, before, 200, page, &b, &n, &s->err);
		for (int i = 0; i < n && left > 0 && !f; i++)
			if ((!account || b[i].account == account) && (b[i].items || s->o.all)) {
				f = put_feed(s, &b[i]);
				left--;
			}
		before = n ? b[n - 1].id : before;
		arena_free(page);
	}
	return f;
}

int cmd_feeds(int argc, char **argv)
{
	struct session s;
	int64_t id = 0;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && strspn(s.o.word[0], "0123456789") == strlen(s.o.word[0]) && text_int(s.o.word[0], 1, INT64_MAX, &id))
		return session_end(&s, print_feed(&s, id));
	return session_end(&s, print_feeds(&s));
}

/* ---- tally ---- */

static const struct column tally_columns[] = {
	{ "account", CELL_TEXT, false }, { "operation", CELL_TEXT, false }, { "calls", CELL_INT, false }, { "spared", CELL_INT, false },
	{ "spared_pct", CELL_INT, false }, { "repeated", CELL_INT, false },
};

static const struct column write_columns[] = {
	{ "account", CELL_TEXT, false }, { "changes", CELL_INT, false }, { "calls", CELL_INT, false }, { "changes_per_call", CELL_TEXT, false },
};

struct writes {
	const char *account;
	int64_t events, calls;
};

static void put_writes(struct session *s, const struct writes *w)
{
	if (!w->events && !w->calls)
		return;
	put_text(s->sheet, w->account);
	put_int(s->sheet, w->events);
	put_int(s->sheet, w->calls);
	put_text(s->sheet, w->calls ? arena_printf(s->a, "%" PRId64 ".%02" PRId64, w->events / w->calls, w->events * 100 / w->calls % 100) : "");
}

/* Changes that were decided, against the calls that said them: single ones and the steps of feeds. */
static enum fault print_writes(struct session *s, const struct tally_row *row, int n)
{
	struct writes sum = { .account = n ? row[0].account_name : "" };
	struct limit_registry known;
	const struct operation *op;
	struct err none;
	enum fault f = limit_registry_load(s->a, &known, &s->err);

	if (f)
		return f;
	sheet_table(s->sheet, "writes", COLUMNS(write_columns));
	for (int i = 0; i < n; i++) {
		if (strcmp(row[i].account_name, sum.account)) {
			put_writes(s, &sum);
			sum = (struct writes){ .account = row[i].account_name };
		}
		sum.events += row[i].events;
		if (!limit_registry_find(&known, row[i].op, &op, &none) && !strcmp(op->group, "stock.write"))
			sum.calls += row[i].calls;
	}
	put_writes(s, &sum);
	return OK;
}

static const struct column queue_columns[] = {
	{ "account", CELL_TEXT, false },    { "write", CELL_TEXT, false },      { "said", CELL_INT, false },      { "waited_p50", CELL_TEXT, false },
	{ "waited_p95", CELL_TEXT, false }, { "waited_p99", CELL_TEXT, false }, { "waiting", CELL_INT, false },   { "oldest", CELL_TEXT, false },
	{ "waited_p50_ms", CELL_INT, true }, { "waited_p95_ms", CELL_INT, true }, { "waited_p99_ms", CELL_INT, true }, { "oldest_ms", CELL_INT, true },
};

/* From decided to said. */
static enum fault print_queue(struct session *s, int64_t account, int days)
{
	struct queue_row *row;
	int n;
	enum fault f = queue_rows(s->store, account, days, s->now_ms, s->a, &row, &n, &s->err);

	sheet_table(s->sheet, "queue", COLUMNS(queue_columns));
	for (int i = 0; i < n && !f; i++) {
		int64_t age = row[i].waiting && row[i].oldest_ms < s->now_ms ? s->now_ms - row[i].oldest_ms : 0;

		put_text(s->sheet, row[i].account_name);
		put_text(s->sheet, row[i].verb);
		put_int(s->sheet, row[i].said);
		put_text(s->sheet, span(s, row[i].p50));
		put_text(s->sheet, span(s, row[i].p95));
		put_text(s->sheet, span(s, row[i].p99));
		put_int(s->sheet, row[i].waiting);
		put_text(s->sheet, row[i].waiting ? span(s, age) : "");
		put_int(s->sheet, row[i].p50);
		put_int(s->sheet, row[i].p95);
		put_int(s->sheet, row[i].p99);
		put_int(s->sheet, age);
	}
	return f;
}

static enum fault print_tally(struct session *s)
{
	int days = s->o.days > 0 ? (int)s->o.days : 1, n, mine = 0;
	struct tally_row *row;
	const char *name;
	int64_t account;
	enum fault f = chosen_account(s, &account, &name);

	if (!f)
		f = tally_rows(s->store, days * 24, s->now_ms, s->a, &row, &n, &s->err);
	if (f)
		return f;
	for (int i = 0; i < n; i++)
		if (!account || !strcmp(row[i].account_name, name))
			row[mine++] = row[i];
	sheet_table(session_sheet(s, true), "calls", COLUMNS(tally_columns));
	for (int i = 0; i < mine; i++) {
		int64_t wanted = row[i].calls + row[i].hits;

		if (!wanted)
			continue;
		put_text(s->sheet, row[i].account_name);
		put_text(s->sheet, row[i].op);
		put_int(s->sheet, row[i].calls);
		put_int(s->sheet, row[i].hits);
		put_int(s->sheet, row[i].hits * 100 / wanted);
		put_int(s->sheet, row[i].repeats);
	}
	f = print_writes(s, row, mine);
	return f ? f : print_queue(s, account, days);
}

int cmd_tally(int argc, char **argv)
{
	struct session s;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_DAYS, 0, 1, &s);

	return status >= 0 ? status : session_end(&s, print_tally(&s));
}
