/*
 * explain.c: why a number is what it is: the equation a term a line, each with its age and where it was learnt.
 */
#include "trade/explain_say.h"

#include "base/clock.h"
#include "trade/atp.h"
#include "trade/kits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void explain_say(struct explainer *t, struct term term)
{
	t->term = arena_grow(t->a, t->term, t->n, &t->cap, sizeof *t->term);
	t->term[t->n++] = term;
}

const char *explain_number(const struct explainer *t, int64_t n)
{
	return arena_printf(t->a, "%" PRId64, n);
}

static enum fault finish(struct explainer *t, enum fault f, struct term **out, int *n)
{
	*out = t->term;
	*n = f ? 0 : t->n;
	return f;
}

/* ---- what there is of an item ---- */

static void explain_place(struct explainer *t, const struct atp_place *p, int64_t max_age_ms)
{
	bool old = t->now_ms - (p->heard_ms > p->valid_ms ? p->heard_ms : p->valid_ms) > max_age_ms; /* the same number again is no older than its last telling */

	explain_say(t, (struct term){
		.name = arena_printf(t->a, "counted at %s", p->name),
		.value = explain_number(t, p->counted),
		.origin = arena_printf(t->a, "%s%s%s%s%s%s", *p->told_by ? p->told_by : "a person", *p->out ? ", " : "", p->out, !*p->out && old ? ", STALE" : "",
		                       *p->serves ? ", serves " : "", p->serves),
		.at_ms = p->valid_ms,
		.attempt_id = p->attempt_id,
	});
	if (p->counted < p->told)
		explain_say(t, (struct term){ .name = arena_printf(t->a, "  told at %s", p->name), .value = explain_number(t, p->told), .origin = "what left since is off", .at_ms = p->valid_ms });
	if (p->committed)
		explain_say(t, (struct term){
			.name = arena_printf(t->a, "  promised at %s", p->name),
			.value = explain_number(t, p->committed),
			.origin = "off by their own word, never subtracted again",
			.at_ms = p->valid_ms,
		});
	if (p->held)
		explain_say(t, (struct term){ .name = arena_printf(t->a, "- held at %s", p->name), .value = explain_number(t, -p->held), .origin = "kept back by a person" });
	if (p->moving)
		explain_say(t, (struct term){ .name = arena_printf(t->a, "- moving from %s", p->name), .value = explain_number(t, -p->moving), .origin = "promised to another place" });
}

static enum fault explain_counts(struct explainer *t, const struct atp *a)
{
	static const char sql[] = "SELECT max_age_ms FROM place WHERE id = ?";
	int64_t age;

	for (int i = 0; i < a->places; i++) {
		if (GET_INT(t->s, t->err, 0, &age, sql, V(a->place[i].id)))
			return FAULT_STORE;
		explain_place(t, &a->place[i], age);
	}
	for (int i = 0; i < a->others; i++)
		explain_say(t, (struct term){
			.name = arena_printf(t->a, "  at %s by %s", a->other[i].place, a->other[i].account),
			.value = explain_number(t, a->other[i].free),
			.origin = "another system's word, not the one believed",
			.at_ms = a->other[i].valid_ms,
			.attempt_id = a->other[i].attempt_id,
		});
	return OK;
}

/* The orders behind what is owed, the largest first, and how many more there are; those that a warehouse took off already. */
static void explain_owed(struct explainer *t, const struct atp *a)
{
	int64_t ours = 0, theirs = 0;

	for (int i = 0; i < a->oweds; i++) {
		const struct atp_owed *o = &a->owed[i];
		bool taken = *o->taken_by;

		ours += taken ? 0 : o->units;
		theirs += taken ? o->units : 0;
		explain_say(t, (struct term){
			.name = arena_printf(t->a, taken ? "  taken for %s" : "- owed to %s", o->ref),
			.value = explain_number(t, taken ? o->units : -o->units),
			.origin = taken ? arena_printf(t->a, "%s, %s: off at %s already", o->account, o->state, o->taken_by)
		                        : arena_printf(t->a, "%s, %s", o->account, o->state),
			.at_ms = o->placed_ms,
			.attempt_id = o->attempt_id,
		});
	}
	if (ours != a->reserved)
		explain_say(t, (struct term){ .name = "- owed to other orders", .value = explain_number(t, ours - a->reserved), .origin = "open orders" });
	if (theirs != a->taken)
		explain_say(t, (struct term){ .name = "  taken for other orders", .value = explain_number(t, a->taken - theirs), .origin = "off at the warehouse already" });
}

/* What lies with a channel is shown beside ours, and is no part of it. */
static enum fault explain_pools(struct explainer *t, int64_t item)
{
	static const char sql[] = "SELECT f.pool, c.name, f.seen, f.seen_ms, coalesce(f.seen_attempt, 0) FROM offer f JOIN account c ON c.id = f.account_id "
				  "WHERE f.item_id = ? AND (f.pool = 'fba' OR f.pool = 'wfs') AND f.seen IS NOT NULL ORDER BY f.id LIMIT 20";
	struct rows *r = ASK(t->s, sql, V(item));

	while (rows_next(r))
		explain_say(t, (struct term){
			.name = arena_printf(t->a, "  %s at %s", rows_text(r, 0), rows_text(r, 1)),
			.value = explain_number(t, rows_int(r, 2)),
			.origin = "the channel's own pool: beside ours, never part of it",
			.at_ms = rows_int(r, 3),
			.attempt_id = rows_int(r, 4),
		});
	return rows_end(r, t->err);
}

/* What orders of kits want of it; and of a kit what its parts allow, with the one that there is too little of for one more. */
static enum fault explain_kit(struct explainer *t, const struct atp *a)
{
	struct kit_tree k;
	int limit = -1;

	if (a->lent)
		explain_say(t, (struct term){ .name = "- for kits", .value = explain_number(t, -a->lent), .origin = "open orders of kits that it is a part of" });
	if (kit_tree_load(t->s, a->item, t->a, &k, t->err))
		return FAULT_STORE;
	if (!k.edges)
		return OK;
	kit_tree_allows(&k, NULL, &limit);
	explain_say(t, (struct term){
		.name = "+ of its parts",
		.value = explain_number(t, a->made),
		.origin = limit < 0 ? "a kit" : arena_printf(t->a, "a kit: of %s too few are there for one more (%" PRId64 ")", k.node[limit].sku, k.node[limit].own),
	});
	return OK;
}

enum fault explain_available(struct explainer *t, int64_t item)
{
	struct atp a;
	enum fault f = atp_of(t->s, item, NULL, NULL, t->a, &a, t->err);

	if (!f)
		f = explain_counts(t, &a);
	if (!f)
		f = explain_pools(t, item);
	if (f)
		return f;
	explain_owed(t, &a);
	if (explain_kit(t, &a))
		return FAULT_STORE;
	explain_say(t, (struct term){
		.name = "= available",
		.value = explain_number(t, a.available),
		.origin = arena_printf(t->a, "%" PRId64 " counted%s - %" PRId64 " owed%s%s%s", a.counted, a.held ? arena_printf(t->a, " - %" PRId64 " held", a.held) : "",
		                       a.reserved, a.lent ? arena_printf(t->a, " - %" PRId64 " for kits", a.lent) : "",
		                       a.made ? arena_printf(t->a, " + %" PRId64 " of its parts", a.made) : "", a.available < 0 ? ": OVERSOLD" : ""),
		.at_ms = a.known_ms,
	});
	return explain_awaited(t, item);
}

enum fault item_explain(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err)
{
	struct explainer t = { .s = s, .a = a, .now_ms = now_ms, .err = err };

	return finish(&t, explain_available(&t, item), out, n);
}

/* ---- an order ---- */

static void explain_deadline(struct explainer *t, const char *name, int64_t at_ms, int64_t due_ms, bool open)
{
	char iso[32], span[16];

	if (at_ms <= 0 || at_ms >= NO_DEADLINE)
		return;
	time_iso_s(at_ms, iso);
	time_age(t->now_ms < at_ms ? at_ms - t->now_ms : t->now_ms - at_ms, span);
	explain_say(t, (struct term){
		.name = name,
		.value = arena_strdup(t->a, iso),
		.origin = arena_printf(t->a, "%s %s%s", t->now_ms < at_ms ? "in" : "past by", span, open && at_ms == due_ms ? ": the next that costs something" : ""),
		.at_ms = at_ms,
	});
}

static void explain_flags(struct explainer *t, int64_t flags)
{
	static const struct {
		int bit;
		const char *name, *origin;
	} known[] = {
		{ ORDER_HOLD, "hold", "held: not to be shipped yet" },
		{ ORDER_CANCEL_REQ, "cancel asked", "the buyer asked to cancel" },
		{ ORDER_EXCEPTION, "exception", "something is wrong with it" },
		{ ORDER_READ_ONLY, "read only", "fulfilled by the channel: shown, never written" },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (flags & known[i].bit)
			explain_say(t, (struct term){ .name = known[i].name, .value = "yes", .origin = known[i].origin });
}

static enum fault explain_lines(struct explainer *t, int64_t order)
{
	static const char sql[] = "SELECT ref, sku, qty, q_pending, q_new, q_acked, q_released, q_picking, q_packed, q_shipped, q_delivered, q_cancelled, "
				  "q_unknown, reserves, raw_state FROM order_line WHERE order_id = ? ORDER BY id LIMIT 200";
	struct rows *r = ASK(t->s, sql, V(order));

	while (rows_next(r)) {
		struct buf b = buf_new(t->a);

		for (int s = 0; s < ORDER_STATES; s++)
			if (rows_int(r, 3 + s))
				buf_printf(&b, "%s%" PRId64 " %s", b.len ? ", " : "", rows_int(r, 3 + s), order_state_name((enum order_state)s));
		if (rows_int(r, 13))
			buf_printf(&b, "; %" PRId64 " owed by our stock", rows_int(r, 13));
		explain_say(t, (struct term){
			.name = arena_printf(t->a, "line %s %s", rows_text(r, 0), rows_text(r, 1)),
			.value = explain_number(t, rows_int(r, 2)),
			.origin = b.len ? b.p : rows_keep(r, 14, t->a),
		});
	}
	return rows_end(r, t->err);
}

enum fault order_explain(struct store *s, int64_t order, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT o.state, o.raw_state, o.open, o.flags, o.due_ms, o.ack_by_ms, o.ship_by_ms, o.deliver_by_ms, o.cancel_by_ms, o.updated_ms, o.confirm, "
		"o.carrier, o.tracking, coalesce(o.attempt_id, 0), o.path, c.name FROM orders o JOIN account c ON c.id = o.account_id WHERE o.id = ?";
	struct explainer t = { .s = s, .a = a, .now_ms = now_ms, .err = err };
	struct rows *r = ASK(s, sql, V(order));
	bool there = rows_next(r);
	enum fault f;

	if (there) {
		bool open = rows_int(r, 2) != 0;
		int64_t due = rows_int(r, 4);

		explain_say(&t, (struct term){
			.name = "state",
			.value = rows_keep(r, 0, a),
			.origin = arena_printf(a, "%s says %s%s%s", rows_text(r, 15), *rows_text(r, 1) ? rows_text(r, 1) : "nothing", *rows_text(r, 14) ? ", at " : "",
			                       rows_text(r, 14)),
			.at_ms = rows_int(r, 9),
			.attempt_id = rows_int(r, 13),
		});
		explain_flags(&t, rows_int(r, 3));
		explain_deadline(&t, "acknowledge by", rows_int(r, 5), due, open);
		explain_deadline(&t, "ship by", rows_int(r, 6), due, open);
		explain_deadline(&t, "deliver by", rows_int(r, 7), due, open);
		explain_deadline(&t, "cancelled by the channel", rows_int(r, 8), due, open);
		if (*rows_text(r, 10))
			explain_say(&t, (struct term){
				.name = "confirmation",
				.value = rows_keep(r, 10, a),
				.origin = arena_printf(a, "%s %s", rows_text(r, 11), rows_text(r, 12)),
			});
	}
	f = rows_end(r, err);
	if (!f && !there)
		f = err_set(err, FAULT_REFUSED, "there is no order %" PRId64, order);
	if (!f)
		f = explain_lines(&t, order);
	return finish(&t, f, out, n);
}
