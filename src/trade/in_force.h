#ifndef TALLYMAN_IN_FORCE_H
#define TALLYMAN_IN_FORCE_H
/*
 * in_force.h: every setting there is: what holds, what would hold without a line, and which line says so.
 *
 * What holds is what the engine has read last, as the store keeps it. The file is looked at beside it for line numbers, and for what was changed in it since.
 * Which settings there are, and what they mean, is data/tallyman.ini, the built-in file that explains them.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct config;
struct store;

/* A key that data/tallyman.ini explains, in use or commented out; what it does not mention is not known. */
struct config_known {
	const char *section, *key; /* "account" for each account's */
	const char *usual, *help;  /* what holds without a line, ""; what stands above it */
	bool secret;
};

struct config_book {
	struct config_known *known;
	int n, cap;
};

struct config_book config_book_read(struct arena *a);

/* "account" of "account walmart-us", "profile" of a profile's: each has its own name. Others are their own kind. */
const char *config_kind(struct arena *a, const char *section);

/* A configuration as a text without comments, as config_put takes it: of a secret stands there where it is (of a command not even which), and *** for a literal. Lives in a. */
const char *config_record(const struct config *c, struct arena *a);

/* The configuration that the engine has read last into c, and since when it holds; nothing where none ran yet. */
enum fault config_in_force(struct store *s, struct config *c, int64_t *since_ms, struct err *err);

struct in_force {
	const char *section, *key; /* "rec", "account walmart-us" */
	const char *value;         /* what holds. Of a secret where it is, never more; "" where nothing is said and nothing is usual */
	const char *usual;         /* what holds without a line; "": nothing */
	const char *source;        /* "/etc/tallyman.ini:14", "default", "the engine's, since ..." that is not in the file any more */
	const char *file_says;     /* another value, that the engine has not read yet; "" */
	const char *help;          /* what data/tallyman.ini says above it */
	bool set;                  /* a line says so */
};

/* path: the configuration file; NULL: only the store is known. section: of it alone ("rec"); NULL or "": all. Lives in a. */
enum fault in_force_read(struct store *s, const char *path, const char *section, struct arena *a, struct in_force **out, int *n, struct err *err);

#endif
