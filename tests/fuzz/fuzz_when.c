/*
 * "Come back later" from a machine that may mean it badly: no input makes us wait less than a second or more than an
 * hour, and what is taken for a date is one that can be written down again.
 *
 * The input's first line is Retry-After, the second their Date, the third the replenishment time.
 */
#include "net/when.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const int64_t now = INT64_C(1795161600000); /* 2026-11-20T08:00:00Z */

static void check_date(const char *text)
{
	int64_t at, again;
	char iso[32];

	if (!when_http_date(text, &at))
		return;
	time_iso(at, iso);
	if (time_parse(iso, &again) || again != at)
		abort();
}

static void check_clamped(int64_t at)
{
	if (at < now + HINT_MIN_MS || at > now + HINT_MAX_MS)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = calloc(1, n + 1), *rest = text;
	struct header h[2] = { { "retry-after", "" }, { "date", "" } };
	struct reply r = { .header = h, .headers = 2, .body = "" };
	int64_t at;

	memcpy(text, data, n);
	h[0].value = strsep(&rest, "\n");
	h[1].value = rest ? strsep(&rest, "\n") : "";
	at = when_hint(&r, now);
	if (at)
		check_clamped(at);
	check_date(h[0].value);
	check_date(h[1].value);
	if (rest && when_moment(rest, now, &at))
		check_clamped(when_clamped(at, now));
	free(text);
	return 0;
}
