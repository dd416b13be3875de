/*
 * doctor_config.c: is the configuration one to start with? A secret is looked at from outside: where it is, who may read it.
 */
#include "cmd/doctor.h"

#include "base/near.h"
#include "base/text.h"
#include "channels/channel.h"
#include "engine/accounts.h"
#include "trade/in_force.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- keys nobody knows ---- */

static bool is_known(const struct config_book *book, const struct config_line *l, const char *kind)
{
	if (!strcmp(kind, "store") && !strcmp(l->key, "clock"))
		return true; /* what a demo writes for itself */
	if (!strcmp(kind, "roles"))
		return true; /* people's names */
	for (int i = 0; i < book->n; i++)
		if (!strcmp(book->known[i].section, kind) && !strcmp(book->known[i].key, l->key))
			return true;
	return false;
}

static void check_known(struct doctor *d)
{
	const struct config *c = d->s->set.config;
	const struct config_book book = config_book_read(d->s->a);
	int before = d->fails;

	for (int i = 0; i < c->n; i++) {
		const struct config_line *l = &c->lines[i];
		const char *kind = config_kind(d->s->a, l->section);
		struct near near = near_to(l->key);

		if (is_known(&book, l, kind))
			continue;
		for (int k = 0; k < book.n; k++)
			if (!strcmp(book.known[k].section, kind))
				near_offer(&near, book.known[k].key);
		doctor_tell(d, "keys", VERDICT_FAIL,
		            near.best ? arena_printf(d->s->a, "write %s", near.best) : "take it out; data/tallyman.ini explains all keys there are",
		            "%s:%d: [%s] %s: nobody knows this key", c->file, l->line, l->section, l->key);
	}
	if (d->fails == before)
		doctor_tell(d, "keys", VERDICT_OK, NULL, "every key is known");
}

/* ---- owners ---- */

static void check_truth(struct doctor *d)
{
	static const char *const facts[] = { "catalog", "stock", "pricing" };
	const struct config *c = d->s->set.config;
	int before = d->fails;

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (!*config_get(c, "truth", facts[i], ""))
			doctor_tell(d, "truth", VERDICT_FAIL, arena_printf(d->s->a, "under [truth] write %s = the account or system whose word counts", facts[i]),
			            "nobody is named as the owner of %s", facts[i]);
	if (d->fails == before)
		doctor_tell(d, "truth", VERDICT_OK, NULL, "catalog, stock and pricing have an owner each");
}

/* ---- quantities ---- */

/* Told only when there is something to say. */
static void check_policy(struct doctor *d)
{
	struct policy_book book;

	if (policy_book_read(d->s->a, d->s->set.config, &book, &d->s->err))
		doctor_tell(d, "quantities", VERDICT_FAIL, "mend that line; `tallyman plan` shows what it would do", "%s", d->s->err.text);
	else if (*book.warning)
		doctor_tell(d, "quantities", VERDICT_WARN, "preset = default, or a buffer of its own for the account", "%s", book.warning);
}

/* ---- accounts and their secrets ---- */

static void check_secret_file(struct doctor *d, const char *what, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		doctor_tell(d, "secrets", VERDICT_FAIL, "put the secret there: (umask 077; cat > FILE)", "%s: %s: %s", what, path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		doctor_tell(d, "secrets", VERDICT_FAIL, "name a plain file", "%s: %s is no plain file", what, path);
	else if (st.st_mode & 077)
		doctor_tell(d, "secrets", VERDICT_FAIL, arena_printf(d->s->a, "chmod 600 %s, and change the secret: others could read it", path),
		            "%s: %s has mode %04o", what, path, (unsigned)(st.st_mode & 07777));
	else if (!st.st_size)
		doctor_tell(d, "secrets", VERDICT_FAIL, "put the secret there", "%s: %s is empty", what, path);
}

static void check_secret(struct doctor *d, const char *section, const char *key, bool needed)
{
	const char *ref = config_get(d->s->set.config, section, key, ""), *what = arena_printf(d->s->a, "[%s] %s", section, key);

	if (!*ref && needed)
		doctor_tell(d, "secrets", VERDICT_FAIL, arena_printf(d->s->a, "write %s = file:PATH", key), "%s is missing", what);
	else if (!strncmp(ref, "file:", 5))
		check_secret_file(d, what, ref + 5);
	else if (!strncmp(ref, "env:", 4))
		doctor_tell(d, "secrets", VERDICT_WARN, "file: or cmd: serves a console that starts the engine, too",
		            "%s comes from the environment: only `tallyman engine` started with it can use it", what);
	else if (!strncmp(ref, "vault:", 6) && access(arena_printf(d->s->a, "%s/vault.tly", d->s->set.store), F_OK))
		doctor_tell(d, "secrets", VERDICT_FAIL, "tallyman vault init, then tallyman vault add NAME", "%s is said to be in the vault, and there is none", what);
	else if (*ref && !vault_is_reference(ref))
		doctor_tell(d, "secrets", VERDICT_FAIL, "put it into a file of mode 600 and write file:PATH; then change the secret: this file may have been read",
		            "%s is written out in the configuration", what);
}

static void check_urls(struct doctor *d, const char *section)
{
	static const char *const keys[] = { "base_url", "token_url" };
	enum profile p = !strcmp(d->s->set.profile, "demo") ? PROFILE_DEMO : !strcmp(d->s->set.profile, "sandbox") ? PROFILE_SANDBOX : PROFILE_PRODUCTION;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *url = config_get(d->s->set.config, section, keys[i], "");

		if (*url && profile_allows(p, url, &d->s->err))
			doctor_tell(d, "accounts", VERDICT_FAIL, "mend the address, or the profile under [store]", "[%s] %s: %s", section, keys[i], d->s->err.text);
	}
}

/* One way to log in, and whole. */
static void check_netsuite(struct doctor *d, const char *section, bool by_certificate)
{
	const struct config *c = d->s->set.config;
	bool pair = *config_get(c, section, "token_id", "");

	if (pair && by_certificate)
		doctor_tell(d, "accounts", VERDICT_FAIL, "leave out token_id and token_secret, or private_key", "[%s] has two ways to log in", section);
	if (by_certificate && !*config_get(c, section, "certificate_id", ""))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write certificate_id = what NetSuite shows where the certificate was uploaded", "[%s] certificate_id is missing", section);
	if (!pair && !by_certificate && !*config_get(c, section, "refresh_token", ""))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write token_id and token_secret, or private_key and certificate_id", "[%s] has no way to log in", section);
}

/* What an engine would not start with. */
static void check_mode(struct doctor *d, const char *section)
{
	const char *mode = config_get(d->s->set.config, section, "mode", ""), *kind = config_get(d->s->set.config, section, "kind", "seller");

	if (*mode && strcmp(mode, "shadow") && (strcmp(mode, "live") || strcmp(d->s->set.profile, "demo")))
		doctor_tell(d, "accounts", VERDICT_FAIL, arena_printf(d->s->a, "leave the line out; tallyman live %s makes it live", section + sizeof "account " - 1),
		            "[%s] mode is shadow or nothing, not %.40s", section, mode);
	if (strcmp(kind, "seller") && strcmp(kind, "provider"))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write kind = seller or provider", "[%s] kind: %.40s", section, kind);
}

/* "on" or "off": an engine does not start with anything else. */
static bool is_switch(struct doctor *d, const char *section, const char *key, const char *usual)
{
	const char *word = config_get(d->s->set.config, section, key, usual);
	bool is = !strcmp(word, "on") || !strcmp(word, "off");

	if (!is)
		doctor_tell(d, "accounts", VERDICT_FAIL, arena_printf(d->s->a, "write %s = on or %s = off", key, key), "[%s] %s is on or off, not %.40s", section, key, word);
	return is;
}

static void check_families(struct doctor *d)
{
	const struct config *c = d->s->set.config;

	for (int i = 0; i < c->n; i++)
		if (!strcmp(c->lines[i].section, "families"))
			is_switch(d, "families", c->lines[i].key, "off");
}

static void check_account(struct doctor *d, const char *section)
{
	const struct config *c = d->s->set.config;
	const char *channel = config_get(c, section, "channel", "");
	bool amazon = !strcmp(channel, "amazon"), shopify = !strcmp(channel, "shopify"), ebay = !strcmp(channel, "ebay");
	bool netsuite = !strcmp(channel, "netsuite"), cartoncloud = !strcmp(channel, "cartoncloud");
	bool by_certificate = netsuite && *config_get(c, section, "private_key", "");
	bool remote = amazon || shopify || ebay || netsuite || cartoncloud || !strcmp(channel, "walmart");

	if (!channel_find(channel)) {
		doctor_tell(d, "accounts", VERDICT_FAIL, arena_printf(d->s->a, "write channel = one of %s", channel_names(d->s->a)), "[%s] channel: %s", section, *channel ? channel : "missing");
		return;
	}
	if (!is_switch(d, section, "enabled", "on") || !strcmp(config_get(c, section, "enabled", "on"), "off"))
		return;
	check_mode(d, section);
	check_urls(d, section);
	check_secret(d, section, "client_id", remote);
	check_secret(d, section, "client_secret", remote && !by_certificate);
	check_secret(d, section, "refresh_token", amazon || ebay);
	check_secret(d, section, "token_id", false);
	check_secret(d, section, "token_secret", netsuite && *config_get(c, section, "token_id", ""));
	check_secret(d, section, "private_key", false);
	if (netsuite)
		check_netsuite(d, section, by_certificate);
	if ((netsuite || cartoncloud) && !*config_get(c, section, "tenant", ""))
		doctor_tell(d, "accounts", VERDICT_FAIL, netsuite ? "write tenant = NetSuite's account number" : "write tenant = the tenant's UUID", "[%s] tenant is missing",
		            section);
	if (cartoncloud && (!*config_get(c, section, "customer", "") || !*config_get(c, section, "places", "")))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write customer (its UUID) and places (the warehouses)", "[%s] customer or places is missing", section);
	if (shopify && !*config_get(c, section, "base_url", ""))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write base_url = https://SHOP.myshopify.com", "[%s] base_url is missing", section);
	if (amazon && (!*config_get(c, section, "seller_id", "") || !*config_get(c, section, "marketplaces", "")))
		doctor_tell(d, "accounts", VERDICT_FAIL, "write seller_id (the merchant token) and marketplaces (their ids)", "[%s] seller_id or marketplaces is missing",
		            section);
}

static void check_accounts(struct doctor *d)
{
	const struct config *c = d->s->set.config;
	int n = 0, before = d->fails;
	const char *section;

	check_families(d);
	for (int i = 0; (section = config_section(c, i)); i++)
		if (!strncmp(section, "account ", 8)) {
			n++;
			check_account(d, section);
		}
	if (!n)
		doctor_tell(d, "accounts", VERDICT_WARN, "tallyman account add NAME CHANNEL says what to write", "no account is configured");
	else if (d->fails == before)
		doctor_tell(d, "accounts", VERDICT_OK, NULL, "%d account%s, secrets where only their owner reads them", n, n == 1 ? "" : "s");
}

void doctor_config(struct doctor *d)
{
	const struct settings *set = &d->s->set;
	struct err err;

	if (!*set->config_file) {
		doctor_tell(d, "config", VERDICT_WARN, "tallyman init writes one", "there is no configuration file: the defaults hold");
		return;
	}
	if (settings_guarded(set, &err))
		doctor_tell(d, "config", VERDICT_FAIL, "the engine does not start before that", "%s", err.text);
	else
		doctor_tell(d, "config", VERDICT_OK, NULL, "%s, profile %s", set->config_file, set->profile);
	check_known(d);
	check_truth(d);
	check_policy(d);
	check_accounts(d);
}
