#include "ui/keymap.h"

#include "base/arena.h"
#include "base/asset.h"
#include "base/config.h"
#include "base/text.h"
#include "ui/input.h"
#include "ui/pane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 5 };

struct binding {
	int32_t key[KEYS_MAX];
	int n, own; /* the first own of them stand in the first column */
	unsigned where;
	const char *brief, *help, *group;
};

struct keymap {
	struct arena *arena;
	struct binding of[ACTS];
	enum act order[ACTS];
	int acts;
};

static const struct {
	const char *name;
	unsigned bit;
} places[] = {
	{ "all", WHERE_ALL },           { "lists", WHERE_LISTS },       { "details", WHERE_DETAILS },   { "panes", WHERE_PANES },
	{ "timeline", WHERE_TIMELINE }, { "help", WHERE_HELP },         { "overview", WHERE_OVERVIEW }, { "orders", WHERE_ORDERS },
	{ "drift", WHERE_DRIFT },       { "health", WHERE_HEALTH },     { "failed", WHERE_FAILED },     { "zero", WHERE_ZERO },
	{ "alerts", WHERE_ALERTS },     { "engine", WHERE_ENGINE },     { "handover", WHERE_HANDOVER }, { "audit", WHERE_AUDIT },
	{ "settings", WHERE_SETTINGS }, { "log", WHERE_LOG },
	{ "session", WHERE_SESSION },
};

void where_words(unsigned where, char *out, size_t cap)
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; i < sizeof places / sizeof *places && len < cap; i++)
		if (where & places[i].bit)
			len += (size_t)snprintf(out + len, cap - len, "%s%s", len ? ", " : "", places[i].name);
}

static bool key_add(struct binding *b, int32_t key)
{
	if (key == K_NONE || b->n == KEYS_MAX)
		return false;
	b->key[b->n++] = key;
	return true;
}

/* Keys with spaces between; the word that is none in *bad. */
static bool keys_parse(char *words, struct binding *b, const char **bad)
{
	char *rest = words, *word;

	while ((word = strtok_r(rest, " \t", &rest))) {
		*bad = word;
		if (!key_add(b, key_parse(word)))
			return false;
	}
	return true;
}

static unsigned where_parse(char *words, const char **bad)
{
	char *rest = words, *word;
	unsigned where = 0;

	while ((word = strtok_r(rest, " \t", &rest))) {
		unsigned bit = 0;

		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			if (!strcmp(places[i].name, word))
				bit = places[i].bit;
		*bad = word;
		if (!bit)
			return 0;
		where |= bit;
	}
	return where;
}

/* Cut at | into at most five columns without the space around them. Returns how many there are. */
static int split(char *value, char *column[5])
{
	int n = 0;

	for (char *p = value; p && n < 5; n++) {
		char *bar = strchr(p, '|'), *end;

		if (bar)
			*bar = '\0';
		p += strspn(p, " \t");
		for (end = p + strlen(p); end > p && strchr(" \t", end[-1]); end--)
			end[-1] = '\0';
		column[n] = p;
		p = bar ? bar + 1 : NULL;
	}
	return n;
}

/* What must keep a key, or a person could not get out or find out. */
static bool is_needed(enum act act)
{
	return act == ACT_CANCEL || act == ACT_CLOSE || act == ACT_HELP || act == ACT_COMMAND || act == ACT_OPEN;
}

static enum fault keys_allowed(const char *file, int line, enum act act, const struct binding *b, struct err *err)
{
	bool only_prefix = b->n > 0;

	for (int i = 0; i < b->n; i++)
		only_prefix = only_prefix && (b->key[i] == K_CTRL('A') || b->key[i] == K_CTRL('B'));
	if (act_writes(act) && b->n)
		return err_set(err, FAULT_REFUSED, "%s:%d: %s reaches a marketplace and is given no key; it is in the action sheet", file, line,
		               act_name(act));
	if (only_prefix)
		return err_set(err, FAULT_REFUSED, "%s:%d: ^A and ^B belong to screen and tmux; give %s another key as well", file, line,
		               act_name(act));
	if (!b->n && is_needed(act))
		return err_set(err, FAULT_REFUSED, "%s:%d: %s cannot be without a key", file, line, act_name(act));
	return OK;
}

/* One line into *b, which holds what the act had before. */
static enum fault binding_parse(struct arena *a, const char *file, const struct config_line *line, struct binding *b, enum act *act,
                                struct err *err)
{
	char *column[5] = { 0 };
	const char *bad = "";
	int n = split(arena_strdup(a, line->value), column);

	*act = act_from_name(line->key);
	if (*act == ACT_NONE)
		return err_set(err, FAULT_REFUSED, "%s:%d: there is no act %.32s", file, line->line, line->key);
	b->n = 0;
	if (!keys_parse(column[0], b, &bad))
		return err_set(err, FAULT_REFUSED, "%s:%d: %.16s is no key, or one too many", file, line->line, bad);
	b->own = b->n;
	if (n > 1 && !keys_parse(column[1], b, &bad))
		return err_set(err, FAULT_REFUSED, "%s:%d: %.16s is no key, or one too many", file, line->line, bad);
	if (n > 2 && !(b->where = where_parse(column[2], &bad)))
		return err_set(err, FAULT_REFUSED, "%s:%d: %.16s is no place", file, line->line, bad);
	b->brief = n > 3 ? column[3] : b->brief;
	b->help = n > 4 ? column[4] : b->help;
	return keys_allowed(file, line->line, *act, b, err);
}

static bool has_key(const int32_t *keys, int n, int32_t key)
{
	for (int i = 0; i < n; i++)
		if (keys[i] == key)
			return true;
	return false;
}

/* The other act that has one of act's keys; ACT_NONE when all are its own. */
static enum act clash(const struct keymap *km, enum act act, int32_t *key)
{
	for (int i = 0; i < km->of[act].n; i++) {
		*key = km->of[act].key[i];
		for (enum act other = ACT_NONE + 1; other < ACTS; other++)
			if (has_key(km->of[other].key, other == act ? i : km->of[other].n, *key))
				return other;
	}
	return ACT_NONE;
}

static enum fault clashes_undo(struct keymap *km, const struct keymap *before, const char *file, const int *line_of, int *skipped,
                               struct err *err)
{
	enum fault fault = OK;

	for (enum act act = ACTS - 1; act > ACT_NONE; act--) {
		int32_t key;
		char name[16];
		enum act other = line_of[act] ? clash(km, act, &key) : ACT_NONE;

		if (other == ACT_NONE)
			continue;
		key_label(key, name);
		if (fault == OK)
			fault = err_set(err, FAULT_REFUSED, "%s:%d: %s means %s already; no key means two things", file, line_of[act], name,
			                act_name(other));
		km->of[act] = before->of[act];
		++*skipped;
	}
	return fault;
}

static void order_add(struct keymap *km, enum act act)
{
	for (int i = 0; i < km->acts; i++)
		if (km->order[i] == act)
			return;
	km->order[km->acts++] = act;
}

static enum fault keymap_lines(struct keymap *km, const char *file, const struct config *c, int *skipped, struct err *err)
{
	struct keymap before = *km;
	enum fault first = OK, fault;
	int line_of[ACTS] = { 0 };

	for (int i = 0; i < c->n; i++) {
		enum act act = act_from_name(c->lines[i].key);
		struct binding b = km->of[act];

		b.group = b.group ? b.group : arena_strdup(km->arena, c->lines[i].section);
		fault = binding_parse(km->arena, file, &c->lines[i], &b, &act, first == OK ? err : NULL);
		first = first == OK ? fault : first;
		if (fault != OK) {
			++*skipped;
			continue;
		}
		km->of[act] = b;
		line_of[act] = c->lines[i].line;
		order_add(km, act);
	}
	fault = clashes_undo(km, &before, file, line_of, skipped, first == OK ? err : NULL);
	return first == OK ? fault : first;
}

enum fault keymap_read(struct keymap *km, const char *file, const char *text, int *skipped, struct err *err)
{
	struct config *c = config_new();
	int count = 0;
	enum fault fault = config_text(c, file, text, err);

	if (fault == OK)
		fault = keymap_lines(km, file, c, &count, err);
	if (skipped)
		*skipped = count;
	config_free(c);
	return fault;
}

enum fault keymap_new(struct keymap **out, struct err *err)
{
	struct arena *a = arena_new();
	struct keymap *km = arena_alloc(a, sizeof *km);
	enum fault fault;

	km->arena = a;
	fault = keymap_read(km, "data/keymap.ini", asset_get(a, "data/keymap.ini", NULL), NULL, err);
	*out = fault == OK ? km : NULL;
	if (fault != OK)
		arena_free(a);
	return fault;
}

void keymap_free(struct keymap *km)
{
	if (km)
		arena_free(km->arena);
}

enum act keymap_act(const struct keymap *km, int32_t key)
{
	for (enum act act = ACT_NONE + 1; act < ACTS; act++)
		for (int i = 0; i < km->of[act].n; i++)
			if (km->of[act].key[i] == key)
				return act;
	return ACT_NONE;
}

void keymap_keys(const struct keymap *km, enum act act, bool also, char *out)
{
	const struct binding *b = &km->of[act];
	size_t len = 0;
	int n = also || !b->own ? b->n : b->own;

	*out = '\0';
	for (int i = 0; i < n && len < 32; i++) {
		char name[16];

		key_label(b->key[i], name);
		len += (size_t)snprintf(out + len, 48 - len, "%s%s", len ? " " : "", name);
	}
}

unsigned keymap_where(const struct keymap *km, enum act act)
{
	return km->of[act].where;
}

const char *keymap_brief(const struct keymap *km, enum act act)
{
	return km->of[act].brief ? km->of[act].brief : "";
}

const char *keymap_help(const struct keymap *km, enum act act)
{
	return km->of[act].help ? km->of[act].help : "";
}

const char *keymap_group(const struct keymap *km, enum act act)
{
	return km->of[act].group ? km->of[act].group : "";
}

enum act keymap_nth(const struct keymap *km, int i)
{
	return i >= 0 && i < km->acts ? km->order[i] : ACT_NONE;
}
