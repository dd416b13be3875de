#ifndef TALLYMAN_TOKEN_H
#define TALLYMAN_TOKEN_H
/*
 * token.h: the OAuth 2 answer (RFC 6749 section 5), which every channel here gives; and their clock.
 */
#include "channels/answer.h"

/*
 * access_token and expires_in into news. A token becomes a header of every later request, so only what RFC 6750 lets a token
 * hold is taken. A refusal here (400, 401, 403) is FAULT_AUTH: no newer token would help.
 */
enum fault token_take(const struct manners *m, const struct asked *q, const struct reply *r, struct news *n, struct err *err);

/* Their Date header against the moment of the reply: news.offset_ms, to the second. */
void token_clock(const struct reply *r, struct news *n);

#endif
