/* identity.c: the numbers that platforms and warehouses have for a SKU, and what is wrong with them and with mappings. The interface is in mapping.h. */
#include "trade/mapping.h"

#include "store/store.h"
#include "trade/gtin.h"
#include "trade/news.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { YOUNG_DAYS = 7 };
enum { DAY_MS = 24 * 3600 * 1000 };

static bool is_product_number(const char *kind)
{
	return !strcmp(kind, "upc") || !strcmp(kind, "ean") || !strcmp(kind, "gtin");
}

static bool is_kind(const char *kind)
{
	static const char *const kinds[] = { "asin", "walmart_item", "ebay_offer", "ebay_listing", "shopify_variant", "shopify_item", "netsuite", "cartoncloud" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return is_product_number(kind);
}

enum fault identity_tell(struct store *s, int64_t account, const struct identity *i, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO identity (account_id, sku, kind, value, gtin, fault, known_ms, attempt_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (sku, account_id, kind, value) DO NOTHING";
	char gtin[15] = "";
	enum gtin_state state = GTIN_GOOD;

	assert(store_in_transaction(s));
	if (!i->sku || !*i->sku || !i->kind || !is_kind(i->kind))
		return err_set(err, FAULT_FORMAT, "%.80s: a number without a SKU, or of the unknown kind %.40s", i->sku ? i->sku : "", i->kind ? i->kind : "");
	if (!i->value || !*i->value)
		return OK;
	if (is_product_number(i->kind))
		state = gtin_read(i->value, gtin);
	return RUN(s, err, sql, V(account), V(i->sku), V(i->kind), V(i->value), V(gtin), V(gtin_words(state)), V(why->now_ms),
	           why->attempt_id ? V(why->attempt_id) : V_NULL);
}

enum fault numbers_of(struct store *s, int64_t item, struct arena *a, struct number **out, int *n, struct err *err)
{
	/* under the item's own SKU at a source of truth, or under what stands for it at an account */
	static const char sql[] = "SELECT c.name, d.sku, d.kind, d.value, d.fault FROM identity d JOIN account c ON c.id = d.account_id "
				  "WHERE d.sku IN (SELECT sku FROM item WHERE id = ?1 UNION SELECT sku FROM offer WHERE item_id = ?1 "
				  "UNION SELECT sku FROM mapping WHERE item_id = ?1) "
				  "AND NOT EXISTS (SELECT 1 FROM mapping m WHERE m.sku = d.sku AND m.account_id = d.account_id AND m.item_id <> ?1) "
				  "ORDER BY c.name, d.sku, d.kind, d.value LIMIT 500";
	struct rows *r = ASK(s, sql, V(item));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct number){ rows_keep(r, 0, a), rows_keep(r, 1, a), rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 4, a) };
	}
	return rows_end(r, err);
}

/* ---- what is wrong ---- */

static const char *const names[FINDINGS] = {
	[FINDING_UNMAPPED] = "unmapped",   [FINDING_AMBIGUOUS] = "ambiguous", [FINDING_CASE] = "case",   [FINDING_DUPLICATE] = "duplicate",
	[FINDING_ORPHAN] = "orphan",       [FINDING_NUMBER] = "number",       [FINDING_YOUNG] = "young",
};

const char *finding_name(enum finding_kind k)
{
	return k < FINDINGS ? names[k] : "?";
}

enum finding_kind finding_from_name(const char *name)
{
	for (int k = 0; k < FINDINGS; k++)
		if (!strcmp(names[k], name))
			return (enum finding_kind)k;
	return FINDINGS;
}

/* Items that an unmapped offer f may mean: spelled alike but for case and space, or with one of its product numbers. */
#define CANDIDATES \
	"(SELECT i.id, i.sku FROM item i WHERE lower(trim(i.sku)) = lower(trim(f.sku)) " \
	"UNION SELECT i.id, i.sku FROM identity d JOIN identity e ON e.gtin = d.gtin AND e.gtin <> '' AND e.account_id <> d.account_id " \
	"JOIN item i ON i.sku = e.sku WHERE d.sku = f.sku AND d.account_id = f.account_id)"

#define OPEN_OFFERS "FROM offer f JOIN account c ON c.id = f.account_id WHERE f.item_id IS NULL AND f.pool = 'own' "

/* Columns: account, sku, text, candidates, offer, item. Each asks for one row more than is wanted. */
static const char *const asked[FINDINGS] = {
	[FINDING_UNMAPPED] = "SELECT c.name, f.sku, 'stands for no item of ours', (SELECT group_concat(sku, ', ') FROM " CANDIDATES "), f.id, 0 "
			     OPEN_OFFERS "ORDER BY f.id LIMIT ?2",
	[FINDING_AMBIGUOUS] = "SELECT c.name, f.sku, 'more than one item may be meant', (SELECT group_concat(sku, ', ') FROM " CANDIDATES "), f.id, 0 "
			      OPEN_OFFERS "AND (SELECT count(*) FROM " CANDIDATES ") > 1 ORDER BY f.id LIMIT ?2",
	[FINDING_CASE] = "SELECT c.name, f.sku, 'an item is spelled alike but for case or space', i.sku, f.id, i.id FROM offer f "
			 "JOIN account c ON c.id = f.account_id JOIN item i ON lower(trim(i.sku)) = lower(trim(f.sku)) "
			 "WHERE f.item_id IS NULL AND f.sku <> i.sku "
			 "UNION ALL SELECT '', i.sku, 'two items are spelled alike but for case or space', k.sku, 0, i.id FROM item i "
			 "JOIN item k ON lower(trim(k.sku)) = lower(trim(i.sku)) AND k.id > i.id LIMIT ?2",
	[FINDING_DUPLICATE] = "SELECT c.name, f.sku, 'another SKU of the same account and marketplace stands for the same item', g.sku, f.id, f.item_id "
			      "FROM offer f JOIN offer g ON g.item_id = f.item_id AND g.account_id = f.account_id AND g.marketplace = f.marketplace "
			      "AND g.node = f.node AND g.pool = f.pool AND g.sku > f.sku JOIN account c ON c.id = f.account_id "
			      "WHERE f.item_id IS NOT NULL ORDER BY f.id LIMIT ?2",
	[FINDING_ORPHAN] = "SELECT c.name, m.sku, 'something was said about it, and the account does not list it', '', 0, m.item_id FROM mapping m "
			   "JOIN account c ON c.id = m.account_id WHERE NOT EXISTS (SELECT 1 FROM offer f WHERE f.sku = m.sku AND f.account_id = m.account_id) "
			   "UNION ALL SELECT '', i.sku, 'it is in stock and offered nowhere', '', 0, i.id FROM item i WHERE i.available > 0 "
			   "AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.item_id = i.id) LIMIT ?2",
	[FINDING_NUMBER] = "SELECT c.name, d.sku, d.kind || ' ' || d.value || ': ' || d.fault, d.gtin, 0, 0 FROM identity d "
			   "JOIN account c ON c.id = d.account_id WHERE d.fault <> '' ORDER BY d.id LIMIT ?2",
	[FINDING_YOUNG] = "SELECT c.name, f.sku, CASE WHEN f.pushed IS NULL THEN 'mapped within seven days and never pushed' "
			  "ELSE 'mapped within seven days and no reading has shown what was pushed' END, i.sku, f.id, i.id FROM offer f "
			  "JOIN account c ON c.id = f.account_id JOIN item i ON i.id = f.item_id WHERE f.mapped_ms > ?1 AND f.pool = 'own' AND f.block = '' "
			  "AND (f.pushed IS NULL OR NOT EXISTS (SELECT 1 FROM observation o WHERE o.offer_id = f.id AND o.known_ms >= f.mapped_ms "
			  "AND o.verdict = 'APPLIED')) ORDER BY f.mapped_ms, f.id LIMIT ?2",
};

enum fault mapping_waiting(struct store *s, int n, struct arena *a, struct mapping_waits **out, int *got, bool *more, struct err *err)
{
	static const char sql[] =
		"SELECT b.id, b.account_id, c.name, b.subject, b.text, b.owner, b.first_ms, count(f.id), coalesce(sum(f.seen), 0) AS shown, "
		"(SELECT coalesce(sum(l.qty), 0) FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.sku = b.subject AND l.item_id IS NULL "
		"AND o.account_id = b.account_id AND o.open = 1), (SELECT group_concat(sku, ', ') FROM " CANDIDATES ") "
		"FROM inbox b JOIN account c ON c.id = b.account_id LEFT JOIN offer f ON f.sku = b.subject AND f.account_id = b.account_id AND f.item_id IS NULL "
		"WHERE b.class = 'MAPPING' AND b.state IN ('parked', 'retried') GROUP BY b.id, c.name, f.sku, f.account_id ORDER BY shown DESC, b.id LIMIT ?";
	struct rows *r = ASK(s, sql, V(n + 1));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	*more = false;
	for (*got = 0; rows_next(r);) {
		if (*got == n) {
			*more = true;
			break;
		}
		(*out)[(*got)++] = (struct mapping_waits){
			.inbox = rows_int(r, 0),
			.account = rows_int(r, 1),
			.account_name = rows_keep(r, 2, a),
			.sku = rows_keep(r, 3, a),
			.text = rows_keep(r, 4, a),
			.owner = rows_keep(r, 5, a),
			.first_ms = rows_int(r, 6),
			.offers = rows_int(r, 7),
			.seen = rows_int(r, 8),
			.owed = rows_int(r, 9),
			.candidates = arena_strdup(a, rows_text(r, 10)),
		};
	}
	return rows_end(r, err);
}

enum fault findings_of(struct store *s, enum finding_kind k, int64_t now_ms, int n, struct arena *a, struct finding **out, int *got, bool *more,
                       struct err *err)
{
	struct rows *r = ASK(s, asked[k], V(now_ms - (int64_t)YOUNG_DAYS * DAY_MS), V(n + 1));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	*more = false;
	for (*got = 0; rows_next(r);) {
		if (*got == n) {
			*more = true;
			break;
		}
		(*out)[(*got)++] = (struct finding){
			.kind = k,
			.account_name = arena_strdup(a, rows_text(r, 0)),
			.sku = rows_keep(r, 1, a),
			.text = rows_keep(r, 2, a),
			.candidates = arena_strdup(a, rows_text(r, 3)),
			.offer = rows_int(r, 4),
			.item = rows_int(r, 5),
		};
	}
	return rows_end(r, err);
}
