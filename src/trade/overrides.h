#ifndef TALLYMAN_OVERRIDES_H
#define TALLYMAN_OVERRIDES_H
/*
 * overrides.h: what a person set for one SKU or one tag beside the configuration: quantities' policy, with who, when and why.
 *
 * Nothing is deleted: a line that is cleared or replaced ends, and stays for the question why a number was what it was.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"
#include "trade/policy.h"

struct store;

struct override {
	int64_t id;
	const char *scope;           /* "tag" "sku" */
	const char *name;            /* the tag, or our SKU */
	const char *account;         /* "": on all */
	const char *key, *value, *cause, *actor;
	int64_t made_ms;
};

/* Set or replace; the items concerned are thought over again. FAULT_REFUSED: no such SKU, key, account or value. */
enum fault override_set(struct store *s, const struct override *o, const struct cause *why, struct err *err);

/* End it; FAULT_REFUSED when nothing of the kind is set. key "": all of the name's. */
enum fault override_clear(struct store *s, const struct override *o, const struct cause *why, struct err *err);

/* Those in force, by scope, name, account and key. name: NULL for all. */
enum fault overrides_list(struct store *s, const char *scope, const char *name, struct arena *a, struct override **out, int *n, struct err *err);

/* A word that groups items. Adding it again, or taking off what is not there, changes nothing. */
enum fault item_tag(struct store *s, const char *sku, const char *tag, bool on, const struct cause *why, struct err *err);

struct tag_row {
	const char *tag;
	int64_t items;
};
enum fault tags_list(struct store *s, struct arena *a, struct tag_row **out, int *n, struct err *err);

/* An intent's payload (INTENT_POLICY) in words, a line for each thing it would do; FAULT_REFUSED: it cannot be. And doing it. */
enum fault override_words(struct store *s, const struct fields *payload, struct arena *a, const char ***line, int *n, struct err *err);
enum fault override_carry(struct store *s, const struct fields *payload, const char *cause, const struct cause *why, struct err *err);

/* The rules of the configuration in force, as the engine recorded it; the channels' defaults where none ran yet. */
enum fault policy_book_in_force(struct store *s, struct arena *a, struct policy_book *out, struct err *err);

/* An item's tags, and what is set for them and for it: what policy_resolve asks for. */
enum fault policy_subject_load(struct store *s, int64_t item, struct arena *a, struct policy_subject *out, struct err *err);

#endif
