/*
 * trade_world.h: a store in memory with two marketplaces and a warehouse, for the tests of trade/.
 */
#ifndef TALLYMAN_TESTS_TRADE_WORLD_H
#define TALLYMAN_TESTS_TRADE_WORLD_H
#include "base/arena.h"
#include "store/lease.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/cause.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define T0 INT64_C(1700000000000)
#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)

struct world {
	struct store *s;
	struct arena *a;
	struct err err;
	struct cause why;
	int64_t walmart, amazon, shadow; /* accounts: walmart-us and amazon-us are live, walmart-ca is in shadow mode */
};

#define OKAY(w, call)                                                              \
	do {                                                                       \
		enum fault okay_ = (call);                                         \
		if (okay_)                                                         \
			fail_msg("%s: %s", fault_name(okay_), (w)->err.text);      \
	} while (0)

static inline int64_t world_account(struct world *w, const char *name, const char *channel, bool live)
{
	struct account_row row = { .name = name, .channel = channel, .enabled = true };
	int64_t id;

	OKAY(w, account_put(w->s, &row, live, &w->why, &id, &w->err));
	return id;
}

static inline struct world world_new(void)
{
	struct world w = { .a = arena_new(), .why = { .now_ms = T0, .actor = "test", .trace = "t-1" } };
	struct lease lease = { .fd = -1 };

	OKAY(&w, store_memory(&w.s, &w.err));
	OKAY(&w, store_begin(w.s, &w.err));
	OKAY(&w, lease_epoch(&lease, w.s, T0, &w.err));
	w.walmart = world_account(&w, "walmart-us", "walmart", true);
	w.amazon = world_account(&w, "amazon-us", "amazon", true);
	w.shadow = world_account(&w, "walmart-ca", "walmart", false);
	return w; /* inside its transaction */
}

static inline void world_free(struct world *w)
{
	store_rollback(w->s);
	store_close(w->s);
	arena_free(w->a);
}

static inline int64_t world_int(struct world *w, const char *sql)
{
	struct rows *r = store_ask_text(w->s, sql, NULL, 0);
	int64_t v = -1;

	if (rows_next(r))
		v = rows_int(r, 0);
	OKAY(w, rows_end(r, &w->err));
	return v;
}

static inline const char *world_text(struct world *w, const char *sql)
{
	struct rows *r = store_ask_text(w->s, sql, NULL, 0);
	const char *v = rows_next(r) ? arena_strdup(w->a, rows_text(r, 0)) : "(no row)";

	OKAY(w, rows_end(r, &w->err));
	return v;
}

/* What is available of every item is the last word of its history, and each word of it begins where the one before it ended. */
static inline void world_history_adds_up(struct world *w)
{
	assert_int_equal(world_int(w, "SELECT count(*) FROM item i WHERE available <> coalesce((SELECT CAST(h.new AS INTEGER) FROM change h "
	                              "WHERE h.fact_id = i.id AND h.fact = 'item' AND h.field = 'available' ORDER BY h.id DESC LIMIT 1), 0)"), 0);
	assert_int_equal(world_int(w, "SELECT count(*) FROM (SELECT old, lag(new, 1, '0') OVER (PARTITION BY fact_id ORDER BY id) AS before FROM change "
	                              "WHERE fact = 'item' AND field = 'available') WHERE old <> before"), 0);
}

/* Does the schema refuse this statement, and with these words? */
static inline void world_refuses(struct world *w, const char *sql, const char *words)
{
	if (!store_exec(w->s, &w->err, sql))
		fail_msg("not refused: %s", sql);
	if (!strstr(w->err.text, words))
		fail_msg("refused, but with \"%s\" instead of \"%s\": %s", w->err.text, words, sql);
}

#endif
