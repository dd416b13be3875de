#ifndef TALLYMAN_FILTER_PUT_H
#define TALLYMAN_FILTER_PUT_H
/*
 * filter_put.h: the compiler's second half, for filter.c alone: what has been read becomes SQL and bound values.
 */
#include "trade/filter.h"

#include <stdbool.h>

/* One pass: what is read is written as SQL at once. The first complaint stays. */
struct compiler {
	struct arena *a;
	const struct filter_language *lang;
	const char *text, *p; /* all of it, and how far we are */
	int64_t now_ms;
	int depth;
	struct buf sql;
	struct val *val;
	int n, cap;
	struct err *err;
	int at, len;
	bool bad;
};

/* A piece of what was typed: [from, from + n). quoted: * is a star and words are no words. */
struct piece {
	const char *from, *text;
	int n;
	bool quoted;
};

enum op { OP_NONE, OP_IS, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };

/* Always false, so that a failing path is one line. */
bool filter_complain(struct compiler *c, struct piece where, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Is it this word, whatever its case? What stands in quotes is none. */
bool filter_is(struct piece w, const char *word);

/* A word of the view or text to look for; and one value of a column. */
bool filter_put_bare(struct compiler *c, struct piece w);
bool filter_put_value(struct compiler *c, const struct filter_column *col, enum op op, struct piece w);

#endif
