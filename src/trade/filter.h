#ifndef TALLYMAN_FILTER_H
#define TALLYMAN_FILTER_H
/*
 * filter.h: what a person types after / becomes a condition with bound values.
 *
 *	late                     a word of the view's own
 *	channel:walmart,amazon   column is one of
 *	total>40.00 age<4h       comparisons with units: s m h d, money, whole numbers
 *	sku:AB*                  starts with; title:seal contains; carrier="" is empty
 *	!state:shipped           not; a or b; ( ) group; side by side means and
 *	carton "two words"       a bare word is looked for in the view's text columns
 *
 * Never by pasting text into SQL: column names come from the table below, everything typed is bound.
 */
#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#include <stdint.h>

/*
 * WORD is found whole, TEXT anywhere in it; both take * for any letters, and neither minds ASCII case. STATE is a WORD
 * whose values may also be words of the view (state:late,new). MONEY expressions are in thousandths of the
 * currency's unit, so that yen and dollars compare. AGE and UNTIL are expressions in epoch milliseconds: AGE
 * compares now - expression, UNTIL expression - now.
 */
enum filter_type { FILTER_TEXT, FILTER_WORD, FILTER_STATE, FILTER_INT, FILTER_MONEY, FILTER_AGE, FILTER_UNTIL };

/*
 * sql is the condition with @ where comparison and value go: "o.units @", "(lower(c.name) @ OR lower(c.channel) @)".
 * Expressions over text are in lower case and none is ever NULL, so that ! means the rest.
 */
struct filter_column {
	const char *name; /* what is typed */
	const char *sql;
	enum filter_type type;
	const char *help;
};

/* A word of the view's own: "late" stands for a condition; ?now in it is bound to now. */
struct filter_word {
	const char *name, *sql, *help;
};

struct filter_language {
	const struct filter_column *column; /* name NULL ends */
	const struct filter_word *word;     /* name NULL ends */
	const char *search;                 /* a bare word is looked for here: "(lower(o.ref) @ OR lower(o.sku) @)" */
};

enum { FILTER_MAX = 1000 }; /* bytes a person may type; longer is refused */

struct filter {
	const char *where; /* "1 = 1" when nothing was typed; parameters are ?, in order */
	struct val *val;
	int n;
};

/* FAULT_REFUSED: err says what is wrong and what is known; *at, *len: the word concerned, in bytes, for the underline. */
enum fault filter_compile(struct arena *a, const struct filter_language *lang, const char *text, int64_t now_ms, struct filter *out, int *at,
                          int *len, struct err *err);

#endif
