#include "trade/standing.h"

#include "store/store.h"
#include "trade/intents.h"
#include "trade/rows.h"

#include <inttypes.h>
#include <string.h>

/* Above the numbers that zero-outs will ever have. */
#define PROPOSED_KEY (INT64_C(1) << 50)
#define PLANNED_KEY (INT64_C(1) << 51)

static struct zero nothing(void)
{
	return (struct zero){ .scope = "", .reason = "", .actor = "", .approver = "", .lifted_by = "", .rule = "", .stopped_by = "" };
}

/* What somebody decided and waits for a second person's word, as long as that can still come. */
static enum fault add_proposed(struct store *s, int64_t now_ms, int most, struct arena *a, struct stand *out, int *got, struct err *err)
{
	static const char sql[] = "SELECT id, typed, actor, why, made_ms, payload FROM intent WHERE state = 'proposed' AND made_ms > ?1 ORDER BY id DESC LIMIT ?2";
	struct rows *r = ASK(s, sql, V(now_ms - APPROVAL_MS), V(most));

	for (; *got < most && rows_next(r); (*got)++) {
		struct stand *p = &out[*got];
		struct intent in = { .why = rows_keep(r, 3, a) };

		*p = (struct stand){ .kind = STAND_PROPOSED, .key = PROPOSED_KEY + rows_int(r, 0), .id = rows_int(r, 0), .zero = nothing() };
		p->zero.scope = rows_keep(r, 1, a);
		p->zero.actor = rows_keep(r, 2, a);
		p->zero.made_ms = rows_int(r, 4);
		p->zero.until_ms = p->zero.made_ms + APPROVAL_MS;
		p->zero.intent = p->id;
		if (!fields_unpack(a, rows_text(r, 5), &in.payload, err))
			p->zero.reason = arena_strdup(a, intent_reason(&in));
	}
	return rows_end(r, err);
}

static enum fault add_planned(struct store *s, struct arena *a, struct stand *out, int *got, struct err *err)
{
	static const char sql[] = "SELECT count(*), min(z.at_ms), (SELECT count(*) FROM planned_zero k JOIN offer f ON f.item_id = k.item_id WHERE k.waits = 1 AND k.let_ms = 0) "
				  "FROM planned_zero z WHERE z.waits = 1 AND z.let_ms = 0";
	struct rows *r = ASK(s, sql);

	if (rows_next(r) && rows_int(r, 0)) {
		struct stand *p = &out[(*got)++];

		*p = (struct stand){ .kind = STAND_PLANNED, .key = PLANNED_KEY, .zero = nothing() };
		p->zero.scope = arena_printf(a, "%" PRId64 " SKUs of a plan", rows_int(r, 0));
		p->zero.reason = "a plan, not a sale, takes so many off sale: they wait for a person";
		p->zero.actor = "rule:planned";
		p->zero.made_ms = rows_int(r, 1);
		p->zero.offers = rows_int(r, 2);
	}
	return rows_end(r, err);
}

enum fault stands_page(struct store *s, bool all, int n, int64_t now_ms, struct arena *a, struct stand **out, int *got, struct err *err)
{
	struct zero *z;
	int zeros = 0;
	enum fault f;

	*out = arena_alloc(a, (size_t)(n + 2) * sizeof **out);
	*got = 0;
	f = add_planned(s, a, *out, got, err);
	if (!f)
		f = add_proposed(s, now_ms, n, a, *out, got, err);
	if (!f)
		f = zeros_page(s, 0, all, n - *got > 0 ? n - *got : 0, a, &z, &zeros, err);
	for (int i = 0; i < zeros && !f; i++)
		(*out)[(*got)++] = (struct stand){ .kind = STAND_ZERO, .key = z[i].id, .id = z[i].id, .zero = z[i] };
	return f;
}

const char *stand_state(const struct stand *d)
{
	const struct zero *z = &d->zero;

	if (d->kind != STAND_ZERO)
		return d->kind == STAND_PROPOSED ? "proposed" : "planned";
	return z->lifted_ms ? "lifted" : z->stopped_ms && z->pending ? "stopped" : z->pending ? "pending" : "held";
}

bool stand_has(const struct stand *d, const char *word)
{
	return !word || !*word || strcasestr(d->zero.scope, word) || strcasestr(d->zero.reason, word) || strcasestr(d->zero.actor, word);
}

enum fault stand_get(struct store *s, int64_t key, int64_t now_ms, struct arena *a, struct stand *out, struct err *err)
{
	enum { MOST = 200 };
	struct stand *all;
	int n;

	if (key < PROPOSED_KEY) {
		*out = (struct stand){ .kind = STAND_ZERO, .key = key, .id = key };
		return zero_get(s, key, a, &out->zero, err);
	}
	if (stands_page(s, false, MOST, now_ms, a, &all, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++)
		if (all[i].key == key) {
			*out = all[i];
			return OK;
		}
	return err_set(err, FAULT_REFUSED, "it is no longer there");
}
