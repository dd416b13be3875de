#include "channels/rules.h"

#include "base/csv.h"
#include "base/text.h"

#include <string.h>

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };

struct rule rule_find(struct arena *a, const char *key)
{
	struct rule r = { 0, "" };
	struct csv csv = csv_builtin(a, "data/rules.csv");
	int unit = csv_column(&csv, "unit");

	for (int i = 0; i < csv.rows; i++) {
		if (strcmp(csv_field(&csv.row[i], csv_column(&csv, "rule")), key))
			continue;
		if (text_int(csv_field(&csv.row[i], csv_column(&csv, "value")), 0, 100000, &r.n))
			r.unit = csv_field(&csv.row[i], unit);
	}
	return r;
}

struct deadlines deadlines_of(struct arena *a, const char *channel)
{
	return (struct deadlines){
		.ack = rule_find(a, arena_printf(a, "%s.ack_within", channel)),
		.cancel = rule_find(a, arena_printf(a, "%s.cancel_after", channel)),
	};
}

/* 1970-01-01 was a Thursday; 0 is Monday here. */
static int weekday(int64_t day)
{
	return (int)((day % 7 + 10) % 7);
}

static int64_t business_days_after(int64_t from_ms, int64_t n)
{
	int64_t day = from_ms / DAY_MS, rest = from_ms % DAY_MS;

	for (; n > 0; n -= weekday(day) < 5)
		day++;
	return day * DAY_MS + rest;
}

int64_t rule_after(const struct rule *r, int64_t from_ms)
{
	if (from_ms <= 0)
		return 0;
	if (!strcmp(r->unit, "minutes"))
		return from_ms + r->n * MINUTE_MS;
	if (!strcmp(r->unit, "hours"))
		return from_ms + r->n * HOUR_MS;
	if (!strcmp(r->unit, "days"))
		return from_ms + r->n * DAY_MS;
	if (!strcmp(r->unit, "business days"))
		return business_days_after(from_ms, r->n);
	return 0;
}
