#include "trade/in_force.h"

#include "base/asset.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/text.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the built-in file that explains them ---- */

/* Of the first n bytes: a heading in the file has its bracket behind them. */
static const char *kind_of(struct arena *a, const char *section, size_t n)
{
	if (n > 8 && (!strncmp(section, "account ", 8) || !strncmp(section, "profile ", 8)))
		n = 7;
	return arena_strndup(a, section, n);
}

const char *config_kind(struct arena *a, const char *section)
{
	return kind_of(a, section, strlen(section));
}

/* A line of a comment joins those above it. */
static const char *joined(struct arena *a, const char *help, const char *text, size_t n)
{
	return arena_printf(a, "%s%s%.*s", help, *help ? " " : "", (int)n, text);
}

/* "key = value" holds; "# key = value" would hold without it; "#key = value" is an example, and one that says where something lies is a secret's. */
static bool read_key(struct arena *a, const char *line, size_t n, const char *section, const char *help, struct config_known *out)
{
	bool example = *line == '#' && n > 1 && line[1] != ' ';
	const char *q = line + strspn(line, "# \t");
	size_t word = strspn(q, "abcdefghijklmnopqrstuvwxyz_"), gap = strspn(q + word, " \t");
	const char *value;

	if (!word || q[word + gap] != '=')
		return false;
	value = q + word + gap + 1;
	value += strspn(value, " \t");
	value = value < line + n ? arena_strndup(a, value, (size_t)(line + n - value)) : "";
	*out = (struct config_known){ .section = section, .key = arena_strndup(a, q, word), .usual = example ? "" : value, .help = help, .secret = !strncmp(value, "file:", 5) };
	return true;
}

/* Comments stand above what they explain; those of a section above its first key. Several keys may share one. */
struct config_book config_book_read(struct arena *a)
{
	const char *text = asset_get(a, "data/tallyman.ini", NULL), *section = "", *help = "";
	struct config_book b = { 0 };
	bool keys = false; /* the last line was one: a comment begins anew */

	for (const char *p = text; p && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		const char *q = p + strspn(p, "# \t");
		struct config_known k;

		if (*q == '[') {
			section = kind_of(a, q + 1, strcspn(q + 1, "]\n"));
			help = "";
		} else if (read_key(a, p, n, section, help, &k)) {
			b.known = arena_grow(a, b.known, b.n, &b.cap, sizeof *b.known);
			b.known[b.n++] = k;
			keys = true;
		} else if (*p == '#' && q < p + n) {
			help = joined(a, keys ? "" : help, q, (size_t)(p + n - q));
			keys = false;
		} else {
			help = "";
			keys = false;
		}
	}
	return b;
}

static const struct config_known *known_of(const struct config_book *b, const char *kind, const char *key)
{
	for (int i = 0; i < b->n; i++)
		if (!strcmp(b->known[i].section, kind) && !strcmp(b->known[i].key, key))
			return &b->known[i];
	return NULL;
}

static bool is_secrets_name(const struct config_book *b, const char *key)
{
	for (int i = 0; i < b->n; i++)
		if (b->known[i].secret && !strcmp(b->known[i].key, key))
			return true;
	return false;
}

static bool is_section(const struct config_book *b, const char *kind)
{
	for (int i = 0; i < b->n; i++)
		if (!strcmp(b->known[i].section, kind))
			return true;
	return false;
}

/* What nobody explains is one where secrets stand, where the section is misspelt, or when it is called as one elsewhere. */
static bool is_secret(const struct config_book *b, struct arena *a, const char *section, const char *key)
{
	const char *kind = config_kind(a, section);
	const struct config_known *k = known_of(b, kind, key);

	if (k)
		return k->secret;
	return !strcmp(kind, "account") || !strcmp(kind, "hooks") || !strcmp(kind, "vault") || !is_section(b, kind) || is_secrets_name(b, key);
}

/* ---- what goes on record ---- */

static bool says_where(const char *value)
{
	static const char *const open[] = { "vault:", "file:", "env:" };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (!strncmp(value, open[i], strlen(open[i])))
			return true;
	return false;
}

/* Of a secret where it is; what a command is called may be a secret itself, and what says no place is one. */
static const char *on_record(const char *value)
{
	return !*value || says_where(value) ? value : !strncmp(value, "cmd:", 4) ? "cmd:" : "***";
}

const char *config_record(const struct config *c, struct arena *a)
{
	struct config_book book = config_book_read(a);
	struct buf b = buf_new(a);

	for (int i = 0; i < c->n; i++) {
		const struct config_line *l = &c->lines[i];

		buf_printf(&b, "[%s] %s = %s\n", l->section, l->key, is_secret(&book, a, l->section, l->key) ? on_record(l->value) : l->value);
	}
	return b.len ? b.p : "";
}

/* ---- what holds ---- */

/* "[store] profile = demo" a line, as the engine records it, to what config_text reads. */
static const char *as_ini(const char *record, struct arena *a)
{
	struct buf b = buf_new(a);

	while (*record) {
		size_t n = strcspn(record, "\n"), head = strcspn(record, "]");

		if (*record == '[' && head + 2 < n) { /* no longer than it was written: a line has its limit */
			const char *key = record + head + 2, *is = strstr(key, " = ");
			int k = (int)(is && is < record + n ? is - key : 0);

			buf_printf(&b, k ? "%.*s]\n%.*s=%.*s\n" : "%.*s]\n%.*s%.*s\n", (int)head, record, k, key, (int)(record + n - key) - (k ? k + 3 : 0), key + (k ? k + 3 : 0));
		}
		record += n + (record[n] != '\0');
	}
	return b.len ? b.p : "";
}

enum fault config_in_force(struct store *s, struct config *c, int64_t *since_ms, struct err *err)
{
	static const char sql[] = "SELECT c.text, c.at_ms FROM config c JOIN meta m ON m.key = 'config' AND m.value = CAST(c.id AS TEXT)";
	struct arena *a = arena_new();
	struct rows *r = store_ask(s, sql, NULL, 0);
	enum fault f = OK;

	*since_ms = 0;
	if (rows_next(r)) {
		f = config_text(c, "configuration", as_ini(rows_text(r, 0), a), err);
		*since_ms = rows_int(r, 1);
	}
	if (rows_end(r, f ? NULL : err) && !f)
		f = FAULT_STORE;
	arena_free(a);
	return f;
}

/* ---- side by side ---- */

struct reader {
	struct arena *a;
	struct config_book book;
	const struct config *holds, *file; /* file->n 0: it was not read */
	const char *since;
	struct in_force *out;
	int n, cap;
};

/* Where it is, and nothing that it is. */
static const char *masked(const char *value)
{
	return !*value || says_where(value) ? value : !strncmp(value, "cmd:", 4) ? "cmd: (a command)" : "(not shown: it should say where the secret is)";
}

static void put(struct reader *r, const char *section, const char *key)
{
	const struct config_known *k = known_of(&r->book, config_kind(r->a, section), key);
	bool secret = is_secret(&r->book, r->a, section, key);
	const char *value = config_get(r->holds, section, key, NULL), *file = config_get(r->file, section, key, NULL);
	const char *usual = k ? k->usual : "", *now = value ? value : usual, *then = file ? file : usual;
	bool other = secret ? strcmp(on_record(now), on_record(then)) : strcmp(now, then);
	int line = config_line_of(r->file, section, key);
	struct in_force *row;

	r->out = arena_grow(r->a, r->out, r->n, &r->cap, sizeof *r->out);
	row = &r->out[r->n++];
	*row = (struct in_force){ .section = arena_strdup(r->a, section), .key = arena_strdup(r->a, key), .usual = secret ? "" : usual, .help = k ? k->help : "", .set = value != NULL };
	row->value = arena_strdup(r->a, secret ? masked(now) : now);
	row->source = line && r->file->file ? arena_printf(r->a, "%s:%d", r->file->file, line) : value ? r->since : "default";
	row->file_says = r->file->n && other ? arena_strdup(r->a, secret ? masked(then) : then) : "";
}

static bool is_put(const struct reader *r, const char *section, const char *key)
{
	for (int i = 0; i < r->n; i++)
		if (!strcmp(r->out[i].section, section) && !strcmp(r->out[i].key, key))
			return true;
	return false;
}

/* What is explained first, whether it is said or not, but for what is an account's or an event's own; then every line that there is. */
static void put_all(struct reader *r, const char *only)
{
	const struct config *const both[] = { r->holds, r->file };

	for (int i = 0; i < r->book.n; i++) {
		const struct config_known *k = &r->book.known[i];

		if ((!*only || !strcmp(only, k->section)) && strcmp(k->section, "account") && strcmp(k->section, "profile") && strcmp(k->section, "roles") &&
		    !is_put(r, k->section, k->key))
			put(r, k->section, k->key);
	}
	for (int c = 0; c < 2; c++)
		for (int i = 0; i < both[c]->n; i++) {
			const struct config_line *l = &both[c]->lines[i];

			if ((!*only || !strcmp(only, l->section)) && !is_put(r, l->section, l->key))
				put(r, l->section, l->key);
		}
}

enum fault in_force_read(struct store *s, const char *path, const char *section, struct arena *a, struct in_force **out, int *n, struct err *err)
{
	struct config *holds = config_new(), *file = config_new();
	struct reader r = { .a = a, .book = config_book_read(a), .holds = holds, .file = file };
	struct err ignored;
	int64_t since_ms;
	char iso[32];
	enum fault f = config_in_force(s, holds, &since_ms, err);

	if (path && config_file(file, path, &ignored)) /* it is the engine's that holds; the file may be somebody else's to read */
		file->n = 0;
	time_iso_s(since_ms, iso);
	r.since = since_ms ? arena_printf(a, "the engine's, since %s", iso) : "the engine's";
	if (!f)
		put_all(&r, section ? section : "");
	*out = r.out;
	*n = r.n;
	config_free(holds);
	config_free(file);
	return f;
}
