#ifndef TALLYMAN_MARKETPLACES_H
#define TALLYMAN_MARKETPLACES_H
/*
 * marketplaces.h: how a person calls the site of an offer: of an account's marketplaces which (data/marketplaces.csv), of its places which.
 */
#include "base/csv.h"

struct store;
struct offer;

struct marketplaces {
	struct csv table;
};

/* Once for as many offers as there are to be called something. */
struct marketplaces marketplaces_load(struct arena *a);

/* "A1AM78C64UM0Y8" is "MX"; one that has no word of its own stands as the platform calls it. "" for an account that is named for it: "walmart-us", "US". */
const char *marketplace_word(const struct marketplaces *m, const char *account, const char *marketplace);

/*
 * Fill in o->site: "MX", "oakland", "MX oakland", "". A place is named only where the SKU is at another one of the same account and marketplace too: by
 * our own place that stands for it, else as the platform numbers it.
 */
enum fault offer_site(struct store *s, const struct marketplaces *m, struct offer *o, struct arena *a, struct err *err);
enum fault offers_site(struct store *s, struct offer *o, int n, struct arena *a, struct err *err);

/* "amazon-na MX" */
const char *offer_where(const struct offer *o, struct arena *a);

#endif
