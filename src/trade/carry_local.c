#include "trade/carry.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/events.h"
#include "trade/handover.h"
#include "trade/incidents.h"
#include "trade/inventory.h"
#include "trade/kits.h"
#include "trade/lapse.h"
#include "trade/mapping.h"
#include "trade/orders.h"
#include "trade/overrides.h"
#include "trade/places.h"
#include "trade/sitting.h"
#include "trade/tasks.h"

#include <inttypes.h>
#include <string.h>

enum fault carry_note(struct work *w, struct err *err)
{
	static const char sql[] = "INSERT INTO note (subject, text, actor, at_ms) VALUES (?1, ?2, ?3, ?4)";
	const char *text = fields_get(&w->in->payload, "text", ""), *subject = fields_get(&w->in->payload, "subject", "");

	if (!*text || strlen(text) > 2000)
		return err_set(err, FAULT_REFUSED, "a note is 1 to 2000 bytes");
	w->done++;
	return RUN(w->s, err, sql, V(subject), V(text), V(w->why->actor), V(w->why->now_ms));
}

/* 999 for 99: what differs by more than a hundred, or by ten and half of what was there, is to be said twice. */
static enum fault count_is_odd(struct store *s, const struct count *c, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(st.counted), -1) FROM stock st JOIN item i ON i.id = st.item_id JOIN place p ON p.id = st.place_id "
				  "WHERE i.sku = ?1 AND (?2 IS NULL OR p.name = ?2)";
	int64_t was, by;
	enum fault f = GET_INT(s, err, -1, &was, sql, V(c->sku), V(c->place));

	if (f || was < 0)
		return f;
	by = c->qty > was ? c->qty - was : was - c->qty;
	if (by <= 100 && (by <= 10 || by * 2 <= was))
		return OK;
	return err_set(err, FAULT_REFUSED, "%.60s: %" PRId64 " was counted so far, and now %" PRId64 ": if that is no slip, say it twice: --confirm %" PRId64, c->sku, was,
	               c->qty, c->qty);
}

enum fault carry_count(struct work *w, struct err *err)
{
	struct count c = {
		.place = fields_get(&w->in->payload, "place", NULL),
		.sku = fields_get(&w->in->payload, "sku", ""),
		.qty = fields_int(&w->in->payload, "qty", -1),
		.valid_ms = w->why->now_ms,
	};

	if (c.qty < 0 || c.qty > 999999)
		return err_set(err, FAULT_REFUSED, "a count is a whole number from 0 to 999,999");
	if (fields_int(&w->in->payload, "again", -1) != c.qty && count_is_odd(w->s, &c, err))
		return err->fault;
	w->done++;
	return counts_take(w->s, &c, 1, false, true, w->why, err);
}

enum fault carry_alert_ack(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(w, "alert", i, &id); i++, w->done++)
		f = alert_ack(w->s, id, w->why->actor, w->why->now_ms, err);
	return f;
}

enum fault carry_incident(struct work *w, struct err *err)
{
	return incident_carry(w->s, &w->in->payload, w->why, w->a, &w->result, &w->done, err);
}

enum fault carry_redact(struct work *w, struct err *err)
{
	enum fault f = OK;
	int64_t id;

	for (int i = 0; !f && carry_each(w, "order", i, &id); i++) {
		struct order_detail o;

		f = order_get(w->s, id, w->a, &o, err);
		if (!f)
			f = order_redact(w->s, id, w->why, err);
		w->done++;
	}
	return f;
}

enum fault carry_map(struct work *w, struct err *err)
{
	const char *by = strcmp(fields_get(&w->in->payload, "by", "person"), "import") ? "person" : "import", *line;
	enum fault f = OK;
	struct map_line m;
	int changed;

	for (int i = 0; !f && (line = fields_each(&w->in->payload, "map", i)); i++) {
		if (!map_line_read(line, &m))
			return err_set(err, FAULT_REFUSED, "mapping %d is none", i + 1);
		f = mapping_set(w->s, m.account, m.sku, m.item, m.pack, by, w->why, &changed, err);
		w->done++;
	}
	return f;
}

enum fault carry_kit(struct work *w, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; !f && fields_each(&w->in->payload, "kit", i); w->done++) {
		struct kit_recipe r;

		f = kit_recipe_read(w->s, &w->in->payload, &i, w->a, &r, err);
		if (!f)
			f = kit_set(w->s, r.sku, r.part, r.parts, w->why, err);
	}
	return f;
}

enum fault carry_mode(struct work *w, struct err *err)
{
	struct account_row row;
	enum fault f = account_by_name(w->s, w->in->subject, w->a, &row, err);

	w->done++;
	return f ? f : account_mode(w->s, row.id, w->in->kind == INTENT_LIVE ? "live" : "shadow", w->why, err);
}

enum fault carry_policy(struct work *w, struct err *err)
{
	w->done++;
	return override_carry(w->s, &w->in->payload, w->in->why ? w->in->why : "", w->why, err);
}

enum fault carry_place(struct work *w, struct err *err)
{
	w->done++;
	return place_carry(w->s, &w->in->payload, w->why, err);
}

enum fault carry_sitting(struct work *w, struct err *err)
{
	int64_t session;
	enum fault f = sitting_carry(w->s, &w->in->payload, w->why, &session, err);

	w->done++;
	w->result = arena_printf(w->a, "session %" PRId64, session);
	return f;
}

enum fault carry_settle(struct work *w, struct err *err)
{
	return sitting_settle(w->s, fields_int(&w->in->payload, "session", 0), w->in->id, w->why, &w->done, err);
}

enum fault carry_event(struct work *w, struct err *err)
{
	w->done++;
	return event_carry(w->s, w->in, w->why, err);
}

/* Holding off the zero of an account out of step; saying that its platform is out. */
enum fault carry_lapse(struct work *w, struct err *err)
{
	w->done++;
	return lapse_carry(w->s, w->in, w->why, err);
}

enum fault carry_task(struct work *w, struct err *err)
{
	w->done++;
	return task_carry(w->s, &w->in->payload, w->why, err);
}

enum fault carry_handover(struct work *w, struct err *err)
{
	w->done++;
	return handover_carry(w->s, &w->in->payload, w->why, w->a, &w->result, err);
}
