#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/steps.h"

void run(struct day *d, int64_t for_ms)
{
	if (!day_run(d, d->now_ms + for_ms))
		fail_msg("%s", d->trouble);
}

void must(const char *refusal)
{
	if (refusal)
		fail_msg("refused: %s", refusal);
}

void behind_its_back(struct day *d, const char *sql)
{
	struct store *s;
	struct err err;

	if (store_open(d->dir, STORE_WRITE, &s, &err) || store_exec(s, &err, sql))
		fail_msg("%s", err.text);
	store_close(s);
}

struct day *quiet_day(uint64_t seed, int skus, const char *config)
{
	struct day_plan plan = day_plain(seed);
	struct day *d;

	plan.skus = skus;
	plan.idle = true;
	plan.settle_pct = 4;
	plan.config = config;
	d = day_open(&plan);
	day_no_buyers(d);
	run(d, 40 * MINUTE);
	return d;
}
