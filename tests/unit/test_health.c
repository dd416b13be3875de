/*
 * What health says of each fault of the process, the network, the marketplaces and the half hour: what the engine leaves in the store within a minute of it,
 * and the words that stand in the line then. A fault that leaves nothing, because it is refused at once or mended by itself, has a row that says
 * so and where that is tried; such rows are held to be well.
 */
#include "trade_world.h"

#include "trade/health.h"

#define NOW "1700000000000"
#define WAITING(n, lane) "INSERT INTO job (account_id, verb, lane, writes, key, due_ms, fails, tries, trace, made_ms, state_ms) VALUES (1, 'stock', " lane ", 1, '" n "', " NOW " - 400000, 4, 4, 't', 1, 1);"
#define UNSURE "INSERT INTO job (id, account_id, verb, lane, writes, key, due_ms, frozen, trace, made_ms, state_ms, state) VALUES (9, 1, 'ship', 2, 1, 'u', 1, 1, 't', 1, " NOW " - 1000000, 'unsure'); UPDATE counter SET value = 1 WHERE name = 'jobs.unsure';"
#define FAILED "INSERT INTO job (account_id, verb, lane, writes, key, due_ms, trace, made_ms, state_ms, state) VALUES (1, 'stock', 1, 1, 'f', 1, 't', 1, 1, 'failed'); UPDATE counter SET value = 1 WHERE name = 'jobs.failed';"
#define PARKED "INSERT INTO inbox (account_id, verb, class, subject, text, state, first_ms, last_ms) VALUES (1, 'orders', 'SCHEMA', 'P', 't', 'parked', 1, 1);"
#define INCIDENT(kind, sev, text) "INSERT INTO incident (id, key, kind, severity, account_id, text, opened_ms) VALUES (1, 'k', '" kind "', '" sev "', 1, '" text "', 1);"
#define STATE(word) "UPDATE account SET state = '" word "' WHERE id = 1;"
#define BREAKER "INSERT INTO breaker (account_id, name, state, fails) VALUES (1, 'orders.read', 'open', 3);"
#define SILENT(ms) "UPDATE lease SET beat_ms = " NOW " - " ms ";"
#define LAPSE(state) "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms) VALUES (1, 'write', '" state "', 1, 1, 1, 1);"
#define HELD_SINCE "1699998140000" /* 31 minutes before NOW */
#define WELL NULL, VERDICT_OK, "all is well"

struct row {
	const char *id, *why, *sql;
	enum verdict verdict;
	const char *says;
};

static const struct row rows[] = {
	{ "FP01", "killed: until it is begun again its silence is seen", SILENT("70000"), VERDICT_WARNING, "silent for" },
	{ "FP02", "killed before the first byte: what may have been said is in doubt until a read decides", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FP03", "killed before the answer was written down: the same", UNSURE, VERDICT_WARNING, "1 failed" },
	{ "FP04", "power cut: nothing is left but silence", SILENT("90000"), VERDICT_WARNING, "silent for" },
	{ "FP05", "a tail that was lost: the vault's and the audit's anchors say so", INCIDENT("store", "CRIT", "restored from an older state"), VERDICT_CRITICAL, "older state" },
	{ "FP06", "fsync failed: the engine ended, and is silent", SILENT("61000"), VERDICT_WARNING, "silent for" },
	{ "FP07", "a second engine is refused at its start (test_engine)", WELL },
	{ "FP08", "a lock dies with its process: nothing stays (test_store)", WELL },
	{ "FP09", "frozen: it is silent though its process is there", SILENT("120000"), VERDICT_WARNING, "silent for" },
	{ "FP10", "the disk is full: its beat cannot be written either", SILENT("65000"), VERDICT_WARNING, "silent for" },
	{ "FP11", "the disk is full at a checkpoint: reading goes on, and the disk is named", INCIDENT("disk", "CRIT", "the disk is full"), VERDICT_CRITICAL, "disk is full" },
	{ "FP12", "a disk that is read-only: silence, and statvfs names it (cmd)", SILENT("301000"), VERDICT_WARNING, "no engine for" },
	{ "FP13", "a damaged page: the engine does not send", INCIDENT("store", "CRIT", "the store is damaged"), VERDICT_CRITICAL, "damaged" },
	{ "FP14", "an older store in its place", INCIDENT("store", "CRIT", "the store was put back"), VERDICT_CRITICAL, "put back" },
	{ "FP15", "the log was taken away: it stopped", SILENT("61000"), VERDICT_WARNING, "silent for" },
	{ "FP16", "one connection writes and checkpoints: it cannot happen (layers)", WELL },
	{ "FP17", "out of memory: it ended", SILENT("61000"), VERDICT_WARNING, "silent for" },
	{ "FP18", "no file can be opened: calls fail", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FP19", "the clock was set back", SILENT("-3600000"), VERDICT_WARNING, "was it set back" },
	{ "FP20", "summer time and leap days move nothing: UTC everywhere (test_clock)", WELL },
	{ "FP21", "our clock is off theirs", INCIDENT("clock", "WARN", "the clocks differ"), VERDICT_WARNING, "1 warning" },
	{ "FP22", "told to end while it sent: begun again it looks first", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FP23", "it dies again and again", SILENT("301000"), VERDICT_WARNING, "no engine for" },
	{ "FP24", "dead for half an hour: what to zero by hand", SILENT("1860000"), VERDICT_CRITICAL, "zero by hand" },
	{ "FP25", "another schema is refused at the start; until then it is silent", SILENT("61000"), VERDICT_WARNING, "silent for" },
	{ "FP26", "yesterday's backup in its place", INCIDENT("store", "CRIT", "the store was put back"), VERDICT_CRITICAL, "put back" },
	{ "FP26", "and nobody has compared it for half an hour: what is shown is zeroed by hand", "INSERT INTO meta (key, value) VALUES ('held', 'the store was put back'), ('held_since', '" HELD_SINCE "');", VERDICT_CRITICAL,
	  "zero by hand" },
	{ "FN01", "no name is found", STATE("down") BREAKER, VERDICT_WARNING, "walmart-us down" },
	{ "FN02", "refused", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FN03", "reset after the effect", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FN04", "a black hole", BREAKER, VERDICT_WARNING, "orders.read open" },
	{ "FN05", "a slow line", INCIDENT("slow", "WARN", "answers come late"), VERDICT_WARNING, "1 warning" },
	{ "FN06", "their certificate ended", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FN07", "another name in it", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FN08", "nobody we know signed it", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FN09", "an answer that never ends", BREAKER, VERDICT_WARNING, "orders.read open" },
	{ "FN10", "half an answer", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FN11", "more bytes than may be", PARKED, VERDICT_WARNING, "1 failed" },
	{ "FN12", "sent to another host", STATE("wrong"), VERDICT_WARNING, "walmart-us wrong" },
	{ "FN13", "no HTTP", BREAKER, VERDICT_WARNING, "orders.read open" },
	{ "FN14", "they said no", FAILED, VERDICT_WARNING, "1 failed" },
	{ "FN15", "they said slow down: waited for, and told when it lasts", INCIDENT("quota", "WARN", "the calls of a day"), VERDICT_WARNING, "1 warning" },
	{ "FN16", "an absurd time to wait is cut to an hour (test_when)", WELL },
	{ "FN17", "the token was taken back: a new one once", STATE("auth"), VERDICT_WARNING, "walmart-us auth" },
	{ "FN18", "no token is to be had", STATE("auth") INCIDENT("auth", "CRIT", "they do not know us"), VERDICT_CRITICAL, "do not know us" },
	{ "FN19", "their headers lie: 429 is the truth (test_limit)", WELL },
	{ "FN20", "500 after the effect", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FN21", "200 and no such answer", PARKED, VERDICT_WARNING, "1 failed" },
	{ "FN22", "said twice by a gateway: harmless by its key (test_engine)", WELL },
	{ "FN23", "proxies and key logs of the environment are not looked at (test_http)", WELL },
	{ "FN24", "one of two networks does not carry", BREAKER, VERDICT_WARNING, "orders.read open" },
	{ "FN25", "no more connections than allowed (test_http)", WELL },
	{ "FK01", "acknowledged, the answer lost", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FK02", "shipped, the answer lost", UNSURE, VERDICT_WARNING, "nobody knows for" },
	{ "FK03", "cancelled meanwhile: refused before it is said", FAILED, VERDICT_WARNING, "1 failed" },
	{ "FK04", "somebody edits there", INCIDENT("drift", "WARN", "they show another number"), VERDICT_WARNING, "1 warning" },
	{ "FK05", "accepted, not applied", INCIDENT("not_applied", "WARN", "their reading does not show it"), VERDICT_WARNING, "1 warning" },
	{ "FK06", "an old reading proves nothing: it is waited for (test_promise)", WELL },
	{ "FK07", "one in flight a listing (test_jobs)", WELL },
	{ "FK08", "sold between reading and saying: less than nothing", "UPDATE item SET available = -2;", VERDICT_CRITICAL, "oversold" },
	{ "FK09", "a feed without a verdict", INCIDENT("feed", "WARN", "no verdict"), VERDICT_WARNING, "1 warning" },
	{ "FK10", "a part of a feed was refused", FAILED, VERDICT_WARNING, "1 failed" },
	{ "FK11", "a feed that failed whole", PARKED, VERDICT_WARNING, "1 failed" },
	{ "FK12", "told twice: once (test_orders)", WELL },
	{ "FK13", "told late: the reading decides (test_orders)", WELL },
	{ "FK14", "no webhook is listened to", WELL },
	{ "FK15", "nor waited for: polls find everything", WELL },
	{ "FK16", "one number on two channels is two orders (test_orders)", WELL },
	{ "FK17", "a SKU that nobody knows", PARKED, VERDICT_WARNING, "1 failed" },
	{ "FK18", "only quantities are written there (contract/ebay)", WELL },
	{ "FK19", "their keys are always said (contract/shopify)", WELL },
	{ "FK20", "a secret ends soon", INCIDENT("secret_expiry", "WARN", "the secret ends in 7 days"), VERDICT_WARNING, "1 warning" },
	{ "FK21", "their interface is gone", STATE("wrong"), VERDICT_WARNING, "walmart-us wrong" },
	{ "FK22", "one channel is down, the others are well", STATE("down"), VERDICT_WARNING, "walmart-us down" },
	{ "FK23", "readings in the wrong order: the next decides (test_once)", WELL },
	{ "FK24", "no refund is ever sent", WELL },
	{ "FB01", "broken: the half hour runs", LAPSE("FAILING"), VERDICT_WARNING, "walmart-us FAILING" },
	{ "FB02", "it comes back: until all is read and proved", LAPSE("READING"), VERDICT_CRITICAL, "walmart-us READING" },
	{ "FB03", "it flaps: the same half hour", LAPSE("FAILING"), VERDICT_WARNING, "walmart-us FAILING" },
	{ "FB04", "a zero that cannot be said", WAITING("z", "0"), VERDICT_CRITICAL, "1 zero cannot be said" },
	{ "FB05", "killed while it zeroed", LAPSE("ZEROED") SILENT("61000"), VERDICT_CRITICAL, "walmart-us ZEROED" },
	{ "FB06", "killed while it restored", LAPSE("RESTORING"), VERDICT_CRITICAL, "walmart-us RESTORING" },
	{ "FB07", "an edit meanwhile", LAPSE("ZEROED") INCIDENT("drift", "WARN", "they show another number"), VERDICT_CRITICAL, "walmart-us ZEROED" },
	{ "FB08", "the clock jumped meanwhile", LAPSE("FAILING") SILENT("-3600000"), VERDICT_WARNING, "was it set back" },
	{ "FB09", "the engine itself hangs", SILENT("61000"), VERDICT_WARNING, "though its process is there" },
	{ "FB10", "a zero by hand in an automatic one", LAPSE("ZEROED"), VERDICT_CRITICAL, "walmart-us ZEROED" },
};

static void every_fault_is_seen_within_a_minute(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = world_new();
		struct health h = health_new(w.a);

		OKAY(&w, store_exec(w.s, &w.err, "UPDATE account SET state = 'ok', ok_ms = " NOW " - 5000; UPDATE lease SET beat_ms = " NOW " - 5000; INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'A', 1, 1);"));
		if (rows[i].sql)
			OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		OKAY(&w, health_read(w.s, true, T0, &h, &w.err));
		if (h.verdict != rows[i].verdict || !strstr(health_text(&h), rows[i].says)) {
			print_error("%s %s: %s: %s\n", rows[i].id, rows[i].why, verdict_name(h.verdict), health_text(&h));
			bad++;
		}
		world_free(&w);
	}
	assert_int_equal(bad, 0);
}

/* 26 + 25 + 24 + 10 */
static void none_is_left_out(void **state)
{
	static const struct { const char *class; int n; } classes[] = { { "FP", 26 }, { "FN", 25 }, { "FK", 24 }, { "FB", 10 } };
	char id[8];

	(void)state;
	for (size_t c = 0; c < sizeof classes / sizeof *classes; c++)
		for (int n = 1; n <= classes[c].n; n++) {
			bool found = false;

			snprintf(id, sizeof id, "%s%02d", classes[c].class, n);
			for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
				found |= !strcmp(rows[i].id, id);
			if (!found)
				fail_msg("%s has no row", id);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_is_seen_within_a_minute),
		cmocka_unit_test(none_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
