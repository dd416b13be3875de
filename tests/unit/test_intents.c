/* What somebody decided: planned in words, bound by digest and typed line, carried out as it was shown, or refused. */
#include "trade_orders.h"

#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/inbox.h"
#include "trade/intents.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/shipments.h"

/* An intent in one line: "order=1", "order=2", "carrier=ups" ... */
static struct intent decide(struct world *w, enum intent_kind kind, const char *const *fields)
{
	struct intent in = { .kind = kind, .asker = arena_printf(w->a, "00000000-0000-4000-8000-%012d", (int)world_int(w, "SELECT count(*) FROM intent")),
		             .subject = "", .why = "test", .payload = fields_new(w->a) };

	for (; *fields; fields++) {
		const char *eq = strchr(*fields, '=');

		fields_put(&in.payload, arena_strndup(w->a, *fields, (size_t)(eq - *fields)), eq + 1);
	}
	return in;
}
#define DECIDE(w, kind, ...) decide(w, kind, (const char *const[]){ __VA_ARGS__, NULL })

static struct plan plan(struct world *w, const struct intent *in)
{
	struct plan p;

	OKAY(w, plan_make(w->s, in, w->why.now_ms, w->a, &p, &w->err));
	return p;
}

/* Read the plan, type its line, send it. */
static enum fault confirm(struct world *w, struct intent *in)
{
	struct plan p;
	enum fault f = plan_make(w->s, in, w->why.now_ms, w->a, &p, &w->err);

	if (f)
		return f;
	in->typed = p.line;
	in->digest = p.digest;
	OKAY(w, intent_file(w->s, in, &w->why, &w->err));
	return intent_carry(w->s, in, &w->why, &w->err);
}

static const char *ids(struct world *w, const char *key, int64_t id)
{
	return arena_printf(w->a, "%s=%" PRId64, key, id);
}

static struct job last_job(struct world *w)
{
	struct job j;

	OKAY(w, job_get(w->s, world_int(w, "SELECT max(id) FROM job"), w->a, &j, &w->err));
	return j;
}

/* What the newest job says under a key. */
static const char *says(struct world *w, const char *key)
{
	struct job j = last_job(w);

	return fields_get(&j.payload, key, "");
}

/* ---- the line that is typed ---- */

static void one_line_serves_all_marks(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 1, 0), b = world_order(&w, w.walmart, "P-2", ORDER_NEW, 1, 0),
		c = world_order(&w, w.shadow, "P-3", ORDER_NEW, 1, 0), d = world_order(&w, w.amazon, "P-4", ORDER_NEW, 2, 0);
	const char *ida = ids(&w, "order", a), *idb = ids(&w, "order", b), *idc = ids(&w, "order", c), *idd = ids(&w, "order", d);
	struct intent ack = DECIDE(&w, INTENT_ACK, ida, idb), both = DECIDE(&w, INTENT_ACK, ida, idc);
	struct intent ship = DECIDE(&w, INTENT_SHIP, idd, ida, "carrier=UPS", "tracking=1Z999AA10123456784");
	struct intent live = DECIDE(&w, INTENT_LIVE, "x=1");

	(void)state;
	live.subject = "walmart-ca";
	assert_string_equal(plan(&w, &ack).line, "acknowledge 2 orders walmart-us");
	assert_string_equal(plan(&w, &both).line, "acknowledge 2 orders walmart-us walmart-ca");
	assert_string_equal(plan(&w, &ship).line, "ship 2 orders amazon-us walmart-us");
	assert_string_equal(plan(&w, &live).line, "live 1 account walmart-ca");
	assert_string_equal(plan(&w, &ship).step[0], "amazon-us P-4: confirm 2 units of SKU-1 with UPS 1Z999AA10123456784");
	assert_int_equal(plan(&w, &both).warns, 1);
	assert_non_null(strstr(plan(&w, &both).warn[0], "walmart-ca is in shadow mode"));
	world_free(&w);
}

static void the_same_store_and_intent_give_the_same_digest(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 1, 0);
	struct intent in = DECIDE(&w, INTENT_ACK, ids(&w, "order", a)), other = DECIDE(&w, INTENT_CANCEL, ids(&w, "order", a));
	const char *first = plan(&w, &in).digest;

	(void)state;
	assert_int_equal(strlen(first), 64);
	w.why.now_ms += HOUR; /* time alone is no reason to ask a person again */
	assert_string_equal(plan(&w, &in).digest, first);
	assert_string_not_equal(plan(&w, &other).digest, first);
	in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784");
	first = plan(&w, &in).digest;
	in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784", "service=Express");
	assert_string_not_equal(plan(&w, &in).digest, first); /* what no step shows is bound all the same */
	world_free(&w);
}

static void what_was_shown_is_what_is_done_or_nothing(void **state)
{
	static const struct {
		const char *why, *typed, *change, *says;
	} cases[] = {
		{ "as shown", "acknowledge 2 orders walmart-us", "", NULL },
		{ "typed wrongly", "acknowledge 3 orders walmart-us", "", "the line to type is `acknowledge 2 orders walmart-us`" },
		{ "typed with a capital", "Acknowledge 2 orders walmart-us", "", "not confirmed" },
		{ "typed with a space at its end", "acknowledge 2 orders walmart-us ", "", "not confirmed" },
		{ "not typed", "", "", "not confirmed" },
		{ "one was acknowledged in between", "acknowledge 2 orders walmart-us",
		  "UPDATE order_line SET q_new = 0, q_acked = 1 WHERE id = 2; UPDATE orders SET state = 'ACKED' WHERE id = 2", "not confirmed" },
		{ "the buyer asked to cancel in between", "acknowledge 2 orders walmart-us", "UPDATE orders SET flags = 2 WHERE id = 1", "the plan changed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 1, 0), b = world_order(&w, w.walmart, "P-2", ORDER_NEW, 1, 0);
		struct intent in = DECIDE(&w, INTENT_ACK, ids(&w, "order", a), ids(&w, "order", b));
		enum fault f;

		in.digest = plan(&w, &in).digest;
		in.typed = cases[i].typed;
		OKAY(&w, store_exec(w.s, &w.err, cases[i].change));
		OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
		f = intent_carry(w.s, &in, &w.why, &w.err);
		if ((f == OK) != !cases[i].says || (f && !strstr(w.err.text, cases[i].says)))
			fail_msg("%s: %s", cases[i].why, f ? w.err.text : "done");
		assert_int_equal(world_int(&w, "SELECT count(*) FROM job"), f ? 0 : 2);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM audit"), f ? 0 : 1);
		world_free(&w);
	}
}

/* Both have looked at the same order: the first word counts, and the other is told what became of it. */
static void of_two_people_at_once_one_does_it(void **state)
{
	static const enum intent_kind kinds[] = { INTENT_ACK, INTENT_CANCEL };

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct world w = world_new();
		int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 1, 0);
		struct intent jo = DECIDE(&w, kinds[i], ids(&w, "order", a)), ann = DECIDE(&w, kinds[i], ids(&w, "order", a));

		jo.typed = plan(&w, &jo).line;
		jo.digest = plan(&w, &jo).digest;
		ann.asker = "00000000-0000-4000-8000-00000000a22a";
		ann.typed = plan(&w, &ann).line;
		ann.digest = plan(&w, &ann).digest;
		OKAY(&w, intent_file(w.s, &jo, &w.why, &w.err));
		OKAY(&w, intent_carry(w.s, &jo, &w.why, &w.err));
		OKAY(&w, intent_file(w.s, &ann, &w.why, &w.err));
		assert_int_equal(intent_carry(w.s, &ann, &w.why, &w.err), FAULT_REFUSED);
		if (!strstr(w.err.text, "it was asked for already: job 1 is waiting"))
			fail_msg("%s", w.err.text);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM job"), 1);
		world_free(&w);
	}
}

/* ---- rows that are left out, each with its reason ---- */

static void rows_are_left_out_with_a_reason(void **state)
{
	static const struct {
		const char *why;
		enum intent_kind kind;
		enum order_state is;
		int flags;
		bool amazon;
		const char *extra1, *extra2, *says;
	} cases[] = {
		{ "acknowledged", INTENT_ACK, ORDER_ACKED, 0, false, "x=", "y=", "it is acknowledged already" },
		{ "fulfilled by the channel", INTENT_ACK, ORDER_NEW, ORDER_READ_ONLY, false, "x=", "y=", "the channel fulfils it itself" },
		{ "closed", INTENT_SHIP, ORDER_CANCELLED, 0, false, "carrier=ups", "tracking=1Z1", "it is closed" },
		{ "not paid", INTENT_SHIP, ORDER_PENDING, 0, false, "carrier=ups", "tracking=1Z1", "its payment is pending" },
		{ "Amazon has no acknowledgement", INTENT_ACK, ORDER_NEW, 0, true, "x=", "y=", "this channel has no acknowledgement" },
		{ "no number", INTENT_SHIP, ORDER_NEW, 0, false, "carrier=ups", "y=", "carrier or tracking number is missing" },
		{ "a number that is none", INTENT_SHIP, ORDER_NEW, 0, false, "carrier=ups", "tracking=1Z<b>", "that is no tracking number" },
		{ "a carrier nobody knows", INTENT_SHIP, ORDER_NEW, 0, false, "carrier=Joe", "tracking=1Z1", "a tracking URL (https://...) is required" },
		{ "a carrier Walmart forbids", INTENT_SHIP, ORDER_NEW, 0, false, "carrier=amzl", "tracking=TBA123456789012", "walmart forbids" },
		{ "a carrier outside Walmart's list, without a page", INTENT_SHIP, ORDER_NEW, 0, false, "carrier=toll", "tracking=123456",
		  "Walmart has no word of its own for Toll" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		int64_t bad = world_order(&w, cases[i].amazon ? w.amazon : w.walmart, "P-1", cases[i].is, 1, cases[i].flags);
		int64_t good = world_order(&w, w.walmart, "P-2", ORDER_NEW, 1, 0);
		/* the good row has words of its own, so that only the bad one is left out */
		const char *own_carrier = arena_printf(w.a, "carrier.%" PRId64 "=ups", good),
			   *own_number = arena_printf(w.a, "tracking.%" PRId64 "=1Z999AA10123456784", good);
		struct intent in = DECIDE(&w, cases[i].kind, ids(&w, "order", bad), ids(&w, "order", good), cases[i].extra1, cases[i].extra2, own_carrier,
		                          own_number);
		struct plan p = plan(&w, &in);

		if (p.skips != 1 || p.steps != 1 || !strstr(p.skip[0], cases[i].says) || !strstr(p.skip[0], "P-1"))
			fail_msg("%s: %d left out, %s", cases[i].why, p.skips, p.skips ? p.skip[0] : "");
		OKAY(&w, confirm(&w, &in));
		assert_int_equal(world_int(&w, "SELECT count(*) FROM job"), 1); /* what was left out is left out */
		assert_int_equal(last_job(&w).subject_id, good);
		in = DECIDE(&w, cases[i].kind, ids(&w, "order", bad), cases[i].extra1, cases[i].extra2);
		assert_int_equal(plan_make(w.s, &in, T0, w.a, &p, &w.err), FAULT_REFUSED); /* nothing but that row: nothing to confirm */
		assert_non_null(strstr(w.err.text, cases[i].says));
		world_free(&w);
	}
}

static void ids_that_are_none(void **state)
{
	static const char *const bad[] = { "order=99", "order=abc", "order=-1", "order=", "order=1; DROP TABLE orders" };
	struct world w = world_new();
	struct plan p;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct intent in = DECIDE(&w, INTENT_ACK, bad[i]);

		if (plan_make(w.s, &in, T0, w.a, &p, &w.err) != FAULT_REFUSED)
			fail_msg("%s", bad[i]);
	}
	world_free(&w);
}

static void warnings_do_not_refuse(void **state)
{
	struct world w = world_new();
	int64_t asked = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 1, ORDER_CANCEL_REQ);
	struct intent in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", asked), "carrier=ups", "tracking=9400111899223197428490");
	struct plan p = plan(&w, &in);

	(void)state;
	assert_int_equal(p.warns, 2);
	assert_string_equal(p.warn[0], "walmart-us P-1: 9400111899223197428490 does not look like a number of UPS");
	assert_string_equal(p.warn[1], "walmart-us P-1: the buyer asked to cancel");
	OKAY(&w, confirm(&w, &in));
	world_free(&w);
}

/* ---- what follows ---- */

static void a_job_says_all_that_asking_needs(void **state)
{
	static const struct {
		const char *key, *value;
	} want[] = {
		{ "shipment", "1" }, { "ref", "P-1" }, { "marketplace", "M-1" }, { "package", "1" }, { "carrier", "ups" }, { "carrier.name", "UPS" },
		{ "carrier.walmart", "UPS" }, { "carrier.amazon", "UPS" }, { "tracking", "1Z999AA10123456784" },
		{ "url", "https://www.ups.com/track?tracknum=1Z999AA10123456784" }, { "service", "Standard" }, { "shipped_ms", "1700000000000" },
		{ "line", "3:1" },
	};
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 3, 0);
	struct intent in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=United Parcel Service", "tracking=1Z999AA10123456784",
	                          "service=Standard");
	struct job j;

	(void)state;
	OKAY(&w, confirm(&w, &in));
	j = last_job(&w);
	assert_true(j.verb == VERB_SHIP && j.lane == LANE_CONFIRM && j.account == w.walmart && j.intent_id == in.id && j.due_ms == T0);
	assert_string_equal(j.subject, "shipment:1");
	assert_int_equal(j.subject_id, a);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		if (strcmp(fields_get(&j.payload, want[i].key, "(none)"), want[i].value))
			fail_msg("%s is %s", want[i].key, fields_get(&j.payload, want[i].key, "(none)"));
	assert_string_equal(world_text(&w, "SELECT confirm FROM orders"), "NOT_SENT");
	in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784");
	assert_int_equal(confirm(&w, &in), FAULT_REFUSED); /* the same package again */
	assert_non_null(strstr(w.err.text, "is noted already"));
	world_free(&w);
}

static void acknowledging_and_cancelling(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 3, 0);
	struct intent in = DECIDE(&w, INTENT_ACK, ids(&w, "order", a));
	struct plan p;

	(void)state;
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(last_job(&w).subject, arena_printf(w.a, "order:%" PRId64, a));
	assert_string_equal(says(&w, "ref"), "P-1");
	in = DECIDE(&w, INTENT_ACK, ids(&w, "order", a));
	assert_int_equal(plan_make(w.s, &in, T0, w.a, &p, &w.err), FAULT_REFUSED); /* once is enough */
	assert_non_null(strstr(w.err.text, "it was asked for already: job 1 is waiting"));
	in = DECIDE(&w, INTENT_CANCEL, ids(&w, "order", a), "reason=SELLER_CANCEL_PRICING_ERROR");
	assert_non_null(strstr(plan(&w, &in).warn[0], "the buyer did not ask for it"));
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(says(&w, "line"), "3:1");
	assert_string_equal(says(&w, "reason"), "SELLER_CANCEL_PRICING_ERROR");
	world_free(&w);
}

static int64_t offer(struct world *w, int64_t account, const char *sku, int target)
{
	struct seen seen = { .sku = sku, .pool = "own", .qty = 40 };

	OKAY(w, offers_seen(w->s, account, &seen, 1, T0, &w->why, &w->err));
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE offer SET target = %d, ver = 1 WHERE sku = '%s' AND item_id IS NOT NULL", target, sku)));
	return world_int(w, "SELECT max(id) FROM offer");
}

static void pushing_says_the_target_though_unchanged(void **state)
{
	struct world w = world_new();
	struct count c = { .sku = "SKU-1", .qty = 40 };
	int64_t a, b;
	struct intent in;
	struct job first, second;

	(void)state;
	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	a = offer(&w, w.amazon, "SKU-1", 34);
	b = offer(&w, w.amazon, "SKU-9", 34); /* not mapped */
	in = DECIDE(&w, INTENT_PUSH, ids(&w, "offer", a), ids(&w, "offer", b));
	assert_string_equal(plan(&w, &in).line, "push 1 offer amazon-us");
	assert_non_null(strstr(plan(&w, &in).skip[0], "not mapped"));
	assert_string_equal(plan(&w, &in).step[0], "amazon-us SKU-1: say 34 (they show 40)");
	OKAY(&w, confirm(&w, &in));
	first = last_job(&w);
	assert_true(first.verb == VERB_STOCK && first.lane == LANE_DECREASE && fields_int(&first.payload, "qty", -1) == 34);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'inflight'; UPDATE job SET state = 'done'"));
	in = DECIDE(&w, INTENT_PUSH, ids(&w, "offer", a));
	OKAY(&w, confirm(&w, &in)); /* the same number once more, because a person says so */
	second = last_job(&w);
	assert_true(second.id != first.id && !strcmp(second.state, "waiting"));
	world_free(&w);
}

static void what_is_archived_is_in_doubt_no_more(void **state)
{
	struct world w = world_new();
	struct job_plan p = { .account = w.walmart, .verb = VERB_SHIP, .lane = LANE_CONFIRM, .subject = "order:1", .due_ms = T0 };
	struct job j = { .account = w.walmart, .subject = "order:1" };
	struct alert doubt = { .key = job_doubt_key(w.a, "not-applied", &j), .kind = "not_applied", .severity = "WARN", .subject = "order:1", .text = "?" };
	struct alert other = { .key = "not-applied 7 order:2", .kind = "not_applied", .severity = "WARN", .subject = "order:2", .text = "?" };
	struct intent in;
	int64_t id;

	(void)state;
	OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'inflight'; UPDATE job SET state = 'sent'; UPDATE job SET state = 'failed'"));
	OKAY(&w, alert_raise(w.s, &doubt, T0, &w.err));
	OKAY(&w, alert_raise(w.s, &other, T0, &w.err));
	in = DECIDE(&w, INTENT_ARCHIVE, ids(&w, "job", id));
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(world_text(&w, "SELECT group_concat(subject) FROM alert WHERE closed_ms = 0"), "order:2");
	world_free(&w);
}

/* T5: any queued write can be taken back before it is said, and the audit says who did. */
static void T5_a_queued_write_can_be_taken_back(void **state)
{
	static const enum verb writes[] = { VERB_ACK, VERB_SHIP, VERB_CANCEL, VERB_STOCK };
	static const char *const said[] = { "inflight", "sent", "done", "unsure" };
	struct job due[16];
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		struct world w = world_new();
		struct job_plan p = { .account = w.walmart, .verb = writes[i], .lane = LANE_CONFIRM, .subject = "x:1", .due_ms = T0 };
		struct intent in;
		int64_t id;

		w.why.actor = "uid:1000 jo";
		OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
		in = DECIDE(&w, INTENT_ARCHIVE, ids(&w, "job", id));
		OKAY(&w, confirm(&w, &in));
		assert_string_equal(world_text(&w, "SELECT state || ' ' || text FROM job"), "superseded taken back by a person");
		assert_string_equal(world_text(&w, "SELECT actor || ' ' || action FROM audit"), "uid:1000 jo archive");
		OKAY(&w, jobs_due(w.s, w.walmart, T0 + HOUR, w.a, due, 16, &n, &w.err));
		assert_int_equal(n, 0);
		for (size_t k = 0; k < sizeof said / sizeof *said; k++) { /* what has been said cannot be taken back */
			p.subject = arena_printf(w.a, "x:%d", (int)k + 2);
			OKAY(&w, job_plan(w.s, &p, &w.why, &id, &w.err));
			OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE job SET state = 'inflight' WHERE id = %d; UPDATE job SET state = '%s' WHERE id = %d",
			                                              (int)id, said[k], (int)id)));
			in = DECIDE(&w, INTENT_ARCHIVE, ids(&w, "job", id));
			assert_int_equal(confirm(&w, &in), FAULT_REFUSED);
			assert_non_null(strstr(w.err.text, "can no longer be taken back"));
		}
		world_free(&w);
	}
}

static void a_package_taken_back_frees_its_units(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 3, 0);
	struct intent in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784");

	(void)state;
	OKAY(&w, confirm(&w, &in));
	in = DECIDE(&w, INTENT_ARCHIVE, ids(&w, "job", last_job(&w).id));
	OKAY(&w, confirm(&w, &in));
	in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456785");
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(says(&w, "line"), "3:1");
	world_free(&w);
}

/* Where a platform wants something else named than its line's number, that is named; and a retry names what it is by then. */
static void a_package_names_the_lines_handle(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 3, 0), first;
	struct intent in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784");

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE order_line SET handle = '7001:9001:3'"));
	OKAY(&w, confirm(&w, &in));
	first = last_job(&w).id;
	assert_string_equal(says(&w, "line"), "3:7001:9001:3");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'failed'"));
	OKAY(&w, shipment_confirm(w.s, 1, "REJECTED", &w.why, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE order_line SET handle = '7002:9002:3'")); /* it was moved, and read again */
	in = DECIDE(&w, INTENT_RETRY, ids(&w, "job", first));
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(says(&w, "line"), "3:7002:9002:3");
	assert_string_equal(world_text(&w, arena_printf(w.a, "SELECT state FROM job WHERE id = %d", (int)first)), "superseded");
	assert_string_equal(world_text(&w, "SELECT confirm FROM shipment"), "NOT_SENT");
	world_free(&w);
}

static void a_person_tries_again(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_ACKED, 3, 0), job;
	struct intent in = DECIDE(&w, INTENT_SHIP, ids(&w, "order", a), "carrier=UPS", "tracking=1Z999AA10123456784");
	struct parked named = { .class = "SCHEMA", .subject = "P-7", .text = "?" }, nameless = { .class = "SCHEMA", .text = "?", .fragment = "{", .fragment_n = 1 };

	(void)state;
	OKAY(&w, confirm(&w, &in));
	job = last_job(&w).id;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'failed', fails = 4"));
	OKAY(&w, shipment_confirm(w.s, 1, "REJECTED", &w.why, &w.err));
	in = DECIDE(&w, INTENT_RETRY, ids(&w, "job", job));
	OKAY(&w, confirm(&w, &in));
	assert_string_equal(world_text(&w, "SELECT state || ' ' || fails FROM job"), "waiting 0");
	assert_string_equal(world_text(&w, "SELECT confirm FROM shipment"), "NOT_SENT");
	OKAY(&w, inbox_park(w.s, w.walmart, VERB_ORDERS, &named, &seal, &w.why, &w.err));
	OKAY(&w, inbox_park(w.s, w.walmart, VERB_ORDERS, &nameless, &seal, &w.why, &w.err));
	in = DECIDE(&w, INTENT_RETRY, "inbox=1", "inbox=2");
	OKAY(&w, confirm(&w, &in));
	assert_int_equal(last_job(&w).verb, VERB_ORDER); /* the named one is read on its own, for the other its list */
	assert_string_equal(says(&w, "ref"), "P-7");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE verb = 'order'"), 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox WHERE state = 'retried'"), 2);
	in = DECIDE(&w, INTENT_RETRY, "job=99");
	assert_int_equal(confirm(&w, &in), FAULT_REFUSED);
	world_free(&w);
}

/* What stays on this machine wants no typed line. */
static void local_kinds(void **state)
{
	static const struct {
		const char *why;
		enum intent_kind kind;
		const char *a, *b, *c, *ask, *want;
	} cases[] = {
		{ "assign", INTENT_ASSIGN, "job=1", "owner=jo", "x=", "SELECT owner FROM job", "jo" },
		{ "note", INTENT_NOTE, "subject=order:1", "text=called the buyer", "x=", "SELECT subject || ' ' || text FROM note", "order:1 called the buyer" },
		{ "count", INTENT_COUNT, "sku=SKU-1", "qty=7", "x=", "SELECT sku || ' ' || available FROM item", "SKU-1 7" },
		{ "acknowledge an alert", INTENT_ALERT_ACK, "alert=1", "x=", "y=", "SELECT acked_by FROM alert", "uid:1000 jo" },
		{ "a task is done", INTENT_TASK, "task=1", "state=done", "x=", "SELECT state || ' ' || actor FROM task", "done uid:1000 jo" },
		{ "a task is left out", INTENT_TASK, "task=1", "state=skipped", "note=closed today", "SELECT state || ' ' || note FROM task", "skipped closed today" },
		{ "archive", INTENT_ARCHIVE, "inbox=1", "x=", "y=", "SELECT state FROM inbox", "archived" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct parked p = { .class = "SCHEMA", .subject = "P-7", .text = "?" };
		struct job_plan job = { .account = w.walmart, .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "x:1" };
		struct intent in = DECIDE(&w, cases[i].kind, cases[i].a, cases[i].b, cases[i].c);
		int64_t id;

		w.why.actor = "uid:1000 jo";
		OKAY(&w, inbox_park(w.s, w.walmart, VERB_ORDERS, &p, &seal, &w.why, &w.err));
		OKAY(&w, job_plan(w.s, &job, &w.why, &id, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO alert (key, kind, severity, text, opened_ms, last_ms) VALUES ('k', 'k', 'info', 't', 1, 1)"));
		OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO task (id, name, day, rhythm, title, how, made_ms) VALUES (1, 'n', 1, 'day', 't', 'h', 1)"));
		assert_false(intent_writes(cases[i].kind));
		OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
		if (intent_carry(w.s, &in, &w.why, &w.err))
			fail_msg("%s: %s", cases[i].why, w.err.text);
		if (strcmp(world_text(&w, cases[i].ask), cases[i].want))
			fail_msg("%s: %s", cases[i].why, world_text(&w, cases[i].ask));
		assert_string_equal(world_text(&w, "SELECT state FROM intent"), "done");
		assert_int_equal(world_int(&w, "SELECT count(*) FROM audit"), 1);
		world_free(&w);
	}
}

/* 999 for 99 takes nothing off sale and puts nothing on. */
static void a_count_that_is_far_off_is_said_twice(void **state)
{
	static const struct {
		const char *why, *qty, *again;
		bool taken;
	} cases[] = {
		{ "as usual", "qty=95", "x=", true },
		{ "a digit too many", "qty=999", "x=", false },
		{ "and said twice", "qty=999", "again=999", true },
		{ "and said otherwise the second time", "qty=999", "again=99", false },
		{ "a digit too few", "qty=9", "x=", false },
		{ "a hundred and one more", "qty=201", "x=", false },
		{ "half of it less", "qty=49", "x=", false },
		{ "just not half of it", "qty=50", "x=", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct intent first = DECIDE(&w, INTENT_COUNT, "sku=SKU-1", "qty=100"), in;
		enum fault f;

		w.why.actor = "uid:1000 jo";
		OKAY(&w, intent_file(w.s, &first, &w.why, &w.err));
		OKAY(&w, intent_carry(w.s, &first, &w.why, &w.err));
		in = DECIDE(&w, INTENT_COUNT, "sku=SKU-1", cases[i].qty, cases[i].again);
		OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
		f = intent_carry(w.s, &in, &w.why, &w.err);
		if (f != (cases[i].taken ? OK : FAULT_REFUSED) || (f && !strstr(w.err.text, "say it twice")))
			fail_msg("%s: %s", cases[i].why, f ? w.err.text : "it was taken");
		world_free(&w);
	}
}

static void local_kinds_that_are_refused(void **state)
{
	static const struct {
		enum intent_kind kind;
		const char *a, *b;
	} cases[] = {
		{ INTENT_COUNT, "sku=SKU-1", "qty=-1" },   { INTENT_COUNT, "sku=SKU-1", "qty=1000000" }, { INTENT_COUNT, "sku=SKU-1", "qty=many" },
		{ INTENT_NOTE, "subject=x", "text=" },     { INTENT_ALERT_ACK, "alert=9", "x=" },        { INTENT_RETRY, "inbox=9", "x=" },
		{ INTENT_BACKUP, "file=/tmp/x", "x=" },    { INTENT_REVEAL, "order=1", "x=" },           { INTENT_STOP, "x=", "y=" },
		{ INTENT_ASSIGN, "job=1", "owner=a name that is far longer than forty characters are" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct intent in = DECIDE(&w, cases[i].kind, cases[i].a, cases[i].b);

		OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
		if (!intent_carry(w.s, &in, &w.why, &w.err))
			fail_msg("%s %s %s", intent_kind_name(cases[i].kind), cases[i].a, cases[i].b);
		world_free(&w);
	}
}

static void going_live_is_a_persons_typed_word(void **state)
{
	struct world w = world_new();
	struct job_plan job = { .account = w.shadow, .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "x:1" };
	struct intent in = DECIDE(&w, INTENT_LIVE, "x=1");
	struct account_row row;
	int64_t id;

	(void)state;
	in.subject = "walmart-ca";
	OKAY(&w, job_plan(w.s, &job, &w.why, &id, &w.err));
	assert_non_null(strstr(plan(&w, &in).step[0], "the 1 waiting now at once"));
	OKAY(&w, confirm(&w, &in));
	OKAY(&w, account_by_name(w.s, "walmart-ca", w.a, &row, &w.err));
	assert_string_equal(row.mode, "live");
	in = DECIDE(&w, INTENT_LIVE, "x=1");
	in.subject = "walmart-ca";
	assert_int_equal(confirm(&w, &in), FAULT_REFUSED); /* it is live already */
	in = DECIDE(&w, INTENT_SHADOW, "x=1");
	in.subject = "walmart-ca";
	OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
	OKAY(&w, intent_carry(w.s, &in, &w.why, &w.err)); /* the way back needs no line: it only stops things */
	OKAY(&w, account_by_name(w.s, "walmart-ca", w.a, &row, &w.err));
	assert_string_equal(row.mode, "shadow");
	world_free(&w);
}

static void reading_again_now(void **state)
{
	struct world w = world_new();
	int64_t a = world_order(&w, w.walmart, "P-1", ORDER_NEW, 1, 0);
	struct seen seen = { .sku = "SKU-1", .pool = "own", .qty = 40, .marketplace = "M-1" };
	struct intent in;

	(void)state;
	OKAY(&w, offers_seen(w.s, w.amazon, &seen, 1, T0, &w.why, &w.err));
	in = DECIDE(&w, INTENT_REFRESH, ids(&w, "order", a), "offer=1");
	OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
	OKAY(&w, intent_refresh(w.s, &in, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE verb = 'order' AND account_id = 1"), 1);
	assert_int_equal(last_job(&w).verb, VERB_STOCK_READ);
	assert_string_equal(says(&w, "marketplace"), "M-1");
	world_free(&w);
}

/* ---- on record, and on the wire ---- */

static void asking_again_is_harmless(void **state)
{
	struct world w = world_new();
	struct intent in = DECIDE(&w, INTENT_NOTE, "subject=x", "text=y"), known;

	(void)state;
	assert_false(intent_known(w.s, in.asker, w.a, &known));
	OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
	assert_true(intent_known(w.s, in.asker, w.a, &known) && known.id == in.id && !strcmp(known.state, "filed"));
	OKAY(&w, intent_done(w.s, in.id, true, "no", &w.why, &w.err));
	assert_true(intent_known(w.s, in.asker, w.a, &known) && !strcmp(known.state, "refused") && !strcmp(known.result, "no"));
	assert_int_equal(intent_file(w.s, &in, &w.why, &w.err), FAULT_STORE); /* the schema would refuse a second row */
	world_free(&w);
}

static void an_intent_crosses_the_socket_whole(void **state)
{
	struct world w = world_new();
	struct intent in = DECIDE(&w, INTENT_SHIP, "order=1", "order=2", "tracking=1Z\n%0A", "carrier=ups"), out;

	(void)state;
	in.account = 3;
	in.subject = "s";
	in.digest = "d";
	in.typed = "ship 2 orders walmart-us";
	OKAY(&w, intent_unpack(w.a, intent_pack(&in, w.a), &out, &w.err));
	assert_true(out.kind == INTENT_SHIP && out.account == 3 && !strcmp(out.asker, in.asker) && !strcmp(out.typed, in.typed));
	assert_string_equal(fields_each(&out.payload, "order", 1), "2");
	assert_string_equal(fields_get(&out.payload, "tracking", ""), "1Z\n%0A");
	assert_int_equal(out.payload.n, in.payload.n);
	for (int k = 0; k < INTENT_KINDS; k++)
		assert_int_equal(intent_kind_from_name(intent_kind_name((enum intent_kind)k)), k);
	assert_int_equal(intent_unpack(w.a, "", &out, &w.err), FAULT_FORMAT);
	assert_int_equal(intent_unpack(w.a, "kind=ship\nasker=1\n", &out, &w.err), FAULT_FORMAT);
	assert_int_equal(intent_unpack(w.a, "kind=rob\nasker=00000000-0000-4000-8000-000000000000\n", &out, &w.err), FAULT_FORMAT);
	assert_int_equal(intent_unpack(w.a, "no equals sign", &out, &w.err), FAULT_FORMAT);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_serves_all_marks),
		cmocka_unit_test(the_same_store_and_intent_give_the_same_digest),
		cmocka_unit_test(what_was_shown_is_what_is_done_or_nothing),
		cmocka_unit_test(of_two_people_at_once_one_does_it),
		cmocka_unit_test(rows_are_left_out_with_a_reason),
		cmocka_unit_test(ids_that_are_none),
		cmocka_unit_test(warnings_do_not_refuse),
		cmocka_unit_test(a_job_says_all_that_asking_needs),
		cmocka_unit_test(acknowledging_and_cancelling),
		cmocka_unit_test(pushing_says_the_target_though_unchanged),
		cmocka_unit_test(what_is_archived_is_in_doubt_no_more),
		cmocka_unit_test(T5_a_queued_write_can_be_taken_back),
		cmocka_unit_test(a_package_taken_back_frees_its_units),
		cmocka_unit_test(a_package_names_the_lines_handle),
		cmocka_unit_test(a_person_tries_again),
		cmocka_unit_test(local_kinds),
		cmocka_unit_test(a_count_that_is_far_off_is_said_twice), cmocka_unit_test(local_kinds_that_are_refused),
		cmocka_unit_test(going_live_is_a_persons_typed_word),
		cmocka_unit_test(reading_again_now),
		cmocka_unit_test(asking_again_is_harmless),
		cmocka_unit_test(an_intent_crosses_the_socket_whole),
	};

	return cmocka_run_group_tests_name("intents", tests, NULL, NULL);
}
