#ifndef TALLYMAN_LIST_H
#define TALLYMAN_LIST_H
/*
 * list.h: a pane that is a table of rows with something to do: Orders, Drift, Failed.
 *
 * What they share stands here: sheets for the row or the marks, deeds, the way into the detail, the walk from item
 * to item. A pane's own struct begins with struct list_pane.
 */
#include "ui/panes/deeds.h"
#include "ui/panes/table.h"

struct list_kind {
	const struct table_type *table;
	enum deed_kind deed;
	const char *one;                  /* "order" */
	const char *(*one_of)(const struct table_row *row); /* where rows of this list are not all of one kind: what this one is; NULL: one */
	const struct pane_type *detail;   /* opened by Enter with the row's subject */

	/* "17", "inbox:3". */
	void (*subject)(const struct table_row *row, char *out, size_t cap);
	int (*choices)(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out);

	/* Which number deeds know the row by. */
	struct deed_row (*deed_row)(const struct table_row *row);

	/* A row that stands for several: how many, and the i-th of them. NULL: each row is one. */
	int (*members)(const struct table_row *row);
	struct deed_row (*member)(const struct table_row *row, int i);
};

struct list_pane {
	struct table table;
	struct deed *deed;
	struct arena *named_in;
	const struct deed_row *named; /* what the last sheet was about: by number, a group's members each */
	int names;
	struct arena *look; /* what is shown of the row under the cursor beside the row itself */
};

/* Emptied, for the next row's. */
struct arena *list_look(struct list_pane *v);

/* A sheet is opened: until rows are painted again what is chosen in it is for what is chosen now, whatever the list shows by then. */
void list_name(struct list_pane *v, const struct list_kind *kind);

/* Does another row than the one that was seen stand under the cursor? Then that is said, and nothing may be done. */
bool list_missed(const struct list_pane *v, struct wish *wish);

/* The parts of a pane_type; kind is the pane's own. */
bool list_act(struct pane *p, const struct list_kind *kind, enum act act, struct wish *wish);
void list_answer(struct pane *p, const struct list_kind *kind, struct answer *answer, struct wish *wish);
void list_strip(const struct pane *p, struct strip *strip);
bool list_step(struct pane *p, const struct list_kind *kind, int by, char *subject, size_t cap);
void list_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx);
void list_restore(struct pane *p, const struct list_kind *kind, const char *(*get)(void *ctx, const char *key), void *ctx);
void list_close(struct pane *p);

/*
 * In a list pane's own file, behind its `kind`: the parts of its type that are nothing but the list's, PANE_answer and so on. For the type itself
 * LIST_PANE has those that every list has.
 */
#define LIST_ANSWERS(own)                                                                                       \
	static void own##_answer(struct pane *p, struct answer *answer, struct wish *wish)                      \
	{                                                                                                       \
		list_answer(p, &kind, answer, wish);                                                            \
	}                                                                                                       \
	static bool own##_step(struct pane *p, int by, char *subject, size_t cap)                               \
	{                                                                                                       \
		return list_step(p, &kind, by, subject, cap);                                                   \
	}                                                                                                       \
	static void own##_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)    \
	{                                                                                                       \
		list_restore(p, &kind, get, ctx);                                                               \
	}

#define LIST_PANE(own) .answer = own##_answer, .step = own##_step, .save = list_save, .restore = own##_restore, .close = list_close

#endif
