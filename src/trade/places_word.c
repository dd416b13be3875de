/*
 * places_word.c: what a person says of a place: whether it counts and how long, whom it serves, who tells of it, what is held there.
 */
#include "trade/places_inside.h"

#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/change.h"
#include "trade/conflicts.h"
#include "trade/inventory.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_MIN = 60 * 24 * 366 };

static enum fault set_include(struct store *s, int64_t place, const char *value, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT counts FROM place WHERE id = ?";
	static const char sql[] = "UPDATE place SET counts = ? WHERE id = ?";
	bool on = !strcmp(value, "on");
	int64_t was;

	if (!on && strcmp(value, "off"))
		return err_set(err, FAULT_REFUSED, "include is on or off, not %.40s", value);
	if (GET_INT(s, err, 0, &was, ask, V(place)) || RUN(s, err, sql, V(on), V(place)) ||
	    change_int(s, "place", place, "include", was, on, why->now_ms, why, err))
		return FAULT_STORE;
	return place_settle(s, place, err);
}

static enum fault set_age(struct store *s, int64_t place, const char *value, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT max_age_ms FROM place WHERE id = ?";
	static const char sql[] = "UPDATE place SET max_age_ms = ? WHERE id = ?";
	int64_t minutes, was;

	if (!text_int(value, 1, LONGEST_MIN, &minutes))
		return err_set(err, FAULT_REFUSED, "max_age is a whole number of minutes from 1 to %d", LONGEST_MIN);
	if (GET_INT(s, err, 0, &was, ask, V(place)) || RUN(s, err, sql, V(minutes * 60000), V(place)) ||
	    change_int(s, "place", place, "max_age_ms", was, minutes * 60000, why->now_ms, why, err))
		return FAULT_STORE;
	return place_age(s, place, why, err);
}

/* Each word must be an account or a channel that there is. */
static enum fault check_serves(struct store *s, const char *value, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM account WHERE name = ?1 OR channel = ?1";
	char word[80];
	int64_t n;

	for (const char *p = value + strspn(value, " "); *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1), p);
		if (GET_INT(s, err, 0, &n, sql, V(word)))
			return FAULT_STORE;
		if (!n)
			return err_set(err, FAULT_REFUSED, "%.60s is no account and no channel", word);
		p += len;
	}
	return OK;
}

static enum fault set_words(struct store *s, int64_t place, bool serves, const char *value, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT serves, node FROM place WHERE id = ?";
	static const char put_serves[] = "UPDATE place SET serves = ?, swept = 0 WHERE id = ?", put_node[] = "UPDATE place SET node = ? WHERE id = ?";
	enum fault f = serves ? check_serves(s, value, err) : OK;
	char was[400] = "";
	struct rows *r;

	if (f)
		return f;
	if (strlen(value) >= sizeof was)
		return err_set(err, FAULT_REFUSED, "that is longer than %d bytes", (int)sizeof was - 1);
	r = ASK(s, ask, V(place));
	if (rows_next(r))
		snprintf(was, sizeof was, "%s", rows_text(r, serves ? 0 : 1));
	if (rows_end(r, err) || (serves ? RUN(s, err, put_serves, V(value), V(place)) : RUN(s, err, put_node, V(value), V(place))) ||
	    (!serves && places_think_over(s, err)))
		return FAULT_STORE;
	return change_text(s, "place", place, serves ? "serves" : "node", was, value, why->now_ms, why, err);
}

static enum fault set_kind(struct store *s, int64_t place, const char *value, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET kind = ? WHERE id = ?";
	static const char shown[] = "UPDATE place SET counts = 0 WHERE id = ?"; /* a pool of theirs is included only by a word of its own */

	if (!place_is_kind(value))
		return err_set(err, FAULT_REFUSED, "a place is own, 3pl, dropship, fba or wfs, not %.40s", value);
	if (RUN(s, err, sql, V(value), V(place)) || (place_is_theirs(value) && RUN(s, err, shown, V(place))) ||
	    change_text(s, "place", place, "kind", NULL, value, why->now_ms, why, err))
		return FAULT_STORE;
	return place_settle(s, place, err);
}

/* The place that was told so before has nobody left who tells of it: it is not in use any more. */
static enum fault leave(struct store *s, int64_t place, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM place_source WHERE place_id = ?";
	int64_t n;

	if (!place || GET_INT(s, err, 0, &n, sql, V(place)))
		return place ? FAULT_STORE : OK;
	return n ? OK : place_active(s, place, false, why, err);
}

/* Who tells nothing of a place any more differs from nobody there. */
static enum fault part(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM place_source WHERE account_id = ? AND place_id = ?";
	int64_t n = 0;

	if (place && GET_INT(s, err, 0, &n, sql, V(account), V(place)))
		return FAULT_STORE;
	return place && !n ? conflicts_part(s, account, place, why, err) : OK;
}

static enum fault set_source(struct store *s, int64_t place, const char *value, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT id FROM account WHERE name = ?";
	static const char old[] = "SELECT place_id FROM place_source WHERE account_id = ? AND code = ?";
	static const char sql[] = "INSERT INTO place_source (place_id, account_id, code) VALUES (?, ?, ?) ON CONFLICT (account_id, code) "
				  "DO UPDATE SET place_id = excluded.place_id, heard_ms = 0";
	const char *colon = strchr(value, ':');
	int64_t account, was;
	char name[80];

	if (!colon || colon - value >= (int)sizeof name || !colon[1])
		return err_set(err, FAULT_REFUSED, "source is ACCOUNT:CODE, as tallyman places shows them");
	snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
	if (GET_INT(s, err, 0, &account, ask, V(name)))
		return FAULT_STORE;
	if (!account)
		return err_set(err, FAULT_REFUSED, "there is no account %.60s", name);
	if (GET_INT(s, err, 0, &was, old, V(account), V(colon + 1)))
		return FAULT_STORE;
	if (was == place)
		return OK;
	if (RUN(s, err, sql, V(place), V(account), V(colon + 1)) || places_think_over(s, err) || leave(s, was, why, err) || part(s, account, was, why, err) ||
	    place_active(s, place, true, why, err))
		return FAULT_STORE;
	return change_text(s, "place", place, "source", NULL, value, why->now_ms, why, err);
}

enum fault place_set(struct store *s, const char *name, const char *key, const char *value, const struct cause *why, struct err *err)
{
	int64_t place;
	enum fault f = place_find(s, name, &place, err);

	assert(store_in_transaction(s));
	if (f)
		return f;
	if (!strcmp(key, "include"))
		return set_include(s, place, value, why, err);
	if (!strcmp(key, "max_age"))
		return set_age(s, place, value, why, err);
	if (!strcmp(key, "serves") || !strcmp(key, "node"))
		return set_words(s, place, *key == 's', value, why, err);
	if (!strcmp(key, "kind"))
		return set_kind(s, place, value, why, err);
	if (!strcmp(key, "source"))
		return set_source(s, place, value, why, err);
	return err_set(err, FAULT_REFUSED, "%.40s: a place has include, max_age, serves, node, kind and source", key);
}

enum fault place_hold(struct store *s, const char *name, const char *sku, const char *what, int64_t qty, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT item_id, held, moving FROM stock WHERE place_id = ? AND item_id = (SELECT id FROM item WHERE sku = ?)";
	static const char put[] = "UPDATE stock SET held = ?, moving = ? WHERE place_id = ? AND item_id = ?";
	bool moving = !strcmp(what, "moving");
	int64_t place, item = 0, is[2] = { 0 }, was;
	enum fault f = place_find(s, name, &place, err);
	char field[160];
	struct rows *r;

	if (f)
		return f;
	if (!moving && strcmp(what, "held"))
		return err_set(err, FAULT_REFUSED, "units are held or moving, not %.40s", what);
	if (qty < 0 || qty > 999999)
		return err_set(err, FAULT_REFUSED, "a quantity is a whole number from 0 to 999999");
	r = ASK(s, ask, V(place), V(sku));
	if (rows_next(r)) {
		item = rows_int(r, 0);
		is[0] = rows_int(r, 1);
		is[1] = rows_int(r, 2);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!item)
		return err_set(err, FAULT_REFUSED, "%.80s was never counted at %.80s", sku, name);
	was = is[moving];
	is[moving] = qty;
	snprintf(field, sizeof field, "%s at %s", what, name);
	if (RUN(s, err, put, V(is[0]), V(is[1]), V(place), V(item)) || change_int(s, "item", item, field, was, qty, why->now_ms, why, err))
		return FAULT_STORE;
	return item_reckon(s, item, why, err);
}

enum fault place_carry(struct store *s, const struct fields *payload, const struct cause *why, struct err *err)
{
	const char *name = fields_get(payload, "place", ""), *v;
	char key[40];
	enum fault f = OK;

	for (int i = 0; !f && (v = fields_each(payload, "set", i)); i++) {
		size_t n = strcspn(v, "=");

		if (!v[n] || n >= sizeof key)
			return err_set(err, FAULT_REFUSED, "%.60s: KEY=VALUE is wanted", v);
		snprintf(key, sizeof key, "%.*s", (int)n, v);
		f = place_set(s, name, key, v + n + 1, why, err);
	}
	if (!f && fields_has(payload, "sku"))
		f = place_hold(s, name, fields_get(payload, "sku", ""), fields_get(payload, "what", "held"), fields_int(payload, "qty", -1), why, err);
	return f;
}
