/*
 * What marketplaces answer, and what somebody between us and them makes of it: every hear of every channel takes any
 * bytes, and says what it understood or why not. The first bytes choose channel, verb and status.
 */
#include "channels/channel.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static const struct channel *channel_of(unsigned which)
{
	unsigned n = 0;

	while (channel_at((int)n))
		n++;
	return channel_at((int)(which % n));
}

static void check(const struct news *news)
{
	for (int i = 0; i < news->orders; i++)
		must(news->order[i].ref && *news->order[i].ref);
	for (int i = 0; i < news->parkeds; i++)
		must(news->parked[i].path != NULL);
	for (int i = 0; i < news->receipts; i++)
		must(news->receipt[i].job == 0);
	for (int i = 0; i < news->counts; i++)
		must(news->count[i].qty >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const int statuses[] = { 200, 200, 200, 201, 202, 204, 400, 401, 403, 404, 409, 413, 429, 500, 503, 520 };
	static const char *const markets[] = { "ATVPDKIKX0DER" };
	struct arena *a;
	const struct channel *c;
	enum verb verb;
	struct err err = { 0 };
	struct header h[] = { { "content-type", "application/json" }, { "retry-after", "1" } };
	struct reply reply = { .header = h, .headers = 2, .received_ms = 1795176000000 };
	char *body;
	struct job job = { .id = 1, .account = 1, .subject = "order:1", .cursor.page = "" };

	if (n < 3)
		return 0;
	c = channel_of(data[0]);
	verb = (enum verb)(data[1] % VERBS);
	if (!c->say[verb].hear)
		return 0;
	a = arena_new();
	reply.status = statuses[data[2] % (sizeof statuses / sizeof *statuses)];
	body = calloc(1, n - 2); /* one byte of the terminator's, and ASan behind it */
	memcpy(body, data + 3, n - 3);
	reply.body = body;
	reply.body_len = n - 3;
	job.verb = verb;
	fields_unpack(a, "ref=123\nsku=SKU-1\nmarketplace=ATVPDKIKX0DER\nnode=\nid=F1\nqty=3\npage=\nline=1:1\n", &job.payload, &err);
	{
		struct account account = { .id = 1, .name = "fuzz", .channel = c->name, .base_url = "https://127.0.0.1", .token_url = "https://127.0.0.1/t",
			                   .client_id = "ID", .client_secret = "SECRET", .refresh_token = "R", .access_token = "T", .seller_id = "S",
			                   .marketplace = markets, .marketplaces = 1, .ship_node = "", .service_name = "tallyman", .channel_type = "" };
		struct news news = { .arena = a };
		enum fault f = c->say[verb].hear(&account, (struct batch){ &job, 1, reply.received_ms }, &reply, &news, &err);

		must(!f || *err.text);
		must(!f || text_utf8(err.text, strlen(err.text)));
		check(&news);
	}
	arena_free(a);
	free(body);
	return 0;
}
