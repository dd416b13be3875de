/*
 * plans: what an intent would do, now, in words; and the digest that binds what was shown to what is done.
 *
 * The engine makes the same plan again before it carries an intent out. Whatever stands in a step is in the digest, so a
 * row that changed in between is noticed.
 */
#include "trade/intents.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/audit.h"
#include "trade/events.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/kits.h"
#include "trade/lapse.h"
#include "trade/mapping.h"
#include "trade/offers.h"
#include "trade/orders.h"
#include "trade/places.h"
#include "trade/planned.h"
#include "trade/radius.h"
#include "trade/overrides.h"
#include "trade/shipments.h"
#include "trade/sitting.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ACCOUNTS = 32 };

struct draft {
	struct store *s;
	const struct intent *in;
	struct arena *a;
	struct plan *out;
	int step_cap, skip_cap, warn_cap, id_cap;
	int64_t *id; /* of each step */
	const char *account[ACCOUNTS]; /* those that anything happens on, in order of appearance */
	int accounts;
	struct buf bound; /* ids and states behind the steps: digested, not shown */
};

static void add(struct draft *d, const char ***list, int *n, int *cap, const char *text)
{
	*list = arena_grow(d->a, *list, *n, cap, sizeof **list);
	(*list)[(*n)++] = text;
}

static void skip(struct draft *d, const char *what, const char *why)
{
	add(d, &d->out->skip, &d->out->skips, &d->skip_cap, arena_printf(d->a, "%s: %s", what, why));
}

static void warn(struct draft *d, const char *text)
{
	add(d, &d->out->warn, &d->out->warns, &d->warn_cap, text);
}

static void step(struct draft *d, const char *account, int64_t id, const char *text)
{
	int i = 0;

	d->id = arena_grow(d->a, d->id, d->out->steps, &d->id_cap, sizeof *d->id);
	d->id[d->out->steps] = id;
	d->out->step_id = d->id;
	add(d, &d->out->step, &d->out->steps, &d->step_cap, text);
	buf_printf(&d->bound, "%" PRId64 "\n", id);
	while (i < d->accounts && strcmp(d->account[i], account))
		i++;
	if (i == d->accounts && i < ACCOUNTS)
		d->account[d->accounts++] = account;
}

/* ---- orders ---- */

static const char *not_for_us(const struct order_detail *o)
{
	if (o->row.flags & ORDER_READ_ONLY)
		return "the channel fulfils it itself";
	if (!o->row.open)
		return "it is closed";
	if (o->row.state == ORDER_PENDING)
		return "its payment is pending: it must not be shipped or acknowledged yet";
	return NULL;
}

static int64_t units_in(const struct order_detail *o, enum order_state from, enum order_state to)
{
	int64_t n = 0;

	for (int i = 0; i < o->lines; i++)
		for (int b = (int)from; b <= (int)to; b++)
			n += o->line[i].bucket[b];
	return n;
}

static const char *order_name(struct draft *d, const struct order_detail *o)
{
	return arena_printf(d->a, "%s %s", o->row.account_name, o->row.ref);
}

/* The same was asked for before and is under way: once is enough. NULL: it was not. */
static const char *under_way(struct draft *d, enum verb verb, int64_t order)
{
	static const char sql[] = "SELECT id, state FROM job WHERE subject_id = ? AND subject_id <> 0 AND verb = ? AND state IN ('waiting', 'inflight', 'sent', 'unsure') "
				  "ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(d->s, sql, V(order), V(verb_name(verb)));
	const char *text = NULL;

	if (rows_next(r))
		text = arena_printf(d->a, "it was asked for already: job %" PRId64 " is %s", rows_int(r, 0), rows_text(r, 1));
	return rows_end(r, NULL) ? NULL : text;
}

static const char *units_word(int64_t n)
{
	return n == 1 ? "unit" : "units";
}

static void plan_ack(struct draft *d, const struct order_detail *o)
{
	const char *already = under_way(d, VERB_ACK, o->row.id);

	if (already) {
		skip(d, order_name(d, o), already);
	} else if (!o->row.ack_by_ms) {
		skip(d, order_name(d, o), "this channel has no acknowledgement");
	} else if (!units_in(o, ORDER_NEW, ORDER_NEW)) {
		skip(d, order_name(d, o), "it is acknowledged already");
	} else {
		if (o->row.flags & ORDER_CANCEL_REQ)
			warn(d, arena_printf(d->a, "%s: the buyer asked to cancel", order_name(d, o)));
		step(d, o->row.account_name, o->row.id, arena_printf(d->a, "%s: acknowledge, %" PRId64 " %s", order_name(d, o), o->row.units, units_word(o->row.units)));
	}
}

static bool has_package(struct draft *d, int64_t order, const char *tracking)
{
	struct shipment *list;
	int n = 0;
	struct err err;

	if (shipments_of(d->s, order, d->a, &list, &n, &err))
		return false;
	for (int i = 0; i < n; i++)
		if (!strcmp(list[i].tracking, tracking) && strcmp(list[i].confirm, "REJECTED") && !shipment_is_draft(&list[i]))
			return true;
	return false;
}

/* Why it cannot be confirmed with these words; NULL when it can. c NULL: not in the table. */
static const char *ship_obstacle(struct draft *d, const struct order_detail *o, const struct carrier *c, const char *carrier,
                                 const char *tracking, const char *url)
{
	bool has_url = !strncmp(url, "https://", 8);

	if (!*carrier || !*tracking)
		return "carrier or tracking number is missing";
	if (!text_id(tracking, " -_.", 60))
		return "that is no tracking number (1 to 60 letters, digits, spaces, - _ .)";
	if (!c && !has_url)
		return "the carrier is not in the table: a tracking URL (https://...) is required with it";
	if (c && carrier_forbidden(c, o->row.channel))
		return arena_printf(d->a, "%s forbids %s", o->row.channel, c->name);
	/* a carrier outside Walmart's closed list goes with a tracking page, and none is invented */
	if (c && !strcmp(o->row.channel, "walmart") && !*c->walmart && !*c->url && !has_url)
		return arena_printf(d->a, "Walmart has no word of its own for %s: a tracking URL (https://...) is required with it", c->name);
	if (!units_in(o, ORDER_NEW, ORDER_PACKED))
		return "nothing of it is left to ship";
	return has_package(d, o->row.id, tracking) ? "a package with this tracking number is noted already" : NULL;
}

static void plan_ship(struct draft *d, const struct order_detail *o)
{
	const char *carrier = intent_word(d->in, "carrier", o->row.id), *tracking = intent_word(d->in, "tracking", o->row.id), *url = intent_word(d->in, "url", o->row.id);
	int64_t units = units_in(o, ORDER_NEW, ORDER_PACKED);
	struct carrier c;
	bool known = carrier_find(d->a, carrier, &c);
	const char *obstacle = ship_obstacle(d, o, known ? &c : NULL, carrier, tracking, url);

	if (obstacle) {
		skip(d, order_name(d, o), obstacle);
		return;
	}
	if (known && !carrier_fits(&c, tracking))
		warn(d, arena_printf(d->a, "%s: %s does not look like a number of %s", order_name(d, o), tracking, c.name));
	if (o->row.flags & ORDER_CANCEL_REQ)
		warn(d, arena_printf(d->a, "%s: the buyer asked to cancel", order_name(d, o)));
	step(d, o->row.account_name, o->row.id,
	     arena_printf(d->a, "%s: confirm %" PRId64 " %s of %s with %s %s", order_name(d, o), units, units_word(units), o->row.sku, known ? c.name : carrier, tracking));
}

static void plan_cancel(struct draft *d, const struct order_detail *o)
{
	int64_t units = units_in(o, ORDER_NEW, ORDER_PACKED);
	const char *already = under_way(d, VERB_CANCEL, o->row.id);

	if (!units || already) {
		skip(d, order_name(d, o), units ? already : "nothing of it is left to cancel");
		return;
	}
	if (!(o->row.flags & ORDER_CANCEL_REQ))
		warn(d, arena_printf(d->a, "%s: the buyer did not ask for it: it counts against the seller's cancellation rate", order_name(d, o)));
	step(d, o->row.account_name, o->row.id,
	     arena_printf(d->a, "%s: cancel %" PRId64 " %s, reason %s", order_name(d, o), units, units_word(units),
	                  fields_get(&d->in->payload, "reason", "SELLER_CANCEL_OUT_OF_STOCK")));
}

static enum fault plan_orders(struct draft *d, void (*one)(struct draft *, const struct order_detail *), struct err *err)
{
	const char *id;

	for (int i = 0; (id = fields_each(&d->in->payload, "order", i)); i++) {
		struct order_detail o;
		int64_t n;
		enum fault f = text_int(id, 1, INT64_MAX, &n) ? order_get(d->s, n, d->a, &o, err) : err_set(err, FAULT_REFUSED, "no order's number");

		if (f == FAULT_STORE)
			return f;
		if (f) {
			skip(d, "an order", err->text);
			continue;
		}
		buf_printf(&d->bound, "%d %d %" PRId64 "\n", (int)o.row.state, o.row.flags, units_in(&o, ORDER_NEW, ORDER_PACKED));
		if (not_for_us(&o))
			skip(d, order_name(d, &o), not_for_us(&o));
		else
			one(d, &o);
	}
	return OK;
}

/* ---- offers and accounts ---- */

static enum fault plan_push(struct draft *d, struct err *err)
{
	const char *id;

	for (int i = 0; (id = fields_each(&d->in->payload, "offer", i)); i++) {
		struct offer o;
		int64_t n;
		enum fault f = text_int(id, 1, INT64_MAX, &n) ? offer_get(d->s, n, d->a, &o, err) : err_set(err, FAULT_REFUSED, "no offer's number");
		const char *name;

		if (f == FAULT_STORE)
			return f;
		if (f) {
			skip(d, "an offer", err->text);
			continue;
		}
		name = arena_printf(d->a, "%s %s%s%s", o.account_name, o.sku, *o.marketplace ? " " : "", o.marketplace);
		if (offer_unwritable(&o))
			skip(d, name, offer_unwritable(&o));
		else if (o.target < 0)
			skip(d, name, "nobody has reckoned its quantity yet");
		else
			step(d, o.account_name, o.id,
			     arena_printf(d->a, "%s: say %" PRId64 " (they show %s)", name, o.target,
			                  o.seen < 0 ? "nothing we have read" : arena_printf(d->a, "%" PRId64, o.seen)));
	}
	return OK;
}

static enum fault plan_mode(struct draft *d, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM job WHERE account_id = ? AND writes = 1 AND state = 'waiting'";
	bool live = d->in->kind == INTENT_LIVE;
	struct account_row row;
	int64_t waiting = 0;
	enum fault f = account_by_name(d->s, d->in->subject ? d->in->subject : "", d->a, &row, err);

	if (!f)
		f = GET_INT(d->s, err, 0, &waiting, sql, V(row.id));
	if (f)
		return f;
	if (!strcmp(row.mode, live ? "live" : "shadow"))
		skip(d, row.name, live ? "it is live already" : "it is in shadow mode already");
	else
		step(d, row.name, row.id,
		     arena_printf(d->a, live ? "%s: from shadow to live: what is planned will be said to %s, the %" PRId64 " waiting now at once"
		                             : "%s: from live to shadow: nothing more is said to %s, %" PRId64 " writes stay waiting",
		                  row.name, row.channel, waiting));
	return OK;
}

/* ---- policy: what a person sets for a tag or a SKU ---- */

static enum fault plan_policy(struct draft *d, struct err *err)
{
	const char **line;
	int n;
	enum fault f = override_words(d->s, &d->in->payload, d->a, &line, &n, err);

	for (int i = 0; i < n && !f; i++)
		step(d, "", 0, line[i]);
	return f;
}

/* ---- zero-outs ---- */

/* What its words name, less what was unticked. */
static enum fault scope_of(struct draft *d, int64_t **offer, int *n, struct err *err)
{
	const char **word = NULL, *v;
	int words = 0, cap = 0, kept = 0;
	int64_t id;
	enum fault f;

	for (int i = 0; (v = fields_each(&d->in->payload, "scope", i)); i++) {
		word = arena_grow(d->a, word, words, &cap, sizeof *word);
		word[words++] = v;
	}
	for (int i = 0; (v = fields_each(&d->in->payload, "offer", i)); i++) {
		word = arena_grow(d->a, word, words, &cap, sizeof *word);
		word[words++] = arena_printf(d->a, "offer:%s", v);
	}
	f = zero_scope(d->s, word, words, d->in->account, d->a, offer, n, err);
	for (int i = 0; i < *n && !f; i++) {
		bool out = false;

		for (int k = 0; (v = fields_each(&d->in->payload, "except", k)) && !out; k++)
			out = text_int(v, 1, INT64_MAX, &id) && id == (*offer)[i];
		if (!out)
			(*offer)[kept++] = (*offer)[i];
	}
	*n = kept;
	return f;
}

static const char *quantity(struct draft *d, int64_t n)
{
	return n < 0 ? "?" : arena_printf(d->a, "%" PRId64, n);
}

static enum fault zero_offer(struct draft *d, const struct offer *o, struct err *err)
{
	const char *name = arena_printf(d->a, "%s %s%s%s%s%s", o->account_name, o->sku, *o->marketplace ? " " : "", o->marketplace, *o->node ? " " : "", o->node);
	bool rules = false;
	int64_t open = 0;

	if (offer_unwritable(o)) {
		skip(d, name, offer_unwritable(o));
		return OK;
	}
	if (zero_held_by_rule(d->s, o, &rules, err))
		return FAULT_STORE;
	if (*o->hold && !rules) {
		skip(d, name, arena_printf(d->a, "held at zero already: %s", o->hold));
		return OK;
	}
	if (rules)
		warn(d, arena_printf(d->a, "%s: a rule holds it at zero; from now on only a person lets go of it", name));
	if (zero_open_units(d->s, o, &open, err))
		return FAULT_STORE;
	if (o->available > 0)
		warn(d, arena_printf(d->a, "%s: there are %" PRId64 " of it", name, o->available));
	step(d, o->account_name, o->id,
	     arena_printf(d->a, "%s: %s to 0%s", name, quantity(d, o->seen), !open ? "" : arena_printf(d->a, ", %" PRId64 " %s of open orders stay", open, units_word(open))));
	return OK;
}

/* Their own state: what cannot be told now stays pending, in red, until it can. */
static enum fault warn_down(struct draft *d, struct err *err)
{
	for (int i = 0; i < d->accounts; i++) {
		struct account_row row;
		enum fault f = account_by_name(d->s, d->account[i], d->a, &row, err);

		if (f)
			return f;
		if (strcmp(row.state, "ok") && strcmp(row.state, "slow") && strcmp(row.state, "new"))
			warn(d, arena_printf(d->a, "%s is %s: its offers stay PENDING until it answers", row.name, row.state));
	}
	return OK;
}

static enum fault plan_zero(struct draft *d, int64_t now_ms, struct err *err)
{
	int64_t *offer, *meant;
	int n, left = 0;
	enum fault f;

	if (!*intent_reason(d->in))
		return err_set(err, FAULT_REFUSED, "a zero-out needs its reason");
	f = scope_of(d, &offer, &n, err);
	meant = f ? NULL : arena_alloc(d->a, (size_t)(n + 1) * sizeof *meant);
	for (int i = 0; i < n && !f; i++) {
		struct offer o;

		f = offer_get(d->s, offer[i], d->a, &o, err);
		if (!f)
			f = zero_offer(d, &o, err);
	}
	for (int i = 0; i < d->out->steps; i++)
		meant[left++] = d->id[i];
	if (!f)
		f = warn_down(d, err);
	if (!f)
		f = radius_notes(d->s, meant, left, now_ms, d->a, &d->out->note, &d->out->notes, err);
	if (!f)
		f = zero_needs_two(d->s, meant, left, d->a, &d->out->two, err);
	if (!f && d->out->two)
		warn(d, arena_printf(d->a, "a second person has to agree within ten minutes: %s", d->out->two));
	return f;
}

static enum fault lift_row(struct draft *d, const struct zero_row *r)
{
	const struct offer *o = &r->offer;

	step(d, o->account_name, o->id,
	     arena_printf(d->a, "%s %s: from 0 to what is right now (%" PRId64 " available; %s before)", o->account_name, o->sku, o->available, quantity(d, r->prior)));
	return OK;
}

static enum fault plan_lift(struct draft *d, struct err *err)
{
	enum { PAGE = 200 };
	const char *v;
	enum fault f = OK;

	for (int i = 0; !f && (v = fields_each(&d->in->payload, "zero", i)); i++) {
		int64_t id = 0, after = 0;
		struct zero_row *row;
		struct zero z;
		int n = PAGE;

		f = text_int(v, 1, INT64_MAX, &id) ? zero_get(d->s, id, d->a, &z, err) : err_set(err, FAULT_REFUSED, "no zero-out's number");
		if (!f && z.lifted_ms) {
			skip(d, arena_printf(d->a, "Z-%" PRId64, id), "it was lifted already");
			continue;
		}
		while (!f && n == PAGE) {
			f = zero_rows(d->s, id, after, PAGE, d->a, &row, &n, err);
			for (int k = 0; k < n && !f; k++, after = row[k - 1].offer.id)
				f = lift_row(d, &row[k]);
		}
	}
	return f;
}

/* Somebody else's intent, planned once more: what was seen by the first must still be so. */
static enum fault plan_approve(struct draft *d, int64_t now_ms, struct err *err)
{
	struct intent other;
	struct plan p;
	enum fault f = intent_get(d->s, fields_int(&d->in->payload, "intent", 0), d->a, &other, err);

	if (!f && strcmp(other.state, "proposed"))
		f = err_set(err, FAULT_REFUSED, "intent %" PRId64 " waits for nobody: it is %s", other.id, other.state);
	if (!f && now_ms - other.made_ms > APPROVAL_MS)
		f = err_set(err, FAULT_REFUSED, "intent %" PRId64 " was proposed more than ten minutes ago: propose it again", other.id);
	if (!f)
		f = plan_make(d->s, &other, now_ms, d->a, &p, err);
	if (!f && strcmp(p.digest, other.digest))
		f = err_set(err, FAULT_REFUSED, "what %s proposed is no longer the same: it has to be looked at and proposed again", other.actor);
	if (f)
		return f;
	*d->out = p;
	d->out->kind = INTENT_APPROVE;
	d->out->two = NULL;
	d->out->line = arena_printf(d->a, "approve %s", p.line);
	d->out->digest = p.digest;
	return OK;
}

/* ---- what a SKU stands for ---- */

static const char *item_words(struct draft *d, int64_t item, int64_t pack, struct err *err)
{
	struct item i;

	if (!item)
		return "nothing";
	if (item_get_id(d->s, item, d->a, &i, err))
		return NULL;
	return pack > 1 ? arena_printf(d->a, "%s, %" PRId64 " in one", i.sku, pack) : i.sku;
}

static enum fault plan_map(struct draft *d, struct err *err)
{
	const char *line;

	for (int i = 0; (line = fields_each(&d->in->payload, "map", i)); i++) {
		const char *name, *was, *now;
		struct account_row account;
		struct mapped before;
		struct map_line m;

		if (!map_line_read(line, &m))
			return err_set(err, FAULT_REFUSED, "mapping %d is none", i + 1);
		if (account_by_id(d->s, m.account, d->a, &account, err) || mapping_of(d->s, m.account, m.sku, &before, err) ||
		    !(was = item_words(d, before.item, before.pack, err)) || !(now = item_words(d, m.item, m.pack, err)))
			return err->fault;
		name = arena_printf(d->a, "%s %s", account.name, m.sku);
		if (!m.item && (!*before.by || !strcmp(before.by, "spelling")))
			skip(d, name, "nothing was said about it");
		else if (before.item == m.item && before.pack == m.pack && strcmp(before.by, "spelling"))
			skip(d, name, "that is what it stands for already");
		else
			step(d, account.name, m.account,
			     m.item ? arena_printf(d->a, "%s: stands for %s (until now %s)", name, now, was)
			            : arena_printf(d->a, "%s: no longer said to stand for %s: only an item spelled alike counts", name, was));
	}
	return OK;
}

/* ---- what kits are made of ---- */

static enum fault plan_kit(struct draft *d, struct err *err)
{
	for (int i = 0; fields_each(&d->in->payload, "kit", i);) {
		const char *was, *is;
		struct kit_part *before;
		struct kit_recipe r;
		int64_t kit;
		int n = 0;

		if (kit_recipe_read(d->s, &d->in->payload, &i, d->a, &r, err) || kit_check(d->s, r.sku, r.part, r.parts, &kit, err) ||
		    (kit && kit_parts(d->s, kit, d->a, &before, &n, err)))
			return err->fault;
		was = n ? kit_words(before, n, d->a) : "no kit";
		is = r.parts ? kit_words(r.part, r.parts, d->a) : "no kit";
		if (!strcmp(was, is))
			skip(d, r.sku, r.parts ? "that is what it is made of already" : "it is no kit");
		else
			step(d, "", kit, arena_printf(d->a, r.parts ? "%s: made of %s (until now %s)" : "%s: %s any more (until now %s)", r.sku, is, was));
	}
	return OK;
}

/* ---- local ones: nothing reaches a marketplace ---- */

static void plan_incident(struct draft *d)
{
	const struct fields *p = &d->in->payload;
	const char *said = fields_get(p, "cause", fields_get(p, "why", fields_get(p, "owner", fields_get(p, "step", "")))), *v;

	if (!strcmp(fields_get(p, "action", ""), "test"))
		step(d, "", 0, "tell each hook a test");
	for (int i = 0; (v = fields_each(p, "incident", i)); i++)
		step(d, "", 0, arena_printf(d->a, "%s I-%s%s%s", fields_get(p, "action", "?"), v, *said ? ": " : "", said));
}

static void plan_local(struct draft *d)
{
	static const char *const keys[] = { "job", "inbox", "alert", "order", "offer", "sku", "task", "state", "file", "subject", "to", "take" };
	const char *v;

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		for (int i = 0; (v = fields_each(&d->in->payload, keys[k], i)); i++)
			step(d, "", 0, arena_printf(d->a, "%s %s %s", intent_kind_name(d->in->kind), keys[k], v));
	if (!d->out->steps)
		step(d, "", 0, intent_kind_name(d->in->kind));
}

/* What would be set of a place: tried for real where it is carried out, named here. */
static enum fault plan_place(struct draft *d, struct err *err)
{
	const struct fields *p = &d->in->payload;
	const char *name = fields_get(p, "place", ""), *v;
	int64_t id;

	if (place_find(d->s, name, &id, err))
		return err->fault;
	for (int i = 0; (v = fields_each(p, "set", i)); i++)
		step(d, "", id, arena_printf(d->a, "place %s: %s", name, v));
	if (fields_has(p, "sku"))
		step(d, "", id, arena_printf(d->a, "place %s: %s units of %s %s", name, fields_get(p, "qty", "?"), fields_get(p, "sku", ""), fields_get(p, "what", "")));
	return OK;
}

/* ---- sessions ---- */

static enum fault plan_sitting(struct draft *d, int64_t now_ms, struct err *err)
{
	const char *text;
	enum fault f = sitting_words(d->s, &d->in->payload, now_ms, d->a, &text, err);

	if (!f)
		step(d, "", 0, text);
	return f;
}

/* Of a zero-out: what showed more, just before its zero was said, than when the person looked. */
static enum fault plan_go(struct draft *d, int64_t id, struct err *err)
{
	enum { MOST = 10000 };
	struct zero_row *row;
	int n;
	enum fault f = zero_rows(d->s, id, 0, MOST, d->a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		if (row[i].state == ZERO_MOVED)
			step(d, row[i].offer.account_name, row[i].offer.id, arena_printf(d->a, "%s %s: %" PRId64 " when it was looked at, %" PRId64 " now, to 0",
			     row[i].offer.account_name, row[i].offer.sku, row[i].prior, row[i].fresh));
	return f;
}

static enum fault plan_let(struct draft *d, struct err *err)
{
	enum { MOST = 100000 };
	struct planned_item *item;
	int n;
	enum fault f;

	if (fields_has(&d->in->payload, "zero"))
		return plan_go(d, fields_int(&d->in->payload, "zero", 0), err);
	f = planned_items(d->s, MOST, d->a, &item, &n, err);

	for (int i = 0; i < n && !f; i++)
		step(d, "", item[i].item, arena_printf(d->a, "%s: %" PRId64 " shown to 0, %" PRId64 " available", item[i].sku, item[i].shown, item[i].available));
	return f;
}

static enum fault plan_event(struct draft *d, int64_t now_ms, struct err *err)
{
	const char *text;
	enum fault f = event_words(d->s, d->in, now_ms, d->a, &text, err);

	if (!f)
		step(d, "", 0, text);
	return f;
}

static enum fault plan_lapse(struct draft *d, int64_t now_ms, struct err *err)
{
	const char *text;
	enum fault f = lapse_words(d->s, d->in, now_ms, d->a, &text, err);

	if (!f)
		step(d, "", 0, text);
	return f;
}

/* Secrets by their fingerprints: what the engine saw when it looked (engine/second.c). */
static void plan_vault(struct draft *d)
{
	const char *v;

	for (int i = 0; (v = fields_each(&d->in->payload, "change", i)); i++)
		step(d, "", 0, v);
	d->out->two = "a change of secrets";
}

static enum fault plan_settle(struct draft *d, struct err *err)
{
	struct settle_step *row;
	int n;
	enum fault f = sitting_steps(d->s, fields_int(&d->in->payload, "session", 0), d->a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		if (row[i].skip)
			skip(d, row[i].name, row[i].text);
		else
			step(d, row[i].account_name, row[i].offer, arena_printf(d->a, "%s: %s", row[i].name, row[i].text));
	return f;
}

static const char *typed_line(struct draft *d)
{
	static const struct {
		enum intent_kind kind;
		const char *verb, *noun;
	} words[] = {
		{ INTENT_ACK, "acknowledge", "order" }, { INTENT_SHIP, "ship", "order" },    { INTENT_CANCEL, "cancel", "order" },
		{ INTENT_PUSH, "push", "offer" },       { INTENT_LIVE, "live", "account" },
		{ INTENT_MAP, "map", "SKU" },           { INTENT_ZERO, "zero", "offer" },    { INTENT_LIFT, "lift", "offer" },
		{ INTENT_KIT, "map", "kit" },           { INTENT_LET, "zero", "SKU" },
		{ INTENT_SETTLE, "settle", "offer" },   { INTENT_RELEASE, "release", "store" },
		{ INTENT_VAULT, "change", "secret" },
	};
	struct buf b = buf_new(d->a);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].kind == d->in->kind)
			buf_printf(&b, "%s %d %s%s", words[i].verb, d->out->steps, words[i].noun, d->out->steps == 1 ? "" : "s");
	for (int i = 0; b.len && i < d->accounts; i++)
		buf_printf(&b, "%s%s", *d->account[i] ? " " : "", d->account[i]);
	return b.p;
}

static const char *digest_of(struct draft *d)
{
	struct buf b = buf_new(d->a);
	char *hex = arena_alloc(d->a, 65);

	buf_printf(&b, "%s\n%s\n", d->out->line, d->bound.p);
	for (int i = 0; i < d->out->steps; i++)
		buf_printf(&b, "%s\n", d->out->step[i]);
	for (int i = 0; i < d->out->skips; i++)
		buf_printf(&b, "%s\n", d->out->skip[i]);
	buf_puts(&b, fields_pack(&d->in->payload, d->a));
	sha256_hex(b.p, b.len, hex);
	return hex;
}

static void warn_shadow(struct draft *d)
{
	struct err err;

	for (int i = 0; i < d->accounts; i++) {
		struct account_row row;

		if (*d->account[i] && !account_by_name(d->s, d->account[i], d->a, &row, &err) && strcmp(row.mode, "live") &&
		    d->in->kind != INTENT_LIVE && d->in->kind != INTENT_MAP)
			warn(d, arena_printf(d->a, "%s is in shadow mode: it is queued, and nothing is said until a person makes it live", row.name));
	}
}

enum fault plan_make(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, struct plan *out, struct err *err)
{
	struct draft d = { .s = s, .in = in, .a = a, .out = out, .bound = buf_new(a) };
	enum fault f = OK;

	*out = (struct plan){ .kind = in->kind, .line = "" };
	switch (in->kind) {
	case INTENT_ACK:
		f = plan_orders(&d, plan_ack, err);
		break;
	case INTENT_SHIP:
		f = plan_orders(&d, plan_ship, err);
		break;
	case INTENT_CANCEL:
		f = plan_orders(&d, plan_cancel, err);
		break;
	case INTENT_PUSH:
		f = plan_push(&d, err);
		break;
	case INTENT_MAP:
		f = plan_map(&d, err);
		break;
	case INTENT_KIT:
		f = plan_kit(&d, err);
		break;
	case INTENT_ZERO:
		f = plan_zero(&d, now_ms, err);
		break;
	case INTENT_LIFT:
		f = plan_lift(&d, err);
		break;
	case INTENT_APPROVE:
		return plan_approve(&d, now_ms, err);
	case INTENT_LIVE:
	case INTENT_SHADOW:
		f = plan_mode(&d, err);
		break;
	case INTENT_POLICY:
		f = plan_policy(&d, err);
		break;
	case INTENT_SITTING:
		f = plan_sitting(&d, now_ms, err);
		break;
	case INTENT_SETTLE:
		f = plan_settle(&d, err);
		break;
	case INTENT_PLACE:
		f = plan_place(&d, err);
		break;
	case INTENT_EVENT:
		f = plan_event(&d, now_ms, err);
		break;
	case INTENT_LET:
		f = plan_let(&d, err);
		break;
	case INTENT_HOLD:
	case INTENT_OUTAGE:
		f = plan_lapse(&d, now_ms, err);
		break;
	case INTENT_INCIDENT:
		plan_incident(&d);
		break;
	case INTENT_VAULT:
		plan_vault(&d);
		break;
	default:
		plan_local(&d);
	}
	if (f)
		return f;
	if (!out->steps)
		return err_set(err, FAULT_REFUSED, "nothing is left to do%s%.180s", out->skips ? ": " : "", out->skips ? out->skip[0] : "");
	warn_shadow(&d);
	out->line = typed_line(&d);
	out->digest = digest_of(&d);
	return OK;
}
