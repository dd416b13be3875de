#include "ui/panes/board.h"

#include "ui/panes/wishes.h"

#include <stdio.h>
#include <string.h>

struct bit bit(enum role role, const char *text)
{
	return (struct bit){ .kind = BIT_TEXT, .role = role, .text = text ? text : "" };
}

struct bit bit_bar(int64_t part, int64_t whole)
{
	return (struct bit){ .kind = BIT_BAR, .text = "", .part = part, .whole = whole };
}

struct bit bit_spark(const int64_t *value, int n)
{
	return (struct bit){ .kind = BIT_SPARK, .text = "", .value = value, .n = n };
}

struct board board_new(struct arena *a)
{
	return (struct board){ .arena = a };
}

struct board_block *board_block(struct board *b, const char *title, const char *remark, const struct board_column *column, int columns)
{
	struct board_block *block = &b->block[b->n < BOARD_BLOCKS - 1 ? b->n++ : BOARD_BLOCKS - 1];

	*block = (struct board_block){ .title = title, .remark = remark, .column = column, .columns = columns, .beside = ROOM_WIDE, .arena = b->arena };
	return block;
}

struct board_line *block_line(struct board_block *b, const struct bit *bit, int n)
{
	struct board_line *l;

	b->line = arena_grow(b->arena, b->line, b->n, &b->cap, sizeof *b->line);
	l = &b->line[b->n++];
	*l = (struct board_line){ 0 };
	for (int i = 0; i < n && i < BOARD_BITS; i++)
		l->bit[i] = bit[i];
	for (int i = n; i < BOARD_BITS; i++)
		l->bit[i].text = "";
	return l;
}

/* ---- where the person is ---- */

static const struct board_block *block_at(const struct board *b, int i)
{
	return i >= 0 && i < b->n ? &b->block[i] : NULL;
}

const struct board_line *board_at(const struct board *b, const struct board_place *at)
{
	const struct board_block *block = block_at(b, at->block);

	return block && at->line >= 0 && at->line < block->n ? &block->line[at->line] : NULL;
}

static void line_key(const struct board_line *l, char *out, size_t cap)
{
	if (l->key)
		snprintf(out, cap, "%s", l->key);
	else
		snprintf(out, cap, "%s %s", l->bit[0].text, l->bit[1].text);
}

static void place_keep(const struct board *b, struct board_place *at)
{
	const struct board_line *l = board_at(b, at);

	at->key[0] = '\0';
	if (l)
		line_key(l, at->key, sizeof at->key);
}

/* One line on or back, over the blocks' edges. false: there is none. */
static bool place_step(const struct board *b, struct board_place *at, int by)
{
	const struct board_block *block = block_at(b, at->block);
	int i = at->block;

	if (block && at->line + by >= 0 && at->line + by < block->n) {
		at->line += by;
		return true;
	}
	do
		i += by;
	while (block_at(b, i) && block_at(b, i)->n == 0);
	if (!block_at(b, i))
		return false;
	at->block = i;
	at->line = by > 0 ? 0 : block_at(b, i)->n - 1;
	return true;
}

static bool place_find_key(const struct board *b, struct board_place *at)
{
	const struct board_block *block = block_at(b, at->block);
	char key[sizeof at->key];

	for (int i = 0; at->key[0] && block && i < block->n; i++) {
		line_key(&block->line[i], key, sizeof key);
		if (strcmp(key, at->key) == 0) {
			at->line = i;
			return true;
		}
	}
	return false;
}

void board_settle(const struct board *b, struct board_place *at)
{
	const struct board_block *block;

	if (place_find_key(b, at))
		return;
	at->missed |= at->key[0] != '\0';
	at->block = at->block >= b->n ? b->n - 1 : at->block;
	block = block_at(b, at->block);
	if (block && at->line >= block->n)
		at->line = block->n - 1;
	at->line = at->line < 0 ? 0 : at->line;
	if (!board_at(b, at) && !place_step(b, at, 1))
		place_step(b, at, -1);
	place_keep(b, at);
}

void board_name(struct board_place *at)
{
	at->missed = false;
	at->named = true;
}

bool board_missed(const struct board_place *at, struct wish *wish)
{
	if (at->missed)
		wish_say(wish, LEVEL_WARN, "the line is gone or another: look again");
	return at->missed;
}

void board_go(const struct board *b, struct board_place *at, const char *subject)
{
	for (int i = 0; i < b->n; i++)
		for (int j = 0; j < b->block[i].n; j++)
			if (b->block[i].line[j].subject && strcmp(b->block[i].line[j].subject, subject) == 0) {
				at->block = i;
				at->line = j;
				place_keep(b, at);
				return;
			}
}

/* ---- acting ---- */

static bool line_has(const struct board_line *l, const char *word)
{
	for (int i = 0; i < BOARD_BITS; i++)
		if (strcasestr(l->bit[i].text, word))
			return true;
	return false;
}

/* The next line that has the word, round the end; skip: not the one we are on. */
static bool place_find(const struct board *b, struct board_place *at, int by, bool skip)
{
	struct board_place start = *at, here = *at;
	int lines = 0;

	if (!at->find[0] || !board_at(b, at))
		return false;
	for (int i = 0; i < b->n; i++)
		lines += b->block[i].n;
	for (int i = 0; i <= lines; i++) {
		if ((i > 0 || !skip) && line_has(board_at(b, &here), at->find)) {
			at->block = here.block;
			at->line = here.line;
			return true;
		}
		if (!place_step(b, &here, by)) {
			here.block = by > 0 ? 0 : b->n - 1;
			here.line = by > 0 ? 0 : block_at(b, here.block)->n - 1;
			if (!board_at(b, &here) && !place_step(b, &here, by))
				here = start;
		}
	}
	return false;
}

static void move_lines(const struct board *b, struct board_place *at, int by)
{
	for (int i = 0; i < (by < 0 ? -by : by); i++)
		if (!place_step(b, at, by < 0 ? -1 : 1))
			break;
}

static void move_block(const struct board *b, struct board_place *at, int by)
{
	for (int i = 1; i <= b->n; i++) {
		int next = ((at->block + by * i) % b->n + b->n) % b->n;

		if (b->block[next].n > 0) {
			at->block = next;
			at->line = 0;
			return;
		}
	}
}

static bool board_move(const struct pane *p, const struct board *b, struct board_place *at, enum act act)
{
	int page = p->rows > 2 ? p->rows - 1 : 1;

	switch (act) {
	case ACT_DOWN: move_lines(b, at, 1); break;
	case ACT_UP: move_lines(b, at, -1); break;
	case ACT_PAGE_DOWN: move_lines(b, at, page); break;
	case ACT_PAGE_UP: move_lines(b, at, -page); break;
	case ACT_HALF_DOWN: move_lines(b, at, (page + 1) / 2); break;
	case ACT_HALF_UP: move_lines(b, at, -(page + 1) / 2); break;
	case ACT_FIRST: move_lines(b, at, -10000); break;
	case ACT_LAST: move_lines(b, at, 10000); break;
	case ACT_NEXT_PANE:
	case ACT_NEXT_EVENT: move_block(b, at, 1); break;
	case ACT_PREV_PANE:
	case ACT_PREV_EVENT: move_block(b, at, -1); break;
	default: return false;
	}
	place_keep(b, at);
	at->missed = at->named = false;
	return true;
}

static bool board_open(const struct board *b, const struct board_place *at, struct wish *wish)
{
	const struct board_block *block = block_at(b, at->block);
	const struct board_line *l = board_at(b, at);

	if (!l || (!l->open && !block->open))
		return false;
	wish->kind = WISH_OPEN;
	wish->open = l->open ? l->open : block->open;
	wish->subject = l->open ? l->subject : block->subject;
	wish->subject = wish->subject ? wish->subject : "";
	return true;
}

const char *board_text(const struct board_line *l, int columns, struct arena *a)
{
	struct buf out = buf_new(a);

	for (int i = 0; i < columns && i < BOARD_BITS; i++)
		if (l->bit[i].kind == BIT_TEXT && *l->bit[i].text)
			buf_printf(&out, "%s%s", out.len ? "  " : "", l->bit[i].text);
	return out.p ? out.p : "";
}

static bool board_copy(const struct pane *p, const struct board *b, const struct board_place *at, enum act act, struct wish *wish)
{
	const struct board_line *l = board_at(b, at);

	if (!l)
		return false;
	if (act == ACT_COPY)
		wish_copy_sheet(wish, false, false);
	else if (act == ACT_COPY_ID)
		wish_copy(wish, "id", l->subject && *l->subject ? l->subject : p->subject);
	else
		wish_copy(wish, "row", board_text(l, block_at(b, at->block)->columns, wish->arena));
	return true;
}

static bool board_find(const struct board *b, struct board_place *at, enum act act, struct wish *wish)
{
	if (act == ACT_FIND) {
		wish_ask(wish, ASK_FIND, "find", at->find);
		wish->live = true;
		return true;
	}
	if (!at->find[0])
		wish_say(wish, LEVEL_INFO, "nothing to find yet: f asks for it");
	else if (!place_find(b, at, act == ACT_FIND_NEXT ? 1 : -1, true))
		wish_say(wish, LEVEL_INFO, "no other line has \"%s\"", at->find);
	place_keep(b, at);
	return true;
}

static bool board_explain(const struct board *b, const struct board_place *at, struct wish *wish)
{
	const struct board_line *l = board_at(b, at);

	if (!l || (!l->why && !l->open))
		return false;
	if (l->why)
		wish_read_text(wish, arena_printf(wish->arena, "%s: %s", block_at(b, at->block)->title, l->bit[0].text), l->why);
	else
		wish_say(wish, LEVEL_INFO, "Enter opens what it was learnt from");
	return true;
}

bool board_act(struct pane *p, const struct board *b, struct board_place *at, enum act act, struct wish *wish)
{
	if (b->n == 0)
		return false;
	switch (act) {
	case ACT_OPEN:
		return board_open(b, at, wish);
	case ACT_ZOOM:
		return true; /* the desk has turned p->zoomed */
	case ACT_FIND:
	case ACT_FIND_NEXT:
	case ACT_FIND_PREV:
		return board_find(b, at, act, wish);
	case ACT_COPY:
	case ACT_COPY_ID:
	case ACT_COPY_ROW:
		return board_copy(p, b, at, act, wish);
	case ACT_REFRESH:
		wish->kind = WISH_LOAD;
		return true;
	case ACT_EXPLAIN:
		return board_explain(b, at, wish);
	default:
		return board_move(p, b, at, act);
	}
}

void board_answer(const struct board *b, struct board_place *at, struct answer *answer, struct wish *wish)
{
	(void)wish;
	if (answer->ask != ASK_FIND || !answer->text)
		return;
	snprintf(at->find, sizeof at->find, "%s", answer->text);
	if (at->find[0] && !place_find(b, at, 1, false))
		err_set(&answer->err, FAULT_REFUSED, "no line has \"%s\"", at->find);
	place_keep(b, at);
}
