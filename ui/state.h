#ifndef TALLYMAN_STATE_H
#define TALLYMAN_STATE_H
/*
 * state.h: where a person was: place, filters, cursors, marks, theme.
 *
 * One small file of the person's own under the XDG state folder, one for each store, written anew and renamed
 * when it is flushed (loop.h says when) and something in it has changed. Nothing in it can act: plans are in the store, and
 * being armed is written nowhere. A damaged file is read as far as it makes sense.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct state;

/*
 * The file for a store: $XDG_STATE_HOME/tallyman/NAME.view, else below ~/.local/state; folders are made (0700).
 * out holds cap bytes. FAULT_REFUSED when neither variable says where.
 */
enum fault state_path(const char *store_dir, char *out, size_t cap, struct err *err);

/* Read path; NULL: keep everything in memory. Never fails: *odd (may be NULL) counts lines that made no sense. */
struct state *state_open(const char *path, int *odd);
void state_close(struct state *s);

/* "orders", "filter": the value, or NULL. Names are letters, digits, _ and -; it lives until the next put. */
const char *state_get(const struct state *s, const char *section, const char *key);

/* NULL takes it away. Values above 4 MiB are not kept. */
void state_put(struct state *s, const char *section, const char *key, const char *value);

/* Write the file if anything has changed since. FAULT_STORE says why it could not; it is tried again at the next change. */
enum fault state_flush(struct state *s, struct err *err);

#endif
