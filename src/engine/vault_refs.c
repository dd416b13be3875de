/* vault_refs.c: secrets by reference (vault: file: env: cmd:), and the places where those in use stand. The interface is in vault.h. */
#include "engine/vault_inside.h"

#include "trade/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMAND_MS = 10000 };

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

void vault_hides(struct vault *v, const struct config *c)
{
	v->config = c;
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
		f = vault_command(v->config, ref + 4, COMMAND_MS, buf, cap, err);
	else
		f = err_set(err, FAULT_AUTH, "a secret stands in the configuration itself: write it into a file of mode 0600 and name it file:PATH");
	if (!f && !*buf)
		f = err_set(err, FAULT_AUTH, "the secret %.60s is empty: put it there", ref);
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

enum fault vault_secret_look(struct vault *v, const char *ref, char out[13], struct err *err)
{
	char buf[ROOM + 1] = "";
	bool once = !strncmp(ref, "env:", 4) || !strncmp(ref, "cmd:", 4);
	enum fault f = once ? OK : open_reference(v, ref, buf, sizeof buf, err);

	*out = '\0';
	if (!f && !once)
		vault_fingerprint(buf, out);
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
