/*
 * judge.c: what is asked after a day: was an order lost, was anything done twice, was something sold that was not there, was a
 * decrease late? The ledger answers, and the store only where the ledger cannot know.
 *
 * Invariants by their numbers are those of the reliability page that apply so far: 5 7 10 12 13 14 18 19 21 22 23 24 31 38.
 */
#include "tests/fault/day.h"

#include "sandbox/sandbox.h"
#include "trade/audit.h"
#include "trade/effects.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* RECOVERY: breaker and ladder look again every five minutes, and three good answers close it. */
enum { KNOWN_WITHIN = 10 * MINUTE, SAID_WITHIN = 8 * MINUTE, RECOVERY = 20 * MINUTE, ACK_WITHIN = HOUR, STRUCK_WITHIN = 40 * MINUTE };

struct trial {
	struct day *d;
	const struct world *w;
	struct arena *a;
	const char *why; /* NULL so far */
	enum wrong wrong;
};

#define WRONG(t, kind, ...)                                           \
	do {                                                          \
		if (!(t)->why) {                                      \
			(t)->wrong = (kind);                          \
			(t)->why = arena_printf((t)->a, __VA_ARGS__); \
		}                                                     \
	} while (0)
#define FAIL(t, ...) WRONG(t, WRONG_OTHER, __VA_ARGS__)

/* By when may something that happened then be expected to be known or done? */
static int64_t by_then(const struct day *d, enum platform p, int64_t at_ms, int64_t within_ms)
{
	int64_t due = at_ms + within_ms, was;

	do {
		was = due;
		for (int i = 0; i < d->outages; i++) {
			const struct outage *o = &d->outage[i];

			if (o->platforms >> p & 1 && o->from_ms <= due && o->until_ms + RECOVERY > due - within_ms)
				due = o->until_ms + RECOVERY > due ? o->until_ms + RECOVERY : due;
		}
	} while (due != was);
	return due;
}

static const char *ref_of(const struct trial *t, int order)
{
	char id[24];

	order_id(t->w, order, id);
	return arena_strdup(t->a, id);
}

static int64_t ask_int(struct trial *t, const char *sql, const char *text)
{
	struct val v = val_text(text);
	struct rows *r = store_ask_text(t->d->reader, sql, &v, text ? 1 : 0);
	int64_t n = rows_next(r) ? rows_int(r, 0) : -1;
	struct err err;

	if (rows_end(r, &err))
		FAIL(t, "%s: %s", sql, err.text);
	return n;
}

/* ---- lost ---- */

static void nothing_is_lost(struct trial *t)
{
	static const char sql[] = "SELECT min(c.known_ms) FROM orders o JOIN change c ON c.fact = 'orders' AND c.fact_id = o.id WHERE o.ref = ?";

	for (int i = orders_from(t->w, DAY_BEGINS); i < t->w->orders && !t->why; i++) {
		const struct order *o = &t->w->order[i];
		int64_t due = by_then(t->d, order_platform(o), o->placed_ms, KNOWN_WITHIN), known;

		if (due > t->d->now_ms)
			continue;
		known = ask_int(t, sql, ref_of(t, i));
		if (known <= 0)
			WRONG(t, WRONG_LOST, "lost: order %s is not in the store", ref_of(t, i));
		else if (known > due)
			WRONG(t, WRONG_LATE, "late: order %s was known after %" PRId64 " s", ref_of(t, i), (known - o->placed_ms) / 1000);
	}
}

/* ---- twice ---- */

static void nothing_is_done_twice(struct trial *t)
{
	static const enum count twice[] = { ACKS_AGAIN, SHIPS_AGAIN, SHIPS_UPDATED, CANCELS_AGAIN }, never[] = { POOL_WRITES, FORBIDDEN_WRITES, LEADS_LOST };

	for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
		if (t->w->count[twice[i]])
			WRONG(t, WRONG_TWICE, "%s: %" PRId64, count_names[twice[i]], t->w->count[twice[i]]);
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (t->w->count[never[i]])
			FAIL(t, "%s: %" PRId64, count_names[never[i]], t->w->count[never[i]]);
	for (int i = 0; i < t->w->lines; i++)
		if (t->w->line[i].shipped + t->w->line[i].cancelled > t->w->line[i].qty)
			WRONG(t, WRONG_TWICE, "13: more of a line of %s is shipped and cancelled than was ordered", ref_of(t, t->w->line[i].order));
}

static void nothing_stands_twice(struct trial *t)
{
	if (ask_int(t, "SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY account_id, ref HAVING count(*) > 1)", NULL))
		WRONG(t, WRONG_DOUBLED, "10: an order stands twice");
}

/* ---- oversold, late ---- */

/* Walmart alone waits for it; of what is cancelled nobody need say it. */
static bool wants_ack(const struct trial *t, int order)
{
	const struct order *o = &t->w->order[order];
	int left = 0;

	for (int l = o->line; l < o->line + o->lines; l++)
		left += t->w->line[l].qty - t->w->line[l].cancelled;
	return left && place_facts[o->place].platform == WALMART && !place_facts[o->place].apart;
}

static void nothing_is_oversold(struct trial *t)
{
	const struct day *d = t->d;

	if (d->oversold)
		WRONG(t, WRONG_OVERSOLD, "oversold: %" PRId64 " units could have been avoided", d->oversold);
	for (int p = 0; p < MARKETS; p++)
		if (d->worst_late_ms[p] > SAID_WITHIN)
			WRONG(t, WRONG_LATE, "late: %s showed too much for %" PRId64 " s with nobody else to blame", platform_names[p],
			     d->worst_late_ms[p] / 1000);
	for (int i = orders_from(t->w, DAY_BEGINS); i < t->w->orders && !d->outages && d->operated; i++)
		if (wants_ack(t, i) && (t->w->order[i].acked_ms ? t->w->order[i].acked_ms : d->now_ms) > t->w->order[i].placed_ms + ACK_WITHIN)
			WRONG(t, WRONG_LATE, "late: order %s was not acknowledged within the hour", ref_of(t, i));
}

/* ---- manners: only on a day on which all was well ---- */

static void manners_are_good(struct trial *t)
{
	static const enum count never[] = { UNKNOWN_CALLERS, THROTTLED, BAD_REQUESTS };

	for (size_t i = 0; i < sizeof never / sizeof *never && !t->d->outages; i++)
		if (t->w->count[never[i]])
			FAIL(t, "%s: %" PRId64, count_names[never[i]], t->w->count[never[i]]);
	/* each once; when something broke off, a list is read again from its start */
	if (!t->d->outages && ask_int(t, "SELECT count(*) FROM call_tally WHERE repeats > 0", NULL))
		FAIL(t, "the same was asked again while its answer held");
}

/* ---- the store against itself ---- */

/* Each counts what must not be. */
static const struct {
	const char *why, *sql;
} never[] = {
	{ "5: a quantity outside 0..999999", "SELECT count(*) FROM offer WHERE target NOT BETWEEN 0 AND 999999 OR pushed NOT BETWEEN 0 AND 999999" },
	{ "7: a quantity counts as applied without a read begun after it was accepted",
	  "SELECT count(*) FROM offer WHERE push_state = 'APPLIED' AND seen_ms <= pushed_ms" },
	{ "13: more units in packages than a line has", "SELECT count(*) FROM order_line l WHERE qty < (SELECT coalesce(sum(s.qty), 0) FROM "
	                                                "shipment_line s JOIN shipment p ON p.id = s.shipment_id WHERE s.line_id = l.id AND p.confirm "
	                                                "NOT IN ('REJECTED'))" },
	{ "14: said again without a read in between",
	  "SELECT count(*) FROM attempt a JOIN attempt_job x ON x.attempt_id = a.id JOIN attempt_job y ON y.job_id = x.job_id AND y.attempt_id > a.id "
	  "JOIN attempt b ON b.id = y.attempt_id JOIN job j ON j.id = x.job_id WHERE j.verb IN ('ship', 'ack', 'cancel') "
	  "AND a.fault IN ('', 'UNSURE', 'REMOTE', 'FORMAT', 'ENDPOINT') AND NOT EXISTS (SELECT 1 FROM attempt r JOIN attempt_job z ON z.attempt_id = r.id "
	  "JOIN job k ON k.id = z.job_id WHERE r.verb = 'order' AND k.subject_id = j.subject_id AND k.account_id = j.account_id "
	  "AND r.opened_ms >= a.closed_ms AND r.id < b.id AND r.closed_ms > 0 AND r.fault = '')" },
	{ "19: a job went a way that is not drawn",
	  "SELECT count(*) FROM change WHERE fact = 'job' AND field = 'state' AND old IS NOT NULL AND old || '>' || new NOT IN "
	  "('waiting>inflight', 'waiting>superseded', 'waiting>failed', 'inflight>waiting', 'inflight>sent', 'inflight>done', 'inflight>failed', "
	  "'inflight>unsure', 'inflight>superseded', 'sent>done', 'sent>failed', 'sent>superseded', 'unsure>waiting', 'unsure>done', "
	  "'unsure>failed', 'unsure>superseded', 'failed>waiting', 'failed>done', 'failed>superseded')" },
	{ "22: a failed job without a reason", "SELECT count(*) FROM job WHERE state = 'failed' AND (text = '' OR fault = '')" },
	{ "23: an older engine spoke after a newer", "SELECT count(*) FROM attempt a JOIN attempt b ON b.id = a.id + 1 WHERE b.epoch < a.epoch" },
	{ "24: tried again in less than five seconds",
	  "SELECT count(*) FROM attempt a JOIN attempt_job x ON x.attempt_id = a.id AND a.fault IN ('NET', 'UNSURE', 'REMOTE', 'BUSY') "
	  "JOIN attempt_job y ON y.job_id = x.job_id AND y.attempt_id = (SELECT min(z.attempt_id) FROM attempt_job z WHERE z.job_id = x.job_id AND "
	  "z.attempt_id > x.attempt_id) JOIN attempt b ON b.id = y.attempt_id WHERE b.opened_ms - a.closed_ms < 5000 AND a.epoch = b.epoch "
	  "AND a.text <> 'the answer could not be written down'" }, /* the disk was full: it came long before that was put on record */
	{ "a counter of open orders is wrong", "SELECT (SELECT value FROM counter WHERE name = 'orders.open') <> (SELECT count(*) FROM orders WHERE open)" },
	{ "a counter of waiting jobs is wrong", "SELECT (SELECT value FROM counter WHERE name = 'jobs.waiting') <> "
	                                        "(SELECT count(*) FROM job WHERE state = 'waiting' AND NOT repeats)" },
	{ "a counter of failed jobs is wrong", "SELECT (SELECT value FROM counter WHERE name = 'jobs.failed') <> (SELECT count(*) FROM job WHERE state = 'failed')" },
	{ "a counter of unsure jobs is wrong", "SELECT (SELECT value FROM counter WHERE name = 'jobs.unsure') <> (SELECT count(*) FROM job WHERE state = 'unsure')" },
	{ "a counter of drift is wrong", "SELECT (SELECT value FROM counter WHERE name = 'drift') <> (SELECT count(*) FROM offer WHERE drift <> 0)" },
	{ "a counter of the inbox is wrong", "SELECT (SELECT value FROM counter WHERE name = 'inbox') <> "
	                                     "(SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried'))" },
	{ "a counter of alerts is wrong", "SELECT (SELECT sum(value) FROM counter WHERE name LIKE 'alerts.%') <> (SELECT count(*) FROM alert WHERE closed_ms = 0)" },
	{ "what is reserved is not what open lines owe",
	  "SELECT count(*) FROM item i WHERE reserved <> (SELECT coalesce(sum(reserves), 0) FROM order_line l WHERE l.item_id = i.id AND l.taken = 0)" },
	{ "available is not counted less reserved", "SELECT count(*) FROM item WHERE available <> counted - held - reserved" },
	{ "a job has no attempt although it was tried", "SELECT count(*) FROM job j WHERE tries > 0 AND NOT EXISTS (SELECT 1 FROM attempt_job x WHERE x.job_id = j.id) "
	                                                  "AND NOT EXISTS (SELECT 1 FROM feed_item i WHERE i.job_id = j.id)" },
	{ "31: a call that ended minutes ago is not in the audit's chain", "SELECT count(*) FROM attempt a WHERE a.writes = 1 AND a.closed_ms > 0 AND a.closed_ms < (SELECT beat_ms FROM lease) - 180000 "
	                                                                   "AND a.id > (SELECT coalesce(max(CAST(m.value AS INTEGER)), 0) FROM meta m WHERE m.key = 'effects upto') "
	                                                                   "AND NOT EXISTS (SELECT 1 FROM attempt o WHERE o.closed_ms = 0 AND o.id < a.id)" },
};

static void the_store_agrees_with_itself(struct trial *t)
{
	char head[65];
	int64_t rows;
	struct err err;

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (ask_int(t, never[i].sql, NULL))
			FAIL(t, "%s", never[i].why);
	if (audit_verify(t->d->reader, 0, NULL, &rows, head, &err))
		FAIL(t, "31: %s", err.text);
	if (effects_verify(t->d->reader, &rows, &err))
		FAIL(t, "31: %s", err.text);
	if (store_check(t->d->reader, &err))
		FAIL(t, "38: %s", err.text);
	if (hands_forgotten(t->d))
		FAIL(t, "38: the engine said ok to intent %s, and the store does not know it", hands_forgotten(t->d));
}

/* 18: nothing has happened out there that was not written down before. */
static void every_effect_was_announced(struct trial *t)
{
	static const char sql[] = "SELECT opened_ms FROM attempt WHERE correlation = ? AND writes = 1";

	for (int i = 0; i < t->w->effects && !t->why; i++) {
		const struct effect *e = &t->w->effect[i];
		const char *id = world_str(t->w, e->correlation);
		int64_t opened;

		if (!*id)
			continue;
		opened = ask_int(t, sql, id);
		if (opened < 0 || opened > e->at_ms)
			FAIL(t, "18: %s of %s happened without an attempt on record", effect_names[e->kind], world_str(t->w, e->subject));
	}
}

/* ---- at rest: what we believe is what is so ---- */

static void line_agrees(struct trial *t, int order, int line)
{
	static const char sql[] = "SELECT l.q_shipped + l.q_delivered, l.q_cancelled, l.qty FROM orders o JOIN order_line l ON l.order_id = o.id "
				  "WHERE o.ref = ? AND l.missed_ms = 0 ORDER BY l.id LIMIT 1 OFFSET ?";
	const struct line *l = &t->w->line[line];
	struct rows *r = ASK(t->d->reader, sql, V(ref_of(t, order)), V(line - t->w->order[order].line));
	struct err err;

	if (rows_next(r) && (rows_int(r, 0) != l->seen || rows_int(r, 1) != l->cancelled || rows_int(r, 2) != l->qty))
		FAIL(t, "order %s: %d of %d units are shipped and %d cancelled, but the store has %" PRId64 " and %" PRId64 " of %" PRId64,
		     ref_of(t, order), l->seen, l->qty, l->cancelled, rows_int(r, 0), rows_int(r, 1), rows_int(r, 2));
	if (rows_end(r, &err))
		FAIL(t, "%s", err.text);
}

static void orders_agree(struct trial *t)
{
	static const char sql[] = "SELECT state IN ('NEW', 'PENDING') FROM orders WHERE ref = ?";

	for (int i = orders_from(t->w, DAY_BEGINS); i < t->w->orders && !t->why; i++) {
		const struct order *o = &t->w->order[i];

		if (by_then(t->d, order_platform(o), o->touched_ms, KNOWN_WITHIN) > t->d->now_ms)
			continue;
		for (int l = o->line; l < o->line + o->lines; l++)
			line_agrees(t, i, l);
		if (order_view(t->w, o) == VIEW_ACKED && ask_int(t, sql, ref_of(t, i)))
			FAIL(t, "order %s is acknowledged, and the store does not know it", ref_of(t, i));
	}
}

/* Units of a line that its depot still has, by the ledger. Goods that were put aside are in none. */
static int line_stands(const struct trial *t, const struct line *l)
{
	int gone = place_facts[t->w->order[l->order].place].apart || l->shipped > l->left ? l->shipped : l->left;

	return l->qty - l->cancelled - gone;
}

/* Units that the carrier has and no marketplace was told of (or it did not listen): gone from the shelf, owed all the same. */
static int with_carrier(const struct trial *t, int product)
{
	int units = 0;

	for (int i = 0; i < t->w->lines; i++)
		if (t->w->line[i].product == product && hands_handed(t->d->hands, t->w->line[i].order))
			units += line_stands(t, &t->w->line[i]);
	return units;
}

/*
 * Of those, what left after the shelf was counted last, and no marketplace says so yet: the count has them still, and they are owed as well, so that what is
 * available is right without them.
 */
static int not_counted(const struct trial *t, int product)
{
	int units = 0;

	for (int i = 0; i < t->w->lines; i++) {
		const struct line *l = &t->w->line[i];

		if (l->product == product && l->depot <= DEPOT_FILE && hands_handed_ms(t->d->hands, l->order) > t->d->counted_ms)
			units += line_stands(t, l);
	}
	return units;
}

/*
 * Units sold from goods that the seller had put aside for an auction or an old listing: they are owed, and nothing that he can be asked tells
 * them from those of the shelf.
 */
static int put_aside(const struct trial *t, int product)
{
	int units = 0;

	for (int i = 0; i < t->w->lines; i++) {
		const struct line *l = &t->w->line[i];
		const struct place_fact *at = &place_facts[t->w->order[l->order].place];

		if (l->product == product && at->apart && !at->pool)
			units += line_left(l);
	}
	return units;
}

/*
 * Units still to go of a line of which others went before a depot had it. Whether the units that the depot tells are those is said by nobody, so the store keeps them
 * off its own number as well: never too much on sale.
 */
static int64_t told_in_part(struct trial *t, int product)
{
	static const char depots[] = "SELECT count(*) FROM warehouse_order w JOIN orders o ON o.id = w.order_id WHERE o.ref = ?";
	int64_t units = 0;

	for (int i = 0; i < t->w->lines && t->d->plan.whole; i++) {
		const struct line *l = &t->w->line[i];

		if (l->product == product && l->shipped && line_left(l) > 0 && ask_int(t, depots, ref_of(t, l->order)) > 0)
			units += line_left(l);
	}
	return units;
}

static bool was_flipped(const struct trial *t)
{
	const struct faults *f = &t->d->sandbox->faults;

	for (int i = 0; i < f->n; i++)
		if (f->mishap[i].kind == FLIPPED && f->mishap[i].fired)
			return true;
	return false;
}

/* Does the ledger know an order by this number? One bit that fell over in a number makes an order that never was. */
static bool is_real(const struct trial *t, const char *channel, const char *ref)
{
	return !was_flipped(t) || day_order_number(t->d, channel, ref) >= 0;
}

/* It is asked for by its number, twice, and struck: by now? */
static bool is_due(const struct trial *t, const char *channel, int64_t born_ms)
{
	enum platform p = 0;

	while (p < MARKETS - 1 && strcmp(platform_names[p], channel))
		p++;
	return by_then(t->d, p, born_ms, STRUCK_WITHIN) <= t->d->now_ms;
}

#define BORN "(SELECT min(c.known_ms) FROM change c WHERE c.fact = 'orders' AND c.fact_id = o.id)"

static void nothing_stands_that_never_was(struct trial *t)
{
	static const char sql[] = "SELECT a.channel, o.ref, " BORN " FROM orders o JOIN account a ON a.id = o.account_id WHERE o.open = 1";
	struct rows *r = ASK(t->d->reader, sql);
	struct err err;

	while (rows_next(r))
		if (day_order_number(t->d, rows_text(r, 0), rows_text(r, 1)) < 0 && is_due(t, rows_text(r, 0), rows_int(r, 2)))
			FAIL(t, "order %s never was, and stands open after %" PRId64 " s", rows_text(r, 1), (t->d->now_ms - rows_int(r, 2)) / 1000);
	if (rows_end(r, &err))
		FAIL(t, "%s", err.text);
}

/* What orders that never were keep off the stock until they are struck. */
static int64_t misread(struct trial *t, const char *sku)
{
	static const char sql[] = "SELECT a.channel, o.ref, l.reserves FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account a ON a.id = o.account_id "
				  "JOIN item i ON i.id = l.item_id WHERE l.reserves > 0 AND i.sku = ?";
	struct rows *r = ASK(t->d->reader, sql, V(sku));
	int64_t units = 0;
	struct err err;

	while (rows_next(r))
		units += is_real(t, rows_text(r, 0), rows_text(r, 1)) ? 0 : rows_int(r, 2);
	if (rows_end(r, &err))
		FAIL(t, "%s", err.text);
	return units;
}

/*
 * Units that were told to have left twice: with a package that the marketplace refused, and with a second one that it took. With which they left is said by
 * nobody; a count between the two may be without them already, and they are taken off it all the same, up to the next one.
 */
static int64_t told_twice(struct trial *t, const char *sku)
{
	static const char sql[] = "SELECT coalesce(sum(sl.qty), 0) FROM shipment_line sl JOIN shipment s ON s.id = sl.shipment_id JOIN order_line l ON l.id = sl.line_id "
				  "JOIN item i ON i.id = l.item_id WHERE i.sku = ? AND s.confirm <> 'REJECTED' AND EXISTS (SELECT 1 FROM shipment r WHERE "
				  "r.order_id = s.order_id AND r.confirm = 'REJECTED' AND r.shipped_ms < s.shipped_ms)";

	return ask_int(t, sql, sku);
}

static void stock_agrees(struct trial *t)
{
	static const char free_sql[] = "SELECT available FROM item WHERE sku = ?";

	for (int i = 0; i < t->w->products && !t->why; i++) {
		const struct product *p = &t->w->product[i];
		const char *sku = world_str(t->w, p->sku);
		int64_t available = ask_int(t, free_sql, sku), right = p->shelf - p->owed - with_carrier(t, i) - put_aside(t, i);

		if (available > right + not_counted(t, i) || (available < right && available < right - told_in_part(t, i) - misread(t, sku) - told_twice(t, sku)))
			FAIL(t, "%s: %d on the shelf, %d owed, %d with the carrier, %d put aside, and the store says that %" PRId64 " are available", sku, p->shelf, p->owed,
			     with_carrier(t, i), put_aside(t, i), available);
	}
}

/* Was a package of this order taken since then? What the seller says of when it went is another time. */
static bool sent_since(const struct trial *t, int order, int64_t since_ms)
{
	const char *ref = ref_of(t, order);

	for (int i = t->w->effects - 1; i >= 0 && t->w->effect[i].at_ms >= since_ms; i--)
		if (t->w->effect[i].kind == EFFECT_SHIP && !strcmp(world_str(t->w, t->w->effect[i].subject), ref))
			return true;
	return false;
}

/*
 * Units that a marketplace took off its own number since then, which we learn with its next list: Walmart when they are sent off, the others when they are
 * bought.
 */
static int64_t taken_since(const struct trial *t, const struct listing *l, int64_t since_ms)
{
	bool when_sent = place_facts[l->place].platform == WALMART;
	const struct world *w = t->w;
	int64_t units = 0;

	for (int i = 0; i < w->lines; i++) {
		const struct order *o = &w->order[w->line[i].order];

		if (w->line[i].product != l->product || o->place != l->place)
			continue;
		if (when_sent && sent_since(t, w->line[i].order, since_ms))
			units += w->line[i].shipped;
		else if (!when_sent && o->placed_ms >= since_ms)
			units += w->line[i].qty - w->line[i].cancelled;
	}
	return units;
}

/* 1: what is listed is what we want listed, unless the platform dropped it or somebody edited it; or it may still show, and people are told when it does not. */
static void listings_agree(struct trial *t)
{
	static const char sql[] = "SELECT f.target, f.pushed, f.drift OR EXISTS (SELECT 1 FROM job j WHERE j.verb = 'stock' AND "
				  "j.subject_id = f.id AND j.state = 'failed'), f.push_state, f.seen_ms, CASE f.push_state WHEN 'SETTLING' THEN f.settle_ms ELSE 0 END FROM offer f JOIN account a ON a.id = f.account_id "
				  "WHERE f.sku = ? AND f.marketplace = ? AND f.pool = 'own' AND f.block = '' AND a.channel = ?";
	struct err err;

	for (int i = 0; i < t->w->listings && !t->why; i++) {
		const struct listing *l = &t->w->listing[i];
		enum platform p = place_facts[l->place].platform;
		struct rows *r;

		if (place_facts[l->place].apart || l->place == WALMART_WEST || l->place == SHOPIFY_WEST)
			continue;
		r = ASK(t->d->reader, sql, V(world_str(t->w, t->w->product[l->product].sku)), V(p == AMAZON ? place_facts[l->place].id : ""),
		        V(platform_names[p]));
		if (!rows_next(r))
			FAIL(t, "%s at %s is no offer in the store", world_str(t->w, t->w->product[l->product].sku), place_facts[l->place].name);
		else if ((l->said != rows_int(r, 0) || (l->said_seq == l->shown_seq && l->shown > rows_int(r, 0))) && l->shown != rows_int(r, 0) && l->shown + taken_since(t, l, rows_int(r, 4)) != rows_int(r, 0) && !rows_int(r, 2) &&
		         rows_int(r, 5) <= t->d->now_ms)
			FAIL(t, "1: %s at %s: %d was said last and %d is shown, %" PRId64 " is wanted (pushed %" PRId64 ", %s), and nobody is told",
			     world_str(t->w, t->w->product[l->product].sku), place_facts[l->place].name, l->said, l->shown, rows_int(r, 0), rows_int(r, 1),
			     rows_text(r, 3));
		if (rows_end(r, &err))
			FAIL(t, "%s", err.text);
	}
}

/* Of an order that never was until it is struck; then it is a person's. */
static void nobody_is_in_doubt(struct trial *t, const char *before_ms)
{
	static const char sql[] = "SELECT a.channel, coalesce(o.ref, ''), coalesce(" BORN ", 0) FROM job j JOIN account a ON a.id = j.account_id LEFT JOIN orders o ON o.id = j.subject_id AND "
				  "j.verb IN ('ack', 'ship', 'cancel') WHERE j.state = 'unsure' AND j.unsure_ms < cast(? AS INTEGER)";
	struct rows *r = ASK(t->d->reader, sql, V(before_ms));
	struct err err;

	while (rows_next(r))
		if (!*rows_text(r, 1) || is_real(t, rows_text(r, 0), rows_text(r, 1)) || is_due(t, rows_text(r, 0), rows_int(r, 2)))
			FAIL(t, "21: a job is still unsure after forty minutes");
	if (rows_end(r, &err))
		FAIL(t, "%s", err.text);
}

static void nothing_is_left_over(struct trial *t)
{
	const char *old = arena_printf(t->a, "%" PRId64, t->d->now_ms - 20 * MINUTE);

	if (ask_int(t, "SELECT count(*) FROM attempt WHERE closed_ms = 0 AND opened_ms < cast(? AS INTEGER)", old))
		FAIL(t, "an attempt is still open after twenty minutes");
	if (ask_int(t, "SELECT count(*) FROM job WHERE state = 'inflight' AND state_ms < cast(? AS INTEGER)", old))
		FAIL(t, "a job is still in flight after twenty minutes");
	if (!t->d->plan.shadow && ask_int(t, "SELECT count(*) FROM job WHERE state = 'waiting' AND verb <> 'counts' AND due_ms < cast(? AS INTEGER)", old))
		FAIL(t, "a job has been due for twenty minutes, and nobody does it");
	old = arena_printf(t->a, "%" PRId64, t->d->now_ms - 40 * MINUTE);
	nobody_is_in_doubt(t, old);
}

const char *day_holds(struct day *d)
{
	struct trial t = { .d = d, .w = d->sandbox->world, .a = d->arena };

	nothing_stands_twice(&t);
	nothing_is_done_twice(&t);
	the_store_agrees_with_itself(&t);
	every_effect_was_announced(&t);
	return t.why;
}

const char *day_verdict(struct day *d)
{
	struct trial t = { .d = d, .w = d->sandbox->world, .a = d->arena };

	if (*d->trouble)
		return d->trouble;
	nothing_is_lost(&t);
	nothing_stands_twice(&t);
	nothing_is_done_twice(&t);
	nothing_is_oversold(&t);
	manners_are_good(&t);
	the_store_agrees_with_itself(&t);
	every_effect_was_announced(&t);
	nothing_is_left_over(&t);
	orders_agree(&t);
	nothing_stands_that_never_was(&t);
	if (!d->plan.shadow) {
		stock_agrees(&t);
		listings_agree(&t);
	}
	if (t.why)
		day_wrong(d, t.wrong, "%s", t.why);
	return *d->trouble ? d->trouble : NULL;
}
