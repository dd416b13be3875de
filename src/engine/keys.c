/*
 * keys.c: the vault, as the host and the socket know it.
 *
 * A store with a vault's file begins locked. A host that nobody watches has a key file for it (systemd hands it over as a credential); else somebody at the
 * store unlocks it, and the engine hears a slot's key, never a passphrase. Until then nothing is read, said or written but this.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/intents.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCKED "vault locked"
#define BROKEN_GLASS "vault break-glass"

/* [vault] key_file; or the credential vault.key that systemd unsealed for this service (systemd.exec(5), CREDENTIALS_DIRECTORY). */
static const char *key_file(const struct engine *e)
{
	const char *said = config_get(e->config, "vault", "key_file", ""), *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *given;

	if (*said || !credentials)
		return said;
	given = arena_printf(e->turn, "%s/vault.key", credentials);
	return access(given, R_OK) ? "" : given;
}

static enum fault tell_locked(struct engine *e, const char *text, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = LOCKED,
		.kind = "vault",
		.severity = "CRIT",
		.subject = "vault",
		.text = arena_printf(e->turn, "the vault is locked: nothing is read and nothing is said%s%s", *text ? "; " : "", text),
		.next = "somebody who knows a passphrase of it: tallyman vault unlock",
	};
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = alert_raise(e->store, &alert, now_ms, err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	return f;
}

/*
 * An older file than the last that was in use: somebody put back a copy, and secrets that were taken out with it. A newer one was changed since; unseen: while no
 * engine was there to put on record what became another.
 */
static enum fault check_age(struct engine *e, int64_t saves, bool unseen, const struct cause *why, struct err *err)
{
	int64_t before = 0;
	const char *text, *times;
	struct alert alert = {
		.key = "vault older",
		.kind = "vault",
		.severity = "CRIT",
		.subject = "vault",
		.text = "the vault's file is older than the one that was in use before: somebody put a copy back",
		.next = "compare what is in it with the platforms' pages: secrets that were taken out may be in it again; tallyman vault list",
	};
	enum fault f = meta_get(e->store, "vault saves", e->turn, &text, err);

	if (!f && text)
		before = strtoll(text, NULL, 10);
	times = arena_printf(e->turn, "saved %lld times, %lld before", (long long)saves, (long long)before);
	if (!f && saves < before)
		f = alert_raise(e->store, &alert, why->now_ms, err);
	if (!f && saves < before)
		f = audit_add(e->store, why, "vault-older", "vault", times, err);
	if (!f && unseen && before > 0 && saves > before)
		f = audit_add(e->store, why, "vault-changed", "vault", times, err);
	if (!f && saves > before)
		f = alert_close(e->store, alert.key, why->now_ms, err);
	return f || saves == before ? f : meta_put(e->store, "vault saves", arena_printf(e->turn, "%lld", (long long)saves), err);
}

static enum fault tell_broken_glass(struct engine *e, const struct cause *why, struct err *err)
{
	struct alert alert = {
		.key = BROKEN_GLASS,
		.kind = "glass",
		.severity = "CRIT",
		.subject = "vault",
		.text = arena_printf(e->turn, "%.100s has opened the vault by its break-glass passphrase", why->actor),
		.next = "it was for once: give the vault a new one (tallyman vault slot add break-glass) and take this one away; then ack this alert",
	};

	return alert_raise(e->store, &alert, why->now_ms, err);
}

static enum fault write_unlocked(struct engine *e, const struct cause *why, struct err *err)
{
	enum slot_kind kind;
	int64_t saves;
	int slot = vault_slot(e->vault, &kind, &saves);
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = check_age(e, saves, true, why, err);
	if (!f)
		f = audit_add(e->store, why, "unlock", "vault", arena_printf(e->turn, "slot %d, %s", slot + 1, slot_kind_name(kind)), err);
	if (!f && kind == SLOT_BREAK_GLASS)
		f = tell_broken_glass(e, why, err);
	if (!f)
		f = alert_close(e->store, LOCKED, why->now_ms, err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	return f;
}

enum fault keys_open(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	struct err trouble = { .text = "" };
	const char *file = key_file(e);
	enum fault f;

	if (!vault_locked(e->vault))
		return OK;
	f = *file ? vault_unlock_file(e->vault, file, &trouble) : FAULT_AUTH;
	if (!f)
		return write_unlocked(e, &why, err);
	if (f == FAULT_STORE) /* no passphrase helps: as where there is no vault, it does not begin, and is begun again when that is mended */
		return err_set(err, f, "%s", trouble.text);
	return tell_locked(e, trouble.text, now_ms, err);
}

/* ---- at the socket ---- */

/* "0a1b..." to bytes, and the text wiped where it stands: it is a key. */
static bool take_hex(const char *text, unsigned char key[VAULT_KEY])
{
	bool ok = strlen(text) == 2 * VAULT_KEY && strspn(text, "0123456789abcdef") == 2 * VAULT_KEY;

	for (int i = 0; i < VAULT_KEY && ok; i++) {
		char two[3] = { text[2 * i], text[2 * i + 1], '\0' };

		key[i] = (unsigned char)strtoul(two, NULL, 16);
	}
	vault_wipe((char *)(uintptr_t)text, strlen(text));
	return ok;
}

static enum fault unlock(struct engine *e, const struct intent *in, const struct cause *why, const char **answer, struct err *err)
{
	unsigned char key[VAULT_KEY];
	enum fault f;

	*answer = "it is open already";
	if (e->standing)
		return OK;
	if (!take_hex(fields_get(&in->payload, "key", ""), key))
		return err_set(err, FAULT_REFUSED, "that is no key of a slot");
	f = vault_unlock(e->vault, (int)fields_int(&in->payload, "slot", 0) - 1, key, err);
	vault_wipe(key, sizeof key);
	if (!f)
		f = write_unlocked(e, why, err);
	if (!f && (f = engine_stand(e, why->now_ms, err)))
		e->stopping = true; /* as an engine that cannot start does: its log says why */
	if (f && e->stopping)
		log_error("the vault is open, but: %s", err->text);
	*answer = "the vault is open, and the engine works";
	return f;
}

static const char *lines_of(struct engine *e, const struct vault_look *look)
{
	struct buf b = buf_new(e->turn);

	for (int i = 0; i < look->n; i++)
		buf_printf(&b, "%s%s", i ? "; " : "", look->line[i]);
	return b.p;
}

enum fault keys_take(struct engine *e, const char *sha, const struct cause *why, const char **said, struct err *err)
{
	struct vault_look look = { .n = 0 };
	enum slot_kind kind;
	int64_t saves;
	int changed;
	enum fault f = sha ? OK : vault_look(e->vault, e->turn, &look, err); /* what was agreed to is on record with who agreed */

	if (!f)
		f = vault_reload(e->vault, sha ? sha : *look.sha ? look.sha : NULL, err);
	if (!f && vault_slot(e->vault, &kind, &saves) >= 0)
		f = check_age(e, saves, false, why, err);
	if (!f && look.n)
		f = audit_add(e->store, why, "vault", "vault", lines_of(e, &look), err);
	if (!f)
		f = links_renew(&e->links, e->config, e->store, e->vault, why, e->turn, &changed, said, err);
	return f ? f : audit_add(e->store, why, "reload", "secrets", *said, err);
}

static enum fault reload(struct engine *e, struct intent *in, const struct cause *why, const char **answer, struct err *err)
{
	bool waits;
	enum fault f = second_asks(e, in, why, &waits, err);

	if (f || waits) {
		*answer = in->result;
		return f;
	}
	f = store_begin(e->store, err);
	if (!f)
		f = keys_take(e, NULL, why, answer, err);
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	return f;
}

/* The store is open, whatever the vault is: who stopped the engine is on record. */
static enum fault stop(struct engine *e, const struct intent *in, const struct cause *why, struct err *err)
{
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = audit_add(e->store, why, "stop", "engine", in->why ? in->why : "", err);
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	e->stopping = !f;
	return f;
}

/* What was refused is on record as well, but for the key. */
static void keep_refusal(struct engine *e, const struct intent *in, const char *text, const struct cause *why)
{
	const char *what = in->kind == INTENT_VAULT ? arena_printf(e->turn, "vault %.20s", fields_get(&in->payload, "action", "")) : intent_kind_name(in->kind);
	struct err err;

	if (store_begin(e->store, &err) || audit_add(e->store, why, "refused", what, text, &err) ||
	    store_commit(e->store, &err)) {
		store_rollback(e->store);
		log_error("a refusal could not be written: %s", err.text);
	}
}

static enum fault carry(struct engine *e, struct intent *in, const struct cause *why, const char **answer, struct err *err)
{
	const char *action = fields_get(&in->payload, "action", "");

	*answer = "";
	if (duty_allows(&e->roles, (uid_t)e->asker_uid, in, err))
		return err->fault;
	if (in->kind == INTENT_VAULT && !strcmp(action, "unlock"))
		return unlock(e, in, why, answer, err);
	if (in->kind == INTENT_STOP && !e->standing)
		return stop(e, in, why, err);
	if (!e->standing)
		return err_set(err, FAULT_REFUSED, "the vault is locked: tallyman vault unlock, then ask again");
	if (!strcmp(action, "reload"))
		return reload(e, in, why, answer, err);
	return err_set(err, FAULT_REFUSED, "the vault does not know %.20s", action);
}

enum fault keys_ask(struct engine *e, struct intent *in, const struct cause *why, const char **answer, struct err *err)
{
	const char *key = fields_get(&in->payload, "key", "");
	enum fault f = carry(e, in, why, answer, err);

	vault_wipe((char *)(uintptr_t)key, strlen(key)); /* also that of somebody who may not use it */
	if (f)
		keep_refusal(e, in, err->text, why);
	return f;
}
