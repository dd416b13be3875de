#ifndef TALLYMAN_ONCE_H
#define TALLYMAN_ONCE_H
/*
 * once.h: one message, waited for to its end: for a process that does nothing else.
 *
 * The rules are those of http.h: TLS >= 1.2 with peer and host verified, no redirects, no proxy, no netrc. FAULT_NET with libcurl's words
 * when it was not taken; nothing is tried twice.
 */
#include "base/err.h"

#include <stdbool.h>

/* A POST of JSON, of which only the status is looked at. allow_http: plain http to loopback. total_ms: milliseconds until it is given up. */
enum fault http_post_once(const char *url, const char *json, bool allow_http, long total_ms, struct err *err);

struct mail {
	const char *server;           /* smtps://host:465, or smtp://host:587 which then must offer TLS */
	const char *from, *to;        /* to: one or more, a space between */
	const char *user, *password;  /* user "": no login */
	const char *text;             /* with its headers, lines ended by CR LF */
};

/* A mail by SMTP. allow_plain: without TLS to loopback. */
enum fault mail_send_once(const struct mail *m, bool allow_plain, long total_ms, struct err *err);

#endif
