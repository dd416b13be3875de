/* canvas_show.c: a cell as characters, in UTF-8 or in ASCII, and a whole canvas as text. */
#include "ui/canvas.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	char ascii;
	const char *utf8;
} glyphs[GLYPHS] = {
	[GLYPH_NONE] = { ' ', " " },
	[GLYPH_H] = { '-', "\u2500" },
	[GLYPH_V] = { '|', "\u2502" },
	[GLYPH_TL] = { '+', "\u250c" },
	[GLYPH_TR] = { '+', "\u2510" },
	[GLYPH_BL] = { '+', "\u2514" },
	[GLYPH_BR] = { '+', "\u2518" },
	[GLYPH_FULL] = { '#', "\u2588" },
	[GLYPH_EMPTY] = { '-', "\u2591" },
	[GLYPH_RAMP] = { '_', "\u2581" },
	[GLYPH_RAMP + 1] = { '.', "\u2582" },
	[GLYPH_RAMP + 2] = { ':', "\u2583" },
	[GLYPH_RAMP + 3] = { '-', "\u2584" },
	[GLYPH_RAMP + 4] = { '=', "\u2585" },
	[GLYPH_RAMP + 5] = { '+', "\u2586" },
	[GLYPH_RAMP + 6] = { '*', "\u2587" },
	[GLYPH_RAMP + 7] = { '#', "\u2588" },
};

/* A letter that reads like it: Latin-1 and Latin Extended-A, and the punctuation that texts are full of. */
static char likeness(uint32_t c)
{
	static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
	                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
	                            "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
	static const struct { uint32_t c; char like; } marks[] = {
		{ 0xa0, ' ' }, { 0xb7, '.' }, { 0x2010, '-' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2018, '\'' },
		{ 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2022, '*' }, { 0x2026, '.' }, { 0x2212, '-' },
	};

	_Static_assert(sizeof latin == 0x180 - 0xc0 + 1, "one letter for each of U+00C0..U+017F");
	if (c >= 0xc0 && c < 0x180)
		return latin[c - 0xc0];
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].c == c)
			return marks[i].like;
	return '?';
}

int cell_show(const struct cell *cell, enum rendition rendition, char *out)
{
	unsigned char first = (unsigned char)cell->text[0];
	int n;

	if (cell->width == 0) {
		out[0] = '\0';
	} else if (first < GLYPHS) {
		snprintf(out, 16, "%s", rendition == RENDITION_UTF8 ? glyphs[first].utf8 : (char[]){ glyphs[first].ascii, '\0' });
	} else if (rendition == RENDITION_UTF8) {
		memcpy(out, cell->text, sizeof cell->text);
	} else {
		out[0] = first < 0x80 ? (char)first : likeness(text_next(cell->text, &n));
		out[1] = cell->width == 2 ? '?' : '\0';
		out[2] = '\0';
	}
	return cell->width;
}

void canvas_dump_text(const struct canvas *c, enum rendition rendition, struct buf *out)
{
	char show[16];

	for (int y = 0; y < c->h; y++) {
		size_t end = out->len;

		for (int x = 0; x < c->w; x++) {
			cell_show(canvas_cell(c, x, y), rendition, show);
			buf_puts(out, show);
			if (*show && strcmp(show, " "))
				end = out->len;
		}
		out->p[out->len = end] = '\0';
		buf_putc(out, '\n');
	}
}

void canvas_dump_roles(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		size_t end = out->len;

		for (int x = 0; x < c->w; x++) {
			buf_putc(out, role_letter(canvas_cell(c, x, y)->role));
			if (out->p[out->len - 1] != ' ')
				end = out->len;
		}
		out->p[out->len = end] = '\0';
		buf_putc(out, '\n');
	}
}
