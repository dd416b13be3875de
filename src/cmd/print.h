#ifndef TALLYMAN_PRINT_H
#define TALLYMAN_PRINT_H
/*
 * print.h: what several commands ask for and print alike.
 */
#include "cmd/session.h"
#include "trade/filter.h"
#include "trade/offers.h"
#include "trade/reconcile.h"
#include "trade/views.h"

/* The words that are left, with a space between: a filter may be typed as one word or as several. */
const char *words_joined(struct session *s);

/* -1: it compiles. Else STATUS_WORDS; the wrong word stands underlined on stderr. */
int filter_checked(struct session *s, const struct filter_language *lang, const char *filter);

/* --sort by name: -1, or STATUS_WORDS with the names there are. Not given: 0. */
int sort_chosen(struct session *s, int n, const char *(*name)(int), int *out);
const char *order_sort_word(int i);
const char *drift_sort_word(int i);

/* The one row of a kind that an id names. FAULT_REFUSED: none has it, or several (they are listed on stderr). what: "order". */
enum fault one_found(struct session *s, const char *id, enum found_kind kind, const char *what, int64_t *out);

/*
 * A long list, page by page, each page in a read of its own, so that it never holds the engine's checkpoint up:
 *
 *	for (p = pager_new(limit); pager_more(&p, n);)
 *		read at most p.want rows into p.page; the last page's rows still stand, for the key
 *	pager_end(&p);
 */
struct pager {
	struct arena *page, *before;
	int64_t left;
	int want; /* 0: nothing was read yet */
};

struct pager pager_new(int64_t limit); /* 0: no limit */
bool pager_more(struct pager *p, int got);
void pager_end(struct pager *p);

/* A table of offers under a name. */
void put_offers(struct sheet *t, const char *name, const struct offer *o, int n);

/* A table "events" of a story, and "terms" of an explanation. */
void put_events(struct sheet *t, const struct event *event, int n);
void put_terms(struct sheet *t, const struct term *term, int n);

/* Differences that reconciliation found; name NULL: more of the same table. */
void put_differences(struct sheet *t, const char *name, const struct rec_row *row, int n);

/* The number of a row, or of anything that begins at 1: nothing for 0. */
void put_id(struct sheet *t, int64_t id);

/* A number where -1 stands for "none yet". */
void put_units(struct sheet *t, int64_t n);

#endif
