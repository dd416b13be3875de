#include "cmd/session.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

int session_fail(const struct session *s, const char *text)
{
	char clean[1024];

	text_clean(clean, sizeof clean, text);
	fprintf(stderr, "tallyman %s: %s\n", s->o.command, clean);
	return STATUS_FAILED;
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
	return -1;
}

int session_store(struct session *s)
{
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
