/* plan_local: what would be said of offers by hand, and what a decision changes that stays on this machine. */
#include "trade/plan.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/events.h"
#include "trade/inventory.h"
#include "trade/kits.h"
#include "trade/lapse.h"
#include "trade/mapping.h"
#include "trade/offers.h"
#include "trade/overrides.h"
#include "trade/places.h"
#include "trade/sitting.h"

#include <inttypes.h>
#include <string.h>

/* ---- offers and accounts ---- */

enum fault plan_push(struct draft *d, struct err *err)
{
	const char *id;

	for (int i = 0; (id = fields_each(&d->in->payload, "offer", i)); i++) {
		struct offer o;
		int64_t n;
		enum fault f = text_int(id, 1, INT64_MAX, &n) ? offer_get(d->s, n, d->a, &o, err) : err_set(err, FAULT_REFUSED, "no offer's number");
		const char *name;

		if (f == FAULT_STORE)
			return f;
		if (f) {
			draft_skip(d, "an offer", err->text);
			continue;
		}
		name = arena_printf(d->a, "%s %s%s%s", o.account_name, o.sku, *o.marketplace ? " " : "", o.marketplace);
		if (offer_unwritable(&o))
			draft_skip(d, name, offer_unwritable(&o));
		else if (o.target < 0)
			draft_skip(d, name, "nobody has reckoned its quantity yet");
		else
			draft_step(d, o.account_name, o.id,
			     arena_printf(d->a, "%s: say %" PRId64 " (they show %s)", name, o.target,
			                  o.seen < 0 ? "nothing we have read" : arena_printf(d->a, "%" PRId64, o.seen)));
	}
	return OK;
}

enum fault plan_mode(struct draft *d, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM job WHERE account_id = ? AND writes = 1 AND state = 'waiting'";
	bool live = d->in->kind == INTENT_LIVE;
	struct account_row row;
	int64_t waiting = 0;
	enum fault f = account_by_name(d->s, d->in->subject ? d->in->subject : "", d->a, &row, err);

	if (!f)
		f = GET_INT(d->s, err, 0, &waiting, sql, V(row.id));
	if (f)
		return f;
	if (!strcmp(row.mode, live ? "live" : "shadow"))
		draft_skip(d, row.name, live ? "it is live already" : "it is in shadow mode already");
	else
		draft_step(d, row.name, row.id,
		     arena_printf(d->a, live ? "%s: from shadow to live: what is planned will be said to %s, the %" PRId64 " waiting now at once"
		                             : "%s: from live to shadow: nothing more is said to %s, %" PRId64 " writes stay waiting",
		                  row.name, row.channel, waiting));
	return OK;
}

/* ---- policy: what a person sets for a tag or a SKU ---- */

enum fault plan_policy(struct draft *d, struct err *err)
{
	const char **line;
	int n;
	enum fault f = override_words(d->s, &d->in->payload, d->a, &line, &n, err);

	for (int i = 0; i < n && !f; i++)
		draft_step(d, "", 0, line[i]);
	return f;
}

/* ---- what a SKU stands for ---- */

static const char *item_words(struct draft *d, int64_t item, int64_t pack, struct err *err)
{
	struct item i;

	if (!item)
		return "nothing";
	if (item_get_id(d->s, item, d->a, &i, err))
		return NULL;
	return pack > 1 ? arena_printf(d->a, "%s, %" PRId64 " in one", i.sku, pack) : i.sku;
}

enum fault plan_map(struct draft *d, struct err *err)
{
	const char *line;

	for (int i = 0; (line = fields_each(&d->in->payload, "map", i)); i++) {
		const char *name, *was, *now;
		struct account_row account;
		struct mapped before;
		struct map_line m;

		if (!map_line_read(line, &m))
			return err_set(err, FAULT_REFUSED, "mapping %d is none", i + 1);
		if (account_by_id(d->s, m.account, d->a, &account, err) || mapping_of(d->s, m.account, m.sku, &before, err) ||
		    !(was = item_words(d, before.item, before.pack, err)) || !(now = item_words(d, m.item, m.pack, err)))
			return err->fault;
		name = arena_printf(d->a, "%s %s", account.name, m.sku);
		if (!m.item && (!*before.by || !strcmp(before.by, "spelling")))
			draft_skip(d, name, "nothing was said about it");
		else if (before.item == m.item && before.pack == m.pack && strcmp(before.by, "spelling"))
			draft_skip(d, name, "that is what it stands for already");
		else
			draft_step(d, account.name, m.account,
			     m.item ? arena_printf(d->a, "%s: stands for %s (until now %s)", name, now, was)
			            : arena_printf(d->a, "%s: no longer said to stand for %s: only an item spelled alike counts", name, was));
	}
	return OK;
}

/* ---- what kits are made of ---- */

enum fault plan_kit(struct draft *d, struct err *err)
{
	for (int i = 0; fields_each(&d->in->payload, "kit", i);) {
		const char *was, *is;
		struct kit_part *before;
		struct kit_recipe r;
		int64_t kit;
		int n = 0;

		if (kit_recipe_read(d->s, &d->in->payload, &i, d->a, &r, err) || kit_check(d->s, r.sku, r.part, r.parts, &kit, err) ||
		    (kit && kit_parts(d->s, kit, d->a, &before, &n, err)))
			return err->fault;
		was = n ? kit_words(before, n, d->a) : "no kit";
		is = r.parts ? kit_words(r.part, r.parts, d->a) : "no kit";
		if (!strcmp(was, is))
			draft_skip(d, r.sku, r.parts ? "that is what it is made of already" : "it is no kit");
		else
			draft_step(d, "", kit, arena_printf(d->a, r.parts ? "%s: made of %s (until now %s)" : "%s: %s any more (until now %s)", r.sku, is, was));
	}
	return OK;
}

/* ---- local ones: nothing reaches a marketplace ---- */

enum fault plan_incident(struct draft *d, struct err *err)
{
	const struct fields *p = &d->in->payload;
	const char *said = fields_get(p, "cause", fields_get(p, "why", fields_get(p, "owner", fields_get(p, "step", "")))), *v;

	if (!strcmp(fields_get(p, "action", ""), "test"))
		draft_step(d, "", 0, "tell each hook a test");
	for (int i = 0; (v = fields_each(p, "incident", i)); i++)
		draft_step(d, "", 0, arena_printf(d->a, "%s I-%s%s%s", fields_get(p, "action", "?"), v, *said ? ": " : "", said));
	(void)err;
	return OK;
}

enum fault plan_local(struct draft *d, struct err *err)
{
	static const char *const keys[] = { "job", "inbox", "alert", "order", "offer", "sku", "task", "state", "file", "subject", "to", "take" };
	const char *v;

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		for (int i = 0; (v = fields_each(&d->in->payload, keys[k], i)); i++)
			draft_step(d, "", 0, arena_printf(d->a, "%s %s %s", intent_kind_name(d->in->kind), keys[k], v));
	if (!d->out->steps)
		draft_step(d, "", 0, intent_kind_name(d->in->kind));
	(void)err;
	return OK;
}

/* What would be set of a place: tried for real where it is carried out, named here. */
enum fault plan_place(struct draft *d, struct err *err)
{
	const struct fields *p = &d->in->payload;
	const char *name = fields_get(p, "place", ""), *v;
	int64_t id;

	if (place_find(d->s, name, &id, err))
		return err->fault;
	for (int i = 0; (v = fields_each(p, "set", i)); i++)
		draft_step(d, "", id, arena_printf(d->a, "place %s: %s", name, v));
	if (fields_has(p, "sku"))
		draft_step(d, "", id, arena_printf(d->a, "place %s: %s units of %s %s", name, fields_get(p, "qty", "?"), fields_get(p, "sku", ""), fields_get(p, "what", "")));
	return OK;
}

/* ---- sessions ---- */

enum fault plan_sitting(struct draft *d, struct err *err)
{
	const char *text;
	enum fault f = sitting_words(d->s, &d->in->payload, d->now_ms, d->a, &text, err);

	if (!f)
		draft_step(d, "", 0, text);
	return f;
}

enum fault plan_event(struct draft *d, struct err *err)
{
	const char *text;
	enum fault f = event_words(d->s, d->in, d->now_ms, d->a, &text, err);

	if (!f)
		draft_step(d, "", 0, text);
	return f;
}

enum fault plan_lapse(struct draft *d, struct err *err)
{
	const char *text;
	enum fault f = lapse_words(d->s, d->in, d->now_ms, d->a, &text, err);

	if (!f)
		draft_step(d, "", 0, text);
	return f;
}

/* Secrets by their fingerprints: what the engine saw when it looked (engine/second.c). */
enum fault plan_vault(struct draft *d, struct err *err)
{
	const char *v;

	for (int i = 0; (v = fields_each(&d->in->payload, "change", i)); i++)
		draft_step(d, "", 0, v);
	d->out->two = "a change of secrets";
	(void)err;
	return OK;
}

/* What is let go of is named: who types the line has read why it was held. */
enum fault plan_release(struct draft *d, struct err *err)
{
	const char *held = "";
	enum fault f = meta_get(d->s, "held", d->a, &held, err);

	if (!f && !*held)
		f = err_set(err, FAULT_REFUSED, "nothing is held here: there is nothing to let go of");
	if (f)
		return f;
	draft_step(d, "", 0, arena_printf(d->a, "write to marketplaces again, though %s", held));
	draft_warn(d, "what was said since that copy is not in this store and may be said once more: compare it with the marketplaces first (tallyman reconcile --full)");
	return OK;
}

enum fault plan_settle(struct draft *d, struct err *err)
{
	struct settle_step *row;
	int n;
	enum fault f = sitting_steps(d->s, fields_int(&d->in->payload, "session", 0), d->a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		if (row[i].skip)
			draft_skip(d, row[i].name, row[i].text);
		else
			draft_step(d, row[i].account_name, row[i].offer, arena_printf(d->a, "%s: %s", row[i].name, row[i].text));
	return f;
}
