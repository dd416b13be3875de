#ifndef TALLYMAN_CONFIG_H
#define TALLYMAN_CONFIG_H
/*
 * config.h: INI files (tallyman.ini, keymap.ini, themes) as lists of lines.
 *
 * inih parses; every key keeps its line, so that an error can say file:line. A key
 * nobody asked for is reported by config_unused, because a misspelt safety rule that is
 * silently ignored is worse than none.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct config_line {
	const char *section, *key, *value;
	int line;
	bool used;
};

struct config {
	struct arena *arena;
	const char *file;
	struct config_line *lines;
	int n, cap;
};

/*
 * Read a file, or a text already in memory, under a name; both add to c, and of two lines for the same key the later one wins. FAULT_REFUSED with file:line: a
 * line is none, longer than 198 bytes, or begins with a space.
 */
struct config *config_new(void);
void config_free(struct config *c);
enum fault config_file(struct config *c, const char *path, struct err *err);
enum fault config_text(struct config *c, const char *name, const char *text, struct err *err);

/* The value, or otherwise. Marks it used. */
const char *config_get(const struct config *c, const char *section, const char *key, const char *otherwise);

/* A whole number in [min, max]; FAULT_REFUSED with file:line when the value is none. *out is otherwise when the key is absent. */
enum fault config_int(const struct config *c, const char *section, const char *key, int64_t min, int64_t max, int64_t otherwise,
                      int64_t *out, struct err *err);

/* Section names in order of first appearance; NULL past the end. */
const char *config_section(const struct config *c, int i);

/* The line of a key, 0 when absent. */
int config_line_of(const struct config *c, const char *section, const char *key);

/* The first line nobody asked for, NULL when all were. */
const struct config_line *config_unused(const struct config *c);

#endif
