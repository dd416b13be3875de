#include "trade/jobs.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/*
 * The same decision has the same key: a version of an offer, or an intent about a subject. Reads decide nothing: each has
 * a key of its own.
 */
static enum fault plan_key(struct store *s, const struct job_plan *p, struct arena *a, const char **key, struct err *err)
{
	static const char sql[] = "SELECT coalesce(max(id), 0) + 1 FROM job";
	char *base = arena_printf(a, "%s/%" PRId64 "/%s", verb_name(p->verb), p->account, text_or_empty(p->subject));
	int64_t next;

	*key = base;
	if (p->repeats)
		return OK;
	if (verb_writes(p->verb) && (p->ver || p->intent_id)) {
		*key = arena_printf(a, "%s/v%" PRId64 "/i%" PRId64, base, p->ver, p->intent_id);
		return OK;
	}
	if (store_get_int(s, err, 1, &next, sql, NULL, 0))
		return FAULT_STORE;
	*key = arena_printf(a, "%s/n%" PRId64, base, next);
	return OK;
}

static enum fault known_key(struct store *s, const struct job_plan *p, const char *key, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE key = ?";
	static const char sooner[] = "UPDATE job SET due_ms = ?1 WHERE id = ?2 AND state = 'waiting' AND repeats = 1 AND due_ms > ?1";

	if (GET_INT(s, err, 0, id, sql, V(key)))
		return FAULT_STORE;
	return *id && p->repeats ? RUN(s, err, sooner, V(p->due_ms), V(*id)) : OK;
}

static enum fault insert_job(struct store *s, const struct job_plan *p, const char *key, const char *payload, const struct cause *why,
                             int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, repeats, key, payload, ver, due_ms, "
				  "intent_id, parent_id, trace, made_ms, state_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
				  "?12, ?13, ?14, ?15, ?15) RETURNING id";

	if (RUN_ID(s, err, id, sql, V(p->account), V(verb_name(p->verb)), V(text_or_empty(p->subject)), V(p->subject_id), V((int)p->lane),
	           V(verb_writes(p->verb)), V(p->repeats), V(key), V(payload), V(p->ver), V(p->due_ms),
	           p->intent_id ? V(p->intent_id) : V_NULL, p->parent_id ? V(p->parent_id) : V_NULL, V(text_or_empty(why->trace)), V(why->now_ms)))
		return FAULT_STORE;
	return verb_writes(p->verb) ? change_text(s, "job", *id, "state", NULL, "waiting", why->now_ms, why, err) : OK;
}

struct waiting {
	int64_t id, due_ms;
	bool frozen;
	const char *payload;
};

static enum fault waiting_for(struct store *s, const struct job_plan *p, struct arena *a, struct waiting *w, struct err *err)
{
	static const char sql[] = "SELECT id, due_ms, frozen, payload FROM job WHERE account_id = ? AND verb = ? AND subject = ? "
				  "AND state = 'waiting'";
	struct rows *r = ASK(s, sql, V(p->account), V(verb_name(p->verb)), V(text_or_empty(p->subject)));

	*w = (struct waiting){ 0 };
	if (rows_next(r))
		*w = (struct waiting){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2) != 0, rows_keep(r, 3, a) };
	return rows_end(r, err);
}

/* Nobody has heard the older decision yet: the newer one takes its row. */
static enum fault replace(struct store *s, const struct waiting *w, const struct job_plan *p, const char *key, const char *payload,
                          const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET key = ?, payload = ?, ver = ?, lane = ?, due_ms = ?, intent_id = ?, parent_id = ?, trace = ? "
				  "WHERE id = ?";

	if (RUN(s, err, sql, V(key), V(payload), V(p->ver), V((int)p->lane), V(p->due_ms < w->due_ms ? p->due_ms : w->due_ms),
	        p->intent_id ? V(p->intent_id) : V_NULL, p->parent_id ? V(p->parent_id) : V_NULL, V(text_or_empty(why->trace)), V(w->id)))
		return FAULT_STORE;
	return verb_writes(p->verb) ? change_text(s, "job", w->id, "payload", w->payload, payload, why->now_ms, why, err) : OK;
}

static enum fault plan(struct store *s, const struct job_plan *p, struct arena *a, const struct cause *why, int64_t *id, struct err *err)
{
	const char *payload = p->payload ? fields_pack(p->payload, a) : "", *key;
	struct waiting w;

	if (plan_key(s, p, a, &key, err) || known_key(s, p, key, id, err))
		return FAULT_STORE;
	if (*id)
		return OK;
	if (waiting_for(s, p, a, &w, err))
		return FAULT_STORE;
	*id = w.id;
	if (w.id && !w.frozen)
		return replace(s, &w, p, key, payload, why, err);
	if (w.id && !verb_writes(p->verb) && !strcmp(w.payload, payload))
		return OK; /* the same question waits for its retry: asking anew would only jump the queue */
	if (w.id && job_supersede(s, w.id, "a newer decision replaced it", why, err))
		return FAULT_STORE;
	return insert_job(s, p, key, payload, why, id, err);
}

enum fault job_plan(struct store *s, const struct job_plan *p, const struct cause *why, int64_t *id, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f;
	int64_t own;

	assert(store_in_transaction(s));
	assert(p->verb < VERBS && p->lane < LANES);
	f = plan(s, p, a, why, id ? id : &own, err);
	arena_free(a);
	return f;
}
