/*
 * dry.c: what was not understood is parsed once more, dry, from the reply that was kept: by each program and configuration once. Nothing of it is written but whether
 * it would be understood now, so that "read it again" is offered with what would come of it.
 */
#include "engine/parts.h"

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
static bool parse_again(struct engine *e, const struct link *l, enum verb verb, const struct parked_piece *p, struct batch batch, const struct reply *r, const char **text)
{
	struct news n = news_new(e->turn);
	const struct parked *q;
	struct err err = { 0 };

	if (l->channel->say[verb].hear(&l->account, batch, r, &n, &err)) {
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
	struct link *l = link_by_id(&e->links, p->account);
	struct reply r = { .body = "", .received_ms = now_ms };
	const char *text = "the reply is not kept any more";
	bool good = false;
	struct attempt t;
	struct job *job;
	int jobs = 0;
	enum verb verb;
	enum fault f = attempt_get(e->store, p->attempt, e->turn, &t, err);

	if (!f)
		f = jobs_of_attempt(e->store, p->attempt, e->turn, &job, &jobs, err);
	verb = f ? VERBS : verb_from_name(t.verb);
	if (!f && t.reply_id && l && jobs && verb < VERBS && l->channel->say[verb].hear && !body_get(e->store, t.reply_id, &e->sealer, e->turn, &r.body, &r.body_len, err)) {
		r.status = (int)t.status;
		good = parse_again(e, l, verb, p, (struct batch){ job, jobs, t.opened_ms }, &r, &text);
	}
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
