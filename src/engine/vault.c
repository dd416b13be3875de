#include "engine/vault_inside.h"

#include "base/log.h"
#include "trade/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- sealing ---- */

static struct cipher cipher_new(void)
{
	struct cipher c = { EVP_CIPHER_CTX_new(), NO_DAY };

	if (!c.ctx)
		abort(); /* without a cipher nothing may be stored: better no engine than plain text */
	return c;
}

/* One day is sealed for again and again: its key is given to the cipher once. */
static bool cipher_take(struct cipher *c, int64_t day, const unsigned char *key, bool encrypt)
{
	if (c->day == day)
		return true;
	c->day = NO_DAY;
	if (!key || EVP_CipherInit_ex(c->ctx, EVP_aes_256_gcm(), NULL, key, NULL, encrypt) != 1)
		return false;
	c->day = day;
	return true;
}

static bool crypt_step(EVP_CIPHER_CTX *c, bool encrypt, const unsigned char *nonce, const char *aad, const void *in, size_t n,
                       unsigned char *out, unsigned char *tag)
{
	int len;

	if (EVP_CipherInit_ex(c, NULL, NULL, NULL, nonce, encrypt) != 1 ||
	    EVP_CipherUpdate(c, NULL, &len, (const unsigned char *)aad, (int)strlen(aad)) != 1 ||
	    EVP_CipherUpdate(c, out, &len, in, (int)n) != 1)
		return false;
	if (!encrypt && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) != 1)
		return false;
	if (EVP_CipherFinal_ex(c, out + len, &len) != 1)
		return false;
	return !encrypt || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1;
}

/* Sealed bytes are nonce, ciphertext, tag. */
static void *seal(void *ctx, struct arena *a, int64_t day, const void *plain, size_t n, const char *aad, size_t *sealed_n)
{
	unsigned char *out = arena_alloc(a, NONCE + n + TAG);
	const unsigned char *key = NULL;
	struct vault *v = ctx;
	struct err err;

	if (v->sealing.day != day && days_key(&v->days, day, v->key, &key, &err)) {
		log_error("%s", err.text);
		return NULL;
	}
	/* without randomness nothing may be stored either */
	if (!cipher_take(&v->sealing, day, key, true) || RAND_bytes(out, NONCE) != 1 || !crypt_step(v->sealing.ctx, true, out, aad, plain, n, out + NONCE, out + NONCE + n))
		abort();
	*sealed_n = NONCE + n + TAG;
	return out;
}

static void *unseal(void *ctx, struct arena *a, int64_t day, const void *sealed, size_t n, const char *aad, size_t *plain_n)
{
	const unsigned char *in = sealed;
	unsigned char *out, tag[TAG];
	struct vault *v = ctx;

	if (n < NONCE + TAG || !cipher_take(&v->opening, day, v->opening.day == day ? NULL : days_find(&v->days, day), false))
		return NULL;
	*plain_n = n - NONCE - TAG;
	out = arena_alloc(a, *plain_n + 1);
	memcpy(tag, in + n - TAG, TAG);
	return crypt_step(v->opening.ctx, false, in, aad, in + NONCE, *plain_n, out, tag) ? out : NULL;
}

struct sealer vault_sealer(struct vault *v)
{
	return (struct sealer){ seal, unseal, v };
}

/* ---- the key file ---- */

static enum fault make_key(struct vault *v, const char *path, struct err *err)
{
	char temp[4200];
	int fd;

	snprintf(temp, sizeof temp, "%s.new", path);
	unlink(temp);
	fd = open(temp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 || RAND_bytes(v->key, KEY) != 1 || write(fd, v->key, KEY) != KEY || fsync(fd) || rename(temp, path) || !vault_sync_folder(path)) {
		if (fd >= 0)
			close(fd);
		return err_set(err, FAULT_STORE, "cannot make the seal key %s: %s", path, strerror(errno));
	}
	close(fd);
	return OK;
}

static enum fault read_key(struct vault *v, const char *dir, bool may_make, struct err *err)
{
	char path[4096];
	int fd;
	enum fault f;

	snprintf(path, sizeof path, "%s/seal.key", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT && may_make)
		return make_key(v, path, err);
	if (fd < 0)
		return err_set(err, FAULT_STORE, "%s: %s; without it sealed data cannot be read: restore it from where you keep it", path,
		               strerror(errno));
	f = vault_check_private(fd, path, FAULT_STORE, err);
	if (!f && read(fd, v->key, KEY) != KEY)
		f = err_set(err, FAULT_STORE, "%s is not a seal key: it wants %d bytes", path, KEY);
	close(fd);
	return f;
}

enum fault vault_days_open(struct vault *v, const unsigned char master[KEY], struct err *err)
{
	int lost;
	enum fault f = days_load(&v->days, v->dir, master, &lost, err);

	if (f)
		return f;
	if (lost)
		log_warn("%d of the days' keys in %s do not open: what was sealed with them is gone", lost, v->days.file);
	v->sealing = cipher_new();
	v->opening = cipher_new();
	return OK;
}

enum fault vault_forget(struct vault *v, int64_t before_day, int *n, struct err *err)
{
	enum fault f = days_forget(&v->days, before_day, v->key, n, err);

	if (!f && *n && v->sealing.day < before_day)
		v->sealing.day = NO_DAY;
	if (!f && *n && v->opening.day < before_day)
		v->opening.day = NO_DAY;
	return f;
}

enum fault vault_open(const char *dir, bool may_make, struct vault **out, struct err *err)
{
	struct vault *v = vault_memory(sizeof *v);
	enum fault f;

	*out = NULL;
	v->slot = -1;
	snprintf(v->file, sizeof v->file, "%s/vault.tly", dir);
	v->locked = !access(v->file, F_OK);
	snprintf(v->dir, sizeof v->dir, "%s", dir);
	f = v->locked ? OK : read_key(v, dir, may_make, err);
	if (!f && !v->locked)
		f = vault_days_open(v, v->key, err);
	if (f) {
		vault_close(v);
		return f;
	}
	*out = v;
	return OK;
}

void vault_close(struct vault *v)
{
	if (!v)
		return;
	EVP_CIPHER_CTX_free(v->sealing.ctx); /* wipes what it holds */
	EVP_CIPHER_CTX_free(v->opening.ctx);
	vault_memory_free(v->book, sizeof *v->book);
	vault_memory_free(v, sizeof *v);
}

bool vault_locked(const struct vault *v)
{
	return v->locked;
}
