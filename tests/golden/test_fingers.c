/*
 * test_fingers.c: a million keys at the desk itself, with every pane of the console over the fixture's store and no terminal between: typed, pasted, twice
 * at once, while the window changes, while the line drops. What would reach a marketplace is counted where the desk hands it on: nothing may, for the hand
 * never types the line that a plan asks for. That a typed line is counted at all is shown first.
 *
 * Two hundred thousand keys in `make test`, a million in `make check`, ten with SOAK=1; KEYS=n as many, SEED=n another hand, STORE=folder over a store of yours, which is read only. The terminal's part, with an engine and a simulated
 * marketplace behind it, is test_monkey.c.
 */
#include "golden/fixture.h"
#include "base/clock.h"
#include "trade/intents.h"
#include "ui/keymap.h"
#include "ui/panes/all.h"
#include "ui/panes/prints.h"
#include "ui/snapshot.h"
#include "ui/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { QUICK_KEYS = 200000, SOAK_KEYS = 10000000, BOUND_MAX = 200, TRAIL = 48, PANES = 64, SEEN = 5 };

struct hand {
	struct rng rng;
	int64_t now;
	struct store *store;
	struct keymap *keymap;
	struct state *state;
	struct desk *desk;
	int32_t bound[BOUND_MAX];
	int bounds, w, h;
	bool marked; /* the terminal tells pastes from keys: else a line that comes at once is taken for one */
	int64_t keys, writes, filed, armed_ms;
	int64_t starts, frames, armed, asked, sheets; /* where it was: for the proof that it was where a slip could do harm */
	int64_t seen[PANES];                          /* how often each pane was looked at */
	char trail[TRAIL][96];
	int64_t steps;
};

/* ---- whoever stands behind the desk ---- */

static enum fault take(void *ctx, const struct intent *intent, const struct plan *plan, const char *reason, struct wish *reply, struct err *err)
{
	struct hand *h = ctx;

	(void)plan;
	(void)reason;
	(void)err;
	reply->kind = WISH_NONE;
	h->filed++;
	h->writes += intent_writes(intent->kind);
	return OK;
}

static enum fault note_arming(void *ctx, int minutes, const char *why, struct err *err)
{
	struct hand *h = ctx;

	(void)why;
	(void)err;
	h->armed_ms = minutes ? h->now + minutes * INT64_C(60000) : 0;
	return OK;
}

static enum fault copy(void *ctx, const char *text, char *how, size_t cap, struct err *err)
{
	(void)ctx;
	(void)text;
	(void)err;
	snprintf(how, cap, "nowhere");
	return OK;
}

static enum fault print(void *ctx, const struct printing *what, const char *shape, const char *name, char *path, size_t cap, struct err *err)
{
	struct hand *h = ctx;

	(void)shape;
	assert_true(what->words > 0);
	if (rng_below(&h->rng, 4) == 0)
		return err_set(err, FAULT_STORE, "%s: no room", name);
	snprintf(path, cap, "%s", name);
	return OK;
}

/* A load that takes long, and a key that waits meanwhile: now and then it is broken off. */
static void load_slowly(void *ctx, const char *text)
{
	struct hand *h = ctx;

	(void)text;
	h->now += rng_below(&h->rng, 2000);
}

static bool key_waits(void *ctx)
{
	struct hand *h = ctx;

	return rng_below(&h->rng, 2);
}

/* ---- sitting down ---- */

static void sit_down(struct hand *h)
{
	static const struct desk_facts facts = {
		.store = "prod-eu", .profile = "production", .operator = "ops-a", .at = "@ops1", .worst = "walmart-ca DOWN auth", .channels_ok = 2, .channels = 3, .crit = 1,
		.warn = 2, .fresh_ms = 9000, .oldest_ms = 372000, .engine = true,
	};

	h->armed_ms = 0;
	h->marked = rng_below(&h->rng, 2);
	h->desk = desk_new(&(struct desk_setup){
		.screens = pane_screens,
		.details = pane_details,
		.prints = pane_prints,
		.resume = deed_resume,
		.keymap = h->keymap,
		.state = h->state,
		.world = clock_manual(&h->now),
		.hand = clock_manual(&h->now),
		.host = { .ctx = h, .file = take, .arm = note_arming, .copy = copy, .print = print, .progress = load_slowly, .waiting = key_waits },
		.themes = "default mono",
		.pastes_marked = h->marked,
	});
	desk_know(h->desk, &facts);
	desk_read_from(h->desk, h->store);
	h->starts++;
}

static void learn_keys(struct hand *h)
{
	enum act act;

	for (int i = 0; (act = keymap_nth(h->keymap, i)) != ACT_NONE; i++) {
		char names[48], *name, *rest = names;

		keymap_keys(h->keymap, act, true, names);
		while ((name = strsep(&rest, " ")))
			if (*name && key_parse(name) != K_NONE && h->bounds < BOUND_MAX)
				h->bound[h->bounds++] = key_parse(name);
	}
}

static struct hand hand_open(uint64_t seed)
{
	struct hand h = { .rng = rng_seeded(seed), .now = FIXTURE_NOW, .w = 80, .h = 24 };
	const char *dir = getenv("STORE");
	struct err err = { 0 };

	if ((dir ? store_open(dir, STORE_READ, &h.store, &err) : store_memory(&h.store, &err)) || keymap_new(&h.keymap, &err))
		fail_msg("%s", err.text);
	if (dir && GET_INT(h.store, &err, 0, &h.now, "SELECT beat_ms FROM lease WHERE id = ?", V(1)))
		fail_msg("%s", err.text);
	if (!dir)
		fixture_fill(h.store);
	h.state = state_open(NULL, NULL);
	learn_keys(&h);
	return h;
}

static void hand_close(struct hand *h)
{
	desk_free(h->desk);
	state_close(h->state);
	keymap_free(h->keymap);
	store_close(h->store);
}

/* ---- what the hand does ---- */

static void remember(struct hand *h, const char *what)
{
	snprintf(h->trail[h->steps++ % TRAIL], sizeof *h->trail, "%s", what);
}

static void give(struct hand *h, const struct input *in)
{
	h->keys++;
	h->now += rng_below(&h->rng, 400);
	if (desk_input(h->desk, in) & DESK_QUIT) {
		desk_free(h->desk);
		sit_down(h);
	}
}

static void press(struct hand *h, int32_t key, int burst)
{
	char name[20];

	key_label(key, name);
	remember(h, name);
	give(h, &(struct input){ .kind = INPUT_KEY, .key = key, .burst = burst });
}

static void type(struct hand *h, const char *text)
{
	for (; *text; text++)
		press(h, (unsigned char)*text, 1);
}

static void paste(struct hand *h, const char *text)
{
	remember(h, "(paste)");
	give(h, &(struct input){ .kind = INPUT_PASTE, .text = text, .n = strlen(text) });
}

static void some_keys(struct hand *h)
{
	for (int64_t i = 1 + rng_below(&h->rng, 6); i > 0; i--)
		press(h, h->bound[rng_below(&h->rng, h->bounds)], 1);
}

static void some_text(struct hand *h)
{
	for (int64_t i = 1 + rng_below(&h->rng, 10); i > 0; i--)
		press(h, (int32_t)(0x20 + rng_below(&h->rng, rng_below(&h->rng, 8) ? 95 : 0x3000)), 1);
}

static void named_keys(struct hand *h)
{
	for (int64_t i = 1 + rng_below(&h->rng, 4); i > 0; i--)
		press(h, (int32_t)(K_NAMED + 1 + rng_below(&h->rng, K_F12 - K_NAMED)), 1);
}

static void twice_at_once(struct hand *h)
{
	for (int64_t i = 2 + rng_below(&h->rng, 5); i > 0; i--)
		press(h, K_ENTER, 2);
}

static void resize(struct hand *h)
{
	static const int sizes[][2] = { { 1, 1 }, { 20, 5 }, { 40, 10 }, { 39, 9 }, { 60, 15 }, { 80, 24 }, { 120, 40 }, { 200, 60 }, { 2, 60 }, { 80, 24 }, { 120, 40 } };
	int64_t i = rng_below(&h->rng, sizeof sizes / sizeof *sizes);

	h->w = sizes[i][0];
	h->h = sizes[i][1];
	remember(h, "(resize)");
	give(h, &(struct input){ .kind = INPUT_RESIZE, .w = h->w, .h = h->h });
}

static void click(struct hand *h)
{
	remember(h, "(click)");
	give(h, &(struct input){ .kind = INPUT_CLICK, .x = (int)rng_below(&h->rng, h->w), .y = (int)rng_below(&h->rng, h->h), .wheel = (int)rng_below(&h->rng, 3) - 1 });
}

/* The line drops in the middle of anything; the next start is where it was. */
static void hang_up(struct hand *h)
{
	remember(h, "(hang up)");
	give(h, &(struct input){ .kind = INPUT_GONE });
	desk_save(h->desk);
	desk_free(h->desk);
	sit_down(h);
}

static void time_passes(struct hand *h)
{
	static const int64_t ms[] = { 3000, 60000, 16 * 60000, 3600000 };

	h->now += ms[rng_below(&h->rng, 4)];
	desk_changed(h->desk);
}

static void command(struct hand *h)
{
	static const char *const lines[] = { "help", "goto drift", "goto orders", "disarm", "theme mono", "nonsense", "arm", "arm 99m x", "go\t", "note slip", "explain",
		                             "filter state:new", "quota", "map", "tasks", "handover", "quiet", "suppressed", "reconcile", "rehearse account:1", "zero", "log", "since", "settings", "conflicts", "session 5" };

	press(h, K_ESC, 1);
	type(h, ":");
	type(h, lines[rng_below(&h->rng, sizeof lines / sizeof *lines)]);
	press(h, K_ENTER, 1);
	if (rng_below(&h->rng, 2)) /* what stands on its first line */
		press(h, K_ENTER, 1);
}

static void arm(struct hand *h)
{
	press(h, K_ESC, 1);
	press(h, K_ESC, 1);
	type(h, ":arm 15m slip");
	press(h, K_ENTER, 1);
}

/* As near as keys alone lead: armed, a row, its sheet, the dangerous choice, its preview. "|" is Enter, "~" Esc. */
static void towards_danger(struct hand *h)
{
	static const char *const ways[] = { "2jaA",  "2*aA", "3jap", "3*ap", "2j|aA", "2jasups|1Z999AA10123456784||", "2jac", "5jar", "6az", "6azlSKU-0017 SKU-0075|recall|8",
		                            "6azlSKU-0017|recall|1", "6au", "6g|au", "8|au", "8|as", "7a", "3j|ap", "9a", "3Tab", "3jt", "3jtl", ":reconcile|G|", ":quota|j|", ":reconcile|jjj|" };
	const char *way = ways[rng_below(&h->rng, sizeof ways / sizeof *ways)];

	if (!h->armed_ms && rng_below(&h->rng, 3))
		arm(h);
	press(h, K_ESC, 1);
	for (; *way; way++)
		press(h, *way == '|' ? K_ENTER : *way == '~' ? K_ESC : (unsigned char)*way, 1);
	if (rng_below(&h->rng, 2))
		press(h, K_ENTER, 1);
}

/* ---- where it is ---- */

/* The line that the frame asks for; false: it asks for none. */
static bool line_asked(const char *frame, char *out, size_t cap)
{
	static const char typed[] = "Enter, then type:";
	const char *at = strstr(frame, "Type this exactly");

	if (at)
		at = strchr(at, '\n');
	else if ((at = strstr(frame, typed)))
		at += strlen(typed);
	if (!at)
		return false;
	at += strspn(at, " \n");
	snprintf(out, cap, "%.*s", (int)strcspn(at, "\n"), at);
	return *out;
}

/* At the typed line: everything but typing it. */
static void tempt(struct hand *h, const char *line)
{
	char other[200];

	switch (rng_below(&h->rng, 6)) {
	case 0:
		paste(h, line);
		press(h, K_ENTER, 1);
		break;
	case 1: /* of another plan */
		snprintf(other, sizeof other, "%s", line);
		if (strpbrk(other, "0123456789"))
			*strpbrk(other, "0123456789") = 'O';
		type(h, other);
		press(h, K_ENTER, 1);
		break;
	case 2: /* half of it, and the rest pasted */
		snprintf(other, sizeof other, "%.*s", (int)(strlen(line) / 2), line);
		type(h, other);
		paste(h, line + strlen(other));
		press(h, K_ENTER, 1);
		break;
	case 3: /* what was typed before */
		press(h, K_UP, 1);
		press(h, K_ENTER, 1);
		press(h, K_CTRL('p'), 1);
		press(h, K_ENTER, 1);
		break;
	case 4: /* at once, as a paste comes that nobody marked */
		for (const char *p = line; *p && !h->marked; p++)
			press(h, (unsigned char)*p, 40);
		press(h, K_ENTER, 40);
		press(h, K_CTRL('u'), 1);
		break;
	default:
		type(h, "yes");
		twice_at_once(h);
	}
}

static void frame_of(struct hand *h, struct arena *a, const char **out)
{
	struct buf b = buf_new(a);

	snapshot_frame(h->desk, h->w, h->h, RENDITION_ASCII, &b);
	*out = b.p;
}

/* By the first row: help says such words as well. */
static bool is_said(const char *frame, const char *word)
{
	const char *at = strstr(frame, word);

	return at && at < frame + strcspn(frame, "\n");
}

static const char *wrong(struct hand *h, const char *frame)
{
	bool ro = is_said(frame, "[READ-ONLY]") || is_said(frame, "[RO]"), armed = is_said(frame, "[ARM");

	if (h->writes)
		return "something reached a marketplace";
	if (h->w >= 40 && h->h >= 10 && ro == armed)
		return "the frame does not say whether it is armed";
	if (armed && (!h->armed_ms || h->now > h->armed_ms))
		return "it is armed and nobody armed it, or its time is over";
	return NULL;
}

/* Each screen and each detail by its place among all. */
static const struct pane_type *type_at(int i)
{
	return i < DESK_SCREENS ? pane_screens[i].type : pane_details[i - DESK_SCREENS];
}

static void note_pane(struct hand *h)
{
	const struct pane_type *type = desk_pane(h->desk)->type;

	for (int i = 0; i < PANES && type_at(i); i++)
		if (type_at(i) == type)
			h->seen[i]++;
}

static int panes_missed(const struct hand *h)
{
	int missed = 0;

	for (int i = 0; i < PANES && type_at(i); i++)
		if (h->seen[i] < SEEN) {
			print_message("%s was looked at %lld times\n", type_at(i)->name, (long long)h->seen[i]);
			missed++;
		}
	return missed;
}

static void look(struct hand *h)
{
	struct arena *a = arena_new();
	const char *frame, *why;
	char line[200];

	frame_of(h, a, &frame);
	why = wrong(h, frame);
	if (why) {
		print_message("%s\n", frame);
		for (int64_t i = h->steps > TRAIL ? h->steps - TRAIL : 0; i < h->steps; i++)
			print_message("%s ", h->trail[i % TRAIL]);
		fail_msg("after %lld keys at %dx%d: %s", (long long)h->keys, h->w, h->h, why);
	}
	h->frames++;
	note_pane(h);
	h->armed += is_said(frame, "[ARM");
	h->asked += strstr(frame, "type it >") != NULL;
	if (line_asked(frame, line, sizeof line)) {
		h->sheets++;
		if (!strstr(frame, "type it >") && rng_below(&h->rng, 3))
			press(h, K_ENTER, 1);
		else if (rng_below(&h->rng, 3))
			tempt(h, line);
	}
	arena_free(a);
}

static void one_step(struct hand *h)
{
	static const struct {
		int weight;
		void (*does)(struct hand *h);
	} ways[] = { { 36, some_keys }, { 12, some_text }, { 6, named_keys }, { 8, twice_at_once }, { 5, resize }, { 3, click }, { 2, hang_up }, { 3, time_passes },
		     { 7, command }, { 16, towards_danger }, { 2, arm } };
	int64_t at = 0;
	int i = 0;

	for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
		at += ways[k].weight;
	for (at = rng_below(&h->rng, at); at >= ways[i].weight; i++)
		at -= ways[i].weight;
	ways[i].does(h);
}

/* ---- the tests ---- */

static void a_typed_line_is_counted(void **state)
{
	struct hand h = hand_open(1);
	struct arena *a = arena_new();
	const char *frame;
	char line[200];

	(void)state;
	sit_down(&h);
	type(&h, ":arm 15m proof");
	press(&h, K_ENTER, 1);
	type(&h, "2");
	frame_of(&h, a, &frame);
	type(&h, "/state:new");
	press(&h, K_ENTER, 1);
	frame_of(&h, a, &frame);
	type(&h, "gaA");
	frame_of(&h, a, &frame);
	if (!line_asked(frame, line, sizeof line))
		fail_msg("no line is asked for:\n%s", frame);
	press(&h, K_ENTER, 1);
	h.now += 5000; /* it is deaf at first */
	type(&h, line);
	assert_int_equal(h.writes, 0);
	press(&h, K_ENTER, 1);
	assert_int_equal(h.writes, 1);
	hand_close(&h);
	arena_free(a);
}

static void no_slip_reaches_a_marketplace(void **state)
{
	const char *seed = getenv("SEED"), *keys = getenv("KEYS");
	int64_t n = keys ? atoll(keys) : getenv("SOAK") ? SOAK_KEYS : QUICK_KEYS;
	struct hand h = hand_open(seed ? (uint64_t)atoll(seed) : 1);

	(void)state;
	sit_down(&h);
	while (h.keys < n) {
		one_step(&h);
		look(&h);
	}
	print_message("%lld keys, %lld starts, %lld frames looked at: %lld armed, %lld with a plan, %lld at the typed line; %lld local intents, %lld writes\n", (long long)h.keys,
	              (long long)h.starts, (long long)h.frames, (long long)h.armed, (long long)h.sheets, (long long)h.asked, (long long)h.filed, (long long)h.writes);
	assert_int_equal(h.writes, 0);
	assert_true(h.armed && h.sheets && h.asked); /* it was where a slip could have done harm */
	if (n >= QUICK_KEYS)
		assert_int_equal(panes_missed(&h), 0); /* and everywhere else */
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_typed_line_is_counted),
		cmocka_unit_test(no_slip_reaches_a_marketplace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
