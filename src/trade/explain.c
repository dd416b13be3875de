/*
 * explain.c: why a number is what it is: the equation a term a line, each with its age and where it was learnt.
 */
#include "trade/revisions.h"
#include "trade/views.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/atp.h"
#include "trade/kits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct teller {
	struct store *s;
	struct arena *a;
	int64_t now_ms;
	struct term *term;
	int n, cap;
	struct err *err;
};

static void say(struct teller *t, struct term term)
{
	t->term = arena_grow(t->a, t->term, t->n, &t->cap, sizeof *t->term);
	t->term[t->n++] = term;
}

static const char *number(const struct teller *t, int64_t n)
{
	return arena_printf(t->a, "%" PRId64, n);
}

static enum fault finish(struct teller *t, enum fault f, struct term **out, int *n)
{
	*out = t->term;
	*n = f ? 0 : t->n;
	return f;
}

/* ---- what there is of an item ---- */

static void explain_place(struct teller *t, const struct atp_place *p, int64_t max_age_ms)
{
	bool old = t->now_ms - (p->heard_ms > p->valid_ms ? p->heard_ms : p->valid_ms) > max_age_ms; /* the same number again is no older than its last telling */

	say(t, (struct term){
		.name = arena_printf(t->a, "counted at %s", p->name),
		.value = number(t, p->counted),
		.origin = arena_printf(t->a, "%s%s%s%s%s%s", p->told_by, *p->out ? ", " : "", p->out, !*p->out && old ? ", STALE" : "",
		                       *p->serves ? ", serves " : "", p->serves),
		.at_ms = p->valid_ms,
		.attempt_id = p->attempt_id,
	});
	if (p->counted < p->told)
		say(t, (struct term){ .name = arena_printf(t->a, "  told at %s", p->name), .value = number(t, p->told), .origin = "what left since is off", .at_ms = p->valid_ms });
	if (p->committed)
		say(t, (struct term){
			.name = arena_printf(t->a, "  promised at %s", p->name),
			.value = number(t, p->committed),
			.origin = "off by their own word, never subtracted again",
			.at_ms = p->valid_ms,
		});
	if (p->held)
		say(t, (struct term){ .name = arena_printf(t->a, "- held at %s", p->name), .value = number(t, -p->held), .origin = "kept back by a person" });
	if (p->moving)
		say(t, (struct term){ .name = arena_printf(t->a, "- moving from %s", p->name), .value = number(t, -p->moving), .origin = "promised to another place" });
}

static enum fault explain_counts(struct teller *t, const struct atp *a)
{
	static const char sql[] = "SELECT max_age_ms FROM place WHERE id = ?";
	int64_t age;

	for (int i = 0; i < a->places; i++) {
		if (GET_INT(t->s, t->err, 0, &age, sql, V(a->place[i].id)))
			return FAULT_STORE;
		explain_place(t, &a->place[i], age);
	}
	for (int i = 0; i < a->others; i++)
		say(t, (struct term){
			.name = arena_printf(t->a, "  at %s by %s", a->other[i].place, a->other[i].account),
			.value = number(t, a->other[i].free),
			.origin = "another system's word, not the one believed",
			.at_ms = a->other[i].valid_ms,
			.attempt_id = a->other[i].attempt_id,
		});
	return OK;
}

/* The orders behind what is owed, the largest first, and how many more there are; those that a warehouse took off already. */
static void explain_owed(struct teller *t, const struct atp *a)
{
	int64_t ours = 0, theirs = 0;

	for (int i = 0; i < a->oweds; i++) {
		const struct atp_owed *o = &a->owed[i];
		bool taken = *o->taken_by;

		ours += taken ? 0 : o->units;
		theirs += taken ? o->units : 0;
		say(t, (struct term){
			.name = arena_printf(t->a, taken ? "  taken for %s" : "- owed to %s", o->ref),
			.value = number(t, taken ? o->units : -o->units),
			.origin = taken ? arena_printf(t->a, "%s, %s: off at %s already", o->account, o->state, o->taken_by)
		                        : arena_printf(t->a, "%s, %s", o->account, o->state),
			.at_ms = o->placed_ms,
			.attempt_id = o->attempt_id,
		});
	}
	if (ours != a->reserved)
		say(t, (struct term){ .name = "- owed to other orders", .value = number(t, ours - a->reserved), .origin = "open orders" });
	if (theirs != a->taken)
		say(t, (struct term){ .name = "  taken for other orders", .value = number(t, a->taken - theirs), .origin = "off at the warehouse already" });
}

/* What lies with a channel is shown beside ours, and is no part of it. */
static enum fault explain_pools(struct teller *t, int64_t item)
{
	static const char sql[] = "SELECT f.pool, c.name, f.seen, f.seen_ms, coalesce(f.seen_attempt, 0) FROM offer f JOIN account c ON c.id = f.account_id "
				  "WHERE f.item_id = ? AND (f.pool = 'fba' OR f.pool = 'wfs') AND f.seen IS NOT NULL ORDER BY f.id LIMIT 20";
	struct rows *r = ASK(t->s, sql, V(item));

	while (rows_next(r))
		say(t, (struct term){
			.name = arena_printf(t->a, "  %s at %s", rows_text(r, 0), rows_text(r, 1)),
			.value = number(t, rows_int(r, 2)),
			.origin = "the channel's own pool: beside ours, never part of it",
			.at_ms = rows_int(r, 3),
			.attempt_id = rows_int(r, 4),
		});
	return rows_end(r, t->err);
}

/* What orders of kits want of it; and of a kit what its parts allow, with the one that there is too little of for one more. */
static enum fault explain_kit(struct teller *t, const struct atp *a)
{
	struct kit_tree k;
	int limit = -1;

	if (a->lent)
		say(t, (struct term){ .name = "- for kits", .value = number(t, -a->lent), .origin = "open orders of kits that it is a part of" });
	if (kit_tree_load(t->s, a->item, t->a, &k, t->err))
		return FAULT_STORE;
	if (!k.edges)
		return OK;
	kit_tree_allows(&k, NULL, &limit);
	say(t, (struct term){
		.name = "+ of its parts",
		.value = number(t, a->made),
		.origin = limit < 0 ? "a kit" : arena_printf(t->a, "a kit: of %s too few are there for one more (%" PRId64 ")", k.node[limit].sku, k.node[limit].own),
	});
	return OK;
}

static enum fault explain_available(struct teller *t, int64_t item)
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
	say(t, (struct term){
		.name = "= available",
		.value = number(t, a.available),
		.origin = arena_printf(t->a, "%" PRId64 " counted%s - %" PRId64 " owed%s%s%s", a.counted, a.held ? arena_printf(t->a, " - %" PRId64 " held", a.held) : "",
		                       a.reserved, a.lent ? arena_printf(t->a, " - %" PRId64 " for kits", a.lent) : "",
		                       a.made ? arena_printf(t->a, " + %" PRId64 " of its parts", a.made) : "", a.available < 0 ? ": OVERSOLD" : ""),
		.at_ms = a.known_ms,
	});
	return OK;
}

enum fault item_explain(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err)
{
	struct teller t = { .s = s, .a = a, .now_ms = now_ms, .err = err };

	return finish(&t, explain_available(&t, item), out, n);
}

/* ---- an offer ---- */

/* The last request that carried this offer's quantity and was taken. */
static enum fault last_push(struct teller *t, int64_t offer, int64_t *attempt)
{
	static const char sql[] = "SELECT max(k.attempt_id) FROM job j JOIN attempt_job k ON k.job_id = j.id JOIN attempt t ON t.id = k.attempt_id "
				  "WHERE j.subject_id = ? AND j.subject_id <> 0 AND j.verb = 'stock' AND k.fault IN ('', 'OK') AND t.closed_ms > 0";

	return GET_INT(t->s, t->err, 0, attempt, sql, V(offer));
}

static const char *units(const struct teller *t, const struct rows *r, int column)
{
	return rows_null(r, column) ? "-" : number(t, rows_int(r, column));
}

static void explain_target(struct teller *t, const struct rows *r)
{
	if (*rows_text(r, 8))
		say(t, (struct term){ .name = "held at zero", .value = "0", .origin = rows_keep(r, 8, t->a), .at_ms = rows_int(r, 1) });
	if (strcmp(rows_text(r, 9), "own"))
		say(t, (struct term){ .name = "pool", .value = rows_keep(r, 9, t->a), .origin = strcmp(rows_text(r, 9), "auction") ? "fulfilled by the channel: never written" : "an auction: never written" });
	if (*rows_text(r, 18))
		say(t, (struct term){ .name = "not written", .value = "-", .origin = rows_keep(r, 18, t->a) });
	say(t, (struct term){
		.name = "target",
		.value = units(t, r, 0),
		.origin = rows_null(r, 0) ? "nobody has reckoned it" : rows_keep(r, 7, t->a),
		.at_ms = rows_int(r, 1),
	});
}

/* Sales since take off what is expected, where they reach as far as what is shown. */
static int64_t sold_since(const struct rows *r)
{
	bool drifts = !rows_null(r, 2) && !rows_null(r, 4) && rows_int(r, 12);

	return drifts ? rows_int(r, 2) - (rows_int(r, 4) - rows_int(r, 12)) : 0;
}

static void explain_shown(struct teller *t, const struct rows *r, int64_t push)
{
	const char *state = rows_text(r, 10), *cause = rows_text(r, 14);
	char until[32];

	time_iso_s(rows_int(r, 11), until);
	say(t, (struct term){
		.name = "confirmed",
		.value = units(t, r, 2),
		.origin = rows_null(r, 2) ? "nothing was said yet" : arena_printf(t->a, "%s accepted it%s%s", rows_text(r, 15), *state ? ", " : "", state),
		.at_ms = rows_int(r, 3),
		.attempt_id = push,
	});
	if (!strcmp(state, "SETTLING"))
		say(t, (struct term){ .name = "settling", .value = "yes", .origin = arena_printf(t->a, "the channel has until %s to show it", until) });
	say(t, (struct term){
		.name = "seen",
		.value = units(t, r, 4),
		.origin = rows_null(r, 4) ? "not read yet" : arena_printf(t->a, "read from %s", rows_text(r, 15)),
		.at_ms = rows_int(r, 5),
		.attempt_id = rows_int(r, 6),
	});
	if (sold_since(r))
		say(t, (struct term){ .name = "sold since", .value = number(t, sold_since(r)), .origin = "orders that we know of: so many fewer are expected" });
	say(t, (struct term){
		.name = "= drift",
		.value = arena_printf(t->a, "%+" PRId64, rows_int(r, 12)),
		.origin = arena_printf(t->a, "seen - confirmed%s%s%s", sold_since(r) ? " + sold since" : "", *cause ? ", likely " : "", cause),
		.at_ms = rows_int(r, 13),
	});
}

/* Where the channel counts how often a listing is changed. */
static enum fault explain_revisions(struct teller *t, int64_t account, const char *listing)
{
	int64_t times = 0;
	enum fault f = *listing ? revisions_of(t->s, account, listing, t->now_ms, &times, t->err) : OK;

	if (!f && times)
		say(t, (struct term){
			.name = "changed",
			.value = number(t, times),
			.origin = arena_printf(t->a, "times in 24 hours, all variations of listing %s together", listing),
		});
	return f;
}

enum fault offer_explain(struct store *s, int64_t offer, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT f.target, f.target_ms, f.pushed, f.pushed_ms, f.seen, f.seen_ms, coalesce(f.seen_attempt, 0), f.why, f.hold, f.pool, f.push_state, "
		"f.settle_ms, f.drift, f.drift_ms, f.cause, c.name, c.mode, coalesce(f.item_id, 0), f.block, f.account_id, f.listing FROM offer f JOIN account c ON c.id = f.account_id "
		"WHERE f.id = ?";
	struct teller t = { .s = s, .a = a, .now_ms = now_ms, .err = err };
	int64_t push = 0;
	enum fault f = last_push(&t, offer, &push);
	struct rows *r;
	bool there = false;

	if (f)
		return finish(&t, f, out, n);
	r = ASK(s, sql, V(offer));
	if (rows_next(r)) {
		there = true;
		if (rows_int(r, 17))
			f = explain_available(&t, rows_int(r, 17));
		else
			say(&t, (struct term){ .name = "item", .value = "-", .origin = "not mapped to an item of ours: never written" });
		explain_target(&t, r);
		explain_shown(&t, r, push);
		if (!f)
			f = explain_revisions(&t, rows_int(r, 19), rows_keep(r, 20, a));
		if (strcmp(rows_text(r, 16), "live"))
			say(&t, (struct term){ .name = "account", .value = "shadow", .origin = "nothing is said until a person makes it live" });
	}
	if (rows_end(r, f ? NULL : err) || f)
		f = f ? f : FAULT_STORE;
	else if (!there)
		f = err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, offer);
	return finish(&t, f, out, n);
}

/* ---- an order ---- */

static void explain_deadline(struct teller *t, const char *name, int64_t at_ms, int64_t due_ms, bool open)
{
	char iso[32], span[16];

	if (at_ms <= 0 || at_ms >= NO_DEADLINE)
		return;
	time_iso_s(at_ms, iso);
	time_age(t->now_ms < at_ms ? at_ms - t->now_ms : t->now_ms - at_ms, span);
	say(t, (struct term){
		.name = name,
		.value = arena_strdup(t->a, iso),
		.origin = arena_printf(t->a, "%s %s%s", t->now_ms < at_ms ? "in" : "past by", span, open && at_ms == due_ms ? ": the next that costs something" : ""),
		.at_ms = at_ms,
	});
}

static void explain_flags(struct teller *t, int64_t flags)
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
			say(t, (struct term){ .name = known[i].name, .value = "yes", .origin = known[i].origin });
}

static enum fault explain_lines(struct teller *t, int64_t order)
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
		say(t, (struct term){
			.name = arena_printf(t->a, "line %s %s", rows_text(r, 0), rows_text(r, 1)),
			.value = number(t, rows_int(r, 2)),
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
	struct teller t = { .s = s, .a = a, .now_ms = now_ms, .err = err };
	struct rows *r = ASK(s, sql, V(order));
	bool there = rows_next(r);
	enum fault f;

	if (there) {
		bool open = rows_int(r, 2) != 0;
		int64_t due = rows_int(r, 4);

		say(&t, (struct term){
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
			say(&t, (struct term){
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
