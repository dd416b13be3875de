/* The desk: the frame at every size, what keys do on it, and what never happens. */
#include "ui/desk.h"
#include "ui/panes/wishes.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/intents.h"
#include "ui/keymap.h"
#include "ui/state.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- two panes that say what is done to them ---- */

struct fake {
	int loads, row, answers;
	char filter[64], find[64];
};

static enum fault fake_load(struct pane *p, struct store *store, struct arena *facts, struct err *err)
{
	struct fake *f = p->self;

	(void)store;
	(void)facts;
	f->loads++;
	return strcmp(f->filter, "broken") ? OK : err_set(err, FAULT_STORE, "the store said no");
}

static void fake_draw(const struct pane *p, struct canvas *c)
{
	const struct fake *f = p->self;
	struct canvas box = canvas_part(c, 0, 2, c->w, c->h - 2);

	canvas_printf(c, 0, 0, ROLE_FG, ">*LATE row %d%s%s", f->row, *p->subject ? " of " : "", p->subject);
	canvas_box(&box, "302-1187264 preview", "Enter full detail");
	canvas_cursor(c, 0, 0, false);
}

static void fake_strip(const struct pane *p, struct strip *s)
{
	const struct fake *f = p->self;

	*s = (struct strip){ .view = "Late-first", .changed = true, .filter = *f->filter ? f->filter : "status:late,due",
		             .sort = "ship_by^,total", .shown = 142, .total = 4123, .marks = 3, .hidden = 1, .live = true,
		             .remark = "cols 11/14 >" };
}

static const struct pane_type detail;
static const int64_t ids[] = { 1, 2, 3 };
static const char *steps[] = { "walmart-us 1: ship", "walmart-us 2: ship", "walmart-us 3: ship" };
static const struct plan ship_plan = { .kind = INTENT_SHIP, .line = "ship 3 orders walmart-us", .digest = "aabbccddeeff0011", .step = steps, .steps = 3 };
static const struct intent ship = { .kind = INTENT_SHIP, .subject = "3 orders" }, retry = { .kind = INTENT_RETRY };
static const struct choice sheet[] = {
	{ .letter = 's', .label = "ship", .act = ACT_SHIP },
	{ .letter = 'r', .label = "retry", .act = ACT_RETRY },
	{ .letter = 'c', .label = "push, wrongly as a local one", .act = ACT_PUSH },
};

static const struct section buyer[] = { { "Buyer", "Jane Doe", false } };

static void fake_plan(struct pane *p, struct wish *wish)
{
	struct proposal *proposal = arena_alloc(wish->arena, sizeof *proposal);

	*proposal = (struct proposal){ .title = "SHIP PREVIEW", .intent = &ship, .plan = &ship_plan, .ids = ids, .made_ms = p->now_ms };
	wish->kind = WISH_PLAN;
	wish->proposal = proposal;
}

static bool fake_act(struct pane *p, enum act act, struct wish *wish)
{
	struct fake *f = p->self;

	switch (act) {
	case ACT_DOWN: f->row++; return true;
	case ACT_UP: f->row--; return true;
	case ACT_OPEN: wish->kind = WISH_OPEN; wish->open = &detail; wish->subject = arena_printf(wish->arena, "%d", f->row); return true;
	case ACT_FILTER: wish->kind = WISH_ASK; wish->ask = ASK_FILTER; wish->text = "/"; wish->initial = f->filter; wish->live = true; return true;
	case ACT_ACTIONS: wish->kind = WISH_SHEET; wish->text = "3 orders"; wish->choices = sheet; wish->n_choices = 3; return true;
	case ACT_SHIP: fake_plan(p, wish); return true;
	case ACT_RETRY: wish->kind = WISH_FILE; wish->intent = &retry; return true;
	case ACT_PUSH: wish->kind = WISH_FILE; wish->intent = &ship; return true;
	case ACT_REVEAL: wish->kind = WISH_READ; wish->text = "buyer"; wish->sections = buyer; wish->n_sections = 1; wish->seconds = 60; return true;
	case ACT_COPY: wish->kind = WISH_COPY; wish->text = "row"; wish->what = "the row"; return true;
	default: return false;
	}
}

static void fake_answer(struct pane *p, struct answer *a, struct wish *wish)
{
	struct fake *f = p->self;

	(void)wish;
	f->answers++;
	if (a->text && !strcmp(a->text, "bad:x")) {
		a->len = 3;
		err_set(&a->err, FAULT_REFUSED, "there is no column bad");
		return;
	}
	snprintf(a->ask == ASK_FIND ? f->find : f->filter, 64, "%s", a->text ? a->text : "");
	p->stale = true;
}

static bool fake_can(const struct pane *p, enum act act, const char **why)
{
	(void)p;
	*why = "nothing marked";
	return act != ACT_UNMARK_ALL;
}

static bool fake_step(struct pane *p, int by, char *subject, size_t cap)
{
	struct fake *f = p->self;

	if (f->row + by < 0 || f->row + by > 9)
		return false;
	snprintf(subject, cap, "%d", f->row += by);
	return true;
}

static void fake_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	const struct fake *f = p->self;
	char row[16];

	snprintf(row, sizeof row, "%d", f->row);
	put(ctx, "row", row);
	put(ctx, "filter", *f->filter ? f->filter : NULL);
}

static void fake_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	struct fake *f = p->self;
	const char *row = get(ctx, "row"), *filter = get(ctx, "filter");

	f->row = row ? atoi(row) : 0;
	snprintf(f->filter, sizeof f->filter, "%s", filter ? filter : "");
}

static const enum act keys[] = { ACT_DOWN, ACT_UP, ACT_OPEN, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_UNMARK_ALL, ACT_ACTIONS, ACT_SORT, ACT_COLUMNS, ACT_COPY, ACT_NONE };

static const struct pane_type orders = {
	.name = "orders", .help = "Orders to ship, the latest first.", .where = WHERE_LISTS | WHERE_ORDERS, .size = sizeof(struct fake), .keys = keys,
	.load = fake_load, .draw = fake_draw, .act = fake_act, .strip = fake_strip, .answer = fake_answer, .can = fake_can, .step = fake_step,
	.save = fake_save, .restore = fake_restore,
};

static const struct pane_type detail = {
	.name = "order", .where = WHERE_DETAILS, .size = sizeof(struct fake), .load = fake_load, .draw = fake_draw, .act = fake_act,
};

static void blank_draw(const struct pane *p, struct canvas *c)
{
	(void)p;
	canvas_put(c, 1, 0, ROLE_MUTED, "nothing here");
}

static const struct pane_type blank = { .name = "blank", .where = WHERE_ALL, .draw = blank_draw };

static const struct pane_type *const details[] = { &detail, NULL };

/* ---- a desk with a host that counts ---- */

struct bench {
	struct store *store;
	int64_t now;
	struct keymap *km;
	struct desk_setup setup;
	struct desk *desk;
	int filed_write, filed_local, armed, copies;
	char saved[80];
	char reason[64], typed[64], found[64];
	enum fault answer;
	unsigned wants;
};

static const struct desk_screen screens[DESK_SCREENS] = {
	{ "Overview", "Over", &blank }, { "Orders", "Orders", &orders }, { "Drift", "Drift", &blank },  { "Health", "Health", &blank },
	{ "Failed", "Failed", &blank }, { "Zero-out", "Zero", &blank },    { "Alerts", "Alerts", &blank }, { "Engine", "Engine", &blank },
	{ "Handover", "Hand", &blank }, { "Audit", "Audit", &blank },
};

static enum fault host_file(void *ctx, const struct intent *intent, const struct plan *plan, const char *reason, struct wish *reply, struct err *err)
{
	struct bench *b = ctx;

	if (b->answer != OK)
		return err_set(err, b->answer, "the engine said no");
	if (!intent_writes(intent->kind)) {
		b->filed_local++;
		return OK;
	}
	b->filed_write++;
	assert_non_null(plan);
	snprintf(b->typed, sizeof b->typed, "%s", plan->line);
	snprintf(b->reason, sizeof b->reason, "%s", reason);
	reply->kind = WISH_SAY;
	reply->level = LEVEL_OK;
	reply->text = "intent 7: 3 orders filed";
	return OK;
}

static enum fault host_find(void *ctx, const char *id, struct wish *reply, struct err *err)
{
	struct bench *b = ctx;

	snprintf(b->found, sizeof b->found, "%s", id);
	if (strcmp(id, "302"))
		return err_set(err, FAULT_REFUSED, "nothing has the id %s", id);
	reply->kind = WISH_OPEN;
	reply->open = &detail;
	reply->subject = "302";
	return OK;
}

static enum fault host_arm(void *ctx, int minutes, const char *why, struct err *err)
{
	struct bench *b = ctx;

	(void)why;
	if (b->answer != OK)
		return err_set(err, b->answer, "no engine to write it down");
	b->armed = minutes;
	return OK;
}

static enum fault host_copy(void *ctx, const char *text, char *how, size_t cap, struct err *err)
{
	struct bench *b = ctx;

	(void)text;
	(void)err;
	b->copies++;
	snprintf(how, cap, "by OSC 52");
	return OK;
}

static void host_water(void *ctx, const char *rest, struct wish *reply)
{
	(void)ctx;
	wish_say(reply, LEVEL_INFO, "watered: %s.", rest);
}

static const struct desk_host_command host_commands[] = { { "water", "PLANT", host_water }, { 0 } };

static enum fault host_print(void *ctx, const struct printing *what, const char *shape, const char *name, char *path, size_t cap, struct err *err)
{
	struct bench *b = ctx;

	if (b->answer != OK)
		return err_set(err, b->answer, "%s: no room", name);
	snprintf(b->saved, sizeof b->saved, "%s: %s %s", name, what->word[0], shape ? shape : "plain");
	snprintf(path, cap, "/srv/jo/%s", name);
	return OK;
}

/* The orders are what `orders` prints. */
static bool fake_prints(const struct pane *p, struct printing *out)
{
	if (p->type == &orders)
		out->word[out->words++] = "orders";
	return p->type == &orders;
}

static const struct desk_facts facts = {
	.store = "prod-eu", .profile = "production", .operator = "ops-a", .at = "@ops1 (ssh)", .worst = "walmart-us DOWN", .channels_ok = 6,
	.channels = 7, .crit = 1, .warn = 3, .fresh_ms = 14000, .oldest_ms = 372000, .engine = true,
	.tab = { { -1, false }, { 42, false }, { 17, false }, { 1, true }, { 12, false }, { -1, false }, { 4, false }, { -1, false }, { -1, false },
	         { -1, false } },
};

static void bench_start(struct bench *b, struct state *state)
{
	struct err err;

	b->now = 1795161480000; /* Friday 2026-11-20, 07:58:00Z */
	if (keymap_new(&b->km, &err) != OK)
		fail_msg("%s", err.text);
	b->setup = (struct desk_setup){
		.screens = screens, .details = details, .keymap = b->km, .state = state, .world = clock_manual(&b->now), .hand = clock_manual(&b->now),
		.host = { .ctx = b, .file = host_file, .find = host_find, .arm = host_arm, .commands = host_commands, .copy = host_copy, .print = host_print }, .prints = fake_prints, .pastes_marked = true,
		.themes = "default light mono",
	};
	b->desk = desk_new(&b->setup);
	desk_know(b->desk, &facts);
	if (store_memory(&b->store, &err) != OK) /* the fakes never look at it; a load is one transaction of it */
		fail_msg("%s", err.text);
	desk_read_from(b->desk, b->store);
}

static void bench_end(struct bench *b)
{
	desk_free(b->desk);
	keymap_free(b->km);
	store_close(b->store);
}

static char *frame(struct bench *b, int w, int h, struct arena *a)
{
	struct canvas c = canvas_new(w, h);
	struct buf out = buf_new(a);

	desk_draw(b->desk, &c);
	canvas_dump_text(&c, RENDITION_ASCII, &out);
	canvas_free(&c);
	return out.p;
}

/* Key names with spaces between; "..." is typed letter by letter. */
static void type(struct bench *b, const char *words)
{
	bool quoted = false;
	int n;

	while (*words) {
		struct input in = { .kind = INPUT_KEY, .burst = 1 };
		char name[16];

		if (*words == '"' || (!quoted && *words == ' ')) {
			quoted ^= *words++ == '"';
			continue;
		}
		n = 1;
		if (quoted) {
			in.key = (int32_t)text_next(words, &n);
		} else {
			n = (int)strcspn(words, " ");
			snprintf(name, sizeof name, "%.*s", n, words);
			in.key = key_parse(name);
			assert_int_not_equal(in.key, K_NONE);
		}
		words += n;
		b->wants = desk_input(b->desk, &in);
	}
}

static void resize(struct bench *b, int w, int h)
{
	struct arena *a = arena_new();

	desk_input(b->desk, &(struct input){ .kind = INPUT_RESIZE, .w = w, .h = h });
	frame(b, w, h, a);
	arena_free(a);
}

static bool shows(struct bench *b, int w, int h, const char *what)
{
	struct arena *a = arena_new();
	bool found = strstr(frame(b, w, h, a), what) != NULL;

	arena_free(a);
	return found;
}

/* ---- the frame; tests/golden/test_frames.c shows it whole ---- */

static void no_size_crashes_and_every_size_says_how_it_stands(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	desk_screen(b.desk, 1);
	for (int w = 1; w < 140; w += w < 45 ? 1 : 7)
		for (int h = 1; h < 50; h += h < 16 ? 1 : 9) {
			bool ro = shows(&b, w, h, "[READ-ONLY]") || shows(&b, w, h, "[RO]");

			if (w >= 5 && h >= 2 && !ro)
				fail_msg("%dx%d does not say READ-ONLY", w, h);
			if (w >= 5 && !shows(&b, w, h, "CRIT") && !shows(&b, w, h, "C1"))
				fail_msg("%dx%d hides the alerts", w, h);
			if (w >= 40 && h >= 10 && !shows(&b, w, h, "status:"))
				fail_msg("%dx%d hides the filter", w, h);
		}
	bench_end(&b);
}

struct word_case {
	const char *why;
	void (*make)(struct bench *b);
	const char *want;
};

static void make_paused(struct bench *b)
{
	type(b, "p");
	desk_changed(b->desk);
	desk_changed(b->desk);
}

static void make_slow(struct bench *b)
{
	desk_slow(b->desk, true);
}

static void make_demo(struct bench *b)
{
	struct desk_facts f = facts;

	f.demo = true;
	desk_know(b->desk, &f);
}

static void make_sandbox(struct bench *b)
{
	struct desk_facts f = facts;

	strcpy(f.profile, "sandbox");
	desk_know(b->desk, &f);
}

static void make_stale(struct bench *b)
{
	struct desk_facts f = facts;

	f.stale_ms = 42 * 60 * 1000;
	desk_know(b->desk, &f);
}

static void make_dead(struct bench *b)
{
	struct desk_facts f = facts;

	f.engine = false;
	desk_know(b->desk, &f);
}

static void make_hostile(struct bench *b)
{
	struct desk_facts f = facts;

	strcpy(f.store, "x\033]0;evil\007");
	desk_know(b->desk, &f);
}

static void make_armed(struct bench *b)
{
	type(b, ": \"arm 15m I-208\" Enter");
	b->now += 98000;
}

static const struct word_case words[] = {
	{ "paused, with what waits", make_paused, "PAUSED 2" },
	{ "a slow line", make_slow, "SLOW LINK" },
	{ "a simulated seller", make_demo, "DEMO" },
	{ "a sandbox", make_sandbox, "SANDBOX" },
	{ "stale data, with the age of the oldest", make_stale, "STALE 42m" },
	{ "no engine", make_dead, "NO ENGINE" },
	{ "a hostile name is shown, not sent", make_hostile, "^[]0;evil^G" },
	{ "armed, with what is left", make_armed, "[ARMED 13:22]" },
};

static void states_are_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct bench b = { 0 };

		bench_start(&b, NULL);
		desk_screen(b.desk, 1);
		words[i].make(&b);
		if (!shows(&b, 80, 24, words[i].want))
			fail_msg("%s", words[i].why);
		bench_end(&b);
	}
}

/* ---- getting around ---- */

static void history_keeps_what_was_there(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2 j j Enter");
	assert_string_equal(desk_pane(b.desk)->subject, "2");
	type(&b, "3 -");
	assert_string_equal(desk_pane(b.desk)->subject, "2");
	type(&b, "-");
	assert_true(shows(&b, 80, 24, "LATE row 2 ") || shows(&b, 80, 24, "LATE row 2\n"));
	type(&b, "_");
	assert_string_equal(desk_pane(b.desk)->subject, "2");
	type(&b, "]");
	assert_string_equal(desk_pane(b.desk)->subject, "3");
	type(&b, "[ [ [ [ [");
	assert_string_equal(desk_pane(b.desk)->subject, "0");
	assert_true(shows(&b, 80, 24, "this is the first one"));
	type(&b, "Esc");
	assert_ptr_equal(desk_pane(b.desk)->type, &orders);
	for (int i = 0; i < 100; i++) /* the trail has an end, and nothing leaks or hangs */
		type(&b, "2 Enter 3");
	bench_end(&b);
}

static void q_goes_up_and_then_out(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2 Enter q");
	assert_ptr_equal(desk_pane(b.desk)->type, &orders);
	type(&b, "Esc Esc ^G ^C");
	assert_int_equal(b.wants, 0); /* Esc never quits */
	type(&b, "q");
	assert_int_equal(b.wants, 0);
	type(&b, "q");
	assert_int_equal(b.wants, DESK_QUIT);
	type(&b, ": \"arm 15m test\" Enter 1 q");
	assert_int_equal(b.wants, 0);
	assert_true(shows(&b, 80, 24, "Quit while ARMED?"));
	type(&b, "Enter"); /* the answer under the cursor is: stay */
	assert_int_equal(b.wants, 0);
	type(&b, "q y");
	assert_int_equal(b.wants, DESK_QUIT);
	assert_int_equal(b.armed, 0);
	bench_end(&b);
}

static void a_pane_is_loaded_when_it_must_be(void **state)
{
	struct bench b = { 0 };
	struct fake *f;

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2");
	f = desk_pane(b.desk)->self;
	resize(&b, 80, 24);
	resize(&b, 80, 24);
	assert_int_equal(f->loads, 1);
	type(&b, "j j k"); /* moving reads nothing */
	resize(&b, 100, 30);
	assert_int_equal(f->loads, 1);
	desk_changed(b.desk);
	desk_changed(b.desk);
	resize(&b, 80, 24);
	assert_int_equal(f->loads, 2);
	type(&b, "p");
	desk_changed(b.desk);
	resize(&b, 80, 24);
	assert_int_equal(f->loads, 2);
	type(&b, "p");
	resize(&b, 80, 24);
	assert_int_equal(f->loads, 3);
	type(&b, "r");
	resize(&b, 80, 24);
	assert_int_equal(f->loads, 4);
	strcpy(f->filter, "broken");
	type(&b, "r");
	assert_true(shows(&b, 80, 24, "the store said no"));
	bench_end(&b);
}

/* ---- prompts ---- */

static void a_live_filter_keeps_its_text_over_a_resize(void **state)
{
	struct bench b = { 0 };
	struct fake *f;

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2 / \"la\"");
	f = desk_pane(b.desk)->self;
	assert_string_equal(f->filter, "la");
	for (int w = 1; w < 130; w += 11)
		resize(&b, w, w / 3 + 1);
	resize(&b, 80, 24);
	type(&b, "\"te\"");
	assert_true(shows(&b, 80, 24, "/late"));
	assert_string_equal(f->filter, "late");
	type(&b, "Enter");
	assert_false(shows(&b, 80, 24, "/late"));
	type(&b, "/ ^U \"bad:x\"");
	assert_true(shows(&b, 80, 24, "there is no column bad"));
	type(&b, "Enter");
	assert_true(shows(&b, 80, 24, "/bad:x")); /* still there to be put right */
	type(&b, "^U \"due\" Enter");
	assert_string_equal(f->filter, "due");
	bench_end(&b);
}

static void a_paste_outside_a_prompt_is_dropped(void **state)
{
	struct bench b = { 0 };
	static const char text[] = "j\rq\r:quit\r";

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2");
	assert_int_equal(desk_input(b.desk, &(struct input){ .kind = INPUT_PASTE, .text = text, .n = sizeof text - 1 }), 0);
	assert_true(shows(&b, 80, 24, "a paste was dropped"));
	assert_int_equal(((struct fake *)desk_pane(b.desk)->self)->row, 0);
	bench_end(&b);
}

static void commands(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, ": \"goto drift\" Enter");
	assert_true(shows(&b, 80, 24, "[3Drift"));
	type(&b, ": \"goto 302\" Enter");
	assert_string_equal(desk_pane(b.desk)->subject, "302");
	type(&b, "' \"999\" Enter");
	assert_true(shows(&b, 80, 24, "nothing has the id 999"));
	type(&b, "2 : \"filter late\" Enter");
	assert_string_equal(((struct fake *)desk_pane(b.desk)->self)->filter, "late");
	type(&b, ": \"filter bad:x\" Enter");
	assert_true(shows(&b, 80, 24, "there is no column bad"));
	type(&b, ": \"nonsense\" Enter");
	assert_true(shows(&b, 80, 24, "no command nonsense"));
	type(&b, ": \"the\" Tab \"m\" Tab");
	assert_true(shows(&b, 80, 24, ":theme mono"));
	type(&b, "Enter");
	assert_int_equal(b.wants, DESK_THEME);
	assert_string_equal(desk_theme(b.desk), "mono");
	type(&b, "T");
	assert_string_equal(desk_theme(b.desk), "default");
	type(&b, ": Tab");
	assert_true(shows(&b, 80, 24, "arm  disarm  export  filter"));
	type(&b, "Esc : \"wa\" Tab \"the fern\" Enter"); /* the host's own are listed with the desk's */
	assert_true(shows(&b, 80, 24, "watered: the fern."));
	type(&b, ": \"waters it\" Enter");
	assert_true(shows(&b, 80, 24, "no command waters"));
	type(&b, "^P \"water\"");
	assert_true(shows(&b, 80, 24, "command water PLANT"));
	bench_end(&b);
}

static void every_message_is_in_the_log(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	for (int i = 0; i < 300; i++)
		desk_say(b.desk, LEVEL_WARN, "message %d", i);
	assert_true(shows(&b, 80, 24, "(+299 M)"));
	type(&b, "M");
	assert_true(shows(&b, 80, 24, "message 299"));
	type(&b, "q");
	assert_false(shows(&b, 80, 24, "M)"));
	bench_end(&b);
}

static void help_lists_every_key_of_the_live_map(void **state)
{
	struct bench b = { 0 };
	char found[200000] = "";

	(void)state;
	bench_start(&b, NULL);
	assert_int_equal(keymap_read(b.km, "keys.ini", "down = ^J\n", NULL, NULL), OK);
	type(&b, "2 ?");
	for (int i = 0; i < 30; i++) {
		struct arena *a = arena_new();

		strcat(found, frame(&b, 120, 40, a));
		arena_free(a);
		type(&b, "PgDn");
	}
	for (int i = 0; keymap_nth(b.km, i) != ACT_NONE; i++) {
		char keys[48], line[200];

		keymap_keys(b.km, keymap_nth(b.km, i), true, keys);
		snprintf(line, sizeof line, "%-12s %.50s", keys, keymap_help(b.km, keymap_nth(b.km, i)));
		if (!strstr(found, line))
			fail_msg("the help does not have: %s", line);
	}
	assert_non_null(strstr(found, "nothing marked"));
	type(&b, "/ \"any action\"");
	assert_true(shows(&b, 80, 24, "^P"));
	assert_false(shows(&b, 80, 24, "next row"));
	type(&b, "Enter Esc g"); /* Esc shows all of it again, and once more closes */
	assert_true(shows(&b, 80, 24, "Orders to ship, the latest first."));
	type(&b, "Esc");
	assert_true(shows(&b, 80, 24, "LATE row"));
	assert_non_null(strstr(found, "(in drift, health)"));
	bench_end(&b);
}

/* ---- what reaches a marketplace ---- */

struct path_case {
	const char *why, *keys;
	int64_t wait_ms; /* between opening the typed line and typing */
	const char *typed;
	int want;
};

static const struct path_case paths[] = {
	{ "armed, previewed, typed", ": \"arm 15m I-208\" Enter 2 a s Enter", 700, "\"ship 3 orders walmart-us\" Enter", 1 },
	{ "not armed", "2 a s Enter", 700, "\"ship 3 orders walmart-us\" Enter", 0 },
	{ "armed in front of the preview", "2 a s : \"arm 15m I-208\" Enter Enter", 700, "\"ship 3 orders walmart-us\" Enter", 1 },
	{ "keys that were still under way", ": \"arm 15m x\" Enter 2 a s Enter", 699, "\"ship 3 orders walmart-us\" Enter", 0 },
	{ "Enter held down", ": \"arm 15m x\" Enter 2 a s Enter Enter Enter", 700, "Enter Enter Enter Enter", 0 },
	{ "another line", ": \"arm 15m x\" Enter 2 a s Enter", 700, "\"ship 4 orders walmart-us\" Enter", 0 },
	{ "Esc at the line, then the line", ": \"arm 15m x\" Enter 2 a s Enter", 700, "Esc \"ship 3 orders walmart-us\" Enter", 0 },
	{ "disarmed before the line", ": \"arm 15m x\" Enter 2 a s : \"disarm\" Enter Enter", 700, "\"ship 3 orders walmart-us\" Enter", 0 },
	{ "five idle minutes at the line", ": \"arm 15m x\" Enter 2 a s Enter", 300000, "\"ship 3 orders walmart-us\" Enter", 0 },
	{ "a preview of eleven minutes ago", "2 a s", 660000, ": \"arm 15m x\" Enter Enter \"ship 3 orders walmart-us\" Enter", 0 },
	{ "a write passed off as a local one", ": \"arm 15m x\" Enter 2 a c", 700, "\"ship 3 orders walmart-us\" Enter", 0 },
};

static void only_one_path_reaches_a_marketplace(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct bench b = { 0 };

		bench_start(&b, NULL);
		resize(&b, 80, 24);
		type(&b, paths[i].keys);
		b.now += paths[i].wait_ms;
		type(&b, paths[i].typed);
		if (b.filed_write != paths[i].want)
			fail_msg("%s: %d filed", paths[i].why, b.filed_write);
		bench_end(&b);
	}
}

static void what_is_sent_is_what_was_shown(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	resize(&b, 80, 24);
	type(&b, ": \"arm 15m I-208\" Enter 2 a s Enter");
	assert_int_equal(b.wants & DESK_FLUSH, DESK_FLUSH); /* type-ahead is thrown away in the tty too */
	b.now += 1000;
	assert_true(shows(&b, 80, 24, "3 CONFIRM"));
	assert_true(shows(&b, 80, 24, "Type this exactly"));
	type(&b, "\"ship 3 orders walmart-us\"");
	for (int w = 1; w < 130; w += 9) /* a storm of sizes while the line is open */
		resize(&b, w, 1 + w / 4);
	assert_int_equal(b.filed_write, 0);
	resize(&b, 80, 24);
	b.answer = FAULT_REFUSED;
	type(&b, "Enter");
	assert_int_equal(b.filed_write, 0);
	assert_true(shows(&b, 80, 24, "the engine said no"));
	b.answer = OK;
	type(&b, "Enter");
	b.now += 1000;
	type(&b, "\"ship 3 orders walmart-us\" Enter");
	assert_int_equal(b.filed_write, 1);
	assert_string_equal(b.typed, "ship 3 orders walmart-us");
	assert_string_equal(b.reason, "I-208");
	assert_true(shows(&b, 80, 24, "intent 7: 3 orders filed"));
	bench_end(&b);
}

static void local_things_need_no_arming(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2 a r");
	assert_int_equal(b.filed_local, 1);
	b.answer = FAULT_NET;
	type(&b, "a r");
	assert_true(shows(&b, 80, 24, "the engine said no"));
	type(&b, "y");
	assert_true(shows(&b, 80, 24, "copied the row by OSC 52"));
	bench_end(&b);
}

static void a_buyer_is_shown_for_a_minute(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2 V ?"); /* another page over it does not keep it open */
	b.now += 30000;
	assert_int_equal(desk_due(b.desk), 30000);
	type(&b, "q");
	assert_true(shows(&b, 80, 24, "Jane Doe"));
	b.now += 30000;
	assert_false(shows(&b, 80, 24, "Jane Doe"));
	bench_end(&b);
}

static void arming_wants_room_a_reason_and_a_witness(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	resize(&b, 40, 10);
	type(&b, ": \"arm 15m x\" Enter");
	assert_true(shows(&b, 40, 10, "[RO]"));
	resize(&b, 80, 24);
	type(&b, ": \"arm 15m\" Enter");
	assert_true(shows(&b, 80, 24, "[READ-ONLY]"));
	b.answer = FAULT_NET;
	type(&b, ": \"arm 15m x\" Enter");
	assert_true(shows(&b, 80, 24, "[READ-ONLY]"));
	b.answer = OK;
	type(&b, ": \"arm 15m x\" Enter");
	assert_true(shows(&b, 80, 24, "[ARMED 15:00]"));
	assert_int_equal(b.armed, 15);
	assert_int_equal(desk_due(b.desk), 1000);
	b.now += 400;
	assert_int_equal(desk_due(b.desk), 600);
	desk_input(b.desk, &(struct input){ .kind = INPUT_GONE });
	assert_int_equal(b.armed, 0);
	assert_int_equal(desk_due(b.desk) % 60000, 60000 - b.now % 60000);
	bench_end(&b);
}

static void readonly_cannot_be_armed(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	desk_free(b.desk);
	b.setup.readonly = true;
	b.desk = desk_new(&b.setup);
	desk_know(b.desk, &facts);
	type(&b, ": \"arm 15m x\" Enter");
	assert_true(shows(&b, 80, 24, "--readonly"));
	assert_true(shows(&b, 80, 24, "[READ-ONLY]"));
	bench_end(&b);
}

static void random_keys_change_nothing(void **state)
{
	struct bench b = { 0 };
	uint32_t seed = 7;

	(void)state;
	bench_start(&b, NULL);
	for (int i = 0; i < 30000; i++) {
		struct input in = { .kind = INPUT_KEY, .burst = 1 };

		seed = seed * 1664525 + 1013904223;
		in.key = (seed >> 24) % 11 == 0 ? K_NAMED + (int32_t)(seed >> 8) % 24 : (int32_t)((seed >> 8) % 127) + 1;
		b.now += seed % 400;
		desk_input(b.desk, &in);
		if (i % 50 == 0)
			resize(&b, 1 + (int)(seed >> 9) % 130, 1 + (int)(seed >> 16) % 45);
	}
	assert_int_equal(b.filed_write, 0);
	bench_end(&b);
}

static void the_next_start_is_in_the_same_place(void **state)
{
	struct state *s = state_open(NULL, NULL);
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, s);
	type(&b, "2 j j j : \"filter late\" Enter Enter T Z");
	assert_string_equal(desk_pane(b.desk)->subject, "3");
	desk_save(b.desk);
	desk_input(b.desk, &(struct input){ .kind = INPUT_GONE });
	bench_end(&b);

	bench_start(&b, s);
	assert_ptr_equal(desk_pane(b.desk)->type, &detail);
	assert_string_equal(desk_pane(b.desk)->subject, "3");
	assert_string_equal(desk_theme(b.desk), "light");
	assert_true(shows(&b, 80, 24, "the last session was cut off"));
	type(&b, "q");
	assert_true(shows(&b, 80, 24, "LATE row 3"));
	assert_string_equal(((struct fake *)desk_pane(b.desk)->self)->filter, "late");
	type(&b, "q q");
	assert_int_equal(b.wants, DESK_QUIT);
	desk_save(b.desk);
	bench_end(&b);

	bench_start(&b, s);
	assert_false(shows(&b, 80, 24, "cut off"));
	bench_end(&b);
	state_close(s);
}

static void below_40x10_keys_are_off(void **state)
{
	struct bench b = { 0 };

	(void)state;
	bench_start(&b, NULL);
	type(&b, "2");
	resize(&b, 20, 5);
	type(&b, "j j Enter 3 a s : / p");
	assert_ptr_equal(desk_pane(b.desk)->type, &orders);
	assert_int_equal(((struct fake *)desk_pane(b.desk)->self)->row, 0);
	type(&b, "q");
	assert_int_equal(b.wants, DESK_QUIT);
	bench_end(&b);
}

static const struct export_case {
	const char *why, *keys, *saved, *shows;
	enum fault answer;
} exports[] = {
	{ "e asks for the shape, and says which command writes it", "2 e", "", "To a new file: tallyman orders", OK },
	{ "a letter writes it, and the message says where to", "2 e c", "orders.csv: orders --csv", "wrote /srv/jo/orders.csv: tallyman orders", OK },
	{ "JSON as well", "2 e j", "orders.json: orders --json", "wrote /srv/jo/orders.json", OK },
	{ "and text for a person", "2 e t", "orders.txt: orders plain", "wrote /srv/jo/orders.txt", OK },
	{ "a name may be given", "2 : \"export csv late.csv\" Enter", "late.csv: orders --csv", "wrote /srv/jo/late.csv", OK },
	{ "a shape that is none writes nothing", "2 : \"export xls\" Enter", "", ":export csv|json|text [FILE]", OK },
	{ "what cannot be written is said", "2 e c", "", "orders.csv: no room", FAULT_STORE },
	{ "what is no list says so", "1 e", "", "nothing here is a list", OK },
};

static void what_a_screen_shows_goes_to_a_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
		struct bench b = { .answer = exports[i].answer };

		bench_start(&b, NULL);
		resize(&b, 100, 24);
		type(&b, exports[i].keys);
		if (strcmp(b.saved, exports[i].saved) || !shows(&b, 100, 24, exports[i].shows))
			fail_msg("%s: %s", exports[i].why, b.saved);
		bench_end(&b);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_size_crashes_and_every_size_says_how_it_stands),
		cmocka_unit_test(states_are_words),
		cmocka_unit_test(history_keeps_what_was_there),
		cmocka_unit_test(q_goes_up_and_then_out),
		cmocka_unit_test(a_pane_is_loaded_when_it_must_be),
		cmocka_unit_test(a_live_filter_keeps_its_text_over_a_resize),
		cmocka_unit_test(a_paste_outside_a_prompt_is_dropped),
		cmocka_unit_test(commands),
		cmocka_unit_test(every_message_is_in_the_log),
		cmocka_unit_test(help_lists_every_key_of_the_live_map),
		cmocka_unit_test(only_one_path_reaches_a_marketplace),
		cmocka_unit_test(what_is_sent_is_what_was_shown),
		cmocka_unit_test(local_things_need_no_arming),
		cmocka_unit_test(a_buyer_is_shown_for_a_minute),
		cmocka_unit_test(arming_wants_room_a_reason_and_a_witness),
		cmocka_unit_test(readonly_cannot_be_armed),
		cmocka_unit_test(random_keys_change_nothing),
		cmocka_unit_test(the_next_start_is_in_the_same_place),
		cmocka_unit_test(below_40x10_keys_are_off),
		cmocka_unit_test(what_a_screen_shows_goes_to_a_file),
	};

	(void)argc;
	(void)argv;
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
