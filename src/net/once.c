#include "net/once.h"

#include "net/http.h"
#include "net/url.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static void set_once(CURL *e, const char *url, const char *protocols, long total_ms, char *why)
{
	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, http_rules.connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, total_ms);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, why);
}

static enum fault not_taken(struct err *err, CURLcode code, const char *why)
{
	return err_set(err, FAULT_NET, "%.160s", *why ? why : curl_easy_strerror(code));
}

static size_t drop_body(char *bytes, size_t size, size_t n, void *ctx)
{
	(void)bytes, (void)ctx;
	return size * n;
}

enum fault http_post_once(const char *url, const char *json, bool allow_http, long total_ms, struct err *err)
{
	struct curl_slist *lines = curl_slist_append(NULL, "Content-Type: application/json");
	char why[CURL_ERROR_SIZE] = "";
	CURL *e = curl_easy_init();
	long status = 0;
	CURLcode code;

	assert(e && lines);
	set_once(e, url, allow_http && url_is_loopback(url) ? "http,https" : "https", total_ms, why);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, lines);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "tallyman/" TALLYMAN_VERSION);
	curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, json);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop_body);
	code = curl_easy_perform(e);
	curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(e);
	curl_slist_free_all(lines);
	if (code != CURLE_OK)
		return not_taken(err, code, why);
	if (status >= 200 && status < 300)
		return OK;
	return err_set(err, status_fault((int)status) ? status_fault((int)status) : FAULT_REMOTE, "they answered %ld", status);
}

struct reading {
	const char *text;
	size_t left;
};

static size_t give_text(char *out, size_t size, size_t n, void *ctx)
{
	struct reading *r = ctx;
	size_t take = size * n < r->left ? size * n : r->left;

	memcpy(out, r->text, take);
	r->text += take;
	r->left -= take;
	return take;
}

/* "a@x b@y" as libcurl wants them. */
static struct curl_slist *recipients(const char *to)
{
	struct curl_slist *list = NULL;
	char one[320];

	for (const char *p = to; *p; p += strspn(p, " ,")) {
		size_t n = strcspn(p, " ,");

		snprintf(one, sizeof one, "<%.*s>", (int)n, p);
		list = curl_slist_append(list, one);
		p += n;
	}
	return list;
}

enum fault mail_send_once(const struct mail *m, bool allow_plain, long total_ms, struct err *err)
{
	bool plain = allow_plain && url_is_loopback(m->server);
	struct reading text = { m->text, strlen(m->text) };
	struct curl_slist *to = recipients(m->to);
	char why[CURL_ERROR_SIZE] = "";
	CURL *e = curl_easy_init();
	CURLcode code;

	assert(e);
	set_once(e, m->server, "smtp,smtps", total_ms, why);
	curl_easy_setopt(e, CURLOPT_USE_SSL, plain ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	curl_easy_setopt(e, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(e, CURLOPT_MAIL_RCPT, to);
	if (*m->user) {
		curl_easy_setopt(e, CURLOPT_USERNAME, m->user);
		curl_easy_setopt(e, CURLOPT_PASSWORD, m->password);
	}
	curl_easy_setopt(e, CURLOPT_READFUNCTION, give_text);
	curl_easy_setopt(e, CURLOPT_READDATA, &text);
	curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
	code = curl_easy_perform(e);
	curl_easy_cleanup(e);
	curl_slist_free_all(to);
	return code == CURLE_OK ? OK : not_taken(err, code, why);
}
