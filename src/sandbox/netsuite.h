#ifndef TALLYMAN_SANDBOX_NETSUITE_H
#define TALLYMAN_SANDBOX_NETSUITE_H
/* netsuite.h: the parts of the simulated NetSuite, for each other. */
#include "sandbox/jws.h"
#include "sandbox/service.h"

/* {"type","title","status","o:errorDetails":[{"detail","o:errorCode"}]} */
void netsuite_refuse(struct call *c, int status, const char *code, const char *detail);

/* Is the call signed as token-based authentication wants it, by whom we know? NULL: yes; else what is wrong. */
const char *netsuite_signed(struct service *s, struct call *c);

/* What an OAuth 1.0a signature of these signs (RFC 5849, 3.4.1), and with which key. */
const char *oauth_base_string(struct arena *a, const char *method, const char *url, const struct param *param, int n);
const char *oauth_key(struct arena *a, const char *consumer_secret, const char *token_secret);

/* POST /services/rest/auth/oauth2/v1/token: for an assertion, or for a refresh token. */
void netsuite_token(struct service *s, struct call *c);

extern const struct jws_key netsuite_certificates[]; /* that were uploaded; to a NULL kid */

void netsuite_suiteql(struct service *s, struct call *c);

#endif
