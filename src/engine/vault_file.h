#ifndef TALLYMAN_VAULT_FILE_H
#define TALLYMAN_VAULT_FILE_H
/*
 * vault_file.h: DIR/vault.tly, the one file that holds secrets: how its bytes are read, opened and saved.
 *
 *	head    "TLYVAULT", version, slots, how often it was saved
 *	slots   kind, cost, salt; and the file's key, wrapped by the key of whoever opens it this way
 *	body    the secrets, AES-256-GCM under the file's key, bound to all that stands before it; padded to 4 KiB
 *
 * A passphrase becomes a slot's key by scrypt, a key file's 32 bytes by HKDF. The file's key is new with each save, which is why the body
 * also keeps each slot's own key: whoever opens it by one way can save it for all. So somebody whose slot is taken away may have kept the others'
 * keys: change those, and the secrets themselves, as with any list that somebody has read. All numbers are big-endian.
 *
 * The bytes are hostile until the last tag has fitted: every count and length is checked against a limit before it is used.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VAULT_KEY = 32,
	VAULT_NONCE = 12,
	VAULT_TAG = 16,
	VAULT_SALT = 16,
	VAULT_SLOTS = 8,
	VAULT_ENTRIES = 128,
	VAULT_NAME = 60,          /* letters, digits, - _ . */
	VAULT_VALUE = 4095,
	VAULT_POOL = 256 * 1024,  /* all values together */
	VAULT_BODY = 512 * 1024,
	VAULT_FILE = VAULT_BODY + 4096,
	SCRYPT_MIN = 15, SCRYPT_MAX = 20, SCRYPT_USUAL = 17, /* log2 of N; with r = 8 the usual one takes 128 MiB and half a second */
};

/* How much of text is one secret: its first line; of a private key (PEM, "-----BEGIN ...") all lines to its "-----END ...". */
size_t vault_secret_length(const char *text);

enum slot_kind { SLOT_PASSPHRASE = 1, SLOT_KEY_FILE, SLOT_BREAK_GLASS, SLOT_KINDS };

struct vault_slot {
	enum slot_kind kind;
	unsigned log2_n, r, p; /* of scrypt; 0 for a key file */
	unsigned char salt[VAULT_SALT], nonce[VAULT_NONCE], wrapped[VAULT_KEY + VAULT_TAG];
};

/* The file as it lies there. */
struct vault_sealed {
	int64_t saves; /* grows with each save: an older file than the last is seen */
	struct vault_slot slot[VAULT_SLOTS];
	int slots;
	const unsigned char *head, *nonce, *body; /* into the bytes it was read from */
	size_t head_n, body_n;
};

struct vault_entry {
	char name[VAULT_NAME + 1];
	const char *value, *old; /* old "": none; else the one before, valid until old_until_ms */
	int64_t set_ms, old_until_ms, expires_ms; /* expires 0: not known */
};

/* What is in it: one block of locked memory that no core holds and no child inherits. Values lie in its pool. */
struct vault_book {
	unsigned char seal_key[VAULT_KEY];
	unsigned char slot_key[VAULT_SLOTS][VAULT_KEY];
	struct vault_entry entry[VAULT_ENTRIES];
	int entries;
	size_t used;
	char pool[VAULT_POOL];
};

/* Zeroed memory for keys: locked, in no core dump, wiped in a child. Never NULL. free wipes it. */
void *vault_memory(size_t n);
void vault_memory_free(void *p, size_t n); /* NULL is harmless */
void vault_random(void *out, size_t n);    /* ends the process when there is no randomness */
void vault_wipe(void *p, size_t n);

/*
 * AES-256-GCM, whole. Encrypting, out is n bytes and the tag behind them; decrypting, in is. false: the tag does not fit.
 */
bool vault_gcm(bool encrypt, const unsigned char key[VAULT_KEY], const unsigned char nonce[VAULT_NONCE], const void *aad, size_t aad_n,
               const unsigned char *in, size_t n, unsigned char *out);

const char *slot_kind_name(enum slot_kind k); /* "passphrase" "key-file" "break-glass" */
enum slot_kind slot_kind_from_name(const char *name); /* SLOT_KINDS: none */

/* ---- bytes ---- */

/* FAULT_FORMAT says what is not as it must be; nothing is decrypted yet. out points into p. */
enum fault vault_sealed_read(const unsigned char *p, size_t n, struct vault_sealed *out, struct err *err);

/* The body, once decrypted. FAULT_FORMAT: not one that we wrote. */
enum fault vault_book_read(const unsigned char *p, size_t n, struct vault_book *out, struct err *err);

/* ---- opening ---- */

/*
 * Open it by one slot's key. FAULT_AUTH: it is not that slot's key, or the slot was changed; FAULT_FORMAT: it is, and what stands behind the slot was.
 */
enum fault vault_sealed_open(const struct vault_sealed *v, int slot, const unsigned char key[VAULT_KEY], struct vault_book *out, struct err *err);

/*
 * The bytes of a file with this book for the slots of v, whose saves grow; out is VAULT_FILE zeroed bytes. Returns how many there are.
 */
size_t vault_seal(struct vault_sealed *v, const struct vault_book *b, unsigned char *out);

/*
 * A slot's key from a passphrase. scrypt's memory is a child's: this process stays small, and what the child leaves is gone with it.
 */
enum fault vault_stretch(const struct vault_slot *slot, const char *passphrase, unsigned char key[VAULT_KEY], struct err *err);

/* A slot's key from a key file: 32 bytes, mode 0600 or less. FAULT_AUTH says what is wrong with the file. */
enum fault vault_key_from_file(const struct vault_slot *slot, const char *path, unsigned char key[VAULT_KEY], struct err *err);

/* Make a key file of 32 random bytes, mode 0600. FAULT_REFUSED: one is there. */
enum fault vault_key_file_make(const char *path, struct err *err);

/* May a file hold a secret: plain, ours or root's, nobody else's to read but as systemd hands a credential over? fault says how the failure counts. */
enum fault vault_check_private(int fd, const char *path, enum fault fault, struct err *err);

/* ---- the file ---- */

/* Sync the folder that path lies in: until then a power cut may take back that it was made there, or renamed. */
bool vault_sync_folder(const char *path);

/* Its bytes, at most VAULT_FILE, to be freed. FAULT_STORE; *there false: no such file. */
enum fault vault_file_load(const char *path, unsigned char **bytes, size_t *n, bool *there, struct err *err);

/*
 * Save book for the slots of v (kind, cost and salt are taken from there, keys from the book): written beside, synced, renamed, the folder
 * synced; the one before stays as PATH.bak. v->saves grows.
 */
enum fault vault_file_save(const char *path, struct vault_sealed *v, const struct vault_book *book, struct err *err);

/* ---- the book ---- */

struct vault_entry *vault_entry_find(struct vault_book *b, const char *name); /* NULL: none */

/*
 * Set a secret. keep_old: the value there is becomes the old one until old_until_ms. FAULT_REFUSED: no name, too long, no room.
 */
enum fault vault_entry_set(struct vault_book *b, const char *name, const char *value, bool keep_old, int64_t old_until_ms, int64_t now_ms,
                           int64_t expires_ms, struct err *err);
bool vault_entry_drop(struct vault_book *b, const char *name);

/* The value of the one before is no more. */
void vault_entry_retire(struct vault_entry *e);

#endif
