#ifndef TALLYMAN_SANDBOX_PEOPLE_H
#define TALLYMAN_SANDBOX_PEOPLE_H
/*
 * people.h: buyers, made from one number each.
 *
 * A million orders need no million addresses: whatever is asked about a buyer follows from
 * his number. The first few numbers are people whose names are hard on a terminal.
 */
#include "base/arena.h"

#include <stdint.h>

struct person {
	const char *name, *address1, *address2, *city, *state, *postal_code, *phone, *email;
};

enum { ODD_PEOPLE = 14 };

/* country: "USA" or "US", "CA", "MX". domain: of the relayed e-mail address. */
struct person person_make(struct arena *a, uint32_t number, const char *country, const char *domain);

#endif
