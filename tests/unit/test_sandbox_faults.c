/* What goes wrong on request: each kind of mishap, its text, and its seed. */
#include "sandbox_bench.h"

#include "base/text.h"

/* ---- the text ---- */

struct text_case {
	const char *why, *text;
	const char *says; /* in the refusal; NULL: it is taken */
};

static const struct text_case text_cases[] = {
	{ "a whole line", "at=10m for=5m channel=walmart op=orders kind=lost-after rate=0.3", NULL },
	{ "only the kind", "kind=html", NULL },
	{ "several operations", "kind=error op=ack,ship status=502 count=2", NULL },
	{ "an edit", "kind=edit at=2m place=amazon/ca sku=HP-MUG14-SLT to=7", NULL },
	{ "a sowing", "seed=7 for=6h", NULL },
	{ "nothing", "", "kind= is missing" },
	{ "a word alone", "lost", "no key=value" },
	{ "a kind there is none of", "kind=earthquake", "kind=earthquake" },
	{ "an operation there is none of", "kind=slow op=orders,pay", "op=orders,pay" },
	{ "a channel there is none of", "kind=slow channel=etsy", "of walmart amazon ebay shopify" },
	{ "a time without a unit", "kind=slow at=10", "90s" },
	{ "a rate above one", "kind=slow rate=1.1", "from 0 to 1" },
	{ "a rate that is no number", "kind=slow rate=often", "from 0 to 1" },
	{ "a status that is no 5xx", "kind=error status=404", "500 to 599" },
	{ "a key there is none of", "kind=slow colour=red", "no such key" },
	{ "a seed without a length", "seed=7", "kind= is missing" },
	{ "a place there is none of", "kind=edit place=amazon/moon", "walmart/main" },
};

static void a_line_says_what_goes_wrong(void **state)
{
	struct sandbox_options opt = quiet();

	(void)state;
	for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
		const struct text_case *t = &text_cases[i];
		struct bench b = bench_open(&opt);
		struct err err = { 0 };
		enum fault fault = sandbox_fault(b.s, t->text, &err);

		if (fault != (t->says ? FAULT_REFUSED : OK) || (t->says && !strstr(err.text, t->says)))
			fail_msg("%s: %s", t->why, err.text);
		bench_close(&b);
	}
}

/* ---- each kind, on one acknowledgement ---- */

struct kind_case {
	const char *why, *text;
	int status, effects; /* of the answer; acknowledgements that took place */
	int64_t cut;         /* -1: whole; -2: somewhere inside */
	const char *body;    /* in the answer; NULL: not looked at */
	bool json;           /* is it JSON that a strict reader takes? */
};

static const struct kind_case kind_cases[] = {
	{ "nothing wrong", "kind=html op=ship", 200, 1, -1, "Acknowledged", true },
	{ "lost on the way there", "kind=lost-before", 503, 0, 0, NULL, false },
	{ "lost on the way back", "kind=lost-after", 200, 1, 0, NULL, true },
	{ "a server error before", "kind=error status=500", 500, 0, -1, "SYSTEM_ERROR", true },
	{ "a server error after", "kind=error-after status=502", 502, 1, -1, "SYSTEM_ERROR", true },
	{ "slow", "kind=slow delay=45s", 200, 1, -1, "Acknowledged", true },
	{ "cut in the middle", "kind=truncated", 200, 1, -2, NULL, true },
	{ "a NUL in a string", "kind=nul", 200, 1, -1, "\\u0000", false },
	{ "a key twice", "kind=duplicate", 200, 1, -1, NULL, false },
	{ "a word nobody knows", "kind=unknown", 200, 1, -1, "TELEPORTED", true },
	{ "a field that is missing", "kind=missing", 200, 1, -1, NULL, true },
	{ "empty", "kind=empty", 200, 1, -1, NULL, false },
	{ "a web page", "kind=html", 200, 0, -1, "<html>", false },
	{ "a redirect", "kind=redirect", 302, 0, -1, NULL, false },
	{ "a throttle storm", "kind=throttle", 429, 0, -1, "REQUEST_THRESHOLD_VIOLATED", true },
	{ "a missing role", "kind=no-role", 403, 0, -1, "FORBIDDEN", true },
	{ "lost, and done minutes later", "kind=late", 503, 0, 0, NULL, false },
	{ "accepted, not applied", "kind=dropped", 200, 0, -1, "Created", true },
	{ "revoked tokens", "kind=revoked", 401, 0, -1, "UNAUTHORIZED", true },
	{ "another platform's trouble", "kind=html channel=amazon", 200, 1, -1, "Acknowledged", true },
	{ "later", "kind=html at=5m", 200, 1, -1, "Acknowledged", true },
	{ "a rate of nothing", "kind=html rate=0", 200, 1, -1, "Acknowledged", true },
};

static void each_kind_does_what_it_says(void **state)
{
	struct sandbox_options opt = quiet();

	(void)state;
	for (size_t i = 0; i < sizeof kind_cases / sizeof *kind_cases; i++) {
		const struct kind_case *t = &kind_cases[i];
		struct bench b = bench_open(&opt);
		int order = buy(b.w, WALMART_MAIN, 1);
		int64_t n;

		assert_int_equal(sandbox_fault(b.s, t->text, NULL), OK);
		walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order)), NULL);
		n = (int64_t)b.out.reply.body_len;
		if (b.out.reply.status != t->status || b.w->count[ACKS] != t->effects || (t->body && !body_has(&b, t->body)) || (b.json != NULL) != t->json ||
		    (t->cut == -2 ? b.out.cut_at <= 0 || b.out.cut_at >= n : b.out.cut_at != t->cut))
			fail_msg("%s: status %d, %lld effects, cut %lld: %s", t->why, b.out.reply.status, (long long)b.w->count[ACKS], (long long)b.out.cut_at,
			         b.out.reply.body);
		bench_close(&b);
	}
}

static void a_gateway_says_it_twice(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 1);

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=twice count=1", NULL), OK);
	assert_int_equal(walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order)), NULL), 200);
	sandbox_advance(b.s, epoch_ms + 1);
	assert_int_equal(b.w->count[ACKS], 1);
	assert_int_equal(b.w->count[ACKS_AGAIN], 1);
	bench_close(&b);
}

/* It is let in at once, nobody hears of it, and it happens when its time has come; a reading is not hit. */
static void a_late_call_lands_in_its_time(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 1);

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=late delay=3m count=1", NULL), OK);
	assert_int_equal(walmart(&b, "GET", "/v3/orders", NULL), 200);
	walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order)), NULL);
	assert_int_equal(b.out.cut_at, 0);
	sandbox_advance(b.s, epoch_ms + 3 * MINUTE_MS - 1);
	assert_int_equal(b.w->count[ACKS], 0);
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	assert_int_equal(b.w->count[ACKS], 1);
	assert_int_equal(b.w->order[order].acked_ms, epoch_ms + 3 * MINUTE_MS);
	bench_close(&b);
}

static void slowness_is_in_the_delay(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	assert_int_equal(b.out.delay_ms, 0);
	sandbox_fault(b.s, "kind=slow delay=45s", NULL);
	walmart(&b, "GET", "/v3/orders", NULL);
	assert_int_equal(b.out.delay_ms, 45000);
	b.s->delays = true;
	b.s->faults.n = 0;
	walmart(&b, "GET", "/v3/orders", NULL);
	assert_in_range(b.out.delay_ms, 80, 400);
	bench_close(&b);
}

/* Seconds the first time, a date the second: both are in the standard. */
static void a_throttle_says_when(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const char *wait;
	int64_t s;

	(void)state;
	sandbox_fault(b.s, "kind=throttle", NULL);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 429);
	assert_true(text_int(reply_header(&b.out.reply, "Retry-After"), 5, 60, &s));
	assert_int_equal(walmart(&b, "GET", "/v3/orders", NULL), 429);
	wait = reply_header(&b.out.reply, "Retry-After");
	assert_non_null(strstr(wait, "Fri, 21 Nov 2025 08:00:"));
	assert_non_null(strstr(wait, " GMT"));
	bench_close(&b);
}

/* The same answers through the transport that a simulated day uses. */
static void a_lost_answer_is_unsure_to_who_asked(void **state)
{
	int64_t now = epoch_ms;
	struct clock clock = clock_manual(&now);
	struct sandbox_options opt = quiet();
	struct bench b;
	struct direct_route route;
	struct transport *t;
	struct finished f;
	struct request r = { .op = "walmart.token", .method = "POST", .url = "https://marketplace.walmartapis.com/v3/token", .body = "grant_type=client_credentials", .body_len = 29 };

	(void)state;
	opt.clock = &clock;
	b = bench_open(&opt);
	route = (struct direct_route){ "https://marketplace.walmartapis.com", sandbox_handler(b.s, WALMART) };
	t = direct_open(&clock, &route, 1);
	r.arena = b.a;
	r.header[r.headers++] = (struct header){ "WM_SVC.NAME", "x" };
	r.header[r.headers++] = (struct header){ "WM_QOS.CORRELATION_ID", "c" };
	r.header[r.headers++] = (struct header){ "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" };
	sandbox_fault(b.s, "kind=lost-after count=1", NULL);
	for (int i = 0; i < 2; i++) {
		int64_t tokens = b.w->count[TOKENS];

		assert_int_equal(t->start(t, i, &r, NULL), OK);
		assert_int_equal(b.w->count[TOKENS], tokens + 1);
		now = direct_next_due(t);
		assert_true(t->next(t, &f));
		assert_int_equal(f.reply.fault, i ? OK : FAULT_UNSURE);
		assert_int_equal(f.reply.status, i ? 200 : 0);
		arena_free(f.arena);
	}
	t->close(t);
	bench_close(&b);
}

static void damage_is_damage_in_each_reading(void **state)
{
	static const char *const kinds[] = { "flip", "nul", "duplicate", "unknown", "missing", "mistyped" };
	struct sandbox_options opt = quiet();

	(void)state;
	opt.world.orders = 40;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct bench b = bench_open(&opt);
		const char *whole;
		int same = 0;

		walmart(&b, "GET", "/v3/orders", NULL);
		whole = b.out.reply.body;
		sandbox_fault(b.s, arena_printf(b.a, "kind=%s", kinds[i]), NULL);
		for (int n = 0; n < 100; n++) {
			walmart(&b, "GET", "/v3/orders", NULL);
			same += strcmp(b.out.reply.body, whole) == 0;
		}
		if (same > 40) /* a NUL finds no string in some picks */
			fail_msg("%s: %d of 100 answers are whole", kinds[i], same);
		bench_close(&b);
	}
}

static void a_dropped_push_never_shows(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int listing, before;

	(void)state;
	opt.world.settle_pct = 100;
	b = bench_open(&opt);
	listing = b.w->product[product_at(b.w, AMAZON_US)].listing[AMAZON_US];
	before = b.w->listing[listing].shown;
	sandbox_fault(b.s, "kind=dropped op=push count=1", NULL);
	for (int i = 0; i < 2; i++) {
		const char *sku = sku_of(b.w, product_at(b.w, AMAZON_US));

		assert_int_equal(amazon(&b, "PATCH", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER/%s?marketplaceIds=ATVPDKIKX0DER", sku),
		                        "{\"productType\":\"PRODUCT\",\"patches\":[{\"op\":\"merge\",\"path\":\"/attributes/fulfillment_availability\",\"value\":[{"
		                        "\"fulfillment_channel_code\":\"DEFAULT\",\"quantity\":7}]}]}"),
		                 200);
		assert_string_equal(json_text_or(b.json, "status", ""), "ACCEPTED");
		sandbox_advance(b.s, b.w->now_ms + 15 * MINUTE_MS);
		assert_int_equal(b.w->listing[listing].shown, i ? 7 : before);
	}
	assert_int_equal(b.w->count[PUSHES_DROPPED], 1);
	bench_close(&b);
}

static void feeds_get_stuck(void **state)
{
	struct sandbox_options opt = sandbox_demo(3, epoch_ms);
	struct bench b = bench_open(&opt);
	int last = b.w->feeds - 1;

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=stuck for=2h", NULL), OK);
	sandbox_advance(b.s, epoch_ms + 110 * MINUTE_MS);
	assert_int_equal(b.w->feed[last].state, FEED_INPROGRESS);
	sandbox_advance(b.s, epoch_ms + 130 * MINUTE_MS);
	assert_int_equal(b.w->feed[last].state, FEED_PROCESSED);
	bench_close(&b);
}

static void somebody_edits_in_the_demo(void **state)
{
	struct sandbox_options opt = sandbox_demo(3, epoch_ms);
	struct bench b = bench_open(&opt);
	struct listing *l = listing_of(b.w, product_by_sku(b.w, "HP-TOWEL-SLT"), WALMART_MAIN);
	int before = l->shown;

	(void)state;
	sandbox_advance(b.s, epoch_ms + 60 * 1000);
	assert_int_equal(l->shown, before);
	sandbox_advance(b.s, epoch_ms + 3 * MINUTE_MS);
	assert_int_equal(l->shown, 250);
	assert_int_equal(b.w->count[EDITS], 1);
	bench_close(&b);
}

static void a_seed_sows_the_same_lot(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench a = bench_open(&opt), b = bench_open(&opt);

	(void)state;
	assert_int_equal(sandbox_fault(a.s, "seed=7 for=6h", NULL), OK);
	assert_int_equal(sandbox_fault(b.s, "seed=7 for=6h", NULL), OK);
	assert_in_range(a.s->faults.n, 30, 45);
	for (int i = 0; i < a.s->faults.n; i++)
		assert_string_equal(mishap_text(a.a, &a.s->faults.mishap[i]), mishap_text(a.a, &b.s->faults.mishap[i]));
	assert_int_equal(sandbox_fault(b.s, "seed=8 for=1h", NULL), OK);
	bench_close(&a);
	bench_close(&b);
}

static void the_control_surface_adds_and_clears(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	assert_int_equal(walmart(&b, "POST", "/sandbox/faults", "kind=html op=orders count=1"), 200);
	assert_int_equal(walmart(&b, "POST", "/sandbox/faults", "kind=rain"), 400);
	assert_true(body_has(&b, "kind=rain"));
	walmart(&b, "GET", "/v3/orders", NULL);
	assert_true(body_has(&b, "<html>"));
	assert_int_equal(walmart(&b, "GET", "/v3/orders", NULL), 200);
	assert_false(body_has(&b, "<html>"));
	walmart(&b, "GET", "/sandbox/faults", NULL);
	assert_true(body_has(&b, "kind=html"));
	assert_true(body_has(&b, "fired=1"));
	assert_int_equal(walmart(&b, "DELETE", "/sandbox/faults", NULL), 200);
	assert_int_equal(b.s->faults.n, 0);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_says_what_goes_wrong),
		cmocka_unit_test(each_kind_does_what_it_says),
		cmocka_unit_test(a_late_call_lands_in_its_time),
		cmocka_unit_test(a_gateway_says_it_twice),
		cmocka_unit_test(slowness_is_in_the_delay),
		cmocka_unit_test(a_throttle_says_when),
		cmocka_unit_test(a_lost_answer_is_unsure_to_who_asked),
		cmocka_unit_test(damage_is_damage_in_each_reading),
		cmocka_unit_test(a_dropped_push_never_shows),
		cmocka_unit_test(feeds_get_stuck),
		cmocka_unit_test(somebody_edits_in_the_demo),
		cmocka_unit_test(a_seed_sows_the_same_lot),
		cmocka_unit_test(the_control_surface_adds_and_clears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
