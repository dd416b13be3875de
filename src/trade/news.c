#include "trade/news.h"

#include "trade/feeds.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/dispatches.h"
#include "trade/mapping.h"
#include "trade/places.h"
#include "trade/products.h"
#include "trade/readings.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct applying {
	struct store *s;
	int64_t account;
	enum verb verb;
	const struct sealer *seal;
	const struct cause *why;
	struct arena *a;
	struct tally *t;
	int64_t begun_ms;
	int64_t noted;    /* rows that only say when something was read: the reply stands behind none of them */
	bool open_pieces; /* something of anybody's is parked: what is understood now may close it */
};

static enum fault park(struct applying *x, const struct parked *p, struct err *err)
{
	x->t->parked++;
	return inbox_park(x->s, x->account, x->verb, p, x->seal, x->why, err);
}

/* Where it stands in any reply of the kind: "order[3].status" and "order[7].status" are one place. */
static char *any_index(struct arena *a, const char *path)
{
	char *out = arena_strdup(a, path), *q = out;

	for (const char *p = out; *p; *q++ = *p++)
		if (*p == '[') {
			*q++ = *p++;
			p += strspn(p, "0123456789");
		}
	*q = '\0';
	return out;
}

/* A word of theirs that we do not know: told once, with the word itself. */
static enum fault tell_odd(struct applying *x, const struct odd *o, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(x->a, "word %" PRId64 " %.120s %.60s", x->account, any_index(x->a, o->path), o->word),
		.kind = "unknown_word",
		.severity = "WARN",
		.account = x->account,
		.subject = o->subject,
		.text = arena_printf(x->a, "unknown word '%.40s' at %.80s", o->word, o->path),
		.next = "shown as UNKNOWN(word), nothing is decided by it; look it up with the platform",
	};

	x->t->odd++;
	return alert_raise(x->s, &alert, x->why->now_ms, err);
}

/* It lacks a line that was there: it is read by itself when that can be decided. */
static enum fault ask_again(struct applying *x, const struct order *o, struct err *err)
{
	struct fields payload = fields_new(x->a);
	struct job_plan p = {
		.account = x->account,
		.verb = VERB_ORDER,
		.lane = LANE_ORDERS,
		.subject = arena_printf(x->a, "ref:%s", o->ref),
		.payload = &payload,
		.due_ms = x->why->now_ms + ORDER_SHORT_MS,
	};
	int64_t id;
	bool pending;
	enum fault f = job_pending(x->s, x->account, VERB_ORDER, p.subject, &pending, err);

	fields_put(&payload, "ref", o->ref);
	return f || pending ? f : job_plan(x->s, &p, x->why, &id, err);
}

/* One order that cannot be is parked with its place; it never takes its page with it. */
static enum fault tell_order(struct applying *x, const struct order *o, struct err *err)
{
	struct err why = { 0 };
	enum told told;
	int64_t before = store_total_changes(x->s);
	enum fault f = orders_tell(x->s, x->account, o, x->seal, x->why, &told, &why);
	struct parked p = { .class = "SCHEMA", .subject = o->ref ? o->ref : "", .path = o->path ? o->path : "", .text = why.text };

	if (f == FAULT_FORMAT) {
		x->t->orders_parked++;
		return park(x, &p, err);
	}
	if (f) {
		*err = why;
		return f;
	}
	if (told == TOLD_SAME || told == TOLD_OLDER) /* that it was told again */
		x->noted += store_total_changes(x->s) - before;
	x->t->orders_new += told == TOLD_NEW;
	x->t->orders_changed += told == TOLD_CHANGED || told == TOLD_SHORT;
	x->t->orders_same += told == TOLD_SAME || told == TOLD_OLDER;
	x->t->orders_late += told == TOLD_NEW && order_due(o) < x->why->now_ms;
	if (told == TOLD_SHORT && ask_again(x, o, err))
		return FAULT_STORE;
	return !x->open_pieces ? OK : inbox_understood(x->s, x->account, x->verb, o->ref, x->why, err);
}

/* A variant that goes on selling at zero makes every quantity of ours a wish: told once an account, with the first that was met. */
static enum fault tell_oversell(struct applying *x, const struct seen *seen, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(x->a, "continue %" PRId64, x->account),
		.kind = "sells_below_zero",
		.severity = "WARN",
		.account = x->account,
		.subject = seen->sku,
		.text = arena_printf(x->a, "%.80s sells below zero: the channel takes orders for it when nothing is left", seen->sku),
		.next = "set it to stop selling when out of stock; stock --json shows the flag `continue` of each such offer",
	};

	return alert_raise(x->s, &alert, x->why->now_ms, err);
}

/* A listing that cannot be is parked as an order is. */
static enum fault tell_seen(struct applying *x, const struct seen *seen, int64_t begun_ms, struct err *err)
{
	struct err why = { 0 };
	int64_t before = store_total_changes(x->s), wrote;
	enum fault f = offers_seen(x->s, x->account, seen, 1, begun_ms, x->why, &why);
	struct parked p = { .class = "SCHEMA", .subject = seen->sku ? seen->sku : "", .path = seen->path ? seen->path : "", .text = why.text };

	if (f == FAULT_FORMAT)
		return park(x, &p, err);
	if (f)
		*err = why;
	x->t->seen += !f;
	wrote = store_total_changes(x->s) - before;
	x->t->seen_anew += !f && wrote > 1; /* what shows what it showed has its time written and nothing else */
	x->noted += !f && wrote == 1;
	return !f && seen->flags && strstr(seen->flags, "continue") ? tell_oversell(x, seen, err) : f;
}

/* ---- counts, and the second reading that makes a mass drop believable ---- */

/* What a source told in one reading, all pages of it together. */
struct told_counts {
	const struct count *count;
	int n;
	int64_t begun_ms;
	bool whole;
};

/* A unit of measure that their product list does not explain: its SKU keeps its last count, and a person is told which. */
static enum fault park_units(struct applying *x, const struct reading_result *r, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < r->unknowns && !f; i++) {
		struct parked p = {
			.class = "UNIT",
			.subject = r->unknown[i].sku,
			.path = "",
			.text = arena_printf(x->a, "how many eaches a %.40s of %.80s holds is not known: its last count stays", r->unknown[i].unit, r->unknown[i].sku),
		};

		f = park(x, &p, err);
	}
	return f;
}

/* Units that were parked and are understood now. */
static enum fault close_units(struct applying *x, const struct told_counts *c, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < c->n && !f && x->open_pieces; i++)
		if (c->count[i].unit)
			f = inbox_understood(x->s, x->account, x->verb, c->count[i].sku, x->why, err);
	return f;
}

/* Which reading it is, where each place has one of its own: "counts Oakland". */
static enum fault name_reading(struct applying *x, const struct told_counts *c, const char **out, struct err *err)
{
	static const char sql[] = "SELECT p.name FROM place p JOIN account c ON c.id = ?2 AND c.by_place = 1 WHERE p.id = ?1";
	struct rows *r;
	int64_t place;

	if (place_told(x->s, x->account, c->n ? c->count[0].place : "", &place, err))
		return FAULT_STORE;
	r = ASK(x->s, sql, V(place), V(x->account));
	*out = rows_next(r) ? arena_printf(x->a, "counts %s", rows_text(r, 0)) : "counts";
	return rows_end(r, err);
}

/* The guard holds a reading back; one that tells the same drop once more is believed. */
static enum fault take_counts(struct applying *x, const struct told_counts *c, struct err *err)
{
	struct reading_of of = { .account = x->account, .begun_ms = c->begun_ms, .whole = c->whole };
	struct reading_result result;
	struct err why = { 0 };
	struct parked p = { .class = "FILE", .path = "", .text = why.text };
	enum fault f = name_reading(x, c, &p.subject, err);

	if (f)
		return f;
	f = reading_take(x->s, &of, c->count, c->n, x->a, x->why, &result, &why);
	if (f == FAULT_REFUSED || f == FAULT_FORMAT) /* the guard, or a count that cannot be: nothing of it was applied */
		return park(x, &p, err);
	if (f) {
		*err = why;
		return f;
	}
	if (result.waits)
		return OK;
	x->t->counts = c->n;
	if (close_units(x, c, err) || park_units(x, &result, err))
		return FAULT_STORE;
	return inbox_understood(x->s, x->account, x->verb, p.subject, x->why, err);
}

/* Pages wait for the last one. */
static enum fault tell_counts(struct applying *x, const struct news *n, struct err *err)
{
	struct told_counts c = { n->count, n->counts, x->begun_ms, n->counts_whole };
	struct count *all;
	enum fault f;

	if (!n->reading)
		return take_counts(x, &c, err);
	f = reading_stage(x->s, x->account, n->reading, n->count, n->counts, x->begun_ms, err);
	if (f || !n->counts_whole)
		return f;
	f = reading_collect(x->s, x->account, n->reading, x->a, &all, &c.n, &c.begun_ms, err);
	c.count = all;
	return f || !c.n ? f : take_counts(x, &c, err);
}

/* ---- what a source of truth tells besides ---- */

/* One piece that cannot be is parked by itself. wrong: what writing it came to. */
static enum fault settle_piece(struct applying *x, enum fault wrong, const char *subject, const char *path, const struct err *why, struct err *err)
{
	struct parked p = { .class = "SCHEMA", .subject = subject ? subject : "", .path = path ? path : "", .text = why->text };

	if (wrong == FAULT_FORMAT || wrong == FAULT_REFUSED)
		return park(x, &p, err);
	if (wrong)
		*err = *why;
	else if (x->open_pieces)
		return inbox_understood(x->s, x->account, x->verb, p.subject, x->why, err);
	return wrong;
}

static enum fault tell_truth(struct applying *x, const struct news *n, struct err *err)
{
	struct err why = { 0 };
	enum fault f = OK;
	int64_t before;

	for (int i = 0; i < n->sites && !f; i++) {
		enum fault wrong = site_tell(x->s, x->account, &n->site[i], x->why, &why);

		f = settle_piece(x, wrong, n->site[i].code, NULL, &why, err);
	}
	for (int i = 0; i < n->products && !f; i++) {
		enum fault wrong = product_tell(x->s, x->account, &n->product[i], x->why, &why);

		f = settle_piece(x, wrong, n->product[i].sku, n->product[i].path, &why, err);
	}
	for (int i = 0; i < n->dispatches && !f; i++) {
		enum fault wrong = dispatch_tell(x->s, x->account, &n->dispatch[i], x->why, &why);

		f = settle_piece(x, wrong, n->dispatch[i].ref, n->dispatch[i].path, &why, err);
	}
	if (f || x->verb != VERB_DISPATCHES)
		return f;
	before = store_total_changes(x->s);
	f = dispatches_page(x->s, x->account, x->begun_ms, !n->next_page, err);
	x->noted += store_total_changes(x->s) - before;
	return f || n->next_page ? f : counts_confirm(x->s, x->account, x->why, err);
}

/* A feed that ended with errors is a row a person must see, whether the list or its own status told it; its items come with the status. */
static enum fault tell_feed(struct applying *x, const struct feed *feed, struct err *err)
{
	struct parked p = {
		.class = "FEED",
		.subject = feed->id,
		.path = "",
		.text = feed->lost ? arena_printf(x->a, "it ended as %.40s: none of it was applied", feed->state)
		             : arena_printf(x->a, "%" PRId64 " of its %" PRId64 " items failed", feed->bad, feed->items),
	};

	int64_t ours;

	if (!feed->lost && !feed->bad)
		return OK;
	if (bulk_by_ref(x->s, x->account, feed->id, &ours, err))
		return FAULT_STORE;
	if (ours)
		return OK; /* what became of its items stands with their jobs */
	x->t->parked++;
	return inbox_park(x->s, x->account, VERB_FEEDS, &p, x->seal, x->why, err);
}

/* A number that cannot be kept is parked with its place. */
static enum fault tell_identity(struct applying *x, const struct identity *i, struct err *err)
{
	struct err why = { 0 };
	enum fault f = identity_tell(x->s, x->account, i, x->why, &why);
	struct parked p = { .class = "MAPPING", .subject = i->sku ? i->sku : "", .path = i->path ? i->path : "", .text = why.text };

	if (f == FAULT_FORMAT)
		return park(x, &p, err);
	if (f)
		*err = why;
	return f;
}

enum fault news_apply(struct store *s, int64_t account, enum verb verb, const struct news *n, int64_t begun_ms, const struct sealer *seal,
                      const struct cause *why, struct tally *out, struct err *err)
{
	struct applying x = { .s = s, .account = account, .verb = verb, .seal = seal, .why = why, .a = n->arena, .t = out, .begun_ms = begun_ms };
	int64_t open_pieces, before = store_total_changes(s);
	enum fault f;

	assert(store_in_transaction(s));
	*out = (struct tally){ 0 };
	f = counter_get(s, "inbox", &open_pieces, err);
	x.open_pieces = open_pieces > 0;
	for (int i = 0; i < n->orders && !f; i++)
		f = tell_order(&x, &n->order[i], err);
	if (!f && n->gones)
		f = orders_gone(s, account, n->gone_of, n->gone, n->gones, why, err);
	for (int i = 0; i < n->seens && !f; i++)
		f = tell_seen(&x, &n->seen[i], begun_ms, err);
	for (int i = 0; i < n->identities && !f; i++)
		f = tell_identity(&x, &n->identity[i], err);
	if (!f) /* dispatches before stock */
		f = tell_truth(&x, n, err);
	if (!f && (n->counts || (n->reading && n->counts_whole)))
		f = tell_counts(&x, n, err);
	for (int i = 0; i < n->parkeds && !f; i++)
		f = park(&x, &n->parked[i], err);
	for (int i = 0; i < n->odds && !f; i++)
		f = tell_odd(&x, &n->odd[i], err);
	for (int i = 0; i < n->feeds && !f; i++)
		f = tell_feed(&x, &n->feed[i], err);
	out->nothing_new = !f && store_total_changes(s) - before == x.noted;
	return f;
}
