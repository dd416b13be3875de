#ifndef TALLYMAN_MAPPING_H
#define TALLYMAN_MAPPING_H
/*
 * mapping.h: which item of ours a SKU of an account stands for, and how many eaches are in one of it.
 *
 * What somebody said counts; else it is the item that is spelled exactly alike. A guess is never made: what is only nearly alike, or
 * shares a number with an item, is shown to a person as a candidate. Quantities of an offer and of an order's line count
 * packs, the ledger counts eaches.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct identity;

enum { PACK_MOST = 10000 };

struct mapped {
	int64_t item;   /* 0: it stands for nothing we know */
	int64_t pack;   /* eaches in one; 1 when nothing was said */
	const char *by; /* "person" "import" "spelling"; "" */
};

/* What was said counts before the same spelling; neither: item 0. */
enum fault mapping_of(struct store *s, int64_t account, const char *sku, struct mapped *out, struct err *err);

/*
 * From now on it stands for that item (by: "person" or "import"). Its offers are thought over again and what waits to be said of them is
 * dropped; what open orders owe moves from the former item to the new one. item 0: what was said is taken back. changed: offers and lines
 * that stand for something else now.
 */
enum fault mapping_set(struct store *s, int64_t account, const char *sku, int64_t item, int64_t pack, const char *by, const struct cause *why,
                       int *changed, struct err *err);

/* A SKU stands for something now: what a person was asked about it is closed. account 0: on any. */
enum fault mapping_found(struct store *s, int64_t account, const char *sku, const struct cause *why, struct err *err);

/* "ACCOUNT:PACK:ITEM:SKU", as an intent carries it: a SKU may have colons. */
struct map_line {
	int64_t account, pack, item;
	const char *sku; /* into the text */
};

/* false: it is no such line, or a pack out of 1 to PACK_MOST. */
bool map_line_read(const char *text, struct map_line *out);

/* What was said, in order of account and SKU after (account name, SKU). */
struct mapping_row {
	int64_t account, item, pack, offers, mapped_ms;
	const char *account_name, *channel, *sku, *item_sku, *title, *by, *actor;
	const char *numbers; /* "asin B00EXAMPLE, upc 036000291452" */
};

/*
 * SKUs of accounts and what they stand for, by account and SKU after `after` (NULL: from the first), at most n. all: those that are
 * mapped by their spelling too, and those that are not mapped.
 */
enum fault mappings_page(struct store *s, const struct mapping_row *after, bool all, int n, struct arena *a, struct mapping_row **out, int *got,
                         struct err *err);

/* ---- numbers ---- */

/* Take what somebody told of a SKU's numbers. What cannot be right is kept with what is wrong with it. FAULT_FORMAT: no SKU, or no such kind. */
enum fault identity_tell(struct store *s, int64_t account, const struct identity *i, const struct cause *why, struct err *err);

struct number {
	const char *account_name, *sku, *kind, *value, *fault;
};

/* Every number of an item's SKUs, on every account. */
enum fault numbers_of(struct store *s, int64_t item, struct arena *a, struct number **out, int *n, struct err *err);

/* ---- what is wrong ---- */

enum finding_kind {
	FINDING_UNMAPPED,  /* an offer that stands for nothing: never written */
	FINDING_AMBIGUOUS, /* and more than one item could be meant */
	FINDING_CASE,      /* and an item is spelled alike but for case or space; or two items are */
	FINDING_DUPLICATE, /* two SKUs of one account and marketplace stand for one item */
	FINDING_ORPHAN,    /* something was said about a SKU that the account does not list; or an item is offered nowhere */
	FINDING_NUMBER,    /* a product number that cannot be right */
	FINDING_YOUNG,     /* mapped within seven days, and not yet pushed and seen */
	FINDINGS
};

struct finding {
	enum finding_kind kind;
	const char *account_name, *sku, *text;
	const char *candidates; /* items that may be meant, with a comma between; "" */
	int64_t offer, item;
};

const char *finding_name(enum finding_kind k); /* "unmapped" */
enum finding_kind finding_from_name(const char *name); /* FINDINGS when it is none */

/* At most n of one kind; `more`: there are others. */
enum fault findings_of(struct store *s, enum finding_kind k, int64_t now_ms, int n, struct arena *a, struct finding **out, int *got, bool *more,
                       struct err *err);

/* What is not written because it has no clear mapping, and waits for a person: the largest quantity that goes on selling first. */
struct mapping_waits {
	int64_t inbox, account, offers, seen, owed, first_ms; /* seen: units they show; owed: units of open orders that nothing of ours is kept for */
	const char *account_name, *sku, *text, *owner, *candidates;
};

enum fault mapping_waiting(struct store *s, int n, struct arena *a, struct mapping_waits **out, int *got, bool *more, struct err *err);

/*
 * Offers that have been unmapped for ten minutes are put before a person: a row of class MAPPING in the inbox each, at most n a call. A
 * mapping closes it.
 */
enum fault mapping_sweep(struct store *s, const struct cause *why, int n, struct err *err);

#endif
