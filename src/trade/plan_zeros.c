/* plan_zeros: what a zero-out would take off sale, what letting go would say, and a second person's word. */
#include "trade/plan.h"

#include "base/runs.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"
#include "trade/planned.h"
#include "trade/radius.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <string.h>

/* Those that were unticked: "except=17", "except=3-8,12,20-9000". */
static int unticked(struct draft *d, struct run **out)
{
	const struct fields *said = &d->in->payload;
	int n = 0, cap = 0;

	*out = NULL;
	for (int i = 0; i < said->n; i++) {
		struct run *run;
		int runs = strcmp(said->field[i].key, "except") ? 0 : runs_unpack(d->a, said->field[i].value, &run);

		for (int k = 0; k < runs; k++) {
			*out = arena_grow(d->a, *out, n, &cap, sizeof **out);
			(*out)[n++] = run[k];
		}
	}
	return runs_join(*out, n);
}

/* What its words name, less what was unticked. */
static enum fault scope_of(struct draft *d, int64_t **offer, int *n, struct err *err)
{
	const char **word = NULL, *v;
	struct run *out;
	int words = 0, cap = 0, kept = 0, outs = unticked(d, &out);
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
	for (int i = 0; i < *n && !f; i++)
		if (!runs_have(out, outs, (*offer)[i]))
			(*offer)[kept++] = (*offer)[i];
	*n = kept;
	return f;
}

static const char *quantity(struct draft *d, int64_t n)
{
	return n < 0 ? "?" : arena_printf(d->a, "%" PRId64, n);
}

/* ---- what is left out: many for one reason are one line ---- */

struct left_out {
	const char *account, *why, *names;
	int n;
};

struct leaving {
	struct left_out *row;
	int n, cap;
};

static void leave_out(struct draft *d, struct leaving *l, const struct offer *o, const char *why)
{
	enum { NAMED = 3 };
	int i = 0;

	while (i < l->n && (strcmp(l->row[i].account, o->account_name) || strcmp(l->row[i].why, why)))
		i++;
	if (i == l->n) {
		l->row = arena_grow(d->a, l->row, l->n, &l->cap, sizeof *l->row);
		l->row[l->n++] = (struct left_out){ .account = o->account_name, .why = why, .names = "" };
	}
	if (l->row[i].n < NAMED)
		l->row[i].names = arena_printf(d->a, "%s%s%s", l->row[i].names, l->row[i].n ? ", " : "", o->sku);
	else if (l->row[i].n == NAMED)
		l->row[i].names = arena_printf(d->a, "%s ...", l->row[i].names);
	l->row[i].n++;
}

static void say_left_out(struct draft *d, const struct leaving *l)
{
	for (int i = 0; i < l->n; i++) {
		const struct left_out *r = &l->row[i];

		draft_skip(d, r->n > 1 ? arena_printf(d->a, "%s, %d offers (%s)", r->account, r->n, r->names) : arena_printf(d->a, "%s %s", r->account, r->names), r->why);
	}
}

/* ---- one offer ---- */

/* As few as that may be a mistake, and as many as that are worth a look before they go off sale. */
enum { WORTH_A_LOOK = 5 };

/* Was this very offer, or its account, named by the person? Then a channel that is down leaves it PENDING; else it is left out. */
static bool is_named(const struct draft *d, const struct offer *o)
{
	const char *account = arena_printf(d->a, "account:%s", o->account_name), *own = arena_printf(d->a, "offer:%" PRId64, o->id), *v;

	if (d->in->account || fields_has(&d->in->payload, "offer"))
		return true;
	for (int i = 0; (v = fields_each(&d->in->payload, "scope", i)); i++)
		if (!strcmp(v, account) || !strcmp(v, own))
			return true;
	return false;
}

static void check_row(struct draft *d, const struct offer *o, const char *down, bool rules, struct plan_row *row)
{
	row->look = true;
	if (down)
		row->check = arena_printf(d->a, "%s: PENDING", down);
	else if (o->available < 0)
		row->check = arena_printf(d->a, "oversold by %" PRId64, -o->available);
	else if (o->seen == 0)
		row->check = "shows 0: is held";
	else if (o->available >= WORTH_A_LOOK)
		row->check = arena_printf(d->a, "WARN stock is %" PRId64, o->available);
	else if (o->seen < 0)
		row->check = "never read";
	else
		row->check = rules ? "a rule's: taken over" : "ok";
	row->look = down || o->available >= WORTH_A_LOOK || o->seen < 0;
}

static void add_row(struct draft *d, const struct plan_row *row)
{
	d->row = arena_grow(d->a, d->row, d->out->steps, &d->row_cap, sizeof *d->row);
	d->row[d->out->steps] = *row;
	d->out->row = d->row;
}

static struct plan_row row_of(const struct offer *o)
{
	return (struct plan_row){ .sku = o->sku, .item = o->title, .account = o->account_name, .site = o->site, .was = o->seen,
		                  .master = o->available, .open = -1, .sold = -1, .currency = "", .check = "" };
}

static enum fault zero_offer(struct draft *d, const struct marketplaces *called, struct offer *o, struct leaving *left, struct err *err)
{
	const char *name, *down;
	struct plan_row row;
	struct account_row account;
	bool rules = false;

	if (offer_unwritable(o)) {
		leave_out(d, left, o, offer_unwritable(o));
		return OK;
	}
	if (zero_held_by_rule(d->s, o, &rules, err) || account_by_id(d->s, o->account, d->a, &account, err) || offer_site(d->s, called, o, d->a, err))
		return err->fault;
	row = row_of(o);
	name = arena_printf(d->a, "%s %s", offer_where(o, d->a), o->sku);
	down = account_down(&account);
	if (*o->hold && !rules) {
		leave_out(d, left, o, arena_printf(d->a, "held at zero already: %s", o->hold));
		return OK;
	}
	if (down && !is_named(d, o)) {
		leave_out(d, left, o, arena_printf(d->a, "the channel is down (%s), nothing is queued for it; named itself (account:%s) it is held too, PENDING until it answers",
		                                   down, o->account_name));
		return OK;
	}
	if (rules)
		draft_warn(d, arena_printf(d->a, "%s: a rule holds it at zero; from now on only a person lets go of it", name));
	if (radius_row(d->s, o, d->now_ms, d->a, &row, err))
		return err->fault;
	check_row(d, o, down, rules, &row);
	add_row(d, &row);
	draft_step(d, o->account_name, o->id,
	           arena_printf(d->a, "%s: %s to 0%s", name, quantity(d, o->seen),
	                        !row.open ? "" : arena_printf(d->a, ", %" PRId64 " %s of open orders stay", row.open, draft_units(row.open))));
	return OK;
}

/* ---- the whole ---- */

/* Of what is worth a look the one there is most of; the others have it in their own line. */
static void warn_stock(struct draft *d)
{
	int n = 0, most = -1;

	for (int i = 0; i < d->out->steps; i++)
		if (d->row[i].master >= WORTH_A_LOOK) {
			n++;
			most = most < 0 || d->row[i].master > d->row[most].master ? i : most;
		}
	if (n == 1)
		draft_warn(d, arena_printf(d->a, "%s has %" PRId64 " in stock: leave it out if that is not meant", d->row[most].sku, d->row[most].master));
	else if (n)
		draft_warn(d, arena_printf(d->a, "%d of them have stock, %s most with %" PRId64 ": leave out what is not meant", n, d->row[most].sku, d->row[most].master));
}

/* Their own state: what cannot be told now stays pending, in red, until it can. */
static enum fault warn_down(struct draft *d, struct err *err)
{
	for (int i = 0; i < d->accounts; i++) {
		struct account_row row;
		enum fault f = account_by_name(d->s, d->account[i], d->a, &row, err);

		if (f)
			return f;
		if (account_down(&row))
			draft_warn(d, arena_printf(d->a, "%s is %s: its offers stay PENDING until it answers", row.name, row.state));
	}
	return OK;
}

static enum fault zero_steps(struct draft *d, struct err *err)
{
	struct marketplaces called = marketplaces_load(d->a);
	struct leaving left = { 0 };
	int64_t *offer;
	int n;
	enum fault f = scope_of(d, &offer, &n, err);

	for (int i = 0; i < n && !f; i++) {
		struct offer o;

		f = offer_get(d->s, offer[i], d->a, &o, err);
		if (!f)
			f = zero_offer(d, &called, &o, &left, err);
	}
	say_left_out(d, &left);
	return f;
}

/* A sale between the look and the line changes no set: what was seen is held against a reading made just before the call (zero.h). */
enum { MANY = 200 }; /* offers: more than a marketplace lets us read in a minute */

enum fault plan_zero(struct draft *d, struct err *err)
{
	int64_t until_ms = fields_int(&d->in->payload, "until_ms", 0);
	enum fault f;

	d->loose = true;
	if (!*intent_reason(d->in))
		return err_set(err, FAULT_REFUSED, "a zero-out needs its reason");
	if (until_ms && until_ms <= d->now_ms) /* it would be lifted within a minute */
		return err_set(err, FAULT_REFUSED, "that time is over");
	f = zero_steps(d, err);
	if (!f)
		f = warn_down(d, err);
	if (f)
		return f;
	warn_stock(d);
	if (d->out->steps > MANY)
		draft_warn(d, "each is read once more just before its zero; of so many most cannot be read within the minute that a zero waits for: they go without, and their rows say so");
	f = radius_notes(d->s, d->row, d->out->steps, d->id, d->now_ms, d->a, &d->out->note, &d->out->notes, err);
	if (!f)
		f = zero_needs_two(d->s, d->id, d->out->steps, d->a, &d->out->two, err);
	if (!f && d->out->two)
		draft_warn(d, arena_printf(d->a, "a second person has to agree within ten minutes: %s", d->out->two));
	return f;
}

static void lift_row(struct draft *d, const struct zero_row *r)
{
	const struct offer *o = &r->offer;
	struct plan_row row = row_of(o);

	row.to = -1;
	row.check = arena_printf(d->a, "%s before, %" PRId64 " available now", quantity(d, r->prior), o->available);
	add_row(d, &row);
	draft_step(d, o->account_name, o->id,
	           arena_printf(d->a, "%s %s: from 0 to what is right now (%" PRId64 " available; %s before)", offer_where(o, d->a), o->sku, o->available, quantity(d, r->prior)));
}

enum fault plan_lift(struct draft *d, struct err *err)
{
	enum { PAGE = 200 };
	const char *v;
	enum fault f = OK;

	d->loose = true;
	for (int i = 0; !f && (v = fields_each(&d->in->payload, "zero", i)); i++) {
		int64_t id = 0, after = 0;
		struct zero_row *row;
		struct zero z;
		int n = PAGE;

		f = text_int(v, 1, INT64_MAX, &id) ? zero_get(d->s, id, d->a, &z, err) : err_set(err, FAULT_REFUSED, "no zero-out's number");
		if (!f && z.lifted_ms) {
			draft_skip(d, arena_printf(d->a, "Z-%" PRId64, id), "it was lifted already");
			continue;
		}
		while (!f && n == PAGE) {
			f = zero_rows(d->s, id, after, PAGE, d->a, &row, &n, err);
			for (int k = 0; k < n && !f; k++, after = row[k - 1].offer.id)
				lift_row(d, &row[k]);
		}
	}
	return f;
}

/* ---- stopped, and gone on with ---- */

enum fault plan_halt(struct draft *d, struct err *err)
{
	const char *v;
	enum fault f = OK;

	for (int i = 0; !f && (v = fields_each(&d->in->payload, "zero", i)); i++) {
		int64_t id = 0, of[ZERO_STATES];
		struct zero z;

		f = text_int(v, 1, INT64_MAX, &id) ? zero_get(d->s, id, d->a, &z, err) : err_set(err, FAULT_REFUSED, "no zero-out's number");
		if (!f)
			f = zero_tally(d->s, id, of, err);
		if (!f)
			draft_step(d, "", id, arena_printf(d->a, "stop Z-%" PRId64 ": %s", id, zero_tally_words(of, d->a)));
	}
	return f;
}

/* Of a zero-out: what somebody stopped, and what showed more, just before its zero was said, than when the person looked. */
static enum fault plan_go(struct draft *d, int64_t id, struct err *err)
{
	enum { MOST = 10000 };
	struct zero_row *r;
	struct zero z;
	int n = 0;
	enum fault f = zero_get(d->s, id, d->a, &z, err);

	if (!f)
		f = zero_rows(d->s, id, 0, MOST, d->a, &r, &n, err);

	for (int i = 0; i < n && !f; i++) {
		const struct offer *o = &r[i].offer;
		struct plan_row row = row_of(o);
		bool moved = r[i].state == ZERO_MOVED;

		if (!moved && r[i].state != ZERO_STOPPED)
			continue;
		row.was = moved ? r[i].fresh : o->seen;
		row.check = moved ? arena_printf(d->a, "moved: was %s", quantity(d, r[i].looked)) : "stopped, not said";
		row.look = moved;
		add_row(d, &row);
		draft_step(d, o->account_name, o->id,
		           moved ? arena_printf(d->a, "%s %s: %" PRId64 " when it was looked at, %" PRId64 " now, to 0", o->account_name, o->sku, r[i].looked, r[i].fresh)
		                 : arena_printf(d->a, "%s %s: %s to 0, stopped before it was said", o->account_name, o->sku, quantity(d, o->seen)));
	}
	return f;
}

/* Somebody else's intent, planned once more: what was seen by the first must still be so. */
enum fault plan_approve(struct draft *d, struct err *err)
{
	struct intent other;
	struct plan p;
	enum fault f = intent_get(d->s, fields_int(&d->in->payload, "intent", 0), d->a, &other, err);

	if (!f && strcmp(other.state, "proposed"))
		f = err_set(err, FAULT_REFUSED, "intent %" PRId64 " waits for nobody: it is %s", other.id, other.state);
	if (!f && d->now_ms - other.made_ms > APPROVAL_MS)
		f = err_set(err, FAULT_REFUSED, "intent %" PRId64 " was proposed more than ten minutes ago: propose it again", other.id);
	if (!f)
		f = plan_make(d->s, &other, d->now_ms, d->a, &p, err);
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

enum fault plan_let(struct draft *d, struct err *err)
{
	enum { MOST = 100000 };
	struct planned_item *item;
	int n;
	enum fault f;

	if (fields_has(&d->in->payload, "zero"))
		return plan_go(d, fields_int(&d->in->payload, "zero", 0), err);
	f = planned_items(d->s, MOST, d->a, &item, &n, err);

	for (int i = 0; i < n && !f; i++)
		draft_step(d, "", item[i].item, arena_printf(d->a, "%s: %" PRId64 " shown to 0, %" PRId64 " available", item[i].sku, item[i].shown, item[i].available));
	return f;
}
