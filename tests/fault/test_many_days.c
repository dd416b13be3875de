/*
 * test_many_days.c: short days by seed, several at a time, each in a process of its own; and what came of them, counted.
 *
 * A short day is a whole life in a small shop: a dozen products, a buyer every few minutes, an hour and more of what its kind says, then rest until all
 * that began must have ended, and the verdict of judge.c. One of each kind in `make test`; DAYS=n lives n, spread over the kinds by their share, always
 * the same ones (FROM=n: those after the first n); JOBS=n at a time. SEED=n KIND=k lives that one alone and aloud, and DAY_KEEP=1 leaves its store to look at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/child.h"
#include "tests/fault/life.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHORT .skus = 12, .past = 6, .orders_a_day = 1200, .stretch_min = 15, .quiet_min = 35, .still_min = 10, .settle_pct = 20
#define LAPSE .skus = 12, .orders_a_day = 1200, .stretch_min = 15, .stretches = 1, .quiet_min = 40, .still_min = 10, .settle_pct = 10, .out_min = 50

static const struct life_kind kinds[] = {
	{ .name = "all well", SHORT, .stretches = 4, .first = 10000, .lives = 100 },
	{ .name = "mishaps", SHORT, .stretches = 4, .mishaps = true, .first = 20000, .lives = 200 },
	{ .name = "killed again and again", SHORT, .stretches = 3, .crashes = 3, .first = 30000, .lives = 100 },
	{ .name = "mishaps and killed", SHORT, .stretches = 4, .crashes = 2, .mishaps = true, .first = 40000, .lives = 100 },
	{ .name = "shadow, mishaps", SHORT, .stretches = 2, .mishaps = true, .shadow = true, .first = 50000, .lives = 90 },
	{ .name = "four marketplaces", SHORT, .stretches = 4, .whole = true, .first = 60000, .lives = 30 },
	{ .name = "four marketplaces, mishaps and killed", SHORT, .stretches = 4, .crashes = 1, .mishaps = true, .whole = true, .first = 70000, .lives = 30 },
	{ .name = "by feed", SHORT, .stretches = 4, .feeds = true, .first = 80000, .lives = 50 },
	{ .name = "by feed, mishaps and killed", SHORT, .stretches = 4, .crashes = 2, .mishaps = true, .feeds = true, .first = 90000, .lives = 100 },
	{ .name = "one account out", LAPSE, .first = 100000, .lives = 150 },
	{ .name = "one account out, and killed", LAPSE, .crashes = 2, .first = 110000, .lives = 50 },
};

enum { KINDS = sizeof kinds / sizeof *kinds, AT_ONCE = 64, LONGEST_S = 900, PROGRESS = 100 };

/* A day to live, and what came of it; in memory that its process shares. */
struct task {
	int kind, status; /* status: as waitpid says; 0: it ended well */
	uint64_t seed;
	struct life life;
};

static struct task *task;
static int tasks;

static int64_t number(const char *name, int64_t otherwise)
{
	const char *v = getenv(name);

	return v ? atoll(v) : otherwise;
}

/* ---- which ---- */

static int lives_of(const struct life_kind *k)
{
	int64_t days = number("DAYS", getenv("SOAK") ? 6000 : 0), only = number("KIND", -1);

	if (only >= 0 && k != &kinds[only % KINDS])
		return 0;
	if (getenv("SEED"))
		return 1;
	return days * k->lives > 1000 ? (int)(days * k->lives / 1000) : 1;
}

/* The kind that is farthest behind its share: when it is broken off, something of each was lived. */
static int next_kind(const int lived[KINDS])
{
	int best = -1;

	for (int k = 0; k < KINDS; k++) {
		int of = lives_of(&kinds[k]);

		if (lived[k] < of && (best < 0 || (int64_t)lived[k] * lives_of(&kinds[best]) < (int64_t)lived[best] * of))
			best = k;
	}
	return best;
}

static void plan_days(void)
{
	int lived[KINDS] = { 0 };

	for (int k = 0; k < KINDS; k++)
		tasks += lives_of(&kinds[k]);
	task = mmap(NULL, (size_t)tasks * sizeof *task + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(task != MAP_FAILED);
	for (int t = 0; t < tasks; t++) {
		int k = next_kind(lived);

		task[t].kind = k;
		task[t].seed = (uint64_t)number("SEED", kinds[k].first + number("FROM", 0) * kinds[k].lives / 1000 + lived[k]++);
	}
}

/* ---- living them ---- */

static void be_quiet(const char *log)
{
	int fd = open(log, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(127);
	close(fd);
}

/* Its last words are in its log until the next day takes the place. */
static void log_of(int slot, char path[80])
{
	snprintf(path, 80, "/tmp/tallyman-days-%d-%d.log", (int)getpid(), slot);
}

static pid_t begin(struct task *t, int slot)
{
	char log[80];
	pid_t pid;

	log_of(slot, log);
	fflush(NULL);
	pid = fork();
	if (pid)
		return pid;
	alarm(LONGEST_S);
	if (!getenv("SEED"))
		be_quiet(log);
	life_live(&kinds[t->kind], t->seed, &t->life);
	_exit(0);
}

static bool failed(const struct task *t)
{
	return t->status || *t->life.why;
}

/* The day, why, and how to have it again. */
static void tell(const struct task *t, int slot)
{
	char log[80], line[300];
	FILE *f;

	print_message("FAILED: %s%s%s: %s\n", kinds[t->kind].name, *t->life.what ? ", " : "", t->life.what, *t->life.why ? t->life.why : "it did not end well");
	if (t->status)
		print_message("  its process ended with %s %d; it said last:\n", WIFSIGNALED(t->status) ? "signal" : "status",
		              WIFSIGNALED(t->status) ? WTERMSIG(t->status) : WEXITSTATUS(t->status));
	log_of(slot, log);
	f = t->status ? fopen(log, "r") : NULL;
	while (f && fgets(line, sizeof line, f))
		print_message("  | %.*s\n", (int)strcspn(line, "\n"), line);
	if (f)
		fclose(f);
	print_message("  again: SEED=%" PRIu64 " KIND=%d %s/fault/test_many_days\n", t->seed, t->kind, getenv("BUILD") ? getenv("BUILD") : "build");
}

static void live_all(int at_once)
{
	struct {
		pid_t pid;
		int task;
	} slot[AT_ONCE] = { 0 };
	int next = 0, under_way = 0, lived = 0;

	while (next < tasks || under_way) {
		int status, s = 0;
		pid_t pid;

		for (; s < at_once && next < tasks; s++)
			if (!slot[s].pid) {
				slot[s].task = next;
				slot[s].pid = begin(&task[next++], s);
				assert_true(slot[s].pid > 0);
				under_way++;
			}
		pid = waitpid(-1, &status, 0);
		for (s = 0; s < at_once && slot[s].pid != pid; s++)
			;
		if (s == at_once)
			continue;
		task[slot[s].task].status = status;
		if (failed(&task[slot[s].task]))
			tell(&task[slot[s].task], s);
		slot[s].pid = 0;
		under_way--;
		if (++lived % PROGRESS == 0)
			print_message("%d of %d lived\n", lived, tasks);
	}
}

static void forget_logs(int at_once)
{
	char log[80];

	for (int s = 0; s < at_once; s++) {
		log_of(s, log);
		unlink(log);
	}
}

/* ---- what came of them ---- */

struct sum {
	int days, bad;
	int64_t orders, crashes, hits, zeroed, lived_min, excused, wrong[WRONGS];
};

static void add(struct sum *s, const struct task *t)
{
	s->days++;
	s->bad += failed(t);
	s->orders += t->life.orders;
	s->crashes += t->life.crashes;
	s->hits += t->life.hits;
	s->zeroed += t->life.zeroed;
	s->excused += t->life.excused;
	s->lived_min += t->life.lived_min;
	for (int w = 0; w < WRONGS; w++)
		s->wrong[w] += t->life.wrong[w];
	s->wrong[WRONG_OTHER] += t->status && !*t->life.why;
}

static void tell_sum(const char *name, const struct sum *s)
{
	print_message("days: %-38s %5d of %" PRId64 ":%02" PRId64 " h, %" PRId64 " orders, %" PRId64 " calls spoilt, killed %" PRId64 " times, %" PRId64 " zeroed; %d failed\n", name, s->days,
	              s->days ? s->lived_min / s->days / 60 : 0, s->days ? s->lived_min / s->days % 60 : 0, s->orders, s->hits, s->crashes, s->zeroed, s->bad);
}

static void sum_up(void)
{
	struct sum all = { 0 };

	for (int k = 0; k < KINDS; k++) {
		struct sum one = { 0 };

		for (int t = 0; t < tasks; t++)
			if (task[t].kind == k)
				add(&one, &task[t]);
		if (one.days)
			tell_sum(kinds[k].name, &one);
	}
	for (int t = 0; t < tasks; t++)
		add(&all, &task[t]);
	tell_sum("all", &all);
	print_message("days: with anything lost %" PRId64 ", doubled %" PRId64 ", confirmed twice %" PRId64 ", oversold %" PRId64 ", late %" PRId64
	              ", zeroed late %" PRId64 ", zeroed early %" PRId64 ", otherwise wrong %" PRId64
	              "; units oversold while a marketplace was not understood: %" PRId64 "\n",
	              all.wrong[WRONG_LOST], all.wrong[WRONG_DOUBLED], all.wrong[WRONG_TWICE], all.wrong[WRONG_OVERSOLD], all.wrong[WRONG_LATE],
	              all.wrong[WRONG_ZERO_LATE], all.wrong[WRONG_ZERO_EARLY], all.wrong[WRONG_OTHER], all.excused);
}

static int live_them(void **state)
{
	int64_t at_once = number("JOBS", sysconf(_SC_NPROCESSORS_ONLN));

	(void)state;
	plan_days();
	at_once = at_once < 1 ? 1 : at_once > AT_ONCE ? AT_ONCE : at_once;
	live_all((int)at_once);
	forget_logs((int)at_once);
	sum_up();
	return 0;
}

static void none_of_these_failed(void **state)
{
	const struct life_kind *k = *state;
	int bad = 0;

	for (int t = 0; t < tasks; t++)
		bad += &kinds[task[t].kind] == k && failed(&task[t]);
	assert_int_equal(bad, 0);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[KINDS];

	child_main(argc, argv);
	for (int k = 0; k < KINDS; k++)
		tests[k] = (struct CMUnitTest){ .name = kinds[k].name, .test_func = none_of_these_failed, .initial_state = (void *)&kinds[k] };
	return cmocka_run_group_tests(tests, live_them, NULL);
}
