#ifndef TALLYMAN_VAULT_H
#define TALLYMAN_VAULT_H
/*
 * vault.h: the only place where secrets are opened and bytes are sealed. Engine only.
 *
 * Bodies and people's data are sealed with AES-256-GCM under a key that stands in the vault's file (vault_file.h) or, while there is none, in
 * DIR/seal.key (mode 0600, made when missing and the store is empty): it seals a key for each day, and those seal what is to be forgotten on it. Secrets of accounts are references, never literals:
 *
 *	vault:NAME  a secret of the vault's file; there may be two while one is rotated
 *	file:PATH   first line of a file nobody else may read (mode 0600 or 0400)
 *	env:NAME    an environment variable, removed from the environment once read
 *	cmd:COMMAND first line of what the command prints (run by /bin/sh, in a group of its own; it must end well within 10 s)
 *
 * What begins with -----BEGIN is a private key (PEM): of it all lines are read, to its -----END.
 *
 * A vault's file begins locked: nothing is sealed and no secret opened until somebody's key fits one of its slots. Opened secrets live in locked
 * memory that no core dump holds, wiped at the end.
 */
#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "engine/vault_file.h"
#include "trade/cause.h"

#include <stdbool.h>

struct vault;

/*
 * Open DIR's vault: locked when it has a file. FAULT_STORE: the key file is missing although the store has sealed rows (may_make false), unreadable,
 * or open to others.
 */
enum fault vault_open(const char *dir, bool may_make, struct vault **out, struct err *err);
void vault_close(struct vault *v);
bool vault_locked(const struct vault *v);
struct sealer vault_sealer(struct vault *v); /* not of a locked one, nor of one without days */

/* Before it is unlocked, by who wants a secret and seals nothing: it opens when the days' keys cannot be read, too. */
void vault_without_days(struct vault *v);

/* The days before this one are over: their keys are destroyed, and whatever they sealed is gone. *n: how many. */
enum fault vault_forget(struct vault *v, int64_t before_day, int *n, struct err *err);

/*
 * Unlock by a slot's key (from 0), or by a key file that fits any slot of that kind. FAULT_AUTH: it does not fit; FAULT_STORE: a file that it needs cannot be
 * read, the days' keys among them. It stays locked on a fault. Harmless on an open one.
 */
enum fault vault_unlock(struct vault *v, int slot, const unsigned char key[VAULT_KEY], struct err *err);
enum fault vault_unlock_file(struct vault *v, const char *key_file, struct err *err);

/* By which slot it was opened (from 0; -1: it has no file or is locked), what that slot is, and how often the file had been saved then. */
int vault_slot(const struct vault *v, enum slot_kind *kind, int64_t *saves);

/*
 * The file has been saved by somebody: read it again with the key that it was opened with. It stays as it was on a fault. sha: of the bytes that somebody agreed
 * to, in hex; NULL: whatever they are.
 */
enum fault vault_reload(struct vault *v, const char *sha, struct err *err);

/* What reading it again would change, a line each and no secret in it, and the SHA-256 of its bytes in hex ("" where there is no file). Nothing is taken. */
struct vault_look {
	const char **line;
	int n, cap;
	char sha[65];
};

enum fault vault_look(const struct vault *v, struct arena *a, struct vault_look *out, struct err *err);

/* The fingerprint of what a reference names now; nothing is taken. "": what told once is not asked again (env: cmd:). */
enum fault vault_secret_look(struct vault *v, const char *ref, char out[13], struct err *err);

/* Whose env:NAME no command of a cmd: inherits; it must live as long. */
void vault_hides(struct vault *v, const struct config *c);

/* Open a reference: the secret in the vault's memory. FAULT_AUTH says what is wrong with the reference, never its content. */
enum fault vault_secret(struct vault *v, const char *ref, const char **out, struct err *err);

/* Open it again into the same place; *changed: it is another now. What the environment or a command told once stays as it is. */
enum fault vault_secret_again(struct vault *v, const char *ref, const char **slot, bool *changed, struct err *err);

/* What the vault's file says of a reference vault:NAME; NULL: it is another kind, or there is none of that name. Until the next reload. */
const struct vault_entry *vault_entry_of(const struct vault *v, const char *ref);

/*
 * Keep an access token that came over the wire; the old one is wiped. *slot starts as NULL or "" and is the vault's
 * afterwards, of one size for ever. false: longer than 4 KiB, nothing is kept.
 */
bool vault_token(struct vault *v, const char **slot, const char *token);

/* Which credential was it? The first 12 hex digits of its SHA-256: names it in an attempt without telling it. out: 13 bytes. */
void vault_fingerprint(const char *secret, char out[13]);

/* Is it a reference (vault: file: env: cmd:), as a configuration must have it? */
bool vault_is_reference(const char *ref);

#endif
