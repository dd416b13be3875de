#ifndef TALLYMAN_ACCOUNTS_H
#define TALLYMAN_ACCOUNTS_H
/*
 * accounts.h: the accounts as the store knows them: no secrets here. And how well each is heard.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct account_row {
	int64_t id;
	const char *name, *channel, *mode, *marketplaces, *base_url, *state, *state_text;
	const char *kind; /* seller: the seller's own access; provider: a solution provider's, for him. NULL when it is put: seller */
	bool enabled;
	int64_t state_ms, ok_ms, heard_ms;
};

/* Put it on record; a new one is in shadow mode unless born_live (demo only). Returns its id. */
enum fault account_put(struct store *s, const struct account_row *row, bool born_live, const struct cause *why, int64_t *id, struct err *err);

/* Those on record that are none of these n: nothing is asked of them, and nobody waits for them. One that is put again is there again. */
enum fault accounts_leave(struct store *s, const int64_t *kept, int n, const struct cause *why, struct err *err);
enum fault account_mode(struct store *s, int64_t id, const char *mode, const struct cause *why, struct err *err);

/* state: new ok slow auth down wrong off. Writes only what changed. */
enum fault account_state(struct store *s, int64_t id, const char *state, const char *text, const struct cause *why, struct err *err);
enum fault account_ok(struct store *s, int64_t id, int64_t now_ms, struct err *err); /* an answer was understood; at most one write a minute */

/*
 * Orders are known up to the moment to which every one of its `lists` order lists (pools) was read: one that lags behind, or was
 * never read, holds it back. It never goes back.
 */
enum fault account_heard(struct store *s, int64_t id, int lists, struct err *err);
enum fault account_heard_upto(struct store *s, int64_t id, int64_t *upto_ms, struct err *err); /* 0: nothing is known yet */

enum fault accounts_all(struct store *s, struct arena *a, struct account_row **out, int *n, struct err *err);
enum fault account_by_id(struct store *s, int64_t id, struct arena *a, struct account_row *out, struct err *err); /* FAULT_REFUSED */
enum fault account_by_name(struct store *s, const char *name, struct arena *a, struct account_row *out, struct err *err); /* FAULT_REFUSED */

/* Why nothing can be said to it now, its state; NULL: something can. */
const char *account_down(const struct account_row *row);

/* ---- what the pane shows of limits and breakers; the engine keeps them ---- */

struct bucket_row {
	int64_t account;
	const char *account_name, *name;
	int64_t credit; /* tokens times window_ms, at filled_ms */
	int64_t filled_ms, rate, window_ms, burst, hold_ms, daily, day_used, day_ends_ms, calls, throttled, reserve_pct, told_rate, told_window_ms;
	const char *verbs; /* what drinks from it, and how much a call: "stock:1 stock-read:1" */
};

struct breaker_row {
	int64_t account;
	const char *account_name, *name, *state, *fault, *text;
	int64_t fails, good, since_ms, probe_ms, ok_ms; /* probe_ms: from then on the next call may go */
	bool outage; /* the whole platform is out: nothing goes but its probes */
};

/* Whole tokens in it now. */
int64_t bucket_tokens(const struct bucket_row *b, int64_t now_ms);

enum fault bucket_save(struct store *s, const struct bucket_row *b, struct err *err);
enum fault buckets_all(struct store *s, struct arena *a, struct bucket_row **out, int *n, struct err *err);
enum fault breaker_save(struct store *s, const struct breaker_row *b, struct err *err);
enum fault breakers_all(struct store *s, struct arena *a, struct breaker_row **out, int *n, struct err *err);

/* ---- the frame's facts ---- */

enum fault counter_get(struct store *s, const char *name, int64_t *value, struct err *err);
enum fault meta_get(struct store *s, const char *key, struct arena *a, const char **value, struct err *err); /* NULL when absent */
enum fault meta_put(struct store *s, const char *key, const char *value, struct err *err);

/*
 * Until when an engine listened to accounts: now, but in the first two minutes of one that begins until the last beat of the one before it. Who was heard
 * in that one's time is not unheard because there was none.
 */
enum fault engine_listened(struct store *s, int64_t now_ms, int64_t *until_ms, struct err *err);

/*
 * When the last engine beat that has lived for two minutes, which may be the one that beats now: one that dies at each start, three times or more in a row, is there, and nobody reads or zeroes. FAULT_STORE
 * is the only failure; 0: none has ever run.
 */
enum fault engine_stayed(struct store *s, int64_t *at_ms, struct err *err);

/* Does it wait for a key, or is there no room to write in? Then it notes no beat, and is there all the same. */
enum fault engine_hushed(struct store *s, bool *yes, struct err *err);

/* The engine's heart: pid, since when, last beat; false: never started. */
bool engine_beat(struct store *s, int64_t *pid, int64_t *started_ms, int64_t *beat_ms);

/* The configuration in force from now on: the same text has the same id, and meta "config" is it. */
enum fault config_put(struct store *s, const char *text, int64_t now_ms, int64_t *id, struct err *err);

#endif
