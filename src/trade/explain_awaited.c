/*
 * explain_awaited.c: why a number is not higher yet: which reading is awaited, since when, and when it is asked for again.
 */
#include "trade/explain_say.h"

#include "base/clock.h"
#include "trade/counts_held.h"

#include <string.h>

/* "asked again at 08:03:10Z"; a poll that is due, or whose account has none waiting, is asked for now. */
static const char *again(const struct explainer *t, int64_t due_ms)
{
	char at[32];

	if (due_ms <= t->now_ms)
		return "it is asked for now";
	time_iso_s(due_ms, at);
	return arena_printf(t->a, "asked for again by %s", at);
}

static const char *clock_text(const struct explainer *t, int64_t ms)
{
	char at[32];

	time_iso_s(ms, at);
	return arena_strdup(t->a, at);
}

/*
 * A number that was there before its teller's orders were asked for: what of it waits for them, or what counts as set aside until they are here. Then they are
 * believed, both; while they cannot be read the wait has no end.
 */
enum fault explain_awaited(struct explainer *t, int64_t item)
{
	struct held_count *h;
	int n;

	if (counts_held(t->s, item, t->now_ms, t->a, &h, &n, t->err))
		return FAULT_STORE;
	for (int i = 0; i < n; i++) {
		const char *wait = arena_printf(t->a, "until the dispatches of %s are read, told up to %s: %s", h[i].account, clock_text(t, h[i].upto_ms), again(t, h[i].due_ms));

		if (h[i].held)
			explain_say(t, (struct term){
				.name = arena_printf(t->a, "raise held at %s", h[i].place),
				.value = arena_printf(t->a, "+%s", explain_number(t, h[i].held)),
				.origin = arena_printf(t->a, "an order given up since would explain it; %s", wait),
				.at_ms = h[i].known_ms,
			});
		else if (h[i].aside)
			explain_say(t, (struct term){
				.name = arena_printf(t->a, "  set aside at %s", h[i].place),
				.value = explain_number(t, h[i].aside),
				.origin = arena_printf(t->a, "what was given up of it since would be too much; %s", wait),
				.at_ms = h[i].known_ms,
			});
	}
	return OK;
}

/* What it is taken to show, as offer_raised_by (trade/aim.h) has it: more than that is a raise. */
static int64_t shown(const struct offer *f)
{
	bool settles = !*f->push_state || !strcmp(f->push_state, "SETTLING");

	if ((settles || f->seen < 0) && f->pushed >= 0)
		return f->pushed;
	return f->seen > 0 ? f->seen : 0;
}

/* Accounts whose newest orders are not known: what they sold still counts as available, so nothing goes up anywhere. */
enum fault explain_raise_waits(struct explainer *t, const struct offer *f, int row)
{
	static const char sql[] =
		"SELECT c.name, c.heard_ms, (SELECT coalesce(min(j.due_ms), 0) FROM job j WHERE j.account_id = c.id AND j.verb = 'orders' AND j.repeats = 1 "
		"AND j.state = 'waiting') FROM account c WHERE EXISTS (SELECT 1 FROM alert a WHERE a.key = 'blind ' || c.name AND a.closed_ms = 0) "
		"AND EXISTS (SELECT 1 FROM job w WHERE w.verb = 'stock' AND w.subject_id = ?1 AND w.state = 'waiting') ORDER BY c.heard_ms LIMIT 20";
	struct rows *r;

	if (f->target <= shown(f))
		return OK;
	r = ASK(t->s, sql, V(f->id));
	while (rows_next(r))
		explain_say(t, (struct term){
			.row = row,
			.name = "raise waits",
			.value = arena_printf(t->a, "+%s", explain_number(t, f->target - shown(f))),
			.origin = arena_printf(t->a, "the orders of %s are known up to %s: until they are read nothing goes up anywhere; %s", rows_text(r, 0),
			                       clock_text(t, rows_int(r, 1)), again(t, rows_int(r, 2))),
			.at_ms = rows_int(r, 1),
		});
	return rows_end(r, t->err);
}
