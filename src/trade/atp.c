#include "trade/atp.h"

#include "store/store.h"
#include "trade/places.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { OWED_SHOWN = 10 };

/* ---- pure ---- */

static int64_t lies_at(const struct atp_place *p)
{
	int64_t n = p->counted - p->held - p->moving;

	return n > 0 ? n : 0;
}

void atp_sum(struct atp *a)
{
	a->counted = a->held = a->elsewhere = 0;
	for (const struct atp_place *p = a->place; p < a->place + a->places; p++)
		if (p->sells) {
			a->counted += p->counted;
			a->held += p->counted - lies_at(p);
			a->elsewhere += p->serving ? 0 : lies_at(p);
		}
	a->available = a->counted - a->held - a->reserved - a->elsewhere - a->lent + a->made;
}

int64_t atp_packs(int64_t available, int64_t pack)
{
	assert(pack >= 1);
	return available > 0 ? available / pack : 0;
}

static void put_term(struct buf *b, int64_t n, const char *what, const char *where)
{
	if (n)
		buf_printf(b, "%s%" PRId64 " %s%s", b->len ? n < 0 ? " - " : " + " : n < 0 ? "-" : "", n < 0 ? -n : n, what, where);
}

const char *atp_words(const struct atp *a, struct arena *arena)
{
	struct buf b = buf_new(arena);

	for (const struct atp_place *p = a->place; p < a->place + a->places; p++)
		if (p->sells)
			put_term(&b, p->counted, "at ", p->name);
	put_term(&b, -a->held, "held", "");
	put_term(&b, -a->elsewhere, "elsewhere", "");
	put_term(&b, -a->reserved, "owed", "");
	put_term(&b, -a->lent, "for kits", "");
	put_term(&b, a->made, "of its parts", "");
	buf_printf(&b, "%s= %" PRId64, b.len ? " " : "nothing ", a->available);
	return b.p;
}

/* ---- gathered ---- */

struct gathering {
	struct store *s;
	struct arena *arena;
	struct atp *out;
	const char *account, *channel;
	struct err *err;
};

static const char *why_out(const struct rows *r)
{
	if (!strcmp(rows_text(r, 2), "fba") || !strcmp(rows_text(r, 2), "wfs"))
		return "a pool of the channel's own";
	if (!rows_int(r, 15))
		return "left out by a person";
	if (!rows_int(r, 16))
		return "not in use by their own word";
	return rows_int(r, 14) ? "STALE, left out until its next reading" : "";
}

static enum fault read_places(struct gathering *g, int64_t item)
{
	static const char sql[] =
		"SELECT p.id, p.name, p.kind, p.serves, coalesce((SELECT m.actor FROM move m WHERE m.item_id = st.item_id AND m.place_id = st.place_id AND m.cause = 'count' "
		"ORDER BY m.id DESC LIMIT 1), c.name, ''), st.told, st.counted, coalesce(r.committed, 0), st.held, st.moving, st.valid_ms, "
		"st.known_ms, p.heard_ms, p.sells, p.stale, p.counts, p.active, coalesce(r.attempt_id, 0) FROM stock st JOIN place p ON p.id = st.place_id "
		"LEFT JOIN account c ON c.id = st.account_id LEFT JOIN reading r ON r.item_id = st.item_id AND r.place_id = st.place_id AND r.account_id = st.account_id "
		"WHERE st.item_id = ? ORDER BY p.sells DESC, p.name";
	struct rows *r = ASK(g->s, sql, V(item));
	int cap = 0;

	while (rows_next(r)) {
		struct atp_place *p;

		g->out->place = arena_grow(g->arena, g->out->place, g->out->places, &cap, sizeof *p);
		p = &g->out->place[g->out->places++];
		*p = (struct atp_place){ .id = rows_int(r, 0), .name = rows_keep(r, 1, g->arena), .kind = rows_keep(r, 2, g->arena),
			                 .serves = rows_keep(r, 3, g->arena), .told_by = rows_keep(r, 4, g->arena), .told = rows_int(r, 5),
			                 .counted = rows_int(r, 6), .committed = rows_int(r, 7), .held = rows_int(r, 8), .moving = rows_int(r, 9),
			                 .valid_ms = rows_int(r, 10), .known_ms = rows_int(r, 11), .heard_ms = rows_int(r, 12),
			                 .sells = rows_int(r, 13) != 0, .stale = rows_int(r, 14) != 0, .attempt_id = rows_int(r, 17), .out = why_out(r) };
		p->serving = !g->account || place_serves(p->serves, g->account, g->channel);
	}
	return rows_end(r, g->err);
}

static enum fault read_others(struct gathering *g, int64_t item)
{
	static const char sql[] = "SELECT p.name, c.name, r.free, r.valid_ms, coalesce(r.attempt_id, 0) FROM reading r JOIN place p ON p.id = r.place_id "
				  "JOIN account c ON c.id = r.account_id JOIN stock st ON st.item_id = r.item_id AND st.place_id = r.place_id "
				  "WHERE r.item_id = ? AND r.account_id <> st.account_id AND EXISTS (SELECT 1 FROM place_source k WHERE k.place_id = r.place_id "
				  "AND k.account_id = r.account_id) ORDER BY p.name, c.name";
	struct rows *r = ASK(g->s, sql, V(item));
	int cap = 0;

	while (rows_next(r)) {
		g->out->other = arena_grow(g->arena, g->out->other, g->out->others, &cap, sizeof *g->out->other);
		g->out->other[g->out->others++] = (struct atp_other){ rows_keep(r, 0, g->arena), rows_keep(r, 1, g->arena), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4) };
	}
	return rows_end(r, g->err);
}

static enum fault read_owed(struct gathering *g, int64_t item)
{
	static const char sql[] =
		"SELECT c.name, o.ref, o.state, l.reserves, o.placed_ms, coalesce(o.attempt_id, 0), CASE WHEN l.taken = 0 THEN '' ELSE coalesce((SELECT k.name "
		"FROM warehouse_order w JOIN account k ON k.id = w.account_id WHERE w.order_id = o.id ORDER BY w.id DESC LIMIT 1), 'a warehouse') END "
		"FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account c ON c.id = o.account_id WHERE l.item_id = ? AND l.reserves > 0 "
		"ORDER BY l.taken, l.reserves DESC, l.id DESC LIMIT ?";
	static const char taken[] = "SELECT coalesce(sum(reserves), 0) FROM order_line WHERE item_id = ? AND reserves > 0 AND taken = 1";
	struct rows *r = ASK(g->s, sql, V(item), V((int)OWED_SHOWN));
	int cap = 0;

	while (rows_next(r)) {
		g->out->owed = arena_grow(g->arena, g->out->owed, g->out->oweds, &cap, sizeof *g->out->owed);
		g->out->owed[g->out->oweds++] = (struct atp_owed){ .account = rows_keep(r, 0, g->arena), .ref = rows_keep(r, 1, g->arena),
			                                           .state = rows_keep(r, 2, g->arena), .units = rows_int(r, 3), .placed_ms = rows_int(r, 4),
			                                           .attempt_id = rows_int(r, 5), .taken_by = rows_keep(r, 6, g->arena) };
	}
	return rows_end(r, g->err) ? FAULT_STORE : GET_INT(g->s, g->err, 0, &g->out->taken, taken, V(item));
}

enum fault atp_of(struct store *s, int64_t item, const char *account, const char *channel, struct arena *a, struct atp *out, struct err *err)
{
	static const char sql[] = "SELECT sku, known_ms, reserved, lent, made FROM item WHERE id = ?";
	struct gathering g = { .s = s, .arena = a, .out = out, .account = account, .channel = channel ? channel : "", .err = err };
	struct rows *r = ASK(s, sql, V(item));

	*out = (struct atp){ .item = item };
	if (rows_next(r)) {
		out->sku = rows_keep(r, 0, a);
		out->known_ms = rows_int(r, 1);
		out->reserved = rows_int(r, 2);
		out->lent = rows_int(r, 3);
		out->made = rows_int(r, 4);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!out->sku)
		return err_set(err, FAULT_REFUSED, "there is no item %" PRId64, item);
	if (read_places(&g, item) || read_others(&g, item) || read_owed(&g, item))
		return FAULT_STORE;
	atp_sum(out);
	return OK;
}
