#ifndef TALLYMAN_TICKET_H
#define TALLYMAN_TICKET_H
/*
 * ticket.h: the text that a channel's support asks for: what fails, since when, how often, and three calls of it with both ids and UTC times.
 *
 * No secret and no buyer is in it: addresses of requests are given without their query, texts are looked through for mail addresses and telephone
 * numbers.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

/* About an incident ("I-7"), a failure ("job:12", "inbox:7"), an attempt, or any id that find knows calls by. FAULT_REFUSED: no call is behind it. */
enum fault ticket_text(struct store *s, const char *id, int64_t now_ms, struct arena *a, const char **out, struct err *err);

#endif
