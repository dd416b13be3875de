#include "trade/orders.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/dispatches.h"
#include "trade/lines.h"
#include "trade/person.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LINES = 1000, MOST_QTY = 999999 };

/* ---- can it be? ---- */

static enum fault check_line(const struct order *o, int i, struct err *err)
{
	static const char *const money[] = { "UNPAID", "AUTHORISED", "PAID", "PART_REFUNDED", "REFUNDED", "VOIDED", "DISPUTED", NULL };
	static const char *const post[] = { "NONE",         "RETURN_REQUESTED", "RETURN_AUTHORISED", "RETURN_IN_TRANSIT", "RETURN_RECEIVED",
		                            "RETURN_CLOSED", "CLAIM_OPEN",       NULL };
	const struct order_line *l = &o->line[i];
	int64_t sum = 0;

	if (!l->ref || !*l->ref || !l->sku || !*l->sku)
		return err_set(err, FAULT_FORMAT, "line %d has no %s", i + 1, l->ref && *l->ref ? "SKU" : "number");
	if (l->qty < 0 || l->qty > MOST_QTY)
		return err_set(err, FAULT_FORMAT, "line %d: %" PRId64 " units", i + 1, l->qty);
	for (int k = 0; k < ORDER_STATES; k++) {
		if (l->bucket[k] < 0 || l->bucket[k] > l->qty)
			return err_set(err, FAULT_FORMAT, "line %d: %" PRId64 " of %" PRId64 " units are %s", i + 1, l->bucket[k], l->qty,
			               order_state_name((enum order_state)k));
		sum += l->bucket[k];
	}
	if (sum != l->qty)
		return err_set(err, FAULT_FORMAT, "line %d: %" PRId64 " units, but states for %" PRId64, i + 1, l->qty, sum);
	if ((l->money && !text_one_of(l->money, money)) || (l->post && !text_one_of(l->post, post)))
		return err_set(err, FAULT_FORMAT, "line %d: no such state of money or after-sale", i + 1);
	for (int k = 0; k < i; k++)
		if (!strcmp(o->line[k].ref, l->ref))
			return err_set(err, FAULT_FORMAT, "line %d has the number of line %d", i + 1, k + 1);
	return OK;
}

static enum fault check_order(const struct order *o, struct err *err)
{
	enum fault f = OK;

	if (!o->ref || !*o->ref)
		return err_set(err, FAULT_FORMAT, "an order without a number");
	if (o->lines < 1 || o->lines > MOST_LINES)
		return err_set(err, FAULT_FORMAT, "an order with %d lines", o->lines);
	if (o->placed_ms <= 0 || o->updated_ms <= 0)
		return err_set(err, FAULT_FORMAT, "an order without a time");
	for (int i = 0; i < o->lines && !f; i++)
		f = check_line(o, i, err);
	return f;
}

/* ---- the digest of everything told: FNV-1a, 64 bits ---- */

static void mix(uint64_t *h, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		*h = (*h ^ b[i]) * 0x100000001b3u;
}

static void mix_text(uint64_t *h, const char *s)
{
	mix(h, text_or_empty(s), strlen(text_or_empty(s)) + 1); /* with its end: "ab","c" is not "a","bc" */
}

/* Eight bytes in one step: numbers are most of an order, and no hostile one gains from a collision with its own. */
static void mix_int(uint64_t *h, int64_t v)
{
	*h = (*h ^ (uint64_t)v) * 0x100000001b3u;
	*h ^= *h >> 29;
}

static void mix_line(uint64_t *h, const struct order_line *l)
{
	mix_text(h, l->ref);
	mix_text(h, l->sku);
	mix_text(h, l->title);
	mix_text(h, l->money);
	mix_text(h, l->post);
	mix_text(h, l->raw_state);
	mix_text(h, l->carrier);
	mix_text(h, l->tracking);
	mix_text(h, l->handle);
	for (int k = 0; k < ORDER_STATES; k++)
		mix_int(h, l->bucket[k]);
	mix_int(h, l->qty);
	mix_int(h, l->price_minor);
	mix_int(h, l->tax_minor);
	mix_int(h, l->ship_minor);
}

static void mix_person(uint64_t *h, const struct person *p)
{
	const char *const parts[] = { p->name, p->email, p->phone, p->address1, p->address2, p->city, p->state, p->postal, p->country, p->buyer };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		mix_text(h, parts[i]);
}

/* Where it stood in the reply is not told by the channel, it is found: path stays out. */
static int64_t order_digest(const struct order *o)
{
	const char *const texts[] = { o->ref, o->other_ref, o->marketplace, o->raw_state, o->currency, o->service, o->country, o->node };
	const int64_t ints[] = { o->placed_ms,   o->updated_ms,    o->ack_by_ms,   o->ship_by_ms, o->deliver_by_ms,
		                 o->cancel_by_ms, o->total_minor, o->tax_minor, o->ship_minor, o->flags, o->lines };
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		mix_text(&h, texts[i]);
	for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
		mix_int(&h, ints[i]);
	for (int i = 0; i < o->lines; i++)
		mix_line(&h, &o->line[i]);
	if (o->person)
		mix_person(&h, o->person);
	return (int64_t)h;
}

/* ---- what the queue sorts and shows of it ---- */

struct head {
	enum order_state state;
	int64_t due_ms, units, digest;
	const char *carrier, *tracking, *sku;
};

static struct head head_of(const struct order *o, int64_t digest)
{
	struct head h = { order_state_of(o), order_due(o), 0, digest, NULL, NULL, o->line[0].sku };

	for (int i = 0; i < o->lines; i++) {
		const struct order_line *l = &o->line[i];

		h.units += l->qty;
		if (!h.tracking && l->tracking && *l->tracking) {
			h.tracking = l->tracking;
			h.carrier = l->carrier;
		}
	}
	return h;
}

/* ---- a new one ---- */

static enum fault insert_order(struct store *s, int64_t account, const struct order *o, const struct head *h, const struct cause *why,
                               int64_t *id, struct err *err)
{
	static const char sql[] =
		"INSERT INTO orders (account_id, ref, other_ref, marketplace, state, raw_state, open, flags, due_ms, ack_by_ms, ship_by_ms, "
		"deliver_by_ms, cancel_by_ms, placed_ms, updated_ms, known_ms, currency, total_minor, tax_minor, ship_minor, service, country, "
		"node, sku, units, lines, carrier, tracking, digest, attempt_id, path, trace) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";

	return RUN_ID(s, err, id, sql, V(account), V(o->ref), V(text_or_empty(o->other_ref)), V(text_or_empty(o->marketplace)), V(order_state_name(h->state)),
	              V(text_or_empty(o->raw_state)), V(order_is_open(h->state)), V(o->flags), V(h->due_ms), V(o->ack_by_ms), V(o->ship_by_ms),
	              V(o->deliver_by_ms), V(o->cancel_by_ms), V(o->placed_ms), V(o->updated_ms), V(why->now_ms), V(text_or_empty(o->currency)),
	              V(o->total_minor), V(o->tax_minor), V(o->ship_minor), V(text_or_empty(o->service)), V(text_or_empty(o->country)),
	              V(text_or_empty(o->node)), V(h->sku), V(h->units), V(o->lines), V(text_or_empty(h->carrier)), V(text_or_empty(h->tracking)),
	              V(h->digest), why->attempt_id ? V(why->attempt_id) : V_NULL, V(text_or_empty(o->path)), V(text_or_empty(why->trace)));
}

static enum fault bear(struct store *s, int64_t account, const struct order *o, int64_t digest, const struct sealer *seal,
                       const struct cause *why, struct err *err)
{
	struct order_cause oc = { .account = account, .flags = o->flags, .ref = o->ref, .node = o->node, .shipped_ms = o->updated_ms, .why = why };
	struct head h = head_of(o, digest);
	enum fault f = insert_order(s, account, o, &h, why, &oc.order, err);

	if (!f) /* a warehouse may have had it before we heard of it */
		f = dispatches_adopt(s, oc.order, o->ref, o->other_ref, &oc.dispatched, err);
	for (int i = 0; i < o->lines && !f; i++)
		f = line_write(s, &oc, NULL, &o->line[i], err);
	if (!f && o->person)
		f = person_new(s, oc.order, o, h.state, seal, err);
	return f ? f : change_text(s, "orders", oc.order, "state", NULL, order_state_name(h.state), o->placed_ms, why, err);
}

/* ---- one that is known, told anew ---- */

struct known {
	int64_t id, updated_ms, known_ms, digest, attempt, proof_ms, none_ms, struck_ms;
};

static enum fault find_known(struct store *s, int64_t account, const char *ref, struct known *k, struct err *err)
{
	static const char sql[] = "SELECT id, updated_ms, known_ms, digest, attempt_id, proof_ms, none_ms, struck_ms FROM orders WHERE ref = ? AND account_id = ?";
	struct rows *r = ASK(s, sql, V(ref), V(account));

	*k = (struct known){ 0 };
	if (rows_next(r))
		*k = (struct known){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6), rows_int(r, 7) };
	return rows_end(r, err);
}

/* What a telling is beside what was known. */
struct beside {
	bool back;                /* fewer units of it are shipped than before */
	bool lacking;             /* an open line is not in it, and is waited for */
	const struct line_was *struck; /* one that was waited for in vain; NULL: none */
};

/* A line that is told again after it was lacking was never cancelled by anybody. */
static bool moves_back(const struct line_was *w, struct order_line *l)
{
	int64_t was[ORDER_STATES];

	memcpy(was, w->bucket, sizeof was);
	if (w->missed_ms)
		was[ORDER_CANCELLED] = 0;
	return line_forward(was, l->bucket, &l->qty) && !l->least;
}

static bool is_told(const struct order *o, const char *line)
{
	for (int i = 0; i < o->lines; i++)
		if (!strcmp(o->line[i].ref, line))
			return true;
	return false;
}

/* The order as it is after the telling: no unit goes back, and no line is lost by one reading. */
static struct order merge(const struct order *o, const struct line_was *was, int n, int64_t now_ms, struct arena *a, struct beside *b)
{
	struct order m = *o;

	m.line = arena_alloc(a, (size_t)(o->lines + n) * sizeof *m.line);
	*b = (struct beside){ 0 };
	for (int i = 0; i < o->lines; i++) {
		const struct line_was *w = line_was_of(was, n, o->line[i].ref);

		m.line[i] = o->line[i];
		if (w)
			b->back |= moves_back(w, &m.line[i]);
	}
	for (int i = 0; i < n; i++) {
		struct order_line *l = &m.line[m.lines];

		if (is_told(o, was[i].ref))
			continue;
		*l = line_missed(&was[i], now_ms);
		b->lacking |= line_is_open(l->bucket);
		if (line_is_open(was[i].bucket) && !line_is_open(l->bucket))
			b->struck = &was[i];
		m.lines++;
	}
	return m;
}

static enum fault update_order(struct store *s, int64_t id, const struct order *o, const struct head *h, const struct cause *why, struct err *err)
{
	static const char sql[] =
		"UPDATE orders SET other_ref = ?, marketplace = ?, state = ?, raw_state = ?, open = ?, flags = ?, due_ms = ?, ack_by_ms = ?, "
		"ship_by_ms = ?, deliver_by_ms = ?, cancel_by_ms = ?, placed_ms = ?, updated_ms = ?, known_ms = ?, currency = ?, total_minor = ?, "
		"tax_minor = ?, ship_minor = ?, service = ?, country = ?, node = ?, sku = ?, units = ?, lines = ?, "
		"carrier = coalesce(?, carrier), tracking = coalesce(?, tracking), digest = ?, attempt_id = ?, path = ?, trace = ? WHERE id = ?";

	return RUN(s, err, sql, V(text_or_empty(o->other_ref)), V(text_or_empty(o->marketplace)), V(order_state_name(h->state)), V(text_or_empty(o->raw_state)),
	           V(order_is_open(h->state)), V(o->flags), V(h->due_ms), V(o->ack_by_ms), V(o->ship_by_ms), V(o->deliver_by_ms),
	           V(o->cancel_by_ms), V(o->placed_ms), V(o->updated_ms), V(why->now_ms), V(text_or_empty(o->currency)), V(o->total_minor),
	           V(o->tax_minor), V(o->ship_minor), V(text_or_empty(o->service)), V(text_or_empty(o->country)), V(text_or_empty(o->node)), V(h->sku),
	           V(h->units), V(o->lines), V(h->carrier), V(h->tracking), V(h->digest), why->attempt_id ? V(why->attempt_id) : V_NULL,
	           V(text_or_empty(o->path)), V(text_or_empty(why->trace)), V(id));
}

/* One change row for each field of the order that becomes another. */
static enum fault note_changes(struct store *s, int64_t id, const struct order *o, const struct head *h, struct arena *a,
                               const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT flags, ack_by_ms, ship_by_ms, deliver_by_ms, cancel_by_ms, total_minor, "
				  "state, raw_state, service, node, country, carrier, tracking FROM orders WHERE id = ?";
	static const char *const int_name[] = { "flags", "ack_by_ms", "ship_by_ms", "deliver_by_ms", "cancel_by_ms", "total_minor" };
	static const char *const text_name[] = { "state", "raw_state", "service", "node", "country", "carrier", "tracking" };
	const int64_t ints[] = { o->flags, o->ack_by_ms, o->ship_by_ms, o->deliver_by_ms, o->cancel_by_ms, o->total_minor };
	const char *const texts[] = { order_state_name(h->state), text_or_empty(o->raw_state), text_or_empty(o->service), text_or_empty(o->node),
		                      text_or_empty(o->country),        h->carrier,             h->tracking };
	enum { INTS = sizeof ints / sizeof *ints, TEXTS = sizeof texts / sizeof *texts };
	int64_t old_int[INTS] = { 0 };
	const char *old_text[TEXTS] = { NULL };
	struct rows *r = ASK(s, sql, V(id));
	enum fault f;

	if (rows_next(r)) {
		for (int i = 0; i < INTS; i++)
			old_int[i] = rows_int(r, i);
		for (int i = 0; i < TEXTS; i++)
			old_text[i] = rows_keep(r, INTS + i, a);
	}
	f = rows_end(r, err);
	for (int i = 0; i < INTS && !f; i++)
		f = change_int(s, "orders", id, int_name[i], old_int[i], ints[i], o->updated_ms, why, err);
	for (int i = 0; i < TEXTS && !f; i++)
		f = texts[i] ? change_text(s, "orders", id, text_name[i], old_text[i], texts[i], o->updated_ms, why, err) : OK;
	return f;
}

static enum fault tell_back(struct store *s, int64_t account, const struct order *o, const struct cause *why, struct err *err)
{
	char key[160], text[240];
	struct alert a = { .key = key, .kind = "moved_back", .severity = "WARN", .account = account, .subject = o->ref, .text = text,
		           .next = "the former number stays; look at the order in the channel's own portal" };

	snprintf(key, sizeof key, "moved back %" PRId64 " %.120s", account, o->ref);
	snprintf(text, sizeof text, "order %.100s: the channel shows fewer units shipped than it did before", o->ref);
	return alert_raise(s, &a, why->now_ms, err);
}

static enum fault tell_struck(struct store *s, int64_t account, const struct order *o, const struct line_was *l, const struct cause *why, struct err *err)
{
	char key[160], text[240];
	struct alert a = { .key = key, .kind = "line_gone", .severity = "WARN", .account = account, .subject = o->ref, .text = text,
		           .next = "what was open of it is not owed any more; look at the order in the channel's own portal" };

	snprintf(key, sizeof key, "line gone %" PRId64 " %.120s", account, o->ref);
	snprintf(text, sizeof text, "order %.60s: line %.40s (%.40s, %" PRId64 ") is told no more", o->ref, l->ref, l->sku, l->qty);
	return alert_raise(s, &a, why->now_ms, err);
}

static enum fault rewrite(struct store *s, const struct order_cause *oc, const struct order *m, const struct line_was *was, int n,
                          struct arena *a, int64_t digest, const struct sealer *seal, struct err *err)
{
	struct head h = head_of(m, digest);
	enum fault f = note_changes(s, oc->order, m, &h, a, oc->why, err);

	if (!f)
		f = update_order(s, oc->order, m, &h, oc->why, err);
	for (int i = 0; i < m->lines && !f; i++)
		f = line_write(s, oc, line_was_of(was, n, m->line[i].ref), &m->line[i], err);
	return f ? f : person_tell(s, oc->order, m, h.state, seal, err);
}

/* What one telling leaves out, and an earlier one told: where it leaves from, and whether the channel fulfils it. No deadline of what they fulfil is ours. */
static enum fault fill_untold(struct store *s, int64_t id, struct order *o, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT flags, node FROM orders WHERE id = ?";
	struct rows *r;

	if (o->node && !o->whose_untold)
		return OK;
	r = ASK(s, sql, V(id));
	if (rows_next(r)) {
		o->node = o->node ? o->node : rows_keep(r, 1, a);
		if (o->whose_untold && rows_int(r, 0) & ORDER_READ_ONLY) {
			o->flags |= ORDER_READ_ONLY;
			o->ack_by_ms = o->ship_by_ms = o->cancel_by_ms = 0;
		}
	}
	return rows_end(r, err);
}

static enum fault tell_anew(struct store *s, int64_t account, const struct known *k, const struct order *told_now, int64_t digest,
                            const struct sealer *seal, struct arena *a, const struct cause *why, enum told *told, struct err *err)
{
	struct order_cause oc = { .account = account, .order = k->id, .ref = told_now->ref, .why = why };
	struct line_was *was;
	struct beside beside;
	struct order m, filled = *told_now, *o = &filled;
	int n;

	if (fill_untold(s, k->id, o, a, err))
		return FAULT_STORE;
	oc.flags = o->flags;
	oc.node = o->node;
	/* a platform whose stamp stands still while the order moves: it left after we last looked, at the latest now */
	oc.shipped_ms = o->updated_ms > k->updated_ms ? o->updated_ms : why->now_ms;
	if (lines_read(s, k->id, a, &was, &n, err) || dispatches_any(s, k->id, &oc.dispatched, err))
		return FAULT_STORE;
	m = merge(o, was, n, why->now_ms, a, &beside);
	if ((beside.back && tell_back(s, account, o, why, err)) || (beside.struck && tell_struck(s, account, o, beside.struck, why, err)))
		return FAULT_STORE;
	if (!beside.lacking)
		return rewrite(s, &oc, &m, was, n, a, digest, seal, err);
	*told = TOLD_SHORT;
	return rewrite(s, &oc, &m, was, n, a, 0, seal, err); /* no digest: the same telling again is heard again */
}

/*
 * It was told again: by another reply, so its number is no misread one; and whatever the account said of it by itself, it has it. The lists tell each order
 * a dozen times, which is written down once in hours.
 */
static enum fault note_told(struct store *s, int64_t account, const struct order *o, const struct known *k, const struct cause *why, struct err *err)
{
	enum { AGAIN_MS = 6 * 60 * 60 * 1000 };
	static const char sql[] = "UPDATE orders SET proof_ms = ?, none_ms = 0, struck_ms = 0 WHERE id = ?";
	bool other = why->attempt_id && why->attempt_id != k->attempt;
	char key[160];

	if (!k->none_ms && (!other || (k->proof_ms && why->now_ms - k->proof_ms < AGAIN_MS)))
		return OK;
	if (RUN(s, err, sql, V(other ? why->now_ms : k->proof_ms), V(k->id)))
		return FAULT_STORE;
	return k->none_ms ? alert_close(s, order_none_key(key, account, o->ref), why->now_ms, err) : OK;
}

/* A stamp that lay in the future when it was told (their clock, a bit that fell over on the way) is no reason to hear nothing more until then. */
static int64_t stamp_of(const struct known *k)
{
	enum { AHEAD_MS = 60 * 1000 }; /* so far their clocks may differ from ours */

	return k->updated_ms > k->known_ms + AHEAD_MS ? k->known_ms : k->updated_ms;
}

enum fault orders_tell(struct store *s, int64_t account, const struct order *o, const struct sealer *seal, const struct cause *why,
                       enum told *told, struct err *err)
{
	int64_t digest;
	struct known k;
	struct arena *a;
	enum fault f = check_order(o, err);

	assert(store_in_transaction(s));
	if (f)
		return f;
	digest = order_digest(o);
	if (find_known(s, account, o->ref, &k, err))
		return FAULT_STORE;
	*told = !k.id ? TOLD_NEW : k.digest == digest ? TOLD_SAME : o->updated_ms < stamp_of(&k) && !k.struck_ms ? TOLD_OLDER : TOLD_CHANGED;
	if (*told == TOLD_NEW)
		return bear(s, account, o, digest, seal, why, err);
	if (*told == TOLD_CHANGED) {
		a = arena_new();
		f = tell_anew(s, account, &k, o, digest, seal, a, why, told, err);
		arena_free(a);
	}
	return f ? f : note_told(s, account, o, &k, why, err);
}
