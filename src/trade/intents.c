#include "trade/intents.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/change.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool intent_known(struct store *s, const char *asker, struct arena *a, struct intent *out)
{
	static const char sql[] = "SELECT id, kind, state, result, actor, made_ms FROM intent WHERE asker = ?1";
	struct rows *r = ASK(s, sql, V(asker));
	bool found = rows_next(r);

	if (found)
		*out = (struct intent){
			.id = rows_int(r, 0),
			.asker = arena_strdup(a, asker),
			.kind = intent_kind_from_name(rows_text(r, 1)),
			.state = rows_keep(r, 2, a),
			.result = rows_keep(r, 3, a),
			.actor = rows_keep(r, 4, a),
			.made_ms = rows_int(r, 5),
		};
	rows_end(r, NULL);
	return found;
}

enum fault intent_get(struct store *s, int64_t id, struct arena *a, struct intent *out, struct err *err)
{
	static const char sql[] = "SELECT id, asker, kind, coalesce(account_id, 0), subject, payload, digest, typed, state, actor, why, result, made_ms, trace "
				  "FROM intent WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	const char *payload = NULL;

	if (rows_next(r)) {
		*out = (struct intent){
			.id = rows_int(r, 0),
			.asker = rows_keep(r, 1, a),
			.kind = intent_kind_from_name(rows_text(r, 2)),
			.account = rows_int(r, 3),
			.subject = rows_keep(r, 4, a),
			.digest = rows_keep(r, 6, a),
			.typed = rows_keep(r, 7, a),
			.state = rows_keep(r, 8, a),
			.actor = rows_keep(r, 9, a),
			.why = rows_keep(r, 10, a),
			.result = rows_keep(r, 11, a),
			.made_ms = rows_int(r, 12),
			.trace = rows_keep(r, 13, a),
		};
		payload = rows_keep(r, 5, a);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!payload)
		return err_set(err, FAULT_REFUSED, "there is no intent %" PRId64, id);
	return fields_unpack(a, payload, &out->payload, err);
}

/* What is too much for one person is proposed, and carried out when another one agrees. */
static const char *state_at_first(struct store *s, const struct intent *in, const char *actor, int64_t now_ms, struct arena *a)
{
	struct plan p;

	if (!strncmp(actor, "rule:", 5)) /* half past is no time to look for somebody */
		return "filed";
	if (in->proposes)
		return "proposed";
	return (in->kind == INTENT_ZERO || in->kind == INTENT_VAULT) && !plan_make(s, in, now_ms, a, &p, &(struct err){ 0 }) && p.two ? "proposed" : "filed";
}

enum fault intent_file(struct store *s, struct intent *in, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO intent (asker, kind, account_id, subject, payload, digest, typed, state, actor, why, made_ms, trace, config_id) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?13, ?8, ?9, ?10, ?11, ?12) RETURNING id";
	struct arena *a = arena_new();
	const char *state = state_at_first(s, in, why->actor, why->now_ms, a);
	enum fault f;

	assert(store_in_transaction(s));
	f = RUN_ID(s, err, &in->id, sql, V(in->asker), V(intent_kind_name(in->kind)), in->account ? V(in->account) : V_NULL,
	           V(in->subject ? in->subject : ""), V(fields_pack(&in->payload, a)), V(in->digest ? in->digest : ""), V(in->typed ? in->typed : ""),
	           V(why->actor), V(in->why ? in->why : ""), V(why->now_ms), V(why->trace), why->config_id ? V(why->config_id) : V_NULL, V(state));
	in->state = strcmp(state, "filed") ? "proposed" : "filed";
	arena_free(a);
	return f;
}

enum fault intent_agreed(struct store *s, int64_t id, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE intent SET state = 'filed' WHERE id = ? AND state = 'proposed'";

	if (RUN(s, err, sql, V(id)))
		return FAULT_STORE;
	return store_changes(s) ? change_text(s, "intent", id, "state", "proposed", "filed", why->now_ms, why, err) : OK;
}

/* That it waited for another one until now is kept; that it was filed goes without saying. */
enum fault intent_done(struct store *s, int64_t id, bool refused, const char *result, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT count(*) FROM intent WHERE id = ? AND state = 'proposed'";
	static const char sql[] = "UPDATE intent SET state = ?2, result = ?3, done_ms = ?4 WHERE id = ?1";
	const char *state = refused ? "refused" : "done";
	int64_t waited;

	if (GET_INT(s, err, 0, &waited, ask, V(id)) || RUN(s, err, sql, V(id), V(state), V(result ? result : ""), V(why->now_ms)))
		return FAULT_STORE;
	return waited ? change_text(s, "intent", id, "state", "proposed", state, why->now_ms, why, err) : OK;
}

enum fault intents_expire(struct store *s, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM intent WHERE state = 'proposed' AND made_ms < ? ORDER BY id LIMIT 1";
	int64_t id = 1;
	char key[40];
	enum fault f = OK;

	assert(store_in_transaction(s));
	while (!f && id) {
		f = GET_INT(s, err, 0, &id, sql, V(why->now_ms - APPROVAL_MS));
		snprintf(key, sizeof key, "approve %" PRId64, id);
		if (!f && id)
			f = intent_done(s, id, true, "nobody agreed within ten minutes", why, err);
		if (!f && id)
			f = audit_add(s, why, "lapsed", key, "nobody agreed within ten minutes", err);
		if (!f && id)
			f = alert_close(s, key, why->now_ms, err);
	}
	return f;
}
