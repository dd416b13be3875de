/* bodies.c: raw bytes both ways, sealed, stored once; and how far a list was read. The interface is in jobs.h. */
#include "store/store.h"
#include "trade/audit.h"
#include "trade/jobs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { AAD = 80 };

/* The sealed bytes belong to their hash: moved to another row they do not open. */
static void hash_aad(const unsigned char hash[32], char out[AAD])
{
	static const char hex[] = "0123456789abcdef";
	char *p = out + snprintf(out, AAD, "body:");

	for (int i = 0; i < 32; i++) {
		*p++ = hex[hash[i] >> 4];
		*p++ = hex[hash[i] & 15];
	}
	*p = '\0';
}

static enum fault known_body(struct store *s, const unsigned char hash[32], int64_t *id, bool *whole, struct err *err)
{
	static const char sql[] = "SELECT id, sealed IS NOT NULL FROM body WHERE hash = ?";
	struct rows *r = ASK(s, sql, val_blob(hash, 32));

	*id = 0;
	*whole = false;
	if (rows_next(r)) {
		*id = rows_int(r, 0);
		*whole = rows_int(r, 1) != 0;
	}
	return rows_end(r, err);
}

enum fault body_keep(struct store *s, const void *bytes, size_t n, int64_t purge_ms, const struct sealer *seal, int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO body (hash, key_id, sealed, size, purge_ms) VALUES (?, ?, ?, ?, ?) "
				  "ON CONFLICT (hash) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, "
				  "purge_ms = excluded.purge_ms RETURNING id";
	unsigned char hash[32];
	char aad[AAD];
	struct arena *a;
	size_t sealed_n;
	void *sealed;
	bool whole;
	enum fault f;

	assert(store_in_transaction(s));
	sha256(bytes, n, hash);
	if (known_body(s, hash, id, &whole, err))
		return FAULT_STORE;
	if (whole)
		return OK;
	a = arena_new();
	hash_aad(hash, aad);
	sealed = seal->seal(seal->ctx, a, day_of(purge_ms), bytes, n, aad, &sealed_n);
	f = !sealed ? err_set(err, FAULT_STORE, "a reply could not be sealed: the key of its day could not be written")
	            : RUN_ID(s, err, id, sql, val_blob(hash, sizeof hash), V(day_of(purge_ms)), val_blob(sealed, sealed_n), V((int64_t)n), V(purge_ms));
	arena_free(a);
	return f;
}

enum fault body_get(struct store *s, int64_t id, const struct sealer *seal, struct arena *a, const char **bytes, size_t *n, struct err *err)
{
	static const char sql[] = "SELECT hash, sealed, key_id FROM body WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r), purged = found && rows_null(r, 1);
	size_t size;
	char aad[AAD];

	*bytes = NULL;
	if (found && !purged) {
		hash_aad(rows_blob(r, 0, &size), aad);
		const void *sealed = rows_blob(r, 1, &size);
		*bytes = seal->unseal(seal->ctx, a, rows_int(r, 2), sealed, size, aad, n);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (*bytes)
		return OK;
	return err_set(err, FAULT_REFUSED, "body %" PRId64 " %s", id,
	               !found   ? "does not exist"
	               : purged ? "was purged when its time had come; its hash and size remain"
	                        : "cannot be opened: its key is gone or it was tampered with");
}

enum fault bodies_purge(struct store *s, int64_t now_ms, int *n, struct err *err)
{
	static const char sql[] = "UPDATE body SET sealed = NULL WHERE id IN "
				  "(SELECT id FROM body WHERE sealed IS NOT NULL AND purge_ms <= ? ORDER BY purge_ms LIMIT ?)";
	enum fault f;

	assert(store_in_transaction(s));
	f = RUN(s, err, sql, V(now_ms), V(PURGE_SLICE));
	*n = f ? 0 : store_changes(s);
	return f;
}

static enum fault read_cursor(struct rows *r, struct arena *a, struct cursor *out, struct err *err)
{
	*out = (struct cursor){ .page = "" };
	if (rows_next(r))
		*out = (struct cursor){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a), rows_int(r, 3) != 0, rows_int(r, 4), rows_int(r, 5) };
	return rows_end(r, err);
}

enum fault cursor_get(struct store *s, int64_t account, enum verb verb, const char *subject, struct arena *a, struct cursor *out,
                      struct err *err)
{
	static const char sql[] = "SELECT since_ms, until_ms, page, settled, upto_ms, step_ms FROM cursor WHERE account_id = ? AND verb = ? AND subject = ?";

	return read_cursor(ASK(s, sql, V(account), V(verb_name(verb)), V(subject)), a, out, err);
}

enum fault cursor_last(struct store *s, int64_t account, enum verb verb, struct arena *a, struct cursor *out, struct err *err)
{
	static const char sql[] = "SELECT since_ms, until_ms, page, settled, upto_ms, step_ms FROM cursor WHERE account_id = ? AND verb = ? AND step_ms > 0 ORDER BY upto_ms LIMIT 1";

	return read_cursor(ASK(s, sql, V(account), V(verb_name(verb))), a, out, err);
}

enum fault cursor_set(struct store *s, int64_t account, enum verb verb, const char *subject, const struct cursor *c, int64_t now_ms,
                      struct err *err)
{
	static const char sql[] =
		"INSERT INTO cursor (account_id, verb, subject, since_ms, until_ms, page, settled, upto_ms, step_ms, pages, known_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) "
		"ON CONFLICT (account_id, verb, subject) DO UPDATE SET since_ms = excluded.since_ms, until_ms = excluded.until_ms, "
		"page = excluded.page, settled = excluded.settled, upto_ms = excluded.upto_ms, step_ms = excluded.step_ms, pages = CASE excluded.page WHEN '' THEN 0 ELSE cursor.pages + 1 END, known_ms = excluded.known_ms";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(account), V(verb_name(verb)), V(subject), V(c->since_ms), V(c->until_ms), V(c->page), V(c->settled ? 1 : 0),
	           V(c->upto_ms), V(c->step_ms), V(now_ms));
}
