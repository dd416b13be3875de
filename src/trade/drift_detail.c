#include "trade/drift_detail.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/atp.h"
#include "trade/marketplaces.h"

#include <inttypes.h>
#include <string.h>

enum { OFFERS = 64, NAMED = 3, CURRENCIES = 4, LOOKED_AT = 200 };

/* ---- what was said ---- */

static enum fault read_said(struct store *s, struct drift_said *d, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT j.state, j.fault, j.text, j.tries, j.due_ms, j.made_ms, coalesce((SELECT max(k.attempt_id) FROM attempt_job k WHERE k.job_id = j.id), 0) "
				  "FROM job j WHERE j.subject_id = ? AND j.verb = 'stock' ORDER BY j.id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(d->offer->id));

	d->state = d->fault = d->text = "";
	if (rows_next(r)) {
		d->state = rows_keep(r, 0, a);
		d->fault = rows_keep(r, 1, a);
		d->text = rows_keep(r, 2, a);
		d->tries = rows_int(r, 3);
		d->due_ms = rows_int(r, 4);
		d->made_ms = rows_int(r, 5);
		d->attempt_id = rows_int(r, 6);
	}
	return rows_end(r, err);
}

static enum fault read_offers(struct store *s, struct drift_detail *d, struct arena *a, struct err *err)
{
	struct offer *offer = &d->offer;
	enum fault f = OK;

	d->n = 1;
	if (d->offer.item)
		f = offers_list(s, d->offer.item, 0, 0, OFFERS, a, &offer, &d->n, err);
	if (!f)
		f = offers_site(s, &d->offer, 1, a, err);
	if (!f)
		f = offers_site(s, offer, d->n, a, err);
	d->said = arena_alloc(a, (size_t)(d->n + 1) * sizeof *d->said);
	for (int i = 0; i < d->n && !f; i++) {
		d->said[i] = (struct drift_said){ .offer = &offer[i] };
		f = read_said(s, &d->said[i], a, err);
	}
	return f;
}

/* ---- why ---- */

static const char *clock_of(struct arena *a, int64_t ms)
{
	char iso[32];

	time_iso_s(ms, iso);
	return arena_strdup(a, iso + strlen("2026-11-20T"));
}

/* The reading that began it: what was so before, and until when. */
static enum fault read_change(struct store *s, struct drift_detail *d, int64_t *was, struct err *err)
{
	static const char sql[] = "SELECT was, was_ms FROM observation WHERE offer_id = ? AND was IS NOT NULL AND was <> seen ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(d->offer.id));

	*was = -1;
	if (rows_next(r)) {
		*was = rows_int(r, 0);
		d->since_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

static const struct drift_said *own(const struct drift_detail *d)
{
	for (int i = 0; i < d->n; i++)
		if (d->said[i].offer->id == d->offer.id)
			return &d->said[i];
	return NULL;
}

static const char *cause_words(const struct drift_detail *d, int64_t was, struct arena *a)
{
	const struct offer *o = &d->offer;
	const struct drift_said *last = own(d);

	if (!strcmp(o->cause, "CHANNEL_EDIT") && was >= 0)
		return arena_printf(a, "somebody changed %" PRId64 " to %" PRId64 " there after %s; not us", was, o->seen, clock_of(a, d->since_ms));
	if (!strcmp(o->cause, "NOT_APPLIED"))
		return arena_printf(a, "they took %" PRId64 " at %s and still show %" PRId64, o->pushed, clock_of(a, o->pushed_ms), o->seen);
	if (!strcmp(o->cause, "IN_FLIGHT_ORDER"))
		return "likely sold there, and the order is not here yet";
	if (!strcmp(o->cause, "RETURN_FIRST"))
		return "a returned unit is on sale there before it was counted here";
	if (!strcmp(o->cause, "MAPPING"))
		return "it stands for no item of ours: nothing is ever said of it";
	if (!strcmp(o->cause, "TRUTH_STALE"))
		return "our own count is too old to judge by";
	if (last && *last->fault)
		return arena_printf(a, "what we said did not arrive: %s%s%s", last->fault, *last->text ? ", " : "", last->text);
	return o->drift ? "not known" : "it shows what was said";
}

/* ---- what it may cost ---- */

struct sums {
	char currency[CURRENCIES][4];
	int64_t minor[CURRENCIES];
	int n;
};

static void add(struct sums *s, const char *currency, int64_t minor)
{
	int i = 0;

	while (i < s->n && strcmp(s->currency[i], currency))
		i++;
	if (i == CURRENCIES || strlen(currency) > 3)
		return;
	if (i == s->n)
		memcpy(s->currency[s->n++], currency, strlen(currency) + 1);
	s->minor[i] += minor;
}

static const char *money_words(const struct sums *s, struct arena *a)
{
	struct buf b = buf_new(a);
	char text[40];

	for (int i = 0; i < s->n; i++) {
		text_money(s->minor[i], s->currency[i], text);
		buf_printf(&b, "%s%s", i ? ", " : "", text);
	}
	return b.len ? b.p : "";
}

/* The newest open orders of it, until what is missing is covered: those cannot be filled. */
static enum fault read_short(struct store *s, struct drift_detail *d, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT o.ref, l.reserves, o.currency, l.price_minor FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? AND l.reserves > 0 AND l.taken = 0 ORDER BY o.placed_ms DESC, o.id DESC LIMIT ?";
	int64_t missing = -d->offer.available;
	struct buf refs = buf_new(a);
	struct sums sums = { .n = 0 };
	struct rows *r = ASK(s, sql, V(d->offer.item), V((int)LOOKED_AT));

	while (missing > 0 && rows_next(r)) {
		missing -= rows_int(r, 1);
		if (d->orders++ < NAMED)
			buf_printf(&refs, "%s%s", d->orders > 1 ? ", " : "", rows_text(r, 0));
		d->units += rows_int(r, 1);
		add(&sums, rows_text(r, 2), rows_int(r, 3));
	}
	d->money = money_words(&sums, a);
	d->refs = refs.len ? refs.p : "";
	return rows_end(r, err);
}

static const char *next_words(const struct drift_detail *d)
{
	const struct offer *o = &d->offer;

	if (!o->item)
		return "map it to an item (tallyman map set), then it is said what there is";
	if (offer_unwritable(o))
		return offer_unwritable(o);
	if (*o->hold)
		return "it is held at zero: lift it on screen 6 when the reason is over";
	if (o->risk > 0)
		return "a z hold it at zero (preview)   a p say our number again now   t timeline   x explain";
	return o->drift ? "a p say our number again now   a z hold it at zero   t timeline   x explain" : "nothing: t timeline   x explain";
}

enum fault drift_detail(struct store *s, int64_t offer, struct arena *a, struct drift_detail *out, struct err *err)
{
	struct atp atp;
	int64_t was = -1;
	enum fault f;

	*out = (struct drift_detail){ .sum = "", .cause = "", .money = "", .refs = "", .next = "" };
	f = offer_get(s, offer, a, &out->offer, err);
	if (!f)
		f = read_offers(s, out, a, err);
	if (!f)
		f = read_change(s, out, &was, err);
	if (!f && out->offer.item)
		f = atp_of(s, out->offer.item, NULL, NULL, a, &atp, err);
	if (!f && out->offer.item)
		out->sum = atp_words(&atp, a);
	if (!f && out->offer.item && out->offer.available < 0)
		f = read_short(s, out, a, err);
	if (f)
		return f;
	out->cause = cause_words(out, was, a);
	out->next = next_words(out);
	return OK;
}
