#include "ui/panes/timeline_csv.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

struct writer {
	struct arena *a;
	struct buf b;
	bool begun; /* the row has a cell */
};

static void put(struct writer *w, const char *text)
{
	size_t cap = 2 * strlen(text) + 4;
	char *cell = arena_alloc(w->a, cap);

	text_csv(cell, cap, text);
	buf_printf(&w->b, "%s%s", w->begun ? "," : "", cell);
	w->begun = true;
}

/* none: an empty cell. */
static void put_number(struct writer *w, int64_t n, int64_t none)
{
	put(w, n == none ? "" : arena_printf(w->a, "%" PRId64, n));
}

static void put_time(struct writer *w, int64_t ms)
{
	char iso[32] = "";

	if (ms)
		time_iso(ms, iso);
	put(w, iso);
}

static void end_row(struct writer *w)
{
	buf_putc(&w->b, '\n');
	w->begun = false;
}

static void put_moment(struct writer *w, const struct moment *m)
{
	char mark[2] = { m->mark == ' ' ? '\0' : m->mark, '\0' };

	put_time(w, m->e.known_ms);
	put(w, mark);
	put(w, m->account);
	put(w, m->marketplace);
	put(w, m->e.what);
	put(w, m->e.detail);
	put_number(w, m->old, UNTOLD);
	put_number(w, m->new, UNTOLD);
	put(w, m->e.actor);
	put_time(w, m->e.at_ms);
	put_time(w, m->since_ms);
	put_number(w, m->e.attempt_id, 0);
	put(w, m->op);
	put_number(w, m->status, 0);
	put(w, m->fault);
	put(w, m->said);
	put(w, m->correlation);
	put(w, m->their_id);
	put(w, m->e.trace);
	end_row(w);
}

const char *timeline_csv(const struct moment *m, int n, struct arena *a)
{
	static const char *const columns[] = { "known", "mark", "account", "marketplace", "what", "detail", "old", "new", "actor", "at", "unknown_since", "attempt",
		                               "op", "status", "fault", "said", "correlation", "their_id", "trace" };
	struct writer w = { .a = a, .b = buf_new(a) };

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		put(&w, columns[i]);
	end_row(&w);
	for (int i = 0; i < n; i++)
		put_moment(&w, &m[i]);
	return w.b.p;
}
