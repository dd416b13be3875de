/*
 * console_engine.c: what was decided goes to the engine over its socket, and its answer comes back as a wish. A console
 * writes nothing itself.
 */
#include "ui/console_inside.h"

#include "base/clock.h"
#include "base/fields.h"
#include "net/ask.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/intents.h"
#include "trade/logins.h"
#include "trade/places.h"
#include "trade/since.h"
#include "trade/views.h"
#include "trade/zero.h"
#include "ui/clipboard.h"
#include "ui/panes/all.h"
#include "ui/panes/wishes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	HOLD_MIN = 30,      /* what :hold gives */
	DIAL_EVERY_MS = 1000,
	LOGIN_EVERY_MS = 30000, /* one that hangs is not waited for again and again by who only reads */
	WAIT_MS = 3000,     /* for an answer; the engine answers after its commit, in milliseconds */
	WAIT_SLICE_MS = 200, /* between looks at whether there is still somebody to show it to */
};

/* ---- the line ---- */

static void hang_up(struct console *c)
{
	ask_hang_up(c->line);
	c->line = NULL;
	c->told_login = false; /* whoever answers next is to know who sits here as well */
}

bool console_dial(struct console *c)
{
	int64_t now = clock_steady(&c->hand);
	struct err err;

	if (c->o->past_ms)
		return false; /* nobody acts in the past */
	if (c->line || (c->dialled_ms && now - c->dialled_ms < DIAL_EVERY_MS))
		return c->line != NULL;
	c->dialled_ms = now;
	c->line = ask_dial(c->socket, &err);
	return c->line != NULL;
}

void console_hear(struct console *c)
{
	const char *bytes;
	size_t n;

	while (c->line) {
		switch (ask_hear(c->line, &bytes, &n)) {
		case ASK_NOTHING:
			return;
		case ASK_NUDGE:
		case ASK_ANSWER: /* to something nobody waited for: a disarming */
			break;
		case ASK_GONE:
			c->stayed |= c->told_login; /* the engine went, and not he */
			hang_up(c);
		}
	}
}

/* Is somebody still there to see the answer? */
static bool watched(struct console *c)
{
	struct pollfd fds[TERMINAL_FDS];

	if (!c->term)
		return true;
	terminal_fds(c->term, fds);
	if (poll(fds, TERMINAL_FDS, 0) > 0)
		for (int i = 0; i < TERMINAL_FDS; i++)
			if (fds[i].revents & (POLLHUP | POLLERR | POLLNVAL))
				return false;
	return true;
}

static enum fault wait_answer(struct console *c, const char **bytes, size_t *n, struct err *err)
{
	struct pollfd fd = { .fd = ask_line_fd(c->line), .events = POLLIN };

	for (int waited = 0; waited < WAIT_MS && watched(c); waited += poll(&fd, 1, WAIT_SLICE_MS) > 0 ? 1 : WAIT_SLICE_MS) {
		switch (ask_hear(c->line, bytes, n)) {
		case ASK_ANSWER:
			return OK;
		case ASK_NUDGE:
			break;
		case ASK_GONE:
			c->stayed |= c->told_login;
			hang_up(c);
			return err_set(err, FAULT_UNSURE, "the engine hung up without an answer; what it did is on the screen when it is back");
		case ASK_NOTHING:
			break;
		}
	}
	hang_up(c); /* its answer would be taken for the next one's */
	return err_set(err, FAULT_UNSURE, "the engine has not answered; it may still: look at the row before you do it again");
}

enum fault console_ask(struct console *c, const struct intent *in, struct fields *answer, struct err *err)
{
	const char *bytes, *text = intent_pack(in, c->turn);
	size_t n;
	enum fault bad;

	c->dialled_ms = 0;
	if (c->o->past_ms)
		return err_set(err, FAULT_REFUSED, "this is the past: nothing can be decided in it");
	if (!console_dial(c))
		return err_set(err, FAULT_NET, "no engine runs for this store: nothing was done. Start it: tallyman engine");
	bad = ask_say(c->line, text, strlen(text), err);
	if (!bad)
		bad = wait_answer(c, &bytes, &n, err);
	if (!bad)
		bad = fields_unpack(c->turn, bytes, answer, err);
	if (bad)
		return bad;
	console_know(c); /* the nudge about it came on the way and was taken for an answer's */
	if (strcmp(fields_get(answer, "result", ""), "ok"))
		return err_set(err, FAULT_REFUSED, "the engine refused: %s", fields_get(answer, "text", "it did not say why"));
	return OK;
}

struct intent console_asker(struct console *c, const struct intent *in)
{
	struct intent own = *in;
	struct rng rng = rng_real();
	char *uuid = arena_alloc(c->turn, 40);

	rng_uuid(&rng, uuid);
	own.asker = uuid;
	return own;
}

/* ---- results ---- */

static void result_page(const struct plan *plan, const struct fields *answer, struct wish *reply)
{
	struct arena *a = reply->arena;
	struct section *s = arena_alloc(a, 3 * sizeof *s);
	struct buf steps = buf_new(a), skips = buf_new(a);
	int n = 0;

	for (int i = 0; i < plan->steps; i++)
		buf_printf(&steps, "queued    %s\n", plan->step[i]);
	for (int i = 0; i < plan->skips; i++)
		buf_printf(&skips, "left out  %s\n", plan->skip[i]);
	s[n++] = (struct section){ .title = arena_printf(a, "Intent %s: %s", fields_get(answer, "id", "?"), plan->line), .text = steps.p };
	if (plan->skips)
		s[n++] = (struct section){ .title = "Left out", .text = skips.p };
	s[n++] = (struct section){ .title = "What follows",
		                   .text = arena_printf(a, "%s. What they refuse stands in 5 Failed.", fields_get(answer, "text", "done")) };
	reply->kind = WISH_READ;
	reply->text = "Result, row by row";
	reply->sections = s;
	reply->n_sections = n;
}

/* Of a zero-out its own page, where each row says how far it is. false: there is none, it waits for somebody, say. */
static bool result_zero(struct console *c, const struct intent *in, const struct fields *answer, struct wish *reply)
{
	int64_t of = in->kind == INTENT_APPROVE ? fields_int(&in->payload, "intent", 0) : fields_int(answer, "id", 0), id = 0;
	struct err err;

	if (in->kind == INTENT_LIFT || in->kind == INTENT_LET)
		id = fields_int(&in->payload, "zero", 0);
	else if ((in->kind != INTENT_ZERO && in->kind != INTENT_APPROVE) || zero_of_intent(c->store, of, &id, &err))
		return false;
	if (id)
		wish_open_id(reply, &pane_zero, "", id);
	return id != 0;
}

/* ---- the host ---- */

static enum fault host_file(void *ctx, const struct intent *intent, const struct plan *plan, const char *reason, struct wish *reply, struct err *err)
{
	struct console *c = ctx;
	struct intent in = console_asker(c, intent);
	struct fields answer;

	in.why = reason ? reason : in.why;
	if (in.kind == INTENT_REVEAL)
		return console_reveal(c, &in, reply, err);
	if (plan) {
		in.typed = plan->line;
		in.digest = plan->digest;
	}
	if (console_ask(c, &in, &answer, err))
		return err->fault;
	if (plan && !result_zero(c, &in, &answer, reply))
		result_page(plan, &answer, reply);
	else if (!plan)
		wish_say(reply, LEVEL_OK, "%s: %s", intent_kind_name(in.kind), fields_get(&answer, "text", "done"));
	return OK;
}

/* Disarming waits for nobody: it may be because the line is gone. */
static enum fault host_arm(void *ctx, int minutes, const char *why, struct err *err)
{
	struct console *c = ctx;
	struct intent in = { .kind = INTENT_ARM, .subject = "", .digest = "", .typed = "", .payload = fields_new(c->turn) };
	struct fields answer;
	char *text;

	fields_put_int(&in.payload, "minutes", minutes);
	in = console_asker(c, &in);
	in.why = why;
	if (minutes)
		return console_ask(c, &in, &answer, err);
	text = intent_pack(&in, c->turn);
	return console_dial(c) ? ask_say(c->line, text, strlen(text), err) : OK;
}

/* Said once, to who sits down under a name that is nobody's own. The demo is played with by anybody. */
static void warn_shared(struct console *c)
{
	const struct passwd *pw = getpwuid(getuid());

	if (pw && !c->o->demo && login_is_shared(pw->pw_name))
		desk_told(c->desk, LEVEL_WARN, clock_now(&c->o->clock),
		          arena_printf(c->turn, "you sit here as %s, a name that several may share: nobody can tell afterwards who did what; give each person a login of his own", pw->pw_name));
}

/* What there is to know first, in a line. */
static enum fault since_line(struct console *c, const char **line, struct err *err)
{
	const struct looker who = { .actor = c->person, .before_ms = c->began_ms };
	int64_t now_ms = clock_now(&c->o->clock);
	struct last_look last;
	struct since x;
	char age[16];

	*line = NULL;
	if (last_look(c->store, &who, c->turn, &last, err) || (last.at_ms && since_read(c->store, last.at_ms, now_ms, c->turn, &x, err)))
		return err->fault;
	if (!last.at_ms)
		return OK;
	time_age(now_ms - last.at_ms, age);
	*line = arena_printf(c->turn, "since you were last here, %s ago: %" PRId64 " opened, %" PRId64 " worse, %" PRId64 " untouched, %" PRId64 " closed    :since", age, x.count[FATE_OPENED],
	                     x.count[FATE_WORSE], x.count[FATE_UNTOUCHED], x.count[FATE_CLOSED] + x.count[FATE_PASSED]);
	return OK;
}

static void tell_since(struct console *c)
{
	const char *line = NULL;
	struct err err;

	if (!store_begin_read(c->store, &err) && !since_line(c, &line, &err) && line)
		desk_told(c->desk, LEVEL_INFO, clock_now(&c->o->clock), line);
	store_rollback(c->store);
}

void console_login(struct console *c)
{
	struct intent in = { .kind = INTENT_LOGIN, .subject = "", .digest = "", .typed = "", .why = "", .payload = fields_new(c->turn) };
	const char *ssh = getenv("SSH_CONNECTION"), *tty = ttyname(STDIN_FILENO);
	struct fields answer;
	struct err err = { .fault = OK };

	fields_put(&in.payload, "whence", arena_printf(c->turn, "%.60s%s%.60s", tty ? tty : "no terminal", ssh ? " from " : "", ssh ? ssh : ""));
	if (c->stayed)
		fields_put_int(&in.payload, "again", 1);
	in = console_asker(c, &in);
	c->told_login = !console_ask(c, &in, &answer, &err) || err.fault == FAULT_REFUSED;
	c->stayed = c->stayed && !c->told_login;
	c->login_ms = clock_steady(&c->hand) + LOGIN_EVERY_MS;
	if (err.fault == OK)
		desk_rank(c->desk, rank_from_name(fields_get(&answer, "role", "")));
	if (c->told_login && !c->told_who) {
		tell_since(c);
		warn_shared(c);
	}
	c->told_who |= c->told_login;
}

static void open_found(const struct found *f, struct wish *reply)
{
	switch (f->kind) {
	case FOUND_ORDER:
		wish_open_id(reply, &pane_order, "", f->id);
		break;
	case FOUND_ITEM:
		wish_open_id(reply, &pane_explain, "item", f->id);
		break;
	case FOUND_OFFER:
		wish_open_id(reply, &pane_offer, "", f->id);
		break;
	case FOUND_ATTEMPT:
		wish_open_id(reply, &pane_attempt, "", f->id);
		break;
	case FOUND_JOB:
		wish_open_id(reply, &pane_failure, "job", f->id);
		break;
	case FOUND_ZERO:
		wish_open_id(reply, &pane_zero, "", f->id);
		break;
	default:
		wish_say(reply, LEVEL_INFO, "%s", f->words);
		break;
	}
}

static enum fault host_find(void *ctx, const char *id, struct wish *reply, struct err *err)
{
	struct console *c = ctx;
	struct found *found;
	int n;
	enum fault bad = store_begin_read(c->store, err);

	if (!bad)
		bad = find_id(c->store, id, reply->arena, &found, &n, err);
	store_rollback(c->store);
	if (bad)
		return bad;
	if (n == 0)
		return err_set(err, FAULT_REFUSED, "nothing here has the id %s", id);
	open_found(&found[0], reply);
	return OK;
}

/* ":hold ACCOUNT REASON": half an hour more before it goes to zero; the same of a place before its stock goes off sale. */
static void hold_off(void *ctx, const char *rest, struct wish *reply)
{
	struct console *c = ctx;
	const char *reason = rest + strcspn(rest, " "), *name = arena_printf(reply->arena, "%.*s", (int)(reason - rest), rest);
	struct intent *in = intent_new(reply, INTENT_HOLD);
	struct account_row account = { 0 };
	struct err err, ignored;
	int64_t place = 0;
	enum fault bad = store_begin_read(c->store, &err);

	reason += strspn(reason, " ");
	if (!bad)
		bad = *name ? account_by_name(c->store, name, reply->arena, &account, &err) : err_set(&err, FAULT_REFUSED, "what? :hold ACCOUNT|PLACE REASON");
	if (bad == FAULT_REFUSED && *name && !place_find(c->store, name, &place, &ignored))
		bad = OK;
	if (!bad && !*reason)
		bad = err_set(&err, FAULT_REFUSED, "why? :hold %.40s REASON; it stands in the audit", name);
	store_rollback(c->store);
	if (bad) {
		wish_say(reply, LEVEL_WARN, "%s", err.text);
		return;
	}
	in->account = place ? 0 : account.id;
	in->subject = name;
	in->why = arena_strdup(reply->arena, reason);
	if (place)
		fields_put_int(&in->payload, "place", 1);
	fields_put_int(&in->payload, "minutes", HOLD_MIN);
	wish_file(reply, in);
}

static void refresh(void *ctx, const char *rest, struct wish *reply)
{
	(void)ctx;
	if (*rest)
		wish_say(reply, LEVEL_WARN, "refresh reads everything again, and takes no word");
	else
		wish_file(reply, intent_new(reply, INTENT_REFRESH));
}

static const struct desk_host_command host_commands[] = {
	{ "hold", "ACCOUNT|PLACE REASON", hold_off },
	{ "refresh", "", refresh },
	{ 0 },
};

/* On the row of the keys that work now: any does. */
void console_progress(void *ctx, const char *text)
{
	struct console *c = ctx;
	int w, h;

	if (!c->term)
		return;
	terminal_size(c->term, &w, &h);
	terminal_remark(c->term, h - 1, ROLE_WARN, text);
}

bool console_waiting(void *ctx)
{
	struct console *c = ctx;
	struct pollfd fds[TERMINAL_FDS];

	if (!c->term)
		return false;
	terminal_fds(c->term, fds);
	for (int i = 0; i < TERMINAL_FDS; i++)
		fds[i].events &= POLLIN;
	return poll(fds, TERMINAL_FDS, 0) > 0;
}

/* tmux takes it where it runs, else the terminal's own sequence; each says so. */
static enum fault host_copy(void *ctx, const char *text, char *how, size_t cap, struct err *err)
{
	struct console *c = ctx;

	if (clipboard_tmux(text))
		snprintf(how, cap, "to tmux's buffer and clipboard");
	else if (c->term && terminal_copy(c->term, text))
		snprintf(how, cap, "to the terminal's clipboard (OSC 52)");
	else
		return err_set(err, FAULT_REFUSED, "this terminal takes no copy: select it here by hand");
	return OK;
}

struct desk_host console_host(struct console *c)
{
	return (struct desk_host){ .ctx = c, .file = host_file, .arm = host_arm, .find = host_find, .commands = host_commands,
	                           .waiting = console_waiting, .progress = console_progress, .copy = host_copy, .print = console_print, .write = console_write };
}
