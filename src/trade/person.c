#include "trade/person.h"

#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t person_purge_ms(const struct order *o, enum order_state state)
{
	int64_t last = o->deliver_by_ms ? o->deliver_by_ms : o->ship_by_ms ? o->ship_by_ms : o->placed_ms;

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
		                       { "state", p->state },       { "postal", p->postal }, { "country", p->country } };
	struct fields f = fields_new(a);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		fields_put(&f, parts[i].key, parts[i].value);
	return fields_pack(&f, a);
}

static void order_aad(int64_t order, char out[40])
{
	snprintf(out, 40, "person:%" PRId64, order);
}

static enum fault seal_person(struct store *s, int64_t order, const struct person *p, int64_t purge_ms, const struct sealer *seal,
                              struct arena *a, struct err *err)
{
	static const char sql[] = "INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES (?, ?, ?, ?, ?) "
				  "ON CONFLICT (order_id) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, "
				  "masked = excluded.masked WHERE person.sealed IS NOT NULL";
	char aad[40], *plain = pack(a, p);
	size_t n;
	void *sealed;

	order_aad(order, aad);
	sealed = seal->seal(seal->ctx, a, plain, strlen(plain), aad, &n);
	return RUN(s, err, sql, V(order), V(seal->key_id), val_blob(sealed, n), V(person_mask(a, p)), V(purge_ms));
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

enum fault person_tell(struct store *s, int64_t order, const struct order *o, enum order_state state, const struct sealer *seal,
                       struct err *err)
{
	static const char put_off[] = "UPDATE person SET purge_ms = ?1 WHERE order_id = ?2 AND purge_ms <> ?1";
	static const char bring_on[] = "UPDATE person SET purge_ms = ?1 WHERE order_id = ?2 AND purge_ms > ?1";
	int64_t purge_ms = person_purge_ms(o, state);
	bool over = state == ORDER_DELIVERED || state == ORDER_CANCELLED;
	enum fault f = OK;

	assert(store_in_transaction(s));
	if (o->person) {
		struct arena *a = arena_new();

		f = seal_person(s, order, o->person, purge_ms, seal, a, err);
		arena_free(a);
	}
	return f ? f : RUN(s, err, over ? bring_on : put_off, V(purge_ms), V(order));
}

enum fault order_person(struct store *s, int64_t order, const struct sealer *seal, struct arena *a, struct fields *out, struct err *err)
{
	static const char sql[] = "SELECT sealed FROM person WHERE order_id = ?";
	struct rows *r = ASK(s, sql, V(order));
	bool found = rows_next(r), purged = found && rows_null(r, 0);
	const char *plain = NULL;
	char aad[40];
	size_t n;

	order_aad(order, aad);
	if (found && !purged) {
		const void *sealed = rows_blob(r, 0, &n);

		plain = seal->unseal(seal->ctx, a, sealed, n, aad, &n);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (plain)
		return fields_unpack(a, arena_strndup(a, plain, n), out, err);
	return err_set(err, FAULT_REFUSED, "order %" PRId64 ": %s", order,
	               !found   ? "the channel told no person"
	               : purged ? "people's data was purged when its time had come"
	                        : "people's data cannot be opened: its key is gone or it was tampered with");
}

enum fault orders_purge(struct store *s, int64_t now_ms, int *n, struct err *err)
{
	static const char sql[] = "UPDATE person SET sealed = NULL, masked = '' WHERE order_id IN "
				  "(SELECT order_id FROM person WHERE sealed IS NOT NULL AND purge_ms <= ? ORDER BY purge_ms LIMIT 200)";
	enum fault f;

	assert(store_in_transaction(s));
	f = RUN(s, err, sql, V(now_ms));
	*n = f ? 0 : store_changes(s);
	return f;
}
