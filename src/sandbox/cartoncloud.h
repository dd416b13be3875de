#ifndef TALLYMAN_SANDBOX_CARTONCLOUD_H
#define TALLYMAN_SANDBOX_CARTONCLOUD_H
/* cartoncloud.h: the parts of the simulated CartonCloud, for each other. */
#include "sandbox/service.h"

/* [{"field","message"}]: an array, whatever the status. field NULL: none. */
void cartoncloud_refuse(struct call *c, int status, const char *field, const char *message);

void cartoncloud_report_start(struct service *s, struct call *c);
void cartoncloud_report_get(struct service *s, struct call *c);
void cartoncloud_products(struct service *s, struct call *c);
void cartoncloud_orders(struct service *s, struct call *c);
void cartoncloud_order(struct service *s, struct call *c);

/* The account's clock stands in California; nobody turns it in summer. */
enum { CARTONCLOUD_ZONE_MS = -8 * HOUR_MS };

/* What their ids are made of: a UUID holds what it is of, and its number. */
enum cartoncloud_id { ID_CUSTOMER = 0xc057, ID_WAREHOUSE = 0x3a4e, ID_PRODUCT = 0x94d0, ID_ORDER = 0x0a7b, ID_REPORT = 0x4e90 };

const char *cartoncloud_id(struct arena *a, enum cartoncloud_id kind, int number);
int cartoncloud_number(enum cartoncloud_id kind, const char *id); /* -1: none of these */

/* A page of a list: which of its elements, and the headers that say so. False when it was refused. */
bool cartoncloud_page(struct call *c, int64_t size_max, int64_t *page, int64_t *size);
void cartoncloud_page_headers(struct call *c, int64_t page, int64_t size, int total);

/* {"references":{"code"},"id","name"} members of a customer, a product. */
void cartoncloud_put_customer(struct call *c, struct json_out *o, const char *key);
void cartoncloud_put_warehouse(struct call *c, struct json_out *o, const char *key, enum depot d);

/* Units of measure: how many eaches each has for a product; 0: it has no such unit. */
enum unit { UNIT_EA, UNIT_INNER, UNIT_CTN, UNITS };
extern const char *const unit_names[UNITS];
int unit_eaches(int product, enum unit unit);

/*
 * Does a search condition hold for what has this value under a JSON pointer? look gives the value of a pointer, NULL
 * when there is none now, and sets *known to false when there never is one.
 */
struct searched {
	const struct world *world;
	struct arena *arena;
	int number;
	const char *(*look)(const struct searched *it, const char *pointer, bool *known);
};

/* A list that is searched: what of the first n things of the world is one of it, and how each is told. */
struct search {
	int64_t page_max;
	bool (*is_one)(const struct world *w, int number);
	const char *(*look)(const struct searched *it, const char *pointer, bool *known);
	void (*put)(const struct world *w, struct call *c, struct json_out *o, int number);
};

/* Answer a search: the page of those for which the body's condition holds. */
void cartoncloud_search(const struct world *w, struct call *c, const struct search *what, int n);

#endif
