/*
 * timeline: the life of one SKU over a million moves: a page of events at a moment anywhere in it, and the curves of a window of a day. The floor reads as many
 * rows of history by their numbers, and nothing else. By the processor's time.
 */
#include "bench/gauge.h"
#include "base/arena.h"
#include "store/store.h"
#include "trade/timeline.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOVES = 1000000, ROUNDS = 40, EVENTS = 200, POINTS = 480 };
#define T0 INT64_C(1795161480000)
#define STEP_MS 4000
#define DAY_MS INT64_C(86400000)

static struct store *s;
static struct err err;

/* Each move takes one or brings one; now and then a reading, with a job before it. */
static const char fill[] =
	"INSERT INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 1, 1, 1, 1);"
	"INSERT INTO account (id, name, channel, mode, made_ms) VALUES (1, 'walmart-us', 'walmart', 'live', 1);"
	"INSERT INTO item (id, sku, counted, available, made_ms) VALUES (1, 'SKU-1', 50, 50, 1);"
	"INSERT INTO place (id, name, kind) VALUES (1, 'main', 'own');"
	"INSERT INTO offer (id, account_id, sku, item_id, pushed, seen, seen_ms, known_ms) VALUES (1, 1, 'SKU-1', 1, 42, 42, 1, 1);"
	"WITH RECURSIVE k (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < 999999) INSERT INTO move (item_id, place_id, qty, cause, valid_ms, known_ms, actor) "
	"SELECT 1, 1, 1 - 2 * (i % 2), 'count', 1795161480000 + i * 4000, 1795161480000 + i * 4000, 'bench' FROM k;"
	"INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor) SELECT 'item', 1, 'available', 50 + (id + 1) % 2, 50 + id % 2, valid_ms, known_ms, actor "
	"FROM move;"
	"INSERT INTO observation (offer_id, seen, was, was_ms, pushed, valid_ms, known_ms) SELECT 1, 42, 42, known_ms - 1000, 42, known_ms, known_ms FROM move WHERE id % 10 = 0;"
	"INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, key, payload, state, due_ms, trace, made_ms, state_ms) SELECT 1, 'stock', 'offer:1', 1, 1, 1, "
	"'k' || id, 'qty=42' || char(10), 'done', known_ms, 't', known_ms, known_ms FROM move WHERE id % 10 = 1;";

static int64_t moment(int i)
{
	return T0 + (int64_t)MOVES * STEP_MS / ROUNDS * i + STEP_MS * 3000;
}

static double page_ms(struct arena *a, int i)
{
	struct timeline_key key, from = { { 0 } };
	struct moment *m;
	double began = cpu_now();
	bool more;
	int got;

	if (timeline_at(s, moment(i), &key, &err) || timeline_page(s, 1, &key, &from, EVENTS, a, &m, &got, &more, &err))
		bench_fail("timeline_page", err.text);
	if (got < EVENTS / 2 || m[0].e.known_ms > moment(i) || m[0].e.known_ms < moment(i) - 10 * STEP_MS)
		bench_fail("timeline_page", "the newest line is not of that moment");
	return (cpu_now() - began) * 1000;
}

static double curves_ms(struct arena *a, int i)
{
	struct curve *c;
	double began = cpu_now();
	int n;

	if (timeline_curves(s, 1, moment(i) - DAY_MS, moment(i), INT64_MAX, POINTS, a, &c, &n, &err) || n != 2 || (i > 2 && c[0].value[POINTS - 1] == UNTOLD))
		bench_fail("timeline_curves", err.text);
	return (cpu_now() - began) * 1000;
}

static double floor_ms(struct arena *a, int i)
{
	static const char sql[] = "SELECT id, field, old, new, valid_ms, known_ms, actor FROM change WHERE id > ? ORDER BY id LIMIT ?";
	double began = cpu_now();
	struct rows *r = ASK(s, sql, V((int64_t)(MOVES / ROUNDS) * i), V((int)EVENTS));

	while (rows_next(r))
		(void)rows_keep(r, 6, a);
	if (rows_end(r, &err))
		bench_fail("floor", err.text);
	return (cpu_now() - began) * 1000;
}

static double middle_of(double (*measure)(struct arena *, int))
{
	double ms[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		struct arena *a = arena_new();

		ms[i] = measure(a, i);
		arena_free(a);
	}
	return middle(ms, ROUNDS);
}

int main(void)
{
	char dir[128];
	double floor;

	snprintf(dir, sizeof dir, "%s/timeline", bench_dir());
	if (store_create(dir, NULL, &err) || store_open(dir, STORE_WRITE, &s, &err) || store_begin(s, &err) || store_exec(s, &err, fill) || store_commit(s, &err))
		bench_fail(dir, err.text);
	floor = middle_of(floor_ms);
	gauge("timeline", MOVES, middle_of(page_ms), "cpu-ms", floor);
	gauge("timeline_curves", MOVES, middle_of(curves_ms), "cpu-ms", floor);
	store_close(s);
	return 0;
}
