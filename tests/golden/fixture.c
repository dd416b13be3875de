/*
 * fixture.sql with @-2h11m and the like made into epoch milliseconds.
 */
#include "golden/fixture.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "fixture: %s\n", what);
	exit(1);
}

/* "-2h11m" after an @: its milliseconds, *p moved past it. */
static int64_t moment(const char **p)
{
	int64_t sign = **p == '-' ? -1 : 1, sum = 0;

	if (**p != '-' && **p != '+')
		return 0;
	for (++*p; isdigit((unsigned char)**p); ++*p) {
		int64_t n = strtoll(*p, (char **)p, 10);

		sum += n * (**p == 'd' ? 86400 : **p == 'h' ? 3600 : **p == 'm' ? 60 : **p == 's' ? 1 : 0) * 1000;
	}
	return sign * sum;
}

void fixture_fill(struct store *s)
{
	FILE *f = fopen("tests/golden/fixture.sql", "r");
	struct arena *a = arena_new();
	struct buf raw = buf_new(a), sql = buf_new(a);
	struct err err = { 0 };
	int c;

	if (!f)
		give_up("tests/golden/fixture.sql is not there: run from the project's root");
	while ((c = getc(f)) != EOF)
		buf_putc(&raw, (char)c);
	fclose(f);
	for (const char *p = raw.p; *p;) {
		if (p[0] == '-' && p[1] == '-') { /* a comment may speak of moments */
			while (*p && *p != '\n')
				p++;
		} else if (*p++ == '@') {
			buf_printf(&sql, "%lld", (long long)(FIXTURE_NOW + moment(&p)));
		} else {
			buf_putc(&sql, p[-1]);
		}
	}
	if (store_begin(s, &err) || store_exec(s, &err, sql.p) || store_commit(s, &err))
		give_up(err.text);
	arena_free(a);
}

void fixture_make(const char *dir)
{
	struct store *s;
	struct err err = { 0 };

	if (store_create(dir, NULL, &err) || store_open(dir, STORE_WRITE, &s, &err))
		give_up(err.text);
	fixture_fill(s);
	store_close(s);
}
