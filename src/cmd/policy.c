/*
 * tallyman policy: which rule gives an item's quantities, and who said it; what is set for one SKU or one tag beside the configuration.
 */
#include "cmd/changed.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "trade/aim.h"
#include "trade/inventory.h"
#include "trade/overrides.h"

#include <string.h>

/* ---- what is set ---- */

static const struct column override_columns[] = {
	{ "scope", CELL_TEXT, false }, { "name", CELL_TEXT, false },  { "account", CELL_TEXT, false }, { "key", CELL_TEXT, false },
	{ "value", CELL_TEXT, false }, { "reason", CELL_TEXT, false }, { "by", CELL_TEXT, false },      { "since", CELL_TIME, false },
	{ "id", CELL_INT, true },
};

static const struct column tag_columns[] = { { "tag", CELL_TEXT, false }, { "items", CELL_INT, false } };

static void put_overrides(struct sheet *t, const struct override *o, int n)
{
	sheet_table(t, "overrides", COLUMNS(override_columns));
	for (int i = 0; i < n; i++) {
		put_text(t, o[i].scope);
		put_text(t, o[i].name);
		put_text(t, o[i].account);
		put_text(t, o[i].key);
		put_text(t, o[i].value);
		put_text(t, o[i].cause);
		put_text(t, o[i].actor);
		put_time(t, o[i].made_ms);
		put_int(t, o[i].id);
	}
}

static enum fault print_set(struct session *s)
{
	struct override *o;
	struct tag_row *tag;
	int n, tags;
	enum fault f = overrides_list(s->store, NULL, NULL, s->a, &o, &n, &s->err);

	if (!f)
		f = tags_list(s->store, s->a, &tag, &tags, &s->err);
	if (f)
		return f;
	put_overrides(session_sheet(s, true), o, n);
	sheet_table(s->sheet, "tags", COLUMNS(tag_columns));
	for (int i = 0; i < tags; i++) {
		put_text(s->sheet, tag[i].tag);
		put_int(s->sheet, tag[i].items);
	}
	return OK;
}

/* ---- one item ---- */

static const struct column value_columns[] = {
	{ "account", CELL_TEXT, false }, /* nothing: of the item as a whole */
	{ "key", CELL_TEXT, false },     { "value", CELL_TEXT, false }, { "by", CELL_TEXT, false },
};

static const struct column quantity_columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "sku", CELL_TEXT, false }, { "shown", CELL_INT, false },
	{ "target", CELL_INT, false },   { "why", CELL_TEXT, false },         { "node", CELL_TEXT, true },
};

static void put_value(struct session *s, const char *account, enum policy_key k, const struct policy *p)
{
	put_text(s->sheet, account);
	put_text(s->sheet, policy_key_name(k));
	put_text(s->sheet, policy_value_text(s->a, k, &p->value[k]));
	put_text(s->sheet, p->value[k].layer);
}

static void put_item(struct session *s, const struct policy *p)
{
	static const enum policy_key keys[] = { POLICY_STRATEGY, POLICY_RESERVE, POLICY_LAST_UNITS, POLICY_LAST_ACCOUNT, POLICY_NEVER_FULL };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put_value(s, "", keys[i], p);
}

static void put_account(struct session *s, const char *account, const struct policy *p)
{
	static const enum policy_key keys[] = { POLICY_BUFFER, POLICY_CAP, POLICY_LEAST, POLICY_SHARE, POLICY_MARGIN, POLICY_COST };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put_value(s, account, keys[i], p);
	if (*p->value[POLICY_INCLUDE_FBA].text)
		put_value(s, account, POLICY_INCLUDE_FBA, p);
	if (p->buffer_percent == 100)
		return;
	put_text(s->sheet, account);
	put_text(s->sheet, "buffers");
	put_text(s->sheet, arena_printf(s->a, "%d%%", (int)p->buffer_percent));
	put_text(s->sheet, p->buffer_layer);
}

static void put_values(struct session *s, const struct aimed_item *item)
{
	const char *last = "";

	sheet_table(s->sheet, "policy", COLUMNS(value_columns));
	put_item(s, &item->policy);
	for (int i = 0; i < item->n; i++)
		if (strcmp(item->of[i].offer->account_name, last)) {
			last = item->of[i].offer->account_name;
			put_account(s, last, &item->of[i].policy);
		}
}

static void put_quantities(struct session *s, const struct aimed_item *item)
{
	sheet_table(s->sheet, "quantities", COLUMNS(quantity_columns));
	for (int i = 0; i < item->n; i++) {
		const struct aimed *a = &item->of[i];

		put_text(s->sheet, a->offer->account_name);
		put_text(s->sheet, a->offer->marketplace);
		put_text(s->sheet, a->offer->sku);
		put_units(s->sheet, a->offer->seen);
		put_int(s->sheet, a->outlet.qty);
		put_text(s->sheet, a->words);
		put_text(s->sheet, a->offer->node);
	}
}

static enum fault print_item(struct session *s, const char *sku, struct config *rules)
{
	struct policy_book book;
	struct aimed_item all;
	struct override *o;
	struct item item;
	struct aims how;
	int64_t id;
	int n;

	if (one_found(s, sku, FOUND_ITEM, "item", &id) || rules_read(s, rules) || policy_book_read(s->a, rules, &book, &s->err) ||
	    aims_open(s->store, &book, NULL, 0, s->now_ms, s->a, &how, &s->err) || item_allocate(s->store, id, &how, s->a, &all, &s->err) ||
	    item_get_id(s->store, id, s->a, &item, &s->err) || overrides_list(s->store, "sku", item.sku, s->a, &o, &n, &s->err))
		return s->err.fault;
	session_sheet(s, true);
	put_values(s, &all);
	put_quantities(s, &all);
	put_overrides(s->sheet, o, n);
	if (*book.warning)
		fprintf(stderr, "%s\n", book.warning);
	return OK;
}

static enum fault print_policy(struct session *s, const char *sku)
{
	struct config *rules = config_new();
	enum fault f = print_item(s, sku, rules);

	config_free(rules);
	return f;
}

/* ---- setting ---- */

/* "sku:HP-1", "tag:fragile" */
static bool put_scope(struct session *s, struct intent *in, const char *word)
{
	size_t n = strcspn(word, ":");

	if (!word[n] || !word[n + 1] || n != 3 || (strncmp(word, "sku", 3) && strncmp(word, "tag", 3)))
		return false;
	fields_put(&in->payload, "scope", arena_strndup(s->a, word, n));
	fields_put(&in->payload, "name", word + n + 1);
	return true;
}

static int misused(struct session *s, const char *text)
{
	return session_leave(s, command_misused("policy", "%s", text));
}

static int run_override(struct session *s, bool set)
{
	struct intent in = { .kind = INTENT_POLICY, .payload = fields_new(s->a), .subject = "" };

	if (set ? s->o.words != 4 : s->o.words < 2 || s->o.words > 3)
		return misused(s, set ? "set wants sku:NAME or tag:NAME, a key and a value" : "clear wants sku:NAME or tag:NAME, and may name a key");
	fields_put(&in.payload, "action", set ? "set" : "clear");
	if (!put_scope(s, &in, s->o.word[1]))
		return misused(s, "it is set for sku:NAME or for tag:NAME");
	if (s->o.words > 2 && policy_key_from_name(s->o.word[2]) == POLICY_KEYS)
		return misused(s, "the keys are strategy, reserve, last_units, last_account, never_full, buffer, cap, min_publish, share, margin, oversell_cost");
	fields_put(&in.payload, "key", s->o.words > 2 ? s->o.word[2] : NULL);
	fields_put(&in.payload, "value", set ? s->o.word[3] : NULL);
	fields_put(&in.payload, "account", s->o.account);
	return intent_run(s, &in);
}

static int run_tag(struct session *s)
{
	struct intent in = { .kind = INTENT_POLICY, .payload = fields_new(s->a), .subject = "" };

	if (s->o.words < 3)
		return misused(s, "a SKU and at least one tag");
	fields_put(&in.payload, "action", s->o.word[0]);
	fields_put(&in.payload, "name", s->o.word[1]);
	for (int i = 2; i < s->o.words; i++)
		fields_put(&in.payload, "tag", s->o.word[i]);
	return intent_run(s, &in);
}

int cmd_policy(int argc, char **argv)
{
	struct session s;
	const char *word;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_ACCOUNT | TAKES_REASON, 0, -1, &s);

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "";
	if (!strcmp(word, "set") || !strcmp(word, "clear"))
		return run_override(&s, !strcmp(word, "set"));
	if (!strcmp(word, "tag") || !strcmp(word, "untag"))
		return run_tag(&s);
	if (s.o.words > 1)
		return misused(&s, "one SKU, or set, clear, tag, untag");
	return session_end(&s, s.o.words ? print_policy(&s, word) : print_set(&s));
}
