#include "trade/person.h"

#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ESTIMATE_MS (INT64_C(180) * 86400000)

int64_t person_purge_ms(const struct order *o, enum order_state state)
{
	int64_t last = o->deliver_by_ms ? o->deliver_by_ms : o->ship_by_ms ? o->ship_by_ms : o->placed_ms;

	if (last > o->updated_ms + ESTIMATE_MS) /* nobody promises a delivery for next year: such a date keeps nobody's address */
		last = o->updated_ms + ESTIMATE_MS;

	if (state == ORDER_DELIVERED || state == ORDER_CANCELLED)
		return o->updated_ms + PERSON_KEEP_MS;
	return (last > o->updated_ms ? last : o->updated_ms) + PERSON_KEEP_MS;
}

char *person_mask(struct arena *a, const struct person *p)
{
	const char *name = p->name ? p->name : "", *where = p->state && *p->state ? p->state : p->country;
	struct buf b = buf_new(a);
	char word[80], masked[16];

	for (int words = 0; *name && words < 2; words++) {
		size_t n = strcspn(name, " ");

		snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), name);
		text_mask(word, masked);
		buf_printf(&b, "%s%s", words ? " " : "", masked);
		name += n + strspn(name + n, " ");
	}
	if (where && *where)
		buf_printf(&b, "%s%.20s", b.len ? ", " : "", where);
	return b.len ? b.p : arena_strdup(a, "-");
}

static char *pack(struct arena *a, const struct person *p)
{
	const struct field parts[] = { { "name", p->name },         { "email", p->email }, { "phone", p->phone },
		                       { "address1", p->address1 }, { "address2", p->address2 }, { "city", p->city },
		                       { "state", p->state },       { "postal", p->postal }, { "country", p->country },
		                       { "buyer", p->buyer } };
	struct fields f = fields_new(a);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		fields_put(&f, parts[i].key, parts[i].value);
	return fields_pack(&f, a);
}

static void order_aad(int64_t order, char out[40])
{
	snprintf(out, 40, "person:%" PRId64, order);
}

static enum fault write_person(struct store *s, int64_t order, const char *plain, size_t plain_n, const char *masked, int64_t purge_ms,
                               const struct sealer *seal, struct arena *a, struct err *err)
{
	static const char sql[] = "INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES (?, ?, ?, ?, ?) "
				  "ON CONFLICT (order_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, "
				  "masked = excluded.masked, purge_ms = excluded.purge_ms WHERE person.sealed IS NOT NULL";
	char aad[40];
	size_t n;
	void *sealed;

	order_aad(order, aad);
	sealed = seal->seal(seal->ctx, a, day_of(purge_ms), plain, plain_n, aad, &n);
	if (!sealed)
		return err_set(err, FAULT_STORE, "people's data could not be sealed: the key of its day could not be written");
	return RUN(s, err, sql, V(order), V(day_of(purge_ms)), val_blob(sealed, n), V(masked), V(purge_ms));
}

static enum fault seal_person(struct store *s, int64_t order, const struct person *p, int64_t purge_ms, const struct sealer *seal,
                              struct arena *a, struct err *err)
{
	char *plain = pack(a, p);

	return write_person(s, order, plain, strlen(plain), person_mask(a, p), purge_ms, seal, a, err);
}

enum fault person_new(struct store *s, int64_t order, const struct order *o, enum order_state state, const struct sealer *seal,
                      struct err *err)
{
	struct arena *a = arena_new();
	enum fault f = seal_person(s, order, o->person, person_purge_ms(o, state), seal, a, err);

	assert(store_in_transaction(s));
	arena_free(a);
	return f;
}

/* A person's row as it stands. */
struct kept {
	bool found, purged;
	int64_t day, purge_ms;
	const char *plain; /* NULL: not asked for, purged, or its key is gone */
	size_t n;
	const char *masked;
};

static enum fault read_person(struct store *s, int64_t order, const struct sealer *seal, bool open, struct arena *a, struct kept *out, struct err *err)
{
	static const char sql[] = "SELECT sealed, key_id, purge_ms, masked FROM person WHERE order_id = ?";
	struct rows *r = ASK(s, sql, V(order));
	char aad[40];
	size_t n;

	*out = (struct kept){ .found = rows_next(r) };
	order_aad(order, aad);
	if (out->found) {
		const void *sealed = rows_blob(r, 0, &n);

		out->purged = rows_null(r, 0);
		out->day = rows_int(r, 1);
		out->purge_ms = rows_int(r, 2);
		out->masked = rows_keep(r, 3, a);
		out->plain = out->purged || !open ? NULL : seal->unseal(seal->ctx, a, out->day, sealed, n, aad, &out->n);
	}
	return rows_end(r, err);
}

/* Another day's key: what is sealed with the old one would outlive the day, or be gone before it. */
static enum fault move_purge(struct store *s, int64_t order, struct kept *k, int64_t purge_ms, const struct sealer *seal, struct arena *a,
                             struct err *err)
{
	static const char sql[] = "UPDATE person SET purge_ms = ? WHERE order_id = ?";

	if (k->purge_ms == purge_ms)
		return OK;
	if (k->day != day_of(purge_ms) && read_person(s, order, seal, true, a, k, err))
		return FAULT_STORE;
	if (k->plain)
		return write_person(s, order, k->plain, k->n, k->masked, purge_ms, seal, a, err);
	return RUN(s, err, sql, V(purge_ms), V(order));
}

/* Who is told with nowhere to send to is known better, if he is known. */
static bool is_worse(const struct kept *k, const struct person *p)
{
	return k->found && !p->address1 && !p->city && !p->postal;
}

enum fault person_tell(struct store *s, int64_t order, const struct order *o, enum order_state state, const struct sealer *seal,
                       struct err *err)
{
	int64_t purge_ms = person_purge_ms(o, state);
	bool over = state == ORDER_DELIVERED || state == ORDER_CANCELLED;
	struct arena *a = arena_new();
	struct kept k;
	enum fault f = read_person(s, order, seal, false, a, &k, err);

	assert(store_in_transaction(s));
	if (!f && k.found && over && k.purge_ms < purge_ms)
		purge_ms = k.purge_ms; /* it runs already */
	if (!f && o->person && !k.purged && !is_worse(&k, o->person))
		f = seal_person(s, order, o->person, purge_ms, seal, a, err);
	else if (!f && k.found && !k.purged)
		f = move_purge(s, order, &k, purge_ms, seal, a, err);
	arena_free(a);
	return f;
}

enum fault order_person(struct store *s, int64_t order, const struct sealer *seal, struct arena *a, struct fields *out, struct err *err)
{
	struct kept k;

	if (read_person(s, order, seal, true, a, &k, err))
		return FAULT_STORE;
	if (k.plain)
		return fields_unpack(a, arena_strndup(a, k.plain, k.n), out, err);
	return err_set(err, FAULT_REFUSED, "order %" PRId64 ": %s", order,
	               !k.found   ? "the channel told no person"
	               : k.purged ? "people's data was purged when its time had come"
	                          : "people's data cannot be opened: its key is gone or it was tampered with");
}

/* ---- whose orders are these? ---- */

#define BLANKS " \t\r\n"
#define DIGITS "0123456789"

/* A capital as its small letter, of the alphabets that have such: Latin, Greek, Cyrillic. What the C library says of that hangs on the locale. */
static uint32_t small(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c + (c & 1);
	return c >= 0x100 && c <= 0x177 ? c | 1 : c;
}

/* The next one; blanks in a row are one, and those at the end are none. 0: it is over. */
static uint32_t letter(const char **s)
{
	size_t blanks = strspn(*s, BLANKS);
	int n = 0;
	uint32_t c = ' ';

	*s += blanks;
	if (!**s)
		return 0;
	if (!blanks)
		c = small(text_next(*s, &n));
	*s += n;
	return c;
}

static bool same_words(const char *a, const char *b)
{
	uint32_t x, y;

	a += strspn(a, BLANKS);
	b += strspn(b, BLANKS);
	do {
		x = letter(&a);
		y = letter(&b);
	} while (x == y && x);
	return x == y;
}

static const char *digit(const char *s)
{
	return s + strcspn(s, DIGITS);
}

static int digits(const char *s)
{
	int n = 0;

	for (s = digit(s); *s; s = digit(s + 1))
		n++;
	return n;
}

/* +1 775 555 0134 is 775-555-0134 to who calls from there. */
static const char *number(const char *s)
{
	return digits(s) == 11 && *digit(s) == '1' ? digit(s) + 1 : s;
}

static bool same_digits(const char *a, const char *b)
{
	for (a = digit(number(a)), b = digit(number(b)); *a && *a == *b; a = digit(a + 1), b = digit(b + 1))
		;
	return *a == *b;
}

static bool is_phone(const char *s)
{
	return digits(s) >= 7 && !s[strspn(s, DIGITS BLANKS "+-()./")];
}

static bool is_buyer(const struct fields *person, const char *text, bool phone)
{
	static const char *const known[] = { "buyer", "name", "email", "phone" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (same_words(fields_get(person, known[i], ""), text))
			return true;
	return phone && same_digits(fields_get(person, "phone", ""), text);
}

/* A person's row as the search reads it: order, day, sealed. Who cannot be opened any more is nobody. */
static bool row_is_buyer(struct rows *r, const struct sealer *seal, struct arena *a, const char *text, bool phone)
{
	struct fields person;
	struct err err;
	size_t sealed_n, n;
	const void *sealed = rows_blob(r, 2, &sealed_n);
	const char *plain;
	char aad[40];

	order_aad(rows_int(r, 0), aad);
	plain = seal->unseal(seal->ctx, a, rows_int(r, 1), sealed, sealed_n, aad, &n);
	return plain && !fields_unpack(a, arena_strndup(a, plain, n), &person, &err) && is_buyer(&person, text, phone);
}

enum fault buyer_orders(struct store *s, const char *text, int64_t after, const struct sealer *seal, struct arena *a, struct buyer_orders *out, struct err *err)
{
	static const char sql[] = "SELECT order_id, key_id, sealed FROM person WHERE order_id > ? AND sealed IS NOT NULL ORDER BY order_id LIMIT ?";
	bool phone = is_phone(text);
	struct arena *one;
	struct rows *r;
	int cap = 0;

	*out = (struct buyer_orders){ 0 };
	if (!text[strspn(text, BLANKS)])
		return err_set(err, FAULT_REFUSED, "whose orders? A user name, an e-mail address, a telephone number or a full name");
	one = arena_new();
	r = ASK(s, sql, V(after), V(BUYER_SLICE));
	while (out->n < BUYER_ORDERS && rows_next(r)) {
		out->looked++;
		out->upto = rows_int(r, 0);
		if (row_is_buyer(r, seal, one, text, phone)) {
			out->order = arena_grow(a, out->order, out->n, &cap, sizeof *out->order);
			out->order[out->n++] = out->upto;
		}
		arena_reset(one);
	}
	if (out->looked < BUYER_SLICE && out->n < BUYER_ORDERS)
		out->upto = 0;
	arena_free(one);
	return rows_end(r, err);
}

/* ---- gone ---- */

enum fault orders_purge(struct store *s, int64_t now_ms, int *n, struct err *err)
{
	static const char sql[] = "UPDATE person SET sealed = NULL, masked = '' WHERE order_id IN "
				  "(SELECT order_id FROM person WHERE sealed IS NOT NULL AND purge_ms <= ? ORDER BY purge_ms LIMIT ?)";
	enum fault f;

	assert(store_in_transaction(s));
	f = RUN(s, err, sql, V(now_ms), V(PURGE_SLICE));
	*n = f ? 0 : store_changes(s);
	return f;
}

enum fault order_redact(struct store *s, int64_t order, const struct cause *why, struct err *err)
{
	static const char person[] = "INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES (?1, 0, NULL, '', ?2) "
				     "ON CONFLICT (order_id) DO UPDATE SET key_id = 0, sealed = NULL, masked = '', purge_ms = ?2";
	static const char bodies[] =
		"UPDATE body SET sealed = NULL WHERE sealed IS NOT NULL AND id IN (SELECT t.reply_id FROM attempt t WHERE t.id IN "
		"(SELECT c.attempt_id FROM change c WHERE c.fact = 'orders' AND c.fact_id = ?1 UNION SELECT o.attempt_id FROM orders o WHERE o.id = ?1))";
	char subject[40];
	enum fault f;

	assert(store_in_transaction(s));
	snprintf(subject, sizeof subject, "order:%" PRId64, order);
	f = RUN(s, err, person, V(order), V(why->now_ms));
	if (!f)
		f = RUN(s, err, bodies, V(order));
	return f ? f : audit_add(s, why, "redact", subject, "people's data and the replies that told it", err);
}

enum fault people_kept(struct store *s, int64_t now_ms, struct people_kept *out, struct err *err)
{
	static const char sealed[] = "SELECT count(*) FROM person WHERE sealed IS NOT NULL";
	static const char next[] = "SELECT min(purge_ms) FROM person WHERE sealed IS NOT NULL";
	static const char late[] = "SELECT count(*) FROM person WHERE sealed IS NOT NULL AND purge_ms < ?";
	enum { TRIES_MS = 2 * 3600000 };

	if (store_get_int(s, err, 0, &out->sealed, sealed, NULL, 0) || store_get_int(s, err, 0, &out->next_ms, next, NULL, 0))
		return FAULT_STORE;
	return GET_INT(s, err, 0, &out->late, late, V(now_ms - TRIES_MS));
}
