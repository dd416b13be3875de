#ifndef TALLYMAN_RULES_H
#define TALLYMAN_RULES_H
/*
 * rules.h: how long the platforms give us: data/rules.csv.
 *
 * Such numbers change on a page somewhere, so they are data with source and date. A rule that is not in the file gives
 * no deadline: nothing is guessed.
 */
#include "base/arena.h"

#include <stdint.h>

struct rule {
	int64_t n;
	const char *unit; /* "minutes" "hours" "days" "business days"; "" when there is no such rule */
};

struct rule rule_find(struct arena *a, const char *key);

/* The deadlines of a platform's orders, looked up once a reply: a page of 200 orders reads the file once. */
struct deadlines {
	struct rule ack, cancel;
};

struct deadlines deadlines_of(struct arena *a, const char *channel);

/*
 * The moment the rule gives, counted from from_ms; 0 when there is no rule or from_ms is 0. Business days are
 * Monday to Friday in UTC: the platforms' holidays are in no contract, so the moment may be early, never late.
 */
int64_t rule_after(const struct rule *r, int64_t from_ms);

#endif
