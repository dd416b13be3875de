#include "cmd/session.h"

#include "base/text.h"
#include "trade/past.h"

#include <stdio.h>
#include <string.h>

int session_fail(const struct session *s, const char *text)
{
	char clean[1024];

	text_clean(clean, sizeof clean, text);
	fprintf(stderr, "tallyman %s: %s\n", s->o.command, clean);
	return STATUS_FAILED;
}

int past_chosen(const char *command, const char *at, bool hindsight, int64_t *now_ms)
{
	int64_t then_ms;

	if (!at)
		return hindsight ? command_misused(command, "--hindsight goes with --at TIME") : -1;
	if (time_parse(at, &then_ms))
		return command_misused(command, "--at wants a time as 2026-11-20T07:58:00Z, with its zone");
	if (then_ms > *now_ms)
		return command_misused(command, "--at looks back: that time has not come yet");
	*now_ms = then_ms;
	return -1;
}

/* Said beside whatever is printed: a number of then must not be taken for one of now. */
static int open_past(struct session *s)
{
	char iso[32];

	if (past_open(s->set.store, s->now_ms, s->o.hindsight ? PAST_VALID : PAST_KNOWN, &s->store, &s->err))
		return session_end(s, s->err.fault);
	time_iso_s(s->now_ms, iso);
	fprintf(stderr, "tallyman %s: THE PAST, %s%s\n", s->o.command, iso, s->o.hindsight ? ", by what is known now" : ", as it was known then");
	return -1;
}

int session_begin(int argc, char **argv, unsigned takes, int min, int max, struct session *s)
{
	int status;

	*s = (struct session){ 0 };
	status = options_read(argc, argv, takes, min, max, &s->o);
	if (status >= 0)
		return status;
	if (settings_open(&s->o, &s->set, &s->err))
		return session_fail(s, s->err.text);
	s->a = arena_new();
	s->now_ms = clock_now(&s->set.clock);
	status = past_chosen(s->o.command, s->o.at, s->o.hindsight, &s->now_ms);
	return status >= 0 ? session_leave(s, status) : -1;
}

int session_store(struct session *s)
{
	if (s->o.at)
		return open_past(s);
	if (store_open(s->set.store, STORE_READ, &s->store, &s->err))
		return session_end(s, FAULT_STORE);
	return -1;
}

int session_open(int argc, char **argv, unsigned takes, int min, int max, struct session *s)
{
	int status = session_begin(argc, argv, takes, min, max, s);

	return status >= 0 ? status : session_store(s);
}

int session_leave(struct session *s, int status)
{
	session_end(s, OK);
	return status;
}

struct sheet *session_sheet(struct session *s, bool several)
{
	s->sheet = sheet_new(s->o.shape, several, stdout);
	return s->sheet;
}

int session_end(struct session *s, enum fault f)
{
	int status = f ? session_fail(s, s->err.text) : STATUS_DONE;

	if (s->sheet && !sheet_end(s->sheet) && !status)
		status = session_fail(s, "what was printed did not all arrive: is the disk full?");
	store_close(s->store);
	arena_free(s->a);
	settings_close(&s->set);
	return status;
}
