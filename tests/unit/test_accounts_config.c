/* Which configurations an engine starts with, and what it says of the others. */
#include "unit/trade_world.h"

#include "base/asset.h"
#include "base/config.h"
#include "engine/accounts.h"
#include "engine/vault.h"

#include <sys/stat.h>
#include <unistd.h>

#define TRUTH "[truth]\ncatalog = w\nstock = w\npricing = w\n"
#define WALMART "[account walmart-us]\nchannel = walmart\n"

struct config_case {
	const char *why, *text, *says; /* says: NULL when it is taken */
};

static const struct config_case cases[] = {
	{ "no account is a start", TRUTH, NULL },
	{ "an account that is switched off keeps its lines", TRUTH WALMART "enabled = off\nclient_id = file:/nowhere\nclient_secret = cmd:false\n", NULL },
	{ "nobody is said to own the stock", "[truth]\ncatalog = w\npricing = w\n", "[truth] stock: nobody is named" },
	{ "a misspelt key of an account", TRUTH WALMART "enabled = off\nbufer = 5u/15%\n", "tallyman.ini:8: [account walmart-us] bufer: no such key" },
	{ "a misspelt section", TRUTH "[familys]\norders = off\n", "tallyman.ini:6: [familys] orders: no such key" },
	{ "a family that is none", TRUTH "[families]\nrefunds = on\n", "[families] refunds: no such key" },
	{ "an account is on or off: what is neither is not obeyed as one", TRUTH WALMART "enabled = no\n", "tallyman.ini:7: [account walmart-us] enabled: on or off" },
	{ "a family too", TRUTH "[families]\nlistings = off\norders = yes\n", "tallyman.ini:7: [families] orders is on or off, not yes" },
	{ "families without an account", TRUTH "[families]\norders = off\n", NULL },
	{ "a misspelt profile is not production", "[store]\nprofile = sandbx\n" TRUTH, "tallyman.ini:2: [store] profile: sandbx is none" },
	{ "a channel that is none", TRUTH "[account x]\nchannel = etsy\n", "no such channel" },
	{ "the day a secret was made", TRUTH WALMART "enabled = off\nclient_secret_made = 2023-05-01\n", NULL },
	{ "is a day", TRUTH WALMART "enabled = off\nclient_secret_made = May\n", "tallyman.ini:8: [account walmart-us] client_secret_made: the day it was made" },
	{ "and has been", TRUTH WALMART "enabled = off\nclient_secret_made = 2033-05-01\n", "and none that is to come" },
	{ "a secret is said where it is, never itself", TRUTH WALMART "client_id = abcdef\n", "[account walmart-us] client_id" },
	{ "a sandbox never reaches production", "[store]\nprofile = sandbox\n" TRUTH WALMART, "is a production host" },
	{ "nobody writes himself live in the file", TRUTH WALMART "enabled = off\nmode = live\n", "made live by a person" },
	{ "a buffer is units and percent", TRUTH WALMART "enabled = off\nbuffer = 5/12\n", "tallyman.ini:8: [account walmart-us] buffer: buffer wants units and percent" },
	{ "a limit that was granted", TRUTH WALMART "enabled = off\nlimits = walmart.orders.ack rate=120 burst=120\n", NULL },
	{ "one beyond all measure", TRUTH WALMART "enabled = off\nlimits = walmart.orders.ack rate=60000\n", "tallyman.ini:8: [account walmart-us] limits: walmart.orders.ack: rate=60000 is more than 100 times" },
	{ "no plain http to another machine", TRUTH WALMART "enabled = off\nbase_url = http://example.com/\n", "asked without TLS" },
	{ "in production to this machine neither", TRUTH WALMART "enabled = off\nbase_url = http://127.0.0.1:4180/\n", "asked without TLS" },
	{ "a sandbox on this machine needs none", "[store]\nprofile = sandbox\n" TRUTH WALMART "enabled = off\nbase_url = http://127.0.0.1:4180/\ntoken_url = http://127.0.0.1:4180/v3/token\n", NULL },
};

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* What is refused before anybody looks for a key. */
static const struct config_case lines[] = {
	{ "a list that goes on in a second line", "[a]\nk = one,\n    two\n", "t.ini:3: a line begins with a space" },
	{ "with a tab", "[a]\nk = one,\n\ttwo\n", "t.ini:3: a line begins with a space" },
	{ "a key that is indented", "[a]\nk = one\n  l = two\n", "t.ini:3: a line begins with a space" },
	{ "remarks may be, and empty lines", "[a]\nk = one\n  # two\n\t; three\n  \n  \r\n\n", NULL },
	{ "a line as long as one may be", "[a]\nk = " HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123" "\nl = 1\n", NULL },
	{ "one byte more", "[a]\nk = " HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "01234" "\nl = 1\n", "t.ini:2: a line of 199 bytes: 198 is the most" },
	{ "a remark whose end would be a key", "[a]\n# " HUNDRED HUNDRED "k = 1\n", "t.ini:2: a line of 207 bytes" },
};

static void lines_mean_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct config *c = config_new();
		struct err err = { .text = "" };
		enum fault f = config_text(c, "t.ini", lines[i].text, &err);

		if (f != (lines[i].says ? FAULT_REFUSED : OK) || (f && strncmp(err.text, lines[i].says, strlen(lines[i].says))))
			fail_msg("%s: %s", lines[i].why, err.text);
		config_free(c);
	}
}

static const char *open_with(struct world *w, struct vault *v, const char *text)
{
	struct config *c = config_new();
	struct links ls;
	const char *said = NULL;

	OKAY(w, config_text(c, "tallyman.ini", text, &w->err));
	store_rollback(w->s); /* what the case before it wrote */
	OKAY(w, store_begin(w->s, &w->err));
	if (links_open(&ls, c, w->s, v, &w->why, &w->err))
		said = arena_strdup(w->a, w->err.text);
	links_close(&ls);
	config_free(c);
	return said;
}

static void which_are_taken(void **state)
{
	struct world world = world_new(), *w = &world;
	char dir[] = "/tmp/tallyman-links-XXXXXX", key[64];
	struct vault *v;
	int failed = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	OKAY(w, vault_open(dir, true, &v, &w->err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *said = open_with(w, v, cases[i].text);

		if (!said != !cases[i].says || (said && !strstr(said, cases[i].says))) {
			print_error("%s: said %s\n", cases[i].why, said ? said : "nothing");
			failed++;
		}
	}
	vault_close(v);
	snprintf(key, sizeof key, "%s/seal.key", dir);
	unlink(key);
	rmdir(dir);
	world_free(w);
	assert_int_equal(failed, 0);
}

/* Who attests it is on record, once, and so is the end of it. */
static void an_attestation_is_put_on_record(void **state)
{
	static const struct {
		const char *why, *text;
		int64_t attested, ended;
	} steps[] = {
		{ "nobody attests anything", TRUTH "[account ebay-us]\nchannel = ebay\nenabled = off\n", 0, 0 },
		{ "the word appears", TRUTH "[account ebay-us]\nchannel = ebay\nenabled = off\noosc = attested\n", 1, 0 },
		{ "a restart is no new one", TRUTH "[account ebay-us]\nchannel = ebay\nenabled = off\noosc = attested\n", 1, 0 },
		{ "it is gone", TRUTH "[account ebay-us]\nchannel = ebay\nenabled = off\noosc = no\n", 1, 1 },
	};
	struct world world = world_new(), *w = &world;
	char dir[] = "/tmp/tallyman-links-XXXXXX", key[64];
	struct vault *v;

	(void)state;
	assert_non_null(mkdtemp(dir));
	OKAY(w, vault_open(dir, true, &v, &w->err));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct config *c = config_new();
		struct links ls;

		OKAY(w, config_text(c, "tallyman.ini", steps[i].text, &w->err));
		OKAY(w, links_open(&ls, c, w->s, v, &w->why, &w->err));
		if (world_int(w, "SELECT count(*) FROM audit WHERE action = 'attest' AND subject = 'ebay-us'") != steps[i].attested ||
		    world_int(w, "SELECT count(*) FROM audit WHERE action = 'attest-end' AND subject = 'ebay-us'") != steps[i].ended)
			fail_msg("%s", steps[i].why);
		links_close(&ls);
		config_free(c);
	}
	vault_close(v);
	snprintf(key, sizeof key, "%s/seal.key", dir);
	unlink(key);
	rmdir(dir);
	world_free(w);
}

/* Whose section is gone is off; it comes back with it. */
static void an_account_lives_as_long_as_its_section(void **state)
{
	static const struct {
		const char *text;
		int64_t on, turns; /* of it */
	} steps[] = {
		{ TRUTH "[account shelf]\nchannel = local\n", 1, 0 },
		{ TRUTH, 0, 1 },
		{ TRUTH, 0, 1 },
		{ TRUTH "[account shelf]\nchannel = local\n", 1, 2 },
	};
	struct world world = world_new(), *w = &world;
	char dir[] = "/tmp/tallyman-links-XXXXXX", key[64];
	struct vault *v;

	(void)state;
	assert_non_null(mkdtemp(dir));
	OKAY(w, vault_open(dir, true, &v, &w->err));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct config *c = config_new();
		struct links ls;

		OKAY(w, config_text(c, "tallyman.ini", steps[i].text, &w->err));
		OKAY(w, links_open(&ls, c, w->s, v, &w->why, &w->err));
		assert_int_equal(world_int(w, "SELECT enabled FROM account WHERE name = 'shelf'"), steps[i].on);
		assert_int_equal(world_int(w, "SELECT count(*) FROM change WHERE fact = 'account' AND field = 'enabled' AND fact_id = (SELECT id FROM account WHERE name = 'shelf')"), steps[i].turns);
		links_close(&ls);
		config_free(c);
	}
	vault_close(v);
	snprintf(key, sizeof key, "%s/seal.key", dir);
	unlink(key);
	rmdir(dir);
	world_free(w);
}

struct token_case {
	const char *why;
	const struct channel *channel;
	const char *token_id;
	bool fetched;
};

static const struct token_case token_cases[] = {
	{ "a marketplace's token is fetched", &channel_walmart, "", true },
	{ "NetSuite's by OAuth 2.0 as well", &channel_netsuite, "", true },
	{ "an account with a pair of tokens signs instead", &channel_netsuite, "TOKEN-ID", false },
	{ "a pair means nothing to a channel that does not sign", &channel_cartoncloud, "TOKEN-ID", true },
	{ "a file wants none", &channel_local, "", false },
};

static void which_fetch_a_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof token_cases / sizeof *token_cases; i++) {
		const struct link l = { .channel = token_cases[i].channel, .account = { .token_id = token_cases[i].token_id } };

		if (link_takes_token(&l) != token_cases[i].fetched)
			fail_msg("%s", token_cases[i].why);
	}
}

static void put_secret(const char *file, const char *text)
{
	FILE *f = fopen(file, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(file, 0600);
}

/* Each call is booked on the credential that it is made with; an account's is its secret, or its certificate's key. */
static void a_call_is_booked_on_what_it_is_made_with(void **state)
{
	static const struct {
		const char *why, *key;
		int at; /* among an account's secrets */
		const char *account;
	} kinds[] = {
		{ "by a secret", "client_secret", 1, WALMART },
		{ "by a certificate's key", "private_key", LINK_SECRETS - 1, "[account netsuite]\nchannel = netsuite\ntenant = 1234567\ncertificate_id = C1\n" },
	};
	struct world world = world_new(), *w = &world;
	char dir[] = "/tmp/tallyman-links-XXXXXX";
	struct vault *v;

	(void)state;
	assert_non_null(mkdtemp(dir));
	OKAY(w, vault_open(dir, true, &v, &w->err));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *file = arena_printf(w->a, "%s/secret", dir), *said;
		char first[13], second[13];
		struct config *c = config_new();
		struct links ls;
		int changed;

		vault_fingerprint("the first", first);
		vault_fingerprint("the second", second);
		put_secret(file, "the first");
		OKAY(w, config_text(c, "tallyman.ini", arena_printf(w->a, TRUTH "%s%s = file:%s\n", kinds[i].account, kinds[i].key, file), &w->err));
		OKAY(w, links_open(&ls, c, w->s, v, &w->why, &w->err));
		if (strcmp(ls.link[0].credential, first))
			fail_msg("%s: at the start %s", kinds[i].why, ls.link[0].credential);
		put_secret(file, "the second");
		OKAY(w, links_renew(&ls, c, w->s, v, &w->why, w->a, &changed, &said, &w->err));
		if (strcmp(ls.link[0].credential, second))
			fail_msg("%s: renewed %s", kinds[i].why, ls.link[0].credential);
		ls.link[0].spare[kinds[i].at] = "the first"; /* as the vault says where one rotates */
		assert_true(link_swap(&ls.link[0]));
		if (strcmp(ls.link[0].credential, first))
			fail_msg("%s: the one before %s", kinds[i].why, ls.link[0].credential);
		links_close(&ls);
		config_free(c);
		unlink(file);
	}
	vault_close(v);
	unlink(arena_printf(w->a, "%s/seal.key", dir));
	rmdir(dir);
	world_free(w);
}

/* Every key that the example explains is one that is read: with the marks of a comment taken off it is a configuration. */
static void the_example_is_true(void **state)
{
	struct world world = world_new(), *w = &world;
	struct buf b = buf_new(w->a);
	const char *text = asset_get(w->a, "data/tallyman.ini", NULL), *said;
	char dir[] = "/tmp/tallyman-links-XXXXXX", path[64];
	struct vault *v;
	int accounts = 0;

	(void)state;
	assert_non_null(text);
	w->why.now_ms = INT64_C(1793000000000); /* the days that it names have been */
	assert_non_null(mkdtemp(dir));
	OKAY(w, vault_open(dir, true, &v, &w->err));
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t n = strcspn(p, "\n"), key = *p == '#' ? 1 + strspn(p + 1, " ") : 0, word = strspn(p + key, "abcdefghijklmnopqrstuvwxyz_");

		if (*p == '#' && p[1] == '[') /* accounts' secrets are not on this machine */
			buf_printf(&b, "%.*s\n%s", (int)n - 1, p + 1, strncmp(p + 2, "account", 7) ? "" : "enabled = off\n");
		else if (*p != '#')
			buf_printf(&b, "%.*s\n", (int)n, p);
		else if (word && p[key + word + strspn(p + key + word, " ")] == '=' && strncmp(p + key, "enabled", 7))
			buf_printf(&b, "%.*s\n", (int)(n - key), p + key);
	}
	/* what the engine reads before it opens the accounts */
	{
		struct config *c = config_new();
		static const char *const early[][2] = { { "orders", "poll_s" }, { "orders", "backfill_days" }, { "stock", "read_s" }, { "stock", "counts_s" },
			                                { "stock", "low" }, { "stock", "accept_warn_s" }, { "feeds", "read_s" }, { "raw", "retain_days" },
			                                { "rec", "every_h" }, { "rec", "full" }, { "rec", "ghosts" }, { "rec", "autocorrect" }, { "rec", "correct" },
			                                { "rec", "alert" }, { "rec", "pct_min_units" }, { "rec", "oversell" }, { "rec", "pattern" }, { "vault", "key_file" }, { "vault", "second_person" },
			                                { "audit", "anchor" },
			                                { "hooks", "program" }, { "hooks", "mail_server" }, { "hooks", "mail_from" }, { "hooks", "mail_to" },
			                                { "hooks", "mail_user" }, { "hooks", "mail_password" }, { "hooks", "webhook" }, { "roles", "jo" }, { "roles", "feeder" }, { "roles", "others" },
			                                { "zero", "after_min" }, { "zero", "warn_min" }, { "zero", "after_failures" },
			                                { "zero", "restore" }, { "zero", "mass_skus" }, { "zero", "mass_pct" }, { "cache", "rounds" }, { "outage", "pause" }, { "outage", "ramp_min" } };
		struct links ls;

		OKAY(w, config_text(c, "tallyman.ini", b.p, &w->err));
		for (size_t i = 0; i < sizeof early / sizeof *early; i++)
			if (!config_get(c, early[i][0], early[i][1], NULL))
				fail_msg("the example does not explain [%s] %s", early[i][0], early[i][1]);
		said = links_open(&ls, c, w->s, v, &w->why, &w->err) ? w->err.text : NULL;
		if (said)
			fail_msg("%s, in:\n%s", said, b.p);
		for (const char *q = b.p; (q = strstr(q, "[account ")); q++)
			accounts++;
		assert_int_equal(ls.n, accounts);
		links_close(&ls);
		config_free(c);
	}
	vault_close(v);
	snprintf(path, sizeof path, "%s/seal.key", dir);
	unlink(path);
	rmdir(dir);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_mean_what_they_say),
		cmocka_unit_test(which_are_taken),
		cmocka_unit_test(an_attestation_is_put_on_record),
		cmocka_unit_test(an_account_lives_as_long_as_its_section),
		cmocka_unit_test(which_fetch_a_token),
		cmocka_unit_test(a_call_is_booked_on_what_it_is_made_with),
		cmocka_unit_test(the_example_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
