#include "trade/events.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/intents.h"
#include "trade/overrides.h"

#include <inttypes.h>
#include <string.h>

/* "profile prime-day" is what a value's layer is called; people say prime-day. */
static const char *short_name(const char *layer)
{
	return !strncmp(layer, "profile ", 8) ? layer + 8 : layer;
}

static const char *key_of(struct arena *a, const char *name)
{
	return arena_printf(a, "event %s", short_name(name));
}

enum fault event_said(struct store *s, const char *name, int64_t now_ms, struct arena *a, const char **said, int64_t *until_ms, struct err *err)
{
	const char *value, *space;
	enum fault f = meta_get(s, key_of(a, name), a, &value, err);

	*said = "";
	*until_ms = 0;
	if (f || !value || !*value)
		return f;
	space = strchr(value, ' ');
	*said = space ? arena_strndup(a, value, (size_t)(space - value)) : value;
	if (space)
		text_int(space + 1, 0, INT64_MAX, until_ms);
	if (*until_ms && now_ms >= *until_ms) {
		*said = "";
		*until_ms = 0;
	}
	return OK;
}

const struct policy_book *events_as_said(struct store *s, const struct policy_book *book, int64_t now_ms, struct arena *a, struct err *err)
{
	struct policy_book *copy;

	if (!book->events)
		return book;
	copy = arena_alloc(a, sizeof *copy);
	*copy = *book;
	copy->event = arena_alloc(a, (size_t)book->events * sizeof *copy->event);
	for (int i = 0; i < book->events; i++) {
		const char *said;
		int64_t until;

		copy->event[i] = book->event[i];
		if (event_said(s, book->event[i].name, now_ms, a, &said, &until, err))
			return NULL;
		if (!*said)
			continue;
		copy->event[i].start_ms = 0;
		copy->event[i].end_ms = !strcmp(said, "on") ? until ? until : INT64_MAX : 0;
	}
	return copy;
}

enum fault events_now(struct store *s, int64_t now_ms, struct arena *a, struct event_now **out, int *n, struct err *err)
{
	struct policy_book book;
	const struct policy_book *said = policy_book_in_force(s, a, &book, err) ? NULL : events_as_said(s, &book, now_ms, a, err);

	*n = 0;
	if (!said)
		return err->fault;
	*out = arena_alloc(a, (size_t)(said->events + 1) * sizeof **out);
	for (int i = 0; i < said->events; i++) {
		const struct profile_event *e = &said->event[i];

		if (now_ms >= e->start_ms && now_ms < e->end_ms)
			(*out)[(*n)++] = (struct event_now){ short_name(e->name), e->tag, e->end_ms };
	}
	return OK;
}

static enum fault is_known(struct store *s, const char *name, struct arena *a, struct err *err)
{
	struct policy_book book;
	enum fault f = policy_book_in_force(s, a, &book, err);

	for (int i = 0; i < book.events && !f; i++)
		if (!strcmp(short_name(book.event[i].name), name))
			return OK;
	return f ? f : err_set(err, FAULT_REFUSED, "the configuration in force has no event %.60s: write a section [profile %.60s], then begin the engine again", name, name);
}

enum fault event_words(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, const char **text, struct err *err)
{
	const char *say = fields_get(&in->payload, "say", ""), *name = in->subject ? in->subject : "";
	int64_t until = fields_int(&in->payload, "until_ms", 0);
	char at[25] = "";

	if (strcmp(say, "on") && strcmp(say, "off") && strcmp(say, "auto"))
		return err_set(err, FAULT_REFUSED, "an event is on, off or auto, not %.40s", say);
	if (until && (until <= now_ms || strcmp(say, "on")))
		return err_set(err, FAULT_REFUSED, "that time is over, or it is not on until then");
	if (!*intent_reason(in))
		return err_set(err, FAULT_REFUSED, "a reason is wanted: it stands in the audit");
	if (until)
		time_iso_s(until, at);
	*text = !strcmp(say, "auto") ? arena_printf(a, "event %s: by its calendar again", name)
	                             : arena_printf(a, "event %s: %s%s%s", name, say, *at ? " until " : "", at);
	return is_known(s, name, a, err);
}

enum fault event_carry(struct store *s, const struct intent *in, const struct cause *why, struct err *err)
{
	const char *say = fields_get(&in->payload, "say", "");
	struct arena *a = arena_new();
	enum fault f;

	(void)why;
	f = meta_put(s, key_of(a, in->subject), !strcmp(say, "auto") ? "" : arena_printf(a, "%s %" PRId64, say, fields_int(&in->payload, "until_ms", 0)), err);
	arena_free(a);
	return f;
}
