/* order_ids.c: an order's id follows from its number and leads back to it; so do a buyer's and a line's. */
#include "sandbox/world.h"

#include <stdio.h>
#include <string.h>

enum { WALMART_STEP = 387420489, WALMART_BACK = 513180409, AMAZON_STEP = 1594323, AMAZON_BACK = 2839387 };

uint64_t number_scramble(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

void order_id(const struct world *w, int order, char out[24])
{
	uint64_t i = (uint64_t)order;

	unsigned long long nine = (i * WALMART_STEP + 271828182) % 1000000000;

	switch (order_platform(&w->order[order])) {
	case AMAZON:
		snprintf(out, 24, "11%u-%07u-%07u", (unsigned)(number_scramble(i + 1) % 5), (unsigned)(number_scramble(i + 77) % 10000000),
		         (unsigned)((i * AMAZON_STEP + 3141592) % 10000000));
		break;
	case EBAY:
		snprintf(out, 24, "%02u-1%04llu-%05llu", (unsigned)(number_scramble(i + 3) % 27 + 1), nine / 100000, nine % 100000);
		break;
	case SHOPIFY:
		snprintf(out, 24, "5%03u%09llu", (unsigned)(number_scramble(i + 9) % 1000), nine);
		break;
	default:
		snprintf(out, 24, "1088%09llu", nine);
	}
}

/* The digits at the end of an id, of which the order's number can be told. */
static uint64_t tail_number(const char *id, size_t digits)
{
	size_t at = strlen(id), have = 0;
	uint64_t n = 0;

	while (at > 0 && have < digits)
		have += id[--at] != '-';
	for (; id[at]; at++)
		n = id[at] == '-' ? n : n * 10 + (uint64_t)(id[at] - '0');
	return n;
}

int order_by_id(const struct world *w, enum platform platform, const char *id)
{
	static const size_t length[PLATFORMS] = { [WALMART] = 13, [AMAZON] = 19, [EBAY] = 14, [SHOPIFY] = 13 };
	bool amazon = platform == AMAZON;
	uint64_t base = amazon ? 10000000 : 1000000000, number, order;
	char again[24];

	if (strlen(id) != length[platform] || strspn(id, "0123456789-") != strlen(id))
		return -1;
	number = tail_number(id, amazon ? 7 : 9);
	order = amazon ? (number + base - 3141592) % base * AMAZON_BACK % base : (number + base - 271828182) % base * WALMART_BACK % base;
	if (order >= (uint64_t)w->orders || order_platform(&w->order[order]) != platform)
		return -1;
	order_id(w, (int)order, again);
	return strcmp(id, again) == 0 ? (int)order : -1;
}

void order_customer_id(int order, char out[24])
{
	snprintf(out, 24, "2000%011llu", (unsigned long long)(number_scramble((uint64_t)order + 4242) % 100000000000u));
}

void line_item_id(int line, char out[24])
{
	snprintf(out, 24, "%05u%09u", (unsigned)(10000 + number_scramble((uint64_t)line) % 90000),
	         (unsigned)(((uint64_t)line * WALMART_STEP + 57721566) % 1000000000));
}

int line_by_item(const struct order *o, const char *id)
{
	for (int i = o->line; i < o->line + o->lines; i++) {
		char want[24];

		line_item_id(i, want);
		if (strcmp(id, want) == 0)
			return i;
	}
	return -1;
}
