#include "trade/throttle.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/jobs.h"

#include <inttypes.h>

static enum fault watch_account(struct store *s, const struct account_row *row, struct arena *a, int64_t now_ms, struct err *err)
{
	int64_t answers, slowed;
	struct alert alert = {
		.key = arena_printf(a, "throttle_storm %s", row->name),
		.kind = "throttle_storm",
		.severity = "WARN",
		.account = row->id,
		.subject = row->name,
		.next = "zeros, decreases and orders go first, the rest waits; who else uses this key? tallyman quota",
	};

	if (attempts_slowed(s, row->id, now_ms - THROTTLE_LOOK_MS, &answers, &slowed, err))
		return FAULT_STORE;
	if (slowed < THROTTLE_LEAST || slowed * 100 <= answers * THROTTLE_PCT)
		return alert_close(s, alert.key, now_ms, err);
	alert.text = arena_printf(a, "%s: %" PRId64 " of %" PRId64 " calls of the last 5 minutes were told to slow down", row->name, slowed, answers);
	return alert_raise(s, &alert, now_ms, err);
}

enum fault throttle_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	int n = 0;
	enum fault f = accounts_all(s, a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = watch_account(s, &row[i], a, now_ms, err);
	arena_free(a);
	return f;
}
