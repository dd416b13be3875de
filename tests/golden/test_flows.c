/* What reaches a marketplace: armed, chosen, previewed, typed; and every way in which it does not. */
#include "golden/fixture.h"
#include "trade/accounts.h"
#include "trade/intents.h"
#include "ui/desk_inside.h"
#include "ui/keymap.h"
#include "ui/panes/all.h"
#include "ui/panes/wishes.h"
#include "ui/snapshot.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* A desk over a store, and behind it what the engine does with an intent: the plan once more, then the jobs. */
struct bench {
	int64_t now, hand;
	struct store *store;
	struct keymap *km;
	struct desk *desk;
	struct state *state; /* NULL: nothing is kept */
	struct arena *a;
	bool unmarked; /* the terminal does not tell pastes from keys */
	int filed, writes, armed;
	int64_t account; /* of what was filed last */
	enum fault silent; /* what the engine says instead of an answer */
	const char *kept;  /* what the state file had of a preview when the engine was asked */
	char typed[200], why[64];
	const char *copied, *written; /* the last of each */
};

static enum fault engine_file(void *ctx, const struct intent *intent, const struct plan *plan, const char *reason, struct wish *reply, struct err *err)
{
	struct bench *b = ctx;
	struct intent in = *intent;
	struct cause why = { .now_ms = b->now, .actor = "uid:1000 ops-a", .trace = "t-flow" };
	enum fault bad;

	b->kept = b->state ? state_get(b->state, "desk", "draft") : NULL;
	b->kept = b->kept ? arena_strdup(b->a, b->kept) : "";
	if (b->silent)
		return err_set(err, b->silent, "the engine has not answered");
	b->filed++;
	b->writes += intent_writes(in.kind);
	b->account = in.account;
	in.asker = arena_printf(b->a, "5f1d2c3b-0000-4000-8000-%012d", b->filed);
	in.actor = why.actor;
	in.trace = why.trace;
	in.why = reason ? reason : "";
	in.made_ms = b->now;
	if (plan) {
		in.typed = plan->line;
		in.digest = plan->digest;
		snprintf(b->typed, sizeof b->typed, "%s", plan->line);
		snprintf(b->why, sizeof b->why, "%s", reason);
	}
	bad = store_begin(b->store, err);
	if (!bad)
		bad = intent_file(b->store, &in, &why, err);
	if (!bad)
		bad = intent_carry(b->store, &in, &why, err);
	if (!bad)
		bad = store_commit(b->store, err);
	store_rollback(b->store);
	if (!bad)
		wish_say(reply, LEVEL_OK, "taken: %s", in.result ? in.result : "");
	return bad;
}

static enum fault engine_arm(void *ctx, int minutes, const char *why, struct err *err)
{
	struct bench *b = ctx;

	(void)why;
	(void)err;
	b->armed = minutes;
	return OK;
}

static enum fault keep_copy(void *ctx, const char *text, char *how, size_t cap, struct err *err)
{
	struct bench *b = ctx;

	(void)err;
	b->copied = arena_strdup(b->a, text);
	snprintf(how, cap, "here");
	return OK;
}

/* "--csv plan-zero-1a2b3c4d.csv: zero 1 offer walmart-us; SKU-0075" */
static enum fault keep_plan(void *ctx, const struct plan *plan, const char *shape, const char *name, char *path, size_t cap, struct err *err)
{
	struct bench *b = ctx;
	struct buf text = buf_new(b->a);

	(void)err;
	buf_printf(&text, "%s %s: %s;", shape ? shape : "text", name, plan->line);
	for (int i = 0; plan->row && i < plan->steps; i++)
		buf_printf(&text, " %s", plan->row[i].sku);
	b->written = text.p;
	snprintf(path, cap, "%s", name);
	return OK;
}

static struct desk *desk_of(struct bench *b)
{
	struct desk *d = desk_new(&(struct desk_setup){
		.screens = pane_screens, .details = pane_details, .keymap = b->km, .state = b->state, .resume = deed_resume, .world = clock_manual(&b->now), .hand = clock_manual(&b->hand),
		.host = { .ctx = b, .file = engine_file, .arm = engine_arm, .copy = keep_copy, .write = keep_plan }, .themes = "default", .pastes_marked = !b->unmarked });

	desk_know(d, &(struct desk_facts){ .store = "prod-eu", .engine = true });
	desk_read_from(d, b->store);
	return d;
}

static void bench_start(struct bench *b)
{
	struct err err = { 0 };

	*b = (struct bench){ .now = FIXTURE_NOW, .hand = FIXTURE_NOW, .a = arena_new() };
	if (store_memory(&b->store, &err) || keymap_new(&b->km, &err))
		fail_msg("%s", err.text);
	fixture_fill(b->store);
	b->desk = desk_of(b);
}

static void bench_end(struct bench *b)
{
	desk_free(b->desk);
	keymap_free(b->km);
	store_close(b->store);
	arena_free(b->a);
}

static const char *frame(struct bench *b)
{
	struct buf out = buf_new(b->a);

	snapshot_frame(b->desk, 100, 30, RENDITION_ASCII, &out);
	return out.p;
}

static void shows(struct bench *b, const char *text)
{
	const char *f = frame(b);

	if (!strstr(f, text))
		fail_msg("\"%s\" is not on\n%s", text, f);
}

/* Names of keys with spaces between; "..." is typed letter by letter; @ lets a second of the person's time pass. */
static void type(struct bench *b, const char *words)
{
	bool quoted = false;
	char name[16];

	while (*words) {
		struct input in = { .kind = INPUT_KEY, .burst = 1 };
		size_t n = 1;

		if (*words == '"' || (!quoted && strchr(" @", *words))) {
			quoted ^= *words == '"';
			b->hand += *words++ == '@' ? 1000 : 0;
			continue;
		}
		in.key = (int32_t)*words;
		if (!quoted) {
			n = strcspn(words, " ");
			snprintf(name, sizeof name, "%.*s", (int)n, words);
			in.key = key_parse(name);
		}
		words += n;
		desk_input(b->desk, &in);
		frame(b);
	}
}

static int64_t jobs(struct bench *b, const char *verb)
{
	struct err err = { 0 };
	int64_t n = 0;

	GET_INT(b->store, &err, 0, &n, "SELECT count(*) FROM job WHERE verb = ? AND intent_id IS NOT NULL", V(verb));
	return n;
}

#define ARM ": \"arm 15m the test\" Enter "

struct flow {
	const char *why, *keys, *shows; /* shows NULL: not asked */
	int writes;                     /* intents that reach a marketplace and were filed */
	const char *verb;               /* and the jobs that they became */
	int jobs;
};

static const struct flow flows[] = {
	{ "READ-ONLY, an acknowledgement is not even previewed", "2 j j j a A", NULL, 0, "ack", 0 },
	{ "armed, it is previewed with its line", "2 j j j " ARM "a A", "acknowledge 1 order walmart-us", 0, "ack", 0 },
	{ "Enter on the preview sends nothing", "2 j j j " ARM "a A Enter Enter Enter Enter", NULL, 0, "ack", 0 },
	{ "a line typed at once is thrown away: keys are deaf for 700 ms", "2 j j j " ARM "a A Enter \"acknowledge 1 order walmart-us\" Enter", NULL, 0, "ack", 0 },
	{ "another line than the one shown does nothing", "2 j j j " ARM "a A Enter @ \"acknowledge 2 orders walmart-us\" Enter", NULL, 0, "ack", 0 },
	{ "Esc leaves, nothing is sent", "2 j j j " ARM "a A Enter @ \"acknowledge 1 order\" Esc Esc", NULL, 0, "ack", 0 },
	{ "the line itself does it", "2 j j j " ARM "a A Enter @ \"acknowledge 1 order walmart-us\" Enter", "taken: queued", 1, "ack", 1 },
	{ "one line for all marks", "2 j j j Space Space Space " ARM "a A Enter @ \"acknowledge 3 orders walmart-us\" Enter", "taken", 1, "ack", 3 },
	{ "marks that the filter hides are left out", "2 j j j Space Space / \"order:1796277083022\" Enter " ARM "a A", "acknowledge 1 order walmart-us", 0, "ack", 0 },
	{ "unless chosen", "2 j j j Space Space / \"order:1796277083022\" Enter " ARM "a + A", "acknowledge 2 orders walmart-us", 0, "ack", 0 },
	{ "an unticked step is left out of the line", "2 j j j Space Space Space " ARM "a A j Space", "acknowledge 2 orders walmart-us", 0, "ack", 0 },
	{ "and stays in sight", "2 j j j Space Space Space " ARM "a A j Space", "[ ] walmart-us", 0, "ack", 0 },
	{ "what is ticked is sent, and no more", "2 j j j Space Space Space " ARM "a A j Space Enter @ \"acknowledge 2 orders walmart-us\" Enter", "taken", 1, "ack", 2 },
	{ "the line of all steps is another plan's", "2 j j j Space Space Space " ARM "a A j Space Enter @ \"acknowledge 3 orders walmart-us\" Enter", NULL, 0, "ack", 0 },
	{ "ticked again, it is all of them", "2 j j j Space Space Space " ARM "a A j Space Space Enter @ \"acknowledge 3 orders walmart-us\" Enter", "taken", 1, "ack", 3 },
	{ "one step must stay", "2 j j j Space Space " ARM "a A Space j Space", "one step must stay", 0, "ack", 0 },
	{ "of two shipments the ticked one keeps its own number", "2 j j j Space Space " ARM
	  "a s \"ups\" Enter \"1Z999AA10123456784\" Enter Enter \"1Z999AA10123456785\" Enter Enter Space", "with UPS 1Z999AA10123456785", 0, "ship", 0 },
	{ "and is shipped alone", "2 j j j Space Space " ARM
	  "a s \"ups\" Enter \"1Z999AA10123456784\" Enter Enter \"1Z999AA10123456785\" Enter Enter Space Enter @ \"ship 1 order walmart-us\" Enter", "taken", 1, "ship", 1 },
	{ "an order that has no acknowledgement is left out, with the reason", "2 * " ARM "a A", "this channel has no acknowledgement", 0, "ack", 0 },
	{ "a shipment asks for the carrier first", "2 j j j " ARM "a s", "carrier of 1796277083022", 0, "ship", 0 },
	{ "then its number", "2 j j j " ARM "a s \"ups\" Enter", "tracking number of 1796277083022", 0, "ship", 0 },
	{ "no number, no shipment", "2 j j j " ARM "a s \"ups\" Enter Enter", "a tracking number is", 0, "ship", 0 },
	{ "a carrier that is not in the table needs a page", "2 j j j " ARM "a s \"speedy\" Enter \"SP99\" Enter", "tracking page", 0, "ship", 0 },
	{ "and the page must be one", "2 j j j " ARM "a s \"speedy\" Enter \"SP99\" Enter \"ftp:x\" Enter", "https://", 0, "ship", 0 },
	{ "then the preview", "2 j j j " ARM "a s \"ups\" Enter \"1Z999AA10123456784\" Enter Enter", "ship 1 order walmart-us", 0, "ship", 0 },
	{ "shipped by the line", "2 j j j " ARM "a s \"ups\" Enter \"1Z999AA10123456784\" Enter Enter Enter @ \"ship 1 order walmart-us\" Enter", "taken", 1,
	  "ship", 1 },
	{ "each of two orders has its own number", "2 j j j Space Space " ARM
	  "a s \"ups\" Enter \"1Z999AA10123456784\" Enter Enter \"1Z999AA10123456785\" Enter Enter Enter @ \"ship 2 orders walmart-us\" Enter", "taken", 1, "ship", 2 },
	{ "the same from the detail", "2 j j j Enter " ARM "a A Enter @ \"acknowledge 1 order walmart-us\" Enter", "taken", 1, "ack", 1 },
	{ "push now", "3 " ARM "a p Enter @ \"push 1 offer walmart-us\" Enter", "taken", 1, "stock", 1 },
	{ "an offer without an item is never pushed", "3 j j " ARM "a p", "[ARMED", 0, "stock", 0 },
	{ "trying again needs no arming and no line", "5 G a r", "taken", 0, "ship", 0 },
	{ "what is to be held at zero is asked for, whatever the list shows", "6 a z", "Hold at zero: what?", 0, "stock", 0 },
	{ "what nothing stands for cannot be picked", "6 a z t", "(there is none)", 0, "stock", 0 },
	{ "channels are picked from a list, each with how much it names", "6 a z c", "walmart-us", 0, "stock", 0 },
	{ "a SKU is looked up before anything else is asked", "6 a z k \"NO-SUCH\" Enter", "names no offer here", 0, "stock", 0 },
	{ "then it is asked why", "6 a z k \"SKU-0017\" Enter", "why at zero", 0, "stock", 0 },
	{ "no reason, no zero-out", "6 a z k \"SKU-0017\" Enter Enter", "why? It stands in the audit", 0, "stock", 0 },
	{ "then when it ends", "6 a z k \"SKU-0017\" Enter \"recall\" Enter", "When does it end?", 0, "stock", 0 },
	{ "then it is shown: now and then, what is in stock, what it costs", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n", "31->0", 0, "stock", 0 },
	{ "and what to think of first", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n", "WARN stock is 40", 0, "stock", 0 },
	{ "a preview is looked at without being armed, but not confirmed", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n Enter", "locked: :arm", 0, "stock", 0 },
	{ "nor is a dry run kept from anybody", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n d", "dry run: the same 1 step", 0, "stock", 0 },
	{ "x says of its row why it shows that", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n x", "counted at ", 0, "stock", 0 },
	{ "and what it sells", "6 a z k \"SKU-0017\" Enter \"recall\" Enter n x", "sold here in the last 7 days: 1, so about 8.25 USD a day", 0, "stock", 0 },
	{ "of the row under the cursor", "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n j x", "Why: row 2", 0, "stock", 0 },
	{ "and leads back to the ticks as they were", "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Space x j q", "[ ] SKU-0017", 0, "stock", 0 },
	{ "with their line", "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Space x Esc", "zero 1 offer walmart-us", 0, "stock", 0 },
	{ "of an order it says what that is held to", "2 j j j " ARM "a A x", "Where its numbers come from", 0, "ack", 0 },
	{ "looked into, tried, copied and written, it is still what its line says",
	  ARM "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n x Esc d y e c e Esc Enter @ \"zero 2 offers walmart-us\" Enter", "taken: Z-92", 1, "stock", 1 },
	{ "none of it is the line", ARM "6 a z k \"SKU-0017\" Enter \"recall\" Enter n x Enter Esc y d e Enter Enter", "zero 1 offer walmart-us", 0, "stock", 0 },
	{ "in which those keys are letters", ARM "6 a z k \"SKU-0017\" Enter \"recall\" Enter n Enter @ \"xdye\"", "xdye", 0, "stock", 0 },
	{ "an end is a time to come", "6 a z k \"SKU-0017\" Enter \"recall\" Enter t \"yesterday\" Enter", "minutes, hours or days ahead", 0, "stock", 0 },
	{ "chosen, it stands in the preview", "6 a z k \"SKU-0017\" Enter \"recall\" Enter t \"90m\" Enter } } }", "[x] at 2026-11-20T09:28Z", 0, "stock", 0 },
	{ "a count may end it as well", "6 a z k \"SKU-0017\" Enter \"recall\" Enter c } } }", "[x] when something of each is counted", 0, "stock", 0 },
	{ "a list is a line for all of it", "6 a z l \"SKU-0017, SKU-0075\" Enter \"recall\" Enter n", "zero 2 offers walmart-us", 0, "stock", 0 },
	{ "a comma, a blank, or both stand between", "6 a z l \"SKU-0017, SKU-0075 SKU-0017\" Enter \"recall\" Enter n } } }", "why          recall\n", 0, "stock", 0 },
	{ "what is unticked of a list is not in its line", "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Space", "zero 1 offer walmart-us", 0, "stock", 0 },
	{ "the line holds it", ARM "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Enter @ \"zero 2 offers walmart-us\" Enter", "taken: Z-92, 2 queued", 1, "stock", 1 }, /* the other shows nothing already: it is held without a call */
	{ "from a row as well", "3 j j j " ARM "a z \"recall\" Enter n Enter @ \"zero 1 offer walmart-us\" Enter", "taken: Z-92", 1, "stock", 1 },
	{ "most of a channel waits for somebody else", ARM "6 a z c \"walmart-us\" Enter \"recall\" Enter n", NULL, 0, "stock", 0 },
	{ "^C stops one between two calls", "6 g Enter ^C", "taken: Z-91 stopped", 0, "stock", 0 },
	{ "stopped, it is gone on with by its line alone", "6 g Enter ^C a o", "zero 2 offers", 0, "stock", 0 },
	{ "on its list ^C is no more than Esc", "6 g ^C ^C", "PENDING 16m", 0, "stock", 0 },
	{ "elsewhere it is no more than Esc", "2 / \"order:1796277083022\" Enter ^C", "view Open  sort", 0, "stock", 0 },
	{ "u makes the plan that undoes it", "6 g u", "LIFT PREVIEW", 0, "stock", 0 },
	{ "which names no quantity that nobody knows yet", "6 g u", "SHOWN", 0, "stock", 0 },
	{ "nor does a note", "2 m \"carrier strike\" Enter", "taken", 0, "ship", 0 },
};

static void a_write_is_armed_chosen_previewed_and_typed(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
		const struct flow *f = &flows[i];
		struct bench b;
		const char *text;

		bench_start(&b);
		frame(&b);
		type(&b, f->keys);
		text = frame(&b);
		if (b.writes != f->writes || jobs(&b, f->verb) != f->jobs || (f->shows && !strstr(text, f->shows))) {
			print_message("%s: %d writes, %d jobs, \"%s\" wanted on\n%s", f->why, b.writes, (int)jobs(&b, f->verb), f->shows ? f->shows : "", text);
			wrong++;
		}
		bench_end(&b);
	}
	assert_int_equal(wrong, 0);
}

/* Two notes one after the other, m first: the second is about the row under the cursor by then. */
static const struct note_case {
	const char *why, *keys;
	int rows, texts; /* that have a note, and notes that are different */
} notes[] = {
	{ "after m, :note is about the row that the cursor went to", "2 m \"call buyer\" Enter j : \"note ask warehouse\" Enter", 2, 2 },
	{ "after an m that was left as well", "2 m Esc j : \"note ask warehouse\" Enter k : \"note call buyer\" Enter", 2, 2 },
	{ "m is about the row that it was pressed on", "2 : \"note call buyer\" Enter j m \"ask warehouse\" Enter", 2, 2 },
	{ "on an order's page each is a note of that order", "2 Enter m \"call buyer\" Enter : \"note ask warehouse\" Enter", 1, 2 },
	{ "on an offer's page as well", "3 Enter m \"call buyer\" Enter : \"note ask warehouse\" Enter", 1, 2 },
	{ "and on a failure's", "5 Enter m \"call buyer\" Enter : \"note ask warehouse\" Enter", 1, 2 },
	{ "the failures are told apart", "5 m \"call buyer\" Enter j : \"note ask warehouse\" Enter", 2, 2 },
	{ "where a filter leaves no row there is none to write to", "2 m \"call buyer\" Enter / \"order:nosuch\" Enter : \"note ask warehouse\" Enter", 1, 1 },
};

static void a_note_is_written_to_the_row_that_is_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		struct err err = { 0 };
		int64_t rows = 0, texts = 0;
		struct bench b;

		bench_start(&b);
		assert_int_equal(RUN(b.store, &err, "DELETE FROM note"), OK);
		type(&b, notes[i].keys);
		GET_INT(b.store, &err, 0, &rows, "SELECT count(DISTINCT subject) FROM note");
		GET_INT(b.store, &err, 0, &texts, "SELECT count(DISTINCT text) FROM note");
		if (rows != notes[i].rows || texts != notes[i].texts)
			fail_msg("%s: %d rows, %d texts\n%s", notes[i].why, (int)rows, (int)texts, frame(&b));
		bench_end(&b);
	}
}

static void happens(struct bench *b, const char *sql)
{
	struct err err = { 0 };

	if (store_exec(b->store, &err, sql))
		fail_msg("%s", err.text);
	desk_changed(b->desk);
}

static int64_t acknowledged(struct bench *b, int64_t incident)
{
	struct err err = { 0 };
	int64_t at = 0;

	if (GET_INT(b->store, &err, 0, &at, "SELECT acked_ms FROM incident WHERE id = ?", V(incident)))
		fail_msg("%s", err.text);
	return at;
}

/* One with more money at risk than I-207, so it stands on top. */
static const char worse[] = "INSERT INTO incident (id, key, kind, severity, account_id, text, card, opened_ms, risk_minor, risk_currency) "
			    "VALUES (300, 'account 1', 'auth', 'CRIT', 1, 'authentication failing', 'auth', 1795161470000, 990000, 'USD');"
			    "INSERT INTO alert (id, key, kind, severity, account_id, text, opened_ms, last_ms, incident_id) "
			    "VALUES (300, 'auth:1', 'auth', 'CRIT', 1, 'authentication failing', 1795161470000, 1795161470000, 300);";

/* The list was never moved in, so it follows its top: not under a sheet that names one. */
static void a_letter_is_for_the_incident_its_sheet_names(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "7 a");
	shows(&b, "incident I-207");
	happens(&b, worse);
	frame(&b);
	type(&b, "A");
	assert_int_equal(acknowledged(&b, 300), 0);
	assert_int_not_equal(acknowledged(&b, 207), 0);
	bench_end(&b);
}

/* Nor is a second key for another one than the first. */
static void who_acknowledged_one_stays_on_it(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "7 A");
	assert_int_not_equal(acknowledged(&b, 207), 0);
	happens(&b, worse);
	frame(&b);
	type(&b, "A");
	assert_int_equal(acknowledged(&b, 300), 0);
	bench_end(&b);
}

/* ---- rows that go, come or grow between what a person saw and his key ---- */

static const char over_207[] = "UPDATE incident SET over_ms = 1795161475000, closed_ms = 1795161475000, closed_by = 'rule', cause = 'a new token' WHERE id = 207";
static const char read_again[] = "UPDATE inbox SET state = 'understood' WHERE id = 1";
static const char one_more[] = "INSERT INTO inbox (id, account_id, verb, class, subject, path, text, state, attempt_id, first_ms, last_ms) "
			       "SELECT 4 + count(*), 2, 'orders', 'ENUM', 'more-' || count(*), 'orders[4].orderStatus', 'a state we do not know: InvoiceUnconfirmed', "
			       "'parked', 4, 1795161460000, 1795161475000 + count(*) FROM inbox";

static const char missed_by_now[] = "UPDATE task SET state = 'missed' WHERE id = 3";
static const char signed_over[] = "INSERT INTO handover (from_ms, to_ms, actor, heir, report, hash, audit_n, audit_head) VALUES (1, 2, 'anna', 'bert', 'all well', 'h', 1, 'a')";

static const struct slip {
	const char *why, *before, *keys, *meanwhile;
	bool seen; /* a frame shows what happened, under the sheet if there is one */
	const char *then, *shows;
	int done;  /* failures archived, incidents acknowledged, tasks done, shifts taken, beside what the fixture has */
} slips[] = {
	{ "the failure that the sheet names is gone: the next one is not archived", "", "5 a", read_again, true, "z", "look again", 0 },
	{ "nor is it when nothing was painted since", "", "5 a", read_again, false, "z", "look again", 0 },
	{ "looked at again it is archived", "", "5 a", read_again, true, "z a z", "taken", 1 },
	{ "the sheet that was left binds nobody", "", "5 a Esc", read_again, true, "a z", "taken", 1 },
	{ "nor does it bind who moved on", "", "5 a Esc j a", read_again, true, "z", "taken", 1 },
	{ "of marked ones that which is still there", "", "5 Space Space a", read_again, true, "z", "taken", 1 },
	{ "of a group the ones that the sheet was about", one_more, "5 a", one_more, true, "z", "taken", 2 },
	{ "a group that grew is whole in a sheet opened then", one_more, "5", one_more, true, "a z", "taken", 3 },
	{ "an incident that is over takes no letter to the next", "", "7 a", over_207, true, "A", "look again", 0 },
	{ "nor a step of its card", "", "7 a", over_207, true, "1", "look again", 0 },
	{ "A is for the row that was painted", "", "7", worse, false, "A", "look again", 0 },
	{ "and painted, it is for the new one", "", "7", worse, false, "A A", "taken", 1 },
	{ "on the overview as well", "", "1 Tab Tab Tab", over_207, false, "A", "look again", 0 },
	{ "a row that nobody saw is not marked", "", "7", worse, false, "Space", "look again", 0 },
	{ "who went to another row means that one", "", "7 j", worse, false, "A", "taken", 1 },
	{ "a task that is over takes no letter to the next", "", ": \"tasks\" Enter a", missed_by_now, true, "d", "look again", 0 },
	{ "the next one has a sheet of its own", "", ": \"tasks\" Enter a", missed_by_now, true, "d a d Enter", "taken", 1 },
	{ "a shift that was signed meanwhile is not taken for the one that was offered", signed_over, "9 a", signed_over, true, "t", "H-2 from anna waits now", 0 },
	{ "looked at again it is taken", signed_over, "9 a", signed_over, true, "t a t", "taken", 1 },
};

static int64_t done(struct bench *b)
{
	struct err err = { 0 };
	int64_t n = 0;

	if (GET_INT(b->store, &err, 0, &n, "SELECT (SELECT count(*) FROM inbox WHERE state = 'archived') + (SELECT count(*) FROM incident WHERE acked_ms > 0)"
	                               " + (SELECT count(*) FROM task WHERE state = 'done') + (SELECT count(*) FROM handover WHERE taken_ms > 0)"))
		fail_msg("%s", err.text);
	return n;
}

static void a_key_is_for_what_was_seen(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
		const struct slip *s = &slips[i];
		struct bench b;
		const char *text;
		int64_t was;

		bench_start(&b);
		happens(&b, s->before);
		was = done(&b);
		frame(&b);
		type(&b, s->keys);
		happens(&b, s->meanwhile);
		if (s->seen)
			frame(&b);
		type(&b, s->then);
		text = frame(&b);
		if (done(&b) - was != s->done || !strstr(text, s->shows)) {
			print_message("%s: %d done, \"%s\" wanted on\n%s", s->why, (int)(done(&b) - was), s->shows, text);
			wrong++;
		}
		bench_end(&b);
	}
	assert_int_equal(wrong, 0);
}

/* Between preview and line somebody cancelled the order: the digest is another one, nothing is done. */
static void a_row_that_changed_is_not_acted_on(void **state)
{
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "2 j j j Space Space " ARM "a A Enter");
	if (store_exec(b.store, &err, "UPDATE order_line SET q_new = 0, q_acked = 1 WHERE order_id = 4; UPDATE orders SET state = 'ACKED' WHERE id = 4;"))
		fail_msg("%s", err.text);
	type(&b, "@ \"acknowledge 2 orders walmart-us\" Enter");
	assert_int_equal(jobs(&b, "ack"), 0);
	shows(&b, "WARN");
	bench_end(&b);
}

/* x, d, y and e are of everybody, armed or not: what is ticked is what they tell of, and nothing is filed. */
static void a_preview_is_looked_into_and_nothing_is_sent(void **state)
{
	static const char *const modes[] = { "", ARM };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct bench b;

		bench_start(&b);
		type(&b, modes[i]);
		type(&b, "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Space x");
		shows(&b, "31 to 0, 1 unit of open orders stay (unticked: it is left out)");
		type(&b, "e c d"); /* over a page these mean nothing */
		assert_null(b.written);
		type(&b, "Esc e Esc");
		assert_null(b.written);
		type(&b, "e c");
		assert_non_null(strstr(b.written, "--csv plan-zero-"));
		assert_non_null(strstr(b.written, ".csv: zero 1 offer walmart-us; SKU-0075"));
		assert_null(strstr(b.written, "SKU-0017"));
		type(&b, "Space : \"export json x.json\" Enter");
		assert_string_equal(b.written, "--json x.json: zero 2 offers walmart-us; SKU-0017 SKU-0075");
		type(&b, "Space y");
		assert_non_null(strstr(b.copied, "ZERO-OUT PREVIEW  plan "));
		assert_non_null(strstr(b.copied, "nothing has been sent\nzero 1 offer walmart-us\n"));
		assert_non_null(strstr(b.copied, "[ ] walmart-us SKU-0017: 31 to 0"));
		type(&b, "d");
		shows(&b, "dry run: the same 1 step");
		shows(&b, "[ ] SKU-0017");
		assert_int_equal(b.filed, 0);
		bench_end(&b);
	}
}

/* As many digits behind the point as the currency has. */
static void a_preview_tells_money_as_its_currency_has_it(void **state)
{
	static const struct {
		const char *currency, *worth, *lost;
	} money[] = { { "USD", "1792.11 USD", "about 8.25 USD and" }, { "JPY", "179211 JPY", "about 825 JPY and" }, { "KWD", "179.211 KWD", "about 0.825 KWD and" } };

	(void)state;
	for (size_t i = 0; i < sizeof money / sizeof *money; i++) {
		struct err err = { 0 };
		struct bench b;

		bench_start(&b);
		if (store_exec(b.store, &err, arena_printf(b.a, "UPDATE orders SET currency = '%s'", money[i].currency)))
			fail_msg("%s", err.text);
		type(&b, "6 a z k \"SKU-0017\" Enter \"recall\" Enter n");
		shows(&b, money[i].worth);
		shows(&b, money[i].lost);
		bench_end(&b);
	}
}

/* A sale between the preview and the line is covered, and shown over it. */
static void what_changed_since_the_preview_is_shown(void **state)
{
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, ARM "6 a z k \"SKU-0017\" Enter \"recall\" Enter n");
	if (store_exec(b.store, &err, "UPDATE offer SET seen = 29 WHERE id = 4"))
		fail_msg("%s", err.text);
	type(&b, "Enter");
	shows(&b, "changed since preview: SKU-0017 walmart-us 31 -> 29, still covered");
	type(&b, "@ \"zero 1 offer walmart-us\" Enter");
	assert_int_equal(b.writes, 1);
	assert_int_equal(jobs(&b, "stock"), 1);
	bench_end(&b);
}

/* Another offer of the SKU came meanwhile: that is another plan, and its line is not even asked for. */
static void another_plan_is_previewed_anew(void **state)
{
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, ARM "6 a z k \"SKU-0017\" Enter \"recall\" Enter n");
	if (store_exec(b.store, &err, "UPDATE offer SET item_id = 1 WHERE id = 6"))
		fail_msg("%s", err.text);
	type(&b, "Enter");
	shows(&b, "it is another plan by now");
	assert_int_equal(b.writes, 0);
	bench_end(&b);
}

/* More than one person decides alone: it waits on the screen, with who, why and until when, and he cannot agree to it himself. */
static void what_waits_for_a_second_person_stands_first(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, ARM "6 a z k \"SKU-0090\" Enter \"they show what is not there\" Enter n Enter @ \"zero 1 offer walmart-us\" Enter");
	shows(&b, "taken: proposed");
	type(&b, "6");
	shows(&b, "2ND PERSON");
	shows(&b, "by 08:08Z");
	type(&b, "g Enter");
	shows(&b, "SECOND PERSON'S PREVIEW");
	type(&b, "Enter @ \"approve zero 1 offer walmart-us\" Enter");
	shows(&b, "uid:1000 ops-a proposed it: some");
	assert_int_equal(jobs(&b, "stock"), 0);
	b.now += 11 * 60000;
	type(&b, "Esc Esc r");
	assert_null(strstr(frame(&b), "2ND PERSON"));
	bench_end(&b);
}

/* One candidate is put forward to be confirmed; it is mapped when the line is typed, and the next finding is under the cursor. */
static void a_finding_is_decided_where_it_stands(void **state)
{
	struct err err = { 0 };
	struct bench b;
	int64_t item;

	(void)state;
	bench_start(&b);
	type(&b, ": \"map\" Enter j j " ARM "a m");
	shows(&b, "our SKU that sku-0059 stands for");
	type(&b, "Enter");
	shows(&b, "how many of SKU-0059 are in one sku-0059");
	type(&b, "Backspace \"6\" Enter");
	shows(&b, "stands for SKU-0059, 6 in one");
	type(&b, "Enter @ \"map 1 SKU walmart-us\" Enter");
	assert_int_equal(b.writes, 1);
	assert_int_equal(GET_INT(b.store, &err, 0, &item, "SELECT item_id * 10 + pack FROM offer WHERE id = ?", V(7)), OK);
	assert_int_equal(item, 46);
	bench_end(&b);
}

/* Several candidates: none is put forward, and what is spelled almost right is nothing of ours. */
static void of_several_candidates_none_is_guessed(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, ": \"map\" Enter j " ARM "a m Enter");
	shows(&b, "no item of ours is spelled exactly so");
	type(&b, "\"sku-0075\" Enter");
	shows(&b, "no item of ours is spelled exactly so");
	assert_int_equal(b.writes, 0);
	bench_end(&b);
}

/* The line is lost in the middle: a new console, with the same store. */
static void line_lost(struct bench *b)
{
	desk_free(b->desk);
	b->desk = desk_of(b);
}

/* Row after row; what was decided is kept through a lost line; one typed line carries out what was decided. */
static void a_session_survives_a_lost_line(void **state)
{
	struct err err = { 0 };
	struct bench b;
	int64_t n;

	(void)state;
	bench_start(&b);
	type(&b, ": \"reconcile\" Enter Enter");
	shows(&b, "Row 2: SKU-0042 on amazon-eu");
	type(&b, "P");
	shows(&b, "Row 3: OLD-77 on amazon-eu"); /* the next one without a decision */
	type(&b, "O");
	type(&b, "\"who knows\" Enter");
	shows(&b, "may not be written"); /* it stands for nothing: refused, and the row stays */
	line_lost(&b);
	type(&b, ": \"reconcile\" Enter Enter");
	shows(&b, "Row 3: OLD-77 on amazon-eu");
	shows(&b, "2 of 3 decided");
	type(&b, "I Enter");
	shows(&b, "why? It stands in the summary");
	type(&b, "\"an old listing\" Enter g");
	shows(&b, "3 of 3 decided");
	assert_int_equal(b.writes, 0); /* so far nothing was said to anybody */
	type(&b, ARM "a e");
	shows(&b, "CARRY OUT PREVIEW");
	type(&b, "Enter @");
	type(&b, "\"settle 3 offers walmart-us amazon-eu\" Enter");
	assert_int_equal(b.writes, 1);
	assert_int_equal(GET_INT(b.store, &err, 0, &n, "SELECT count(*) FROM sitting WHERE id = ? AND state = 'ENDED' AND digest <> ''", V(5)), OK);
	assert_int_equal(n, 1);
	assert_true(jobs(&b, "stock") >= 1);
	bench_end(&b);
}

/* Leaving drops what was decided, and nobody gets back in: a letter beside those that move does not do it, nor one letter alone. */
static void a_session_is_not_left_by_a_slip(void **state)
{
	struct err err = { 0 };
	struct bench b;
	int64_t n;

	(void)state;
	bench_start(&b);
	type(&b, ": \"reconcile\" Enter Enter P a l");
	assert_int_equal(b.filed, 1);
	type(&b, "X");
	shows(&b, "Leave S-5? 2 decisions are dropped, 1 row is undecided");
	type(&b, "n");
	assert_int_equal(b.filed, 1);
	type(&b, "a X Enter"); /* the first line of it is no */
	assert_int_equal(b.filed, 1);
	type(&b, "a X y");
	assert_int_equal(b.filed, 2);
	assert_int_equal(GET_INT(b.store, &err, 0, &n, "SELECT count(*) FROM sitting WHERE id = ? AND state = 'LEFT'", V(5)), OK);
	assert_int_equal(n, 1);
	bench_end(&b);
}

/* The account that is named is read, and no other; all of them only by that word. */
static void one_account_is_read_by_its_name(void **state)
{
	struct account_row account;
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, ": \"reconcile\" Enter a r \"walmart-su\" Enter");
	shows(&b, "there is no account walmart-su");
	assert_int_equal(b.filed, 0);
	type(&b, "Esc a r Enter");
	shows(&b, "an account's name, or all");
	assert_int_equal(b.filed, 0);
	type(&b, "\"amazon-eu\" Enter");
	assert_int_equal(b.filed, 1);
	assert_int_equal(account_by_name(b.store, "amazon-eu", b.a, &account, &err), OK);
	assert_int_equal(b.account, account.id);
	type(&b, "a r \"all\" Enter");
	assert_int_equal(b.filed, 2);
	assert_int_equal(b.account, 0);
	bench_end(&b);
}

/* Where pastes are not marked they come as keys: too many in one breath for a hand do nothing but move, and say so. */
static void a_paste_that_comes_as_keys_does_nothing(void **state)
{
	static const char text[] = "7\rAaA please\rac";
	struct bench b;

	(void)state;
	bench_start(&b);
	b.unmarked = true;
	line_lost(&b);
	type(&b, "7");
	for (size_t i = 0; i < sizeof text - 1; i++)
		desk_input(b.desk, &(struct input){ .kind = INPUT_KEY, .key = text[i] == '\r' ? K_ENTER : text[i], .burst = sizeof text - 1 });
	assert_int_equal(b.filed, 0);
	assert_int_equal(b.desk->sheets, 0);
	shows(&b, "too fast for a hand");
	type(&b, "A"); /* a hand does */
	assert_int_equal(b.filed, 1);
	bench_end(&b);
}

/* However much one holds, its last row is there, and how many there are is said. */
static void a_large_zero_out_has_its_last_row(void **state)
{
	enum { MORE = 5500 };
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	assert_int_equal(RUN(b.store, &err, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO item (sku, made_ms) SELECT 'MANY-' || i, 1 FROM n",
	                     V((int)MORE)), OK);
	assert_int_equal(RUN(b.store, &err, "INSERT INTO offer (account_id, marketplace, sku, item_id, target, pushed, seen, seen_ms, known_ms) "
	                                    "SELECT 1, 'US', sku, id, 3, 3, 3, 1, 1 FROM item WHERE sku LIKE ? ORDER BY id", V("MANY-%")), OK);
	assert_int_equal(RUN(b.store, &err, "INSERT INTO zero_row (zero_id, offer_id, prior, pushed, target, read_ms) SELECT 91, id, 3, 3, 3, 1 FROM offer WHERE sku LIKE ?", V("MANY-%")), OK);
	type(&b, "6 g Enter G");
	shows(&b, "> MANY-5500");
	shows(&b, "5,502 of 5,502");
	type(&b, "k k");
	shows(&b, "> MANY-5498");
	type(&b, "j / \"MANY-5500\" Enter");
	shows(&b, "MANY-5500");
	assert_null(strstr(frame(&b), "-1"));
	bench_end(&b);
}

/* In a sheet as everywhere h j k l g G move: none of them chooses anything. */
static void no_sheet_has_a_letter_that_moves(void **state)
{
	static const char *const sheets[] = {
		"2 a", "2 j j j a", "2 * a", "2 Enter a", "3 a", "3 j j j a", "3 * a", "3 Enter a", "5 a", "5 * a", "5 Enter a", "6 a", "6 g a", "6 o a G a", "6 g Enter a",
		"6 o a G Enter a", "7 a", "7 * a", "7 Enter a", "9 a", "0 a", ": \"reconcile\" Enter Enter a", ": \"map\" Enter a", ": \"map\" Enter j a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		struct bench b;
		const struct sheet *s;

		bench_start(&b);
		frame(&b);
		type(&b, sheets[i]);
		s = desk_sheet(b.desk);
		if (!s || s->kind != SHEET_ACTIONS || !s->wish.n_choices)
			fail_msg("%s opens no action sheet:\n%s", sheets[i], frame(&b));
		for (int k = 0; k < s->wish.n_choices; k++)
			if (s->choice[k]->letter && strchr("hjklgG", s->choice[k]->letter))
				fail_msg("%s: %c is for %s", sheets[i], s->choice[k]->letter, s->choice[k]->label);
		bench_end(&b);
	}
}

/* What was previewed and not sent is asked about at the next start, made anew of what is so by then, ticks and reason as they were; only a typed line sends it. */
static void a_preview_survives_a_lost_line(void **state)
{
	struct err err = { 0 };
	struct bench b;

	(void)state;
	bench_start(&b);
	b.state = state_open(NULL, NULL);
	line_lost(&b);
	type(&b, "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall of one batch\" Enter n Space");
	shows(&b, "zero 1 offer walmart-us");
	desk_save(b.desk);
	b.hand += 12 * 60000;
	line_lost(&b);
	shows(&b, "Not sent, 12 minutes ago: zero 1 offer walmart-us"); /* what was ticked */
	desk_save(b.desk);
	b.hand += 60000;
	line_lost(&b); /* lost again before it was answered */
	shows(&b, "Not sent, 13 minutes ago: zero 1 offer walmart-us");
	assert_int_equal(RUN(b.store, &err, "UPDATE offer SET seen = 1 WHERE seen > 1"), OK);
	type(&b, "o");
	shows(&b, "ZERO-OUT PREVIEW");
	shows(&b, "zero 1 offer walmart-us");
	shows(&b, "1->0"); /* what they show by now */
	assert_int_equal(b.writes, 0);
	type(&b, ARM "Enter @");
	type(&b, "\"zero 1 offer walmart-us\" Enter");
	assert_int_equal(b.writes, 1);
	desk_save(b.desk);
	line_lost(&b);
	assert_null(strstr(frame(&b), "Not sent")); /* it was */
	type(&b, "6 a z l \"SKU-0017 SKU-0075\" Enter \"again\" Enter n");
	desk_save(b.desk);
	line_lost(&b);
	type(&b, "x");
	desk_save(b.desk);
	line_lost(&b);
	assert_null(strstr(frame(&b), "Not sent")); /* dropped */
	assert_int_equal(b.writes, 1);
	bench_end(&b);
	state_close(b.state);
}

/* Rows that were unticked stay out of what is made anew, whatever became of the others. Bits: the rows of the plan, the first lowest. */
static const struct reopened {
	const char *why, *keys;
	unsigned unticked, gone;
	const char *shows, *line; /* line NULL: no preview is open */
} reopened[] = {
	{ "the one row that is left was unticked", "2 j j j Space Space " ARM "a A", 2, 1, "not opened", NULL },
	{ "and so were the two that are left", "2 j j j Space Space Space " ARM "a A", 6, 1, "not opened", NULL },
	{ "of two that are left one was unticked", "2 j j j Space Space Space " ARM "a A", 2, 1, "acknowledge 1 order walmart-us", "acknowledge 1 order walmart-us" },
	{ "the one that was unticked is gone", "2 j j j Space Space " ARM "a A", 2, 2, "acknowledge 1 order walmart-us", "acknowledge 1 order walmart-us" },
	{ "all are left, one was unticked", "2 j j j Space Space Space " ARM "a A", 1, 0, "acknowledge 2 orders walmart-us", "acknowledge 2 orders walmart-us" },
};

static void acknowledged_meanwhile(struct bench *b, const struct plan *plan, unsigned gone)
{
	struct err err = { 0 };

	for (int i = 0; i < plan->steps; i++)
		if (gone >> i & 1) {
			assert_int_equal(RUN(b->store, &err, "UPDATE order_line SET q_new = 0, q_acked = 1 WHERE order_id = ?", V(plan->step_id[i])), OK);
			assert_int_equal(RUN(b->store, &err, "UPDATE orders SET state = 'ACKED' WHERE id = ?", V(plan->step_id[i])), OK);
		}
}

static void what_was_unticked_stays_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof reopened / sizeof *reopened; i++) {
		const struct reopened *r = &reopened[i];
		const struct sheet *s;
		struct bench b;

		bench_start(&b);
		b.state = state_open(NULL, NULL);
		line_lost(&b);
		type(&b, r->keys);
		s = desk_sheet(b.desk);
		assert_true(s && s->kind == SHEET_PREVIEW);
		for (int k = 0; k < s->wish.proposal->plan->steps; k++)
			s->off[k] = r->unticked >> k & 1;
		desk_save(b.desk);
		acknowledged_meanwhile(&b, s->wish.proposal->plan, r->gone);
		line_lost(&b);
		type(&b, "o");
		if (b.desk->sheets != (r->line != NULL) || !strstr(frame(&b), r->shows) || (r->line && strcmp(sheet_line(&b.desk->sheet[0]), r->line) != 0))
			fail_msg("%s: %d sheets\n%s", r->why, b.desk->sheets, frame(&b));
		bench_end(&b);
		state_close(b.state);
	}
}

/* A line was typed and the engine did not answer, or the line was lost while it was asked: nobody is told that nothing was sent. */
static void what_was_perhaps_sent_is_called_so(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	b.state = state_open(NULL, NULL);
	line_lost(&b);
	b.silent = FAULT_REFUSED;
	type(&b, ARM "6 a z l \"SKU-0017 SKU-0075\" Enter \"recall\" Enter n Enter @ \"zero 2 offers walmart-us\" Enter");
	shows(&b, "ZERO-OUT PREVIEW"); /* refused, it is still here */
	assert_non_null(strstr(b.kept, "perhaps")); /* while the engine is asked, a line that drops leaves this */
	desk_save(b.desk);
	line_lost(&b);
	shows(&b, "Not sent, just now");
	type(&b, "o");
	b.silent = FAULT_UNSURE;
	type(&b, ARM "Enter @ \"zero 2 offers walmart-us\" Enter");
	shows(&b, "the engine has not answered");
	assert_int_equal(b.desk->sheets, 0); /* it is not said twice from here */
	desk_save(b.desk);
	b.hand += 12 * 60000;
	line_lost(&b);
	shows(&b, "Perhaps sent, look at its rows first, 12 minutes ago: zero 2 offers");
	type(&b, "x");
	assert_null(strstr(frame(&b), "nothing was sent"));
	desk_save(b.desk);
	line_lost(&b);
	assert_null(strstr(frame(&b), "Perhaps sent"));
	bench_end(&b);
	state_close(b.state);
}

/* All that there is, every second row of it unticked: what was decided row by row is not lost for being much. */
static void a_large_preview_survives_as_well(void **state)
{
	enum { MORE = 3000 };
	char path[] = "/tmp/tallyman-flows-XXXXXX";
	struct err err = { 0 };
	struct bench b;
	const struct sheet *s;
	int off = 0, rows;

	(void)state;
	close(mkstemp(path));
	bench_start(&b);
	b.state = state_open(path, NULL);
	assert_int_equal(RUN(b.store, &err, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO item (sku, made_ms) SELECT 'MANY-' || i, 1 FROM n",
	                     V((int)MORE)), OK);
	assert_int_equal(RUN(b.store, &err, "INSERT INTO offer (account_id, marketplace, sku, item_id, target, pushed, seen, seen_ms, known_ms) "
	                                    "SELECT 1, 'US', sku, id, 3, 3, 3, 1, 1 FROM item WHERE sku LIKE ?", V("MANY-%")), OK);
	line_lost(&b);
	type(&b, "6 a z a \"recall of everything\" Enter n");
	shows(&b, "ZERO-OUT PREVIEW");
	s = &b.desk->sheet[b.desk->sheets - 1];
	rows = s->wish.proposal->plan->steps;
	assert_true(rows > MORE);
	for (int i = 1; i < rows; i += 2)
		s->off[i] = true;
	desk_save(b.desk);
	state_close(b.state); /* the machine that somebody sat at is gone, the file is there */
	b.state = state_open(path, NULL);
	line_lost(&b);
	type(&b, "o");
	shows(&b, "ZERO-OUT PREVIEW");
	s = &b.desk->sheet[b.desk->sheets - 1];
	assert_int_equal(s->wish.proposal->plan->steps, rows);
	for (int i = 0; i < rows; i++)
		off += s->off[i];
	assert_int_equal(off, rows / 2);
	assert_int_equal(b.writes, 0);
	bench_end(&b);
	state_close(b.state);
	unlink(path);
}

/* The tab that is marked is the one whose row somebody came by; what was opened by its name is of none. */
static const struct tab_case {
	const char *why, *keys, *marked; /* NULL: none */
} tabs[] = {
	{ "a screen marks its own", "3", "[3" },
	{ "a row's page that of its list", "3 Enter", "[3" },
	{ "its timeline as well", "3 t", "[3" },
	{ "settings are of no screen", "3 ,", NULL },
	{ "nor is what was opened by its name", "3 : \"quota\" Enter", NULL },
	{ "or by a few letters of it", "3 ^P \"quota\" Enter", NULL },
	{ "or what is opened from there", "3 : \"map\" Enter Enter", NULL },
	{ "back is where it was", "3 , q", "[3" },
	{ "a Aey for a screen leads out of it", "3 , 2", "[2" },
};

static void what_is_of_no_tab_marks_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++) {
		struct bench b;
		const char *row;

		bench_start(&b);
		type(&b, tabs[i].keys);
		row = strchr(frame(&b), '\n') + 1;
		row = arena_strndup(b.a, row, strcspn(row, "\n"));
		if (tabs[i].marked ? !strstr(row, tabs[i].marked) : strchr(row, '[') != NULL)
			fail_msg("%s: %s", tabs[i].why, row);
		bench_end(&b);
	}
}

static const struct palette_case {
	const char *why, *keys, *shows;
} palette[] = {
	{ "^P lists what can be done here, the row's actions first", "2 j ^P", "order 302-1187264-8: " },
	{ "letters narrow it; of the key and why it does what it does", "2 ^P \"zone\"", "zone: times in UTC or in the machine's zone" },
	{ "the one that fits is done by Enter", "2 ^P \"quota\" Enter", "Quota" },
	{ "of several the menu stays", "2 ^P \"order due\" Esc ^P \"screen\" Enter", "What can be done here" },
	{ "a few letters of a name do", "2 ^P \"spprsd\" Enter", "not on sale" },
	{ "a command asks for what it needs", "2 ^P \"command theme\" Enter", ":theme" },
	{ "what is not of this screen is not there", "2 ^P \"runbook\"", "Nothing here is called so" },
	{ "what reaches a marketplace leads to its preview, and no further", ARM "2 j ^P \"ship\" Enter \"ups\" Enter \"1Z999AA10123456784\" Enter Enter Enter", "SHIP PREVIEW" },
	{ "Esc leaves it, and nothing was done", "2 ^P \"quota\" Esc", "view Open" },
};

static void anything_is_found_by_its_letters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof palette / sizeof *palette; i++) {
		struct bench b;

		bench_start(&b);
		type(&b, palette[i].keys);
		if (!strstr(frame(&b), palette[i].shows))
			fail_msg("%s: \"%s\" is not on\n%s", palette[i].why, palette[i].shows, frame(&b));
		assert_int_equal(b.filed, 0);
		bench_end(&b);
	}
}

/* d shows what differs or would, u the way back; neither says anything to anybody. */
static const struct palette_case differs[] = {
	{ "of a failure what its shape has different from those that were understood", "5 d", "shippingInfo.estimatedShipDate" },
	{ "and what each remedy would do now", "5 d", "Dry run of the remedies" },
	{ "of one whose shape is the same, that", "5 j j d", "keys and types are the same" },
	{ "of one that was compared with nothing, that", "5 j d", "nothing of its kind was understood" },
	{ "and on its own page", "5 Enter d", "would do: " },
	{ "of a zero-out what letting go would say", "6 d", "What letting go would say now" },
	{ "and on its own page", "6 Enter d", "step" },
	{ "a zero-out is taken back from its row of the audit, by its preview", ARM "6 a z l \"SKU-0017\" Enter \"one batch\" Enter n Enter @ \"zero 1 offer walmart-us\" Enter 0 g u", "LIFT PREVIEW" },
	{ "which says what it changed, old beside new", ARM "6 a z l \"SKU-0017\" Enter \"one batch\" Enter n Enter @ \"zero 1 offer walmart-us\" Enter 0 g d", "offer SKU-0017 on walmart-us" },
};

static void what_differs_is_shown_and_the_way_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof differs / sizeof *differs; i++) {
		struct bench b;

		bench_start(&b);
		type(&b, differs[i].keys);
		if (!strstr(frame(&b), differs[i].shows))
			fail_msg("%s: \"%s\" is not on\n%s", differs[i].why, differs[i].shows, frame(&b));
		assert_int_equal(b.writes, strstr(differs[i].keys, "Enter @") ? 1 : 0);
		bench_end(&b);
	}
}

/* What is pasted is not typed. */
static void a_paste_confirms_nothing(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "2 j j j " ARM "a A Enter @");
	desk_input(b.desk, &(struct input){ .kind = INPUT_PASTE, .text = "acknowledge 1 order walmart-us\r", .n = 23 });
	type(&b, "Enter");
	assert_int_equal(b.writes, 0);
	shows(&b, "[ARMED");
	bench_end(&b);
}

/* The line is bound to the plan: ten minutes later it is nobody's. */
static void an_old_preview_sends_nothing(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "2 j j j " ARM "a A Enter @");
	b.now += 11 * 60000;
	type(&b, "\"acknowledge 1 order walmart-us\" Enter");
	assert_int_equal(b.writes, 0);
	bench_end(&b);
}

/* The window changes while the line is typed: the text stays, nothing is sent. */
static void a_resize_keeps_the_line(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b);
	type(&b, "2 j j j " ARM "a A Enter @ \"acknowledge 1 order\"");
	for (int w = 60; w <= 140; w += 20)
		desk_input(b.desk, &(struct input){ .kind = INPUT_RESIZE, .w = w, .h = 20 });
	assert_int_equal(b.writes, 0);
	type(&b, "\" walmart-us\" Enter");
	assert_int_equal(b.writes, 1);
	assert_string_equal(b.typed, "acknowledge 1 order walmart-us");
	assert_string_equal(b.why, "the test");
	bench_end(&b);
}

/* ---- a scan that takes long ---- */

static struct {
	int told, keys_after;
	char text[120];
} scan;

/* Time passes whenever somebody looks. */
static int64_t ticking(void *ctx)
{
	return *(int64_t *)ctx += 10;
}

static bool hand_waits(void *ctx)
{
	(void)ctx;
	return scan.told >= scan.keys_after;
}

static void hear_progress(void *ctx, const char *text)
{
	(void)ctx;
	scan.told++;
	snprintf(scan.text, sizeof scan.text, "%s", text);
}

static enum fault load_for_ever(struct pane *p, struct store *s, struct arena *a, struct err *err)
{
	(void)p;
	(void)a;
	return store_exec(s, err, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;");
}

static const struct pane_type endless = { .name = "endless", .help = "", .where = WHERE_ALL, .load = load_for_ever };

static void a_long_scan_tells_of_itself_and_a_key_ends_it(void **state)
{
	struct bench b;
	struct desk *d;

	(void)state;
	bench_start(&b);
	scan.keys_after = 3;
	d = desk_new(&(struct desk_setup){ .screens = pane_screens, .details = pane_details, .keymap = b.km, .world = clock_manual(&b.now),
	                                   .hand = { .now = ticking, .ctx = &b.hand }, .host = { .waiting = hand_waits, .progress = hear_progress }, .themes = "default" });
	desk_read_from(d, b.store);
	desk_open(d, &endless, "");
	desk_ready(d, desk_pane(d));
	assert_int_equal(scan.told, 3);
	assert_non_null(strstr(scan.text, " looking through all rows for 1."));
	assert_non_null(strstr(scan.text, "any key breaks it off"));
	assert_true(desk_pane(d)->stale); /* done anew afterwards */
	desk_free(d);
	bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_is_armed_chosen_previewed_and_typed),
		cmocka_unit_test(a_note_is_written_to_the_row_that_is_meant),
		cmocka_unit_test(a_letter_is_for_the_incident_its_sheet_names),
		cmocka_unit_test(who_acknowledged_one_stays_on_it),
		cmocka_unit_test(a_key_is_for_what_was_seen),
		cmocka_unit_test(a_row_that_changed_is_not_acted_on),
		cmocka_unit_test(a_preview_is_looked_into_and_nothing_is_sent),
		cmocka_unit_test(a_preview_tells_money_as_its_currency_has_it),
		cmocka_unit_test(what_changed_since_the_preview_is_shown),
		cmocka_unit_test(another_plan_is_previewed_anew),
		cmocka_unit_test(what_waits_for_a_second_person_stands_first),
		cmocka_unit_test(a_finding_is_decided_where_it_stands),
		cmocka_unit_test(of_several_candidates_none_is_guessed),
		cmocka_unit_test(a_session_survives_a_lost_line),
		cmocka_unit_test(a_session_is_not_left_by_a_slip),
		cmocka_unit_test(one_account_is_read_by_its_name),
		cmocka_unit_test(a_paste_that_comes_as_keys_does_nothing),
		cmocka_unit_test(a_large_zero_out_has_its_last_row),
		cmocka_unit_test(no_sheet_has_a_letter_that_moves),
		cmocka_unit_test(a_preview_survives_a_lost_line),
		cmocka_unit_test(what_was_unticked_stays_so),
		cmocka_unit_test(what_was_perhaps_sent_is_called_so),
		cmocka_unit_test(a_large_preview_survives_as_well),
		cmocka_unit_test(what_is_of_no_tab_marks_none),
		cmocka_unit_test(anything_is_found_by_its_letters),
		cmocka_unit_test(what_differs_is_shown_and_the_way_back),
		cmocka_unit_test(a_paste_confirms_nothing),
		cmocka_unit_test(an_old_preview_sends_nothing),
		cmocka_unit_test(a_resize_keeps_the_line),
		cmocka_unit_test(a_long_scan_tells_of_itself_and_a_key_ends_it),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
