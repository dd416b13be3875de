/* The past rebuilt from the history is the past as it was looked at then. */
#include "trade_truth.h"

#include "base/clock.h"
#include "trade/alerts.h"
#include "trade/inbox.h"
#include "trade/incidents.h"
#include "trade/intents.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/overrides.h"
#include "trade/past.h"
#include "trade/past_tables.h"

#include <sys/stat.h>
#include <unistd.h>

enum { STEPS = 240, SKUS = 6, LOOKS = 60, ALL_LOOKS = 1000 };

/* What is compared: every column that the history has to bring back. What an offer risks is reckoned anew, where the store itself waits for the next plan. */
static const char *const looks[] = {
	"SELECT 'item ' || id || ' ' || sku || ' ' || available || ' ' || counted || ' ' || reserved || ' ' || held FROM item ORDER BY id",
	"SELECT 'stock ' || item_id || ' ' || place_id || ' ' || counted || ' ' || held || ' ' || moving FROM stock WHERE counted > 0 ORDER BY item_id, place_id",
	"SELECT 'offer ' || id || ' ' || coalesce(target, 'none') || ' ' || coalesce(pushed, 'none') || ' ' || push_state || ' ' || drift || ' ' || coalesce(seen, 'none') || ' ' || hold || ' ' || block FROM offer ORDER BY id",
	"SELECT 'order ' || id || ' ' || state || ' ' || open || ' ' || flags || ' ' || due_ms || ' ' || tracking FROM orders ORDER BY id",
	"SELECT 'line ' || id || ' ' || q_new || ' ' || q_acked || ' ' || q_shipped || ' ' || q_cancelled || ' ' || reserves || ' ' || taken FROM order_line ORDER BY id",
	"SELECT 'job ' || id || ' ' || state FROM job WHERE writes = 1 ORDER BY id",
	"SELECT 'place ' || id || ' ' || stale || ' ' || sells FROM place p WHERE EXISTS (SELECT 1 FROM stock k WHERE k.place_id = p.id AND k.counted > 0) ORDER BY id",
	"SELECT 'account ' || id || ' ' || mode || ' ' || state FROM account ORDER BY id",
	"SELECT 'rule ' || name || ' ' || key || ' ' || value FROM policy_override WHERE ended_ms = 0 ORDER BY name, key",
	"SELECT 'parked ' || subject || ' ' || state FROM inbox ORDER BY id",
	"SELECT 'alert ' || key || ' ' || severity || CASE WHEN kind = 'outage' THEN ' ' || text ELSE '' END FROM alert WHERE closed_ms = 0 ORDER BY key",
	"SELECT 'incident ' || id || ' ' || severity FROM incident WHERE closed_ms = 0 AND over_ms = 0 ORDER BY id",
	"SELECT 'intent ' || id || ' ' || state || ' ' || result FROM intent ORDER BY id",
	"SELECT 'counter ' || name || ' ' || value FROM counter WHERE name IN ('orders', 'orders.open', 'drift', 'inbox', 'alerts.CRIT') ORDER BY name",
};

static const char *look(struct store *s, struct arena *a)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct rows *r = store_ask_text(s, looks[i], NULL, 0);
		struct err err = { 0 };

		while (rows_next(r))
			buf_printf(&b, "%s\n", rows_text(r, 0));
		if (rows_end(r, &err))
			fail_msg("%s: %s", looks[i], err.text);
	}
	return b.p;
}

struct lived {
	struct truth_world t;
	struct rng rng;
	int64_t now_ms;
	int orders;
	int64_t at_ms[STEPS];
	const char *seen[STEPS];
	char dir[64];
};

static const char *any_sku(struct lived *l)
{
	return arena_printf(l->t.w.a, "SKU-%d", 1 + (int)rng_below(&l->rng, SKUS));
}

static void count(struct lived *l)
{
	struct count c = { .place = rng_below(&l->rng, 2) ? "east" : "west", .sku = any_sku(l), .qty = 5 + rng_below(&l->rng, 40), .valid_ms = l->now_ms };

	l->t.w.why.actor = "file:counts.csv";
	OKAY(&l->t.w, counts_take(l->t.w.s, &c, 1, false, true, &l->t.w.why, &l->t.w.err));
}

static void tell_order(struct lived *l, int number, enum order_state is)
{
	struct world *w = &l->t.w;
	struct order_line line = { .ref = "1", .sku = arena_printf(w->a, "SKU-%d", 1 + number % SKUS), .title = "Box", .qty = 1 + number % 3,
		                   .tracking = is == ORDER_SHIPPED ? "1Z999" : NULL };
	struct order o = { .ref = arena_printf(w->a, "P-%d", number), .placed_ms = T0 + number, .updated_ms = l->now_ms, .ship_by_ms = T0 + 24 * HOUR + number,
		           .ack_by_ms = T0 + 3 * HOUR, .line = &line, .lines = 1 };
	enum told told;

	line.bucket[is] = line.qty;
	w->why.actor = "channel:walmart-us";
	OKAY(w, orders_tell(w->s, number % 2 ? w->walmart : w->amazon, &o, &seal, &w->why, &told, &w->err));
}

static void sell(struct lived *l)
{
	tell_order(l, l->orders++, ORDER_NEW);
}

static void go_on(struct lived *l)
{
	static const enum order_state to[] = { ORDER_ACKED, ORDER_SHIPPED, ORDER_CANCELLED };

	if (l->orders)
		tell_order(l, (int)rng_below(&l->rng, l->orders), to[rng_below(&l->rng, 3)]);
}

static void read_offer(struct lived *l)
{
	struct seen s = { .sku = any_sku(l), .pool = "own", .qty = rng_below(&l->rng, 40), .block = rng_below(&l->rng, 6) ? "" : "the listing ended" };

	l->t.w.why.actor = "channel:walmart-us";
	OKAY(&l->t.w, offers_seen(l->t.w.s, rng_below(&l->rng, 2) ? l->t.w.walmart : l->t.w.amazon, &s, 1, l->now_ms - 10, &l->t.w.why, &l->t.w.err));
}

static void accept(struct lived *l)
{
	int64_t offer = world_int(&l->t.w, arena_printf(l->t.w.a, "SELECT coalesce((SELECT id FROM offer ORDER BY (id * 7919 + %d) %% 31 LIMIT 1), 0)", (int)rng_below(&l->rng, 31)));

	if (offer)
		OKAY(&l->t.w, offer_accepted(l->t.w.s, offer, rng_below(&l->rng, 40), 0, MINUTE, &l->t.w.why, &l->t.w.err));
}

static void expire(struct lived *l)
{
	int n;

	OKAY(&l->t.w, offers_expire(l->t.w.s, &l->t.w.why, &n, &l->t.w.err));
}

static void set_rule(struct lived *l)
{
	struct override o = { .scope = "sku", .name = any_sku(l), .account = "", .key = "buffer", .value = arena_printf(l->t.w.a, "%du/0%%", (int)rng_below(&l->rng, 9)),
		              .cause = "test", .actor = "test" };

	if (world_int(&l->t.w, arena_printf(l->t.w.a, "SELECT count(*) FROM item WHERE sku = '%s'", o.name)))
		OKAY(&l->t.w, override_set(l->t.w.s, &o, &l->t.w.why, &l->t.w.err));
}

static void switch_mode(struct lived *l)
{
	OKAY(&l->t.w, account_mode(l->t.w.s, l->t.w.amazon, rng_below(&l->rng, 2) ? "live" : "shadow", &l->t.w.why, &l->t.w.err));
}

static void keep_back(struct lived *l)
{
	const char *sku = any_sku(l), *place = rng_below(&l->rng, 2) ? "east" : "west", *what = rng_below(&l->rng, 2) ? "held" : "moving";
	const char *there = arena_printf(l->t.w.a, "SELECT count(*) FROM stock k JOIN item i ON i.id = k.item_id JOIN place p ON p.id = k.place_id WHERE i.sku = '%s' AND p.name = '%s'", sku, place);

	if (world_int(&l->t.w, there))
		OKAY(&l->t.w, place_hold(l->t.w.s, place, sku, what, rng_below(&l->rng, 6), &l->t.w.why, &l->t.w.err));
}

static void ring(struct lived *l)
{
	static const char *const severity[] = { "CRIT", "WARN", "info" }, *const text[] = { "it is bad", "it may become bad", "it is so" };
	int how = (int)rng_below(&l->rng, 4);
	struct alert alert = { .kind = "outage", .key = rng_below(&l->rng, 2) ? "one" : "other", .account = l->t.w.amazon };

	if (how == 3) {
		OKAY(&l->t.w, alert_close(l->t.w.s, alert.key, l->now_ms, &l->t.w.err));
		return;
	}
	alert.severity = severity[how];
	alert.text = text[how];
	OKAY(&l->t.w, alert_raise(l->t.w.s, &alert, l->now_ms, &l->t.w.err));
}

/* Somebody proposes, and a while later another one agrees or nobody does. */
static void propose(struct lived *l)
{
	struct intent in = { .kind = INTENT_NOTE, .asker = arena_printf(l->t.w.a, "asker %d", (int)(l->now_ms % 1000000000)), .payload = fields_new(l->t.w.a), .proposes = true };
	int64_t waits = world_int(&l->t.w, "SELECT coalesce((SELECT id FROM intent WHERE state = 'proposed' LIMIT 1), 0)");

	bool agreed = rng_below(&l->rng, 2);

	l->t.w.why.actor = "uid:1000 jo";
	if (!waits) {
		OKAY(&l->t.w, intent_file(l->t.w.s, &in, &l->t.w.why, &l->t.w.err));
		return;
	}
	if (agreed)
		OKAY(&l->t.w, intent_agreed(l->t.w.s, waits, &l->t.w.why, &l->t.w.err));
	OKAY(&l->t.w, intent_done(l->t.w.s, waits, !agreed, "it was decided", &l->t.w.why, &l->t.w.err));
}

static void misread(struct lived *l)
{
	struct parked p = { .class = "SCHEMA", .subject = any_sku(l), .text = "a field is of another shape" };

	OKAY(&l->t.w, inbox_park(l->t.w.s, l->t.w.walmart, VERB_ORDERS, &p, &seal, &l->t.w.why, &l->t.w.err));
}

static void understand(struct lived *l)
{
	OKAY(&l->t.w, inbox_understood(l->t.w.s, l->t.w.walmart, VERB_ORDERS, any_sku(l), &l->t.w.why, &l->t.w.err));
}

static void live(struct lived *l)
{
	static void (*const steps[])(struct lived *) = { count, sell, sell, go_on, go_on, read_offer, read_offer, accept, expire, set_rule, switch_mode, misread, understand, keep_back,
		                                              ring, ring, propose };
	char file[96];

	*l = (struct lived){ .t = truth_new(CONFLICT_MIN), .rng = rng_seeded(7), .now_ms = T0 };
	for (int i = 0; i < STEPS; i++) {
		l->now_ms += 1000 + rng_below(&l->rng, 5 * MINUTE);
		l->t.w.why.now_ms = l->now_ms;
		steps[rng_below(&l->rng, (int64_t)(sizeof steps / sizeof *steps))](l);
		l->at_ms[i] = l->now_ms;
		l->seen[i] = look(l->t.w.s, l->t.w.a);
	}
	OKAY(&l->t.w, store_commit(l->t.w.s, &l->t.w.err));
	snprintf(l->dir, sizeof l->dir, "/tmp/tallyman-past-XXXXXX");
	assert_non_null(mkdtemp(l->dir));
	snprintf(file, sizeof file, "%s/tallyman.db", l->dir);
	OKAY(&l->t.w, store_backup(l->t.w.s, file, &l->t.w.err));
}

static void leave(struct lived *l)
{
	char command[96];

	world_free(&l->t.w);
	snprintf(command, sizeof command, "rm -rf %s", l->dir);
	assert_int_equal(system(command), 0);
}

/* The first line in which two texts differ. */
static void compare(const char *is, const char *was, int step)
{
	const char *a = is, *b = was;
	size_t i = 0;

	for (; is[i] && is[i] == was[i]; i++)
		if (is[i] == '\n') {
			a = is + i + 1;
			b = was + i + 1;
		}
	if (is[i] != was[i])
		fail_msg("after step %d: %.*s instead of %.*s", step, (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static void the_past_is_what_was_looked_at_then(void **state)
{
	int n = getenv("SOAK") ? ALL_LOOKS : LOOKS;
	struct rng rng = rng_seeded(11);
	struct lived l;

	(void)state;
	live(&l);
	for (int i = 0; i < n; i++) {
		int step = 20 + (int)rng_below(&rng, STEPS - 21);
		int64_t at_ms = l.at_ms[step] + rng_below(&rng, l.at_ms[step + 1] - l.at_ms[step]);
		struct arena *a = arena_new();
		struct store *s;
		struct err err = { 0 };

		if (past_open(l.dir, at_ms, PAST_KNOWN, &s, &err))
			fail_msg("%s", err.text);
		compare(look(s, a), l.seen[step], step);
		store_close(s);
		arena_free(a);
	}
	leave(&l);
}

/* What decisions are made of goes back step by step as well, without a new copy. */
static void the_past_is_walked_backwards(void **state)
{
	struct arena *a = arena_new();
	struct err err = { 0 };
	struct store *s;
	struct lived l;

	(void)state;
	live(&l);
	if (store_scratch(l.dir, &s, &err))
		fail_msg("%s", err.text);
	for (int step = STEPS - 2; step > 20; step--) {
		int64_t before = -1;
		struct rows *r = ASK(s, "SELECT coalesce(min(id), 1000000) FROM change WHERE known_ms > ?", V(l.at_ms[step]));

		if (rows_next(r))
			before = rows_int(r, 0);
		assert_int_equal(rows_end(r, &err), OK);
		if (past_step(s, before, l.at_ms[step], 1, &err))
			fail_msg("%s", err.text);
		for (int k = 0; k < 3; k++) { /* items, shelves, offers */
			struct rows *q = store_ask_text(s, looks[k], NULL, 0);

			while (rows_next(q))
				if (!strstr(l.seen[step], arena_printf(a, "%s\n", rows_text(q, 0))))
					fail_msg("after step %d: %s was not so", step, rows_text(q, 0));
			assert_int_equal(rows_end(q, &err), OK);
		}
	}
	store_close(s);
	arena_free(a);
	leave(&l);
}

static void hindsight_has_what_was_told_late(void **state)
{
	struct lived l = { .t = truth_new(CONFLICT_MIN) };
	struct count late = { .sku = "SKU-1", .qty = 9, .valid_ms = T0 + MINUTE }, early = { .sku = "SKU-1", .qty = 4, .valid_ms = T0 };
	struct store *s;
	struct err err = { 0 };
	char file[96];
	int64_t n;

	(void)state;
	OKAY(&l.t.w, counts_take(l.t.w.s, &early, 1, false, true, &l.t.w.why, &l.t.w.err));
	l.t.w.why.now_ms = T0 + HOUR; /* an hour later they say how it was */
	OKAY(&l.t.w, counts_take(l.t.w.s, &late, 1, false, true, &l.t.w.why, &l.t.w.err));
	OKAY(&l.t.w, store_commit(l.t.w.s, &l.t.w.err));
	snprintf(l.dir, sizeof l.dir, "/tmp/tallyman-past-XXXXXX");
	assert_non_null(mkdtemp(l.dir));
	snprintf(file, sizeof file, "%s/tallyman.db", l.dir);
	OKAY(&l.t.w, store_backup(l.t.w.s, file, &l.t.w.err));
	for (int by = PAST_KNOWN; by <= PAST_VALID; by++) {
		if (past_open(l.dir, T0 + 30 * MINUTE, (enum past_by)by, &s, &err))
			fail_msg("%s", err.text);
		assert_int_equal(GET_INT(s, &err, -1, &n, "SELECT counted FROM stock WHERE item_id = ?", V(1)), OK);
		assert_int_equal(n, by == PAST_KNOWN ? 4 : 9);
		store_close(s);
	}
	leave(&l);
}

/* A call of an account's that was over so many minutes after T0. */
static void call(struct lived *l, int64_t account, const char *verb, int minute, const char *fault)
{
	OKAY(&l->t.w, store_exec(l->t.w.s, &l->t.w.err, arena_printf(l->t.w.a, "INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, "
		"fault, opened_ms, closed_ms) VALUES (1, %d, '%s', 'o', 0, 'GET', 'u', 'c', '%d %s %d', 't', '%s', %lld, %lld)", (int)account, verb, (int)account, verb, minute, fault,
		(long long)(T0 + minute * MINUTE - 1000), (long long)(T0 + minute * MINUTE))));
}

struct silence {
	const char *what, *sql;
	int minute; /* 0: unknown */
};

static const struct silence silences[] = {
	{ "an account whose orders fail", "SELECT heard_ms + 1000 FROM account WHERE name = 'walmart-us'", 10 },
	{ "its last answer that was understood", "SELECT ok_ms FROM account WHERE name = 'walmart-us'", 20 },
	{ "its stream", "SELECT last_ms FROM stream WHERE name = 'read orders'", 10 },
	{ "a stream that was not silent", "SELECT last_ms FROM stream WHERE name = 'read stock-list'", 20 },
	{ "orders as they were placed", "SELECT last_ms FROM stream WHERE name = 'orders'", 5 },
	{ "a stream whose calls are a count: the end of its hour, 800 s before T0", "SELECT last_ms + 860001 FROM stream WHERE name = 'read feeds'", 1 },
	{ "a warehouse that fails", "SELECT heard_ms FROM place_source WHERE code = 'E'", 15 },
	{ "its place", "SELECT heard_ms FROM place WHERE name = 'east'", 15 },
	{ "one of that nothing tells", "SELECT heard_ms FROM place_source WHERE code = 'W'", 0 },
	{ "the engine, which went on", "SELECT beat_ms + 1000 FROM lease", 40 },
};

static void who_was_silent_then_is_silent(void **state)
{
	struct lived l = { .t = truth_new(CONFLICT_MIN), .now_ms = T0 + 2 * MINUTE };
	struct count first = { .place = "east", .sku = "SKU-1", .qty = 4, .valid_ms = T0 };
	const long long late = T0 + 90 * MINUTE;
	struct world *w = &l.t.w;
	struct err err = { 0 };
	struct store *s;
	char file[96];

	(void)state;
	OKAY(w, counts_take(w->s, &first, 1, false, true, &w->why, &w->err));
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE account SET base_url = 'https://their.example', heard_ms = %lld, ok_ms = %lld; UPDATE place SET heard_ms = %lld; "
		"INSERT OR REPLACE INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 1, 1, 1, %lld)", late, late, late, late)));
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO place_source (place_id, account_id, code, heard_ms) SELECT id, %d, 'E', %lld FROM place WHERE name = 'east' "
		"UNION ALL SELECT id, %d, 'W', %lld FROM place WHERE name = 'east'", (int)l.t.wms, late, (int)l.t.erp, late)));
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "orders", "read orders", "read stock-list", "read feeds" };

		OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO stream (account_id, name, first_ms, last_ms) VALUES (%d, '%s', 1, %lld)", (int)w->walmart, names[i], late)));
	}
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO rhythm (account_id, name, hour, n) VALUES (%d, 'read feeds', %lld, 3)", (int)w->walmart,
		(long long)(T0 / HOUR - 1))));
	w->why.now_ms = T0 + 6 * MINUTE;
	world_order(w, w->walmart, "A", ORDER_ACKED, 1, 0);
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE orders SET placed_ms = %lld", (long long)(T0 + 5 * MINUTE))));
	call(&l, w->walmart, "orders", 10, "");
	call(&l, l.t.wms, "counts", 15, "OK");
	call(&l, w->walmart, "stock-list", 20, "");
	call(&l, w->walmart, "orders", 30, "REMOTE");
	call(&l, l.t.wms, "counts", 40, "NET");
	call(&l, w->walmart, "orders", 90, "");
	call(&l, l.t.wms, "counts", 90, "OK");
	OKAY(w, store_commit(w->s, &w->err));
	snprintf(l.dir, sizeof l.dir, "/tmp/tallyman-past-XXXXXX");
	assert_non_null(mkdtemp(l.dir));
	snprintf(file, sizeof file, "%s/tallyman.db", l.dir);
	OKAY(w, store_backup(w->s, file, &w->err));
	if (past_open(l.dir, T0 + 45 * MINUTE, PAST_KNOWN, &s, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof silences / sizeof *silences; i++) {
		int64_t n, want = silences[i].minute ? T0 + silences[i].minute * MINUTE : 0;

		assert_int_equal(store_get_int(s, &err, -1, &n, silences[i].sql, NULL, 0), OK);
		if (n != want)
			fail_msg("%s: minute %d instead of %d", silences[i].what, n ? (int)((n - T0) / MINUTE) : 0, silences[i].minute);
	}
	store_close(s);
	leave(&l);
}

static void the_past_takes_no_write(void **state)
{
	struct lived l;
	struct store *s;
	struct err err = { 0 };

	(void)state;
	live(&l);
	assert_int_equal(past_open(l.dir, T0 - HOUR, PAST_KNOWN, &s, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "the history begins at"));
	assert_int_equal(past_open(l.dir, l.at_ms[30], PAST_KNOWN, &s, &err), OK);
	assert_int_equal(store_exec(s, &err, "UPDATE item SET available = 7"), FAULT_STORE);
	store_close(s);
	assert_string_equal(look(l.t.w.s, l.t.w.a), l.seen[STEPS - 1]); /* and the store itself is as it was */
	leave(&l);
}

static const struct past_table *told_of(const char *table)
{
	const struct past_table *t;

	for (int i = 0; (t = past_table(i)); i++)
		if (!strcmp(t->name, table))
			return t;
	return NULL;
}

static bool has_column(struct store *s, const char *table, const char *column)
{
	struct err err;
	int64_t n = 0;

	assert_int_equal(GET_INT(s, &err, 0, &n, "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", V(table), V(column)), OK);
	return n == 1;
}

/* A table that is new is either seen as it was, or somebody said why it is seen as it is: it cannot be forgotten. */
static void every_table_is_seen_as_it_was_or_somebody_said_why_not(void **state)
{
	static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
	const struct past_table *t;
	struct store *s;
	struct err err;
	struct rows *r;
	int n = 0;

	(void)state;
	assert_int_equal(store_memory(&s, &err), OK);
	for (r = store_ask_text(s, sql, NULL, 0); rows_next(r); n++)
		if (!told_of(rows_text(r, 0)))
			fail_msg("%s: nothing says how it was in the past: a row in src/trade/past_tables.c", rows_text(r, 0));
	assert_int_equal(rows_end(r, &err), OK);
	for (int i = 0; (t = past_table(i)); i++, n--) {
		if (t->how != PAST_FACTS && (!t->later || !*t->later))
			fail_msg("%s: which rows came later, or why it stays, is not said", t->name);
		for (int k = 0; k < PAST_UNDOS && t->undo[k].column; k++)
			if ((t->undo[k].when && !has_column(s, t->name, t->undo[k].when)) || !has_column(s, t->name, t->undo[k].column))
				fail_msg("%s has no %s or no %s", t->name, t->undo[k].when ? t->undo[k].when : "", t->undo[k].column);
	}
	assert_int_equal(n, 0); /* none is named that there is not, and none twice */
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_past_is_what_was_looked_at_then),
		cmocka_unit_test(the_past_is_walked_backwards),
		cmocka_unit_test(hindsight_has_what_was_told_late),
		cmocka_unit_test(who_was_silent_then_is_silent),
		cmocka_unit_test(the_past_takes_no_write),
		cmocka_unit_test(every_table_is_seen_as_it_was_or_somebody_said_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
