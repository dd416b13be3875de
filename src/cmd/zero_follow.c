#include "cmd/zero_follow.h"

#include "cmd/cmd.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "net/ask.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { LOOK_MS = 1000, WAIT_MIN = 15, MOST_MIN = 240, LAND_MS = 30 * 1000 };

struct follow {
	struct session *s;
	int64_t id, until_ms;
	struct clock clock;
	int signals;              /* ^C and TERM, as something to read; -1: there is none */
	struct ask_line *line;    /* the engine's nudges; NULL: looked for once a second */
	bool stopped;             /* what is under way is waited for, and no more */
	int64_t of[ZERO_STATES];
	char said[200];           /* the last line of progress */
};

/* From before anything is sent: a ^C then stops what it would otherwise leave going. */
static int hear_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool was_told_to_stop(struct follow *f)
{
	struct signalfd_siginfo info;

	return f->signals >= 0 && read(f->signals, &info, sizeof info) == (ssize_t)sizeof info;
}

/* Nudged, a signal, or a second. */
static void wait_for_news(struct follow *f)
{
	struct pollfd fd[2] = { { .fd = f->signals, .events = POLLIN }, { .fd = f->line ? ask_line_fd(f->line) : -1, .events = POLLIN } };
	const char *bytes;
	size_t n;
	enum ask_heard heard = ASK_NUDGE;

	poll(fd, 2, LOOK_MS);
	while (f->line && (heard == ASK_NUDGE || heard == ASK_ANSWER))
		heard = ask_hear(f->line, &bytes, &n);
	if (f->line && heard == ASK_GONE) {
		ask_hang_up(f->line);
		f->line = NULL;
	}
}

static enum fault look(struct follow *f)
{
	enum fault bad = store_begin_read(f->s->store, &f->s->err);

	if (!bad)
		bad = zero_tally(f->s->store, f->id, f->of, &f->s->err);
	store_rollback(f->s->store);
	return bad;
}

/* A line whenever it is another one: for a person at a terminal, and in the log of a script. */
static void tell(struct follow *f)
{
	const char *words = zero_tally_words(f->of, f->s->a);

	if (strcmp(words, f->said))
		fprintf(stderr, "Z-%" PRId64 ": %s\n", f->id, words);
	snprintf(f->said, sizeof f->said, "%s", words);
}

static enum fault stop(struct follow *f)
{
	struct intent in = { .kind = INTENT_HALT, .payload = fields_new(f->s->a), .subject = arena_printf(f->s->a, "Z-%" PRId64, f->id), .typed = "", .why = "^C", .digest = "" };
	struct answered a;
	enum fault bad;

	fields_put_int(&in.payload, "zero", f->id);
	bad = intent_send(f->s, &in, &a);
	if (!bad && !a.done)
		bad = err_set(&f->s->err, FAULT_REFUSED, "%.200s", a.text);
	f->stopped = true;
	f->until_ms = clock_now(&f->clock) + LAND_MS;
	if (!bad)
		fprintf(stderr, "%s. Go on: tallyman zero go Z-%" PRId64 "; undo what went: tallyman lift Z-%" PRId64 "\n", a.text, f->id, f->id);
	return bad;
}

static bool is_waited_for(const struct follow *f)
{
	return f->stopped ? f->of[ZERO_SAID] > 0 : zero_goes_on(f->of) || f->of[ZERO_PENDING];
}

static enum fault stay(struct follow *f)
{
	enum fault bad = look(f);

	while (!bad && is_waited_for(f) && clock_now(&f->clock) < f->until_ms) {
		tell(f);
		if (was_told_to_stop(f)) {
			if (f->stopped) /* twice: not even that */
				break;
			bad = stop(f);
		} else {
			wait_for_news(f);
		}
		if (!bad)
			bad = look(f);
	}
	tell(f);
	return bad;
}

/* Every offer of it was seen at zero? */
static bool is_whole(const struct follow *f)
{
	int64_t all = 0;

	for (int i = 0; i < ZERO_STATES; i++)
		all += f->of[i];
	return all == f->of[ZERO_SHOWN];
}

static int end(struct follow *f, enum fault bad)
{
	if (!bad)
		bad = zero_print(f->s, f->id);
	if (f->line)
		ask_hang_up(f->line);
	close(f->signals);
	if (bad)
		return session_end(f->s, bad);
	session_end(f->s, OK);
	return is_whole(f) ? STATUS_DONE : STATUS_FAILED;
}

int zero_follow(struct session *s, struct intent *in)
{
	struct follow f = { .s = s, .clock = clock_real(), .signals = hear_signals() };
	int64_t minutes = s->o.minutes > 0 ? s->o.minutes < MOST_MIN ? s->o.minutes : MOST_MIN : WAIT_MIN;
	struct answered a;
	struct err none;
	int status = intent_try(s, in, &a);

	if (status >= 0) {
		close(f.signals);
		return status;
	}
	f.until_ms = clock_now(&f.clock) + minutes * 60000;
	if (zero_of_intent(s->store, a.id, &f.id, &s->err)) {
		close(f.signals);
		return session_end(s, s->err.fault);
	}
	if (!f.id) { /* it waits for a second person */
		close(f.signals);
		return session_end(s, OK);
	}
	f.line = ask_dial(arena_printf(s->a, "%s/engine.sock", s->set.store), &none);
	return end(&f, stay(&f));
}
