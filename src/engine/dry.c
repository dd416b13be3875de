/*
 * dry.c: what was not understood is parsed once more, dry, from the reply that was kept: by each program and configuration once. Nothing of it is written but whether
 * it would be understood now, so that "read it again" is offered with what would come of it.
 */
#include "engine/kept.h"

#include "trade/inbox.h"

#include <string.h>

enum { SLICE = 10 };

static const char *build_of(struct engine *e)
{
	return arena_printf(e->turn, TALLYMAN_VERSION " configuration %lld", (long long)e->config_id);
}

/* Is this piece still one that we do not understand? By its name; what has none stands where it stood. */
static const struct parked *still_parked(const struct news *n, const struct parked_piece *p)
{
	bool named = *p->subject && *p->subject != '#';

	for (int i = 0; i < n->parkeds; i++) {
		const struct parked *q = &n->parked[i];

		if (named ? q->subject && !strcmp(q->subject, p->subject) : q->path && !strcmp(q->path, p->path))
			return q;
	}
	return NULL;
}

/* true: understood. *text says what it came to. */
static bool parse_again(struct engine *e, const struct kept *k, const struct parked_piece *p, const char **text)
{
	const struct parked *q;
	struct err err = { 0 };
	struct news n;

	if (kept_hear(e, k, &n, &err)) {
		*text = arena_printf(e->turn, "the reply that was kept is not understood now either: %.150s", err.text);
		return false;
	}
	q = still_parked(&n, p);
	*text = q ? arena_printf(e->turn, "the reply that was kept is not understood now either: %s%s%.150s", q->path ? q->path : "", q->path && *q->path ? ": " : "", q->text)
	          : "the reply that was kept is understood now";
	return !q;
}

static enum fault try_one(struct engine *e, const struct parked_piece *p, int64_t now_ms, struct err *err)
{
	const char *text = "the reply is not kept any more";
	bool good = false;
	struct kept k;
	enum fault f = kept_open(e, p->attempt, now_ms, &k, err);

	if (!f && k.whole)
		good = parse_again(e, &k, p, &text);
	return f ? f : inbox_dry_put(e->store, p->id, build_of(e), good, text, err);
}

enum fault dry_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct parked_piece *p;
	int n = 0;
	enum fault f = inbox_dry_due(e->store, build_of(e), SLICE, e->turn, &p, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = try_one(e, &p[i], now_ms, err);
	return f;
}
