#include "trade/radius.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/intents.h"
#include "trade/offers.h"
#include "trade/quota.h"
#include "trade/rows.h"
#include "trade/scores.h"
#include "trade/will_send.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DAYS = 7, CURRENCIES = 8, ACCOUNTS = 32, EARLIER = 2, LOOKED_AT = 200, BADGES = 16, NOTES = 32 + ACCOUNTS };
#define DAY_MS (INT64_C(86400) * 1000)

struct sum {
	const char *name;
	int64_t n, value;
};

struct radius {
	struct arena *a;
	struct sum money[CURRENCIES], calls[ACCOUNTS]; /* calls: the value is of readings before them */
	int currencies, accounts, skus;
	int64_t sold, open, shown;
	const char **note;
	int notes;
};

/* ---- one offer ---- */

/* What this very offer sold in the last days; a line's price is of all its units. */
static enum fault read_sales(struct store *s, const struct offer *o, int64_t now_ms, struct arena *a, struct plan_row *row, struct err *err)
{
	static const char sql[] = "SELECT x.currency, sum(l.qty - l.q_cancelled), sum(l.price_minor * (l.qty - l.q_cancelled) / l.qty) FROM "
				  "(SELECT order_id, sku, qty, q_cancelled, price_minor FROM order_line WHERE item_id = ? ORDER BY id DESC LIMIT 2000) AS l "
				  "JOIN orders x ON x.id = l.order_id WHERE x.account_id = ? AND x.marketplace = ? AND l.sku = ? AND l.qty > 0 AND x.placed_ms > ? "
				  "GROUP BY x.currency ORDER BY 2 DESC";
	struct rows *q = ASK(s, sql, V(o->item), V(o->account), V(o->marketplace), V(o->sku), V(now_ms - DAYS * DAY_MS));

	row->sold = 0;
	if (rows_next(q)) {
		row->currency = rows_keep(q, 0, a);
		row->sold = rows_int(q, 1);
		row->lost_minor = rows_int(q, 2) / DAYS;
		row->value_minor = row->sold > 0 && row->was > 0 ? rows_int(q, 2) / row->sold * row->was : 0;
	}
	return rows_end(q, err);
}

enum fault radius_row(struct store *s, const struct offer *o, int64_t now_ms, struct arena *a, struct plan_row *row, struct err *err)
{
	enum fault f = zero_open_units(s, o, &row->open, err);

	return f ? f : read_sales(s, o, now_ms, a, row, err);
}

/* ---- all of them ---- */

static void add(struct sum *list, int *n, int most, const char *name, int64_t amount, int64_t value)
{
	int i = 0;

	while (i < *n && strcmp(list[i].name, name))
		i++;
	if (i == *n && i == most)
		return;
	if (i == *n)
		list[(*n)++] = (struct sum){ .name = name };
	list[i].n += amount;
	list[i].value += value;
}

static bool is_new(const struct plan_row *row, int at)
{
	for (int i = at - 1; i >= 0 && i > at - LOOKED_AT; i--)
		if (!strcmp(row[i].sku, row[at].sku))
			return false;
	return true;
}

static void add_up(struct radius *r, const struct plan_row *row, int n)
{
	for (int i = 0; i < n; i++) {
		r->sold += row[i].sold;
		r->open += row[i].open;
		r->shown += row[i].was > 0 ? row[i].was : 0;
		r->skus += is_new(row, i);
		if (*row[i].currency)
			add(r->money, &r->currencies, CURRENCIES, row[i].currency, row[i].lost_minor, row[i].value_minor);
		add(r->calls, &r->accounts, ACCOUNTS, row[i].account, row[i].was != 0, row[i].was > 0);
	}
}

static void note(struct radius *r, const char *text)
{
	r->note[r->notes++] = text;
}

static const char *money(struct radius *r, int64_t minor, const char *currency)
{
	char out[48];

	text_money(minor, currency, out);
	return arena_strdup(r->a, out);
}

static void note_changes(struct radius *r, int n)
{
	struct buf b = buf_new(r->a);

	buf_printf(&b, "changes: %d offer%s of %d SKU%s on %d account%s, %" PRId64 " %s shown", n, n == 1 ? "" : "s", r->skus, r->skus == 1 ? "" : "s", r->accounts,
	           r->accounts == 1 ? "" : "s", r->shown, r->shown == 1 ? "unit" : "units");
	for (int i = 0; i < r->currencies; i++)
		buf_printf(&b, "%s%s", i ? ", " : ", worth about ", money(r, r->money[i].value, r->money[i].name));
	note(r, b.p);
}

static void note_lost(struct radius *r)
{
	struct buf b = buf_new(r->a);

	if (!r->sold) {
		note(r, "sales lost: none by the last 7 days");
		return;
	}
	buf_puts(&b, "sales lost: about ");
	for (int i = 0; i < r->currencies; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", money(r, r->money[i].n, r->money[i].name));
	buf_printf(&b, " and %" PRId64 ".%d units a day while it lasts, by the last 7 days", r->sold / DAYS, (int)(r->sold * 10 / DAYS % 10));
	note(r, b.p);
}

/* How much of the limit that its quantities are said under is left; -1: none is known of. */
static enum fault left_of(struct store *s, const char *account, int64_t now_ms, struct arena *a, int64_t *pct, struct err *err)
{
	struct account_row row;
	struct budget *q;
	int n = 0;
	enum fault f = account_by_name(s, account, a, &row, err);

	*pct = -1;
	if (!f)
		f = quotas(s, row.id, now_ms, a, &q, &n, err);
	for (int i = 0; i < n && !f; i++) {
		const struct bucket_row *b = &q[i].bucket;
		int64_t left = b->daily ? (b->daily - b->day_used) * 100 / b->daily : b->burst ? q[i].tokens * 100 / b->burst : 100;

		if (!quota_cost(b, "stock"))
			continue;
		left = left < 0 ? 0 : left > 100 ? 100 : left;
		*pct = *pct < 0 || left < *pct ? left : *pct;
	}
	return f;
}

static enum fault note_calls(struct store *s, struct radius *r, int64_t now_ms, struct err *err)
{
	struct buf b = buf_new(r->a);

	buf_puts(&b, "calls: at most ");
	for (int i = 0; i < r->accounts; i++) {
		int64_t pct;

		if (left_of(s, r->calls[i].name, now_ms, r->a, &pct, err))
			return err->fault;
		buf_printf(&b, "%s%" PRId64 " to %s", i ? ", " : "", r->calls[i].n, r->calls[i].name);
		if (pct >= 0)
			buf_printf(&b, " (%" PRId64 " %% of its limit left)", pct);
	}
	buf_puts(&b, ", before everything else, with the part of each limit that is kept for zeros");
	note(r, b.p);
	return OK;
}

static enum fault note_sent(struct store *s, struct radius *r, int64_t now_ms, struct err *err)
{
	for (int i = 0; i < r->accounts; i++) {
		struct will_send w = { r->calls[i].name, r->calls[i].n, r->calls[i].value };
		const char *words;

		if (will_send_words(s, &w, now_ms, r->a, &words, err))
			return err->fault;
		note(r, arena_printf(r->a, "will be sent: %s", words));
	}
	return OK;
}

/* Accounts that nothing happens on. */
static enum fault note_untouched(struct store *s, struct radius *r, struct err *err)
{
	static const char sql[] = "SELECT c.name FROM account c WHERE EXISTS (SELECT 1 FROM offer f WHERE f.account_id = c.id) ORDER BY c.name LIMIT 40";
	struct rows *q = ASK(s, sql);
	struct buf b = buf_new(r->a);

	while (rows_next(q)) {
		int i = 0;

		while (i < r->accounts && strcmp(r->calls[i].name, rows_text(q, 0)))
			i++;
		if (i == r->accounts)
			buf_printf(&b, "%s%s", b.len ? ", " : "not affected: ", rows_text(q, 0));
	}
	if (b.len)
		note(r, b.p);
	return rows_end(q, err);
}

/* What was held before of the same offers, and what became of it. */
static enum fault note_earlier(struct store *s, struct radius *r, const int64_t *offer, int n, struct err *err)
{
	static const char sql[] = "SELECT z.id, z.made_ms, z.lifted_ms, z.actor, (SELECT count(*) FROM zero_row k WHERE k.zero_id = z.id) FROM zero_out z WHERE z.id IN "
				  "(SELECT w.zero_id FROM zero_row w WHERE w.offer_id IN (?1, ?2, ?3)) ORDER BY z.id DESC LIMIT ?4";
	struct rows *q = ASK(s, sql, V(n > 0 ? offer[0] : 0), V(n > 1 ? offer[n / 2] : 0), V(n > 2 ? offer[n - 1] : 0), V((int)EARLIER));

	while (rows_next(q)) {
		char made[32], lifted[32] = "";

		time_iso(rows_int(q, 1), made);
		if (rows_int(q, 2))
			time_iso(rows_int(q, 2), lifted);
		note(r, arena_printf(r->a, "earlier: Z-%" PRId64 " %.16sZ, %s, %" PRId64 " offers, %s%.16s%s", rows_int(q, 0), made, rows_text(q, 3), rows_int(q, 4),
		                     *lifted ? "lifted " : "open still", lifted, *lifted ? "Z" : ""));
	}
	return rows_end(q, err);
}

/* A platform where no score counts it says so: that it was asked is worth a line. */
static enum fault note_badges(struct store *s, struct radius *r, const struct plan_row *row, int n, int64_t now_ms, struct err *err)
{
	const char **line;
	int lines;

	if (scores_of_zero(s, row, n, now_ms, r->a, &line, &lines, err))
		return err->fault;
	for (int i = 0; i < lines && i < BADGES; i++)
		note(r, line[i]);
	return OK;
}

enum fault radius_notes(struct store *s, const struct plan_row *row, int n, const int64_t *offer, int64_t now_ms, struct arena *a, const char ***out, int *notes,
                        struct err *err)
{
	struct radius r = { .a = a, .note = arena_alloc(a, NOTES * sizeof *r.note) };
	enum fault f;

	add_up(&r, row, n);
	note_changes(&r, n);
	f = note_calls(s, &r, now_ms, err);
	note_lost(&r);
	note(&r, arena_printf(a, "open orders: %" PRId64 " %s, nothing is cancelled", r.open, r.open == 1 ? "unit stays as it is" : "units stay as they are"));
	if (!f)
		f = note_sent(s, &r, now_ms, err);
	if (!f)
		f = note_badges(s, &r, row, n, now_ms, err);
	if (!f)
		f = note_untouched(s, &r, err);
	note(&r, "undo: what is shown now is written down first; lifting says the right numbers of then, a part every few seconds, proven");
	if (!f)
		f = note_earlier(s, &r, offer, n, err);
	*out = r.note;
	*notes = r.notes;
	return f;
}
