#ifndef TALLYMAN_REGISTRY_H
#define TALLYMAN_REGISTRY_H
/*
 * registry.h: the operations that may be spoken at all, from data/limits.csv.
 *
 * Deny by default: an operation without a row is refused before a request is made, so nobody can
 * add a call and forget its limit.
 */
#include "net/limit.h"

#include "base/csv.h"

struct operation {
	const char *op, *method, *path;
	const char *family; /* what can be switched on by risk: auth orders inventory listings pricing reports */
	const char *group;  /* what breaks together, for the breaker: auth orders.read orders.write stock.read stock.write feeds */
	const char *bucket; /* operations that drink from one bucket name the same; its own name otherwise */
	const char *tokens; /* as published: "200", "0.0056"; "" when the endpoint has no rate */
	int64_t window_s, burst, concurrency, daily;
	int64_t cost;        /* tokens for one call */
	int64_t batch;       /* most items in one call */
	int64_t a_day;       /* changes of one subject (a listing) in 24 hours, 0: any number: data/revisions.csv */
	int64_t decreases_from, zeros_from; /* from so many on only such are said */
	int64_t reserve_pct; /* LIMIT_RESERVE where any operation that drinks from it writes quantities, else 0 */
	const char *source, *date;
};

struct limit_registry {
	struct operation *operation;
	int n;
};

/* The rows of a CSV text; FAULT_FORMAT "limits.csv:14: ..." says what is wrong with which. Everything lives in a. */
enum fault limit_registry_read(struct arena *a, const char *name, const char *text, size_t n, struct limit_registry *out,
                               struct err *err);

/* How often one subject may be changed: the rows of data/revisions.csv, put to the operations they name. */
enum fault limit_registry_revisions(struct arena *a, const char *name, const char *text, size_t n, struct limit_registry *r, struct err *err);

/* The same for data/limits.csv and data/revisions.csv. */
enum fault limit_registry_load(struct arena *a, struct limit_registry *out, struct err *err);

/* The row of an operation; FAULT_REFUSED when it has none. */
enum fault limit_registry_find(const struct limit_registry *r, const char *op, const struct operation **out, struct err *err);

/* May a subject that was changed used times in 24 hours be changed once more, in this lane? */
bool operation_may_revise(const struct operation *o, int64_t used, enum lane lane);

/* A full bucket for an operation, as the platform publishes it. */
struct limit operation_limit(const struct operation *o, int64_t now_ms);

#endif
