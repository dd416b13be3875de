/*
 * The vectors of allocation, velocity and advice as they were published, where they are at hand (VECTORS, else ../shared/domain/data):
 * are our own tables still the same? They are not ours to carry along; without them this says that it skipped.
 */
#include "base/arena.h"
#include "base/json.h"
#include "trade/allocation.h"
#include "trade/risk.h"
#include "trade/velocity.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const channels[] = { "amazon", "walmart", "ebay", "shopify" };

static const struct json *all;

static int64_t whole(const struct json *v, const char *path)
{
	int64_t n = json_int_or(v, path, INT64_MIN);

	if (n == INT64_MIN)
		fail_msg("%s is not there", path);
	return n;
}

static const struct json *at(const struct json *v, const char *key)
{
	const struct json *found = json_get(v, key);

	if (!found)
		fail_msg("%s is not there", key);
	return found;
}

static void four(struct outlet *o)
{
	for (int i = 0; i < 4; i++) {
		const struct json *c = at(at(all, "channels"), channels[i]);

		o[i] = (struct outlet){
			.account = i,
			.shelf = i,
			.share_bp = whole(c, "share_bp"),
			.velocity = whole(c, "v_milli"),
			.margin = whole(c, "margin_c"),
			.buffer = { whole(c, "units"), whole(c, "bp"), 1, -1 },
			.reach = -1, .at_node = -1, .hold = "",
		};
	}
}

static void allocations(void **state)
{
	static const struct {
		const char *name;
		struct split split;
	} rules[] = {
		{ "shared", { .strategy = ALLOC_SHARED } },
		{ "fixed_floor", { .strategy = ALLOC_FIXED } },
		{ "fixed", { .strategy = ALLOC_FIXED, .all = true } },
		{ "velocity", { .strategy = ALLOC_VELOCITY } },
		{ "margin", { .strategy = ALLOC_MARGIN, .days = 3, .z_milli = 1280 } },
	};
	int seen = 0;

	(void)state;
	for (const struct json *v = json_first(at(all, "vectors")); v; v = json_next(v), seen++)
		for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
			struct alloc_rule rule = { .split = rules[r].split };
			struct outlet o[4];

			four(o);
			allocate(&rule, whole(v, "atp"), o, 4);
			for (int i = 0; i < 4; i++)
				if (o[i].want != whole(at(v, rules[r].name), channels[i]))
					fail_msg("%s of %" PRId64 ": %s gets %" PRId64, rules[r].name, whole(v, "atp"), channels[i], o[i].want);
			for (int i = 0; i < 4 && rule.split.strategy == ALLOC_MARGIN && whole(v, "atp") > 0; i++)
				assert_int_equal(o[i].group.target, whole(at(v, "margin_targets"), channels[i]));
		}
	assert_true(seen >= 11);
}

static void advice(void **state)
{
	static const char *const minutes[] = { "2", "5", "15", "30", "60", "240" };
	int seen = 0;

	(void)state;
	for (const struct json *v = json_first(at(at(all, "recommended_buffer"), "rows")); v; v = json_next(v), seen++)
		for (int k = 0; k < 6; k++) {
			int64_t mean = risk_mean(whole(v, "others_per_day") * 1000, atoi(minutes[k]) * 60000LL);
			const struct json *pair = json_first(at(v, minutes[k]));

			assert_int_equal(risk_buffer(mean, 10000), atoll(json_scalar(pair)));
			assert_int_equal(risk_buffer(mean, 1000), atoll(json_scalar(json_next(pair))));
		}
	assert_true(seen >= 7);
}

static void velocity(void **state)
{
	const struct json *v = at(all, "velocity_example");
	struct sales_day day[60];
	int64_t censored, prior;
	int n = 0;

	(void)state;
	for (const struct json *d = json_first(at(v, "days_newest_first")); d; d = json_next(d), n++)
		day[n] = (struct sales_day){ atoll(json_scalar(json_first(d))), (int64_t)(atof(json_scalar(json_next(json_first(d)))) * 1000 + 0.5) };
	censored = (int64_t)(atof(json_scalar(at(v, "censored"))) * 1000 + 0.5);
	prior = (int64_t)(atof(json_scalar(at(v, "prior4_k3"))) * 1000 + 0.5);
	assert_int_equal(velocity_of(day, n, 0, 0), censored);
	assert_int_equal(velocity_of(day, n, 4000, 3), prior);
}

static int read_vectors(struct arena *a)
{
	const char *file = getenv("VECTORS") ? getenv("VECTORS") : "../shared/domain/data/golden_allocation.json";
	FILE *f = fopen(file, "r");
	char *text = arena_alloc(a, 1 << 20);
	struct err err;
	size_t n;

	if (!f)
		return -1;
	n = fread(text, 1, 1 << 20, f);
	fclose(f);
	if (json_open(a, text, n, &all, &err)) {
		fprintf(stderr, "%s: %s\n", file, err.text);
		exit(1);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(allocations), cmocka_unit_test(advice), cmocka_unit_test(velocity) };
	struct arena *a = arena_new();
	int status = 0;

	if (read_vectors(a))
		puts("skip test_published: the published vectors are not here");
	else
		status = cmocka_run_group_tests_name("published", tests, NULL, NULL);
	arena_free(a);
	return status;
}
