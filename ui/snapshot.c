#include "ui/snapshot.h"

#include "base/text.h"
#include "ui/desk.h"

#include <stdio.h>
#include <string.h>

void snapshot_frame(struct desk *d, int w, int h, enum rendition rendition, struct buf *out)
{
	struct canvas c = canvas_new(w, h);

	desk_draw(d, &c);
	canvas_dump_text(&c, rendition, out);
	canvas_free(&c);
}

void snapshot_roles(struct desk *d, int w, int h, struct buf *out)
{
	struct canvas c = canvas_new(w, h);

	desk_draw(d, &c);
	canvas_dump_roles(&c, out);
	canvas_free(&c);
}

bool snapshot_size(const char *text, int *w, int *h)
{
	char copy[16];
	int64_t cols, rows;
	size_t x = strcspn(text, "x");

	if (strlen(text) >= sizeof copy || !text[x])
		return false;
	snprintf(copy, sizeof copy, "%s", text);
	copy[x] = '\0';
	if (!text_int(copy, 1, 1000, &cols) || !text_int(copy + x + 1, 1, 500, &rows))
		return false;
	*w = (int)cols;
	*h = (int)rows;
	return true;
}
