#include "tests/contract/stall.h"

#include "sandbox/sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stall {
	struct sandbox *sandbox;
};

struct stall *stall_open(void)
{
	struct sandbox_options o = sandbox_demo(7, INT64_C(1795176000000));
	struct stall *s = calloc(1, sizeof *s);
	struct err err;

	o.delays = false;
	o.world.skus = 40;
	o.world.orders = 300;
	if (!s || sandbox_open(&o, &s->sandbox, &err))
		abort();
	return s;
}

void stall_close(struct stall *s)
{
	sandbox_close(s->sandbox);
	free(s);
}

void stall_ask(struct stall *s, bool amazon, struct arena *a, const struct request *r, struct served *out)
{
	struct handler h = sandbox_handler(s->sandbox, amazon ? AMAZON : WALMART);

	h.serve(h.ctx, a, r, out);
}

void stall_fault(struct stall *s, const char *text)
{
	struct err err;

	if (sandbox_fault(s->sandbox, text, &err))
		abort();
}

const char *stall_order(struct stall *s, bool amazon, bool acked, struct arena *a, const char **line)
{
	const struct world *w = s->sandbox->world;
	char id[24], item[24];

	for (int i = w->orders - 1; i >= 0; i--) {
		const struct order *o = &w->order[i];

		if (order_platform(o) != (amazon ? AMAZON : WALMART) || place_facts[o->place].pool || o->lines != 1 ||
		    order_view(w, o) != (acked && !amazon ? VIEW_ACKED : VIEW_NEW) || o->place == AMAZON_CA || o->place == AMAZON_MX)
			continue;
		order_id(w, i, id);
		line_item_id(o->line, item);
		*line = amazon ? arena_strdup(a, item) : "1";
		return arena_strdup(a, id);
	}
	abort();
}

/* The first product that the seller ships there itself. */
static int product_at(const struct world *w, bool amazon)
{
	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[amazon ? AMAZON_US : WALMART_MAIN] >= 0)
			return i;
	abort();
}

const char *stall_sku(struct stall *s, bool amazon)
{
	const struct world *w = s->sandbox->world;

	return world_str(w, w->product[product_at(w, amazon)].sku);
}

const char *stall_type(struct stall *s, bool amazon)
{
	const struct world *w = s->sandbox->world;

	return world_str(w, w->product[product_at(w, amazon)].kind);
}

const char *stall_feed(struct stall *s)
{
	const struct world *w = s->sandbox->world;

	return w->feeds ? world_str(w, w->feed[0].id) : "";
}

const char *stall_id(bool amazon)
{
	return amazon ? SANDBOX_AMAZON_ID : SANDBOX_WALMART_ID;
}

const char *stall_secret(bool amazon)
{
	return amazon ? SANDBOX_AMAZON_SECRET : SANDBOX_WALMART_SECRET;
}

const char *stall_refresh(void)
{
	return SANDBOX_AMAZON_REFRESH;
}

const char *stall_seller(void)
{
	return SANDBOX_AMAZON_SELLER;
}

const char *stall_token(struct stall *s, bool amazon)
{
	return access_give(&s->sandbox->service[amazon ? AMAZON : WALMART], "token-", 900000)->value;
}
