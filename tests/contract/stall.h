#ifndef TALLYMAN_TESTS_STALL_H
#define TALLYMAN_TESTS_STALL_H
/*
 * stall.h: the simulated marketplaces as a contract case sees them. (sandbox/world.h and trade/ call different things by the
 * same names, so no file includes both.)
 */
#include "base/arena.h"
#include "net/listen.h"

#include <stdbool.h>

struct stall;

struct stall *stall_open(const char *channel); /* for the cases of one channel */
void stall_close(struct stall *s);

/* Send it; the answer lives in a. */
void stall_ask(struct stall *s, const char *channel, struct arena *a, const struct request *r, struct served *out);

/* A mishap of sandbox/faults.h for the next call alone. */
void stall_fault(struct stall *s, const char *text);

/* Is there such a marketplace here? */
bool stall_knows(const char *channel);

/* What there is to speak of: an order not yet acknowledged (acked: one that is), its first line, a SKU and its product type, a feed. */
const char *stall_order(struct stall *s, const char *channel, bool acked, struct arena *a, const char **line);
const char *stall_sku(struct stall *s, const char *channel);
const char *stall_type(struct stall *s, const char *channel);
const char *stall_feed(struct stall *s);

/* eBay's number of that SKU's offer. */
const char *stall_offer(struct stall *s, struct arena *a);

/* Shopify's number of a kind ("Order", "InventoryItem" ...): of what the newest order or the first product has. */
const char *stall_number(struct stall *s, struct arena *a, const char *kind);
int stall_shown(struct stall *s); /* of that product, at the first location */

/* CartonCloud: the tenant, whose goods they are, and a run of the stock report, ready to be read or not. NetSuite: the account. */
/* Of a platform that has requests signed. */
const char *stall_token_id(void);
const char *stall_token_secret(void);
int64_t stall_offset(const struct stall *s, int64_t now_ms); /* its clock minus the case's */

/* NetSuite: the certificate that a private key goes with; from now on the account has no such record. */
const char *stall_certificate(const char *private_key);
void stall_lack(struct stall *s, const char *record);

const char *stall_tenant(const char *channel);
const char *stall_customer(void);
const char *stall_run(struct stall *s, struct arena *a, const char *token, bool ready);

/* The credentials that open it. */
const char *stall_id(const char *channel);
const char *stall_secret(const char *channel);
const char *stall_refresh(const char *channel);
const char *stall_seller(void);
const char *stall_token(struct stall *s, const char *channel);

#endif
