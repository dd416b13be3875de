/* equation.c: an allocation in words, from the steps that it noted. The interface is in allocation.h. */
#include "trade/allocation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static bool has(const struct outlet *o, enum step step)
{
	return (o->steps & step) != 0;
}

struct words {
	char *p;
	size_t n, cap;
};

static void put(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->p + w->n, w->cap - w->n, fmt, ap);
	va_end(ap);
	w->n = n > 0 && (size_t)n < w->cap - w->n ? w->n + (size_t)n : w->cap - 1;
}

/* 1250 as 12.50, 1200 as 12 */
static void put_percent(struct words *w, int64_t bp)
{
	put(w, "%" PRId64, bp / 100);
	if (bp % 100)
		put(w, ".%02d", (int)(bp % 100));
	put(w, "%%");
}

static void put_pace(struct words *w, int64_t milli)
{
	put(w, "%" PRId64 ".%03d", milli / 1000, (int)(milli % 1000));
}

static void put_buffer(struct words *w, const struct buffer *b, int64_t back)
{
	put(w, " - %" PRId64 " buffer (%" PRId64 "u/", back, b->units);
	put_percent(w, b->bp);
	put(w, ")");
}

static void put_form(struct words *w, const struct buffer *b)
{
	if (b->pack > 1)
		put(w, ", packs of %" PRId64, b->pack);
	if (b->cap >= 0)
		put(w, ", at most %" PRId64, b->cap);
}

static void put_sum(struct words *w, const struct side *s)
{
	put(w, ", %" PRId64, s->part);
	if (s->rest)
		put(w, " + %" PRId64, s->rest);
}

/* What its account got, and by which rule. */
static void put_group(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	put_sum(w, &o->group);
	if (r->split.strategy == ALLOC_FIXED) {
		put(w, " by share (");
		put_percent(w, o->share_bp);
		put(w, ")");
	} else if (r->split.strategy == ALLOC_VELOCITY) {
		put(w, " by pace (");
		put_pace(w, o->group.velocity);
		put(w, " of ");
		put_pace(w, o->pace);
		put(w, " a day)");
	} else {
		put(w, " by margin (cover %" PRId64 "; %" PRId64 " left)", o->group.target, o->group.left);
	}
}

static void put_own(struct words *w, const struct outlet *o)
{
	put_sum(w, &o->own);
	put(w, " of it here (");
	put_pace(w, o->own.velocity > VELOCITY_LEAST ? o->own.velocity : VELOCITY_LEAST);
	put(w, " of ");
	put_pace(w, o->own_pace);
	put(w, " a day)");
}

static void put_allotted(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	if (o->unseen)
		put(w, " - %" PRId64 " dark", o->unseen);
	if (o->tied)
		put(w, " - %" PRId64 " unwritable", o->tied);
	if (o->reserve)
		put(w, " - %" PRId64 " reserve", o->reserve);
	if (has(o, STEP_LAST))
		put(w, o->last ? ", the last ones are shown here" : ", the last ones are shown elsewhere");
	if (has(o, STEP_SPLIT))
		put_group(w, r, o);
	if (has(o, STEP_SPLIT) && has(o, STEP_OFFERS))
		put_own(w, o);
	if (has(o, STEP_REACH))
		put(w, ", at most %" PRId64 " where it is served from", o->reach);
}

static void put_node(struct words *w, const struct outlet *o)
{
	if (has(o, STEP_NODES))
		put(w, ", node %d of %d", o->node, o->nodes);
	if (has(o, STEP_LYING))
		put(w, ", %" PRId64 " of %" PRId64 " at its node", o->at_node, o->node_sum);
	if (has(o, STEP_NODE_MOST))
		put(w, ", at most %" PRId64 " at its node", o->at_node);
}

static void put_steps(struct words *w, const struct outlet *o)
{
	if (o->available <= 0)
		put(w, ", none of ours");
	else if (has(o, STEP_BUFFER))
		put_buffer(w, &o->buffer, o->back);
	if (has(o, STEP_NEVER_FULL))
		put(w, ", never all of it");
	if (o->available > 0)
		put_node(w, o);
	if (has(o, STEP_POOL))
		put(w, ", and %" PRId64 " of fba", o->besides);
	put_form(w, &o->buffer);
	if (o->least > 1)
		put(w, ", under %" PRId64 " none", o->least);
	if (has(o, STEP_LIMIT))
		put(w, ", %" PRId64 " %s", o->most, o->dark ? "shown while it is dark" : "until others show less");
	if (has(o, STEP_STAYS))
		put(w, ", %" PRId64 " stays for less than %" PRId64 " more", o->shown, o->raise);
}

void outlet_explain(const struct alloc_rule *r, const struct outlet *o, char *out, size_t cap)
{
	struct words w = { out, 0, cap };

	if (*o->hold) {
		put(&w, "held at zero: %.120s", o->hold);
	} else if (o->available <= 0 && !has(o, STEP_POOL)) {
		put(&w, "%" PRId64 " available, so 0", o->available);
	} else {
		put(&w, "%" PRId64 " available", o->available);
		if (o->available > 0)
			put_allotted(&w, r, o);
		put_steps(&w, o);
		put(&w, " = %" PRId64, o->qty);
	}
}
