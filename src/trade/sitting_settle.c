/* sitting_settle.c: what was decided in a session, carried out in one plan; its end and its digest. The interface is in sitting.h. */
#include "trade/sitting.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/aim.h"
#include "trade/audit.h"
#include "trade/inventory.h"
#include "trade/mapping.h"
#include "trade/offers.h"
#include "trade/reconcile.h"
#include "trade/zero.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* ---- in words ---- */

static const char *name_of(const struct sitting_row *r, struct arena *a)
{
	return arena_printf(a, "%s %s%s%s", r->account_name, r->sku, *r->marketplace ? " " : "", r->marketplace);
}

/* "they show 9" or, when that moved since, "they showed 12, and show 9 now" */
static const char *shown_of(const struct sitting_row *r, struct arena *a)
{
	if (r->now_seen == r->observed)
		return arena_printf(a, "they show %" PRId64, r->now_seen);
	return arena_printf(a, "they showed %" PRId64 ", and show %" PRId64 " now", r->observed, r->now_seen);
}

static void word_push(const struct sitting_row *r, const struct offer *o, struct arena *a, struct settle_step *out)
{
	out->skip = !o->drift && !strcmp(o->push_state, "APPLIED");
	out->text = out->skip       ? "it shows our number by now"
	            : o->target < 0 ? "nobody has reckoned its quantity yet"
	                            : arena_printf(a, "say %" PRId64 " (%s)", o->target, shown_of(r, a));
	out->skip |= o->target < 0;
}

static void word_accept(const struct sitting_row *r, const struct offer *o, struct arena *a, struct settle_step *out)
{
	const char *never = sitting_no_accept(o, o->seen, o->available, a);

	out->skip = *o->hold || never;
	out->text = *o->hold ? "it is held at zero" : never ? never : arena_printf(a, "accept %" PRId64 " until our own number moves", r->now_seen);
}

static enum fault word_hold(struct store *s, const struct sitting_row *r, const struct offer *o, struct arena *a, struct settle_step *out, struct err *err)
{
	bool rules = false;
	enum fault f = zero_held_by_rule(s, o, &rules, err);

	out->skip = *o->hold && !rules;
	out->text = out->skip ? "it is held at zero already"
	                      : arena_printf(a, "hold at zero (%s)%s", shown_of(r, a), rules ? ": a rule holds it, from now on only a person lets go of it" : "");
	return f;
}

static enum fault word_step(struct store *s, const struct sitting_row *r, struct arena *a, struct settle_step *out, struct err *err)
{
	struct offer o;
	enum fault f = offer_get(s, r->offer, a, &o, err);

	*out = (struct settle_step){ .n = r->n, .offer = r->offer, .account_name = r->account_name, .name = name_of(r, a) };
	if (f)
		return f;
	if ((!strcmp(r->decision, "push") || !strcmp(r->decision, "hold")) && offer_unwritable(&o)) {
		out->skip = true;
		out->text = offer_unwritable(&o);
	} else if (!strcmp(r->decision, "push")) {
		word_push(r, &o, a, out);
	} else if (!strcmp(r->decision, "hold")) {
		return word_hold(s, r, &o, a, out, err);
	} else if (!strcmp(r->decision, "accept")) {
		word_accept(r, &o, a, out);
	} else if (!strcmp(r->decision, "remap")) {
		out->text = arena_printf(a, "stands for %" PRId64 " x %s from now on", r->pack, r->item);
	} else {
		out->text = arena_printf(a, "ignore this difference (%s): %s", shown_of(r, a), r->reason);
	}
	return OK;
}

enum fault sitting_steps(struct store *s, int64_t id, struct arena *a, struct settle_step **out, int *n, struct err *err)
{
	struct sitting_row *row;
	int got;
	enum fault f = sitting_rows(s, id, 0, SITTING_MOST, a, &row, &got, err);

	*n = 0;
	*out = arena_alloc(a, (size_t)(SITTING_MOST + 1) * sizeof **out);
	for (int i = 0; i < got && !f; i++)
		if (*row[i].decision && !row[i].done_ms)
			f = word_step(s, &row[i], a, &(*out)[(*n)++], err);
	return f;
}

/* ---- carrying out ---- */

struct settling {
	struct store *s;
	struct arena *a;
	const struct cause *why;
	int64_t session, intent, zero;
	int64_t *held; /* offers to hold, all by one zero-out */
	int helds;
	int done;
};

static enum fault remap(struct settling *x, const struct sitting_row *r, struct err *err)
{
	struct item item;
	struct offer o;
	int changed;
	enum fault f = item_get(x->s, r->item, x->a, &item, err);

	if (!f)
		f = offer_get(x->s, r->offer, x->a, &o, err);
	return f ? f : mapping_set(x->s, o.account, o.sku, item.id, r->pack, "person", x->why, &changed, err);
}

static enum fault carry(struct settling *x, const struct sitting_row *r, int64_t *job, struct err *err)
{
	*job = 0;
	if (!strcmp(r->decision, "push"))
		return offer_say(x->s, r->offer, true, x->intent, x->why, job, err);
	if (!strcmp(r->decision, "hold")) {
		x->held[x->helds++] = r->offer;
		return OK;
	}
	if (!strcmp(r->decision, "accept"))
		return offer_accept_seen(x->s, r->offer, x->why, err);
	return strcmp(r->decision, "remap") ? OK : remap(x, r, err);
}

static enum fault mark(struct settling *x, const struct sitting_row *r, const struct settle_step *step, int64_t job, struct err *err)
{
	static const char sql[] = "UPDATE sitting_row SET done_ms = ?, job_id = ?, result = ? WHERE sitting_id = ? AND n = ?";

	x->done += !step->skip;
	return RUN(x->s, err, sql, V(x->why->now_ms), job ? V(job) : V_NULL, V(step->skip ? arena_printf(x->a, "left out: %s", step->text) : step->text),
	           V(x->session), V(r->n));
}

static enum fault settle_row(struct settling *x, const struct sitting_row *r, struct err *err)
{
	struct settle_step step;
	int64_t job = 0;
	enum fault f = word_step(x->s, r, x->a, &step, err);

	/* said first, so that what is done to the offer does not count as another difference */
	if (!f && !step.skip)
		f = rec_said(x->s, r->offer, r->rec_row, r->decision, r->reason, x->why, err);
	if (!f && !step.skip)
		f = carry(x, r, &job, err);
	if (!f && job)
		f = rec_corrects(x->s, r->offer, job, err);
	return f ? f : mark(x, r, &step, job, err);
}

static enum fault hold_all(struct settling *x, struct err *err)
{
	const char *two = NULL, *name = arena_printf(x->a, "session %" PRId64, x->session);
	int held;
	enum fault f = x->helds ? zero_needs_two(x->s, x->held, x->helds, x->a, &two, err) : OK;

	if (!f && two)
		f = err_set(err, FAULT_REFUSED, "so many offers are not held by one person: %.120s; hold them with `tallyman zero`", two);
	return f || !x->helds ? f : zero_begin(x->s, x->held, x->helds, &(struct zero_ask){ .scope = name, .reason = name, .intent = x->intent }, x->why, &x->zero, &held, err);
}

/* ---- its end ---- */

static void put_cell(struct buf *b, const char *text)
{
	char clean[1024], cell[2100];

	text_clean(clean, sizeof clean, text);
	text_csv(cell, sizeof cell, clean);
	buf_printf(b, ",%s", cell);
}

static void put_line(struct buf *b, const struct sitting_row *r, struct arena *a)
{
	const int64_t numbers[] = { r->target, r->expected, r->observed, r->available, r->delta, r->seen_ms };
	const char *words[] = { r->cause, r->decision, r->reason, r->item, r->decided_by, r->result };

	buf_printf(b, "%" PRId64, r->n);
	put_cell(b, r->account_name);
	put_cell(b, r->marketplace);
	put_cell(b, r->node);
	put_cell(b, r->sku);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		buf_printf(b, ",%" PRId64, numbers[i]);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		put_cell(b, words[i]);
	buf_printf(b, ",%s\n", r->job ? arena_printf(a, "%" PRId64, r->job) : "");
}

enum fault sitting_text(struct store *s, int64_t id, struct arena *a, const char **text, struct err *err)
{
	struct buf b = buf_new(a);
	struct sitting_row *row;
	int got;
	enum fault f = sitting_rows(s, id, 0, SITTING_MOST, a, &row, &got, err);

	buf_puts(&b, "row,account,marketplace,node,sku,target,expected,observed,available,delta,seen_ms,cause,decision,reason,item,by,result,job\n");
	for (int i = 0; i < got && !f; i++)
		put_line(&b, &row[i], a);
	*text = b.p;
	return f;
}

static enum fault end(struct settling *x, struct err *err)
{
	static const char left[] = "SELECT count(*) FROM sitting_row WHERE sitting_id = ? AND done_ms = 0";
	static const char sql[] = "UPDATE sitting SET state = 'ENDED', ended_ms = ?, digest = ?, audit_n = ?, audit_head = ? WHERE id = ?";
	char digest[65], head[65];
	const char *text;
	int64_t open, n;
	enum fault f = GET_INT(x->s, err, 1, &open, left, V(x->session));

	if (f || open)
		return f;
	f = sitting_text(x->s, x->session, x->a, &text, err);
	if (f)
		return f;
	sha256_hex(text, strlen(text), digest);
	f = audit_add(x->s, x->why, "session", arena_printf(x->a, "session:%" PRId64, x->session), digest, err);
	if (!f)
		f = audit_head(x->s, &n, head, err);
	return f ? f : RUN(x->s, err, sql, V(x->why->now_ms), V(digest), V(n), V(head), V(x->session));
}

enum fault sitting_settle(struct store *s, int64_t id, int64_t intent, const struct cause *why, int *done, struct err *err)
{
	struct arena *a = arena_new();
	struct settling x = { .s = s, .a = a, .why = why, .session = id, .intent = intent };
	struct sitting_row *row;
	struct sitting it;
	int got = 0;
	enum fault f = sitting_get(s, id, a, &it, err);

	assert(store_in_transaction(s));
	if (!f && strcmp(it.state, "OPEN"))
		f = err_set(err, FAULT_REFUSED, "session %" PRId64 " has ended", id);
	if (!f)
		f = sitting_rows(s, id, 0, SITTING_MOST, a, &row, &got, err);
	x.held = arena_alloc(a, (size_t)(got + 1) * sizeof *x.held);
	for (int i = 0; i < got && !f; i++)
		if (*row[i].decision && !row[i].done_ms)
			f = settle_row(&x, &row[i], err);
	if (!f)
		f = hold_all(&x, err);
	if (!f)
		f = end(&x, err);
	*done = x.done;
	arena_free(a);
	return f;
}
