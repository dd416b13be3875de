#ifndef TALLYMAN_SANDBOX_AMAZON_H
#define TALLYMAN_SANDBOX_AMAZON_H
/* amazon.h: the parts of the simulated Selling Partner API, for each other. */
#include "sandbox/service.h"

/* {"errors":[{"code","message","details"}]} */
void amazon_refuse(struct call *c, int status, const char *code, const char *message);

void amazon_search(struct service *s, struct call *c);
void amazon_order(struct service *s, struct call *c);
void amazon_confirm(struct service *s, struct call *c);
void amazon_listing_get(struct service *s, struct call *c);
void amazon_listing_patch(struct service *s, struct call *c);
void amazon_listing_search(struct service *s, struct call *c);

/* The datasets of an order that are sent only when asked for. */
enum dataset { DATA_BUYER = 1, DATA_RECIPIENT = 2, DATA_PROCEEDS = 4, DATA_CANCELLATION = 8, DATA_FULFILLMENT = 16, DATA_PACKAGES = 32 };

/* includedData as a set of enum dataset; -1: it names one that does not exist. */
int amazon_datasets(const struct call *c);

const char *amazon_status(const struct world *w, const struct order *o);
void amazon_put_order(const struct world *w, struct arena *a, struct json_out *o, const char *key, int order, int datasets);

/* The first of the marketplaces asked for that is one of ours; PLACES: none. */
enum place amazon_place(const struct call *c);

#endif
