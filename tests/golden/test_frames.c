/* The frame around a pane at every size, without a terminal: text, then a letter for each cell's role. */
#include "golden/golden.h"
#include "ui/desk.h"
#include "ui/keymap.h"
#include "ui/snapshot.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void pane_draw(const struct pane *p, struct canvas *c)
{
	struct canvas box = canvas_part(c, 0, 3, c->w, c->h - 3);

	(void)p;
	canvas_put(c, 0, 0, ROLE_KEY, "   STATE   SHIP_BY  CHANNEL    ORDER");
	canvas_put(c, 0, 1, ROLE_FG, ">* LATE    -02h11m  amazon-de  302-1187264");
	canvas_role(c, 0, 1, 1, ROLE_CURSOR);
	canvas_role(c, 1, 1, 1, ROLE_MARK);
	canvas_role(c, 3, 1, 4, ROLE_CRIT);
	canvas_put(c, 0, 2, ROLE_FG, "   new     +04h42m  \u5bff\u53f8-jp    M\u00fcller-1");
	box = canvas_box(&box, "302-1187264 preview", "Enter full detail");
	canvas_bar(&box, 0, 0, 14, 61, 100);
	canvas_cursor(c, 0, 1, false);
}

static void pane_strip(const struct pane *p, struct strip *s)
{
	(void)p;
	*s = (struct strip){ .view = "Late-first", .changed = true, .filter = "status:late,due", .sort = "ship_by^,total", .shown = 142,
		             .total = 4123, .marks = 3, .hidden = 1, .live = true, .remark = "cols 11/14 >" };
}

static const enum act keys[] = { ACT_DOWN, ACT_UP, ACT_OPEN, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_ACTIONS, ACT_SORT, ACT_COLUMNS, ACT_COPY, ACT_NONE };
static const struct pane_type pane = { .name = "orders", .where = WHERE_LISTS | WHERE_ORDERS, .keys = keys, .draw = pane_draw, .strip = pane_strip };

static void blank_draw(const struct pane *p, struct canvas *c)
{
	(void)p;
	(void)c;
}

static const struct pane_type blank = { .name = "blank", .where = WHERE_ALL, .draw = blank_draw };

static const struct desk_screen screens[DESK_SCREENS] = {
	{ "Overview", "Over", &blank }, { "Orders", "Orders", &pane }, { "Drift", "Drift", &blank },   { "Health", "Health", &blank },
	{ "Failed", "Failed", &blank }, { "Zero-out", "Zero", &blank },  { "Alerts", "Alerts", &blank }, { "Engine", "Engine", &blank },
	{ "Handover", "Hand", &blank }, { "Audit", "Audit", &blank },
};

static const struct desk_facts facts = {
	.store = "prod-eu", .profile = "production", .operator = "ops-a", .at = "@ops1 (ssh)", .worst = "walmart-us DOWN", .channels_ok = 6,
	.channels = 7, .crit = 1, .warn = 3, .fresh_ms = 14000, .oldest_ms = 372000, .engine = true,
	.tab = { { -1, false }, { 42, false }, { 17, false }, { 1, true }, { 12, false }, { -1, false }, { 4, false }, { -1, false }, { -1, false },
	         { -1, false } },
};

static const struct { int w, h; } sizes[] = { { 120, 40 }, { 80, 24 }, { 60, 15 }, { 40, 10 }, { 20, 5 }, { 5, 2 } };

static void the_frame_at_every_size(void **state)
{
	int64_t now = 1795161480000; /* Friday 2026-11-20, 07:58:00Z */
	struct keymap *km;
	struct desk *d;

	(void)state;
	assert_int_equal(keymap_new(&km, NULL), OK);
	d = desk_new(&(struct desk_setup){ .screens = screens, .keymap = km, .world = clock_manual(&now), .hand = clock_manual(&now), .themes = "default" });
	desk_know(d, &facts);
	desk_screen(d, 1);
	desk_say(d, LEVEL_INFO, "started");
	desk_say(d, LEVEL_WARN, "ebay-us slow");
	desk_say(d, LEVEL_CRIT, "I-207 walmart-us: HTTP 401 x3, breaker OPEN, next probe 07:59:30Z");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct arena *a = arena_new();
		struct buf b = buf_new(a);
		char name[64];

		snapshot_frame(d, sizes[i].w, sizes[i].h, RENDITION_ASCII, &b);
		snapshot_roles(d, sizes[i].w, sizes[i].h, &b);
		snprintf(name, sizeof name, "frame-%dx%d", sizes[i].w, sizes[i].h);
		golden_check(name, b.p);
		arena_free(a);
	}
	desk_free(d);
	keymap_free(km);
}

static void a_zero_that_is_near_stands_on_every_screen(void **state)
{
	int64_t now = 1795161480000;
	struct desk_facts near = facts;
	struct keymap *km;
	struct desk *d;
	struct arena *a = arena_new();
	struct buf b = buf_new(a);

	(void)state;
	snprintf(near.doom, sizeof near.doom, "walmart-us ZERO in 4m :hold");
	snprintf(near.doom_brief, sizeof near.doom_brief, "ZERO4m");
	assert_int_equal(keymap_new(&km, NULL), OK);
	d = desk_new(&(struct desk_setup){ .screens = screens, .keymap = km, .world = clock_manual(&now), .hand = clock_manual(&now), .themes = "default" });
	desk_know(d, &near);
	for (size_t i = 0; i < 4; i++) {
		desk_screen(d, (int)i);
		snapshot_frame(d, sizes[i].w, sizes[i].h, RENDITION_ASCII, &b);
	}
	golden_check("frame-zero", b.p);
	desk_free(d);
	keymap_free(km);
	arena_free(a);
}

/* However small the window is: numbers of then, or that nobody brings up to date, are called so, and nothing is LIVE. */
static void no_size_passes_old_numbers_off_as_new(void **state)
{
	static const struct { const char *sentence; bool engine, then; const char *brief; int64_t stale_ms; const char *says; } rows[] = {
		{ "no engine runs", false, false, "", 0, "NO ENG" },
		{ "it is the past", true, true, "PAST 07:18Z", 0, "PAST 07:18Z" },
		{ "a zero is near", true, false, "ZERO4m", 0, "ZERO4m" },
		{ "nothing was heard for long", true, false, "", 1800000, "STALE" },
	};
	static const struct { int w, h; } small[] = { { 60, 15 }, { 40, 10 }, { 20, 5 }, { 20, 2 } };
	int64_t now = 1795161480000;
	struct keymap *km;
	struct arena *a = arena_new();
	char title[200];

	(void)state;
	assert_int_equal(keymap_new(&km, NULL), OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct desk *d = desk_new(&(struct desk_setup){ .screens = screens, .keymap = km, .world = clock_manual(&now), .hand = clock_manual(&now), .themes = "default" });
		struct desk_facts f = facts;

		f.engine = rows[i].engine;
		f.then = rows[i].then;
		f.stale_ms = rows[i].stale_ms;
		snprintf(f.doom_brief, sizeof f.doom_brief, "%s", rows[i].brief);
		snprintf(f.doom, sizeof f.doom, "%s", rows[i].brief);
		desk_know(d, &f);
		desk_screen(d, 1);
		for (size_t k = 0; k < sizeof small / sizeof *small; k++) {
			struct buf b = buf_new(a);

			snapshot_frame(d, small[k].w, small[k].h, RENDITION_ASCII, &b);
			if (!strstr(b.p, rows[i].says))
				fail_msg("%s, and at %dx%d nothing says so:\n%s", rows[i].sentence, small[k].w, small[k].h, b.p);
			if (strstr(b.p, "LIVE") && (!f.engine || f.then))
				fail_msg("%s, and yet LIVE:\n%s", rows[i].sentence, b.p);
		}
		desk_title(d, title, sizeof title);
		if (!strstr(title, rows[i].says))
			fail_msg("%s, and the title is %s", rows[i].sentence, title);
		desk_free(d);
	}
	keymap_free(km);
	arena_free(a);
}

static void utf8_changes_glyphs_and_no_position(void **state)
{
	int64_t now = 1795161480000;
	struct keymap *km;
	struct desk *d;
	struct arena *a = arena_new();
	struct buf b = buf_new(a);

	(void)state;
	assert_int_equal(keymap_new(&km, NULL), OK);
	d = desk_new(&(struct desk_setup){ .screens = screens, .keymap = km, .world = clock_manual(&now), .hand = clock_manual(&now), .themes = "default" });
	desk_know(d, &facts);
	desk_screen(d, 1);
	snapshot_frame(d, 80, 24, RENDITION_UTF8, &b);
	golden_check("frame-80x24-utf8", b.p);
	desk_free(d);
	keymap_free(km);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_frame_at_every_size),
		cmocka_unit_test(a_zero_that_is_near_stands_on_every_screen),
		cmocka_unit_test(no_size_passes_old_numbers_off_as_new),
		cmocka_unit_test(utf8_changes_glyphs_and_no_position),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
