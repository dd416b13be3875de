/*
 * products.c: products and their units of measure.
 *
 * unitOfMeasures is an object: the unit's code, and baseQty, how many base units it holds. The base unit is the each. A unit that is no
 * whole number of eaches (goods by weight) cannot be counted in and is set aside; the product's others stay.
 */
#include "channels/cartoncloud/cartoncloud.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum fault cartoncloud_products_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	int64_t page;

	if (cartoncloud_stored_page(b.job->cursor.page, &page, err) || cartoncloud_request(acc, r, "POST", "/warehouse-products/search", err))
		return FAULT_REFUSED;
	request_query_int(r, "page", page);
	request_query_int(r, "size", CARTONCLOUD_PAGE);
	cartoncloud_search_begin(&o);
	cartoncloud_condition(&o, "TextComparisonCondition", "/customer/id", "EQUAL_TO", acc->customer);
	cartoncloud_search_end(&o);
	cartoncloud_body(r, &body);
	return OK;
}

/* A UPC has 12 digits, an EAN 13, a GTIN-14 the rest; the product's code stands for a barcode where there is none. */
static const char *barcode_kind(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return s[n] ? NULL : n == 12 ? "upc" : n == 13 ? "ean" : n == 14 ? "gtin" : NULL;
}

static void take_barcode(struct news *n, struct spot unit, const char *sku)
{
	const char *code = may_text(unit, "barcode"), *kind = code ? barcode_kind(code) : NULL;

	if (kind && strcmp(code, sku))
		*news_identity(n) = (struct identity){ .sku = sku, .kind = kind, .value = code, .path = unit.path };
}

static void take_unit(struct news *n, struct spot product, const struct json *v, const struct product *common)
{
	struct reading w = { .arena = n->arena };
	struct spot unit = { .r = &w, .v = v, .path = arena_printf(n->arena, "%s.unitOfMeasures.%s", product.path, answer_word(n->arena, json_key(v), 40)) };
	int64_t eaches = need_units(unit, "baseQty", 1, QTY_MAX);

	if (w.path) {
		answer_park(n, &w, &unit, "ITEM", common->sku);
		return;
	}
	*news_product(n) = *common;
	n->product[n->products - 1].unit = cartoncloud_unit(n->arena, json_key(v));
	n->product[n->products - 1].eaches = eaches;
	if (eaches == 1)
		take_barcode(n, unit, common->sku);
}

static void take_product(struct news *n, struct spot p)
{
	const struct json *units = json_get(p.v, "unitOfMeasures");
	struct product common = {
		.sku = need_plain(p, "references.code", 100),
		.title = may_text(p, "name"),
		.code = need_id(p, "id", "-", 36),
		.eaches = 1,
		.active = json_bool_or(p.v, "details.active", true),
		.path = p.path,
	};

	if (units && !json_is_object(units))
		spot_wrong(p, "unitOfMeasures", "not the units by their codes");
	if (p.r->path) {
		answer_park(n, p.r, &p, *common.sku ? "ITEM" : "SCHEMA", common.sku);
		return;
	}
	*news_identity(n) = (struct identity){ .sku = common.sku, .kind = "cartoncloud", .value = common.code, .path = p.path };
	if (!json_first(units))
		*news_product(n) = common;
	for (const struct json *u = json_first(units); u; u = json_next(u))
		take_unit(n, p, u, &common);
}

enum fault cartoncloud_products_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = cartoncloud_list(acc, CARTONCLOUD_PRODUCTS, "products", b, r, n, &body, err);
	int i = 0;

	if (f)
		return f;
	for (const struct json *v = json_first(body); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };

		take_product(n, (struct spot){ .r = &w, .v = v, .path = arena_printf(n->arena, "[%d]", i++) });
	}
	return OK;
}
