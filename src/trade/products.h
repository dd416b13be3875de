#ifndef TALLYMAN_PRODUCTS_H
#define TALLYMAN_PRODUCTS_H
/*
 * products.h: items as a source of truth has them: above all how many eaches its units of measure hold.
 */
#include "base/err.h"
#include "trade/cause.h"

#include <stdint.h>

struct store;
struct product;

/* FAULT_FORMAT: no SKU, or a unit that holds no whole number of eaches; nothing was written. */
enum fault product_tell(struct store *s, int64_t account, const struct product *p, const struct cause *why, struct err *err);

/* Eaches in this unit by the account's own word; 0: it never said. */
enum fault product_eaches(struct store *s, int64_t account, const char *sku, const char *unit, int64_t *eaches, struct err *err);

#endif
