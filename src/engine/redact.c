#include "engine/redact.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/*
 * Keys under which the platforms tell who the buyer is, whatever he wrote, and where he lives (Walmart orders v3, Amazon orders 2026-01-01, eBay fulfillment v1,
 * Shopify 2026-10, CartonCloud outbound orders, NetSuite sales orders; read 2026-11). What stands below such a key is his as well, whatever it is called.
 */
static const char *const whole[] = {
	"name", "username", "fullName", "firstName", "middleName", "lastName", "completeName", "displayName", "senderName", "attention",
	"company", "companyName", "customer", "customerName", "deliver", "deliveryPreference", "deliveryPreferences",
	"street", "street1", "street2", "streetName", "streetNumber", "line1", "line2", "complement", "neighborhood", "suburb", "city", "municipality",
	"county", "countyOrDistrict", "districtOrCounty", "province", "zip", "zipCode", "postcode", "postalCode", "formatted", "latitude", "longitude",
	"dropOffLocation", "instructions", "deliveryInstructions", "note", "memo", "customAttributes", "taxpayerId", "taxIdentifier", "taxId", "clientIp",
};
static const char *const within[] = { "phone", "email", "addr", "person" }; /* addressLine1, shippingAddress, addressee; pickupPersons, personalization */
static const char *const before[] = { "buyer", "recipient", "shipTo", "gift", "contact" }; /* buyerCheckoutNotes, shipToName, giftMessage, contactFirstName */
static const char *const kinds[] = { "bill", "ship" }; /* of an address in one row: billCity, shipZip */

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_whole(const char *key)
{
	for (size_t i = 0; i < COUNT(whole); i++)
		if (!strcasecmp(whole[i], key))
			return true;
	return false;
}

static bool begins(const char *key, const char *word)
{
	return !strncasecmp(key, word, strlen(word));
}

static bool is_personal(const char *key)
{
	for (size_t i = 0; i < COUNT(within); i++)
		if (strcasestr(key, within[i]))
			return true;
	for (size_t i = 0; i < COUNT(before); i++)
		if (begins(key, before[i]))
			return true;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (begins(key, kinds[i]) && is_whole(key + strlen(kinds[i])))
			return true;
	return is_whole(key);
}

static bool is_secret(const char *key)
{
	return strcasestr(key, "token") || strcasestr(key, "secret") || strcasestr(key, "password");
}

/* What is hidden of the values below a key. */
enum hidden { NOTHING, PEOPLE, ALL };

static enum hidden below(enum hidden h, const char *key)
{
	if (h == ALL || !key)
		return h;
	return is_secret(key) ? ALL : is_personal(key) ? PEOPLE : h;
}

static void copy_scalar(struct json_out *o, const char *key, enum hidden h, const struct json *v)
{
	char masked[16];

	if (h == PEOPLE && json_is_text(v)) {
		text_mask(json_scalar(v), masked);
		json_put_text(o, key, masked);
	} else if (h && (json_is_text(v) || json_is_number(v))) {
		json_put_text(o, key, "***");
	} else if (json_is_text(v)) {
		json_put_text(o, key, json_scalar(v));
	} else {
		json_put_raw(o, key, json_scalar(v) ? json_scalar(v) : "null");
	}
}

static void copy(struct json_out *o, const char *key, enum hidden h, const struct json *v)
{
	bool object = json_is_object(v);

	if (!object && !json_is_array(v)) {
		copy_scalar(o, key, h, v);
		return;
	}
	(object ? json_put_object : json_put_array)(o, key);
	for (const struct json *e = json_first(v); e; e = json_next(e))
		copy(o, object ? json_key(e) : NULL, object ? below(h, json_key(e)) : h, e);
	(object ? json_end_object : json_end_array)(o);
}

bool redact_body(struct arena *a, const char *body, size_t n, const char **out)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);
	const struct json *v;

	/* a text or a number alone is JSON too, but says not what it is */
	if (json_open(a, body, n, &v, NULL) || (!json_is_object(v) && !json_is_array(v))) {
		*out = arena_printf(a, "%zu bytes that are no JSON: what is personal in them cannot be told apart. The console shows them whole, with V on the request", n);
		return false;
	}
	copy(&o, NULL, NOTHING, v);
	*out = b.p;
	return true;
}
