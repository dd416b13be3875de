#ifndef TALLYMAN_PANES_TABLE_INSIDE_H
#define TALLYMAN_PANES_TABLE_INSIDE_H
/* table_inside.h: what table.c (keys and answers), table_load.c, table_draw.c and table_marks.c share of a list. Nobody else includes it. */
#include "ui/panes/table.h"

/* This row is the one the person is on. */
void table_take(struct table *t, const struct table_row *row);

/* By so many rows, within what is loaded at once; beyond it the next load goes on from the last row there is. */
void table_move_by(struct pane *p, struct table *t, int by);

/* With the next load, whatever is loaded now. */
void table_jump(struct pane *p, struct table *t, enum jump to);

/* By the row's number. */
bool table_is_marked(const struct table *t, int64_t id);
void table_mark(struct table *t, const struct table_row *row); /* TABLE_MARKS at most: beyond them t->trouble says so */

/* Three keys: the row and one on; all of the view, asked first when they are many; from where it was pressed first to here. */
void table_mark_toggle(struct pane *p, struct table *t);
void table_mark_all(struct pane *p, struct table *t, struct wish *wish);
void table_mark_range(struct pane *p, struct table *t, struct wish *wish);

/* table_view.c: columns, and views under names. */
bool table_hides(const struct table *t, int column);
bool table_view_changed(const struct table *t); /* it is another than the kept one it began as */
bool table_view_act(const struct table *t, enum act act, struct wish *wish);
bool table_view_answer(struct table *t, struct answer *answer, struct wish *wish); /* true: the rows are others now */

#endif
