#ifndef TALLYMAN_KITS_H
#define TALLYMAN_KITS_H
/*
 * kits.h: an item that is put together of others when it is ordered.
 *
 *	available = what stands made up and is not owed + what its parts allow: the least of floor(available of a part / quantity of it)
 *
 * An order of a kit takes what stands made up first; what is then short is lent by its parts, which have that much less for everybody else. So kits and
 * single sales of one part compete for the same units. A part may be a kit itself; nothing is part of itself, at any depth.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { KIT_PARTS = 50, KIT_QTY = 10000, KIT_DEEP = 4 }; /* KIT_DEEP: kits of kits of kits of single goods */

struct kit_part {
	int64_t item, qty;
	const char *sku, *title;
	int64_t available;
};

/*
 * From now on the SKU is a kit of these parts, in place of what it was before; n 0: it is none any more. A SKU that was never heard of
 * becomes an item. What open orders of it owe moves with that. FAULT_REFUSED: a part twice, itself among its parts, too deep, no such quantity.
 */
enum fault kit_set(struct store *s, const char *sku, const struct kit_part *part, int n, const struct cause *why, struct err *err);

/* The same without a word written. kit: its item, 0: it is not known yet. */
enum fault kit_check(struct store *s, const char *sku, const struct kit_part *part, int n, int64_t *kit, struct err *err);

/* In order of SKU; none: it is no kit. */
enum fault kit_parts(struct store *s, int64_t item, struct arena *a, struct kit_part **out, int *n, struct err *err);

/* One kit as an intent carries it. */
struct kit_recipe {
	const char *sku;
	struct kit_part *part;
	int parts; /* 0: no kit any more */
};

/*
 * The kit whose lines begin at *i of payload's "kit=QTY:PART:SKU ..." (PART: an item; "0:0:SKU": no kit any more); *i moves on to the next kit.
 * FAULT_REFUSED: it is none, or its lines stand apart.
 */
struct fields;
enum fault kit_recipe_read(struct store *s, const struct fields *payload, int *i, struct arena *a, struct kit_recipe *out, struct err *err);

/* "3 x SOAP, 1 x DISH"; "" without any. */
const char *kit_words(const struct kit_part *part, int n, struct arena *a);

/* ---- the ledger's side ---- */

/* What its parts allow became another, or what it is short of: both are reckoned anew. Its dirty mark is the caller's. */
enum fault kit_reckon(struct store *s, int64_t item, const struct cause *why, struct err *err);

/* What kits that have it as a part are short of was told to them; what they make of it has to be thought over. */
enum fault kits_touch(struct store *s, int64_t item, int64_t now_ms, struct err *err);

/* What open orders of kits want made of it. */
enum fault kits_lent(struct store *s, int64_t item, int64_t *lent, struct err *err);

/* The next kit, by number after `after`, that has it as a part; 0: no more. */
enum fault kit_with(struct store *s, int64_t part, int64_t after, int64_t *kit, struct err *err);

/* ---- how many more could be made ---- */

struct kit_node {
	int64_t item, own; /* own: counted, and nobody's; below zero: none */
	const char *sku;
	int level;
	bool kit;
};

struct kit_edge {
	int from, to; /* nodes */
	int64_t qty;
};

struct kit_tree {
	struct kit_node *node; /* the kit itself is the first */
	struct kit_edge *edge;
	int nodes, edges;
};

/* All that it is made of, at every depth. */
enum fault kit_tree_load(struct store *s, int64_t item, struct arena *a, struct kit_tree *out, struct err *err);

/*
 * The most that its parts allow, besides what stands made up of the kit itself. less: units of each node that must not be used; NULL: none. limit: the node
 * that there is too little of for one more, or NULL. Purely.
 */
int64_t kit_tree_allows(const struct kit_tree *t, const int64_t *less, int *limit);

/* ---- a list of them ---- */

struct kit_row {
	int64_t kit, part, qty, available, part_available, made_up; /* made_up: kits that stand there, put together */
	const char *sku, *title, *part_sku;
};

/* In order of kit and part SKU after `after` (NULL: from the first), at most n. */
enum fault kits_page(struct store *s, const struct kit_row *after, int n, struct arena *a, struct kit_row **out, int *got, struct err *err);

#endif
