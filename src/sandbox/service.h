#ifndef TALLYMAN_SANDBOX_SERVICE_H
#define TALLYMAN_SANDBOX_SERVICE_H
/*
 * service.h: what the simulated platforms have in common: routes, quotas, tokens.
 *
 * A platform is a table of routes. Each call is let in (token, headers), charged to its
 * quota, answered, and marked with the headers of its platform.
 */
#include "sandbox/call.h"
#include "sandbox/quota.h"
#include "sandbox/world.h"

/* Operations by what they do: faults are asked for by these names. */
enum group {
	GROUP_TOKEN, GROUP_ORDERS, GROUP_ORDER, GROUP_ACK, GROUP_SHIP, GROUP_CANCEL, GROUP_STOCK, GROUP_PUSH, GROUP_FEEDS,
	GROUP_POOL,     /* stock in the platforms' own warehouses */
	GROUP_BULK,     /* quantities by the file */
	GROUP_PRODUCTS,
	GROUP_DISPATCH, /* a warehouse's orders */
	GROUP_STATUS,   /* what a platform says of its own health */
	GROUP_REPORT,   /* a warehouse's or the ERP's stock */
	GROUPS
};

extern const char *const group_names[GROUPS]; /* "token" "orders" "order" "ack" "ship" "cancel" "stock" "push" "feeds" ... */

struct service;
struct jws_key;

struct route {
	const char *method, *path;
	enum group group;
	struct quota_rule quota;
	void (*answer)(struct service *s, struct call *c);
};

enum { ROUTES_MAX = 24, TOKENS_MAX = 64, UNDER_WAY_MAX = 32, NONCES_MAX = 1024, PURSES_MAX = 4 };

struct access {
	char value[200];
	int64_t from_ms, until_ms;
};

struct service {
	enum platform platform;
	struct world *world;
	const struct route *route;
	int routes;
	struct quota quota[ROUTES_MAX];
	struct access access[TOKENS_MAX]; /* the last ones given out; all are good until they expire or are revoked */
	int given;
	const char *client_id, *client_secret, *refresh_token, *seller_id, *tenant, *token_id, *token_secret;
	const struct jws_key *certificate; /* NetSuite: whose signatures are taken; to a NULL kid */
	const char *lacks; /* NetSuite: a record that this account does not have, for want of a feature; NULL: it has all */
	const char *broken, *barred; /* its codes for a fault of its own and for a missing permission */
	int64_t next_request; /* numbers the answers */
	int64_t under_way[UNDER_WAY_MAX]; /* NetSuite: until when each of its places is taken */
	uint64_t nonce[NONCES_MAX];       /* and the nonces that were used, as hashes; the oldest are forgotten */
	int nonces;
	const char *why; /* what was wrong with the last login; it is not told */
	struct quota purse[PURSES_MAX]; /* what several routes share: eBay's budget of an API and day, Shopify's points */
	/* Is the caller known? When not, it has answered. */
	bool (*let_in)(struct service *s, const struct route *route, struct call *c);
	/* Which of the routes under one path a call means; NULL: there is one to a path. */
	enum group (*group_of)(const struct call *c);
	/* Which purse a route's calls are taken from together with others'; NULL: each route has a quota of its own. */
	int (*purse_of)(const struct route *route);
	/* The platform's way to say no. */
	void (*refuse)(struct call *c, int status, const char *code, const char *message);
	/* Its headers about the quota, on every answer; NULL: it has none. */
	void (*mark)(struct service *s, const struct route *route, struct call *c, int64_t left, int64_t next_ms);
	void (*throttle)(struct service *s, struct call *c, int64_t next_ms);
};

/* The route of a call; NULL: there is none, and *known says whether the path exists under another method. */
const struct route *service_route(const struct service *s, const struct call *c, bool *known);

/* Let in and charge. false: it is not, and has been told so. */
bool service_admit(struct service *s, const struct route *route, struct call *c);
/* The same, and answer. */
void service_serve(struct service *s, const struct route *route, struct call *c);

const struct access *access_give(struct service *s, const char *prefix, int64_t life_ms);
/* Answer with one, as OAuth 2.0 has it (RFC 6749 5.1). */
void access_answer(struct service *s, struct call *c, const char *prefix, const char *type, int life_s);
/* NULL: it never was, has expired, or was revoked. */
const struct access *access_find(const struct service *s, const char *value);
void access_revoke(struct service *s);

/* A write that reached the platform: count it; pool says that it is meant for goods that must not be written. */
void service_write(struct service *s, enum count kind, bool pool);

struct service walmart_service(struct world *w);
struct service amazon_service(struct world *w);
struct service ebay_service(struct world *w);
struct service shopify_service(struct world *w);
struct service cartoncloud_service(struct world *w);
struct service netsuite_service(struct world *w);

/* The credentials of the simulated seller: no secret, they open nothing but this simulation. */
#define SANDBOX_WALMART_ID "sandbox-walmart-client"
#define SANDBOX_WALMART_SECRET "sandbox-walmart-secret"
#define SANDBOX_AMAZON_ID "amzn1.application-oa2-client.sandbox"
#define SANDBOX_AMAZON_SECRET "sandbox-amazon-secret"
#define SANDBOX_AMAZON_REFRESH "Atzr|sandbox-refresh-token"
#define SANDBOX_AMAZON_SELLER "A2SANDBOXSELLER"
#define SANDBOX_EBAY_ID "HarborPi-sandbox-PRD-000000000-00000000"
#define SANDBOX_EBAY_SECRET "sandbox-ebay-secret"
#define SANDBOX_EBAY_REFRESH "v^1.1#i^1#sandbox-refresh-token"
#define SANDBOX_SHOPIFY_ID "sandbox-shopify-client"
#define SANDBOX_SHOPIFY_SECRET "sandbox-shopify-secret"
#define SANDBOX_CARTONCLOUD_ID "sandbox-cartoncloud-client"
#define SANDBOX_CARTONCLOUD_SECRET "sandbox-cartoncloud-secret"
#define SANDBOX_CARTONCLOUD_TENANT "b9a6f5d2-41c7-4e09-8c3b-2f7d1e5a6c90"
#define SANDBOX_CARTONCLOUD_CUSTOMER "7c1dc057-9a0d-4e15-8a5e-000000000001"
#define SANDBOX_NETSUITE_ACCOUNT "1234567_SB1"
#define SANDBOX_NETSUITE_ID "sandbox-netsuite-consumer-key"
#define SANDBOX_NETSUITE_SECRET "sandbox-netsuite-consumer-secret"
#define SANDBOX_NETSUITE_TOKEN "sandbox-netsuite-token-id"
#define SANDBOX_NETSUITE_TOKEN_SECRET "sandbox-netsuite-token-secret"
#define SANDBOX_NETSUITE_REFRESH "sandbox-netsuite-refresh"
#define SANDBOX_NETSUITE_RSA "cert-rsa-2015" /* certificates by id; their private keys are printed in RFC 7515, A.2 and A.3 */
#define SANDBOX_NETSUITE_EC "cert-p256-2015"

#endif
