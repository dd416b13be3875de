/*
 * stock.c: what a warehouse has free, by a report that is ordered, waited for and then read.
 *
 * One run a warehouse: VERB_RUN goes over the account's places as over pages. Its answer is a number, under which VERB_COUNTS reads the result:
 * after 10 s, then after 20, 40, 80 ... while it is being made, as they ask for it; then page by page. All pages of a run are one
 * reading, named by the run: a run does not change any more, and is kept for 7 days.
 *
 * What counts is quantityFree of product status OK: what they allocated to orders is off it, what is incoming is not there yet. Other
 * statuses (damaged, on hold) are told as none, so that a SKU which only has such stock is not taken for missing. Quantities are in the row's
 * unit of measure.
 *
 * reportTime has no zone, so it tells nothing. The report is of the moment that it was ordered, or later; the earlier one is told, by
 * whichever clock was behind: an order they took in between is then subtracted once too often until the next reading, and never too seldom.
 */
#include "channels/cartoncloud/cartoncloud.h"

#include "base/text.h"
#include "channels/token.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { FIRST_LOOK_MS = 10 * 1000, LOOKS = 7 }; /* 10 + 20 + ... + 640 s: given up after 21 minutes */

/* ---- a run ---- */

/* Which place is it the turn of? One that is not there any more begins the round anew. */
static int turn_of(const struct account *acc, const struct job *job)
{
	int64_t i;

	return job->cursor.page && text_int(job->cursor.page, 0, acc->places - 1, &i) ? (int)i : 0;
}

static void put_place(struct json_out *o, const char *place)
{
	json_put_object(o, "warehouse");
	json_put_text(o, cartoncloud_is_uuid(place) ? "id" : "name", place);
	json_end_object(o);
}

static void put_parameters(struct json_out *o, const struct account *acc, const char *place)
{
	json_put_object(o, "parameters");
	json_put_int(o, "pageSize", CARTONCLOUD_PAGE);
	json_put_object(o, "customer");
	json_put_text(o, "id", acc->customer);
	json_end_object(o);
	put_place(o, place);
	json_put_array(o, "aggregateBy");
	json_put_text(o, NULL, "unitOfMeasure");
	json_put_text(o, NULL, "productStatus");
	json_end_array(o);
	json_end_object(o);
}

enum fault cartoncloud_run_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	if (!acc->places)
		return err_set(err, FAULT_REFUSED, "account %.30s names no places: which warehouses are ours no list of theirs tells", acc->name);
	if (cartoncloud_request(acc, r, "POST", "/report-runs", err))
		return FAULT_REFUSED;
	json_put_object(&o, NULL);
	json_put_text(&o, "type", "STOCK_ON_HAND");
	put_parameters(&o, acc, acc->place[turn_of(acc, b.job)]);
	json_end_object(&o);
	cartoncloud_body(r, &body);
	return OK;
}

/* What reading a run's result needs; ask gets nothing else. */
struct look {
	const char *run, *place;
	int64_t asked_ms, page, tries;
};

static void look_later(struct news *n, const struct look *l, int64_t after_ms)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	struct job_plan *plan = news_follow(n, VERB_COUNTS, arena_printf(n->arena, "run:%s", l->run));

	*payload = fields_new(n->arena);
	fields_put(payload, "run", l->run);
	fields_put(payload, "place", l->place);
	fields_put_int(payload, "asked", l->asked_ms);
	fields_put_int(payload, "page", l->page);
	fields_put_int(payload, "tries", l->tries);
	plan->payload = payload;
	plan->lane = LANE_ORDERS;
	plan->due_ms = after_ms;
}

static enum fault failed(const struct account *acc, const struct json *body, struct arena *a, struct err *err)
{
	const struct json *first = json_first(json_get(body, "failureDetails"));

	return err_set(err, FAULT_REFUSED, "the stock report FAILED (%s): %s", answer_word(a, json_text_or(first, "field", "no field"), 40),
	               answer_safe(acc, answer_word(a, json_text_or(first, "message", "no reason given"), 110)));
}

static enum fault take_run(const struct account *acc, const struct json *body, struct look *l, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	struct spot top = spot_top(&w, body);
	const char *status;

	l->run = need_id(top, "id", "-", 36);
	status = need_text(top, "status");
	if (!w.path && !cartoncloud_is_uuid(l->run))
		spot_wrong(top, "id", "not a UUID");
	if (!w.path && !strcmp(status, "FAILED"))
		return failed(acc, body, n->arena, err);
	if (!w.path && strcmp(status, "IN_PROCESS") && strcmp(status, "SUCCESS"))
		spot_wrong(top, "status", "a word that no report run has");
	return answer_wrong(&w, err);
}

/* A warehouse that cannot be read (no access to it, say) does not keep the others from being read: it is named and passed over. */
static bool pass_over(const struct account *acc, struct news *n, const char *place, const struct err *err)
{
	if (acc->places < 2 || err->fault != FAULT_REFUSED)
		return false;
	news_parked(n, "PLACE", answer_word(n->arena, place, 60), "", answer_word(n->arena, err->text, 190), NULL);
	return true;
}

enum fault cartoncloud_run_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	int turn = turn_of(acc, b.job);
	struct look l = { .place = acc->places ? acc->place[turn] : "", .asked_ms = b.now_ms, .page = 1 };
	const struct json *body;
	enum fault f = cartoncloud_open(acc, CARTONCLOUD_STOCK, r, n->arena, &body, err);

	if (!f)
		f = take_run(acc, body, &l, n, err);
	if (f && !pass_over(acc, n, l.place, err))
		return f;
	token_clock(r, n);
	if (n->offset_ms < 0)
		l.asked_ms += n->offset_ms;
	if (!f)
		look_later(n, &l, FIRST_LOOK_MS);
	n->has_page = true;
	n->next_page = turn + 1 < acc->places ? arena_printf(n->arena, "%d", turn + 1) : NULL;
	return OK;
}

/* ---- its result ---- */

static enum fault look_of(const struct job *job, struct look *l, struct err *err)
{
	*l = (struct look){
		.run = fields_get(&job->payload, "run", ""),
		.place = fields_get(&job->payload, "place", ""),
		.asked_ms = fields_int(&job->payload, "asked", 0),
		.tries = fields_int(&job->payload, "tries", 0),
	};
	if (!cartoncloud_is_uuid(l->run) || !*l->place)
		return err_set(err, FAULT_REFUSED, "the job names no report run, or no place that it is of");
	return cartoncloud_stored_page(fields_get(&job->payload, "page", ""), &l->page, err);
}

enum fault cartoncloud_counts_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct look l;

	if (look_of(b.job, &l, err) || cartoncloud_request(acc, r, "GET", arena_printf(r->arena, "/report-runs/%s", l.run), err))
		return FAULT_REFUSED;
	request_query_int(r, "page", l.page);
	return OK;
}

/* They repeat what the report is of. Another run, seller or warehouse than ours would be somebody else's stock. */
static void check_echo(const struct account *acc, struct spot top, const struct look *l)
{
	const char *key = cartoncloud_is_uuid(l->place) ? "parameters.warehouse.id" : "parameters.warehouse.name";
	const char *echo[][3] = { { "id", l->run, "the report of another run" },
		                  { "parameters.customer.id", acc->customer, "the stock of another customer" },
		                  { key, l->place, "the stock of another warehouse" } };

	need_id(top, "id", "-", 36);
	for (size_t i = 0; i < sizeof echo / sizeof *echo; i++) {
		const char *is = may_text(top, echo[i][0]);

		if (is && strcasecmp(is, echo[i][1]))
			spot_wrong(top, echo[i][0], echo[i][2]);
	}
}

/* Less than nothing is free where they promised more than they have: none, and a person hears of it. */
static int64_t free_of(struct news *n, struct spot item, const char *sku)
{
	int64_t qty = need_units(item, "measures.quantityFree", -QTY_MAX, QTY_MAX);

	if (qty >= 0)
		return qty;
	news_parked(n, "ITEM", answer_word(n->arena, sku, 60), arena_printf(n->arena, "%s.measures.quantityFree", item.path),
	            arena_printf(n->arena, "%" PRId64 " are free by their report: counted as none", qty), json_print(n->arena, item.v));
	return 0;
}

static void take_item(struct news *n, struct spot item, const struct look *l)
{
	int counts = n->counts, parkeds = n->parkeds;
	const char *sku = need_plain(item, "details.product.references.code", 100), *title = may_text(item, "details.product.name");
	const char *unit = need_id(item, "details.unitOfMeasure.type", " -_./", 60), *status = need_text(item, "properties.productStatus");
	bool sound = !strcmp(status, "OK");
	struct count *c = news_count(n);

	*c = (struct count){ .place = l->place, .sku = sku, .title = title, .unit = cartoncloud_unit(n->arena, unit), .valid_ms = l->asked_ms };
	if (!sound)
		c->unit = ""; /* none, of no unit: it must not stand for the sound ones of the same */
	if (sound)
		c->qty = free_of(n, item, sku);
	if (sound && json_get(item.v, "measures.quantityAllocated"))
		c->committed = need_units(item, "measures.quantityAllocated", 0, QTY_MAX);
	if (!item.r->path)
		return;
	n->counts = counts;
	n->parkeds = parkeds;
	answer_park(n, item.r, &item, *sku ? "ITEM" : "SCHEMA", sku);
}

/* Rows of another kind than ITEM (a sum, say) would be counted twice. */
static void take_items(struct news *n, const struct json *items, const struct look *l)
{
	int i = 0;

	for (const struct json *v = json_first(items); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot item = { .r = &w, .v = v, .path = arena_printf(n->arena, "items[%d]", i++) };
		const char *type = json_text_or(v, "type", "ITEM");

		if (!strcmp(type, "ITEM"))
			take_item(n, item, l);
		else
			news_odd(n, arena_printf(n->arena, "%s.type", item.path), answer_word(n->arena, type, 40), l->run);
	}
}

static enum fault take_result(const struct account *acc, const struct reply *r, const struct json *body, struct look *l, struct news *n,
                              struct err *err)
{
	struct reading w = { .arena = n->arena };
	struct spot top = spot_top(&w, body);
	bool more;

	check_echo(acc, top, l);
	if (!w.path && !json_is_array(json_get(body, "items")))
		spot_wrong(top, "items", "not a list of items");
	if (answer_wrong(&w, err) || cartoncloud_more(r, l->page, &more, err))
		return FAULT_FORMAT;
	take_items(n, json_get(body, "items"), l);
	n->reading = l->run;
	n->counts_whole = !more;
	n->has_page = true;
	if (more) {
		l->page++;
		n->next_page = arena_printf(n->arena, "%" PRId64, l->page);
		look_later(n, l, 0);
	}
	return OK;
}

static enum fault not_yet(struct look *l, struct news *n, struct err *err)
{
	if (++l->tries >= LOOKS)
		return err_set(err, FAULT_REFUSED, "the stock report of %.60s is still being made after %d looks: given up, the next run begins anew", l->place,
		               LOOKS);
	look_later(n, l, (int64_t)FIRST_LOOK_MS << l->tries);
	return OK;
}

static enum fault take_look(const struct account *acc, const struct job *job, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	struct look l;
	enum fault f = cartoncloud_open(acc, CARTONCLOUD_STOCK, r, n->arena, &body, err);
	const char *status;

	if (f || (f = look_of(job, &l, err)))
		return f;
	status = json_text_or(body, "status", "");
	if (!strcmp(status, "SUCCESS"))
		return take_result(acc, r, body, &l, n, err);
	if (!strcmp(status, "IN_PROCESS"))
		return not_yet(&l, n, err);
	if (!strcmp(status, "FAILED")) /* with HTTP 200 */
		return failed(acc, body, n->arena, err);
	return err_set(err, FAULT_FORMAT, "status: a word that no report run has");
}

/* A result does not change: what cannot be read now is not read again and again, while ever more runs wait behind it. The next run may do better. */
enum fault cartoncloud_counts_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	enum fault f = take_look(acc, b.job, r, n, err);

	return f == FAULT_FORMAT ? (err->fault = FAULT_REFUSED) : f;
}
