#include "ui/panes/incident_look.h"

#include <inttypes.h>
#include <string.h>

enum fault incident_look(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct incident_look *out, struct err *err)
{
	*out = (struct incident_look){ .like = "" };
	if (incident_get(s, id, now_ms, a, &out->in, err) || incident_steps(s, &out->in, a, &out->step, &out->steps, err) ||
	    incident_story(s, id, a, &out->event, &out->events, err) || incident_like(s, &out->in, a, &out->like, err))
		return err->fault;
	return exposure_meter(s, out->in.kind, out->in.account, out->in.subject, out->in.opened_ms, out->in.closed_ms ? out->in.closed_ms : now_ms, a, &out->risk, err);
}

const char *say_exposure(const struct exposed_rate *r, struct arena *a)
{
	const char *money = r->minor ? arena_printf(a, ", %s", say_money(a, r->minor, r->currency)) : "";

	if (!r->offers || (!r->units && !r->units_a_day))
		return "";
	if (!r->units_a_day)
		return arena_printf(a, "%s unit%s at risk%s", say_count(a, r->units), r->units == 1 ? "" : "s", money);
	return arena_printf(a, "%s units a day on %s offers; by now %s units%s%s", say_count(a, r->units_a_day), say_count(a, r->offers), say_count(a, r->units), money,
	                    r->minor_an_hour ? arena_printf(a, ", %s more an hour", say_money(a, r->minor_an_hour, r->currency)) : "");
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
