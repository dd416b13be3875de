/*
 * test_reconcile.c: reconciliation with the engine and the simulated marketplaces: somebody edits a quantity in the platform's own pages, and it is found,
 * named, corrected and proven.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/between.h"
#include "tests/fault/steps.h"
#include "trade/audit.h"
#include "trade/reconcile.h"
#include "trade/sitting.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct day *open_with(uint64_t seed, const char *config)
{
	struct day_plan p = { .seed = seed, .skus = 4, .prompt = true, .idle = true, .config = config };
	struct day *d = day_open(&p);

	day_no_buyers(d);
	day_run(d, d->now_ms + 30 * MINUTE);
	return d;
}

static const char *a_sku(struct day *d)
{
	const char *sku = day_text(d, "SELECT f.sku FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' "
	                              "AND f.pushed > 12 AND f.push_state = 'APPLIED' ORDER BY f.id LIMIT 1");

	assert_string_not_equal(sku, "(no row)");
	return sku;
}

static int64_t shown(struct day *d, const char *what, const char *sku)
{
	return day_int(d, arena_printf(d->arena, "SELECT %s FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.sku = '%s'", what, sku));
}

/* Somebody sets their quantity of it by hand. */
static void edit(struct day *d, const char *sku, int64_t to)
{
	day_fault(d, arena_printf(d->arena, "kind=edit place=walmart/main sku=%s to=%" PRId64, sku, to));
}

static const char *row(struct day *d, const char *column)
{
	return day_text(d, arena_printf(d->arena, "SELECT %s FROM rec_row ORDER BY id DESC LIMIT 1", column));
}

/* The tables that a source of truth tells, byte by byte. */
static const char *truth(struct day *d)
{
	struct buf b = buf_new(d->arena);
	static const char *const tables[] = {
		"SELECT group_concat(quote(sku) || quote(title) || counted || ' ' || reserved || ' ' || held || ' ' || available || ' ' || known_ms, ';') FROM (SELECT * FROM item ORDER BY id)",
		"SELECT group_concat(item_id || ' ' || place_id || ' ' || counted || ' ' || told || ' ' || held || ' ' || moving || ' ' || valid_ms || ' ' || known_ms, ';') FROM (SELECT * FROM stock ORDER BY item_id, place_id)",
		"SELECT group_concat(id || ' ' || free || ' ' || committed || ' ' || valid_ms || ' ' || known_ms, ';') FROM (SELECT * FROM reading ORDER BY id)",
		"SELECT group_concat(id || ' ' || item_id || ' ' || qty || ' ' || cause || ' ' || known_ms, ';') FROM (SELECT * FROM move ORDER BY id)",
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		buf_printf(&b, "%s\n", day_text(d, tables[i]));
	return b.p;
}

/* The whole way of a human edit. The truth's tables do not move by a byte. */
static void an_edit_is_found_named_corrected_and_proven(void **state)
{
	struct day *d = open_with(2, "[rec]\noversell = in-run\n");
	const char *sku = a_sku(d), *before = truth(d);
	int64_t pushed = shown(d, "f.pushed", sku);

	(void)state;
	edit(d, sku, pushed + 40);
	run(d, 20 * MINUTE);
	assert_int_equal(shown(d, "f.drift", sku), 40); /* the usual reading found it */
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE drift <> 0"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row"), 0);
	assert_null(day_intend(d, "reconcile", "", ""));
	run(d, 5 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row"), 1);
	assert_string_equal(row(d, "kind || ' ' || cause || ' ' || action || ' ' || delta || ' ' || alerts"), "drift CHANNEL_EDIT push 40 1");
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row r JOIN job j ON j.id = r.job_id WHERE j.verb = 'stock' AND j.subject_id = r.offer_id AND r.attempt_id > 0"), 1);
	run(d, 30 * MINUTE);
	assert_string_equal(row(d, "verdict"), "APPLIED");
	assert_int_equal(shown(d, "f.seen", sku), pushed);
	assert_int_equal(shown(d, "f.drift", sku), 0);
	assert_string_equal(truth(d), before);
	day_close(d);
}

/* They take the correction and do not apply it. It is known within the next run, and then it is a person's. */
static void a_correction_that_did_not_take_is_a_persons(void **state)
{
	struct day *d = open_with(9, "[rec]\noversell = in-run\n");
	const char *sku = a_sku(d);

	(void)state;
	edit(d, sku, shown(d, "f.pushed", sku) + 40);
	run(d, 20 * MINUTE);
	day_fault(d, "for=30m channel=walmart op=push kind=dropped");
	assert_null(day_intend(d, "reconcile", "", ""));
	run(d, 2 * MINUTE);
	assert_string_equal(row(d, "action || ' ' || verdict || ' ' || decision"), "push PENDING rule");
	run(d, 4 * HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE action = 'push' AND verdict = 'NOT_APPLIED' AND decision IN ('', 'again', 'gone') AND proof <> ''"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE verdict = 'PENDING' AND at_ms < (SELECT max(began_ms) FROM rec_run WHERE state = 'COMPLETE')"), 0);
	assert_string_equal(row(d, "cause || ' ' || verdict"), "NOT_APPLIED APPLIED"); /* the next run found it once more, with its name, and that one took */
	assert_int_equal(shown(d, "f.drift", sku), 0);
	day_close(d);
}

/* It applied and was proven, and then somebody typed over it: a difference of its own, with a correction of its own. */
static void what_is_typed_over_a_correction_is_found_anew(void **state)
{
	struct day *d = open_with(10, "[rec]\noversell = in-run\n");
	const char *sku = a_sku(d);
	int64_t pushed = shown(d, "f.pushed", sku);

	(void)state;
	for (int i = 1; i <= 2; i++) {
		edit(d, sku, pushed + 40 * i);
		run(d, 20 * MINUTE);
		assert_string_equal(day_text(d, arena_printf(d->arena, "SELECT push_state FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.sku = '%s'", sku)), "OVERWRITTEN");
		assert_null(day_intend(d, "reconcile", "", ""));
		run(d, 30 * MINUTE);
		assert_string_equal(row(d, "cause || ' ' || delta || ' ' || verdict"), i == 1 ? "CHANNEL_EDIT 40 APPLIED" : "CHANNEL_EDIT 80 APPLIED");
		assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row"), i);
	}
	day_close(d);
}

static const char *push_state(struct day *d, const char *sku)
{
	return day_text(d, arena_printf(d->arena, "SELECT f.push_state FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.sku = '%s'", sku));
}

/* To the second at which it is so; half an hour at most. */
static void until_push_state(struct day *d, const char *sku, const char *state)
{
	for (int i = 0; i < 1800 && strcmp(push_state(d, sku), state); i++)
		run(d, SECOND);
	assert_string_equal(push_state(d, sku), state);
}

/*
 * A correction still settles, and is seen; somebody types over it before its proof is on record. It is no push that did not apply: it was shown, and
 * then something else. The next run finds that as a difference of its own, and its correction is proven.
 */
static void what_is_typed_over_a_correction_that_settles_is_overwritten(void **state)
{
	struct day *d = open_with(12, "[rec]\noversell = in-run\n");
	const char *sku = a_sku(d);
	int64_t pushed = shown(d, "f.pushed", sku);

	(void)state;
	edit(d, sku, pushed + 40);
	run(d, 20 * MINUTE);
	assert_null(day_intend(d, "reconcile", "", ""));
	until_push_state(d, sku, "SETTLING");
	until_push_state(d, sku, "APPLIED");
	assert_true(shown(d, "f.settle_ms", sku) > d->now_ms); /* seen before patience ended */
	assert_string_equal(row(d, "verdict"), "PENDING");
	edit(d, sku, pushed + 70);
	assert_null(day_intend(d, "reconcile", "", ""));
	run(d, MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM change WHERE fact = 'offer' AND field = 'push_state' AND new = 'OVERWRITTEN'"), 2);
	assert_string_equal(day_text(d, "SELECT group_concat(cause || ' ' || delta || ' ' || verdict || ' ' || proof, '; ') FROM rec_row"),
	                    "CHANNEL_EDIT 40 OVERWRITTEN it was shown, and then something else; CHANNEL_EDIT 70 PENDING ");
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE verdict = 'OVERWRITTEN' AND decision <> 'rule'"), 1); /* who looks at it may decide */
	run(d, 30 * MINUTE);
	assert_string_equal(row(d, "verdict || ' ' || proof"), "APPLIED a reading begun after it was accepted shows it");
	assert_int_equal(shown(d, "f.seen", sku), pushed);
	assert_int_equal(shown(d, "f.drift", sku), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'failed'"), 0);
	day_close(d);
}

/* What is shown beyond what there is does not wait for a run. */
static void oversell_is_corrected_at_once(void **state)
{
	struct day *d = open_with(3, NULL);
	const char *sku = a_sku(d);
	int64_t pushed = shown(d, "f.pushed", sku);

	(void)state;
	edit(d, sku, pushed + 4000);
	run(d, 25 * MINUTE);
	assert_string_equal(row(d, "coalesce(run_id, 'between runs') || ' ' || cause || ' ' || action"), "between runs CHANNEL_EDIT push");
	run(d, 20 * MINUTE);
	assert_string_equal(row(d, "verdict"), "APPLIED");
	assert_int_equal(shown(d, "f.seen", sku), pushed);
	day_close(d);
}

/* What a pull that broke off did not show is nothing. */
static void a_partial_pull_concludes_nothing(void **state)
{
	struct day *d = open_with(4, NULL);

	(void)state;
	run(d, 25 * HOUR); /* old enough for a whole run */
	day_fault(d, "channel=walmart op=stock kind=error status=503 for=5h");
	assert_null(day_intend(d, "reconcile", "", "full=1\n"));
	run(d, 4 * HOUR);
	assert_string_equal(day_text(d, "SELECT r.state FROM rec_run r JOIN account c ON c.id = r.account_id WHERE c.name = 'walmart-us' AND r.actor NOT LIKE 'rule%'"), "PARTIAL");
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE kind = 'unseen'"), 0);
	day_close(d);
}

/* ---- a list of many pages ---- */

static const struct day *torn_day;

/* Each later page of Amazon's listings arrives as something else. */
static bool tear_page(const struct request *r, struct reply *out, struct arena *a)
{
	(void)a;
	if (strcmp(r->op, "amazon.listings.search") || !strstr(r->url, "pageToken="))
		return false;
	*out = (struct reply){ .status = 200, .body = "{\"items\": 7}", .body_len = 12, .received_ms = torn_day->now_ms };
	return true;
}

static struct transport *tear(struct transport *inner)
{
	return between(inner, tear_page);
}

/* The later page is told as what it is, and tried again; the first one is read at each turn all the same. */
static void a_page_that_nobody_understands_hides_no_other(void **state)
{
	struct day_plan p = { .seed = 13, .skus = 24, .prompt = true, .idle = true, .wrap = tear };
	struct day *d = day_open(&p);
	const char *sku;

	(void)state;
	torn_day = d;
	day_no_buyers(d);
	run(d, 90 * MINUTE);
	sku = day_text(d, "SELECT f.sku FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'amazon-na' AND f.marketplace = 'ATVPDKIKX0DER' AND f.pool = 'own' "
	                  "AND f.push_state = 'APPLIED' AND f.pushed > 2 ORDER BY f.id LIMIT 1");
	day_fault(d, arena_printf(d->arena, "kind=edit place=amazon/us sku=%s to=1", sku));
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT drift < 0 FROM offer WHERE marketplace = 'ATVPDKIKX0DER' AND sku = '%s'", sku)), 1);
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'stock-list' AND fault = 'FORMAT'") >= 6);
	assert_true(day_int(d, "SELECT count(*) FROM inbox WHERE verb = 'stock-list' AND class = 'SCHEMA' AND state = 'parked'") > 0);
	assert_true(day_int(d, "SELECT count(*) FROM alert WHERE key = 'retry amazon-na stock-list'") > 0);
	day_close(d);
}

/* A search of Amazon's pages through a thousand listings: what lies beyond is read on by its date of creation, and the run ends. */
static void a_catalogue_past_the_thousandth_is_read_whole(void **state)
{
	enum { MANY = 1040 };
	struct day_plan p = { .seed = 12, .skus = MANY, .prompt = true, .idle = true, .shadow = true };
	struct day *d = day_open(&p);

	(void)state;
	day_no_buyers(d);
	run(d, 40 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(DISTINCT f.sku) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'amazon-na' AND f.marketplace = 'ATVPDKIKX0DER'"), MANY);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'stock-list' AND fault <> ''"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_run r JOIN account c ON c.id = r.account_id WHERE c.name = 'amazon-na' AND r.state = 'COMPLETE'"), 1);
	assert_int_equal(day_int(d, "SELECT sum(unseen) FROM rec_run"), 0);
	day_close(d);
}

static void an_offer_that_drifts_again_and_again_is_a_pattern(void **state)
{
	struct day *d = open_with(5, NULL);
	const char *sku = a_sku(d);
	struct rec_pattern *pattern;
	struct rec_rule rule;
	struct err err;
	int n;

	(void)state;
	for (int i = 0; i < 3; i++) {
		edit(d, sku, 3000 + i);
		run(d, 45 * MINUTE);
	}
	rule = rec_usual();
	assert_int_equal(rec_patterns(d->reader, &rule, d->now_ms, 10, d->arena, &pattern, &n, &err), OK);
	assert_int_equal(n, 1);
	assert_string_equal(pattern[0].sku, sku);
	assert_true(pattern[0].times == 3 && pattern[0].up == 3 && pattern[0].down == 0);
	day_close(d);
}

/* What they hold for us is theirs to count. */
static void a_pool_of_theirs_is_never_our_drift(void **state)
{
	struct day_plan p = { .seed = 6, .skus = 40, .prompt = true, .idle = true, .demo = true };
	struct day *d = day_open(&p);

	(void)state;
	day_run(d, d->now_ms + 26 * HOUR);
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE pool IN ('fba', 'wfs')") > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool <> 'own' AND (drift <> 0 OR pushed IS NOT NULL)"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id WHERE f.pool <> 'own'"), 0);
	day_close(d);
}

static int64_t open_session(struct day *d)
{
	return day_int(d, "SELECT max(id) FROM sitting WHERE state = 'OPEN'");
}

static void decide(struct day *d, int64_t row, const char *verdict)
{
	must(day_intend(d, "session", "", arena_printf(d->arena, "action=decide\nsession=%" PRId64 "\nrow=%" PRId64 "\nverdict=%s\nreason=looked at it\nwhence=pts/1@ops\n",
	                                               open_session(d), row, verdict)));
}

/* The line is lost and the engine dies in the middle; somebody goes on, and the summary proves itself. */
static void a_session_survives_a_lost_line(void **state)
{
	struct day *d = open_with(7, "[rec]\nautocorrect = off\noversell = in-run\n");
	const char *text, *sku[3] = { 0 };
	struct err err;
	char digest[65];

	(void)state;
	for (int i = 0; i < 3; i++) {
		sku[i] = day_text(d, arena_printf(d->arena, "SELECT f.sku FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.pushed > 4 "
		                                            "ORDER BY f.id LIMIT 1 OFFSET %d", i));
		edit(d, sku[i], i == 2 ? 1 : 700 + i);
	}
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE drift <> 0"), 3);
	must(day_intend(d, "session", "", "action=begin\nkind=manual\naccount=walmart-us\nwhence=pts/1@ops\n"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM sitting_row"), 3);
	decide(d, 1, "push");
	assert_string_equal(day_intend(d, "session", "", "action=decide\nsession=1\nrow=1\nverdict=accept\n") ? "refused" : "taken", "refused"); /* it shows 700, and there are fewer */
	day_stop(d);
	must(day_start(d, &err) ? err.text : NULL);
	run(d, MINUTE);
	decide(d, 2, "hold");
	edit(d, sku[2], 2); /* the copy is frozen: this changes nothing of it */
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, "SELECT observed FROM sitting_row WHERE n = 3"), 1);
	decide(d, 3, "accept");
	assert_int_equal(day_int(d, "SELECT count(*) FROM sitting_row WHERE done_ms <> 0"), 0); /* nothing happened so far */
	must(day_intend(d, "settle", "session:1", "session=1\n"));
	assert_string_equal(day_text(d, "SELECT state FROM sitting"), "ENDED");
	assert_int_equal(sitting_text(d->reader, 1, d->arena, &text, &err), OK);
	sha256_hex(text, strlen(text), digest);
	assert_string_equal(digest, day_text(d, "SELECT digest FROM sitting"));
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM audit a JOIN sitting s ON s.audit_n = a.n WHERE a.detail = '%s' AND lower(hex(a.hash)) = s.audit_head", digest)), 1);
	run(d, 40 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE decision = 'push' AND verdict = 'APPLIED'"), 1);
	assert_int_equal(day_int(d, "SELECT seen FROM offer WHERE hold <> ''"), 0);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT seen FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.sku = '%s'", sku[2])), 2);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE drift <> 0"), 0);
	day_close(d);
}

/* The fourth verdict: it stands for something else. What is said of it then is that item's number. */
static void a_session_can_say_what_a_listing_stands_for(void **state)
{
	struct day *d = open_with(11, "[rec]\nautocorrect = off\n");
	const char *sku = a_sku(d), *other;

	(void)state;
	other = day_text(d, arena_printf(d->arena, "SELECT sku FROM item WHERE sku <> '%s' AND available > 20 ORDER BY id DESC LIMIT 1", sku));
	edit(d, sku, 900);
	run(d, 20 * MINUTE);
	must(day_intend(d, "session", "", "action=begin\nkind=manual\naccount=walmart-us\n"));
	must(day_intend(d, "session", "", arena_printf(d->arena, "action=decide\nsession=%" PRId64 "\nrow=1\nverdict=remap\nitem=%s\npack=2\n", open_session(d), other)));
	must(day_intend(d, "settle", "session:1", "session=1\n"));
	run(d, 30 * MINUTE);
	assert_int_equal(shown(d, "f.item_id", sku), day_int(d, arena_printf(d->arena, "SELECT id FROM item WHERE sku = '%s'", other)));
	assert_int_equal(shown(d, "f.pack", sku), 2);
	assert_true(shown(d, "f.seen = f.target AND f.seen * 2 <= (SELECT available FROM item WHERE id = f.item_id)", sku));
	assert_string_equal(row(d, "decision"), "remap");
	day_close(d);
}

static void a_review_walks_what_nobody_decided(void **state)
{
	struct day *d = open_with(8, "[rec]\nautocorrect = off\n");
	const char *sku = a_sku(d);

	(void)state;
	edit(d, sku, 900);
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM rec_row WHERE decision = '' AND action = 'look'"), 1);
	must(day_intend(d, "session", "", "action=begin\nkind=review\n"));
	assert_non_null(day_intend(d, "session", "", "action=begin\nkind=review\n")); /* one is open: it is gone on with */
	decide(d, 1, "ignore");
	must(day_intend(d, "settle", "session:1", "session=1\n"));
	assert_string_equal(row(d, "decision || ', ' || reason"), "ignore, looked at it");
	must(day_intend(d, "reconcile", "", ""));
	run(d, 5 * MINUTE);
	assert_string_equal(row(d, "action || ' ' || decision"), "none ignore"); /* the same difference is not asked again */
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_is_found_named_corrected_and_proven),
		cmocka_unit_test(a_correction_that_did_not_take_is_a_persons),
		cmocka_unit_test(what_is_typed_over_a_correction_is_found_anew),
		cmocka_unit_test(what_is_typed_over_a_correction_that_settles_is_overwritten),
		cmocka_unit_test(oversell_is_corrected_at_once),
		cmocka_unit_test(a_partial_pull_concludes_nothing),
		cmocka_unit_test(a_page_that_nobody_understands_hides_no_other),
		cmocka_unit_test(a_catalogue_past_the_thousandth_is_read_whole),
		cmocka_unit_test(an_offer_that_drifts_again_and_again_is_a_pattern),
		cmocka_unit_test(a_session_survives_a_lost_line),
		cmocka_unit_test(a_session_can_say_what_a_listing_stands_for),
		cmocka_unit_test(a_review_walks_what_nobody_decided),
		cmocka_unit_test(a_pool_of_theirs_is_never_our_drift),
	};

	return cmocka_run_group_tests_name("reconcile", tests, NULL, NULL);
}
