#ifndef TALLYMAN_SANDBOX_SUITEQL_PARSE_H
#define TALLYMAN_SANDBOX_SUITEQL_PARSE_H
/* suiteql_parse.h: a query as a tree, between the two halves of suiteql. */
#include "sandbox/suiteql.h"

enum { SQL_TABLES_MAX = 4, SQL_COLUMNS_MAX = 40, SQL_KEYS_MAX = 4, SQL_DEPTH_MAX = 60 };

enum sql_op { OP_VALUE, OP_CELL, OP_CALL, OP_NEGATIVE, OP_ARITHMETIC, OP_COMPARE, OP_AND, OP_OR, OP_NOT, OP_IN, OP_IS_NULL, OP_LIKE, OP_BETWEEN };

enum sql_sign { SIGN_EQ, SIGN_NE, SIGN_LT, SIGN_LE, SIGN_GT, SIGN_GE };

enum sql_call { CALL_TO_CHAR, CALL_TO_DATE, CALL_TO_TIMESTAMP, CALL_NVL, CALL_COALESCE, CALL_UPPER, CALL_LOWER, CALL_ABS, CALL_ROUND, CALL_TRUNC, CALL_DF, CALLS };

struct sql_node {
	enum sql_op op;
	enum sql_sign sign;
	enum sql_call call;
	char arithmetic; /* + - * / */
	struct sql_value value;
	const char *alias, *name; /* of a cell, as written; alias NULL: none */
	int table, column;
	struct sql_node *arg, *next; /* the first argument; the one beside this */
};

struct sql_from {
	const struct sql_table *table;
	const char *alias;
	bool left;
	struct sql_node *on; /* NULL: all rows */
};

struct sql_query {
	struct arena *arena;
	struct sql_source source;
	const char *error;
	struct sql_from from[SQL_TABLES_MAX];
	struct sql_node *column[SQL_COLUMNS_MAX], *where, *key[SQL_KEYS_MAX];
	const char *title[SQL_COLUMNS_MAX];
	bool descending[SQL_KEYS_MAX];
	int tables, columns, keys;
	/* reading */
	const char *at;
	char kind;        /* of the word before us: a name n, a number 0, a text ', a sign s, the end 0 */
	const char *word;
	int depth;
};

/* error says what is not understood. */
void sql_parse(struct sql_query *q, const char *text);
void sql_fail(struct sql_query *q, const char *what, const char *which); /* the first complaint stays */

/* The word before us (suiteql_words.c): go on to the next; is it this; if it is, go on; it must be, or the query fails. */
void sql_advance(struct sql_query *q);
bool sql_is_word(const struct sql_query *q, const char *word);
bool sql_take_word(struct sql_query *q, const char *word);
bool sql_take_sign(struct sql_query *q, const char *sign);
void sql_need_word(struct sql_query *q, const char *word);
void sql_need_sign(struct sql_query *q, const char *sign);

#endif
