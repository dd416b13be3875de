#ifndef TALLYMAN_ALERTS_H
#define TALLYMAN_ALERTS_H
/*
 * alerts.h: what a person should know, once; and the messages of the console's last but one row.
 *
 * Who notices something raises it as often as he sees it, and closes it when he no longer does. When it is told, how bad it is and what it is
 * folded into stands in data/alerts.csv; the incident it belongs to is incidents.h.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct alert {
	int64_t id;
	const char *key;      /* one open alert a key: raising it again counts */
	const char *kind;     /* "auth" "breaker" "unknown_word" "oversold" ... */
	const char *severity; /* "CRIT" "WARN" "info" */
	int64_t account;      /* 0: none */
	const char *account_name, *subject, *text;
	const char *next;     /* what happens next by itself and when, or what to do */
	int64_t count, opened_ms, last_ms, acked_ms;
	const char *acked_by;
	int64_t incident;     /* 0: none */
};

/* Once a minute: what was raised for long enough is told, what was not seen for long enough ends. */
enum fault alerts_watch(struct store *s, int64_t now_ms, struct err *err);

enum fault alert_raise(struct store *s, const struct alert *a, int64_t now_ms, struct err *err);
enum fault alert_close(struct store *s, const char *key, int64_t now_ms, struct err *err); /* harmless when none is open */
enum fault alert_is_open(struct store *s, const char *key, bool *yes, struct err *err);
enum fault alert_ack(struct store *s, int64_t id, const char *who, int64_t now_ms, struct err *err);

/* Open ones, CRIT first, newest first. */
enum fault alerts_open(struct store *s, int n, struct arena *a, struct alert **out, int *got, struct err *err);

struct message {
	int64_t id, at_ms;
	const char *level, *text, *subject;
};

enum fault message_add(struct store *s, const char *level, const char *text, const char *subject, int64_t now_ms, struct err *err);
enum fault messages_last(struct store *s, int64_t before, int n, struct arena *a, struct message **out, int *got, struct err *err);

#endif
