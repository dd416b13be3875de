#include "trade/exposure.h"

static int64_t left_of(int64_t qty, int64_t sold)
{
	return qty > sold ? qty - sold : 0;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t exposure_of(const struct visible *s)
{
	int64_t most = s->inflight > 0 ? s->inflight : 0;

	if (s->seen > 0)
		most = larger(most, left_of(s->seen, s->seen_sold));
	if (s->confirmed > 0)
		most = larger(most, left_of(s->confirmed, s->confirmed_sold));
	return most;
}

int64_t exposure_sum(const struct visible *s, int n)
{
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += exposure_of(&s[i]);
	return sum;
}

int64_t exposure_dark(const struct visible *s, int n)
{
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += s[i].dark ? exposure_of(&s[i]) : 0;
	return sum;
}

static int64_t room(int64_t available, int64_t others)
{
	return available > others ? available - others : 0;
}

int64_t exposure_limit(const struct visible *s, int n, int i, int64_t available)
{
	return room(available, exposure_sum(s, n) - exposure_of(&s[i]));
}

void exposure_limits(const struct visible *s, const int64_t *want, const int *turn, int n, int64_t available, int64_t *limit)
{
	int64_t sum = exposure_sum(s, n); /* as it is, then with what is raised */

	for (int k = 0; k < n; k++) {
		int i = turn[k];
		int64_t own = exposure_of(&s[i]);

		limit[i] = s[i].dark ? own : -1;
		if (s[i].dark || want[i] <= own)
			continue;
		limit[i] = larger(room(available, sum - own), own); /* to go on saying what it may show already raises nothing */
		sum += (want[i] < limit[i] ? want[i] : limit[i]) - own;
	}
}
