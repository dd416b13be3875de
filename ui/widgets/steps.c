#include "ui/widgets/steps.h"

#include "base/text.h"
#include "trade/intents.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum column { SKU, ITEM, CHANNEL, CHANGE, STOCK, OPEN, SOLD, LOST, CHECK, COLUMNS };

/* How wide, and from which width of the whole on; CHECK takes what is left. */
static const struct {
	const char *title;
	int w, from;
	enum align align;
} columns[COLUMNS] = {
	[SKU] = { "SKU", 14, 0, ALIGN_LEFT },       [ITEM] = { "ITEM", 20, 110, ALIGN_LEFT },    [CHANNEL] = { "CHANNEL", 12, 40, ALIGN_LEFT },
	[CHANGE] = { "NOW->0", 7, 0, ALIGN_RIGHT }, [STOCK] = { "STOCK", 5, 110, ALIGN_RIGHT },  [OPEN] = { "OPEN", 4, 70, ALIGN_RIGHT },
	[SOLD] = { "7d", 5, 70, ALIGN_RIGHT },      [LOST] = { "LOST/DAY", 9, 70, ALIGN_RIGHT }, [CHECK] = { "CHECK", 0, 50, ALIGN_LEFT },
};

static const char *number(int64_t n, char *out, size_t cap)
{
	if (n < 0)
		return "?";
	snprintf(out, cap, "%" PRId64, n);
	return out;
}

/* "USD 17": without the digits behind the point, of which a currency has none, two or three; in thousands, "JPY 123k", where the column is too narrow. */
static const char *whole_money(int64_t minor, const char *currency, char *out, size_t cap)
{
	for (int i = currency_exponent(currency); i > 0; i--)
		minor /= 10;
	snprintf(out, cap, minor < 100000 ? "%s %" PRId64 : "%s %" PRId64 "k", currency, minor < 100000 ? minor : minor / 1000);
	return out;
}

static bool comes_back(const struct plan_row *r)
{
	return r->to < 0;
}

static const char *change(const struct plan_row *r, char *out, size_t cap)
{
	char was[24], to[24];

	if (comes_back(r))
		return number(r->was, out, cap);
	snprintf(out, cap, "%s->%s", number(r->was, was, sizeof was), number(r->to, to, sizeof to));
	return out;
}

static const char *cell(const struct plan_row *r, enum column at, struct arena *a, char *out, size_t cap)
{
	switch (at) {
	case SKU:
		return r->sku;
	case ITEM:
		return r->item;
	case CHANNEL:
		return say_where(a, r->account, r->site, columns[CHANNEL].w);
	case CHANGE:
		return change(r, out, cap);
	case STOCK:
		snprintf(out, cap, "%" PRId64, r->master);
		return out;
	case OPEN:
		return r->open < 0 ? "-" : number(r->open, out, cap);
	case SOLD:
		return r->sold < 0 ? "-" : number(r->sold, out, cap);
	case LOST:
		return *r->currency ? whole_money(r->lost_minor, r->currency, out, cap) : "-";
	case CHECK:
	case COLUMNS:
		break;
	}
	return r->check;
}

static enum role role_of(const struct plan_row *r, enum column at, bool off)
{
	if (off)
		return ROLE_MUTED;
	return at == CHECK && r->look ? ROLE_WARN : at == SKU ? ROLE_VALUE : ROLE_FG;
}

static bool is_shown(enum column at, const struct plan_row *row, int whole)
{
	return whole >= columns[at].from && !(comes_back(row) && (at == OPEN || at == SOLD || at == LOST));
}

static const char *title_of(enum column at, const struct plan_row *row)
{
	return at == CHANGE && comes_back(row) ? "SHOWN" : columns[at].title;
}

static void draw(struct canvas *c, int x, int y, const struct plan_row *row, bool head, bool off)
{
	struct arena *a = arena_new();
	int whole = c->w;

	for (enum column i = SKU; i < COLUMNS && x < c->w; i++) {
		char text[64];
		int w = columns[i].w ? columns[i].w : c->w - x;

		if (!is_shown(i, row, whole))
			continue;
		w = w > c->w - x ? c->w - x : w;
		canvas_field(c, x, y, w, head ? ROLE_TITLE : role_of(row, i, off), columns[i].align, head ? title_of(i, row) : cell(row, i, a, text, sizeof text));
		x += w + 1 + (i + 1 == CHECK || (i == CHANGE && comes_back(row)));
	}
	arena_free(a);
}

void steps_head(struct canvas *c, int x, int y, const struct plan_row *row)
{
	draw(c, x, y, row, true, false);
}

void steps_row(struct canvas *c, int x, int y, const struct plan_row *row, bool off)
{
	draw(c, x, y, row, false, off);
}
