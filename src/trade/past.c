#include "trade/past.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/past_tables.h"
#include "trade/timeline_tell.h"

#include <string.h>

/*
 * ?1 is the first row of history that is not known yet, ?2 the moment; ?3, ?4, ?5 and ?6 the first move, observation, job and call. A field has the value that it had before its first change since; by valid time,
 * that of the last change that was so by then.
 */
#define LATER "SELECT h.fact_id FROM change h WHERE h.id >= ?1"
#define FIRST(tab, fact, field) \
	"(SELECT h.old FROM change h WHERE h.fact_id = " tab ".id AND h.fact = '" fact "' AND h.id >= ?1 AND h.field = '" field "' ORDER BY h.id LIMIT 1)"
#define BACK(tab, fact, field, column, value) \
	"UPDATE " tab " SET " column " = " value " WHERE id IN (" LATER " AND h.fact = '" fact "' AND h.field = '" field "' AND ?2 > 0)"
#define TEXT(tab, fact, field) BACK(tab, fact, field, field, "coalesce(" FIRST(tab, fact, field) ", '')")
#define NUMBER(tab, fact, field) BACK(tab, fact, field, field, "coalesce(CAST(" FIRST(tab, fact, field) " AS INTEGER), 0)")
/* -1 stands for none */
#define UNITS(tab, fact, field) BACK(tab, fact, field, field, "nullif(CAST(coalesce(" FIRST(tab, fact, field) ", -1) AS INTEGER), -1)")

/* Units that are held or moving, by the name of the place. */
#define KEPT_BACK(what) \
	"UPDATE stock SET " what " = coalesce((SELECT CAST(h.old AS INTEGER) FROM change h JOIN place p ON p.id = stock.place_id WHERE h.fact_id = stock.item_id AND h.fact = 'item' AND h.id >= ?1 " \
	"AND h.field = '" what " at ' || p.name ORDER BY h.id LIMIT 1), " what ") WHERE ?2 > 0 AND item_id IN (" LATER " AND h.fact = 'item' AND h.field LIKE '" what " at %')"

/* The last call of an account's that was over by then and understood. */
#define CALL(what, account, of) \
	"(SELECT t." what " FROM attempt t WHERE t.account_id = " account " AND t.id < ?6 AND t.closed_ms > 0 AND t.closed_ms <= ?2 AND t.fault IN ('', 'OK') " of "ORDER BY t.id DESC LIMIT 1)"
/* And where calls have become counts, the end of the last hour before that had one. 0: nothing tells. */
#define HEARD(what, account, of, stream) \
	"(SELECT CASE WHEN h.hour > c.ms / 3600000 THEN h.hour * 3600000 + 3599999 ELSE c.ms END FROM (SELECT coalesce(" CALL(what, account, of) ", 0) AS ms) c, " \
	"(SELECT coalesce(max(r.hour), 0) AS hour FROM rhythm r WHERE r.account_id = " account " AND r.name = " stream " AND r.hour < ?2 / 3600000) h)"

/* What decisions about quantities are made of. */
static const char *const stock_facts[] = {
	/* who is born later goes */
	"DELETE FROM job WHERE id >= ?5",
	"DELETE FROM job WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'job' AND h.field = 'state' AND h.old IS NULL)", /* the same moment, and later */
	"DELETE FROM order_line WHERE ?2 > 0 AND order_id IN (" LATER " AND h.fact = 'orders' AND h.field = 'state' AND h.old IS NULL)",
	"DELETE FROM orders WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'orders' AND h.field = 'state' AND h.old IS NULL)",
	"DELETE FROM offer WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'offer' AND h.field = 'sku' AND h.old IS NULL)",
	"DELETE FROM item WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'item' AND h.field = 'sku' AND h.old IS NULL)",
	NUMBER("item", "item", "available"),
	/* shelves: each move since is taken back; who counted it and when is that of the last count before */
	"UPDATE stock SET counted = max(0, counted - (SELECT sum(m.qty) FROM move m WHERE m.item_id = stock.item_id AND m.place_id = stock.place_id AND m.id >= ?3)), "
	"told = max(0, counted - (SELECT sum(m.qty) FROM move m WHERE m.item_id = stock.item_id AND m.place_id = stock.place_id AND m.id >= ?3)), "
	"valid_ms = coalesce((SELECT max(m.valid_ms) FROM move m WHERE m.item_id = stock.item_id AND m.place_id = stock.place_id AND m.id < ?3), 0), known_ms = ?2 "
	"WHERE ?1 > 0 AND (item_id, place_id) IN (SELECT m.item_id, m.place_id FROM move m WHERE m.id >= ?3)",
	"DELETE FROM stock WHERE ?1 > 0 AND known_ms = ?2 AND counted = 0 AND NOT EXISTS (SELECT 1 FROM move m WHERE m.item_id = stock.item_id AND m.place_id = stock.place_id "
	"AND m.id < ?3)",
	KEPT_BACK("held"),
	KEPT_BACK("moving"),
	NUMBER("place", "place", "stale"),
	NUMBER("place", "place", "active"),
	NUMBER("place", "place", "due_ms"),
	NUMBER("place", "place", "max_age_ms"),
	TEXT("place", "place", "serves"),
	TEXT("place", "place", "node"),
	BACK("place", "place", "include", "counts", "CAST(" FIRST("place", "place", "include") " AS INTEGER)"),
	"UPDATE place SET sells = counts * active * (1 - stale) * (kind <> 'fba' AND kind <> 'wfs') WHERE ?1 > 0 AND ?2 > 0",
	TEXT("offer", "offer", "hold"),
	TEXT("offer", "offer", "block"),
	TEXT("offer", "offer", "flags"),
	TEXT("offer", "offer", "push_state"),
	NUMBER("offer", "offer", "drift"),
	BACK("offer", "offer", "item", "item_id", "nullif(CAST(" FIRST("offer", "offer", "item") " AS INTEGER), 0)"),
	NUMBER("offer", "offer", "pack"),
	NUMBER("offer", "offer", "reserved"),
	"UPDATE offer SET why = CASE WHEN target_ms > ?2 THEN '' ELSE why END, waits = 0, "
	"cause = CASE WHEN drift = 0 THEN '' WHEN push_state = 'SETTLING' THEN 'SETTLING' WHEN drift_ms > 0 AND drift_ms <= ?2 THEN cause ELSE 'UNKNOWN' END, "
	"target_ms = min(target_ms, coalesce((SELECT max(h.known_ms) FROM change h WHERE h.fact_id = offer.id AND h.fact = 'offer' AND h.field = 'target' AND h.id < ?1), ?2)), "
	"pushed_ms = min(pushed_ms, coalesce((SELECT max(h.known_ms) FROM change h WHERE h.fact_id = offer.id AND h.fact = 'offer' AND h.field = 'pushed' AND h.id < ?1), ?2)), "
	"drift_ms = CASE WHEN drift = 0 THEN 0 WHEN drift_ms > 0 AND drift_ms <= ?2 THEN drift_ms ELSE coalesce((SELECT max(h.valid_ms) FROM change h WHERE "
	"h.fact_id = offer.id AND h.fact = 'offer' AND h.field = 'drift' AND h.id < ?1), ?2) END, known_ms = min(known_ms, ?2) "
	"WHERE id IN (" LATER " AND h.fact = 'offer')",
	"UPDATE offer SET pool = 'own' WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'offer' AND h.field = 'pool') AND " FIRST("offer", "offer", "pool") " = 'own'",
	UNITS("offer", "offer", "target"),
	UNITS("offer", "offer", "pushed"),
	"UPDATE offer SET seen = coalesce((SELECT o.seen FROM observation o WHERE o.offer_id = offer.id AND o.id < ?4 ORDER BY o.id DESC LIMIT 1), "
	"(SELECT o.was FROM observation o WHERE o.offer_id = offer.id AND o.id >= ?4 ORDER BY o.id LIMIT 1)), "
	"seen_ms = coalesce((SELECT min(o.was_ms) FROM observation o WHERE o.offer_id = offer.id AND o.id >= ?4 AND o.was IS NOT NULL), 0), "
	"seen_attempt = (SELECT o.attempt_id FROM observation o WHERE o.offer_id = offer.id AND o.id < ?4 ORDER BY o.id DESC LIMIT 1) "
	"WHERE ?1 > 0 AND id IN (SELECT o.offer_id FROM observation o WHERE o.id >= ?4)",
	TEXT("orders", "orders", "state"),
	NUMBER("orders", "orders", "flags"),
	NUMBER("orders", "orders", "ack_by_ms"),
	NUMBER("orders", "orders", "ship_by_ms"),
	NUMBER("orders", "orders", "cancel_by_ms"),
	NUMBER("order_line", "order_line", "q_pending"),
	NUMBER("order_line", "order_line", "q_new"),
	NUMBER("order_line", "order_line", "q_acked"),
	NUMBER("order_line", "order_line", "q_released"),
	NUMBER("order_line", "order_line", "q_picking"),
	NUMBER("order_line", "order_line", "q_packed"),
	NUMBER("order_line", "order_line", "q_shipped"),
	NUMBER("order_line", "order_line", "q_delivered"),
	NUMBER("order_line", "order_line", "q_cancelled"),
	NUMBER("order_line", "order_line", "q_unknown"),
	NUMBER("order_line", "order_line", "qty"),
	NUMBER("order_line", "order_line", "reserves"),
	NUMBER("order_line", "order_line", "taken"),
	BACK("order_line", "order_line", "item", "item_id", "nullif(CAST(" FIRST("order_line", "order_line", "item") " AS INTEGER), 0)"),
	TEXT("feed", "feed", "state"),
	TEXT("account", "account", "state"),
	TEXT("account", "account", "mode"),
	TEXT("account", "account", "gross"),
	NUMBER("account", "account", "enabled"),
	"UPDATE account SET ok_ms = coalesce(" CALL("closed_ms", "account.id", "") ", 0) WHERE ?1 > 0 AND ok_ms > ?2",
	"UPDATE job SET state = coalesce(" FIRST("job", "job", "state") ", 'waiting') WHERE ?2 > 0 AND writes = 1 AND id IN (" LATER " AND h.fact = 'job' AND h.field = 'state')",
};

/* What of it is a sum of the others. Items whose number moved since alone: of the rest every term is as it was. */
static const char *const sums[] = {
	"UPDATE item SET counted = coalesce((SELECT sum(k.counted) FROM stock k JOIN place p ON p.id = k.place_id WHERE k.item_id = item.id AND p.sells = 1), 0), "
	"held = coalesce((SELECT sum(min(k.held + k.moving, k.counted)) FROM stock k JOIN place p ON p.id = k.place_id WHERE k.item_id = item.id AND p.sells = 1), 0), "
	"reserved = coalesce((SELECT sum(l.reserves) FROM order_line l WHERE l.item_id = item.id AND l.reserves > 0 AND l.taken = 0), 0), known_ms = min(known_ms, ?2) "
	"WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'item' AND h.field = 'available')",
	"UPDATE item SET made = CASE WHEN kit = 1 THEN available - counted + held + reserved + lent ELSE 0 END, "
	"lent = CASE WHEN kit = 1 THEN lent WHEN EXISTS (SELECT 1 FROM kit k WHERE k.part_id = item.id) THEN counted - held - reserved - available ELSE 0 END, "
	"reserved = CASE WHEN kit = 1 OR EXISTS (SELECT 1 FROM kit k WHERE k.part_id = item.id) THEN reserved ELSE counted - held - available END WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'item' AND h.field = 'available')",
	"UPDATE orders SET open = (state NOT IN ('SHIPPED', 'DELIVERED', 'CANCELLED')), known_ms = min(known_ms, ?2) WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'orders')",
};

/*
 * When it was heard last: of that only the newest is kept, so a later one is looked up among the calls. Where nothing tells (that a file is as it was makes no call) it is 0:
 * unknown. A place that was not stale was heard within its age, so that is said of it where nothing tells more.
 */
#define PLACED(open) "coalesce((SELECT o.placed_ms FROM orders o WHERE o.open = " open " AND o.account_id = stream.account_id AND o.placed_ms <= ?2 ORDER BY o.placed_ms DESC LIMIT 1), 0)"
static const char *const heard[] = {
	"UPDATE account SET heard_ms = min(heard_ms, " HEARD("opened_ms", "account.id", "AND t.verb = 'orders' ", "'read orders'") ") WHERE ?1 > 0 AND heard_ms > ?2",
	"UPDATE offer SET seen_ms = max(coalesce((SELECT min(o.valid_ms, ?2) FROM observation o WHERE o.offer_id = offer.id AND o.id < ?4 ORDER BY o.id DESC LIMIT 1), 0), c.ms) FROM "
	"(SELECT a.id, " HEARD("opened_ms", "a.id", "AND t.verb IN ('stock-list', 'stock-read', 'pool') ", "'read stock-list'") " AS ms FROM account a LIMIT -1) c "
	"WHERE ?1 > 0 AND c.id = offer.account_id AND offer.seen_ms > ?2",
	"DELETE FROM stream WHERE ?1 > 0 AND first_ms > ?2",
	"UPDATE stream SET last_ms = max(" PLACED("0") ", " PLACED("1") ") WHERE ?1 > 0 AND last_ms > ?2 AND name = 'orders'",
	"UPDATE stream SET last_ms = " HEARD("closed_ms", "stream.account_id", "AND t.writes = (stream.name LIKE 'write %') AND t.verb = substr(stream.name, instr(stream.name, ' ') + 1) ", "stream.name")
	" WHERE ?1 > 0 AND last_ms > ?2",
	"UPDATE place_source SET heard_ms = CASE WHEN (SELECT a.base_url = '' OR (a.by_place AND p.stale) FROM account a, place p WHERE a.id = place_source.account_id AND p.id = place_source.place_id) THEN 0 "
	"ELSE " HEARD("closed_ms", "place_source.account_id", "AND t.verb = 'counts' ", "'read counts'") " END WHERE ?1 > 0 AND heard_ms > ?2",
	"UPDATE place SET heard_ms = (SELECT CASE WHEN place.stale = (h.ms < ?2 - place.max_age_ms) THEN h.ms WHEN place.stale THEN 0 ELSE ?2 - place.max_age_ms END FROM (SELECT "
	"coalesce((SELECT k.heard_ms FROM place_source k JOIN account c ON c.id = k.account_id AND c.enabled = 1 JOIN meta m ON m.key = 'truth.stock' "
	"AND (c.name = m.value OR c.channel = m.value) WHERE k.place_id = place.id ORDER BY c.name = m.value DESC, c.id, k.heard_ms DESC LIMIT 1), "
	"(SELECT max(k.heard_ms) FROM place_source k WHERE k.place_id = place.id), "
	"(SELECT max(m.known_ms) FROM move m WHERE m.place_id = place.id AND m.cause = 'count' AND m.id < ?3), 0) AS ms) h) WHERE ?1 > 0 AND heard_ms > ?2",
	("UPDATE stock SET valid_ms = min(valid_ms, ?2, max(coalesce((SELECT m.valid_ms FROM move m WHERE m.item_id = stock.item_id AND m.place_id = stock.place_id AND m.id < ?3 "
	"ORDER BY m.id DESC LIMIT 1), 0), coalesce((SELECT max(k.heard_ms) FROM place_source k WHERE k.place_id = stock.place_id), 0))), known_ms = ?2 WHERE ?1 > 0 AND known_ms > ?2"),
};

/* What a person set beside the configuration, and which one held: a replay by today's rules leaves these. */
static const char *const rules[] = {
	"DELETE FROM policy_override WHERE ?1 > 0 AND made_ms > ?2",
	"UPDATE policy_override SET ended_ms = 0, ended_by = '' WHERE ?1 > 0 AND ended_ms > ?2",
	"DELETE FROM item_tag WHERE ?1 > 0 AND at_ms > ?2",
	"INSERT INTO item_tag (item_id, tag, actor, at_ms) SELECT h.fact_id, h.old, h.actor, ?2 FROM change h WHERE h.id >= ?1 AND h.fact = 'item' AND h.field = 'tag' AND h.new IS NULL "
	"AND NOT EXISTS (SELECT 1 FROM item_tag t WHERE t.item_id = h.fact_id AND t.tag = h.old) AND EXISTS (SELECT 1 FROM item i WHERE i.id = h.fact_id) GROUP BY h.fact_id, h.old",
	"INSERT INTO meta (key, value) SELECT 'config', CAST(config_id AS TEXT) FROM change WHERE id < ?1 AND ?2 > 0 AND config_id IS NOT NULL ORDER BY id DESC LIMIT 1 "
	"ON CONFLICT (key) DO UPDATE SET value = excluded.value",
};

/* The rest of what a person looks at. */
static const char *const other_facts[] = {
	"UPDATE offer SET target_ms = min(target_ms, ?2), pushed_ms = min(pushed_ms, ?2), drift_ms = min(drift_ms, ?2), known_ms = min(known_ms, ?2) "
	"WHERE target_ms > ?2 OR pushed_ms > ?2 OR drift_ms > ?2 OR known_ms > ?2",
	"UPDATE offer SET settle_ms = ?2 WHERE ?1 > 0 AND settle_ms > ?2 AND push_state <> 'SETTLING'",
	"UPDATE offer SET risk = CASE WHEN drift <> 0 AND pool = 'own' AND item_id IS NOT NULL THEN max(0, coalesce(seen, 0) * pack - max(0, coalesce((SELECT i.available FROM item i WHERE i.id = offer.item_id), 0))) "
	"ELSE 0 END WHERE ?1 > 0 AND ?2 > 0 AND (drift <> 0 OR risk <> 0)",
	TEXT("orders", "orders", "confirm"),
	TEXT("orders", "orders", "raw_state"),
	TEXT("orders", "orders", "service"),
	TEXT("orders", "orders", "carrier"),
	TEXT("orders", "orders", "tracking"),
	NUMBER("orders", "orders", "total_minor"),
	TEXT("order_line", "order_line", "money"),
	TEXT("order_line", "order_line", "post"),
	TEXT("order_line", "order_line", "tracking"),
	TEXT("shipment", "shipment", "confirm"),
	TEXT("warehouse_order", "warehouse_order", "state"),
	BACK("job", "job", "fault", "fault", "coalesce(" FIRST("job", "job", "fault") ", '')"),
	"DELETE FROM inbox WHERE ?1 > 0 AND first_ms > ?2",
	TEXT("inbox", "inbox", "state"),
	"UPDATE inbox SET last_ms = max(first_ms, coalesce((SELECT max(h.known_ms) FROM change h WHERE h.fact_id = inbox.id AND h.fact = 'inbox' AND h.id < ?1), 0)) WHERE last_ms > ?2",
	/* the next deadline that costs something, as trade/order_state.c has it */
	"UPDATE orders SET due_ms = CASE WHEN open = 0 OR flags & 8 THEN 4102444800000 ELSE coalesce((SELECT min(d) FROM (SELECT orders.ack_by_ms AS d WHERE EXISTS "
	"(SELECT 1 FROM order_line l WHERE l.order_id = orders.id AND l.q_new > 0) UNION ALL SELECT orders.ship_by_ms WHERE orders.state <> 'PENDING' UNION ALL "
	"SELECT orders.cancel_by_ms WHERE orders.state <> 'PENDING') WHERE d > 0), 4102444800000) END WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'orders' "
	"UNION SELECT l.order_id FROM order_line l WHERE l.id IN (" LATER " AND h.fact = 'order_line'))",
	"UPDATE job SET text = CASE WHEN state_ms > ?2 THEN '' ELSE text END, tries = (SELECT count(*) FROM attempt_job k JOIN attempt t ON t.id = k.attempt_id WHERE k.job_id = job.id "
	"AND t.opened_ms <= ?2), fails = CASE WHEN fault = '' THEN 0 ELSE min(fails, tries) END, state_ms = min(state_ms, ?2) WHERE ?1 > 0 AND state_ms > ?2",
};

/* An account that was out of step then, as far as its steps tell. */
static const char *const lapses[] = {
	"DELETE FROM lapse WHERE ?2 > 0 AND id IN (" LATER " AND h.fact = 'lapse' AND h.field = 'state' AND h.old IS NULL)",
	TEXT("lapse", "lapse", "state"),
	"UPDATE lapse SET since_ms = coalesce((SELECT max(h.known_ms) FROM change h WHERE h.fact_id = lapse.id AND h.fact = 'lapse' AND h.id < ?1), ?2) WHERE since_ms > ?2", /* it failed again */
	"UPDATE lapse SET zero_id = CASE WHEN zeroed_ms > ?2 THEN NULL ELSE zero_id END, lasted_ms = min(lasted_ms, ?2 - since_ms), due_ms = 0, "
	"held_ms = 0, good = CASE WHEN good_ms > ?2 THEN 0 ELSE good END WHERE ?1 > 0 AND looked_ms > ?2",
	"UPDATE lapse SET ended_ms = CASE WHEN ended_ms > ?2 THEN 0 ELSE ended_ms END, zeroed_ms = CASE WHEN zeroed_ms > ?2 THEN 0 ELSE zeroed_ms END, "
	"mended_ms = CASE WHEN mended_ms > ?2 THEN 0 ELSE mended_ms END, orders_ms = CASE WHEN orders_ms > ?2 THEN 0 ELSE orders_ms END, "
	"stock_ms = CASE WHEN stock_ms > ?2 THEN 0 ELSE stock_ms END, shown_ms = CASE WHEN shown_ms > ?2 THEN 0 ELSE shown_ms END, "
	"bad_ms = min(bad_ms, ?2), good_ms = min(good_ms, ?2), looked_ms = min(looked_ms, ?2) WHERE ?1 > 0 AND looked_ms > ?2",
};

/* Of what is copied, rows that came later go, and what happened to one later has not happened. */
static const char *const later_rows[] = {
	"DELETE FROM warehouse_order WHERE ?1 > 0 AND made_ms > ?2",
	"UPDATE warehouse_order SET gone_ms = CASE WHEN gone_ms > ?2 THEN 0 ELSE gone_ms END, cancelled_ms = CASE WHEN cancelled_ms > ?2 THEN 0 ELSE cancelled_ms END, "
	"updated_ms = min(updated_ms, ?2), known_ms = min(known_ms, ?2) WHERE ?1 > 0 AND known_ms > ?2",
	"DELETE FROM shipment WHERE ?1 > 0 AND (order_id NOT IN (SELECT id FROM orders) OR intent_id IN (SELECT id FROM intent WHERE made_ms > ?2) OR (intent_id IS NULL AND shipped_ms > ?2))",
	"UPDATE shipment SET confirm_ms = 0 WHERE ?1 > 0 AND confirm_ms > ?2",
	"DELETE FROM feed WHERE made_ms > ?2 AND ?1 > 0",
	"UPDATE feed SET sent_ms = CASE WHEN sent_ms > ?2 THEN 0 ELSE sent_ms END, ended_ms = CASE WHEN ended_ms > ?2 THEN 0 ELSE ended_ms END, "
	"second_ms = CASE WHEN second_ms > ?2 THEN 0 ELSE second_ms END, looked_ms = min(looked_ms, ?2) WHERE ?1 > 0",
	"UPDATE account SET state_ms = min(state_ms, ?2) WHERE ?1 > 0",
	"UPDATE job SET unsure_ms = 0 WHERE ?1 > 0 AND unsure_ms > ?2",
	"UPDATE orders SET updated_ms = ?2 WHERE ?1 > 0 AND updated_ms > ?2",
	"UPDATE orders SET proof_ms = min(proof_ms, ?2), none_ms = CASE WHEN none_ms > ?2 THEN 0 ELSE none_ms END, "
	"struck_ms = CASE WHEN struck_ms > ?2 THEN 0 ELSE struck_ms END WHERE ?1 > 0 AND max(proof_ms, none_ms, struck_ms) > ?2",
	"UPDATE offer SET read_ms = min(seen_ms, ?2) WHERE ?1 > 0 AND read_ms > ?2",
};

#define COUNT(name, what) "UPDATE counter SET value = (SELECT count(*) FROM " what ") WHERE name = '" name "' AND ?1 > 0 AND ?2 > 0"

static const char *const counters[] = {
	COUNT("orders", "orders"),
	COUNT("orders.open", "orders WHERE open = 1"),
	COUNT("orders.late", "orders WHERE open = 1 AND due_ms < ?2"),
	COUNT("orders.due", "orders WHERE open = 1 AND due_ms >= ?2 AND due_ms < ?2 + 14400000"),
	COUNT("orders.new", "orders WHERE state = 'NEW'"),
	COUNT("drift", "offer WHERE drift <> 0"),
	COUNT("inbox", "inbox WHERE state IN ('parked', 'retried')"),
	COUNT("jobs.failed", "job WHERE state = 'failed'"),
	COUNT("jobs.unsure", "job WHERE state = 'unsure'"),
	COUNT("jobs.waiting", "job WHERE state = 'waiting' AND repeats = 0"),
	COUNT("alerts.CRIT", "alert WHERE closed_ms = 0 AND severity = 'CRIT'"),
	COUNT("alerts.WARN", "alert WHERE closed_ms = 0 AND severity = 'WARN'"),
	COUNT("alerts.info", "alert WHERE closed_ms = 0 AND severity = 'info'"),
	COUNT("incidents.CRIT", "incident WHERE closed_ms = 0 AND over_ms = 0 AND severity = 'CRIT'"),
	COUNT("incidents.WARN", "incident WHERE closed_ms = 0 AND over_ms = 0 AND severity = 'WARN'"),
	COUNT("incidents.info", "incident WHERE closed_ms = 0 AND over_ms = 0 AND severity = 'info'"),
};

/* A statement binds as many as the highest it names. */
static int parameters(const char *sql)
{
	for (int n = 6; n > 1; n--) {
		char name[] = { '?', (char)('0' + n), '\0' };

		if (strstr(sql, name))
			return n;
	}
	return 1;
}

static enum fault run_all(struct store *s, const char *const *sql, size_t n, const struct past_bounds *b, struct err *err)
{
	const struct val v[] = { V(b->change), V(b->at_ms), V(b->move), V(b->observation), V(b->job), V(b->attempt) };

	for (size_t i = 0; i < n; i++)
		if (store_run(s, err, sql[i], v, (size_t)parameters(sql[i])))
			return FAULT_STORE;
	return OK;
}

#define ALL(s, list, bounds, err) run_all(s, list, sizeof(list) / sizeof *(list), bounds, err)

static enum fault bounds_of(struct store *s, int64_t before, int64_t at_ms, struct past_bounds *out, struct err *err)
{
	enum fault f = OK;

	*out = (struct past_bounds){ .change = before, .at_ms = at_ms };
	if (!before)
		f = timeline_number(s, LOG_CHANGE, at_ms, 0, &out->change, err);
	if (!f)
		f = timeline_number(s, LOG_MOVE, at_ms, 0, &out->move, err);
	if (!f)
		f = timeline_number(s, LOG_OBSERVATION, at_ms, 0, &out->observation, err);
	if (!f)
		f = timeline_number(s, LOG_JOB, at_ms, 0, &out->job, err);
	return f ? f : timeline_number(s, LOG_ATTEMPT, at_ms, 0, &out->attempt, err);
}

/* A reading that only said the same again left no row: of this item nothing was read later than that. */
static enum fault look_no_further(struct store *s, int64_t item, int64_t at_ms, struct err *err)
{
	static const char sql[] = "UPDATE offer SET seen_ms = min(seen_ms, ?2) WHERE item_id = ?1";

	return RUN(s, err, sql, V(item), V(at_ms));
}

enum fault past_step(struct store *s, int64_t before, int64_t at_ms, int64_t item, struct err *err)
{
	static const char history[] = "DELETE FROM change WHERE id >= ?1", moves[] = "DELETE FROM move WHERE id >= ?1", seen[] = "DELETE FROM observation WHERE id >= ?1";
	static const char calls[] = "DELETE FROM attempt WHERE id >= ?1";
	struct past_bounds b;

	if (bounds_of(s, before, at_ms, &b, err))
		return FAULT_STORE;
	if (RUN(s, err, calls, V(b.attempt)) || ALL(s, stock_facts, &b, err) || ALL(s, sums, &b, err) || ALL(s, lapses, &b, err) || look_no_further(s, item, at_ms, err))
		return FAULT_STORE;
	return RUN(s, err, history, V(before)) || RUN(s, err, moves, V(b.move)) || RUN(s, err, seen, V(b.observation)) ? FAULT_STORE : OK;
}

/*
 * By valid time: the three logs are put into the order in which things were so, and from then on it is the same.
 */
static enum fault by_valid(struct store *s, struct err *err)
{
	static const char sql[] =
		"CREATE TEMP TABLE so AS SELECT fact, fact_id, field, old, new, valid_ms, actor, trace, config_id, attempt_id, row_number() OVER (ORDER BY valid_ms, id) AS n, "
		"lag(new) OVER w AS before, row_number() OVER w AS k FROM change WINDOW w AS (PARTITION BY fact_id, fact, field ORDER BY valid_ms, id);"
		"DELETE FROM change; INSERT INTO change (id, fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace, config_id, attempt_id) "
		"SELECT n, fact, fact_id, field, CASE WHEN k = 1 THEN old ELSE before END, new, valid_ms, valid_ms, actor, trace, config_id, attempt_id FROM so;"
		"CREATE TEMP TABLE moved AS SELECT row_number() OVER (ORDER BY valid_ms, id) AS n, item_id, place_id, qty, cause, ref, valid_ms, actor, trace, config_id FROM move;"
		"DELETE FROM move; INSERT INTO move (id, item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor, trace, config_id) "
		"SELECT n, item_id, place_id, qty, cause, ref, valid_ms, valid_ms, actor, trace, config_id FROM moved;"
		"CREATE TEMP TABLE looked AS SELECT row_number() OVER (ORDER BY valid_ms, id) AS n, offer_id, seen, was, was_ms, pushed, verdict, valid_ms, attempt_id FROM observation;"
		"DELETE FROM observation; INSERT INTO observation (id, offer_id, seen, was, was_ms, pushed, verdict, valid_ms, known_ms, attempt_id) "
		"SELECT n, offer_id, seen, was, was_ms, pushed, verdict, valid_ms, valid_ms, attempt_id FROM looked; DROP TABLE so; DROP TABLE moved; DROP TABLE looked;";

	return store_exec(s, err, sql);
}

static enum fault check_early(struct store *s, int64_t at_ms, struct err *err)
{
	static const char sql[] = "SELECT min(known_ms) FROM (SELECT known_ms FROM change ORDER BY id LIMIT 1)";
	char iso[32];
	int64_t first;

	if (store_get_int(s, err, INT64_MAX, &first, sql, NULL, 0))
		return FAULT_STORE;
	if (at_ms >= first)
		return OK;
	if (first == INT64_MAX)
		return err_set(err, FAULT_REFUSED, "there is no past here: nothing was ever learnt");
	time_iso_s(first, iso);
	return err_set(err, FAULT_REFUSED, "nothing is known here of so early a time: the history begins at %s", iso);
}

static enum fault go_back(struct store *s, int64_t at_ms, bool logs, struct err *err)
{
	static const char *const copied[] = { "change", "move", "observation", NULL };
	static const char history[] = "DELETE FROM change WHERE id >= ?1", moves[] = "DELETE FROM move WHERE id >= ?1", seen[] = "DELETE FROM observation WHERE id >= ?1";
	struct past_bounds b;

	if (bounds_of(s, 0, at_ms, &b, err) || ALL(s, stock_facts, &b, err) || ALL(s, sums, &b, err) || ALL(s, heard, &b, err) || ALL(s, rules, &b, err) || ALL(s, other_facts, &b, err) ||
	    ALL(s, lapses, &b, err) || ALL(s, later_rows, &b, err))
		return FAULT_STORE;
	if (logs && (RUN(s, err, history, V(b.change)) || RUN(s, err, moves, V(b.move)) || RUN(s, err, seen, V(b.observation))))
		return FAULT_STORE;
	return past_veil(s, &b, logs ? copied : NULL, err) || ALL(s, counters, &b, err) ? FAULT_STORE : OK;
}

/* Copied are the tables that are taken back; by valid time the three logs as well, for they are put into another order. */
static int copied_tables(enum past_by by, const char *out[64])
{
	const struct past_table *t;
	int n = 0;

	for (int i = 0; (t = past_table(i)); i++)
		if (t->how == PAST_FACTS || (by == PAST_VALID && (!strcmp(t->name, "change") || !strcmp(t->name, "move") || !strcmp(t->name, "observation"))))
			out[n++] = t->name;
	return n;
}

enum fault past_open(const char *dir, int64_t at_ms, enum past_by by, struct store **out, struct err *err)
{
	const char *copied[64];
	int n = copied_tables(by, copied);
	struct store *s;
	enum fault f = store_overlay(dir, copied, n, &s, err);

	*out = NULL;
	if (f)
		return f;
	f = check_early(s, at_ms, err);
	if (!f && by == PAST_VALID)
		f = by_valid(s, err);
	if (!f)
		f = go_back(s, at_ms, by == PAST_VALID, err);
	if (!f)
		f = store_commit(s, err);
	if (!f)
		f = store_exec(s, err, "PRAGMA query_only = ON");
	if (f)
		store_close(s);
	else
		*out = s;
	return f;
}
