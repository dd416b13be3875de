#include "trade/audit.h"

#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 32 };

void sha256(const void *p, size_t n, unsigned char out[32])
{
	if (!EVP_Q_digest(NULL, "SHA256", NULL, p, n, out, NULL))
		abort(); /* a libcrypto without SHA-256: nothing it says can be trusted */
}

static void hex(const unsigned char *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[p[i] >> 4];
		*out++ = digit[p[i] & 15];
	}
	*out = '\0';
}

void sha256_hex(const void *p, size_t n, char out[65])
{
	unsigned char hash[HASH];

	sha256(p, n, hash);
	hex(hash, HASH, out);
}

/* ---- one row of the chain, hashed field by field; the algorithm is looked up once a walk, which is dearer than a row ---- */

struct hasher {
	EVP_MD *algorithm;
	EVP_MD_CTX *ctx;
};

static _Noreturn void no_digest(void)
{
	abort(); /* a libcrypto without SHA-256: nothing it says can be trusted */
}

static struct hasher hasher_open(void)
{
	struct hasher h = { EVP_MD_fetch(NULL, "SHA256", NULL), EVP_MD_CTX_new() };

	if (!h.algorithm || !h.ctx)
		no_digest();
	return h;
}

static void hasher_close(struct hasher *h)
{
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->algorithm);
}

static void put_bytes(struct hasher *h, const void *p, size_t n)
{
	if (EVP_DigestUpdate(h->ctx, p, n) != 1)
		no_digest();
}

static void put_number(struct hasher *h, int64_t v)
{
	unsigned char be[8];

	for (int i = 0; i < 8; i++)
		be[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
	put_bytes(h, be, sizeof be);
}

static void put_field(struct hasher *h, const void *p, size_t n)
{
	put_number(h, (int64_t)n);
	put_bytes(h, p, n);
}

static void put_int_field(struct hasher *h, int64_t v)
{
	put_number(h, 8);
	put_number(h, v);
}

static void row_hash(struct hasher *h, const unsigned char before[HASH], const struct audit_row *r, unsigned char out[HASH])
{
	if (EVP_DigestInit_ex2(h->ctx, h->algorithm, NULL) != 1)
		no_digest();
	put_field(h, before, HASH);
	put_int_field(h, r->n);
	put_int_field(h, r->at_ms);
	put_field(h, r->actor, strlen(r->actor));
	put_field(h, r->action, strlen(r->action));
	put_field(h, r->subject, strlen(r->subject));
	put_field(h, r->detail, strlen(r->detail));
	if (EVP_DigestFinal_ex(h->ctx, out, NULL) != 1)
		no_digest();
}

/* That a hash is one is a CHECK of the table, of which a damaged file knows nothing. */
static bool take_hash(const struct rows *r, int column, unsigned char out[HASH])
{
	size_t size;
	const void *hash = rows_blob(r, column, &size);
	bool whole = hash && size == HASH;

	memset(out, 0, HASH);
	if (whole)
		memcpy(out, hash, HASH);
	return whole;
}

static enum fault no_hash(int64_t n, struct err *err)
{
	return err_set(err, FAULT_STORE, "audit row %" PRId64 " has no hash: the store is damaged, or was written by another program", n);
}

static enum fault last_row(struct store *s, int64_t *n, unsigned char hash[HASH], struct err *err)
{
	static const char sql[] = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1";
	struct rows *r = store_ask(s, sql, NULL, 0);
	bool whole = true;

	*n = 0;
	memset(hash, 0, HASH);
	if (rows_next(r)) {
		*n = rows_int(r, 0);
		whole = take_hash(r, 1, hash);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return whole ? OK : no_hash(*n, err);
}

enum fault audit_add(struct store *s, const struct cause *why, const char *action, const char *subject, const char *detail,
                     struct err *err)
{
	static const char sql[] = "INSERT INTO audit (n, at_ms, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)";
	struct audit_row row = { 0, why->now_ms, why->actor, action, subject ? subject : "", detail ? detail : "", NULL };
	unsigned char before[HASH], hash[HASH];
	struct hasher h;

	assert(store_in_transaction(s));
	if (last_row(s, &row.n, before, err))
		return FAULT_STORE;
	row.n++;
	h = hasher_open();
	row_hash(&h, before, &row, hash);
	hasher_close(&h);
	return RUN(s, err, sql, V(row.n), V(row.at_ms), V(row.actor), V(row.action), V(row.subject), V(row.detail), val_blob(hash, HASH));
}

/* ---- walking it ---- */

struct walk {
	struct hasher hasher;
	int64_t n; /* rows that fit so far */
	unsigned char head[HASH];
	int64_t anchor_n;
	const char *anchor;
};

static enum fault walk_step(struct walk *w, const struct audit_row *row, const unsigned char *stored, struct err *err)
{
	unsigned char hash[HASH];
	char text[2 * HASH + 1];

	if (row->n != w->n + 1)
		return err_set(err, FAULT_REFUSED, "audit row %" PRId64 " is missing: the chain goes from %" PRId64 " to %" PRId64, w->n + 1,
		               w->n, row->n);
	row_hash(&w->hasher, w->head, row, hash);
	if (memcmp(hash, stored, HASH))
		return err_set(err, FAULT_REFUSED, "audit row %" PRId64 " does not fit the chain: it or a row before it was changed", row->n);
	if (row->n == w->anchor_n && w->anchor) {
		hex(hash, HASH, text);
		if (strcmp(text, w->anchor))
			return err_set(err, FAULT_REFUSED, "audit row %" PRId64 " is not the one that was anchored: the chain was written anew", row->n);
	}
	memcpy(w->head, hash, HASH);
	w->n = row->n;
	return OK;
}

static enum fault walk_all(struct store *s, struct walk *w, struct err *err)
{
	static const char sql[] = "SELECT n, at_ms, actor, action, subject, detail, hash FROM audit ORDER BY n";
	struct rows *r = store_ask(s, sql, NULL, 0);
	enum fault f = OK, ended;

	while (!f && rows_next(r)) {
		struct audit_row row = { rows_int(r, 0), rows_int(r, 1), rows_text(r, 2), rows_text(r, 3), rows_text(r, 4), rows_text(r, 5), NULL };
		unsigned char stored[HASH];

		f = take_hash(r, 6, stored) ? walk_step(w, &row, stored, err) : no_hash(row.n, err);
	}
	ended = rows_end(r, f ? NULL : err);
	return f ? f : ended;
}

enum fault audit_verify(struct store *s, int64_t expect_n, const char *expect_head, int64_t *rows, char head[65], struct err *err)
{
	struct walk w = { .hasher = hasher_open(), .anchor_n = expect_n, .anchor = expect_head };
	enum fault f = walk_all(s, &w, err);

	hasher_close(&w.hasher);
	*rows = w.n;
	hex(w.head, HASH, head);
	if (!f && w.n < expect_n)
		f = err_set(err, FAULT_REFUSED, "audit row %" PRId64 " is missing: the tail was cut, %" PRId64 " rows were anchored", w.n + 1,
		            expect_n);
	return f;
}

enum fault audit_head(struct store *s, int64_t *n, char head[65], struct err *err)
{
	unsigned char hash[HASH];
	enum fault f = last_row(s, n, hash, err);

	hex(hash, HASH, head);
	return f;
}

enum fault audit_hash(struct store *s, int64_t n, char out[65], struct err *err)
{
	static const char sql[] = "SELECT hash FROM audit WHERE n = ?";
	unsigned char hash[HASH] = { 0 };
	struct rows *r = ASK(s, sql, V(n));
	bool found = rows_next(r), whole = !found || take_hash(r, 0, hash);

	hex(hash, HASH, out);
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!whole)
		return no_hash(n, err);
	return found || !n ? OK : err_set(err, FAULT_REFUSED, "the audit has no row %" PRId64, n);
}

enum fault audit_last(struct store *s, const char *actor, const char *action, int64_t since_ms, struct arena *a, const char **detail, struct err *err)
{
	/* the newest rows are enough: who asks means hours */
	static const char sql[] = "SELECT detail FROM audit WHERE n > (SELECT max(n) FROM audit) - 5000 AND at_ms >= ? AND actor = ? AND action = ? ORDER BY n DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(since_ms), V(actor), V(action));

	*detail = rows_next(r) ? rows_keep(r, 0, a) : "";
	return rows_end(r, err);
}
