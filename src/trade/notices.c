/* What hooks are to say of incidents: rows of `notice`, written in the transaction that has something to tell. */
#include "trade/incidents.h"

#include "store/store.h"
#include "trade/accounts.h"

#include <inttypes.h>
#include <string.h>

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

enum fault incident_tell(struct store *s, int64_t id, const char *event, int64_t now_ms, struct err *err)
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
		f = incident_tell(s, unseen[i].id, now_ms - unseen[i].opened_ms >= UNHEARD_MS ? "unheard" : "again", now_ms, err);
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
	/* a hook that took nothing the last time may hold its next message up for long: the others go first */
	static const char sql[] = NOTICE "AS n WHERE state = 'waiting' AND due_ms <= ? "
				  "ORDER BY EXISTS (SELECT 1 FROM notice w WHERE w.state = 'waiting' AND w.hook = n.hook AND w.tries > 0), due_ms, id LIMIT ?";

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
