#ifndef TALLYMAN_VAULT_HAND_H
#define TALLYMAN_VAULT_HAND_H
/*
 * vault_hand.h: a vault in somebody's hand: asked for without an echo, opened, changed, saved under a lock; the engine is told.
 *
 * A secret is typed at the terminal or comes as a line of stdin, never as a word of the command: those stand in every list of processes.
 */
#include "cmd/session.h"
#include "engine/vault_file.h"
#include "store/lease.h"

struct hand {
	struct session *s;
	const char *path;        /* DIR/vault.tly */
	struct vault_sealed file;
	struct vault_book *book; /* open; NULL: not yet */
	unsigned char *bytes;    /* that file points into */
	unsigned char key[VAULT_KEY]; /* of the slot that opened it */
	int slot;
	int lock;                /* nobody else changes it meanwhile; -1: not held */
	struct lease lease;      /* no engine starts meanwhile; fd -1: not held */
};

void hand_begin(struct hand *h, struct session *s);
void hand_end(struct hand *h);

/* Read the file's head, and open it: by --key-file, by this service's credential, or by a passphrase that is asked for. */
enum fault hand_read(struct hand *h);
enum fault hand_open(struct hand *h);

/* Hold it against others who would change it. */
enum fault hand_lock(struct hand *h);
enum fault hand_save(struct hand *h);

/* A secret from the terminal or stdin; twice: asked again, and both must be the same. out holds VAULT_VALUE + 1 bytes. */
enum fault hand_ask(struct hand *h, const char *what, bool twice, char *out);

/* The next slot, with a key of its own from this passphrase or key file. FAULT_REFUSED: there is room for no more. */
enum fault hand_add_passphrase(struct hand *h, enum slot_kind kind, const char *passphrase);
enum fault hand_add_key_file(struct hand *h, const char *path);

/* Tell a running engine what the intent's action says, and print its answer; without one say so. */
enum fault hand_tell(struct hand *h, const char *action);

#endif
