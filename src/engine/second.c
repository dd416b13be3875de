/*
 * second.c: a change of secrets takes two people, where there are two.
 *
 * What would change is looked at and nothing of it is taken: the vault's file and the files that accounts name. It is proposed under the SHA-256 of what was
 * looked at; another uid agrees within ten minutes, and only if the same lies there still. Until then the secrets in use stay in use. A file that was changed while
 * no engine ran cannot be kept from being read: then it is told, and stands in the audit.
 */
#include "engine/parts.h"

#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/intents.h"
#include "trade/secrets.h"

#include <inttypes.h>
#include <string.h>

struct change {
	const char **line;
	int n, cap;
	char sha[65]; /* of the vault's file; "" where there is none */
};

enum fault second_read(struct engine *e, struct err *err)
{
	static const char *const words[] = { "auto", "on", "off" };
	const char *said = config_get(e->config, "vault", "second_person", "auto");
	int approvers = 0;

	for (int i = 0; i < e->roles.n; i++)
		approvers += duty_of(&e->roles, e->roles.row[i].uid) == DUTY_APPROVER;
	for (int i = 0; i < e->roles.n; i++) /* a user who is named twice is one */
		for (int k = 0; k < i; k++)
			if (e->roles.row[i].uid == e->roles.row[k].uid && duty_of(&e->roles, e->roles.row[i].uid) == DUTY_APPROVER) {
				approvers--;
				break;
			}
	e->two_for_secrets = !strcmp(said, "on") || (!strcmp(said, "auto") && e->roles.on && (approvers > 1 || e->roles.others == DUTY_APPROVER));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(said, words[i]))
			return OK;
	return err_set(err, FAULT_REFUSED, "%s:%d: [vault] second_person: auto, on or off", e->config->file, config_line_of(e->config, "vault", "second_person"));
}

static void change_add(struct engine *e, struct change *c, const char **line, int n)
{
	for (int i = 0; i < n; i++) {
		c->line = arena_grow(e->turn, c->line, c->n, &c->cap, sizeof *c->line);
		c->line[c->n++] = line[i];
	}
}

static enum fault look(struct engine *e, struct change *c, struct err *err)
{
	struct vault_look vault;
	const char **line;
	int n;
	enum fault f = vault_look(e->vault, e->turn, &vault, err);

	*c = (struct change){ .n = 0 };
	if (!f)
		f = links_look(&e->links, e->config, e->vault, e->turn, &line, &n, err);
	if (f)
		return f;
	memcpy(c->sha, vault.sha, sizeof c->sha);
	change_add(e, c, vault.line, vault.n);
	change_add(e, c, line, n);
	return OK;
}

/* What was looked at, as the payload that is agreed to. */
static void put_change(struct fields *payload, const struct change *c)
{
	fields_put(payload, "sha", c->sha);
	for (int i = 0; i < c->n; i++)
		fields_put(payload, "change", c->line[i]);
}

static enum fault propose(struct engine *e, struct intent *in, const struct change *c, const struct cause *why, struct err *err)
{
	struct intent known;
	struct plan plan;
	enum fault f;

	if (intent_known(e->store, in->asker, e->turn, &known)) { /* its answer was lost */
		in->result = known.result;
		return OK;
	}
	put_change(&in->payload, c);
	f = plan_make(e->store, in, why->now_ms, e->turn, &plan, err);
	if (f)
		return f;
	in->digest = plan.digest;
	f = store_begin(e->store, err);
	if (!f)
		f = intent_file(e->store, in, why, err);
	if (!f)
		f = intent_carry(e->store, in, why, err);
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	else
		in->result = arena_printf(e->turn, "intent %" PRId64 " waits ten minutes for a second person: tallyman approve %" PRId64 "; until then the secrets stay as they were", in->id, in->id);
	return f;
}

enum fault second_asks(struct engine *e, struct intent *in, const struct cause *why, bool *waits, struct err *err)
{
	struct change c;
	enum fault f = e->two_for_secrets ? look(e, &c, err) : OK;

	*waits = !f && e->two_for_secrets && c.n;
	return *waits ? propose(e, in, &c, why, err) : f;
}

/* Does the same still lie there that was proposed? */
static bool is_same(const struct intent *in, const struct change *c)
{
	const char *said;
	int n = 0;

	if (strcmp(fields_get(&in->payload, "sha", "?"), c->sha))
		return false;
	for (; (said = fields_each(&in->payload, "change", n)); n++)
		if (n >= c->n || strcmp(said, c->line[n]))
			return false;
	return n == c->n;
}

enum fault second_agrees(struct engine *e, struct intent *in, const struct cause *why, struct err *err)
{
	struct intent other;
	struct change c;
	const char *sha, *said;
	enum fault f = intent_get(e->store, fields_int(&in->payload, "intent", 0), e->turn, &other, err);

	if (f || other.kind != INTENT_VAULT)
		return f ? f : intent_carry(e->store, in, why, err);
	f = look(e, &c, err);
	if (!f && !is_same(&other, &c))
		f = err_set(err, FAULT_REFUSED, "the secrets are no longer what %.60s proposed: look at them and propose them again (tallyman vault reload)", other.actor);
	if (!f)
		f = intent_carry(e->store, in, why, err);
	sha = fields_get(&other.payload, "sha", "");
	if (!f)
		f = keys_take(e, *sha ? sha : NULL, why, &said, err);
	if (!f)
		f = audit_add(e->store, why, "secret-change", arena_printf(e->turn, "intent %" PRId64 " of %s", other.id, other.actor), fields_pack(&other.payload, e->turn), err);
	if (!f)
		f = alert_close(e->store, "secrets unagreed", why->now_ms, err);
	in->result = f ? in->result : said;
	return f;
}

/* ---- a start ---- */

static enum fault tell_unagreed(struct engine *e, const struct secret *was, const struct secret *is, const struct cause *why, struct err *err)
{
	struct alert alert = {
		.key = "secrets unagreed",
		.kind = "vault",
		.severity = "CRIT",
		.subject = "vault",
		.text = arena_printf(e->turn, "the %.40s of %.60s is another than when the last engine ended, and nobody agreed to that", is->key, is->account_name),
		.next = "ask who changed it; if nobody knows, renew it at the platform; then ack this alert",
	};
	enum fault f = alert_raise(e->store, &alert, why->now_ms, err);

	return f ? f : audit_add(e->store, why, "secret-unagreed", arena_printf(e->turn, "%s %s", is->account_name, is->key), arena_printf(e->turn, "%s to %s", was->fingerprint, is->fingerprint), err);
}

enum fault second_start(struct engine *e, const struct secret *was, int n, const struct cause *why, struct err *err)
{
	struct secret *is;
	int now;
	enum fault f = e->two_for_secrets ? secrets_all(e->store, e->turn, &is, &now, err) : OK;

	for (int i = 0; i < n && !f && e->two_for_secrets; i++)
		for (int k = 0; k < now && !f; k++)
			if (was[i].account == is[k].account && !strcmp(was[i].key, is[k].key) && strcmp(was[i].fingerprint, is[k].fingerprint))
				f = tell_unagreed(e, &was[i], &is[k], why, err);
	return f;
}
