#include "trade/incidents.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/checks.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* ---- what the hooks are to say ---- */

static enum fault is_muted(struct store *s, const struct incident *in, int64_t now_ms, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM alert_mute WHERE kind = ?1 AND until_ms > ?2 AND (account_id IS NULL OR account_id = ?3)";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(in->kind), V(now_ms), V(in->account));

	*yes = n > 0;
	return f;
}

static enum fault add_notice(struct store *s, const char *hook, int64_t incident, const char *event, const char *text, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO notice (hook, incident_id, event, text, due_ms, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";

	return RUN(s, err, sql, V(hook), incident ? V(incident) : V_NULL, V(event), V(text), V(now_ms));
}

/* To each hook that the configuration has; the engine wrote down which those are. */
static enum fault to_hooks(struct store *s, int64_t incident, const char *event, const char *text, int64_t now_ms, struct arena *a, int *made, struct err *err)
{
	static const char *const hooks[] = { "program", "mail", "webhook" };
	const char *on = NULL;
	enum fault f = meta_get(s, "hooks", a, &on, err);

	*made = 0;
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks && !f; i++)
		if (on && strstr(on, hooks[i])) {
			f = add_notice(s, hooks[i], incident, event, text, now_ms, err);
			++*made;
		}
	return f;
}

static enum fault tell(struct store *s, int64_t id, const char *event, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct fields text = fields_new(a);
	struct incident in;
	struct alert_rule rule;
	bool muted = false;
	int made;
	enum fault f = incident_get(s, id, now_ms, a, &in, err);

	if (!f)
		f = is_muted(s, &in, now_ms, &muted, err);
	if (!f) {
		rule = alert_rule_of(a, in.kind);
		fields_put(&text, "id", arena_printf(a, "I-%" PRId64, in.id));
		fields_put(&text, "severity", in.severity);
		fields_put(&text, "kind", in.kind);
		fields_put(&text, "title", rule.title);
		fields_put(&text, "account", in.account_name);
		fields_put(&text, "subject", in.subject);
		fields_put(&text, "text", in.text);
		fields_put(&text, "next", in.next);
		fields_put(&text, "owner", in.owner);
		fields_put(&text, "by", *in.closed_by ? in.closed_by : in.acked_by);
		fields_put(&text, "cause", in.cause);
		fields_put_int(&text, "opened_ms", in.opened_ms);
		fields_put_int(&text, "alerts", in.alerts);
	}
	if (!f && !muted && (rule.tells || !strcmp(in.severity, "CRIT")))
		f = to_hooks(s, id, event, fields_pack(&text, a), now_ms, a, &made, err);
	arena_free(a);
	return f;
}

enum fault incidents_repeat(struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT i.id, i.opened_ms FROM incident i WHERE i.severity = 'CRIT' AND i.closed_ms = 0 AND i.over_ms = 0 AND i.acked_ms = 0 "
				  "AND (SELECT max(n.made_ms) FROM notice n WHERE n.incident_id = i.id) <= ? ORDER BY i.id LIMIT 32";
	enum { QUARTER_MS = 15 * 60000, UNHEARD_MS = 30 * 60000 };
	struct rows *r = ASK(s, sql, V(now_ms - QUARTER_MS));
	struct {
		int64_t id, opened_ms;
	} unseen[32];
	int n = 0;
	enum fault f;

	for (; rows_next(r); n++) {
		unseen[n].id = rows_int(r, 0);
		unseen[n].opened_ms = rows_int(r, 1);
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = tell(s, unseen[i].id, now_ms - unseen[i].opened_ms >= UNHEARD_MS ? "unheard" : "again", now_ms, err);
	return f;
}

enum fault notice_test(struct store *s, int64_t now_ms, int *made, struct err *err)
{
	struct arena *a = arena_new();
	struct fields text = fields_new(a);
	enum fault f;

	fields_put(&text, "id", "test");
	fields_put(&text, "severity", "info");
	fields_put(&text, "text", "a test: if you read this, the hook works");
	f = to_hooks(s, 0, "test", fields_pack(&text, a), now_ms, a, made, err);
	arena_free(a);
	return f;
}

#define NOTICE "SELECT id, coalesce(incident_id, 0), hook, event, state, tries, due_ms, result, made_ms, sent_ms, text FROM notice "

static enum fault read_notices(struct rows *r, struct arena *a, struct notice **out, int *got, struct err *err)
{
	int cap = 0;

	*out = NULL;
	*got = 0;
	while (rows_next(r)) {
		struct notice *n;

		*out = arena_grow(a, *out, *got, &cap, sizeof **out);
		n = &(*out)[(*got)++];
		*n = (struct notice){ .id = rows_int(r, 0), .incident = rows_int(r, 1), .hook = rows_keep(r, 2, a), .event = rows_keep(r, 3, a),
			              .state = rows_keep(r, 4, a), .tries = rows_int(r, 5), .due_ms = rows_int(r, 6), .result = rows_keep(r, 7, a),
			              .made_ms = rows_int(r, 8), .sent_ms = rows_int(r, 9) };
		if (fields_unpack(a, rows_keep(r, 10, a), &n->text, err))
			n->text = fields_new(a);
	}
	return rows_end(r, err);
}

enum fault notices_due(struct store *s, int64_t now_ms, int n, struct arena *a, struct notice **out, int *got, struct err *err)
{
	static const char sql[] = NOTICE "WHERE state = 'waiting' AND due_ms <= ? ORDER BY due_ms, id LIMIT ?";

	return read_notices(ASK(s, sql, V(now_ms), V(n)), a, out, got, err);
}

enum fault notices_last(struct store *s, int n, struct arena *a, struct notice **out, int *got, struct err *err)
{
	static const char sql[] = NOTICE "ORDER BY id DESC LIMIT ?";

	return read_notices(ASK(s, sql, V(n)), a, out, got, err);
}

enum fault notice_sent(struct store *s, int64_t id, const char *result, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE notice SET state = 'sent', tries = tries + 1, result = ?2, sent_ms = ?3 WHERE id = ?1";

	return RUN(s, err, sql, V(id), V(result), V(now_ms));
}

enum fault notice_again(struct store *s, int64_t id, int64_t due_ms, const char *result, struct err *err)
{
	static const char sql[] = "UPDATE notice SET tries = tries + 1, result = ?2, due_ms = ?3 WHERE id = ?1 AND state = 'waiting'";

	return RUN(s, err, sql, V(id), V(result), V(due_ms));
}

/* ---- opening and folding ---- */

static enum fault open_by_key(struct store *s, const char *key, bool live, int64_t *id, struct err *err)
{
	static const char any[] = "SELECT id FROM incident WHERE key = ? AND closed_ms = 0";
	static const char living[] = "SELECT id FROM incident WHERE key = ? AND closed_ms = 0 AND over_ms = 0";

	*id = 0;
	return live ? GET_INT(s, err, 0, id, living, V(key)) : GET_INT(s, err, 0, id, any, V(key));
}

struct fresh {
	int64_t alert, account;
	const char *key, *kind, *severity, *subject, *text;
};

/* Which incident takes it, by what is open: *id 0: a new one of that key. */
static enum fault choose(struct store *s, const struct fresh *f, const struct alert_rule *rule, struct arena *a, const char **key, int64_t *id, struct err *err)
{
	const char *account = arena_printf(a, "account %" PRId64, f->account);

	*id = 0;
	if (f->account && !rule->root && rule->fold == FOLD_ACCOUNT && open_by_key(s, account, true, id, err))
		return err->fault;
	if (*id)
		return OK;
	*key = f->account && rule->root        ? account
	       : rule->fold == FOLD_KIND       ? arena_printf(a, "kind %s %" PRId64, f->kind, f->account)
	                                       : arena_printf(a, "alert %s", f->key);
	return open_by_key(s, *key, false, id, err);
}

static enum fault open_new(struct store *s, const struct fresh *f, const struct alert_rule *rule, const char *key, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO incident (id, key, kind, severity, account_id, subject, text, card, owner, opened_ms) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

	return RUN(s, err, sql, V(f->alert), V(key), V(f->kind), V(f->severity), f->account ? V(f->account) : V_NULL, V(f->subject), V(f->text), V(rule->card),
	           V(rule->owner), V(now_ms));
}

static enum fault put_into(struct store *s, int64_t alert, int64_t incident, struct err *err)
{
	static const char sql[] = "UPDATE alert SET incident_id = ?2 WHERE id = ?1";

	return RUN(s, err, sql, V(alert), V(incident));
}

/* Another one joined, or one became worse: it is not over any more. */
static enum fault join(struct store *s, int64_t id, const char *severity, int64_t now_ms, struct err *err)
{
	static const char live[] = "UPDATE incident SET over_ms = 0 WHERE id = ? AND over_ms <> 0 AND closed_ms = 0";
	static const char worse[] = "UPDATE incident SET severity = ?2 WHERE id = ?1 AND closed_ms = 0 AND ((?2 = 'CRIT' AND severity <> 'CRIT') OR "
				    "(?2 = 'WARN' AND severity = 'info'))";
	enum fault f = RUN(s, err, live, V(id));

	if (!f && store_changes(s))
		f = tell(s, id, "opened", now_ms, err);
	if (!f)
		f = RUN(s, err, worse, V(id), V(severity));
	return !f && store_changes(s) ? tell(s, id, "worse", now_ms, err) : f;
}

static enum fault close_one(struct store *s, int64_t id, const char *who, const char *cause, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE incident SET closed_ms = ?2, closed_by = ?3, cause = ?4, over_ms = CASE over_ms WHEN 0 THEN ?2 ELSE over_ms END "
				  "WHERE id = ?1 AND closed_ms = 0";

	return RUN(s, err, sql, V(id), V(now_ms), V(who), V(cause));
}

/* What was noticed of an account a moment before its cause was: it is part of it. */
static enum fault adopt(struct store *s, int64_t id, int64_t account, struct arena *a, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE alert SET incident_id = ?1 WHERE closed_ms = 0 AND kind = ?2 AND account_id = ?3 AND incident_id <> ?1";
	static const char empty[] = "SELECT n.id FROM incident n WHERE n.closed_ms = 0 AND n.account_id = ?1 AND n.id <> ?2 AND NOT EXISTS "
				    "(SELECT 1 FROM alert l WHERE l.incident_id = n.id) LIMIT 1";
	struct alert_rule *rule;
	int n = alert_rules(a, &rule);
	int64_t left = 1;
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++)
		if (rule[i].fold == FOLD_ACCOUNT)
			f = RUN(s, err, sql, V(id), V(rule[i].kind), V(account));
	while (!f && left) {
		f = GET_INT(s, err, 0, &left, empty, V(account), V(id));
		if (!f && left)
			f = close_one(s, left, "system", arena_printf(a, "folded into I-%" PRId64, id), now_ms, err);
	}
	return f;
}

static enum fault take_fresh(struct store *s, const struct fresh *f, const struct alert_rule *rule, int64_t now_ms, struct arena *a, struct err *err)
{
	const char *key = "";
	int64_t id;
	enum fault bad = choose(s, f, rule, a, &key, &id, err);
	bool is_new = !id;

	if (!bad && is_new)
		bad = open_new(s, f, rule, key, now_ms, err);
	id = is_new ? f->alert : id;
	if (!bad)
		bad = put_into(s, f->alert, id, err);
	if (!bad && is_new && f->account && rule->root)
		bad = adopt(s, id, f->account, a, now_ms, err);
	if (!bad)
		bad = is_new ? tell(s, id, "opened", now_ms, err) : join(s, id, f->severity, now_ms, err);
	return bad;
}

enum fault incident_takes(struct store *s, int64_t alert, const struct alert_rule *rule, int64_t now_ms, bool *fresh, struct err *err)
{
	static const char sql[] = "SELECT coalesce(incident_id, 0), key, kind, severity, coalesce(account_id, 0), subject, text FROM alert WHERE id = ?";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(alert));
	struct fresh f = { .alert = alert };
	int64_t incident = 0;
	enum fault bad;

	if (rows_next(r)) {
		incident = rows_int(r, 0);
		f = (struct fresh){ alert, rows_int(r, 4), rows_keep(r, 1, a), rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 5, a), rows_keep(r, 6, a) };
	}
	bad = rows_end(r, err);
	*fresh = !incident;
	if (!bad)
		bad = incident ? join(s, incident, f.severity, now_ms, err) : take_fresh(s, &f, rule, now_ms, a, err);
	arena_free(a);
	return bad;
}

enum fault incident_settle(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	static const char left[] = "SELECT count(*) FROM alert WHERE incident_id = ? AND closed_ms = 0";
	static const char over[] = "UPDATE incident SET over_ms = ?2 WHERE id = ?1 AND over_ms = 0 AND closed_ms = 0";
	struct arena *a = arena_new();
	struct incident in = { 0 };
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, left, V(id));

	if (!f && !n)
		f = incident_get(s, id, now_ms, a, &in, err);
	if (!f && !n && !in.closed_ms) {
		struct alert_rule rule = alert_rule_of(a, in.kind);

		f = rule.person ? RUN(s, err, over, V(id), V(now_ms))
		                : close_one(s, id, arena_printf(a, "rule:%s", in.kind), "it ended by itself", now_ms, err);
		if (!f)
			f = tell(s, id, rule.person ? "over" : "closed", now_ms, err);
	}
	arena_free(a);
	return f;
}

enum fault incident_ack(struct store *s, int64_t id, const char *who, int64_t now_ms, struct err *err)
{
	static const char alerts[] = "UPDATE alert SET acked_by = ?2, acked_ms = ?3 WHERE incident_id = ?1 AND closed_ms = 0 AND acked_ms = 0";
	static const char sql[] = "UPDATE incident SET acked_by = ?2, acked_ms = ?3 WHERE id = ?1 AND closed_ms = 0";
	enum fault f = RUN(s, err, sql, V(id), V(who), V(now_ms));

	if (!f && !store_changes(s))
		return err_set(err, FAULT_REFUSED, "incident I-%" PRId64 " is not open", id);
	if (!f)
		f = RUN(s, err, alerts, V(id), V(who), V(now_ms));
	return f ? f : tell(s, id, "acked", now_ms, err);
}

/* ---- reading ---- */

#define INCIDENT \
	"SELECT n.id, n.key, n.kind, n.severity, coalesce(n.account_id, 0), coalesce(c.name, ''), n.subject, n.text, n.card, n.owner, n.opened_ms, " \
	"n.acked_by, n.acked_ms, n.over_ms, n.closed_ms, n.closed_by, n.cause, " \
	"(SELECT count(*) FROM alert l WHERE l.incident_id = n.id), (SELECT count(*) FROM alert l WHERE l.incident_id = n.id AND l.closed_ms = 0), " \
	"(SELECT coalesce(max(l.last_ms), n.opened_ms) FROM alert l WHERE l.incident_id = n.id), " \
	"coalesce((SELECT l.next FROM alert l WHERE l.incident_id = n.id AND l.closed_ms = 0 ORDER BY l.id LIMIT 1), ''), " \
	"(SELECT coalesce(max(m.until_ms), 0) FROM alert_mute m WHERE m.kind = n.kind AND m.until_ms > ?1 AND (m.account_id IS NULL OR m.account_id = n.account_id)) " \
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

enum fault incidents_page(struct store *s, bool all, int64_t now_ms, int n, struct arena *a, struct incident **out, int *got, struct err *err)
{
	static const char open[] = INCIDENT
		"WHERE n.closed_ms = 0 ORDER BY n.over_ms <> 0, CASE n.severity WHEN 'CRIT' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END, n.opened_ms DESC, n.id DESC LIMIT ?2";
	static const char closed[] = INCIDENT "WHERE n.closed_ms <> 0 ORDER BY n.closed_ms DESC, n.id DESC LIMIT ?2";
	int cap = 0;
	enum fault f;

	*out = NULL;
	*got = 0;
	f = read_incidents(ASK(s, open, V(now_ms), V(n)), a, out, got, &cap, err);
	return f || !all || *got >= n ? f : read_incidents(ASK(s, closed, V(now_ms), V(n - *got)), a, out, got, &cap, err);
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
		"SELECT opened_ms AS at, CASE WHEN id = ?1 THEN 'opened' ELSE 'folded in' END, severity || ' ' || text, 'rule:' || kind, 0 AS turn FROM alert WHERE incident_id = ?1 "
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

/* ---- what a person decides ---- */

struct deciding {
	struct store *s;
	const struct fields *payload;
	const struct cause *why;
	struct arena *a;
	struct incident in;
	const char *result;
};

/* Its alerts go with it: what is still so is raised again, and is a new incident then. */
static enum fault do_close(struct deciding *d, struct err *err)
{
	static const char alerts[] = "UPDATE alert SET closed_ms = ?2 WHERE incident_id = ?1 AND closed_ms = 0";
	const char *cause = fields_get(d->payload, "cause", "");
	enum fault f;

	if (strspn(cause, " ") == strlen(cause) || strlen(cause) > 200 || strchr(cause, '\n'))
		return err_set(err, FAULT_REFUSED, "to close I-%" PRId64 " say what the cause was, in one line of at most 200 bytes", d->in.id);
	f = RUN(d->s, err, alerts, V(d->in.id), V(d->why->now_ms));
	if (!f)
		f = close_one(d->s, d->in.id, d->why->actor, cause, d->why->now_ms, err);
	return f ? f : tell(d->s, d->in.id, "closed", d->why->now_ms, err);
}

static enum fault do_mute(struct deciding *d, struct err *err)
{
	static const char sql[] = "INSERT INTO alert_mute (kind, account_id, until_ms, why, actor, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	int64_t minutes = fields_int(d->payload, "minutes", 0);
	const char *why = fields_get(d->payload, "why", "");

	if (minutes < 1 || minutes > MUTE_MINUTES)
		return err_set(err, FAULT_REFUSED, "muted for 1 to %d minutes, not longer: it would be forgotten", MUTE_MINUTES);
	if (!*why)
		return err_set(err, FAULT_REFUSED, "say why it is muted: somebody else will wonder");
	return RUN(d->s, err, sql, V(d->in.kind), d->in.account ? V(d->in.account) : V_NULL, V(d->why->now_ms + minutes * 60000), V(why), V(d->why->actor),
	           V(d->why->now_ms));
}

static enum fault do_unmute(struct deciding *d, struct err *err)
{
	static const char sql[] = "UPDATE alert_mute SET until_ms = ?3 WHERE kind = ?1 AND coalesce(account_id, 0) IN (0, ?2) AND until_ms > ?3";

	return RUN(d->s, err, sql, V(d->in.kind), V(d->in.account), V(d->why->now_ms));
}

static enum fault do_own(struct deciding *d, struct err *err)
{
	static const char sql[] = "UPDATE incident SET owner = ?2 WHERE id = ?1";
	const char *owner = fields_get(d->payload, "owner", "");

	if (strlen(owner) > 40)
		return err_set(err, FAULT_REFUSED, "an owner's name is at most 40 characters");
	return RUN(d->s, err, sql, V(d->in.id), V(owner));
}

/* What a check shows is found by us; what only a person can see is what he says. */
static enum fault do_step(struct deciding *d, struct err *err)
{
	static const char sql[] = "INSERT INTO incident_step (incident_id, step, good, result, actor, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	struct finding found = { .good = true, .text = fields_get(d->payload, "note", "") };
	struct card_step *card;
	int n = card_steps(d->a, d->in.card, &card);
	int64_t step = fields_int(d->payload, "step", 0);
	enum fault f = OK;

	if (step < 1 || step > n)
		return err_set(err, FAULT_REFUSED, "the card %s has steps 1 to %d", d->in.card, n);
	if (strcmp(card[step - 1].does, "note"))
		f = check_make(d->s, card[step - 1].does, &(struct check_about){ d->in.account, d->in.kind, d->in.subject }, d->why->now_ms, d->a, &found, err);
	else if (!*found.text || strlen(found.text) > 500)
		f = err_set(err, FAULT_REFUSED, "step %" PRId64 " wants what you found, in at most 500 bytes", step);
	d->result = arena_printf(d->a, "%s: %s", found.good ? "ok" : "not ok", found.text);
	return f ? f : RUN(d->s, err, sql, V(d->in.id), V(step), V(found.good), V(found.text), V(d->why->actor), V(d->why->now_ms));
}

static enum fault do_ack(struct deciding *d, struct err *err)
{
	return incident_ack(d->s, d->in.id, d->why->actor, d->why->now_ms, err);
}

enum fault incident_carry(struct store *s, const struct fields *payload, const struct cause *why, struct arena *a, const char **result, int *done, struct err *err)
{
	static const struct {
		const char *word;
		enum fault (*act)(struct deciding *, struct err *);
	} actions[] = { { "ack", do_ack }, { "close", do_close }, { "mute", do_mute }, { "unmute", do_unmute }, { "own", do_own }, { "step", do_step } };
	const char *action = fields_get(payload, "action", ""), *v;
	struct deciding d = { .s = s, .payload = payload, .why = why, .a = a };
	size_t at = 0;
	int64_t id;
	enum fault f = OK;

	assert(store_in_transaction(s));
	if (!strcmp(action, "test")) {
		f = notice_test(s, why->now_ms, done, err);
		*result = arena_printf(a, "%d hook%s to be told", *done, *done == 1 ? "" : "s");
		return f || *done ? f : err_set(err, FAULT_REFUSED, "[hooks] of the engine's configuration names none");
	}
	while (at < sizeof actions / sizeof *actions && strcmp(actions[at].word, action))
		at++;
	if (at == sizeof actions / sizeof *actions)
		return err_set(err, FAULT_REFUSED, "an incident is acknowledged, closed, muted, unmuted, given to somebody, or a step of it is taken");
	for (int i = 0; !f && (v = fields_each(payload, "incident", i)); i++, ++*done) {
		if (!text_int(v, 1, INT64_MAX, &id))
			return err_set(err, FAULT_REFUSED, "that is no incident's number");
		f = incident_get(s, id, why->now_ms, a, &d.in, err);
		if (!f && d.in.closed_ms)
			f = err_set(err, FAULT_REFUSED, "I-%" PRId64 " is closed", id);
		if (!f)
			f = actions[at].act(&d, err);
	}
	*result = d.result;
	return f;
}
