/*
 * tallyman buyers: who orders go to, in the open: for parcels by hand when the warehouse's system is down.
 */
#include "cmd/people.h"

#include "cmd/print.h"
#include "cmd/send.h"
#include "trade/bundle.h"
#include "trade/filter.h"
#include "trade/views.h"

#include <inttypes.h>
#include <string.h>

enum fault people_agreed(struct session *s, const char *verb, int64_t n)
{
	const char *line = arena_printf(s->a, "%s %" PRId64 " buyer%s", verb, n, n == 1 ? "" : "s");

	if (n > BUNDLE_BUYERS)
		return err_set(&s->err, FAULT_REFUSED, "more than %d buyers are shown to nobody at once: name orders, or take fewer of them (channel:NAME, due<4h)", BUNDLE_BUYERS);
	if (!s->o.reason || !*s->o.reason)
		return err_set(&s->err, FAULT_REFUSED, "say why with --reason: who is shown, to whom and why stands in the audit");
	if (!s->o.confirm)
		return err_set(&s->err, FAULT_REFUSED, "nobody was shown. To do it, add: --confirm '%s'", line);
	if (strcmp(s->o.confirm, line))
		return err_set(&s->err, FAULT_REFUSED, "nobody was shown: the line is now \"%s\", which is not the one given to --confirm", line);
	return OK;
}

#define OF_PERSON "person." /* the rest is what the answer says of itself */

enum fault person_fetch(struct session *s, int64_t order, const char *why, struct fields *out)
{
	struct intent in = { .kind = INTENT_REVEAL, .payload = fields_new(s->a), .subject = "", .digest = "", .typed = "", .why = why };
	struct answered a = { 0 };

	if (s->set.bundle)
		return bundle_buyer_kept(s->store, order, s->a, out, &s->err);
	*out = fields_new(s->a);
	fields_put_int(&in.payload, "order", order);
	if (intent_send(s, &in, &a))
		return s->err.fault;
	if (!a.done)
		return err_set(&s->err, FAULT_REFUSED, "%.220s", a.text);
	for (int i = 0; i < a.all.n; i++)
		if (!strncmp(a.all.field[i].key, OF_PERSON, sizeof OF_PERSON - 1))
			fields_put(out, a.all.field[i].key + sizeof OF_PERSON - 1, a.all.field[i].value);
	return OK;
}

/* ---- the list ---- */

static const struct column columns[] = {
	{ "order", CELL_TEXT, false },   { "account", CELL_TEXT, true },    { "ship_by", CELL_TIME, true },   { "lines", CELL_TEXT, false }, { "service", CELL_TEXT, true },
	{ "name", CELL_TEXT, false },    { "address1", CELL_TEXT, false },  { "address2", CELL_TEXT, false }, { "city", CELL_TEXT, false },  { "state", CELL_TEXT, false },
	{ "postal", CELL_TEXT, false },  { "country", CELL_TEXT, false },   { "phone", CELL_TEXT, false },    { "email", CELL_TEXT, true },  { "buyer", CELL_TEXT, true },
	{ "untold", CELL_TEXT, false }, /* why nothing is known of him */
};

static const char *const parts[] = { "name", "address1", "address2", "city", "state", "postal", "country", "phone", "email", "buyer" };

/* "2 x SKU-1, 1 x SKU-2": what is still owed. */
static enum fault owed(struct session *s, int64_t order, const char **out)
{
	struct order_detail o;
	struct buf b = buf_new(s->a);
	enum fault f = order_get(s->store, order, s->a, &o, &s->err);

	buf_puts(&b, "");
	for (int i = 0; i < o.lines && !f; i++)
		if (o.line[i].reserves > 0)
			buf_printf(&b, "%s%" PRId64 " x %s", b.len ? ", " : "", o.line[i].reserves, o.line[i].sku);
	*out = b.p;
	return f;
}

static enum fault put_buyer(struct session *s, const struct order_row *r, int *shown)
{
	struct sheet *t = s->sheet;
	struct fields person = fields_new(s->a);
	const char *lines, *untold = "";
	enum fault f = owed(s, r->id, &lines);

	if (!f)
		f = person_fetch(s, r->id, s->o.reason, &person);
	if (f == FAULT_REFUSED) {
		untold = arena_strdup(s->a, s->err.text);
		f = OK;
	}
	if (f)
		return f;
	*shown += !*untold;
	put_text(t, r->ref);
	put_text(t, r->account_name);
	put_time(t, r->ship_by_ms);
	put_text(t, lines);
	put_text(t, r->service);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		put_text(t, fields_get(&person, parts[i], ""));
	put_text(t, untold);
	return OK;
}

/* All of them, or none: a list that is a few parcels short looks like a whole one. */
static enum fault orders_meant(struct session *s, const char *filter, struct order_row **row, int *n)
{
	struct page_ask ask = { .filter = filter, .now_ms = s->now_ms, .n = BUNDLE_BUYERS, .all = s->o.all };
	struct order_row *more;
	int beyond = 0;
	enum fault f = orders_page(s->store, &ask, s->a, row, n, NULL, NULL, &s->err);

	if (!f && *n == BUNDLE_BUYERS) {
		ask.key = order_key(&(*row)[*n - 1], ask.sort);
		ask.n = 1;
		f = orders_page(s->store, &ask, s->a, &more, &beyond, NULL, NULL, &s->err);
	}
	if (!f && !*n)
		return err_set(&s->err, FAULT_REFUSED, "no order is like that%s", s->o.all ? "" : "; closed ones take --all");
	return f ? f : people_agreed(s, "show", *n + beyond);
}

int cmd_buyers(int argc, char **argv)
{
	struct session s;
	struct order_row *row;
	const char *filter;
	int n, shown = 0, status = session_begin(argc, argv, TAKES_SHAPE | TAKES_ALL | TAKES_REASON | TAKES_CONFIRM, 0, -1, &s);
	enum fault f;

	if (status >= 0)
		return status;
	filter = words_joined(&s);
	status = filter_checked(&s, &order_language, filter);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	if (s.o.at)
		return session_end(&s, err_set(&s.err, FAULT_REFUSED, "--at looks at the past: who a parcel goes to is a question of now"));
	f = orders_meant(&s, filter, &row, &n);
	if (!f)
		sheet_table(session_sheet(&s, false), "buyers", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++)
		f = put_buyer(&s, &row[i], &shown);
	if (!f && !shown)
		f = err_set(&s.err, FAULT_REFUSED, "nobody could be shown: each row says why");
	return session_end(&s, f);
}
