/*
 * ebay_orders.c: getOrders and getOrder of Fulfillment v1.
 *
 * A list is cut by how many records to skip. Nothing holds it still: while a client walks, an order that changes leaves a closed
 * window, and what stood behind it moves up by one. How orders are sorted is said nowhere; here by the date that was filtered by.
 */
#include "sandbox/ebay.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_MAX = 200, PAGE_DEFAULT = 50, IDS_MAX = 50, YEAR_DAYS = 365, DEFAULT_DAYS = 90 };

struct search {
	bool by_change;
	int64_t from_ms, to_ms;
	bool open, done; /* which of the two sets of states; neither: all */
};

static void say_no(struct call *c, int64_t id, const char *message, const char *name, const char *value)
{
	ebay_say_no(c, 400, (struct ebay_error){ id, "API_FULFILLMENT", message, name, value });
}

/* "[2016-02-21T08:25:43.511Z..]" to two times. NULL: it is fine. */
static const char *range_read(struct call *c, const char *s, size_t n, int64_t *from_ms, int64_t *to_ms, int64_t *error)
{
	char *text = arena_strndup(c->arena, s, n), *dots = strstr(text, "..");

	*error = 30810;
	if (n < 4 || text[0] != '[' || text[n - 1] != ']' || !dots)
		return "Invalid date format";
	text[n - 1] = *dots = '\0';
	*error = 30820;
	if (!text[1])
		return "Start date is missing";
	*error = 30810;
	if (time_parse(text + 1, from_ms) != 0 || (dots[2] && time_parse(dots + 2, to_ms) != 0))
		return "Invalid date format";
	return NULL;
}

static const char *range_check(const struct search *q, int64_t now_ms, int64_t *error)
{
	*error = 30850;
	if (q->from_ms > now_ms + MINUTE_MS || (q->to_ms != INT64_MAX && q->to_ms > now_ms + MINUTE_MS))
		return "Start and end dates can't be in the future";
	*error = 30840;
	if (q->from_ms > q->to_ms)
		return "Start date should be before end date";
	*error = 30830;
	return now_ms - q->from_ms > 2 * YEAR_DAYS * (int64_t)DAY_MS ? "Time range between start date and end date must be within '2' years." : NULL;
}

/* Only two combinations of states are supported, each in any order. */
static bool states_read(struct search *q, const char *s, size_t n)
{
	static const struct {
		const char *text;
		bool open;
	} sets[] = { { "{NOT_STARTED|IN_PROGRESS}", true }, { "{IN_PROGRESS|NOT_STARTED}", true }, { "{FULFILLED|IN_PROGRESS}", false }, { "{IN_PROGRESS|FULFILLED}", false } };

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (strlen(sets[i].text) == n && strncmp(s, sets[i].text, n) == 0) {
			q->open = sets[i].open;
			q->done = !sets[i].open;
			return true;
		}
	return false;
}

/* Where a filter ends: at a comma outside brackets. */
static size_t filter_len(const char *s)
{
	size_t n = 0;

	for (int deep = 0; s[n] && !(s[n] == ',' && deep == 0); n++)
		deep += (s[n] == '[' || s[n] == '{') - (s[n] == ']' || s[n] == '}');
	return n;
}

/* The filters; with both dates only the one of creation counts. When they are wrong it has answered. */
static bool filters_read(struct search *q, struct call *c, int64_t now_ms)
{
	const char *s = call_param(c, "filter"), *wrong = NULL;
	bool created = false, changed = false;
	int64_t from[2] = { 0, 0 }, to[2] = { INT64_MAX, INT64_MAX }, error = 0;

	for (; s && *s && !wrong; s += *s == ',') {
		size_t n = filter_len(s), name = strcspn(s, ":");
		const char *value = s + name + 1;
		bool by_change = name == 16 && strncmp(s, "lastmodifieddate", 16) == 0, by_birth = name == 12 && strncmp(s, "creationdate", 12) == 0;

		if (name >= n || (!by_change && !by_birth && !(name == 22 && strncmp(s, "orderfulfillmentstatus", 22) == 0))) {
			say_no(c, 30700, "Invalid filter name", "fieldname", arena_strndup(c->arena, s, name < n ? name : n));
			return false;
		}
		if (by_change || by_birth) {
			wrong = range_read(c, value, n - name - 1, &from[by_change], &to[by_change], &error);
			created |= by_birth;
			changed |= by_change;
		} else if (!states_read(q, value, n - name - 1)) {
			say_no(c, 30800, "Invalid filter value for filter orderfulfillmentstatus", "fieldvalue", arena_strndup(c->arena, value, n - name - 1));
			return false;
		}
		s += n;
	}
	q->by_change = changed && !created;
	q->from_ms = created || changed ? from[q->by_change] : now_ms - DEFAULT_DAYS * (int64_t)DAY_MS;
	q->to_ms = to[q->by_change];
	wrong = wrong ? wrong : range_check(q, now_ms, &error);
	if (wrong)
		say_no(c, error, wrong, NULL, NULL);
	return !wrong;
}

static bool search_has(const struct search *q, struct world *w, const struct order *o)
{
	const char *status = ebay_order_status(w, o);

	w->count[ROWS_LOOKED_AT]++;
	if (order_platform(o) != EBAY)
		return false;
	if (q->open)
		return strcmp(status, "FULFILLED") != 0;
	return !q->done || strcmp(status, "NOT_STARTED") != 0;
}

/* Every order that the search finds, in its order. */
static int *search_all(const struct search *q, struct world *w, struct arena *a, int *n)
{
	int cap = 0, *found = NULL;
	int i = q->by_change ? touches_from(w, q->from_ms) : orders_from(w, q->from_ms);

	*n = 0;
	for (; i < (q->by_change ? w->touches : w->orders); i++) {
		int order = q->by_change ? w->touch[i].order : i;
		const struct order *o = &w->order[order];

		if ((q->by_change ? w->touch[i].at_ms : o->placed_ms) > q->to_ms)
			break;
		if ((q->by_change && o->touch != i) || !search_has(q, w, o))
			continue;
		found = arena_grow(a, found, *n, &cap, sizeof *found);
		found[(*n)++] = order;
	}
	return found;
}

static void put_page(struct service *s, struct call *c, const int *found, int n, int64_t limit, int64_t offset)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "href", ebay_href(c, limit, offset));
	json_put_int(&o, "total", n);
	json_put_int(&o, "limit", limit);
	json_put_int(&o, "offset", offset);
	if (offset + limit < n)
		json_put_text(&o, "next", ebay_href(c, limit, offset + limit));
	if (offset > 0)
		json_put_text(&o, "prev", ebay_href(c, limit, offset > limit ? offset - limit : 0));
	json_put_array(&o, "orders");
	for (int64_t i = offset; i < n && i < offset + limit; i++)
		ebay_put_order(s->world, c, &o, found[i], false);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* Orders by number: every other parameter is ignored. */
static void orders_named(struct service *s, struct call *c, const char *ids)
{
	int found[IDS_MAX], n = 0, asked = 0;

	for (; *ids; ids += strcspn(ids, ","), ids += *ids == ',') {
		int order = order_by_id(s->world, EBAY, arena_strndup(c->arena, ids, strcspn(ids, ",")));

		if (++asked > IDS_MAX) {
			say_no(c, 30900, "Exceeded maximum number of order IDs (the current limit is 50)", NULL, NULL);
			return;
		}
		if (order >= 0)
			found[n++] = order;
	}
	put_page(s, c, found, n, IDS_MAX, 0);
}

static bool field_groups_ok(struct call *c)
{
	const char *groups = call_param(c, "fieldGroups");

	if (!groups || strcmp(groups, "TAX_BREAKDOWN") == 0)
		return true;
	say_no(c, 32800, "Invalid field group", "fieldGroup", groups);
	return false;
}

void ebay_orders(struct service *s, struct call *c)
{
	struct search q = { .to_ms = INT64_MAX };
	int64_t limit, offset;
	int n, *found;

	if (call_given(c, "orderIds")) {
		orders_named(s, c, call_param(c, "orderIds"));
		return;
	}
	if (!call_int(c, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit)) {
		say_no(c, 31100, "Invalid limit", "limitvalue", call_param(c, "limit"));
		return;
	}
	if (!call_int(c, "offset", 0, INT32_MAX, 0, &offset)) {
		say_no(c, 31000, "Invalid offset", "offsetvalue", call_param(c, "offset"));
		return;
	}
	if (!field_groups_ok(c) || !filters_read(&q, c, s->world->now_ms))
		return;
	found = search_all(&q, s->world, c->arena, &n);
	put_page(s, c, found, n, limit, offset);
}

void ebay_order(struct service *s, struct call *c)
{
	int order = order_by_id(s->world, EBAY, c->segment[4]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (!field_groups_ok(c))
		return;
	if (order < 0) {
		ebay_say_no(c, 404, (struct ebay_error){ 32100, "API_FULFILLMENT", "Invalid order ID", "orderId", c->segment[4] });
		return;
	}
	s->world->count[ROWS_LOOKED_AT]++;
	ebay_put_order(s->world, c, &o, order, true);
	call_answer_json(c, 200, &b);
}
