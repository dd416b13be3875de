#ifndef TALLYMAN_VAULT_H
#define TALLYMAN_VAULT_H
/*
 * vault.h: the only place where secrets are opened and bytes are sealed. Engine only.
 *
 * Bodies and people's data are sealed with AES-256-GCM under a key of DIR/seal.key (mode 0600, made
 * when missing and the store is empty). Secrets of accounts are references, never literals:
 *
 *	file:PATH   first line of a file nobody else may read (mode 0600 or 0400)
 *	env:NAME    an environment variable, removed from the environment once read
 *	cmd:COMMAND first line of what the command prints (run by /bin/sh, 10 s)
 *
 * Opened secrets live in locked memory that no core dump holds, wiped at the end.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>

struct vault;

/* FAULT_STORE: the key file is missing although the store has sealed rows (may_make false), unreadable, or open to others. */
enum fault vault_open(const char *dir, bool may_make, struct vault **out, struct err *err);
void vault_close(struct vault *v);
struct sealer vault_sealer(struct vault *v);

/* Open a reference: the secret in the vault's memory. FAULT_AUTH says what is wrong with the reference, never its content. */
enum fault vault_secret(struct vault *v, const char *ref, const char **out, struct err *err);

/*
 * Keep an access token that came over the wire; the old one is wiped. *slot starts as NULL or "" and is the vault's
 * afterwards, of one size for ever. false: longer than 4 KiB, nothing is kept.
 */
bool vault_token(struct vault *v, const char **slot, const char *token);

/* Which credential was it? The first 12 hex digits of its SHA-256: names it in an attempt without telling it. out: 13 bytes. */
void vault_fingerprint(const char *secret, char out[13]);

/* Is it a reference (file: env: cmd:), as a configuration must have it? */
bool vault_is_reference(const char *ref);

#endif
