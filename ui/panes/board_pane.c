/* board_pane.c: a pane that is a board and little else. */
#include "ui/panes/board.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

void board_pane_draw(const struct pane *p, struct canvas *c)
{
	struct board_pane *v = p->self;

	board_draw(p, &v->board, &v->at, c);
}

bool board_pane_act(struct pane *p, enum act act, struct wish *wish)
{
	struct board_pane *v = p->self;

	return board_act(p, &v->board, &v->at, act, wish);
}

void board_pane_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct board_pane *v = p->self;

	board_answer(&v->board, &v->at, answer, wish);
}

void board_pane_strip(const struct pane *p, struct strip *strip)
{
	const struct board_pane *v = p->self;

	strip->text = v->strip;
	strip->remark = v->hint;
	strip->live = true;
}

/* The block by number, the line by what it says: lines come and go, blocks stay. */
void board_pane_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	const struct board_pane *v = p->self;
	char block[12];

	snprintf(block, sizeof block, "%d", v->at.block);
	put(ctx, "of", p->subject);
	put(ctx, "block", block);
	put(ctx, "line", v->at.key);
}

void board_pane_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	struct board_pane *v = p->self;
	const char *of = get(ctx, "of"), *block = get(ctx, "block"), *line = get(ctx, "line");
	int64_t n;

	if (!of || strcmp(of, p->subject) != 0)
		return; /* it was another one's */
	if (block && text_int(block, 0, BOARD_BLOCKS - 1, &n))
		v->at.block = (int)n;
	if (line)
		snprintf(v->at.key, sizeof v->at.key, "%s", line);
}
