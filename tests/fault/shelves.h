#ifndef TALLYMAN_TESTS_SHELVES_H
#define TALLYMAN_TESTS_SHELVES_H
/* shelves.h: the simulated shelves and listings, for tests that do not know which marketplace they are about. */
#include "tests/fault/day.h"

/* The first place of a channel where the seller's own goods are offered, "ebay/us"; NULL: it sells nothing. */
const char *shelf_place(const char *channel);

/* A product that is offered at a place; what its listing there shows; its SKU. */
int shelf_offered(struct day *d, const char *place);
int64_t shelf_shown(struct day *d, const char *place, int product);
bool shelf_settled(struct day *d, const char *place, int product); /* all that was said of it there has taken effect */
const char *shelf_sku(struct day *d, int product);

/* Who keeps goods for that channel ("local": in the file) counts a product anew; false: nobody does. */
bool shelf_recount(struct day *d, const char *channel, int product, int qty);

/* Which product an order is of; the buyer takes it back, and the platform puts its units on sale again at once. */
int shelf_ordered(struct day *d, int order);
void shelf_cancel(struct day *d, int order);
int shelf_unsent(struct day *d, int order); /* units of its first line that are here still */

/* Somebody sends so many units of the order's first line and says so in the platform's own pages. */
void shelf_send(struct day *d, int order, int qty, const char *tracking);

/* A platform lists it no more, as if it never had; the ERP says that it is not sold any more. */
void shelf_delist(struct day *d, const char *channel, int product);
void shelf_retire(struct day *d, int product);

/* An item of which the store believes another number than is free on all shelves, in words; NULL: none. */
const char *shelf_differs(struct day *d);

#endif
