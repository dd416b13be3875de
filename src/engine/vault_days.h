#ifndef TALLYMAN_VAULT_DAYS_H
#define TALLYMAN_VAULT_DAYS_H
/*
 * vault_days.h: a key for each day on which something is to be forgotten.
 *
 * DIR/day.keys holds them, each sealed by the store's own key: day (8 bytes, big-endian), nonce, key, tag. It is no part of the store, so no backup of the store
 * has them: what was sealed until a day is gone everywhere when that day's key is. A record is appended and synced before anything is sealed with it; a
 * torn one at the end, which a crash may leave, was never used.
 */
#include "base/err.h"
#include "engine/vault_file.h"

#include <stdbool.h>
#include <stdint.h>

enum { VAULT_DAYS = 4096 };

struct day_key {
	int64_t day;
	unsigned char key[VAULT_KEY];
};

struct day_keys {
	char file[4096];
	int n;
	struct day_key at[VAULT_DAYS]; /* in the order they were made */
};

/* Read what there is; a record that does not open is left out (what it sealed is gone) and counted in *lost. */
enum fault days_load(struct day_keys *d, const char *dir, const unsigned char master[VAULT_KEY], int *lost, struct err *err);

const unsigned char *days_find(const struct day_keys *d, int64_t day); /* NULL: none */

/* The day's key, made if need be. */
enum fault days_key(struct day_keys *d, int64_t day, const unsigned char master[VAULT_KEY], const unsigned char **key, struct err *err);

/* Destroy the keys of the days before this one; *n: how many. The file they stood in is overwritten, as far as a file system lets one. */
enum fault days_forget(struct day_keys *d, int64_t before, const unsigned char master[VAULT_KEY], int *n, struct err *err);

#endif
