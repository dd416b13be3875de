#include "engine/vault.h"

#include "base/log.h"
#include "engine/vault_days.h"
#include "trade/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY = VAULT_KEY, NONCE = VAULT_NONCE, TAG = VAULT_TAG, ROOM = VAULT_VALUE + 1, ROOMS = 512, NO_DAY = -1 };

struct vault {
	unsigned char key[KEY];
	struct day_keys days;
	struct cipher {
		EVP_CIPHER_CTX *ctx; /* made once; libcrypto's own memory: wiped when freed, and an engine writes no core */
		int64_t day;         /* whose key it holds; NO_DAY: none yet */
	} sealing, opening;
	char dir[4096];
	char file[4096];         /* DIR/vault.tly */
	bool locked;
	struct vault_book *book; /* what is in the file; NULL: it is locked, or there is none */
	int slot;
	struct vault_slot opened_by;
	unsigned char slot_key[KEY];
	int64_t saves;
	int rooms;
	char room[ROOMS][ROOM];  /* secrets and tokens in use */
};

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
	if (fd < 0 || RAND_bytes(v->key, KEY) != 1 || write(fd, v->key, KEY) != KEY || fsync(fd) || rename(temp, path)) {
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

/* The store's own key is here: now the days' keys can be read. */
static enum fault open_days(struct vault *v, struct err *err)
{
	int lost;
	enum fault f = days_load(&v->days, v->dir, v->key, &lost, err);

	if (!f && lost)
		log_warn("%d of the days' keys in %s do not open: what was sealed with them is gone", lost, v->days.file);
	v->sealing = cipher_new();
	v->opening = cipher_new();
	return f;
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
		f = open_days(v, err);
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

/* ---- the vault's file ---- */

/* Its bytes as they lie there, to be freed. */
static enum fault read_sealed(const struct vault *v, unsigned char **bytes, struct vault_sealed *out, struct err *err)
{
	struct err why;
	size_t n;
	bool there;
	enum fault f = vault_file_load(v->file, bytes, &n, &there, err);

	if (!f && (f = vault_sealed_read(*bytes, n, out, &why)))
		err_set(err, f, "%.100s: %.120s", v->file, why.text);
	return f;
}

/* Open the file anew by this slot; what was opened before stays until that has succeeded. */
static enum fault take_book(struct vault *v, const struct vault_sealed *file, int slot, const unsigned char key[VAULT_KEY], struct err *err)
{
	struct vault_book *book = vault_memory(sizeof *book);
	enum fault f = vault_sealed_open(file, slot, key, book, err);

	if (!f && v->book && memcmp(book->seal_key, v->key, KEY))
		f = err_set(err, FAULT_REFUSED, "%.100s seals with another key than before: it is not this store's vault", v->file);
	if (f) {
		vault_memory_free(book, sizeof *book);
		return f;
	}
	vault_memory_free(v->book, sizeof *v->book);
	v->book = book;
	v->slot = slot;
	v->opened_by = file->slot[slot];
	v->saves = file->saves;
	memmove(v->slot_key, key, KEY);
	if (v->locked) {
		memcpy(v->key, book->seal_key, KEY);
		f = open_days(v, err);
	}
	v->locked = false;
	return f;
}

enum fault vault_unlock(struct vault *v, int slot, const unsigned char key[VAULT_KEY], struct err *err)
{
	struct vault_sealed file;
	unsigned char *bytes = NULL;
	enum fault f;

	if (!v->locked)
		return OK;
	f = read_sealed(v, &bytes, &file, err);
	if (!f && (slot < 0 || slot >= file.slots))
		f = err_set(err, FAULT_AUTH, "the vault has %d slots", file.slots);
	if (!f)
		f = take_book(v, &file, slot, key, err);
	free(bytes);
	return f;
}

enum fault vault_unlock_file(struct vault *v, const char *key_file, struct err *err)
{
	unsigned char key[VAULT_KEY], *bytes = NULL;
	struct vault_sealed file = { .slots = 0 };
	enum fault f = v->locked ? read_sealed(v, &bytes, &file, err) : OK;

	for (int i = 0; i < file.slots && !f && v->locked; i++)
		if (file.slot[i].kind == SLOT_KEY_FILE && !(f = vault_key_from_file(&file.slot[i], key_file, key, err)))
			take_book(v, &file, i, key, NULL);
	vault_wipe(key, sizeof key);
	free(bytes);
	return f || !v->locked ? f : err_set(err, FAULT_AUTH, "the key file %.120s opens no slot of the vault", key_file);
}

int vault_slot(const struct vault *v, enum slot_kind *kind, int64_t *saves)
{
	*kind = v->opened_by.kind;
	*saves = v->saves;
	return v->slot;
}

enum fault vault_reload(struct vault *v, struct err *err)
{
	struct vault_sealed file;
	unsigned char *bytes = NULL;
	enum fault f;

	if (!v->book)
		return access(v->file, F_OK) ? OK : err_set(err, FAULT_REFUSED, "a vault was made since this engine started: start it again");
	f = read_sealed(v, &bytes, &file, err);
	if (!f)
		f = err_set(err, FAULT_AUTH, "the slot that this engine was unlocked by is gone: the secrets stay as they were until it is started again");
	for (int i = 0; i < file.slots && f == FAULT_AUTH; i++)
		if (!memcmp(file.slot[i].salt, v->opened_by.salt, VAULT_SALT))
			f = take_book(v, &file, i, v->slot_key, err);
	free(bytes);
	return f;
}

/* ---- references ---- */

bool vault_is_reference(const char *ref)
{
	return !strncmp(ref, "vault:", 6) || !strncmp(ref, "file:", 5) || !strncmp(ref, "env:", 4) || !strncmp(ref, "cmd:", 4);
}

const struct vault_entry *vault_entry_of(const struct vault *v, const char *ref)
{
	return v->book && !strncmp(ref, "vault:", 6) ? vault_entry_find(v->book, ref + 6) : NULL;
}

static enum fault from_vault(const struct vault *v, const char *ref, char *buf, size_t cap, struct err *err)
{
	const struct vault_entry *e = vault_entry_of(v, ref);

	if (!v->book)
		return err_set(err, FAULT_AUTH, "secret %.60s: there is no vault: tallyman vault init", ref);
	if (!e)
		return err_set(err, FAULT_AUTH, "secret %.60s: the vault has none of that name: tallyman vault add %.60s", ref, ref + 6);
	snprintf(buf, cap, "%s", e->value);
	return OK;
}

static ssize_t read_until(int fd, char *buf, size_t cap, int timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	size_t n = 0;

	while (n < cap - 1 && poll(&p, 1, timeout_ms) > 0) {
		ssize_t got = read(fd, buf + n, cap - 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	buf[n] = '\0';
	return (ssize_t)vault_secret_length(buf);
}

static enum fault from_file(const char *path, char *buf, size_t cap, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum fault f;

	if (fd < 0)
		return err_set(err, FAULT_AUTH, "secret file:%s: %s", path, strerror(errno));
	f = vault_check_private(fd, path, FAULT_AUTH, err);
	if (!f)
		buf[read_until(fd, buf, cap, 1000)] = '\0';
	close(fd);
	return f;
}

static enum fault from_command(const char *command, char *buf, size_t cap, struct err *err)
{
	int ends[2], status = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, FAULT_AUTH, "secret cmd: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (pid > 0)
		buf[read_until(ends[0], buf, cap, 10000)] = '\0';
	close(ends[0]);
	if (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
	}
	if (pid < 0 || !*buf)
		return err_set(err, FAULT_AUTH, "secret cmd: the command printed nothing within 10 s");
	return OK;
}

static enum fault from_env(const char *name, char *buf, size_t cap, struct err *err)
{
	char *value = getenv(name);

	if (!value || !*value)
		return err_set(err, FAULT_AUTH, "secret env:%s: no such variable in the engine's environment", name);
	snprintf(buf, cap, "%s", value);
	OPENSSL_cleanse(value, strlen(value)); /* /proc/PID/environ shows this memory */
	unsetenv(name);
	return OK;
}

static enum fault open_reference(struct vault *v, const char *ref, char *buf, size_t cap, struct err *err)
{
	enum fault f;

	if (!strncmp(ref, "vault:", 6))
		f = from_vault(v, ref, buf, cap, err);
	else if (!strncmp(ref, "file:", 5))
		f = from_file(ref + 5, buf, cap, err);
	else if (!strncmp(ref, "env:", 4))
		f = from_env(ref + 4, buf, cap, err);
	else if (!strncmp(ref, "cmd:", 4))
		f = from_command(ref + 4, buf, cap, err);
	else
		f = err_set(err, FAULT_AUTH, "a secret stands in the configuration itself: write it into a file of mode 0600 and name it file:PATH");
	if (!f && !*buf)
		f = err_set(err, FAULT_AUTH, "the secret %.60s is empty", ref);
	return f;
}

enum fault vault_secret_again(struct vault *v, const char *ref, const char **slot, bool *changed, struct err *err)
{
	char buf[ROOM + 1] = ""; /* one more than fits, so that a longer one is seen and not cut */
	bool once = **slot && (!strncmp(ref, "env:", 4) || !strncmp(ref, "cmd:", 4));
	enum fault f = once ? OK : open_reference(v, ref, buf, sizeof buf, err);

	*changed = !f && !once && strcmp(buf, *slot);
	if (*changed && !vault_token(v, slot, buf))
		f = err_set(err, FAULT_AUTH, v->rooms == ROOMS ? "there is no room for the secret %.60s" : "the secret %.60s is too long", ref);
	OPENSSL_cleanse(buf, sizeof buf);
	return f;
}

enum fault vault_secret(struct vault *v, const char *ref, const char **out, struct err *err)
{
	bool changed;

	*out = "";
	return vault_secret_again(v, ref, out, &changed, err);
}

bool vault_token(struct vault *v, const char **slot, const char *token)
{
	uintptr_t first = (uintptr_t)v->room, at = (uintptr_t)*slot;
	bool ours = at >= first && at < first + sizeof v->room;
	size_t n = strlen(token);
	char *p;

	if (n >= ROOM || (!ours && v->rooms == ROOMS))
		return false;
	p = ours ? &v->room[0][0] + (at - first) : v->room[v->rooms++];
	*slot = p;
	OPENSSL_cleanse(p, ROOM);
	memcpy(p, token, n);
	return true;
}

void vault_fingerprint(const char *secret, char out[13])
{
	char hex[65];

	sha256_hex(secret, strlen(secret), hex);
	memcpy(out, hex, 12);
	out[12] = '\0';
}
