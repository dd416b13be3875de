#ifndef TALLYMAN_KEYMAP_H
#define TALLYMAN_KEYMAP_H
/*
 * keymap.h: which key asks for which act, and the words of the help.
 *
 * One table, data/keymap.ini, with a person's own lines over it. No key means two things; a
 * verb that reaches a marketplace can be given no key, because a key is pressed by accident.
 */
#include "base/err.h"
#include "ui/act.h"

#include <stddef.h>
#include <stdint.h>

struct keymap;

/* The built-in table. FAULT_REFUSED with file:line when data/keymap.ini is wrong; then *out is NULL. */
enum fault keymap_new(struct keymap **out, struct err *err);
void keymap_free(struct keymap *km);

/*
 * Lay a person's lines over it: "act = keys | also". A bad line is skipped and leaves its act as it was; the
 * fault is the first one's, with file:line, and *skipped (may be NULL) counts them.
 */
enum fault keymap_read(struct keymap *km, const char *file, const char *text, int *skipped, struct err *err);

/* The act of a key (as in input.h); ACT_NONE when it has none. */
enum act keymap_act(const struct keymap *km, int32_t key);

/* "j" or, with also, "j Down"; "" when the act has no key. out holds at least 48 bytes. */
void keymap_keys(const struct keymap *km, enum act act, bool also, char *out);

unsigned keymap_where(const struct keymap *km, enum act act);      /* enum where of pane.h; 0: no such line */
const char *keymap_brief(const struct keymap *km, enum act act);   /* "move"; "" when there is no line */
const char *keymap_help(const struct keymap *km, enum act act);    /* "next row" */
const char *keymap_group(const struct keymap *km, enum act act);   /* "Move" */

/* The i-th act of the table, in the file's order; ACT_NONE past the end. */
enum act keymap_nth(const struct keymap *km, int i);

/* "lists, help": the words of a where mask. */
void where_words(unsigned where, char *out, size_t cap);

#endif
