#include "engine/vault.h"

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
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY = 32, NONCE = 12, TAG = 16, POOL = 256 * 1024, SECRET_MAX = 16 * 1024, TOKEN_ROOM = 4096 };

struct vault {
	unsigned char key[KEY];
	EVP_CIPHER_CTX *sealing, *opening; /* made once, key and all; libcrypto's own memory: wiped when freed, and an engine writes no core */
	size_t used;
	char pool[POOL]; /* secrets, one after the other */
};

/* ---- sealing ---- */

static EVP_CIPHER_CTX *cipher_new(const struct vault *v, bool encrypt)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();

	if (!c || EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, v->key, NULL, encrypt) != 1)
		abort(); /* without a cipher nothing may be stored: better no engine than plain text */
	return c;
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
static void *seal(void *ctx, struct arena *a, const void *plain, size_t n, const char *aad, size_t *sealed_n)
{
	unsigned char *out = arena_alloc(a, NONCE + n + TAG);
	struct vault *v = ctx;

	/* without randomness nothing may be stored either */
	if (RAND_bytes(out, NONCE) != 1 || !crypt_step(v->sealing, true, out, aad, plain, n, out + NONCE, out + NONCE + n))
		abort();
	*sealed_n = NONCE + n + TAG;
	return out;
}

static void *unseal(void *ctx, struct arena *a, const void *sealed, size_t n, const char *aad, size_t *plain_n)
{
	const unsigned char *in = sealed;
	unsigned char *out, tag[TAG];
	struct vault *v = ctx;

	if (n < NONCE + TAG)
		return NULL;
	*plain_n = n - NONCE - TAG;
	out = arena_alloc(a, *plain_n + 1);
	memcpy(tag, in + n - TAG, TAG);
	return crypt_step(v->opening, false, in, aad, in + NONCE, *plain_n, out, tag) ? out : NULL;
}

struct sealer vault_sealer(struct vault *v)
{
	return (struct sealer){ seal, unseal, v, 1 };
}

/* ---- the key file ---- */

static enum fault check_private(int fd, const char *path, enum fault fault, struct err *err)
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
	f = check_private(fd, path, FAULT_STORE, err);
	if (!f && read(fd, v->key, KEY) != KEY)
		f = err_set(err, FAULT_STORE, "%s is not a seal key: it wants %d bytes", path, KEY);
	close(fd);
	return f;
}

enum fault vault_open(const char *dir, bool may_make, struct vault **out, struct err *err)
{
	struct vault *v = mmap(NULL, sizeof *v, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	enum fault f;

	*out = NULL;
	if (v == MAP_FAILED)
		return err_set(err, FAULT_STORE, "no memory for secrets: %s", strerror(errno));
	madvise(v, sizeof *v, MADV_DONTDUMP);
	madvise(v, sizeof *v, MADV_WIPEONFORK);
	mlock(v, sizeof *v); /* best effort: a small limit must not keep the engine from starting */
	f = read_key(v, dir, may_make, err);
	if (f) {
		vault_close(v);
		return f;
	}
	v->sealing = cipher_new(v, true);
	v->opening = cipher_new(v, false);
	*out = v;
	return OK;
}

void vault_close(struct vault *v)
{
	if (!v)
		return;
	EVP_CIPHER_CTX_free(v->sealing); /* wipes what it holds */
	EVP_CIPHER_CTX_free(v->opening);
	OPENSSL_cleanse(v, sizeof *v);
	munmap(v, sizeof *v);
}

/* ---- references ---- */

bool vault_is_reference(const char *ref)
{
	return !strncmp(ref, "file:", 5) || !strncmp(ref, "env:", 4) || !strncmp(ref, "cmd:", 4);
}

static char *pool_take(struct vault *v, const char *secret, size_t n)
{
	char *p = v->pool + v->used;

	if (n >= SECRET_MAX || v->used + n + 1 > POOL)
		return NULL;
	memcpy(p, secret, n);
	p[n] = '\0';
	v->used += n + 1;
	return p;
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
	return (ssize_t)strcspn(buf, "\r\n");
}

static enum fault from_file(const char *path, char *buf, size_t cap, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum fault f;

	if (fd < 0)
		return err_set(err, FAULT_AUTH, "secret file:%s: %s", path, strerror(errno));
	f = check_private(fd, path, FAULT_AUTH, err);
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

enum fault vault_secret(struct vault *v, const char *ref, const char **out, struct err *err)
{
	char buf[SECRET_MAX] = "";
	enum fault f;

	*out = "";
	if (!strncmp(ref, "file:", 5))
		f = from_file(ref + 5, buf, sizeof buf, err);
	else if (!strncmp(ref, "env:", 4))
		f = from_env(ref + 4, buf, sizeof buf, err);
	else if (!strncmp(ref, "cmd:", 4))
		f = from_command(ref + 4, buf, sizeof buf, err);
	else
		f = err_set(err, FAULT_AUTH, "a secret stands in the configuration itself: write it into a file of mode 0600 and name it file:PATH");
	if (!f && !*buf)
		f = err_set(err, FAULT_AUTH, "the secret %.60s is empty", ref);
	if (!f && !(*out = pool_take(v, buf, strlen(buf)))) {
		*out = "";
		f = err_set(err, FAULT_AUTH, "the secret %.60s is too long", ref);
	}
	OPENSSL_cleanse(buf, sizeof buf);
	return f;
}

bool vault_token(struct vault *v, const char **slot, const char *token)
{
	size_t n = strlen(token);
	char *p;

	if (n >= TOKEN_ROOM)
		return false;
	if (!*slot || !**slot) {
		if (v->used + TOKEN_ROOM > POOL)
			return false;
		*slot = v->pool + v->used;
		v->used += TOKEN_ROOM;
	}
	p = v->pool + (*slot - v->pool);
	OPENSSL_cleanse(p, TOKEN_ROOM);
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
