#include "ui/theme.h"

#include "base/asset.h"
#include "base/config.h"
#include "base/file.h"
#include "base/text.h"
#include "ui/canvas.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARENTS_MAX = 4, NAME_MOST = 31, FILE_MOST = 65536 };

static const char *const colours[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"brightblack", "brightred", "brightgreen", "brightyellow", "brightblue", "brightmagenta", "brightcyan", "brightwhite",
};

/* What two colours can say. */
static const uint8_t two[ROLES] = {
	[ROLE_TITLE] = ATTR_BOLD,
	[ROLE_TAB_CUR] = ATTR_BOLD,
	[ROLE_CURSOR] = ATTR_REVERSE,
	[ROLE_MARK] = ATTR_BOLD,
	[ROLE_CRIT] = ATTR_BOLD | ATTR_REVERSE,
	[ROLE_WARN] = ATTR_BOLD,
	[ROLE_STALE] = ATTR_UNDERLINE,
	[ROLE_KEY] = ATTR_BOLD,
	[ROLE_ERROR] = ATTR_BOLD,
	[ROLE_ARMED] = ATTR_REVERSE,
	[ROLE_DIFF_ADD] = ATTR_BOLD,
	[ROLE_LINK] = ATTR_UNDERLINE,
};

struct reading {
	const char *dir;
	struct style want[DEPTHS][ROLES];
	bool said[DEPTHS][ROLES];
	int parents;
};

int theme_rgb(int colour)
{
	static const int low[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	                             0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };
	static const int step[6] = { 0, 95, 135, 175, 215, 255 };
	int cube = colour - 16, grey = 8 + 10 * (colour - 232);

	if (colour < 16)
		return colour < 0 ? 0 : low[colour];
	if (colour < 232)
		return step[cube / 36] << 16 | step[cube / 6 % 6] << 8 | step[cube % 6];
	return grey << 16 | grey << 8 | grey;
}

/*
 * The one of the first 16 that has the same hue: what lies above the middle of its red, green and blue is in it.
 * Greys become white or black, never bright black, which many terminals show as their background.
 */
static int16_t to_16(int16_t colour)
{
	int rgb = theme_rgb(colour), red = rgb >> 16, green = rgb >> 8 & 255, blue = rgb & 255;
	int most = red > green ? red : green, least = red < green ? red : green, middle;

	if (colour < 16)
		return colour;
	most = most > blue ? most : blue;
	least = least < blue ? least : blue;
	middle = (most + least) / 2;
	if (most - least < 32)
		return most < 100 ? 0 : most > 250 ? 15 : 7;
	return (int16_t)((red >= middle) | (green >= middle) << 1 | (blue >= middle) << 2 | (most > 200) << 3);
}

static struct style style_16(struct style s)
{
	return (struct style){ to_16(s.fg), to_16(s.bg), s.attr };
}

static struct style style_8(struct style s)
{
	s = style_16(s);
	if (s.fg >= 8) {
		s.fg = (int16_t)(s.fg - 8);
		s.attr |= ATTR_BOLD;
	}
	if (s.bg >= 8)
		s.bg = (int16_t)(s.bg - 8);
	return s;
}

static bool colour_parse(const char *word, int16_t *out)
{
	int64_t n;

	if (!strcmp(word, "default")) {
		*out = COLOUR_DEFAULT;
		return true;
	}
	for (int16_t i = 0; i < 16; i++) {
		if (!strcmp(word, colours[i])) {
			*out = i;
			return true;
		}
	}
	if (!text_int(word, 0, 255, &n))
		return false;
	*out = (int16_t)n;
	return true;
}

static bool attr_parse(const char *word, uint8_t *attr)
{
	static const struct { const char *name; uint8_t attr; } attrs[] = {
		{ "bold", ATTR_BOLD }, { "reverse", ATTR_REVERSE }, { "underline", ATTR_UNDERLINE },
	};

	for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++) {
		if (!strcmp(word, attrs[i].name)) {
			*attr |= attrs[i].attr;
			return true;
		}
	}
	return false;
}

/* "FOREGROUND [BACKGROUND] [bold] [reverse] [underline]" */
static enum fault style_parse(const char *file, const struct config_line *line, enum role role, struct style *out, struct err *err)
{
	char copy[128], *rest = copy, *word;
	int n = 0;

	*out = (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	snprintf(copy, sizeof copy, "%s", line->value);
	while ((word = strtok_r(rest, " \t", &rest))) {
		bool colour = n < 2 && colour_parse(word, n ? &out->bg : &out->fg);

		if (colour)
			n++;
		else if (!attr_parse(word, &out->attr))
			return err_set(err, FAULT_REFUSED,
			               "%s:%d: \"%.24s\" is no colour (default, red, brightred ..., 0..255) and not bold, reverse or underline",
			               file, line->line, word);
	}
	if (n == 0)
		return err_set(err, FAULT_REFUSED, "%s:%d: %.24s wants a foreground colour", file, line->line, line->key);
	if (role == ROLE_BG && n == 1) { /* the ground is one colour: what stands behind everything */
		out->bg = out->fg;
		out->fg = COLOUR_DEFAULT;
	}
	if (out->fg == 8 && role != ROLE_BORDER && role != ROLE_BAR_EMPTY)
		return err_set(err, FAULT_REFUSED, "%s:%d: brightblack vanishes on many terminals; text such as %.24s needs another", file,
		               line->line, line->key);
	return OK;
}

static enum depth section_depth(const char *section)
{
	static const struct { const char *name; enum depth depth; } known[] = {
		{ "roles", DEPTH_256 }, { "roles 16", DEPTH_16 }, { "roles 8", DEPTH_8 }, { "roles 2", DEPTH_2 },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(section, known[i].name))
			return known[i].depth;
	return DEPTHS;
}

static enum fault reading_line(struct reading *r, const char *file, const struct config_line *line, struct err *err)
{
	enum depth depth = section_depth(line->section);
	enum role role = role_from_name(line->key);
	enum fault fault;

	if (!strcmp(line->section, "theme")) {
		if (!strcmp(line->key, "about") || !strcmp(line->key, "inherits"))
			return OK;
		return err_set(err, FAULT_REFUSED, "%s:%d: [theme] knows about and inherits, not %.24s", file, line->line, line->key);
	}
	if (depth == DEPTHS)
		return err_set(err, FAULT_REFUSED, "%s:%d: no section [%.24s]; there are [theme], [roles], [roles 16], [roles 8], [roles 2]",
		               file, line->line, line->section);
	if (role == ROLES)
		return err_set(err, FAULT_REFUSED, "%s:%d: no role %.24s; themes/README.md lists them", file, line->line, line->key);
	fault = style_parse(file, line, role, &r->want[depth][role], err);
	if (fault == OK && depth == DEPTH_2 && (r->want[depth][role].fg != COLOUR_DEFAULT || r->want[depth][role].bg != COLOUR_DEFAULT))
		fault = err_set(err, FAULT_REFUSED, "%s:%d: with two colours there is only default", file, line->line);
	if (fault == OK)
		r->said[depth][role] = true;
	return fault;
}

/* A theme's text from the person's folder or from the built-in ones. FAULT_REFUSED when there is none of that name, or his cannot be read. */
static enum fault theme_text(struct arena *a, const char *dir, const char *name, const char **file, const char **text, struct err *err)
{
	*text = NULL;
	if (!text_id(name, "-_", NAME_MOST))
		return err_set(err, FAULT_REFUSED, "there is no theme %.32s", name);
	if (dir) {
		*file = arena_printf(a, "%s/%s.ini", dir, name);
		if (file_read(a, *file, FILE_MOST, text, NULL, err))
			return FAULT_REFUSED;
	}
	if (*text)
		return OK;
	*file = arena_printf(a, "themes/%s.ini", name);
	*text = asset_get(a, *file, NULL);
	return *text ? OK : err_set(err, FAULT_REFUSED, "there is no theme %.32s", name);
}

static enum fault reading_text(struct reading *r, const char *file, const char *text, struct err *err);

static enum fault reading_parent(struct reading *r, const char *file, const struct config *c, struct err *err)
{
	const char *name = config_get(c, "theme", "inherits", NULL), *parent, *text;
	int line = config_line_of(c, "theme", "inherits");
	struct err why;

	if (!name)
		return OK;
	if (++r->parents > PARENTS_MAX)
		return err_set(err, FAULT_REFUSED, "%s:%d: themes inherit in a circle, or more than %d deep", file, line, PARENTS_MAX);
	if (theme_text(c->arena, r->dir, name, &parent, &text, &why))
		return err_set(err, FAULT_REFUSED, "%s:%d: %s to inherit from", file, line, why.text);
	return reading_text(r, parent, text, err);
}

static enum fault reading_text(struct reading *r, const char *file, const char *text, struct err *err)
{
	struct config *c = config_new();
	enum fault fault = config_text(c, file, text, err);

	if (fault == OK)
		fault = reading_parent(r, file, c, err);
	for (int i = 0; i < c->n && fault == OK; i++)
		fault = reading_line(r, file, &c->lines[i], err);
	config_free(c);
	return fault;
}

/* A role that leaves a colour to default takes it from fg and bg. */
static void styles_ground(struct style *styles)
{
	for (enum role r = 0; r < ROLES; r++) {
		if (styles[r].fg == COLOUR_DEFAULT)
			styles[r].fg = styles[ROLE_FG].fg;
		if (styles[r].bg == COLOUR_DEFAULT)
			styles[r].bg = styles[ROLE_BG].bg;
	}
}

static void theme_resolve(const struct reading *r, struct theme *out)
{
	for (enum role i = 0; i < ROLES; i++) {
		struct style full = r->said[DEPTH_256][i] ? r->want[DEPTH_256][i] : (struct style){ COLOUR_DEFAULT, COLOUR_DEFAULT, two[i] };
		struct style plain = { COLOUR_DEFAULT, COLOUR_DEFAULT, two[i] };

		out->style[DEPTH_256][i] = full;
		out->style[DEPTH_16][i] = r->said[DEPTH_16][i] ? r->want[DEPTH_16][i] : style_16(full);
		out->style[DEPTH_8][i] = r->said[DEPTH_8][i] ? r->want[DEPTH_8][i] : style_8(out->style[DEPTH_16][i]);
		out->style[DEPTH_2][i] = r->said[DEPTH_2][i] ? r->want[DEPTH_2][i] : plain;
	}
	for (enum depth d = 0; d < DEPTHS; d++)
		styles_ground(out->style[d]);
}

enum fault theme_parse(const char *dir, const char *file, const char *text, struct theme *out, struct err *err)
{
	struct reading r = { .dir = dir };
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	enum fault fault = reading_text(&r, file, text, err);

	if (fault != OK)
		return fault;
	*out = (struct theme){ 0 };
	snprintf(out->name, sizeof out->name, "%.*s", (int)strcspn(name, "."), name);
	theme_resolve(&r, out);
	return OK;
}

enum fault theme_load(const char *dir, const char *name, struct theme *out, struct err *err)
{
	struct arena *a = arena_new();
	const char *file, *text;
	enum fault fault = theme_text(a, dir, name, &file, &text, err);

	if (!fault)
		fault = theme_parse(dir, file, text, out, err);
	arena_free(a);
	return fault;
}

/* Behind those that are there, unless it is one of them. */
static void name_add(char *out, const char *name, size_t n)
{
	size_t len = strlen(out);

	for (const char *p = out; *p; p += strcspn(p, " "), p += *p == ' ')
		if (strcspn(p, " ") == n && !strncmp(p, name, n))
			return;
	if (n && len + n + 2 <= THEME_NAMES)
		snprintf(out + len, THEME_NAMES - len, " %.*s", (int)n, name);
}

static int is_theme(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	char name[NAME_MOST + 2];

	if (!dot || strcmp(dot, ".ini"))
		return 0;
	snprintf(name, sizeof name, "%.*s", (int)(dot - entry->d_name), entry->d_name);
	return text_id(name, "-_", NAME_MOST);
}

void theme_names(const char *dir, char *out)
{
	struct dirent **entry = NULL;
	int n = dir ? scandir(dir, &entry, is_theme, alphasort) : 0;
	const char *asset;

	snprintf(out, THEME_NAMES, "default");
	for (int i = 0; (asset = asset_name(i)); i++)
		if (!strncmp(asset, "themes/", 7))
			name_add(out, asset + 7, strcspn(asset + 7, "."));
	for (int i = 0; i < n; i++) {
		name_add(out, entry[i]->d_name, strlen(entry[i]->d_name) - strlen(".ini"));
		free(entry[i]);
	}
	free(entry);
}

const char *theme_for_ground(const char *colorfgbg)
{
	const char *ground = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	int64_t n;

	return ground && text_int(ground + 1, 0, 15, &n) && (n == 7 || n >= 9) ? "light" : "default";
}

enum depth theme_depth(int n, const char *no_colour)
{
	if ((no_colour && *no_colour) || n < 8)
		return DEPTH_2;
	return n < 16 ? DEPTH_8 : n < 256 ? DEPTH_16 : DEPTH_256;
}
