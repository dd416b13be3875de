#include "engine/redact.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* Keys under which the platforms tell who the buyer is (Walmart orders v3, Amazon orders 2026-01-01, eBay fulfillment v1, Shopify 2026-10; read 2026-11). */
static bool is_personal(const char *key)
{
	static const char *const keys[] = { "name", "phone", "email", "address1", "address2", "addressLine1", "addressLine2", "addressLine3",
		                            "postalCode", "customerEmailId", "buyerName", "buyerEmail", "companyName", "deliveryPreferences",
		                            "dropOffLocation", "giftMessage", "buyerPurchaseOrderNumber", "countyOrDistrict", "districtOrCounty",
		                            "firstName", "lastName", "fullName", "middleName", "contactFirstName", "contactLastName", "displayName", "username",
		                            "company", "city", "zip", "zipCode", "postcode", "line1", "line2", "street", "street1", "street2", "formatted", "attention",
		                            "instructions", "deliveryInstructions", "note", "memo", "addressee", "addr1", "addr2", "addrText", "latitude", "longitude" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcasecmp(keys[i], key))
			return true;
	return strcasestr(key, "phone") || strcasestr(key, "email");
}

static bool is_secret(const char *key)
{
	return strcasestr(key, "token") || strcasestr(key, "secret") || strcasestr(key, "password");
}

/* name: the key, or of an element the key of its list: the lines of an address have none of their own. */
static void copy(struct json_out *o, const char *key, const char *name, const struct json *v)
{
	char masked[16];

	if (json_is_object(v) || json_is_array(v)) {
		bool object = json_is_object(v);

		(object ? json_put_object : json_put_array)(o, key);
		for (const struct json *e = json_first(v); e; e = json_next(e))
			copy(o, object ? json_key(e) : NULL, object ? json_key(e) : name, e);
		(object ? json_end_object : json_end_array)(o);
		return;
	}
	if (name && json_is_text(v) && is_secret(name)) {
		json_put_text(o, key, "***");
	} else if (name && json_is_text(v) && is_personal(name)) {
		text_mask(json_scalar(v), masked);
		json_put_text(o, key, masked);
	} else if (name && json_is_number(v) && is_personal(name)) {
		json_put_text(o, key, "***");
	} else if (json_is_text(v)) {
		json_put_text(o, key, json_scalar(v));
	} else {
		json_put_raw(o, key, json_scalar(v) ? json_scalar(v) : "null");
	}
}

char *redact_body(struct arena *a, const char *body, size_t n)
{
	const struct json *v;
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);
	char *clean;

	if (!json_open(a, body, n, &v, NULL)) {
		copy(&o, NULL, NULL, v);
		return b.p;
	}
	/* not JSON: nobody knows what stands where, so only a beginning is shown */
	clean = arena_alloc(a, 8192);
	text_clean(clean, 8192, arena_strndup(a, body, n < 4096 ? n : 4096));
	return clean;
}
