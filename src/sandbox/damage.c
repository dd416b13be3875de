#include "sandbox/damage.h"

#include <stdbool.h>
#include <string.h>

/* A member with a scalar value: "key":value, from the quote of the key to the end of the value. */
struct member {
	const char *key, *value, *end;
};

static const char *scalar_end(const char *v)
{
	if (*v != '"')
		return v + strcspn(v, ",]}");
	for (v++; *v && *v != '"'; v++)
		v += *v == '\\' && v[1];
	return *v ? v + 1 : v;
}

/* Members of these names (NULL: of any) in the text; every one has the same chance. */
static bool member_pick(struct rng *r, const char *json, const char *const *names, struct member *out)
{
	int64_t seen = 0;

	for (const char *at = strstr(json, "\":"); at; at = strstr(at + 2, "\":")) {
		const char *key = at;
		bool wanted = !names;

		while (key > json && key[-1] != '"')
			key--;
		for (int i = 0; names && names[i]; i++)
			wanted |= strlen(names[i]) == (size_t)(at - key) && strncmp(names[i], key, (size_t)(at - key)) == 0;
		if (!wanted || at[2] == '{' || at[2] == '[' || rng_below(r, ++seen) != 0)
			continue;
		*out = (struct member){ key - 1, at + 2, scalar_end(at + 2) };
	}
	return seen > 0;
}

/* json with the bytes from..to replaced. */
static const char *splice(struct arena *a, const char *json, size_t *n, const char *from, const char *to, const char *with)
{
	struct buf b = buf_new(a);

	buf_add(&b, json, (size_t)(from - json));
	buf_puts(&b, with);
	buf_add(&b, to, *n - (size_t)(to - json));
	*n = b.len;
	return b.p;
}

const char *damage_flip(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	char *copy = arena_strndup(a, json, *n);

	for (int64_t k = 1 + rng_below(r, 3); *n && k > 0; k--)
		copy[rng_below(r, (int64_t)*n)] ^= (char)(1 << rng_below(r, 8));
	return copy;
}

const char *damage_nul(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	struct member m;

	if (!member_pick(r, json, NULL, &m) || *m.value != '"')
		return json;
	return splice(a, json, n, m.end - 1, m.end - 1, "\\u0000x");
}

/* The key once more before itself, with another value: which of the two a careless reader takes depends on the reader. */
const char *damage_duplicate(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	struct member m;

	if (!member_pick(r, json, NULL, &m))
		return json;
	return splice(a, json, n, m.key, m.key,
	              arena_printf(a, "%.*s%s,", (int)(m.value - m.key), m.key, *m.value == '"' ? "\"77\"" : "77"));
}

const char *damage_unknown(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	static const char *const words[] = { "status", "fulfillmentStatus", "fulfilledBy", "feedStatus", "ingestionStatus", "fulfillmentChannelCode", NULL };
	struct member m;

	if (!member_pick(r, json, words, &m))
		return json;
	return splice(a, json, n, m.value, m.end, "\"TELEPORTED\"");
}

/* What a record cannot do without. */
static const char *const needed[] = { "purchaseOrderId", "orderDate", "lineNumber", "sku",       "orderId",    "orderItemId",
	                              "quantityOrdered", "sellerSku", "shipNode",   "feedStatus", "access_token", "createdTime", NULL };

const char *damage_missing(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	struct member m;

	if (!member_pick(r, json, needed, &m))
		return json;
	if (*m.end == ',')
		m.end++;
	else if (m.key > json && m.key[-1] == ',')
		m.key--;
	return splice(a, json, n, m.key, m.end, "");
}

const char *damage_mistype(struct arena *a, struct rng *r, const char *json, size_t *n)
{
	static const char *const wrong[] = { "null", "true", "-0.5", "2.9", "1e999", "9007199254740993", "\"twelve\"", "[]", "{}" };
	static const char *const numbers[] = { "amount", "quantity", "quantityOrdered", "orderDate", "expires_in", "totalCount", "quantityFulfilled", NULL };
	struct member m;

	if (!member_pick(r, json, numbers, &m))
		return json;
	return splice(a, json, n, m.value, m.end, wrong[rng_below(r, (int64_t)(sizeof wrong / sizeof *wrong))]);
}
