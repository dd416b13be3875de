#include "ui/prompt.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

void history_add(struct history *h, const char *line)
{
	if (!*line || (h->n && !strcmp(h->line[h->n - 1], line)))
		return;
	if (h->n == HISTORY_MAX) {
		memmove(h->line[0], h->line[1], sizeof h->line - sizeof h->line[0]);
		h->n--;
	}
	snprintf(h->line[h->n++], PROMPT_MAX, "%s", line);
}

static void set_text(struct prompt *p, const char *text)
{
	size_t n = strlen(text);

	while (n >= PROMPT_MAX || (n < strlen(text) && ((unsigned char)text[n] & 0xc0) == 0x80))
		n--;
	memmove(p->text, text, n);
	p->text[n] = '\0';
	p->n = p->cursor = (int)n;
}

void prompt_open(struct prompt *p, const char *label, const char *initial)
{
	size_t n = strlen(label);
	bool word = n && label[n - 1] != ' ' && label[n - 1] != ':' && label[n - 1] != '/'; /* a sign of its own needs no colon */

	*p = (struct prompt){ .open = true, .paste = true };
	snprintf(p->label, sizeof p->label, "%s%s", label, word ? ": " : "");
	set_text(p, initial ? initial : "");
}

void prompt_confirm(struct prompt *p, const char *expected, bool pastes_marked, int64_t now_ms)
{
	prompt_open(p, "type it > ", NULL);
	p->paste = false;
	p->pastes_marked = pastes_marked;
	p->deaf_until_ms = now_ms + PROMPT_DEAF_MS;
	snprintf(p->expected, sizeof p->expected, "%s", expected);
}

void prompt_remark(struct prompt *p, int at, int len, const char *text)
{
	p->bad_at = at;
	p->bad_len = len;
	snprintf(p->remark, sizeof p->remark, "%s", text);
}

static bool is_mark(const struct prompt *p, int at)
{
	return ((unsigned char)p->text[at] & 0xc0) == 0x80;
}

/* Combining marks belong to the character before them: the cursor never stands between. */
static bool is_inside(const struct prompt *p, int at)
{
	char one[5];
	int n;

	if (at <= 0 || at >= p->n)
		return false;
	if (is_mark(p, at))
		return true;
	text_next(p->text + at, &n);
	snprintf(one, sizeof one, "%.*s", n, p->text + at);
	return text_width(one) == 0;
}

static int left_of(const struct prompt *p, int at)
{
	while (at > 0 && is_inside(p, --at))
		;
	return at;
}

static int right_of(const struct prompt *p, int at)
{
	while (at < p->n && is_inside(p, ++at))
		;
	return at;
}

static int word_left(const struct prompt *p, int at)
{
	while (at > 0 && p->text[at - 1] == ' ')
		at--;
	while (at > 0 && p->text[at - 1] != ' ')
		at--;
	return at;
}

static enum prompt_said erase(struct prompt *p, int from, int to)
{
	if (from == to)
		return PROMPT_NOTHING; /* backspace at the start is no Enter and no Esc */
	memmove(p->text + from, p->text + to, (size_t)(p->n - to) + 1);
	p->n -= to - from;
	p->cursor = from;
	return PROMPT_CHANGED;
}

static enum prompt_said insert(struct prompt *p, const char *bytes, int n)
{
	if (n == 0 || p->n + n >= PROMPT_MAX)
		return PROMPT_NOTHING;
	memmove(p->text + p->cursor + n, p->text + p->cursor, (size_t)(p->n - p->cursor) + 1);
	memcpy(p->text + p->cursor, bytes, (size_t)n);
	p->n += n;
	p->cursor += n;
	return PROMPT_CHANGED;
}

static enum prompt_said refuse(struct prompt *p, const char *why)
{
	prompt_remark(p, 0, 0, why);
	return PROMPT_REFUSED;
}

/* May it stand in a line as it is? Controls, bidi marks and broken bytes may not. */
static bool is_plain(const char *text)
{
	char clean[PROMPT_MAX * 2];

	text_clean(clean, sizeof clean, text);
	return !strcmp(clean, text);
}

/* A paste as it may stand in a line: its first line, without what is not plain. */
static enum prompt_said paste(struct prompt *p, const char *text, size_t n)
{
	char copy[PROMPT_MAX], line[PROMPT_MAX] = "";
	int bytes;

	if (!p->paste)
		return refuse(p, "paste is off here: type the line");
	snprintf(copy, sizeof copy, "%.*s", (int)(n < PROMPT_MAX ? n : PROMPT_MAX - 1), text);
	copy[strcspn(copy, "\r\n")] = '\0';
	for (const char *from = copy; *from; from += bytes) {
		char one[5] = "";

		text_next(from, &bytes);
		memcpy(one, from, (size_t)bytes);
		if (is_plain(one))
			memcpy(line + strlen(line), one, (size_t)bytes + 1);
	}
	return insert(p, line, (int)strlen(line));
}

static enum prompt_said recall(struct prompt *p, int by)
{
	int back = p->back + by;

	if (!p->history || back < 0 || back > p->history->n || *p->expected)
		return PROMPT_NOTHING;
	if (p->back == 0)
		memcpy(p->draft, p->text, sizeof p->draft);
	p->back = back;
	set_text(p, back ? p->history->line[p->history->n - back] : p->draft);
	return PROMPT_CHANGED;
}

static enum prompt_said complete(struct prompt *p)
{
	char out[PROMPT_MAX], words[160] = "";
	int at = p->cursor;

	if (!p->complete || *p->expected)
		return PROMPT_NOTHING;
	if (p->complete(p->ctx, p->text, p->cursor, out, &at, words, sizeof words) == 0)
		return PROMPT_NOTHING;
	set_text(p, out);
	p->cursor = at >= 0 && at <= p->n ? at : p->n;
	prompt_remark(p, 0, 0, words);
	return PROMPT_CHANGED;
}

static enum prompt_said enter(struct prompt *p)
{
	if (*p->expected && strcmp(p->text, p->expected))
		return refuse(p, "not the same yet");
	if (p->history && !*p->expected)
		history_add(p->history, p->text);
	p->open = false;
	return PROMPT_DONE;
}

static enum prompt_said leave(struct prompt *p)
{
	p->open = false;
	return PROMPT_LEFT;
}

static enum prompt_said move(struct prompt *p, int to)
{
	p->cursor = to;
	return PROMPT_NOTHING;
}

static enum prompt_said edit(struct prompt *p, int32_t key)
{
	char bytes[5];

	switch (key) {
	case K_ENTER: return enter(p);
	case K_ESC: case K_CTRL('G'): case K_CTRL('C'): return leave(p);
	case K_LEFT: return move(p, left_of(p, p->cursor));
	case K_RIGHT: return move(p, right_of(p, p->cursor));
	case K_HOME: return move(p, 0);
	case K_END: case K_CTRL('E'): return move(p, p->n);
	case K_BACKSPACE: return erase(p, left_of(p, p->cursor), p->cursor);
	case K_DEL: case K_CTRL('D'): return erase(p, p->cursor, right_of(p, p->cursor));
	case K_CTRL('U'): return erase(p, 0, p->cursor);
	case K_CTRL('K'): return erase(p, p->cursor, p->n);
	case K_CTRL('W'): return erase(p, word_left(p, p->cursor), p->cursor);
	case K_UP: case K_CTRL('P'): return recall(p, 1);
	case K_DOWN: case K_CTRL('N'): return recall(p, -1);
	case K_TAB: return complete(p);
	default: break;
	}
	if (key < 0x20 || key >= K_NAMED)
		return PROMPT_NOTHING;
	key_utf8(key, bytes);
	return is_plain(bytes) ? insert(p, bytes, (int)strlen(bytes)) : PROMPT_NOTHING;
}

enum prompt_said prompt_input(struct prompt *p, const struct input *in, int64_t now_ms)
{
	bool confirming = *p->expected;

	if (!p->open || (in->kind != INPUT_KEY && in->kind != INPUT_PASTE))
		return PROMPT_NOTHING;
	if (confirming && now_ms < p->deaf_until_ms)
		return PROMPT_NOTHING;
	p->bad_len = 0;
	p->remark[0] = '\0';
	if (in->kind == INPUT_PASTE)
		return paste(p, in->text, in->n);
	if (confirming && !p->pastes_marked && in->burst >= PROMPT_BURST)
		return refuse(p, "that came too fast for a hand: type the line");
	return edit(p, in->key);
}

/* Bytes to leave out at the left so that the cursor fits in w columns. */
static int scroll_of(const struct prompt *p, int w)
{
	int from = 0;
	char head[PROMPT_MAX];

	memcpy(head, p->text, (size_t)p->cursor);
	head[p->cursor] = '\0';
	while (from < p->cursor && text_width(head + from) >= w)
		from = right_of(p, from);
	return from;
}

static void underline(const struct prompt *p, struct canvas *line, int from)
{
	char before[PROMPT_MAX], bad[PROMPT_MAX];
	int at = p->bad_at > from ? p->bad_at : from, end = p->bad_at + p->bad_len < p->n ? p->bad_at + p->bad_len : p->n;

	if (p->bad_len <= 0 || at > p->n || end < at)
		return;
	snprintf(before, sizeof before, "%.*s", at - from, p->text + from);
	snprintf(bad, sizeof bad, "%.*s", end - at, p->text + at);
	canvas_role(line, text_width(before), 0, text_width(bad), ROLE_ERROR);
	canvas_attr(line, text_width(before), 0, text_width(bad) ? text_width(bad) : 1, ATTR_UNDERLINE);
}

void prompt_draw(const struct prompt *p, struct canvas *c, int y)
{
	int x = 1, from, end, column;
	struct canvas line;
	char head[PROMPT_MAX];

	canvas_field(c, 0, y, c->w, ROLE_PROMPT, ALIGN_LEFT, "");
	x = canvas_put(c, c->w > 20 ? 1 : 0, y, ROLE_PROMPT, p->label);
	if (x > c->w / 2)
		x = c->w / 2;
	line = canvas_part(c, x, y, c->w - x, 1);
	canvas_field(&line, 0, 0, line.w, ROLE_PROMPT, ALIGN_LEFT, "");
	from = scroll_of(p, line.w);
	end = canvas_put(&line, 0, 0, ROLE_PROMPT, p->text + from);
	underline(p, &line, from);
	if (from > 0)
		canvas_put(&line, 0, 0, ROLE_MUTED, "<");
	snprintf(head, sizeof head, "%.*s", p->cursor - from, p->text + from);
	column = text_width(head);
	if (end >= line.w && column < line.w - 1 && text_width(p->text + from) > line.w)
		canvas_put(&line, line.w - 1, 0, ROLE_MUTED, ">");
	canvas_cursor(&line, column < line.w ? column : line.w - 1, 0, true);
}
