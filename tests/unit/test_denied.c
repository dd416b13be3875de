/* Orders that never were: told once, and denied by their account when they are asked for; what is struck, kept, and comes back. */
#include "trade_orders.h"

#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/shipments.h"

/* What happens, by its letter. */
enum step {
	TOLD = 't',     /* the same as at first, by another reply */
	DENIED = 'd',   /* its account says that it has none, and told another one by its number since */
	ALONE = 'a',    /* the same, without having told any other */
	BROKEN = '5',   /* the reading failed: nothing was heard */
	UNSURE = 'u',   /* it is acknowledged, and the answer is lost */
	PARCEL = 'p',   /* a package of it is noted; its job waits */
	ACCEPTED = 'y', /* it is acknowledged, and they took it */
	SHIPPED = 's',  /* it is told to have left */
};

struct event {
	int minute;
	enum step step;
};

struct story {
	const char *why;
	struct event event[8];
	const char *state;     /* in the end */
	int64_t owed;          /* units */
	int alerts;            /* "order_none", open */
	const char *job;       /* of what was said of it; "": nothing was */
};

static const struct story stories[] = {
	{ "denied once: nothing", { { 60, DENIED } }, "NEW", 3, 0, "" },
	{ "twice, four minutes apart: nothing", { { 60, DENIED }, { 64, DENIED } }, "NEW", 3, 0, "" },
	{ "twice, five minutes apart: it is struck", { { 60, DENIED }, { 65, DENIED } }, "CANCELLED", 0, 1, "" },
	{ "once, and then the readings fail: nothing", { { 60, DENIED }, { 65, BROKEN }, { 70, BROKEN } }, "NEW", 3, 0, "" },
	{ "one that failed in between does not hinder", { { 60, DENIED }, { 62, BROKEN }, { 65, DENIED } }, "CANCELLED", 0, 1, "" },
	{ "told in between: the wait begins anew", { { 60, DENIED }, { 62, TOLD }, { 80, DENIED }, { 84, DENIED } }, "NEW", 3, 0, "" },
	{ "so soon after it was told a denial means nothing", { { 1, DENIED }, { 7, DENIED }, { 11, DENIED }, { 13, DENIED } }, "NEW", 3, 0, "" },
	{ "nor does one before that count afterwards", { { 9, DENIED }, { 14, DENIED }, { 18, DENIED } }, "NEW", 3, 0, "" },
	{ "told by two replies, five minutes are not enough", { { 1, TOLD }, { 60, DENIED }, { 66, DENIED } }, "NEW", 3, 0, "" },
	{ "an hour is", { { 1, TOLD }, { 60, DENIED }, { 66, DENIED }, { 120, DENIED } }, "CANCELLED", 0, 1, "" },
	{ "they tell no other one either: nothing", { { 60, ALONE }, { 66, ALONE }, { 90, ALONE } }, "NEW", 3, 0, "" },
	{ "for more than an hour: a person is told", { { 60, ALONE }, { 66, ALONE }, { 121, ALONE } }, "NEW", 3, 1, "" },
	{ "as soon as they do, it is", { { 60, ALONE }, { 66, ALONE }, { 71, DENIED } }, "CANCELLED", 0, 1, "" },
	{ "struck, and told again: it is open as it was", { { 60, DENIED }, { 65, DENIED }, { 90, TOLD } }, "NEW", 3, 0, "" },
	{ "and the wait begins anew, longer", { { 60, DENIED }, { 65, DENIED }, { 90, TOLD }, { 120, DENIED }, { 125, DENIED } }, "NEW", 3, 0, "" },
	{ "struck, and denied again: once is enough", { { 60, DENIED }, { 65, DENIED }, { 125, DENIED }, { 250, DENIED } }, "CANCELLED", 0, 1, "" },
	{ "what was in doubt of it is a person's", { { 1, UNSURE }, { 60, DENIED }, { 65, DENIED } }, "CANCELLED", 0, 1, "failed" },
	{ "by one denial it stays in doubt", { { 1, UNSURE }, { 60, DENIED } }, "NEW", 3, 0, "unsure" },
	{ "what waits to be said of it is a person's", { { 1, PARCEL }, { 60, DENIED }, { 65, DENIED } }, "CANCELLED", 0, 1, "failed" },
	{ "they took what was said of it: kept, with an alert", { { 1, ACCEPTED }, { 60, DENIED }, { 65, DENIED } }, "NEW", 3, 1, "sent" },
	{ "it was told to have left: kept, with an alert", { { 1, SHIPPED }, { 60, DENIED }, { 121, DENIED } }, "SHIPPED", 0, 1, "" },
};

/* Something waits to be said of it. */
static int64_t said(struct world *w, enum verb verb, const char *subject, int64_t order, const char *shipment)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = w->walmart, .verb = verb, .lane = LANE_CONFIRM, .subject = subject, .subject_id = order, .payload = &payload, .due_ms = w->why.now_ms };
	int64_t id;

	fields_put(&payload, "ref", "P-1");
	if (shipment)
		fields_put(&payload, "shipment", shipment);
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	return id;
}

/* The call behind a telling. */
static int64_t reply(struct world *w)
{
	struct attempt t = { .account = w->walmart, .verb = "orders", .op = "test", .method = "GET", .url = "https://x/", .trace = "t-1", .opened_ms = w->why.now_ms };
	int64_t id;

	t.correlation = arena_printf(w->a, "r-%" PRId64, world_int(w, "SELECT count(*) FROM attempt"));
	OKAY(w, attempt_open(w->s, &t, 1, NULL, 0, &id, &w->err));
	return id;
}

/* While it is new each telling is the same, with the same stamp. */
static int64_t tell(struct world *w, const char *ref, enum order_state is)
{
	struct order_line l = { .ref = "1", .sku = "SKU-1", .title = "Box", .qty = 3 };
	struct order o = { .ref = ref, .placed_ms = T0 - HOUR, .updated_ms = is == ORDER_NEW ? T0 : w->why.now_ms, .ship_by_ms = T0 + 24 * HOUR, .line = &l, .lines = 1 };
	enum told told;
	int64_t id;

	l.bucket[is] = 3;
	w->why.attempt_id = reply(w);
	OKAY(w, orders_tell(w->s, w->walmart, &o, &seal, &w->why, &told, &w->err));
	w->why.attempt_id = 0;
	OKAY(w, order_find(w->s, w->walmart, ref, &id, &w->err));
	return id;
}

static void in_flight(struct world *w, int64_t job, bool taken)
{
	struct attempt t = { .account = w->walmart, .verb = "ack", .op = "test", .writes = true, .method = "POST", .url = "https://x/", .correlation = "c-1", .trace = "t-1",
		             .opened_ms = w->why.now_ms };
	int64_t id;

	OKAY(w, attempt_open(w->s, &t, 1, &job, 1, &id, &w->err));
	OKAY(w, job_inflight(w->s, job, id, &w->why, &w->err));
	if (taken)
		OKAY(w, job_sent(w->s, job, "taken", &w->why, &w->err));
	else
		OKAY(w, job_unsure(w->s, job, "silence", &w->why, &w->err));
}

static void pack(struct world *w, int64_t order)
{
	struct shipment sh = { .order_id = order, .package = "1", .carrier = "UPS", .tracking = "1Z999AA10123456784", .shipped_ms = w->why.now_ms, .source = "operator" };
	int64_t id;

	OKAY(w, shipment_note(w->s, &sh, &w->why, &id, &w->err));
	said(w, VERB_SHIP, "shipment:1", order, arena_printf(w->a, "%" PRId64, id));
}

static void deny(struct world *w, bool answers)
{
	struct denial d = { .account = w->walmart, .ref = "P-1", .told_ms = answers ? w->why.now_ms : 0, .well_ms = w->why.now_ms };
	struct denied_next next;
	enum denied is;

	OKAY(w, order_denied(w->s, &d, &w->why, w->a, &is, &next, &w->err));
	if (is == DENIED_WAITS && next.again_ms <= w->why.now_ms)
		fail_msg("it waits, and is not asked for again");
}

static void live(struct world *w, int64_t order, enum step step)
{
	switch (step) {
	case TOLD:
		tell(w, "P-1", ORDER_NEW);
		break;
	case SHIPPED:
		tell(w, "P-1", ORDER_SHIPPED);
		break;
	case DENIED:
	case ALONE:
		deny(w, step == DENIED);
		break;
	case UNSURE:
	case ACCEPTED:
		in_flight(w, said(w, VERB_ACK, "order:1", order, NULL), step == ACCEPTED);
		break;
	case PARCEL:
		pack(w, order);
		break;
	case BROKEN:
		break;
	}
}

static void judge(struct world *w, const struct story *t)
{
	const char *state = world_text(w, "SELECT state FROM orders WHERE ref = 'P-1'"), *job = world_text(w, "SELECT state FROM job WHERE verb IN ('ack', 'ship')");
	int64_t owed = world_int(w, "SELECT coalesce(sum(l.reserves), 0) FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.ref = 'P-1'");
	int64_t alerts = world_int(w, "SELECT count(*) FROM alert WHERE kind = 'order_none' AND closed_ms = 0");

	if (strcmp(state, t->state) || owed != t->owed || alerts != t->alerts || strcmp(job, *t->job ? t->job : "(no row)"))
		fail_msg("%s: it is %s, %d units are owed, %d alerts are open, what was said is %s", t->why, state, (int)owed, (int)alerts, job);
	assert_int_equal(world_int(w, "SELECT open FROM orders WHERE ref = 'P-1'"), !strcmp(state, "NEW"));
	assert_int_equal(world_int(w, "SELECT value FROM counter WHERE name = 'orders.open'"), world_int(w, "SELECT count(*) FROM orders WHERE open = 1"));
	assert_int_equal(world_int(w, "SELECT reserved FROM item WHERE sku = 'SKU-1'"), world_int(w, "SELECT sum(reserves) FROM order_line"));
	world_history_adds_up(w);
}

static struct world shop(int64_t *order)
{
	struct world w = world_new();
	int64_t item;

	OKAY(&w, item_id(w.s, "SKU-1", "Box", &w.why, &item, &w.err));
	tell(&w, "P-0", ORDER_NEW); /* another one, which nobody doubts */
	w.why.now_ms += 1;
	tell(&w, "P-0", ORDER_NEW);
	*order = tell(&w, "P-1", ORDER_NEW);
	return w;
}

static void an_order_that_never_was_is_struck(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		const struct story *t = &stories[i];
		int64_t order;
		struct world w = shop(&order);

		for (const struct event *e = t->event; e->step; e++) {
			w.why.now_ms = T0 + 1 + e->minute * MINUTE;
			live(&w, order, e->step);
		}
		judge(&w, t);
		world_free(&w);
	}
}

static void the_doubt_ends_in_words(void **state)
{
	struct order_detail d;
	int64_t order;
	struct world w = shop(&order);

	(void)state;
	pack(&w, order);
	in_flight(&w, world_int(&w, "SELECT max(id) FROM job"), false);
	for (int minute = 60; minute <= 65; minute += 5) {
		w.why.now_ms = T0 + minute * MINUTE;
		deny(&w, true);
	}
	assert_non_null(strstr(world_text(&w, "SELECT text FROM job WHERE verb = 'ship'"), "has said twice that it has no such order"));
	assert_string_equal(world_text(&w, "SELECT fault FROM job WHERE verb = 'ship'"), "REFUSED");
	assert_string_equal(world_text(&w, "SELECT confirm FROM shipment"), "REJECTED");
	assert_non_null(strstr(world_text(&w, "SELECT next FROM alert WHERE kind = 'order_none'"), "it reads like order P-0, "));
	OKAY(&w, order_get(w.s, order, w.a, &d, &w.err));
	assert_int_equal(d.none_ms, T0 + 60 * MINUTE);
	assert_int_equal(d.struck_ms, T0 + 65 * MINUTE);
	assert_non_null(strstr(world_text(&w, "SELECT text FROM alert WHERE kind = 'order_none'"), "the 3 units that stood open of it are owed no more"));
	world_free(&w);
}

/* ---- which one is asked for ---- */

struct asked_case {
	const char *why, *change; /* SQL: what is otherwise */
	int minute;
	bool asked;
};

static const struct asked_case asked_cases[] = {
	{ "told once, and not again for ten minutes", "", 10, false },
	{ "for a quarter of an hour", "", 16, true },
	{ "told by a second reply", "UPDATE orders SET proof_ms = known_ms WHERE ref = 'P-1'", 60, false },
	{ "told by two, an hour before its deadline, after half a day", "UPDATE orders SET proof_ms = known_ms WHERE ref = 'P-1'", 23 * 60, true },
	{ "five hours before it", "UPDATE orders SET proof_ms = known_ms WHERE ref = 'P-1'", 19 * 60, false },
	{ "told an hour ago", "UPDATE orders SET proof_ms = known_ms + 22 * 3600000 WHERE ref = 'P-1'", 23 * 60, false },
	{ "the channel ships it", "UPDATE orders SET flags = 8 WHERE ref = 'P-1'", 60, false },
	{ "closed", "UPDATE orders SET state = 'SHIPPED', open = 0 WHERE ref = 'P-1'", 60, false },
	{ "read by its number an hour ago, whatever came of it",
	  "INSERT INTO job (account_id, verb, lane, writes, subject, subject_id, key, state, due_ms, made_ms, state_ms, trace) SELECT account_id, 'order', 5, 0, 'order:' || id, id, 'k', 'done', 0, 0, "
	  "known_ms, '' FROM orders WHERE ref = 'P-1'", 60, false },
};

static void what_is_told_once_is_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof asked_cases / sizeof *asked_cases; i++) {
		const struct asked_case *c = &asked_cases[i];
		struct order_ask ask;
		int64_t order;
		struct world w = shop(&order);

		OKAY(&w, store_exec(w.s, &w.err, c->change));
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE orders SET proof_ms = 1900000000000 WHERE ref = 'P-0'"));
		OKAY(&w, order_to_ask(w.s, w.walmart, T0 + c->minute * MINUTE, w.a, &ask, &w.err));
		if ((ask.order == order) != c->asked || (!c->asked && ask.order))
			fail_msg("%s: %s", c->why, ask.order ? "asked for" : "not asked for");
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_that_never_was_is_struck),
		cmocka_unit_test(the_doubt_ends_in_words),
		cmocka_unit_test(what_is_told_once_is_asked_for),
	};

	return cmocka_run_group_tests_name("denied", tests, NULL, NULL);
}
