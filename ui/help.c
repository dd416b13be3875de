/*
 * help.c: the help page, made of the live key map: what it says about a key is what the key does.
 */
#include "ui/desk_inside.h"

#include <stdio.h>
#include <string.h>

static const char marketplace[] =
	"Nothing on one key changes a marketplace. It goes in steps:\n"
	":arm 15m REASON   [ARMED 15:00] stands in the first row and counts down\n"
	"a, then a letter  the action sheet\n"
	"preview           every step, what is left out, warnings; looked into, copied or\n"
	"                  written to a file it sends nothing; Enter goes on\n"
	"type the line     it holds the count and the account; paste is off; Esc leaves\n"
	"ARMED ends by itself: after its time, after five minutes without a key, on quit, and when the line is lost.";

/* "j Down     next row", and why not here, if so. */
static void help_line(const struct desk *d, enum act act, struct buf *b)
{
	const struct keymap *km = d->setup.keymap;
	const struct pane *p = desk_pane(d);
	unsigned where = keymap_where(km, act);
	const char *why = NULL;
	char keys[48], words[80];

	keymap_keys(km, act, true, keys);
	if (!*keys)
		return;
	buf_printf(b, "%-12s %s", keys, keymap_help(km, act));
	if (where && !(where & (p->type->where | WHERE_ALL))) {
		where_words(where, words, sizeof words);
		buf_printf(b, " (in %s)", words);
	} else if (!desk_can(d, p, act, &why) && why) {
		buf_printf(b, " (%s)", why);
	}
	buf_putc(b, '\n');
}

static const char *group_text(const struct desk *d, struct arena *a, const char *group)
{
	struct buf b = buf_new(a);
	enum act act;

	for (int i = 0; (act = keymap_nth(d->setup.keymap, i)) != ACT_NONE; i++)
		if (!strcmp(keymap_group(d->setup.keymap, act), group))
			help_line(d, act, &b);
	return b.p;
}

/* Panes that are no tab: typed behind the colon. */
static const char *named_text(const struct desk *d, struct arena *a)
{
	struct buf b = buf_new(a);

	for (const struct pane_type *const *t = d->setup.details; t && *t; t++)
		if ((*t)->says)
			buf_printf(&b, ":%-11s %s\n", (*t)->name, (*t)->says);
	return b.len ? b.p : NULL;
}

void desk_help(struct desk *d)
{
	static const char *const groups[] = { "Move", "See", "Do", "Program" };
	const struct pane_type *type = desk_pane(d)->type;
	struct wish wish = desk_wish();
	struct section *s = arena_alloc(wish.arena, 7 * sizeof *s);
	const char *named = named_text(d, wish.arena);
	int n = 0;

	if (!desk_stands(desk_pane(d))) /* what it cannot do now is said as well */
		desk_ready(d, desk_pane(d));
	if (type->help)
		s[n++] = (struct section){ "This screen", type->help, false };
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		s[n++] = (struct section){ groups[i], group_text(d, wish.arena, groups[i]), false };
	if (named)
		s[n++] = (struct section){ "More screens", named, false };
	s[n++] = (struct section){ "Changing a marketplace", marketplace, false };
	wish.kind = WISH_READ;
	wish.text = arena_printf(wish.arena, "Help for: %s", type->name);
	wish.sections = s;
	wish.n_sections = n;
	desk_take(d, &wish);
}
