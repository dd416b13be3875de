#include "bench/gauge.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char dir[64];
static pid_t dir_owner;
static double start_wall, start_cpu, stop_wall, stop_cpu;

void bench_fail(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(1);
}

double wall_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void spent_start(void)
{
	start_wall = wall_now();
	start_cpu = cpu_now();
}

void spent_stop(void)
{
	stop_wall = wall_now();
	stop_cpu = cpu_now();
}

static _Noreturn void child(int fd, int64_t (*work)(void *), void *ctx)
{
	struct spent s = { 0 };
	struct rusage u;

	spent_start();
	s.work = work(ctx);
	if (stop_wall < start_wall)
		spent_stop();
	s.wall_s = stop_wall - start_wall;
	s.cpu_s = stop_cpu - start_cpu;
	getrusage(RUSAGE_SELF, &u);
	s.rss_kb = u.ru_maxrss;
	_exit(write(fd, &s, sizeof s) == (ssize_t)sizeof s ? 0 : 1);
}

struct spent spend(int64_t (*work)(void *ctx), void *ctx)
{
	struct spent s;
	int ends[2], status;
	pid_t pid;

	fflush(NULL);
	if (pipe(ends) || (pid = fork()) < 0)
		bench_fail("a child", strerror(errno));
	if (!pid)
		child(ends[1], work, ctx);
	close(ends[1]);
	if (read(ends[0], &s, sizeof s) != (ssize_t)sizeof s)
		bench_fail("a child", "it ended without a figure");
	close(ends[0]);
	waitpid(pid, &status, 0);
	return s;
}

void gauge(const char *name, int64_t n, double value, const char *unit, double floor)
{
	printf("bench name=%s n=%lld value=%.4g unit=%s", name, (long long)n, value, unit);
	if (floor > 0)
		printf(" floor=%.4g ratio=%.2f\n", floor, value / floor);
	else
		printf(" floor=- ratio=-\n");
	fflush(stdout);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double middle(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return v[n / 2];
}

double p95(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return v[(n * 95 - 1) / 100];
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void remove_dir(void)
{
	if (getpid() == dir_owner)
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *bench_dir(void)
{
	if (*dir)
		return dir;
	snprintf(dir, sizeof dir, "/tmp/tallyman-bench.XXXXXX");
	if (!mkdtemp(dir))
		bench_fail(dir, strerror(errno));
	dir_owner = getpid();
	atexit(remove_dir);
	return dir;
}

bool bench_big(void)
{
	const char *big = getenv("BENCH_BIG");

	return big && !strcmp(big, "1");
}

const int *bench_sizes(int *n)
{
	static const int sizes[] = { 10000, 100000, 1000000 };

	*n = bench_big() ? 3 : 2;
	return sizes;
}
