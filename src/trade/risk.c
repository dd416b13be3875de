#include "trade/risk.h"

/*
 * Poisson's terms are reckoned relative to the largest one, outward from it, and divided by their sum in the end: no exponential
 * function is needed, and none underflows. 4,000 eaches * 10^6 * 2^32 still fits into 64 bits.
 */
#define ONE ((uint64_t)1 << 32)
#define MEAN_MOST ((int64_t)4000 * PPM)

static int64_t within(int64_t x, int64_t most)
{
	return x < 0 ? 0 : x > most ? most : x;
}

struct sums {
	uint64_t all, tail; /* tail: of the terms from n on */
	uint64_t over;      /* sum of (k - n + 1) * term over those, in units of 2^-12 of a term: fits for any mean */
};

static void add(struct sums *s, int64_t k, int64_t n, uint64_t term)
{
	s->all += term;
	if (k < n)
		return;
	s->tail += term;
	s->over += (term >> 12) * (uint64_t)(k - n + 1);
}

static struct sums sum_up(int64_t mean, int64_t n)
{
	uint64_t m = (uint64_t)within(mean, MEAN_MOST), term;
	int64_t mode = (int64_t)(m / PPM);
	struct sums s = { 0, 0, 0 };

	term = ONE;
	for (int64_t k = mode; term; k++) {
		add(&s, k, n, term);
		term = term * m / ((uint64_t)(k + 1) * PPM);
	}
	term = ONE;
	for (int64_t k = mode; k > 0 && term; k--) {
		term = term * (uint64_t)k * PPM / m;
		add(&s, k - 1, n, term);
	}
	return s;
}

static int64_t share_up(uint64_t part, uint64_t all)
{
	return (int64_t)((part * PPM + all - 1) / all);
}

int64_t risk_mean(int64_t velocity, int64_t latency_ms)
{
	/* thousandths a day * ms = 86,400,000,000 eaches' parts: over 86,400 they are millionths */
	return within(velocity, 100000000) * within(latency_ms, 7 * 86400000LL) / 86400;
}

int64_t risk_tail(int64_t mean, int64_t n)
{
	struct sums s = sum_up(mean, n);

	return n <= 0 ? PPM : share_up(s.tail, s.all);
}

int64_t risk_bound(int64_t others, int64_t own, int64_t buffer)
{
	return (risk_tail(others, buffer) * risk_tail(own, 1) + PPM - 1) / PPM;
}

int64_t risk_buffer(int64_t others, int64_t alpha_ppm)
{
	int64_t low = 0, high = 1;

	while (risk_tail(others, high) > alpha_ppm)
		high *= 2;
	while (low < high) {
		int64_t half = (low + high) / 2;

		if (risk_tail(others, half) > alpha_ppm)
			low = half + 1;
		else
			high = half;
	}
	return low;
}

int64_t risk_units(int64_t others, int64_t own, int64_t buffer)
{
	int64_t from = within(buffer, 1000000); /* 1 + X - b is 1 or more from X = b on */
	struct sums s = sum_up(others, from);

	return (int64_t)(s.over / (s.all >> 12) * 1000 + s.over % (s.all >> 12) * 1000 / (s.all >> 12)) * risk_tail(own, 1) / PPM;
}
