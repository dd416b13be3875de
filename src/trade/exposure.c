#include "trade/exposure.h"

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t exposure_of(const struct visible *s)
{
	int64_t shown = s->seen > 0 ? larger(s->seen - s->sold, 0) : 0;

	return larger(shown, larger(s->confirmed, larger(s->inflight_most, 0)));
}

static int64_t least_known(int64_t a, int64_t b)
{
	return b >= 0 && b < a ? b : a;
}

int64_t exposure_least(const struct visible *s)
{
	return s->seen > 0 ? larger(least_known(least_known(s->seen, s->confirmed), s->inflight_least) - s->sold, 0) : 0;
}

int64_t exposure_sum(const struct visible *s, int n)
{
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += exposure_of(&s[i]);
	return sum;
}

static int64_t room(int64_t available, int64_t others)
{
	return available > others ? available - others : 0;
}

void exposure_limits(const struct visible *s, const int64_t *want, const int *turn, int n, int64_t available, int64_t *limit)
{
	int64_t sum = exposure_sum(s, n); /* as it is, then with what is raised */

	for (int k = 0; k < n; k++) {
		int i = turn[k];
		int64_t own = exposure_of(&s[i]), least = exposure_least(&s[i]);

		limit[i] = s[i].dark ? least : -1;
		if (s[i].dark || want[i] <= least)
			continue;
		limit[i] = larger(room(available, sum - own), least);
		sum += larger((want[i] < limit[i] ? want[i] : limit[i]) - own, 0);
	}
}
