/* vault_file.c: the vault's bytes: read with suspicion, sealed, saved so that a power cut leaves the old file or the new one. */
#include "engine/vault_file.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = { 'T', 'L', 'Y', 'V', 'A', 'U', 'L', 'T' };

enum { VERSION = 1, HEAD = 24, SLOT = 80, SLOT_OWN = 20, PAGE = 4096, R_MAX = 16, P_MAX = 4 };

/* ---- memory for keys ---- */

void vault_random(void *out, size_t n)
{
	if (RAND_bytes(out, (int)n) != 1)
		abort(); /* a key that can be guessed is worse than none */
}

void vault_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

void *vault_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	madvise(p, n, MADV_DONTDUMP);
	madvise(p, n, MADV_WIPEONFORK);
	mlock(p, n); /* best effort: a small limit must not keep the engine from starting */
	return p;
}

void vault_memory_free(void *p, size_t n)
{
	if (!p)
		return;
	OPENSSL_cleanse(p, n);
	munmap(p, n);
}

size_t vault_secret_length(const char *text)
{
	const char *end;

	if (strncmp(text, "-----BEGIN ", 11))
		return strcspn(text, "\r\n");
	end = strstr(text, "-----END ");
	return end ? (size_t)(end - text) + strcspn(end, "\r\n") : strlen(text);
}

static const char *const kinds[SLOT_KINDS] = { "", "passphrase", "key-file", "break-glass" };

const char *slot_kind_name(enum slot_kind k)
{
	return kinds[k];
}

enum slot_kind slot_kind_from_name(const char *name)
{
	for (enum slot_kind k = SLOT_PASSPHRASE; k < SLOT_KINDS; k++)
		if (!strcmp(kinds[k], name))
			return k;
	return SLOT_KINDS;
}

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
	bool ok;
	enum fault f;

	assert(slot >= 0 && slot < v->slots);
	ok = gcm(false, key, s->nonce, slot_aad(v->head, slot, own), s->wrapped, VAULT_KEY, file_key) && open_body(v, file_key, plain);
	f = ok ? vault_book_read(plain, v->body_n - VAULT_TAG, out, err)
	       : err_set(err, FAULT_AUTH, "the vault does not open: that is not the %s of slot %d, or the file was changed", slot_kind_name(s->kind), slot + 1);
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

static size_t seal_all(struct vault_sealed *v, const struct vault_book *b, unsigned char *out)
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

/* ---- the file ---- */

enum fault vault_check_private(int fd, const char *path, enum fault fault, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_set(err, fault, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, fault, "%s is not a plain file", path);
	if (st.st_mode & 077)
		return err_set(err, fault, "%s can be read by others (mode %03o): chmod 600 it", path, (unsigned)st.st_mode & 0777);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, fault, "%s belongs to another user", path);
	return OK;
}

static enum fault load(int fd, const char *path, unsigned char **bytes, size_t *n, struct err *err)
{
	enum fault f = vault_check_private(fd, path, FAULT_STORE, err);
	ssize_t got = 1;

	*n = 0;
	*bytes = NULL;
	if (f)
		return f;
	*bytes = malloc(VAULT_FILE + 1);
	if (!*bytes)
		abort();
	while (got > 0 && *n <= VAULT_FILE && (got = read(fd, *bytes + *n, VAULT_FILE + 1 - *n)) > 0)
		*n += (size_t)got;
	if (got < 0)
		f = err_set(err, FAULT_STORE, "%s: %s", path, strerror(errno));
	else if (*n > VAULT_FILE)
		f = err_set(err, FAULT_FORMAT, "%s: longer than a vault may be", path);
	if (f) {
		free(*bytes);
		*bytes = NULL;
	}
	return f;
}

enum fault vault_file_load(const char *path, unsigned char **bytes, size_t *n, bool *there, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum fault f;

	*there = fd >= 0 || errno != ENOENT;
	*bytes = NULL;
	if (fd < 0)
		return err_set(err, FAULT_STORE, "%s: %s", path, strerror(errno));
	f = load(fd, path, bytes, n, err);
	close(fd);
	return f;
}

static bool write_all(int fd, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool sync_folder_of(const char *path)
{
	char dir[4096];
	const char *slash = strrchr(path, '/');
	int fd;
	bool ok;

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	fd = open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = fd >= 0 && !fsync(fd);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* At every moment there is a whole file at path. */
static bool replace(const char *path, const unsigned char *p, size_t n)
{
	char temp[4200], bak[4200];
	int fd;
	bool ok;

	snprintf(temp, sizeof temp, "%s.new", path);
	snprintf(bak, sizeof bak, "%s.bak", path);
	unlink(temp);
	fd = open(temp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	ok = fd >= 0 && write_all(fd, p, n) && !fsync(fd);
	if (fd >= 0)
		ok = !close(fd) && ok;
	if (ok && !access(path, F_OK)) {
		unlink(bak);
		ok = !link(path, bak);
	}
	return ok && !rename(temp, path) && sync_folder_of(path);
}

enum fault vault_file_save(const char *path, struct vault_sealed *v, const struct vault_book *book, struct err *err)
{
	unsigned char *out = calloc(1, VAULT_FILE);
	enum fault f = OK;

	if (!out)
		abort();
	assert(v->slots >= 1 && v->slots <= VAULT_SLOTS);
	if (!replace(path, out, seal_all(v, book, out)))
		f = err_set(err, FAULT_STORE, "%s could not be written: %s; the one before is as it was", path, strerror(errno));
	free(out);
	return f;
}

/* ---- the book ---- */

struct vault_entry *vault_entry_find(struct vault_book *b, const char *name)
{
	for (int i = 0; i < b->entries; i++)
		if (!strcmp(b->entry[i].name, name))
			return &b->entry[i];
	return NULL;
}

static const char *pool_put(struct vault_book *b, const char *value)
{
	size_t n = strlen(value) + 1;
	char *at = b->pool + b->used;

	if (b->used + n > VAULT_POOL)
		return NULL;
	memcpy(at, value, n);
	b->used += n;
	return at;
}

enum fault vault_entry_set(struct vault_book *b, const char *name, const char *value, bool keep_old, int64_t old_until_ms, int64_t now_ms,
                           int64_t expires_ms, struct err *err)
{
	struct vault_entry *e = vault_entry_find(b, name);
	const char *kept;

	if (!text_id(name, "-_.", VAULT_NAME))
		return err_set(err, FAULT_REFUSED, "a secret's name is of letters, digits, - _ . and at most %d long", VAULT_NAME);
	if (!*value || strlen(value) > VAULT_VALUE)
		return err_set(err, FAULT_REFUSED, "a secret is of 1 to %d bytes", VAULT_VALUE);
	if (!e && b->entries == VAULT_ENTRIES)
		return err_set(err, FAULT_REFUSED, "the vault is full: it holds %d secrets", VAULT_ENTRIES);
	kept = pool_put(b, value);
	if (!kept)
		return err_set(err, FAULT_REFUSED, "the vault is full: its secrets are too long together");
	if (!e) {
		e = &b->entry[b->entries++];
		*e = (struct vault_entry){ .value = "", .old = "" };
		snprintf(e->name, sizeof e->name, "%s", name);
	}
	e->old = keep_old ? e->value : "";
	e->old_until_ms = *e->old ? old_until_ms : 0;
	e->value = kept;
	e->set_ms = now_ms;
	e->expires_ms = expires_ms;
	return OK;
}

bool vault_entry_drop(struct vault_book *b, const char *name)
{
	struct vault_entry *e = vault_entry_find(b, name);

	if (!e)
		return false;
	memmove(e, e + 1, (size_t)(b->entry + b->entries - (e + 1)) * sizeof *e);
	b->entries--;
	return true;
}

void vault_entry_retire(struct vault_entry *e)
{
	e->old = "";
	e->old_until_ms = 0;
}
