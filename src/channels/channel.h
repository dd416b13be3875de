#ifndef TALLYMAN_CHANNEL_H
#define TALLYMAN_CHANNEL_H
/*
 * channel.h: a channel is a table of things we can say.
 *
 * ask turns jobs into one HTTP request, hear turns its answer into news. Both are pure: no socket, no SQL, no clock, no
 * malloc outside the arena. That is why one adapter can be tested with two text files, fuzzed with raw bytes, and run
 * against the sandbox or the real thing unchanged.
 */
#include "base/arena.h"
#include "base/err.h"
#include "net/http.h"
#include "trade/jobs.h"
#include "trade/news.h"
#include "trade/verbs.h"

#include <stdbool.h>
#include <stdint.h>

/* An account with its secrets opened: lives in the engine only. */
struct account {
	int64_t id;
	const char *name, *channel;
	const char *base_url, *token_url;
	const char *client_id, *client_secret, *refresh_token;
	const char *access_token;        /* "" until there is one */
	const char *seller_id;           /* Amazon's merchant token */
	const char *const *marketplace;  /* Amazon: marketplace ids, each its own offer */
	int marketplaces;
	const char *ship_node;           /* Walmart: the node quantities are put at, "" for the default one */
	const char *service_name;        /* Walmart: WM_SVC.NAME */
	const char *channel_type;        /* Walmart: WM_CONSUMER.CHANNEL.TYPE, "" when none was given */
	const char *counts_file;         /* local: the warehouse's CSV */
	const char *token_id, *token_secret; /* NetSuite: the pair of its token-based authentication; "" when OAuth 2.0 is used */
	const char *private_key;         /* NetSuite: PEM, what signs for a token of OAuth 2.0; "" without one */
	const char *certificate_id;      /* NetSuite: of the certificate that goes with it */
	int64_t offset_ms;               /* their clock minus ours, as last told: what is signed carries their time */
	const char *tenant;              /* CartonCloud: the tenant's UUID; NetSuite: the account number, 123456_SB1 */
	const char *customer;            /* CartonCloud: whose stock it is */
	const char *const *place;        /* their locations or warehouses that are ours to read or write, in the account's own order */
	int places;
	bool notify_customer;            /* Shopify: they write to the buyer when a package is told */
	bool zero_attested;              /* eBay: the owner attested that a listing at zero stays listed (out-of-stock control) */
	const char *ca_file;
};

struct batch { /* jobs of one account and one verb */
	const struct job *job;
	int n;
	int64_t now_ms; /* the moment of asking: bodies that carry a time take it from here */
};

struct speech {
	const char *op; /* row of data/limits.csv */
	/* FAULT_REFUSED: it cannot be said (a carrier without a URL, say); err tells a person why. */
	enum fault (*ask)(const struct account *, struct batch, struct request *, struct err *);
	/*
	 * OK: news holds facts and a receipt for each job that needs one. Another fault: none of it was understood or
	 * accepted; err says what they said in our words.
	 */
	enum fault (*hear)(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
	int batch_max;       /* jobs that fit in one request */
	bool repeatable;     /* saying it twice does no harm */
	enum verb check;     /* the read that resolves an unsure one and proves an accepted one; VERBS: none */
	int64_t patience_ms; /* "not there" counts only after this long since the write */
};

/* How a channel takes many quantities at once (VERB_BULK), where it does. Its most items in one feed: `batch` of the operation's row. */
struct bulk_rules {
	const char *type;    /* what their list calls such a feed, or begins with; "" for any */
	int64_t later_ms;    /* so much later than a single call it is live, usually; what was measured overrules it */
	int64_t settle_ms;   /* from handed in to visible, at most: their own word */
	int64_t stuck_ms;    /* older than this, decreases take the second path */
	int64_t lost_ms;     /* the answer was lost, and their list, read so long after, does not show it: it was never taken */
	bool by_market;      /* a feed is of one marketplace */
};

struct channel {
	const char *name;        /* "walmart" */
	const char *title;       /* "Walmart Marketplace US" */
	const char *base_url, *token_url; /* production */
	const char *const *production_hosts; /* NULL-terminated: what a sandbox profile may never reach */
	bool signs;              /* an account that has a pair of tokens (token_id) signs each request and fetches no token */
	bool crowd_refuses_login; /* of too many requests at once they refuse one as a bad login: not believed when one was good a moment ago */
	bool is_truth;           /* a source of counts, not a marketplace */
	bool acknowledges;       /* has such a thing as an acknowledgement */
	const char *const *pools; /* VERB_ORDERS is asked once for each (payload pool=), NULL-terminated; NULL: one list holds all */
	bool lists_by_market;    /* VERB_STOCK_LIST is asked once for each marketplace of the account (payload marketplace=) */
	int64_t settle_ms;       /* from accepted to visible, at most */
	int64_t poll_ms;         /* orders: no oftener than this */
	struct bulk_rules bulk;
	int64_t window_ms;       /* changes are gathered so long before they are said; 0: 10 seconds */
	struct speech say[VERBS]; /* an empty row: this channel has no such verb */
};

/* All of them; NULL past the end. The engine knows no channel by name. */
const struct channel *channel_at(int i);
const struct channel *channel_find(const char *name); /* NULL: no such channel */
const char *channel_names(struct arena *a);           /* "walmart, amazon, ...", for a person who may choose */

extern const struct channel channel_walmart, channel_amazon, channel_ebay, channel_shopify, channel_netsuite, channel_cartoncloud, channel_local;

#endif
