/* What is typed after /: what it finds, what it refuses and where, and that two readers of the language agree. */
#include "trade/filter.h"

#include "base/clock.h"
#include "base/text.h"
#include "trade/views.h"

#include <ctype.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#define NOW INT64_C(1793000000000)
#define HOUR INT64_C(3600000)

/* A small table of its own, so that every kind of column is there. */
static const struct filter_column columns[] = {
	{ "sku", "lower(t.sku) @", FILTER_WORD, "" },
	{ "title", "lower(t.title) @", FILTER_TEXT, "" },
	{ "channel", "(lower(t.account) @ OR lower(t.channel) @)", FILTER_WORD, "" },
	{ "state", "lower(t.state) @", FILTER_STATE, "" },
	{ "units", "t.units @", FILTER_INT, "" },
	{ "total", "t.milli @", FILTER_MONEY, "" },
	{ "age", "t.placed @", FILTER_AGE, "" },
	{ "due", "t.due @", FILTER_UNTIL, "" },
	{ 0 },
};

static const struct filter_word words[] = {
	{ "late", "t.due < ?now", "" },
	{ "soon", "t.due >= ?now AND t.due < ?now + 14400000", "" },
	{ "shipped", "t.state = 'SHIPPED'", "" },
	{ 0 },
};

static const struct filter_language language = { columns, words, "(lower(t.sku) @ OR lower(t.title) @)" };

struct thing {
	const char *sku, *title, *account, *channel, *state;
	int64_t units, milli, age_h, due_h;
};

static const struct thing things[] = {
	{ "SKU-0017", "Pump seal 25mm", "amazon-de", "amazon", "NEW", 1, 41900, 26, -2 },
	{ "SKU-0038", "Valve body A2", "amazon-us", "amazon", "ACKED", 3, 84200, 5, 1 },
	{ "sku-0042", "O-ring kit, 100%", "walmart-us", "walmart", "SHIPPED", 1, 29200, 90, 500 },
	{ "A*B", "two  words", "ebay-us", "ebay", "NEW", 12, 40000, 0, 3 },
	{ "AXB", "", "ebay-us", "ebay", "UNKNOWN", 0, 0, 3, 5 },
	{ "or", "late bloomer (red)", "shop", "shopify", "NEW", 2, 40001, 700, -30 },
	{ "\xe5\xa4\xa7", "under_score", "shop", "shopify", "CANCELLED", 7, 100000, 24, 4 },
};

enum { THINGS = sizeof things / sizeof *things };

static struct store *store;

static int open_store(void **state)
{
	(void)state;
	if (store_memory(&store, NULL) ||
	    store_exec(store, NULL, "CREATE TABLE t (id INTEGER, sku, title, account, channel, state, units, milli, placed, due)"))
		return -1;
	for (int i = 0; i < THINGS; i++) {
		const struct thing *t = &things[i];

		if (RUN(store, NULL, "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", V(i), V(t->sku), V(t->title), V(t->account), V(t->channel),
		        V(t->state), V(t->units), V(t->milli), V(NOW - t->age_h * HOUR), V(NOW + t->due_h * HOUR)))
			return -1;
	}
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	store_close(store);
	return 0;
}

/* The rows found, a bit each; -1 when the filter is refused. */
static int found(const char *text, int *at, int *len, struct err *err)
{
	struct arena *a = arena_new();
	struct filter f;
	struct rows *r;
	int bits = 0;

	if (filter_compile(a, &language, text, NOW, &f, at, len, err)) {
		arena_free(a);
		return -1;
	}
	r = store_ask_text(store, arena_printf(a, "SELECT id FROM t WHERE %s", f.where), f.val, (size_t)f.n);
	while (rows_next(r))
		bits |= 1 << rows_int(r, 0);
	if (rows_end(r, err))
		fail_msg("%s: %s: %s", text, f.where, err->text);
	arena_free(a);
	return bits;
}

struct find_case {
	const char *why, *text, *rows; /* rows: "024" */
};

static const struct find_case finds[] = {
	{ "nothing typed finds everything", "", "0123456" },
	{ "nor do spaces", "  \t ", "0123456" },
	{ "a word of the view", "late", "05" },
	{ "in any case", "LATE", "05" },
	{ "in quotes it is text", "\"late\"", "5" },
	{ "a bare word is looked for in SKU and title", "seal", "0" },
	{ "in any case as well", "SEAL", "0" },
	{ "bare words with a comma are one or the other", "seal,valve", "01" },
	{ "and words of the view may stand among them", "late,soon", "0135" },
	{ "side by side means and", "late state:new", "05" },
	{ "and may be written", "late and state:new", "05" },
	{ "or is weaker than and", "late sku:or or state:acked", "15" },
	{ "parentheses are stronger", "late (sku:or or state:acked)", "5" },
	{ "not", "!state:new", "1246" },
	{ "not a group", "!(state:new or state:acked)", "246" },
	{ "not not", "!!late", "05" },
	{ "with a space after it", "! late", "12346" },
	{ "a word in a column is whole", "sku:sku-00", "" },
	{ "its case does not matter", "sku:SKU-0042", "2" },
	{ "a star starts with", "sku:SKU-00*", "012" },
	{ "a star in the middle", "sku:a*b", "34" },
	{ "a star in quotes is a star", "sku:\"a*b\"", "3" },
	{ "a list is any of them", "sku:sku-0017,sku-0038", "01" },
	{ "two names of one column", "channel:amazon", "01" },
	{ "the other one", "channel:amazon-de,ebay", "034" },
	{ "text contains", "title:o", "12356" },
	{ "text with = is all of it", "title=\"pump seal 25mm\"", "0" },
	{ "empty text", "title:\"\"", "0123456" },
	{ "empty and nothing else", "title=\"\"", "4" },
	{ "percent is a percent", "title:%", "2" },
	{ "underline is an underline", "title:_", "6" },
	{ "quotes hold spaces", "title:\"two  words\"", "3" },
	{ "quotes hold parentheses", "\"(red)\"", "5" },
	{ "the SKU that is called or", "sku:or", "5" },
	{ "a state may be a word of the view", "state:late,acked", "015" },
	{ "and its own word", "state:shipped", "2" },
	{ "unequal", "state!=new", "1246" },
	{ "unequal to each of a list", "state!=new,acked", "246" },
	{ "more units than", "units>2", "136" },
	{ "units in a list", "units:1,12", "023" },
	{ "no units", "units=0", "4" },
	{ "spaces around the sign", "units > 2", "136" },
	{ "two bounds", "units>=1 units<=2", "025" },
	{ "money to the cent", "total>40.00", "0156" },
	{ "money at the cent", "total>=40", "01356" },
	{ "money below", "total<29.20", "4" },
	{ "younger than", "age<4h", "34" },
	{ "in other units", "age<240m", "34" },
	{ "hours are meant when no unit is written", "age<4", "34" },
	{ "older than days", "age>3d", "25" },
	{ "until", "due<4h", "0135" },
	{ "until, from now on", "due>0h due<=4h", "136" },
	{ "overdue by more than", "due<-3h", "5" },
	{ "other scripts", "sku:\xe5\xa4\xa7", "6" },
	{ "an apostrophe is text", "title:'", "" },
	{ "and SQL is text", "\"' OR 1=1 --\"", "" },
	{ "a semicolon too", "x;DROP", "" },
};

static void finds_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		struct err err = { 0 };
		int want = 0, got = found(finds[i].text, NULL, NULL, &err);

		for (const char *p = finds[i].rows; *p; p++)
			want |= 1 << (*p - '0');
		if (got != want)
			fail_msg("%s: %s finds %#x, not %#x %s", finds[i].why, finds[i].text, (unsigned)got, (unsigned)want, err.text);
	}
}

struct refuse_case {
	const char *why, *text;
	int at, len;
	const char *words;
};

static const struct refuse_case refused[] = {
	{ "an unknown column, with the nearest", "late unit>2", 5, 4, "did you mean units?" },
	{ "an unknown column, with all there are", "zzz:1", 0, 3, "there are: sku title channel" },
	{ "a sign without a column", "(>4", 1, 1, "a column stands before" },
	{ "a word that is no column", "soon late>4", 5, 4, "stands alone" },
	{ "a column without a value", "sku:", 3, 1, "say what sku should be" },
	{ "a list that ends too early", "sku:a,", 5, 1, "say what sku should be" },
	{ "words where a number is wanted", "units>many", 6, 4, "whole number" },
	{ "half a unit", "units>1.5", 6, 3, "whole number" },
	{ "more digits than 64 bits hold", "units>99999999999999999999", 6, 20, "whole number" },
	{ "no amount", "total>40.00.1", 6, 7, "amount" },
	{ "a tenth of a mill", "total>0.0001", 6, 6, "amount" },
	{ "a time in no unit", "age<4y", 4, 2, "s, m, h, d or w" },
	{ "a time without a number", "age<h", 4, 1, "s, m, h, d or w" },
	{ "an age is not equal to", "age:4h", 4, 2, "compared with a time" },
	{ "an age below zero", "age>-4h", 4, 3, "compared with a time" },
	{ "text is not compared", "sku>a", 4, 1, "is text" },
	{ "a comparison with a list", "units>1,2", 7, 1, "one value" },
	{ "an open quotation mark", "late \"abc", 5, 4, "not closed" },
	{ "an open quotation mark in a value", "title:\"abc", 6, 4, "not closed" },
	{ "an open parenthesis", "late (sku:a", 5, 1, "not closed" },
	{ "a closing one too many", "late)", 4, 1, "closes nothing" },
	{ "an empty group", "late ()", 6, 1, "missing before this parenthesis" },
	{ "or with nothing before it", "or late", 0, 2, "missing before this or" },
	{ "or with nothing after it", "late or", 5, 2, "missing after this" },
	{ "two of them", "late or or soon", 8, 2, "missing before this or" },
	{ "and with nothing after it", "late and  ", 5, 3, "missing after this" },
	{ "not, but what", "late !", 5, 1, "missing after this" },
	{ "a comma in front", ",late", 0, 1, "a word is missing" },
	{ "or behind", "late,", 4, 1, "a word is missing" },
	{ "too deep", "((((((((((((((((((late))))))))))))))))))", 16, 1, "too many parentheses" },
	{ "no UTF-8", "late \xff", 0, 6, "UTF-8" },
};

static void refuses_and_says_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const struct refuse_case *c = &refused[i];
		struct err err = { 0 };
		int at, len;

		if (found(c->text, &at, &len, &err) != -1)
			fail_msg("accepted: %s: %s", c->why, c->text);
		if (err.fault != FAULT_REFUSED || !strstr(err.text, c->words))
			fail_msg("%s: said \"%s\"", c->why, err.text);
		if (at != c->at || len != c->len)
			fail_msg("%s: underlines %d, %d letters, not %d, %d", c->why, at, len, c->at, c->len);
	}
}

static void refuses_what_is_too_long(void **state)
{
	char text[FILTER_MAX + 2];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof text);
	text[FILTER_MAX + 1] = '\0';
	assert_int_equal(found(text, NULL, NULL, &err), -1);
	text[FILTER_MAX] = '\0';
	assert_int_equal(found(text, NULL, NULL, &err), 0);
	for (int i = 0; i + 2 <= FILTER_MAX; i += 2)
		memcpy(text + i, "a,", 2);
	text[FILTER_MAX - 1] = '\0';
	assert_int_equal(found(text, NULL, NULL, &err), -1); /* 500 values */
	assert_non_null(strstr(err.text, "too long"));
}

/* ---- the second reader: slow, of one row, sharing nothing with the first ---- */

struct reader {
	const char *p;
	const struct thing *t;
};

static bool any(struct reader *r);

static void space(struct reader *r)
{
	while (isspace((unsigned char)*r->p))
		r->p++;
}

static bool wild(const char *pattern, const char *s, bool stars)
{
	if (!*pattern)
		return !*s;
	if (*pattern == '*' && stars)
		return wild(pattern + 1, s, stars) || (*s && wild(pattern, s + 1, stars));
	return tolower((unsigned char)*pattern) == tolower((unsigned char)*s) && wild(pattern + 1, s + 1, stars);
}

static bool matches(const char *value, bool quoted, const char *s, bool anywhere)
{
	if (!quoted && strchr(value, '*'))
		return wild(value, s, true);
	if (!anywhere)
		return wild(value, s, false);
	for (size_t n = strlen(value), i = 0; i + n <= strlen(s); i++)
		if (!strncasecmp(s + i, value, n))
			return true;
	return false;
}

static bool view_word(const struct thing *t, const char *w, bool *is)
{
	*is = true;
	if (!strcasecmp(w, "late"))
		return t->due_h < 0;
	if (!strcasecmp(w, "soon"))
		return t->due_h >= 0 && t->due_h < 4;
	if (!strcasecmp(w, "shipped"))
		return !strcmp(t->state, "SHIPPED");
	*is = false;
	return false;
}

static bool compares(const char *op, int64_t a, int64_t b)
{
	return !strcmp(op, "<")  ? a < b :
	       !strcmp(op, "<=") ? a <= b :
	       !strcmp(op, ">")  ? a > b :
	       !strcmp(op, ">=") ? a >= b :
	       !strcmp(op, "!=") ? a != b :
				   a == b;
}

/* Random filters compare with whole hours, whole units and whole currency. */
static bool column(const struct thing *t, const char *name, const char *op, const char *v, bool quoted)
{
	bool is, yes;
	int64_t n = 0;

	sscanf(v, "%" SCNd64, &n);
	if (!strcmp(name, "units"))
		return compares(op, t->units, n);
	if (!strcmp(name, "total"))
		return compares(op, t->milli, n * 1000);
	if (!strcmp(name, "age"))
		return compares(op, t->age_h, n);
	if (!strcmp(name, "due"))
		return compares(op, t->due_h, n);
	if (!strcmp(name, "sku"))
		yes = matches(v, quoted, t->sku, false);
	else if (!strcmp(name, "title"))
		yes = matches(v, quoted, t->title, !strcmp(op, ":"));
	else if (!strcmp(name, "channel"))
		yes = matches(v, quoted, t->account, false) || matches(v, quoted, t->channel, false);
	else
		yes = (view_word(t, v, &is) && !quoted) || ((quoted || !is) && matches(v, quoted, t->state, false));
	return yes != !strcmp(op, "!=");
}

static size_t token(struct reader *r, const char *ends, char *out, bool *quoted)
{
	size_t n;

	*quoted = *r->p == '"';
	if (*quoted) {
		n = strcspn(r->p + 1, "\"");
		snprintf(out, 64, "%.*s", (int)n, r->p + 1);
		r->p += n + 2;
		return n;
	}
	n = strcspn(r->p, ends);
	snprintf(out, 64, "%.*s", (int)n, r->p);
	r->p += n;
	return n;
}

static bool term(struct reader *r)
{
	char name[64], value[64], op[3] = "";
	bool quoted, yes, is;
	size_t n;

	token(r, " ()\",:=<>!", name, &quoted);
	n = quoted ? 0 : strspn(r->p, ":=<>!");
	if (!n) { /* bare words */
		for (yes = false;; r->p++, token(r, " (),\"", name, &quoted)) {
			bool in_view = view_word(r->t, name, &is);

			yes |= !quoted && is ? in_view : matches(name, quoted, r->t->sku, true) || matches(name, quoted, r->t->title, true);
			if (*r->p != ',')
				return yes;
		}
	}
	memcpy(op, r->p, n);
	r->p += n;
	for (yes = !strcmp(op, "!=");; r->p++) {
		bool one;

		token(r, " (),\"", value, &quoted);
		one = column(r->t, name, op, value, quoted);
		yes = !strcmp(op, "!=") ? yes && one : yes || one;
		if (*r->p != ',')
			return yes;
	}
}

static bool not(struct reader *r)
{
	bool v;

	space(r);
	if (*r->p == '!') {
		r->p++;
		return !not(r);
	}
	if (*r->p != '(')
		return term(r);
	r->p++;
	v = any(r);
	space(r);
	r->p++;
	return v;
}

static bool any(struct reader *r)
{
	bool v = false;

	for (;;) {
		bool all = not(r);

		for (space(r); *r->p && *r->p != ')' && strncmp(r->p, "or ", 3); space(r))
			all &= not(r);
		v |= all;
		if (strncmp(r->p, "or ", 3))
			return v;
		r->p += 3;
	}
}

/* ---- random filters that both understand ---- */

static void random_any(struct rng *g, struct buf *b, int depth);

static const char *pick(struct rng *g, const char *const *from, int n)
{
	return from[rng_below(g, n)];
}

#define PICK(g, ...) pick(g, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void random_term(struct rng *g, struct buf *b)
{
	const char *op = PICK(g, "<", "<=", ">", ">=", ":", "=", "!="), *order = PICK(g, "<", "<=", ">", ">=");
	static const char *const values[] = { "sku-0017", "sku-00*", "a*b", "\"a*b\"", "*b", "amazon", "ebay-us", "new", "late", "\"late\"", "shipped",
		                              "o", "\"\"", "*", "100%", "_", "\xe5\xa4\xa7", "zzz", "\"two  words\"", "\"(red)\"", "or" };
	int n = sizeof values / sizeof *values;

	switch (rng_below(g, 6)) {
	case 0:
		buf_printf(b, "units%s%d", op, (int)rng_below(g, 13));
		break;
	case 1:
		buf_printf(b, "total%s%d.00", op, (int)rng_below(g, 3) * 40);
		break;
	case 2:
		buf_printf(b, "age%s%dh", order, (int)rng_below(g, 30));
		break;
	case 3:
		buf_printf(b, "due%s%dh", order, (int)rng_below(g, 12) - 6);
		break;
	case 4:
		buf_printf(b, "%s%s%s", PICK(g, "sku", "title", "channel", "state"), PICK(g, ":", "=", "!="), pick(g, values, n));
		while (rng_below(g, 3) == 0)
			buf_printf(b, ",%s", pick(g, values, n));
		break;
	default:
		buf_printf(b, "%s", pick(g, values, n - 1)); /* a bare or is no word */
		while (rng_below(g, 4) == 0)
			buf_printf(b, ",%s", pick(g, values, n - 1));
	}
}

static void random_not(struct rng *g, struct buf *b, int depth)
{
	if (rng_below(g, 4) == 0)
		buf_putc(b, '!');
	if (depth && rng_below(g, 3) == 0) {
		buf_putc(b, '(');
		random_any(g, b, depth - 1);
		buf_putc(b, ')');
	} else {
		random_term(g, b);
	}
}

static void random_any(struct rng *g, struct buf *b, int depth)
{
	random_not(g, b, depth);
	while (rng_below(g, 5) < 2) {
		buf_puts(b, rng_below(g, 2) ? " or " : " ");
		random_not(g, b, depth);
	}
}

static void two_readers_agree(void **state)
{
	struct rng g = rng_seeded(7);
	int hits = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct arena *a = arena_new();
		struct buf b = buf_new(a);
		struct err err = { 0 };
		int want = 0, got;

		random_any(&g, &b, 3);
		if (b.len > FILTER_MAX) {
			arena_free(a);
			continue;
		}
		for (int k = 0; k < THINGS; k++) {
			struct reader r = { b.p, &things[k] };

			want |= any(&r) << k;
			if (*r.p)
				fail_msg("the slow reader stopped at %s of %s", r.p, b.p);
		}
		got = found(b.p, NULL, NULL, &err);
		if (got != want)
			fail_msg("%s finds %#x, the slow reader %#x %s", b.p, (unsigned)got, (unsigned)want, err.text);
		hits += want != 0 && want != (1 << THINGS) - 1;
		arena_free(a);
	}
	assert_true(hits > 5000); /* filters that find all or nothing prove little */
}

/* ---- the tables of the real views ---- */

static void check_language(const struct filter_language *lang, const char *from)
{
	static const char *const sample[] = {
		[FILTER_TEXT] = ":x", [FILTER_WORD] = ":x*", [FILTER_STATE] = ":late,x", [FILTER_INT] = ">1", [FILTER_MONEY] = ">1.00",
		[FILTER_AGE] = "<4h", [FILTER_UNTIL] = "<4h"
	};
	struct arena *a = arena_new();
	struct err err = { 0 };
	struct filter f;
	struct rows *r;

	for (const struct filter_column *c = lang->column; c->name; c++) {
		const char *text = arena_printf(a, "!%s%s or \"bare word\"", c->name, sample[c->type]);

		assert_non_null(strchr(c->sql, '@'));
		assert_true(*c->help != '\0');
		assert_int_equal(filter_compile(a, lang, text, NOW, &f, NULL, NULL, &err), OK);
		r = store_ask_text(store, arena_printf(a, "SELECT 1 FROM %s WHERE %s", from, f.where), f.val, (size_t)f.n);
		rows_next(r);
		if (rows_end(r, &err))
			fail_msg("%s: %s", text, err.text);
	}
	for (const struct filter_word *w = lang->word; w->name; w++) {
		assert_true(*w->help != '\0');
		assert_int_equal(filter_compile(a, lang, w->name, NOW, &f, NULL, NULL, &err), OK);
		r = store_ask_text(store, arena_printf(a, "SELECT 1 FROM %s WHERE %s", from, f.where), f.val, (size_t)f.n);
		rows_next(r);
		if (rows_end(r, &err))
			fail_msg("%s: %s", w->name, err.text);
	}
	arena_free(a);
}

static void every_column_and_word_of_the_views_is_sound(void **state)
{
	(void)state;
	check_language(&order_language, "orders o JOIN account c ON c.id = o.account_id");
	check_language(&drift_language, "offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_it_says),
		cmocka_unit_test(refuses_and_says_where),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(two_readers_agree),
		cmocka_unit_test(every_column_and_word_of_the_views_is_sound),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
