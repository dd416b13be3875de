#ifndef TALLYMAN_RHYTHM_H
#define TALLYMAN_RHYTHM_H
/*
 * rhythm.h: why is it quiet? A dead-man timer for every stream of an account: orders as buyers place them, each kind of read that was understood, each kind
 * of write that was taken.
 *
 * How long a silence is normal depends on the hour: what was heard in the same hour of the last four weeks says how many events a silence would have had. For
 * a stream whose events come by chance (Poisson) a silence worth k of them happens with e^-k: seven is a silence that a day's thousand events show about once,
 * and is called the normal gap; twelve is one in 160,000, and rings. So a stream that died is told before two normal gaps are over.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { RHYTHM_WEEKS = 4, RHYTHM_HOURS = 168, NORMAL_MILLI = 7000, RINGS_MILLI = 12000 };

/* What is known of one stream. n[h]: events of the h-th full hour before the current one (0: the last full hour); hours: how many of those are known. */
struct rhythm {
	int64_t last_ms;
	int hours;
	int64_t n[(RHYTHM_WEEKS + 1) * RHYTHM_HOURS];
};

/*
 * Thousandths of an event that the silence since last_ms would have had, by the same hours of past weeks; with less than a week known by the mean of what is.
 * -1: not a day is known. *gap_ms: after how long it comes to `milli` (at most two weeks).
 */
int64_t rhythm_silence(const struct rhythm *r, int64_t now_ms, int64_t milli, int64_t *gap_ms);

struct quiet_row {
	int64_t account, last_ms, gap_ms, silence; /* gap_ms: the normal one now; silence: thousandths of events */
	const char *account_name, *name;
	const char *state;                         /* "ok" "quiet" past the normal gap, "SILENT" rings, "learning", "off", "unknown": last_ms is 0 */
	bool rings;                                /* it comes by itself, hour after hour; the silence of others is shown and rings nothing */
};

/* When a stream was heard last, as far as rhythm_take has counted; 0: never. */
enum fault stream_last(struct store *s, int64_t account, const char *name, int64_t *last_ms, struct err *err);

enum fault quiet_all(struct store *s, int64_t now_ms, struct arena *a, struct quiet_row **out, int *n, struct err *err);

/* The engine's side, inside a transaction: count what is new, at most a slice; raise and close. */
enum fault rhythm_take(struct store *s, int64_t now_ms, struct err *err);
enum fault quiet_watch(struct store *s, int64_t now_ms, struct err *err);

#endif
