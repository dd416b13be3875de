/* lapse_signs.c: by what an account is seen to be out of step: what was answered last to its login, its orders, its writes; and who else says so. */
#include "engine/lapse_inside.h"

#include <string.h>

static const struct fuse *fuse_named(const struct link *l, const char *name)
{
	for (int i = 0; i < l->fuses; i++)
		if (!strcmp(l->fuse[i].name, name))
			return &l->fuse[i];
	return NULL;
}

static void note_bad(struct signs *s, bool *kind, int64_t since_ms, int64_t fails, const char *text)
{
	*kind = true;
	s->since_ms = !s->since_ms || since_ms < s->since_ms ? since_ms : s->since_ms;
	s->fails = fails > s->fails ? fails : s->fails;
	s->text = *s->text && !*text ? s->text : text;
}

/* A good answer since the first failure: it counts from the newest failure, then, unless a lapse is open and remembers more. */
static void see_fuse(struct signs *s, const struct fuse *f, bool *kind, int64_t now_ms)
{
	const struct breaker *b = f ? &f->breaker : NULL;

	if (!b || !b->fails)
		return;
	s->locked |= !strcmp(f->fault, fault_name(FAULT_AUTH));
	note_bad(s, kind, b->ok_ms > b->since_ms ? now_ms : b->since_ms, b->fails, f->text);
}

/*
 * The list of its orders has no address of its own: single orders are read behind the same breaker, and each of them that is answered would hide that the list is
 * not.
 */
static enum fault see_orders(struct engine *e, const struct link *l, struct signs *s, struct err *err)
{
	struct unheard u;
	enum fault f = lapse_unheard(e->store, l->account.id, e->turn, &u, err);

	if (f || !u.fails || !u.since_ms)
		return f;
	s->locked |= u.locked;
	note_bad(s, &s->orders, u.since_ms, u.fails, u.text);
	return OK;
}

/* One of its addresses is ill while others answer: it is heard, then. */
static bool is_heard(const struct link *l, const struct fuse *f)
{
	return f && l->well_ms > f->breaker.since_ms && l->well_ms > f->breaker.ok_ms;
}

/* A throttle is no failure of the breaker's, but what it keeps from being said for long is not said all the same. */
static void see_throttle(struct signs *s, const struct fuse *f, int64_t tried_ms, int64_t now_ms)
{
	if (f && tried_ms && tried_ms < now_ms - LAPSE_THROTTLED_MS && f->breaker.ok_ms < tried_ms)
		note_bad(s, &s->write, tried_ms, breaker_rules.open_after, "throttled: nothing that was tried has been taken");
}

bool lapse_is_bad(const struct signs *s)
{
	return s->auth || s->orders || s->write;
}

enum fault lapse_signs(struct engine *e, const struct link *l, int64_t now_ms, struct signs *s, struct err *err)
{
	int64_t tried_ms = 0;
	enum fault f = lapse_waiting(e->store, l->account.id, &s->changes, &tried_ms, err);

	if (f)
		return f;
	if (!is_heard(l, fuse_named(l, "auth")))
		see_fuse(s, fuse_named(l, "auth"), &s->auth, now_ms);
	see_fuse(s, fuse_named(l, "orders.read"), &s->orders, now_ms);
	if (see_orders(e, l, s, err))
		return FAULT_STORE;
	if (s->changes)
		see_fuse(s, fuse_named(l, "stock.write"), &s->write, now_ms);
	see_throttle(s, fuse_named(l, "stock.write"), tried_ms, now_ms);
	if (!lapse_is_bad(s))
		return OK;
	f = outage_ask(e, l, now_ms, err);
	return f ? f : outage_signs(e, l, now_ms, &s->out, err);
}

enum lapse_cause lapse_cause_of(const struct signs *s)
{
	if (s->locked)
		return LAPSE_WRITE;
	if (s->auth || (s->orders && s->write) || *s->out)
		return LAPSE_PLATFORM;
	return s->orders ? LAPSE_TRUTH : LAPSE_WRITE;
}
