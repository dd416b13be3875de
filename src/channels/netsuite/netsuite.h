#ifndef TALLYMAN_NETSUITE_H
#define TALLYMAN_NETSUITE_H
/*
 * netsuite.h: what the files of this folder share.
 *
 * NetSuite is an ERP: a source of truth, of which nothing is asked but reading, all of it by SuiteQL (POST
 * /services/rest/query/v1/suiteql). Oracle publishes no contract file that can be fetched; facts are from its REST API Browser 2026.1 and help
 * pages ("SuiteTalk REST Web Services", "Token-based Authentication"), read 2026-11.
 *
 * The account's tenant is NetSuite's account number, 123456_SB1: in a host it is written 123456-sb1, as a realm 123456_SB1.
 */
#include "channels/answer.h"

extern const char netsuite_base_url[], netsuite_token_url[]; /* to which the account's number is put in front */

/* What signs a request by token-based authentication: OAuth 1.0a with HMAC-SHA256 (RFC 5849; SHA-1 ended with 2023.1). */
struct netsuite_tba {
	const char *consumer, *consumer_secret, *token, *token_secret;
	const char *realm, *nonce;
	int64_t at_s; /* epoch seconds by their clock; they take five minutes of difference */
};

/* The value of the Authorization header. url: with its query, percent-encoded. Neither the realm nor a JSON body is signed. */
char *netsuite_tba_header(struct arena *a, const char *method, const char *url, const struct netsuite_tba *by);

/* ---- OAuth 2.0 (assertion.c) ---- */

/*
 * The JWT that asks for a token by the client credentials grant: signed with the private key of a certificate that NetSuite knows by certificate_id,
 * PS256 or ES256 by what kind of key it is. NULL with err: the account's key or words will not do.
 */
char *netsuite_assertion(struct arena *a, const struct account *acc, int64_t now_ms, struct err *err);

/* The host of an account's own: "https://123456-sb1." before the rest of a standard address; one that was configured stands as it is. */
const char *netsuite_host(struct arena *a, const struct account *acc, const char *url, const char *standard);
bool netsuite_given(const char *s);

/*
 * Where a list is being read. Lists are ordered by a unique key and read by offset, each page from the last row of the one before: when that row is
 * not there any more, the list has moved up under the reader and something may have been missed, so it is read again from its start. started_ms: when
 * its first page was asked for; all pages are told as of then, and share it as the name of their reading.
 */
struct netsuite_page {
	int64_t offset, started_ms, key[2];
	int64_t heard_ms; /* when this page came */
};

/* Send a query; its ORDER BY is the key that netsuite_rows is told. */
enum fault netsuite_query(const struct account *acc, struct batch b, struct request *r, const char *sql, struct err *err);

/* A list as it is heard: its unique key (the second column may be NULL), and who takes a row. A bad row parks itself. */
struct netsuite_list {
	const char *key1, *key2;
	void (*take)(struct news *n, struct spot row, const struct netsuite_page *page);
	bool counts; /* its pages are one reading of stock */
	const char *whole; /* rows of one key1 are told together, on one page, under the name in this column; NULL: each is for itself */
};

/* Every row that the page before did not have is taken; has_page, next_page, a reading of stock, and the clock are filled in. */
enum fault netsuite_rows(const struct account *acc, struct batch b, const struct reply *r, struct news *n, const struct netsuite_list *list,
                         struct err *err);

/* Without a tenant there is no address. */
enum fault netsuite_check(const struct account *acc, struct err *err);

enum fault netsuite_token_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_token_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault netsuite_ping_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_ping_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault netsuite_places_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_places_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault netsuite_products_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_products_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault netsuite_counts_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_counts_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault netsuite_dispatches_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault netsuite_dispatches_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);

#endif
