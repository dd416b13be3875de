#include "ui/frame_row.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void row_add(struct frame_row *r, enum role role, int rank, int gap, const char *text)
{
	struct part *p = &r->part[r->n];

	if (r->n == PARTS_MAX || !*text)
		return;
	*p = (struct part){ .role = role, .rank = rank, .gap = gap };
	text_clean(p->text, sizeof p->text, text);
	r->n++;
}

void row_addf(struct frame_row *r, enum role role, int rank, int gap, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	row_add(r, role, rank, gap, text);
}

static int row_width(const struct frame_row *r)
{
	int w = 0;

	for (int i = 0; i < r->n; i++)
		w += (i ? r->part[i].gap : 0) + text_width(r->part[i].text);
	return w;
}

static void row_remove(struct frame_row *r, int i)
{
	if (r->part[i].right && i + 1 < r->n)
		r->part[i + 1].right = true;
	memmove(&r->part[i], &r->part[i + 1], (size_t)(--r->n - i) * sizeof *r->part);
}

/* Drop what has the highest rank until the rest fits; then cut what may be cut. */
static void row_fit(struct frame_row *r, int w)
{
	while (row_width(r) > w) {
		int worst = -1, over = row_width(r) - w;

		for (int i = 0; i < r->n; i++)
			if (r->part[i].rank > 0 && (worst < 0 || r->part[i].rank >= r->part[worst].rank))
				worst = i;
		if (worst >= 0) {
			row_remove(r, worst);
			continue;
		}
		for (int i = 0; i < r->n; i++) {
			struct part *p = &r->part[i];
			int have = text_width(p->text), want = have - over > 4 ? have - over : 4;

			if (!p->shrinks || want >= have)
				continue;
			snprintf(p->text + text_fit(p->text, want - 1, NULL), 2, "~");
		}
		return;
	}
}

void row_draw(struct frame_row *r, struct canvas *c, int y, int left, int right)
{
	int x = left, rest;

	row_fit(r, c->w - left - right);
	for (int i = 0; i < r->n; i++) {
		if (r->part[i].right) {
			struct frame_row tail = { .n = r->n - i };

			memcpy(tail.part, &r->part[i], (size_t)tail.n * sizeof *tail.part);
			rest = row_width(&tail);
			x = c->w - right - rest > x + r->part[i].gap ? c->w - right - rest : x + r->part[i].gap;
		} else {
			x += i ? r->part[i].gap : 0;
		}
		x = canvas_put(c, x, y, r->part[i].role, r->part[i].text);
	}
}
