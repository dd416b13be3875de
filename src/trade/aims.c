/* aims.c: what holds for all that is aimed at in one turn: which accounts are asked, and which of them nobody hears. The interface is in aim.h. */
#include "trade/aim.h"

#include "trade/accounts.h"
#include "trade/events.h"
#include "trade/lapse.h"
#include "trade/places.h"

#include <string.h>

enum { LAPSES = 64 };

static bool is_among(const char *const *list, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/* Its offers are meant to be at zero, and nobody knows yet that they are. */
static bool is_zeroed(const struct lapse *lapse, int n, int64_t account)
{
	for (int i = 0; i < n; i++)
		if (lapse[i].account == account)
			return lapse[i].state == LAPSE_ZEROED;
	return false;
}

enum fault aims_open(struct store *s, const struct policy_book *book, const char *const *account, int accounts, int64_t now_ms, struct arena *a,
                     struct aims *out, struct err *err)
{
	struct account_row *row;
	struct lapse *lapse;
	int64_t listened_ms = 0;
	int n, lapses;
	enum fault f = accounts_all(s, a, &row, &n, err);

	if (!f)
		f = engine_listened(s, now_ms, &listened_ms, err);
	*out = (struct aims){ .book = book, .now_ms = now_ms, .awaits = "" };
	if (f || (f = truth_awaits(s, now_ms, a, &out->awaits, err)))
		return f;
	out->book = events_as_said(s, book, now_ms, a, err);
	if (!out->book)
		return FAULT_STORE;
	out->account = arena_alloc(a, (size_t)(n + 1) * sizeof *out->account);
	if (lapses_page(s, 0, false, LAPSES, a, &lapse, &lapses, err))
		return FAULT_STORE;
	for (int i = 0; i < n; i++)
		if (row[i].enabled && (!account || is_among(account, accounts, row[i].name)))
			out->account[out->accounts++] = (struct aim_account){
				.id = row[i].id,
				.name = row[i].name,
				.channel = row[i].channel,
				.dark = (book->dark_ms && row[i].ok_ms && row[i].ok_ms < listened_ms - book->dark_ms) || is_zeroed(lapse, lapses, row[i].id),
			};
	return OK;
}
