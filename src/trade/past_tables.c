#include "trade/past_tables.h"

#include "store/store.h"

#include <inttypes.h>
#include <string.h>

/* A moment that was not there yet; one that is moved back to the moment itself. */
#define NOT_YET(column) { column, column, "0" }
#define CLIP(column) { column, column, "{at}" }
#define ALWAYS "9223372036854775807"

/* What tells last that an engine lived: a call, a change, an hour that had calls. */
#define LAST_TRACE \
	"max(coalesce((SELECT t.opened_ms FROM live.attempt t WHERE t.id < {call} ORDER BY t.id DESC LIMIT 1), 0), coalesce((SELECT h.known_ms FROM change h ORDER BY h.id DESC LIMIT 1), 0), " \
	"coalesce((SELECT max(r.hour) * 3600000 FROM live.rhythm r WHERE r.hour < {at} / 3600000), 0))"

/* How bad it was, and what it stood at. */
#define TURNED(column) "(SELECT t." column " FROM live.alert_turn t WHERE t.alert_id = alert.id AND t.at_ms <= {at} ORDER BY t.id DESC LIMIT 1)"
#define KEPT(table, column, otherwise) \
	"coalesce((SELECT h.old FROM live.change h WHERE h.fact_id = " table ".id AND h.fact = '" table "' AND h.field = '" column "' AND h.known_ms > {at} ORDER BY h.id LIMIT 1), " otherwise ")"
#define OVER "CAST(" KEPT("incident", "over_ms", "over_ms") " AS INTEGER)"
#define LAST_TOLD "max(opened_ms, coalesce((SELECT max(m.minute) * 60000 FROM live.alert_minute m WHERE m.alert_id = alert.id AND m.minute <= {at} / 60000), 0))"

static const struct past_table tables[] = {
	/* what is taken back field by field */
	{ .name = "account", .how = PAST_FACTS },
	{ .name = "item", .how = PAST_FACTS },
	{ .name = "item_tag", .how = PAST_FACTS },
	{ .name = "place", .how = PAST_FACTS },
	{ .name = "place_source", .how = PAST_FACTS },
	{ .name = "stock", .how = PAST_FACTS },
	{ .name = "policy_override", .how = PAST_FACTS },
	{ .name = "offer", .how = PAST_FACTS },
	{ .name = "orders", .how = PAST_FACTS },
	{ .name = "order_line", .how = PAST_FACTS },
	{ .name = "warehouse_order", .how = PAST_FACTS },
	{ .name = "shipment", .how = PAST_FACTS },
	{ .name = "lapse", .how = PAST_FACTS },
	{ .name = "job", .how = PAST_FACTS },
	{ .name = "feed", .how = PAST_FACTS },
	{ .name = "inbox", .how = PAST_FACTS },
	{ .name = "stream", .how = PAST_FACTS },
	{ .name = "meta", .how = PAST_FACTS },
	{ .name = "counter", .how = PAST_FACTS },

	/* the logs: numbered in the order in which they were written */
	{ .name = "change", .how = PAST_ROWS, .later = "id >= {change}" },
	{ .name = "move", .how = PAST_ROWS, .later = "id >= {move}" },
	{ .name = "observation", .how = PAST_ROWS, .later = "id >= {seen}" },
	{ .name = "attempt", .how = PAST_ROWS, .later = "id >= {call}",
	  .undo = { { "closed_ms", "status", "0" }, { "closed_ms", "fault", "''" }, { "closed_ms", "text", "''" }, { "closed_ms", "reply_id", "NULL" }, { "closed_ms", "idle", "0" },
	            NOT_YET("closed_ms") } },
	{ .name = "attempt_job", .how = PAST_ROWS, .later = "attempt_id >= {call}" },
	{ .name = "audit", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "message", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "note", .how = PAST_ROWS, .later = "at_ms > {at}" },

	/* what was decided, and what came of it */
	{ .name = "intent", .how = PAST_ROWS, .later = "made_ms > {at}", .undo = { { "done_ms", "state", KEPT("intent", "state", "'filed'") }, { "done_ms", "result", "''" }, NOT_YET("done_ms") } },
	{ .name = "zero_out", .how = PAST_ROWS, .later = "made_ms > {at}",
	  .undo = { NOT_YET("lifted_ms"), { "lifted_ms", "lifted_by", "''" }, NOT_YET("freed_ms"), { "stopped_ms", "stopped_by", "''" }, NOT_YET("stopped_ms") } },
	{ .name = "zero_row", .how = PAST_ROWS, .later = "zero_id IN (SELECT id FROM live.zero_out WHERE made_ms > {at})",
	  .undo = { { "look_ms", "looked", "NULL" }, { "fresh_ms", "fresh", "NULL" }, NOT_YET("fresh_ms"), NOT_YET("unread_ms"), NOT_YET("let_ms"), NOT_YET("right_ms"), CLIP("read_ms") } },
	{ .name = "planned_zero", .how = PAST_ROWS, .later = "at_ms > {at}", .undo = { NOT_YET("let_ms") } },
	{ .name = "feed_item", .how = PAST_ROWS, .later = "feed_id IN (SELECT id FROM live.feed WHERE made_ms > {at})" },
	{ .name = "shipment_line", .how = PAST_ROWS, .later = "shipment_id NOT IN (SELECT id FROM main.shipment)" },
	{ .name = "warehouse_line", .how = PAST_ROWS, .later = "warehouse_order_id NOT IN (SELECT id FROM main.warehouse_order)" },
	{ .name = "task", .how = PAST_ROWS, .later = "made_ms > {at}",
	  .undo = { { "done_ms", "state", "'open'" }, { "done_ms", "actor", "''" }, { "done_ms", "note", "''" }, NOT_YET("done_ms") } },
	{ .name = "handover", .how = PAST_ROWS, .later = "to_ms > {at}", .undo = { { "taken_ms", "taken_by", "''" }, NOT_YET("taken_ms") } },
	{ .name = "config", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "mapping", .how = PAST_ROWS, .later = "made_ms > {at}" },

	/* what was heard */
	{ .name = "reading", .how = PAST_ROWS, .later = "known_ms > {at}", .undo = { NOT_YET("missing_ms") } },
	{ .name = "staged", .how = PAST_ROWS, .later = "1" },
	{ .name = "doubted", .how = PAST_ROWS, .later = "1" },
	{ .name = "dirty", .how = PAST_ROWS, .later = "1" },
	{ .name = "conflict", .how = PAST_ROWS, .later = "since_ms > {at}", .undo = { CLIP("known_ms"), NOT_YET("ended_ms") } },
	{ .name = "identity", .how = PAST_ROWS, .later = "known_ms > {at}" },
	{ .name = "product_unit", .how = PAST_ROWS, .later = "known_ms > {at}" },
	{ .name = "discontinued", .how = PAST_ROWS, .later = "known_ms > {at}" },
	{ .name = "gross_evidence", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "source", .how = PAST_ROWS, .later = "0", .undo = { NOT_YET("begun_ms"), CLIP("upto_ms"), CLIP("counts_ms"), NOT_YET("awaited_ms") } },
	{ .name = "cursor", .how = PAST_ROWS, .later = "0", .undo = { CLIP("since_ms"), CLIP("until_ms"), CLIP("upto_ms"), { "known_ms", "page", "''" }, CLIP("known_ms") } },

	/* reconciliation */
	{ .name = "rec_run", .how = PAST_ROWS, .later = "max(planned_ms, began_ms) > {at}", .undo = { { "ended_ms", "state", "'PULLING'" }, NOT_YET("ended_ms"), NOT_YET("pulled_ms") } },
	{ .name = "rec_walk", .how = PAST_ROWS, .later = "run_id IN (SELECT id FROM live.rec_run WHERE max(planned_ms, began_ms) > {at})", .undo = { NOT_YET("done_ms"), CLIP("begun_ms") } },
	{ .name = "rec_row", .how = PAST_ROWS, .later = "at_ms > {at}",
	  .undo = { { "verdict_ms", "verdict", "'PENDING'" }, { "verdict_ms", "proof", "''" }, NOT_YET("verdict_ms"), { "decided_ms", "decision", "''" }, { "decided_ms", "decided_by", "''" },
	            { "decided_ms", "reason", "''" }, NOT_YET("decided_ms") } },
	{ .name = "sitting", .how = PAST_ROWS, .later = "made_ms > {at}", .undo = { { "ended_ms", "state", "'OPEN'" }, NOT_YET("ended_ms"), CLIP("touched_ms") } },
	{ .name = "sitting_row", .how = PAST_ROWS, .later = "sitting_id IN (SELECT id FROM live.sitting WHERE made_ms > {at})",
	  .undo = { { "decided_ms", "decision", "''" }, { "decided_ms", "reason", "''" }, { "decided_ms", "decided_by", "''" }, NOT_YET("decided_ms"), { "done_ms", "job_id", "NULL" },
	            { "done_ms", "result", "''" }, NOT_YET("done_ms") } },

	/* what people were told */
	{ .name = "alert", .how = PAST_ROWS, .later = "opened_ms > {at}", .undo = { NOT_YET("closed_ms"), { "acked_ms", "acked_by", "''" }, NOT_YET("acked_ms"),
	  { "last_ms", "severity", TURNED("severity") }, { "last_ms", "text", TURNED("text") }, { "last_ms", "next", "''" }, { "last_ms", "last_ms", LAST_TOLD } } },
	{ .name = "alert_turn", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "alert_minute", .how = PAST_ROWS, .later = "minute > {at} / 60000" },
	{ .name = "alert_early", .how = PAST_ROWS, .later = "1" },
	{ .name = "alert_mute", .how = PAST_ROWS, .later = "made_ms > {at}" },
	{ .name = "incident", .how = PAST_ROWS, .later = "opened_ms > {at}",
	  .undo = { { "closed_ms", "closed_by", "''" }, { "closed_ms", "cause", "''" }, NOT_YET("closed_ms"), { NULL, "over_ms", "CASE WHEN " OVER " > {at} THEN 0 ELSE " OVER " END" },
	            { "acked_ms", "acked_by", "''" }, NOT_YET("acked_ms"), { NULL, "severity", KEPT("incident", "severity", "severity") }, { "risk_ms", "risk_minor", "0" }, { "risk_ms", "risk_units", "0" }, { "risk_ms", "risk_currency", "''" }, NOT_YET("risk_ms") } },
	{ .name = "incident_step", .how = PAST_ROWS, .later = "at_ms > {at}" },
	{ .name = "notice", .how = PAST_ROWS, .later = "made_ms > {at}", .undo = { { "sent_ms", "state", "'waiting'" }, { "sent_ms", "result", "''" }, NOT_YET("sent_ms") } },

	/* counts by the hour and the day */
	{ .name = "spend", .how = PAST_ROWS, .later = "hour > {at} / 3600000" },
	{ .name = "revision", .how = PAST_ROWS, .later = "hour > {at} / 3600000" },
	{ .name = "call_tally", .how = PAST_ROWS, .later = "hour > {at} / 3600000" },
	{ .name = "retry_tally", .how = PAST_ROWS, .later = "hour > {at} / 3600000" },
	{ .name = "rhythm", .how = PAST_ROWS, .later = "hour > {at} / 3600000" },
	{ .name = "latency", .how = PAST_ROWS, .later = "day > {at} / 86400000" },
	{ .name = "poll_day", .how = PAST_ROWS, .later = "first_ms > {at}", .undo = { CLIP("last_ms") } },
	{ .name = "pace", .how = PAST_ROWS, .later = "0", .undo = { CLIP("at_ms") } },

	/* how the engine stood */
	{ .name = "lease", .how = PAST_ROWS, .later = "0", .undo = { { "beat_ms", "beat_ms", LAST_TRACE }, NOT_YET("started_ms"), NOT_YET("before_ms") } },
	{ .name = "bucket", .how = PAST_ROWS, .later = "0", .undo = { CLIP("filled_ms"), { "filled_ms", "hold_ms", "0" } } },
	{ .name = "breaker", .how = PAST_ROWS, .later = "0", .undo = { CLIP("since_ms"), CLIP("ok_ms"), NOT_YET("probe_ms") } },

	{ .name = "kit", .how = PAST_NOW, .later = "what kits are made of is kept as it is now: its changes are in the audit alone" },
	{ .name = "person", .how = PAST_NOW, .later = "reached by its order alone" },
	{ .name = "body", .how = PAST_NOW, .later = "bytes do not change; what leads to them came later or not" },
	{ .name = "bundle_body", .how = PAST_NOW, .later = "of a bundle, which was made once" },
	{ .name = "bundle_buyer", .how = PAST_NOW, .later = "of a bundle, which was made once" },
	{ .name = "secret", .how = PAST_NOW, .later = "which secret is in use and until when is a question of today" },
};

const struct past_table *past_table(int i)
{
	return i >= 0 && i < (int)(sizeof tables / sizeof *tables) ? &tables[i] : NULL;
}

/* ---- in words that SQLite reads ---- */

static int64_t number_of(const char *word, const struct past_bounds *b)
{
	return !strncmp(word, "{at}", 4)       ? b->at_ms
	       : !strncmp(word, "{change}", 8) ? b->change
	       : !strncmp(word, "{move}", 6)   ? b->move
	       : !strncmp(word, "{seen}", 6)   ? b->observation
	                                       : b->attempt;
}

static void put_filled(struct buf *out, const char *text, const struct past_bounds *b)
{
	for (const char *p = text; *p; p++)
		if (*p == '{') {
			buf_printf(out, "%" PRId64, number_of(p, b));
			p += strcspn(p, "}");
		} else {
			buf_add(out, p, 1);
		}
}

static const struct past_undo *undo_of(const struct past_table *t, const char *column)
{
	for (int i = 0; i < PAST_UNDOS && t->undo[i].column; i++)
		if (!strcmp(t->undo[i].column, column))
			return &t->undo[i];
	return NULL;
}

/* Each column by its name, with its value of then where that is known. */
static enum fault columns_of(struct store *s, const struct past_table *t, const struct past_bounds *b, struct buf *out, struct err *err)
{
	static const char sql[] = "SELECT name FROM pragma_table_info(?, 'live') ORDER BY cid";
	struct rows *r = ASK(s, sql, V(t->name));

	while (rows_next(r)) {
		const char *column = rows_text(r, 0);
		const struct past_undo *u = undo_of(t, column);

		buf_printf(out, "%s", out->len ? ", " : "");
		if (u) {
			buf_printf(out, "CASE WHEN %s > %" PRId64 " THEN ", u->when ? u->when : ALWAYS, b->at_ms);
			put_filled(out, u->value, b);
			buf_printf(out, " ELSE \"%s\" END AS ", column);
		}
		buf_printf(out, "\"%s\"", column);
	}
	return rows_end(r, err);
}

static enum fault veil_one(struct store *s, const struct past_table *t, const struct past_bounds *b, struct arena *a, struct err *err)
{
	struct buf columns = buf_new(a), where = buf_new(a);
	enum fault f = columns_of(s, t, b, &columns, err);

	buf_puts(&where, "NOT (");
	put_filled(&where, t->later, b);
	buf_puts(&where, ")");
	return f ? f : store_veil(s, t->name, columns.p, where.p, err);
}

enum fault past_veil(struct store *s, const struct past_bounds *b, const char *const *but, struct err *err)
{
	struct arena *a = arena_new();
	const struct past_table *t;
	enum fault f = OK;

	for (int i = 0; (t = past_table(i)) && !f; i++) {
		bool copied = false;

		for (int k = 0; but && but[k]; k++)
			copied |= !strcmp(but[k], t->name);
		if (t->how == PAST_ROWS && !copied)
			f = veil_one(s, t, b, a, err);
	}
	arena_free(a);
	return f;
}
