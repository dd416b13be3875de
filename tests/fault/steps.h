#ifndef TALLYMAN_TESTS_STEPS_H
#define TALLYMAN_TESTS_STEPS_H
/*
 * steps.h: what the stories about a day are told with. Each step fails the running test with the reason when it does not come off.
 */
#include "tests/fault/day.h"

void run(struct day *d, int64_t for_ms); /* live so long, and all goes well */
void must(const char *refusal);          /* what day_intend answered: NULL, or why not */

/* By somebody with the store open for writing; the engine is between two turns. */
void behind_its_back(struct day *d, const char *sql);

/* A day without buyers, operator and warehouse, 40 minutes old: all targets said and seen. config as in day_plan. */
struct day *quiet_day(uint64_t seed, int skus, const char *config);

#endif
