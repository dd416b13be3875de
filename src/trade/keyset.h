#ifndef TALLYMAN_KEYSET_H
#define TALLYMAN_KEYSET_H
/*
 * keyset.h: a view is one or more legs walked one after the other; a leg is a range of one index.
 *
 * Every page starts from the sort value and id of the row it follows, so its cost does not
 * depend on how far down it is. A leg's two statements are literals (prepared once); a filter is put
 * into a copy, before its ORDER BY.
 */
#include "trade/filter.h"
#include "trade/views.h"

/*
 * up ends "... (value, id) > (?, ?) ORDER BY value, id LIMIT ?", down the other way round. When text is set the
 * sort is over text and the key's text is bound in value's place. account > 0: the first ? is it.
 */
struct leg {
	const char *up, *down;
	bool natural_down; /* the view's own direction goes down the index */
	bool text;
	int64_t account;
	const char *account_name;
};

/* The rows of a leg beyond key (NULL: from its near end), at most n. backward: against its natural direction. */
struct rows *leg_ask(struct store *s, struct arena *a, const struct leg *leg, bool backward, const struct page_key *key,
                     const struct filter *f, int n);

/* Run a count whose text has one %s where the filter goes, and after it one ? for the most that is counted. */
enum fault filter_count(struct store *s, struct arena *a, const char *sql, const struct filter *f, int64_t most, int64_t *out,
                        struct err *err);

/* Every statement the views are made of, for the test that pins their plans: name, text, how many parameters. false past the end. */
bool view_statement(int i, const char **name, const char **sql, int *params);

/* Each file's own part of it. */
const struct leg *orders_leg(int i, const char **name); /* NULL past the last */
const struct leg *drift_leg(int i, const char **name);

enum { PAGE_MAX = 500 };

static inline int page_rows(int n)
{
	return n < 0 ? 0 : n > PAGE_MAX ? PAGE_MAX : n;
}

#endif
