/* vault_bytes.c: the vault's bytes: read with suspicion, opened, sealed. */
#include "engine/vault_file.h"

#include "base/text.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[8] = { 'T', 'L', 'Y', 'V', 'A', 'U', 'L', 'T' };

enum { VERSION = 1, HEAD = 24, SLOT = 80, SLOT_OWN = 20, PAGE = 4096, R_MAX = 16, P_MAX = 4 };

/* ---- AES-256-GCM, whole ---- */

struct aad {
	const unsigned char *p;
	size_t n;
};

static bool gcm(bool encrypt, const unsigned char *key, const unsigned char *nonce, struct aad aad, const unsigned char *in, size_t n, unsigned char *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char tag[VAULT_TAG];
	int len = 0;
	bool ok = c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, encrypt) == 1 &&
	          EVP_CipherUpdate(c, NULL, &len, aad.p, (int)aad.n) == 1 && EVP_CipherUpdate(c, out, &len, in, (int)n) == 1;

	if (ok && !encrypt) {
		memcpy(tag, in + n, VAULT_TAG);
		ok = EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, VAULT_TAG, tag) == 1;
	}
	ok = ok && EVP_CipherFinal_ex(c, out + len, &len) == 1;
	if (ok && encrypt)
		ok = EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, VAULT_TAG, out + n) == 1;
	EVP_CIPHER_CTX_free(c);
	return ok;
}

bool vault_gcm(bool encrypt, const unsigned char key[VAULT_KEY], const unsigned char nonce[VAULT_NONCE], const void *aad, size_t aad_n,
               const unsigned char *in, size_t n, unsigned char *out)
{
	return gcm(encrypt, key, nonce, (struct aad){ aad, aad_n }, in, n, out);
}

/* ---- reading with suspicion ---- */

/* What is left of some bytes; taking more than there is spoils it for good and gives zeros. */
struct cut {
	const unsigned char *p;
	size_t left;
	bool bad;
};

static const unsigned char *cut_bytes(struct cut *c, size_t n)
{
	const unsigned char *at = c->p;

	if (c->bad || n > c->left) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return at;
}

static uint64_t cut_number(struct cut *c, size_t bytes)
{
	const unsigned char *p = cut_bytes(c, bytes);
	uint64_t v = 0;

	for (size_t i = 0; p && i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

static void cut_copy(struct cut *c, void *out, size_t n)
{
	const unsigned char *p = cut_bytes(c, n);

	if (p)
		memcpy(out, p, n);
}

static bool slot_is_sane(const struct vault_slot *s)
{
	if (s->kind == SLOT_KEY_FILE)
		return !s->log2_n && !s->r && !s->p;
	return (s->kind == SLOT_PASSPHRASE || s->kind == SLOT_BREAK_GLASS) && s->log2_n >= SCRYPT_MIN && s->log2_n <= SCRYPT_MAX && s->r >= 1 &&
	       s->r <= R_MAX && s->p >= 1 && s->p <= P_MAX;
}

static bool read_slot(struct cut *c, struct vault_slot *s)
{
	s->kind = (enum slot_kind)cut_number(c, 1);
	s->log2_n = (unsigned)cut_number(c, 1);
	s->r = (unsigned)cut_number(c, 1);
	s->p = (unsigned)cut_number(c, 1);
	cut_copy(c, s->salt, sizeof s->salt);
	cut_copy(c, s->nonce, sizeof s->nonce);
	cut_copy(c, s->wrapped, sizeof s->wrapped);
	return !c->bad && slot_is_sane(s);
}

enum fault vault_sealed_read(const unsigned char *p, size_t n, struct vault_sealed *out, struct err *err)
{
	struct cut c = { p, n, false };
	const unsigned char *word = cut_bytes(&c, sizeof magic);
	uint64_t version = cut_number(&c, 4), slots = cut_number(&c, 4), saves = cut_number(&c, 8);

	*out = (struct vault_sealed){ .head = p };
	if (!word || memcmp(word, magic, sizeof magic))
		return err_set(err, FAULT_FORMAT, "it is no vault file");
	if (version != VERSION)
		return err_set(err, FAULT_FORMAT, "its version is not one this program knows");
	if (slots < 1 || slots > VAULT_SLOTS || saves > INT64_MAX / 2)
		return err_set(err, FAULT_FORMAT, "its head is damaged");
	out->saves = (int64_t)saves;
	out->slots = (int)slots;
	for (int i = 0; i < out->slots; i++)
		if (!read_slot(&c, &out->slot[i]))
			return err_set(err, FAULT_FORMAT, "slot %d is damaged, or asks for more than a slot may", i + 1);
	out->head_n = n - c.left;
	out->nonce = cut_bytes(&c, VAULT_NONCE);
	out->body_n = c.left;
	out->body = c.p;
	if (c.bad || c.left < PAGE + VAULT_TAG || c.left > VAULT_BODY + VAULT_TAG || (c.left - VAULT_TAG) % PAGE)
		return err_set(err, FAULT_FORMAT, "its body is cut, or longer than one may be");
	return OK;
}

static bool read_text(struct cut *c, struct vault_book *b, size_t most, const char **out)
{
	size_t n = (size_t)cut_number(c, 2);
	const unsigned char *p = n > most ? NULL : cut_bytes(c, n);

	*out = "";
	if (!p || memchr(p, '\0', n) || b->used + n + 1 > VAULT_POOL)
		return false;
	*out = memcpy(b->pool + b->used, p, n);
	b->pool[b->used + n] = '\0';
	b->used += n + 1;
	return true;
}

static bool read_entry(struct cut *c, struct vault_book *b, struct vault_entry *e)
{
	const char *name;

	if (!read_text(c, b, VAULT_NAME, &name) || !text_id(name, "-_.", VAULT_NAME) || vault_entry_find(b, name))
		return false;
	snprintf(e->name, sizeof e->name, "%s", name);
	if (!read_text(c, b, VAULT_VALUE, &e->value) || !read_text(c, b, VAULT_VALUE, &e->old))
		return false;
	e->set_ms = (int64_t)cut_number(c, 8);
	e->old_until_ms = (int64_t)cut_number(c, 8);
	e->expires_ms = (int64_t)cut_number(c, 8);
	return !c->bad && *e->value && e->set_ms >= 0 && e->old_until_ms >= 0 && e->expires_ms >= 0;
}

enum fault vault_book_read(const unsigned char *p, size_t n, struct vault_book *out, struct err *err)
{
	struct cut c = { p, n, false };
	uint64_t entries;

	cut_copy(&c, out->seal_key, sizeof out->seal_key);
	cut_copy(&c, out->slot_key, sizeof out->slot_key);
	entries = cut_number(&c, 4);
	out->entries = 0;
	out->used = 0;
	if (c.bad || entries > VAULT_ENTRIES)
		return err_set(err, FAULT_FORMAT, "what is in it is not what was put there");
	for (; (uint64_t)out->entries < entries; out->entries++)
		if (!read_entry(&c, out, &out->entry[out->entries]))
			return err_set(err, FAULT_FORMAT, "secret %d in it is damaged", out->entries + 1);
	for (size_t i = 0; i < c.left; i++)
		if (c.p[i])
			return err_set(err, FAULT_FORMAT, "there is more in it than it says");
	return OK;
}

/* ---- opening ---- */

/* A slot's key belongs to this save of this file, and to this slot as it is described. */
static struct aad slot_aad(const unsigned char *head, int slot, unsigned char out[HEAD + SLOT_OWN])
{
	memcpy(out, head, HEAD);
	memcpy(out + HEAD, head + HEAD + slot * SLOT, SLOT_OWN);
	return (struct aad){ out, HEAD + SLOT_OWN };
}

static bool open_body(const struct vault_sealed *v, const unsigned char *file_key, unsigned char *plain)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	return SHA256(v->head, v->head_n, hash) &&
	       gcm(false, file_key, v->nonce, (struct aad){ hash, sizeof hash }, v->body, v->body_n - VAULT_TAG, plain);
}

enum fault vault_sealed_open(const struct vault_sealed *v, int slot, const unsigned char key[VAULT_KEY], struct vault_book *out, struct err *err)
{
	unsigned char own[HEAD + SLOT_OWN], file_key[VAULT_KEY], *plain = vault_memory(VAULT_BODY);
	const struct vault_slot *s = v->slot + (slot < 0 ? 0 : slot);
	enum fault f;

	assert(slot >= 0 && slot < v->slots);
	if (!gcm(false, key, s->nonce, slot_aad(v->head, slot, own), s->wrapped, VAULT_KEY, file_key))
		f = err_set(err, FAULT_AUTH, "the vault does not open: that is not the %s of slot %d, or the file was changed", slot_kind_name(s->kind), slot + 1);
	else if (!open_body(v, file_key, plain))
		f = err_set(err, FAULT_FORMAT, "that is the %s of slot %d, but the vault was damaged or changed since it was saved: the one before it is vault.tly.bak",
		            slot_kind_name(s->kind), slot + 1);
	else
		f = vault_book_read(plain, v->body_n - VAULT_TAG, out, err);
	vault_wipe(file_key, sizeof file_key);
	vault_memory_free(plain, VAULT_BODY);
	return f;
}

/* ---- sealing ---- */

struct pen {
	unsigned char *p;
	size_t n, cap;
};

static void put_bytes(struct pen *w, const void *p, size_t n)
{
	assert(w->n + n <= w->cap); /* the limits of the book keep it within VAULT_BODY */
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void put_number(struct pen *w, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		put_bytes(w, &(unsigned char){ (unsigned char)(v >> 8 * (bytes - 1 - i)) }, 1);
}

static void put_text(struct pen *w, const char *s)
{
	put_number(w, strlen(s), 2);
	put_bytes(w, s, strlen(s));
}

/* Whole pages of plain text, so that its length tells little. */
static size_t write_book(const struct vault_book *b, unsigned char *out)
{
	struct pen w = { out, 0, VAULT_BODY };

	put_bytes(&w, b->seal_key, sizeof b->seal_key);
	put_bytes(&w, b->slot_key, sizeof b->slot_key);
	put_number(&w, (uint64_t)b->entries, 4);
	for (const struct vault_entry *e = b->entry; e < b->entry + b->entries; e++) {
		put_text(&w, e->name);
		put_text(&w, e->value);
		put_text(&w, e->old);
		put_number(&w, (uint64_t)e->set_ms, 8);
		put_number(&w, (uint64_t)e->old_until_ms, 8);
		put_number(&w, (uint64_t)e->expires_ms, 8);
	}
	return (w.n + PAGE - 1) / PAGE * PAGE; /* the memory is zero */
}

static void write_head(struct pen *w, const struct vault_sealed *v)
{
	put_bytes(w, magic, sizeof magic);
	put_number(w, VERSION, 4);
	put_number(w, (uint64_t)v->slots, 4);
	put_number(w, (uint64_t)v->saves, 8);
	for (const struct vault_slot *s = v->slot; s < v->slot + v->slots; s++) {
		put_number(w, s->kind, 1);
		put_number(w, s->log2_n, 1);
		put_number(w, s->r, 1);
		put_number(w, s->p, 1);
		put_bytes(w, s->salt, sizeof s->salt);
		put_bytes(w, s->nonce, sizeof s->nonce);
		put_bytes(w, s->wrapped, sizeof s->wrapped);
	}
}

static void wrap_for_all(unsigned char *head, struct vault_sealed *v, const struct vault_book *b, const unsigned char *file_key)
{
	for (int i = 0; i < v->slots; i++) {
		unsigned char own[HEAD + SLOT_OWN];
		struct vault_slot *s = &v->slot[i];

		vault_random(s->nonce, sizeof s->nonce);
		if (!gcm(true, b->slot_key[i], s->nonce, slot_aad(head, i, own), file_key, VAULT_KEY, s->wrapped))
			abort();
	}
}

size_t vault_seal(struct vault_sealed *v, const struct vault_book *b, unsigned char *out)
{
	unsigned char file_key[VAULT_KEY], hash[SHA256_DIGEST_LENGTH], *plain = vault_memory(VAULT_BODY);
	struct pen w = { out, 0, VAULT_FILE };
	size_t n = write_book(b, plain);

	v->saves++;
	vault_random(file_key, sizeof file_key);
	write_head(&w, v);
	wrap_for_all(out, v, b, file_key);
	w.n = 0;
	write_head(&w, v); /* again, with the wrapped keys */
	vault_random(out + w.n, VAULT_NONCE);
	if (!SHA256(out, w.n, hash) ||
	    !gcm(true, file_key, out + w.n, (struct aad){ hash, sizeof hash }, plain, n, out + w.n + VAULT_NONCE))
		abort();
	vault_wipe(file_key, sizeof file_key);
	vault_memory_free(plain, VAULT_BODY);
	return w.n + VAULT_NONCE + n + VAULT_TAG;
}
