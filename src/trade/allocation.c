#include "trade/allocation.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Units that stay back of what is available: the larger of the two, the share rounded up. */
static int64_t kept_back(const struct buffer *b, int64_t available)
{
	int64_t share = (available * b->bp + 9999) / 10000;

	return share > b->units ? share : b->units;
}

int64_t buffer_publish(const struct buffer *b, int64_t available)
{
	int64_t left;

	assert(b->units >= 0 && b->bp >= 0 && b->bp <= 10000 && b->pack >= 1);
	if (available <= 0)
		return 0;
	left = available - kept_back(b, available);
	if (left <= 0)
		return 0;
	left /= b->pack;
	if (b->cap >= 0 && left > b->cap)
		left = b->cap;
	return left > 999999 ? 999999 : left;
}

void buffer_explain(const struct buffer *b, int64_t available, char *out, size_t cap)
{
	int64_t back = available > 0 ? kept_back(b, available) : 0;
	int n;

	if (available <= 0) {
		snprintf(out, cap, "%" PRId64 " available, so 0", available);
		return;
	}
	n = snprintf(out, cap, "%" PRId64 " available - %" PRId64 " buffer (%" PRId64 "u/%" PRId64, available, back, b->units, b->bp / 100);
	if (b->bp % 100)
		n += snprintf(out + n, cap - (size_t)n, ".%02d", (int)(b->bp % 100));
	n += snprintf(out + n, cap - (size_t)n, "%%)");
	if (b->pack > 1)
		n += snprintf(out + n, cap - (size_t)n, ", packs of %" PRId64, b->pack);
	if (b->cap >= 0)
		n += snprintf(out + n, cap - (size_t)n, ", at most %" PRId64, b->cap);
	snprintf(out + n, cap - (size_t)n, " = %" PRId64, buffer_publish(b, available));
}

struct buffer buffer_default(const char *channel)
{
	/* source guide 002 by channel; "larger of the two" for all of them (decision C7) */
	static const struct {
		const char *channel;
		int64_t units, bp;
	} defaults[] = { { "amazon", 5, 1500 }, { "walmart", 5, 1200 }, { "ebay", 3, 1000 }, { "shopify", 0, 500 } };
	struct buffer b = { 0, 0, 1, -1 };

	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (!strcmp(defaults[i].channel, channel)) {
			b.units = defaults[i].units;
			b.bp = defaults[i].bp;
		}
	return b;
}

int buffer_parse(const char *s, struct buffer *out)
{
	char units[12], percent[12];
	int64_t u, bp;
	int n = 0;

	if (sscanf(s, "%11[0-9]u/%11[0-9.]%%%n", units, percent, &n) != 2 || !n || s[n])
		return -1;
	if (!text_int(units, 0, 999999, &u) || !text_minor(percent, 2, &bp) || bp > 10000)
		return -1;
	out->units = u;
	out->bp = bp;
	out->pack = out->pack ? out->pack : 1;
	return 0;
}
