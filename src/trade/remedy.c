#include "trade/remedy.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/feeds.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/orders.h"

#include <inttypes.h>
#include <string.h>

enum { REMEDIES = 4 };

enum failure_queue failure_queue(const struct failure *f)
{
	return f->auto_retry ? QUEUE_RETRY : QUEUE_FIX;
}

const char *failure_queue_name(enum failure_queue q)
{
	return q == QUEUE_RETRY ? "RETRY" : "FIX";
}

/* ---- what it costs ---- */

static enum fault cost_of_order(struct store *s, int64_t order, struct arena *a, struct failure_cost *out, struct err *err)
{
	static const char sql[] = "SELECT units, total_minor, currency, due_ms, open FROM orders WHERE id = ?";
	struct rows *r = ASK(s, sql, V(order));

	if (rows_next(r)) {
		out->orders = 1;
		out->units = rows_int(r, 0);
		out->minor = rows_int(r, 1);
		out->currency = rows_keep(r, 2, a);
		out->due_ms = rows_int(r, 4) && rows_int(r, 3) < INT64_C(4102444800000) ? rows_int(r, 3) : 0;
	}
	return rows_end(r, err);
}

static enum fault cost_of_offer(struct store *s, int64_t offer, struct arena *a, struct failure_cost *out, struct err *err)
{
	static const char sql[] = "SELECT sku, max(coalesce(seen, 0) - coalesce(target, 0), 0) FROM offer WHERE id = ? GROUP BY id";
	struct rows *r = ASK(s, sql, V(offer));

	if (rows_next(r)) {
		out->sku = rows_keep(r, 0, a);
		out->shown = rows_int(r, 1);
	}
	return rows_end(r, err);
}

static enum fault cost_of_sku(struct store *s, const char *account, const char *sku, struct arena *a, struct failure_cost *out, struct err *err)
{
	static const char sql[] = "SELECT count(DISTINCT o.id), coalesce(sum(l.qty), 0), coalesce(sum(l.price_minor), 0), coalesce(min(o.currency), ''), coalesce(min(o.due_ms), 0) "
				  "FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account c ON c.id = o.account_id WHERE l.sku = ?1 AND l.item_id IS NULL AND c.name = ?2 AND o.open = 1";
	struct rows *r = ASK(s, sql, V(sku), V(account));

	if (rows_next(r)) {
		out->orders = rows_int(r, 0);
		out->units = rows_int(r, 1);
		out->minor = rows_int(r, 2);
		out->currency = rows_keep(r, 3, a);
		out->due_ms = rows_int(r, 4) < INT64_C(4102444800000) ? rows_int(r, 4) : 0;
		out->sku = arena_strdup(a, sku);
	}
	return rows_end(r, err);
}

/* An order that could not be read may be known by what was read of it before. */
static enum fault cost_of_ref(struct store *s, const struct failure *f, struct arena *a, struct failure_cost *out, struct err *err)
{
	static const char sql[] = "SELECT o.id FROM orders o JOIN account c ON c.id = o.account_id WHERE o.ref = ?1 AND c.name = ?2";
	int64_t id = 0;

	if (GET_INT(s, err, 0, &id, sql, V(f->subject), V(f->account_name)))
		return FAULT_STORE;
	if (!id) {
		out->orders = 1;
		return OK;
	}
	return cost_of_order(s, id, a, out, err);
}

enum fault failure_cost(struct store *s, const struct failure *f, struct arena *a, struct failure_cost *out, struct err *err)
{
	enum verb verb = verb_from_name(f->verb);
	struct job j;

	*out = (struct failure_cost){ .currency = "", .sku = "" };
	if (f->is_job) {
		if (job_get(s, f->id, a, &j, err))
			return err->fault;
		if (j.subject_id && (verb == VERB_ACK || verb == VERB_SHIP || verb == VERB_CANCEL || verb == VERB_ORDER))
			return cost_of_order(s, j.subject_id, a, out, err);
		return j.subject_id && verb == VERB_STOCK ? cost_of_offer(s, j.subject_id, a, out, err) : OK;
	}
	if (!strcmp(f->class, "MAPPING"))
		return cost_of_sku(s, f->account_name, f->subject, a, out, err);
	return verb == VERB_ORDERS || verb == VERB_ORDER ? cost_of_ref(s, f, a, out, err) : OK;
}

/* ---- what can be done ---- */

struct trying {
	struct store *s;
	const struct failure *f;
	int64_t now_ms;
	struct arena *a;
	struct remedy *out;
	int n;
};

static void offer_remedy(struct trying *t, enum remedy_act act, bool good, const char *text, const char *dry)
{
	if (t->n < REMEDIES)
		t->out[t->n++] = (struct remedy){ act, text, dry, good };
}

static enum fault try_ack(struct trying *t, const struct job *j, struct err *err)
{
	struct order_detail o;
	enum fault f = order_get(t->s, j->subject_id, t->a, &o, err);
	bool past = !f && o.row.state != ORDER_PENDING && o.row.state != ORDER_NEW && o.row.state != ORDER_UNKNOWN;

	if (!f)
		offer_remedy(t, REMEDY_RETRY, true, "acknowledge it again", past ? "it would be dropped: the order is past that by its own reading" : "1 call with the same key");
	return f;
}

static enum fault try_stock(struct trying *t, const struct job *j, struct err *err)
{
	struct offer o;
	enum fault f = offer_get(t->s, j->subject_id, t->a, &o, err);
	const char *no = f ? NULL : offer_unwritable(&o);

	if (!f)
		offer_remedy(t, REMEDY_RETRY, !no, "say the quantity again",
		             no                ? arena_printf(t->a, "it would be refused: %s", no)
		             : o.ver == j->ver ? arena_printf(t->a, "1 call, %" PRId64 " units, the same key", o.target)
		                               : arena_printf(t->a, "1 call with today's %" PRId64 " units; the one that failed is dropped", o.target));
	return f;
}

static enum fault try_ship(struct trying *t, const struct job *j, struct err *err)
{
	struct order_detail o;
	enum fault f = order_get(t->s, j->subject_id, t->a, &o, err);

	if (!f)
		offer_remedy(t, REMEDY_RETRY, o.row.open, "confirm the package again",
		             o.row.open ? "1 call; lines and carrier are named as they are known today" : "nothing: the order is closed");
	return f;
}

static enum fault try_feed(struct trying *t, const struct job *j, struct err *err)
{
	bool sending = false;
	enum fault f = bulk_sending(t->s, j->subject_id, &sending, err);

	if (!f)
		offer_remedy(t, REMEDY_RETRY, sending, "hand the feed in again", sending ? "1 call with the same key" : "it would be dropped: " BULK_WENT);
	return f;
}

static enum fault try_job(struct trying *t, struct err *err)
{
	struct job j;
	enum fault f = job_get(t->s, t->f->id, t->a, &j, err);

	if (f)
		return f;
	if (!strcmp(j.state, "unsure")) {
		offer_remedy(t, REMEDY_NONE, true, "leave it to the readings", "it is looked for and not said again before that: saying it twice may do it twice");
		return OK;
	}
	if (!strcmp(j.state, "waiting")) {
		offer_remedy(t, REMEDY_RETRY, true, "now instead of later", "1 call; it is tried again by itself all the same");
		return OK;
	}
	if (j.subject_id && j.verb == VERB_ACK)
		return try_ack(t, &j, err);
	if (j.subject_id && j.verb == VERB_STOCK)
		return try_stock(t, &j, err);
	if (j.subject_id && j.verb == VERB_SHIP)
		return try_ship(t, &j, err);
	if (bulk_hands_in(j.verb))
		return try_feed(t, &j, err);
	offer_remedy(t, REMEDY_RETRY, true, "the same again", "1 call with the same key");
	return OK;
}

static enum fault try_map(struct trying *t, struct err *err)
{
	static const char sql[] = "SELECT sku FROM item WHERE lower(trim(sku)) = lower(trim(?1)) LIMIT 3";
	struct rows *r = ASK(t->s, sql, V(t->f->subject));
	struct buf b = buf_new(t->a);

	buf_puts(&b, "");
	while (rows_next(r))
		buf_printf(&b, "%s%s", b.len ? ", " : "", rows_text(r, 0));
	if (rows_end(r, err))
		return FAULT_STORE;
	offer_remedy(t, REMEDY_MAP, b.len > 0, "say which SKU of ours it is", b.len ? arena_printf(t->a, "spelled alike: %s", b.p) : "none is spelled alike: tallyman map, or count it");
	return OK;
}

/* By the order alone where it has a name, else with its whole list. Whether what was kept would be understood now, the engine has tried. */
static enum fault try_read(struct trying *t, struct err *err)
{
	const char *kept, *call;
	bool good;
	enum verb verb = verb_from_name(t->f->verb);
	bool named = *t->f->subject && *t->f->subject != '#' && (verb == VERB_ORDERS || verb == VERB_ORDER);

	if (inbox_dry(t->s, t->f->id, t->a, &good, &kept, err))
		return err->fault;
	call = named ? "1 call for this order alone; the list goes on meanwhile" : "its whole list is read at once instead of at its turn";
	offer_remedy(t, REMEDY_RETRY, !kept || good, "read it again", kept ? arena_printf(t->a, "%s; %s", kept, call) : call);
	return OK;
}

enum fault failure_remedies(struct store *s, const struct failure *f, int64_t now_ms, struct arena *a, struct remedy **out, int *n, struct err *err)
{
	struct trying t = { .s = s, .f = f, .now_ms = now_ms, .a = a, .out = arena_alloc(a, REMEDIES * sizeof **out) };
	enum fault bad = OK;

	if (f->is_job)
		bad = try_job(&t, err);
	else if (!strcmp(f->class, "MAPPING"))
		bad = try_map(&t, err);
	if (!bad && !f->is_job)
		bad = try_read(&t, err);
	if (!bad && strcmp(f->state, "unsure")) /* what may have happened cannot be taken back */
		offer_remedy(&t, REMEDY_ARCHIVE, !f->repeats, "archive it",
		             f->repeats  ? "it would be refused: the account lives by this read; enabled = off in its section ends it"
		             : f->is_job ? "nothing is said; it stays in the store"
		                         : "nothing is read again; the bytes stay as long as all raw bytes");
	*out = t.out;
	*n = bad ? 0 : t.n;
	return bad;
}
