/*
 * host.c: what the machine under the engine may have wrong: its clock and its disk.
 *
 * A clock is held against the Date of the marketplaces' answers (RFC 9110, 6.6.1), and against the steady clock of the same machine: what the one says has
 * passed and the other does not, somebody has set. Both alerts, and the disk's, are raised while it is so and closed when it is not, at each beat.
 */
#include "engine/parts.h"

#include "base/disk.h"
#include "base/log.h"
#include "net/when.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/set_back.h"

#include <inttypes.h>
#include <stdlib.h>

enum { OFF_MS = 60000, HEARD_FOR_MS = 600000, DAY_MS = 24 * 60 * 60 * 1000 }; /* a clock is trusted within a minute; what an account said of it counts for ten */

/* ---- their clocks ---- */

void host_heard(struct link *l, const struct reply *r, int64_t now_ms)
{
	const char *date = r->status ? reply_header(r, "Date") : NULL;
	int64_t theirs;

	if (!date || !when_http_date(date, &theirs))
		return;
	l->off_ms = theirs - now_ms;
	l->off_at_ms = now_ms;
}

static bool off(const struct link *l)
{
	return llabs(l->off_ms) > OFF_MS;
}

/* One that was not heard lately says nothing; nor does what it said before a clock was set. */
static bool heard(const struct link *l, int64_t now_ms)
{
	return l->off_at_ms && now_ms >= l->off_at_ms && now_ms - l->off_at_ms < HEARD_FOR_MS;
}

/* The account that is farthest from us, of those that were heard; *all: each of them is off, so it is our clock. NULL: none is. */
static const struct link *farthest(const struct engine *e, int64_t now_ms, bool *all)
{
	const struct link *worst = NULL;

	*all = true;
	for (int i = 0; i < e->links.n; i++) {
		const struct link *l = &e->links.link[i];

		if (!l->enabled || !heard(l, now_ms))
			continue;
		if (!off(l))
			*all = false;
		else if (!worst || llabs(l->off_ms) > llabs(worst->off_ms))
			worst = l;
	}
	return worst;
}

static enum fault watch_servers(struct engine *e, int64_t now_ms, struct err *err)
{
	bool all;
	const struct link *l = farthest(e, now_ms, &all);
	struct alert alert = { .key = "clock", .kind = "clock", .severity = "WARN", .subject = "clock" };
	char age[16];

	if (!l)
		return alert_close(e->store, alert.key, now_ms, err);
	time_age(llabs(l->off_ms), age);
	alert.text = all ? arena_printf(e->turn, "this machine's clock is %s %s those of the marketplaces, by the Date of %s", age, l->off_ms < 0 ? "ahead of" : "behind", l->account.name)
	                 : arena_printf(e->turn, "%s's clock is %s %s ours, and the others' are not", l->account.name, age, l->off_ms < 0 ? "behind" : "ahead of");
	alert.next = all ? "set this machine's clock (timedatectl): deadlines and signed calls go by it; it ends by itself"
	                 : "what is signed for them carries their time; it ends by itself";
	return alert_raise(e->store, &alert, now_ms, err);
}

/* ---- our own ---- */

/* By how much somebody set the clock since the last beat; 0: nobody did. */
static int64_t was_set(struct engine *e, int64_t now_ms)
{
	int64_t steady = clock_steady(&e->clock), by_ms = 0;

	if (e->host.seen_ms)
		by_ms = now_ms - e->host.seen_ms - (steady - e->host.steady_ms);
	e->host.seen_ms = now_ms;
	e->host.steady_ms = steady;
	return llabs(by_ms) > OFF_MS ? by_ms : 0;
}

/* It is told for an hour (data/alerts.csv): the stamps of that time are to be read with care. */
static enum fault watch_setting(struct engine *e, int64_t now_ms, struct err *err)
{
	struct alert alert = { .key = "clock set", .kind = "clock_set", .severity = "WARN", .subject = "clock" };
	char age[16];

	if (!e->host.set_ms)
		return OK;
	time_age(llabs(e->host.set_ms), age);
	alert.text = arena_printf(e->turn, "this machine's clock was set %s by %s", e->host.set_ms < 0 ? "back" : "forward", age);
	alert.next = "times on record before and after it do not fit together; deadlines are reckoned by the new one";
	e->host.set_ms = 0;
	return alert_raise(e->store, &alert, now_ms, err);
}

/* What an account waits for by the old time. */
static void set_back(struct link *l, int64_t now_ms, int64_t by_ms)
{
	for (int i = 0; i < l->gates; i++) {
		l->gate[i].limit.filled_ms += by_ms;
		l->gate[i].limit.hold_ms += l->gate[i].limit.hold_ms ? by_ms : 0;
		if (l->gate[i].limit.day_ends_ms > now_ms + DAY_MS)
			l->gate[i].limit.day_ends_ms = now_ms + DAY_MS;
		l->gate[i].dirty = true;
	}
	for (int i = 0; i < l->fuses; i++)
		l->fuse[i].breaker.probe_ms += l->fuse[i].breaker.probe_ms ? by_ms : 0;
	l->token_until_ms += l->token_until_ms ? by_ms : 0;
	l->window_until_ms = l->route_ms = l->no_feed_until_ms = l->ramp_ms = 0;
	l->off_at_ms = l->list_ms = l->ask_ms = l->said_ms = 0;
	l->file_seen = (struct stamp){ 0 }; /* read again, so that what stands in it is known to have been heard by the new time */
	l->file_told_ms = l->file_again_ms = 0;
}

/*
 * What was put off by the old time would be due in an hour by the new one: everything that waits is looked at anew. The half hour of an account out of step
 * goes by the steady clock in any case (lapse.c).
 */
void host_turn(struct engine *e, int64_t now_ms)
{
	int64_t by_ms = was_set(e, now_ms);
	struct err err;

	if (!by_ms)
		return;
	e->moved++;
	e->host.set_ms = by_ms;
	e->host.even_ms = now_ms;
	log_warn("the clock was set by %" PRId64 " s", by_ms / 1000);
	e->beat_ms = e->minute_ms = now_ms;
	if (by_ms > 0)
		return;
	e->hour_ms = e->sweep_ms = e->hook_ms = e->lapse_ms = e->whole_ms = e->free_ms = e->point_ms = e->pools_ms = e->links.saved_ms = now_ms;
	e->crew.due_ms = e->crew.due_ms < now_ms ? e->crew.due_ms : now_ms;
	for (int i = 0; i < e->links.n; i++)
		set_back(&e->links.link[i], now_ms, by_ms);
	for (int i = 0; i < ASKED; i++)
		e->asked[i].until_ms = 0;
	if (store_begin(e->store, &err) || facts_set_back(e->store, now_ms, by_ms, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("what waits could not be moved: %s", err.text);
	}
}

enum fault host_began(struct engine *e, int64_t now_ms, struct err *err)
{
	int64_t pid, started_ms, beat_ms;

	if (!engine_beat(e->store, &pid, &started_ms, &beat_ms) || beat_ms <= now_ms + OFF_MS)
		return OK;
	log_warn("the clock is %" PRId64 " s behind the last engine's: what it noted then counts as noted now", (beat_ms - now_ms) / 1000);
	return facts_set_back(e->store, now_ms, now_ms - beat_ms, err);
}

/* ---- the disk ---- */

bool host_disk(const struct engine *e, struct disk *out)
{
	return e->look_at_disk(store_dir(e->store), out);
}

static enum fault watch_disk(struct engine *e, int64_t now_ms, struct err *err)
{
	struct disk d;
	enum disk_room room = host_disk(e, &d) ? disk_room(&d) : DISK_FINE;
	struct alert alert = { .key = "disk", .kind = "disk", .severity = room == DISK_FULL ? "CRIT" : "WARN", .subject = "disk" };

	if (room == DISK_FINE)
		return alert_close(e->store, alert.key, now_ms, err);
	alert.text = arena_printf(e->turn, "the store's disk has %" PRId64 " MiB left of %" PRId64, d.left >> 20, d.whole >> 20);
	alert.next = "make room: below 8 MiB nothing is written any more; it ends by itself";
	return alert_raise(e->store, &alert, now_ms, err);
}

enum fault host_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = watch_setting(e, now_ms, err);

	if (!f)
		f = watch_servers(e, now_ms, err);
	if (!f && (e->links.profile != PROFILE_DEMO || e->look_at_disk != disk_look)) /* a demo is the same on every machine */
		f = watch_disk(e, now_ms, err);
	return f;
}
