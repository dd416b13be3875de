#include "ui/panes/board.h"

#include "base/text.h"
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
	at->block = at->block >= b->n ? b->n - 1 : at->block;
	block = block_at(b, at->block);
	if (block && at->line >= block->n)
		at->line = block->n - 1;
	at->line = at->line < 0 ? 0 : at->line;
	if (!board_at(b, at) && !place_step(b, at, 1))
		place_step(b, at, -1);
	place_keep(b, at);
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

/* ---- laying out ---- */

struct slot {
	const struct board_block *block;
	int index, x, y, w, h;
	bool boxed;
};

struct layout {
	struct slot slot[BOARD_BLOCKS];
	int n, h;
};

static bool has_heading(const struct board_block *b)
{
	return b->columns > 0 && b->column[0].title;
}

static int column_width(const struct pane *p, const struct board_column *c)
{
	return p->room == ROOM_WIDE && c->wide ? c->wide : p->room == ROOM_TINY && c->tiny ? c->tiny : c->w;
}

/* The last column that is shown, if what is left over is its own: its text is broken into rows. */
static int flowing(const struct pane *p, const struct board_block *b)
{
	int last = -1;

	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			last = i;
	return last >= 0 && b->column[last].w == 0 ? last : -1;
}

/* Columns that all but the flexible one take, blanks between them included. */
static int fixed_width(const struct pane *p, const struct board_block *b)
{
	int sum = 0;

	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			sum += column_width(p, &b->column[i]) + 1;
	return sum > 0 ? sum - 1 : 0;
}

static int line_rows(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *c, int w)
{
	int flow = flowing(p, b), rows;

	if (b->clip || flow < 0 || l->bit[flow].kind != BIT_TEXT)
		return 1;
	rows = canvas_wrap(c, 0, c->h, w - fixed_width(p, b), 200, ROLE_FG, l->bit[flow].text);
	return rows > 1 ? rows : 1;
}

static int block_rows(const struct pane *p, const struct board_block *b, struct canvas *c, int w)
{
	int rows = has_heading(b);

	for (int i = 0; i < b->n; i++)
		rows += line_rows(p, b, &b->line[i], c, w);
	return rows;
}

static struct slot slot_of(const struct pane *p, const struct board *b, int i, struct canvas *c, int x, int w)
{
	bool boxed = p->room >= b->block[i].beside && !p->portrait;
	struct slot s = { .block = &b->block[i], .index = i, .x = x, .w = w, .boxed = boxed };
	bool titled = s.block->title || s.block->remark;

	s.h = block_rows(p, s.block, c, s.boxed ? w - 4 : w - 1) + (s.boxed ? 2 : titled);
	return s;
}

static bool block_shown(const struct pane *p, const struct board *b, const struct board_place *at, int i)
{
	if (p->zoomed)
		return i == at->block;
	return b->block[i].n > 0 && p->room >= b->block[i].from;
}

static bool is_pair(const struct pane *p, const struct board *b, int i)
{
	return !p->zoomed && !p->portrait && p->room >= b->block[i].beside && b->block[i].half && i + 1 < b->n && b->block[i + 1].half;
}

/* Two halves that follow each other share a band, as high as the higher one. */
static struct layout board_layout(const struct pane *p, const struct board *b, const struct board_place *at, struct canvas *c)
{
	struct layout l = { .n = 0 };

	for (int i = 0; i < b->n; i++) {
		bool pair = is_pair(p, b, i);
		struct slot *s = &l.slot[l.n];

		if (!pair && !block_shown(p, b, at, i))
			continue;
		s[0] = slot_of(p, b, i, c, 0, pair ? c->w / 2 : c->w);
		s[0].y = l.h;
		if (pair) {
			s[1] = slot_of(p, b, ++i, c, c->w / 2, c->w - c->w / 2);
			s[1].y = l.h;
			s[0].h = s[1].h = s[0].h > s[1].h ? s[0].h : s[1].h;
		}
		l.h += s[0].h;
		l.n += pair ? 2 : 1;
	}
	return l;
}

/* ---- painting ---- */

static void paint_frame(const struct slot *s, struct canvas *strip, int y)
{
	int right = s->w - 1, bottom = y + s->h - 1;

	canvas_rule(strip, y, s->block->title, s->block->remark);
	canvas_rule(strip, bottom, NULL, NULL);
	for (int row = y + 1; row < bottom; row++) {
		canvas_glyph(strip, 0, row, ROLE_BORDER, GLYPH_V);
		canvas_glyph(strip, right, row, ROLE_BORDER, GLYPH_V);
	}
	canvas_glyph(strip, 0, y, ROLE_BORDER, GLYPH_TL);
	canvas_glyph(strip, right, y, ROLE_BORDER, GLYPH_TR);
	canvas_glyph(strip, 0, bottom, ROLE_BORDER, GLYPH_BL);
	canvas_glyph(strip, right, bottom, ROLE_BORDER, GLYPH_BR);
}

static void paint_bit(struct canvas *in, int x, int y, int w, enum align align, const struct bit *bit, int rows)
{
	switch (bit->kind) {
	case BIT_BAR:
		canvas_bar(in, x, y, w, bit->part, bit->whole);
		break;
	case BIT_SPARK:
		canvas_spark(in, x, y, w, bit->value, bit->n);
		break;
	case BIT_TEXT:
		if (rows > 1)
			canvas_wrap(in, x, y, w, rows, bit->role, bit->text);
		else
			canvas_field(in, x, y, w, bit->role, align, bit->text);
		break;
	}
}

/* heading: the columns' titles instead of a line. */
static void paint_line(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *in, int y, int rows)
{
	int flow = flowing(p, b), spare = in->w - fixed_width(p, b), x = 0;

	for (int i = 0; i < b->columns; i++) {
		const struct board_column *column = &b->column[i];
		int w = column_width(p, column);
		struct bit title = bit(ROLE_KEY, column->title);

		if (p->room < column->from)
			continue;
		w = w ? w : spare > 0 ? spare : 0;
		paint_bit(in, x, y, w, column->align, l ? &l->bit[i] : &title, i == flow ? rows : 1);
		x += w + 1;
	}
}

/* canvas_wrap cannot begin above its canvas, so rows that are scrolled away are painted on a piece of paper of their own. */
static void paint_rows(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *in, int y, int rows)
{
	if (y + rows <= 0 || y >= in->h)
		return;
	if (y >= 0 || rows == 1) {
		paint_line(p, b, l, in, y, rows);
		return;
	}
	struct canvas paper = canvas_new(in->w, rows);

	paint_line(p, b, l, &paper, 0, rows);
	for (int row = -y; row < rows; row++)
		for (int x = 0; x < in->w; x++) {
			const struct cell *cell = canvas_cell(&paper, x, row);

			if (cell->width && (unsigned char)cell->text[0] < GLYPHS)
				canvas_glyph(in, x, y + row, (enum role)cell->role, (enum glyph)cell->text[0]);
			else if (cell->width)
				canvas_put(in, x, y + row, (enum role)cell->role, cell->text);
		}
	canvas_free(&paper);
}

/* The cursor's bar stands on the first column alone: it is sent again with every key. 0: that one has no width of its own. */
static int first_width(const struct pane *p, const struct board_block *b)
{
	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			return column_width(p, &b->column[i]);
	return 0;
}

static void paint_slot(const struct pane *p, const struct board_place *at, const struct slot *s, struct canvas *c, int y)
{
	struct canvas strip = canvas_part(c, s->x, 0, s->w, c->h);
	struct canvas in = canvas_part(&strip, s->boxed ? 2 : 1, 0, s->boxed ? s->w - 4 : s->w - 1, c->h);
	int row = y;

	if (s->boxed)
		paint_frame(s, &strip, y);
	else if (s->block->title || s->block->remark)
		canvas_rule(&strip, y, s->block->title, s->block->remark);
	row += s->boxed || s->block->title || s->block->remark;
	if (has_heading(s->block))
		paint_line(p, s->block, NULL, &in, row++, 1);
	for (int i = 0; i < s->block->n; i++) {
		const struct board_line *l = &s->block->line[i];
		int rows = line_rows(p, s->block, l, &in, in.w);

		paint_rows(p, s->block, l, &in, row, rows);
		if (s->index == at->block && i == at->line) {
			canvas_put(&strip, s->boxed, row, ROLE_CURSOR, ">");
			canvas_role(&in, 0, row, first_width(p, s->block), ROLE_CURSOR);
			canvas_cursor(&strip, s->boxed, row, true);
		}
		row += rows;
	}
}

/* Rows of the layout from which to which the current line stands. */
static void current_rows(const struct pane *p, const struct layout *l, const struct board_place *at, struct canvas *c, int *from, int *to)
{
	*from = *to = 0;
	for (int i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		int w = s->boxed ? s->w - 4 : s->w - 1;

		if (s->index != at->block)
			continue;
		*from = s->y + (s->boxed || s->block->title || s->block->remark) + has_heading(s->block);
		for (int j = 0; j < at->line && j < s->block->n; j++)
			*from += line_rows(p, s->block, &s->block->line[j], c, w);
		*to = *from + (at->line < s->block->n ? line_rows(p, s->block, &s->block->line[at->line], c, w) : 1);
		if (at->line == 0)
			*from = s->y; /* its title comes into sight with it */
		if (at->line == s->block->n - 1 && s->boxed)
			*to = s->y + s->h;
	}
}

static int scrolled(int top, int h, int whole, int from, int to)
{
	if (to - top > h)
		top = to - h;
	if (from < top)
		top = from;
	if (top > whole - h)
		top = whole - h;
	return top < 0 ? 0 : top;
}

void board_draw(const struct pane *p, const struct board *b, struct board_place *at, struct canvas *c)
{
	struct layout l = board_layout(p, b, at, c);
	int from, to;

	current_rows(p, &l, at, c, &from, &to);
	at->top = scrolled(at->top, c->h, l.h, from, to);
	for (int i = 0; i < l.n; i++)
		if (l.slot[i].y + l.slot[i].h > at->top && l.slot[i].y < at->top + c->h)
			paint_slot(p, at, &l.slot[i], c, l.slot[i].y - at->top);
	if (at->top + c->h < l.h && c->w > 12)
		canvas_put(c, c->w - 8, c->h - 1, ROLE_MUTED, " more v ");
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

/* ---- a pane that is a board and little else ---- */

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
