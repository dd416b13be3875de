/*
 * Since I last looked (N9): when a person was last here is the end of his last session by the audit; and what has become another since is the difference of
 * what was open then and what is open now, whoever acted in between.
 */
#include "trade_world.h"

#include "base/clock.h"
#include "trade/audit.h"
#include "trade/since.h"

#define DAY (24 * HOUR)

static void audited(struct world *w, const char *actor, const char *action, const char *detail, int64_t at_ms)
{
	struct cause why = { .now_ms = at_ms, .actor = actor, .trace = "t" };

	OKAY(w, audit_add(w->s, &why, action, "console", detail, &w->err));
}

/* ---- when a person was last here ---- */

/* What jo (and sometimes ann) did, minutes before now; then: how many minutes ago he was last here, -1: never. */
struct coming {
	const char *why;
	bool sits;
	int64_t last;
	struct {
		int64_t ago;
		const char *action; /* of jo; "ann:" before it: of ann */
	} did[8];
};

static const struct coming comings[] = {
	{ "who was never here has nothing to compare with", false, -1, { { 0, NULL } } },
	{ "somebody else's session is not his", false, -1, { { 500, "ann:login" }, { 480, "ann:logout" } } },
	{ "a session ends when its console does", false, 480, { { 960, "login" }, { 480, "logout" } } },
	{ "what he did in it is no end of it, however long he then only looked", false, 480, { { 960, "login" }, { 900, "ship" }, { 480, "logout" } } },
	{ "a line that broke is no night", false, 960, { { 1400, "login" }, { 960, "logout" }, { 300, "login" }, { 10, "logout" } } },
	{ "nor is one that broke at once again", false, 960, { { 1400, "login" }, { 960, "logout" }, { 300, "login" }, { 60, "logout" }, { 40, "login" }, { 5, "logout" } } },
	{ "half an hour is one", false, 30, { { 300, "login" }, { 30, "logout" } } },
	{ "of two consoles at once the last to end is the end", false, 200, { { 900, "login" }, { 800, "login" }, { 700, "logout" }, { 200, "logout" } } },
	{ "while one of them stood open he was here", false, 200, { { 900, "login" }, { 300, "login" }, { 250, "logout" }, { 200, "logout" } } },
	{ "where the engine did not see him go, he is last known by what he did", false, 700, { { 960, "login" }, { 700, "ship" } } },
	{ "a command of his is a look as well", false, 240, { { 960, "login" }, { 900, "logout" }, { 240, "count" } } },
	{ "with sudo he is himself", false, 300, { { 300, "root:ship" } } },
	{ "who takes root with sudo is not whoever else does", false, 960, { { 960, "logout" }, { 300, "annroot:logout" } } },
	{ "nor is the console that he still sits at, whatever others of his came and went", true, 960, { { 1400, "login" }, { 960, "logout" }, { 120, "login" }, { 60, "login" }, { 45, "logout" } } },
	{ "a login of days ago whose end nobody saw is not one that he sits at", true, 300, { { 9000, "login" }, { 400, "login" }, { 300, "logout" } } },
	{ "a command asked while he sits at a console tells of the time before that console", true, 960, { { 1400, "login" }, { 960, "logout" }, { 300, "login" }, { 100, "ship" } } },
	{ "when his console has ended it is the last time", true, 100, { { 1400, "login" }, { 960, "logout" }, { 300, "login" }, { 100, "logout" } } },
	{ "where he was never seen to sit down, what he did is", true, 100, { { 100, "ship" } } },
};

static const char *actor_of(const char **action)
{
	static const struct {
		const char *prefix, *actor;
	} whose[] = { { "ann:", "uid:1001 ann" }, { "root:", "uid:0 root login:1000" }, { "annroot:", "uid:0 root login:1001" } };

	for (size_t i = 0; i < sizeof whose / sizeof *whose; i++)
		if (!strncmp(*action, whose[i].prefix, strlen(whose[i].prefix))) {
			*action += strlen(whose[i].prefix);
			return whose[i].actor;
		}
	return "uid:1000 jo";
}

static void a_session_has_an_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof comings / sizeof *comings; i++) {
		const struct coming *c = &comings[i];
		struct looker who = { .actor = "uid:1000 jo", .before_ms = T0 + 10 * DAY, .sits = c->sits };
		struct world w = world_new();
		struct last_look last;

		for (int k = 0; k < 8 && c->did[k].action; k++) {
			const char *action = c->did[k].action, *actor = actor_of(&action);

			audited(&w, actor, action, "", who.before_ms - c->did[k].ago * MINUTE);
		}
		audited(&w, "rule:stock", "zero", "", who.before_ms - MINUTE);
		OKAY(&w, last_look(w.s, &who, w.a, &last, &w.err));
		if (last.at_ms != (c->last < 0 ? 0 : who.before_ms - c->last * MINUTE))
			fail_msg("%s: last here %" PRId64 " minutes ago", c->why, last.at_ms ? (who.before_ms - last.at_ms) / MINUTE : -1);
		world_free(&w);
	}
}

static void a_person_is_found_by_his_name(void **state)
{
	struct world w = world_new();
	struct looker who = { .name = "ann", .before_ms = T0 + DAY };
	struct last_look last;

	(void)state;
	audited(&w, "uid:1001 ann", "logout", "", T0);
	audited(&w, "uid:1002 anna", "logout", "", T0 + HOUR);
	OKAY(&w, last_look(w.s, &who, w.a, &last, &w.err));
	assert_int_equal(last.at_ms, T0);
	assert_string_equal(last.actor, "uid:1001 ann");
	assert_int_equal(last.audit_n, 1);
	world_free(&w);
}

/* ---- what has become of one thing ---- */

/* A world where `sql` is so: looked at from T0, at T0 plus a day. */
struct becoming {
	const char *why, *sql, *name;
	enum fate fate;
	const char *who, *text;
};

#define INCIDENT(id, opened) \
	"INSERT INTO incident (id, key, kind, severity, account_id, text, opened_ms) VALUES (" #id ", 'k' || " #id ", 'auth', 'WARN', 1, 'they do not know us', " opened "); " \
	"INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms, incident_id) VALUES (" #id ", 'k' || " #id ", 'auth', 'WARN', 'they do not know us', " opened ", " opened ", " #id "); "
#define BEFORE "1700000000000 - 3600000"
#define AFTER "1700000000000 + 3600000"
#define ZERO(id, made, lifted) \
	"INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) VALUES (9, 'a', 'zero', 'done', 'uid:1000 jo', 1, 't'); " \
	"INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms, lifted_ms, lifted_by) VALUES (" #id ", 'SKU-1', 'recall', 'uid:1000 jo', 9, " made ", " lifted "); "
#define ACT(action, detail, at) "INSERT INTO audit (n, at_ms, actor, action, subject, detail, hash) VALUES (1, " at ", 'uid:1001 ann', '" action "', '', '" detail "', zeroblob(32)); "

static const struct becoming becomings[] = {
	{ "an incident of since then is opened", INCIDENT(7, AFTER), "I-7", FATE_OPENED, "", "walmart-us: they do not know us" },
	{ "one of before that nobody looked at is untouched", INCIDENT(7, BEFORE), "I-7", FATE_UNTOUCHED, "", "walmart-us: they do not know us" },
	{ "what was done about it before that time leaves it untouched", INCIDENT(7, BEFORE) ACT("incident", "d||action=ack\nincident=7\n", BEFORE), "I-7", FATE_UNTOUCHED, "", NULL },
	{ "somebody's word works on it", INCIDENT(7, BEFORE) ACT("incident", "d||action=ack\nincident=7\n", AFTER), "I-7", FATE_WORKED, "ann", NULL },
	{ "a word about another with a number that begins alike does not", INCIDENT(7, BEFORE) ACT("incident", "d||action=ack\nincident=77\n", AFTER), "I-7", FATE_UNTOUCHED, "", NULL },
	{ "acknowledged by its number it is worked on", INCIDENT(7, BEFORE) ACT("alert-ack", "d||alert=7\n", AFTER), "I-7", FATE_WORKED, "ann", NULL },
	{ "and by that of an alert that is folded into it", INCIDENT(7, BEFORE) "INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms, incident_id) VALUES (9, 'k9', 'auth', 'WARN', 'too', "
	  BEFORE ", " BEFORE ", 7); " ACT("alert-ack", "d||alert=9\n", AFTER), "I-7", FATE_WORKED, "ann", NULL },
	{ "one into which an older was folded is as old as that", INCIDENT(9, AFTER) "INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms, incident_id) VALUES (7, 'k7', 'auth', 'WARN', "
	  "'x', " BEFORE ", " BEFORE ", 9); INSERT INTO incident (id, key, kind, severity, text, opened_ms, closed_ms, closed_by, cause) VALUES (7, 'k7', 'auth', "
	  "'WARN', 'x', " BEFORE ", " AFTER ", 'system', 'folded into I-9')", "I-9", FATE_UNTOUCHED, "", NULL },
	{ "a note on it does", INCIDENT(7, BEFORE) ACT("note", "d||subject=alert:7\ntext=rang them\n", AFTER), "I-7", FATE_WORKED, "ann", NULL },
	{ "one that got graver is worse", INCIDENT(7, BEFORE) "UPDATE alert SET severity = 'CRIT', last_ms = " AFTER " WHERE id = 7; UPDATE incident SET severity = 'CRIT' WHERE id = 7", "I-7", FATE_WORSE,
	  "", NULL },
	{ "whoever worked on it", INCIDENT(7, BEFORE) "UPDATE alert SET severity = 'CRIT', last_ms = " AFTER " WHERE id = 7; " ACT("incident", "d||action=ack\nincident=7\n", AFTER), "I-7", FATE_WORSE,
	  "ann", NULL },
	{ "one that got graver before that time is not", INCIDENT(7, BEFORE) "UPDATE alert SET severity = 'CRIT', last_ms = " BEFORE " + 1 WHERE id = 7", "I-7", FATE_UNTOUCHED, "", NULL },
	{ "one that was over then and is back is worse", INCIDENT(7, BEFORE) "UPDATE alert SET closed_ms = " BEFORE " + 1 WHERE id = 7; INSERT INTO alert (id, key, kind, severity, text, opened_ms, "
	  "last_ms, incident_id) VALUES (8, 'k8', 'auth', 'WARN', 'again', " AFTER ", " AFTER ", 7)", "I-7", FATE_WORSE, "", NULL },
	{ "one that is over and not closed says so", INCIDENT(7, BEFORE) "UPDATE alert SET closed_ms = " AFTER "; UPDATE incident SET over_ms = " AFTER, "I-7", FATE_UNTOUCHED, "",
	  "walmart-us: they do not know us; over, not closed" },
	{ "one that was closed has its cause", INCIDENT(7, BEFORE) "UPDATE incident SET closed_ms = " AFTER ", closed_by = 'uid:1001 ann', cause = 'rotated'", "I-7", FATE_CLOSED, "",
	  "walmart-us: they do not know us (rotated)" },
	{ "one that came and went is told of as well", INCIDENT(7, AFTER) "UPDATE incident SET closed_ms = " AFTER " + 1, closed_by = 'rule:alerts', cause = 'it ended'", "I-7", FATE_PASSED, "", NULL },
	{ "a zero-out of since then is opened", ZERO(3, AFTER, "0, ''"), "Z-3", FATE_OPENED, "", "SKU-1 at zero: recall, by jo" },
	{ "one that stands since before is untouched", ZERO(3, BEFORE, "0, ''"), "Z-3", FATE_UNTOUCHED, "", NULL },
	{ "one that somebody stopped was worked on", ZERO(3, BEFORE, "0, ''") ACT("halt", "d||zero=3\n", AFTER), "Z-3", FATE_WORKED, "ann", NULL },
	{ "one that was lifted is closed, and by whom", ZERO(3, BEFORE, AFTER ", 'uid:1001 ann'"), "Z-3", FATE_CLOSED, "", "SKU-1 at zero: recall, by jo; lifted by ann" },
};

static void each_thing_has_one_fate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof becomings / sizeof *becomings; i++) {
		const struct becoming *b = &becomings[i];
		struct world w = world_new();
		struct since x;

		OKAY(&w, store_exec(w.s, &w.err, b->sql));
		OKAY(&w, since_read(w.s, T0, T0 + DAY, w.a, &x, &w.err));
		if (x.n != 1 || strcmp(x.thing[0].name, b->name) || x.thing[0].fate != b->fate || strcmp(x.thing[0].who, b->who) || (b->text && strcmp(x.thing[0].text, b->text)))
			fail_msg("%s: %d things, %s is %s by \"%s\": %s", b->why, x.n, x.n ? x.thing[0].name : "", x.n ? fate_name(x.thing[0].fate) : "", x.n ? x.thing[0].who : "",
			         x.n ? x.thing[0].text : "");
		assert_int_equal(x.count[b->fate], 1);
		world_free(&w);
	}
}

static void what_is_closed_before_is_not_told_of(void **state)
{
	struct world w = world_new();
	struct since x;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, INCIDENT(7, BEFORE) "UPDATE incident SET closed_ms = " BEFORE " + 1, closed_by = 'rule:alerts', cause = 'it ended'; " ZERO(3, BEFORE, BEFORE " + 1, 'uid:1000 jo'")));
	OKAY(&w, since_read(w.s, T0, T0 + DAY, w.a, &x, &w.err));
	assert_int_equal(x.n, 0);
	world_free(&w);
}

/* ---- two operators, and a model that remembers what each of them saw ---- */

enum { THINGS = 40, STEPS = 160, PEOPLE = 2, HISTORIES = 150 };

struct thing {
	bool open, zero;
	bool worse[PEOPLE], touched[PEOPLE]; /* since that one went */
	bool seen[PEOPLE];                   /* it was open when that one went */
	bool closed_since[PEOPLE];
};

struct play {
	struct world *w;
	struct rng rng;
	int64_t now;
	struct thing thing[THINGS];
	int things;
	bool here[PEOPLE];
	int64_t went[PEOPLE]; /* 0: was not here yet */
};

static const char *const people[PEOPLE] = { "uid:1000 jo", "uid:1001 ann" };

static void open_one(struct play *p)
{
	static const char incident[] = "INSERT INTO incident (id, key, kind, severity, text, opened_ms) VALUES (?1, 'k' || ?1, 'slow', 'info', 'slow', ?2)";
	static const char alert[] = "INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms, incident_id) VALUES (?1, 'k' || ?1, 'slow', 'info', 'slow', ?2, ?2, ?1)";
	static const char zero[] = "INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms) VALUES (?1, 'SKU-1', 'recall', 'uid:1000 jo', 9, ?2)";
	struct thing *t = &p->thing[p->things];
	int64_t id = p->things + 1;

	if (p->things == THINGS)
		return;
	*t = (struct thing){ .open = true, .zero = rng_below(&p->rng, 3) == 0 };
	p->things++;
	if (t->zero)
		OKAY(p->w, RUN(p->w->s, &p->w->err, zero, V(id), V(p->now)));
	else if (RUN(p->w->s, &p->w->err, incident, V(id), V(p->now)) || RUN(p->w->s, &p->w->err, alert, V(id), V(p->now)))
		fail_msg("%s", p->w->err.text);
}

static struct thing *any_open(struct play *p)
{
	struct thing *t = p->things ? &p->thing[rng_below(&p->rng, p->things)] : NULL;

	return t && t->open ? t : NULL;
}

static void worsen(struct play *p, struct thing *t)
{
	static const char is[] = "SELECT severity FROM alert WHERE id = ?";
	static const char sql[] = "UPDATE alert SET severity = CASE severity WHEN 'info' THEN 'WARN' ELSE 'CRIT' END, last_ms = ?2 WHERE id = ?1";
	int64_t id = t - p->thing + 1;
	struct rows *r = ASK(p->w->s, is, V(id));
	bool worst = !rows_next(r) || !strcmp(rows_text(r, 0), "CRIT");

	OKAY(p->w, rows_end(r, &p->w->err));
	if (t->zero || worst)
		return;
	OKAY(p->w, RUN(p->w->s, &p->w->err, sql, V(id), V(p->now)));
	for (int i = 0; i < PEOPLE; i++)
		t->worse[i] = true;
}

static void work_on(struct play *p, struct thing *t, const char *actor)
{
	audited(p->w, actor, t->zero ? "halt" : "incident", arena_printf(p->w->a, "d|why|action=x\n%s=%d\n", t->zero ? "zero" : "incident", (int)(t - p->thing) + 1), p->now);
	for (int i = 0; i < PEOPLE; i++)
		t->touched[i] = true;
}

static void end_one(struct play *p, struct thing *t, const char *actor)
{
	static const char incident[] = "UPDATE incident SET closed_ms = ?2, closed_by = ?3, cause = 'done' WHERE id = ?1";
	static const char zero[] = "UPDATE zero_out SET lifted_ms = ?2, lifted_by = ?3 WHERE id = ?1";
	int64_t id = t - p->thing + 1;

	if (t->zero)
		OKAY(p->w, RUN(p->w->s, &p->w->err, zero, V(id), V(p->now), V(actor)));
	else
		OKAY(p->w, RUN(p->w->s, &p->w->err, incident, V(id), V(p->now), V(actor)));
	t->open = false;
	for (int i = 0; i < PEOPLE; i++)
		t->closed_since[i] = true;
}

/* The set difference, by the model. -1: it is not to be told of. */
static int fate_by_model(const struct thing *t, int who)
{
	if (!t->open)
		return !t->closed_since[who] ? -1 : t->seen[who] ? FATE_CLOSED : FATE_PASSED;
	return !t->seen[who] ? FATE_OPENED : t->worse[who] ? FATE_WORSE : t->touched[who] ? FATE_WORKED : FATE_UNTOUCHED;
}

static void comes(struct play *p, int who)
{
	struct looker looker = { .actor = people[who], .before_ms = p->now };
	struct last_look last;
	struct since x;
	int told = 0;

	OKAY(p->w, last_look(p->w->s, &looker, p->w->a, &last, &p->w->err));
	assert_int_equal(last.at_ms, p->went[who]);
	audited(p->w, people[who], "login", "", p->now);
	p->here[who] = true;
	if (!last.at_ms)
		return;
	OKAY(p->w, since_read(p->w->s, last.at_ms, p->now, p->w->a, &x, &p->w->err));
	for (int i = 0; i < p->things; i++)
		told += fate_by_model(&p->thing[i], who) >= 0;
	assert_int_equal(x.n, told);
	for (int i = 0; i < x.n; i++) {
		int id = atoi(x.thing[i].name + 2) - 1;

		if ((int)x.thing[i].fate != fate_by_model(&p->thing[id], who))
			fail_msg("%s is %s", x.thing[i].name, fate_name(x.thing[i].fate));
	}
}

static void goes(struct play *p, int who)
{
	audited(p->w, people[who], "logout", "", p->now);
	p->here[who] = false;
	p->went[who] = p->now;
	p->now++; /* what happens in the same moment is of the time after it */
	for (int i = 0; i < p->things; i++) {
		struct thing *t = &p->thing[i];

		t->seen[who] = t->open;
		t->worse[who] = t->touched[who] = t->closed_since[who] = false;
	}
}

static void step(struct play *p)
{
	int who = (int)rng_below(&p->rng, PEOPLE);
	struct thing *t = any_open(p);

	p->now += 1 + rng_below(&p->rng, 20 * MINUTE);
	switch (rng_below(&p->rng, 6)) {
	case 0:
	case 1:
		open_one(p);
		break;
	case 2:
		if (t)
			worsen(p, t);
		break;
	case 3:
		if (t && p->here[who])
			work_on(p, t, people[who]);
		break;
	case 4:
		if (t)
			end_one(p, t, p->here[who] ? people[who] : "rule:alerts");
		break;
	default:
		if (p->here[who])
			goes(p, who);
		else if (p->now - p->went[who] >= AWAY_MS)
			comes(p, who);
	}
}

static void of_two_operators_each_is_told_the_difference(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		struct world w = world_new();
		struct play p = { .w = &w, .rng = rng_seeded(seed), .now = T0 };

		OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) VALUES (9, 'a', 'zero', 'done', 'uid:1000 jo', 1, 't')"));
		for (int i = 0; i < STEPS; i++)
			step(&p);
		world_free(&w);
	}
}

/* ---- in figures ---- */

static void figures_are_of_that_time_alone(void **state)
{
	static const char sql[] =
		"INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 'A', 'NEW', 1, 1700000000000 + 7200000, 1700000000000 + 1, 1, 1), "
		"(1, 'B', 'NEW', 1, 1700000000000 - 7200000, 1700000000000 - 1, 1, 1), (1, 'C', 'SHIPPED', 0, 9999999999999, 1700000000000 + 2, 1, 1);"
		"INSERT INTO shipment (order_id, package, carrier, tracking, shipped_ms, source, confirm) VALUES (3, '1', 'UPS', '1Z', 1700000000000 + 3, 'operator', 'APPLIED'), "
		"(2, '1', 'UPS', '1Z', 1700000000000 - 3, 'operator', 'APPLIED');"
		"INSERT INTO inbox (account_id, verb, class, subject, text, state, first_ms, last_ms) VALUES (1, 'orders', 'SCHEMA', 'a', '?', 'parked', 1700000000000 + 1, 1), "
		"(1, 'orders', 'SCHEMA', 'b', '?', 'parked', 1700000000000 - 1, 1);";
	static const int64_t right[SINCE_FIGURES] = { [SINCE_ORDERS] = 2, [SINCE_SHIPPED] = 1, [SINCE_LATE] = 1, [SINCE_PARKED] = 1 };
	struct world w = world_new();
	struct since x;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, sql));
	OKAY(&w, since_read(w.s, T0, T0 + DAY, w.a, &x, &w.err));
	for (int i = 0; i < SINCE_FIGURES; i++)
		if (x.figure[i] != right[i])
			fail_msg("%s: %" PRId64, since_figure_name((enum since_figure)i), x.figure[i]);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_has_an_end),
		cmocka_unit_test(a_person_is_found_by_his_name),
		cmocka_unit_test(each_thing_has_one_fate),
		cmocka_unit_test(what_is_closed_before_is_not_told_of),
		cmocka_unit_test(of_two_operators_each_is_told_the_difference),
		cmocka_unit_test(figures_are_of_that_time_alone),
	};

	return cmocka_run_group_tests_name("since", tests, NULL, NULL);
}
