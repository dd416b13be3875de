/*
 * desk_load.c: what a pane shows is read: in one short transaction, that a key which waits breaks off.
 */
#include "ui/desk_inside.h"

#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60, LONG_MS = 400, TELL_MS = 500 };

void desk_brief_pane(const struct desk *d, struct pane *p)
{
	p->room = frame_room(d->w, d->h);
	p->portrait = frame_portrait(d->w, d->h);
	p->local_time = d->local_time;
	p->rows = d->h - (p->room == ROOM_TINY ? 4 : 5);
	p->rows = p->rows < 1 ? 1 : p->rows;
	p->now_ms = desk_world(d);
	p->store = d->store;
	p->keymap = d->setup.keymap;
	p->person = d->setup.person;
	p->began_ms = d->began_ms;
	p->config = d->setup.config;
}

/* How far a scan is, nobody knows; that it goes on, and how to end it, is said twice a second. */
static void tell_progress(struct desk *d)
{
	int64_t now = desk_hand(d), for_ms = now - d->loading_ms;
	char text[120];

	if (!d->setup.host.progress || for_ms < LONG_MS || now - d->told_ms < TELL_MS)
		return;
	d->told_ms = now;
	snprintf(text, sizeof text, " looking through all rows for %" PRId64 ".%" PRId64 " s; any key breaks it off", for_ms / 1000, for_ms % 1000 / 100);
	d->setup.host.progress(d->setup.host.ctx, text);
}

/* Most loads take a millisecond; a filter that no index helps may read the whole queue, and nobody waits for that with a key pressed. */
static bool impatient(void *ctx)
{
	struct desk *d = ctx;

	tell_progress(d);
	if (!d->setup.host.waiting || desk_hand(d) - d->loading_ms < PATIENCE_MS)
		return false;
	d->broken_off = d->setup.host.waiting(d->setup.host.ctx);
	return d->broken_off;
}

/* One short read transaction, over before anybody waits for a key. */
static enum fault load(struct desk *d, struct pane *p, bool rows, struct err *err)
{
	enum fault bad;

	d->loading_ms = desk_hand(d);
	d->told_ms = 0;
	d->broken_off = false;
	store_interrupt_if(d->store, impatient, d);
	bad = store_begin_read(d->store, err);
	if (!bad)
		bad = rows ? p->type->load(p, d->store, p->facts, err) : p->type->peek(p, d->store, err);
	store_rollback(d->store);
	store_interrupt_if(d->store, NULL, NULL);
	return bad;
}

void desk_ready(struct desk *d, struct pane *p)
{
	struct err err = { 0 };

	bool rows = p->stale || (p->peek && !p->type->peek);

	desk_brief_pane(d, p);
	if ((!rows && !p->peek) || !p->type->load || !d->store)
		return;
	p->stale = p->peek = false;
	if (rows) {
		arena_reset(p->facts);
		p->stands = false;
	}
	if (load(d, p, rows, &err) != OK) {
		p->stale = d->broken_off;
		if (d->broken_off)
			return;
		if (strcmp(p->trouble.text, err.text)) /* said once, not on every try */
			desk_fault(d, &err);
		p->trouble = err;
		return;
	}
	p->trouble = (struct err){ 0 };
	if (rows) {
		p->loaded_ms = p->now_ms;
		p->stands = true;
	}
}

bool desk_stands(const struct pane *p)
{
	return p->stands || !p->type->load;
}

bool desk_can(const struct desk *d, const struct pane *p, enum act act, const char **why)
{
	*why = NULL;
	if (!rank_may(d->rank, act, NULL) && !act_writes(act) && !(act == ACT_REVEAL && d->facts.buyers)) {
		*why = d->rank == RANK_NOBODY   ? "nothing can be decided in what is past"
		       : d->rank == RANK_VIEWER ? "you are a viewer here ([roles] of the configuration)" : "not with your role here ([roles] of the configuration)";
		return false;
	}
	return !p->type->can || !desk_stands(p) || p->type->can(p, act, why);
}
