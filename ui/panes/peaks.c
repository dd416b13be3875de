#include "ui/panes/peaks.h"

#include "trade/events.h"
#include "ui/pane.h"
#include "ui/panes/words.h"

enum fault say_events(const struct pane *p, struct store *s, struct arena *a, const char **out, struct err *err)
{
	struct event_now *event;
	int n;
	enum fault f = events_now(s, p->now_ms, a, &event, &n, err);

	*out = "";
	for (int i = 0; i < n && !f; i++) {
		const char *until = event[i].until_ms == INT64_MAX ? "somebody ends it" : say_time(p, a, event[i].until_ms);

		*out = arena_printf(a, "%s%s%.24s%s%.24s until %s", *out, i ? ", " : "event ", event[i].name, *event[i].tag ? " of " : "", event[i].tag, until);
	}
	return f;
}
