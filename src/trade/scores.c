#include "trade/scores.h"

#include "base/asset.h"
#include "base/csv.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/intents.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

enum { WINDOWS = 6 };

static const int windows[WINDOWS] = { 7, 10, 30, 60, 90, 365 };

/* ---- the table ---- */

struct standing {
	const char *channel, *name, *better, *ours, *zero;
	int64_t days, target, warn;
};

/* "99.3" to 9930; "" to 0. */
static int64_t hundredths(const char *text)
{
	int64_t out = 0;

	return *text && text_minor(text, 2, &out) ? out : 0;
}

static int read_standings(struct arena *a, struct standing **out)
{
	struct csv csv;
	size_t n = 0;
	const char *text = asset_get(a, "data/standings.csv", &n);
	bool read = text && !csv_read(a, "data/standings.csv", text, n, &csv, NULL);

	assert(read && "data/standings.csv");
	*out = arena_alloc(a, (size_t)(csv.rows + 1) * sizeof **out);
	for (int i = 0; i < csv.rows; i++) {
		const struct csv_row *r = &csv.row[i];
		struct standing *s = &(*out)[i];

		*s = (struct standing){ .channel = csv_field(r, csv_column(&csv, "channel")), .name = csv_field(r, csv_column(&csv, "name")), .better = csv_field(r, csv_column(&csv, "better")),
			                .ours = csv_field(r, csv_column(&csv, "ours")), .zero = csv_field(r, csv_column(&csv, "zero")) };
		read = text_int(csv_field(r, csv_column(&csv, "days")), 1, 400, &s->days);
		assert(read && "data/standings.csv: days");
		s->target = hundredths(csv_field(r, csv_column(&csv, "target")));
		s->warn = hundredths(csv_field(r, csv_column(&csv, "warn")));
	}
	return csv.rows;
}

/* ---- our own books ---- */

struct counts {
	int64_t account;
	const char *name, *channel;
	int64_t orders[WINDOWS], cancelled[WINDOWS], due[WINDOWS], late[WINDOWS];
	int64_t looked;
};

/* The newest orders of an account, once: when each was placed, whether it was cancelled, when it was to leave and whether it left later. */
#define LOOKED(open) \
	"SELECT * FROM (SELECT o.placed_ms placed, o.state = 'CANCELLED' cancelled, CASE WHEN o.state = 'CANCELLED' OR o.ship_by_ms = 0 OR o.ship_by_ms > ?2 THEN 0 ELSE o.ship_by_ms END due, " \
	"coalesce((SELECT min(p.shipped_ms) FROM shipment p WHERE p.order_id = o.id AND p.confirm <> 'REJECTED'), " \
	"CASE WHEN o.open = 1 AND o.state <> 'SHIPPED' THEN ?2 ELSE 0 END) > o.ship_by_ms late " \
	"FROM orders o WHERE o.open = " open " AND o.account_id = ?1 AND o.placed_ms > ?3 ORDER BY o.placed_ms DESC LIMIT ?4)"

static enum fault count(struct store *s, int64_t now_ms, struct counts *c, struct err *err)
{
	static const char sql[] = "SELECT placed, cancelled, due, late FROM (" LOOKED("1") " UNION ALL " LOOKED("0") ") q";
	struct rows *r = ASK(s, sql, V(c->account), V(now_ms), V(now_ms - windows[WINDOWS - 1] * DAY_MS), V(SCORED));

	for (; rows_next(r); c->looked++)
		for (int w = 0; w < WINDOWS; w++) {
			int64_t since = now_ms - windows[w] * DAY_MS, due = rows_int(r, 2);

			c->orders[w] += rows_int(r, 0) > since;
			c->cancelled[w] += rows_int(r, 0) > since && rows_int(r, 1);
			c->due[w] += due > since;
			c->late[w] += due > since && rows_int(r, 3);
		}
	return rows_end(r, err);
}

static int window_of(int64_t days)
{
	int w = 0;

	while (w < WINDOWS - 1 && windows[w] < days)
		w++;
	return w;
}

static struct score score_of(const struct standing *t, const struct counts *c)
{
	int w = window_of(t->days);
	bool badge = !strcmp(t->better, "badge"), late = !strcmp(t->ours, "late"), cancelled = !strcmp(t->ours, "cancelled");

	return (struct score){
		.account_name = c->name, .channel = c->channel, .account = c->account, .name = t->name, .days = (int)t->days, .higher = !strcmp(t->better, "higher"), .badge = badge,
		.target = badge ? t->target / 100 : t->target, .warn = t->warn, .ours = *t->ours != '\0', .part = late ? c->late[w] : cancelled ? c->cancelled[w] : c->orders[w],
		.whole = late ? c->due[w] : c->orders[w], .cut = c->looked >= SCORED,
	};
}

static enum fault read_accounts(struct store *s, struct arena *a, struct counts **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT id, name, channel FROM account WHERE enabled = 1 ORDER BY id";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); (*n)++) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct counts){ .account = rows_int(r, 0), .name = rows_keep(r, 1, a), .channel = rows_keep(r, 2, a) };
	}
	return rows_end(r, err);
}

static bool has_standing(const struct standing *t, int n, const char *channel)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(t[i].channel, channel))
			return true;
	return false;
}

/* What is asked of whom. */
struct books {
	struct standing *standing;
	struct counts *account;
	int standings, accounts;
};

static enum fault open_books(struct store *s, struct arena *a, struct books *out, struct err *err)
{
	out->standings = read_standings(a, &out->standing);
	return read_accounts(s, a, &out->account, &out->accounts, err);
}

enum fault scores_read(struct store *s, int64_t now_ms, struct arena *a, struct score **out, int *n, struct err *err)
{
	struct books b;
	int cap = 0;
	enum fault f = open_books(s, a, &b, err);

	*out = NULL;
	*n = 0;
	for (struct counts *c = b.account; !f && c < b.account + b.accounts; c++) {
		if (!has_standing(b.standing, b.standings, c->channel))
			continue;
		f = count(s, now_ms, c, err);
		for (int i = 0; i < b.standings && !f; i++)
			if (!strcmp(b.standing[i].channel, c->channel)) {
				*out = arena_grow(a, *out, *n, &cap, sizeof **out);
				(*out)[(*n)++] = score_of(&b.standing[i], c);
			}
	}
	return f;
}

static bool has_moved(const struct score *then, const struct score *now)
{
	return now->ours && !now->badge && then->account == now->account && !strcmp(then->name, now->name) && score_rate(then) != score_rate(now);
}

enum fault scores_moved(struct store *s, int64_t from_ms, int64_t now_ms, struct arena *a, struct score_move **out, int *n, struct err *err)
{
	struct score *then, *now;
	int before, after;

	*n = 0;
	if (scores_read(s, from_ms, a, &then, &before, err) || scores_read(s, now_ms, a, &now, &after, err))
		return err->fault;
	*out = arena_alloc(a, (size_t)(after + 1) * sizeof **out);
	for (int i = 0; i < before && i < after; i++)
		if (has_moved(&then[i], &now[i]))
			(*out)[(*n)++] = (struct score_move){ then[i], now[i] };
	return OK;
}

int64_t score_rate(const struct score *x)
{
	return x->whole ? x->part * 10000 / x->whole : 0;
}

const char *score_verdict(const struct score *x)
{
	int64_t rate = score_rate(x);

	if (!x->ours)
		return "theirs";
	if (x->badge)
		return x->part >= x->target ? "ok" : "below";
	if (!x->whole)
		return "no data";
	if (x->higher ? rate < x->target : rate > x->target)
		return "CRIT";
	return (x->higher ? rate < x->warn : rate > x->warn) ? "WARN" : "ok";
}

/* The largest part that keeps part / whole at the target, less what there is. */
int64_t score_room(const struct score *x)
{
	int64_t most = x->target * x->whole / 10000;

	return !x->ours || x->badge || x->higher || !x->whole || x->part > most ? -1 : most - x->part;
}

/* ---- what a zero is to them ---- */

static int64_t sold_of(const struct plan_row *row, int n, const char *account)
{
	int64_t units = 0;

	for (int i = 0; i < n; i++)
		if (!strcmp(row[i].account, account) && row[i].sold > 0)
			units += row[i].sold;
	return units;
}

static bool is_meant(const struct plan_row *row, int n, const char *account)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(row[i].account, account))
			return true;
	return false;
}

static const char *sentence(const struct standing *t, const struct score *x, int64_t sold, struct arena *a)
{
	if (!x->ours)
		return arena_printf(a, "badge: %s %s: %s", x->account_name, x->name, t->zero);
	return arena_printf(a, "badge: %s %s wants %" PRId64 " orders in %d days, and has %" PRId64 "%s; of these SKUs it sold %" PRId64 " unit%s in the last 7 days, and sells none meanwhile; %s",
	                    x->account_name, x->name, x->target, x->days, x->part, x->cut ? " at least" : "", sold, sold == 1 ? "" : "s", t->zero);
}

enum fault scores_of_zero(struct store *s, const struct plan_row *row, int rows, int64_t now_ms, struct arena *a, const char ***out, int *n, struct err *err)
{
	struct books b;
	int cap = 0;
	enum fault f = open_books(s, a, &b, err);

	*out = NULL;
	*n = 0;
	for (struct counts *c = b.account; !f && c < b.account + b.accounts; c++) {
		if (!is_meant(row, rows, c->name))
			continue;
		f = count(s, now_ms, c, err);
		for (int i = 0; i < b.standings && !f; i++) {
			struct score x = score_of(&b.standing[i], c);

			if (strcmp(b.standing[i].channel, c->channel) || !x.badge)
				continue;
			*out = arena_grow(a, *out, *n, &cap, sizeof **out);
			(*out)[(*n)++] = sentence(&b.standing[i], &x, sold_of(row, rows, c->name), a);
		}
	}
	return f;
}
