#include "ui/console_inside.h"

#include "base/file.h"
#include "net/ask.h"
#include "store/store.h"
#include "trade/bundle.h"
#include "trade/logins.h"
#include "trade/past.h"
#include "ui/keymap.h"
#include "ui/loop.h"
#include "ui/panes/all.h"
#include "ui/panes/prints.h"
#include "ui/snapshot.h"
#include "ui/state.h"

#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYMAP_MOST = 1024 * 1024 };

/* ---- news ---- */

static int news_fd(void *ctx)
{
	struct console *c = ctx;

	return c->line ? ask_line_fd(c->line) : -1;
}

/* Ages and deadlines step with the minute; what is held still by p stays as it is. */
static void step_minute(struct console *c, struct desk *desk)
{
	int64_t minute = clock_now(&c->hand) / 60000;

	if (minute != c->minute)
		desk_pane(desk)->stale |= !desk_pane(desk)->paused;
	c->minute = minute;
}

bool console_know(struct console *c)
{
	struct desk_facts facts;
	struct err err = { 0 };
	int64_t version = store_data_version(c->store);
	bool moved = version != c->version;

	c->version = version;
	if (console_facts(c, &facts, &err) == OK && (!moved || console_tell(c, &err) == OK))
		desk_know(c->desk, &facts);
	else
		desk_say(c->desk, LEVEL_CRIT, "%s", err.text);
	return moved;
}

static bool look(void *ctx, struct desk *desk)
{
	struct console *c = ctx;
	bool had_line = c->line != NULL;

	arena_reset(c->turn);
	if (console_dial(c) && !c->told_login && clock_steady(&c->hand) >= c->login_ms)
		console_login(c);
	console_hear(c);
	step_minute(c, desk);
	return console_know(c) || had_line != (c->line != NULL);
}

/* ---- beginning and end ---- */

/* What is wrong with a person's own key map is told and passed over. */
static enum fault open_keys(struct console *c, struct err *complaint, struct err *err)
{
	const char *text = NULL;

	if (keymap_new(&c->keymap, err))
		return err->fault;
	if (c->o->keymap)
		file_read(c->turn, c->o->keymap, KEYMAP_MOST, &text, NULL, complaint);
	if (text)
		keymap_read(c->keymap, c->o->keymap, text, NULL, complaint);
	return OK;
}

/* As the audit names who sits here. */
static void know_person(struct console *c)
{
	c->began_ms = clock_now(&c->o->clock);
	if (!bundle_now(c->store)) /* whose numbers are those of another machine's people */
		snprintf(c->person, sizeof c->person, "%s", login_actor(getuid(), 0, c->turn));
}

static void open_desk(struct console *c, const struct err *complaint)
{
	struct desk_setup setup = {
		.screens = pane_screens,
		.details = pane_details,
		.prints = pane_prints,
		.resume = deed_resume,
		.keymap = c->keymap,
		.person = *c->person ? c->person : NULL,
		.config = c->o->config,
		.state = c->state,
		.world = c->o->clock,
		.hand = c->hand,
		.host = console_host(c),
		.readonly = c->o->readonly,
		.pastes_marked = c->term && terminal_pastes(c->term),
		.themes = c->themes,
		.theme = theme_for_ground(getenv("COLORFGBG")),
	};

	theme_names(c->o->themes, c->themes);
	if (c->o->theme && c->state)
		state_put(c->state, "desk", "theme", c->o->theme);
	c->desk = desk_new(&setup);
	desk_read_from(c->desk, c->store);
	if (complaint->fault)
		desk_say(c->desk, LEVEL_WARN, "%s", complaint->text);
}

static enum fault open_terminal(struct console *c, struct err *err)
{
	struct terminal_setup setup = {
		.in = STDIN_FILENO, .out = STDOUT_FILENO, .term = getenv("TERM"), .ascii = c->o->ascii, .clock = c->hand
	};
	char path[512];

	if (terminal_open(&setup, &c->term, err))
		return err->fault;
	if (state_path(c->o->store, path, sizeof path, err) == OK)
		c->state = state_open(path, NULL);
	return OK;
}

static void shut(struct console *c)
{
	desk_free(c->desk);
	state_close(c->state);
	ask_hang_up(c->line);
	keymap_free(c->keymap);
	store_close(c->store);
	arena_free(c->turn);
}

static enum fault run_screen(struct console *c, const struct err *complaint, struct err *err)
{
	if (open_terminal(c, err))
		return err->fault;
	know_person(c);
	open_desk(c, complaint);
	if (terminal_fallback(c->term))
		desk_say(c->desk, LEVEL_WARN, "TERM=%s is not known here; drawn as %s", getenv("TERM"), terminal_fallback(c->term));
	loop_run(&(struct loop_setup){
		.terminal = c->term, .desk = c->desk, .hand = c->hand, .theme_dir = c->o->themes, .no_colour = getenv("NO_COLOR"), .ctx = c, .fd = news_fd, .look = look });
	terminal_close(c->term);
	return OK;
}

/* ---- one frame, without a terminal ---- */

/* "orders", "order:17", "explain:item:4" */
static enum fault open_named(struct console *c, const char *name, struct err *err)
{
	size_t n = strcspn(name, ":");
	const struct pane_type *type = pane_by_name(arena_strndup(c->turn, name, n));

	if (!type)
		return err_set(err, FAULT_REFUSED, "there is no pane called %s", name);
	for (int i = 0; i < DESK_SCREENS; i++)
		if (pane_screens[i].type == type) {
			desk_screen(c->desk, i);
			return OK;
		}
	desk_open_apart(c->desk, type, name[n] ? name + n + 1 : "");
	return OK;
}

static enum fault run_frame(struct console *c, const struct err *complaint, struct err *err)
{
	struct buf out;
	int w = 80, h = 24;

	if (c->o->size && !snapshot_size(c->o->size, &w, &h))
		return err_set(err, FAULT_REFUSED, "%s is no size: 80x24", c->o->size);
	know_person(c);
	open_desk(c, complaint);
	look(c, c->desk);
	if (open_named(c, c->o->frame, err))
		return err->fault;
	out = buf_new(c->turn);
	if (c->o->roles)
		snapshot_roles(c->desk, w, h, &out);
	else
		snapshot_frame(c->desk, w, h, c->o->ascii ? RENDITION_ASCII : RENDITION_UTF8, &out);
	fputs(out.p, stdout);
	return OK;
}

/* The past is a copy that is taken back: it belongs to this console alone. */
static enum fault open_store(struct console *c, struct err *err)
{
	const struct console_options *o = c->o;

	if (!o->past_ms)
		return store_open(o->store, STORE_READ, &c->store, err);
	return past_open(o->store, o->past_ms, o->hindsight ? PAST_VALID : PAST_KNOWN, &c->store, err);
}

int console_run(const struct console_options *o)
{
	struct console c = { .o = o, .turn = arena_new(), .hand = o->hand.now ? o->hand : clock_real() };
	struct err complaint = { 0 }, err = { 0 };
	enum fault bad;

	setlocale(LC_ALL, "");
	snprintf(c.socket, sizeof c.socket, "%s%s", o->socket ? o->socket : o->store, o->socket ? "" : "/engine.sock");
	bad = open_store(&c, &err);
	if (!bad)
		bad = open_keys(&c, &complaint, &err);
	if (!bad)
		bad = o->frame ? run_frame(&c, &complaint, &err) : o->plain ? console_plain(&c, &err) : run_screen(&c, &complaint, &err);
	shut(&c);
	if (bad)
		fprintf(stderr, "tallyman: %s\n", err.text);
	return bad == OK ? 0 : o->frame && bad == FAULT_REFUSED ? 2 : 1;
}
