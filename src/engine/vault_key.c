/* vault_key.c: how somebody's passphrase or key file becomes the key of a slot. */
#include "engine/vault_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool scrypt(const struct vault_slot *s, const char *passphrase, unsigned char key[VAULT_KEY])
{
	uint64_t n = UINT64_C(1) << s->log2_n, most = 128 * s->r * (n + s->p) + (UINT64_C(1) << 20); /* libcrypto's own limit is 32 MiB */

	return EVP_PBE_scrypt(passphrase, strlen(passphrase), s->salt, sizeof s->salt, n, s->r, s->p, most, key, VAULT_KEY) == 1;
}

static _Noreturn void stretch_in_child(const struct vault_slot *s, const char *passphrase, int out)
{
	unsigned char key[VAULT_KEY];

	alarm(60); /* a machine so slow, or a file so costly, that nobody would wait for it */
	if (!scrypt(s, passphrase, key) || write(out, key, sizeof key) != (ssize_t)sizeof key)
		_exit(1);
	vault_wipe(key, sizeof key);
	_exit(0);
}

static bool read_key(int fd, unsigned char key[VAULT_KEY])
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < VAULT_KEY && got > 0) {
		got = read(fd, key + n, VAULT_KEY - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
	}
	return n == VAULT_KEY;
}

enum fault vault_stretch(const struct vault_slot *slot, const char *passphrase, unsigned char key[VAULT_KEY], struct err *err)
{
	char copy[VAULT_VALUE + 1]; /* the caller's may lie in memory that a child does not inherit */
	int ends[2], status = 0;
	pid_t pid;
	bool ok;

	snprintf(copy, sizeof copy, "%s", passphrase);
	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, FAULT_STORE, "scrypt: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		stretch_in_child(slot, copy, ends[1]);
	vault_wipe(copy, sizeof copy);
	close(ends[1]);
	ok = pid > 0 && read_key(ends[0], key);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return ok ? OK : err_set(err, FAULT_STORE, "the passphrase could not be worked on: scrypt wants %u MiB of memory", (1u << slot->log2_n) / 1024 * slot->r / 8);
}

/* RFC 5869, with the slot's salt: one key file may open several vaults, each by a key of its own. */
static bool hkdf(const struct vault_slot *s, unsigned char *file, unsigned char key[VAULT_KEY])
{
	char digest[] = "SHA256", info[] = "tallyman vault, key file";
	unsigned char salt[VAULT_SALT];
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *c = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, file, VAULT_KEY),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, sizeof salt),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, sizeof info - 1),
		OSSL_PARAM_construct_end(),
	};
	bool ok;

	memcpy(salt, s->salt, sizeof salt);
	ok = c && EVP_KDF_derive(c, key, VAULT_KEY, params) == 1;
	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	return ok;
}

enum fault vault_key_from_file(const struct vault_slot *slot, const char *path, unsigned char key[VAULT_KEY], struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char file[VAULT_KEY + 1];
	enum fault f;
	ssize_t n;

	if (fd < 0)
		return err_set(err, FAULT_AUTH, "key file %s: %s", path, strerror(errno));
	f = vault_check_private(fd, path, FAULT_AUTH, err);
	n = f ? 0 : read(fd, file, sizeof file);
	close(fd);
	if (!f && n != VAULT_KEY)
		f = err_set(err, FAULT_AUTH, "%s is no key file: it wants %d bytes", path, VAULT_KEY);
	if (!f && !hkdf(slot, file, key))
		abort();
	vault_wipe(file, sizeof file);
	return f;
}

enum fault vault_key_file_make(const char *path, struct err *err)
{
	unsigned char file[VAULT_KEY];
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return err_set(err, FAULT_REFUSED, "%s: %s", path, strerror(errno));
	vault_random(file, sizeof file);
	ok = write(fd, file, sizeof file) == (ssize_t)sizeof file && !fsync(fd) && vault_sync_folder(path);
	vault_wipe(file, sizeof file);
	close(fd);
	return ok ? OK : err_set(err, FAULT_STORE, "%s could not be written: is the disk full?", path);
}
