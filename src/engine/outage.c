/*
 * outage.c: is the platform itself out? A person may say so (trade/lapse.h), its own status page, or a storm of errors.
 *
 * A page or a storm is believed when something that we live by failed there as well: what still works goes on, whatever they write, and half an hour of a page
 * that is wrong takes nothing off sale. Then nothing but probes goes there, as for a platform that does not answer at all.
 */
#include "engine/parts.h"

#include "trade/alerts.h"
#include "trade/lapse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STORM_MS = 5 * 60000, STORM_LEAST = 6, STORM_OPS = 2, ASK_AGAIN_MS = 60000 };

void outage_heard(struct link *l, const char *out, int64_t now_ms)
{
	l->said_ms = now_ms;
	snprintf(l->says_out, sizeof l->says_out, "%s", out);
}

/* While something fails their page is read each minute, not each five. */
enum fault outage_ask(struct engine *e, const struct link *l, int64_t now_ms, struct err *err)
{
	if (!l->channel->say[VERB_STATUS].ask || now_ms < l->said_ms + ASK_AGAIN_MS)
		return OK;
	return job_hurry_verb(e->store, l->account.id, VERB_STATUS, now_ms, err);
}

static enum fault look_for_storm(struct engine *e, const struct link *l, int64_t now_ms, bool *storm, struct err *err)
{
	int64_t answers = 0, broken = 0, ops = 0;
	enum fault f = attempts_broken(e->store, l->account.id, now_ms - STORM_MS, &answers, &broken, &ops, err);

	*storm = !f && broken >= STORM_LEAST && ops >= STORM_OPS && broken * 2 >= answers;
	return f;
}

enum fault outage_signs(struct engine *e, const struct link *l, int64_t now_ms, const char **out, struct err *err)
{
	bool storm = false;
	enum fault f = look_for_storm(e, l, now_ms, &storm, err);

	*out = *l->says_out ? arena_printf(e->turn, "their status page says so: %s", l->says_out) : storm ? "half of their answers are errors, of more than one kind of call" : "";
	return f;
}

enum fault outage_tell(struct engine *e, const struct link *l, const struct lapse *o, const char *out, int64_t now_ms, struct err *err)
{
	const char *name = l->account.name, *because = *out ? out : "nothing answers there";
	struct alert a = { .key = arena_printf(e->turn, "outage %s", name), .kind = "outage", .account = l->account.id, .subject = name };

	if (!l->paused && !*l->says_out)
		return alert_close(e->store, a.key, now_ms, err);
	if (l->declared)
		because = arena_printf(e->turn, "%s says so", o->declared);
	a.severity = l->paused ? "CRIT" : "WARN";
	a.text = l->paused ? arena_printf(e->turn, "%s is out, %s: nothing but probes is sent there", name, because)
	                   : arena_printf(e->turn, "%s: their status page calls out: %s; ours still goes through", name, l->says_out);
	a.next = l->declared ? arena_printf(e->turn, "when it is over: tallyman outage %s end", name) : "by itself, when a probe is answered";
	return alert_raise(e->store, &a, now_ms, err);
}
