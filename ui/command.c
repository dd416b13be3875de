/*
 * command.c: the line behind the colon. Words that are pane's own are answered by it, and what nobody
 * here knows is offered to the host.
 */
#include "ui/desk_inside.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct command {
	const char *name, *words; /* words: what follows, for completion and errors */
	void (*run)(struct desk *d, const char *rest);
};

static void run_arm(struct desk *d, const char *rest)
{
	desk_arm(d, rest);
}

static void run_disarm(struct desk *d, const char *rest)
{
	(void)rest;
	if (arm_is(&d->arm, desk_hand(d)))
		desk_disarm(d, "READ-ONLY again");
	else
		desk_say(d, LEVEL_INFO, "READ-ONLY already");
}

static void run_filter(struct desk *d, const char *rest)
{
	desk_answer(d, ASK_FILTER, rest, true);
}

static void run_export(struct desk *d, const char *rest)
{
	desk_export_as(d, rest);
}

static void run_find(struct desk *d, const char *rest)
{
	desk_answer(d, ASK_FIND, rest, true);
}

static void run_sort(struct desk *d, const char *rest)
{
	desk_answer(d, ASK_SORT, rest, true);
}

static void run_note(struct desk *d, const char *rest)
{
	desk_answer(d, ASK_NOTE, rest, true);
}

static void run_goto(struct desk *d, const char *rest)
{
	for (int i = 0; i < DESK_SCREENS; i++) {
		if (!strcasecmp(rest, d->setup.screens[i].name) || !strcasecmp(rest, d->setup.screens[i].brief)) {
			desk_screen(d, i);
			return;
		}
	}
	desk_find(d, rest);
}

static void run_theme(struct desk *d, const char *rest)
{
	if (!*rest)
		desk_say(d, LEVEL_INFO, "theme %s; there are: %s", d->theme, d->setup.themes);
	else
		desk_theme_set(d, rest);
}

static void run_help(struct desk *d, const char *rest)
{
	(void)rest;
	desk_help(d);
}

static void run_messages(struct desk *d, const char *rest)
{
	(void)rest;
	desk_messages(d);
}

static void run_quit(struct desk *d, const char *rest)
{
	(void)rest;
	desk_quit(d);
}

static const struct command commands[] = {
	{ "arm", "15m REASON", run_arm },      { "disarm", "", run_disarm },   { "export", "csv|json|text [FILE]", run_export }, { "filter", "TEXT", run_filter },
	{ "find", "TEXT", run_find },          { "goto", "SCREEN or ID", run_goto }, { "help", "", run_help },
	{ "messages", "", run_messages },      { "note", "TEXT", run_note },   { "q", "", run_quit },
	{ "quit", "", run_quit },              { "sort", "COLUMN", run_sort },  { "theme", "NAME", run_theme },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

/* Behind the desk's own come the host's. */
const char *desk_command_name(const struct desk *d, int i, const char **words)
{
	const struct desk_host_command *host = d->setup.host.commands;

	*words = i < COMMANDS ? commands[i].words : "";
	if (i < COMMANDS)
		return commands[i].name;
	while (host && host->name && i-- > COMMANDS)
		host++;
	if (!host || !host->name)
		return NULL;
	*words = host->words;
	return host->name;
}

static bool host_command(struct desk *d, const char *name, size_t n, const char *rest)
{
	for (const struct desk_host_command *c = d->setup.host.commands; c && c->name; c++)
		if (strlen(c->name) == n && !strncmp(c->name, name, n)) {
			struct wish reply = desk_wish();

			c->run(d->setup.host.ctx, rest, &reply);
			desk_take(d, &reply);
			return true;
		}
	return false;
}

void desk_command(struct desk *d, const char *text)
{
	char copy[PROMPT_MAX];
	const char *line = copy, *rest;
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		n--;
	snprintf(copy, sizeof copy, "%.*s", (int)n, text);
	line += strspn(line, " :");
	n = strcspn(line, " ");
	rest = line + n + strspn(line + n, " ");
	for (int i = 0; i < COMMANDS && n; i++) {
		if (strlen(commands[i].name) == n && !strncmp(commands[i].name, line, n)) {
			commands[i].run(d, rest);
			return;
		}
	}
	if (!n || desk_open_named(d, line, n, rest) || host_command(d, line, n, rest))
		return;
	desk_say(d, LEVEL_WARN, "no command %.*s; Tab after : lists them", (int)(n < 40 ? n : 40), line);
}

/* ---- completion ---- */

struct ways {
	const char *begun;
	size_t n;
	char common[64];
	char *words;
	size_t cap;
	int found;
};

static void way(struct ways *w, const char *word)
{
	size_t same = 0;

	if (strncasecmp(word, w->begun, w->n))
		return;
	if (!w->found++)
		snprintf(w->common, sizeof w->common, "%s", word);
	while (w->common[same] && w->common[same] == word[same])
		same++;
	w->common[same] = '\0';
	snprintf(w->words + strlen(w->words), w->cap - strlen(w->words), "%s%s", *w->words ? "  " : "", word);
}

static void ways_of(const struct desk *d, const char *command, size_t n, struct ways *w)
{
	char names[256], *rest = names, *name;
	const char *word, *words;

	if (!command) {
		for (int i = 0; (word = desk_command_name(d, i, &words)); i++)
			way(w, word);
		for (const struct pane_type *const *t = d->setup.details; t && *t; t++)
			if ((*t)->says)
				way(w, (*t)->name);
	} else if (n == 5 && !strncmp(command, "theme", 5)) {
		snprintf(names, sizeof names, "%s", d->setup.themes);
		while ((name = strtok_r(rest, " ", &rest)))
			way(w, name);
	} else if (n == 4 && !strncmp(command, "goto", 4)) {
		for (int i = 0; i < DESK_SCREENS; i++)
			way(w, d->setup.screens[i].name);
	}
}

int desk_complete(void *ctx, const char *text, int cursor, char *out, int *at, char *words, size_t cap)
{
	struct ways w = { .words = words, .cap = cap };
	const char *space = memchr(text, ' ', (size_t)cursor);
	size_t head = space ? (size_t)(space - text) + 1 : 0;
	int len;

	w.begun = text + head;
	w.n = (size_t)cursor - head;
	ways_of(ctx, space ? text : NULL, space ? (size_t)(space - text) : 0, &w);
	if (!w.found)
		return 0;
	len = snprintf(out, PROMPT_MAX, "%.*s%s%s", (int)head, text, w.common, w.found == 1 ? " " : "");
	*at = len < PROMPT_MAX ? len : PROMPT_MAX - 1;
	snprintf(out + *at, (size_t)(PROMPT_MAX - *at), "%s", text + cursor + (w.found == 1 && text[cursor] == ' '));
	if (w.found == 1)
		*words = '\0';
	return w.found;
}
