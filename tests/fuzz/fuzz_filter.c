/*
 * fuzz_filter.c: whatever is typed, the filter is refused with a place inside the text, or is SQL that runs; and a
 * filter and its opposite share no order and leave none out.
 */
#include "store/store.h"
#include "trade/filter.h"
#include "trade/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char some[] =
	"INSERT INTO account (id, name, channel, made_ms) VALUES (1, 'walmart-us', 'walmart', 1), (2, 'amazon-de', 'amazon', 1);"
	"INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms, currency, total_minor, sku, units, country) VALUES "
	"(1, '305-441', 'NEW', 1, 900, 100, 1, 1, 'USD', 4190, 'SKU-0017', 1, 'US'), (2, 'A*B', 'SHIPPED', 0, 4102444800000, 200, 1, 1, 'JPY', 300, '', 2, ''),"
	"(2, '100%', 'ACKED', 1, 999999999, 300, 1, 1, 'KWD', 4190, 'or', 7, 'DE');"
	"INSERT INTO order_line (order_id, ref, sku, title, qty, q_new) VALUES (1, '1', 'SKU-0017', 'Pump seal', 1, 1), (3, '1', 'or', 'x', 7, 7);";

static struct store *the_store(void)
{
	static struct store *s;

	if (!s && (store_memory(&s, NULL) || store_exec(s, NULL, some)))
		abort();
	return s;
}

static int64_t count(const char *text)
{
	struct page_ask ask = { .filter = text, .all = true, .now_ms = 1000 };
	int64_t n = -1;

	return orders_count(the_store(), &ask, 1000, &n, NULL) ? -1 : n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	const char *text = arena_strndup(a, (const char *)data, n);
	struct filter f;
	struct err err = { 0 };
	int at, len;

	if (filter_compile(a, &order_language, text, 1000, &f, &at, &len, &err)) {
		if (at < 0 || len < 0 || (size_t)(at + len) > strlen(text) || !*err.text)
			abort();
	} else {
		int64_t yes = count(text), no = count(arena_printf(a, "!(%s)", text));

		if (yes < 0)
			abort();
		if (no >= 0 && *text && strspn(text, " \t\n\v\f\r") < strlen(text) && yes + no != 3)
			abort();
	}
	arena_free(a);
	return 0;
}
