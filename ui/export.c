/*
 * export.c: what a screen shows, written to a file by the command that prints the same: one way out for scripts and people, with the same columns,
 * the same masked buyers and nothing that a spreadsheet takes for a formula. A preview that lies over the screen is what is shown: its plan goes to the file.
 */
#include "ui/desk_inside.h"

#include "base/text.h"
#include "trade/intents.h"

#include <stdio.h>
#include <string.h>

static const struct {
	char letter;
	const char *word, *label, *option, *ending;
} shapes[] = {
	{ 'c', "csv", "CSV, for a spreadsheet", "--csv", "csv" },
	{ 'j', "json", "JSON, for a program", "--json", "json" },
	{ 't', "text", "text in columns, for a mail", NULL, "txt" },
};

enum { SHAPES = sizeof shapes / sizeof *shapes };

/* false: no command prints what is shown, and the hint says so. */
static bool printing_of(struct desk *d, struct arena *a, struct printing *out)
{
	*out = (struct printing){ .arena = a };
	desk_ready(d, desk_pane(d)); /* a key may come before the first frame */
	if (d->setup.prints && desk_stands(desk_pane(d)) && d->setup.prints(desk_pane(d), out))
		return true;
	desk_hint(d, "nothing here is a list; e writes those to a file");
	return false;
}

static const char *spoken(const struct printing *what)
{
	struct buf b = buf_new(what->arena);

	buf_puts(&b, "tallyman");
	for (int i = 0; i < what->words; i++)
		buf_printf(&b, strchr(what->word[i], ' ') ? " '%s'" : " %s", what->word[i]);
	return b.p;
}

/* "zero-show-12.csv": the words before the first option or filter, of letters, digits, - and _ alone. */
static void name_of(const struct printing *what, const char *ending, char *out, size_t cap)
{
	size_t n = 0;

	for (int i = 0; i < what->words && !strchr("-(", *what->word[i]) && n < cap - 8; i++)
		n += (size_t)snprintf(out + n, cap - 8 - n, "%s%.60s", i ? "-" : "", what->word[i]);
	n = n < cap - 8 ? n : cap - 9;
	for (size_t i = 0; i < n; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", out[i]))
			out[i] = '_';
	snprintf(out + n, cap - n, ".%s", ending);
}

/* What lies over the screen, with the ticks as they are; NULL: no preview does. */
static const struct plan *previewed(struct desk *d)
{
	struct sheet *s = desk_sheet(d);

	return s && s->kind == SHEET_PREVIEW ? sheet_proposal(s)->plan : NULL;
}

/* "plan-zero-00733de2.csv" */
static void write_plan(struct desk *d, const struct plan *plan, int shape, const char *name)
{
	char own[100], path[400] = "";
	struct err err = { 0 };

	snprintf(own, sizeof own, "plan-%.40s-%.8s.%s", intent_kind_name(plan->kind), plan->digest, shapes[shape].ending);
	if (!d->setup.host.write)
		desk_say(d, LEVEL_WARN, "no files are written here");
	else if (d->setup.host.write(d->setup.host.ctx, plan, shapes[shape].option, *name ? name : own, path, sizeof path, &err) != OK)
		desk_fault(d, &err);
	else
		desk_say(d, LEVEL_INFO, "wrote %s: the plan, nothing was sent", path);
}

static void write_file(struct desk *d, int shape, const char *name)
{
	struct arena *a = arena_new();
	struct printing what;
	char own[100], path[400] = "";
	struct err err = { 0 };

	if (printing_of(d, a, &what)) {
		name_of(&what, shapes[shape].ending, own, sizeof own);
		if (!d->setup.host.print)
			desk_say(d, LEVEL_WARN, "no files are written here");
		else if (d->setup.host.print(d->setup.host.ctx, &what, shapes[shape].option, *name ? name : own, path, sizeof path, &err) != OK)
			desk_fault(d, &err);
		else
			desk_say(d, LEVEL_INFO, "wrote %s: %s", path, spoken(&what));
	}
	arena_free(a);
}

void desk_export_as(struct desk *d, const char *words)
{
	size_t n = strcspn(words, " ");

	for (int i = 0; i < SHAPES; i++)
		if (strlen(shapes[i].word) == n && !strncmp(shapes[i].word, words, n)) {
			words += n + strspn(words + n, " ");
			if (previewed(d))
				write_plan(d, previewed(d), i, words);
			else
				write_file(d, i, words);
			return;
		}
	desk_say(d, LEVEL_WARN, ":export csv|json|text [FILE]");
}

void desk_export(struct desk *d)
{
	struct wish wish = desk_wish();
	struct choice *c = arena_alloc(wish.arena, SHAPES * sizeof *c);
	const struct plan *plan = previewed(d);
	struct printing what;

	if (!plan && !printing_of(d, wish.arena, &what)) {
		arena_free(wish.arena);
		return;
	}
	for (int i = 0; i < SHAPES; i++)
		c[i] = (struct choice){ .letter = shapes[i].letter, .label = shapes[i].label, .value = shapes[i].word };
	wish.kind = WISH_MENU;
	wish.text = arena_printf(wish.arena, "To a new file: %s", plan ? plan->line : spoken(&what));
	wish.choices = c;
	wish.n_choices = SHAPES;
	wish.ask = (enum ask)ASK_EXPORT;
	desk_take(d, &wish);
}
