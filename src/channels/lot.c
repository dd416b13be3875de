#include "channels/lot.h"

#include "base/text.h"
#include "channels/spot.h"

#include <inttypes.h>
#include <string.h>

/* The piece up to the next colon; NULL: there is no colon. */
static const char *piece(const char **p, struct arena *a)
{
	const char *colon = strchr(*p, ':'), *out;

	if (!colon)
		return NULL;
	out = arena_strndup(a, *p, (size_t)(colon - *p));
	*p = colon + 1;
	return out;
}

static bool read_item(const char *text, struct arena *a, struct lot_item *out)
{
	const char *msg = piece(&text, a), *qty = msg ? piece(&text, a) : NULL;

	out->node = qty ? piece(&text, a) : NULL;
	out->type = out->node ? piece(&text, a) : NULL;
	out->sku = text;
	return out->type && text_int(msg, 1, INT32_MAX, &out->msg) && text_int(qty, 0, QTY_MAX, &out->qty) && *text && strlen(text) <= 100;
}

bool lot_next(const struct job *job, int *at, struct arena *a, struct lot_item *out, struct err *err)
{
	if (!*at)
		*err = (struct err){ 0 };
	while (*at < job->payload.n) {
		const struct field *f = &job->payload.field[(*at)++];

		if (strcmp(f->key, "item"))
			continue;
		if (read_item(f->value, a, out))
			return true;
		err_set(err, FAULT_REFUSED, "an item of the feed is no MSG:QTY:NODE:TYPE:SKU with a quantity of 0..%d: %.80s", QTY_MAX, f->value);
		return false;
	}
	return false;
}

const char *lot_name(const struct job *job, struct arena *a)
{
	return arena_printf(a, "quantities-%" PRId64 ".json", fields_int(&job->payload, "feed", 0));
}

struct fields *lot_carry(struct news *n, const struct job *job, const char *const *keys)
{
	struct fields *out = arena_alloc(n->arena, sizeof *out);

	*out = fields_new(n->arena);
	for (; *keys; keys++)
		fields_put(out, *keys, fields_get(&job->payload, *keys, NULL));
	return out;
}
