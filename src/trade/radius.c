#include "trade/radius.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/offers.h"
#include "trade/rows.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <string.h>

enum { DAYS = 7, CURRENCIES = 8, ACCOUNTS = 32 };
#define DAY_MS (INT64_C(86400) * 1000)

struct sum {
	const char *name;
	int64_t n;
};

struct radius {
	struct arena *a;
	struct sum money[CURRENCIES], calls[ACCOUNTS];
	int currencies, accounts;
	int64_t sold, open, shown;
};

static void add(struct sum *list, int *n, int most, const char *name, int64_t amount)
{
	int i = 0;

	while (i < *n && strcmp(list[i].name, name))
		i++;
	if (i == *n && i == most)
		return;
	if (i == *n)
		list[(*n)++] = (struct sum){ .name = name };
	list[i].n += amount;
}

/* What this very offer sold in the last days; a line's price is of all its units. */
static enum fault add_sales(struct store *s, const struct offer *o, int64_t now_ms, struct radius *r, struct err *err)
{
	static const char sql[] = "SELECT x.currency, sum(l.qty - l.q_cancelled), sum(l.price_minor * (l.qty - l.q_cancelled) / l.qty) FROM "
				  "(SELECT order_id, sku, qty, q_cancelled, price_minor FROM order_line WHERE item_id = ? ORDER BY id DESC LIMIT 2000) AS l "
				  "JOIN orders x ON x.id = l.order_id WHERE x.account_id = ? AND x.marketplace = ? AND l.sku = ? AND l.qty > 0 AND x.placed_ms > ? "
				  "GROUP BY x.currency";
	struct rows *q = ASK(s, sql, V(o->item), V(o->account), V(o->marketplace), V(o->sku), V(now_ms - DAYS * DAY_MS));

	while (rows_next(q)) {
		r->sold += rows_int(q, 1);
		add(r->money, &r->currencies, CURRENCIES, rows_keep(q, 0, r->a), rows_int(q, 2));
	}
	return rows_end(q, err);
}

static enum fault add_offer(struct store *s, int64_t offer, int64_t now_ms, struct radius *r, struct err *err)
{
	struct offer o;
	int64_t open = 0;
	enum fault f = offer_get(s, offer, r->a, &o, err);

	if (!f)
		f = zero_open_units(s, &o, &open, err);
	if (!f)
		f = add_sales(s, &o, now_ms, r, err);
	r->open += open;
	r->shown += f || o.seen < 0 ? 0 : o.seen;
	if (!f)
		add(r->calls, &r->accounts, ACCOUNTS, o.account_name, 1);
	return f;
}

static const char *lost_words(const struct radius *r)
{
	struct buf b = buf_new(r->a);

	if (!r->sold)
		return "sales lost: none by the last 7 days";
	buf_puts(&b, "sales lost: about ");
	for (int i = 0; i < r->currencies; i++)
		buf_printf(&b, "%s%" PRId64 ".%02d %s", i ? ", " : "", r->money[i].n / DAYS / 100, (int)(r->money[i].n / DAYS % 100), r->money[i].name);
	buf_printf(&b, " and %" PRId64 ".%d units a day while it lasts, by the last 7 days", r->sold / DAYS, (int)(r->sold * 10 / DAYS % 10));
	return b.p;
}

static const char *calls_words(const struct radius *r)
{
	struct buf b = buf_new(r->a);

	buf_puts(&b, "calls: at most ");
	for (int i = 0; i < r->accounts; i++)
		buf_printf(&b, "%s%" PRId64 " to %s", i ? ", " : "", r->calls[i].n, r->calls[i].name);
	buf_puts(&b, ", at the head of the queue, with the part of each limit that is kept for zeros");
	return b.p;
}

enum fault radius_notes(struct store *s, const int64_t *offer, int n, int64_t now_ms, struct arena *a, const char ***note, int *notes, struct err *err)
{
	struct radius r = { .a = a };
	enum fault f = OK;

	*note = arena_alloc(a, 4 * sizeof **note);
	*notes = 0;
	for (int i = 0; i < n && !f; i++)
		f = add_offer(s, offer[i], now_ms, &r, err);
	if (f)
		return f;
	(*note)[(*notes)++] = lost_words(&r);
	(*note)[(*notes)++] = calls_words(&r);
	(*note)[(*notes)++] = arena_printf(a, "open orders: %" PRId64 " unit%s stay as they are", r.open, r.open == 1 ? "" : "s");
	(*note)[(*notes)++] = "undo: what is shown now is written down first; lifting says the right numbers of then, a part every few seconds, proven";
	return OK;
}
