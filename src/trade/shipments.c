#include "trade/shipments.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/orders.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- noting ---- */

static enum fault check_words(const struct shipment *sh, struct err *err)
{
	struct arena *a = arena_new();
	struct carrier c;
	bool named = sh->carrier && *sh->carrier, known = named && carrier_find(a, sh->carrier, &c);

	arena_free(a);
	if (!sh->tracking || !text_id(sh->tracking, " -_.", 60))
		return err_set(err, FAULT_REFUSED, "a tracking number is 1 to 60 letters, digits, spaces, - _ or .");
	if (!named)
		return err_set(err, FAULT_REFUSED, "a carrier is missing");
	if (!known && (!sh->url || strncmp(sh->url, "https://", 8)))
		return err_set(err, FAULT_REFUSED, "carrier %.40s is not in the table: a tracking URL (https://...) is required with it", sh->carrier);
	if (sh->shipped_ms <= 0)
		return err_set(err, FAULT_REFUSED, "the time of shipping is missing");
	return OK;
}

static enum fault check_order(struct store *s, int64_t order, const char *tracking, struct err *err)
{
	static const char sql[] = "SELECT open, flags, ref FROM orders WHERE id = ?1";
	static const char twice[] = "SELECT package FROM shipment WHERE order_id = ?1 AND tracking = ?2 AND confirm <> 'REJECTED'";
	struct rows *r = ASK(s, sql, V(order));
	enum fault f = OK;

	if (!rows_next(r))
		f = err_set(err, FAULT_REFUSED, "there is no order %" PRId64, order);
	else if (rows_int(r, 1) & ORDER_READ_ONLY)
		f = err_set(err, FAULT_REFUSED, "order %s is fulfilled by the channel itself", rows_text(r, 2));
	else if (!rows_int(r, 0))
		f = err_set(err, FAULT_REFUSED, "order %s is closed: nothing of it is left to ship", rows_text(r, 2));
	if (rows_end(r, f ? NULL : err) || f)
		return f ? f : FAULT_STORE;
	r = ASK(s, twice, V(order), V(tracking));
	if (rows_next(r))
		f = err_set(err, FAULT_REFUSED, "package %s of this order has that tracking number already", rows_text(r, 0));
	return rows_end(r, f ? NULL : err) || f ? (f ? f : FAULT_STORE) : OK;
}

/*
 * Units of a line that no package has taken yet. What the channel shows as gone may be in packages of ours or not: what was in none when the first was
 * noted (a part that left before we knew the order) is not in the ones that were noted since, however late the channel shows those.
 */
static enum fault free_units(struct store *s, int64_t line, int64_t *units, int64_t *elsewhere, struct err *err)
{
	static const char sql[] =
		"SELECT qty - q_cancelled - CASE WHEN gone > packed + elsewhere THEN gone ELSE packed + elsewhere END, "
		"CASE WHEN gone - packed > elsewhere THEN gone - packed ELSE elsewhere END FROM (SELECT l.qty, l.q_cancelled, "
		"l.q_shipped + l.q_delivered AS gone, coalesce(sum(sl.qty), 0) AS packed, coalesce(max(sl.elsewhere), 0) AS elsewhere FROM order_line l "
		"LEFT JOIN (shipment_line sl JOIN shipment p ON p.id = sl.shipment_id AND p.confirm <> 'REJECTED') ON sl.line_id = l.id "
		"WHERE l.id = ?1 GROUP BY l.id) AS line";
	struct rows *r = ASK(s, sql, V(line));

	*units = *elsewhere = 0;
	if (rows_next(r)) {
		*units = rows_int(r, 0);
		*elsewhere = rows_int(r, 1);
	}
	return rows_end(r, err);
}

enum fault shipment_free(struct store *s, int64_t line, int64_t *units, struct err *err)
{
	int64_t elsewhere;

	return free_units(s, line, units, &elsewhere, err);
}

static enum fault put_line(struct store *s, int64_t shipment, int64_t line, int64_t qty, struct err *err)
{
	static const char sql[] = "INSERT INTO shipment_line (shipment_id, line_id, qty, elsewhere) VALUES (?1, ?2, ?3, ?4)";
	int64_t left, elsewhere;
	enum fault f = free_units(s, line, &left, &elsewhere, err);

	if (f)
		return f;
	if (qty > left)
		return err_set(err, FAULT_REFUSED, "%" PRId64 " units to ship, but only %" PRId64 " of that line are left", qty, left);
	return RUN(s, err, sql, V(shipment), V(line), V(qty), V(elsewhere));
}

/* Everything of the order that no package has yet. */
static enum fault put_rest(struct store *s, const struct shipment *sh, int64_t shipment, struct err *err)
{
	static const char sql[] = "SELECT id FROM order_line WHERE order_id = ?1 ORDER BY id";
	struct rows *r = ASK(s, sql, V(sh->order_id));
	int64_t left, elsewhere;
	int put = 0;
	enum fault f = OK;

	while (!f && rows_next(r)) {
		f = free_units(s, rows_int(r, 0), &left, &elsewhere, err);
		if (!f && left > 0 && ++put)
			f = put_line(s, shipment, rows_int(r, 0), left, err);
	}
	if (rows_end(r, f ? NULL : err) && !f)
		return FAULT_STORE;
	if (!f && !put)
		return err_set(err, FAULT_REFUSED, "every unit of this order is in a package already");
	return f;
}

/* The package's own key: given by the warehouse, else the next number within the order. */
static enum fault package_key(struct store *s, const struct shipment *sh, struct arena *a, const char **key, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM shipment WHERE order_id = ?1";
	int64_t n = 0;
	enum fault f = OK;

	*key = sh->package;
	if (!*key || !**key) {
		f = GET_INT(s, err, 0, &n, sql, V(sh->order_id));
		*key = arena_printf(a, "%" PRId64, n + 1);
	}
	return f;
}

/*
 * What the queue shows of an order's packages: the one that most needs somebody. A rejected one counts until a later package
 * takes up its lines.
 */
static enum fault show_on_order(struct store *s, int64_t order, const struct cause *why, struct err *err)
{
	static const char ask[] =
		"SELECT o.confirm, p.confirm FROM shipment p JOIN orders o ON o.id = p.order_id WHERE p.order_id = ?1 AND (p.confirm <> 'REJECTED' "
		"OR NOT EXISTS (SELECT 1 FROM shipment_line mine JOIN shipment_line l ON l.line_id = mine.line_id JOIN shipment q ON q.id = l.shipment_id "
		"WHERE mine.shipment_id = p.id AND q.id > p.id AND q.confirm <> 'REJECTED')) "
		"ORDER BY CASE p.confirm WHEN 'REJECTED' THEN 0 WHEN 'UNKNOWN' THEN 1 WHEN 'NOT_SENT' THEN 2 WHEN 'SENDING' THEN 3 "
		"WHEN 'ACCEPTED' THEN 4 ELSE 5 END LIMIT 1";
	static const char sql[] = "UPDATE orders SET confirm = ?2 WHERE id = ?1";
	char was[16] = "", is[16] = "";
	struct rows *r = ASK(s, ask, V(order));

	if (rows_next(r)) {
		snprintf(was, sizeof was, "%s", rows_text(r, 0));
		snprintf(is, sizeof is, "%s", rows_text(r, 1));
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!strcmp(was, is))
		return OK;
	return RUN(s, err, sql, V(order), V(is)) ? FAULT_STORE : change_text(s, "orders", order, "confirm", was, is, why->now_ms, why, err);
}

bool shipment_is_draft(const struct shipment *sh)
{
	return !strcmp(sh->source, "warehouse") && !strcmp(sh->confirm, "NOT_SENT") && !sh->intent_id;
}

/* The warehouse told of this package already: a person's word makes its draft the one to be confirmed. */
static enum fault take_draft(struct store *s, const struct shipment *sh, int64_t *id, struct err *err)
{
	static const char find[] = "SELECT id FROM shipment WHERE order_id = ?1 AND tracking = ?2 AND source = 'warehouse' AND confirm = 'NOT_SENT' AND intent_id IS NULL";
	static const char sql[] = "UPDATE shipment SET intent_id = ?2 WHERE id = ?1";

	*id = 0;
	if (!sh->intent_id || !sh->tracking)
		return OK;
	if (GET_INT(s, err, 0, id, find, V(sh->order_id), V(sh->tracking)))
		return FAULT_STORE;
	return *id ? RUN(s, err, sql, V(*id), V(sh->intent_id)) : OK;
}

enum fault shipment_note(struct store *s, const struct shipment *sh, const struct cause *why, int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO shipment (order_id, package, carrier, tracking, url, service, shipped_ms, source, confirm, intent_id) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'NOT_SENT', ?9) RETURNING id";
	static const char on_order[] = "UPDATE orders SET carrier = ?2, tracking = ?3 WHERE id = ?1";
	struct arena *a = arena_new();
	const char *package;
	enum fault f;

	assert(store_in_transaction(s));
	f = take_draft(s, sh, id, err);
	if (f || *id)
		goto out;
	f = check_words(sh, err);
	if (!f)
		f = check_order(s, sh->order_id, sh->tracking, err);
	if (!f)
		f = package_key(s, sh, a, &package, err);
	if (!f)
		f = RUN_ID(s, err, id, sql, V(sh->order_id), V(package), V(sh->carrier), V(sh->tracking), V(sh->url ? sh->url : ""),
		           V(sh->service ? sh->service : ""), V(sh->shipped_ms), V(sh->source), sh->intent_id ? V(sh->intent_id) : V_NULL);
	for (int i = 0; !f && i < sh->lines; i++)
		f = put_line(s, *id, sh->line[i].line_id, sh->line[i].qty, err);
	if (!f && !sh->lines)
		f = put_rest(s, sh, *id, err);
	if (!f)
		f = RUN(s, err, on_order, V(sh->order_id), V(sh->carrier), V(sh->tracking));
	if (!f)
		f = show_on_order(s, sh->order_id, why, err);
	if (!f)
		f = change_text(s, "orders", sh->order_id, "tracking", NULL, sh->tracking, sh->shipped_ms, why, err);
out:
	arena_free(a);
	return f;
}

/* ---- reading ---- */

#define SHIPMENT_COLUMNS "id, order_id, package, carrier, tracking, url, service, shipped_ms, source, confirm, intent_id"

static struct shipment read_shipment(const struct rows *r, struct arena *a)
{
	return (struct shipment){
		.id = rows_int(r, 0),
		.order_id = rows_int(r, 1),
		.package = rows_keep(r, 2, a),
		.carrier = rows_keep(r, 3, a),
		.tracking = rows_keep(r, 4, a),
		.url = rows_keep(r, 5, a),
		.service = rows_keep(r, 6, a),
		.shipped_ms = rows_int(r, 7),
		.source = rows_keep(r, 8, a),
		.confirm = rows_keep(r, 9, a),
		.intent_id = rows_int(r, 10),
	};
}

static enum fault read_lines(struct store *s, struct arena *a, struct shipment *sh, struct err *err)
{
	static const char sql[] = "SELECT line_id, qty FROM shipment_line WHERE shipment_id = ?1 ORDER BY line_id";
	struct rows *r = ASK(s, sql, V(sh->id));
	int cap = 0;

	while (rows_next(r)) {
		sh->line = arena_grow(a, sh->line, sh->lines, &cap, sizeof *sh->line);
		sh->line[sh->lines++] = (struct shipped){ rows_int(r, 0), rows_int(r, 1) };
	}
	return rows_end(r, err);
}

enum fault shipment_get(struct store *s, int64_t id, struct arena *a, struct shipment *out, struct err *err)
{
	static const char sql[] = "SELECT " SHIPMENT_COLUMNS " FROM shipment WHERE id = ?1";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_shipment(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? read_lines(s, a, out, err) : err_set(err, FAULT_REFUSED, "there is no shipment %" PRId64, id);
}

enum fault shipments_of(struct store *s, int64_t order, struct arena *a, struct shipment **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT " SHIPMENT_COLUMNS " FROM shipment WHERE order_id = ?1 ORDER BY id";
	struct rows *r = ASK(s, sql, V(order));
	int cap = 0;
	enum fault f;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = read_shipment(r, a);
	}
	f = rows_end(r, err);
	for (int i = 0; !f && i < *n; i++)
		f = read_lines(s, a, &(*out)[i], err);
	return f;
}

/* ---- confirming ---- */

/* The drawn steps; anything else is a mistake of ours. */
static bool may_step(const char *from, const char *to)
{
	static const char *const steps[][2] = {
		{ "NOT_SENT", "SENDING" },  { "NOT_SENT", "ACCEPTED" }, { "NOT_SENT", "UNKNOWN" }, { "NOT_SENT", "REJECTED" }, { "NOT_SENT", "APPLIED" },
		{ "SENDING", "ACCEPTED" },  { "SENDING", "REJECTED" },  { "SENDING", "UNKNOWN" },  { "SENDING", "NOT_SENT" },  { "SENDING", "APPLIED" },
		{ "UNKNOWN", "APPLIED" },   { "UNKNOWN", "NOT_SENT" },  { "UNKNOWN", "REJECTED" }, { "UNKNOWN", "ACCEPTED" },  { "ACCEPTED", "APPLIED" },
		{ "ACCEPTED", "REJECTED" }, { "REJECTED", "NOT_SENT" }, { "REJECTED", "APPLIED" },
	};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!strcmp(steps[i][0], from) && !strcmp(steps[i][1], to))
			return true;
	return !strcmp(from, to);
}

/* Are the units of a rejected package still nobody else's? */
static enum fault check_units(struct store *s, const struct shipment *sh, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < sh->lines && !f; i++) {
		int64_t left, elsewhere;

		f = free_units(s, sh->line[i].line_id, &left, &elsewhere, err);
		if (!f && sh->line[i].qty > left)
			f = err_set(err, FAULT_REFUSED, "package %.40s was rejected, and its units have gone with another one since", sh->package);
	}
	return f;
}

enum fault shipment_confirm(struct store *s, int64_t id, const char *confirm, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE shipment SET confirm = ?2, confirm_ms = ?3 WHERE id = ?1";
	struct arena *a = arena_new();
	struct shipment sh = { 0 };
	enum fault f = shipment_get(s, id, a, &sh, err);

	assert(store_in_transaction(s));
	if (!f && !may_step(sh.confirm, confirm))
		f = err_set(err, FAULT_REFUSED, "a package does not step from %s to %s", sh.confirm, confirm);
	if (!f && !strcmp(sh.confirm, "REJECTED") && !strcmp(confirm, "NOT_SENT"))
		f = check_units(s, &sh, err);
	if (!f && strcmp(sh.confirm, confirm)) {
		f = RUN(s, err, sql, V(id), V(confirm), V(why->now_ms));
		if (!f)
			f = change_text(s, "shipment", id, "confirm", sh.confirm, confirm, why->now_ms, why, err);
		if (!f)
			f = show_on_order(s, sh.order_id, why, err);
	}
	arena_free(a);
	return f;
}

enum fault shipment_shown(struct store *s, int64_t id, bool *shown, int64_t *read_ms, struct err *err)
{
	/* lines that show neither its number nor enough units; a line's numbers stand with a space between them */
	static const char sql[] =
		"SELECT count(*) FROM shipment_line sl JOIN order_line l ON l.id = sl.line_id JOIN shipment me ON me.id = sl.shipment_id "
		"WHERE sl.shipment_id = ?1 AND replace(' ' || l.tracking || ' ', ' ' || me.tracking || ' ', '') = ' ' || l.tracking || ' ' AND "
		"l.q_shipped + l.q_delivered - sl.elsewhere < (SELECT coalesce(sum(e.qty), 0) FROM shipment_line e JOIN shipment p ON p.id = e.shipment_id "
		"WHERE e.line_id = sl.line_id AND e.shipment_id <= sl.shipment_id AND p.confirm <> 'REJECTED')";
	static const char known[] = "SELECT o.known_ms FROM shipment p JOIN orders o ON o.id = p.order_id WHERE p.id = ?1";
	static const char any[] = "SELECT count(*) FROM shipment_line WHERE shipment_id = ?1";
	int64_t short_lines = 1, lines = 0;
	enum fault f = GET_INT(s, err, 1, &short_lines, sql, V(id));

	if (!f)
		f = GET_INT(s, err, 0, &lines, any, V(id));
	if (!f)
		f = GET_INT(s, err, 0, read_ms, known, V(id));
	*shown = !f && lines > 0 && !short_lines;
	return f;
}
