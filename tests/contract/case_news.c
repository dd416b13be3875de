/* case_news.c: struct news as text, every field that says something on a line of its own or in a fixed place. */
#include "tests/contract/case.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

static const char *time_text(struct arena *a, int64_t ms)
{
	char *out = arena_alloc(a, 32);

	time_iso_s(ms, out);
	return out;
}

static const char *money(struct arena *a, int64_t minor, const char *currency)
{
	char *out = arena_alloc(a, 48);

	text_money(minor, currency ? currency : "USD", out);
	return out;
}

static void put(struct buf *b, const char *name, const char *value)
{
	if (value && *value)
		buf_printf(b, "  %s %s\n", name, value);
}

static void put_time(struct buf *b, const char *name, int64_t ms)
{
	if (ms)
		buf_printf(b, "  %s %s\n", name, time_text(b->arena, ms));
}

/* ", WORD VALUE" or nothing. */
static void also(struct buf *b, const char *word, const char *value)
{
	if (value && *value)
		buf_printf(b, "%s%s", word, value);
}

static void put_line(struct buf *b, const struct order *o, const struct order_line *l)
{
	static const char *const names[ORDER_STATES] = { "PENDING", "NEW", "ACKED", "RELEASED", "PICKING",
		                                         "PACKED", "SHIPPED", "DELIVERED", "CANCELLED", "UNKNOWN" };

	buf_printf(b, "  line %s %s x%" PRId64 ":", l->ref, l->sku, l->qty);
	for (int s = 0; s < ORDER_STATES; s++)
		if (l->bucket[s])
			buf_printf(b, " %s %" PRId64, names[s], l->bucket[s]);
	also(b, "; ", money(b->arena, l->price_minor, o->currency));
	also(b, ", tax ", l->tax_minor ? money(b->arena, l->tax_minor, o->currency) : NULL);
	also(b, ", shipping ", l->ship_minor ? money(b->arena, l->ship_minor, o->currency) : NULL);
	also(b, "; says ", l->raw_state);
	also(b, "; money ", l->money);
	also(b, "; handle ", l->handle);
	if (l->tracking)
		buf_printf(b, "; %s %s", l->carrier ? l->carrier : "?", l->tracking);
	also(b, "; ", l->title);
	buf_putc(b, '\n');
}

static void put_person(struct buf *b, const struct person *p)
{
	const char *part[] = { p->name, p->email, p->phone, p->address1, p->address2, p->city, p->state, p->postal, p->country };

	buf_puts(b, "  person");
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		buf_printf(b, "%s %s", i ? " |" : "", part[i] ? part[i] : "-");
	also(b, "; bought by ", p->buyer);
	buf_putc(b, '\n');
}

static void put_flags(struct buf *b, int flags)
{
	if (flags)
		buf_printf(b, "  flags%s%s%s%s\n", flags & ORDER_HOLD ? " HOLD" : "", flags & ORDER_CANCEL_REQ ? " CANCEL_REQ" : "",
		           flags & ORDER_EXCEPTION ? " EXCEPTION" : "", flags & ORDER_READ_ONLY ? " READ_ONLY" : "");
}

static void put_order(struct buf *b, const struct order *o)
{
	buf_printf(b, "order %s at %s\n", o->ref, o->path);
	put(b, "other", o->other_ref);
	put(b, "marketplace", o->marketplace);
	put(b, "says", o->raw_state);
	put_time(b, "placed", o->placed_ms);
	put_time(b, "updated", o->updated_ms);
	put_time(b, "acknowledge by", o->ack_by_ms);
	put_time(b, "ship by", o->ship_by_ms);
	put_time(b, "deliver by", o->deliver_by_ms);
	put_time(b, "cancelled at", o->cancel_by_ms);
	put_flags(b, o->flags);
	if (o->whose_untold)
		buf_puts(b, "  whose it is to fulfil is not told\n");
	buf_printf(b, "  total %s, tax %s, shipping %s\n", money(b->arena, o->total_minor, o->currency), money(b->arena, o->tax_minor, o->currency),
	           money(b->arena, o->ship_minor, o->currency));
	put(b, "service", o->service);
	put(b, "node", o->node);
	if (o->person)
		put_person(b, o->person);
	put(b, "country", o->country);
	for (int i = 0; i < o->lines; i++)
		put_line(b, o, &o->line[i]);
}

static void put_seen(struct buf *b, const struct seen *s)
{
	buf_printf(b, "seen %s: ", s->sku);
	buf_printf(b, s->qty < 0 ? "no quantity" : "%" PRId64, s->qty);
	if (s->reserved)
		buf_printf(b, ", reserved %" PRId64 ", sells %" PRId64, s->reserved, s->sellable);
	also(b, ", pool ", s->pool);
	also(b, ", marketplace ", s->marketplace);
	also(b, ", node ", s->node);
	also(b, ", type ", s->product_type);
	also(b, ", ref ", s->ref);
	also(b, ", listing ", s->listing);
	also(b, ", item ", s->item_ref);
	also(b, ", flags ", s->flags);
	also(b, ", blocked: ", s->block);
	also(b, ", ", s->title);
	buf_printf(b, "; at %s\n", s->path);
}

static void put_count(struct buf *b, const struct count *c)
{
	buf_printf(b, "count %s: %" PRId64, c->sku, c->qty);
	also(b, " ", c->unit);
	if (c->committed)
		buf_printf(b, ", committed %" PRId64, c->committed);
	also(b, ", at ", c->place);
	also(b, ", ", c->title);
	also(b, ", counted ", c->valid_ms ? time_text(b->arena, c->valid_ms) : NULL);
	buf_putc(b, '\n');
}

static void put_feed(struct buf *b, const struct feed *f)
{
	buf_printf(b, "feed %s: %s %s, %" PRId64 " items, %" PRId64 " good, %" PRId64 " bad, %" PRId64 " waiting", f->id, f->type ? f->type : "?",
	           f->state, f->items, f->good, f->bad, f->waiting);
	also(b, ", made ", f->made_ms ? time_text(b->arena, f->made_ms) : NULL);
	also(b, ", named ", f->name);
	also(b, ", for ", f->marketplace);
	also(b, ", report ", f->report);
	buf_puts(b, f->lost ? ", lost\n" : f->ended ? ", ended\n" : "\n");
}

static void put_item(struct buf *b, const struct item_told *i)
{
	if (i->msg)
		buf_printf(b, "item %" PRId64, i->msg);
	else
		buf_printf(b, "item %s", i->sku);
	also(b, " at ", i->node);
	buf_printf(b, ": %s", i->waiting ? "waiting" : fault_name(i->fault));
	also(b, ", ", i->text);
	buf_putc(b, '\n');
}

static void put_identity(struct buf *b, const struct identity *i)
{
	buf_printf(b, "identity %s: %s %s; at %s\n", i->sku, i->kind, i->value, i->path);
}

static void put_product(struct buf *b, const struct product *p)
{
	buf_printf(b, "product %s:%s", p->sku, p->active ? "" : " inactive");
	also(b, " their ", p->code);
	if (p->unit)
		buf_printf(b, ", %s of %" PRId64, p->unit, p->eaches);
	also(b, ", ", p->currency ? money(b->arena, p->price_minor, p->currency) : NULL);
	also(b, ", ", p->title);
	buf_printf(b, "; at %s\n", p->path);
}

static void put_site(struct buf *b, const struct site *s)
{
	buf_printf(b, "site %s: %s, %s%s\n", s->code, s->name ? s->name : "?", s->kind, s->active ? "" : ", inactive");
}

static void put_dispatch(struct buf *b, const struct dispatch *d)
{
	buf_printf(b, "dispatch %s: %s, %staken; says %s; at %s\n", d->ref, d->state, d->taken ? "" : "not ", d->raw_state, d->path);
	put(b, "their", d->their_ref);
	put(b, "place", d->place);
	put_time(b, "made", d->made_ms);
	put_time(b, "updated", d->updated_ms);
	put_time(b, "gone", d->gone_ms);
	if (d->tracking)
		buf_printf(b, "  %s %s\n", d->carrier ? d->carrier : "?", d->tracking);
	for (int i = 0; i < d->lines; i++)
		buf_printf(b, "  line %s x%" PRId64 "%s%s\n", d->line[i].sku, d->line[i].qty, d->line[i].unit ? " " : "", d->line[i].unit ? d->line[i].unit : "");
}

static void put_quota(struct buf *b, const struct quota *q)
{
	buf_printf(b, "quota %s: %" PRId64 " of %" PRId64, q->bucket, q->left, q->limit);
	if (q->restore > 0)
		buf_printf(b, ", %" PRId64 " a second", q->restore);
	also(b, ", anew ", q->reset_ms ? time_text(b->arena, q->reset_ms) : NULL);
	buf_putc(b, '\n');
}

static void put_receipt(struct buf *b, const struct receipt *r)
{
	buf_printf(b, "receipt %d: %s%s", r->job, fault_name(r->fault), r->stale ? ", stale" : r->final ? ", final" : "");
	also(b, ", their ", r->ref);
	also(b, ": ", r->text);
	buf_putc(b, '\n');
}

static void put_follow(struct buf *b, const struct job_plan *p)
{
	buf_printf(b, "follow %s %s", verb_name(p->verb), p->subject);
	for (int i = 0; p->payload && i < p->payload->n; i++)
		buf_printf(b, " %s=%s", p->payload->field[i].key, p->payload->field[i].value);
	if (p->due_ms)
		buf_printf(b, " after %" PRId64 " ms", p->due_ms);
	buf_putc(b, '\n');
}

/* What sources of truth and cross-references tell. */
static void put_truth(struct buf *b, const struct news *n)
{
	for (int i = 0; i < n->identities; i++)
		put_identity(b, &n->identity[i]);
	for (int i = 0; i < n->products; i++)
		put_product(b, &n->product[i]);
	for (int i = 0; i < n->sites; i++)
		put_site(b, &n->site[i]);
	for (int i = 0; i < n->gones; i++)
		buf_printf(b, "gone of %s: line %s x%" PRId64 "\n", n->gone_of, n->gone[i].line, n->gone[i].units);
	for (int i = 0; i < n->dispatches; i++)
		put_dispatch(b, &n->dispatch[i]);
	for (int i = 0; i < n->quotas; i++)
		put_quota(b, &n->quota[i]);
	if (n->reading)
		buf_printf(b, "reading %s, %s\n", n->reading, n->counts_whole ? "whole" : "to be continued");
}

static void put_rest(struct buf *b, const struct news *n)
{
	if (n->has_page)
		buf_printf(b, n->next_page ? "page next %s\n" : "page last\n", n->next_page);
	if (n->token)
		buf_printf(b, "token %s for %" PRId64 " s\n", n->token, n->token_life_s);
	if (n->offset_ms)
		buf_printf(b, "their clock is %+" PRId64 " ms from ours\n", n->offset_ms);
	if (n->out)
		buf_printf(b, "out %s\n", *n->out ? n->out : "nothing");
	if (n->scopes)
		buf_printf(b, "scopes %s\n", n->scopes);
}

const char *case_news(struct arena *a, const struct news *n, enum fault fault, const struct err *err)
{
	struct buf b = buf_new(a);

	if (fault) {
		buf_printf(&b, "fault %s: %s\n%s", fault_name(fault), err->text, n->no_order ? "they have no such order\n" : "");
		return b.p;
	}
	for (int i = 0; i < n->orders; i++)
		put_order(&b, &n->order[i]);
	for (int i = 0; i < n->seens; i++)
		put_seen(&b, &n->seen[i]);
	for (int i = 0; i < n->counts; i++)
		put_count(&b, &n->count[i]);
	put_truth(&b, n);
	for (int i = 0; i < n->feeds; i++)
		put_feed(&b, &n->feed[i]);
	for (int i = 0; i < n->items; i++)
		put_item(&b, &n->item[i]);
	if (n->items_rest)
		buf_puts(&b, "items: the rest was taken\n");
	for (int i = 0; i < n->receipts; i++)
		put_receipt(&b, &n->receipt[i]);
	for (int i = 0; i < n->parkeds; i++)
		buf_printf(&b, "parked %s %s at %s: %s\n", n->parked[i].class, n->parked[i].subject, n->parked[i].path, n->parked[i].text);
	for (int i = 0; i < n->odds; i++)
		buf_printf(&b, "odd %s at %s in %s\n", n->odd[i].word, n->odd[i].path, n->odd[i].subject);
	for (int i = 0; i < n->follows; i++)
		put_follow(&b, &n->follow[i]);
	put_rest(&b, n);
	return b.len ? b.p : "nothing\n";
}
