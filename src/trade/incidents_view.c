/* Incidents as they are read: a page, one, what happened, the steps of its card. */
#include "trade/incidents.h"

#include "store/store.h"
#include "trade/exposure_meter.h"

#include <inttypes.h>
#include <string.h>

/*
 * Of what is folded into it what explains it best, as it is told now: open before ended, a root (data/alerts.csv) before what follows from it, then the worst,
 * then the first. What was told when it was opened stands in its story.
 */
#define LEADS(column) \
	"(SELECT l." column " FROM alert l WHERE l.incident_id = n.id " \
	"ORDER BY l.closed_ms <> 0, l.root DESC, CASE l.severity WHEN 'CRIT' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END, l.id LIMIT 1)"

#define INCIDENT \
	"SELECT n.id, n.key, n.kind, n.severity, coalesce(n.account_id, 0), coalesce(c.name, ''), n.subject, coalesce(" LEADS("text") ", n.text), n.card, n.owner, n.opened_ms, " \
	"n.acked_by, n.acked_ms, n.over_ms, n.closed_ms, n.closed_by, n.cause, " \
	"(SELECT count(*) FROM alert l WHERE l.incident_id = n.id), (SELECT count(*) FROM alert l WHERE l.incident_id = n.id AND l.closed_ms = 0), " \
	"(SELECT coalesce(max(l.last_ms), n.opened_ms) FROM alert l WHERE l.incident_id = n.id), " \
	"CASE WHEN n.over_ms = 0 AND n.closed_ms = 0 THEN coalesce(" LEADS("next") ", '') ELSE '' END, " \
	"(SELECT coalesce(max(m.until_ms), 0) FROM alert_mute m WHERE m.kind = n.kind AND m.until_ms > ?1 AND (m.account_id IS NULL OR m.account_id = n.account_id)), " \
	"n.risk_minor, n.risk_units, n.risk_currency " \
	"FROM incident n LEFT JOIN account c ON c.id = n.account_id "

static struct incident read_incident(const struct rows *r, struct arena *a)
{
	return (struct incident){
		.id = rows_int(r, 0),
		.key = rows_keep(r, 1, a),
		.kind = rows_keep(r, 2, a),
		.severity = rows_keep(r, 3, a),
		.account = rows_int(r, 4),
		.account_name = rows_keep(r, 5, a),
		.subject = rows_keep(r, 6, a),
		.text = rows_keep(r, 7, a),
		.card = rows_keep(r, 8, a),
		.owner = rows_keep(r, 9, a),
		.opened_ms = rows_int(r, 10),
		.acked_by = rows_keep(r, 11, a),
		.acked_ms = rows_int(r, 12),
		.over_ms = rows_int(r, 13),
		.closed_ms = rows_int(r, 14),
		.closed_by = rows_keep(r, 15, a),
		.cause = rows_keep(r, 16, a),
		.alerts = rows_int(r, 17),
		.open = rows_int(r, 18),
		.last_ms = rows_int(r, 19),
		.next = rows_keep(r, 20, a),
		.muted_ms = rows_int(r, 21),
		.risk_minor = rows_int(r, 22),
		.risk_units = rows_int(r, 23),
		.risk_currency = rows_keep(r, 24, a),
	};
}

static enum fault read_incidents(struct rows *r, struct arena *a, struct incident **out, int *got, int *cap, struct err *err)
{
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *got, cap, sizeof **out);
		(*out)[(*got)++] = read_incident(r, a);
	}
	return rows_end(r, err);
}

enum fault incidents_sorted(struct store *s, bool by_money, bool all, int64_t now_ms, int n, struct arena *a, struct incident **out, int *got, struct err *err)
{
	static const char open[] = INCIDENT
		"WHERE n.closed_ms = 0 ORDER BY n.over_ms <> 0, CASE WHEN ?3 = 1 THEN 0 WHEN n.severity = 'CRIT' THEN 0 WHEN n.severity = 'WARN' THEN 1 ELSE 2 END, "
		"n.risk_minor DESC, n.opened_ms DESC, n.id DESC LIMIT ?2";
	static const char closed[] = INCIDENT "WHERE n.closed_ms <> 0 ORDER BY n.closed_ms DESC, n.id DESC LIMIT ?2";
	int cap = 0;
	enum fault f;

	*out = NULL;
	*got = 0;
	f = read_incidents(ASK(s, open, V(now_ms), V(n), V(by_money ? 1 : 0)), a, out, got, &cap, err);
	return f || !all || *got >= n ? f : read_incidents(ASK(s, closed, V(now_ms), V(n - *got)), a, out, got, &cap, err);
}

enum fault incidents_page(struct store *s, bool all, int64_t now_ms, int n, struct arena *a, struct incident **out, int *got, struct err *err)
{
	return incidents_sorted(s, false, all, now_ms, n, a, out, got, err);
}

enum fault incidents_meter(struct store *s, int64_t now_ms, struct err *err)
{
	static const char next[] = "SELECT id, kind, coalesce(account_id, 0), subject, opened_ms FROM incident WHERE closed_ms = 0 AND risk_ms < ? ORDER BY risk_ms, id LIMIT 1";
	static const char sql[] = "UPDATE incident SET risk_minor = ?2, risk_units = ?3, risk_currency = ?4, risk_ms = ?5 WHERE id = ?1";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, next, V(now_ms));
	struct exposed_rate risk;
	struct incident in = { 0 };
	enum fault f;

	if (rows_next(r))
		in = (struct incident){ .id = rows_int(r, 0), .kind = rows_keep(r, 1, a), .account = rows_int(r, 2), .subject = rows_keep(r, 3, a), .opened_ms = rows_int(r, 4) };
	f = rows_end(r, err);
	if (!f && in.id)
		f = exposure_meter(s, in.kind, in.account, in.subject, in.opened_ms, now_ms, a, &risk, err);
	if (!f && in.id)
		f = RUN(s, err, sql, V(in.id), V(risk.minor), V(risk.units), V(risk.currency), V(now_ms));
	arena_free(a);
	return f;
}

enum fault incident_rate(struct store *s, int64_t id, int64_t now_ms, int64_t out[RATE_PARTS], struct err *err)
{
	static const char sql[] = "SELECT m.minute, m.n FROM alert l JOIN alert_minute m ON m.alert_id = l.id WHERE l.incident_id = ?1 AND m.minute > ?2 AND m.minute <= ?3";
	int64_t minute = now_ms / 60000;
	struct rows *r = ASK(s, sql, V(id), V(minute - RATE_PARTS * RATE_MINUTES), V(minute));

	memset(out, 0, RATE_PARTS * sizeof *out);
	while (rows_next(r))
		out[RATE_PARTS - 1 - (minute - rows_int(r, 0)) / RATE_MINUTES] += rows_int(r, 1);
	return rows_end(r, err);
}

enum fault incident_get(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct incident *out, struct err *err)
{
	static const char sql[] = INCIDENT "WHERE n.id = ?2";
	struct rows *r = ASK(s, sql, V(now_ms), V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_incident(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no incident I-%" PRId64, id);
}

enum fault incident_story(struct store *s, int64_t id, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT t.at_ms AS at, CASE WHEN t.id <> (SELECT min(k.id) FROM alert_turn k WHERE k.alert_id = t.alert_id) THEN 'turned' WHEN t.alert_id = ?1 THEN 'opened' "
		"ELSE 'folded in' END, t.severity || ' ' || t.text, 'rule:' || l.kind, 0 AS turn FROM alert l JOIN alert_turn t ON t.alert_id = l.id WHERE l.incident_id = ?1 "
		"UNION ALL SELECT closed_ms, 'ended', text, 'rule:' || kind, 1 FROM alert WHERE incident_id = ?1 AND closed_ms <> 0 "
		"UNION ALL SELECT acked_ms, 'acknowledged', 'somebody looks', acked_by, 2 FROM incident WHERE id = ?1 AND acked_ms <> 0 "
		"UNION ALL SELECT at_ms, 'step ' || step || CASE good WHEN 1 THEN ' ok' ELSE ' not ok' END, result, actor, 3 FROM incident_step WHERE incident_id = ?1 "
		"UNION ALL SELECT at_ms, 'note', text, actor, 4 FROM note WHERE subject = 'alert:' || ?1 "
		"UNION ALL SELECT sent_ms, 'told by ' || hook, event || CASE result WHEN '' THEN '' ELSE ': ' || result END, 'system', 5 FROM notice WHERE incident_id = ?1 AND sent_ms <> 0 "
		"UNION ALL SELECT closed_ms, 'closed', cause, closed_by, 6 FROM incident WHERE id = ?1 AND closed_ms <> 0 ORDER BY at, turn LIMIT 500";
	struct rows *r = ASK(s, sql, V(id));
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct event){ .at_ms = rows_int(r, 0), .known_ms = rows_int(r, 0), .what = rows_keep(r, 1, a), .detail = rows_keep(r, 2, a),
			                         .actor = rows_keep(r, 3, a), .trace = "" };
	}
	return rows_end(r, err);
}

enum fault incident_like(struct store *s, const struct incident *in, struct arena *a, const char **out, struct err *err)
{
	static const char sql[] = "SELECT id, closed_ms - opened_ms, cause, opened_ms FROM incident WHERE kind = ?1 AND id <> ?2 AND closed_ms <> 0 AND closed_by LIKE 'uid:%' "
				  "ORDER BY coalesce(account_id, 0) = ?3 DESC, id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(in->kind), V(in->id), V(in->account));

	*out = "";
	if (rows_next(r))
		*out = arena_printf(a, "I-%" PRId64 ", closed after %" PRId64 " min: %s", rows_int(r, 0), rows_int(r, 1) / 60000, rows_text(r, 2));
	return rows_end(r, err);
}

enum fault incident_steps(struct store *s, const struct incident *in, struct arena *a, struct incident_step **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT step, good, result, actor, at_ms FROM incident_step WHERE incident_id = ? ORDER BY id";
	struct rows *r = ASK(s, sql, V(in->id));
	struct card_step *card;

	*n = card_steps(a, in->card, &card);
	*out = arena_alloc(a, (size_t)(*n + 1) * sizeof **out);
	for (int i = 0; i < *n; i++)
		(*out)[i] = (struct incident_step){ .card = card[i], .result = "", .actor = "" };
	while (rows_next(r)) {
		int64_t step = rows_int(r, 0);

		if (step < 1 || step > *n)
			continue;
		(*out)[step - 1].good = rows_int(r, 1);
		(*out)[step - 1].result = rows_keep(r, 2, a);
		(*out)[step - 1].actor = rows_keep(r, 3, a);
		(*out)[step - 1].at_ms = rows_int(r, 4);
	}
	return rows_end(r, err);
}

bool incident_has(const struct incident *in, const char *word)
{
	const char *const text[] = { in->text, in->account_name, in->kind, in->severity, in->owner, in->subject, in->cause };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (!word || !*word || strcasestr(text[i], word))
			return true;
	return false;
}
