/* counts.c: what a warehouse or a person counted. The interface is in inventory.h. */
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/inventory.h"
#include "trade/ledger.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A reading may take at most this share of units, or of SKUs to zero, at once (decided.md's mass-drop guard: 30 %). */
enum { MOST_QTY = 999999, DROP_PERCENT = 30 };

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* One count of the reading, and what it would do. */
struct taken {
	const struct count *count;
	const char *place;
	int64_t valid_ms;
	struct shelf at;
	int64_t counted; /* to be believed from now on */
	bool skip;       /* it says nothing new */
};

static int by_place_and_sku(const void *p, const void *q)
{
	const struct taken *a = p, *b = q;
	int place = strcmp(a->place, b->place);

	return place ? place : strcmp(a->count->sku, b->count->sku);
}

/* The place that a count without one means: the only one there is, or the first. */
static enum fault first_place(struct store *s, struct arena *a, const char **name, struct err *err)
{
	static const char sql[] = "SELECT name FROM place WHERE kind = 'own' ORDER BY id LIMIT 1";
	struct rows *r = store_ask(s, sql, NULL, 0);

	*name = rows_next(r) ? rows_keep(r, 0, a) : "warehouse";
	return rows_end(r, err);
}

/* The reading in order of place and SKU. Nothing is written before all of it is sound. */
static enum fault line_up(const struct count *c, int n, const char *place, int64_t now_ms, struct taken *t, struct err *err)
{
	for (int i = 0; i < n; i++) {
		bool past = c[i].valid_ms && c[i].valid_ms < now_ms; /* a count from the future would shut out every later one */

		if (!c[i].sku || !*c[i].sku)
			return err_set(err, FAULT_FORMAT, "count %d has no SKU", i + 1);
		if (c[i].qty < 0 || c[i].qty > MOST_QTY)
			return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " is no quantity between 0 and %d", c[i].sku, c[i].qty, MOST_QTY);
		t[i] = (struct taken){ .count = &c[i], .place = *or_empty(c[i].place) ? c[i].place : place };
		t[i].valid_ms = past ? c[i].valid_ms : now_ms;
	}
	qsort(t, (size_t)n, sizeof *t, by_place_and_sku);
	for (int i = 1; i < n; i++)
		if (!by_place_and_sku(&t[i - 1], &t[i]))
			return err_set(err, FAULT_FORMAT, "%.80s stands twice in one reading: which of the two is right?", t[i].count->sku);
	return OK;
}

static enum fault find_shelf(struct store *s, struct taken *t, struct err *err)
{
	static const char sql[] = "SELECT st.counted, st.valid_ms, st.item_id, st.place_id, st.told FROM item i JOIN place p ON p.name = ? "
				  "JOIN stock st ON st.item_id = i.id AND st.place_id = p.id WHERE i.sku = ?";
	struct rows *r = ASK(s, sql, V(t->place), V(t->count->sku));

	if (rows_next(r)) {
		t->at.known = true;
		t->at.counted = rows_int(r, 0);
		t->at.valid_ms = rows_int(r, 1);
		t->at.item = rows_int(r, 2);
		t->at.place = rows_int(r, 3);
		t->at.told = rows_int(r, 4);
	}
	return rows_end(r, err);
}

/*
 * Does it say anything that we do not know? An older count does not; nor does the same number again when nobody says when it was
 * counted: a file that is read once more would put back what has left since.
 */
static bool is_news(const struct taken *t)
{
	if (!t->at.known)
		return true;
	if (!t->count->valid_ms)
		return t->count->qty != t->at.told;
	return t->valid_ms > t->at.valid_ms || (t->valid_ms == t->at.valid_ms && t->counted != t->at.counted);
}

/* Units that left after the count was made are no longer on the shelf it speaks of. */
static enum fault weigh(struct store *s, struct taken *t, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(qty), 0) FROM move WHERE item_id = ? AND place_id = ? AND cause = 'dispatch' AND valid_ms > ?";
	int64_t left = 0;

	if (find_shelf(s, t, err))
		return FAULT_STORE;
	if (t->at.known && t->valid_ms < now_ms && GET_INT(s, err, 0, &left, sql, V(t->at.item), V(t->at.place), V(t->valid_ms)))
		return FAULT_STORE;
	t->counted = t->count->qty + left > 0 ? t->count->qty + left : 0;
	t->skip = !is_news(t);
	return OK;
}

static enum fault guard(struct store *s, const struct taken *t, int n, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(counted), 0), count(*) FROM stock WHERE counted > 0";
	int64_t units = 0, skus = 0, lost = 0, zeroed = 0;
	struct rows *r = store_ask(s, sql, NULL, 0);

	if (rows_next(r)) {
		units = rows_int(r, 0);
		skus = rows_int(r, 1);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	for (int i = 0; i < n; i++)
		if (!t[i].skip) {
			lost += t[i].at.counted - t[i].counted;
			zeroed += t[i].at.counted > 0 && !t[i].counted;
		}
	if (lost * 100 <= units * DROP_PERCENT && zeroed * 100 <= skus * DROP_PERCENT)
		return OK;
	return err_set(err, FAULT_REFUSED,
	               "this reading takes %" PRId64 " of %" PRId64 " units and brings %" PRId64 " of %" PRId64
	               " SKUs to zero; more than %d %% at once wants a second reading or a person",
	               lost, units, zeroed, skus, DROP_PERCENT);
}

static enum fault take_one(struct store *s, struct taken *t, const struct cause *why, struct err *err)
{
	static const char counts[] = "SELECT counts FROM place WHERE id = ?";
	int64_t sells;

	if (place_id(s, t->place, "own", 0, &t->at.place, err) || item_id(s, t->count->sku, t->count->title, why, &t->at.item, err) ||
	    GET_INT(s, err, 1, &sells, counts, V(t->at.place)))
		return FAULT_STORE;
	t->at.counts = sells != 0;
	t->at.told = t->skip ? t->at.told : t->count->qty;
	return t->skip ? OK : ledger_set(s, &t->at, t->counted, t->valid_ms, "count", "", why, err);
}

/* ---- a complete list that leaves a SKU out ---- */

static enum fault tell_missing(struct store *s, const char *place, int64_t missing, const char *first, const struct cause *why,
                               struct err *err)
{
	char key[200], text[240];
	struct alert a = { .key = key, .kind = "count", .severity = "WARN", .subject = place, .text = text,
		           .next = "their last counts stay in force; count them, or write them into the list with 0" };

	snprintf(key, sizeof key, "missing from %.160s", place);
	if (!missing)
		return alert_close(s, key, why->now_ms, err);
	snprintf(text, sizeof text, "%.80s: %" PRId64 " SKUs are missing from a complete reading, the first is %.80s", place, missing, first);
	return alert_raise(s, &a, why->now_ms, err);
}

/* The reading of one place and the shelf rows of that place, both in order of SKU, walked side by side. */
static enum fault find_missing(struct store *s, struct taken *t, int n, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT i.sku FROM stock st JOIN place p ON p.id = st.place_id JOIN item i ON i.id = st.item_id "
				  "WHERE p.name = ? AND st.counted > 0 ORDER BY i.sku";
	struct rows *r = ASK(s, sql, V(t->place));
	char first[120] = "";
	int64_t missing = 0;
	int i = 0;

	while (rows_next(r)) {
		while (i < n && strcmp(t[i].count->sku, rows_text(r, 0)) < 0)
			i++;
		if (i < n && !strcmp(t[i].count->sku, rows_text(r, 0)))
			continue;
		if (!missing++)
			snprintf(first, sizeof first, "%s", rows_text(r, 0));
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return tell_missing(s, t->place, missing, first, why, err);
}

static enum fault hear_places(struct store *s, struct taken *t, int n, bool whole, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET heard_ms = ? WHERE name = ?";

	for (int i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && !strcmp(t[k].place, t[i].place);)
			k++;
		if (RUN(s, err, sql, V(why->now_ms), V(t[i].place)) || (whole && find_missing(s, t + i, k - i, why, err)))
			return FAULT_STORE;
	}
	return OK;
}

/* ---- all of it ---- */

static enum fault take_all(struct store *s, struct arena *a, const struct count *c, int n, bool whole, bool again, const struct cause *why,
                           struct err *err)
{
	struct taken *t = arena_alloc(a, (size_t)(n + 1) * sizeof *t);
	const char *place;
	enum fault f = first_place(s, a, &place, err);

	if (!f)
		f = line_up(c, n, place, why->now_ms, t, err);
	for (int i = 0; i < n && !f; i++)
		f = weigh(s, &t[i], why->now_ms, err);
	if (!f && !again)
		f = guard(s, t, n, err);
	for (int i = 0; i < n && !f; i++)
		f = take_one(s, &t[i], why, err);
	return f ? f : hear_places(s, t, n, whole, why, err);
}

enum fault counts_take(struct store *s, const struct count *c, int n, bool whole, bool again, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f;

	assert(store_in_transaction(s));
	f = take_all(s, a, c, n, whole, again, why, err);
	arena_free(a);
	return f;
}
