#ifndef TALLYMAN_READINGS_H
#define TALLYMAN_READINGS_H
/*
 * readings.h: a reading of a source's counts that comes in pages is collected here, so that nothing of it is half applied and the guard against
 * nonsense sees all of it.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/inventory.h"

struct store;

enum { AWAITED_MS = 15 * 60 * 1000 }; /* so long an engine that begins waits for the first readings */

/*
 * Keep a page of the reading of that name. Several may be under way, a run for each warehouse say, and none loses a page to another; what was not
 * finished in a day goes. The same page again changes nothing.
 */
enum fault reading_stage(struct store *s, int64_t account, const char *name, const struct count *c, int n, int64_t begun_ms, struct err *err);

/* All pages of it, and when the first was asked for; what was kept is let go. */
enum fault reading_collect(struct store *s, int64_t account, const char *name, struct arena *a, struct count **out, int *n, int64_t *begun_ms, struct err *err);

/*
 * Is a reading of the account's stock (else of its dispatches) under way: are pages of it here, and is it young enough to be waited for?
 */
enum fault source_reads(struct store *s, int64_t account, bool stock, int64_t now_ms, bool *yes, struct err *err);

/*
 * An engine begins: the account's counts of so many places are asked for now. Until they are here (a quarter of an hour at most) what is owed is not
 * held against what was counted before: an order that left meanwhile would look like one that cannot be filled.
 */
enum fault source_await(struct store *s, int64_t account, int places, int64_t now_ms, struct err *err);

/* A reading of the account was taken. all: with it every source has told what it was awaited for. */
enum fault source_arrived(struct store *s, int64_t account, int64_t now_ms, bool *all, struct err *err);

enum fault sources_awaited(struct store *s, int64_t now_ms, bool *yes, struct err *err);

#endif
