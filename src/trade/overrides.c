#include "trade/overrides.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/in_force.h"
#include "trade/ledger.h"

#include <assert.h>
#include <string.h>

/* ---- is it something that can be set? ---- */

static enum fault find_item(struct store *s, const char *sku, int64_t *item, struct err *err)
{
	static const char sql[] = "SELECT id FROM item WHERE sku = ?";

	if (GET_INT(s, err, 0, item, sql, V(sku)))
		return FAULT_STORE;
	return *item ? OK : err_set(err, FAULT_REFUSED, "there is no item %.80s", sku);
}

static enum fault check_tag(const char *tag, struct err *err)
{
	return text_id(tag, "-_.", 40) ? OK : err_set(err, FAULT_REFUSED, "a tag is 1 to 40 letters, digits, - _ .");
}

static enum fault check_name(struct store *s, const struct override *o, struct err *err)
{
	static const char account[] = "SELECT count(*) FROM account WHERE name = ?";
	int64_t n = 1, item;

	if (strcmp(o->scope, "tag") && strcmp(o->scope, "sku"))
		return err_set(err, FAULT_REFUSED, "it is set for a tag or a sku, not for %.40s", o->scope);
	if (*o->account && GET_INT(s, err, 0, &n, account, V(o->account)))
		return FAULT_STORE;
	if (!n)
		return err_set(err, FAULT_REFUSED, "there is no account %.60s", o->account);
	return !strcmp(o->scope, "tag") ? check_tag(o->name, err) : find_item(s, o->name, &item, err);
}

/* These are of the item as a whole. */
static bool is_of_item(enum policy_key k)
{
	return k == POLICY_STRATEGY || k == POLICY_RESERVE || k == POLICY_LAST_UNITS || k == POLICY_LAST_ACCOUNT || k == POLICY_NEVER_FULL;
}

static enum fault check_value(const struct override *o, struct err *err)
{
	enum policy_key k = policy_key_from_name(o->key);
	struct arena *a = arena_new();
	struct setting s;
	enum fault f = OK;

	if (k == POLICY_KEYS)
		f = err_set(err, FAULT_REFUSED, "there is no policy %.40s", o->key);
	else if (k == POLICY_INCLUDE_FBA)
		f = err_set(err, FAULT_REFUSED, "%s is said of a whole account, in the configuration", o->key);
	else if (is_of_item(k) && *o->account)
		f = err_set(err, FAULT_REFUSED, "%s holds for an item on all accounts", o->key);
	else
		f = setting_parse(a, k, o->value, &s, err);
	arena_free(a);
	return f;
}

/* ---- writing ---- */

static enum fault touch(struct store *s, const struct override *o, const struct cause *why, struct err *err)
{
	static const char sku[] = "INSERT INTO dirty (item_id, since_ms) SELECT id, ? FROM item WHERE sku = ? ON CONFLICT (item_id) DO NOTHING";
	static const char tag[] = "INSERT INTO dirty (item_id, since_ms) SELECT item_id, ? FROM item_tag WHERE tag = ? ON CONFLICT (item_id) DO NOTHING";

	return !strcmp(o->scope, "sku") ? RUN(s, err, sku, V(why->now_ms), V(o->name)) : RUN(s, err, tag, V(why->now_ms), V(o->name));
}

/* everywhere: without an account, on all of them. */
static enum fault end(struct store *s, const struct override *o, bool everywhere, const struct cause *why, int *ended, struct err *err)
{
	static const char sql[] = "UPDATE policy_override SET ended_ms = ?1, ended_by = ?2 WHERE scope = ?3 AND name = ?4 AND ended_ms = 0 "
				  "AND (account = ?5 OR (?5 = '' AND ?7 = 1)) AND (key = ?6 OR ?6 = '')";
	enum fault f = RUN(s, err, sql, V(why->now_ms), V(why->actor), V(o->scope), V(o->name), V(o->account), V(o->key), V(everywhere));

	*ended = f ? 0 : store_changes(s);
	return f;
}

enum fault override_set(struct store *s, const struct override *o, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO policy_override (scope, name, account, key, value, cause, actor, made_ms, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
				  "RETURNING id";
	int64_t id;
	int ended;

	assert(store_in_transaction(s));
	if (check_name(s, o, err) || check_value(o, err))
		return err->fault;
	if (end(s, o, false, why, &ended, err) || RUN_ID(s, err, &id, sql, V(o->scope), V(o->name), V(o->account), V(o->key), V(o->value), V(o->cause ? o->cause : ""),
	                                          V(why->actor), V(why->now_ms), V(why->trace ? why->trace : "")))
		return FAULT_STORE;
	return touch(s, o, why, err);
}

enum fault override_clear(struct store *s, const struct override *o, const struct cause *why, struct err *err)
{
	int ended;

	assert(store_in_transaction(s));
	if (end(s, o, true, why, &ended, err))
		return FAULT_STORE;
	if (!ended)
		return err_set(err, FAULT_REFUSED, "nothing of the kind is set for %s %.80s", o->scope, o->name);
	return touch(s, o, why, err);
}

enum fault item_tag(struct store *s, const char *sku, const char *tag, bool on, const struct cause *why, struct err *err)
{
	static const char put[] = "INSERT INTO item_tag (item_id, tag, actor, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (item_id, tag) DO NOTHING";
	static const char drop[] = "DELETE FROM item_tag WHERE item_id = ? AND tag = ?";
	int64_t item;
	enum fault f = check_tag(tag, err);

	assert(store_in_transaction(s));
	if (!f)
		f = find_item(s, sku, &item, err);
	if (!f)
		f = on ? RUN(s, err, put, V(item), V(tag), V(why->actor), V(why->now_ms)) : RUN(s, err, drop, V(item), V(tag));
	if (f || !store_changes(s))
		return f;
	f = change_text(s, "item", item, "tag", on ? NULL : tag, on ? tag : NULL, why->now_ms, why, err);
	return f ? f : ledger_dirty(s, item, why->now_ms, err);
}

/* ---- reading ---- */

static struct override read_override(const struct rows *r, struct arena *a)
{
	return (struct override){
		.id = rows_int(r, 0),
		.scope = rows_keep(r, 1, a),
		.name = rows_keep(r, 2, a),
		.account = rows_keep(r, 3, a),
		.key = rows_keep(r, 4, a),
		.value = rows_keep(r, 5, a),
		.cause = rows_keep(r, 6, a),
		.actor = rows_keep(r, 7, a),
		.made_ms = rows_int(r, 8),
	};
}

enum fault overrides_list(struct store *s, const char *scope, const char *name, struct arena *a, struct override **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT id, scope, name, account, key, value, cause, actor, made_ms FROM policy_override "
				  "WHERE ended_ms = 0 AND (?1 IS NULL OR scope = ?1) AND (?2 IS NULL OR name = ?2) ORDER BY scope DESC, name, account, key";
	struct rows *r = ASK(s, sql, V(scope), V(name));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = read_override(r, a);
	}
	return rows_end(r, err);
}

enum fault tags_list(struct store *s, struct arena *a, struct tag_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT tag, count(*) FROM item_tag GROUP BY tag ORDER BY tag";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct tag_row){ rows_keep(r, 0, a), rows_int(r, 1) };
	}
	return rows_end(r, err);
}

static enum fault load_tags(struct store *s, int64_t item, struct arena *a, struct policy_subject *out, struct err *err)
{
	static const char sql[] = "SELECT tag FROM item_tag WHERE item_id = ? ORDER BY tag";
	struct rows *r = ASK(s, sql, V(item));
	const char **tag = NULL;
	int cap = 0;

	for (out->tags = 0; rows_next(r);) {
		tag = arena_grow(a, tag, out->tags, &cap, sizeof *tag);
		tag[out->tags++] = rows_keep(r, 0, a);
	}
	out->tag = tag;
	return rows_end(r, err);
}

/* A value that this program does not know (any more) says nothing; the list shows it. */
static void add_setting(struct policy_subject *out, struct setting **list, int *cap, const struct rows *r, struct arena *a)
{
	enum policy_key k = policy_key_from_name(rows_text(r, 3));
	struct setting s;
	struct err why;

	if (k == POLICY_KEYS || setting_parse(a, k, rows_text(r, 4), &s, &why))
		return;
	s.account = rows_keep(r, 2, a);
	s.layer = arena_printf(a, "%s %s", !strcmp(rows_text(r, 0), "tag") ? "tag" : "SKU", rows_text(r, 1));
	*list = arena_grow(a, *list, out->settings, cap, sizeof **list);
	(*list)[out->settings++] = s;
	out->setting = *list;
}

enum fault policy_subject_load(struct store *s, int64_t item, struct arena *a, struct policy_subject *out, struct err *err)
{
	static const char sql[] = "SELECT scope, name, account, key, value FROM policy_override WHERE ended_ms = 0 AND scope = 'tag' "
				  "AND name IN (SELECT tag FROM item_tag WHERE item_id = ?1) "
				  "UNION ALL SELECT scope, name, account, key, value FROM policy_override WHERE ended_ms = 0 AND scope = 'sku' "
				  "AND name = (SELECT sku FROM item WHERE id = ?1) ORDER BY 1 DESC, 2, 3, 4";
	struct setting *list = NULL;
	struct rows *r;
	int cap = 0;

	*out = (struct policy_subject){ 0 };
	if (load_tags(s, item, a, out, err))
		return FAULT_STORE;
	r = ASK(s, sql, V(item)); /* tags before the SKU: "tag" sorts after "sku" */
	while (rows_next(r))
		add_setting(out, &list, &cap, r, a);
	return rows_end(r, err);
}

/* ---- as an intent ---- */

enum { MOST_LINES = 500 };

static struct override of_payload(const struct fields *p)
{
	return (struct override){
		.scope = fields_get(p, "scope", "sku"),
		.name = fields_get(p, "name", ""),
		.account = fields_get(p, "account", ""),
		.key = fields_get(p, "key", ""),
		.value = fields_get(p, "value", ""),
	};
}

static enum fault set_words(struct store *s, const struct override *o, struct arena *a, const char **line, struct err *err)
{
	struct override *now;
	int n;
	const char *was = NULL;

	if (check_name(s, o, err) || check_value(o, err) || overrides_list(s, o->scope, o->name, a, &now, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++)
		if (!strcmp(now[i].account, o->account) && !strcmp(now[i].key, o->key))
			was = now[i].value;
	*line = arena_printf(a, "%s %s%s%s: %s = %s%s%s", o->scope, o->name, *o->account ? " on " : "", o->account, o->key, o->value, was ? " instead of " : "",
	                     was ? was : "");
	return OK;
}

static enum fault clear_words(struct store *s, const struct override *o, struct arena *a, const char **line, int *lines, struct err *err)
{
	struct override *now;
	int n;

	if (overrides_list(s, o->scope, o->name, a, &now, &n, err))
		return FAULT_STORE;
	*lines = 0;
	for (int i = 0; i < n && *lines < MOST_LINES; i++)
		if ((!*o->account || !strcmp(now[i].account, o->account)) && (!*o->key || !strcmp(now[i].key, o->key)))
			line[(*lines)++] = arena_printf(a, "%s %s%s%s: %s = %s no more", o->scope, o->name, *now[i].account ? " on " : "", now[i].account, now[i].key,
			                                now[i].value);
	return *lines ? OK : err_set(err, FAULT_REFUSED, "nothing of the kind is set for %s %.80s", o->scope, o->name);
}

static enum fault tag_words(struct store *s, const struct fields *p, bool on, struct arena *a, const char **line, int *lines, struct err *err)
{
	const char *sku = fields_get(p, "name", ""), *tag;
	int64_t item;
	enum fault f = find_item(s, sku, &item, err);

	for (*lines = 0; !f && *lines < MOST_LINES && (tag = fields_each(p, "tag", *lines)); ++*lines) {
		f = check_tag(tag, err);
		line[*lines] = arena_printf(a, on ? "sku %s: tag %s" : "sku %s: tag %s no more", sku, tag);
	}
	return f;
}

enum fault override_words(struct store *s, const struct fields *payload, struct arena *a, const char ***line, int *n, struct err *err)
{
	struct override o = of_payload(payload);
	const char *action = fields_get(payload, "action", "");

	*line = arena_alloc(a, MOST_LINES * sizeof **line);
	*n = 1;
	if (!strcmp(action, "set"))
		return set_words(s, &o, a, *line, err);
	if (!strcmp(action, "clear"))
		return clear_words(s, &o, a, *line, n, err);
	if (!strcmp(action, "tag") || !strcmp(action, "untag"))
		return tag_words(s, payload, !strcmp(action, "tag"), a, *line, n, err);
	return err_set(err, FAULT_REFUSED, "set, clear, tag or untag, not %.40s", action);
}

enum fault override_carry(struct store *s, const struct fields *payload, const char *cause, const struct cause *why, struct err *err)
{
	struct override o = of_payload(payload);
	const char *action = fields_get(payload, "action", ""), *tag;
	enum fault f = OK;

	o.cause = cause;
	if (!strcmp(action, "set"))
		return override_set(s, &o, why, err);
	if (!strcmp(action, "clear"))
		return override_clear(s, &o, why, err);
	for (int i = 0; !f && (tag = fields_each(payload, "tag", i)); i++)
		f = item_tag(s, o.name, tag, !strcmp(action, "tag"), why, err);
	return f;
}

/* ---- the configuration in force ---- */

enum fault policy_book_in_force(struct store *s, struct arena *a, struct policy_book *out, struct err *err)
{
	struct config *c = config_new();
	int64_t since_ms;
	enum fault f = config_in_force(s, c, &since_ms, err);

	if (!f)
		f = policy_book_read(a, c, out, err);
	config_free(c);
	return f;
}
