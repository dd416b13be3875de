/*
 * hold.c: when nothing may be written, whatever waits: the store was rolled back, the disk is full, or somebody said so.
 *
 * Reading goes on. What waits stays as it is and goes when the hold ends: no zero is an exception, for a store that was put back does not know what was said since,
 * and a full disk could not write down what was done. After half an hour of it people are told to set to zero by hand what is still shown. Why it holds stands in the store, in the first line of every screen and in an
 * alert. A file `read-only` in the store's folder, and a disk with no room, end by themselves; a store that was rolled back is a person's decision, because
 * what was said since is not in it.
 */
#include "engine/anchor.h"
#include "engine/parts.h"

#include "base/disk.h"
#include "base/log.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/intents.h"
#include "trade/lapse.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ROOM_MB = 8, BY_HAND_MS = 30 * 60000 };

/* ---- the anchor ---- */

static enum fault own_id(struct engine *e, struct err *err)
{
	const char *id;
	enum fault f = meta_get(e->store, "store", e->turn, &id, err);

	if (f)
		return f;
	if (id && strlen(id) == 36) {
		memcpy(e->anchor.store, id, 37);
		return OK;
	}
	rng_uuid(&e->rng, e->anchor.store);
	f = store_begin(e->store, err);
	if (!f)
		f = meta_put(e->store, "store", e->anchor.store, err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	return f;
}

/* Is the row that was anchored in the store, as it was then? */
static enum fault compare(struct engine *e, const struct anchor *kept, struct err *err)
{
	char hash[65];
	int64_t last;
	enum fault f = audit_head(e->store, &last, hash, err);

	if (!f && last >= kept->n)
		f = audit_hash(e->store, kept->n, hash, err);
	if (f)
		return f;
	if (last < kept->n)
		snprintf(e->rolled_back, sizeof e->rolled_back, "the store was put back: its audit ends at row %" PRId64 ", and had come to %" PRId64, last, kept->n);
	else if (strcmp(hash, kept->head))
		snprintf(e->rolled_back, sizeof e->rolled_back, "the store is another than it was: row %" PRId64 " of its audit is not the one that was anchored", kept->n);
	return OK;
}

static enum fault tell_missing(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	const char *text = "the audit's anchor is gone: whether this store was put back from a copy cannot be told";
	struct alert alert = { .key = "anchor missing", .kind = "anchor", .severity = "WARN", .subject = "audit", .text = text,
		               .next = "a new one is kept from now on; compare with the system's log: journalctl -t tallyman" };
	const char *before;
	enum fault f = meta_get(e->store, "anchored", e->turn, &before, err);

	if (f || !before)
		return f;
	f = store_begin(e->store, err);
	if (!f)
		f = alert_raise(e->store, &alert, now_ms, err);
	if (!f)
		f = audit_add(e->store, &why, "anchor-missing", "audit", "", err);
	if (!f)
		f = store_commit(e->store, err);
	if (f)
		store_rollback(e->store);
	return f;
}

/* Not while the store is older than the anchor: that would be to forget it. */
void hold_anchor(struct engine *e)
{
	struct err err;
	struct anchor a = e->anchor;

	assert(!store_in_transaction(e->store)); /* a row that is never committed would make this store one that was put back */
	if (e->anchor_fd < 0 || *e->rolled_back || audit_head(e->store, &a.n, a.head, &err) || (*e->anchor.head && a.n == e->anchor.n))
		return;
	if (anchor_write(e->anchor_fd, &a))
		e->anchor = a;
	else
		log_error("the audit's anchor could not be written");
}

enum fault hold_open(struct engine *e, const char *path, int64_t now_ms, struct err *err)
{
	struct anchor kept;
	bool there;
	enum fault f = own_id(e, err);

	if (f || !path)
		return f;
	f = anchor_read(path, &kept, &there, err);
	if (!f && there && !strcmp(kept.store, e->anchor.store))
		f = compare(e, &kept, err);
	else if (!f && there)
		log_warn("%s was of another store: it is this one's now", path);
	else if (!f)
		f = tell_missing(e, now_ms, err);
	if (f)
		return f;
	e->anchor_fd = anchor_open(path);
	if (e->anchor_fd < 0)
		log_warn("the audit's anchor %s cannot be written: a store that is put back would not be found", path);
	hold_anchor(e); /* of an audit without a row as well: with its next start the engine looks for what it noted here */
	return OK;
}

void hold_notice(struct engine *e)
{
	struct err err;
	int64_t n;
	char head[65], line[400];

	hold_anchor(e);
	if (!e->notice || audit_head(e->store, &n, head, &err))
		return;
	snprintf(line, sizeof line, "store %s (%.36s): audit row %" PRId64 " head %s%s%s", store_dir(e->store), e->anchor.store, n, head, *e->held ? "; nothing is written: " : "", e->held);
	e->notice(line);
}

void hold_close(struct engine *e)
{
	if (e->standing)
		hold_notice(e);
	if (e->anchor_fd >= 0)
		close(e->anchor_fd);
}

/* ---- what holds ---- */

static bool disk_is_full(const struct engine *e)
{
	struct disk d;

	return host_disk(e, &d) && d.left < (int64_t)ROOM_MB << 20;
}

static const char *reason(struct engine *e)
{
	if (*e->rolled_back && !e->hold_next.released)
		return e->rolled_back;
	if (!access(arena_printf(e->turn, "%s/read-only", store_dir(e->store)), F_OK))
		return "a file read-only is in the store's folder";
	return disk_is_full(e) ? "the disk is full" : "";
}

/* Since when, over a restart as well: the half hour does not begin anew with each start. */
static enum fault note_since(struct engine *e, bool held, int64_t now_ms, struct err *err)
{
	const char *since;
	enum fault f = meta_get(e->store, "held_since", e->turn, &since, err);

	if (f || !held)
		return f ? f : meta_put(e->store, "held_since", "", err);
	if (!since || !text_int(since, 1, INT64_MAX, &e->held_ms))
		e->held_ms = now_ms;
	return meta_put(e->store, "held_since", arena_printf(e->turn, "%" PRId64, e->held_ms), err);
}

/* Half an hour of it, and changes wait: nobody but a person takes anything off sale now. */
static enum fault tell_long(struct engine *e, const char *why, int64_t now_ms, struct err *err)
{
	struct alert a = { .key = "held long", .kind = "held", .severity = "CRIT", .subject = "store",
		           .next = "tallyman health lists what to set to zero in the portals; when writing goes on, decreases go first, with today's numbers" };
	int64_t waiting = 0, changes, tried;
	enum fault f = OK;

	if (!*why)
		return alert_close(e->store, a.key, now_ms, err);
	for (int i = 0; i < e->links.n && !f; i++, waiting += f ? 0 : changes)
		f = lapse_waiting(e->store, e->links.link[i].account.id, &changes, &tried, err);
	if (f || now_ms < e->held_ms + BY_HAND_MS || !waiting)
		return f;
	a.text = arena_printf(e->turn, "nothing was written for %" PRId64 " minutes, and %" PRId64 " changes wait: set to zero by hand what is shown and may be sold already",
	                      (now_ms - e->held_ms) / 60000, waiting);
	return alert_raise(e->store, &a, now_ms, err);
}

static enum fault tell_held(struct engine *e, const char *why, int64_t now_ms, struct err *err)
{
	struct cause cause = engine_cause(e, "system", NULL, now_ms);
	struct alert alert = {
		.key = "held",
		.kind = "held",
		.severity = "CRIT",
		.subject = "store",
		.text = arena_printf(e->turn, "nothing is written to any marketplace: %s", why),
		.next = *e->rolled_back && !e->hold_next.released ? "what was said since is not in this store: compare it with the marketplaces (tallyman reconcile --full), then: tallyman release"
		                        : "it ends by itself when that is no longer so",
	};
	enum fault f = meta_put(e->store, "held", why, err);

	if (!f)
		f = note_since(e, *why != '\0', now_ms, err);
	if (!f)
		f = alert_close(e->store, "held", now_ms, err);
	if (!f && *why)
		f = alert_raise(e->store, &alert, now_ms, err);
	return f ? f : audit_add(e->store, &cause, *why ? "hold" : "hold-end", "store", *why ? why : e->held, err);
}

enum fault hold_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	const char *why = reason(e);
	enum fault f;

	if (!strcmp(why, e->held))
		return *why ? tell_long(e, why, now_ms, err) : OK;
	f = tell_held(e, why, now_ms, err);
	if (f)
		return f;
	e->hold_next.told = true;
	snprintf(e->hold_next.why, sizeof e->hold_next.why, "%s", why);
	return tell_long(e, why, now_ms, err);
}

void hold_settle(struct engine *e, bool kept)
{
	struct hold_next next = e->hold_next;

	e->hold_next = (struct hold_next){ .told = false };
	if (!kept || !next.told)
		return;
	e->told = true;
	if (*next.why)
		log_warn("nothing is written: %s", next.why);
	memcpy(e->held, next.why, sizeof e->held);
	if (!next.released)
		return;
	*e->rolled_back = '\0';
	hold_anchor(e);
}

enum fault hold_allows(const struct engine *e, const struct intent *in, struct err *err)
{
	if (!*e->held || !intent_writes(in->kind) || in->kind == INTENT_RELEASE || in->kind == INTENT_REDACT) /* who asks to be forgotten does not wait */
		return OK;
	return err_set(err, FAULT_REFUSED, "nothing is written now: %s", e->held);
}

enum fault hold_release(struct engine *e, const struct cause *why, struct err *err)
{
	enum fault f;

	if (!*e->rolled_back)
		return err_set(err, FAULT_REFUSED, *e->held ? "it ends by itself when that is no longer so: %s" : "nothing is held%s", e->held);
	f = audit_add(e->store, why, "release", "store", e->rolled_back, err);
	e->hold_next.released = !f;
	return f ? f : hold_watch(e, why->now_ms, err);
}
