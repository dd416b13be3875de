#include "ui/panes/incident_look.h"

#include <inttypes.h>
#include <string.h>

enum { MINUTES_A_DAY = 1440 };

enum fault incident_look(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct incident_look *out, struct err *err)
{
	*out = (struct incident_look){ .like = "" };
	if (incident_get(s, id, now_ms, a, &out->in, err) || incident_steps(s, &out->in, a, &out->step, &out->steps, err) ||
	    incident_story(s, id, a, &out->event, &out->events, err) || incident_like(s, &out->in, a, &out->like, err))
		return err->fault;
	return exposure_meter(s, out->in.kind, out->in.account, out->in.subject, out->in.opened_ms, out->in.closed_ms ? out->in.closed_ms : now_ms, a, &out->risk, err);
}

/* A minute's where that is a tenth of a unit at least. */
static const char *say_pace(const struct exposed_rate *r, struct arena *a)
{
	int64_t tenths = (r->units_a_day * 10 + MINUTES_A_DAY / 2) / MINUTES_A_DAY;

	return tenths ? arena_printf(a, "%s.%d units a minute", say_count(a, tenths / 10), (int)(tenths % 10)) : arena_printf(a, "%s units a day", say_count(a, r->units_a_day));
}

/* And where it is a cent. */
static const char *say_more(const struct exposed_rate *r, struct arena *a)
{
	int64_t minor = (r->minor_an_hour + 30) / 60;

	if (!r->minor_an_hour)
		return "";
	return arena_printf(a, ", %s more %s", say_money(a, minor ? minor : r->minor_an_hour, r->currency), minor ? "a minute" : "an hour");
}

const char *say_exposure(const struct exposed_rate *r, struct arena *a)
{
	const char *money = r->minor ? arena_printf(a, ", %s", say_money(a, r->minor, r->currency)) : "";

	if (!r->offers || (!r->units && !r->units_a_day))
		return "";
	if (!r->units_a_day)
		return arena_printf(a, "%s unit%s at risk%s", say_count(a, r->units), r->units == 1 ? "" : "s", money);
	return arena_printf(a, "%s on %s offers; by now %s units%s%s", say_pace(r, a), say_count(a, r->offers), say_count(a, r->units), money, say_more(r, a));
}

/* Who somebody is, without the number that the kernel knows him by. */
static const char *name_of(const char *actor)
{
	const char *space = strchr(actor, ' ');

	return !strncmp(actor, "uid:", 4) && space ? space + 1 : actor;
}

struct word say_incident(const struct incident *in, struct arena *a)
{
	if (in->closed_ms)
		return (struct word){ ROLE_MUTED, "closed" };
	if (in->over_ms)
		return (struct word){ ROLE_WARN, "over: why?" };
	if (in->muted_ms)
		return (struct word){ ROLE_WARN, in->acked_ms ? "ack, silent" : "silent" };
	if (in->acked_ms)
		return (struct word){ ROLE_FG, arena_printf(a, "ack %s", name_of(in->acked_by)) };
	return (struct word){ role_of_severity(in->severity), "unacked" };
}

const char *say_step(const struct incident_step *s)
{
	return !s->at_ms ? "[ ]" : s->good ? "[x]" : "[!]";
}
