#ifndef TALLYMAN_SANDBOX_EBAY_H
#define TALLYMAN_SANDBOX_EBAY_H
/* ebay.h: the parts of the simulated eBay, for each other. */
#include "sandbox/service.h"

enum { EBAY_BULK_MAX = 25, EBAY_REVISIONS_A_DAY = 250 };

/* One element of errors[]: what eBay calls it, and what it was about. */
struct ebay_error {
	int64_t id;
	const char *domain, *message, *name, *value; /* name, value: a parameter, NULL for none */
};

void ebay_put_errors(struct json_out *o, const struct ebay_error *e, const char *category);
/* {"errors":[...]} */
void ebay_say_no(struct call *c, int status, struct ebay_error e);

/* limit from 1 to max and offset; when they are none it has answered. */
bool ebay_page(struct call *c, int64_t max, int64_t otherwise, int64_t *limit, int64_t *offset, int64_t error, const char *domain);
/* "https://host/path?..." of this request with another offset, as eBay writes href, next and prev. */
const char *ebay_href(struct call *c, int64_t limit, int64_t offset);

void ebay_put_amount(struct json_out *o, struct arena *a, const char *key, int64_t minor, const char *currency);

void ebay_orders(struct service *s, struct call *c);
void ebay_order(struct service *s, struct call *c);
void ebay_put_order(const struct world *w, struct call *c, struct json_out *o, int order, bool alone);

/* How far an order or a line of it has been shipped. */
const char *ebay_order_status(const struct world *w, const struct order *o);

void ebay_ship(struct service *s, struct call *c);
void ebay_fulfillments(struct service *s, struct call *c);
void ebay_fulfillment(struct service *s, struct call *c);
/* The number that eBay gives a fulfilment: the tracking number, or one of its own. */
const char *ebay_fulfillment_id(const struct world *w, struct arena *a, int shipment);

void ebay_items(struct service *s, struct call *c);
void ebay_item(struct service *s, struct call *c);
void ebay_items_bulk(struct service *s, struct call *c);
void ebay_group(struct service *s, struct call *c);
void ebay_offers(struct service *s, struct call *c);
void ebay_offer(struct service *s, struct call *c);
void ebay_locations(struct service *s, struct call *c);
void ebay_update(struct service *s, struct call *c);

/* Numbers that eBay gives: of an offer, of the listing it is part of, of the variation. */
const char *ebay_offer_id(struct arena *a, int listing);
int ebay_offer_by_id(const struct world *w, const char *id); /* the listing; -1: none */
const char *ebay_listing_id(const struct world *w, struct arena *a, int listing);
/* The first listing of the multi-variation listing that this one belongs to; itself when it stands alone. */
int ebay_head(const struct world *w, int listing);

#endif
