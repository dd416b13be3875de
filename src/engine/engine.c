#include "engine/hook.h"
#include "engine/parts.h"

#include "base/disk.h"
#include "base/log.h"
#include "net/url.h"
#include "trade/accounts.h"
#include "trade/effects.h"
#include "trade/feeds.h"
#include "trade/in_force.h"
#include "trade/readings.h"
#include "trade/secrets.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOCKED_MS = 60000 }; /* a locked engine waits for the socket, and looks at the time now and then */

char *engine_trace(struct engine *e)
{
	char id[37];

	rng_uuid(&e->rng, id);
	return arena_strdup(e->turn, id);
}

struct cause engine_cause(struct engine *e, const char *actor, const char *trace, int64_t now_ms)
{
	return (struct cause){
		.now_ms = now_ms,
		.actor = actor,
		.trace = trace && *trace ? trace : engine_trace(e),
		.config_id = e->config_id,
	};
}

bool engine_commit(struct engine *e, struct err *err)
{
	if (store_commit(e->store, err)) {
		store_rollback(e->store);
		return false;
	}
	if (store_total_changes(e->store) != e->changes)
		e->again = true;
	e->changes = store_total_changes(e->store);
	return true;
}

static enum fault read_periods(struct engine *e, struct err *err)
{
	static const struct {
		const char *section, *key;
		int64_t min, max, otherwise, unit_ms;
		size_t at;
	} periods[] = {
		{ "orders", "poll_s", 1, 3600, 60, 1000, offsetof(struct engine, orders_every_ms) },
		{ "orders", "backfill_days", 0, 180, 7, 86400000, offsetof(struct engine, backfill_ms) },
		{ "stock", "read_s", 10, 86400, 900, 1000, offsetof(struct engine, stock_every_ms) },
		{ "stock", "counts_s", 10, 86400, 300, 1000, offsetof(struct engine, counts_every_ms) },
		{ "feeds", "read_s", 10, 86400, 300, 1000, offsetof(struct engine, feeds_every_ms) },
		{ "stock", "low", 0, 9999, 10, 1, offsetof(struct engine, low_units) },
		{ "stock", "accept_warn_s", 1, 600, 3, 1000, offsetof(struct engine, accept_warn_ms) },
		{ "cache", "rounds", 1, 1000, 3, 1, offsetof(struct engine, cache_rounds) },
		{ "raw", "retain_days", 1, 3650, 30, 86400000, offsetof(struct engine, raw_keep_ms) },
	};

	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		int64_t *at = (int64_t *)(void *)((char *)e + periods[i].at);

		if (config_int(e->config, periods[i].section, periods[i].key, periods[i].min, periods[i].max, periods[i].otherwise, at, err))
			return FAULT_REFUSED;
		*at *= periods[i].unit_ms;
	}
	return OK;
}

/* The configuration in force as a text without comments: what facts point to. It is in every backup and bundle, so no secret stands in it, whatever the file says. */
static enum fault record_config(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = config_put(e->store, config_record(e->config, e->turn), now_ms, &e->config_id, err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	return f;
}

bool engine_repeatable(void *engine, int64_t account, enum verb verb)
{
	struct engine *e = engine;
	struct link *l = link_by_id(&e->links, account);

	return !verb_writes(verb) || (l && l->channel->say[verb].repeatable);
}

/* Nobody is waited for who tells nothing by himself. */
static enum fault await_counts(struct engine *e, const struct link *l, int64_t now_ms, struct err *err)
{
	bool tells = l->enabled && l->channel->is_truth && (l->account.counts_file || !plan_takes_file(l->channel));

	return tells ? source_await(e->store, l->account.id, l->account.places > 1 ? l->account.places : 1, now_ms, err) : OK;
}

/* Accounts on record, what a crash left, and the reads that everything lives by. */
static enum fault set_out(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	struct secret *before;
	int left = 0, n;
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = secrets_all(e->store, e->turn, &before, &n, err);
	if (!f)
		f = host_began(e, now_ms, err);
	if (!f)
		f = lease_epoch(&e->lease, e->store, now_ms, err);
	if (!f)
		f = links_open(&e->links, e->config, e->store, e->vault, &why, err);
	if (!f)
		f = second_start(e, before, n, &why, err);
	if (!f)
		f = rec_rule_put(e->store, &e->rec, err);
	if (!f)
		f = meta_put(e->store, "profile", profile_name(e->links.profile), err);
	if (!f)
		f = meta_put(e->store, "ended", "not yet", err);
	if (!f)
		f = hook_begin(e, now_ms, err);
	if (!f)
		f = jobs_recover(e->store, engine_repeatable, e, &why, &left, err);
	for (int i = 0; i < e->links.n && !f; i++)
		f = bulk_drop_gathering(e->store, e->links.link[i].account.id, &why, err);
	for (int i = 0; i < e->links.n && !f; i++)
		f = jobs_revive(e->store, e->links.link[i].account.id, &why, err);
	for (int i = 0; i < e->links.n && !f; i++)
		f = plan_polls(e, &e->links.link[i], now_ms, err);
	for (int i = 0; i < e->links.n && !f; i++)
		f = await_counts(e, &e->links.link[i], now_ms, err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	else if (left)
		log_warn("%d request%s under way when the last engine ended: reads are repeated, writes are looked up first", left, left == 1 ? " was" : "s were");
	return f;
}

/* A key is made only when nothing is sealed yet: a new key beside old rows would hide that the old one is lost. */
static enum fault open_vault(struct engine *e, const char *dir, struct err *err)
{
	bool sealed = true;
	enum fault f = bodies_any(e->store, &sealed, err);

	if (!f)
		f = vault_open(dir, !sealed, &e->vault, err);
	if (!f)
		vault_hides(e->vault, e->config);
	return f;
}

static enum fault open_socket(struct engine *e, const char *dir, struct err *err)
{
	struct stat st;
	mode_t mode = 0600;

	if (!stat(dir, &st) && (st.st_mode & 050) == 050)
		mode = 0660;
	e->ask = ask_listen(arena_printf(e->turn, "%s/engine.sock", dir), mode, err);
	return e->ask ? OK : err->fault;
}

/* What holds is known before the first request leaves. */
static enum fault hold_first(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = meta_put(e->store, "held", "", err);
	if (!f && e->anchor_fd >= 0)
		f = meta_put(e->store, "anchored", "yes", err);
	if (!f)
		f = hold_watch(e, now_ms, err);
	if (!f && !*e->hold_next.why)
		f = meta_put(e->store, "held_since", "", err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	hold_settle(e, !f);
	return f;
}

enum fault engine_stand(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f;

	e->sealer = vault_sealer(e->vault);
	f = read_periods(e, err);
	if (!f)
		f = rec_rule_read(e->config, &e->rec, err);
	if (!f)
		f = lapse_rules_read(e, err);
	if (!f)
		f = record_config(e, now_ms, err);
	if (!f)
		f = set_out(e, now_ms, err);
	if (!f)
		f = hold_first(e, now_ms, err);
	e->standing = !f;
	return f;
}

bool engine_standing(const struct engine *e)
{
	return e->standing;
}

static int add_port(int *port, int got, int n, int one)
{
	for (int i = 0; i < got; i++)
		if (port[i] == one)
			return got;
	if (one > 0 && got < n)
		port[got++] = one;
	return got;
}

int engine_ports(const struct engine *e, int *port, int n)
{
	int got = add_port(port, 0, n, 443); /* documents of reports lie at addresses that only a reply names */

	for (int i = 0; i < e->links.n; i++) {
		const struct account *a = &e->links.link[i].account;

		got = add_port(port, got, n, a->base_url ? url_port(a->base_url) : 0);
		got = add_port(port, got, n, a->token_url ? url_port(a->token_url) : 0);
	}
	return got;
}

/* A second for a hundred thousand orders. A large store is looked at after an end that was none, and a very large one by `tallyman doctor` alone. */
static bool look_at_pages(struct engine *e)
{
	enum { ALWAYS_MIB = 256, AFTER_A_CRASH_MIB = 2048 };
	int64_t mib = store_bytes(e->store) >> 20;
	const char *ended = NULL;
	struct err err;

	if (mib <= ALWAYS_MIB)
		return true;
	return mib <= AFTER_A_CRASH_MIB && (meta_get(e->store, "ended", e->turn, &ended, &err) || !ended || strcmp(ended, "well") != 0);
}

/* Nothing of it is open yet. */
static struct engine *engine_new(const struct engine_options *o, int64_t now_ms)
{
	struct engine *e = calloc(1, sizeof *e);

	if (!e)
		abort();
	e->clock = o->clock;
	e->rng = o->rng;
	e->net = o->net;
	e->config = o->config;
	e->hook_fd = o->hook_fd > 0 ? o->hook_fd : -1;
	e->crew.spare_fd = o->spare_fd > 0 ? o->spare_fd : -1;
	e->jitter = o->jitter;
	e->opened_ms = e->host.even_ms = now_ms;
	e->swept = -2; /* not asked yet */
	e->comparing = true; /* perhaps: a run that the last engine left */
	e->turn = arena_new();
	e->long_lived = arena_new();
	e->lease.fd = -1;
	e->anchor_fd = -1;
	e->notice = o->notice;
	e->look_at_disk = o->look_at_disk ? o->look_at_disk : disk_look;
	return e;
}

enum fault engine_open(const struct engine_options *o, struct engine **out, struct err *err)
{
	int64_t now_ms = clock_now(&o->clock);
	struct engine *e = engine_new(o, now_ms);
	enum fault f;

	*out = NULL;
	f = lease_take(o->dir, now_ms, &e->lease, err);
	if (!f)
		f = store_private(o->dir, err);
	if (!f)
		f = store_open(o->dir, STORE_WRITE, &e->store, err);
	if (!f && look_at_pages(e))
		f = store_pages(e->store, err);
	if (!f)
		f = open_vault(e, o->dir, err);
	if (!f)
		f = hold_open(e, o->anchor, now_ms, err);
	if (!f)
		f = roles_read(e->long_lived, e->config, &e->roles, err);
	if (!f)
		f = second_read(e, err);
	if (!f)
		f = keys_open(e, now_ms, err);
	if (!f && !vault_locked(e->vault))
		f = engine_stand(e, now_ms, err);
	else if (!f && !o->listen)
		f = err_set(err, FAULT_REFUSED, "the vault is locked, and nobody could unlock it here: give the host a key file ([vault] key_file)");
	if (!f && o->listen)
		f = open_socket(e, o->dir, err);
	if (f)
		engine_close(e);
	else
		*out = e;
	return f;
}

/* Nothing is said by an engine that may forget it. */
static bool store_keeps(struct engine *e)
{
	if (!e->stopping && store_sound(e->store, &e->end)) {
		log_error("%s; the engine stops, and nothing is sent", e->end.text);
		e->stopping = true;
	}
	return !e->end.fault;
}

static void work(struct engine *e, int64_t now_ms)
{
	settle(e, now_ms);
	lapse_turn(e, now_ms);
	plan(e, now_ms);
	reconcile_turn(e, now_ms);
	bulk_mark(e, now_ms);
	dispatch(e, now_ms);
	hook_turn(e, now_ms);
	care(e, now_ms);
}

void engine_turn(struct engine *e, int64_t now_ms)
{
	if (!store_keeps(e))
		return;
	arena_reset(e->turn);
	e->heard = e->again = e->told = false;
	e->wake_ms = INT64_MAX;
	store_look(e->store);
	host_turn(e, now_ms);
	converse(e, now_ms);
	if (e->standing)
		work(e, now_ms);
	else
		hook_turn(e, now_ms); /* that it is locked, say */
	store_look_over(e->store);
	if (e->told && e->ask)
		ask_nudge(e->ask);
}

int64_t engine_next_due(struct engine *e, int64_t now_ms)
{
	int64_t due = e->wake_ms, job = INT64_MAX;
	struct err err;

	if (!e->standing)
		return due < now_ms + LOCKED_MS ? due : now_ms + LOCKED_MS;
	if (e->again)
		return now_ms;
	if (!jobs_next_due(e->store, now_ms, &job, &err)) {
		e->job_ms = job;
		e->job_at = state_of(e);
	}
	if (job < due)
		due = job;
	if (e->beat_ms < due)
		due = e->beat_ms;
	return due < now_ms + 1 ? now_ms + 1 : due;
}

bool engine_idle(struct engine *e, int64_t now_ms, int64_t until_ms)
{
	int64_t job = INT64_MAX;
	struct err err;

	jobs_next_due(e->store, now_ms - 1, &job, &err);
	return !e->again && !e->flights && job > until_ms;
}

int engine_fds(const struct engine *e, int *fds, int n)
{
	int got = 0;

	if (e->ask && got < n)
		fds[got++] = ask_fd(e->ask);
	if (e->hook_fd > 0 && got < n)
		fds[got++] = e->hook_fd;
	if (e->crew.spare_fd > 0 && got < n)
		fds[got++] = e->crew.spare_fd;
	return got;
}

bool engine_stopping(const struct engine *e)
{
	return e->stopping;
}

enum fault engine_end(const struct engine *e, struct err *err)
{
	return e->end.fault ? err_set(err, e->end.fault, "%s", e->end.text) : OK;
}

struct store *engine_store(struct engine *e)
{
	return e->store;
}

void engine_close(struct engine *e)
{
	struct err err;
	bool standing;

	if (!e)
		return;
	standing = e->standing && !e->end.fault;
	if (standing)
		backlog_write(e);
	if (standing && e->lease.epoch && !store_begin(e->store, &err)) {
		struct cause why = engine_cause(e, "system", NULL, clock_now(&e->clock));

		links_save(&e->links, e->store, why.now_ms, &err);
		effects_seal(e->store, &why, &err);
		meta_put(e->store, "ended", "well", &err);
		if (store_commit(e->store, &err))
			store_rollback(e->store);
	}
	if (e->store)
		hold_close(e);
	if (e->ask)
		ask_close(e->ask);
	if (e->hook_fd > 0)
		close(e->hook_fd);
	if (e->crew.spare_fd > 0)
		close(e->crew.spare_fd);
	for (int i = 0; i < e->flights; i++)
		arena_free(e->flight[i].arena);
	if (e->net)
		e->net->close(e->net);
	links_close(&e->links);
	store_close(e->store);
	vault_close(e->vault);
	lease_drop(&e->lease);
	arena_free(e->turn);
	arena_free(e->long_lived);
	free(e);
}
