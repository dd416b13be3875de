#include "net/url.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Without memory an address would have no host and a reading of it be refused for good: the process ends and begins anew, as with every allocation. */
static bool is_well(CURLUcode c)
{
	if (c == CURLUE_OUT_OF_MEMORY)
		abort();
	return c == CURLUE_OK;
}

/* Is there such a part? out is "" when it is not, or does not fit. */
static bool url_part(const char *url, CURLUPart part, unsigned flags, char *out, size_t cap)
{
	CURLU *u = curl_url();
	char *value = NULL;
	bool found;

	if (!u)
		abort();
	out[0] = '\0';
	found = is_well(curl_url_set(u, CURLUPART_URL, url, 0)) && is_well(curl_url_get(u, part, &value, flags)) && value;
	if (found && strlen(value) < cap)
		memcpy(out, value, strlen(value) + 1);
	curl_free(value);
	curl_url_cleanup(u);
	return found;
}

void url_scheme(const char *url, char *out, size_t cap)
{
	url_part(url, CURLUPART_SCHEME, 0, out, cap);
}

int url_port(const char *url)
{
	char port[8];
	int64_t n = 0;

	url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
	return text_int(port, 1, UINT16_MAX, &n) ? (int)n : 0;
}

bool url_has_user(const char *url)
{
	char user[8];

	return url_part(url, CURLUPART_USER, 0, user, sizeof user);
}

void url_host(const char *url, char *out, size_t cap)
{
	url_part(url, CURLUPART_HOST, 0, out, cap);
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

bool url_is_loopback(const char *url)
{
	char host[256];
	struct in_addr v4;

	url_host(url, host, sizeof host);
	if (!strcmp(host, "localhost") || !strcmp(host, "[::1]")) /* libcurl answers "localhost" itself, without the resolver */
		return true;
	return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}
