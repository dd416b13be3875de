#include "engine/kept.h"

/* The place in their list is of today, and a page of then may be told to follow on it: its own is not known any more. */
static void forget_pages(struct job *job, int n)
{
	for (int i = 0; i < n; i++)
		job[i].cursor.page = "";
}

enum fault kept_open(struct engine *e, int64_t attempt, int64_t now_ms, struct kept *out, struct err *err)
{
	struct job *job = NULL;
	int jobs = 0;
	struct err gone;
	enum fault f;

	*out = (struct kept){ .verb = VERBS, .reply = { .body = "", .received_ms = now_ms } };
	f = attempt_get(e->store, attempt, e->turn, &out->attempt, err);
	if (!f)
		f = jobs_of_attempt(e->store, attempt, e->turn, &job, &jobs, err);
	if (f)
		return f;
	forget_pages(job, jobs);
	out->link = link_by_id(&e->links, out->attempt.account);
	out->verb = verb_from_name(out->attempt.verb);
	out->batch = (struct batch){ job, jobs, out->attempt.opened_ms };
	out->reply.status = (int)out->attempt.status;
	out->whole = out->attempt.reply_id && out->link && jobs && out->verb < VERBS && out->link->channel->say[out->verb].hear &&
	             !body_get(e->store, out->attempt.reply_id, &e->sealer, e->turn, &out->reply.body, &out->reply.body_len, &gone);
	return OK;
}

enum fault kept_hear(struct engine *e, const struct kept *k, struct news *out, struct err *err)
{
	*out = news_new(e->turn);
	return k->link->channel->say[k->verb].hear(&k->link->account, k->batch, &k->reply, out, err);
}
