#ifndef TALLYMAN_HEALTH_H
#define TALLYMAN_HEALTH_H
/*
 * health.h: what is wrong, in one line, from what the store says: nothing has to run for it to be read.
 *
 * The verdicts are those of monitoring plugins (Monitoring Plugins Development Guidelines). Whatever goes wrong is visible here within a minute: the
 * engine beats every half minute, and writes down what it could not do when it could not.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL, VERDICT_UNKNOWN, VERDICTS };

const char *verdict_name(enum verdict v); /* "WARNING" */

/* A silent engine is seen after a minute, is told after five, and after thirty nobody else zeroes: then it is done by hand. */
enum { QUIET_MS = 60000, SILENT_MS = 5 * 60000, DEAD_MS = 30 * 60000 };

struct health_row {
	enum verdict verdict;
	const char *text;
};

struct health {
	enum verdict verdict; /* the worst */
	struct health_row *row;
	int n, cap;
	struct arena *arena;
	int64_t quiet_ms;     /* since the engine last worked */
	const char *engine;   /* what is wrong with it; NULL: it works */
	bool by_hand;         /* nobody else takes anything off sale: what is shown is to be set to zero by hand */
	bool locked;          /* it waits for somebody who unlocks its vault */
	int64_t late, due, open, drift, parked, failed, unsure, oversold, crit, warn, channels_ok, channels, unsure_age_ms, waiting, pending, untold; /* waiting: zeros to be said; pending: offers held at zero that no reading has shown so */
};

/* Nothing said yet; then a line with its verdict, the worst of which is the whole's. */
struct health health_new(struct arena *a);
void health_say(struct health *h, enum verdict v, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Everything that the store tells. held: somebody has the engine's lock now. */
enum fault health_read(struct store *s, bool held, int64_t now_ms, struct health *h, struct err *err);

/* And what the store's disk says. */
struct disk;
void health_disk(struct health *h, const struct disk *d);

/* The rows as one text, worst first. */
const char *health_text(const struct health *h);

#endif
