#ifndef TALLYMAN_URL_H
#define TALLYMAN_URL_H
/*
 * url.h: what an address says, read by the parser that will also be used to connect: two parsers that differ are a way past a check.
 */
#include <stdbool.h>
#include <stddef.h>

/* The host of a URL in lower case, "" when it has none; out holds at least cap bytes. */
void url_host(const char *url, char *out, size_t cap);

/* "https", in lower case; "" when it has none. */
void url_scheme(const char *url, char *out, size_t cap);

/* "https://host:8443/" is 8443; without one, the one of its scheme; 0 when there is none. */
int url_port(const char *url);

/* Does it carry a name and password for its host? */
bool url_has_user(const char *url);

/* Is the URL's host a loopback address or name? */
bool url_is_loopback(const char *url);

#endif
