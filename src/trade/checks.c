#include "trade/checks.h"

#include "base/clock.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

/* One row of numbers and a text: each check asks for its own, bound to the account (?1), the time (?2) and the subject (?3). */
struct answer {
	int64_t n[4];
	const char *text;
};

struct question {
	struct store *s;
	const struct check_about *about;
	int64_t now_ms;
	struct arena *a;
	struct answer got;
};

static struct finding say(bool good, const char *text)
{
	return (struct finding){ good, text };
}

static const char *ago(const struct question *q, int64_t ms)
{
	char age[16];

	if (!ms)
		return "never";
	time_age(q->now_ms - ms, age);
	return arena_printf(q->a, "%s ago", age);
}

/* ---- what is asked, and what the answer means ---- */

static const char last_ok_sql[] = "SELECT min(ok_ms), count(*), 0, 0, '' FROM account WHERE enabled = 1 AND (?1 = 0 OR id = ?1) AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding last_ok(struct question *q)
{
	return say(q->got.n[0] && q->now_ms - q->got.n[0] < 5 * MINUTE_MS, arena_printf(q->a, "last understood answer %s", ago(q, q->got.n[0])));
}

static const char last_call_sql[] = "SELECT t.opened_ms, t.status, t.fault = '' OR t.fault = 'OK', 0, trim(t.op || ' ' || trim(t.fault || ' ' || t.text)) FROM attempt t "
				    "WHERE (?1 = 0 OR t.account_id = ?1) AND t.closed_ms <> 0 AND ?2 >= 0 AND ?3 IS NOT NULL ORDER BY t.id DESC LIMIT 1";

static struct finding last_call(struct question *q)
{
	if (!q->got.n[0])
		return say(false, "no call was ever made");
	return say(q->got.n[2], arena_printf(q->a, "%" PRId64 " %s, %s", q->got.n[1], q->got.text, ago(q, q->got.n[0])));
}

static const char breaker_sql[] = "SELECT count(*), coalesce(sum(state <> 'closed'), 0), coalesce(min(CASE WHEN state <> 'closed' THEN probe_ms END), 0), 0, "
				  "coalesce(group_concat(CASE WHEN state <> 'closed' THEN name END, ' '), '') FROM breaker WHERE (?1 = 0 OR account_id = ?1) AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding breaker(struct question *q)
{
	if (!q->got.n[1])
		return say(true, "every breaker is closed");
	return say(false, arena_printf(q->a, "open: %s; next probe in %" PRId64 " s", q->got.text, q->got.n[2] > q->now_ms ? (q->got.n[2] - q->now_ms) / 1000 : 0));
}

static const char waiting_sql[] = "SELECT count(*), coalesce(min(made_ms), 0), coalesce(sum(lane <= 1), 0), 0, '' FROM job WHERE state = 'waiting' AND writes = 1 "
				  "AND (?1 = 0 OR account_id = ?1) AND due_ms <= ?2 AND ?3 IS NOT NULL";

static struct finding waiting(struct question *q)
{
	if (!q->got.n[0])
		return say(true, "nothing that is due waits");
	return say(false, arena_printf(q->a, "%" PRId64 " writes wait, %" PRId64 " of them take goods off sale; the oldest was decided %s", q->got.n[0], q->got.n[2],
	                               ago(q, q->got.n[1])));
}

static struct finding decreases(struct question *q)
{
	return say(!q->got.n[2], q->got.n[2] ? arena_printf(q->a, "%" PRId64 " decreases and zeros wait", q->got.n[2]) : "no decrease and no zero waits");
}

static const char orders_upto_sql[] = "SELECT min(heard_ms), count(*), 0, 0, '' FROM account WHERE enabled = 1 AND (?1 = 0 OR id = ?1) AND heard_ms > 0 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding orders_upto(struct question *q)
{
	return say(q->got.n[0] && q->now_ms - q->got.n[0] < 15 * MINUTE_MS, arena_printf(q->a, "orders are known up to %s", ago(q, q->got.n[0])));
}

static const char others_sql[] = "SELECT coalesce(sum(state = 'ok'), 0), count(*), 0, 0, coalesce(group_concat(CASE WHEN state <> 'ok' THEN name || ' ' || state END, ', '), '') "
				 "FROM account WHERE enabled = 1 AND id <> ?1 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding others(struct question *q)
{
	return say(q->got.n[0] == q->got.n[1], arena_printf(q->a, "%" PRId64 " of %" PRId64 " others are well%s%s", q->got.n[0], q->got.n[1], *q->got.text ? ": " : "", q->got.text));
}

static const char shown_sql[] = "SELECT count(*), coalesce(sum(seen), 0), coalesce(sum(CASE WHEN seen > coalesce(target, 0) THEN seen - coalesce(target, 0) ELSE 0 END), 0), 0, '' "
				"FROM offer WHERE pool = 'own' AND seen > 0 AND (?1 = 0 OR account_id = ?1) AND ?2 >= 0 AND "
				"(?1 <> 0 OR ?3 = '' OR item_id IN (SELECT id FROM item WHERE sku = ?3))";

static struct finding shown(struct question *q)
{
	return say(!q->got.n[2], arena_printf(q->a, "%" PRId64 " offers show %" PRId64 " units, %" PRId64 " more than wanted", q->got.n[0], q->got.n[1], q->got.n[2]));
}

static const char throttled_sql[] = "SELECT count(*), coalesce(sum(status = 429 OR fault = 'BUSY'), 0), 0, 0, '' FROM (SELECT status, fault, opened_ms FROM attempt "
				    "WHERE (?1 = 0 OR account_id = ?1) AND ?3 IS NOT NULL ORDER BY id DESC LIMIT 1000) WHERE opened_ms > ?2 - 300000";

static struct finding throttled(struct question *q)
{
	return say(q->got.n[1] * 5 <= q->got.n[0], arena_printf(q->a, "%" PRId64 " of %" PRId64 " calls of the last 5 minutes were told to slow down", q->got.n[1], q->got.n[0]));
}

static const char failed_sql[] = "SELECT (SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried') AND (?1 = 0 OR account_id = ?1)), "
				 "(SELECT count(*) FROM job WHERE state = 'failed' AND (?1 = 0 OR account_id = ?1)), 0, 0, '' WHERE ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding failed(struct question *q)
{
	return say(!q->got.n[0] && !q->got.n[1], arena_printf(q->a, "%" PRId64 " pieces not understood, %" PRId64 " refused", q->got.n[0], q->got.n[1]));
}

static const char unproved_sql[] = "SELECT count(*), coalesce(min(state_ms), 0), 0, 0, '' FROM job WHERE (state = 'unsure' OR state = 'sent') AND (?1 = 0 OR account_id = ?1) "
				   "AND state_ms < ?2 - 900000 AND ?3 IS NOT NULL";

static struct finding unproved(struct question *q)
{
	if (!q->got.n[0])
		return say(true, "nothing was sent longer than 15 minutes ago without a reading that decides it");
	return say(false, arena_printf(q->a, "%" PRId64 " writes are not decided; the oldest was said %s", q->got.n[0], ago(q, q->got.n[1])));
}

static const char feeds_sql[] = "SELECT count(*), coalesce(min(sent_ms), 0), coalesce(sum(items), 0), 0, '' FROM feed WHERE ended_ms = 0 "
				"AND (?1 = 0 OR account_id = ?1) AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding feeds(struct question *q)
{
	return say(!q->got.n[0], q->got.n[0] ? arena_printf(q->a, "%" PRId64 " feeds with %" PRId64 " quantities are open", q->got.n[0], q->got.n[2]) : "no feed is open");
}

static const char oversold_sql[] = "SELECT count(*), coalesce(-sum(available), 0), 0, 0, coalesce((SELECT sku || ' ' || available FROM item WHERE available < 0 ORDER BY available LIMIT 1), '') "
				   "FROM item WHERE available < 0 AND ?1 >= 0 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding oversold(struct question *q)
{
	if (!q->got.n[0])
		return say(true, "no SKU is below zero");
	return say(false, arena_printf(q->a, "%" PRId64 " %s %" PRId64 " %s below zero, worst %s", q->got.n[0], q->got.n[0] == 1 ? "SKU is" : "SKUs are", q->got.n[1],
	                               q->got.n[1] == 1 ? "unit" : "units", q->got.text));
}

static const char zero_waits_sql[] = "SELECT count(*), coalesce(sum(seen), 0), 0, 0, '' FROM offer WHERE target = 0 AND seen > 0 AND pool = 'own' AND (?1 = 0 OR account_id = ?1) "
				     "AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding zero_waits(struct question *q)
{
	if (!q->got.n[0])
		return say(true, "everything that is to be at zero is seen at zero");
	return say(false, arena_printf(q->a, "%" PRId64 " offers are to be at zero and show %" PRId64 " units", q->got.n[0], q->got.n[1]));
}

static const char late_sql[] = "SELECT coalesce(sum(due_ms <= ?2), 0), count(*), 0, 0, '' FROM orders WHERE open = 1 AND due_ms <= ?2 + 3600000 AND (?1 = 0 OR account_id = ?1) "
			       "AND ?3 IS NOT NULL";

static struct finding late(struct question *q)
{
	return say(!q->got.n[1], arena_printf(q->a, "%" PRId64 " late, %" PRId64 " more due within the hour", q->got.n[0], q->got.n[1] - q->got.n[0]));
}

static const char unshipped_sql[] = "SELECT coalesce(sum(state = 'failed'), 0), coalesce(sum(state <> 'failed'), 0), 0, 0, '' FROM job WHERE verb = 'ship' AND "
				    "state IN ('failed', 'waiting', 'sent', 'unsure', 'inflight') AND (?1 = 0 OR account_id = ?1) AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding unshipped(struct question *q)
{
	return say(!q->got.n[0], arena_printf(q->a, "%" PRId64 " confirmations failed, %" PRId64 " are on their way", q->got.n[0], q->got.n[1]));
}

static const char drift_sql[] = "SELECT count(*), coalesce(sum(abs(drift)), 0), 0, 0, '' FROM offer WHERE drift <> 0 AND (?1 = 0 OR account_id = ?1) AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding drift(struct question *q)
{
	return say(!q->got.n[0], q->got.n[0] ? arena_printf(q->a, "%" PRId64 " offers differ by %" PRId64 " units", q->got.n[0], q->got.n[1]) : "no offer differs");
}

static const char places_sql[] = "SELECT count(*), coalesce(sum(stale), 0), coalesce(min(heard_ms), 0), 0, coalesce(group_concat(CASE WHEN stale THEN name END, ', '), '') FROM place "
				 "WHERE active = 1 AND counts = 1 AND ?1 >= 0 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding places(struct question *q)
{
	if (!q->got.n[1])
		return say(true, arena_printf(q->a, "all %" PRId64 " places are heard", q->got.n[0]));
	return say(false, arena_printf(q->a, "not heard: %s", q->got.text));
}

static const char engine_sql[] = "SELECT beat_ms, pid, epoch, 0, '' FROM lease WHERE ?1 >= 0 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding engine(struct question *q)
{
	return say(q->got.n[0] && q->now_ms - q->got.n[0] < MINUTE_MS, arena_printf(q->a, "the engine's last beat was %s", ago(q, q->got.n[0])));
}

static const char hooks_sql[] = "SELECT count(*), coalesce(max(tries), 0), 0, 0, coalesce((SELECT hook || ': ' || result FROM notice WHERE state = 'waiting' AND result <> '' ORDER BY id DESC LIMIT 1), '') "
				"FROM notice WHERE state = 'waiting' AND ?1 >= 0 AND ?2 >= 0 AND ?3 IS NOT NULL";

static struct finding hooks(struct question *q)
{
	if (!q->got.n[0])
		return say(true, "everything was told");
	return say(false, arena_printf(q->a, "%" PRId64 " messages wait, tried %" PRId64 " times; %s", q->got.n[0], q->got.n[1], q->got.text));
}

static const struct {
	const char *name, *sql;
	struct finding (*judge)(struct question *);
} checks[] = {
	{ "last_ok", last_ok_sql, last_ok },          { "last_call", last_call_sql, last_call },    { "breaker", breaker_sql, breaker },
	{ "waiting", waiting_sql, waiting },          { "decreases", waiting_sql, decreases },      { "orders_upto", orders_upto_sql, orders_upto },
	{ "others", others_sql, others },             { "shown", shown_sql, shown },                { "throttled", throttled_sql, throttled },
	{ "failed", failed_sql, failed },             { "unproved", unproved_sql, unproved },       { "feeds", feeds_sql, feeds },
	{ "oversold", oversold_sql, oversold },       { "zero_waits", zero_waits_sql, zero_waits }, { "late", late_sql, late },
	{ "unshipped", unshipped_sql, unshipped },    { "drift", drift_sql, drift },                { "places", places_sql, places },
	{ "engine", engine_sql, engine },             { "hooks", hooks_sql, hooks },
};

enum { CHECKS = sizeof checks / sizeof *checks };

const char *check_name(int i)
{
	return i >= 0 && i < CHECKS ? checks[i].name : NULL;
}

static enum fault ask(struct question *q, const char *sql, struct err *err)
{
	struct rows *r = ASK(q->s, sql, V(q->about->account), V(q->now_ms), V(q->about->subject ? q->about->subject : ""));

	q->got.text = "";
	if (rows_next(r)) {
		for (int i = 0; i < 4; i++)
			q->got.n[i] = rows_int(r, i);
		q->got.text = rows_keep(r, 4, q->a);
	}
	return rows_end(r, err);
}

enum fault check_make(struct store *s, const char *name, const struct check_about *about, int64_t now_ms, struct arena *a, struct finding *out, struct err *err)
{
	struct question q = { .s = s, .about = about, .now_ms = now_ms, .a = a };

	for (int i = 0; i < CHECKS; i++)
		if (!strcmp(checks[i].name, name)) {
			enum fault f = ask(&q, checks[i].sql, err);

			if (!f)
				*out = checks[i].judge(&q);
			return f;
		}
	return err_set(err, FAULT_REFUSED, "there is no check called %.60s", name);
}
