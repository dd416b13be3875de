#include "cmd/print.h"

#include "base/near.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

const char *words_joined(struct session *s)
{
	struct buf b = buf_new(s->a);

	for (int i = 0; i < s->o.words; i++)
		buf_printf(&b, "%s%s", i ? " " : "", s->o.word[i]);
	return b.len ? b.p : "";
}

static const char *clean_of(struct session *s, const char *text)
{
	size_t cap = strlen(text) * 4 + 16;
	char *out = arena_alloc(s->a, cap);

	text_clean(out, cap, text);
	return out;
}

static void underline(struct session *s, const char *text, int at, int len)
{
	const char *head = clean_of(s, arena_strndup(s->a, text, (size_t)at));
	const char *word = clean_of(s, arena_strndup(s->a, text + at, (size_t)len));

	fprintf(stderr, "  %s\n  %*s", clean_of(s, text), text_width(head), "");
	for (int i = text_width(word); i > 0; i--)
		fputc('^', stderr);
	fputs("\nNothing was done.\n", stderr);
}

int filter_checked(struct session *s, const struct filter_language *lang, const char *filter)
{
	struct filter f;
	int at, len;

	if (!filter_compile(s->a, lang, filter, s->now_ms, &f, &at, &len, &s->err))
		return -1;
	session_fail(s, s->err.text);
	underline(s, filter, at, len);
	return STATUS_WORDS;
}

int sort_chosen(struct session *s, int n, const char *(*name)(int), int *out)
{
	struct buf all = buf_new(s->a);
	struct near near;

	*out = 0;
	if (!s->o.sort)
		return -1;
	near = near_to(s->o.sort);
	for (int i = 0; i < n; i++) {
		if (!strcmp(name(i), s->o.sort)) {
			*out = i;
			return -1;
		}
		near_offer(&near, name(i));
		buf_printf(&all, "%s%s", i ? ", " : "", name(i));
	}
	if (near.best)
		return command_misused(s->o.command, "--sort has no %s; did you mean %s?", clean_of(s, s->o.sort), near.best);
	return command_misused(s->o.command, "--sort is one of %s", all.p);
}

const char *order_sort_word(int i)
{
	return order_sort_name((enum order_sort)i);
}

const char *drift_sort_word(int i)
{
	return drift_sort_name((enum drift_sort)i);
}

/* What an id names, where something else was meant; and how that is looked at. */
static const char *is_rather(struct session *s, const char *id, const struct found *found)
{
	static const struct {
		const char *what, *command;
	} shows[] = {
		[FOUND_ORDER] = { "an order", "order" }, [FOUND_ITEM] = { "a SKU", "stock" },      [FOUND_ATTEMPT] = { "a call", "raw" },   [FOUND_JOB] = { "a job", "find" },
		[FOUND_INTENT] = { "a decision", "find" }, [FOUND_ALERT] = { "an alert", "find" }, [FOUND_OFFER] = { "an offer", "explain" }, [FOUND_ZERO] = { "a zero-out", "zero" },
	};

	return arena_printf(s->a, ": it is %s; `tallyman %s %.60s` shows it", shows[found->kind].what, shows[found->kind].command, id);
}

enum fault one_found(struct session *s, const char *id, enum found_kind kind, const char *what, int64_t *out)
{
	struct found *found;
	int n, hits = 0;
	enum fault f = find_id(s->store, id, s->a, &found, &n, &s->err);

	if (f)
		return f;
	for (int i = 0; i < n; i++)
		if (found[i].kind == kind && !hits++)
			*out = found[i].id;
	if (hits == 1)
		return OK;
	if (!hits)
		return err_set(&s->err, FAULT_REFUSED, "there is no %s %.60s here%s", what, id, n ? is_rather(s, id, &found[0]) : "");
	for (int i = 0; i < n; i++)
		if (found[i].kind == kind)
			fprintf(stderr, "  %s:%lld  %s\n", what, (long long)found[i].id, clean_of(s, found[i].words));
	return err_set(&s->err, FAULT_REFUSED, "several have the number %.80s: name one of those above as %s:N", id, what);
}

enum { PAGE = 500 };

struct pager pager_new(int64_t limit)
{
	return (struct pager){ .page = arena_new(), .before = arena_new(), .left = limit ? limit : INT64_MAX };
}

bool pager_more(struct pager *p, int got)
{
	struct arena *t = p->page;

	if (p->want && got < p->want)
		return false;
	p->left -= p->want ? got : 0;
	p->want = p->left < PAGE ? (int)p->left : PAGE;
	p->page = p->before;
	p->before = t;
	arena_reset(p->page);
	return p->want > 0;
}

void pager_end(struct pager *p)
{
	arena_free(p->page);
	arena_free(p->before);
}

static const struct column event_columns[] = {
	{ "at", CELL_TIME, false },    { "known", CELL_TIME, true }, { "what", CELL_TEXT, false },   { "detail", CELL_TEXT, false },
	{ "actor", CELL_TEXT, false }, { "trace", CELL_TEXT, true }, { "attempt", CELL_INT, false },
};

void put_events(struct sheet *t, const struct event *event, int n)
{
	sheet_table(t, "events", COLUMNS(event_columns));
	for (int i = 0; i < n; i++) {
		put_time(t, event[i].at_ms);
		put_time(t, event[i].known_ms);
		put_text(t, event[i].what);
		put_text(t, event[i].detail);
		put_text(t, event[i].actor);
		put_text(t, event[i].trace);
		put_id(t, event[i].attempt_id);
	}
}

static const struct column term_columns[] = {
	{ "term", CELL_TEXT, false }, { "value", CELL_TEXT, false }, { "origin", CELL_TEXT, false }, { "at", CELL_TIME, false }, { "attempt", CELL_INT, false },
};

void put_terms(struct sheet *t, const struct term *term, int n)
{
	sheet_table(t, "terms", COLUMNS(term_columns));
	for (int i = 0; i < n; i++) {
		put_text(t, term[i].name);
		put_text(t, term[i].value);
		put_text(t, term[i].origin);
		put_time(t, term[i].at_ms);
		put_id(t, term[i].attempt_id);
	}
}

void put_id(struct sheet *t, int64_t id)
{
	if (id)
		put_int(t, id);
	else
		put_none(t);
}

void put_units(struct sheet *t, int64_t n)
{
	if (n < 0)
		put_none(t);
	else
		put_int(t, n);
}
