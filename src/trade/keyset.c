#include "trade/keyset.h"

#include <string.h>

/* Sorts after every text a platform sends: four times the last code point. */
#define TEXT_END "\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf"

static struct page_key end_of(bool down)
{
	if (down)
		return (struct page_key){ .value = INT64_MAX, .id = INT64_MAX, .text = TEXT_END };
	return (struct page_key){ .value = INT64_MIN, .id = INT64_MIN, .text = "" };
}

static const char *with_filter(struct arena *a, const char *sql, const char *where)
{
	const char *order = strstr(sql, " ORDER BY ");

	return arena_printf(a, "%.*s AND %s%s", (int)(order - sql), sql, where, order);
}

static size_t put_filter(struct val *v, size_t k, const struct filter *f)
{
	if (f->n)
		memcpy(v + k, f->val, (size_t)f->n * sizeof *v);
	return k + (size_t)f->n;
}

struct rows *leg_ask(struct store *s, struct arena *a, const struct leg *leg, bool backward, const struct page_key *key,
                     const struct filter *f, int n)
{
	bool down = leg->natural_down != backward;
	struct page_key from = key ? *key : end_of(down);
	const char *sql = down ? leg->down : leg->up;
	struct val *v = arena_alloc(a, ((size_t)f->n + 4) * sizeof *v);
	size_t k = 0;

	if (leg->account)
		v[k++] = V(leg->account);
	v[k++] = leg->text ? V(from.text) : V(from.value);
	v[k++] = V(from.id);
	k = put_filter(v, k, f);
	v[k++] = V(n);
	if (!strcmp(f->where, "1 = 1"))
		return store_ask(s, sql, v, k);
	return store_ask_text(s, with_filter(a, sql, f->where), v, k);
}

enum fault filter_count(struct store *s, struct arena *a, const char *sql, const struct filter *f, int64_t most, int64_t *out,
                        struct err *err)
{
	const char *gap = strstr(sql, "%s");
	struct val *v = arena_alloc(a, ((size_t)f->n + 1) * sizeof *v);
	size_t k = put_filter(v, 0, f);
	struct rows *r;

	v[k++] = V(most);
	r = store_ask_text(s, arena_printf(a, "%.*s%s%s", (int)(gap - sql), sql, f->where, gap + 2), v, k);
	if (rows_next(r))
		*out = rows_int(r, 0);
	return rows_end(r, err);
}

bool view_statement(int i, const char **name, const char **sql, int *params)
{
	const struct leg *leg = NULL;
	int k = i / 2, orders = 0;

	while (orders_leg(orders, name))
		orders++;
	leg = k < orders ? orders_leg(k, name) : drift_leg(k - orders, name);
	if (!leg)
		return false;
	*sql = i % 2 ? leg->down : leg->up;
	*params = 0;
	for (const char *p = *sql; *p; p++)
		*params += *p == '?';
	return true;
}
