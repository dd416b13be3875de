#ifndef TALLYMAN_VAULT_INSIDE_H
#define TALLYMAN_VAULT_INSIDE_H
/*
 * vault_inside.h: what an open vault is made of. For vault.c (sealing), vault_book.c (its file), vault_refs.c and vault_command.c (secrets by reference) alone.
 */
#include "engine/vault.h"
#include "engine/vault_days.h"

struct evp_cipher_ctx_st; /* EVP_CIPHER_CTX */

enum { KEY = VAULT_KEY, NONCE = VAULT_NONCE, TAG = VAULT_TAG, ROOM = VAULT_VALUE + 1, ROOMS = 512, NO_DAY = -1 };

struct vault {
	unsigned char key[KEY];
	struct day_keys days;
	struct cipher {
		struct evp_cipher_ctx_st *ctx; /* made once; libcrypto's own memory: wiped when freed, and an engine writes no core */
		int64_t day;         /* whose key it holds; NO_DAY: none yet */
	} sealing, opening;
	char dir[4096];
	char file[4096];         /* DIR/vault.tly */
	bool locked, without_days;
	const struct config *config; /* NULL: none was given */
	struct vault_book *book; /* what is in the file; NULL: it is locked, or there is none */
	int slot;
	struct vault_slot opened_by;
	struct vault_slot slot_at[VAULT_SLOTS]; /* who could open it, when it was read */
	int slots_at;
	unsigned char slot_key[KEY];
	int64_t saves;
	int rooms;
	char room[ROOMS][ROOM];  /* secrets and tokens in use */
};

/* vault.c: the store's own key is here: now the days' keys can be read. On a fault it may be asked again. */
enum fault vault_days_open(struct vault *v, const unsigned char master[KEY], struct err *err);

/*
 * vault_command.c: the first line of what a shell's command prints, or its private key; of the secrets that c (NULL: none) has in env:NAME it sees none.
 * It and all that it begins are ended when it has not ended by then.
 */
enum fault vault_command(const struct config *c, const char *command, int64_t within_ms, char *buf, size_t cap, struct err *err);

#endif
