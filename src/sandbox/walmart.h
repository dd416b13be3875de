#ifndef TALLYMAN_SANDBOX_WALMART_H
#define TALLYMAN_SANDBOX_WALMART_H
/* walmart.h: the parts of the simulated Walmart Marketplace, for each other. */
#include "sandbox/service.h"

/*
 * Walmart says no in three shapes: the gateway {"error":[...]}, the order service {"errors":{"error":[...]}}, all others
 * {"errors":[...]} (the last from the contract of 2024-12-25; the first two as clients reported them, 2018..2025).
 */
void walmart_gateway_refuse(struct call *c, int status, const char *code, const char *info);
void walmart_order_refuse(struct call *c, int status, const char *field, const char *description);
void walmart_refuse(struct call *c, int status, const char *code, const char *description);

void walmart_orders(struct service *s, struct call *c);
void walmart_released(struct service *s, struct call *c);
void walmart_order(struct service *s, struct call *c);
void walmart_ack(struct service *s, struct call *c);
void walmart_ship(struct service *s, struct call *c);
void walmart_cancel(struct service *s, struct call *c);
void walmart_inventory_get(struct service *s, struct call *c);
void walmart_inventory_put(struct service *s, struct call *c);
void walmart_inventories(struct service *s, struct call *c);
void walmart_nodes_get(struct service *s, struct call *c);
void walmart_nodes_put(struct service *s, struct call *c);
void walmart_feeds(struct service *s, struct call *c);
void walmart_feed(struct service *s, struct call *c);
void walmart_upload(struct service *s, struct call *c);
void walmart_wfs(struct service *s, struct call *c);

/* A quantity {"unit":"EACH","amount":N}; -1: it is none. The listing of a SKU at a place; -1: none. */
int walmart_units(const struct json *v);
int walmart_listing(const struct world *w, const char *sku, enum place place);

/* One order as Walmart writes it; key NULL inside an array. */
void walmart_put_order(const struct world *w, struct arena *a, struct json_out *o, const char *key, int order, bool replacement);

#endif
