#include "engine/accounts_inside.h"

#include "base/text.h"
#include "engine/hook.h"
#include "net/url.h"
#include "trade/accounts.h"
#include "trade/audit.h"
#include "trade/places.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *profile_name(enum profile p)
{
	static const char *const names[] = { "production", "sandbox", "demo" };

	return names[p];
}

/* ---- where a profile may go ---- */

static bool is_production(const char *host)
{
	const struct channel *c;

	for (int i = 0; (c = channel_at(i)); i++)
		for (const char *const *h = c->production_hosts; h && *h; h++) {
			size_t n = strlen(*h), m = strlen(host);

			if (!strcmp(*h, host) || (m > n && host[m - n - 1] == '.' && !strcmp(host + m - n, *h)))
				return true;
		}
	return false;
}

enum fault profile_allows(enum profile p, const char *url, struct err *err)
{
	char host[256];

	url_host(url, host, sizeof host);
	if (!*host)
		return err_set(err, FAULT_REFUSED, "it is an address without a host: write https://HOST/...");
	if (p != PROFILE_PRODUCTION && is_production(host))
		return err_set(err, FAULT_REFUSED, "the profile is %s and %s is a production host: it is never reached from here", profile_name(p),
		               host);
	if (p == PROFILE_DEMO && !url_is_loopback(url))
		return err_set(err, FAULT_REFUSED, "a demo talks to this machine only, not to %s", host);
	if (strncmp(url, "https://", 8) && (p == PROFILE_PRODUCTION || !url_is_loopback(url))) /* as the network says it too, but where it can be mended */
		return err_set(err, FAULT_REFUSED, "%s is asked without TLS: write https://", host);
	return OK;
}

/* ---- one account ---- */

bool link_takes_token(const struct link *l)
{
	return l->channel->say[VERB_TOKEN].ask && !(l->channel->signs && l->account.token_id && *l->account.token_id);
}

const char *reader_get(const struct reader *r, const char *key, const char *otherwise)
{
	return config_get(r->c, r->section, key, otherwise);
}

enum fault reader_wrong(const struct reader *r, const char *key, const char *text)
{
	int line = config_line_of(r->c, r->section, key);

	if (line)
		return err_set(r->err, FAULT_REFUSED, "%s:%d: [%s] %s: %.150s", r->c->file, line, r->section, key, text);
	return err_set(r->err, FAULT_REFUSED, "%s: [%s] %s: %.150s", r->c->file, r->section, key, text);
}

static enum fault open_url(const struct reader *r, const char *key, const char *standard, const char **out)
{
	struct err why;

	*out = reader_get(r, key, standard);
	if (!*out || !**out)
		return OK;
	return profile_allows(r->ls->profile, *out, &why) ? reader_wrong(r, key, why.text) : OK;
}

/* A list of words, with spaces or commas between. */
static const char *const *open_list(const struct reader *r, const char *key, int *count)
{
	const char *list = reader_get(r, key, ""), *p = list;
	const char **out = arena_alloc(r->ls->arena, (strlen(list) / 2 + 2) * sizeof *out);

	while (*p) {
		size_t n = strcspn(p, " ,");

		if (n)
			out[(*count)++] = arena_strndup(r->ls->arena, p, n);
		p += n + (p[n] != '\0');
	}
	return out;
}

/* How changes are gathered and sent. */
static enum fault open_sending(const struct reader *r, struct link *l)
{
	int64_t usual = l->channel->window_ms ? l->channel->window_ms / 1000 : 10, seconds;

	if (config_int(r->c, r->section, "window_s", 0, 3600, usual, &seconds, r->err) ||
	    config_int(r->c, r->section, "bulk_over", 0, 1000000, -1, &l->bulk_over, r->err))
		return FAULT_REFUSED;
	l->window_ms = seconds * 1000;
	return OK;
}

/* Limits that the platform granted this account. */
static enum fault open_limits(const struct reader *r, struct link *l)
{
	struct err why;

	if (grants_read(&r->ls->registry, l->channel->name, reader_get(r, "limits", ""), r->ls->arena, &l->grant, &l->grants, &why))
		return reader_wrong(r, "limits", why.text);
	return OK;
}

static enum fault open_words(const struct reader *r, struct link *l)
{
	struct account *a = &l->account;

	a->seller_id = reader_get(r, "seller_id", "");
	a->ship_node = reader_get(r, "ship_node", "");
	a->service_name = reader_get(r, "service_name", "tallyman");
	a->channel_type = reader_get(r, "channel_type", "");
	a->counts_file = reader_get(r, "counts_file", NULL);
	a->ca_file = reader_get(r, "ca_file", NULL);
	a->access_token = "";
	a->tenant = reader_get(r, "tenant", "");
	a->certificate_id = reader_get(r, "certificate_id", "");
	a->customer = reader_get(r, "customer", "");
	a->marketplace = open_list(r, "marketplaces", &a->marketplaces);
	a->place = open_list(r, "places", &a->places);
	if (strcmp(reader_get(r, "oosc", "no"), "no") && strcmp(reader_get(r, "oosc", "no"), "attested"))
		return reader_wrong(r, "oosc", "only `attested` is said here, by who has looked at the account's out-of-stock control; without it: no");
	a->zero_attested = !strcmp(reader_get(r, "oosc", "no"), "attested");
	a->notify_customer = !strcmp(reader_get(r, "notify_customer", "no"), "yes");
	if (!a->notify_customer && strcmp(reader_get(r, "notify_customer", "no"), "no"))
		return reader_wrong(r, "notify_customer", "yes or no");
	l->enabled = !strcmp(reader_get(r, "enabled", "on"), "on");
	if (!l->enabled && strcmp(reader_get(r, "enabled", "on"), "off"))
		return reader_wrong(r, "enabled", "on or off");
	return open_sending(r, l) ? r->err->fault : open_limits(r, l);
}

static enum fault open_link(const struct reader *r, struct link *l)
{
	struct account *a = &l->account;
	const char *channel = reader_get(r, "channel", "");
	enum fault f;

	l->vault = r->v;
	l->channel = channel_find(channel);
	if (!l->channel)
		return reader_wrong(r, "channel", arena_printf(r->ls->arena, "%s; one of %s", *channel ? "no such channel" : "missing", channel_names(r->ls->arena)));
	a->name = r->name;
	a->channel = l->channel->name;
	f = open_words(r, l);
	if (!f)
		f = open_url(r, "base_url", l->channel->base_url, &a->base_url);
	if (!f && !*a->base_url && !*a->tenant && l->channel->say[VERB_TOKEN].ask)
		f = reader_wrong(r, "base_url", "missing: this platform has an address for each customer of its own");
	if (!f)
		f = open_url(r, "token_url", l->channel->token_url, &a->token_url);
	return f ? f : link_secrets_open(r, l);
}

/* Who wrote the configuration: the owner of its file. */
static const char *writer_of(struct arena *a, const char *file)
{
	struct passwd *pw;
	struct stat st;

	if (stat(file, &st))
		return "nobody knows whom";
	pw = getpwuid(st.st_uid);
	return pw ? arena_strdup(a, pw->pw_name) : arena_printf(a, "uid %u", (unsigned)st.st_uid);
}

/*
 * That a listing at zero stays listed is attested by somebody, once: when the word first stands in the configuration it is put on record with
 * the date and whose file it is, and when it is gone again, that too. The zeros that waited for it go then.
 */
static enum fault record_attestation(const struct reader *r, const struct link *l)
{
	struct arena *a = r->ls->arena;
	const char *key = arena_printf(a, "oosc %s", l->account.name), *was, *is = l->account.zero_attested ? "attested" : "";
	const char *detail = arena_printf(a, "oosc = %s, %s:%d, written by %s", l->account.zero_attested ? "attested" : "no", r->c->file,
	                                  config_line_of(r->c, r->section, "oosc"), writer_of(a, r->c->file));
	enum fault f = meta_get(r->s, key, a, &was, r->err);

	if (f || !strcmp(was ? was : "", is))
		return f;
	f = meta_put(r->s, key, is, r->err);
	if (!f)
		f = audit_add(r->s, r->why, l->account.zero_attested ? "attest" : "attest-end", l->account.name, detail, r->err);
	return f || !l->account.zero_attested ? f : zeros_again(r->s, l->account.id, r->why, r->err);
}

/* By itself, that is: a warehouse without a file is counted by people, who are not waited for. */
static bool tells_stock(const struct link *l)
{
	return l->channel->is_truth && l->channel->say[VERB_COUNTS].ask && (*l->channel->base_url || l->account.counts_file);
}

static enum fault put_on_record(const struct reader *r, struct link *l)
{
	const char *mode = reader_get(r, "mode", NULL);
	struct account_row row = {
		.name = l->account.name,
		.channel = l->account.channel,
		.marketplaces = reader_get(r, "marketplaces", ""),
		.kind = reader_get(r, "kind", "seller"),
		.base_url = l->account.base_url ? l->account.base_url : "",
		.enabled = l->enabled,
	};
	struct arena *a = arena_new();
	struct account_row known;
	enum fault f;

	if (strcmp(row.kind, "seller") && strcmp(row.kind, "provider")) {
		f = reader_wrong(r, "kind", "seller or provider: whose access it is");
		goto out;
	}
	if (mode && strcmp(mode, "shadow") && (strcmp(mode, "live") || r->ls->profile != PROFILE_DEMO)) {
		f = reader_wrong(r, "mode", "only `shadow` is said here; an account is made live by a person: tallyman live ACCOUNT");
		goto out;
	}
	if (!account_by_name(r->s, l->account.name, a, &known, NULL))
		l->spoken = known.ok_ms && !strcmp(known.base_url, row.base_url);
	f = account_put(r->s, &row, r->ls->profile == PROFILE_DEMO && mode && !strcmp(mode, "live"), r->why, &l->account.id, r->err);
	if (!f && tells_stock(l))
		f = truth_tells(r->s, l->account.id, l->channel->say[VERB_RUN].ask != NULL, r->err);
	if (!f && mode && !strcmp(mode, "shadow"))
		f = account_mode(r->s, l->account.id, "shadow", r->why, r->err);
	if (!f)
		f = account_by_name(r->s, l->account.name, a, &row, r->err);
	l->live = !f && !strcmp(row.mode, "live");
	if (!f)
		f = record_attestation(r, l);
	if (!f)
		f = link_secrets_record(r, l);
out:
	arena_free(a);
	return f;
}

/* ---- who owns what ---- */

static enum fault check_truth(const struct config *c, struct err *err)
{
	static const char *const facts[] = { "catalog", "stock", "pricing" };

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (!*config_get(c, "truth", facts[i], ""))
			return err_set(err, FAULT_REFUSED,
			               "%s: [truth] %s: nobody is named as its owner; write the account or system whose word counts, e.g. %s = warehouse",
			               c->file, facts[i], facts[i]);
	return OK;
}

/* Whose number is believed where several tell one place, and how old a place's may be. */
static enum fault read_truth(const struct config *c, struct store *s, struct err *err)
{
	const char *word = config_get(c, "atp", "conflict", "min"), *stock = config_get(c, "truth", "stock", "");
	enum conflict_rule rule = conflict_rule_from_name(word);
	int64_t minutes;

	if (rule == CONFLICT_RULES)
		return err_set(err, FAULT_REFUSED, "%s:%d: [atp] conflict is min, wms or erp, not %.40s", c->file, config_line_of(c, "atp", "conflict"), word);
	if (config_int(c, "atp", "max_age_min", 1, 60 * 24 * 366, 60, &minutes, err))
		return FAULT_REFUSED;
	return truth_put(s, stock, config_get(c, "truth", "commitments", config_get(c, "truth", "catalog", "")), rule, minutes * 60000, err);
}

static enum fault read_families(struct links *ls, const struct config *c, const char **on, struct err *err)
{
	static const char *const all[] = { "orders", "inventory", "listings", "pricing", "reports" };
	struct buf b = buf_new(ls->arena);

	buf_puts(&b, " auth ");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) { /* orders and inventory first: the rest is switched on by a person */
		const char *word = config_get(c, "families", all[i], i < 2 ? "on" : "off");

		if (!strcmp(word, "on"))
			buf_printf(&b, "%s ", all[i]);
		else if (strcmp(word, "off"))
			return err_set(err, FAULT_REFUSED, "%s:%d: [families] %s is on or off, not %.40s", c->file, config_line_of(c, "families", all[i]), all[i], word);
	}
	*on = b.p;
	return OK;
}

/* ---- all of it ---- */

static enum fault read_profile(const struct config *c, enum profile *out, struct err *err)
{
	const char *word = config_get(c, "store", "profile", "production");

	for (*out = PROFILE_PRODUCTION; *out <= PROFILE_DEMO; ++*out)
		if (!strcmp(word, profile_name(*out)))
			return OK;
	return err_set(err, FAULT_REFUSED, "%s:%d: [store] profile: %.40s is none; production, sandbox or demo", c->file,
	               config_line_of(c, "store", "profile"), word);
}

/* A misspelt safety rule that is silently ignored is worse than none. Asked when everything that reads the file has read it. */
static enum fault check_known(const struct config *c, struct err *err)
{
	const struct config_line *l;

	hooks_known(c);
	l = config_unused(c);
	return l ? err_set(err, FAULT_REFUSED, "%s:%d: [%s] %s: no such key; data/tallyman.ini explains all there are", c->file, l->line, l->section,
	                   l->key)
		 : OK;
}

/* Whose section is gone is switched off: a source that nobody asks any more would be waited for, and its number believed. */
static enum fault leave_others(const struct links *ls, struct store *s, const struct cause *why, struct err *err)
{
	int64_t *kept = arena_alloc(ls->arena, (size_t)(ls->n + 1) * sizeof *kept);

	for (int i = 0; i < ls->n; i++)
		kept[i] = ls->link[i].account.id;
	return accounts_leave(s, kept, ls->n, why, err);
}

enum fault links_open(struct links *ls, const struct config *c, struct store *s, struct vault *v, const struct cause *why, struct err *err)
{
	const char *on = NULL;
	enum fault f;

	*ls = (struct links){ .arena = arena_new() };
	f = read_families(ls, c, &on, err);
	if (!f)
		f = read_profile(c, &ls->profile, err);
	if (!f)
		f = limit_registry_load(ls->arena, &ls->registry, err);
	if (!f)
		f = check_truth(c, err);
	for (int i = 0; !f && config_section(c, i); i++) {
		const char *section = config_section(c, i);
		struct reader r = { ls, c, section, section + strlen("account "), s, v, why, err };

		if (strncmp(section, "account ", 8))
			continue;
		if (!text_id(r.name, "-_.", 40))
			return err_set(err, FAULT_REFUSED, "%s: [%.60s]: an account's name is of letters, digits, - _ . and at most 40 long", c->file, section);
		ls->link = arena_grow(ls->arena, ls->link, ls->n, &ls->cap, sizeof *ls->link);
		ls->link[ls->n] = (struct link){ .families = on };
		f = open_link(&r, &ls->link[ls->n]);
		if (!f)
			f = put_on_record(&r, &ls->link[ls->n]);
		ls->n++;
	}
	if (!f)
		f = leave_others(ls, s, why, err);
	if (!f)
		f = read_truth(c, s, err);
	if (!f)
		f = policy_book_read(ls->arena, c, &ls->book, err);
	if (!f)
		f = check_known(c, err);
	return f ? f : links_remember(ls, s, why->now_ms, err);
}

void links_close(struct links *ls)
{
	arena_free(ls->arena);
	ls->arena = NULL;
}

const struct operation *operation_of(const struct links *ls, const char *op)
{
	const struct operation *o;

	return limit_registry_find(&ls->registry, op, &o, NULL) ? NULL : o;
}

struct link *link_by_id(struct links *ls, int64_t account)
{
	for (int i = 0; i < ls->n; i++)
		if (ls->link[i].account.id == account)
			return &ls->link[i];
	return NULL;
}
