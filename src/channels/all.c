/* all.c: the channels there are. A new one is a folder and a line here. */
#include "channels/channel.h"

#include <string.h>

static const struct channel *const channels[] = {
	&channel_walmart,
	&channel_amazon,
	&channel_ebay,
	&channel_shopify,
	&channel_netsuite,
	&channel_cartoncloud,
	&channel_local,
};

const struct channel *channel_at(int i)
{
	return i >= 0 && i < (int)(sizeof channels / sizeof *channels) ? channels[i] : NULL;
}

const struct channel *channel_find(const char *name)
{
	const struct channel *c;

	for (int i = 0; (c = channel_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

const char *channel_names(struct arena *a)
{
	const struct channel *c;
	struct buf b = buf_new(a);

	for (int i = 0; (c = channel_at(i)); i++)
		buf_printf(&b, "%s%s", i ? ", " : "", c->name);
	return b.p;
}
