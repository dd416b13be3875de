#ifndef TALLYMAN_PLACES_H
#define TALLYMAN_PLACES_H
/*
 * places.h: where stock lies, who tells of it, and whether its stock is part of what is for sale.
 *
 * A place is a physical one; several systems may tell of it, each by a word of its own. It sells while a person includes it, those who tell
 * say that it is in use, and it was heard within its maximum age: a stale place is left out, named by an alert, and comes back with
 * its next reading. Pools that a channel holds (fba, wfs) are never part of an item's sum.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct site;

/* A place by name, made when new. */
enum fault place_id(struct store *s, const char *name, const char *kind, int64_t account, int64_t *id, struct err *err);

/*
 * The place that an account means by this word of its own, its code or name; 0: none. NULL or "": the one that it tells of, or of several the first, or
 * else the first of our own.
 */
enum fault place_told(struct store *s, int64_t account, const char *word, int64_t *id, struct err *err);

/* The same, made when new (kind own), and put down as told by that account; account 0: a person. */
enum fault place_source(struct store *s, int64_t account, const char *word, int64_t *id, struct err *err);

/* What they say of a place of theirs. FAULT_FORMAT: no code, or a kind that there is not; nothing was written. */
enum fault site_tell(struct store *s, int64_t account, const struct site *site, const struct cause *why, struct err *err);

/*
 * Which source of truth that is in use was never heard, of a place that counts if it told of some: "netsuite", "cartoncloud of Oakland"; "" when there is
 * none. What is in it is not known, so nothing that was never said is said before. A place that the configuration names and they never did is waited for a
 * quarter of an hour from the account's first word.
 */
enum fault truth_awaits(struct store *s, int64_t now_ms, struct arena *a, const char **out, struct err *err);

/* The account tells of stock, by its channel and configuration; by_place: each place in a reading of its own. */
enum fault truth_tells(struct store *s, int64_t account, bool by_place, struct err *err);

/* A reading of the place was taken: one that was stale comes back. place 0: all that the account tells of. */
enum fault place_heard(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err);

/*
 * What the account told was found unchanged: the places that were heard since, which are those that its last reading named. One that it left out ages, or else what
 * was known of it would be offered for ever.
 */
enum fault place_unchanged(struct store *s, int64_t account, int64_t since_ms, const struct cause *why, struct err *err);

/* Places are others than they were: all that is offered is thought over, by and by. */
enum fault places_think_over(struct store *s, struct err *err);

/* Which have become stale, or less so, or are near it? Once a minute. */
enum fault places_watch(struct store *s, const struct cause *why, struct err *err);

/* The same for one that is stale or near it, after something of it became another. And what follows from include, use and age: does it sell? */
enum fault place_age(struct store *s, int64_t place, const struct cause *why, struct err *err);
enum fault place_settle(struct store *s, int64_t place, struct err *err);

/*
 * A person knows that its numbers still hold: they count until then, heard or not; 0: no longer. FAULT_REFUSED: no such place, or nothing is near. check: would it
 * be taken?
 */
enum fault place_hold_off(struct store *s, const char *name, int64_t until_ms, const struct cause *why, struct err *err);
enum fault place_off_check(struct store *s, const char *name, bool over, struct err *err);

/* Mark the next n items of places that sell now and did not, or the other way round, to be thought over again. *more: there are others. */
enum fault places_sweep(struct store *s, int n, int64_t now_ms, bool *more, struct err *err);

/* Is anything left to sweep? */
enum fault places_swept(struct store *s, bool *more, struct err *err);

/*
 * A person's word: key include (on, off), max_age (minutes), serves ("walmart-us amazon", "" for all), node, kind, source (ACCOUNT:CODE: what
 * that system calls so is this place). FAULT_REFUSED with a sentence.
 */
enum fault place_set(struct store *s, const char *name, const char *key, const char *value, const struct cause *why, struct err *err);

/* A person keeps qty of it back there ("held"), or has promised it to another place ("moving"). */
enum fault place_hold(struct store *s, const char *name, const char *sku, const char *what, int64_t qty, const struct cause *why, struct err *err);

/* A place by its name; FAULT_REFUSED with a sentence. */
enum fault place_find(struct store *s, const char *name, int64_t *id, struct err *err);

/* An intent's payload (INTENT_PLACE): place, set=KEY=VALUE ..., or sku, what, qty. */
struct fields;
enum fault place_carry(struct store *s, const struct fields *payload, const struct cause *why, struct err *err);

/* Does a place with this list serve that account? An empty list serves all. */
bool place_serves(const char *serves, const char *account, const char *channel);

struct place_row {
	int64_t id;
	const char *name, *kind, *serves, *node;
	const char *told_by; /* "netsuite:2 cartoncloud:w-1", "" for a person alone */
	bool counts, active, stale, sells;
	int64_t max_age_ms, heard_ms, items, units;
	int64_t due_ms, held_ms; /* its stock goes off sale then, 0: that is not near; held off until then */
	const char *held_by;
};

/* The one whose stock goes off sale next: id, name, due_ms, held_ms; id 0: none is near it. */
enum fault place_near(struct store *s, struct arena *a, struct place_row *out, struct err *err);

enum fault places_list(struct store *s, struct arena *a, struct place_row **out, int *n, struct err *err);

/* ---- who owns which field ---- */

/* Where several tell the same place: whose number is believed. */
enum conflict_rule { CONFLICT_MIN, CONFLICT_WMS, CONFLICT_ERP, CONFLICT_RULES };

struct truth {
	int64_t stock;       /* account that counts what is on the shelf; 0: nobody is named, or it is switched off */
	int64_t commitments; /* account that knows what is promised */
	enum conflict_rule conflict;
	int64_t max_age_ms;  /* of places that nobody gave one of their own */
};

const char *conflict_rule_name(enum conflict_rule r); /* "min" "wms" "erp" */
enum conflict_rule conflict_rule_from_name(const char *name); /* CONFLICT_RULES when it is none */

/* As the configuration has it: names of accounts, or of channels. */
enum fault truth_put(struct store *s, const char *stock, const char *commitments, enum conflict_rule conflict, int64_t max_age_ms, struct err *err);
enum fault truth_get(struct store *s, struct truth *out, struct err *err);

#endif
