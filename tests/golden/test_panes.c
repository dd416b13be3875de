/* Every pane at every size over one store, without a terminal: text, then a letter for each cell's role. */
#include "base/csv.h"
#include "golden/fixture.h"
#include "golden/golden.h"
#include "trade/inbox.h"
#include "ui/keymap.h"
#include "ui/panes/all.h"
#include "ui/panes/incident_look.h"
#include "ui/panes/words.h"
#include "ui/snapshot.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct bench {
	int64_t now;
	struct store *store;
	struct keymap *km;
	struct desk *desk;
};

static const struct desk_facts facts = {
	.store = "prod-eu", .profile = "production", .operator = "ops-a", .at = "@ops1", .worst = "walmart-ca DOWN auth", .channels_ok = 2,
	.channels = 3, .crit = 1, .warn = 2, .fresh_ms = 9000, .oldest_ms = 372000, .engine = true,
	.tab = { { -1, false }, { 6, true }, { 4, false }, { -1, false }, { 4, false }, { -1, false }, { 3, true }, { -1, true }, { -1, false }, { -1, false } },
};

static void bench_start(struct bench *b)
{
	struct err err = { 0 };

	*b = (struct bench){ .now = FIXTURE_NOW };
	if (store_memory(&b->store, &err) || keymap_new(&b->km, &err))
		fail_msg("%s", err.text);
	fixture_fill(b->store);
	b->desk = desk_new(&(struct desk_setup){ .screens = pane_screens, .details = pane_details, .keymap = b->km, .person = "uid:61000 ops-a", .world = clock_manual(&b->now),
	                                         .hand = clock_manual(&b->now), .themes = "default", .pastes_marked = true });
	desk_know(b->desk, &facts);
	desk_read_from(b->desk, b->store);
}

static void bench_end(struct bench *b)
{
	desk_free(b->desk);
	keymap_free(b->km);
	store_close(b->store);
}

/* "j Enter" with spaces between; "..." is typed letter by letter. */
static void type(struct bench *b, const char *words)
{
	bool quoted = false;
	char name[16];

	while (*words) {
		struct input in = { .kind = INPUT_KEY, .burst = 1 };
		size_t n = 1;

		if (*words == '"' || (!quoted && *words == ' ')) {
			quoted ^= *words++ == '"';
			continue;
		}
		in.key = (int32_t)*words;
		if (!quoted) {
			n = strcspn(words, " ");
			snprintf(name, sizeof name, "%.*s", (int)n, words);
			in.key = key_parse(name);
		}
		words += n;
		desk_input(b->desk, &in);
	}
}

static const char *frame(struct bench *b, struct arena *a, int w, int h)
{
	struct buf out = buf_new(a);

	snapshot_frame(b->desk, w, h, RENDITION_ASCII, &out);
	return out.p;
}

struct shown {
	const char *name, *subject;
};

static const struct shown shown[] = {
	{ "overview", NULL },  { "orders", NULL }, { "drift", NULL },    { "failed", NULL },       { "engine", NULL },  { "order", "2" },
	{ "offer", "2" },      { "failure", "job:1" }, { "failure", "inbox:1" }, { "channel", "2" }, { "attempt", "2" },
	{ "explain", "item:3" }, { "story", "order:2" }, { "since", "ops-a" },
};

static const struct { int w, h; } sizes[] = { { 120, 40 }, { 80, 24 }, { 60, 15 }, { 40, 10 }, { 84, 50 } };

static void open_shown(struct bench *b, const struct shown *s)
{
	const struct pane_type *type = pane_by_name(s->name);

	for (int i = 0; i < DESK_SCREENS; i++)
		if (pane_screens[i].type == type)
			desk_screen(b->desk, i);
	if (s->subject)
		(type->says ? desk_open_apart : desk_open)(b->desk, type, s->subject);
}

static void every_pane_at_every_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			struct arena *a = arena_new();
			struct buf out = buf_new(a);
			struct bench b;
			char name[96];

			bench_start(&b);
			open_shown(&b, &shown[i]);
			snapshot_frame(b.desk, sizes[k].w, sizes[k].h, RENDITION_ASCII, &out);
			snapshot_roles(b.desk, sizes[k].w, sizes[k].h, &out);
			snprintf(name, sizeof name, "pane-%s%s%.3s-%dx%d", shown[i].name, shown[i].subject ? "-" : "", shown[i].subject ? shown[i].subject : "",
			         sizes[k].w, sizes[k].h);
			golden_check(name, out.p);
			bench_end(&b);
			arena_free(a);
		}
	}
}

/* Any size draws; below 40x10 the verdict alone. */
static void no_size_crashes(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		open_shown(&b, &shown[i]);
		for (int w = 1; w <= 130; w += w < 12 ? 1 : 7)
			for (int h = 1; h <= 50; h += h < 12 ? 1 : 5) {
				struct canvas c = canvas_new(w, h);

				desk_draw(b.desk, &c);
				canvas_free(&c);
			}
	}
	bench_end(&b);
}

struct path {
	const char *why, *keys, *shows;
};

static const struct path paths[] = {
	{ "why is this SKU negative: four keys", "3 j x", "12 counted - 15 owed" },
	{ "the same by its timeline", "3 j t", "Drift > SKU-0042 > timeline" },
	{ "from a row of the queue to its reply's request in two keys", "2 Enter Enter", "Request > amazon.orders.search" },
	{ "from drift to the reading that showed it", "3 j Enter Enter", "Request > amazon.listings.get" },
	{ "from a failure to the call", "5 Enter Enter", "Request > walmart.orders.list" },
	{ "from a channel to its newest call", "8 Enter Enter", "Request > walmart.orders.list" },
	{ "a filter shows what fits and says what it hides", "2 / \"late\" Enter", "3 shown; 8 hidden by the filter" },
	{ "a wrong filter says why", "2 / \"colour:red\"", "colour" },
	{ "Esc takes the filter away", "2 / \"late\" Enter Esc", "all 11 shown" },
	{ "a filter that was left is as it was before", "2 / \"late\" Esc", "all 11 shown" },
	{ "marks that the filter hides are counted", "2 Space Space j j Space / \"late\" Enter", "mk 2+1hid" },
	{ "and are left out of what is done", "2 Space Space j j Space / \"late\" Enter a", "2 orders" },
	{ "unless chosen", "2 Space Space j j Space / \"late\" Enter a +", "3 orders" },
	{ "U takes every mark away", "2 Space Space U a", "order 306-9020551-3" },
	{ "v marks from here to there", "2 v j j v a", "3 orders" },
	{ "* marks all that are shown", "2 / \"late\" Enter * a", "3 orders" },
	{ "find goes to the row and hides nothing", "2 f \"0458441\" Enter Enter", "Orders > 113-0458441-2" },
	{ "n goes on to the next", "2 f \"walmart\" Enter n Enter", "Orders > 1796277083023" },
	{ "N goes back", "2 f \"walmart\" Enter n N Enter", "Orders > 1796277083022" },
	{ "the sort menu", "2 s t g Enter", "Orders > 1796277083009" },
	{ "S turns it round", "2 S Enter", "Orders > 113-0458441-2" },
	{ "closed ones too", "2 o a G Enter", "Orders > 1796277083001" },
	{ "] is the next item without going back", "2 Enter ]", "Orders > 302-1187264-8" },
	{ "[ the one before", "2 j Enter [", "Orders > 305-4410927-1" },
	{ "q keeps the place", "2 j j Enter q a", "order 306-9020551-3" },
	{ "G is the last row", "2 G Enter", "Orders > 113-0458441-2" },
	{ "READ-ONLY: nothing that reaches a marketplace can be chosen", "2 j j j a A", "[READ-ONLY]" },
	{ "an action sheet says why not", "2 a", "(nothing to acknowledge)" },
	{ "p holds still and says so", "2 p", "PAUSED" },
	{ "a hostile SKU is shown, not obeyed", "2", "EVIL^[[2J" },
	{ "4 is what monitoring is told", "4", "Verdict: CRITICAL" },
	{ "9 is what the shift leaves", "9", "SHIFT HANDOVER" },
	{ "H asks to whom", "9 H", "hand over to" },
	{ "the overview says what changed since he was last here", "Tab Tab Tab Tab Tab", "Since your last session" },
	{ "and Enter has the whole of it", "Tab Tab Tab Tab Tab Enter", "SINCE you were last here" },
	{ ":since is the same", ": \"since\" Enter", "opened 4" },
	{ ":since NAME as NAME would see it", ": \"since op2\" Enter", "op2 was not here before" },
	{ "0 is who did what", "0", "refused" },
	{ "what was said to marketplaces stands there as well", "0 o a", "view All" },
	{ "a, v walks the audit's chain", "0 a v", "BROKEN" },
	{ "columns are taken away by their letter, and the menu stays", "2 c e", "[ ] SKU" },
	{ "and come back by it", "2 c e e", "[x] SKU" },
	{ "what a row is known by stays", "2 c a", "the row is known by it" },
	{ "a view is kept under a name", "2 / \"state:late\" Enter w \"late-first\" Enter", "view late-first is kept" },
	{ "its name stands in the strip, with a * when it is another by now", "2 w \"mine\" Enter S", "view mine*" },
	{ "W has it, with what it filters", "2 / \"state:late\" Enter w \"late-first\" Enter Esc W", "late-first" },
	{ "and gives it back", "2 / \"state:late\" Enter w \"late-first\" Enter Esc W 1", "flt state:late" },
	{ "or everything", "2 / \"state:late\" Enter w \"late-first\" Enter W 0", "view Open" },
	{ "one is forgotten", "2 w \"mine\" Enter W x 1", "view mine is forgotten" },
	{ "a name that is none is asked for again", "2 w \"a b\" Enter", "letters, digits" },
	{ "^P finds what can be done", "2 ^P \"zone\"", "times in UTC" },
	{ ", is the configuration", ",", "Settings" },
	{ "= is what a screen judges by", "3 =", "What drift judges by" },
	{ "x on a figure says what is counted", "x", "next deadline that costs something" },
	{ "a note asks for its text", "2 m", "note on 305-4410927-1" },
	{ "local time is said without a Z", "2 Z", "LATE" },
	{ "i is the detail of the row", "2 i", "Orders > 305-4410927-1" },
	{ "t on an order is its story", "2 j t", "Timeline > order 302-1187264-8" },
	{ "- goes back, _ forward again", "2 Enter - _", "Orders > 305-4410927-1" },
	{ "z gives a block the whole pane", "z", "Orders to ship" },
	{ "help is made of the key map", "2 ?", "next row" },
	{ "a failure says what to do", "5 G Enter", "remedy" },
	{ "failures are filtered by their words", "5 / \"ENUM\" Enter", "1 shown; 4 hidden" },
};

/* Does it, over a store in which LATER (SQL) came to pass as well? */
static bool leads(const struct path *p, const char *later)
{
	struct arena *a = arena_new();
	struct bench b;
	const char *text;
	struct err err;
	bool there;

	bench_start(&b);
	if (store_exec(b.store, &err, later))
		fail_msg("%s: %s", p->why, err.text);
	frame(&b, a, 80, 24);
	type(&b, p->keys);
	text = frame(&b, a, 80, 24);
	there = strstr(text, p->shows);
	if (!there)
		fprintf(stderr, "%s: \"%s\" is not on\n%s", p->why, p->shows, text); /* print_message cuts a screen short */
	bench_end(&b);
	arena_free(a);
	return there;
}

static void paths_lead_where_they_should(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		wrong += !leads(&paths[i], "");
	assert_int_equal(wrong, 0);
}

/* ---- what the fixture's seller does not know ---- */

static const char proposed[] = "INSERT INTO intent (id, asker, kind, state, actor, typed, why, made_ms, trace) "
			       "VALUES (905, 'asker-905', 'zero', 'proposed', 'uid:1001 mo', 'zero 200 offers walmart-us', 'all of it', 1795161300000, 't-905')";
static const char denied[] = "UPDATE orders SET none_ms = 1795161000000 WHERE id = 3";
static const char struck[] = "UPDATE orders SET none_ms = 1795161000000, struck_ms = 1795161400000 WHERE id = 3";
static const char peak[] = "INSERT INTO config (id, at_ms, hash, text) VALUES (905, 1795161000000, 'd-905', "
			   "'[profile black-friday] start = 2026-11-19T00:00:00Z' || char(10) || '[profile black-friday] end = 2026-12-01T00:00:00Z' || char(10));"
			   "INSERT OR REPLACE INTO meta (key, value) VALUES ('config', '905')";


static const struct {
	const char *later;
	struct path path;
} told[] = {
	{ proposed, { "what waits for a second person stands with what is held", "6 g", "P-905" } },
	{ proposed, { "and is called what it is", "6 g a", "proposal P-905" } },
	{ denied, { "an order that its account denies says so, and what is done about it", "2 / \"306-9020551\" Enter Enter", "that they have no such order: asked" } },
	{ struck, { "when it was struck, that", "2 / \"306-9020551\" Enter Enter", "that they have no such order: struck" } },
	{ peak, { "a peak that lasts is told where one looks first", "1", "event black-friday until 01 Dec 00:00Z" } },
	{ peak, { "and with the engine", "8", "event black-friday until 01 Dec 00:00Z" } },
};

static void what_came_to_pass_is_told(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		wrong += !leads(&told[i].path, told[i].later);
	assert_int_equal(wrong, 0);
}

/* Has the sheet that is shown such a letter? "| >w  what they said" */
static bool sheet_has(const char *text, char letter)
{
	for (const char *p = text; p && *p; p = strchr(p, '\n'), p += p ? 1 : 0) {
		const char *q = p + strspn(p, "|> ");

		if (*p == '|' && *q == letter && q[1] == ' ')
			return true;
	}
	return false;
}

/* What a step tells to press: each key does something, and what follows a is in the sheet. */
static bool leads_on(const char *keys)
{
	struct arena *a = arena_new();
	struct bench b;
	const char *before, *text;
	char key[16];
	bool sheet = false, does = true;

	bench_start(&b);
	text = frame(&b, a, 80, 24);
	for (const char *p = keys; *p && does; p += strspn(p, " ")) {
		snprintf(key, sizeof key, "%.*s", (int)strcspn(p, " "), p);
		p += strlen(key);
		before = text;
		type(&b, key);
		text = frame(&b, a, 80, 24);
		does = (!sheet || sheet_has(before, *key)) && strcmp(before, text) && !strstr(text, "not on this screen");
		sheet = !strcmp(key, "a");
	}
	if (!does)
		print_message("%s: %s leads nowhere on\n%s", keys, key, before);
	bench_end(&b);
	arena_free(a);
	return does;
}

static void what_a_step_tells_to_press_does_something(void **state)
{
	struct arena *a = arena_new();
	struct csv csv = csv_builtin(a, "data/runbooks.csv");
	int wrong = 0, n = 0;

	(void)state;
	for (int i = 0; i < csv.rows; i++) {
		const char *key = csv_field(&csv.row[i], csv_column(&csv, "key"));

		if (*key < '2' || *key > '9') /* where one is at first is 1 */
			continue;
		wrong += !leads_on(key);
		n++;
	}
	assert_true(n > 20);
	assert_int_equal(wrong, 0);
	arena_free(a);
}

/* ---- a load that takes long ---- */

static int64_t hurried_now(void *ctx)
{
	int64_t *at = ctx;

	return *at += 50;
}

static bool somebody_waits(void *ctx)
{
	return *(bool *)ctx;
}

/* A filter that reads the whole queue is broken off by the next key, says nothing of it, and is read again afterwards. */
static void a_key_breaks_a_long_load_off(void **state)
{
	static const char many[] =
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) "
		"INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms, sku) "
		"SELECT i, 1, 'N-' || i, 'NEW', 1, 1800000000000 + i, 1, 1, 1, 'SKU-' || i FROM n";
	struct arena *a = arena_new();
	struct err err = { 0 };
	bool waits = false;
	struct bench b;

	(void)state;
	bench_start(&b);
	if (store_exec(b.store, &err, many))
		fail_msg("%s", err.text);
	desk_free(b.desk);
	b.desk = desk_new(&(struct desk_setup){ .screens = pane_screens, .details = pane_details, .keymap = b.km, .world = clock_manual(&b.now),
	                                        .hand = { .now = hurried_now, .ctx = &b.now }, .themes = "default",
	                                        .host = { .ctx = &waits, .waiting = somebody_waits } });
	desk_read_from(b.desk, b.store);
	type(&b, "2");
	assert_non_null(strstr(frame(&b, a, 80, 24), "305-4410927-1"));
	waits = true;
	type(&b, "/ \"order:N-3999\" Enter");
	frame(&b, a, 80, 24);
	assert_true(desk_pane(b.desk)->stale);
	assert_int_equal(desk_pane(b.desk)->trouble.fault, OK);
	waits = false;
	if (!strstr(frame(&b, a, 80, 24), "1 shown"))
		fail_msg("%s", frame(&b, a, 80, 24));
	assert_false(desk_pane(b.desk)->stale);
	bench_end(&b);
	arena_free(a);
}

/* More failures than are read at once: the list ends, and does not say that it is all. */
static void a_list_that_is_cut_says_so(void **state)
{
	static const char many[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO inbox (account_id, verb, subject, class, text, state, first_ms, last_ms) "
				   "SELECT 1, 'orders', 'M-' || i, 'SCHEMA', 'w' || i, 'parked', 1, i FROM n";
	struct arena *a = arena_new();
	struct err err = { 0 };
	struct bench b;
	int64_t all;

	(void)state;
	bench_start(&b);
	assert_int_equal(RUN(b.store, &err, many, V(6000)), OK);
	assert_int_equal(failures_count(b.store, &all, &err), OK);
	type(&b, "5 G");
	if (!strstr(frame(&b, a, 100, 30), arena_printf(a, "end of the newest 5,000 of %s", say_count(a, all))))
		fail_msg("%s", frame(&b, a, 100, 30));
	assert_null(strstr(frame(&b, a, 100, 30), "end: all"));
	bench_end(&b);
	arena_free(a);
}

static void what_an_incident_costs_is_told_by_the_minute(void **state)
{
	static const struct {
		struct exposed_rate is;
		const char *says;
	} cases[] = {
		{ { .offers = 7, .units_a_day = 576, .minor_an_hour = 7200, .units = 4, .minor = 3000, .currency = "USD" }, "0.4 units a minute on 7 offers; by now 4 units, 30.00 USD, 1.20 USD more a minute" },
		{ { .offers = 1, .units_a_day = 71, .minor_an_hour = 20, .units = 4, .minor = 3000, .currency = "USD" }, "71 units a day on 1 offers; by now 4 units, 30.00 USD, 0.20 USD more an hour" },
		{ { .offers = 1, .units_a_day = 72, .units = 4, .currency = "" }, "0.1 units a minute on 1 offers; by now 4 units" },
		{ { .offers = 2, .units = 3, .minor = 900, .currency = "USD" }, "3 units at risk, 9.00 USD" },
		{ { .offers = 2, .currency = "" }, "" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(say_exposure(&cases[i].is, a), cases[i].says);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_breaks_a_long_load_off),
		cmocka_unit_test(every_pane_at_every_size),
		cmocka_unit_test(no_size_crashes),
		cmocka_unit_test(paths_lead_where_they_should),
		cmocka_unit_test(what_a_step_tells_to_press_does_something),
		cmocka_unit_test(what_came_to_pass_is_told),
		cmocka_unit_test(a_list_that_is_cut_says_so),
		cmocka_unit_test(what_an_incident_costs_is_told_by_the_minute),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
