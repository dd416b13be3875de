/* suiteql_words.c: a query as words, one before us at a time. */
#include "sandbox/suiteql_parse.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void sql_fail(struct sql_query *q, const char *what, const char *which)
{
	if (!q->error)
		q->error = arena_printf(q->arena, "Invalid search query. Detailed unprocessed description follows. %s: '%.80s'.", what, which);
}

static void word_set(struct sql_query *q, char kind, const char *s, size_t n)
{
	q->kind = kind;
	q->word = arena_strndup(q->arena, s, n);
	q->at = s + n;
}

/* 'it''s' */
static void text_read(struct sql_query *q)
{
	struct buf b = buf_new(q->arena);

	for (q->at++; *q->at && (*q->at != '\'' || q->at[1] == '\''); q->at++) {
		q->at += *q->at == '\'';
		buf_putc(&b, *q->at);
	}
	if (!*q->at)
		sql_fail(q, "A text does not end", b.p ? b.p : "");
	else
		q->at++;
	q->kind = '\'';
	q->word = b.p ? b.p : "";
}

/* How many bytes from here on are a number's, a name's, a sign's. */
static size_t number_length(const char *p)
{
	return isdigit((unsigned char)*p) ? strspn(p, "0123456789.") : 0;
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

static size_t sign_length(const char *p)
{
	static const char *const pairs[] = { "<=", ">=", "<>", "!=", "||" };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (strncmp(p, pairs[i], 2) == 0)
			return 2;
	return 1;
}

void sql_advance(struct sql_query *q)
{
	size_t n;

	q->at += strspn(q->at, " \t\r\n");
	if (!*q->at) {
		word_set(q, 0, q->at, 0);
	} else if (*q->at == '\'') {
		text_read(q);
	} else if (*q->at == '"') {
		word_set(q, 'n', q->at + 1, strcspn(q->at + 1, "\""));
		q->at += *q->at == '"';
	} else if ((n = number_length(q->at))) {
		word_set(q, '0', q->at, n);
	} else if ((n = name_length(q->at))) {
		word_set(q, 'n', q->at, n);
	} else {
		word_set(q, 's', q->at, sign_length(q->at));
	}
}

bool sql_is_word(const struct sql_query *q, const char *word)
{
	return q->kind == 'n' && strcasecmp(q->word, word) == 0;
}

bool sql_take_word(struct sql_query *q, const char *word)
{
	if (!sql_is_word(q, word))
		return false;
	sql_advance(q);
	return true;
}

bool sql_take_sign(struct sql_query *q, const char *sign)
{
	if (q->kind != 's' || strcmp(q->word, sign) != 0)
		return false;
	sql_advance(q);
	return true;
}

void sql_need_sign(struct sql_query *q, const char *sign)
{
	if (!sql_take_sign(q, sign))
		sql_fail(q, arena_printf(q->arena, "Expected %s before", sign), q->word);
}

void sql_need_word(struct sql_query *q, const char *word)
{
	if (!sql_take_word(q, word))
		sql_fail(q, arena_printf(q->arena, "Expected %s before", word), q->word);
}
