#include "trade/exposure_meter.h"

#include "store/store.h"

#include <string.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000 };

int64_t exposure_milli(int64_t velocity, int64_t shown, int64_t for_ms)
{
	int64_t most_ms = 366 * (int64_t)DAY_MS, t = for_ms < 0 ? 0 : for_ms > most_ms ? most_ms : for_ms;
	int64_t rate = velocity < 0 ? 0 : velocity > 100000000 ? 100000000 : velocity;
	int64_t sold = rate * (t / 1000) / (DAY_MS / 1000);

	return sold < shown * 1000 ? sold : shown > 0 ? shown * 1000 : 0;
}

/* Which kinds mean that an account's quantities are not ours to change, or that nobody hears what it sells. */
static bool of_an_account(const char *kind)
{
	static const char *const kinds[] = { "auth", "breaker", "outage", "lapse", "sync", "behind", "zero", "feed", "quiet" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

/* The offers of one currency, summed as they come; the one with the most money wins. */
struct purse {
	const char *currency;
	int64_t minor, minor_an_hour;
};

static struct purse *purse_of(struct purse *p, int *n, int most, const char *currency)
{
	for (int i = 0; i < *n; i++)
		if (!strcmp(p[i].currency, currency))
			return &p[i];
	if (*n == most)
		return &p[most - 1];
	p[*n] = (struct purse){ .currency = currency };
	return &p[(*n)++];
}

static void take_richest(const struct purse *p, int n, struct exposed_rate *out)
{
	for (int i = 0; i < n; i++)
		if (p[i].minor > out->minor || (p[i].minor == out->minor && p[i].minor_an_hour > out->minor_an_hour)) {
			out->currency = p[i].currency;
			out->minor = p[i].minor;
			out->minor_an_hour = p[i].minor_an_hour;
		}
}

/* The last price that an item was sold at; each as the order's line had it. */
#define LAST_PRICE \
	"(SELECT (l.price_minor / max(l.qty, 1)) || ' ' || o.currency FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.item_id = i.id AND l.price_minor > 0 " \
	"ORDER BY l.id DESC LIMIT 1)"

static int64_t price_of(const char *text, struct arena *a, const char **currency)
{
	const char *space = strchr(text, ' ');
	int64_t minor = 0;

	*currency = "";
	for (const char *p = text; space && p < space; p++)
		minor = minor * 10 + (*p - '0');
	if (space)
		*currency = arena_strdup(a, space + 1);
	return minor;
}

#define SHOWN \
	"SELECT coalesce(p.velocity, 0), max(coalesce(f.seen, 0), coalesce(f.pushed, 0)), coalesce(" LAST_PRICE ", '') FROM offer f " \
	"LEFT JOIN pace p ON p.offer_id = f.id JOIN item i ON i.id = f.item_id WHERE f.pool = 'own' AND (f.seen > 0 OR f.pushed > 0) AND "

/* What offers show sells on: how fast, how much there is of it, and the price of each. */
static enum fault add_shown(struct rows *r, int64_t for_ms, struct arena *a, struct exposed_rate *out, struct err *err)
{
	struct purse purse[8];
	int64_t milli = 0, velocity = 0;
	int n = 0;

	while (rows_next(r)) {
		int64_t part = exposure_milli(rows_int(r, 0), rows_int(r, 1), for_ms), price;
		const char *currency;
		struct purse *to;

		out->offers++;
		milli += part;
		velocity += rows_int(r, 0);
		price = price_of(rows_text(r, 2), a, &currency);
		to = purse_of(purse, &n, 8, currency);
		to->minor += part * price / 1000;
		to->minor_an_hour += exposure_milli(rows_int(r, 0), rows_int(r, 1), HOUR_MS) * price / 1000;
	}
	out->units = (milli + 500) / 1000;
	out->units_a_day = (velocity + 500) / 1000;
	take_richest(purse, n, out);
	return rows_end(r, err);
}

/* Rows of units and the last price of each. */
static enum fault add_rows(struct rows *r, struct arena *a, struct exposed_rate *out, struct err *err)
{
	struct purse purse[8];
	int n = 0;

	while (rows_next(r)) {
		const char *currency;
		int64_t price = price_of(rows_text(r, 1), a, &currency);

		out->offers++;
		out->units += rows_int(r, 0);
		purse_of(purse, &n, 8, currency)->minor += rows_int(r, 0) * price;
	}
	take_richest(purse, n, out);
	return rows_end(r, err);
}

static enum fault meter_account(struct store *s, int64_t account, int64_t for_ms, struct arena *a, struct exposed_rate *out, struct err *err)
{
	static const char sql[] = SHOWN "f.account_id = ?";
	struct rows *r = ASK(s, sql, V(account));

	return add_shown(r, for_ms, a, out, err);
}

/* name: "Z-12". What it holds and is on sale still. */
static enum fault meter_zero(struct store *s, const char *name, int64_t for_ms, struct arena *a, struct exposed_rate *out, struct err *err)
{
	static const char sql[] = SHOWN "f.hold LIKE 'zero-out ' || ? || ':%'";
	struct rows *r = ASK(s, sql, V(name));

	return add_shown(r, for_ms, a, out, err);
}

static enum fault meter_oversold(struct store *s, struct arena *a, struct exposed_rate *out, struct err *err)
{
	static const char sql[] = "SELECT -i.available, coalesce(" LAST_PRICE ", '') FROM item i WHERE i.available < ?";
	struct rows *r = ASK(s, sql, V(0));

	return add_rows(r, a, out, err);
}

static enum fault meter_drift(struct store *s, int64_t account, struct arena *a, struct exposed_rate *out, struct err *err)
{
	static const char sql[] = "SELECT f.risk, coalesce(" LAST_PRICE ", '') FROM offer f JOIN item i ON i.id = f.item_id WHERE f.drift <> 0 AND f.risk > 0 AND (?1 = 0 OR f.account_id = ?1)";
	struct rows *r = ASK(s, sql, V(account));

	return add_rows(r, a, out, err);
}

enum fault exposure_meter(struct store *s, const char *kind, int64_t account, const char *subject, int64_t since_ms, int64_t now_ms, struct arena *a,
                          struct exposed_rate *out, struct err *err)
{
	*out = (struct exposed_rate){ .currency = "" };
	if (!strcmp(kind, "oversold"))
		return meter_oversold(s, a, out, err);
	if (!strcmp(kind, "drift"))
		return meter_drift(s, account, a, out, err);
	if (!strcmp(kind, "zero_pending"))
		return meter_zero(s, subject, now_ms - since_ms, a, out, err);
	return account && of_an_account(kind) ? meter_account(s, account, now_ms - since_ms, a, out, err) : OK;
}
