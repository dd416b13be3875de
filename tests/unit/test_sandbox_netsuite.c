/* The simulated NetSuite: who may call, how many at once, and the SuiteQL that it understands. */
#include "sandbox_bench.h"

#include "sandbox/hmac.h"
#include "net/sign.h"
#include "sandbox/netsuite.h"
#include "tests/published_keys.h"

#define QUERY "/services/rest/query/v1/suiteql"

/* ---- signatures ---- */

struct vector {
	const char *why, *method, *url, *signature;
	struct param query[4];
	int n;
};

/* Oracle's help, "The Signature for Web Services and RESTlets", and LedgerSync's test suite; read 2026-11. */
static const struct vector vectors[] = {
	{ "REST web services", "GET", "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40",
	  "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=", { { 0 } }, 0 },
	{ "a RESTlet with a query", "POST", "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl",
	  "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=",
	  { { "script", "6" }, { "deploy", "1" }, { "customParam", "someValue" }, { "testParam", "someOtherValue" } }, 4 },
	{ "another account", "POST", "https://1234567.restlets.api.netsuite.com/app/site/hosting/restlet.nl",
	  "i7MEtGwhCTIZbTsTrNGw9LdcERn4wsjt5C7TxmKWIfU=",
	  { { "script", "6" }, { "deploy", "1" }, { "customParam", "someValue" }, { "testParam", "someOtherValue" } }, 4 },
};

static void signatures_are_as_published(void **state)
{
	static const struct param common[] = {
		{ "oauth_consumer_key", "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4" },
		{ "oauth_token", "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc" },
		{ "oauth_nonce", "fjaLirsIcCGVZWzBX0pg" },
		{ "oauth_timestamp", "1508242306" },
		{ "oauth_signature_method", "HMAC-SHA256" },
		{ "oauth_version", "1.0" },
	};
	struct arena *a = arena_new();
	const char *key = oauth_key(a, "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
	                            "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295");

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		const struct vector *v = &vectors[i];
		struct param all[10];

		memcpy(all, common, sizeof common);
		memcpy(all + 6, v->query, sizeof v->query);
		if (strcmp(hmac_base64(a, key, oauth_base_string(a, v->method, v->url, all, 6 + v->n)), v->signature) != 0)
			fail_msg("%s", v->why);
	}
	/* RFC 4231, test case 2; and a key of 131 bytes, which is hashed first */
	assert_string_equal(hmac_base64(a, "Jefe", "what do ya want for nothing?"), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
	assert_string_equal(hmac_base64(a,
	                                "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
	                                "kkkkkkkkkkkkkkkkkkkkkkkkkkk",
	                                "a key longer than a block is hashed first"),
	                    "RANQd4vqQJgxu1Jc+/qBRPLJgFQ7QFnqgNJ0VDLDF7g=");
	arena_free(a);
}

/* ---- who may come in ---- */

struct login {
	const char *why, *realm, *key, *token, *method, *version, *nonce;
	int64_t late_s;
	const char *secret; /* of the token, to sign with */
	const char *wrong;  /* what must be found wrong; NULL: nothing */
};

#define GOOD SANDBOX_NETSUITE_ACCOUNT, SANDBOX_NETSUITE_ID, SANDBOX_NETSUITE_TOKEN, "HMAC-SHA256", "1.0"

static const struct login logins[] = {
	{ "as it should be", GOOD, "nonce-0001", 0, SANDBOX_NETSUITE_TOKEN_SECRET, NULL },
	{ "four minutes late", GOOD, "nonce-0002", 240, SANDBOX_NETSUITE_TOKEN_SECRET, NULL },
	{ "the same nonce at another time", GOOD, "nonce-0001", 1, SANDBOX_NETSUITE_TOKEN_SECRET, NULL },
	{ "the same once more", GOOD, "nonce-0001", 0, SANDBOX_NETSUITE_TOKEN_SECRET, "used before" },
	{ "six minutes late", GOOD, "nonce-0003", 360, SANDBOX_NETSUITE_TOKEN_SECRET, "five minutes" },
	{ "six minutes early", GOOD, "nonce-0004", -360, SANDBOX_NETSUITE_TOKEN_SECRET, "five minutes" },
	{ "signed with another secret", GOOD, "nonce-0005", 0, "another", "does not fit" },
	{ "no nonce", GOOD, "", 0, SANDBOX_NETSUITE_TOKEN_SECRET, "oauth_nonce" },
	{ "the account in small letters", "1234567_sb1", SANDBOX_NETSUITE_ID, SANDBOX_NETSUITE_TOKEN, "HMAC-SHA256", "1.0", "nonce-0006", 0,
	  SANDBOX_NETSUITE_TOKEN_SECRET, "realm" },
	{ "an unknown key", SANDBOX_NETSUITE_ACCOUNT, "x", SANDBOX_NETSUITE_TOKEN, "HMAC-SHA256", "1.0", "nonce-0007", 0, SANDBOX_NETSUITE_TOKEN_SECRET,
	  "key or token" },
	{ "the method that ended in 2023", SANDBOX_NETSUITE_ACCOUNT, SANDBOX_NETSUITE_ID, SANDBOX_NETSUITE_TOKEN, "HMAC-SHA1", "1.0", "nonce-0008", 0,
	  SANDBOX_NETSUITE_TOKEN_SECRET, "HMAC-SHA256" },
};

/* The Authorization header of a call, made here as the documentation says. */
static const char *authorize(struct bench *b, const struct login *t, const char *url, const struct param *query, int n)
{
	struct param p[16] = {
		{ "oauth_consumer_key", t->key },           { "oauth_token", t->token },     { "oauth_nonce", t->nonce },
		{ "oauth_timestamp", arena_printf(b->a, "%lld", (long long)(b->w->now_ms / 1000 + t->late_s)) },
		{ "oauth_signature_method", t->method },    { "oauth_version", t->version },
	};
	struct buf header = buf_new(b->a);
	const char *signature;

	if (n)
		memcpy(p + 6, query, (size_t)n * sizeof *p);
	signature = hmac_base64(b->a, oauth_key(b->a, SANDBOX_NETSUITE_SECRET, t->secret), oauth_base_string(b->a, "POST", url, p, 6 + n));
	buf_printf(&header, "OAuth realm=\"%s\"", t->realm);
	for (int i = 0; i < 6; i++)
		buf_printf(&header, ", %s=\"%s\"", p[i].name, p[i].value);
	buf_puts(&header, ", oauth_signature=\"");
	for (; *signature; signature++)
		buf_printf(&header, *signature == '+' || *signature == '/' || *signature == '=' ? "%%%02X" : "%c", *signature);
	buf_puts(&header, "\"");
	return header.p;
}

static int post(struct bench *b, const char *authorization, const char *prefer, const char *path, const char *body)
{
	struct request r = { .arena = b->a, .method = "POST", .body = body, .body_len = strlen(body) };
	struct handler h = sandbox_handler(b->s, NETSUITE);

	r.url = arena_printf(b->a, "http://127.0.0.1:1%s", path);
	if (authorization)
		r.header[r.headers++] = (struct header){ "Authorization", authorization };
	if (prefer)
		r.header[r.headers++] = (struct header){ "Prefer", prefer };
	h.serve(h.ctx, b->a, &r, &b->out);
	b->json = NULL;
	json_open(b->a, b->out.reply.body, b->out.reply.body_len, &b->json, NULL);
	return b->out.reply.status;
}

static const char *error_code(const struct bench *b)
{
	return json_text_or(json_first(json_get(b->json, "o:errorDetails")), "o:errorCode", "");
}

static struct bench bench_depots(void)
{
	struct sandbox_options opt = quiet();

	opt.world.depots = true;
	return bench_open(&opt);
}

static void netsuite_checks_every_signature(void **state)
{
	static const struct param pages[] = { { "limit", "5" }, { "offset", "10" } };
	struct bench b = bench_depots();
	const char *body = "{\"q\":\"SELECT id FROM item ORDER BY id\"}";

	(void)state;
	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
		const struct login *t = &logins[i];
		int status = post(&b, authorize(&b, t, "http://127.0.0.1:1" QUERY, pages, 2), "transient", QUERY "?limit=5&offset=10", body);
		const char *why = b.s->service[NETSUITE].why;

		if (status != (t->wrong ? 401 : 200) || (t->wrong && (!why || !strstr(why, t->wrong))))
			fail_msg("%s: %d %s (%s)", t->why, status, b.out.reply.body, why ? why : "");
		if (t->wrong)
			assert_string_equal(error_code(&b), "INVALID_LOGIN");
	}
	/* the query is signed too */
	assert_int_equal(post(&b, authorize(&b, &(struct login){ "", GOOD, "nonce-0100", 0, SANDBOX_NETSUITE_TOKEN_SECRET, NULL }, "http://127.0.0.1:1" QUERY, pages, 2),
	                      "transient", QUERY "?limit=5&offset=15", body),
	                 401);
	assert_int_equal(post(&b, NULL, "transient", QUERY, body), 401);
	bench_close(&b);
}

static const char *bearer(struct bench *b)
{
	return arena_printf(b->a, "Bearer %s", access_give(&b->s->service[NETSUITE], "t-", 3600000)->value);
}

struct assertion {
	const char *why, *pem, *kid, *alg, *iss, *scope, *aud;
	int from_s, until_s;
	const char *error, *wrong; /* NULL: it is given a token */
};

#define AUD "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
#define BY_RSA PUBLISHED_RSA, SANDBOX_NETSUITE_RSA, "PS256", SANDBOX_NETSUITE_ID
#define BY_EC PUBLISHED_EC, SANDBOX_NETSUITE_EC, "ES256", SANDBOX_NETSUITE_ID

static const struct assertion assertions[] = {
	{ "signed by RSA", BY_RSA, "rest_webservices", AUD, 0, 600, NULL, NULL },
	{ "signed by P-256", BY_EC, "rest_webservices", AUD, 0, 600, NULL, NULL },
	{ "for more than one use", BY_EC, "restlets,rest_webservices", AUD, 0, 600, NULL, NULL },
	{ "good for just less than an hour", BY_EC, "rest_webservices", AUD, 0, 3599, NULL, NULL },
	{ "good for an hour", BY_EC, "rest_webservices", AUD, 0, 3600, "invalid_grant", "an hour or more" },
	{ "over", BY_EC, "rest_webservices", AUD, -700, -100, "invalid_grant", "exp is past" },
	{ "of ten minutes hence", BY_EC, "rest_webservices", AUD, 600, 1200, "invalid_grant", "iat is to come" },
	{ "for RESTlets alone", BY_EC, "restlets", AUD, 0, 600, "invalid_grant", "scope" },
	{ "for another account", BY_EC, "rest_webservices", "https://7654321.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token", 0, 600, "invalid_grant", "aud" },
	{ "of nobody they know", PUBLISHED_EC, SANDBOX_NETSUITE_EC, "ES256", "somebody", "rest_webservices", AUD, 0, 600, "invalid_client", NULL },
	{ "by a certificate they do not have", PUBLISHED_EC, "cert-9", "ES256", SANDBOX_NETSUITE_ID, "rest_webservices", AUD, 0, 600, "invalid_grant", "kid" },
	{ "by another key", PUBLISHED_EC_OTHER, SANDBOX_NETSUITE_EC, "ES256", SANDBOX_NETSUITE_ID, "rest_webservices", AUD, 0, 600, "invalid_grant", "signature" },
	{ "under another algorithm's name", PUBLISHED_EC, SANDBOX_NETSUITE_EC, "PS256", SANDBOX_NETSUITE_ID, "rest_webservices", AUD, 0, 600, "invalid_grant", "signature" },
	{ "unsigned", PUBLISHED_EC, SANDBOX_NETSUITE_EC, "none", SANDBOX_NETSUITE_ID, "rest_webservices", AUD, 0, 600, "invalid_grant", "alg" },
};

static const char *grant_of(struct bench *b, const struct assertion *t)
{
	long long now_s = epoch_ms / 1000;
	const char *head = base64_encode(b->a, arena_printf(b->a, "{\"typ\":\"JWT\",\"alg\":\"%s\",\"kid\":\"%s\"}", t->alg, t->kid));
	const char *claims = base64_encode(b->a, arena_printf(b->a, "{\"iss\":\"%s\",\"scope\":\"%s\",\"aud\":\"%s\",\"iat\":%lld,\"exp\":%lld}", t->iss, t->scope,
	                                                      t->aud, now_s + t->from_s, now_s + t->until_s));
	struct err err;

	return arena_printf(b->a, "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=%s",
	                    sign_jws(b->a, t->pem, arena_printf(b->a, "%s.%s", head, claims), &err));
}

static void an_assertion_is_looked_at_whole(void **state)
{
	struct bench b = bench_depots();

	(void)state;
	for (size_t i = 0; i < sizeof assertions / sizeof *assertions; i++) {
		const struct assertion *t = &assertions[i];
		int status = post(&b, NULL, NULL, "/services/rest/auth/oauth2/v1/token", grant_of(&b, t));
		const char *why = b.s->service[NETSUITE].why;

		if (status != (!t->error ? 200 : strcmp(t->error, "invalid_client") ? 400 : 401) || strcmp(json_text_or(b.json, "error", ""), t->error ? t->error : ""))
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
		if (t->wrong && (!why || !strstr(why, t->wrong)))
			fail_msg("%s: %s", t->why, why ? why : "nothing wrong");
	}
	bench_close(&b);
}

static void an_assertion_gives_a_token_for_an_hour(void **state)
{
	struct bench b = bench_depots();
	const char *token;

	(void)state;
	assert_int_equal(post(&b, NULL, NULL, "/services/rest/auth/oauth2/v1/token", grant_of(&b, &assertions[0])), 200);
	token = arena_printf(b.a, "Bearer %s", json_text_or(b.json, "access_token", ""));
	assert_int_equal(post(&b, token, "transient", QUERY, "{\"q\":\"SELECT id FROM location ORDER BY id\"}"), 200);
	assert_int_equal(json_int_or(b.json, "totalResults", 0), 4);
	sandbox_advance(b.s, epoch_ms + 3600 * 1000);
	assert_int_equal(post(&b, token, "transient", QUERY, "{\"q\":\"SELECT id FROM location ORDER BY id\"}"), 401);
	bench_close(&b);
}

static void five_at_once_and_no_more(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int good = 0;

	(void)state;
	opt.world.depots = opt.delays = true;
	b = bench_open(&opt);
	for (int i = 0; i < 8; i++)
		good += post(&b, bearer(&b), "transient", QUERY, "{\"q\":\"SELECT id FROM location ORDER BY id\"}") == 200;
	assert_int_equal(good, 5);
	assert_int_equal(b.out.reply.status, 429);
	assert_string_equal(error_code(&b), "SSS_REQUEST_LIMIT_EXCEEDED");
	assert_int_equal(b.w->count[THROTTLED], 3);
	assert_int_equal(b.w->count[UNKNOWN_CALLERS], 0);
	sandbox_advance(b.s, epoch_ms + 5000);
	assert_int_equal(post(&b, bearer(&b), "transient", QUERY, "{\"q\":\"SELECT id FROM location ORDER BY id\"}"), 200);
	bench_close(&b);
}

/* ---- SuiteQL ---- */

static int ask(struct bench *b, const char *sql)
{
	struct buf body = buf_new(b->a);
	struct json_out o = json_out(&body);

	json_put_object(&o, NULL);
	json_put_text(&o, "q", sql);
	json_end_object(&o);
	return post(b, bearer(b), "transient", QUERY, body.p);
}

struct query_case {
	const char *why, *sql;
	int rows; /* -1: refused */
};

static const struct query_case query_cases[] = {
	{ "all items, two of which are no goods", "SELECT id, itemid FROM item ORDER BY id", 42 },
	{ "those that are goods", "select id from item where itemtype = 'InvtPart' order by id", 40 },
	{ "or in a list", "SELECT id FROM item WHERE itemtype IN ('InvtPart', 'Assembly') AND isinactive = 'F'", 40 },
	{ "or not in one", "SELECT id FROM item WHERE itemtype NOT IN ('InvtPart')", 2 },
	{ "by a part of the name", "SELECT id FROM item WHERE UPPER(itemid) LIKE 'HP-MUG14-%'", 1 },
	{ "from a number on", "SELECT id FROM item WHERE id > 2030 AND id <= 2035 ORDER BY id", 5 },
	{ "between two numbers", "SELECT id FROM item WHERE id BETWEEN 2030 AND 2035", 6 },
	{ "one or the other", "SELECT id FROM item WHERE id = 2001 OR (id = 2002 AND NOT isinactive = 'T')", 2 },
	{ "by a date", "SELECT id FROM item WHERE lastmodifieddate >= TO_DATE('2025-11-15 00:00:00', 'YYYY-MM-DD HH24:MI:SS')", 6 },
	{ "by a date as the company writes it", "SELECT id FROM item WHERE lastmodifieddate >= '11/15/2025'", 6 },
	{ "what is null", "SELECT id FROM item WHERE externalid IS NULL", 42 },
	{ "null is not equal to anything", "SELECT id FROM item WHERE externalid <> 'x'", 0 },
	{ "a minus and a function", "SELECT ABS(-id) AS n FROM item WHERE -id < -2040", 2 },
	{ "reckoned before it is compared", "SELECT id FROM item WHERE 3 = (id - 2000) * 2 / 4 + 1", 1 },
	{ "an age in seconds", "SELECT ROUND((SYSDATE - lastmodifieddate) * 86400) AS age FROM item WHERE lastmodifieddate >= SYSDATE - 1440 / 1440", 1 },
	{ "a text that is no number", "SELECT id + 'x' AS n FROM item", -1 },
	{ "stock by place", "SELECT item, location, quantityavailable FROM inventoryitemlocations ORDER BY item, location", 160 },
	{ "the same by its other name", "SELECT item FROM aggregateItemLocation ORDER BY item, location", 160 },
	{ "with the item's name", "SELECT i.itemid, l.quantityavailable FROM inventoryItemLocations l JOIN item i ON i.id = l.item ORDER BY i.itemid, l.location", 160 },
	{ "joined by a comma", "SELECT i.itemid, s.location FROM item i, inventoryitemlocations s WHERE i.id = s.item AND s.location = 2", 40 },
	{ "items without stock as well", "SELECT i.id, s.location FROM item i LEFT JOIN inventoryitemlocations s ON s.item = i.id AND s.location = 2", 42 },
	{ "three tables", "SELECT i.itemid, BUILTIN.DF(s.location) AS place FROM item i INNER JOIN inventoryitemlocations s ON s.item = i.id INNER JOIN location l "
	                  "ON l.id = s.location WHERE l.name LIKE '%DC' ORDER BY 1, 2", 80 },
	{ "prices", "SELECT item, pricelevel, unitprice FROM pricing WHERE pricelevel = 1 ORDER BY item", 40 },
	{ "no orders yet", "SELECT id FROM transaction WHERE type = 'SalesOrd' ORDER BY id", 0 },
	{ "a table there is none of", "SELECT id FROM customrecord_shoes", -1 },
	{ "a column there is none of", "SELECT shoesize FROM item", -1 },
	{ "whose column is not said", "SELECT item FROM pricing p JOIN inventoryitemlocations s ON s.item = p.item", -1 },
	{ "a sum", "SELECT SUM(quantityavailable) FROM inventoryitemlocations", -1 },
	{ "a group", "SELECT item FROM inventoryitemlocations GROUP BY item", -1 },
	{ "all columns", "SELECT * FROM item", -1 },
	{ "a number that is none", "SELECT id FROM item WHERE id = 'twelve'", -1 },
	{ "a date that is none", "SELECT id FROM item WHERE lastmodifieddate > 'yesterday'", -1 },
	{ "a text without an end", "SELECT id FROM item WHERE itemid = 'x", -1 },
	{ "an end in the middle", "SELECT id FROM item WHERE", -1 },
	{ "two queries", "SELECT id FROM item; DELETE FROM item", -1 },
	{ "no query", "DELETE FROM item", -1 },
	{ "the same name twice", "SELECT i.id, l.id FROM item i, location l", -1 },
};

static void queries_are_understood_or_refused(void **state)
{
	struct bench b = bench_depots();

	(void)state;
	for (size_t i = 0; i < sizeof query_cases / sizeof *query_cases; i++) {
		const struct query_case *t = &query_cases[i];
		int status = ask(&b, t->sql), rows = json_count(json_get(b.json, "items"));

		if (status != (t->rows < 0 ? 400 : 200) || (t->rows >= 0 && rows != t->rows))
			fail_msg("%s: status %d, %d rows %.300s", t->why, status, rows, b.out.reply.body);
		if (t->rows < 0)
			assert_string_equal(error_code(&b), "INVALID_PARAMETER");
	}
	bench_close(&b);
}

static void what_is_nested_without_end_is_refused(void **state)
{
	struct bench b = bench_depots();
	static const char *const openings[] = { "(", "NOT ", "NVL(", "-(" };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct buf sql = buf_new(b.a);

		buf_puts(&sql, "SELECT id FROM item WHERE ");
		for (int k = 0; k < 100000; k++)
			buf_puts(&sql, openings[i]);
		assert_int_equal(ask(&b, sql.p), 400);
		assert_true(body_has(&b, "nested too deeply"));
	}
	bench_close(&b);
}

static void values_are_texts_under_small_names(void **state)
{
	struct bench b = bench_depots();
	const struct json *row;

	(void)state;
	assert_int_equal(ask(&b, "SELECT i.itemID, p.unitPrice AS Price, i.externalid, TO_CHAR(i.lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') changed, "
	                         "BUILTIN.DF(p.pricelevel) \"level\" FROM item i JOIN pricing p ON p.item = i.id WHERE i.id = 2001 AND p.pricelevel = 5"),
	                 200);
	row = json_first(json_get(b.json, "items"));
	assert_string_equal(json_text_or(row, "itemid", ""), sku_of(b.w, 0));
	assert_true(json_is_text(json_get(row, "price")));
	assert_string_equal(json_text_or(row, "changed", ""), "2025-11-20T08:00:00");
	assert_string_equal(json_text_or(row, "level", ""), "Online Price");
	assert_null(json_get(row, "externalid")); /* what is empty is left out */
	assert_true(json_is_array(json_get(row, "links")));
	bench_close(&b);
}

/* ---- pages ---- */

/* How many different items a walk by pages of 10 has seen. */
static int walk(struct bench *b, const char *sql)
{
	bool seen[64] = { false };
	int n = 0;

	for (int offset = 0; offset < 40; offset += 10) {
		assert_int_equal(post(b, bearer(b), "transient", arena_printf(b->a, QUERY "?limit=10&offset=%d", offset), arena_printf(b->a, "{\"q\":\"%s\"}", sql)), 200);
		assert_int_equal(json_int_or(b->json, "totalResults", 0), 40);
		assert_int_equal(json_int_or(b->json, "count", 0), 10);
		assert_int_equal(json_bool_or(b->json, "hasMore", offset == 30), offset < 30);
		for (const struct json *e = json_first(json_get(b->json, "items")); e; e = json_next(e)) {
			int64_t item = json_int_or(e, "id", 0) - 2001;

			assert_in_range(item, 0, 39);
			n += !seen[item];
			seen[item] = true;
		}
	}
	return n;
}

static void a_walk_without_an_order_misses_rows(void **state)
{
	struct bench b = bench_depots();

	(void)state;
	assert_int_equal(walk(&b, "SELECT id FROM item WHERE itemtype = 'InvtPart' ORDER BY id"), 40);
	assert_int_equal(b.w->count[QUERIES_UNORDERED], 0);
	assert_true(walk(&b, "SELECT id FROM item WHERE itemtype = 'InvtPart'") < 40);
	assert_true(walk(&b, "SELECT id FROM item WHERE itemtype = 'InvtPart' ORDER BY isinactive") < 40); /* all are equal in it */
	assert_int_equal(b.w->count[QUERIES_UNORDERED], 4);
	bench_close(&b);
}

static void the_way_to_ask_is_kept_to(void **state)
{
	struct bench b = bench_depots();
	const char *body = "{\"q\":\"SELECT id FROM item ORDER BY id\"}";

	(void)state;
	assert_int_equal(post(&b, bearer(&b), NULL, QUERY, body), 400);
	assert_string_equal(error_code(&b), "INVALID_HEADER");
	assert_int_equal(post(&b, bearer(&b), "transient", QUERY "?limit=1001", body), 400);
	assert_int_equal(post(&b, bearer(&b), "transient", QUERY "?limit=10&offset=5", body), 400);
	assert_int_equal(post(&b, bearer(&b), "transient", QUERY, "{}"), 400);
	assert_int_equal(post(&b, bearer(&b), "transient", QUERY "?limit=10&offset=60", body), 200);
	assert_int_equal(json_int_or(b.json, "count", -1), 0);
	bench_close(&b);
}

/* ---- what it knows ---- */

static int64_t number(struct bench *b, const char *column, int product, int location)
{
	assert_int_equal(ask(b, arena_printf(b->a, "SELECT %s AS n FROM inventoryitemlocations WHERE item = %d AND location = %d", column, 2001 + product, location)), 200);
	return json_int_or(json_first(json_get(b->json, "items")), "n", -1);
}

static void stock_is_what_is_left_after_orders(void **state)
{
	struct bench b = bench_depots();
	int product = 0, order;
	const struct product *p;

	(void)state;
	while (b.w->product[product].listing[AMAZON_US] < 0 || b.w->product[product].at[DEPOT_RENO] < 9)
		product++;
	p = &b.w->product[product];
	for (enum depot d = 0; d < DEPOTS; d++)
		if (d != DEPOT_RENO)
			depot_count(b.w, product, d, 0);
	depot_count(b.w, product, DEPOT_RENO, 10);
	assert_int_equal(number(&b, "quantityavailable", product, 2), 10);
	order = order_place(b.w, p->listing[AMAZON_US], 3, 5000);
	assert_int_equal(number(&b, "quantityavailable", product, 2), 10);
	sandbox_advance(b.s, epoch_ms + 13 * MINUTE_MS);
	assert_int_equal(number(&b, "quantityavailable", product, 2), 7);
	assert_int_equal(number(&b, "quantitycommitted", product, 2), 3);
	assert_int_equal(number(&b, "quantityonhand", product, 2), 10);
	assert_int_equal(ask(&b, arena_printf(b.a,
	                                      "SELECT t.otherrefnum, t.status, tl.quantity, tl.quantitycommitted, tl.item FROM transaction t JOIN transactionline tl ON "
	                                      "tl.transaction = t.id WHERE t.type = 'SalesOrd' AND t.otherrefnum = '%s' ORDER BY t.id, tl.id",
	                                      id_of(&b, order))),
	                 200);
	assert_int_equal(json_count(json_get(b.json, "items")), 1);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "items")), "status", ""), "B");
	assert_int_equal(json_int_or(json_first(json_get(b.json, "items")), "quantity", 0), -3);
	assert_int_equal(json_int_or(json_first(json_get(b.json, "items")), "quantitycommitted", 0), 3);
	sandbox_advance(b.s, epoch_ms + 5 * (int64_t)HOUR_MS);
	assert_int_equal(number(&b, "quantityonhand", product, 2), 7);
	assert_int_equal(number(&b, "quantityavailable", product, 2), 7);
	assert_int_equal(ask(&b, "SELECT status, linkedtrackingnumbers, actualshipdate FROM transaction ORDER BY id"), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "items")), "status", ""), "F");
	assert_int_equal(strlen(json_text_or(json_first(json_get(b.json, "items")), "linkedtrackingnumbers", "")), 22);
	bench_close(&b);
}

static void the_erp_believes_what_it_last_heard(void **state)
{
	struct bench b = bench_depots();
	struct err err = { 0 };
	int before = b.w->product[0].at[DEPOT_HARBOR];

	(void)state;
	depot_count(b.w, 0, DEPOT_HARBOR, 500);
	assert_int_equal(number(&b, "quantityonhand", 0, 7), before);
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	assert_int_equal(number(&b, "quantityonhand", 0, 7), 500);
	assert_int_equal(sandbox_fault(b.s, "kind=deaf for=5h", &err), OK);
	depot_count(b.w, 0, DEPOT_HARBOR, 20);
	sandbox_advance(b.s, epoch_ms + 4 * (int64_t)HOUR_MS);
	assert_int_equal(number(&b, "quantityonhand", 0, 7), 500);
	sandbox_advance(b.s, epoch_ms + 8 * (int64_t)HOUR_MS);
	assert_int_equal(number(&b, "quantityonhand", 0, 7), 20);
	bench_close(&b);
}

static void readings_and_logins_fail_on_request(void **state)
{
	struct bench b = bench_depots();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=zeroes channel=netsuite count=1", &err), OK);
	assert_int_equal(number(&b, "quantityonhand", 0, 7), 0);
	assert_true(number(&b, "quantityonhand", 0, 7) > 0);
	assert_int_equal(sandbox_fault(b.s, "kind=halved channel=netsuite count=1", &err), OK);
	assert_int_equal(ask(&b, "SELECT item FROM inventoryitemlocations ORDER BY item, location"), 200);
	assert_int_equal(json_count(json_get(b.json, "items")), 80);
	assert_int_equal(sandbox_fault(b.s, "kind=crowded channel=netsuite count=1", &err), OK);
	assert_int_equal(ask(&b, "SELECT id FROM item ORDER BY id"), 429);
	assert_string_equal(error_code(&b), "SSS_REQUEST_LIMIT_EXCEEDED");
	assert_int_equal(sandbox_fault(b.s, "kind=false-login channel=netsuite count=1", &err), OK);
	assert_int_equal(ask(&b, "SELECT id FROM item ORDER BY id"), 401);
	assert_string_equal(error_code(&b), "INVALID_LOGIN");
	assert_int_equal(ask(&b, "SELECT id FROM item ORDER BY id"), 200);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_as_published),
		cmocka_unit_test(netsuite_checks_every_signature),
		cmocka_unit_test(an_assertion_is_looked_at_whole),
		cmocka_unit_test(an_assertion_gives_a_token_for_an_hour),
		cmocka_unit_test(five_at_once_and_no_more),
		cmocka_unit_test(queries_are_understood_or_refused),
		cmocka_unit_test(what_is_nested_without_end_is_refused),
		cmocka_unit_test(values_are_texts_under_small_names),
		cmocka_unit_test(a_walk_without_an_order_misses_rows),
		cmocka_unit_test(the_way_to_ask_is_kept_to),
		cmocka_unit_test(stock_is_what_is_left_after_orders),
		cmocka_unit_test(the_erp_believes_what_it_last_heard),
		cmocka_unit_test(readings_and_logins_fail_on_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
