#ifndef TALLYMAN_SPOT_H
#define TALLYMAN_SPOT_H
/*
 * spot.h: a value in a reply, and where it stands there.
 *
 * Adapters take one value after the other and ask once, at the end, whether all of them would do: the first that would
 * not is remembered with its whole path ("list.elements.order[3].orderLines.orderLine[0].item.sku"), what follows reads as
 * nothing. So one element is either understood or parked with the place and the reason; its neighbours go on.
 */
#include "base/arena.h"
#include "base/json.h"

#include <stdint.h>

struct reading {
	struct arena *arena;
	const char *path; /* of the first value that would not do; NULL: all is well */
	const char *why;
};

struct spot {
	struct reading *r;
	const struct json *v; /* NULL: there is none */
	const char *path;
	const char *list; /* an element's array, and which one it is */
	int index;
};

struct spot spot_top(struct reading *r, const struct json *v);

/* Below s, by a dotted path. */
struct spot spot_get(struct spot s, const char *path);

/* Walk an array: for (e = spot_first(list); e.v; e = spot_next(e)). An object's members are no elements. */
struct spot spot_first(struct spot list);
struct spot spot_next(struct spot e);

/* Required: "" or 0 when the value would not do. id: letters, digits and the characters in also; plain: nothing a terminal acts on. */
const char *need_text(struct spot s, const char *path);
const char *need_id(struct spot s, const char *path, const char *also, size_t max);
const char *need_plain(struct spot s, const char *path, size_t max);
int64_t need_int(struct spot s, const char *path, int64_t min, int64_t max);
int64_t need_units(struct spot s, const char *path, int64_t min, int64_t max); /* a decimal whose fraction is nothing: 12, "12.00" */
int64_t need_time(struct spot s, const char *path);
int64_t need_minor(struct spot s, const char *path, const char *currency);

/*
 * An amount with its currency beside it: {"amount": 41.90, KEY: "USD"}. *currency is set by the first and checked by the others, for
 * a sum over two currencies would mean nothing.
 */
int64_t need_money(struct spot amount, const char *key, const char **currency);

/* Optional: NULL or otherwise when absent; there but wrong is as bad as for a required one. */
const char *may_text(struct spot s, const char *path);
int64_t may_int(struct spot s, const char *path, int64_t min, int64_t max, int64_t otherwise);
int64_t may_time(struct spot s, const char *path); /* 0 when absent */

/* Something about s itself is wrong. */
void spot_wrong(struct spot s, const char *path, const char *why);

/* Units of one thing: nothing real is larger, and a larger number is a mistake. */
enum { QTY_MAX = 999999 };

#endif
