#include "channels/answer.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *answer_word(struct arena *a, const char *s, size_t n)
{
	char *out = arena_alloc(a, n + 24);

	text_clean(out, n, s ? s : "");
	return out;
}

/* ---- is it the API that answers? ---- */

static bool starts_like(const char *body, const char *word)
{
	return !strncasecmp(body, word, strlen(word));
}

static bool is_web_page(const struct reply *r)
{
	const char *type = reply_header(r, "Content-Type"), *p = r->body;

	if (type && starts_like(type, "text/html"))
		return true;
	p += strspn(p, " \t\r\n");
	return starts_like(p, "<!doctype html") || starts_like(p, "<html") || starts_like(p, "<head");
}

static enum fault not_the_api(const struct asked *q, const struct reply *r, const char *what, struct err *err)
{
	return err_set(err, FAULT_ENDPOINT, "ENDPOINT_MISMATCH: %.100s answered %d with %s: it is not this API. Check the address of account %.24s",
	               q->base_url, r->status, what, q->account->name);
}

/* ---- words ---- */

const char *answer_safe(const struct account *acc, const char *text)
{
	const char *secret[] = { acc->access_token, acc->client_secret, acc->refresh_token, acc->token_secret, acc->private_key };

	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (secret[i] && strlen(secret[i]) >= 8 && strstr(text, secret[i]))
			return "(their words repeat a secret and are withheld)";
	return text;
}

/* "INVALID_REQUEST (sku): the item is not there; it was retired": what is there of the four, each once. */
static const char *words_of(struct arena *a, const struct asked *q, const struct reason *why)
{
	const char *part[] = { why->message, why->details };
	struct buf b = buf_new(a);

	buf_puts(&b, answer_word(a, why->code ? why->code : part[0] ? "" : "no code", 48));
	if (why->field && *why->field)
		buf_printf(&b, "%s(%s)", b.len ? " " : "", answer_word(a, why->field, 40));
	for (size_t i = 0; i < 2; i++) {
		if (!part[i] || !*part[i] || (i && part[0] && !strcasecmp(part[0], part[i])))
			continue;
		buf_printf(&b, "%s%s", i && part[0] ? "; " : b.len ? ": " : "", answer_word(a, part[i], i && part[0] ? 80 : 110));
		while (b.p[b.len - 1] == '.')
			b.p[--b.len] = '\0';
	}
	return answer_safe(q->account, b.p);
}

static bool speaks_of_token(const struct reason *why)
{
	const char *text[] = { why->code, why->message, why->details };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (text[i] && strcasestr(text[i], "token"))
			return true;
	return false;
}

/*
 * Amazon answers 403 to an expired token as well as to a missing role; only the details tell which: "The access token
 * you provided has expired" against none (amzn/selling-partner-api-docs issues 2147 and 52, read 2026-11).
 */
static enum fault forbidden(struct arena *a, const struct asked *q, const struct reason *why, const char *words, struct err *err)
{
	if (speaks_of_token(why))
		return err_set(err, FAULT_AUTH, "403 %s", answer_word(a, words, 200));
	return err_set(err, FAULT_REFUSED, "ROLE_MISSING: they do not let this application do it. Needed: %s. They say %s", q->role,
	               answer_word(a, words, 100));
}

static enum fault verdict(struct arena *a, const struct manners *m, const struct asked *q, const struct reply *r, const struct reason *why,
                          const char *words, struct err *err)
{
	switch (r->status) {
	case 401:
		return err_set(err, FAULT_AUTH, "401 %s. Check: %s", answer_word(a, words, 110), m->auth_checks);
	case 403:
		return forbidden(a, q, why, words, err);
	case 408:
		return err_set(err, FAULT_REMOTE, "408: they gave up waiting for our request");
	case 423:
	case 429:
		return err_set(err, FAULT_BUSY, "%d %s", r->status, answer_word(a, words, 200));
	default:
		return err_set(err, r->status >= 500 ? FAULT_REMOTE : FAULT_REFUSED, "%d %s", r->status, answer_word(a, words, 200));
	}
}

/* A no without the API's own shape: only some of them can come from the API's gateway. */
static enum fault shapeless(struct arena *a, const struct manners *m, const struct asked *q, const struct reply *r, struct err *err)
{
	static const struct reason none;

	if (r->status >= 500 || r->status == 429 || r->status == 408 || r->status == 423)
		return verdict(a, m, q, r, &none, "without a reason", err);
	if (r->status == 401 && !is_web_page(r))
		return verdict(a, m, q, r, &none, "without a reason", err);
	if (is_web_page(r))
		return not_the_api(q, r, "a web page", err);
	if (r->status < 400)
		return not_the_api(q, r, "a redirect", err);
	if (r->status == 400 || r->status == 413 || r->status == 415 || r->status == 422)
		return err_set(err, FAULT_REFUSED, "%d without a reason: the request is not what they expect", r->status);
	return not_the_api(q, r, "an error of another shape", err);
}

/* ---- the answer ---- */

enum fault answer_open(const struct manners *m, const struct asked *q, const struct reply *r, struct arena *a, const struct json **body,
                       struct err *err)
{
	struct reason why = { 0 };
	const struct json *no = NULL;

	*body = NULL;
	if (r->fault)
		return err_set(err, r->fault, "%s", r->text);
	if (r->status >= 200 && r->status < 300) {
		if (!r->body_len)
			return OK;
		if (is_web_page(r))
			return not_the_api(q, r, "a web page", err);
		return json_open(a, r->body, r->body_len, body, err);
	}
	if (json_open(a, r->body, r->body_len, &no, NULL) || !m->refusal(no, &why))
		return shapeless(a, m, q, r, err);
	return verdict(a, m, q, r, &why, words_of(a, q, &why), err);
}

bool answer_is_none(const struct manners *m, const struct reply *r, struct arena *a)
{
	struct reason why = { 0 };
	const struct json *no;

	return !r->fault && r->status == 404 && !json_open(a, r->body, r->body_len, &no, NULL) && m->refusal(no, &why);
}

enum fault answer_wrong(const struct reading *r, struct err *err)
{
	if (!r->path)
		return OK;
	return err_set(err, FAULT_FORMAT, "%.150s: %.80s", r->path, r->why);
}

void answer_park(struct news *n, const struct reading *r, const struct spot *element, const char *class, const char *subject)
{
	news_parked(n, class, answer_word(n->arena, subject, 60), r->path, r->why, json_print(n->arena, element->v));
}

/* ---- addresses ---- */

const char *answer_url(struct arena *a, const char *base_url, const char *path)
{
	size_t n = strlen(base_url);

	while (n && base_url[n - 1] == '/')
		n--;
	return arena_printf(a, "%.*s%s", (int)n, base_url, path);
}

const char *path_piece(struct arena *a, const char *s)
{
	size_t cap = 3 * strlen(s) + 4;
	char *out = arena_alloc(a, cap);

	text_percent(out, cap, s);
	return out;
}
