#include "cmd/changed.h"

#include "trade/in_force.h"

#include <string.h>

static bool has_section(const struct config *c, const char *name)
{
	const char *section;

	for (int i = 0; (section = config_section(c, i)); i++)
		if (!strcmp(section, name))
			return true;
	return false;
}

/* "walmart-us.buffer=5u/10%": the account's section when there is one of that name. */
static enum fault add_word(struct session *s, struct config *c, const char *word)
{
	size_t n = strcspn(word, "=");
	char *key = arena_strndup(s->a, word, n), *dot = strrchr(key, '.');
	const char *section, *account;

	if (!word[n] || !dot || dot == key || !dot[1] || strpbrk(word, "\n[]"))
		return err_set(&s->err, FAULT_REFUSED, "%.80s: expected KEY=VALUE, such as alloc.strategy=fixed or walmart-us.buffer=5u/10%%", word);
	*dot = '\0';
	account = arena_printf(s->a, "account %s", key);
	section = has_section(c, account) ? account : key;
	return config_text(c, arena_strdup(s->a, word), arena_printf(s->a, "[%s]\n%s = %s\n", section, dot + 1, word + n + 1), &s->err);
}

/* A key that nobody asks for is a misspelt one: nothing would change, and that would be taken for the answer. */
static enum fault check_asked(struct session *s, const struct config *c, int from)
{
	for (int i = from; i < c->n; i++)
		if (!c->lines[i].used)
			return err_set(&s->err, FAULT_REFUSED, "[%.60s] %.60s: no such key for quantities", c->lines[i].section, c->lines[i].key);
	return OK;
}

static enum fault rules_of(struct session *s, const char *file, struct config *out)
{
	return *file ? config_file(out, file, &s->err) : OK;
}

static enum fault rules_in_force(struct session *s, struct config *out)
{
	int64_t since_ms;

	return s->set.bundle ? config_in_force(s->store, out, &since_ms, &s->err) : rules_of(s, settings_usual(&s->set), out);
}

enum fault rules_read(struct session *s, struct config *out)
{
	return s->o.config ? rules_of(s, s->set.config_file, out) : rules_in_force(s, out);
}

static enum fault open_was(struct session *s, struct changed *out)
{
	enum fault f = rules_in_force(s, out->was);

	return f ? f : policy_book_read(s->a, out->was, &out->before, &s->err);
}

static enum fault open_is(struct session *s, char *const *word, int n, struct changed *out)
{
	enum fault f = rules_read(s, out->is);
	int own = out->is->n;

	if (!f && s->o.set)
		f = add_word(s, out->is, s->o.set);
	for (int i = 0; i < n && !f; i++)
		f = add_word(s, out->is, word[i]);
	if (!f)
		f = policy_book_read(s->a, out->is, &out->after, &s->err);
	return f ? f : check_asked(s, out->is, own);
}

int changed_open(struct session *s, char *const *word, int n, struct changed *out)
{
	*out = (struct changed){ .was = config_new(), .is = config_new() };
	if (!open_was(s, out) && !open_is(s, word, n, out))
		return -1;
	changed_close(out);
	return session_end(s, FAULT_REFUSED);
}

void changed_close(struct changed *c)
{
	config_free(c->was);
	config_free(c->is);
}
