#include "ui/widgets/sheet_lines.h"

#include "trade/intents.h"

#include <stdio.h>
#include <string.h>

enum { NOTE_LABEL = 13 };

struct walk {
	line_fn *fn;
	void *ctx;
	int at, w;
	bool stopped;
	const char *filter; /* "": every line */
};

bool line_has(const struct line *line, const char *text)
{
	char copy[512];

	snprintf(copy, sizeof copy, "%.*s", line->n, line->text);
	return strcasestr(copy, text) != NULL;
}

static void walk_line(struct walk *k, const struct line *line)
{
	if (!k->stopped && (!*k->filter || line_has(line, k->filter)))
		k->stopped = !k->fn(k->ctx, k->at++, line);
}

/* Text as lines: broken at the width, or only where it says. */
static void walk_text(struct walk *k, const char *text, bool wrap, enum role role, int step)
{
	while (text && *text && !k->stopped) {
		size_t n = wrap ? canvas_break(text, k->w) : strcspn(text, "\n");
		struct line line = { text, (int)n, role, .step = step };

		walk_line(k, &line);
		text += n;
		text += *text == '\n' || (wrap && *text == ' ');
	}
}

static void walk_title(struct walk *k, const char *title)
{
	struct line line = { title, (int)strlen(title), ROLE_TITLE, .title = true, .step = -1 };

	walk_line(k, &line);
}

/* "calls: at most 3 to ebay-us": the words under each other, beside their label. */
static void walk_note(struct walk *k, const char *note, size_t len)
{
	char words[1024], line[1024];
	const char *colon, *text = words;
	int label = 0;

	snprintf(words, sizeof words, "%.*s", (int)len, note);
	colon = strstr(words, ": ");
	if (!colon || colon - words > NOTE_LABEL - 1 || k->w <= 3 * NOTE_LABEL) {
		walk_text(k, words, true, ROLE_FG, -1);
		return;
	}
	label = (int)(colon - words);
	for (text = colon + 2; *text && !k->stopped; label = 0) {
		size_t n = canvas_break(text, k->w - NOTE_LABEL);

		snprintf(line, sizeof line, "%-*.*s%.*s", NOTE_LABEL, label, words, (int)n, text);
		walk_line(k, &(struct line){ line, (int)strlen(line), ROLE_FG, .step = -1 });
		text += n;
		text += *text == ' ';
	}
}

static void walk_notes(struct walk *k, const char *text)
{
	for (size_t n; *text && !k->stopped; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		walk_note(k, text, n);
	}
}

static void walk_sections(struct walk *k, const struct sheet *s, const struct section *sections, int n)
{
	for (int i = 0; i < n && !k->stopped; i++) {
		if (sections[i].title)
			walk_title(k, sections[i].title);
		if (s->kind == SHEET_PREVIEW)
			walk_notes(k, sections[i].text);
		else
			walk_text(k, sections[i].text, !sections[i].raw || s->wrap, sections[i].raw ? ROLE_VALUE : ROLE_FG, -1);
		if (i + 1 < n)
			walk_line(k, &(struct line){ "", 0, ROLE_FG, .step = -1 });
	}
}

static void walk_rows(struct walk *k, const struct plan *plan)
{
	walk_line(k, &(struct line){ "", 0, ROLE_FG, .step = -1, .head = true, .row = plan->row });
	for (int i = 0; i < plan->steps && !k->stopped; i++)
		walk_line(k, &(struct line){ plan->step[i], (int)strlen(plan->step[i]), ROLE_FG, .step = i, .row = &plan->row[i] });
}

/* The steps stay, ticked or not; what is to be looked at again and what it costs are of those that are ticked. */
static void walk_steps(struct walk *k, const struct sheet *s, const struct plan *plan)
{
	const struct plan *ticked = sheet_proposal(s)->plan;

	walk_title(k, plan->row ? "Offers" : "Steps");
	if (plan->row)
		walk_rows(k, plan);
	for (int i = 0; i < plan->steps && !plan->row; i++)
		walk_text(k, plan->step[i], true, s->off && s->off[i] ? ROLE_MUTED : ROLE_FG, i);
	if (plan->skips)
		walk_title(k, "Left out");
	for (int i = 0; i < plan->skips; i++)
		walk_text(k, plan->skip[i], true, ROLE_MUTED, -1);
	if (ticked->warns)
		walk_title(k, "Look again");
	for (int i = 0; i < ticked->warns; i++)
		walk_text(k, ticked->warn[i], true, ROLE_WARN, -1);
	if (ticked->notes)
		walk_title(k, "Blast radius");
	for (int i = 0; i < ticked->notes; i++)
		walk_notes(k, ticked->note[i]);
}

void sheet_walk(const struct sheet *s, int w, line_fn *fn, void *ctx)
{
	struct walk k = { fn, ctx, 0, w > 0 ? w : 1, false, s->filter };

	if (s->kind == SHEET_PREVIEW) {
		k.w = w > 5 ? w - 4 : 1; /* the ticks' columns */
		walk_steps(&k, s, s->wish.proposal->plan);
		walk_sections(&k, s, s->wish.proposal->sections, s->wish.proposal->n_sections);
	} else {
		walk_sections(&k, s, s->wish.sections, s->wish.n_sections);
	}
}
