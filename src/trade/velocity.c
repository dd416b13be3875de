#include "trade/velocity.h"

enum { HALF_LIFE = 7, ONE = 1 << 20, OLDEST = 20 * HALF_LIFE };

/* 2^(-age/7) in units of 2^-20. */
static int64_t weight(int age)
{
	static const int64_t within_a_week[HALF_LIFE] = { 1048576, 949720, 860184, 779089, 705639, 639114, 578861 };

	return within_a_week[age % HALF_LIFE] >> age / HALF_LIFE;
}

static int64_t within(int64_t x, int64_t most)
{
	return x < 0 ? 0 : x > most ? most : x;
}

int64_t velocity_of(const struct sales_day *day, int n, int64_t prior, int64_t prior_days)
{
	int64_t days = within(prior_days, 365) * ONE * 1000; /* thousandths, as the parts of days are */
	int64_t sold = within(prior, 1000000000) * within(prior_days, 365) * ONE;

	for (int age = 0; age < n && age < OLDEST; age++) {
		sold += weight(age) * within(day[age].units, 1000000) * 1000;
		days += weight(age) * within(day[age].in_stock, 1000);
	}
	days /= 1000;
	return days ? (sold + days / 2) / days : 0;
}
