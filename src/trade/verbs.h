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
	VERB_STATUS,     /* how well they say that they are */
	VERB_ORDERS,     /* orders changed in a window of time, page by page */
	VERB_ORDER,      /* one order: the read-back of ack, ship, cancel */
	VERB_PARCELS,    /* how many units of each line left in the packages of one order, where its lines do not say */
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
	VERB_OFFER,      /* what stands behind one SKU: their numbers for its offers, and whether they may be written */
	VERB_PLACES,     /* their locations, nodes, warehouses */
	VERB_PRODUCTS,   /* items as the source of truth has them: numbers, units of measure, page by page */
	VERB_DISPATCHES, /* our orders as the warehouse has them: allocated, packed, gone */
	VERB_POOL,       /* stock that the channel holds and ships itself, page by page */
	VERB_RUN,        /* have a report made; its result is read later by another verb */
	VERB_QUOTA,      /* what is left of the day's calls, in their own words */
	VERB_BULK_OPEN,  /* a place to put a feed's bytes */
	VERB_BULK_PUT,   /* the bytes */
	VERB_BULK,       /* say many offers' quantities at once: the call that makes it so */
	VERB_BULK_REPORT, /* where its report lies */
	VERB_BULK_RESULT, /* the report, item by item */
	VERBS
};

const char *verb_name(enum verb v); /* "ship"; the word kept in the store */
enum verb verb_from_name(const char *name); /* VERBS when it is none */
bool verb_writes(enum verb v); /* does it change anything at the channel? */

#endif
