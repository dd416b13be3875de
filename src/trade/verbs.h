#ifndef TALLYMAN_VERBS_H
#define TALLYMAN_VERBS_H
/*
 * verbs.h: what can be said to a channel, or asked of it.
 */
#include "base/lane.h"

#include <stdbool.h>

enum verb {
	VERB_TOKEN,      /* a new access token */
	VERB_PING,       /* the heartbeat read; where the platform has one: our scopes */
	VERB_ORDERS,     /* orders changed in a window of time, page by page */
	VERB_ORDER,      /* one order: the read-back of ack, ship, cancel */
	VERB_ACK,        /* acknowledge one order */
	VERB_SHIP,       /* confirm one package */
	VERB_CANCEL,     /* cancel lines */
	VERB_STOCK,      /* say one offer's quantity */
	VERB_PREVIEW,    /* have a quantity validated without effect */
	VERB_STOCK_READ, /* what does one offer show */
	VERB_STOCK_LIST, /* what do all offers show, page by page */
	VERB_FEEDS,      /* the feeds of the last days */
	VERB_FEED,       /* one feed's verdict, item by item */
	VERB_COUNTS,     /* the counts of a warehouse */
	VERBS
};

const char *verb_name(enum verb v); /* "ship"; the word kept in the store */
enum verb verb_from_name(const char *name); /* VERBS when it is none */
bool verb_writes(enum verb v); /* does it change anything at the channel? */

#endif
