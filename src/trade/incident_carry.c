/* What a person decides about an incident. */
#include "trade/incidents.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/checks.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

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
		f = incident_end(d->s, d->in.id, d->why->actor, cause, d->why->now_ms, err);
	return f ? f : incident_tell(d->s, d->in.id, "closed", d->why->now_ms, err);
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
