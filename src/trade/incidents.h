#ifndef TALLYMAN_INCIDENTS_H
#define TALLYMAN_INCIDENTS_H
/*
 * incidents.h: what a person works on: alerts of one cause, folded.
 *
 * Its number is that of the alert it began with. It is acknowledged (somebody looks), over (none of its alerts is open any more) and closed, which
 * are three things: to close one, somebody says what the cause was; a kind that ends by itself says so. Steps of its card leave what was
 * seen. What the hooks are to say of it is written with it, in the same transaction.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/alert_rules.h"
#include "trade/alerts.h"
#include "trade/cause.h"
#include "trade/views.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct incident {
	int64_t id, account, opened_ms, acked_ms, over_ms, closed_ms, last_ms;
	const char *key, *kind, *severity, *account_name, *subject, *text, *next, *card, *owner, *acked_by, *closed_by, *cause;
	int64_t alerts, open; /* folded into it, ever; of those open now */
	int64_t muted_ms;     /* not told of until then; 0: told */
	int64_t risk_minor, risk_units; /* what it puts at risk, as it was reckoned a moment ago: by that they are sorted */
	const char *risk_currency;
};

/* ---- the side of alerts.c: inside the caller's transaction ---- */

/* An alert was raised: into which incident? *fresh: it has just been opened. */
enum fault incident_takes(struct store *s, int64_t alert, const struct alert_rule *rule, int64_t now_ms, bool *fresh, struct err *err);

/* One of its alerts has ended: perhaps it is over. */
enum fault incident_settle(struct store *s, int64_t id, int64_t now_ms, struct err *err);
enum fault incident_ack(struct store *s, int64_t id, const char *who, int64_t now_ms, struct err *err);

/* ---- between the files of incidents ---- */

/* Tell the hooks, unless it is muted or of a kind that they are not told of. */
enum fault incident_tell(struct store *s, int64_t id, const char *event, int64_t now_ms, struct err *err);

/* It is closed, with a cause. */
enum fault incident_end(struct store *s, int64_t id, const char *who, const char *cause, int64_t now_ms, struct err *err);

/* ---- reading ---- */

/* Each minute, inside a transaction: the exposure of the open one that was reckoned longest ago. A large catalogue takes its time. */
enum fault incidents_meter(struct store *s, int64_t now_ms, struct err *err);

/* Open ones, CRIT first, of those the most money at risk, then the newest; all: then the closed, newest first. by_money: money before severity. */
enum fault incidents_sorted(struct store *s, bool by_money, bool all, int64_t now_ms, int n, struct arena *a, struct incident **out, int *got, struct err *err);
enum fault incidents_page(struct store *s, bool all, int64_t now_ms, int n, struct arena *a, struct incident **out, int *got, struct err *err);

/* Is the word in what is told of it, whatever its case? NULL or "": it is. */
bool incident_has(const struct incident *in, const char *word);

/* How often its alerts were seen: the sums of RATE_MINUTES each, the last of RATE_PARTS up to now. */
enum { RATE_PARTS = 12, RATE_MINUTES = 5 };
enum fault incident_rate(struct store *s, int64_t id, int64_t now_ms, int64_t out[RATE_PARTS], struct err *err);
enum fault incident_get(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct incident *out, struct err *err);

/* What happened, oldest first: alerts, acknowledgements, notes, steps, what was told to whom. */
enum fault incident_story(struct store *s, int64_t id, struct arena *a, struct event **out, int *n, struct err *err);

/* The last one like it that a person closed: "I-112 (2026-11-03): secret rotated, 12 min"; "" when there is none. */
enum fault incident_like(struct store *s, const struct incident *in, struct arena *a, const char **out, struct err *err);

/* A step of its card and what was last found there. */
struct incident_step {
	struct card_step card;
	int64_t at_ms; /* 0: nobody took it yet */
	bool good;
	const char *result, *actor;
};
enum fault incident_steps(struct store *s, const struct incident *in, struct arena *a, struct incident_step **out, int *n, struct err *err);

/* ---- what a person decides: INTENT_INCIDENT ---- */

/*
 * action=ack|close|mute|unmute|own|step, incident=ID ...; close: cause; mute: minutes (at most 240), why; own: owner; step: step, and note for one that only
 * a person can tell. A card's check is made here, so that what is written down is what was so. FAULT_REFUSED says what is missing.
 */
enum { MUTE_MINUTES = 240 };
enum fault incident_carry(struct store *s, const struct fields *payload, const struct cause *why, struct arena *a, const char **result, int *done, struct err *err);

/* ---- what the hooks are to say ---- */

struct notice {
	int64_t id, incident, tries, due_ms, made_ms, sent_ms;
	const char *hook, *event, *state, *result;
	struct fields text; /* id severity account kind subject text next owner by cause */
};

/*
 * What is CRIT and nobody looks at is told again every quarter of an hour: "again", and from the half hour on "unheard". FAULT_STORE only. A transaction's
 * own; each minute is enough.
 */
enum fault incidents_repeat(struct store *s, int64_t now_ms, struct err *err);

/* Waiting and due, oldest first. hook NULL: of all. */
enum fault notices_due(struct store *s, int64_t now_ms, int n, struct arena *a, struct notice **out, int *got, struct err *err);
enum fault notices_last(struct store *s, int n, struct arena *a, struct notice **out, int *got, struct err *err);
enum fault notice_sent(struct store *s, int64_t id, const char *result, int64_t now_ms, struct err *err);
enum fault notice_again(struct store *s, int64_t id, int64_t due_ms, const char *result, struct err *err);
enum fault notice_test(struct store *s, int64_t now_ms, int *made, struct err *err); /* one to each hook there is */

#endif
