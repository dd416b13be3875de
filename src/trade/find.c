/*
 * find.c: what does this id mean? Each question goes through an index, so that an id of ten million orders is found at once.
 */
#include "trade/views.h"

#include "base/text.h"
#include "store/store.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum { MOST = 20 }; /* of each kind */

struct finder {
	struct store *s;
	struct arena *a;
	struct found *found;
	int n, cap;
	struct err *err;
};

static void add(struct finder *f, enum found_kind kind, int64_t id, const char *words)
{
	for (int i = 0; i < f->n; i++)
		if (f->found[i].kind == kind && f->found[i].id == id)
			return; /* found by another of its names already */
	f->found = arena_grow(f->a, f->found, f->n, &f->cap, sizeof *f->found);
	f->found[f->n++] = (struct found){ kind, id, words };
}

/* Rows of (id, words). */
static enum fault take(struct finder *f, enum found_kind kind, struct rows *r)
{
	while (rows_next(r))
		add(f, kind, rows_int(r, 0), rows_keep(r, 1, f->a));
	return rows_end(r, f->err);
}

/* ---- what each kind is called ---- */

#define ORDERS "SELECT o.id, 'order ' || o.ref || ' of ' || c.name FROM orders o JOIN account c ON c.id = o.account_id WHERE "
#define ATTEMPTS "SELECT t.id, t.verb || ' to ' || c.name || ', ' || t.op FROM attempt t JOIN account c ON c.id = t.account_id WHERE "
#define JOBS "SELECT j.id, 'job ' || j.verb || ' of ' || c.name || ' ' || j.subject || ', ' || j.state FROM job j JOIN account c ON c.id = j.account_id WHERE "
#define INTENTS "SELECT i.id, 'decision: ' || i.kind || ', ' || i.state || ' by ' || i.actor FROM intent i WHERE "
#define ALERTS "SELECT l.id, l.severity || ' ' || l.text FROM alert l WHERE "
#define ZEROS "SELECT z.id, 'zero-out Z-' || z.id || CASE WHEN z.lifted_ms > 0 THEN ', lifted: ' ELSE ': ' END || z.scope || ', ' || z.reason FROM zero_out z WHERE "
#define ITEMS "SELECT i.id, 'item ' || i.sku || ' ' || i.title FROM item i WHERE "

#define OFFERS                                                                                                                      \
	"SELECT f.id, 'offer ' || f.sku || ' on ' || c.name || CASE WHEN f.item_id IS NULL THEN ', not mapped' ELSE '' END FROM offer f " \
	"JOIN account c ON c.id = f.account_id WHERE "

/* "job:12": this row of that table. */
static enum fault by_number(struct finder *f, const char *id)
{
	static const char order[] = ORDERS "o.id = ?", attempt[] = ATTEMPTS "t.id = ?", job[] = JOBS "j.id = ?", intent[] = INTENTS "i.id = ?",
			  alert[] = ALERTS "l.id = ?", item[] = ITEMS "i.id = ?", offer[] = OFFERS "f.id = ?";
	static const struct {
		const char *prefix, *sql;
		enum found_kind kind;
	} known[] = {
		{ "order:", order, FOUND_ORDER }, { "attempt:", attempt, FOUND_ATTEMPT }, { "call:", attempt, FOUND_ATTEMPT },
		{ "job:", job, FOUND_JOB },       { "intent:", intent, FOUND_INTENT },    { "alert:", alert, FOUND_ALERT },
		{ "I-", alert, FOUND_ALERT },     { "i-", alert, FOUND_ALERT },           { "item:", item, FOUND_ITEM },
		{ "offer:", offer, FOUND_OFFER },
	};
	enum fault bad = OK;
	int64_t n;

	for (size_t i = 0; i < sizeof known / sizeof *known && !bad; i++) {
		size_t len = strlen(known[i].prefix);

		if (!strncmp(id, known[i].prefix, len) && text_int(id + len, 1, INT64_MAX, &n))
			bad = take(f, known[i].kind, ASK(f->s, known[i].sql, V(n)));
	}
	return bad;
}

static enum fault by_order(struct finder *f, const char *id)
{
	/* the literal conditions are those of the partial indexes */
	static const char ref[] = ORDERS "o.ref = ? LIMIT ?";
	static const char other[] = ORDERS "o.other_ref = ? AND o.other_ref <> '' LIMIT ?";
	static const char tracking[] = ORDERS "o.tracking = ? AND o.tracking <> '' LIMIT ?";
	static const char package[] = ORDERS "o.id IN (SELECT order_id FROM shipment WHERE tracking = ?) LIMIT ?";
	static const char *const all[] = { ref, other, tracking, package };
	enum fault bad = OK;

	for (size_t i = 0; i < sizeof all / sizeof *all && !bad; i++)
		bad = take(f, FOUND_ORDER, ASK(f->s, all[i], V(id), V(MOST)));
	return bad;
}

/* Our SKU; a channel's, which is the item it is mapped to; a channel's that is mapped to none. */
static enum fault by_sku(struct finder *f, const char *id)
{
	static const char ours[] = ITEMS "i.sku = ?";
	static const char theirs[] = ITEMS "i.id IN (SELECT item_id FROM offer WHERE sku = ? AND item_id IS NOT NULL) LIMIT ?";
	static const char unmapped[] = OFFERS "f.sku = ? AND f.item_id IS NULL LIMIT ?";
	enum fault bad = take(f, FOUND_ITEM, ASK(f->s, ours, V(id)));

	if (!bad)
		bad = take(f, FOUND_ITEM, ASK(f->s, theirs, V(id), V(MOST)));
	return bad ? bad : take(f, FOUND_OFFER, ASK(f->s, unmapped, V(id), V(MOST)));
}

/* "Z-1", "P-3": the short numbers that are shown of what stands at zero. A SKU may be called so as well, and comes first. */
static enum fault by_stand(struct finder *f, const char *id)
{
	static const char zero[] = ZEROS "z.id = ?", proposed[] = INTENTS "i.id = ?";
	char kind = (char)toupper((unsigned char)*id);
	int64_t n;

	if ((kind != 'Z' && kind != 'P') || id[1] != '-' || !text_int(id + 2, 1, INT64_MAX, &n))
		return OK;
	return kind == 'Z' ? take(f, FOUND_ZERO, ASK(f->s, zero, V(n))) : take(f, FOUND_INTENT, ASK(f->s, proposed, V(n)));
}

/* Any correlation id, ours or theirs; the trace of a story; the key of a job; the id that an asker made. */
static enum fault by_trace(struct finder *f, const char *id)
{
	static const char correlation[] = ATTEMPTS "t.correlation = ?";
	static const char their[] = ATTEMPTS "t.their_id = ? AND t.their_id <> '' ORDER BY t.id DESC LIMIT ?";
	static const char trace[] = ATTEMPTS "t.trace = ? ORDER BY t.id DESC LIMIT ?";
	static const char job_key[] = JOBS "j.key = ?", job_trace[] = JOBS "j.trace = ? ORDER BY j.id DESC LIMIT ?";
	static const char asker[] = INTENTS "i.asker = ?", intent_trace[] = INTENTS "i.trace = ? ORDER BY i.id DESC LIMIT ?";
	enum fault bad = take(f, FOUND_ATTEMPT, ASK(f->s, correlation, V(id)));

	if (!bad)
		bad = take(f, FOUND_ATTEMPT, ASK(f->s, their, V(id), V(MOST)));
	if (!bad)
		bad = take(f, FOUND_INTENT, ASK(f->s, asker, V(id)));
	if (!bad)
		bad = take(f, FOUND_INTENT, ASK(f->s, intent_trace, V(id), V(MOST)));
	if (!bad)
		bad = take(f, FOUND_JOB, ASK(f->s, job_key, V(id)));
	if (!bad)
		bad = take(f, FOUND_JOB, ASK(f->s, job_trace, V(id), V(MOST)));
	return bad ? bad : take(f, FOUND_ATTEMPT, ASK(f->s, trace, V(id), V(MOST)));
}

/* As it may have been pasted: spaces around it. */
static const char *trimmed(struct arena *a, const char *id)
{
	size_t n;

	while (isspace((unsigned char)*id))
		id++;
	for (n = strlen(id); n && isspace((unsigned char)id[n - 1]); n--)
		;
	return arena_strndup(a, id, n);
}

static enum fault find(struct finder *f, const char *id)
{
	enum fault bad = by_number(f, id);

	if (!bad)
		bad = by_order(f, id);
	if (!bad)
		bad = by_sku(f, id);
	if (!bad)
		bad = by_stand(f, id);
	return bad ? bad : by_trace(f, id);
}

enum fault find_id(struct store *s, const char *id, struct arena *a, struct found **out, int *n, struct err *err)
{
	struct finder f = { .s = s, .a = a, .err = err };
	char *lower;
	enum fault bad;

	id = trimmed(a, id);
	bad = *id ? find(&f, id) : OK;
	if (!bad && !f.n && *id) { /* a UUID that somebody's tool shows in capitals */
		lower = arena_strdup(a, id);
		for (char *p = lower; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		bad = strcmp(lower, id) ? by_trace(&f, lower) : OK;
	}
	*out = f.found;
	*n = bad ? 0 : f.n;
	return bad;
}
