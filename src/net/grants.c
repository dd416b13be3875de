#include "net/grants.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

struct grants_reader {
	const struct limit_registry *registry;
	const char *channel;
	struct arena *arena;
	struct err *err;
};

static bool is_of_channel(const char *op, const char *channel)
{
	size_t n = strlen(channel);

	return !strncmp(op, channel, n) && op[n] == '.';
}

/* Is it more than so many times as fast? Windows may differ, so the products need 128 bits. */
static bool is_beyond(const struct limit *wanted, const struct limit *published)
{
	return (__int128)wanted->rate * published->window_ms > (__int128)published->rate * wanted->window_ms * GRANT_MOST;
}

static enum fault take_rate(struct grants_reader *g, const struct operation *o, const char *value, struct grant *out)
{
	struct limit wanted, published = operation_limit(o, 0);

	if (!published.rate)
		return err_set(g->err, FAULT_REFUSED, "%s has no rate, only %s", o->op, o->daily ? "a daily count: daily=N" : "so many calls at once");
	if (!limit_init(&wanted, value, o->window_s, o->burst, 0) || !wanted.rate)
		return err_set(g->err, FAULT_REFUSED, "%s: rate=%.20s is no rate: write tokens in %" PRId64 " s, at most six digits after the point", o->op, value, o->window_s);
	if (is_beyond(&wanted, &published))
		return err_set(g->err, FAULT_REFUSED, "%s: rate=%.20s is more than %d times the published %s in %" PRId64 " s", o->op, value, GRANT_MOST, o->tokens, o->window_s);
	out->tokens = value;
	return OK;
}

static enum fault take_number(struct grants_reader *g, const struct operation *o, const char *key, const char *value, int64_t published, int64_t *out)
{
	if (!published)
		return err_set(g->err, FAULT_REFUSED, "%s has no %s to be another", o->op, key);
	if (!text_int(value, 1, published * GRANT_MOST, out))
		return err_set(g->err, FAULT_REFUSED, "%s: %s=%.20s is no whole number from 1 to %" PRId64 ", %d times the published", o->op, key, value, published * GRANT_MOST, GRANT_MOST);
	return OK;
}

/* "rate=0.02" */
static enum fault take_word(struct grants_reader *g, const struct operation *o, const char *word, struct grant *out)
{
	const char *value = strchr(word, '=');

	if (value && !strncmp(word, "rate=", 5))
		return take_rate(g, o, value + 1, out);
	if (value && !strncmp(word, "burst=", 6))
		return take_number(g, o, "burst", value + 1, *o->tokens ? o->burst : 0, &out->burst);
	if (value && !strncmp(word, "daily=", 6))
		return take_number(g, o, "daily", value + 1, o->daily, &out->daily);
	return err_set(g->err, FAULT_REFUSED, "%s: %.30s is none of rate=, burst=, daily=", o->op, word);
}

/* The next word of a text, cut off; NULL: there is none. */
static char *next_word(char **at, const char *gap)
{
	char *word = *at + strspn(*at, gap);

	*at = word + strcspn(word, gap);
	if (**at)
		*(*at)++ = '\0';
	return *word ? word : NULL;
}

/* "amazon.orders.search rate=0.02 burst=40" */
static enum fault take_piece(struct grants_reader *g, char *piece, const struct grant *before, int n, struct grant *out)
{
	const char *op = next_word(&piece, " \t"), *word;
	const struct operation *o;
	int words = 0;
	enum fault f;

	if (!op || !is_of_channel(op, g->channel))
		return err_set(g->err, FAULT_REFUSED, "%.60s is no operation of %s: data/limits.csv names them", op ? op : "nothing", g->channel);
	if (limit_registry_find(g->registry, op, &o, g->err))
		return FAULT_REFUSED;
	*out = (struct grant){ .bucket = o->bucket };
	for (int i = 0; i < n; i++)
		if (!strcmp(before[i].bucket, o->bucket))
			return err_set(g->err, FAULT_REFUSED, "%s drinks from %s, of which something is said already", op, o->bucket);
	for (f = OK; !f && (word = next_word(&piece, " \t")); words++)
		f = take_word(g, o, word, out);
	return f || words ? f : err_set(g->err, FAULT_REFUSED, "%s: what of it? rate=, burst= or daily=", op);
}

enum fault grants_read(const struct limit_registry *r, const char *channel, const char *text, struct arena *a, struct grant **out, int *n, struct err *err)
{
	struct grants_reader g = { r, channel, a, err };
	char *at = arena_strdup(a, text), *piece;
	enum fault f = OK;
	int cap = 0;

	*out = NULL;
	for (*n = 0; !f && (piece = next_word(&at, ",")); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		f = take_piece(&g, piece, *out, *n, &(*out)[*n]);
	}
	return f;
}

struct operation grants_apply(const struct grant *g, int n, const struct operation *o)
{
	struct operation mine = *o;

	for (int i = 0; i < n; i++) {
		if (strcmp(g[i].bucket, o->bucket))
			continue;
		mine.tokens = g[i].tokens ? g[i].tokens : o->tokens;
		mine.burst = g[i].burst ? g[i].burst : o->burst;
		mine.daily = g[i].daily ? g[i].daily : o->daily;
	}
	return mine;
}
