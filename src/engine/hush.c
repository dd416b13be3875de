/*
 * hush.c: what a platform says of a call is kept, shown and told to people, and some say the secret of the call back ("invalid client secret abc"). So every text that
 * was made of a reply has our secrets taken out before it goes anywhere. What is kept whole, the reply's bytes, is sealed.
 */
#include "engine/landing.h"

#include <string.h>
#include <strings.h>

/* Eight letters of a secret are told from chance, and a text that was cut short holds no more of it. */
enum { HEAD = 8 };

static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

void hush(char *text, const char *secret)
{
	size_t whole = secret ? strlen(secret) : 0, n;

	for (char *p = text; whole >= HEAD && *p; p++) {
		n = common(p, secret);
		if (n >= HEAD)
			memset(p, '*', n);
	}
}

/* The account's own, and what went with this call in a header: a name and password have another look there. */
static void hush_all(const struct landing *l, char *text)
{
	const struct account *a = &l->f->link->account;
	const char *const own[] = { a->client_secret, a->refresh_token, a->access_token, a->token_secret, a->private_key };
	const struct request *r = &l->f->request;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		hush(text, own[i]);
	for (int i = 0; i < LINK_SECRETS; i++)
		hush(text, l->f->link->spare[i]);
	for (int i = 0; i < r->headers; i++) {
		const char *value = r->header[i].value, *word = strchr(value, ' ');

		if (!strcasecmp(r->header[i].name, "Authorization"))
			hush(text, word ? word + 1 : value);
	}
}

static const char *hushed(const struct landing *l, const char *text)
{
	char *copy = text && *text ? arena_strdup(l->f->arena, text) : NULL;

	if (copy)
		hush_all(l, copy);
	return copy ? copy : text;
}

void landing_hush(struct landing *l)
{
	struct news *n = &l->news;

	hush_all(l, l->err.text);
	hush_all(l, l->reply.text);
	for (int i = 0; i < n->receipts; i++)
		n->receipt[i].text = hushed(l, n->receipt[i].text);
	for (int i = 0; i < n->parkeds; i++)
		n->parked[i].text = hushed(l, n->parked[i].text);
	for (int i = 0; i < n->odds; i++)
		n->odd[i].word = hushed(l, n->odd[i].word);
	for (int i = 0; i < n->items; i++)
		n->item[i].text = hushed(l, n->item[i].text);
}
