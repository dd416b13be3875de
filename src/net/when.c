#include "net/when.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ABSURD = 1000000000 }; /* seconds, some thirty years: larger ones are cut to this before they are multiplied */

static int month_of(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *p = strlen(name) == 3 ? strstr(names, name) : NULL;

	return p && (p - names) % 3 == 0 ? (int)(p - names) / 3 + 1 : 0;
}

struct date {
	int year, day, hour, minute, second;
	char month[4];
};

/* How many bytes of text one of the three forms took; 0: none. */
static int scan_date(const char *text, struct date *d)
{
	int n = 0;

	memset(d, 0, sizeof *d);
	sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &d->day, d->month, &d->year, &d->hour, &d->minute, &d->second, &n);
	if (n)
		return n;
	sscanf(text, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &d->day, d->month, &d->year, &d->hour, &d->minute, &d->second, &n);
	if (n) {
		d->year += d->year < 70 ? 2000 : 1900;
		return n;
	}
	sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", d->month, &d->day, &d->hour, &d->minute, &d->second, &d->year, &n);
	return n;
}

bool when_http_date(const char *text, int64_t *at_ms)
{
	struct date d;
	char iso[80];
	int n = scan_date(text, &d);

	if (!n || text[n] || d.year < 1970) /* "206" is a year with a digit lost */
		return false;
	snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, month_of(d.month), d.day, d.hour, d.minute, d.second);
	return !time_parse(iso, at_ms); /* which knows how long a month is */
}

/* "120", "-1", "2.0" to milliseconds, rounded up; what is absurd is cut, not refused. */
static bool seconds_of(const char *text, int64_t *ms)
{
	bool minus = *text == '-', fraction = false;
	int64_t s = 0;

	text += minus;
	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++)
		s = s < ABSURD ? s * 10 + (*text - '0') : s;
	if (*text == '.')
		for (text++; isdigit((unsigned char)*text); text++)
			fraction |= *text != '0';
	*ms = (minus ? -s : s + fraction) * 1000;
	return !*text;
}

static const char *skip_space(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

bool when_retry_after(const char *text, int64_t now_ms, int64_t *at_ms)
{
	int64_t ms;

	text = skip_space(text);
	if (seconds_of(text, &ms)) {
		*at_ms = now_ms + ms;
		return true;
	}
	return when_http_date(text, at_ms) || !time_parse(text, at_ms);
}

bool when_moment(const char *text, int64_t now_ms, int64_t *at_ms)
{
	size_t digits;

	text = skip_space(text);
	digits = strspn(text, "0123456789");
	if (!text[digits] && digits >= 9 && digits <= 14) { /* from 1973 on in seconds, to 5138 in milliseconds */
		int64_t v = 0;

		for (; *text; text++)
			v = v * 10 + (*text - '0');
		*at_ms = digits < 12 ? v * 1000 : v;
		return true;
	}
	return when_retry_after(text, now_ms, at_ms);
}

int64_t when_clamped(int64_t at_ms, int64_t now_ms)
{
	if (at_ms < now_ms + HINT_MIN_MS)
		return now_ms + HINT_MIN_MS;
	return at_ms < now_ms + HINT_MAX_MS ? at_ms : now_ms + HINT_MAX_MS;
}

int64_t when_hint(const struct reply *r, int64_t now_ms)
{
	const char *after = reply_header(r, "Retry-After"), *date = reply_header(r, "Date");
	int64_t their_now, at;

	if (!after)
		return 0;
	if (!date || !when_http_date(date, &their_now))
		their_now = now_ms;
	if (!when_retry_after(after, their_now, &at))
		return 0;
	return when_clamped(now_ms + (at - their_now), now_ms);
}
