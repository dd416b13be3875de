#ifndef TALLYMAN_SECRETS_H
#define TALLYMAN_SECRETS_H
/*
 * secrets.h: which secret each account uses, by its fingerprint, and when it ends: the calendar of renewals. Never the secret.
 *
 * How long one lives is data/secrets.csv, unless who put it there said a day. People are told 30, 14, 7 and 1 day before.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct secret {
	int64_t account;
	const char *account_name, *channel;
	const char *key;         /* "client_secret" */
	const char *source;      /* "vault:amazon.secret", "file:/etc/...", "cmd:" without the command */
	const char *fingerprint; /* 12 hex digits of its SHA-256 */
	int64_t since_ms;        /* when it was put there, as far as anybody knows */
	int64_t expires_ms;      /* 0: nothing is known to end it */
	const char *old;         /* fingerprint of the one before, while it is valid as well; "" */
	int64_t old_until_ms;    /* 0: until somebody retires it */
	bool assumed;            /* expires_ms is reckoned from its first use here: nobody said when it was made */
};

/*
 * An account uses this secret. since_ms 0 (nobody says when it was made): since now, unless it was in use before; expires_ms 0: as data/secrets.csv says. Another than before is a row of
 * the audit. Inside the caller's transaction.
 */
enum fault secret_put(struct store *s, const struct secret *row, const struct cause *why, struct err *err);

/* All of them, those that end first at the top. */
enum fault secrets_all(struct store *s, struct arena *a, struct secret **out, int *n, struct err *err);

/* Behind a text about its end: ", assumed from first use", or "". */
const char *secret_assumed(const struct secret *row);

/* Days left, whole ones; negative: it has ended. */
int64_t secret_days_left(const struct secret *row, int64_t now_ms);

/* Raise and close the alerts of what ends soon: hourly, inside the caller's transaction. */
enum fault secrets_watch(struct store *s, int64_t now_ms, struct err *err);

#endif
