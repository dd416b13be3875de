/*
 * tally: what calls were made for, and how fast they are answered.
 */
#include "engine/parts.h"

#include "trade/alerts.h"
#include "trade/latency.h"

#include <inttypes.h>
#include <string.h>

/* So long an answer stays true enough not to be asked for again; 0: it is asked for as often as there is a reason. */
static int64_t life_of(const struct engine *e, const struct flight *f)
{
	switch (f->verb) {
	case VERB_PING:
	case VERB_PLACES:
	case VERB_PRODUCTS:
	case VERB_QUOTA:
	case VERB_STOCK_LIST:
	case VERB_POOL:
	case VERB_ORDERS:
		return plan_every(e, f->link, f->verb) / 2;
	case VERB_FEEDS: /* in doubt it is asked until it shows ours */
		return f->link->doubt ? 2000 : plan_every(e, f->link, f->verb) / 2;
	case VERB_FEED:
	case VERB_ORDER:
	case VERB_STOCK_READ:
		return 2000;
	default:
		return 0;
	}
}

static uint64_t hash_of(const struct flight *f)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (const char *p = f->request.url; *p; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	return (h ^ (uint64_t)f->link->account.id) * 1099511628211u;
}

/* The same question, answered a moment ago. A page of a list that is read on, or one whose mark has aged, is another matter. */
static bool is_repeat(struct engine *e, const struct flight *f)
{
	uint64_t hash = hash_of(f);
	int64_t life = life_of(e, f);
	struct asked *free = &e->asked[0];

	if (strcmp(f->request.method, "GET") || !life)
		return false;
	for (int i = 0; i < ASKED; i++) {
		struct asked *a = &e->asked[i];

		if (a->hash == hash && a->until_ms > f->begun_ms)
			return true;
		if (a->until_ms < free->until_ms)
			free = a;
	}
	*free = (struct asked){ hash, f->begun_ms + life, f->link->account.id, f->verb };
	return false;
}

void tally_forget(struct engine *e, int64_t account, enum verb verb)
{
	for (int i = 0; i < ASKED; i++)
		if ((!account || e->asked[i].account == account) && e->asked[i].verb == verb)
			e->asked[i] = (struct asked){ 0 };
}

enum fault tally_call(struct engine *e, const struct flight *f, enum fault fault, int64_t now_ms, struct err *err)
{
	enum verb check = f->link->channel->say[f->verb].check;
	bool repeat = !fault && is_repeat(e, f);

	if (verb_writes(f->verb) && check != VERBS) /* what was read before a write does not tell of it */
		tally_forget(e, f->link->account.id, check);

	return tally_add(e->store, f->link->account.id, f->link->channel->say[f->verb].op, 0, 1, 0, repeat, now_ms, err);
}

enum fault tally_event(struct engine *e, int64_t account, int64_t now_ms, struct err *err)
{
	const struct link *l = link_by_id(&e->links, account);
	const char *op = l ? l->channel->say[VERB_STOCK].op : NULL;

	return op ? tally_add(e->store, account, op, 1, 0, 0, 0, now_ms, err) : OK;
}

/* A platform that answers writes late is told once. */
enum fault tally_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct latency_row *row;
	int n;
	enum fault f = latency_rows(e->store, 1, now_ms, e->turn, &row, &n, err);

	for (int i = 0; i < n && !f; i++) {
		const char *key = arena_printf(e->turn, "slow %" PRId64 " %s", row[i].account, row[i].route);
		struct alert alert = {
			.key = key,
			.kind = "slow",
			.severity = "WARN",
			.account = row[i].account,
			.subject = row[i].route,
			.text = arena_printf(e->turn, "%s: quantities are answered late: one in twenty after %" PRId64 ".%d s or more (%s, since yesterday)",
			                     row[i].account_name, row[i].accept_p95 / 1000, (int)(row[i].accept_p95 / 100 % 10), row[i].route),
			.next = "nothing is lost by it; tallyman latency has the whole picture",
		};

		if (row[i].accepted >= 20 && row[i].accept_p95 > e->accept_warn_ms)
			f = alert_raise(e->store, &alert, now_ms, err);
		else
			f = alert_close(e->store, key, now_ms, err);
	}
	return f;
}
