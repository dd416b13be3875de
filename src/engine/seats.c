/*
 * seats.c: who sits at a console. That he went is written down as his coming was, whichever way his line ended. Who stays while one engine follows another
 * neither went nor came: the next one is told that he sits there still, and writes down when he goes.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/audit.h"

#include <stdio.h>

void seat_take(struct engine *e, int64_t line, const char *actor, const char *whence)
{
	struct seat *s = NULL;

	for (int i = 0; i < e->seats && !s; i++)
		if (e->seat[i].line == line)
			s = &e->seat[i];
	if (!s && e->seats < SEATS)
		s = &e->seat[e->seats++];
	if (!s)
		return;
	*s = (struct seat){ .line = line };
	snprintf(s->actor, sizeof s->actor, "%s", actor);
	snprintf(s->whence, sizeof s->whence, "%s", whence);
}

/* false: it could not be written, and is tried again. */
static bool leave(struct engine *e, struct seat *s, int64_t now_ms)
{
	struct cause why = engine_cause(e, s->actor, NULL, now_ms);
	struct err err;

	if (!store_begin(e->store, &err) && !audit_add(e->store, &why, "logout", "console", s->whence, &err) && engine_commit(e, &err))
		return true;
	store_rollback(e->store);
	if (!s->late)
		log_error("that %s went could not be written, and is tried again: %s", s->actor, err.text);
	s->late = true;
	return false;
}

void seats_look(struct engine *e, int64_t now_ms)
{
	for (int i = e->seats - 1; i >= 0; i--)
		if (!ask_is_there(e->ask, e->seat[i].line) && leave(e, &e->seat[i], now_ms)) {
			e->seat[i] = e->seat[--e->seats];
			e->told = true;
		}
}
