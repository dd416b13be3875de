/*
 * e on every screen: the file it writes is what the command prints, and every screen that is a list has one.
 *
 * The real program, in a folder of its own. What stands in the cells, formulas and masks, is the command's and tried there (tests/cmd).
 */
#include "base/arena.h"
#include "golden/fixture.h"
#include "golden/golden.h"
#include "golden/harness.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[64], store[96], ini[96], out[96];

static const struct export_case {
	const char *why, *keys;
	const char *file, *has; /* NULL: no file, and has is said */
} cases[] = {
	{ "orders by filter and order, with the closed ones", "2 / \"channel:amazon-eu\" Enter o a e c", "orders.csv", "state,due,late,account,order" },
	{ "a second time nothing is written over", "e c", "orders-2.csv", "amazon-eu" },
	{ "as JSON", "e j", "orders.json", "{\n\"orders\":[" },
	{ "as text", "e t", "orders.txt", "STATE" },
	{ "of the filter's rows alone", "Esc / \"channel:walmart\" Enter : \"export csv walmart.csv\" Enter", "walmart.csv", "walmart-us" },
	{ "an order, the buyer masked", "Esc U g j Enter e j", "order-order_2.json", "\"buyer\":" },
	{ "drift", "3 e c", "drift.csv", "account,marketplace,site,sku" },
	{ "a SKU's life, by the window", "j t e c", "timeline-item_3.csv", "# events" },
	{ "why a number is", "3 x e c", "explain-item_3.csv", "term" },
	{ "health, although the news is bad", "4 e j", "health.json", "\"" },
	{ "failures, folded as they are shown", "5 e c", "failures.csv", "failure,account,class" },
	{ "those with the words alone", "/ \"!walmart\" Enter : \"export csv words.csv\" Enter", "words.csv", "failure,account,class" },
	{ "what is held at zero, and what waits for a word", "Esc 6 e c", "zero.csv", "zero,state,since" },
	{ "one of them", "G Enter e c", "zero-show-Z-91.csv", "account,marketplace,site,sku" },
	{ "incidents", "7 e c", "incident.csv", "incident,severity,state" },
	{ "one of them", "g Enter e j", "incident-I-207.json", "\"steps\":[" },
	{ "accounts", "8 e c", "channels.csv", "account" },
	{ "the handover", "9 e j", "handover.json", "\"" },
	{ "the audit", "0 e c", "audit.csv", "row,at,who,what,of,detail,hash" },
	{ "limits", ": \"quota\" Enter e c", "quota.csv", "," },
	{ "a long silence", ": \"quiet\" Enter e c", "quiet.csv", "," },
	{ "what is wrong with mappings", ": \"map\" Enter e c", "map-faults.csv", "," },
	{ "routines", ": \"tasks\" Enter e c", "tasks.csv", "," },
	{ "two sources that differ", ": \"conflicts\" Enter e c", "conflicts.csv", "," },
	{ "runs of reconciliation", ": \"reconcile\" Enter e c", "reconcile-list.csv", "," },
	{ "what is in stock and not on sale", ": \"suppressed\" Enter e c", "suppressed.csv", "," },
	{ "what a shadow account would say", ": \"rehearse\" Enter e c", "rehearse.csv", "," },
	{ "the plan of a preview", "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n : \"export csv plan.csv\" Enter", "plan.csv", "SKU-0017,O-ring kit,walmart-us,,31,0,40,1,1,825,USD,8.25" },
	{ "what is unticked is not in it", "Space : \"export json part.json\" Enter", "part.json", "\"confirm\":\"zero 1 offer walmart-us\"" },
	{ "the overview is no list", "1 e", NULL, "nothing here is a list" },
	{ "what cannot be written says why", "2 : \"export csv no/such/x.csv\" Enter", NULL, "no/such/x.csv: No such file or directory" },
};

static struct screen *start(void)
{
	const char *program = getenv("TALLYMAN");
	const char *const argv[] = { program ? program : "build/tallyman", "--store", store, "--config", ini, "--no-engine", NULL };
	char state[120];
	const char *const env[] = { state, "SSH_CONNECTION", "ASAN_OPTIONS=detect_leaks=0", NULL }; /* a fenced command is looked into by nobody */

	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", folder);
	return screen_start(&(struct screen_setup){ argv, NULL, env, 120, 40, out });
}

/* What it holds; NULL: it is not there. */
static char *text_of(struct arena *a, const char *name)
{
	char path[200];
	struct stat st;
	FILE *f;
	struct buf b = buf_new(a);
	char chunk[4096];
	size_t n;

	snprintf(path, sizeof path, "%s/%s", out, name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) || (st.st_mode & 0777) != 0600)
		fail_msg("%s can be read by others", name);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return b.len ? b.p : NULL;
}

static void one(struct screen *s, const struct export_case *c)
{
	struct arena *a = arena_new();
	const char *text;

	screen_keys(s, c->keys);
	screen_wait(s, c->file ? arena_printf(a, "/%s: ", c->file) : c->has); /* "wrote /tmp/x/orders.csv: tallyman orders"; its name alone was just typed */
	text = c->file ? text_of(a, c->file) : c->has;
	if (!text || !strstr(text, c->has))
		fail_msg("%s: %s holds\n%s", c->why, c->file, text ? text : "nothing");
	arena_free(a);
}

static void each_screen_goes_to_a_file(void **state)
{
	struct screen *s = start();
	struct arena *a = arena_new();
	const char *all;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		one(s, &cases[i]);
	screen_end(s);
	all = text_of(a, "walmart.csv");
	if (strstr(all, "amazon"))
		fail_msg("rows that the filter hides are in the file:\n%s", all);
	all = text_of(a, "words.csv");
	if (strstr(all, "walmart"))
		fail_msg("failures that the filter hides are in the file:\n%s", all);
	all = text_of(a, "part.json");
	if (strstr(all, "SKU-0017"))
		fail_msg("a row that was unticked is in the file:\n%s", all);
	arena_free(a);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_world(void **state)
{
	char clock[96], text[200];

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/tallyman-export-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof store, "%s/prod-eu", folder);
	snprintf(clock, sizeof clock, "%s/clock", folder);
	snprintf(ini, sizeof ini, "%s/tallyman.ini", folder);
	snprintf(out, sizeof out, "%s/out", folder);
	fixture_make(store);
	snprintf(text, sizeof text, "0 %lld 0\n", (long long)FIXTURE_NOW);
	write_file(clock, text);
	snprintf(text, sizeof text, "[store]\nprofile = demo\nclock = %s\n", clock);
	write_file(ini, text);
	return mkdir(out, 0700) || chmod(ini, 0600);
}

static int end_world(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_screen_goes_to_a_file),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
