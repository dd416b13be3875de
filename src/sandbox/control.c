#include "sandbox/control.h"

#include "base/text.h"

#include <string.h>

enum { ORDERS_PAGE = 500, EFFECTS_PAGE = 1000 };

bool control_means(const struct call *c)
{
	return c->segments > 0 && strcmp(c->segment[0], "sandbox") == 0;
}

static void control_report(struct sandbox *s, struct call *c)
{
	const struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int wrong = 0;

	for (int i = 0; i < w->listings; i++)
		wrong += w->listing[i].wrong_ms != 0;
	json_put_object(&o, NULL);
	json_put_int(&o, "epoch_ms", w->opt.epoch_ms);
	json_put_int(&o, "now_ms", w->now_ms);
	json_put_int(&o, "seed", (int64_t)w->opt.seed);
	json_put_int(&o, "products", w->products);
	json_put_int(&o, "listings", w->listings);
	json_put_int(&o, "listings_wrong_now", wrong);
	json_put_int(&o, "orders", w->orders);
	json_put_int(&o, "effects", w->effects);
	json_put_bool(&o, "forbidden", w->forbidden);
	for (int i = 0; i < COUNTS; i++)
		json_put_int(&o, count_names[i], w->count[i]);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void put_line(const struct world *w, struct json_out *o, int line)
{
	const struct line *l = &w->line[line];
	char id[24];

	line_item_id(line, id);
	json_put_object(o, NULL);
	json_put_text(o, "item", id);
	json_put_text(o, "sku", world_str(w, w->product[l->product].sku));
	json_put_int(o, "qty", l->qty);
	json_put_int(o, "shipped", l->shipped);
	json_put_int(o, "cancelled", l->cancelled);
	json_put_int(o, "delivered", l->delivered);
	json_put_int(o, "oversold", l->oversold);
	json_end_object(o);
}

static void put_order(const struct world *w, struct json_out *o, int order)
{
	static const char *const views[] = { "pending", "new", "acked", "partly", "shipped", "delivered", "cancelled" };
	const struct order *it = &w->order[order];
	char id[24];

	order_id(w, order, id);
	json_put_object(o, NULL);
	json_put_text(o, "id", id);
	json_put_text(o, "place", place_facts[it->place].name);
	json_put_text(o, "state", views[order_view(w, it)]);
	json_put_int(o, "placed_ms", it->placed_ms);
	json_put_int(o, "acked_ms", it->acked_ms);
	json_put_int(o, "ship_by_ms", it->ship_by_ms);
	json_put_int(o, "changed_ms", it->touched_ms);
	json_put_array(o, "lines");
	for (int i = it->line; i < it->line + it->lines; i++)
		put_line(w, o, i);
	json_end_array(o);
	json_end_object(o);
}

static bool page_from(struct call *c, int64_t *from)
{
	if (call_int(c, "from", 0, INT32_MAX, 0, from))
		return true;
	call_answer(c, 400, "text/plain", "from is no number\n", 18);
	return false;
}

static void control_orders(struct sandbox *s, struct call *c)
{
	const struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t from;

	if (!page_from(c, &from))
		return;
	json_put_object(&o, NULL);
	json_put_int(&o, "total", w->orders);
	json_put_array(&o, "orders");
	for (int64_t i = from; i < w->orders && i < from + ORDERS_PAGE; i++)
		put_order(w, &o, (int)i);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void put_depots(struct json_out *o, const struct product *p)
{
	json_put_object(o, "depots");
	for (enum depot d = 0; d < DEPOTS; d++) {
		json_put_object(o, depot_facts[d].name);
		json_put_int(o, "at", p->at[d]);
		json_put_int(o, "busy", p->busy[d]);
		json_end_object(o);
	}
	json_end_object(o);
}

static void put_product(const struct world *w, struct json_out *o, int product)
{
	const struct product *p = &w->product[product];

	json_put_object(o, NULL);
	json_put_text(o, "sku", world_str(w, p->sku));
	json_put_int(o, "shelf", p->shelf);
	json_put_int(o, "owed", p->owed);
	put_depots(o, p);
	json_put_array(o, "listings");
	for (enum place place = 0; place < PLACES; place++) {
		const struct listing *l = p->listing[place] < 0 ? NULL : &w->listing[p->listing[place]];

		if (!l)
			continue;
		json_put_object(o, NULL);
		json_put_text(o, "place", place_facts[place].name);
		json_put_int(o, "shown", l->shown);
		json_put_int(o, "sellable", listing_sellable(w, l));
		json_put_int(o, "said", l->said);
		json_put_bool(o, "settled", l->said_seq == l->shown_seq);
		json_put_int(o, "wrong_ms", l->wrong_ms);
		json_end_object(o);
	}
	json_end_array(o);
	json_end_object(o);
}

static void control_stock(struct sandbox *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_array(&o, "products");
	for (int i = 0; i < s->world->products; i++)
		put_product(s->world, &o, i);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void control_effects(struct sandbox *s, struct call *c)
{
	const struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t from;

	if (!page_from(c, &from))
		return;
	json_put_object(&o, NULL);
	json_put_int(&o, "total", w->effects);
	json_put_array(&o, "effects");
	for (int64_t i = from; i < w->effects && i < from + EFFECTS_PAGE; i++) {
		const struct effect *e = &w->effect[i];

		json_put_object(&o, NULL);
		json_put_int(&o, "at_ms", e->at_ms);
		json_put_text(&o, "kind", effect_names[e->kind]);
		json_put_text(&o, "place", place_facts[e->place].name);
		json_put_text(&o, "subject", world_str(w, e->subject));
		json_put_text(&o, "detail", world_str(w, e->detail));
		json_put_int(&o, "qty", e->qty);
		json_put_int(&o, "before", e->before);
		json_put_text(&o, "correlation", world_str(w, e->correlation));
		json_end_object(&o);
	}
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

const char *control_counts(struct arena *a, const struct world *w)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "sku,quantity,name\n");
	for (int i = 0; i < w->products && !product_bundled(&w->product[i]); i++) {
		const struct product *p = &w->product[i];
		char sku[96], name[256];

		text_csv(sku, sizeof sku, world_str(w, p->sku));
		text_csv(name, sizeof name, world_str(w, p->name));
		buf_printf(&b, "%s,%d,%s\n", sku, p->at[DEPOT_FILE], name);
	}
	return b.p;
}

static void control_csv(struct sandbox *s, struct call *c)
{
	const char *csv = control_counts(c->arena, s->world);

	call_answer(c, 200, "text/csv", csv, strlen(csv));
}

static void control_faults(struct sandbox *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_array(&o, "faults");
	for (int i = 0; i < s->faults.n; i++)
		json_put_text(&o, NULL, mishap_text(c->arena, &s->faults.mishap[i]));
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void answer_said(struct call *c, enum fault fault, const struct err *err)
{
	const char *text = fault == OK ? "ok\n" : arena_printf(c->arena, "%s\n", err->text);

	call_answer(c, fault == OK ? 200 : 400, "text/plain", text, strlen(text));
}

static void control_fault_add(struct sandbox *s, struct call *c)
{
	struct err err = { 0 };
	const char *line = c->req->body ? arena_strndup(c->arena, c->req->body, c->req->body_len) : "";

	answer_said(c, sandbox_fault(s, line, &err), &err);
}

static void control_faults_clear(struct sandbox *s, struct call *c)
{
	s->faults.n = 0;
	s->world->stuck = s->world->late_writes = false;
	s->world->announced = 0;
	answer_said(c, OK, NULL);
}

static void control_edit(struct sandbox *s, struct call *c)
{
	const char *sku = call_param(c, "sku"), *where = call_param(c, "place");
	int product = sku ? product_by_sku(s->world, sku) : -1;
	enum place place = where ? place_named(where) : PLACES;
	int listing = product >= 0 && place < PLACES ? s->world->product[product].listing[place] : -1;
	struct err err = { 0 };
	int64_t qty;

	if (listing < 0 || !call_int(c, "qty", 0, 999999, -1, &qty) || qty < 0) {
		answer_said(c, err_set(&err, FAULT_REFUSED, "edit: want place=, sku= of a listing there, and qty= from 0"), &err);
		return;
	}
	listing_edit(s->world, listing, (int)qty, "by hand");
	answer_said(c, OK, NULL);
}

static void control_count(struct sandbox *s, struct call *c)
{
	const char *sku = call_param(c, "sku"), *where = call_param(c, "depot");
	int product = sku ? product_by_sku(s->world, sku) : -1;
	enum depot d = where ? depot_named(where) : DEPOTS;
	struct err err = { 0 };
	int64_t qty;

	if (product < 0 || d == DEPOTS || !call_int(c, "qty", 0, 999999, -1, &qty) || qty < 0) {
		answer_said(c, err_set(&err, FAULT_REFUSED, "count: want depot=file, reno, ohio, harbor or oakland, sku=, and qty= from 0"), &err);
		return;
	}
	depot_count(s->world, product, d, (int)qty);
	answer_said(c, OK, NULL);
}

static void control_forbid(struct sandbox *s, struct call *c)
{
	const char *on = call_param(c, "on");

	s->world->forbidden = !on || strcmp(on, "0") != 0;
	answer_said(c, OK, NULL);
}

static void control_endless(struct sandbox *s, struct call *c)
{
	const char *on = call_param(c, "on");

	s->world->endless = !on || strcmp(on, "0") != 0;
	answer_said(c, OK, NULL);
}

static const struct {
	const char *method, *path;
	void (*answer)(struct sandbox *s, struct call *c);
} controls[] = {
	{ "GET", "/sandbox/report", control_report },        { "GET", "/sandbox/orders", control_orders },
	{ "GET", "/sandbox/stock", control_stock },          { "GET", "/sandbox/effects", control_effects },
	{ "GET", "/sandbox/counts.csv", control_csv },       { "GET", "/sandbox/faults", control_faults },
	{ "POST", "/sandbox/faults", control_fault_add },    { "DELETE", "/sandbox/faults", control_faults_clear },
	{ "POST", "/sandbox/edit", control_edit },           { "POST", "/sandbox/forbid", control_forbid },
	{ "POST", "/sandbox/endless", control_endless },     { "POST", "/sandbox/count", control_count },
};

void control_serve(struct sandbox *s, struct call *c)
{
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
		if (strcmp(controls[i].method, c->req->method) == 0 && call_matches(c, controls[i].path)) {
			controls[i].answer(s, c);
			return;
		}
	call_answer(c, 404, "text/plain", "no such control\n", 16);
}
