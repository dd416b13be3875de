#ifndef TALLYMAN_ACCOUNTS_INSIDE_H
#define TALLYMAN_ACCOUNTS_INSIDE_H
/*
 * accounts_inside.h: one section of the configuration being read. For accounts*.c alone.
 */
#include "engine/accounts.h"

struct reader {
	struct links *ls;
	const struct config *c;
	const char *section; /* "account walmart-us" */
	const char *name;
	struct store *s;
	struct vault *v;
	const struct cause *why;
	struct err *err;
};

const char *reader_get(const struct reader *r, const char *key, const char *otherwise);

/* FAULT_REFUSED with the file and line where the key stands. */
enum fault reader_wrong(const struct reader *r, const char *key, const char *text);

/* accounts_secrets.c: open what an account's lines name, and put the fingerprints on record. */
enum fault link_secrets_open(const struct reader *r, struct link *l);
enum fault link_secrets_record(const struct reader *r, struct link *l);

/* accounts_meters.c: a bucket and a breaker for each operation that there is, as they stood when the engine ended. */
enum fault links_remember(struct links *ls, struct store *s, int64_t now_ms, struct err *err);

#endif
