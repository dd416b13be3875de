/*
 * No slip of the hand reaches a marketplace.
 *
 * A monkey sits at the real console of a business at work: every key of the key map, text, pastes, broken escape sequences,
 * arming on purpose, action sheets, previews, the exact line pasted or typed too early, resizes, a stalled line,
 * signals, hang-ups. Whatever it does, the console lives on, and the ledger of the marketplaces counts not one order
 * acknowledged, shipped or cancelled. Before it, a person types the line once, to show that the ledger does count.
 *
 *	build/golden/test_monkey [SEED [SECONDS]]       the seed of a failure is printed with the monkey's last steps
 *	MONKEY_SEEDS="1 2 3" build/golden/test_monkey   a short run of each, as `make check` has it
 *
 * What stays unpredictable is when the marketplaces' news come in; the steps follow from the seed and from what is on the screen.
 * The console's own clock stands still while it lives, so that what it shows follows from the store alone.
 */
#include "base/clock.h"
#include "golden/harness.h"
#include "golden/seller.h"
#include "ui/input.h"
#include "ui/keymap.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

enum { STEP_MAX = 600, TRAIL = 24, KEYS_MAX = 200, QUICK_S = 12, SANITIZED_S = 16, SOAK_S = 600, NEWS_MS = 600 /* the console shows news twice a second */ };

#ifdef __SANITIZE_ADDRESS__
enum { SHORT_S = SANITIZED_S, GONE_MS = 2000 }; /* the sanitizer looks for leaks before it lets go */
#else
enum { SHORT_S = QUICK_S, GONE_MS = 500 };
#endif

enum { SANITIZER_STATUS = 99 };

#define WRITING "('ack', 'ship', 'cancel', 'push', 'live')"

struct monkey {
	uint64_t seed;
	int seconds;
	struct rng rng;
	struct seller *seller;
	struct screen *screen; /* NULL: between two consoles */
	int32_t key[KEYS_MAX];
	int keys;
	int w, h;
	bool stalled, done;
	bool asks, asked; /* to end it, in this step or since the line stands still: then the end itself takes longer */
	int steps, starts, confirms, armed, anew;
	char step[STEP_MAX];        /* what is sent now */
	size_t n;
	char trail[TRAIL][160];     /* what was sent before, printable */
	char sanitizer[2][160];
	int64_t acks, intents;      /* the person's, before the monkey came */
};

/* ---- the console ---- */

static void sit_down_at(struct monkey *m, const char *term)
{
	static char state[120], cache[120];
	const char *program = getenv("TALLYMAN"), *dir = seller_dir(m->seller), *ini = seller_still(m->seller);
	const char *const argv[] = { program ? program : "build/tallyman", "--store", dir, "--config", ini, "--no-engine", NULL };
	const char *const env[] = { state, cache, m->sanitizer[0], m->sanitizer[1], NULL };

	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", dir);
	snprintf(cache, sizeof cache, "XDG_CONFIG_HOME=%s/config", dir);
	/* Nobody looks into a fenced process, a checker of leaks neither: it would end each with a complaint. */
	snprintf(m->sanitizer[0], sizeof *m->sanitizer, "ASAN_OPTIONS=exitcode=%d:log_path=%s/asan:detect_leaks=0", SANITIZER_STATUS, dir);
	snprintf(m->sanitizer[1], sizeof *m->sanitizer, "UBSAN_OPTIONS=exitcode=%d:print_stacktrace=1:log_path=%s/asan", SANITIZER_STATUS, dir);
	m->screen = screen_start(&(struct screen_setup){ argv, term, env, m->w, m->h, dir }); /* what it exports lies there */
	m->starts++;
	m->stalled = false;
}

static void sit_down(struct monkey *m)
{
	static const char *const terms[] = { "xterm-256color", "tmux-256color", "xterm", "linux" };

	sit_down_at(m, terms[rng_below(&m->rng, 4)]);
}

/* It has ended; was that asked for, and was it clean? */
static void check_end(struct monkey *m, int status)
{
	if (status == SANITIZER_STATUS || status >= 128 || status == 1)
		fail_msg("the console ended with status %d:\n%s", status, screen_text(m->screen));
	if (!m->asked)
		fail_msg("the console ended though nobody asked for it, with status %d", status);
	if (!m->stalled && (screen_is_alt(m->screen) || screen_takes_pastes(m->screen))) /* what a session's leader left unread ends with it */
		fail_msg("the terminal was not put back");
}

static void get_up(struct monkey *m)
{
	screen_end(m->screen);
	m->screen = NULL;
}

static void remember(struct monkey *m, const char *what, size_t n)
{
	char *t = m->trail[m->steps++ % TRAIL];
	size_t at = 0;

	for (size_t i = 0; i < n && at + 6 < sizeof *m->trail; i++)
		at += (size_t)snprintf(t + at, sizeof *m->trail - at, what[i] >= 0x20 && what[i] < 0x7f ? "%c" : "\\x%02x", (unsigned char)what[i]);
	t[at] = '\0';
}

/* ---- what must be so whenever it is quiet ---- */

/* cmocka cuts a message off at a kilobyte; a screen is more. */
static void show_and_fail(struct monkey *m, const char *why)
{
	fprintf(stderr, "%s\n", screen_text(m->screen));
	fail_msg("at %dx%d %s", m->w, m->h, why);
}

static void check_frame(struct monkey *m)
{
	if (*screen_stray(m->screen))
		fail_msg("the terminal was sent %s", screen_stray(m->screen));
	if (screen_questions(m->screen))
		fail_msg("the terminal was asked something");
	if (m->w >= 40 && m->h >= 10 && !screen_shows(m->screen, "[READ-ONLY]") && !screen_shows(m->screen, "[ARMED ") &&
	    ((m->w >= 60 && m->h >= 15) || (!screen_shows(m->screen, "[RO]") && !screen_shows(m->screen, "[ARM "))))
		show_and_fail(m, "it does not say whether it is armed");
	m->armed += screen_shows(m->screen, "[ARM");
	m->confirms += screen_shows(m->screen, "type it >");
}

static void check_ledger(struct monkey *m)
{
	static const char *const none[] = { "writes_ship", "writes_cancel", "writes_feed", "ships", "cancels", "pool_writes" };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (seller_count(m->seller, none[i]))
			fail_msg("the marketplaces count %s = %lld", none[i], (long long)seller_count(m->seller, none[i]));
	assert_int_equal(seller_count(m->seller, "writes_ack"), m->acks);
	assert_int_equal(seller_ask(m->seller, "SELECT count(*) FROM intent WHERE kind IN " WRITING), m->intents);
	/* What the engine says of its own are quantities, and nobody's decision. */
	assert_int_equal(seller_ask(m->seller, "SELECT count(*) FROM job WHERE writes = 1 AND verb <> 'stock' AND intent_id IS NULL"), 0);
	assert_int_equal(seller_ask(m->seller, "SELECT count(*) FROM job JOIN intent ON intent.id = job.intent_id WHERE job.writes = 1"), m->intents);
}

static void settle(struct monkey *m)
{
	int status;

	screen_settle(m->screen);
	if (screen_ended(m->screen, 0, &status)) {
		screen_stall(m->screen, false);
		screen_settle(m->screen);
		check_end(m, status);
		get_up(m);
		sit_down(m);
	} else if (!m->stalled) {
		check_frame(m);
	}
}

/* ---- hands ---- */

static void put(struct monkey *m, const char *bytes, size_t n)
{
	if (m->n + n < sizeof m->step) {
		memcpy(m->step + m->n, bytes, n);
		m->n += n;
		m->step[m->n] = '\0';
	}
}

static void say(struct monkey *m, const char *text)
{
	put(m, text, strlen(text));
}

static void send_step(struct monkey *m)
{
	bool asks = (m->stalled && m->asks) || memchr(m->step, 'q', m->n) || strstr(m->step, "\033[21~");

	m->asked = asks || m->asks; /* while it waits for the engine, what was typed behind that waits as well */
	m->asks = asks;
	remember(m, m->step, m->n);
	screen_bytes(m->screen, m->step, m->n);
	settle(m);
	m->n = 0;
	m->step[0] = '\0';
}

static const char *pick(struct monkey *m, const char *const *of, size_t n)
{
	return of[rng_below(&m->rng, (int64_t)n)];
}
#define PICK(m, of) pick(m, of, sizeof(of) / sizeof *(of))

static void put_key(struct monkey *m, int32_t key)
{
	char bytes[8];

	put(m, bytes, (size_t)screen_key(key, bytes));
}

static void some_keys(struct monkey *m)
{
	for (int64_t i = 1 + rng_below(&m->rng, 6); i > 0; i--)
		put_key(m, m->key[rng_below(&m->rng, m->keys)]);
}

static void some_function_keys(struct monkey *m)
{
	for (int64_t i = 1 + rng_below(&m->rng, 3); i > 0; i--)
		put_key(m, K_F0 + 1 + (int32_t)rng_below(&m->rng, 12));
}

static void some_text(struct monkey *m)
{
	static const char *const words[] = { "state:new", "late", "channel:amazon or !sku:HP*", "total>20 age>4h", "M\u00fcller \u5bff\u53f8 \U0001f44d\U0001f3fd",
		                             "e\u0301\u0301\u0301", "1088", "(((", "' OR 1=1 --", "yes", "ack", "UPS", "\u202eRTL", "1Z999AA10123456784" };

	if (rng_below(&m->rng, 3)) {
		say(m, PICK(m, words));
		return;
	}
	for (int64_t i = 1 + rng_below(&m->rng, 12); i > 0; i--)
		put(m, &(char){ (char)(0x20 + rng_below(&m->rng, 95)) }, 1);
}

static void a_sequence(struct monkey *m)
{
	static const char *const odd[] = { "\033", "\033O", "\033[", "\033[1;5A", "\033[<0;3;4M", "\033[<0;3;4m", "\033[M !!", "\033[I", "\033[O", "\033[999;999R",
		                           "\033]0;title\007", "\033P1$r\033\\", "\033[200~", "\033[201~", "\033[27;5;13~", "\033\033\033", "\033[?62c", "\033a", "\033:" };
	char own[24];

	if (rng_below(&m->rng, 2)) {
		say(m, PICK(m, odd));
		return;
	}
	snprintf(own, sizeof own, "\033%c%d;%d%c", "[O]?"[rng_below(&m->rng, 4)], (int)rng_below(&m->rng, 300), (int)rng_below(&m->rng, 9),
	         (char)(0x40 + rng_below(&m->rng, 63)));
	say(m, own);
}

static void raw_bytes(struct monkey *m)
{
	for (int64_t i = 1 + rng_below(&m->rng, 8); i > 0; i--)
		put(m, &(char){ (char)(rng_below(&m->rng, 2) ? 1 + rng_below(&m->rng, 31) : 0x80 + rng_below(&m->rng, 128)) }, 1);
}

static void enter_storm(struct monkey *m)
{
	for (int64_t i = 1 + rng_below(&m->rng, 40); i > 0; i--)
		say(m, "\r");
}

static void a_command(struct monkey *m)
{
	static const char *const lines[] = { ":help\r", ":goto drift\r", ":goto orders\r", ":disarm\r", ":theme mono\r", ":theme default\r", ":find HP\r",
		                             ":nonsense\r", ":arm\r", ":arm 99m x\r", ":\t\t\r", ":go\t\r", ":note slip\r", ":filter state:new\r", ":explain\r" };

	say(m, "\033");
	send_step(m);
	say(m, PICK(m, lines));
}

static void arm(struct monkey *m)
{
	say(m, "\033");
	send_step(m);
	say(m, "\033");
	send_step(m);
	say(m, ":arm 15m monkey\r");
}

/* As near to a marketplace as keys alone lead: armed, rows marked, a sheet, its dangerous choice, a preview. */
static void towards_danger(struct monkey *m)
{
	static const char *const ways[] = { "2/state:new channel:walmart-us\r|aA", "2/state:new channel:walmart-us\r|   aA", "2|*aA", "3|ap", "3|*ap", "2|as",
		                            "2/channel:walmart-us\r|asups\r1Z999AA10123456784\r\r", "2|\raA", "3|\rap", "2|\ras", "2|ac", "5|ar" };
	const char *way = PICK(m, ways), *bar = strchr(way, '|');

	if (!screen_shows(m->screen, "[ARMED") && rng_below(&m->rng, 3)) {
		arm(m);
		send_step(m);
	}
	say(m, "\033");
	send_step(m);
	put(m, way, (size_t)(bar - way));
	send_step(m);
	say(m, bar + 1);
	send_step(m);
	if (rng_below(&m->rng, 2))
		say(m, "\r");
}

/* The line that the screen asks for. false: it asks for none. */
static bool find_line(struct monkey *m, const char *label, char *out, size_t cap)
{
	const char *at = strstr(screen_text(m->screen), label);

	if (at && !strncmp(label, "Type this", 9)) /* it stands on the next row */
		at = strchr(at, '\n');
	else if (at)
		at += strlen(label);
	if (!at)
		return false;
	at += strspn(at, " \n");
	snprintf(out, cap, "%.*s", (int)strcspn(at, "\n"), at);
	return *out;
}

/* At the typed line: everything but typing it. */
static void tempt(struct monkey *m, const char *line)
{
	char other[200];

	switch (rng_below(&m->rng, 6)) {
	case 0: /* pasted, with and without its end */
		say(m, "\033[200~");
		say(m, line);
		say(m, rng_below(&m->rng, 2) ? "\r\033[201~\r\r" : "\033[201~\r");
		break;
	case 1: /* of another plan */
		snprintf(other, sizeof other, "%s", line);
		other[strcspn(other, "0123456789")] = '8';
		say(m, other);
		say(m, "8\r\025");
		break;
	case 2: /* half of it, and away */
		put(m, line, strlen(line) / 2);
		say(m, "\r");
		send_step(m);
		say(m, "\033");
		break;
	case 3: /* what was typed before */
		say(m, "\033OA\033OA\r\020\020\r\t\r");
		break;
	case 4: /* pasted in pieces */
		say(m, "\033[200~");
		put(m, line, 4);
		say(m, "\033[201~\033[200~");
		say(m, line + 4);
		say(m, "\033[201~\r");
		break;
	default:
		say(m, "y\ryes\rY\r\r \r\025");
	}
}

/* Typed ahead, in the same breath as the key that asks for it. */
static void type_ahead(struct monkey *m, const char *line)
{
	say(m, "\r");
	say(m, line);
	say(m, "\r");
	send_step(m);
	say(m, "\033");
}

static void resize(struct monkey *m)
{
	static const int sizes[][2] = { { 1, 1 },   { 5, 2 },   { 20, 5 }, { 40, 10 }, { 39, 9 }, { 60, 15 }, { 80, 24 },
		                        { 120, 40 }, { 300, 100 }, { 2, 60 }, { 200, 1 }, { 80, 24 }, { 80, 24 },  { 120, 40 } };
	int64_t i = rng_below(&m->rng, sizeof sizes / sizeof *sizes);
	char words[32];

	m->w = sizes[i][0];
	m->h = sizes[i][1];
	remember(m, words, (size_t)snprintf(words, sizeof words, "(resize %dx%d)", m->w, m->h));
	screen_resize(m->screen, m->w, m->h);
	settle(m);
}

static void stall(struct monkey *m)
{
	remember(m, "(stall)", 7);
	m->stalled = true;
	screen_stall(m->screen, true);
	for (int64_t i = rng_below(&m->rng, 12); i >= 0; i--) {
		some_keys(m);
		send_step(m);
	}
	remember(m, "(go on)", 7);
	screen_stall(m->screen, false);
	settle(m);
	m->stalled = false;
}

static void a_signal(struct monkey *m)
{
	static const int signals[] = { SIGTSTP, SIGCONT, SIGWINCH, SIGINT };
	int sig = signals[rng_below(&m->rng, 4)];

	remember(m, "(signal)", 8);
	screen_signal(m->screen, sig);
	settle(m);
	screen_signal(m->screen, SIGCONT);
	settle(m);
}

/* The line is cut, or the terminal closed, in the middle of anything. */
static void hang_up(struct monkey *m)
{
	int64_t acks = seller_count(m->seller, "writes_ack");
	int ms, status;

	remember(m, "(hang up)", 9);
	if (rng_below(&m->rng, 2))
		screen_signal(m->screen, SIGHUP);
	ms = screen_hang_up(m->screen);
	screen_ended(m->screen, 0, &status);
	if (ms < 0 || ms > GONE_MS)
		fail_msg("after a hang-up it was there for %d ms", ms);
	if (status == SANITIZER_STATUS || status == 1 || (status >= 128 && status != 128 + SIGHUP))
		fail_msg("after a hang-up it ended with status %d", status);
	assert_int_equal(seller_count(m->seller, "writes_ack"), acks);
	get_up(m);
	sit_down(m);
	settle(m);
}

/* Painted anew it looks as it did: no cell was left over, none was written beside its place. Nothing may happen meanwhile. */
static void paint_anew(struct monkey *m)
{
	const char *why;

	if (m->w < 2 || m->h < 2)
		return;
	remember(m, "(anew)", 6);
	seller_hold(m->seller, true);
	screen_rest(m->screen, NEWS_MS);
	why = screen_anew(m->screen);
	seller_hold(m->seller, false);
	if (*why)
		show_and_fail(m, why);
	m->anew++;
}

static void one_step(struct monkey *m)
{
	static const struct {
		int weight;
		void (*hand)(struct monkey *m);
	} hands[] = { { 34, some_keys }, { 12, some_text }, { 6, a_sequence }, { 5, raw_bytes }, { 8, enter_storm }, { 6, a_command }, { 14, towards_danger },
		      { 5, resize }, { 2, stall }, { 2, a_signal }, { 1, hang_up }, { 4, paint_anew }, { 3, some_function_keys }, { 2, arm } };
	char line[200];
	int64_t at = 0;
	int i = 0;

	if (find_line(m, "Type this exactly", line, sizeof line) && rng_below(&m->rng, 3)) {
		tempt(m, line);
	} else if (find_line(m, "Enter, then type:", line, sizeof line) && rng_below(&m->rng, 3)) {
		if (rng_below(&m->rng, 3))
			say(m, "\r");
		else
			type_ahead(m, line);
	} else {
		for (size_t h = 0; h < sizeof hands / sizeof *hands; h++)
			at += hands[h].weight;
		for (at = rng_below(&m->rng, at); at >= hands[i].weight; i++)
			at -= hands[i].weight;
		hands[i].hand(m);
	}
	if (m->n)
		send_step(m);
}

/* ---- before the monkey: a person, on purpose ---- */

static void until_count(struct monkey *m, const char *name, int64_t want)
{
	for (int i = 0; i < 300 && seller_count(m->seller, name) != want; i++)
		screen_settle(m->screen);
	assert_int_equal(seller_count(m->seller, name), want);
}

static void a_typed_line_is_counted(void **state)
{
	struct monkey *m = *state;
	char line[200];

	sit_down_at(m, "tmux-256color"); /* which marks pastes: else a line that comes at once is taken for one */
	screen_keys(m->screen, "2");
	screen_wait(m->screen, "walmart-us");
	screen_keys(m->screen, ": \"arm 15m proof\" Enter");
	screen_keys(m->screen, "/ \"state:new channel:walmart-us\" Enter g a A");
	screen_wait(m->screen, "Enter, then type:");
	assert_true(find_line(m, "Enter, then type:", line, sizeof line));
	screen_keys(m->screen, "Enter");
	while (!screen_shows(m->screen, "type it > a")) /* deaf at first */
		screen_keys(m->screen, "a");
	check_ledger(m);
	screen_keys(m->screen, "^U");
	screen_bytes(m->screen, line, strlen(line));
	screen_keys(m->screen, "Enter");
	until_count(m, "writes_ack", 1);
	assert_int_equal(seller_ask(m->seller, "SELECT count(*) FROM intent WHERE kind IN " WRITING), 1);
	m->acks = m->intents = 1;
	screen_keys(m->screen, ": \"disarm\" Enter");
	assert_true(screen_hang_up(m->screen) >= 0);
	get_up(m);
	check_ledger(m);
}

/* How often a slip could have done harm, over all seeds of this run. */
static struct {
	int armed, confirms;
} proof;

/* Chance has not led it to where a slip could do harm: led there by the hand. */
static void lead_to_danger(struct monkey *m)
{
	m->w = 80;
	m->h = 24;
	screen_resize(m->screen, m->w, m->h);
	settle(m);
	for (int i = 0; i < 20 && !m->confirms; i++) {
		towards_danger(m);
		say(m, "\r");
		send_step(m);
	}
}

static void no_slip_reaches_a_marketplace(void **state)
{
	struct monkey *m = *state;
	struct timespec t;
	int64_t until;

	clock_gettime(CLOCK_MONOTONIC, &t);
	until = t.tv_sec + m->seconds;
	sit_down(m);
	while (t.tv_sec < until) {
		one_step(m);
		if (m->steps % 50 == 0)
			check_ledger(m);
		clock_gettime(CLOCK_MONOTONIC, &t);
		if (until - t.tv_sec == m->seconds / 2 && !m->confirms)
			lead_to_danger(m);
	}
	hang_up(m);
	check_ledger(m);
	get_up(m);
	print_message("seed %llu: %d steps, %d starts, %d frames armed, %d at the typed line, %d painted anew, %d keys in the map\n",
	              (unsigned long long)m->seed, m->steps, m->starts, m->armed, m->confirms, m->anew, m->keys);
	proof.armed += m->armed;
	proof.confirms += m->confirms;
	m->done = true;
}

/* ---- around them ---- */

static void learn_keys(struct monkey *m)
{
	struct keymap *km;
	struct err err = { 0 };
	enum act act;

	assert_int_equal(keymap_new(&km, &err), OK);
	for (int i = 0; (act = keymap_nth(km, i)) != ACT_NONE; i++) {
		char names[48], *name, *rest = names;

		keymap_keys(km, act, true, names);
		while ((name = strsep(&rest, " ")))
			if (*name && key_parse(name) != K_NONE && m->keys < KEYS_MAX)
				m->key[m->keys++] = key_parse(name);
	}
	keymap_free(km);
}

static struct monkey monkey; /* cmocka hands a group's setup nothing */

static int set_up(void **state)
{
	struct monkey *m = *state = &monkey;

	m->rng = rng_seeded(m->seed);
	m->w = 80;
	m->h = 24;
	learn_keys(m);
	m->seller = seller_start();
	return 0;
}

static int tear_down(void **state)
{
	struct monkey *m = *state;
	char command[120];

	if (!m->done) {
		fprintf(stderr, "seed %llu failed after %d steps; the last ones:\n", (unsigned long long)m->seed, m->steps);
		for (int i = m->steps > TRAIL ? m->steps - TRAIL : 0; i < m->steps; i++)
			fprintf(stderr, "  %s\n", m->trail[i % TRAIL]);
		snprintf(command, sizeof command, "cat %s/asan* 2>/dev/null | head -60 >&2", seller_dir(m->seller));
		if (system(command))
			fprintf(stderr, "no word of a sanitizer\n");
	}
	if (m->screen) {
		screen_forgive(m->screen);
		screen_end(m->screen);
	}
	seller_end(m->seller);
	return 0;
}

static void waits_to_be_asked(void **state)
{
	(void)state;
	print_message("skipped: random keys run in `make check` and `make soak`, or with a seed: build/golden/test_monkey SEED [SECONDS]\n");
	skip();
}

static int run(uint64_t seed, int seconds)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_typed_line_is_counted),
		cmocka_unit_test(no_slip_reaches_a_marketplace),
	};

	monkey = (struct monkey){ .seed = seed, .seconds = seconds };
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

static int run_all(const char *seeds)
{
	char *next;
	int failed = 0;

	proof.armed = proof.confirms = 0;
	for (uint64_t seed = strtoull(seeds, &next, 10); next != seeds; seed = strtoull(seeds = next, &next, 10))
		failed += run(seed, SHORT_S);
	if (!failed && (!proof.armed || !proof.confirms)) {
		printf("not ok: the monkey was nowhere where it could do harm\n");
		failed++;
	}
	return failed;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest rest[] = { cmocka_unit_test(waits_to_be_asked) };

	if (argc > 1)
		return run(strtoull(argv[1], NULL, 10), argc > 2 ? atoi(argv[2]) : SHORT_S);
	if (getenv("SOAK"))
		return run((uint64_t)time(NULL), SOAK_S);
	if (getenv("MONKEY_SEEDS"))
		return run_all(getenv("MONKEY_SEEDS"));
	return cmocka_run_group_tests(rest, NULL, NULL);
}
