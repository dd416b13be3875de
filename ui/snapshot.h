#ifndef TALLYMAN_SNAPSHOT_H
#define TALLYMAN_SNAPSHOT_H
/*
 * snapshot.h: a frame as text, without a terminal: for `tallyman --frame orders --size 80x24`, for
 * tests, and for a person who wants to show a screen to somebody.
 */
#include "ui/canvas.h"

struct desk;

/* The frame as it would be shown at w x h, a line a row; and the same as letters of roles. Added to out. */
void snapshot_frame(struct desk *d, int w, int h, enum rendition rendition, struct buf *out);
void snapshot_roles(struct desk *d, int w, int h, struct buf *out);

/* "80x24": 1..1000 by 1..500. false: it is no size. */
bool snapshot_size(const char *text, int *w, int *h);

#endif
