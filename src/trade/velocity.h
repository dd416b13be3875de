#ifndef TALLYMAN_VELOCITY_H
#define TALLYMAN_VELOCITY_H
/*
 * velocity.h: how many eaches a day something sells, when it can be bought.
 *
 * A day without stock says nothing about demand, so sales are held against the part of each day in which there was some. A day weighs
 * half as much as the day seven days younger. Pure; whole numbers.
 *
 *	v = (k * prior + sum of w * units) / (k + sum of w * part in stock),  w = 2^(-age in days / 7)
 */
#include <stdint.h>

struct sales_day {
	int64_t units;    /* sold, without what the buyer cancelled before it was shipped */
	int64_t in_stock; /* thousandths of the day: 0..1000 */
};

/*
 * Thousandths of an each a day, rounded to the nearest. day: newest first. prior: what is believed without any sale, thousandths a day; it
 * weighs as much as prior_days days of today. Without stock and prior: 0.
 */
int64_t velocity_of(const struct sales_day *day, int n, int64_t prior, int64_t prior_days);

#endif
