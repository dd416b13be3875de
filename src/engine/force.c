/*
 * force.c: what is in force for all quantities at once: the configuration, the events that last, the accounts that are dark, who was never heard.
 *
 * When that became another, every offered item may want other numbers. They are marked a slice at a time, whenever nothing else is to be thought
 * over, so that a sale never waits behind it; how far it got is a row, so that a restart goes on there.
 */
#include "engine/parts.h"

#include "base/text.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/change.h"

#include <inttypes.h>
#include <string.h>

enum { SLICE = 200 };

static const char in_force[] = "policy.in_force", swept_upto[] = "policy.swept";

/* "configuration 3; profile prime-day; dark amazon" */
static enum fault describe(struct engine *e, int64_t now_ms, const char **out, struct err *err)
{
	struct buf b = buf_new(e->turn);
	struct aims how;
	enum fault f = plan_aims(e, now_ms, &how, err);
	const char *events = f ? "" : policy_events(how.book, now_ms, e->turn);

	buf_printf(&b, "configuration %" PRId64 "%s%s", e->config_id, *events ? "; " : "", events);
	for (int i = 0; i < how.accounts && !f; i++)
		if (how.account[i].dark)
			buf_printf(&b, "; dark %s", how.account[i].name);
	if (!f && *how.awaits)
		buf_printf(&b, "; unheard %s", how.awaits);
	*out = b.p;
	return f;
}

static enum fault note_swept(struct engine *e, int64_t upto, struct err *err)
{
	e->swept = upto;
	return meta_put(e->store, swept_upto, arena_printf(e->turn, "%" PRId64, upto), err);
}

/* What a restart must go on with. */
static enum fault resume(struct engine *e, struct err *err)
{
	const char *upto;
	enum fault f = meta_get(e->store, swept_upto, e->turn, &upto, err);

	if (f || !upto || !text_int(upto, -1, INT64_MAX, &e->swept))
		e->swept = -1;
	return f;
}

enum fault force_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:policy", NULL, now_ms);
	const char *was, *is = "";
	enum fault f = meta_get(e->store, in_force, e->turn, &was, err);

	if (!f)
		f = describe(e, now_ms, &is, err);
	if (!f && e->swept < -1)
		f = resume(e, err);
	if (f || (was && !strcmp(was, is)))
		return f;
	f = meta_put(e->store, in_force, is, err);
	if (!f && was)
		f = message_add(e->store, "info", arena_printf(e->turn, "in force for quantities: %s", is), "", now_ms, err);
	if (!f)
		f = change_text(e->store, "policy", 0, "in_force", was, is, now_ms, &why, err);
	return f ? f : note_swept(e, 0, err);
}

enum fault force_sweep(struct engine *e, int64_t now_ms, struct err *err)
{
	int64_t after = e->swept;
	enum fault f = e->swept < 0 ? OK : items_touch(e->store, &after, SLICE, now_ms, err);

	if (f || e->swept < 0)
		return f;
	e->again = true;
	return note_swept(e, after ? after : -1, err);
}
