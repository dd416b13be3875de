/* The simulated CartonCloud: tokens and versions, stock reports, products, orders; and the warehouses' own work. */
#include "sandbox_bench.h"

#include <stdlib.h>
#include <unistd.h>

#define TENANT "/tenants/" SANDBOX_CARTONCLOUD_TENANT
#define BASIC "Basic c2FuZGJveC1jYXJ0b25jbG91ZC1jbGllbnQ6c2FuZGJveC1jYXJ0b25jbG91ZC1zZWNyZXQ=" /* sandbox-cartoncloud-client:...-secret */
#define CUSTOMER "\"customer\":{\"id\":\"" SANDBOX_CARTONCLOUD_CUSTOMER "\"}"
#define ALL_WAYS "\"aggregateBy\":[\"productType\",\"unitOfMeasure\",\"productStatus\"]"

static int say(struct bench *b, const char *authorization, const char *version, const char *method, const char *path, const char *body)
{
	struct request r = { .arena = b->a, .method = method, .body = body, .body_len = body ? strlen(body) : 0 };
	struct handler h = sandbox_handler(b->s, CARTONCLOUD);

	r.url = arena_printf(b->a, "http://127.0.0.1:1%s", path);
	if (authorization)
		r.header[r.headers++] = (struct header){ "Authorization", authorization };
	if (version)
		r.header[r.headers++] = (struct header){ "Accept-Version", version };
	h.serve(h.ctx, b->a, &r, &b->out);
	b->json = NULL;
	json_open(b->a, b->out.reply.body, b->out.reply.body_len, &b->json, NULL);
	return b->out.reply.status;
}

static const char *bearer(struct bench *b)
{
	assert_int_equal(say(b, BASIC, "1", "POST", "/uaa/oauth/token", "grant_type=client_credentials"), 200);
	assert_int_equal(json_int_or(b->json, "expires_in", 0), 3600);
	return arena_printf(b->a, "Bearer %s", json_text_or(b->json, "access_token", ""));
}

static int cc(struct bench *b, const char *method, const char *path, const char *body)
{
	return say(b, arena_printf(b->a, "Bearer %s", access_give(&b->s->service[CARTONCLOUD], "cc-", 60000)->value), "1", method, path, body);
}

/* A world whose goods stand in five warehouses. */
static struct bench bench_depots(void)
{
	struct sandbox_options opt = quiet();

	opt.world.depots = true;
	return bench_open(&opt);
}

/* ---- who may come in ---- */

struct door_case {
	const char *why, *authorization, *version, *method, *path, *body;
	int status;
};

static const struct door_case door_cases[] = {
	{ "a token of ours", BASIC, "1", "POST", "/uaa/oauth/token", "grant_type=client_credentials", 200 },
	{ "no version", BASIC, NULL, "POST", "/uaa/oauth/token", "grant_type=client_credentials", 400 },
	{ "a wrong secret", "Basic c2FuZGJveDp4", "1", "POST", "/uaa/oauth/token", "grant_type=client_credentials", 401 },
	{ "a grant that there is none of", BASIC, "1", "POST", "/uaa/oauth/token", "grant_type=password", 400 },
	{ "nobody", NULL, "1", "GET", "/uaa/userinfo", NULL, 401 },
	{ "who I am", "", "1", "GET", "/uaa/userinfo", NULL, 200 },
	{ "who I am, without a version", "", NULL, "GET", "/uaa/userinfo", NULL, 400 },
	{ "a version that there is none of", "", "9", "GET", "/uaa/userinfo", NULL, 406 },
	{ "somebody else's tenant", "", "1", "GET", "/tenants/00000000-0000-4000-8000-000000000000/customers", NULL, 404 },
	{ "our customers", "", "1", "GET", TENANT "/customers", NULL, 200 },
	{ "our customer", "", "1", "GET", TENANT "/customers/" SANDBOX_CARTONCLOUD_CUSTOMER, NULL, 200 },
	{ "a customer of others", "", "1", "GET", TENANT "/customers/7c1dc057-9a0d-4e15-8a5e-000000000002", NULL, 404 },
	{ "products of version 8", "", "8", "POST", TENANT "/warehouse-products/search",
	  "{\"condition\":{\"type\":\"AndCondition\",\"conditions\":[]}}", 200 },
	{ "a search without a condition", "", "1", "POST", TENANT "/outbound-orders/search", "{}", 400 },
	{ "a search by what nobody has", "", "1", "POST", TENANT "/outbound-orders/search",
	  "{\"condition\":{\"type\":\"TextComparisonCondition\",\"field\":{\"type\":\"JsonField\",\"pointer\":\"/shoe/size\"},"
	  "\"value\":{\"type\":\"ValueField\",\"value\":\"9\"},\"method\":\"EQUAL_TO\"}}",
	  -1 },
	{ "a report without a customer", "", "1", "POST", TENANT "/report-runs", "{\"type\":\"STOCK_ON_HAND\",\"parameters\":{}}", 422 },
	{ "a page that is too large", "", "1", "POST", TENANT "/report-runs",
	  "{\"type\":\"STOCK_ON_HAND\",\"parameters\":{\"pageSize\":101," CUSTOMER "}}", 400 },
	{ "a report that there is none of", "", "1", "POST", TENANT "/report-runs", "{\"type\":\"WEATHER\",\"parameters\":{" CUSTOMER "}}", 400 },
	{ "a run that never was", "", "1", "GET", TENANT "/report-runs/8d0ada6a-9414-4cfe-83b6-ac09689373cd", NULL, 404 },
};

static void cartoncloud_knows_its_clients(void **state)
{
	struct bench b = bench_depots();
	const char *token = bearer(&b);

	(void)state;
	for (size_t i = 0; i < sizeof door_cases / sizeof *door_cases; i++) {
		const struct door_case *t = &door_cases[i];
		int status = say(&b, t->authorization && !*t->authorization ? token : t->authorization, t->version, t->method, t->path, t->body);

		if (t->status >= 0 && status != t->status)
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
		if (status >= 400 && (!json_is_array(b.json) || !*json_text_or(json_first(b.json), "message", "")))
			fail_msg("%s: an error is an array of messages, not %s", t->why, b.out.reply.body);
	}
	sandbox_advance(b.s, epoch_ms + 3600 * 1000);
	assert_int_equal(say(&b, token, "1", "GET", "/uaa/userinfo", NULL), 401);
	bench_close(&b);
}

/* ---- the stock report ---- */

static const char *report_ask(struct bench *b, const char *parameters)
{
	assert_int_equal(cc(b, "POST", TENANT "/report-runs", arena_printf(b->a, "{\"type\":\"STOCK_ON_HAND\",\"parameters\":{%s}}", parameters)), 201);
	assert_string_equal(json_text_or(b->json, "status", ""), "IN_PROCESS");
	return arena_printf(b->a, TENANT "/report-runs/%s", json_text_or(b->json, "id", ""));
}

struct sums {
	int free, busy, rows, bad, pages;
};

/* A whole report, in eaches of one product (-1: of all). */
static struct sums report_read(struct bench *b, const char *parameters, int product)
{
	const char *url = report_ask(b, parameters);
	struct sums sum = { 0 };
	int64_t pages = 1;

	sandbox_advance(b->s, b->w->now_ms + 60000);
	for (int64_t page = 1; page <= pages; page++) {
		assert_int_equal(cc(b, "GET", arena_printf(b->a, "%s?page=%d", url, (int)page), NULL), 200);
		assert_string_equal(json_text_or(b->json, "status", ""), "SUCCESS");
		pages = strtol(reply_header(&b->out.reply, "Total-Pages"), NULL, 10);
		sum.pages++;
		for (const struct json *e = json_first(json_get(b->json, "items")); e; e = json_next(e)) {
			int p = product_by_sku(b->w, json_text_or(e, "details.product.references.code", ""));
			const char *unit = json_text_or(e, "details.unitOfMeasure.type", "EA"), *status = json_text_or(e, "properties.productStatus", "OK");
			int each = strcmp(unit, "EA") == 0 ? 1 : p % 7 == 3 ? (strcmp(unit, "CTN") == 0 ? 24 : 6) : 12;
			int free = (int)json_int_or(e, "measures.quantityFree", -9), busy = (int)json_int_or(e, "measures.quantityAllocated", -9);

			assert_int_equal(json_int_or(e, "measures.quantity", -1), free + busy);
			if (product >= 0 && p != product)
				continue;
			sum.rows++;
			if (strcmp(status, "OK") != 0)
				sum.bad += free * each;
			else
				sum.free += free * each, sum.busy += busy * each;
		}
	}
	return sum;
}

static void a_report_takes_its_time(void **state)
{
	struct bench b = bench_depots();
	const char *url = report_ask(&b, "\"pageSize\":10," CUSTOMER "," ALL_WAYS);

	(void)state;
	sandbox_advance(b.s, epoch_ms + 10000);
	assert_int_equal(cc(&b, "GET", url, NULL), 200);
	assert_string_equal(json_text_or(b.json, "status", ""), "IN_PROCESS");
	assert_null(json_get(b.json, "items"));
	sandbox_advance(b.s, epoch_ms + 60000);
	assert_int_equal(cc(&b, "GET", url, NULL), 200);
	assert_string_equal(json_text_or(b.json, "status", ""), "SUCCESS");
	assert_int_equal(json_count(json_get(b.json, "items")), 10);
	assert_string_equal(json_text_or(b.json, "reportTime", ""), "2025-11-21 00:00:00"); /* of when it was asked for */
	assert_string_equal(reply_header(&b.out.reply, "Page-Number"), "1");
	sandbox_advance(b.s, epoch_ms + 8 * (int64_t)DAY_MS);
	assert_int_equal(cc(&b, "GET", url, NULL), 404);
	bench_close(&b);
}

static void a_run_that_failed_is_a_200(void **state)
{
	struct bench b = bench_depots();
	struct err err = { 0 };
	const char *url = report_ask(&b, "\"warehouse\":{\"name\":\"Atlantis\"}," CUSTOMER);

	(void)state;
	sandbox_advance(b.s, epoch_ms + 60000);
	assert_int_equal(cc(&b, "GET", url, NULL), 200);
	assert_string_equal(json_text_or(b.json, "status", ""), "FAILED");
	assert_int_equal(json_count(json_get(b.json, "failureDetails")), 1);
	assert_int_equal(sandbox_fault(b.s, "kind=failing channel=cartoncloud count=1", &err), OK);
	url = report_ask(&b, CUSTOMER);
	sandbox_advance(b.s, epoch_ms + 120000);
	assert_int_equal(cc(&b, "GET", url, NULL), 200);
	assert_string_equal(json_text_or(b.json, "status", ""), "FAILED");
	bench_close(&b);
}

static void units_and_states_add_up(void **state)
{
	struct bench b = bench_depots();
	struct sums harbor, oakland, both;

	(void)state;
	for (int i = 0; i < b.w->products; i++) {
		const struct product *p = &b.w->product[i];

		harbor = report_read(&b, "\"warehouse\":{\"name\":\"Default\"}," CUSTOMER "," ALL_WAYS, i);
		oakland = report_read(&b, "\"warehouse\":{\"name\":\"Oakland\"}," CUSTOMER "," ALL_WAYS, i);
		both = report_read(&b, CUSTOMER "," ALL_WAYS, i);
		assert_int_equal(harbor.free, p->at[DEPOT_HARBOR]);
		assert_int_equal(oakland.free, p->at[DEPOT_OAKLAND]);
		assert_int_equal(both.free, harbor.free + oakland.free);
		assert_int_equal(harbor.bad, p->damaged + p->held);
		assert_int_equal(oakland.bad, 0);
	}
	/* who does not ask by state gets the broken ones with the others */
	assert_int_equal(report_read(&b, "\"warehouse\":{\"name\":\"Default\"}," CUSTOMER ",\"aggregateBy\":[\"unitOfMeasure\"]", 2).free,
	                 b.w->product[2].at[DEPOT_HARBOR] + b.w->product[2].damaged);
	assert_int_equal(b.w->count[REPORTS], 3 * b.w->products + 1);
	bench_close(&b);
}

static void a_reading_may_be_nonsense(void **state)
{
	struct bench b = bench_depots();
	struct sums whole = report_read(&b, "\"pageSize\":7," CUSTOMER "," ALL_WAYS, -1), broken;
	struct err err = { 0 };

	(void)state;
	assert_true(whole.free > 0 && whole.pages > 3);
	assert_int_equal(sandbox_fault(b.s, "kind=zeroes count=1", &err), OK);
	broken = report_read(&b, CUSTOMER "," ALL_WAYS, -1);
	assert_int_equal(broken.rows, whole.rows);
	assert_int_equal(broken.free, 0);
	b.s->faults.n = 0;
	assert_int_equal(sandbox_fault(b.s, "kind=halved count=1", &err), OK);
	broken = report_read(&b, CUSTOMER "," ALL_WAYS, -1);
	assert_true(broken.rows < whole.rows * 2 / 3 && broken.rows > whole.rows / 3);
	b.s->faults.n = 0;
	assert_int_equal(report_read(&b, CUSTOMER "," ALL_WAYS, -1).free, whole.free);
	bench_close(&b);
}

/* ---- products ---- */

static void products_say_what_a_carton_holds(void **state)
{
	struct bench b = bench_depots();
	const struct json *units;

	(void)state;
	assert_int_equal(cc(&b, "POST", arena_printf(b.a, TENANT "/warehouse-products/search?page=1&size=5"),
	                    arena_printf(b.a,
	                                 "{\"condition\":{\"type\":\"TextComparisonCondition\",\"field\":{\"type\":\"JsonField\",\"pointer\":"
	                                 "\"/references/code\"},\"value\":{\"type\":\"ValueField\",\"value\":\"%s\"},\"method\":\"EQUAL_TO\"}}",
	                                 sku_of(b.w, 3))),
	                 200);
	assert_int_equal(json_count(b.json), 1);
	units = json_get(json_first(b.json), "unitOfMeasures");
	assert_int_equal(json_int_or(units, "EA.baseQty", 0), 1);
	assert_int_equal(json_int_or(units, "INNER.baseQty", 0), 6);
	assert_int_equal(json_int_or(units, "CTN.baseQty", 0), 24);
	assert_int_equal(cc(&b, "POST", TENANT "/warehouse-products/search?page=3&size=15", "{\"condition\":{\"type\":\"AndCondition\",\"conditions\":[]}}"), 200);
	assert_int_equal(json_count(b.json), 10);
	assert_string_equal(reply_header(&b.out.reply, "Total-Elements"), "40");
	assert_string_equal(reply_header(&b.out.reply, "Total-Pages"), "3");
	assert_null(reply_header(&b.out.reply, "Link"));
	bench_close(&b);
}

/* ---- the warehouse's orders ---- */

static int64_t time_of(struct bench *b, const char *path)
{
	int64_t ms = 0;

	assert_int_equal(json_need_time(json_first(b->json), path, &ms, NULL), OK);
	return ms;
}

static int search(struct bench *b, const char *pointer, const char *type, const char *method, const char *value)
{
	const char *body = arena_printf(b->a,
	                                "{\"condition\":{\"type\":\"AndCondition\",\"conditions\":[{\"type\":\"%s\",\"field\":{\"type\":\"JsonField\","
	                                "\"pointer\":\"%s\"},\"value\":{\"type\":\"ValueField\",\"value\":\"%s\"},\"method\":\"%s\"}]}}",
	                                type, pointer, value, method);

	assert_int_equal(cc(b, "POST", TENANT "/outbound-orders/search?size=100", body), 200);
	return json_count(b->json);
}

/* A product that stands at the provider's alone, sold once: its order. */
static int sell_theirs(struct bench *b, int *product)
{
	for (int i = 0; i < b->w->products; i++) {
		struct product *p = &b->w->product[i];
		int listing = p->listing[WALMART_MAIN];

		if (listing < 0 || p->at[DEPOT_HARBOR] < 20)
			continue;
		for (enum depot d = 0; d < DEPOTS; d++)
			if (d != DEPOT_HARBOR)
				depot_count(b->w, i, d, 0);
		*product = i;
		return order_place(b->w, listing, 2, 5000);
	}
	fail_msg("nothing stands at the provider's");
	return -1;
}

static void an_order_is_allocated_and_sent(void **state)
{
	struct bench b = bench_depots();
	int product = 0, order = sell_theirs(&b, &product), shelf = b.w->product[product].shelf;
	const struct product *p = &b.w->product[product];
	const struct line *l = &b.w->line[b.w->order[order].line];
	const char *id = id_of(&b, order);
	struct sums sum;

	(void)state;
	assert_int_equal(search(&b, "/references/customer", "TextComparisonCondition", "EQUAL_TO", id), 0); /* it has not reached them */
	sandbox_advance(b.s, epoch_ms + 13 * MINUTE_MS);
	assert_int_equal(search(&b, "/references/customer", "TextComparisonCondition", "EQUAL_TO", id), 1);
	assert_string_equal(json_text_or(json_first(b.json), "status", ""), "AWAITING_PICK_AND_PACK");
	assert_int_equal(json_int_or(json_first(json_get(json_first(b.json), "items")), "measures.quantity", 0), 2);
	sum = report_read(&b, CUSTOMER "," ALL_WAYS, product);
	assert_int_equal(sum.free, shelf - 2);
	assert_int_equal(sum.busy, 2);
	assert_int_equal(p->shelf, shelf);
	sandbox_advance(b.s, epoch_ms + 4 * (int64_t)HOUR_MS);
	assert_int_equal(search(&b, "/status", "TextComparisonCondition", "EQUAL_TO", "DISPATCHED"), 1);
	assert_int_equal(strlen(json_text_or(json_first(b.json), "references.tracking", "")), 22);
	assert_true(time_of(&b, "timestamps.dispatched.time") > time_of(&b, "timestamps.created.time"));
	assert_int_equal(search(&b, "/timestamps/dispatched/time", "DateTimeComparisonCondition", "GREATER_THAN", "2025-11-21T00:00:00-08:00"), 1);
	assert_int_equal(search(&b, "/timestamps/dispatched/time", "DateTimeComparisonCondition", "LESS_THAN", "2025-11-21T00:00:00-08:00"), 0);
	assert_int_equal(p->shelf, shelf - 2);
	assert_int_equal(p->owed, 0);
	assert_int_equal(l->shipped, 0); /* the marketplace was told nothing: that is the seller's software's to do */
	assert_int_equal(b.w->count[DISPATCHES], 2);
	line_ship(b.w, b.w->order[order].line, 2, &(struct parcel){ "USPS", "", "9405", "", "Standard", "", b.w->now_ms }, false, "x");
	assert_int_equal(p->shelf, shelf - 2); /* they left once */
	assert_int_equal(p->at[DEPOT_HARBOR], shelf - 2);
	assert_int_equal(p->owed, 0);
	bench_close(&b);
}

static void what_is_cancelled_is_free_again(void **state)
{
	struct bench b = bench_depots();
	int product = 0, order = sell_theirs(&b, &product), shelf = b.w->product[product].shelf;
	const struct product *p = &b.w->product[product];

	(void)state;
	sandbox_advance(b.s, epoch_ms + 13 * MINUTE_MS);
	assert_int_equal(depot_free(p, DEPOT_HARBOR), shelf - 2);
	order_cancel_line(b.w, b.w->order[order].line, 2, 1, ORDER_BY_BUYER, NULL);
	assert_int_equal(depot_free(p, DEPOT_HARBOR), shelf);
	assert_int_equal(p->owed, 0);
	assert_int_equal(search(&b, "/references/customer", "TextComparisonCondition", "EQUAL_TO", id_of(&b, order)), 0);
	sandbox_advance(b.s, epoch_ms + DAY_MS);
	assert_int_equal(p->shelf, shelf);
	bench_close(&b);
}

static void cancelled_after_it_left_is_gone_all_the_same(void **state)
{
	struct bench b = bench_depots();
	int product = 0, order = sell_theirs(&b, &product), shelf = b.w->product[product].shelf;
	const struct product *p = &b.w->product[product];

	(void)state;
	sandbox_advance(b.s, epoch_ms + 4 * (int64_t)HOUR_MS);
	order_cancel_line(b.w, b.w->order[order].line, 2, 1, ORDER_BY_BUYER, NULL);
	assert_int_equal(p->shelf, shelf - 2);
	assert_int_equal(p->owed, 0);
	assert_int_equal(product_free(p), shelf - 2);
	bench_close(&b);
}

static void an_order_waits_for_stock(void **state)
{
	struct bench b = bench_depots();
	int product = 0, order = sell_theirs(&b, &product);

	(void)state;
	depot_count(b.w, product, DEPOT_HARBOR, 1);
	sandbox_advance(b.s, epoch_ms + 13 * MINUTE_MS);
	assert_int_equal(search(&b, "/references/customer", "TextComparisonCondition", "EQUAL_TO", id_of(&b, order)), 1);
	assert_string_equal(json_text_or(json_first(b.json), "status", ""), "AWAITING_STOCK");
	assert_int_equal(depot_free(&b.w->product[product], DEPOT_HARBOR), 1);
	depot_count(b.w, product, DEPOT_HARBOR, 9);
	sandbox_advance(b.s, epoch_ms + 6 * (int64_t)HOUR_MS);
	assert_int_equal(search(&b, "/status", "TextComparisonCondition", "EQUAL_TO", "DISPATCHED"), 1);
	assert_int_equal(b.w->product[product].shelf, 7);
	bench_close(&b);
}

/* ---- a week of it ---- */

/* Whatever happens, the shelf is the sum of the depots, and what is set aside is what open lines hold. */
static void the_books_balance(const struct world *w)
{
	for (int i = 0; i < w->products; i++) {
		const struct product *p = &w->product[i];
		int at = 0, held[DEPOTS] = { 0 }, owed = 0;

		for (enum depot d = 0; d < DEPOTS; d++)
			at += p->at[d];
		for (int k = 0; k < w->lines; k++) {
			const struct line *l = &w->line[k];

			if (l->product != i)
				continue;
			if (l->depot >= 0)
				held[l->depot] += l->busy;
			if (!place_facts[w->order[l->order].place].pool && l->qty > l->cancelled + l->left)
				owed += l->qty - l->cancelled - l->left;
		}
		assert_int_equal(p->shelf, at);
		assert_int_equal(p->owed, owed);
		for (enum depot d = 0; d < DEPOTS; d++)
			assert_int_equal(p->busy[d], held[d]);
	}
}

static void a_week_balances_and_survives_a_restart(void **state)
{
	char path[] = "/tmp/tallyman-world-XXXXXX";
	struct sandbox_options opt = quiet();
	struct err err = { 0 };
	struct world *again = NULL;
	struct bench b;

	(void)state;
	opt.world.depots = opt.world.demo = true;
	opt.world.orders = 100;
	opt.world.orders_a_day = 300;
	b = bench_open(&opt);
	for (int day = 1; day <= 7; day++) {
		sandbox_advance(b.s, epoch_ms + day * (int64_t)DAY_MS);
		the_books_balance(b.w);
	}
	assert_true(b.w->count[DISPATCHES] > 500);
	report_ask(&b, CUSTOMER "," ALL_WAYS);
	close(mkstemp(path));
	assert_int_equal(world_save(b.w, path, &err), OK);
	assert_int_equal(world_load(path, &again, &err), OK);
	unlink(path);
	assert_int_equal(again->outbounds, b.w->outbounds);
	assert_int_equal(again->report_items, b.w->report_items);
	world_advance(again, b.w->now_ms + DAY_MS);
	world_advance(b.w, b.w->now_ms + DAY_MS);
	for (int i = 0; i < again->products; i++)
		assert_memory_equal(again->product[i].at, b.w->product[i].at, sizeof again->product[i].at);
	world_close(again);
	bench_close(&b);
}

/* Told to the marketplace, delivered, and some of it back on a shelf before any marketplace says so. */
static void returns_are_counted_first(void **state)
{
	struct bench b = bench_depots();
	int product = 0, shelf;

	(void)state;
	sell_theirs(&b, &product);
	depot_count(b.w, product, DEPOT_HARBOR, 5000);
	for (int i = 0; i < 200; i++)
		order_place(b.w, b.w->product[product].listing[WALMART_MAIN], 1, 5000);
	sandbox_advance(b.s, epoch_ms + 4 * (int64_t)HOUR_MS);
	shelf = b.w->product[product].shelf;
	for (int i = 0; i < b.w->lines; i++)
		line_ship(b.w, i, b.w->line[i].qty, &(struct parcel){ "USPS", "", "9405", "", "Standard", "", b.w->now_ms }, false, "x");
	sandbox_advance(b.s, epoch_ms + 6 * (int64_t)DAY_MS);
	assert_in_range(b.w->count[RETURNS_COUNTED], 2, 20);
	assert_int_equal(b.w->product[product].shelf + b.w->product[product].held, shelf + b.w->count[RETURNS_COUNTED] + (product % 13 == 5 ? 7 : 0));
	the_books_balance(b.w);
	bench_close(&b);
}

static void one_warehouse_is_as_it_was(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int product, shelf;

	(void)state;
	opt.world.orders_a_day = 300;
	b = bench_open(&opt);
	product = product_at(b.w, AMAZON_US);
	shelf = b.w->product[product].shelf;
	sandbox_advance(b.s, epoch_ms + 2 * (int64_t)DAY_MS);
	assert_int_equal(b.w->outbounds, 0);
	assert_int_equal(b.w->product[product].shelf, shelf);
	assert_int_equal(b.w->product[product].at[DEPOT_FILE], shelf);
	assert_int_equal(b.w->count[DISPATCHES], 0);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cartoncloud_knows_its_clients),
		cmocka_unit_test(a_report_takes_its_time),
		cmocka_unit_test(a_run_that_failed_is_a_200),
		cmocka_unit_test(units_and_states_add_up),
		cmocka_unit_test(a_reading_may_be_nonsense),
		cmocka_unit_test(products_say_what_a_carton_holds),
		cmocka_unit_test(an_order_is_allocated_and_sent),
		cmocka_unit_test(what_is_cancelled_is_free_again),
		cmocka_unit_test(cancelled_after_it_left_is_gone_all_the_same),
		cmocka_unit_test(an_order_waits_for_stock),
		cmocka_unit_test(a_week_balances_and_survives_a_restart),
		cmocka_unit_test(returns_are_counted_first),
		cmocka_unit_test(one_warehouse_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
