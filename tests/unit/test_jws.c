/* test_jws.c: signatures by private keys: the simulation's witness against published vectors, and ours against the witness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/sign.h"
#include "sandbox/jws.h"
#include "sandbox/netsuite.h"
#include "tests/published_keys.h"

#include <string.h>

static size_t bytes_of(const char *hex, unsigned char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)((strchr(digits, hex[2 * i]) - digits) << 4 | (strchr(digits, hex[2 * i + 1]) - digits));
	return n;
}

struct vector {
	const char *why, *said, *sig;
	bool fits;
};

/* ---- PS256: Wycheproof, rsa_pss_2048_sha256_mgf1_32 (C2SP/wycheproof 2f387d26, Apache-2.0, read 2026-11), by number ---- */

static const char wycheproof_n[] =
	"a2b451a07d0aa5f96e455671513550514a8a5b462ebef717094fa1fee82224e637f9746d3f7cafd31878d80325b6ef5a1700"
	"f65903b469429e89d6eac8845097b5ab393189db92512ed8a7711a1253facd20f79c15e8247f3d3e42e46e48c98e254a2fe9"
	"765313a03eff8f17e1a029397a1fa26a8dce26f490ed81299615d9814c22da610428e09c7d9658594266f5c021d0fceca08d"
	"945a12be82de4d1ece6b4c03145b5d3495d4ed5411eb878daf05fd7afc3e09ada0f1126422f590975a1969816f48698bcbba"
	"1b4d9cae79d460d8f9f85e7975005d9bc22c4e5ac0f7c1a45d12569a62807d3b9a02e5a530e773066f453d1f5b4c2e9cf782"
	"0283f742b9d5";

static const struct vector pss_vectors[] = {
	{ "1: of nothing", "",
	  "4f01e0c12b08625ecac89a69231906edf826380f37c959a96690d046316d68ffce9d5c471694fcebfc6b45534864689256e4"
	  "fc81c78e583f675d0c94b449647451e81beff01a11a516d5e5ce3f1a910437cb8a3a5096b19fb15f4524a35b23d89cdba12c"
	  "f5b71aac1047b28c562df7c5542c34ce23a182cf7e0e231934b17294799d44877a1d68ef1b8f073619b7618e6b7c22db2003"
	  "0d98cf591ffc3d4da5f58613ecd5ecfc3b40a1d02f40891ca43695cd4c088b05a8054c89c595a47e274816f35384226f7445"
	  "9ee63e25a1bfc03c360490552ec38343f8ace502f065303b00bc0ec320711b211fde92e57feb9013c3609342495ec0d7cabd"
	  "ec21e54acc38",
	  true },
	{ "3: of \"Test\"", "54657374",
	  "401eb03cdb47ca88033e3030f6bdecbac8f5c8fc1dd6a13d23d379ed9a2b309891d13d74fea9d21d159b9e6d8f37efa24899"
	  "62e24555f56dd434ff1d31ce4f9f5abd3f22cbea8b691d6a11e44efb83e2bca155e6a164325e0fde2a8865afd5c9f51161a9"
	  "d615f62af7ec2e31b3e5ab649c164490d31d88cfae35b84aea7925690f929a144b6d2f48e8fb894a52deecd1b9a6496990c4"
	  "ecf1588699a42cacd10c53af350514e4291ea9a058e77f101e32c1c0cefa61d945f7bc931f8bd19e7ba3169358a60e5a8b01"
	  "23bc3199b9fdcafe8e519c41ba675491a27b85e44ef2d77277c10fe107293c8290186913bc9a99b640d8da041b64f31eab1d"
	  "35920985f4a5",
	  true },
	{ "88: a salt that is shifted", "313233343030",
	  "11e8938238a20f0e6947015987380dfd88a1661606bd05bbe4298f4746e81e3bbf34aeceba5360f1839ee0d7d7fe3e578cac"
	  "c2d24b15eefe2064edb1fd04ff9a44c0a600ebf00f64fbb1ead4246e5ffbad0c22441ed073462f26e30b61a0a9142b4f993d"
	  "1b26fa32e11382da33b9eb5855cef6736bec2f4f5bc6bf82fdf7da62346a4d9696c53e1cfa789667b721f32f7779daf7df85"
	  "474096a9e9a7291afc76df3a66c7a0b997b41bfb71fedbdb4e65095efe1a81d35b66be55432e0a6e33905475b46a94e05bce"
	  "7fee84645f500d8ebd7c0282c35f22774e7089262210f83ed485cd2b045acd5d62b4bb53dcbeb2588dc6535518189cb0220a"
	  "7c9406e454d6",
	  false },
	{ "90: its highest bit is not cleared", "313233343030",
	  "9c13d877ac2bd8c02c11e29ffcc0c1046dbc9870177e843c30b499c2bf7fd09daa43469caf2b8c3e955ded95e4d62209f757"
	  "1bb45593f4cd8b0c7bc9470a8a693837248b5a7854dc8e37e752d949479272642994182061d7af80b0ac6f6e984874c8cdc6"
	  "a5d7d17dc9e9de5ad12120cdb9f6c0d09c0e11b87b3423e37ba9437a4f76cc1e6124579e5f79832b89710de1968ce46e3e69"
	  "fa185c0a924e8cb5f996ee5963f6826dd37714de264d75545e8509caf8735330cde7ed4228e5779471827b83757c46602211"
	  "7c45d598f5a4a7fed7be4e1b4d320f894879061a75d1a41efd8dcaf3c61733ed8ca2cc2f83714f8fdbc7a97cd6d6b97ea3d3"
	  "6ebd69890633",
	  false },
	{ "98: the modulus itself", "313233343030",
	  "a2b451a07d0aa5f96e455671513550514a8a5b462ebef717094fa1fee82224e637f9746d3f7cafd31878d80325b6ef5a1700"
	  "f65903b469429e89d6eac8845097b5ab393189db92512ed8a7711a1253facd20f79c15e8247f3d3e42e46e48c98e254a2fe9"
	  "765313a03eff8f17e1a029397a1fa26a8dce26f490ed81299615d9814c22da610428e09c7d9658594266f5c021d0fceca08d"
	  "945a12be82de4d1ece6b4c03145b5d3495d4ed5411eb878daf05fd7afc3e09ada0f1126422f590975a1969816f48698bcbba"
	  "1b4d9cae79d460d8f9f85e7975005d9bc22c4e5ac0f7c1a45d12569a62807d3b9a02e5a530e773066f453d1f5b4c2e9cf782"
	  "0283f742b9d5",
	  false },
	{ "101: cut short", "313233343030",
	  "68caf07e71ee654ffabf07d342fc4059deb4f7e5970746c423b1e8f668d5332275cc35eb61270aebd27855b1e80d59def47f"
	  "e8882867fd33c2308c91976baa0b1df952caa78db4828ab81e79949bf145cbdfd1c4987ed036f81e8442081016f20fa4b587"
	  "574884ca6f6045959ce3501ae7c02b1902ec1d241ef28dee356c0d30d28a950f1fbc683ee7d9aad26b048c13426fe3975d56"
	  "38afeb5b9c1a99d162d3a5810e8b074d7a2eae2be52b577151f76e1f734b0a956ef4f22be64dc20a81ad1316e4f79dff5fc4"
	  "1fc08a20bc612283a88415d41595bfea66d59de7ac12e230f72244ad9905aef0ead3fa41ed70bf4218863d5f041292f2d14c"
	  "e0a7271c",
	  false },
	{ "103: of PKCS #1 v1.5", "313233343030",
	  "1758eb94588e6fc4f50c1be1afcaa41027869f304cad513b1fb12c2f446d63cdc05c4830a7e3e630da7b2da4f7867cc173bf"
	  "6420f9732277282596de41ded32e21d0cc31441174da8765f57419c7764ea758f55bc17646eb100c435d1ac0eed6fc7ba6de"
	  "5f832094ee2f479979765e05ac9976788db3c241a9e32a0da864f0019a87646ba623d63f4411af5dee1be9ec488c7e3e1b23"
	  "1479de70b9ac5f78a17b1f4120aece45f26c07e7bb345fdfeb05e14bcaacc614672a465fc523624cb19f66f9c6c3f642b832"
	  "ca44cb25176d679f0e05606c3fed022cac24c2bf960a406d48818e3eb7ed53b0446032469047dfed95fc18088c92d91d9372"
	  "2c47f88163a8",
	  false },
};

static void pss_is_as_published(void **state)
{
	unsigned char n[256], said[64], sig[300];
	size_t n_len = bytes_of(wycheproof_n, n);

	(void)state;
	for (size_t i = 0; i < sizeof pss_vectors / sizeof *pss_vectors; i++) {
		const struct vector *v = &pss_vectors[i];
		size_t len = bytes_of(v->said, said);

		if (jws_pss(n, n_len, said, len, sig, bytes_of(v->sig, sig)) != v->fits)
			fail_msg("%s", v->why);
	}
}

/* ---- ES256: Wycheproof, ecdsa_secp256r1_sha256_p1363 (C2SP/wycheproof 81ee4212), the first key's ---- */

static const char wycheproof_x[] = "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838";
static const char wycheproof_y[] = "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e";

static const struct vector ecdsa_vectors[] = {
	{ "1: s on the other side of the order", "313233343030",
	  "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e184cd60b855d442f5b3c7b11eb6c4e0ae7525f"
	  "e710fab9aa7c77a67f79e6fadd76",
	  true },
	{ "4: the order less r", "313233343030",
	  "d45c5740946b2a147f59262ee6f5bc90bd01ed280528b62b3aed5fc93f06f739b329f479a2bbd0a5c384ee1493b1f5186a87"
	  "139cac5df4087c134b49156847db",
	  false },
	{ "11: zero and zero", "313233343030",
	  "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "0000000000000000000000000000",
	  false },
	{ "13: zero, and s the order", "313233343030",
	  "0000000000000000000000000000000000000000000000000000000000000000ffffffff00000000ffffffffffffffffbce6"
	  "faada7179e84f3b9cac2fc632551",
	  false },
	{ "19: one and one", "313233343030",
	  "0000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000"
	  "0000000000000000000000000001",
	  false },
	{ "25: r the order, and zero", "313233343030",
	  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551000000000000000000000000000000000000"
	  "0000000000000000000000000000",
	  false },
	{ "65: a digest with a long run of bits", "31333434323933303739",
	  "204a9784074b246d8bf8bf04a4ceb1c1f1c9aaab168b1596d17093c5cd21d2cd51cce41670636783dc06a759c8847868a406"
	  "c2506fe17975582fe648d1d88b52",
	  true },
	{ "67: another", "333433363838373132",
	  "060b700bef665c68899d44f2356a578d126b062023ccc3c056bf0f60a237012b8d186c027832965f4fcc78a3366ca95dedbb"
	  "410cbef3f26d6be5d581c11d3610",
	  true },
	{ "101: r near its end", "313333383731363438",
	  "ffcda40f792ce4d93e7e0f0e95e1a2147dddd7f6487621c30a03d710b330021979938b55f8a17f7ed7ba9ade8f2065a1fa77"
	  "618f0b67add8d58c422c2453a49a",
	  true },
};

static void ecdsa_is_as_published(void **state)
{
	unsigned char x[32], y[32], said[64], sig[100];

	(void)state;
	bytes_of(wycheproof_x, x);
	bytes_of(wycheproof_y, y);
	for (size_t i = 0; i < sizeof ecdsa_vectors / sizeof *ecdsa_vectors; i++) {
		const struct vector *v = &ecdsa_vectors[i];
		size_t len = bytes_of(v->said, said);

		if (jws_ecdsa(x, y, said, len, sig, bytes_of(v->sig, sig)) != v->fits)
			fail_msg("%s", v->why);
	}
}

/* ---- whole tokens ---- */

static const struct jws_key *key_of(const char *kid)
{
	const struct jws_key *k = netsuite_certificates;

	while (strcmp(k->kid, kid))
		k++;
	return k;
}

/* RFC 7515, A.3.1. */
static const char rfc7515[] = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                              ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static void the_example_of_rfc_7515_fits(void **state)
{
	struct arena *a = arena_new();
	char *other = arena_strdup(a, rfc7515);

	(void)state;
	assert_true(jws_fits(a, key_of(SANDBOX_NETSUITE_EC), "ES256", rfc7515));
	assert_false(jws_fits(a, key_of(SANDBOX_NETSUITE_EC), "PS256", rfc7515));
	assert_false(jws_fits(a, key_of(SANDBOX_NETSUITE_RSA), "ES256", rfc7515));
	other[30]++;
	assert_false(jws_fits(a, key_of(SANDBOX_NETSUITE_EC), "ES256", other));
	arena_free(a);
}

struct sign_case {
	const char *why, *pem, *kid, *algorithm;
	bool fits;
};

static const struct sign_case sign_cases[] = {
	{ "a key of RSA signs by PS256", PUBLISHED_RSA, SANDBOX_NETSUITE_RSA, "PS256", true },
	{ "one of P-256 by ES256", PUBLISHED_EC, SANDBOX_NETSUITE_EC, "ES256", true },
	{ "another key's signature is another's", PUBLISHED_EC_OTHER, SANDBOX_NETSUITE_EC, "ES256", false },
};

/* Both draw a random number, so many are looked at: a short r or s comes once in 128. */
static void what_we_sign_the_witness_takes(void **state)
{
	struct arena *a = arena_new();
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof sign_cases / sizeof *sign_cases; i++)
		for (int k = 0; k < 64; k++) {
			const struct sign_case *c = &sign_cases[i];
			const char *said = arena_printf(a, "eyJhbGciOiJ.%d", k), *jwt = sign_jws(a, c->pem, said, &err);

			assert_string_equal(sign_jws_algorithm(c->pem, &err), c->algorithm);
			assert_non_null(jwt);
			assert_memory_equal(jwt, said, strlen(said));
			if (jws_fits(a, key_of(c->kid), c->algorithm, jwt) != c->fits)
				fail_msg("%s: %s", c->why, jwt);
		}
	arena_free(a);
}

/* ---- keys that will not do ---- */

struct bad_key {
	const char *why, *pem, *says;
};

static const struct bad_key bad_keys[] = {
	{ "no key at all", "hunter2", "no PEM" },
	{ "the certificate instead of its key", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "that is the certificate" },
	{ "half a key", "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n", "cannot be read" },
	{ "a key with a passphrase", 
	  "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	  "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhatxER4tmk/AICCAAw\n"
	  "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJhdiYAlLTb8Z5vIs8MyKw4EgZAe\n"
	  "BE3EiYc9ek6ES+bBqxopjXkK95hCcGanYvJNR75iCzorAVdeYKEwAo2VyR7kuJPb\n"
	  "zD2Ee+0FjjvilduLoQm1jPvEgWTYlOAYFp+lORGvvoyKKxwQAdeQ0JevPy0CsgL1\n"
	  "aG4Ph2sh4qEM6WOiMc3QVdrGsCzdt4w4ACxruBBk1YxPFeSuVpT+GSE2YJME7EI=\n"
	  "-----END ENCRYPTED PRIVATE KEY-----\n", "has a passphrase" },
	{ "another curve", 
	  "-----BEGIN PRIVATE KEY-----\n"
	  "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCy0ettYasS98w57zkK\n"
	  "bQNhoWm349rA/R4ASCFru92rlOlr4bBJSk6DBQJciG0XY26hZANiAATQam834Gid\n"
	  "Y0gjVy9XXVTKFtznLrQF+0pFpOmmTBvGtv4U4uWZ1yYPdioNZ0rERSgg0guK/K5x\n"
	  "db2I2dv7c8G+VCLLSJEegGpS9MYhSucFrd0vp7ZT47YAlaLrPBObgR4=\n"
	  "-----END PRIVATE KEY-----\n", "P-256" },
	{ "a key for key exchange", 
	  "-----BEGIN PRIVATE KEY-----\n"
	  "MC4CAQAwBQYDK2VuBCIEIBjj1ZYYNKCC5sjWDc3JY1lcK41EmbKlG6SG8AQVIVRy\n"
	  "-----END PRIVATE KEY-----\n", "of another kind (X25519)" },
	{ "RSA of 1024 bits", 
	  "-----BEGIN PRIVATE KEY-----\n"
	  "MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBALJ8/aJPm2tBLIGs\n"
	  "uY6y8olEs0rrEtbFOYPdHa86k/K55FcN3RKo00p8G6+n71KsEdj95V93f6ADnZNj\n"
	  "CAZh8obtw6Cw/E+T9ggIZtJE/NpJ+hn6tN55OcBjiFvU/hSnfHPo1RasRZ6DMV1l\n"
	  "zhkpOxMgpvqksNFm7RKewuJKpFrHAgMBAAECgYEAjAC6uiwTTsfqbzTav/HhiIaY\n"
	  "1DUbq9c7zBEPDbm2/veNAjPfqpk+UviShvAFKyXJQhm1Z3LGau8rFMbjLo55usjX\n"
	  "sOIkvGfhv7D03GcKQsp9M50TB6KigBmgSgoa9qJPpgExSKLYO8RrvLR0SVmwAJ+4\n"
	  "rsve60Y7XBUMXOjB18ECQQDgpf/0nDUCRAhl28wEqQeKMvxv9N3KaSur6dO2R3OM\n"
	  "hQoS8uBFjxdWFOXd6DPxBECHIsYM9XhPISbq+Y3BMDCxAkEAy2XUKOaR7QHUWwSg\n"
	  "3BZhnE9/BLdQZ18dILbnw2A5KD3bwMCRl/r9UU7byVmH9wUKmIOQv8g4ctO/ZgRi\n"
	  "AdNg9wJBAKa3CqiBdGVmD8VnxJSAzHOnOufrFN2uBxbhxJg1lm7mHH/LdtyoQG1F\n"
	  "vQFd3Y4z1Z90Ev5y/QHcXIFtCeIg3UECQQCjqB95eWxZA2vWgHbeH7QSjXRqWwV6\n"
	  "53EMbZ81+SqEUqGLCmcbnnxM++KktEFOZOQNq27AoV2qJu6OK2Cgj3ApAkAILEag\n"
	  "xTGoJBzJba2PC7ZWKnk4NcIwetFvwb6neEcXfTeO85WNHs2wRiWyOwNopw1UKb02\n"
	  "ItOomDxqeDSviZFg\n"
	  "-----END PRIVATE KEY-----\n", "has 1024 bits" },
};

static void a_key_that_will_not_do_is_told_why(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof bad_keys / sizeof *bad_keys; i++) {
		struct err err = { 0 };

		if (sign_jws_algorithm(bad_keys[i].pem, &err) || !strstr(err.text, bad_keys[i].says))
			fail_msg("%s: %s", bad_keys[i].why, err.text);
		assert_null(sign_jws(a, bad_keys[i].pem, "a.b", &err));
		assert_null(strstr(err.text, "hunter2"));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pss_is_as_published),
		cmocka_unit_test(ecdsa_is_as_published),
		cmocka_unit_test(the_example_of_rfc_7515_fits),
		cmocka_unit_test(what_we_sign_the_witness_takes),
		cmocka_unit_test(a_key_that_will_not_do_is_told_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
