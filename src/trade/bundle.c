#include "trade/bundle.h"

#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/audit.h"
#include "trade/person.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- what nobody else is to read ---- */

static bool in_address(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

/* Bytes before and behind an @ that make an address of it; 0: it is none. */
static size_t before_at(const char *text, const char *at)
{
	size_t n = 0;

	while (at - n > text && in_address(at[-(ptrdiff_t)n - 1]))
		n++;
	return n;
}

static size_t behind_at(const char *at)
{
	size_t n = 1;
	bool dot = false;

	for (; in_address(at[n]); n++)
		dot |= at[n] == '.' && isalnum((unsigned char)at[n + 1]);
	return dot ? n : 0;
}

/* "+1 (212) 555-0100": a + and ten digits or more. */
static size_t foreign_number(const char *p)
{
	size_t n = 1, digits = 0, last = 0;

	if (*p != '+')
		return 0;
	for (; isdigit((unsigned char)p[n]) || (p[n] && strchr(" -().", p[n])); n++)
		if (isdigit((unsigned char)p[n])) {
			digits++;
			last = n + 1;
		}
	return digits >= 10 && digits <= 15 ? last : 0;
}

/* N stands for a digit. */
static size_t like(const char *p, const char *form)
{
	size_t n = 0;

	for (; form[n]; n++)
		if (form[n] == 'N' ? !isdigit((unsigned char)p[n]) : p[n] != form[n])
			return 0;
	return n;
}

/* As it is written in the United States. A digit or a dash beside it, and it is the number of something: an order, a parcel. */
static size_t american_number(const char *text, const char *p)
{
	static const char *const forms[] = { "(NNN) NNN-NNNN", "(NNN)NNN-NNNN", "NNN-NNN-NNNN", "NNN.NNN.NNNN", "1-NNN-NNN-NNNN" };
	size_t n = 0;

	if (p > text && (isdigit((unsigned char)p[-1]) || p[-1] == '-'))
		return 0;
	for (size_t i = 0; i < sizeof forms / sizeof *forms && !n; i++)
		n = like(p, forms[i]);
	return n && !isdigit((unsigned char)p[n]) && p[n] != '-' ? n : 0;
}

/* One that an address goes on from is a part of that. */
static size_t telephone(const char *text, const char *p)
{
	size_t n = foreign_number(p), more;

	n = n ? n : american_number(text, p);
	for (more = n; in_address(p[more]); more++)
		;
	return n && p[more] == '@' && behind_at(p + more) ? 0 : n;
}

const char *scrubbed(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);
	const char *plain = text; /* from here on it was copied as it is */

	if (!strpbrk(text, "@+(-."))
		return text;
	buf_puts(&b, "");
	for (const char *p = text; *p;) {
		size_t before = *p == '@' ? before_at(plain, p) : 0, behind = before ? behind_at(p) : 0, phone = telephone(text, p);

		if (behind) {
			b.len -= before - 1; /* what was copied of it but its first letter */
			b.p[b.len] = '\0';
			buf_puts(&b, "***@***");
			plain = p += behind;
		} else if (phone) {
			buf_puts(&b, "+***");
			plain = p += phone;
		} else {
			buf_putc(&b, *p++);
		}
	}
	return b.p;
}

/* ---- what is taken ---- */

struct list {
	const char *json;
	int64_t n;
};

static struct list list_of(struct rows *r, const int64_t *more, int n, struct arena *a, enum fault *f, struct err *err)
{
	struct buf b = buf_new(a);
	struct list l = { .n = n };

	buf_putc(&b, '[');
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%" PRId64, i ? "," : "", more[i]);
	for (; rows_next(r); l.n++)
		buf_printf(&b, "%s%" PRId64, l.n ? "," : "", rows_int(r, 0));
	buf_putc(&b, ']');
	*f = rows_end(r, err);
	l.json = b.p;
	return l;
}

/*
 * ?1 from, ?2 to, ?3 is it limited, ?4 items, ?5 orders, ?6 account. Facts are taken as they are now, so what changed them is taken from the window's begin until
 * now: the past is found by walking back from here.
 */
#define ITEMS STORE_IDS("?4")
#define ORDERS STORE_IDS("?5")
#define OFFERS "(SELECT id FROM offer WHERE item_id IN " ITEMS " AND (?6 = 0 OR account_id = ?6))"
#define JOBS \
	"(SELECT id FROM job WHERE state_ms >= ?1 AND made_ms <= ?2 AND (?6 = 0 OR account_id = ?6) AND (?3 = 0 OR " \
	"(verb IN ('ack', 'ship', 'cancel', 'order') AND subject_id IN " ORDERS ") OR ((verb LIKE 'stock%' OR verb IN ('preview', 'offer')) AND subject_id IN " OFFERS ")))"
#define ATTEMPTS \
	"(SELECT id FROM attempt WHERE opened_ms BETWEEN ?1 AND ?2 AND (?6 = 0 OR account_id = ?6) AND (?3 = 0 OR id IN (SELECT attempt_id FROM attempt_job WHERE job_id IN " JOBS ") " \
	"OR id IN (SELECT attempt_id FROM orders WHERE id IN " ORDERS ") OR id IN (SELECT seen_attempt FROM offer WHERE item_id IN " ITEMS ")))"
#define INCIDENTS "(SELECT id FROM incident WHERE opened_ms <= ?2 AND (closed_ms = 0 OR closed_ms >= ?1))"
#define ALL "1"

static const struct {
	const char *table, *where, *columns;
} parts[] = {
	{ "meta", "key NOT LIKE 'bundle.%'", "*" },
	{ "lease", ALL, "*" },
	{ "config", ALL, "*" },
	{ "account", ALL, "*" },
	{ "place", ALL, "*" },
	{ "place_source", ALL, "*" },
	{ "source", ALL, "*" },
	{ "policy_override", ALL, "*" },
	{ "bucket", ALL, "*" },
	{ "breaker", ALL, "*" },
	{ "counter", ALL, "*" },
	{ "zero_out", ALL, "*" },
	{ "lapse", ALL, "*" },
	{ "alert_mute", ALL, "*" },
	{ "stream", ALL, "*" },
	{ "rhythm", ALL, "*" },
	{ "latency", ALL, "*" },
	{ "spend", ALL, "*" },
	{ "call_tally", ALL, "*" },
	{ "task", ALL, "*" },
	{ "item", "id IN " ITEMS, "*" },
	{ "kit", "item_id IN " ITEMS, "*" },
	{ "planned_zero", "item_id IN " ITEMS, "*" },
	{ "stock", "item_id IN " ITEMS, "*" },
	{ "reading", "item_id IN " ITEMS, "*" },
	{ "conflict", "item_id IN " ITEMS, "*" },
	{ "item_tag", "item_id IN " ITEMS, "*" },
	{ "mapping", "item_id IN " ITEMS, "*" },
	{ "move", "item_id IN " ITEMS " AND (known_ms >= ?1 OR id IN (SELECT max(id) FROM move WHERE known_ms < ?1 GROUP BY item_id, place_id))", "*" }, /* and each shelf's last count before */
	{ "offer", "id IN " OFFERS " OR (?3 = 0 AND item_id IS NULL AND (?6 = 0 OR account_id = ?6))", "*" },
	{ "identity", "sku IN (SELECT sku FROM offer WHERE id IN " OFFERS ")", "*" },
	{ "pace", "offer_id IN " OFFERS, "*" },
	{ "observation", "offer_id IN " OFFERS " AND known_ms >= ?1", "*" },
	{ "zero_row", "offer_id IN " OFFERS, "*" },
	{ "rec_row", "offer_id IN " OFFERS " AND at_ms BETWEEN ?1 AND ?2", "*" },
	{ "rec_run", "began_ms BETWEEN ?1 AND ?2", "*" },
	{ "orders", "id IN " ORDERS, "*" },
	{ "order_line", "order_id IN " ORDERS, "*" },
	{ "warehouse_order", "order_id IN " ORDERS, "*" },
	{ "warehouse_line", "warehouse_order_id IN (SELECT id FROM warehouse_order WHERE order_id IN " ORDERS ")", "*" },
	{ "shipment", "order_id IN " ORDERS, "*" },
	{ "shipment_line", "shipment_id IN (SELECT id FROM shipment WHERE order_id IN " ORDERS ")", "*" },
	{ "job", "id IN " JOBS, "*" },
	{ "intent", "(?3 = 0 AND made_ms BETWEEN ?1 AND ?2) OR id IN (SELECT intent_id FROM job WHERE id IN " JOBS ")", "*" },
	{ "feed", "?3 = 0 AND made_ms BETWEEN ?1 AND ?2", "*" },
	{ "feed_item", "offer_id IN " OFFERS, "*" },
	{ "attempt", "id IN " ATTEMPTS, "*" },
	{ "attempt_job", "attempt_id IN " ATTEMPTS, "*" },
	{ "body", "id IN (SELECT request_id FROM attempt WHERE id IN " ATTEMPTS ") OR id IN (SELECT reply_id FROM attempt WHERE id IN " ATTEMPTS ") OR "
	          "id IN (SELECT fragment FROM inbox WHERE last_ms >= ?1 AND first_ms <= ?2)",
	  "id, hash, key_id, NULL, size, purge_ms" },
	{ "inbox", "last_ms >= ?1 AND first_ms <= ?2 AND (?6 = 0 OR account_id = ?6)", "*" },
	{ "cursor", ALL, "*" },
	{ "alert", "opened_ms <= ?2 AND (closed_ms = 0 OR closed_ms >= ?1)", "*" },
	{ "alert_turn", "alert_id IN (SELECT id FROM alert WHERE opened_ms <= ?2 AND (closed_ms = 0 OR closed_ms >= ?1))", "*" },
	{ "alert_minute", "alert_id IN (SELECT id FROM alert WHERE opened_ms <= ?2 AND (closed_ms = 0 OR closed_ms >= ?1))", "*" },
	{ "incident", "id IN " INCIDENTS, "*" },
	{ "incident_step", "incident_id IN " INCIDENTS, "*" },
	{ "notice", "incident_id IN " INCIDENTS, "*" },
	{ "note", "at_ms BETWEEN ?1 AND ?2", "*" },
	{ "message", "at_ms BETWEEN ?1 AND ?2", "*" },
	{ "change", "known_ms >= ?1 AND (?3 = 0 OR fact IN ('place', 'account', 'lapse', 'feed', 'inbox', 'intent', 'incident') OR (fact = 'shipment' AND fact_id IN (SELECT id FROM shipment WHERE order_id "
	            "IN " ORDERS ")) OR (fact = 'warehouse_order' AND fact_id IN (SELECT id FROM warehouse_order WHERE order_id IN " ORDERS ")) OR (fact = 'orders' AND fact_id IN " ORDERS ") OR (fact = 'order_line' AND "
	            "fact_id IN (SELECT id FROM order_line WHERE order_id IN " ORDERS ")) OR (fact = 'offer' AND fact_id IN " OFFERS
	            ") OR (fact = 'item' AND fact_id IN " ITEMS ") OR (fact = 'job' AND fact_id IN " JOBS "))",
	  "*" },
	{ "audit", "at_ms BETWEEN ?1 AND ?2", "*" },
};

/* Orders that were named, that have a line of what was named, or, without names, that became known in the window. */
static struct list pick_orders(struct store *s, const struct bundle_scope *c, const char *items, struct arena *a, enum fault *f, struct err *err)
{
	static const char sql[] = "SELECT o.id FROM orders o WHERE o.known_ms >= ?1 AND o.placed_ms <= ?2 AND (?4 = 0 OR o.account_id = ?4) AND "
				  "(?3 = '[]' OR o.id IN (SELECT l.order_id FROM order_line l WHERE l.item_id IN " STORE_IDS("?3") ")) LIMIT 20000";
	bool named = c->orders && !c->items;
	struct rows *r = ASK(s, sql, V(named ? INT64_MAX : c->from_ms), V(c->to_ms), V(items), V(c->account));

	return list_of(r, c->order, c->orders, a, f, err);
}

/* Items that were named, and those of the orders that were; without names those that anything was heard or said of since the window began. */
static struct list pick_items(struct store *s, const struct bundle_scope *c, const char *orders, struct arena *a, enum fault *f, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT item_id FROM order_line WHERE item_id IS NOT NULL AND order_id IN " STORE_IDS("?1") " "
				  "UNION SELECT item_id FROM offer WHERE ?2 AND item_id IS NOT NULL AND (drift <> 0 OR target_ms >= ?3 OR pushed_ms >= ?3) "
				  "UNION SELECT id FROM item WHERE ?2 AND (available < 0 OR known_ms >= ?3)";
	struct rows *r = ASK(s, sql, V(orders), V(!c->items && !c->orders), V(c->from_ms));

	return list_of(r, c->item, c->items, a, f, err);
}

static const char *clean(void *ctx, const char *text)
{
	struct arena *a = ctx;

	arena_reset(a);
	return scrubbed(a, text);
}

static enum fault say_whence(struct store *from, struct store *to, const struct bundle_scope *c, struct arena *a, struct err *err)
{
	const char *const key[] = { "bundle.from_ms", "bundle.to_ms", "bundle.now_ms", "bundle.audit_n" };
	int64_t value[] = { c->from_ms, c->to_ms, c->now_ms, 0 };
	char head[65];
	enum fault f = audit_head(from, &value[3], head, err);

	for (size_t i = 0; i < 4 && !f; i++)
		f = meta_put(to, key[i], arena_printf(a, "%" PRId64, value[i]), err);
	if (!f)
		f = meta_put(to, "bundle.audit_head", head, err);
	if (!f)
		f = meta_put(to, "bundle.what", scrubbed(a, c->what), err);
	return f ? f : meta_put(to, "bundle.by", c->by, err);
}

static enum fault newest(struct store *to, const char *sql, int most, struct arena *a, const int64_t **out, int *n, struct err *err)
{
	int64_t *id = arena_alloc(a, (size_t)most * sizeof *id);
	struct rows *r = store_ask_text(to, sql, (struct val[]){ V(most) }, 1);

	for (*n = 0; rows_next(r); ++*n)
		id[*n] = rows_int(r, 0);
	*out = id;
	return rows_end(r, err);
}

static enum fault count_all(struct store *to, struct arena *a, struct bundle_made *out, struct err *err)
{
	static const char counts[] = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM item), (SELECT count(*) FROM job), (SELECT count(*) FROM attempt) WHERE ? = 0";
	struct rows *r = ASK(to, counts, V(0));
	enum fault f;

	if (rows_next(r)) {
		out->orders = rows_int(r, 0);
		out->items = rows_int(r, 1);
		out->jobs = rows_int(r, 2);
		out->attempts = rows_int(r, 3);
	}
	f = rows_end(r, err);
	if (!f)
		f = newest(to, "SELECT id FROM body ORDER BY id DESC LIMIT ?", BUNDLE_BODIES, a, &out->body, &out->n_bodies, err);
	return f ? f : newest(to, "SELECT id FROM orders ORDER BY id DESC LIMIT ?", BUNDLE_BUYERS, a, &out->order, &out->n_orders, err);
}

enum fault bundle_fill(struct store *from, struct store *to, const struct bundle_scope *c, struct arena *a, struct bundle_made *out, struct err *err)
{
	static const char none[] = "SELECT id FROM item WHERE id < ?";
	struct arena *text = arena_new();
	enum fault f = store_begin_read(from, err);
	struct list named = { .json = "[]" }, items = { .json = "[]" }, orders = { .json = "[]" };

	*out = (struct bundle_made){ 0 };
	if (!f) /* the SKUs that were named, so that their orders are found */
		named = list_of(ASK(from, none, V(0)), c->item, c->items, a, &f, err);
	if (!f)
		orders = pick_orders(from, c, named.json, a, &f, err);
	if (!f)
		items = pick_items(from, c, orders.json, a, &f, err);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && !f; i++) {
		struct val v[] = { V(c->from_ms), V(c->to_ms), V(c->items || c->orders ? 1 : 0), V(items.json), V(orders.json), V(c->account) };

		f = store_copy(from, to, parts[i].table, parts[i].columns, parts[i].where, v, sizeof v / sizeof *v, clean, text, err);
	}
	if (!f)
		f = say_whence(from, to, c, a, err);
	if (!f)
		f = count_all(to, a, out, err);
	store_rollback(from);
	arena_free(text);
	return f;
}

enum fault bundle_body(struct store *to, int64_t body, const char *text, struct arena *a, struct err *err)
{
	static const char sql[] = "INSERT INTO bundle_body (body_id, text) VALUES (?1, ?2) ON CONFLICT (body_id) DO NOTHING";

	return RUN(to, err, sql, V(body), V(scrubbed(a, text)));
}

enum fault bundle_body_text(struct store *s, int64_t body, struct arena *a, const char **out, struct err *err)
{
	static const char sql[] = "SELECT text FROM bundle_body WHERE body_id = ?";
	struct rows *r = ASK(s, sql, V(body));

	*out = rows_next(r) ? rows_keep(r, 0, a) : NULL;
	return rows_end(r, err);
}

enum fault bundle_buyer(struct store *to, int64_t order, const struct fields *person, struct arena *a, struct err *err)
{
	static const char sql[] = "INSERT INTO bundle_buyer (order_id, masked, text) VALUES (?1, ?2, ?3) ON CONFLICT (order_id) DO NOTHING";
	const struct person p = { .name = fields_get(person, "name", ""), .state = fields_get(person, "state", ""), .country = fields_get(person, "country", "") };

	return RUN(to, err, sql, V(order), V(person_mask(a, &p)), V(fields_pack(person, a)));
}

bool bundle_has_buyers(struct store *s)
{
	int64_t n;

	return !GET_INT(s, &(struct err){ 0 }, 0, &n, "SELECT EXISTS (SELECT 1 FROM bundle_buyer WHERE order_id > ?)", V(0)) && n;
}

enum fault bundle_buyer_kept(struct store *s, int64_t order, struct arena *a, struct fields *out, struct err *err)
{
	static const char sql[] = "SELECT text FROM bundle_buyer WHERE order_id = ?";
	struct rows *r = ASK(s, sql, V(order));
	const char *text = rows_next(r) ? rows_keep(r, 0, a) : NULL;

	if (rows_end(r, err))
		return FAULT_STORE;
	return text ? fields_unpack(a, text, out, err) : err_set(err, FAULT_REFUSED, "who it goes to is not in this bundle");
}

enum fault bundle_audit(struct store *s, int64_t *n, char head[65], struct err *err)
{
	static const char sql[] = "SELECT CAST(max(CASE key WHEN 'bundle.audit_n' THEN value END) AS INTEGER), max(CASE key WHEN 'bundle.audit_head' THEN value END) FROM meta "
				  "WHERE key IN ('bundle.audit_n', 'bundle.audit_head')";
	struct rows *r = store_ask(s, sql, NULL, 0);
	bool is = rows_next(r) && !rows_null(r, 0);

	*n = is ? rows_int(r, 0) : 0;
	snprintf(head, 65, "%s", is ? rows_text(r, 1) : "");
	return rows_end(r, err);
}

int64_t bundle_now(struct store *s)
{
	struct arena *a = arena_new();
	const char *value = NULL;
	int64_t ms = 0;

	if (meta_get(s, "bundle.now_ms", a, &value, &(struct err){ 0 }) || !value || !text_int(value, 1, INT64_MAX, &ms))
		ms = 0;
	arena_free(a);
	return ms;
}
