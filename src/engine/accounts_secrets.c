/* accounts_secrets.c: the secrets of accounts, at the start and while the engine runs. The interface is in accounts.h. */
#include "engine/accounts_inside.h"

#include "base/clock.h"
#include "trade/alerts.h"
#include "trade/jobs.h"
#include "trade/secrets.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *key;
	size_t at; /* in struct account */
} secrets[LINK_SECRETS] = {
	{ "client_id", offsetof(struct account, client_id) },       { "client_secret", offsetof(struct account, client_secret) },
	{ "refresh_token", offsetof(struct account, refresh_token) }, { "token_id", offsetof(struct account, token_id) },
	{ "token_secret", offsetof(struct account, token_secret) },   { "private_key", offsetof(struct account, private_key) },
};

static const char **secret_at(struct link *l, int i)
{
	return (const char **)(void *)((char *)&l->account + secrets[i].at);
}

/* The one before, while the vault says that it is valid as well. */
static void open_spare(const struct reader *r, struct link *l, int i, const char *ref)
{
	const struct vault_entry *e = vault_entry_of(r->v, ref);
	bool valid = e && *e->old && (!e->old_until_ms || e->old_until_ms > r->why->now_ms);

	if (valid || *l->spare[i])
		vault_token(r->v, &l->spare[i], valid ? e->old : "");
}

/* "client_secret_made = 2026-05-01": the day that its life is reckoned from. 0: nobody says. */
static enum fault made_of(const struct reader *r, int i, int64_t *made_ms)
{
	char key[32];
	const char *day;

	snprintf(key, sizeof key, "%s_made", secrets[i].key);
	day = reader_get(r, key, "");
	*made_ms = 0;
	if (*day && (time_parse(day, made_ms) || *made_ms <= 0 || *made_ms > r->why->now_ms))
		return reader_wrong(r, key, "the day it was made, as 2026-05-01, and none that is to come");
	return OK;
}

/* A switched-off account keeps its lines, and its secrets stay closed; but written out they are nowhere. */
static enum fault open_secret(const struct reader *r, struct link *l, int i)
{
	const char *ref = reader_get(r, secrets[i].key, NULL), **slot = secret_at(l, i);
	struct err why;

	*slot = l->spare[i] = "";
	if (!ref || (!l->enabled && (!*ref || vault_is_reference(ref))))
		return OK;
	if (vault_secret(r->v, ref, slot, &why))
		return reader_wrong(r, secrets[i].key, why.text);
	open_spare(r, l, i, ref);
	return OK;
}

/* Which credential a call was made with. A certificate's account has a private key in the secret's place. */
static void name_credential(struct link *l)
{
	const char *secret = *l->account.client_secret ? l->account.client_secret : l->account.private_key;

	if (*secret)
		vault_fingerprint(secret, l->credential);
	else
		memcpy(l->credential, "none", sizeof "none");
}

enum fault link_secrets_open(const struct reader *r, struct link *l)
{
	enum fault f = OK;
	int64_t made_ms;

	for (int i = 0; i < LINK_SECRETS && !f; i++) {
		f = made_of(r, i, &made_ms);
		if (!f)
			f = open_secret(r, l, i);
	}
	if (!f)
		name_credential(l);
	return f;
}

/* What a command is called may be a secret itself. */
static const char *source_of(const char *ref)
{
	return strncmp(ref, "cmd:", 4) ? ref : "cmd:";
}

static enum fault record_secret(const struct reader *r, struct link *l, int i)
{
	const char *ref = reader_get(r, secrets[i].key, "");
	const struct vault_entry *e = vault_entry_of(r->v, ref);
	char is[13], was[13] = "";
	struct secret row = {
		.account = l->account.id,
		.account_name = l->account.name,
		.channel = l->account.channel,
		.key = secrets[i].key,
		.source = source_of(ref),
		.fingerprint = is,
		.expires_ms = e ? e->expires_ms : 0,
		.old = was,
		.old_until_ms = *l->spare[i] && e ? e->old_until_ms : 0,
	};

	if (!**secret_at(l, i))
		return OK;
	if (made_of(r, i, &row.since_ms))
		return r->err->fault;
	if (!row.since_ms && e)
		row.since_ms = e->set_ms;
	vault_fingerprint(*secret_at(l, i), is);
	if (*l->spare[i])
		vault_fingerprint(l->spare[i], was);
	return secret_put(r->s, &row, r->why, r->err);
}

enum fault link_secrets_record(const struct reader *r, struct link *l)
{
	enum fault f = OK;

	for (int i = 0; i < LINK_SECRETS && !f; i++)
		f = record_secret(r, l, i);
	return f;
}

/* ---- secrets, while the engine runs ---- */

static enum fault renew_link(const struct reader *r, struct link *l, int *changed, struct buf *trouble)
{
	int before = *changed;

	for (int i = 0; i < LINK_SECRETS && l->enabled; i++) {
		const char *ref = reader_get(r, secrets[i].key, NULL);
		struct err why;
		bool other = false;

		if (!ref)
			continue;
		if (vault_secret_again(r->v, ref, secret_at(l, i), &other, &why))
			buf_printf(trouble, "; %s stays as it was: %s", l->account.name, why.text);
		else
			open_spare(r, l, i, ref);
		*changed += other;
	}
	if (*changed == before)
		return OK;
	l->swapped = false;
	name_credential(l);
	/* the token at hand goes on serving until there is one by the new secret */
	return job_hurry_verb(r->s, l->account.id, VERB_TOKEN, r->why->now_ms, r->err);
}

enum fault links_look(struct links *ls, const struct config *c, struct vault *v, struct arena *a, const char ***line, int *n, struct err *err)
{
	int cap = 0;
	enum fault f = OK;

	*line = NULL;
	*n = 0;
	for (int i = 0; i < ls->n && !f; i++) {
		struct link *l = &ls->link[i];
		struct reader r = { ls, c, arena_printf(a, "account %s", l->account.name), l->account.name, NULL, v, NULL, err };

		for (int k = 0; k < LINK_SECRETS && !f && l->enabled; k++) {
			const char *ref = reader_get(&r, secrets[k].key, NULL);
			char was[13], is[13] = "";

			if (!ref || strncmp(ref, "file:", 5))
				continue;
			f = vault_secret_look(v, ref, is, err);
			vault_fingerprint(*secret_at(l, k), was);
			if (!f && strcmp(was, is)) {
				*line = arena_grow(a, *line, *n, &cap, sizeof **line);
				(*line)[(*n)++] = arena_printf(a, "%s %s: %s to %s", l->account.name, secrets[k].key, was, is);
			}
		}
	}
	return f;
}

static bool has_spare(const struct link *l)
{
	for (int i = 0; i < LINK_SECRETS; i++)
		if (*l->spare[i])
			return true;
	return false;
}

static void print_spares(const struct link *l, char out[LINK_SECRETS][13])
{
	for (int i = 0; i < LINK_SECRETS; i++)
		if (*l->spare[i])
			vault_fingerprint(l->spare[i], out[i]);
		else
			*out[i] = '\0';
}

static bool uses_one_of(struct link *l, char print[LINK_SECRETS][13])
{
	char is[13];

	for (int i = 0; i < LINK_SECRETS; i++) {
		vault_fingerprint(*secret_at(l, i), is);
		if (*print[i] && !strcmp(print[i], is))
			return true;
	}
	return false;
}

enum fault links_renew(struct links *ls, const struct config *c, struct store *s, struct vault *v, const struct cause *why, struct arena *a, int *changed,
                       const char **said, struct err *err)
{
	struct buf trouble = buf_new(a);
	enum fault f = OK;

	*changed = 0;
	for (int i = 0; i < ls->n && !f; i++) {
		struct link *l = &ls->link[i];
		struct reader r = { ls, c, arena_printf(a, "account %s", l->account.name), l->account.name, s, v, why, err };

		char spare[LINK_SECRETS][13];

		print_spares(l, spare);
		f = renew_link(&r, l, changed, &trouble);
		if (!f)
			f = link_secrets_record(&r, l);
		if (!f && (!has_spare(l) || !uses_one_of(l, spare))) /* one of each again, or the newer of two is another than was set aside */
			f = alert_close(s, arena_printf(a, "spare %s", l->account.name), why->now_ms, err);
	}
	*said = arena_printf(a, "%d secret%s another now%s", *changed, *changed == 1 ? " is" : "s are", trouble.len ? trouble.p : "");
	return f;
}

bool link_swap(struct link *l)
{
	bool two = false;

	for (int i = 0; i < LINK_SECRETS; i++) {
		const char **used = secret_at(l, i), *other = l->spare[i];

		if (!*other)
			continue;
		l->spare[i] = *used;
		*used = other;
		two = true;
	}
	if (two)
		name_credential(l);
	return two;
}
