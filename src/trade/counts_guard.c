/*
 * counts_guard.c: may so much go at once? A list that lost its rows looks like a warehouse that sold out.
 *
 * What is held back is remembered, of the goods it had fewer of. The next reading of the same place is believed where it goes no further than
 * that: a warehouse that works tells no two readings alike, so the same drop is wanted and not the same bytes.
 */
#include "trade/counts_inside.h"

#include <inttypes.h>
#include <string.h>

/* A reading may take at most this share of units, or of SKUs to zero, at once. */
enum { DROP_PERCENT = 30, FEW_SKUS = 5 };

struct drop {
	int64_t lost, zeroed; /* units, SKUs */
	int64_t units, skus;  /* of so many */
};

/* ---- what the last one said that was held back ---- */

static enum fault doubt_one(const struct taking *x, const struct taken *t, struct err *err)
{
	static const char sql[] = "INSERT INTO doubted (account_id, place, sku, counted) VALUES (?, ?, ?, ?)";

	return RUN(x->s, err, sql, V(x->of->account), V(t->place), V(t->count->sku), V(t->counted));
}

/* Who tells all its places in one reading says each time which there are: nothing of an older one is left. */
enum fault counts_doubt_over(const struct taking *x, struct err *err)
{
	static const char sql[] = "DELETE FROM doubted WHERE account_id = ?1 AND (place = ?2 OR EXISTS (SELECT 1 FROM account WHERE id = ?1 AND by_place = 0))";

	for (int i = 0; i < x->n && x->of->account; i = counts_run_end(x, i))
		if (RUN(x->s, err, sql, V(x->of->account), V(x->t[i].place)))
			return FAULT_STORE;
	return OK;
}

static enum fault doubt(const struct taking *x, struct err *err)
{
	enum fault f = counts_doubt_over(x, err);

	for (const struct taken *t = x->t; t < x->t + x->n && !f && x->of->account; t++)
		if (!t->skip && t->counted < t->at.counted)
			f = doubt_one(x, t, err);
	return f;
}

/* Of how many does it take anything? What was said before and held back is no loss of this reading. */
static enum fault known_before(const struct taking *x, const struct taken *t, int64_t *from, struct err *err)
{
	static const char sql[] = "SELECT counted FROM doubted WHERE account_id = ? AND place = ? AND sku = ?";
	int64_t said;

	if (GET_INT(x->s, err, t->at.counted, &said, sql, V(x->of->account), V(t->place), V(t->count->sku)))
		return FAULT_STORE;
	*from = said < t->counted ? t->counted : said < t->at.counted ? said : t->at.counted;
	return OK;
}

/* ---- how much of it goes ---- */

/* SKUs that are there, at the places that it speaks of: of one place all may be nonsense, and be little of the whole. */
static enum fault skus_there(const struct taking *x, int64_t *skus, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM stock st JOIN place p ON p.id = st.place_id WHERE p.name = ? AND st.counted > 0";
	int64_t n;

	*skus = 0;
	for (int i = 0; i < x->n; i = counts_run_end(x, i)) {
		if (GET_INT(x->s, err, 0, &n, sql, V(x->t[i].place)))
			return FAULT_STORE;
		*skus += n;
	}
	return OK;
}

static enum fault add_loss(const struct taking *x, const struct taken *t, struct drop *d, struct err *err)
{
	int64_t from = t->at.counted;

	if (t->counted < from && known_before(x, t, &from, err))
		return FAULT_STORE;
	d->lost += from - t->counted;
	d->zeroed += from > 0 && !t->counted;
	return OK;
}

static enum fault drop_of(const struct taking *x, struct drop *d, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(counted), 0), count(*) FROM stock WHERE counted > 0";
	struct rows *r = store_ask(x->s, sql, NULL, 0);
	int64_t here;

	*d = (struct drop){ 0 };
	if (rows_next(r)) {
		d->units = rows_int(r, 0);
		d->skus = rows_int(r, 1);
	}
	if (rows_end(r, err) || skus_there(x, &here, err))
		return FAULT_STORE;
	for (const struct taken *t = x->t; t < x->t + x->n; t++)
		if (!t->skip && add_loss(x, t, d, err))
			return FAULT_STORE;
	if (d->zeroed >= FEW_SKUS && d->zeroed * 100 > here * DROP_PERCENT)
		d->skus = here;
	return OK;
}

enum fault counts_guard(const struct taking *x, struct err *err)
{
	struct drop d;

	if (drop_of(x, &d, err))
		return FAULT_STORE;
	if (d.lost * 100 <= d.units * DROP_PERCENT && d.zeroed * 100 <= d.skus * DROP_PERCENT)
		return OK;
	if (doubt(x, err))
		return FAULT_STORE;
	return err_set(err, FAULT_REFUSED,
	               "this reading takes %" PRId64 " of %" PRId64 " units and brings %" PRId64 " of %" PRId64
	               " SKUs to zero; more than %d %% at once wants a second reading or a person",
	               d.lost, d.units, d.zeroed, d.skus, DROP_PERCENT);
}
