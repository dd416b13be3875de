/* Routines: when a task is made, when one is missed, and that somebody did it. */
#include "trade_world.h"

#include "trade/tasks.h"

#define DAY (24 * HOUR)

/* T0 is a Tuesday. */
static int make(struct world *w, int64_t now_ms)
{
	int made;

	OKAY(w, tasks_make(w->s, now_ms, &made, &w->err));
	return made;
}

static struct fields said(struct world *w, int64_t task, const char *state, const char *note)
{
	struct fields p = fields_new(w->a);

	fields_put_int(&p, "task", task);
	fields_put(&p, "state", state);
	fields_put(&p, "note", note);
	return p;
}

static void a_day_and_a_week_have_theirs(void **state)
{
	struct world w = world_new();
	int64_t days, weeks;

	(void)state;
	assert_true(make(&w, T0) > 0);
	days = world_int(&w, "SELECT count(*) FROM task WHERE rhythm = 'day'");
	weeks = world_int(&w, "SELECT count(*) FROM task WHERE rhythm = 'mon'");
	assert_int_equal(days, 3);
	assert_int_equal(weeks, 4);
	assert_int_equal(make(&w, T0 + HOUR), 0); /* once a day, however often the engine looks */
	assert_int_equal(world_int(&w, "SELECT min(day % 7) FROM task WHERE rhythm = 'mon'"), 4); /* a Monday: 1 January 1970 was a Thursday */
	assert_int_equal(make(&w, T0 + DAY), days); /* the week's are there already */
	assert_int_equal(make(&w, T0 + 7 * DAY), days + weeks);
	world_free(&w);
}

static void what_is_open_when_the_next_comes_was_missed(void **state)
{
	struct world w = world_new();
	struct fields done;

	(void)state;
	make(&w, T0);
	done = said(&w, world_int(&w, "SELECT id FROM task WHERE name = 'patterns'"), "done", "");
	w.why.actor = "uid:1000 jo";
	OKAY(&w, task_carry(w.s, &done, &w.why, &w.err));
	make(&w, T0 + DAY);
	assert_string_equal(world_text(&w, "SELECT group_concat(name) FROM (SELECT name FROM task WHERE state = 'missed' ORDER BY name)"), "corrections,discrepancies");
	assert_string_equal(world_text(&w, "SELECT state || ' ' || actor FROM task WHERE name = 'patterns' ORDER BY id LIMIT 1"), "done uid:1000 jo");
	world_free(&w);
}

struct saying {
	const char *why, *first, *then, *note;
	bool good;
};

static const struct saying sayings[] = {
	{ "an open one is done", NULL, "done", "", true },
	{ "an open one is left out, and why", NULL, "skipped", "closed today", true },
	{ "left out without a reason it is not", NULL, "skipped", "", false },
	{ "what is done is not done again", "done", "done", "", false },
	{ "what is done can be opened again", "done", "open", "", true },
	{ "an open one is not opened", NULL, "open", "", false },
	{ "nobody says that one was missed", NULL, "missed", "", false },
};

static void what_can_be_said_of_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		struct world w = world_new();
		struct fields p;

		make(&w, T0);
		if (sayings[i].first) {
			p = said(&w, 1, sayings[i].first, "x");
			OKAY(&w, task_carry(w.s, &p, &w.why, &w.err));
		}
		p = said(&w, 1, sayings[i].then, sayings[i].note);
		if ((task_carry(w.s, &p, &w.why, &w.err) == OK) != sayings[i].good)
			fail_msg("%s: %s", sayings[i].why, w.err.text);
		world_free(&w);
	}
}

static void the_last_weekly_review_is_known(void **state)
{
	struct world w = world_new();
	struct task_week week;
	struct task *t;
	int n;

	(void)state;
	make(&w, T0);
	OKAY(&w, tasks_week(w.s, w.a, &week, &w.err));
	assert_int_equal(week.done_ms, 0);
	assert_int_equal(week.open, 4);
	OKAY(&w, tasks_list(w.s, false, 100, w.a, &t, &n, &w.err));
	w.why.actor = "uid:1000 jo";
	for (int i = 0; i < n; i++)
		if (strcmp(t[i].on, "day")) {
			struct fields p = said(&w, t[i].id, "done", "");

			OKAY(&w, task_carry(w.s, &p, &w.why, &w.err));
		}
	OKAY(&w, tasks_week(w.s, w.a, &week, &w.err));
	assert_int_equal(week.done_ms, T0);
	assert_string_equal(week.actor, "uid:1000 jo");
	assert_int_equal(week.open, 0);
	world_free(&w);
}

/* What became of the four tasks of a week, one letter each: done, skipped, missed, open. */
static void the_week(struct world *w, int64_t week, const char *states, const char *actor)
{
	static const char sql[] = "INSERT INTO task (name, day, rhythm, title, how, made_ms, state, actor, done_ms) VALUES (?1, 4 + 7 * ?2, 'mon', 't', 'h', 1, ?3, ?4, 1000 * ?2)";

	for (int i = 0; i < 4; i++) {
		const char *word = states[i] == 'd' ? "done" : states[i] == 's' ? "skipped" : states[i] == 'm' ? "missed" : "open";

		OKAY(w, RUN(w->s, &w->err, sql, V(arena_printf(w->a, "t%d", i)), V(week), V(word), V(strchr("ds", states[i]) ? actor : "")));
	}
}

struct weeks {
	const char *why, *one, *two, *three, *actor;
	int64_t done_ms;
};

static const struct weeks weeks[] = {
	{ "the newest that is whole, though one was missed since", "dddd", "mmmm", "oooo", "jo", 1000 },
	{ "one of four is no review", "oooo", "mmmm", "dmmm", "", 0 },
	{ "nor is one that is begun", "dddd", "dddd", "dooo", "bo", 2000 },
	{ "what was left out with a reason was looked at", "dddd", "dsss", "mmmm", "bo", 2000 },
	{ "a week that was left out whole was not", "dddd", "ssss", "oooo", "jo", 1000 },
};

static void a_review_is_one_of_the_whole_week(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
		struct world w = world_new();
		struct task_week week;

		the_week(&w, 1, weeks[i].one, "jo");
		the_week(&w, 2, weeks[i].two, "bo");
		the_week(&w, 3, weeks[i].three, "cy");
		OKAY(&w, tasks_week(w.s, w.a, &week, &w.err));
		if (week.done_ms != weeks[i].done_ms || strcmp(week.actor, weeks[i].actor))
			fail_msg("%s: %s at %lld", weeks[i].why, week.actor, (long long)week.done_ms);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_and_a_week_have_theirs),
		cmocka_unit_test(what_is_open_when_the_next_comes_was_missed),
		cmocka_unit_test(what_can_be_said_of_one),
		cmocka_unit_test(the_last_weekly_review_is_known),
		cmocka_unit_test(a_review_is_one_of_the_whole_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
