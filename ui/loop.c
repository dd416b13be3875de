#include "ui/loop.h"

#include "ui/canvas.h"
#include "ui/term.h"
#include "ui/theme.h"

#include <errno.h>
#include <poll.h>

struct loop {
	const struct loop_setup *setup;
	struct canvas canvas;
	bool dirty;        /* something may look different */
	bool news;         /* the store has changed, and that was not painted yet */
	int64_t news_ms;   /* when news was painted last */
	int64_t looked_ms;
	int64_t save_ms;   /* when the place must be written down; 0: it stands as it is */
	const struct pane *saved; /* the pane it was last written in */
	bool quit, gone;
};

static void theme_apply(struct loop *c)
{
	const struct loop_setup *s = c->setup;
	struct theme theme;
	struct err err = { 0 };

	if (theme_load(s->theme_dir, desk_theme(s->desk), &theme, &err) != OK) {
		desk_say(s->desk, LEVEL_WARN, "%s", err.text);
		if (theme_load(NULL, "default", &theme, NULL) != OK)
			return;
	}
	terminal_theme(s->terminal, &theme, theme_depth(terminal_colours(s->terminal), s->no_colour));
}

static void fit(struct loop *c)
{
	int w, h;

	terminal_size(c->setup->terminal, &w, &h);
	if (c->canvas.grid && c->canvas.w == w && c->canvas.h == h)
		return;
	canvas_free(&c->canvas);
	c->canvas = canvas_new(w, h);
}

static void save(struct loop *c)
{
	desk_save(c->setup->desk);
	c->save_ms = 0;
	c->saved = desk_pane(c->setup->desk);
}

static void suspend(struct loop *c)
{
	save(c);
	if (!terminal_suspend(c->setup->terminal))
		desk_say(c->setup->desk, LEVEL_INFO, "no shell above this one could continue it: not suspended");
}

static void obey(struct loop *c, unsigned wants)
{
	struct terminal *t = c->setup->terminal;

	if (wants & DESK_FLUSH)
		terminal_flush(t);
	if (wants & DESK_THEME)
		theme_apply(c);
	if (wants & DESK_MOUSE)
		terminal_mouse(t, desk_mouse(c->setup->desk));
	if (wants & DESK_REPAINT)
		terminal_repaint(t);
	if (wants & DESK_SUSPEND)
		suspend(c);
	c->quit |= (wants & DESK_QUIT) != 0;
}

static void inputs(struct loop *c)
{
	struct input in;

	while (!c->quit && terminal_next(c->setup->terminal, &in)) {
		c->gone |= in.kind == INPUT_GONE;
		if (in.kind == INPUT_RESIZE)
			fit(c);
		obey(c, desk_input(c->setup->desk, &in));
		c->dirty = true;
		c->save_ms = c->save_ms ? c->save_ms : clock_now(&c->setup->hand) + LOOP_SAVE_MS;
	}
}

static void look(struct loop *c, int64_t now)
{
	c->looked_ms = now;
	if (c->setup->look && c->setup->look(c->setup->ctx, c->setup->desk)) {
		c->news = true;
		desk_changed(c->setup->desk);
	}
	c->dirty |= !c->setup->look; /* the minute alone */
}

/* A key is answered at once; news may wait for its half second. */
static bool is_time(const struct loop *c, int64_t now)
{
	return c->dirty || (c->news && now - c->news_ms >= LOOP_NEWS_MS);
}

static void paint(struct loop *c, int64_t now)
{
	struct terminal *t = c->setup->terminal;
	char title[128];
	bool slow = terminal_slow(t);

	desk_slow(c->setup->desk, slow);
	desk_draw(c->setup->desk, &c->canvas);
	if (!terminal_paint(t, &c->canvas))
		return; /* still dirty: as soon as the line has taken the last frame */
	desk_title(c->setup->desk, title, sizeof title);
	terminal_title(t, title);
	if (c->news || slow)
		c->news_ms = now;
	c->dirty = false;
	c->news = slow; /* SLOW LINK went out whole, so it is no longer true: take it away in a moment */
}

static int64_t least(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static int timeout(const struct loop *c, int fd, bool busy, int64_t now)
{
	int64_t wait = least(desk_due(c->setup->desk), terminal_due(c->setup->terminal));

	if (c->save_ms)
		wait = least(wait, c->save_ms > now ? c->save_ms - now : 0);
	if (c->news && !busy)
		wait = least(wait, c->news_ms + LOOP_NEWS_MS > now ? c->news_ms + LOOP_NEWS_MS - now : 0);
	if (c->setup->look && fd < 0)
		wait = least(wait, c->looked_ms + LOOP_LOOK_MS > now ? c->looked_ms + LOOP_LOOK_MS - now : 0);
	return (int)(wait < 60000 ? wait : 60000);
}

static void wait_for_something(struct loop *c)
{
	int64_t now = clock_now(&c->setup->hand), due = now + desk_due(c->setup->desk);
	int fd = c->setup->fd ? c->setup->fd(c->setup->ctx) : -1;
	struct pollfd fds[TERMINAL_FDS + 1];

	terminal_fds(c->setup->terminal, fds);
	fds[TERMINAL_FDS] = (struct pollfd){ fd, POLLIN, 0 };
	if (poll(fds, TERMINAL_FDS + 1, timeout(c, fd, (fds[0].events & POLLOUT) != 0, now)) < 0 && errno != EINTR)
		return;
	terminal_ready(c->setup->terminal, fds);
	now = clock_now(&c->setup->hand);
	if (fds[TERMINAL_FDS].revents || now >= due || (fd < 0 && c->setup->look && now - c->looked_ms >= LOOP_LOOK_MS))
		look(c, now);
	c->dirty |= now >= due;
}

bool loop_run(const struct loop_setup *setup)
{
	struct loop c = { .setup = setup, .dirty = true };

	fit(&c);
	theme_apply(&c);
	look(&c, clock_now(&setup->hand));
	while (!c.quit) {
		int64_t now = clock_now(&setup->hand);

		if (is_time(&c, now))
			paint(&c, now);
		if ((c.save_ms && now >= c.save_ms) || c.saved != desk_pane(setup->desk))
			save(&c);
		wait_for_something(&c);
		inputs(&c);
	}
	save(&c);
	canvas_free(&c.canvas);
	return !c.gone;
}
