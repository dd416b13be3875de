#include "trade/failure_folds.h"

#include "base/text.h"
#include "trade/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

const char *failure_words(struct arena *a, const char *text, const char *subject)
{
	struct buf b = buf_new(a);
	size_t s = strlen(subject);

	buf_puts(&b, "");
	for (const char *p = text; *p;) {
		size_t n = 0, digits = 0;

		if (s && !strncmp(p, subject, s)) {
			buf_putc(&b, '#');
			p += s;
			continue;
		}
		for (; in_word(p[n]); n++)
			digits += isdigit((unsigned char)p[n]) != 0;
		if (digits)
			buf_putc(&b, '#');
		else
			buf_add(&b, p, n ? n : 1);
		p += n ? n : 1;
	}
	return b.p;
}

/* What two of one fold have in common, as one text. */
static const char *key_of(const struct failure *f, struct arena *a)
{
	return arena_printf(a, "%d %s|%s|%s|%s|%s|%s", f->auto_retry, f->account_name, f->class, f->verb, f->owner, failure_words(a, f->path, f->subject),
	                    failure_words(a, f->text, f->subject));
}

static void put_into(struct failure_fold *fold, const struct failure *f, struct arena *a)
{
	struct failure *all = &fold->f;

	fold->member = arena_grow(a, fold->member, fold->n, &fold->cap, sizeof *fold->member);
	fold->member[fold->n++] = f;
	if (!fold->oldest || f->first_ms < fold->oldest->first_ms)
		fold->oldest = f;
	all->count += f->count;
	if (f->first_ms < all->first_ms)
		all->first_ms = f->first_ms;
	if (f->next_ms && (!all->next_ms || f->next_ms < all->next_ms))
		all->next_ms = f->next_ms;
}

int failures_fold(const struct failure *failure, int n, struct arena *a, struct failure_fold **out)
{
	const char **key = arena_alloc(a, (size_t)(n + 1) * sizeof *key);
	int folds = 0;

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (int i = 0; i < n; i++) {
		const char *k = key_of(&failure[i], a);
		int at = 0;

		while (at < folds && strcmp(key[at], k))
			at++;
		if (at == folds) {
			key[folds] = k;
			(*out)[folds] = (struct failure_fold){ .f = failure[i] };
			(*out)[folds++].f.count = 0;
		}
		put_into(&(*out)[at], &failure[i], a);
	}
	return folds;
}

static void add_cost(struct failure_cost *all, const struct failure_cost *one)
{
	all->orders += one->orders;
	all->units += one->units;
	all->shown += one->shown;
	if (!*all->currency)
		all->currency = one->currency;
	if (!strcmp(all->currency, one->currency))
		all->minor += one->minor;
	if (!*all->sku)
		all->sku = one->sku;
	if (one->due_ms && (!all->due_ms || one->due_ms < all->due_ms))
		all->due_ms = one->due_ms;
}

enum fault failure_fold_cost(struct store *s, const struct failure_fold *fold, struct arena *a, struct failure_cost *out, struct err *err)
{
	enum fault f = OK;

	*out = (struct failure_cost){ .currency = "", .sku = "" };
	for (int i = 0; i < fold->n && i < FOLD_COSTED && !f; i++) {
		struct failure_cost one;

		f = failure_cost(s, fold->member[i], a, &one, err);
		if (!f)
			add_cost(out, &one);
	}
	return f;
}

bool failure_has(const struct failure *f, const char *word)
{
	const char *const text[] = { failure_queue_name(failure_queue(f)), f->account_name, f->channel, f->verb, f->class, f->subject, f->path, f->text, f->owner, f->state };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (text[i] && strcasestr(text[i], word))
			return true;
	return false;
}

bool failure_fits(const struct failure *f, const char *filter)
{
	char words[FILTER_MAX + 1], *save = NULL;

	snprintf(words, sizeof words, "%s", filter ? filter : "");
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		bool no = *w == '!' && w[1];

		if (failure_has(f, w + no) == no)
			return false;
	}
	return true;
}
