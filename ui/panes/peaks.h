#ifndef TALLYMAN_UI_PEAKS_H
#define TALLYMAN_UI_PEAKS_H
/*
 * peaks.h: the events that last now, in words: they change what every offer shows, so that a screen says so.
 */
#include "base/arena.h"
#include "base/err.h"

struct pane;
struct store;

/* "event black-friday until Sat 08:00Z", several with a comma between; "": none lasts. */
enum fault say_events(const struct pane *p, struct store *s, struct arena *a, const char **out, struct err *err);

#endif
