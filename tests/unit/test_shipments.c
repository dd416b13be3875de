/* Packages: noted once, never more than was ordered, stepping as drawn; and the carriers they go with. */
#include "trade_orders.h"

#include "base/asset.h"
#include "base/csv.h"
#include "trade/shipments.h"

static enum fault note(struct world *w, int64_t order, const char *carrier, const char *tracking, struct shipped *lines, int n, int64_t *id)
{
	struct shipment sh = { .order_id = order, .carrier = carrier, .tracking = tracking, .shipped_ms = T0, .source = "operator", .line = lines,
		               .lines = n };

	return shipment_note(w->s, &sh, &w->why, id, &w->err);
}

static struct shipment get(struct world *w, int64_t id)
{
	struct shipment sh;

	OKAY(w, shipment_get(w->s, id, w->a, &sh, &w->err));
	return sh;
}

static void a_package_takes_what_is_left(void **state)
{
	struct world w = world_new();
	int64_t order = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 5, 0), a, b;
	struct shipped two = { 1, 2 };
	struct shipment *list;
	int n;

	(void)state;
	OKAY(&w, note(&w, order, "ups", "1Z999AA10123456784", &two, 1, &a));
	OKAY(&w, note(&w, order, "ups", "1Z999AA10123456785", NULL, 0, &b)); /* the rest */
	assert_int_equal(get(&w, b).line->qty, 3);
	assert_string_equal(get(&w, a).package, "1");
	assert_string_equal(get(&w, b).package, "2");
	OKAY(&w, shipments_of(w.s, order, w.a, &list, &n, &w.err));
	assert_true(n == 2 && list[0].id == a && !strcmp(list[1].confirm, "NOT_SENT"));
	assert_string_equal(world_text(&w, "SELECT confirm || ' ' || carrier || ' ' || tracking FROM orders"), "NOT_SENT ups 1Z999AA10123456785");
	world_free(&w);
}

static void what_is_refused(void **state)
{
	struct world w = world_new();
	int64_t open = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 2, 0), closed = world_order(&w, w.walmart, "P-2", ORDER_CANCELLED, 2, 0),
		theirs = world_order(&w, w.walmart, "P-3", ORDER_NEW, 2, ORDER_READ_ONLY), id;
	struct shipped three = { 1, 3 };
	const struct {
		const char *why;
		int64_t order;
		const char *carrier, *tracking;
		struct shipped *line;
		const char *says;
	} cases[] = {
		{ "more than there are", open, "ups", "1Z1", &three, "3 units to ship, but only 2" },
		{ "closed", closed, "ups", "1Z1", NULL, "is closed" },
		{ "theirs", theirs, "ups", "1Z1", NULL, "fulfilled by the channel itself" },
		{ "nowhere", 99, "ups", "1Z1", NULL, "there is no order" },
		{ "no number", open, "ups", "", NULL, "a tracking number is" },
		{ "a number with a quote", open, "ups", "1Z'; --", NULL, "a tracking number is" },
		{ "a carrier nobody knows, without a page", open, "Joe's Van", "1Z1", NULL, "a tracking URL" },
		{ "no carrier", open, "", "1Z1", NULL, "a carrier is missing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum fault f = note(&w, cases[i].order, cases[i].carrier, cases[i].tracking, cases[i].line, cases[i].line != NULL, &id);

		if (f != FAULT_REFUSED || !strstr(w.err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].why, f ? w.err.text : "taken");
		OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM shipment_line; DELETE FROM shipment")); /* a refusal's caller rolls back */
	}
	OKAY(&w, note(&w, open, "ups", "1Z1", NULL, 0, &id));
	assert_int_equal(note(&w, open, "ups", "1Z1", NULL, 0, &id), FAULT_REFUSED); /* the same package twice */
	assert_non_null(strstr(w.err.text, "has that tracking number already"));
	world_refuses(&w, "INSERT INTO shipment_line (shipment_id, line_id, qty) SELECT max(id), 2, 3 FROM shipment", "more units shipped than were ordered");
	world_refuses(&w, "UPDATE shipment SET confirm = 'MAYBE'", "CHECK");
	world_free(&w);
}

static const char *const confirms[] = { "NOT_SENT", "SENDING", "ACCEPTED", "REJECTED", "UNKNOWN", "APPLIED" };

static void confirmations_step_as_drawn(void **state)
{
	static const char *const drawn[] = {
		"NOT_SENT SENDING ACCEPTED REJECTED UNKNOWN APPLIED", "SENDING NOT_SENT ACCEPTED REJECTED UNKNOWN APPLIED", "ACCEPTED REJECTED APPLIED",
		"REJECTED NOT_SENT APPLIED", "UNKNOWN NOT_SENT ACCEPTED REJECTED APPLIED", "APPLIED",
	};

	(void)state;
	for (int from = 0; from < 6; from++)
		for (int to = 0; to < 6; to++) {
			struct world w = world_new();
			int64_t order = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 2, 0), id;
			bool want = strstr(drawn[from], confirms[to]) != NULL, went;

			OKAY(&w, note(&w, order, "ups", "1Z1", NULL, 0, &id));
			OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE shipment SET confirm = '%s'", confirms[from])));
			went = !shipment_confirm(w.s, id, confirms[to], &w.why, &w.err);
			if (went != want)
				fail_msg("%s to %s: %s", confirms[from], confirms[to], went ? "went" : w.err.text);
			if (went && from != to)
				assert_string_equal(world_text(&w, "SELECT confirm FROM orders"), confirms[to]);
			world_free(&w);
		}
}

static void a_rejected_package_lets_go_of_its_units(void **state)
{
	struct world w = world_new();
	int64_t order = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 2, 0), a, b;

	(void)state;
	OKAY(&w, note(&w, order, "ups", "1Z1", NULL, 0, &a));
	OKAY(&w, shipment_confirm(w.s, a, "REJECTED", &w.why, &w.err));
	OKAY(&w, shipment_confirm(w.s, a, "NOT_SENT", &w.why, &w.err)); /* a person tries it again: nobody else has the units */
	OKAY(&w, shipment_confirm(w.s, a, "REJECTED", &w.why, &w.err));
	OKAY(&w, note(&w, order, "ups", "1Z2", NULL, 0, &b)); /* they go with another one */
	assert_int_equal(shipment_confirm(w.s, a, "NOT_SENT", &w.why, &w.err), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "gone with another one"));
	world_refuses(&w, "UPDATE shipment SET confirm = 'SENDING' WHERE id = 1", "went with another one");
	world_free(&w);
}

static void the_queue_shows_the_package_that_needs_somebody(void **state)
{
	static const struct {
		const char *why, *first, *second, *want;
	} cases[] = {
		{ "both on their way", "ACCEPTED", "NOT_SENT", "NOT_SENT" },
		{ "both there", "APPLIED", "APPLIED", "APPLIED" },
		{ "the second one's answer was lost", "APPLIED", "UNKNOWN", "UNKNOWN" },
		{ "the second one was refused", "APPLIED", "REJECTED", "REJECTED" },
		{ "the first one was refused, and the second goes in its place", "REJECTED", "ACCEPTED", "ACCEPTED" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		int64_t order = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 2, 0), a, b;
		struct shipped one = { 1, 1 };

		OKAY(&w, note(&w, order, "ups", "1Z1", &one, 1, &a));
		OKAY(&w, note(&w, order, "ups", "1Z2", NULL, 0, &b));
		OKAY(&w, shipment_confirm(w.s, b, cases[i].second, &w.why, &w.err));
		OKAY(&w, shipment_confirm(w.s, a, cases[i].first, &w.why, &w.err));
		if (strcmp(world_text(&w, "SELECT confirm FROM orders"), cases[i].want))
			fail_msg("%s: %s", cases[i].why, world_text(&w, "SELECT confirm FROM orders"));
		world_free(&w);
	}
}

/* Is it there? By its number, or by as many units as it and those before it hold. */
static void what_their_order_shows(void **state)
{
	static const struct {
		const char *why;
		int64_t shipped;
		const char *tracking;
		bool first, second;
	} cases[] = {
		{ "nothing yet", 0, "", false, false },
		{ "two units: the first one", 2, "", true, false },
		{ "one unit is not the first one", 1, "", false, false },
		{ "all five", 5, "", true, true },
		{ "the second one's number, though not its units", 0, "1Z1 1Z2", true, true },
		{ "another number that begins alike", 0, "1Z22", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		int64_t order = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 5, 0), a, b, read_ms;
		struct shipped two = { 1, 2 };
		bool first, second;

		OKAY(&w, note(&w, order, "ups", "1Z1", &two, 1, &a));
		OKAY(&w, note(&w, order, "ups", "1Z2", NULL, 0, &b));
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE order_line SET q_acked = 5 - %d, q_shipped = %d, tracking = '%s'",
		                                              (int)cases[i].shipped, (int)cases[i].shipped, cases[i].tracking)));
		OKAY(&w, shipment_shown(w.s, a, &first, &read_ms, &w.err));
		OKAY(&w, shipment_shown(w.s, b, &second, &read_ms, &w.err));
		if (first != cases[i].first || second != cases[i].second)
			fail_msg("%s: %d %d", cases[i].why, first, second);
		world_free(&w);
	}
}

/* Part of a line left before we knew the order. A package for the rest is noted once, and it is not shown by what had left before it. */
static void a_part_that_left_before_is_in_no_package_of_ours(void **state)
{
	struct world w = world_new();
	struct order_line line = { .ref = "1", .sku = "SKU-1", .qty = 2, .bucket = { [ORDER_ACKED] = 1, [ORDER_SHIPPED] = 1 } };
	struct order o = { .ref = "P-1", .placed_ms = T0, .updated_ms = T0, .line = &line, .lines = 1 };
	int64_t rest, again, read_ms;
	enum told told;
	bool shown;

	(void)state;
	OKAY(&w, orders_tell(w.s, w.walmart, &o, &seal, &w.why, &told, &w.err));
	OKAY(&w, note(&w, 1, "ups", "1Z1", NULL, 0, &rest));
	assert_int_equal(get(&w, rest).line->qty, 1);
	OKAY(&w, shipment_shown(w.s, rest, &shown, &read_ms, &w.err));
	assert_false(shown);
	assert_int_equal(note(&w, 1, "ups", "1Z2", NULL, 0, &again), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "every unit of this order is in a package already"));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE order_line SET q_acked = 0, q_shipped = 2"));
	OKAY(&w, shipment_shown(w.s, rest, &shown, &read_ms, &w.err));
	assert_true(shown);
	world_free(&w);
}

/* ---- carriers ---- */

static void carriers_are_found_by_any_of_their_names(void **state)
{
	static const struct {
		const char *word, *code;
	} cases[] = { { "ups", "ups" },         { "UPS", "ups" },        { "United Parcel Service", "ups" }, { "fedex ground", "fedex" },
		      { "FedEx", "fedex" },     { "usps priority", "usps" }, { "ontrack", "ontrac" },        { "Joe's Van", NULL },
		      { "other", NULL },        { "", NULL },            { "up", NULL } };
	struct arena *a = arena_new();
	struct carrier c;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool found = carrier_find(a, cases[i].word, &c);

		if (found != (cases[i].code != NULL) || (found && strcmp(c.code, cases[i].code)))
			fail_msg("%s", cases[i].word);
	}
	arena_free(a);
}

static void a_number_that_does_not_fit_is_warned_of(void **state)
{
	static const struct {
		const char *carrier, *tracking;
		bool fits;
	} cases[] = {
		{ "ups", "1Z999AA10123456784", true },
		{ "ups", "1z 999AA1 0123456784", true },
		{ "ups", "9400111899223197428490", false },
		{ "ups", "1Z999AA1012345678", false },
		{ "usps", "9400111899223197428490", true },
		{ "usps", "1Z999AA10123456784", false },
		{ "fedex", "123456789012", true },
		{ "fedex", "12345678901", false },
		{ "lso", "anything at all", true }, /* no pattern is known */
	};
	struct arena *a = arena_new();
	struct carrier c;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(carrier_find(a, cases[i].carrier, &c));
		if (carrier_fits(&c, cases[i].tracking) != cases[i].fits)
			fail_msg("%s %s", cases[i].carrier, cases[i].tracking);
	}
	arena_free(a);
}

/* Walmart's enumeration is closed: a word that is not in it would be refused with the whole confirmation. */
static void walmart_knows_every_word_we_would_say(void **state)
{
	struct arena *a = arena_new();
	struct csv csv;
	struct carrier c;
	struct err err;
	size_t n;
	const char *text = asset_get(a, "data/walmart_carriers.csv", &n);
	int with = 0;

	(void)state;
	assert_int_equal(csv_read(a, "walmart_carriers.csv", text, n, &csv, &err), OK);
	for (int i = 0; carrier_at(a, i, &c); i++) {
		bool known = !*c.walmart;

		for (int r = 0; r < csv.rows; r++)
			known |= !strcmp(csv_field(&csv.row[r], csv_column(&csv, "carrier")), c.walmart);
		if (!known)
			fail_msg("%s: Walmart has no %s", c.code, c.walmart);
		with += *c.walmart != 0;
		assert_true(!*c.url || (strstr(c.url, "{n}") && !strncmp(c.url, "https://", 8)));
	}
	assert_true(with >= 40);
	assert_true(carrier_find(a, "amzl", &c) && carrier_obstacle(a, &c, "walmart", true) && !carrier_obstacle(a, &c, "amazon", false));
	assert_true(carrier_find(a, "ups", &c) && !carrier_obstacle(a, &c, "walmart", false));
	assert_true(carrier_find(a, "tnt", &c) && carrier_obstacle(a, &c, "walmart", false));
	assert_true(!carrier_obstacle(a, &c, "walmart", true) && !carrier_obstacle(a, &c, "ebay", false));
	assert_true(carrier_obstacle(a, NULL, "amazon", false) && !carrier_obstacle(a, NULL, "amazon", true));
	arena_free(a);
}

static void every_row_says_where_it_is_from(void **state)
{
	static const char *const files[] = { "data/carriers.csv", "data/walmart_carriers.csv" }, *const dates[] = { "date", "read" };
	struct arena *a = arena_new();

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct csv csv;
		struct err err;
		size_t n;
		const char *text = asset_get(a, files[i], &n);

		if (csv_read(a, files[i], text, n, &csv, &err))
			fail_msg("%s", err.text);
		for (int r = 0; r < csv.rows; r++)
			if (!*csv_field(&csv.row[r], csv_column(&csv, "source")) || strlen(csv_field(&csv.row[r], csv_column(&csv, dates[i]))) != 10)
				fail_msg("%s:%d has no source or no date", files[i], csv.row[r].line);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_package_takes_what_is_left),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(confirmations_step_as_drawn),
		cmocka_unit_test(a_rejected_package_lets_go_of_its_units),
		cmocka_unit_test(the_queue_shows_the_package_that_needs_somebody),
		cmocka_unit_test(what_their_order_shows),
		cmocka_unit_test(a_part_that_left_before_is_in_no_package_of_ours),
		cmocka_unit_test(carriers_are_found_by_any_of_their_names),
		cmocka_unit_test(a_number_that_does_not_fit_is_warned_of),
		cmocka_unit_test(walmart_knows_every_word_we_would_say),
		cmocka_unit_test(every_row_says_where_it_is_from),
	};

	return cmocka_run_group_tests_name("shipments", tests, NULL, NULL);
}
