/* map_kits.c: which items are put together of others, and of what. */
#include "cmd/map.h"

#include "base/text.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "trade/kits.h"

#include <inttypes.h>
#include <string.h>

static const struct column columns[] = {
	{ "kit", CELL_TEXT, false },       { "part", CELL_TEXT, false },           { "qty", CELL_INT, false },   { "available", CELL_INT, false },
	{ "made_up", CELL_INT, false },    { "of_the_part", CELL_INT, false },     { "title", CELL_TEXT, false },
};

static void put_kit(struct sheet *t, const struct kit_row *k)
{
	put_text(t, k->sku);
	put_text(t, k->part_sku);
	put_int(t, k->qty);
	put_int(t, k->available);
	put_int(t, k->made_up);
	put_int(t, k->part_available);
	put_text(t, k->title);
}

enum fault kits_print(struct session *s)
{
	struct pager p = pager_new(s->o.limit);
	struct kit_row *row = NULL;
	enum fault f = OK;
	int n = 0;

	sheet_table(session_sheet(s, false), "kits", COLUMNS(columns));
	while (!f && pager_more(&p, n)) {
		f = kits_page(s->store, n ? &row[n - 1] : NULL, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n && !f; i++)
			put_kit(s->sheet, &row[i]);
	}
	pager_end(&p);
	return f;
}

/* "SOAP=3": a SKU may have an equals sign of its own, a quantity has none. */
static enum fault put_part(struct session *s, struct intent *in, const char *kit, const char *word)
{
	const char *equals = strrchr(word, '=');
	int64_t item, qty;

	if (!equals || equals == word || !text_int(equals + 1, 1, KIT_QTY, &qty))
		return err_set(&s->err, FAULT_REFUSED, "%.80s: PART=QUANTITY is wanted, with a quantity from 1 to %d", word, KIT_QTY);
	if (one_found(s, arena_printf(s->a, "%.*s", (int)(equals - word), word), FOUND_ITEM, "item", &item))
		return s->err.fault;
	fields_put(&in->payload, "kit", arena_printf(s->a, "%" PRId64 ":%" PRId64 ":%s", qty, item, kit));
	return OK;
}

int map_kit(struct session *s)
{
	const char *verb = s->o.word[1], *kit = s->o.word[2];
	struct intent in = { .kind = INTENT_KIT, .payload = fields_new(s->a), .subject = kit };
	bool drop = !strcmp(verb, "drop");
	enum fault f = OK;

	if ((!drop && strcmp(verb, "set")) || (drop ? s->o.words > 3 : s->o.words < 4))
		return session_leave(s, command_misused("map", "kit set KIT PART=QTY... or kit drop KIT"));
	if (drop)
		fields_put(&in.payload, "kit", arena_printf(s->a, "0:0:%s", kit));
	for (int i = 3; i < s->o.words && !f; i++)
		f = put_part(s, &in, kit, s->o.word[i]);
	return f ? session_end(s, f) : intent_run(s, &in);
}
