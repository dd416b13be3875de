/*
 * outside.c: a file that came from anywhere is what this program would have written, or it is not opened: its tables and indexes word for word, no trigger and no
 * view, for their words would be SQL of somebody else's; then each page. No CHECK is looked at: SQLite forgets them where it only reads.
 */
#include "store/inside.h"

#include <string.h>

/* Rows of the one beside rows of the other, and none left over. */
static bool are_alike(struct rows *theirs, struct rows *ours)
{
	bool more;

	while ((more = rows_next(theirs)) == rows_next(ours) && more)
		for (int i = 0; i < 4; i++)
			if (rows_null(theirs, i) != rows_null(ours, i) || strcmp(rows_text(theirs, i), rows_text(ours, i)))
				return false;
	return !theirs->has_row && !ours->has_row;
}

static enum fault check_words(struct store *s, struct err *err)
{
	static const char theirs[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
	static const char ours[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type <> 'trigger' ORDER BY type, name";
	struct store *own;
	struct rows *a, *b;
	enum fault f = store_memory(&own, err);
	bool alike;

	if (f)
		return f;
	a = store_ask(s, theirs, NULL, 0);
	b = store_ask(own, ours, NULL, 0);
	alike = are_alike(a, b);
	f = rows_end(a, err);
	if (rows_end(b, f ? NULL : err) && !f)
		f = FAULT_STORE;
	store_close(own);
	if (!f && !alike)
		f = err_set(err, FAULT_REFUSED, "%.200s is no bundle that this tallyman would make: its tables are others; a store is a folder, and a copy of one goes into a folder of its own",
		            store_dir(s));
	return f;
}

enum fault store_check_outside(struct store *s, struct err *err)
{
	enum fault f = check_words(s, err);

	if (!f)
		f = store_exec(s, err, "PRAGMA cell_size_check=ON");
	if (!f && store_pages(s, &(struct err){ 0 }))
		f = err_set(err, FAULT_REFUSED, "%.200s is a damaged bundle: have it sent again", store_dir(s));
	return f;
}
