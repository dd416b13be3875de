#include "trade/ticket.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/bundle.h"
#include "trade/inbox.h"
#include "trade/incidents.h"
#include "trade/jobs.h"

#include <inttypes.h>
#include <string.h>

enum { EXAMPLES = 3, SEARCHED = 20000 };

/* What all calls of one complaint have in common. */
struct complaint {
	int64_t account, since_ms, until_ms;
	const char *about, *verb, *fault; /* verb, fault "": any that failed */
	int64_t attempt;                  /* this one at least; 0: none */
};

static const char *iso(struct arena *a, int64_t ms)
{
	char *out = arena_alloc(a, 32);

	time_iso(ms, out);
	return out;
}

/* ---- what is it about? ---- */

static enum fault of_attempt(struct store *s, int64_t id, struct arena *a, struct complaint *c, struct err *err)
{
	struct attempt t;
	enum fault f = attempt_get(s, id, a, &t, err);

	if (f)
		return f;
	*c = (struct complaint){ .account = t.account, .since_ms = t.opened_ms - INT64_C(86400000), .until_ms = t.opened_ms + 1, .verb = t.verb, .fault = t.fault,
		                 .about = arena_printf(a, "%s: %s", t.op, *t.text ? t.text : t.fault), .attempt = id };
	return OK;
}

static enum fault of_incident(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct complaint *c, struct err *err)
{
	struct incident in;
	enum fault f = incident_get(s, id, now_ms, a, &in, err);

	if (!f && !in.account)
		return err_set(err, FAULT_REFUSED, "I-%" PRId64 " is about no channel", id);
	if (!f)
		*c = (struct complaint){ .account = in.account, .since_ms = in.opened_ms - INT64_C(3600000), .until_ms = in.closed_ms ? in.closed_ms : now_ms + 1, .verb = "",
			                 .fault = "", .about = in.text };
	return f;
}

static enum fault of_failure(struct store *s, bool job, int64_t id, struct arena *a, struct complaint *c, struct err *err)
{
	struct failure v;
	enum fault f = failure_get(s, job, id, a, &v, err);

	if (!f && !v.attempt_id)
		return err_set(err, FAULT_REFUSED, "no call was kept of it");
	if (!f)
		f = of_attempt(s, v.attempt_id, a, c, err);
	if (!f) {
		c->about = arena_printf(a, "%s %s: %s%s%s", v.verb, v.subject, v.path, *v.path ? ": " : "", v.text);
		c->since_ms = v.first_ms - INT64_C(3600000);
		c->until_ms = v.last_ms + INT64_C(3600000);
	}
	return f;
}

static bool numbered(const char *id, const char *prefix, int64_t *n)
{
	size_t len = strlen(prefix);

	return !strncmp(id, prefix, len) && text_int(id + len, 1, INT64_MAX, n);
}

static enum fault find_complaint(struct store *s, const char *id, int64_t now_ms, struct arena *a, struct complaint *c, struct err *err)
{
	struct found *found;
	int64_t n;
	int got;
	enum fault f;

	if (numbered(id, "I-", &n))
		return of_incident(s, n, now_ms, a, c, err);
	if (numbered(id, "job:", &n) || numbered(id, "inbox:", &n))
		return of_failure(s, *id == 'j', n, a, c, err);
	f = find_id(s, id, a, &found, &got, err);
	for (int i = 0; i < got && !f; i++)
		if (found[i].kind == FOUND_ATTEMPT)
			return of_attempt(s, found[i].id, a, c, err);
	return f ? f : err_set(err, FAULT_REFUSED, "%.80s leads to no call: an incident, a failure (job:N, inbox:N) or a call's id does", id);
}

/* ---- the text ---- */

/* An address without its query: there tokens and people's data may stand. */
static const char *bare(struct arena *a, const char *url)
{
	return arena_strndup(a, url, strcspn(url, "?#"));
}

static void put_example(struct buf *b, const struct rows *r, int i, struct arena *a)
{
	const char *theirs = rows_text(r, 4), *text = scrubbed(a, rows_text(r, 6));

	buf_printf(b, "\nExample %d\n  request      %s %s\n  sent         %s\n  answered     %s\n", i, rows_text(r, 0), bare(a, rows_text(r, 1)), iso(a, rows_int(r, 7)),
	           rows_int(r, 8) ? iso(a, rows_int(r, 8)) : "not");
	buf_printf(b, "  our id       %s\n  your id      %s\n  HTTP status  %" PRId64 "\n  answer       %s%s%s\n", rows_text(r, 2), *theirs ? theirs : "(none was sent)", rows_int(r, 3),
	           rows_text(r, 5), *text ? ": " : "", text);
}

static enum fault put_examples(struct store *s, const struct complaint *c, struct arena *a, struct buf *b, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT method, url, correlation, status, their_id, fault, text, opened_ms, closed_ms FROM (SELECT * FROM attempt WHERE account_id = ?1 "
				  "ORDER BY id DESC LIMIT ?7) WHERE (opened_ms BETWEEN ?2 AND ?3 AND fault <> '' AND fault <> 'OK' AND (?4 = '' OR verb = ?4) AND (?5 = '' OR fault = ?5)) "
				  "OR id = ?6 ORDER BY id = ?6 DESC, id DESC";
	struct rows *r = ASK(s, sql, V(c->account), V(c->since_ms), V(c->until_ms), V(c->verb), V(c->fault), V(c->attempt), V(SEARCHED));

	for (*n = 0; rows_next(r); ++*n)
		if (*n < EXAMPLES)
			put_example(b, r, (int)*n + 1, a);
	return rows_end(r, err);
}

static enum fault name_account(struct store *s, int64_t account, struct arena *a, const char **out, struct err *err)
{
	static const char sql[] = "SELECT channel || CASE marketplaces WHEN '' THEN '' ELSE ', ' || marketplaces END FROM account WHERE id = ?";
	struct rows *r = ASK(s, sql, V(account));

	*out = rows_next(r) ? rows_keep(r, 0, a) : "?";
	return rows_end(r, err);
}

enum fault ticket_text(struct store *s, const char *id, int64_t now_ms, struct arena *a, const char **out, struct err *err)
{
	struct buf b = buf_new(a), examples = buf_new(a);
	struct complaint c = { 0 };
	const char *channel = "";
	int64_t n = 0;
	enum fault f = find_complaint(s, id, now_ms, a, &c, err);

	buf_puts(&examples, "");
	if (!f)
		f = name_account(s, c.account, a, &channel, err);
	if (!f)
		f = put_examples(s, &c, a, &examples, &n, err);
	if (!f && !n)
		f = err_set(err, FAULT_REFUSED, "no failed call of it is on record");
	if (f)
		return f;
	buf_printf(&b, "Subject: %s\n\nPlatform     %s\nCalls        %" PRId64 " failed between %s and %s (UTC)\n", scrubbed(a, c.about), channel, n, iso(a, c.since_ms), iso(a, c.until_ms));
	buf_printf(&b, "Written      %s\n%s\nWhat we ask: why were these calls answered so, and what should we change? The full answers are kept and can be sent.\n", iso(a, now_ms), examples.p);
	*out = b.p;
	return OK;
}
