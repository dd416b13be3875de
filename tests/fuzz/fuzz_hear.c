/*
 * fuzz_hear.c: whatever they answer, it is understood, parked or refused; and what is made of it can be written down, shown and gone on with.
 *
 * The first byte picks channel and verb ('A' the first), the second the status ('2' is 200), the rest is the body. Built by `make fuzz` with
 * libFuzzer; without it replay.c feeds it the files of corpus/hear.
 */
#include "base/text.h"
#include "channels/channel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "Atza|0123456789abcdef"

struct spoken {
	const struct channel *channel;
	enum verb verb;
};

static struct spoken pick(unsigned char byte)
{
	struct spoken all[3 * VERBS];
	int n = 0;

	for (int i = 0; channel_at(i); i++)
		for (int v = 0; v < VERBS; v++)
			if (channel_at(i)->say[v].hear)
				all[n++] = (struct spoken){ channel_at(i), (enum verb)v };
	return all[(byte >= 'A' ? byte - 'A' : byte) % n];
}

static int status_of(unsigned char byte)
{
	static const int statuses[] = { 500, 204, 200, 302, 400, 401, 403, 404, 429, 503 };

	return statuses[(byte >= '0' ? byte - '0' : byte) % 10];
}

static bool is_clean(const char *text)
{
	char out[4096];

	text_clean(out, sizeof out, text);
	return !strcmp(out, text);
}

static void check_orders(const struct news *n)
{
	for (int i = 0; i < n->orders; i++) {
		const struct order *o = &n->order[i];

		assert(text_id(o->ref, "-_", 40) && o->lines > 0 && *o->path && o->placed_ms > 0);
		for (int k = 0; k < o->lines; k++) {
			int64_t sum = 0;

			for (int s = 0; s < ORDER_STATES; s++) {
				assert(o->line[k].bucket[s] >= 0);
				sum += o->line[k].bucket[s];
			}
			assert(sum == o->line[k].qty && sum <= 999999);
			assert(*o->line[k].sku && is_clean(o->line[k].sku) && *o->line[k].ref);
		}
	}
}

static void check_rest(const struct news *n)
{
	for (int i = 0; i < n->seens; i++)
		assert(*n->seen[i].sku && is_clean(n->seen[i].sku) && n->seen[i].qty >= -1 && n->seen[i].qty <= 999999 && n->seen[i].pool && n->seen[i].path);
	for (int i = 0; i < n->counts; i++)
		assert(*n->count[i].sku && is_clean(n->count[i].sku) && n->count[i].qty >= 0 && n->count[i].qty <= 999999);
	for (int i = 0; i < n->parkeds; i++)
		assert(*n->parked[i].class && *n->parked[i].path && *n->parked[i].text && is_clean(n->parked[i].text) && n->parked[i].subject);
	for (int i = 0; i < n->odds; i++)
		assert(*n->odd[i].path && n->odd[i].word && n->odd[i].subject);
	for (int i = 0; i < n->feeds; i++)
		assert(*n->feed[i].id && *n->feed[i].state);
	for (int i = 0; i < n->receipts; i++)
		assert(n->receipt[i].job == 0 && (!n->receipt[i].text || is_clean(n->receipt[i].text)));
	assert(!n->token || text_id(n->token, "-._~+/=|^#", 8000)); /* eBay's have all of these */
	assert(!n->next_page || n->has_page);
}

/* The next page they name can be asked for, at the same host, in a URL that is one. */
static void check_next(const struct account *acc, struct spoken s, struct job job, const char *page)
{
	struct request r = { .arena = job.payload.arena };
	struct err err;

	job.cursor.page = page;
	assert(!s.channel->say[s.verb].ask(acc, (struct batch){ &job, 1, 1795176000000 }, &r, &err));
	assert(!strncmp(r.url, acc->base_url, strlen(acc->base_url)) && strchr("/?", r.url[strlen(acc->base_url)]));
	for (const char *p = r.url; *p; p++)
		assert(*p > 0x20 && *p < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const market[] = { "ATVPDKIKX0DER" };
	struct account acc = { .id = 1, .name = "fuzz", .base_url = "https://api.example", .token_url = "https://api.example/token", .client_id = "id",
		               .client_secret = SECRET, .refresh_token = SECRET, .access_token = SECRET, .seller_id = "S1", .marketplace = market,
		               .marketplaces = 1, .ship_node = n % 2 ? "" : "100009", .counts_file = "counts.csv" };
	struct arena *a = arena_new();
	struct job job = { .subject = "", .payload = fields_new(a), .cursor = { .since_ms = 1795174800000, .until_ms = 1795175880000, .page = "" } };
	struct news news = news_new(a);
	struct err err = { 0 };
	struct spoken s;
	struct reply r;
	enum fault f;

	if (n < 2)
		goto out;
	s = pick(data[0]);
	job.verb = s.verb;
	r = (struct reply){ .status = status_of(data[1]), .body = arena_strndup(a, (const char *)data + 2, n - 2), .body_len = n - 2, .received_ms = 1795176000000 };
	f = s.channel->say[s.verb].hear(&acc, (struct batch){ &job, 1, 1795176000000 }, &r, &news, &err);
	assert(f < FAULTS);
	if (f) {
		assert(f == err.fault && *err.text && is_clean(err.text) && !strstr(err.text, SECRET));
		goto out;
	}
	check_orders(&news);
	check_rest(&news);
	if (news.next_page && s.verb != VERB_FEED)
		check_next(&acc, s, job, news.next_page);
out:
	arena_free(a);
	return 0;
}
