#ifndef TALLYMAN_EVENTS_H
#define TALLYMAN_EVENTS_H
/*
 * events.h: a person declares a peak: an event of the configuration begins now, or does not take place, whatever its calendar says.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/policy.h"

struct store;
struct intent;

/* The book with each event's times as they were declared; the same book when nothing was. NULL: the store failed. */
const struct policy_book *events_as_said(struct store *s, const struct policy_book *book, int64_t now_ms, struct arena *a, struct err *err);

/* What was said of one: "on", "off", or "" for its calendar, which holds again when the time is over; *until_ms: 0 until it is said otherwise. */
enum fault event_said(struct store *s, const char *name, int64_t now_ms, struct arena *a, const char **said, int64_t *until_ms, struct err *err);

/* The events that last now, by their calendar or because somebody said so. */
struct event_now {
	const char *name, *tag; /* tag "": of every item */
	int64_t until_ms;       /* INT64_MAX: until somebody says so */
};
enum fault events_now(struct store *s, int64_t now_ms, struct arena *a, struct event_now **out, int *n, struct err *err);

/* INTENT_EVENT, in words and done. FAULT_REFUSED: no such event, no reason, no such word. */
enum fault event_words(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, const char **text, struct err *err);
enum fault event_carry(struct store *s, const struct intent *in, const struct cause *why, struct err *err);

#endif
