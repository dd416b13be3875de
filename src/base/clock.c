#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

int64_t clock_now(const struct clock *c)
{
	return c->now(c->ctx);
}

static int64_t wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t real_now(void *ctx)
{
	(void)ctx;
	return wall_ms();
}

static int64_t real_steady(void *ctx)
{
	struct timespec ts;

	(void)ctx;
	if (clock_gettime(CLOCK_BOOTTIME, &ts))
		return wall_ms();
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_steady(const struct clock *c)
{
	return c->steady ? c->steady(c->ctx) : clock_now(c);
}

struct clock clock_real(void)
{
	return (struct clock){ real_now, real_steady, NULL };
}

static int64_t manual_now(void *ctx)
{
	return *(int64_t *)ctx;
}

struct clock clock_manual(int64_t *at_ms)
{
	return (struct clock){ manual_now, NULL, at_ms };
}

static int64_t set_now(void *ctx)
{
	const struct set_clock *c = ctx;

	return c->at_ms + c->set_ms;
}

static int64_t set_steady(void *ctx)
{
	const struct set_clock *c = ctx;

	return c->at_ms;
}

struct clock clock_set(struct set_clock *c)
{
	return (struct clock){ set_now, set_steady, c };
}

struct demo_clock {
	int64_t real_ms, sim_ms;
	double speed;
};

static int64_t demo_now(void *ctx)
{
	const struct demo_clock *d = ctx;

	return d->sim_ms + (int64_t)((double)(wall_ms() - d->real_ms) * d->speed);
}

struct clock clock_demo(const char *path)
{
	struct demo_clock *d;
	FILE *f = path ? fopen(path, "re") : NULL;

	if (!f)
		return clock_real();
	d = calloc(1, sizeof *d);
	if (!d || fscanf(f, "%" SCNd64 " %" SCNd64 " %lf", &d->real_ms, &d->sim_ms, &d->speed) != 3) {
		free(d);
		fclose(f);
		return clock_real();
	}
	fclose(f);
	return (struct clock){ demo_now, NULL, d };
}

void clock_close(struct clock *c)
{
	if (c->now == demo_now)
		free(c->ctx);
	*c = (struct clock){ 0 };
}

int64_t clock_real_span(const struct clock *c, int64_t span_ms)
{
	const struct demo_clock *d = c->ctx;

	if (c->now != demo_now || !(d->speed > 0))
		return span_ms;
	return (int64_t)((double)span_ms / d->speed) + 1;
}

struct rng rng_real(void)
{
	return (struct rng){ { 0, 0 }, 1 };
}

struct rng rng_seeded(uint64_t seed)
{
	struct rng r = { { 0, 0 }, 0 };

	for (int i = 0; i < 2; i++) { /* splitmix64, so that seeds 1 and 2 are strangers */
		uint64_t z = (seed += 0x9e3779b97f4a7c15u);

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r.s[i] = z ^ (z >> 31);
	}
	return r;
}

uint64_t rng_next(struct rng *r)
{
	uint64_t a = r->s[0], b = r->s[1], out = a + b;

	if (r->real) {
		rng_bytes(r, &out, sizeof out);
		return out;
	}
	b ^= a; /* xoroshiro128+ */
	r->s[0] = ((a << 24) | (a >> 40)) ^ b ^ (b << 16);
	r->s[1] = (b << 37) | (b >> 27);
	return out;
}

int64_t rng_below(struct rng *r, int64_t n)
{
	return (int64_t)(rng_next(r) % (uint64_t)n);
}

void rng_bytes(struct rng *r, void *out, size_t n)
{
	unsigned char *p = out;

	if (r->real) {
		while (n) {
			ssize_t got = getrandom(p, n, 0);

			if (got < 0 && errno != EINTR)
				abort();
			if (got > 0) {
				p += got;
				n -= (size_t)got;
			}
		}
		return;
	}
	for (size_t i = 0; i < n; i++)
		p[i] = (unsigned char)(rng_next(r) >> 32);
}

void rng_uuid(struct rng *r, char *out)
{
	unsigned char b[16];

	rng_bytes(r, b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
	         b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static int digits(const char **s, int n, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + (*(*s)++ - '0');
	}
	*out = v;
	return 0;
}

/* Days since 1970-01-01 of a civil date (H. Hinnant's days_from_civil). */
static int64_t days_of(int y, int m, int d)
{
	int64_t era, doe;
	int yoe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (int)(y - era * 400);
	doe = yoe * 365 + yoe / 4 - yoe / 100 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + doe - 719468;
}

static int parse_zone(const char **s, int *offset_min)
{
	int sign, h, m = 0;

	*offset_min = 0;
	if (**s == 'Z' || **s == 'z') {
		(*s)++;
		return 0;
	}
	if (**s != '+' && **s != '-')
		return -1;
	sign = *(*s)++ == '-' ? -1 : 1;
	if (digits(s, 2, &h))
		return -1;
	if (**s == ':')
		(*s)++;
	if (**s && digits(s, 2, &m))
		return -1;
	if (h > 14 || m > 59)
		return -1;
	*offset_min = sign * (h * 60 + m);
	return 0;
}

static bool real_date(int y, int mo, int d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return mo >= 1 && mo <= 12 && d >= 1 && d <= days[mo - 1] + (mo == 2 && leap);
}

int time_parse(const char *s, int64_t *ms)
{
	int y, mo, d, h = 0, mi = 0, sec = 0, milli = 0, offset = 0;

	if (!s || digits(&s, 4, &y) || *s++ != '-' || digits(&s, 2, &mo) || *s++ != '-' || digits(&s, 2, &d))
		return -1;
	if (*s == 'T' || *s == ' ') {
		s++;
		if (digits(&s, 2, &h) || *s++ != ':' || digits(&s, 2, &mi))
			return -1;
		if (*s == ':' && (s++, digits(&s, 2, &sec)))
			return -1;
		if (*s == '.') {
			int scale = 100;

			for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
				milli += (*s - '0') * scale;
		}
		if (parse_zone(&s, &offset))
			return -1;
	}
	if (*s || !real_date(y, mo, d) || h > 23 || mi > 59 || sec > 60)
		return -1;
	*ms = ((days_of(y, mo, d) * 24 + h) * 60 + mi - offset) * 60000 + sec * 1000 + milli;
	return 0;
}

static struct tm utc(int64_t ms)
{
	time_t t = (time_t)(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	return tm;
}

void time_iso(int64_t ms, char *out)
{
	struct tm tm = utc(ms);
	char head[24];

	strftime(head, sizeof head, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, 25, "%.19s.%03dZ", head, (int)(((ms % 1000) + 1000) % 1000));
}

void time_iso_s(int64_t ms, char *out)
{
	struct tm tm = utc(ms);

	strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void time_hm(int64_t ms, char *out)
{
	struct tm tm = utc(ms);

	strftime(out, 16, "%H:%MZ", &tm);
}

void time_age(int64_t ms, char *out)
{
	const char *sign = ms < 0 ? "-" : "";
	int64_t s = (ms < 0 ? -ms : ms) / 1000;

	if (s < 60)
		snprintf(out, 16, "%s%ds", sign, (int)s);
	else if (s < 3600)
		snprintf(out, 16, "%s%dm%02ds", sign, (int)(s / 60), (int)(s % 60));
	else if (s < 48 * 3600)
		snprintf(out, 16, "%s%dh%02dm", sign, (int)(s / 3600), (int)(s / 60 % 60));
	else
		snprintf(out, 16, "%s%dd%02dh", sign, (int)(s / 86400 % 100000), (int)(s / 3600 % 24));
}
