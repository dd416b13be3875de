/*
 * Settings: what holds, what would hold without a line, which line says so. With a screen's name: the limits by which that screen judges, and how they
 * are changed. It is a view: a setting is changed in its file, and holds when the engine has been started anew.
 */
#include "trade/in_force.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"

#include <stdio.h>
#include <string.h>

struct settings_pane {
	struct board_pane base; /* first */
};

/* What draws the line on a screen. */
static const struct {
	const char *screen, *section, *key; /* key NULL: all of the section */
} limits[] = {
	{ "drift", "rec", NULL },           { "drift", "stock", "low" },          { "drift", "stock", "read_s" },       { "drift", "atp", NULL },
	{ "drift", "alloc", "hysteresis" }, { "health", "zero", NULL },           { "health", "alloc", "dark_min" },    { "health", "atp", "max_age_min" },
	{ "health", "cache", NULL },        { "health", "outage", NULL },         { "health", "stock", "accept_warn_s" }, { "health", "orders", "poll_s" },
	{ "health", "raw", NULL },
};

static bool is_limit(const char *screen, const struct in_force *f)
{
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (!strcmp(limits[i].screen, screen) && !strcmp(limits[i].section, f->section) && (!limits[i].key || !strcmp(limits[i].key, f->key)))
			return true;
	return false;
}

static bool has_limits(const char *screen)
{
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (!strcmp(limits[i].screen, screen))
			return true;
	return false;
}

static const struct board_column columns[] = {
	{ "SECTION", 10, 18, 0, ALIGN_LEFT, ROOM_COMPACT }, { "SETTING", 16, 18, 16, ALIGN_LEFT, ROOM_TINY }, { "HOLDS", 16, 26, 0, ALIGN_LEFT, ROOM_TINY },
	{ "WITHOUT A LINE", 14, 16, 0, ALIGN_LEFT, ROOM_FULL }, { "SAID BY", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
};

/* The file's name without its folders: where it lies is said once, above. */
static const char *brief(const char *source)
{
	const char *slash = strrchr(source, '/');

	return slash ? slash + 1 : source;
}

static const char *why(struct pane *p, const struct in_force *f)
{
	const char *then = *f->file_says ? arena_printf(p->facts, " The file says %s by now.", f->file_says) : "";

	return arena_printf(p->facts, "%s%s[%s] %s = %s   said by: %s.%s\n\nTo change it write the line into %s; it holds when the engine is started anew. "
	                              "tallyman plan --set KEY=VALUE shows first what a rule of quantities would touch.",
	                    f->help, *f->help ? "\n\n" : "", f->section, f->key, f->value, f->source, then, p->config ? p->config : "the engine's tallyman.ini");
}

static void put_line(struct pane *p, struct board_block *b, const struct in_force *f)
{
	struct arena *a = p->facts;
	const char *by = *f->file_says ? arena_printf(a, "WARN the file says %s: not read yet", f->file_says) : brief(f->source);
	struct board_line *l = LINE(b, bit(ROLE_MUTED, f->section), bit(ROLE_FG, arena_printf(a, "%s%s", f->set ? "* " : "  ", f->key)), bit(f->set ? ROLE_VALUE : ROLE_FG, *f->value ? f->value : "-"),
	                            bit(ROLE_MUTED, *f->usual ? f->usual : "-"), bit(*f->file_says ? ROLE_WARN : ROLE_FG, by));

	l->key = arena_printf(a, "%s %s", f->section, f->key);
	l->why = why(p, f);
}

static enum fault settings_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct settings_pane *v = p->self;
	bool narrow = has_limits(p->subject);
	const char *file = p->config ? brief(p->config) : "no file that is known here";
	struct board_block *b;
	struct in_force *f;
	int n, set = 0;

	v->base.board = board_new(facts);
	if (in_force_read(s, p->config, narrow ? NULL : p->subject, facts, &f, &n, err))
		return err->fault;
	b = board_block(&v->base.board, narrow ? arena_printf(facts, "What %s judges by", p->subject) : "What holds", file, columns, 5);
	b->clip = true;
	for (int i = 0; i < n; i++) {
		if (narrow && !is_limit(p->subject, &f[i]))
			continue;
		put_line(p, b, &f[i]);
		set += f[i].set;
	}
	if (!b->n)
		return err_set(err, FAULT_REFUSED, "no setting stands in [%.40s]", p->subject);
	snprintf(v->base.strip, sizeof v->base.strip, "Settings%s%s   %d, * %d said by a line", *p->subject ? " > " : "", p->subject, b->n, set);
	v->base.hint = "x what it means and how it is changed";
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

const struct pane_type pane_settings = {
	.name = "settings",
	.says = "what the configuration says, what holds without a line, and where each is from; a section's name behind it shows that alone",
	.help = "What the engine goes by: each setting, the value that holds, the one that holds without a line, and the file and line that says so (* in front). "
	        "x tells what it means. Of a secret only where it lies is shown. Nothing is changed here: the file is, and tallyman plan shows first what that would do to "
	        "quantities; rules for one SKU or tag are tallyman policy. The keys are in keymap.ini, the theme is on T, buffers of an account in its [account] section.",
	.where = WHERE_DETAILS | WHERE_PANES | WHERE_SETTINGS,
	.size = sizeof(struct settings_pane),
	.keys = (const enum act[]){ ACT_EXPLAIN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_EXPORT, ACT_NONE },
	.load = settings_load,
	BOARD_PANE,
};
