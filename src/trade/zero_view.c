/*
 * zero_view: zero-outs as people see them: each offer's own way from "is read once more" to "seen at zero", and back.
 */
#include "trade/zero.h"

#include "store/store.h"
#include "trade/marketplaces.h"
#include "trade/rows.h"
#include "trade/zero_row.h"

#include <inttypes.h>
#include <string.h>

static const char *const names[ZERO_STATES] = {
	[ZERO_QUEUED] = "QUEUED",   [ZERO_READING] = "READING", [ZERO_SAID] = "SAID",       [ZERO_ACCEPTED] = "ACCEPTED", [ZERO_SHOWN] = "ZERO",
	[ZERO_MOVED] = "MOVED",     [ZERO_STOPPED] = "STOPPED", [ZERO_FAILED] = "FAILED",   [ZERO_UNSURE] = "UNSURE",     [ZERO_PENDING] = "PENDING",
	[ZERO_WAITS] = "WAITS",     [ZERO_RETURNS] = "RETURNS", [ZERO_LEFT] = "RESTORED",
};

const char *zero_state_name(enum zero_state z)
{
	return z < ZERO_STATES ? names[z] : "?";
}

static enum zero_state state_from_name(const char *name)
{
	enum zero_state z = ZERO_QUEUED;

	while (z < ZERO_STATES && strcmp(names[z], name))
		z++;
	return z;
}

/* ---- zero-outs ---- */

#define ZEROS \
	"SELECT z.id, z.made_ms, z.remind_ms, z.lifted_ms, z.intent_id, z.scope, z.reason, z.actor, z.approver, z.lifted_by, z.rule, z.until_ms, z.counted, " \
	"z.stopped_ms, z.stopped_by, (SELECT count(*) FROM zero_row w WHERE w.zero_id = z.id), " \
	"(SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE w.zero_id = z.id AND " ZERO_ROW_PENDING ") FROM zero_out z "

static struct zero read_zero(const struct rows *r, struct arena *a)
{
	return (struct zero){
		.id = rows_int(r, 0),
		.made_ms = rows_int(r, 1),
		.remind_ms = rows_int(r, 2),
		.lifted_ms = rows_int(r, 3),
		.intent = rows_int(r, 4),
		.scope = rows_keep(r, 5, a),
		.reason = rows_keep(r, 6, a),
		.actor = rows_keep(r, 7, a),
		.approver = rows_keep(r, 8, a),
		.lifted_by = rows_keep(r, 9, a),
		.rule = rows_keep(r, 10, a),
		.until_ms = rows_int(r, 11),
		.counted = rows_int(r, 12) != 0,
		.stopped_ms = rows_int(r, 13),
		.stopped_by = rows_keep(r, 14, a),
		.offers = rows_int(r, 15),
		.pending = rows_int(r, 16),
	};
}

static enum fault read_zeros(struct rows *r, int n, struct arena *a, struct zero **out, int *got, struct err *err)
{
	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_zero(r, a);
	return rows_end(r, err);
}

enum fault zeros_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct zero **out, int *got, struct err *err)
{
	static const char sql[] = ZEROS "WHERE (?1 = 0 OR z.id < ?1) AND (?2 OR z.lifted_ms = 0) ORDER BY z.id DESC LIMIT ?3";

	return read_zeros(ASK(s, sql, V(before), V(all), V(n)), n, a, out, got, err);
}

enum fault zeros_held(struct store *s, int n, struct arena *a, struct zero **out, int *got, struct err *err)
{
	static const char sql[] = ZEROS "WHERE z.lifted_ms = 0 ORDER BY z.id LIMIT ?";

	return read_zeros(ASK(s, sql, V(n)), n, a, out, got, err);
}

enum fault zero_get(struct store *s, int64_t id, struct arena *a, struct zero *out, struct err *err)
{
	static const char sql[] = ZEROS "WHERE z.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_zero(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no zero-out Z-%" PRId64, id);
}

enum fault zero_of_intent(struct store *s, int64_t intent, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT z.id FROM zero_out z WHERE z.intent_id = ? ORDER BY z.id DESC LIMIT 1";

	return GET_INT(s, err, 0, id, sql, V(intent));
}

/* ---- their offers ---- */

/* j is the newest thing that was, or is to be, said of the offer: of the time before the zero-out only what still waits counts. */
#define ROWS \
	"FROM zero_row w JOIN zero_out z ON z.id = w.zero_id JOIN offer f ON f.id = w.offer_id JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id " \
	"LEFT JOIN job j ON j.id = (SELECT k.id FROM job k WHERE k.subject_id = w.offer_id AND k.verb = 'stock' AND k.state <> 'superseded' ORDER BY k.id DESC LIMIT 1) "

/* The breaker of its quantities: while it is open nothing but a probe goes there. */
#define OPEN_BREAKER "FROM breaker b WHERE b.account_id = c.id AND b.name = 'stock.write' AND b.state = 'open'"

#define CAN_BE_TOLD "(c.mode = 'live' AND c.state IN ('ok', 'slow', 'new') AND NOT EXISTS (SELECT 1 " OPEN_BREAKER "))"

/* What shows nothing, and was told so, has nothing to be told again: it waits for a reading that says so still. */
#define OPEN_STATE \
	"CASE WHEN f.seen = 0 AND f.seen_ms >= z.made_ms THEN 'ZERO' " \
	"WHEN j.state = 'failed' AND j.state_ms >= z.made_ms THEN 'FAILED' WHEN j.state = 'unsure' THEN 'UNSURE' WHEN j.state = 'inflight' THEN 'SAID' " \
	"WHEN j.state = 'sent' OR (j.state = 'done' AND j.state_ms >= z.made_ms) THEN 'ACCEPTED' " \
	"WHEN " ZERO_ROW_STOPPED " THEN 'STOPPED' WHEN " ZERO_ROW_MOVED " AND NOT " ZERO_ROW_RULED " THEN 'MOVED' " \
	"WHEN f.seen = 0 AND f.pushed = 0 AND coalesce(j.state, 'done') = 'done' AND " CAN_BE_TOLD " THEN 'READING' " \
	"WHEN j.id IS NULL OR j.state <> 'waiting' OR j.fails > 0 OR NOT " CAN_BE_TOLD " THEN 'PENDING' " \
	"WHEN w.look_ms > 0 AND w.fresh_ms = 0 AND w.unread_ms = 0 AND NOT " ZERO_ROW_RULED " THEN 'READING' ELSE 'QUEUED' END"

#define LIFTED_STATE \
	"CASE WHEN " ZERO_ROW_HELD " THEN 'WAITS' WHEN f.hold <> '' OR " ZERO_ROW_RIGHT " THEN 'RESTORED' " \
	"WHEN j.state = 'failed' AND j.state_ms >= z.lifted_ms THEN 'FAILED' ELSE 'RETURNS' END"

#define STATE "CASE WHEN z.lifted_ms = 0 THEN " OPEN_STATE " ELSE " LIFTED_STATE " END"

/* Why it stands where it stands: what they answered, or what is the matter with their account. */
static const char *reason_of(enum zero_state state, const char *job_text, const char *mode, const char *account_state, const char *account_text, const char *breaker_text,
                             struct arena *a)
{
	if (state == ZERO_FAILED || state == ZERO_UNSURE)
		return job_text;
	if (state != ZERO_PENDING)
		return "";
	if (strcmp(mode, "live"))
		return "the account is in shadow mode: nothing is said to it";
	if (strcmp(account_state, "ok") && strcmp(account_state, "slow") && strcmp(account_state, "new"))
		return arena_printf(a, "%s%s%s", account_state, *account_text ? ": " : "", account_text);
	return *job_text ? job_text : breaker_text;
}

static enum fault rows_site(struct store *s, struct zero_row *row, int n, struct arena *a, struct err *err)
{
	struct marketplaces m = marketplaces_load(a);
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++)
		f = offer_site(s, &m, &row[i].offer, a, err);
	return f;
}

enum fault zero_rows(struct store *s, int64_t id, int64_t after, int n, struct arena *a, struct zero_row **out, int *got, struct err *err)
{
	enum { FIRST = 39 }; /* the offer takes those before */
	static const char sql[] = "SELECT " OFFER_COLUMNS ", coalesce(w.prior, -1), coalesce(" ZERO_ROW_LOOKED ", -1), coalesce(w.pushed, -1), coalesce(w.fresh, -1), " STATE
				  ", coalesce(j.text, ''), coalesce(j.state_ms, 0), coalesce(j.id, 0), c.mode, c.state, c.state_text, coalesce((SELECT b.text " OPEN_BREAKER "), ''), w.unread_ms > 0 " ROWS
				  "WHERE w.zero_id = ? AND w.offer_id > ? ORDER BY w.offer_id LIMIT ?";
	struct rows *r = ASK(s, sql, V(id), V(after), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); (*got)++) {
		struct zero_row *row = &(*out)[*got];

		*row = (struct zero_row){ .offer = offer_read(r, a), .prior = rows_int(r, FIRST), .looked = rows_int(r, FIRST + 1), .prior_pushed = rows_int(r, FIRST + 2),
			                  .fresh = rows_int(r, FIRST + 3), .state = state_from_name(rows_text(r, FIRST + 4)), .since_ms = rows_int(r, FIRST + 6),
			                  .job = rows_int(r, FIRST + 7) };
		row->text = arena_strdup(a, reason_of(row->state, rows_text(r, FIRST + 5), rows_text(r, FIRST + 8), rows_text(r, FIRST + 9), rows_text(r, FIRST + 10),
		                                        rows_text(r, FIRST + 11), a));
		if (!*row->text && rows_int(r, FIRST + 12))
			row->text = "said without being read again: no reading came in time";
	}
	return rows_end(r, err) ? err->fault : rows_site(s, *out, *got, a, err);
}

enum fault zero_tally(struct store *s, int64_t id, int64_t of[ZERO_STATES], struct err *err)
{
	static const char sql[] = "SELECT " STATE " AS state, count(*) " ROWS "WHERE w.zero_id = ? GROUP BY 1";
	struct rows *r = ASK(s, sql, V(id));

	memset(of, 0, ZERO_STATES * sizeof *of);
	while (rows_next(r)) {
		enum zero_state z = state_from_name(rows_text(r, 0));

		if (z < ZERO_STATES)
			of[z] = rows_int(r, 1);
	}
	return rows_end(r, err);
}

bool zero_goes_on(const int64_t of[ZERO_STATES])
{
	return of[ZERO_QUEUED] + of[ZERO_READING] + of[ZERO_SAID] + of[ZERO_ACCEPTED] + of[ZERO_UNSURE] + of[ZERO_WAITS] + of[ZERO_RETURNS] > 0;
}

const char *zero_tally_words(const int64_t of[ZERO_STATES], struct arena *a)
{
	static const struct {
		enum zero_state state;
		const char *word;
	} words[] = {
		{ ZERO_SHOWN, "seen at zero" },      { ZERO_ACCEPTED, "accepted" },      { ZERO_SAID, "being said" },           { ZERO_READING, "read once more" },
		{ ZERO_QUEUED, "queued" },           { ZERO_MOVED, "moved and held" },   { ZERO_STOPPED, "stopped, not said" }, { ZERO_FAILED, "failed" },
		{ ZERO_UNSURE, "without an answer" }, { ZERO_PENDING, "pending" },       { ZERO_LEFT, "right again" },          { ZERO_RETURNS, "on the way back" },
		{ ZERO_WAITS, "to come back" },
	};
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (of[words[i].state])
			buf_printf(&b, "%s%" PRId64 " %s", b.len ? ", " : "", of[words[i].state], words[i].word);
	return b.p;
}

/* Of those that stand: what they may still show, where something could be said. */
#define HANGING \
	"FROM zero_out z JOIN zero_row w ON w.zero_id = z.id JOIN offer f ON f.id = w.offer_id JOIN account c ON c.id = f.account_id " \
	"WHERE z.lifted_ms = 0 AND z.made_ms <= ?1 AND c.mode = 'live' AND " ZERO_ROW_PENDING \
	" AND ((z.stopped_ms = 0 AND NOT " ZERO_ROW_MOVED ") OR " ZERO_ROW_RULED ")"

enum fault zero_pending(struct store *s, int64_t made_before_ms, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) " HANGING;

	return GET_INT(s, err, 0, n, sql, V(made_before_ms));
}

enum fault zero_ruled(struct store *s, int64_t id, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM zero_out z JOIN zero_row w ON w.zero_id = z.id JOIN offer f ON f.id = w.offer_id WHERE z.id = ? AND z.lifted_ms = 0 "
				  "AND " ZERO_ROW_PENDING " AND " ZERO_ROW_RULED;

	return GET_INT(s, err, 0, n, sql, V(id));
}

enum fault zero_showing(struct store *s, int64_t account, int64_t since_ms, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM offer WHERE account_id = ? AND hold <> '' AND (seen IS NULL OR seen > 0 OR seen_ms < ?)";

	return GET_INT(s, err, 0, n, sql, V(account), V(since_ms));
}

enum fault zero_by_hand(struct store *s, int64_t made_before_ms, int n, struct arena *a, struct zero_hand **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT z.id, z.made_ms, coalesce(f.seen, -1), c.name, c.channel, f.marketplace, f.node, f.sku, f.ref, f.listing, f.title, f.account_id " HANGING
				  " ORDER BY z.id, c.name, f.sku, f.id LIMIT ?2";
	struct rows *r = ASK(s, sql, V(made_before_ms), V(n));
	struct marketplaces m = marketplaces_load(a);
	enum fault f = OK;

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = (struct zero_hand){
			.zero = rows_int(r, 0),
			.since_ms = rows_int(r, 1),
			.offer = {
				.seen = rows_int(r, 2),
				.account_name = rows_keep(r, 3, a),
				.channel = rows_keep(r, 4, a),
				.marketplace = rows_keep(r, 5, a),
				.node = rows_keep(r, 6, a),
				.sku = rows_keep(r, 7, a),
				.ref = rows_keep(r, 8, a),
				.listing = rows_keep(r, 9, a),
				.title = rows_keep(r, 10, a),
				.account = rows_int(r, 11),
			},
		};
	if (rows_end(r, err))
		return err->fault;
	for (int i = 0; i < *got && !f; i++)
		f = offer_site(s, &m, &(*out)[i].offer, a, err);
	return f;
}

enum fault zero_open_units(struct store *s, const struct offer *o, int64_t *units, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(l.reserves / l.pack), 0) FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? AND l.reserves > 0 AND o.account_id = ? AND l.sku = ?";

	return GET_INT(s, err, 0, units, sql, V(o->item), V(o->account), V(o->sku));
}

bool zero_row_has(const struct zero_row *r, const char *word)
{
	return !word || !*word || strcasestr(r->offer.sku, word) || strcasestr(r->offer.account_name, word);
}
