#ifndef TALLYMAN_SANDBOX_AMAZON_H
#define TALLYMAN_SANDBOX_AMAZON_H
/* amazon.h: the parts of the simulated Selling Partner API, for each other. */
#include "sandbox/service.h"

/* Where files are put and fetched: a store beside the API, which knows no tokens but the one in the address. */
#define AMAZON_STORE "/tortuga-prod-na/"

/* {"errors":[{"code","message","details"}]} */
void amazon_refuse(struct call *c, int status, const char *code, const char *message);

void amazon_search(struct service *s, struct call *c);
void amazon_order(struct service *s, struct call *c);
void amazon_confirm(struct service *s, struct call *c);
void amazon_listing_get(struct service *s, struct call *c);
void amazon_listing_patch(struct service *s, struct call *c);
void amazon_listing_search(struct service *s, struct call *c);

void amazon_document_make(struct service *s, struct call *c);
void amazon_document_put(struct service *s, struct call *c);
void amazon_feed_make(struct service *s, struct call *c);
void amazon_feeds(struct service *s, struct call *c);
void amazon_feed(struct service *s, struct call *c);
void amazon_feed_cancel(struct service *s, struct call *c);
void amazon_report(struct service *s, struct call *c);
void amazon_report_get(struct service *s, struct call *c);
void amazon_fba(struct service *s, struct call *c);

/* What a patch or a message of a feed asks for, or the issue it has. */
struct wish {
	int64_t qty, lead_days;
	bool replace, lead; /* replace: what is not named is lost */
	const char *issue, *code, *category;
};

void wish_value(const struct json *value, struct wish *wish); /* of fulfillment_availability */
void wish_patch(const struct json *patch, struct wish *wish);
void wish_check(const struct world *w, const struct json *body, const struct listing *l, struct wish *wish); /* does it suit the listing? */
void wish_lead(struct world *w, int listing, const struct wish *wish);

/* The listing of a product in a marketplace: the seller's own, or Amazon's pool. -1: none. */
int amazon_listing(const struct world *w, int product, enum place place);

/* The datasets of an order that are sent only when asked for. */
enum dataset { DATA_BUYER = 1, DATA_RECIPIENT = 2, DATA_PROCEEDS = 4, DATA_CANCELLATION = 8, DATA_FULFILLMENT = 16, DATA_PACKAGES = 32 };

/* includedData as a set of enum dataset; -1: it names one that does not exist. */
int amazon_datasets(const struct call *c);

const char *amazon_status(const struct world *w, const struct order *o);
void amazon_put_order(const struct world *w, struct arena *a, struct json_out *o, const char *key, int order, int datasets);

/* The first of the marketplaces asked for that is one of ours; PLACES: none. */
enum place amazon_place(const struct call *c);

#endif
