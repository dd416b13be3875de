/*
 * test_secrets.c: after hours of work, with replies damaged and the engine killed, no secret and no buyer's data stands anywhere in
 * plain text: not in the store, its log of changes, the engine's own log, its arguments or its environment, an address, a request to somebody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/people.h"
#include "sandbox/sandbox.h"
#include "tests/fault/between.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CANARIES = 2000 };

struct canaries {
	struct arena *arena;
	const char *word[CANARIES];
	int n;
};

static void add(struct canaries *c, const char *word)
{
	bool known = false;

	for (int i = 0; i < c->n; i++)
		known |= !strcmp(c->word[i], word);
	if (!known && strlen(word) >= 8 && c->n < CANARIES) /* what is shorter stands somewhere by chance */
		c->word[c->n++] = arena_strdup(c->arena, word);
}

static void add_secrets(const struct day *d, struct canaries *c)
{
	static const char *const all[] = { SANDBOX_WALMART_SECRET, SANDBOX_AMAZON_SECRET, SANDBOX_AMAZON_REFRESH, SANDBOX_EBAY_SECRET, SANDBOX_EBAY_REFRESH,
		                           SANDBOX_SHOPIFY_SECRET, SANDBOX_CARTONCLOUD_SECRET, SANDBOX_NETSUITE_SECRET, SANDBOX_NETSUITE_TOKEN_SECRET };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		add(c, all[i]);
	add(c, "c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0"); /* id:secret as Authorization has it */
	for (int p = 0; p < PLATFORMS; p++)
		for (int i = 0; i < TOKENS_MAX; i++)
			add(c, d->sandbox->service[p].access[i].value);
}

static void add_people(struct day *d, struct canaries *c)
{
	const struct world *w = d->sandbox->world;

	for (int i = orders_from(w, DAY_BEGINS); i < w->orders; i++) {
		bool amazon = order_platform(&w->order[i]) == AMAZON;
		struct person p = person_make(d->arena, w->order[i].buyer, place_facts[w->order[i].place].country,
		                              amazon ? "marketplace.amazon.com" : "relay.walmart.com");

		if (strchr(p.name, ' '))
			add(c, p.name);
		add(c, p.address1);
		add(c, p.phone);
		add(c, arena_strndup(d->arena, p.email, strcspn(p.email, "@")));
	}
}

static char *slurp(struct arena *a, const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct buf b = buf_new(a);
	char chunk[65536];
	size_t got;

	while (f && (got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, got);
	if (f)
		fclose(f);
	*n = b.len;
	return b.p;
}

/* The first canary in a file, NULL when there is none. */
static const char *sings(const char *path, const struct canaries *c, size_t *size)
{
	struct arena *a = arena_new();
	const char *bytes = slurp(a, path, size), *found = NULL;

	for (int i = 0; i < c->n && !found; i++)
		if (*size && memmem(bytes, *size, c->word[i], strlen(c->word[i])))
			found = c->word[i];
	arena_free(a);
	return found;
}

/* Where they may stand: in the files that they were read from. */
static bool is_home(const char *name)
{
	static const char *const ends[] = { ".secret", ".refresh", ".id", ".client_secret", ".refresh_token", ".token_secret", ".client_id", ".token_id" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (n > strlen(ends[i]) && !strcmp(name + n - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static void search_folder(const struct day *d, const struct canaries *c)
{
	DIR *list = opendir(d->dir);
	struct dirent *e;
	int files = 0;

	assert_non_null(list);
	while ((e = readdir(list))) {
		char path[400];
		const char *found;
		size_t n;

		snprintf(path, sizeof path, "%s/%s", d->dir, e->d_name);
		if (*e->d_name == '.' || is_home(e->d_name) || !strcmp(e->d_name, "engine.sock"))
			continue;
		found = sings(path, c, &n);
		files += n > 0;
		if (found)
			fail_msg("%s holds %s", e->d_name, found);
	}
	closedir(list);
	assert_true(files >= 4); /* store, its log, the engine's log, the configuration */
}

/* As the kernel has it: no byte of a core, whoever kills it. */
static bool leaves_no_core(int pid)
{
	char path[80], line[200];
	bool none = false;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/limits", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		none |= !strncmp(line, "Max core file size        0                    0 ", 49);
	if (f)
		fclose(f);
	return none;
}

static void search_process(const struct day *d, const struct canaries *c)
{
	static const char *const about[] = { "cmdline", "environ", "comm" };

	for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
		char path[80];
		const char *found;
		size_t n;

		snprintf(path, sizeof path, "/proc/%d/%s", child_pid(d->child), about[i]);
		found = sings(path, c, &n);
		if (found)
			fail_msg("/proc/PID/%s holds %s", about[i], found);
		if (!strcmp(about[i], "cmdline"))
			assert_true(n > 0);
	}
	assert_true(leaves_no_core(child_pid(d->child)));
}

/* What people take away with them: lists, an order whole, a handover, an incident's bundle, the text for a channel's support. */
static void take_away(struct day *d)
{
	const char *const what[] = { "orders --all --json", arena_printf(d->arena, "order '%s' --json", day_text(d, "SELECT max(ref) FROM orders")), "handover --json", "vault list --json",
		                     "attempts --json --limit 200", "audit verify --json", "health --json", "messages --json", "failures --json", "hooks --json" };
	const char *program = getenv("TALLYMAN");
	char bin[300], line[900];

	snprintf(bin, sizeof bin, "%s%s", program && *program == '/' ? "" : "$PWD/", program ? program : "build/tallyman");
	snprintf(line, sizeof line, "t=%s; cd '%s' && tallyman() { \"$t\" \"$@\"; } && tallyman bundle make away.tally --store . --config tallyman.ini >/dev/null 2>&1; test -s away.tally", bin, d->dir);
	assert_int_equal(system(line), 0);
	for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
		snprintf(line, sizeof line, "t=%s; cd '%s' && tallyman() { \"$t\" \"$@\"; } && tallyman %s --store . --config tallyman.ini >away.%zu.json 2>&1; grep -q '^{' away.%zu.json", bin, d->dir, what[i], i, i);
		if (system(line))
			fail_msg("tallyman %s says nothing", what[i]);
	}
}

static void nothing_sings(void **state)
{
	struct day_plan plan = { .config = "[account amazon-na]\nclient_secret = env:TALLYMAN_CANARY\n[hooks]\nprogram = /bin/true\n", .seed = 35, .skus = 36, .past = 60, .orders_a_day = 400, .demo = true, .jitter = true, .settle_pct = 100, .whole = true, .crashes_an_hour = 3 };
	struct canaries c;
	struct day *d;

	(void)state;
	setenv("TALLYMAN_CANARY", SANDBOX_AMAZON_SECRET, 1); /* it stands where everybody of this user could read it, until it was read */
	d = day_open(&plan);
	c = (struct canaries){ .arena = d->arena };
	day_fault(d, "at=20m for=90m seed=35");
	day_fault(d, "at=30m for=40m channel=walmart op=orders kind=error"); /* what people are told of, and waits: nobody runs the hooks here */
	day_fault(d, "at=80m for=20m channel=amazon op=token kind=no-token");
	for (int i = 0; i < 8; i++) {
		day_run(d, d->now_ms + 20 * MINUTE);
		add_secrets(d, &c);
	}
	while (!d->child && day_run(d, d->now_ms + MINUTE))
		;
	add_people(d, &c);
	if (*d->trouble)
		fail_msg("%s", d->trouble);
	assert_true(c.n > 100 && c.n < CANARIES);
	search_process(d, &c);
	search_folder(d, &c); /* as it is now, with what is not yet in the main file */
	day_stop(d);
	take_away(d);
	search_folder(d, &c);
	assert_true(day_int(d, "SELECT count(*) FROM notice WHERE text <> ''") > 2); /* they were searched */
	assert_true(day_int(d, "SELECT count(*) FROM alert") > 2);
	assert_true(day_int(d, "SELECT count(*) FROM person WHERE sealed IS NOT NULL") > 20);
	assert_true(day_int(d, "SELECT count(*) FROM body WHERE sealed IS NOT NULL") > 100);
	/* each with the key of the day it must be gone on */
	assert_int_equal(day_int(d, "SELECT count(*) FROM person WHERE sealed IS NOT NULL AND key_id <> purge_ms / 86400000"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM body WHERE sealed IS NOT NULL AND key_id <> purge_ms / 86400000"), 0);
	day_close(d);
}

/* ---- a platform that says our secrets back ---- */

static struct day *gossips; /* whose time it is */
static int calls_told;

static const char *secret_of(const struct request *r)
{
	for (int i = 0; i < r->headers; i++)
		if (!strcasecmp(r->header[i].name, "Authorization") || strcasestr(r->header[i].name, "access-token") || strcasestr(r->header[i].name, "ACCESS_TOKEN"))
			return r->header[i].value;
	return r->body ? r->body : "";
}

static bool is_told_back(const struct request *r)
{
	return !strcmp(r->op, "amazon.token") || !strcmp(r->op, "amazon.listings.patch") || !strcmp(r->op, "walmart.inventory.put") || !strcmp(r->op, "walmart.token");
}

/* Every call of a kind is refused, with the secret that came with it. */
static bool tell_back(const struct request *r, struct reply *out, struct arena *a)
{
	const char *secret = secret_of(r);

	if (!is_told_back(r) || gossips->now_ms < DAY_BEGINS + 30 * MINUTE)
		return false;
	*out = (struct reply){ .status = 400, .received_ms = gossips->now_ms };
	out->body = arena_printf(a, "{\"error\":\"invalid_request\",\"error_description\":\"no: %s\",\"errors\":[{\"code\":\"InvalidInput\",\"message\":\"no: %s\",\"description\":\"no: %s\"}],"
	                            "\"error_code\":\"no: %s\"}", secret, secret, secret, secret);
	out->body_len = strlen(out->body);
	calls_told++;
	return true;
}

static struct transport *gossip(struct transport *inner)
{
	return between(inner, tell_back);
}

static void what_a_platform_says_back_of_our_secrets_is_told_to_nobody(void **state)
{
	struct day_plan plan = { .config = "[hooks]\nprogram = /bin/true\n", .seed = 36, .skus = 8, .prompt = true, .settle_pct = 100, .orders_a_day = 400, .wrap = gossip };
	struct canaries c;

	(void)state;
	calls_told = 0;
	gossips = day_prepare(&plan);
	{
		struct err err;

		assert_int_equal(day_start(gossips, &err), OK);
	}
	c = (struct canaries){ .arena = gossips->arena };
	for (int i = 0; i < 9; i++) {
		day_run(gossips, gossips->now_ms + 20 * MINUTE);
		add_secrets(gossips, &c);
	}
	assert_true(calls_told > 10);
	assert_true(day_int(gossips, "SELECT count(*) FROM attempt WHERE text LIKE '%no: %***%'") > 2); /* it came that far */
	assert_true(day_int(gossips, "SELECT count(*) FROM job WHERE text LIKE '%***%'") > 0);
	assert_true(day_int(gossips, "SELECT count(*) FROM notice WHERE text <> ''") > 0);
	search_folder(gossips, &c);
	day_close(gossips);
}

/* The search itself finds what is there. */
static void a_canary_that_sings_is_heard(void **state)
{
	struct canaries c = { .arena = arena_new() };
	char path[] = "/tmp/tallyman-canary-XXXXXX";
	int fd = mkstemp(path);
	size_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "xx%c%cyy" SANDBOX_AMAZON_SECRET "zz", 0, 1), 4 + 2 + (int)strlen(SANDBOX_AMAZON_SECRET) + 2);
	add(&c, SANDBOX_AMAZON_SECRET);
	assert_non_null(sings(path, &c, &n));
	unlink(path);
	arena_free(c.arena);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_sings), cmocka_unit_test(what_a_platform_says_back_of_our_secrets_is_told_to_nobody), cmocka_unit_test(a_canary_that_sings_is_heard) };

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
