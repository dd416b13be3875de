#ifndef TALLYMAN_GAUGE_H
#define TALLYMAN_GAUGE_H
/*
 * gauge.h: what every measure needs: a stopwatch, a process of its own, a folder, and the line that is printed.
 *
 * A machine's own speed proves nothing, so a figure stands beside its floor: the least code that does the same work, run in the same
 * minute on the same machine. A measure runs in a child process, so that its memory is its own and none inherits another's heap.
 */
#include <stdbool.h>
#include <stdint.h>

/* What a child spent. */
struct spent {
	double wall_s, cpu_s;
	int64_t rss_kb; /* the most it ever had */
	int64_t work;   /* what it returned: units of work done */
};

double wall_now(void); /* seconds, monotonic */
double cpu_now(void);  /* seconds of this process, user and system */

/* How much of its run a child wants counted: from start to stop. Without a call all of it counts. */
void spent_start(void);
void spent_stop(void);

/* Run work(ctx) in a child and wait. A child that dies ends the bench with its reason: no figure is better than a wrong one. */
struct spent spend(int64_t (*work)(void *ctx), void *ctx);

/* One line: bench name=N n=N value=V unit=U floor=F ratio=V/F. A floor of 0: there is none to compare with. */
void gauge(const char *name, int64_t n, double value, const char *unit, double floor);

/* The middle and the 95th of n values; sorts them. */
double middle(double *v, int n);
double p95(double *v, int n);

/* A folder of our own below /tmp, removed with all that is in it when the process that asked first ends. */
const char *bench_dir(void);

/* The sizes to measure at: 10,000 and 100,000, and 1,000,000 with BENCH_BIG=1; n: how many. */
const int *bench_sizes(int *n);
bool bench_big(void);

_Noreturn void bench_fail(const char *what, const char *why);

#endif
