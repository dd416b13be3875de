/* test_tba.c: NetSuite's signature, held to the figures that Oracle's help pages print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "channels/netsuite/netsuite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tokens of the page "The Signature for Web Services and RESTlets" (docs.oracle.com, section_1534941088, read 2026-11). */
static struct netsuite_tba published(const char *realm)
{
	return (struct netsuite_tba){
		.consumer = "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
		.consumer_secret = "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
		.token = "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
		.token_secret = "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
		.realm = realm,
		.nonce = "fjaLirsIcCGVZWzBX0pg",
		.at_s = 1508242306,
	};
}

struct sign_case {
	const char *why, *method, *url, *realm, *signature;
};

static const struct sign_case sign_cases[] = {
	{ "a REST web service, without a query", "GET", "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40", "123456",
	  "B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D" },
	{ "a RESTlet, whose query is signed with the rest", "POST",
	  "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue", "123456",
	  "%2BKK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ%3D" },
	{ "the realm is not signed", "POST",
	  "https://1234567.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue", "TEST_REALM",
	  "i7MEtGwhCTIZbTsTrNGw9LdcERn4wsjt5C7TxmKWIfU%3D" },
};

static void published_signatures_come_out(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof sign_cases / sizeof *sign_cases; i++) {
		const struct sign_case *c = &sign_cases[i];
		struct netsuite_tba by = published(c->realm);
		const char *is = netsuite_tba_header(a, c->method, c->url, &by);

		if (!strstr(is, arena_printf(a, "oauth_signature=\"%s\"", c->signature)))
			fail_msg("%s: %s", c->why, is);
		if (strncmp(is, "OAuth realm=\"", 13))
			fail_msg("%s: the realm comes first: %s", c->why, is);
	}
	arena_free(a);
}

/* The order of parameters in the address does not matter, an empty value is one, and what is encoded is encoded once more. */
static void the_query_is_sorted(void **state)
{
	struct arena *a = arena_new();
	struct netsuite_tba by = published("123456");
	const char *base = "https://123456.suitetalk.api.netsuite.com/x", *one, *other;

	(void)state;
	one = netsuite_tba_header(a, "GET", arena_printf(a, "%s?b=2&a1=x&a=%%20y&c=", base), &by);
	other = netsuite_tba_header(a, "GET", arena_printf(a, "%s?c=&a=%%20y&a1=x&b=2", base), &by);
	assert_string_equal(one, other);
	other = netsuite_tba_header(a, "GET", arena_printf(a, "%s?c=&a=y&a1=x&b=2", base), &by);
	assert_string_not_equal(one, other);
	arena_free(a);
}

static const struct json *shared_vectors(struct arena *a)
{
	const char *dir = getenv("CONTRACTS");
	FILE *f = fopen(arena_printf(a, "%s/specs/netsuite/tba_hmac_sha256_vectors.json", dir ? dir : "../shared/contracts"), "rb");
	struct buf b = buf_new(a);
	const struct json *v = NULL;
	char chunk[4096];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	assert_int_equal(json_open(a, b.p, b.len, &v, NULL), OK);
	return json_get(v, "vectors");
}

/* The vectors of the contract files, where they are: each signature there is one here. */
static void contract_vectors_come_out(void **state)
{
	struct arena *a = arena_new();
	const struct json *vectors = shared_vectors(a);

	(void)state;
	if (!vectors) {
		arena_free(a);
		print_message("skipped: no contracts here (CONTRACTS says where)\n");
		skip();
	}
	for (const struct json *v = json_first(vectors); v; v = json_next(v)) {
		struct netsuite_tba by = published(json_text_or(v, "realm", ""));
		const char *is = netsuite_tba_header(a, json_text_or(v, "method", ""), json_text_or(v, "url", ""), &by);
		const char *want = path_piece(a, json_text_or(v, "signature", "none"));

		if (!strstr(is, arena_printf(a, "oauth_signature=\"%s\"", want)))
			fail_msg("%s: %s", json_text_or(v, "name", "?"), is);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_signatures_come_out),
		cmocka_unit_test(the_query_is_sorted),
		cmocka_unit_test(contract_vectors_come_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
