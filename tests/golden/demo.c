#include "golden/demo.h"

#include "ui/clipboard.h"
#include "ui/keymap.h"
#include "ui/loop.h"
#include "ui/state.h"
#include "ui/term.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 1000 };

struct rows {
	int at, top;
	char filter[64];
	bool crash, abort;
};

static bool want_crash, want_abort;

static void rows_draw(const struct pane *p, struct canvas *c)
{
	const struct rows *r = p->self;
	int top = r->at / (c->h > 0 ? c->h : 1) * c->h;

	for (int y = 0; y < c->h && top + y < ROWS; y++) {
		canvas_put(c, 0, y, ROLE_CURSOR, top + y == r->at ? ">" : "");
		canvas_printf(c, 2, y, ROLE_FG, "order %04d  SKU-%04d  x%d  %7d.%02d EUR  amazon-de  M\u00fcller \u5bff\u53f8", top + y, (top + y) * 7 % 311,
		              1 + (top + y) % 4, (top + y) * 31 % 997, (top + y) % 100);
		canvas_put(c, c->w - 8, y, (top + y) % 5 ? ROLE_OK : ROLE_CRIT, (top + y) % 5 ? "ok" : "LATE");
	}
	canvas_cursor(c, 0, r->at - top, false);
}

static bool rows_act(struct pane *p, enum act act, struct wish *wish)
{
	struct rows *r = p->self;

	switch (act) {
	case ACT_DOWN: r->at += r->at < ROWS - 1; return true;
	case ACT_UP: r->at -= r->at > 0; return true;
	case ACT_PAGE_DOWN: r->at = r->at + p->rows < ROWS ? r->at + p->rows : ROWS - 1; return true;
	case ACT_FIRST: r->at = 0; return true;
	case ACT_LAST: r->at = ROWS - 1; return true;
	case ACT_FILTER: wish->kind = WISH_ASK; wish->ask = ASK_FILTER; wish->text = "/"; return true;
	case ACT_COPY: wish->kind = WISH_COPY; wish->text = "order"; wish->what = "the id"; return true;
	case ACT_ACK_ALERT:
		if (want_crash)
			raise(SIGSEGV);
		if (want_abort)
			abort();
		return false;
	default: return false;
	}
}

static void rows_answer(struct pane *p, struct answer *a, struct wish *wish)
{
	struct rows *r = p->self;

	(void)wish;
	snprintf(r->filter, sizeof r->filter, "%s", a->text ? a->text : "");
}

static void rows_strip(const struct pane *p, struct strip *s)
{
	const struct rows *r = p->self;

	*s = (struct strip){ .view = "All", .filter = *r->filter ? r->filter : NULL, .sort = "number^", .shown = ROWS, .total = ROWS, .live = true };
}

static void rows_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	const struct rows *r = p->self;
	char at[16];

	snprintf(at, sizeof at, "%d", r->at);
	put(ctx, "at", at);
}

static void rows_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	struct rows *r = p->self;
	const char *at = get(ctx, "at");

	r->at = at ? atoi(at) % ROWS : 0;
}

static const enum act keys[] = { ACT_DOWN, ACT_UP, ACT_FILTER, ACT_NONE };
static const struct pane_type rows = {
	.name = "rows", .help = "A thousand rows.", .where = WHERE_LISTS | WHERE_ORDERS | WHERE_OVERVIEW, .size = sizeof(struct rows), .keys = keys,
	.draw = rows_draw, .act = rows_act, .answer = rows_answer, .strip = rows_strip, .save = rows_save, .restore = rows_restore,
};

/* ---- frames that nobody would draw: what the painter has to bear ---- */

struct scribble {
	int frame;
};

/* Text of every width, from before the left edge to past the right one; half of it over what stands there. */
static void scribble_text(struct rng *r, struct canvas *c)
{
	static const char *const words[] = { "order", "\u5bff\u53f8", "M\u00fcller", "e\u0301\u0301a\u0308", "\U0001f44d\U0001f3fd", "  ", "\uff21\uff22",
		                             "x\u0301\u5bff", "~~~~~~~~~~~~~~~~", "                              ", "\033[7m", "\u202eRTL", "\u00ad-", "\u5bff" };
	int x = (int)rng_below(r, c->w + 6) - 3, y = (int)rng_below(r, c->h), n = (int)rng_below(r, 6);
	enum role role = (enum role)rng_below(r, ROLES);

	for (int i = 0; i <= n; i++)
		x = canvas_put(c, x, y, role, words[rng_below(r, sizeof words / sizeof *words)]);
	if (rng_below(r, 4) == 0)
		canvas_attr(c, (int)rng_below(r, c->w), y, (int)rng_below(r, 12), (unsigned)rng_below(r, 8));
}

static void scribble_shape(struct rng *r, struct canvas *c)
{
	struct canvas part = canvas_part(c, (int)rng_below(r, c->w), (int)rng_below(r, c->h), (int)rng_below(r, c->w), (int)rng_below(r, c->h));

	switch (rng_below(r, 4)) {
	case 0: canvas_box(&part, "\u5bff\u53f8 title", "remark"); break;
	case 1: canvas_fill(&part, (enum role)rng_below(r, ROLES)); break;
	case 2: canvas_bar(&part, 0, 0, part.w, rng_below(r, 10), 10); break;
	default: canvas_role(c, 0, (int)rng_below(r, c->h), c->w, (enum role)rng_below(r, ROLES));
	}
}

/* Each frame is the one before with something over it, so that most cells stay; every seventh begins from nothing. */
static void scribble_draw(const struct pane *p, struct canvas *c)
{
	const struct scribble *s = p->self;

	for (int i = s->frame - s->frame % 7; i <= s->frame && c->w > 0 && c->h > 0; i++) {
		struct rng r = rng_seeded((uint64_t)i);

		for (int64_t n = 1 + rng_below(&r, 12); n > 0; n--)
			rng_below(&r, 4) ? scribble_text(&r, c) : scribble_shape(&r, c);
	}
}

static bool scribble_act(struct pane *p, enum act act, struct wish *wish)
{
	struct scribble *s = p->self;

	(void)wish;
	s->frame += act == ACT_DOWN;
	return act == ACT_DOWN;
}

static const struct pane_type scribble = {
	.name = "scribble", .help = "Frames that nobody would draw.", .where = WHERE_ALL, .size = sizeof(struct scribble),
	.draw = scribble_draw, .act = scribble_act,
};

static void blank_draw(const struct pane *p, struct canvas *c)
{
	(void)p;
	(void)c;
}

static const struct pane_type blank = { .name = "blank", .where = WHERE_ALL, .draw = blank_draw };

static const struct desk_screen screens[DESK_SCREENS] = {
	{ "Overview", "Over", &rows }, { "Orders", "Orders", &scribble }, { "Drift", "Drift", &blank },   { "Health", "Health", &blank },
	{ "Failed", "Failed", &blank },  { "Zero-out", "Zero", &blank }, { "Alerts", "Alerts", &blank }, { "Engine", "Engine", &blank },
	{ "Handover", "Hand", &blank },  { "Audit", "Audit", &blank },
};

static const struct desk_facts facts = {
	.store = "demo", .profile = "sandbox", .demo = true, .operator = "ops-a", .worst = "walmart-us DOWN", .channels_ok = 6, .channels = 7,
	.crit = 1, .warn = 3, .fresh_ms = 14000, .oldest_ms = 372000, .engine = true,
};

static enum fault copy(void *ctx, const char *text, char *how, size_t cap, struct err *err)
{
	if (clipboard_tmux(text))
		snprintf(how, cap, "by tmux");
	else if (terminal_copy(ctx, text))
		snprintf(how, cap, "by OSC 52");
	else
		return err_set(err, FAULT_REFUSED, "this terminal takes nothing to its clipboard");
	return OK;
}

static const char *word(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 1; i < argc; i++)
		if (!strncmp(argv[i], name, n) && (!argv[i][n] || argv[i][n] == '='))
			return argv[i] + n + (argv[i][n] == '=');
	return NULL;
}

int demo_main(int argc, char **argv)
{
	int64_t at = 1795161480000; /* Friday 2026-11-20, 07:58:00Z, and it stays */
	struct clock world = clock_manual(&at), hand = clock_real();
	struct state *state = state_open(word(argc, argv, "state"), NULL);
	struct terminal *t;
	struct keymap *km;
	struct desk *d;
	struct err err = { 0 };
	bool quit;

	setlocale(LC_ALL, "");
	want_crash = word(argc, argv, "crash");
	want_abort = word(argc, argv, "abort");
	if (terminal_open(&(struct terminal_setup){ 0, 1, getenv("TERM"), word(argc, argv, "ascii"), hand }, &t, &err) != OK || keymap_new(&km, &err) != OK) {
		fprintf(stderr, "demo: %s\n", err.text);
		return 1;
	}
	d = desk_new(&(struct desk_setup){ .screens = screens, .keymap = km, .state = state, .world = world, .hand = hand,
	                                   .host = { .ctx = t, .copy = copy }, .pastes_marked = terminal_pastes(t), .themes = "default light mono" });
	desk_know(d, &facts);
	if (terminal_fallback(t))
		desk_say(d, LEVEL_WARN, "TERM=%s is unknown, drawn as %s", getenv("TERM"), terminal_fallback(t));
	quit = loop_run(&(struct loop_setup){ .terminal = t, .desk = d, .hand = hand, .no_colour = getenv("NO_COLOR") });
	terminal_close(t);
	desk_free(d);
	keymap_free(km);
	state_close(state);
	return quit ? 0 : 3;
}

static pid_t shell_start(const char *self)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		execl(self, self, "--demo", (char *)NULL);
		_exit(127);
	}
	setpgid(pid, pid);
	return pid;
}

int demo_shell(const char *self)
{
	pid_t pid;
	int status;
	char c;

	signal(SIGTTOU, SIG_IGN);
	pid = shell_start(self);
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		tcsetpgrp(0, getpgrp());
		if (write(1, "STOPPED\r\n", 9) != 9 || read(0, &c, 1) != 1)
			return 1;
		tcsetpgrp(0, pid);
		kill(-pid, SIGCONT);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
