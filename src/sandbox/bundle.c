/*
 * bundle.c: what is sold under a number of its own and lies nowhere: a case of six of one thing, a set of several. It is made of its parts when it is
 * ordered, so that single sales and bundles want the same units.
 */
#include "sandbox/world.h"

bool product_bundled(const struct product *p)
{
	return p->each[0] > 0;
}

int product_sellable(const struct world *w, int product)
{
	const struct product *p = &w->product[product];
	int most = -1;

	if (!product_bundled(p))
		return product_free(p);
	for (int k = 0; k < PARTS && p->each[k]; k++) {
		int n = product_free(&w->product[p->part[k]]) / p->each[k];

		most = most < 0 || n < most ? n : most;
	}
	return most;
}

void product_owe(struct world *w, int product, int qty)
{
	struct product *p = &w->product[product];

	if (!product_bundled(p))
		p->owed += qty;
	for (int k = 0; k < PARTS && p->each[k]; k++)
		w->product[p->part[k]].owed += qty * p->each[k];
}

bool product_has_part(const struct product *p, int part)
{
	for (int k = 0; k < PARTS && p->each[k]; k++)
		if (p->part[k] == part)
			return true;
	return false;
}
